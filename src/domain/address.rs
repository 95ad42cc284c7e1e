//! Addresses of clients.

use std::net::{IpAddr, Ipv6Addr};

/// What counts as one client: an IPv4 address, or a /64 network of IPv6, of which a client has all addresses.
pub fn client_network(address: IpAddr) -> IpAddr {
    const NETWORK: u128 = !(u64::MAX as u128);
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & NETWORK).into(),
        address => address,
    }
}

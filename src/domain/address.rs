//! Addresses of clients and servers.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// What counts as one client: an IPv4 address, or a /64 network of IPv6, of which a client has all addresses.
pub fn client_network(address: IpAddr) -> IpAddr {
    const NETWORK: u128 = !(u64::MAX as u128);
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & NETWORK).into(),
        address => address,
    }
}

/// Where programs on this machine reach a server that listens on an address, which may stand for all addresses.
pub fn reachable(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    address
}

//! Counts connections, so that no client can take all of them.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The connections that are open.
#[derive(Debug)]
pub struct Admission {
    total: usize,
    per_address: usize,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    total: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// A connection's place, which is free again when it is dropped.
#[derive(Debug)]
pub struct Place {
    admission: Arc<Admission>,
    address: IpAddr,
}

impl Admission {
    pub fn new(total: usize, per_address: usize) -> Arc<Self> {
        Arc::new(Self { total, per_address, open: Mutex::default() })
    }

    /// Returns a place for a connection from `address`; `None` if there are too many.
    pub fn admit(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let address = client(address);
        let mut open = self.open();
        let of_address = open.by_address.get(&address).copied().unwrap_or_default();
        if open.total >= self.total || of_address >= self.per_address {
            return None;
        }
        open.total += 1;
        open.by_address.insert(address, of_address + 1);
        Some(Place { admission: self.clone(), address })
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.admission.open();
        open.total -= 1;
        if let Some(of_address) = open.by_address.get_mut(&self.address) {
            *of_address -= 1;
            if *of_address == 0 {
                open.by_address.remove(&self.address);
            }
        }
    }
}

/// The address that counts: of IPv6 the network, because a client has all addresses of a /64.
fn client(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            const NETWORK: u128 = !(u64::MAX as u128);
            Ipv6Addr::from_bits(address.to_bits() & NETWORK).into()
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_its_own_limit_and_places_are_given_back() {
        let admission = Admission::new(3, 2);
        let admit = |address: &str| admission.admit(address.parse().unwrap());
        let (first, _second) = (admit("10.0.0.1"), admit("10.0.0.1").unwrap());
        assert!(first.is_some() && admit("10.0.0.1").is_none());
        assert!(admit("::ffff:10.0.0.1").is_none(), "it is the same address");
        let _third = admit("2001:db8::1").unwrap();
        assert!(admit("10.0.0.2").is_none(), "three are open");
        drop(first);
        let _fourth = admit("2001:db8::2").unwrap();
        assert!(admit("2001:db8::3").is_none(), "the same network");
        assert_eq!(admission.open().by_address.len(), 2);
    }
}

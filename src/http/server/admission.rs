//! Counts connections, so that no client can take all of them.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use crate::domain::address::client_network;

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
    address: Option<IpAddr>,
}

impl Admission {
    pub fn new(total: usize, per_address: usize) -> Arc<Self> {
        Arc::new(Self { total, per_address, open: Mutex::default() })
    }

    /// Returns a place for a connection from `address`, or for one that counts for no address; `None` if there are too
    /// many.
    pub fn admit(self: &Arc<Self>, address: Option<IpAddr>) -> Option<Place> {
        let address = address.map(client_network);
        let mut open = self.open();
        let of_address = address.and_then(|address| open.by_address.get(&address).copied()).unwrap_or_default();
        if open.total >= self.total || of_address >= self.per_address {
            return None;
        }
        open.total += 1;
        if let Some(address) = address {
            open.by_address.insert(address, of_address + 1);
        }
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
        if let Some(address) = self.address
            && let Some(of_address) = open.by_address.get_mut(&address)
        {
            *of_address -= 1;
            if *of_address == 0 {
                open.by_address.remove(&address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_its_own_limit_and_places_are_given_back() {
        let admission = Admission::new(3, 2);
        let admit = |address: &str| admission.admit(Some(address.parse().unwrap()));
        let (first, _second) = (admit("10.0.0.1"), admit("10.0.0.1").unwrap());
        assert!(first.is_some() && admit("10.0.0.1").is_none());
        assert!(admit("::ffff:10.0.0.1").is_none(), "it is the same address");
        let _third = admit("2001:db8::1").unwrap();
        assert!(admit("10.0.0.2").is_none(), "three are open");
        drop(first);
        let proxied = admission.admit(None);
        assert!(proxied.is_some() && admission.admit(None).is_none(), "it counts for no address, but three are open");
        drop(proxied);
        let _fourth = admit("2001:db8::2").unwrap();
        assert!(admit("2001:db8::3").is_none(), "the same network");
        assert_eq!(admission.open().by_address.len(), 2);
    }
}

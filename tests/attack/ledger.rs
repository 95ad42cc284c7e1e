//! What was written, as far as the clients know: the state after the last change that was acknowledged, and the state
//! after a later one that was sent but not acknowledged. The server has to have stored one of the two.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

#[derive(Clone, Debug, PartialEq)]
pub struct User {
    pub name: String,
    pub groups: BTreeSet<String>,
    pub attributes: Value,
    pub has_token: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub parents: Vec<String>,
}

/// Objects of a kind by their names, which are used once.
#[derive(Debug)]
pub struct Records<T>(BTreeMap<String, Record<T>>);

#[derive(Debug)]
struct Record<T> {
    /// `None` if there is no such object.
    acknowledged: Option<T>,
    unanswered: Option<Option<T>>,
}

impl<T> Default for Records<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: PartialEq + std::fmt::Debug> Records<T> {
    /// Notes that a change is sent, after which the object is in this state. After one that isn't acknowledged there
    /// may be no other.
    pub fn note_sent(&mut self, name: &str, state: Option<T>) {
        let record = self.0.entry(name.to_owned()).or_insert(Record { acknowledged: None, unanswered: None });
        assert!(record.unanswered.replace(state).is_none(), "{name}");
    }

    /// Notes that the change sent last succeeded.
    pub fn note_acknowledged(&mut self, name: &str) {
        let record = self.0.get_mut(name).unwrap();
        record.acknowledged = record.unanswered.take().unwrap();
    }

    /// The names of objects that have to be there, or not to be there.
    pub fn names(&self, is_there: bool) -> Vec<&str> {
        let certain = self.0.iter().filter(|(_, record)| record.unanswered.is_none());
        let wanted = certain.filter(|(_, record)| record.acknowledged.is_some() == is_there);
        wanted.map(|(name, _)| name.as_str()).collect()
    }

    /// The object of this name, if it has to be there.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.0.get(name)?.acknowledged.as_ref()
    }

    fn unanswered(&self) -> usize {
        self.0.values().filter(|record| record.unanswered.is_some()).count()
    }

    /// Compares with what is stored. Returns the number of changes that were not acknowledged, but are stored.
    pub fn check(&self, stored: &BTreeMap<String, T>) -> usize {
        let unknown: Vec<_> = stored.keys().filter(|name| !self.0.contains_key(*name)).collect();
        assert!(unknown.is_empty(), "stored, but never sent: {unknown:?}");
        let mut found = 0;
        for (name, record) in &self.0 {
            let state = stored.get(name);
            if state == record.acknowledged.as_ref() {
                continue;
            }
            let unanswered = record.unanswered.as_ref().map(Option::as_ref);
            let what = if state.is_none() { "lost" } else { "lost or half" };
            assert_eq!(unanswered, Some(state), "{what}: {name}: {record:?} became {state:?}");
            found += 1;
        }
        found
    }
}

#[derive(Debug, Default)]
pub struct Ledger {
    pub users: Records<User>,
    pub groups: Records<Group>,
    /// The number of changes that were acknowledged.
    pub acknowledged: usize,
}

impl Ledger {
    /// Adds what another client wrote.
    pub fn add(&mut self, other: Self) {
        self.users.0.extend(other.users.0);
        self.groups.0.extend(other.groups.0);
        self.acknowledged += other.acknowledged;
    }

    /// The number of changes that were sent and not acknowledged.
    pub fn unanswered(&self) -> usize {
        self.users.unanswered() + self.groups.unanswered()
    }
}

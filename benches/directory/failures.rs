//! Counts failures, and prints the first ones.

use std::{
    cell::{Cell, RefCell},
    fmt::Display,
};

/// The number of failures printed.
const SHOWN: usize = 10;

#[derive(Debug, Default)]
pub struct Failures {
    count: Cell<usize>,
    first: RefCell<Vec<String>>,
}

impl Failures {
    pub fn add(&self, what: impl Display) {
        self.count.set(self.count.get() + 1);
        let mut first = self.first.borrow_mut();
        if first.len() < SHOWN {
            let text: String = what.to_string().chars().take(500).collect();
            eprintln!("failure: {text}");
            first.push(text);
        }
    }

    /// Adds the error of a failed result.
    pub fn note<T>(&self, result: Result<T, impl Display>) -> Option<T> {
        result.map_err(|what| self.add(what)).ok()
    }

    pub fn count(&self) -> usize {
        self.count.get()
    }

    pub fn first(&self) -> Vec<String> {
        self.first.borrow().clone()
    }
}

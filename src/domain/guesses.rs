//! Limits how many wrong tokens an address can try.
//!
//! What is limited is not requests but guesses: tokens that an address has not tried before, and that can be guessed.
//! Whoever has a long key, or one that worked from an address, is served there, whatever others at the same address try,
//! and a client that repeats a wrong token takes nothing from them either.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use quick_cache::sync::Cache;

use super::address::client_network;

/// A key with so many characters can't be found by trying. Those that the server generates have more.
const UNGUESSABLE: usize = 32;

/// How many addresses are remembered with their wrong tokens. Beyond that, those not seen for long are forgotten.
const ADDRESSES: usize = 10_000;

/// How many tokens are remembered as tried, for all addresses together, which takes some megabytes.
const TRIED: usize = 50_000;

/// The wait after the first token too many. It doubles with each further one.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// The longest wait, and how long it takes until one wrong token is forgiven.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// The wrong tokens of all addresses.
#[derive(Debug)]
pub struct Guesses {
    /// How many wrong tokens an address may try before it has to wait; 0 for any number.
    free: u32,
    addresses: Cache<IpAddr, Arc<Mutex<Address>>>,
    tried: Cache<Tried, ()>,
}

/// An address, and the beginning of the digest of a token.
type Tried = (IpAddr, u128);

#[derive(Debug)]
struct Address {
    failures: Failures,
    /// The tokens of attempts that have not ended.
    pending: Vec<Tried>,
}

/// The wrong tokens of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Failures {
    count: u32,
    /// When one was forgiven last.
    forgiven: Instant,
    /// When the next one may be tried.
    next: Instant,
}

/// A token that is being checked. Unless its outcome is told, it counts as wrong.
#[derive(Debug)]
#[must_use]
pub struct Attempt<'g> {
    guesses: &'g Guesses,
    tried: Tried,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// The address has tried it before, or is just trying it in another request.
    Known,
    /// The address hasn't.
    New { address: Arc<Mutex<Address>>, begun: Instant, before: Failures, after: Failures },
    /// The address has to wait, but the token can't be a guess.
    Early(Duration),
}

/// What follows from a wrong token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The address may go on.
    Wrong,
    /// It has to wait now before it may try another one.
    WrongAndWait(Duration),
    /// It has to wait already, and is not told whether the token is wrong.
    TooEarly(Duration),
}

impl Guesses {
    /// The default of the setting.
    pub const DEFAULT: u32 = 20;

    /// Allows an address `free` wrong tokens before it has to wait; 0 for any number.
    pub fn new(free: u32) -> Self {
        Self { free, addresses: Cache::new(ADDRESSES), tried: Cache::new(TRIED) }
    }

    /// Begins to check a key of `length` characters with this digest, which `address` sent.
    ///
    /// # Errors
    ///
    /// How long the address has to wait before it may try a token that it hasn't tried before.
    pub fn attempt(
        &self,
        address: IpAddr,
        digest: &[u8; 32],
        length: usize,
        now: Instant,
    ) -> Result<Attempt<'_>, Duration> {
        let address = client_network(address);
        let tried = (address, digest.first_chunk().map_or(0, |bytes| u128::from_ne_bytes(*bytes)));
        if self.free == 0 || self.tried.get(&tried).is_some() {
            return Ok(Attempt { guesses: self, tried, kind: Kind::Known });
        }
        let failures = Failures { count: 0, forgiven: now, next: now };
        let new = || Ok::<_, Duration>(Arc::new(Mutex::new(Address { failures, pending: Vec::new() })));
        let address = self.addresses.get_or_insert_with(&address, new)?;
        let begun = lock(&address).begin(tried, self.free, now);
        let kind = match begun {
            Ok(None) => Kind::Known,
            Ok(Some((before, after))) => Kind::New { address, begun: now, before, after },
            Err(wait) if length >= UNGUESSABLE => Kind::Early(wait),
            Err(wait) => return Err(wait),
        };
        Ok(Attempt { guesses: self, tried, kind })
    }
}

impl Address {
    /// Counts a token as wrong, unless an attempt with it is pending. Returns the failures before and now.
    fn begin(&mut self, tried: Tried, free: u32, now: Instant) -> Result<Option<(Failures, Failures)>, Duration> {
        if self.pending.contains(&tried) {
            return Ok(None);
        }
        let counted = self.failures.begin(free, now)?;
        self.pending.push(tried);
        Ok(Some(counted))
    }
}

impl Failures {
    /// Counts a token as wrong, unless it is too early for another. Returns what was before and what is now.
    fn begin(&mut self, free: u32, now: Instant) -> Result<(Self, Self), Duration> {
        self.forgive(now);
        let wait = self.next.saturating_duration_since(now);
        if self.count >= free && !wait.is_zero() {
            return Err(wait);
        }
        let before = *self;
        self.count += 1;
        if let Some(excess) = self.count.checked_sub(free) {
            let factor = 2_u32.checked_pow(excess).unwrap_or(u32::MAX);
            self.next = now + FIRST_WAIT.saturating_mul(factor).min(LONGEST_WAIT);
        }
        Ok((before, *self))
    }

    fn forgive(&mut self, now: Instant) {
        let due = now.saturating_duration_since(self.forgiven).as_secs() / LONGEST_WAIT.as_secs();
        let due = u32::try_from(due).unwrap_or(u32::MAX);
        if self.count <= due {
            (self.count, self.forgiven) = (0, now);
        } else {
            self.count -= due;
            self.forgiven += LONGEST_WAIT * due;
        }
    }
}

impl Attempt<'_> {
    /// The token is valid.
    pub fn succeeded(self) {
        self.take_back();
        if !matches!(self.kind, Kind::Known) {
            self.guesses.tried.insert(self.tried, ());
        }
    }

    /// The token is not valid.
    pub fn failed(self) -> Verdict {
        match &self.kind {
            Kind::Known => Verdict::Wrong,
            &Kind::Early(wait) => Verdict::TooEarly(wait),
            Kind::New { begun, before, after, .. } => {
                self.guesses.tried.insert(self.tried, ());
                if after.next == before.next {
                    Verdict::Wrong
                } else {
                    Verdict::WrongAndWait(after.next.saturating_duration_since(*begun))
                }
            }
        }
    }

    /// The token could not be checked.
    pub fn undecided(self) {
        self.take_back();
    }

    fn take_back(&self) {
        let Kind::New { address, before, after, .. } = &self.kind else { return };
        let failures = &mut lock(address).failures;
        failures.count = failures.count.saturating_sub(1);
        // Only if it has not been used meanwhile; else valid tokens would make room for wrong ones.
        if failures.next == after.next {
            failures.next = before.next;
        }
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        if let Kind::New { address, .. } = &self.kind {
            lock(address).pending.retain(|pending| *pending != self.tried);
        }
    }
}

fn lock(address: &Mutex<Address>) -> MutexGuard<'_, Address> {
    address.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const SECOND: Duration = Duration::from_secs(1);

    /// The length of keys that could be guesses.
    const SHORT: usize = 31;

    fn digest(number: u32) -> [u8; 32] {
        let mut digest = [0; 32];
        digest[..4].copy_from_slice(&number.to_be_bytes());
        digest
    }

    /// How many of the tokens with these numbers are let through at `now`, all wrong.
    fn let_through(guesses: &Guesses, numbers: std::ops::Range<u32>, now: Instant) -> usize {
        let attempts = numbers.filter_map(|number| guesses.attempt(ADDRESS, &digest(number), SHORT, now).ok());
        attempts.map(Attempt::failed).filter(|verdict| !matches!(verdict, Verdict::TooEarly(_))).count()
    }

    #[test]
    fn wrong_tokens_have_to_wait_twice_as_long_each_time() {
        let (guesses, start) = (Guesses::new(20), Instant::now());
        assert_eq!(let_through(&guesses, 0..3_200, start), 20);
        // One at each of these seconds.
        let at = |second: u32| let_through(&guesses, second * 10_000..second * 10_000 + 100, start + SECOND * second);
        let through: Vec<u32> = (1..600).filter(|second| at(*second) > 0).collect();
        assert_eq!(through, [1, 3, 7, 15, 31, 63, 95, 155, 215, 275, 335, 395, 455, 515, 575]);
        assert_eq!(let_through(&guesses, 1..2, start), 1, "it was tried before");
        let quiet = start + SECOND * 600 + LONGEST_WAIT * 30;
        assert_eq!(let_through(&guesses, 90_000_000..90_000_100, quiet), 20, "all is forgiven");
    }

    #[test]
    fn a_valid_token_works_while_others_are_guessed_and_buys_no_guess() {
        let (guesses, now) = (Guesses::new(20), Instant::now());
        guesses.attempt(ADDRESS, &digest(0), SHORT, now).unwrap().succeeded();
        for number in 1..100 {
            guesses.attempt(ADDRESS, &digest(number), SHORT, now).unwrap().succeeded();
        }
        assert_eq!(let_through(&guesses, 1_000..2_000, now), 20);
        guesses.attempt(ADDRESS, &digest(0), SHORT, now).unwrap().succeeded();
        assert_eq!(guesses.attempt(ADDRESS, &digest(5_000), SHORT, now).unwrap_err(), SECOND);
        let later = now + SECOND;
        for number in 6_000..6_100 {
            guesses.attempt(ADDRESS, &digest(number), SHORT, later).unwrap().succeeded();
        }
        assert_eq!(let_through(&guesses, 7_000..7_100, later), 1);
        guesses.attempt(ADDRESS, &digest(6_000), SHORT, later).unwrap().succeeded();
        let elsewhere = "192.0.2.2".parse().unwrap();
        assert_eq!(guesses.attempt(elsewhere, &digest(8_000), SHORT, later).unwrap().failed(), Verdict::Wrong);
    }

    #[test]
    fn a_long_key_is_always_checked_but_a_wrong_one_is_not_told_from_a_guess() {
        let (guesses, now) = (Guesses::new(20), Instant::now());
        let attempt = |number| guesses.attempt(ADDRESS, &digest(number), UNGUESSABLE, now).unwrap();
        for number in 0..19 {
            assert_eq!(attempt(number).failed(), Verdict::Wrong);
        }
        assert_eq!(attempt(19).failed(), Verdict::WrongAndWait(SECOND));
        for number in 100..200 {
            assert_eq!(attempt(number).failed(), Verdict::TooEarly(SECOND));
            attempt(1_000 + number).succeeded();
        }
        assert_eq!(attempt(100).failed(), Verdict::TooEarly(SECOND), "it is not remembered");
        assert_eq!(let_through(&guesses, 2_000..2_100, now), 0);
        assert_eq!(let_through(&guesses, 2_000..2_100, now + SECOND), 1, "it made the wait no longer");
    }

    #[test]
    fn requests_that_begin_together_with_one_token_count_once() {
        let (guesses, now) = (Guesses::new(20), Instant::now());
        let attempt = |number| guesses.attempt(ADDRESS, &digest(number), SHORT, now).unwrap();
        let valid: Vec<_> = (0..100).map(|_| attempt(0)).collect();
        valid.into_iter().for_each(Attempt::succeeded);
        let wrong: Vec<_> = (0..100).map(|_| attempt(1)).collect();
        let verdicts: Vec<_> = wrong.into_iter().map(Attempt::failed).collect();
        assert_eq!(verdicts, [Verdict::Wrong; 100]);
        assert_eq!(let_through(&guesses, 100..200, now), 19);
    }

    #[test]
    fn what_could_not_be_checked_is_not_counted_and_what_was_given_up_is() {
        let (guesses, now) = (Guesses::new(2), Instant::now());
        for number in 0..100 {
            guesses.attempt(ADDRESS, &digest(number), SHORT, now).unwrap().undecided();
        }
        for number in 100..102 {
            drop(guesses.attempt(ADDRESS, &digest(number), SHORT, now).unwrap());
        }
        assert!(guesses.attempt(ADDRESS, &digest(100), SHORT, now).is_err(), "nobody was told about it");
        let without_limit = Guesses::new(0);
        assert_eq!(let_through(&without_limit, 0..1_000, now), 1_000);
    }

    #[test]
    fn addresses_of_one_network_count_as_one() {
        let (guesses, now) = (Guesses::new(1), Instant::now());
        let attempt = |address: &str, number| guesses.attempt(address.parse().unwrap(), &digest(number), SHORT, now);
        attempt("2001:db8::1", 1).unwrap().failed();
        assert!(attempt("2001:db8::2", 2).is_err());
        assert!(attempt("2001:db8::1:0:0:0:2", 3).is_ok());
        attempt("10.0.0.1", 4).unwrap().failed();
        assert!(attempt("::ffff:10.0.0.1", 5).is_err());
    }
}

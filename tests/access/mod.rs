//! Who gets in, and what others can learn on the way.

mod guesses;
mod protection;
mod proxies;
mod secrets;
mod tls;

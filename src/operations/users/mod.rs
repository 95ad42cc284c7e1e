//! `/core/users/`

mod create;
mod me;
mod retrieve;

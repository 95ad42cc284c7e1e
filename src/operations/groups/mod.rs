//! `/core/groups/`

mod create;
mod retrieve;

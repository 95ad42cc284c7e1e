//! `/schema/`

mod retrieve;

//! `/root/`

mod config;

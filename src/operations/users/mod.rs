//! `/core/users/`

mod change;
mod create;
mod destroy;
mod list;
mod me;
mod partial_update;
mod paths;
mod retrieve;
mod service_account;
mod set_password;
mod set_password_hash;
mod update;
mod used_by;

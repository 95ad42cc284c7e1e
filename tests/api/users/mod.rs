mod create;
mod list;
mod me;
mod paths;
mod retrieve;
mod service_account;
mod set_password;
mod update;

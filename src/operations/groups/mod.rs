//! `/core/groups/`

mod add_user;
mod change;
mod create;
mod destroy;
mod list;
mod members;
mod parents;
mod partial_update;
mod remove_user;
mod retrieve;
mod update;
mod used_by;

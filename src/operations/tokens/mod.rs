//! `/core/tokens/`

mod change;
mod create;
mod destroy;
mod list;
mod partial_update;
mod retrieve;
mod set_key;
mod update;
mod used_by;
mod view_key;

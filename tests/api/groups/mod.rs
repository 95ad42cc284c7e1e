mod create;
mod large;
mod list;
mod parents;
mod retrieve;
mod update;

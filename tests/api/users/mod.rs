mod create;
mod list;
mod me;
mod paths;
mod retrieve;
mod update;

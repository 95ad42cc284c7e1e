mod create;
mod large;
mod list;
mod retrieve;
mod update;

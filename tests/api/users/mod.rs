mod create;
mod me;
mod retrieve;

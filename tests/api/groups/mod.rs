mod create;
mod retrieve;

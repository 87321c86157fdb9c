//! The log as its clients see it, in memory and on disk.

mod commits;
mod common;
mod faults;
mod feed;
mod history;
mod lists;
mod random;
mod replace;
mod wire;

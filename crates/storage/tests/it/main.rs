//! The log as its clients see it, in memory and on disk.

mod bounded;
mod commits;
mod common;
mod connected;
mod faults;
mod feed;
mod history;
mod keys;
mod lists;
mod random;
mod replace;
mod wire;

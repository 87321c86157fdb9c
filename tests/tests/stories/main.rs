//! Stories of users, operators and attackers, each through the real binary and the real wire.

mod apart;
mod bad_input;
mod feed;
mod filter;
mod kill;
mod plugins;
mod python;
mod restart;
mod retract;

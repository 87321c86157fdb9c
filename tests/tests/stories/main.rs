//! Stories of users, operators and attackers, each through the real binary and the real wire.

mod apart;
mod backup;
mod bad_input;
mod brief;
mod claims;
mod contradictions;
mod disk_full;
mod feed;
mod filter;
mod findings;
mod kill;
mod kills;
mod limits;
mod logs;
mod mtls;
mod plugins;
mod python;
mod restart;
mod retract;
mod search;
mod search_service;
mod tables;
mod tellings;
mod topics;

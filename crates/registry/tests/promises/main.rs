//! What the registry promises, on every backend: one test for each line of the promises, and random histories.

#[macro_use]
mod common;

mod catalog;
mod grpc;
mod histories;
mod leases;
mod watches;

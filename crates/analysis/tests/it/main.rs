//! The dataflow with a real log and a real registry in this process, and analyzers that the tests make up.

#![expect(clippy::unwrap_used, reason = "tests")]

mod analyzers;
mod common;
mod flow;
mod histories;
mod links;

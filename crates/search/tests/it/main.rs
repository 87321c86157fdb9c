//! The service over a real log in memory.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod alerts;
mod docs;
mod histories;
mod questions;
mod rebuilding;
mod world;

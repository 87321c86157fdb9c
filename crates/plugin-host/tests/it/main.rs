//! Stories of plugins in real worker processes: what they answer, how they fail, and what is left standing.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod calls;
mod client;
mod crashes;
mod rejections;
mod relay;
mod stage;
mod wire;

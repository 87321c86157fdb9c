//! Claims against loaded tables.
//!
//! [`points`] lays a series out by time: what each table says for a month, a quarter, the first half, and what a change of it is
//! reckoned against. [`against`] holds what documents state of one fact against the points of that fact, and [`suggest`] tells of the
//! sides of a contradiction the one that a table bears out.

mod check;
mod house;
mod points;
mod reading;
mod suggest;
mod tell;

pub use points::{MAX_OBSERVATIONS, Point, points};
pub use suggest::suggest;
pub use tell::against;

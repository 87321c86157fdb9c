//! Laying claims side by side: who agrees, who contradicts whom, and why.
//!
//! A [`Statement`](api::record::Statement) is a claim with what is needed to compare it: its slots, and the interval that each of its
//! printed figures stands for ([`statements`]). [`compare`] says what two figures say about each other; [`reconcile`] does so for a
//! group of any size, in bounded time, and gives findings, each with the sides that it lays against each other.
//!
//! There is no input or output here, no clock, and nothing that depends on the order in which statements come.
//!
//! The default is that two figures cannot be compared: whatever is needed has to be said on both sides. One false alarm costs
//! more than three misses.

mod against;
mod apart;
mod camps;
mod evidence;
mod figure;
mod finding;
mod goods;
mod measures;
mod office;
mod overlap;
mod pair;
mod printed;
mod publisher;
mod reasons;
mod reconcile;
mod scope;
pub mod series;
mod slip;
mod slot;
mod statement;
mod unit;
mod unlisted;
mod wording;

pub use apart::apart;
pub use evidence::Evidence;
pub use figure::{Figure, Outcome};
pub use finding::Found;
pub use goods::{Kinship, kinship};
pub use overlap::{Bounds, equal, overlap};
pub use pair::compare;
pub use printed::{decimal, extent};
pub use reconcile::{MAX_FIGURES, Shared, reconcile};
pub use slot::{Fit, Fits, Slot};
pub use statement::{Item, Source, Told, statements};
pub use unit::{Canonical, alike, canonical};

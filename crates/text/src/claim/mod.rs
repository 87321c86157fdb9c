//! Claims: what a text states, in figures and in events, slot by slot, and where each slot comes from.

mod key;
mod slots;

pub use key::Keys;
pub use slots::{
    Amount, Base, Change, Choice, Claim, Direction, EventType, Interval, Modality, Origin, OriginKind,
    Relation, Slot, Status, Term,
};

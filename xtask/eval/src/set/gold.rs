//! A labelled text, its quotes resolved to bytes and its words to values.

use std::ops::Range;

use jiff::civil::Date;
use text::{Amount, Direction, EventType, Interval, Kind, Modality, Qualifier, Relation, Status};

use super::names::Named;

/// A text with its labels.
#[derive(Clone, Debug)]
pub(super) struct Labelled {
    pub(super) id: String,
    pub(super) language: String,
    pub(super) published: Date,
    pub(super) text: String,
    pub(super) title_bytes: usize,
    /// Whether names are labelled; of a feed only figures, times and codes are.
    pub(super) names: bool,
    pub(super) mentions: Vec<GoldMention>,
    pub(super) claims: Vec<GoldClaim>,
}

/// A mention as labelled.
#[derive(Clone, Debug)]
pub(super) struct GoldMention {
    pub(super) span: Range<usize>,
    pub(super) kind: Kind,
    pub(super) value: GoldValue,
    pub(super) qualifier: Option<Qualifier>,
}

/// The value of a mention.
#[derive(Clone, Debug)]
pub(super) enum GoldValue {
    /// Codes and citation marks have none.
    None,
    /// Of numbers, percentages, quantities and durations.
    Amount(Amount),
    /// Of times; nothing if the text does not settle it.
    Time(Option<Interval>),
    /// Of entities.
    Name(Named),
}

/// A claim as labelled.
#[derive(Clone, Debug, Default)]
pub(super) struct GoldClaim {
    pub(super) at: Range<usize>,
    pub(super) event: Option<EventType>,
    pub(super) subject: Option<Named>,
    pub(super) joint: Vec<Named>,
    pub(super) actors: Vec<Named>,
    pub(super) targets: Vec<Named>,
    pub(super) measure: Option<Named>,
    pub(super) statistic: Option<Named>,
    pub(super) value: Option<Amount>,
    pub(super) basis: Vec<Named>,
    pub(super) part: Option<Named>,
    pub(super) whole: Option<Named>,
    pub(super) place: Option<Named>,
    pub(super) partners: Vec<Named>,
    pub(super) venue: Option<Named>,
    pub(super) period: Option<Interval>,
    pub(super) changes: Vec<GoldChange>,
    pub(super) qualifier: Option<Qualifier>,
    pub(super) modality: Option<Modality>,
    pub(super) attribution: Option<Named>,
    pub(super) announced: Option<Interval>,
    pub(super) effective: Option<Interval>,
    pub(super) status: Option<Status>,
    /// Indices of claims of the same text.
    pub(super) derived_from: Vec<usize>,
}

/// A change as labelled.
#[derive(Clone, Debug, Default)]
pub(super) struct GoldChange {
    pub(super) by: Option<Amount>,
    pub(super) direction: Option<Direction>,
    pub(super) base: Option<GoldBase>,
    pub(super) base_value: Option<Amount>,
    pub(super) qualifier: Option<Qualifier>,
}

/// What a change is against.
#[derive(Clone, Debug)]
pub(super) enum GoldBase {
    /// A relation to the claim's period.
    Relation(Relation),
    /// A time of its own.
    Period(Interval),
    /// The total over a time.
    Sum(Interval),
    /// Words.
    Words(String),
}

//! The slots of a claim. They serialize to what `monazite read` prints (see `docs/read-schema.md`), and their names are
//! those of `proto/monazite/record/v1/claim.proto`.

use std::ops::Range;

use serde::Serialize;

use super::Keys;
use crate::mention::{Precision, Qualifier};

/// One statement of a text: a figure of something, or an event. A slot that the text does not fill is absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Claim<'t> {
    /// UTF-8 byte offset of the value, of the change if no value is said, or of the words that tell an event.
    pub start_byte: usize,
    /// UTF-8 byte offset after it.
    pub end_byte: usize,
    /// The text between the two.
    pub quote: &'t str,
    /// The sentence, table row or title that states the claim, in bytes; not printed.
    #[serde(skip)]
    pub sentence: Range<usize>,
    /// What kind of event it is; absent for a figure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<EventType>,
    /// What the figure is of, or the goods of an event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<Slot<Term<'t>>>,
    /// Further subjects of which the claim tells jointly with the first: «a ban on gallium, germanium and antimony».
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub joint: Vec<Slot<Term<'t>>>,
    /// Who produces, sells, buys, plans or acts; several if they do it together.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub actors: Vec<Slot<Term<'t>>>,
    /// Against or with whom an event is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<Slot<Term<'t>>>,
    /// What of the subject is measured: an id such as `measure/price`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measure: Option<Slot<Term<'t>>>,
    /// Mean, median, high, close, cumulative and the like, if said: an id such as `statistic/mean`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statistic: Option<Slot<Term<'t>>>,
    /// The level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Slot<Amount>>,
    /// REO, VAT, contained metal, pro forma, excluding non-recurring items, as far as said: ids such as `basis/REO`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub basis: Vec<Slot<Term<'t>>>,
    /// Of a share: what has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<Slot<Term<'t>>>,
    /// Of a share: what it is a share of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub whole: Option<Slot<Term<'t>>>,
    /// Where: the country of production or stock; the reporter of imports and exports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Slot<Term<'t>>>,
    /// Origins of imports or destinations of exports.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub partners: Vec<Slot<Term<'t>>>,
    /// The exchange, setter or reporter of a price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub venue: Option<Slot<Term<'t>>>,
    /// When, or over which time, the value holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<Slot<Interval>>,
    /// How the subject changed, in the order of the text.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change<'t>>,
    /// How the words around qualify the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qualifier: Option<Slot<Choice<Qualifier>>>,
    /// Expected, planned, contractual or hypothetical; absent for what is told as fact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modality: Option<Slot<Choice<Modality>>>,
    /// Who says it, if the text says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribution: Option<Slot<Term<'t>>>,
    /// When an event was announced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub announced: Option<Slot<Interval>>,
    /// When an event takes effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effective: Option<Slot<Interval>>,
    /// Proposed, eased or ended, if an event is not simply in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Slot<Choice<Status>>>,
    /// Start bytes of the claims of the same text from which the value is calculated.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub derived_from: Vec<usize>,
    /// What the claim may be compared by; see [`Keys`].
    #[serde(skip_serializing_if = "Keys::is_empty")]
    pub keys: Keys,
}

/// A slot that is filled: what it says, and where that comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Slot<T> {
    /// What it says.
    #[serde(flatten)]
    pub is: T,
    /// Where it comes from.
    #[serde(flatten)]
    pub origin: Origin,
}

/// Where a slot comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Stated, inherited or resolved.
    pub kind: OriginKind,
    /// UTF-8 byte offset of the passage.
    pub start_byte: usize,
    /// UTF-8 byte offset after it; equal to the start if there is none.
    pub end_byte: usize,
    /// The name of the rule that filled the slot; docs/claims.md lists them.
    pub rule: &'static str,
}

/// How a slot was filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OriginKind {
    /// The claim's own sentence says it.
    Stated,
    /// Taken from elsewhere in the text, such as a title, a heading or the sentence before.
    Inherited,
    /// Follows by a rule from what is said, such as a base a year earlier.
    Resolved,
}

/// A name or word in a slot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Term<'t> {
    /// Id in the lexicon, such as `commodity/copper`, or in a closed list, such as `statistic/mean`; absent if the words
    /// are not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The words as printed; empty if no words say it.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub words: &'t str,
}

/// One of a closed list in a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Choice<T> {
    /// Which one.
    pub value: T,
}

/// A value with its unit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Amount {
    /// A decimal string; absent for a range.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The lower end of a range; absent if open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<String>,
    /// The upper end of a range; absent if open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<String>,
    /// UCUM or ISO 4217, as in a mention; absent for a plain number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

/// A half-open interval of days, `[start, end)`, as ISO 8601 dates.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Interval {
    /// Its first day; absent if open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// The day after its last; absent if open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
    /// How exactly it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
}

/// A change against a base.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change<'t> {
    /// Which way; absent if the text does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// By how much, signed: `%`, `[pp]`, a difference in a unit, or a factor in `{multiple}` (halved is 0.5). Absent if
    /// merely compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Slot<Amount>>,
    /// Against what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<Slot<Base<'t>>>,
    /// How the words around qualify the change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qualifier: Option<Qualifier>,
    /// Where the change is told.
    #[serde(flatten)]
    pub origin: Origin,
}

/// Which way something changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// It rose.
    Up,
    /// It fell.
    Down,
    /// It did not change.
    Flat,
}

/// What a change is measured against. At least one field is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Base<'t> {
    /// The relation to the claim's own period, if the text names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relation: Option<Relation>,
    /// The base's own time, as far as it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<Interval>,
    /// True if the base is the sum over `period`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub sum: bool,
    /// The base's words, if it is neither a relation nor a time.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub words: &'t str,
    /// The level before, if said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Slot<Amount>>,
}

/// How the base of a change lies to the period of its claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// 同比: the same period a year before.
    YearOnYear,
    /// The half year before.
    HalfOnHalf,
    /// The quarter before.
    QuarterOnQuarter,
    /// The month before.
    MonthOnMonth,
    /// The week before.
    WeekOnWeek,
    /// The trading day before.
    DayOnDay,
    /// 环比 where the length is not known.
    PreviousPeriod,
    /// 较年初: the start of the year.
    YearStart,
}

/// How a statement relates to fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Modality {
    /// Forecast or guidance.
    Expected,
    /// Planned, targeted, designed.
    Planned,
    /// A term of a contract or rule, such as a price floor.
    Contractual,
    /// Under a condition.
    Hypothetical,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EventType {
    /// Something is forbidden.
    Ban,
    /// A licence is required, granted or refused.
    Licence,
    /// A quota is set.
    Quota,
    /// A mine, plant or line closes or stops; force majeure.
    Closure,
    /// A contract, memorandum or acquisition.
    Agreement,
    /// A special action, seizure, fine or investigation.
    Enforcement,
    /// Anything else of weight that is made known.
    Announcement,
}

/// Whether an event is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Proposed, considered, planned.
    Proposed,
    /// Lifted, suspended or relaxed.
    Eased,
    /// Ended or expired.
    Ended,
}

impl Claim<'_> {
    /// The id of the measure.
    pub(crate) fn measure_id(&self) -> Option<&str> {
        self.measure.as_ref()?.is.id.as_deref()
    }

    /// The id of the subject.
    pub(crate) fn subject_id(&self) -> Option<&str> {
        self.subject.as_ref()?.is.id.as_deref()
    }

    /// The unit of the level.
    pub(crate) fn unit(&self) -> Option<&str> {
        self.value.as_ref()?.is.unit.as_deref()
    }

    /// Calls `tell` with the name of each slot that is filled and where it comes from, in the order of the schema.
    pub fn each_origin(&self, mut tell: impl FnMut(&'static str, &Origin)) {
        let terms =
            |slots: &[Slot<Term<'_>>], name: &'static str, tell: &mut dyn FnMut(&'static str, &Origin)| {
                slots.iter().for_each(|slot| tell(name, &slot.origin));
            };
        let term = |slot: &Option<Slot<Term<'_>>>,
                    name: &'static str,
                    tell: &mut dyn FnMut(&'static str, &Origin)| {
            slot.iter().for_each(|slot| tell(name, &slot.origin));
        };
        term(&self.subject, "subject", &mut tell);
        terms(&self.joint, "joint", &mut tell);
        terms(&self.actors, "actors", &mut tell);
        terms(&self.targets, "targets", &mut tell);
        term(&self.measure, "measure", &mut tell);
        term(&self.statistic, "statistic", &mut tell);
        self.value.iter().for_each(|slot| tell("value", &slot.origin));
        terms(&self.basis, "basis", &mut tell);
        term(&self.part, "part", &mut tell);
        term(&self.whole, "whole", &mut tell);
        term(&self.place, "place", &mut tell);
        terms(&self.partners, "partners", &mut tell);
        term(&self.venue, "venue", &mut tell);
        self.period.iter().for_each(|slot| tell("period", &slot.origin));
        for change in &self.changes {
            tell("changes", &change.origin);
            change.base.iter().for_each(|slot| tell("base", &slot.origin));
        }
        self.qualifier.iter().for_each(|slot| tell("qualifier", &slot.origin));
        self.modality.iter().for_each(|slot| tell("modality", &slot.origin));
        term(&self.attribution, "attribution", &mut tell);
        self.announced.iter().for_each(|slot| tell("announced", &slot.origin));
        self.effective.iter().for_each(|slot| tell("effective", &slot.origin));
        self.status.iter().for_each(|slot| tell("status", &slot.origin));
    }
}

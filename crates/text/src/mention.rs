//! What is read: mentions, their kinds, and the words that print them.

use serde::Serialize;

/// What a mention is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A plain number.
    Number,
    /// A percentage (unit `%`), or percentage points (unit `[pp]`).
    Percent,
    /// A number with a unit: mass, money, rates such as `CNY/t`.
    Quantity,
    /// A point or period of calendar time.
    Time,
    /// A length of time that is not anchored in the calendar.
    Duration,
    /// Something that the lexicon knows.
    Entity,
    /// A code that looks like a number but is none: ticker, HS code, model, list number.
    Code,
    /// A citation mark such as `[3]`.
    Citation,
}

impl Kind {
    /// All kinds, in the order in which they are documented.
    pub const ALL: [Kind; 8] = [
        Kind::Number,
        Kind::Percent,
        Kind::Quantity,
        Kind::Time,
        Kind::Duration,
        Kind::Entity,
        Kind::Code,
        Kind::Citation,
    ];

    /// True for a number with or without a unit.
    pub(crate) fn is_figure(self) -> bool {
        matches!(self, Kind::Number | Kind::Percent | Kind::Quantity)
    }

    /// The word that names the kind in JSON and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Number => "number",
            Kind::Percent => "percent",
            Kind::Quantity => "quantity",
            Kind::Time => "time",
            Kind::Duration => "duration",
            Kind::Entity => "entity",
            Kind::Code => "code",
            Kind::Citation => "citation",
        }
    }
}

/// A set of kinds: those to look for.
///
/// What is not looked for is not read at all, so that "15元" read for numbers alone gives 15.
///
/// ```
/// let kinds: text::Kinds = "number,percent".parse()?;
/// assert!(kinds.contains(text::Kind::Percent) && !kinds.contains(text::Kind::Time));
/// # Ok::<(), text::UnknownKind>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kinds(u16);

impl Kinds {
    /// Every kind.
    pub const ALL: Kinds = Kinds(0xff);

    /// Units that stand without a number, as in "prices in yuan": quantities and percentages without a value. They are looked
    /// for only if asked for.
    const UNITS: Kinds = Kinds(0x100);

    /// The set of the kinds given.
    pub fn of(kinds: &[Kind]) -> Kinds {
        Kinds(kinds.iter().fold(0, |bits, kind| bits | 1 << *kind as u8))
    }

    /// The same kinds, and of quantities and percentages also the units that stand without a number; `unit` on the command line.
    #[must_use]
    pub fn with_units(self) -> Kinds {
        Kinds(self.0 | Kinds::UNITS.0)
    }

    /// True if units without a number are looked for.
    pub(crate) fn units(self) -> bool {
        self.0 & Kinds::UNITS.0 != 0
    }

    /// True if `kind` is in the set.
    pub fn contains(self, kind: Kind) -> bool {
        self.0 & (1 << kind as u8) != 0
    }
}

impl Default for Kinds {
    fn default() -> Kinds {
        Kinds::ALL
    }
}

/// A word that names no kind.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "unknown kind of mention «{0}»: use number, percent, quantity, unit, time, duration, entity, code or citation, separated by commas"
)]
pub struct UnknownKind(pub String);

impl std::str::FromStr for Kinds {
    type Err = UnknownKind;

    fn from_str(words: &str) -> Result<Kinds, UnknownKind> {
        let mut kinds = Vec::new();
        let mut units = false;
        for word in words.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            if word == "unit" {
                units = true;
                continue;
            }
            let kind = Kind::ALL.into_iter().find(|kind| kind.name() == word);
            kinds.push(kind.ok_or_else(|| UnknownKind(word.to_owned()))?);
        }
        if kinds.is_empty() {
            return Err(UnknownKind(words.to_owned()));
        }
        let kinds = Kinds::of(&kinds);
        Ok(if units { kinds.with_units() } else { kinds })
    }
}

/// How a value is qualified by the words around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Qualifier {
    /// 约, 左右, about, approximately.
    About,
    /// 近, nearly, almost: a little less.
    Nearly,
    /// 超, 逾, over, more than.
    Over,
    /// 至少, 以上, at least.
    AtLeast,
    /// 不足, under, less than.
    Under,
    /// 至多, 以下, up to, at most.
    AtMost,
}

/// How exactly a time is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// To the second.
    Second,
    /// To the minute.
    Minute,
    /// To the hour.
    Hour,
    /// A calendar day.
    Day,
    /// A week, starting on Monday (ISO 8601).
    Week,
    /// A third of a month (旬).
    TenDays,
    /// A calendar month.
    Month,
    /// A quarter of a calendar year.
    Quarter,
    /// A half of a calendar year.
    Half,
    /// A calendar year.
    Year,
    /// Ten calendar years, starting with a year divisible by ten.
    Decade,
    /// A span between two ends that is none of the above.
    Range,
}

/// Which ends of a range are themselves outside of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Exclusive {
    /// "more than 20 and at most 35": 20 is outside.
    Low,
    /// "at least 20 and below 35": 35 is outside.
    High,
    /// "more than 20 and less than 35".
    Both,
    /// "at least 20 and at most 35": it is said that both ends are within.
    Neither,
}

/// Why a mention is to be taken with care; its quote is exact, its value may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// A range whose first end is the larger one; `low` and `high` are in order.
    BackwardRange,
    /// Two units that contradict each other, as in `CNY 5 USD`; no unit is given.
    UnitConflict,
    /// A day that is not in the calendar, such as 2月30日; no start and no end are given.
    NoSuchDate,
    /// More digits than anything is counted in; the value, if given, is exact.
    TooLong,
    /// A name from a translation that distorts the meaning, such as "non-recurring net profit"; the id is what was meant.
    TranslationArtefact,
}

/// One mention; it serializes to exactly what `monazite read` prints (see `docs/read-schema.md`).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mention<'t> {
    /// What it is.
    pub kind: Kind,
    /// UTF-8 byte offset of its first byte.
    pub start_byte: usize,
    /// UTF-8 byte offset after its last byte.
    pub end_byte: usize,
    /// The text between the two.
    pub quote: &'t str,
    /// The value as a decimal string; absent for a range and for what has no value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The lower end of a range, as a decimal string; absent if open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<String>,
    /// The upper end of a range, as a decimal string; absent if open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<String>,
    /// UCUM for physical units and ISO 4217 for money, joined as in `CNY/t`; `%` and `[pp]`; for a duration its
    /// calendar unit: `d`, `wk`, `mo`, `a` and the like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// For a time: ISO 8601, inclusive; absent if open or not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// For a time: ISO 8601, exclusive; absent if open or not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<String>,
    /// For a time: how exactly it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
    /// For a duration: nominal seconds as a decimal string (a month counts 30 days, a year 365).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<String>,
    /// For an entity: its id in the lexicon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// How the words around qualify the value; absent if they do not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qualifier: Option<Qualifier>,
    /// For a range made of two comparisons: which of its ends are themselves outside; absent
    /// for all others, whose ends are within as far as the words say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclusive: Option<Exclusive>,
    /// Why it is to be taken with care; absent if there is no reason to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doubt: Option<Doubt>,
    /// The mention with the words that qualify it, in bytes; not printed.
    #[serde(skip)]
    pub scope: std::ops::Range<usize>,
}

impl<'t> Mention<'t> {
    /// A mention of `kind` at a span of `text`, with nothing else known.
    ///
    /// # Panics
    /// If the span does not lie on character boundaries of `text`.
    pub fn bare(kind: Kind, text: &'t str, span: std::ops::Range<usize>) -> Mention<'t> {
        Mention {
            kind,
            start_byte: span.start,
            end_byte: span.end,
            quote: &text[span.clone()],
            value: None,
            low: None,
            high: None,
            unit: None,
            start: None,
            end: None,
            precision: None,
            seconds: None,
            id: None,
            qualifier: None,
            exclusive: None,
            doubt: None,
            scope: span,
        }
    }
}

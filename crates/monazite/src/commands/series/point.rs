//! One value of a series, from a claim or from a row of a table.

use std::ops::Range;

use anyhow::Result;
use api::record::{Amount, Claim, Modality, Observation, Period, Qualifier, Record};
use jiff::civil::Date;
use prost::{Message as _, Name as _};
use serde_json::{Value, json};

use crate::commands::facts::{Days, figure, qualifier, shown_period};
use crate::view::{View, point};

/// A value with where it stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Point {
    /// Resource name of the claim or observation.
    pub(crate) record: String,
    /// Sequence of the commit that wrote it.
    pub(crate) sequence: i64,
    /// What it measures, without `series=`.
    pub(crate) series: String,
    /// When, or over which time, it holds.
    pub(crate) period: Period,
    pub(crate) amount: Amount,
    pub(crate) qualifier: Qualifier,
    pub(crate) modality: Modality,
    /// The value as it is printed.
    pub(crate) words: String,
    /// The sentence that says it, or the cell of the table.
    pub(crate) quote: String,
    /// The document; empty for a row of a table.
    pub(crate) document: String,
    /// The bytes of the document's text that print the value.
    pub(crate) span: Range<u32>,
    /// Where in a table it stands; empty for a claim.
    pub(crate) row: String,
    /// Who says it.
    pub(crate) source: String,
    /// When that was published; empty if not known.
    pub(crate) published: String,
    /// Title of the document.
    pub(crate) title: String,
}

impl Point {
    /// Reads a record; `None` if it is in no series or says no value at a time.
    ///
    /// # Errors
    /// If its body is not what its kind says.
    pub(crate) fn new(record: &Record) -> Result<Option<Point>> {
        let Some(series) = record.keys.iter().find_map(|key| key.strip_prefix("series=")) else {
            return Ok(None);
        };
        let base = Point {
            record: record.name.clone(),
            sequence: record.sequence,
            series: series.to_owned(),
            ..Default::default()
        };
        let read = if record.kind == Claim::full_name() {
            base.of_claim(record, Claim::decode(record.body.clone())?)
        } else {
            base.of_row(Observation::decode(record.body.clone())?)
        };
        Ok(read.filter(|point| point.start().is_some()))
    }

    fn of_claim(self, record: &Record, claim: Claim) -> Option<Point> {
        let change = claim.changes.first().and_then(|change| Some((change.by.clone()?, change.qualifier())));
        let (amount, qualifier) = match claim.value.clone() {
            Some(value) => (value, claim.qualifier.as_ref().map(|slot| slot.qualifier()).unwrap_or_default()),
            None => change?,
        };
        let mut spans = record.citations.iter().flat_map(|citation| &citation.spans);
        let sentence = spans.find(|s| s.start_byte <= claim.start_byte && claim.end_byte <= s.end_byte)?;
        let at = (claim.start_byte - sentence.start_byte) as usize
            ..(claim.end_byte - sentence.start_byte) as usize;
        Some(Point {
            words: sentence.quote.get(at)?.to_owned(),
            quote: sentence.quote.clone(),
            period: claim.period.and_then(|when| when.period)?,
            modality: claim.modality.map(|slot| slot.modality()).unwrap_or_default(),
            document: claim.document,
            span: claim.start_byte..claim.end_byte,
            amount,
            qualifier,
            ..self
        })
    }

    fn of_row(self, body: Observation) -> Option<Point> {
        let (qualifier, modality) = (body.qualifier(), body.modality());
        let row = body.row.unwrap_or_default();
        let edition = if body.edition.is_empty() { String::new() } else { format!("@{}", body.edition) };
        Some(Point {
            amount: body.value?,
            qualifier,
            modality,
            words: row.cell.clone(),
            quote: format!("{}: {}", row.column, row.cell),
            period: body.period?,
            row: format!("{}:{}", row.file, row.number),
            source: format!("{}{edition}", body.source),
            published: body.published.as_ref().map(point).unwrap_or_default(),
            ..self
        })
    }

    /// Fills in what its document says of itself.
    pub(crate) fn told_by(&mut self, view: &View) {
        view.source().clone_into(&mut self.source);
        self.published = view.published();
        view.heading().clone_into(&mut self.title);
    }

    /// The first day of its period.
    pub(crate) fn start(&self) -> Option<Date> {
        Days::of(&self.period).ends().0
    }

    /// Middle of its period in days since 1970, for an axis of time.
    pub(crate) fn middle(&self) -> Option<f64> {
        let day =
            |date: Date| date.since(Date::constant(1970, 1, 1)).map(|span| f64::from(span.get_days())).ok();
        let (start, end) = Days::of(&self.period).ends();
        let start = day(start?)?;
        Some(end.and_then(day).map_or(start, |end| f64::midpoint(start, end)))
    }

    /// Whether it is told as fact, and not expected, planned or the like.
    pub(crate) fn is_actual(&self) -> bool {
        self.modality == Modality::Unspecified
    }

    /// Whether a table says it.
    pub(crate) fn is_row(&self) -> bool {
        self.document.is_empty()
    }

    /// `expected`, `planned` and so on; empty for what is told as fact.
    pub(crate) fn modality(&self) -> String {
        let name = self.modality.as_str_name().trim_start_matches("MODALITY_").to_ascii_lowercase();
        if self.is_actual() { String::new() } else { name }
    }

    /// The value for people, in the unit of its text: `about 9,663 USD/t`.
    pub(crate) fn figure(&self) -> String {
        shown(&self.amount, self.qualifier)
    }

    /// The period for people.
    pub(crate) fn when(&self) -> String {
        shown_period(&self.period)
    }

    /// What programs get of it.
    pub(crate) fn json(&self) -> Value {
        let optional = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        json!({
            "record": self.record,
            "kind": if self.is_row() { "row" } else { "claim" },
            "sequence": self.sequence,
            "period": {"start": self.period.start, "end": self.period.end},
            "printed": amount_json(&self.amount),
            "qualifier": qualifier(self.qualifier),
            "modality": optional(&self.modality()),
            "words": self.words,
            "quote": self.quote,
            "source": self.source,
            "published": optional(&self.published),
            "document": optional(&self.document),
            "start_byte": Some(self.span.start).filter(|_| !self.is_row()),
            "end_byte": Some(self.span.end).filter(|_| !self.is_row()),
            "row": optional(&self.row),
        })
    }
}

/// A value with its qualifier, for people.
pub(super) fn shown(amount: &Amount, qualified: Qualifier) -> String {
    let figure = figure(&amount.value, &amount.low, &amount.high, &amount.unit);
    qualifier(qualified).map_or(figure.clone(), |word| format!("{word} {figure}"))
}

/// The fields of a value that are not empty.
pub(super) fn amount_json(amount: &Amount) -> Value {
    let fields =
        [("value", &amount.value), ("low", &amount.low), ("high", &amount.high), ("unit", &amount.unit)];
    let given = fields.into_iter().filter(|(_, value)| !value.is_empty());
    given
        .map(|(name, value)| (name.to_owned(), Value::from(value.as_str())))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

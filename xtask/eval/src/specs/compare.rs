//! One case: what the reader finds against what the specification expects.

use std::collections::BTreeSet;
use std::ops::Range;

use serde_json::Value;
use text::{Context, Exclusive, Mention, Qualifier, Reader};

use super::file::{Case, Expected};
use super::{Conversion, SpecKind, Units, time};
use crate::decimal::Decimal;

/// What is compared.
pub(super) struct Comparison<'a> {
    pub(super) reader: &'a Reader,
    pub(super) units: &'a Units,
    pub(super) kind: SpecKind,
    pub(super) case: &'a Case,
}

/// How it went.
pub(super) struct Outcome {
    pub(super) right: bool,
    /// What made it right.
    pub(super) conversions: BTreeSet<Conversion>,
    pub(super) unknown_unit: Option<String>,
    pub(super) expected: Vec<String>,
    pub(super) got: Vec<String>,
}

/// A mention as it is compared.
struct Found<'t> {
    mention: Mention<'t>,
    span: Range<usize>,
    /// The part of the unit before the slash.
    unit: String,
    converted: Option<Conversion>,
}

impl Comparison<'_> {
    pub(super) fn run(&self) -> Outcome {
        let context = Context { published: self.case.day(), kinds: self.kind.kinds() };
        let mentions = self.reader.read(&self.case.text, &context);
        let found: Vec<Found<'_>> = mentions.into_iter().filter_map(|mention| self.found(mention)).collect();
        let mut expected: Vec<&Expected> = self.case.expect.iter().collect();
        expected.sort_by_key(|expected| (expected.start, expected.end));
        let mut conversions = BTreeSet::new();
        let mut right = found.len() == expected.len();
        for (found, expected) in found.iter().zip(&expected) {
            conversions.extend(found.converted);
            right &= found.span == (expected.start..expected.end)
                && self.value_meets(found, &expected.resolution, &mut conversions);
        }
        let unit = |expected: &&&Expected| {
            let name = expected.resolution["unit"].as_str()?;
            self.units.readings(self.kind, name).is_empty().then(|| name.to_owned())
        };
        let wants_unit = matches!(self.kind, SpecKind::Currency | SpecKind::Dimension);
        Outcome {
            right,
            conversions,
            unknown_unit: expected.iter().filter(|_| wants_unit).find_map(|expected| unit(&expected)),
            expected: expected.iter().map(|e| format!("«{}» {}", e.text, brief(&e.resolution))).collect(),
            got: found.iter().map(|found| describe(&self.case.text, found)).collect(),
        }
    }

    /// The mention as they would see it; nothing if they have no name for what it is.
    fn found<'t>(&self, mention: Mention<'t>) -> Option<Found<'t>> {
        let span = mention.start_byte..mention.end_byte;
        let unit = mention.unit.clone().unwrap_or_default();
        match self.kind {
            SpecKind::Currency | SpecKind::Dimension => {
                if self.units.has_code(self.kind, &unit) {
                    return Some(Found { mention, span, unit, converted: None });
                }
                let (numerator, _) = unit.split_once('/')?;
                if !self.units.has_code(self.kind, numerator) {
                    return None;
                }
                let piece = self.numerator(&mention, numerator);
                let converted = piece.as_ref().map(|_| Conversion::Denominator);
                Some(Found { span: piece.unwrap_or(span), unit: numerator.to_owned(), converted, mention })
            }
            SpecKind::Range => {
                let range = mention.low.is_some() || mention.high.is_some();
                let bound = match mention.qualifier {
                    Some(qualifier) => !matches!(qualifier, Qualifier::About | Qualifier::Nearly),
                    // "equal to 20": words beside the value say that it is both ends.
                    None => mention.scope.start < mention.start_byte,
                };
                (range || bound).then(|| Found {
                    span: mention.scope.clone(),
                    mention,
                    unit,
                    converted: None,
                })
            }
            _ => Some(Found { mention, span, unit, converted: None }),
        }
    }

    /// The longest head or tail of a rate that is, read by itself, one quantity with the rate's value and numerator.
    fn numerator(&self, rate: &Mention<'_>, numerator: &str) -> Option<Range<usize>> {
        let quote = rate.quote;
        let context = Context { published: None, kinds: self.kind.kinds() };
        let fits = |piece: &str| {
            let mentions = self.reader.read(piece, &context);
            let [only] = mentions.as_slice() else { return false };
            only.quote == piece && only.unit.as_deref() == Some(numerator) && only.value == rate.value
        };
        let cuts: Vec<usize> = quote.char_indices().map(|(at, _)| at).skip(1).collect();
        if let Some(cut) = cuts.iter().rev().find(|cut| fits(&quote[..**cut])) {
            return Some(rate.start_byte..rate.start_byte + cut);
        }
        let cut = cuts.iter().find(|cut| fits(&quote[**cut..]))?;
        Some(rate.start_byte + cut..rate.end_byte)
    }

    fn value_meets(&self, found: &Found<'_>, theirs: &Value, used: &mut BTreeSet<Conversion>) -> bool {
        let mention = &found.mention;
        // Of a unit without a number they write the value as null, or as the word.
        let value = theirs["value"].as_str().filter(|value| *value != "null");
        match self.kind {
            SpecKind::Number => same_value(mention, value, 0),
            SpecKind::Percent => {
                let points = found.unit == "[pp]" && says_points(mention.quote);
                used.extend(points.then_some(Conversion::Points));
                (points || found.unit == "%")
                    && same_value(mention, value.map(|value| value.trim_end_matches('%')), 0)
            }
            SpecKind::Currency | SpecKind::Dimension => {
                let readings = self.units.readings(self.kind, theirs["unit"].as_str().unwrap_or_default());
                readings
                    .iter()
                    .any(|reading| reading.code == found.unit && same_value(mention, value, reading.power))
            }
            SpecKind::Range => value.is_some_and(|value| range_meets(mention, value, used)),
            SpecKind::Time => time::meets(mention, theirs, used),
        }
    }
}

/// True if the words are of percentage points.
fn says_points(quote: &str) -> bool {
    let quote: String = quote.chars().filter(|character| !character.is_whitespace()).collect();
    quote.contains("百分点") || quote.contains("百分點") || quote.contains("point") || quote.ends_with("pp")
}

/// Equal values; a value of theirs that is missing asks for none of ours.
fn same_value(mention: &Mention<'_>, theirs: Option<&str>, power: i64) -> bool {
    let range = mention.low.is_some() || mention.high.is_some();
    match (mention.value.as_deref(), theirs) {
        (None, None) => !range,
        (Some(ours), Some(theirs)) => match (Decimal::parse(ours), Decimal::parse(theirs)) {
            (Some(ours), Some(theirs)) => ours.equals_float(&theirs.shifted(power)),
            _ => false,
        },
        _ => false,
    }
}

/// A range: its ends as numbers, and whether they belong to it.
fn range_meets(mention: &Mention<'_>, theirs: &str, used: &mut BTreeSet<Conversion>) -> bool {
    let Some((low, high)) = theirs.trim_matches(['[', ']', '(', ')']).split_once(',') else { return false };
    let parse = |end: &str| if end.is_empty() { None } else { Decimal::parse(end) };
    let (theirs_low, theirs_high) = (parse(low), parse(high));
    let theirs_closed = (theirs.starts_with('['), theirs.ends_with(']'));
    let Some((low, high, closed)) = own_range(mention) else { return false };
    let same = |ours: &Option<Decimal>, theirs: &Option<Decimal>| match (ours, theirs) {
        (Some(ours), Some(theirs)) => ours.equals_float(theirs),
        (ours, theirs) => ours.is_none() && theirs.is_none(),
    };
    if !same(&low, &theirs_low) || !same(&high, &theirs_high) {
        return false;
    }
    match (low.is_some(), high.is_some(), closed) {
        (true, true, None) => {
            used.insert(Conversion::Brackets);
            theirs_closed == (true, false)
        }
        (true, true, Some(closed)) => theirs_closed == closed,
        (true, false, closed) => theirs_closed.0 == closed.is_none_or(|closed| closed.0),
        (false, true, closed) => theirs_closed.1 == closed.is_none_or(|closed| closed.1),
        (false, false, _) => false,
    }
}

/// The ends of a range and whether they belong to it, as far as words of comparison say so.
type OwnRange = (Option<Decimal>, Option<Decimal>, Option<(bool, bool)>);

fn own_range(mention: &Mention<'_>) -> Option<OwnRange> {
    let own = |end: &Option<String>| end.as_deref().and_then(Decimal::parse);
    let Some(value) = own(&mention.value) else {
        let vague = matches!(mention.qualifier, Some(Qualifier::Over | Qualifier::Under));
        let closed = vague.then_some((false, false));
        let said = mention.exclusive.map(|exclusive| match exclusive {
            Exclusive::Low => (false, true),
            Exclusive::High => (true, false),
            Exclusive::Both => (false, false),
            Exclusive::Neither => (true, true),
        });
        return Some((own(&mention.low), own(&mention.high), said.or(closed)));
    };
    Some(match mention.qualifier {
        Some(Qualifier::Over) => (Some(value), None, Some((false, false))),
        Some(Qualifier::AtLeast) => (Some(value), None, Some((true, false))),
        Some(Qualifier::Under) => (None, Some(value), Some((false, false))),
        Some(Qualifier::AtMost) => (None, Some(value), Some((false, true))),
        Some(Qualifier::About | Qualifier::Nearly) => return None,
        None => (Some(value.clone()), Some(value), Some((true, true))),
    })
}

fn brief(resolution: &Value) -> String {
    match resolution["values"].as_array() {
        Some(values) => Value::from(values.clone()).to_string(),
        None => [&resolution["value"], &resolution["unit"]]
            .into_iter()
            .filter_map(Value::as_str)
            .collect::<Vec<_>>()
            .join(" "),
    }
}

fn describe(text: &str, found: &Found<'_>) -> String {
    let mention = &found.mention;
    let mut out = format!("«{}»", &text[found.span.clone()]);
    let parts = [&mention.value, &mention.low, &mention.high, &mention.start, &mention.end, &mention.seconds];
    let names = ["", "low ", "high ", "from ", "to ", "seconds "];
    for (name, part) in names.iter().zip(parts) {
        if let Some(part) = part {
            out += &format!(" {name}{part}");
        }
    }
    out.extend(mention.unit.as_ref().map(|unit| format!(" {unit}")));
    out.extend(mention.precision.map(|precision| format!(" {precision:?}")));
    out.extend(mention.qualifier.map(|qualifier| format!(" {qualifier:?}")));
    out
}

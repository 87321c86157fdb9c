//! Mentions against their labels.

use text::{Interval, Kind, Mention};

use super::gold::{GoldMention, GoldValue, Labelled};
use super::names::Named;
use super::score::{Miss, TextScore};
use super::slots;
use crate::decimal::Decimal;

/// Measures and places below a country are read as entities and not labelled.
const UNLABELLED: [&str; 2] = ["measure/", "place/"];

/// Counts the mentions of one text, right ones and those with the right span and kind.
pub(super) fn score(labelled: &Labelled, mentions: &[Mention<'_>], score: &mut TextScore) {
    let read: Vec<&Mention<'_>> = mentions
        .iter()
        .filter(|mention| labelled.names || mention.kind != Kind::Entity)
        .filter(|mention| {
            !mention.id.as_deref().is_some_and(|id| UNLABELLED.iter().any(|kind| id.starts_with(kind)))
        })
        .collect();
    for mention in &read {
        let counts = score.mentions.entry(mention.kind.name()).or_default();
        counts.exact.read += 1;
        counts.span.read += 1;
    }
    let mut met = vec![false; read.len()];
    for gold in &labelled.mentions {
        let kind = gold.kind.name();
        let counts = score.mentions.entry(kind).or_default();
        counts.exact.gold += 1;
        counts.span.gold += 1;
        if let GoldValue::Name(Named::Unknown(name)) = &gold.value {
            score.unknown_names.push(name.clone());
        }
        let found = read.iter().position(|mention| {
            mention.kind == gold.kind && (mention.start_byte..mention.end_byte) == gold.span
        });
        let Some(index) = found else {
            let near = read
                .iter()
                .find(|mention| mention.start_byte < gold.span.end && gold.span.start < mention.end_byte);
            let (cause, got) = match near {
                Some(near) if near.kind == gold.kind => ("span", describe(near)),
                Some(near) => ("kind", describe(near)),
                None => ("missed", "nothing".to_owned()),
            };
            score.misses.push(Miss {
                cause: format!("mention {kind}: {cause}"),
                text: labelled.id.clone(),
                quote: labelled.text[gold.span.clone()].to_owned(),
                expected: expected(gold),
                got,
                at_byte: None,
                rule: None,
            });
            continue;
        };
        met[index] = true;
        counts.span.right += 1;
        let wrong = wrong_part(gold, read[index]);
        if wrong.is_none() {
            counts.exact.right += 1;
        }
        score.misses.extend(wrong.map(|part| Miss {
            cause: format!("mention {kind}: {part}"),
            text: labelled.id.clone(),
            quote: read[index].quote.to_owned(),
            expected: expected(gold),
            got: describe(read[index]),
            at_byte: None,
            rule: None,
        }));
    }
    let touches = |mention: &Mention<'_>| {
        labelled
            .mentions
            .iter()
            .any(|gold| mention.start_byte < gold.span.end && gold.span.start < mention.end_byte)
    };
    for (mention, _) in read.iter().zip(met).filter(|(mention, met)| !met && !touches(mention)) {
        score.misses.push(Miss {
            cause: format!("mention {}: too many", mention.kind.name()),
            text: labelled.id.clone(),
            quote: mention.quote.to_owned(),
            expected: "nothing".to_owned(),
            got: describe(mention),
            at_byte: None,
            rule: None,
        });
    }
}

fn expected(gold: &GoldMention) -> String {
    let qualifier = gold.qualifier.map(|qualifier| format!(" {qualifier:?}")).unwrap_or_default();
    let value = match &gold.value {
        GoldValue::None => String::new(),
        GoldValue::Amount(amount) => format!(" {}", slots::show(amount)),
        GoldValue::Time(None) => " not settled".to_owned(),
        GoldValue::Time(Some(time)) => format!(" {}", slots::show_interval(time)),
        GoldValue::Name(name) => format!(" {name}"),
    };
    format!("{}{value}{qualifier}", gold.kind.name())
}

/// The first part that is not as labelled.
fn wrong_part(gold: &GoldMention, mention: &Mention<'_>) -> Option<&'static str> {
    let value = match &gold.value {
        GoldValue::None => true,
        GoldValue::Amount(amount) if gold.kind == Kind::Duration => same_length(
            [&amount.value, &amount.low, &amount.high],
            amount.unit.as_deref(),
            [&mention.value, &mention.low, &mention.high],
            mention.unit.as_deref(),
        ),
        GoldValue::Amount(amount) => {
            if amount.unit != mention.unit {
                return Some("unit");
            }
            same(&amount.value, &mention.value)
                && same(&amount.low, &mention.low)
                && same(&amount.high, &mention.high)
        }
        GoldValue::Time(interval) => {
            let none = Interval::default();
            let interval = interval.as_ref().unwrap_or(&none);
            interval.start == mention.start && interval.end == mention.end
        }
        GoldValue::Name(Named::Known(ids)) => mention.id.as_ref().is_some_and(|id| ids.contains(id)),
        GoldValue::Name(Named::Unknown(_)) => return Some("not in the lexicon"),
        // A sector or words are no entity in themselves.
        GoldValue::Name(Named::Sector(_) | Named::Words(_)) => mention.id.is_none(),
    };
    if !value {
        return Some(if gold.kind == Kind::Entity { "id" } else { "value" });
    }
    (gold.qualifier != mention.qualifier).then_some("qualifier")
}

/// Equal decimals, or both missing.
pub(super) fn same(left: &Option<String>, right: &Option<String>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => {
            left == right || Decimal::parse(left).is_some_and(|left| Some(left) == Decimal::parse(right))
        }
        (left, right) => left.is_none() && right.is_none(),
    }
}

/// Equal lengths of time, whether counted in months or years, or in days, weeks or hours.
fn same_length(
    left: [&Option<String>; 3],
    left_unit: Option<&str>,
    right: [&Option<String>; 3],
    right_unit: Option<&str>,
) -> bool {
    let (Some(left_unit), Some(right_unit)) = (left_unit, right_unit) else { return false };
    let scaled = |end: &Option<String>, unit: &str| -> Option<(&'static str, f64)> {
        let (family, factor) = match unit {
            "a" => ("month", 12.0),
            "mo" => ("month", 1.0),
            "wk" => ("minute", 10_080.0),
            "d" => ("minute", 1_440.0),
            "h" => ("minute", 60.0),
            "min" => ("minute", 1.0),
            _ => return None,
        };
        Some((family, end.as_deref()?.parse::<f64>().ok()? * factor))
    };
    left.into_iter().zip(right).all(|(left, right)| {
        left_unit == right_unit && same(left, right)
            || left.is_none() && right.is_none()
            || scaled(left, left_unit).is_some_and(|left| Some(left) == scaled(right, right_unit))
    })
}

fn describe(mention: &Mention<'_>) -> String {
    // Mentions always serialize.
    serde_json::to_string(mention).unwrap_or_default()
}

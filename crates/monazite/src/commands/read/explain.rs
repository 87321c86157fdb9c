//! `monazite read --explain`: the claims of a text, for people.

use std::io::{self, Write};

use api::record::{Period, Precision};
use serde_json::Value;

use crate::commands::facts::explain::{Line, from, laid_out};
use crate::commands::facts::{figure, shown_period};
use crate::fit::flat;
use crate::output::screen_width;

/// Prints what a line of output says of `text`: each claim with its slots, one below the other.
///
/// # Errors
/// If `out` refuses.
pub(super) fn print(text: &str, output: &Value, out: &mut impl Write) -> io::Result<()> {
    let claims = output["claims"].as_array().map(Vec::as_slice).unwrap_or_default();
    for claim in claims {
        let event = claim["event"].as_str().map(|event| format!("{event}: ")).unwrap_or_default();
        let at = format!("{}..{}", claim["start_byte"], claim["end_byte"]);
        let quote = claim["quote"].as_str().unwrap_or_default();
        writeln!(out, "{event}«{}»  {at}", flat(quote))?;
        for line in laid_out(lines(text, claim), usize::from(screen_width())) {
            writeln!(out, "{}", flat(&line))?;
        }
    }
    let mentions = output["mentions"].as_array().map_or(0, Vec::len);
    match claims.len() {
        1 => writeln!(out, "1 claim from {mentions} mentions"),
        count => writeln!(out, "{count} claims from {mentions} mentions"),
    }
}

fn lines(text: &str, claim: &Value) -> Vec<Line> {
    let mut lines = Vec::new();
    for (name, slot) in claim.as_object().into_iter().flatten() {
        match slot {
            Value::Array(slots) => slots.iter().for_each(|slot| add(text, name, slot, &mut lines)),
            slot => add(text, name, slot, &mut lines),
        }
    }
    for (name, key) in claim["keys"].as_object().into_iter().flatten() {
        let says = key.as_str().unwrap_or_default().to_owned();
        lines.push(Line { name: format!("key {name}"), says, from: String::new() });
    }
    lines
}

/// The line of a slot, and those of the slots within it. What has no origin is none.
fn add(text: &str, name: &str, slot: &Value, lines: &mut Vec<Line>) {
    let (Some(kind), Some(rule)) = (slot["origin"].as_str(), slot["rule"].as_str()) else { return };
    let offset = |field: &str| slot[field].as_u64().and_then(|byte| usize::try_from(byte).ok());
    let place = offset("start_byte").zip(offset("end_byte")).map(|(start, end)| start..end);
    let place = place.and_then(|at| Some((at.clone(), text.get(at)?)));
    lines.push(Line { name: name.to_owned(), says: says(slot), from: from(kind, rule, place) });
    for inner in ["by", "base", "value"] {
        add(text, &format!("{name} {inner}"), &slot[inner], lines);
    }
}

/// What a slot says: a name, a value, a period, a direction, a base.
fn says(slot: &Value) -> String {
    let word = |field: &str| slot[field].as_str().unwrap_or_default();
    let period = |slot: &Value| {
        let end = |field: &str| slot[field].as_str().unwrap_or_default().to_owned();
        shown_period(&Period { start: end("start"), end: end("end"), precision: Precision::Range.into() })
    };
    let name = match (word("words"), word("id")) {
        (words, "") => words.to_owned(),
        ("", id) => id.to_owned(),
        (words, id) => format!("{words} ({id})"),
    };
    let value = word("value");
    let value = if value.contains(|c: char| c.is_ascii_alphabetic()) {
        value.replace('_', " ")
    } else {
        figure(value, word("low"), word("high"), word("unit"))
    };
    let sum = if slot["sum"] == true { "the sum of " } else { "" };
    let base = period(&slot["period"]);
    let parts = [
        word("direction").to_owned(),
        word("relation").replace('_', " "),
        if base.is_empty() { base } else { format!("{sum}{base}") },
        name,
        value,
        period(slot),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that fails here should say so")]
    use super::*;

    #[test]
    fn every_slot_is_told_with_its_rule_and_words() {
        let text = "2025年第三季度稀土精矿价格预计上调至19109元/吨，环比上涨1.51%。";
        let line = serde_json::json!({"text": text, "published": "2025-07-13"}).to_string();
        let read = text::read_line(&text::Reader::standard(), &line, text::Kinds::ALL).unwrap();
        let mut out = Vec::new();
        print(text, &serde_json::from_str(&read).unwrap(), &mut out).unwrap();
        let told = String::from_utf8(out).unwrap();
        for expected in [
            "«19109元/吨»  ",
            "稀土精矿 (commodity/rare-earth-concentrate)",
            "19,109 CNY/t",
            " expected ",
            "2025-Q3",
            "changes base",
            "quarter on quarter",
            "«环比»",
            "key fact",
            "1 claim from ",
        ] {
            assert!(told.contains(expected), "no «{expected}» in\n{told}");
        }
    }
}

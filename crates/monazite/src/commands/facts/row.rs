//! One fact on the screen and in CSV.

use api::record::{Change, Claim, EventType, Modality, Period, Status, Term, When};
use serde_json::{Map, Value, json};
use text::Lexicon;

use super::slots::interval;
use super::{Fact, days, words};
use crate::output::Cell;
use crate::view::short;

/// A change that needs more cells than this has its base below the row.
const LONG_CHANGE: usize = 26;

/// The cells of a fact, in the order of the columns.
pub(super) fn cells(lexicon: &Lexicon, fact: &Fact) -> Vec<Cell> {
    let claim = &fact.claim;
    let (text, view) = (&fact.view.document.text, &fact.view);
    let at = claim.start_byte as usize..claim.end_byte as usize;
    let sentence = text.get(fact.sentence.clone()).unwrap_or_default();
    let quoted = json!({
        "start_byte": at.start,
        "end_byte": at.end,
        "quote": text.get(at.clone()),
        "sentence": {"start_byte": fact.sentence.start, "end_byte": fact.sentence.end, "quote": sentence},
    });
    vec![
        Cell::new(subject(lexicon, claim), named(subject_term(claim))),
        Cell::new(measure(lexicon, claim), named(claim.measure.as_ref())),
        Cell::new(event(claim).unwrap_or_default(), event(claim)),
        Cell::new(value(claim), value_json(claim)),
        Cell::new(claim.changes.first().map(short_change).unwrap_or_default(), change_json(claim)),
        Cell::new(period(claim), period_json(claim)),
        Cell::new(source(fact), view.json()),
        Cell::new(short(&view.name), view.name.as_str()),
        Cell::new(sentence, quoted).around(at.start - fact.sentence.start..at.end - fact.sentence.start),
    ]
}

/// `SINOLINK 07-13`.
pub(super) fn source(fact: &Fact) -> String {
    let published = fact.view.published();
    format!("{} {}", fact.view.source(), published.get(5..10).unwrap_or(&published)).trim_end().to_owned()
}

/// What it is of; of a share without goods, what has it; of an event without goods, who acts.
fn subject_term(claim: &Claim) -> Option<&Term> {
    claim.subject.as_ref().or(claim.part.as_ref()).or(claim.actors.first()).or(claim.whole.as_ref())
}

/// `LME copper`, `(稀土)`: the names as printed.
fn subject(lexicon: &Lexicon, claim: &Claim) -> String {
    let shown = |slot: &Term| words::bracketed(words::term(lexicon, slot).to_owned(), slot.origin.as_ref());
    let venue = claim.venue.as_ref().filter(|_| claim.event().eq(&EventType::Unspecified)).map(shown);
    let parts = [venue, subject_term(claim).map(shown)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The measure by the name with which it is asked for, whatever the document calls it; of an event, its type.
fn measure(lexicon: &Lexicon, claim: &Claim) -> String {
    if let Some(event) = event(claim) {
        return event;
    }
    let Some(measure) = &claim.measure else { return String::new() };
    let name = match measure.id.split_once('/') {
        Some((_, name)) => name,
        None => words::term(lexicon, measure),
    };
    words::bracketed(name.to_owned(), measure.origin.as_ref())
}

fn event(claim: &Claim) -> Option<String> {
    let event = claim.event();
    (event != EventType::Unspecified).then(|| words::lower(event.as_str_name(), "EVENT_TYPE_"))
}

fn value(claim: &Claim) -> String {
    let Some(amount) = &claim.value else { return String::new() };
    let value = words::bracketed(words::amount(amount), amount.origin.as_ref());
    match claim.qualifier.as_ref().and_then(|slot| words::qualifier(slot.qualifier())) {
        Some(word) => format!("{word} {value}"),
        None => value,
    }
}

/// When a figure holds, or an event takes effect, else when it was announced.
fn when(claim: &Claim) -> Option<&When> {
    claim.period.as_ref().or(claim.effective.as_ref()).or(claim.announced.as_ref())
}

fn period(claim: &Claim) -> String {
    let Some(when) = when(claim) else { return String::new() };
    words::bracketed(when.period.as_ref().map(shown_period).unwrap_or_default(), when.origin.as_ref())
}

fn shown_period(period: &Period) -> String {
    days::shown(period)
}

fn whole_change(change: &Change) -> String {
    format!("{} {}", words::moved(change), words::against(change)).trim_end().to_owned()
}

fn short_change(change: &Change) -> String {
    let whole = whole_change(change);
    if is_long(&whole) { words::moved(change) } else { whole }
}

fn is_long(change: &str) -> bool {
    unicode_width::UnicodeWidthStr::width(change) > LONG_CHANGE
}

/// What the columns have no room for: `expected · basis REO · according to USGS`. Empty if there is nothing more.
pub(super) fn details(lexicon: &Lexicon, claim: &Claim) -> String {
    let mut parts = Vec::new();
    let mut add = |label: &str, slot: &Term| {
        let words = words::bracketed(words::term(lexicon, slot).to_owned(), slot.origin.as_ref());
        parts.push(format!("{label} {words}").trim_start().to_owned());
    };
    let is_event = claim.event() != EventType::Unspecified;
    let title = subject_term(claim);
    let rest = |slot: &&Term| !title.is_some_and(|title| std::ptr::eq(title, *slot));
    claim.statistic.iter().for_each(|slot| add("", slot));
    claim.basis.iter().for_each(|slot| add("basis", slot));
    claim.part.iter().filter(rest).for_each(|slot| add("part", slot));
    claim.whole.iter().filter(rest).for_each(|slot| add("of", slot));
    claim.actors.iter().filter(rest).for_each(|slot| add("by", slot));
    claim.targets.iter().for_each(|slot| add("towards", slot));
    claim.place.iter().for_each(|slot| add("in", slot));
    claim.partners.iter().for_each(|slot| add("partner", slot));
    claim.venue.iter().filter(|_| is_event).for_each(|slot| add("at", slot));
    claim.attribution.iter().for_each(|slot| add("according to", slot));
    let status = claim.status.as_ref().map(|slot| slot.status()).unwrap_or(Status::Unspecified);
    let modality = claim.modality.as_ref().map(|slot| slot.modality()).unwrap_or(Modality::Unspecified);
    let modality_origin = claim.modality.as_ref().and_then(|slot| slot.origin.as_ref());
    let mut front = vec![
        words::bracketed(words::modality(modality), modality_origin),
        words::status(status),
    ];
    front.append(&mut parts);
    for (index, change) in claim.changes.iter().enumerate() {
        let whole = whole_change(change);
        if index > 0 || is_long(&whole) {
            front.push(whole);
        }
    }
    let dates = [("announced", &claim.announced), ("effective", &claim.effective)];
    for (label, date) in dates.into_iter().filter(|_| is_event) {
        let Some(date) = date.as_ref().filter(|date| !when(claim).is_some_and(|shown| std::ptr::eq(shown, *date)))
        else {
            // Whether the one date of an event is that of the announcement is not seen in its column.
            if date.is_some() {
                front.push(format!("date {label}").replace("date effective", "date of effect"));
            }
            continue;
        };
        let shown = date.period.as_ref().map(days::shown).unwrap_or_default();
        front.push(format!("{label} {}", words::bracketed(shown, date.origin.as_ref())));
    }
    if !claim.derived_from.is_empty() {
        front.push(format!("calculated from {} other figures", claim.derived_from.len()));
    }
    front.retain(|part| !part.is_empty());
    front.join(" · ")
}

/// A name for CSV; every field is there, so that the columns are the same in every export.
fn named(term: Option<&Term>) -> Value {
    let origin = term.and_then(|slot| slot.origin.as_ref()).map(super::slots::kind);
    json!({
        "id": term.map(|slot| slot.id.as_str()).filter(|id| !id.is_empty()),
        "words": term.map(|slot| slot.words.as_str()).filter(|words| !words.is_empty()),
        "origin": origin,
    })
}

fn value_json(claim: &Claim) -> Value {
    let given = |text: fn(&api::record::Amount) -> &String| {
        claim.value.as_ref().map(text).filter(|text| !text.is_empty()).cloned()
    };
    json!({
        "value": given(|is| &is.value),
        "low": given(|is| &is.low),
        "high": given(|is| &is.high),
        "unit": given(|is| &is.unit),
        "qualifier": claim.qualifier.as_ref().and_then(|slot| words::qualifier(slot.qualifier())),
        "modality": claim.modality.as_ref().map(|slot| words::modality(slot.modality())),
    })
}

fn change_json(claim: &Claim) -> Value {
    Value::Array(claim.changes.iter().map(|change| json!({"quote": whole_change(change)})).collect())
}

fn period_json(claim: &Claim) -> Value {
    let mut fields: Map<String, Value> =
        ["start", "end", "precision"].map(|name| (name.to_owned(), Value::Null)).into_iter().collect();
    if let Some(when) = when(claim) {
        fields.append(&mut when.period.as_ref().map(interval).unwrap_or_default());
        fields.insert("origin".to_owned(), when.origin.as_ref().map(super::slots::kind).into());
    } else {
        fields.insert("origin".to_owned(), Value::Null);
    }
    Value::Object(fields)
}

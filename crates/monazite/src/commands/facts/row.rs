//! One fact on the screen and in CSV.

use api::record::{Change, Claim, EventType, Precision, Term, When};
use serde_json::{Map, Value, json};
use text::Lexicon;
use unicode_width::UnicodeWidthStr as _;

use super::slots::interval;
use super::{Fact, days, spread, words};
use crate::output::Cell;
use crate::view::short;

/// The cells of a fact, in the order of the columns. A change longer than `longest` is shown without its base.
pub(super) fn cells(lexicon: &Lexicon, fact: &Fact, longest: usize) -> Vec<Cell> {
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
        Cell::new(changed(text, claim, longest), spread::change(claim)),
        Cell::new("", spread::further_changes(claim)),
        Cell::new(period(claim), period_json(claim)),
        Cell::new("", spread::names(&claim.actors)),
        Cell::new("", spread::names(&claim.targets)),
        Cell::new("", spread::names(claim.place.as_slice())),
        Cell::new("", spread::names(&claim.partners)),
        Cell::new("", spread::names(&claim.basis)),
        Cell::new("", claim.status.as_ref().map(|slot| words::status(slot.status()))),
        Cell::new("", spread::time(claim.announced.as_ref())),
        Cell::new("", spread::time(claim.effective.as_ref())),
        Cell::new(source(fact), view.json()),
        Cell::new(short(&view.name), view.name.as_str()),
        Cell::new(sentence, quoted).around(at.start - fact.sentence.start..at.end - fact.sentence.start),
    ]
}

/// `07-13 SINOLINK`.
pub(super) fn source(fact: &Fact) -> String {
    let published = fact.view.published();
    format!("{} {}", published.get(5..10).unwrap_or(&published), fact.view.source()).trim_start().to_owned()
}

/// What it is of; of a share without goods, what has it; of an event without goods, who acts.
fn subject_term(claim: &Claim) -> Option<&Term> {
    claim.subject.as_ref().or(claim.part.as_ref()).or(claim.actors.first()).or(claim.whole.as_ref())
}

/// `LME copper`, `(稀土)`: the names as printed.
fn subject(lexicon: &Lexicon, claim: &Claim) -> String {
    let shown = |slot: &Term| words::bracketed(words::term(lexicon, slot).to_owned(), slot.origin.as_ref());
    let venue = claim.venue.as_ref().filter(|_| !is_event(claim)).map(shown);
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
    is_event(claim).then(|| words::lower(claim.event().as_str_name(), "EVENT_TYPE_"))
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
    let period = when.period.clone().unwrap_or_default();
    let mut shown = days::shown(&period);
    if is_event(claim) && claim.effective.as_ref().is_some_and(|effective| std::ptr::eq(effective, when)) {
        // What takes effect on a day stays in effect.
        let open = shown.strip_suffix(" …").map(str::to_owned);
        if open.is_some() || period.precision() == Precision::Day {
            shown = format!("from {}", open.unwrap_or(shown));
        }
    }
    words::bracketed(shown, when.origin.as_ref())
}

fn is_event(claim: &Claim) -> bool {
    claim.event() != EventType::Unspecified
}

fn whole_change(change: &Change) -> String {
    format!("{} {}", words::moved(change), words::against(change)).trim().to_owned()
}

/// The first change; where a text says neither which way nor against what, its own words, as 扭亏为盈.
fn changed(text: &str, claim: &Claim, longest: usize) -> String {
    let Some(change) = claim.changes.first() else { return String::new() };
    let shown = short_change(change, longest);
    if !shown.is_empty() {
        return shown;
    }
    let printed = change.origin.as_ref().and_then(|origin| super::slots::quote(text, origin));
    printed.filter(|words| words.width() + 2 <= longest).map(|words| format!("«{words}»")).unwrap_or_default()
}

fn short_change(change: &Change, longest: usize) -> String {
    let whole = whole_change(change);
    if whole.width() > longest { words::moved(change) } else { whole }
}

/// What the columns have no room for: `expected · basis REO · according to USGS`. Empty if there is nothing more.
pub(super) fn details(lexicon: &Lexicon, claim: &Claim, longest: usize) -> String {
    let title = subject_term(claim);
    let rest = |slot: &&Term| !title.is_some_and(|title| std::ptr::eq(title, *slot));
    let shown = |slot: &Term| words::bracketed(words::term(lexicon, slot).to_owned(), slot.origin.as_ref());
    let named = |label: &str, slots: &mut dyn Iterator<Item = &Term>| {
        let names: Vec<String> = slots.filter(rest).map(shown).collect();
        if names.is_empty() { String::new() } else { format!("{label} {}", names.join(", ")) }
    };
    let modality = claim
        .modality
        .as_ref()
        .map(|slot| words::bracketed(words::modality(slot.modality()), slot.origin.as_ref()));
    let status = claim.status.as_ref().map(|slot| words::status(slot.status()));
    let mut parts = vec![
        modality.unwrap_or_default(),
        status.unwrap_or_default(),
        named("", &mut claim.statistic.iter()).trim_start().to_owned(),
        named("with", &mut claim.joint.iter()),
        named("basis", &mut claim.basis.iter()),
        named("part", &mut claim.part.iter()),
        named("of", &mut claim.whole.iter()),
        named("by", &mut claim.actors.iter()),
        named("towards", &mut claim.targets.iter()),
        named("in", &mut claim.place.iter()),
        named("partner", &mut claim.partners.iter()),
        // Of a figure it stands before the subject.
        named("at", &mut claim.venue.iter().filter(|_| is_event(claim))),
        named("according to", &mut claim.attribution.iter()),
    ];
    for (index, change) in claim.changes.iter().enumerate() {
        let whole = whole_change(change);
        if index > 0 || whole.width() > longest {
            parts.push(whole);
        }
    }
    if let (Some(_), Some(announced)) = (&claim.effective, &claim.announced) {
        let day = announced.period.as_ref().map(days::shown).unwrap_or_default();
        parts.push(format!("announced {}", words::bracketed(day, announced.origin.as_ref())));
    }
    for term in claim.measure.iter().chain(&claim.subject) {
        if let Some((words, meant)) = words::artefact(lexicon, term) {
            parts.push(format!("«{words}» is a distorted translation, read as {meant}"));
        }
    }
    match claim.derived_from.len() {
        0 => {}
        1 => parts.push("calculated from another figure".to_owned()),
        count => parts.push(format!("calculated from {count} other figures")),
    }
    parts.retain(|part| !part.is_empty());
    parts.join(" · ")
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

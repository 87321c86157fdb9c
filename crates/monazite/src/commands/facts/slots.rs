//! The slots of a claim, one after another: for JSON, which has all of them with their origins, and for `--explain`.

use api::record::{
    Amount, Base, Change, Claim, Direction, Origin, OriginKind, Period, Precision, Qualifier, Relation, Term,
    When,
};
use serde_json::{Map, Value, json};
use text::Lexicon;

use super::{days, words};

/// A slot that is filled.
pub(super) struct Said<'a> {
    /// Its name in the schema.
    pub(super) slot: &'static str,
    /// Whether a claim may have several.
    list: bool,
    /// What it says, for people.
    pub(super) says: String,
    /// What it says, for programs.
    value: Map<String, Value>,
    /// Where it comes from.
    pub(super) origin: Option<&'a Origin>,
    /// Slots within it: of a change, its amount and its base.
    pub(super) parts: Vec<Said<'a>>,
}

/// The filled slots in the order of the schema.
pub(super) fn said<'a>(lexicon: &Lexicon, claim: &'a Claim) -> Vec<Said<'a>> {
    let one = |slot, filled: &'a Option<Term>| filled.iter().map(move |is| term(lexicon, slot, is, false));
    let many = |slot, filled: &'a [Term]| filled.iter().map(move |is| term(lexicon, slot, is, true));
    let mut all: Vec<Said<'a>> = Vec::new();
    all.extend(one("subject", &claim.subject));
    all.extend(many("joint", &claim.joint));
    all.extend(many("actors", &claim.actors));
    all.extend(many("targets", &claim.targets));
    all.extend(one("measure", &claim.measure));
    all.extend(one("statistic", &claim.statistic));
    all.extend(claim.value.iter().map(|is| amount("value", is)));
    all.extend(many("basis", &claim.basis));
    all.extend(one("part", &claim.part));
    all.extend(one("whole", &claim.whole));
    all.extend(one("place", &claim.place));
    all.extend(many("partners", &claim.partners));
    all.extend(one("venue", &claim.venue));
    all.extend(claim.period.iter().map(|is| when("period", is)));
    all.extend(claim.changes.iter().map(change));
    all.extend(claim.qualifier.iter().map(|slot| {
        let name = words::lower(slot.qualifier().as_str_name(), "QUALIFIER_");
        choice("qualifier", name, slot.origin.as_ref())
    }));
    all.extend(
        claim
            .modality
            .iter()
            .map(|slot| choice("modality", words::modality(slot.modality()), slot.origin.as_ref())),
    );
    all.extend(one("attribution", &claim.attribution));
    all.extend(claim.announced.iter().map(|is| when("announced", is)));
    all.extend(claim.effective.iter().map(|is| when("effective", is)));
    all.extend(
        claim.status.iter().map(|slot| choice("status", words::status(slot.status()), slot.origin.as_ref())),
    );
    all
}

/// The slots as fields of an object, each with its origin and the words of `text` from which it comes.
pub(super) fn json(text: &str, slots: Vec<Said<'_>>, into: &mut Map<String, Value>) {
    for said in slots {
        let mut value = said.value;
        if let Some(origin) = said.origin {
            let kind = words::lower(origin.kind().as_str_name(), "ORIGIN_KIND_");
            value.insert("origin".to_owned(), kind.into());
            if let Some(quote) = quote(text, origin) {
                value.insert("start_byte".to_owned(), origin.start_byte.into());
                value.insert("end_byte".to_owned(), origin.end_byte.into());
                value.insert("quote".to_owned(), quote.into());
            }
            value.insert("rule".to_owned(), origin.rule.as_str().into());
        }
        json(text, said.parts, &mut value);
        if said.list {
            let slot = into.entry(said.slot).or_insert_with(|| json!([]));
            if let Value::Array(values) = slot {
                values.push(value.into());
            }
        } else {
            into.insert(said.slot.to_owned(), value.into());
        }
    }
}

/// The words that an origin points to; nothing if it has none.
pub(super) fn quote<'t>(text: &'t str, origin: &Origin) -> Option<&'t str> {
    text.get(origin.start_byte as usize..origin.end_byte as usize).filter(|words| !words.is_empty())
}

/// `stated`, `inherited` or `resolved`.
pub(super) fn kind(origin: &Origin) -> &'static str {
    match origin.kind() {
        OriginKind::Stated => "stated",
        OriginKind::Inherited => "inherited",
        OriginKind::Resolved => "resolved",
        OriginKind::Unspecified => "",
    }
}

/// An object of those fields that are not empty.
fn object<const N: usize>(fields: [(&str, &str); N]) -> Map<String, Value> {
    let given = fields.into_iter().filter(|(_, value)| !value.is_empty());
    given.map(|(name, value)| (name.to_owned(), Value::from(value))).collect()
}

fn term<'a>(lexicon: &Lexicon, slot: &'static str, is: &'a Term, list: bool) -> Said<'a> {
    let name = words::term(lexicon, is);
    let says =
        if is.id.is_empty() { format!("{name} (not in the lexicon)") } else { format!("{name} ({})", is.id) };
    let doubt = if words::artefact(lexicon, is).is_some() { "translation_artefact" } else { "" };
    let value = object([("id", &is.id), ("words", &is.words), ("doubt", doubt)]);
    Said { slot, list, says, value, origin: is.origin.as_ref(), parts: Vec::new() }
}

fn amount<'a>(slot: &'static str, is: &'a Amount) -> Said<'a> {
    let value = object([("value", &is.value), ("low", &is.low), ("high", &is.high), ("unit", &is.unit)]);
    Said { slot, list: false, says: words::amount(is), value, origin: is.origin.as_ref(), parts: Vec::new() }
}

fn choice<'a>(slot: &'static str, name: String, origin: Option<&'a Origin>) -> Said<'a> {
    let value = object([("value", &name)]);
    Said { slot, list: false, says: name.replace('_', " "), value, origin, parts: Vec::new() }
}

pub(super) fn interval(period: &Period) -> Map<String, Value> {
    let precision = match period.precision() {
        Precision::Unspecified => String::new(),
        precision => words::lower(precision.as_str_name(), "PRECISION_"),
    };
    object([("start", &period.start), ("end", &period.end), ("precision", &precision)])
}

fn when<'a>(slot: &'static str, is: &'a When) -> Said<'a> {
    let period = is.period.clone().unwrap_or_default();
    let (says, value) = (days::shown(&period), interval(&period));
    Said { slot, list: false, says, value, origin: is.origin.as_ref(), parts: Vec::new() }
}

fn change(is: &Change) -> Said<'_> {
    let direction = match is.direction() {
        Direction::Unspecified => String::new(),
        direction => words::lower(direction.as_str_name(), "DIRECTION_"),
    };
    let qualifier = match is.qualifier() {
        Qualifier::Unspecified => String::new(),
        qualifier => words::lower(qualifier.as_str_name(), "QUALIFIER_"),
    };
    let value = object([("direction", &direction), ("qualifier", &qualifier)]);
    let mut parts: Vec<Said<'_>> = is.by.iter().map(|by| amount("by", by)).collect();
    parts.extend(is.base.iter().map(base));
    let says = if direction.is_empty() { "compared".to_owned() } else { direction };
    Said { slot: "changes", list: true, says, value, origin: is.origin.as_ref(), parts }
}

fn base(is: &Base) -> Said<'_> {
    let relation = match is.relation() {
        Relation::Unspecified => String::new(),
        relation => words::lower(relation.as_str_name(), "RELATION_"),
    };
    let mut value = object([("relation", &relation), ("words", &is.words)]);
    let mut says = vec![words::relation(is.relation()).to_owned()];
    if let Some(period) = &is.period {
        value.insert("period".to_owned(), interval(period).into());
        says.push(format!("{}{}", if is.sum { "the sum of " } else { "" }, days::shown(period)));
    }
    if is.sum {
        value.insert("sum".to_owned(), true.into());
    }
    if !is.words.is_empty() {
        says.push(format!("«{}»", is.words));
    }
    says.retain(|part| !part.is_empty());
    let parts = is.value.iter().map(|before| amount("value", before)).collect();
    Said { slot: "base", list: false, says: says.join(" "), value, origin: is.origin.as_ref(), parts }
}

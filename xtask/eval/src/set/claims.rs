//! Claims from their labels.

use serde_json::{Map, Value};

use super::gold::{GoldBase, GoldChange, GoldClaim};
use super::label;
use super::load::{Problem, quote};
use super::names::{Named, Names};

/// All claims of a text; what cannot be read is added to `problems`.
pub(super) fn read(
    text: &str,
    labels: &[Map<String, Value>],
    names: &Names,
    problems: &mut Vec<Problem>,
) -> Vec<GoldClaim> {
    let mut claims = Vec::new();
    for (index, label) in labels.iter().enumerate() {
        let mut reading = Reading { text, names, claim: GoldClaim::default() };
        if !label.contains_key("at") {
            problems.push((format!("claims[{index}].at"), "is missing".to_owned()));
        }
        if label.contains_key("event") && label.contains_key("measure") {
            problems.push((format!("claims[{index}].event"), "an event has no measure".to_owned()));
        }
        for (slot, value) in label.iter().filter(|(slot, _)| *slot != "derived_from") {
            if let Err((field, problem)) = reading.slot(slot, value) {
                problems.push((format!("claims[{index}].{slot}{field}"), problem));
            }
        }
        claims.push(reading.claim);
    }
    for (index, label) in labels.iter().enumerate() {
        if let Some(value) = label.get("derived_from") {
            match derived(text, value, &claims) {
                Ok(from) => claims[index].derived_from = from,
                Err(problem) => problems.push((format!("claims[{index}].derived_from"), problem)),
            }
        }
    }
    claims
}

/// The claims whose `at` is quoted.
fn derived(text: &str, value: &Value, claims: &[GoldClaim]) -> Result<Vec<usize>, String> {
    let mut from = Vec::new();
    for label in strings(value)? {
        let span = quote(text, label)?;
        let found = claims.iter().position(|claim| claim.at == span);
        from.push(found.ok_or_else(|| format!("no claim is at «{label}»"))?);
    }
    from.sort_unstable();
    Ok(from)
}

fn string(value: &Value) -> Result<&str, String> {
    value.as_str().filter(|text| !text.is_empty()).ok_or_else(|| format!("{value} is no text"))
}

/// One text or a list of them.
fn strings(value: &Value) -> Result<Vec<&str>, String> {
    match value {
        Value::Array(list) => list.iter().map(string).collect(),
        one => Ok(vec![string(one)?]),
    }
}

struct Reading<'a> {
    text: &'a str,
    names: &'a Names,
    claim: GoldClaim,
}

impl Reading<'_> {
    /// Fills one slot; the error names what lies below the slot, such as `[0].base`.
    fn slot(&mut self, slot: &str, value: &Value) -> Result<(), Problem> {
        let plain = |problem: String| (String::new(), problem);
        match slot {
            "changes" => {
                let list = value.as_array().ok_or_else(|| plain("is no list".to_owned()))?;
                for (index, change) in list.iter().enumerate() {
                    let change = change_label(change)
                        .map_err(|(field, problem)| (format!("[{index}]{field}"), problem))?;
                    self.claim.changes.push(change);
                }
                Ok(())
            }
            "subject" | "actor" | "target" | "partners" | "basis" => self.list(slot, value).map_err(plain),
            _ => self.single(slot, string(value).map_err(plain)?).map_err(plain),
        }
    }

    fn list(&mut self, slot: &str, value: &Value) -> Result<(), String> {
        let resolve = |label| if slot == "basis" { listed(slot, label) } else { self.names.resolve(label) };
        let named: Vec<Named> = strings(value)?.into_iter().map(resolve).collect::<Result<_, _>>()?;
        match slot {
            "basis" => self.claim.basis = named,
            "subject" => {
                let mut named = named.into_iter();
                self.claim.subject = named.next();
                self.claim.joint = named.collect();
            }
            "actor" => self.claim.actors = named,
            "target" => self.claim.targets = named,
            _ => self.claim.partners = named,
        }
        Ok(())
    }

    fn single(&mut self, slot: &str, word: &str) -> Result<(), String> {
        let claim = &mut self.claim;
        let named = || self.names.resolve(word).map(Some);
        match slot {
            "at" => claim.at = quote(self.text, word)?,
            "event" => claim.event = Some(label::event(word)?),
            "measure" => claim.measure = Some(listed(slot, word)?),
            "statistic" => claim.statistic = Some(listed(slot, word)?),
            "part" => claim.part = named()?,
            "whole" => claim.whole = named()?,
            "place" => claim.place = named()?,
            "venue" => claim.venue = named()?,
            "attribution" => claim.attribution = named()?,
            "value" => claim.value = Some(label::amount(word)?),
            "period" => claim.period = Some(label::interval(word)?),
            "announced" => claim.announced = Some(label::interval(word)?),
            "effective" => claim.effective = Some(label::interval(word)?),
            "qualifier" => claim.qualifier = Some(label::qualifier(word)?),
            "modality" => claim.modality = Some(label::modality(word)?),
            "status" => claim.status = Some(label::status(word)?),
            _ => return Err("there is no such slot".to_owned()),
        }
        Ok(())
    }
}

/// A word of a closed list, or `words:`.
fn listed(slot: &str, word: &str) -> Result<Named, String> {
    match word.strip_prefix("words:") {
        Some(words) if slot != "statistic" => Ok(Named::Words(words.trim().to_owned())),
        _ => Ok(Named::Known(vec![label::listed(slot, word)?])),
    }
}

fn change_label(value: &Value) -> Result<GoldChange, Problem> {
    let fields = value.as_object().ok_or_else(|| (String::new(), format!("{value} is no object")))?;
    let mut change = GoldChange::default();
    for (field, value) in fields {
        let told = |problem: String| (format!(".{field}"), problem);
        let word = string(value).map_err(told)?;
        match field.as_str() {
            "by" => (change.by, change.direction) = label::change(word).map_err(told)?,
            "base" => change.base = Some(base(word).map_err(told)?),
            "base_value" => change.base_value = Some(label::amount(word).map_err(told)?),
            "qualifier" => change.qualifier = Some(label::qualifier(word).map_err(told)?),
            _ => return Err(told("there is no such field of a change".to_owned())),
        }
    }
    Ok(change)
}

fn base(word: &str) -> Result<GoldBase, String> {
    if let Some(relation) = label::relation(word) {
        return Ok(GoldBase::Relation(relation));
    }
    if let Some(words) = word.strip_prefix("words:") {
        return Ok(GoldBase::Words(words.trim().to_owned()));
    }
    match word.strip_prefix("sum:") {
        Some(period) => label::interval(period.trim()).map(GoldBase::Sum),
        None => label::interval(word)
            .map(GoldBase::Period)
            .map_err(|_| format!("«{word}» is no relation, no dates, and neither sum: nor words:")),
    }
}

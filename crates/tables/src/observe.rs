//! One row as observations.

use std::collections::{HashMap, HashSet};

use api::record::{self, Modality, Observation, TableRow, Term};
use rust_decimal::Decimal;

use crate::item::{Entry, Item, Place, Refusal};
use crate::mapping::NumberForm;
use crate::names::{Memory, Names, Slot, Unit};
use crate::number::{self, Number, Printed};
use crate::period;
use crate::plan::{Bound, Plan, Value};
use crate::record::{Fields, Identity, keys, record};
use crate::rows::Row;

/// Observations that are remembered, to tell a cell that contradicts another of its table; what comes after that many is taken
/// unchecked, and a notice says so.
pub const MAX_REMEMBERED: usize = 1_000_000;

/// Longest words of a slot, in bytes; nothing is called by more.
pub const MAX_WORDS_BYTES: usize = 1_000;

/// Longest name of a source or an edition, in bytes, so that their keys fit in the log.
pub const MAX_SOURCE_BYTES: usize = 200;

/// Turns rows into observations, one after another.
pub(crate) struct Observer<'n> {
    names: &'n Names<'n>,
    memory: Memory,
    numbers: NumberForm,
    file: String,
    sheet: String,
    /// Of each fact of the table, by hash: its value, by hash, and its row.
    seen: HashMap<[u8; 16], ([u8; 16], u64)>,
    series: HashSet<[u8; 16]>,
    /// How many facts and series are remembered.
    most: usize,
    full: bool,
}

/// Why a cell is refused: which column, what is in it, why.
struct Wrong {
    column: Option<usize>,
    cell: String,
    why: String,
}

/// An observation in the making.
#[derive(Default)]
struct Draft {
    body: Observation,
    identity: Identity,
    unknown: Vec<(&'static str, String)>,
}

impl<'n> Observer<'n> {
    pub(crate) fn new(names: &'n Names<'n>, numbers: NumberForm, file: &str, sheet: &str) -> Self {
        Self {
            names,
            memory: Memory::default(),
            numbers,
            file: file.to_owned(),
            sheet: sheet.to_owned(),
            seen: HashMap::new(),
            series: HashSet::new(),
            most: MAX_REMEMBERED,
            full: false,
        }
    }

    /// What the row says: one item for each column of values.
    pub(crate) fn row(&mut self, plan: &Plan, row: &Row) -> Vec<Item> {
        let mut items = Vec::with_capacity(plan.values.len());
        for value in &plan.values {
            let place = Place {
                file: self.file.clone(),
                sheet: self.sheet.clone(),
                row: row.number,
                column: Some(plan.shown(value.column)),
            };
            match self.observe(plan, value, row) {
                Ok(Some(draft)) => self.settle(draft, place, &mut items),
                Ok(None) => items.push(Item::WithoutValue(place)),
                Err(wrong) => {
                    let column = wrong.column.map(|column| plan.shown(column)).or(place.column.clone());
                    let cell = shortened(&wrong.cell);
                    items.push(Item::Refused(Refusal {
                        place: Place { column, ..place },
                        cell,
                        why: wrong.why,
                    }));
                }
            }
        }
        items
    }

    fn observe(&mut self, plan: &Plan, value: &Value, row: &Row) -> Result<Option<Draft>, Wrong> {
        let cell = row.cell(value.column);
        let at_value = |why: String| Wrong { column: Some(value.column), cell: cell.to_owned(), why };
        let printed = match number::read(cell, &self.numbers) {
            Number::Missing => return Ok(None),
            Number::Wrong(why) => return Err(at_value(why)),
            Number::Is(printed) => printed,
        };
        let mut draft = Draft::default();
        for (slot, bound) in &value.terms {
            self.fill(*slot, bound, row, &mut draft)?;
        }
        complete(value, row, &draft)?;
        self.tell(value, row, &mut draft)?;
        let unit = match &value.unit {
            Some(bound) => {
                let words = checked(bound, row)?;
                self.memory.unit(self.names, if words.meant.is_empty() { "1" } else { &words.meant })
            }
            None => Unit { code: String::new(), factor: Decimal::ONE, known: true },
        };
        if !unit.known {
            draft.unknown.push(("unit", unit.code.trim_matches(['{', '}']).replace('_', " ")));
        }
        draft.identity.add("unit", &text::dimension(&unit.code));
        draft.body.value = Some(amount(&printed, &unit).ok_or_else(|| {
            at_value(
                "its value times the scale of its unit has more than 28 digits; correct the unit".to_owned(),
            )
        })?);
        draft.body.printed_digits = printed.digits;
        draft.body.qualifier = printed.qualifier.into();
        draft.body.estimated |= printed.estimate;
        draft.body.row = Some(TableRow {
            file: self.file.clone(),
            sheet: self.sheet.clone(),
            number: row.number,
            column: plan.header.get(value.column).cloned().unwrap_or_default(),
            cell: cell.to_owned(),
        });
        Ok(Some(draft))
    }

    /// Fills a slot with the terms of a cell; several, parted by semicolons, where the slot takes several.
    fn fill(&mut self, slot: Slot, bound: &Bound, row: &Row, draft: &mut Draft) -> Result<(), Wrong> {
        let words = checked(bound, row)?;
        draft.identity.add(slot.name(), &words.printed);
        let body = &mut draft.body;
        let (one, many) = match slot {
            Slot::Subject => (Some(&mut body.subject), None),
            Slot::Measure => (Some(&mut body.measure), None),
            Slot::Statistic => (Some(&mut body.statistic), None),
            Slot::Part => (Some(&mut body.part), None),
            Slot::Whole => (Some(&mut body.whole), None),
            Slot::Place => (Some(&mut body.place), None),
            Slot::Venue => (Some(&mut body.venue), None),
            Slot::Basis => (None, Some(&mut body.basis)),
            Slot::Actors => (None, Some(&mut body.actors)),
            Slot::Partners => (None, Some(&mut body.partners)),
        };
        let several = many.is_some();
        let meant: Vec<&str> = if several { words.meant.split(';').collect() } else { vec![&words.meant] };
        let mut found = Vec::new();
        for meant in meant.into_iter().map(str::trim).filter(|meant| !meant.is_empty()) {
            let id = self.memory.id(self.names, slot, meant);
            if id.is_none() {
                draft.unknown.push((slot.name(), meant.to_owned()));
            }
            // Of several the cell's own words cannot be told apart where the mapping renames them.
            let shown = if several { meant } else { &words.printed };
            let shown = if id.as_deref() == Some(shown) { "" } else { shown };
            found.push(Term { id: id.unwrap_or_default(), words: shown.to_owned(), origin: None });
        }
        if let Some(many) = many {
            many.append(&mut found);
        } else if let Some(one) = one {
            *one = found.pop();
        }
        Ok(())
    }

    /// Fills the slots that hold no terms.
    fn tell(&self, value: &Value, row: &Row, draft: &mut Draft) -> Result<(), Wrong> {
        let body = &mut draft.body;
        let plain = |bound: &Option<Bound>| bound.as_ref().map(|bound| checked(bound, row)).transpose();
        if let Some(detail) = plain(&value.detail)? {
            draft.identity.add("detail", &detail.printed);
            body.detail = detail.meant;
        }
        body.period = Some(self.period(&value.period, row)?);
        if let Some(bound) = &value.modality {
            let words = checked(bound, row)?;
            (body.modality, body.estimated) = modality(&words.meant)
                .map(|(modality, estimated)| (modality.into(), estimated))
                .map_err(|why| wrong(bound, row, why))?;
        }
        body.source = short(&value.source, row)?;
        if body.source.is_empty() {
            return Err(wrong(
                &value.source,
                row,
                "the slot source is empty; every observation has one".to_owned(),
            ));
        }
        if let Some(edition) = &value.edition {
            body.edition = short(edition, row)?;
        }
        if let Some(published) = &value.published
            && !checked(published, row)?.meant.is_empty()
        {
            body.published = Some(self.period(published, row)?);
        }
        Ok(())
    }

    fn period(&self, bound: &Bound, row: &Row) -> Result<record::Period, Wrong> {
        let words = checked(bound, row)?;
        period::read(&words.meant, bound.form, self.names.reader()).map_err(|why| wrong(bound, row, why))
    }

    /// Gives an observation its name and keys, and tells whether the table has said its fact before.
    fn settle(&mut self, draft: Draft, place: Place, items: &mut Vec<Item>) {
        let Draft { body, identity, unknown } = draft;
        let keys = keys(&body);
        let series = identity.hash();
        let mut fact = Fields::new("fact");
        match &keys.fact {
            Some(key) => fact.field(key),
            None => fact.field(&identity.name(&body)),
        };
        let value = body.value.clone().unwrap_or_default();
        let mut said = Fields::new("value");
        said.field(&value.value).field(&value.low).field(&value.high).field(&value.unit);
        let fact = fact.field(&body.source).field(&body.edition).short();
        match self.seen.get(&fact) {
            Some((before, _)) if *before == said.short() => return items.push(Item::Repeated(place)),
            Some((_, row)) => {
                let cell = body.row.map(|row| row.cell).unwrap_or_default();
                let why = format!(
                    "row {row} gives another value for the same series and period; correct one of them, or say in the mapping \
                     what tells the two series apart, such as slots.detail = {{ column = \"…\" }}"
                );
                return items.push(Item::Refused(Refusal { place, cell: shortened(&cell), why }));
            }
            None if self.seen.len() < self.most => {
                self.seen.insert(fact, (said.short(), place.row));
            }
            None if !self.full => {
                self.full = true;
                items.push(Item::Notice(format!(
                    "from {place} on, values are no longer compared with those of other rows: {} are remembered",
                    self.most
                )));
            }
            None => {}
        }
        let first_of_series = self.series.len() < self.most && self.series.insert(series);
        let record = record(identity.name(&body), &body, &keys);
        items.push(Item::Observation(Box::new(Entry { record, body, place, first_of_series, unknown })));
    }
}

/// Refuses a row that does not say what every observation says.
fn complete(value: &Value, row: &Row, draft: &Draft) -> Result<(), Wrong> {
    let body = &draft.body;
    let share = body.part.is_some() && body.whole.is_some();
    let empty = match () {
        () if body.measure.is_none() => Slot::Measure,
        () if body.subject.is_none() && !share => Slot::Subject,
        () => return Ok(()),
    };
    let why = format!(
        "the slot {} is empty; fill it, or leave the row out with [[skip]] in the mapping",
        empty.name()
    );
    let bound = value.terms.iter().find(|(slot, _)| *slot == empty).map(|(_, bound)| bound);
    Err(match bound {
        Some(bound) => wrong(bound, row, why),
        None => Wrong { column: None, cell: String::new(), why },
    })
}

fn wrong(bound: &Bound, row: &Row, why: String) -> Wrong {
    Wrong { column: bound.column, cell: bound.words(row).printed, why }
}

/// The words of a slot, if they are no longer than anything is called.
fn checked(bound: &Bound, row: &Row) -> Result<crate::plan::Words, Wrong> {
    let words = bound.words(row);
    if words.printed.len() > MAX_WORDS_BYTES || words.meant.len() > MAX_WORDS_BYTES {
        let why = format!("it has more than {MAX_WORDS_BYTES} bytes, which is no name; shorten it");
        return Err(wrong(bound, row, why));
    }
    Ok(words)
}

/// The words of a source or an edition.
fn short(bound: &Bound, row: &Row) -> Result<String, Wrong> {
    let words = checked(bound, row)?;
    if words.meant.len() > MAX_SOURCE_BYTES {
        let why = format!("a source or edition has at most {MAX_SOURCE_BYTES} bytes; shorten it");
        return Err(wrong(bound, row, why));
    }
    Ok(words.meant)
}

/// The value in its unit, exact.
fn amount(printed: &Printed, unit: &Unit) -> Option<record::Amount> {
    let times = |value: Decimal| {
        let product = value.checked_mul(unit.factor)?.normalize();
        // A product that does not fit is rounded by the type; what was rounded does not divide back.
        (product.checked_div(unit.factor)? == value).then(|| product.to_string())
    };
    let mut amount = record::Amount { unit: unit.code.clone(), ..record::Amount::default() };
    if printed.range {
        amount.low = times(printed.low)?;
        amount.high = times(printed.high)?;
    } else {
        amount.value = times(printed.low)?;
    }
    Some(amount)
}

/// What the words of a modality say: the modality, and whether it is an estimate.
fn modality(words: &str) -> Result<(Modality, bool), String> {
    Ok(match words.to_lowercase().as_str() {
        "" | "actual" | "reported" | "实际" => (Modality::Unspecified, false),
        "estimate" | "estimated" | "估计" => (Modality::Unspecified, true),
        "forecast" | "expected" | "预测" => (Modality::Expected, false),
        "planned" | "target" | "计划" => (Modality::Planned, false),
        "contractual" => (Modality::Contractual, false),
        "hypothetical" => (Modality::Hypothetical, false),
        _ => {
            return Err("it is no modality: actual, estimated, forecast, planned, contractual or hypothetical; say what it means \
                        with `words` in the mapping"
                .to_owned());
        }
    })
}

/// A cell as a message shows it.
fn shortened(cell: &str) -> String {
    const MOST: usize = 60;
    let mut shown: String = cell.chars().take(MOST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if cell.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use text::Lexicon;

    use super::*;
    use crate::mapping::Mapping;

    #[test]
    fn what_is_remembered_is_bounded() -> Result<(), Box<dyn std::error::Error>> {
        let names = Names::new(Lexicon::standard());
        let mapping = Mapping::parse(
            "m.toml",
            "slots = { subject = { column = \"g\" }, measure = \"output\", unit = \"t\", period = 2024, source = \"s\", \
             value = { column = \"v\" } }",
        )?;
        let row =
            |number: u64, good: &str, value: &str| Row { number, cells: vec![good.into(), value.into()] };
        let plan = Plan::new(&mapping, &row(1, "g", "v"))?;
        let mut observer = Observer::new(&names, NumberForm::default(), "t.csv", "");
        observer.most = 2;
        let mut items = Vec::new();
        for (number, good) in [(2, "tin"), (3, "zinc"), (4, "lead"), (5, "gold"), (6, "gold"), (7, "tin")] {
            items.extend(observer.row(&plan, &row(number, good, &number.to_string())));
        }
        let notices: Vec<&String> = items
            .iter()
            .filter_map(|item| match item {
                Item::Notice(notice) => Some(notice),
                _ => None,
            })
            .collect();
        assert_eq!(notices.len(), 1);
        assert!(
            notices[0].contains("from t.csv:4, column «v» (B) on") && notices[0].contains("2 are remembered")
        );
        let refused = items.iter().filter(|item| matches!(item, Item::Refused(_))).count();
        assert_eq!(refused, 1, "the first tin is remembered, the first gold is not");
        assert_eq!((observer.seen.len(), observer.series.len()), (2, 2));
        Ok(())
    }
}

//! What a table says for one time.

use api::record::{Extent, Observation, Period, TableCell, TableReading};
use rust_decimal::Decimal;

use crate::printed::{self, decimal};
use crate::unit::canonical;

/// Most cells that words name one by one.
const MAX_NAMED: usize = 3;

/// What one cell says. `None` for a zero and what is no number.
pub(super) fn of_cell(name: &str, body: &Observation) -> Option<TableReading> {
    let amount = body.value.as_ref()?;
    Some(TableReading {
        source: body.source.clone(),
        edition: body.edition.clone(),
        over: body.period.clone(),
        value: Some(printed::of_cell(amount, body.printed_digits, body.qualifier())?),
        cells: vec![TableCell { observation: name.to_owned(), row: body.row.clone() }],
    })
}

/// The sum of readings of one table in one unit; `None` if their units differ, an end is open, or it does not fit.
pub(super) fn sum(parts: &[&TableReading], over: Period) -> Option<TableReading> {
    let first = parts.first()?;
    let unit = first.value.as_ref()?;
    let add = |end: fn(&Extent) -> &str| -> Option<String> {
        let mut total = Decimal::ZERO;
        for part in parts {
            let extent = part.value.as_ref().filter(|extent| extent.unit == unit.unit)?;
            total = total.checked_add(decimal(end(extent))?)?;
        }
        Some(total.normalize().to_string())
    };
    let (low, high) = (add(|extent| &extent.low)?, add(|extent| &extent.high)?);
    // A range has no value of its own, and a sum of ranges none either.
    let value = add(|extent| &extent.value).unwrap_or_default();
    Some(TableReading {
        source: first.source.clone(),
        edition: first.edition.clone(),
        over: Some(over),
        value: Some(Extent {
            digits: value.replace(['.', '-'], "").trim_matches('0').to_owned(),
            value,
            low,
            high,
            qualifier: 0,
            ..unit.clone()
        }),
        cells: parts.iter().flat_map(|part| part.cells.iter().cloned()).collect(),
    })
}

/// A number in the canonical unit of a figure as it is in the unit that is shown.
pub(super) fn shown(value: Decimal, unit: &str) -> Option<Decimal> {
    Some(value.checked_div(canonical(unit)?.factor)?.normalize())
}

/// What a table says, in words: `3188 t · Example Customs 2025-07 · exports.csv:7`. A figure is told in `unit` if it can be.
pub(super) fn told(reading: &TableReading, unit: &str) -> String {
    [value(reading, unit), table(reading), places(reading)].join(" · ")
}

/// The same of two values of one edition from which something follows: `5 % = 21 t / 20 t - 1 · Example Customs 2025-07 · exports.csv:8, 7`.
pub(super) fn told_of_two(follows: &str, formula: &str, now: &TableReading, base: &TableReading) -> String {
    let (one, other) = (places(now), places(base));
    // Both mostly stand in one file, which need not be named twice.
    let file = one.rfind(':').map_or("", |at| &one[..=at]);
    let other = other.strip_prefix(file).unwrap_or(&other);
    format!("{follows} = {formula} · {} · {one}, {other}", table(now))
}

/// A value in `unit` if that is one of its kind, else as the table has it.
pub(super) fn value(reading: &TableReading, unit: &str) -> String {
    let extent = reading.value.clone().unwrap_or_default();
    let same = canonical(unit).is_some_and(|told| told.unit == extent.unit);
    let unit = if same { unit } else { &extent.printed_unit };
    let end =
        |end: &str| decimal(end).and_then(|end| shown(end, unit)).map_or_else(String::new, |v| v.to_string());
    let number = if extent.value.is_empty() {
        format!("{}–{}", end(&extent.low), end(&extent.high))
    } else {
        end(&extent.value)
    };
    format!("{number} {unit}").trim_end().to_owned()
}

fn table(reading: &TableReading) -> String {
    format!("{} {}", reading.source, reading.edition).trim_end().to_owned()
}

/// Where the cells stand: `exports.csv:7`, or with its sheet `exports.xlsx «Data»:7`; without cells the time that was added up.
fn places(reading: &TableReading) -> String {
    let rows: Vec<_> = reading.cells.iter().filter_map(|cell| cell.row.as_ref()).collect();
    let Some(first) = rows.first() else {
        let over = reading.over.clone().unwrap_or_default();
        return format!("{}/{}", over.start, over.end);
    };
    let sheet = if first.sheet.is_empty() { String::new() } else { format!(" «{}»", first.sheet) };
    let numbers: Vec<String> = rows.iter().map(|row| row.number.to_string()).collect();
    let numbers = match numbers.as_slice() {
        [only] => only.clone(),
        few if few.len() <= MAX_NAMED => few.join(", "),
        many => format!("{} … {} (Σ {})", many[0], many[many.len() - 1], many.len()),
    };
    format!("{}{sheet}:{numbers}", first.file)
}

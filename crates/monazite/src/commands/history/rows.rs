//! The rows of a history, in the order of publication and in that of the log.

use serde_json::{Value, json};

use super::before;
use super::ledger::{Event, Ledger, Revision};
use crate::commands::series::Point;
use crate::output::{Cell, Listing, column};

/// A row for each revision, in the order of publication.
pub(super) fn by_publication(ledger: &Ledger, limit: usize) -> Listing {
    let mut revisions: Vec<&Revision> = ledger.revisions.iter().collect();
    revisions.sort_by_key(|revision| {
        let point = &revision.point;
        (&point.published, &point.source, &point.record, revision.written.0)
    });
    let before = before::before(&revisions);
    let stands = revisions.iter().all(|revision| revision.end.is_none());
    let alike = before.iter().flatten().all(|before| before.agrees);
    let mut listing = Listing::new(&[
        column("PUBLISHED", "published"),
        column("OF WHAT", "series").shrinks_to(30).hidden(!several(ledger)),
        column("PERIOD", "period"),
        column("VALUE", "value").shrinks_to(34).right(),
        column("SAID BEFORE", "before").shrinks_to(30).hidden(alike),
        column("SOURCE", "source").shrinks_to(28),
        column("SINCE THEN", "fate").shrinks_to(40).hidden(stands),
        column("QUOTE", "quote").shrinks(),
    ]);
    let first = first_shown(&revisions, limit);
    for (revision, before) in revisions.iter().zip(&before).skip(first) {
        let point = &revision.point;
        let fate = revision.end.as_ref().map_or(String::new(), |(what, sequence, time)| {
            format!("{} {} (sequence {sequence})", what.word(), day(time))
        });
        let mut cells = vec![
            Cell::new(point.published.as_str(), point.published.as_str()),
            Cell::new(of_what(&point.series), point.series.as_str()),
        ];
        cells.extend(figures(point));
        cells.push(before.map(|before| before.words()).unwrap_or_default().into());
        cells.push(point.source.as_str().into());
        cells.push(fate.into());
        cells.push(quote(point));
        let mut object = object(revision);
        object["before"] = before.map_or(Value::Null, |before| before.json());
        listing.row_of(cells, Vec::new(), object);
    }
    listing
}

/// A row for each event, in the order of the log.
pub(super) fn by_commit(ledger: &Ledger, limit: usize) -> Listing {
    let mut listing = Listing::new(&[
        column("SEQUENCE", "sequence").right(),
        column("WRITTEN", "written"),
        column("WHAT", "what"),
        column("OF WHAT", "series").shrinks_to(30).hidden(!several(ledger)),
        column("PERIOD", "period"),
        column("VALUE", "value").shrinks_to(34).right(),
        column("SOURCE", "source").shrinks_to(28),
        column("QUOTE", "quote").shrinks(),
    ]);
    let events = ledger.events();
    for Event { sequence, time, what, revision } in &events[first_shown(&events, limit)..] {
        let point = &revision.point;
        let mut cells = vec![(*sequence).into(), Cell::new(day(time), *time), what.word().into()];
        cells.push(Cell::new(of_what(&point.series), point.series.as_str()));
        cells.extend(figures(point));
        cells.push(point.source.as_str().into());
        cells.push(quote(point));
        let mut object = point.json();
        object["series"] = point.series.as_str().into();
        object["what"] = what.word().into();
        object["at_sequence"] = (*sequence).into();
        object["at_time"] = (*time).into();
        listing.row_of(cells, Vec::new(), object);
    }
    listing
}

/// Whether more than one series is told of.
fn several(ledger: &Ledger) -> bool {
    let mut series = ledger.revisions.iter().map(|revision| &revision.point.series);
    series.next().is_some_and(|first| series.any(|other| other != first))
}

/// The key of a series for people: `price, copper, venue LME`.
fn of_what(series: &str) -> String {
    let ends = |ids: &str| {
        ids.split('+').map(|id| id.rsplit('/').next().unwrap_or(id)).collect::<Vec<_>>().join(" + ")
    };
    let mut parts = series.split('|');
    let measure = parts.next().unwrap_or_default().to_owned();
    // What comes second is the kind of unit, which the values show, unless it says of what change they are.
    let change = parts.next().filter(|unit| unit.contains(' ')).map(str::to_owned);
    let slots = parts.map(|part| match part.split_once('=') {
        Some((slot, ids)) => format!("{slot} {}", ends(ids)),
        None => ends(part),
    });
    std::iter::once(measure).chain(change).chain(slots).collect::<Vec<_>>().join(", ")
}

/// Where the latest begin, of which no more than `limit` are shown; zero shows all.
fn first_shown<T>(all: &[T], limit: usize) -> usize {
    if limit == 0 { 0 } else { all.len().saturating_sub(limit) }
}

fn figures(point: &Point) -> [Cell; 2] {
    let shown = format!("{} {}", point.figure(), point.modality());
    let json = point.json();
    [Cell::new(point.when(), json["period"].clone()), Cell::new(shown.trim_end(), json["printed"].clone())]
}

fn quote(point: &Point) -> Cell {
    let at = point.quote.find(&point.words).unwrap_or(0);
    Cell::new(point.quote.as_str(), point.quote.as_str()).around(at..at + point.words.len())
}

/// `2025-07-13 16:09:00` of a time of the log, which is in UTC.
fn day(time: &str) -> String {
    time.get(..19).unwrap_or(time).replace('T', " ")
}

fn object(revision: &Revision) -> Value {
    let mut object = revision.point.json();
    object["series"] = revision.point.series.as_str().into();
    object["written"] = json!({"sequence": revision.written.0, "time": revision.written.1});
    object["end"] = revision.end.as_ref().map_or(
        Value::Null,
        |(what, sequence, time)| json!({"what": what.word(), "sequence": sequence, "time": time}),
    );
    object
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_is_told_in_short() {
        let key = "imports|mass|commodity/antimony-oxide|place=country/USA|partners=country/MEX+country/THA";
        assert_eq!(of_what(key), "imports, antimony-oxide, place USA, partners MEX + THA");
        assert_eq!(of_what("output|year-on-year %|commodity/tin"), "output, year-on-year %, tin");
        assert_eq!(of_what("price"), "price");
    }
}

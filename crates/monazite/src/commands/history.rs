//! `monazite history`: who said what of one quantity when, and what was revised or withdrawn since.

mod ledger;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use api::record::Record;
use serde_json::{Value, json};

use crate::cli::HistoryArgs;
use crate::commands::print;
use crate::commands::series::{Narrow, Point, keys, kinds, tell_sources, wanted};
use crate::failure::{Failure, Kind};
use crate::grpc::log::{Extent, time};
use crate::grpc::{Client, Listed};
use crate::names;
use crate::output::{Cell, Listing, column};
use crate::view::{SHORTEST_PREFIX, names_like};
use ledger::{Event, Ledger, Revision, What};

pub(super) async fn run(client: &Client, args: &HistoryArgs) -> Result<()> {
    let lexicon = names::lexicon(&args.narrow.lexicon)?;
    let mut log = client.extent().await?;
    match client.sequence(args.at.as_of).await? {
        0 => {}
        sequence => log.head = sequence,
    }
    let mut narrow = Narrow::new(&lexicon, &args.measure, &args.narrow)?;
    let mut start = None;
    let is_name = |(collection, _): &(&str, &str)| !collection.is_empty() || narrow.unknown().is_some();
    if let Some((collection, id)) = named(&args.measure).filter(is_name) {
        match meant(client, collection, id, log).await? {
            Some(record) => {
                let point = point(&record)?;
                narrow = narrow.only(&point.series);
                start = Some(point.period);
            }
            None => {
                let problem = format!(
                    "there is no {}, as far back as the log can be read, and no measure of this name",
                    args.measure
                );
                return Err(Failure::new(Kind::NotFound, problem).into());
            }
        }
    }
    let mut ledger = read(client, &narrow, log).await?;
    if let Some(period) = &start {
        ledger.revisions.retain(|revision| revision.point.period == *period);
    }
    sources(client, &mut ledger, log.head).await?;
    ledger.revisions.retain(|revision| narrow.wants_source(&revision.point.source));
    let mut listing =
        if args.by_commit { by_commit(&ledger, args.limit) } else { by_publication(&ledger, args.limit) };
    listing.note(note(&ledger, &narrow, log));
    print(|mut out| listing.print(args.list.output, &mut out))
}

/// A claim or an observation that may be meant, and no measure: its collection (empty: either) and the beginning of its id.
fn named(given: &str) -> Option<(&str, &str)> {
    let (collection, id) = given.split_once('/').unwrap_or(("", given));
    let digits = id.len() >= SHORTEST_PREFIX && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    (digits && matches!(collection, "" | "claims" | "observations")).then_some((collection, id))
}

/// The claim or observation that is meant, even if it is withdrawn; `None` if there is none.
async fn meant(client: &Client, collection: &str, id: &str, log: Extent) -> Result<Option<Record>> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    for within in ["claims", "observations"] {
        if collection.is_empty() || collection == within {
            names.extend(names_like(client, within, id, log.head).await?);
        }
    }
    let mut withdrawn: BTreeMap<String, Record> = BTreeMap::new();
    if names.is_empty() {
        let fits = |name: &str| {
            name.split_once('/').is_some_and(|(within, rest)| {
                (collection.is_empty() || within == collection) && rest.starts_with(id)
            })
        };
        client
            .changes(&kinds(), &["series".to_owned()], log.horizon, log.head, |commit| {
                let records = commit.changes.into_iter().filter(|change| fits(&change.name));
                let written = records.filter_map(|change| Some((change.name, change.record?)));
                withdrawn.extend(written);
                Ok(())
            })
            .await?;
        names.extend(withdrawn.keys().cloned());
    }
    if names.len() > 1 {
        let names = names.into_iter().take(2).collect::<Vec<_>>().join(", ");
        let problem =
            format!("more than one claim or row starts with {id}: {names} and others; give more digits");
        return Err(Failure::new(Kind::NotFound, problem).into());
    }
    let Some(name) = names.pop_first() else { return Ok(None) };
    match withdrawn.remove(&name) {
        Some(record) => Ok(Some(record)),
        None => client.get(&name, log.head).await.map(Some),
    }
}

/// What a claim or an observation says of which series.
fn point(record: &Record) -> Result<Point> {
    let name = &record.name;
    Point::new(record)?.ok_or_else(|| {
        let problem = format!(
            "{name} is in no series: it says no value at a time, or not all that it says is sure; `monazite explain {name}` \
             shows its slots"
        );
        Failure::new(Kind::NotFound, problem).into()
    })
}

/// All revisions of the wanted points, from the lowest sequence that can be read up to a sequence.
async fn read(client: &Client, narrow: &Narrow, log: Extent) -> Result<Ledger> {
    let mut ledger = Ledger::default();
    if log.horizon > 0 {
        for kind in &kinds() {
            let listed = Listed { kind, keys: keys(narrow), at_sequence: log.horizon, ..Default::default() };
            client
                .each(listed, async |records| {
                    for record in &records {
                        let written =
                            record.commit_time.as_ref().map(ToString::to_string).unwrap_or_default();
                        ledger.take(&record.name, record.sequence, &written, wanted(record, narrow)?);
                    }
                    Ok(true)
                })
                .await?;
        }
    }
    let mut keys = keys(narrow);
    if keys.is_empty() {
        keys.push("series".to_owned());
    }
    client
        .changes(&kinds(), &keys, log.horizon, log.head, |commit| {
            let written = time(&commit)?.to_string();
            for change in &commit.changes {
                let point =
                    change.record.as_ref().map(|record| wanted(record, narrow)).transpose()?.flatten();
                ledger.take(&change.name, commit.sequence, &written, point);
            }
            Ok(())
        })
        .await?;
    Ok(ledger)
}

/// Fills in who says each: of a document that is gone, as it was when it was read.
async fn sources(client: &Client, ledger: &mut Ledger, head: i64) -> Result<()> {
    let mut points: Vec<&mut Point> =
        ledger.revisions.iter_mut().map(|revision| &mut revision.point).collect();
    let mut gone: BTreeMap<i64, BTreeSet<usize>> = BTreeMap::new();
    for index in tell_sources(client, &mut points, head).await? {
        gone.entry(points[index].sequence).or_default().insert(index);
    }
    for (at_sequence, indexes) in gone {
        let there = points.iter_mut().enumerate().filter(|(index, _)| indexes.contains(index));
        let mut there: Vec<&mut Point> = there.map(|(_, point)| &mut **point).collect();
        tell_sources(client, &mut there, at_sequence).await?;
    }
    Ok(())
}

/// A row for each revision, in the order of publication.
fn by_publication(ledger: &Ledger, limit: usize) -> Listing {
    let several = several(ledger);
    let mut columns = vec![column("PUBLISHED", "published")];
    columns.extend(several.then(|| column("OF WHAT", "series").shrinks_to(30)));
    columns.extend([
        column("PERIOD", "period"),
        column("VALUE", "value").shrinks_to(34).right(),
        column("SOURCE", "source").shrinks_to(28),
        column("SINCE THEN", "fate").shrinks_to(40),
        column("QUOTE", "quote").shrinks(),
    ]);
    let mut listing = Listing::new(&columns);
    let mut revisions: Vec<&Revision> = ledger.revisions.iter().collect();
    revisions.sort_by_key(|revision| {
        let point = &revision.point;
        (&point.published, &point.source, &point.record, revision.written.0)
    });
    for revision in latest(&revisions, limit) {
        let point = &revision.point;
        let fate = revision.end.as_ref().map_or(String::new(), |(what, sequence, time)| {
            format!("{} {} (sequence {sequence})", what.word(), day(time))
        });
        let mut cells = vec![Cell::new(point.published.as_str(), point.published.as_str())];
        cells.extend(several.then(|| Cell::new(of_what(&point.series), point.series.as_str())));
        cells.extend(figures(point));
        cells.push(point.source.as_str().into());
        cells.push(fate.into());
        cells.push(quote(point));
        listing.row_of(cells, Vec::new(), object(revision));
    }
    listing
}

/// A row for each event, in the order of the log.
fn by_commit(ledger: &Ledger, limit: usize) -> Listing {
    let several = several(ledger);
    let mut columns =
        vec![column("SEQUENCE", "sequence").right(), column("WRITTEN", "written"), column("WHAT", "what")];
    columns.extend(several.then(|| column("OF WHAT", "series").shrinks_to(30)));
    columns.extend([
        column("PERIOD", "period"),
        column("VALUE", "value").shrinks_to(34).right(),
        column("SOURCE", "source").shrinks_to(28),
        column("QUOTE", "quote").shrinks(),
    ]);
    let mut listing = Listing::new(&columns);
    let events = ledger.events();
    for Event { sequence, time, what, revision } in latest(&events, limit) {
        let point = &revision.point;
        let mut cells = vec![(*sequence).into(), Cell::new(day(time), *time), what.word().into()];
        cells.extend(several.then(|| Cell::new(of_what(&point.series), point.series.as_str())));
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
    // What comes second is the kind of unit, which the values show.
    let slots = parts.skip(1).map(|part| match part.split_once('=') {
        Some((slot, ids)) => format!("{slot} {}", ends(ids)),
        None => ends(part),
    });
    std::iter::once(measure).chain(slots).collect::<Vec<_>>().join(", ")
}

fn latest<T>(all: &[T], limit: usize) -> &[T] {
    let left_out = if limit == 0 { 0 } else { all.len().saturating_sub(limit) };
    &all[left_out..]
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

fn note(ledger: &Ledger, narrow: &Narrow, log: Extent) -> String {
    let count = |what: What| {
        ledger
            .revisions
            .iter()
            .filter(|revision| revision.end.as_ref().is_some_and(|end| end.0 == what))
            .count()
    };
    let mut parts = match (ledger.revisions.len(), narrow.unknown()) {
        (0, Some(what)) => vec![format!("nothing was said; {what}")],
        (0, None) => vec!["nothing was said like this".to_owned()],
        (1, _) => vec!["said once".to_owned()],
        (times, _) => vec![format!("said {times} times")],
    };
    for (what, number) in [(What::Revised, count(What::Revised)), (What::Withdrawn, count(What::Withdrawn))] {
        if number > 0 {
            parts.push(format!("{number} of them {} since", what.word()));
        }
    }
    if log.horizon > 0 {
        parts.push(format!(
            "the log was compacted up to sequence {}: what was revised or withdrawn before is not kept",
            log.horizon
        ));
    }
    parts.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_is_told_in_short() {
        let key = "imports|mass|commodity/antimony-oxide|place=country/USA|partners=country/MEX+country/THA";
        assert_eq!(of_what(key), "imports, antimony-oxide, place USA, partners MEX + THA");
        assert_eq!(of_what("price"), "price");
    }

    #[test]
    fn a_name_is_told_from_a_measure() {
        assert_eq!(named("claims/04ab"), Some(("claims", "04ab")));
        assert_eq!(named("04ab"), Some(("", "04ab")));
        for measure in
            ["price", "04a", "claims/", "documents/04ab", "价格", "price|USD/mass|04ab", "claims/x04ab"]
        {
            assert_eq!(named(measure), None, "{measure}");
        }
    }
}

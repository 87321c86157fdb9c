//! `monazite history`: who said what of one quantity when, and what was revised or withdrawn since.

mod before;
mod ledger;
mod rows;
mod steps;

use std::collections::BTreeMap;

use anyhow::Result;
use api::record::{Period, Record};

use crate::cli::HistoryArgs;
use crate::commands::facts::Days;
use crate::commands::print;
use crate::commands::series::{Narrow, Point, bounded, keys, kinds, tell_sources, wanted, wanted_by};
use crate::failure::{Failure, Kind};
use crate::grpc::log::{Extent, moment, time};
use crate::grpc::{Carried, Client, Listed};
use crate::names;
use crate::view::{SHORTEST_PREFIX, names_like};
use ledger::{Ledger, What};
use steps::Steps;

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
        ledger.revisions.retain(|revision| is_same(&revision.point.period, period));
    }
    sources(client, &mut ledger, log).await?;
    ledger.revisions.retain(|revision| narrow.wants_source(&revision.point.source));
    let mut listing = if args.by_commit {
        rows::by_commit(&ledger, args.limit)
    } else {
        rows::by_publication(&ledger, args.limit)
    };
    listing.note(note(&ledger, &narrow, log));
    print(|mut out| listing.print(args.list.output, &mut out))
}

/// Whether two periods have the same days, however precisely either is told.
fn is_same(one: &Period, other: &Period) -> bool {
    Days::of(one).ends() == Days::of(other).ends()
}

/// A claim or an observation that may be meant, and no measure: its collection (empty: either) and the beginning of its id.
fn named(given: &str) -> Option<(&str, &str)> {
    let (collection, id) = given.split_once('/').unwrap_or(("", given));
    let digits = id.len() >= SHORTEST_PREFIX && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    (digits && matches!(collection, "" | "claims" | "observations")).then_some((collection, id))
}

/// The claim or observation that is meant, even if it is withdrawn; `None` if there is none.
async fn meant(client: &Client, collection: &str, id: &str, log: Extent) -> Result<Option<Record>> {
    // When each of those that may be meant was there: now, at a commit since, or before the log was compacted.
    let mut found = like(client, collection, id, log.head).await?;
    if found.is_empty() {
        let fits = |name: &str| {
            name.split_once('/').is_some_and(|(within, rest)| {
                (collection.is_empty() || within == collection) && rest.starts_with(id)
            })
        };
        client
            .changes(&kinds(), &["series".to_owned()], log.horizon, log.head, |commit| {
                let there = commit.changes.into_iter().filter(|change| !change.deleted && fits(&change.name));
                found.extend(there.map(|change| (change.name, commit.sequence)));
                Ok(())
            })
            .await?;
    }
    if found.is_empty() && log.horizon > 0 {
        found = like(client, collection, id, log.horizon).await?;
    }
    if found.len() > 1 {
        let names = found.into_keys().take(2).collect::<Vec<_>>().join(", ");
        let problem =
            format!("more than one claim or row starts with {id}: {names} and others; give more digits");
        return Err(Failure::new(Kind::NotFound, problem).into());
    }
    match found.pop_first() {
        Some((name, sequence)) => client.get(&name, sequence).await.map(Some),
        None => Ok(None),
    }
}

/// Names of claims and observations whose ids begin like this at a sequence, with that sequence; at most two of each.
async fn like(client: &Client, collection: &str, id: &str, sequence: i64) -> Result<BTreeMap<String, i64>> {
    let mut found = BTreeMap::new();
    for within in ["claims", "observations"] {
        if collection.is_empty() || collection == within {
            let names = names_like(client, within, id, sequence).await?;
            found.extend(names.into_iter().map(|name| (name, sequence)));
        }
    }
    Ok(found)
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

/// What a user can do besides choosing periods where there are too many revisions: nothing, as who said one is told only once all are
/// read.
const NOTHING_ELSE: &str = "";

/// All revisions of the wanted points, from the lowest sequence that can be read up to a sequence.
///
/// # Errors
/// If the server does not answer, a record cannot be read, or there are more revisions than a series may have values.
async fn read(client: &Client, narrow: &Narrow, log: Extent) -> Result<Ledger> {
    // Of an empty log there is nothing to read; zero would mean now.
    if log.head == 0 {
        return Ok(Ledger::default());
    }
    let mut steps = Steps::default();
    for kind in &kinds() {
        let carried = Carried { kind, at_sequence: log.head, superseded: true };
        let Some(keys) = keys(client, narrow, carried).await? else {
            return read_all(client, narrow, log).await;
        };
        client
            .revisions(&keys, carried, |key, revision| {
                let Some(record) = &revision.record else { return Ok(()) };
                steps.add(&revision, record, wanted_by(record, key, narrow)?)?;
                bounded(steps.points, NOTHING_ELSE)
            })
            .await?;
    }
    Ok(steps.ledger())
}

/// The same where so many series are wanted that all changes are read.
async fn read_all(client: &Client, narrow: &Narrow, log: Extent) -> Result<Ledger> {
    let mut ledger = Ledger::default();
    if log.horizon > 0 {
        for kind in &kinds() {
            let listed = Listed { kind, at_sequence: log.horizon, ..Default::default() };
            client
                .each(listed, async |records| {
                    for record in &records {
                        let written = moment(record.commit_time.as_ref())?.to_string();
                        ledger.take(&record.name, record.sequence, &written, wanted(record, narrow)?);
                    }
                    bounded(ledger.revisions.len(), NOTHING_ELSE)?;
                    Ok(true)
                })
                .await?;
        }
    }
    client
        .changes(&kinds(), &["series".to_owned()], log.horizon, log.head, |commit| {
            let written = time(&commit)?.to_string();
            for change in &commit.changes {
                let point =
                    change.record.as_ref().map(|record| wanted(record, narrow)).transpose()?.flatten();
                ledger.take(&change.name, commit.sequence, &written, point);
            }
            bounded(ledger.revisions.len(), NOTHING_ELSE)
        })
        .await?;
    Ok(ledger)
}

/// Fills in who says each: of a document that is gone, as it was when it was read.
async fn sources(client: &Client, ledger: &mut Ledger, log: Extent) -> Result<()> {
    let mut points: Vec<&mut Point> =
        ledger.revisions.iter_mut().map(|revision| &mut revision.point).collect();
    let gone = tell_sources(client, &mut points, log.head).await?;
    for (at_sequence, mut there) in by_sequence(points, &gone, log.horizon) {
        tell_sources(client, &mut there, at_sequence).await?;
    }
    Ok(())
}

/// The points in these places, which are sorted, by the sequence at which their document was there: when they were read, or when the
/// log was compacted if that was later.
fn by_sequence<'p>(
    points: Vec<&'p mut Point>,
    places: &[usize],
    horizon: i64,
) -> BTreeMap<i64, Vec<&'p mut Point>> {
    let mut all: BTreeMap<i64, Vec<&mut Point>> = BTreeMap::new();
    for (index, point) in points.into_iter().enumerate() {
        if places.binary_search(&index).is_ok() {
            all.entry(point.sequence.max(horizon)).or_default().push(point);
        }
    }
    all
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
    use api::record::Precision;

    use super::*;

    #[test]
    fn a_period_is_the_same_however_it_is_told() {
        let period = |start: &str, end: &str, precision: Precision| Period {
            start: start.into(),
            end: end.into(),
            precision: precision.into(),
        };
        let quarter = period("2025-07-01", "2025-10-01", Precision::Quarter);
        assert!(is_same(&quarter, &period("2025-07-01", "2025-10-01", Precision::Month)));
        assert!(!is_same(&quarter, &period("2025-07-01", "2025-09-01", Precision::Quarter)));
        assert!(!is_same(&quarter, &period("2025-07-01", "", Precision::Quarter)));
    }

    #[test]
    fn points_of_gone_documents_are_read_when_they_were_there() {
        let mut points: Vec<Point> =
            [7, 2, 9, 7, 1].map(|sequence| Point { sequence, ..Default::default() }).into();
        let by = by_sequence(points.iter_mut().collect(), &[0, 1, 3, 4], 3);
        let counts: Vec<(i64, usize)> = by.iter().map(|(at, points)| (*at, points.len())).collect();
        assert_eq!(counts, [(3, 2), (7, 2)]);
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

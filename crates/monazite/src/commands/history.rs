//! `monazite history`: who said what of one quantity when, and what was revised or withdrawn since.

mod before;
mod ledger;
mod rows;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use api::record::Record;

use crate::cli::HistoryArgs;
use crate::commands::print;
use crate::commands::series::{Narrow, Point, keys, kinds, tell_sources, wanted};
use crate::failure::{Failure, Kind};
use crate::grpc::log::{Extent, time};
use crate::grpc::{Client, Listed};
use crate::names;
use crate::view::{SHORTEST_PREFIX, names_like};
use ledger::{Ledger, What};

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
async fn sources(client: &Client, ledger: &mut Ledger, log: Extent) -> Result<()> {
    let mut points: Vec<&mut Point> =
        ledger.revisions.iter_mut().map(|revision| &mut revision.point).collect();
    let mut gone: BTreeMap<i64, BTreeSet<usize>> = BTreeMap::new();
    for index in tell_sources(client, &mut points, log.head).await? {
        // What was read before the log was compacted stood when it was.
        gone.entry(points[index].sequence.max(log.horizon)).or_default().insert(index);
    }
    for (at_sequence, indexes) in gone {
        let there = points.iter_mut().enumerate().filter(|(index, _)| indexes.contains(index));
        let mut there: Vec<&mut Point> = there.map(|(_, point)| &mut **point).collect();
        tell_sources(client, &mut there, at_sequence).await?;
    }
    Ok(())
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

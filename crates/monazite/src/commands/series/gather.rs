//! Values of series from the log.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use api::record::{Claim, Observation, Period, Record};
use prost::Name as _;

use super::narrow::Narrow;
use super::point::Point;
use crate::commands::facts::Days;
use crate::failure::{Failure, Kind};
use crate::grpc::{Carried, Client, Listed};
use crate::view::View;

/// What the key of a series begins with.
const SERIES: &str = "series=";

/// To look up one series costs about as much as to read so many records one after the other.
const RECORDS: usize = 200;

/// So few series are looked up in any case.
const FEW: usize = 16;

/// Documents read at a time; their texts are not kept.
const AT_ONCE: usize = 500;

/// Most values of one series that are shown at a time.
const MOST: usize = 200_000;

/// Kinds of records that are in series.
pub(crate) fn kinds() -> [String; 2] {
    [Claim::full_name(), Observation::full_name()]
}

/// The keys of the wanted series: the whole key where one was given, else those that begin with a wanted measure. Only these series
/// are read then, however many records are in others. `None` if there are so many of them that it takes less to read all records of
/// the kind.
///
/// # Errors
/// If the server does not answer.
pub(crate) async fn keys(
    client: &Client,
    narrow: &Narrow,
    carried: Carried<'_>,
) -> Result<Option<Vec<String>>> {
    if let Some(key) = &narrow.key {
        return Ok(Some(vec![format!("{SERIES}{key}")]));
    }
    let most = FEW + client.count(carried.kind).await? / RECORDS;
    let mut wanted = BTreeSet::new();
    for measure in client.keys(SERIES, "|", carried).await? {
        let name = measure.strip_prefix(SERIES).unwrap_or_default();
        if narrow.wants_measure(name.strip_suffix('|').unwrap_or(name)) {
            wanted.extend(client.keys(&measure, "", carried).await?);
            wanted.retain(|key| key.strip_prefix(SERIES).is_some_and(|series| narrow.wants_series(series)));
        }
        if wanted.len() > most {
            return Ok(None);
        }
    }
    Ok(Some(wanted.into_iter().collect()))
}

/// The point of a record, if it is wanted by series and time.
///
/// # Errors
/// If a record's body is not what its kind says.
pub(crate) fn wanted(record: &Record, narrow: &Narrow) -> Result<Option<Point>> {
    if !series_of(record).is_some_and(|series| narrow.wants_series(series)) {
        return Ok(None);
    }
    Ok(Point::new(record)?.filter(|point| narrow.wants_time(point)))
}

/// The same of a record that was found by the key of a wanted series: one that carries several is in the first.
///
/// # Errors
/// As [`wanted`].
pub(crate) fn wanted_by(record: &Record, key: &str, narrow: &Narrow) -> Result<Option<Point>> {
    let first = series_of(record).is_some_and(|series| key.strip_prefix(SERIES) == Some(series));
    if first { wanted(record, narrow) } else { Ok(None) }
}

fn series_of(record: &Record) -> Option<&str> {
    record.keys.iter().find_map(|key| key.strip_prefix(SERIES))
}

/// What is known of one series.
#[derive(Debug, Default)]
pub(super) struct Extent {
    /// Values that claims state.
    pub(super) claims: usize,
    /// Values in rows of tables.
    pub(super) rows: usize,
    /// The period that begins first.
    pub(super) first: Option<Period>,
    /// The period that begins last.
    pub(super) last: Option<Period>,
    /// The values, as long as there is one series alone: of several, none are shown.
    pub(super) points: Vec<Point>,
}

impl Extent {
    fn count(&mut self, point: &Point) {
        if point.is_row() {
            self.rows += 1;
        } else {
            self.claims += 1;
        }
        let start = |period: &Option<Period>| period.as_ref().and_then(|period| Days::of(period).ends().0);
        if self.first.is_none() || point.start() < start(&self.first) {
            self.first = Some(point.period.clone());
        }
        if self.last.is_none() || point.start() > start(&self.last) {
            self.last = Some(point.period.clone());
        }
    }
}

/// Series by their keys.
pub(super) type Series = BTreeMap<String, Extent>;

/// The wanted series as of a sequence, page by page: no more is held than the values of one series.
///
/// # Errors
/// If the server does not answer, a record cannot be read, or one series has more than [`MOST`] values.
pub(super) async fn found(client: &Client, narrow: &Narrow, at_sequence: i64) -> Result<Series> {
    let mut series = Series::new();
    for kind in &kinds() {
        let carried = Carried { kind, at_sequence, superseded: false };
        // All that there is, or each series by itself.
        let lists = match keys(client, narrow, carried).await? {
            Some(keys) => keys.into_iter().map(Some).collect(),
            None => vec![None],
        };
        let mut points = Vec::new();
        for key in lists {
            let listed =
                Listed { kind, keys: key.iter().cloned().collect(), at_sequence, ..Default::default() };
            client
                .each(listed, async |records| {
                    for record in &records {
                        points.extend(match &key {
                            Some(key) => wanted_by(record, key, narrow)?,
                            None => wanted(record, narrow)?,
                        });
                    }
                    if points.len() >= AT_ONCE {
                        told(client, narrow, std::mem::take(&mut points), &mut series, at_sequence).await?;
                    }
                    Ok(true)
                })
                .await?;
        }
        told(client, narrow, points, &mut series, at_sequence).await?;
    }
    Ok(series)
}

/// Adds the points that a wanted source says.
async fn told(
    client: &Client,
    narrow: &Narrow,
    mut points: Vec<Point>,
    series: &mut Series,
    at_sequence: i64,
) -> Result<()> {
    // A document that is not there has no claims: they go with it in one commit or in the next.
    let missing = tell_sources(client, &mut points.iter_mut().collect::<Vec<_>>(), at_sequence).await?;
    let mut places = 0..;
    points.retain(|_| places.next().is_some_and(|place| missing.binary_search(&place).is_err()));
    points.retain(|point| narrow.wants_source(&point.source));
    add(series, points)
}

/// Adds values to their series. Once there are two of these, only what all of them are is kept.
fn add(series: &mut Series, points: Vec<Point>) -> Result<()> {
    for point in points {
        if !series.contains_key(&point.series) {
            series.values_mut().for_each(|one| one.points = Vec::new());
            series.insert(point.series.clone(), Extent::default());
        }
        let alone = series.len() == 1;
        if let Some(one) = series.get_mut(&point.series) {
            one.count(&point);
            one.points.extend(alone.then_some(point));
        }
    }
    bounded(series.values().map(|one| one.points.len()).sum(), ", or a --source")
}

/// Refuses to hold more than [`MOST`] values. `or` is what a user can do besides choosing periods.
///
/// # Errors
/// If there are more.
pub(crate) fn bounded(held: usize, or: &str) -> Result<()> {
    if held <= MOST {
        return Ok(());
    }
    let problem =
        format!("more than {MOST} values fit; choose some of their periods with --from and --to{or}");
    Err(Failure::new(Kind::Usage, problem).into())
}

/// Fills in who says each point, as their documents were at a sequence. The places of those points whose document was not there
/// are handed back.
///
/// # Errors
/// If the server does not answer.
pub(crate) async fn tell_sources(
    client: &Client,
    points: &mut [&mut Point],
    at_sequence: i64,
) -> Result<Vec<usize>> {
    let documents: BTreeSet<String> =
        points.iter().filter(|point| !point.is_row()).map(|point| point.document.clone()).collect();
    let documents: Vec<String> = documents.into_iter().collect();
    let mut told: BTreeMap<String, View> = BTreeMap::new();
    for names in documents.chunks(AT_ONCE) {
        for record in client.batch_get_at(names, at_sequence).await? {
            let mut view = View::new(&record)?;
            // Of the text no more than the title is needed.
            let heading = view.heading().to_owned();
            view.document.title_bytes = u32::try_from(heading.len()).unwrap_or(0);
            view.document.text = heading;
            told.insert(view.name.clone(), view);
        }
    }
    let mut missing = Vec::new();
    for (index, point) in points.iter_mut().enumerate().filter(|(_, point)| !point.is_row()) {
        match told.get(&point.document) {
            Some(view) => point.told_by(view),
            None => missing.push(index),
        }
    }
    Ok(missing)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that fails here should say so")]
    use super::super::said::tests::value;
    use super::*;

    #[test]
    fn of_several_series_no_values_are_held() {
        let mut series = Series::new();
        add(&mut series, vec![value(2, "9600", "A"), value(1, "9500", "A"), value(3, "9700", "B")]).unwrap();
        let one = series.values().next().unwrap();
        let days = |period: &Option<Period>| period.as_ref().unwrap().start.clone();
        assert_eq!((one.claims, one.rows, one.points.len()), (3, 0, 3));
        assert_eq!((days(&one.first), days(&one.last)), ("2025-07-01".into(), "2025-07-03".into()));
        let row = Point { document: String::new(), series: "stock|mass|x".into(), ..value(1, "5", "C") };
        add(&mut series, vec![row]).unwrap();
        add(&mut series, vec![value(4, "9800", "A")]).unwrap();
        let counts: Vec<_> = series.values().map(|one| (one.claims, one.rows, one.points.len())).collect();
        assert_eq!(counts, [(4, 0, 0), (0, 1, 0)]);
    }

    #[test]
    fn one_series_is_bounded() {
        let mut series = Series::new();
        add(&mut series, vec![value(1, "5", "A"); MOST]).unwrap();
        let refused = add(&mut series, vec![value(1, "5", "A")]).unwrap_err().to_string();
        assert!(refused.contains("more than 200000 values fit") && refused.contains("--from"), "{refused}");
        assert!(refused.ends_with("--from and --to, or a --source"), "{refused}");
        // Of revisions who said them is not known yet.
        assert!(bounded(MOST, "").is_ok());
        assert!(bounded(MOST + 1, "").unwrap_err().to_string().ends_with("--from and --to"));
    }
}

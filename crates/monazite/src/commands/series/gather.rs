//! Values of series from the log.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use api::record::{Claim, Observation, Record};
use prost::Name as _;

use super::narrow::Narrow;
use super::point::Point;
use crate::grpc::{Client, Listed};
use crate::view::View;

/// Documents read at a time; their texts are not kept.
const AT_ONCE: usize = 500;

/// Kinds of records that are in series.
pub(crate) fn kinds() -> [String; 2] {
    [Claim::full_name(), Observation::full_name()]
}

/// What the records of the wanted series carry: the whole key where one was given.
pub(crate) fn keys(narrow: &Narrow) -> Vec<String> {
    narrow.key.iter().map(|key| format!("series={key}")).collect()
}

/// The points among records that are wanted by series and time.
///
/// # Errors
/// If a record's body is not what its kind says.
pub(crate) fn wanted(record: &Record, narrow: &Narrow) -> Result<Option<Point>> {
    let series = record.keys.iter().find_map(|key| key.strip_prefix("series="));
    if !series.is_some_and(|series| narrow.wants_series(series)) {
        return Ok(None);
    }
    Ok(Point::new(record)?.filter(|point| narrow.wants_time(point)))
}

/// All points of the wanted series, as of a sequence.
///
/// # Errors
/// If the server does not answer, or a record cannot be read.
pub(super) async fn points(client: &Client, narrow: &Narrow, at_sequence: i64) -> Result<Vec<Point>> {
    let mut points = Vec::new();
    for kind in &kinds() {
        let listed = Listed { kind, keys: keys(narrow), at_sequence, ..Default::default() };
        client
            .each(listed, async |records| {
                for record in &records {
                    points.extend(wanted(record, narrow)?);
                }
                Ok(true)
            })
            .await?;
    }
    Ok(points)
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

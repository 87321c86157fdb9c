//! Opening a log: its format, and the few rows that are kept in memory.

use std::ops::Bound;
use std::sync::Arc;

use bytes::Bytes;
use kv::{Batch, Kv, Pair, Range};
use prost::Message;

use crate::error::{Error, Result};
use crate::interns::Interns;
use crate::layout::{self, ConsumerRow, FORMAT, HeadRow, HorizonRow};
use crate::pack;
use crate::shared::{Head, Shared};

/// Rows that are removed at a time.
const WIPE_ROWS: usize = 2000;

/// Rows that are read at a time.
pub(crate) const SCAN_ROWS: usize = 1000;

/// Checks the format of a store, upgrades an older one, and clears away a restore that was cut off.
pub(crate) async fn prepare(kv: &Arc<dyn Kv>) -> Result<()> {
    let rows = kv.get(vec![layout::FORMAT_KEY, layout::RESTORING_KEY]).await?;
    let [format, restoring] =
        <[_; 2]>::try_from(rows).map_err(|_| Error::corrupt("a store answered less than asked"))?;
    match format {
        None => {
            let everything = Range { start: Bound::Unbounded, end: Bound::Unbounded, reverse: false };
            if !kv.scan(everything, 1).await?.is_empty() {
                return Err(Error::corrupt("the store holds rows, but none of a log"));
            }
            write_format(kv).await?;
        }
        Some(format) => {
            let found = format.as_ref().try_into().map(u32::from_be_bytes);
            let found = found.map_err(|_| Error::corrupt("the format version is no number"))?;
            upgrade(kv, found).await?;
        }
    }
    if restoring.is_some() {
        tracing::warn!("a restore was cut off: what it wrote is removed");
        wipe(kv.as_ref()).await?;
    }
    Ok(())
}

/// Brings an older store to the present format, step by step. Each step ends by writing its format version, and can be
/// run again if it was cut off.
async fn upgrade(kv: &Arc<dyn Kv>, found: u32) -> Result<()> {
    match found {
        FORMAT => Ok(()),
        found if found > FORMAT => Err(Error::NewerFormat { what: "the data folder", found, known: FORMAT }),
        // Format 1 is the first: there is no step yet.
        found => {
            let backend = kv.backend();
            Err(Error::corrupt(format!("the store ({backend}) has format {found}, which never was")))
        }
    }
}

async fn write_format(kv: &Arc<dyn Kv>) -> Result<()> {
    let format = Bytes::copy_from_slice(&FORMAT.to_be_bytes());
    let writes = vec![(layout::FORMAT_KEY, Some(format))];
    Ok(kv.commit(Batch { checks: Vec::new(), writes }).await?)
}

/// Removes everything but the format and the mark of a restore, then the mark.
pub(crate) async fn wipe(kv: &dyn Kv) -> Result<()> {
    let kept = [layout::FORMAT_KEY, layout::RESTORING_KEY];
    let mut pages = Pages::new(Range { start: Bound::Unbounded, end: Bound::Unbounded, reverse: false });
    loop {
        let page = pages.next(kv, WIPE_ROWS).await?;
        if page.is_empty() {
            break;
        }
        let doomed = page.into_iter().map(|(key, _)| key).filter(|key| !kept.contains(key));
        let writes = doomed.map(|key| (key, None)).collect();
        kv.commit(Batch { checks: Vec::new(), writes }).await?;
    }
    let writes = vec![(layout::RESTORING_KEY, None)];
    Ok(kv.commit(Batch { checks: Vec::new(), writes }).await?)
}

/// Reads a range page by page.
#[derive(Debug)]
pub(crate) struct Pages {
    range: Range,
    done: bool,
}

impl Pages {
    pub(crate) fn new(range: Range) -> Self {
        Self { range, done: false }
    }

    pub(crate) fn prefix(prefix: &[u8]) -> Self {
        Self::new(Range::prefix(prefix))
    }

    /// The next rows, at most `limit`; none at the end.
    pub(crate) async fn next(&mut self, kv: &dyn Kv, limit: usize) -> Result<Vec<Pair>> {
        if self.done {
            return Ok(Vec::new());
        }
        let page = kv.scan(self.range.clone(), limit).await?;
        self.done = page.len() < limit;
        if let Some((key, _)) = page.last() {
            let bound = Bound::Excluded(key.clone());
            if self.range.reverse {
                self.range.end = bound;
            } else {
                self.range.start = bound;
            }
        }
        Ok(page)
    }
}

impl Shared {
    /// Reads what is kept in memory; returns the head row as it is stored.
    pub(crate) async fn load(&self) -> Result<Option<Bytes>> {
        let kv = self.kv.as_ref();
        let mut rows = kv.get(vec![layout::HEAD_KEY, layout::HORIZON_KEY]).await?.into_iter();
        let head_row = rows.next().flatten();
        if let Some(row) = head_row.clone() {
            let row = HeadRow::decode(row).map_err(pack::damaged)?;
            let time = row.time.unwrap_or_default();
            self.head.send_replace(Head { sequence: row.head, time });
        }
        if let Some(row) = rows.next().flatten() {
            self.pins.set_horizon(HorizonRow::decode(row).map_err(pack::damaged)?.horizon);
        }
        *self.interns_mut() = Interns::load(kv).await?;
        let mut counts = Pages::prefix(b"q");
        loop {
            let page = counts.next(kv, SCAN_ROWS).await?;
            if page.is_empty() {
                break;
            }
            for (key, value) in page {
                let kind = key.get(1..).and_then(|id| id.try_into().ok()).map(u32::from_be_bytes);
                let count = value.as_ref().try_into().ok().map(i64::from_be_bytes);
                let (Some(kind), Some(count)) = (kind, count) else {
                    return Err(Error::corrupt("a count does not read"));
                };
                self.counts().insert(kind, count);
            }
        }
        let mut consumers = Pages::prefix(b"u");
        loop {
            let page = consumers.next(kv, SCAN_ROWS).await?;
            if page.is_empty() {
                break;
            }
            for (key, value) in page {
                let row = ConsumerRow::decode(value).map_err(pack::damaged)?;
                let name = String::from_utf8_lossy(&key[1..]).into_owned();
                self.pins.load_consumer(name, row.sequence, self.now());
            }
        }
        Ok(head_row)
    }
}

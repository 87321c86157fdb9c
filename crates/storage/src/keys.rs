//! Listing the keys that records carry, and the revisions that carried one.
//!
//! Both read the index by key, whose rows stay when a revision is superseded, until compaction removes them. Keys are found by
//! leaping: once one row of a key counts, its other rows are passed over.

use std::ops::Bound;

use api::storage::{
    ListKeysRequest, ListKeysResponse, ListRevisionsRequest, ListRevisionsResponse, Revision,
};
use bytes::{BufMut, Bytes, BytesMut};
use kv::Range;
use prost::Message;
use prost_types::Timestamp;

use crate::check;
use crate::config::limits;
use crate::error::{Error, Result};
use crate::layout::{self, IndexRow, LOCATOR_BYTES, Locator, Table};
use crate::list::{FIRST_ROWS, ROWS, fingerprint, page_size, read_token, write_token};
use crate::pack;
use crate::pins::Pin;
use crate::read::READ_BYTES;
use crate::{Storage, shared::Shared};

/// Where a list of keys goes on, and of which request.
#[derive(Clone, PartialEq, Message)]
struct KeyToken {
    #[prost(fixed64, tag = "1")]
    request: u64,
    #[prost(uint64, tag = "2")]
    sequence: u64,
    #[prost(uint64, tag = "3")]
    horizon: u64,
    #[prost(string, tag = "4")]
    after: String,
}

/// Where a list of revisions goes on, and of which request.
#[derive(Clone, PartialEq, Message)]
struct RevisionToken {
    #[prost(fixed64, tag = "1")]
    request: u64,
    #[prost(uint64, tag = "2")]
    sequence: u64,
    #[prost(uint64, tag = "3")]
    horizon: u64,
    #[prost(message, optional, tag = "4")]
    after: Option<Locator>,
}

/// Which rows of the index count.
struct Counted {
    /// The kind that is wanted; `None` for all.
    kind: Option<u32>,
    sequence: u64,
    /// Revisions that were superseded after this count too; with `sequence` here, only what stands there.
    horizon: u64,
    /// Keeps the rows that count, and their packs, from being compacted.
    _pin: Pin,
}

/// A row that counts.
struct Row {
    locator: Locator,
    /// Sequence at which it was superseded, as far as that is seen; zero: it stands.
    superseded: u64,
}

impl Counted {
    fn row(&self, key: &[u8], value: Bytes) -> Result<Option<Row>> {
        let row = IndexRow::decode(value).map_err(pack::damaged)?;
        let locator = Locator::of_key(key).ok_or_else(|| Error::corrupt("an index row has no locator"))?;
        let superseded = if row.superseded > self.sequence { 0 } else { row.superseded };
        let counts = locator.sequence <= self.sequence
            && (superseded == 0 || superseded > self.horizon)
            && self.kind.is_none_or(|kind| kind == row.kind);
        Ok(counts.then_some(Row { locator, superseded }))
    }
}

impl Storage {
    /// Lists keys.
    ///
    /// # Errors
    /// As the contract of `ListKeys` lists them.
    pub async fn list_keys(&self, mut request: ListKeysRequest) -> Result<ListKeysResponse> {
        check_prefix(&request.prefix)?;
        if request.delimiter.chars().count() > 1 {
            let message = "is more than one character".to_owned();
            return Err(Error::InvalidArgument { what: "delimiter", message });
        }
        let size = page_size(request.page_size, limits::ITEMS)?;
        let token = std::mem::take(&mut request.page_token);
        request.page_size = 0;
        let identity = fingerprint(&request);
        let token = if token.is_empty() { None } else { Some(read_token::<KeyToken>(&token)?) };
        if token.as_ref().is_some_and(|token| token.request != identity) {
            return Err(Error::InvalidPageToken);
        }
        let place = token.as_ref().map(|token| (token.sequence, token.horizon));
        let (sequence, horizon, pin) = self.span(request.at_sequence, request.superseded, place)?;
        let mut response =
            ListKeysResponse { read_sequence: sequence.cast_signed(), ..ListKeysResponse::default() };
        let Some(kind) = self.kind_id(&request.kind) else { return Ok(response) };
        let counted = Counted { kind, sequence, horizon, _pin: pin };
        let after = token.map(|token| token.after);
        let more = keys(&self.shared, &request, &counted, after, size, &mut response.keys).await?;
        if let Some(after) = response.keys.last().filter(|_| more) {
            let token = KeyToken { request: identity, sequence, horizon, after: after.clone() };
            response.next_page_token = write_token(&token);
            self.hold(horizon);
        }
        Ok(response)
    }

    /// Lists revisions.
    ///
    /// # Errors
    /// As the contract of `ListRevisions` lists them.
    pub async fn list_revisions(&self, mut request: ListRevisionsRequest) -> Result<ListRevisionsResponse> {
        check::check_key(&request.key).map_err(|message| Error::InvalidArgument { what: "key", message })?;
        let size = page_size(request.page_size, limits::DEFAULT_PAGE)?;
        let token = std::mem::take(&mut request.page_token);
        request.page_size = 0;
        let identity = fingerprint(&request);
        let token = if token.is_empty() { None } else { Some(read_token::<RevisionToken>(&token)?) };
        if token.as_ref().is_some_and(|token| token.request != identity) {
            return Err(Error::InvalidPageToken);
        }
        let place = token.as_ref().map(|token| (token.sequence, token.horizon));
        let (sequence, horizon, pin) = self.span(request.at_sequence, true, place)?;
        let mut response = ListRevisionsResponse {
            read_sequence: sequence.cast_signed(),
            horizon: horizon.cast_signed(),
            ..ListRevisionsResponse::default()
        };
        let Some(kind) = self.kind_id(&request.kind) else { return Ok(response) };
        let counted = Counted { kind, sequence, horizon, _pin: pin };
        let after = token.and_then(|token| token.after);
        let rows = rows(&self.shared, &request.key, &counted, after, size + 1).await?;
        let last = self.fill_revisions(&rows[..rows.len().min(size)], &mut response).await?;
        if let Some(after) = last.filter(|last| rows.last().is_some_and(|row| row.locator != *last)) {
            let token = RevisionToken { request: identity, sequence, horizon, after: Some(after) };
            response.next_page_token = write_token(&token);
            self.hold(horizon);
        }
        Ok(response)
    }

    /// The sequence to read at, the one after which what was superseded counts, and a pin on the lower one. Later pages are of the
    /// same place.
    fn span(&self, at: i64, superseded: bool, place: Option<(u64, u64)>) -> Result<(u64, u64, Pin)> {
        let read = match place {
            Some((sequence, _)) => sequence.cast_signed(),
            None => at,
        };
        let read = self.pin(read, "a list")?;
        let horizon = match place {
            Some((_, horizon)) => horizon,
            None if superseded => self.shared.pins.horizon(),
            None => read.sequence,
        };
        let sequence = read.sequence;
        let pin = if horizon < sequence { self.shared.pins.pin(horizon, "a list")? } else { read };
        Ok((sequence, horizon, pin))
    }

    /// Keeps what a page token leads to for a while.
    fn hold(&self, sequence: u64) {
        self.shared.pins.touch_token(sequence, self.shared.now(), self.shared.config.page_token_expiry);
    }

    /// The id of a kind, `None` within for all kinds; `None` if nothing of it was ever written.
    fn kind_id(&self, kind: &str) -> Option<Option<u32>> {
        if kind.is_empty() {
            return Some(None);
        }
        self.shared.interns().id(Table::Kinds, kind).map(Some)
    }

    /// Fills a page; returns the locator of its last revision.
    async fn fill_revisions(
        &self,
        rows: &[Row],
        response: &mut ListRevisionsResponse,
    ) -> Result<Option<Locator>> {
        let (mut bytes, mut last) = (0, None);
        let mut rest = rows;
        while !rest.is_empty() {
            let ids = rest.iter().map(|row| row.locator.pack_id());
            let packs = self.shared.packs_within(ids, READ_BYTES).await?;
            let mut read = 0;
            for row in rest {
                let Some(pack) = packs.get(&row.locator.pack_id()) else { break };
                let record = pack.record(row.locator)?;
                bytes += record.encoded_len();
                if bytes > limits::ANSWER_BYTES && last.is_some() {
                    return Ok(last);
                }
                response.revisions.push(Revision {
                    record: Some(record),
                    superseded_sequence: row.superseded.cast_signed(),
                    superseded_time: time_of(&self.shared, row.superseded).await?,
                    place: i64::from(row.locator.pack) << 32 | i64::from(row.locator.index),
                });
                last = Some(row.locator);
                read += 1;
            }
            rest = &rest[read..];
        }
        Ok(last)
    }
}

/// Checks that a prefix says at least which key is meant.
fn check_prefix(prefix: &str) -> Result<()> {
    let invalid = |message: String| Error::InvalidArgument { what: "prefix", message };
    if prefix.len() > limits::KEY_BYTES {
        return Err(invalid(format!("has {} bytes, where {} is the limit", prefix.len(), limits::KEY_BYTES)));
    }
    match prefix.split_once('=') {
        Some((name, _)) => check::check_key_name(name).map_err(invalid),
        None => Err(invalid(format!("`{prefix}` does not say the name of a key, as `{prefix}=` does"))),
    }
}

/// Collects up to `size` keys; true if there are more.
async fn keys(
    shared: &Shared,
    request: &ListKeysRequest,
    counted: &Counted,
    after: Option<String>,
    size: usize,
    found: &mut Vec<String>,
) -> Result<bool> {
    let scope = Scope { prefix: request.prefix.len(), delimiter: request.delimiter.chars().next() };
    let mut range = Range::prefix(&stored(request.prefix.as_bytes(), &[]));
    if let Some(after) = after {
        range.start = Bound::Included(scope.behind(&after));
    }
    let mut ask = FIRST_ROWS;
    loop {
        let pairs = shared.kv.scan(range.clone(), ask).await?;
        let done = pairs.len() < ask;
        let Some((last, _)) = pairs.last() else { return Ok(false) };
        range.start = Bound::Excluded(last.clone());
        let before = found.len();
        // The key that was found last, and whether the rows at hand end with it.
        let mut current: Option<String> = None;
        for (key, value) in pairs {
            let carried = carried(&key)?;
            if current.as_ref().is_some_and(|current| scope.is_within(carried, current)) {
                continue;
            }
            current = None;
            if counted.row(&key, value)?.is_none() {
                continue;
            }
            if found.len() == size {
                return Ok(true);
            }
            let cut = scope.cut(carried).to_owned();
            found.push(cut.clone());
            current = Some(cut);
        }
        if done {
            return Ok(false);
        }
        if let Some(current) = current {
            range.start = Bound::Included(scope.behind(&current));
        }
        // Where keys have few rows each, many rows are read at a time; else there is more to leap over than to read.
        ask = if (found.len() - before) * 2 > ask { ROWS } else { FIRST_ROWS };
    }
}

/// The key that a row of the index is of.
fn carried(row: &[u8]) -> Result<&str> {
    let key = row.len().checked_sub(LOCATOR_BYTES + 1).and_then(|end| row.get(1..end));
    key.and_then(|key| str::from_utf8(key).ok()).ok_or_else(|| Error::corrupt("an index row has no key"))
}

/// How keys are cut.
#[derive(Clone, Copy)]
struct Scope {
    /// Bytes of the prefix.
    prefix: usize,
    delimiter: Option<char>,
}

impl Scope {
    /// A key up to and with the first delimiter behind the prefix; all of it if there is none.
    fn cut(self, key: &str) -> &str {
        let rest = key.get(self.prefix..).unwrap_or_default();
        let end = self.delimiter.and_then(|mark| Some(self.prefix + rest.find(mark)? + mark.len_utf8()));
        end.and_then(|end| key.get(..end)).unwrap_or(key)
    }

    /// Whether what was found stands for all keys that begin with it.
    fn is_cut(self, found: &str) -> bool {
        found.len() > self.prefix && self.delimiter.is_some_and(|mark| found.ends_with(mark))
    }

    /// Whether a key is one that was found, or cut to it.
    fn is_within(self, key: &str, found: &str) -> bool {
        key == found || self.is_cut(found) && key.starts_with(found)
    }

    /// Where the rows of what was found end.
    fn behind(self, found: &str) -> Bytes {
        // Behind a key comes a zero, and no key has a control character; no UTF-8 has a byte 255.
        stored(found.as_bytes(), if self.is_cut(found) { &[0xff] } else { &[1] })
    }
}

fn stored(key: &[u8], more: &[u8]) -> Bytes {
    let mut bytes = BytesMut::with_capacity(key.len() + more.len() + 1);
    bytes.put_u8(layout::KEYED);
    bytes.put_slice(key);
    bytes.put_slice(more);
    bytes.freeze()
}

/// Up to `size` rows of a key.
async fn rows(
    shared: &Shared,
    key: &str,
    counted: &Counted,
    after: Option<Locator>,
    size: usize,
) -> Result<Vec<Row>> {
    let prefix = layout::keyed_prefix(key);
    let mut range = Range::prefix(&prefix);
    if let Some(after) = after {
        range.start = Bound::Excluded(layout::index_key(&prefix, after));
    }
    let (mut found, mut ask) = (Vec::new(), FIRST_ROWS);
    loop {
        let pairs = shared.kv.scan(range.clone(), ask).await?;
        let done = pairs.len() < ask;
        if let Some((last, _)) = pairs.last() {
            range.start = Bound::Excluded(last.clone());
        }
        for (key, value) in pairs {
            found.extend(counted.row(&key, value)?);
            if found.len() == size {
                return Ok(found);
            }
        }
        if done {
            return Ok(found);
        }
        ask = ROWS;
    }
}

/// Time of a commit; `None` for zero.
async fn time_of(shared: &Shared, sequence: u64) -> Result<Option<Timestamp>> {
    if sequence == 0 {
        return Ok(None);
    }
    let chunk = shared.kv.get(vec![layout::commit_key(sequence, 0)]).await?.pop().flatten();
    let chunk = chunk.ok_or_else(|| Error::corrupt(format!("commit {sequence} is missing")))?;
    // Field 1 of a `CommitRow` comes first: its tag, and a length that takes one byte. The row may go on in other chunks.
    let [0x0a, length, rest @ ..] = &chunk[..] else { return Ok(None) };
    let time = rest.get(..usize::from(*length)).ok_or_else(|| Error::corrupt("a commit has no time"))?;
    Timestamp::decode(time).map(Some).map_err(pack::damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(prefix: &str, delimiter: Option<char>) -> Scope {
        Scope { prefix: prefix.len(), delimiter }
    }

    #[test]
    fn a_key_is_cut_behind_the_first_delimiter_that_follows_the_prefix() {
        let cut = |key, prefix: &str, delimiter| scope(prefix, delimiter).cut(key);
        assert_eq!(cut("series=price|cu|LME", "series=", Some('|')), "series=price|");
        assert_eq!(cut("series=price|cu|LME", "series=price|", Some('|')), "series=price|cu|");
        assert_eq!(cut("series=price", "series=", Some('|')), "series=price");
        assert_eq!(cut("series=price|cu", "series=", None), "series=price|cu");
    }

    #[test]
    fn what_lies_behind_a_key_is_behind_all_its_rows_and_before_the_next() {
        let row = |key: &str| {
            let top = Locator { sequence: u64::MAX, pack: u32::MAX, index: u32::MAX };
            layout::index_key(&layout::keyed_prefix(key), top)
        };
        let whole = scope("a=", None).behind("a=b");
        assert!(whole > row("a=b") && whole < row("a=b c"));
        let cut = scope("a=", Some('|')).behind("a=b|");
        assert!(cut > row("a=b|𐍈") && cut < row("a=b}"));
        // Here the delimiter is the prefix's: the key is itself, and what follows are others.
        assert!(scope("a=b|", Some('|')).behind("a=b|") < row("a=b|c|"));
    }
}

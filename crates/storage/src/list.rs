//! Listing records in the order of their commits, page by page, all pages at one sequence.

use std::collections::VecDeque;
use std::ops::Bound;

use api::storage::{ListRequest, ListResponse};
use bytes::Bytes;
use kv::Range;
use prost::Message;
use prost_types::Timestamp;

use crate::Storage;
use crate::check;
use crate::config::limits;
use crate::error::{Error, Result};
use crate::layout::{self, IndexRow, Locator, Table};
use crate::mask::Mask;
use crate::pack;
use crate::read::READ_BYTES;
use crate::shared::{Shared, time_order};

/// Index rows that are read at first: most indexes have no more, and a store looks so few up without a way to another thread.
pub(crate) const FIRST_ROWS: usize = 16;

/// Index rows that are read at a time from then on.
pub(crate) const ROWS: usize = 256;

/// A live revision that an index leads to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    /// Where it lies.
    pub(crate) locator: Locator,
    /// Id of its kind.
    pub(crate) kind: u32,
}

/// Walks an index in the order of commits, over what is live as of a sequence.
#[derive(Debug)]
pub(crate) struct Cursor {
    prefix: Bytes,
    /// Kind of all rows, if the index is one by kind.
    kind: u32,
    sequence: u64,
    reverse: bool,
    start: Bound<Bytes>,
    end: Bound<Bytes>,
    rows: VecDeque<Found>,
    /// How many rows are read next.
    ask: usize,
    done: bool,
}

impl Cursor {
    /// A cursor over all rows of an index; `kind` is zero if the rows say it themselves.
    pub(crate) fn new(prefix: Bytes, kind: u32, sequence: u64, reverse: bool) -> Self {
        let Range { start, end, .. } = Range::prefix(&prefix);
        Self {
            prefix,
            kind,
            sequence,
            reverse,
            start,
            end,
            rows: VecDeque::new(),
            ask: FIRST_ROWS,
            done: false,
        }
    }

    /// Leaves out what comes before a locator, in the direction of the walk.
    fn seek(&mut self, locator: Locator, inclusive: bool) {
        let beyond = |found: &Found| {
            let order = if self.reverse { locator.cmp(&found.locator) } else { found.locator.cmp(&locator) };
            order.is_gt() || inclusive && order.is_eq()
        };
        while self.rows.front().is_some_and(|found| !beyond(found)) {
            self.rows.pop_front();
        }
        if self.rows.is_empty() && !self.done {
            let key = layout::index_key(&self.prefix, locator);
            let bound = if inclusive { Bound::Included(key) } else { Bound::Excluded(key) };
            if self.reverse {
                self.end = tighter(std::mem::replace(&mut self.end, Bound::Unbounded), bound, false);
            } else {
                self.start = tighter(std::mem::replace(&mut self.start, Bound::Unbounded), bound, true);
            }
        }
    }

    /// Reads no commit from `sequence` on.
    fn end_before(&mut self, sequence: u64) {
        let bound = Bound::Excluded(layout::index_key(&self.prefix, Locator { sequence, pack: 0, index: 0 }));
        self.end = tighter(std::mem::replace(&mut self.end, Bound::Unbounded), bound, false);
    }

    /// Reads no commit before `sequence`.
    fn start_at(&mut self, sequence: u64) {
        let bound = Bound::Included(layout::index_key(&self.prefix, Locator { sequence, pack: 0, index: 0 }));
        self.start = tighter(std::mem::replace(&mut self.start, Bound::Unbounded), bound, true);
    }

    /// The next live revision, without passing it.
    async fn peek(&mut self, shared: &Shared) -> Result<Option<Found>> {
        while self.rows.is_empty() && !self.done {
            let range = Range { start: self.start.clone(), end: self.end.clone(), reverse: self.reverse };
            let pairs = shared.kv.scan(range, self.ask).await?;
            self.done = pairs.len() < self.ask;
            self.ask = ROWS;
            if let Some((key, _)) = pairs.last() {
                let bound = Bound::Excluded(key.clone());
                if self.reverse {
                    self.end = bound;
                } else {
                    self.start = bound;
                }
            }
            for (key, value) in pairs {
                let row = IndexRow::decode(value).map_err(pack::damaged)?;
                let locator =
                    Locator::of_key(&key).ok_or_else(|| Error::corrupt("an index row has no locator"))?;
                let superseded = row.superseded != 0 && row.superseded <= self.sequence;
                if locator.sequence <= self.sequence && !superseded {
                    let kind = if self.kind == 0 { row.kind } else { self.kind };
                    self.rows.push_back(Found { locator, kind });
                }
            }
        }
        Ok(self.rows.front().copied())
    }

    /// The next live revision.
    pub(crate) async fn next(&mut self, shared: &Shared) -> Result<Option<Found>> {
        let found = self.peek(shared).await?;
        self.rows.pop_front();
        Ok(found)
    }

    /// Time of the first commit at or after a sequence that the index leads to, live or not.
    async fn time_from(&self, shared: &Shared, sequence: u64) -> Result<Option<(u64, Timestamp)>> {
        let key = layout::index_key(&self.prefix, Locator { sequence, pack: 0, index: 0 });
        let range =
            Range { start: Bound::Included(key), end: Range::prefix(&self.prefix).end, reverse: false };
        let Some((key, _)) = shared.kv.scan(range, 1).await?.pop() else { return Ok(None) };
        let locator = Locator::of_key(&key).ok_or_else(|| Error::corrupt("an index row has no locator"))?;
        let chunk = shared.kv.get(vec![layout::chunk_key(locator.pack_id(), 0)]).await?.pop().flatten();
        match chunk {
            Some(chunk) => Ok(Some((locator.sequence, pack::header(&chunk)?.time))),
            // Compaction is about to remove the row as well: it was not live at any sequence that can be read.
            None => Ok(Some((locator.sequence, Timestamp { seconds: i64::MIN, nanos: 0 }))),
        }
    }

    /// The first sequence of the index at which the commit time is not below `time`: times never go back, so that
    /// halving finds it.
    async fn sequence_at(&self, shared: &Shared, time: &Timestamp) -> Result<u64> {
        let (mut low, mut high) = (0, self.sequence + 1);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.time_from(shared, middle).await? {
                Some((sequence, found)) if time_order(&found) < time_order(time) => {
                    low = sequence.max(middle) + 1
                }
                _ => high = middle,
            }
        }
        Ok(low)
    }
}

/// The narrower of two bounds at the same end; keys are compared, and an excluded one is narrower.
fn tighter(a: Bound<Bytes>, b: Bound<Bytes>, start: bool) -> Bound<Bytes> {
    let key = |bound: &Bound<Bytes>| match bound {
        Bound::Included(key) => Some((key.clone(), !start)),
        Bound::Excluded(key) => Some((key.clone(), start)),
        Bound::Unbounded => None,
    };
    match (key(&a), key(&b)) {
        (None, _) => b,
        (_, None) => a,
        (Some(first), Some(second)) => {
            if (first >= second) == start {
                a
            } else {
                b
            }
        }
    }
}

/// Where a list goes on, and of which request.
#[derive(Clone, PartialEq, Message)]
struct Token {
    #[prost(fixed64, tag = "1")]
    request: u64,
    #[prost(uint64, tag = "2")]
    sequence: u64,
    #[prost(message, optional, tag = "3")]
    after: Option<Locator>,
}

/// A number that tells requests apart by all but their page.
pub(crate) fn fingerprint(request: &impl Message) -> u64 {
    let hash = blake3::hash(&request.encode_to_vec());
    hash.as_bytes().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Writes a token as text.
pub(crate) fn write_token(token: &impl Message) -> String {
    token.encode_to_vec().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads a token from text.
pub(crate) fn read_token<T: Message + Default>(text: &str) -> Result<T> {
    let digit = |byte: u8| (byte as char).to_digit(16);
    let bytes: Option<Vec<u8>> = text
        .as_bytes()
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => u8::try_from(digit(*high)? << 4 | digit(*low)?).ok(),
            _ => None,
        })
        .collect();
    T::decode(bytes.ok_or(Error::InvalidPageToken)?.as_slice()).map_err(|_| Error::InvalidPageToken)
}

/// The number of items on a page.
pub(crate) fn page_size(asked: i32, default: usize) -> Result<usize> {
    match usize::try_from(asked) {
        Ok(0) => Ok(default),
        Ok(size) => Ok(size.min(limits::ITEMS)),
        Err(_) => Err(Error::InvalidArgument { what: "page_size", message: "is negative".to_owned() }),
    }
}

impl Storage {
    /// Lists records in the order of their commits.
    ///
    /// # Errors
    /// As the contract of `List` lists them.
    pub async fn list(&self, mut request: ListRequest) -> Result<ListResponse> {
        check::too_many("keys", request.keys.len(), limits::LIST_KEYS)?;
        if let Some(message) = request.keys.iter().find_map(|key| check::check_key(key).err()) {
            return Err(Error::InvalidArgument { what: "keys", message });
        }
        let size = page_size(request.page_size, limits::DEFAULT_PAGE)?;
        let mask = Mask::new(request.read_mask.as_ref())?;
        let token = std::mem::take(&mut request.page_token);
        request.page_size = 0;
        let identity = fingerprint(&request);
        let token = if token.is_empty() { None } else { Some(read_token::<Token>(&token)?) };
        if token.as_ref().is_some_and(|token| token.request != identity) {
            return Err(Error::InvalidPageToken);
        }
        let pin = match &token {
            Some(token) => self.pin(token.sequence.cast_signed(), "a list")?,
            None => self.pin(request.at_sequence, "a list")?,
        };
        let mut walk = Walk::new(self, &request, pin.sequence).await?;
        if let Some(after) = token.and_then(|token| token.after) {
            walk.skip_to(after);
        }
        let mut response =
            ListResponse { read_sequence: pin.sequence.cast_signed(), ..ListResponse::default() };
        let last = self.fill(&mut response, &mut walk, size, mask).await?;
        if let Some(after) = last {
            let token = Token { request: identity, sequence: pin.sequence, after: Some(after) };
            response.next_page_token = write_token(&token);
            self.shared.pins.touch_token(
                pin.sequence,
                self.shared.now(),
                self.shared.config.page_token_expiry,
            );
        }
        Ok(response)
    }

    /// Fills a page; returns its last locator if there is more.
    async fn fill(
        &self,
        response: &mut ListResponse,
        walk: &mut Walk,
        size: usize,
        mask: Mask,
    ) -> Result<Option<Locator>> {
        let mut locators = Vec::with_capacity(size);
        while locators.len() <= size {
            let Some(found) = walk.next(&self.shared).await? else { break };
            locators.push(found.locator);
        }
        let more = locators.len() > size;
        locators.truncate(size);
        let mut last = None;
        let mut bytes = 0;
        let mut rest = locators.as_slice();
        while !rest.is_empty() {
            let packs = self.shared.packs_within(rest.iter().map(|at| at.pack_id()), READ_BYTES).await?;
            let mut read = 0;
            for locator in rest {
                let Some(pack) = packs.get(&locator.pack_id()) else { break };
                let record = mask.apply(pack.record(*locator)?);
                bytes += record.encoded_len();
                if bytes > limits::ANSWER_BYTES && last.is_some() {
                    return Ok(last);
                }
                response.records.push(record);
                last = Some(*locator);
                read += 1;
            }
            rest = &rest[read..];
        }
        Ok(last.filter(|_| more))
    }
}

/// What a list walks over.
enum Walk {
    /// All of these must lead to a revision, which is of this kind unless that is zero.
    All { cursors: Vec<Cursor>, kind: u32, reverse: bool },
    /// Any of these may.
    Any { cursors: Vec<Cursor>, reverse: bool },
}

impl Walk {
    async fn new(storage: &Storage, request: &ListRequest, sequence: u64) -> Result<Self> {
        let reverse = request.newest_first;
        let kinds = {
            let interns = storage.shared.interns();
            match interns.id(Table::Kinds, &request.kind) {
                Some(0) => interns.sorted(Table::Kinds).into_iter().map(|(_, id)| id).collect(),
                Some(id) => vec![id],
                // Nothing of this kind was ever written.
                None => return Ok(Self::Any { cursors: Vec::new(), reverse }),
            }
        };
        let mut walk = if request.keys.is_empty() {
            let cursor = |kind: u32| Cursor::new(layout::kind_prefix(kind), kind, sequence, reverse);
            Self::Any { cursors: kinds.into_iter().map(cursor).collect(), reverse }
        } else {
            let cursor = |key: &String| Cursor::new(layout::keyed_prefix(key), 0, sequence, reverse);
            let kind = if request.kind.is_empty() { 0 } else { kinds[0] };
            Self::All { cursors: request.keys.iter().map(cursor).collect(), kind, reverse }
        };
        for cursor in walk.cursors() {
            if let Some(from) = &request.commit_time_from {
                let first = cursor.sequence_at(&storage.shared, from).await?;
                cursor.start_at(first);
            }
            if let Some(to) = &request.commit_time_to {
                let end = cursor.sequence_at(&storage.shared, to).await?;
                cursor.end_before(end);
            }
        }
        Ok(walk)
    }

    fn cursors(&mut self) -> &mut Vec<Cursor> {
        match self {
            Self::All { cursors, .. } | Self::Any { cursors, .. } => cursors,
        }
    }

    fn skip_to(&mut self, after: Locator) {
        for cursor in self.cursors() {
            cursor.seek(after, false);
        }
    }

    async fn next(&mut self, shared: &Shared) -> Result<Option<Found>> {
        match self {
            Self::Any { cursors, reverse } => {
                let mut first: Option<(usize, Found)> = None;
                for (index, cursor) in cursors.iter_mut().enumerate() {
                    let Some(found) = cursor.peek(shared).await? else { continue };
                    let better = first.is_none_or(|(_, best)| (found.locator < best.locator) != *reverse);
                    if better {
                        first = Some((index, found));
                    }
                }
                match first {
                    Some((index, _)) => cursors[index].next(shared).await,
                    None => Ok(None),
                }
            }
            Self::All { cursors, kind, reverse } => loop {
                let Some(found) = common(cursors, *reverse, shared).await? else { return Ok(None) };
                if *kind == 0 || found.kind == *kind {
                    return Ok(Some(found));
                }
            },
        }
    }
}

/// The next revision that all indexes lead to: each that is behind leaps to the one that is furthest.
async fn common(cursors: &mut [Cursor], reverse: bool, shared: &Shared) -> Result<Option<Found>> {
    loop {
        let mut furthest: Option<Found> = None;
        let mut agree = true;
        for cursor in cursors.iter_mut() {
            let Some(found) = cursor.peek(shared).await? else { return Ok(None) };
            match furthest {
                Some(known) if known.locator != found.locator => {
                    agree = false;
                    if (found.locator > known.locator) != reverse {
                        furthest = Some(found);
                    }
                }
                _ => furthest = Some(found),
            }
        }
        let Some(target) = furthest else { return Ok(None) };
        for cursor in cursors.iter_mut() {
            if agree {
                cursor.next(shared).await?;
            } else {
                cursor.seek(target.locator, true);
            }
        }
        if agree {
            return Ok(Some(target));
        }
    }
}

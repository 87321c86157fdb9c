//! Compaction: forgets revisions that were superseded, as far as nothing needs them.
//!
//! First the horizon is raised and stored, so that reads below it are refused; then the commits up to there are swept
//! one by one. How far the sweep has come is stored with each step, so that it can go on after a crash.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

use api::record::Document;
use api::storage::{CompactRequest, CompactResponse};
use bytes::Bytes;
use kv::Range;
use prost::{Message, Name};

use crate::error::{Error, Result};
use crate::layout::{self, ChangeRow, CommitRow, DerivationRow, HorizonRow, Locator, NameRow, PackId, Table};
use crate::open::{Pages, SCAN_ROWS};
use crate::pack::{self, Envelope};
use crate::plan::{group_basis, name_basis};
use crate::rows::index_rows;
use crate::{Storage, Writes, feed};

/// Rows that one step of the sweep removes, about.
const STEP_ROWS: usize = 2000;

impl Storage {
    /// Forgets superseded revisions. While a backup or another compaction runs, nothing is done.
    ///
    /// # Errors
    /// As the contract of `Compact` lists them.
    pub async fn compact(&self, request: CompactRequest) -> Result<CompactResponse> {
        let head = self.shared.head();
        let target = match request.up_to_sequence {
            0 => head,
            given => u64::try_from(given)
                .ok()
                .filter(|target| *target <= head)
                .ok_or(Error::NotYet { sequence: given, head })?,
        };
        let Ok(_exclusive) = self.exclusive.try_lock() else {
            let held_back_by = "a backup or another compaction, which is running".to_owned();
            return Ok(CompactResponse { horizon: self.horizon(), revisions: 0, held_back_by });
        };
        let mut revisions = self.finish_sweep().await?;
        let before = self.shared.pins.horizon();
        let (bound, _) = self.shared.pins.bound(target, self.shared.now(), self.shared.ages());
        let cited = self.cited(before, bound).await?;
        let target_cited = cited.as_ref().map_or(target, |(bound, _)| *bound);
        let (horizon, mut held) = self.shared.pins.raise(target_cited, self.shared.now(), self.shared.ages());
        if held.is_empty()
            && let Some((_, why)) = cited
        {
            held = why;
        }
        if horizon > before {
            let row = HorizonRow { horizon, swept: before };
            let writes = vec![(layout::HORIZON_KEY, Some(row.encode_to_vec().into()))];
            if let Err(error) = self.write_raw(self.shared.head(), Vec::new(), writes).await {
                self.shared.pins.set_horizon(before);
                return Err(error);
            }
            revisions += self.sweep(row).await?;
        }
        Ok(CompactResponse {
            horizon: self.horizon(),
            revisions: revisions.cast_signed(),
            held_back_by: held,
        })
    }

    /// Ends a sweep that was cut off; returns how many revisions it removed.
    pub(crate) async fn finish_sweep(&self) -> Result<u64> {
        let row = self.shared.rows::<HorizonRow>(vec![layout::HORIZON_KEY]).await?.pop().flatten();
        match row {
            Some(row) if row.swept < row.horizon => self.sweep(row).await,
            _ => Ok(0),
        }
    }

    /// The first place up to `bound` where a document that a live record cites was superseded: the horizon must stay
    /// below, so that what was cited can be read.
    async fn cited(&self, horizon: u64, bound: u64) -> Result<Option<(u64, String)>> {
        let document = self.shared.interns().id(Table::Kinds, &Document::full_name());
        let Some(document) = document else { return Ok(None) };
        let mut commits = Commits::new(horizon, bound);
        while let Some((sequence, commit)) = commits.next(self).await? {
            for change in &commit.changes {
                let kind = if change.previous_kind == 0 { change.kind } else { change.previous_kind };
                let Some(previous) = change.previous.filter(|_| kind == document) else { continue };
                let name = self.shared.pack_of(previous).await?.envelope(previous)?.name;
                if let Some(by) = self.citing(&name, previous.sequence, sequence).await? {
                    let why = format!("`{name}` of sequence {}, which `{by}` cites", previous.sequence);
                    return Ok(Some((sequence - 1, why)));
                }
            }
        }
        Ok(None)
    }

    /// A live record that was written while a revision of a document stood, cites it, and was not looked at since.
    async fn citing(&self, document: &str, from: u64, to: u64) -> Result<Option<String>> {
        for prefix in [layout::keyed_prefix(&format!("document={document}")), layout::citing_prefix(document)]
        {
            let at = |sequence| layout::index_key(&prefix, Locator { sequence, pack: 0, index: 0 });
            let range =
                Range { start: Bound::Included(at(from)), end: Bound::Excluded(at(to)), reverse: false };
            let mut pages = Pages::new(range);
            loop {
                let page = pages.next(self.shared.kv.as_ref(), SCAN_ROWS).await?;
                if page.is_empty() {
                    break;
                }
                for (key, value) in page {
                    let row = layout::IndexRow::decode(value).map_err(pack::damaged)?;
                    let Some(locator) = Locator::of_key(&key).filter(|_| row.superseded == 0) else {
                        continue;
                    };
                    let pack = self.shared.pack_of(locator).await?;
                    let envelope = pack.envelope(locator)?;
                    let cites = envelope.citations.iter().any(|cited| cited.document == document);
                    if cites && !self.read_again(&pack.body.analyzer, &pack.body.group, to).await? {
                        return Ok(Some(envelope.name));
                    }
                }
            }
        }
        Ok(None)
    }

    /// True if a group was derived again from what stood at a sequence or later: its citations were checked then.
    async fn read_again(&self, analyzer: &str, group: &str, sequence: u64) -> Result<bool> {
        let Some(analyzer) = self.shared.interns().id(Table::Analyzers, analyzer).filter(|id| *id != 0)
        else {
            return Ok(false);
        };
        let rows = self.shared.rows::<DerivationRow>(vec![layout::derivation_key(analyzer, group)]).await?;
        Ok(rows.into_iter().flatten().any(|row| row.read_sequence >= sequence))
    }

    async fn sweep(&self, mut row: HorizonRow) -> Result<u64> {
        let mut revisions = 0;
        let mut commits = Commits::new(row.swept, row.horizon);
        let mut ready = commits.next(self).await?;
        while row.swept < row.horizon {
            let mut step = Vec::new();
            let mut changes = 0;
            while let Some((sequence, commit)) = ready.take() {
                changes += commit.changes.len() + 1;
                step.push((sequence, commit));
                ready = commits.next(self).await?;
                if changes * 4 > STEP_ROWS {
                    break;
                }
            }
            row.swept =
                if ready.is_some() { step.last().map_or(row.swept, |(at, _)| *at) } else { row.horizon };
            loop {
                let head = self.shared.head();
                let mut sweep = Sweep::default();
                for (sequence, commit) in &step {
                    sweep.commit(self, *sequence, commit).await?;
                }
                let (basis, writes, forgotten) = sweep.finish(&row);
                if self.write_raw(head, basis, writes).await? {
                    revisions += forgotten;
                    break;
                }
                // A name came back while its tombstone was about to be removed: look again.
            }
        }
        Ok(revisions)
    }
}

/// Commits in a range of sequences, one by one.
pub(crate) struct Commits {
    range: Range,
    ready: std::collections::VecDeque<(u64, CommitRow)>,
    more: bool,
}

impl Commits {
    /// Commits after `after` up to `last`.
    pub(crate) fn new(after: u64, last: u64) -> Self {
        let start = Bound::Included(layout::commit_key(after + 1, 0));
        let end = Bound::Included(layout::commit_key(last, u16::MAX));
        Self { range: Range { start, end, reverse: false }, ready: Default::default(), more: last > after }
    }

    /// The next commit.
    pub(crate) async fn next(&mut self, storage: &Storage) -> Result<Option<(u64, CommitRow)>> {
        while self.ready.is_empty() && self.more {
            let (commits, more) = feed::read_commits(&storage.shared, &mut self.range).await?;
            self.ready.extend(commits);
            self.more = more;
        }
        Ok(self.ready.pop_front())
    }
}

/// One step of a sweep.
#[derive(Default)]
struct Sweep {
    basis: Vec<(Bytes, u64)>,
    writes: Writes,
    /// Packs of which something is forgotten: which records, and how many there are and chunks.
    packs: BTreeMap<PackId, Forgotten>,
    names: HashMap<String, Option<NameRow>>,
    revisions: u64,
}

struct Forgotten {
    bitmap: Vec<u8>,
    records: usize,
    chunks: u16,
}

impl Forgotten {
    async fn load(storage: &Storage, locator: Locator) -> Result<Self> {
        let id = locator.pack_id();
        let rows = storage.shared.kv.get(vec![layout::forgotten_key(id), layout::chunk_key(id, 0)]).await?;
        let [bitmap, chunk] = <[_; 2]>::try_from(rows).map_err(|_| Error::corrupt("too few rows"))?;
        let chunk = chunk.ok_or_else(|| Error::corrupt(format!("pack {id:?} is missing")))?;
        let records = storage.shared.pack_of(locator).await?.body.records.len();
        let bitmap = bitmap.map_or_else(|| vec![0; records.div_ceil(8)], |bitmap| bitmap.to_vec());
        Ok(Self { bitmap, records, chunks: pack::header(&chunk)?.chunks })
    }
}

impl Sweep {
    async fn commit(&mut self, storage: &Storage, sequence: u64, commit: &CommitRow) -> Result<()> {
        for change in &commit.changes {
            if let Some(previous) = change.previous {
                let envelope = storage.shared.pack_of(previous).await?.envelope(previous)?;
                self.revision(change, previous, &envelope);
                self.forget(storage, previous).await?;
                if change.deleted {
                    self.tombstone(storage, &envelope.name, sequence).await?;
                }
            }
        }
        for withdrawn in &commit.withdrawn {
            let key = layout::derivation_key(withdrawn.analyzer, &withdrawn.group);
            let row = storage.shared.rows::<DerivationRow>(vec![key.clone()]).await?.pop().flatten();
            if row.is_some_and(|row| row.sequence == sequence && row.withdrawn()) {
                let analyzer = storage.shared.interns().text(Table::Analyzers, withdrawn.analyzer);
                self.basis.push((group_basis(&analyzer, &withdrawn.group), sequence));
                self.writes.push((key, None));
            }
        }
        let mut chunks = 0;
        loop {
            self.writes.push((layout::commit_key(sequence, chunks), None));
            chunks += 1;
            if usize::from(chunks) * kv::MAX_VALUE > commit.encoded_len() {
                break;
            }
        }
        Ok(())
    }

    fn revision(&mut self, change: &ChangeRow, previous: Locator, envelope: &Envelope) {
        let kind = if change.previous_kind == 0 { change.kind } else { change.previous_kind };
        let Locator { sequence, pack, index } = previous;
        let row = NameRow { sequence, pack, index, kind, ..NameRow::default() };
        let mut rows = Vec::new();
        index_rows(&row, &envelope.keys, &envelope.unkeyed_documents(), 0, &mut rows);
        self.writes.extend(rows.into_iter().map(|(key, _)| (key, None)));
        self.writes.push((layout::history_key(&envelope.name, sequence), None));
        self.revisions += 1;
    }

    async fn forget(&mut self, storage: &Storage, locator: Locator) -> Result<()> {
        let id = locator.pack_id();
        let pack = match self.packs.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(Forgotten::load(storage, locator).await?),
        };
        if let Some(byte) = pack.bitmap.get_mut(locator.index as usize / 8) {
            *byte |= 1 << (locator.index % 8);
        }
        Ok(())
    }

    async fn tombstone(&mut self, storage: &Storage, name: &str, sequence: u64) -> Result<()> {
        if !self.names.contains_key(name) {
            let row = storage.shared.latest(std::iter::once(name)).await?.pop().flatten();
            self.names.insert(name.to_owned(), row);
        }
        match self.names.get(name).and_then(Option::as_ref) {
            Some(row) if row.sequence == sequence => {
                self.basis.push((name_basis(name), sequence));
                self.writes.push((layout::name_key(name), None));
            }
            _ => self.writes.push((layout::history_key(name, sequence), None)),
        }
        Ok(())
    }

    fn finish(mut self, row: &HorizonRow) -> (Vec<(Bytes, u64)>, Writes, u64) {
        for (id, pack) in self.packs {
            let forgotten: usize = pack.bitmap.iter().map(|byte| byte.count_ones() as usize).sum();
            if forgotten < pack.records {
                self.writes.push((layout::forgotten_key(id), Some(pack.bitmap.into())));
                continue;
            }
            self.writes.push((layout::forgotten_key(id), None));
            self.writes.extend((0..pack.chunks).map(|chunk| (layout::chunk_key(id, chunk), None)));
        }
        self.writes.push((layout::HORIZON_KEY, Some(row.encode_to_vec().into())));
        (self.basis, self.writes, self.revisions)
    }
}

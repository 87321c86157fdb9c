//! From what is to change to the rows that say it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use bytes::Bytes;
use prost::Message;
use prost_types::Timestamp;

use crate::interns::Interns;
use crate::layout::{
    self, ChangeRow, CommitRow, DerivationRow, GroupRow, IndexRow, Locator, NameRow, PackId, PartRow, Table,
};
use crate::pack::Pack;
use crate::plan::{self, Effects, GroupWrite, Previous, Write};

/// The rows of one batch, which may hold several commits.
pub(crate) struct Rows {
    time: Timestamp,
    /// The last sequence given out.
    pub(crate) head: u64,
    /// True while a backup is open, which needs derivations as they were.
    backup: bool,
    pub(crate) writes: Vec<(Bytes, Option<Bytes>)>,
    pub(crate) packs: Vec<(PackId, Arc<Pack>)>,
    /// By how much the live records of each kind change.
    pub(crate) counts: BTreeMap<u32, i64>,
    /// What was changed, as keys of a basis, and at which sequence.
    pub(crate) touched: HashMap<Bytes, u64>,
    /// The commit of the last sequence, which an import may still join.
    open: Option<Open>,
}

struct Open {
    row: CommitRow,
    packs: u32,
    import: bool,
}

impl Rows {
    /// No rows yet; the first commit will be after `head`.
    pub(crate) fn new(head: u64, time: Timestamp, backup: bool) -> Self {
        Self {
            time,
            head,
            backup,
            writes: Vec::new(),
            packs: Vec::new(),
            counts: BTreeMap::new(),
            touched: HashMap::new(),
            open: None,
        }
    }

    /// Time of the commits.
    pub(crate) fn time(&self) -> Timestamp {
        self.time
    }

    /// Adds what a request changes, at a sequence of its own or, for imports, at the one before; returns it.
    pub(crate) fn add(&mut self, effects: Effects, import: bool, interns: &mut Interns) -> u64 {
        let joins = import && self.open.as_ref().is_some_and(|open| open.import);
        if !joins {
            self.close();
            self.head += 1;
        }
        let row = CommitRow { time: Some(self.time), ..CommitRow::default() };
        let mut open = self.open.take().unwrap_or(Open { row, packs: 0, import });
        let sequence = self.head;
        let first_pack = open.packs;
        for sealed in effects.packs {
            let id = (sequence, open.packs);
            open.packs += 1;
            let (chunks, pack) = sealed.finish(self.time);
            for (number, chunk) in (0u16..).zip(chunks) {
                self.writes.push((layout::chunk_key(id, number), Some(chunk)));
            }
            self.packs.push((id, Arc::new(pack)));
        }
        for write in effects.writes {
            let change = self.write(sequence, first_pack, &write, interns);
            open.row.changes.push(change);
        }
        for (name, previous) in effects.deletes {
            open.row.changes.push(self.delete(sequence, &name, &previous));
        }
        for group in effects.groups {
            let withdrawn = self.derive(sequence, first_pack, group, interns);
            open.row.withdrawn.extend(withdrawn);
        }
        self.open = Some(open);
        sequence
    }

    /// Writes the row of the last commit.
    pub(crate) fn close(&mut self) {
        if let Some(open) = self.open.take() {
            commit_rows(self.head, &open.row, &mut self.writes);
        }
    }

    fn write(&mut self, sequence: u64, first_pack: u32, write: &Write, interns: &mut Interns) -> ChangeRow {
        let row = NameRow {
            sequence,
            pack: first_pack + write.pack,
            index: write.index,
            kind: interns.intern(Table::Kinds, &write.kind),
            analyzer: interns.intern(Table::Analyzers, &write.analyzer),
            hash: write.hash.clone(),
            deleted: false,
        };
        if let Some(previous) = &write.previous {
            self.supersede(sequence, &write.name, previous);
        }
        if let Some(tombstone) = &write.tombstone {
            let key = layout::history_key(&write.name, tombstone.sequence);
            self.writes.push((key, Some(tombstone.encode_to_vec().into())));
        }
        index_rows(&row, &write.keys, &write.unkeyed, 0, &mut self.writes);
        self.writes.push((layout::name_key(&write.name), Some(row.encode_to_vec().into())));
        *self.counts.entry(row.kind).or_default() += 1;
        self.touched.insert(plan::name_basis(&write.name), sequence);
        let before = write.previous.as_ref().map_or(row.kind, |previous| previous.row.kind);
        ChangeRow {
            pack: row.pack,
            index: row.index,
            kind: row.kind,
            analyzer: row.analyzer,
            previous: write.previous.as_ref().map(|previous| previous.row.locator()),
            previous_kind: if before == row.kind { 0 } else { before },
            deleted: false,
            tombstone: write.tombstone.as_ref().map_or(0, |tombstone| tombstone.sequence),
        }
    }

    fn delete(&mut self, sequence: u64, name: &str, previous: &Previous) -> ChangeRow {
        self.supersede(sequence, name, previous);
        let tombstone = NameRow { sequence, deleted: true, ..NameRow::default() };
        self.writes.push((layout::name_key(name), Some(tombstone.encode_to_vec().into())));
        self.touched.insert(plan::name_basis(name), sequence);
        ChangeRow {
            kind: previous.row.kind,
            analyzer: previous.row.analyzer,
            previous: Some(previous.row.locator()),
            deleted: true,
            ..ChangeRow::default()
        }
    }

    fn supersede(&mut self, sequence: u64, name: &str, previous: &Previous) {
        let row = &previous.row;
        index_rows(row, &previous.keys, &previous.unkeyed, sequence, &mut self.writes);
        self.writes.push((layout::history_key(name, row.sequence), Some(row.encode_to_vec().into())));
        *self.counts.entry(row.kind).or_default() -= 1;
    }

    fn derive(
        &mut self,
        sequence: u64,
        first_pack: u32,
        write: GroupWrite,
        interns: &mut Interns,
    ) -> Option<GroupRow> {
        let analyzer = interns.intern(Table::Analyzers, &write.analyzer);
        let written =
            write.written.iter().map(|&(pack, index)| Locator { sequence, pack: first_pack + pack, index });
        let row = DerivationRow {
            sequence,
            provenance: interns.intern(Table::Provenances, &write.provenance),
            read_sequence: write.read_sequence,
            input_count: write.input_count,
            input_hash: write.input_hash,
            parts: parts(write.kept.iter().copied().chain(written)),
        };
        let key = layout::derivation_key(analyzer, &write.group);
        if let Some(base) = write.base.filter(|_| self.backup) {
            let old = layout::old_derivation_key(&key, base.sequence);
            self.writes.push((old, Some(base.encode_to_vec().into())));
        }
        self.writes.push((key, Some(row.encode_to_vec().into())));
        self.touched.insert(plan::group_basis(&write.analyzer, &write.group), sequence);
        row.withdrawn().then_some(GroupRow { analyzer, group: write.group })
    }
}

/// Rows by which a revision is found, but for its name; `superseded` is zero while it is live.
pub(crate) fn index_rows(
    row: &NameRow,
    keys: &[String],
    unkeyed: &[String],
    superseded: u64,
    writes: &mut Vec<(Bytes, Option<Bytes>)>,
) {
    let locator = row.locator();
    let by_kind = IndexRow { kind: 0, superseded }.encode_to_vec();
    writes.push((layout::index_key(&layout::kind_prefix(row.kind), locator), Some(by_kind.into())));
    let value = Bytes::from(IndexRow { kind: row.kind, superseded }.encode_to_vec());
    let keyed = keys.iter().map(|key| layout::keyed_prefix(key));
    let citing = unkeyed.iter().map(|document| layout::citing_prefix(document));
    for prefix in keyed.chain(citing) {
        writes.push((layout::index_key(&prefix, locator), Some(value.clone())));
    }
}

/// The rows of a commit, unless it changed no record.
pub(crate) fn commit_rows(sequence: u64, row: &CommitRow, writes: &mut Vec<(Bytes, Option<Bytes>)>) {
    if row.changes.is_empty() && row.withdrawn.is_empty() {
        return;
    }
    let mut rest = Bytes::from(row.encode_to_vec());
    for chunk in 0u16.. {
        let value = rest.split_to(rest.len().min(kv::MAX_VALUE));
        writes.push((layout::commit_key(sequence, chunk), Some(value)));
        if rest.is_empty() {
            break;
        }
    }
}

/// Locators, gathered by pack.
pub(crate) fn parts(locators: impl Iterator<Item = Locator>) -> Vec<PartRow> {
    let mut packs: BTreeMap<PackId, Vec<u32>> = BTreeMap::new();
    for locator in locators {
        packs.entry(locator.pack_id()).or_default().push(locator.index);
    }
    packs.into_iter().map(|((sequence, pack), indexes)| PartRow { sequence, pack, indexes }).collect()
}

//! Making an index from the log: all live records at one sequence, then what came after.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use api::record::{Document, Layer, Record, TopicMembership};
use api::storage::ListRequest;
use prost::{Message as _, Name as _};

use super::groups::{Group, Groups};
use super::replay::derived_kinds;
use super::{Shared, blocking, entries};
use crate::entry::Entry;
use crate::error::Result;
use crate::index::Writer;

/// Bytes of documents that are kept at hand for what is derived of them.
const CACHE: usize = 8 << 20;

/// How far the making of an index has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    /// Up to where the log is in it; 0 while live records are still listed.
    pub(crate) sequence: i64,
    /// The head of the log.
    pub(crate) head: i64,
    /// Records in it.
    pub(crate) records: u64,
}

/// Puts all live records into an empty index and commits it; tells the sequence that it then has.
pub(super) async fn fill(shared: &Shared, mut writer: Writer) -> Result<(Writer, i64)> {
    let head = shared.log.head().await?;
    let mut listing = Listing { shared, head, groups: Groups::new(CACHE), records: 0 };
    for kind in std::iter::once(Document::full_name()).chain(derived_kinds()) {
        writer = listing.kind(writer, kind).await?;
    }
    let written = blocking(move || writer.commit(head).map(|_| writer)).await?;
    Ok((written?, head))
}

struct Listing<'a> {
    shared: &'a Shared,
    head: i64,
    groups: Groups,
    records: u64,
}

impl Listing<'_> {
    async fn kind(&mut self, mut writer: Writer, kind: String) -> Result<Writer> {
        let first = ListRequest { kind, page_size: 1_000, at_sequence: self.head, ..ListRequest::default() };
        // An empty log has no sequence to be read at.
        if self.head == 0 {
            return Ok(writer);
        }
        let mut page = self.shared.log.list(first.clone()).await?;
        loop {
            let next = async {
                if page.next_page_token.is_empty() {
                    return Ok(None);
                }
                let request = ListRequest { page_token: page.next_page_token.clone(), ..first.clone() };
                self.shared.log.list(request).await.map(Some)
            };
            // The next page is on its way while this one is worked on.
            let (next, groups) =
                tokio::join!(next, groups(self.shared, &mut self.groups, self.head, &page.records));
            let groups = groups?;
            let records = std::mem::take(&mut page.records);
            self.records += records.len() as u64;
            writer = blocking(move || put(writer, &records, &groups)).await??;
            self.shared.building(Some(Progress { sequence: 0, head: self.head, records: self.records }));
            match next? {
                Some(next) => page = next,
                None => return Ok(writer),
            }
        }
    }
}

type AtHand = BTreeMap<String, std::sync::Arc<Group>>;

fn put(mut writer: Writer, records: &[Record], groups: &AtHand) -> Result<Writer> {
    let empty = Group::default();
    let of = |name: &str| groups.get(name).map_or(&empty, |group| &**group);
    for record in records {
        let entry: Option<Entry> = if record.kind == Document::full_name() {
            entries::of_document(&record.name, of(&record.name))
        } else {
            let lead = entries::lead(record).unwrap_or_default();
            entries::of_derived(record, of(&lead))
        };
        if let Some(entry) = entry {
            writer.put(&entry, Instant::now())?;
        }
    }
    Ok(writer)
}

/// The groups that the records of a page need, as of a sequence.
async fn groups(shared: &Shared, known: &mut Groups, sequence: i64, records: &[Record]) -> Result<AtHand> {
    let whole = records.first().is_some_and(|record| record.kind == Document::full_name());
    known.trim();
    let names: BTreeSet<String> = match whole {
        true => records.iter().map(|record| record.name.clone()).collect(),
        false => records.iter().filter_map(entries::lead).collect(),
    };
    let missing: Vec<String> =
        names.iter().filter(|name| whole || !known.has(name, false)).cloned().collect();
    let mut kinds = vec![TopicMembership::full_name()];
    if whole {
        kinds.push(Layer::full_name());
    }
    let mut beside = Vec::new();
    if !missing.is_empty() {
        beside = shared.log.of_documents(&kinds, &missing, sequence).await?;
    }
    let mut read = Vec::new();
    if !whole && !missing.is_empty() {
        read = shared.log.get(&missing, sequence).await?;
    }
    let documents: BTreeMap<&str, &Record> =
        records.iter().filter(|_| whole).chain(&read).map(|record| (record.name.as_str(), record)).collect();
    let mut groups = AtHand::new();
    for (name, beside) in missing.into_iter().zip(beside) {
        let mut group = if whole { Group::whole() } else { Group::shown() };
        if let Some(record) = documents.get(name.as_str()) {
            group.insert(record);
        }
        for record in beside.into_iter().filter_map(|bytes| Record::decode(bytes).ok()) {
            group.insert(&record);
        }
        match whole {
            true => {
                groups.insert(name, std::sync::Arc::new(group));
            }
            false => known.insert(name, group),
        }
    }
    if !whole {
        groups.extend(names.into_iter().map(|name| (name.clone(), known.get(&name))));
    }
    Ok(groups)
}

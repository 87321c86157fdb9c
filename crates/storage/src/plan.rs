//! What a request comes to, worked out beside the writer: on what it is based, and what it changes.
//!
//! A plan reads the latest revisions of all that a request touches, decides, and packs what is to be written. The
//! writer only verifies that nothing of the basis has changed since, so that all decisions still stand, and assigns
//! the sequence. This keeps hashing, checking and compressing off its thread.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use api::storage::Outcome;
use bytes::{BufMut, Bytes, BytesMut};
use prost::Message;

use crate::check::{Draft, Request, Step, Text};
use crate::citations;
use crate::decide;
use crate::error::{Error, Result};
use crate::layout::{self, DerivationRow, Locator, NameRow, Table};
use crate::pack::{self, PackBody, Sealed};
use crate::shared::Shared;

/// Raw bytes at which a pack of records that clients put is closed: a few documents, since a pack costs a row and is
/// decompressed as a whole.
const PUT_PACK_BYTES: usize = 14 << 10;

/// Raw bytes at which a pack of a Replace is closed; its records are mostly read together.
const SWAP_PACK_BYTES: usize = 32 << 10;

/// Records at which a pack is closed.
const PACK_RECORDS: usize = 4096;

/// Raw bytes from which a pack is made on a thread that may block.
const BLOCKING_BYTES: usize = 512 << 10;

/// Raw bytes after which the making of packs lets other tasks go first: about half a millisecond.
const YIELD_BYTES: usize = 64 << 10;

/// What a request comes to.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The head when it was begun.
    pub(crate) head: u64,
    /// What was read and at which version: a change of any of it makes the plan void.
    pub(crate) basis: Vec<(Bytes, u64)>,
    /// What is to be done, or why not.
    pub(crate) result: Result<Effects>,
}

/// What a request changes.
#[derive(Debug, Default)]
pub(crate) struct Effects {
    pub(crate) packs: Vec<Sealed>,
    pub(crate) writes: Vec<Write>,
    pub(crate) deletes: Vec<(String, Previous)>,
    pub(crate) groups: Vec<GroupWrite>,
    pub(crate) outcomes: Vec<Outcome>,
    /// Operations of an import that were refused.
    pub(crate) refusals: Vec<(usize, Error)>,
}

impl Effects {
    /// True if nothing at all changes.
    pub(crate) fn is_empty(&self) -> bool {
        self.writes.is_empty() && self.deletes.is_empty() && self.groups.is_empty()
    }
}

/// A new revision.
#[derive(Debug)]
pub(crate) struct Write {
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) keys: Vec<String>,
    pub(crate) unkeyed: Vec<String>,
    pub(crate) analyzer: String,
    pub(crate) hash: Bytes,
    /// Index into [`Effects::packs`].
    pub(crate) pack: u32,
    /// Index within the pack.
    pub(crate) index: u32,
    /// The live revision that it follows.
    pub(crate) previous: Option<Previous>,
    /// The tombstone that it follows.
    pub(crate) tombstone: Option<NameRow>,
}

/// The live revision that is superseded.
#[derive(Debug)]
pub(crate) struct Previous {
    pub(crate) row: NameRow,
    pub(crate) keys: Vec<String>,
    pub(crate) unkeyed: Vec<String>,
}

/// A derivation that changes.
#[derive(Debug)]
pub(crate) struct GroupWrite {
    pub(crate) analyzer: String,
    pub(crate) group: String,
    /// Version and config digest, joined by a zero byte.
    pub(crate) provenance: String,
    pub(crate) read_sequence: u64,
    pub(crate) input_count: u32,
    pub(crate) input_hash: Bytes,
    /// Records that stay as they are.
    pub(crate) kept: Vec<Locator>,
    /// Records that are written now, as (pack, index) of this plan.
    pub(crate) written: Vec<(u32, u32)>,
    /// The entry before.
    pub(crate) base: Option<DerivationRow>,
}

/// Key of a name in a basis.
pub(crate) fn name_basis(name: &str) -> Bytes {
    layout::name_key(name)
}

/// Key of a derivation in a basis: its analyzer need not have an id yet.
pub(crate) fn group_basis(analyzer: &str, group: &str) -> Bytes {
    let mut key = BytesMut::with_capacity(2 + analyzer.len() + group.len());
    key.put_u8(b'd');
    key.put_slice(analyzer.as_bytes());
    key.put_u8(0);
    key.put_slice(group.as_bytes());
    key.freeze()
}

/// A derivation, and where its records lie by their names.
pub(crate) type StoredGroup = (DerivationRow, HashMap<String, Locator>);

/// All that is stored and concerns a request.
#[derive(Debug, Default)]
pub(crate) struct View {
    /// The head as of which the request is planned.
    pub(crate) head: u64,
    /// Latest revisions by name.
    pub(crate) names: HashMap<String, Option<NameRow>>,
    /// Derivations with the names of their records.
    pub(crate) groups: HashMap<(String, String), Option<StoredGroup>>,
    /// Texts of cited documents.
    pub(crate) texts: HashMap<String, Bytes>,
    /// Versions and config digests of stored derivations, by their ids.
    pub(crate) provenances: HashMap<u32, Arc<str>>,
}

/// Works out what a request comes to.
pub(crate) async fn plan(shared: &Shared, request: &Request) -> Result<Plan> {
    // The pin keeps the revisions that are live now, although others may be compacted meanwhile.
    let pin = shared.pin_head("a commit")?;
    let view = load(shared, request, pin.sequence).await?;
    let names =
        view.names.iter().map(|(name, row)| (name_basis(name), row.as_ref().map_or(0, |row| row.sequence)));
    let groups = view.groups.iter().map(|((analyzer, group), entry)| {
        (group_basis(analyzer, group), entry.as_ref().map_or(0, |(row, _)| row.sequence))
    });
    let basis = names.chain(groups).collect();
    let result = match decide::decide(&view, request) {
        Ok(decision) => Ok(finish(shared, view, request, decision).await?),
        Err(error) => Err(error),
    };
    Ok(Plan { head: pin.sequence, basis, result })
}

async fn load(shared: &Shared, request: &Request, head: u64) -> Result<View> {
    let mut view = View { head, ..View::default() };
    load_groups(shared, request, &mut view).await?;
    let mut names: BTreeSet<&str> =
        request.preconditions.iter().map(|condition| condition.name.as_str()).collect();
    let mut cited: BTreeSet<&str> = BTreeSet::new();
    for step in &request.operations {
        match step {
            Step::Put(draft) => {
                names.insert(&draft.record.name);
            }
            Step::Delete(name) => {
                names.insert(name);
            }
            Step::Replace(swap) => {
                for draft in &swap.records {
                    names.insert(&draft.record.name);
                    cited.extend(citations::documents(&draft.record, draft.layer.as_deref()));
                }
                if !swap.assignment.is_empty() {
                    names.insert(&swap.assignment);
                }
            }
        }
    }
    names.extend(&cited);
    let members = view.groups.values().flatten().flat_map(|(_, members)| members.keys().map(String::as_str));
    names.extend(members);
    let rows = shared.latest(names.iter().copied()).await?;
    let loaded: HashMap<_, _> = names.iter().map(|name| (*name).to_owned()).zip(rows).collect();
    let cited: Vec<String> = cited.into_iter().map(str::to_owned).collect();
    view.names = loaded;
    load_texts(shared, &cited, &mut view).await?;
    Ok(view)
}

async fn load_groups(shared: &Shared, request: &Request, view: &mut View) -> Result<()> {
    let mut groups = Vec::new();
    let mut keys = Vec::new();
    {
        let interns = shared.interns();
        for step in &request.operations {
            let Step::Replace(swap) = step else { continue };
            let group = (swap.derivation.analyzer.clone(), swap.derivation.group.clone());
            match interns.id(Table::Analyzers, &group.0) {
                Some(id) => {
                    keys.push(layout::derivation_key(id, &group.1));
                    groups.push(group);
                }
                None => {
                    view.groups.insert(group, None);
                }
            }
        }
    }
    let rows: Vec<Option<DerivationRow>> = shared.rows(keys).await?;
    for (group, row) in groups.into_iter().zip(rows) {
        let entry = match row {
            Some(row) => {
                let provenance = shared.interns().text(Table::Provenances, row.provenance);
                view.provenances.insert(row.provenance, provenance);
                let packs = shared.packs(row.locators().map(Locator::pack_id)).await?;
                let mut members = HashMap::new();
                for locator in row.locators() {
                    members.insert(packs[&locator.pack_id()].envelope(locator)?.name, locator);
                }
                Some((row, members))
            }
            None => None,
        };
        view.groups.insert(group, entry);
    }
    Ok(())
}

async fn load_texts(shared: &Shared, cited: &[String], view: &mut View) -> Result<()> {
    let document = shared.interns().id(Table::Kinds, &<api::record::Document as prost::Name>::full_name());
    let live = cited.iter().filter_map(|name| {
        let row = view.names.get(name)?.as_ref()?;
        (!row.deleted && Some(row.kind) == document).then_some((name, row.locator()))
    });
    let live: Vec<_> = live.collect();
    for (name, locator) in live {
        let pack = shared.pack_of(locator).await?;
        let record = api::record::Record::decode(pack.encoded(locator)?.clone()).map_err(pack::damaged)?;
        let text = Text::decode(record.body).map_err(pack::damaged)?.text;
        view.texts.insert(name.clone(), text);
    }
    Ok(())
}

/// Packs what is written and gathers what is superseded.
async fn finish(
    shared: &Shared,
    view: View,
    request: &Request,
    decision: decide::Decision,
) -> Result<Effects> {
    let decide::Decision { writes, deletes, groups, outcomes, refusals } = decision;
    let mut effects = Effects { outcomes, refusals, ..Effects::default() };
    let mut places = HashMap::new();
    let bodies = pack_up(request, &writes, &mut places);
    effects.packs = seal_all(bodies, shared.config.compression_level).await?;

    let live = |name: &str| view.names.get(name).cloned().flatten().filter(|row| !row.deleted);
    let superseded = writes
        .iter()
        .map(|at| at.draft(request).record.name.as_str())
        .chain(deletes.iter().map(String::as_str));
    let superseded: Vec<(&str, NameRow)> = superseded.filter_map(|name| Some((name, live(name)?))).collect();
    let mut previous = HashMap::new();
    for (name, row) in superseded {
        let envelope = shared.pack_of(row.locator()).await?.envelope(row.locator())?;
        let unkeyed = envelope.unkeyed_documents();
        previous.insert(name.to_owned(), Previous { row, keys: envelope.keys, unkeyed });
    }
    for at in &writes {
        let draft = at.draft(request);
        let name = &draft.record.name;
        let (pack, index) = places[at];
        effects.writes.push(Write {
            name: name.clone(),
            kind: draft.record.kind.clone(),
            keys: draft.record.keys.clone(),
            unkeyed: draft.unkeyed_documents(),
            analyzer: at.analyzer(request).to_owned(),
            hash: draft.hash.clone(),
            pack,
            index,
            previous: previous.remove(name),
            tombstone: view.names.get(name).cloned().flatten().filter(|row| row.deleted),
        });
    }
    for name in deletes {
        if let Some(row) = previous.remove(&name) {
            effects.deletes.push((name, row));
        }
    }
    effects.groups = groups.into_iter().map(|group| group.finish(&view, request, &places)).collect();
    Ok(effects)
}

/// Where a draft stands in its request: operation, and index within a Replace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct At {
    pub(crate) operation: usize,
    pub(crate) record: usize,
}

impl At {
    /// The draft.
    pub(crate) fn draft(self, request: &Request) -> &Draft {
        match &request.operations[self.operation] {
            Step::Put(draft) => draft,
            Step::Replace(swap) => &swap.records[self.record],
            Step::Delete(_) => unreachable!("a Delete has no draft, and none is ever placed there"),
        }
    }

    fn analyzer(self, request: &Request) -> &str {
        self.swap(request).map_or("", |swap| &swap.derivation.analyzer)
    }

    fn swap(self, request: &Request) -> Option<&crate::check::Swap> {
        match &request.operations[self.operation] {
            Step::Replace(swap) => Some(swap),
            _ => None,
        }
    }
}

fn pack_up(request: &Request, writes: &[At], places: &mut HashMap<At, (u32, u32)>) -> Vec<PackBody> {
    let mut packs: Vec<PackBody> = Vec::new();
    let mut owner = None;
    let mut bytes = 0;
    for at in writes {
        let swap = at.swap(request);
        let now = Some(swap.map(|_| at.operation));
        let limit = if swap.is_some() { SWAP_PACK_BYTES } else { PUT_PACK_BYTES };
        let encoded = at.draft(request).encoded.clone();
        let full = packs
            .last()
            .is_none_or(|pack| bytes + encoded.len() > limit || pack.records.len() == PACK_RECORDS);
        if owner != now || full {
            let (analyzer, group) = swap.map_or_else(Default::default, |swap| {
                (swap.derivation.analyzer.clone(), swap.derivation.group.clone())
            });
            packs.push(PackBody { analyzer, group, records: Vec::new() });
            owner = now;
            bytes = 0;
        }
        bytes += encoded.len();
        let number = packs.len() - 1;
        places.insert(*at, (small(number), small(packs[number].records.len())));
        packs[number].records.push(encoded);
    }
    packs
}

fn small(number: usize) -> u32 {
    u32::try_from(number).expect("a request of 16 MiB has far fewer records")
}

/// Makes the packs on this task's thread, whose buffers are warm, unless one is large.
async fn seal_all(bodies: Vec<PackBody>, level: i32) -> Result<Vec<Sealed>> {
    let mut sealed = Vec::with_capacity(bodies.len());
    let mut busy = 0;
    for body in bodies {
        let bytes: usize = body.records.iter().map(Bytes::len).sum();
        if bytes >= BLOCKING_BYTES {
            let done = tokio::task::spawn_blocking(move || pack::seal(body, level)).await;
            sealed.push(done.map_err(|error| Error::corrupt(format!("packing failed: {error}")))??);
            continue;
        }
        if busy >= YIELD_BYTES {
            busy = 0;
            tokio::task::yield_now().await;
        }
        busy += bytes;
        sealed.push(pack::seal(body, level)?);
    }
    Ok(sealed)
}

impl decide::GroupDecision {
    fn finish(self, view: &View, request: &Request, places: &HashMap<At, (u32, u32)>) -> GroupWrite {
        let Step::Replace(swap) = &request.operations[self.operation] else {
            unreachable!("a group is decided by a Replace alone")
        };
        let derivation = &swap.derivation;
        let key = (derivation.analyzer.clone(), derivation.group.clone());
        let mut written: Vec<_> = self.written.iter().map(|at| places[at]).collect();
        written.sort_unstable();
        GroupWrite {
            provenance: provenance(&derivation.version, &derivation.config_digest),
            read_sequence: derivation.read_sequence.cast_unsigned(),
            input_count: derivation.input_count,
            input_hash: derivation.input_hash.clone(),
            kept: self.kept,
            written,
            base: view.groups.get(&key).cloned().flatten().map(|(row, _)| row),
            analyzer: key.0,
            group: key.1,
        }
    }
}

/// Version and config digest as they are interned together.
pub(crate) fn provenance(version: &str, config_digest: &str) -> String {
    format!("{version}\0{config_digest}")
}

/// What [`provenance`] joined.
pub(crate) fn split_provenance(text: &Arc<str>) -> (String, String) {
    let (version, digest) = text.split_once('\0').unwrap_or((text, ""));
    (version.to_owned(), digest.to_owned())
}

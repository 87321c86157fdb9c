//! Which group a record is in, as of one sequence.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::future::try_join_all;

use crate::connect::{COMMON, Rule};
use crate::error::{Error, Result};
use crate::layout::{self, Locator, Table};
use crate::list::Cursor;
use crate::read::READ_BYTES;
use crate::shared::Shared;

/// A live record that carries the linking key, or one that might.
#[derive(Debug)]
pub(crate) struct Vertex {
    /// Its name.
    pub(crate) name: String,
    /// Its keys of the linking name; empty: it is in no group.
    pub(crate) values: Vec<Arc<str>>,
    /// Its day.
    pub(crate) day: Option<i64>,
}

/// A whole group.
#[derive(Debug)]
pub(crate) struct Members {
    /// The smallest of their names, which is the group's.
    pub(crate) first: String,
    /// Where they lie.
    pub(crate) locators: Vec<Locator>,
}

/// Live records that carry a value, in the order of their commits.
#[derive(Clone, Debug)]
struct Carriers {
    locators: Arc<[Locator]>,
    /// False if the scan stopped before the last.
    all: bool,
}

/// Scans that are under way at a time: a backend answers many with hardly more delay than one.
const SCANS: usize = 32;

/// What is known of the components at one level: the members, or nothing of one that is over the limit.
type Level = HashMap<Locator, Option<Arc<Members>>>;

/// What is known of a graph: records, which never change, and who carries which value.
///
/// Who follows the log keeps it from one commit to the next: only values of what a commit changed are looked for anew, however large
/// the groups around it are.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    vertices: HashMap<Locator, Arc<Vertex>>,
    carriers: HashMap<Arc<str>, Carriers>,
    /// Values and places that are held.
    held: usize,
}

/// Values and places that a [`Memory`] holds at most after a commit, some 100 bytes each; with more it starts over.
const MOST_HELD: usize = 250_000;

impl Memory {
    fn add_vertex(&mut self, locator: Locator, vertex: Vertex) {
        self.held += 1 + vertex.values.len();
        self.vertices.insert(locator, Arc::new(vertex));
    }

    fn add_carriers(&mut self, value: Arc<str>, carriers: Carriers) {
        self.held += 1 + carriers.locators.len();
        if let Some(before) = self.carriers.insert(value, carriers) {
            self.held = self.held.saturating_sub(1 + before.locators.len());
        }
    }

    /// A commit changed who carries these values.
    fn forget<'a>(&mut self, values: impl IntoIterator<Item = &'a Arc<str>>) {
        for value in values {
            if let Some(before) = self.carriers.remove(value) {
                self.held = self.held.saturating_sub(1 + before.locators.len());
            }
        }
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

/// A [`Memory`] that two searches share.
pub(crate) type SharedMemory = Arc<Mutex<Memory>>;

/// Looks for groups as of one sequence, and remembers what it found: whatever is asked, no component is walked twice.
pub(crate) struct Search {
    shared: Arc<Shared>,
    rule: Arc<Rule>,
    sequence: u64,
    /// Ids of the kinds; absent: all.
    kinds: Option<Vec<u32>>,
    memory: SharedMemory,
    /// Values of which others carry them at this sequence than the memory knows; present ones are looked up.
    apart: HashMap<Arc<str>, Option<Carriers>>,
    levels: Vec<Level>,
}

impl Search {
    /// A search as of a sequence, which the caller keeps from being compacted.
    pub(crate) fn new(shared: Arc<Shared>, rule: Arc<Rule>, sequence: u64) -> Self {
        Self::with(shared, rule, sequence, SharedMemory::default())
    }

    /// A search that takes what is known from a memory and leaves there what it finds. The memory has to be of the same rule, and
    /// of this sequence but for values that are [set apart](Self::set_apart).
    pub(crate) fn with(shared: Arc<Shared>, rule: Arc<Rule>, sequence: u64, memory: SharedMemory) -> Self {
        let kinds = (!rule.kinds.is_empty()).then(|| {
            let interns = shared.interns();
            rule.kinds.iter().filter_map(|kind| interns.id(Table::Kinds, kind)).collect()
        });
        let levels = vec![Level::new(); rule.windows.len() + 1];
        Self { shared, rule, sequence, kinds, memory, apart: HashMap::new(), levels }
    }

    /// Who carries these values is looked for at this sequence, whatever the memory knows.
    pub(crate) fn set_apart<'a>(&mut self, values: impl Iterator<Item = &'a Arc<str>>) {
        self.apart.extend(values.map(|value| (value.clone(), None)));
    }

    /// The memory is of this search's sequence from now on.
    pub(crate) fn settle(self) {
        let mut memory = self.memory();
        memory.forget(self.apart.keys());
        if memory.held > MOST_HELD {
            memory.clear();
        }
        for (value, carriers) in &self.apart {
            if let Some(carriers) = carriers {
                memory.add_carriers(value.clone(), carriers.clone());
            }
        }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        // Nothing that holds the lock can leave it half-written, so a panic elsewhere does not spoil it.
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A record that is loaded.
    fn loaded(&self, locator: Locator) -> Option<Arc<Vertex>> {
        self.memory().vertices.get(&locator).cloned()
    }

    /// Who carries a value, as far as it is known.
    fn known(&self, value: &Arc<str>) -> Option<Carriers> {
        match self.apart.get(value) {
            Some(known) => known.clone(),
            None => self.memory().carriers.get(value).cloned(),
        }
    }

    /// True if records of a kind are vertices.
    pub(crate) fn wants(&self, kind: u32) -> bool {
        self.kinds.as_ref().is_none_or(|kinds| kinds.contains(&kind))
    }

    /// The record at a place.
    pub(crate) async fn vertex(&mut self, locator: Locator) -> Result<Arc<Vertex>> {
        self.load(&[locator]).await?;
        self.loaded(locator).ok_or_else(unloaded)
    }

    /// The group of a vertex; `None` if even within a day too many are linked with it.
    pub(crate) async fn group_of(&mut self, of: Locator) -> Result<Option<Arc<Members>>> {
        for level in 0..self.levels.len() {
            if let Some(members) = self.component(of, level).await? {
                return Ok(Some(members));
            }
        }
        Ok(None)
    }

    /// The group around a value on a day: of those who carry it in the day's window, at the first level where they are
    /// not too many. `None` also if there is nobody.
    pub(crate) async fn around(
        &mut self,
        value: &Arc<str>,
        day: Option<i64>,
    ) -> Result<Option<Arc<Members>>> {
        for level in 0..self.levels.len() {
            let Some(linked) = self.linked(value, day, level).await? else { continue };
            // Whoever is linked by the value is in one component, so that one stands for all.
            let Some(&one) = linked.first() else { return Ok(None) };
            if let Some(members) = self.component(one, level).await? {
                return Ok(Some(members));
            }
        }
        Ok(None)
    }

    /// Has ready what is asked of these values, many at a time.
    pub(crate) async fn prepare(&mut self, values: impl Iterator<Item = &Arc<str>>) -> Result<()> {
        self.scan(values, self.rule.limit).await
    }

    /// Who carries a value, if it is not too common to link where groups are cut.
    pub(crate) async fn uncommon(&mut self, value: &Arc<str>) -> Result<Option<Arc<[Locator]>>> {
        self.carriers(value, self.rule.limit * COMMON).await
    }

    /// The component of a vertex at a level; `None` if it is over the limit. At a level above zero the vertex must be in a
    /// component over the limit at each level before.
    async fn component(&mut self, of: Locator, level: usize) -> Result<Option<Arc<Members>>> {
        if let Some(known) = self.levels[level].get(&of) {
            return Ok(known.clone());
        }
        let day = self.vertex(of).await?.day;
        let mut found = vec![of];
        let mut known = HashSet::from([of]);
        let mut followed: HashSet<Arc<str>> = HashSet::new();
        let mut next = 0;
        let over = 'walk: loop {
            let Some(&at) = found.get(next) else { break false };
            if self.loaded(at).is_none() {
                self.load(&found[next..]).await?;
            }
            next += 1;
            let vertex = self.vertex(at).await?;
            let new = vertex.values.iter().filter(|value| !followed.contains(*value));
            self.scan(new, if level == 0 { self.rule.limit } else { self.rule.limit * COMMON }).await?;
            for value in &vertex.values {
                if !followed.insert(value.clone()) {
                    continue;
                }
                let Some(linked) = self.linked(value, day, level).await? else { break 'walk true };
                for locator in linked.iter().copied() {
                    // Whoever was reached before would have reached this vertex, had that walk come to its end.
                    if self.levels[level].contains_key(&locator) {
                        break 'walk true;
                    }
                    if known.insert(locator) {
                        found.push(locator);
                    }
                    if found.len() > self.rule.limit {
                        break 'walk true;
                    }
                }
            }
        };
        let members = if over { None } else { Some(Arc::new(self.members(found.clone()).await?)) };
        self.levels[level].extend(found.into_iter().map(|locator| (locator, members.clone())));
        Ok(members)
    }

    async fn members(&mut self, locators: Vec<Locator>) -> Result<Members> {
        self.load(&locators).await?;
        let memory = self.memory();
        let names = locators.iter().filter_map(|locator| Some(memory.vertices.get(locator)?.name.as_str()));
        let first = names.min().unwrap_or_default().to_owned();
        drop(memory);
        Ok(Members { first, locators })
    }

    /// Whom a value links on a day at a level; `None` if they are more than the limit already.
    async fn linked(
        &mut self,
        value: &Arc<str>,
        day: Option<i64>,
        level: usize,
    ) -> Result<Option<Arc<[Locator]>>> {
        if level == 0 {
            return self.carriers(value, self.rule.limit).await;
        }
        let Some(carriers) = self.uncommon(value).await? else { return Ok(Some([].into())) };
        self.load(&carriers).await?;
        let (rule, memory) = (&self.rule, self.memory());
        let near = |locator: &Locator| {
            memory.vertices.get(locator).is_some_and(|vertex| rule.together(day, vertex.day, level))
        };
        Ok(Some(carriers.iter().copied().filter(near).collect()))
    }

    /// Who carries a value; `None` if more than `most` do.
    async fn carriers(&mut self, value: &Arc<str>, most: usize) -> Result<Option<Arc<[Locator]>>> {
        self.scan([value].into_iter(), most).await?;
        let locators = self.known(value).ok_or_else(unloaded)?.locators;
        Ok((locators.len() <= most).then_some(locators))
    }

    /// Sees to it that for each value all are known who carry it, or more than `most`.
    async fn scan(&mut self, values: impl Iterator<Item = &Arc<str>>, most: usize) -> Result<()> {
        let known = |value: &&Arc<str>| {
            self.known(value).is_some_and(|known| known.all || known.locators.len() > most)
        };
        let missing: Vec<Arc<str>> = values.filter(|value| !known(value)).cloned().collect();
        for some in missing.chunks(SCANS) {
            let found = try_join_all(some.iter().map(|value| self.scan_one(value, most))).await?;
            for (value, carriers) in some.iter().zip(found) {
                match self.apart.get_mut(value) {
                    Some(known) => *known = Some(carriers),
                    None => self.memory().add_carriers(value.clone(), carriers),
                }
            }
        }
        Ok(())
    }

    async fn scan_one(&self, value: &str, most: usize) -> Result<Carriers> {
        let mut cursor = Cursor::new(layout::keyed_prefix(value), 0, self.sequence, false);
        let mut locators = Vec::new();
        while locators.len() <= most {
            let Some(row) = cursor.next(&self.shared).await? else { break };
            if self.wants(row.kind) {
                locators.push(row.locator);
            }
        }
        Ok(Carriers { all: locators.len() <= most, locators: locators.into() })
    }

    /// Sees to it that these vertices are known.
    async fn load(&mut self, locators: &[Locator]) -> Result<()> {
        let missing: Vec<Locator> = {
            let memory = self.memory();
            locators.iter().filter(|locator| !memory.vertices.contains_key(locator)).copied().collect()
        };
        let mut rest = missing.as_slice();
        while !rest.is_empty() {
            let packs = self.shared.packs_within(rest.iter().map(|at| at.pack_id()), READ_BYTES).await?;
            let mut read = 0;
            for locator in rest {
                let Some(pack) = packs.get(&locator.pack_id()) else { break };
                let envelope = pack.envelope(*locator)?;
                let day = self.rule.day(&envelope.keys);
                let linking = envelope.keys.iter().filter(|key| key.starts_with(&self.rule.link));
                let values = linking.map(|key| Arc::from(key.as_str())).collect();
                self.memory().add_vertex(*locator, Vertex { name: envelope.name, values, day });
                read += 1;
            }
            rest = &rest[read..];
        }
        Ok(())
    }
}

/// What was loaded stays until the search is over.
fn unloaded() -> Error {
    Error::corrupt("a record of a group was lost while it was looked at")
}

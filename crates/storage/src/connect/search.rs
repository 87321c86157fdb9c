//! Which group a record is in, as of one sequence.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use futures::future::try_join_all;

use crate::connect::{COMMON, Rule};
use crate::error::Result;
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

/// Looks for groups as of one sequence, and remembers what it found: whatever is asked, no component is walked twice.
pub(crate) struct Search {
    shared: Arc<Shared>,
    rule: Arc<Rule>,
    sequence: u64,
    /// Ids of the kinds; absent: all.
    kinds: Option<Vec<u32>>,
    vertices: HashMap<Locator, Arc<Vertex>>,
    carriers: HashMap<Arc<str>, Carriers>,
    levels: Vec<Level>,
}

impl Search {
    /// A search as of a sequence, which the caller keeps from being compacted.
    pub(crate) fn new(shared: Arc<Shared>, rule: Arc<Rule>, sequence: u64) -> Self {
        let kinds = (!rule.kinds.is_empty()).then(|| {
            let interns = shared.interns();
            rule.kinds.iter().filter_map(|kind| interns.id(Table::Kinds, kind)).collect()
        });
        let levels = vec![Level::new(); rule.windows.len() + 1];
        Self { shared, rule, sequence, kinds, vertices: HashMap::new(), carriers: HashMap::new(), levels }
    }

    /// True if records of a kind are vertices.
    pub(crate) fn wants(&self, kind: u32) -> bool {
        self.kinds.as_ref().is_none_or(|kinds| kinds.contains(&kind))
    }

    /// The record at a place.
    pub(crate) async fn vertex(&mut self, locator: Locator) -> Result<Arc<Vertex>> {
        self.load(&[locator]).await?;
        Ok(self.vertices[&locator].clone())
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
            if !self.vertices.contains_key(&at) {
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
        let names = locators.iter().map(|locator| self.vertices[locator].name.as_str());
        let first = names.min().unwrap_or_default().to_owned();
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
        let rule = &self.rule;
        let near = |locator: &Locator| rule.together(day, self.vertices[locator].day, level);
        Ok(Some(carriers.iter().copied().filter(near).collect()))
    }

    /// Who carries a value; `None` if more than `most` do.
    async fn carriers(&mut self, value: &Arc<str>, most: usize) -> Result<Option<Arc<[Locator]>>> {
        self.scan([value].into_iter(), most).await?;
        let locators = &self.carriers[value].locators;
        Ok((locators.len() <= most).then(|| locators.clone()))
    }

    /// Sees to it that for each value all are known who carry it, or more than `most`.
    async fn scan(&mut self, values: impl Iterator<Item = &Arc<str>>, most: usize) -> Result<()> {
        let known = |value: &&Arc<str>| {
            self.carriers.get(*value).is_some_and(|known| known.all || known.locators.len() > most)
        };
        let missing: Vec<Arc<str>> = values.filter(|value| !known(value)).cloned().collect();
        for some in missing.chunks(SCANS) {
            let found = try_join_all(some.iter().map(|value| self.scan_one(value, most))).await?;
            self.carriers.extend(some.iter().cloned().zip(found));
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
        let missing: Vec<Locator> =
            locators.iter().filter(|locator| !self.vertices.contains_key(locator)).copied().collect();
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
                self.vertices.insert(*locator, Arc::new(Vertex { name: envelope.name, values, day }));
                read += 1;
            }
            rest = &rest[read..];
        }
        Ok(())
    }
}

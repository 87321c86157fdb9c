//! Which groups a commit touched: those around what it changed, before it and after it.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::connect::search::{Members, Vertex};
use crate::connect::{Rule, Search, SharedMemory};
use crate::error::Result;
use crate::layout::Locator;
use crate::shared::Shared;

/// What a commit did to one record: where it lay and where it lies. Either is absent if it was or is not there, or not of
/// a kind that is grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Changed {
    /// The revision before.
    pub(crate) before: Option<Locator>,
    /// The revision after.
    pub(crate) after: Option<Locator>,
}

/// The graph before a commit and after it.
struct Around {
    old: Search,
    new: Search,
    /// Where changed records lie after the commit.
    moved_to: HashMap<Locator, Option<Locator>>,
    /// Where changed records lay before the commit.
    came_from: HashMap<Locator, Option<Locator>>,
    /// All whose group may be another one, or the same with other contents.
    region: HashSet<Changed>,
}

/// Names of the groups that are not as they were before a commit, or of which it wrote a member. The caller keeps the
/// sequence before the commit from being compacted.
///
/// Around each changed record and each value that it carries or carried, the group before and the group after are taken
/// whole; whoever is in one of them is looked up in the other graph. That is enough: a record far from the change gets
/// another group only if its component at some level passed the limit, or is within it and changed, and then that
/// component was or is within the limit and holds a neighbour of the change. Only where a value becomes too common to
/// link, or ceases to be, all who carry it are neighbours of the change.
///
/// The memory has to know the graph before the commit, or nothing of it; afterwards it knows the graph after the commit. Two graphs
/// differ in who carries the values of what was changed, and in nothing else.
pub(crate) async fn touched(
    shared: &Arc<Shared>,
    rule: &Arc<Rule>,
    sequence: u64,
    changes: &[Changed],
    memory: &SharedMemory,
) -> Result<BTreeSet<String>> {
    let search = |sequence| Search::with(shared.clone(), rule.clone(), sequence, memory.clone());
    let mut around = Around {
        old: search(sequence.saturating_sub(1)),
        new: search(sequence),
        moved_to: HashMap::new(),
        came_from: HashMap::new(),
        region: HashSet::new(),
    };
    let mut spots: BTreeSet<(Arc<str>, Option<i64>)> = BTreeSet::new();
    let mut seeds = Vec::new();
    for change in changes {
        let before = linking(&mut around.old, change.before, &mut spots).await?;
        let after = linking(&mut around.new, change.after, &mut spots).await?;
        // The record itself counts whether it is a vertex or not, so that it is not taken for an unchanged one.
        around.moved_to.extend(change.before.map(|locator| (locator, after)));
        around.came_from.extend(change.after.map(|locator| (locator, before)));
        seeds.push(Changed { before, after });
    }
    let values: BTreeSet<&Arc<str>> = spots.iter().map(|(value, _)| value).collect();
    around.new.set_apart(values.iter().copied());
    around.old.prepare(values.iter().copied()).await?;
    around.new.prepare(values.iter().copied()).await?;
    for value in values {
        around.commonness(value, &mut seeds).await?;
    }
    for seed in seeds {
        around.grow(seed).await?;
    }
    for (value, day) in &spots {
        let before = around.old.around(value, *day).await?;
        around.add_old(before.as_deref());
        let after = around.new.around(value, *day).await?;
        around.add_new(after.as_deref());
    }
    around.names().await
}

/// The place of a record, if it is a vertex; its values and day are noted.
async fn linking(
    search: &mut Search,
    locator: Option<Locator>,
    spots: &mut BTreeSet<(Arc<str>, Option<i64>)>,
) -> Result<Option<Locator>> {
    let Some(locator) = locator else { return Ok(None) };
    let vertex: Arc<Vertex> = search.vertex(locator).await?;
    spots.extend(vertex.values.iter().map(|value| (value.clone(), vertex.day)));
    Ok((!vertex.values.is_empty()).then_some(locator))
}

impl Around {
    /// If a value became too common to link, or ceased to be, everybody who carries it counts as changed.
    async fn commonness(&mut self, value: &Arc<str>, seeds: &mut Vec<Changed>) -> Result<()> {
        let before = self.old.uncommon(value).await?;
        let after = self.new.uncommon(value).await?;
        match (before, after) {
            (Some(before), None) => seeds.extend(before.iter().map(|locator| self.of_old(*locator))),
            (None, Some(after)) => seeds.extend(after.iter().map(|locator| self.of_new(*locator))),
            _ => {}
        }
        Ok(())
    }

    /// Adds the groups that a record is in before and after.
    async fn grow(&mut self, seed: Changed) -> Result<()> {
        self.region.insert(seed);
        if let Some(before) = seed.before {
            let members = self.old.group_of(before).await?;
            self.add_old(members.as_deref());
        }
        if let Some(after) = seed.after {
            let members = self.new.group_of(after).await?;
            self.add_new(members.as_deref());
        }
        Ok(())
    }

    fn add_old(&mut self, members: Option<&Members>) {
        for locator in members.iter().flat_map(|members| &members.locators) {
            self.region.insert(self.of_old(*locator));
        }
    }

    fn add_new(&mut self, members: Option<&Members>) {
        for locator in members.iter().flat_map(|members| &members.locators) {
            self.region.insert(self.of_new(*locator));
        }
    }

    fn of_old(&self, locator: Locator) -> Changed {
        let after = self.moved_to.get(&locator).copied().unwrap_or(Some(locator));
        Changed { before: Some(locator), after }
    }

    fn of_new(&self, locator: Locator) -> Changed {
        let before = self.came_from.get(&locator).copied().unwrap_or(Some(locator));
        Changed { before, after: Some(locator) }
    }

    /// Names of all groups that the region's records were in and are in.
    async fn names(mut self) -> Result<BTreeSet<String>> {
        let mut names = BTreeSet::new();
        for Changed { before, after } in std::mem::take(&mut self.region) {
            for (search, locator) in [(&mut self.old, before), (&mut self.new, after)] {
                let Some(locator) = locator else { continue };
                match search.group_of(locator).await? {
                    Some(members) if names.contains(&members.first) => {}
                    Some(members) => drop(names.insert(members.first.clone())),
                    None => drop(names.insert(search.vertex(locator).await?.name.clone())),
                }
            }
        }
        self.new.settle();
        Ok(names)
    }
}

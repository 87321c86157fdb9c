//! The walk over all groups of an analyzer that a new assignment asks for.
//!
//! First come the groups that failed (memory), then what was derived before (so that groups which no longer exist
//! are withdrawn), then everything that is stored of the kinds read (so that new groups are found). A walk goes page
//! by page; its position is the last page before which everything is committed, and is stored with the cursor.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::str::FromStr;

/// The most groups that a walk remembers as done. Over it groups may be analyzed twice, which changes nothing.
const MAX_DONE: usize = 2_000_000;

/// What the walk does with derivations that are of the current version and config.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// They are up to date: the feed tells of every change.
    Stale,
    /// They are looked at too: changes were missed, because the feed was compacted beyond the cursor.
    All,
}

/// Where a walk is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Groups that failed.
    Failures,
    /// Derivations, from this page token on.
    Derivations(String),
    /// Records of the kind of this index, from this page token on.
    Records(usize, String),
    /// All pages are read.
    Finished,
}

/// A scope and a stage, as they are stored in the cursor's `walk_position`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) scope: Scope,
    pub(crate) stage: Stage,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.scope {
            Scope::Stale => "stale",
            Scope::All => "all",
        })?;
        match &self.stage {
            Stage::Failures => Ok(()),
            // Pages of derivations shift as groups are committed; those done are skipped quickly the second time.
            Stage::Derivations(_) => f.write_str(" derivations"),
            Stage::Records(kind, token) => write!(f, " records {kind} {token}"),
            Stage::Finished => f.write_str(" finished"),
        }
    }
}

impl FromStr for Position {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.splitn(4, ' ');
        let scope = match parts.next() {
            Some("stale") => Scope::Stale,
            Some("all") => Scope::All,
            _ => return Err(()),
        };
        let stage = match (parts.next(), parts.next(), parts.next()) {
            (None, ..) => Stage::Failures,
            (Some("derivations"), None, _) => Stage::Derivations(String::new()),
            (Some("records"), Some(kind), token) => {
                Stage::Records(kind.parse().map_err(|_| ())?, token.unwrap_or_default().to_owned())
            }
            (Some("finished"), None, _) => Stage::Finished,
            _ => return Err(()),
        };
        Ok(Self { scope, stage })
    }
}

#[derive(Debug)]
struct Page {
    id: u64,
    /// Groups of it that are not committed.
    left: usize,
    /// Where to go on once it is done.
    after: Stage,
}

/// A walk under way.
#[derive(Debug)]
pub(crate) struct Walk {
    scope: Scope,
    next: Stage,
    pages: VecDeque<Page>,
    position: Stage,
    next_page: u64,
    done: HashSet<u128>,
}

impl Walk {
    /// A walk that goes on from a position.
    pub(crate) fn from(position: Position) -> Self {
        Self {
            scope: position.scope,
            next: position.stage.clone(),
            pages: VecDeque::new(),
            position: position.stage,
            next_page: 1,
            done: HashSet::new(),
        }
    }

    /// What to do with current derivations.
    pub(crate) fn scope(&self) -> Scope {
        self.scope
    }

    /// What to read next.
    pub(crate) fn next(&self) -> &Stage {
        &self.next
    }

    /// True while so few pages are open that another should be read.
    pub(crate) fn wants_page(&self) -> bool {
        self.next != Stage::Finished && self.pages.len() < 3
    }

    /// The position to be stored.
    pub(crate) fn position(&self) -> Position {
        Position { scope: self.scope, stage: self.position.clone() }
    }

    /// True once every group of every page is committed.
    pub(crate) fn finished(&self) -> bool {
        self.position == Stage::Finished
    }

    /// Starts a page, after which the walk goes on at `after`.
    pub(crate) fn open(&mut self, after: Stage) -> u64 {
        let id = self.next_page;
        self.next_page += 1;
        self.next = after.clone();
        // Held by one until it is sealed, so that it does not end while groups are still added.
        self.pages.push_back(Page { id, left: 1, after });
        id
    }

    /// A page has one more group.
    pub(crate) fn add(&mut self, page: u64) {
        if let Some(page) = self.pages.iter_mut().find(|open| open.id == page) {
            page.left += 1;
        }
    }

    /// A group of a page is committed, or the page is sealed.
    pub(crate) fn done(&mut self, page: u64) {
        if let Some(page) = self.pages.iter_mut().find(|open| open.id == page) {
            page.left -= 1;
        }
        while let Some(page) = self.pages.pop_front_if(|page| page.left == 0) {
            self.position = page.after;
        }
    }

    /// Goes back to the start of the present stage: its page token is not taken any more.
    pub(crate) fn restart_stage(&mut self) {
        match &mut self.next {
            Stage::Derivations(token) | Stage::Records(_, token) => token.clear(),
            Stage::Failures | Stage::Finished => {}
        }
    }

    /// Remembers that a group was committed since the walk began.
    pub(crate) fn remember(&mut self, group: &str) {
        if self.done.len() < MAX_DONE {
            self.done.insert(fingerprint(group));
        }
    }

    /// True if a group was committed since the walk began.
    pub(crate) fn remembers(&self, group: &str) -> bool {
        self.done.contains(&fingerprint(group))
    }
}

/// Half of the BLAKE3 hash: no two groups share it by accident.
fn fingerprint(group: &str) -> u128 {
    let hash = blake3::hash(group.as_bytes());
    let mut half = [0; 16];
    half.copy_from_slice(&hash.as_bytes()[..16]);
    u128::from_le_bytes(half)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_read_back() {
        let stages = [
            Stage::Failures,
            Stage::Derivations(String::new()),
            Stage::Records(1, String::new()),
            Stage::Records(0, "to ken".to_owned()),
            Stage::Finished,
        ];
        for stage in stages {
            for scope in [Scope::Stale, Scope::All] {
                let position = Position { scope, stage: stage.clone() };
                assert_eq!(position.to_string().parse(), Ok(position.clone()), "{position}");
            }
        }
        assert_eq!("".parse::<Position>(), Err(()));
        assert_eq!("stale records x".parse::<Position>(), Err(()));
    }

    #[test]
    fn the_position_waits_for_the_oldest_page() {
        let mut walk = Walk::from(Position { scope: Scope::Stale, stage: Stage::Failures });
        let first = walk.open(Stage::Derivations(String::new()));
        walk.add(first);
        walk.done(first);
        let second = walk.open(Stage::Records(0, String::new()));
        walk.done(second);
        let third = walk.open(Stage::Finished);
        walk.done(third);
        assert!(!walk.wants_page());
        assert_eq!(walk.position().stage, Stage::Failures);
        walk.done(first);
        assert!(walk.finished());
    }

    #[test]
    fn groups_done_are_remembered() {
        let mut walk = Walk::from(Position { scope: Scope::All, stage: Stage::Failures });
        walk.remember("a");
        assert!(walk.remembers("a") && !walk.remembers("b"));
    }
}

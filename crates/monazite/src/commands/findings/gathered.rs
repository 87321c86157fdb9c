//! What is held of all findings: the most severe of those that are wanted, and how many there are.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use api::record::{Finding, FindingKind, Record};
use brief::told::{Told, is_check, is_quiet};

use super::{Found, words};
use crate::cli::FindingsArgs;

/// On a screen several findings may be told as one, so that more are held than are shown: so many for each,
const FOR_EACH: usize = 8;

/// and never fewer than this.
const LEAST_HELD: usize = 1_000;

/// Most checks that are held to be told with a contradiction of the same figures.
const MOST_CHECKS: usize = 10_000;

/// What is left out.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Beside {
    /// Findings that a verdict mutes.
    pub muted: usize,
    /// Checks that hold by their wording alone.
    pub quiet: usize,
}

/// Order of the list: severity, kind, name.
type Place = (Reverse<u32>, usize, String);

/// The most severe findings, and what is told of the others.
#[derive(Debug)]
pub(super) struct Gathered {
    /// Those that are listed, in order.
    pub kept: BTreeMap<Place, Found>,
    /// Checks that fail or hold, whatever is asked for.
    pub checks: Vec<Told>,
    /// The kind of each that is wanted, with those that are not kept.
    pub kinds: Vec<FindingKind>,
    /// What is left out.
    pub beside: Beside,
    most: usize,
    all: bool,
    only_muted: bool,
    /// Names of those that came, where a finding about several documents is listed with each.
    seen: Option<BTreeSet<String>>,
}

impl Gathered {
    /// Nothing yet. For a `table` more is held than is shown; with `several` groups one finding may come more than once.
    pub(super) fn new(args: &FindingsArgs, table: bool, several: bool) -> Self {
        let most = match args.limit {
            0 => usize::MAX,
            limit if table => limit.saturating_mul(FOR_EACH).max(LEAST_HELD),
            limit => limit,
        };
        Self {
            kept: BTreeMap::new(),
            checks: Vec::new(),
            kinds: Vec::new(),
            beside: Beside::default(),
            most,
            all: args.all,
            only_muted: args.muted,
            seen: several.then(BTreeSet::new),
        }
    }

    /// Keeps a check that a contradiction may be told with.
    pub(super) fn check(&mut self, record: &Record, body: &Finding) {
        if is_check(body) && !is_quiet(body) && self.checks.len() < MOST_CHECKS {
            let (names, citations) = (vec![record.name.clone()], record.citations.clone());
            self.checks.push(Told { names, body: body.clone(), citations });
        }
    }

    /// One that is wanted.
    pub(super) fn take(&mut self, found: Found, is_quiet: bool) {
        if self.seen.as_mut().is_some_and(|seen| !seen.insert(found.name.clone())) {
            return;
        }
        if found.muted && !self.all && !self.only_muted {
            self.beside.muted += 1;
            return;
        }
        if !self.all && self.only_muted != found.muted {
            return;
        }
        if is_quiet && !self.all {
            self.beside.quiet += 1;
            return;
        }
        self.kinds.push(found.body.kind());
        let place = (Reverse(found.body.severity), words::rank(&found.body), found.name.clone());
        self.kept.insert(place, found);
        if self.kept.len() > self.most {
            self.kept.pop_last();
        }
    }
}

//! `monazite findings`: what contradicts, what does not add up, and what holds, with the passages.

pub(crate) mod about;
mod filter;
mod listing;
mod screen;
pub(crate) mod words;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use api::record::{Citation, Finding, FindingKind, Record, Story};
use brief::told::{Told, is_check, is_quiet, once};
use brief::verdict::{Stored, is_muted};
use prost::{Message as _, Name as _};
use serde_json::{Value, json};
use text::Lexicon;

use crate::cli::{FindingsArgs, Format};
use crate::commands::print;
use crate::commands::verdict::{self, Verdicts};
use crate::failure::{Failure, Kind};
use crate::grpc::{Client, Listed};
use crate::output::{colour, screen_width};
use crate::view::{View, document_name};
use about::Claims;
use filter::Filter;
use screen::Shown;

/// A finding as it is stored.
#[derive(Debug)]
struct Found {
    /// Its resource name.
    name: String,
    body: Finding,
    citations: Vec<Citation>,
    keys: Vec<String>,
    /// What analysts think of it.
    opinions: Vec<Opinion>,
    /// Whether that mutes it.
    muted: bool,
}

/// A verdict on a finding.
#[derive(Debug)]
struct Opinion {
    /// For people, in a sentence.
    sentence: String,
    /// For programs.
    object: Value,
    /// Whether it speaks of the finding as it is, not of an earlier version.
    holds: bool,
}

/// How many findings say one thing at most, where no more are read than are shown.
const TOGETHER: usize = 8;

/// Most checks that are held to tell which side of a contradiction is the likelier.
const MAX_CHECKS: usize = 10_000;

/// The most severe findings: no more are held than are shown.
#[derive(Debug, Default)]
struct Best {
    /// How many; zero for all.
    limit: usize,
    kept: BTreeMap<(Reverse<u32>, usize, String), Found>,
    /// How many there are of each kind, with those that are not kept.
    kinds: BTreeMap<FindingKind, usize>,
    /// Checks by which a side of a contradiction may be the likelier.
    checks: Vec<Told>,
    /// How many checks that hold by their wording alone are left out.
    quiet: usize,
    /// How many of those that are wanted verdicts mute.
    muted: usize,
}

impl Best {
    /// Keeps what was calculated, of any kind that is wanted.
    fn check(&mut self, record: &Record, body: &Finding) {
        if is_check(body) && !is_quiet(body) && self.checks.len() < MAX_CHECKS {
            self.checks.push(Told {
                names: vec![record.name.clone()],
                body: body.clone(),
                citations: record.citations.clone(),
            });
        }
    }

    /// Takes a finding, unless it is quiet and quiet ones are not wanted.
    fn offer(&mut self, found: Found, quiet: bool) {
        if is_quiet(&found.body) && !quiet {
            self.quiet += 1;
        } else {
            self.take(found);
        }
    }

    fn take(&mut self, found: Found) {
        *self.kinds.entry(found.body.kind()).or_default() += 1;
        let place = (Reverse(found.body.severity), words::rank(&found.body), found.name.clone());
        self.kept.insert(place, found);
        if self.limit > 0 && self.kept.len() > self.limit {
            self.kept.pop_last();
        }
    }
}

/// Documents by their names.
type Views = BTreeMap<String, View>;

pub(super) async fn run(client: &Client, args: &FindingsArgs) -> Result<()> {
    let filter = Filter::new(Lexicon::standard(), args)?;
    let at_sequence = client.sequence(args.at.as_of).await?;
    let mut groups: Vec<Vec<String>> = vec![Vec::new()];
    if let Some(id) = &args.document {
        groups = vec![vec![format!("document={}", document_name(client, id, at_sequence).await?)]];
    } else if let Some(id) = &args.story {
        groups = story(client, id, at_sequence)
            .await?
            .into_iter()
            .map(|name| vec![format!("document={name}")])
            .collect();
    }
    let verdicts = Verdicts::read(client, None, at_sequence).await?;
    let on_screen = args.list.output == Format::Table;
    // What several say is one row there, so that more than the rows must be at hand.
    let limit = if on_screen { args.limit.saturating_mul(TOGETHER) } else { args.limit };
    let best = Best { limit, ..Best::default() };
    let once = groups.len() == 1;
    let narrowed = groups.iter().any(|keys| !keys.is_empty());
    let mut reader =
        Reader { filter: &filter, verdicts: &verdicts, args, best, seen: (!once).then(BTreeSet::new) };
    let rest = if narrowed {
        for keys in groups {
            reader.read(client, keys, at_sequence, 0).await?;
        }
        None
    } else {
        reader.by_weight(client, at_sequence, on_screen).await?
    };
    let mut best = reader.best;
    let all_checks = [FindingKind::Holds, FindingKind::Fails].into_iter().all(|kind| filter.wants_kind(kind));
    if on_screen && !narrowed && (rest.is_some() || !all_checks) {
        checks(client, &mut best, at_sequence).await?;
    }
    let muted = if args.all || args.muted { 0 } else { best.muted };
    let beside = Beside { muted, quiet: best.quiet, rest };
    let (mut kinds, checks) = (best.kinds, best.checks);
    let mut found: Vec<Found> = best.kept.into_values().collect();
    let cited = found.iter().flat_map(|found| &found.citations);
    let views = views(client, cited, at_sequence).await?;
    // Between a retraction and the commit that withdraws what rested on it, a finding may cite a document that is gone.
    found.retain(|found| found.citations.iter().all(|citation| views.contains_key(&citation.document)));
    if on_screen {
        let all = kinds.values().sum::<usize>() == found.len();
        let mut shown = shown(found, &checks);
        if all {
            kinds = counted(shown.iter().map(|shown| shown.told.body.kind()));
        }
        shown.truncate(if args.limit == 0 { usize::MAX } else { args.limit });
        let note = note(&kinds, shown.len(), &filter, beside);
        let claims = Claims::read(client, shown.iter().map(|shown| &shown.told.body), at_sequence).await?;
        let (width, colour) = (usize::from(screen_width()), colour());
        return print(|out| screen::print(&shown, &views, &claims, &note, width, colour, out));
    }
    let claims = Claims::read(client, found.iter().map(|found| &found.body), at_sequence).await?;
    let listing = listing::listing(&found, &views, &claims);
    print(|mut out| listing.print(args.list.output, &mut out))
}

/// Kinds of findings in the order of what they weigh at most, and what the next ones weigh at most
/// (docs/findings.md).
const BY_WEIGHT: [(&[FindingKind], u32); 3] = [
    (&[FindingKind::Contradiction, FindingKind::Fails], 69),
    (&[FindingKind::Revision, FindingKind::Outturn], 19),
    (&[FindingKind::Rounding, FindingKind::Agreement, FindingKind::Holds, FindingKind::NotComparable], 0),
];

/// Of each kind that weighs next to nothing so many are looked at for a screen, the latest.
const MOST_QUIET: usize = 10_000;

/// Why not all findings were looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rest {
    /// The others weigh less than all that are shown.
    Lighter,
    /// Of those that weigh next to nothing only the latest were looked at.
    Older,
}

/// Reads findings and keeps the most severe.
struct Reader<'a> {
    filter: &'a Filter,
    verdicts: &'a Verdicts,
    args: &'a FindingsArgs,
    best: Best,
    /// Names of those that were read, where one may come several times.
    seen: Option<BTreeSet<String>>,
}

impl Reader<'_> {
    /// Reads the findings with these keys, the latest first; how many there were. At most `most`, if that is not zero.
    async fn read(
        &mut self,
        client: &Client,
        keys: Vec<String>,
        at_sequence: i64,
        most: usize,
    ) -> Result<usize> {
        let kind = Finding::full_name();
        let listed = Listed {
            kind: &kind,
            keys,
            at_sequence,
            newest_first: most > 0,
            limit: most,
            ..Default::default()
        };
        let mut count = 0;
        client
            .each(listed, async |records| {
                count += records.len();
                for record in records {
                    self.take(record)?;
                }
                Ok(true)
            })
            .await?;
        Ok(count)
    }

    fn take(&mut self, record: Record) -> Result<()> {
        let (args, filter) = (self.args, self.filter);
        let body = Finding::decode(record.body.clone())?;
        // A finding about several documents of a story is listed with each.
        if self.seen.as_mut().is_some_and(|seen| !seen.insert(record.name.clone())) {
            return Ok(());
        }
        self.best.check(&record, &body);
        if !filter.wants(&body, &record.keys) {
            return Ok(());
        }
        let found = entry(record, body, self.verdicts);
        self.best.muted += usize::from(found.muted);
        if args.all || args.muted == found.muted {
            self.best.offer(found, args.all || filter.names_checks());
        }
        Ok(())
    }

    /// Reads what is wanted of all findings, the kinds first that weigh most, until nothing that is left can be among those that are
    /// kept.
    async fn by_weight(
        &mut self,
        client: &Client,
        at_sequence: i64,
        on_screen: bool,
    ) -> Result<Option<Rest>> {
        let bounded = on_screen && self.best.limit > 0;
        let mut rest = None;
        for (kinds, next) in BY_WEIGHT {
            for kind in kinds.iter().filter(|kind| self.filter.wants_kind(**kind)) {
                let most = if bounded && next == 0 { MOST_QUIET } else { 0 };
                let keys = vec![format!("finding={}", words::kind(*kind))];
                let count = self.read(client, keys, at_sequence, most).await?;
                rest = rest.or((most > 0 && count == most).then_some(Rest::Older));
            }
            let lightest = self.best.kept.last_key_value().map_or(0, |((severity, ..), _)| severity.0);
            let full = self.best.limit > 0 && self.best.kept.len() >= self.best.limit;
            if full && next > 0 && lightest > next {
                return Ok(Some(Rest::Lighter));
            }
        }
        Ok(rest)
    }
}

/// Reads the checks of the documents that the kept findings cite: by them a side may be the likelier.
async fn checks(client: &Client, best: &mut Best, at_sequence: i64) -> Result<()> {
    let cited = best.kept.values().flat_map(|found| &found.citations);
    let names: BTreeSet<String> = cited.map(|citation| citation.document.clone()).collect();
    let names: Vec<String> = names.into_iter().collect();
    best.checks.clear();
    let mut seen = BTreeSet::new();
    for record in client.read_groups(&[Finding::full_name()], "document", &names, at_sequence).await? {
        if seen.insert(record.name.clone()) {
            let body = Finding::decode(record.body.clone())?;
            best.check(&record, &body);
        }
    }
    Ok(())
}

/// What is left out.
#[derive(Clone, Copy, Debug, Default)]
struct Beside {
    /// Findings that a verdict mutes.
    muted: usize,
    /// Checks that hold by their wording alone.
    quiet: usize,
    /// Why not all were looked at.
    rest: Option<Rest>,
}

/// The findings as a reader sees them: what several say once, with the verdicts on each. What is muted stays apart.
fn shown(found: Vec<Found>, checks: &[Told]) -> Vec<Shown> {
    let mut opinions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut about: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut loud, mut muted) = (Vec::new(), Vec::new());
    for found in found {
        let sentences = found.opinions.iter().map(|opinion| opinion.said(found.muted)).collect();
        opinions.insert(found.name.clone(), sentences);
        about.insert(found.name.clone(), found.keys);
        let told = Told { names: vec![found.name], body: found.body, citations: found.citations };
        if found.muted { muted.push(told) } else { loud.push(told) }
    }
    let told = once(loud, checks).into_iter().chain(once(muted, checks));
    let shown = told.map(|told| Shown {
        opinions: told.names.iter().flat_map(|name| opinions.remove(name).unwrap_or_default()).collect(),
        keys: told.names.iter().flat_map(|name| about.remove(name).unwrap_or_default()).collect(),
        told,
    });
    let mut shown: Vec<Shown> = shown.collect();
    shown.sort_by_cached_key(|shown| {
        let body = &shown.told.body;
        (Reverse(body.severity), words::rank(body), shown.told.names.clone())
    });
    shown
}

impl Opinion {
    /// For people, of a finding that verdicts mute or not.
    fn said(&self, muted: bool) -> String {
        match (self.holds, muted) {
            (true, true) => format!("{} (muted)", self.sentence),
            (true, false) => self.sentence.clone(),
            (false, _) => format!("an earlier version was {}", self.sentence),
        }
    }
}

fn entry(record: Record, body: Finding, verdicts: &Verdicts) -> Found {
    let opinion = |stored: &Stored, holds| {
        let verdict = &stored.verdict;
        let object = json!({
            "verdict": stored.record.name,
            "judgement": verdict::word(verdict.judgement()),
            "by": verdict.by,
            "note": verdict.note,
            "time": stored.record.commit_time.as_ref().map(ToString::to_string),
            "holds": holds,
        });
        Opinion { sentence: verdict::sentence(stored), object, holds }
    };
    let mut opinions: Vec<Opinion> = verdicts.of(&record).map(|stored| opinion(stored, true)).collect();
    opinions.extend(verdicts.of_earlier(&record, &body).map(|stored| opinion(stored, false)));
    let muted = is_muted(&record, verdicts.of(&record));
    Found { name: record.name, body, citations: record.citations, keys: record.keys, opinions, muted }
}

/// Documents of the story that a user means, by its id or that of one of its documents.
async fn story(client: &Client, id: &str, at_sequence: i64) -> Result<Vec<String>> {
    let given = id.rsplit('/').next().unwrap_or(id).to_ascii_lowercase();
    let mut found: Vec<Vec<String>> = Vec::new();
    let listed = Listed { kind: &Story::full_name(), at_sequence, ..Default::default() };
    client
        .each(listed, async |records| {
            for record in records {
                let tellings = Story::decode(record.body)?.tellings;
                let documents: Vec<String> = tellings.into_iter().map(|telling| telling.document).collect();
                let is_meant =
                    |name: &String| name.rsplit('/').next().is_some_and(|id| id.starts_with(&given));
                if is_meant(&record.name) || documents.iter().any(is_meant) {
                    found.push(documents);
                }
            }
            Ok(found.len() < 2)
        })
        .await?;
    let problem = match found.len() {
        1 => return Ok(found.remove(0)),
        0 => format!("there is no story {id}; see `monazite stories`"),
        _ => format!("more than one story is meant by {id}; give more digits"),
    };
    Err(Failure::new(Kind::NotFound, problem).into())
}

/// The documents that findings cite.
async fn views(client: &Client, cited: impl Iterator<Item = &Citation>, at_sequence: i64) -> Result<Views> {
    let mut names: Vec<String> = cited.map(|citation| citation.document.clone()).collect();
    names.sort();
    names.dedup();
    let mut views = Views::new();
    for record in client.batch_get_at(&names, at_sequence).await? {
        views.insert(record.name.clone(), View::new(&record)?);
    }
    Ok(views)
}

/// How many there are of each kind.
fn counted(found: impl Iterator<Item = FindingKind>) -> BTreeMap<FindingKind, usize> {
    let mut kinds = BTreeMap::new();
    for kind in found {
        *kinds.entry(kind).or_default() += 1;
    }
    kinds
}

/// The last line: how many there are of each kind, and what was left out.
fn note(kinds: &BTreeMap<FindingKind, usize>, shown: usize, filter: &Filter, beside: Beside) -> String {
    let left_out = left_out(beside);
    let all: usize = kinds.values().sum();
    if all == 0 {
        return match (filter.unknown(), left_out) {
            (_, Some(left_out)) => format!("nothing but {left_out}"),
            (Some(what), None) => format!("no findings; {what}"),
            (None, None) if filter.is_open() => {
                "no findings; is something imported, and what does `monazite status` say?".to_owned()
            }
            (None, None) => "no findings like this; `monazite findings` lists all".to_owned(),
        };
    }
    let mut parts = vec![match (all, shown) {
        (all, shown) if shown < all => {
            format!("{shown} of {all} findings, the most severe first; --limit 0 lists all")
        }
        (1, _) => "1 finding".to_owned(),
        (all, _) => format!("{all} findings"),
    }];
    for kind in words::KINDS {
        match kinds.get(&kind).copied().unwrap_or(0) {
            0 => {}
            count => parts.push(format!("{count} {}", words::several(kind, count))),
        }
    }
    parts.extend(match beside.rest {
        Some(Rest::Lighter) => Some("others weigh less and are not counted".to_owned()),
        Some(Rest::Older) => Some(format!("of those that weigh little the latest {MOST_QUIET} of each kind")),
        None => None,
    });
    parts.extend(left_out);
    parts.join(" · ")
}

fn left_out(beside: Beside) -> Option<String> {
    let mut parts = Vec::new();
    match beside.quiet {
        0 => {}
        1 => parts.push("1 check of wording that holds".to_owned()),
        quiet => parts.push(format!("{quiet} checks of wording that hold")),
    }
    if beside.muted > 0 {
        parts.push(format!("{} muted by verdicts", beside.muted));
    }
    (!parts.is_empty()).then(|| format!("{}; --all shows what is", parts.join(" and ")))
}

#[cfg(test)]
mod tests;

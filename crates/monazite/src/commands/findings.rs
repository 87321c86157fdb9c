//! `monazite findings`: what contradicts, what does not add up, and what holds, with the passages.

mod filter;
mod gathered;
mod listing;
mod screen;
pub(crate) mod words;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use anyhow::Result;
use api::record::{Citation, Finding, FindingKind, Record, Story};
use brief::told::{Told, is_quiet, once};
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
use filter::Filter;
use gathered::{Beside, Gathered};
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
    let table = args.list.output == Format::Table;
    let mut gathered = Gathered::new(args, table, groups.len() > 1);
    for keys in groups {
        let listed = Listed { kind: &Finding::full_name(), keys, at_sequence, ..Default::default() };
        client
            .each(listed, async |records| {
                for record in records {
                    let body = Finding::decode(record.body.clone())?;
                    gathered.check(&record, &body);
                    if filter.wants(&body, &record.keys) {
                        let is_quiet = is_quiet(&body) && !filter.names_checks();
                        gathered.take(entry(record, body, &verdicts), is_quiet);
                    }
                }
                Ok(true)
            })
            .await?;
    }
    let Gathered { kept, checks, kinds, beside, .. } = gathered;
    let mut found: Vec<Found> = kept.into_values().collect();
    let views = views(client, found.iter().flat_map(|found| &found.citations), at_sequence).await?;
    // Between a retraction and the commit that withdraws what rested on it, a finding may cite a document that is gone.
    found.retain(|found| found.citations.iter().all(|citation| views.contains_key(&citation.document)));
    if !table {
        let listing = listing::listing(&found, &views);
        return print(|mut out| listing.print(args.list.output, &mut out));
    }
    let is_whole = found.len() == kinds.len();
    let mut shown = shown(found, &checks);
    let kinds =
        if is_whole { shown.iter().map(|shown| shown.told.body.kind()).collect() } else { kinds };
    shown.truncate(if args.limit == 0 { usize::MAX } else { args.limit });
    let note = note(&kinds, shown.len(), &filter, beside);
    let (width, colour) = (usize::from(screen_width()), colour());
    print(|out| screen::print(&shown, &views, &note, width, colour, out))
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

/// The last line: how many there are of each kind, and what was left out.
fn note(all: &[FindingKind], shown: usize, filter: &Filter, beside: Beside) -> String {
    let left_out = left_out(beside);
    if all.is_empty() {
        return match (filter.unknown(), left_out) {
            (_, Some(left_out)) => format!("nothing but {left_out}"),
            (Some(what), None) => format!("no findings; {what}"),
            (None, None) if filter.is_open() => {
                "no findings; is something imported, and what does `monazite status` say?".to_owned()
            }
            (None, None) => "no findings like this; `monazite findings` lists all".to_owned(),
        };
    }
    let mut parts = vec![match (all.len(), shown) {
        (all, shown) if shown < all => {
            format!("{shown} of {all} findings, the most severe first; --limit 0 lists all")
        }
        (1, _) => "1 finding".to_owned(),
        (all, _) => format!("{all} findings"),
    }];
    for kind in words::KINDS {
        match all.iter().filter(|found| **found == kind).count() {
            0 => {}
            count => parts.push(format!("{count} {}", words::several(kind, count))),
        }
    }
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

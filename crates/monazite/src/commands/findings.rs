//! `monazite findings`: what contradicts, what does not add up, and what holds, with the passages.

mod filter;
mod screen;
pub(crate) mod words;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use api::record::{Citation, Finding, FindingKind, Record, Story};
use brief::verdict::{Stored, is_muted};
use prost::{Message as _, Name as _};
use serde_json::{Value, json};
use text::Lexicon;

use crate::cli::{FindingsArgs, Format};
use crate::commands::print;
use crate::commands::verdict::{self, Verdicts};
use crate::failure::{Failure, Kind};
use crate::grpc::{Client, Listed};
use crate::output::{Cell, Listing, colour, column, screen_width};
use crate::view::{View, document_name};
use filter::Filter;

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

/// The most severe findings: no more are held than are shown.
#[derive(Debug, Default)]
struct Best {
    /// How many; zero for all.
    limit: usize,
    kept: BTreeMap<(Reverse<u32>, usize, String), Found>,
    /// How many there are of each kind, with those that are not kept.
    kinds: BTreeMap<FindingKind, usize>,
    /// How many of those that are wanted verdicts mute.
    muted: usize,
}

impl Best {
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
    let mut best = Best { limit: args.limit, ..Best::default() };
    let once = groups.len() == 1;
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for keys in groups {
        let listed = Listed { kind: &Finding::full_name(), keys, at_sequence, ..Default::default() };
        client
            .each(listed, async |records| {
                for record in records {
                    let body = Finding::decode(record.body.clone())?;
                    // A finding about several documents of a story is listed with each.
                    if filter.wants(&body, &record.keys) && (once || seen.insert(record.name.clone())) {
                        let found = entry(record, body, &verdicts);
                        best.muted += usize::from(found.muted);
                        if args.all || args.muted == found.muted {
                            best.take(found);
                        }
                    }
                }
                Ok(true)
            })
            .await?;
    }
    let (kinds, muted) = (best.kinds, best.muted);
    let mut found: Vec<Found> = best.kept.into_values().collect();
    let views = views(client, &found, at_sequence).await?;
    // Between a retraction and the commit that withdraws what rested on it, a finding may cite a document that is gone.
    found.retain(|found| found.citations.iter().all(|citation| views.contains_key(&citation.document)));
    let mut note = note(&kinds, found.len(), &filter);
    if muted > 0 && kinds.is_empty() && !args.muted {
        note = format!("nothing but {muted} muted by verdicts; --all shows what is");
    } else if muted > 0 && !args.all && !args.muted {
        note += &format!(" · {muted} muted by verdicts; --all shows what is");
    }
    if args.list.output == Format::Table {
        let (width, colour) = (usize::from(screen_width()), colour());
        return print(|out| screen::print(&found, &views, &note, width, colour, out));
    }
    let listing = listing(&found, &views);
    print(|mut out| listing.print(args.list.output, &mut out))
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

/// Documents of the story that a user means.
async fn story(client: &Client, id: &str, at_sequence: i64) -> Result<Vec<String>> {
    let given = id.strip_prefix("stories/").unwrap_or(id).to_ascii_lowercase();
    let mut found: Vec<Record> = Vec::new();
    let listed = Listed { kind: &Story::full_name(), at_sequence, ..Default::default() };
    client
        .each(listed, async |records| {
            let named =
                |record: &Record| record.name.strip_prefix("stories/").is_some_and(|n| n.starts_with(&given));
            found.extend(records.into_iter().filter(named));
            Ok(found.len() < 2)
        })
        .await?;
    let problem = match found.as_slice() {
        [record] => {
            let tellings = Story::decode(record.body.clone())?.tellings;
            return Ok(tellings.into_iter().map(|telling| telling.document).collect());
        }
        [] => format!("there is no story {id}"),
        _ => format!("more than one story starts with {id}; give more digits"),
    };
    Err(Failure::new(Kind::NotFound, problem).into())
}

/// The documents that findings cite.
async fn views(client: &Client, found: &[Found], at_sequence: i64) -> Result<Views> {
    let mut names: Vec<String> =
        found.iter().flat_map(|found| &found.citations).map(|citation| citation.document.clone()).collect();
    names.sort();
    names.dedup();
    let mut views = Views::new();
    for record in client.batch_get_at(&names, at_sequence).await? {
        views.insert(record.name.clone(), View::new(&record)?);
    }
    Ok(views)
}

fn note(kinds: &BTreeMap<FindingKind, usize>, shown: usize, filter: &Filter) -> String {
    let all: usize = kinds.values().sum();
    if all == 0 {
        return match filter.unknown() {
            Some(what) => format!("no findings; {what}"),
            None if filter.is_open() => {
                "no findings; is something imported, and what does `monazite status` say?".to_owned()
            }
            None => "no findings like this; `monazite findings` lists all".to_owned(),
        };
    }
    let mut parts = vec![match (shown == all, shown) {
        (false, _) => format!("{shown} of {all} findings, the most severe first; --limit 0 lists all"),
        (true, 1) => "1 finding".to_owned(),
        (true, _) => format!("{shown} findings"),
    }];
    for kind in words::KINDS {
        match kinds.get(&kind).copied().unwrap_or(0) {
            0 => {}
            count => parts.push(format!("{count} {}", words::several(kind, count))),
        }
    }
    parts.join(" · ")
}

fn listing(found: &[Found], views: &Views) -> Listing {
    let mut listing = Listing::new(&[
        column("SEVERITY", "severity"),
        column("KIND", "kind"),
        column("REASON", "reason"),
        column("CHECK", "check"),
        column("SAID", "said"),
        column("QUOTES", "quotes"),
        column("DOCUMENTS", "documents"),
        column("FINDING", "finding"),
    ]);
    for found in found {
        let object = object(found, views);
        let said: Vec<&str> = found.body.sides.iter().map(|side| side.said.as_str()).collect();
        let optional = |name: Option<String>| Cell::new(name.clone().unwrap_or_default(), name);
        let mut documents: Vec<&str> = found.citations.iter().map(|c| c.document.as_str()).collect();
        documents.dedup();
        let quotes =
            found.citations.iter().enumerate().map(|(index, _)| quote(found, index)).collect::<Vec<_>>();
        let cells = vec![
            found.body.severity.into(),
            words::kind(found.body.kind()).into(),
            optional(words::reason(&found.body)),
            optional(words::check(&found.body)),
            said.join(" / ").into(),
            Cell::new("", quotes),
            Cell::new("", documents),
            found.name.clone().into(),
        ];
        listing.row_of(cells, Vec::new(), object);
    }
    listing
}

/// A finding for programs: every quote with its document and span.
fn object(found: &Found, views: &Views) -> Value {
    let body = &found.body;
    let quotes =
        |indexes: &[u32]| indexes.iter().map(|index| quote(found, *index as usize)).collect::<Vec<_>>();
    let sides: Vec<Value> = ('A'..='Z')
        .zip(&body.sides)
        .map(|(letter, side)| {
            json!({
                "side": letter.to_string(),
                "said": side.said,
                "voices": side.voices,
                "claims": side.claims,
                "quotes": quotes(&side.citations),
            })
        })
        .collect();
    let calculations: Vec<Value> = body
        .calculations
        .iter()
        .map(|sum| {
            json!({
                "expression": sum.expression,
                "low": given(&sum.low),
                "high": given(&sum.high),
                "printed_low": given(&sum.printed_low),
                "printed_high": given(&sum.printed_high),
                "unit": given(&sum.unit),
                "operands": quotes(&sum.operands),
            })
        })
        .collect();
    let likelier: Vec<Value> = body
        .likelier
        .iter()
        .map(|reason| {
            json!({"side": words::letter(reason.side), "kind": words::likelier(reason), "quotes": quotes(&reason.citations)})
        })
        .collect();
    let keys: Vec<&String> = found.keys.iter().filter(|key| !key.starts_with("document=")).collect();
    let cited = |view: &&View| found.citations.iter().any(|citation| citation.document == view.name);
    json!({
        "finding": found.name,
        "kind": words::kind(body.kind()),
        "reason": words::reason(body),
        "check": words::check(body),
        "severity": body.severity,
        "sides": sides,
        "calculations": calculations,
        "likelier": likelier,
        "missing": given(&body.missing),
        "cut": body.cut,
        "claims": body.claims,
        "verdicts": found.opinions.iter().map(|opinion| &opinion.object).collect::<Vec<_>>(),
        "muted": found.muted,
        "keys": keys,
        "documents": views.values().filter(cited).map(View::json).collect::<Vec<_>>(),
    })
}

fn given(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// A passage with its document and place; one of several spans is quoted in parts.
fn quote(found: &Found, index: usize) -> Value {
    let Some(citation) = found.citations.get(index) else { return Value::Null };
    let spans: Vec<Value> = citation
        .spans
        .iter()
        .map(|span| json!({"start_byte": span.start_byte, "end_byte": span.end_byte, "quote": span.quote}))
        .collect();
    let text: Vec<&str> = citation.spans.iter().map(|span| span.quote.as_str()).collect();
    json!({"document": citation.document, "quote": text.join(" … "), "spans": spans})
}

#[cfg(test)]
mod tests;

//! `monazite facts`: what documents state, in figures and in events, with the sentences that say it.

mod days;
pub(crate) mod explain;
mod filter;
mod row;
mod slots;
mod spread;
mod words;

use std::collections::BTreeSet;
use std::ops::Range;
use std::rc::Rc;

use anyhow::Result;
use api::record::{Claim, EventType, Record};
use prost::{Message as _, Name as _};
use serde_json::{Map, Value, json};
use text::Lexicon;
use unicode_width::UnicodeWidthStr as _;

use crate::cli::FactsArgs;
use crate::commands::{mentions, print};
use crate::fit::{fit, fit_around};
use crate::grpc::{Client, Listed};
use crate::names;
use crate::output::{Column, Listing, column, screen_width};
use crate::view::{View, document_name, short};
use crate::wrap::wrapped;

pub(crate) use days::{Days, shown as shown_period};
use filter::Filter;
pub(crate) use words::{figure, qualifier};

/// A screen that has room for the quote beside the figures; on a narrower one it stands below them.
const WIDE: u16 = 150;

/// Fewer cells than this tell too little of a sentence.
const LEAST_QUOTE: usize = 40;

/// A screen on which the other columns need not be short for the quote's sake.
const ROOMY: u16 = 180;

/// A claim with its document.
#[derive(Debug)]
struct Fact {
    /// Resource name of the claim.
    name: String,
    claim: Claim,
    /// What it may be compared by, as `fact=…`.
    keys: Vec<String>,
    view: Rc<View>,
    /// The bytes of the sentence, heading or row that states it.
    sentence: Range<usize>,
}

pub(super) async fn run(client: &Client, args: &FactsArgs) -> Result<()> {
    if args.mentions {
        return mentions::run(client, args).await;
    }
    let lexicon = names::lexicon(&args.lexicon)?;
    let filter = Filter::new(&lexicon, args)?;
    let at_sequence = client.sequence(args.at.as_of).await?;
    let mut keys = Vec::new();
    if let Some(id) = &args.document {
        keys.push(format!("document={}", document_name(client, id, at_sequence).await?));
    }
    let limit = if args.limit == 0 { usize::MAX } else { args.limit };
    let mut found = Found { facts: Vec::new(), limit, more: false, at_sequence };
    let mut held: Vec<Record> = Vec::new();
    let listed =
        Listed { kind: &Claim::full_name(), keys, newest_first: true, at_sequence, ..Default::default() };
    client
        .each(listed, async |records| {
            // The claims of one document are written in one commit, which may go on on the next page.
            held.extend(records);
            let last = held.last().map_or(0, |record| record.sequence);
            let (next, whole) = held.drain(..).partition(|record| record.sequence == last);
            held = next;
            found.take(client, whole, &filter).await?;
            Ok(!found.more)
        })
        .await?;
    found.take(client, held, &filter).await?;
    let listing = listing(&lexicon, &found, args, &filter, screen_width());
    print(|mut out| listing.print(args.list.output, &mut out))
}

/// What was found so far.
struct Found {
    facts: Vec<Fact>,
    limit: usize,
    more: bool,
    /// As of when the log is read; zero: now.
    at_sequence: i64,
}

impl Found {
    /// Adds those claims that are wanted: by document, latest published first, in the order of its text.
    async fn take(&mut self, client: &Client, records: Vec<Record>, filter: &Filter) -> Result<()> {
        let mut wanted = Vec::new();
        for record in records {
            let claim = Claim::decode(record.body.clone())?;
            if filter.wants(&claim) {
                wanted.push((record, claim));
            }
        }
        let names: BTreeSet<String> = wanted.iter().map(|(_, claim)| claim.document.clone()).collect();
        let names: Vec<String> = names.into_iter().collect();
        let mut views = Vec::new();
        for record in client.batch_get_at(&names, self.at_sequence).await? {
            let view = View::new(&record)?;
            if filter.wants_source(&view.document.source) {
                views.push(Rc::new(view));
            }
        }
        let mut facts: Vec<Fact> = Vec::new();
        for (record, claim) in wanted {
            // A document that was retracted a moment ago has no facts any more.
            let Some(view) = views.iter().find(|view| view.name == claim.document) else { continue };
            facts.extend(fact(record, claim, Rc::clone(view)));
        }
        let published =
            |fact: &Fact| std::cmp::Reverse(fact.view.document.published.as_ref().map(|p| p.start.clone()));
        facts.sort_by_cached_key(|fact| (published(fact), fact.view.name.clone(), fact.claim.start_byte));
        self.more = self.more || self.facts.len() + facts.len() > self.limit;
        self.facts.extend(facts);
        self.facts.truncate(self.limit);
        Ok(())
    }
}

/// A claim whose sentence lies in its document, as every one does that storage has checked.
fn fact(record: Record, claim: Claim, view: Rc<View>) -> Option<Fact> {
    let spans = record.citations.iter().flat_map(|citation| &citation.spans);
    let at = claim.start_byte..claim.end_byte;
    let states = |span: &&api::record::Span| span.start_byte <= at.start && at.end <= span.end_byte;
    let sentence = spans.clone().find(states).map_or(at.clone(), |span| span.start_byte..span.end_byte);
    let sentence = sentence.start as usize..sentence.end as usize;
    view.document.text.get(sentence.clone())?;
    view.document.text.get(at.start as usize..at.end as usize)?;
    let keys = record.keys.into_iter().filter(|key| !key.starts_with("document=")).collect();
    Some(Fact { name: record.name, claim, keys, view, sentence })
}

/// The facts for a screen of this width: each with its quote beside the figures where enough of it is seen there, else below them.
fn listing(lexicon: &Lexicon, found: &Found, args: &FactsArgs, filter: &Filter, width: u16) -> Listing {
    let screen = Screen { width, narrow: width < WIDE };
    let listing = laid_out(lexicon, found, args, filter, screen);
    let cut = !screen.narrow && listing.cut_to("fact", width).is_some_and(|room| room < LEAST_QUOTE);
    if cut { laid_out(lexicon, found, args, filter, Screen { width, narrow: true }) } else { listing }
}

/// How wide a screen is, and whether it is narrow for what is shown on it.
#[derive(Clone, Copy, Debug)]
struct Screen {
    width: u16,
    narrow: bool,
}

fn laid_out(lexicon: &Lexicon, found: &Found, args: &FactsArgs, filter: &Filter, screen: Screen) -> Listing {
    let Screen { width, narrow } = screen;
    let facts = &found.facts;
    let measure = |fact: &Fact| fact.claim.measure.as_ref().map(|slot| slot.id.clone());
    let one_measure =
        args.measure.is_some() && facts.windows(2).all(|two| measure(&two[0]) == measure(&two[1]));
    let no_figure = facts.iter().all(|fact| fact.claim.value.is_none() && fact.claim.changes.is_empty());
    let longest = longest_change(screen);
    let room = |tight, roomy| if narrow || width >= ROOMY { roomy } else { tight };
    let what = if no_figure && !facts.is_empty() { "EVENT" } else { "MEASURE" };
    let mut listing = Listing::new(&[
        column("SUBJECT", "subject").shrinks_to(if narrow { 20 } else { room(24, 32) }),
        column(what, "measure").shrinks_to(room(12, 14)).hidden(one_measure),
        only_csv("event"),
        column("VALUE", "value").shrinks_to(34).hidden(no_figure),
        column("CHANGE", "change").shrinks_to(longest).hidden(no_figure),
        only_csv("further_changes"),
        column("PERIOD", "period"),
        only_csv("actors"),
        only_csv("targets"),
        only_csv("place"),
        only_csv("partners"),
        only_csv("basis"),
        only_csv("status"),
        only_csv("announced"),
        only_csv("effective"),
        column("SOURCE", "source").shrinks_to(room(16, 24)).hidden(narrow),
        column("DOCUMENT", "document").hidden(narrow),
        column("QUOTE", "fact").shrinks().hidden(narrow),
    ]);
    for fact in facts {
        listing.row_of(
            row::cells(lexicon, fact, longest),
            below(lexicon, fact, args, screen),
            object(lexicon, fact),
        );
    }
    listing.note(note(found, args, filter));
    listing
}

/// Cells of a change that stands in its column; a longer one has its base below the row.
fn longest_change(screen: Screen) -> usize {
    match screen.width {
        _ if screen.narrow => 16,
        ..ROOMY => 20,
        _ => 26,
    }
}

/// A column that tables have no room for.
const fn only_csv(key: &'static str) -> Column {
    column("", key).hidden(true)
}

/// What stands below the row of a fact: what the columns have no room for.
fn below(lexicon: &Lexicon, fact: &Fact, args: &FactsArgs, screen: Screen) -> Vec<String> {
    let cells = usize::from(screen.width);
    let mut lines = Vec::new();
    let details = row::details(lexicon, &fact.claim, longest_change(screen));
    if !details.is_empty() {
        lines.extend(wrapped(&details, "  ", "    ", cells).lines().map(str::to_owned));
    }
    let text = &fact.view.document.text;
    if screen.narrow {
        let from = format!("  {} {}", short(&fact.view.name), row::source(fact));
        let sentence = text.get(fact.sentence.clone()).unwrap_or_default();
        let at = fact.claim.start_byte as usize - fact.sentence.start
            ..fact.claim.end_byte as usize - fact.sentence.start;
        let quote = |room: usize| format!("«{}»", fit_around(sentence, at.clone(), room.saturating_sub(2)));
        let beside = cells.saturating_sub(from.width() + 1);
        // On a line of its own a quote has more room than behind a long name.
        if beside < LEAST_QUOTE.min(sentence.width() + 2) {
            lines.extend([fit(&from, cells), format!("    {}", quote(cells.saturating_sub(4)))]);
        } else {
            lines.push(format!("{from} {}", quote(beside)));
        }
    }
    if args.explain {
        lines.extend(explain::lines(lexicon, text, &fact.claim, &fact.keys, cells));
    }
    lines
}

/// A fact for programs: the fields of `monazite read`, with the quote of each slot, and with its document.
fn object(lexicon: &Lexicon, fact: &Fact) -> Value {
    let (claim, text) = (&fact.claim, &fact.view.document.text);
    let quote = |range: &Range<usize>| text.get(range.clone());
    let mut object = Map::new();
    let mut set = |name: &str, value: Value| object.insert(name.to_owned(), value);
    set("claim", fact.name.as_str().into());
    set("document", fact.view.name.as_str().into());
    set("source", fact.view.json());
    set("start_byte", claim.start_byte.into());
    set("end_byte", claim.end_byte.into());
    set("quote", quote(&(claim.start_byte as usize..claim.end_byte as usize)).into());
    let (start, end) = (fact.sentence.start, fact.sentence.end);
    set("sentence", json!({"start_byte": start, "end_byte": end, "quote": quote(&fact.sentence)}));
    if claim.event() != EventType::Unspecified {
        set("event", words::lower(claim.event().as_str_name(), "EVENT_TYPE_").into());
    }
    slots::json(text, slots::said(lexicon, claim), &mut object);
    if !claim.derived_from.is_empty() {
        object.insert("derived_from".to_owned(), claim.derived_from.clone().into());
    }
    let keys = fact.keys.iter().filter_map(|key| key.split_once('='));
    let keys: Map<String, Value> = keys.map(|(name, value)| (name.to_owned(), value.into())).collect();
    object.insert("keys".to_owned(), keys.into());
    object.into()
}

fn note(found: &Found, args: &FactsArgs, filter: &Filter) -> String {
    let count = found.facts.len();
    if count == 0 {
        let unknown = filter.unknown();
        return match unknown {
            Some(what) => format!("no facts; {what}"),
            None if filter.is_open() => {
                "no facts; is something imported, and what does `monazite status` say?".to_owned()
            }
            None => "no facts like this; `monazite facts --mentions` lists all numbers with their sentences"
                .to_owned(),
        };
    }
    let events = found.facts.iter().filter(|fact| fact.claim.event() != EventType::Unspecified).count();
    let mut parts = vec![match (found.more, count) {
        (true, _) => format!("the first {count} facts; --limit 0 lists all"),
        (_, 1) => "1 fact".to_owned(),
        _ => format!("{count} facts"),
    }];
    match events {
        0 => {}
        _ if events == count => {}
        1 => parts.push("one of them an event".to_owned()),
        _ => parts.push(format!("{events} of them events")),
    }
    parts.push("in brackets: not said in the sentence itself".to_owned());
    if !args.explain {
        parts.push("--explain shows the rule behind each slot".to_owned());
    }
    parts.join(" · ")
}

#[cfg(test)]
mod tests;

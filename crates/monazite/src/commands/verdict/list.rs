//! `monazite verdicts`.

use anyhow::Result;
use brief::verdict::Stored;
use serde_json::json;

use super::{Verdicts, day, word};
use crate::cli::VerdictsArgs;
use crate::commands::findings::words;
use crate::commands::print;
use crate::commands::topics::saved::checked;
use crate::fit::flat;
use crate::grpc::Client;
use crate::output::{Cell, Listing, column};
use crate::view::short;

/// Whether a verdict still speaks of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Holds,
    Changed,
    Gone,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Changed => "changed",
            Self::Gone => "gone",
        }
    }
}

pub(in crate::commands) async fn run(client: &Client, args: &VerdictsArgs) -> Result<()> {
    let by = args.by.as_deref().map(|by| checked("name of who says so", by)).transpose()?;
    let verdicts = Verdicts::read(client, by, 0).await?;
    let listing = listing(&verdicts, args.limit);
    print(|mut out| listing.print(args.list.output, &mut out))
}

fn state(verdicts: &Verdicts, stored: &Stored) -> State {
    match verdicts.judged.get(&stored.verdict.finding) {
        Some(now) if stored.holds(now) => State::Holds,
        Some(_) => State::Changed,
        None => State::Gone,
    }
}

fn listing(verdicts: &Verdicts, limit: usize) -> Listing {
    let mut listing = Listing::new(&[
        column("VERDICT", "judgement"),
        column("STATE", "state"),
        column("FINDING", "finding"),
        column("WHAT", "kind").shrinks_to(30),
        column("BY", "by").shrinks_to(20),
        column("GIVEN", "time"),
        column("NOTE", "note").shrinks(),
    ]);
    let mut latest: Vec<&Stored> = verdicts.all.iter().collect();
    latest.sort_by_key(|stored| std::cmp::Reverse(stored.record.sequence));
    let count = |of: State| latest.iter().filter(|stored| state(verdicts, stored) == of).count();
    let (all, holds, changed, gone) =
        (latest.len(), count(State::Holds), count(State::Changed), count(State::Gone));
    let shown = if limit == 0 { all } else { limit.min(all) };
    for stored in latest.iter().take(shown) {
        row(verdicts, stored, &mut listing);
    }
    if all == 0 {
        listing.note("no verdicts; `monazite verdict FINDING accept|reject|note` gives one");
        return listing;
    }
    let of = if shown < all { format!("{shown} of ") } else { String::new() };
    let mut note = format!("{of}{all} verdict{} · {holds} hold", if all == 1 { "" } else { "s" });
    if changed > 0 {
        note += &format!(" · {changed} of a finding that changed since");
    }
    if gone > 0 {
        note += &format!(" · {gone} of a finding that is gone");
    }
    listing.note(note);
    listing
}

fn row(verdicts: &Verdicts, stored: &Stored, listing: &mut Listing) {
    let (verdict, state) = (&stored.verdict, state(verdicts, stored));
    let body = api::record::Finding {
        kind: verdict.kind,
        reason: verdict.reason,
        check: verdict.check,
        ..Default::default()
    };
    let what = words::subtitle(&body).unwrap_or_else(|| words::kind(body.kind()));
    let time = stored.record.commit_time.as_ref().map(ToString::to_string);
    let cells = vec![
        word(verdict.judgement()).into(),
        state.word().into(),
        short(&verdict.finding).into(),
        what.into(),
        flat(&verdict.by).into(),
        Cell::new(day(&stored.record), time.clone()),
        flat(&verdict.note).into(),
    ];
    let object = json!({
        "verdict": stored.record.name,
        "judgement": word(verdict.judgement()),
        "state": state.word(),
        "finding": verdict.finding,
        "kind": words::kind(body.kind()),
        "reason": words::reason(&body),
        "check": words::check(&body),
        "by": verdict.by,
        "time": time,
        "note": verdict.note,
    });
    listing.row_of(cells, Vec::new(), object);
}

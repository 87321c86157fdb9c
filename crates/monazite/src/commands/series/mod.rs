//! `monazite series`: the values of one quantity over time, from documents and tables.

mod gather;
mod narrow;
mod plot;
mod point;
mod said;
mod scale;
mod svg;
mod unit;

use anyhow::{Context as _, Result};
use api::record::Period;
use serde_json::{Value, json};

use crate::cli::{Format, SeriesArgs};
use crate::commands::{facts::shown_period, print};
use crate::failure::{Failure, Kind};
use crate::grpc::Client;
use crate::names;
use crate::output::{Cell, Listing, column, screen_width};
use gather::{Extent, Series};
use said::Said;

pub(crate) use gather::{bounded, keys, kinds, tell_sources, wanted, wanted_by};
pub(crate) use narrow::Narrow;
pub(crate) use point::Point;
pub(crate) use said::agree;

pub(super) async fn run(client: &Client, args: &SeriesArgs) -> Result<()> {
    let drawn = args.plot || args.svg.is_some();
    if args.plot && args.list.output != Format::Table {
        let problem = "--plot draws above a table; leave --output out, or draw into a file with --svg";
        return Err(Failure::new(Kind::Usage, problem).into());
    }
    let lexicon = names::lexicon(&args.narrow.lexicon)?;
    let narrow = Narrow::new(&lexicon, &args.measure, &args.narrow)?;
    let at_sequence = match client.sequence(args.at.as_of).await? {
        0 => client.extent().await?.head,
        sequence => sequence,
    };
    let mut found = gather::found(client, &narrow, at_sequence).await?;
    let key = found.keys().next().cloned().unwrap_or_default();
    if found.len() > 1 {
        let listing = several(&found);
        print(|mut out| listing.print(args.list.output, &mut out))?;
        return if drawn {
            let problem =
                format!("{} series fit, and one can be drawn; narrow them, or give a key", found.len());
            Err(Failure::new(Kind::Usage, problem).into())
        } else {
            Ok(())
        };
    }
    let points = found.pop_first().map(|(_, one)| one.points).unwrap_or_default();
    one(&key, points, &narrow, args)
}

/// Which series there are, those with most values first.
fn several(found: &Series) -> Listing {
    let mut listing = Listing::new(&[
        column("SERIES", "series").shrinks(),
        column("CLAIMS", "claims").right(),
        column("ROWS", "rows").right(),
        column("FIRST", "first"),
        column("LAST", "last"),
    ]);
    let mut sorted: Vec<(&String, &Extent)> = found.iter().collect();
    sorted.sort_by_key(|(_, one)| std::cmp::Reverse(one.claims + one.rows));
    for (key, one) in sorted {
        let when = |period: &Option<Period>| period.as_ref().map(shown_period).unwrap_or_default();
        listing.row(vec![
            key.clone().into(),
            one.claims.into(),
            one.rows.into(),
            when(&one.first).into(),
            when(&one.last).into(),
        ]);
    }
    listing.note(format!(
        "{} series · narrow them with --subject, --place, --venue, --basis, or give one of these keys, in quotes, instead of the \
         measure",
        found.len()
    ));
    listing
}

fn one(key: &str, points: Vec<Point>, narrow: &Narrow, args: &SeriesArgs) -> Result<()> {
    let unit = unit::common(&points).unwrap_or_default();
    let said = said::side_by_side(points, &unit);
    let mut listing = listing(key, &said, &unit, args.limit);
    listing.note(note(key, &said, narrow, args.limit));
    if let Some(file) = &args.svg {
        if said.is_empty() {
            return Err(Failure::new(Kind::NotFound, note(key, &said, narrow, args.limit)).into());
        }
        std::fs::write(file, svg::page(&said, key, &unit))
            .with_context(|| format!("failed to write {}", file.display()))?;
        listing.note(format!("drawn into {}", file.display()));
    }
    let plot = if args.plot { plot::lines(&said, &unit, usize::from(screen_width())) } else { Vec::new() };
    print(|mut out| {
        for line in &plot {
            writeln!(out, "{line}")?;
        }
        if !plot.is_empty() {
            writeln!(out)?;
        }
        listing.print(args.list.output, &mut out)
    })
}

/// A row for each value of each period.
fn listing(key: &str, said: &[Said], unit: &str, limit: usize) -> Listing {
    let mut listing = Listing::new(&[
        column("PERIOD", "period"),
        column("VALUE", "value").shrinks_to(34).right(),
        column("SAID BY", "sources"),
        column("NOTES", "notes").shrinks_to(30),
        column("SOURCE", "source").shrinks_to(28),
        column("QUOTE", "quote").shrinks(),
    ]);
    let left_out = if limit == 0 { 0 } else { said.len().saturating_sub(limit) };
    for said in &said[left_out..] {
        let Some(first) = said.points.first() else { continue };
        let value =
            said.amount.as_ref().map_or(first.figure(), |amount| point::shown(amount, first.qualifier));
        let amount = said.amount.as_ref().map_or(Value::Null, point::amount_json);
        let at = first.quote.find(&first.words).unwrap_or(0);
        let source = format!("{} {}", first.published.get(..10).unwrap_or(&first.published), first.source);
        let sources = match said.sources() {
            1 => "1 source".to_owned(),
            count => format!("{count} sources"),
        };
        let cells = vec![
            Cell::new(first.when(), json!({"start": first.period.start, "end": first.period.end})),
            Cell::new(value, amount.clone()),
            Cell::new(sources, said.sources()),
            notes(said, unit).into(),
            Cell::new(source.trim_start(), first.source.as_str()),
            Cell::new(first.quote.as_str(), first.quote.as_str()).around(at..at + first.words.len()),
        ];
        let object = json!({
            "series": key,
            "period": {"start": first.period.start, "end": first.period.end},
            "value": amount,
            "sources": said.sources(),
            "other_values": said.rivals,
            "points": said.points.iter().map(Point::json).collect::<Vec<_>>(),
        });
        listing.row_of(cells, Vec::new(), object);
    }
    listing
}

/// What the other columns have no room for.
fn notes(said: &Said, unit: &str) -> String {
    let Some(first) = said.points.first() else { return String::new() };
    let mut notes = Vec::new();
    match said.rivals {
        0 => {}
        1 => notes.push("≠ 1 other value".to_owned()),
        count => notes.push(format!("≠ {count} other values")),
    }
    notes.extend(Some(first.modality()).filter(|modality| !modality.is_empty()));
    if said.points.iter().all(Point::is_row) {
        notes.push("table".to_owned());
    } else if said.points.iter().any(Point::is_row) {
        notes.push("a table too".to_owned());
    }
    if said.amount.is_none() {
        notes.push("not drawn: no exact conversion".to_owned());
    } else if first.amount.unit != unit {
        notes.push(format!("printed as {}", first.figure()));
    }
    notes.join(", ")
}

fn note(key: &str, said: &[Said], narrow: &Narrow, limit: usize) -> String {
    if said.is_empty() {
        return match narrow.unknown() {
            Some(what) => format!("no values; {what}"),
            None => "no values like this; only claims and rows whose slots are all sure are in a series (`monazite facts` lists \
                     all)"
                .to_owned(),
        };
    }
    let points: usize = said.iter().map(|said| said.points.len()).sum();
    let cut = if limit > 0 && said.len() > limit {
        format!("the latest {limit} of {} values; --limit 0 lists all", said.len())
    } else {
        plural(said.len(), "value")
    };
    let differing = said.iter().filter(|said| said.rivals > 0).count();
    let differing = if differing > 0 {
        format!(" · {differing} of them differ within one period")
    } else {
        String::new()
    };
    format!(
        "{key} · {cut}, said {}{differing}",
        if points == 1 { "once".to_owned() } else { plural(points, "time") }
    )
}

/// `1 value`, `2 values`.
fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

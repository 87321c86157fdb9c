//! One story on the screen: its tellings, who is named as their source, and what differs between them.

use std::io::{self, Write};

use anyhow::Result;
use api::record::{Difference, DifferenceKind, Manner, Side, Telling};
use brief::told::without_marks;
use serde_json::{Value, json};

use super::{Told, words};
use crate::cli::Format;
use crate::commands::print as to_screen;
use crate::fit::safe;
use crate::output::{Cell, Column, Listing, column, screen_width};
use crate::view::{View, short};
use crate::wrap::wrapped;

/// The kinds of differences that have a column, in the order of the columns.
const COLUMNS: [(DifferenceKind, &str, &str); 5] = [
    (DifferenceKind::Number, "NUMBER", "number"),
    (DifferenceKind::Period, "PERIOD", "period"),
    (DifferenceKind::Good, "GOOD", "good"),
    (DifferenceKind::Place, "PLACE", "place"),
    (DifferenceKind::Date, "DATE", "date"),
];

/// Prints a story.
///
/// # Errors
/// If standard output refuses.
pub(super) fn print(told: &Told, format: Format) -> Result<()> {
    let listing = tellings(told);
    to_screen(|mut out| match format {
        Format::Table => {
            heading(told, out)?;
            listing.print(format, &mut out)
        }
        Format::Csv => listing.print(format, &mut out),
        Format::Json => {
            serde_json::to_writer_pretty(&mut *out, &object(told))?;
            writeln!(out)
        }
        Format::Jsonl => {
            serde_json::to_writer(&mut *out, &object(told))?;
            writeln!(out)
        }
    })
}

fn heading(told: &Told, out: &mut dyn Write) -> io::Result<()> {
    let width = usize::from(screen_width());
    let first = told.views.first();
    write!(out, "{}", wrapped(&safe(first.map_or("", View::heading)), "", "", width))?;
    let count =
        |number: usize, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
    let mut line = vec![first.map(View::published).unwrap_or_default()];
    line.push(count(told.story.tellings.len(), "telling", "tellings"));
    line.push(match publishers(told).as_slice() {
        [only] if !only.is_empty() => format!("all on {only}"),
        several => count(several.len(), "publisher or platform", "publishers or platforms"),
    });
    line.push(match told.story.voices.len() {
        1 => "counted as one voice".to_owned(),
        voices => format!("{voices} voices"),
    });
    if told.story.cut {
        line.push("cut: more documents tell it than a story may have".to_owned());
    }
    writeln!(out, "{}", safe(&line.join(" · ")))?;
    let named = sources(told);
    let line = if named.is_empty() {
        "no telling names its source".to_owned()
    } else {
        format!("named as sources: {}", named.join(", "))
    };
    write!(out, "{}", wrapped(&safe(&line), "", "  ", width))
}

/// The publishers or platforms of its tellings, each once.
fn publishers(told: &Told) -> Vec<&str> {
    let mut publishers: Vec<&str> =
        told.story.tellings.iter().map(|telling| telling.source.as_str()).collect();
    publishers.sort_unstable();
    publishers.dedup();
    publishers
}

/// The words that name sources, each once.
fn sources(told: &Told) -> Vec<String> {
    let mut found = Vec::new();
    for attribution in told.story.tellings.iter().flat_map(|telling| &telling.attributions) {
        let quote = told.quote(attribution.citation);
        let words = format!("«{}»", &quote[..without_marks(quote)]);
        if !found.contains(&words) {
            found.push(words);
        }
    }
    found
}

/// A row for each telling; a screen goes without what is the same of all and stands above.
fn tellings(told: &Told) -> Listing {
    let shown: Vec<(DifferenceKind, &'static str, &'static str)> = COLUMNS
        .into_iter()
        .filter(|(kind, _, _)| told.story.differences.iter().any(|difference| difference.kind() == *kind))
        .collect();
    let alike = |telling: &Telling| matches!(telling.manner(), Manner::OwnWords | Manner::Unspecified);
    let mut columns: Vec<Column> = vec![column("ID", "document"), column("PUBLISHED", "published")];
    let source = column("SOURCE", "source").shrinks_to(24);
    columns.push(source.hidden(publishers(told).len() == 1));
    columns.push(column("VOICE", "voice").right());
    let manner = column("TOLD IN", "manner");
    columns.push(manner.hidden(told.story.tellings.iter().all(alike)));
    columns.extend(shown.iter().map(|(kind, heading, key)| {
        let named = matches!(kind, DifferenceKind::Good | DifferenceKind::Place);
        if named { column(heading, key).shrinks_to(28) } else { column(heading, key) }
    }));
    columns.push(column("TITLE", "title").shrinks());
    let mut listing = Listing::new(&columns);
    for telling in &told.story.tellings {
        listing.row(row(told, telling, &shown));
    }
    for difference in &told.story.differences {
        listing.note(safe(&note(told, difference)));
    }
    if told.story.differences.is_empty() {
        listing.note("no difference was found between the tellings");
    } else {
        let name = short(&told.name);
        listing.note(format!(
            "* fewer tellings say so · `monazite findings --story {name}` lists what contradicts"
        ));
    }
    listing
}

fn row(told: &Told, telling: &Telling, shown: &[(DifferenceKind, &str, &str)]) -> Vec<Cell> {
    let view = told.view(&telling.document);
    let voice = told.story.voices.iter().position(|voice| voice.documents.contains(&telling.document));
    let manner = words::manner(telling.manner());
    let manner = match telling.copied_from.as_str() {
        "" => manner.to_owned(),
        from => format!("{manner} of {}", short(from)),
    };
    let mut cells = vec![
        Cell::new(short(&telling.document), telling.document.as_str()),
        Cell::new(
            view.map(|view| at(view, told)).unwrap_or_default(),
            telling.published.as_ref().map_or(Value::Null, |period| json!(period.start)),
        ),
        Cell::new(
            if telling.source.is_empty() { "source not given" } else { &telling.source },
            telling.source.as_str(),
        ),
        Cell::from(voice.map_or(0, |voice| voice + 1)),
        Cell::from(manner),
    ];
    for (kind, _, _) in shown {
        let of_kind = told.story.differences.iter().filter(|difference| difference.kind() == *kind);
        let said: Vec<String> = of_kind
            .flat_map(|difference| sides(difference, &telling.document))
            .map(|(side, few)| format!("{}{}", words::said(&side.said), if few { " *" } else { "" }))
            .collect();
        cells.push(Cell::from(if said.is_empty() { "—".to_owned() } else { said.join(", ") }));
    }
    cells.push(Cell::new(view.map_or("", View::heading), view.map_or("", View::title)));
    cells
}

/// When a document was published: the time alone where that is of the day of the first telling, else without the year.
fn at(view: &View, told: &Told) -> String {
    let (own, first) = (view.published(), told.views.first().map(View::published).unwrap_or_default());
    let same = |to: usize| own.get(..to).is_some_and(|start| first.get(..to) == Some(start));
    let from = if same(10) && own.len() > 11 {
        11
    } else if same(5) && own.len() > 5 {
        5
    } else {
        0
    };
    own.get(from..).unwrap_or(&own).to_owned()
}

/// The sides on which a telling stands, as one that calls a good by two names does, and whether fewer tellings stand there than on the largest.
fn sides<'a>(difference: &'a Difference, document: &str) -> Vec<(&'a Side, bool)> {
    let most = difference.sides.iter().map(|side| side.documents.len()).max().unwrap_or(0);
    let of_it = difference.sides.iter().filter(|side| side.documents.iter().any(|other| other == document));
    of_it.map(|side| (side, side.documents.len() < most)).collect()
}

/// A difference in a sentence.
fn note(told: &Told, difference: &Difference) -> String {
    let kind = difference.kind();
    let sides: Vec<String> = difference
        .sides
        .iter()
        .map(|side| {
            let quote = side.citations.first().map_or("", |index| told.quote(*index));
            let documents: Vec<&str> = side.documents.iter().map(|document| short(document)).collect();
            format!("{} «{quote}» in {}", words::said(&side.said), documents.join(", "))
        })
        .collect();
    let verb = if difference.changed { "changed on the way" } else { "differs" };
    format!("{} {verb}: {}", words::kind(kind), sides.join(" · "))
}

/// A story for programs, with every quote.
fn object(told: &Told) -> Value {
    let quotes = |indexes: &[u32]| -> Vec<&str> { indexes.iter().map(|index| told.quote(*index)).collect() };
    let tellings: Vec<Value> = told
        .story
        .tellings
        .iter()
        .map(|telling| {
            json!({
                "document": telling.document,
                "title": told.view(&telling.document).map_or("", View::title),
                "source": telling.source,
                "published": telling.published.as_ref().map(|period| period.start.as_str()),
                "manner": words::manner(telling.manner()),
                "copied_from": telling.copied_from,
                "reasons": telling.reasons.iter().map(|reason| json!({
                    "document": reason.document,
                    "kind": words::shared(reason.kind()),
                    "shared": reason.shared,
                    "quotes": quotes(&reason.citations),
                    "similarity": f64::from(reason.similarity) / 1000.0,
                })).collect::<Vec<_>>(),
                "attributions": telling.attributions.iter().map(|attribution| json!({
                    "quote": told.quote(attribution.citation),
                    "entity": attribution.entity,
                    "document": attribution.document,
                })).collect::<Vec<_>>(),
            })
        })
        .collect();
    let voices: Vec<Value> = told
        .story
        .voices
        .iter()
        .map(|voice| json!({"documents": voice.documents, "sources": quotes(&voice.sources)}))
        .collect();
    let differences: Vec<Value> = told
        .story
        .differences
        .iter()
        .map(|difference| {
            let side = |side: &Side| {
                json!({"said": side.said, "documents": side.documents, "quotes": quotes(&side.citations)})
            };
            json!({
                "kind": words::kind(difference.kind()),
                "changed": difference.changed,
                "sides": difference.sides.iter().map(side).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "name": told.name,
        "tellings": tellings,
        "voices": voices,
        "differences": differences,
        "origin_named": told.story.origin_named,
        "cut": told.story.cut,
    })
}

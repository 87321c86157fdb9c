//! Saved queries and fingerprints: how many documents a second one thread holds against them.

use ::search::{Entry, Expand, Expander, Guess, Limits, Query, Scratch, Topics};
use anyhow::Result;
use stories::Fingerprint;
use text::Lexicon;

use super::{CASE, Shelf, inexact};
use crate::process::thread_seconds;
use crate::report::Row;

/// Saved queries that each document is held against.
const TOPICS: usize = 10_000;

/// Documents that are held against them, at most.
const DOCUMENTS: usize = 10_000;

/// Once with queries that all need a word, once with a hundred that every document answers.
pub(super) fn topics(shelf: &Shelf) -> Result<Vec<Row>> {
    [0, 100].into_iter().map(|everything| matching(shelf, everything)).collect()
}

fn matching(shelf: &Shelf, everything: usize) -> Result<Row> {
    let (expander, limits) = (Expander::new(Lexicon::standard()), Limits::default());
    let mut topics = Topics::new();
    for number in 0..TOPICS {
        let query = if number < everything { "*".to_owned() } else { shelf.corpus.topic(number) };
        let plan = expander.plan(&Query::parse(&query, &limits)?, Expand::On, &limits)?;
        topics.set(&number.to_string(), &plan, &Guess);
    }
    let entries = some(shelf);
    let mut scratch = Scratch::new();
    let start = thread_seconds();
    let matches: usize = entries.iter().map(|entry| topics.matches(entry, &mut scratch).len()).sum();
    let seconds = thread_seconds() - start;
    let count = inexact(entries.len());
    let what = match everything {
        0 => "held against 10,000 topics".to_owned(),
        all => format!("held against 10,000 topics, {all} of which everything answers"),
    };
    let note = format!("of one core; {:.1} alerts a document", inexact(matches) / count);
    Ok(Row::figure(CASE, what, count / seconds, "documents/s").at_least(5_000.0).note(note))
}

/// How many fingerprints are made of the same texts.
pub(super) fn fingerprints(shelf: &Shelf) -> Row {
    let entries = some(shelf);
    let start = thread_seconds();
    let kept: usize = entries.iter().map(|entry| Fingerprint::of(&entry.body).encoded().len()).sum();
    let seconds = thread_seconds() - start;
    let count = inexact(entries.len());
    let bytes: usize = entries.iter().map(|entry| entry.body.len()).sum();
    let note = format!(
        "of one core; {:.0} bytes of text, {:.0} bytes kept a document",
        inexact(bytes) / count,
        inexact(kept) / count
    );
    let row = Row::figure(CASE, "fingerprints of near copies", count / seconds, "documents/s");
    row.at_least(20_000.0).note(note)
}

fn some(shelf: &Shelf) -> &[Entry] {
    &shelf.entries[..shelf.entries.len().min(DOCUMENTS)]
}

//! Reading: mentions and claims of texts whose digits and names are drawn anew, against other recognizers in the same run.
//!
//! Speeds are of processor time of one thread, ours and theirs alike, so that what else the machine does weighs less.

mod calls;

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use text::{Kinds, Reader};

use super::Context;
use crate::fresh::{Fresh, Names};
use crate::inputs::{self, Input};
use crate::peers::python::{Measured, Recognizer, TOOLS, Tool};
use crate::process::{self, thread_seconds};
use crate::report::Row;
use crate::rounds::median;
use crate::texts::Random;

pub(crate) const CASE: &str = "read";

/// The others are given no more than this, which none of them gets through in a round.
const PEER_BYTES: usize = 1 << 20;

/// Texts are drawn in batches of this size where no more than one batch may be held.
const BATCH_BYTES: usize = 64 << 10;

/// Of so many texts mentions are read, then claims, as by the two plugins, each of which has its own part of the reader's code in the
/// fast caches; what passes from text to text between the two waits for memory as long as it computes.
const TOGETHER: usize = 64;

/// How many times as much is read to see whether memory grows.
const TIMES: usize = 10;

/// What every text is read against.
fn published() -> text::Context {
    text::Context { published: Some(jiff::civil::date(2025, 7, 13)), kinds: Kinds::ALL }
}

/// What reads, and what there is to read.
struct Desk {
    reader: Reader,
    names: Names,
    random: Random,
}

/// Speed, peers, memory, and what a call through plugin and process adds.
///
/// # Errors
/// If a recognizer that was ready ends, or a worker does not answer.
pub(crate) fn run(context: &Context) -> Result<Vec<Row>> {
    let mut desk = Desk { reader: Reader::standard(), names: Names::standard(), random: Random::new(3) };
    let inputs = inputs::all(&desk.reader, &desk.names);
    let mut rows = vec![memory(context, &inputs, &mut desk)?];
    for input in &inputs {
        rows.extend(speed(context, input, &mut desk)?);
    }
    let feed = inputs.iter().find(|input| input.name == "English prose").context("one of the inputs")?;
    rows.extend(calls::overheads(context, feed, &mut desk)?);
    Ok(rows)
}

/// What we did with some texts.
struct Ours {
    bytes: f64,
    characters: f64,
    mentions: usize,
    claims: usize,
    /// For mentions and claims together.
    seconds: f64,
    /// For mentions alone.
    mention_seconds: f64,
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn read(reader: &Reader, texts: &[Fresh]) -> Ours {
    let start = thread_seconds();
    let (mut mentions, mut claims) = (0, 0);
    for texts in texts.chunks(TOGETHER) {
        let found: Vec<_> = texts.iter().map(|fresh| reader.read(&fresh.text, &published())).collect();
        for (Fresh { text, title_bytes }, found) in texts.iter().zip(&found) {
            mentions += found.len();
            claims += reader.claims(text, *title_bytes, found).len();
        }
    }
    let seconds = thread_seconds() - start;
    let start = thread_seconds();
    let again: usize = texts.iter().map(|fresh| reader.read(&fresh.text, &published()).len()).sum();
    let mention_seconds = thread_seconds() - start;
    assert_eq!(again, mentions, "the same texts were read twice");
    let bytes: usize = texts.iter().map(|fresh| fresh.text.len()).sum();
    let characters: usize = texts.iter().map(|fresh| fresh.text.chars().count()).sum();
    Ours { bytes: bytes as f64, characters: characters as f64, mentions, claims, seconds, mention_seconds }
}

/// Another recognizer on one input.
struct Peer {
    tool: &'static Tool,
    /// Why it does not run, if it does not.
    recognizer: Result<Recognizer>,
    speeds: Vec<f64>,
    found: u64,
    characters: u64,
    failed: u64,
}

impl Peer {
    /// Those for a language, each warmed up.
    fn all(context: &Context, input: &Input, desk: &mut Desk) -> Result<Vec<Self>> {
        let mut peers = Vec::new();
        for tool in TOOLS.iter().filter(|tool| tool.languages.contains(&input.language)) {
            let python = context.peers_python.as_deref().context("MONAZITE_PEERS_PYTHON is not set");
            let recognizer = python.and_then(|python| Recognizer::start(python, tool, input.language));
            let mut peer = Self { tool, recognizer, speeds: Vec::new(), found: 0, characters: 0, failed: 0 };
            let texts = input.draw(BATCH_BYTES, &desk.names, &mut desk.random);
            peer.read(&texts, context.peer_seconds / 2.0)?;
            peers.push(peer);
        }
        Ok(peers)
    }

    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    fn measure(&mut self, texts: &[Fresh], seconds: f64) -> Result<()> {
        if let Some(read) = self.read(texts, seconds)? {
            if read.seconds > 0.0 {
                self.speeds.push(read.characters as f64 / read.seconds);
            }
            self.found += read.found;
            self.characters += read.characters;
            self.failed += read.failed;
        }
        Ok(())
    }

    /// Nothing if it does not run.
    fn read(&mut self, texts: &[Fresh], seconds: f64) -> Result<Option<Measured>> {
        let Ok(recognizer) = &mut self.recognizer else { return Ok(None) };
        let mut left = PEER_BYTES;
        let few = texts.iter().take_while(|fresh| {
            let fits = left > 0;
            left = left.saturating_sub(fresh.text.len());
            fits
        });
        let read = recognizer.read(few.map(|fresh| fresh.text.as_str()), seconds);
        read.map(Some).with_context(|| format!("{} ended", self.tool.name))
    }

    fn row(&self, input: &Input, ours: f64, fastest: f64) -> Row {
        let row = Row::figure(CASE, format!("{}, characters", input.name), ours, "characters/s");
        let recognizer = match &self.recognizer {
            Ok(recognizer) => recognizer,
            Err(error) => {
                let what = format!("{}, {}: not measured", input.name, self.tool.name);
                return Row { what, ..row }.note(format!("{error:#}"));
            }
        };
        let speed = median(self.speeds.clone());
        let row = row.against(self.tool.name, speed).note(format!(
            "{}; it found {} in {} characters and failed on {} texts",
            recognizer.version, self.found, self.characters, self.failed
        ));
        // The target is against the fastest alone; it speaks for all of them.
        if speed >= fastest { row.at_least(50.0) } else { row }
    }
}

/// Our speed on one input, and that of the others on the first of the same texts.
fn speed(context: &Context, input: &Input, desk: &mut Desk) -> Result<Vec<Row>> {
    let mut peers = Peer::all(context, input, desk)?;
    read(&desk.reader, &input.draw(context.read_bytes / 4, &desk.names, &mut desk.random));
    let mut figures: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let mut told = String::new();
    for round in 0..context.rounds {
        let texts = input.draw(context.read_bytes, &desk.names, &mut desk.random);
        // Who begins changes, so that a slow minute of the machine does not always hit the same.
        if round % 2 == 1 {
            peers.iter_mut().try_for_each(|peer| peer.measure(&texts, context.peer_seconds))?;
        }
        let ours = read(&desk.reader, &texts);
        if round % 2 == 0 {
            peers.iter_mut().try_for_each(|peer| peer.measure(&texts, context.peer_seconds))?;
        }
        let mut figure = |name, value| figures.entry(name).or_default().push(value);
        figure("both", ours.bytes / 1e6 / ours.seconds);
        figure("mentions", ours.bytes / 1e6 / ours.mention_seconds);
        figure("characters", ours.characters / ours.seconds);
        let each_kilobyte = |count| inexact(count) * 1e3 / ours.bytes;
        told = format!(
            "{:.0} mentions and {:.1} claims a KB",
            each_kilobyte(ours.mentions),
            each_kilobyte(ours.claims)
        );
    }
    let mut figure = |name| median(figures.remove(name).unwrap_or_default());
    let ours = Row::figure(CASE, format!("{}, mentions and claims", input.name), figure("both"), "MB/s")
        .at_least(5.0)
        .note(format!("mentions alone {:.1} MB/s; {told}; the aim is 20 MB/s", figure("mentions")));
    let characters = figure("characters");
    let fastest = peers.iter().map(|peer| median(peer.speeds.clone())).fold(0.0, f64::max);
    Ok(std::iter::once(ours).chain(peers.iter().map(|peer| peer.row(input, characters, fastest))).collect())
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn inexact(count: usize) -> f64 {
    count as f64
}

/// By how much the most memory that was ever in use grows when ten times as much is read.
fn memory(context: &Context, inputs: &[Input], desk: &mut Desk) -> Result<Row> {
    let mut peak = |times: usize| -> Result<f64> {
        process::forget_peak()?;
        for _ in 0..(context.read_bytes * times).div_ceil(BATCH_BYTES * inputs.len()) {
            for input in inputs {
                let texts = input.draw(BATCH_BYTES, &desk.names, &mut desk.random);
                read(&desk.reader, &texts);
            }
        }
        Ok(inexact(usize::try_from(process::peak_bytes()?)?) / 1e6)
    };
    // The first time caches and pools fill up.
    peak(1)?;
    let (once, more) = (peak(1)?, peak(TIMES)?);
    let megabytes = inexact(context.read_bytes) / 1e6;
    Ok(Row::figure(CASE, "peak memory, ten times the text", more, "MB")
        .against("with the text once", once)
        .at_most(1.05)
        .note(format!("{megabytes:.1} MB of texts of all four kinds, then {TIMES} times as many others")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_counts_what_it_read() {
        let (reader, names) = (Reader::standard(), Names::standard());
        let inputs = inputs::all(&reader, &names);
        let texts = inputs[1].draw(20_000, &names, &mut Random::new(1));
        let ours = read(&reader, &texts);
        assert!(ours.bytes >= 20_000.0 && ours.characters <= ours.bytes && ours.seconds > 0.0);
        assert!(
            ours.mentions > texts.len() && ours.claims > texts.len(),
            "{} {}",
            ours.mentions,
            ours.claims
        );
    }

    #[test]
    fn without_an_interpreter_the_row_says_so() {
        let (reader, names) = (Reader::standard(), Names::standard());
        let input = &inputs::all(&reader, &names)[0];
        let recognizer = None.context("MONAZITE_PEERS_PYTHON is not set");
        let tool = &TOOLS[0];
        let peer = Peer { tool, recognizer, speeds: Vec::new(), found: 0, characters: 0, failed: 0 };
        let row = peer.row(input, 1e6, 0.0);
        assert!(row.what.ends_with("Recognizers-Text in Python: not measured"), "{}", row.what);
        assert!(row.note.contains("MONAZITE_PEERS_PYTHON"), "{}", row.note);
        assert!(row.peer.is_none() && row.target.is_none());
    }
}

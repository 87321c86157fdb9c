//! The scores of the stories set as tables.

use std::fmt::Write as _;

use super::{Score, Stories};
use crate::stats::{Counts, Rate};

/// What a page says before the tables.
const METHOD: &str = "
## Stories

Our own set of invented news (`eval/stories`): documents that tell one event, and single ones, with pairs that are easily mistaken for one story. B-cubed (Bagga and
Baldwin, 1998) compares, for each document, with whom it is grouped and with whom it should be; the intervals are from 2,000 bootstrap samples of whole
stories, from a fixed seed, and Wilson's for the rest. A pair is kept apart if no document of one story is grouped with one of the other. An attribution is right if its words
overlap with the labelled ones; a difference if its kind is labelled and it sets two documents against each other that the label does. The
coefficients were fitted to the development part; of the test part only totals are shown.
";

/// The headers of the table.
const HEADERS: [&str; 6] = ["what", "development", "95 %", "test", "95 %", "target"];

fn rows(stories: &Stories) -> Vec<[String; 6]> {
    let (one, other) = (&stories.development, &stories.test);
    let mut rows = Vec::new();
    let mut rate = |what: &str, of: &dyn Fn(&Score) -> Option<Rate>, target: &str| {
        let cell = |rate: Option<Rate>| rate.map(|rate| format!("{:.3}", rate.rate)).unwrap_or_default();
        let interval = |rate: Option<Rate>| {
            rate.map(|rate| format!("{:.3}–{:.3}", rate.low, rate.high)).unwrap_or_default()
        };
        rows.push([
            what.to_owned(),
            cell(of(one)),
            interval(of(one)),
            cell(of(other)),
            interval(of(other)),
            target.to_owned(),
        ]);
    };
    rate("stories, B-cubed precision", &|score| score.bcubed.precision, "");
    rate("stories, B-cubed recall", &|score| score.bcubed.recall, "");
    rate("stories, B-cubed F1", &|score| score.bcubed.f1, ".92");
    rate("pairs easily mistaken that are kept apart", &|score| score.pairs, ".95");
    let mut both = |what: &str, of: fn(&Score) -> Counts| {
        rate(&format!("{what}, precision"), &|score| of(score).precision(), "");
        rate(&format!("{what}, recall"), &|score| of(score).recall(), "");
    };
    both("attributions", |score| score.attributions);
    both("copies", |score| score.copies);
    both("pairs of tellings of one voice", |score| score.same_voice);
    both("differences", |score| score.differences);
    rate("attributions found that lead to the right telling", &|score| score.attributed_members, "");
    rate("stories found whole with the right number of voices", &|score| score.voices, "");
    rows
}

/// For a terminal, with up to `errors` errors of the development part.
pub(crate) fn print(stories: &Stories, errors: usize) -> String {
    let mut out = format!("\nstories\n\n{}\n", counts(stories));
    for row in std::iter::once(HEADERS.map(str::to_owned)).chain(rows(stories)) {
        let _ = writeln!(
            out,
            "{:52}  {:>11}  {:>11}  {:>5}  {:>11}  {:>6}",
            row[0], row[1], row[2], row[3], row[4], row[5]
        );
    }
    for (kind, counts) in &stories.development.differences_by_kind {
        let _ = writeln!(
            out,
            "  development, {kind}: {} labelled, {} found, {} right",
            counts.gold, counts.read, counts.right
        );
    }
    out += &feed(stories);
    for error in stories.errors.iter().take(errors) {
        let _ = writeln!(out, "  {error}");
    }
    out
}

/// In Markdown.
pub(crate) fn docs(stories: &Stories) -> String {
    let mut out = format!(
        "{METHOD}\n{}\n\n| {} |\n|---|---:|---:|---:|---:|---:|\n",
        counts(stories),
        HEADERS.join(" | ")
    );
    for row in rows(stories) {
        let _ = writeln!(out, "| {} |", row.join(" | "));
    }
    let feed = feed(stories);
    if feed.is_empty() { out } else { out + "\n" + &feed }
}

/// What was found in the corpus feed.
fn feed(stories: &Stories) -> String {
    let mut out = String::new();
    for story in stories.feed.iter().flatten() {
        let differences =
            if story.differences.is_empty() { "nothing".to_owned() } else { story.differences.join(", ") };
        let _ = writeln!(
            out,
            "In the feed of `eval/feed`, one story: entries {}, which differ in {differences}.",
            story.entries.join(", ")
        );
    }
    out
}

fn counts(stories: &Stories) -> String {
    let part = |name: &str, score: &Score| {
        format!(
            "{name}: {} documents, {} stories labelled, {} found, {} pairs easily mistaken.",
            score.documents, score.labelled, score.found, score.pair_count
        )
    };
    format!("{} {}", part("Development", &stories.development), part("Test", &stories.test))
}

//! docs/accuracy.md, which is written as a whole.

use std::fmt::Write as _;

use crate::report::{
    COUNT_HEADERS, KEY_HEADERS, POOLED_HEADERS, Results, SPEC_HEADERS, SpecRow, Specs, key_rows,
    meetings_line, mention_rows, pooled_rows, slot_rows,
};
use crate::set::{ALL, Report, Totals};
use crate::specs::Conversion;
use crate::stories;
use crate::verdicts;
use crate::verdicts::audit;

const HEAD: &str = "# Accuracy

How well the reader reads, as `cargo xtask eval --write-docs` measured it. This page is written by that command; what it
says by hand stands in `xtask/eval/worst.md`.
";

const SPEC_METHOD: &str = "
## Specifications

Cases from microsoft/Recognizers-Text (MIT licence), `Specs/`, as JSON lines. A case is right only if the set of mentions,
every span, every value and every unit match; their names of units are mapped in full to ISO 4217 and UCUM
(`xtask/eval/units.tsv`). Values are compared as decimals, exactly; one that is printed with 15 or more digits was a 64-bit
float and is compared at the 14 that are sure. The interval is Wilson's. *Converted* counts the right cases that need one of the conversions
below, *exceptions* the wrong ones that contradict the reader's design and are listed with a reason (at most 3 % of a file);
*rate* counts these as wrong, *without them* leaves them out. The target is for both languages together, exceptions counted
as wrong.

";

const OTHERS: &str = "
What others reach on these files, on all cases, of which the files here are about half (same count, span, value and unit; as
published with the files, not measured here): the head of the Python port of Recognizers-Text has in Chinese number 362/365,
percent 152/152, currency 31/35, dimension 30/36, time 139/264, and in English number 218/235, percent 17/20, currency 153/180,
dimension 89/100, time 622/985, times with clock times; ranges are not ported.
";

const SET_METHOD: &str = "
## Annotated texts

Our own texts, labelled from `eval/guideline.md` (the files' form: [annotated-set.md](annotated-set.md)). A mention is right if
its kind, its span, its value (ends and unit, the days of a time, the id of a name) and its qualifier are; a name that the
lexicon does not have is missed. Measures, which the reader finds as names and nobody labels, are left out. Labelled and
read claims are paired one to one by place; then every slot is compared by itself. Precision is over all slots that the reader
fills, also those of claims that match nothing, recall over all labelled slots. A key is right if it equals the one that
follows from the labels. Intervals by kind and slot are Wilson's; those of the pooled rates are from 2,000 bootstrap samples of
whole texts, from a fixed seed. Of the test part only totals are ever shown.
";

const FEED_METHOD: &str = "
## A real feed

Ten articles about rare earths of one day, in machine-made English and in Chinese, which are not ours to publish: `eval/feed`
labels every figure, time, code and citation mark in them and every claim, by hand, and has quotes of a few words alone. The
feed was read while rules were written, so that this says how well it is read and not how well an unknown one is.
";

const AUDIT_METHOD: &str = "
## Audit

The audit cases of `eval/verdicts`: one invented document each, with one check that holds or fails; whatever else can be
calculated in it holds. A verdict is right if the audit says of the labelled check, resting on at least two of the labelled quotes
(one, where only times or wording decide), what the label says. Precision is over these verdicts and over everything else that was
said to fail, recall over all cases. Intervals are Wilson's. Asked for, over all checks: precision at least .97, recall at least .80,
no alarm on a case that holds. Rules were written with the development part in view, so that its score says little; of the test part
only these totals were seen, several times while rules were written, after which the rules were widened by texts of our own. Words that
the rules do not know are what the test part misses most.
";

const VERDICTS_METHOD: &str = "
## Which numbers hold up: groups

Short invented passages of several publishers about one quantity, or about quantities easily taken for one (`eval/verdicts`); each pair
of a group is labelled. The whole chain runs on each group in one process: reading, claims, statements, findings, with the passages
taken as candidates of one story, each a voice of its own. A contradiction counts as found only if it cites the labelled figures on
both sides. *Found as labelled* tells of each labelled kind what was found instead. Intervals are Wilson's.

Beyond the labels, passages of different groups are laid beside each other, of which none tells anything of another, so that every
contradiction is a false alarm; and of each passage copies are made, one unchanged, the others with exactly one thing changed, the
first that can be. A copy has nearly the wording of its original, which makes it easier than two texts by two writers.
";

/// The whole page.
pub(crate) fn page(results: &Results, worst: &str) -> String {
    let mut out = HEAD.to_owned();
    if let Some(specs) = &results.specs {
        out += SPEC_METHOD;
        let rows: Vec<Vec<String>> = specs.rows().iter().map(SpecRow::cells).collect();
        out += &table(SPEC_HEADERS, &rows);
        out += &conversions(specs);
        out += &exceptions(specs);
        out += OTHERS;
    }
    out += SET_METHOD;
    if results.development.is_none() && results.test.is_none() {
        out += "\nNo annotated texts were there to be scored.\n";
    }
    if let Some(totals) = &results.test {
        out += &part("Test part", totals, true);
    }
    if let Some(report) = &results.development {
        out += &part("Development part", &report.totals, false);
    }
    if let Some(report) = &results.feed {
        out += FEED_METHOD;
        out += &part("The feed", &report.totals, false);
        out += &misses(report);
    }
    if let Some(stories) = &results.stories {
        out += &stories::docs(stories);
    }
    if !results.audit.is_empty() {
        out += AUDIT_METHOD;
        for (name, part) in results.audit.iter().rev() {
            out += &audit::markdown(if *name == "test" { "Test part" } else { "Development part" }, part);
        }
    }
    if results.verdicts.is_some() || results.hidden_verdicts.is_some() {
        out += VERDICTS_METHOD;
    }
    if let Some(totals) = &results.hidden_verdicts {
        out += &verdicts::markdown("Test part of the groups", totals);
    }
    if let Some(report) = &results.verdicts {
        out += &verdicts::markdown("Development part of the groups", &report.totals);
        out += "\n### Made cases, and strangers: development part\n";
        out += &verdicts::beyond(report, table);
    }
    let _ = write!(out, "\n## The worst errors of the development part\n\n{}\n", worst.trim());
    out
}

/// Every error, each once; keys follow from the slots and are left out.
fn misses(report: &Report) -> String {
    let mut out =
        "\nWhat is wrong in it, all of it:\n\n| where | what | labelled | read |\n|---|---|---|---|\n"
            .to_owned();
    let cell = |text: &str| text.replace('|', "\\|").replace('\n', " ");
    for miss in report.misses.iter().filter(|miss| !miss.cause.starts_with("key ")) {
        let cells = [&miss.quote, &miss.cause, &miss.expected, &miss.got].map(|text| cell(text));
        let _ =
            writeln!(out, "| {} «{}» | {} | {} | {} |", miss.text, cells[0], cells[1], cells[2], cells[3]);
    }
    out
}

fn conversions(specs: &Specs) -> String {
    let mut out = "\nConversions, and how many right cases need them:\n\n".to_owned();
    for conversion in Conversion::ALL {
        let count: usize = specs.scores.iter().filter_map(|score| score.converted.get(&conversion)).sum();
        let _ = writeln!(out, "- {count}: {}.", conversion.words());
    }
    out
}

fn exceptions(specs: &Specs) -> String {
    let mut out = String::new();
    for score in &specs.scores {
        for (id, reason) in specs.exceptions.of(&score.stem) {
            let _ = writeln!(out, "- `{id}`: {reason}");
        }
    }
    if out.is_empty() { String::new() } else { format!("\nExceptions:\n\n{out}") }
}

fn part(name: &str, totals: &Totals, with_targets: bool) -> String {
    let all = totals.languages.get(ALL);
    let mut out = format!("\n### {name}: {} texts\n\n", all.map_or(0, |sums| sums.texts));
    out += &table(POOLED_HEADERS, &pooled_rows(totals, with_targets));
    out += &format!("\nMentions:\n\n{}", table(COUNT_HEADERS, &mention_rows(totals)));
    let _ =
        writeln!(out, "\nLabelled names not in the lexicon: {}.", all.map_or(0, |sums| sums.not_in_lexicon));
    if all.is_some_and(|sums| sums.claims.is_some()) {
        out += &format!("\nClaims and their slots:\n\n{}", table(COUNT_HEADERS, &slot_rows(totals)));
        out += &format!("\nKeys:\n\n{}", table(KEY_HEADERS, &key_rows(totals)));
        out += &meetings_line(totals);
    } else {
        out += "\nClaims are not scored: the reader reads none.\n";
    }
    out
}

/// A table in Markdown, the columns behind the first two to the right.
pub(crate) fn table(headers: &[&str], rows: &[Vec<String>]) -> String {
    let mut out = format!("| {} |\n|", headers.join(" | "));
    for (index, _) in headers.iter().enumerate() {
        out += if index < 2 { "---|" } else { "---:|" };
    }
    out.push('\n');
    for row in rows {
        let _ = writeln!(out, "| {} |", row.join(" | "));
    }
    out
}

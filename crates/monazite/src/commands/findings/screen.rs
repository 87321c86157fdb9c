//! Findings on a screen: a line that says what it is, what was said or calculated, and the passages.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::ops::Range;

use api::record::FindingSide;
use brief::Language;
use brief::told::{Teller, Told, is_check, without_marks};
use text::Lexicon;
use unicode_width::UnicodeWidthStr as _;

use super::about::Claims;
use super::{Views, words};
use crate::fit::{fit, fit_around, flat};
use crate::view::{View, short};
use crate::wrap::wrapped;

/// Most documents of a side that are quoted; the rest is counted.
const QUOTED: usize = 3;

/// Most sides that are shown of a finding, besides those that are said to be the likelier; the rest is counted.
const SIDES: usize = 26;

/// Longest stretch of a text that is shown whole between two passages, in bytes.
const STRETCH: usize = 400;

/// A finding as a reader sees it: one, or several that say the same thing.
#[derive(Debug)]
pub(super) struct Shown {
    /// What it says.
    pub(super) told: Told,
    /// What analysts think of it, in sentences.
    pub(super) opinions: Vec<String>,
    /// The keys of the findings.
    pub(super) keys: Vec<String>,
}

/// Prints findings for people, on a screen of `width` cells.
///
/// # Errors
/// If `out` refuses.
pub(super) fn print(
    found: &[Shown],
    views: &Views,
    claims: &Claims,
    note: &str,
    width: usize,
    colour: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (bold, dim, plain) = if colour { ("\u{1b}[1m", "\u{1b}[2m", "\u{1b}[0m") } else { ("", "", "") };
    let page = Page { views, teller: Teller::new(Lexicon::standard(), Language::English), width };
    for shown in found {
        let body = &shown.told.body;
        let (mark, title) = words::title(body.kind());
        let mut parts = vec![format!("{mark} {title}")];
        parts.extend(words::subtitle(body));
        parts.extend(claims.heading(&page.teller, body, &shown.keys));
        let name = shown.told.names.first().map_or("", |name| short(name));
        let tail = format!("{name} · severity {}", body.severity);
        let head = fit(&parts.join(" · "), width.saturating_sub(tail.width() + 2).max(20));
        let gap = width.saturating_sub(head.width() + tail.width()).max(2);
        writeln!(out, "{bold}{head}{plain}{}{dim}{tail}{plain}", " ".repeat(gap))?;
        for line in page.lines(shown) {
            writeln!(out, "{line}")?;
        }
    }
    write!(out, "{}", wrapped(note, "", "", width))
}

/// What is at hand while findings are laid out.
struct Page<'a> {
    views: &'a Views,
    teller: Teller<'a>,
    width: usize,
}

impl Page<'_> {
    fn lines(&self, shown: &Shown) -> Vec<String> {
        let mut lines = Vec::new();
        let (told, body) = (&shown.told, &shown.told.body);
        if is_check(body) {
            lines.extend(self.wrapped(&self.teller.check(body, &told.citations), "    ", "      "));
            let all: Vec<u32> = (0..).take(told.citations.len()).collect();
            lines.extend(self.passages(told, &all, "    "));
        } else {
            let is_shown = |index: usize| {
                index < SIDES || body.likelier.iter().any(|reason| reason.side as usize == index)
            };
            let (shown, left_out): (Vec<_>, Vec<_>) =
                body.sides.iter().enumerate().partition(|(index, _)| is_shown(*index));
            for (index, side) in shown {
                lines.extend(self.side(told, &words::letter(index), side));
            }
            if !left_out.is_empty() {
                let more = format!("and {} more, which --output json shows", left_out.len());
                lines.extend(self.wrapped(&more, "    ", "      "));
            }
        }
        if !body.missing.is_empty() {
            lines.extend(self.wrapped(&format!("empty or different: {}", body.missing), "    ", "      "));
        }
        for reason in &body.likelier {
            let why =
                format!("for {}: {}", words::letter(reason.side as usize), words::likelier_words(reason));
            lines.extend(self.wrapped(&why, "    ", "      "));
            let shown = |index: &u32| body.sides.iter().any(|side| side.citations.contains(index));
            let fresh: Vec<u32> = reason.citations.iter().copied().filter(|index| !shown(index)).collect();
            lines.extend(self.passages(told, &fresh, "       "));
        }
        for opinion in &shown.opinions {
            lines.extend(self.wrapped(opinion, "    ", "      "));
        }
        if told.names.len() > 1 {
            let others: Vec<&str> = told.names[1..].iter().map(|name| short(name)).collect();
            lines.extend(self.wrapped(&format!("also as {}", others.join(", ")), "    ", "      "));
        }
        if body.cut {
            lines.extend(self.wrapped(
                "more claims than are compared at a time; not all were",
                "    ",
                "    ",
            ));
        }
        lines
    }

    fn wrapped(&self, text: &str, first: &str, rest: &str) -> Vec<String> {
        wrapped(&flat(text), first, rest, self.width).lines().map(str::to_owned).collect()
    }

    fn side(&self, told: &Told, letter: &str, side: &FindingSide) -> Vec<String> {
        let voices = match side.voices {
            0 | 1 => String::new(),
            voices => format!(" · {voices} independent voices"),
        };
        let said = format!("{}{voices}", self.teller.said(&side.said));
        let mut lines = self.wrapped(&said, &format!("    {letter}  "), "       ");
        lines.extend(self.passages(told, &side.citations, "       "));
        lines
    }

    /// What the first documents say in which the passages stand, each in the sentence around them; a text before its title.
    fn passages(&self, told: &Told, indexes: &[u32], indent: &str) -> Vec<String> {
        let cited = indexes.iter().filter_map(|index| told.citations.get(*index as usize));
        let mut documents: Vec<&str> = Vec::new();
        for citation in cited.clone() {
            if !documents.contains(&citation.document.as_str()) {
                documents.push(&citation.document);
            }
        }
        let room = self.width.saturating_sub(indent.width()).max(20);
        let mut lines = Vec::new();
        for document in documents.iter().take(QUOTED) {
            let of_it = cited.clone().filter(|citation| citation.document == *document);
            let spans: Vec<(Range<usize>, String)> = of_it
                .flat_map(|citation| &citation.spans)
                .map(|span| (span.start_byte as usize..span.end_byte as usize, flat(&span.quote)))
                .collect();
            let Some(view) = self.views.get(*document) else {
                let quotes: Vec<&str> = spans.iter().map(|(_, quote)| quote.as_str()).collect();
                lines.push(format!(
                    "{indent}{}",
                    fit(&format!("«{}» · {}", quotes.join(" … "), short(document)), room)
                ));
                continue;
            };
            lines.push(format!("{indent}{}", quoted(view, &spans, room)));
            lines.push(format!("{indent}  {}", fit(&source(view), room.saturating_sub(2))));
        }
        match documents.len().saturating_sub(QUOTED) {
            0 => {}
            1 => lines.push(format!("{indent}and in 1 more document")),
            more => lines.push(format!("{indent}and in {more} more documents")),
        }
        lines
    }
}

/// The sentence around passages of a document, in at most `room` cells; the passages alone where they stand apart.
fn quoted(view: &View, spans: &[(Range<usize>, String)], room: usize) -> String {
    let title = view.document.title_bytes as usize;
    let in_text: Vec<&(Range<usize>, String)> = spans.iter().filter(|(at, _)| at.start >= title).collect();
    let spans: Vec<&(Range<usize>, String)> =
        if in_text.is_empty() { spans.iter().collect() } else { in_text };
    let text = view.document.text.as_str();
    let start = spans.iter().map(|(at, _)| at.start).min().unwrap_or(0);
    let end = spans.iter().map(|(at, _)| at.end).max().unwrap_or(0);
    let around = text::sentences(text).find(|sentence| sentence.start <= start && end <= sentence.end);
    let around = around.filter(|_| end - start <= STRETCH);
    match around {
        Some(around) => {
            let sentence = text.get(around.clone()).unwrap_or_default();
            let focus = start - around.start..end - around.start;
            let kept = without_marks(sentence).max(focus.end);
            let sentence = sentence.get(..kept).unwrap_or(sentence);
            format!("«{}»", fit_around(sentence, focus, room.saturating_sub(2)))
        }
        None => {
            let quotes: BTreeSet<(usize, &str)> =
                spans.iter().map(|(at, quote)| (at.start, quote.as_str())).collect();
            let quotes: Vec<&str> = quotes.into_iter().map(|(_, quote)| quote).collect();
            fit(&format!("«{}»", quotes.join("» … «")), room)
        }
    }
}

fn source(view: &View) -> String {
    let published = view.published();
    let day = published.get(5..10).unwrap_or(&published);
    format!("{day} {} · {}", view.source(), flat(view.heading())).trim_start().to_owned()
}

//! Findings on a screen: a line that says what it is, what was said or calculated, and the passages.

use std::io::{self, Write};

use api::record::{Finding, FindingKind};
use unicode_width::UnicodeWidthStr as _;

use super::{Found, Views, words};
use crate::fit::{fit, fit_around, flat};
use crate::view::{View, short};
use crate::wrap::wrapped;

/// Longest stretch of a text that is shown whole around the passages of a check, in bytes.
const STRETCH: usize = 400;

/// Prints findings for people, on a screen of `width` cells.
///
/// # Errors
/// If `out` refuses.
pub(super) fn print(
    found: &[Found],
    views: &Views,
    note: &str,
    width: usize,
    colour: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (bold, dim, plain) = if colour { ("\u{1b}[1m", "\u{1b}[2m", "\u{1b}[0m") } else { ("", "", "") };
    for found in found {
        let (mark, title) = words::title(found.body.kind());
        let mut head = format!("{mark} {title}");
        if let Some(subtitle) = words::subtitle(&found.body) {
            head += &format!(" · {subtitle}");
        }
        let tail = format!("{} · severity {}", short(&found.name), found.body.severity);
        let gap = width.saturating_sub(head.width() + tail.width()).max(2);
        writeln!(out, "{bold}{}{plain}{}{dim}{tail}{plain}", flat(&head), " ".repeat(gap))?;
        for line in lines(found, views, width) {
            writeln!(out, "{line}")?;
        }
    }
    write!(out, "{}", wrapped(note, "", "", width))
}

fn lines(found: &Found, views: &Views, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let body = &found.body;
    if is_audit(body) {
        for side in &body.sides {
            lines.extend(wrapped(&flat(&side.said), "    ", "      ", width).lines().map(str::to_owned));
        }
        lines.extend(stretch(found, views, width));
    } else {
        for (letter, side) in ('A'..='Z').zip(&body.sides) {
            let voices = match side.voices {
                0 | 1 => String::new(),
                voices => format!(" · {voices} independent voices"),
            };
            lines.extend(
                wrapped(
                    &flat(&format!("{}{voices}", side.said)),
                    &format!("    {letter}  "),
                    "       ",
                    width,
                )
                .lines()
                .map(str::to_owned),
            );
            lines.extend(
                side.citations.iter().filter_map(|index| passage(found, views, *index, "       ", width)),
            );
        }
    }
    if !body.missing.is_empty() {
        lines.push(fit(&format!("    empty or different: {}", body.missing), width));
    }
    for reason in &body.likelier {
        lines.push(fit(
            &format!("    for {}: {}", words::letter(reason.side), words::likelier_words(reason)),
            width,
        ));
        lines.extend(
            reason.citations.iter().filter_map(|index| passage(found, views, *index, "       ", width)),
        );
    }
    if body.cut {
        lines.push(fit("    there were more claims than are compared at a time; not all were", width));
    }
    lines
}

/// True for a check of one document by itself; one against a table has two sides.
fn is_audit(body: &Finding) -> bool {
    matches!(body.kind(), FindingKind::Holds | FindingKind::Fails) && body.sides.len() < 2
}

/// `«3,834 tons» · 07-13 Sou Hu Cai Jing · 禁令没效果?…`
fn passage(found: &Found, views: &Views, index: u32, indent: &str, width: usize) -> Option<String> {
    let citation = found.citations.get(index as usize)?;
    let quotes: Vec<String> = citation.spans.iter().map(|span| flat(&span.quote)).collect();
    let quote = format!("«{}»", quotes.join(" … "));
    let from =
        views.get(&citation.document).map(source).unwrap_or_else(|| short(&citation.document).to_owned());
    let room = width.saturating_sub(indent.width());
    let quote = fit(&quote, room.saturating_sub(24).max(20));
    Some(format!("{indent}{}", fit(&format!("{quote} · {from}"), room)))
}

fn source(view: &View) -> String {
    let published = view.published();
    let day = published.get(5..10).unwrap_or(&published);
    format!("{day} {} · {}", view.source(), flat(view.heading())).trim_start().to_owned()
}

/// The text from the first passage of a check to the last, with where it stands; if it is long, the passages alone.
fn stretch(found: &Found, views: &Views, width: usize) -> Vec<String> {
    let Some(document) = found.citations.first().map(|citation| &citation.document) else {
        return Vec::new();
    };
    let spans = found.citations.iter().flat_map(|citation| &citation.spans);
    let start = spans.clone().map(|span| span.start_byte as usize).min().unwrap_or(0);
    let end = spans.clone().map(|span| span.end_byte as usize).max().unwrap_or(0);
    let view = views.get(document);
    let text = view.map(|view| view.document.text.as_str()).unwrap_or_default();
    let whole = text.get(start..end).filter(|whole| whole.len() <= STRETCH && !whole.contains('\n'));
    let mut lines: Vec<String> = match whole {
        Some(_) => {
            let from = text[..start].rfind(['\n', '。']).map_or(0, |at| at + 1);
            let from = (from..=start).find(|at| text.is_char_boundary(*at)).unwrap_or(start);
            let to = text[end..].find(['\n', '。']).map_or(text.len(), |at| end + at);
            let line = fit_around(&text[from..to], start - from..end - from, width.saturating_sub(6).max(20));
            vec![format!("    «{line}»")]
        }
        None => {
            let quotes: Vec<String> = spans.map(|span| format!("«{}»", flat(&span.quote))).collect();
            wrapped(&quotes.join(" … "), "    ", "    ", width).lines().map(str::to_owned).collect()
        }
    };
    let from = view.map(source).unwrap_or_default();
    lines.push(format!("      {}", fit(&from, width.saturating_sub(6))));
    lines
}

//! One self-contained file for a browser or a printer, without a script.

use std::collections::BTreeMap;

use super::markdown::web;
use super::page::{self, Run};
use super::{flat, moves};
use crate::model::{Brief, Entry, Passage, Piece};
use crate::words::say;

const STYLE: &str = include_str!("brief.css");

/// The brief as one HTML file. Each number leads to the passage that says it, which stands in its context among the sources and
/// leads back. Nothing is fetched from anywhere.
#[must_use]
pub fn html(brief: &Brief) -> String {
    let mut page = Page { brief, out: String::new(), cited: BTreeMap::new(), next: 0 };
    page.head();
    for (number, section) in brief.sections.iter().enumerate() {
        page.out += &format!(
            "<section aria-labelledby=\"s{number}\">\n<h2 id=\"s{number}\">{}</h2>\n<ul>\n",
            escaped(&section.heading)
        );
        for entry in &section.entries {
            page.entry(entry);
        }
        page.out += "</ul>\n";
        if let Some(further) = page::further(brief, section.further) {
            page.out += &format!("<p class=\"further\">{}</p>\n", escaped(&further));
        }
        page.out += "</section>\n";
    }
    page.sources();
    if let Some(derived) = page::derived_by(brief) {
        page.out += &format!("<p class=\"derived\">{}</p>\n", escaped(&derived));
    }
    page.out += "</main>\n</body>\n</html>\n";
    page.out
}

struct Page<'b> {
    brief: &'b Brief,
    out: String,
    /// The numbers of the places that cite a passage.
    cited: BTreeMap<usize, Vec<usize>>,
    next: usize,
}

impl Page<'_> {
    fn head(&mut self) {
        let (brief, title) = (self.brief, escaped(&page::title(self.brief)));
        let language = brief.language.tag();
        self.out += &format!(
            "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
             <meta name=\"monazite-brief\" content=\"{}\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n\
             <body>\n<main>\n<h1>{title}</h1>\n<p class=\"facts\">{}</p>\n",
            escaped(&brief.id),
            escaped(&page::facts(brief).join(" · ")),
        );
        if brief.sections.is_empty() {
            self.out += &format!("<p>{}</p>\n", escaped(page::nothing(brief)));
        }
    }

    fn entry(&mut self, entry: &Entry) {
        self.out += "<li>";
        self.line(&entry.head);
        if let Some(told) = page::tellings(self.brief, entry) {
            self.out += &format!(" <span class=\"told\">({})</span>", escaped(&told));
        }
        for below in &entry.lines {
            self.out += "<div>";
            self.line(below);
            self.out += "</div>";
        }
        self.out += "</li>\n";
    }

    fn line(&mut self, pieces: &[Piece]) {
        let brief = self.brief;
        for run in page::runs(pieces) {
            match run {
                Run::Words(words) => self.out += &escaped(words),
                Run::Printed(words) => self.out += &format!("<bdi>{}</bdi>", escaped(words)),
                Run::Quote(index) => {
                    let Some(passage) = brief.passages.get(index) else { continue };
                    let quote = escaped(&page::quoted(brief, index));
                    self.out +=
                        &format!("<q lang=\"{}\"><bdi>{quote}</bdi></q>", text::language(&passage.quote));
                }
                Run::Cites(cites) => {
                    self.out.push(' ');
                    for cite in cites {
                        self.cite(cite);
                    }
                }
            }
        }
    }

    fn cite(&mut self, passage: usize) {
        let Some(number) = page::numbers(self.brief, &[passage]).first().copied() else { return };
        self.next += 1;
        self.cited.entry(passage).or_default().push(self.next);
        self.out += &format!("<a class=\"cite\" id=\"c{0}\" href=\"#p{passage}\">[{number}]</a>", self.next);
    }

    fn sources(&mut self) {
        let brief = self.brief;
        if brief.sources.is_empty() {
            return;
        }
        self.out += &format!(
            "<section aria-labelledby=\"sources\">\n<h2 id=\"sources\">{}</h2>\n<ol class=\"sources\">\n",
            page::sources_heading(brief)
        );
        for (place, source) in brief.sources.iter().enumerate() {
            let line = escaped(&page::source(brief, source));
            self.out += &format!("<li value=\"{}\"><bdi>{line}</bdi>", source.number);
            if let Some(url) = web(&source.url) {
                self.out += &format!(" <a href=\"{0}\" rel=\"noreferrer noopener\">{0}</a>", escaped(url));
            }
            self.out.push('\n');
            for (index, passage) in
                brief.passages.iter().enumerate().filter(|(_, passage)| passage.source == place)
            {
                self.passage(index, passage);
            }
            self.out += "</li>\n";
        }
        self.out += "</ol>\n</section>\n";
    }

    /// A passage in its context, with the way back to where it is cited.
    fn passage(&mut self, index: usize, passage: &Passage) {
        let language = text::language(&passage.quote);
        let mut quote = String::new();
        let mut at = 0;
        for (start, end) in &passage.marks {
            let (Some(before), Some(marked)) =
                (passage.quote.get(at..*start), passage.quote.get(*start..*end))
            else {
                continue;
            };
            quote += &format!("{}<strong>{}</strong>", escaped(before), escaped(marked));
            at = *end;
        }
        quote += &escaped(passage.quote.get(at..).unwrap_or_default());
        self.out += &format!(
            "<blockquote id=\"p{index}\" lang=\"{language}\"><bdi>{}<mark>{quote}</mark>{}</bdi>",
            escaped(&passage.before),
            escaped(&passage.after)
        );
        for place in self.cited.get(&index).into_iter().flatten() {
            let back = say(self.brief.language, "回到引用处", "back to where it is cited");
            self.out += &format!(" <a class=\"back\" href=\"#c{place}\" title=\"{back}\">↩</a>");
        }
        self.out += "</blockquote>\n";
    }
}

/// Text in which nothing is markup, as content or in a quoted attribute.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in flat(text).chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\'' => out += "&#39;",
            // Code points that are no characters are not allowed in HTML.
            c if moves(c) || is_none(c) => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Code points that Unicode sets aside for no character.
fn is_none(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe
}

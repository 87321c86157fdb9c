//! Findings as entries: what is in dispute, what holds, what could not be compared.

use std::ops::Range;

use api::record::{Citation, Claim, Finding, FindingKind, FindingSide};

use crate::compose::Composer;
use crate::model::{Entry, Piece, SectionKind};
use crate::told::{Teller, Told};
use crate::words::{self, say};

/// Passages of a side that are cited.
const CITED: usize = 6;

/// Passages of one document that a side shows in full.
const QUOTED: usize = 2;

/// The section to which a finding belongs.
pub(crate) fn section(finding: &Finding) -> Option<SectionKind> {
    Some(match finding.kind() {
        FindingKind::Contradiction | FindingKind::Fails => SectionKind::Dispute,
        FindingKind::Outturn | FindingKind::Revision => SectionKind::Revised,
        FindingKind::Agreement | FindingKind::Rounding | FindingKind::Holds => SectionKind::Holds,
        FindingKind::NotComparable => SectionKind::NotCompared,
        FindingKind::Unspecified => return None,
    })
}

impl Composer<'_, '_> {
    /// An entry for a finding: what it says, then each side with its quote, or what was checked, and what makes a side likelier.
    pub(crate) fn finding(&mut self, finding: &Told) -> Entry {
        let body = &finding.body;
        let language = self.parameters.language;
        let mark = match body.kind() {
            FindingKind::Contradiction | FindingKind::Fails => "✗ ",
            FindingKind::Agreement | FindingKind::Rounding | FindingKind::Holds => "✓ ",
            FindingKind::NotComparable => "— ",
            _ => "→ ",
        };
        let mut head = vec![words::finding(body.kind(), language).to_owned()];
        head.extend(words::reason(body.reason(), language).map(str::to_owned));
        head.extend(words::check(body.check(), language).map(str::to_owned));
        head.extend(self.subject(finding));
        if body.kind() == FindingKind::NotComparable && !body.missing.is_empty() {
            head.push(format!("{}{}", say(language, "缺少或不同：", "missing or different: "), body.missing));
        }
        let mut entry =
            Entry { head: vec![Piece::Words(format!("{mark}{}", head.join(" · ")))], ..Entry::default() };
        let several = body.sides.len() > 1;
        let checked = matches!(body.kind(), FindingKind::Holds | FindingKind::Fails);
        for (index, side) in body.sides.iter().enumerate() {
            let said =
                if checked { self.teller().check(body, &finding.citations) } else { self.said(&side.said) };
            entry.lines.push(self.side(finding, side, &said, several.then_some(index)));
        }
        for likelier in &body.likelier {
            let letter = letter(likelier.side as usize);
            let reason = words::likelier(likelier.kind(), language);
            let mut line = vec![Piece::Words(match language {
                crate::Language::Chinese => format!("有利于 {letter}：{reason} "),
                crate::Language::English => format!("for {letter}: {reason} "),
            })];
            for (place, citation) in likelier.citations.iter().enumerate().take(CITED) {
                let Some(passage) = self.cited(&finding.citations, *citation) else { continue };
                line.push(if place == 0 { Piece::Quote(passage) } else { Piece::Cite(passage) });
                if place == 0 {
                    line.push(Piece::Cite(passage));
                }
            }
            entry.lines.push(line);
        }
        if body.cut {
            let words = say(
                language,
                "该组过大，未全部比较",
                "the group was too large, so that not all of it was compared",
            );
            entry.lines.push(vec![Piece::Words(words.to_owned())]);
        }
        entry.records = finding.names.clone();
        entry.records.extend(body.claims.iter().cloned());
        entry
    }

    /// What a finding is about: the good and measure of its first claim that is at hand; where its sides agree, also which way and when.
    fn subject(&self, finding: &Told) -> Vec<String> {
        let names = finding.body.claims.iter().chain(finding.body.sides.iter().flat_map(|side| &side.claims));
        let claims: Vec<&Claim> =
            names.filter_map(|name| self.input.claims.get(name.as_str())).map(|claim| &claim.body).collect();
        let Some(claim) = claims.first() else { return Vec::new() };
        if matches!(finding.body.kind(), FindingKind::Agreement | FindingKind::Rounding) {
            let said = finding.body.sides.first().map_or("", |side| side.said.as_str());
            return self.teller().about_agreed(&claims, said);
        }
        let Some(doc) = self.input.documents.get(claim.document.as_str()) else { return Vec::new() };
        match crate::label::of(claim, doc, self.lexicon, self.parameters.language).into_iter().next() {
            Some(Piece::Words(words)) => vec![words],
            _ => Vec::new(),
        }
    }

    /// A side: what it says, its first passage in full, where else it stands, and how many say it.
    fn side(&mut self, finding: &Told, side: &FindingSide, said: &str, index: Option<usize>) -> Vec<Piece> {
        let language = self.parameters.language;
        let mut line = Vec::new();
        let lettered = index.map_or(String::new(), |index| format!("{}  ", letter(index)));
        if !lettered.is_empty() || !said.is_empty() {
            line.push(Piece::Words(format!("{lettered}{said}  ")));
        }
        let mut passages: Vec<usize> = Vec::new();
        for citation in side.citations.iter().take(CITED) {
            let passage = self.cited(&finding.citations, *citation);
            passages.extend(passage.filter(|passage| !passages.contains(passage)));
        }
        // What decides may stand in another sentence than the value; what a title says, its text says better.
        let source = |passage: &usize| self.shelf.passages[*passage].source;
        let first = passages.first().map(source);
        let mut quoted: Vec<usize> =
            passages.iter().copied().filter(|passage| Some(source(passage)) == first).collect();
        if quoted.iter().any(|passage| !self.is_title(*passage)) {
            quoted.retain(|passage| !self.is_title(*passage));
        }
        quoted.truncate(QUOTED);
        for (place, passage) in quoted.iter().enumerate() {
            if place > 0 {
                line.push(Piece::Words("  ".to_owned()));
            }
            line.extend([Piece::Quote(*passage), Piece::Cite(*passage)]);
        }
        let others = passages.iter().filter(|passage| !quoted.contains(passage));
        let others: Vec<usize> = others.copied().filter(|passage| Some(source(passage)) != first).collect();
        line.extend(others.into_iter().map(Piece::Cite));
        if side.voices > 1 {
            line.push(Piece::Words(format!(
                " · {}",
                words::count(language, side.voices as usize, "个独立信源", "voice", "voices")
            )));
        }
        line
    }

    /// Whether a passage stands in the title of its document.
    fn is_title(&self, passage: usize) -> bool {
        let passage = &self.shelf.passages[passage];
        let document = self.shelf.sources.get(passage.source).map(|source| source.document.as_str());
        let doc = document.and_then(|name| self.input.documents.get(name));
        doc.is_some_and(|doc| passage.end_byte <= doc.title_end())
    }

    /// The passage around a citation of a finding or story.
    pub(crate) fn cited(&mut self, citations: &[Citation], index: u32) -> Option<usize> {
        let citation = citations.get(index as usize)?;
        let marks: Vec<Range<usize>> =
            citation.spans.iter().map(|span| span.start_byte as usize..span.end_byte as usize).collect();
        let (first, last) = (marks.first()?, marks.last()?);
        let around = self.sentences.around(&citation.document, &(first.start..last.end));
        self.shelf.passage(&citation.document, &around, &marks)
    }

    /// What a side says, in words for people.
    pub(crate) fn said(&self, said: &str) -> String {
        self.teller().said(said)
    }

    fn teller(&self) -> Teller<'_> {
        Teller::new(self.lexicon, self.parameters.language)
    }
}

/// A, B, C and so on.
fn letter(side: usize) -> String {
    ('A'..='Z').nth(side).map_or_else(|| (side + 1).to_string(), String::from)
}

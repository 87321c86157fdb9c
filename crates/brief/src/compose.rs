//! Puts a brief together.

use std::collections::{BTreeMap, BTreeSet};

use api::record::{Difference, Finding, FindingKind, Record, Story};
use text::{Lexicon, Reader};

use crate::candidate::{self, Candidate, Judge};
use crate::choose::{self, Chosen};
use crate::disputed::{Disputed, is_dispute};
use crate::findings;
use crate::input::{Doc, Input, Read};
use crate::model::{Brief, Counts, Entry, Piece, Section, SectionKind, Tellings};
use crate::parameters::{Asked, Parameters, Since};
use crate::passage::{Sentences, Shelf};
use crate::theme::THEMES;
use crate::told::{Told, is_check, is_quiet, once};
use crate::topic::{Topic, folded, unquoted};
use crate::words::heading;
use crate::{BriefError, id, label};

/// Other tellings that an entry cites.
const ALSO: usize = 6;

/// Claims of a sentence in another language that are put into words.
const LABELLED: usize = 3;

/// Makes a brief of records that were read at one sequence. Kinds other than [`crate::KINDS`] are not looked at.
///
/// # Errors
/// If the body of a record cannot be read.
pub fn make(records: &[Record], parameters: &Parameters) -> Result<Brief, BriefError> {
    let id = id::of(records, parameters);
    let input = Input::new(records)?;
    let (lexicon, reader) = (Lexicon::standard(), Reader::standard());
    let topic = Topic::new(&parameters.asked, lexicon, &reader);
    let disputed = Disputed::new(&input);
    let mut composer = Composer {
        input: &input,
        parameters,
        lexicon,
        reader: &reader,
        topic: &topic,
        disputed: &disputed,
        sentences: Sentences::new(&input),
        shelf: Shelf::new(&input),
        relevant: BTreeSet::new(),
        beside: parameters.beside.iter().map(String::as_str).collect(),
    };
    let sections = composer.sections();
    let counts = composer.counts();
    let mut derived_by = parameters.derived_by.clone();
    derived_by.sort();
    derived_by.dedup();
    let days = input.documents.values().filter(|doc| composer.is_wanted(doc)).map(|doc| doc.day().to_owned());
    let date = days.max().unwrap_or_default();
    let Shelf { sources, passages, .. } = composer.shelf;
    Ok(Brief {
        id,
        language: parameters.language,
        asked: parameters.asked.clone(),
        names: names(&topic, lexicon, parameters),
        date,
        from: parameters.from.clone(),
        to: parameters.to.clone(),
        as_of: parameters.as_of,
        since: parameters.since.clone(),
        counts,
        sections,
        sources,
        passages,
        derived_by,
    })
}

/// What the brief is about, in names: as it was asked first.
fn names(topic: &Topic, lexicon: &Lexicon, parameters: &Parameters) -> Vec<String> {
    let mut names = match &parameters.asked {
        Asked::All => Vec::new(),
        Asked::Topic { name, .. } => vec![name.clone()],
        Asked::Query(query) => vec![if topic.is_one() { unquoted(query) } else { query }.to_owned()],
    };
    for name in topic.names(lexicon, parameters.language) {
        if !names.iter().any(|known| folded(known) == folded(&name)) {
            names.push(name);
        }
    }
    names
}

/// What is at hand while a brief is put together.
pub(crate) struct Composer<'i, 'r> {
    pub(crate) input: &'i Input<'r>,
    pub(crate) parameters: &'i Parameters,
    pub(crate) lexicon: &'i Lexicon,
    reader: &'i Reader,
    topic: &'i Topic,
    pub(crate) disputed: &'i Disputed,
    pub(crate) sentences: Sentences<'i, 'r>,
    pub(crate) shelf: Shelf<'i, 'r>,
    /// Documents with a passage about what was asked for.
    relevant: BTreeSet<&'r str>,
    /// Documents that do not answer.
    beside: BTreeSet<&'i str>,
}

impl<'i, 'r> Composer<'i, 'r> {
    /// The sections that have entries, in their order.
    fn sections(&mut self) -> Vec<Section> {
        let input = self.input;
        let (topic, reader, parameters, disputed) = (self.topic, self.reader, self.parameters, self.disputed);
        let judge = Judge { topic, reader, parameters, disputed };
        let candidates = candidate::all(input, &judge, |doc| self.is_wanted(doc));
        self.relevant.extend(candidates.iter().map(|candidate| candidate.doc.name));
        let findings = self.findings();
        let cited = findings.iter().flat_map(|finding| &finding.citations);
        let cited = cited.filter_map(|citation| input.documents.get(citation.document.as_str()));
        self.relevant.extend(cited.map(|doc| doc.name));
        let stories = self.stories();
        let fresh: Vec<Candidate<'i, 'r>> =
            candidates.into_iter().filter(|candidate| self.is_new(candidate.doc)).collect();
        let choice = choose::choose(&fresh, self.parameters.limit);
        let mut sections = Vec::new();
        let lead = choice.lead.iter().map(|chosen| self.point(&fresh, chosen)).collect();
        self.push(&mut sections, SectionKind::Lead, lead, 0);
        self.push_disputes(&mut sections, &findings, &stories);
        let (shown, further) = self.bounded(&stories);
        let entries = shown.iter().filter_map(|story| self.story(story)).collect();
        self.push(&mut sections, SectionKind::Stories, entries, further);
        for theme in THEMES {
            let Some((chosen, further)) = choice.themes.get(&theme) else { continue };
            let entries = chosen.iter().map(|chosen| self.point(&fresh, chosen)).collect();
            self.push(&mut sections, theme, entries, *further);
        }
        for kind in [SectionKind::Revised, SectionKind::Holds, SectionKind::NotCompared] {
            let of_kind: Vec<&Told> =
                findings.iter().filter(|finding| findings::section(&finding.body) == Some(kind)).collect();
            let (shown, further) = self.bounded(&of_kind);
            let entries = shown.iter().map(|finding| self.finding(finding)).collect();
            self.push(&mut sections, kind, entries, further);
        }
        sections
    }

    fn push(&self, sections: &mut Vec<Section>, kind: SectionKind, entries: Vec<Entry>, further: usize) {
        let mut heading = heading(kind, self.parameters.language).to_owned();
        if kind == SectionKind::Lead && self.parameters.since.is_some() {
            crate::words::say(self.parameters.language, "最新", "New").clone_into(&mut heading);
        }
        if !entries.is_empty() || further > 0 {
            sections.push(Section { kind, heading, entries, further });
        }
    }

    /// Contradictions and checks that fail, then what the tellings of a story say differently, as far as no finding says so.
    fn push_disputes(
        &mut self,
        sections: &mut Vec<Section>,
        findings: &[Told],
        stories: &[&'i Read<'r, Story>],
    ) {
        let disputes: Vec<&Told> = findings.iter().filter(|finding| is_dispute(&finding.body)).collect();
        let differences: Vec<(&Read<'r, Story>, &Difference)> = stories
            .iter()
            .flat_map(|story| story.body.differences.iter().map(move |difference| (*story, difference)))
            .filter(|(story, difference)| !disputes.iter().any(|finding| says(finding, story, difference)))
            .collect();
        let (shown, further) = self.bounded(&disputes);
        let mut entries: Vec<Entry> = shown.iter().map(|finding| self.finding(finding)).collect();
        let (shown, more) = self.bounded(&differences);
        entries.extend(shown.iter().map(|(story, difference)| self.difference(story, difference)));
        self.push(sections, SectionKind::Dispute, entries, further + more);
    }

    /// The first of them, as many as a section has, and how many there are besides.
    fn bounded<'t, T>(&self, all: &'t [T]) -> (&'t [T], usize) {
        let limit = if self.parameters.limit == 0 { all.len() } else { self.parameters.limit.min(all.len()) };
        (&all[..limit], all.len() - limit)
    }

    /// Whether a document lies in the days that were asked for.
    fn is_wanted(&self, doc: &Doc<'_>) -> bool {
        let day = doc.day();
        let from = self.parameters.from.as_deref().is_none_or(|from| !day.is_empty() && day >= from);
        let to = self.parameters.to.as_deref().is_none_or(|to| !day.is_empty() && day <= to);
        from && to && !self.beside.contains(doc.name)
    }

    fn is_new(&self, doc: &Doc<'_>) -> bool {
        match &self.parameters.since {
            None => true,
            Some(Since::Sequence(sequence)) => doc.sequence > *sequence,
            Some(Since::Day(day)) => doc.day() >= day.as_str(),
        }
    }

    /// Findings about what was asked for that rest on documents at hand, of which one at least is wanted and one at least is new; the
    /// most severe first. What several say is said once, and what holds by its wording alone is left out.
    fn findings(&self) -> Vec<Told> {
        let mut found: Vec<&Read<'r, Finding>> =
            self.input.findings.iter().filter(|finding| self.is_finding_wanted(finding)).collect();
        let rank = |finding: &Finding| match finding.kind() {
            FindingKind::Contradiction => 0,
            FindingKind::Fails => 1,
            FindingKind::Revision | FindingKind::Outturn => 2,
            FindingKind::Holds => 3,
            _ => 4,
        };
        found.sort_by_key(|finding| {
            (std::cmp::Reverse(finding.body.severity), rank(&finding.body), finding.name)
        });
        let told = found.into_iter().filter(|finding| !is_quiet(&finding.body)).map(|finding| Told {
            names: vec![finding.name.to_owned()],
            body: finding.body.clone(),
            citations: finding.citations.to_vec(),
        });
        let told: Vec<Told> = told.collect();
        let checks: Vec<Told> = told.iter().filter(|told| is_check(&told.body)).cloned().collect();
        once(told, &checks)
    }

    fn is_finding_wanted(&self, finding: &Read<'_, Finding>) -> bool {
        let cited: Vec<&Doc<'_>> = finding
            .citations
            .iter()
            .filter_map(|citation| self.input.documents.get(citation.document.as_str()))
            .collect();
        cited.iter().any(|doc| self.is_wanted(doc) && self.is_new(doc)) && self.is_finding_about(finding)
    }

    /// Whether a passage of a finding, the title above it or one of its claims is about what was asked for.
    fn is_finding_about(&self, finding: &Read<'_, Finding>) -> bool {
        if self.topic.is_all() {
            return true;
        }
        let claims = finding.body.claims.iter().filter_map(|name| self.input.claims.get(name.as_str()));
        let subject = |claim: &Read<'_, api::record::Claim>| {
            claim.body.subject.iter().chain(&claim.body.joint).any(|term| self.topic.wants(&term.id))
        };
        if claims.into_iter().any(subject) {
            return true;
        }
        finding.citations.iter().any(|citation| {
            let Some(doc) = self.input.documents.get(citation.document.as_str()) else { return false };
            let is_named = |at: &std::ops::Range<usize>| {
                doc.body.text.get(at.clone()).is_some_and(|text| self.topic.is_named_in(text, self.reader))
            };
            let spans = citation.spans.iter().map(|span| span.start_byte as usize..span.end_byte as usize);
            // An event's title names what its text calls by other names; a roundup's says nothing about one of its figures.
            let in_story = self.input.memberships.contains_key(doc.name);
            in_story && is_named(&(0..doc.title_end()))
                || spans.map(|at| self.sentences.around(doc.name, &at)).any(|at| is_named(&at))
        })
    }

    /// Stories with a telling that is wanted, new and about what was asked for; those with most voices first.
    fn stories(&self) -> Vec<&'i Read<'r, Story>> {
        let is_told = |story: &&Read<'r, Story>| {
            let docs = story
                .body
                .tellings
                .iter()
                .filter_map(|telling| self.input.documents.get(telling.document.as_str()));
            let mut fit = docs.filter(|doc| self.is_wanted(doc) && self.is_new(doc));
            fit.any(|doc| {
                self.relevant.contains(doc.name) || self.topic.is_named_in(doc.heading(), self.reader)
            })
        };
        let mut found: Vec<&Read<'r, Story>> = self.input.stories.values().filter(is_told).collect();
        let size = |story: &Read<'_, Story>| (story.body.voices.len(), story.body.tellings.len());
        found.sort_by_key(|story| (std::cmp::Reverse(size(story)), story.name));
        found
    }

    /// An entry for a thing that is told: the sentence of its best telling, with a label before it if it is in another language.
    fn point(&mut self, candidates: &[Candidate<'i, 'r>], chosen: &Chosen) -> Entry {
        let best = &candidates[chosen.best];
        let language = self.parameters.language;
        let mut entry = Entry::default();
        let Some(passage) = self.shelf.passage(best.doc.name, &best.at, &[]) else { return entry };
        if best.theme == SectionKind::Outlooks && !best.doc.body.source.is_empty() {
            entry.head.push(Piece::Printed(best.doc.body.source.clone()));
            entry.head.push(Piece::Words(crate::words::say(language, "：", ": ").to_owned()));
        }
        let quote = vec![Piece::Quote(passage), Piece::Cite(passage)];
        let sentence = self.shelf.passages[passage].quote.as_str();
        let labels = if candidate::is_in(sentence, language) { Vec::new() } else { self.labels(best) };
        if labels.is_empty() {
            entry.head.extend(quote);
            for claim in best.claims.iter().take(LABELLED) {
                let dates = label::dates(&claim.body, best.doc, self.lexicon, language);
                if !dates.is_empty() {
                    entry.head.extend(dates);
                    entry.head.extend(self.rest(best, claim));
                }
            }
        } else {
            entry.head.extend(labels);
            entry.lines.push(quote);
        }
        let mut documents = BTreeMap::from([(best.doc.name, best.doc)]);
        for index in &chosen.also {
            let other = &candidates[*index];
            if documents.insert(other.doc.name, other.doc).is_none() && documents.len() <= ALSO + 1 {
                let passage = self.shelf.passage(other.doc.name, &other.at, &[]);
                entry.head.extend(passage.map(Piece::Cite));
            }
        }
        if documents.len() > 1 {
            entry.tellings =
                Some(Tellings { documents: documents.len(), voices: self.voices(documents.keys().copied()) });
        }
        let all = std::iter::once(best).chain(chosen.also.iter().map(|index| &candidates[*index]));
        for candidate in all {
            entry.records.extend(candidate.claims.iter().map(|claim| claim.name.to_owned()));
            entry.records.extend(candidate.digests.iter().map(|name| (*name).to_owned()));
        }
        entry
    }

    /// The claims of a sentence in words of a template, with all passages from which these words are taken.
    fn labels(&mut self, candidate: &Candidate<'i, 'r>) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let only_counts = candidate.claims.iter().all(|claim| candidate::is_count(&claim.body));
        let said = candidate.claims.iter().filter(|claim| only_counts || !candidate::is_count(&claim.body));
        for claim in said.take(LABELLED) {
            let label = label::of(&claim.body, candidate.doc, self.lexicon, self.parameters.language);
            if label.len() < 2 && claim.body.event() == api::record::EventType::Unspecified
                || label.is_empty()
            {
                continue;
            }
            if !pieces.is_empty() {
                pieces.push(Piece::Words(crate::words::say(self.parameters.language, "；", "; ").to_owned()));
            }
            pieces.extend(label);
            let at = self.shelf.passage(candidate.doc.name, &candidate.at, &[]);
            pieces.extend(at.map(Piece::Cite));
            pieces.extend(self.rest(candidate, claim));
        }
        pieces
    }

    /// The passages of a claim outside of its sentence.
    fn rest(&mut self, candidate: &Candidate<'i, 'r>, claim: &Read<'r, api::record::Claim>) -> Vec<Piece> {
        let spans = claim.citations.iter().flat_map(|citation| &citation.spans);
        let ranges = spans.map(|span| span.start_byte as usize..span.end_byte as usize);
        let outside: Vec<_> =
            ranges.filter(|at| at.end <= candidate.at.start || candidate.at.end <= at.start).collect();
        let mut pieces = Vec::new();
        for at in outside {
            let around = self.sentences.around(candidate.doc.name, &at);
            pieces.extend(self.shelf.passage(candidate.doc.name, &around, &[at]).map(Piece::Cite));
        }
        pieces
    }

    /// Independent voices of documents: those of one voice of a story are one.
    fn voices<'d>(&self, documents: impl Iterator<Item = &'d str>) -> usize {
        let voice = |document: &'d str| match self.input.memberships.get(document) {
            Some(member) => (member.story.clone(), member.voice),
            None => (document.to_owned(), 0),
        };
        documents.map(voice).collect::<BTreeSet<_>>().len()
    }

    fn counts(&self) -> Counts {
        let docs = || self.input.documents.values().filter(|doc| self.is_wanted(doc));
        let relevant: Vec<&Doc<'_>> = docs().filter(|doc| self.relevant.contains(doc.name)).collect();
        Counts {
            documents: docs().count(),
            left: self.parameters.left,
            beyond: self.parameters.beyond,
            relevant: relevant.len(),
            new: relevant.iter().filter(|doc| self.is_new(doc)).count(),
            publishers: relevant.iter().map(|doc| doc.body.source.as_str()).collect::<BTreeSet<_>>().len(),
            cited: self.shelf.sources.len(),
            muted: self.input.muted,
        }
    }
}

/// Whether a contradiction says already what tellings say differently: it cites a passage of the story on two of the sides.
fn says(finding: &Told, story: &Read<'_, Story>, difference: &Difference) -> bool {
    if finding.body.kind() != FindingKind::Contradiction {
        return false;
    }
    let overlap = |one: &api::record::Citation, other: &api::record::Citation| {
        one.document == other.document
            && one
                .spans
                .iter()
                .any(|a| other.spans.iter().any(|b| a.start_byte < b.end_byte && b.start_byte < a.end_byte))
    };
    let is_cited = |index: &u32| {
        let cited = story.citations.get(*index as usize);
        cited.is_some_and(|cited| finding.citations.iter().any(|citation| overlap(citation, cited)))
    };
    difference.sides.iter().filter(|side| side.citations.iter().any(is_cited)).count() > 1
}

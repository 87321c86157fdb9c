//! Claims with what is needed to compare them.

mod around;
mod own;

use std::collections::BTreeMap;
use std::ops::Range;

use api::record::{
    Amount, Citation, Claim, Document, Mention, Origin, OriginKind, Period, Precision, Qualifier, Span,
    StatedChange, Statement, StoryMembership, Term, When, Word,
};

use self::own::take_places;
use crate::against::base_in_words;
use crate::measures::LONG;
use crate::overlap::{Bounds, overlap};
use crate::printed::{extent, unsigned};
use crate::publisher;
use crate::scope::{axis, bases, editions, of_itself, scopes};

/// How far around a claim figures and days still belong to what it tells, in bytes.
const NEAR_BYTES: usize = 600;

/// Most figures, names or days that a statement keeps.
const MAX_KEPT: usize = 24;

/// Longest sentence that is kept, in bytes.
const MAX_SENTENCE_BYTES: usize = 1_000;

/// What the id of words begins with that are known by the names within them.
pub(crate) const DESCRIBED: &str = "described/";

/// How far before or behind a value its qualifier is quoted with it, in bytes.
const QUALIFIER_BYTES: usize = 12;

/// A document, what was read in it, and its place in a story.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Resource name of the document.
    pub name: &'a str,
    /// Its body.
    pub document: &'a Document,
    /// Its mentions, in order.
    pub mentions: &'a [Mention],
    /// Its place in a story; none if it is on its own.
    pub story: Option<&'a StoryMembership>,
}

/// A claim of the document.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its resource name.
    pub name: String,
    /// Its body.
    pub claim: Claim,
    /// The sentence that states it, in bytes.
    pub sentence: Range<usize>,
    /// The value of its key `fact`, if it has one.
    pub fact: Option<String>,
}

/// A statement with what goes into its envelope.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The statement.
    pub statement: Statement,
    /// The passages that its slots refer to.
    pub citation: Citation,
    /// The value of the key `fact`.
    pub fact: Option<String>,
}

/// The statements of a document: one for each figure that has a key `fact`, or whose document belongs to a story.
#[must_use]
pub fn statements(source: &Source<'_>, told: &[Told]) -> Vec<Item> {
    let mut items: Vec<Item> = told
        .iter()
        .filter(|told| told.fact.is_some() || source.story.is_some())
        .filter_map(|told| Maker { source, told, spans: Vec::new() }.item())
        .collect();
    take_places(&mut items);
    mark_doubled(&mut items);
    items
}

/// Marks statements that are alike in all slots and say different values: what tells them apart was not read.
fn mark_doubled(items: &mut [Item]) {
    let mut alike: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, item) in items.iter().enumerate() {
        alike.entry(signature(&item.statement)).or_default().push(index);
    }
    for group in alike.into_values().filter(|group| group.len() > 1) {
        let bounds: Vec<Option<Bounds>> =
            group.iter().map(|index| main_bounds(&items[*index].statement)).collect();
        let differ = bounds.iter().any(|other| match (&bounds[0], other) {
            (Some(first), Some(other)) => !overlap(first, other),
            _ => true,
        });
        if differ {
            for index in group {
                items[index].statement.doubled = true;
            }
        }
    }
}

fn main_bounds(statement: &Statement) -> Option<Bounds> {
    let level = statement.value.as_ref();
    Bounds::of(level.or_else(|| statement.changes.first()?.by.as_ref())?)
}

/// All slots that say what a figure is of, in one line.
pub(crate) fn signature(statement: &Statement) -> String {
    let word = |word: &Option<Word>| {
        word.as_ref().map_or_else(String::new, |word| {
            if word.id.is_empty() { word.words.clone() } else { word.id.clone() }
        })
    };
    let words = |words: &[Word]| {
        words.iter().map(|word| format!("{}{}", word.id, word.words)).collect::<Vec<_>>().join("+")
    };
    let over = statement.over.as_ref().map(|over| format!("{}/{}", over.start, over.end)).unwrap_or_default();
    let kind = match (&statement.value, statement.changes.first()) {
        (Some(value), _) => value.unit.clone(),
        (None, Some(change)) => {
            let unit = change.by.as_ref().map(|by| by.unit.as_str()).unwrap_or_default();
            format!("{} {} {}", change.relation, unit, word(&change.base))
        }
        (None, None) => String::new(),
    };
    [
        word(&statement.measure),
        kind,
        word(&statement.statistic),
        word(&statement.subject),
        words(&statement.joint),
        words(&statement.actors),
        words(&statement.basis),
        word(&statement.part),
        word(&statement.whole),
        word(&statement.place),
        words(&statement.partners),
        word(&statement.venue),
        over,
        statement.modality.to_string(),
    ]
    .join("|")
}

struct Maker<'a> {
    source: &'a Source<'a>,
    told: &'a Told,
    spans: Vec<Range<usize>>,
}

impl Maker<'_> {
    fn item(mut self) -> Option<Item> {
        let claim = &self.told.claim;
        let figure = claim.value.is_some() || claim.changes.iter().any(|change| change.by.is_some());
        if claim.event != 0 || !figure {
            return None;
        }
        let text = &self.source.document.text;
        let sentence = text.get(self.told.sentence.clone())?;
        let value = match &claim.value {
            Some(value) => Some(self.level(value)?),
            None => None,
        };
        let changes: Vec<StatedChange> =
            claim.changes.iter().filter_map(|change| self.change(change)).collect();
        if value.is_none() && changes.iter().all(|change| change.by.is_none()) {
            return None;
        }
        let document = self.source.document;
        let title = text.get(..document.title_bytes as usize).unwrap_or_default();
        let mut statement = Statement {
            document: self.source.name.to_owned(),
            claim: self.told.name.clone(),
            source: document.source.clone(),
            source_id: publisher::id(&document.source).unwrap_or_default().to_owned(),
            published: document.published.clone(),
            story: self.source.story.map(|story| story.story.clone()).unwrap_or_default(),
            voice: self.source.story.map(|story| story.voice).unwrap_or_default(),
            language: document.language.clone(),
            own: of_itself(sentence),
            in_title: self.told.sentence.end <= document.title_bytes as usize,
            value,
            changes,
            modality: claim.modality.as_ref().map_or(0, |slot| slot.modality),
            scope: self.scope(sentence),
            editions: editions(&format!("{title}\n{sentence}")),
            beside: self.beside(),
            names: self.names(),
            days: self.days(),
            ..Statement::default()
        };
        let head = claim.start_byte as usize;
        let told = text.get(self.told.sentence.start..head.max(self.told.sentence.start)).unwrap_or_default();
        if !scopes(told).iter().any(|scope| scope == "of-which") {
            // What is told of a part behind the figure is another's.
            statement.scope.retain(|scope| scope != "of-which");
        }
        self.slots(&mut statement);
        let modal = statement.modal.as_ref().map(|word| word.words.to_lowercase()).unwrap_or_default();
        let bases = statement.changes.iter().filter_map(|change| change.base.as_ref());
        if !modal.is_empty() && bases.map(|base| base.words.as_str()).any(|base| base.contains(&modal)) {
            // «7% above plan» is told as fact: the plan is what it is against.
            statement.modality = 0;
        }
        let mut around = self.told.sentence.clone();
        if statement.in_title {
            // What a title leaves out, such as who says it, stands in the first sentence.
            around.end = first_sentence_end(text, document.title_bytes as usize);
        }
        if around.len() <= MAX_SENTENCE_BYTES {
            statement.sentence = self.span(around);
        }
        let spans = self.spans.iter().map(|span| quoted(text, span)).collect::<Option<Vec<_>>>()?;
        let citation = Citation { document: self.source.name.to_owned(), spans };
        Some(Item { statement, citation, fact: self.told.fact.clone() })
    }

    fn slots(&mut self, statement: &mut Statement) {
        let claim = &self.told.claim;
        statement.subject = self.word(claim.subject.as_ref());
        statement.joint = self.words(&claim.joint);
        statement.actors = self.described(self.told.claim.actors.iter());
        statement.measure = self.word(claim.measure.as_ref());
        statement.good = self.good();
        statement.statistic = self.word(claim.statistic.as_ref());
        statement.basis = self.basis();
        statement.part = self.described(claim.part.iter()).pop();
        statement.whole = self.described(claim.whole.iter()).pop();
        statement.place = self.word(claim.place.as_ref());
        // Whose trade it is cannot be its partner too: then the reader took one name twice.
        let place = claim.place.as_ref().map(|place| place.id.as_str()).unwrap_or_default();
        let partners: Vec<Term> =
            claim.partners.iter().filter(|term| term.id.is_empty() || term.id != place).cloned().collect();
        statement.partners = self.words(&partners);
        statement.venue = self.word(claim.venue.as_ref());
        statement.attribution = self.word(claim.attribution.as_ref());
        let released = claim.period.as_ref().filter(|period| self.is_release(period));
        if let (Some(_), Some((span, period))) = (released, self.only_period()) {
            statement.period = Some(Word { inherited: false, ..self.passage(Some(&span)) });
            statement.over = Some(period);
        } else if let Some(period) = claim.period.as_ref().filter(|_| released.is_none()) {
            statement.period = Some(self.passage(period.origin.as_ref()));
            statement.over.clone_from(&period.period);
        } else if let Some((span, period)) = self.only_period() {
            // Not read as its own, so that it can agree with another's and never differ from it, unless its words follow the figure.
            let inherited = !self.belongs(&span);
            statement.period = Some(Word { inherited, ..self.passage(Some(&span)) });
            statement.over = Some(period);
        }
        statement.modal = claim.modality.as_ref().map(|slot| self.passage(slot.origin.as_ref()));
    }

    /// True for a day of something that is counted over months: on it the figure was told, and not made.
    fn is_release(&self, period: &When) -> bool {
        let day = period.period.as_ref().is_some_and(|period| period.precision() == Precision::Day);
        let measure = self.told.claim.measure.as_ref().map(|measure| measure.id.as_str()).unwrap_or_default();
        day && LONG.contains(&measure)
    }

    /// The one period of a month or longer that the sentence names, if it names no more.
    fn only_period(&self) -> Option<(Origin, Period)> {
        let sentence = &self.told.sentence;
        let mut times = self.source.mentions.iter().filter(|mention| {
            sentence.contains(&(mention.start_byte as usize))
                && mention.time.as_ref().is_some_and(|time| time.precision() >= Precision::Month)
        });
        let (only, None) = (times.next()?, times.next()) else { return None };
        let period = only.time.clone().filter(|time| !time.start.is_empty() && !time.end.is_empty())?;
        let (start_byte, end_byte) = (only.start_byte, only.end_byte);
        Some((Origin { start_byte, end_byte, ..Origin::default() }, period))
    }

    /// How the figure is counted: what the claim says, and further words of its sentence.
    fn basis(&mut self) -> Vec<Word> {
        let mut basis = Vec::new();
        for mut word in self.words(&self.told.claim.basis) {
            if word.id.is_empty() {
                word.id = bases(&word.words).first().map(|(id, _)| (*id).to_owned()).unwrap_or_default();
            }
            basis.push(word);
        }
        let sentence = self.told.sentence.clone();
        let text = &self.source.document.text;
        for (id, span) in bases(text.get(sentence.clone()).unwrap_or_default()) {
            if basis.iter().any(|word| axis(&word.id) == axis(id)) {
                continue;
            }
            let span = sentence.start + span.start..sentence.start + span.end;
            let words = text.get(span.clone()).unwrap_or_default().to_owned();
            basis.push(Word { id: id.to_owned(), words, inherited: false, span: self.span(span) });
        }
        basis
    }

    /// A slot of which only the passage counts.
    fn passage(&mut self, origin: Option<&Origin>) -> Word {
        let span = self.span_of(origin);
        let words = self.quote(span).to_owned();
        Word { id: String::new(), words, inherited: inherited(origin), span }
    }

    fn word(&mut self, term: Option<&Term>) -> Option<Word> {
        let term = term?;
        let span = self.span_of(term.origin.as_ref());
        Some(Word {
            id: term.id.clone(),
            words: term.words.clone(),
            inherited: inherited(term.origin.as_ref()),
            span,
        })
    }

    /// Words of which the lexicon has no id, but names within them: 国内镓供应 and «Chinese gallium supply» have the same three.
    fn described<'t>(&mut self, terms: impl Iterator<Item = &'t Term>) -> Vec<Word> {
        let mut words: Vec<Word> = terms.filter_map(|term| self.word(Some(term))).collect();
        for word in words.iter_mut().filter(|word| word.id.is_empty()) {
            let span = (word.span as usize).checked_sub(1).and_then(|index| self.spans.get(index)).cloned();
            let Some(span) = span else { continue };
            let inside = |mention: &&Mention| {
                let start = mention.start_byte as usize;
                span.contains(&start) && mention.end_byte as usize <= span.end && !mention.entity.is_empty()
            };
            let names = kept(self.source.mentions.iter().filter(inside).map(|m| m.entity.clone()).collect());
            if !names.is_empty() {
                word.id = format!("{DESCRIBED}{}", names.join("+"));
            }
        }
        words
    }

    fn words(&mut self, terms: &[Term]) -> Vec<Word> {
        terms.iter().filter_map(|term| self.word(Some(term))).collect()
    }

    fn level(&mut self, value: &Amount) -> Option<api::record::Extent> {
        let claim = &self.told.claim;
        let qualifier = claim.qualifier.as_ref().map_or(Qualifier::Unspecified, |slot| slot.qualifier());
        let stands =
            range(value.origin.as_ref()).unwrap_or(claim.start_byte as usize..claim.end_byte as usize);
        let beside = claim.qualifier.as_ref().and_then(|slot| range(slot.origin.as_ref()));
        let quote = self.source.document.text.get(stands.clone())?;
        let span = self.span(joined(&stands, beside));
        extent(value, quote, qualifier, span)
    }

    fn change(&mut self, change: &api::record::Change) -> Option<StatedChange> {
        let by = match &change.by {
            Some(by) => {
                let stands = range(by.origin.as_ref())?;
                let quote = self.source.document.text.get(stands.clone())?;
                let span = self.span(stands);
                Some(unsigned(by, quote, change.qualifier(), span)?)
            }
            None => None,
        };
        let base = change.base.as_ref();
        let direction = self.direction(change);
        // Of one change the words of its sentence may tell what it is against.
        let only = self.told.claim.changes.len() == 1;
        let text = &self.source.document.text;
        let words = only.then(|| base_in_words(text, &self.told.sentence, change)).flatten();
        if let Some(words) = words {
            let by_words = Word { words: words.to_owned(), ..Word::default() };
            return Some(StatedChange {
                direction,
                by,
                base: Some(by_words),
                span: self.span_of(change.origin.as_ref()),
                ..StatedChange::default()
            });
        }
        if base.is_none()
            && let Some((over, word)) =
                change.by.as_ref().and_then(|by| self.compared_with(range(by.origin.as_ref())?))
        {
            let base = Some(word);
            let span = self.span_of(change.origin.as_ref());
            return Some(StatedChange {
                direction,
                by,
                over: Some(over),
                base,
                span,
                ..StatedChange::default()
            });
        }
        Some(StatedChange {
            direction,
            by,
            relation: base.map_or(0, |base| base.relation),
            over: base.and_then(|base| base.period.clone()),
            sum: base.is_some_and(|base| base.sum),
            base: base.map(|base| Word { words: base.words.clone(), ..self.passage(base.origin.as_ref()) }),
            span: self.span_of(change.origin.as_ref()),
        })
    }

    fn span_of(&mut self, origin: Option<&Origin>) -> u32 {
        range(origin).map_or(0, |range| self.span(range))
    }

    /// The place of a passage among the spans, counted from one.
    fn span(&mut self, range: Range<usize>) -> u32 {
        let known = self.spans.iter().position(|known| *known == range);
        let index = known.unwrap_or_else(|| {
            self.spans.push(range);
            self.spans.len() - 1
        });
        u32::try_from(index + 1).unwrap_or(0)
    }

    fn quote(&self, span: u32) -> &str {
        let range = (span as usize).checked_sub(1).and_then(|index| self.spans.get(index));
        range.and_then(|range| self.source.document.text.get(range.clone())).unwrap_or_default()
    }
}

fn kept(mut found: Vec<String>) -> Vec<String> {
    found.sort_unstable();
    found.dedup();
    found.truncate(MAX_KEPT);
    found
}

fn inherited(origin: Option<&Origin>) -> bool {
    origin.is_none_or(|origin| origin.kind() == OriginKind::Inherited)
}

/// The passage of an origin, if it has one.
pub(crate) fn range(origin: Option<&Origin>) -> Option<Range<usize>> {
    let origin = origin?;
    (origin.start_byte < origin.end_byte).then_some(origin.start_byte as usize..origin.end_byte as usize)
}

/// A value together with its qualifier, if that stands beside it.
fn joined(value: &Range<usize>, qualifier: Option<Range<usize>>) -> Range<usize> {
    let Some(qualifier) = qualifier else { return value.clone() };
    let near = qualifier.end <= value.start && value.start - qualifier.end <= QUALIFIER_BYTES
        || value.end <= qualifier.start && qualifier.start - value.end <= QUALIFIER_BYTES;
    if near { value.start.min(qualifier.start)..value.end.max(qualifier.end) } else { value.clone() }
}

fn quoted(text: &str, span: &Range<usize>) -> Option<Span> {
    Some(Span {
        start_byte: u32::try_from(span.start).ok()?,
        end_byte: u32::try_from(span.end).ok()?,
        quote: text.get(span.clone())?.to_owned(),
    })
}

/// Where the first sentence behind the title ends.
fn first_sentence_end(text: &str, title: usize) -> usize {
    let body = text.get(title..).unwrap_or_default();
    let ends = [body.find('。').map(|at| at + '。'.len_utf8()), body.find(". ").map(|at| at + 1)];
    ends.into_iter().flatten().min().map_or(text.len(), |end| title + end)
}

/// The sentence that states a statement; empty if it was too long to be kept.
pub(crate) fn sentence(item: &Item) -> &str {
    let span =
        (item.statement.sentence as usize).checked_sub(1).and_then(|index| item.citation.spans.get(index));
    span.map_or("", |span| span.quote.as_str())
}

/// The ids of the companies that a statement is of.
pub(crate) fn companies(statement: &Statement) -> impl Iterator<Item = &String> {
    let words = statement.subject.iter().chain(&statement.actors);
    words.map(|word| &word.id).filter(|id| id.starts_with("company/"))
}

/// The day of a period's start, if it has one.
#[must_use]
pub(crate) fn day(period: Option<&Period>) -> Option<&str> {
    period?.start.get(..10)
}

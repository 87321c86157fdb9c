//! Sentences that a brief could show, with what there is to say for each.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use api::record::{Claim, EventType, Modality, OriginKind, Precision};

use crate::disputed::{Disputed, is_telling};
use crate::input::{Doc, Input, Read};
use crate::like::folded;
use crate::model::SectionKind;
use crate::passage::without_marks;
use crate::theme;
use crate::topic::Topic;
use crate::{Language, Parameters};

/// Longest sentence that is no heap of sentences, in bytes.
const LONG: usize = 400;

/// Shortest sentence without a claim that says something, in characters.
const SHORT: usize = 12;

/// A sentence.
pub(crate) struct Candidate<'i, 'r> {
    pub(crate) doc: &'i Doc<'r>,
    /// Its bytes in the document's text.
    pub(crate) at: Range<usize>,
    /// What it claims, in the order of the text.
    pub(crate) claims: Vec<&'i Read<'r, Claim>>,
    /// The digests that have it.
    pub(crate) digests: BTreeSet<&'r str>,
    pub(crate) theme: SectionKind,
    pub(crate) weight: i32,
    /// What it tells, by which it is found again in other tellings.
    pub(crate) told: Vec<String>,
    /// Its letters and digits.
    pub(crate) folded: String,
    /// The story of its document; empty if it has none.
    pub(crate) story: &'i str,
}

/// Who decides what is wanted.
pub(crate) struct Judge<'a> {
    pub(crate) topic: &'a Topic,
    pub(crate) reader: &'a text::Reader,
    pub(crate) parameters: &'a Parameters,
    pub(crate) disputed: &'a Disputed,
}

/// A sentence as it is gathered.
#[derive(Default)]
struct Gathered<'i, 'r> {
    claims: Vec<&'i Read<'r, Claim>>,
    digests: BTreeSet<&'r str>,
    viewpoint: bool,
}

/// All sentences of wanted documents that claims and digests cite, are about what was asked for and have no number in dispute; the
/// weightiest first.
pub(crate) fn all<'i, 'r>(
    input: &'i Input<'r>,
    judge: &Judge<'_>,
    wanted: impl Fn(&Doc<'r>) -> bool,
) -> Vec<Candidate<'i, 'r>> {
    let mut found = Vec::new();
    let facts = facts(input);
    for (name, cited) in cited(input) {
        let Some(doc) = input.documents.get(name).filter(|doc| wanted(doc)) else { continue };
        for (at, gathered) in joined(cited) {
            found.extend(judge.candidate(input, &facts, doc, at, gathered));
        }
    }
    found.sort_by(|one, other| {
        other
            .weight
            .cmp(&one.weight)
            .then_with(|| other.doc.day().cmp(one.doc.day()))
            .then_with(|| one.doc.name.cmp(other.doc.name))
            .then_with(|| one.at.start.cmp(&other.at.start))
    });
    found
}

/// The passages of each document that claims and digests cite.
fn cited<'i, 'r>(input: &'i Input<'r>) -> BTreeMap<&'i str, Vec<(Range<usize>, Gathered<'i, 'r>)>> {
    let mut cited: BTreeMap<&str, Vec<(Range<usize>, Gathered<'_, '_>)>> = BTreeMap::new();
    for claim in input.claims.values() {
        let gathered = Gathered { claims: vec![claim], ..Gathered::default() };
        cited.entry(&claim.body.document).or_default().push((sentence(claim), gathered));
    }
    for digest in &input.digests {
        let body = &digest.body;
        let points = body.groups.iter().flat_map(|group| &group.points).map(|index| (index, false));
        for (index, viewpoint) in body.viewpoint.iter().map(|index| (index, true)).chain(points) {
            let spans = digest.citations.get(*index as usize).map_or(&[][..], |citation| &citation.spans);
            let (Some(first), Some(last)) = (spans.first(), spans.last()) else { continue };
            let gathered =
                Gathered { digests: BTreeSet::from([digest.name]), viewpoint, ..Gathered::default() };
            let at = first.start_byte as usize..last.end_byte as usize;
            cited.entry(&body.document).or_default().push((at, gathered));
        }
    }
    cited
}

/// The bytes of the sentence that states a claim; those of its figure where none of its passages holds it.
pub(crate) fn sentence(claim: &Read<'_, Claim>) -> Range<usize> {
    let (start, end) = (claim.body.start_byte, claim.body.end_byte);
    let mut spans = claim.citations.iter().flat_map(|citation| &citation.spans);
    let span = spans.find(|span| span.start_byte <= start && end <= span.end_byte);
    span.map_or(start as usize..end as usize, |span| span.start_byte as usize..span.end_byte as usize)
}

/// Joins passages that overlap, as the sentence of a claim and the same of a digest do.
fn joined<'i, 'r>(mut cited: Vec<(Range<usize>, Gathered<'i, 'r>)>) -> Vec<(Range<usize>, Gathered<'i, 'r>)> {
    cited.sort_by_key(|(at, gathered)| {
        (at.start, at.end, gathered.claims.first().map(|claim| (claim.body.start_byte, claim.name)))
    });
    let mut joined: Vec<(Range<usize>, Gathered<'_, '_>)> = Vec::with_capacity(cited.len());
    for (at, gathered) in cited {
        match joined.last_mut() {
            Some((last, into)) if at.start < last.end => {
                last.end = last.end.max(at.end);
                into.claims.extend(gathered.claims);
                into.digests.extend(gathered.digests);
                into.viewpoint |= gathered.viewpoint;
            }
            _ => joined.push((at, gathered)),
        }
    }
    for (_, gathered) in &mut joined {
        gathered.claims.sort_by_key(|claim| (claim.body.start_byte, claim.name));
    }
    joined
}

impl Judge<'_> {
    fn candidate<'i, 'r>(
        &self,
        input: &'i Input<'r>,
        facts: &Facts<'i>,
        doc: &'i Doc<'r>,
        at: Range<usize>,
        gathered: Gathered<'i, 'r>,
    ) -> Option<Candidate<'i, 'r>> {
        let at = at.start..at.start + without_marks(doc.body.text.get(at.clone())?);
        let text = doc.body.text.get(at.clone())?;
        let Gathered { claims, digests, viewpoint } = gathered;
        let about = claims.iter().any(|claim| self.is_about(&claim.body));
        if !about && !self.topic.is_named_in(text, self.reader) {
            return None;
        }
        // A title without a figure says what its text says better.
        let figure = |claim: &&Read<'_, Claim>| claim.body.value.is_some() || !claim.body.changes.is_empty();
        if at.end <= doc.title_end() && !claims.iter().any(figure) {
            return None;
        }
        let meaningless = claims.is_empty() && text.chars().filter(|c| c.is_alphanumeric()).count() < SHORT;
        if meaningless || self.disputed.speaks_in(doc.name, &at, text) {
            return None;
        }
        let claimed = claims.iter().max_by_key(|claim| {
            (!is_count(&claim.body), kind_weight(&claim.body), std::cmp::Reverse(claim.name))
        });
        let theme = claimed
            .and_then(|claim| theme::of_claim(&claim.body))
            .filter(|theme| *theme != SectionKind::Other);
        let member = input.memberships.get(doc.name);
        let story = member.map_or("", |member| member.story.as_str());
        let told = claims.iter().flat_map(|claim| told(claim, story, facts)).collect();
        let mut weight = claimed.map_or(0, |claim| kind_weight(&claim.body));
        weight += i32::try_from(claims.len().clamp(1, 4)).unwrap_or(4) - 1;
        weight += if about { 4 } else { 0 }
            + if viewpoint { 3 } else { 0 }
            + if digests.is_empty() { 0 } else { 2 };
        weight += member.map_or(0, |member| 3 * (i32::try_from(member.voices.min(4)).unwrap_or(4) - 1));
        let tellings = input.stories.get(story).map_or(1, |story| story.body.tellings.len());
        weight += i32::try_from(tellings.clamp(1, 5)).unwrap_or(5) - 1;
        weight -= if text.len() > LONG { 3 } else { 0 } + if at.end <= doc.title_end() { 9 } else { 0 };
        weight -= if speaks_of_itself(text) { 6 } else { 0 };
        weight -= if text.ends_with(['…']) || text.ends_with("...") { 12 } else { 0 };
        weight += i32::from(is_in(text, self.parameters.language));
        let theme = theme.unwrap_or_else(|| theme::of_words(text));
        Some(Candidate { doc, claims, digests, theme, weight, told, folded: folded(text), story, at })
    }

    /// Whether a claim has in one of its slots what was asked for.
    fn is_about(&self, claim: &Claim) -> bool {
        let slots = [&claim.subject, &claim.measure, &claim.part, &claim.whole, &claim.place];
        let lists = [&claim.joint, &claim.actors, &claim.targets, &claim.partners];
        let mut terms = slots.into_iter().flatten().chain(lists.into_iter().flatten());
        !self.topic.is_all() && terms.any(|term| !term.id.is_empty() && self.topic.wants(&term.id))
    }
}

/// Whether a sentence is in the reader's language.
pub(crate) fn is_in(sentence: &str, language: Language) -> bool {
    text::language(sentence) == language.tag()
}

/// Whether a sentence tells what its text does instead of what happened: «The article discusses …».
fn speaks_of_itself(sentence: &str) -> bool {
    const SELVES: [&str; 11] = [
        "the article", "this article", "the report", "this report", "the text", "this text",
        "the core viewpoint", "本文", "文章", "本报告", "报告认为",
    ];
    let start: String = sentence.chars().take(24).flat_map(char::to_lowercase).collect();
    SELVES.iter().any(|itself| start.starts_with(itself))
}

/// Whether a claim counts things, as «in two batches» does; beside others it is not what a sentence is about.
pub(crate) fn is_count(claim: &Claim) -> bool {
    claim.measure.as_ref().is_some_and(|measure| measure.id == "measure/count")
}

/// How much a claim says, by its kind: what happened before what is, what is before what may be.
fn kind_weight(claim: &Claim) -> i32 {
    let event = match claim.event() {
        EventType::Ban | EventType::Licence | EventType::Quota => 10,
        EventType::Enforcement | EventType::Closure => 9,
        EventType::Agreement => 8,
        EventType::Announcement => 5,
        EventType::Unspecified => 0,
    };
    if event > 0 {
        let dated = claim.announced.is_some() || claim.effective.is_some();
        let goods = i32::try_from(claim.joint.len().min(2)).unwrap_or(2);
        return event + goods + if dated { 2 } else { 0 };
    }
    let stated = |origin: Option<&api::record::Origin>| {
        origin.is_some_and(|origin| origin.kind() == OriginKind::Stated)
    };
    let subject = claim.subject.as_ref().map_or(0, |term| if stated(term.origin.as_ref()) { 2 } else { 1 });
    let slots = i32::from(claim.measure.is_some()) * 3
        + subject
        + i32::from(claim.value.is_some()) * 2
        + i32::from(!claim.changes.is_empty())
        + i32::from(claim.period.is_some());
    let modality = claim.modality.as_ref().map_or(Modality::Unspecified, |slot| slot.modality());
    let unsure = match modality {
        Modality::Unspecified | Modality::Contractual => 0,
        Modality::Expected | Modality::Planned => 1,
        Modality::Hypothetical => 3,
    };
    slots - unsure
}

/// The fact of which digits speak in a story.
type Facts<'i> = BTreeMap<(&'i str, &'i str), &'i str>;

/// The facts that digits stand for in each story, so that a telling which leaves open of what they are, or says more of it, tells the same. Of
/// several the first stands for all: digits that are rare enough to be known again are one number there.
fn facts<'i>(input: &'i Input<'_>) -> Facts<'i> {
    let mut facts = Facts::new();
    for claim in input.claims.values() {
        let story = input.memberships.get(&claim.body.document).map(|member| member.story.as_str());
        let (Some(story), Some(digits), Some(fact)) = (story, claim.key("digits"), claim.key("fact")) else {
            continue;
        };
        if is_telling(digits.split('|').next().unwrap_or_default()) {
            let known = facts.entry((story, digits)).or_insert(fact);
            *known = (*known).min(fact);
        }
    }
    facts
}

/// What a claim tells: its fact; its digits within one story or document; its event with what it is about.
fn told(claim: &Read<'_, Claim>, story: &str, facts: &Facts<'_>) -> Vec<String> {
    let scope = if story.is_empty() { claim.body.document.as_str() } else { story };
    let body = &claim.body;
    if body.event() != EventType::Unspecified {
        let id = |term: &api::record::Term| {
            if term.id.is_empty() { term.words.to_lowercase() } else { term.id.clone() }
        };
        // An event of a day is known by it anywhere, another within its story or document alone.
        let whens = [&body.effective, &body.announced, &body.period];
        let mut periods = whens.into_iter().flatten().filter_map(|when| when.period.as_ref());
        let day = periods.find(|period| period.precision() == Precision::Day);
        let scope = day.map_or(scope, |day| day.start.as_str());
        let event = body.event().as_str_name();
        let goods = body.subject.iter().chain(&body.joint).map(id);
        return goods.map(|good| format!("event {event} {scope} {good}")).collect();
    }
    let of_digits = claim.key("digits").and_then(|digits| facts.get(&(story, digits)).copied());
    let fact = of_digits.or(claim.key("fact")).map(|fact| format!("fact {fact}"));
    let digits = claim.key("digits").map(|digits| format!("digits {scope} {digits}"));
    fact.or(digits).into_iter().collect()
}

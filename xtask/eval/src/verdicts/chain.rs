//! The whole chain in one process, as the analyzers run it: reading, claims, statements, findings.

use std::collections::BTreeMap;
use std::ops::Range;

use api::record::{Document, FindingKind, Period, Precision, ReasonCode, StoryMembership};
use compare::{Evidence, Figure, Fit, Fits, Found, Item, Outcome, Shared, Source, Told};
use text::{Context, Reader};

/// A passage to read.
#[derive(Clone, Debug)]
pub(crate) struct Passage {
    /// Its id within the group.
    pub(crate) id: String,
    /// Publisher.
    pub(crate) source: String,
    /// Day of publication, ISO 8601.
    pub(crate) published: String,
    /// Language tag.
    pub(crate) language: String,
    /// Bytes of the title.
    pub(crate) title_bytes: usize,
    /// Title, line feed, text.
    pub(crate) text: String,
}

/// What the chain says of two passages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    /// Which kind of finding.
    pub(crate) kind: FindingKind,
    /// Of a contradiction, why.
    pub(crate) reason: ReasonCode,
    /// Of each of the two passages, the spans that are cited.
    pub(crate) spans: [Vec<Range<usize>>; 2],
}

/// What the chain finds in passages, taken as candidates of one story, each a voice of its own.
pub(crate) fn findings(reader: &Reader, passages: &[Passage]) -> Vec<Found> {
    let mut items: Vec<Item> = Vec::new();
    for (voice, passage) in (0..).zip(passages) {
        items.extend(statements(reader, passage, voice));
    }
    let mut facts: BTreeMap<&str, Vec<Item>> = BTreeMap::new();
    for item in &items {
        if let Some(fact) = &item.fact {
            facts.entry(fact).or_default().push(item.clone());
        }
    }
    let mut found: Vec<Found> =
        facts.iter().flat_map(|(fact, items)| compare::reconcile(items, Shared::Fact(fact))).collect();
    found.extend(compare::reconcile(&items, Shared::Story("stories/of-the-group")));
    found
}

pub(crate) fn statements(reader: &Reader, passage: &Passage, voice: u32) -> Vec<Item> {
    let published = passage.published.get(..10).and_then(|day| day.parse().ok());
    let mentions = reader.read(&passage.text, &Context { published, ..Context::default() });
    let claims = reader.claims(&passage.text, passage.title_bytes, &mentions);
    let name = format!("documents/{}", passage.id);
    let document = Document {
        source: passage.source.clone(),
        title_bytes: u32::try_from(passage.title_bytes).unwrap_or_default(),
        text: passage.text.clone(),
        language: passage.language.clone(),
        published: Some(Period {
            start: passage.published.clone(),
            end: String::new(),
            precision: Precision::Day.into(),
        }),
        ..Document::default()
    };
    let membership = StoryMembership {
        document: name.clone(),
        story: "stories/of-the-group".to_owned(),
        voice,
        voices: 0,
    };
    let told: Vec<Told> = claims
        .iter()
        .enumerate()
        .map(|(index, claim)| Told {
            name: format!("claims/{}-{index}", passage.id),
            claim: text_record::claim(&name, claim),
            sentence: claim.sentence.clone(),
            fact: claim.keys.fact.clone(),
        })
        .collect();
    let mentions: Vec<_> = mentions.iter().map(text_record::mention).collect();
    let source = Source { name: &name, document: &document, mentions: &mentions, story: Some(&membership) };
    compare::statements(&source, &told)
}

/// Why the figures of two passages came out as they did: a line for each pair of figures in one kind of unit.
pub(crate) fn why(reader: &Reader, one: &Passage, other: &Passage) -> Vec<String> {
    let (left, right) = (statements(reader, one, 0), statements(reader, other, 1));
    let own = |figure: &Figure<'_>| format!("{} {}", figure.extent.value, figure.extent.unit);
    let mut lines = vec![format!("{} and {} statements", left.len(), right.len())];
    for a in left.iter().flat_map(Figure::all) {
        for b in right.iter().flat_map(Figure::all) {
            if a.bounds.unit != b.bounds.unit && !compare::alike(&a.bounds.unit, &b.bounds.unit) {
                continue;
            }
            let fits = Fits::of(a.item, b.item, a.change.zip(b.change));
            let evidence = Evidence::of(a.item, b.item, [&own(&a), &own(&b)]);
            lines.push(format!(
                "{} {} / {} {}: {:?}; differ {:?}, unsure {:?}, one-sided {:?}, broader {:?}; {evidence:?}",
                a.extent.value,
                a.extent.unit,
                b.extent.value,
                b.extent.unit,
                compare::compare(&a, &b),
                fits.those(Fit::Differ),
                fits.those(Fit::Unsure),
                fits.those(Fit::OneSided),
                fits.those(Fit::Broader),
            ));
        }
    }
    lines
}

/// Contradictions between passages of different groups, which tell nothing of each other: every one is a false alarm, however the
/// passages might have come into one story.
pub(crate) fn strangers(reader: &Reader, groups: &[&[Passage]]) -> Strangers {
    let items: Vec<Vec<Item>> = groups
        .iter()
        .zip(0..)
        .map(|(passages, voice)| {
            passages.iter().flat_map(|passage| statements(reader, passage, voice)).collect()
        })
        .collect();
    let mut told = Strangers { pairs: 0, alarms: Vec::new() };
    for (index, group) in items.iter().enumerate() {
        for other in &items[index + 1..] {
            told.pairs += 1;
            for a in group.iter().flat_map(Figure::all) {
                for b in other.iter().flat_map(Figure::all) {
                    if let Outcome::Contradict(reason) = compare::compare(&a, &b) {
                        let quote = |figure: &Figure<'_>| {
                            let spans = &figure.item.citation.spans;
                            let quotes: Vec<&str> = spans.iter().map(|span| span.quote.as_str()).collect();
                            format!("{} «{}»", figure.item.statement.document, quotes.join("» «"))
                        };
                        told.alarms.push(format!("{reason:?}: {} against {}", quote(&a), quote(&b)));
                    }
                }
            }
        }
    }
    told
}

/// What was found between groups.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub(crate) struct Strangers {
    /// Pairs of groups.
    pub(crate) pairs: usize,
    /// The false alarms.
    pub(crate) alarms: Vec<String>,
}

/// What is found about two passages: those findings that have both, on two sides if they oppose each other.
pub(crate) fn about(found: &[Found], one: &str, other: &str) -> Vec<Said> {
    let names = [format!("documents/{one}"), format!("documents/{other}")];
    let mut said = Vec::new();
    for Found { finding, citations, .. } in found {
        let mut sides: [Vec<usize>; 2] = [Vec::new(), Vec::new()];
        let mut spans: [Vec<Range<usize>>; 2] = [Vec::new(), Vec::new()];
        for (index, side) in finding.sides.iter().enumerate() {
            for citation in side.citations.iter().filter_map(|cited| citations.get(*cited as usize)) {
                for which in (0..2).filter(|which| citation.document == names[*which]) {
                    sides[which].push(index);
                    spans[which]
                        .extend(citation.spans.iter().map(|s| s.start_byte as usize..s.end_byte as usize));
                }
            }
        }
        let together = matches!(finding.kind(), FindingKind::Agreement | FindingKind::Rounding);
        let opposed = sides[0].iter().any(|one| sides[1].iter().any(|other| one != other));
        let both = !sides[0].is_empty() && !sides[1].is_empty();
        if both && (together || opposed) {
            said.push(Said { kind: finding.kind(), reason: finding.reason(), spans });
        }
    }
    said
}

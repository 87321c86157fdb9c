//! A cluster as records: the story, and to which story each of its documents belongs.

use std::collections::HashMap;

use plugin_sdk::record::{
    Citation, Manner, MemberReason, MentionKind, SharedKind, Span, Story, StoryMark, StoryMembership, Telling,
};
use plugin_sdk::{AnalyzeError, Call, key};

use super::cluster::Cluster;
use super::pair::{Alike, evidence};
use super::profile::Profile;
use super::{differences, sources, voices};

/// Most reasons of a telling.
const REASONS: usize = 4;

/// With how many texts of its story a telling is compared: the first ones.
const TEXTS: usize = 32;

/// Tellings of a story, with what they share.
pub(super) struct Members<'a> {
    /// In the order of publication.
    pub(super) marks: Vec<&'a StoryMark>,
    /// Of each the earlier telling of which it is a copy or near copy, how alike, and the similarity in thousandths.
    pub(super) copies: Vec<Option<(usize, Alike, u32)>>,
    /// The first telling with each text, of the first texts.
    pub(super) texts: Vec<usize>,
}

/// All that is quoted in a story, each passage once.
#[derive(Default)]
pub(super) struct Quotes {
    citations: Vec<Citation>,
    known: HashMap<(String, u32, u32), u32>,
}

impl Quotes {
    /// The index of a passage among the citations.
    pub(super) fn cite(&mut self, document: &str, span: &Span) -> u32 {
        let next = u32::try_from(self.citations.len()).unwrap_or(u32::MAX);
        let place = (document.to_owned(), span.start_byte, span.end_byte);
        *self.known.entry(place).or_insert_with(|| {
            self.citations.push(Citation { document: document.to_owned(), spans: vec![span.clone()] });
            next
        })
    }
}

/// Emits a story and the memberships of its documents.
pub(super) fn story(
    marks: &[(StoryMark, Vec<String>)],
    profiles: &[Profile],
    cluster: &Cluster,
    call: &mut Call<'_>,
) -> Result<(), AnalyzeError> {
    let places = &cluster.members;
    let firsts = firsts(places, profiles);
    let mut texts: Vec<usize> = (0..places.len()).filter(|number| firsts[*number] == *number).collect();
    texts.truncate(TEXTS);
    let members = Members {
        marks: places.iter().map(|place| &marks[*place].0).collect(),
        copies: copies(places, profiles, &firsts, &texts),
        texts,
    };
    let mut quotes = Quotes::default();
    let named = sources::named(&members);
    let voices = voices::voices(&members, &named);
    let tellings: Vec<Telling> = (0..places.len())
        .map(|number| {
            let mut telling = telling(&members, number, &mut quotes);
            telling.attributions = sources::attributions(&members, &named, number, &mut quotes);
            telling
        })
        .collect();
    let name = format!("stories/{}", id(&members.marks[0].document));
    let body = Story {
        origin_named: named.iter().flatten().any(|source| source.member.is_none()),
        voices: voices.iter().map(|voice| voices::body(voice, &members, &tellings)).collect(),
        differences: differences::differences(&members, &named, &mut quotes),
        tellings,
        cut: cluster.cut,
    };
    let keys: Vec<String> = members.marks.iter().map(|mark| key("document", &mark.document)).collect();
    // A record has at most 1,024 keys; a story has fewer tellings.
    call.record(name.clone(), &body, keys, quotes.citations)?;
    let count = u32::try_from(voices.len()).unwrap_or(u32::MAX);
    for (number, mark) in members.marks.iter().enumerate() {
        let voice = voices.iter().position(|voice| voice.members.contains(&number)).unwrap_or_default();
        let body = StoryMembership {
            document: mark.document.clone(),
            story: name.clone(),
            voice: u32::try_from(voice).unwrap_or(u32::MAX),
            voices: count,
        };
        let keys = [key("document", &mark.document), key("story", &name)];
        call.record(format!("story-memberships/{}", id(&mark.document)), &body, keys, Vec::new())?;
    }
    Ok(())
}

fn id(document: &str) -> &str {
    document.strip_prefix("documents/").unwrap_or(document)
}

/// Of each telling the first one with the same text.
fn firsts(places: &[usize], profiles: &[Profile]) -> Vec<usize> {
    let mut known: HashMap<&[u8], usize> = HashMap::new();
    let first = |(number, place): (usize, &usize)| *known.entry(&profiles[*place].body).or_insert(number);
    places.iter().enumerate().map(first).collect()
}

/// Of each telling the earlier one that it copies: the same text before a similar one, then the most similar, then the earliest.
fn copies(
    places: &[usize],
    profiles: &[Profile],
    firsts: &[usize],
    texts: &[usize],
) -> Vec<Option<(usize, Alike, u32)>> {
    let copied = |number: usize| {
        let own = &profiles[places[number]];
        if firsts[number] != number && !own.slots.is_empty() {
            return Some((firsts[number], Alike::Same, 1000));
        }
        let mut best: Option<(usize, Alike, u32)> = None;
        for earlier in texts.iter().copied().filter(|earlier| *earlier < number) {
            let Some(found) = evidence(&profiles[places[earlier]], own) else { continue };
            let better = best.is_none_or(|(_, alike, most)| (found.alike, found.similarity) > (alike, most));
            if found.alike > Alike::No && better {
                best = Some((earlier, found.alike, found.similarity));
            }
        }
        best
    };
    (0..places.len()).map(copied).collect()
}

fn telling(members: &Members<'_>, number: usize, quotes: &mut Quotes) -> Telling {
    let mark = members.marks[number];
    let copy = members.copies[number];
    let mut reasons = Vec::new();
    let manner = match copy {
        Some((_, Alike::Same, _)) => Manner::Copy,
        Some(_) => Manner::NearCopy,
        None => Manner::OwnWords,
    };
    if let Some((from, alike, similarity)) = copy {
        let kind = if alike == Alike::Same { SharedKind::Copy } else { SharedKind::NearCopy };
        reasons.push(MemberReason {
            document: members.marks[from].document.clone(),
            kind: kind.into(),
            similarity,
            ..MemberReason::default()
        });
    } else {
        reasons.extend(shared(members, number, quotes));
    }
    Telling {
        document: mark.document.clone(),
        source: mark.source.clone(),
        published: mark.published.clone(),
        manner: manner.into(),
        copied_from: copy.map(|(from, _, _)| members.marks[from].document.clone()).unwrap_or_default(),
        reasons,
        attributions: Vec::new(),
    }
}

/// What a telling shares with another one: with the one with which it shares most, the rarest first.
fn shared(members: &Members<'_>, number: usize, quotes: &mut Quotes) -> Vec<MemberReason> {
    let own = members.marks[number];
    let mut best: (u64, usize, Vec<(u32, usize, usize)>) = (0, number, Vec::new());
    for other in members.texts.iter().copied().filter(|other| *other != number) {
        let found = meetings(own, members.marks[other]);
        let weight = found.iter().map(|(weight, _, _)| u64::from(*weight)).sum();
        if weight > best.0 {
            best = (weight, other, found);
        }
    }
    let (_, other, found) = best;
    let with = members.marks[other];
    let reason = |(_, mine, theirs): &(u32, usize, usize)| {
        let (item, match_) = (&own.items[*mine], &with.items[*theirs]);
        let is_name = item.kind() == MentionKind::Entity;
        let cited = [(own, item), (with, match_)];
        let citations = cited
            .into_iter()
            .filter_map(|(mark, item)| Some(quotes.cite(&mark.document, item.span.as_ref()?)))
            .collect();
        MemberReason {
            document: with.document.clone(),
            kind: if is_name { SharedKind::Entity } else { SharedKind::Number }.into(),
            shared: if is_name {
                item.group.clone()
            } else {
                format!("{} {}", item.said, item.group).trim_end().to_owned()
            },
            citations,
            similarity: 0,
        }
    };
    found.iter().take(REASONS).map(reason).collect()
}

/// The first items of two marks that say the same, the weightiest first: weight, and place in each.
fn meetings(own: &StoryMark, with: &StoryMark) -> Vec<(u32, usize, usize)> {
    let mut places: HashMap<(&str, &str), usize> = HashMap::new();
    let value =
        |item: &'_ plugin_sdk::record::MarkedItem| item.kind() != MentionKind::Time && item.weight >= 1500;
    for (place, item) in with.items.iter().enumerate().filter(|(_, item)| value(item)) {
        places.entry(compared(item)).or_insert(place);
    }
    let mut found: Vec<(u32, usize, usize)> = Vec::new();
    for (place, item) in own.items.iter().enumerate().filter(|(_, item)| value(item)) {
        if let Some(other) = places.remove(&compared(item)) {
            found.push((item.weight, place, other));
        }
    }
    found.sort_by_key(|(weight, place, _)| (std::cmp::Reverse(*weight), *place));
    found
}

/// What an item is compared by: a name by what it is made of, a number with what it counts.
fn compared(item: &plugin_sdk::record::MarkedItem) -> (&str, &str) {
    if item.kind() == MentionKind::Entity { (&item.group, "") } else { (&item.said, &item.group) }
}

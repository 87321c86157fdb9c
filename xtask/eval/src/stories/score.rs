//! How well stories are found, and what is said about them.

use std::collections::{BTreeMap, BTreeSet};

use api::record::{Difference, DifferenceKind};
use serde::Serialize;

use super::found::Found;
use super::load::{Set, Story};
use crate::stats::{Counts, Means, Rate, means, wilson};

/// The numbers of a part.
#[derive(Debug, Serialize)]
pub(crate) struct Score {
    /// How many documents, labelled stories and found stories there are.
    pub(crate) documents: usize,
    /// Labelled stories.
    pub(crate) labelled: usize,
    /// Found stories.
    pub(crate) found: usize,
    /// B-cubed (Bagga and Baldwin, 1998) precision, recall and F1 over documents, with intervals over stories.
    pub(crate) bcubed: Means,
    /// Pairs easily mistaken of which no document of one is grouped with one of the other.
    pub(crate) pairs: Option<Rate>,
    /// How many such pairs there are.
    pub(crate) pair_count: usize,
    /// Words that name a source.
    pub(crate) attributions: Counts,
    /// Of those found, which telling they lead to.
    pub(crate) attributed_members: Option<Rate>,
    /// Copies, and from which telling.
    pub(crate) copies: Counts,
    /// Pairs of tellings of one voice.
    pub(crate) same_voice: Counts,
    /// Stories with the right number of voices, of those found whole.
    pub(crate) voices: Option<Rate>,
    /// Differences: right if the kind is, and if words or sides meet.
    pub(crate) differences: Counts,
    /// The same by kind.
    pub(crate) differences_by_kind: BTreeMap<String, Counts>,
}

/// Scores what was found, and lists what is wrong.
pub(super) fn score(set: &Set, found: &[Found]) -> (Score, Vec<String>) {
    let mut errors = Vec::new();
    let group = groups(found);
    let bcubed = bcubed(set, &group);
    let (kept, pair_count) = pairs(set, &group, &mut errors);
    splits(set, &group, &mut errors);
    let mut counts = Details::default();
    for story in &set.stories {
        details(story, found, &group, &mut counts, &mut errors);
    }
    let mut differences = Counts::default();
    counts.by_kind.values().for_each(|counts| differences.add(*counts));
    let score = Score {
        documents: set.documents.len(),
        labelled: set.stories.len(),
        found: found.len(),
        bcubed,
        pairs: wilson(kept, pair_count),
        pair_count,
        attributions: counts.attributions,
        attributed_members: wilson(counts.members_right, counts.attributions.right),
        copies: counts.copies,
        same_voice: counts.same_voice,
        voices: wilson(counts.voices_right, counts.whole),
        differences,
        differences_by_kind: counts.by_kind,
    };
    (score, errors)
}

/// The found story of each document, by its place.
type Groups = BTreeMap<String, usize>;

fn groups(found: &[Found]) -> Groups {
    let tellings = found.iter().enumerate().flat_map(|(place, found)| {
        found.story.tellings.iter().map(move |telling| (id(&telling.document).to_owned(), place))
    });
    tellings.collect()
}

fn id(document: &str) -> &str {
    document.strip_prefix("documents/").unwrap_or(document)
}

fn bcubed(set: &Set, group: &Groups) -> Means {
    let gold: BTreeMap<&str, usize> = set
        .stories
        .iter()
        .enumerate()
        .flat_map(|(place, story)| story.members.iter().map(move |member| (member.id.as_str(), place)))
        .collect();
    let ids: Vec<&str> = set.documents.iter().map(|text| text.id.as_str()).collect();
    let together = |a: &str, b: &str| a == b || (group.contains_key(a) && group.get(a) == group.get(b));
    let labelled = |a: &str, b: &str| a == b || (gold.contains_key(a) && gold.get(a) == gold.get(b));
    let mut clusters: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
    for one in &ids {
        let (mut both, mut read, mut right) = (0.0, 0.0, 0.0);
        for other in &ids {
            let (is_read, is_gold) = (together(one, other), labelled(one, other));
            read += f64::from(u8::from(is_read));
            right += f64::from(u8::from(is_gold));
            both += f64::from(u8::from(is_read && is_gold));
        }
        let of = gold.get(one).map_or_else(|| (*one).to_owned(), |place| format!("story {place}"));
        clusters.entry(of).or_default().push((both / read, both / right));
    }
    means(&clusters.into_values().collect::<Vec<_>>())
}

/// How many pairs easily mistaken are kept apart, and how many there are.
fn pairs(set: &Set, group: &Groups, errors: &mut Vec<String>) -> (usize, usize) {
    let members = |story: &str| -> Vec<&str> {
        let of = set.stories.iter().find(|other| other.story == story);
        of.into_iter().flat_map(|story| &story.members).map(|member| member.id.as_str()).collect()
    };
    let mut seen = BTreeSet::new();
    let mut kept = 0;
    for story in &set.stories {
        for negative in &story.hard_negatives {
            let other = negative.story.as_deref().or(negative.document.as_deref()).unwrap_or_default();
            let pair = (story.story.as_str().min(other), story.story.as_str().max(other));
            if !seen.insert(pair) {
                continue;
            }
            let own = members(&story.story);
            let others = if negative.story.is_some() { members(other) } else { vec![other] };
            let meets = own
                .iter()
                .any(|a| others.iter().any(|b| group.contains_key(*a) && group.get(*a) == group.get(*b)));
            kept += usize::from(!meets);
            if meets {
                errors.push(format!("pair joined: {} and {other}: {}", story.story, negative.kind));
            }
        }
    }
    (kept, seen.len())
}

fn splits(set: &Set, group: &Groups, errors: &mut Vec<String>) {
    for story in &set.stories {
        let places: BTreeSet<Option<&usize>> =
            story.members.iter().map(|member| group.get(&member.id)).collect();
        if places.len() > 1 {
            let list: Vec<String> = story
                .members
                .iter()
                .map(|member| {
                    format!(
                        "{}:{}",
                        member.id,
                        group.get(&member.id).map_or("alone".into(), usize::to_string)
                    )
                })
                .collect();
            errors.push(format!("split: {}: {}", story.story, list.join(" ")));
        }
    }
}

/// Counts of what is said about stories.
#[derive(Default)]
struct Details {
    attributions: Counts,
    members_right: usize,
    copies: Counts,
    same_voice: Counts,
    whole: usize,
    voices_right: usize,
    by_kind: BTreeMap<String, Counts>,
}

fn details(story: &Story, found: &[Found], group: &Groups, counts: &mut Details, errors: &mut Vec<String>) {
    for member in &story.members {
        let at = group.get(&member.id).map(|place| &found[*place]);
        let telling = at
            .and_then(|found| found.story.tellings.iter().find(|telling| id(&telling.document) == member.id));
        let read: Vec<(String, String)> = at
            .zip(telling)
            .map(|(found, telling)| {
                let each = telling.attributions.iter();
                each.map(|a| (found.quote(a.citation).to_owned(), id(&a.document).to_owned())).collect()
            })
            .unwrap_or_default();
        attributions(story, member, &read, counts, errors);
        let copied = telling.map(|telling| id(&telling.copied_from)).filter(|from| !from.is_empty());
        counts.copies.gold += usize::from(member.copied_from.is_some());
        counts.copies.read += usize::from(copied.is_some());
        // Any telling of the story may stand for the one from which it was copied.
        let right = member.copied_from.is_some()
            && copied.is_some_and(|from| story.members.iter().any(|other| other.id == from));
        counts.copies.right += usize::from(right);
        if member.copied_from.is_some() != copied.is_some() {
            errors.push(format!(
                "copied: {} {}: labelled {:?}, got {copied:?}",
                story.story, member.id, member.copied_from
            ));
        }
    }
    voices(story, found, group, counts, errors);
    differences(story, found, group, counts, errors);
}

fn attributions(
    story: &Story,
    member: &super::load::Member,
    read: &[(String, String)],
    counts: &mut Details,
    errors: &mut Vec<String>,
) {
    let mut used = vec![false; read.len()];
    for label in &member.attribution {
        let meets = |words: &str| words.contains(&label.words) || label.words.contains(words);
        let at = (0..read.len()).find(|place| !used[*place] && meets(&read[*place].0));
        if let Some(place) = at {
            used[place] = true;
            counts.attributions.right += 1;
            let right = label.member.as_deref().unwrap_or_default() == read[place].1;
            counts.members_right += usize::from(right);
            if !right {
                let (words, got) = &read[place];
                errors.push(format!(
                    "attribution leads to: {} «{words}»: {:?}, got {got:?}",
                    story.story, label.member
                ));
            }
        } else {
            errors.push(format!("attribution missed: {} {} «{}»", story.story, member.id, label.words));
        }
    }
    for (place, (words, _)) in read.iter().enumerate() {
        if !used[place] {
            errors.push(format!("attribution too many: {} {} «{words}»", story.story, member.id));
        }
    }
    counts.attributions.gold += member.attribution.len();
    counts.attributions.read += read.len();
}

fn voices(story: &Story, found: &[Found], group: &Groups, counts: &mut Details, errors: &mut Vec<String>) {
    let gold: BTreeMap<&str, usize> = story
        .voices
        .iter()
        .enumerate()
        .flat_map(|(place, voice)| voice.iter().map(move |id| (id.as_str(), place)))
        .collect();
    let voice = |document: &str| -> Option<(usize, usize)> {
        let place = *group.get(document)?;
        let in_it = |voice: &api::record::Voice| voice.documents.iter().any(|other| id(other) == document);
        Some((place, found[place].story.voices.iter().position(in_it)?))
    };
    for (number, a) in story.members.iter().enumerate() {
        for b in &story.members[number + 1..] {
            let labelled = gold.get(a.id.as_str()) == gold.get(b.id.as_str());
            let read = voice(&a.id).is_some() && voice(&a.id) == voice(&b.id);
            counts.same_voice.gold += usize::from(labelled);
            counts.same_voice.read += usize::from(read);
            counts.same_voice.right += usize::from(labelled && read);
        }
    }
    let places: BTreeSet<Option<&usize>> = story.members.iter().map(|member| group.get(&member.id)).collect();
    if let (1, Some(Some(place))) = (places.len(), places.first()) {
        let got = found[**place].story.voices.len();
        counts.whole += 1;
        counts.voices_right += usize::from(got == story.voices.len());
        if got != story.voices.len() {
            errors.push(format!("voices: {}: {} labelled, {got} found", story.story, story.voices.len()));
        }
    }
}

fn differences(
    story: &Story,
    found: &[Found],
    group: &Groups,
    counts: &mut Details,
    errors: &mut Vec<String>,
) {
    // Those of every found story that holds two or more of the labelled one's documents.
    let mut held: BTreeMap<usize, usize> = BTreeMap::new();
    for place in story.members.iter().filter_map(|member| group.get(&member.id)) {
        *held.entry(*place).or_default() += 1;
    }
    let read: Vec<(&Found, &Difference)> = held
        .into_iter()
        .filter(|(_, documents)| *documents > 1)
        .flat_map(|(place, _)| {
            found[place].story.differences.iter().map(move |difference| (&found[place], difference))
        })
        .collect();
    let mut used = vec![false; read.len()];
    for label in &story.differences {
        let entry = counts.by_kind.entry(label.what.clone()).or_default();
        entry.gold += 1;
        let is_right = |(found, difference): &(&Found, &Difference)| {
            word(difference.kind()) == label.what && meets(found, difference, &label.by)
        };
        // Several found ones may speak of one labelled.
        let mut any = false;
        for (place, one) in read.iter().enumerate().filter(|(_, one)| is_right(one)) {
            any |= !std::mem::replace(&mut used[place], true);
            let _ = one;
        }
        entry.right += usize::from(any);
        entry.read += usize::from(any);
        if !any {
            errors.push(format!("difference missed: {} {} {:?}", story.story, label.what, label.by));
        }
    }
    for (place, (found, difference)) in read.iter().enumerate() {
        if !used[place] {
            counts.by_kind.entry(word(difference.kind()).to_owned()).or_default().read += 1;
            let sides: Vec<String> = difference
                .sides
                .iter()
                .map(|side| {
                    format!(
                        "{} «{}»",
                        side.said,
                        side.citations.first().map_or("", |index| found.quote(*index))
                    )
                })
                .collect();
            errors.push(format!(
                "difference too many: {} {}: {}",
                story.story,
                word(difference.kind()),
                sides.join(" / ")
            ));
        }
    }
}

/// Whether two documents that a label sets against each other stand on two sides.
fn meets(_found: &Found, difference: &Difference, by: &BTreeMap<String, String>) -> bool {
    let side = |document: &str| {
        difference.sides.iter().position(|side| side.documents.iter().any(|other| id(other) == document))
    };
    by.iter().any(|(a, words)| {
        by.iter().any(|(b, others)| {
            words != others && side(a).is_some() && side(b).is_some() && side(a) != side(b)
        })
    })
}

/// The word for a kind of difference, as the labels have it.
pub(super) fn word(kind: DifferenceKind) -> &'static str {
    match kind {
        DifferenceKind::Number => "number",
        DifferenceKind::Period => "period",
        DifferenceKind::Good => "good",
        DifferenceKind::Place => "place",
        DifferenceKind::Date => "date",
        DifferenceKind::Unspecified => "unspecified",
    }
}

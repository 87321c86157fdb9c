//! Sentences of two tellings that are laid side by side.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use plugin_sdk::record::{DifferenceKind, MarkedItem, MentionKind, Qualifier, StoryMark};

use super::{Sides, is_number};
use crate::group::write::Members;

/// What two sentences must share at least to be laid side by side, in thousandths of a bit, and in how many values.
const ALIKE: (u32, usize) = (7000, 2);

/// Days that lie at most between two days of which one is the other mistaken.
const SHIFT: i32 = 31;

type Value<'a> = (i32, &'a str, &'a str);

/// What differs between the tellings `own`, each thing once.
pub(super) fn aligned<'a>(members: &Members<'a>, own: &[usize]) -> Vec<(DifferenceKind, Sides<'a>)> {
    let mut pairs: BTreeSet<(DifferenceOf, String, String)> = BTreeSet::new();
    for (place, a) in own.iter().enumerate() {
        for b in &own[place + 1..] {
            let is_copy = members.copies[*b].is_some_and(|(from, _, _)| from == *a);
            let found = compare(members.marks[*a], members.marks[*b]);
            // A sentence names several places, and texts in other words seldom the same ones.
            for (kind, first, second) in found.into_iter().filter(|(kind, _, _)| is_copy || !kind.is_place())
            {
                let (low, high) = if first < second { (first, second) } else { (second, first) };
                pairs.insert((kind, low, high));
            }
        }
    }
    let mut components: Vec<(DifferenceOf, BTreeSet<String>)> = Vec::new();
    for (kind, first, second) in pairs {
        let mut joined = BTreeSet::from([first, second]);
        components.retain(|(other, said)| {
            let touches = *other == kind && !said.is_disjoint(&joined);
            let union: BTreeSet<String> = joined.union(said).cloned().collect();
            // A third telling's figure may stand against two figures of one text: these are two differences.
            let fits = touches && nobody_leaves(members, kind, &union, [said, &joined]);
            if fits {
                joined = union;
            }
            !fits
        });
        components.push((kind, joined));
    }
    let sides =
        |(kind, said): (DifferenceOf, BTreeSet<String>)| Some((kind.kind(), sides(members, kind, &said)?));
    components.into_iter().filter_map(sides).collect()
}

/// True if all who stand on a side of the parts stand on one of the whole too.
fn nobody_leaves(
    members: &Members<'_>,
    kind: DifferenceOf,
    whole: &BTreeSet<String>,
    parts: [&BTreeSet<String>; 2],
) -> bool {
    let tellings = |said: &BTreeSet<String>| -> BTreeSet<usize> {
        let sides = sides(members, kind, said);
        sides.into_iter().flat_map(|sides| sides.into_values().flat_map(BTreeMap::into_keys)).collect()
    };
    let all = tellings(whole);
    parts.into_iter().all(|part| tellings(part).is_subset(&all))
}

/// Who says which of several values; whoever says two of them is on no side.
fn sides<'a>(members: &Members<'a>, kind: DifferenceOf, said: &BTreeSet<String>) -> Option<Sides<'a>> {
    let mut sides: Sides<'a> = BTreeMap::new();
    for (number, mark) in members.marks.iter().enumerate() {
        let mut found: BTreeMap<String, &'a MarkedItem> = BTreeMap::new();
        for item in mark.items.iter().filter(|item| DifferenceOf::of(item) == Some(kind)) {
            let value = shown(item);
            if said.contains(&value) {
                found.entry(value).or_insert(item);
            }
        }
        if let (1, Some((value, item))) = (found.len(), found.into_iter().next())
            && let Some(span) = &item.span
        {
            sides.entry(value).or_default().insert(number, span);
        }
    }
    (sides.len() > 1).then_some(sides)
}

/// Of which kinds of items sentences are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum DifferenceOf {
    Number,
    Day,
    Place,
    Country,
}

impl DifferenceOf {
    fn of(item: &MarkedItem) -> Option<Self> {
        match item.kind() {
            _ if is_number(item) => Some(Self::Number),
            MentionKind::Time if item.group == "day" => Some(Self::Day),
            MentionKind::Entity if item.said.starts_with("place/") => Some(Self::Place),
            MentionKind::Entity if item.said.starts_with("country/") => Some(Self::Country),
            _ => None,
        }
    }

    fn is_place(self) -> bool {
        matches!(self, Self::Place | Self::Country)
    }

    fn kind(self) -> DifferenceKind {
        match self {
            Self::Number => DifferenceKind::Number,
            Self::Day => DifferenceKind::Date,
            Self::Place | Self::Country => DifferenceKind::Place,
        }
    }
}

fn value(item: &MarkedItem) -> Value<'_> {
    if item.kind() == MentionKind::Entity {
        (item.kind, &item.group, "")
    } else if is_number(item) {
        (MentionKind::Number.into(), &item.said, &item.group)
    } else {
        (item.kind, &item.said, "")
    }
}

/// What is said, as a side of a difference has it.
fn shown(item: &MarkedItem) -> String {
    if is_number(item) {
        format!("{} {}", item.said, item.group).trim_end().to_owned()
    } else {
        item.said.clone()
    }
}

/// What differs between the sentences of two tellings.
fn compare(a: &StoryMark, b: &StoryMark) -> Vec<(DifferenceOf, String, String)> {
    let (known_a, known_b) = (values(a), values(b));
    let (of_a, of_b) = (by_sentence(a), by_sentence(b));
    let mut carriers: HashMap<Value<'_>, Vec<u32>> = HashMap::new();
    for (sentence, items) in &of_b {
        for item in items {
            carriers.entry(value(item)).or_default().push(*sentence);
        }
    }
    let mut shared: BTreeMap<(u32, u32), (u32, usize)> = BTreeMap::new();
    for (sentence, items) in &of_a {
        let mut seen = HashSet::new();
        for item in items.iter().filter(|item| seen.insert(value(item))) {
            let others: BTreeSet<u32> = carriers.get(&value(item)).into_iter().flatten().copied().collect();
            for other in others {
                let sum = shared.entry((*sentence, other)).or_default();
                *sum = (sum.0.saturating_add(item.weight), sum.1 + 1);
            }
        }
    }
    let mut best_a: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
    let mut best_b: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
    for ((one, other), (weight, _)) in &shared {
        if best_a.get(one).is_none_or(|best| best.0 < *weight) {
            best_a.insert(*one, (*weight, *other));
        }
        if best_b.get(other).is_none_or(|best| best.0 < *weight) {
            best_b.insert(*other, (*weight, *one));
        }
    }
    let mut found = Vec::new();
    for ((one, other), (weight, count)) in &shared {
        let mutual = best_a.get(one).map(|best| best.1) == Some(*other)
            && best_b.get(other).map(|best| best.1) == Some(*one);
        if mutual && *weight >= ALIKE.0 && *count >= ALIKE.1 {
            let only_a: Vec<&MarkedItem> =
                of_a[one].iter().filter(|item| !known_b.contains(&value(item))).copied().collect();
            let only_b: Vec<&MarkedItem> =
                of_b[other].iter().filter(|item| !known_a.contains(&value(item))).copied().collect();
            found.extend(unmatched(&only_a, &only_b));
        }
    }
    found
}

/// Of each kind the one item that either sentence has for itself.
fn unmatched(a: &[&MarkedItem], b: &[&MarkedItem]) -> Vec<(DifferenceOf, String, String)> {
    let kinds = [DifferenceOf::Number, DifferenceOf::Day, DifferenceOf::Place, DifferenceOf::Country];
    let one = |items: &[&MarkedItem], kind: DifferenceOf| -> Option<MarkedItem> {
        let mut of = items.iter().filter(|item| DifferenceOf::of(item) == Some(kind));
        let first = of.next()?;
        of.all(|item| value(item) == value(first)).then(|| (**first).clone())
    };
    let mut found = Vec::new();
    for kind in kinds {
        let (Some(first), Some(second)) = (one(a, kind), one(b, kind)) else { continue };
        let unlike = match kind {
            DifferenceOf::Number => other_number(&first, &second),
            DifferenceOf::Day => first.said != second.said && near(&first, &second),
            DifferenceOf::Place | DifferenceOf::Country => first.said != second.said,
        };
        if unlike {
            found.push((kind, shown(&first), shown(&second)));
        }
    }
    found
}

/// Whether two days lie close enough for one to be the other mistaken.
fn near(a: &MarkedItem, b: &MarkedItem) -> bool {
    let day = |item: &MarkedItem| item.said.get(..10).and_then(|day| day.parse::<jiff::civil::Date>().ok());
    let apart = day(a).zip(day(b)).and_then(|(a, b)| a.until(b).ok());
    apart.is_some_and(|span| span.get_days().abs() <= SHIFT)
}

/// Whether two numbers cannot be one: they count the same and are unequal, or are equal and count another thing, as 110 USD/kg and USD/t.
fn other_number(a: &MarkedItem, b: &MarkedItem) -> bool {
    if a.group == b.group {
        return !agree(a, b);
    }
    a.said == b.said && a.group.contains('/') && b.group.contains('/')
}

/// Whether two numbers may be one, of which one is rounded: 1.2 for 11,980 «about», 3,800 for 3,834 «over».
fn agree(a: &MarkedItem, b: &MarkedItem) -> bool {
    let (Ok(first), Ok(second)) = (a.said.parse::<f64>(), b.said.parse::<f64>()) else { return true };
    let (low, high) = (first.min(second), first.max(second));
    if a.qualifier() != Qualifier::Unspecified || b.qualifier() != Qualifier::Unspecified {
        return high <= 1.15 * low;
    }
    let digits = |item: &MarkedItem| {
        item.said.chars().filter(char::is_ascii_digit).collect::<String>().trim_matches('0').len()
    };
    // Rounded to half a unit of the last digit that the shorter one shows.
    let shorter = digits(a).min(digits(b));
    let step = 10_f64.powi(i32::try_from(shorter).unwrap_or(15) - 1);
    digits(a) != digits(b) && high - low <= high / step * 0.5
}

fn values(mark: &StoryMark) -> HashSet<Value<'_>> {
    mark.items.iter().map(value).collect()
}

fn by_sentence(mark: &StoryMark) -> BTreeMap<u32, Vec<&MarkedItem>> {
    let mut sentences: BTreeMap<u32, Vec<&MarkedItem>> = BTreeMap::new();
    for item in &mark.items {
        sentences.entry(item.sentence).or_default().push(item);
    }
    sentences
}

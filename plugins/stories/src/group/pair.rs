//! How much speaks for it that two documents tell one event.

use super::profile::Profile;
use crate::mark::{RARE_NAME, RARE_NUMBER};

/// Seconds that lie at most between two tellings of one event.
pub(super) const APART: i64 = 5 * 86_400;

/// From this similarity of their fingerprints texts are near copies, in thousandths.
const NEAR: u32 = 350;

/// From this share of the shorter text's 3-grams in the longer one they are near copies too.
const CONTAINED: f64 = 0.6;

/// The most that a pair counts, for or against.
const MOST: f64 = 8.0;

/// What share of its figures a text without any counts as sharing: it speaks neither for nor against.
const NONE: f64 = 0.5;

/// How two texts compare.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Evidence {
    /// Above zero if they tell one event; between -8 and 8.
    pub(super) score: f64,
    /// The estimated Jaccard similarity of their 3-grams, in thousandths.
    pub(super) similarity: u32,
    /// How they are alike.
    pub(super) alike: Alike,
}

/// How two texts are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Alike {
    /// In other words.
    No,
    /// Nearly the same text.
    Near,
    /// The same text in canonical form.
    Same,
}

/// What two documents share; `None` if they were published too far apart.
pub(super) fn evidence(a: &Profile, b: &Profile) -> Option<Evidence> {
    let apart = a.second.zip(b.second).map(|(a, b)| (a - b).abs());
    if apart.is_some_and(|seconds| seconds > APART) {
        return None;
    }
    let figures = shared(&a.figures, &b.figures, RARE_NUMBER);
    let names = shared(&a.names, &b.names, RARE_NAME);
    let days = shared(&a.days, &b.days, u32::MAX);
    let (alike, similarity) = alike(a, b);
    // The report of another month in the words of the last one is no copy: its figures are others.
    let agree = figures.smaller < 3.0 || figures.weight >= 0.5 * figures.smaller;
    let alike = if alike == Alike::Near && !agree { Alike::No } else { alike };
    let score = if alike > Alike::No {
        MOST
    } else if !tells(&figures, &names) || apart.is_none() {
        -MOST
    } else {
        let unlike = if figures.weight < 2.0 && figures.smaller >= 8.0 { 3.0 } else { 0.0 };
        let days_apart = apart.unwrap_or_default() as f64 / 86_400.0;
        // The features are those of a logistic regression on the pairs of eval/stories/development, the coefficients rounded.
        0.5 * figures.weight.sqrt()
            + 7.0 * (figures.weight + NONE * 3.0) / (figures.smaller + 3.0)
            + 7.5 * names.weight / (names.smaller + 2.0)
            + 0.5 * days.weight
            - days_apart
            - unlike
            - 7.4
    };
    Some(Evidence { score: score.clamp(-MOST, MOST), similarity, alike })
}

/// Whether what two documents share is rare enough to speak of one event: a rare number, or several that are as rare together; two rare
/// names; or one of each that is nearly so.
fn tells(figures: &Shared, names: &Shared) -> bool {
    let bits = |thousandths: u32| f64::from(thousandths) / 1000.0;
    figures.weight >= bits(RARE_NUMBER)
        || names.rare > 1
        || (names.rare == 1 && figures.weight >= bits(RARE_NUMBER) / 2.0)
}

/// What two lists share.
struct Shared {
    /// The weight of what is shared, in bits.
    weight: f64,
    /// The weight of the lighter list, in bits.
    smaller: f64,
    /// How many shared values are rare.
    rare: usize,
}

fn shared(a: &[(u32, u32)], b: &[(u32, u32)], rare: u32) -> Shared {
    let total = |list: &[(u32, u32)]| list.iter().map(|(_, weight)| u64::from(*weight)).sum::<u64>();
    let (mut weight, mut count) = (0_u64, 0);
    let (mut left, mut right) = (a.iter().peekable(), b.iter().peekable());
    while let (Some((first, one)), Some((second, other))) = (left.peek(), right.peek()) {
        match first.cmp(second) {
            std::cmp::Ordering::Less => drop(left.next()),
            std::cmp::Ordering::Greater => drop(right.next()),
            std::cmp::Ordering::Equal => {
                weight += u64::from(*one.min(other));
                count += usize::from(*one.min(other) >= rare);
                left.next();
                right.next();
            }
        }
    }
    let bits = |thousandths: u64| thousandths as f64 / 1000.0;
    Shared { weight: bits(weight), smaller: bits(total(a).min(total(b))), rare: count }
}

/// How alike two texts are, and the estimated Jaccard similarity of their 3-grams in thousandths.
fn alike(a: &Profile, b: &Profile) -> (Alike, u32) {
    if a.slots.is_empty() || a.slots.len() != b.slots.len() {
        return (Alike::No, 0);
    }
    if a.body == b.body {
        return (Alike::Same, 1000);
    }
    let equal = a.slots.iter().zip(&b.slots).filter(|(a, b)| a == b).count();
    let similarity = equal as f64 / a.slots.len() as f64;
    let (one, other) = (f64::from(a.grams), f64::from(b.grams));
    let contained = similarity / (1.0 + similarity) * (one + other) / one.min(other);
    let thousandths = u32::try_from(equal * 1000 / a.slots.len()).unwrap_or(1000);
    let near = thousandths >= NEAR || (contained >= CONTAINED && thousandths >= 100);
    (if near { Alike::Near } else { Alike::No }, thousandths)
}

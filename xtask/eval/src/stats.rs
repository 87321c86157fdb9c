//! Rates and how sure they are.

use serde::Serialize;

/// The two-sided 95 % quantile of the normal distribution.
const Z95: f64 = 1.959_963_984_540_054;
/// Samples of a bootstrap.
const SAMPLES: usize = 2_000;
/// Where the bootstrap begins, so that two runs give the same interval.
const SEED: u64 = 0x6d6f_6e61_7a69_7465;

/// A rate with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Rate {
    /// The share of one.
    pub(crate) rate: f64,
    /// The lower end of the interval.
    pub(crate) low: f64,
    /// The upper end of the interval.
    pub(crate) high: f64,
}

/// `right` of `all` with the interval of E. B. Wilson (1927); nothing if there is none at all.
pub(crate) fn wilson(right: usize, all: usize) -> Option<Rate> {
    if all == 0 {
        return None;
    }
    let (n, rate) = (float(all), float(right) / float(all));
    let z2 = Z95 * Z95;
    let middle = (rate + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z95 / (1.0 + z2 / n) * (rate * (1.0 - rate) / n + z2 / (4.0 * n * n)).sqrt();
    Some(Rate { rate, low: (middle - half).max(0.0), high: (middle + half).min(1.0) })
}

/// What was expected, what was found, and how much of both is right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Counts {
    /// Labelled.
    pub(crate) gold: usize,
    /// Read.
    pub(crate) read: usize,
    /// Read as labelled.
    pub(crate) right: usize,
}

impl Counts {
    /// Adds another's counts.
    pub(crate) fn add(&mut self, other: Counts) {
        self.gold += other.gold;
        self.read += other.read;
        self.right += other.right;
    }

    /// The share of what was read that is right.
    pub(crate) fn precision(self) -> Option<Rate> {
        wilson(self.right, self.read)
    }

    /// The share of what is labelled that was read.
    pub(crate) fn recall(self) -> Option<Rate> {
        wilson(self.right, self.gold)
    }

    /// The harmonic mean of precision and recall.
    pub(crate) fn f1(self) -> Option<f64> {
        (self.gold + self.read > 0).then(|| 2.0 * float(self.right) / float(self.gold + self.read))
    }
}

/// Precision, recall and F1 with intervals from whole texts drawn again and again: mentions of one text are not
/// independent of each other, so that an interval over mentions would be too narrow.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Pooled {
    /// Of what was read.
    pub(crate) precision: Option<Rate>,
    /// Of what is labelled.
    pub(crate) recall: Option<Rate>,
    /// Of both.
    pub(crate) f1: Option<Rate>,
}

/// The percentile bootstrap (B. Efron, 1979) over the counts of each text, from a fixed seed.
pub(crate) fn bootstrap(texts: &[Counts]) -> Pooled {
    let sum = |counts: &mut dyn Iterator<Item = Counts>| {
        counts.fold(Counts::default(), |mut sum, one| {
            sum.add(one);
            sum
        })
    };
    let all = sum(&mut texts.iter().copied());
    let mut random = Random(SEED);
    let mut samples: [Vec<f64>; 3] = Default::default();
    for _ in 0..if texts.is_empty() { 0 } else { SAMPLES } {
        let drawn = sum(&mut (0..texts.len()).map(|_| texts[random.below(texts.len())]));
        let rates = [drawn.precision().map(|r| r.rate), drawn.recall().map(|r| r.rate), drawn.f1()];
        for (list, rate) in samples.iter_mut().zip(rates) {
            list.extend(rate);
        }
    }
    let [precision, recall, f1] = samples.map(|mut list| {
        list.sort_by(f64::total_cmp);
        (list.get(list.len() * 25 / 1000).copied(), list.get(list.len() * 975 / 1000).copied())
    });
    let rate = |rate: Option<f64>, (low, high): (Option<f64>, Option<f64>)| {
        Some(Rate { rate: rate?, low: low?, high: high? })
    };
    Pooled {
        precision: rate(all.precision().map(|r| r.rate), precision),
        recall: rate(all.recall().map(|r| r.rate), recall),
        f1: rate(all.f1(), f1),
    }
}

/// SplitMix64 (G. Steele, D. Lea, C. Flood, 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % bound.max(1) as u64).unwrap_or(0)
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of cases are far below 2^52")]
fn float(count: usize) -> f64 {
    count as f64
}

/// Means of precision and recall over documents, and their harmonic mean.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Means {
    /// Of precision.
    pub(crate) precision: Option<Rate>,
    /// Of recall.
    pub(crate) recall: Option<Rate>,
    /// The harmonic mean of both.
    pub(crate) f1: Option<Rate>,
}

/// The means of precision and recall over all documents, with the percentile bootstrap over clusters of documents that belong together,
/// from a fixed seed.
pub(crate) fn means(clusters: &[Vec<(f64, f64)>]) -> Means {
    let mean = |drawn: &mut dyn Iterator<Item = &Vec<(f64, f64)>>| {
        let (mut count, mut precision, mut recall) = (0, 0.0, 0.0);
        for (p, r) in drawn.flatten() {
            count += 1;
            precision += p;
            recall += r;
        }
        let (precision, recall) = (precision / float(count), recall / float(count));
        [precision, recall, 2.0 * precision * recall / (precision + recall)]
    };
    if clusters.is_empty() {
        return Means { precision: None, recall: None, f1: None };
    }
    let all = mean(&mut clusters.iter());
    let mut random = Random(SEED);
    let mut samples: [Vec<f64>; 3] = Default::default();
    for _ in 0..SAMPLES {
        let drawn = mean(&mut (0..clusters.len()).map(|_| &clusters[random.below(clusters.len())]));
        for (list, rate) in samples.iter_mut().zip(drawn) {
            list.push(rate);
        }
    }
    let [precision, recall, f1] = [0, 1, 2].map(|place| {
        let list = &mut samples[place];
        list.sort_by(f64::total_cmp);
        Some(Rate {
            rate: all[place],
            low: list[list.len() * 25 / 1000],
            high: list[list.len() * 975 / 1000],
        })
    });
    Means { precision, recall, f1 }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a rate of something is there, or the test fails")]

    use super::*;

    #[test]
    fn wilson_gives_the_published_interval() {
        // R. G. Newcombe (1998), table I: 81 of 263.
        let rate = wilson(81, 263).unwrap();
        assert!((rate.low - 0.2553).abs() < 1e-4 && (rate.high - 0.3662).abs() < 1e-4, "{rate:?}");
        assert!(wilson(0, 0).is_none());
        let all = wilson(10, 10).unwrap();
        assert!(all.high > 0.9999 && (all.low - 0.7225).abs() < 1e-4);
    }

    #[test]
    fn the_bootstrap_is_the_same_twice_and_holds_the_rate() {
        let texts: Vec<Counts> =
            (0..30).map(|i| Counts { gold: 10, read: 9 + i % 3, right: 7 + i % 2 }).collect();
        let pooled = bootstrap(&texts);
        assert_eq!(pooled, bootstrap(&texts));
        let recall = pooled.recall.unwrap();
        assert!(recall.low < recall.rate && recall.rate < recall.high && (recall.rate - 0.75).abs() < 1e-9);
        assert!(bootstrap(&[]).f1.is_none());
    }
}

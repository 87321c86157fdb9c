//! Values of one period laid side by side: which agree, up to the rounding of their digits, and which do not.

use std::collections::{BTreeMap, BTreeSet};

use api::record::Amount;
use compare::{decimal, extent};
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::point::Point;
use super::unit::converted;

/// One value of one period, with all that say it.
#[derive(Clone, Debug)]
pub(super) struct Said {
    /// Those who say it, first published first.
    pub(super) points: Vec<Point>,
    /// The value of the first of them in the series' unit; `None` if it does not convert exactly.
    pub(super) amount: Option<Amount>,
    /// How many other values there are for the same period, told as fact if this one is, and expected if it is.
    pub(super) rivals: usize,
}

impl Said {
    /// Distinct sources that say it.
    pub(super) fn sources(&self) -> usize {
        self.points.iter().map(|point| point.source.to_lowercase()).collect::<BTreeSet<_>>().len()
    }
}

/// The period, and whether it is told as fact.
type Place = (Option<Date>, Option<Date>, bool);

/// Points by their periods; those that agree are one. Forecasts are never laid against what was.
pub(super) fn side_by_side(points: Vec<Point>, unit: &str) -> Vec<Said> {
    let mut places: BTreeMap<Place, Vec<Point>> = BTreeMap::new();
    for point in points {
        let (start, end) = crate::commands::facts::Days::of(&point.period).ends();
        places.entry((start, end, !point.is_actual())).or_default().push(point);
    }
    let mut all = Vec::new();
    for points in places.into_values() {
        let camps = camps(points);
        let rivals = camps.len() - 1;
        let mut said: Vec<Said> = camps
            .into_iter()
            .map(|mut points| {
                points.sort_by(|a, b| {
                    (&a.published, &a.source, &a.record).cmp(&(&b.published, &b.source, &b.record))
                });
                let amount = points.first().and_then(|first| converted(&first.amount, unit));
                Said { points, amount, rivals }
            })
            .collect();
        said.sort_by_cached_key(|said| (std::cmp::Reverse(said.sources()), said.points[0].record.clone()));
        all.extend(said);
    }
    all
}

/// Groups of points whose intervals have a point in common, from the lowest up.
fn camps(points: Vec<Point>) -> Vec<Vec<Point>> {
    let mut known: Vec<(Decimal, Decimal, Point)> = Vec::new();
    let mut other: BTreeMap<String, Vec<Point>> = BTreeMap::new();
    for point in points {
        match bounds(&point) {
            Some((low, high)) => known.push((low, high, point)),
            // What is too large for arithmetic agrees with its like alone.
            None => other.entry(point.figure()).or_default().push(point),
        }
    }
    known.sort_by(|a, b| (a.0, a.1, &a.2.record).cmp(&(b.0, b.1, &b.2.record)));
    let mut camps: Vec<Vec<Point>> = Vec::new();
    let mut most = Decimal::MIN;
    for (low, high, point) in known {
        match camps.last_mut().filter(|_| low <= most) {
            Some(camp) => {
                camp.push(point);
                most = most.min(high);
            }
            None => {
                camps.push(vec![point]);
                most = high;
            }
        }
    }
    camps.extend(other.into_values());
    camps
}

/// Whether two values can stand for one, up to the rounding of their digits.
pub(crate) fn agree(one: &Point, other: &Point) -> bool {
    match (bounds(one), bounds(other)) {
        (Some((low, high)), Some((other_low, other_high))) => low <= other_high && other_low <= high,
        // What is too large for arithmetic agrees with its like alone.
        _ => one.figure() == other.figure(),
    }
}

/// What a printed value stands for, in the canonical unit.
fn bounds(point: &Point) -> Option<(Decimal, Decimal)> {
    let extent = extent(&point.amount, &point.words, point.qualifier, 0)?;
    let end = |text: &str, open: Decimal| if text.is_empty() { Some(open) } else { decimal(text) };
    Some((end(&extent.low, Decimal::MIN)?, end(&extent.high, Decimal::MAX)?))
}

#[cfg(test)]
pub(super) mod tests {
    use api::record::{Modality, Period};

    use super::*;

    /// A value of one day of July 2025.
    pub(in super::super) fn value(day: u32, value: &str, source: &str) -> Point {
        Point {
            record: format!("claims/{day}-{value}-{source}"),
            series: "price|USD/mass|commodity/copper".into(),
            period: Period {
                start: format!("2025-07-{day:02}"),
                end: format!("2025-07-{:02}", day + 1),
                ..Default::default()
            },
            amount: Amount { value: value.into(), unit: "USD/t".into(), ..Default::default() },
            words: value.into(),
            quote: format!("Copper stood at {value} a ton."),
            document: "documents/1".into(),
            source: source.into(),
            ..Default::default()
        }
    }

    /// Sources and rivals of each value.
    fn counts(points: Vec<Point>) -> Vec<(usize, usize, usize)> {
        let said = side_by_side(points, "USD/t");
        said.iter().map(|said| (said.points.len(), said.sources(), said.rivals)).collect()
    }

    #[test]
    fn rounded_values_agree_and_others_do_not() {
        let rounded = vec![value(1, "9663", "A"), value(1, "9663.4", "B"), value(1, "9663", "a")];
        assert_eq!(counts(rounded), [(3, 2, 0)]);
        assert_eq!(counts(vec![value(1, "9663", "A"), value(1, "9363", "B")]), [(1, 1, 1), (1, 1, 1)]);
        assert_eq!(counts(vec![value(1, "9663", "A"), value(2, "9363", "B")]), [(1, 1, 0), (1, 1, 0)]);
        let forecast = Point { modality: Modality::Expected, ..value(1, "9900", "B") };
        assert_eq!(counts(vec![value(1, "9663", "A"), forecast]), [(1, 1, 0), (1, 1, 0)], "no rivals");
        assert_eq!(counts(Vec::new()), []);
        let fall = |by: &str, words: &str, source: &str| {
            let amount = Amount { value: by.into(), unit: "%".into(), ..Default::default() };
            Point { amount, words: words.into(), ..value(1, by, source) }
        };
        let falls = vec![fall("-2.5", "2.5%", "A"), fall("-2.54", "2.54%", "B"), fall("2.5", "2.5%", "C")];
        assert!(agree(&falls[0], &falls[1]) && !agree(&falls[0], &falls[2]));
        let said = side_by_side(falls, "%");
        assert_eq!(said.iter().map(|said| said.points.len()).collect::<Vec<_>>(), [2, 1]);
    }

    #[test]
    fn a_hundred_thousand_values_of_one_day_are_laid_out() {
        let points: Vec<Point> = (0..100_000).map(|n| value(1, &(n * 10 + 1).to_string(), "A")).collect();
        let said = side_by_side(points, "USD/t");
        assert!(said.len() > 1_000 && said.iter().map(|said| said.points.len()).sum::<usize>() == 100_000);
        let huge = vec![value(1, &"9".repeat(60), "A"), value(1, &"9".repeat(60), "B"), value(1, "-5", "C")];
        let (mut sizes, said) = (Vec::new(), side_by_side(huge, "USD/t"));
        sizes.extend(said.iter().map(|said| said.points.len()));
        assert_eq!(sizes, [2, 1]);
    }
}

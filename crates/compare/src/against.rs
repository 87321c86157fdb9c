//! What changes are measured against.

use api::record::{Period, Precision, Relation, StatedChange, Statement};

use crate::slot::Fit;

/// How what two changes are against fits.
pub(crate) fn base(
    one: &StatedChange,
    of_one: &Statement,
    other: &StatedChange,
    of_other: &Statement,
) -> Fit {
    let (left, right) = (against(one, of_one), against(other, of_other));
    let stated = |change: &StatedChange| change.base.as_ref().is_some_and(|word| !word.inherited);
    let both = stated(one) && stated(other);
    match (left, right) {
        (None, None) => Fit::Empty,
        (None, _) | (_, None) => Fit::OneSided,
        (Some(left), Some(right)) if left == right => Fit::Same,
        (Some(Against::Words), _) | (_, Some(Against::Words)) => Fit::Unsure,
        // The same may be said in two ways, if it is not known of which time the change is.
        (Some(Against::Time(..)), Some(Against::Relation(_))) if !monthly(of_one) => Fit::Unsure,
        (Some(Against::Relation(_)), Some(Against::Time(..))) if !monthly(of_other) => Fit::Unsure,
        _ if both => Fit::Differ,
        _ => Fit::Unsure,
    }
}

/// What a change is against, where that can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Against {
    Relation(Relation),
    Time(String, String, bool),
    /// A plan, a budget, an expectation; a mean of years; a low or a high.
    Named(Named),
    Words,
}

/// How the base of a change lies to the time of its statement, if it is told or follows from both times.
pub(crate) fn relation(change: &StatedChange, statement: &Statement) -> Option<Relation> {
    match against(change, statement)? {
        Against::Relation(relation) => Some(relation),
        _ => None,
    }
}

fn against(change: &StatedChange, statement: &Statement) -> Option<Against> {
    let own = statement.over.as_ref();
    let relation = match change.relation() {
        // 环比 is against the period before, whose length is that of the claim's own.
        Relation::PreviousPeriod => match own.and_then(months).map(|(first, last)| last - first) {
            Some(length) => of_length(length),
            None => match own.map(Period::precision) {
                Some(Precision::Day) => Relation::DayOnDay,
                Some(Precision::Week) => Relation::WeekOnWeek,
                _ => return Some(Against::Words),
            },
        },
        known => known,
    };
    if relation != Relation::Unspecified {
        return Some(Against::Relation(relation));
    }
    if let Some(over) = &change.over {
        if let (Some(own), Some(base), false) = (own.and_then(months), months(over), change.sum)
            && let Some(relation) = lies(own, base)
        {
            return Some(Against::Relation(relation));
        }
        return Some(Against::Time(over.start.clone(), over.end.clone(), change.sum));
    }
    let words = change.base.as_ref()?.words.to_lowercase();
    let named = NAMED.iter().find(|(names, _)| names.iter().any(|name| words.contains(name)));
    Some(named.map_or(Against::Words, |(_, kind)| Against::Named(*kind)))
}

/// The words of a base that the claim leaves out, if the clause of the change has one that is no time: a plan, a mean of years, a low.
pub(crate) fn left_out(clause: &str) -> Option<&'static str> {
    let lower = clause.to_lowercase();
    let named = |noun: &&&str| lower.match_indices(**noun).any(|(at, _)| is_compared(&lower[..at]));
    let mut found = NAMED.iter().filter_map(|(nouns, _)| nouns.iter().find(named).copied());
    // Of two nobody knows which is meant.
    found.next().filter(|_| found.next().is_none())
}

/// True if words end with one that compares, but for a few words of whose or which plan it is.
fn is_compared(head: &str) -> bool {
    const ENGLISH: &[&str] = &[
        "above", "below", "against", "versus", "vs", "than", "over", "under", "short of", "ahead of",
        "exceeding", "from", "compared with", "compared to", "on",
    ];
    const CHINESE: &[&str] = &["较", "比", "高于", "低于", "超", "超过", "超出", "不及", "相比", "高出"];
    const FILLERS: &[&str] = &[
        "the", "its", "their", "our", "own", "original", "annual", "five-year", "three-year", "ten-year",
        "long-term", "historical", "company", "analysts'", "市场", "年度", "全年", "此前", "原", "原定",
        "公司", "五年", "三年", "历史", "十年", "近五年", "近三年", "同期", "过去五年",
    ];
    let mut head = head.trim_end();
    while let Some(rest) = FILLERS.iter().find_map(|filler| head.strip_suffix(filler)) {
        head = rest.trim_end();
    }
    let word = |word: &&&str| {
        let before = head.strip_suffix(**word);
        before.is_some_and(|before| !before.ends_with(|letter: char| letter.is_ascii_alphanumeric()))
    };
    ENGLISH.iter().find(word).is_some() || CHINESE.iter().any(|word| head.ends_with(word))
}

/// The words that make a base the whole of last year, or its mean, where the claim has the same time a year before.
pub(crate) fn whole_year(clause: &str) -> Option<&'static str> {
    const YEARS: &[&str] = &["去年", "上年", "前一年", "last year's ", "the previous year's "];
    const WHOLES: &[&str] = &["全年", "平均", "均值", "月均", "monthly average", "average", "total"];
    const PHRASES: &[&str] =
        &["the whole of last year", "all of last year", "last year as a whole", "full year"];
    let lower = clause.to_lowercase();
    let joined =
        YEARS.iter().flat_map(|year| WHOLES.iter().map(move |whole| (format!("{year}{whole}"), *whole)));
    let found = joined.into_iter().find(|(words, _)| lower.contains(words)).map(|(_, whole)| whole);
    found.or_else(|| PHRASES.iter().find(|phrase| lower.contains(**phrase)).copied())
}

/// What a base is that is no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    Whole,
    Plan,
    Mean,
    Extreme,
}

/// Words by which bases that are no times are known.
const NAMED: &[(&[&str], Named)] = &[
    (&["全年", "whole of last year", "all of last year", "as a whole", "full year", "total"], Named::Whole),
    (
        &[
            "计划", "预算", "预期", "目标", "指引", "plan", "budget", "target", "expect", "guidance",
            "forecast", "consensus",
        ],
        Named::Plan,
    ),
    (&["均值", "平均", "average", "mean"], Named::Mean),
    (&["低点", "高点", "峰值", "peak", "record high", "trough"], Named::Extreme),
];

/// How one time of whole months lies to another of the same length, if it does so in a way that has a name.
fn lies((first, last): (i32, i32), (base_first, base_last): (i32, i32)) -> Option<Relation> {
    let length = last - first;
    if length != base_last - base_first || length <= 0 {
        return None;
    }
    match first - base_first {
        12 => Some(Relation::YearOnYear),
        apart if apart == length => {
            Some(of_length(length)).filter(|relation| *relation != Relation::Unspecified)
        }
        _ => None,
    }
}

fn of_length(months: i32) -> Relation {
    match months {
        1 => Relation::MonthOnMonth,
        3 => Relation::QuarterOnQuarter,
        6 => Relation::HalfOnHalf,
        12 => Relation::YearOnYear,
        _ => Relation::Unspecified,
    }
}

/// True if a statement is of whole months.
fn monthly(statement: &Statement) -> bool {
    statement.over.as_ref().and_then(months).is_some()
}

/// First and last month of a time of whole months, counted from year zero; the last is left out.
fn months(period: &Period) -> Option<(i32, i32)> {
    let count = |day: &str| -> Option<i32> {
        let (year, month) = (day.get(..4)?.parse::<i32>().ok()?, day.get(5..7)?.parse::<i32>().ok()?);
        (day.get(8..10)? == "01").then_some(year * 12 + month)
    };
    count(&period.start).zip(count(&period.end)).filter(|(first, last)| first < last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::record::Word;

    #[test]
    fn bases_that_are_no_times_are_seen() {
        let plan = [
            "较年度预算高8.4%",
            "低于7月指引3.2%，不及此前预期",
            "7% above plan",
            "3.2% below its guidance",
            "4% ahead of budget",
        ];
        for clause in [plan[0], plan[2], plan[3], plan[4]] {
            assert!(left_out(clause).is_some(), "{clause}");
        }
        assert!(left_out("17% below the five-year average").is_some());
        assert!(left_out("较五年均值下降17%").is_some());
        // No base: a plan that is made, and a mean that is the figure itself.
        assert_eq!(left_out("the plan for the year rose 5% to 200 t"), None);
        assert_eq!(left_out("5月均价上涨3.7%，计划不变"), None);
        assert_eq!(whole_year("较去年全年增长12%"), Some("全年"));
        assert_eq!(whole_year("同比增长12%"), None);
    }

    fn of(own: (&str, &str), relation: Relation, base: Option<(&str, &str)>) -> (StatedChange, Statement) {
        let period =
            |(start, end): (&str, &str)| Period { start: start.into(), end: end.into(), ..Period::default() };
        let change = StatedChange {
            relation: relation.into(),
            over: base.map(period),
            base: Some(Word::default()),
            ..StatedChange::default()
        };
        (change, Statement { over: Some(period(own)), ..Statement::default() })
    }

    #[test]
    fn a_base_said_in_two_ways_is_one() {
        let july = ("2025-07-01", "2025-08-01");
        let named = of(july, Relation::YearOnYear, None);
        let dated = of(july, Relation::Unspecified, Some(("2024-07-01", "2024-08-01")));
        let before = of(july, Relation::PreviousPeriod, None);
        let june = of(july, Relation::Unspecified, Some(("2025-06-01", "2025-07-01")));
        assert_eq!(base(&named.0, &named.1, &dated.0, &dated.1), Fit::Same);
        assert_eq!(base(&before.0, &before.1, &june.0, &june.1), Fit::Same);
        assert_eq!(base(&named.0, &named.1, &june.0, &june.1), Fit::Differ);
    }
}

//! For how long a stock lasts.

use api::record::Check;
use text::Kind;
use text::rounding;

use super::super::{Sum, plain};
use crate::figure::Figure;
use crate::outcome::Outcome;
use crate::page::{Page, Sentence};
use crate::unit::Unit;
use crate::words::has;

/// Words before a number of days for which a stock lasts.
const LASTS: &[&str] = &[
    "可用", "够用", "可供", "可维持", "可满足", "可支撑", "可使用", "够", "足够", "仅够", "覆盖", "相当于",
    "折合", "enough for", "enough to last", "cover", "covers", "covering", "last", "lasts", "sufficient for",
    "equal to", "equivalent to", "worth", "meet", "life of", "可采", "服务年限", "开采年限", "寿命",
];

/// Words of a use for each day.
const DAILY: &[&str] = &[
    "日消费", "日用量", "日需求", "日均", "每日", "每天", "日耗", "日消耗", "日用", "日需", "一天", "天然日",
    "a day", "per day", "daily", "each day", "every day",
];

/// Words of a use for each week or month.
const WEEKLY: &[&str] = &["周均", "每周", "a week", "per week", "weekly", "each week"];
const YEARLY: &[&str] = &[
    "a year", "per year", "annually", "annual", "each year", "每年", "年用量", "年开采量", "年均", "年产",
    "年采",
];
const MONTHLY: &[&str] = &[
    "月消费", "月用量", "月需求", "月消耗", "月均", "每月", "月耗", "单月", "a month", "per month",
    "monthly", "each month",
];

/// Words of a use that is not the one that the days are told by.
const OTHER_RATE: &[&str] = &[
    "满产", "满负荷", "按当前", "按目前", "按现有", "理论", "at full", "full rate", "current pace",
    "current rate", "at the present", "nameplate", "alone", "overall",
];

/// For how many days a stock lasts: stock ÷ use for each day.
pub(super) fn lasts(page: &Page<'_>, at: usize, sentence: &Sentence) -> Option<Outcome> {
    let days = page.times(&sentence.span).find(|time| {
        let before = page.before(sentence, time.start_byte);
        // «2.5 times the 2,000 t used in a month» tells a rate.
        let rate = before.trim_end().ends_with(" in") || before.contains("times ");
        let counted = !rate && matches!(time.unit.as_deref(), Some("d" | "wk" | "mo" | "a"));
        time.kind == Kind::Duration && counted && has(&before, LASTS)
    })?;
    let code = days.unit.as_deref().unwrap_or_default();
    let rates = match code {
        "mo" => MONTHLY,
        "a" => YEARLY,
        "wk" => WEEKLY,
        _ => DAILY,
    };
    // The stock, or both, may stand in the sentence before.
    let last = page.sentences[..at].last().filter(|last| last.line == sentence.line);
    let head = last.map(|last| page.of(last)).unwrap_or_default();
    let figures: Vec<&Figure<'_>> = head
        .iter()
        .chain(page.of(sentence))
        .filter(|figure| figure.unit.is_amount() && figure.unit.dimension != "1")
        .collect();
    let &[.., one, other] = figures.as_slice() else { return None };
    let is_daily = |figure: &Figure<'_>| {
        let sentence = page.sentence_of(figure);
        let words =
            sentence.map(|told| page.near_before(told, figure) + "|" + &page.near_behind(told, figure));
        figure.unit.dimension.ends_with(&format!("/{code}")) || words.is_some_and(|words| has(&words, rates))
    };
    let (stock, daily) = match (is_daily(one), is_daily(other)) {
        (false, true) => (one, other),
        (true, false) => (other, one),
        _ => return None,
    };
    let same = stock.unit.dimension == daily.unit.dimension.trim_end_matches(&format!("/{code}"))
        && stock.is_single()
        && daily.is_single();
    let printed = rounding::mentioned(days)?;
    let sum = Sum {
        check: Check::Ratio,
        figures: vec![stock, daily],
        expression: format!("{} ÷ {} for each {code}", plain(stock.quote), plain(daily.quote)),
        follows: stock.bounds.over(&daily.bounds).filter(|_| same)?,
        printed,
        unit: Unit::parse(code),
    };
    let mut outcome = sum.outcome(page);
    // «at full run rate», «按当前开工» is another use than that of the days.
    let words = page.lower(sentence.span.start, sentence.span.end);
    if !outcome.holds && has(&words, OTHER_RATE) {
        return None;
    }
    outcome.said = format!("{} against {}", outcome.calculations.first()?.expression, plain(days.quote));
    outcome.passages.push(days.start_byte..days.end_byte);
    Some(outcome)
}

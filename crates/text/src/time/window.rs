//! Windows and distances from the day of publication: the past five days, 近三个月, two months ago, year to date.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use super::calendar::{Interval, day, months, shifted, week};
use super::duration::{TimeUnit, english_unit, part};
use super::relative::quarter;
use super::{TimeRead, chinese_window, read, year};
use crate::mention::Precision;
use crate::view::View;

pub(super) fn span(unit: TimeUnit, count: i64) -> Option<Span> {
    let count = count.checked_mul(i64::from(unit.count)).filter(|count| count.abs() < 10_000)?;
    Some(match unit.code {
        "d" => count.days(),
        "wk" => count.weeks(),
        "mo" => count.months(),
        "a" => count.years(),
        _ => return None,
    })
}

/// Windows and distances: "the past five days", "two months ago", 近三个月, year to date, 年初至今.
pub(super) fn relative_at(view: &View<'_>, at: usize, published: Option<Date>) -> Option<TimeRead> {
    let first = view.get(at);
    if first.is_ascii_digit() {
        return distance(view, at, published);
    }
    if !first.is_ascii_lowercase() {
        return chinese_window::at(view, at, published)
            .or_else(|| vague(view, at))
            .or_else(|| distance(view, at, published));
    }
    counted_of(view, at, published)
        .or_else(|| window_english(view, at, published))
        .or_else(|| vague(view, at))
        .or_else(|| same_period(view, at, published))
        .or_else(|| super::recall::english(view, at, published))
        .or_else(|| unit_of_publication(view, at, published))
        .or_else(|| distance(view, at, published))
}

/// "year to date", "MTD", 年初至今: from the first day of the unit around publication.
pub(super) fn to_date(view: &View<'_>, at: usize, published: Option<Date>) -> Option<TimeRead> {
    const WORDS: &[(&str, &str)] = &[
        ("年初至今", "year"),
        ("年初以来", "year"),
        ("今年以来", "year"),
        ("今年至今", "year"),
        ("今年迄今", "year"),
        ("年内迄今", "year"),
        ("年初迄今", "year"),
        ("年初至报告日", "year"),
        ("本年初至今", "year"),
        ("月初至今", "month"),
        ("月初以来", "month"),
        ("本月以来", "month"),
        ("本月至今", "month"),
        ("本周以来", "week"),
        ("本周至今", "week"),
        ("季初至今", "quarter"),
        ("本季度以来", "quarter"),
        ("year to date", "year"),
        ("year-to-date", "year"),
        ("ytd", "year"),
        ("month to date", "month"),
        ("month-to-date", "month"),
        ("mtd", "month"),
        ("so far this year", "year"),
        ("so far this month", "month"),
        ("so far this quarter", "quarter"),
        ("so far this week", "week"),
        ("since the start of the year", "year"),
        ("since the beginning of the year", "year"),
        ("since the start of this year", "year"),
        ("since the beginning of this year", "year"),
        ("since the start of the month", "month"),
        ("since the beginning of the month", "month"),
        ("quarter to date", "quarter"),
        ("quarter-to-date", "quarter"),
        ("qtd", "quarter"),
    ];
    if !matches!(view.get(at), '年' | '今' | '月' | '本' | '季' | 'y' | 'm' | 'q' | 's') {
        return None;
    }
    let (noun, end) = WORDS
        .iter()
        .find_map(|(words, noun)| view.loosely(at, words).map(|end| (*noun, end)))
        .filter(|(_, end)| view.at_edge(*end))?;
    let start = super::relative::calendar_unit(noun, 0, published)?.0.and_then(|unit| unit.start);
    let interval = published.map(|date| Interval { start, end: Some(date), precision: Precision::Range });
    Some(read(at, end, interval, Precision::Range))
}

/// "the past few weeks", "recent months", 近几年, 未来几个月: how long is not said, so that nothing is known but the words.
fn vague(view: &View<'_>, at: usize) -> Option<TimeRead> {
    if let Some(word) = view.word(at) {
        direction(word.as_str())?;
        let mut next = view.blanks(word.end);
        let count = view.word(next).filter(|word| matches!(word.as_str(), "few" | "several" | "couple"));
        if let Some(count) = count {
            next = view.blanks(count.end);
            if let Some(of) = view.word(next).filter(|of| of.as_str() == "of") {
                next = view.blanks(of.end);
            }
        } else if !matches!(word.as_str(), "recent" | "coming" | "upcoming" | "past") {
            return None;
        }
        let noun = view.word(next).filter(|noun| noun.as_str().ends_with('s'))?;
        english_unit(noun.as_str())?;
        return Some(read(at, noun.end, None, Precision::Range));
    }
    if !matches!(view.get(at), '过' | '最' | '近' | '未' | '今') {
        return None;
    }
    let (_, next) = view.any_of(at, &["过去", "最近", "近", "未来", "今后"])?;
    let count = view.blanks(next);
    if !matches!(view.get(count), '几' | '数') {
        return None;
    }
    let (_, end) = super::duration::chinese_unit(view, view.blanks(count + 1)).or_else(|| {
        view.any_of(count + 1, &["月", "日"]).and_then(|(_, end)| Some((english_unit("months")?, end)))
    })?;
    Some(read(at, end, None, Precision::Range))
}

/// "same period of last year", "year-ago quarter": settled later from the period that is spoken of.
fn same_period(view: &View<'_>, at: usize, published: Option<Date>) -> Option<TimeRead> {
    if !matches!(view.get(at), 'y' | 's' | 'c' | 'p') {
        return None;
    }
    // The words of Australian reports for the same period of the year before.
    const PRIOR: &[&str] =
        &["prior corresponding period", "previous corresponding period", "prior comparable period", "pcp"];
    if let Some((_, end)) = view.any_of(at, PRIOR).filter(|(_, end)| view.at_edge(*end)) {
        return Some(read(at, end, None, Precision::Range));
    }
    if let Some((_, end)) = view.any_of(at, &["year-ago ", "year-earlier ", "year ago ", "year earlier "]) {
        let noun = view.word(end).filter(|word| {
            matches!(word.as_str(), "period" | "quarter" | "month" | "week" | "half" | "level")
        })?;
        let end = if noun.as_str() == "level" { end - 1 } else { noun.end };
        return Some(read(at, end, None, Precision::Range));
    }
    let word =
        view.word(at).filter(|word| matches!(word.as_str(), "same" | "corresponding" | "comparable"))?;
    let noun = view.next_word(word.end)?;
    if !matches!(noun.as_str(), "period" | "quarter" | "month" | "week" | "half" | "time" | "months") {
        return None;
    }
    let mut next = view.blanks(noun.end);
    for skipped in ["of", "in", "the"] {
        if let Some(word) = view.word(next).filter(|word| word.as_str() == skipped) {
            next = view.blanks(word.end);
        }
    }
    if let Some((_, end)) = view.any_of(
        next,
        &[
            "a year earlier", "a year ago", "one year earlier", "one year ago", "a year before",
            "one year before",
        ],
    ) {
        return Some(read(at, end, None, Precision::Range));
    }
    let year = super::point_at(view, next, published)
        .or_else(|| {
            year::year_number(view, next).map(|(year, end)| super::Point {
                end,
                said: super::Said { year: Some(year), part: super::Of::Year },
            })
        })
        .filter(|point| super::precision_of(point.said) == Precision::Year)?;
    Some(read(at, year.end, year.said.resolve(published, false), Precision::Year))
}

/// "in the year", "for the week": the calendar unit around publication, where nothing follows that would tell another.
fn unit_of_publication(view: &View<'_>, at: usize, published: Option<Date>) -> Option<TimeRead> {
    if !view.starts_with(at, "the ") {
        return None;
    }
    let opened = view.word_before(view.blanks_back(at)).is_some_and(|(_, word)| {
        matches!(word.as_str(), "in" | "for" | "during" | "over" | "of" | "this" | "within" | "throughout")
    });
    if !opened {
        return None;
    }
    let point = super::nth::this_unit(view, at, published)?;
    let closed = matches!(view.get(point.end), '\0' | '\n' | '.' | ',' | ';' | ')' | '?')
        || view.next_word(point.end).is_some_and(|word| word.as_str() == "so");
    let end = closed.then_some(point.end)?;
    Some(read(at, end, point.said.resolve(published, false), super::precision_of(point.said)))
}

pub(super) fn whole(number: &crate::numeral::Number) -> Option<i64> {
    number.value.small().filter(|_| number.bounds.is_none()).filter(|value| (1..10_000).contains(value))
}

/// "the past five days", "last 3 months", "next two quarters", "2 next days"
fn window_english(view: &View<'_>, at: usize, published: Option<Date>) -> Option<TimeRead> {
    let mut word = view.word(at)?;
    let article = word.as_str() == "the";
    if article {
        word = view.next_word(word.end)?;
    }
    let forward = direction(word.as_str())?;
    // "the talks will last two weeks" tells a length.
    let verb = view.word_before(view.blanks_back(at)).is_some_and(|(_, before)| {
        word.as_str() == "last"
            && matches!(
                before.as_str(),
                "will" | "would" | "could" | "to" | "can" | "may" | "might" | "should"
            )
    });
    if verb {
        return None;
    }
    let next = view.blanks(word.end);
    // "the past decade" are the last ten years, not those from 2010.
    if let Some(decade) = view.word(next).filter(|noun| word.as_str() == "past" && noun.as_str() == "decade")
    {
        let interval =
            published.and_then(|date| window(date, english_unit("year")?, 10, false, &[(-10).years()]));
        return (!article).then(|| read(at, decade.end, interval, Precision::Range));
    }
    // "the past year" are the last twelve months, "the past week" seven days; "last year" is a calendar year.
    if let Some(year) = view
        .word(next)
        .filter(|noun| word.as_str() == "past" && matches!(noun.as_str(), "year" | "month" | "week"))
        && view.get(year.end) != '\''
        && view.get(year.end) != '-'
    {
        let unit = english_unit(year.as_str())?;
        let interval = published.and_then(|date| window(date, unit, 1, false, &[span(unit, -1)?]));
        return (!article).then(|| read(at, year.end, interval, Precision::Range));
    }
    // "the next three to five years": how long is not sure.
    let ranged = super::duration::duration_at(view, next)
        .filter(|found| found.length.as_ref().is_some_and(|length| length.low.is_some()));
    if let Some(found) = ranged.filter(|_| !article) {
        return Some(read(at, found.end, None, Precision::Range));
    }
    let (number, unit, mut end) = quarters(view, next).or_else(|| part(view, next))?;
    let signed = |count: i64| if forward { count } else { -count };
    let mut spans = vec![span(unit, signed(whole(&number)?))?];
    // "the last four months of 2021" counts within the year.
    if let Some((year, after)) = year::year_behind(view, end)
        && matches!(unit.code, "mo")
    {
        let count =
            i8::try_from(whole(&number)? * i64::from(unit.count)).ok().filter(|count| *count <= 12)?;
        return Some(read(at, after, months(year, 13 - count, 12, Precision::Range), Precision::Range));
    }
    // The article belongs to what names one thing, not to a window.
    if article {
        return None;
    }
    while let Some(and) = view.next_word(end).filter(|word| word.as_str() == "and") {
        let Some((more, unit, after)) = part(view, view.blanks(and.end)) else { break };
        if view.next_word(after).is_some_and(|word| matches!(word.as_str(), "ago" | "later")) {
            break;
        }
        spans.push(span(unit, signed(whole(&more)?))?);
        end = after;
    }
    let interval = published.and_then(|date| window(date, unit, whole(&number)?, forward, &spans));
    Some(read(at, end, interval, Precision::Range))
}

/// "the first week of 2021", "the last 3 months of last year", "first ten days of June"
fn counted_of(view: &View<'_>, at: usize, published: Option<Date>) -> Option<TimeRead> {
    if !matches!(view.get(at), 't' | 'f' | 'l') {
        return None;
    }
    let mut start = at;
    if let Some(article) = view.word(at).filter(|word| word.as_str() == "the") {
        start = view.blanks(article.end);
    }
    let (last, after) = match view.any_of(start, &["first ", "last ", "final ", "1st "])? {
        ("last " | "final ", after) => (true, after),
        (_, after) => (false, after),
    };
    let next = view.blanks(after);
    let (count, unit, end) = match quarters(view, next).or_else(|| part(view, next)) {
        Some((number, unit, end)) => (whole(&number)?, unit, end),
        None => {
            let noun = view.word(next)?;
            (
                1,
                english_unit(noun.as_str()).filter(|_| !matches!(noun.as_str(), "quarter" | "second"))?,
                noun.end,
            )
        }
    };
    let Some(of) = view.next_word(end).filter(|word| word.as_str() == "of") else {
        // "in the first five months": of the year.
        if last || unit.code != "mo" || count * i64::from(unit.count) < 2 {
            return None;
        }
        let interval = published.and_then(|date| first_months(date, count * i64::from(unit.count)));
        return Some(read(at, end, interval, Precision::Range));
    };
    let next = view.blanks(of.end);
    let point =
        super::point_at(view, next, published).or_else(|| super::nth::this_unit(view, next, published))?;
    let whole = point.said.resolve(published, false);
    let interval = whole.and_then(|whole| edge_count(whole, unit, count, last));
    Some(read(at, point.end, interval, Precision::Range))
}

/// "three quarters" behind "first", which by themselves may be a fraction.
fn quarters(view: &View<'_>, at: usize) -> Option<(crate::numeral::Number, TimeUnit, usize)> {
    let word = view.word(at)?;
    let count = crate::numeral::cardinal(word.as_str()).filter(|count| (2..=12).contains(count))?;
    let noun = view.next_word(word.end).filter(|noun| noun.as_str() == "quarters")?;
    let value = crate::amount::Amount::whole(u64::from(count));
    let number = crate::numeral::Number::plain(at, word.end, value, crate::numeral::Form::Words);
    Some((number, english_unit("quarters")?, noun.end))
}

/// So many units from either end of an interval; weeks are those whose Thursday lies in it (ISO 8601).
fn edge_count(whole: Interval, unit: TimeUnit, count: i64, last: bool) -> Option<Interval> {
    let (mut start, mut end) = (whole.start?, whole.end?);
    let weeks = unit.code == "wk";
    if weeks {
        let thursday_in = |date: Date| {
            week(date, 0)
                .and_then(|week| shifted(week.start?, 3.days()))
                .filter(|day| *day >= start && *day < end)
        };
        let near_start = week(start, if thursday_in(start).is_some() { 0 } else { 1 })?;
        let final_day = shifted(end, (-1).days())?;
        let near_end = week(final_day, if thursday_in(final_day).is_some() { 0 } else { -1 })?;
        (start, end) = (near_start.start?, near_end.end?);
    }
    let precision = if weeks && count == 1 { Precision::Week } else { Precision::Range };
    if last {
        Some(Interval::new(shifted(end, span(unit, -count)?)?, end, precision))
    } else {
        Some(Interval::new(start, shifted(start, span(unit, count)?)?, precision))
    }
}

fn direction(word: &str) -> Option<bool> {
    match word {
        "past" | "last" | "previous" | "preceding" | "prior" | "recent" | "trailing" => Some(false),
        "next" | "coming" | "following" | "upcoming" => Some(true),
        _ => None,
    }
}

/// The days of a window that ends with, or begins after, the day of publication.
pub(super) fn window(
    date: Date,
    unit: TimeUnit,
    count: i64,
    forward: bool,
    spans: &[Span],
) -> Option<Interval> {
    // Quarters to come are calendar quarters.
    if forward && unit.code == "mo" && unit.count == 3 && spans.len() == 1 {
        let first = quarter(date, 1)?.start?;
        return Some(Interval::new(first, quarter(date, i32::try_from(count).ok()?)?.end?, Precision::Range));
    }
    // So are those that are over.
    if unit.code == "mo" && unit.count == 3 && spans.len() == 1 {
        let first = quarter(date, -i32::try_from(count).ok()?)?.start?;
        return Some(Interval::new(first, quarter(date, -1)?.end?, Precision::Range));
    }
    if forward {
        let start = shifted(date, 1.day())?;
        return Some(Interval::new(start, walked(start, spans)?, Precision::Range));
    }
    Some(Interval::new(walked(date, spans)?, date, Precision::Range))
}

/// The date moved by one span after the other.
fn walked(date: Date, spans: &[Span]) -> Option<Date> {
    spans.iter().try_fold(date, |date, span| shifted(date, *span))
}

/// "two months ago", "3 weeks later", "3 days after January 12th", 三天前, 两周后
fn distance(view: &View<'_>, at: usize, published: Option<Date>) -> Option<TimeRead> {
    // "2 next days", "10 previous weeks"
    if let Some(swapped) = swapped(view, at, published) {
        return Some(swapped);
    }
    let (number, unit, mut end) = part(view, at)?;
    let mut total = counted_spans(&number, unit)?;
    while let Some(and) = view.next_word(end).filter(|word| word.as_str() == "and") {
        let Some((more, unit, after)) = part(view, view.blanks(and.end)) else { break };
        total.push(span(unit, whole(&more)?)?);
        end = after;
    }
    let back: Vec<Span> = total.iter().map(|span| -*span).collect();
    let next = view.blanks(end);
    if let Some(word) = view.word(next) {
        return match word.as_str() {
            "ago" => Some(from(at, word.end, published, &back)),
            // "a year earlier" counts from a time that was said before.
            "earlier" => Some(read(at, word.end, None, unit_precision(unit))),
            "later" => Some(from(at, word.end, published, &total)),
            "after" | "from" | "before" => {
                let next = view.blanks(word.end);
                if let Some(now) =
                    view.word(next).filter(|now| now.as_str() == "now" && word.as_str() == "from")
                {
                    return Some(from(at, now.end, published, &total));
                }
                // "12,500 t less than a week before": before what was said.
                let closes = matches!(view.get(word.end), '\0' | '\n' | '.' | ',' | ';' | ')');
                if word.as_str() == "before" && closes {
                    return Some(read(at, word.end, None, unit_precision(unit)));
                }
                let point = super::point_at(view, next, published)?;
                // "stopped for 18 days from May 6", "twelve months from October 2023 to September 2024": a length and a time.
                let named =
                    matches!(point.said.part, super::Of::Month(_) | super::Of::Day(..) | super::Of::Year);
                let lasts =
                    view.word_before(view.blanks_back(at)).is_some_and(|(_, word)| word.as_str() == "for")
                        || !super::speaks_of_future(view, at, point.end, point.said, published);
                if word.as_str() == "from" && named && lasts && super::english::letter(view, next) {
                    return None;
                }
                let before = word.as_str() == "before";
                // What will be so long "from January 15" counts from the coming one.
                let ahead = word.as_str() == "from"
                    || !before && super::speaks_of_future(view, at, point.end, point.said, published);
                let base = point.said.resolve(published, ahead).and_then(|base| base.start);
                Some(from(at, point.end, base, if before { &back } else { &total }))
            }
            _ => None,
        };
    }
    match (view.get(next), view.get(next + 1)) {
        ('前', _) => Some(from(at, next + 1, published, &back)),
        ('之' | '以', '前') => Some(from(at, next + 2, published, &back)),
        ('后', _) => Some(from(at, next + 1, published, &total)),
        ('之' | '以', '后') => Some(from(at, next + 2, published, &total)),
        _ => None,
    }
}

/// The spans of a count and its half: "one and a half years" is a year and six months.
fn counted_spans(number: &crate::numeral::Number, unit: TimeUnit) -> Option<Vec<Span>> {
    if let Some(count) = whole(number) {
        return Some(vec![span(unit, count)?]);
    }
    let halves =
        number.value.times(rust_decimal::Decimal::TWO)?.small().filter(|_| number.bounds.is_none())?;
    let (smaller, per_half) = match (unit.code, unit.count) {
        ("a", 1) => (english_unit("month")?, 6),
        ("a", 10) => (english_unit("year")?, 5),
        _ => return None,
    };
    (1..1_000).contains(&halves).then(|| span(smaller, halves * per_half)).flatten().map(|span| vec![span])
}

fn unit_precision(unit: TimeUnit) -> Precision {
    match (unit.code, unit.count) {
        ("a", 1) => Precision::Year,
        ("mo", 1) => Precision::Month,
        ("mo", 3) => Precision::Quarter,
        ("wk", 1) => Precision::Week,
        ("d", 1) => Precision::Day,
        _ => Precision::Range,
    }
}

/// The first months of the last year of which they are over by `date`.
pub(super) fn first_months(date: Date, count: i64) -> Option<Interval> {
    let count = i8::try_from(count).ok().filter(|count| (1..=12).contains(count))?;
    [0, 1].into_iter().find_map(|back| {
        months(date.year() - back, 1, count, Precision::Range)
            .filter(|interval| interval.end.is_some_and(|end| end <= date))
    })
}

fn from(start: usize, end: usize, base: Option<Date>, spans: &[Span]) -> TimeRead {
    let date = base.and_then(|date| walked(date, spans));
    read(start, end, date.and_then(|date| day(date.year(), date.month(), date.day())), Precision::Day)
}

fn swapped(view: &View<'_>, at: usize, published: Option<Date>) -> Option<TimeRead> {
    // The word behind the count is looked at first: counts are many, such words few.
    let end = view.digits(at).map(|digits| digits.end).or_else(|| view.word(at).map(|word| word.end))?;
    direction(view.next_word(end)?.as_str())?;
    let number = crate::numeral::number_at(view, at)?;
    let word = view.next_word(number.end)?;
    let forward = direction(word.as_str())?;
    let noun = view.next_word(word.end)?;
    let unit = english_unit(noun.as_str())?;
    let count = whole(&number)?;
    let back = span(unit, if forward { count } else { -count })?;
    let interval = published.and_then(|date| window(date, unit, count, forward, &[back]));
    Some(read(at, noun.end, interval, Precision::Range))
}

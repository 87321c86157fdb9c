//! Lengths that are tied to a date: the week ended July 11, nine months to September 2024, two weeks starting tomorrow, the
//! June quarter.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use super::calendar::{Interval, Of, shifted, week};
use super::duration::{TimeUnit, english_unit, part};
use super::part::whole_months;
use super::{Point, TimeRead, english, read, year};
use crate::mention::Precision;
use crate::view::View;

/// The span that begins at `at` with its length.
pub(super) fn at(view: &View<'_>, at: usize, published: Option<Date>) -> Option<TimeRead> {
    let opened = view.word(at).filter(|word| word.as_str() == "for").map(|word| view.blanks(word.end));
    let start = opened.unwrap_or(at);
    if !countable(view, start) {
        return None;
    }
    let (count, unit, mut end) = length(view, start)?;
    if opened.is_none() && (view.get(end) == '-' || view.get(end) == '\'') {
        return None;
    }
    // "for 3 days, from today"
    if opened.is_some() && view.get(end) == ',' {
        end += 1;
    }
    let link = view.next_word(end)?;
    // "extended by one year to 10 November 2026": a length by which, and an end.
    if view.word_before(view.blanks_back(at)).is_some_and(|(_, word)| word.as_str() == "by")
        && matches!(link.as_str(), "to" | "through" | "until" | "till")
    {
        return None;
    }
    let mut next = view.blanks(link.end);
    let ahead = match link.as_str() {
        "from" if opened.is_some() => true,
        _ if opened.is_some() => return None,
        "starting" | "beginning" | "commencing" => true,
        "ended" | "ending" | "to" | "through" | "until" | "till" => false,
        _ => return None,
    };
    if let Some(filler) = view.word(next).filter(|word| matches!(word.as_str(), "on" | "in" | "from" | "at"))
    {
        next = view.blanks(filler.end);
    }
    // "the three months to the end of June": a length needs no article, the day may have one.
    let point = super::point_at(view, next, published)?;
    let before =
        point.said.resolve(published, super::speaks_of_future(view, at, point.end, point.said, published));
    let date = match link.as_str() {
        // What is over, or is counted up to, has begun; the other words go either way, and mean the nearer day.
        "ended" | "to" | "through" | "until" | "till" => before,
        _ => nearer(before, point.said.resolve(published, true), published),
    };
    let interval = date.and_then(|date| tied(date, unit, count, ahead));
    Some(read(at, point.end, interval, Precision::Range))
}

/// Of two intervals the one that begins nearer to publication.
fn nearer(first: Option<Interval>, second: Option<Interval>, published: Option<Date>) -> Option<Interval> {
    let far = |interval: Option<Interval>| Some(published?.until(interval?.start?).ok()?.get_days().abs());
    if far(second) < far(first) { second } else { first }
}

/// True if a length could begin at `at`: told from its first word, or from what stands behind its digits. Numbers are many
/// and lengths few, so that it is asked before a number is read.
pub(super) fn countable(view: &View<'_>, at: usize) -> bool {
    if let Some(digits) = view.digits(at) {
        let mut end = digits.end;
        while matches!(view.get(end), '.' | ',' | '-' | '~' | '–' | '—' | ' ')
            || view.get(end).is_ascii_digit()
        {
            end += 1;
        }
        return match view.get(end) {
            'a'..='z' => view.word(end).is_some_and(|word| counts(word.as_str())),
            '/' | '½' | '¼' | '¾' => true,
            '年' | '月' | '周' | '天' | '日' | '个' | '小' | '季' | '秒' | '分' | '钟' | '世' | '星'
            | '礼' | '半' | '多' | '余' | '几' | '万' | '亿' | '千' | '百' | '十' | '又' | '至' | '到'
            | '工' | '交' => true,
            _ => false,
        };
    }
    view.word(at).is_some_and(|word| {
        matches!(
            word.as_str(),
            "a" | "an"
                | "half"
                | "all"
                | "week"
                | "month"
                | "quarter"
                | "year"
                | "fortnight"
                | "decade"
                | "fiscal"
                | "financial"
        ) || crate::numeral::cardinal(word.as_str()).is_some()
    })
}

/// Units, and words between a number and its unit.
fn counts(word: &str) -> bool {
    english_unit(word).is_some()
        || matches!(
            word,
            "to" | "or"
                | "and"
                | "more"
                | "million"
                | "billion"
                | "thousand"
                | "hundred"
                | "dozen"
                | "business"
                | "working"
                | "trading"
                | "calendar"
                | "consecutive"
                | "next"
                | "last"
                | "past"
                | "previous"
                | "preceding"
                | "prior"
                | "recent"
                | "coming"
                | "following"
                | "upcoming"
        )
}

/// A count and a unit: "five days", "a week"; or a unit alone, which is one: "week ended".
fn length(view: &View<'_>, at: usize) -> Option<(i64, TimeUnit, usize)> {
    if let Some((number, unit, end)) = part(view, at) {
        let count = number.value.small().filter(|_| number.bounds.is_none())?;
        return (1..1_000).contains(&count).then_some((count, unit, end));
    }
    let word = view.word(at)?;
    if word.as_str() == "half" {
        let next = if view.get(word.end) == '-' { word.end + 1 } else { view.blanks(word.end) };
        let year = view.word(next).filter(|word| word.as_str() == "year")?;
        return Some((2, english_unit("quarter")?, year.end));
    }
    if matches!(word.as_str(), "fiscal" | "financial") {
        let year = view.next_word(word.end).filter(|word| word.as_str() == "year")?;
        return Some((1, english_unit("year")?, year.end));
    }
    let noun = matches!(word.as_str(), "week" | "month" | "quarter" | "year" | "fortnight" | "decade");
    Some((1, english_unit(word.as_str()).filter(|_| noun)?, word.end))
}

/// The interval of a length that begins with, or ends with, a date.
fn tied(date: Interval, unit: TimeUnit, count: i64, ahead: bool) -> Option<Interval> {
    let units = count.checked_mul(i64::from(unit.count))?;
    let moved = |date: Date, units: i64| -> Option<Date> {
        let span: Span = match unit.code {
            "d" => units.days(),
            "wk" => units.weeks(),
            "mo" => units.months(),
            "a" => units.years(),
            _ => return None,
        };
        shifted(date, span)
    };
    let (start, end) = if ahead {
        let start = date.start?;
        (start, moved(start, units)?)
    } else {
        let end = date.end?;
        // A week that ends with a business week's last day, or with the calendar week's, begins with its Monday.
        let last = shifted(end, (-1).days())?;
        if unit.code == "wk" && units == 1 && last.weekday().to_monday_zero_offset() >= 4 {
            let whole = week(last, 0)?;
            return Some(Interval { end: Some(end), ..whole });
        }
        (moved(end, -units)?, end)
    };
    Some(Interval::new(start, end, precision(start, end)))
}

/// A span of whole months may be a month, quarter, half or year of the calendar.
fn precision(start: Date, end: Date) -> Precision {
    let first = i32::from(start.month()) - 1;
    match whole_months(start, end) {
        1 => Precision::Month,
        3 if first % 3 == 0 => Precision::Quarter,
        6 if first % 6 == 0 => Precision::Half,
        12 if first == 0 => Precision::Year,
        _ => Precision::Range,
    }
}

/// "June quarter", "the September 2024 quarter": the three months that end with the month.
pub(super) fn quarter_of_month(view: &View<'_>, at: usize) -> Option<Point> {
    english::month_name(view.word(at)?.as_str())?;
    let point = english::date_at(view, at)
        .or_else(|| english::bare_month(view, at))
        .filter(|point| matches!(point.said.part, Of::Month(_)))?;
    let next = if view.get(point.end) == '-' { point.end + 1 } else { view.blanks(point.end) };
    // "June-end", "March month-end"
    if let Of::Month(month) = point.said.part
        && let Some((_, end)) = view.any_of(point.end, &["-end", " month-end", " month end", " quarter-end"])
        && view.at_edge(end)
        && view.get(end) != '-'
    {
        let (year, end) = match point.said.year {
            Some(year) => (Some(year), end),
            None => year::year_behind(view, end).map_or((None, end), |(year, end)| (Some(year), end)),
        };
        return Some(Point { end, said: super::Said { year, part: Of::LastDay(month) } });
    }
    let noun = view.word(next).filter(|word| matches!(word.as_str(), "quarter" | "half"))?;
    let half = noun.as_str() == "half";
    let mut said = point.said;
    let mut end = noun.end;
    // "the December 2024 half year"
    let next = if view.get(end) == '-' { end + 1 } else { view.blanks(end) };
    if let Some(year) =
        view.word(next).filter(|word| half && word.as_str() == "year" && view.get(word.end) != '-')
    {
        end = year.end;
    }
    if said.year.is_none()
        && let Some((year, after)) = year::year_behind(view, noun.end)
    {
        said.year = Some(year);
        end = after;
    }
    said.part = match said.part {
        Of::Month(month) if half && month % 6 == 0 => Of::Half(month / 6),
        _ if half => return None,
        Of::Month(month) if month % 3 == 0 => Of::Quarter(month / 3),
        Of::Month(month) if month > 2 => Of::Months(month - 2, month),
        _ => return None,
    };
    Some(Point { end, said })
}

/// True if "in three days" behind these words tells when something will be; "the lowest in three years" looks back.
fn will_be(view: &View<'_>, at: usize) -> bool {
    const BACK: &[&str] = &[
        "highest", "lowest", "high", "low", "time", "level", "first", "best", "worst", "most", "peak",
        "strongest", "weakest", "biggest", "largest", "steepest", "fall", "rise", "drop", "gain",
    ];
    let last = view.word_before(view.blanks_back(at));
    if last.is_some_and(|(_, word)| BACK.contains(&word.as_str())) {
        return false;
    }
    let from = at.saturating_sub(60);
    (from..at).rev().take_while(|here| !matches!(view.get(*here), '.' | ';' | '\n')).any(|here| {
        view.starts_with(here, " will ") || view.starts_with(here, "'ll ") || view.starts_with(here, " due ")
    })
}

/// "in two weeks' time": the day on which a length from publication ends.
pub(super) fn in_time(view: &View<'_>, at: usize, published: Option<Date>) -> Option<TimeRead> {
    let opened = view.word(at).filter(|word| word.as_str() == "in")?;
    let next = view.blanks(opened.end);
    if !countable(view, next) {
        return None;
    }
    let (number, unit, end) = part(view, next)?;
    let count = number.value.small().filter(|_| number.bounds.is_none())?;
    let sure = view.any_of(end, &["' time", "'s time"]).is_some_and(|(_, end)| view.at_edge(end));
    if !sure && !will_be(view, at) {
        return None;
    }
    let interval = published.and_then(|today| {
        let date = Interval { start: Some(today), end: None, precision: Precision::Day };
        let day = tied(date, unit, count, true)?.end?;
        super::calendar::day(day.year(), day.month(), day.day())
    });
    Some(read(at, end, interval, Precision::Day))
}

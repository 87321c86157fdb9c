//! Weeks and their days in English: Friday, July 11; Monday of last week; last week's Friday; the week of July 7; W28 2025.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::calendar::{Interval, Of, Said, day, iso_week, shifted, week};
use super::{Point, english, iso, nth, year};
use crate::mention::Precision;
use crate::view::View;

/// A point that is resolved already; without an interval only its precision is known.
pub(super) fn fixed(end: usize, interval: Option<Interval>, precision: Precision) -> Point {
    let interval = interval.unwrap_or_else(|| english::unknown(precision));
    Point { end, said: Said { year: None, part: Of::Fixed(interval) } }
}

/// The weekday that a word names, and whether it is written in full.
pub(super) fn weekday(word: &str) -> Option<(Weekday, bool)> {
    Some(match word {
        "monday" | "mondays" => (Weekday::Monday, true),
        "tuesday" | "tuesdays" => (Weekday::Tuesday, true),
        "wednesday" | "wednesdays" => (Weekday::Wednesday, true),
        "thursday" | "thursdays" => (Weekday::Thursday, true),
        "friday" | "fridays" => (Weekday::Friday, true),
        "saturday" | "saturdays" => (Weekday::Saturday, true),
        "sunday" | "sundays" => (Weekday::Sunday, true),
        "mon" => (Weekday::Monday, false),
        "tue" | "tues" => (Weekday::Tuesday, false),
        "wed" | "weds" => (Weekday::Wednesday, false),
        "thu" | "thur" | "thurs" => (Weekday::Thursday, false),
        "fri" => (Weekday::Friday, false),
        "sat" => (Weekday::Saturday, false),
        "sun" => (Weekday::Sunday, false),
        _ => return None,
    })
}

/// The last such weekday, the day of publication included.
pub(super) fn last_weekday(date: Date, weekday: Weekday) -> Option<Interval> {
    let back = weekday.until(date.weekday());
    let date = shifted(date, (-i32::from(back)).days())?;
    day(date.year(), date.month(), date.day())
}

/// A weekday at `at`, with the date or the week that it belongs to.
pub(super) fn at(view: &View<'_>, at: usize, published: Option<Date>) -> Option<Point> {
    let word = view.word(at)?;
    if matches!(word.as_str(), "w" | "wk") {
        return numbered(view, word.end);
    }
    let (weekday, full) = weekday(word.as_str()).filter(|(_, full)| *full || view.raw(at).is_uppercase())?;
    let dot = !full && view.get(word.end) == '.';
    let end = if dot { word.end + 1 } else { word.end };
    let mut next = view.blanks(end);
    let mark = view.get(next);
    if matches!(mark, ',' | '(') {
        next = view.blanks(next + 1);
    }
    if let Some(date) = date_of(view, next, published).filter(|_| next > end) {
        let date = on_weekday(date, weekday, published);
        if mark == '(' {
            let closed = view.get(date.end) == ')';
            return closed
                .then_some(Point { end: date.end + 1, ..date })
                .or_else(|| full.then(|| recent(end, weekday, published)));
        }
        return Some(date);
    }
    if !matches!(mark, ',' | '(')
        && let Some(point) = in_week(view, next, weekday, published)
    {
        return Some(point);
    }
    full.then(|| recent(word.end, weekday, published))
}

fn recent(end: usize, weekday: Weekday, published: Option<Date>) -> Point {
    fixed(end, published.and_then(|date| last_weekday(date, weekday)), Precision::Day)
}

/// The day of a month behind a weekday: July 11, 22 of April, the 18th, 11/7/2025.
fn date_of(view: &View<'_>, at: usize, published: Option<Date>) -> Option<Point> {
    [iso::date_at(view, at), english::date_at(view, at), nth::at(view, at, published), the_day(view, at)]
        .into_iter()
        .flatten()
        .filter(|point| matches!(point.said.part, Of::Day(..) | Of::DayOnly(_)))
        .max_by_key(|point| point.end)
}

/// "Friday the 18th": in the month nearest to publication in which the day is one.
fn on_weekday(point: Point, weekday: Weekday, published: Option<Date>) -> Point {
    let (Of::DayOnly(number), Some(today)) = (point.said.part, published) else { return point };
    let month = [0, -1, 1, -2, 2].into_iter().find_map(|offset: i32| {
        let month = shifted(today.first_of_month(), offset.months())?;
        Date::new(month.year(), month.month(), number).ok().filter(|date| date.weekday() == weekday)
    });
    match month {
        Some(date) => fixed(point.end, day(date.year(), date.month(), date.day()), Precision::Day),
        None => point,
    }
}

/// "the 18th" behind a weekday.
fn the_day(view: &View<'_>, at: usize) -> Option<Point> {
    let article = view.word(at).filter(|word| word.as_str() == "the");
    let start = article.map_or(at, |word| view.blanks(word.end));
    let (number, end) = nth::ordinal_at(view, start).filter(|_| view.get(start).is_ascii_digit())?;
    Some(Point { end, said: Said { year: None, part: Of::DayOnly(number) } })
}

/// "of last week", "next week" behind a weekday.
fn in_week(view: &View<'_>, at: usize, weekday: Weekday, published: Option<Date>) -> Option<Point> {
    let mut next = at;
    for skipped in ["of", "in", "the"] {
        if let Some(word) = view.word(next).filter(|word| word.as_str() == skipped) {
            next = view.blanks(word.end);
        }
    }
    let first = view.word(next)?;
    let opens = matches!(
        first.as_str(),
        "week" | "this" | "last" | "next" | "previous" | "following" | "coming" | "current" | "same" | "past"
    );
    let point = opens.then(|| super::plain_point(view, next, published))??;
    let Of::Fixed(interval) = point.said.part else { return None };
    (interval.precision == Precision::Week)
        .then(|| fixed(point.end, day_of(interval, weekday), Precision::Day))
}

/// The day of a week.
fn day_of(interval: Interval, weekday: Weekday) -> Option<Interval> {
    let date = shifted(interval.start?, i32::from(weekday.to_monday_zero_offset()).days())?;
    day(date.year(), date.month(), date.day())
}

/// "previous week - Monday", "1st week of Oct. on Friday", "last week's Friday": the day that is said behind its week.
pub(super) fn with_day(view: &View<'_>, point: Point) -> Point {
    let Of::Fixed(interval) = point.said.part else { return point };
    if interval.precision != Precision::Week {
        return point;
    }
    let mut next = view.blanks(point.end);
    if view.starts_with(point.end, "'s ") {
        next = point.end + 3;
    } else if view.get(next) == '-' && view.get(next + 1) == ' ' {
        next = view.blanks(next + 1);
    } else if let Some(on) = view.word(next).filter(|word| word.as_str() == "on") {
        next = view.blanks(on.end);
    }
    let found = view.word(next).filter(|_| next > point.end).and_then(|word| {
        let (weekday, full) = weekday(word.as_str())?;
        full.then(|| fixed(word.end, day_of(interval, weekday), Precision::Day))
    });
    // "last week Monday's data": the possessive belongs to the day alone.
    found.filter(|found| view.get(found.end) != '\'').unwrap_or(point)
}

/// 8月4日当周: the week around a day.
pub(super) fn around(view: &View<'_>, point: Point, published: Option<Date>) -> Option<Point> {
    let (_, end) = view.any_of(point.end, &["当周", "那周", "所在周"])?;
    if !matches!(point.said.part, Of::Day(..)) {
        return None;
    }
    let around = |future: bool| {
        let start = point.said.resolve(published, future).and_then(|day| day.start);
        start.and_then(|start| week(start, 0))
    };
    // A report of Thursday may name the Friday of its own week.
    let own = around(true).filter(|week| {
        published.is_some_and(|today| {
            week.start.is_some_and(|start| start <= today) && week.end.is_some_and(|end| today < end)
        })
    });
    Some(fixed(end, own.or_else(|| around(false)), Precision::Week))
}

/// "W28 2025", "W28'25": the number of a week with its year.
fn numbered(view: &View<'_>, end: usize) -> Option<Point> {
    let digits = view.digits(end).filter(|digits| digits.count <= 2)?;
    let number = i8::try_from(digits.value).ok()?;
    let (year, end) = year::year_of(view, digits.end)?;
    iso_week(year, number).map(|interval| fixed(end, Some(interval), Precision::Week))
}

/// "2025-W28", "2025W28": the number of a week behind its year.
pub(super) fn behind_year(view: &View<'_>, year: i16, end: usize) -> Option<Point> {
    let start = if view.get(end) == '-' { end + 1 } else { view.blanks(end) };
    let mark = view.word(start).filter(|word| matches!(word.as_str(), "w" | "wk"))?;
    let digits = view.digits(mark.end).filter(|digits| digits.count <= 2)?;
    let number = i8::try_from(digits.value).ok()?;
    let closed = !view.get(digits.end).is_ascii_alphanumeric();
    iso_week(year, number).filter(|_| closed).map(|week| fixed(digits.end, Some(week), Precision::Week))
}

/// "week 31", "week 3 of 2027", "week of July 7"
pub(super) fn after_noun(view: &View<'_>, end: usize, published: Option<Date>) -> Option<Point> {
    let next = view.blanks(end);
    if let Some(of) = view.word(next).filter(|word| word.as_str() == "of") {
        let next = view.blanks(of.end);
        let date = super::plain_point(view, next, published)
            .or_else(|| the_day(view, next))
            .filter(|point| matches!(point.said.part, Of::Day(..) | Of::DayOnly(_)))?;
        let start = date.said.resolve(published, false).and_then(|day| day.start);
        return Some(fixed(date.end, start.and_then(|start| week(start, 0)), Precision::Week));
    }
    let digits = view.digits(next).filter(|digits| (1..=53).contains(&digits.value))?;
    let number = i8::try_from(digits.value).ok()?;
    let (year, end) = match year::year_behind(view, digits.end) {
        Some((year, end)) => (Some(year), end),
        None => (published.map(|date| date.year()), digits.end),
    };
    Some(fixed(end, year.and_then(|year| iso_week(year, number)), Precision::Week))
}

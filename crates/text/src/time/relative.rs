//! Times that English words name from the day of publication: today, last month, next Friday, the week before last.

use jiff::ToSpan;
use jiff::civil::Date;

use super::calendar::{self, Interval, Of, Said, day, months, shifted, years};
use super::week::{self, fixed};
use super::{Point, english};
use crate::mention::Precision;
use crate::view::View;

pub(super) fn offset_day(published: Option<Date>, offset: i32) -> Option<Interval> {
    let date = shifted(published?, offset.days())?;
    day(date.year(), date.month(), date.day())
}

/// English words that name a point of time by themselves, and may be an end of a range.
pub(super) fn named_at(view: &View<'_>, at: usize, published: Option<Date>) -> Option<Point> {
    let word = view.word(at)?;
    english_name(view, at, word.as_str(), word.end, published)
}

pub(super) fn quarter(date: Date, offset: i32) -> Option<Interval> {
    let index = i32::from(date.year()) * 4 + i32::from(date.month() - 1) / 3 + offset;
    let year = i16::try_from(index.div_euclid(4)).ok()?;
    let number = i8::try_from(index.rem_euclid(4)).ok()?;
    months(year, number * 3 + 1, number * 3 + 3, Precision::Quarter)
}

fn english_name(
    view: &View<'_>,
    at: usize,
    word: &str,
    end: usize,
    published: Option<Date>,
) -> Option<Point> {
    match word {
        "tonight" => return Some(fixed(end, offset_day(published, 0), Precision::Day)),
        "today" => return Some(fixed(end, offset_day(published, 0), Precision::Day)),
        "yesterday" => return Some(fixed(end, offset_day(published, -1), Precision::Day)),
        "tomorrow" => return Some(fixed(end, offset_day(published, 1), Precision::Day)),
        "current" => {
            if let Some((_, end)) = view.any_of(at, &["current date"]) {
                return Some(fixed(end, offset_day(published, 0), Precision::Day));
            }
        }
        "week" => return week::after_noun(view, end, published),
        "the" => return beyond(view, at, published),
        _ => {}
    }
    let offset = match word {
        "this" | "current" => 0,
        "last" | "previous" | "past" | "preceding" | "prior" => -1,
        "next" | "coming" | "following" | "upcoming" => 1,
        _ => return None,
    };
    let next = view.blanks(end);
    if view.get(next).is_ascii_digit() && next > end {
        return month_and_day(view, next, offset, published);
    }
    let noun = view.word(next)?;
    let name = noun.as_str();
    // "this time last year"
    if word == "this"
        && let Some((_, end)) = view.any_of(next, &["time last year", "time a year ago"])
        && view.at_edge(end)
    {
        let day_then = published.and_then(|date| shifted(date, (-1).year()));
        let interval = day_then.and_then(|date| day(date.year(), date.month(), date.day()));
        return Some(fixed(end, interval, Precision::Day));
    }
    // "this morning's session"
    if word == "this" && matches!(name, "morning" | "afternoon" | "evening") {
        return Some(fixed(noun.end, offset_day(published, 0), Precision::Day));
    }
    // "the previous day"; "last day" and "this day" are other things.
    if name == "day" && matches!(word, "previous" | "preceding" | "prior" | "next" | "following") {
        return Some(fixed(noun.end, offset_day(published, offset), Precision::Day));
    }
    // "the past decade", "the past year" and their like are windows.
    let unit = calendar_unit(name, offset, published)
        .filter(|_| word != "past" || !matches!(name, "decade" | "year" | "month" | "week"));
    if let Some((interval, precision)) = unit {
        // "last year's same period", "last year same period"
        let same = ["'s same period", "’s same period", " same period", "'s corresponding period"];
        if name == "year"
            && offset == -1
            && let Some((_, end)) = view.any_of(noun.end, &same).filter(|(_, end)| view.at_edge(*end))
        {
            return Some(fixed(end, interval, Precision::Range));
        }
        if name == "year"
            && let Some(point) = part_behind(view, noun.end, interval)
        {
            return Some(point);
        }
        // "this quarter-end", "last year-on-year"
        return Some(fixed(noun.end, interval, precision));
    }
    if let Some((_, end)) = view.any_of(next, &["fiscal year", "financial year"]) {
        return Some(fixed(end, None, Precision::Year));
    }
    if let Some(month) = english::month_name(name).filter(|_| view.raw(next).is_ascii_uppercase()) {
        let year = published.map(|date| month_year(date, month, offset));
        return Some(Point { end: noun.end, said: Said { year, part: Of::Month(month) } });
    }
    let (weekday, _) = week::weekday(name).filter(|(_, full)| *full)?;
    let date = published
        .and_then(|date| calendar::week(date, offset)?.start)
        .and_then(|start| shifted(start, i32::from(weekday.to_monday_zero_offset()).days()));
    let interval = date.and_then(|date| day(date.year(), date.month(), date.day()));
    Some(fixed(noun.end, interval, Precision::Day))
}

/// "last year's third quarter", "last year first half", "this year's June": the part that is said behind its year.
fn part_behind(view: &View<'_>, end: usize, year: Option<Interval>) -> Option<Point> {
    let next = view.any_of(end, &["'s ", "’s ", " "]).map(|(_, next)| next)?;
    let month = || {
        english::bare_month(view, next)
            .filter(|_| view.before(next - 1) == 's' && view.raw(next).is_uppercase())
    };
    let point = super::ordinal::part_at(view, next).or_else(month).filter(|point| {
        point.said.year.is_none() && !matches!(point.said.part, Of::Fixed(_) | Of::Day(..))
    })?;
    match year.and_then(|year| year.start) {
        Some(start) => Some(Point { end: point.end, said: Said { year: Some(start.year()), ..point.said } }),
        None => Some(fixed(point.end, None, super::precision_of(point.said))),
    }
}

/// "this 5/12", "next 5/19": a day of this, the last or the next year.
fn month_and_day(view: &View<'_>, at: usize, offset: i32, published: Option<Date>) -> Option<Point> {
    let point = super::iso::short_date(view, at)?;
    let year = published.map(|date| date.year() + offset as i16);
    Some(match year {
        Some(year) => Point { said: Said { year: Some(year), ..point.said }, ..point },
        None => fixed(point.end, None, Precision::Day),
    })
}

/// The year of "last June", "this June", "next June".
fn month_year(date: Date, month: i8, offset: i32) -> i16 {
    let passed = month < date.month();
    match offset {
        0 => date.year(),
        offset if passed == (offset < 0) => date.year(),
        offset => date.year() + offset as i16,
    }
}

/// The calendar unit that a noun names, so many units from the one around publication.
pub(super) fn calendar_unit(
    noun: &str,
    offset: i32,
    published: Option<Date>,
) -> Option<(Option<Interval>, Precision)> {
    let on = |make: &dyn Fn(Date) -> Option<Interval>| published.and_then(make);
    Some(match noun {
        "week" => (on(&|date| calendar::week(date, offset)), Precision::Week),
        "workweek" => (on(&|date| part_of_week(date, offset, 0, 5)), Precision::Range),
        "weekend" => (on(&|date| part_of_week(date, offset, 5, 2)), Precision::Range),
        "month" => (
            on(&|date| {
                let date = shifted(date.first_of_month(), offset.months())?;
                months(date.year(), date.month(), date.month(), Precision::Month)
            }),
            Precision::Month,
        ),
        "quarter" => (on(&|date| quarter(date, offset)), Precision::Quarter),
        "year" => (
            on(&|date| years(date.year() + i16::try_from(offset).ok()?, 1, Precision::Year)),
            Precision::Year,
        ),
        "decade" => (
            on(&|date| {
                let first = date.year() - date.year().rem_euclid(10);
                years(first + 10 * i16::try_from(offset).ok()?, 10, Precision::Decade)
            }),
            Precision::Decade,
        ),
        _ => return None,
    })
}

/// Some days of the week that lies `offset` weeks from the one around `date`.
fn part_of_week(date: Date, offset: i32, first: i32, count: i32) -> Option<Interval> {
    let start = shifted(calendar::week(date, offset)?.start?, first.days())?;
    calendar::days(start, count)
}

/// "the day after tomorrow", "the day before yesterday", "the week after next", "the weekend".
fn beyond(view: &View<'_>, at: usize, published: Option<Date>) -> Option<Point> {
    let noun = view.next_word(at + 3)?;
    if !matches!(noun.as_str(), "day" | "week" | "month" | "year" | "quarter" | "weekend") {
        return None;
    }
    let (name, end) = view
        .any_of(
            at,
            &[
                "the day after tomorrow",
                "the day before yesterday",
                "the week after next",
                "the week before last",
                "the month after next",
                "the month before last",
                "the year after next",
                "the year before last",
                "the quarter before last",
                "the day before",
                "the week before",
                "the month before",
                "the quarter before",
                "the year before",
                "the weekend",
            ],
        )
        .filter(|(_, end)| view.at_edge(*end))?;
    let offset = if name.contains("before") { -2 } else { 2 };
    match name {
        "the day after tomorrow" | "the day before yesterday" => {
            Some(fixed(end, offset_day(published, offset), Precision::Day))
        }
        // Before what is said behind it, or else the day before this one.
        "the day before" => {
            let closed = matches!(view.get(end), '\0' | '\n' | '.' | ',' | ';' | ')' | '?');
            closed.then(|| fixed(end, offset_day(published, -1), Precision::Day))
        }
        "the week before" | "the month before" | "the quarter before" | "the year before" => {
            let closed = matches!(view.get(end), '\0' | '\n' | '.' | ',' | ';' | ')' | '?')
                || view.get(view.blanks(end)).is_ascii_digit();
            let (interval, precision) = calendar_unit(name.split(' ').nth(1)?, -1, published)?;
            closed.then(|| fixed(end, interval, precision))
        }
        "the weekend" => {
            let last = published.and_then(|date| {
                let back = if date.weekday().to_monday_zero_offset() >= 5 { 0 } else { -1 };
                part_of_week(date, back, 5, 2)
            });
            Some(fixed(end, last, Precision::Range))
        }
        _ => {
            let noun = name.split(' ').nth(1)?;
            let (interval, precision) = calendar_unit(noun, offset, published)?;
            Some(fixed(end, interval, precision))
        }
    }
}

//! What is counted in order: the first Friday of June, second week of October, the 28th week of 2025, the 27th,
//! the nineteenth century, the 14th Five-Year Plan.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::calendar::{Interval, Of, Said, day, months, shifted, week, years};
use super::duration::{TimeUnit, english_unit};
use super::{Point, english, week as weeks, year};
use crate::mention::Precision;
use crate::numeral::ordinal;
use crate::view::View;

/// An ordinal from 1 to 31 at `at`, in digits with their suffix or in words, with the index behind it.
pub(super) fn ordinal_at(view: &View<'_>, at: usize) -> Option<(i8, usize)> {
    if let Some(digits) = view.digits(at) {
        let suffix = view.word(digits.end)?;
        let known = matches!(suffix.as_str(), "st" | "nd" | "rd" | "th");
        let number = i8::try_from(digits.value).ok()?;
        return (known && digits.count <= 2 && number > 0).then_some((number, suffix.end));
    }
    let word = view.word(at)?;
    let tens = match word.as_str() {
        "twenty" => 20,
        "thirty" => 30,
        other => return Some((unit_ordinal(other)?, word.end)),
    };
    let next = if view.get(word.end) == '-' { word.end + 1 } else { view.blanks(word.end) };
    let unit = view.word(next)?;
    let number = unit_ordinal(unit.as_str()).filter(|number| *number < 10)?;
    Some((tens + number, unit.end))
}

/// Ordinals that are one word and name a day, or the last part of one.
fn unit_ordinal(word: &str) -> Option<i8> {
    let number = ordinal(word).filter(|number| *number <= 20 || *number == 30)?;
    i8::try_from(number).ok()
}

/// The time at `at` that is named by its place in an order.
pub(super) fn at(view: &View<'_>, at: usize, published: Option<Date>) -> Option<Point> {
    let mut start = at;
    let article = view.word(at).filter(|word| word.as_str() == "the");
    if let Some(article) = article {
        start = view.blanks(article.end);
    }
    let (number, end) = match ordinal_at(view, start) {
        Some(found) => found,
        None => {
            let word = view.word(start).filter(|word| matches!(word.as_str(), "last" | "final"))?;
            (-1, word.end)
        }
    };
    let next = if view.get(end) == '-' { end + 1 } else { view.blanks(end) };
    if article.is_none()
        && let Some(point) = named(view, number, next)
    {
        return Some(point);
    }
    let Some(noun) = view.word(next) else {
        return article.and_then(|_| bare(view, at, start, number, end));
    };
    if noun.as_str() == "of" && number > 0 {
        return day_of_month(view, number, noun.end);
    }
    if let Some((weekday, _)) = weeks::weekday(noun.as_str()) {
        let whole = period(view, noun.end, published)?;
        let interval = whole.1.and_then(|whole| nth_weekday(whole, weekday, number));
        return Some(weeks::fixed(whole.0, interval, Precision::Day));
    }
    match english_unit(noun.as_str()) {
        Some(unit) if matches!(unit.code, "d" | "wk" | "mo") && unit.count == 1 => {
            let whole = period(view, noun.end, published)?;
            let interval = whole.1.and_then(|whole| nth_unit(whole, unit, number));
            let precision = match unit.code {
                "d" => Precision::Day,
                "wk" => Precision::Week,
                _ => Precision::Month,
            };
            Some(weeks::fixed(whole.0, interval, precision))
        }
        _ => article.and_then(|_| bare(view, at, start, number, end)),
    }
}

/// "of June", "in the quarter": the period within which is counted, with the index behind it.
fn period(view: &View<'_>, end: usize, published: Option<Date>) -> Option<(usize, Option<Interval>)> {
    let of = view.next_word(end).filter(|word| matches!(word.as_str(), "of" | "in"))?;
    let next = view.blanks(of.end);
    let point = super::point_at(view, next, published).or_else(|| this_unit(view, next, published))?;
    Some((point.end, point.said.resolve(published, false)))
}

/// "the year", "the month": the one in which publication lies.
pub(super) fn this_unit(view: &View<'_>, at: usize, published: Option<Date>) -> Option<Point> {
    let article = view.word(at).filter(|word| word.as_str() == "the")?;
    let noun = view.next_word(article.end)?;
    let (interval, precision) = super::relative::calendar_unit(noun.as_str(), 0, published)?;
    Some(weeks::fixed(noun.end, interval, precision))
}

/// Counts and names that have no day: the 19th century, 14th Five-Year Plan.
fn named(view: &View<'_>, number: i8, next: usize) -> Option<Point> {
    let noun = view.word(next).filter(|_| number > 0)?;
    match noun.as_str() {
        // A name of films and cars.
        "century" if view.next_word(noun.end).is_some_and(|next| next.as_str() == "fox") => None,
        "century" if number <= 30 && view.get(view.blanks(noun.end)) != '-' => {
            let interval = years(i16::from(number) * 100 - 99, 100, Precision::Range);
            Some(weeks::fixed(noun.end, interval, Precision::Range))
        }
        "fiscal" => {
            let (_, end) = view.any_of(next, &["fiscal quarter", "fiscal half"]).filter(|_| number <= 4)?;
            let end = year::year_behind(view, end).map_or(end, |(_, end)| end);
            Some(weeks::fixed(end, None, Precision::Quarter))
        }
        "five" => {
            let (_, end) = view.any_of(
                next,
                &["five-year plan period", "five-year plan", "five year plan period", "five year plan"],
            )?;
            Some(weeks::fixed(end, five_year_plan(number), Precision::Range))
        }
        _ => None,
    }
}

/// The years of China's five-year plans: the first from 1953, the second from 1958, the third from 1966, and from then on
/// without a break.
pub(super) fn five_year_plan(number: i8) -> Option<Interval> {
    let first = match number {
        1 | 2 => 1948 + 5 * i16::from(number),
        _ => 1951 + 5 * i16::from(number),
    };
    years(first, 5, Precision::Range).filter(|_| (1..=40).contains(&number))
}

/// "of June 2025" behind an ordinal.
fn day_of_month(view: &View<'_>, number: i8, end: usize) -> Option<Point> {
    let word = view.next_word(end)?;
    let month = english::month_name(word.as_str())?;
    let (year, end) =
        year::year_behind(view, word.end).map_or((None, word.end), |(year, end)| (Some(year), end));
    Some(Point { end, said: Said { year, part: Of::Day(month, number) } })
}

/// "on the 27th": a day of a month that is not said, where nothing is counted behind it.
fn bare(view: &View<'_>, at: usize, start: usize, number: i8, end: usize) -> Option<Point> {
    let opened = matches!(view.before(at), '\0' | '\n')
        || view.word_before(view.blanks_back(at)).is_some_and(|(_, word)| {
            matches!(word.as_str(), "on" | "by" | "until" | "till" | "since" | "from" | "to" | "through")
        });
    let closed = matches!(view.get(view.blanks(end)), '\0' | '\n' | ',' | '.' | ';' | ')' | '-' | '–')
        || view.next_word(end).is_some_and(|word| {
            matches!(
                word.as_str(),
                "and"
                    | "to"
                    | "at"
                    | "but"
                    | "as"
                    | "after"
                    | "when"
                    | "with"
                    | "through"
                    | "it"
                    | "they"
                    | "the"
                    | "its"
                    | "by"
                    | "from"
                    | "which"
                    | "while"
                    | "prices"
                    | "that"
            )
        });
    let day = view.get(start).is_ascii_digit() && (1..=31).contains(&number) && opened && closed;
    day.then_some(Point { end, said: Said { year: None, part: Of::DayOnly(number) } })
}

/// The first, second, ... or last such weekday of an interval.
pub(super) fn nth_weekday(whole: Interval, weekday: Weekday, number: i8) -> Option<Interval> {
    let (start, end) = (whole.start?, whole.end?);
    let date = if number < 0 {
        let last = shifted(end, (-1).days())?;
        let back = weekday.until(last.weekday());
        shifted(last, (-i32::from(back)).days())?
    } else {
        let ahead = start.weekday().until(weekday);
        shifted(start, (i32::from(ahead) + 7 * (i32::from(number) - 1)).days())?
    };
    (date >= start && date < end).then(|| day(date.year(), date.month(), date.day()))?
}

/// The first, second, ... or last week of an interval: those whose Thursday lies in it (ISO 8601).
pub(super) fn nth_week(whole: Interval, number: i8) -> Option<Interval> {
    let (start, end) = (whole.start?, whole.end?);
    let thursday = |week: Interval| shifted(week.start?, 3.days());
    let found = if number < 0 {
        let last = shifted(end, (-1).days())?;
        let offset = if thursday(week(last, 0)?)? < end { 0 } else { -1 };
        week(last, offset)?
    } else {
        let skip = i32::from(thursday(week(start, 0)?)? < start);
        week(start, i32::from(number) - 1 + skip)?
    };
    let inside = thursday(found)?;
    (inside >= start && inside < end).then_some(found)
}

/// The first, second, ... or last day, week or month of an interval.
pub(super) fn nth_unit(whole: Interval, unit: TimeUnit, number: i8) -> Option<Interval> {
    let (start, end) = (whole.start?, whole.end?);
    let index = i32::from(number) - 1;
    let found = match unit.code {
        "d" => {
            let date = if number < 0 { shifted(end, (-1).days())? } else { shifted(start, index.days())? };
            day(date.year(), date.month(), date.day())?
        }
        "wk" => return nth_week(whole, number),
        _ => {
            let date =
                if number < 0 { shifted(end, (-1).months())? } else { shifted(start, index.months())? };
            months(date.year(), date.month(), date.month(), Precision::Month)?
        }
    };
    (found.start? >= start && found.end? <= end).then_some(found)
}

//! Parts of a period in English: early 2025, mid-July, late last year, the end of March, the rest of the week, later this
//! month.

use jiff::ToSpan;
use jiff::civil::Date;

use super::calendar::{Interval, Of, Said, shifted, years};
use super::week::fixed;
use super::{Point, english, nth, year};
use crate::mention::Precision;
use crate::view::View;

/// Which part of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Early,
    Mid,
    Late,
}

/// "early 2025", "mid-July", "late in the year", "earlier this week", "the rest of 2025"
pub(super) fn at(view: &View<'_>, at: usize, published: Option<Date>) -> Option<Point> {
    let word = view.word(at)?;
    let part = match word.as_str() {
        "early" => Part::Early,
        "mid" | "middle" => Part::Mid,
        "late" => Part::Late,
        "earlier" | "later" => return side(view, word.as_str() == "later", word.end, published),
        "rest" | "remainder" => {
            let of = view.next_word(word.end).filter(|word| word.as_str() == "of")?;
            return side(view, true, of.end, published);
        }
        _ => return None,
    };
    if let Some(point) = two_parts(view, part, word.end) {
        return Some(point);
    }
    let mut next = if view.get(word.end) == '-' { word.end + 1 } else { view.blanks(word.end) };
    // "the late ten days of July"
    if let Some((_, end)) = view.any_of(next, &["ten days of "]) {
        next = end;
    }
    if let Some(of) = view.word(next).filter(|word| matches!(word.as_str(), "in" | "of")) {
        next = view.blanks(of.end);
    }
    // "mid-" is also written of the day, of size and of streams: only a period that is plainly one counts.
    let point = period(view, next, published)?;
    let interval = point.said.resolve(published, false).and_then(|whole| cut(whole, part));
    let fits = match point.said.part {
        Of::Year | Of::Month(_) | Of::Quarter(_) | Of::Half(_) => true,
        Of::Fixed(interval) => interval.precision != Precision::Day,
        _ => false,
    };
    if !fits {
        return None;
    }
    // The year that a month leaves out may hang on words further on, so that it stays as it was said.
    match point.said.part {
        Of::Month(month) => {
            Some(Point { end: point.end, said: Said { year: point.said.year, part: part.of_month(month) } })
        }
        _ if interval_is_year(&point, published) => Some(fixed(
            point.end,
            point.said.resolve(published, false).and_then(|year| part.of_year(year)),
            Precision::Range,
        )),
        _ => Some(fixed(point.end, interval, Precision::Range)),
    }
}

/// "early and mid August", "mid- to late July", "early to mid-September": two parts of one month that follow each other.
fn two_parts(view: &View<'_>, first: Part, end: usize) -> Option<Point> {
    let mut next = if view.get(end) == '-' { end + 1 } else { end };
    next = view.any_of(next, &[" and ", " to ", "to-", "and-"])?.1;
    let word = view.word(next)?;
    let days = match (first, word.as_str()) {
        (Part::Early, "mid" | "middle") => (1, 20),
        (Part::Mid, "late") => (11, 31),
        _ => return None,
    };
    let start = if view.get(word.end) == '-' { word.end + 1 } else { view.blanks(word.end) };
    let month = english::bare_month(view, start).filter(|_| view.raw(start).is_uppercase())?;
    let Of::Month(number) = month.said.part else { return None };
    let (year, end) =
        year::year_behind(view, month.end).map_or((None, month.end), |(year, end)| (Some(year), end));
    Some(Point { end, said: Said { year, part: Of::Within(number, days.0, days.1) } })
}

/// A period behind "early" and its like: with a bare year, and "the year" for this one.
fn period(view: &View<'_>, at: usize, published: Option<Date>) -> Option<Point> {
    let year = year::year_number(view, at)
        .filter(|(year, _)| (1500..2100).contains(year))
        .map(|(year, end)| Point { end, said: Said { year: Some(year), part: Of::Year } });
    super::plain_point(view, at, published)
        .into_iter()
        .chain(year)
        .max_by_key(|point| point.end)
        .or_else(|| nth::this_unit(view, at, published))
}

/// "later this month" begins, "earlier this year" ends, with publication.
fn side(view: &View<'_>, later: bool, end: usize, published: Option<Date>) -> Option<Point> {
    let next = view.blanks(end);
    let next =
        view.word(next).filter(|word| word.as_str() == "in").map_or(next, |word| view.blanks(word.end));
    let point = period(view, next, published)?;
    let Some(whole) = point.said.resolve(published, later) else {
        return Some(fixed(point.end, None, Precision::Range));
    };
    if whole.precision == Precision::Day {
        return None;
    }
    let (start, stop) = (whole.start?, whole.end?);
    let today = published.filter(|today| *today >= start && *today < stop);
    let interval = match (today, later) {
        (Some(today), true) => Interval::new(today, stop, Precision::Range),
        (Some(today), false) if today > start => Interval::new(start, today, Precision::Range),
        _ => whole,
    };
    Some(fixed(point.end, Some(interval), Precision::Range))
}

/// True for one calendar year.
fn interval_is_year(point: &Point, published: Option<Date>) -> bool {
    let whole = point.said.resolve(published, false);
    whole.is_some_and(|whole| {
        whole.start.zip(whole.end).is_some_and(|(start, end)| whole_months(start, end) == 12)
    })
}

impl Part {
    /// The first quarter, the two months around the middle, or the last quarter of a year.
    fn of_year(self, whole: Interval) -> Option<Interval> {
        let start = whole.start?;
        let (from, to) = match self {
            Part::Early => (0, 3),
            Part::Mid => (5, 7),
            Part::Late => (9, 12),
        };
        Some(Interval::new(shifted(start, from.months())?, shifted(start, to.months())?, Precision::Range))
    }

    /// The first, the middle or the last ten days of a month.
    fn of_month(self, month: i8) -> Of {
        match self {
            Part::Early => Of::Within(month, 1, 10),
            Part::Mid => Of::Within(month, 11, 20),
            Part::Late => Of::Within(month, 21, 31),
        }
    }
}

/// The early half, the middle half or the late half of a period that is no year and no month.
fn cut(whole: Interval, part: Part) -> Option<Interval> {
    let (start, end) = (whole.start?, whole.end?);
    let quarter = |count: i32| -> Option<Date> {
        let months = whole_months(start, end);
        if months > 0 && months % 4 == 0 {
            return shifted(start, (months / 4 * count).months());
        }
        let days = start.until(end).ok()?.get_days();
        shifted(start, (days * count / 4).days())
    };
    let (start, end) = match part {
        Part::Early => (start, quarter(2)?),
        Part::Mid => (quarter(1)?, quarter(3)?),
        Part::Late => (quarter(2)?, end),
    };
    (start < end).then(|| Interval::new(start, end, Precision::Range))
}

/// How many months lie between two days, if both are the first of a month; else none.
pub(super) fn whole_months(start: Date, end: Date) -> i32 {
    if start.day() != 1 || end.day() != 1 {
        return 0;
    }
    (i32::from(end.year()) - i32::from(start.year())) * 12 + i32::from(end.month()) - i32::from(start.month())
}

/// "the end of 2008", "the middle of March", "end-June", "the start of the year", "year-end 2024": which third, and of what.
pub(super) fn edge(view: &View<'_>, at: usize, published: Option<Date>) -> Option<(Point, i8)> {
    if !matches!(view.get(at), 't' | 'e' | 's' | 'b' | 'y' | 'c') {
        return None;
    }
    if let Some((_, after)) = view.any_of(at, &["year-end ", "year end "])
        && let Some((year, end)) = year::year_number(view, view.blanks(after))
    {
        return Some((Point { end, said: Said { year: Some(year), part: Of::Year } }, 3));
    }
    // "before year-end", but not "the year-end price".
    if let Some((_, end)) = view.any_of(at, &["year-end", "year end"])
        && stands_alone(view, end)
    {
        return Some((Point { end, said: Said { year: None, part: Of::LastDay(12) } }, 3));
    }
    let (name, after) = view.any_of(
        at,
        &[
            "the end of ", "the middle of ", "the beginning of ", "the start of ", "end of ", "start of ",
            "beginning of ", "end-of-", "turn of ", "close of ", "the turn of ", "the close of ", "end-",
            "end ",
        ],
    )?;
    // "the middle of August" are its middle ten days, unless it ends a range.
    let ends_range = || {
        view.word_before(view.blanks_back(at))
            .is_some_and(|(_, word)| matches!(word.as_str(), "to" | "until" | "till" | "between"))
    };
    if name.contains("middle") && !ends_range() {
        return None;
    }
    let next = view.blanks(after);
    // "than beginning of year": the article is left out.
    let bare_year = view.word(next).filter(|word| word.as_str() == "year" && stands_alone(view, word.end));
    let point = match bare_year {
        Some(year) => {
            let interval = published.and_then(|date| years(date.year(), 1, Precision::Year));
            fixed(year.end, interval, Precision::Year)
        }
        None => period(view, next, published)?,
    };
    // "end 2024" says a month or a year; anything else behind a bare "end" is another sentence.
    if matches!(name, "end-" | "end ") && !matches!(point.said.part, Of::Year | Of::Month(_) | Of::Quarter(_))
    {
        return None;
    }
    let third = match name {
        _ if name.contains("middle") => 2,
        _ if name.contains("end") || name.contains("close") => 3,
        _ => 1,
    };
    Some((point, third))
}

/// True where a clause ends or goes on with a small word.
fn stands_alone(view: &View<'_>, end: usize) -> bool {
    matches!(view.get(end), '\0' | '\n' | '.' | ',' | ';' | ':' | ')' | '?')
        || view.next_word(end).is_some_and(|word| {
            matches!(
                word.as_str(),
                "and"
                    | "or"
                    | "as"
                    | "at"
                    | "to"
                    | "the"
                    | "if"
                    | "but"
                    | "while"
                    | "when"
                    | "were"
                    | "was"
                    | "with"
                    | "in"
                    | "on"
                    | "after"
                    | "from"
                    | "is"
                    | "stood"
                    | "for"
                    | "once"
                    | "because"
                    | "that"
                    | "are"
                    | "it"
            )
        })
}

/// The end, middle or beginning of an interval, as a day.
pub(super) fn edge_of(interval: Interval, third: i8) -> Option<Interval> {
    let (start, end) = (interval.start?, interval.end?);
    match third {
        3 => Some(Interval::new(shifted(end, (-1).days())?, end, Precision::Day)),
        2 => {
            let middle = shifted(start, (start.until(end).ok()?.get_days() / 2).days())?;
            Some(Interval::new(middle, shifted(middle, 1.day())?, Precision::Day))
        }
        _ => Some(Interval::new(start, shifted(start, 1.day())?, Precision::Day)),
    }
}

/// "the nineties", "mid-90s" have their decades here, in words.
pub(super) fn decade_word(view: &View<'_>, at: usize) -> Option<Point> {
    let article = view.word(at)?;
    let start = if article.as_str() == "the" { view.blanks(article.end) } else { at };
    let opened = start > at
        || view
            .word_before(view.blanks_back(at).saturating_sub(usize::from(view.before(at) == '-')))
            .is_some_and(|(_, word)| matches!(word.as_str(), "the" | "early" | "mid" | "late" | "nineteen"));
    let word = view.word(start).filter(|_| opened)?;
    let first = match word.as_str() {
        "twenties" => 2020,
        "thirties" => 1930,
        "forties" => 1940,
        "fifties" => 1950,
        "sixties" => 1960,
        "seventies" => 1970,
        "eighties" => 1980,
        "nineties" => 1990,
        _ => return None,
    };
    Some(fixed(word.end, years(first, 10, Precision::Decade), Precision::Decade))
}

/// The point at the edge of a period.
pub(super) fn edge_at(view: &View<'_>, at: usize, published: Option<Date>) -> Option<Point> {
    let (point, third) = edge(view, at, published)?;
    // "by end-March": a day by which something is to be is rather to come.
    let mut lead = view.word_before(view.blanks_back(at));
    if let Some((article, _)) = lead.filter(|(_, word)| word.as_str() == "the") {
        lead = view.word_before(view.blanks_back(article));
    }
    let due = lead.is_some_and(|(_, word)| matches!(word.as_str(), "by" | "until" | "before"));
    let future = super::speaks_of_future(view, at, point.end, point.said, published)
        || due && point.said.year.is_none() && super::nearer_ahead(point.said, published);
    let part = point.said.resolve(published, future).and_then(|interval| {
        let day = edge_of(interval, third)?;
        // A decade of plans ends with the year that it is named to: 2030.
        if interval.precision == Precision::Decade && third == 3 {
            return Some(Interval::new(
                shifted(day.start?, 1.year())?,
                shifted(day.end?, 1.year())?,
                Precision::Day,
            ));
        }
        Some(day)
    });
    Some(fixed(point.end, part, Precision::Day))
}

/// True if the point at `at` is the end of a period: what begins there begins behind it.
pub(super) fn ends_period(view: &View<'_>, at: usize, published: Option<Date>) -> bool {
    english::letter(view, at) && edge(view, at, published).is_some_and(|(_, third)| third == 3)
}

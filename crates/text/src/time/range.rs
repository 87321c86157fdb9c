//! Points and ranges of points: from December 2024 to April 2025, since 2019, by 2030, 7月8日-11日.

use jiff::civil::Date;

use super::calendar::{self, Interval, Of, Said};
use super::{
    Point, TimeRead, chinese, english, nth, part, plain_point, point_at, precision_of, read,
    speaks_of_future, week, year,
};
use crate::mention::{Doubt, Precision};
use crate::view::View;

/// A point or a range of points.
pub(super) fn range_at(view: &View<'_>, at: usize, published: Option<Date>) -> Option<TimeRead> {
    let (start, opening) = opening(view, at);
    let first = with_listed_year(view, point_with_article(view, start, opening, published)?, published);
    let future = speaks_of_future(view, at, first.end, first.said, published)
        || opening == Opening::By && first.said.year.is_none() && super::nearer_ahead(first.said, published);
    if let Some(range) = joined(view, (at, start), opening, first, published, future) {
        return Some(range);
    }
    let point = |end: usize, open: fn(Interval) -> Interval| {
        let interval = first.said.resolve(published, future).map(open);
        let precision = interval.map_or_else(|| precision_of(first.said), |interval| interval.precision);
        doubtful(read(at, end, interval, precision), first.said)
    };
    match opening {
        Opening::From | Opening::Between => {
            // 自2019年以来, 从2019年起, "from 2025 onwards"
            let (word, end) = view.any_of(
                view.blanks(first.end),
                &["以来", "起至今", "至今", "开始", "起", "onwards", "onward"],
            )?;
            // What begins with a day may begin on a coming one; what has lasted until now may not.
            let begins = matches!(word, "开始" | "起" | "onwards" | "onward");
            let ahead = begins && (future || super::nearer_ahead(first.said, published));
            Some(since(view, (at, start), end, first.said, published, ahead))
        }
        Opening::Since => Some(since(view, (at, start), first.end, first.said, published, false)),
        Opening::By => {
            Some(point(first.end, |day| Interval { start: None, precision: Precision::Range, ..day }))
        }
        // "on Monday of last week" is read with its preposition, "on Monday" is not.
        Opening::On => {
            let of = view.word(start).and_then(|day| view.next_word(day.end));
            let whole = week::weekday(view.word(start)?.as_str()).is_some()
                && of.is_some_and(|of| of.as_str() == "of" && of.end < first.end);
            whole.then(|| point(first.end, |day| day))
        }
        Opening::None => {
            if let Some((_, end)) = view.any_of(view.blanks(first.end), &["以来", "至今"]) {
                return Some(since(view, (at, start), end, first.said, published, false));
            }
            Some(point(first.end, |day| day))
        }
    }
}

/// A point with the article that an opening word may have before it: "since the 1990s".
fn point_with_article(
    view: &View<'_>,
    at: usize,
    opening: Opening,
    published: Option<Date>,
) -> Option<Point> {
    let found = point_at(view, at, published);
    if found.is_some() || matches!(opening, Opening::None | Opening::On) {
        return found;
    }
    let article = view.word(at).filter(|word| word.as_str() == "the")?;
    point_at(view, view.blanks(article.end), published)
}

/// "Q2 and Q3 2024", "June/July 2024": the year is said once, with the last.
fn with_listed_year(view: &View<'_>, point: Point, published: Option<Date>) -> Point {
    let listed = matches!(point.said.part, Of::Month(_) | Of::Quarter(_) | Of::Half(_));
    if !listed || point.said.year.is_some() {
        return point;
    }
    let mark = view.blanks(point.end);
    let next = match view.get(mark) {
        '/' | '&' => view.blanks(mark + 1),
        _ => match view.word(mark) {
            Some(word) if matches!(word.as_str(), "and" | "or") => view.blanks(word.end),
            _ => return point,
        },
    };
    if !english::letter(view, next) {
        return point;
    }
    let year = plain_point(view, next, published)
        .filter(|second| {
            std::mem::discriminant(&second.said.part) == std::mem::discriminant(&point.said.part)
                && second.said.month() > point.said.month()
        })
        .and_then(|second| second.said.year);
    Point { said: Said { year, ..point.said }, ..point }
}

/// A range from the first point to a second one behind it, if there is one.
fn joined(
    view: &View<'_>,
    (at, start): (usize, usize),
    opening: Opening,
    first: Point,
    published: Option<Date>,
    future: bool,
) -> Option<TimeRead> {
    let (next, closing) = connector(view, first.end, opening)?;
    let last = point_with_article(view, next, Opening::From, published);
    if let Some(last) = last.or_else(|| bare_end(view, next, first.said)) {
        let end = match closing {
            Some(words) => words.iter().find_map(|word| view.loosely(view.blanks(last.end), word)),
            // 2015年到2018年之间
            None => view.any_of(last.end, &["之间", "间"]).map(|found| found.1).or(Some(last.end)),
        };
        let single = opening != Opening::On || matches!(last.said.part, Of::Day(..));
        if let Some(end) = end.filter(|_| single) {
            let begin = from_end(view, start, first.said, published, future);
            match calendar::join(begin, last.said, published, future) {
                Ok(interval) => return Some(read(at, end, Some(interval), Precision::Range)),
                Err(doubt) if doubt.is_some() || published.is_none() => {
                    return Some(TimeRead { doubt, ..read(at, end, None, Precision::Range) });
                }
                // "from 2015 and 2016": no range.
                Err(_) => {}
            }
        }
    }
    let (_, end) = view
        .any_of(next, &["date", "now", "present", "the present", "至今", "今"])
        .filter(|(_, end)| view.at_edge(*end) && (opening != Opening::None || english::letter(view, next)))?;
    let begin = first.said.resolve(published, false)?.start;
    let interval = Interval { start: begin, end: published, precision: Precision::Range };
    Some(read(at, end, Some(interval), Precision::Range))
}

/// A range "from the end of March" begins when March is over.
fn from_end(view: &View<'_>, start: usize, said: Said, published: Option<Date>, future: bool) -> Said {
    if !matches!(said.part, Of::Fixed(_)) || !part::ends_period(view, start, published) {
        return said;
    }
    let next = said
        .resolve(published, future)
        .and_then(|day| day.end)
        .and_then(|end| calendar::day(end.year(), end.month(), end.day()));
    next.map_or(said, |next| Said { part: Of::Fixed(next), ..said })
}

fn doubtful(read: TimeRead, said: Said) -> TimeRead {
    TimeRead { doubt: said.impossible().then_some(Doubt::NoSuchDate), ..read }
}

fn since(
    view: &View<'_>,
    (at, start): (usize, usize),
    end: usize,
    said: Said,
    published: Option<Date>,
    ahead: bool,
) -> TimeRead {
    let interval = from_end(view, start, said, published, ahead).resolve(published, ahead);
    let open = interval.map(|interval| Interval { end: None, precision: Precision::Range, ..interval });
    doubtful(read(at, end, open, Precision::Range), said)
}

/// A word before a time that opens a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Opening {
    None,
    From,
    Between,
    Since,
    By,
    On,
}

fn opening(view: &View<'_>, at: usize) -> (usize, Opening) {
    if let Some(word) = view.word(at) {
        let opening = match word.as_str() {
            "from" => Opening::From,
            "between" => Opening::Between,
            "since" => Opening::Since,
            "by" | "until" | "till" => Opening::By,
            "on" => Opening::On,
            _ => return (at, Opening::None),
        };
        let next = view.blanks(word.end);
        // "by this", "from the": the article belongs to what follows.
        return (next, opening);
    }
    match view.get(at) {
        '从' | '自' => (view.blanks(at + 1), Opening::From),
        _ => (at, Opening::None),
    }
}

/// Where the second end of a range begins, and the words that must close it.
fn connector(
    view: &View<'_>,
    end: usize,
    opening: Opening,
) -> Option<(usize, Option<&'static [&'static str]>)> {
    let next = view.blanks(end);
    match view.get(next) {
        '-' | '~' | '–' | '—' => {
            let mut after = next + 1;
            if view.get(after) == view.get(next) {
                after += 1;
            }
            Some((view.blanks(after), None))
        }
        '至' | '到' => Some((view.blanks(next + 1), None)),
        '和' | '与' => Some((view.blanks(next + 1), Some(&["之间", "间"]))),
        _ => {
            let word = view.word(next).filter(|_| next > end)?;
            let after = view.blanks(word.end);
            match word.as_str() {
                "to" | "through" | "till" | "until" | "thru" => Some((after, None)),
                "and" if opening == Opening::Between => Some((after, None)),
                _ => None,
            }
        }
    }
}

/// The second end where it is a mere number: "11月7日至12日" has its 日, "November 18-19" has none.
fn bare_end(view: &View<'_>, at: usize, first: Said) -> Option<Point> {
    if let Some((number, after)) =
        chinese::small(view, at).filter(|(_, after)| matches!(view.get(*after), '日' | '号'))
    {
        let part = first.month().map_or(Of::DayOnly(number), |month| Of::Day(month, number));
        return matches!(first.part, Of::Day(..))
            .then_some(Point { end: after + 1, said: Said { year: None, part } });
    }
    let mut digits =
        view.digits(at).filter(|digits| digits.count <= 2 && (1..=31).contains(&digits.value))?;
    if let Some((_, end)) = nth::ordinal_at(view, at) {
        digits.end = end;
    }
    let closed = !view.get(digits.end).is_ascii_alphanumeric()
        && !matches!(view.get(digits.end), '%' | '年' | '月' | '.' | '个');
    let day = matches!(first.part, Of::Day(..)) && closed;
    day.then_some(())?;
    // A year may follow: "Nov 18-19, 2015".
    let (year, end) = year::year_behind(view, digits.end).unzip();
    let number = i8::try_from(digits.value).ok()?;
    let part = first.month().map_or(Of::DayOnly(number), |month| Of::Day(month, number));
    Some(Point { end: end.unwrap_or(digits.end), said: Said { year, part } })
}

//! Times and durations, resolved against the day of publication.

mod calendar;
mod chinese;
mod duration;
mod english;
mod era;
mod iso;
mod lunar;
mod named;
mod nth;
mod part;
mod relative;
mod season;
mod settle;
mod span;
mod week;
mod window;
mod year;

use jiff::civil::Date;

pub(crate) use calendar::{Interval, Of, Said};
pub(crate) use duration::Length;
pub(crate) use english::month_name;
pub(crate) use settle::settle;
pub(crate) use year::year_behind;

use crate::mention::{Doubt, Kind, Precision};
use crate::view::{View, is_han};

/// A time or duration read; spans count characters.
#[derive(Clone, Debug)]
pub(crate) struct TimeRead {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) kind: Kind,
    pub(crate) interval: Option<Interval>,
    pub(crate) precision: Option<Precision>,
    pub(crate) length: Option<Length>,
    pub(crate) doubt: Option<Doubt>,
}

/// A time as said, with the index after it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point {
    pub(crate) end: usize,
    pub(crate) said: Said,
}

/// The time or duration that begins at `at`.
pub(crate) fn time_at(view: &View<'_>, at: usize, published: Option<Date>) -> Option<TimeRead> {
    let first = view.get(at);
    let can_begin = first.is_ascii_alphanumeric() || is_han(first);
    let behind_letter = view.before(at).is_ascii_lowercase() && first.is_ascii_digit();
    if !can_begin || !may_begin(view, at, first) || !(view.at_edge(at) || behind_letter) {
        return None;
    }
    // 今年以来 is the year to date before it is a point from which on.
    let mut best = window::to_date(view, at, published);
    let mut take = |candidate: Option<TimeRead>| {
        if let Some(candidate) = candidate
            && best.as_ref().is_none_or(|best| candidate.end > best.end)
        {
            best = Some(candidate);
        }
    };
    take(range_at(view, at, published));
    take(window::relative_at(view, at, published));
    if english::letter(view, at) || first.is_ascii_digit() {
        take(span::at(view, at, published));
        take(span::in_time(view, at, published));
    }
    take(duration::duration_at(view, at));
    best
}

/// False where no time begins, told from the first word or character alone; it keeps reading fast.
fn may_begin(view: &View<'_>, at: usize, first: char) -> bool {
    if first.is_ascii_digit() {
        return true;
    }
    let Some(word) = view.word(at) else {
        return crate::numeral::is_chinese_numeral(first)
            || "今去明前后昨上下本这当最近过未年月半自从周星礼第数几首正大中同春夏秋冬国元劳圣全接腊农除端重清".contains(first)
                || era::may_begin(first);
    };
    let name = word.as_str();
    // Small words open a time only before what can be one.
    let next = |fits: fn(&str) -> bool| {
        let after = view.blanks(word.end);
        view.get(after).is_ascii_digit() || view.word(after).is_some_and(|next| fits(next.as_str()))
    };
    match name {
        "on" => return next(|next| month_name(next).is_some() || week::weekday(next).is_some()),
        "in" | "for" => {
            return next(|next| matches!(next, "a" | "an") || crate::numeral::cardinal(next).is_some());
        }
        "a" | "an" => return next(|next| duration::english_unit(next).is_some()),
        "the" => return next(opened_by_article),
        _ => {}
    }
    matches!(
        name,
        "q" | "h"
            | "cy"
            | "fy"
            | "fiscal"
            | "year"
            | "ytd"
            | "first"
            | "second"
            | "third"
            | "fourth"
            | "final"
            | "early"
            | "late"
            | "mid"
            | "from"
            | "between"
            | "since"
            | "by"
            | "today"
            | "yesterday"
            | "tomorrow"
            | "current"
            | "this"
            | "last"
            | "past"
            | "previous"
            | "preceding"
            | "prior"
            | "recent"
            | "next"
            | "coming"
            | "following"
            | "upcoming"
            | "week"
            | "end"
            | "half"
            | "all"
            | "calendar"
            | "full"
            | "whole"
            | "financial"
            | "marketing"
            | "crop"
            | "middle"
            | "earlier"
            | "later"
            | "rest"
            | "remainder"
            | "start"
            | "beginning"
            | "month"
            | "quarter"
            | "decade"
            | "fortnight"
            | "mtd"
            | "qtd"
            | "until"
            | "till"
            | "same"
            | "corresponding"
            | "comparable"
            | "w"
            | "wk"
            | "summer"
            | "winter"
            | "autumn"
            | "spring"
            | "fall"
            | "trailing"
            | "christmas"
            | "thanksgiving"
            | "labor"
            | "independence"
            | "memorial"
            | "new"
            | "boxing"
            | "halloween"
            | "valentine"
            | "martin"
            | "chinese"
            | "lunar"
            | "easter"
    ) || week::weekday(name).is_some()
        || month_name(name).is_some()
        || name.ends_with("ties")
        || crate::numeral::cardinal(name).is_some()
        || crate::numeral::ordinal(name).is_some()
}

/// True for words that make a time of the article before them.
fn opened_by_article(next: &str) -> bool {
    matches!(
        next,
        "last"
            | "final"
            | "end"
            | "start"
            | "beginning"
            | "middle"
            | "day"
            | "week"
            | "weekend"
            | "month"
            | "quarter"
            | "year"
            | "decade"
            | "past"
            | "next"
            | "previous"
            | "following"
    ) || next.ends_with("ties")
        || crate::numeral::ordinal(next).is_some()
        || next.ends_with("th")
        || matches!(next, "twenty" | "thirty")
}

/// A point or a range of points.
fn range_at(view: &View<'_>, at: usize, published: Option<Date>) -> Option<TimeRead> {
    let (start, opening) = opening(view, at);
    let first = with_listed_year(view, point_with_article(view, start, opening, published)?, published);
    let future = speaks_of_future(view, at, first.end);
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
            let (_, end) = view
                .any_of(view.blanks(first.end), &["以来", "起至今", "至今", "开始", "起", "onwards", "onward", "on "])?;
            let end = if view.before(end) == ' ' { end - 1 } else { end };
            Some(since(view, (at, start), end, first.said, published))
        }
        Opening::Since => Some(since(view, (at, start), first.end, first.said, published)),
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
                return Some(since(view, (at, start), end, first.said, published));
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
    let next = said.resolve(published, future).and_then(|day| day.end).and_then(|end| {
        calendar::day(end.year(), end.month(), end.day())
    });
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
) -> TimeRead {
    let interval = from_end(view, start, said, published, false).resolve(published, false);
    let open = interval.map(|interval| Interval { end: None, precision: Precision::Range, ..interval });
    doubtful(read(at, end, open, Precision::Range), said)
}

pub(crate) fn read(start: usize, end: usize, interval: Option<Interval>, precision: Precision) -> TimeRead {
    let precision = interval.map_or(precision, |interval| interval.precision);
    TimeRead { start, end, kind: Kind::Time, interval, precision: Some(precision), length: None, doubt: None }
}

fn precision_of(said: Said) -> Precision {
    match said.part {
        Of::Year => Precision::Year,
        Of::Half(_) => Precision::Half,
        Of::Quarter(_) => Precision::Quarter,
        Of::Month(_) => Precision::Month,
        Of::TenDays(..) => Precision::TenDays,
        Of::Day(..) | Of::DayOnly(_) => Precision::Day,
        Of::ThirdOnly(_) => Precision::TenDays,
        Of::Quarters(..) | Of::Months(..) | Of::Within(..) => Precision::Range,
        Of::Fixed(interval) => interval.precision,
    }
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
    let mut digits = view.digits(at).filter(|digits| digits.count <= 2 && (1..=31).contains(&digits.value))?;
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

/// A single time at `at`, in any notation.
pub(crate) fn point_at(view: &View<'_>, at: usize, published: Option<Date>) -> Option<Point> {
    plain_point(view, at, published).map(|point| week::with_day(view, point))
}

/// A single time without the day of its week that may stand behind it.
fn plain_point(view: &View<'_>, at: usize, published: Option<Date>) -> Option<Point> {
    let first = view.get(at);
    let mut best: Option<Point> = None;
    let mut take = |candidate: Option<Point>| {
        if let Some(candidate) = candidate
            && best.is_none_or(|best| candidate.end > best.end)
        {
            best = Some(candidate);
        }
    };
    if first.is_ascii_digit() {
        take(iso::date_at(view, at));
        take(chinese::date_at(view, at, published));
        take(english::date_at(view, at));
        take(nth::at(view, at, published));
        return best.map(|point| english::with_year(view, point, published));
    }
    if !first.is_ascii_lowercase() {
        take(chinese::date_at(view, at, published));
        take(named::named_at(view, at, published));
        take(lunar::at(view, at));
        return best;
    }
    let word = view.word(at)?;
    let name = word.as_str();
    if month_name(name).is_some() {
        return english::date_at(view, at).map(|point| english::with_year(view, point, published));
    }
    if week::weekday(name).is_some() {
        return week::at(view, at, published);
    }
    if matches!(name, "a" | "an" | "half" | "all" | "in" | "for")
        || crate::numeral::cardinal(name).is_some_and(|value| !matches!(value, 20 | 30))
    {
        return None;
    }
    take(english::date_at(view, at));
    take(week::at(view, at, published));
    take(relative::named_at(view, at, published));
    take(nth::at(view, at, published));
    take(part::at(view, at, published));
    take(part::edge_at(view, at, published));
    take(part::decade_word(view, at));
    take(season::english(view, at, published));
    best.map(|point| english::with_year(view, point, published))
}

/// True if the words around speak of the future.
fn speaks_of_future(view: &View<'_>, start: usize, end: usize) -> bool {
    const WORDS: &[&str] = &[
        " will ",
        " expected ",
        " plans ",
        " plan ",
        " planned ",
        " upcoming ",
        " forthcoming ",
        " effective ",
        " scheduled ",
        " forecast ",
        " projected ",
        " delivery ",
        " deliveries ",
        "将于",
        "将在",
        "预计",
        "计划",
        "拟于",
        "起施行",
        "起实施",
        "起执行",
        "明日",
        "有望",
    ];
    let from = start.saturating_sub(40);
    let to = (end + 30).min(view.len());
    (from..to).any(|at| {
        let first = view.get(at);
        (first == ' ' || is_han(first)) && WORDS.iter().any(|word| view.starts_with(at, word))
    })
}

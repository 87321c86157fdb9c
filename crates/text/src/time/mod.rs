//! Times and durations, resolved against the day of publication.

mod calendar;
mod chinese;
mod duration;
mod english;
mod iso;
mod relative;
mod window;
mod year;

use jiff::civil::Date;

pub(crate) use calendar::{Interval, Of, Said};
pub(crate) use duration::Length;
pub(crate) use english::month_name;

use crate::mention::{Kind, Precision};
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
    let mut best = range_at(view, at, published);
    let mut take = |candidate: Option<TimeRead>| {
        if let Some(candidate) = candidate
            && best.as_ref().is_none_or(|best| candidate.end > best.end)
        {
            best = Some(candidate);
        }
    };
    take(window::relative_at(view, at, published));
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
            || "今去明前后昨上下本这当最近过未年半自从周星礼第数几首正".contains(first);
    };
    let name = word.as_str();
    matches!(
        name,
        "q" | "h"
            | "cy"
            | "fy"
            | "fiscal"
            | "year"
            | "ytd"
            | "the"
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
            | "a"
            | "an"
            | "half"
            | "all"
    ) || month_name(name).is_some()
        || name.ends_with("day")
        || crate::numeral::cardinal(name).is_some()
        || crate::numeral::ordinal(name).is_some()
}

/// A point or a range of points.
fn range_at(view: &View<'_>, at: usize, published: Option<Date>) -> Option<TimeRead> {
    let (start, opening) = opening(view, at);
    let first = point_at(view, start, published)?;
    let future = speaks_of_future(view, at, first.end);
    if let Some((next, closing)) = connector(view, first.end, opening) {
        if let Some(last) = point_at(view, next, published).or_else(|| bare_end(view, next, first.said)) {
            let end = match closing {
                Some(words) => words.iter().find_map(|word| view.loosely(view.blanks(last.end), word)),
                None => Some(last.end),
            };
            if let Some(end) = end {
                let interval = calendar::join(first.said, last.said, published, future);
                // "between 2022 and 2024" and "from 2015 and 2016" differ: the latter is no range.
                let known = interval.is_some()
                    || published.is_none()
                    || first.said.impossible()
                    || last.said.impossible();
                if known {
                    return Some(read(at, end, interval, Precision::Range));
                }
            }
        }
        if let Some(end) = view
            .any_of(next, &["date", "now", "至今", "今"])
            .map(|found| found.1)
            .filter(|_| opening != Opening::None)
        {
            let begin = first.said.resolve(published, false)?.start;
            return Some(read(
                at,
                end,
                Some(Interval { start: begin, end: published, precision: Precision::Range }),
                Precision::Range,
            ));
        }
    }
    match opening {
        Opening::From | Opening::Between => {
            // 自2019年以来, 从2019年起
            let (_, end) = view.any_of(view.blanks(first.end), &["以来", "起至今", "至今", "开始", "起"])?;
            since(at, end, first.said, published)
        }
        Opening::Since => since(at, first.end, first.said, published),
        Opening::By => {
            let interval = first.said.resolve(published, future);
            let open = interval.map(|interval| Interval {
                start: None,
                end: interval.end,
                precision: Precision::Range,
            });
            Some(read(at, first.end, open, Precision::Range))
        }
        Opening::None => {
            if let Some((_, end)) = view.any_of(view.blanks(first.end), &["以来", "至今"]) {
                return since(at, end, first.said, published);
            }
            let interval = first.said.resolve(published, future);
            let precision = interval.map_or_else(|| precision_of(first.said), |interval| interval.precision);
            Some(read(at, first.end, interval, precision))
        }
    }
}

fn since(at: usize, end: usize, said: Said, published: Option<Date>) -> Option<TimeRead> {
    let interval = said.resolve(published, false);
    let open =
        interval.map(|interval| Interval { start: interval.start, end: None, precision: Precision::Range });
    Some(read(at, end, open, Precision::Range))
}

pub(crate) fn read(start: usize, end: usize, interval: Option<Interval>, precision: Precision) -> TimeRead {
    let precision = interval.map_or(precision, |interval| interval.precision);
    TimeRead { start, end, kind: Kind::Time, interval, precision: Some(precision), length: None }
}

fn precision_of(said: Said) -> Precision {
    match said.part {
        Of::Year => Precision::Year,
        Of::Half(_) => Precision::Half,
        Of::Quarter(_) => Precision::Quarter,
        Of::Month(_) => Precision::Month,
        Of::TenDays(..) => Precision::TenDays,
        Of::Day(..) | Of::DayOnly(_) => Precision::Day,
        Of::Quarters(..) | Of::Months(..) => Precision::Range,
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
}

fn opening(view: &View<'_>, at: usize) -> (usize, Opening) {
    if let Some(word) = view.word(at) {
        let opening = match word.as_str() {
            "from" => Opening::From,
            "between" => Opening::Between,
            "since" => Opening::Since,
            "by" => Opening::By,
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
    let digits = view.digits(at).filter(|digits| digits.count <= 2 && (1..=31).contains(&digits.value))?;
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
    let mut best: Option<Point> = None;
    for candidate in [
        iso::date_at(view, at),
        chinese::date_at(view, at, published),
        english::date_at(view, at),
        relative::named_at(view, at, published),
    ] {
        if let Some(candidate) = candidate
            && best.is_none_or(|best| candidate.end > best.end)
        {
            best = Some(candidate);
        }
    }
    best
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

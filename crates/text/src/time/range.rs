//! Points and ranges of points: from December 2024 to April 2025, since 2019, by 2030, 7月8日-11日.

use jiff::civil::Date;

use super::bound::{begins_alone, valid_before};
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
        || matches!(opening, Opening::By | Opening::Before)
            && first.said.year.is_none()
            && (super::nearer_ahead(first.said, published)
                || matches!(first.said.part, Of::Half(_) | Of::Quarter(_)) && !super::tells_past(view, at));
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
            let closing = view.any_of(
                view.blanks(first.end),
                &["以来", "起至今", "至今", "开始", "起", "onwards", "onward"],
            );
            let Some((word, end)) = closing.or_else(|| hour_behind(view, first.end)) else {
                let ahead = future || super::nearer_ahead(first.said, published);
                return (opening == Opening::From && begins_alone(view, at, &first, published))
                    .then(|| since(at, first.end, first.said, published, ahead));
            };
            // What begins with a day may begin on a coming one; what has lasted until now may not.
            let begins = matches!(word, "开始" | "起" | "onwards" | "onward");
            let ahead = begins && (future || super::nearer_ahead(first.said, published));
            Some(since(at, end, first.said, published, ahead))
        }
        Opening::Since => Some(since(at, first.end, first.said, published, false)),
        Opening::Before => Some(point(first.end, before)),
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
            if let Some((word, end)) = view.any_of(view.blanks(first.end), &["以来", "至今"]) {
                let mut found = since(at, end, first.said, published, false);
                // Up to now is up to publication.
                if word == "至今"
                    && let Some(interval) = found.interval.as_mut()
                {
                    interval.end =
                        published.filter(|today| interval.start.is_some_and(|start| start < *today));
                }
                return Some(found);
            }
            if let Some(end) = begin_behind(view, first.end) {
                let ahead = future || super::nearer_ahead(first.said, published);
                return Some(since(at, end, first.said, published, ahead));
            }
            if let Some(end) = before_behind(view, first.end) {
                let ahead = future
                    || matches!(first.said.part, Of::LastDay(_))
                    || super::nearer_ahead(first.said, published);
                let interval = first.said.resolve(published, ahead).map(before);
                return Some(doubtful(read(at, end, interval, Precision::Range), first.said));
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
    let point = point_at(view, view.blanks(article.end), published)?;
    // "before the August 2023 ban": the article and the word are of what stands behind the month.
    let month = matches!(point.said.part, Of::Month(_) | Of::Day(..));
    let noun = view.next_word(point.end).filter(|_| view.get(point.end) == ' ');
    let is_noun = noun.is_some_and(|noun| {
        !matches!(
            noun.as_str(),
            "and"
                | "or"
                | "when"
                | "that"
                | "in"
                | "at"
                | "for"
                | "to"
                | "but"
                | "as"
                | "which"
                | "with"
                | "by"
                | "after"
                | "it"
                | "the"
                | "was"
                | "were"
                | "is"
                | "has"
                | "had"
                | "will"
                | "while"
                | "on"
        )
    });
    (!(month && is_noun)).then_some(point)
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
    // "suspended it on 9 November until 27 November 2026" says a day and an end.
    let on = |word: &str| word == "on";
    let day = opening == Opening::On
        || view.word_before(view.blanks_back(at)).is_some_and(|(_, word)| on(word.as_str()));
    if day && view.next_word(first.end).is_some_and(|word| matches!(word.as_str(), "until" | "till")) {
        return None;
    }
    let (next, closing) = connector(view, first.end, opening)?;
    let (next, following) = next_year(view, next);
    let last = point_with_article(view, next, Opening::From, published);
    if let Some(mut last) = last.or_else(|| bare_end(view, next, first.said)) {
        if following && last.said.year.is_none() {
            last.said.year = first.said.year.map(|year| year + 1);
        }
        let end = match closing {
            Some(words) => words.iter().find_map(|word| view.loosely(view.blanks(last.end), word)),
            // 2015年到2018年之间
            None => view.any_of(last.end, &["之间", "间"]).map(|found| found.1).or(Some(last.end)),
        };
        let single = opening != Opening::On || matches!(last.said.part, Of::Day(..));
        if let Some(end) = end.filter(|_| single) {
            // "from Jan–Oct": in November January is near, but October is not.
            let months =
                matches!((first.said.part, last.said.part), (Of::Month(from), Of::Month(to)) if from < to);
            let open = first.said.year.is_none() && last.said.year.is_none();
            let future =
                future && (!(months && open) || speaks_of_future(view, at, end, last.said, published));
            let begin = from_end(view, start, first.said, published, future);
            match calendar::join(begin, last.said, published, future) {
                Ok(interval) => {
                    return Some(read(at, quarter_behind(view, end), Some(interval), Precision::Range));
                }
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

/// "from November to the following January", 11月至次年3月: where the month stands, and whether a year was passed.
fn next_year(view: &View<'_>, at: usize) -> (usize, bool) {
    let words = ["次年", "翌年", "来年", "第二年", "the following ", "the next "];
    let Some((word, end)) = view.any_of(at, &words) else { return (at, false) };
    let month = if word.is_ascii() {
        view.word(end).is_some_and(|word| english::month_name(word.as_str()).is_some())
    } else {
        chinese::small(view, end).is_some_and(|(_, end)| view.get(end) == '月')
    };
    if month { (end, true) } else { (at, false) }
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

/// "the July-September quarter": the end of the noun that names three months once more.
fn quarter_behind(view: &View<'_>, end: usize) -> usize {
    let letters = view.before(end).is_ascii_lowercase() || view.before(end).is_ascii_digit();
    let next = if view.get(end) == '-' { end + 1 } else { view.blanks(end) };
    view.word(next)
        .filter(|word| letters && next > end && word.as_str() == "quarter")
        .map_or(end, |word| word.end)
}

/// Up to a time: a day is within, a longer period is not.
fn before(point: Interval) -> Interval {
    let end = if point.precision == Precision::Day { point.end } else { point.start };
    Interval { start: None, end, precision: Precision::Range }
}

/// 3月5日起停产: the end of 起 behind a time, where it is no part of another word.
fn begin_behind(view: &View<'_>, end: usize) -> Option<usize> {
    let next = view.blanks(end);
    let word = view.get(next) == '起'
        && !matches!(view.get(next + 1), '步' | '价' | '草' | '家' | '点' | '伏' | '诉');
    word.then_some(next + 1)
}

/// 6月30日前, 2027年2月之前: the end of 前 behind a time; but 2025年前三季度 and 今年前10个月 count.
fn before_behind(view: &View<'_>, end: usize) -> Option<usize> {
    if let Some((_, end)) = view.any_of(end, &["之前", "以前"]) {
        return Some(end);
    }
    let next = view.blanks(end + 1);
    let counts = crate::numeral::is_chinese_numeral(view.get(next))
        || view.get(next).is_ascii_digit()
        || matches!(
            view.get(next),
            '后' | '期' | '景' | '述' | '往' | '沿' | '列' | '提' | '半' | '几' | '数' | '夕'
        );
    (view.get(end) == '前' && !counts).then_some(end + 1)
}

/// 自1月16日结算时起, 自3月17日上午九时起: the hour or occasion between the day and 起.
fn hour_behind(view: &View<'_>, end: usize) -> Option<(&'static str, usize)> {
    let hour = (end..end + 8).find(|at| view.get(*at) == '时' && view.get(at + 1) == '起')?;
    let clean = (end..hour).all(|at| crate::view::is_han(view.get(at)) || view.get(at).is_ascii_digit());
    clean.then_some(("起", hour + 2))
}

fn doubtful(read: TimeRead, said: Said) -> TimeRead {
    TimeRead { doubt: said.impossible().then_some(Doubt::NoSuchDate), ..read }
}

fn since(at: usize, end: usize, said: Said, published: Option<Date>, ahead: bool) -> TimeRead {
    let interval = said.resolve(published, ahead);
    let open = interval.map(|interval| Interval { end: None, precision: Precision::Range, ..interval });
    doubtful(read(at, end, open, Precision::Range), said)
}

/// Words behind which 到 and a time say by when: 力争到2030年.
const PLANNED: &[&str] = &[
    "力争", "争取", "计划", "规划", "预计", "预期", "目标", "有望", "确保", "拟", "将", "延长", "延续",
    "推迟",
];

/// A word before a time that opens a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Opening {
    None,
    From,
    Between,
    Since,
    By,
    Before,
    On,
}

fn opening(view: &View<'_>, at: usize) -> (usize, Opening) {
    if let Some(word) = view.word(at) {
        let opening = match word.as_str() {
            "from" => Opening::From,
            // "effective from 1 April"
            "effective" => {
                let from = view.next_word(word.end).filter(|from| from.as_str() == "from");
                return from.map_or((at, Opening::None), |from| (view.blanks(from.end), Opening::From));
            }
            "between" => Opening::Between,
            "since" => Opening::Since,
            "by" | "until" | "till" => Opening::By,
            "before" => Opening::Before,
            "prior" => {
                let to = view.next_word(word.end).filter(|to| to.as_str() == "to");
                return to.map_or((at, Opening::None), |to| (view.blanks(to.end), Opening::Before));
            }
            // "valid through 2030", but not "the line through March".
            "through" if valid_before(view, at) => Opening::By,
            "on" => Opening::On,
            _ => return (at, Opening::None),
        };
        let next = view.blanks(word.end);
        // "until at least 2027"
        let bound = matches!(opening, Opening::By | Opening::Before);
        let rough = ["at least ", "about ", "around ", "roughly ", "approximately ", "the latest "];
        if let Some((_, end)) = view.any_of(next, &rough).filter(|_| bound) {
            return (end, opening);
        }
        // "by this", "from the": the article belongs to what follows.
        return (next, opening);
    }
    match view.get(at) {
        '从' | '自' => (view.blanks(at + 1), Opening::From),
        // 到2030年 at the head of a clause; 增加到 and 由…到 are others.
        '到' | '至'
            if view.get(at) == '到'
                && matches!(
                    view.before(view.blanks_back(at)),
                    '\0' | '\n' | '，' | ',' | '。' | ';' | '；' | ':' | '：'
                )
                || PLANNED.iter().any(|word| {
                    let back = word.chars().count();
                    at >= back && view.starts_with(at - back, word)
                }) =>
        {
            (view.blanks(at + 1), Opening::By)
        }
        // 直到年底, 直至9月30日
        '直' if matches!(view.get(at + 1), '到' | '至') => (view.blanks(at + 2), Opening::By),
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
        '起' if opening == Opening::From && matches!(view.get(next + 1), '至' | '到') => {
            Some((view.blanks(next + 2), None))
        }
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

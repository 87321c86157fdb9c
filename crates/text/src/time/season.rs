//! Seasons, whose months depend on the hemisphere and are left open, and feast days with a fixed or computed date.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::calendar::{Interval, Of, Said, shifted};
use super::week::fixed;
use super::{Point, year};
use crate::mention::Precision;
use crate::view::View;

/// A feast: month and day; zeros where these differ from year to year, which leaves the feast without a day.
const FEASTS: &[(&str, i8, i8)] = &[
    ("chinese new year", 0, 0),
    ("lunar new year", 0, 0),
    ("spring festival", 0, 0),
    ("mid-autumn festival", 0, 0),
    ("easter", 0, 0),
    ("new year's day", 1, 1),
    ("new years day", 1, 1),
    ("new year day", 1, 1),
    ("new year's eve", 12, 31),
    ("new year", 1, 1),
    ("christmas day", 12, 25),
    ("christmas eve", 12, 24),
    ("christmas", 12, 25),
    ("boxing day", 12, 26),
    ("valentine's day", 2, 14),
    ("independence day", 7, 4),
    ("halloween", 10, 31),
    ("may day", 5, 1),
];

/// Feasts on the first, fourth or last such weekday of a month.
const MOVING: &[(&str, i8, Weekday, i8)] = &[
    ("thanksgiving day", 11, Weekday::Thursday, 4),
    ("thanksgiving", 11, Weekday::Thursday, 4),
    ("labor day", 9, Weekday::Monday, 1),
    ("memorial day", 5, Weekday::Monday, -1),
    ("martin luther king day", 1, Weekday::Monday, 3),
];

/// Chinese feasts with a day of the solar calendar; 五一 and 十一 alone are numbers too often.
const CHINESE_FEASTS: &[(&str, i8, i8)] = &[
    ("元旦", 1, 1),
    ("国庆节", 10, 1),
    ("劳动节", 5, 1),
    ("五一节", 5, 1),
    ("圣诞节", 12, 25),
    ("圣诞", 12, 25),
    ("平安夜", 12, 24),
    ("儿童节", 6, 1),
    ("妇女节", 3, 8),
    ("情人节", 2, 14),
    ("万圣节", 10, 31),
];

/// A season or feast in English at `at`.
pub(super) fn english(view: &View<'_>, at: usize, published: Option<Date>) -> Option<Point> {
    let word = view.word(at)?;
    let shift = match word.as_str() {
        "this" | "current" => Some(0),
        "last" | "previous" => Some(-1),
        "next" | "coming" => Some(1),
        _ => None,
    };
    let start = if shift.is_some() { view.blanks(word.end) } else { at };
    if let Some(end) = season(view, start, shift.is_some()) {
        return Some(fixed(end, None, Precision::Range));
    }
    let (end, feast) = feast_at(view, start)?;
    let end = view.any_of(end, &[" of "]).map_or(end, |found| found.1);
    let (year, end) = match (shift, year::year_behind(view, end).or_else(|| year::year_number(view, end))) {
        (None, Some((year, end))) => (Some(year), end),
        _ => match view.any_of(view.blanks(end), &["this year", "last year", "next year"]) {
            Some((name, end)) => {
                let offset = match name {
                    "this year" => 0,
                    "last year" => -1,
                    _ => 1,
                };
                (published.map(|date| date.year() + offset), end)
            }
            None => return Some(unsaid(feast, shift, published, feast_at(view, start)?.0)),
        },
    };
    Some(fixed(end, year.and_then(|year| feast.day(year)), Precision::Day))
}

#[derive(Clone, Copy)]
enum Feast {
    Fixed(i8, i8),
    Nth(i8, Weekday, i8),
}

impl Feast {
    fn day(self, year: i16) -> Option<Interval> {
        let date = match self {
            Feast::Fixed(month, day) => Date::new(year, month, day).ok()?,
            Feast::Nth(month, weekday, nth) => {
                Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok()?
            }
        };
        Some(Interval::new(date, shifted(date, 1.day())?, Precision::Day))
    }
}

fn feast_at(view: &View<'_>, at: usize) -> Option<(usize, Feast)> {
    if !matches!(view.get(at), 'n' | 'c' | 'b' | 'v' | 'i' | 'h' | 'm' | 'l' | 's' | 'e' | 't') {
        return None;
    }
    let fixed = FEASTS
        .iter()
        .find(|(name, ..)| view.starts_with(at, name))
        .map(|(name, month, day)| (at + name.len(), Feast::Fixed(*month, *day)));
    let found = fixed.or_else(|| {
        MOVING
            .iter()
            .find(|(name, ..)| view.starts_with(at, name))
            .map(|(name, month, weekday, nth)| (at + name.len(), Feast::Nth(*month, *weekday, *nth)))
    })?;
    (!view.get(found.0).is_ascii_alphanumeric()).then_some(found)
}

/// A feast without a year: the last one before publication, the coming one if "next" stands before it.
fn unsaid(feast: Feast, shift: Option<i16>, published: Option<Date>, end: usize) -> Point {
    let interval = published.and_then(|today| {
        let this = feast.day(today.year())?;
        let over = this.start? <= today;
        let offset = match shift {
            Some(0) => 0,
            Some(1) => i16::from(over),
            _ => i16::from(over) - 1,
        };
        feast.day(today.year() + offset)
    });
    fixed(end, interval, Precision::Day)
}

/// The index behind a season: "summer", "the spring of 2025". "spring" and "fall" need words that make them seasons.
fn season(view: &View<'_>, at: usize, sure: bool) -> Option<usize> {
    let word = view.word(at)?;
    let plain = match word.as_str() {
        "summer" | "winter" | "autumn" => true,
        "spring" | "fall" => false,
        _ => return None,
    };
    let of = year::year_behind(view, word.end).map(|(_, end)| end);
    // "fall 2024 tons" is a verb.
    let before = view.word_before(view.blanks_back(at));
    let placed =
        before.is_some_and(|(_, word)| matches!(word.as_str(), "in" | "the" | "by" | "late" | "early"));
    (plain || sure || placed && of.is_some()).then(|| of.unwrap_or(word.end))
}

/// A season in Chinese at `at`: 夏天, 夏季; the short 夏 only behind a year.
pub(super) fn chinese(view: &View<'_>, at: usize, behind_year: bool) -> Option<usize> {
    if !matches!(view.get(at), '春' | '夏' | '秋' | '冬') {
        return None;
    }
    if let Some((_, end)) = view.any_of(at + 1, &["天", "季"]) {
        let good = matches!(view.get(end), '款' | '服' | '装');
        return (!good).then_some(end);
    }
    (behind_year && !matches!(view.get(at + 1), '节' | '运' | '耕' | '粮')).then_some(at + 1)
}

/// A Chinese feast at `at`: its month and day, with the index behind it.
pub(super) fn chinese_feast(view: &View<'_>, at: usize) -> Option<(Of, usize)> {
    if !matches!(view.get(at), '元' | '国' | '劳' | '五' | '圣' | '平' | '儿' | '妇' | '情' | '万')
    {
        return None;
    }
    CHINESE_FEASTS
        .iter()
        .find_map(|(name, month, day)| view.loosely(at, name).map(|end| (Of::Day(*month, *day), end)))
}

/// A Chinese season or feast that stands by itself.
pub(super) fn chinese_at(view: &View<'_>, at: usize, year: Option<i16>) -> Option<Point> {
    // 今冬, 去夏
    let named =
        matches!(view.get(at), '今' | '去' | '明') && matches!(view.get(at + 1), '春' | '夏' | '秋' | '冬');
    if let Some(end) = if named { chinese(view, at + 1, true) } else { chinese(view, at, false) } {
        return Some(fixed(end, None, Precision::Range));
    }
    let (part, end) = chinese_feast(view, at)?;
    Some(Point { end, said: Said { year, part } })
}

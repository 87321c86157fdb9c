//! Intervals of the calendar, and how what was left out is filled in.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

use crate::mention::{Doubt, Precision};

/// A half-open interval of days; either end may be open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Interval {
    pub(crate) start: Option<Date>,
    pub(crate) end: Option<Date>,
    pub(crate) precision: Precision,
}

impl Interval {
    pub(crate) fn new(start: Date, end: Date, precision: Precision) -> Interval {
        Interval { start: Some(start), end: Some(end), precision }
    }
}

/// A time as it is said: a year perhaps, and what of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) year: Option<i16>,
    pub(crate) part: Of,
}

/// What of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Of {
    /// All of it.
    Year,
    Half(i8),
    Quarter(i8),
    /// The first three quarters, or quarters one to three.
    Quarters(i8, i8),
    Month(i8),
    Months(i8, i8),
    /// The first, second or last ten days of a month.
    TenDays(i8, i8),
    Day(i8, i8),
    /// The last day of a month; of one that is not said, if zero.
    LastDay(i8),
    /// Days of a month, the last one included; 31 stands for the last there is.
    Within(i8, i8, i8),
    /// The first, second or last ten days of a month that is not said.
    ThirdOnly(i8),
    /// A day of a month that is said elsewhere.
    DayOnly(i8),
    /// The whole was already fixed.
    Fixed(Interval),
}

pub(crate) fn day(year: i16, month: i8, day: i8) -> Option<Interval> {
    let start = Date::new(year, month, day).ok()?;
    Some(Interval::new(start, start.checked_add(1.day()).ok()?, Precision::Day))
}

pub(crate) fn days(start: Date, count: i32) -> Option<Interval> {
    Some(Interval::new(start, start.checked_add(count.days()).ok()?, Precision::Range))
}

pub(crate) fn months(year: i16, from: i8, to: i8, precision: Precision) -> Option<Interval> {
    let start = Date::new(year, from, 1).ok()?;
    let end = Date::new(year, to, 1).ok()?.checked_add(1.month()).ok()?;
    (start < end).then(|| Interval::new(start, end, precision))
}

pub(crate) fn years(from: i16, count: i16, precision: Precision) -> Option<Interval> {
    let start = Date::new(from, 1, 1).ok()?;
    Some(Interval::new(start, Date::new(from.checked_add(count)?, 1, 1).ok()?, precision))
}

/// The week (Monday to Monday) that lies `offset` weeks from the one around `date`.
pub(crate) fn week(date: Date, offset: i32) -> Option<Interval> {
    let back = i32::from(date.weekday().to_monday_zero_offset());
    let start = date.checked_add((offset * 7 - back).days()).ok()?;
    Some(Interval::new(start, start.checked_add(7.days()).ok()?, Precision::Week))
}

/// ISO 8601 week of a year.
pub(crate) fn iso_week(year: i16, number: i8) -> Option<Interval> {
    let start = jiff::civil::ISOWeekDate::new(year, number, Weekday::Monday).ok()?.date();
    Some(Interval::new(start, start.checked_add(7.days()).ok()?, Precision::Week))
}

pub(crate) fn shifted(date: Date, span: Span) -> Option<Date> {
    date.checked_add(span).ok()
}

impl Said {
    /// The interval, with a year that is left out taken so that it lies nearest before publication, or after it if the
    /// sentence speaks of the future.
    pub(crate) fn resolve(self, published: Option<Date>, future: bool) -> Option<Interval> {
        if let Of::Fixed(interval) = self.part {
            return Some(interval);
        }
        if let Of::DayOnly(number) = self.part {
            let today = published?;
            let this = day(today.year(), today.month(), number);
            let shift = match this.and_then(|interval| interval.start) {
                Some(start) if start <= today || future => return this,
                _ => shifted(today.first_of_month(), if future { 1.month() } else { -1.month() })?,
            };
            return day(shift.year(), shift.month(), number).or(this);
        }
        if let Of::ThirdOnly(third) = self.part {
            let today = published?;
            let this = Said { year: None, part: Of::TenDays(today.month(), third) }.of(today.year())?;
            if this.start? <= today || future {
                return Some(this);
            }
            let before = shifted(today.first_of_month(), (-1).month())?;
            return Said { year: None, part: Of::TenDays(before.month(), third) }.of(before.year());
        }
        if let Of::LastDay(0) = self.part {
            let today = published?;
            let last = shifted(today.last_of_month(), 1.day())?;
            let back = if today == today.last_of_month() || future { 0 } else { -1 };
            let month = shifted(last, (-1).day())?.first_of_month();
            let month = shifted(month, back.months())?;
            return Said { year: None, part: Of::LastDay(month.month()) }.of(month.year());
        }
        if let Some(year) = self.year {
            return self.of(year);
        }
        let today = published?;
        let order: [i16; 9] =
            if future { [0, 1, 2, 3, 4, 5, 6, 7, 8] } else { [0, -1, -2, -3, -4, -5, -6, -7, -8] };
        order.into_iter().find_map(|offset| {
            let interval = self.of(today.year() + offset)?;
            let fits = if future { interval.end? > today } else { interval.start? <= today };
            fits.then_some(interval)
        })
    }

    fn of(self, year: i16) -> Option<Interval> {
        match self.part {
            Of::Year => years(year, 1, Precision::Year),
            Of::Half(half) => months(year, half * 6 - 5, half * 6, Precision::Half),
            Of::Quarter(quarter) => months(year, quarter * 3 - 2, quarter * 3, Precision::Quarter),
            Of::Quarters(from, to) => months(year, from * 3 - 2, to * 3, Precision::Range),
            Of::Month(month) => months(year, month, month, Precision::Month),
            Of::Months(from, to) => months(year, from, to, Precision::Range),
            Of::TenDays(month, third) => {
                let first = Date::new(year, month, third * 10 - 9).ok()?;
                let end = if third == 3 {
                    months(year, month, month, Precision::Month)?.end?
                } else {
                    shifted(first, 10.days())?
                };
                Some(Interval::new(first, end, Precision::TenDays))
            }
            Of::Day(month, number) => day(year, month, number),
            Of::LastDay(month) => {
                let last = Date::new(year, month, 1).ok()?.last_of_month();
                day(year, month, last.day())
            }
            Of::Within(month, from, to) => {
                let start = Date::new(year, month, from).ok()?;
                let end = match Date::new(year, month, to) {
                    Ok(last) => shifted(last, 1.day())?,
                    Err(_) if to == 31 => shifted(start.first_of_month(), 1.month())?,
                    Err(_) => return None,
                };
                (start < end).then(|| Interval::new(start, end, Precision::Range))
            }
            Of::DayOnly(_) | Of::ThirdOnly(_) => None,
            Of::Fixed(interval) => Some(interval),
        }
    }

    /// True if it names a day that no year has, such as 30 February.
    pub(crate) fn impossible(self) -> bool {
        match (self.part, self.year) {
            (Of::Day(month, number), Some(year)) => Date::new(year, month, number).is_err(),
            (Of::Day(month, number), None) => Date::new(2024, month, number).is_err(),
            (Of::Month(month), _) => !(1..=12).contains(&month),
            _ => false,
        }
    }

    /// The month in which it begins, if it says one.
    pub(crate) fn month(self) -> Option<i8> {
        match self.part {
            Of::Month(month)
            | Of::Day(month, _)
            | Of::LastDay(month)
            | Of::TenDays(month, _)
            | Of::Within(month, ..)
            | Of::Months(month, _) => Some(month),
            Of::Quarter(quarter) | Of::Quarters(quarter, _) => Some(quarter * 3 - 2),
            Of::Half(half) => Some(half * 6 - 5),
            _ => None,
        }
    }

    /// Day of the year, roughly, for telling which of two comes first.
    fn order(self) -> Option<(i8, i8)> {
        let day = match self.part {
            Of::Day(_, day) => day,
            Of::LastDay(_) => 31,
            Of::TenDays(_, third) => third * 10,
            Of::Within(_, from, _) => from,
            _ => 1,
        };
        self.month().map(|month| (month, day))
    }
}

/// Joins the two ends of a range, each taking from the other what it leaves out. An error tells why it has no interval:
/// with a doubt if the ends were said in full and contradict each other or the calendar, without one if something is
/// not known or the two are no range.
pub(crate) fn join(
    mut first: Said,
    mut last: Said,
    published: Option<Date>,
    future: bool,
) -> Result<Interval, Option<Doubt>> {
    if let (Of::DayOnly(day), Some(month)) = (last.part, first.month()) {
        last.part = Of::Day(month, day);
    }
    if let (Of::DayOnly(day), Of::Day(month, _)) = (first.part, last.part) {
        first.part = Of::Day(month, day);
    }
    if let (Of::Day(month, from), Of::Day(other, to)) = (first.part, last.part)
        && month == other
        && from > to
        && (first.year.is_none() || last.year.is_none())
    {
        return Err(Some(Doubt::BackwardRange));
    }
    let said_in_full = first.year.is_some() && last.year.is_some();
    fill_years(&mut first, &mut last).ok_or(None)?;
    if first.impossible() || last.impossible() {
        return Err(Some(Doubt::NoSuchDate));
    }
    let (from, to) = ends(first, last, published, future).ok_or(None)?;
    if from < to {
        return Ok(Interval::new(from, to, Precision::Range));
    }
    Err(said_in_full.then_some(Doubt::BackwardRange))
}

/// A year that one end leaves out is that of the other, or the one before or after it.
fn fill_years(first: &mut Said, last: &mut Said) -> Option<()> {
    match (first.year, last.year) {
        (None, Some(year)) if !matches!(first.part, Of::Fixed(_)) => {
            let later = first.order()? > last.order()?;
            first.year = Some(if later { year - 1 } else { year });
        }
        (Some(year), None) if !matches!(last.part, Of::Fixed(_)) => {
            let earlier = last.order()? < first.order()?;
            last.year = Some(if earlier { year + 1 } else { year });
        }
        _ => {}
    }
    Some(())
}

/// The day on which a range begins, and the day after it.
fn ends(first: Said, mut last: Said, published: Option<Date>, future: bool) -> Option<(Date, Date)> {
    let start = first.resolve(published, future)?;
    let open = first.year.is_none() && last.year.is_none();
    if open && !matches!(last.part, Of::Fixed(_) | Of::DayOnly(_) | Of::ThirdOnly(_)) {
        last.year = start.start.map(|date| date.year());
    }
    let mut end = last.resolve(published, future)?;
    if open && end.end? <= start.start? {
        last.year = last.year.map(|year| year + 1);
        end = last.resolve(published, future)?;
    }
    Some((start.start?, end.end?))
}

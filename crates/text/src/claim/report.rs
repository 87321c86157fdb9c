//! The week or month of a report whose title names a day alone: 有色金属周报-20250713 tells of the week that ends then.

use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::Date;

use super::layout::BlockKind;
use super::scene::Scene;
use super::slots::Interval;
use crate::find::{Words, lower};
use crate::mention::Precision;

/// Words of a title that make it a week's report.
static WEEKLY: LazyLock<Words> = LazyLock::new(|| {
    Words::new(&[
        "周报", "周评", "周刊", "周度", "周观点", "周点评", "周观察", "周跟踪", "周记", "一周", "周行情",
        "周策略", "weekly", "week in review", "week in brief", "week's", "the week", "week ahead",
    ])
});

/// Words of a title that make it a month's report.
static MONTHLY: LazyLock<Words> =
    LazyLock::new(|| Words::new(&["月报", "月度", "月评", "月刊", "monthly", "month in review"]));

/// The item of the title's day, and the period that the report is of.
pub(super) fn period(scene: &Scene<'_, '_>) -> Option<(usize, Interval)> {
    let title = scene.blocks.first().filter(|block| block.kind == BlockKind::Title)?;
    let mut times = scene.items_of(title).filter(|item| scene.is_time(*item));
    let item = times.next()?;
    let named = scene.interval(item)?;
    // A title with a second time says more than its day.
    if named.precision != Some(Precision::Day) || times.next().is_some() {
        return None;
    }
    let day: Date = named.start.as_deref()?.parse().ok()?;
    let words = lower(&scene.text[title.span.clone()]);
    if WEEKLY.any_in(&words) {
        return Some((item, week(day)?));
    }
    MONTHLY.any_in(&words).then(|| month(day)).flatten().map(|whole| (item, whole))
}

/// The week of a day, Monday to Monday; what is dated on a Monday tells of the week before.
fn week(day: Date) -> Option<Interval> {
    let back = match day.weekday().to_monday_zero_offset() {
        0 => 7,
        offset => i32::from(offset),
    };
    let start = day.checked_sub(back.days()).ok()?;
    let end = start.checked_add(7.days()).ok()?;
    Some(Interval {
        start: Some(start.to_string()),
        end: Some(end.to_string()),
        precision: Some(Precision::Week),
    })
}

/// The month of a day; what is dated in its first half tells of the month before.
fn month(day: Date) -> Option<Interval> {
    let start = if day.day() <= 15 {
        day.first_of_month().checked_sub(1.month()).ok()?
    } else {
        day.first_of_month()
    };
    let end = start.checked_add(1.month()).ok()?;
    Some(Interval {
        start: Some(start.to_string()),
        end: Some(end.to_string()),
        precision: Some(Precision::Month),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_stands_for_the_week_or_month_that_it_closes() {
        let told = |of: fn(Date) -> Option<Interval>, day: &str| {
            let interval = of(day.parse().ok()?)?;
            Some(format!("{}/{}", interval.start?, interval.end?))
        };
        for (of, day, expected) in [
            (week as fn(Date) -> Option<Interval>, "2025-07-13", "2025-07-07/2025-07-14"),
            (week, "2025-07-11", "2025-07-07/2025-07-14"),
            (week, "2025-07-14", "2025-07-07/2025-07-14"),
            (month, "2025-07-05", "2025-06-01/2025-07-01"),
            (month, "2025-07-31", "2025-07-01/2025-08-01"),
        ] {
            assert_eq!(told(of, day).as_deref(), Some(expected), "{day}");
        }
    }
}

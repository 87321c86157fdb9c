//! Times as tables print them, as half-open intervals.

use api::record::{Period, Precision};
use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use text::{Context, Kind, Kinds, Reader};

use crate::mapping::{Calendar, Column, DateForm};

/// How a period's cell is to be read.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PeriodForm {
    pub(crate) dates: Option<DateForm>,
    pub(crate) precision: Option<Calendar>,
}

impl From<&Column> for PeriodForm {
    fn from(column: &Column) -> Self {
        Self { dates: column.dates, precision: column.precision }
    }
}

/// Reads a period; the error says why it cannot be, and how to mend it.
pub(crate) fn read(cell: &str, form: PeriodForm, reader: &Reader) -> Result<Period, String> {
    let text = cell.trim();
    let (start, end, precision) = written(text, form, reader)?;
    let day = end == start.checked_add(1.day()).ok().unwrap_or(start);
    let (start, end, precision) = match form.precision.filter(|_| day) {
        Some(calendar) => around(start, calendar).ok_or(OUT)?,
        None => (start, end, precision),
    };
    Ok(Period { start: start.to_string(), end: end.to_string(), precision: precision.into() })
}

type Interval = (Date, Date, Precision);

const OUT: &str = "its year is not between 1 and 9998";

fn written(text: &str, form: PeriodForm, reader: &Reader) -> Result<Interval, String> {
    if let Some((from, to)) = text.split_once("..") {
        let end = |text: &str| text.trim().parse::<Date>().map_err(|_| unknown(text));
        let (start, end) = (end(from)?, end(to)?);
        return if start < end {
            Ok((start, end, Precision::Range))
        } else {
            Err(format!("the period ends on {end}, not after it begins; the end is the day after the last"))
        };
    }
    if form.dates == Some(DateForm::Excel)
        && let Ok(serial) = text.parse::<f64>()
    {
        return excel(serial).and_then(day).ok_or_else(|| {
            format!("«{text}» is no day that Excel counts: 61 (1900-03-01) to 2958465 (9999-12-31)")
        });
    }
    if let Some(interval) = plain(text)? {
        return Ok(interval);
    }
    if let Some(date) = slashed(text, form.dates)? {
        return day(date).ok_or_else(|| OUT.to_owned());
    }
    spoken(text, reader).ok_or_else(|| unknown(text))
}

fn unknown(text: &str) -> String {
    format!(
        "«{text}» is no period; write 2025, 2025-H1, 2025-Q3, 2025-07, 2025-W28, 2025-07-13, or from one day to before another, \
         2025-07-01..2025-08-01"
    )
}

fn day(date: Date) -> Option<Interval> {
    Some((date, date.checked_add(1.day()).ok()?, Precision::Day))
}

/// `2025`, `2025-07`, `202507`, `2025Q3`, `2025-H1`, `2025-W28`, `2025-07-13`, `20250713`, each also with a time of day behind
/// it, which is left out. None for what is written otherwise.
fn plain(text: &str) -> Result<Option<Interval>, String> {
    // 2024-12-31 00:00:00, 2024-12-31T00:00:00Z
    let date_part = text.get(..10).filter(|_| {
        let rest = text.get(10..).unwrap_or_default();
        rest.is_empty() || rest.starts_with(['T', ' ']) && rest[1..].starts_with(|c: char| c.is_ascii_digit())
    });
    let dashed = |part: &str| part.as_bytes()[4] == b'-' && part.as_bytes()[7] == b'-';
    if let Some(part) = date_part.filter(|part| part.is_ascii() && dashed(part)) {
        let date = part.parse::<Date>().map_err(|_| format!("there is no day «{part}»"))?;
        return day(date).map(Some).ok_or_else(|| OUT.to_owned());
    }
    if !text.is_ascii() || text.len() < 4 || !text.bytes().take(4).all(|byte| byte.is_ascii_digit()) {
        return Ok(None);
    }
    let (year, rest) = text.split_at(4);
    let year: i16 = year.parse().map_err(|_| unknown(text))?;
    let rest = rest.strip_prefix(['-', ' ']).unwrap_or(rest).to_ascii_uppercase();
    if !(1..=9998).contains(&year) {
        return Err(OUT.to_owned());
    }
    let part = |letter: char, most: i8| -> Option<i8> {
        let number = rest.strip_prefix(letter)?.parse().ok()?;
        (1..=most).contains(&number).then_some(number)
    };
    if rest.is_empty() {
        return Ok(months(year, 1, 12, Precision::Year));
    }
    if let Some(quarter) = part('Q', 4) {
        return Ok(months(year, quarter * 3 - 2, 3, Precision::Quarter));
    }
    if let Some(half) = part('H', 2) {
        return Ok(months(year, half * 6 - 5, 6, Precision::Half));
    }
    if let Some(week) = part('W', 53) {
        let monday = jiff::civil::ISOWeekDate::new(year, week, jiff::civil::Weekday::Monday);
        let monday = monday.map_err(|_| format!("{year} has no week {week}"))?.date();
        return Ok(around(monday, Calendar::Week));
    }
    if let Some(month) = part('M', 12) {
        return Ok(months(year, month, 1, Precision::Month));
    }
    if !rest.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(None);
    }
    match rest.len() {
        2 => {
            let month = rest.parse().ok().filter(|month| (1..=12).contains(month));
            Ok(months(year, month.ok_or_else(|| format!("there is no month {rest}"))?, 1, Precision::Month))
        }
        4 => {
            let (month, number) = (rest[..2].parse().unwrap_or(0), rest[2..].parse().unwrap_or(0));
            let date = Date::new(year, month, number).map_err(|_| format!("there is no day «{text}»"))?;
            Ok(day(date))
        }
        _ => Ok(None),
    }
}

fn months(year: i16, first: i8, count: i8, precision: Precision) -> Option<Interval> {
    let start = Date::new(year, first, 1).ok()?;
    Some((start, start.checked_add(i64::from(count).months()).ok()?, precision))
}

/// The week, month, quarter or year of a day.
fn around(day: Date, calendar: Calendar) -> Option<Interval> {
    match calendar {
        Calendar::Week => {
            let monday = day.checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days()).ok()?;
            Some((monday, monday.checked_add(7.days()).ok()?, Precision::Week))
        }
        Calendar::Month => months(day.year(), day.month(), 1, Precision::Month),
        Calendar::Quarter => months(day.year(), (day.month() - 1) / 3 * 3 + 1, 3, Precision::Quarter),
        Calendar::Year => months(day.year(), 1, 12, Precision::Year),
    }
}

/// `31/12/2024`, `2024/12/31`, `31.12.2024`: which number is the month is never guessed where both could be.
fn slashed(text: &str, form: Option<DateForm>) -> Result<Option<Date>, String> {
    let date_part = text.split(' ').next().unwrap_or_default();
    let Some(sign) = ['/', '.', '-'].into_iter().find(|sign| date_part.matches(*sign).count() == 2) else {
        return Ok(None);
    };
    let numbers: Vec<i16> = date_part.split(sign).filter_map(|part| part.parse().ok()).collect();
    let &[first, second, third] = numbers.as_slice() else { return Ok(None) };
    let (year, month, number) = if first > 31 {
        (first, second, third)
    } else {
        match form {
            Some(DateForm::DayFirst) => (third, second, first),
            Some(DateForm::MonthFirst) => (third, first, second),
            _ if first > 12 => (third, second, first),
            _ if second > 12 => (third, first, second),
            _ => {
                return Err(format!(
                    "«{text}» can be read in two ways; say dates = \"day-first\" or \"month-first\" in the mapping"
                ));
            }
        }
    };
    if year < 100 {
        return Err(format!("«{text}» has a year of two digits; write all four"));
    }
    let small = |number: i16| i8::try_from(number).unwrap_or(0);
    Date::new(year, small(month), small(number)).map(Some).map_err(|_| format!("there is no day «{text}»"))
}

/// The day of a serial number of Excel, whose day 60 does not exist.
pub(crate) fn excel(serial: f64) -> Option<Date> {
    if !(61.0..2_958_466.0).contains(&serial) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the range is checked above, and a time of day is left out"
    )]
    let days = serial.floor() as i64;
    date(1899, 12, 30).checked_add(days.days()).ok()
}

/// What the reader of texts understands: 2025年7月, July 2025, 2025年第三季度, H1 2025.
fn spoken(text: &str, reader: &Reader) -> Option<Interval> {
    let context = Context { kinds: Kinds::of(&[Kind::Time]), ..Context::default() };
    let mentions = reader.read(text, &context);
    let [mention] = mentions.as_slice() else { return None };
    if mention.quote.len() != text.len() || mention.doubt.is_some() {
        return None;
    }
    let (start, end) = (mention.start.as_deref()?.parse().ok()?, mention.end.as_deref()?.parse().ok()?);
    let precision = match mention.precision? {
        text::Precision::Day => Precision::Day,
        text::Precision::Week => Precision::Week,
        text::Precision::TenDays => Precision::TenDays,
        text::Precision::Month => Precision::Month,
        text::Precision::Quarter => Precision::Quarter,
        text::Precision::Half => Precision::Half,
        text::Precision::Year => Precision::Year,
        text::Precision::Decade => Precision::Decade,
        // What is finer than a day has no date as its end.
        text::Precision::Second
        | text::Precision::Minute
        | text::Precision::Hour
        | text::Precision::Range => Precision::Range,
    };
    Some((start, end, precision))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(cell: &str, form: PeriodForm) -> String {
        match read(cell, form, &Reader::standard()) {
            Ok(period) => format!("{}..{} {}", period.start, period.end, period.precision().as_str_name()),
            Err(why) => why,
        }
    }

    #[test]
    fn periods_as_tables_print_them() {
        for (cell, expected) in [
            ("2025", "2025-01-01..2026-01-01 PRECISION_YEAR"),
            ("2025-07", "2025-07-01..2025-08-01 PRECISION_MONTH"),
            ("202507", "2025-07-01..2025-08-01 PRECISION_MONTH"),
            ("2025M07", "2025-07-01..2025-08-01 PRECISION_MONTH"),
            ("2025Q3", "2025-07-01..2025-10-01 PRECISION_QUARTER"),
            ("2025-q3", "2025-07-01..2025-10-01 PRECISION_QUARTER"),
            ("2025 H1", "2025-01-01..2025-07-01 PRECISION_HALF"),
            ("2025-W28", "2025-07-07..2025-07-14 PRECISION_WEEK"),
            ("2024-12-31", "2024-12-31..2025-01-01 PRECISION_DAY"),
            ("20241231", "2024-12-31..2025-01-01 PRECISION_DAY"),
            ("2024-12-31 00:00:00", "2024-12-31..2025-01-01 PRECISION_DAY"),
            ("2024/12/31", "2024-12-31..2025-01-01 PRECISION_DAY"),
            ("2025年7月", "2025-07-01..2025-08-01 PRECISION_MONTH"),
            ("2025年第三季度", "2025-07-01..2025-10-01 PRECISION_QUARTER"),
            ("July 2025", "2025-07-01..2025-08-01 PRECISION_MONTH"),
            ("2025-07-01..2025-08-15", "2025-07-01..2025-08-15 PRECISION_RANGE"),
        ] {
            assert_eq!(told(cell, PeriodForm::default()), expected, "{cell}");
        }
    }

    #[test]
    fn a_day_may_stand_for_its_month() {
        let month = PeriodForm { precision: Some(Calendar::Month), ..PeriodForm::default() };
        assert_eq!(told("2017-01-01", month), "2017-01-01..2017-02-01 PRECISION_MONTH");
        assert_eq!(told("2017-Q1", month), "2017-01-01..2017-04-01 PRECISION_QUARTER");
    }

    #[test]
    fn serials_and_slashes_are_read_as_said() {
        let form = |dates| PeriodForm { dates: Some(dates), ..PeriodForm::default() };
        assert_eq!(told("45657", form(DateForm::Excel)), "2024-12-31..2025-01-01 PRECISION_DAY");
        assert_eq!(told("03/04/2025", form(DateForm::DayFirst)), "2025-04-03..2025-04-04 PRECISION_DAY");
        assert_eq!(told("03/04/2025", form(DateForm::MonthFirst)), "2025-03-04..2025-03-05 PRECISION_DAY");
        assert!(told("03/04/2025", PeriodForm::default()).contains("two ways"));
        assert_eq!(told("31/12/2024", PeriodForm::default()), "2024-12-31..2025-01-01 PRECISION_DAY");
    }

    #[test]
    fn what_is_no_period_is_told() {
        for (cell, why) in [
            ("2025-13", "no month 13"),
            ("2025-02-30", "no day"),
            ("45657", "no period"),
            ("last week", "no period"),
            ("", "no period"),
            ("2025-08-01..2025-07-01", "not after it begins"),
            ("31/12/24", "two digits"),
            ("9999", "not between"),
            ("2025-W60", "no period"),
            ("铜", "no period"),
        ] {
            assert!(
                told(cell, PeriodForm::default()).contains(why),
                "{cell}: {}",
                told(cell, PeriodForm::default())
            );
        }
        assert!(
            told("60", PeriodForm { dates: Some(DateForm::Excel), ..PeriodForm::default() })
                .contains("Excel")
        );
    }
}

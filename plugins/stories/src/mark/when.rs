//! When a document was published, as one number.

use plugin_sdk::record::Period;

/// Seconds since 1970-01-01 UTC of the beginning of a period; a day counts from its first second. `None` if it is open or unreadable.
pub(super) fn second(period: &Period) -> Option<i64> {
    let start = period.start.as_str();
    if let Ok(time) = start.parse::<jiff::Timestamp>() {
        return Some(time.as_second());
    }
    let day: jiff::civil::Date = start.get(..10)?.parse().ok()?;
    let midnight = day.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(midnight.timestamp().as_second())
}

/// Days since 1970-01-01 of a date such as `2025-07-13`.
pub(super) fn day(date: &str) -> Option<i64> {
    let day: jiff::civil::Date = date.get(..10)?.parse().ok()?;
    Some(day.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second().div_euclid(86_400))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_with_offsets_and_days_are_read() {
        let at = |start: &str| second(&Period { start: start.into(), ..Period::default() });
        assert_eq!(at("1970-01-02T08:00:00+08:00"), Some(86_400));
        assert_eq!(at("1970-01-02"), Some(86_400));
        assert_eq!(at(""), None);
        assert_eq!(day("1970-01-03"), Some(2));
    }
}

//! `--as-of`: a point in the history of the log.

use std::str::FromStr;

use clap::Args;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

/// When to read the log.
#[derive(Args, Clone, Copy, Debug, Default)]
pub(crate) struct AsOfArgs {
    /// Read the log as it was: at a sequence (1234), at the end of a day in UTC (2025-07-13), or just before a time
    /// (2025-07-13T16:09:00+08:00)
    #[arg(long, value_name = "SEQUENCE|DATE")]
    pub(crate) as_of: Option<AsOf>,
}

/// A point in the history of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AsOf {
    /// After the commit of this sequence.
    Sequence(i64),
    /// After the last commit before this time.
    Before(Timestamp),
}

impl FromStr for AsOf {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "`{text}` is neither a sequence of the log, such as 1234, nor a day, such as 2025-07-13, nor a time with its \
                 offset, such as 2025-07-13T16:09:00+08:00"
            )
        };
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            let sequence = text.parse().ok().filter(|sequence| *sequence > 0);
            return sequence.map(AsOf::Sequence).ok_or_else(wrong);
        }
        if let Ok(time) = text.parse::<Timestamp>() {
            return Ok(AsOf::Before(time));
        }
        let day = if text.len() == 10 { text.parse::<Date>().ok() } else { None };
        let next = day.and_then(|day| day.checked_add(1.day()).ok()).ok_or_else(wrong)?;
        next.to_zoned(TimeZone::UTC).map(|time| AsOf::Before(time.timestamp())).map_err(|_| wrong())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sequence_a_day_and_a_time_are_told_apart() {
        let time = |text: &str| text.parse::<Timestamp>().map(AsOf::Before).map_err(|e| e.to_string());
        assert_eq!("1234".parse(), Ok(AsOf::Sequence(1234)));
        assert_eq!("2025-07-13".parse::<AsOf>(), time("2025-07-14T00:00:00Z"));
        assert_eq!("2025-07-13T16:09:00+08:00".parse::<AsOf>(), time("2025-07-13T08:09:00Z"));
        for wrong in
            ["", "0", "-5", "2025-02-30", "2025-07", "yesterday", "99999999999999999999", "9999-12-31"]
        {
            assert!(
                wrong.parse::<AsOf>().is_err_and(|error| error.contains("is neither a sequence")),
                "{wrong}"
            );
        }
    }
}

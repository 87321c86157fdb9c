//! Grouping by connection: records that are linked, directly or through others, by shared values of a key.
//!
//! The records that carry the key are the vertices of a graph; two are linked if they share a value. A group is a
//! connected component, or, where that has more members than the limit, a component of what is left when only links
//! within one window of time count; `monazite.analysis.v1.Connection` tells the rule. [`Search`] answers for one
//! sequence which group a record is in. Every search stops one member over the limit, so that work depends on the limit
//! and never on what is stored. [`touched`](touched::touched) compares the groups around a commit before and after it.
//!
//! Only envelopes are decoded, never bodies.

mod search;
mod touched;

use api::storage::Connection;

pub(crate) use search::{Search, SharedMemory};
pub(crate) use touched::{Changed, touched};

use crate::check;
use crate::error::{Error, Result};

/// Members of a group if no limit is given; the default of a manifest's limit.
const DEFAULT_MEMBERS: usize = 10_000;

/// The largest limit that can be asked for: a group read allows no more.
const MOST_MEMBERS: usize = crate::limits::GROUP_RECORDS;

/// The longest window, in days: a century.
const MOST_DAYS: u32 = 36_600;

/// How many times the limit may carry a value that still links where groups are cut. Which of its carriers are of one
/// window is found by looking at each, so that there has to be a bound.
const COMMON: usize = 8;

/// What links records and how groups are cut; a [`Connection`] that was checked.
#[derive(Debug)]
pub(crate) struct Rule {
    /// The linking key's name and `=`.
    link: String,
    /// The window's key's name and `=`.
    window: String,
    /// Days of the windows, level by level, halved down to one.
    windows: Vec<i64>,
    /// Most members of a group.
    limit: usize,
    /// Kinds of the vertices; empty: all.
    kinds: Vec<String>,
}

impl Rule {
    /// Checks a connection of records of these kinds.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] if a key's name is none, or if the days are out of bounds.
    pub(crate) fn new(connection: &Connection, kinds: &[String]) -> Result<Self> {
        let invalid = |message| Error::InvalidArgument { what: "connection", message };
        for name in [&connection.key_name, &connection.window_key] {
            check::check_key_name(name).map_err(invalid)?;
        }
        if !(1..=MOST_DAYS).contains(&connection.window_days) {
            return Err(invalid(format!("must have windows of 1 to {MOST_DAYS} days")));
        }
        let mut windows = vec![i64::from(connection.window_days)];
        while let Some(&days) = windows.last().filter(|days| **days > 1) {
            windows.push(days / 2);
        }
        let limit = match connection.max_records {
            0 => DEFAULT_MEMBERS,
            given => (given as usize).min(MOST_MEMBERS),
        };
        Ok(Self {
            link: format!("{}=", connection.key_name),
            window: format!("{}=", connection.window_key),
            windows,
            limit,
            kinds: kinds.to_vec(),
        })
    }

    /// The day of a record with these keys, counted from 1970-01-01.
    fn day(&self, keys: &[String]) -> Option<i64> {
        keys.iter().filter_map(|key| day(key.strip_prefix(&self.window)?)).min()
    }

    /// True if two days are in the same window at a level and at all above it; at level zero there are no windows.
    fn together(&self, a: Option<i64>, b: Option<i64>, level: usize) -> bool {
        let window = |day: Option<i64>, days: i64| day.map(|day| day.div_euclid(days));
        self.windows[..level].iter().all(|&days| window(a, days) == window(b, days))
    }
}

/// The day of an RFC 3339 date, or of a time in UTC, counted from 1970-01-01.
fn day(text: &str) -> Option<i64> {
    const DATE: usize = "2025-07-13".len();
    let written = if text.len() == DATE { format!("{text}T00:00:00Z") } else { text.to_owned() };
    let time: jiff::Timestamp = written.parse().ok()?;
    Some(time.as_second().div_euclid(24 * 3600))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_from_dates_and_from_times_in_utc() {
        for (text, expected) in [
            ("1970-01-01", Some(0)),
            ("1969-12-31", Some(-1)),
            ("2025-07-13", Some(20_282)),
            ("2025-07-13T23:30:00Z", Some(20_282)),
            ("2025-07-13T23:30:00-05:00", Some(20_283)),
            ("2025-07-13T00:30:00.5+08:00", Some(20_281)),
            ("2025-07", None),
            ("2025-02-30", None),
            ("yesterday!", None),
            ("", None),
        ] {
            assert_eq!(day(text), expected, "{text}");
        }
    }

    #[test]
    fn windows_are_halved_down_to_a_day_and_the_earliest_day_counts() {
        let connection = |days| Connection {
            key_name: "band".to_owned(),
            window_key: "at".to_owned(),
            window_days: days,
            max_records: 0,
        };
        let rule = Rule::new(&connection(7), &[]).expect("a rule");
        assert_eq!((rule.windows.as_slice(), rule.limit), (&[7, 3, 1][..], DEFAULT_MEMBERS));
        let keys = ["at=2025-07-13", "at=then", "at=2025-07-12", "attic=1970-01-01"].map(str::to_owned);
        assert_eq!(rule.day(&keys), Some(20_281));
        assert!(rule.together(Some(13), None, 0) && !rule.together(Some(13), None, 1));
        assert!(rule.together(Some(7), Some(13), 1) && !rule.together(Some(7), Some(13), 2));
        assert!(!rule.together(Some(-1), Some(0), 1) && rule.together(None, None, 3));
        for days in [0, MOST_DAYS + 1] {
            assert!(Rule::new(&connection(days), &[]).is_err());
        }
        for name in ["", "a=b"] {
            let bad = Connection { window_key: name.to_owned(), ..connection(1) };
            assert!(Rule::new(&bad, &[]).is_err(), "{name:?}");
        }
    }
}

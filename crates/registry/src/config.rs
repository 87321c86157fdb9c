use std::sync::Arc;
use std::time::Duration;

use crate::{Error, Result};

/// A monotonic clock: the time since some start, never going back. Handed in, so that tests move it by hand.
pub type Clock = Arc<dyn Fn() -> Duration + Send + Sync>;

/// The longest that an instance may stay listed after its TTL ran out.
const GRACE: Duration = Duration::from_secs(3);

/// The longest pause between two marks of a watch.
const LONGEST_PROGRESS: Duration = Duration::from_secs(10);

/// The machine's monotonic clock, starting now. Follows tokio's paused time.
#[must_use]
pub fn monotonic() -> Clock {
    let start = tokio::time::Instant::now();
    Arc::new(move || start.elapsed())
}

/// How a registry behaves.
#[derive(Clone, Debug)]
pub struct Config {
    /// The shortest TTL that is granted; a shorter wish is raised to it. At least 3 s.
    pub shortest_ttl: Duration,
    /// The TTL of who asks for none.
    pub default_ttl: Duration,
    /// The longest TTL that is granted; a longer wish is cut to it.
    pub longest_ttl: Duration,
    /// Pause between two looks for leases that ran out. At most 2 s, so that none outlives its TTL by 3 s.
    pub expiry_tick: Duration,
    /// Commits that are kept for watches that resume, for pages of older revisions and for watchers that lag. A
    /// watcher has no buffer of its own: it is ended as too slow once it lags behind what is kept.
    pub history: usize,
    /// Bytes of values that the kept commits may hold, the latest commit apart.
    pub history_bytes: usize,
    /// The longest that a watch stays silent. At most 10 s.
    pub progress_interval: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            shortest_ttl: Duration::from_secs(3),
            default_ttl: Duration::from_secs(15),
            longest_ttl: Duration::from_secs(3600),
            expiry_tick: Duration::from_secs(1),
            history: 4096,
            history_bytes: 16 << 20,
            progress_interval: Duration::from_secs(5),
        }
    }
}

impl Config {
    /// Refuses a config under which a promise could not be kept.
    pub(crate) fn check(&self) -> Result<()> {
        let wrong = |field, message: &str| Err(Error::Config { field, message: message.to_owned() });
        if self.shortest_ttl < Duration::from_secs(3) {
            return wrong("shortest_ttl", "must be at least 3 s");
        }
        if !(self.shortest_ttl..=self.longest_ttl).contains(&self.default_ttl) {
            return wrong("default_ttl", "must lie between shortest_ttl and longest_ttl");
        }
        if self.expiry_tick.is_zero() || self.expiry_tick + Duration::from_secs(1) > GRACE {
            return wrong("expiry_tick", "must be above zero and at most 2 s");
        }
        if self.history == 0 {
            return wrong("history", "must be at least 1");
        }
        if self.progress_interval.is_zero() || self.progress_interval > LONGEST_PROGRESS {
            return wrong("progress_interval", "must be above zero and at most 10 s");
        }
        Ok(())
    }

    /// The TTL that is granted to who asks for `wanted`.
    pub(crate) fn grant(&self, wanted: Option<Duration>) -> Duration {
        wanted.unwrap_or(self.default_ttl).clamp(self.shortest_ttl, self.longest_ttl)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_breaks_a_promise() {
        assert!(Config::default().check().is_ok());
        let refused = [
            Config { shortest_ttl: Duration::from_millis(2999), ..Config::default() },
            Config { default_ttl: Duration::from_secs(2), ..Config::default() },
            Config { default_ttl: Duration::from_secs(3601), ..Config::default() },
            Config { expiry_tick: Duration::ZERO, ..Config::default() },
            Config { expiry_tick: Duration::from_millis(2001), ..Config::default() },
            Config { history: 0, ..Config::default() },
            Config { progress_interval: Duration::from_secs(11), ..Config::default() },
        ];
        for config in refused {
            assert!(matches!(config.check(), Err(Error::Config { .. })), "{config:?}");
        }
    }

    #[test]
    fn grants_within_its_bounds() {
        let config = Config::default();
        let cases = [(None, 15), (Some(0), 3), (Some(3), 3), (Some(60), 60), (Some(7200), 3600)];
        for (wanted, granted) in cases {
            assert_eq!(config.grant(wanted.map(Duration::from_secs)), Duration::from_secs(granted));
        }
    }
}

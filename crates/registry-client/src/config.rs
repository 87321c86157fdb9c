use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How a client behaves.
#[derive(Clone, Debug)]
pub struct Config {
    /// The TTL that is asked for; none: the registry's own, 15 s.
    pub ttl: Option<Duration>,
    /// The longest that a call may take, up to its answer or the start of its stream.
    pub call_timeout: Duration,
    /// The pause after the first failure; it doubles with each one after.
    pub first_pause: Duration,
    /// The longest pause after a failure.
    pub longest_pause: Duration,
    /// The longest that a watch may stay silent until the connection is taken for dead. The registry sends
    /// something every 10 s.
    pub silence: Duration,
    /// The longest between two looks at everything, even while changes are followed.
    pub relist: Duration,
    /// The time of day in microseconds since 1970, of which incarnations are made.
    pub wall_clock: fn() -> i64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            ttl: None,
            call_timeout: Duration::from_secs(3),
            first_pause: Duration::from_millis(50),
            longest_pause: Duration::from_secs(5),
            silence: Duration::from_secs(25),
            relist: Duration::from_secs(300),
            wall_clock: micros_since_1970,
        }
    }
}

fn micros_since_1970() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

/// Pauses between failures: doubling, with jitter, so that clients do not come back all at once.
#[derive(Debug)]
pub(crate) struct Backoff {
    first: Duration,
    longest: Duration,
    next: Duration,
}

impl Backoff {
    pub(crate) fn new(config: &Config) -> Self {
        Self { first: config.first_pause, longest: config.longest_pause, next: config.first_pause }
    }

    /// The next pause: half to all of what it grew to.
    pub(crate) fn pause(&mut self) -> Duration {
        let pause = shorten(self.next, 0.5);
        self.next = (self.next * 2).min(self.longest);
        pause
    }

    pub(crate) fn reset(&mut self) {
        self.next = self.first;
    }
}

/// Shortens a duration by a random part of it, at most `part`.
pub(crate) fn shorten(duration: Duration, part: f64) -> Duration {
    duration.mul_f64(1.0 - part * f64::from(random()) / f64::from(u32::MAX))
}

/// Random bits; zero if there are none, which costs jitter and nothing else.
pub(crate) fn random() -> u32 {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).map_or(0, |()| u32::from_le_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let config = Config {
            first_pause: Duration::from_millis(100),
            longest_pause: Duration::from_millis(350),
            ..Config::default()
        };
        let mut backoff = Backoff::new(&config);
        for _ in 0..2 {
            for full in [100, 200, 350, 350] {
                let pause = backoff.pause();
                assert!(pause <= Duration::from_millis(full), "{pause:?} of {full}");
                assert!(pause >= Duration::from_millis(full / 2), "{pause:?} of {full}");
            }
            backoff.reset();
        }
    }

    #[test]
    fn jitter_differs() {
        let pauses: std::collections::BTreeSet<_> =
            (0..50).map(|_| shorten(Duration::from_secs(10), 0.2)).collect();
        assert!(pauses.len() > 40, "{pauses:?}");
        assert!(pauses.iter().all(|pause| (8.0..=10.0).contains(&pause.as_secs_f64())));
    }
}

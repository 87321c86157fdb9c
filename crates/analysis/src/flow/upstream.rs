//! Waiting for those who write what is read here, so that a group is analyzed once, and not after each of them anew.
//!
//! It is about work alone, never about what comes out: a group that is read too early is out of date again as soon as the rest is
//! written. So nobody is waited for who makes no progress, and nobody for long.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use crate::board::Feeding;
use crate::config::Config;

/// How often it is noted how far the feed was read.
const NOTED: Duration = Duration::from_secs(1);

/// How many marks are kept that wait for the feed.
const REACHED: usize = 64;

/// What a flow knows of those who write what it reads.
#[derive(Debug, Default)]
pub(super) struct Upstream {
    /// What they had done, and how far the feed was read, when either last changed while something waited; and when that was.
    waiting: Option<((Feeding, i64), Instant)>,
    /// With what they are through, once the feed was read up to their last commit before that. Until then the groups that these
    /// commits touch again are not known, and what is done meanwhile would be done anew.
    reached: VecDeque<(i64, i64)>,
    /// With what they are through as far as it was read.
    through: i64,
    /// How far the feed was read, and since when.
    seen: VecDeque<(Instant, i64)>,
    /// Something waits for them now.
    pub(super) holds: bool,
}

impl Upstream {
    /// Up to which commit groups may be read now. `next` is the commit that touched the group whose turn it is, `seen` how
    /// far the feed was read.
    pub(super) fn ready(
        &mut self,
        feeding: Feeding,
        next: i64,
        seen: i64,
        now: Instant,
        config: &Config,
    ) -> i64 {
        self.note(seen, now, config.upstream_patience);
        self.reach(feeding, seen);
        self.holds = false;
        if self.through >= next {
            self.waiting = None;
            return self.through;
        }
        // Of those who are through only the feed is waited for; it says nothing of those who are not.
        let state = (feeding, if feeding.through >= next { seen } else { 0 });
        let since = match self.waiting {
            Some((before, since)) if before == state => since,
            _ => {
                self.waiting = Some((state, now));
                now
            }
        };
        if now - since >= config.upstream_stall {
            return i64::MAX;
        }
        // What was touched so long ago has waited enough.
        let old = self.seen.front().filter(|(at, _)| now - *at >= config.upstream_patience);
        let ready = old.map_or(self.through, |(_, old)| self.through.max(*old));
        self.holds = ready < next;
        ready
    }

    /// Takes in how far they are.
    fn reach(&mut self, feeding: Feeding, seen: i64) {
        let Feeding { through, written, .. } = feeding;
        let many = self.reached.len() >= REACHED;
        match self.reached.back_mut() {
            Some((last, _)) if *last == through => {}
            // Few are kept apart; the later of two is right for both.
            Some(last) if many => *last = (through, written),
            _ => self.reached.push_back((through, written)),
        }
        while let Some((through, _)) = self.reached.front().filter(|(_, written)| *written <= seen) {
            self.through = *through;
            self.reached.pop_front();
        }
    }

    /// Keeps one note that is older than the patience, and all later ones.
    fn note(&mut self, seen: i64, now: Instant, patience: Duration) {
        if self.seen.back().is_none_or(|(at, last)| *last < seen && now - *at >= NOTED) {
            self.seen.push_back((now, seen));
        }
        while self.seen.get(1).is_some_and(|(at, _)| now - *at >= patience) {
            self.seen.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feeding(through: i64, committed: u64) -> Feeding {
        Feeding { through, written: 0, done: (committed, 0) }
    }

    #[test]
    fn what_they_wrote_is_read_first() {
        let config = Config::default();
        let (mut upstream, now) = (Upstream::default(), Instant::now());
        let through = |through, written| Feeding { through, written, done: (0, 0) };
        assert_eq!(upstream.ready(through(5, 0), 5, 5, now, &config), 5);
        // They are through with 6, and wrote at 9 what touches its groups again.
        assert_eq!(upstream.ready(through(6, 9), 6, 6, now, &config), 5);
        assert!(upstream.holds);
        // Further commits of theirs do not put it off.
        assert_eq!(upstream.ready(through(6, 12), 6, 8, now, &config), 5);
        assert_eq!(upstream.ready(through(7, 12), 6, 9, now, &config), 6);
        assert_eq!(upstream.ready(through(7, 14), 7, 12, now, &config), 7);
        for step in 0..1_000 {
            upstream.ready(through(8 + step, 5_000), 5_000, 12, now, &config);
        }
        assert!(upstream.reached.len() <= REACHED);
        assert_eq!(upstream.ready(through(1_007, 5_000), 1_007, 5_000, now, &config), 1_007);
    }

    #[test]
    fn who_makes_progress_is_waited_for_and_who_makes_none_is_not() {
        let config = Config::default();
        let (mut upstream, start) = (Upstream::default(), Instant::now());
        let stall = u64::try_from(config.upstream_stall.as_millis()).unwrap_or(0);
        let at = |milliseconds| start + Duration::from_millis(milliseconds);
        assert_eq!(upstream.ready(feeding(7, 0), 7, 9, at(0), &config), 7);
        assert!(!upstream.holds);
        // A long time in which nothing waited is no standstill; nor is one of the feed's.
        assert_eq!(upstream.ready(feeding(7, 0), 12, 12, at(60_000), &config), 7);
        assert!(upstream.holds);
        assert_eq!(upstream.ready(feeding(7, 0), 12, 13, at(60_000 + stall - 1), &config), 7);
        assert_eq!(upstream.ready(feeding(7, 1), 12, 14, at(60_000 + stall), &config), 7, "a group more");
        assert_eq!(upstream.ready(feeding(7, 1), 12, 15, at(60_000 + 2 * stall - 1), &config), 7);
        assert_eq!(upstream.ready(feeding(7, 1), 12, 16, at(60_000 + 2 * stall), &config), i64::MAX);
        assert!(!upstream.holds);
        assert_eq!(upstream.ready(feeding(12, 2), 12, 16, at(60_001 + 2 * stall), &config), 12);
    }

    #[test]
    fn nobody_is_waited_for_without_end() {
        let config = Config::default();
        let (mut upstream, start) = (Upstream::default(), Instant::now());
        let patience = config.upstream_patience.as_secs();
        for step in 0..4 * patience {
            let seen = 10 + i64::try_from(step).unwrap_or(0);
            let now = start + Duration::from_secs(step);
            let ready = upstream.ready(feeding(1, step), 1_000_000, seen, now, &config);
            if step < patience {
                assert_eq!(ready, 1, "{step}");
            } else {
                assert!((10..seen).contains(&ready), "{step}: {ready}");
            }
            assert!(upstream.seen.len() as u64 <= patience + 2, "what is noted is bounded");
        }
    }
}

//! Streams to the providers of the assigned version: opened, left, opened again.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::calls::{Ending, LineEvent, Served};
use crate::config::Backoff;
use crate::flow::session::Session;
use crate::grpc::analyzer::carry;
use crate::providers::Provider;

/// One provider and the stream to it.
struct Source {
    provider: Provider,
    line: Option<u64>,
    opening_at: Instant,
    backoff: Backoff,
    /// Which of its endpoints is tried next.
    endpoint: usize,
}

/// The providers of one analyzer, by id and fence.
#[derive(Default)]
pub(super) struct Sources {
    sources: BTreeMap<(String, i64), Source>,
    last_line: u64,
}

impl Sources {
    pub(super) fn len(&self) -> usize {
        self.sources.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// When the next stream is to be opened.
    pub(super) fn next_opening(&self) -> Option<Instant> {
        self.sources.values().filter(|source| source.line.is_none()).map(|source| source.opening_at).min()
    }

    fn of_line(&mut self, line: u64) -> Option<&mut Source> {
        self.sources.values_mut().find(|source| source.line == Some(line))
    }
}

impl Session {
    /// These provide the assigned version now.
    pub(super) fn set_providers(&mut self, providers: Vec<Provider>) {
        let wanted: BTreeMap<_, _> =
            providers.into_iter().map(|provider| ((provider.id.clone(), provider.fence), provider)).collect();
        let gone: Vec<_> =
            self.sources.sources.keys().filter(|key| !wanted.contains_key(*key)).cloned().collect();
        for key in gone {
            if let Some(line) = self.sources.sources.remove(&key).and_then(|source| source.line) {
                self.calls.leave(line);
            }
        }
        for (key, provider) in wanted {
            let new = Source {
                provider: provider.clone(),
                line: None,
                opening_at: Instant::now(),
                backoff: Backoff::new(&self.context.config),
                endpoint: 0,
            };
            self.sources.sources.entry(key).or_insert(new).provider = provider;
        }
        if self.sources.is_empty() {
            for job in self.calls.take_waiting() {
                self.ledger.park(&job.group);
            }
        } else {
            self.ledger.unpark();
        }
    }

    /// Opens the streams that are due.
    pub(super) fn open_lines(&mut self, now: Instant) {
        for source in self.sources.sources.values_mut() {
            if source.line.is_some() || source.opening_at > now {
                continue;
            }
            let endpoints = &source.provider.endpoints;
            let Some(endpoint) = endpoints.get(source.endpoint % endpoints.len().max(1)) else { continue };
            self.sources.last_line += 1;
            let line = self.sources.last_line;
            source.line = Some(line);
            let (requests, stream) = mpsc::unbounded_channel();
            self.calls.add_line(line, requests, self.context.isolation.place(&source.provider.id));
            let served = Served {
                analyzer: self.analyzer.clone(),
                version: self.assigned.version.clone(),
                config_digest: self.assigned.config_digest.clone(),
            };
            let peer = (self.context.connect)(endpoint);
            self.tasks.spawn(carry(peer, served, line, stream, self.tell_line.clone()));
        }
        // Finished tasks are let go of, so that their number stays that of those at work.
        while self.tasks.try_join_next().is_some() {}
    }

    /// A stream tells something.
    pub(super) fn line_event(&mut self, line: u64, event: LineEvent) {
        let answer = match event {
            LineEvent::Open => {
                self.calls.opened(line);
                None
            }
            LineEvent::Frame(frame) => {
                let answer = self.calls.frame(line, frame, Instant::now());
                if answer.is_some()
                    && let Some(source) = self.sources.of_line(line)
                {
                    source.backoff.reset();
                }
                answer
            }
            LineEvent::Closed(ending, message) => {
                if let Some(source) = self.sources.of_line(line) {
                    source.line = None;
                    let mut pause = Duration::ZERO;
                    if ending == Ending::NotReached {
                        source.endpoint += 1;
                    }
                    // An endpoint that is not for here costs no pause, unless none is.
                    let tried = source.endpoint % source.provider.endpoints.len().max(1);
                    if ending != Ending::NotReached || tried == 0 {
                        pause = source.backoff.pause();
                    }
                    source.opening_at = Instant::now() + pause;
                }
                tracing::debug!(
                    analyzer = self.analyzer,
                    line,
                    ?ending,
                    message,
                    "a stream to a provider is over"
                );
                self.calls.closed(line, ending, &message)
            }
        };
        if let Some(answer) = answer {
            self.answered(answer);
        }
        if self.sources.is_empty() {
            for job in self.calls.take_waiting() {
                self.ledger.park(&job.group);
            }
        }
    }
}

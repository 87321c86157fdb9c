//! Calls without any provider: the tests play its part.

use api::analysis::{Done, Failed};

use super::*;

struct Bench {
    calls: Calls,
    now: Instant,
    streams: BTreeMap<u64, mpsc::UnboundedReceiver<AnalyzeRequest>>,
}

impl Bench {
    fn new(concurrency: u32) -> Self {
        let manifest =
            Arc::new(Manifest { concurrency, writes: vec!["test.Item".to_owned()], ..Manifest::default() });
        let served = Served {
            analyzer: "words".to_owned(),
            version: "1.0.0".to_owned(),
            config_digest: String::new(),
        };
        let config = Config { lone_crashes: 2, calls_per_slot: 4, ..Config::default() };
        Self { calls: Calls::new(served, manifest, &config), now: Instant::now(), streams: BTreeMap::new() }
    }

    fn line(&mut self, line: u64) {
        let (requests, stream) = mpsc::unbounded_channel();
        self.calls.add_line(line, requests);
        self.calls.opened(line);
        self.streams.insert(line, stream);
    }

    fn push(&mut self, group: &str) {
        self.calls.push(Job {
            group: group.into(),
            inputs: vec![Bytes::from_static(b"input")],
            bytes: 5,
            hash: Bytes::new(),
            read_sequence: 1,
            lone_crashes: 0,
            attempts: 0,
        });
    }

    /// Hands out, and tells which calls of which groups arrived on a line.
    fn arrived(&mut self, line: u64) -> Vec<(u64, String)> {
        self.calls.dispatch(self.now);
        let mut groups = Vec::new();
        if let Some(stream) = self.streams.get_mut(&line) {
            while let Ok(request) = stream.try_recv() {
                if let Some(analyze_request::Frame::Begin(begin)) = request.frame {
                    groups.push((request.call_id, begin.group));
                }
            }
        }
        groups
    }

    fn done(&mut self, line: u64, call_id: u64, elapsed_ns: u64) -> Option<Answer> {
        let frame = Some(analyze_response::Frame::Done(Done { elapsed_ns }));
        self.calls.frame(line, AnalyzeResponse { call_id, frame }, self.now)
    }

    fn failed(&mut self, line: u64, call_id: u64, code: FailureCode) -> Option<Answer> {
        let failed = Failed { code: code.into(), message: "why".to_owned() };
        let frame = Some(analyze_response::Frame::Failed(failed));
        self.calls.frame(line, AnalyzeResponse { call_id, frame }, self.now)
    }
}

fn code(answer: Option<Answer>) -> Option<FailureCode> {
    answer.and_then(|answer| answer.verdict.err()).map(|(code, _)| code)
}

#[tokio::test]
async fn the_window_grows_with_the_pace() {
    let mut bench = Bench::new(1);
    bench.line(1);
    for group in 0..20 {
        bench.push(&format!("g{group}"));
    }
    assert_eq!(bench.arrived(1).len(), 2);
    assert!(bench.done(1, 1, 1000).is_some());
    // One of two is left; now four of them fit.
    assert_eq!(bench.arrived(1).len(), 3);
    for call in 2..=5 {
        assert!(bench.done(1, call, 60_000_000_000).is_some());
    }
    assert_eq!(bench.arrived(1).len(), 1, "a slow analyzer is given one call at a time");
}

#[tokio::test]
async fn of_several_in_a_broken_stream_only_the_culprit_fails() {
    let mut bench = Bench::new(4);
    bench.line(1);
    for group in ["a", "bad", "c"] {
        bench.push(group);
    }
    assert_eq!(bench.arrived(1).len(), 3);
    assert!(bench.calls.closed(1, Ending::Broken, "gone").is_none());
    let mut failures = Vec::new();
    let mut line = 2;
    bench.line(line);
    for _ in 0..10 {
        let arrived = bench.arrived(line);
        let Some((call, group)) = arrived.first().cloned() else { break };
        assert_eq!(arrived.len(), 1, "suspects go alone");
        if group == "bad" {
            failures.extend(code(bench.calls.closed(line, Ending::Broken, "gone")));
            line += 1;
            bench.line(line);
        } else {
            assert!(bench.done(line, call, 1).is_some_and(|answer| answer.verdict.is_ok()));
        }
    }
    assert_eq!(failures, [FailureCode::Crash]);
    assert!(bench.calls.is_idle());
    assert_eq!(bench.calls.bytes(), 0);
}

#[tokio::test]
async fn a_provider_that_leaves_in_order_makes_nobody_suspect() {
    let mut bench = Bench::new(2);
    bench.line(1);
    bench.push("a");
    bench.push("b");
    assert_eq!(bench.arrived(1).len(), 2);
    assert!(bench.calls.closed(1, Ending::Left, "").is_none());
    bench.line(2);
    assert_eq!(bench.arrived(2).iter().map(|(_, group)| group.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert!(code(bench.failed(2, 3, FailureCode::Crash)).is_none());
    assert!(bench.failed(2, 4, FailureCode::Cancelled).is_none());
    assert_eq!(bench.calls.in_flight(), 0);
}

#[tokio::test]
async fn a_call_is_overdue_by_its_own_time_not_by_that_of_those_before_it() {
    let mut bench = Bench::new(1);
    bench.line(1);
    bench.push("first");
    bench.push("second");
    assert_eq!(bench.arrived(1).len(), 2);
    bench.now += Duration::from_secs(34);
    assert!(bench.calls.overdue(bench.now).is_empty());
    assert_eq!(bench.calls.older_than(Duration::from_secs(34), bench.now).len(), 2);
    assert!(bench.done(1, 1, 1).is_some());
    bench.now += Duration::from_secs(34);
    assert!(bench.calls.overdue(bench.now).is_empty());
    bench.now += Duration::from_secs(1);
    assert_eq!(code(bench.calls.overdue(bench.now).pop()), Some(FailureCode::Deadline));
    let cancelled = bench.streams.get_mut(&1).and_then(|stream| stream.try_recv().ok()).expect("a frame");
    assert_eq!(
        cancelled,
        AnalyzeRequest { call_id: 2, frame: Some(analyze_request::Frame::Cancel(Cancel {})) }
    );
    // An answer that comes too late is nobody's.
    assert!(bench.done(1, 2, 1).is_none());
}

#[tokio::test]
async fn a_line_that_is_left_ends_with_its_last_answer() {
    let mut bench = Bench::new(1);
    bench.line(1);
    bench.push("a");
    let arrived = bench.arrived(1);
    bench.push("b");
    bench.calls.leave(1);
    assert!(bench.arrived(1).is_empty());
    assert!(bench.done(1, arrived[0].0, 1).is_some());
    assert!(bench.calls.lines.is_empty());
    assert_eq!(bench.calls.take_waiting().len(), 1);
    assert!(bench.calls.is_idle());
}

#[tokio::test]
async fn garbage_fails_its_call_and_cancels_it() {
    let mut bench = Bench::new(1);
    bench.line(1);
    bench.push("a");
    let arrived = bench.arrived(1);
    let frame = Some(analyze_response::Frame::Record(Bytes::from_static(&[0xff; 4])));
    let answer = bench.calls.frame(1, AnalyzeResponse { call_id: arrived[0].0, frame }, bench.now);
    assert_eq!(code(answer), Some(FailureCode::InvalidOutput));
    assert!(bench.calls.is_idle());
}

#[tokio::test]
async fn a_suspect_stays_suspect_while_nobody_is_there() {
    let mut bench = Bench::new(4);
    bench.line(1);
    bench.push("bystander");
    bench.push("culprit");
    assert_eq!(bench.arrived(1).len(), 2);
    assert!(bench.calls.closed(1, Ending::Broken, "broken").is_none());
    // The provider is gone: what waits is taken back, and pushed again once somebody is there.
    let waiting = bench.calls.take_waiting();
    assert_eq!(waiting.len(), 2);
    for job in waiting {
        bench.push(&job.group);
    }
    bench.line(2);
    let first = bench.arrived(2);
    let [(_, group)] = first.as_slice() else { panic!("suspects go out one at a time: {first:?}") };
    assert_eq!(group, "culprit");
    assert!(bench.calls.closed(2, Ending::Broken, "broken").is_none());
    // Away and back once more: its lone crash is not forgotten.
    for job in bench.calls.take_waiting() {
        bench.push(&job.group);
    }
    bench.line(3);
    let second = bench.arrived(3);
    let [(call_id, group)] = second.as_slice() else { panic!("one at a time: {second:?}") };
    assert_eq!(group, "bystander");
    assert_eq!(code(bench.done(3, *call_id, 1)), None);
    assert_eq!(bench.arrived(3).len(), 1);
    assert_eq!(code(bench.calls.closed(3, Ending::Broken, "broken")), Some(FailureCode::Crash));
    assert!(bench.calls.is_idle());
}

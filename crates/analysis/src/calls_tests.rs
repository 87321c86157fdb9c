//! Calls without any provider: the tests play its part.

use api::analysis::{Done, Failed};
use futures::FutureExt as _;

use super::*;
use crate::isolation::Isolation;

struct Bench {
    calls: Calls,
    isolation: Arc<Isolation>,
    now: Instant,
    streams: BTreeMap<u64, mpsc::UnboundedReceiver<AnalyzeRequest>>,
}

impl Bench {
    fn new(concurrency: u32) -> Self {
        Self::beside(&Arc::default(), concurrency)
    }

    /// A flow beside others, whose streams lead to the same provider.
    fn beside(isolation: &Arc<Isolation>, concurrency: u32) -> Self {
        let manifest =
            Arc::new(Manifest { concurrency, writes: vec!["test.Item".to_owned()], ..Manifest::default() });
        let served = Served {
            analyzer: "words".to_owned(),
            version: "1.0.0".to_owned(),
            config_digest: String::new(),
        };
        let config = Config { lone_crashes: 2, calls_per_slot: 4, ..Config::default() };
        Self {
            calls: Calls::new(served, manifest, &config),
            isolation: isolation.clone(),
            now: Instant::now(),
            streams: BTreeMap::new(),
        }
    }

    fn line(&mut self, line: u64) {
        let (requests, stream) = mpsc::unbounded_channel();
        self.calls.add_line(line, requests, self.isolation.place("provider"));
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

/// True if the flow was let in by now.
fn is_let_in(bench: &mut Bench) -> bool {
    bench.calls.let_in().now_or_never().is_some()
}

#[tokio::test]
async fn a_call_of_another_analyzer_in_the_same_process_is_never_accused() {
    let isolation = Arc::default();
    let (mut guilty, mut innocent) = (Bench::beside(&isolation, 4), Bench::beside(&isolation, 4));
    guilty.push("culprit");
    innocent.push("innocent");
    let (mut line, mut failures) = (0, Vec::new());
    // Each round: the process is up, both flows hand out what they may, and it ends if it has the culprit.
    for _ in 0..10 {
        line += 1;
        for bench in [&mut guilty, &mut innocent] {
            bench.line(line);
        }
        let with_culprit = guilty.arrived(line);
        let with_innocent = innocent.arrived(line);
        if with_culprit.is_empty() {
            for (call, _) in with_innocent {
                assert!(innocent.done(line, call, 1).is_some_and(|answer| answer.verdict.is_ok()));
            }
            // Both streams end in order, to be opened again.
            assert!(innocent.calls.closed(line, Ending::Left, "").is_none());
            assert!(guilty.calls.closed(line, Ending::Left, "").is_none());
            continue;
        }
        assert!(line == 1 || with_innocent.is_empty(), "a suspect is alone at its provider");
        // The innocent flow hears of the end before and after the other by turns.
        if line % 2 == 0 {
            assert!(innocent.calls.closed(line, Ending::Broken, "gone").is_none());
        }
        failures.extend(code(guilty.calls.closed(line, Ending::Broken, "gone")));
        if line % 2 == 1 {
            assert!(innocent.arrived(line).is_empty(), "no call goes to a stream of before the break");
            assert!(innocent.calls.closed(line, Ending::Broken, "gone").is_none());
        }
    }
    assert_eq!(failures, [FailureCode::Crash]);
    assert!(guilty.calls.is_idle() && innocent.calls.is_idle());
}

#[tokio::test]
async fn suspects_of_two_flows_take_turns_with_the_others() {
    let isolation = Arc::default();
    let (mut one, mut two) = (Bench::beside(&isolation, 4), Bench::beside(&isolation, 4));
    for (bench, groups) in [(&mut one, ["a", "b"]), (&mut two, ["c", "d"])] {
        bench.line(1);
        groups.iter().for_each(|group| bench.push(group));
        assert_eq!(bench.arrived(1).len(), 2);
    }
    assert!(one.calls.closed(1, Ending::Broken, "gone").is_none());
    one.line(2);
    assert!(one.arrived(2).is_empty(), "calls of the other flow are still there");
    assert!(two.done(1, 1, 1).is_some());
    two.push("e");
    assert!(two.arrived(1).is_empty(), "its stream is of before the break, and the suspect waits");
    assert!(!is_let_in(&mut one));
    assert!(two.done(1, 2, 1).is_some());
    two.line(2);
    assert!(is_let_in(&mut one));
    let [(call, group)] = one.arrived(2).try_into().expect("one suspect, alone");
    assert_eq!(group, "b");
    assert!(two.arrived(2).is_empty() && !is_let_in(&mut two));
    assert!(one.done(2, call, 1).is_some());
    assert!(one.arrived(2).is_empty(), "the other flow came first");
    assert!(is_let_in(&mut two));
    let [(call, group)] = two.arrived(2).try_into().expect("its turn");
    assert_eq!(group, "e");
    assert!(!is_let_in(&mut one));
    assert!(two.done(2, call, 1).is_some());
    assert!(is_let_in(&mut one));
    let [(call, group)] = one.arrived(2).try_into().expect("the next suspect");
    assert_eq!(group, "a");
    assert!(one.done(2, call, 1).is_some());
    assert!(one.calls.is_idle() && two.calls.is_idle());
}

#[tokio::test]
async fn who_says_that_a_process_ended_is_left_and_all_its_calls_are_suspect() {
    let mut bench = Bench::new(4);
    bench.line(1);
    bench.push("a");
    bench.push("culprit");
    let arrived = bench.arrived(1);
    for (call, _) in &arrived {
        assert!(bench.failed(1, *call, FailureCode::Crash).is_none());
    }
    assert!(bench.calls.lines.is_empty(), "it is opened again after a pause");
    let mut failures = Vec::new();
    for line in 2..6 {
        bench.line(line);
        while let [(call, group)] = bench.arrived(line).as_slice() {
            if group == "culprit" {
                failures.extend(code(bench.failed(line, *call, FailureCode::Crash)));
            } else {
                assert!(bench.done(line, *call, 1).is_some_and(|answer| answer.verdict.is_ok()));
            }
        }
    }
    assert_eq!(failures, [FailureCode::Crash], "the one that was answered last was not alone");
    assert!(bench.calls.is_idle());
}

#[tokio::test]
async fn who_does_not_serve_is_asked_again_later() {
    let mut bench = Bench::new(1);
    bench.line(1);
    bench.push("a");
    let [(call, _)] = bench.arrived(1).try_into().expect("one call");
    assert!(bench.failed(1, call, FailureCode::NotServed).is_none());
    assert!(bench.calls.lines.is_empty());
    bench.line(2);
    assert_eq!(bench.arrived(2).len(), 1);
}

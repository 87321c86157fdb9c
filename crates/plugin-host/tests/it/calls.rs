//! What a call answers.

use api::analysis::{Begin, FailureCode, Finish, analyze_request::Frame};
use api::record::Record;
use faulty::kinds::Echo;
use prost::Message as _;
use tonic_types::StatusExt as _;

use crate::client::{Calls, document};
use crate::stage::Stage;

fn echo_of(records: &[Vec<u8>]) -> (Record, Echo) {
    let record = Record::decode(records[0].as_slice()).unwrap();
    let echo = Echo::decode(record.body.clone()).unwrap();
    (record, echo)
}

#[tokio::test]
async fn an_analyzer_answers_records_with_keys_and_citations() {
    let stage = Stage::faulty();
    let host = stage.start().await;
    let mut calls = Calls::open(&stage.world, "echo").await;
    let first = calls.start("echo", "1.0.0", "铜价 fell\nmore", 0);
    let second = calls.start("echo", "2.0.0", "铜价 fell\nmore", 0);

    let (record, echo) = echo_of(&calls.answer(first).await.unwrap().unwrap());
    assert_eq!(echo.text, "铜价 fell");
    assert_eq!(record.kind, "faulty.v1.Echo");
    assert_eq!(record.keys, ["document=documents/1"]);
    assert_eq!(record.citations[0].spans[0].quote, "铜价 fell");
    assert_eq!(record.citations[0].spans[0].end_byte, 11);
    let (_, echo) = echo_of(&calls.answer(second).await.unwrap().unwrap());
    assert_eq!(echo.text, "铜价 FELL");
    host.stop().await;
}

#[tokio::test]
async fn a_panic_is_an_error_of_its_call_alone() {
    let stage = Stage::faulty();
    let host = stage.start().await;
    let mut calls = Calls::open(&stage.world, "faulty").await;
    let (code, message) = calls.failure("!panic").await;
    assert_eq!(code, FailureCode::Panic);
    assert!(message.contains("told to panic by documents/1"), "{message}");
    assert!(message.contains("misbehave.rs:"), "the place is told: {message}");
    assert!(calls.faulty("all is well").await.is_ok());
    assert_eq!(host.plugins()[0].restarts, 0);
    host.stop().await;
}

#[tokio::test]
async fn each_misbehaviour_has_its_code() {
    let stage = Stage::faulty();
    let host = stage.start().await;
    let mut calls = Calls::open(&stage.world, "faulty").await;
    let cases = [
        ("!refuse", FailureCode::InvalidInput, "told to refuse"),
        ("!fail", FailureCode::Internal, "told to fail"),
        ("!flood", FailureCode::OutputLimit, "16 records"),
        ("!flood-bytes", FailureCode::OutputLimit, "1048576 bytes"),
    ];
    for (marker, code, message) in cases {
        let failure = calls.failure(marker).await;
        assert_eq!(failure.0, code, "{marker}");
        assert!(failure.1.contains(message), "{marker}: {}", failure.1);
    }
    host.stop().await;
}

#[tokio::test]
async fn what_is_emitted_passes_through_undecoded() {
    let stage = Stage::faulty();
    let host = stage.start().await;
    let mut calls = Calls::open(&stage.world, "faulty").await;
    assert_eq!(calls.faulty("!garbage").await.unwrap(), [b"\xff\xff\xffthis is no record".to_vec()]);
    // A lie and an undeclared kind are found by whoever has the document and the manifest; here they pass.
    assert_eq!(calls.faulty("!lie").await.unwrap().len(), 1);
    assert_eq!(calls.faulty("!undeclared").await.unwrap().len(), 1);
    host.stop().await;
}

#[tokio::test]
async fn a_group_over_the_limits_is_refused_and_the_stream_goes_on() {
    let stage = Stage::faulty();
    let host = stage.start().await;
    let mut calls = Calls::open(&stage.world, "faulty").await;
    let many = calls.begin("faulty", "1.0.0", 0);
    for _ in 0..6 {
        calls.send(many, Frame::Input(document(1, "x").encode_to_vec().into()));
    }
    calls.send(many, Frame::Finish(Finish {}));
    let failed = calls.answer(many).await.unwrap().unwrap_err();
    assert_eq!(failed.code(), FailureCode::InputLimit);
    assert!(failed.message.contains("4 records"), "{}", failed.message);

    let (code, _) = calls.failure(&"x".repeat(1 << 20)).await;
    assert_eq!(code, FailureCode::InputLimit);
    assert!(calls.faulty("fine").await.is_ok());
    host.stop().await;
}

#[tokio::test]
async fn what_is_not_served_is_said() {
    for stage in Stage::faulty_both_ways() {
        let host = stage.start().await;
        let mut calls = Calls::open(&stage.world, "faulty").await;
        let cases = [("nobody", "1.0.0"), ("faulty", "9.0.0")];
        for (analyzer, version) in cases {
            let id = calls.start(analyzer, version, "x", 0);
            let failed = calls.answer(id).await.unwrap().unwrap_err();
            assert_eq!(failed.code(), FailureCode::NotServed);
            assert!(failed.message.contains(&format!("{analyzer} {version}")), "{}", failed.message);
        }
        let begin = Begin {
            analyzer: "faulty".into(),
            version: "1.0.0".into(),
            config_digest: "other".into(),
            ..Begin::default()
        };
        calls.send(77, Frame::Begin(begin));
        assert_eq!(calls.answer(77).await.unwrap().unwrap_err().code(), FailureCode::NotServed);
        host.stop().await;
    }
}

#[tokio::test]
async fn frames_out_of_order_end_the_stream() {
    for stage in Stage::faulty_both_ways() {
        let host = stage.start().await;
        let wrong: [fn(&mut Calls); 4] = [
            |calls| calls.send(9, Frame::Input(Vec::new().into())),
            |calls| calls.send(9, Frame::Finish(Finish {})),
            |calls| {
                calls.last_begin_again();
            },
            |calls| {
                for _ in 0..65 {
                    calls.begin("echo", "1.0.0", 0);
                }
            },
        ];
        for break_rules in wrong {
            let mut calls = Calls::open(&stage.world, "faulty").await;
            break_rules(&mut calls);
            let status = calls.answer(1000).await.unwrap_err();
            assert_eq!(status.code(), tonic::Code::InvalidArgument, "{status:?}");
            assert_eq!(status.get_details_error_info().unwrap().reason, "PROTOCOL");
        }
        host.stop().await;
    }
}

#[tokio::test]
async fn a_cancelled_call_ends_and_frees_its_thread() {
    for stage in Stage::faulty_both_ways() {
        let host = stage.start().await;
        let mut calls = Calls::open(&stage.world, "faulty").await;
        // As many as the manifest's concurrency, so that a fifth waits.
        let waiting: Vec<u64> = (0..4).map(|_| calls.start("faulty", "1.0.0", "!wait", 60_000)).collect();
        let queued = calls.start("faulty", "1.0.0", "queued", 60_000);
        let never_run = calls.start("faulty", "1.0.0", "!abort", 60_000);
        calls.cancel(never_run);
        assert_eq!(calls.answer(never_run).await.unwrap().unwrap_err().code(), FailureCode::Cancelled);
        // Another analyzer has threads of its own.
        let other = calls.start("echo", "1.0.0", "other", 0);
        assert!(calls.answer(other).await.unwrap().is_ok());
        assert!(!calls.is_answered(queued));

        calls.cancel(waiting[0]);
        assert_eq!(calls.answer(waiting[0]).await.unwrap().unwrap_err().code(), FailureCode::Cancelled);
        assert!(calls.answer(queued).await.unwrap().is_ok());

        // A call that is not finished yet can be cancelled, too.
        let open = calls.begin("faulty", "1.0.0", 0);
        calls.cancel(open);
        assert_eq!(calls.answer(open).await.unwrap().unwrap_err().code(), FailureCode::Cancelled);

        // A client that goes away cancels what it began: otherwise no thread would be left for the next.
        drop(calls);
        let mut next = Calls::open(&stage.world, "faulty").await;
        assert!(next.faulty("next").await.is_ok());
        assert_eq!(host.plugins()[0].restarts, 0);
        host.stop().await;
    }
}

#[tokio::test]
async fn noise_of_a_plugin_does_not_reach_the_supervisor() {
    let stage = Stage::faulty();
    let host = stage.start().await;
    let mut calls = Calls::open(&stage.world, "faulty").await;
    assert!(calls.faulty("!noise").await.is_ok());
    assert!(calls.faulty("after").await.is_ok());
    assert_eq!(host.plugins()[0].restarts, 0);
    assert_eq!(host.plugins()[0].message, "");
    host.stop().await;
}

#[tokio::test]
async fn two_thousand_calls_on_one_stream_get_their_own_answers() {
    for stage in Stage::faulty_both_ways() {
        let host = stage.start().await;
        let mut calls = Calls::open(&stage.world, "echo").await;
        let ids: Vec<u64> =
            (0..2000).map(|n| calls.start("echo", "1.0.0", &format!("text {n}"), 0)).collect();
        for (n, id) in ids.into_iter().enumerate() {
            let (record, echo) = echo_of(&calls.answer(id).await.unwrap().unwrap());
            assert_eq!(echo.text, format!("text {n}"));
            assert_eq!(echo.document, format!("documents/{id}"));
            assert_eq!(record.keys, [format!("document=documents/{id}")]);
        }
        host.stop().await;
    }
}

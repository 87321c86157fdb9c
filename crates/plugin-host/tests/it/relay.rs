//! Workers seen through the relay. Those stories of `calls` that are told both ways are not told again.

use api::analysis::analyzer_client::AnalyzerClient;
use api::analysis::{DescribeRequest, FailureCode};
use prost::Message as _;
use tonic_types::StatusExt as _;

use crate::client::{Calls, connect, document};
use crate::stage::{Stage, serves_again, until};

#[tokio::test]
async fn one_stream_leads_to_all_workers() {
    let stage = Stage::faulty().relayed();
    stage.add_c("c.so", &[]);
    let host = stage.start().await;
    let mut client = AnalyzerClient::new(connect(&stage.world.endpoint("faulty")).await);
    let served = client.describe(DescribeRequest {}).await.unwrap().into_inner().analyzers;
    let mut names: Vec<_> = served.into_iter().map(|served| served.manifest.unwrap().name).collect();
    names.dedup();
    assert_eq!(names, ["c-echo", "echo", "echo-length", "faulty"]);

    let mut calls = Calls::open(&stage.world, "faulty").await;
    let ids: Vec<u64> = (0..50)
        .map(|n| match n % 2 {
            0 => calls.start("c-echo", "1.0.0", &format!("text {n}"), 0),
            _ => calls.start("faulty", "1.0.0", "!refuse", 0),
        })
        .collect();
    for (n, id) in ids.into_iter().enumerate() {
        let answer = calls.answer(id).await.unwrap();
        match n % 2 {
            0 => assert_eq!(answer.unwrap(), [document(id, &format!("text {n}")).encode_to_vec()]),
            _ => assert_eq!(answer.unwrap_err().code(), FailureCode::InvalidInput),
        }
    }
    host.stop().await;
}

#[tokio::test]
async fn a_crash_fails_the_calls_of_its_worker_and_the_stream_goes_on() {
    let stage = Stage::faulty().relayed();
    stage.add_c("c.so", &[]);
    let host = stage.start().await;
    let mut calls = Calls::open(&stage.world, "faulty").await;
    let innocent = calls.start("faulty", "1.0.0", "!wait", 60_000);
    let unfinished = calls.begin("echo", "1.0.0", 0);
    let guilty = calls.start("faulty", "1.0.0", "!abort", 60_000);
    for id in [innocent, unfinished, guilty] {
        let failed = calls.answer(id).await.unwrap().unwrap_err();
        assert_eq!(failed.code(), FailureCode::Crash, "{failed:?}");
        assert!(failed.message.starts_with("its process is gone"), "{failed:?}");
    }
    // The rest of a call that was not finished when it failed leads nowhere, and offends nobody.
    calls.send(unfinished, api::analysis::analyze_request::Frame::Finish(api::analysis::Finish {}));
    let other = calls.start("c-echo", "1.0.0", "the other worker", 0);
    assert!(calls.answer(other).await.unwrap().is_ok());

    until(&host, |plugins| serves_again(plugins, "faulty.so", 1)).await;
    assert!(calls.faulty("again").await.is_ok(), "the same stream leads to the worker that came back");
    host.stop().await;
}

#[tokio::test]
async fn while_a_worker_is_away_its_analyzers_are_not_served() {
    let stage = Stage::faulty().relayed();
    let pause = |config: &mut plugin_host::HostConfig| {
        config.restart.first_pause = std::time::Duration::from_secs(600);
        config.restart.longest_pause = std::time::Duration::from_secs(600);
    };
    let host = stage.start_with(pause).await;
    let mut calls = Calls::open(&stage.world, "faulty").await;
    assert_eq!(calls.failure("!abort").await.0, FailureCode::Crash);
    until(&host, |plugins| serves_again(plugins, "faulty.so", 1)).await;
    assert_eq!(calls.failure("!abort").await.0, FailureCode::Crash);
    until(&host, |plugins| plugins[0].state() == api::analysis::PluginState::BackingOff).await;
    let (code, message) = calls.failure("anything").await;
    assert_eq!((code, message.as_str()), (FailureCode::NotServed, "faulty 1.0.0 is not served here now"));
    let mut client = AnalyzerClient::new(connect(&stage.world.endpoint("faulty")).await);
    assert!(client.describe(DescribeRequest {}).await.unwrap().into_inner().analyzers.is_empty());
    host.stop().await;
}

#[tokio::test]
async fn more_than_all_buffers_hold_passes_through() {
    let stage = Stage::faulty().relayed();
    let host = stage.start().await;
    let mut calls = Calls::open(&stage.world, "faulty").await;
    // 150 MB each way, all of it sent before the first answer is read: neither side takes that much, so both wait, and
    // go on when the client reads.
    let text = "x".repeat(500_000);
    let ids: Vec<u64> = (0..300).map(|_| calls.start("faulty", "1.0.0", &text, 60_000)).collect();
    for id in ids {
        let records = calls.answer(id).await.unwrap().unwrap();
        assert!(records.len() == 1 && records[0].len() > text.len());
    }
    host.stop().await;
}

#[tokio::test]
async fn stopping_lets_relayed_calls_finish_and_ends_the_stream() {
    let stage = Stage::faulty().relayed();
    let host = stage.start().await;
    let mut calls = Calls::open(&stage.world, "faulty").await;
    let slow = calls.start("faulty", "1.0.0", "!slow", 0);
    let quick = calls.start("echo", "1.0.0", "quick", 0);
    assert!(calls.answer(quick).await.unwrap().is_ok());
    let (_, answer) = tokio::join!(host.stop(), calls.answer(slow));
    assert!(answer.unwrap().is_ok());
    let ended = calls.answer(1000).await.unwrap_err();
    assert_eq!(ended.message(), "the stream ended");
    let mut client = AnalyzerClient::new(connect(&stage.world.endpoint("faulty")).await);
    let status = client.describe(DescribeRequest {}).await.unwrap_err();
    assert_eq!(status.get_details_error_info().unwrap().reason, "DRAINING");
}

//! What is left standing when a plugin falls.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use api::analysis::{FailureCode, PluginState};
use plugin_host::Restart;

use crate::client::Calls;
use crate::stage::{Stage, plugin, serves_again, until, worker_command};

#[tokio::test]
async fn a_crash_takes_one_worker_which_comes_back() {
    for (marker, how) in [("!abort", "SIGABRT"), ("!exit", "status 0")] {
        let stage = Stage::faulty();
        stage.add_c("other.so", &[]);
        let host = stage.start().await;
        let other = plugin(&host.plugins(), "other.so");
        let before = plugin(&host.plugins(), "faulty.so");

        let mut calls = Calls::open(&stage.world, "faulty").await;
        let id = calls.start("faulty", "1.0.0", marker, 0);
        let status = calls.answer(id).await.expect_err("the process is gone");
        assert!(matches!(status.code(), tonic::Code::Unknown | tonic::Code::Unavailable), "{status:?}");

        until(&host, |plugins| serves_again(plugins, "faulty.so", 1)).await;
        let after = plugin(&host.plugins(), "faulty.so");
        assert_ne!(after.pid, before.pid);
        let mut calls = Calls::open(&stage.world, "faulty").await;
        assert!(calls.faulty("again").await.is_ok(), "{marker} {how}");
        assert_eq!(plugin(&host.plugins(), "other.so").pid, other.pid, "the other worker never noticed");
        host.stop().await;
    }
}

#[tokio::test]
async fn a_hang_is_ended_and_the_culprit_named() {
    let stage = Stage::faulty();
    let host = stage.start_with(|config| config.restart.first_pause = Duration::from_secs(20)).await;
    let mut calls = Calls::open(&stage.world, "faulty").await;
    let innocent = calls.start("faulty", "1.0.0", "!wait", 60_000);
    let guilty = calls.start("faulty", "1.0.0", "!hang", 50);
    let failed = calls.answer(guilty).await.unwrap().unwrap_err();
    assert_eq!(failed.code(), FailureCode::Deadline);
    assert!(failed.message.contains("50 ms"), "{}", failed.message);
    assert!(calls.answer(innocent).await.is_err(), "its process is gone, and it is not blamed");
    until(&host, |plugins| serves_again(plugins, "faulty.so", 1)).await;

    // The second time in a row the host pauses, and says why.
    let mut calls = Calls::open(&stage.world, "faulty").await;
    let guilty = calls.start("faulty", "1.0.0", "!hang", 50);
    assert_eq!(calls.answer(guilty).await.unwrap().unwrap_err().code(), FailureCode::Deadline);
    until(&host, |plugins| plugins[0].state() == PluginState::BackingOff).await;
    let message = host.plugins()[0].message.clone();
    assert!(message.contains("faulty 1.0.0 went over its deadline on documents/1"), "{message}");
    host.stop().await;
}

#[tokio::test]
async fn the_world_hears_of_a_worker_that_pauses() {
    let stage = Stage::faulty();
    let host = stage.start_with(|config| config.restart.first_pause = Duration::from_millis(1)).await;
    for restarts in 1..=2 {
        let mut calls = Calls::open(&stage.world, "faulty").await;
        let id = calls.start("faulty", "1.0.0", "!abort", 0);
        assert!(calls.answer(id).await.is_err());
        until(&host, |plugins| serves_again(plugins, "faulty.so", restarts)).await;
    }
    host.stop().await;
    // The first restart is at once, so nobody is told that it is gone; the second is after a pause.
    assert_eq!(stage.world.log(), ["serving", "serving", "gone", "serving", "gone"]);
    assert_eq!(host.plugins()[0].state(), PluginState::Stopping);
    assert_eq!(host.plugins()[0].pid, 0);
}

#[tokio::test]
async fn a_library_that_crashes_while_it_loads_is_rejected_in_the_end() {
    let stage = Stage::empty();
    stage.add_c("crash.so", &["ABORT_ON_LOAD"]);
    stage.add_c("hang.so", &["HANG_ON_LOAD"]);
    stage.add_c("fine.so", &[]);
    let host = stage
        .start_with(|config| {
            config.load_timeout = Duration::from_millis(500);
            config.restart =
                Restart { first_pause: Duration::from_millis(1), load_attempts: 3, ..Restart::default() };
        })
        .await;
    until(&host, |plugins| {
        ["crash.so", "hang.so"].iter().all(|file| plugin(plugins, file).state() == PluginState::Rejected)
    })
    .await;
    let crash = plugin(&host.plugins(), "crash.so");
    assert!(crash.message.contains("SIGABRT") && crash.message.contains("3 times"), "{}", crash.message);
    assert_eq!(crash.restarts, 2);
    let hang = plugin(&host.plugins(), "hang.so");
    assert!(hang.message.contains("not ready after 500 ms"), "{}", hang.message);
    assert_eq!(plugin(&host.plugins(), "fine.so").state(), PluginState::Serving);
    host.stop().await;
}

#[tokio::test]
async fn stopping_lets_calls_finish() {
    let stage = Stage::faulty();
    let host = stage.start().await;
    let mut calls = Calls::open(&stage.world, "faulty").await;
    // Answered calls tell that the worker has taken what was sent before.
    let slow = calls.start("faulty", "1.0.0", "!slow", 0);
    let quick = calls.start("echo", "1.0.0", "quick", 0);
    assert!(calls.answer(quick).await.unwrap().is_ok());
    let (_, answer) = tokio::join!(host.stop(), calls.answer(slow));
    assert!(answer.unwrap().is_ok());
    assert!(host.is_stopping());
}

#[tokio::test]
async fn stopping_does_not_wait_for_ever() {
    let stage = Stage::faulty();
    let host = stage.start_with(|config| config.drain_grace = Duration::from_millis(100)).await;
    let mut calls = Calls::open(&stage.world, "faulty").await;
    let hung = calls.start("faulty", "1.0.0", "!hang", 3_600_000);
    let quick = calls.start("echo", "1.0.0", "quick", 0);
    assert!(calls.answer(quick).await.unwrap().is_ok());
    host.stop().await;
    assert!(calls.answer(hung).await.is_err());
}

#[test]
fn a_worker_ends_with_its_supervisor() {
    let stage = Stage::faulty();
    let mut worker = Command::new(&worker_command()[0])
        .arg("--library")
        .arg(stage.path("plugins/faulty.so"))
        .arg("--socket")
        .arg(stage.path("w.sock"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(worker.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("{\"event\":\"serving\""), "{line}");
    // The pipe closes when a supervisor dies, however it dies.
    drop(worker.stdin.take());
    assert!(!worker.wait().unwrap().success());
}

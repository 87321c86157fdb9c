//! Who announces himself stays registered, whatever happens to the registry. Time is tokio's, paused.

use std::time::Duration;

use crate::common::{Place, TestResult, instance};
use api::registry::{ProvidedAnalyzer, RegisterRequest, ServingState};
use registry_client::{Announcer, Config, Error, Lease, Status, register_version};
use tokio::time::sleep;

const SECOND: Duration = Duration::from_secs(1);

fn start(place: &Place) -> Announcer {
    Announcer::start(place.peer(), instance("a"), Config { wall_clock: || 1000, ..Config::default() })
}

/// Waits for a registration other than `than`.
async fn another(announcer: &Announcer, than: &Lease) -> Result<Lease, Box<dyn std::error::Error>> {
    let mut status = announcer.status();
    let new = |status: &Status| matches!(status, Status::Registered(lease) if lease != than);
    match status.wait_for(new).await?.clone() {
        Status::Registered(lease) => Ok(lease),
        other => Err(format!("{other:?}").into()),
    }
}

#[tokio::test(start_paused = true)]
async fn renews_at_a_third_of_the_ttl() -> TestResult {
    let place = Place::new();
    place.open().await?;
    let announcer = start(&place);
    let lease = announcer.registered().await?;
    assert_eq!((lease.ttl, lease.incarnation), (15 * SECOND, 1000));
    for _ in 0..600 {
        sleep(SECOND).await;
        assert_eq!(place.instances().await?.len(), 1);
    }
    assert_eq!((place.calls("Register"), place.instances().await?[0].incarnation), (1, 1000));
    let renewals = place.calls("Renew");
    assert!((120..=150).contains(&renewals), "{renewals} in 600 s, every 4 to 5 s");
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn waits_for_a_registry_that_is_not_there_yet() -> TestResult {
    let place = Place::new();
    let announcer = start(&place);
    sleep(60 * SECOND).await;
    assert_eq!(*announcer.status().borrow(), Status::Announcing);
    let tries = place.calls("Register");
    assert!((12..=40).contains(&tries), "{tries} in 60 s, at last every 2.5 to 5 s");
    place.open().await?;
    sleep(5 * SECOND).await;
    assert_eq!(announcer.registered().await?.incarnation, 1000);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_asked_for_again() -> TestResult {
    let place = Place::new();
    place.open().await?;
    place.lose_answers(2);
    let announcer = start(&place);
    let lease = announcer.registered().await?;
    assert_eq!((lease.incarnation, lease.fence, place.calls("Register")), (1000, 1, 3));
    Ok(())
}

/// Promise 11: after a restart with its data the lease goes on; without, it is announced again.
#[tokio::test(start_paused = true)]
async fn is_there_after_any_restart() -> TestResult {
    let place = Place::new();
    place.open().await?;
    let announcer = start(&place);
    let first = announcer.registered().await?;
    place.close().await;
    sleep(10 * SECOND).await;
    place.open().await?;
    sleep(20 * SECOND).await;
    assert_eq!(place.instances().await?[0].incarnation, 1000);
    assert_eq!(place.calls("Register"), 1);

    place.close().await;
    place.wipe();
    place.open().await?;
    let second = another(&announcer, &first).await?;
    assert!(second.incarnation > first.incarnation);
    assert_ne!(second.cluster_id, first.cluster_id);
    assert_eq!(place.instances().await?.len(), 1);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn registers_anew_once_its_lease_ran_out() -> TestResult {
    let place = Place::new();
    let registry = place.open().await?;
    let announcer = start(&place);
    let first = announcer.registered().await?;
    let end = api::registry::DeregisterRequest { lease_id: first.lease_id.clone() };
    registry.deregister(end).await?;
    let second = another(&announcer, &first).await?;
    assert!(second.incarnation > first.incarnation && second.fence > first.fence);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn stops_once_it_is_fenced() -> TestResult {
    let place = Place::new();
    let registry = place.open().await?;
    let announcer = start(&place);
    announcer.registered().await?;
    let mut other = instance("a");
    other.incarnation = 5000;
    let request = RegisterRequest { instance: Some(other), ttl: None, request_id: "other".into() };
    registry.register(request).await?;
    let mut status = announcer.status();
    status.wait_for(|status| matches!(status, Status::Fenced(_))).await?;
    assert!(matches!(announcer.registered().await, Err(Error::Fenced { .. })));
    let calls = (place.calls("Register"), place.calls("Renew"));
    sleep(5 * SECOND).await;
    assert_eq!((place.calls("Register"), place.calls("Renew")), calls, "it asks no more");
    assert_eq!(place.instances().await?[0].incarnation, 5000);
    let late = start(&place);
    assert!(matches!(late.registered().await, Err(Error::Fenced { .. })), "nor does an older start");
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn tells_its_state_through_everything() -> TestResult {
    let place = Place::new();
    place.open().await?;
    let announcer = start(&place);
    let first = announcer.registered().await?;
    announcer.set_state(ServingState::Draining).await;
    let listed = place.instances().await?;
    assert_eq!((listed[0].state(), listed[0].fence), (ServingState::Draining, first.fence));
    place.close().await;
    place.wipe();
    place.open().await?;
    another(&announcer, &first).await?;
    assert_eq!(place.instances().await?[0].state(), ServingState::Draining);
    place.close().await;
    announcer.set_state(ServingState::Serving).await;
    sleep(8 * SECOND).await;
    place.open().await?;
    sleep(6 * SECOND).await;
    assert_eq!(place.instances().await?[0].state(), ServingState::Serving, "told once it is back");
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn announces_changes_anew() -> TestResult {
    let place = Place::new();
    place.open().await?;
    let announcer = start(&place);
    let first = announcer.registered().await?;
    announcer.update(|instance| instance.endpoints = vec!["inproc:a".into()]);
    sleep(SECOND).await;
    assert_eq!(place.calls("Register"), 1, "the same again changes nothing");
    let provided = ProvidedAnalyzer { name: "reading".into(), version: "1.0.0".into(), ..Default::default() };
    announcer.update(|instance| instance.analyzers.push(provided.clone()));
    let second = another(&announcer, &first).await?;
    assert!(second.incarnation > first.incarnation);
    assert_eq!(place.instances().await?[0].analyzers, [provided]);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn ending_it_ends_the_registration() -> TestResult {
    let place = Place::new();
    place.open().await?;
    let announcer = start(&place);
    announcer.registered().await?;
    let status = announcer.status();
    announcer.end().await;
    assert!(place.instances().await?.is_empty());
    assert_eq!(*status.borrow(), Status::Stopped);

    let announcer = start(&place);
    announcer.registered().await?;
    place.close().await;
    announcer.end().await;
    place.open().await?;
    assert_eq!(place.instances().await?.len(), 1, "nobody was there to be told");
    sleep(18 * SECOND).await;
    assert!(place.instances().await?.is_empty(), "and so it runs out");
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_told_and_can_be_mended() -> TestResult {
    let place = Place::new();
    place.open().await?;
    let mut wrong = instance("a");
    wrong.endpoints.clear();
    let announcer = Announcer::start(place.peer(), wrong, Config::default());
    match announcer.registered().await {
        Err(Error::Refused { message }) => assert!(message.contains("instance.endpoints"), "{message}"),
        other => return Err(format!("{other:?}").into()),
    }
    announcer.update(|instance| instance.endpoints.push("inproc:a".into()));
    let mut status = announcer.status();
    status.wait_for(|status| matches!(status, Status::Registered(_))).await?;
    assert_eq!(place.instances().await?.len(), 1);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn versions_are_registered_or_refused_for_good() -> TestResult {
    use api::analysis::grouping::Grouping;
    let place = Place::new();
    let config = Config::default();
    let manifest = |reads: &str, writes: &str| api::analysis::Manifest {
        name: "reading".into(),
        version: "1.0.0".into(),
        reads: vec![reads.into()],
        writes: vec![writes.into()],
        grouping: Some(api::analysis::Grouping { grouping: Some(Grouping::EachRecord(Default::default())) }),
        ..Default::default()
    };
    let away = register_version(place.peer(), manifest("m.A", "m.B"), &config).await;
    assert!(matches!(away, Err(Error::Away { .. })), "{away:?}");
    place.open().await?;
    for _ in 0..2 {
        register_version(place.peer(), manifest("m.A", "m.B"), &config).await?;
    }
    for (reads, writes, why) in
        [("m.A", "m.C", "raise the version"), ("A", "m.B", "manifest.reads"), ("m.A", "", "manifest.writes")]
    {
        match register_version(place.peer(), manifest(reads, writes), &config).await {
            Err(Error::Refused { message }) => assert!(message.contains(why), "{message}"),
            other => return Err(format!("{other:?}").into()),
        }
    }
    let mut cycle = manifest("m.A", "m.A");
    cycle.version = "2.0.0".into();
    match register_version(place.peer(), cycle, &config).await {
        Err(Error::Refused { message }) => assert!(message.contains("A -> reading -> A"), "{message}"),
        other => return Err(format!("{other:?}").into()),
    }
    Ok(())
}

//! Who looks others up gets an answer, whatever happens to the registry. Time is tokio's, paused.

use std::time::Duration;

use crate::common::{Place, STORAGE, TestResult, instance};
use api::registry::entry::Value;
use api::registry::{
    DeregisterRequest, Entry, Instance, Pin, ProvidedAnalyzer, PutEntryRequest, RegisterRequest,
    ServingState, SetStateRequest,
};
use registry::Registry;
use registry_client::{Config, Directory};
use tokio::time::sleep;

const SECOND: Duration = Duration::from_secs(1);

async fn register(registry: &Registry, mut instance: Instance) -> registry::Result<String> {
    instance.incarnation = 1;
    let ttl = Some(prost_types::Duration { seconds: 3600, nanos: 0 });
    let request = RegisterRequest { instance: Some(instance), ttl, request_id: "r".into() };
    Ok(registry.register(request).await?.lease_id)
}

async fn pin(registry: &Registry, analyzer: &str) -> registry::Result<()> {
    let entry = Entry {
        name: format!("analyzers/{analyzer}/pin"),
        value: Some(Value::Pin(Pin { version: "1.0.0".into(), disabled: false })),
        ..Entry::default()
    };
    let request = PutEntryRequest { entry: Some(entry), expected_revision: None };
    registry.put_entry(request).await.map(|_| ())
}

fn found(directory: &Directory) -> Vec<String> {
    directory.resolve(STORAGE).iter().map(|instance| instance.instance_id.clone()).collect()
}

#[tokio::test(start_paused = true)]
async fn follows_all_that_happens() -> TestResult {
    let place = Place::new();
    let registry = place.open().await?;
    let provided = ProvidedAnalyzer { name: "reading".into(), version: "1.0.0".into(), ..Default::default() };
    let lease = register(&registry, Instance { analyzers: vec![provided], ..instance("a") }).await?;
    pin(&registry, "reading").await?;
    let directory = Directory::start(place.peer(), Config::default());
    assert!(found(&directory).is_empty() && directory.age().is_none());
    directory.synced().await;
    assert_eq!(found(&directory), ["a"]);
    assert_eq!(directory.view().cluster_id(), registry.cluster_id());
    assert_eq!(directory.entries().len(), 1);
    assert!(directory.view().entry("analyzers/reading/pin").is_some());
    for (name, version, count) in
        [("reading", "", 1), ("reading", "1.0.0", 1), ("reading", "2.0.0", 0), ("x", "", 0)]
    {
        assert_eq!(directory.resolve_analyzer(name, version).len(), count, "{name} {version}");
    }

    let mut changed = directory.changed();
    changed.mark_unchanged();
    let state = ServingState::Draining.into();
    let drain = SetStateRequest { lease_id: lease.clone(), state, ..SetStateRequest::default() };
    registry.set_state(drain).await?;
    changed.changed().await?;
    assert!(found(&directory).is_empty());
    assert!(directory.resolve_analyzer("reading", "").is_empty());
    assert_eq!(directory.instances().len(), 1);
    registry.deregister(DeregisterRequest { lease_id: lease }).await?;
    changed.changed().await?;
    assert!(directory.instances().is_empty());
    register(&registry, instance("b")).await?;
    let disable =
        SetStateRequest { instance_id: "b".into(), enabled: Some(false), ..SetStateRequest::default() };
    registry.set_state(disable).await?;
    changed.wait_for(|view| view.revision() == 6).await?;
    assert_eq!((found(&directory).len(), directory.instances().len()), (0, 1));
    Ok(())
}

/// Promise 11: the last known good answer, and its age.
#[tokio::test(start_paused = true)]
async fn keeps_its_answer_through_an_outage() -> TestResult {
    let place = Place::new();
    let registry = place.open().await?;
    register(&registry, instance("a")).await?;
    let directory = Directory::start(place.peer(), Config::default());
    directory.synced().await;
    for _ in 0..100 {
        sleep(SECOND).await;
        assert!(directory.age() <= Some(10 * SECOND), "{:?}", directory.age());
    }
    place.close().await;
    drop(registry);
    sleep(1000 * SECOND).await;
    assert_eq!(found(&directory), ["a"]);
    assert!(directory.age() >= Some(1000 * SECOND), "{:?}", directory.age());
    let tries = place.calls("Watch");
    assert!((200..500).contains(&tries), "{tries}, at last every 2.5 to 5 s");

    let registry = place.open().await?;
    register(&registry, instance("b")).await?;
    sleep(5 * SECOND).await;
    assert_eq!(found(&directory), ["a", "b"]);
    assert!(directory.age() <= Some(5 * SECOND));
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn changes_missed_are_made_up_for() -> TestResult {
    let place = Place::new();
    let registry = place.open_with(registry::Config { history: 4, ..Default::default() }).await?;
    let directory = Directory::start(place.peer(), Config::default());
    register(&registry, instance("a")).await?;
    directory.synced().await;
    // More than is kept, before the directory gets to read it.
    for i in 0..20 {
        pin(&registry, &format!("p{i}")).await?;
    }
    register(&registry, instance("b")).await?;
    directory.changed().wait_for(|view| view.revision() == 22).await?;
    assert_eq!((found(&directory).len(), directory.entries().len()), (2, 20));

    // Stopped, and changed by others before it can be reached again.
    place.close().await;
    let apart = place.open().await?;
    place.close().await;
    for i in 0..20 {
        pin(&apart, &format!("q{i}")).await?;
    }
    drop(apart);
    place.open().await?;
    sleep(6 * SECOND).await;
    assert_eq!(directory.entries().len(), 40);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn finds_who_comes_later() -> TestResult {
    let place = Place::new();
    let directory = Directory::start(place.peer(), Config::default());
    let waiting = tokio::spawn({
        let directory = directory.clone();
        async move { directory.find(STORAGE).await.len() }
    });
    sleep(SECOND).await;
    let registry = place.open().await?;
    directory.synced().await;
    assert!(!waiting.is_finished());
    register(&registry, instance("a")).await?;
    assert_eq!(waiting.await?, 1);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn another_registry_is_noticed() -> TestResult {
    let place = Place::new();
    let registry = place.open().await?;
    register(&registry, instance("a")).await?;
    let directory = Directory::start(place.peer(), Config::default());
    directory.synced().await;
    place.close().await;
    place.wipe();
    // Its revisions go beyond those of the first, so they alone would not tell.
    let other = place.open().await?;
    for i in 0..5 {
        pin(&other, &format!("p{i}")).await?;
    }
    sleep(6 * SECOND).await;
    assert_eq!((found(&directory).len(), directory.entries().len()), (0, 5));
    assert_eq!(directory.view().cluster_id(), other.cluster_id());
    Ok(())
}

/// Promise 11: everything is looked at again at least every five minutes, and nothing flickers meanwhile.
#[tokio::test(start_paused = true)]
async fn relists_at_least_every_five_minutes() -> TestResult {
    let place = Place::new();
    let registry = place.open().await?;
    register(&registry, instance("a")).await?;
    let directory = Directory::start(place.peer(), Config::default());
    directory.synced().await;
    let views = directory.changed();
    for expected in 2..8 {
        for _ in 0..300 {
            sleep(SECOND).await;
            assert_eq!(views.borrow().resolve(STORAGE).len(), 1);
        }
        assert!(place.calls("Watch") >= expected, "{} watches", place.calls("Watch"));
    }
    assert!(place.calls("Watch") <= 9);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_silent_connection_is_given_up() -> TestResult {
    let place = Place::new();
    let progress_interval = 10 * SECOND;
    let registry = place.open_with(registry::Config { progress_interval, ..Default::default() }).await?;
    register(&registry, instance("a")).await?;
    let config = Config { silence: 4 * SECOND, ..Config::default() };
    let directory = Directory::start(place.peer(), config);
    directory.synced().await;
    sleep(60 * SECOND).await;
    let watches = place.calls("Watch");
    assert!((10..=16).contains(&watches), "{watches} in 60 s, every 4 s and a pause");
    assert_eq!(found(&directory), ["a"]);
    Ok(())
}

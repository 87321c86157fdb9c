//! What the registry promises about instances and their leases, on every backend.

use std::time::Duration;

use crate::common::{Kind, STORAGE, TestResult, World, instance};
use api::registry::{
    DeregisterRequest, Instance, ListInstancesRequest, RegisterRequest, ResolveRequest, ServingState,
    SetStateRequest,
};
use registry::Error;

on_every_backend!(
    a_repeated_call_gets_the_same_answer,
    a_newer_incarnation_fences_the_older,
    fenced_even_if_the_newer_is_gone,
    ttl_is_a_lower_bound,
    restart_grants_the_full_ttl,
    an_expired_lease_is_not_renewed,
    ttl_is_granted_within_bounds,
    deregistering_ends_at_once,
    only_who_serves_is_resolved,
    enabled_is_the_operators,
    resolve_by_analyzer,
    instances_are_listed_at_one_revision,
    wrong_instances_are_refused,
);

const SECOND: Duration = Duration::from_secs(1);

/// Promise 3: idempotent.
async fn a_repeated_call_gets_the_same_answer(kind: Kind) -> TestResult {
    let mut world = World::new(kind).await?;
    let request = RegisterRequest {
        instance: Some(instance("a", 7)),
        ttl: Some(prost_types::Duration { seconds: 10, nanos: 0 }),
        request_id: "once".into(),
    };
    let first = world.registry().register(request.clone()).await?;
    assert_eq!(first.ttl.map(|ttl| ttl.seconds), Some(10));
    assert_eq!(first.fence, world.revision().await?);
    world.advance(6 * SECOND).await?;
    let again = world.registry().register(request.clone()).await?;
    assert_eq!(again, first);
    world.restart().await?;
    assert_eq!(world.registry().register(request.clone()).await?, first, "also after a restart");
    world.advance(10 * SECOND).await?;
    let anew = world.registry().register(request).await?;
    assert_ne!(anew.lease_id, first.lease_id, "what ran out is not repeated");
    assert!(anew.fence > first.fence);
    Ok(())
}

/// Promise 3: fencing.
async fn a_newer_incarnation_fences_the_older(kind: Kind) -> TestResult {
    let mut world = World::new(kind).await?;
    let old = world.register(instance("a", 7)).await?;
    let other = world.register(instance("a", 7)).await;
    assert!(matches!(other, Err(Error::Fenced { incarnation: 7, .. })), "one incarnation, two calls");
    let new = world.register(instance("a", 8)).await?;
    assert!(new.fence > old.fence);
    for _ in 0..2 {
        let refused = world.renew(&old.lease_id).await;
        assert!(matches!(refused, Err(Error::Fenced { incarnation: 8, .. })), "{refused:?}");
        let refused = world.state(&old.lease_id, ServingState::Draining).await;
        assert!(matches!(refused, Err(Error::Fenced { .. })));
        let end = DeregisterRequest { lease_id: old.lease_id.clone() };
        assert!(matches!(world.registry().deregister(end).await, Err(Error::Fenced { .. })));
        let older = world.register(instance("a", 7)).await;
        assert!(matches!(older, Err(Error::Fenced { incarnation: 8, .. })));
        world.renew(&new.lease_id).await?;
        assert_eq!(world.resolve().await?, ["a"]);
        world.restart().await?;
    }
    // The fence belongs to the incarnation, not to the last change.
    let drained = world.state(&new.lease_id, ServingState::Draining).await?;
    assert_eq!(drained.fence, new.fence);
    assert!(drained.revision > drained.fence);
    let drained = world.state(&new.lease_id, ServingState::Serving).await?;
    assert_eq!(drained.fence, new.fence);
    Ok(())
}

async fn fenced_even_if_the_newer_is_gone(kind: Kind) -> TestResult {
    let world = World::new(kind).await?;
    let old = world.register(instance("a", 7)).await?;
    let new = world.register(instance("a", 8)).await?;
    world.registry().deregister(DeregisterRequest { lease_id: new.lease_id }).await?;
    assert!(matches!(world.renew(&old.lease_id).await, Err(Error::Fenced { .. })));
    world.advance(15 * SECOND).await?;
    assert!(matches!(world.renew(&old.lease_id).await, Err(Error::LeaseExpired { .. })));
    Ok(())
}

/// Promise 4. That nothing outlives its TTL by 3 s is tested with the registry's own ticks below.
async fn ttl_is_a_lower_bound(kind: Kind) -> TestResult {
    let world = World::new(kind).await?;
    let lease = world.register(instance("a", 1)).await?;
    for _ in 0..5 {
        world.advance(15 * SECOND - Duration::from_millis(1)).await?;
        assert_eq!(world.resolve().await?, ["a"]);
        world.renew(&lease.lease_id).await?;
    }
    world.advance(15 * SECOND - Duration::from_millis(1)).await?;
    assert_eq!(world.resolve().await?, ["a"]);
    world.advance(Duration::from_millis(1)).await?;
    assert!(world.resolve().await?.is_empty());
    Ok(())
}

async fn restart_grants_the_full_ttl(kind: Kind) -> TestResult {
    let mut world = World::new(kind).await?;
    let lease = world.register(instance("a", 1)).await?;
    world.advance(14 * SECOND).await?;
    world.restart().await?;
    world.advance(15 * SECOND - Duration::from_millis(1)).await?;
    assert_eq!(world.resolve().await?, ["a"]);
    world.renew(&lease.lease_id).await?;
    world.advance(15 * SECOND).await?;
    assert!(world.resolve().await?.is_empty());
    world.restart().await?;
    assert!(world.resolve().await?.is_empty(), "what ran out does not come back");
    Ok(())
}

/// Promise 5.
async fn an_expired_lease_is_not_renewed(kind: Kind) -> TestResult {
    let world = World::new(kind).await?;
    let lease = world.register(instance("a", 1)).await?;
    // The lease ran out, but nobody has looked yet.
    world.pass(15 * SECOND);
    assert!(matches!(world.renew(&lease.lease_id).await, Err(Error::LeaseExpired { .. })));
    let late = world.state(&lease.lease_id, ServingState::Draining).await;
    assert!(matches!(late, Err(Error::LeaseExpired { .. })), "{late:?}");
    for unknown in ["", "a", "a#0000000000000001", "b#0000000000000001"] {
        let renewed = world.renew(unknown).await;
        assert!(matches!(renewed, Err(Error::LeaseExpired { .. })), "{unknown}: {renewed:?}");
    }
    let again = world.register(instance("a", 2)).await?;
    assert!(again.fence > lease.fence);
    // By the time that it asks again it was replaced: it must stop.
    assert!(matches!(world.renew(&lease.lease_id).await, Err(Error::Fenced { .. })));
    Ok(())
}

async fn ttl_is_granted_within_bounds(kind: Kind) -> TestResult {
    let world = World::new(kind).await?;
    for (incarnation, (wanted, granted)) in (1..).zip([(None, 15), (Some(1), 3), (Some(60), 60)]) {
        let ttl = wanted.map(|seconds| prost_types::Duration { seconds, nanos: 0 });
        let request =
            RegisterRequest { instance: Some(instance("a", incarnation)), ttl, request_id: "r".into() };
        let lease = world.registry().register(request).await?;
        assert_eq!(lease.ttl, Some(prost_types::Duration { seconds: granted, nanos: 0 }));
    }
    Ok(())
}

async fn deregistering_ends_at_once(kind: Kind) -> TestResult {
    let mut world = World::new(kind).await?;
    let lease = world.register(instance("a", 1)).await?;
    let end = DeregisterRequest { lease_id: lease.lease_id };
    world.registry().deregister(end.clone()).await?;
    assert!(world.resolve().await?.is_empty());
    let revision = world.revision().await?;
    world.registry().deregister(end.clone()).await?;
    assert_eq!(world.revision().await?, revision, "ending what is gone changes nothing");
    world.restart().await?;
    assert!(world.resolve().await?.is_empty());
    world.register(instance("a", 1)).await?;
    Ok(())
}

/// Promise 8.
async fn only_who_serves_is_resolved(kind: Kind) -> TestResult {
    let world = World::new(kind).await?;
    let lease = world.register(instance("a", 1)).await?;
    let cases = [
        (ServingState::Draining, false),
        (ServingState::Suspect, true),
        (ServingState::NotServing, false),
        (ServingState::Serving, true),
    ];
    for (state, resolved) in cases {
        let instance = world.state(&lease.lease_id, state).await?;
        assert_eq!(instance.state(), state);
        assert_eq!(!world.resolve().await?.is_empty(), resolved, "{state:?}");
        let listed = world.registry().list_instances(ListInstancesRequest::default()).await?;
        assert_eq!(listed.instances, std::slice::from_ref(&instance), "it is alive in any state");
        assert_eq!(world.state(&lease.lease_id, state).await?, instance, "telling it twice changes nothing");
    }
    let draining = Instance { state: ServingState::Draining.into(), ..instance("b", 1) };
    world.register(draining).await?;
    assert_eq!(world.resolve().await?, ["a"]);
    Ok(())
}

async fn enabled_is_the_operators(kind: Kind) -> TestResult {
    let mut world = World::new(kind).await?;
    let lease = world.register(Instance { enabled: false, ..instance("a", 1) }).await?;
    assert_eq!(world.resolve().await?, ["a"], "an instance does not disable itself");
    assert!(!world.enable("a", false).await?.enabled);
    assert!(world.resolve().await?.is_empty());
    world.state(&lease.lease_id, ServingState::Draining).await?;
    world.state(&lease.lease_id, ServingState::Serving).await?;
    assert!(world.resolve().await?.is_empty());
    world.register(instance("a", 2)).await?;
    assert!(world.resolve().await?.is_empty(), "it outlives the incarnation");
    world.advance(20 * SECOND).await?;
    let gone = world.enable("a", true).await;
    assert!(matches!(gone, Err(Error::NoSuchInstance { .. })));
    world.restart().await?;
    world.register(Instance { enabled: true, ..instance("a", 3) }).await?;
    assert!(world.resolve().await?.is_empty(), "and its lease, and a restart");
    assert!(world.enable("a", true).await?.enabled);
    assert_eq!(world.resolve().await?, ["a"]);
    world.register(instance("a", 4)).await?;
    assert_eq!(world.resolve().await?, ["a"]);

    let lease = world.register(instance("b", 1)).await?.lease_id;
    let by_both = SetStateRequest {
        lease_id: lease.clone(),
        instance_id: "b".into(),
        enabled: Some(true),
        ..Default::default()
    };
    let by_lease = SetStateRequest { instance_id: String::new(), ..by_both.clone() };
    let by_id = SetStateRequest {
        instance_id: "b".into(),
        state: ServingState::Draining.into(),
        ..Default::default()
    };
    let cases =
        [(by_both, "lease_id"), (by_lease, "enabled"), (by_id, "state"), (<_>::default(), "lease_id")];
    for (request, wrong) in cases {
        let refused = world.registry().set_state(request).await;
        assert!(matches!(refused, Err(Error::InvalidState { field, .. }) if field == wrong), "{wrong}");
    }
    Ok(())
}

async fn resolve_by_analyzer(kind: Kind) -> TestResult {
    let world = World::new(kind).await?;
    for (id, version) in [("b", "1.0.0"), ("a", "1.0.0"), ("c", "2.0.0")] {
        let mut instance = instance(id, 1);
        instance.analyzers[0].version = version.into();
        world.register(instance).await?;
    }
    world.register(Instance { service: "m.Other".into(), ..instance("d", 1) }).await?;
    let cases: [(&str, &str, &[&str]); 5] = [
        ("", "", &["a", "b", "c"]),
        ("reading", "", &["a", "b", "c"]),
        ("reading", "1.0.0", &["a", "b"]),
        ("reading", "3.0.0", &[]),
        ("claims", "", &[]),
    ];
    for (analyzer, analyzer_version, expected) in cases {
        let request = ResolveRequest {
            service: STORAGE.into(),
            analyzer: analyzer.into(),
            analyzer_version: analyzer_version.into(),
        };
        let found = world.registry().resolve(&request).await?.instances;
        let ids: Vec<_> = found.iter().map(|instance| instance.instance_id.as_str()).collect();
        assert_eq!(ids, expected, "{analyzer} {analyzer_version}");
    }
    let nobody = ResolveRequest::default();
    assert!(matches!(world.registry().resolve(&nobody).await, Err(Error::InvalidTarget { .. })));
    let version_alone =
        ResolveRequest { service: STORAGE.into(), analyzer_version: "1.0.0".into(), ..<_>::default() };
    assert!(matches!(world.registry().resolve(&version_alone).await, Err(Error::InvalidTarget { .. })));
    Ok(())
}

/// Promise 6.
async fn instances_are_listed_at_one_revision(kind: Kind) -> TestResult {
    let world = World::new(kind).await?;
    let mut leases = Vec::new();
    for i in 0..5 {
        let other = Instance { service: "m.Other".into(), ..instance(&format!("x{i}"), 1) };
        world.register(other).await?;
        leases.push(world.register(instance(&format!("a{i}"), 1)).await?);
    }
    let list = |page_token: String| {
        let request = ListInstancesRequest { service: STORAGE.into(), page_size: 2, page_token };
        world.registry().list_instances(request)
    };
    let mut page = list(String::new()).await?;
    let mut found = Vec::new();
    for lease in leases {
        world.registry().deregister(DeregisterRequest { lease_id: lease.lease_id }).await?;
    }
    loop {
        found.extend(page.instances.into_iter().map(|instance| instance.instance_id));
        if page.next_page_token.is_empty() {
            break;
        }
        page = list(page.next_page_token).await?;
    }
    assert_eq!(found, ["a0", "a1", "a2", "a3", "a4"]);
    assert!(world.resolve().await?.is_empty());
    Ok(())
}

async fn wrong_instances_are_refused(kind: Kind) -> TestResult {
    let world = World::new(kind).await?;
    let wrong = world.register(Instance { endpoints: vec![], ..instance("a", 1) }).await;
    assert!(matches!(wrong, Err(Error::InvalidInstance { field, .. }) if field == "instance.endpoints"));
    assert_eq!(world.revision().await?, 0);
    Ok(())
}

/// Promise 4, with the registry's own ticks on paused time: gone at the latest 3 s after the TTL.
#[tokio::test(start_paused = true)]
async fn nothing_outlives_its_ttl_by_three_seconds() -> TestResult {
    let kv = std::sync::Arc::new(kv::Memory::new());
    let registry = registry::Registry::open(kv, <_>::default(), registry::monotonic()).await?;
    for start in [0, 137, 500, 999] {
        tokio::time::advance(Duration::from_millis(start)).await;
        let request = RegisterRequest {
            instance: Some(instance("a", 1)),
            ttl: Some(prost_types::Duration { seconds: 3, nanos: 0 }),
            request_id: "r".into(),
        };
        registry.register(request).await?;
        let find = ResolveRequest { service: STORAGE.into(), ..Default::default() };
        tokio::time::sleep(Duration::from_millis(2_999)).await;
        assert_eq!(registry.resolve(&find).await?.instances.len(), 1, "started at {start} ms");
        tokio::time::sleep(Duration::from_millis(3_001)).await;
        assert!(registry.resolve(&find).await?.instances.is_empty(), "started at {start} ms");
    }
    Ok(())
}

//! What the registry promises about its catalog, on every backend.

use std::time::Duration;

use crate::common::{Kind, TestResult, World, instance, manifest, pin, version};
use api::registry::{DeleteEntryRequest, GetEntryRequest, ListEntriesRequest, PutEntryRequest};
use registry::Error;

on_every_backend!(
    revisions_rise_over_restarts,
    compares_by_revision,
    catalog_outlives_every_lease,
    a_version_says_one_thing,
    cycles_are_refused,
    a_large_manifest_survives,
    entries_are_listed_at_one_revision,
    deletes,
);

/// Promise 1.
async fn revisions_rise_over_restarts(kind: Kind) -> TestResult {
    let mut world = World::new(kind).await?;
    let cluster_id = world.registry().cluster_id().to_owned();
    assert!(!cluster_id.is_empty());
    let mut last = 0;
    for round in 1..=4 {
        let entry = world.put(pin("reading", &format!("{round}.0.0"))).await?;
        assert!(entry.revision > last, "{} after {last}", entry.revision);
        assert_eq!(entry.create_revision, 1);
        let lease = world.register(instance("a", round)).await?;
        assert!(lease.fence > entry.revision);
        last = world.revision().await?;
        assert!(last >= lease.fence);
        world.restart().await?;
        assert_eq!(world.registry().cluster_id(), cluster_id);
        assert_eq!(world.revision().await?, last, "a restart alone changes nothing");
    }
    let get = world.registry().get_entry(GetEntryRequest { name: "analyzers/reading/pin".into() }).await?;
    let header = get.header.ok_or("no header")?;
    assert_eq!((header.cluster_id, header.revision), (cluster_id, last));
    Ok(())
}

/// Promise 2: compare-and-set.
async fn compares_by_revision(kind: Kind) -> TestResult {
    let world = World::new(kind).await?;
    let put = |version: &str, expected_revision| {
        let request = PutEntryRequest { entry: Some(pin("reading", version)), expected_revision };
        world.registry().put_entry(request)
    };
    let conflict = put("1.0.0", Some(5)).await;
    assert!(matches!(conflict, Err(Error::RevisionConflict { expected: 5, actual: 0, .. })));
    let first = put("1.0.0", Some(0)).await?.entry.ok_or("no entry")?;
    let conflict = put("2.0.0", Some(0)).await;
    assert!(matches!(conflict, Err(Error::RevisionConflict { actual, .. }) if actual == first.revision));
    let second = put("2.0.0", Some(first.revision)).await?.entry.ok_or("no entry")?;
    assert_eq!(second.create_revision, first.revision);
    let same = put("2.0.0", None).await?.entry.ok_or("no entry")?;
    assert_eq!(same, second, "writing what is there changes nothing");
    let (a, b) = tokio::join!(put("3.0.0", Some(second.revision)), put("4.0.0", Some(second.revision)));
    assert_eq!([a.is_ok(), b.is_ok()].iter().filter(|ok| **ok).count(), 1, "one of two wins");
    Ok(())
}

/// Promise 2: two classes.
async fn catalog_outlives_every_lease(kind: Kind) -> TestResult {
    let world = World::new(kind).await?;
    world.put(version(manifest("reading", "1.0.0", "Document", "Layer"))).await?;
    world.register(instance("a", 1)).await?;
    world.advance(Duration::from_secs(18)).await?;
    assert!(world.resolve().await?.is_empty());
    let entries = world.registry().list_entries(ListEntriesRequest::default()).await?.entries;
    assert_eq!(entries.len(), 1);
    Ok(())
}

async fn a_version_says_one_thing(kind: Kind) -> TestResult {
    let world = World::new(kind).await?;
    let entry = version(manifest("reading", "1.0.0", "Document", "Layer"));
    let first = world.put(entry.clone()).await?;
    assert_eq!(world.put(entry).await?, first);
    let changed = world.put(version(manifest("reading", "1.0.0", "Document", "Claim"))).await;
    assert!(matches!(changed, Err(Error::VersionChanged { .. })));
    let wrong = world.put(version(manifest("Reading", "1.0.0", "Document", "Layer"))).await;
    assert!(matches!(wrong, Err(Error::InvalidEntry { field, .. }) if field == "name"));
    let mut wrong = version(manifest("reading", "2.0.0", "Document", "Layer"));
    wrong.name = "analyzers/reading/versions/3.0.0".into();
    let wrong = world.put(wrong).await;
    assert!(matches!(wrong, Err(Error::InvalidEntry { field, .. }) if field == "manifest.version"));
    Ok(())
}

async fn cycles_are_refused(kind: Kind) -> TestResult {
    let mut world = World::new(kind).await?;
    world.put(version(manifest("reading", "1.0.0", "Document", "Layer"))).await?;
    world.put(version(manifest("claims", "1.0.0", "Layer", "Claim"))).await?;
    world.restart().await?;
    let back = version(manifest("x", "1.0.0", "Claim", "Document"));
    match world.put(back.clone()).await {
        Err(Error::Cycle { analyzer, path }) => {
            assert_eq!(analyzer, "x");
            assert_eq!(path, "Claim -> x -> Document -> reading -> Layer -> claims -> Claim");
        }
        other => return Err(format!("not refused: {other:?}").into()),
    }
    let own = world.put(version(manifest("own", "1.0.0", "Claim", "Claim"))).await;
    assert!(matches!(own, Err(Error::Cycle { path, .. }) if path == "Claim -> own -> Claim"));
    // Another version of an analyzer is not held against its own versions, but against all of others.
    world.put(version(manifest("claims", "2.0.0", "Layer", "Digest"))).await?;
    assert!(matches!(world.put(back.clone()).await, Err(Error::Cycle { .. })));
    let old = DeleteEntryRequest { name: "analyzers/claims/versions/1.0.0".into(), expected_revision: None };
    world.registry().delete_entry(old).await?;
    world.put(back).await?;
    Ok(())
}

async fn a_large_manifest_survives(kind: Kind) -> TestResult {
    let mut world = World::new(kind).await?;
    let mut large = manifest("reading", "1.0.0", "Document", "Layer");
    large.config_schema = format!("{{\"description\":\"{}\"}}", "x".repeat(300_000));
    let entry = world.put(version(large)).await?;
    world.restart().await?;
    let get = world.registry().get_entry(GetEntryRequest { name: entry.name.clone() }).await?;
    assert_eq!(get.entry, Some(entry));
    Ok(())
}

/// Promise 6.
async fn entries_are_listed_at_one_revision(kind: Kind) -> TestResult {
    let config = registry::Config { history: 8, ..Default::default() };
    let world = World::with(kind, config).await?;
    for i in 0..7 {
        world.put(pin(&format!("a{i}"), "1.0.0")).await?;
    }
    let list = |page_token: &str, prefix: &str| {
        let (page_token, prefix) = (page_token.to_owned(), prefix.to_owned());
        world.registry().list_entries(ListEntriesRequest { prefix, page_size: 3, page_token })
    };
    let first = list("", "analyzers/").await?;
    let revision = first.header.as_ref().ok_or("no header")?.revision;
    // What happens between the pages is in none of them.
    world.put(pin("a5", "2.0.0")).await?;
    world.put(pin("a31", "1.0.0")).await?;
    let gone = DeleteEntryRequest { name: "analyzers/a6/pin".into(), expected_revision: None };
    world.registry().delete_entry(gone).await?;
    let second = list(&first.next_page_token, "analyzers/").await?;
    let third = list(&second.next_page_token, "analyzers/").await?;
    assert_eq!(third.next_page_token, "");
    let pages = [&first, &second, &third];
    for page in pages {
        assert_eq!(page.header.as_ref().ok_or("no header")?.revision, revision);
    }
    let expected: Vec<_> = (0..7).map(|i| pin(&format!("a{i}"), "1.0.0")).collect();
    let found = pages.into_iter().flat_map(|page| page.entries.clone());
    let found = found.map(|entry| api::registry::Entry { revision: 0, create_revision: 0, ..entry });
    assert_eq!(found.collect::<Vec<_>>(), expected);
    let other = list(&first.next_page_token, "analyzers/a").await;
    assert!(matches!(other, Err(Error::InvalidPageToken)));
    for i in 0..8 {
        world.put(pin("late", &format!("{i}.0.0"))).await?;
    }
    let late = list(&first.next_page_token, "analyzers/").await;
    assert!(matches!(late, Err(Error::Compacted { .. })), "{late:?}");
    Ok(())
}

async fn deletes(kind: Kind) -> TestResult {
    let mut world = World::new(kind).await?;
    let entry = world.put(pin("reading", "1.0.0")).await?;
    let delete = |expected_revision| DeleteEntryRequest { name: entry.name.clone(), expected_revision };
    let conflict = world.registry().delete_entry(delete(Some(entry.revision + 1))).await;
    assert!(matches!(conflict, Err(Error::RevisionConflict { .. })));
    let header = world.registry().delete_entry(delete(Some(entry.revision))).await?.header;
    assert!(header.ok_or("no header")?.revision > entry.revision);
    world.restart().await?;
    let again = world.registry().delete_entry(delete(None)).await;
    assert!(matches!(again, Err(Error::NoSuchEntry { .. })));
    let get = world.registry().get_entry(GetEntryRequest { name: entry.name.clone() }).await;
    assert!(matches!(get, Err(Error::NoSuchEntry { .. })));
    let anew = world.put(pin("reading", "1.0.0")).await?;
    assert_eq!(anew.create_revision, anew.revision, "it is a new entry");
    Ok(())
}

//! Indexes that come, go and break.

use api::search::{GetStatusRequest, QueryRequest, RebuildRequest};
use api::storage::CompactRequest;

use crate::world::{World, claim, damage, document, layer, reason, topic};

async fn fill(world: &World, documents: usize) {
    for round in 0..documents {
        let id = round.to_string();
        world
            .put(vec![document(&id, "SMM", "锑", "锑价上涨。"), layer(&id, &id, &["commodity/antimony"])])
            .await;
        world.put(vec![claim(&id, &id, "commodity/antimony", "锑价上涨")]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_goes_on_where_the_index_is() {
    let mut world = World::new().await;
    fill(&world, 5).await;
    let all = world.all().await;
    let folder = world.index_folder();
    for orderly in [true, false] {
        match orderly {
            true => world.stop().await,
            false => world.kill(),
        }
        world.start();
        assert_eq!(world.all().await, all);
        assert_eq!(world.index_folder(), folder, "it was not made anew");
    }
    world.kill();
    world.put(vec![document("x", "SMM", "镓", "镓价。")]).await;
    world.delete("claims/1").await;
    world.start();
    assert_eq!(world.names("镓").await, ["documents/x"]);
    assert_eq!(world.names("kind:claim").await.len(), 4);
    assert_eq!(world.index_folder(), folder);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_leaves_a_large_batch_to_the_next_start() {
    let mut world = World::new().await;
    fill(&world, 1).await;
    world.names("锑").await;
    world.stop().await;
    // Only the stop itself could commit anything.
    let usual = world.config.index.longest;
    world.config.index.longest = std::time::Duration::from_secs(3_600);
    world.start();
    let batch = (0..300).map(|number| document(&format!("b{number}"), "SMM", "镓", "镓价。")).collect();
    world.put(vec![topic("t", "镓", "镓", &[])]).await;
    let mut told = world.watch("topics/t", None).await;
    world.put(batch).await;
    // Told before they are indexed, in one step with that.
    while told.message().await.unwrap().unwrap().alerts.is_empty() {}
    world.stop().await;
    world.config.index.longest = usual;
    world.start();
    assert_eq!(world.names("镓").await.len(), 300);
    assert_eq!(world.names("锑 kind:document").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_damaged_or_half_gone_is_made_anew() {
    let mut world = World::new().await;
    fill(&world, 3).await;
    let all = world.all().await;
    let breaks: [fn(&World); 5] = [
        |world| damage(&world.index_folder()),
        |world| std::fs::remove_file(world.index_folder().join("meta.json")).unwrap(),
        |world| std::fs::remove_dir_all(world.index_folder()).unwrap(),
        |world| std::fs::write(world.folder().join("current"), [0xff, 0xfe]).unwrap(),
        |world| std::fs::remove_dir_all(world.folder()).unwrap(),
    ];
    for (round, break_it) in breaks.iter().enumerate() {
        world.stop().await;
        break_it(&world);
        world.start();
        assert_eq!(world.all().await, all, "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_breaks_while_it_is_written_is_opened_again_or_made_anew() {
    let world = World::new().await;
    fill(&world, 3).await;
    world.all().await;
    let breaks: [fn(&World); 3] = [
        |world| std::fs::remove_dir_all(world.index_folder()).unwrap(),
        |world| {
            for file in std::fs::read_dir(world.index_folder()).unwrap() {
                std::fs::remove_file(file.unwrap().path()).unwrap();
            }
        },
        |world| std::fs::remove_dir_all(world.folder()).unwrap(),
    ];
    for (round, break_it) in breaks.iter().enumerate() {
        break_it(&world);
        let before = world.client().query(QueryRequest::default()).await.unwrap().into_inner();
        assert_eq!(before.hits.len(), 6 + round, "what was there can be asked meanwhile");
        let id = format!("late-{round}");
        world.put(vec![document(&id, "SMM", "镓", "镓价。")]).await;
        assert_eq!(world.names("镓").await.len(), round + 1, "round {round}");
        assert_eq!(world.names("锑").await.len(), 6, "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_are_answered_while_a_new_index_is_made() {
    let world = World::new().await;
    fill(&world, 20).await;
    let all = world.all().await;
    let old = world.index_folder();
    let mut progress = world.client().rebuild(RebuildRequest {}).await.unwrap().into_inner();
    let mut last = None;
    loop {
        // With the old index or the new one, the answer is the same.
        let request = QueryRequest { page_size: 1_000, ..QueryRequest::default() };
        let hits = world.client().query(request).await.unwrap().into_inner().hits;
        assert_eq!(hits.len(), all.len());
        match progress.message().await.unwrap() {
            Some(message) => last = Some(message),
            None => break,
        }
    }
    let last = last.unwrap();
    assert!(last.done, "{last:?}");
    assert_eq!((last.sequence, last.records), (world.log.head(), i64::try_from(all.len()).unwrap()));
    assert_ne!(world.index_folder(), old);
    assert!(!old.exists());
    assert_eq!(world.all().await, all);
    assert!(world.client().get_status(GetStatusRequest {}).await.unwrap().into_inner().rebuild.is_none());
    // It goes on following.
    world.put(vec![document("new", "SMM", "镓", "镓价。")]).await;
    assert_eq!(world.names("镓").await, ["documents/new"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_index_is_made_once_at_a_time_and_without_its_caller() {
    let world = World::new().await;
    fill(&world, 3).await;
    world.ask("").await;
    let old = world.index_folder();
    world.storage_is(false);
    drop(world.client().rebuild(RebuildRequest {}).await.unwrap());
    let error = world.client().rebuild(RebuildRequest {}).await.err().unwrap();
    assert_eq!(reason(&error), "REBUILDING");
    world.storage_is(true);
    while world.client().get_status(GetStatusRequest {}).await.unwrap().into_inner().rebuild.is_some() {
        tokio::task::yield_now().await;
    }
    assert_ne!(world.index_folder(), old);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_index_it_is_told_that_one_is_being_made() {
    let mut world = World::asleep().await;
    world.storage_is(false);
    world.start();
    loop {
        let error = world.client().query(QueryRequest::default()).await.unwrap_err();
        if reason(&error) == "BUILDING" {
            break;
        }
    }
    world.put(vec![document("1", "", "", "锑")]).await;
    world.storage_is(true);
    assert_eq!(world.names("锑").await, ["documents/1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_log_and_a_compacted_one_make_a_new_index() {
    let mut world = World::new().await;
    fill(&world, 3).await;
    world.ask("").await;
    world.stop().await;
    world.another_log().await;
    world.put(vec![document("other", "", "", "锗")]).await;
    world.start();
    assert_eq!(world.names("").await, ["documents/other"]);

    // Its consumer's place is forgotten, and what it has yet to read is compacted.
    world.stop().await;
    world.config.consumer = "another".to_owned();
    for round in 0..5 {
        world.put(vec![document("other", "", "", &format!("锗 {round}"))]).await;
    }
    world.log.compact(CompactRequest { up_to_sequence: 0 }).await.unwrap();
    world.start();
    assert_eq!(world.names("4").await, ["documents/other"]);
}

//! Stories of groups by connection: joined, split, cut, and names that move between them.

use std::collections::BTreeMap;
use std::time::Duration;

use api::analysis::FailureCode;

use crate::analyzers::{A_WHILE, linker};
use crate::common::World;

fn links(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(id, members)| ((*id).to_owned(), format!("{members} by 1.0.0"))).collect()
}

#[tokio::test]
async fn groups_are_joined_by_a_bridge_and_split_without_it() {
    let mut world = World::new().await;
    world.provide("inproc:linker", linker("1.0.0")).await;
    world.start();
    world.put(&[("b", "copper tin"), ("c", "zinc lead")]).await;
    world.settle().await;
    assert_eq!(world.links().await, links(&[("b", "b"), ("c", "c")]));
    // The bridge comes before both, so that the group has another name than either had.
    world.put(&[("a", "tin zinc")]).await;
    world.settle().await;
    assert_eq!(world.links().await, links(&[("a", "a b c"), ("b", "a b c"), ("c", "a b c")]));
    world.put(&[("a", "tin gold")]).await;
    world.settle().await;
    assert_eq!(world.links().await, links(&[("a", "a b"), ("b", "a b"), ("c", "c")]));
    world.delete("a").await;
    world.settle().await;
    assert_eq!(world.links().await, links(&[("b", "b"), ("c", "c")]));
    world.delete("b").await;
    world.delete("c").await;
    world.settle().await;
    assert_eq!(world.derived().await, Default::default());
    assert_eq!(world.failures().await, []);
}

#[tokio::test]
async fn a_group_over_its_limit_is_cut_by_days_and_heals_when_it_shrinks() {
    let mut world = World::new().await;
    world.provide("inproc:linker", linker("1.0.0")).await;
    world.start();
    // A window of four days since 1970 begins on 2025-07-11.
    world.put(&[("a", "tin day11"), ("b", "tin day13"), ("c", "tin day10"), ("d", "tin")]).await;
    world.settle().await;
    assert_eq!(world.links().await, links(&[("a", "a b"), ("b", "a b"), ("c", "c"), ("d", "d")]));
    // Four on one day can not be cut any more.
    world.put(&[("a", "tin day10"), ("b", "tin day10"), ("c", "tin day10"), ("d", "tin day10")]).await;
    world.settle().await;
    assert_eq!(world.links().await, links(&[]));
    let failures = world.failures().await;
    assert_eq!(failures.len(), 4);
    assert!(failures.iter().all(|failure| failure.code() == FailureCode::InputLimit));
    world.delete("a").await;
    world.settle().await;
    assert_eq!(world.links().await, links(&[("b", "b c d"), ("c", "b c d"), ("d", "b c d")]));
    assert_eq!(world.failures().await, []);
}

#[tokio::test]
async fn groups_that_exchange_members_do_not_wait_for_each_other_for_ever() {
    let mut world = World::new().await;
    world.config.reruns = 1;
    world.provide("inproc:linker", linker("1.0.0")).await;
    world.start();
    for turn in 0..12 {
        let [c, d] = if turn % 2 == 0 { ["tin", "lead"] } else { ["lead", "tin"] };
        world.put(&[("a", "tin"), ("b", "lead"), ("c", c), ("d", d)]).await;
        world.settle().await;
        assert_eq!(world.failures().await, [], "in turn {turn}");
        let [tin, lead] = if turn % 2 == 0 { ["a c", "b d"] } else { ["a d", "b c"] };
        let of = |word: &str| if word == "tin" { tin } else { lead };
        assert_eq!(world.links().await, links(&[("a", tin), ("b", lead), ("c", of(c)), ("d", of(d))]));
    }
}

#[tokio::test]
async fn a_group_waits_for_a_name_as_long_as_its_owner_takes() {
    let mut world = World::new().await;
    (world.config.reruns, world.config.backoff_first) = (1, Duration::from_millis(1));
    let fake = world.provide("inproc:linker", linker("1.0.0")).await;
    world.start();
    world.put(&[("a", "tin"), ("b", "tin"), ("c", "tin")]).await;
    world.settle().await;
    let answered = fake.answered();
    // The group of `a` keeps the names of `b` and `c` until its own call is over.
    world.put(&[("a", "gold slow")]).await;
    while fake.answered() == answered {
        tokio::task::yield_now().await;
    }
    tokio::time::sleep(A_WHILE).await;
    assert_eq!(world.links().await, links(&[("a", "a b c"), ("b", "a b c"), ("c", "a b c")]));
    assert_eq!(world.failures().await, []);
    fake.let_go.notify_one();
    world.settle().await;
    assert_eq!(world.links().await, links(&[("a", "a"), ("b", "b c"), ("c", "b c")]));
    assert_eq!(world.failures().await, []);
}

#[tokio::test]
async fn a_new_version_with_another_limit_cuts_all_groups_anew_also_when_it_is_interrupted() {
    let mut world = World::new().await;
    world.config.window_groups = 4;
    world.provide("inproc:linker", linker("1.0.0")).await;
    world.start();
    let texts: Vec<_> =
        (0..60).map(|i| (format!("d{i:02}"), format!("w{} day{}", i / 3, 1 + i % 3))).collect();
    world.put(&texts.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect::<Vec<_>>()).await;
    world.settle().await;
    assert_eq!(world.links().await["d04"], "d03 d04 d05 by 1.0.0");
    world.provide("inproc:linker2", linker("2.0.0")).await;
    for _ in 0..5 {
        world.until("linker", |status| status.version == "2.0.0").await;
        world.kill();
        world.start();
    }
    world.until("linker", |status| status.version == "2.0.0").await;
    world.settle().await;
    let links = world.links().await;
    assert_eq!(links.len(), 60);
    // 2025-07-01 is in one window of three days since 1970, the two days after it in the next.
    assert_eq!((links["d03"].as_str(), links["d05"].as_str()), ("d03 by 2.0.0", "d04 d05 by 2.0.0"));
    assert_eq!(world.failures().await, []);
}

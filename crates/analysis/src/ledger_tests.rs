//! The ledger by itself.

use super::*;

fn taken(ledger: &mut Ledger) -> Vec<String> {
    ledger.take(10, i64::MAX).iter().map(ToString::to_string).collect()
}

fn commit(ledger: &mut Ledger, group: &str) -> Option<u64> {
    let group: GroupName = group.into();
    ledger.commit(&group);
    ledger.committed(&group)
}

#[test]
fn the_cursor_passes_a_commit_once_all_its_groups_are_in_a_commit() {
    let mut ledger = Ledger::new(4);
    ledger.touch("a", 5);
    ledger.touch("b", 7);
    ledger.see(9);
    assert_eq!((ledger.cursor(), ledger.through()), (4, 4));
    assert_eq!(taken(&mut ledger), ["a", "b"]);
    ledger.read(&"a".into(), 9);
    ledger.read(&"b".into(), 9);
    ledger.commit(&"a".into());
    // The commit itself may carry the cursor past `a`; others may rely on it only when it is done.
    assert_eq!((ledger.cursor(), ledger.through()), (6, 4));
    ledger.committed(&"a".into());
    assert_eq!((ledger.cursor(), ledger.through()), (6, 6));
    assert_eq!(commit(&mut ledger, "b"), None);
    assert_eq!((ledger.cursor(), ledger.through(), ledger.len()), (9, 9, 0));
}

#[test]
fn a_touch_that_the_read_covers_needs_no_other_run() {
    let mut ledger = Ledger::new(0);
    ledger.touch("a", 1);
    ledger.see(1);
    ledger.take(1, i64::MAX);
    ledger.touch("a", 3);
    ledger.read(&"a".into(), 5);
    ledger.touch("a", 5);
    ledger.see(5);
    assert_eq!(commit(&mut ledger, "a"), None);
    assert_eq!((ledger.len(), ledger.through()), (0, 5));
}

#[test]
fn a_group_touched_after_its_read_runs_again_once() {
    let mut ledger = Ledger::new(0);
    ledger.touch("a", 1);
    ledger.take(1, i64::MAX);
    ledger.touch("a", 2);
    ledger.touch("a", 6);
    ledger.read(&"a".into(), 4);
    ledger.touch("a", 8);
    ledger.see(8);
    commit(&mut ledger, "a");
    // All up to the read sequence is done; what came after it holds the cursor.
    assert_eq!((ledger.cursor(), ledger.through()), (4, 4));
    assert_eq!(taken(&mut ledger), ["a"]);
    ledger.read(&"a".into(), 8);
    commit(&mut ledger, "a");
    assert_eq!((ledger.len(), ledger.cursor()), (0, 8));
}

#[test]
fn a_touch_during_the_commit_is_not_lost() {
    let mut ledger = Ledger::new(0);
    ledger.touch("a", 1);
    ledger.take(1, i64::MAX);
    ledger.read(&"a".into(), 1);
    ledger.commit(&"a".into());
    ledger.touch("a", 2);
    ledger.see(3);
    assert_eq!(ledger.cursor(), 1);
    ledger.committed(&"a".into());
    assert_eq!((ledger.cursor(), ledger.through()), (1, 1));
    assert_eq!(taken(&mut ledger), ["a"]);
}

#[test]
fn a_group_stored_as_pending_holds_back_only_the_through_mark() {
    let mut ledger = Ledger::new(0);
    ledger.touch("slow", 1);
    ledger.take(1, i64::MAX);
    ledger.read(&"slow".into(), 1);
    ledger.see(9);
    assert_eq!(ledger.store("slow"), Some((1, None)));
    assert_eq!(ledger.store("slow"), None);
    assert_eq!((ledger.cursor(), ledger.through()), (9, 0));
    ledger.touch("slow", 10);
    ledger.see(10);
    assert_eq!(ledger.cursor(), 10);
    // Touched again, so the record goes on standing for it until the second run is done.
    assert!(!ledger.commit(&"slow".into()));
    ledger.committed(&"slow".into());
    assert_eq!((ledger.cursor(), ledger.through()), (10, 9));
    ledger.take(1, i64::MAX);
    ledger.read(&"slow".into(), 10);
    assert!(ledger.commit(&"slow".into()));
    ledger.committed(&"slow".into());
    assert_eq!((ledger.through(), ledger.len()), (10, 0));
}

#[test]
fn a_group_of_the_walk_stored_as_pending_holds_back_everything() {
    let mut ledger = Ledger::new(9);
    ledger.walk("slow", 1);
    ledger.take(1, i64::MAX);
    ledger.read(&"slow".into(), 9);
    assert_eq!(ledger.store("slow"), Some((0, Some(1))));
    assert_eq!((ledger.cursor(), ledger.through()), (9, -1));
    assert_eq!(commit(&mut ledger, "slow"), None);
    assert_eq!(ledger.through(), 9);
}

#[test]
fn a_group_whose_outcome_is_on_its_way_is_not_stored_as_pending() {
    let mut ledger = Ledger::new(0);
    ledger.touch("slow", 1);
    ledger.take(1, i64::MAX);
    ledger.read(&"slow".into(), 1);
    assert!(ledger.can_store("slow"));
    ledger.commit(&"slow".into());
    assert!(!ledger.can_store("slow"));
    assert_eq!(ledger.store("slow"), None);
}

#[test]
fn a_restored_or_asked_for_group_holds_back_the_through_mark() {
    let mut ledger = Ledger::new(20);
    ledger.restore("old", 7);
    ledger.ask("failed");
    assert_eq!((ledger.cursor(), ledger.through()), (20, 6));
    ledger.take(10, i64::MAX);
    ledger.read(&"old".into(), 20);
    assert!(ledger.commit(&"old".into()));
    ledger.committed(&"old".into());
    assert_eq!(ledger.through(), 19);
    ledger.read(&"failed".into(), 20);
    assert!(!ledger.commit(&"failed".into()));
    ledger.committed(&"failed".into());
    assert_eq!(ledger.through(), 20);
}

#[test]
fn the_walk_gives_way_to_live_changes_and_waits_for_each_group_once() {
    let mut ledger = Ledger::new(0);
    assert!(ledger.walk("a", 1));
    assert!(ledger.walk("b", 1));
    assert!(!ledger.walk("b", 2));
    ledger.touch("c", 1);
    ledger.touch("b", 2);
    assert_eq!(ledger.take(2, i64::MAX).iter().map(|name| &**name).collect::<Vec<_>>(), ["c", "b"]);
    assert_eq!(taken(&mut ledger), ["a"]);
    ledger.read(&"b".into(), 2);
    assert_eq!(commit(&mut ledger, "b"), Some(1));
    assert_eq!(ledger.through(), 0);
}

#[test]
fn a_parked_group_keeps_what_it_stands_for() {
    let mut ledger = Ledger::new(0);
    ledger.touch("a", 3);
    ledger.see(3);
    ledger.take(1, i64::MAX);
    ledger.read(&"a".into(), 3);
    ledger.park(&"a".into());
    ledger.touch("a", 4);
    ledger.see(4);
    assert_eq!((ledger.parked(), ledger.has_queued(), ledger.cursor()), (1, false, 2));
    ledger.unpark();
    assert_eq!(taken(&mut ledger), ["a"]);
    ledger.read(&"a".into(), 4);
    commit(&mut ledger, "a");
    assert_eq!(ledger.cursor(), 4);
}

/// Plays random events against a ledger and keeps, the slow way, what each commit still waits for.
#[test]
fn marks_never_pass_what_is_unfinished() {
    let mut seed = 7_u64;
    let mut next = move |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let mut ledger = Ledger::new(0);
    let mut open: Vec<(String, i64)> = Vec::new();
    let (mut sequence, mut reading, mut read) = (0_i64, Vec::new(), Vec::new());
    for _ in 0..20_000 {
        match next(5) {
            0 | 1 => {
                sequence += 1;
                let group = format!("g{}", next(6));
                ledger.touch(&group, sequence);
                open.push((group, sequence));
                ledger.see(sequence);
            }
            2 => reading.extend(ledger.take(2, i64::MAX)),
            3 if !reading.is_empty() => {
                let group: GroupName =
                    reading.swap_remove(usize::try_from(next(100)).unwrap_or(0) % reading.len());
                ledger.read(&group, sequence);
                read.push((group, sequence));
            }
            _ if !read.is_empty() => {
                let (group, at): (GroupName, i64) = read.swap_remove(0);
                ledger.commit(&group);
                ledger.committed(&group);
                open.retain(|(name, touched)| **name != *group || *touched > at);
            }
            _ => {}
        }
        let first = open.iter().map(|(_, touched)| *touched).min().unwrap_or(sequence + 1);
        assert!(ledger.cursor() < first && ledger.through() < first, "{} passes {first}", ledger.cursor());
    }
    for _ in 0..100 {
        reading.extend(ledger.take(10, i64::MAX));
        for group in reading.drain(..) {
            ledger.read(&group, sequence);
            read.push((group, sequence));
        }
        for (group, _) in read.drain(..) {
            ledger.commit(&group);
            ledger.committed(&group);
        }
    }
    assert_eq!((ledger.len(), ledger.cursor(), ledger.through()), (0, sequence, sequence));
}

#[test]
fn what_is_not_ready_stays_in_its_place() {
    let mut ledger = Ledger::new(0);
    ledger.touch("a", 1);
    ledger.touch("b", 3);
    ledger.touch("c", 5);
    ledger.walk("w", 1);
    ledger.see(5);
    assert_eq!(ledger.next_touched(), Some(1));
    assert_eq!(names_of(ledger.take(10, 3)), ["a", "b", "w"], "a walk holds nobody up, and waits for nobody");
    assert_eq!(ledger.next_touched(), Some(5));
    assert!(ledger.take(10, 4).is_empty() && ledger.has_queued());
    // Another touch leaves it to be as old as the first.
    ledger.touch("c", 9);
    assert_eq!(names_of(ledger.take(10, 5)), ["c"]);
    assert_eq!(ledger.next_touched(), None);
    // Who is asked for by somebody waits for nobody.
    ledger.ask("d");
    assert_eq!(names_of(ledger.take(10, 0)), ["d"]);
}

fn names_of(groups: Vec<GroupName>) -> Vec<String> {
    groups.iter().map(ToString::to_string).collect()
}

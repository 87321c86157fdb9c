//! The power fails in the middle of an import.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, Result, ensure};
use tests::{Cluster, block_on};

fn text(number: usize) -> String {
    format!("Note {number}: copper closed at {} USD/t. ", 9_000 + number).repeat(40)
}

#[test]
fn nothing_that_was_acknowledged_is_lost() -> Result<()> {
    let mut cluster = Cluster::builder().start()?;
    let mut acknowledged = BTreeSet::new();
    for round in 0..3 {
        let enough = AtomicBool::new(false);
        let id = cluster.server()?.id();
        let pid = rustix::process::Pid::from_raw(i32::try_from(id)?).context("a process has an id")?;
        let wire = cluster.wire()?;
        let (got, _) = std::thread::scope(|scope| {
            let importing = scope.spawn(|| {
                let progress = |n| enough.store(n > 400, Ordering::Release);
                block_on(tests::import_until_cut(&wire, round, text, progress))
            });
            while !enough.load(Ordering::Acquire) && !importing.is_finished() {
                std::thread::yield_now();
            }
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
            importing.join().map_err(|_| anyhow::anyhow!("the import panicked"))?
        })?;
        ensure!(got.len() > 400, "only {} were acknowledged before the kill", got.len());
        acknowledged.extend(got);
        cluster.kill()?;
        cluster.start()?;
        let stored = block_on(tests::stored(&cluster.wire()?))?;
        let lost = acknowledged.difference(&stored).count();
        ensure!(lost == 0, "{lost} of {} acknowledged documents are lost", acknowledged.len());
    }
    Ok(())
}

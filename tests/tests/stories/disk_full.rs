//! The disk fills up in the middle of an import.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};
use tests::{Cluster, Output, block_on};
use tonic::Code;

/// A small disk of its own; it goes when this is dropped.
struct Disk(tempfile::TempDir);

impl Disk {
    /// `None` where a test may not mount one.
    fn mount(size: &str) -> Result<Option<Self>> {
        let folder = tempfile::Builder::new().prefix("mz").tempdir()?;
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={size},mode=0700"), "tmpfs"]).arg(folder.path());
        match Output::of(mount, b"") {
            Ok(output) if output.code == 0 => Ok(Some(Self(folder))),
            _ => {
                eprintln!("SKIPPED: a small disk can not be mounted here, which takes the rights of root");
                Ok(None)
            }
        }
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn resize(&self, size: &str) -> Result<()> {
        let mut mount = Command::new("mount");
        mount.args(["-o", &format!("remount,size={size}")]).arg(self.path());
        Output::of(mount, b"")?.succeeded(&["(making the disk larger)"])?;
        Ok(())
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // A disk that is left mounted is in memory only; the next restart of the machine takes it away.
        let _ = Command::new("umount").arg("--lazy").arg(self.path()).status();
    }
}

/// 64 KB that no compression makes much smaller; others for each number.
fn noise(number: usize) -> String {
    let mut state = number as u64 + 1;
    let mut words = String::with_capacity(65_600);
    while words.len() < 65_536 {
        // SplitMix64: its digits are as good as random.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        words.push_str(&format!("{:x} ", mixed ^ (mixed >> 31)));
    }
    words
}

#[test]
fn a_full_disk_is_said_and_costs_nothing_that_was_acknowledged() -> Result<()> {
    let Some(disk) = Disk::mount("128m")? else { return Ok(()) };
    let mut cluster = Cluster::builder().data(&disk.path().join("data")).start()?;
    let wire = cluster.wire()?;
    let (acknowledged, end) = block_on(tests::import_until_cut(&wire, 0, noise, |_| {}))?;
    let status = end.ok_or_else(|| anyhow::anyhow!("the import ends without an error"))?;
    ensure!(status.code() == Code::ResourceExhausted, "{status:?}");
    ensure!(tests::reason(&status).0 == "DISK_FULL", "{status:?}");
    ensure!(acknowledged.len() > 16, "only {} were taken before the disk was full", acknowledged.len());
    let stored = block_on(tests::stored(&wire))?;
    ensure!(acknowledged.is_subset(&stored), "what was acknowledged is there, while the disk is full");

    let lines: String = (100_000..100_400)
        .map(|n| format!("{}\n", serde_json::json!({"title": format!("Note {n}"), "text": noise(n)})))
        .collect();
    let notes = cluster.file("notes.jsonl", lines.as_bytes())?;
    let refused = cluster.attempt(&["import", &notes])?;
    ensure!(refused.code == 1, "{refused:?}");
    ensure!(
        refused.stderr.contains("no space left on the disk") && refused.stderr.contains("free some"),
        "{refused:?}"
    );
    ensure!(cluster.run(&["status"])?.stdout.contains("log at sequence"), "it still answers");

    disk.resize("400m")?;
    let imported = cluster.run(&["import", &notes])?;
    ensure!(
        imported.stdout.contains("400 documents") && imported.stdout.contains("0 refused"),
        "{imported:?}"
    );
    let before = block_on(tests::stored(&wire))?;
    ensure!(acknowledged.is_subset(&before) && before.len() >= acknowledged.len() + 400, "{}", before.len());
    cluster.stop()?;
    cluster.start()?;
    let after = block_on(tests::stored(&cluster.wire()?))?;
    ensure!(after == before, "a restart changes nothing: {} before, {} after", before.len(), after.len());
    Ok(())
}

#[test]
fn a_kill_on_a_full_disk_costs_nothing_that_was_acknowledged() -> Result<()> {
    let Some(disk) = Disk::mount("128m")? else { return Ok(()) };
    let mut cluster = Cluster::builder().data(&disk.path().join("data")).start()?;
    let (acknowledged, _) = block_on(tests::import_until_cut(&cluster.wire()?, 0, noise, |_| {}))?;
    ensure!(acknowledged.len() > 16, "only {} were taken before the disk was full", acknowledged.len());
    cluster.kill()?;
    disk.resize("400m")?;
    cluster.start()?;
    let stored = block_on(tests::stored(&cluster.wire()?))?;
    ensure!(acknowledged.is_subset(&stored), "{} of {}", stored.len(), acknowledged.len());
    let one = cluster.pipe(&["import", "--format", "text", "-"], b"Tin rose 2%.")?;
    ensure!(one.code == 0 && one.stdout.contains("1 new"), "{one:?}");
    Ok(())
}

#[test]
fn a_backup_onto_a_full_disk_leaves_nothing_behind() -> Result<()> {
    let Some(disk) = Disk::mount("1m")? else { return Ok(()) };
    let cluster = Cluster::builder().start()?;
    let lines: String = (0..40)
        .map(|n| format!("{}\n", serde_json::json!({"title": format!("Note {n}"), "text": noise(n)})))
        .collect();
    let notes = cluster.file("notes.jsonl", lines.as_bytes())?;
    cluster.run(&["import", &notes])?;
    let path = disk.path().join("a.backup").display().to_string();
    let failed = cluster.attempt(&["backup", &path])?;
    ensure!(failed.code == 1 && failed.stderr.to_lowercase().contains("no space left"), "{failed:?}");
    ensure!(failed.stderr.contains("a.backup"), "it says which file: {failed:?}");
    let left: Vec<_> = std::fs::read_dir(disk.path())?.collect();
    ensure!(left.is_empty(), "{left:?}");
    Ok(())
}

//! An operator stops and starts the server.

use std::time::Duration;

use anyhow::{Result, ensure};
use tests::{Cluster, Output};

use crate::feed::{FEED, reading};

#[test]
fn a_restart_keeps_everything() -> Result<()> {
    let mut cluster = reading()?;
    let feed = cluster.file("feed.txt", FEED.as_bytes())?;
    cluster.run(&["import", "--wait", &feed])?;
    let commands: [&[&str]; 4] = [
        &["facts", "--output", "json"],
        &["facts", "--mentions", "--output", "json"],
        &["digest", "--all", "--output", "json"],
        &["documents", "--output", "json"],
    ];
    let before: Vec<String> = commands.iter().map(|c| Ok(cluster.run(c)?.stdout)).collect::<Result<_>>()?;
    cluster.stop()?;
    cluster.start()?;
    for (command, before) in commands.iter().zip(&before) {
        ensure!(cluster.run(command)?.stdout == *before, "{command:?} changed");
    }
    let again = cluster.run(&["import", "--wait", &feed])?;
    ensure!(again.stdout.contains("0 new · 2 already there"), "{}", again.stdout);
    Ok(())
}

#[test]
fn a_folder_is_used_by_one_process() -> Result<()> {
    let cluster = Cluster::builder().start()?;
    let second = cluster.attempt(&["up", "--listen", "127.0.0.1:0"])?;
    ensure!(second.code == 1 && second.stderr.contains("is in use by another monazite"), "{second:?}");
    Ok(())
}

#[test]
fn a_port_in_use_is_said() -> Result<()> {
    let cluster = Cluster::builder().start()?;
    let address = cluster.server()?.url.trim_start_matches("http://").to_owned();
    let other = cluster.folder().join("other").display().to_string();
    let second = cluster.attempt(&["up", "--listen", &address, "--data", &other])?;
    ensure!(
        second.code == 1 && second.stderr.contains(&format!("failed to listen on {address}")),
        "{second:?}"
    );
    Ok(())
}

#[test]
fn a_folder_of_a_newer_version_is_left_alone() -> Result<()> {
    let mut cluster = Cluster::builder().start()?;
    cluster.stop()?;
    std::fs::write(cluster.data.join("format"), "99\n")?;
    let newer = cluster.attempt(&["up", "--listen", "127.0.0.1:0"])?;
    ensure!(newer.code == 1 && newer.stderr.contains("has format 99"), "{newer:?}");
    Ok(())
}

#[test]
fn only_loopback_without_mtls() -> Result<()> {
    let cluster = Cluster::builder().start()?;
    let open = cluster.attempt(&["up", "--listen", "0.0.0.0:0"])?;
    ensure!(open.code == 2 && open.stderr.contains("loopback only"), "{open:?}");
    let data = cluster.folder().join("other").display().to_string();
    let serve =
        cluster.attempt(&["serve", "--services", "registry", "--listen", "0.0.0.0:0", "--data", &data])?;
    ensure!(serve.code == 1 && serve.stderr.contains("mTLS is required"), "{serve:?}");
    Ok(())
}

#[test]
fn the_token_is_asked_for() -> Result<()> {
    let cluster = Cluster::builder().start()?;
    let wrong = cluster.file("wrong", b"0123")?;
    let refused = cluster.attempt(&["documents", "--token-file", &wrong])?;
    ensure!(refused.code == 3 && refused.stderr.contains("refuses the token"), "{refused:?}");
    Ok(())
}

#[test]
fn without_a_server_it_says_how_to_start_one() -> Result<()> {
    let mut cluster = Cluster::builder().start()?;
    cluster.stop()?;
    let gone: Output = cluster.attempt(&["documents"])?;
    ensure!(gone.code == 3 && gone.stderr.contains("monazite up"), "{gone:?}");
    Ok(())
}

#[test]
fn a_stop_is_quick_although_a_client_hangs() -> Result<()> {
    let mut cluster = Cluster::builder().start()?;
    let address = cluster.server()?.url.trim_start_matches("http://").to_owned();
    // A connection that never finishes its handshake must not hold up the drain.
    let _hanging = std::net::TcpStream::connect(&address)?;
    let started = std::time::Instant::now();
    cluster.stop()?;
    ensure!(started.elapsed() < Duration::from_secs(20), "the drain has a deadline of 10 s");
    Ok(())
}

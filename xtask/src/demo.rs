//! `cargo xtask demo`: the product on a temporary folder, from an empty log to facts, a story, what does not hold up, and a brief.

use std::fs::File;
use std::io::{BufRead as _, BufReader, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

use crate::dist;

/// The feed that comes with the project.
const FEED: &str = "examples/feed.txt";

/// How many facts are printed.
const FACTS: &str = "20";

/// How many prices are explained.
const EXPLAINED: &str = "2";

/// How many findings are printed.
const FINDINGS: &str = "8";

/// How many hits are printed, and how many entries a section of the brief has.
const ENTRIES: &str = "3";

/// How long the server may take to stop.
const STOP: Duration = Duration::from_secs(15);

/// Builds, starts a server, imports a feed, prints what follows from it, stops the server.
///
/// # Errors
/// If something does not build, the server does not start, or a command fails.
pub(crate) fn run(root: &Path, feed: Option<&Path>, keep: bool) -> Result<()> {
    let feed = feed.map_or_else(|| root.join(FEED), Path::to_owned);
    if !feed.exists() {
        bail!("there is no {}", feed.display());
    }
    println!("building (the first time takes some minutes) ...");
    let binary = dist::build(root, dist::PROFILE)?;

    // Ctrl-C reaches the children too; here it only says that what follows is not wanted, so that everything is
    // cleaned up on the way out.
    let interrupted = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&interrupted))?;
    }
    let folder = tempfile::Builder::new().prefix("monazite-demo-").tempdir()?;
    let shown = show(&binary, &folder.path().join("data"), &feed, &interrupted);
    if keep {
        let data = folder.keep().join("data");
        println!("\nkept: {}   (monazite up --data {0})", data.display());
    }
    shown?;
    println!("\nTry next, in one terminal:\n  {} up --data ./data", binary.display());
    println!("and in another:\n  export MONAZITE_DATA=./data");
    println!("  {} import --wait {}", binary.display(), feed.display());
    println!("  {} facts --measure price", binary.display());
    println!("  {} facts --events      facts --output csv      status      --help", binary.display());
    Ok(())
}

fn show(binary: &Path, data: &Path, feed: &Path, interrupted: &AtomicBool) -> Result<()> {
    let server = Server::start(binary, data)?;
    let feed = feed.to_str().context("the path of the feed is not UTF-8")?;
    server.show(&["import", "--wait", feed], interrupted)?;
    server.count()?;
    for args in [
        &["plugins"][..],
        &["facts", "--limit", FACTS],
        &["facts", "--measure", "price", "--explain", "--limit", EXPLAINED],
        &["search", "稀土", "--limit", ENTRIES],
        &["stories"],
    ] {
        server.show(args, interrupted)?;
    }
    if let Some(story) = server.largest_story()? {
        server.show(&["story", &story], interrupted)?;
    }
    server.show(&["findings", "--limit", FINDINGS], interrupted)?;
    server.show(&["brief", "--all", "--limit", ENTRIES], interrupted)?;
    server.stop()
}

/// `monazite up` and how to reach it. Dropped, it is killed.
struct Server {
    binary: PathBuf,
    data: PathBuf,
    url: String,
    child: Child,
}

impl Server {
    /// Starts one and waits for the line that says it is ready.
    fn start(binary: &Path, data: &Path) -> Result<Self> {
        let log = data.with_extension("log");
        let mut child = Command::new(binary)
            .args(["up", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&log)?)
            .spawn()
            .with_context(|| format!("failed to start {}", binary.display()))?;
        let stdout = child.stdout.take().context("standard output is piped")?;
        let mut server = Self { binary: binary.to_owned(), data: data.to_owned(), url: String::new(), child };
        let mut line = String::new();
        let mut reader = BufReader::new(stdout);
        while reader.read_line(&mut line)? > 0 {
            if let Some(url) = address(&line) {
                server.url = url.to_owned();
                println!("{}", line.trim_end());
                return Ok(server);
            }
            line.clear();
        }
        bail!("monazite up ended before it was ready:\n{}", std::fs::read_to_string(&log)?.trim_end());
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(args).env("MONAZITE_SERVER", &self.url).env("MONAZITE_DATA", &self.data);
        // What a demo showed is nothing that somebody has read.
        command.env("XDG_STATE_HOME", self.data.with_extension("state"));
        command
    }

    /// Runs a client command in front of the user.
    fn show(&self, args: &[&str], interrupted: &AtomicBool) -> Result<()> {
        let (bold, plain) = if std::io::stdout().is_terminal() { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
        println!("\n{bold}$ monazite {}{plain}", args.join(" "));
        let status = self.command(args).status()?;
        if interrupted.load(Ordering::Relaxed) {
            bail!("interrupted");
        }
        if !status.success() {
            bail!("monazite {} failed ({status})", args.join(" "));
        }
        Ok(())
    }

    /// Says how many numbers were read, and how many statements were understood.
    fn count(&self) -> Result<()> {
        let all = ["facts", "--limit", "0", "--output", "jsonl"];
        let claims = self.lines(&all)?;
        let numbers =
            self.lines(&[&all[..], &["--mentions", "--kind", "quantity,percent,number"]].concat())?;
        let events = self.lines(&[&all[..], &["--events"]].concat())?;
        println!("read      {numbers} numbers with their places · {claims} claims, {events} of them events");
        Ok(())
    }

    /// The id of the story with most tellings, if there is one.
    fn largest_story(&self) -> Result<Option<String>> {
        let output = self
            .command(&["stories", "--limit", "0", "--output", "jsonl"])
            .stderr(Stdio::inherit())
            .output()?;
        let lines = String::from_utf8(output.stdout).context("the list of stories is not UTF-8")?;
        let mut stories: Vec<(u64, String)> = Vec::new();
        for line in lines.lines() {
            let story: serde_json::Value = serde_json::from_str(line).context("a story is not JSON")?;
            let name = story["name"].as_str().context("a story has no name")?;
            let id = name.rsplit('/').next().unwrap_or(name);
            stories
                .push((story["tellings"].as_u64().unwrap_or_default(), id.get(..8).unwrap_or(id).to_owned()));
        }
        Ok(stories.into_iter().max().map(|(_, id)| id))
    }

    /// How many lines a client command prints.
    fn lines(&self, args: &[&str]) -> Result<usize> {
        let output = self.command(args).stderr(Stdio::inherit()).output()?;
        if !output.status.success() {
            bail!("monazite {} failed ({})", args.join(" "), output.status);
        }
        Ok(output.stdout.iter().filter(|byte| **byte == b'\n').count())
    }

    /// Asks it to stop and waits until it has.
    fn stop(mut self) -> Result<()> {
        kill_process(Pid::from_child(&self.child), Signal::TERM)?;
        let deadline = Instant::now() + STOP;
        loop {
            if let Some(status) = self.child.try_wait()? {
                if !status.success() {
                    bail!("monazite up did not stop cleanly ({status})");
                }
                return Ok(());
            }
            if Instant::now() > deadline {
                bail!("monazite up did not stop within {} s", STOP.as_secs());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only if it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The address in the line that says that a server is ready.
fn address(line: &str) -> Option<&str> {
    if !line.starts_with("monazite ") {
        return None;
    }
    let start = line.find("http://")?;
    line[start..].split(|c: char| c.is_whitespace() || c == ',').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_found_in_the_ready_line() {
        let line = "monazite 0.1.0 · data in d · http://127.0.0.1:41873 · 4 services ready in 0.3 s\n";
        assert_eq!(address(line), Some("http://127.0.0.1:41873"));
        assert_eq!(address("listening on http://127.0.0.1:1"), None);
        assert_eq!(address("monazite 0.1.0"), None);
    }
}

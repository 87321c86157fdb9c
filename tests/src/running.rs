//! A client command that runs on while a story goes on.

use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use rustix::process::{Pid, Signal, kill_process};

/// The longest that a command may take to say something or to end.
const PATIENCE: Duration = Duration::from_secs(60);

/// A command of which each line is read as it comes; it is killed when it is dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
    lines: mpsc::Receiver<String>,
    errors: mpsc::Receiver<String>,
}

impl Running {
    /// Starts it.
    ///
    /// # Errors
    /// If it cannot be started.
    pub fn start(mut command: Command) -> Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().context("failed to start the command")?;
        let output = lines(child.stdout.take().context("standard output is piped")?);
        let errors = lines(child.stderr.take().context("standard error is piped")?);
        Ok(Self { child, lines: output, errors })
    }

    /// The next line of its standard output.
    ///
    /// # Errors
    /// If none comes within a minute, or it has ended.
    pub fn line(&self) -> Result<String> {
        self.lines.recv_timeout(PATIENCE).context("no further line on standard output")
    }

    /// The lines of its standard output that nobody has read yet.
    #[must_use]
    pub fn unread(&self) -> Vec<String> {
        self.lines.try_iter().collect()
    }

    /// The next line of its standard error that contains these words.
    ///
    /// # Errors
    /// If none comes within a minute, or it has ended.
    pub fn says(&self, words: &str) -> Result<String> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let line = self.errors.recv_timeout(left).with_context(|| format!("it never says «{words}»"))?;
            if line.contains(words) {
                return Ok(line);
            }
        }
    }

    /// Sends it what Ctrl-C sends.
    ///
    /// # Errors
    /// If it has ended.
    pub fn interrupt(&self) -> Result<()> {
        let pid =
            i32::try_from(self.child.id()).ok().and_then(Pid::from_raw).context("a process has an id")?;
        Ok(kill_process(pid, Signal::INT)?)
    }

    /// Waits for its end: the exit code, and what it said on standard error that nobody has read yet.
    ///
    /// # Errors
    /// If it does not end within a minute, or was killed.
    pub fn ended(mut self) -> Result<(i32, String)> {
        let deadline = Instant::now() + PATIENCE;
        let mut said = String::new();
        // It closes its standard error when it ends.
        while let Ok(line) = self.errors.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            said.push_str(&line);
            said.push('\n');
        }
        ensure!(Instant::now() < deadline, "the command did not end within {PATIENCE:?}:\n{said}");
        let code = self.child.wait()?.code().context("the command was killed")?;
        Ok((code, said))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Lines as they come, read by a thread that ends with the stream.
fn lines(stream: impl Read + Send + 'static) -> mpsc::Receiver<String> {
    let (sender, lines) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    lines
}

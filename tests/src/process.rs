//! Processes of a story: servers that become ready, and commands that end.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};

/// The longest that a server may take to become ready or to stop.
const PATIENCE: Duration = Duration::from_secs(120);

/// A server process; it is killed when it is dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    /// Where it listens.
    pub url: String,
    /// The line that it printed when ready.
    pub line: String,
    errors: Option<std::thread::JoinHandle<String>>,
    /// Ends with the process, which then closes its standard output.
    lines: Mutex<mpsc::Receiver<String>>,
}

impl Process {
    /// Starts a server and waits for the line that says it is ready.
    ///
    /// # Errors
    /// If it ends before; the error holds what it said.
    pub fn ready(mut command: Command) -> Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().context("failed to start the server")?;
        let stderr = child.stderr.take().context("standard error is piped")?;
        let errors = std::thread::spawn(move || {
            let mut text = String::new();
            // What was said until a kill is still worth reading.
            let _ = BufReader::new(stderr).read_to_string(&mut text);
            text
        });
        let stdout = child.stdout.take().context("standard output is piped")?;
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        match lines.recv_timeout(PATIENCE) {
            Ok(line) => {
                let url = line.split_whitespace().find(|word| word.starts_with("http"));
                let url = url.with_context(|| format!("no address in «{line}»"))?.to_owned();
                Ok(Self { child, url, line, errors: Some(errors), lines: Mutex::new(lines) })
            }
            Err(_) => {
                let _ = child.kill();
                let status = child.wait()?;
                let said = errors.join().unwrap_or_default();
                bail!("the server did not become ready ({status}):\n{said}")
            }
        }
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends SIGTERM and waits for a clean end; the answer is what it said on standard error.
    ///
    /// # Errors
    /// If it does not end in time, or with an error.
    pub fn terminate(mut self) -> Result<String> {
        self.signal(Signal::TERM)?;
        let deadline = Instant::now() + PATIENCE;
        let lines = self.lines.get_mut().unwrap_or_else(PoisonError::into_inner);
        loop {
            match lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(_) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
                Err(mpsc::RecvTimeoutError::Timeout) => bail!("the server did not stop within {PATIENCE:?}"),
            }
        }
        let status = self.child.wait()?;
        let said = self.errors.take().and_then(|e| e.join().ok()).unwrap_or_default();
        ensure!(status.success(), "the server stopped with {status}:\n{said}");
        Ok(said)
    }

    /// Sends SIGKILL and waits for the end.
    ///
    /// # Errors
    /// If it can not be killed.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Sends a signal.
    ///
    /// # Errors
    /// If there is no such process any more.
    pub fn signal(&self, signal: Signal) -> Result<()> {
        let pid =
            i32::try_from(self.child.id()).ok().and_then(Pid::from_raw).context("a process has an id")?;
        Ok(kill_process(pid, signal)?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a command printed and how it ended.
#[derive(Debug)]
pub struct Output {
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
    /// Its exit code.
    pub code: i32,
}

impl Output {
    /// Runs a command to its end.
    ///
    /// # Errors
    /// If it can not be run or was killed.
    pub fn of(mut command: Command, input: &[u8]) -> Result<Self> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().context("failed to run the command")?;
        let mut stdin = child.stdin.take().context("standard input is piped")?;
        let input = input.to_vec();
        let feeder = std::thread::spawn(move || {
            // A command that has seen enough closes its end.
            let _ = stdin.write_all(&input);
        });
        let output = child.wait_with_output()?;
        let _ = feeder.join();
        Ok(Self {
            stdout: String::from_utf8(output.stdout).context("standard output is not UTF-8")?,
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            code: output.status.code().context("the command was killed")?,
        })
    }

    /// Itself, if the exit code is 0.
    ///
    /// # Errors
    /// If it is not; the error holds what was printed.
    pub fn succeeded(self, arguments: &[&str]) -> Result<Self> {
        ensure!(
            self.code == 0,
            "monazite {} ended with {}:\n{}{}",
            arguments.join(" "),
            self.code,
            self.stdout,
            self.stderr
        );
        Ok(self)
    }

    /// Standard output as JSON.
    ///
    /// # Errors
    /// If it is none.
    pub fn json(&self) -> Result<serde_json::Value> {
        serde_json::from_str(&self.stdout).with_context(|| format!("not JSON: {}", self.stdout))
    }
}

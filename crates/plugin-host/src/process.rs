//! One worker process, seen from its supervisor.

use std::ffi::OsString;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::events::Event;
use crate::worker::DRAIN;

/// Most bytes of one line of a worker's standard error; what is longer is broken up.
const MAX_LINE: usize = 4096;
/// Most lines of a worker's standard error in a second; what is more is counted and dropped.
const MAX_LINES: u32 = 200;

/// A running worker. Dropping it ends the process.
pub(crate) struct Worker {
    child: Child,
    control: ChildStdin,
    events: Lines<BufReader<ChildStdout>>,
}

/// What comes from a worker.
pub(crate) enum News {
    /// It said something.
    Event(Event),
    /// It ended.
    Ended(String),
}

impl Worker {
    /// Starts a worker with an empty environment, in a folder of its own.
    pub(crate) fn spawn(
        command: &[OsString],
        library: &Path,
        socket: &Path,
        config_dir: Option<&Path>,
        temp: &Path,
    ) -> std::io::Result<Self> {
        let (program, leading) = command.split_first().ok_or(std::io::ErrorKind::InvalidInput)?;
        let mut command = Command::new(program);
        command.args(leading).arg("--library").arg(library).arg("--socket").arg(socket);
        if let Some(dir) = config_dir {
            command.arg("--config-dir").arg(dir);
        }
        // What is derived must not depend on the host's language or time zone.
        command.env_clear().env("LANG", "C.UTF-8").env("TZ", "UTC").env("TMPDIR", temp);
        if let Some(backtrace) = std::env::var_os("RUST_BACKTRACE") {
            command.env("RUST_BACKTRACE", backtrace);
        }
        command.current_dir(temp).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.kill_on_drop(true).spawn()?;
        let (Some(control), Some(events), Some(errors)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(std::io::ErrorKind::BrokenPipe.into());
        };
        let name = library.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        tokio::spawn(log_lines(errors, name));
        Ok(Self { child, control, events: BufReader::new(events).lines() })
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id().unwrap_or(0)
    }

    /// The next thing that comes from the worker. May be dropped and called again.
    pub(crate) async fn news(&mut self) -> News {
        while let Ok(Some(line)) = self.events.next_line().await {
            match serde_json::from_str(&line) {
                Ok(event) => return News::Event(event),
                Err(error) => tracing::warn!(%error, "a worker wrote a line that is no event"),
            }
        }
        // The pipe closes when the process ends, or when something went wrong with it; either way it is of no use.
        News::Ended(self.kill().await)
    }

    /// Asks the worker to finish its calls and end, and ends it after `grace`.
    pub(crate) async fn drain(mut self, grace: Duration) {
        if self.control.write_all(format!("{DRAIN}\n").as_bytes()).await.is_ok()
            && let Ok(Ok(status)) = tokio::time::timeout(grace, self.child.wait()).await
        {
            if !status.success() {
                tracing::warn!("a worker that was asked to stop {}", describe(status));
            }
            return;
        }
        self.kill().await;
    }

    /// Ends the process if it has not ended by itself, and tells how it ended.
    pub(crate) async fn kill(&mut self) -> String {
        // A process whose pipe just closed is about to end by itself; its own end tells more than ours would.
        let status = match tokio::time::timeout(Duration::from_millis(500), self.child.wait()).await {
            Ok(status) => status,
            Err(_) => {
                let _ = self.child.start_kill();
                self.child.wait().await
            }
        };
        match status {
            Ok(status) => describe(status),
            Err(error) => format!("was lost: {error}"),
        }
    }
}

fn describe(status: ExitStatus) -> String {
    match (status.signal(), status.code()) {
        (Some(signal), _) => format!("was ended by signal {signal}{}", signal_name(signal)),
        (None, Some(code)) => format!("exited with status {code}"),
        (None, None) => "ended".into(),
    }
}

fn signal_name(signal: i32) -> &'static str {
    match rustix::process::Signal::from_named_raw(signal) {
        Some(rustix::process::Signal::ABORT) => " (SIGABRT)",
        Some(rustix::process::Signal::SEGV) => " (SIGSEGV)",
        Some(rustix::process::Signal::BUS) => " (SIGBUS)",
        Some(rustix::process::Signal::ILL) => " (SIGILL)",
        Some(rustix::process::Signal::FPE) => " (SIGFPE)",
        Some(rustix::process::Signal::KILL) => " (SIGKILL)",
        Some(rustix::process::Signal::TERM) => " (SIGTERM)",
        _ => "",
    }
}

/// Passes a plugin's standard error on, line by line, within bounds.
async fn log_lines(errors: impl AsyncRead + Unpin, plugin: String) {
    let mut errors = BufReader::with_capacity(MAX_LINE, errors);
    let mut second = tokio::time::Instant::now();
    let (mut lines, mut dropped) = (0, 0_u64);
    loop {
        let Ok(buffer) = errors.fill_buf().await else { return };
        if buffer.is_empty() {
            return;
        }
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let line = String::from_utf8_lossy(&buffer[..end.unwrap_or(buffer.len())]).into_owned();
        let used = end.map_or(buffer.len(), |end| end + 1);
        errors.consume(used);
        if second.elapsed() >= Duration::from_secs(1) {
            if dropped > 0 {
                tracing::warn!(plugin, dropped, "lines of standard error were dropped");
            }
            (second, lines, dropped) = (tokio::time::Instant::now(), 0, 0);
        }
        if lines < MAX_LINES {
            lines += 1;
            tracing::warn!(plugin, "{line}");
        } else {
            dropped += 1;
        }
    }
}

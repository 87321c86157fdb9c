//! A Python program in a process of its own, asked and answering in lines of JSON.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context as _, Result};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The process. Dropped, it is ended.
pub(crate) struct Interpreter {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Interpreter {
    /// Starts a script with arguments.
    ///
    /// # Errors
    /// If the interpreter does not run.
    pub(crate) fn start(python: &Path, script: &str, arguments: &[&str]) -> Result<Self> {
        let mut child = Command::new(python)
            .args(["-c", script])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // Some libraries start threads for numerics; one core is measured.
            .envs([("OMP_NUM_THREADS", "1"), ("OPENBLAS_NUM_THREADS", "1"), ("MKL_NUM_THREADS", "1")])
            .spawn()
            .with_context(|| format!("failed to start {}", python.display()))?;
        let requests = child.stdin.take().context("standard input is piped")?;
        let answers = BufReader::new(child.stdout.take().context("standard output is piped")?);
        Ok(Self { child, requests, answers })
    }

    /// Asks, and waits for the answer.
    ///
    /// # Errors
    /// If the process ended, or answers something else.
    pub(crate) fn ask<T: DeserializeOwned>(&mut self, request: &Value) -> Result<T> {
        writeln!(self.requests, "{request}")?;
        self.requests.flush()?;
        self.answer()
    }

    /// Waits for an answer that needs no question.
    ///
    /// # Errors
    /// If the process ended, or answers something else.
    pub(crate) fn answer<T: DeserializeOwned>(&mut self) -> Result<T> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        serde_json::from_str(&line).with_context(|| format!("it said «{}»", line.trim_end()))
    }
}

impl Drop for Interpreter {
    fn drop(&mut self) {
        // Both fail only if it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

//! Recognizers of others, written in Python, each in a process of its own.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

const SCRIPT: &str = include_str!("recognizers.py");

/// A tool, and the languages in which it is measured.
pub(crate) struct Tool {
    /// As the script knows it.
    pub id: &'static str,
    /// As the report calls it.
    pub name: &'static str,
    /// Of its languages those that our inputs are in.
    pub languages: &'static [&'static str],
}

/// All of them.
pub(crate) const TOOLS: [Tool; 3] = [
    Tool { id: "recognizers-text", name: "Recognizers-Text in Python", languages: &["zh", "en"] },
    Tool { id: "quantulum3", name: "quantulum3", languages: &["en"] },
    Tool { id: "jionlp", name: "JioNLP's time parser", languages: &["zh"] },
];

/// A tool that is ready to read. Dropped, its process is ended.
pub(crate) struct Recognizer {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// Package and interpreter with their versions.
    pub version: String,
}

#[derive(Deserialize)]
struct Ready {
    version: Option<String>,
    error: Option<String>,
}

/// What a tool did with some texts.
#[derive(Debug, Deserialize)]
pub(crate) struct Measured {
    /// Characters that it read.
    pub characters: u64,
    /// Processor time that it took.
    pub seconds: f64,
    /// How much it found.
    pub found: u64,
    /// Texts on which it failed; they count in nothing else.
    pub failed: u64,
}

impl Recognizer {
    /// Starts `tool` for a language and waits until its models are built.
    ///
    /// # Errors
    /// If the interpreter does not run, or lacks the tool's package; the message tells which.
    pub(crate) fn start(python: &Path, tool: &Tool, language: &str) -> Result<Self> {
        let mut child = Command::new(python)
            .args(["-c", SCRIPT, tool.id, language])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // Some of them bring numeric libraries that start threads; one core is measured.
            .envs([("OMP_NUM_THREADS", "1"), ("OPENBLAS_NUM_THREADS", "1"), ("MKL_NUM_THREADS", "1")])
            .spawn()
            .with_context(|| format!("failed to start {}", python.display()))?;
        let requests = child.stdin.take().context("standard input is piped")?;
        let answers = BufReader::new(child.stdout.take().context("standard output is piped")?);
        let mut tool = Self { child, requests, answers, version: String::new() };
        match tool.answer()? {
            Ready { version: Some(version), .. } => tool.version = version,
            Ready { error, .. } => bail!("{}", error.unwrap_or_else(|| "it did not get ready".to_owned())),
        }
        Ok(tool)
    }

    /// Has it read texts one after the other, and begin none after `seconds`.
    ///
    /// # Errors
    /// If its process ended.
    pub(crate) fn read<'t>(
        &mut self,
        texts: impl Iterator<Item = &'t str>,
        seconds: f64,
    ) -> Result<Measured> {
        let texts: Vec<&str> = texts.collect();
        writeln!(self.requests, "{}", json!({ "seconds": seconds, "texts": texts }))?;
        self.requests.flush()?;
        self.answer()
    }

    fn answer<T: DeserializeOwned>(&mut self) -> Result<T> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        serde_json::from_str(&line).with_context(|| format!("it said «{}»", line.trim_end()))
    }
}

impl Drop for Recognizer {
    fn drop(&mut self) {
        // Both fail only if it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interpreter_that_is_not_there_is_told() {
        let message = match Recognizer::start(Path::new("/nowhere/python"), &TOOLS[0], "en") {
            Ok(_) => String::new(),
            Err(error) => format!("{error:#}"),
        };
        assert!(message.starts_with("failed to start /nowhere/python"), "{message}");
    }

    #[test]
    fn every_tool_has_an_entry_in_the_script() {
        for tool in &TOOLS {
            assert!(SCRIPT.contains(&format!("    \"{}\": (", tool.id)), "{}", tool.id);
        }
    }
}

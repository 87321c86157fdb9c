//! SQLite's full-text index FTS5 with trigrams, as Python brings it, in a process of its own.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::interpreter::Interpreter;

const SCRIPT: &str = include_str!("fts5.py");

/// An index that can be filled and asked. Dropped, its process is ended.
pub(crate) struct Fts5 {
    interpreter: Interpreter,
    path: PathBuf,
}

#[derive(Deserialize)]
struct Added {
    seconds: f64,
}

#[derive(Deserialize)]
struct Asked {
    times: Vec<(f64, u64)>,
}

/// How large an index is.
#[derive(Deserialize)]
pub(crate) struct Size {
    /// On disk, the texts included.
    pub bytes: u64,
    /// Of SQLite.
    pub version: String,
}

impl Fts5 {
    /// Starts the interpreter; the index will be the file `path`.
    ///
    /// # Errors
    /// If the interpreter does not run.
    pub(crate) fn start(python: &Path, path: PathBuf) -> Result<Self> {
        Ok(Self { interpreter: Interpreter::start(python, SCRIPT, &[])?, path })
    }

    /// Adds titles and texts in one transaction; gives the seconds that it took.
    ///
    /// # Errors
    /// If the process ended, as where SQLite has no FTS5.
    pub(crate) fn add(&mut self, documents: &[(&str, &str)]) -> Result<f64> {
        let added: Added = self.ask(&json!({ "path": self.path, "documents": documents }))?;
        Ok(added.seconds)
    }

    /// Asks for the ten best of each term; gives the microseconds of each.
    ///
    /// # Errors
    /// If the process ended.
    pub(crate) fn top(&mut self, terms: &[String]) -> Result<Vec<f64>> {
        let asked: Asked = self.ask(&json!({ "terms": terms }))?;
        Ok(asked.times.into_iter().map(|(microseconds, _)| microseconds).collect())
    }

    /// How large it is.
    ///
    /// # Errors
    /// If the process ended.
    pub(crate) fn size(&mut self) -> Result<Size> {
        self.ask(&json!({ "size": true }))
    }

    fn ask<T: DeserializeOwned>(&mut self, request: &Value) -> Result<T> {
        self.interpreter.ask(request).context("SQLite did not answer")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interpreter_that_is_not_there_is_told() {
        let started = Fts5::start(Path::new("/nowhere/python"), PathBuf::from("index"));
        let message = started.err().map(|error| format!("{error:#}")).unwrap_or_default();
        assert!(message.starts_with("failed to start /nowhere/python"), "{message}");
    }
}

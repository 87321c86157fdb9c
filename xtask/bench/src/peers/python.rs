//! Recognizers of others, written in Python, each in a process of its own.

use std::path::Path;

use anyhow::{Result, bail};
use serde::Deserialize;
use serde_json::json;

use super::interpreter::Interpreter;

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
    interpreter: Interpreter,
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
        let mut interpreter = Interpreter::start(python, SCRIPT, &[tool.id, language])?;
        match interpreter.answer()? {
            Ready { version: Some(version), .. } => Ok(Self { interpreter, version }),
            Ready { error, .. } => bail!("{}", error.unwrap_or_else(|| "it did not get ready".to_owned())),
        }
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
        self.interpreter.ask(&json!({ "seconds": seconds, "texts": texts }))
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

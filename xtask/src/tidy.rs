//! `cargo xtask tidy`: the invariants of ARCHITECTURE.md and of the house style that a program can check.
//!
//! Each rule is a function from a [`Tree`] to [`Violation`]s, so that a test can hand it a made-up tree. The rules for
//! protobuf are in the crate `contracts`, which has the compiler.

mod imports;
mod names;
mod sizes;
mod source;
mod tree;
mod words;

use std::path::Path;

use anyhow::{Result, bail};

use self::source::Source;
use self::tree::Tree;
use crate::cargo;

/// A rule that is broken, and how to mend it.
#[derive(Debug, PartialEq, Eq)]
struct Violation {
    /// File, relative to the workspace.
    file: String,
    /// Line, from 1; zero if it concerns the file as a whole.
    line: usize,
    /// What is wrong and how to mend it.
    message: String,
}

impl Violation {
    fn new(file: &str, line: usize, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, message: message.into() }
    }
}

/// Checks everything and prints what it finds.
///
/// # Errors
/// If a rule is broken, or a file cannot be read or is not Rust.
pub(crate) fn run(root: &Path) -> Result<()> {
    let tree = Tree::load(root)?;
    let sources = source::parse_all(&tree)?;
    let (mut violations, figures) = sizes::check(&sources);
    violations.extend(imports::check(&tree)?);
    violations.extend(names::check(&tree, &sources));
    violations.extend(words::check(&tree, &sources));
    violations.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    for v in &violations {
        println!("{}:{}: {}", v.file, v.line, v.message);
    }
    println!("tidy: {figures}");
    let contracts =
        cargo::cargo(root).args(["run", "--quiet", "--package", "contracts", "--", "tidy"]).status()?;
    if !violations.is_empty() || !contracts.success() {
        bail!(
            "tidy found {} violations besides those of the contracts; they are listed above",
            violations.len()
        );
    }
    Ok(())
}

//! The files of the checkout, in memory.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

/// Text files by their path relative to the workspace, with `/` between its parts. Files that are not UTF-8 are left out.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    files: BTreeMap<String, String>,
}

impl Tree {
    /// Reads what git tracks or would track; without git everything except `target` and hidden folders.
    pub(crate) fn load(root: &Path) -> Result<Self> {
        let names = if root.join(".git").exists() { tracked(root)? } else { walk(root)? };
        let mut files = BTreeMap::new();
        for name in names {
            match std::fs::read(root.join(&name)) {
                Ok(bytes) => {
                    if let Ok(text) = String::from_utf8(bytes) {
                        files.insert(name, text);
                    }
                }
                // Tracked, and deleted in the checkout.
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
                Err(e) => return Err(e).with_context(|| format!("failed to read {name}")),
            }
        }
        Ok(Self { files })
    }

    /// All files, by path.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }
}

#[cfg(test)]
impl<const N: usize> From<[(&str, &str); N]> for Tree {
    fn from(files: [(&str, &str); N]) -> Self {
        Self { files: files.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect() }
    }
}

fn tracked(root: &Path) -> Result<Vec<String>> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .context("failed to run git")?;
    if !output.status.success() {
        bail!("git ls-files failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let names = String::from_utf8(output.stdout).context("a file name is not UTF-8")?;
    Ok(names.split_terminator('\0').map(str::to_owned).collect())
}

fn walk(root: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    let entries = walkdir::WalkDir::new(root).sort_by_file_name().into_iter().filter_entry(|e| {
        let hidden = e.file_name().as_encoded_bytes().starts_with(b".") && e.file_name() != ".ci";
        e.depth() == 0 || !(hidden || (e.depth() == 1 && e.file_name() == "target"))
    });
    for entry in entries {
        let entry = entry?;
        if entry.file_type().is_file() {
            let name = entry.path().strip_prefix(root)?.to_str().context("a file name is not UTF-8")?;
            names.push(name.to_owned());
        }
    }
    Ok(names)
}

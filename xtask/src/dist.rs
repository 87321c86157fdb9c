//! `cargo xtask dist`: the binary with its plugins beside it, as `monazite up` expects them.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::cargo::{cargo, run, target_dir};

/// The profile that is quick to build from nothing.
pub(crate) const PROFILE: &str = "demo";

/// Builds `<target>/<profile>/monazite` and `<target>/<profile>/plugins/*`; gives the path of the binary.
///
/// # Errors
/// If something does not build or cannot be copied.
pub(crate) fn build(root: &Path, profile: &str) -> Result<PathBuf> {
    let plugins = plugins(root)?;
    let mut command = cargo(root);
    command.args(["build", "--profile", profile, "--package", "monazite"]);
    for plugin in &plugins {
        command.args(["--package", plugin]);
    }
    run(&mut command)?;
    // cargo builds the profile `dev` into `debug`.
    let out = target_dir(root)?.join(if profile == "dev" { "debug" } else { profile });
    lay_out(&plugins, &out)?;
    Ok(out.join(format!("monazite{}", std::env::consts::EXE_SUFFIX)))
}

/// Names of the crates in `plugins/`.
fn plugins(root: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(root.join("plugins")).context("failed to read plugins/")? {
        let path = entry?.path();
        if path.join("Cargo.toml").exists()
            && let Some(name) = path.file_name().and_then(|n| n.to_str())
        {
            names.push(name.to_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// Copies the libraries of `plugins` from `out` to `out/plugins`, and takes out what is no longer a plugin of ours.
fn lay_out(plugins: &[String], out: &Path) -> Result<()> {
    let folder = out.join("plugins");
    std::fs::create_dir_all(&folder)?;
    let mut wanted = BTreeSet::new();
    for plugin in plugins {
        let (prefix, suffix) = (std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
        let file = format!("{prefix}{}{suffix}", plugin.replace('-', "_"));
        // A new file instead of new bytes: a server that runs has the old one mapped.
        let fresh = folder.join(format!(".{file}.new"));
        std::fs::copy(out.join(&file), &fresh).with_context(|| format!("failed to copy {file}"))?;
        std::fs::rename(&fresh, folder.join(&file))?;
        wanted.insert(OsString::from(file));
    }
    for entry in std::fs::read_dir(&folder)? {
        let entry = entry?;
        if !wanted.contains(&entry.file_name()) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plugins_are_laid_out_and_old_ones_taken_out() -> Result<()> {
        let out = tempfile::tempdir()?;
        let library = format!("{}reading{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
        std::fs::write(out.path().join(&library), "new")?;
        std::fs::create_dir(out.path().join("plugins"))?;
        std::fs::write(out.path().join("plugins").join(&library), "old")?;
        std::fs::write(out.path().join("plugins/libgone.so"), "gone")?;
        lay_out(&["reading".to_owned()], out.path())?;
        let left: Vec<_> = std::fs::read_dir(out.path().join("plugins"))?
            .map(|e| e.map(|e| e.file_name()))
            .collect::<Result<_, _>>()?;
        assert_eq!(left, [OsString::from(&library)]);
        assert_eq!(std::fs::read_to_string(out.path().join("plugins").join(&library))?, "new");
        Ok(())
    }
}

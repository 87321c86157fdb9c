//! `cargo xtask codegen`: makes the checked-in bindings of `proto/` without protoc.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use prost::Message as _;

/// Where the bindings lie.
const OUT: &str = "crates/api/src/gen";

/// Writes the bindings; with `check` only tells whether they are what `proto/` says.
///
/// # Errors
/// If a `.proto` file does not compile, a file cannot be written, or (with `check`) differs.
pub(crate) fn run(root: &Path, check: bool) -> Result<()> {
    let fresh = tempfile::tempdir()?;
    generate(root, fresh.path())?;
    let out = root.join(OUT);
    if check {
        return compare(fresh.path(), &out);
    }
    std::fs::create_dir_all(&out)?;
    for old in std::fs::read_dir(&out)? {
        std::fs::remove_file(old?.path())?;
    }
    for file in std::fs::read_dir(fresh.path())? {
        let file = file?;
        std::fs::copy(file.path(), out.join(file.file_name()))?;
    }
    Ok(())
}

/// Every `.proto` file below `proto/`, sorted, relative to it.
pub(crate) fn proto_files(root: &Path) -> Result<Vec<PathBuf>> {
    let proto = root.join("proto");
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(&proto).sort_by_file_name() {
        let entry = entry?;
        if entry.path().extension().is_some_and(|e| e == "proto") {
            files.push(entry.path().strip_prefix(&proto)?.to_owned());
        }
    }
    Ok(files)
}

/// Compiles `proto/` into one descriptor set, with comments.
///
/// # Errors
/// If a file does not compile; the error names file and line.
pub(crate) fn descriptors(root: &Path) -> Result<prost_types::FileDescriptorSet> {
    let files = proto_files(root)?;
    protox::Compiler::new([root.join("proto")])?
        .include_source_info(true)
        .include_imports(true)
        .open_files(files)
        .map(|c| c.file_descriptor_set())
        .map_err(|e| anyhow::anyhow!("{e:?}"))
        .context("failed to compile proto/")
}

fn generate(root: &Path, out: &Path) -> Result<()> {
    let mut set = descriptors(root)?;
    let mut config = tonic_prost_build::Config::new();
    // Kinds are named by the full names of their messages (`prost::Name`).
    config.enable_type_names();
    tonic_prost_build::configure()
        .out_dir(out)
        // Bodies pass through services undecoded: `Bytes` shares them with the receive buffer.
        .bytes(".monazite")
        .server_mod_attribute(".", "#[cfg(feature = \"services\")]")
        .client_mod_attribute(".", "#[cfg(feature = \"services\")]")
        .compile_fds_with_config(set.clone(), config)
        .context("failed to generate bindings")?;
    // Bindings of google.protobuf come from prost-types.
    let _ = std::fs::remove_file(out.join("google.protobuf.rs"));
    for file in &mut set.file {
        file.source_code_info = None;
    }
    std::fs::write(out.join("descriptors.bin"), set.encode_to_vec())?;
    Ok(())
}

fn compare(fresh: &Path, stored: &Path) -> Result<()> {
    let names = |dir: &Path| -> Result<Vec<_>> {
        let mut names: Vec<_> = std::fs::read_dir(dir)
            .with_context(|| format!("failed to read {}", dir.display()))?
            .map(|e| e.map(|e| e.file_name()))
            .collect::<Result<_, _>>()?;
        names.sort();
        Ok(names)
    };
    if names(fresh)? != names(stored)? {
        bail!("{OUT} does not hold the files that proto/ makes; run `cargo xtask codegen`");
    }
    for name in names(fresh)? {
        if std::fs::read(fresh.join(&name))? != std::fs::read(stored.join(&name))? {
            bail!("{OUT}/{} differs from proto/; run `cargo xtask codegen`", name.display());
        }
    }
    Ok(())
}

/// Made-up contracts for tests.
#[cfg(test)]
pub(crate) mod testing {
    #![expect(clippy::unwrap_used, reason = "a test's own text compiles, or the test fails")]

    /// Compiles one file that lies at `name` below `proto/`.
    pub(crate) fn compile(name: &str, text: &str) -> prost_types::FileDescriptorSet {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("proto").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        super::descriptors(root.path()).unwrap()
    }
}

//! Public tables as they were published, where they lie beside the checkout.

use std::error::Error;
use std::path::{Path, PathBuf};

use tables::Source;

use crate::common::{Told, read};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// A table of the shared folder, or `None` with a word on standard error where it is missing.
fn shared(path: &str) -> Result<Option<PathBuf>> {
    let folder = match std::env::var_os("MONAZITE_SHARED") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
    };
    let file = folder.join("data").join(path);
    if file.is_file() {
        return Ok(Some(file));
    }
    if std::env::var_os("CI").is_some() {
        return Err("the shared folder is missing, and CI skips nothing".into());
    }
    eprintln!("SKIPPED: there is no {path} in a shared folder beside the checkout");
    Ok(None)
}

fn mapped(path: &str, mapping: &str) -> Result<Option<Told>> {
    let Some(file) = shared(path)? else { return Ok(None) };
    let mapping = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mappings").join(mapping);
    Ok(Some(read(Source::path(&file), Some(&std::fs::read_to_string(mapping)?))?))
}

//! `monazite backup` and `monazite restore`.

use std::path::Path;

use anyhow::{Context as _, Result};

use crate::commands::print;
use crate::grpc::Client;

pub(super) async fn backup(client: &Client, path: &Path) -> Result<()> {
    let part = path.with_extension("part");
    if path.exists() {
        anyhow::bail!("{} exists; give another file, or move it away", path.display());
    }
    let mut file = tokio::fs::OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(&part)
        .await
        .with_context(|| format!("failed to create {}", part.display()))?;
    let written = client.backup(&mut file).await;
    let (sequence, length) = match written {
        Ok(written) => written,
        Err(error) => {
            // A half-written file is of no use; the error is what counts.
            let _ = tokio::fs::remove_file(&part).await;
            return Err(error);
        }
    };
    tokio::fs::rename(&part, path).await.with_context(|| format!("failed to name {}", path.display()))?;
    print(|out| writeln!(out, "{}: all records as of sequence {sequence}, {length} bytes", path.display()))
}

pub(super) async fn restore(client: &Client, path: &Path) -> Result<()> {
    let restored = client.restore(path).await?;
    print(|out| {
        writeln!(
            out,
            "{} records restored from {}; the log is at sequence {}",
            restored.revisions,
            path.display(),
            restored.sequence
        )
    })
}

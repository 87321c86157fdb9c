//! `monazite backup` and `monazite restore`.

use std::path::Path;

use anyhow::{Context as _, Result};
use server::ServiceName;

use crate::cli::Connection;
use crate::commands::{print, run};
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
            return Err(error.context(format!("{} is not written", path.display())));
        }
    };
    tokio::fs::rename(&part, path).await.with_context(|| format!("failed to name {}", path.display()))?;
    print(|out| writeln!(out, "{}: all records as of sequence {sequence}, {length} bytes", path.display()))
}

/// Restores through the server that is named or runs on the data folder; without one, straight into the folder, with
/// just enough services for it: plugins would begin to work, and the log would not be empty any more.
pub(super) async fn restore(connection: &Connection, path: &Path) -> Result<()> {
    if connection.server.is_some() {
        return through(&Client::new(connection)?, path).await;
    }
    let services = [ServiceName::Registry, ServiceName::Storage].into_iter().collect();
    match server::Server::start(run::local(connection, services)?).await {
        Ok(server) => {
            let restored = match Client::new(connection) {
                Ok(client) => through(&client, path).await,
                Err(error) => Err(error),
            };
            server.stop().await;
            restored
        }
        Err(server::Error::InUse { .. }) => {
            let restored = through(&Client::new(connection)?, path).await;
            restored.context("failed to restore into the running server; a fresh data folder needs none")
        }
        Err(error) => Err(error.into()),
    }
}

async fn through(client: &Client, path: &Path) -> Result<()> {
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

//! An operator reads logs and looks for secrets.

use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use tests::{Builder, Cluster};

use crate::feed::FEED;

fn with_logs(level: &str) -> Builder {
    let builder = Cluster::builder().plugin("reading").plugin("digest");
    builder.env("MONAZITE_LOG_FORMAT", "json").env("MONAZITE_LOG", level)
}

#[test]
fn logs_are_json_lines_and_follow_a_request() -> Result<()> {
    let mut cluster = with_logs("debug").start()?;
    let feed = cluster.file("feed.txt", FEED.as_bytes())?;
    cluster.run(&["import", "--wait", &feed])?;
    let (echoed, own) = tests::block_on(async {
        let mut storage = cluster.wire()?.storage();
        let mut request = tonic::Request::new(api::storage::GetStatisticsRequest {});
        request.metadata_mut().insert("x-request-id", "story-4711".parse()?);
        let echoed = storage.get_statistics(request).await?.metadata().get("x-request-id").cloned();
        let own = storage.get_statistics(api::storage::GetStatisticsRequest {}).await?;
        Ok((echoed, own.metadata().get("x-request-id").cloned()))
    })?;
    ensure!(echoed.as_ref().is_some_and(|id| id == "story-4711"), "{echoed:?}");
    ensure!(own.as_ref().is_some_and(|id| id.len() == 16), "a request without an id is given one: {own:?}");
    let said = cluster.stop()?;
    let lines: Vec<Value> = said
        .lines()
        .map(|line| serde_json::from_str(line).with_context(|| format!("not JSON: {line}")))
        .collect::<Result<_>>()?;
    for line in &lines {
        ensure!(
            line["timestamp"].is_string() && line["level"].is_string() && line["target"].is_string(),
            "{line}"
        );
    }
    let own: Vec<_> = lines.iter().filter(|line| line["span"]["request_id"] == "story-4711").collect();
    ensure!(!own.is_empty(), "no line tells of the request");
    let path = &own[0]["span"]["path"];
    ensure!(path == "/monazite.storage.v1.Storage/GetStatistics", "{path}");
    Ok(())
}

#[test]
fn a_request_id_that_could_forge_a_line_is_not_taken_over() -> Result<()> {
    let cluster = Cluster::builder().start()?;
    let given = "a b".repeat(10);
    let answered = tests::block_on(async {
        let mut request = tonic::Request::new(api::storage::GetStatisticsRequest {});
        request.metadata_mut().insert("x-request-id", given.parse()?);
        let answer = cluster.wire()?.storage().get_statistics(request).await?;
        Ok(answer.metadata().get("x-request-id").cloned())
    })?;
    ensure!(answered.is_some_and(|id| id != given.as_str() && id.len() == 16));
    Ok(())
}

#[test]
fn the_token_is_in_no_log_whatever_its_level() -> Result<()> {
    let mut cluster = with_logs("trace").start()?;
    let feed = cluster.file("feed.txt", FEED.as_bytes())?;
    cluster.run(&["import", "--wait", &feed])?;
    let wrong = cluster.file("wrong", b"a-wrong-token-that-is-a-secret-elsewhere")?;
    ensure!(cluster.attempt(&["documents", "--token-file", &wrong])?.code == 3);
    let mut documents = cluster.command(&["documents"])?;
    documents.env("MONAZITE_LOG", "trace");
    let client = tests::Output::of(documents, b"")?.succeeded(&["documents"])?;
    let token = std::fs::read_to_string(cluster.data.join("token"))?;
    let said = cluster.stop()?;
    ensure!(said.len() > 10_000, "there is much to look through");
    for (whose, log) in [("server", &said), ("client", &client.stderr)] {
        for secret in [token.as_str(), "a-wrong-token-that-is-a-secret-elsewhere"] {
            let line = log.lines().find(|line| line.contains(secret));
            ensure!(line.is_none(), "the log of the {whose} has a token: {line:?}");
        }
    }
    Ok(())
}

/// Process ids of the plugins' workers.
fn workers(cluster: &Cluster) -> Result<Vec<u32>> {
    tests::block_on(async {
        let request = api::analysis::ListPluginsRequest {};
        let plugins = cluster.wire()?.plugins().list_plugins(request).await?.into_inner().plugins;
        Ok(plugins.into_iter().map(|plugin| plugin.pid).filter(|pid| *pid != 0).collect())
    })
}

#[test]
fn the_token_is_in_no_argument_and_no_environment() -> Result<()> {
    let builder = Cluster::builder().plugin("reading").plugin("digest");
    let cluster = builder.env("STORY_PASSWORD", "a secret of the server's shell").start()?;
    let token = std::fs::read_to_string(cluster.data.join("token"))?;
    let workers = workers(&cluster)?;
    ensure!(workers.len() == 2, "{workers:?}");
    let server = cluster.server()?.id();
    for pid in workers.iter().chain([&server]) {
        for file in ["cmdline", "environ"] {
            let text = String::from_utf8_lossy(&std::fs::read(format!("/proc/{pid}/{file}"))?).into_owned();
            ensure!(!text.is_empty() && !text.contains(&token), "{file} of {pid}: {text}");
            let inherited = *pid != server && text.contains("a secret of the server's shell");
            ensure!(!inherited, "a worker inherits the server's environment: {text}");
        }
    }
    // Nor can a worker read it from a file that it was left open.
    for pid in workers {
        for entry in std::fs::read_dir(format!("/proc/{pid}/fd"))? {
            let Ok(target) = std::fs::read_link(entry?.path()) else { continue };
            ensure!(!target.starts_with(&cluster.data), "a worker holds {} open", target.display());
        }
    }
    Ok(())
}

/// Every file below a folder that others may use, and how many sockets there are.
fn open_to_others(folder: &Path, found: &mut Vec<String>) -> Result<usize> {
    let mut sockets = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let meta = entry.metadata()?;
        let mode = meta.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            found.push(format!("{} {mode:03o}", entry.path().display()));
        }
        if meta.is_dir() {
            sockets += open_to_others(&entry.path(), found)?;
        }
        sockets += usize::from(meta.file_type().is_socket());
    }
    Ok(sockets)
}

#[test]
fn the_data_folder_is_private() -> Result<()> {
    let cluster = Cluster::builder().plugin("reading").start()?;
    let mode = |path: &Path| -> Result<u32> { Ok(std::fs::metadata(path)?.permissions().mode() & 0o777) };
    ensure!(mode(&cluster.data)? == 0o700, "nobody else can even enter it");
    for file in ["token", "address", "lock", "format"] {
        ensure!(mode(&cluster.data.join(file))? == 0o600, "{file}");
    }
    for folder in ["run", "log", "registry", "config"] {
        ensure!(mode(&cluster.data.join(folder))? == 0o700, "{folder}");
    }
    let mut found = Vec::new();
    let sockets = open_to_others(&cluster.data.join("run"), &mut found)?;
    ensure!(sockets > 0, "there are sockets");
    ensure!(found.is_empty(), "{found:?}");
    Ok(())
}

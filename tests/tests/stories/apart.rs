//! An operator runs the services as processes of their own.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};
use tests::{Output, Process};

use crate::feed::{FEED, rows};

fn serve(folder: &Path, name: &str, services: &str, registry: Option<&str>) -> Result<Process> {
    serve_at(folder, name, services, registry, "127.0.0.1:0", &[])
}

fn serve_at(
    folder: &Path,
    name: &str,
    services: &str,
    registry: Option<&str>,
    listen: &str,
    more: &[&str],
) -> Result<Process> {
    let mut command = Command::new(tests::bin_dir()?.join("monazite"));
    command
        .args(["serve", "--services", services, "--listen", listen, "--data"])
        .arg(folder.join(name))
        .args(more);
    command.arg("--token-file").arg(folder.join("token")).arg("--plugins").arg(folder.join("plugins"));
    if let Some(url) = registry {
        command.args(["--registry", url]);
    }
    Process::ready(command)
}

fn client(folder: &Path, server: &str, arguments: &[&str]) -> Result<Output> {
    let mut command = Command::new(tests::bin_dir()?.join("monazite"));
    command.args(arguments).args(["--server", server, "--token-file"]).arg(folder.join("token"));
    Output::of(command, b"")?.succeeded(arguments)
}

#[test]
fn services_find_each_other_over_tcp() -> Result<()> {
    let folder = tempfile::Builder::new().prefix("mz").tempdir()?;
    let path = folder.path();
    std::fs::write(path.join("token"), "a token that the processes share")?;
    std::fs::write(path.join("feed.txt"), FEED)?;
    std::fs::create_dir(path.join("plugins"))?;
    tests::install("reading", &path.join("plugins"))?;
    tests::install("digest", &path.join("plugins"))?;

    let registry = serve(path, "registry", "registry", None)?;
    // Those that need others start first: each finds the others when they come.
    let analysis = serve(path, "analysis", "analysis", Some(&registry.url))?;
    let plugins = serve(path, "plugins-data", "plugins", Some(&registry.url))?;
    let _search = serve(path, "search", "search", Some(&registry.url))?;
    let storage = serve(path, "storage", "storage", Some(&registry.url))?;

    // What no analyzer is known for is settled at once.
    announced_workers(path, &registry.url, 2)?;
    let feed = path.join("feed.txt").display().to_string();
    let imported = client(path, &registry.url, &["import", "--wait", &feed])?;
    ensure!(imported.stdout.contains("2 new"), "{}", imported.stdout);
    let facts = rows(&client(path, &registry.url, &["facts", "--mentions", "--output", "jsonl"])?)?;
    ensure!(
        facts.iter().any(|f| f["value"]["value"] == "155000" && f["value"]["unit"] == "CNY/t"),
        "{facts:#?}"
    );
    let services = rows(&client(path, &registry.url, &["services", "--output", "jsonl"])?)?;
    for name in [
        "monazite.storage.v1.Storage",
        "monazite.analysis.v1.Analysis",
        "monazite.analysis.v1.Analyzer",
        "monazite.search.v1.Search",
    ] {
        ensure!(services.iter().any(|s| s["service"] == name), "{name} is not among {services:#?}");
    }

    // The log goes away and comes back, at another port: the others find it again.
    storage.terminate()?;
    let storage = serve(path, "storage", "storage", Some(&registry.url))?;
    let more = "{\"title\":\"Tin\",\"text\":\"Tin closed at $33,000 per ton.\"}\n";
    std::fs::write(path.join("more.jsonl"), more)?;
    let more = path.join("more.jsonl").display().to_string();
    client(path, &registry.url, &["import", "--wait", &more])?;
    let facts = rows(&client(path, &registry.url, &["facts", "--mentions", "--output", "jsonl"])?)?;
    ensure!(facts.iter().any(|f| f["value"]["value"] == "33000"), "{facts:#?}");

    for process in [analysis, plugins, storage, registry] {
        process.terminate()?;
    }
    Ok(())
}

/// Endpoints of each analyzer's worker, as the registry names them.
fn endpoints_of_workers(folder: &Path, registry: &str) -> Result<Vec<Vec<String>>> {
    let services = rows(&client(folder, registry, &["services", "--output", "jsonl"])?)?;
    let workers = services.iter().filter(|s| s["service"] == "monazite.analysis.v1.Analyzer");
    let endpoints = |worker: &serde_json::Value| {
        let listed = worker["endpoints"].as_array().into_iter().flatten();
        listed.filter_map(|endpoint| endpoint.as_str().map(str::to_owned)).collect()
    };
    Ok(workers.map(endpoints).collect())
}

/// The endpoints of the workers once there are `count` of them.
fn announced_workers(folder: &Path, registry: &str, count: usize) -> Result<Vec<Vec<String>>> {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(30);
    loop {
        let workers = endpoints_of_workers(folder, registry)?;
        if workers.len() == count {
            return Ok(workers);
        }
        ensure!(std::time::Instant::now() < deadline, "all workers are announced: {workers:?}");
    }
}

#[test]
fn plugins_on_another_machine_are_called_through_their_host() -> Result<()> {
    let folder = tempfile::Builder::new().prefix("mz").tempdir()?;
    let path = folder.path();
    std::fs::write(path.join("token"), "a token that the processes share")?;
    std::fs::create_dir(path.join("plugins"))?;
    for plugin in ["reading", "digest", "faulty"] {
        tests::install(plugin, &path.join("plugins"))?;
    }
    let lines = [("Copper", "Copper rose 1%."), ("Bad", "!abort"), ("Tin", "Tin closed at $33,000 per ton.")];
    let feed: String = lines
        .iter()
        .map(|(title, text)| format!("{}\n", serde_json::json!({"title": title, "text": text})))
        .collect();
    std::fs::write(path.join("feed.jsonl"), feed)?;

    let rest = serve(path, "rest", "registry,storage,analysis", None)?;
    // What is advertised has to be known before: a port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let (listen, url) = (format!("127.0.0.1:{port}"), format!("http://localhost:{port}"));
    let plugins =
        serve_at(path, "plugins-data", "plugins", Some(&rest.url), &listen, &["--advertise", &url])?;

    let workers = announced_workers(path, &rest.url, 3)?;
    ensure!(workers.iter().all(|endpoints| *endpoints == [url.clone()]), "no sockets: {workers:?}");
    let feed = path.join("feed.jsonl").display().to_string();
    client(path, &rest.url, &["import", "--wait", "--wait-limit", "120", &feed])?;
    let facts = rows(&client(path, &rest.url, &["facts", "--mentions", "--output", "jsonl"])?)?;
    ensure!(facts.iter().any(|f| f["value"]["value"] == "33000"), "{facts:#?}");
    let failures = rows(&client(path, &rest.url, &["failures", "--output", "jsonl"])?)?;
    let failed: Vec<_> = failures.iter().map(|f| (f["analyzer"].as_str(), f["code"].as_str())).collect();
    ensure!(failed == [(Some("faulty"), Some("crash"))], "only the culprit is named: {failures:#?}");

    for process in [plugins, rest] {
        process.terminate()?;
    }
    Ok(())
}

#[test]
fn services_apart_need_to_know_the_registry() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut command = Command::new(tests::bin_dir()?.join("monazite"));
    command
        .args(["serve", "--services", "storage", "--listen", "127.0.0.1:0", "--data"])
        .arg(folder.path().join("d"));
    let output = Output::of(command, b"")?;
    ensure!(output.code == 1 && output.stderr.contains("--registry URL"), "{output:?}");
    Ok(())
}

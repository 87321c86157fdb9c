//! A client in another language.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use tests::Output;

use crate::feed::{FEED, reading};

/// A Python that has grpcio, its tools and its reflection: `MONAZITE_PYTHON`, or `python3`.
fn python() -> Result<Option<String>> {
    let python = std::env::var("MONAZITE_PYTHON").unwrap_or_else(|_| "python3".into());
    let mut probe = Command::new(&python);
    probe.args(["-c", "import grpc, grpc_tools, grpc_reflection"]);
    if Output::of(probe, b"").is_ok_and(|output| output.code == 0) {
        return Ok(Some(python));
    }
    ensure!(std::env::var_os("CI").is_none(), "{python} lacks grpcio, grpcio-tools or grpcio-reflection");
    eprintln!(
        "SKIPPED: {python} lacks grpcio, grpcio-tools or grpcio-reflection; set MONAZITE_PYTHON to one that has them"
    );
    Ok(None)
}

#[test]
fn python_lists_documents_and_facts() -> Result<()> {
    let Some(python) = python()? else { return Ok(()) };
    let cluster = reading()?;
    let feed = cluster.file("feed.txt", FEED.as_bytes())?;
    cluster.run(&["import", "--wait", &feed])?;

    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("tests lie in the workspace")?;
    let bindings = cluster.folder().join("bindings");
    std::fs::create_dir(&bindings)?;
    let mut generate = Command::new(&python);
    generate.current_dir(root.join("proto")).args(["-m", "grpc_tools.protoc", "-I."]);
    generate.arg(format!("--python_out={0}", bindings.display()));
    generate.arg(format!("--grpc_python_out={0}", bindings.display()));
    for package in ["record", "storage", "analysis", "registry"] {
        for file in std::fs::read_dir(root.join("proto/monazite").join(package).join("v1"))? {
            generate.arg(file?.path().strip_prefix(root.join("proto"))?);
        }
    }
    Output::of(generate, b"")?.succeeded(&["(generating bindings)"])?;

    let mut client = Command::new(&python);
    client.arg(root.join("tests/clients/list.py")).arg(&cluster.server()?.url);
    client.arg(cluster.data.join("token")).arg(&bindings);
    let listed = Output::of(client, b"")?.succeeded(&["(the Python client)"])?.json()?;
    let services: Vec<_> =
        listed["services"].as_array().context("services")?.iter().filter_map(|s| s.as_str()).collect();
    for service in ["monazite.storage.v1.Storage", "monazite.registry.v1.Registry", "grpc.health.v1.Health"] {
        ensure!(services.contains(&service), "{service} is not among {services:?}");
    }
    ensure!(listed["documents"].as_array().context("documents")?.len() == 2, "{listed}");
    let facts = listed["facts"].as_array().context("facts")?;
    ensure!(
        facts
            .iter()
            .any(|f| f["value"] == "155000" && f["unit"] == "CNY/t" && f["quote"] == "155,000 yuan/ton"),
        "{facts:#?}"
    );
    Ok(())
}

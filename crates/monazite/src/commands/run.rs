//! `monazite up` and `monazite serve`.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::signal::unix::{SignalKind, signal};

use crate::cli::{Connection, RunArgs, ServeArgs, UpArgs, WorkerArgs};
use crate::failure::{Failure, Kind};
use crate::grpc::{data_folder, tls};

pub(super) async fn up(args: UpArgs, connection: &Connection) -> Result<()> {
    if !args.listen.ip().is_loopback() {
        let message = format!(
            "`up` listens on loopback only, and {} is not; `monazite serve` with mTLS reaches further",
            args.listen
        );
        return Err(Failure::new(Kind::Usage, message).into());
    }
    let services = server::ServiceName::ALL.into_iter().collect();
    run(config(&args.run, connection, services, args.listen)?).await
}

pub(super) async fn serve(args: ServeArgs, connection: &Connection) -> Result<()> {
    let mut config = config(&args.run, connection, args.services.into_iter().collect(), args.listen)?;
    config.registry = args.registry;
    config.advertise = args.advertise;
    run(config).await
}

/// A server for this very process: on loopback, without plugins.
pub(super) fn local(
    connection: &Connection,
    services: std::collections::BTreeSet<server::ServiceName>,
) -> Result<server::Config> {
    let args = RunArgs { plugins: Vec::new(), grace: 10 };
    let mut config = config(&args, connection, services, SocketAddr::from(([127, 0, 0, 1], 0)))?;
    config.plugins.clear();
    Ok(config)
}

fn config(
    args: &RunArgs,
    connection: &Connection,
    services: std::collections::BTreeSet<server::ServiceName>,
    listen: SocketAddr,
) -> Result<server::Config> {
    let program = std::env::current_exe().context("failed to find the program's own path")?;
    Ok(server::Config {
        data: data_folder(connection)?,
        services,
        listen,
        advertise: None,
        registry: None,
        tls: tls(&connection.tls),
        token_file: connection.token_file.clone(),
        plugins: plugin_folders(args, &program),
        worker_command: vec![program.into_os_string(), "plugin-worker".into()],
        grace: Duration::from_secs(args.grace),
    })
}

/// The folders given, or `plugins` beside the program if there is one.
fn plugin_folders(args: &RunArgs, program: &std::path::Path) -> Vec<PathBuf> {
    if !args.plugins.is_empty() {
        return args.plugins.clone();
    }
    let beside = program.parent().map(|folder| folder.join("plugins"));
    beside.filter(|folder| folder.is_dir()).into_iter().collect()
}

async fn run(config: server::Config) -> Result<()> {
    // Signals are caught before anything is opened, so that none is lost.
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let data = config.data.display().to_string();
    let started = std::time::Instant::now();
    let server = server::Server::start(config).await?;
    let line = format!(
        "monazite {} · {} · data in {data} · {} · ready in {:.1} s",
        env!("CARGO_PKG_VERSION"),
        server.url(),
        server.summary(),
        started.elapsed().as_secs_f32()
    );
    let mut out = std::io::stdout();
    // A server runs on although nobody reads its standard output.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
    let cause = tokio::select! {
        _ = interrupt.recv() => "interrupted",
        _ = terminate.recv() => "asked to stop",
        error = server.failed() => {
            server.stop().await;
            return Err(error.into());
        }
    };
    tracing::info!(cause, "stopping");
    tokio::select! {
        () = server.stop() => Ok(()),
        _ = interrupt.recv() => Err(Failure::new(Kind::Failed, "interrupted again while stopping").into()),
    }
}

/// Serves one plugin; must be called before any thread is started.
pub(crate) fn worker(args: &WorkerArgs) -> ExitCode {
    plugin_host::worker::run(&plugin_host::worker::WorkerArgs {
        library: args.library.clone(),
        socket: args.socket.clone(),
        config_dir: args.config_dir.clone(),
    })
}

//! The worker process: loads one library and serves it on a socket until its supervisor is gone.
//!
//! The supervisor holds the other ends of standard input and output. Events go out as JSON lines; `drain` comes in,
//! and when standard input closes, the supervisor is gone and the worker ends at once. The plugin sees neither: its
//! standard input is empty and its standard output is standard error.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use rustix::process::{Resource, Rlimit, Signal};
use tokio_util::sync::CancellationToken;

use crate::engine::Engine;
use crate::error::Rejection;
use crate::events::{Event, Reporter};
use crate::watchdog::Watchdog;
use crate::{config, grpc, library};

/// The line on standard input that asks a worker to finish its calls and end.
pub(crate) const DRAIN: &str = "drain";

/// What a worker is told on its command line: `--library PATH --socket PATH [--config-dir DIR]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerArgs {
    /// The library to load.
    pub library: PathBuf,
    /// Where to listen; a socket left there by an earlier worker is replaced.
    pub socket: PathBuf,
    /// Folder with one `{analyzer}.json` for each analyzer that has a config.
    pub config_dir: Option<PathBuf>,
}

/// Runs a worker until it is drained or its supervisor is gone. To be called before any thread is started. Tells the
/// supervisor what happens on standard output.
#[must_use]
pub fn run(args: &WorkerArgs) -> ExitCode {
    let (control, reporter) = match private_pipes() {
        Ok(pipes) => pipes,
        Err(error) => {
            eprintln!("failed to set up the pipes to the supervisor: {error}");
            return ExitCode::FAILURE;
        }
    };
    let reporter = Arc::new(reporter);
    let drain = CancellationToken::new();
    let outcome = renounce()
        .and_then(|()| obey(control, drain.clone()))
        .map_err(|error| Rejection::Worker(format!("failed to prepare the process: {error}")))
        .and_then(|()| serve(args, &reporter, &drain));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(rejection) => {
            reporter.tell(&Event::Rejected { message: rejection.to_string() });
            ExitCode::FAILURE
        }
    }
}

/// Keeps the pipes to the supervisor away from the plugin, which may print or read what it likes.
fn private_pipes() -> std::io::Result<(File, Reporter)> {
    let control = std::io::stdin().as_fd().try_clone_to_owned()?;
    let report = std::io::stdout().as_fd().try_clone_to_owned()?;
    rustix::stdio::dup2_stdin(File::open("/dev/null")?)?;
    rustix::stdio::dup2_stdout(std::io::stderr())?;
    Ok((File::from(control), Reporter::new(File::from(report))))
}

/// Gives up what a plugin does not need: core files, which would hold documents, and new privileges.
fn renounce() -> std::io::Result<()> {
    rustix::process::setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    #[cfg(target_os = "linux")]
    rustix::thread::set_no_new_privs(true)?;
    Ok(())
}

/// Listens to the supervisor.
fn obey(control: File, drain: CancellationToken) -> std::io::Result<()> {
    std::thread::Builder::new().name("supervisor".into()).spawn(move || {
        for line in BufReader::new(control).lines() {
            match line {
                Ok(line) if line == DRAIN => drain.cancel(),
                Ok(_) => {}
                Err(_) => break,
            }
        }
        end();
    })?;
    Ok(())
}

/// Ends this process at once. Neither destructors nor exit handlers of a library that hangs are waited for.
fn end() {
    let _ = rustix::process::kill_process(rustix::process::getpid(), Signal::KILL);
}

fn serve(args: &WorkerArgs, reporter: &Arc<Reporter>, drain: &CancellationToken) -> Result<(), Rejection> {
    let log = {
        let reporter = Arc::clone(reporter);
        Arc::new(move |analyzer: &str, level: u32, message: &str| {
            reporter.tell(&Event::Log { analyzer: analyzer.into(), level, message: message.into() });
        })
    };
    let config_dir = args.config_dir.as_deref();
    let analyzers = library::load(
        &args.library,
        &|manifest| config::read(config_dir, manifest),
        &(log as library::LogSink),
    )?;
    let failed = |what: &str, error: std::io::Error| Rejection::Worker(format!("failed to {what}: {error}"));
    let watchdog =
        Watchdog::start(Arc::clone(reporter), end).map_err(|error| failed("start the watchdog", error))?;
    let engine = Engine::start(analyzers, &watchdog).map_err(|error| failed("start threads", error))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| failed("start the runtime", error))?;
    let served = runtime.block_on(async {
        let listener = listen(&args.socket).map_err(|error| failed("listen on its socket", error))?;
        reporter.tell(&Event::serving(engine.served()));
        let on_drain = async {
            drain.cancelled().await;
            engine.draining.cancel();
            std::future::pending::<()>().await;
        };
        tokio::select! {
            served = grpc::serve(listener, Arc::clone(&engine)) =>
                served.map_err(|error| Rejection::Worker(format!("failed to serve: {error}"))),
            () = on_drain => Ok(()),
        }
    });
    // Dropping the runtime ends its connections, and with them the engine's last outside users.
    drop(runtime);
    engine.join();
    served
}

fn listen(socket: &Path) -> std::io::Result<tokio::net::UnixListener> {
    match std::fs::remove_file(socket) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    tokio::net::UnixListener::bind(socket)
}

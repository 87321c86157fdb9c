//! What a native plugin costs: the C boundary of one call, and a crash.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, ensure};
use api::analysis::{Plugin, PluginState};
use bytes::Bytes;
use plugin_host::library::{Emit, LogSink, Sink, load};
use plugin_host::{Host, HostConfig, Restart, Silent};
use prost::Message as _;
use rustix::process::{Pid, Signal, kill_process};

use super::Context;
use crate::report::Row;
use crate::rounds::median;
use crate::wire;

/// Calls in one round of the boundary.
const CALLS: u32 = 200_000;

/// Crashes, of which the median counts.
const CRASHES: usize = 21;

/// The library of `bench-plugin`, which cargo builds beside this program.
fn library() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    let file = format!("{}bench_plugin{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let library = program.parent().context("a program lies in a folder")?.join(file);
    ensure!(library.exists(), "there is no {}; run `cargo xtask bench`", library.display());
    Ok(library)
}

/// Looks at each record and keeps none.
struct Count(usize);

impl Sink for Count {
    fn emit(&mut self, record: &[u8]) -> Emit {
        self.0 += record.len();
        Emit::Taken
    }
}

/// One call with one input and one record, both of 4 KB, neither decoded.
///
/// # Errors
/// If the library does not load or a call fails.
pub(crate) fn boundary(context: &Context) -> Result<Vec<Row>> {
    let log: LogSink = Arc::new(|_, _, _| {});
    let loaded = load(&library()?, &|_| Ok(String::new()), &log).map_err(|e| anyhow!("{e}"))?;
    let analyzer = loaded.first().context("the library has no analyzer")?;
    let input = [Bytes::from(context.texts.record(1).encode_to_vec())];
    let cancelled = AtomicBool::new(false);
    let mut rounds = Vec::new();
    for _ in 0..context.rounds {
        let mut sink = Count(0);
        let start = Instant::now();
        for _ in 0..CALLS {
            analyzer
                .analyze("documents/1", &input, &mut sink, &cancelled)
                .map_err(|f| anyhow!("{}", f.message))?;
        }
        rounds.push(start.elapsed().as_secs_f64() * 1e9 / f64::from(CALLS));
        ensure!(sink.0 == input[0].len() * CALLS as usize, "not every record came out");
    }
    let row =
        Row::figure("boundary", "plugin boundary, one record in and one out", median(rounds), "ns a call");
    Ok(vec![row.at_most(300.0).note("encoding, and copying what comes out, not counted")])
}

/// From the death of a worker to the next that serves.
///
/// # Errors
/// If the host does not start, or a worker does not come back within 10 s.
pub(crate) fn recovery(context: &Context) -> Result<Vec<Row>> {
    let folder = context.scratch.join("recovery-plugins");
    std::fs::create_dir_all(&folder)?;
    let library = library()?;
    std::fs::copy(&library, folder.join(library.file_name().context("a library has a name")?))?;
    let worker = vec![context.binary.clone().into_os_string(), "plugin-worker".into()];
    let mut config = HostConfig::new(worker, context.scratch.join("sockets"));
    config.folders.push(folder);
    // Each crash is a first one, so that no pause is measured.
    config.restart = Restart { healthy_after: Duration::ZERO, ..Restart::default() };
    let times = wire::block_on(async {
        let host = Host::start(config, Arc::new(Silent))?;
        let mut times = Vec::new();
        let mut pid = serving(&host, 0).await?;
        for _ in 0..CRASHES {
            let id = i32::try_from(pid).ok().and_then(Pid::from_raw).context("a process id")?;
            let start = Instant::now();
            kill_process(id, Signal::KILL)?;
            pid = serving(&host, pid).await?;
            times.push(start.elapsed().as_secs_f64() * 1e3);
        }
        host.stop().await;
        Ok(times)
    })?;
    Ok(vec![Row::figure("recovery", "crash of a worker to serving again", median(times), "ms").at_most(10.0)])
}

/// Waits for a serving worker other than `before`; gives its process id.
async fn serving(host: &Host, before: u32) -> Result<u32> {
    let up = |plugin: &Plugin| plugin.state() == PluginState::Serving && plugin.pid != before;
    let waited = host.wait_until(|plugins| plugins.iter().all(up));
    let told = || format!("{:?}", host.plugins());
    tokio::time::timeout(Duration::from_secs(10), waited).await.with_context(told)?;
    Ok(host.plugins().first().context("no plugin was found")?.pid)
}

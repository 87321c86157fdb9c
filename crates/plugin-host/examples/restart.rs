//! Measures how long a crash keeps a plugin away: from killing its worker to the first answer of the next one.
//!
//! `cargo run --release -p plugin-host --example restart -- FOLDER WORKER [ARGUMENT...]`, where FOLDER holds one
//! library and WORKER is the worker's program, prints the median and the longest of 51 restarts in milliseconds.
#![expect(clippy::print_stdout, reason = "the figure is the result")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use api::analysis::analyzer_client::AnalyzerClient;
use api::analysis::{DescribeRequest, PluginState, ServedAnalyzer};
use api::registry::Instance;
use plugin_host::{Announce, Host, HostConfig};
use rustix::process::{Pid, Signal, kill_process};
use tokio::sync::watch;

const ROUNDS: usize = 51;

struct Endpoint(watch::Sender<String>);

#[async_trait::async_trait]
impl Announce for Endpoint {
    async fn serving(&self, instance: &Instance, _: &[ServedAnalyzer]) -> Result<(), String> {
        self.0.send_replace(instance.endpoints.first().cloned().unwrap_or_default());
        Ok(())
    }

    async fn gone(&self, _: &str) {}
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args_os().skip(1);
    let folder = args.next().ok_or("usage: restart FOLDER WORKER [ARGUMENT...]")?;
    let run = std::env::temp_dir().join(format!("monazite-restart-{}", std::process::id()));
    let mut config = HostConfig::new(args.collect(), run.clone());
    config.folders.push(folder.into());
    // Each restart is to be the first, which is at once.
    config.restart.healthy_after = Duration::ZERO;
    let world = Arc::new(Endpoint(watch::Sender::default()));
    let host = Host::start(config, Arc::clone(&world) as Arc<dyn Announce>)?;
    host.settled().await;
    let plugin = host.plugins().into_iter().next().ok_or("the folder holds no library")?;
    if plugin.state() != PluginState::Serving {
        return Err(format!("{}: {}", plugin.path, plugin.message).into());
    }
    let endpoint = tonic::transport::Endpoint::from_shared(world.0.borrow().clone())?;
    let mut times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let before = host.plugins().remove(0);
        let pid = i32::try_from(before.pid).ok().and_then(Pid::from_raw).ok_or("the worker is gone")?;
        let start = Instant::now();
        kill_process(pid, Signal::KILL)?;
        loop {
            // A connection that the dead worker still had in its queue is refused or breaks; then the next is tried.
            if let Ok(channel) = endpoint.connect().await
                && AnalyzerClient::new(channel).describe(DescribeRequest {}).await.is_ok()
            {
                break;
            }
            tokio::time::sleep(Duration::from_micros(100)).await;
        }
        times.push(start.elapsed().as_secs_f64() * 1000.0);
        host.wait_until(|plugins| {
            let after = &plugins[0];
            after.restarts > before.restarts && after.state() == PluginState::Serving && after.pid != 0
        })
        .await;
    }
    host.stop().await;
    std::fs::remove_dir_all(run)?;
    times.sort_by(f64::total_cmp);
    println!("{:.1} ms median, {:.1} ms longest of {ROUNDS} restarts", times[ROUNDS / 2], times[ROUNDS - 1]);
    Ok(())
}

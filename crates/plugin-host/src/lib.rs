//! Loads native analyzers and serves them from supervised worker processes.
//!
//! A [`Host`] finds shared libraries in folders and keeps one worker process for each. A worker ([`worker::run`]) loads
//! its library through the C contract of `plugin-abi` and serves the gRPC service `monazite.analysis.v1.Analyzer` on a
//! Unix socket in a private folder. Payloads pass through undecoded. A panic ends a call; a crash or a call over its
//! deadline ends one worker, which is started again.
//!
//! Whoever can not reach the sockets calls all workers through one relay ([`grpc::analyzer_service`]).
//!
//! How the world learns of workers is brought in as an [`Announce`].
//!
//! ```no_run
//! # async fn run() -> Result<(), plugin_host::HostError> {
//! use plugin_host::{Host, HostConfig, Silent};
//! use std::sync::Arc;
//!
//! let worker = vec!["/usr/bin/monazite".into(), "plugin-worker".into()];
//! let mut config = HostConfig::new(worker, "/run/user/1000/monazite".into());
//! config.folders.push("/usr/lib/monazite/plugins".into());
//! let host = Host::start(config, Arc::new(Silent))?;
//! host.settled().await;
//! for plugin in host.plugins() {
//!     tracing::info!("{} is {:?}", plugin.path, plugin.state());
//! }
//! host.stop().await;
//! # Ok(())
//! # }
//! ```

mod announce;
mod config;
mod engine;
mod error;
mod events;
mod folder;
pub mod grpc;
mod host;
pub mod library;
pub mod manifest;
mod process;
mod relay;
mod session;
mod supervisor;
mod watchdog;
pub mod worker;

pub use crate::announce::{Announce, Silent};
pub use crate::error::{HostError, Rejection};
pub use crate::host::{Host, HostConfig, Restart};

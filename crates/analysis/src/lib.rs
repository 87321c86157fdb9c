//! The dataflow that keeps what is derived current.
//!
//! The principle type is [`Analysis`]. It follows the log, finds which groups of which analyzers a commit has put out of
//! date, has a provider analyze them, and commits what comes back. It keeps no store of its own: assignments,
//! cursors, failures and groups that wait are records like all others.
//!
//! Its nouns: an *assignment* says which version and config of an analyzer are current; a *flow* works for one
//! analyzer; a *ledger* knows what is to be done; *calls* are what is at a provider; a *walk* takes a new version through
//! all groups; the *board* shows how far everybody is; and the log is *settled* when nobody has anything left to do.
//!
//! ```no_run
//! # fn peer() -> api::Peer { unimplemented!() }
//! # async fn example() {
//! use std::sync::Arc;
//! use analysis::{Analysis, Config, Peers};
//!
//! let shutdown = tokio_util::sync::CancellationToken::new();
//! let peers = Peers { storage: peer(), registry: peer(), connect: Arc::new(|_endpoint| peer()) };
//! let analysis = Analysis::start(Config::default(), peers, shutdown.clone());
//! let service = analysis::grpc::service(analysis.clone());
//! // ... serve it; then:
//! shutdown.cancel();
//! analysis.drain().await;
//! # }
//! ```

mod assignment;
mod board;
mod calls;
mod commit;
mod config;
mod coordinate;
mod error;
mod flow;
mod groups;
pub mod grpc;
mod isolation;
mod ledger;
mod names;
mod order;
mod output;
mod providers;
mod service;
mod settle;
mod walk;

pub use crate::config::Config;
pub use crate::error::{Error, Result};
pub use crate::service::{Analysis, Peers};

/// Name of a peer in errors.
const STORAGE: &str = "storage";

/// Name of a peer in errors.
const REGISTRY: &str = "the registry";

//! The registry as its clients use it: who announces themselves there, and who looks others up.
//!
//! This is a crate of its own so that services need not, and may not, import the registry itself: they reach it
//! over gRPC like anybody else, in whichever process it runs.
//!
//! An [`Announcer`] keeps one instance registered: it renews its lease, registers again with a newer incarnation
//! whenever the lease is gone, tells its state, and stops once a newer incarnation took its place.
//! [`register_version`] puts a version of an analyzer into the catalog.
//!
//! A [`Directory`] follows everything that the registry knows. Through an outage it keeps the last answer, whose age
//! it tells. It gives out a [`View`], a picture of one revision that does not change.

mod announcer;
mod config;
mod directory;
mod error;
mod grpc;
mod view;
mod worker;

use api::Peer;
use api::analysis::Manifest;

pub use crate::announcer::{Announcer, Lease, Status};
pub use crate::config::Config;
pub use crate::directory::Directory;
pub use crate::error::{Error, Result};
pub use crate::view::View;

/// Puts a version of an analyzer into the catalog, as `analyzers/{name}/versions/{version}`, or finds it there.
///
/// # Errors
/// [`Error::Refused`] for good: the manifest breaks a rule, closes a cycle, or differs from what is registered under
/// this version. [`Error::Away`] if asking again may help.
pub async fn register_version(peer: Peer, manifest: Manifest, config: &Config) -> Result<()> {
    grpc::Client::new(peer, config.call_timeout).put_version(manifest).await
}

//! Who provides which service and which analyzer, at which version, and whether it is alive.
//!
//! The principle type is [`Registry`]. It keeps two classes, never mixed: the catalog (analyzers, their versions and
//! pins), which stays until somebody deletes it, and instances, each bound to a lease and gone with it. Every change
//! of either gets one revision, strictly increasing also over restarts; every answer carries the revision and the
//! id of the cluster, and whoever watches sees all changes in order, without gaps or duplicates.
//!
//! The rules (what an entry may say, who is fenced, what a cycle is) stand above the trait [`Backend`], whose six
//! operations are those that etcd has: transactions, reads at a revision, leases, and watches. [`Embedded`] is the
//! backend of one process over a [`kv::Kv`].
//!
//! ```
//! # async fn run() -> registry::Result<()> {
//! use std::sync::Arc;
//!
//! let kv = Arc::new(kv::Memory::new());
//! let registry = registry::Registry::open(kv, registry::Config::default(), registry::monotonic()).await?;
//! let found = registry
//!     .resolve(&api::registry::ResolveRequest {
//!         service: "monazite.storage.v1.Storage".into(),
//!         ..Default::default()
//!     })
//!     .await?;
//! assert!(found.instances.is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! Modules: [`backend`] is the contract of a backend; [`grpc`] serves a registry over the wire.

pub mod backend;
mod catalog;
mod config;
mod embedded;
mod error;
pub mod grpc;
mod instances;
mod page;
mod registry;
mod rows;
mod rules;
mod watch;

pub use crate::backend::Backend;
pub use crate::config::{Clock, Config, monotonic};
pub use crate::embedded::Embedded;
pub use crate::error::{Error, Result};
pub use crate::registry::Registry;
pub use crate::rules::limits;

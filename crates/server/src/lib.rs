//! Puts the services together: config, build, run, drain.
//!
//! The principle type is [`Server`]: [`Server::start`] opens a data folder, runs the services that a [`Config`] names,
//! all of them or some apart, and tells the registry about them; [`Server::stop`] drains them within a deadline.
//! Services reach each other through peers that lead through memory, a socket or TCP; they do not know which.
//!
//! ```no_run
//! # async fn run(config: server::Config) -> server::Result<()> {
//! let server = server::Server::start(config).await?;
//! println!("listening on {}", server.url());
//! server.stop().await;
//! # Ok(())
//! # }
//! ```

mod config;
mod data;
mod error;
mod grpc;
mod peers;
mod server;

pub use crate::config::{Config, ServiceName, Tls};
pub use crate::data::{DataFolder, address_file, read_token, token_file};
pub use crate::error::{Error, Result};
pub use crate::grpc::dial;
pub use crate::grpc::gate::{Principal, REQUEST_ID};
pub use crate::server::Server;

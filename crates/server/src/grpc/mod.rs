//! The transport; the only part of this crate that knows gRPC.

pub(crate) mod dialer;
pub(crate) mod gate;
pub(crate) mod routes;
pub(crate) mod serve;

use api::Peer;

use crate::config::Tls;
use crate::error::Result;

/// The way to a server, showing `token`, or the certificate of `tls`. It connects with its first call.
///
/// # Errors
/// If `url` is none, or a certificate can not be read.
pub fn dial(url: &str, token: Option<&str>, tls: Option<&Tls>) -> Result<Peer> {
    let dialer = dialer::Dialer::new(None, token, tls)?;
    if let Some(channel) = dialer.channel(url) {
        channel?;
    }
    Ok(dialer.peer(url))
}

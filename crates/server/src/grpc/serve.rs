//! Serving a set of routes over TCP and through memory.

use std::net::SocketAddr;

use tokio::io::DuplexStream;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_stream::StreamExt as _;
use tokio_stream::wrappers::UnboundedReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Certificate, Identity, Server, ServerTlsConfig};

use super::dialer::{CONNECTION_WINDOW, STREAM_WINDOW};
use super::gate::{Admission, GateLayer};
use crate::config::Tls;
use crate::error::{Error, Result};

/// The longest request headers, in bytes.
const HEADERS: u32 = 16 * 1024;

/// The most requests at a time on one connection.
const STREAMS: u32 = 1024;

/// A task that serves until it is told to stop; an error if the transport breaks.
pub(crate) type Serving = JoinHandle<std::result::Result<(), tonic::transport::Error>>;

fn server() -> Server {
    Server::builder()
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .http2_max_header_list_size(HEADERS)
        .max_concurrent_streams(STREAMS)
        .http2_keepalive_interval(Some(std::time::Duration::from_secs(30)))
}

/// Listens on an address; port 0 takes any.
///
/// # Errors
/// [`Error::Listen`].
pub(crate) async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr)> {
    let failed = |source| Error::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}

/// Serves over TCP, with mTLS if there is an identity.
///
/// # Errors
/// If a certificate or key can not be used.
pub(crate) fn over_tcp(
    listener: TcpListener,
    routes: Routes,
    admission: Admission,
    tls: Option<&Tls>,
    stop: CancellationToken,
) -> Result<Serving> {
    let mut server = server();
    if let Some(tls) = tls {
        let (certificate, key, authority) = tls.read()?;
        let config = ServerTlsConfig::new()
            .identity(Identity::from_pem(certificate, key))
            .client_ca_root(Certificate::from_pem(authority));
        server = server.tls_config(config).map_err(|e| Error::Transport(e.into()))?;
    }
    // `Server::tcp_nodelay` has no effect on a listener of our own, and without it a unary call takes 40 ms.
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    let router = server.layer(GateLayer { admission }).add_routes(routes);
    Ok(tokio::spawn(router.serve_with_incoming_shutdown(incoming, stop.cancelled_owned())))
}

/// Serves connections of this process.
pub(crate) fn in_memory(
    connections: mpsc::UnboundedReceiver<DuplexStream>,
    routes: Routes,
    stop: CancellationToken,
) -> Serving {
    let incoming = UnboundedReceiverStream::new(connections).map(Ok::<_, std::io::Error>);
    let router = server().layer(GateLayer { admission: Admission::Process }).add_routes(routes);
    tokio::spawn(router.serve_with_incoming_shutdown(incoming, stop.cancelled_owned()))
}

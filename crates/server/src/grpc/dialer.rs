//! The way to a peer: through memory, a socket, or TCP.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use api::Peer;
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request};
use hyper_util::rt::TokioIo;
use tokio::io::DuplexStream;
use tokio::sync::mpsc;
use tonic::Status;
use tonic::body::Body;
use tonic::codegen::StdError;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity};
use tower::util::BoxCloneSyncService;
use tower::{Service as _, ServiceExt as _};

use super::gate::{REQUEST_ID, current_request_id, fresh_request_id};
use crate::config::Tls;
use crate::error::{Error, Result};

/// Endpoints in this process start so; what follows names the process.
pub(crate) const INPROC: &str = "inproc:";

/// Bytes in flight between two services of one process.
const PIPE: usize = 256 * 1024;

/// Channels that are kept; endpoints of processes that are gone would pile up otherwise.
const MOST_CHANNELS: usize = 64;

/// HTTP/2 flow-control windows: large enough that a stream of documents never waits for one.
pub(crate) const STREAM_WINDOW: u32 = 1 << 20;
/// As [`STREAM_WINDOW`], for all streams of a connection together.
pub(crate) const CONNECTION_WINDOW: u32 = 4 << 20;

/// Connects to endpoints, showing what this process has to show.
#[derive(Clone)]
pub(crate) struct Dialer {
    shared: Arc<Shared>,
}

struct Shared {
    /// Name and channel of this very process.
    own: Option<(String, Channel)>,
    bearer: Option<HeaderValue>,
    tls: Option<ClientTlsConfig>,
    channels: Mutex<HashMap<String, Channel>>,
}

impl Dialer {
    /// A dialer that shows `token`, or the certificate of `tls`; `own` is the way into this process.
    ///
    /// # Errors
    /// If the token is no header value, or a certificate can not be read.
    pub(crate) fn new(
        own: Option<(String, Channel)>,
        token: Option<&str>,
        tls: Option<&Tls>,
    ) -> Result<Self> {
        let bearer = token
            .map(|token| HeaderValue::from_str(&format!("Bearer {token}")))
            .transpose()
            .map_err(|_| Error::Config("the token holds characters that can not be sent".into()))?
            .map(|mut value| {
                value.set_sensitive(true);
                value
            });
        let tls = tls.map(client_tls).transpose()?;
        Ok(Self { shared: Arc::new(Shared { own, bearer, tls, channels: Mutex::default() }) })
    }

    /// The way to an endpoint, or `None` if it is of another process's memory. It connects when it is first used,
    /// and again whenever the connection is lost.
    pub(crate) fn channel(&self, endpoint: &str) -> Option<Result<Channel>> {
        if endpoint.starts_with(INPROC) {
            return self.shared.own.as_ref().filter(|(name, _)| name == endpoint).map(|(_, c)| Ok(c.clone()));
        }
        let mut channels = self.shared.channels.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(channel) = channels.get(endpoint) {
            return Some(Ok(channel.clone()));
        }
        let channel = match self.connect(endpoint) {
            Ok(channel) => channel,
            Err(error) => return Some(Err(error)),
        };
        if channels.len() >= MOST_CHANNELS {
            channels.clear();
        }
        channels.insert(endpoint.to_owned(), channel.clone());
        Some(Ok(channel))
    }

    fn connect(&self, endpoint: &str) -> Result<Channel> {
        let transport = |e: tonic::transport::Error| Error::Transport(e.into());
        let mut built = Endpoint::from_shared(endpoint.to_owned())
            .map_err(transport)?
            .connect_timeout(Duration::from_secs(5))
            .tcp_nodelay(true)
            .http2_keep_alive_interval(Duration::from_secs(20))
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW);
        if endpoint.starts_with("https:") {
            let tls = self.shared.tls.clone().ok_or_else(|| {
                Error::Config(format!("{endpoint} wants mTLS: give --tls-cert, --tls-key and --tls-ca"))
            })?;
            built = built.tls_config(tls).map_err(transport)?;
        }
        Ok(built.connect_lazy())
    }

    /// The way to the first endpoint that can be reached from this process.
    pub(crate) fn first<'e>(&self, endpoints: impl IntoIterator<Item = &'e str>) -> Option<Channel> {
        endpoints.into_iter().find_map(|endpoint| self.channel(endpoint)?.ok())
    }

    /// A peer at a fixed endpoint.
    pub(crate) fn peer(&self, endpoint: &str) -> Peer {
        let dialer = self.clone();
        let endpoint = endpoint.to_owned();
        self.finding(move || {
            let found = match dialer.channel(&endpoint) {
                Some(Ok(channel)) => Ok(channel),
                Some(Err(error)) => Err(format!("{endpoint}: {error}")),
                None => Err(format!("{endpoint} is not of this process")),
            };
            std::future::ready(found)
        })
    }

    /// A peer whose channel is found anew for every request; what keeps it from being found is said as UNAVAILABLE.
    pub(crate) fn finding<F, Fut>(&self, find: F) -> Peer
    where
        F: Fn() -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = std::result::Result<Channel, String>> + Send + 'static,
    {
        let dialer = self.clone();
        BoxCloneSyncService::new(tower::service_fn(move |mut request: Request<Body>| {
            dialer.sign(&mut request);
            let found = find();
            async move {
                let mut channel = found.await.map_err(Status::unavailable)?;
                channel.ready().await.map_err(StdError::from)?.call(request).await.map_err(StdError::from)
            }
        }))
    }

    fn sign(&self, request: &mut Request<Body>) {
        let headers = request.headers_mut();
        if let Some(bearer) = &self.shared.bearer {
            headers.insert(AUTHORIZATION, bearer.clone());
        }
        if !headers.contains_key(REQUEST_ID) {
            headers.insert(REQUEST_ID, current_request_id().unwrap_or_else(fresh_request_id));
        }
    }
}

fn client_tls(tls: &Tls) -> Result<ClientTlsConfig> {
    let (certificate, key, authority) = tls.read()?;
    Ok(ClientTlsConfig::new()
        .identity(Identity::from_pem(certificate, key))
        .ca_certificate(Certificate::from_pem(authority)))
}

/// A way into this process through memory: the channel, and the connections that a server has to accept.
pub(crate) fn in_process() -> (Channel, mpsc::UnboundedReceiver<DuplexStream>) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let connector = tower::service_fn(move |_: http::Uri| {
        let (ours, theirs) = tokio::io::duplex(PIPE);
        let accepted = sender.send(theirs);
        async move {
            accepted.map_err(|_| std::io::Error::from(std::io::ErrorKind::ConnectionRefused))?;
            Ok::<_, std::io::Error>(TokioIo::new(ours))
        }
    });
    let endpoint = Endpoint::from_static("http://inproc")
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW);
    (endpoint.connect_with_connector_lazy(connector), receiver)
}

//! A connection to a server, as a client program of another team would make it.

use std::collections::HashMap;

use anyhow::Result;
use api::Peer;
use api::analysis::analysis_client::AnalysisClient;
use api::analysis::plugins_client::PluginsClient;
use api::registry::registry_client::RegistryClient;
use api::search::search_client::SearchClient;
use api::storage::storage_client::StorageClient;
use tonic::Status;
use tonic::transport::Endpoint;
use tonic_types::StatusExt as _;
use tower::util::BoxCloneSyncService;
use tower::{Service as _, ServiceExt as _};

/// A connection that shows the token with each call.
#[derive(Clone, Debug)]
pub struct Wire {
    peer: Peer,
}

impl Wire {
    /// A connection to `url`; it is made with the first call, within [`block_on`].
    ///
    /// # Errors
    /// If `url` is none.
    pub fn new(url: &str, token: &str) -> Result<Self> {
        let endpoint = Endpoint::from_shared(url.to_owned())?;
        let bearer = format!("Bearer {token}");
        let peer = BoxCloneSyncService::new(tower::service_fn(
            move |mut request: http::Request<tonic::body::Body>| {
                let channel = endpoint.clone();
                let bearer = bearer.clone();
                async move {
                    let mut channel = channel.connect().await?;
                    request.headers_mut().insert("authorization", bearer.parse()?);
                    Ok::<_, tonic::codegen::StdError>(channel.ready().await?.call(request).await?)
                }
            },
        ));
        Ok(Self { peer })
    }

    /// Calls on the log.
    #[must_use]
    pub fn storage(&self) -> StorageClient<Peer> {
        StorageClient::new(self.peer.clone())
            .max_decoding_message_size(16 << 20)
            .max_encoding_message_size(16 << 20)
    }

    /// Calls on the registry.
    #[must_use]
    pub fn registry(&self) -> RegistryClient<Peer> {
        RegistryClient::new(self.peer.clone())
    }

    /// Calls on the dataflow.
    #[must_use]
    pub fn analysis(&self) -> AnalysisClient<Peer> {
        AnalysisClient::new(self.peer.clone())
    }

    /// Calls on the index.
    #[must_use]
    pub fn search(&self) -> SearchClient<Peer> {
        SearchClient::new(self.peer.clone())
    }

    /// Calls on the plugin host.
    #[must_use]
    pub fn plugins(&self) -> PluginsClient<Peer> {
        PluginsClient::new(self.peer.clone())
    }
}

/// The reason that an error carries for programs, and its metadata.
#[must_use]
pub fn reason(status: &Status) -> (String, HashMap<String, String>) {
    status.get_details_error_info().map(|info| (info.reason, info.metadata)).unwrap_or_default()
}

/// Runs calls to their end.
///
/// # Errors
/// Those of the calls.
pub fn block_on<T>(future: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(future)
}

//! The way to a server; the only part of the program that knows gRPC.

mod analysis;
mod brief;
mod derivation;
mod keys;
pub(crate) mod log;
mod records;
mod registry;
mod search;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use api::Peer;
use api::registry::ResolveRequest;
use api::registry::registry_client::RegistryClient;
use tonic::{Code, Status};

pub(crate) use self::brief::Answering;
pub(crate) use self::keys::Carried;
pub(crate) use self::records::{ImportBatch, Importer, Listed};
pub(crate) use self::search::{Malformed, Watch};
use crate::cli::{Connection, TlsArgs};
use crate::failure::{Failure, Kind};

/// The largest message, as the services state it.
const LARGEST_MESSAGE: usize = 16 << 20;

/// A server, and what is needed to reach those that it names.
pub(crate) struct Client {
    url: String,
    token: Option<String>,
    tls: Option<server::Tls>,
    peer: Peer,
}

impl Client {
    /// Finds the server: the one named, or the one that runs on the data folder.
    ///
    /// # Errors
    /// If none is named and none runs, or the token can not be read. It does not connect yet.
    pub(crate) fn new(connection: &Connection) -> Result<Self> {
        let data = data_folder(connection)?;
        let url = match &connection.server {
            Some(url) => url.clone(),
            None => running_on(&data)?,
        };
        let token = token(connection, &data)?;
        let tls = tls(&connection.tls);
        let peer = server::dial(&url, token.as_deref(), tls.as_ref())
            .map_err(|e| Failure::new(Kind::NoServer, format!("{url} can not be reached: {e}")))?;
        Ok(Self { url, token, tls, peer })
    }

    /// The way to a service: the server itself, or, where it does not run it, the one that its registry names.
    async fn service(&self, service: server::ServiceName) -> Result<Peer> {
        if self.serves(service.full_name()).await? {
            return Ok(self.peer.clone());
        }
        let request = ResolveRequest { service: service.full_name().into(), ..Default::default() };
        let found = RegistryClient::new(self.peer.clone()).resolve(request).await;
        let found = found.map_err(|s| self.failure(s))?.into_inner();
        let endpoints = found.instances.iter().flat_map(|i| &i.endpoints);
        let Some(url) = endpoints.into_iter().find(|e| e.starts_with("http")) else {
            let message = format!("{} does not run {} and knows nobody who does", self.url, service.word());
            return Err(Failure::new(Kind::NoServer, message).into());
        };
        Ok(server::dial(url, self.token.as_deref(), self.tls.as_ref())?)
    }

    /// Whether the server runs a service itself.
    async fn serves(&self, service: &str) -> Result<bool> {
        let mut health = tonic_health::pb::health_client::HealthClient::new(self.peer.clone());
        let request = tonic_health::pb::HealthCheckRequest { service: service.into() };
        match health.check(request).await {
            Ok(_) => Ok(true),
            Err(status) if matches!(status.code(), Code::NotFound | Code::Unimplemented) => Ok(false),
            Err(status) => Err(self.failure(status)),
        }
    }

    /// Turns a status into an error for people, with its exit code.
    fn failure(&self, status: Status) -> anyhow::Error {
        let url = &self.url;
        // A status that was made here, of an error of the transport, has a source; one that the server sent has none.
        if std::error::Error::source(&status).is_some() {
            let message = format!("{url} does not answer: {}{}", reason(&status), transport_hint(url));
            return Failure::new(Kind::NoServer, message).into();
        }
        let (kind, message) = match status.code() {
            Code::Unauthenticated => (
                Kind::NoServer,
                format!(
                    "{url} refuses the token: {}; give its file with --token-file, or its folder with --data",
                    status.message()
                ),
            ),
            Code::Unavailable | Code::Unknown => {
                (Kind::NoServer, format!("{url} does not answer: {}", status.message()))
            }
            Code::NotFound => (Kind::NotFound, status.message().to_owned()),
            _ => (Kind::Failed, format!("{url} answers: {}", status.message())),
        };
        Failure::new(kind, message).into()
    }
}

/// What is most often wrong when a connection does not come about.
fn transport_hint(url: &str) -> &'static str {
    if url.starts_with("https:") {
        "; it takes only certificates that its own authority signed, and --tls-ca must name the authority of its own"
    } else {
        "; does it run there, and does it speak http, not https?"
    }
}

/// The innermost cause of a transport error says more than its outermost words.
fn reason(status: &Status) -> String {
    let mut source = std::error::Error::source(status);
    let mut last = None;
    while let Some(cause) = source {
        last = Some(cause.to_string());
        source = cause.source();
    }
    last.unwrap_or_else(|| status.message().to_owned())
}

/// The data folder: the one given, else the usual place of the user's data.
///
/// # Errors
/// If none is given and the user has no home folder.
pub(crate) fn data_folder(connection: &Connection) -> Result<PathBuf> {
    if let Some(data) = &connection.data {
        return Ok(data.clone());
    }
    let base = std::env::var_os("XDG_DATA_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share")));
    base.map(|base| base.join("monazite")).ok_or_else(|| {
        Failure::new(Kind::Usage, "there is no home folder; give a data folder with --data").into()
    })
}

fn running_on(data: &Path) -> Result<String> {
    match std::fs::read_to_string(server::address_file(data)) {
        Ok(url) => Ok(url.trim().to_owned()),
        Err(_) => Err(Failure::new(
            Kind::NoServer,
            format!(
                "no server runs on {}; start one with `monazite up`, or name one with --server",
                data.display()
            ),
        )
        .into()),
    }
}

fn token(connection: &Connection, data: &Path) -> Result<Option<String>> {
    if let Some(file) = &connection.token_file {
        return Ok(Some(server::read_token(file).context("failed to read the token")?));
    }
    let file = server::token_file(data);
    Ok(if file.exists() {
        Some(server::read_token(&file).context("failed to read the token")?)
    } else {
        None
    })
}

/// The identity that the arguments name.
pub(crate) fn tls(args: &TlsArgs) -> Option<server::Tls> {
    let (certificate, key, authority) = (args.tls_cert.clone()?, args.tls_key.clone()?, args.tls_ca.clone()?);
    Some(server::Tls { certificate, key, authority })
}

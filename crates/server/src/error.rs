use std::net::SocketAddr;
use std::path::PathBuf;

/// Why a server could not be built or run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Another process has the data folder open.
    #[error(
        "the data folder {} is in use by another monazite{}; stop it, or give another folder with --data",
        path.display(), holder.map(|pid| format!(" (process {pid})")).unwrap_or_default()
    )]
    InUse {
        /// The folder.
        path: PathBuf,
        /// Process id of the holder, if it left one.
        holder: Option<u32>,
    },
    /// The data folder was written by a newer version.
    #[error(
        "the data folder {} has format {found}, this version reads up to {known}; use a newer monazite",
        path.display()
    )]
    NewerFormat {
        /// The folder.
        path: PathBuf,
        /// Its format.
        found: u32,
        /// The newest that this version knows.
        known: u32,
    },
    /// A file or folder of the data folder can not be used.
    #[error("failed to {action} {}", path.display())]
    Data {
        /// What was tried, such as `create`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The data folder is open to others.
    #[error(
        "{} can be read or written by others (mode {mode:03o}); run `chmod 700` on it, or give another folder",
        path.display()
    )]
    NotPrivate {
        /// The folder.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The address can not be listened on.
    #[error("failed to listen on {address}: {source}; choose another with --listen")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// An address beyond loopback without mTLS.
    #[error(
        "{address} is reachable from other machines, so mTLS is required: give --tls-cert, --tls-key and --tls-ca, \
         or listen on 127.0.0.1"
    )]
    TlsRequired {
        /// The address.
        address: SocketAddr,
    },
    /// The configuration contradicts itself.
    #[error("{0}")]
    Config(String),
    /// A certificate, key or endpoint can not be used.
    #[error("failed to set up the transport")]
    Transport(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The store could not be opened.
    #[error("failed to open the store")]
    Store(#[from] kv::Error),
    /// The log could not be opened.
    #[error("failed to open the log")]
    Storage(#[from] storage::Error),
    /// The registry could not be opened.
    #[error("failed to open the registry")]
    Registry(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The plugin host could not be started.
    #[error("failed to start the plugin host")]
    Plugins(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The result of building or running a server.
pub type Result<T> = std::result::Result<T, Error>;

//! Why a library is rejected, and what can go wrong with the host itself.

use std::path::PathBuf;

/// Why a library is not served. Tells which of its parts is at fault; the path stands beside it wherever it is shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rejection {
    /// The file or its folder could be changed by somebody else.
    #[error("unsafe file: {0}")]
    UnsafeFile(String),
    /// The dynamic loader refused it.
    #[error("not loadable: {0}")]
    NotLoadable(String),
    /// It is a library, but no plugin.
    #[error("missing symbol: it does not export `monazite_entry`; is it a Monazite plugin?")]
    MissingSymbol,
    /// It speaks another version of the contract.
    #[error(
        "wrong ABI: it speaks version {theirs}, this host version {ours}; build it again with the SDK of this release"
    )]
    WrongAbi {
        /// The library's major version.
        theirs: u16,
        /// The host's.
        ours: u16,
    },
    /// A struct of it is shorter than its version says, or lacks a required function.
    #[error("broken ABI: {0}")]
    BrokenAbi(String),
    /// It refused to start.
    #[error("not started: its `init` answered status {0}")]
    InitFailed(i32),
    /// A manifest can not be read or breaks a rule.
    #[error("unreadable manifest: {0}")]
    Manifest(String),
    /// A config can not be read, or the analyzer refused it.
    #[error("refused config: {0}")]
    Config(String),
    /// Its worker could not serve for a reason that is not the library's.
    #[error("could not serve: {0}")]
    Worker(String),
}

/// What can go wrong with the host itself.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HostError {
    /// A path can not be used.
    #[error("failed to use {}: {source}", path.display())]
    Path {
        /// The path.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The folder for sockets is open to others.
    #[error("the folder for sockets {} {reason}; make it yours alone (chmod 700)", path.display())]
    SocketDir {
        /// The folder.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A socket's path would be longer than the system takes.
    #[error(
        "the folder for sockets {} has a path too long for Unix sockets ({length} bytes with the file's name, at most {limit}); \
         choose a shorter one",
        path.display()
    )]
    SocketPathTooLong {
        /// The folder.
        path: PathBuf,
        /// Bytes of a whole socket path.
        length: usize,
        /// The most that the system takes.
        limit: usize,
    },
    /// No program to run workers with.
    #[error("no worker command was given")]
    NoWorkerCommand,
}

/// What the registry answered, or why it did not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// It can not be reached, did not answer in time, or is being stopped. Asking again may help.
    #[error("the registry is away: {message}")]
    Away {
        /// What happened.
        message: String,
    },
    /// A newer incarnation of the instance is registered.
    #[error("a newer incarnation is registered ({message}); this one must stop")]
    Fenced {
        /// What the registry said.
        message: String,
    },
    /// The lease is gone.
    #[error("the lease is gone")]
    LeaseExpired,
    /// The registry does not keep the changes since then any more.
    #[error("changes since then are not kept")]
    Compacted,
    /// The changes were read too slowly.
    #[error("changes were read too slowly")]
    TooSlow,
    /// The registry refuses what was said.
    #[error("the registry refuses: {message}")]
    Refused {
        /// Why.
        message: String,
    },
    /// The announcer was stopped.
    #[error("the announcer was stopped")]
    Stopped,
}

/// The result of a call on the registry.
pub type Result<T> = std::result::Result<T, Error>;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::error::{Error, Result};

/// A service that a process can run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ServiceName {
    /// The log.
    Storage,
    /// Who provides what.
    Registry,
    /// The dataflow.
    Analysis,
    /// The plugin host.
    Plugins,
    /// The index of the log.
    Search,
}

impl ServiceName {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Storage, Self::Registry, Self::Analysis, Self::Plugins, Self::Search];

    /// The word for it on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Storage => "storage",
            Self::Registry => "registry",
            Self::Analysis => "analysis",
            Self::Plugins => "plugins",
            Self::Search => "search",
        }
    }

    /// Full name of its gRPC service.
    #[must_use]
    pub fn full_name(self) -> &'static str {
        match self {
            Self::Storage => "monazite.storage.v1.Storage",
            Self::Registry => "monazite.registry.v1.Registry",
            Self::Analysis => "monazite.analysis.v1.Analysis",
            Self::Plugins => "monazite.analysis.v1.Plugins",
            Self::Search => "monazite.search.v1.Search",
        }
    }
}

impl std::str::FromStr for ServiceName {
    type Err = String;

    fn from_str(word: &str) -> std::result::Result<Self, String> {
        Self::ALL.into_iter().find(|s| s.word() == word).ok_or_else(|| {
            format!("`{word}` is no service; there are storage, registry, analysis, plugins and search")
        })
    }
}

/// Files of an mTLS identity, in PEM.
#[derive(Clone, Debug)]
pub struct Tls {
    /// This process's certificate chain.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
    /// The authority that signs the certificates of those who may call.
    pub authority: PathBuf,
}

impl Tls {
    /// Certificate, key and authority.
    ///
    /// # Errors
    /// If one can not be read.
    pub(crate) fn read(&self) -> Result<(Vec<u8>, Vec<u8>, Vec<u8>)> {
        let read = |path: &PathBuf| {
            std::fs::read(path).map_err(|source| Error::Data { action: "read", path: path.clone(), source })
        };
        Ok((read(&self.certificate)?, read(&self.key)?, read(&self.authority)?))
    }
}

/// What to run, where.
#[derive(Clone, Debug)]
pub struct Config {
    /// The data folder.
    pub data: PathBuf,
    /// The services to run.
    pub services: BTreeSet<ServiceName>,
    /// Where to listen; port 0 takes any.
    pub listen: SocketAddr,
    /// The address that others are told, if it is not the one listened on.
    pub advertise: Option<String>,
    /// Where the registry is, if it is not among the services.
    pub registry: Option<String>,
    /// Identity for mTLS; required beyond loopback.
    pub tls: Option<Tls>,
    /// File of the token that services of other processes share with this one; by default that of the data folder.
    pub token_file: Option<PathBuf>,
    /// Folders of plugins.
    pub plugins: Vec<PathBuf>,
    /// Program and first arguments of a plugin's worker process.
    pub worker_command: Vec<std::ffi::OsString>,
    /// How long a shutdown may take.
    pub grace: Duration,
}

impl Config {
    /// Refuses what can not work or is not safe.
    ///
    /// # Errors
    /// [`Error::TlsRequired`] for an address beyond loopback without mTLS; [`Error::Config`] if nothing is to be run
    /// or the registry is unknown.
    pub fn check(&self) -> Result<()> {
        if !self.listen.ip().is_loopback() && self.tls.is_none() {
            return Err(Error::TlsRequired { address: self.listen });
        }
        if self.services.is_empty() {
            return Err(Error::Config("no service is to be run; name some with --services".into()));
        }
        let own = self.services.contains(&ServiceName::Registry);
        match (&self.registry, own) {
            (None, false) => Err(Error::Config(
                "services run apart find each other through the registry: say where it is with --registry URL".into(),
            )),
            (Some(_), true) => {
                Err(Error::Config("--registry names another registry, but --services runs one here".into()))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(services: &[ServiceName], listen: &str, registry: Option<&str>) -> Config {
        Config {
            data: PathBuf::new(),
            services: services.iter().copied().collect(),
            listen: listen.parse().expect("an address of a test is one"),
            advertise: None,
            registry: registry.map(Into::into),
            tls: None,
            token_file: None,
            plugins: Vec::new(),
            worker_command: Vec::new(),
            grace: Duration::ZERO,
        }
    }

    #[test]
    fn what_is_unsafe_or_can_not_work_is_refused() {
        use ServiceName::{Registry, Storage};
        assert!(config(&[Storage, Registry], "127.0.0.1:0", None).check().is_ok());
        assert!(config(&[Storage], "127.0.0.1:0", Some("http://127.0.0.1:1")).check().is_ok());
        assert!(matches!(config(&[Registry], "0.0.0.0:0", None).check(), Err(Error::TlsRequired { .. })));
        assert!(matches!(config(&[Storage], "127.0.0.1:0", None).check(), Err(Error::Config(_))));
        assert!(matches!(config(&[], "127.0.0.1:0", None).check(), Err(Error::Config(_))));
        assert!(matches!(
            config(&[Registry], "127.0.0.1:0", Some("http://h")).check(),
            Err(Error::Config(_))
        ));
    }

    #[test]
    fn every_service_has_a_word() {
        for service in ServiceName::ALL {
            assert_eq!(service.word().parse(), Ok(service));
        }
        assert!("find".parse::<ServiceName>().is_err());
    }
}

//! The plugin host: finds libraries and keeps a worker for each.

use std::ffi::OsString;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use api::analysis::{Plugin, PluginState, ServedAnalyzer};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::announce::Announce;
use crate::error::HostError;
use crate::folder;
use crate::supervisor::{self, Cell};

/// Most bytes of a Unix socket's path: 108 on Linux, 104 on others, with a null byte.
const MAX_SOCKET_PATH: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// What a host needs.
#[derive(Debug, Clone)]
pub struct HostConfig {
    /// Folders whose libraries are loaded.
    pub folders: Vec<PathBuf>,
    /// Folder with one `{analyzer}.json` for each analyzer that has a config.
    pub config_dir: Option<PathBuf>,
    /// Program and leading arguments that run a worker, such as `monazite plugin-worker`; the arguments of
    /// [`WorkerArgs`](crate::worker::WorkerArgs) follow.
    pub worker_command: Vec<OsString>,
    /// Folder for sockets and temporary files; made with mode 0700 if it is missing, refused if others can enter it.
    pub socket_dir: PathBuf,
    /// How workers are restarted.
    pub restart: Restart,
    /// How long a library may take to load.
    pub load_timeout: Duration,
    /// How long workers get to finish their calls when the host stops.
    pub drain_grace: Duration,
}

impl HostConfig {
    /// A host without folders, with defaults for the rest.
    #[must_use]
    pub fn new(worker_command: Vec<OsString>, socket_dir: PathBuf) -> Self {
        Self {
            folders: Vec::new(),
            config_dir: None,
            worker_command,
            socket_dir,
            restart: Restart::default(),
            load_timeout: Duration::from_secs(60),
            drain_grace: Duration::from_secs(10),
        }
    }
}

/// How workers are restarted: the first time at once, then after a pause that doubles each time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restart {
    /// The first pause.
    pub first_pause: Duration,
    /// The longest pause.
    pub longest_pause: Duration,
    /// A worker that served this long starts over: its next restart is at once.
    pub healthy_after: Duration,
    /// After so many crashes in a row while it loads, a library is rejected.
    pub load_attempts: u32,
}

impl Default for Restart {
    fn default() -> Self {
        Self {
            first_pause: Duration::from_millis(100),
            longest_pause: Duration::from_secs(30),
            healthy_after: Duration::from_secs(10),
            load_attempts: 3,
        }
    }
}

/// A running host. Clones are the same host; it ends with [`stop`](Self::stop), or when the last clone is dropped.
#[derive(Clone)]
pub struct Host {
    inner: Arc<Inner>,
}

struct Inner {
    shared: Arc<Shared>,
    tasks: Mutex<JoinSet<()>>,
}

/// What the supervisors of all workers share.
pub(crate) struct Shared {
    pub(crate) config: HostConfig,
    pub(crate) announce: Arc<dyn Announce>,
    pub(crate) cells: Vec<Arc<Cell>>,
    pub(crate) changed: watch::Sender<()>,
    /// Held while it is checked that no two libraries provide one analyzer.
    pub(crate) claims: Mutex<()>,
    pub(crate) stop: CancellationToken,
}

impl Host {
    /// Finds the libraries in the config's folders and starts a worker for each. Returns at once; what becomes of each
    /// library is told by [`plugins`](Self::plugins), also if it is rejected.
    ///
    /// # Errors
    /// [`HostError`] if a folder can not be read, or the folder for sockets can not be used.
    pub fn start(mut config: HostConfig, announce: Arc<dyn Announce>) -> Result<Self, HostError> {
        let program = config.worker_command.first_mut().ok_or(HostError::NoWorkerCommand)?;
        // Workers run in another folder, so a relative path would lead elsewhere.
        if Path::new(program).components().count() > 1 {
            let path = PathBuf::from(&*program);
            *program = path.canonicalize().map_err(|source| HostError::Path { path, source })?.into();
        }
        config.socket_dir = private_dir(&config.socket_dir)?;
        if let Some(dir) = &mut config.config_dir {
            *dir =
                std::path::absolute(&*dir).map_err(|source| HostError::Path { path: dir.clone(), source })?;
        }
        let mut libraries = Vec::new();
        for folder in &config.folders {
            libraries.extend(folder::scan(folder)?);
        }
        libraries.dedup();
        let cells = libraries
            .into_iter()
            .map(|library| Cell::new(library, &config.socket_dir).map(Arc::new))
            .collect::<Result<Vec<_>, _>>()?;
        let changed = watch::Sender::new(());
        let (claims, stop) = (Mutex::new(()), CancellationToken::new());
        let shared = Arc::new(Shared { config, announce, cells, changed, claims, stop });
        let mut tasks = JoinSet::new();
        for cell in &shared.cells {
            tasks.spawn(supervisor::supervise(Arc::clone(&shared), Arc::clone(cell)));
        }
        Ok(Self { inner: Arc::new(Inner { shared, tasks: Mutex::new(tasks) }) })
    }

    /// Every library that was found, and what became of it, in order of folders and paths.
    #[must_use]
    pub fn plugins(&self) -> Vec<Plugin> {
        self.inner.shared.cells.iter().map(|cell| cell.plugin()).collect()
    }

    /// Whether [`stop`](Self::stop) was called.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.inner.shared.stop.is_cancelled()
    }

    /// Cancelled when [`stop`](Self::stop) is called.
    pub(crate) fn stopping(&self) -> CancellationToken {
        self.inner.shared.stop.clone()
    }

    /// What running workers serve.
    pub(crate) fn served(&self) -> Vec<ServedAnalyzer> {
        self.inner.shared.cells.iter().flat_map(|cell| cell.served()).collect()
    }

    /// The socket of the running worker that serves an analyzer with this config.
    pub(crate) fn socket_of(&self, analyzer: &str, version: &str, config_digest: &str) -> Option<PathBuf> {
        self.inner.shared.cells.iter().find_map(|cell| cell.socket_of(analyzer, version, config_digest))
    }

    /// Waits until `condition` holds for the plugins.
    pub async fn wait_until(&self, mut condition: impl FnMut(&[Plugin]) -> bool) {
        let mut changed = self.inner.shared.changed.subscribe();
        // The sender lives as long as `self`, so waiting does not fail.
        while !condition(&self.plugins()) && changed.changed().await.is_ok() {}
    }

    /// Waits until every library serves, was rejected, or failed at least once.
    pub async fn settled(&self) {
        self.wait_until(|plugins| plugins.iter().all(|plugin| plugin.state() != PluginState::Starting)).await;
    }

    /// Stops all workers: they finish the calls they have, within the config's grace. Returns when all have ended.
    pub async fn stop(&self) {
        self.inner.shared.stop.cancel();
        let mut tasks = std::mem::take(&mut *self.inner.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        while tasks.join_next().await.is_some() {}
    }
}

impl std::fmt::Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Host").field("config", &self.inner.shared.config).finish_non_exhaustive()
    }
}

/// Makes a folder for this user alone, or checks one that is there.
fn private_dir(path: &Path) -> Result<PathBuf, HostError> {
    let fail = |source| HostError::Path { path: path.to_owned(), source };
    match std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(fail(error)),
        _ => {}
    }
    let path = path.canonicalize().map_err(fail)?;
    let metadata = path.metadata().map_err(fail)?;
    let refuse = |reason: String| Err(HostError::SocketDir { path: path.clone(), reason });
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return refuse(format!("belongs to user {}", metadata.uid()));
    }
    if metadata.mode() & 0o077 != 0 {
        return refuse(format!("is open to others (mode {:o})", metadata.mode() & 0o777));
    }
    let length = path.as_os_str().len() + "/".len() + supervisor::SOCKET_NAME_BYTES;
    if length > MAX_SOCKET_PATH {
        return Err(HostError::SocketPathTooLong { path, length, limit: MAX_SOCKET_PATH });
    }
    Ok(path)
}

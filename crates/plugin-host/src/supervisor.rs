//! Keeps one worker running: starts it, tells the world, and starts it again when it ends.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use api::analysis::{Plugin, PluginState, ServedAnalyzer};
use api::registry::{Instance, ProvidedAnalyzer, ServingState};
use prost::Name as _;

use crate::error::HostError;
use crate::events::{Event, described};
use crate::folder;
use crate::host::{Restart, Shared};
use crate::process::{News, Worker};

/// Bytes of a socket's file name: 12 hexadecimal digits and `.sock`.
pub(crate) const SOCKET_NAME_BYTES: usize = 17;

/// One library and what became of it.
pub(crate) struct Cell {
    library: PathBuf,
    socket: PathBuf,
    temp: PathBuf,
    instance_id: String,
    plugin: Mutex<Plugin>,
}

impl Cell {
    pub(crate) fn new(library: PathBuf, socket_dir: &Path) -> Result<Self, HostError> {
        // From the path, so that a restarted host finds the sockets of the one before and replaces them.
        let hash = blake3::hash(library.as_os_str().as_encoded_bytes()).to_hex();
        let socket = socket_dir.join(format!("{}.sock", &hash[..12]));
        let temp = socket_dir.join(format!("{}.tmp", &hash[..12]));
        let fail = |source| HostError::Path { path: temp.clone(), source };
        match std::fs::remove_dir_all(&temp) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(fail(error)),
            _ => std::fs::create_dir_all(&temp).map_err(fail)?,
        }
        let mut place = blake3::Hasher::new();
        place.update(rustix::system::uname().nodename().to_bytes());
        place.update(socket.as_os_str().as_encoded_bytes());
        let stem = library.file_stem().unwrap_or_default().to_string_lossy();
        let instance_id = format!("plugin-{stem}-{}", &place.finalize().to_hex()[..12]);
        let plugin = Plugin {
            path: library.to_string_lossy().into_owned(),
            state: PluginState::Starting.into(),
            ..Plugin::default()
        };
        Ok(Self { library, socket, temp, instance_id, plugin: Mutex::new(plugin) })
    }

    pub(crate) fn plugin(&self) -> Plugin {
        self.plugin.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What its worker serves; nothing while there is none.
    pub(crate) fn served(&self) -> Vec<ServedAnalyzer> {
        let plugin = self.plugin.lock().unwrap_or_else(PoisonError::into_inner);
        if is_up(&plugin) { plugin.analyzers.clone() } else { Vec::new() }
    }

    /// Its socket, if its worker serves this analyzer with this config.
    pub(crate) fn socket_of(&self, analyzer: &str, version: &str, config_digest: &str) -> Option<PathBuf> {
        let plugin = self.plugin.lock().unwrap_or_else(PoisonError::into_inner);
        let serves = |served: &ServedAnalyzer| {
            served.config_digest == config_digest
                && served.manifest.as_ref().is_some_and(|m| m.name == analyzer && m.version == version)
        };
        (is_up(&plugin) && plugin.analyzers.iter().any(serves)).then(|| self.socket.clone())
    }

    fn change(&self, shared: &Shared, change: impl FnOnce(&mut Plugin)) {
        change(&mut self.plugin.lock().unwrap_or_else(PoisonError::into_inner));
        shared.changed.send_replace(());
    }

    fn set(&self, shared: &Shared, state: PluginState, message: &str) {
        self.change(shared, |plugin| {
            plugin.set_state(state);
            message.clone_into(&mut plugin.message);
            if !matches!(state, PluginState::Serving | PluginState::Stopping) {
                plugin.pid = 0;
            }
        });
    }
}

/// Whether there is a worker that takes calls. The world may hear of it a moment before the plugin counts as serving.
fn is_up(plugin: &Plugin) -> bool {
    plugin.pid != 0 && matches!(plugin.state(), PluginState::Starting | PluginState::Serving)
}

/// How one run of a worker ended.
enum Ended {
    /// It is not to be started again.
    Rejected(String),
    /// It ended before it served.
    Unborn(String),
    /// It ended after serving for so long.
    Crashed(String, Duration),
    /// The host stops.
    Stopped,
}

/// Keeps a worker for one library until the host stops or the library is rejected.
pub(crate) async fn supervise(shared: Arc<Shared>, cell: Arc<Cell>) {
    let mut pauses = Pauses::new(shared.config.restart);
    let mut unborn = 0;
    loop {
        let ended = run_once(&shared, &cell).await;
        let why = match ended {
            Ended::Stopped => return,
            Ended::Rejected(why) => return reject(&shared, &cell, &why).await,
            Ended::Unborn(why) => {
                unborn += 1;
                if unborn >= shared.config.restart.load_attempts {
                    let why = format!("its process {why} while it loaded, {unborn} times");
                    return reject(&shared, &cell, &why).await;
                }
                why
            }
            Ended::Crashed(why, served) => {
                unborn = 0;
                pauses.served(served);
                why
            }
        };
        let pause = pauses.next();
        tracing::warn!(plugin = %cell.library.display(), ?pause, "the worker {why}; it is started again");
        let (state, message) = if pause.is_zero() {
            (PluginState::Starting, format!("its process {why}"))
        } else {
            (
                PluginState::BackingOff,
                format!("its process {why}; it starts again after {} ms", pause.as_millis()),
            )
        };
        cell.change(&shared, |plugin| {
            plugin.restarts += 1;
            plugin.pid = 0;
            plugin.set_state(state);
            plugin.message = message;
        });
        if pause.is_zero() {
            continue;
        }
        shared.announce.gone(&cell.instance_id).await;
        tokio::select! {
            () = tokio::time::sleep(pause) => cell.change(&shared, |plugin| plugin.set_state(PluginState::Starting)),
            () = shared.stop.cancelled() => return cell.set(&shared, PluginState::Stopping, ""),
        }
    }
}

async fn reject(shared: &Shared, cell: &Cell, why: &str) {
    tracing::error!(plugin = %cell.library.display(), "the library is rejected: {why}");
    cell.change(shared, |plugin| plugin.analyzers.clear());
    cell.set(shared, PluginState::Rejected, why);
    shared.announce.gone(&cell.instance_id).await;
}

/// Starts a worker and stays with it until it ends.
async fn run_once(shared: &Arc<Shared>, cell: &Arc<Cell>) -> Ended {
    // Every time, because the file may have been replaced meanwhile.
    if let Err(rejection) = folder::check_safe(&cell.library) {
        return Ended::Rejected(rejection.to_string());
    }
    let config = &shared.config;
    let worker = Worker::spawn(
        &config.worker_command,
        &cell.library,
        &cell.socket,
        config.config_dir.as_deref(),
        &cell.temp,
    );
    let mut worker = match worker {
        Ok(worker) => worker,
        Err(error) => return Ended::Unborn(format!("could not be started: {error}")),
    };
    let analyzers = tokio::select! {
        handshake = tokio::time::timeout(config.load_timeout, handshake(&mut worker)) => match handshake {
            Ok(Ok(analyzers)) => analyzers,
            Ok(Err(ended)) => return ended,
            Err(_) => return Ended::Unborn(format!("was not ready after {} ms", config.load_timeout.as_millis())),
        },
        () = shared.stop.cancelled() => {
            cell.set(shared, PluginState::Stopping, "");
            return Ended::Stopped;
        }
    };
    if let Err(why) = claim(shared, cell, &analyzers, worker.pid()) {
        return Ended::Rejected(why);
    }
    let started = Instant::now();
    tokio::spawn(digest_file(Arc::clone(shared), Arc::clone(cell)));
    let instance = instance(cell, &analyzers);
    let mut announcing = Some(shared.announce.serving(&instance, &analyzers));
    let mut blamed = None;
    loop {
        let announced = async {
            match &mut announcing {
                Some(announcing) => announcing.await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            result = announced => {
                announcing = None;
                match result {
                    Ok(()) => cell.set(shared, PluginState::Serving, ""),
                    Err(why) => return Ended::Rejected(format!("refused by the registry: {why}")),
                }
            }
            news = worker.news() => match news {
                News::Event(event) => blamed = hear(cell, event).or(blamed),
                News::Ended(how) => return Ended::Crashed(blamed.unwrap_or(how), started.elapsed()),
            },
            () = shared.stop.cancelled() => {
                cell.set(shared, PluginState::Stopping, "");
                shared.announce.gone(&cell.instance_id).await;
                worker.drain(config.drain_grace).await;
                cell.change(shared, |plugin| plugin.pid = 0);
                return Ended::Stopped;
            }
        }
    }
}

/// Waits until the worker serves or tells why it does not.
async fn handshake(worker: &mut Worker) -> Result<Vec<ServedAnalyzer>, Ended> {
    loop {
        match worker.news().await {
            News::Event(Event::Serving { describe }) => {
                return described(&describe)
                    .ok_or_else(|| Ended::Rejected("its worker told nonsense about what it serves".into()));
            }
            News::Event(Event::Rejected { message }) => return Err(Ended::Rejected(message)),
            News::Event(Event::Log { analyzer, level, message }) => log(&analyzer, level, &message),
            News::Event(Event::Deadline { .. }) => {}
            News::Ended(how) => return Err(Ended::Unborn(how)),
        }
    }
}

/// Passes on what a serving worker tells; answers who is to blame for its end, if it tells that.
fn hear(cell: &Cell, event: Event) -> Option<String> {
    match event {
        Event::Log { analyzer, level, message } => {
            log(&analyzer, level, &message);
            None
        }
        Event::Deadline { analyzer, version, group } => {
            tracing::error!(plugin = %cell.library.display(), analyzer, version, group, "a call is over its deadline");
            Some(format!("was ended because {analyzer} {version} went over its deadline on {group}"))
        }
        Event::Rejected { message } => Some(format!("gave up: {message}")),
        Event::Serving { .. } => None,
    }
}

fn log(analyzer: &str, level: u32, message: &str) {
    match level {
        1 => tracing::error!(analyzer, "{message}"),
        2 => tracing::warn!(analyzer, "{message}"),
        3 => tracing::info!(analyzer, "{message}"),
        _ => tracing::debug!(analyzer, "{message}"),
    }
}

/// Notes what the worker provides, unless another library provides one of it already: the first to serve wins.
fn claim(shared: &Shared, cell: &Cell, analyzers: &[ServedAnalyzer], pid: u32) -> Result<(), String> {
    let _held = shared.claims.lock().unwrap_or_else(PoisonError::into_inner);
    let id = |served: &ServedAnalyzer| {
        served.manifest.as_ref().map(|manifest| (manifest.name.clone(), manifest.version.clone()))
    };
    for other in shared.cells.iter().filter(|other| other.library != cell.library) {
        let other = other.plugin();
        let theirs: Vec<_> = other.analyzers.iter().filter_map(id).collect();
        if let Some((name, version)) = analyzers.iter().filter_map(id).find(|ours| theirs.contains(ours)) {
            return Err(format!("{name} {version} is already provided by {}; remove one", other.path));
        }
    }
    cell.change(shared, |plugin| {
        // A worker that was restarted at once is still known to the world.
        let is_known = plugin.state() == PluginState::Starting && !plugin.analyzers.is_empty();
        plugin.analyzers = analyzers.to_vec();
        plugin.pid = pid;
        if is_known {
            plugin.set_state(PluginState::Serving);
        }
    });
    Ok(())
}

fn instance(cell: &Cell, analyzers: &[ServedAnalyzer]) -> Instance {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let provided = analyzers.iter().filter_map(|served| {
        let manifest = served.manifest.as_ref()?;
        Some(ProvidedAnalyzer {
            name: manifest.name.clone(),
            version: manifest.version.clone(),
            config_digest: served.config_digest.clone(),
        })
    });
    Instance {
        instance_id: cell.instance_id.clone(),
        incarnation: i64::try_from(now.as_micros()).unwrap_or(i64::MAX),
        service: format!("{}.Analyzer", api::analysis::Manifest::PACKAGE),
        endpoints: vec![format!("unix:{}", cell.socket.display())],
        analyzers: provided.collect(),
        metadata: [("library".to_owned(), cell.plugin().path)].into(),
        state: ServingState::Serving.into(),
        version: env!("CARGO_PKG_VERSION").into(),
        ..Instance::default()
    }
}

/// Fills in the digest of the file, apart, because a library may be large and the worker is already needed.
async fn digest_file(shared: Arc<Shared>, cell: Arc<Cell>) {
    let path = cell.library.clone();
    let hash = tokio::task::spawn_blocking(move || {
        let mut hasher = blake3::Hasher::new();
        std::io::copy(&mut std::fs::File::open(path)?, &mut hasher)?;
        std::io::Result::Ok(hasher.finalize().to_hex().to_string())
    });
    if let Ok(Ok(hash)) = hash.await {
        cell.change(&shared, |plugin| plugin.digest = hash);
    }
}

/// How long to wait before each restart.
struct Pauses {
    restart: Restart,
    next: Duration,
}

impl Pauses {
    fn new(restart: Restart) -> Self {
        Self { restart, next: Duration::ZERO }
    }

    /// A worker that served long enough starts over.
    fn served(&mut self, time: Duration) {
        if time >= self.restart.healthy_after {
            self.next = Duration::ZERO;
        }
    }

    fn next(&mut self) -> Duration {
        let pause = self.next;
        self.next = (pause * 2).max(self.restart.first_pause).min(self.restart.longest_pause);
        pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_start_over() {
        let second = Duration::from_secs;
        let restart = Restart {
            first_pause: second(1),
            longest_pause: second(5),
            healthy_after: second(60),
            load_attempts: 3,
        };
        let mut pauses = Pauses::new(restart);
        let seen: Vec<u64> = (0..5).map(|_| pauses.next().as_secs()).collect();
        assert_eq!(seen, [0, 1, 2, 4, 5]);
        pauses.served(second(59));
        assert_eq!(pauses.next(), second(5));
        pauses.served(second(60));
        assert_eq!(pauses.next(), second(0));
    }

    #[test]
    fn the_longest_pause_wins_over_the_first() {
        let second = Duration::from_secs;
        let mut pauses =
            Pauses::new(Restart { first_pause: second(9), longest_pause: second(5), ..Restart::default() });
        assert_eq!([pauses.next(), pauses.next(), pauses.next()], [second(0), second(5), second(5)]);
    }
}

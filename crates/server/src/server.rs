//! One process of Monazite, from its data folder to its last answer.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use api::analysis::PluginState;
use api::registry::{Instance, ServingState};
use futures::future::join_all;
use registry_client::Announcer;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::config::{Config, ServiceName};
use crate::data::{DataFolder, read_token};
use crate::error::{Error, Result};
use crate::grpc::dialer::{Dialer, INPROC, in_process};
use crate::grpc::gate::Admission;
use crate::grpc::routes::Table;
use crate::grpc::serve;
use crate::peers::{Herald, Peers};

/// How long analyses that are under way may take to be finished and committed when the server stops.
const LAST_WORK: Duration = Duration::from_secs(2);

/// How long clients may take to receive their last answers when the server stops.
const LAST_ANSWERS: Duration = Duration::from_secs(1);

/// How long plugins may take to load before the server says that it is ready all the same.
const LOAD_PATIENCE: Duration = Duration::from_secs(90);

/// How long a registry elsewhere may take to know the services before the server says that it is ready all the same.
const REGISTRY_PATIENCE: Duration = Duration::from_secs(10);

/// A running process.
pub struct Server {
    url: String,
    parts: Parts,
    /// Takes the first error of a serving task.
    errors: tokio::sync::Mutex<mpsc::Receiver<Error>>,
    stop_serving: CancellationToken,
    stop_work: CancellationToken,
    /// The serving tasks, and for each what is cancelled once it has ended.
    tasks: Vec<tokio::task::AbortHandle>,
    serving: Vec<CancellationToken>,
    announced: Vec<Announcer>,
    table: Table,
    grace: Duration,
    data: DataFolder,
}

/// The services that run here.
#[derive(Default)]
struct Parts {
    storage: Option<storage::Storage>,
    registry: Option<registry::Registry>,
    analysis: Option<analysis::Analysis>,
    search: Option<search::Search>,
    host: Option<(plugin_host::Host, Arc<Herald>)>,
}

impl Server {
    /// Opens the data folder, starts the services, and tells the registry about them. It listens when this returns.
    ///
    /// # Errors
    /// Whatever keeps it from running; see [`Error`]. Nothing is left running then.
    pub async fn start(config: Config) -> Result<Self> {
        config.check()?;
        let data = DataFolder::open(&config.data)?;
        let (listener, address) = serve::listen(config.listen).await?;
        let url = config.advertise.clone().unwrap_or_else(|| url(address, config.tls.is_some()));
        let token = match &config.token_file {
            Some(file) => read_token(file)?,
            None => data.token().to_owned(),
        };
        let own = format!("{INPROC}{}", std::process::id());
        let (channel, connections) = in_process();
        let dialer = Dialer::new(Some((own.clone(), channel)), Some(&token), config.tls.as_ref())?;
        let peers = Peers::new(dialer, config.registry.as_deref().unwrap_or(&own));

        let mut table = Table::new()?;
        let stop_work = CancellationToken::new();
        let parts = Parts::start(&config, &data, &peers, &url, &stop_work, &mut table).await?;
        let admission = if config.tls.is_some() { Admission::Certificate } else { Admission::Token(token) };
        let stop_serving = CancellationToken::new();
        let tcp =
            serve::over_tcp(listener, table.routes(), admission, config.tls.as_ref(), stop_serving.clone())?;
        let memory = serve::in_memory(connections, table.routes(), stop_serving.clone());
        let (failed, errors) = mpsc::channel(2);
        let tasks = [tcp.abort_handle(), memory.abort_handle()].into();
        let serving = [tcp, memory].map(|task| watch(task, failed.clone())).into();

        let endpoints = vec![own, url.clone()];
        let announced =
            config.services.iter().map(|s| peers.announce(instance(*s, &data, endpoints.clone()))).collect();
        let server = Self {
            url,
            parts,
            errors: tokio::sync::Mutex::new(errors),
            stop_serving,
            stop_work,
            tasks,
            serving,
            announced,
            table,
            grace: config.grace,
            data,
        };
        if let Err(error) = server.become_ready(config.registry.is_none()).await {
            server.stop().await;
            return Err(error);
        }
        Ok(server)
    }

    /// Waits until the services are known and the plugins are loaded. A registry elsewhere may come later: it is waited for
    /// a while, so that who is told that this server is ready finds it there, and not for ever.
    async fn become_ready(&self, registry_here: bool) -> Result<()> {
        if registry_here {
            for announcer in &self.announced {
                announcer.registered().await.map_err(|e| Error::Registry(e.into()))?;
            }
            if let Some((host, _)) = &self.parts.host
                && tokio::time::timeout(LOAD_PATIENCE, host.settled()).await.is_err()
            {
                tracing::warn!("some plugins are still loading; `monazite plugins` tells which");
            }
        } else {
            let registered = join_all(self.announced.iter().map(Announcer::registered));
            match tokio::time::timeout(REGISTRY_PATIENCE, registered).await {
                Ok(results) => {
                    // It goes on asking: what the registry refuses now it may grant once an earlier lease has run out.
                    for error in results.into_iter().filter_map(std::result::Result::err) {
                        tracing::warn!(%error, "the registry does not know this server yet");
                    }
                }
                Err(_) => tracing::warn!(
                    "the registry does not answer yet; the services are announced once it does"
                ),
            }
        }
        self.table.serving(true).await;
        self.data.leave_address(&self.url)
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What runs, for people: `4 services, 2 analyzers`.
    #[must_use]
    pub fn summary(&self) -> String {
        let mut text = counted(self.announced.len(), "service");
        if let Some((host, _)) = &self.parts.host {
            let plugins = host.plugins();
            let rejected = plugins.iter().filter(|p| p.state() == PluginState::Rejected).count();
            let analyzers = plugins.iter().map(|p| p.analyzers.len()).sum();
            text.push_str(", ");
            text.push_str(&counted(analyzers, "analyzer"));
            if rejected > 0 {
                text.push_str(&format!(
                    " ({} rejected, see `monazite plugins`)",
                    counted(rejected, "library")
                ));
            }
        }
        text
    }

    /// Returns when the transport breaks, which it does not in good health.
    pub async fn failed(&self) -> Error {
        match self.errors.lock().await.recv().await {
            Some(error) => error,
            None => std::future::pending().await,
        }
    }

    /// Drains and stops everything: no new calls, what is under way ends, what was acknowledged is safe. Takes no longer
    /// than the configured grace, whatever a client or a plugin does.
    pub async fn stop(self) {
        if tokio::time::timeout(self.grace, self.drain()).await.is_err() {
            tracing::warn!(grace = ?self.grace, "not everything ended in time; the rest is cut off");
        }
        for task in &self.tasks {
            task.abort();
        }
    }

    async fn drain(&self) {
        self.table.serving(false).await;
        join_all(self.announced.iter().map(|a| a.set_state(ServingState::Draining))).await;
        self.stop_work.cancel();
        if let Some(analysis) = &self.parts.analysis {
            // What is cut off here is done again after the next start; a client that goes on importing must not hold it up.
            let _ = tokio::time::timeout(LAST_WORK, analysis.drain()).await;
        }
        if let Some(search) = &self.parts.search {
            // What is cut off here is indexed again after the next start.
            let _ = tokio::time::timeout(LAST_WORK, search.drain()).await;
        }
        // Ends imports and feeds with their reason, once what was taken in is durable.
        if let Some(storage) = &self.parts.storage {
            storage.drain().await;
        }
        if let Some((host, herald)) = &self.parts.host {
            herald.drain().await;
            host.stop().await;
        }
        join_all(self.announced.iter().map(Announcer::end)).await;
        if let Some(registry) = &self.parts.registry {
            registry.drain().await;
        }
        self.stop_serving.cancel();
        // Last answers are on their way; a client that does not take them must not hold up the end.
        let served = async {
            for done in &self.serving {
                done.cancelled().await;
            }
        };
        let _ = tokio::time::timeout(LAST_ANSWERS, served).await;
    }
}

impl Parts {
    async fn start(
        config: &Config,
        data: &DataFolder,
        peers: &Peers,
        url: &str,
        stop: &CancellationToken,
        table: &mut Table,
    ) -> Result<Self> {
        let mut parts = Self::default();
        if config.services.contains(&ServiceName::Registry) {
            let store = Arc::new(kv::Sled::open(&data.subfolder("registry")?, kv::SledConfig::default())?);
            let opened =
                registry::Registry::open(store, registry::Config::default(), registry::monotonic()).await;
            let opened = opened.map_err(|e| Error::Registry(e.into()))?;
            table.registry(opened.clone());
            parts.registry = Some(opened);
        }
        if config.services.contains(&ServiceName::Storage) {
            let store = Arc::new(kv::Sled::open(&data.subfolder("log")?, kv::SledConfig::default())?);
            let opened =
                storage::Storage::open(store, storage::Config::default(), storage::system_clock()).await?;
            table.storage(opened.clone());
            parts.storage = Some(opened);
        }
        if config.services.contains(&ServiceName::Analysis) {
            let others = analysis::Peers {
                storage: peers.service(ServiceName::Storage),
                registry: peers.registry(),
                connect: peers.connect(),
            };
            let started = analysis::Analysis::start(analysis::Config::default(), others, stop.clone());
            table.analysis(started.clone());
            parts.analysis = Some(started);
        }
        if config.services.contains(&ServiceName::Search) {
            let config = search::service::Config::new(data.subfolder("search")?);
            let started = search::Search::start(config, peers.service(ServiceName::Storage), stop.clone());
            table.search(started.clone());
            parts.search = Some(started);
        }
        if config.services.contains(&ServiceName::Plugins) {
            let mut host =
                plugin_host::HostConfig::new(config.worker_command.clone(), data.sockets().to_owned());
            host.folders.clone_from(&config.plugins);
            host.config_dir = Some(data.subfolder("config")?);
            // An advertised address means that others are elsewhere, unless the one who calls workers is here.
            let sockets = config.advertise.is_none() || config.services.contains(&ServiceName::Analysis);
            let herald = peers.herald(url.to_owned(), sockets);
            let started =
                plugin_host::Host::start(host, herald.clone()).map_err(|e| Error::Plugins(e.into()))?;
            table.plugins(started.clone());
            parts.host = Some((started, herald));
        }
        Ok(parts)
    }
}

/// Tells of the error with which a serving task ends; the answer is cancelled once it has ended.
fn watch(task: serve::Serving, failed: mpsc::Sender<Error>) -> CancellationToken {
    let ended = CancellationToken::new();
    let guard = ended.clone().drop_guard();
    tokio::spawn(async move {
        let _guard = guard;
        let error = match task.await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => Error::Transport(error.into()),
            Err(error) => Error::Transport(error.into()),
        };
        // Nobody waits for it while the server stops.
        let _ = failed.send(error).await;
    });
    ended
}

fn url(address: SocketAddr, tls: bool) -> String {
    format!("http{}://{address}", if tls { "s" } else { "" })
}

fn counted(n: usize, what: &str) -> String {
    match (n, what) {
        (1, _) => format!("1 {what}"),
        (_, "library") => format!("{n} libraries"),
        _ => format!("{n} {what}s"),
    }
}

/// An instance is the same over restarts: one service of one data folder.
fn instance(service: ServiceName, data: &DataFolder, endpoints: Vec<String>) -> Instance {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    Instance {
        instance_id: format!("{}-{}", service.word(), data.id()),
        incarnation: i64::try_from(now.as_micros()).unwrap_or(i64::MAX),
        service: service.full_name().into(),
        endpoints,
        state: ServingState::Serving.into(),
        version: env!("CARGO_PKG_VERSION").into(),
        ..Default::default()
    }
}

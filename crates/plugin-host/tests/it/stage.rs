//! One host on a temporary folder, and who it announces to.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use api::analysis::{Plugin, PluginState, ServedAnalyzer};
use api::registry::Instance;
use plugin_host::{Announce, Host, HostConfig};
use tempfile::TempDir;

/// A temporary folder with plugins, configs and sockets.
pub(crate) struct Stage {
    dir: TempDir,
    relayed: bool,
    pub(crate) world: Arc<World>,
}

impl Stage {
    /// A stage without plugins.
    pub(crate) fn empty() -> Self {
        let dir = tempfile::tempdir().unwrap();
        for folder in ["plugins", "config"] {
            std::fs::create_dir(dir.path().join(folder)).unwrap();
        }
        Self { dir, relayed: false, world: Arc::default() }
    }

    /// A stage with the faulty plugin.
    pub(crate) fn faulty() -> Self {
        let stage = Self::empty();
        stage.add_faulty("faulty.so");
        stage
    }

    /// Stages with the faulty plugin, whose workers are called over their sockets, and through the relay.
    pub(crate) fn faulty_both_ways() -> [Self; 2] {
        [Self::faulty(), Self::faulty().relayed()]
    }

    /// Clients call the workers of this stage through the relay.
    pub(crate) fn relayed(self) -> Self {
        Self { relayed: true, ..self }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn add_faulty(&self, name: &str) -> PathBuf {
        // Cargo builds the shared library beside this test, because it is a dependency of it.
        let deps = std::env::current_exe().unwrap().parent().unwrap().to_owned();
        let built = deps.join(format!("libfaulty{}", std::env::consts::DLL_SUFFIX));
        let path = self.path("plugins").join(name);
        std::fs::copy(&built, &path).unwrap_or_else(|error| panic!("{}: {error}", built.display()));
        path
    }

    /// Compiles `tests/c/echo.c` with these definitions.
    pub(crate) fn add_c(&self, name: &str, defines: &[&str]) -> PathBuf {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let path = self.path("plugins").join(name);
        let status = Command::new(std::env::var_os("CC").unwrap_or("cc".into()))
            .args([
                "-shared", "-fPIC", "-pthread", "-std=c11", "-D_DEFAULT_SOURCE", "-Wall",
                "-Wno-unused-function",
            ])
            .args(["-Wno-unused-const-variable", "-Werror"])
            .args(defines.iter().map(|define| format!("-D{define}")))
            .arg("-I")
            .arg(here.join("../plugin-abi/include"))
            .arg(here.join("tests/c/echo.c"))
            .arg("-o")
            .arg(&path)
            .status()
            .expect("a C compiler is needed, as for building Monazite itself");
        assert!(status.success(), "echo.c does not compile with {defines:?}");
        path
    }

    pub(crate) fn add_config(&self, analyzer: &str, json: &str) {
        std::fs::write(self.path("config").join(format!("{analyzer}.json")), json).unwrap();
    }

    /// Starts a host and waits until each library serves or is rejected.
    pub(crate) async fn start(&self) -> Host {
        self.start_with(|_| {}).await
    }

    /// As [`start`](Self::start), with another config.
    pub(crate) async fn start_with(&self, change: impl FnOnce(&mut HostConfig)) -> Host {
        let mut config = HostConfig::new(worker_command(), self.path("run"));
        config.folders = vec![self.path("plugins")];
        config.config_dir = Some(self.path("config"));
        change(&mut config);
        let host = Host::start(config, Arc::clone(&self.world) as Arc<dyn Announce>).unwrap();
        until(&host, |plugins| plugins.iter().all(|plugin| plugin.state() != PluginState::Starting)).await;
        if self.relayed {
            *self.world.relay.lock().unwrap() = Some(serve_relay(host.clone()).await);
        }
        host
    }
}

/// Serves a host's relay, and answers where.
async fn serve_relay(host: Host) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tonic::transport::Server::builder()
        .add_service(plugin_host::grpc::analyzer_service(host))
        .serve_with_incoming(tonic::transport::server::TcpIncoming::from(listener).with_nodelay(Some(true)));
    tokio::spawn(server);
    format!("http://{address}")
}

/// Waits until a condition holds, and fails the test if that takes absurdly long.
pub(crate) async fn until(host: &Host, condition: impl FnMut(&[Plugin]) -> bool) {
    let holds = tokio::time::timeout(PATIENCE, host.wait_until(condition)).await;
    assert!(holds.is_ok(), "still waiting; the plugins are {:#?}", host.plugins());
}

/// When a test gives up.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// The worker alone, which cargo builds as an example of this crate.
pub(crate) fn worker_command() -> Vec<OsString> {
    let deps = std::env::current_exe().unwrap().parent().unwrap().to_owned();
    let path = deps.join("../examples/plugin-worker");
    assert!(path.exists(), "{} is missing; run `cargo build -p plugin-host --examples`", path.display());
    vec![path.into()]
}

/// The one plugin whose file has this name.
pub(crate) fn plugin(plugins: &[Plugin], file: &str) -> Plugin {
    let found = plugins.iter().find(|plugin| plugin.path.ends_with(&format!("/{file}")));
    found.unwrap_or_else(|| panic!("{file} is not listed")).clone()
}

/// Whether the plugin serves and was restarted so often.
pub(crate) fn serves_again(plugins: &[Plugin], file: &str, restarts: u32) -> bool {
    let plugin = plugin(plugins, file);
    plugin.state() == PluginState::Serving && plugin.restarts == restarts
}

/// Remembers what was announced.
#[derive(Default)]
pub(crate) struct World {
    instances: Mutex<BTreeMap<String, Instance>>,
    log: Mutex<Vec<String>>,
    refuse: Mutex<Option<String>>,
    relay: Mutex<Option<String>>,
}

impl World {
    /// Refuses whatever is announced from now on.
    pub(crate) fn refuse(&self, why: &str) {
        *self.refuse.lock().unwrap() = Some(why.into());
    }

    /// Where an analyzer is served.
    pub(crate) fn endpoint(&self, analyzer: &str) -> String {
        if let Some(relay) = &*self.relay.lock().unwrap() {
            return relay.clone();
        }
        let instances = self.instances.lock().unwrap();
        let found = instances.values().find(|instance| instance.analyzers.iter().any(|a| a.name == analyzer));
        found.unwrap_or_else(|| panic!("nobody serves {analyzer}")).endpoints[0].clone()
    }

    /// What happened: `serving` and `gone`, in order.
    pub(crate) fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }
}

#[async_trait::async_trait]
impl Announce for World {
    async fn serving(&self, instance: &Instance, analyzers: &[ServedAnalyzer]) -> Result<(), String> {
        if let Some(why) = self.refuse.lock().unwrap().clone() {
            return Err(why);
        }
        assert_eq!(instance.analyzers.len(), analyzers.len());
        let before = self.instances.lock().unwrap().insert(instance.instance_id.clone(), instance.clone());
        if let Some(before) = before {
            assert!(before.incarnation < instance.incarnation);
        }
        self.log.lock().unwrap().push("serving".into());
        Ok(())
    }

    async fn gone(&self, instance_id: &str) {
        self.instances.lock().unwrap().remove(instance_id);
        self.log.lock().unwrap().push("gone".into());
    }
}

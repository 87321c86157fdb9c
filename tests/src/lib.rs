//! End-to-end stories through the real binary and the real wire.
//!
//! The principle type is [`Cluster`]: one `monazite up` on a temporary folder, with the plugins that a story needs.
//!
//! ```no_run
//! # fn main() -> anyhow::Result<()> {
//! let cluster = tests::Cluster::builder().plugin("reading").start()?;
//! let facts = cluster.run(&["facts"])?;
//! assert!(facts.stdout.contains("no facts"));
//! # Ok(())
//! # }
//! ```

mod client;
mod load;
mod process;
mod running;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

pub use client::{Wire, block_on, reason};
pub use load::{document, import_until_cut, stored};
pub use process::{Output, Process};
pub use running::Running;

/// The folder of the built binary and plugin libraries: `MONAZITE_TEST_BIN_DIR`, or where cargo built this test.
///
/// # Errors
/// If the binary is not there.
pub fn bin_dir() -> Result<PathBuf> {
    let folder = match std::env::var_os("MONAZITE_TEST_BIN_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => {
            let exe = std::env::current_exe()?;
            let deps = exe.parent().context("a test lies in a folder")?;
            deps.parent().context("the folder of tests lies in that of the profile")?.to_owned()
        }
    };
    ensure!(
        folder.join("monazite").is_file(),
        "{} is missing; run `cargo build --workspace` first, or `cargo xtask test`",
        folder.join("monazite").display()
    );
    Ok(folder)
}

/// The folder of shared test input, or `None` with a word on standard error where it is missing.
///
/// # Errors
/// If it is missing in CI, where nothing may be skipped.
pub fn shared() -> Result<Option<PathBuf>> {
    let folder = match std::env::var_os("MONAZITE_SHARED") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
    };
    if folder.join("corpus").is_dir() {
        return Ok(Some(folder));
    }
    ensure!(std::env::var_os("CI").is_none(), "the shared folder is missing, and CI skips nothing");
    eprintln!("SKIPPED: there is no shared folder beside the checkout");
    Ok(None)
}

/// Waits until something holds, asking again and again.
///
/// # Errors
/// Those of `holds`, or `what` if it does not hold after a minute.
pub fn until(what: &str, mut holds: impl FnMut() -> Result<bool>) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !holds()? {
        ensure!(Instant::now() < deadline, "not within a minute: {what}");
        std::thread::yield_now();
    }
    Ok(())
}

/// What a cluster is made of.
#[derive(Debug, Default)]
pub struct Builder {
    plugins: Vec<String>,
    files: Vec<(String, Vec<u8>)>,
    environment: Vec<(String, String)>,
    data: Option<PathBuf>,
}

impl Builder {
    /// With the plugin library of this crate's name.
    #[must_use]
    pub fn plugin(mut self, name: &str) -> Self {
        self.plugins.push(name.to_owned());
        self
    }

    /// With a file of these bytes in the plugin folder.
    #[must_use]
    pub fn plugin_file(mut self, name: &str, bytes: &[u8]) -> Self {
        self.files.push((name.to_owned(), bytes.to_vec()));
        self
    }

    /// With an environment variable for the server.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With its data in this folder, which the story takes away, instead of one that goes with the cluster.
    #[must_use]
    pub fn data(mut self, folder: &Path) -> Self {
        self.data = Some(folder.to_owned());
        self
    }

    /// Starts it and waits until it is ready.
    ///
    /// # Errors
    /// If a plugin is not built, or the server does not start.
    pub fn start(self) -> Result<Cluster> {
        let folder = tempfile::Builder::new().prefix("mz").tempdir()?;
        let plugins = folder.path().join("plugins");
        std::fs::create_dir(&plugins)?;
        for name in &self.plugins {
            install(name, &plugins)?;
        }
        for (name, bytes) in &self.files {
            std::fs::write(plugins.join(name), bytes)?;
        }
        let data = self.data.unwrap_or_else(|| folder.path().join("data"));
        let mut cluster = Cluster { server: None, data, plugins, environment: self.environment, folder };
        cluster.start()?;
        Ok(cluster)
    }
}

/// Copies a built plugin library into a folder.
///
/// # Errors
/// If it is not built.
pub fn install(name: &str, plugins: &Path) -> Result<PathBuf> {
    let file = format!("lib{}.so", name.replace('-', "_"));
    let built = bin_dir()?.join(&file);
    let target = plugins.join(file);
    std::fs::copy(&built, &target)
        .with_context(|| format!("{} is missing; run `cargo build --workspace`", built.display()))?;
    Ok(target)
}

/// A running `monazite up` and its folders, which go with it.
#[derive(Debug)]
pub struct Cluster {
    server: Option<Process>,
    /// The data folder.
    pub data: PathBuf,
    /// The plugin folder.
    pub plugins: PathBuf,
    environment: Vec<(String, String)>,
    folder: tempfile::TempDir,
}

impl Cluster {
    /// What a cluster is made of.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// A folder for files of the story.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Starts the server again after it was stopped or killed.
    ///
    /// # Errors
    /// If it does not become ready.
    pub fn start(&mut self) -> Result<()> {
        let mut command = Command::new(bin_dir()?.join("monazite"));
        command.args(["up", "--listen", "127.0.0.1:0", "--data"]).arg(&self.data);
        command.arg("--plugins").arg(&self.plugins);
        command.envs(self.environment.iter().map(|(k, v)| (k, v)));
        self.server = Some(Process::ready(command)?);
        Ok(())
    }

    /// The server process.
    ///
    /// # Errors
    /// If it does not run.
    pub fn server(&self) -> Result<&Process> {
        self.server.as_ref().context("the server does not run")
    }

    /// Stops the server as an operator does; the answer is what it said on standard error.
    ///
    /// # Errors
    /// If it does not stop in time, or not cleanly.
    pub fn stop(&mut self) -> Result<String> {
        self.server.take().context("the server does not run")?.terminate()
    }

    /// Kills the server as a power cut does.
    ///
    /// # Errors
    /// If it can not be killed.
    pub fn kill(&mut self) -> Result<()> {
        self.server.take().context("the server does not run")?.kill()
    }

    /// A client command on this cluster, not yet run.
    ///
    /// # Errors
    /// If the binary is not built.
    pub fn command(&self, arguments: &[&str]) -> Result<Command> {
        let mut command = Command::new(bin_dir()?.join("monazite"));
        command.args(arguments).env("MONAZITE_DATA", &self.data).env_remove("MONAZITE_SERVER");
        command.env("MONAZITE_OWNER", "ana").env_remove("COLUMNS");
        command.env("XDG_STATE_HOME", self.folder.path().join("state"));
        command.stdin(Stdio::null());
        Ok(command)
    }

    /// Runs a client command and takes what it prints; it may fail.
    ///
    /// # Errors
    /// If it can not be run.
    pub fn attempt(&self, arguments: &[&str]) -> Result<Output> {
        Output::of(self.command(arguments)?, b"")
    }

    /// Runs a client command that must succeed.
    ///
    /// # Errors
    /// If it does not.
    pub fn run(&self, arguments: &[&str]) -> Result<Output> {
        self.attempt(arguments)?.succeeded(arguments)
    }

    /// Starts a client command that runs on.
    ///
    /// # Errors
    /// If it can not be started.
    pub fn running(&self, arguments: &[&str]) -> Result<Running> {
        Running::start(self.command(arguments)?)
    }

    /// Runs a client command with standard input; it may fail.
    ///
    /// # Errors
    /// If it can not be run.
    pub fn pipe(&self, arguments: &[&str], input: &[u8]) -> Result<Output> {
        Output::of(self.command(arguments)?, input)
    }

    /// Writes a file into the story's folder.
    ///
    /// # Errors
    /// If it can not be written.
    pub fn file(&self, name: &str, bytes: &[u8]) -> Result<String> {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes)?;
        Ok(path.display().to_string())
    }

    /// A connection to the server.
    ///
    /// # Errors
    /// If it does not run.
    pub fn wire(&self) -> Result<Wire> {
        let token = std::fs::read_to_string(self.data.join("token"))?;
        Wire::new(&self.server()?.url, &token)
    }
}

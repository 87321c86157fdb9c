//! The real binary and its workers as processes: time, memory and processor time of all together.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use rustix::time::{ClockId, clock_gettime};

/// How often memory is looked at.
const SAMPLE: Duration = Duration::from_millis(20);

/// `monazite up` on a folder. Dropped, it is killed.
pub(crate) struct Up {
    binary: PathBuf,
    data: PathBuf,
    url: String,
    child: Child,
    /// From the start of the process to the line that says it is ready.
    pub ready: Duration,
}

impl Up {
    /// Starts one; with `plugins` those beside the binary, without none.
    ///
    /// # Errors
    /// If it ends before it is ready; the message is its own.
    pub(crate) fn start(binary: &Path, data: &Path, plugins: bool) -> Result<Self> {
        if plugins {
            return Self::start_with(binary, data, None);
        }
        let none = data.with_extension("no-plugins");
        std::fs::create_dir_all(&none)?;
        Self::start_with(binary, data, Some(&none))
    }

    /// Starts one with the plugins of a folder; without one with those beside the binary.
    ///
    /// # Errors
    /// If it ends before it is ready; the message is its own.
    pub(crate) fn start_with(binary: &Path, data: &Path, plugins: Option<&Path>) -> Result<Self> {
        let log = data.with_extension("log");
        let mut command = Command::new(binary);
        command.args(["up", "--listen", "127.0.0.1:0", "--data"]).arg(data);
        if let Some(folder) = plugins {
            command.arg("--plugins").arg(folder);
        }
        let start = Instant::now();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&log)?)
            .spawn()
            .with_context(|| format!("failed to start {}", binary.display()))?;
        let stdout = child.stdout.take().context("standard output is piped")?;
        let (binary, data) = (binary.to_owned(), data.to_owned());
        let mut up = Self { binary, data, url: String::new(), child, ready: Duration::ZERO };
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        up.ready = start.elapsed();
        let Some(url) = line.split_whitespace().find(|word| word.starts_with("http://")) else {
            bail!("monazite up did not get ready: {}", std::fs::read_to_string(&log)?.trim_end());
        };
        url.clone_into(&mut up.url);
        Ok(up)
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Its data folder.
    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    /// Its address.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A client command that reaches it.
    pub(crate) fn client(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(args).env("MONAZITE_SERVER", &self.url).env("MONAZITE_DATA", &self.data);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command
    }

    /// Stops it and waits until it has ended.
    ///
    /// # Errors
    /// If it does not stop cleanly.
    pub(crate) fn stop(mut self) -> Result<()> {
        kill_process(Pid::from_child(&self.child), Signal::TERM)?;
        let status = self.child.wait()?;
        if !status.success() {
            bail!("monazite up did not stop cleanly ({status})");
        }
        Ok(())
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        // Both fail only if it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Looks at the memory of this process's descendants while it lives, in a thread of its own.
pub(crate) struct Memory {
    peak: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Memory {
    /// Starts looking.
    pub(crate) fn watch() -> Self {
        let (peak, stop) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let (peak_seen, stopped) = (Arc::clone(&peak), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                let resident: u64 = descendants(std::process::id()).into_iter().map(resident).sum();
                peak_seen.fetch_max(resident, Ordering::Relaxed);
                std::thread::sleep(SAMPLE);
            }
        });
        Self { peak, stop, thread: Some(thread) }
    }

    /// The largest sum of resident bytes that was seen. Pages shared by processes count once for each.
    pub(crate) fn peak(mut self) -> u64 {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // It cannot panic; if it did, the peak until then still holds.
            let _ = thread.join();
        }
        self.peak.load(Ordering::Relaxed)
    }
}

/// Processor seconds of one process, user and system, without its children.
pub(crate) fn processor_seconds(pid: u32) -> f64 {
    ticks(pid, 0)
}

/// Processor seconds of this thread.
#[expect(clippy::cast_precision_loss, reason = "a process does not run for 2^52 ns")]
pub(crate) fn thread_seconds() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Processor seconds of all children of this process that it waited for.
pub(crate) fn children_seconds() -> f64 {
    ticks(std::process::id(), 2)
}

/// Two of utime, stime, cutime, cstime (proc(5)), in seconds.
fn ticks(pid: u32, skip: usize) -> f64 {
    let Some(stat) = read(pid, "stat") else { return 0.0 };
    // The second field is the name in brackets and may hold anything; utime is the eleventh after the third.
    let Some((_, rest)) = stat.rsplit_once(')') else { return 0.0 };
    let ticks: u32 =
        rest.split_whitespace().skip(11 + skip).take(2).filter_map(|f| f.parse::<u32>().ok()).sum();
    f64::from(ticks) / f64::from(u32::try_from(rustix::param::clock_ticks_per_second()).unwrap_or(100))
}

/// All processes below one.
pub(crate) fn descendants(pid: u32) -> Vec<u32> {
    let mut found = Vec::new();
    for thread in std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten() {
        let children = std::fs::read_to_string(thread.path().join("children")).unwrap_or_default();
        for child in children.split_whitespace().filter_map(|c| c.parse().ok()) {
            found.push(child);
            found.extend(descendants(child));
        }
    }
    found
}

/// The arguments of a process, with spaces between them.
pub(crate) fn command_line(pid: u32) -> String {
    read(pid, "cmdline").unwrap_or_default().replace('\0', " ")
}

/// Resident bytes of a process; zero if it is gone.
fn resident(pid: u32) -> u64 {
    status_bytes(pid, "VmRSS:").unwrap_or(0)
}

/// A field of /proc/pid/status that is in kB.
fn status_bytes(pid: u32, field: &str) -> Option<u64> {
    let status = read(pid, "status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
}

/// Lets the peak of this process's memory begin anew (proc(5), clear_refs).
///
/// # Errors
/// If the kernel does not offer it.
pub(crate) fn forget_peak() -> Result<()> {
    std::fs::write("/proc/self/clear_refs", "5").context("failed to reset the peak of memory")
}

/// The most resident bytes that this process had since [`forget_peak`].
///
/// # Errors
/// If the kernel does not tell.
pub(crate) fn peak_bytes() -> Result<u64> {
    status_bytes(std::process::id(), "VmHWM:").context("the kernel does not tell the peak of memory")
}

fn read(pid: u32, what: &str) -> Option<String> {
    std::fs::read(format!("/proc/{pid}/{what}"))
        .ok()
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// Bytes that the files of a folder take on disk.
pub(crate) fn disk_bytes(folder: &Path) -> Result<u64> {
    use std::os::unix::fs::MetadataExt as _;
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        bytes += if metadata.is_dir() { disk_bytes(&entry.path())? } else { metadata.blocks() * 512 };
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_is_seen_with_its_memory() -> Result<()> {
        let watch = Memory::watch();
        let mut child = Command::new("cat").stdin(Stdio::piped()).spawn()?;
        // Between fork and exec the child still bears this process's name.
        let is_seen = |pid| {
            descendants(std::process::id()).contains(&pid)
                && resident(pid) > 0
                && command_line(pid).starts_with("cat")
        };
        while !is_seen(child.id()) {
            std::thread::yield_now();
        }
        while watch.peak.load(Ordering::Relaxed) == 0 {
            std::thread::yield_now();
        }
        drop(child.stdin.take());
        child.wait()?;
        assert!(watch.peak() > 0);
        assert_eq!(resident(child.id()), 0);
        Ok(())
    }

    #[test]
    fn a_peak_is_kept_until_it_is_forgotten() -> Result<()> {
        let large = vec![1_u8; 64 << 20];
        assert!(peak_bytes()? >= 64 << 20, "{}", large.len());
        drop(std::hint::black_box(large));
        let before = peak_bytes()?;
        forget_peak()?;
        assert!(peak_bytes()? < before);
        Ok(())
    }

    #[test]
    fn processor_time_grows_with_work() {
        let before = processor_seconds(std::process::id());
        let start = Instant::now();
        while start.elapsed() < Duration::from_millis(100) {
            std::hint::spin_loop();
        }
        let used = processor_seconds(std::process::id()) - before;
        assert!(used > 0.02, "{used}");
    }

    #[test]
    fn files_below_a_folder_are_counted() -> Result<()> {
        let folder = tempfile::tempdir()?;
        std::fs::create_dir(folder.path().join("deep"))?;
        std::fs::write(folder.path().join("deep/a"), vec![1; 10_000])?;
        assert!(disk_bytes(folder.path())? >= 10_000);
        Ok(())
    }
}

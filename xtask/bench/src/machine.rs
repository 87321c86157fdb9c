//! The machine on which it was measured.

use std::fmt;
use std::process::Command;

use serde_json::{Value, json};

/// What bears on the figures.
#[derive(Debug, Clone)]
pub(crate) struct Machine {
    cores: usize,
    processor: String,
    memory_mib: u64,
    kernel: String,
    rustc: String,
}

impl Machine {
    /// Asks the system; what it does not tell is `unknown`.
    pub(crate) fn read() -> Self {
        let unknown = || "unknown".to_owned();
        let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let meminfo = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let kib = field(&meminfo, "MemTotal").and_then(|v| v.split(' ').next()?.parse::<u64>().ok());
        let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease");
        let rustc = Command::new("rustc").arg("--version").output().ok();
        Self {
            cores: std::thread::available_parallelism().map_or(0, usize::from),
            processor: field(&cpuinfo, "model name").map_or_else(unknown, str::to_owned),
            memory_mib: kib.unwrap_or(0) / 1024,
            kernel: kernel.map_or_else(|_| unknown(), |k| k.trim().to_owned()),
            rustc: rustc
                .map_or_else(unknown, |output| String::from_utf8_lossy(&output.stdout).trim().to_owned()),
        }
    }

    /// For programs.
    pub(crate) fn json(&self) -> Value {
        json!({
            "cores": self.cores,
            "processor": self.processor,
            "memory_mib": self.memory_mib,
            "kernel": self.kernel,
            "rustc": self.rustc,
        })
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cores, processor, memory_mib, kernel, rustc } = self;
        write!(f, "{cores} cores of {processor}, {memory_mib} MiB memory, Linux {kernel}, {rustc}")
    }
}

/// The value of `name` in lines of `name : value`.
fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found() {
        assert_eq!(field("a : 1\nmodel name\t: Some CPU\n", "model name"), Some("Some CPU"));
        assert_eq!(field("a : 1\n", "b"), None);
    }
}

//! `cargo xtask test`: everything that must hold before a change is taken.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::cargo::{cargo, run, target_dir};
use crate::tidy;

/// Formatting, lints, tidy, bindings, build, all tests; stops at the first that fails. `args` go to `cargo test`.
///
/// # Errors
/// Names the step that failed; its own output says why.
pub(crate) fn run_all(root: &Path, args: &[String]) -> Result<()> {
    let mut steps = Steps::default();
    steps.step("formatting", || run(cargo(root).args(["fmt", "--all", "--check"])))?;
    steps.step("tidy", || tidy::run(root))?;
    steps.step("codegen --check", || crate::contracts(root, &["codegen", "--check"]))?;
    // All targets in one go, so that dev-dependencies give the same features to this build and to the tests: the
    // binary and the plugins that the end-to-end tests start are then not compiled twice.
    steps.step("build", || run(cargo(root).args(["build", "--workspace", "--all-targets"])))?;
    let mut counts = Counts::default();
    steps.step("tests", || tests(root, args, &mut counts))?;
    steps.step("lints", || {
        run(cargo(root).args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
    })?;
    steps.print();
    println!("tests: {} passed, {} failed, {} skipped", counts.passed, counts.failed, counts.ignored);
    Ok(())
}

/// How long each step took.
#[derive(Default)]
struct Steps {
    done: Vec<(&'static str, Duration)>,
}

impl Steps {
    fn step(&mut self, name: &'static str, work: impl FnOnce() -> Result<()>) -> Result<()> {
        println!("==> {name}");
        let start = Instant::now();
        work().with_context(|| format!("{name} failed"))?;
        let took = start.elapsed();
        println!("    {name}: {:.1} s", took.as_secs_f64());
        self.done.push((name, took));
        Ok(())
    }

    fn print(&self) {
        println!("==> all steps passed");
        for (name, took) in &self.done {
            println!("    {name:<16} {:>7.1} s", took.as_secs_f64());
        }
        let total: Duration = self.done.iter().map(|(_, took)| *took).sum();
        println!("    {:<16} {:>7.1} s", "together", total.as_secs_f64());
    }
}

/// Sums of the closing lines of all test binaries.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    passed: u64,
    failed: u64,
    ignored: u64,
}

impl Counts {
    /// Adds `test result: ok. 5 passed; 0 failed; 1 ignored; ...`; any other line changes nothing.
    fn add(&mut self, line: &str) {
        let Some(rest) = line.trim().strip_prefix("test result: ") else { return };
        for part in rest.split([';', '.']) {
            let mut words = part.split_whitespace();
            if let (Some(Ok(count)), Some(what)) = (words.next().map(str::parse::<u64>), words.next()) {
                match what {
                    "passed" => self.passed += count,
                    "failed" => self.failed += count,
                    "ignored" => self.ignored += count,
                    _ => {}
                }
            }
        }
    }
}

/// Runs all tests, passes their output on and counts.
fn tests(root: &Path, args: &[String], counts: &mut Counts) -> Result<()> {
    let binaries = target_dir(root)?.join("debug");
    let mut child = cargo(root)
        .args(["test", "--workspace"])
        .args(args)
        .env("MONAZITE_TEST_BIN_DIR", binaries)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let output = BufReader::new(child.stdout.take().context("standard output is piped")?);
    for line in output.split(b'\n') {
        let line = line?;
        let mut out = std::io::stdout().lock();
        out.write_all(&line)?;
        out.write_all(b"\n")?;
        counts.add(&String::from_utf8_lossy(&line));
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("cargo test failed ({status})");
    }
    if counts.passed == 0 {
        bail!("no test was run");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_are_summed() {
        let mut counts = Counts::default();
        counts.add(
            "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.03s",
        );
        counts.add("test result: FAILED. 2 passed; 4 failed; 0 ignored; 0 measured; 0 filtered out");
        counts.add("test a_test ... 7 passed; ok");
        assert_eq!(counts, Counts { passed: 7, failed: 4, ignored: 1 });
    }
}

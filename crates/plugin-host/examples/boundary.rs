//! Measures what the plugin boundary costs: calls into a library without any encoding, in this process.
//!
//! `cargo run --release -p plugin-host --example boundary -- LIBRARY ANALYZER [RECORD]` prints the nanoseconds of a
//! call with one input: the median of many rounds. The analyzer should do next to nothing, such as `tests/c/echo.c`.
#![expect(clippy::print_stdout, reason = "the figure is the result")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use bytes::Bytes;
use plugin_host::library::{Emit, Sink, load};

const ROUNDS: usize = 101;
const CALLS: u32 = 10_000;

struct Counting(u64);

impl Sink for Counting {
    fn emit(&mut self, record: &[u8]) -> Emit {
        self.0 += record.len() as u64;
        Emit::Taken
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [library, name, ..] = args.as_slice() else {
        return Err("usage: boundary LIBRARY ANALYZER [RECORD]".into());
    };
    let record = match args.get(2) {
        Some(path) => std::fs::read(path)?,
        None => vec![0; 4096],
    };
    let loaded =
        load(Path::new(library), &|_| Ok(String::new()), &(Arc::new(|_: &str, _, _: &str| {}) as _))?;
    let is_it = |analyzer: &&plugin_host::library::Loaded| {
        analyzer.served.manifest.as_ref().is_some_and(|manifest| &manifest.name == name)
    };
    let analyzer = loaded.iter().find(is_it).ok_or("no such analyzer")?;
    let inputs = [Bytes::from(record)];
    let cancelled = AtomicBool::new(false);
    let mut sink = Counting(0);
    let mut rounds: Vec<f64> = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        for _ in 0..CALLS {
            // Whether the call succeeds does not matter here; that it was made does.
            let _ = analyzer.analyze("documents/1", &inputs, &mut sink, &cancelled);
        }
        rounds.push(start.elapsed().as_nanos() as f64 / f64::from(CALLS));
    }
    rounds.sort_by(f64::total_cmp);
    println!(
        "{:.0} ns a call (median of {ROUNDS} rounds of {CALLS}), {} bytes emitted",
        rounds[ROUNDS / 2],
        sink.0
    );
    Ok(())
}

//! The whole way, through the real binary: a file goes in, cited facts are committed; then the folder is opened again.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::time::Instant;

use anyhow::{Result, bail};
use serde_json::json;

use super::Context;
use crate::process::{self, Memory, Up};
use crate::report::Row;
use crate::rounds::per_second;

const CASE: &str = "pipeline";

/// Imports the corpus twice, without and with analyzers.
///
/// # Errors
/// If a process fails; what it said is in the message or on standard error.
pub(crate) fn run(context: &Context) -> Result<Vec<Row>> {
    let file = context.scratch.join("corpus.jsonl");
    let text_bytes = write_corpus(context, &file)?;
    let mut rows = documents_alone(context, &file, text_bytes)?;
    rows.extend(with_analyzers(context, &file, text_bytes)?);
    Ok(rows)
}

fn documents_alone(context: &Context, file: &Path, text_bytes: u64) -> Result<Vec<Row>> {
    let data = context.scratch.join("documents-alone");
    let up = Up::start(&context.binary, &data, false)?;
    let start = Instant::now();
    import(&up, file)?;
    let speed = per_second(count(context), start);
    up.stop()?;
    let disk = process::disk_bytes(&data)?;
    std::fs::remove_dir_all(&data)?;
    Ok(vec![
        Row::figure(CASE, "import command, no analyzers", speed, "documents/s"),
        Row::figure(CASE, "disk for documents alone", megabytes(disk), "MB")
            .against("of text", megabytes(text_bytes))
            .at_most(1.3),
    ])
}

fn with_analyzers(context: &Context, file: &Path, text_bytes: u64) -> Result<Vec<Row>> {
    let data = context.scratch.join("with-analyzers");
    let memory = Memory::watch();
    let up = Up::start(&context.binary, &data, true)?;
    let workers = process::descendants(up.pid());
    if workers.is_empty() {
        bail!("no plugins beside {}; run `cargo xtask bench`", context.binary.display());
    }
    let before = process::children_seconds();
    let start = Instant::now();
    import(&up, file)?;
    let speed = per_second(count(context), start);
    let each = |seconds: f64| seconds * 1e6 / per(count(context));
    let figure = |who: String, seconds| {
        Row::figure(CASE, format!("processor time, {who}"), each(seconds), "us a document")
    };
    let mut rows = vec![
        Row::figure(CASE, "from import to committed facts", speed, "documents/s"),
        figure("import command".to_owned(), process::children_seconds() - before),
        figure("server".to_owned(), process::processor_seconds(up.pid())),
    ];
    rows.extend(workers.iter().map(|w| figure(worker_name(*w), process::processor_seconds(*w))));
    up.stop()?;
    let peak = memory.peak();
    let disk = process::disk_bytes(&data)?;
    rows.push(
        Row::figure(CASE, "memory of all processes, peak", megabytes(peak), "MB")
            .at_most(600.0)
            .note(format!("{} documents; the target is for 100,000", context.corpus)),
    );
    rows.push(
        Row::figure(CASE, "disk with all that is derived", megabytes(disk), "MB")
            .against("of text", megabytes(text_bytes))
            .at_most(4.0)
            .note("the aim is 200 %"),
    );
    let up = Up::start(&context.binary, &data, true)?;
    let seconds = up.ready.as_secs_f64();
    let gigabytes = megabytes(disk) / 1000.0;
    rows.push(
        Row::figure(CASE, "reopening", seconds / gigabytes, "s a GB")
            .at_most(1.0)
            .note(format!("{seconds:.2} s for {gigabytes:.2} GB, from the start of the process to ready")),
    );
    up.stop()?;
    std::fs::remove_dir_all(&data)?;
    Ok(rows)
}

/// Writes all documents as JSON lines; gives the bytes of their texts.
fn write_corpus(context: &Context, path: &Path) -> Result<u64> {
    let mut file = BufWriter::new(File::create(path)?);
    let mut bytes = 0;
    for number in 0..context.corpus {
        let document = context.texts.document(number);
        bytes += document.text.len() as u64;
        let (title, text) = document.text.split_once('\n').unwrap_or(("", &document.text));
        let line = json!({
            "title": title,
            "text": text,
            "source": document.source,
            "published": document.published.unwrap_or_default().start,
        });
        writeln!(file, "{line}")?;
    }
    file.into_inner()?.sync_all()?;
    Ok(bytes)
}

fn import(up: &Up, file: &Path) -> Result<()> {
    let file = file.to_string_lossy();
    let status = up.client(&["import", "--wait", "--format", "jsonl", &file]).status()?;
    if !status.success() {
        bail!("monazite import failed ({status})");
    }
    Ok(())
}

/// The plugin that a worker process serves.
pub(super) fn worker_name(pid: u32) -> String {
    let line = process::command_line(pid);
    let library = line.split_whitespace().find(|word| word.ends_with(std::env::consts::DLL_SUFFIX));
    let file =
        library.and_then(|path| Path::new(path).file_stem()).map(|stem| stem.to_string_lossy().into_owned());
    file.map_or_else(
        || format!("process {pid}"),
        |stem| format!("plugin {}", stem.trim_start_matches(std::env::consts::DLL_PREFIX)),
    )
}

fn count(context: &Context) -> usize {
    usize::try_from(context.corpus).expect("a count of documents fits")
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn per(count: usize) -> f64 {
    count as f64
}

#[expect(clippy::cast_precision_loss, reason = "sizes are far below 2^52")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

//! `monazite read`: mentions and claims as JSON, without any server.

mod explain;

use std::fs::File;
use std::io::{self, BufRead as _, Read as _, Write};
use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::json;

use crate::cli::ReadArgs;
use crate::failure::{Failure, Kind};
use crate::names;
use crate::out::Out;

/// The longest text or line, in bytes.
const LONGEST: u64 = 64 << 20;

pub(super) fn run(args: &ReadArgs) -> Result<()> {
    let kinds = match &args.kinds {
        Some(words) => {
            words.parse().map_err(|e: text::UnknownKind| Failure::new(Kind::Usage, e.to_string()))?
        }
        None => text::Kinds::default(),
    };
    let reader = text::Reader::new(&names::lexicon(&args.lexicon)?);
    let mut out = Out::stdout();
    let mut input = Input::open(args.file.as_deref())?;
    let read = if args.jsonl {
        lines(&reader, kinds, &mut input, &mut out)
    } else {
        whole(&reader, kinds, args, &mut input, &mut out)
    };
    // What was read before an error stands.
    let flushed = out.flush();
    match read.and_then(|()| Ok(flushed?)) {
        Err(_) if out.is_closed() => Ok(()),
        other => other,
    }
}

/// What is read, and its name in errors.
struct Input {
    name: String,
    bytes: Box<dyn io::BufRead>,
}

impl Input {
    /// The file, or standard input.
    fn open(file: Option<&Path>) -> Result<Input> {
        let Some(path) = file else {
            return Ok(Input { name: "standard input".to_owned(), bytes: Box::new(io::stdin().lock()) });
        };
        let name = path.display().to_string();
        let opened = File::open(path).with_context(|| format!("failed to open {name}"))?;
        Ok(Input { name, bytes: Box::new(io::BufReader::new(opened)) })
    }
}

fn whole(
    reader: &text::Reader,
    kinds: text::Kinds,
    args: &ReadArgs,
    input: &mut Input,
    out: &mut impl Write,
) -> Result<()> {
    let mut bytes = Vec::new();
    let name = &input.name;
    let limited = &mut input.bytes.by_ref().take(LONGEST + 1);
    limited.read_to_end(&mut bytes).with_context(|| format!("failed to read {name}"))?;
    let text = checked(&bytes, name)?;
    let title_bytes = if args.title { text.lines().next().map_or(0, str::len) } else { 0 };
    let line = json!({"id": null, "text": text, "published": args.published, "title_bytes": title_bytes});
    let line = line.to_string();
    let read = text::read_line(reader, &line, kinds);
    let read = read.map_err(|e| Failure::new(Kind::Failed, format!("--published: {e}")))?;
    if args.explain {
        let output = serde_json::from_str(&read).context("failed to read what was printed")?;
        return Ok(explain::print(text, &output, out)?);
    }
    Ok(writeln!(out, "{read}")?)
}

fn lines(reader: &text::Reader, kinds: text::Kinds, input: &mut Input, out: &mut impl Write) -> Result<()> {
    let name = &input.name;
    let mut bytes = Vec::new();
    for number in 1_u64.. {
        bytes.clear();
        let read = input.bytes.by_ref().take(LONGEST + 1).read_until(b'\n', &mut bytes);
        if read.with_context(|| format!("failed to read {name}"))? == 0 {
            break;
        }
        let place = format!("line {number} of {name}");
        let line = checked(&bytes, &place)?;
        if line.trim().is_empty() {
            continue;
        }
        let read = text::read_line(reader, line, kinds);
        let read = read.map_err(|e| Failure::new(Kind::Failed, format!("{place}: {e}")))?;
        writeln!(out, "{read}")?;
    }
    Ok(())
}

/// Refuses what is too long or no UTF-8.
fn checked<'b>(bytes: &'b [u8], place: &str) -> Result<&'b str> {
    if bytes.len() as u64 > LONGEST {
        return Err(
            Failure::new(Kind::Failed, format!("{place} is longer than {} MiB", LONGEST >> 20)).into()
        );
    }
    std::str::from_utf8(bytes).map_err(|e| {
        let at = e.valid_up_to();
        let message = format!(
            "{place} is not UTF-8: invalid byte at offset {at}; convert it, or import it: `monazite import` knows other encodings"
        );
        Failure::new(Kind::Failed, message).into()
    })
}

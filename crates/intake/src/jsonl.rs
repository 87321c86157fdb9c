//! JSON lines: one object a line, with the schema of `docs/import-formats.md`.

use std::collections::BTreeSet;
use std::io;

use serde_json::{Map, Value};

use crate::feed::invalid;
use crate::item::{Place, Refusal, RefusalReason};
use crate::lines::{Line, LineText, Lines, normalize_line_ends};
use crate::reading::unreadable;
use crate::sink::{Draft, FormatReader, Sink, shortened, too_large};
use crate::{dates, language};

const KNOWN: [&str; 7] = ["title", "text", "source", "url", "published", "language", "topics"];
/// How many unknown fields are named; a hostile file could else make a report of any length.
const NAMED_UNKNOWN: usize = 32;
const MEND: &str = "correct the line and import again (nothing is imported twice)";

/// Reads JSON lines.
pub(crate) struct JsonLinesReader {
    lines: Lines,
    unknown: BTreeSet<String>,
}

/// What is wrong with a line: reason, why, and the value found.
struct Wrong(RefusalReason, String, String);

impl JsonLinesReader {
    pub(crate) fn new(lines: Lines) -> Self {
        Self { lines, unknown: BTreeSet::new() }
    }

    fn read_line(&mut self, line: Line, sink: &mut Sink) {
        if line.is_blank() {
            return;
        }
        let number = sink.next_number();
        let place = sink.line(line.number);
        let subject = format!("line {} of {}", line.number, sink.file);
        let text = match line.text {
            LineText::Text(text) => text,
            LineText::Invalid(byte) => {
                let place = Place { byte: Some(byte), ..place };
                return sink.refuse(invalid(place, number, &subject, self.lines.charset().name()));
            }
            LineText::TooLong(bytes) => {
                let why = format!(
                    "it has {bytes} bytes, and a record holds at most {} MiB",
                    crate::MAX_RECORD_BYTES >> 20
                );
                return sink.refuse(too_large(place, number, &subject, why));
            }
        };
        let draft = match parse_object(&text) {
            Ok(object) => {
                self.tell_unknown(&object, &place, sink);
                draft_of(object, sink)
            }
            Err(wrong) => Err(wrong),
        };
        match draft {
            Ok(mut draft) => {
                draft.topics.extend(sink.options.topic.clone());
                draft.topics = sink.check_topics(&place, draft.topics);
                sink.document(number, place, &subject, draft);
            }
            Err(Wrong(reason, why, quote)) => {
                let what = format!("{subject} is not a document");
                sink.refuse(Refusal { reason, place, number, what, quote, why, mend: MEND.to_owned() });
            }
        }
    }

    /// Names each unknown field once.
    fn tell_unknown(&mut self, object: &Map<String, Value>, place: &Place, sink: &mut Sink) {
        for field in object.keys().filter(|field| !KNOWN.contains(&field.as_str())) {
            if self.unknown.len() < NAMED_UNKNOWN && self.unknown.insert(field.clone()) {
                let message = format!("the field «{}» is not known and left out", shortened(field));
                sink.notice(place.clone(), message);
            }
        }
    }
}

impl FormatReader for JsonLinesReader {
    fn step(&mut self, sink: &mut Sink) -> bool {
        match self.lines.next() {
            Ok(Some(line)) => {
                self.read_line(line, sink);
                true
            }
            Ok(None) => false,
            Err(error) => {
                refuse_rest(sink, self.lines.offset(), &error);
                false
            }
        }
    }

    fn offset(&self) -> u64 {
        self.lines.offset()
    }
}

fn refuse_rest(sink: &mut Sink, offset: u64, error: &io::Error) {
    let refusal = unreadable(sink.byte(offset), &sink.file.clone(), error);
    sink.refuse(refusal);
}

/// Parses a line; the parser itself bounds how deep values may be nested.
fn parse_object(text: &str) -> Result<Map<String, Value>, Wrong> {
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(other) => {
            let why = "it is not a JSON object; each line holds one, without brackets around all".to_owned();
            Err(Wrong(RefusalReason::Syntax, why, other.to_string()))
        }
        Err(error) => {
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or_default().to_owned();
            let why = format!("column {}: {message}", error.column());
            Err(Wrong(RefusalReason::Syntax, why, text.to_owned()))
        }
    }
}

/// Reads the known fields.
fn draft_of(mut object: Map<String, Value>, sink: &Sink) -> Result<Draft, Wrong> {
    let text = string(&mut object, "text")?.unwrap_or_default();
    if text.trim().is_empty() {
        let why = "the field «text» is missing or empty".to_owned();
        return Err(Wrong(RefusalReason::NoText, why, String::new()));
    }
    let published =
        match string(&mut object, "published")? {
            None => None,
            Some(written) => Some(dates::parse(&written, &sink.options.feed_zone).map_err(|why| {
                Wrong(RefusalReason::Date, format!("the field «published»: {why}"), written)
            })?),
        };
    let language = string(&mut object, "language")?;
    Ok(Draft {
        source: string(&mut object, "source")?.unwrap_or_default(),
        url: string(&mut object, "url")?.unwrap_or_default(),
        title: string(&mut object, "title")?.unwrap_or_default(),
        body: normalize_line_ends(text),
        language: language.as_deref().map(language::from_tag),
        published,
        topics: strings(&mut object, "topics")?,
    })
}

/// Takes a string out; null and the empty string count as absent.
fn string(object: &mut Map<String, Value>, field: &str) -> Result<Option<String>, Wrong> {
    match object.remove(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(wrong_type(field, "a string", &other)),
    }
}

/// Takes a list of strings out.
fn strings(object: &mut Map<String, Value>, field: &str) -> Result<Vec<String>, Wrong> {
    match object.remove(field) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(values)) => values
            .into_iter()
            .map(|value| match value {
                Value::String(text) => Ok(text),
                other => Err(wrong_type(field, "a list of strings", &other)),
            })
            .collect(),
        Some(other) => Err(wrong_type(field, "a list of strings", &other)),
    }
}

fn wrong_type(field: &str, wanted: &str, found: &Value) -> Wrong {
    let why = format!("the field «{field}» is not {wanted}");
    Wrong(RefusalReason::Field, why, found.to_string())
}

//! A hit as screens and programs see it.

use api::search::{ByteRange, Hit};
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr as _;

use crate::marked::marked;
use crate::view::{point, precision, short};
use crate::wrap::wrapped;

/// Cells of a passage that tells something although it does not answer.
const TELLING: usize = 30;

/// The last part of the name of its kind, in lower case: `document`.
pub(crate) fn kind(hit: &Hit) -> String {
    hit.kind.rsplit('.').next().unwrap_or_default().to_lowercase()
}

/// What to give to `monazite show`: the beginning of the id of its document; of what has none, as a story, that of its own.
pub(crate) fn id(hit: &Hit) -> &str {
    short(if hit.document.is_empty() { &hit.name } else { &hit.document })
}

/// The source, or words for its absence.
pub(crate) fn source(hit: &Hit) -> &str {
    match (hit.source.as_str(), hit.document.is_empty()) {
        ("", false) => "source not given",
        ("", true) => "several",
        (source, _) => source,
    }
}

/// When it was published, as exactly as it is known.
pub(crate) fn published(hit: &Hit) -> String {
    hit.published.as_ref().map(point).unwrap_or_default()
}

/// The title with what answers marked; the beginning of what was found where there is none.
pub(crate) fn title(hit: &Hit) -> String {
    if hit.title.is_empty() {
        return hit.snippet.as_ref().map_or_else(String::new, |snippet| marked(&snippet.text, []));
    }
    marked(&hit.title, hit.title_highlights.iter().map(range))
}

/// The passage with what answers marked, in lines of at most `width` cells that start with `indent`; none where it would
/// say nothing new.
pub(crate) fn passage(hit: &Hit, indent: &str, width: usize) -> Vec<String> {
    let Some(snippet) = &hit.snippet else { return Vec::new() };
    let told = snippet.text.trim();
    // Where only the title answers, the passage is the beginning of the text: a heading by itself tells nothing.
    let idle = snippet.highlights.is_empty() && (hit.title.is_empty() || told.width() < TELLING);
    if told.is_empty() || idle {
        return Vec::new();
    }
    let before = if snippet.start_byte as usize > hit.title.len() + 1 { "… " } else { "" };
    let behind = if told.ends_with(char::is_alphanumeric) { " …" } else { "" };
    let text = marked(&snippet.text, snippet.highlights.iter().map(range));
    wrapped(&format!("{before}{}{behind}", text.trim()), indent, indent, width)
        .lines()
        .map(str::to_owned)
        .collect()
}

/// The hit for programs. Offsets are UTF-8 bytes: of a title's passages in the title, of a snippet's in the snippet.
pub(crate) fn json(hit: &Hit) -> Value {
    let ranges = |ranges: &[ByteRange]| -> Value {
        ranges.iter().map(|range| json!({"start": range.start, "end": range.end})).collect()
    };
    let or_null = |text: &str| if text.is_empty() { Value::Null } else { text.into() };
    let published = hit.published.as_ref();
    json!({
        "name": hit.name,
        "kind": kind(hit),
        "document": or_null(&hit.document),
        "source": or_null(&hit.source),
        "published": published.map(|p| p.start.as_str()),
        "published_precision": published.map(precision),
        "title": hit.title,
        "title_highlights": ranges(&hit.title_highlights),
        "snippet": hit.snippet.as_ref().map(|snippet| json!({
            "document": snippet.document,
            "start_byte": snippet.start_byte,
            "text": snippet.text,
            "highlights": ranges(&snippet.highlights),
        })),
        "score": hit.score,
        "sequence": hit.sequence,
    })
}

fn range(range: &ByteRange) -> std::ops::Range<usize> {
    range.start as usize..range.end as usize
}

//! Where the readers of all formats put what they find: one place checks the rules of a document.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use api::record::{Document, Period};
use prost::Message as _;

use crate::item::{Entry, Item, Notice, Place, Refusal, RefusalReason, Skip, SkipReason};
use crate::record::{document_record, membership_record};
use crate::{Options, language};

/// How many of the latest documents of a file are remembered to tell duplicates. One that is farther away is yielded
/// again, which does no harm: putting an equal record again changes nothing.
const REMEMBERED: usize = 65_536;
/// The longest topic in bytes: a key of a record holds at most 512 with its name.
const TOPIC_BYTES: usize = 256;

/// Reads one input of one format, a step at a time.
pub(crate) trait FormatReader: Send {
    /// Reads up to about one document into the sink; false if nothing is left.
    fn step(&mut self, sink: &mut Sink) -> bool;

    /// How many bytes of the input were read.
    fn offset(&self) -> u64;
}

/// A document as a format's reader found it.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) source: String,
    pub(crate) url: String,
    pub(crate) title: String,
    pub(crate) body: String,
    /// `zh`, `en` or `und` if the input says so; told by the scripts if `None`.
    pub(crate) language: Option<&'static str>,
    pub(crate) published: Option<Period>,
    pub(crate) topics: Vec<String>,
}

/// Where the items of one file go.
pub(crate) struct Sink {
    pub(crate) options: Arc<Options>,
    /// Name of the file, as places show it.
    pub(crate) file: String,
    items: VecDeque<Item>,
    number: u64,
    /// The line of each remembered document, by its id.
    seen: HashMap<u128, Option<u64>>,
    seen_order: VecDeque<u128>,
}

impl Sink {
    pub(crate) fn new(options: Arc<Options>) -> Self {
        let file = String::new();
        Self {
            options,
            file,
            items: VecDeque::new(),
            number: 0,
            seen: HashMap::new(),
            seen_order: VecDeque::new(),
        }
    }

    /// Starts another file.
    pub(crate) fn start(&mut self, file: String) {
        self.file = file;
        self.number = 0;
        self.seen.clear();
        self.seen_order.clear();
    }

    /// Takes the next item out.
    pub(crate) fn pop(&mut self) -> Option<Item> {
        self.items.pop_front()
    }

    /// Counts an entry; from 1.
    pub(crate) fn next_number(&mut self) -> u64 {
        self.number += 1;
        self.number
    }

    /// How many entries were counted.
    pub(crate) fn count(&self) -> u64 {
        self.number
    }

    /// A line of the file.
    pub(crate) fn line(&self, line: u64) -> Place {
        Place { file: self.file.clone(), line: Some(line), byte: None }
    }

    /// The file as a whole.
    pub(crate) fn whole(&self) -> Place {
        Place { file: self.file.clone(), line: None, byte: None }
    }

    /// A byte of the file.
    pub(crate) fn byte(&self, byte: u64) -> Place {
        Place { file: self.file.clone(), line: None, byte: Some(byte) }
    }

    /// What it quotes is shortened, and shows on a terminal as it is.
    pub(crate) fn refuse(&mut self, mut refusal: Refusal) {
        refusal.quote = shortened(&refusal.quote);
        refusal.why = printable(&refusal.why).collect();
        self.items.push_back(Item::Refused(refusal));
    }

    pub(crate) fn skip(&mut self, place: Place, reason: SkipReason) {
        self.items.push_back(Item::Skipped(Skip { place, reason }));
    }

    pub(crate) fn notice(&mut self, place: Place, message: String) {
        self.items.push_back(Item::Notice(Notice { place, message }));
    }

    /// Makes a document of the draft, or refuses it. `subject` is what a refusal is about, such as `entry 7 of feed.txt`.
    pub(crate) fn document(&mut self, number: u64, place: Place, subject: &str, draft: Draft) {
        let topics = draft.topics.clone();
        let document = assemble(draft);
        if let Some((reason, what, why)) = broken_rule(&document) {
            let what = format!("{subject} {what}");
            self.refuse(Refusal {
                reason,
                place,
                number,
                what,
                quote: String::new(),
                why,
                mend: String::new(),
            });
            return;
        }
        let record = document_record(&document);
        let limit = self.options.record_limit();
        if record.encoded_len() > limit {
            let why =
                format!("it makes a record of {} bytes, and the limit is {limit}", record.encoded_len());
            self.refuse(too_large(place, number, subject, why));
            return;
        }
        let name = record.name.clone();
        match self.remember(&name, place.line) {
            Some(line) => {
                let earlier = Place { line, ..self.whole() };
                self.skip(place, SkipReason::Duplicate(earlier));
            }
            None => self.items.push_back(Item::Document(Entry {
                record,
                title: document.text.get(..document.title_bytes as usize).unwrap_or_default().to_owned(),
                source: document.source,
                published: document.published,
                truncated: document.truncated,
                place,
                number,
            })),
        }
        for topic in topics {
            self.items.push_back(Item::Membership(membership_record(&name, &topic)));
        }
    }

    /// Keeps the topics that can be keys; tells of the others.
    pub(crate) fn check_topics(&mut self, place: &Place, topics: Vec<String>) -> Vec<String> {
        let mut kept: Vec<String> = Vec::new();
        for topic in topics {
            let topic = topic.trim();
            if topic.is_empty() || kept.iter().any(|known| known == topic) {
                continue;
            }
            if topic.len() > TOPIC_BYTES || topic.chars().any(char::is_control) {
                let start: String = topic.chars().take(20).flat_map(char::escape_debug).collect();
                let message = format!(
                    "the topic «{start}…» is left out: a topic has at most {TOPIC_BYTES} bytes and no control character"
                );
                self.notice(place.clone(), message);
                continue;
            }
            kept.push(topic.to_owned());
        }
        kept
    }

    /// Remembers a document by its name; the earlier line if it was known.
    fn remember(&mut self, name: &str, line: Option<u64>) -> Option<Option<u64>> {
        let id = name.rsplit('/').next().and_then(|id| u128::from_str_radix(id, 16).ok())?;
        if let Some(earlier) = self.seen.get(&id) {
            return Some(*earlier);
        }
        if self.seen_order.len() == REMEMBERED
            && let Some(oldest) = self.seen_order.pop_front()
        {
            self.seen.remove(&oldest);
        }
        self.seen.insert(id, line);
        self.seen_order.push_back(id);
        None
    }
}

/// A refusal of something over a limit.
pub(crate) fn too_large(place: Place, number: u64, subject: &str, why: String) -> Refusal {
    Refusal {
        reason: RefusalReason::TooLarge,
        place,
        number,
        what: format!("{subject} is too large"),
        quote: String::new(),
        why,
        mend: "split it into several documents and import again".to_owned(),
    }
}

/// Puts title and body together.
fn assemble(draft: Draft) -> Document {
    let title = one_line(&draft.title);
    let body = draft.body;
    let (text, title_bytes) = match (title.is_empty(), body.trim().is_empty()) {
        (true, _) => (body, 0),
        // Refused later, since a title alone is no text.
        (false, true) => (String::new(), 0),
        (false, false) => (format!("{title}\n{body}"), title.len()),
    };
    Document {
        language: draft.language.unwrap_or_else(|| language::of(&text)).to_owned(),
        truncated: is_cut_off(&text),
        source: one_line(&draft.source),
        url: one_line(&draft.url),
        title_bytes: u32::try_from(title_bytes).unwrap_or_default(),
        text,
        published: draft.published,
    }
}

/// The rule of a document that this one breaks: reason, predicate, detail.
fn broken_rule(document: &Document) -> Option<(RefusalReason, &'static str, String)> {
    if document.text.trim().is_empty() {
        return Some((RefusalReason::NoText, "has no text", String::new()));
    }
    for (field, value) in [("text", &document.text), ("source", &document.source), ("url", &document.url)] {
        if value.contains('\0') {
            return Some((RefusalReason::Binary, "holds a NUL character", format!("in its {field}")));
        }
    }
    None
}

/// True if a text ends with an ellipsis as exporters put it: in brackets, after a space, or within a sentence.
fn is_cut_off(text: &str) -> bool {
    let end = text.trim_end();
    let marks = ["[...]", "[…]", "[……]", "(...)", "(…)", "……", "…", "..."];
    let Some((mark, front)) = marks.iter().find_map(|mark| Some((mark, end.strip_suffix(mark)?))) else {
        return false;
    };
    mark.starts_with(['[', '(']) || !front.ends_with(['.', '。', '!', '\u{FF01}', '?', '\u{FF1F}', '”', '"'])
}

/// A text without line ends and outer white space.
fn one_line(text: &str) -> String {
    let trimmed = text.trim();
    if !trimmed.contains(['\n', '\r']) {
        return trimmed.to_owned();
    }
    trimmed.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// At most 60 characters of what stands somewhere.
pub(crate) fn shortened(text: &str) -> String {
    let mut start: String = printable(text).take(60).collect();
    if text.chars().nth(60).is_some() {
        start.push('…');
    }
    start
}

/// The text with a blank for each control character.
fn printable(text: &str) -> impl Iterator<Item = char> {
    text.chars().map(|c| if c.is_control() { ' ' } else { c })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_is_told_from_a_pause() {
        for text in
            ["拥有较大的 ...", "the market is […]", "the mar…", "价格将……", "It rose. ...", "It rose.[...]"]
        {
            assert!(is_cut_off(text), "{text}");
        }
        for text in ["Prices rose.", "究竟会怎样\u{FF1F}……", "Wait and see.…", ""] {
            assert!(!is_cut_off(text), "{text}");
        }
    }

    #[test]
    fn the_title_is_the_start_of_the_text() {
        let draft = Draft { title: " 铜\n价 ".into(), body: "LME\n".into(), ..Draft::default() };
        let document = assemble(draft);
        assert_eq!((document.text.as_str(), document.title_bytes), ("铜 价\nLME\n", 7));
        let bare = assemble(Draft { body: "LME".into(), ..Draft::default() });
        assert_eq!((bare.text.as_str(), bare.title_bytes), ("LME", 0));
    }

    #[test]
    fn only_the_latest_documents_are_remembered() {
        let mut sink = Sink::new(Arc::new(Options::default()));
        for number in 0..=REMEMBERED as u64 {
            assert_eq!(sink.remember(&format!("documents/{number:032x}"), Some(number)), None);
        }
        assert_eq!(sink.seen.len(), REMEMBERED);
        assert_eq!(sink.remember(&format!("documents/{:032x}", 1), Some(9)), Some(Some(1)));
        assert_eq!(sink.remember(&format!("documents/{:032x}", 0), Some(9)), None);
    }
}

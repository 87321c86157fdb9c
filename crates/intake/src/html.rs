//! Saved web pages: main text, title, time and source.

mod guard;
mod meta;
mod text;

use dom_query::Document;
use dom_smoothie::{Config, Readability};
use encoding_rs::Encoding;

use crate::charset::{self, Looks, decode_strictly};
use crate::feed::invalid;
use crate::input::{Input, WholeError};
use crate::item::{Refusal, RefusalReason};
use crate::lines::normalize_line_ends;
use crate::reading::unreadable;
use crate::sink::{Draft, FormatReader, Sink, shortened, too_large};
use crate::{dates, language};

/// The largest page in bytes; its main text has to fit into a record.
const PAGE_BYTES: usize = 16 * 1024 * 1024;
/// Stack for the finder of the main text, which recurses as deep as elements are nested.
const STACK_BYTES: usize = 32 * 1024 * 1024;

/// Reads a page.
pub(crate) struct HtmlReader {
    input: Input,
}

/// What was found in a page.
struct Page {
    title: String,
    body: String,
    meta: meta::Meta,
}

impl HtmlReader {
    /// The input stands at its very start.
    pub(crate) fn new(input: Input) -> Self {
        Self { input }
    }

    fn read(&mut self, sink: &mut Sink) -> Result<(), Box<Refusal>> {
        let subject = sink.file.clone();
        let number = sink.next_number();
        let bytes = self.input.read_whole(PAGE_BYTES).map_err(|error| match error {
            WholeError::TooLarge => {
                too_large(sink.whole(), number, &subject, format!("a page has at most {PAGE_BYTES} bytes"))
            }
            WholeError::Io(error) => unreadable(sink.whole(), &subject, &error),
        })?;
        let asked = sink.options.encoding.map(charset::Charset::name);
        let html = decode(&bytes, asked)
            .map_err(|(at, charset)| invalid(sink.byte(at as u64), number, &subject, charset))?;
        let refused = |why: String, what: &str, reason| Refusal {
            reason,
            place: sink.whole(),
            number,
            what: format!("{subject} {what}"),
            quote: String::new(),
            why,
            mend: "save its text as a .txt or .md file and import that".to_owned(),
        };
        guard::check(&html).map_err(|why| refused(why, "is not read as a page", RefusalReason::TooLarge))?;
        let page = find_apart(html).map_err(|why| refused(why, "has no main text", RefusalReason::NoText))?;
        let zone = &sink.options.feed_zone;
        let published = page.meta.published.iter().find_map(|written| dates::parse(written, zone).ok());
        if published.is_none() && !page.meta.published.is_empty() {
            let found = shortened(&page.meta.published[0]);
            sink.notice(sink.whole(), format!("its time of publication «{found}» is not read"));
        }
        let place = sink.whole();
        let topics = sink.check_topics(&place, sink.options.topic.clone().into_iter().collect());
        let draft = Draft {
            source: page.meta.source,
            url: page.meta.url,
            title: page.title,
            body: page.body,
            language: Some(language::from_tag(&page.meta.language)).filter(|tag| *tag != "und"),
            published,
            topics,
        };
        sink.document(number, place, &subject, draft);
        Ok(())
    }
}

impl FormatReader for HtmlReader {
    fn step(&mut self, sink: &mut Sink) -> bool {
        if let Err(refusal) = self.read(sink) {
            sink.refuse(*refusal);
        }
        false
    }

    fn offset(&self) -> u64 {
        self.input.offset()
    }
}

/// Decodes a page: in the encoding asked for, else as its byte order mark says, else as UTF-8 if it is valid UTF-8
/// (browsers save so and leave the declaration as it was), else as it declares, else as it looks.
fn decode(bytes: &[u8], asked: Option<&'static str>) -> Result<String, (usize, &'static str)> {
    if let Some(encoding) = asked.and_then(|name| Encoding::for_label(name.as_bytes())) {
        let mark =
            Encoding::for_bom(bytes).filter(|(found, _)| *found == encoding).map_or(0, |(_, length)| length);
        return strictly(encoding, bytes, mark);
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return strictly(encoding, bytes, mark);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    let looks = match charset::look(bytes, true) {
        Looks::Like(charset, _) => Encoding::for_label(charset.name().as_bytes()),
        Looks::Other(name) => Encoding::for_label(name.as_bytes()),
        Looks::Ascii | Looks::Binary => None,
    };
    let declared = declared(bytes).filter(|encoding| !encoding.is_single_byte() || looks.is_none());
    let encoding = declared.or(looks).unwrap_or(encoding_rs::UTF_8);
    // GB2312 and GBK as declared are in truth GB18030.
    let encoding = if encoding == encoding_rs::GBK { encoding_rs::GB18030 } else { encoding };
    strictly(encoding, bytes, 0)
}

fn strictly(encoding: &'static Encoding, bytes: &[u8], mark: usize) -> Result<String, (usize, &'static str)> {
    decode_strictly(encoding, &bytes[mark..]).map_err(|at| (at + mark, encoding.name()))
}

/// The encoding that a page declares in its first 4 KiB.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    let after = &head[head.find("charset=")? + "charset=".len()..];
    let label = after.trim_start_matches(['"', '\'', ' ']);
    let end =
        label.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(label.len());
    Encoding::for_label(&label.as_bytes()[..end])
}

/// Finds the main text on a thread of its own, so that neither depth nor a defect of the finder ends the process.
fn find_apart(html: String) -> Result<Page, String> {
    let thread = std::thread::Builder::new().name("page".to_owned()).stack_size(STACK_BYTES);
    let running =
        thread.spawn(move || find(html)).map_err(|error| format!("no thread could be started: {error}"))?;
    running.join().unwrap_or_else(|_| Err("the finder of the main text failed".to_owned()))
}

fn find(html: String) -> Result<Page, String> {
    let document = Document::from(normalize_line_ends(html));
    // The guard looked at the tags; this is the tree that they made.
    if text::depth(&document) > guard::DEPTH * 2 {
        return Err(format!("its elements are nested deeper than {}", guard::DEPTH * 2));
    }
    let config = Config { max_elements_to_parse: guard::ELEMENTS * 2, ..Config::default() };
    let mut finder =
        Readability::with_document(document, None, Some(config)).map_err(|error| error.to_string())?;
    let linked = finder.parse_json_ld();
    let (time, site) = linked.map_or((None, None), |linked| (linked.published_time, linked.site_name));
    let meta = meta::read(&finder.doc, time, site);
    let whole = text::of(&finder.doc);
    let (title, body) = match finder.parse() {
        Ok(article) => (article.title.clone(), text::of(&Document::fragment(article.content.clone()))),
        // A short page has nothing to find its main text by: all of it is.
        Err(_) => (finder.get_article_title().to_string(), whole),
    };
    let body = without_title(&body, &title);
    if body.trim().is_empty() {
        return Err("there is nothing to read on it".to_owned());
    }
    Ok(Page { title, body, meta })
}

/// The body without a first line that only repeats the title.
fn without_title(body: &str, title: &str) -> String {
    match body.split_once('\n') {
        Some((first, rest)) if first.trim() == title.trim() => rest.to_owned(),
        _ => body.to_owned(),
    }
}

//! The export of a topic feed: a header with the topic, then entries of a title line, a source line (which may be
//! missing) and a body of one or more lines.

pub(crate) mod grammar;

use std::collections::VecDeque;
use std::io;

use jiff::tz::TimeZone;

use crate::item::{Place, Refusal, RefusalReason};
use crate::lines::{Line, LineText, Lines};
use crate::reading::unreadable;
use crate::sink::{Draft, FormatReader, Sink, too_large};
use crate::{dates, parse_zone};

/// What a refusal of an entry ends with.
const MEND: &str = "correct the line and import again (nothing is imported twice)";

/// Reads a feed.
pub(crate) struct FeedReader {
    lines: Lines,
    ahead: VecDeque<Line>,
    zone: Option<TimeZone>,
    topics: Option<Vec<String>>,
}

/// One entry as it stands in the file.
#[derive(Default)]
struct Entry {
    first: u64,
    title: String,
    /// Source, date as written, and their line.
    source: Option<(String, String, u64)>,
    body: String,
    /// Headings with lines of their own that stood in the body, if it began with one.
    openings: Vec<&'static str>,
    bytes: u64,
    fault: Option<Fault>,
}

/// A line of an entry that could not be read.
enum Fault {
    Invalid { line: u64, byte: u64 },
    TooLarge { line: u64, bytes: u64 },
}

impl FeedReader {
    pub(crate) fn new(lines: Lines) -> Self {
        Self { lines, ahead: VecDeque::new(), zone: None, topics: None }
    }

    /// Makes at least `count` lines stand ready, unless the file ends before.
    fn look_ahead(&mut self, count: usize) -> io::Result<()> {
        while self.ahead.len() < count {
            let Some(line) = self.lines.next()? else { break };
            self.ahead.push_back(line);
        }
        Ok(())
    }

    /// The text of the first line that is not blank, from the line ahead at `from`; blank runs are bounded.
    fn text_ahead(&mut self, from: usize) -> io::Result<Option<&str>> {
        for at in from..from + 8 {
            self.look_ahead(at + 1)?;
            match self.ahead.get(at) {
                None => return Ok(None),
                Some(line) if line.is_blank() => {}
                Some(_) => return Ok(self.ahead[at].text()),
            }
        }
        Ok(None)
    }

    /// Reads the header, once.
    fn read_header(&mut self, sink: &mut Sink) -> io::Result<()> {
        self.look_ahead(grammar::HEADER_LINES)?;
        let texts: Vec<&str> = self.ahead.iter().map_while(Line::text).collect();
        let header = grammar::header(&texts);
        if let Some((name, index)) = &header.zone {
            let place = sink.line(self.ahead.get(*index).map_or(1, |line| line.number));
            match parse_zone(name) {
                Ok(zone) => self.zone = Some(zone),
                Err(error) => {
                    sink.notice(place, format!("{error}; times are read as if the line were not there"))
                }
            }
        }
        self.ahead.drain(..header.lines);
        let topic = sink.options.topic.clone().or(header.topic);
        let place = sink.line(1);
        self.topics = Some(sink.check_topics(&place, topic.into_iter().collect()));
        Ok(())
    }

    /// Reads one entry, or `None` at the end.
    fn read_entry(&mut self, limit: usize) -> io::Result<Option<Entry>> {
        loop {
            self.look_ahead(1)?;
            match self.ahead.front() {
                None => return Ok(None),
                Some(line) if line.is_blank() => self.ahead.pop_front(),
                Some(_) => break,
            };
        }
        let first = self.ahead.front().map_or(0, |line| line.number);
        let mut entry = Entry { first, ..Entry::default() };
        let is_source = |line: Option<&str>| line.is_some_and(|text| grammar::source_line(text).is_some());
        if !is_source(self.text_ahead(0)?)
            && let Some(title) = self.ahead.pop_front()
        {
            entry.title = entry.take(title);
        }
        if is_source(self.text_ahead(0)?) {
            self.take_source_line(&mut entry);
        }
        while let Some(line) = self.body_line(&entry)? {
            let text = entry.take(line);
            if let Some(opening) = grammar::bare_opening(&text)
                && (!entry.openings.is_empty() || entry.body.trim().is_empty())
            {
                entry.openings.push(opening);
            }
            entry.bytes += text.len() as u64 + 1;
            // Lines beyond the limit are counted and let go.
            if entry.bytes <= limit as u64 {
                entry.body.push_str(&text);
                entry.body.push('\n');
            }
        }
        if entry.bytes > limit as u64 && entry.fault.is_none() {
            entry.fault = Some(Fault::TooLarge { line: entry.first, bytes: entry.bytes });
        }
        Ok(Some(entry))
    }

    fn take_source_line(&mut self, entry: &mut Entry) {
        while let Some(line) = self.ahead.pop_front() {
            if let Some(found) = line.text().and_then(grammar::source_line) {
                entry.source = Some((found.source.to_owned(), found.date.to_owned(), line.number));
                return;
            }
        }
    }

    /// The next line of a body, or `None` where the next entry starts.
    fn body_line(&mut self, entry: &Entry) -> io::Result<Option<Line>> {
        self.look_ahead(1)?;
        let Some(line) = self.ahead.front() else { return Ok(None) };
        if let Some(text) = line.text().map(str::to_owned)
            && !text.trim().is_empty()
        {
            let next = self.text_ahead(1)?;
            // A digest whose headings have lines of their own goes on with a heading that it has not had.
            let goes_on = !entry.openings.is_empty()
                && dates::eight_digits_at_end(&text).is_none()
                && next
                    .and_then(grammar::bare_opening)
                    .is_some_and(|opening| !entry.openings.contains(&opening));
            if grammar::starts_entry(&text, next) && !goes_on {
                return Ok(None);
            }
        }
        Ok(self.ahead.pop_front())
    }

    /// Hands an entry to the sink, or tells what is wrong with it.
    fn finish(&self, entry: Entry, sink: &mut Sink) {
        let number = sink.next_number();
        let subject = format!("entry {number} of {}", sink.file);
        if let Some(fault) = &entry.fault {
            return sink.refuse(refuse_fault(fault, number, &subject, sink, self.lines.charset().name()));
        }
        let place = sink.line(entry.first);
        let zone = self.zone.as_ref().unwrap_or(&sink.options.feed_zone);
        let (source, published) = match &entry.source {
            None => (String::new(), dates::at_end_of_title(&entry.title)),
            Some((source, date, line)) => match dates::parse(date, zone) {
                Ok(period) => (source.clone(), Some(period)),
                Err(why) => {
                    let place = sink.line(*line);
                    let quote = format!("{source}· {date}").trim_end().to_owned();
                    let what = format!("{subject} has no readable date");
                    let reason = RefusalReason::Date;
                    let mend = MEND.to_owned();
                    return sink.refuse(Refusal { reason, place, number, what, quote, why, mend });
                }
            },
        };
        let body = entry.body.trim_matches(['\n', ' ', '\t']).to_owned();
        if body.is_empty() {
            let (reason, quote, why) = (RefusalReason::NoText, entry.title, "nothing follows it".to_owned());
            let (what, mend) = (format!("{subject} has no text"), "export it again".to_owned());
            return sink.refuse(Refusal { reason, place, number, what, quote, why, mend });
        }
        let topics = self.topics.clone().unwrap_or_default();
        let draft = Draft { source, title: entry.title, body, published, topics, ..Draft::default() };
        sink.document(number, place, &subject, draft);
    }
}

impl Entry {
    /// The text of a line; a line that cannot be read is a fault of the entry.
    fn take(&mut self, line: Line) -> String {
        let fault = match line.text {
            LineText::Text(text) => return text,
            LineText::Invalid(byte) => Fault::Invalid { line: line.number, byte },
            LineText::TooLong(bytes) => Fault::TooLarge { line: line.number, bytes },
        };
        self.fault.get_or_insert(fault);
        String::new()
    }
}

fn refuse_fault(fault: &Fault, number: u64, subject: &str, sink: &Sink, charset: &str) -> Refusal {
    match *fault {
        Fault::Invalid { line, byte } => {
            let place = Place { byte: Some(byte), ..sink.line(line) };
            invalid(place, number, subject, charset)
        }
        Fault::TooLarge { line, bytes } => {
            let why =
                format!("it has {bytes} bytes, and a record holds at most {}", sink.options.record_limit());
            too_large(sink.line(line), number, subject, why)
        }
    }
}

/// A refusal of bytes that are not valid in their encoding.
pub(crate) fn invalid(place: Place, number: u64, subject: &str, charset: &str) -> Refusal {
    Refusal {
        reason: RefusalReason::Encoding,
        place,
        number,
        what: format!("{subject} is not valid {charset}"),
        quote: String::new(),
        why: "the byte there is not part of a character".to_owned(),
        mend: "export it again, or name its encoding".to_owned(),
    }
}

impl FormatReader for FeedReader {
    fn step(&mut self, sink: &mut Sink) -> bool {
        let limit = sink.options.record_limit();
        let read = match self.topics {
            None => self.read_header(sink).and_then(|()| self.read_entry(limit)),
            Some(_) => self.read_entry(limit),
        };
        match read {
            Ok(Some(entry)) => {
                self.finish(entry, sink);
                true
            }
            Ok(None) => {
                if sink.count() == 0 {
                    let (reason, place) = (RefusalReason::NoText, sink.whole());
                    let what = format!("{} is a feed without entries", sink.file);
                    let (quote, why, mend) = Default::default();
                    sink.refuse(Refusal { reason, place, number: 0, what, quote, why, mend });
                }
                false
            }
            Err(error) => {
                let place = sink.byte(self.lines.offset());
                let refusal = unreadable(place, &sink.file.clone(), &error);
                sink.refuse(refusal);
                false
            }
        }
    }

    fn offset(&self) -> u64 {
        self.lines.offset()
    }
}

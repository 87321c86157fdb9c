//! What is wrong is told, and stops nothing else.

use std::io::{self, Read};

use crate::common::{Found, read, read_with};
use intake::{Charset, Options, RefusalReason, Source};
use proptest::prelude::*;

fn feed(entries: &[&str]) -> String {
    format!("Workflow\n稀土\nicon\nSearch documents\n{}\n", entries.join("\n"))
}

const GOOD: &str = "Good title\nHouse News· 2025-07-13 16:09\nCopper rose.";

#[test]
fn a_wrong_date_refuses_its_entry_alone() {
    let cases = [
        ("2025-13-07 05:44", "there is no month 13"),
        ("2025-02-30 05:44", "there is no day 30 in February 2025: it has 28 days"),
        ("2025-07-13 24:00", "there is no hour 24"),
        (
            "昨天 05:44",
            "it is not written as YYYY-MM-DD HH:MM, nor as a time of ISO 8601 such as 2025-07-13T16:09:00+08:00",
        ),
        ("", "there is no date"),
    ];
    for (date, why) in cases {
        let bad = format!("Bad title\nSome House· {date}\nTin fell.");
        let found = read("feed.txt", feed(&[GOOD, &bad, "Last title\nHouse· 2025-07-13 01:00\nLead stood."]));
        assert_eq!(found.tally.documents, 2, "{date}");
        let quote = format!("Some House· {date}").trim_end().to_owned();
        let expected = format!(
            "entry 2 of feed.txt has no readable date\n  feed.txt:9: «{quote}»: {why}\n  \
             correct the line and import again (nothing is imported twice)"
        );
        assert_eq!(found.refusal().to_string(), expected);
        assert_eq!(found.entries[1].number, 3);
    }
}

#[test]
fn duplicate_and_truncated_entries() {
    let found = read(
        "feed.txt",
        feed(&[GOOD, "Other\nHouse· 2025-07-13 01:00\nTin.", GOOD, "Cut title\nHouse· 2025-07-13 01:00"]),
    );
    assert_eq!(found.tally.documents, 2);
    assert_eq!(found.skipped[0].to_string(), "feed.txt:11: the same document as feed.txt:5");
    assert_eq!(found.refusal().reason, RefusalReason::NoText);
    assert_eq!(found.refusal().place.to_string(), "feed.txt:14");
}

#[test]
fn invalid_bytes_refuse_their_entry_and_tell_the_byte() {
    let text = feed(&[
        GOOD,
        "Bad title\nHouse· 2025-07-13 01:00\nTin @ fell 铜铜铜铜.",
        "第三条\nHouse· 2025-07-13 02:00\n铅价。",
    ]);
    let at = text.find('@').unwrap_or_default();
    let mut bytes = text.into_bytes();
    bytes[at] = 0xFF;
    let found = read("feed.txt", bytes);
    assert_eq!(found.tally.documents, 2);
    let refusal = found.refusal();
    assert_eq!(
        (refusal.reason, refusal.place.byte, refusal.place.line),
        (RefusalReason::Encoding, Some(at as u64), Some(10))
    );
    assert!(refusal.to_string().starts_with("entry 2 of feed.txt is not valid UTF-8\n"), "{refusal}");

    let whole =
        read("a.txt", b"\xe9\x93\x9c\xe9\x93\x9c\xe9\x93\x9c\xe9\x93\x9c\xe9\x93\x9c copper \xff".to_vec());
    assert_eq!((whole.refusal().place.byte, whole.tally.documents), (Some(23), 0));

    let forced = Options { encoding: Some(Charset::Utf16Le), ..Options::default() };
    let odd = read_with(Source::bytes("a.txt", b"a\0b\0c".to_vec()), &forced);
    assert_eq!(odd.refusal().place.byte, Some(4));
}

#[test]
fn empty_and_binary_files() {
    let cases: [(&str, &[u8], RefusalReason); 7] = [
        ("a.txt", b"", RefusalReason::NoText),
        ("a.txt", b" \n\r\n\t", RefusalReason::NoText),
        ("a.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", RefusalReason::Binary),
        ("a.txt", b"%PDF-1.7 text", RefusalReason::Binary),
        ("a.txt", b"copper\0tin and some more of it", RefusalReason::Binary),
        ("a.html", b"<html><body><script>x</script></body></html>", RefusalReason::NoText),
        ("a.md", b"---\ntitle: x\n---\n", RefusalReason::NoText),
    ];
    for (name, bytes, reason) in cases {
        let found = read(name, bytes);
        assert_eq!((found.refusal().reason, found.tally.documents), (reason, 0), "{bytes:?}");
    }
    let feed_of_nothing = read("feed.txt", "Workflow\n稀土\nicon\nSearch documents\n");
    assert_eq!(feed_of_nothing.refusal().what, "feed.txt is a feed without entries");
    let missing = read_with(Source::path("/nonexistent/feed.txt"), &Options::default());
    assert_eq!(
        (missing.refusal().reason, missing.refusal().place.file.as_str()),
        (RefusalReason::Unreadable, "feed.txt")
    );
}

#[test]
fn a_document_of_50_mb_is_refused_in_every_format() {
    /// Counts what was taken of it.
    struct Endless(Vec<u8>, u64, std::sync::Arc<std::sync::atomic::AtomicU64>);
    impl Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = if self.0.is_empty() {
                usize::try_from(self.1).unwrap_or(buffer.len()).min(buffer.len())
            } else {
                self.0.len().min(buffer.len())
            };
            if self.0.is_empty() {
                buffer[..count].fill(b'x');
                self.1 -= count as u64;
            } else {
                buffer[..count].copy_from_slice(&self.0[..count]);
                self.0.drain(..count);
            }
            self.2.fetch_add(count as u64, std::sync::atomic::Ordering::Relaxed);
            Ok(count)
        }
    }
    let cases = [
        ("a.txt", "Copper "),
        ("a.md", "# Copper\n\n"),
        ("a.html", "<!DOCTYPE html><p>"),
        ("a.jsonl", "{\"text\":\""),
        ("feed.txt", "铜\nSearch documents\nTitle\nHouse· 2025-07-13 16:09\n"),
    ];
    for (name, start) in cases {
        let taken = std::sync::Arc::<std::sync::atomic::AtomicU64>::default();
        let source = Source::reader(name, Endless(start.as_bytes().to_vec(), 50_000_000, taken.clone()));
        let found = read_with(source, &Options::default());
        assert_eq!((found.refusal().reason, found.tally.documents), (RefusalReason::TooLarge, 0), "{name}");
        let taken = taken.load(std::sync::atomic::Ordering::Relaxed);
        let goes_on = matches!(name, "a.jsonl" | "feed.txt");
        assert_eq!(
            taken > 20_000_000,
            goes_on,
            "{name}: a whole file is let go at its limit, a line is passed over"
        );
    }
}

#[test]
fn the_limit_is_exact() {
    let small = Options { max_document_bytes: 2000, ..Options::default() };
    let tell = |length: usize| read_with(Source::bytes("a.txt", "x".repeat(length)), &small).tally;
    let largest = (1..2000).rev().find(|length| tell(*length).documents == 1).unwrap_or_default();
    assert!(largest > 1800, "{largest}");
    assert_eq!(tell(largest + 1).refused, 1);
    let feed_entry = |length: usize| {
        feed(&[GOOD, &format!("Long\nHouse· 2025-07-13 01:00\n{}", "word \n".repeat(length)), GOOD])
    };
    let found = read_with(Source::bytes("feed.txt", feed_entry(3000)), &small);
    assert_eq!(
        (found.tally.documents, found.tally.duplicates, found.refusal().reason),
        (1, 1, RefusalReason::TooLarge)
    );
}

/// Peak of the process's memory in KiB, from the kernel.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[test]
fn a_million_lines_in_bounded_memory() {
    /// Makes JSON lines as they are asked for.
    struct Lines(u64, Vec<u8>);
    impl Read for Lines {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.1.is_empty() && self.0 < 1_000_000 {
                for number in self.0..self.0 + 500 {
                    self.1.extend_from_slice(format!("{{\"text\":\"Line {number} of many.\"}}\n").as_bytes());
                }
                self.0 += 500;
            }
            let count = self.1.len().min(buffer.len());
            buffer[..count].copy_from_slice(&self.1[..count]);
            self.1.drain(..count);
            Ok(count)
        }
    }
    let before = peak_memory();
    let mut documents = 0_u64;
    let mut last = String::new();
    for item in intake::read(Source::reader("many.jsonl", Lines(0, Vec::new())), &Options::default()) {
        if let intake::Item::Document(entry) = item {
            documents += 1;
            last = entry.place.to_string();
        }
    }
    assert_eq!((documents, last.as_str()), (1_000_000, "many.jsonl:1000000"));
    // Other tests of this process run beside it; none of them holds more than the limits of a few documents.
    if let (Some(before), Some(after)) = (before, peak_memory()) {
        assert!(after - before < 200 * 1024, "{before} KiB before, {after} KiB after");
    }
}

#[test]
fn json_lines_name_line_and_field() {
    let cases = [
        ("{\"text\": 5}", "the field «text» is not a string"),
        ("{\"title\":\"x\"}", "the field «text» is missing or empty"),
        ("{\"text\":\"x\",\"topics\":\"y\"}", "the field «topics» is not a list of strings"),
        ("{\"text\":\"x\",\"published\":\"2025-13-01\"}", "the field «published»: there is no month 13"),
        ("{\"text\":\"x\",\"published\":1752393600}", "the field «published» is not a string"),
        ("[{\"text\":\"x\"}]", "it is not a JSON object; each line holds one, without brackets around all"),
        ("{\"text\":\"x\"", "column 11: EOF while parsing an object"),
        ("{\"text\":\"\\ud800\"}", "column 16: unexpected end of hex escape"),
    ];
    for (line, why) in cases {
        let found = read("a.jsonl", format!("{{\"text\":\"good\"}}\n{line}\n{{\"text\":\"good too\"}}\n"));
        assert_eq!(found.tally.documents, 2, "{line}");
        let refusal = found.refusal();
        assert_eq!((refusal.why.as_str(), refusal.place.to_string().as_str()), (why, "a.jsonl:2"), "{line}");
    }
    let deep = format!("{{\"text\":\"x\",\"y\":{}", "[".repeat(100_000));
    assert_eq!(read("a.jsonl", deep).refusal().reason, RefusalReason::Syntax);
    assert_eq!(read("a.jsonl", "{\"text\":\"a\\u0000b\"}").refusal().reason, RefusalReason::Binary);
}

#[test]
fn front_matter_that_is_wrong() {
    let cases = [
        ("---\ntitle: x\ntext without an end", "the line «---» that ends it is missing", 1),
        ("---\na: &x [1]\nb: *x\n---\nText.", "anchors and aliases (& and *) are not read", 2),
        (
            "---\ntitle: x\ndate: 2025-02-30\n---\nText.",
            "there is no day 30 in February 2025: it has 28 days",
            1,
        ),
    ];
    for (text, why, line) in cases {
        let found = read("a.md", text);
        assert_eq!((found.refusal().why.as_str(), found.refusal().place.line), (why, Some(line)), "{text}");
    }
}

#[test]
fn hostile_pages_end_soon() {
    let body = "<p>Copper rose.</p>";
    let cases = [
        format!("<!DOCTYPE html>{}{body}", "<div>".repeat(100_000)),
        format!("<!DOCTYPE html>{}{body}", "<b><div>".repeat(100_000)),
        format!("<!DOCTYPE html>{}{body}", "<table><tr><td>".repeat(50_000)),
        format!("<!DOCTYPE html>{}{body}", "<br>".repeat(300_000)),
    ];
    for page in cases {
        assert_eq!(read("a.html", page.clone()).refusal().reason, RefusalReason::TooLarge, "{}", &page[..40]);
    }
    // As deep as is allowed: it must not overflow the stack.
    let deep = format!(
        "<!DOCTYPE html><title>Deep</title>{}{}{}",
        "<div>".repeat(500),
        body.repeat(40),
        "</div>".repeat(500)
    );
    assert_eq!(read("a.html", deep).tally.documents, 1);
    // Unclosed paragraphs and cells are ordinary, however many.
    let loose = format!(
        "<!DOCTYPE html><title>Loose</title><table>{}</table>",
        "<tr><td>copper<td>9663<p>rose".repeat(2000)
    );
    assert_eq!(read("a.html", loose).tally.documents, 1);
}

#[test]
fn names_of_files_cannot_break_a_report() {
    let found = read("a\nb\u{1b}[31m.txt", "");
    assert_eq!(found.refusal().place.file, "a\\nb\\u{1b}[31m.txt");
}

fn yields_only_good_records(name: &str, bytes: Vec<u8>, options: &Options) -> Found {
    read_with(Source::bytes(name, bytes), options)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// Arbitrary bytes never panic, whatever they are taken for; `common` checks the rules of what is yielded.
    #[test]
    fn arbitrary_bytes(bytes in prop::collection::vec(any::<u8>(), 0..600), which in 0..7_usize) {
        let format = intake::Format::ALL.get(which).copied();
        for encoding in [None, Some(Charset::Utf8), Some(Charset::Gb18030), Some(Charset::Utf16Be)] {
            let options = Options { format, encoding, ..Options::default() };
            let found = yields_only_good_records("x.txt", bytes.clone(), &options);
            prop_assert!(!bytes.is_empty() || found.tally.refused == 1);
        }
    }

    /// Pieces of the formats in any order: every line ends up in a document or in a refusal's entry.
    #[test]
    fn shuffled_pieces(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..24), which in 0..6_usize) {
        let format = intake::Format::ALL.get(which).copied();
        let options = Options { format, ..Options::default() };
        let text = pieces.concat();
        let found = yields_only_good_records("x.txt", text.into_bytes(), &options);
        let again = yields_only_good_records("x.txt", pieces.concat().into_bytes(), &options);
        prop_assert_eq!(found.tally, again.tally);
        for (one, other) in found.entries.iter().zip(&again.entries) {
            prop_assert_eq!(&one.record, &other.record);
        }
    }
}

/// A source's name that is no text neither reaches a terminal nor a log.
#[test]
fn a_quote_has_no_control_characters() {
    let found = read("x.txt", "\u{feff}\0House\u{1b}[2J· 2025-13-13\n");
    assert_eq!(found.refused.len(), 1);
    let refusal = &found.refused[0];
    assert!(!refusal.quote.chars().any(char::is_control) && refusal.quote.contains("House"), "{refusal:?}");
}

const PIECES: &[&str] = &[
    "Workflow\n",
    "稀土\n",
    "Search documents\n",
    "Time zone: UTC\n",
    "Title\n",
    "周报-20250713\n",
    "House· 2025-07-13 16:09\n",
    "House· 2025-13-13\n",
    "House·\n",
    "Core Viewpoint - x [1]. ",
    "Group 1: A - b\n",
    "- c [2].\n",
    "\n",
    "\r\n",
    "\r",
    "---\n",
    "title: x\n",
    "date: 2025\n",
    "# Heading\n",
    "{\"text\":\"a\"}\n",
    "{\"text\":1}\n",
    "{",
    "<!DOCTYPE html>",
    "<div>",
    "</div>",
    "<table><tr><td>a<td>b",
    "<p>text",
    "<script>",
    "&amp;",
    "铜价上涨。\n",
    "...",
    "\u{feff}",
    "\u{0}",
    "a | b\n",
];

//! Records in two languages whose words are as unevenly frequent as in real texts (Zipf).

use api::record::{Document, Period, Precision, Record};
use bytes::Bytes;
use prost::{Message as _, Name as _};
use search::Entry;
use text::Lexicon;

use crate::texts::HANZI;

const WORDS: usize = 30_000;
const CHARACTERS: usize = 3_000;
/// Bytes of a text.
const LENGTH: usize = 2_100;

/// Makes the records of each number: equal on every machine.
pub(crate) struct Corpus {
    english: Vec<String>,
    chinese: Vec<String>,
    names: Vec<String>,
}

/// Numbers that look random and are the same each time (splitmix64, Steele, Lea and Flood 2014).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    /// A rank, the probability of which falls as one over it.
    fn rank(&mut self, limit: usize) -> usize {
        let share = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        ((limit as f64).powf(share) as usize).min(limit) - 1
    }
}

impl Corpus {
    pub(crate) fn new() -> Corpus {
        let mut dice = Dice(1);
        let syllables =
            ["ba", "tor", "mi", "nal", "res", "ko", "pen", "ul", "dra", "sha", "vi", "con", "ter", "lo"];
        let english = (0..WORDS).map(|_| (0..2 + dice.below(3)).map(|_| syllables[dice.below(14)]).collect());
        let english = english.collect();
        let common = characters();
        let chinese = (0..WORDS).map(|_| (0..2).map(|_| common[dice.rank(common.len())]).collect()).collect();
        let plain = |name: &&text::Name| !name.exact && !name.in_context && !name.artefact;
        let names = Lexicon::standard().entries().iter().filter(|entry| entry.kind() != "none");
        let names =
            names.flat_map(|entry| entry.names.iter().filter(plain).map(|name| name.text.clone())).collect();
        Corpus { english, chinese, names }
    }

    /// What is indexed of record `number`; every second one is Chinese.
    pub(crate) fn entry(&self, number: usize) -> Entry {
        let mut dice = Dice(number as u64 + 100);
        let chinese = number.is_multiple_of(2);
        let title = self.text(&mut dice, chinese, 60);
        let body = self.text(&mut dice, chinese, LENGTH - 60);
        let of = |dice: &mut Dice, of: &[&str]| of[dice.below(of.len())].to_owned();
        Entry {
            name: format!("documents/{number:032x}"),
            kind: "monazite.record.v1.Document".into(),
            source: of(&mut dice, &["Reuters", "SMM", "新华社", "Bloomberg", "Argus", "财联社"]),
            language: if chinese { "zh" } else { "en" }.into(),
            published: Some(1_700_000_000 + (dice.below(60_000_000)) as i64),
            sequence: number as i64,
            commodities: vec![
                of(&mut dice, &["antimony", "gallium", "copper"]),
                of(&mut dice, &["rare-earths", "lithium"]),
            ],
            countries: vec![of(&mut dice, &["CHN", "USA", "AUS", "JPN"])],
            title,
            body,
            ..Entry::default()
        }
    }

    fn text(&self, dice: &mut Dice, chinese: bool, length: usize) -> String {
        let mut text = String::with_capacity(length + 40);
        while text.len() < length {
            if dice.below(100) == 0 {
                text.push_str(&self.names[dice.below(self.names.len())]);
            } else if chinese {
                text.push_str(&self.chinese[dice.rank(WORDS)]);
            } else {
                text.push_str(&self.english[dice.rank(WORDS)]);
            }
            match (dice.below(12), chinese) {
                (0, true) => text.push('，'),
                (0, false) => text.push_str(", "),
                (1, _) => text.push_str(&format!(" {} ", dice.below(10_000))),
                (_, true) => {}
                (_, false) => text.push(' '),
            }
        }
        text
    }

    /// Words of both languages, frequent and rare.
    pub(crate) fn terms(&self, count: usize) -> Vec<String> {
        let mut dice = Dice(7);
        let term = |number: usize| {
            let of = if number.is_multiple_of(2) { &self.chinese } else { &self.english };
            of[dice.rank(WORDS)].clone()
        };
        (0..count).map(term).collect()
    }

    /// Two words side by side in a text, in quotation marks.
    pub(crate) fn phrases(&self, count: usize) -> Vec<String> {
        let mut dice = Dice(9);
        let phrase = |number: usize| match number.is_multiple_of(2) {
            true => format!("\"{}{}\"", self.chinese[dice.rank(300)], self.chinese[dice.rank(300)]),
            false => format!("\"{} {}\"", self.english[dice.rank(300)], self.english[dice.rank(300)]),
        };
        (0..count).map(phrase).collect()
    }

    /// A saved query: a name with its aliases, with a word, a filter or an exclusion.
    pub(crate) fn topic(&self, number: usize) -> String {
        let mut dice = Dice(number as u64 + 1_000_000);
        let name = &self.names[dice.below(self.names.len())];
        let word = &self.english[dice.rank(WORDS)];
        match number % 4 {
            0 => format!("\"{name}\""),
            1 => format!("\"{name}\" {word}"),
            2 => format!("\"{name}\" language:zh -{word}"),
            _ => format!("\"{name}\" OR ({word} {})", self.chinese[dice.rank(WORDS)]),
        }
    }
}

/// As many characters as a newspaper uses, the frequent ones first.
fn characters() -> Vec<char> {
    let mut characters: Vec<char> = Vec::new();
    for character in HANZI.chars().chain(('\u{4e00}'..='\u{9fa5}').step_by(7)) {
        if !characters.contains(&character) {
            characters.push(character);
        }
    }
    characters.truncate(CHARACTERS);
    characters
}

/// The document of an entry as it is imported; its number names it.
pub(crate) fn record(entry: &Entry) -> Record {
    let second = |seconds| jiff::Timestamp::from_second(seconds).map(|time| time.to_string());
    let start = entry.published.and_then(|seconds| second(seconds).ok()).unwrap_or_default();
    let document = Document {
        source: entry.source.clone(),
        title_bytes: u32::try_from(entry.title.len()).expect("a title is short"),
        // The title is the first line.
        text: format!("{}\n{}", entry.title, entry.body),
        language: entry.language.clone(),
        published: Some(Period { start, precision: Precision::Minute.into(), ..Period::default() }),
        ..Document::default()
    };
    Record {
        name: entry.name.clone(),
        kind: Document::full_name(),
        keys: vec![format!("document={}", entry.name)],
        body: Bytes::from(document.encode_to_vec()),
        ..Record::default()
    }
}

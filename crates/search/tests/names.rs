//! Names of the lexicon, planted among their adversarial neighbours: each is found in all records that have it and in no
//! other, and under its names in the other language. What is right is found out by plain comparison of strings.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test stops where its setup fails, and says what it measured"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use frostem::{Algorithm, Stemmer};
use search::{Config, Entry, Expand, Expander, Index, Limits, Query, Request, Snapshot};
use text::Lexicon;

/// Records of the test that always runs, and of the whole one.
const FEW: usize = 3_000;
const MANY: usize = 50_000;
const NAMES: usize = 300;

/// Numbers that look random and are the same each time (xorshift, Marsaglia 2003).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }

    fn one<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }
}

fn is_chinese(name: &str) -> bool {
    name.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

fn is_english(name: &str) -> bool {
    name.len() > 3 && name.bytes().all(|b| b.is_ascii_alphabetic() || b == b' ')
}

/// Pairs of the main Chinese and English name of things, those without marks.
fn pairs() -> Vec<(String, String)> {
    let entries = Lexicon::standard().entries().iter().filter(|entry| entry.kind() != "none");
    entries
        .filter_map(|entry| {
            let plain = |name: &&text::Name| !name.exact && !name.in_context && !name.artefact;
            let chinese = entry.names.iter().filter(plain).find(|n| n.chinese && is_chinese(&n.text))?;
            let english = entry.names.iter().filter(plain).find(|n| !n.chinese && is_english(&n.text))?;
            Some((chinese.text.clone(), english.text.clone()))
        })
        .collect()
}

/// A name that is nearly the one given, and is not it.
fn neighbour(name: &str, dice: &mut Dice) -> String {
    let chinese = is_chinese(name);
    let parts: Vec<String> = match chinese {
        true => name.chars().map(String::from).collect(),
        false => name.split(' ').map(str::to_owned).collect(),
    };
    let glue = if chinese { "" } else { " " };
    if parts.len() == 1 {
        return if chinese { "某".to_owned() } else { format!("{name}ix") };
    }
    let middle = 1 + dice.below(parts.len() - 1);
    let (head, tail) = (parts[..middle].join(glue), parts[middle..].join(glue));
    match (dice.below(5), chinese) {
        (0, true) => format!("{head}的{tail}"),
        (0, false) => format!("{head} of {tail}"),
        (1, true) => format!("{head}、{tail}"),
        (1, false) => format!("{head}, {tail}"),
        (2, _) => format!("{tail}{glue}{head}"),
        (3, true) => format!("{head}（{tail}）"),
        (3, false) => format!("{head}. {tail}"),
        _ => head,
    }
}

/// A record's text with a few names and neighbours in it.
fn text(names: &[String], dice: &mut Dice) -> String {
    let chinese =
        ["今日", "市场", "较上周", "据悉，", "表示。", "其中", "方面；", "约三成", "（二）", "预计", "\n"];
    let english =
        ["the", "market was", "this week.", "said,", "and", "(see below)", "roughly half;", "today", "\n"];
    let mut text = String::new();
    for _ in 0..12 {
        let filler = if dice.below(2) == 0 { dice.one(&chinese) } else { dice.one(&english) };
        text.push_str(filler);
        text.push(' ');
        let name = &names[dice.below(names.len())];
        match dice.below(4) {
            0 => text.push_str(name),
            1 => text.push_str(&neighbour(name, dice)),
            _ => {}
        }
        text.push_str(dice.one(&[" ", "，", ". ", "。"]));
    }
    text
}

/// A text for plain comparison: its characters without blanks, and the stems of the words of each clause.
struct Plain {
    joined: String,
    clauses: Vec<Vec<String>>,
}

impl Plain {
    fn of(text: &str) -> Plain {
        let clauses = text.split(['，', '。', '；', '、', '.', ',', ';']);
        let joined = text.chars().filter(|c| *c != ' ' && *c != '\n').collect();
        Plain { joined, clauses: clauses.map(stems).collect() }
    }

    fn has(&self, name: &str, stems: &[String]) -> bool {
        match is_chinese(name) {
            true => self.joined.contains(name),
            false => {
                self.clauses.iter().any(|words| words.windows(stems.len()).any(|window| window == stems))
            }
        }
    }
}

/// The stems of words. A Chinese character is a word of its own, for it stands between the words beside it.
fn stems(text: &str) -> Vec<String> {
    let stemmer = Stemmer::new(Algorithm::English);
    let mut apart = String::new();
    for character in text.chars() {
        if character.is_ascii() {
            apart.push(character);
        } else {
            apart.extend([' ', character, ' ']);
        }
    }
    let words = apart.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| stemmer.stem(&word.to_lowercase()).into_owned()).collect()
}

struct Planted {
    texts: Vec<Plain>,
    snapshot: Snapshot,
    expander: Expander,
}

impl Planted {
    fn new(names: &[String], records: usize) -> Planted {
        let mut dice = Dice(0x5eed);
        let (index, mut writer) = Index::in_memory(&Config::default()).unwrap();
        let texts: Vec<String> = (0..records).map(|_| text(names, &mut dice)).collect();
        for (number, text) in texts.iter().enumerate() {
            // A third of them has its first half as a title.
            let cut = if number % 3 == 0 { text.find(". ").map_or(0, |at| at + 2) } else { 0 };
            let (title, body) = text.split_at(cut);
            let entry = Entry {
                name: number.to_string(),
                title: title.into(),
                body: body.into(),
                ..Entry::default()
            };
            writer.put(&entry, Instant::now()).unwrap();
        }
        writer.commit(1).unwrap();
        let texts = texts.iter().map(|text| Plain::of(text)).collect();
        Planted { texts, snapshot: index.snapshot(), expander: Expander::new(Lexicon::standard()) }
    }

    fn found(&self, query: &str, expand: Expand) -> BTreeSet<usize> {
        let limits = Limits::default();
        let plan = self.expander.plan(&Query::parse(query, &limits).unwrap(), expand, &limits).unwrap();
        let mut found = BTreeSet::new();
        let mut token = String::new();
        loop {
            let request = Request { size: 1_000, page_token: &token, ..Request::new(&plan) };
            let answer = self.snapshot.search(&request).unwrap();
            found.extend(answer.hits.iter().map(|hit| hit.name.parse::<usize>().unwrap()));
            if answer.next_page_token.is_empty() {
                return found;
            }
            token = answer.next_page_token;
        }
    }

    fn right(&self, name: &str) -> BTreeSet<usize> {
        let stems = stems(name);
        (0..self.texts.len()).filter(|number| self.texts[*number].has(name, &stems)).collect()
    }
}

#[test]
fn names_are_found_exactly_and_in_the_other_language() {
    names(FEW);
}

#[test]
#[ignore = "takes a minute: cargo test --release -p search --test names -- --ignored --nocapture"]
fn names_are_found_among_many_records() {
    names(MANY);
}

/// What was found of what is right.
#[derive(Default)]
struct Score {
    found: usize,
    right: usize,
    both: usize,
}

impl Score {
    fn add(&mut self, found: &BTreeSet<usize>, right: &BTreeSet<usize>) {
        self.found += found.len();
        self.right += right.len();
        self.both += found.intersection(right).count();
    }

    /// The share of what was found that is right.
    fn precision(&self) -> f64 {
        self.both as f64 / self.found as f64
    }

    /// The share of what is right that was found, as it is printed.
    fn recall(&self) -> String {
        format!("recall {:.4} of {}", self.both as f64 / self.right as f64, self.right)
    }
}

fn names(records: usize) {
    let all = pairs();
    let step = all.len() / (NAMES / 2);
    let chosen: Vec<&(String, String)> = all.iter().step_by(step).take(NAMES / 2).collect();
    let single = ["锑", "镓", "锗"].map(str::to_owned);
    let mut names: Vec<String> = chosen.iter().flat_map(|(a, b)| [a.clone(), b.clone()]).collect();
    assert!(names.len() >= 290, "{}", names.len());
    names.extend(single.clone());
    let planted = Planted::new(&names, records);

    let mut rights = BTreeMap::new();
    let mut wrong = Vec::new();
    let [mut phrases, mut bare, mut characters, mut across] = [(); 4].map(|()| Score::default());
    for name in &names {
        let right = planted.right(name);
        let found = planted.found(&format!("\"{name}\""), Expand::Off);
        let score = if single.contains(name) { &mut characters } else { &mut phrases };
        score.add(&found, &right);
        if found != right {
            wrong.push(format!("\"{name}\""));
        }
        // Without quotation marks, Chinese is a phrase too.
        if is_chinese(name) {
            let found = planted.found(name, Expand::Off);
            bare.add(&found, &right);
            if found != right {
                wrong.push(name.clone());
            }
        }
        rights.insert(name.as_str(), right);
    }
    for (chinese, english) in chosen {
        let both: BTreeSet<usize> = &rights[chinese.as_str()] | &rights[english.as_str()];
        for name in [chinese, english] {
            let found = planted.found(&format!("\"{name}\""), Expand::On);
            // Further names of the same thing are found too, so that only recall is asked.
            across.add(&(&found & &both), &both);
            if !found.is_superset(&both) {
                wrong.push(format!("«{name}» misses {:?}", both.difference(&found)));
            }
        }
    }
    println!("{} names in {records} records", names.len());
    let kinds = [(&phrases, "phrases"), (&bare, "Chinese without marks"), (&characters, "single characters")];
    for (score, what) in kinds {
        println!("{what}: precision {:.4}, {}", score.precision(), score.recall());
    }
    println!("in both languages: {}", across.recall());
    assert!(wrong.is_empty(), "{wrong:?}");
    assert!(rights.values().filter(|right| !right.is_empty()).count() > 250);
    for name in &single {
        assert!(rights[name.as_str()].len() > 5, "{name}");
    }
}

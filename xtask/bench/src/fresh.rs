//! Texts that nobody can have remembered: the sentences of a template with other digits and other names each time.
//!
//! Names come from the lexicon and are replaced by names of the same kind in the same script; digits by digits, so that
//! a price stays a price. Only in dates they stay in bounds: a month stays a month.

use std::collections::HashMap;

use text::{Context, Kind, Lexicon, Mention, Reader};

use crate::texts::Random;

/// Chinese digits that are exchanged for one another; 一 is left, since it stands in many words.
const NUMERALS: [char; 8] = ['二', '三', '四', '五', '六', '七', '八', '九'];

/// Within each of these a part of a date is drawn again: quarters and early months, months and hours, hours and days,
/// days, minutes, years.
const CALENDAR: [(u32, u32); 6] = [(1, 4), (5, 12), (13, 23), (24, 28), (32, 59), (1990, 2029)];

/// The names of the lexicon that count everywhere, by kind and script.
pub(crate) struct Names {
    sets: Vec<Vec<String>>,
    index: HashMap<(String, bool), usize>,
}

impl Names {
    /// Those of the lexicon that comes with the program.
    pub(crate) fn standard() -> Self {
        let mut names = Self { sets: Vec::new(), index: HashMap::new() };
        for entry in Lexicon::standard().entries().iter().filter(|entry| entry.kind() != "none") {
            for name in entry.names.iter().filter(|name| !name.in_context && !name.artefact) {
                let key = (entry.kind().to_owned(), is_chinese(&name.text));
                let next = names.sets.len();
                let set = *names.index.entry(key).or_insert(next);
                if set == next {
                    names.sets.push(Vec::new());
                }
                names.sets[set].push(name.text.clone());
            }
        }
        names
    }

    /// The set that a name found in a text is exchanged within.
    fn set(&self, mention: &Mention<'_>) -> Option<usize> {
        let (kind, _) = mention.id.as_deref()?.split_once('/')?;
        self.index.get(&(kind.to_owned(), is_chinese(mention.quote))).copied()
    }
}

fn is_chinese(name: &str) -> bool {
    !name.is_ascii()
}

/// A text with places for digits and names.
pub(crate) struct Template {
    parts: Vec<Part>,
    /// Its first line is its title.
    titled: bool,
}

enum Part {
    /// Stays as it is.
    Words(String),
    /// Digits, the first of them no zero unless it was one.
    Digits(String),
    /// A part of a date, from the first to the second, as wide as the third.
    Calendar(u32, u32, usize),
    /// A Chinese digit.
    Numeral,
    /// A name of this set.
    Name(usize),
}

/// What is read: a text, and how many of its bytes are the title.
pub(crate) struct Fresh {
    pub text: String,
    pub title_bytes: usize,
}

impl Template {
    /// Finds the places in a text. With `titled` its first line is its title.
    pub(crate) fn new(text: &str, titled: bool, reader: &Reader, names: &Names) -> Self {
        let mut template = Self { parts: Vec::new(), titled };
        let mut at = 0;
        for mention in reader.read(text, &Context::default()) {
            template.free(&text[at..mention.start_byte]);
            at = mention.end_byte;
            match mention.kind {
                Kind::Entity => match names.set(&mention) {
                    Some(set) => template.parts.push(Part::Name(set)),
                    None => template.parts.push(Part::Words(mention.quote.to_owned())),
                },
                Kind::Time => template.each_run(mention.quote, Self::calendar),
                Kind::Number | Kind::Percent | Kind::Quantity => template.value(mention.quote),
                _ => template.free(mention.quote),
            }
        }
        template.free(&text[at..]);
        template
    }

    /// Fills the places.
    pub(crate) fn draw(&self, names: &Names, random: &mut Random) -> Fresh {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Words(words) => text.push_str(words),
                Part::Digits(run) => {
                    for (place, digit) in run.chars().enumerate() {
                        text.push(match (place, digit) {
                            (0, '0') => '0',
                            (0, _) => digit_of(1 + random.below(9)),
                            _ => digit_of(random.below(10)),
                        });
                    }
                }
                Part::Calendar(first, last, width) => {
                    let drawn = u64::from(*first) + random.below(u64::from(last - first + 1));
                    text.push_str(&format!("{drawn:0width$}"));
                }
                Part::Numeral => text.push(random.pick(&NUMERALS)),
                Part::Name(set) => text.push_str(random.pick_from::<String>(&names.sets[*set])),
            }
        }
        let title_bytes = if self.titled { text.find('\n').unwrap_or(text.len()) } else { 0 };
        Fresh { text, title_bytes }
    }

    /// Words and digits of any kind.
    fn free(&mut self, text: &str) {
        self.each_run(text, |template, run| template.parts.push(Part::Digits(run.to_owned())));
    }

    /// A value, which may be written in Chinese.
    fn value(&mut self, text: &str) {
        for piece in text.split_inclusive(NUMERALS) {
            let words = piece.trim_end_matches(NUMERALS);
            self.free(words);
            if words.len() < piece.len() {
                self.parts.push(Part::Numeral);
            }
        }
    }

    /// A run of digits in a date. Eight are year, month and day.
    fn calendar(&mut self, run: &str) {
        if run.len() == 8 {
            let (year, day) = run.split_at(4);
            let (month, day) = day.split_at(2);
            [year, month, day].into_iter().for_each(|run| self.calendar(run));
            return;
        }
        // No month lacks a 28th, so that a day behind it moves before it.
        let value = match run.parse().unwrap_or(0) {
            29..=31 => 28,
            value => value,
        };
        let bounds = CALENDAR.into_iter().find(|(first, last)| (*first..=*last).contains(&value));
        let width = if run.starts_with('0') { run.len() } else { 1 };
        self.parts.push(match bounds {
            Some((first, last)) => Part::Calendar(first, last, width),
            None => Part::Words(run.to_owned()),
        });
    }

    /// Keeps the words of a text and hands its runs of digits on.
    fn each_run(&mut self, text: &str, mut digits: impl FnMut(&mut Self, &str)) {
        let mut rest = text;
        while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
            let (words, from) = rest.split_at(start);
            let end = from.find(|c: char| !c.is_ascii_digit()).unwrap_or(from.len());
            self.parts.push(Part::Words(words.to_owned()));
            digits(self, &from[..end]);
            rest = &from[end..];
        }
        self.parts.push(Part::Words(rest.to_owned()));
    }
}

fn digit_of(value: u64) -> char {
    u32::try_from(value).ok().and_then(|value| char::from_digit(value, 10)).unwrap_or('0')
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn drawn(text: &str, count: u64) -> Vec<String> {
        let (reader, names) = (Reader::standard(), Names::standard());
        let template = Template::new(text, false, &reader, &names);
        (0..count).map(|seed| template.draw(&names, &mut Random::new(seed)).text).collect()
    }

    #[test]
    fn digits_are_drawn_anew_and_nothing_else_is() {
        let shape = |text: &str| text.replace(|c: char| c.is_ascii_digit(), "0");
        let text = "It paid $9,663.05 [3], or 约0.07%, for 1,200";
        let texts = drawn(text, 200);
        assert!(texts.iter().all(|drawn| shape(drawn) == shape(text)), "{texts:#?}");
        assert_eq!(texts.iter().collect::<HashSet<_>>().len(), 200);
        // A number keeps its size: its first digit does not become a zero, and a zero stays one.
        assert!(texts.iter().all(|drawn| !drawn.contains("$0") && drawn.contains("约0.")));
    }

    #[test]
    fn a_seed_gives_the_same_text_again() {
        assert_eq!(drawn("LME copper 9663", 20), drawn("LME copper 9663", 20));
    }

    #[test]
    fn chinese_digits_change_within_numbers_only() {
        let texts = drawn("增长三十五吨，第三方", 50);
        assert!(texts.iter().all(|text| text.contains('十') && text.ends_with("第三方")), "{texts:?}");
        assert!(texts.iter().any(|text| !text.contains("三十五")));
    }

    #[test]
    fn names_become_others_of_their_kind_and_script() {
        let kinds = |text: &str| -> Vec<(String, bool)> {
            let mentions = Reader::standard().read(text, &Context::default());
            let entities = mentions.iter().filter(|mention| mention.kind == Kind::Entity);
            entities
                .filter_map(|m| Some((m.id.as_deref()?.split_once('/')?.0.to_owned(), is_chinese(m.quote))))
                .collect()
        };
        let text = "Chile shipped antimony trioxide; 氧化镨钕，中国。";
        let texts = drawn(text, 300);
        let same = texts.iter().filter(|drawn| kinds(drawn) == kinds(text)).count();
        // A few names mean something else beside other words, and then are not read as names.
        assert!(same >= 270, "{same} of 300");
        assert!(texts.iter().filter(|drawn| drawn.contains("antimony trioxide")).count() < 10);
        assert!(texts.iter().collect::<HashSet<_>>().len() > 290);
    }

    #[test]
    fn dates_stay_dates() {
        for text in ["2025年7月11日", "20250713", "2025-07-11", "Q3 2025", "July 10, 2025"] {
            let texts = drawn(text, 300);
            for drawn in &texts {
                let mentions = Reader::standard().read(drawn, &Context::default());
                let whole =
                    mentions.iter().any(|m| m.quote == drawn && m.start.is_some() && m.doubt.is_none());
                assert!(whole, "{drawn}: {mentions:?}");
            }
            assert!(texts.iter().collect::<HashSet<_>>().len() > 30, "{text}");
        }
    }

    #[test]
    fn a_title_is_the_first_line() {
        let (reader, names) = (Reader::standard(), Names::standard());
        let template = Template::new("铜价上涨\nLME 9663", true, &reader, &names);
        let fresh = template.draw(&names, &mut Random::new(1));
        assert_eq!(fresh.text.as_bytes()[fresh.title_bytes], b'\n');
    }
}

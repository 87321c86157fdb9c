//! Made-up facts of foreign trade, and documents that tell them.
//!
//! Each fact is told by five documents of as many publishers, and two documents share at most one fact, so that they are
//! neither copies nor one story. What is told of a fact does not depend on how many others there are, so that groups are equally large
//! at every size of the store.

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use serde_json::{Value, json};

/// Facts of one document. One less than [`DOCUMENTS`], a prime, so that two documents of a block have one fact in common at most.
pub(super) const FACTS: u64 = DOCUMENTS - 1;

/// Documents that tell all facts of a block once.
const DOCUMENTS: u64 = 41;

/// How often each fact is told.
const TELLINGS: u64 = 5;

/// Documents of a block.
pub(super) const BLOCK: u64 = DOCUMENTS * TELLINGS;

const MONTHS: u64 = 120;

/// The first month that is told of.
const FIRST: Date = date(2005, 1, 1);

const GOODS: [(&str, &str); 12] = [
    ("氧化镨钕", "praseodymium-neodymium oxide"),
    ("氧化镝", "dysprosium oxide"),
    ("氧化铽", "terbium oxide"),
    ("锑锭", "antimony ingot"),
    ("电解铜", "refined copper"),
    ("碳酸锂", "lithium carbonate"),
    ("电解钴", "cobalt cathode"),
    ("镍铁", "ferronickel"),
    ("钨精矿", "tungsten concentrate"),
    ("金属镓", "gallium metal"),
    ("海绵钛", "titanium sponge"),
    ("氧化锑", "antimony oxide"),
];

const COUNTRIES: [(&str, &str); 24] = [
    ("泰国", "Thailand"),
    ("墨西哥", "Mexico"),
    ("智利", "Chile"),
    ("澳大利亚", "Australia"),
    ("印度尼西亚", "Indonesia"),
    ("马来西亚", "Malaysia"),
    ("缅甸", "Myanmar"),
    ("越南", "Vietnam"),
    ("印度", "India"),
    ("日本", "Japan"),
    ("韩国", "South Korea"),
    ("德国", "Germany"),
    ("法国", "France"),
    ("比利时", "Belgium"),
    ("加拿大", "Canada"),
    ("巴西", "Brazil"),
    ("秘鲁", "Peru"),
    ("玻利维亚", "Bolivia"),
    ("哈萨克斯坦", "Kazakhstan"),
    ("塔吉克斯坦", "Tajikistan"),
    ("土耳其", "Turkey"),
    ("西班牙", "Spain"),
    ("意大利", "Italy"),
    ("荷兰", "the Netherlands"),
];

/// Document `number` of the store, counted from zero, as a line to import.
pub(super) fn stored(number: u64) -> Value {
    telling(number / BLOCK, number % BLOCK / DOCUMENTS, number % DOCUMENTS).line(None)
}

/// Another document about facts of a block, of which one is told with two digits exchanged. Each number below 36 tells them
/// in another arrangement.
pub(super) fn news(block: u64, number: u64) -> Value {
    telling(block, TELLINGS + number, number).line(Some(number % FACTS))
}

/// One document.
struct Telling {
    block: u64,
    round: u64,
    place: u64,
}

fn telling(block: u64, round: u64, place: u64) -> Telling {
    Telling { block, round, place }
}

impl Telling {
    /// With `wrong`, that fact of it is told with two digits exchanged.
    fn line(&self, wrong: Option<u64>) -> Value {
        let chinese = (self.round + self.place).is_multiple_of(2);
        let mut text = String::new();
        for at in 0..FACTS {
            let column = (self.place + at * self.round) % DOCUMENTS;
            let fact = Fact::new((self.block * FACTS + at) * DOCUMENTS + column);
            let tonnes = if wrong == Some(at) { transposed(fact.tonnes) } else { fact.tonnes };
            text += &if chinese { fact.chinese(tonnes) } else { fact.english(tonnes) };
            text.push('\n');
        }
        let Self { block, round, place } = self;
        // A figure is compared with what was told within days of it; later it may have been restated.
        let days = if wrong.is_some() { 3 } else { round * 97 } + block % 89;
        let days = i64::try_from(days).expect("a count of days is small");
        json!({
            "title": format!("{} {block}-{round}-{place}", if chinese { "贸易简报" } else { "Trade notes" }),
            "text": text,
            "source": format!("Publisher {round}-{}", block % 50),
            "published": (date(2016, 1, 1) + days.days()).to_string(),
        })
    }
}

/// What a country exported to another in a month.
struct Fact {
    good: (&'static str, &'static str),
    from: (&'static str, &'static str),
    to: (&'static str, &'static str),
    month: Date,
    tonnes: u64,
}

impl Fact {
    /// Fact `number`; each below 794,880 is another.
    fn new(number: u64) -> Self {
        let mut left = number;
        let mut digit = |base: u64| {
            let digit = left % base;
            left /= base;
            usize::try_from(digit).expect("an index is small")
        };
        let (good, from, to, month) = (digit(GOODS.len() as u64), digit(24), digit(23), digit(MONTHS));
        // Four digits of which no two neighbours are equal and none is zero.
        let (a, b) = (number % 9 + 1, number / 9 % 8);
        let (c, d) = (number / 72 % 8, number / 576 % 8);
        let after = |before: u64, skip: u64| if skip + 1 < before { skip + 1 } else { skip + 2 };
        let b = after(a, b);
        let c = after(b, c);
        let d = after(c, d);
        Self {
            good: GOODS[good],
            from: COUNTRIES[from],
            to: COUNTRIES[(from + 1 + to) % COUNTRIES.len()],
            month: FIRST + i64::try_from(month).expect("a month is small").months(),
            tonnes: ((a * 10 + b) * 10 + c) * 10 + d,
        }
    }

    fn chinese(&self, tonnes: u64) -> String {
        let (year, month) = (self.month.year(), self.month.month());
        format!("{year}年{month}月，{}向{}出口{}{tonnes}吨。", self.from.0, self.to.0, self.good.0)
    }

    fn english(&self, tonnes: u64) -> String {
        let (whole, part) = (tonnes / 1000, tonnes % 1000);
        let month = self.month.strftime("%B %Y");
        let from = self.from.1.strip_prefix("the ").unwrap_or(self.from.1);
        format!("In {month}, {from} exported {whole},{part:03} tonnes of {} to {}.", self.good.1, self.to.1)
    }
}

/// A number of four digits with the two in the middle exchanged.
fn transposed(number: u64) -> u64 {
    let (b, c) = (number / 100 % 10, number / 10 % 10);
    number - b * 100 - c * 10 + c * 100 + b * 10
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use text::{Keys, Kinds, Reader};

    use super::*;

    fn facts(reader: &Reader, line: &Value) -> BTreeSet<String> {
        let text = line["text"].as_str().unwrap_or_default();
        let context = text::Context { published: Some(date(2020, 1, 1)), kinds: Kinds::ALL };
        let claims = reader.claims(text, 0, &reader.read(text, &context));
        claims.iter().filter_map(|claim| Keys::of(claim).fact).collect()
    }

    #[test]
    fn each_sentence_is_read_as_its_fact_in_both_languages() {
        let reader = Reader::standard();
        let told: Vec<BTreeSet<String>> = (0..BLOCK).map(|number| facts(&reader, &stored(number))).collect();
        assert!(told.iter().all(|facts| facts.len() as u64 == FACTS));
        let all: BTreeSet<&String> = told.iter().flatten().collect();
        assert_eq!(all.len() as u64, FACTS * DOCUMENTS, "each fact is told by {TELLINGS} documents");
        assert!(told[0].intersection(&told[DOCUMENTS as usize]).count() <= 1);
        assert!(facts(&reader, &news(0, 3)).iter().all(|fact| all.contains(fact)));
    }

    #[test]
    fn digits_are_exchanged() {
        for number in 0..10_000 {
            let tonnes = Fact::new(number).tonnes;
            assert!((1_000..10_000).contains(&tonnes) && transposed(tonnes) != tonnes, "{tonnes}");
        }
        assert_eq!(transposed(3834), 3384);
    }
}

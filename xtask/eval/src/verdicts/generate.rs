//! Cases made of true texts: a copy in which exactly one thing is changed has to be found, a copy in which nothing is must not.

use std::collections::BTreeMap;
use std::ops::Range;

use api::record::{FindingKind, ReasonCode};
use serde::Serialize;
use text::{Context, Kind, Mention, Reader};

use super::chain::{self, Passage, about};
use super::score::reason_name;

/// What is changed, and the reason that has to be found.
const CHANGES: [(Change, ReasonCode); 6] = [
    (Change::Year, ReasonCode::PeriodShifted),
    (Change::Digits, ReasonCode::DigitsTransposed),
    (Change::Scale, ReasonCode::Scale),
    (Change::Basis, ReasonCode::UnitOrBasis),
    (Change::Good, ReasonCode::GoodConfused),
    (Change::Direction, ReasonCode::Direction),
];

/// One thing that is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Change {
    /// A year, by one.
    Year,
    /// Two neighbouring digits of a figure.
    Digits,
    /// 万 for 亿, million for billion.
    Scale,
    /// With VAT for without, dollars for yuan, short tons for tonnes.
    Basis,
    /// A good of another family.
    Good,
    /// Up for down.
    Direction,
}

impl Change {
    /// In words.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Change::Year => "a year",
            Change::Digits => "two digits exchanged",
            Change::Scale => "万 and 亿, million and billion",
            Change::Basis => "unit or basis",
            Change::Good => "the good",
            Change::Direction => "the direction",
        }
    }
}

/// What came out.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Generated {
    /// Of each change: cases, those found to contradict, those with the reason.
    pub(crate) by_change: BTreeMap<Change, [usize; 3]>,
    /// Texts that were laid beside an unchanged copy.
    pub(crate) copies: usize,
    /// Those of them in which a contradiction was found.
    pub(crate) alarms: usize,
    /// The cases that were not found.
    pub(crate) misses: Vec<Missed>,
}

/// A change that was not found.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Missed {
    /// What was changed.
    pub(crate) change: Change,
    /// The passage.
    pub(crate) passage: String,
    /// What stood there, and what stands there now.
    pub(crate) words: [String; 2],
    /// How each pair of figures of the two texts came out.
    pub(crate) why: Vec<String>,
}

/// Makes all cases of these texts and runs each through the chain, beside the text that it was made of.
pub(crate) fn run<'a>(reader: &Reader, passages: impl Iterator<Item = &'a Passage>) -> Generated {
    let mut out = Generated::default();
    for passage in passages {
        let published = passage.published.get(..10).and_then(|day| day.parse().ok());
        let mentions = reader.read(&passage.text, &Context { published, ..Context::default() });
        out.copies += 1;
        let unchanged = reasons(reader, passage, &passage.text);
        out.alarms += usize::from(!unchanged.is_empty());
        for (change, expected) in CHANGES {
            let Some((span, words)) = made(change, &passage.text, &mentions) else { continue };
            let mut text = passage.text.clone();
            text.replace_range(span.clone(), &words);
            let found = reasons(reader, passage, &text);
            let row = out.by_change.entry(change).or_default();
            row[0] += 1;
            row[1] += usize::from(!found.is_empty());
            row[2] += usize::from(found.contains(&reason_name(expected)));
            if found.is_empty() {
                let stood = passage.text.get(span).unwrap_or_default().to_owned();
                let why = chain::why(reader, passage, &copy_of(passage, &text));
                out.misses.push(Missed { change, passage: passage.id.clone(), words: [stood, words], why });
            }
        }
    }
    out
}

/// Reasons of the contradictions between a passage and a copy of it with this text by another publisher.
fn reasons(reader: &Reader, passage: &Passage, text: &str) -> Vec<String> {
    let copy = copy_of(passage, text);
    let found = chain::findings(reader, &[passage.clone(), copy.clone()]);
    let said = about(&found, &passage.id, &copy.id);
    let contradicts = said.iter().filter(|said| said.kind == FindingKind::Contradiction);
    contradicts.map(|said| reason_name(said.reason)).collect()
}

/// The same passage with this text, by another publisher.
fn copy_of(passage: &Passage, text: &str) -> Passage {
    Passage {
        id: format!("{}-copy", passage.id),
        source: "another publisher".to_owned(),
        text: text.to_owned(),
        title_bytes: text.find('\n').unwrap_or_default(),
        ..passage.clone()
    }
}

/// The first place where this can be changed, and what stands there then.
fn made(change: Change, text: &str, mentions: &[Mention<'_>]) -> Option<(Range<usize>, String)> {
    // What stands twice would no longer agree with itself.
    let once = |word: &str| text.matches(word).count() == 1;
    let figures =
        || mentions.iter().filter(|m| matches!(m.kind, Kind::Quantity | Kind::Percent) && once(m.quote));
    match change {
        Change::Year => years(text, mentions),
        Change::Digits => figures().find_map(exchanged),
        Change::Scale => figures().find_map(|mention| replaced(mention, SCALES)),
        Change::Basis => figures().find_map(|mention| replaced(mention, UNITS)).or_else(|| {
            BASES.iter().find_map(|(word, other)| {
                let at = text.find(word).filter(|_| once(word))?;
                Some((at..at + word.len(), (*other).to_owned()))
            })
        }),
        Change::Good => goods(text, mentions),
        Change::Direction => DIRECTIONS.iter().find_map(|(word, other)| {
            let at = text.find(word).filter(|_| once(word))?;
            Some((at..at + word.len(), (*other).to_owned()))
        }),
    }
}

const SCALES: &[(&str, &str)] =
    &[("亿", "万"), ("万", "亿"), ("million", "billion"), ("billion", "million"), ("mn", "bn"), ("bn", "mn")];

const UNITS: &[(&str, &str)] = &[
    ("美元", "元"),
    ("元", "美元"),
    ("yuan", "dollars"),
    ("千克", "吨"),
    ("公斤", "吨"),
    ("tonnes", "short tons"),
    ("tons", "short tons"),
];

const BASES: &[(&str, &str)] = &[
    ("不含税", "含税"),
    ("VAT included", "VAT excluded"),
    ("including VAT", "excluding VAT"),
    ("CIF", "FOB"),
    ("FOB", "CIF"),
];

const DIRECTIONS: &[(&str, &str)] = &[
    ("增长", "下降"),
    ("下降", "增长"),
    ("上涨", "下跌"),
    ("下跌", "上涨"),
    ("增加", "减少"),
    ("减少", "增加"),
    (" rose ", " fell "),
    (" fell ", " rose "),
    (" up ", " down "),
    (" down ", " up "),
    (" increased ", " decreased "),
    (" decreased ", " increased "),
];

/// Names of goods, in both languages, of families that have nothing to do with each other.
const GOODS: &[(&str, &str, &str)] = &[
    ("commodity/antimony", "锑", "antimony"),
    ("commodity/gallium", "镓", "gallium"),
    ("commodity/rare-earths", "稀土", "rare earths"),
];

fn goods(text: &str, mentions: &[Mention<'_>]) -> Option<(Range<usize>, String)> {
    let mut goods =
        mentions.iter().filter(|m| m.id.as_deref().is_some_and(|id| id.starts_with("commodity/")));
    let good = goods.find(|mention| text.matches(mention.quote).count() == 1)?;
    let id = good.id.as_deref()?;
    let (_, chinese, english) =
        GOODS.iter().find(|(other, ..)| compare::kinship(id, other) == compare::Kinship::Strangers)?;
    let words = if good.quote.is_ascii() { *english } else { *chinese };
    Some((good.start_byte..good.end_byte, words.to_owned()))
}

fn years(text: &str, mentions: &[Mention<'_>]) -> Option<(Range<usize>, String)> {
    mentions.iter().filter(|mention| mention.kind == Kind::Time).find_map(|mention| {
        let at = mention.quote.find("20")?;
        let digits = mention.quote.get(at..at + 4)?;
        let year: i32 = digits.parse().ok()?;
        let start = mention.start_byte + at;
        (text.matches(digits).count() == 1).then(|| (start..start + 4, (year - 1).to_string()))
    })
}

/// The first two neighbouring digits that differ, exchanged; no zero comes to the front.
fn exchanged(mention: &Mention<'_>) -> Option<(Range<usize>, String)> {
    let digits: Vec<(usize, char)> =
        mention.quote.char_indices().filter(|(_, c)| c.is_ascii_digit()).collect();
    let (first, second) = digits.windows(2).find_map(|pair| {
        let ((first, left), (second, right)) = (pair[0], pair[1]);
        (left != right && right != '0' && left != '0').then_some((first, second))
    })?;
    let mut bytes = mention.quote.as_bytes().to_vec();
    bytes.swap(first, second);
    Some((mention.start_byte..mention.end_byte, String::from_utf8(bytes).ok()?))
}

fn replaced(mention: &Mention<'_>, words: &[(&str, &str)]) -> Option<(Range<usize>, String)> {
    let (word, other) = words.iter().find(|(word, _)| mention.quote.contains(word))?;
    Some((mention.start_byte..mention.end_byte, mention.quote.replacen(word, other, 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(kind: Change, text: &str) -> Option<String> {
        let mentions = Reader::standard().read(text, &Context::default());
        let (span, words) = made(kind, text, &mentions)?;
        let mut text = text.to_owned();
        text.replace_range(span, &words);
        Some(text)
    }

    #[test]
    fn exactly_one_thing_is_changed() {
        let text = "2024年中国锡锭产量为15.3万吨，同比增长2%。";
        assert_eq!(change(Change::Year, text).as_deref(), Some("2023年中国锡锭产量为15.3万吨，同比增长2%。"));
        assert_eq!(
            change(Change::Digits, text).as_deref(),
            Some("2024年中国锡锭产量为51.3万吨，同比增长2%。")
        );
        assert_eq!(
            change(Change::Scale, text).as_deref(),
            Some("2024年中国锡锭产量为15.3亿吨，同比增长2%。")
        );
        assert_eq!(change(Change::Good, text).as_deref(), Some("2024年中国锑产量为15.3万吨，同比增长2%。"));
        assert_eq!(
            change(Change::Direction, text).as_deref(),
            Some("2024年中国锡锭产量为15.3万吨，同比下降2%。")
        );
        assert_eq!(change(Change::Basis, text), None);
    }
}

//! A sentence that gives a thing as its own cause.

use std::collections::BTreeSet;
use std::ops::Range;

use plugin_sdk::record::Check;
use text::Kind;

use super::wording;
use crate::outcome::Outcome;
use crate::page::{Page, Sentence};
use crate::words::{find, has};

/// Words between an effect and its cause; the effect stands before them.
const BECAUSE: &[&str] = &[
    "chiefly as a result of", "as a result of", "because of", "because", "due to", "owing to", "stemmed from", "stems from", "is caused by", "was caused by",
    "driven by", "根本原因在于", "主要原因在于", "原因在于", "主要原因是", "原因是", "主要是因为", "是因为", "主要由于", "是由于", "因为", "源于",
];

/// What words of a market come down to: words that mean one thing stand under one name. Longer words come first.
const MEANINGS: &[(&str, &[&str])] = &[
    ("price up", &["price increase", "price increases", "rising prices", "higher prices", "became more expensive", "costs so much", "cost so much", "expensive", "dearer", "costly", "价格上涨", "价格的上涨", "涨价", "价格走高", "价格上升", "价格出现上涨", "价格上行", "价上涨", "价涨"]),
    ("price down", &["became cheaper", "falling prices", "lower prices", "price decline", "price declines", "cheaper", "cheap", "价格下跌", "价格下降", "跌价", "价格走低", "价格出现了回落", "价格回落", "价格出现回落", "价下跌", "价跌"]),
    ("short", &["supply falling short of demand", "short of supply", "shortage", "shortages", "deficit", "undersupply", "scarcity", "scarce", "too little supply", "insufficient supply", "供应短缺", "供应不足", "供给不足", "供不应求", "短缺", "缺口", "紧缺", "供应偏紧"]),
    ("glut", &["oversupply", "surplus", "glut", "excess supply", "supply exceeding demand", "供应过剩", "供过于求", "过剩"]),
    ("buying down", &["purchasing less", "buying less", "lower demand", "weaker demand", "demand fell", "demand slowed", "offtake slowed", "lower purchases", "需求下降", "需求减少", "采购减少", "买得少"]),
    ("buying up", &["purchasing more", "buying more", "higher demand", "stronger demand", "demand rose", "需求增加", "需求上升", "采购增加", "买得多"]),
    ("output down", &["lower output", "lower production", "producing less", "output fell", "production fell", "产量下降", "产量减少", "减产"]),
    ("output up", &["higher output", "higher production", "producing more", "output rose", "production rose", "产量增加", "产量上升", "增产"]),
    ("price", &["prices", "price", "价格", "价"]),
    ("up", &["rose", "rise", "rises", "rising", "risen", "increased", "higher", "gained", "climbed", "上涨", "上升", "走高", "涨"]),
    ("down", &["fell", "fall", "falls", "falling", "fallen", "declined", "lower", "dropped", "slowed", "slid", "下跌", "回落", "下降", "走低", "跌"]),
    ("buying", &["offtake", "demand", "purchases", "buying", "purchasing", "需求", "采购"]),
    ("output", &["output", "production", "产量"]),
    ("supply", &["supply", "supplies", "供应", "供给"]),
];

/// Words that say nothing of their own. What is left of a cause when these and its meanings are taken out makes it a cause of another kind.
const EMPTY: &[&str] = &[
    "the", "a", "an", "of", "in", "it", "its", "is", "are", "was", "were", "so", "much", "by", "for", "to", "that", "this", "these", "there", "has", "had", "have", "been",
    "buyers", "sellers", "market", "less", "more", "on", "at", "and", "了", "的", "出现", "市场", "该", "其", "这", "所", "导致", "引起", "造成", "因", "是", "在于", "为",
];

pub(super) fn check(page: &Page<'_>, found: &mut Vec<Outcome>) {
    for sentence in &page.sentences {
        found.extend(explained(page, sentence));
    }
}

fn explained(page: &Page<'_>, sentence: &Sentence) -> Option<Outcome> {
    let words = page.lower(sentence.span.start, sentence.span.end);
    // Where lower case has another length, offsets would not fit.
    if words.len() != sentence.span.len() {
        return None;
    }
    let (at, link) = BECAUSE.iter().find_map(|link| Some((find(&words, link)?, *link)))?;
    let cause = at + link.len();
    let end = words[cause..].find(['，', ',', '；', ';', '。', '"', '”', ':', '：']).map_or(words.len(), |end| cause + end);
    // The clause of the effect; in Chinese a comma often stands before the link.
    let head = words[..at].trim_end_matches(['，', ',', ' ', '：', ':']);
    let start = head.rfind(['，', ',', '；', ';', '"', '“', ':', '：']).map_or(0, |mark| {
        mark + head[mark..].chars().next().map_or(1, char::len_utf8)
    });
    let span = |range: Range<usize>| {
        let text = &words[range.clone()];
        let lead = text.len() - text.trim_start().len();
        sentence.span.start + range.start + lead..sentence.span.start + range.start + lead + text.trim().len()
    };
    let (effect, cause) = (span(start..head.len()), span(cause..end));
    if effect.is_empty() || cause.is_empty() {
        return None;
    }
    let (what, why) = (Meaning::of(page, &effect), Meaning::of(page, &cause));
    if !what.is_like(&why) {
        return None;
    }
    let itself = why.rest.trim().is_empty() && why.goods.is_subset(&what.goods) && why.says_no_more_than(&what);
    let said = if itself {
        format!("«{}» is given as the cause of «{}»", &page.text[cause.clone()], &page.text[effect.clone()])
    } else {
        format!("«{}» is another thing than «{}»", &page.text[cause.clone()], &page.text[effect.clone()])
    };
    Some(wording(page, Check::SelfExplanation, !itself, said, vec![effect, cause]))
}

/// What a stretch of text says, as far as it is in [`MEANINGS`].
struct Meaning {
    /// Goods, companies, places and the like that it names.
    goods: BTreeSet<String>,
    said: BTreeSet<&'static str>,
    /// What is left.
    rest: String,
}

impl Meaning {
    fn of(page: &Page<'_>, span: &Range<usize>) -> Meaning {
        let mut rest = page.lower(span.start, span.end);
        let mut goods = BTreeSet::new();
        let first = page.mentions.partition_point(|mention| mention.start_byte < span.start);
        let inside = page.mentions[first..].iter().take_while(|mention| mention.end_byte <= span.end);
        for mention in inside {
            let id = mention.id.as_deref().unwrap_or_default();
            // Measures are among the meanings.
            if mention.kind == Kind::Entity && !id.starts_with("measure/") {
                goods.insert(id.to_owned());
                rest = rest.replacen(&mention.quote.to_lowercase(), " ", 1);
            }
        }
        let mut said = BTreeSet::new();
        for (meaning, words) in MEANINGS {
            for word in *words {
                while let Some(at) = find(&rest, word) {
                    said.insert(*meaning);
                    rest.replace_range(at..at + word.len(), " ");
                }
            }
        }
        for word in EMPTY {
            while let Some(at) = find(&rest, word) {
                rest.replace_range(at..at + word.len(), " ");
            }
        }
        Meaning { goods, said: joined(said), rest }
    }

    /// True if both speak of one kind of thing, so that it is worth saying whether they are one.
    fn is_like(&self, other: &Meaning) -> bool {
        self.said.iter().any(|one| other.said.iter().any(|other| root(one) == root(other) || way(one).is_some() && way(one) == way(other)))
            || self.shares_word(other)
            || !self.said.is_empty() && self.goods.iter().any(|good| other.goods.contains(good))
    }

    /// True if both use one long word that is in none of the lists.
    fn shares_word(&self, other: &Meaning) -> bool {
        let words: BTreeSet<&str> = self.rest.split(|letter: char| !letter.is_alphabetic()).filter(|word| word.len() > 5).collect();
        other.rest.split(|letter: char| !letter.is_alphabetic()).any(|word| words.contains(word))
    }

    fn says_no_more_than(&self, other: &Meaning) -> bool {
        !self.said.is_empty() && self.said.is_subset(&other.said)
    }
}

/// «price» and «up» are together «price up».
fn joined(mut said: BTreeSet<&'static str>) -> BTreeSet<&'static str> {
    for (noun, way, both) in [
        ("price", "up", "price up"),
        ("price", "down", "price down"),
        ("buying", "down", "buying down"),
        ("buying", "up", "buying up"),
        ("output", "down", "output down"),
        ("output", "up", "output up"),
    ] {
        if said.contains(way) && (said.contains(noun) || said.contains(both)) {
            said.remove(noun);
            said.remove(way);
            said.insert(both);
        }
        if said.contains(both) {
            said.remove(noun);
        }
    }
    said
}

/// Up or down, of what says one of them.
fn way(meaning: &str) -> Option<&str> {
    meaning.rsplit(' ').next().filter(|way| matches!(*way, "up" | "down"))
}

fn root(meaning: &str) -> &str {
    meaning.split(' ').next().unwrap_or(meaning)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_of_a_meaning_is_empty() {
        assert!(MEANINGS.iter().all(|(_, words)| words.iter().all(|word| !word.is_empty())));
        assert!(EMPTY.iter().all(|word| !word.is_empty()) && has("prices rose", &["rose"]));
    }
}

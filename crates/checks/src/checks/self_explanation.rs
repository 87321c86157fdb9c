//! A sentence that gives a thing as its own cause.

use std::collections::BTreeSet;
use std::ops::Range;

use api::record::Check;
use text::Kind;

use super::wording;
use crate::outcome::Outcome;
use crate::page::{Page, Sentence};
use crate::words::find;

/// Words between an effect and its cause; the effect stands before them.
const BECAUSE: &[&str] = &[
    "chiefly as a result of", "as a result of", "mainly because of", "mainly because", "because of",
    "because", "mainly due to", "due to", "owing to", "stemmed from", "stems from", "was caused by",
    "is caused by", "were caused by", "was driven by", "is driven by", "driven by", "thanks to",
    "的根本原因在于", "的主要原因在于", "的原因在于", "的主要原因是", "的原因是", "根本原因在于",
    "主要原因在于", "原因在于", "主要原因是", "原因是", "主要是因为", "是因为", "主要由于", "主要是由于",
    "是由于", "因为", "源于",
];

/// Words before a cause that stands first; the effect follows behind a comma.
const SINCE: &[&str] =
    &["由于", "因为", "因", "受", "because of", "because", "due to", "owing to", "as a result of"];

/// What words of a market come down to; what means the same comes down to the same. Longer words come first.
const MEANINGS: &[(&[&str], &[&str])] = &[
    (
        &["price", "up"],
        &[
            "became more expensive", "costs so much", "cost so much", "expensive", "dearer", "costly",
            "涨价", "价涨",
        ],
    ),
    (&["price", "down"], &["became cheaper", "cheaper", "cheap", "跌价", "价跌"]),
    (
        &["short"],
        &[
            "supply falling short of demand",
            "supply fell short of demand",
            "demand exceeding supply",
            "demand outstripping supply",
            "short of supply",
            "shortages",
            "shortage",
            "deficit",
            "undersupply",
            "scarcity",
            "scarce",
            "too little supply",
            "insufficient supply",
            "tight supply",
            "supply is tight",
            "supply tightness",
            "tightness",
            "供应短缺",
            "供应不足",
            "供给不足",
            "供不应求",
            "供应紧张",
            "供应偏紧",
            "供给偏紧",
            "货源紧张",
            "短缺",
            "缺口",
            "紧缺",
            "紧张",
            "偏紧",
        ],
    ),
    (
        &["glut"],
        &[
            "oversupply",
            "surplus",
            "glut",
            "excess supply",
            "supply exceeding demand",
            "supply outstripping demand",
            "供应过剩",
            "供过于求",
            "供大于求",
            "过剩",
        ],
    ),
    (&["buying", "down"], &["purchasing less", "buying less", "bought less", "买得少", "少买"]),
    (&["buying", "up"], &["purchasing more", "buying more", "bought more", "买得多", "多买"]),
    (&["output", "down"], &["producing less", "produced less", "减产"]),
    (&["output", "up"], &["producing more", "produced more", "增产"]),
    (&["exports", "down"], &["exporting less", "exported less"]),
    (&["exports", "up"], &["exporting more", "exported more"]),
    (&["price"], &["prices", "price", "quotes", "quotations", "价格", "售价", "报价", "价"]),
    (
        &["buying"],
        &[
            "offtake", "demand", "purchases", "purchase", "buying", "purchasing", "consumption", "需求量",
            "需求", "采购量", "采购", "消费",
        ],
    ),
    (&["output"], &["output", "production", "产量", "产出"]),
    (&["exports"], &["exports", "export", "出口量", "出口"]),
    (&["imports"], &["imports", "import", "进口量", "进口"]),
    (&["stock"], &["inventories", "inventory", "stocks", "stockpiles", "库存量", "库存"]),
    (&["supply"], &["supply", "supplies", "供应量", "供应", "供给"]),
    (&["profit"], &["profits", "profit", "earnings", "利润", "盈利"]),
    (&["cost"], &["costs", "cost", "成本"]),
    (
        &["up"],
        &[
            "rose", "rise", "rises", "rising", "risen", "increased", "increase", "increases", "increasing",
            "higher", "gained", "climbed", "grew", "growing", "growth", "strong", "firm", "上涨", "上升",
            "走高", "增加", "增长", "上行", "走强", "提高", "涨", "升",
        ],
    ),
    (
        &["down"],
        &[
            "fell", "fall", "falls", "falling", "fallen", "declined", "decline", "declines", "declining",
            "decrease", "decreased", "lower", "dropped", "drop", "slowed", "slid", "weak", "weaker", "low",
            "soft", "sluggish", "下跌", "回落", "下降", "走低", "减少", "下滑", "走弱", "降低", "疲软",
            "低迷", "不振", "跌", "降",
        ],
    ),
];

/// Words that say nothing of their own. What is left of a cause when these and its meanings are taken out makes it a cause of another kind.
const EMPTY: &[&str] = &[
    "the", "a", "an", "of", "in", "it", "its", "is", "are", "was", "were", "so", "much", "by", "for", "to",
    "that", "this", "these", "there", "has", "had", "have", "been", "buyers", "sellers", "market", "less",
    "more", "on", "at", "and", "stayed", "remained", "became", "chiefly", "mainly", "largely", "simply",
    "了", "的", "出现", "市场", "该", "其", "这", "所", "导致", "引起", "造成", "因", "是", "在于", "为",
    "主要", "仍", "持续", "继续", "影响", "，",
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
    let (effect, cause) = first(&words).or_else(|| behind(&words))?;
    let span = |range: Range<usize>| {
        let text = &words[range.clone()];
        let free = |letter: char| !letter.is_alphanumeric();
        let lead = text.len() - text.trim_start_matches(free).len();
        let start = sentence.span.start + range.start + lead;
        start..start + text.trim_matches(free).len()
    };
    let (effect, cause) = (span(effect), span(cause));
    if effect.is_empty() || cause.is_empty() {
        return None;
    }
    let (what, why) = (Meaning::of(page, &effect), Meaning::of(page, &cause));
    if !what.is_like(&why) {
        return None;
    }
    let itself = why.rest.is_empty() && why.goods.is_subset(&what.goods) && why.says_no_more_than(&what);
    // Another cause is one that names another thing; other words alone may say the same.
    if !itself && why.goods.is_subset(&what.goods) {
        return None;
    }
    let said = if itself {
        format!("«{}» is given as the cause of «{}»", &page.text[cause.clone()], &page.text[effect.clone()])
    } else {
        format!("«{}» is another thing than «{}»", &page.text[cause.clone()], &page.text[effect.clone()])
    };
    Some(wording(page, Check::SelfExplanation, !itself, said, vec![effect, cause]))
}

const MARKS: [char; 9] = ['，', ',', '；', ';', '。', '"', '”', '：', '['];

/// Effect and cause where the cause stands first: «由于供应紧张，…».
fn first(words: &str) -> Option<(Range<usize>, Range<usize>)> {
    let link = SINCE.iter().find(|link| find(words, link) == Some(0))?;
    let comma = words.find(['，', ','])?;
    let behind = comma + words[comma..].chars().next().map_or(1, char::len_utf8);
    let end = words[behind..].find(MARKS).map_or(words.len(), |end| behind + end);
    // «受…影响» and «由于…的影响» end where the effect begins.
    Some((behind..end, link.len()..comma))
}

/// Effect and cause where the effect stands first.
fn behind(words: &str) -> Option<(Range<usize>, Range<usize>)> {
    let hits = BECAUSE.iter().filter_map(|link| Some((find(words, link)?, link.len())));
    // The earliest; of two that begin there, the longer.
    let (at, length) = hits.min_by_key(|(at, length)| (*at, usize::MAX - length))?;
    let cause = at + length;
    let end = words[cause..].find(MARKS).map_or(words.len(), |end| cause + end);
    // The clause of the effect; in Chinese a comma often stands before the link.
    let head = words[..at].trim_end_matches(['，', ',', ' ', '：', ':']);
    let start = head
        .rfind(['，', ',', '；', ';', '"', '“', ':', '：'])
        .map_or(0, |mark| mark + head[mark..].chars().next().map_or(1, char::len_utf8));
    Some((start..head.len(), cause..end))
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
        let mut said: BTreeSet<&'static str> = BTreeSet::new();
        for (meanings, words) in MEANINGS {
            for word in *words {
                while let Some(at) = find(&rest, word) {
                    said.extend(meanings.iter().copied());
                    rest.replace_range(at..at + word.len(), " ");
                }
            }
        }
        for word in EMPTY {
            while let Some(at) = find(&rest, word) {
                rest.replace_range(at..at + word.len(), " ");
            }
        }
        rest.retain(|letter| letter.is_alphanumeric() || letter == ' ');
        let rest = rest.split_whitespace().collect::<Vec<_>>().join(" ");
        Meaning { goods, said, rest }
    }

    /// True if both speak of one kind of thing, so that it is worth saying whether they are one.
    fn is_like(&self, other: &Meaning) -> bool {
        self.said.iter().any(|one| other.said.contains(one))
            || self.shares_word(other)
            || !self.said.is_empty() && self.goods.iter().any(|good| other.goods.contains(good))
    }

    /// True if both use one long word that is in none of the lists.
    fn shares_word(&self, other: &Meaning) -> bool {
        let words: BTreeSet<&str> =
            self.rest.split(|letter: char| !letter.is_alphabetic()).filter(|word| word.len() > 5).collect();
        other.rest.split(|letter: char| !letter.is_alphabetic()).any(|word| words.contains(word))
    }

    fn says_no_more_than(&self, other: &Meaning) -> bool {
        // A direction alone is told of something that is not said.
        self.said.iter().any(|said| !matches!(*said, "up" | "down")) && self.said.is_subset(&other.said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_of_a_meaning_is_empty() {
        assert!(
            MEANINGS.iter().all(|(all, words)| !all.is_empty() && words.iter().all(|word| !word.is_empty()))
        );
        assert!(EMPTY.iter().chain(BECAUSE).chain(SINCE).all(|word| !word.is_empty()));
    }
}

//! A sentence that gives a thing as its own cause.

mod meanings;

use std::collections::BTreeSet;
use std::ops::Range;

use api::record::Check;
use text::Kind;

use self::meanings::{EMPTY, MEANINGS};
use super::wording;
use crate::outcome::Outcome;
use crate::page::{Page, Sentence};
use crate::words::{find, has};

/// Words between an effect and its cause; the effect stands before them.
const BECAUSE: &[&str] = &[
    "on the back of",
    "on account of",
    "reflecting",
    "reflected",
    "reflects",
    "attributed to",
    "attributable to",
    "explained by",
    "resulting from",
    "resulted from",
    "the result of",
    "owed to",
    "owing mainly to",
    "for the reason that",
    "since there is",
    "since there was",
    "since there were",
    "的原因，是",
    "的原因，在于",
    "系因",
    "系由于",
    "缘于",
    "归因于",
    "归咎于",
    "是由",
    "主因是",
    "主因在于",
    "究其原因，是",
    "起因于",
    "是受",
    "主要系",
    "主要受",
    "chiefly as a result of",
    "as a result of",
    "mainly because of",
    "mainly because",
    "because of",
    "because",
    "mainly due to",
    "due to",
    "owing to",
    "stemmed from",
    "stems from",
    "was caused by",
    "is caused by",
    "were caused by",
    "was driven by",
    "is driven by",
    "driven by",
    "thanks to",
    "的根本原因在于",
    "的主要原因在于",
    "的原因在于",
    "的主要原因是",
    "的原因是",
    "根本原因在于",
    "主要原因在于",
    "原因在于",
    "主要原因是",
    "原因是",
    "主要是因为",
    "是因为",
    "得益于",
    "受益于",
    "主要由于",
    "主要是由于",
    "是由于",
    "因为",
    "源于",
    "原因就在于",
    "原因就是",
    "原因正是",
    "原因正在于",
    "原因无非是",
    "原因不外乎",
    "原因还是",
    "原因主要是",
    "原因主要在于",
    "关键在于",
    "根源在于",
    "根源是",
    "皆因",
    "只因",
    "缘由是",
    "缘由在于",
    "归功于",
    "系受",
    "ascribes to",
    "ascribe to",
    "attributes to",
    "attribute to",
    "put down to",
    "puts down to",
    "blamed on",
    "blames on",
    "down to",
    "came down to",
    "comes down to",
    "was the result of",
    "is the result of",
    "a result of",
    "a consequence of",
    "in consequence of",
    "for the simple reason that",
    "the reason being that",
    "the reason being",
    "the reason is that",
    "the reason was that",
    "the cause being",
    "which it attributes to",
    "on the strength of",
    "in the wake of",
    "ascribed to",
    "arose from",
    "arises from",
    "came about because",
    "源自",
    "来自于",
    "come from",
    "comes from",
    "came from",
    "down to the fact that",
    "a function of",
    "on account of the fact that",
    "得益于的是",
    "盖因",
    "全因",
    "，因",
    ",因",
    "come about because",
    "comes about because",
    "which reflects",
    "which reflected",
    "as a consequence of",
    "is explained by",
    "was explained by",
    "是因",
    "缘自",
];

/// Words before a cause that stands first; the effect follows behind a comma.
const SINCE: &[&str] =
    &["由于", "因为", "因", "受", "because of", "because", "due to", "owing to", "as a result of"];

/// Words that take up what moved in the clause before.
const MOVE: [&str; 16] = [
    "a drop ", "a fall ", "a decline ", "a decrease ", "a slide ", "a rise ", "a gain ", "a jump ",
    "an increase ", "a move ", "a change ", "a trend ", "which ", "a shift ", "something ", "a development ",
];

/// Up to how many characters a clause only takes up what was told before it.
const SHORT: usize = 14;

/// Kinds of one price: a cause of another kind than its effect is another thing.
const KINDS: &[&[&str]] = &[
    &["spot", "现货", "散单", "零单"],
    &["term", "long-term", "annual contract", "长单", "长协"],
    &["futures", "期货", "主力合约", "期价", "盘面"],
    &["lme", "comex", "london", "外盘", "伦铜", "伦铝", "伦锌", "伦铅", "伦镍", "伦锡", "海外盘"],
    &["shfe", "shanghai", "内盘", "沪铜", "沪铝", "沪锌", "沪铅", "沪镍", "沪锡"],
];

/// Links that are also words of comparison and time, tried where none of the others stands.
const AS: [&str; 4] = ["as", "since", "on", "amid"];

/// Words behind «on» and «amid» with which they begin a cause.
const ON: &[&str] = &[
    "higher", "lower", "rising", "falling", "weaker", "stronger", "firmer", "softer", "increased", "reduced",
    "tighter", "declining", "growing", "weak", "strong",
];

/// Words between a cause and its effect, where the cause stands first.
const LEADS_TO: &[&str] =
    &["led to", "leads to", "resulted in", "results in", "caused", "导致", "致使", "造成", "引发", "引起"];

/// From how many letters on what is left of a cause is something of its own; a Chinese character counts as two.
const OWN_LETTERS: usize = 4;

pub(super) fn check(page: &Page<'_>, found: &mut Vec<Outcome>) {
    for (at, sentence) in page.sentences.iter().enumerate() {
        found.extend(explained(page, at, sentence));
    }
}

fn explained(page: &Page<'_>, at: usize, sentence: &Sentence) -> Option<Outcome> {
    let words = page.lower(sentence.span.start, sentence.span.end);
    let (effect, cause) =
        first(&words).or_else(|| behind(&words)).or_else(|| carried(&words)).or_else(|| turned(&words))?;
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
    let (mut what, why) = (Meaning::of(page, &effect), Meaning::of(page, &cause));
    if what.said.is_empty() && what.rest.is_empty() {
        return None;
    }
    if what.said.iter().all(|said| matches!(*said, "up" | "down")) && what.is_bare(page, &effect) {
        // A good that rallies is its price.
        what.said.insert("price");
    }
    if what.goods.is_empty() {
        // «价格走高的原因» is of the good that the words before tell of.
        let from = page.sentences[..at].last().filter(|last| last.line == sentence.line);
        let from = from.map_or(sentence.span.start, |last| last.span.start);
        what.goods = Meaning::of(page, &(from..effect.start)).goods;
    }
    let kinds = |span: &Range<usize>| -> Vec<usize> {
        let words = page.lower(span.start, span.end);
        (0..KINDS.len()).filter(|kind| has(&words, KINDS[*kind])).collect()
    };
    let (own, others) = (kinds(&effect), kinds(&cause));
    let other_kind = !own.is_empty() && !others.is_empty() && !own.iter().any(|kind| others.contains(kind));
    let itself = !other_kind
        && why.rest.split(' ').all(|word| what.rest.contains(word))
        && why.goods.is_subset(&what.goods)
        && why.says_no_more_than(&what);
    let moves = what.said.iter().any(|said| matches!(*said, "up" | "down" | "short" | "glut"));
    if !(itself || moves && (other_kind || why.is_another(&what))) {
        // Of what does not move there is nothing to note.
        return None;
    }
    let said = if itself {
        format!("«{}» is given as the cause of «{}»", &page.text[cause.clone()], &page.text[effect.clone()])
    } else {
        format!("«{}» is another thing than «{}»", &page.text[cause.clone()], &page.text[effect.clone()])
    };
    Some(wording(page, Check::SelfExplanation, !itself, said, vec![effect, cause]))
}

/// Ends of a clause.
const MARKS: [char; 9] = ['，', ',', '；', ';', '。', '"', '”', '：', '['];

/// Where the first clause of a text ends; a comma between two digits ends none.
fn first_mark(words: &str) -> Option<usize> {
    words
        .char_indices()
        .find(|(at, letter)| MARKS.contains(letter) && !is_grouping(words, *at))
        .map(|(at, _)| at)
}

/// True for a comma between two digits.
fn is_grouping(words: &str, at: usize) -> bool {
    let digit = |letter: char| letter.is_ascii_digit();
    words[at..].starts_with(',') && words[..at].ends_with(digit) && words[at + 1..].starts_with(digit)
}

/// Effect and cause where the cause stands first: «由于供应紧张，…».
fn first(words: &str) -> Option<(Range<usize>, Range<usize>)> {
    let link = SINCE.iter().find(|link| find(words, link) == Some(0))?;
    let comma = words.find(['，', ','])?;
    let behind = comma + words[comma..].chars().next().map_or(1, char::len_utf8);
    let end = first_mark(&words[behind..]).map_or(words.len(), |end| behind + end);
    // «受…影响» and «由于…的影响» end where the effect begins.
    Some((behind..end, link.len()..comma))
}

/// Effect and cause where the effect stands first.
fn behind(words: &str) -> Option<(Range<usize>, Range<usize>)> {
    // 因此 and 因素 begin no cause.
    let other = |behind: &str| behind.starts_with(['此', '而', '素', '应', '地', '人']);
    let hits = BECAUSE.iter().filter_map(|link| {
        let at = find(words, link)?;
        (!link.ends_with('因') || !other(&words[at + link.len()..])).then_some((at, link.len()))
    });
    // The earliest; of two that begin there, the longer.
    let hit = hits.min_by_key(|(at, length)| (*at, usize::MAX - length));
    let (at, length) = hit.or_else(|| as_cause(words))?;
    let cause = at + length;
    let end = first_mark(&words[cause..]).map_or(words.len(), |end| cause + end);
    // The clause of the effect; in Chinese a comma often stands before the link.
    let head = words[..at].trim_end_matches(['，', ',', ' ', '：', ':']);
    let start = clause(head);
    let told = head[..start].trim_end_matches(['，', ',', ' ', ';', '；']);
    if !told.is_empty() && takes_up(&head[start..]) {
        // «Prices fell 14%, a drop that assemblers put down to …»: what moved stands before.
        let mut told = told;
        // «The loss, its chairman explained, was due to …».
        while clause(told) > 0 && takes_up(&told[clause(told)..]) {
            told = told[..clause(told)].trim_end_matches(['，', ',', ' ']);
        }
        return Some((clause(told)..told.len(), cause..end));
    }
    Some((start..head.len(), cause..end))
}

/// True for a clause that has no effect of its own: «a drop that …», «was», «its chairman explained, was», 分析人士将此.
fn takes_up(clause: &str) -> bool {
    const LINKS: [&str; 6] = ["was", "is", "were", "are", "was chiefly", "is chiefly"];
    const SAID: [&str; 7] = [" said", " explained", " noted", " told", " wrote", " argues", " says"];
    let own = clause.trim();
    MOVE.iter().any(|word| clause.trim_start().starts_with(word))
        || LINKS.contains(&own)
        || SAID.iter().any(|word| own.ends_with(word))
        || own.chars().count() <= SHORT && ["此", "这", "其"].iter().any(|word| own.ends_with(word))
}

/// Where the last clause of a text begins.
fn clause(head: &str) -> usize {
    const BEGINS: [char; 8] = ['，', ',', '；', ';', '"', '“', ':', '：'];
    let mark = head.char_indices().rfind(|(at, letter)| BEGINS.contains(letter) && !is_grouping(head, *at));
    mark.map(|(at, _)| at).map_or(0, |mark| mark + head[mark..].chars().next().map_or(1, char::len_utf8))
}

/// Effect and cause where 受 begins a cause that a word for what it does ends: 铟价上涨受需求增长带动.
fn carried(words: &str) -> Option<(Range<usize>, Range<usize>)> {
    const DOES: &[&str] = &["带动", "推动", "拉动", "支撑", "提振", "驱动", "拖累", "影响", "所致"];
    const NO_CAUSE: &[&str] = &["受理", "受访", "受让", "受益", "受限", "受到", "受众"];
    let at = words.find('受').filter(|at| *at > 0)?;
    let cause = at + '受'.len_utf8();
    let taken = words[..at].ends_with(['接', '承', '遭', '感', '享', '忍', '经']);
    if taken || NO_CAUSE.iter().any(|word| words[at..].starts_with(word)) {
        return None;
    }
    let end = first_mark(&words[cause..]).map_or(words.len(), |end| cause + end);
    let does = DOES.iter().filter_map(|word| words[cause..end].rfind(word)).max()?;
    let head = words[..at].trim_end_matches(['，', ',', ' ']);
    let start = clause(head);
    Some((start..head.len(), cause..cause + does))
}

/// Where «as» begins a cause: not in a comparison, nor in «as of» and «such as».
fn as_cause(words: &str) -> Option<(usize, usize)> {
    const OTHERWISE: &[&str] =
        &["well", "much", "many", "of", "a", "an", "soon", "long", "for", "against", "usual"];
    AS.into_iter().find_map(|link| {
        let at = find(words, link)?;
        let behind = &words[at + link.len()..];
        let next = behind.split_whitespace().next()?;
        // «fell on lower prices», and not «fell on Thursday».
        let moved = !matches!(link, "on" | "amid") || ON.contains(&next);
        let free = moved
            && !OTHERWISE.contains(&next)
            && !next.starts_with(|letter: char| letter.is_ascii_digit())
            && !words[..at].trim_end().ends_with("such");
        (free && find(behind, link).is_none()).then_some((at, link.len()))
    })
}

/// Effect and cause where the cause stands first, joined by what it does: «a shortage led to tight supply».
fn turned(words: &str) -> Option<(Range<usize>, Range<usize>)> {
    let hits = LEADS_TO.iter().filter_map(|link| Some((find(words, link)?, link.len())));
    let (at, length) = hits.min_by_key(|(at, length)| (*at, usize::MAX - length))?;
    let effect = at + length;
    let end = first_mark(&words[effect..]).map_or(words.len(), |end| effect + end);
    let head = words[..at].trim_end_matches(['，', ',', ' ']);
    let start = clause(head);
    Some((effect..end, start..head.len()))
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

    /// True if nothing is left of it but a time: «Tin rallied on Thursday».
    fn is_bare(&self, page: &Page<'_>, span: &Range<usize>) -> bool {
        let mut rest = self.rest.clone();
        for time in page.times(span) {
            rest = rest.replacen(&time.quote.to_lowercase(), "", 1);
        }
        self.goods.iter().any(|good| good.starts_with("commodity/")) && rest.trim().is_empty()
    }

    /// True if this cause surely names another thing than the effect: another good, company or place; another measure; or something
    /// with a name of its own, if it does not speak of the effect's good.
    fn is_another(&self, effect: &Meaning) -> bool {
        let way = |said: &&&str| matches!(**said, "up" | "down");
        let measure = self.said.iter().filter(|said| !way(said)).any(|said| !effect.said.contains(said));
        // A shortage is a supply that does not meet demand, in whatever words.
        let balance = |said: &BTreeSet<&str>| {
            ["short", "glut", "supply", "buying"].iter().any(|word| said.contains(word))
        };
        let one_balance = balance(&self.said) && balance(&effect.said);
        let weight = |letter: char| if letter.is_ascii() { 1 } else { 2 };
        let own = self.rest.chars().filter(|letter| letter.is_alphabetic()).map(weight).sum::<usize>()
            >= OWN_LETTERS;
        let told = !effect.said.is_empty();
        // An ingot of a metal is no other thing than the metal.
        let known = |good: &String| {
            effect.goods.iter().any(|own| good.starts_with(own.as_str()) || own.starts_with(good.as_str()))
        };
        !self.goods.iter().all(known)
            || told && measure && !one_balance
            || told && own && self.goods.is_empty() && self.said.is_disjoint(&effect.said)
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

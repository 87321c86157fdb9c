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
];

/// Words before a cause that stands first; the effect follows behind a comma.
const SINCE: &[&str] =
    &["由于", "因为", "因", "受", "because of", "because", "due to", "owing to", "as a result of"];

/// Links that are also words of comparison and time, tried where none of the others stands.
const AS: [&str; 2] = ["as", "since"];

/// Words between a cause and its effect, where the cause stands first.
const LEADS_TO: &[&str] =
    &["led to", "leads to", "resulted in", "results in", "caused", "导致", "致使", "造成", "引发", "引起"];

/// What words of a market come down to; what means the same comes down to the same. Longer words come first.
const MEANINGS: &[(&[&str], &[&str])] = &[
    (
        &["price", "up"],
        &[
            "became more expensive", "costs so much", "cost so much", "expensive", "dearer", "costly",
            "涨价", "价涨", "更贵", "变贵",
        ],
    ),
    (&["price", "down"], &["became cheaper", "cheaper", "cheap", "跌价", "价跌", "更便宜", "变便宜"]),
    (
        &["short"],
        &[
            "demand exceeds supply",
            "demand exceeded supply",
            "demand outstrips supply",
            "demand outstripped supply",
            "demand outpaces supply",
            "demand outpaced supply",
            "demand is greater than supply",
            "demand was greater than supply",
            "more demand than supply",
            "demand is above supply",
            "supply is smaller than demand",
            "supply is below demand",
            "supply was below demand",
            "supply is short of demand",
            "supply falls short of demand",
            "货源偏紧",
            "货源吃紧",
            "供货紧张",
            "supply falling short of demand",
            "not enough supply",
            "not enough",
            "supply does not meet demand",
            "supply cannot meet demand",
            "supply cannot keep up with demand",
            "supply lags demand",
            "lack of supply",
            "under-supply",
            "undersupplied",
            "short supply",
            "in short supply",
            "供应跟不上需求",
            "供给跟不上需求",
            "供应满足不了需求",
            "供应无法满足需求",
            "需求超过供应",
            "需求大于供应",
            "供应小于需求",
            "供小于求",
            "供应缺乏",
            "供应不够",
            "供应吃紧",
            "货源不足",
            "吃紧",
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
            "supply is greater than demand",
            "supply was greater than demand",
            "supply is above demand",
            "supply was above demand",
            "demand is below supply",
            "demand was below supply",
            "demand falls short of supply",
            "demand fell short of supply",
            "oversupply",
            "supply exceeds demand",
            "supply exceeded demand",
            "supply outstrips demand",
            "supply outpaces demand",
            "oversupplied",
            "over-supplied",
            "more supply than demand",
            "too much supply",
            "surpluses",
            "surplus",
            "供应超过需求",
            "供应大于需求",
            "供给超过需求",
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
    (
        &["buying", "up"],
        &[
            "wanted more", "wanting more", "want more", "asked for more", "purchasing more", "buying more",
            "bought more", "买得多", "多买",
        ],
    ),
    (&["output", "down"], &["producing less", "produced less", "减产"]),
    (&["output", "up"], &["producing more", "produced more", "增产"]),
    (&["exports", "down"], &["exporting less", "exported less"]),
    (&["exports", "up"], &["exporting more", "exported more"]),
    (&["stock", "up"], &["restocking", "stockpiling", "累库", "库存累积", "库存积累"]),
    (&["stock", "down"], &["destocking", "去库", "库存消耗"]),
    (
        &["price"],
        &[
            "成交价格", "成交价", "市场价格", "市场价", "市价", "价位", "prices", "price", "premiums",
            "premium", "valuations", "均价", "行情", "quotes", "quotations", "价格", "售价", "报价", "价",
        ],
    ),
    (
        &["buying"],
        &[
            "offtake", "demand", "purchases", "purchase", "buying", "purchasing", "consumption", "consumed",
            "consuming", "用量", "消费量", "需求量", "需求", "采购量", "采购", "消费",
        ],
    ),
    (
        &["output"],
        &[
            "output", "production", "produced", "producing", "was produced", "smelted", "mined", "产量",
            "产出", "生产",
        ],
    ),
    (
        &["exports"],
        &[
            "运往境外",
            "运往海外",
            "运往国外",
            "销往境外",
            "销往海外",
            "销往国外",
            "发往境外",
            "发往海外",
            "shipped overseas",
            "shipped out of the country",
            "sold overseas",
            "sent abroad",
            "shipments abroad",
            "shipments overseas",
            "sent overseas",
            "left the country",
            "exports",
            "export",
            "exported",
            "exporting",
            "shipped abroad",
            "sold abroad",
            "出口量",
            "出口额",
            "外销",
            "出口",
        ],
    ),
    (
        &["imports"],
        &[
            "从境外购入", "从海外购入", "从国外购入", "自境外购入", "bought overseas",
            "brought in from abroad", "shipped in from abroad", "purchases abroad", "entered the country",
            "imports", "import", "imported", "importing", "bought abroad", "进口量", "进口额", "进口",
        ],
    ),
    (
        &["stock"],
        &[
            "inventories", "inventory", "held in stock", "held in warehouses", "in warehouses", "in stock",
            "stocks", "stock", "stockpiles", "warehoused", "库存量", "库存", "存货",
        ],
    ),
    (&["supply"], &["supply", "supplies", "供应量", "供应", "供给"]),
    (&["profit"], &["profits", "profit", "earnings", "earned", "利润", "盈利", "净利", "业绩"]),
    (&["sales"], &["sales", "sold", "selling", "turnover", "销量", "销售", "成交"]),
    (&["cost"], &["costs", "cost", "成本"]),
    (
        &["up"],
        &[
            "went up", "going up", "up", "rose", "rise", "rises", "rising", "risen", "increased", "increase",
            "increases", "increasing", "higher", "greater", "larger", "bigger", "more", "rally", "rallied",
            "surged", "surge", "jumped", "jump", "advanced", "gains", "gain", "recovered", "rebounded",
            "rebound", "strengthened", "strength", "stronger", "gained", "climbed", "grew", "growing",
            "growth", "strong", "firm", "上涨", "上升", "走高", "上扬", "攀升", "抬升", "反弹", "回升",
            "变多", "增多", "走俏", "坚挺", "大涨", "上调", "转强", "增强", "增加", "增长", "上行", "走强",
            "提高", "涨", "升",
        ],
    ),
    (
        &["down"],
        &[
            "went down", "going down", "down", "less", "fewer", "smaller", "reduced", "reduction", "shrank",
            "shrunk", "contracted", "contraction", "eased", "easing", "softened", "softer", "weakened",
            "weakness", "slump", "slumped", "tumbled", "plunged", "losses", "slide", "shortfall", "fell",
            "fall", "falls", "falling", "fallen", "declined", "decline", "declines", "declining", "decrease",
            "decreased", "lower", "dropped", "drop", "slowed", "slid", "weak", "weaker", "low", "soft",
            "sluggish", "下跌", "回落", "下降", "走低", "减少", "下滑", "走弱", "降低", "疲软", "低迷",
            "不振", "变少", "缩减", "缩水", "收缩", "萎缩", "转弱", "变弱", "下行", "下探", "下挫", "走跌",
            "回调", "大跌", "下调", "跌", "降",
        ],
    ),
];

/// From how many letters on what is left of a cause is something of its own.
const OWN_LETTERS: usize = 4;

/// Words that say nothing of their own. What is left of a cause when these and its meanings are taken out makes it a cause of another kind.
const EMPTY: &[&str] = &[
    "the", "a", "an", "of", "in", "it", "its", "is", "are", "was", "were", "so", "much", "by", "for", "to",
    "that", "this", "these", "there", "has", "had", "have", "been", "buyers", "sellers", "market", "than",
    "needs", "needed", "available", "persists", "persisted", "were", "being", "out", "with", "from", "as",
    "on", "at", "and", "stayed", "remained", "became", "chiefly", "mainly", "largely", "simply", "了", "的",
    "出现", "市场", "该", "其", "这", "所", "导致", "引起", "造成", "因", "是", "在于", "为", "主要", "仍",
    "持续", "继续", "仓库里", "仓库中", "仓库内", "年内", "上年", "去年", "影响", "，", "有所", "明显",
    "本身", "公司", "量", "数量", "在", "以", "对", "较", "发生", "呈现", "和", "与", "使", "致", "还是",
    "就是", "正是", "不断", "进一步", "自身", "一再", "接连", "连续", "逐步", "逐渐", "大幅", "小幅", "显著",
    "略有", "再度", "年内", "期内", "本月", "当月", "当年", "当期", "同期", "整体", "总体", "水平", "情况",
    "现象", "加剧", "所致", "再", "也", "都", "again", "steadily", "further", "sharply", "slightly",
    "overall", "level", "levels", "volume", "volumes", "amount", "amounts", "quantity", "quantities",
    "total", "itself", "they", "their", "which", "during", "over", "kept", "keeps", "keep", "continued",
    "continues", "began", "begun",
];

pub(super) fn check(page: &Page<'_>, found: &mut Vec<Outcome>) {
    for (at, sentence) in page.sentences.iter().enumerate() {
        found.extend(explained(page, at, sentence));
    }
}

fn explained(page: &Page<'_>, at: usize, sentence: &Sentence) -> Option<Outcome> {
    let words = page.lower(sentence.span.start, sentence.span.end);
    let (effect, cause) = first(&words).or_else(|| behind(&words)).or_else(|| turned(&words))?;
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
    let itself = why.rest.split(' ').all(|word| what.rest.contains(word))
        && why.goods.is_subset(&what.goods)
        && why.says_no_more_than(&what);
    let moves = what.said.iter().any(|said| matches!(*said, "up" | "down" | "short" | "glut"));
    if !(itself || moves && why.is_another(&what)) {
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
    let hit = hits.min_by_key(|(at, length)| (*at, usize::MAX - length));
    let (at, length) = hit.or_else(|| as_cause(words))?;
    let cause = at + length;
    let end = words[cause..].find(MARKS).map_or(words.len(), |end| cause + end);
    // The clause of the effect; in Chinese a comma often stands before the link.
    let head = words[..at].trim_end_matches(['，', ',', ' ', '：', ':']);
    let start = head
        .rfind(['，', ',', '；', ';', '"', '“', ':', '：'])
        .map_or(0, |mark| mark + head[mark..].chars().next().map_or(1, char::len_utf8));
    Some((start..head.len(), cause..end))
}

/// Where «as» begins a cause: not in a comparison, nor in «as of» and «such as».
fn as_cause(words: &str) -> Option<(usize, usize)> {
    const OTHERWISE: &[&str] =
        &["well", "much", "many", "of", "a", "an", "soon", "long", "for", "against", "usual"];
    AS.into_iter().find_map(|link| {
        let at = find(words, link)?;
        let behind = &words[at + link.len()..];
        let next = behind.split_whitespace().next()?;
        let free = !OTHERWISE.contains(&next)
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
    let end = words[effect..].find(MARKS).map_or(words.len(), |end| effect + end);
    let head = words[..at].trim_end_matches(['，', ',', ' ']);
    let start =
        head.rfind(MARKS).map_or(0, |mark| mark + head[mark..].chars().next().map_or(1, char::len_utf8));
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
        let own = self.rest.chars().filter(|letter| letter.is_alphabetic()).count() >= OWN_LETTERS;
        let told = !effect.said.is_empty();
        !self.goods.is_subset(&effect.goods)
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

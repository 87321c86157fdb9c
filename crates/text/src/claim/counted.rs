//! Numbers that count what a market editor counts: cases, licences, warehouses, stocks. Staff and asides are none.

use std::ops::Range;

use super::cues::Cue;
use super::layout::Block;
use super::scene::Scene;
use super::slots::{Origin, OriginKind, Slot, Term};
use crate::mention::Kind;

/// Words behind a number that counts stocks, and nothing else.
const STOCKS: &[&str] = &["只", "支", "stocks", "shares", "names", "constituents", "个股"];
/// Words behind a number that counts stocks or listed goods if it is of them that is spoken.
const LISTED: &[&str] = &["家", "个", "companies", "listed", "of the", "varieties", "members"];

/// True if what stands behind a number says that it counts stocks or listed goods: 178只, 87 stocks, 5个品种.
pub(super) fn stocks(text: &str, end: usize) -> bool {
    let rest = text.get(end..).unwrap_or_default().trim_start();
    let begins = |words: &[&str]| words.iter().any(|word| rest.starts_with(word));
    begins(STOCKS) || begins(LISTED) && of_stocks(text, end)
}

/// True if stocks or listed goods are named shortly before `end` or right behind it.
pub(super) fn of_stocks(text: &str, end: usize) -> bool {
    const WORDS: &[&str] = &[
        "stocks", "个股", "成分股", "成份股", "只股", "shares", "constituents", "品种", "varieties",
        "listed", "names", "A股", "上市公司", "板块", "概念股", "型号", "quotations", "涨", "advance",
    ];
    let boundary = |at: usize| (at..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    let near = &text[boundary(end.saturating_sub(160))..boundary((end + 24).min(text.len()))];
    WORDS.iter().any(|word| near.contains(word))
}

/// True for a number of people: 3,480人, «several hundred employees». They are no figures of the market.
pub(super) fn people(scene: &Scene<'_, '_>, item: usize) -> bool {
    const PEOPLE: &[&str] = &[
        "employees", "workers", "people", "staff", "miners", "jobs", "contractors", "engineers",
        "technicians", "households", "investors", "participants", "delegates",
    ];
    let Some(mention) = scene.mention(item).filter(|mention| mention.kind == Kind::Number) else {
        return false;
    };
    let rest = scene.text.get(mention.end_byte..).unwrap_or_default();
    if rest.trim_start().starts_with(['人', '名']) || rest.starts_with("位") {
        return true;
    }
    let words = rest.split([',', '.', ';', '\n']).next().unwrap_or_default();
    words.split(' ').filter(|word| !word.is_empty()).take(3).any(|word| PEOPLE.contains(&word))
}

/// Nouns of English that a count of the trade is of, in the plural.
const THINGS: &[&str] = &[
    "cases", "accounts", "licences", "licenses", "permits", "approvals", "applications", "warehouses",
    "stores", "depots", "violations", "inspections", "consignments", "batches", "codes", "customers",
    "projects", "patents", "tenders", "complaints", "auctions", "investigations", "varieties", "lots",
    "certificates", "quotas", "seizures", "prosecutions", "concessions", "tenements",
];

/// Words of Chinese that count such things by themselves, or with a noun shortly behind.
const ALONE: &[&str] = &["起", "批次", "票", "宗", "件案", "例"];
const WITH: &[&str] = &["个", "家", "座", "项", "份", "张", "件", "户", "本", "笔"];
const NOUNS: &[&str] = &[
    "案件", "案", "账户", "许可证", "许可", "批文", "证书", "仓库", "交割库", "交割仓库", "专利", "税号",
    "税目", "商品编码", "备案", "企业备案", "矿权", "采矿权", "探矿权", "申请", "实体", "客户", "标段",
    "违规",
];

/// Words before a number that make it one of something known: «the two companies».
const KNOWN: &[&str] =
    &["the", "these", "those", "both", "its", "their", "all", "our", "other", "of", "last", "first"];

/// What a count is of, in the words for it: «nine cases», «the number of approved warehouses reached 18», 立案2起.
pub(super) fn things<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    level: usize,
    place: Option<usize>,
) -> Option<Slot<Term<'t>>> {
    const LONGEST: usize = 80;
    let span = match place {
        Some(place) => {
            let start = scene.items[place].end;
            let end = (place + 1..=level)
                .find(|item| {
                    scene.items[*item].start >= start
                        && (*item == level
                            || matches!(scene.items[*item].cue(), Some(Cue::To | Cue::Move(_))))
                })
                .map(|item| scene.items[item].start)?;
            start..end
        }
        None => of(scene, level)?,
    };
    let text = &scene.text[span.clone()];
    let start = span.start + text.len() - text.trim_start().len();
    let words = text.trim();
    let origin = Origin {
        kind: OriginKind::Stated,
        start_byte: start,
        end_byte: start + words.len(),
        rule: "things counted",
    };
    let inside = block.span.start <= start && words.len() <= LONGEST && !words.is_empty();
    inside.then_some(Slot { is: Term { id: None, words }, origin })
}

/// The bytes of the words for the things that the number at an item counts.
pub(super) fn of(scene: &Scene<'_, '_>, item: usize) -> Option<Range<usize>> {
    let mention = scene.mention(item).filter(|mention| mention.kind == Kind::Number)?;
    // A vague count is seldom more than an aside.
    mention.value.as_ref()?;
    let rest = scene.text.get(mention.end_byte..)?;
    let lead = scene.text.get(..mention.start_byte)?.trim_end();
    let last = lead.rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    if KNOWN.contains(&last.to_lowercase().as_str()) || lead.ends_with(['这', '该', '第', '前', '两', '-'])
    {
        return None;
    }
    if let Some(word) = ALONE.iter().find(|word| rest.trim_start().starts_with(**word)) {
        // 立案2起: what was counted stands before.
        let verb = lead
            .rsplit(|c: char| c.is_whitespace() || c.is_ascii_punctuation() || "，。；、：（".contains(c))
            .next();
        if let Some(verb) = verb.filter(|verb| (6..=36).contains(&verb.len())) {
            return Some(lead.len() - verb.len()..lead.len());
        }
        let start = mention.end_byte + rest.len() - rest.trim_start().len();
        return Some(start..start + word.len());
    }
    if let Some(word) = WITH.iter().find(|word| rest.starts_with(**word)) {
        let from = mention.end_byte + word.len();
        let clause = scene.text.get(from..)?.split(['，', ',', '。', '；', '\n', '、']).next()?;
        let (at, noun) = NOUNS
            .iter()
            .filter_map(|noun| clause.find(noun).map(|at| (at, *noun)))
            .min_by_key(|(at, noun)| (*at, usize::MAX - noun.len()))?;
        return (at <= 24).then(|| from..from + at + noun.len());
    }
    let body = rest.strip_prefix(' ')?;
    let mut at = mention.end_byte + 1;
    for (count, word) in body.split(' ').enumerate() {
        let plain = word.trim_end_matches([',', '.', ';', ')', ':']);
        if count > 4 || plain.is_empty() {
            break;
        }
        if THINGS.contains(&plain) {
            return Some(mention.end_byte + 1..at + plain.len());
        }
        if plain.len() < word.len()
            || matches!(plain, "and" | "or" | "in" | "on" | "at" | "to" | "by" | "for" | "with")
        {
            break;
        }
        at += word.len() + 1;
    }
    None
}

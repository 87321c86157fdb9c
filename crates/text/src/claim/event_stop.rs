//! What a verb of stopping or signing has as its object, where that says another kind of event than the verb alone: «suspended cobalt
//! exports», 暂停Grasberg矿区生产, 签署行政令.

use std::ops::Range;

use super::scene::Scene;
use super::slots::EventType;
use crate::find::lower;

/// Longest stretch between a verb and its object, in bytes: the goods and whose they are.
const OBJECT: usize = 42;

/// Verbs that stop what goes on, by the words with which they begin.
const STOPS: &[&str] = &["suspend", "halt", "stop", "pause", "暂停", "停止", "中止"];

/// The event that a verb of relief tells whose object is no control: 暂停钴出口 is a ban, 暂停某矿生产 a closure.
pub(super) fn kind(scene: &Scene<'_, '_>, clause: &Range<usize>, item: usize) -> Option<EventType> {
    if scene.words(item).is_ascii() || !stops(scene.words(item)) {
        return None;
    }
    if is_of_trade(scene, clause, item) {
        return Some(EventType::Ban);
    }
    const WORK: &[&str] = &["生产", "运营", "作业", "开采", "采矿", "冶炼", "选矿", "采选"];
    let rest = object(scene, clause, item);
    let at = WORK.iter().filter_map(|word| rest.find(word)).min()?;
    let whose = &rest[..at];
    let names = ["矿", "厂", "项目", "基地", "产线", "炉"];
    let fits =
        names.iter().any(|word| whose.contains(word)) && !whose.contains(['的', '对', '向', '许', '税']);
    fits.then_some(EventType::Closure)
}

/// «The DRC suspended cobalt exports»: trade that a state stops is banned; what a company stops is its own business.
pub(super) fn is_of_trade(scene: &Scene<'_, '_>, clause: &Range<usize>, item: usize) -> bool {
    if !stops(scene.words(item)) || (clause.start..item).any(|other| scene.kind(other) == "company") {
        return false;
    }
    let state =
        (clause.start..item).any(|other| matches!(scene.kind(other), "country" | "region" | "agency"));
    let rest = object(scene, clause, item);
    if !rest.is_ascii() || !scene.words(item).is_ascii() {
        let Some(at) = ["出口", "进口"].iter().filter_map(|word| rest.find(word)).min() else {
            return false;
        };
        let behind = &rest[at + "出口".len()..];
        let other = ["许可", "配额", "退税", "管制", "禁令", "关税", "企业", "商", "报价", "检验"];
        return !rest[..at].contains(['的', '税']) && !other.iter().any(|word| behind.starts_with(word));
    }
    let words = lower(rest).into_owned();
    let mut before = words.split_whitespace().take(5);
    let trade = before.any(|word| {
        matches!(word.trim_end_matches(|end: char| !end.is_alphanumeric()), "exports" | "imports")
    });
    state && trade
}

/// «closed its $6.7 billion purchase of»: what is closed is a deal and no works.
pub(super) fn is_of_a_deal(scene: &Scene<'_, '_>, clause: &Range<usize>, item: usize) -> bool {
    const DEALS: &[&str] = &[
        "purchase", "acquisition", "takeover", "merger", "sale", "transaction", "buyout", "offering", "deal",
    ];
    let words = lower(object(scene, clause, item)).into_owned();
    lower(scene.words(item)).starts_with("clos")
        && words
            .split_whitespace()
            .take(6)
            .any(|word| DEALS.contains(&word.trim_end_matches(|end: char| !end.is_alphanumeric())))
}

/// 签署公告, «signed an executive order»: what makes a rule is no agreement.
pub(super) fn is_of_a_law(scene: &Scene<'_, '_>, clause: &Range<usize>, item: usize) -> bool {
    let word = lower(scene.words(item)).into_owned();
    if !(word.contains("签") || word.contains("sign")) {
        return false;
    }
    const LAWS: &[&str] = &[
        "公告", "行政令", "总统令", "命令", "法令", "法案", "政令", "总统公告", "部长令", "文告", "法律",
        "第", "proclamation", "executive order", "decree", "order ", "order,", "law", "legislation", "bill ",
        "bill,", "presidential", "memorandum imposing", "regulation",
    ];
    const ARTICLES: &[&str] = &["a ", "an ", "the ", "了", "一项", "该", "新的", "new ", "into "];
    let mut rest = object(scene, clause, item).trim_start();
    while let Some(cut) = ARTICLES.iter().find_map(|article| rest.strip_prefix(article)) {
        rest = cut.trim_start();
    }
    let rest = lower(rest);
    LAWS.iter().any(|law| rest.starts_with(law))
}

fn stops(word: &str) -> bool {
    let word = lower(word);
    STOPS.iter().any(|stop| word.contains(stop)) && !["suspension", "暂停对", "停止对"].contains(&&*word)
}

/// What stands behind the word at `item` in its clause.
fn object<'t>(scene: &Scene<'t, '_>, clause: &Range<usize>, item: usize) -> &'t str {
    let start = scene.items[item].end;
    let end = scene.items.get(clause.end).map_or(scene.text.len(), |next| next.start);
    let limit = (start + OBJECT).min(end.max(start));
    let end = (start..=limit).rev().find(|at| scene.text.is_char_boundary(*at)).unwrap_or(start);
    let rest = &scene.text[start..end];
    rest.split(['。', '；', '\n', ';', '，']).next().unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use crate::claim::slots::EventType;
    use crate::{Context, Reader};

    #[test]
    fn the_object_tells_what_is_stopped_or_signed() {
        let cases: &[(&str, &[EventType])] = &[
            (
                "The Democratic Republic of Congo suspended cobalt exports for four months from 22 February.",
                &[EventType::Ban],
            ),
            ("刚果（金）自2月22日起暂停钴出口四个月。", &[EventType::Ban]),
            ("紫金矿业因山火暂停科卢韦齐铜矿生产。", &[EventType::Closure]),
            ("Alphamin suspended tin exports from Bisie on 13 March.", &[EventType::Closure]),
            ("美国总统签署公告，对进口铜采取措施。", &[]),
            ("赣锋锂业与现代汽车签署氢氧化锂供应协议。", &[EventType::Agreement]),
        ];
        let reader = Reader::standard();
        let context = Context { published: Some(jiff::civil::date(2025, 3, 20)), ..Context::default() };
        for (text, kinds) in cases {
            let mentions = reader.read(text, &context);
            let found: Vec<EventType> =
                reader.claims(text, 0, &mentions).iter().filter_map(|claim| claim.event).collect();
            assert_eq!(found, *kinds, "{text}");
        }
    }
}

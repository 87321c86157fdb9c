//! How a figure relates to fact: forecast, planned, a term of a contract, or under a condition.

use std::ops::Range;

use super::cues::Cue;
use super::figure::{Reach, inherited};
use super::guided;
use super::layout::Block;
use super::scene::Scene;
use super::slots::{Claim, Modality, Origin, OriginKind, Slot};
use super::words::{Own, choice};
use crate::find::lower;
use crate::mention::Qualifier;

/// Longest stretch between a figure and the noun behind it that says what it is, in bytes: 40GWh年度指引.
const BEHIND: usize = 14;

/// Fills the modality of a figure, and the qualifier that a floor or a ceiling gives it. Rules: «condition in the
/// sentence», «modal word», «modal word behind», «floor or ceiling», «the figure before».
pub(super) fn fill<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    reach: &Reach<'_>,
    own: &Own,
    before: Option<&Claim<'t>>,
    claim: &mut Claim<'t>,
) {
    bound(scene, block, reach.anchor, own, claim);
    if let Some(item) = condition(scene, reach.all.start..reach.anchor) {
        claim.modality =
            Some(choice(scene, block, item, Modality::Hypothetical, "condition in the sentence"));
        return;
    }
    // «estimates that it supplied 76 % last year»: a count of what is over is no forecast.
    let over = own
        .behind
        .clone()
        .take_while(|item| scene.items[*item].mark().is_none())
        .any(|item| is_past(scene, item));
    let is_change = reach.draft.level.is_none();
    for item in own.left.clone().rev() {
        if scene.items[item].mark() == Some(';') {
            break;
        }
        if is_past(scene, item) {
            return;
        }
        // «should average $850», not «Should it average».
        let lead = &scene.text[..scene.items[item].start];
        if lead.ends_with(" should ")
            && scene.items[item].cue().is_some()
            && is_mine(claim, Modality::Expected)
        {
            claim.modality = Some(choice(scene, block, item, Modality::Expected, "modal word"));
            return;
        }
        match scene.items[item].cue() {
            Some(Cue::Actual) => return,
            // «plans to start a 500,000 t/y smelter»
            Some(Cue::Event(_)) if says_plan(scene.words(item)) && is_mine(claim, Modality::Planned) => {
                claim.modality = Some(choice(scene, block, item, Modality::Planned, "modal word"));
                return;
            }
            // «Cantor projects uranium at $100»
            Some(Cue::Say)
                if scene.words(item) == "projects"
                    && item > reach.all.start
                    && matches!(scene.kind(item - 1), "institution" | "company" | "agency") =>
            {
                claim.modality = Some(choice(scene, block, item, Modality::Expected, "modal word"));
                return;
            }
            Some(cue) if is_change && comparand(scene, item) && matches!(cue, Cue::Modality(_)) => {}
            Some(cue) => {
                let word = scene.words(item);
                if let Some(value) = modality(cue, word, claim) {
                    if over && lower(word).starts_with("estimat") {
                        return;
                    }
                    claim.modality = Some(choice(scene, block, item, value, "modal word"));
                    return;
                }
            }
            None => {}
        }
    }
    let end = scene.items[reach.anchor].end;
    if let Some(span) = expected_behind(scene.text, end, block.span.end) {
        let kind = OriginKind::Stated;
        let origin = Origin { kind, start_byte: span.start, end_byte: span.end, rule: "modal word behind" };
        claim.modality = Some(Slot { is: super::slots::Choice { value: Modality::Expected }, origin });
        return;
    }
    for item in own.behind.clone() {
        if scene.items[item].mark().is_some() || scene.items[item].start > end + BEHIND {
            break;
        }
        let value = scene.items[item].cue().and_then(|cue| modality(cue, scene.words(item), claim));
        if let Some(value) = value.filter(|_| is_noun(scene.words(item))) {
            claim.modality = Some(choice(scene, block, item, value, "modal word behind"));
            return;
        }
    }
    if claim.modality.is_none()
        && let Some(before) = before
        && let Some(modality) = before.modality.as_ref()
        && carries(scene, before.end_byte, reach)
        && is_mine(claim, modality.is.value)
    {
        claim.modality = Some(inherited(modality, "the figure before"));
    }
}

/// The bytes of the words behind a figure that call it an expectation: 178万吨的阴极铜产量指引, «900 tonnes it had guided to».
fn expected_behind(text: &str, end: usize, limit: usize) -> Option<Range<usize>> {
    const NOUNS: &[&str] =
        &["产量指引", "销量指引", "指引", "产量预期", "全年预期", "产量预测", "销量预测", "业绩预期"];
    const LONGEST: usize = 40;
    if let Some((_, verb)) = guided::by_whom(text, end, limit) {
        return Some(verb);
    }
    let rest = text.get(end..limit)?;
    let clause = rest
        .split([',', '，', '。', '；', ';', '（', '(', '、'])
        .next()
        .filter(|clause| clause.starts_with('的'))?;
    let noun = NOUNS.iter().find(|noun| clause.ends_with(**noun)).filter(|_| clause.len() <= LONGEST)?;
    Some(end + clause.len() - noun.len()..end + clause.len())
}

/// «42% by 2030», 到2030年提高至70%: what holds by a year that is named as an end is aimed at, if nothing else is said of it.
pub(super) fn of_a_deadline(scene: &Scene<'_, '_>, claim: &mut Claim<'_>) {
    let text = scene.text;
    let Some(period) = claim.period.as_ref().filter(|slot| {
        let year = slot.is.end.as_deref().is_some_and(|end| end.ends_with("-01-01"));
        let words = text.get(slot.origin.start_byte..slot.origin.end_byte).unwrap_or_default();
        let said = words.contains("20") || words.contains("２０");
        slot.is.start.is_none() && year && said && slot.origin.kind == OriginKind::Stated
    }) else {
        return;
    };
    let measure = claim.measure.as_ref().and_then(|slot| slot.is.id.as_deref()).unwrap_or_default();
    let measure = super::measure::name_of(measure);
    if claim.modality.is_some()
        || matches!(measure, "price" | "shareholding" | "imports" | "exports" | "inventory")
    {
        return;
    }
    // «By 2010 it held 90%»: what a text tells after that day is over.
    let past = period.is.end.as_deref().is_some_and(|day| {
        scene.mentions.iter().filter_map(|mention| mention.start.as_deref()).any(|start| start > day)
    });
    if past || is_told_as_past(text, claim) {
        return;
    }
    let value = if is_outcome(measure) { Modality::Expected } else { Modality::Planned };
    let origin = Origin { kind: OriginKind::Resolved, rule: "held by a day to come", ..period.origin };
    claim.modality = Some(Slot { is: super::slots::Choice { value }, origin });
}

/// True if the word of an event says that it is planned.
fn says_plan(word: &str) -> bool {
    ["plans to", "plan to", "planning to", "aims to", "intends to", "计划", "拟"]
        .iter()
        .any(|plan| word.starts_with(plan))
}

/// «By 2010, China controlled 90%», 到2015年已占八成: the verb right before the figure tells of the past.
fn is_told_as_past(text: &str, claim: &Claim<'_>) -> bool {
    const PAST: &[&str] = &[
        "controlled", "accounted for", "made up", "held", "supplied", "produced", "reached", "rose", "fell",
        "grew", "dominated", "provided", "climbed", "dropped", "declined", "increased", "owned", "refined",
        "mined", "exceeded", "was", "were", "had", "stood at", "represented", "commanded", "captured",
    ];
    const AHEAD: &[&str] = &["will ", "would ", "plan", "aim", "target", "goal", "to be ", "if "];
    let Some(before) = text.get(claim.sentence.start..claim.start_byte) else { return false };
    let clause = before.rsplit([',', ';', '，', '；', '。']).next().unwrap_or_default();
    let low = lower(clause);
    if AHEAD.iter().any(|word| low.contains(word)) {
        return false;
    }
    let words: Vec<&str> = low.split_whitespace().collect();
    let last = words[words.len().saturating_sub(5)..].join(" ");
    let past = PAST.iter().any(|verb| {
        last.match_indices(verb).any(|(at, _)| {
            let alone = |other: Option<char>| other.is_none_or(|other| !other.is_alphanumeric());
            alone(last[..at].chars().next_back()) && alone(last[at + verb.len()..].chars().next())
        })
    });
    past || ["已占", "已达", "已经", "控制了", "占了", "占据了", "达到了", "曾"]
        .iter()
        .any(|word| low.contains(word))
}

/// The modality that a word gives to a figure of this measure; nothing if the word says none.
fn modality(cue: Cue, word: &str, claim: &Claim<'_>) -> Option<Modality> {
    let measure = claim.measure.as_ref().and_then(|slot| slot.is.id.as_deref()).unwrap_or_default();
    let measure = super::measure::name_of(measure);
    let of_market = matches!(measure, "price" | "share-price" | "market-value" | "premium" | "index-level");
    let value = match cue {
        // A broker's target of a price is a forecast.
        Cue::Modality(Modality::Planned) if of_market && is_target(word) => Modality::Expected,
        Cue::Modality(value) => value,
        Cue::Future if of_market || is_outcome(measure) => Modality::Expected,
        Cue::Future => Modality::Planned,
        _ => return None,
    };
    is_mine(claim, value).then_some(value)
}

/// True for a time that is over by its own words: 去年, «last month».
fn is_past(scene: &Scene<'_, '_>, item: usize) -> bool {
    let past = ["去年", "上年", "上月", "上周", "昨", "前日", "last ", "previous ", "yesterday"];
    scene.is_time(item) && {
        let words = lower(scene.words(item));
        past.iter().any(|word| words.starts_with(word))
    }
}

/// What a deal is worth is a fact of the deal and no term of it.
fn is_mine(claim: &Claim<'_>, value: Modality) -> bool {
    let measure = claim.measure.as_ref().and_then(|slot| slot.is.id.as_deref()).unwrap_or_default();
    value != Modality::Contractual
        || !matches!(
            measure,
            "measure/contract-value"
                | "measure/deal-value"
                | "measure/investment"
                | "measure/shareholding"
                | "measure/imports"
                | "measure/exports"
                | "measure/output"
                | "measure/inventory"
                | "measure/market-share"
                | "measure/ratio"
        )
}

fn is_target(word: &str) -> bool {
    matches!(word, "目标" | "目标价") || lower(word).starts_with("target")
}

/// Measures that nobody can plan for sure.
fn is_outcome(measure: &str) -> bool {
    matches!(
        measure,
        "demand"
            | "supply"
            | "balance"
            | "consumption"
            | "net-profit"
            | "profit-excluding-non-recurring"
            | "revenue"
            | "gross-margin"
            | "market-share"
            | "penetration"
            | "inventory"
    )
}

/// The qualifier of a floor or a ceiling beside the figure, which is a term of a contract if nothing else is said.
fn bound(scene: &Scene<'_, '_>, block: &Block, anchor: usize, own: &Own, claim: &mut Claim<'_>) {
    let Some(value) = claim.value.as_ref() else { return };
    if value.is.value.is_none() {
        return;
    }
    let near = |item: &usize| {
        let (left, right) = if *item < anchor { (*item, anchor) } else { (anchor, *item) };
        let gap = scene.items[right].start.saturating_sub(scene.items[left].end);
        let parted = (left + 1..right).any(|at| matches!(scene.items[at].mark(), Some(',' | ';' | '、')));
        gap <= BEHIND && !parted
    };
    let said = |item: usize| match scene.items[item].cue() {
        Some(Cue::Bound(value)) => Some((item, value)),
        _ => None,
    };
    let behind = own.behind.clone().take_while(near).find_map(said);
    let Some((item, qualifier)) = behind.or_else(|| own.left.clone().rev().take_while(near).find_map(said))
    else {
        return;
    };
    claim.qualifier = Some(choice(scene, block, item, qualifier, "floor or ceiling"));
    let price = claim.measure_id() == Some("measure/price")
        || claim.measure_id() == Some("measure/treatment-charge") && is_agreed(scene, block, anchor);
    let is_end = matches!(qualifier, Qualifier::AtLeast | Qualifier::AtMost);
    if price && is_end {
        claim.modality = Some(choice(scene, block, item, Modality::Contractual, "floor or ceiling"));
    }
}

/// True if the sentence tells of a floor or a cap that a contract sets.
fn is_agreed(scene: &Scene<'_, '_>, block: &Block, anchor: usize) -> bool {
    const BOUNDS: &[&str] = &["floor", "cap", "ceiling", "底价", "保底", "封顶", "上限", "下限"];
    const DEALS: &[&str] = &["contract", "deal", "agreement", "long-term", "长协", "长单", "合同", "协议"];
    let lead = lower(scene.text.get(block.span.start..scene.items[anchor].start).unwrap_or_default());
    let all = lower(&scene.text[block.span.clone()]);
    BOUNDS.iter().any(|word| lead.contains(word)) && DEALS.iter().any(|word| all.contains(word))
}

/// The item of an «if» that begins a clause in `range`.
pub(super) fn condition(scene: &Scene<'_, '_>, range: Range<usize>) -> Option<usize> {
    range.clone().find(|item| {
        if scene.items[*item].cue() != Some(Cue::If) {
            return false;
        }
        let before = scene.text[..scene.items[*item].start].trim_end();
        let word = scene.words(*item);
        // «Should the price slip, ...», not «it should».
        if word.eq_ignore_ascii_case("should") {
            return word.starts_with('S') && !before.ends_with(char::is_alphanumeric);
        }
        word.is_ascii()
            || *item == range.start
            || before.ends_with(|last: char| !last.is_alphanumeric())
            || ["但", "则", "而", "且", "称", "示", "为", "测", "算", "认"]
                .iter()
                .any(|word| before.ends_with(word))
    })
}

/// True if what the word names is what the figure is compared with: «lower than the forecast by», 低于预期.
fn comparand(scene: &Scene<'_, '_>, item: usize) -> bool {
    let start = scene.items[item].start;
    let from =
        (start.saturating_sub(24)..=start).find(|at| scene.text.is_char_boundary(*at)).unwrap_or(start);
    let near = lower(&scene.text[from..start]);
    let near = near.trim_end();
    let near = ["the", "its", "our", "their", "市场", "此前", "原"]
        .iter()
        .find_map(|word| near.strip_suffix(word))
        .unwrap_or(near)
        .trim_end();
    ["than", "above", "below", "against", "versus", "高于", "低于", "超", "超出", "超过", "不及", "较", "比"]
        .iter()
        .any(|word| near.ends_with(word))
}

/// Words that may stand behind a figure and say what it is.
fn is_noun(word: &str) -> bool {
    let word = lower(word);
    [
        "预期", "预测", "指引", "目标", "预估", "计划", "guidance", "forecast", "target", "estimate",
        "outlook", "plan", "底价", "长协", "price floor", "ceiling",
    ]
    .iter()
    .any(|noun| word.starts_with(noun))
}

/// True if nothing between the figure before and this one tells of fact or of another time.
fn carries(scene: &Scene<'_, '_>, from: usize, reach: &Reach<'_>) -> bool {
    let between = (reach.all.start..reach.anchor).filter(|item| scene.items[*item].start >= from);
    // «$10,800 in the first half and $11,500 in 2027»: the time between is that of the figure before.
    let lead = scene.text.get(from..scene.items[reach.anchor].start).unwrap_or_default().trim_end();
    let listed = [" and", " and about", " and around", "、", "和", "以及", "及"]
        .iter()
        .any(|joint| lead.ends_with(joint));
    !between.into_iter().any(|item| {
        scene.is_time(item)
            && scene.items[item].end <= scene.items[reach.anchor].start
            && (!listed || is_past(scene, item))
            || scene.items[item].cue() == Some(Cue::Actual)
            || matches!(scene.items[item].mark(), Some(';' | '。'))
    })
}

/// Fills the modality of a row's figure from the words before it and the noun behind.
pub(super) fn in_row<'t>(
    scene: &Scene<'t, '_>,
    row: &Block,
    head: Range<usize>,
    anchor: usize,
    claim: &mut Claim<'t>,
) {
    for item in head.rev() {
        let value = scene.items[item].cue().and_then(|cue| modality(cue, scene.words(item), claim));
        if let Some(value) = value {
            claim.modality = Some(choice(scene, row, item, value, "modal word"));
            return;
        }
    }
    let own = Own { left: anchor..anchor, behind: anchor + 1..scene.items_of(row).end };
    bound(scene, row, anchor, &own, claim);
}

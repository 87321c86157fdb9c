//! Who produces, sells, buys or plans what a figure is of.

use std::ops::Range;

use super::cues::Cue;
use super::described::{self, Who};
use super::figure::inherited;
use super::layout::BlockKind;
use super::measure::{Bearer, bearer};
use super::slots::Claim;
use super::subject::{Around, is_stake};
use super::{home, person, setter, speaker};
use crate::find::{find, lower};

/// Fills the actors of a figure.
///
/// Of what somebody does (output, sales, capacity) the nearest one before the figure, named or described, else the one earlier
/// in the sentence, else that of the figure before, else the one told before or meant by «the company». Of a price or a
/// stock it is only the one beside the figure or meant by «the company».
pub(super) fn fill<'t>(around: Around<'t, '_, '_, '_>, measure: &str, claim: &mut Claim<'t>) {
    let Around { scene, block, reach, before, memory } = around;
    let money = claim.value.as_ref().and_then(|slot| slot.is.unit.as_deref()).is_some_and(is_currency);
    // A surplus of the market is nobody's.
    if measure.is_empty() && money || measure == "balance" {
        return;
    }
    if matches!(measure, "quota" | "tariff" | "tax" | "fine") {
        setter::who_sets(around, claim);
        return;
    }
    if matches!(measure, "trading-margin" | "position-limit" | "price-limit") {
        if let Some(item) = memory.notice {
            claim.actors.push(scene.term(item, block, "who sets it"));
        }
        return;
    }
    if measure == "seizures" {
        setter::who_seizes(around, claim);
        return;
    }
    if is_of_part(measure, claim) {
        part_of_finances(around, claim);
        return;
    }
    let made = is_made(measure) || is_stake(measure);
    if !made && (bearer(measure) != Bearer::Good || measure == "imports") || is_traded(around, measure) {
        return;
    }
    let is = |item: &usize| scene.kind(*item) == "company" && !is_other(around, *item);
    let silent = |item: &usize| is(item) && (made || !speaker::speaks(around, *item) || says_own(measure));
    let named = reach.left.clone().rev().find(silent);
    let named = named.filter(|item| made || is_price_of(around, *item, claim));
    let named = named.map(|item| doer(around, measure, item));
    if made && let Some(span) = described(around, named) {
        claim.actors.push(around.scene.words_term(span, "who is described before the figure"));
        return;
    }
    if let Some(item) = named {
        with_joined(around, item, claim);
        return;
    }
    let by = reach
        .tail
        .clone()
        .take_while(|item| !matches!(scene.items[*item].mark(), Some(',' | ';' | '(')))
        .find(|item| scene.kind(*item) == "company" && is_maker(around, *item));
    if let Some(item) = by {
        claim.actors.push(scene.term(item, block, "company that makes it"));
        // «settled by A and B», «agreed between A and B».
        let next = (item + 1..reach.tail.end).find(|next| scene.kind(*next) == "company");
        if let Some(next) = next.filter(|next| matches!(scene.gap(item, *next).trim(), "and" | "&")) {
            claim.actors.push(scene.term(next, block, "company that makes it"));
        }
        return;
    }
    if let Some((word, company)) = anaphor(around)
        && memory_is_near(around)
        && (made || is_price_of(around, word, claim) || is_its_mean(around, word, claim))
    {
        claim.actors.push(scene.term(company, block, "company told before"));
        return;
    }
    if !made {
        if let Some(last) = told_on(around, claim) {
            claim.actors.extend(last.actors.iter().map(|slot| inherited(slot, "the figure before")));
            return;
        }
        if let Some(item) = host(around).filter(|_| is_own_price(around, measure, claim)) {
            claim.actors.push(scene.term(item, block, "company told before"));
        }
        return;
    }
    if let Some(claim_before) = before.filter(|claim| !claim.actors.is_empty()) {
        claim.actors.extend(claim_before.actors.iter().map(|slot| inherited(slot, "the figure before")));
        return;
    }
    if let Some(item) = (reach.all.start..reach.left.start).rev().find(is) {
        with_joined(around, item, claim);
        return;
    }
    if block.kind == BlockKind::Sentence
        && claim.place.is_none()
        && !is_of_industry(around)
        && let Some(company) = memory.company
    {
        claim.actors.push(scene.term(company, block, "company told before"));
    }
}

/// True if the sentence tells of a country, of the world or of an industry, or cites one who counts for it: no company's figure.
fn is_of_industry(around: Around<'_, '_, '_, '_>) -> bool {
    const WORDS: &[&str] =
        &["行业", "全国", "我国", "国内", "industry", "nationwide", "national ", "domestic"];
    let Around { scene, block, reach, .. } = around;
    let lead = scene.text.get(block.span.start..scene.items[reach.anchor].start).unwrap_or_default();
    let at_plant = ["工厂", "基地", "矿", " plant", " mine"].iter().any(|word| find(lead, word).is_some());
    let named = |item: usize| match scene.kind(item) {
        "agency" | "institution" => true,
        "country" | "region" => !scene.home.is_own() && item < reach.anchor && !at_plant,
        _ => false,
    };
    let words = lower(&scene.text[block.span.clone()]);
    reach.all.clone().any(named)
        || home::is_wider(scene, block)
        || WORDS.iter().any(|word| find(&words, word).is_some())
}

/// 平均6.62万元/吨，最高7.03万元/吨: the figure before, if this one is a statistic of the same price.
fn told_on<'t, 'r>(around: Around<'t, '_, '_, 'r>, claim: &Claim<'t>) -> Option<&'r Claim<'t>> {
    let Around { scene, reach, before, .. } = around;
    let mut items = reach.left.clone();
    let extreme = items.clone().any(|item| {
        matches!(
            scene.items[item].cue(),
            Some(Cue::Statistic("statistic/high" | "statistic/low" | "statistic/mean"))
        )
    });
    let parted = items.any(|item| {
        scene.items[item].mark() == Some(';')
            || matches!(scene.kind(item), "exchange" | "institution" | "country")
    });
    before.filter(|before| {
        let same = before.measure_id() == claim.measure_id() && before.subject_id() == claim.subject_id();
        let levels = claim.value.is_some() && before.value.is_some();
        same && levels && before.sentence == claim.sentence && extreme && !parted && !before.actors.is_empty()
    })
}

fn is_currency(unit: &str) -> bool {
    super::measure::is_money(unit)
}

/// The company with whose name the text begins: its own report or notice.
fn host(around: Around<'_, '_, '_, '_>) -> Option<usize> {
    let Around { scene, .. } = around;
    let title = scene.blocks.first()?;
    let first = scene.items_of(title).find(|item| !scene.kind(*item).is_empty())?;
    let early = scene.items[first].start - title.span.start <= 12;
    (scene.kind(first) == "company" && early).then_some(first)
}

/// True if the words around a price say that it is what somebody gets or pays: «average price achieved», 平均售价.
fn is_own_price(around: Around<'_, '_, '_, '_>, measure: &str, claim: &Claim<'_>) -> bool {
    let Around { scene, block, reach, .. } = around;
    let end = (scene.items[reach.anchor].end..block.span.end.min(scene.items[reach.anchor].end + 40))
        .rev()
        .find(|at| scene.text.is_char_boundary(*at))
        .unwrap_or(scene.items[reach.anchor].end);
    let from = scene
        .items
        .get(reach.left.start)
        .map_or(block.span.start, |item| item.start.min(scene.items[reach.anchor].start));
    let from = if reach.left.start == reach.all.start { block.span.start } else { from };
    let behind = &scene.text[scene.items[reach.anchor].end..end];
    let end = end - behind.len() + behind.find([',', ';', '.', '，', '；', '。']).unwrap_or(behind.len());
    let words = lower(&scene.text[from..end]);
    let foreign = (reach.all.clone()).any(|item| {
        matches!(scene.kind(item), "exchange" | "institution" | "country" | "company" | "agency")
    });
    if matches!(measure, "inventory" | "exports" | "grade" | "recovery-rate" | "reserves" | "resources")
        && scene.home.is_own()
        && !foreign
        && claim.venue.is_none()
    {
        return true;
    }
    let own = [
        "achieved", "realised", "realized", "received", "selling price", "sold at", "delivered cost",
        "offtake", "our ", "we ", "售价", "实现价", "出厂价", "挂牌价", "采购成本", "到厂", "长协", "底价",
        "到岸价", "销售价",
    ];
    matches!(measure, "price" | "premium" | "treatment-charge" | "inventory")
        && own.iter().any(|word| words.contains(word))
}

/// A part of a company's finances has a good as its subject: revenue of power batteries.
fn is_of_part(measure: &str, claim: &Claim<'_>) -> bool {
    let subject = claim.subject.as_ref().and_then(|slot| slot.is.id.as_deref()).unwrap_or_default();
    matches!(measure, "revenue" | "gross-profit" | "gross-margin" | "operating-profit")
        && subject.starts_with("commodity/")
}

/// The company whose part it is: named before in the sentence, else told before.
fn part_of_finances<'t>(around: Around<'t, '_, '_, '_>, claim: &mut Claim<'t>) {
    let Around { scene, block, reach, memory, .. } = around;
    let here = (reach.all.start..reach.anchor).rev().find(|item| scene.kind(*item) == "company");
    if let Some(item) = here.or(memory.company).or(memory.topic) {
        claim.actors.push(scene.term(item, block, "company told before"));
    }
}

/// True for what happens on an exchange or in a forecast of a share's price, in which nobody acts.
fn is_traded(around: Around<'_, '_, '_, '_>, measure: &str) -> bool {
    let Around { scene, reach, .. } = around;
    let of_shares = matches!(
        measure,
        "trading-volume"
            | "trading-value"
            | "turnover-rate"
            | "open-interest"
            | "share-price"
            | "market-value"
            | "net-inflow"
    );
    let target = measure == "price"
        && (reach.all.start..reach.anchor).any(|item| {
            let word = lower(scene.words(item));
            matches!(scene.items[item].cue(), Some(Cue::Modality(_)))
                && (word.starts_with("目标价") || word.starts_with("target"))
        });
    of_shares || target
}

/// True if a price or a stock is the company's at `item`: money for a quantity of goods, and nothing between the two says that it
/// is the market's.
fn is_price_of(around: Around<'_, '_, '_, '_>, item: usize, claim: &Claim<'_>) -> bool {
    let Around { scene, reach, .. } = around;
    let money = claim.value.as_ref().and_then(|slot| slot.is.unit.as_deref()).is_some_and(is_currency);
    let between = lower(scene.gap(item, reach.anchor));
    let of_market = ["现货", "市场", "国内", "欧洲", "均价", "期货", "spot", "market", "lme", "shares"];
    let exchange = (item + 1..reach.anchor)
        .any(|other| matches!(scene.kind(other), "exchange" | "index" | "country" | "region"));
    let priced = matches!(
        claim.measure.as_ref().and_then(|slot| slot.is.id.as_deref()),
        Some("measure/price" | "measure/premium")
    );
    let parted = (item + 1..reach.anchor).any(|other| scene.items[other].mark() == Some(';'));
    let markets = priced && (money || exchange) || of_market.iter().any(|word| between.contains(word));
    !markets && !parted
}

/// 公司一季度电解钴含税均价为43.2万元/吨: in a company's own text a mean of its good is what it got.
fn is_its_mean(around: Around<'_, '_, '_, '_>, item: usize, claim: &Claim<'_>) -> bool {
    let Around { scene, reach, .. } = around;
    let between = scene.gap(item, reach.anchor);
    claim.measure_id() == Some("measure/price")
        && claim.venue.is_none()
        && scene.home.host.is_some()
        && between.contains("均价")
        && !between.contains([',', '，', '；', ';'])
        && !["市场", "现货", "国内"].iter().any(|word| between.contains(word))
}

/// A price that a company tells of is mostly its own.
fn says_own(measure: &str) -> bool {
    matches!(measure, "cost" | "production-cut")
}

/// Who is described shortly before the figure, if that stands nearer than the company `named` and is not the company's own.
fn described(around: Around<'_, '_, '_, '_>, named: Option<usize>) -> Option<Range<usize>> {
    let Around { scene, block, reach, memory, .. } = around;
    let from = named.map_or_else(
        || {
            reach.left.clone().next().map_or(block.span.start, |first| {
                scene.items[first].start.min(scene.items[reach.anchor].start)
            })
        },
        |item| scene.items[item].end,
    );
    let from = if named.is_none() && reach.left.start == reach.all.start { block.span.start } else { from };
    let lead = scene.text.get(from..scene.items[reach.anchor].start)?;
    let clause = lead
        .rfind(['。', ';', '；'])
        .map_or(from, |at| from + at + lead[at..].chars().next().map_or(1, char::len_utf8));
    let span = described::nearest(scene.text, clause..scene.items[reach.anchor].start, Who::Works)?;
    if let Some(item) = named {
        let between = scene.text.get(scene.items[item].end..span.start)?.trim();
        // «Glencore's smelter», 格林美旗下工厂: the company acts.
        if between.is_empty()
            || between.ends_with(['的', '属', '下'])
            || between.starts_with(['\'', '’'])
            || between.len() < 4
        {
            return None;
        }
    }
    let words = &scene.text[span.clone()];
    let points = ["该", "本", "此", "其", "新"].iter().any(|word| words.starts_with(word))
        || words
            .strip_prefix("the ")
            .or_else(|| words.strip_prefix("The "))
            .is_some_and(|rest| !rest.contains(' '))
        || words.starts_with("its ")
        || words.starts_with("their ");
    // A plant of a company that is told of acts for it.
    let is_plant = ["工厂", "基地", "厂区", "plant", "factory", "子公司", "项目公司"]
        .iter()
        .any(|word| words.ends_with(word));
    let told =
        (reach.all.start..reach.anchor).any(|item| scene.kind(item) == "company") || memory.company.is_some();
    if points || is_plant && told || person::is_the_company(words) && told {
        return None;
    }
    let own = scene.items_in(&span).any(|item| matches!(scene.items[item].cue(), Some(Cue::Company)));
    let before = scene.text[..span.start].trim_end();
    let other = [
        " to", " with", " from", " than", " against", " for", " of", " by", " at", " in", "向", "对", "为",
        "较", "比", "供应", "给", "在",
    ];
    (!own && !other.iter().any(|word| before.ends_with(word))).then_some(span)
}

/// Measures of what somebody does.
pub(super) fn is_made(measure: &str) -> bool {
    matches!(
        measure,
        "output"
            | "sales-volume"
            | "shipments"
            | "capacity"
            | "supply"
            | "production-cut"
            | "consumption"
            | "capex"
            | "operating-rate"
            | "recovery-rate"
            | "cost"
            | "vehicle-sales"
            | "contract-value"
    )
}

fn memory_is_near(around: Around<'_, '_, '_, '_>) -> bool {
    around.block.kind != BlockKind::Row
}

/// The word 公司, «the company», «it» or «we» in the part of the sentence before the figure, with the company that it means.
pub(super) fn anaphor(around: Around<'_, '_, '_, '_>) -> Option<(usize, usize)> {
    let Around { scene, reach, memory, .. } = around;
    let word = (reach.all.start..reach.anchor).rev().find(|item| scene.is_anaphor(*item))?;
    // Who speaks for himself is the company whose text it is, and none that he tells of.
    if ["we", "our"].iter().any(|own| scene.words(word).eq_ignore_ascii_case(own)) {
        return Some((word, scene.home.host?));
    }
    let named = (reach.all.start..word).find(|item| scene.kind(*item) == "company");
    // In a company's own text 公司 is that company, whom else the sentence may name.
    let named = scene
        .home
        .host
        .filter(|_| scene.home.is_own() && !["it", "its", "其"].contains(&scene.words(word)))
        .or(named);
    Some((word, named.or(memory.company).or(memory.topic)?))
}

/// The company at `item` with those joined to it: «Teck and Korea Zinc agreed».
fn with_joined<'t>(around: Around<'t, '_, '_, '_>, item: usize, claim: &mut Claim<'t>) {
    let Around { scene, block, reach, .. } = around;
    let mut items = vec![item];
    let mut right = item;
    for left in (reach.all.start..item).rev().filter(|left| scene.kind(*left) == "company") {
        let gap = scene.gap(left, right);
        // «A (TSX: A) and B»: what stands in brackets between them says nothing.
        let gap = gap.rsplit([')', '）']).next().unwrap_or_default().trim();
        if !matches!(gap, "、" | "和" | "与" | "及" | "and" | "&" | "同" | "以及") {
            break;
        }
        items.push(left);
        right = left;
    }
    items.reverse();
    claim.actors.extend(items.into_iter().map(|item| scene.term(item, block, "company before the figure")));
}

/// The company that does it, if the nearest one at `item` is only of the deal or of an aside: «X, a partner of Y, said it made»,
/// X拟收购Y所持股份.
fn doer(around: Around<'_, '_, '_, '_>, measure: &str, item: usize) -> usize {
    let Around { scene, reach, .. } = around;
    if let Some((word, company)) = anaphor(around).filter(|(word, _)| *word > item)
        && ["it", "该公司", "the company"].iter().any(|other| scene.words(word).eq_ignore_ascii_case(other))
    {
        return company;
    }
    if !is_stake(measure) {
        return item;
    }
    let buys = |other: &usize| {
        let word = scene.words(*other);
        ["收购", "受让", "认购", "增资", "入股", "acqui", "buy", "bought", "take over"]
            .iter()
            .any(|buy| word.contains(buy))
    };
    let verb = (reach.all.start..item).rev().find(|other| scene.items[*other].cue().is_some() && buys(other));
    let buyer = verb.and_then(|verb| {
        (reach.all.start..verb)
            .rev()
            .find(|other| scene.kind(*other) == "company" && !is_other(around, *other))
    });
    buyer.unwrap_or(item)
}

/// True if the company at `item` is somebody else: a customer, a partner, one that is compared with.
pub(super) fn is_other(around: Around<'_, '_, '_, '_>, item: usize) -> bool {
    let scene = around.scene;
    let before = scene.text[..scene.items[item].start].trim_end();
    // «A (B) and C»: another name of the one before.
    let again = before.ends_with(['(', '（'])
        && (around.reach.all.start..item).rev().take(2).any(|other| scene.kind(other) == "company");
    if again || is_partner(around, item, before) {
        return true;
    }
    // 根据X所提供之数据: whose figures they are says nothing of whose output it is.
    let cited = item > around.reach.all.start
        && scene.items[item - 1].cue() == Some(Cue::According)
        && ["数据", "统计", "data", "figures", "statistics"].iter().any(|word| {
            let end = scene.items[item].end;
            scene.text[end..].split([',', '，', '.', '。']).next().unwrap_or_default().ends_with(word)
        });
    if cited {
        return true;
    }
    if is_in_aside(around, item) {
        return true;
    }
    [
        " to", " with", " from", " than", " against", " for", " alongside", " paid", " paying", " owns",
        "told by", "said by", "according to", "向", "对", "为", "较", "比", "供应", "卖给", "支付给", "售予",
        "低于", "高于", "超过", "超越", "仅次于",
    ]
    .iter()
    .any(|word| before.ends_with(word))
}

/// True for B of «A, which closed its purchase of B in March, intends»: a clause between commas tells of A.
fn is_in_aside(around: Around<'_, '_, '_, '_>, item: usize) -> bool {
    let Around { scene, reach, .. } = around;
    let comma = |at: &usize| scene.items[*at].mark() == Some(',');
    let Some(open) = (reach.all.start..item).rev().find(comma) else { return false };
    let lead = scene.text[scene.items[open].end..].trim_start();
    ["which ", "who ", "whose "].iter().any(|word| lead.starts_with(word))
        && (item + 1..reach.anchor).any(|at| comma(&at))
        && (reach.all.start..open).any(|other| scene.kind(other) == "company")
}

/// True for B of 该公司9月18日与B签署协议: the one told of before it acts, and they do not say that they act together.
fn is_partner(around: Around<'_, '_, '_, '_>, item: usize, before: &str) -> bool {
    const TOGETHER: &[&str] = &["联合", "共同", "双方", "合资", "共建", "合建"];
    let Around { scene, block, reach, .. } = around;
    // 与加拿大Vista Gold
    let home = item.checked_sub(1).filter(|home| {
        *home >= reach.all.start && scene.kind(*home) == "country" && scene.gap(*home, item).is_empty()
    });
    let before = home.map_or(before, |home| scene.text[..scene.items[home].start].trim_end());
    let joins = ["与", "同", "和"].iter().find_map(|word| before.strip_suffix(word));
    let Some(lead) = joins.map(str::trim_end) else { return false };
    let sentence = &scene.text[block.span.clone()];
    let first = (reach.all.start..item)
        .rev()
        .find(|other| scene.kind(*other) == "company" || scene.is_anaphor(*other))
        .filter(|first| scene.items[*first].end < lead.len());
    first.is_some() && !TOGETHER.iter().any(|word| sentence.contains(word))
}

/// True if the words before the company at `item` say that it makes the thing.
pub(super) fn is_maker(around: Around<'_, '_, '_, '_>, item: usize) -> bool {
    let scene = around.scene;
    let before = scene.text[..scene.items[item].start].trim_end();
    [" by", " at", " from", " between", "由"].iter().any(|word| before.ends_with(word))
}

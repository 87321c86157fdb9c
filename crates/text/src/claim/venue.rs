//! The exchange on which, or the reporter by whom, a price or a stock is told.

use std::sync::LazyLock;

use super::layout::Block;
use super::scene::Scene;
use super::slots::{Claim, OriginKind, Slot, Term};
use super::speaker;
use super::subject::Around;
use crate::find::{Words, lower};
use crate::mention::Kind;

/// Fills the venue: stated beside the figure, or told by the code of a contract; else that of the figure before, if it is of
/// the same good and measure; else, in an exchange's own notice, the exchange.
pub(super) fn fill<'t>(around: Around<'t, '_, '_, '_>, measure: &str, claim: &mut Claim<'t>) {
    let Around { scene, block, reach, before, memory } = around;
    // «rare earth stocks on the ASX put on 38 %»
    if matches!(measure, "share-price" | "advancers" | "decliners") {
        let there = reach.left.clone().rev().chain(reach.tail.clone().take(4)).find(|item| {
            let ahead = scene.text[..scene.items[*item].start].trim_end();
            scene.kind(*item) == "exchange"
                && !is_listing(scene, *item)
                && (ahead.ends_with(" on the") || ahead.ends_with(" on") || ahead.ends_with('在'))
        });
        claim.venue = there.map(|item| scene.term(item, block, "exchange or reporter beside the figure"));
        return;
    }
    if !is_quoted(measure) || is_of_company(claim) {
        return;
    }
    let is = |item: &usize| match scene.kind(*item) {
        "exchange" => !is_listing(scene, *item) && !is_reference(around, *item, measure),
        "institution" => {
            measure != "inventory"
                && (is_reporter(scene, *item) || !speaker::speaks(around, *item) && !forecasts(around, *item))
        }
        _ => false,
    };
    let tail =
        reach.tail.clone().take_while(|item| !matches!(scene.items[*item].mark(), Some(',' | ';' | '(')));
    // Who reports goes before the exchange against whose contract a premium is reckoned.
    let mut left = reach.left.clone().rev().filter(is);
    let first = left.next();
    let reporter = first
        .into_iter()
        .chain(left)
        .find(|item| scene.kind(*item) == "institution" && matches!(measure, "premium" | "discount"));
    if let Some(item) = reporter.or(first).or_else(|| tail.into_iter().find(is)) {
        claim.venue = Some(scene.term(item, block, "exchange or reporter beside the figure"));
        return;
    }
    let contract = reach.left.clone().rev().find_map(|item| Some((item, contract(scene, item)?)));
    if let Some((item, id)) = contract.filter(|(item, _)| !is_reference(around, *item, measure)) {
        claim.venue = Some(of_contract(scene, block, item, id));
        return;
    }
    let source = (reach.all.start..reach.left.start)
        .rev()
        .chain(reach.anchor + 1..reach.all.end)
        .find(|item| is_reporter(scene, *item) && speaker::speaks(around, *item));
    if let Some(item) =
        source.filter(|_| matches!(measure, "price" | "premium" | "discount" | "treatment-charge"))
        && before.is_none_or(|before| before.venue.is_none())
    {
        claim.venue = Some(scene.term(item, block, "exchange or reporter beside the figure"));
        return;
    }
    if let Some(venue) =
        before.filter(|before| is_told_with(around, before, claim)).and_then(|before| before.venue.as_ref())
    {
        claim.venue = Some(super::figure::inherited(venue, "the figure before"));
        return;
    }
    let other = reach.all.clone().any(|item| scene.kind(item) == "institution");
    if let Some(item) = memory.notice.filter(|_| !other) {
        claim.venue = Some(scene.term(item, block, "exchange whose notice it is"));
    }
}

/// True for a bank that changes its own view: «Macquarie cut its 2025 nickel price forecast».
fn forecasts(around: Around<'_, '_, '_, '_>, item: usize) -> bool {
    const WORDS: &[&str] = &[
        "forecast", "target", "outlook", "estimate", "projection", "view", "预测", "目标价", "价目标",
        "目标位", "预期", "预估",
    ];
    let Around { scene, reach, .. } = around;
    if item > reach.anchor {
        return false;
    }
    let gap = lower(scene.gap(item, reach.anchor));
    WORDS.iter().any(|word| gap.contains(word))
}

/// True if a figure is told in one breath with the one before, at the same venue: of one good, or of one measure in one unit.
fn is_told_with(around: Around<'_, '_, '_, '_>, before: &Claim<'_>, claim: &Claim<'_>) -> bool {
    const PRICES: &[&str] = &["measure/price", "measure/premium", "measure/discount", "measure/spread"];
    let (one, other) = (before.measure_id().unwrap_or_default(), claim.measure_id().unwrap_or_default());
    let same_good =
        before.subject.is_some() == claim.subject.is_some() && before.subject_id() == claim.subject_id();
    let same_unit = before.value.is_some() == claim.value.is_some() && before.unit() == claim.unit();
    let parted = around.reach.left.clone().any(|item| around.scene.items[item].mark() == Some(';'));
    if is_of_another_market(around, before.end_byte) || other == "measure/spread" && one != other {
        return false;
    }
    let priced = PRICES.contains(&one) && PRICES.contains(&other);
    if same_good {
        return one == other || priced && !parted && before.sentence == claim.sentence;
    }
    // Another country's market has another price: «..., while in Europe».
    let elsewhere = around
        .reach
        .left
        .clone()
        .any(|item| matches!(around.scene.kind(item), "country" | "place" | "region"));
    one == other && same_unit && !parted && !elsewhere && before.sentence == claim.sentence
}

/// True for the exchange or contract against which a premium is reckoned, 对上期所主力合约升水310元, and for the one of a clause
/// before that tells of another market: «12 on the X Exchange, while spot lots changed hands at 13».
fn is_reference(around: Around<'_, '_, '_, '_>, item: usize, measure: &str) -> bool {
    let Around { scene, reach, .. } = around;
    if item > reach.anchor {
        return false;
    }
    let before = scene.text[..scene.items[item].start].trim_end().trim_end_matches(" the");
    let against = ["对", "较", "比", " over", " to", " against", " above", " below", " versus"];
    let differs = matches!(measure, "premium" | "discount" | "spread");
    if differs && against.iter().any(|word| before.ends_with(word)) {
        return true;
    }
    let mark = (item + 1..reach.anchor).find(|at| matches!(scene.items[*at].mark(), Some(',' | ';')));
    measure == "price" && mark.is_some_and(|mark| is_of_another_market(around, scene.items[mark].end))
}

/// True if the words from `start` to the figure name another market than an exchange's: 现货, «spot», a long-term contract.
fn is_of_another_market(around: Around<'_, '_, '_, '_>, start: usize) -> bool {
    static WORDS: LazyLock<Words> = LazyLock::new(|| {
        Words::in_any_case(&["现货", "长协", "长单", "保底价", "spot ", "physical ", "long-term", "fob"])
    });
    let Around { scene, reach, .. } = around;
    let words = scene.text.get(start..scene.items[reach.anchor].start).unwrap_or_default();
    WORDS.any_in(words)
}

/// The exchange whose notice a text is, by its title or the line below: 通知, «Notice to Members».
pub(super) fn notice(scene: &Scene<'_, '_>, block: &Block) -> Option<usize> {
    const NOTICES: &[&str] = &[
        "通知", "通报", "公告", "提示", "交易情况", "行情", "notice", "bulletin", "circular", "members",
        "market report", "daily report", "listing terms", "月度报告", "月报", "周报", "日报", "季报",
        "年度报告", "运行情况", "交易概况", "市场概况", "简报", "均价表", "结算价表", "价格表",
        "monthly report", "weekly report", "monthly summary", "weekly summary", "trading summary",
        "trading report", "settlement prices", "price table", "announcement", "information on",
    ];
    if !block.is_above() {
        return None;
    }
    let words = lower(&scene.text[block.span.clone()]);
    let mut venues = scene.items_of(block).filter(|item| {
        scene.kind(*item) == "exchange" && !is_stocks(scene, *item) && !is_listing(scene, *item)
    });
    let first = venues.next().filter(|_| NOTICES.iter().any(|notice| words.contains(notice)))?;
    venues.all(|other| scene.id(other) == scene.id(first)).then_some(first)
}

/// True for exchanges of shares, whose notices tell of companies.
pub(super) fn is_stocks(scene: &Scene<'_, '_>, item: usize) -> bool {
    matches!(
        scene.id(item).unwrap_or_default(),
        "exchange/SSE"
            | "exchange/SZSE"
            | "exchange/BSE"
            | "exchange/HKEX"
            | "exchange/NYSE"
            | "exchange/nasdaq"
            | "exchange/STAR"
            | "exchange/chinext"
            | "exchange/ASX"
            | "exchange/TSX"
            | "exchange/KRX"
            | "exchange/a-shares"
            | "exchange/NEEQ"
            | "exchange/KASE"
            | "exchange/LSE"
            | "exchange/AIM"
            | "exchange/TSXV"
            | "exchange/PSE"
            | "exchange/IDX"
            | "exchange/NSE"
            | "exchange/JSE"
            | "exchange/TSE"
    )
}

/// The exchange of a contract, by its code: CU2508, 碳酸锂LC2407.
fn contract(scene: &Scene<'_, '_>, item: usize) -> Option<&'static str> {
    let code = scene.mention(item).filter(|mention| mention.kind == Kind::Code)?.quote;
    let letters = code.len() - code.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
    let month = &code[letters..];
    if !(1..=2).contains(&letters)
        || !(3..=4).contains(&month.len())
        || !month.bytes().all(|b| b.is_ascii_digit())
    {
        return None;
    }
    Some(match code[..letters].to_ascii_uppercase().as_str() {
        "CU" | "AL" | "ZN" | "PB" | "NI" | "SN" | "AU" | "AG" | "RB" | "HC" | "SS" | "WR" | "AO" | "AD" => {
            "exchange/SHFE"
        }
        "BC" | "SC" => "exchange/INE",
        "LC" | "SI" | "PS" | "PT" | "PD" => "exchange/GFEX",
        "I" | "J" | "JM" => "exchange/DCE",
        "SF" | "SM" | "ZC" => "exchange/CZCE",
        _ => return None,
    })
}

fn of_contract<'t>(scene: &Scene<'t, '_>, block: &Block, item: usize, id: &str) -> Slot<Term<'t>> {
    let mut slot = scene.term(item, block, "exchange of the contract");
    slot.is.id = Some(id.to_owned());
    slot.origin.kind = OriginKind::Resolved;
    slot
}

/// True for those who report prices, and who are the venue of what they are cited for.
fn is_reporter(scene: &Scene<'_, '_>, item: usize) -> bool {
    const REPORTERS: &[&str] = &[
        "smm",
        "fastmarkets",
        "argus",
        "asian-metal",
        "platts",
        "baichuan",
        "mysteel",
        "sci99",
        "100ppi",
        "antaike",
        "ruidow",
        "cbc",
        "ferro-alloys",
        "benchmark",
        "cru",
        "infolink",
        "icc",
        "longzhong",
        "guangdong-nanchu",
        "ganzhou-tungsten-association",
        "uxc",
        "tradetech",
        "numerco",
        "silicon-branch",
        "zhonglianjin",
    ];
    scene
        .id(item)
        .and_then(|id| id.strip_prefix("institution/"))
        .is_some_and(|name| REPORTERS.contains(&name))
}

/// «(NYSE: MP)» names where shares are listed.
fn is_listing(scene: &Scene<'_, '_>, item: usize) -> bool {
    let rest = scene.text[scene.items[item].end..].trim_start();
    let lead = scene.text[..scene.items[item].start].trim_end();
    lead.ends_with(['(', '（', ';', '/']) && rest.starts_with([':', '：', '-'])
        || rest.starts_with("-listed")
        || rest.starts_with("上市")
}

fn is_of_company(claim: &Claim<'_>) -> bool {
    let id = claim.subject.as_ref().and_then(|slot| slot.is.id.as_deref()).unwrap_or_default();
    id.starts_with("company/")
}

fn is_quoted(measure: &str) -> bool {
    matches!(
        measure,
        "price"
            | "premium"
            | "discount"
            | "treatment-charge"
            | "spread"
            | "inventory"
            | "trading-volume"
            | "trading-value"
            | "open-interest"
            | "price-index"
            | "settlement-price"
            | "warehouse-receipts"
            | "margin"
            | "trading-margin"
    )
}

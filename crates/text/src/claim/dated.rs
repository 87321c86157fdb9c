//! Times in a sentence that are not the period of its figures: days of acts and of speaking, deadlines, months of delivery.

use super::carry;
use super::cues::Cue;
use super::figure::{Reach, is_figure};
use super::layout::Block;
use super::scene::Scene;
use super::slots::Claim;
use crate::find::rfind;
use crate::mention::{Kind, Precision};

/// True if the time at `item` says when somebody did something, before the figure is told: «on 11 July the two signed a contract
/// for 300 t»; or names a month of delivery.
pub(super) fn is_of_an_act(scene: &Scene<'_, '_>, item: usize, reach: &Reach<'_>) -> bool {
    // «a campaign that ended on 11 July, and ordered …»
    let before = scene.text[..scene.items[item].start].trim_end();
    let ended = ["ended on", "began on", "started on", "launched on", "opened on"]
        .iter()
        .any(|word| before.ends_with(word));
    if is_delivery(scene, item) || ended {
        return true;
    }
    for at in item + 1..reach.anchor.max(item + 1) {
        let there = &scene.items[at];
        if is_figure(scene, at) || scene.kind(at) == "measure" || there.mark() == Some(';') {
            return false;
        }
        match there.cue() {
            // 2026年获批的出口配额 is the quota of that year.
            Some(Cue::Event(_)) if scene.text[there.end..].starts_with('的') => {}
            // 本周查获96吨 tells how much was seized in the week.
            Some(Cue::Event(_)) if is_counted_act(scene.words(at)) => return false,
            // 5月9日部署专项行动后，…查扣64吨: the campaign has the day.
            Some(Cue::Named(_))
                if scene.text[there.end..].starts_with('后')
                    && (at + 1..reach.anchor).any(|next| scene.items[next].mark() == Some(',')) =>
            {
                return true;
            }
            Some(Cue::Event(_) | Cue::Announced | Cue::Effective) if !speaks(scene.words(at)) => return true,
            Some(Cue::Measure(_) | Cue::Move(_)) => return false,
            _ => {}
        }
    }
    false
}

/// True for an act whose figure is counted over the time of the act.
fn is_counted_act(word: &str) -> bool {
    ["查获", "查扣", "扣押", "没收", "缴获", "seized", "confiscated"].iter().any(|verb| word.contains(verb))
}

/// Words of publishing and saying, which also print figures.
fn speaks(word: &str) -> bool {
    const SPEAKING: &[&str] = &[
        "发布", "公布", "公告", "表示", "获悉", "通知", "said", "published", "released", "reported",
        "issued", "notified", "起", "自", "from", "as of", "执行", "until", "effective", "starting",
        "beginning", "starting from",
    ];
    SPEAKING.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// True if the time at `item` is when somebody said what follows: «said on Thursday», 昨日公告.
pub(super) fn is_of_a_speaker(scene: &Scene<'_, '_>, item: usize, reach: &Reach<'_>) -> bool {
    let near =
        |left: usize, right: usize| scene.items[right].start.saturating_sub(scene.items[left].end) <= 4;
    let says = |at: usize| {
        matches!(scene.items[at].cue(), Some(Cue::Say | Cue::Announced)) && {
            let word = scene.words(at);
            !matches!(
                word,
                "put" | "puts" | "pegged" | "assessed" | "统计" | "预计" | "预测" | "估算" | "测算"
            )
        }
    };
    // «said on Thursday»: the preposition is an item too.
    let led = (reach.all.start..item)
        .rev()
        .find(|at| !matches!(scene.words(*at), "on" | "in" | "at" | "On" | "In" | "late" | "early"));
    // «told a conference in Toronto on Monday that»: what is said stands behind.
    let rest = scene.text.get(scene.items[item].end..).unwrap_or_default();
    if rest.starts_with(" that ") {
        let mut back = (reach.all.start..item).rev().take_while(|at| scene.items[*at].mark().is_none());
        if back.any(says) {
            return true;
        }
    }
    led.is_some_and(|led| near(led, item) && says(led))
        || (item + 1 < reach.all.end && near(item, item + 1) && says(item + 1))
}

/// True for a time in a clause between commas that tells of its subject alone: «The mine, shut since November, made up 5 %».
pub(super) fn is_in_an_aside(scene: &Scene<'_, '_>, block: &Block, item: usize, reach: &Reach<'_>) -> bool {
    const OPENS: &[&str] = &[
        "shut ", "idle ", "idled ", "closed ", "suspended ", "halted ", "owned ", "commissioned ", "opened ",
        "built ", "founded ", "acquired ", "bought ", "launched ", "which ", "who ", "whose ", "discovered ",
        "listed ", "approved ", "signed ", "inaugurated ",
    ];
    if item > reach.anchor {
        return false;
    }
    let comma = |at: &usize| scene.items[*at].mark() == Some(',');
    let Some(open) = (reach.all.start..item).rev().find(comma) else { return false };
    if !(item + 1..reach.anchor).any(|at| comma(&at)) {
        return false;
    }
    let aside = scene.text.get(scene.items[open].end..block.span.end).unwrap_or_default().trim_start();
    OPENS.iter().any(|word| aside.starts_with(word))
}

/// True if something takes effect on the day at `item`, which says nothing of the sentences behind.
pub(super) fn is_of_effect(scene: &Scene<'_, '_>, item: usize) -> bool {
    let start = scene.items[item].start;
    (item.saturating_sub(4)..item).any(|at| {
        let there = &scene.items[at];
        matches!(there.cue(), Some(Cue::Effective))
            && start.saturating_sub(there.end) <= 8
            && !matches!(scene.words(at), "from" | "as of" | "until")
    })
}

/// True if the figure at the anchor is what a broker expects a share to be worth: "target price", 目标价.
pub(super) fn is_target(scene: &Scene<'_, '_>, block: &Block, anchor: usize) -> bool {
    const WORDS: &[&str] = &["target price", "price target", "目标价", "Target price", "TP ", "PT "];
    let here = scene.items[anchor].start;
    let sentence = scene.text.get(block.span.start..here).unwrap_or_default();
    WORDS.iter().any(|word| rfind(sentence, word).is_some_and(|at| sentence.len() - at <= 90))
}

/// True if the time at `item` says when a document was written: "in its April forecast", 5月报告.
pub(super) fn is_of_a_document(scene: &Scene<'_, '_>, item: usize) -> bool {
    const DOCUMENTS: &[&str] = &[
        "forecast", "report", "estimate", "outlook", "survey", "announcement", "notice", "filing",
        "statement", "briefing", "note", "interview", "presentation", "bulletin", "circular", "预测", "报告",
        "月报", "公告", "通知", "研报", "问卷", "纪要", "ban ", "ban.", "ban,", "halt", "quake",
        "earthquake", "strike", "truce", "accident", "collapse", "outage", "suspension", "fire", "flood",
        "listing", "coup", "agreement", "deal", "decree", "禁令", "事故", "地震", "罢工",
    ];
    let precision = scene.precision(item);
    if !matches!(precision, Some(Precision::Month | Precision::Day | Precision::Week)) {
        return false;
    }
    let rest = scene.text.get(scene.items[item].end..).unwrap_or_default();
    let rest = rest.trim_start_matches("'s").trim_start_matches(['的', ' ']);
    DOCUMENTS.iter().any(|word| rest.starts_with(word))
}

/// True for the time of a plan: «its 2030 development plan», «the 15th Five-Year Plan», 十五五规划.
pub(super) fn is_of_a_plan(scene: &Scene<'_, '_>, item: usize) -> bool {
    let words = scene.words(item);
    let rest =
        scene.text.get(scene.items[item].end..).unwrap_or_default().trim_start_matches([' ', '”', '"']);
    words.ends_with("Plan")
        || words.ends_with("规划")
        || ["development plan", "plan ", "plan,", "Plan", "规划", "发展规划"]
            .iter()
            .any(|plan| rest.starts_with(plan))
}

/// True if the words before a time in a title say that the figures below are of it: 价格为5月19日收盘, "prices as of 19 May".
pub(super) fn is_of_the_figures(scene: &Scene<'_, '_>, item: usize) -> bool {
    const WORDS: &[&str] = &[
        "价格为", "数据为", "数据截至", "价格截至", "截至", "报价日", "as of", "as at", "prices for",
        "data for", "close of", "closing",
    ];
    let before = scene.text[..scene.items[item].start].trim_end_matches([' ', ':', '：']);
    WORDS.iter().any(|word| before.ends_with(word))
}

/// The time that stands right before a level without a change of its own, and of which that level is: 一季度4.7万吨, 2023年(1.9万吨),
/// «April's 0.5 million t».
pub(super) fn directly_before(scene: &Scene<'_, '_>, reach: &Reach<'_>) -> Option<usize> {
    reach.draft.level.filter(|level| *level == reach.anchor && reach.draft.moves.is_empty())?;
    let start = scene.items[reach.anchor].start;
    let time = (reach.all.start..reach.anchor).rev().take(3).find(|item| scene.is_time(*item))?;
    let gap = scene.text.get(scene.items[time].end..start)?;
    // 较1—2月合计的412吨 and 前三个月加起来的118亿米 are sums that something is compared with.
    matches!(gap, "" | "(" | "（" | "'s " | "’s ").then_some(time)
}

/// The time that stands right behind the figure: «$24.60 on Tuesday», «640,000 yuan a tonne in August».
pub(super) fn at_once(scene: &Scene<'_, '_>, reach: &Reach<'_>) -> Option<usize> {
    let end = scene.items[reach.anchor].end;
    let item = reach.tail.clone().find(|item| scene.is_time(*item))?;
    let gap = scene.text.get(end..scene.items[item].start)?.trim();
    let gap = gap.strip_suffix("the").map_or(gap, str::trim_end);
    // «50,000 oz this year», «3 Mt by 2031»
    let words = scene.words(item);
    let bare = ["this ", "next ", "by "].iter().any(|word| words.starts_with(word));
    (gap.is_empty() && bare
        || matches!(
            gap,
            "on" | "in"
                | "for"
                | "during"
                | "at"
                | "as of"
                | "as at"
                | "at end of"
                | "at the close on"
                | "over"
        ))
    .then_some(item)
}

/// True if a comma parts the time at `item` from a figure that stands until it is changed, or is merely supposed: «on 12 March
/// it filed for protection, its plant has 16 GWh» says no time of the plant.
pub(super) fn is_of_another_clause(
    scene: &Scene<'_, '_>,
    item: usize,
    reach: &Reach<'_>,
    claim: &Claim<'_>,
) -> bool {
    // «From May to July, X installed 7 GWh»: a span of time that heads the sentence holds for what follows it.
    let heads = item == reach.all.start
        && scene.precision(item) == Some(Precision::Range)
        && (item + 1..reach.anchor).filter(|at| matches!(scene.items[*at].mark(), Some(',' | ';'))).count()
            == 1;
    if heads {
        return false;
    }
    let parted = || (item + 1..reach.anchor).any(|at| matches!(scene.items[at].mark(), Some(',' | ';')));
    item < reach.anchor && !carry::inherits(claim) && parted()
}

/// True if the time behind a figure is the figure's: nothing parts the two, no other figure has it, and it is no deadline and
/// no day on which something begins.
pub(super) fn is_behind(scene: &Scene<'_, '_>, item: usize, reach: &Reach<'_>) -> bool {
    let open = scene.interval(item).is_none_or(|interval| interval.start.is_none());
    // «30 GWh by the end of 2026» holds by then, what is due before a day does not.
    let by = scene.words(item).get(..3).is_some_and(|word| word.eq_ignore_ascii_case("by "));
    if open && !by || is_delivery(scene, item) {
        return false;
    }
    let of_the_draft =
        |at: usize| reach.draft.moves.iter().any(|moved| moved.by == Some(at) || moved.word == Some(at));
    for at in reach.anchor + 1..item {
        if matches!(scene.items[at].mark(), Some(',' | ';' | '、' | '|')) {
            return false;
        }
        if is_figure(scene, at) && !of_the_draft(at) {
            return false;
        }
        // «from South Korea in February» and «from October to June» begin nothing.
        if matches!(scene.items[at].cue(), Some(Cue::Event(_) | Cue::Effective | Cue::Announced))
            && scene.words(at) != "from"
        {
            return false;
        }
    }
    // «10 t, 于7月起停产»: what stands behind the time is an act.
    let behind = (item + 1..reach.tail.end).take_while(|at| scene.items[*at].mark().is_none());
    !behind.take(3).any(|at| matches!(scene.items[at].cue(), Some(Cue::Event(_))))
}

/// A month of delivery or expiry: 3月交货, "DCE January iron ore", "the May contract".
pub(super) fn is_delivery(scene: &Scene<'_, '_>, item: usize) -> bool {
    let month = scene.precision(item) == Some(Precision::Month);
    if !month {
        return false;
    }
    let rest = scene.text.get(scene.items[item].end..).unwrap_or_default().trim_start_matches(' ');
    let rest = rest.split(['，', ',', '。', ';', '；']).next().unwrap_or_default();
    let behind = scene
        .items
        .get(item + 2)
        .map_or("", |next| scene.text.get(scene.items[item].end..next.end + 12).unwrap_or(rest));
    let named = ["交货", "交割", "合约", "期货", "delivery", "contract", "futures", "swap", "-delivery"]
        .iter()
        .any(|word| rest.starts_with(word) || word.is_ascii() && behind.contains(word));
    let of_exchange = item > 0
        && scene.kind(item - 1) == "exchange"
        && scene.items[item].start.saturating_sub(scene.items[item - 1].end) <= 1
        && scene.mention(item + 1).is_some_and(|mention| mention.kind == Kind::Entity)
        && scene.kind(item + 1) == "commodity";
    named || of_exchange
}

//! A figure or an act that is told as fact for a period that is not over on the day of publication.

use std::ops::Range;

use api::record::{Check, OriginKind};
use jiff::civil::Date;
use text::{Kind, Mention, Precision};

use super::wording;
use crate::figure::Figure;
use crate::outcome::Outcome;
use crate::page::{Page, Sentence, days};
use crate::words::{find, has};

/// Words that tell a thing as done.
const DONE: &[&str] = &[
    "produced", "exported", "imported", "averaged", "was completed", "were completed", "has been completed",
    "shipped", "sold", "earned", "came to", "came out at", "was reported at", "generated", "yielded",
    "brought in", "turned over", "booked", "took", "went to", "accounted for", "stood at", "peaked",
    "bottomed", "closed at", "settled at", "ended at", "has produced", "has exported", "has shipped",
    "have shipped", "was put into", "recorded", "posted", "mined", "smelted", "delivered", "totalled",
    "totaled", "came in at", "amounted to", "fell", "rose", "was commissioned", "were shipped", "was opened",
    "turned out", "received", "took in", "consumed", "burned", "began", "started", "opened", "signed",
    "launched", "reached", "acquired", "came on stream", "poured", "stood at", "已于", "已在", "建成投产",
    "正式投产", "顺利投产", "竣工投产", "录得", "收于", "报收", "创下", "突破了", "超过了", "销售了",
    "生产了", "共生产", "共出口", "共进口", "累计生产", "累计出口", "累计进口", "实际出口", "实际进口",
    "实际产量", "获批", "通过了", "签署了", "完工", "竣工", "投产了", "实现销量", "实现产量", "实现归母",
    "实现利润", "实现营业收入", "实现营收", "实现净利润", "实现收入", "实现归母净利润", "实现销售", "已完成",
    "完成了", "达到了", "同比增长", "同比下降", "出口了", "进口了",
];

/// Acts that are done when they are told in the past; what they set, buy or allow may lie ahead, so that the time has to follow them as
/// their own: «ratified the lease in September 2025».
const ACTED: &[&str] = &[
    "ratified", "grew", "used", "purchased", "handled", "cleared", "spent", "invested", "landed", "issued",
    "awarded", "collected", "added", "smelted", "exported", "imported", "produced", "shipped", "sold",
    "delivered", "earned", "surged", "slumped", "jumped", "slipped", "plunged", "shrank", "widened",
    "narrowed", "edged", "swelled", "dipped", "soared", "tumbled", "slid", "passed", "approved", "repealed",
    "cancelled", "canceled", "closed", "shut", "halted", "suspended", "resumed", "restarted", "reopened",
    "finished", "ended", "commissioned", "inaugurated", "installed", "poured", "loaded", "unloaded",
    "arrived", "left", "bought", "paid", "lost", "made", "built", "won", "hit", "touched", "climbed",
    "dropped", "declined", "increased", "decreased", "gained", "doubled", "tripled", "halved", "overtook",
    "fired", "hired", "dismissed", "resigned", "died", "discovered", "drilled", "processed", "refined",
    "treated", "crushed", "milled", "held", "visited", "met",
];

/// Words of what is expected, planned, contracted or supposed.
const MODAL: &[&str] = &[
    "is to", "are to", "set to", "on track", "aims", "aim", "intends", "hopes", "committed to", "commits to",
    "agreed to", "agree to", "obliged to", "pledged", "promised", "under the deal", "term deal", "offtake",
    "awaits", "supposed to", "would-be", "assumes", "assumed", "think", "thinks", "believe", "believes",
    "reckons", "anticipates", "anticipated", "outlook", "annualised", "annualized", "until", "deadline",
    "约定", "承诺", "同意", "须", "应于", "应在", "需在", "待", "希望", "设想", "展望", "认为", "以期",
    "签约量", "在手订单", "意向", "to come", "ahead", "争取", "力争", "确保", "有待", "届时", "定于", "will",
    "would", "should", "could", "may", "might", "expected", "expects", "expect", "forecast", "forecasts",
    "forecasted", "projected", "plan", "plans", "planned", "budgeted", "budget", "target", "targets",
    "targeted", "seen", "sees", "scheduled", "due", "estimate", "estimates", "estimated", "guidance",
    "guided", "contracted", "if", "likely", "to be", "预计", "预期", "计划", "拟", "将", "有望", "目标",
    "指引", "预测", "可能", "若", "如果", "预料", "料将", "料达", "料为", "料会", "敲定", "商定", "锁定",
    "长协", "提出", "征求意见", "建议", "草案", "拟定", "proposes", "proposed", "proposal", "would-be",
    "look set", "guesses", "booked", "or more", "或", "规划", "估计", "预估", "排产", "合同",
];

/// Words that say that a running period is told of as a whole.
const WHOLE: &[&str] = &["the whole of", "full-year", "full year", "final", "全年", "最终", "终值", "整个"];

/// Words of what is set for a time ahead.
const SET: &[&str] = &[
    "set", "raised to", "lowered to", "cut to", "quota", "contract", "contracts", "futures", "fiscal",
    "financial year", "fy", "定为", "上调至", "下调至", "限定", "上限", "限额", "额度", "指标", "可出口",
    "可进口", "limit", "limited to", "cap", "capped", "allowed", "allocation", "allotted", "配额", "合约",
    "期货", "财年", "挂牌价", "长单",
];

/// Acts right behind a time that 于 leads, told as done.
const FINISHED: [&str; 14] = [
    "完成", "签署", "签订", "投产", "建成", "竣工", "复产", "停产", "取得", "获得", "收到", "交割", "发布",
    "挂牌",
];

/// Words before a time that leads its sentence.
const LEADS: [&str; 9] = [
    "in", "in the", "during", "during the", "over", "over the", "for the whole of", "in the whole of", "截至",
];

/// Acts that are told as done by the figure that stands right behind them.
const TRADED: &[&str] = &[
    "购入", "买入", "购进", "采购了", "售出", "卖出", "销往", "销售出", "交付了", "发运了", "运抵", "运出",
    "产出", "采出", "开采出", "冶炼出", "消耗了", "耗用", "录得", "收到", "到货", "入库", "出库", "成交",
    "实际产出", "共产出", "共生产", "共销售", "共交付", "共发运", "处理了", "加工了", "装运了", "开采了",
    "冶炼了", "采购了", "回收了",
];

/// Words of what is agreed or laid down, beside which such an act is none yet.
const PLANNED: &[&str] =
    &["协议", "订单", "框架", "意向", "产能", "能力", "额", "招标", "需", "可", "至少", "不低于"];

/// How far behind such an act its figure may stand, in bytes.
const NEAR: usize = 40;

/// How far behind «was» a figure may stand that it tells of, in bytes.
const BESIDE: usize = 12;

/// How far behind the clause of a time its figure may stand, in bytes.
const REACH: usize = 120;

/// Within how many words before a time a word binds it to what lies ahead.
const NEAR_WORDS: usize = 4;

/// Longest words in bytes, before the clause of a time, that say who expects it.
const LEAD: usize = 60;

/// Words of a period that runs and is told of as far as it has come.
const SO_FAR: &[&str] = &[
    "so far", "to date", "截至", "以来", "至今", "本季", "本月", "this quarter", "this month", "early", "初",
    "前", "上旬",
];

/// Measures of what flows through a period, and is known when it is over.
const FLOWS: &[&str] = &[
    "measure/output", "measure/exports", "measure/imports", "measure/sales-volume", "measure/shipments",
    "measure/revenue", "measure/net-profit", "measure/profit", "measure/ebitda", "measure/vehicle-sales",
    "measure/inventory", "measure/operating-rate", "measure/trading-volume", "measure/net-loss",
    "measure/gross-profit",
];

/// How many days of a period have to be left that nobody counts it as over, as is done in its last days.
const TO_COME: i32 = 10;

/// How recently a period ended of which it is worth noting that it was over, in days.
const RECENT: i32 = 120;

pub(super) fn check(page: &Page<'_>, found: &mut Vec<Outcome>) {
    let Some(published) = page.published else { return };
    let mut over: Vec<(Date, Date)> = Vec::new();
    for sentence in &page.sentences {
        for time in page.times(&sentence.span).filter(|time| time.kind == Kind::Time) {
            let Some((first, last)) = days(time) else { continue };
            if last <= published {
                // Once for each period is enough.
                let outcome = ended(page, sentence, time, last, published);
                found.extend(outcome.filter(|_| !over.contains(&(first, last))));
                over.push((first, last));
            } else {
                found.extend(ahead(page, sentence, time, (first, last), published));
            }
        }
    }
}

/// The clause in which a time stands, in bytes; one that is nothing but the time goes on behind its comma.
fn clause(page: &Page<'_>, sentence: &Sentence, time: &Mention<'_>) -> Range<usize> {
    let start = time.start_byte - page.before(sentence, time.start_byte).len();
    let mut end = time.end_byte + page.behind(sentence, time.end_byte).len();
    let head = page.text[start..time.start_byte].trim().to_lowercase();
    let tail = page.text[time.end_byte..end].trim();
    let alone = LEADS.contains(&head.as_str()) && matches!(tail, "" | "quarter" | "half" | "period");
    if alone || end - start < time.quote.len() + 6 {
        let mark = page.text[end..].chars().next().map_or(0, char::len_utf8);
        let next = (end + mark).min(sentence.span.end);
        end = next + page.behind(sentence, next).len();
    }
    start..end
}

/// A time that is not over.
fn ahead(
    page: &Page<'_>,
    sentence: &Sentence,
    time: &Mention<'_>,
    (first, last): (Date, Date),
    published: Date,
) -> Option<Outcome> {
    let span = clause(page, sentence, time);
    let words = page.lower(span.start, span.end);
    let place = time.start_byte..time.end_byte;
    let (span, words) = told_before(page, sentence, span, words);
    let words = without_bases(words);
    if let Some(modal) = MODAL.iter().find_map(|word| Some((find(&words, word)?, word))) {
        // Only what has a figure or is far enough ahead is worth noting.
        let start = span.start + modal.0;
        let figured = page
            .of(sentence)
            .iter()
            .any(|figure| figure.span.start >= span.start && figure.span.end <= sentence.span.end);
        let near = matches!(time.precision, Some(Precision::Quarter | Precision::Half | Precision::Month));
        let running = first <= published && !near;
        if running && !(figured && time.precision == Some(Precision::Year))
            || !figured && begins_soon(first, published)
        {
            return None;
        }
        let said = format!("«{}» was not over on {published}, and is told as «{}»", time.quote, modal.1);
        return Some(wording(
            page,
            Check::FuturePeriod,
            true,
            said,
            vec![place, start..start + modal.1.len()],
        ));
    }
    // A month without a year is of the year for which the reader took it, or of another.
    let quote = time.quote.to_lowercase();
    let named = quote.contains(&first.year().to_string())
        || has(&quote, &["next", "明年", "下月", "下季", "下个", "今年"]);
    let whole_sentence = without_bases(page.lower(sentence.span.start, sentence.span.end));
    let begun = first <= published;
    let done = done(page, &span, &words, time)?;
    // A period of which the lesser part is over cannot be told of as a whole.
    let whole = (last - first).get_days();
    let early = matches!(time.precision, Some(Precision::Quarter | Precision::Half | Precision::Month))
        && (published - first).get_days() * 2 < whole
        && !has(&words, SO_FAR);
    let chinese = !words.is_ascii();
    if !named
        || chinese && has(&whole_sentence, MODAL)
        || has(&words, SET)
        || has(&whole_sentence, SET)
        || begun
            && !early
            && !has(&whole_sentence, WHOLE)
            && !is_counted(page, sentence, &whole_sentence, time, (last, published))
    {
        return None;
    }
    // An act may fall on any day of a month that runs; a figure of the whole month may not be known.
    let amounts =
        |figure: &Figure<'_>| figure.span.start >= span.start && figure.span.end <= span.end + REACH;
    if begun && !page.of(sentence).iter().any(amounts) {
        return None;
    }
    // The day after publication is today in another zone.
    if is_bound(page, sentence, time, &words) || (first - published).get_days() == 1 && first == last {
        return None;
    }
    let over = if begun { format!("is over only on {last}") } else { format!("begins only on {first}") };
    let said = format!("«{}» {over}, and is told as fact on {published}", time.quote);
    Some(wording(page, Check::FuturePeriod, false, said, vec![place, done]))
}

/// True for a figure of what flows through a period.
fn is_flow(page: &Page<'_>, figure: &Figure<'_>) -> bool {
    let claim = figure.claim.map(|claim| &page.claims[claim].claim);
    let measure = claim.and_then(|claim| claim.measure.as_ref());
    measure.is_some_and(|measure| FLOWS.contains(&measure.id.as_str()))
}

/// True for a stretch of months that official figures tell of though days of it are to come: 海关数据显示，上半年出口3.2万吨.
fn is_counted(
    page: &Page<'_>,
    sentence: &Sentence,
    words: &str,
    time: &Mention<'_>,
    (last, published): (Date, Date),
) -> bool {
    const DATA: &[&str] = &[
        "数据显示", "统计显示", "统计数据", "海关统计", "据海关", "公布的数据", "发布的数据", "customs data",
        "data show", "data showed", "figures show", "figures showed", "statistics show", "statistics showed",
        "according to customs",
    ];
    let long = matches!(time.precision, Some(Precision::Quarter | Precision::Half | Precision::Month));
    let flows = page.of(sentence).iter().any(|figure| is_flow(page, figure));
    long && flows && has(words, DATA) && !has(words, SO_FAR) && (last - published).get_days() >= TO_COME
}

/// True for «until March», «from July on» and «for delivery in September», which are no facts ahead.
fn is_bound(page: &Page<'_>, sentence: &Sentence, time: &Mention<'_>, words: &str) -> bool {
    let quote = time.quote.to_lowercase();
    let before = page.before(sentence, time.start_byte);
    let open = [
        "until", "till", "by", "to", "through", "after", "before", "since", "from", "for", "至", "到", "自",
        "从",
    ];
    let leads = open.iter().any(|word| before.trim_end().ends_with(word) || quote.starts_with(word));
    // «for delivery in September», «the half that ends in June».
    let tail: Vec<&str> = before.split(' ').rev().take(NEAR_WORDS).collect();
    let bound = tail
        .iter()
        .any(|word| ["for", "ends", "ending", "expires", "expiring", "due", "covering"].contains(word));
    leads || bound || has(words, &["so far", "to date", "迄今"])
}

/// The same words with what a fact is compared with blanked out: 较合同量多出20吨 is no contract, «more than planned» no plan.
fn without_bases(mut words: String) -> String {
    const THAN: [&str; 16] = [
        "较", "比", "超出", "高于", "低于", "超过", "好于", "不及", "逊于", "than", "above", "below",
        "against", "beat", "beating", "missed",
    ];
    const BASES: [&str; 20] = [
        "合同", "计划", "预期", "目标", "指引", "预测", "预计", "预算", "配额", "规划", "planned", "plan",
        "expected", "forecast", "budgeted", "budget", "target", "guidance", "guided", "estimated",
    ];
    for than in THAN {
        let Some(at) = find(&words, than) else { continue };
        let from = at + than.len();
        let hit = BASES.iter().filter_map(|base| Some((find(&words[from..], base)?, base.len()))).min();
        if let Some((gap, length)) = hit.filter(|(gap, _)| *gap <= 12) {
            words.replace_range(from + gap..from + gap + length, &" ".repeat(length));
        }
    }
    words
}

/// The clause together with the one before it, if that is nothing but who says or expects something: «机构预计，2025年三季度…».
fn told_before(
    page: &Page<'_>,
    sentence: &Sentence,
    span: Range<usize>,
    words: String,
) -> (Range<usize>, String) {
    let head = page.lower(sentence.span.start, span.start);
    let head = head.trim_end_matches(['，', ',', ' ']);
    let mut ends = MODAL.iter().chain(&["是", "称"]);
    if head.is_empty() || !ends.any(|word| head.ends_with(word)) || head.len() > LEAD {
        return (span, words);
    }
    let span = sentence.span.start..span.end;
    let words = page.lower(span.start, span.end);
    (span, words)
}

/// True for what begins within a day or so, of which nothing is worth noting without a figure.
fn begins_soon(first: Date, published: Date) -> bool {
    (first - published).get_days() < 2
}

/// The figure behind an act, where the time leads: «In the July to September quarter, the mine milled 1.1 Mt».
fn led(page: &Page<'_>, span: &Range<usize>, words: &str, time: &Mention<'_>) -> Option<Range<usize>> {
    let own = page.lower(span.start, time.start_byte);
    let behind = words.get(time.end_byte.checked_sub(span.start)?..)?;
    let acts = ACTED.iter().filter_map(|word| Some((find(behind, word)?, word.len())));
    let (at, length) = acts.min().filter(|_| LEADS.contains(&own.trim()))?;
    let end = time.end_byte + at + length;
    let first = page.figures.partition_point(|figure| figure.span.start < end);
    let figure = page.figures.get(first).filter(|figure| figure.span.start - end <= BESIDE)?;
    let amount = figure.unit.is_amount() && figure.unit.dimension != "1" && figure.span.end <= span.end;
    amount.then(|| figure.span.clone())
}

/// The words or the figure by which a clause tells a thing as done.
fn done(page: &Page<'_>, span: &Range<usize>, words: &str, time: &Mention<'_>) -> Option<Range<usize>> {
    if let Some((at, word)) = DONE.iter().find_map(|word| Some((find(words, word)?, *word))) {
        return Some(span.start + at..span.start + at + word.len());
    }
    let own = page.lower(span.start, time.start_byte);
    // «于2026年3月完成收购».
    let next = page.text.get(time.end_byte..).unwrap_or_default();
    let finished = FINISHED.iter().find(|word| next.starts_with(**word)).filter(|_| own.ends_with('于'));
    if let Some(word) = finished.filter(|word| !next[word.len()..].starts_with(['的', '后', '前'])) {
        return Some(time.end_byte..time.end_byte + word.len());
    }
    let acted = ACTED.iter().filter_map(|word| Some((find(&own, word)?, *word))).max();
    if let Some((at, word)) = acted {
        // Nothing between the act and its time is told as ahead: «approved a plan to build», «bought metal for».
        let between = &own[at + word.len()..];
        let ahead = has(between, &["to", "for", "from", "by", "that", "which", "and", "until"]);
        let open = ["is", "are", "be", "being", "once", "when", "if", "not", "yet"];
        let open = open.iter().any(|word| own[..at].trim_end().split(' ').next_back() == Some(*word));
        let leads = between.trim_end().ends_with(" in")
            || between.trim_end().ends_with(" on")
            || between.trim_end().ends_with(" during");
        if leads && !ahead && !open {
            return Some(span.start + at..span.start + at + word.len());
        }
    }
    // «was restarted in October»: a passive in the past.
    for verb in ["was ", "were ", "has been ", "have been "] {
        let Some(at) = find(words, verb.trim_end()) else { continue };
        let next = words[at..]
            .get(verb.len()..)
            .unwrap_or_default()
            .split([' ', ',', '.'])
            .next()
            .unwrap_or_default();
        if next.len() > 4 && next.ends_with("ed") {
            return Some(span.start + at..span.start + at + verb.len() + next.len());
        }
    }
    if let Some(figure) = led(page, span, words, time) {
        return Some(figure);
    }
    // «从越南购入镨钕金属620吨»: an act with its figure right behind it.
    // «Exports in the third quarter of 2026 were 4,200 t» too.
    let acts = TRADED.iter().map(|word| (*word, NEAR)).chain([("was", BESIDE), ("were", BESIDE)]);
    let act = acts.filter_map(|(word, reach)| Some((find(words, word)?, word.len(), reach))).min();
    if let Some((at, length, reach)) = act {
        let end = span.start + at + length;
        let first = page.figures.partition_point(|figure| figure.span.start < end);
        let figure = page.figures.get(first).filter(|figure| {
            figure.span.start - end <= reach && figure.span.end <= span.end && figure.unit.dimension != "1"
        });
        let planned = has(words, PLANNED);
        if let Some(figure) = figure.filter(|figure| figure.unit.is_amount() && !planned) {
            return Some(figure.span.clone());
        }
    }
    // A figure of what flows, told for this very time and as fact.
    let first = page.figures.partition_point(|figure| figure.span.start < span.start);
    let figures = page.figures[first..].iter().take_while(|figure| figure.span.end <= span.end + REACH);
    let mut told = figures.filter_map(|figure| Some((figure, &page.claims[figure.claim?].claim)));
    let told = told.find(|(_, claim)| {
        let flow = claim.measure.as_ref().is_some_and(|measure| FLOWS.contains(&measure.id.as_str()));
        let origin = claim.period.as_ref().and_then(|period| period.origin.as_ref());
        let own = origin.is_some_and(|origin| {
            let (start, end) = (origin.start_byte as usize, origin.end_byte as usize);
            origin.kind() == OriginKind::Stated && start < time.end_byte && time.start_byte < end
        });
        flow && own && claim.modality.is_none()
    });
    told.map(|(figure, _)| figure.span.clone())
}

/// A stretch of months that was over only a short time before, and is told as fact.
fn ended(
    page: &Page<'_>,
    sentence: &Sentence,
    time: &Mention<'_>,
    last: Date,
    published: Date,
) -> Option<Outcome> {
    let recent = (published - last).get_days() <= RECENT;
    let long = matches!(
        time.precision,
        Some(Precision::Range | Precision::Year | Precision::Half | Precision::Quarter)
    );
    if !recent {
        return None;
    }
    let span = clause(page, sentence, time);
    let mut figures = page.of(sentence).iter().filter(|figure| figure.span.start >= span.start);
    // Of a single month only what flows through it is worth noting.
    let figure =
        figures.find(|figure| long || is_flow(page, figure) && time.precision == Some(Precision::Month))?;
    let said = format!("«{}» was over on {last}, before {published}", time.quote);
    let passages = vec![time.start_byte..time.end_byte, figure.span.clone()];
    Some(wording(page, Check::FuturePeriod, true, said, passages))
}

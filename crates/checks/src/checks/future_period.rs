//! A figure or an act that is told as fact for a period that is not over on the day of publication.

use std::ops::Range;

use api::record::{Check, OriginKind};
use jiff::civil::Date;
use text::{Kind, Mention, Precision};

use super::wording;
use crate::outcome::Outcome;
use crate::page::{Page, Sentence, days};
use crate::words::{find, has};

/// Words that tell a thing as done.
const DONE: &[&str] = &[
    "produced", "exported", "imported", "averaged", "was completed", "were completed", "has been completed",
    "shipped", "sold", "earned", "recorded", "posted", "mined", "smelted", "delivered", "totalled",
    "totaled", "came in at", "amounted to", "fell", "rose", "was commissioned", "were shipped", "was opened",
    "turned out", "received", "took in", "consumed", "burned", "began", "started", "opened", "signed",
    "launched", "reached", "acquired", "came on stream", "poured", "stood at", "已于", "已在",
    "实现营业收入", "实现营收", "实现净利润", "实现收入", "实现归母净利润", "实现销售", "已完成", "完成了",
    "达到了", "同比增长", "同比下降", "出口了", "进口了",
];

/// Words of what is expected, planned, contracted or supposed.
const MODAL: &[&str] = &[
    "is to", "are to", "set to", "on track", "aims", "aim", "intends", "hopes", "to come", "ahead", "争取",
    "力争", "确保", "有待", "届时", "定于", "will", "would", "should", "could", "may", "might", "expected",
    "expects", "expect", "forecast", "forecasts", "forecasted", "projected", "plan", "plans", "planned",
    "budgeted", "budget", "target", "targets", "targeted", "seen", "sees", "scheduled", "due", "estimate",
    "estimates", "estimated", "guidance", "guided", "contracted", "if", "likely", "to be", "预计", "预期",
    "计划", "拟", "将", "有望", "目标", "指引", "预测", "可能", "若", "如果", "料", "或", "规划", "估计",
    "预估", "排产", "合同",
];

/// Words that say that a running period is told of as a whole.
const WHOLE: &[&str] = &["the whole of", "full-year", "full year", "final", "全年", "最终", "终值", "整个"];

/// Words of what is set for a time ahead.
const SET: &[&str] = &[
    "set", "raised to", "lowered to", "cut to", "quota", "contract", "contracts", "futures", "fiscal",
    "financial year", "fy", "定为", "上调至", "下调至", "配额", "合约", "期货", "财年", "挂牌价", "长单",
];

/// How far behind the clause of a time its figure may stand, in bytes.
const REACH: usize = 120;

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

/// How recently a period ended of which it is worth noting that it was over, in days.
const RECENT: i32 = 120;

pub(super) fn check(page: &Page<'_>, found: &mut Vec<Outcome>) {
    let Some(published) = page.published else { return };
    for sentence in &page.sentences {
        for time in page.times(&sentence.span).filter(|time| time.kind == Kind::Time) {
            let Some((first, last)) = days(time) else { continue };
            if last <= published {
                found.extend(ended(page, sentence, time, (first, last), published));
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
    if end - start < time.quote.len() + 6 {
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
    if let Some(modal) = MODAL.iter().find_map(|word| Some((find(&words, word)?, word))) {
        // Only what has a figure or is far enough ahead is worth noting.
        let start = span.start + modal.0;
        let figured = page
            .of(sentence)
            .iter()
            .any(|figure| figure.span.start >= span.start && figure.span.end <= sentence.span.end);
        let near = matches!(time.precision, Some(Precision::Quarter | Precision::Half | Precision::Month));
        let running = first <= published && !near;
        if running || !figured && begins_soon(first, published) {
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
    let named =
        quote.contains(&first.year().to_string()) || has(&quote, &["next", "明年", "下月", "下季", "下个"]);
    let whole_sentence = page.lower(sentence.span.start, sentence.span.end);
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
        || begun && !early && !has(&whole_sentence, WHOLE)
    {
        return None;
    }
    // «until March», «from July on», and the day after publication in another zone are no facts ahead.
    let before = page.before(sentence, time.start_byte);
    let open = [
        "until", "till", "by", "to", "through", "after", "before", "since", "from", "for", "至", "到", "自",
        "从",
    ];
    let leads = open.iter().any(|word| before.trim_end().ends_with(word) || quote.starts_with(word));
    if leads || (first - published).get_days() == 1 && first == last {
        return None;
    }
    let over = if begun { format!("is over only on {last}") } else { format!("begins only on {first}") };
    let said = format!("«{}» {over}, and is told as fact on {published}", time.quote);
    Some(wording(page, Check::FuturePeriod, false, said, vec![place, done]))
}

/// True for what begins within a day or so, of which nothing is worth noting without a figure.
fn begins_soon(first: Date, published: Date) -> bool {
    (first - published).get_days() < 2
}

/// The words or the figure by which a clause tells a thing as done.
fn done(page: &Page<'_>, span: &Range<usize>, words: &str, time: &Mention<'_>) -> Option<Range<usize>> {
    if let Some((at, word)) = DONE.iter().find_map(|word| Some((find(words, word)?, *word))) {
        return Some(span.start + at..span.start + at + word.len());
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
    (first, last): (Date, Date),
    published: Date,
) -> Option<Outcome> {
    let recent = (published - last).get_days() <= RECENT;
    if time.precision != Some(Precision::Range) || first.year() == last.year() || !recent {
        return None;
    }
    let span = clause(page, sentence, time);
    let figure = page.of(sentence).iter().find(|figure| figure.span.start >= span.start)?;
    let said = format!("«{}» was over on {last}, before {published}", time.quote);
    let passages = vec![time.start_byte..time.end_byte, figure.span.clone()];
    Some(wording(page, Check::FuturePeriod, true, said, passages))
}

//! The steps of one event, against the order in which they are possible.

use std::ops::Range;

use api::record::Check;
use jiff::civil::Date;
use text::{Kind, Mention};

use super::wording;
use crate::outcome::Outcome;
use crate::page::{Page, Sentence, days};
use crate::words::{self, find, has};

/// Kinds of steps with the words that tell them.
const STEPS: &[(Step, &[&str])] = &[
    (
        Step::Applied,
        &[
            "applications for",
            "application",
            "applied for",
            "submitted",
            "filed",
            "opened the window for applications",
            "收到企业的申请",
            "提交申请",
            "递交申请",
            "提交",
            "递交",
            "受理申请",
            "申请",
        ],
    ),
    (Step::Drafted, &["the draft", "a draft", "draft rules", "征求意见", "草案", "征求意见稿"]),
    (
        Step::Approved,
        &[
            "approved", "approval", "permit", "issued the", "operating consent", "consent", "clearance",
            "granted", "获批", "批准", "批复", "批文", "获得许可", "核准", "正式公布",
        ],
    ),
    (Step::Paid, &["disbursed", "paid out", "拨付", "发放"]),
    (
        Step::Begun,
        &[
            "construction of", "construction began", "construction started", "began construction",
            "started construction", "started building", "broke ground", "groundbreaking", "动工", "开工",
            "奠基", "破土", "开建",
        ],
    ),
    (
        Step::Built,
        &[
            "construction was completed",
            "construction finished",
            "was completed",
            "completed construction",
            "完工",
            "竣工",
            "完成设备安装",
            "建成",
        ],
    ),
    (
        Step::Produced,
        &[
            "first ore", "first cathode", "first concentrate", "first production", "first metal",
            "first pour", "poured its first", "commercial production", "started production",
            "began production", "production began", "came on stream", "投产", "产出第一批", "首批产品",
            "下线",
        ],
    ),
    (
        Step::Halted,
        &[
            "halted", "suspended", "evacuated", "shut down", "shutdown", "was closed", "was idled", "停产",
            "停工", "停运", "暂停", "关停",
        ],
    ),
    (
        Step::Resumed,
        &["restart", "restarted", "resumed", "reopened", "复产", "复工", "重启", "恢复生产", "恢复运营"],
    ),
    (
        Step::Signed,
        &[
            "signed the contract", "contract was signed", "signed the agreement", "signed the deal",
            "was signed", "签署", "签订",
        ],
    ),
    (
        Step::Delivered,
        &[
            "first delivery", "first cargo", "first shipment", "delivered under", "首批交付", "首船",
            "首批发货", "首批货物", "交付",
        ],
    ),
    (Step::Departed, &["left port", "sailed", "departed", "set sail", "离港", "启运", "装船", "起航"]),
    (Step::Arrived, &["arrived", "docked", "unloaded", "到港", "抵港", "抵达", "卸货"]),
    (Step::Final, &["took effect", "final text", "came into force", "生效", "正式实施", "公布"]),
];

/// Which step is possible only after which.
const ORDER: &[(Step, Step)] = &[
    (Step::Applied, Step::Approved),
    (Step::Applied, Step::Paid),
    (Step::Approved, Step::Paid),
    (Step::Approved, Step::Produced),
    (Step::Approved, Step::Begun),
    (Step::Begun, Step::Built),
    (Step::Begun, Step::Produced),
    (Step::Built, Step::Produced),
    (Step::Halted, Step::Resumed),
    (Step::Signed, Step::Delivered),
    (Step::Signed, Step::Begun),
    (Step::Drafted, Step::Final),
    (Step::Departed, Step::Arrived),
];

/// Words of another part, another time or an exception, with which the order may be right after all.
const OTHER: &[&str] = &[
    "二期", "一期", "三期", "phase", "stage", "another", "separate", "again", "扩建", "追溯", "retroactive",
    "retroactively", "previous", "earlier", "pilot", "中试", "试产", "trial", "补办", "另一", "第二条",
    "以往", "此前", "nevertheless", "although", "despite", "虽然", "尽管",
];

/// Words that tie a step to the one before it.
const TIED: &[&str] = &["its", "that", "these", "this", "it", "the same", "该", "上述", "这笔", "这批", "此"];

/// Most steps of one line of a text that are laid beside each other.
const MAX_STEPS: usize = 64;

/// A kind of step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Applied,
    Drafted,
    Approved,
    Paid,
    Begun,
    Built,
    Produced,
    Halted,
    Resumed,
    Signed,
    Delivered,
    Departed,
    Arrived,
    Final,
}

/// A step with its time.
struct Dated {
    step: Step,
    place: Range<usize>,
    time: Range<usize>,
    first: Date,
    last: Date,
    sentence: usize,
}

pub(super) fn check(page: &Page<'_>, found: &mut Vec<Outcome>) {
    let mut at = 0;
    while at < page.sentences.len() {
        let line = page.sentences[at].line;
        let end = at + page.sentences[at..].iter().take_while(|sentence| sentence.line == line).count();
        let steps: Vec<Dated> =
            (at..end).flat_map(|index| dated(page, index, &page.sentences[index])).take(MAX_STEPS).collect();
        found.extend(order(page, &steps));
        at = end.max(at + 1);
    }
    let told = found.len();
    for sentence in &page.sentences {
        let known = |outcome: &&Outcome| outcome.check == Check::Chronology && !outcome.holds;
        let within =
            |outcome: &Outcome| outcome.passages.iter().any(|passage| sentence.span.contains(&passage.start));
        if !found[..told].iter().filter(known).any(within) {
            found.extend(only_once(page, sentence));
        }
    }
}

/// The steps of a sentence that have a time of their own in their clause.
fn dated(page: &Page<'_>, index: usize, sentence: &Sentence) -> Vec<Dated> {
    let mut found: Vec<Dated> = Vec::new();
    for time in page.times(&sentence.span).filter(|time| time.kind == Kind::Time) {
        let Some((first, last)) = days(time) else { continue };
        // From this time to the next, or to the end of the clause; then what stands before it in its clause.
        let mut behind = page.behind(sentence, time.end_byte);
        let mut from = time.end_byte;
        if behind.trim().is_empty() {
            // «6月12日，方案曾公开征求意见»: the time stands alone before its clause.
            from += page.text[from..].chars().next().map_or(0, char::len_utf8);
            from = from.min(sentence.span.end);
            behind = page.behind(sentence, from);
        }
        let before = page.before(sentence, time.start_byte);
        let head = time.start_byte - before.len();
        // The step that stands nearest to the time; of two names in one place the longer.
        let step = |words: &str, from: usize, last: bool| {
            let each = STEPS.iter().flat_map(|(step, names)| names.iter().map(move |name| (*step, *name)));
            let place = |name: &str| if last { words::last(words, &[name]) } else { find(words, name) };
            let hits = each.filter_map(|(step, name)| place(name).map(|at| (step, at..at + name.len())));
            let nearest = hits.max_by_key(|(_, place)| {
                let near = if last { place.end } else { words.len() - place.start };
                (near, place.len())
            });
            nearest.map(|(step, place)| (step, from + place.start..from + place.end))
        };
        let english = before.is_ascii() && behind.is_ascii();
        let (one, other) = if english {
            (step(&before, head, true), step(&behind, from, false))
        } else {
            (step(&behind, from, false), step(&before, head, true))
        };
        let Some((step, place)) = one.or(other) else { continue };
        if !found.iter().any(|known| known.place == place) {
            let time = time.start_byte..time.end_byte;
            found.push(Dated { step, place, time, first, last, sentence: index });
        }
    }
    found
}

/// The first pair of steps in an impossible order, or else the first in a possible one.
fn order(page: &Page<'_>, steps: &[Dated]) -> Option<Outcome> {
    let mut holds = None;
    for early in steps {
        for late in steps.iter().filter(|late| ORDER.contains(&(early.step, late.step))) {
            if early.place == late.place {
                continue;
            }
            if early.first <= late.last {
                if early.last <= late.first && holds.is_none() {
                    holds = Some(outcome(page, early, late, true));
                }
            } else if early.sentence.abs_diff(late.sentence) <= 2 && is_one_event(page, early, late) {
                return Some(outcome(page, early, late, false));
            }
        }
    }
    holds
}

/// True if nothing in the two sentences speaks of another part or time, and words tie the later told one to the other.
fn is_one_event(page: &Page<'_>, early: &Dated, late: &Dated) -> bool {
    let (first, last) = (early.sentence.min(late.sentence), early.sentence.max(late.sentence));
    let line = page.sentences[first].line;
    let next = page.sentences.get(last + 1).filter(|next| next.line == line).map_or(last, |_| last + 1);
    let words = page.lower(page.sentences[first].span.start, page.sentences[next].span.end);
    if has(&words, OTHER) {
        return false;
    }
    let told = page.lower(early.place.start.min(late.place.start), page.sentences[last].span.end);
    first == last || has(&told, TIED)
}

fn outcome(page: &Page<'_>, early: &Dated, late: &Dated, holds: bool) -> Outcome {
    let quote =
        |dated: &Dated| format!("«{}», {}", &page.text[dated.place.clone()], &page.text[dated.time.clone()]);
    let said = if holds {
        format!("{} comes before {}", quote(early), quote(late))
    } else {
        format!("{} cannot come before {}", quote(late), quote(early))
    };
    let passages = vec![early.place.clone(), early.time.clone(), late.place.clone(), late.time.clone()];
    wording(page, Check::Chronology, holds, said, passages)
}

/// What can happen only after something, and happened before it: «can restart only once dewatering is finished in March 2026, restarted on
/// 7 January 2026».
fn only_once(page: &Page<'_>, sentence: &Sentence) -> Option<Outcome> {
    const ONLY: &[&str] =
        &["only once", "only after", "not before", "without which", "只有在", "须待", "必须在"];
    let words = page.lower(sentence.span.start, sentence.span.end);
    let at =
        ONLY.iter().find_map(|word| find(&words, word)).filter(|_| words.len() == sentence.span.len())?;
    let times: Vec<&Mention<'_>> =
        page.times(&sentence.span).filter(|time| time.kind == Kind::Time).collect();
    let &[one, other] = times.as_slice() else { return None };
    let condition = sentence.span.start + at;
    // The time behind the words belongs to the condition, the other one to what happened.
    let (needed, done) = match (one.start_byte > condition, other.start_byte > condition) {
        (true, true) => (one, other),
        (false, true) => (other, one),
        _ => return None,
    };
    let ((needed_first, _), (_, done_last)) = (days(needed)?, days(done)?);
    let done_words = page.before(sentence, done.start_byte);
    let past = has(
        &done_words,
        &["restarted", "resumed", "produced", "started", "began", "shipped", "delivered", "opened", "signed"],
    );
    if done_last >= needed_first || !past || has(&words, OTHER) {
        return None;
    }
    let said = format!("told as done on «{}», and possible only after «{}»", done.quote, needed.quote);
    let passages = vec![condition..needed.end_byte, done.start_byte..done.end_byte];
    Some(wording(page, Check::Chronology, false, said, passages))
}

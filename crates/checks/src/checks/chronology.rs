//! The steps of one event, against the order in which they are possible.

use std::ops::Range;

use api::record::Check;
use jiff::ToSpan as _;
use jiff::civil::Date;
use text::{Kind, Mention};

use super::wording;
use crate::outcome::Outcome;
use crate::page::{Page, Sentence, days};
use crate::words::{self, find, has};

/// Kinds of steps with the words that tell them; a star stands for a few words between.
const STEPS: &[(Step, &[&str])] = &[
    (
        Step::Applied,
        &[
            "applications for", "application", "applied for", "submitted", "filed", "filing of",
            "opened the window for applications", "收到企业的申请", "提交*申请", "递交*申请", "提交", "递交",
            "受理申请", "受理", "申请", "申报",
        ],
    ),
    (
        Step::Drafted,
        &[
            "the draft", "a draft", "draft rules", "consultation", "public comment", "征求意见", "草案",
            "征求意见稿", "公开征求", "公布*草案", "公布*征求意见", "发布*征求意见", "发布*草案", "published*draft",
            "released*draft", "tabled", "proposed",
        ],
    ),
    (
        Step::Approved,
        &[
            "approved", "approval", "permit", "issued the", "operating consent", "consent", "clearance",
            "licence was granted", "license was granted", "was licensed", "green light", "ratified",
            "granted", "获批", "批准", "批复", "批文", "获得许可", "取得*许可", "取得*批文", "获*许可", "拿到*许可",
            "拿到批文", "核准", "核发", "正式公布", "审批通过", "通过审批", "放行",
        ],
    ),
    (Step::Paid, &["disbursed", "paid out", "拨付", "发放", "到账"]),
    (
        Step::Begun,
        &[
            "construction of", "construction began", "construction started", "began construction",
            "started construction", "started building", "began building", "building started",
            "building began", "broke ground", "ground was broken", "groundbreaking", "first sod",
            "foundation stone", "动工", "开工", "奠基", "破土", "开建", "启动建设", "开始建设",
        ],
    ),
    (
        Step::Built,
        &[
            "construction was completed", "construction finished", "construction was finished",
            "completed construction", "construction ended", "mechanical completion", "was completed",
            "were completed", "was finished", "was built", "完工", "竣工", "完成设备安装", "设备安装完毕", "建成", "封顶",
        ],
    ),
    (
        Step::Produced,
        &[
            "first ore", "first cathode", "first concentrate", "first production", "first metal",
            "first oxide", "first carbonate", "first hydroxide", "first matte", "first gold", "first output",
            "first batch", "first tonnes", "first pour", "poured its first", "produced its first",
            "commercial production", "started production", "began production", "production began",
            "production started", "came on stream", "was commissioned", "was inaugurated", "inaugurated", "started up", "entered production", "went into operation", "was put into operation",
            "投产", "产出第一批", "产出首批", "首批产品", "首炉", "下线", "点火投产", "试车成功", "正式运营", "投运",
            "达产",
        ],
    ),
    (
        Step::Halted,
        &[
            "halted", "suspended", "suspension began", "evacuated", "shut down", "shutdown", "was shut",
            "was closed", "was idled", "idled", "was mothballed", "mothballed", "care and maintenance",
            "stopped production", "production stopped", "ceased production", "was stopped", "flooded",
            "collapsed", "caught fire", "停产", "停工", "停运", "停炉", "停机", "停槽", "暂停", "关停", "停采", "封停",
            "查封",
        ],
    ),
    (
        Step::Resumed,
        &[
            "restart", "restarted", "resumed", "resumption", "reopened", "came back on line", "came back online",
            "复产", "复工", "重启", "恢复生产", "恢复运营", "恢复运行", "恢复开采", "重新开工", "重新投产", "复采",
        ],
    ),
    (
        Step::Signed,
        &[
            "signed", "contract was signed", "was signed", "was concluded", "were concluded", "concluded in",
            "concluded on", "agreement was reached", "签署", "签订", "签约", "订立", "达成*协议",
        ],
    ),
    (
        Step::Delivered,
        &[
            "first delivery", "first cargo", "first shipment", "first tonnes under", "first parcel",
            "delivered under", "were delivered", "was delivered", "首批交付", "首船", "首批发货", "首批货物", "首单发货",
            "交付", "交货",
        ],
    ),
    (
        Step::Departed,
        &[
            "left port", "sailed", "departed", "set sail", "was loaded", "were loaded", "loaded at", "loaded in",
            "cleared port", "离港", "启运", "起运", "装船", "起航", "启航", "发运", "装货", "发货",
        ],
    ),
    (
        Step::Arrived,
        &[
            "arrived", "docked", "unloaded", "discharged", "berthed", "reached port", "到港", "抵港", "抵达", "卸货",
            "卸下", "卸船", "靠泊", "运抵", "到货",
        ],
    ),
    (
        Step::Final,
        &[
            "took effect", "final text", "final rules", "came into force", "entered into force",
            "went into effect", "became law", "was enacted", "生效", "正式实施", "施行", "起实施", "印发", "公布",
            "正式办法",
        ],
    ),
    (
        Step::Announced,
        &[
            "merger was announced", "deal was announced", "takeover was announced", "was announced",
            "were announced", "announced on", "announced in", "bid was made", "made its bid", "made an offer",
            "发布公告", "首次公告", "公告筹划", "宣布收购",
        ],
    ),
    (
        Step::Voted,
        &["voted for", "voted on", "vote on", "shareholders approved", "股东大会通过", "股东大会审议", "表决通过"],
    ),
    (
        Step::Closed,
        &[
            "deal closed", "merger closed", "closed the deal", "closed the acquisition", "completed the acquisition",
            "completed the purchase", "completed its purchase", "acquisition closed", "sale closed", "完成交割",
            "交割", "完成过户", "过户", "完成收购",
        ],
    ),
    (Step::Sued, &["sued", "lawsuit", "filed suit", "起诉", "提起诉讼", "立案"]),
    (Step::Heard, &["heard the case", "hearing", "hearings", "trial began", "开庭", "听证"]),
    (Step::Ruled, &["ruled", "ruling", "verdict", "was sentenced", "判决", "宣判", "裁定", "裁决"]),
    (Step::Appealed, &["appealed", "filed an appeal", "上诉"]),
    (
        Step::Explored,
        &["exploration licence", "exploration license", "exploration permit", "探矿权", "完成钻探", "普查"],
    ),
    (
        Step::Estimated,
        &["maiden resource", "resource was declared", "储量报告", "资源量估算", "资源储量评审", "储量评审"],
    ),
    (
        Step::Tendered,
        &["tender was opened", "called for bids", "invited bids", "launched the tender", "招标公告", "启动招标", "开始招标"],
    ),
    (Step::Awarded, &["was awarded", "awarded the", "won the tender", "中标", "开标", "定标"]),
    (
        Step::Opened,
        &[
            "initiated the investigation", "launched the investigation", "opened an investigation",
            "investigation was launched", "investigation was opened", "probe was launched", "launched a probe",
            "opened a probe", "发起*调查", "启动*调查", "立案调查",
        ],
    ),
    (
        Step::Imposed,
        &[
            "final determination", "definitive duties", "duties were imposed", "imposed definitive",
            "imposed anti-dumping", "imposed duties", "作出终裁", "终裁", "最终裁定", "开始征收",
        ],
    ),
];

/// Steps of one event, each of which is possible only after those before it.
const ORDER: &[&[Step]] = &[
    &[Step::Applied, Step::Approved, Step::Paid],
    &[Step::Approved, Step::Begun, Step::Built, Step::Produced],
    &[Step::Halted, Step::Resumed],
    &[Step::Signed, Step::Delivered],
    &[Step::Signed, Step::Closed],
    &[Step::Announced, Step::Voted, Step::Closed],
    &[Step::Drafted, Step::Final],
    &[Step::Departed, Step::Arrived],
    &[Step::Sued, Step::Heard, Step::Ruled, Step::Appealed],
    &[Step::Tendered, Step::Awarded],
    &[Step::Opened, Step::Imposed],
];

/// Steps that usually follow each other, though the other order is possible too.
const USUAL: &[&[Step]] = &[
    &[Step::Explored, Step::Estimated, Step::Begun],
    &[Step::Signed, Step::Approved],
    &[Step::Signed, Step::Begun],
    &[Step::Approved, Step::Departed],
    &[Step::Awarded, Step::Signed],
];

/// True if the second step comes only after the first, by one of these orders.
fn is_before(orders: &[&[Step]], early: Step, late: Step) -> bool {
    orders.iter().any(|chain| {
        let place = |step: Step| chain.iter().position(|known| *known == step);
        place(early).zip(place(late)).is_some_and(|(early, late)| early < late)
    })
}

/// Words of another part, another time or an exception, with which the order may be right after all.
const OTHER: &[&str] = &[
    "二期", "一期", "三期", "phase", "stage", "another", "separate", "again", "扩建", "追溯", "retroactive",
    "retroactively", "further", "additional", "extension", "renewed", "amended", "续签", "补充", "再次", "再度", "又", "另", "previous", "earlier", "pilot", "中试", "试产", "trial", "补办", "另一",
    "以往", "此前", "nevertheless", "although", "despite", "虽然", "尽管",
];

/// Words of another one, unless what follows is tied to it: «the second loader … first ore went over it».
const FURTHER: &[&str] = &["second", "third", "new", "第二", "第三", "新签", "新的", "新一"];

/// Words that tie a step to the one before it.
const TIED: &[&str] = &["its", "that", "these", "this", "it", "the same", "该", "上述", "这笔", "这批", "此"];

/// How long a step may come too late, in days: a permit of many years later is another one.
const MAX_DAYS: i32 = 1_100;

/// How far apart the two words of a step may stand, in bytes.
const GAP: usize = 36;

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
    Announced,
    Voted,
    Closed,
    Sued,
    Heard,
    Ruled,
    Appealed,
    Explored,
    Estimated,
    Tendered,
    Awarded,
    Opened,
    Imposed,
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
        let Some((first, last)) = days(time).and_then(|span| past(page, sentence, time, span)) else { continue };
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
            let hits = each.filter_map(|(step, name)| Some((step, told(words, name, last)?)));
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

/// A time without a year that would lie ahead, as it is if it is told as past: a year before.
fn past(page: &Page<'_>, sentence: &Sentence, time: &Mention<'_>, (first, last): (Date, Date)) -> Option<(Date, Date)> {
    const AHEAD: &[&str] = &[
        "will", "to be", "expected", "due", "plans", "planned", "scheduled", "may", "could", "将", "拟", "预计", "计划",
        "有望",
    ];
    let said = time.quote.contains(&first.year().to_string());
    let told = time.quote.to_lowercase();
    let relative = has(&told, &["next", "明年", "下月", "下周", "tomorrow", "明日"]);
    let ahead = page.published.is_some_and(|published| first > published);
    if said || relative || !ahead || has(&page.lower(sentence.span.start, sentence.span.end), AHEAD) {
        return Some((first, last));
    }
    Some((first.checked_sub(1.year()).ok()?, last.checked_sub(1.year()).ok()?))
}

/// Where words tell a step by this name: the last or the first place. A star in it stands for up to [`GAP`] bytes.
fn told(words: &str, name: &str, last: bool) -> Option<Range<usize>> {
    let (head, tail) = name.split_once('*').unwrap_or((name, ""));
    let at = if last { words::last(words, &[head]) } else { find(words, head) }?;
    let end = at + head.len();
    if tail.is_empty() {
        return Some(at..end);
    }
    let gap = find(&words[end..], tail).filter(|gap| *gap <= GAP)?;
    Some(at..end + gap + tail.len())
}

/// The first pair of steps in an impossible order, or else the first in a possible one.
fn order(page: &Page<'_>, steps: &[Dated]) -> Option<Outcome> {
    let mut holds = None;
    for early in steps {
        for late in steps.iter().filter(|late| late.place != early.place) {
            let sure = is_before(ORDER, early.step, late.step);
            if !sure && !is_before(USUAL, early.step, late.step) {
                continue;
            }
            if early.first <= late.last {
                if early.last <= late.first && holds.is_none() {
                    holds = Some(outcome(page, early, late, true));
                }
            } else if sure && (early.first - late.last).get_days() <= MAX_DAYS && early.sentence.abs_diff(late.sentence) <= 2 && is_one_event(page, early, late) {
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
    if has(&words, OTHER) || !is_one_round(page, early, late) {
        return false;
    }
    let told = page.lower(early.place.start.min(late.place.start), page.sentences[last].span.end);
    has(&told, TIED) || first == last && !has(&words, FURTHER)
}

/// True unless what halts and resumes, or comes and goes, may do so once more: then words have to say that it is the same time.
fn is_one_round(page: &Page<'_>, early: &Dated, late: &Dated) -> bool {
    const AFTER: &[&str] = &["after", "following", "此次", "这次", "该次", "本次", "之后", "始于"];
    const FROM: &[&str] = &["from", "从", "自", "cargo", "shipment", "parcel", "consignment", "这批", "该批", "货物"];
    let around = |step: &Dated| {
        let sentence = &page.sentences[step.sentence];
        page.before(sentence, step.place.start) + "|" + &page.behind(sentence, step.place.end)
    };
    match early.step {
        Step::Halted => has(&around(early), AFTER) || has(&around(late), AFTER),
        Step::Departed => has(&around(early), FROM),
        _ => true,
    }
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

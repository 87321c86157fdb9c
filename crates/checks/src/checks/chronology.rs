//! The steps of one event, against the order in which they are possible.

mod order;
mod sequence;
mod status;
mod steps;

use std::ops::Range;

use api::record::Check;
use jiff::ToSpan as _;
use jiff::civil::Date;
use text::{Kind, Mention};

use self::order::{ORDER, Step, USUAL, is_before};
use self::steps::STEPS;
use super::wording;
use crate::outcome::Outcome;
use crate::page::{Page, Sentence, days};
use crate::words::{self, Pairs, find, has};

/// Words of another part, another time or an exception, with which the order may be right after all.
const OTHER: &[&str] = &[
    "二期", "一期", "三期", "phase", "stage", "another", "separate", "again", "扩建", "子公司", "subsidiary",
    "arm", "unit", "追溯", "retroactive", "retroactively", "further", "additional", "extension", "renewed",
    "amended", "续签", "补充", "再次", "再度", "又", "另", "previous", "earlier", "pilot", "中试", "试产",
    "trial", "补办", "另一", "以往", "elsewhere", "neighbouring", "nearby", "different", "邻近", "别的",
    "interim", "special", "last year's", "old", "二号", "三号", "2号", "3号", "no. 2", "no. 3", "此前",
    "nevertheless", "although", "despite", "虽然", "尽管",
];

/// Words of another one, unless what follows is tied to it: «the second loader … first ore went over it».
const FURTHER: &[&str] = &[
    "second", "third", "new", "一条新", "新线", "新产线", "新厂", "新矿", "第二", "第三", "新签", "新的",
    "新一",
];

/// Words that tie a step to the one before it.
const TIED: &[&str] = &[
    "the strike", "the ban", "该笔", "该批", "该禁令", "而禁令", "这次", "its", "that", "these", "this",
    "it", "the same", "the halt", "the stoppage", "the outage", "the shutdown", "the closure",
    "the suspension", "the walkout", "该", "上述", "这笔", "这批", "此",
];

/// Words in the sentence behind that speak of the plant, deal or case of the one before.
const SAME: &[&str] = &[
    "the furnace", "the plant", "the mine", "the smelter", "the refinery", "the line", "the kiln",
    "the mill", "the project", "the site", "the facility", "the shaft", "the deal", "the contract",
    "the agreement", "the offtake", "the tender", "the case", "the investigation", "the vessel", "the cargo",
    "the merger", "the rule", "the rules", "the draft", "the law", "the bill", "the permit", "the licence",
    "the license", "under it", "for it", "本项目", "项目", "合同", "协议", "装置", "产线", "生产线",
];

/// Words of another plant or line beside the one before.
const FURTHER_ONE: &[&str] = &[
    "second", "third", "第二", "第三", "新签", "新建", "新的", "新一", "sister", "both", "two", "three",
    "两", "三", "其他", "other", "others", "expansion", "upgrade", "技改", "改造", "扩产", "增资",
];

/// How long a step may come too late, in days: a permit of many years later is another one.
const MAX_DAYS: i32 = 1_100;

/// How far apart the two words of a step may stand, in bytes.
const GAP: usize = 36;

/// Most steps of one line of a text that are laid beside each other.
const MAX_STEPS: usize = 64;

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
        found.extend(status::check(page, at));
        let end = at + page.sentences[at..].iter().take_while(|sentence| sentence.line == line).count();
        let steps: Vec<Dated> =
            (at..end).flat_map(|index| dated(page, index, &page.sentences[index])).take(MAX_STEPS).collect();
        found.extend(order(page, &steps));
        at = end.max(at + 1);
    }
    let told = found.len();
    for sentence in &page.sentences {
        found.extend(sequence::check(page, sentence));
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
        if is_relative(time) {
            continue;
        }
        let Some((first, last)) = span(time).and_then(|span| past(page, sentence, time, span)) else {
            continue;
        };
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
            let pairs = Pairs::of(words);
            let each = STEPS.iter().flat_map(|(step, names)| names.iter().map(move |name| (*step, *name)));
            let may_be = each.filter(|(_, name)| name.split('*').all(|part| pairs.may_have(part)));
            let hits = may_be.filter_map(|(step, name)| Some((step, told(words, name, last)?)));
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
        // A study is commissioned before anything is built.
        let own = page.before(sentence, place.start);
        if step == Step::Produced && has(&own, &["study", "report", "survey", "review", "assessment"]) {
            continue;
        }
        if !found.iter().any(|known| known.place == place) {
            let time = time.start_byte..time.end_byte;
            found.push(Dated { step, place, time, first, last, sentence: index });
        }
    }
    found
}

/// The days of a time; of one that is open behind, 1月9日起, its first.
fn span(time: &Mention<'_>) -> Option<(Date, Date)> {
    days(time).or_else(|| {
        let start = time.start.as_deref()?.parse::<Date>().ok().filter(|_| time.end.is_none())?;
        Some((start, start))
    })
}

/// True for a time that is counted from another one, which the reader does not know: «three months later».
fn is_relative(time: &Mention<'_>) -> bool {
    let quote = time.quote.to_lowercase();
    ["后", "之前", "later", "earlier", "afterwards", "before"].iter().any(|word| quote.ends_with(word))
}

/// A time without a year that would lie ahead, as it is if it is told as past: a year before.
fn past(
    page: &Page<'_>,
    sentence: &Sentence,
    time: &Mention<'_>,
    (first, last): (Date, Date),
) -> Option<(Date, Date)> {
    const AHEAD: &[&str] = &[
        "will", "to be", "expected", "due", "plans", "planned", "scheduled", "may", "could", "将", "拟",
        "预计", "计划", "有望",
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
            } else if sure
                && (early.first - late.last).get_days() <= MAX_DAYS
                && early.sentence.abs_diff(late.sentence) <= 2
                && is_one_event(page, early, late)
            {
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
    // «此前，该矿停产», «It had walked out»: what is told behind is said to lie before.
    let back = page.lower(page.sentences[last].span.start, page.sentences[last].span.end);
    let points_back = first < last && early.sentence == last && points_back(&back);
    let told_before = points_back || is_told_before(page, early, late);
    // Such a word tells that this step came first, and of no other one.
    let words = if told_before { words.replace("此前", "").replace("earlier", "") } else { words };
    if has(&words, OTHER) || !is_one_round(page, early, late) {
        return false;
    }
    // What ties the two stands behind the one that is told first.
    let told = page.lower(early.place.end.min(late.place.end), page.sentences[last].span.end);
    if told_before && last - first <= 1 && !has(&words, FURTHER_ONE) {
        return true;
    }
    // «Foundation works for the furnace had started»: the plant of the sentence before.
    let front = page.lower(page.sentences[first].span.start, page.sentences[first].span.end);
    let same =
        first + 1 == last && has(&back, SAME) && !has(&words, FURTHER_ONE) && !are_two_plants(&front, &back);
    // What is announced or ordered may be another thing in one sentence too.
    let loose = matches!(early.step, Step::Declared | Step::Ordered | Step::Imposed | Step::Struck)
        || early.step == Step::Signed && told.is_ascii()
        || early.step == Step::Applied && !is_application(page, early);
    // A cargo is of the contract only if it is said to be.
    let under = has(&told, &["under the", "the contract", "the agreement", "the offtake", "the deal"]);
    has(&told, TIED)
        || early.step == Step::Signed && under
        || same && !loose
        || first == last && !loose && !has(&words, FURTHER)
}

/// True if two sentences name plants of two kinds, each of its own: «approved the mine. An application for the mill was filed».
fn are_two_plants(front: &str, back: &str) -> bool {
    const KINDS: &[&str] = &["mine", "mill", "smelter", "refinery", "furnace", "kiln", "shaft", "line"];
    let only = |one: &str, other: &str| KINDS.iter().any(|kind| has(one, &[kind]) && !has(other, &[kind]));
    only(front, back) && only(back, front)
}

/// True if what is told is the application itself: what is filed or handed in may be another thing, and so may what a grant is asked for.
fn is_application(page: &Page<'_>, step: &Dated) -> bool {
    let sentence = &page.sentences[step.sentence];
    let words = page.before(sentence, step.place.start) + &page.lower(step.place.start, step.place.end);
    let itself = has(&words, &["application", "applications", "applied for", "申请", "申报"]);
    itself && !has(&page.lower(step.place.end, sentence.span.end), &["a grant", "a loan"])
}

/// True if the step that has to be the first is told behind the other, and as what had been before it: «had walked out», 此前…停产.
fn is_told_before(page: &Page<'_>, early: &Dated, late: &Dated) -> bool {
    let sentence = &page.sentences[early.sentence];
    let from = sentence.span.start.max(late.place.end.min(early.place.start));
    early.place.start > late.place.start
        && (has(&page.before(sentence, early.place.start), &["had", "此前"])
            || has(&page.lower(from, early.place.start), &["had", "此前"]))
}

/// True if a sentence says that what it tells lies before the sentence before it, of the same thing.
fn points_back(words: &str) -> bool {
    words.starts_with("此前") || words.starts_with("在此之前") || has(words, &["it had", "they had"])
}

/// True unless what halts and resumes, or comes and goes, may do so once more: then words have to say that it is the same time.
fn is_one_round(page: &Page<'_>, early: &Dated, late: &Dated) -> bool {
    const AFTER: &[&str] = &["after", "following", "始于"];
    const THIS_TIME: &[&str] = &[
        "此次", "这次", "该次", "本次", "之后", "停产是在", "停工是在", "停产却", "停工却", "停产始于",
        "the halt began", "the halt had begun", "the stoppage began", "the shutdown began",
        "the outage began", "the closure began", "the suspension began",
    ];
    const FROM: &[&str] = &[
        "from", "从", "自", "cargo", "shipment", "parcel", "consignment", "after", "leaving", "这批", "该批",
        "货物",
    ];
    let around = |step: &Dated| {
        let sentence = &page.sentences[step.sentence];
        page.before(sentence, step.place.start) + "|" + &page.behind(sentence, step.place.end)
    };
    match early.step {
        _ if is_told_before(page, early, late) => true,
        Step::Halted => {
            let (first, last) = (early.sentence.min(late.sentence), early.sentence.max(late.sentence));
            let told = page.lower(page.sentences[first].span.start, page.sentences[last].span.end);
            // «They had been suspended»: what is told behind lies before.
            let back = page.lower(page.sentences[last].span.start, page.sentences[last].span.end);
            first < last && early.sentence == last && points_back(&back)
                || has(&around(early), AFTER)
                || has(&around(late), AFTER)
                || has(&told, THIS_TIME)
        }
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

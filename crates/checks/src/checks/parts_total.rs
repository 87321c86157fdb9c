//! Parts and their total: what is said to be all of a total adds up to it, and parts of which others are left out do not exceed it.

mod apart;
mod flow;
mod words;

use std::ops::Range;

use api::record::Check;
use jiff::civil::Date;
use rust_decimal::Decimal;
use text::rounding::Bounds;

use self::apart::{funded, overlap};
use self::flow::{difference, flow};
use self::words::{
    COMPLETE, LAID_OUT, LEFT, LOSS, MADE_OF, NESTED, NO_PART, NONE_OTHER, OF_WHICH, SOME, SUMMING, TOTAL,
    TOTAL_BEHIND,
};
use super::{Sum, plain};
use crate::figure::Figure;
use crate::outcome::Outcome;
use crate::page::{Page, Sentence};
use crate::words::{find, has, last as last_of};

/// Most parts of one total.
const MAX_PARTS: usize = 12;

/// Longest words between a total and the list of its parts behind a colon, in bytes.
const LEAD: usize = 60;

/// How many sentences behind that of a total its parts may reach.
const REACH: usize = 3;

/// A total with what may be its parts.
struct Group<'p, 'a> {
    total: &'p Figure<'a>,
    parts: Vec<&'p Figure<'a>>,
    /// The sentences in which they stand.
    told: String,
    /// These and, for parts behind their total, the sentence behind, which may tell that there are no others.
    words: String,
    /// True if the total is named as one, or its parts as parts; else only words behind tell that something is whole.
    named: bool,
    /// True if words say that the parts are all, or may say so.
    whole: bool,
    /// True if the total is calculated from what stands before it.
    last: bool,
}

pub(super) fn check(page: &Page<'_>, found: &mut Vec<Outcome>) {
    for (at, sentence) in page.sentences.iter().enumerate() {
        for (nth, total) in page.of(sentence).iter().enumerate() {
            let count = total.unit.dimension == "1";
            if !total.unit.is_amount()
                || count && counter(page, total).is_none()
                || !total.is_single()
                || total.change.is_some()
            {
                continue;
            }
            let both = flow(page, at, sentence, total).or_else(|| difference(page, sentence, total));
            let both = both.filter(|_| !count);
            if let Some(outcome) = both {
                found.push(outcome);
                continue;
            }
            let groups = [behind(page, at, nth, total), before(page, at, nth, total)];
            let outcomes: Vec<Outcome> =
                groups.iter().flatten().filter_map(|group| judge(page, group)).collect();
            let best = outcomes.iter().find(|outcome| outcome.holds).or(outcomes.first());
            found.extend(best.cloned());
        }
    }
}

/// True for a part of 2024 beside a total of 2023. Shorter times follow each other in what is added up.
fn is_of_another_time(page: &Page<'_>, part: &Figure<'_>, total: &Figure<'_>) -> bool {
    let year = |(start, end): &(Date, Date)| end.year() > start.year() && start.day_of_year() == 1;
    let times = page.period(part).filter(year).zip(page.period(total).filter(year));
    times.is_some_and(|((start, end), (first, last))| end <= first || last <= start)
}

/// Whether a figure is named as a total.
fn is_total(page: &Page<'_>, sentence: &Sentence, figure: &Figure<'_>) -> bool {
    let before = page.near_before(sentence, figure);
    // «The total is made up of 2,150 kg»: the total was told before, and this is a part.
    let laid_out = last_of(&before, TOTAL).zip(last_of(&before, MADE_OF));
    let laid_out = laid_out.is_some_and(|(total, made_of)| made_of > total);
    has(&before, TOTAL) && !before.contains("together with") && !laid_out
        || has(&page.near_behind(sentence, figure), TOTAL_BEHIND)
}

/// Figures of one dimension with a total that can be parts of it, in a stretch of sentences.
fn like<'p, 'a>(page: &'p Page<'a>, range: Range<usize>, total: &Figure<'_>) -> Vec<&'p Figure<'a>> {
    page.figures[range]
        .iter()
        .filter(|figure| {
            figure.is_like(total)
                && counter(page, figure) == counter(page, total)
                && figure.is_single()
                && figure.span != total.span
                && figure.change.is_none()
                && !is_compared(page.text, figure)
        })
        .filter(|figure| {
            let told = page.sentence_of(figure);
            told.is_none_or(|told| !has(&page.near_before(told, figure), NO_PART))
        })
        .collect()
}

/// The word by which things are counted, of a count in digits: 12,460辆. Two counts are of one kind if they have the same.
fn counter(page: &Page<'_>, figure: &Figure<'_>) -> Option<char> {
    const COUNTERS: [char; 9] = ['辆', '台', '家', '座', '艘', '套', '件', '架', '支'];
    if figure.unit.dimension != "1" || !figure.quote.starts_with(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    let next = page.text[figure.span.end..].chars().next();
    figure.quote.chars().next_back().into_iter().chain(next).find(|letter| COUNTERS.contains(letter))
}

/// True for «1,200 t more than in 2020», which is a difference and no part.
fn is_compared(text: &str, figure: &Figure<'_>) -> bool {
    let behind = text.get(figure.span.end..).unwrap_or_default();
    [" more than ", " less than ", " fewer than ", " above ", " below "]
        .iter()
        .any(|word| behind.starts_with(word))
}

/// A total and the parts behind it: in its own sentence, or in the ones behind.
fn behind<'p, 'a>(page: &'p Page<'a>, at: usize, nth: usize, total: &'p Figure<'a>) -> Option<Group<'p, 'a>> {
    let sentence = &page.sentences[at];
    let first = sentence.figures.start + nth + 1;
    let mut parts = like(page, first..sentence.figures.end, total);
    let mut end = at + 1;
    let own = parts.len();
    let between = page.lower(total.span.end, parts.first().map_or(total.span.end, |part| part.span.start));
    let opens = page.lower(sentence.span.start, total.span.start);
    let mut marked = has(&between, OF_WHICH)
        || is_laid_out(&between)
        || is_laid_out(&opens)
        || between.starts_with([':', '：'])
        || between.len() < LEAD && between.trim_end().ends_with([':', '：']);
    if parts.len() < 2 && !(own > 0 && marked) {
        while let Some(next) =
            page.sentences.get(end).filter(|next| next.line == sentence.line && end <= at + REACH)
        {
            let more = like(page, next.figures.clone(), total);
            let stops = more.iter().any(|figure| is_total(page, next, figure));
            if stops || more.is_empty() && !parts.is_empty() {
                break;
            }
            let head =
                page.lower(next.span.start, more.first().map_or(next.span.end, |part| part.span.start));
            marked |= has(&head, OF_WHICH) || is_laid_out(&head);
            parts.extend(more);
            end += 1;
        }
    }
    // What is said right behind the parts may tell that they are all.
    let close = page.sentences.get(end).filter(|next| next.line == sentence.line);
    let last = page.sentences[end - 1].span.end;
    let told = page.lower(sentence.span.start, last);
    let words = page.lower(sentence.span.start, close.map_or(last, |next| next.span.end));
    let named = marked || is_total(page, sentence, total);
    // Without a name, what is told first and is larger than all that follows may be a total.
    let first =
        like(page, page.sentences[at.saturating_sub(1)].figures.start..sentence.figures.start + nth, total)
            .is_empty();
    let larger = parts.iter().all(|part| part.bounds.is_below(&total.bounds));
    let whole = has(&words, COMPLETE) || counted(&words, parts.len()) || partition(page, total, &parts);
    let many = opening(page, &parts) > 2;
    (named || first && larger && (whole || many))
        .then(|| group(total, parts, (told, words), (named, whole), false))
        .flatten()
}

/// A total and the parts before it: in its own sentence, or in the ones before.
fn before<'p, 'a>(page: &'p Page<'a>, at: usize, nth: usize, total: &'p Figure<'a>) -> Option<Group<'p, 'a>> {
    let sentence = &page.sentences[at];
    if !is_total(page, sentence, total) {
        return None;
    }
    let mut first = at;
    let mut parts = like(page, sentence.figures.start..sentence.figures.start + nth, total);
    while parts.len() < 2 && first > 0 && at - first < REACH {
        let last = &page.sentences[first - 1];
        if last.line != sentence.line {
            break;
        }
        let mut more = like(page, last.figures.clone(), total);
        more.append(&mut parts);
        parts = more;
        first -= 1;
    }
    let words = page.lower(page.sentences[first].span.start, sentence.span.end);
    group(total, parts, (words.clone(), words), (true, true), true)
}

fn group<'p, 'a>(
    total: &'p Figure<'a>,
    parts: Vec<&'p Figure<'a>>,
    (told, words): (String, String),
    (named, whole): (bool, bool),
    last: bool,
) -> Option<Group<'p, 'a>> {
    (2..=MAX_PARTS).contains(&parts.len()).then_some(Group { total, parts, told, words, named, whole, last })
}

/// Decides about a total and its parts; nothing if it is not sure which figures are parts, or whether they are all.
fn judge(page: &Page<'_>, group: &Group<'_, '_>) -> Option<Outcome> {
    let Group { total, parts, told: own, words, named, whole: told_whole, last } = group;
    let bare: Vec<&Figure<'_>> = if parts.iter().all(|part| is_bracketed(page, part)) {
        // «to Japan (6,100 t), the US (5,200 t)».
        parts.clone()
    } else {
        parts.iter().copied().filter(|part| !is_nested(page, part, total)).collect()
    };
    if let Some(outcome) = adds_up(page, group, &bare) {
        return Some(outcome);
    }
    if bare.len() < 2 || !(*named || *told_whole) {
        return None;
    }
    // A total in a list of others, or smaller than one of its parts, is none, unless its parts are called so.
    let told = page.sentence_of(total)?;
    let listed = page.before(told, total.span.start).contains("分别")
        || page.near_behind(told, total).contains("respectively")
        || bare.iter().any(|part| is_of_another_time(page, part, total));
    let larger = bare.iter().all(|part| !total.bounds.is_below(&part.bounds));
    let made_up = has(words, &["made up of", "其中", "of which"]) && !last;
    let summing = has(&page.before(told, total.span.start), SUMMING)
        || has(&page.near_behind(told, total), TOTAL_BEHIND);
    let gap =
        bare.first().and_then(|part| page.text.get(total.span.end..part.span.start)).unwrap_or_default();
    let colon = gap.len() < LEAD
        && (gap.trim_end().ends_with([':', '：']) || gap.trim_start().starts_with([':', '：']));
    let nested = has(own, NESTED) || has(own, &["其中", "of which"]);
    let laid_out = !last && (colon && !nested || is_laid_out(own));
    // «three regions» in the sentence of the total, and three parts.
    let numbered = *named && counted(&page.lower(told.span.start, told.span.end), bare.len());
    let rest = bare.last().and_then(|part| Some(page.near_before(page.sentence_of(part)?, part)));
    let left = rest.is_some_and(|rest| has(&rest, LEFT));
    let each = is_each(page, group, &bare);
    let rest = !*last && left && larger && parts.len() == bare.len();
    let bound = made_up
        || laid_out
        || numbered
        || summing
        || each
        || *named && left
        || rest
        || funded(page, total, &bare)
        || has(words, NONE_OTHER);
    let totals =
        bare.iter().any(|part| page.sentence_of(part).is_some_and(|sentence| is_total(page, sentence, part)));
    if listed
        || totals
        || !(larger || made_up)
        || !(bound || one_measure(page, &bare, total))
        || !one_sentence(page, &bare)
    {
        return None;
    }
    let outcome = outcome(page, &bare, total)?;
    let exceeds = outcome.calculations.first().is_some_and(|sum| sum.printed.is_below(&sum.follows));
    // A count in the sentence behind is of something else: «… 21 million tons. The quota came in two batches.»
    let counted = counted(own, bare.len());
    let miscounted = !counted && (2..=10).any(|count| self::counted(words, count));
    let whole = if *last {
        (summing || each || partition(page, total, &bare)) && !miscounted
    } else {
        (has(words, NONE_OTHER) || (*named || larger && bare.len() == parts.len()) && left) && !miscounted
            || *named && counted
            || funded(page, total, &bare)
            || partition(page, total, &bare)
    };
    // «the three biggest buyers» are not all, and 磁材海外收入 is a part of the magnets that were told before.
    let some = has(words, SOME) && !exceeds;
    let whole = whole && !some;
    if overlap(page, &bare) {
        return None;
    }
    // Parts that exceed their total are wrong whether or not there are others.
    let beside =
        bare.iter().all(|part| told.span.contains(&part.span.start)) && one_measure(page, &bare, total);
    let sure = whole
        || exceeds && *named && !last && (laid_out || has(words, &["其中", "of which"]) || beside && summing);
    (sure && !some_meet(&bare, total)).then_some(outcome)
}

/// A run of parts that ends (or begins) beside the total and adds up to it.
fn adds_up(page: &Page<'_>, group: &Group<'_, '_>, bare: &[&Figure<'_>]) -> Option<Outcome> {
    let Group { total, parts, named, last, .. } = group;
    // With parts of parts, all of them together are no reading.
    let list = if bare.len() < parts.len() { bare } else { parts };
    (2..=list.len()).rev().find_map(|length| {
        let run = if *last { &list[list.len() - length..] } else { &list[..length] };
        // Three and more of one sentence that make it do so hardly by chance.
        let whole = length == list.len() || !last && length > 2 && length == opening(page, list);
        outcome(page, run, total).filter(|outcome| outcome.holds && (*named || whole))
    })
}

/// True for a plain total behind as many parts as are counted, each told on its own: «三大港口分别为312、88和14，总库存434».
fn is_each(page: &Page<'_>, group: &Group<'_, '_>, bare: &[&Figure<'_>]) -> bool {
    let told = page.sentence_of(group.total);
    let before = told.map(|told| page.near_before(told, group.total)).unwrap_or_default();
    let plain = before.trim_matches(|letter: char| !letter.is_alphabetic());
    group.last
        && TOTAL.contains(&plain)
        && has(&group.told, &["分别", "respectively"])
        && counted(&group.told, bare.len())
}

/// True unless the claims of two of the figures are known to be of two measures.
fn one_measure(page: &Page<'_>, parts: &[&Figure<'_>], total: &Figure<'_>) -> bool {
    let measure = |figure: &Figure<'_>| {
        let claim = &page.claims[figure.claim?].claim;
        claim.measure.as_ref().map(|measure| measure.id.as_str()).filter(|id| !id.is_empty())
    };
    let own = measure(total);
    parts.iter().all(|part| own.is_none_or(|own| measure(part).is_none_or(|other| own == other)))
}

/// True if words lay a total out by one feature; asked at every figure, so that most words are told by one letter.
fn is_laid_out(words: &str) -> bool {
    ["按", "分", "by ", "break", "split"].iter().any(|sign| words.contains(sign)) && has(words, LAID_OUT)
}

/// How many of the parts stand in the sentence of the first one.
fn opening(page: &Page<'_>, parts: &[&Figure<'_>]) -> usize {
    let Some(first) = parts.first().and_then(|part| page.sentence_of(part)) else { return 0 };
    parts.iter().filter(|part| first.span.contains(&part.span.start)).count()
}

/// True if all the parts stand in one sentence.
fn one_sentence(page: &Page<'_>, parts: &[&Figure<'_>]) -> bool {
    opening(page, parts) == parts.len()
}

fn outcome(page: &Page<'_>, parts: &[&Figure<'_>], total: &Figure<'_>) -> Option<Outcome> {
    let lost = |figure: &Figure<'_>| {
        let before = page.sentence_of(figure).map(|told| page.near_before(told, figure)).unwrap_or_default();
        LOSS.iter().any(|word| before.trim_end().ends_with(word))
    };
    // A part that makes a loss takes away from a profit.
    let loss = lost(total);
    let signs: Vec<(i32, &Figure<'_>)> =
        parts.iter().map(|part| (if !loss && lost(part) { -1 } else { 1 }, *part)).collect();
    signed(page, &signs, total)
}

fn signed(page: &Page<'_>, parts: &[(i32, &Figure<'_>)], total: &Figure<'_>) -> Option<Outcome> {
    let mut follows = Bounds::exact(Decimal::ZERO);
    let mut expression = String::new();
    for (index, (sign, part)) in parts.iter().enumerate() {
        follows = if *sign < 0 { follows.minus(&part.bounds)? } else { follows.plus(&part.bounds)? };
        let mark = match (index, *sign < 0) {
            (0, false) => "",
            (0, true) => "− ",
            (_, false) => " + ",
            (_, true) => " − ",
        };
        expression += &format!("{mark}{}", plain(part.quote));
    }
    let mut figures: Vec<&Figure<'_>> = parts.iter().map(|(_, part)| *part).collect();
    figures.push(total);
    let sum = Sum {
        check: Check::PartsTotal,
        figures,
        expression,
        follows,
        printed: total.bounds,
        unit: total.unit.clone(),
    };
    Some(sum.outcome(page))
}

/// True if the parts of time of the parts make up that of the total.
fn partition(page: &Page<'_>, total: &Figure<'_>, parts: &[&Figure<'_>]) -> bool {
    if quarters(page, total, parts) {
        return true;
    }
    let Some((start, end)) = page.period(total) else { return false };
    let Some(mut spans) = parts.iter().map(|part| page.period(part)).collect::<Option<Vec<_>>>() else {
        return false;
    };
    spans.sort();
    let joined = spans.windows(2).all(|two| two[0].1 == two[1].0);
    parts.len() >= 2
        && joined
        && spans.first().is_some_and(|first| first.0 == start)
        && spans.last().is_some_and(|last| last.1 == end)
}

/// True for a half year and its two quarters, or a year and its halves, by their words.
fn quarters(page: &Page<'_>, total: &Figure<'_>, parts: &[&Figure<'_>]) -> bool {
    const WHOLES: [(&[&str], [&[&str]; 2]); 3] = [
        (
            &["first half", "half year", "half-year", "上半年", "半年", "h1"],
            [&["first quarter", "一季度", "q1"], &["second", "second quarter", "二季度", "q2"]],
        ),
        (
            &["second half", "half year", "half-year", "下半年", "半年", "h2"],
            [&["third quarter", "三季度", "q3"], &["fourth", "fourth quarter", "四季度", "q4"]],
        ),
        (
            &["year", "全年", "full year"],
            [&["first half", "上半年", "h1"], &["second", "second half", "下半年", "h2"]],
        ),
    ];
    let around = |figure: &Figure<'_>| {
        let sentence = page.sentence_of(figure);
        sentence
            .map(|sentence| page.near_before(sentence, figure) + "|" + &page.near_behind(sentence, figure))
            .unwrap_or_default()
    };
    let &[one, other] = parts else { return false };
    // Which half has the first quarter of a financial year is not known.
    let fiscal = page.sentence_of(one).is_some_and(|told| {
        has(&page.lower(told.span.start, told.span.end), &["financial", "fiscal", "fy", "财年"])
    });
    if fiscal {
        return false;
    }
    let (total, one, other) = (around(total), around(one), around(other));
    WHOLES
        .iter()
        .any(|(whole, [first, second])| has(&total, whole) && has(&one, first) && has(&other, second))
}

/// True for what stands in brackets.
fn is_bracketed(page: &Page<'_>, part: &Figure<'_>) -> bool {
    page.sentence_of(part).is_some_and(|sentence| {
        let head = &page.text[sentence.span.start..part.span.start];
        head.matches(['(', '（']).count() > head.matches([')', '）']).count()
    })
}

/// True for what stands in brackets or is named as a part of another part.
fn is_nested(page: &Page<'_>, part: &Figure<'_>, total: &Figure<'_>) -> bool {
    let Some(sentence) = page.sentence_of(part) else {
        return false;
    };
    let open = is_bracketed(page, part);
    // What is included right behind the total is a part of it: «7,350吨，包括北方4,120吨».
    let index = page.of(sentence).iter().position(|figure| figure.span == part.span);
    let first = index.and_then(|index| page.of(sentence).get(index.checked_sub(1)?));
    let of_total = first.is_some_and(|first| first.span == total.span);
    // «保税8万吨，其中青岛6万吨» behind a total is a part of the part before it.
    let behind = first.is_some_and(|first| first.is_like(part)) && !of_total;
    let before = page.near_before(sentence, part);
    open || !of_total && has(&before, NESTED) || behind && has(&before, &["其中", "of which"])
}

/// True if the text counts as many parts as there are: 三国, 三个基地, «the three».
fn counted(words: &str, parts: usize) -> bool {
    const COUNTS: [(&str, &str); 9] = [
        ("两", "two"),
        ("三", "three"),
        ("四", "four"),
        ("五", "five"),
        ("六", "six"),
        ("七", "seven"),
        ("八", "eight"),
        ("九", "nine"),
        ("十", "ten"),
    ];
    const OF: [&str; 16] =
        ["国", "地", "个", "家", "项", "类", "大", "省", "厂", "座", "条", "种", "港", "区", "者", "市"];
    let Some((chinese, english)) = parts.checked_sub(2).and_then(|index| COUNTS.get(index)) else {
        return false;
    };
    OF.iter().any(|of| words.contains(&format!("{chinese}{of}"))) || find(words, english).is_some()
}

/// True if some of the parts, two or more, add up to the total: then it is not sure that the others are parts of it.
fn some_meet(parts: &[&Figure<'_>], total: &Figure<'_>) -> bool {
    (0u32..1 << parts.len()).filter(|chosen| chosen.count_ones() >= 2).any(|chosen| {
        let mut sum = Some(Bounds::exact(Decimal::ZERO));
        for (index, part) in parts.iter().enumerate() {
            if chosen & (1 << index) != 0 {
                sum = sum.and_then(|sum| sum.plus(&part.bounds));
            }
        }
        sum.is_none_or(|sum| sum.meets(&total.bounds))
    })
}

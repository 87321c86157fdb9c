//! Both ends of a forecast range, with the changes that they are said to be, imply one base.

use api::record::Check;
use text::rounding::Bounds;

use super::{HOLDS, Sum, factor, plain, shown};
use crate::figure::Figure;
use crate::outcome::{Calculated, Outcome};
use crate::page::{Page, Sentence};
use crate::unit::Unit;
use crate::words;

/// Words of a loss: whether its growth is that of the loss or of the profit is not sure.
const LOSS: &[&str] = &["亏", "loss", "losses", "亏损"];

/// Words of spans of which one is no base of another.
const SPANS: &[&[&str]] = &[
    &["full year", "full-year", "whole year", "全年"],
    &["half", "half-year", "上半年", "下半年", "半年度"],
    &["quarter", "季度", "季"],
    &["nine months", "前三季度", "九个月"],
];

/// Words that say that the growth is that of the loss.
const OF_LOSS: &[&str] = &[
    "减亏", "亏损收窄", "收窄", "亏损扩大", "narrow", "narrowed", "narrowing", "smaller", "widen", "widened",
    "wider",
];

pub(super) fn check(page: &Page<'_>, found: &mut Vec<Outcome>) {
    for (at, sentence) in page.sentences.iter().enumerate() {
        let figures = page.of(sentence);
        for (index, level) in figures.iter().enumerate() {
            // Two growths in a row, each of its own figure, are no level and its growth, nor is a difference a level.
            let is_level =
                level.ends.is_some() && level.unit.dimension != "1" && !is_change(page, sentence, level);
            let told = page.lower(sentence.span.start, sentence.span.end);
            if !is_level || words::has(&told, LOSS) && !words::has(&told, OF_LOSS) {
                continue;
            }
            let found_here = behind(page, sentence, level, &figures[index + 1..])
                .or_else(|| before(page, sentence, level, &figures[..index]));
            // A growth that opens the next sentence is that of the last level of this one.
            let next = page
                .sentences
                .get(at + 1)
                .filter(|next| next.line == sentence.line && index + 1 == figures.len());
            let beyond = || next.and_then(|next| self::behind(page, next, level, page.of(next)));
            let apart = || {
                apart(page, sentence, level, &figures[index + 1..])
                    .or_else(|| next.and_then(|next| apart(page, next, level, page.of(next))))
            };
            let Some((growth, base)) = found_here.or_else(beyond) else {
                if let Some((told, growths, base)) = apart() {
                    let base = base.or_else(|| base_beside(page, at, level));
                    found.extend(compare(page, told, level, &growths, base));
                }
                continue;
            };
            let base = base.or_else(|| {
                let next = figures.iter().find(|next| next.span.start > growth.span.end.max(level.span.end));
                next.filter(|next| is_base(page, sentence, level, growth, next))
            });
            let base = base.or_else(|| base_beside(page, at, level));
            let told = page.sentence_of(growth).unwrap_or(sentence);
            found.extend(compare(page, told, level, &[growth], base));
        }
    }
}

/// The growth of each end told by itself, with its base: «growth of 0.25% at the bottom of the range and 10.0% at the top»,
/// «下限相当于增长1%，上限相当于增长12%», «分别增长1%和12%».
fn apart<'s, 'p, 'a>(
    page: &Page<'_>,
    sentence: &'s Sentence,
    level: &Figure<'_>,
    figures: &'p [Figure<'a>],
) -> Option<(&'s Sentence, [&'p Figure<'a>; 2], Option<&'p Figure<'a>>)> {
    const LOWER: &[&str] = &[
        "下限", "低端", "下沿", "下端", "bottom", "low end", "lower end", "low side", "lower figure",
        "lower bound", "low case", "lower limit", "the former", "the lower",
    ];
    const UPPER: &[&str] = &[
        "上限", "高端", "上沿", "上端", "top", "high end", "upper end", "top end", "high side",
        "upper figure", "upper bound", "high case", "upper limit", "the latter", "the upper", "the higher",
    ];
    const EACH: &[&str] = &["分别", "respectively"];
    let mut growths = figures.iter().filter(|figure| figure.unit.is_percent());
    let (one, other) = (growths.next()?, growths.next()?);
    let mut levels = figures.iter().filter(|figure| figure.is_like(level));
    let base = levels.next();
    let others =
        levels.next().is_some() || growths.next().is_some() || base.is_some_and(|base| !base.is_single());
    if others || !one.is_single() || !other.is_single() {
        return None;
    }
    // Its name stands on its side of «and»: true for the upper end.
    let words = page.lower(sentence.span.start, sentence.span.end);
    let english = words.is_ascii();
    let name = |from: usize, figure: &Figure<'_>, to: usize| {
        const AND: [&str; 6] = [" and ", "和", "及", "、", ";", "；"];
        let marks = AND.into_iter().chain(english.then_some(", "));
        let (before, behind) = (page.lower(from, figure.span.start), page.lower(figure.span.end, to));
        let head = marks.clone().filter_map(|and| Some(before.rfind(and)? + and.len())).max().unwrap_or(0);
        let tail = marks.chain(["，", ","]).filter_map(|and| behind.find(and)).min().unwrap_or(behind.len());
        let own = format!("{}|{}", &before[head..], &behind[..tail]);
        match (words::has(&own, LOWER), words::has(&own, UPPER)) {
            (true, false) => Some(false),
            (false, true) => Some(true),
            _ => None,
        }
    };
    let first = figures.first().map_or(sentence.span.start, |first| first.span.start);
    let first =
        if first == one.span.start { level.span.end.max(sentence.span.start) } else { sentence.span.start };
    let named = (name(first, one, other.span.start), name(one.span.end, other, sentence.span.end));
    let growths = match named {
        (Some(false), Some(true)) => [one, other],
        (Some(true), Some(false)) => [other, one],
        _ if words::has(&words, EACH) && other.span.start - one.span.end < 8 => [one, other],
        _ => return None,
    };
    let known = |base: &&Figure<'_>| {
        is_named_base(page, sentence, base) || is_base(page, sentence, level, other, base)
    };
    (base.is_none() || base.as_ref().is_some_and(known)).then_some((sentence, growths, base))
}

/// The growth behind a level; between them may stand its base and the difference.
fn behind<'p, 'a>(
    page: &Page<'_>,
    sentence: &Sentence,
    level: &Figure<'_>,
    figures: &'p [Figure<'a>],
) -> Option<(&'p Figure<'a>, Option<&'p Figure<'a>>)> {
    let mut base = None;
    for next in figures.iter().take(3) {
        if is_growth(page, sentence, next) {
            return Some((next, base));
        }
        if next.is_single() && next.is_like(level) && is_named_base(page, sentence, next) {
            base = Some(next);
        } else if !(next.ends.is_some() && next.is_like(level) && is_change(page, sentence, next)) {
            return None;
        }
    }
    None
}

/// The growth right before a level that is reached with it: «to rise 50% to 70% to between $300 million and $340 million».
fn before<'p, 'a>(
    page: &Page<'_>,
    sentence: &Sentence,
    level: &Figure<'_>,
    figures: &'p [Figure<'a>],
) -> Option<(&'p Figure<'a>, Option<&'p Figure<'a>>)> {
    const REACHED: &[&str] =
        &["to", "to between", "to a range of", "reaching", "at", "达到", "达", "至", "为", "约为", "到"];
    let growth = figures.last().filter(|last| is_growth(page, sentence, last))?;
    let between = page.lower(growth.span.end, level.span.start);
    let between = between.trim_matches([' ', ',', '，']);
    // A growth that follows a level of its own is the growth of that one.
    let free = !figures[..figures.len() - 1].iter().any(|other| other.is_like(level) && other.ends.is_some());
    (free && REACHED.contains(&between)).then_some((growth, None))
}

/// The base in a sentence of its own beside the forecast: 上年同期为72.5万吨。
fn base_beside<'p, 'a>(page: &'p Page<'a>, at: usize, level: &Figure<'_>) -> Option<&'p Figure<'a>> {
    const YEAR: &[&str] = &[
        "上年同期", "去年同期", "上年", "去年", "a year earlier", "a year ago", "last year", "previous year",
        "year-earlier",
    ];
    let line = page.sentences[at].line;
    let beside = page.sentences[..at].last().into_iter().chain(page.sentences.get(at + 1));
    for sentence in beside.filter(|sentence| sentence.line == line) {
        let like: Vec<&Figure<'_>> =
            page.of(sentence).iter().filter(|figure| figure.is_like(level)).collect();
        let words = page.lower(sentence.span.start, sentence.span.end);
        let &[base] = like.as_slice() else { continue };
        let measure = |figure: &Figure<'_>| {
            let claim = &page.claims[figure.claim?].claim;
            claim.measure.as_ref().map(|measure| measure.id.clone()).filter(|id| !id.is_empty())
        };
        let one = measure(level).zip(measure(base)).is_some_and(|(one, other)| one == other);
        if one && base.is_single() && base.change.is_none() && words::has(&words, YEAR) {
            return Some(base);
        }
    }
    None
}

/// True for a range that is said to be a change: a growth, or a difference.
fn is_change(page: &Page<'_>, sentence: &Sentence, figure: &Figure<'_>) -> bool {
    let before = page.near_before(sentence, figure);
    let tail = before.trim_end_matches([' ', '约']);
    let told = words::UP.iter().chain(words::DOWN).any(|word| tail.ends_with(word));
    told && !tail.ends_with("above") && !tail.ends_with("below")
        || figure.unit.is_percent() && is_growth(page, sentence, figure)
}

/// True for a level that is told as the base.
fn is_named_base(page: &Page<'_>, sentence: &Sentence, figure: &Figure<'_>) -> bool {
    const BASE: &[&str] = &[
        "against", "from", "compared with", "compared to", "versus", "上年同期", "去年同期", "上年", "去年",
        "较", "比", "与", "a year earlier", "a year ago", "the year before", "last year",
    ];
    words::has(&page.near_before(sentence, figure), BASE)
}

/// True for a range of percentages that is said to be a change.
fn is_growth(page: &Page<'_>, sentence: &Sentence, figure: &Figure<'_>) -> bool {
    let told = around(page, sentence, figure);
    figure.ends.is_some() && figure.unit.is_percent() && way(&told).is_some()
}

/// Which way words say that a growth goes; also 多 and 高出 right before it.
fn way((before, behind): &(String, String)) -> Option<i32> {
    // «at the lower end» names an end and no fall.
    const ENDS: [&str; 5] = ["lower end", "lower bound", "lower limit", "lower figure", "higher end"];
    let plain = |words: &str| ENDS.iter().fold(words.to_owned(), |words, end| words.replace(end, ""));
    let more = ["多", "多出", "高出", "高"].iter().any(|word| before.trim_end().ends_with(word));
    let narrow = words::has(before, &["narrow"]).then_some(-1);
    let wide = words::has(before, &["widen"]).then_some(1);
    words::sign(&plain(before), &plain(behind)).or(more.then_some(1)).or(wide).or(narrow)
}

fn around(page: &Page<'_>, sentence: &Sentence, figure: &Figure<'_>) -> (String, String) {
    (page.before(sentence, figure.span.start), page.behind(sentence, figure.span.end))
}

/// True for a level of the same unit behind the growth that is the base: «above this year's €500 million».
fn is_base(
    page: &Page<'_>,
    sentence: &Sentence,
    level: &Figure<'_>,
    growth: &Figure<'_>,
    next: &Figure<'_>,
) -> bool {
    const BASE: &[&str] = &[
        "from", "above", "over", "than", "compared", "below", "versus", "against", "year-earlier",
        "last year", "a year earlier", "a year ago", "prior year", "previous year", "year before",
        "此前一年", "前一年", "较", "比", "去年", "上年", "上年同期",
    ];
    let between = page.lower(growth.span.end, next.span.start);
    let near = page.before(sentence, next.span.start);
    // «去年全年» is no base of a half year.
    let own = page.lower(sentence.span.start, level.span.start);
    if SPANS.iter().any(|span| words::has(&near, span) && !words::has(&own, span)) {
        return false;
    }
    next.is_single() && next.is_like(level) && (words::has(&between, BASE) || words::has(&near, BASE))
}

/// Which way a growth goes, and how much of it belongs to the lower and to the upper end.
fn told(page: &Page<'_>, sentence: &Sentence, growths: &[&Figure<'_>]) -> Option<(i32, (Bounds, Bounds))> {
    let way = |growth: &Figure<'_>| way(&around(page, sentence, growth));
    let sign = way(growths.first()?)?;
    let ends = match growths {
        [growth] => {
            let (least, most) = growth.ends?;
            // Of two falls the larger one leads to the lower level.
            if sign > 0 { (least, most) } else { (most, least) }
        }
        // A fall to the lower end and a rise to the upper one are two signs.
        [one, other] => way(other).is_none_or(|other| other == sign).then_some((one.bounds, other.bounds))?,
        _ => return None,
    };
    Some((sign, ends))
}

fn compare(
    page: &Page<'_>,
    sentence: &Sentence,
    level: &Figure<'_>,
    growths: &[&Figure<'_>],
    base: Option<&Figure<'_>>,
) -> Option<Outcome> {
    let (low, high) = level.ends?;
    let (sign, told) = told(page, sentence, growths)?;
    let from_low = low.over(&factor(&told.0, sign)?)?;
    let from_high = high.over(&factor(&told.1, sign)?)?;
    let unit = &level.unit;
    let mut figures = vec![level];
    figures.extend(growths);
    let quotes: Vec<String> = growths.iter().map(|growth| plain(growth.quote)).collect();
    let mut calculations = vec![Calculated {
        expression: format!(
            "{} ÷ (1 {} {}), lower ends against upper ends",
            plain(level.quote),
            mark(sign),
            quotes.join(" and ")
        ),
        follows: shown(&from_low, unit),
        printed: shown(&from_high, unit),
        unit: unit.code.clone(),
        operands: (0..figures.len()).collect(),
    }];
    let mut holds = from_low.meets(&from_high);
    if let Some(base) = base {
        figures.push(base);
        holds &= from_low.meets(&base.bounds) && from_high.meets(&base.bounds);
        let implied = if from_low.meets(&base.bounds) { from_high } else { from_low };
        calculations.push(Calculated {
            expression: format!("the base of both ends against {}", plain(base.quote)),
            follows: shown(&implied, unit),
            printed: shown(&base.bounds, unit),
            unit: level.unit.code.clone(),
            operands: (0..figures.len()).collect(),
        });
    }
    let sum = Sum {
        check: Check::RangeBase,
        figures,
        expression: String::new(),
        follows: from_low,
        printed: from_high,
        unit: Unit::parse(""),
    };
    let mut outcome = sum.outcome(page);
    outcome.said = if holds {
        format!(
            "both ends imply one base, {} {}",
            shown(&from_low.hull(&from_high), &level.unit),
            level.unit.code
        )
    } else {
        let (low, high) = (shown(&from_low, &level.unit), shown(&from_high, &level.unit));
        format!("the lower ends imply {low}, the upper ends {high} {}", level.unit.code)
    };
    if holds {
        outcome.severity = HOLDS;
    } else if outcome.holds {
        outcome.severity = 70;
    }
    outcome.holds = holds;
    outcome.calculations = calculations;
    Some(outcome)
}

fn mark(sign: i32) -> char {
    if sign < 0 { '−' } else { '+' }
}

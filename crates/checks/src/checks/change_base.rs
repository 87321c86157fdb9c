//! A value, how it changed, and the value before: value = base × (1 ± change), or base ± difference.

use api::record::Check;
use rust_decimal::Decimal;
use text::rounding::Bounds;

use super::{Sum, factor, plain};
use crate::figure::Figure;
use crate::outcome::Outcome;
use crate::page::{Page, Sentence, days};
use crate::words;

/// Right before a base.
const BASE_BEFORE: &[&str] = &[
    "from", "than", "above", "below", "compared with", "compared to", "versus", "against", "由", "从", "较",
    "比", "上年同期", "去年同期", "去年", "上年", "上周", "上月", "上季", "前一", "此前", "上一", "去年底",
    "年初",
];

/// Behind a base.
const BASE_BEHIND: &[&str] = &[
    "a year earlier", "a year ago", "a year before", "last week", "last month", "last year", "previous",
    "prior", "the week before", "the month before", "the year before", "year-earlier", "earlier",
];

/// Right before the level that was reached.
const VALUE_BEFORE: &[&str] = &["to", "至", "到", "为", "调整为", "升至", "降至", "reached", "at"];

/// Words of a share of a whole.
pub(super) const SHARE: &[&str] =
    &["share", "shares", "占比", "份额", "比重", "占", "proportion", "accounted for", "accounts for"];

/// How far behind a verb of multiplication its value may stand, in bytes.
const REACH: usize = 12;

/// Words of a whole year.
const WHOLE: [&str; 4] = ["全年", "full year", "full-year", "whole year"];

/// True for words of a difference that do not say which way it went.
fn has_gap(before: &str) -> bool {
    words::has(
        before,
        &[
            "a loss of", "a difference of", "a change of", "a swing of", "a move of", "a gap of", "相差",
            "变化",
        ],
    )
}

/// Three figures that may be a value, its base and its change.
struct Triple<'p, 'a> {
    value: &'p Figure<'a>,
    base: &'p Figure<'a>,
    change: &'p Figure<'a>,
    /// True if words say which is the base.
    sure: bool,
}

pub(super) fn check(page: &Page<'_>, found: &mut Vec<Outcome>) {
    for (at, sentence) in page.sentences.iter().enumerate() {
        found.extend(multiplied(page, sentence));
        // The level may stand in the sentence before.
        let last = page.sentences[..at].last().filter(|last| last.line == sentence.line);
        let from = last.map_or(sentence.figures.start, |last| last.figures.start);
        for index in sentence.figures.clone() {
            let change = &page.figures[index];
            // What is made up of 31,200 t did not go up.
            let made_up = page.lower(sentence.span.start, change.span.start).ends_with("made up of ");
            if !change.is_single() || made_up {
                continue;
            }
            let mut best: Option<Outcome> = None;
            for start in index.saturating_sub(2).max(from)..=index {
                let window = page.figures.get(start..start + 3).filter(|_| start + 3 <= sentence.figures.end);
                for triple in triples(page, window.unwrap_or_default(), change) {
                    let sure = triple.sure;
                    let Some(outcome) = judge(page, sentence, &triple) else { continue };
                    // One reading that holds is enough; one that fails must be sure.
                    let better = best.as_ref().is_none_or(|best| outcome.holds && !best.holds);
                    if better && (outcome.holds || sure && is_alone(page, sentence, &triple)) {
                        best = Some(outcome);
                    }
                }
            }
            found.extend(best.or_else(|| base_behind(page, at, sentence, change)));
        }
    }
}

/// «doubled to 4,600 t from 2,300 t»: a multiple that is told by a verb, with its two levels in one sentence.
fn multiplied(page: &Page<'_>, sentence: &Sentence) -> Option<Outcome> {
    // Least and most hundredths of the base that such a word may stand for.
    const VERBS: [(&[&str], i64, i64); 5] = [
        (&["doubled", "doubling", "翻番", "翻了一番", "增长一倍", "翻倍"], 185, 230),
        (&["tripled", "trebled", "tripling"], 275, 345),
        (&["quadrupled"], 365, 450),
        (&["halved", "halving", "减半", "腰斩"], 43, 57),
        (&["翻两番"], 365, 450),
    ];
    const LOOSE: &[&str] = &[
        "more than", "less than", "nearly", "almost", "not quite", "近", "逾", "超", "约", "可能", "will",
        "plan", "plans",
    ];
    // «doubled» itself is read as a multiple.
    let levels: Vec<&Figure<'_>> =
        page.of(sentence).iter().filter(|figure| figure.unit.dimension != "{multiple}").collect();
    let &[one, other] = levels.as_slice() else { return None };
    let words = page.lower(sentence.span.start, sentence.span.end);
    let mut told = VERBS.iter().filter_map(|(verbs, low, high)| {
        let (at, verb) = verbs.iter().find_map(|verb| Some((words::find(&words, verb)?, *verb)))?;
        Some((at, verb, *low, *high))
    });
    let (at, verb, low, high) = told.next().filter(|_| words.len() == sentence.span.len())?;
    let level = |figure: &Figure<'_>| {
        figure.is_single() && (figure.unit.is_amount() || figure.unit.price().is_some())
    };
    if told.next().is_some()
        || !level(one)
        || !level(other)
        || !one.is_like(other)
        || one.unit.dimension == "1"
    {
        return None;
    }
    let (value, base) = match (is_base(page, one), is_base(page, other)) {
        (true, false) => (other, one),
        (false, true) => (one, other),
        _ => return None,
    };
    // The verb stands right before its value, and nothing else begins between the two levels.
    let gap = value.span.start.checked_sub(sentence.span.start + at + verb.len());
    let (first, last) = if one.span.start < other.span.start { (one, other) } else { (other, one) };
    let between = page.lower(first.span.end, last.span.start);
    let apart = words::has(&between, &["while", "whereas", "as", "and", "but", "而", "同时"]);
    if words::has(&words, LOOSE) || apart || gap.is_none_or(|gap| gap > REACH) {
        return None;
    }
    let share = Bounds::between(Decimal::new(low, 2), Decimal::new(high, 2));
    let sum = Sum {
        check: Check::ChangeBase,
        figures: vec![base, value],
        expression: format!("{} × {share} for «{verb}»", plain(base.quote)),
        follows: base.bounds.times(&share)?,
        printed: value.bounds,
        unit: value.unit.clone(),
    };
    let mut outcome = sum.outcome(page);
    outcome.passages.push(sentence.span.start + at..sentence.span.start + at + verb.len());
    Some(outcome)
}

/// A change from a time of which the next sentence tells the level: «较10月增长两倍。10月只发运了1.2万吨».
fn base_behind(page: &Page<'_>, at: usize, sentence: &Sentence, change: &Figure<'_>) -> Option<Outcome> {
    const FROM: [&str; 9] =
        ["较", "比", "than in ", "than ", "from ", "against ", "compared with ", "over ", "on "];
    let next = page.sentences.get(at + 1).filter(|next| next.line == sentence.line)?;
    let clause = change.span.start - page.before(sentence, change.span.start).len()
        ..change.span.end + page.behind(sentence, change.span.end).len();
    let named = page.times(&clause).find(|time| {
        let head = page.lower(clause.start, time.start_byte);
        FROM.iter().any(|word| head.ends_with(word))
    })?;
    let single = |sentence: &Sentence| {
        let like = |figure: &&Figure<'_>| {
            figure.unit.is_amount() && figure.unit.dimension != "1" || figure.unit.price().is_some()
        };
        let mut levels = page.figures[sentence.figures.clone()].iter().filter(like);
        levels.next().filter(|level| level.is_single() && levels.next().is_none())
    };
    let (value, base) = (single(sentence)?, single(next)?);
    let told = page.times(&next.span).find(|time| time.start_byte < base.span.start)?;
    let same = days(told).is_some_and(|span| Some(span) == days(named)) && value.is_like(base);
    let alone = page.of(sentence).iter().filter(|figure| figure.unit == change.unit).count() == 1;
    let triple = Triple { value, base, change, sure: true };
    let fits = same && alone && change.span != value.span && base.change.is_none();
    let outcome = judge(page, sentence, &triple).filter(|_| fits)?;
    (outcome.holds || value.change.is_none()).then_some(outcome)
}

/// How far before a base its word may stand, in characters, for it to be sure that it is meant.
const NEAR: usize = 24;

/// True if nothing else in the sentence could be meant: no further figure of the dimension, one measure, and the change is told of one
/// of the two.
fn is_alone(page: &Page<'_>, sentence: &Sentence, triple: &Triple<'_, '_>) -> bool {
    let Triple { value, base, change, .. } = triple;
    // The level may stand in the sentence before, and must be the only one there.
    let first = page.sentence_of(value).filter(|told| told.span.start < sentence.span.start);
    let told = first.map(|told| page.of(told)).unwrap_or_default();
    if first.is_some() && !goes_on(page, sentence) {
        // «Oxide closed at 61.5. Magnets are up 3.1% from 215.2» tells of another thing.
        return false;
    }
    let like = told.iter().chain(page.of(sentence)).filter(|figure| figure.is_like(value)).count();
    let own =
        |figure: &Figure<'_>| figure.claim.is_some() && figure.claim == change.change.map(|(claim, _)| claim);
    let measure = |figure: &Figure<'_>| {
        let claim = &page.claims[figure.claim?].claim;
        claim.measure.as_ref().map(|measure| measure.id.as_str()).filter(|id| !id.is_empty())
    };
    // A change whose claim has no level is of the one told before, or drawn from what its sentence tells.
    let bare = change.change.is_some_and(|(claim, _)| {
        let claim = &page.claims[claim].claim;
        let named = claim.measure.as_ref().map(|measure| measure.id.as_str());
        let same = named.is_none_or(|id| measure(value) == Some(id));
        let drawn = same && concludes(page, sentence, change) && span_of(page, change, sentence).is_none();
        claim.value.is_none() && (first.is_some() || drawn)
    });
    let linked = change.change.is_none() || own(value) || own(base) || bare;
    let differ = measure(value).zip(measure(base)).is_some_and(|(one, other)| one != other);
    let subject = |figure: &Figure<'_>| {
        let claim = &page.claims[figure.claim?].claim;
        claim.subject.as_ref().map(|subject| subject.id.as_str()).filter(|id| !id.is_empty())
    };
    let others = subject(value).zip(subject(base)).is_some_and(|(one, other)| one != other);
    like == 2 + usize::from(change.is_like(value))
        && linked
        && !differ
        && !(others && first.is_some())
        && value.change.is_none()
        && base.change.is_none()
}

/// True for a change that is drawn from what its sentence tells before: «; that makes a rise of 21%», 增幅为120%.
fn concludes(page: &Page<'_>, sentence: &Sentence, change: &Figure<'_>) -> bool {
    const DRAWN: &[&str] =
        &["that makes", "that is", "which is", "i.e.", "or", "增幅", "降幅", "涨幅", "跌幅", "即"];
    words::has(&page.near_before(sentence, change), DRAWN)
}

/// True for a sentence that goes on with what the one before it tells, and names nothing else first.
fn goes_on(page: &Page<'_>, sentence: &Sentence) -> bool {
    const OPENS: &[&str] = &[
        "that is", "that was", "this is", "this was", "it is", "it was", "up ", "down ", "a year earlier",
        "a year before", "a month earlier", "a week earlier", "the year before", "the month before", "这",
        "该", "前一年", "上年", "去年", "较", "比", "同比", "环比", "上月", "前一月", "前一周", "上周",
        "一年前", "此前",
    ];
    let words = page.lower(sentence.span.start, sentence.span.end);
    let words = words.trim_start_matches(|letter: char| !letter.is_alphabetic());
    OPENS.iter().any(|word| words.starts_with(word))
}

/// The readings of three figures in a row of which one is the change.
fn triples<'p, 'a>(page: &Page<'_>, window: &'p [Figure<'a>], change: &'p Figure<'a>) -> Vec<Triple<'p, 'a>> {
    let levels: Vec<&Figure<'a>> = window.iter().filter(|figure| figure.span != change.span).collect();
    let &[one, other] = levels.as_slice() else { return Vec::new() };
    if !one.is_like(other) || !one.is_single() || !other.is_single() || one.unit.dimension == "{multiple}" {
        return Vec::new();
    }
    if let Some((one_at, other_at)) = page.period(one).zip(page.period(other)) {
        // The period of one lies a year before that of the other.
        let year = |date: jiff::civil::Date| date.checked_sub(jiff::ToSpan::year(1)).ok();
        if (year(one_at.0), year(one_at.1)) == (Some(other_at.0), Some(other_at.1)) && !is_base(page, one) {
            return vec![Triple { value: one, base: other, change, sure: true }];
        }
    }
    match (is_base(page, one), is_base(page, other)) {
        (true, false) => vec![Triple { value: other, base: one, change, sure: true }],
        (false, true) => vec![Triple { value: one, base: other, change, sure: true }],
        _ => vec![
            Triple { value: one, base: other, change, sure: false },
            Triple { value: other, base: one, change, sure: false },
        ],
    }
}

/// True if the words around a level say that it is the one before.
fn is_base(page: &Page<'_>, level: &Figure<'_>) -> bool {
    let Some(sentence) = page.sentence_of(level) else { return false };
    let (before, behind) = (page.near_before(sentence, level), page.near_behind(sentence, level));
    let near = |at: &usize| before[*at..].chars().count() <= NEAR;
    let base = words::last(&before, BASE_BEFORE).filter(near);
    let value = words::last(&before, VALUE_BEFORE).filter(|at| !before[*at..].starts_with('为'));
    match (base, value) {
        (Some(base), Some(value)) => base > value,
        (Some(_), None) => true,
        (None, _) => words::has(&behind, BASE_BEHIND),
    }
}

/// Calculates a triple; nothing if the three do not belong together.
fn judge(page: &Page<'_>, sentence: &Sentence, triple: &Triple<'_, '_>) -> Option<Outcome> {
    let Triple { value, base, change, .. } = triple;
    let (before, behind) = (page.near_before(sentence, change), page.near_behind(sentence, change));
    // Points are the difference of two levels, whichever way it is called.
    let points = change.unit.dimension == "[pp]" && has_gap(&before);
    let by_levels = points.then(|| if value.bounds.is_below(&base.bounds) { -1 } else { 1 });
    let sign = words::sign(&before, &behind).or(by_levels)?;
    let told = page.sentence_of(base)?;
    if span_of(page, base, told).zip(span_of(page, change, sentence)).is_some_and(|(one, other)| one != other)
    {
        return None;
    }
    // «7月均价1,760元，较6月的1,700元上涨，同比涨幅为12%»: over a year June is no base of July.
    let yearly = span_of(page, change, sentence) == Some(YEAR);
    if yearly && month(page, value).zip(month(page, base)).is_some_and(|(one, other)| one != other) {
        return None;
    }
    // «去年全年为17.0%» is no base of what is compared with a part of that year.
    let own = page.near_before(told, base);
    let value_told = page.sentence_of(value)?;
    let at = page.before(value_told, value.span.start) + "|" + &before;
    if WHOLE.iter().any(|word| own.contains(word)) && !WHOLE.iter().any(|word| at.contains(word)) {
        return None;
    }
    let whole = page.lower(told.span.start.min(page.sentence_of(value)?.span.start), sentence.span.end);
    let losses = words::has(&whole, &["亏", "loss", "losses"]);
    let mixed = losses
        && words::has(&whole, &["利润", "净利", "盈利", "profit", "profits"])
        && !whole.contains("净亏损收窄");
    let one = Bounds::exact(Decimal::ONE);
    let (follows, expression) = if change.is_like(value) && !change.unit.is_percent() {
        difference(page, sentence, triple, sign, mixed)?
    } else if change.unit.dimension == "[pp]" && value.unit.is_percent() {
        shifted(&base.bounds, change, base, sign)?
    } else if mixed {
        return None;
    } else if change.unit.is_percent() && !value.unit.is_percent() {
        let factor = factor(&change.bounds, sign)?;
        (
            base.bounds.times(&factor)?,
            format!("{} × (1 {} {})", plain(base.quote), mark(sign), plain(change.quote)),
        )
    } else if change.unit.dimension == "{multiple}" && sign > 0 && change.quote.contains('倍') {
        let factor = one.plus(&change.bounds)?;
        (base.bounds.times(&factor)?, format!("{} × (1 + {})", plain(base.quote), plain(change.quote)))
    } else {
        return None;
    };
    // Percentage points are the difference of two levels, of two shares where the words say so.
    let check = match (change.unit.dimension.as_str(), words::has(&whole, SHARE)) {
        ("[pp]", true) => Check::Share,
        ("[pp]", false) => Check::PartsTotal,
        _ => Check::ChangeBase,
    };
    let sum = Sum {
        check,
        figures: vec![base, change, value],
        expression,
        follows,
        printed: value.bounds,
        unit: value.unit.clone(),
    };
    Some(sum.outcome(page))
}

/// Base plus or minus a difference of the same unit, which words must name as one.
fn difference(
    page: &Page<'_>,
    sentence: &Sentence,
    triple: &Triple<'_, '_>,
    sign: i32,
    mixed: bool,
) -> Option<(Bounds, String)> {
    let before = page.near_before(sentence, triple.change);
    // «$60 million less than the $450 million of a year earlier».
    let behind = page.near_behind(sentence, triple.change);
    const THAN: [&str; 6] =
        [" less than the", " more than the", " fewer than the", " below the", " above the", " short of the"];
    let next = triple.base.span.start > triple.change.span.end;
    if next && THAN.iter().any(|word| behind.starts_with(word)) && behind.len() < 24 {
        return shifted(&triple.base.bounds, triple.change, triple.base, sign);
    }
    let way = words::last(&before, words::UP).max(words::last(&before, words::DOWN))?;
    let rest = &before[way..];
    if words::has(rest, &["to", "至", "到", "from"]) || rest.chars().count() > 16 {
        return None;
    }
    // A loss before a profit is a base below zero.
    let own = page.near_before(page.sentence_of(triple.base)?, triple.base);
    let base = if mixed && words::has(&own, &["亏", "loss"]) {
        triple.base.bounds.negate()
    } else {
        triple.base.bounds
    };
    shifted(&base, triple.change, triple.base, sign)
}

fn shifted(base: &Bounds, change: &Figure<'_>, printed: &Figure<'_>, sign: i32) -> Option<(Bounds, String)> {
    let follows = if sign < 0 { base.minus(&change.bounds)? } else { base.plus(&change.bounds)? };
    Some((follows, format!("{} {} {}", plain(printed.quote), mark(sign), plain(change.quote))))
}

/// The month of the time that stands last before a figure in its sentence, if it is one month.
fn month(page: &Page<'_>, figure: &Figure<'_>) -> Option<i8> {
    let sentence = page.sentence_of(figure)?;
    let time = page.times(&(sentence.span.start..figure.span.start)).last()?;
    let (first, last) = days(time)?;
    (first.month() == last.month()).then(|| first.month())
}

/// The place of a year among the times of [`span_of`].
const YEAR: usize = 1;

/// Over which time the words around a figure compare it: a year, a quarter, a month, a week, a day.
fn span_of(page: &Page<'_>, figure: &Figure<'_>, sentence: &Sentence) -> Option<usize> {
    const SPANS: [&[&str]; 6] = [
        &["year to date", "year-to-date", "ytd", "累计", "年初以来", "今年以来"],
        &[
            "同比", "year-on-year", "year on year", "yoy", "y/y", "on the year", "on year", "去年", "上年",
            "a year earlier", "a year ago", "a year before", "last year",
        ],
        &["quarter-on-quarter", "quarter on quarter", "上季", "last quarter", "previous quarter"],
        &[
            "month-on-month", "month on month", "月环比", "on the month", "上月", "last month",
            "a month earlier", "previous month",
        ],
        &[
            "week-on-week", "week on week", "周环比", "on the week", "上周", "last week", "a week earlier",
            "previous week", "prior friday",
        ],
        &["day-on-day", "日环比", "昨日", "yesterday", "前一交易日"],
    ];
    let words = page.near_before(sentence, figure) + "|" + &page.near_behind(sentence, figure);
    SPANS.iter().position(|span| words::has(&words, span))
}

fn mark(sign: i32) -> char {
    if sign < 0 { '−' } else { '+' }
}

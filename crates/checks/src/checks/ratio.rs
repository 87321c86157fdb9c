//! A ratio or multiple and its terms: first ÷ second.

mod english;
mod lasts;

use api::record::Check;
use rust_decimal::Decimal;
use text::Kind;
use text::rounding::Bounds;

use self::english::{english, goes_on, is_left_out};
use self::lasts::lasts;
use super::{Sum, plain};
use crate::figure::Figure;
use crate::outcome::Outcome;
use crate::page::{Page, Sentence, days};
use crate::words::{self, has};

/// Names of ratios right before the number.
const RATIO: &[&str] = &[
    "ratio", "比价", "比值", "之比", "比为", "比率", "消费比", "产销比", "库销比", "比约", "yield", "收率",
    "利用率", "开工率", "operating rate", "utilisation", "utilization", "utilisation rate",
    "utilization rate", "run rate of", "产销率", "自给率", "回收率", "成材率", "直收率", "涨跌比", "杠杆率",
    "完成率", "覆盖率", "依存度", "市盈率", "recovery", "recovery rate", "self-sufficiency", "leverage",
    "bid-to-cover", "sell-through", "completion rate", "conversion rate", "book-to-bill", "stock-to-use",
    "stocks-to-use", "price-to-earnings",
];

/// Words of so much of one thing for one unit of another.
const FOR_ONE: &[&str] = &[
    "单耗", "每吨", "一吨", "吨产品", "单吨", "单位产品", "a tonne of", "each tonne of", "every tonne of",
    "per tonne", "per ton", "for each tonne", "for every tonne", "每生产", "to make one tonne",
    "to make a tonne", "to produce one tonne", "to produce a tonne",
];

/// How many sentences before that of a multiple its terms may stand.
const REACH: usize = 2;

/// Ratios of a stock and of what is used in a year.
const STOCK_TO_USE: &[&str] = &["stock-to-use", "stocks-to-use", "库存消费比", "库销比", "库存销售比"];

/// Two terms, and whether it is sure that they are.
struct Terms<'p, 'a> {
    one: &'p Figure<'a>,
    other: &'p Figure<'a>,
    /// What is taken from the first before it is divided.
    less: Option<&'p Figure<'a>>,
    sure: bool,
    /// True if the first must be divided by the second, and not the other way round.
    ordered: bool,
}

pub(super) fn check(page: &Page<'_>, found: &mut Vec<Outcome>) {
    for (at, sentence) in page.sentences.iter().enumerate() {
        for result in page.of(sentence) {
            let Some(terms) = terms(page, at, sentence, result) else { continue };
            let one = judge(page, (terms.one, terms.less), terms.other, result);
            let turned = judge(page, (terms.other, None), terms.one, result).filter(|_| !terms.ordered);
            let best = match (one, turned) {
                (_, Some(turned)) if turned.holds => Some(turned),
                (one, _) => one.filter(|one| one.holds || terms.sure),
            };
            found.extend(best);
        }
        found.extend(lasts(page, at, sentence));
    }
}

/// The two terms of a ratio.
fn terms<'p, 'a>(
    page: &'p Page<'a>,
    at: usize,
    sentence: &Sentence,
    result: &Figure<'_>,
) -> Option<Terms<'p, 'a>> {
    let before = page.before(sentence, result.span.start);
    let behind = page.behind(sentence, result.span.end);
    let percent = result.unit.is_percent();
    // «相当于…的三分之一»: a fraction in words is a ratio.
    let fraction = percent
        && !result.quote.contains(|letter: char| letter.is_ascii_digit() || letter == '%' || letter == '成')
        && has(&before, &["相当于", "是", "仅为", "只有", "仅有", "约为", "仅", "equal to", "equivalent to"]);
    // «ran at 85% of capacity» is a rate of use.
    let used = [" of capacity", " of nameplate", " of its capacity", " of its nameplate"];
    let used = used.iter().any(|word| behind.starts_with(word));
    if percent && !fraction && !used && !has(&before, RATIO) {
        return None;
    }
    if let Some((one, other)) = derived(page, result) {
        return Some(Terms {
            one,
            other,
            less: None,
            sure: true,
            ordered: in_order(page, sentence, &before, one, other),
        });
    }
    let multiple = result.unit.dimension == "{multiple}";
    let named = (result.unit.dimension == "1" || percent) && (used || has(&before, RATIO)) || fraction;
    let for_one = result.unit.dimension == "mass" && (has(&before, FOR_ONE) || has(&behind, FOR_ONE));
    // Growth of N times is a change and no ratio; «more than twice» is none.
    let bare = ["more than", "less than", "well over", "no more than"];
    let told = bare.iter().fold(before.trim_end(), |told, word| told.trim_end_matches(word)).trim_end();
    if !(multiple && words::sign(told, "").is_none() || named || for_one) || !result.is_single() {
        return None;
    }
    let figures = page.of(sentence);
    let index = figures.iter().position(|figure| figure.span == result.span)?;
    let level = |figure: &&Figure<'_>| is_level(figure) && figure.span != result.span;
    let (out, head): (Vec<&Figure<'_>>, Vec<&Figure<'_>>) =
        figures[..index].iter().filter(level).partition(|figure| is_left_out(page, sentence, figure));
    let last = page.sentences[..at].last().filter(|last| {
        last.line == sentence.line || last.line + 1 == sentence.line && goes_on(page, sentence)
    });
    let told: Vec<&Figure<'_>> =
        last.map(|last| page.of(last).iter().filter(level).collect()).unwrap_or_default();
    let terms = by_time(page, at, result, &(before.as_str(), behind.as_str()));
    let terms = terms.or_else(|| by_name(page, sentence, &before, &head));
    let terms = terms.or_else(|| strip(page, sentence, result).filter(|_| named));
    if let Some(terms) =
        terms.or_else(|| told_first(page, sentence, result).filter(|_| named && head.is_empty()))
    {
        return Some(terms);
    }
    if multiple && !result.quote.contains('倍') {
        return english(page, sentence, result, (&head, &told, &out));
    }
    let how = How { named, for_one, fraction, used };
    let terms = told_before(page, sentence, result, &how, (head, told))?;
    Some(Terms { sure: terms.sure && out.is_empty(), ..terms })
}

/// How a ratio is told.
struct How {
    /// By its name.
    named: bool,
    /// As so much for one unit of another thing.
    for_one: bool,
    /// As a fraction in words.
    fraction: bool,
    /// As a part of a capacity.
    used: bool,
}

/// The last two figures of one dimension before a ratio, in its sentence or with those of the one before.
fn told_before<'p, 'a>(
    page: &'p Page<'a>,
    sentence: &Sentence,
    result: &Figure<'_>,
    how: &How,
    (head, told): (Vec<&'p Figure<'a>>, Vec<&'p Figure<'a>>),
) -> Option<Terms<'p, 'a>> {
    let How { named, for_one, fraction, used } = *how;
    let before = page.before(sentence, result.span.start);
    // «一吨钴抵得上…»: the one ton is no term.
    let term = |figure: &&Figure<'_>| !for_one || !is_one(figure);
    let head: Vec<&Figure<'_>> = head.into_iter().filter(term).collect();
    let pool = if let Some(tail) = explained(page, sentence, result).filter(|_| for_one) {
        tail
    } else if head.len() >= 2 {
        head
    } else {
        told.into_iter().chain(head).collect()
    };
    let end = pool.last()?;
    // A stock is divided by the use of a year.
    let yearly = has(&before, STOCK_TO_USE);
    let dimension = |figure: &Figure<'_>| match figure.unit.dimension.strip_suffix("/a") {
        Some(amount) if yearly => amount.to_owned(),
        _ => figure.unit.dimension.clone(),
    };
    let like: Vec<&Figure<'_>> =
        pool.iter().copied().filter(|figure| dimension(figure) == dimension(end)).collect();
    let &[.., one, other] = like.as_slice() else { return None };
    let only = like.len() == 2
        && (pool.len() == 2 || beside(sentence, one))
        && pool.iter().all(|term| term.unit.dimension != "1" || !for_one);
    // «相当于去年5月的2倍» names another base.
    let between = page.lower(other.span.end.min(result.span.start), result.span.start);
    let base = has(&between, &["去年", "上年", "上月", "上周", "同期", "历史", "全球", "平均"])
        || page.times(&(other.span.end..result.span.start)).next().is_some();
    // «… of waste for … of ore in the quarter, a strip ratio of 5»: a ratio with its name is of what was told.
    let told_of = named && between.ends_with("ratio of ") && !between.contains([';', '.', ':']);
    let base = base && !told_of;
    // «28吨的三分之二» names its base itself.
    let joined = fraction && between == "的";
    let told = joined || !base && (named || for_one || has(&before, &["是", "为", "相当于", "达"]));
    if for_one && let Some(divisor) = divisor(page, sentence, result, one, other) {
        let (one, other) = if divisor == 0 { (other, one) } else { (one, other) };
        return Some(Terms { one, other, less: None, sure: only, ordered: true });
    }
    // «Two of three shafts are idle and the smelter runs at 40% of capacity» tells of other things.
    if used && one.unit.dimension == "1" {
        return None;
    }
    let ordered = named && in_order(page, sentence, &before, one, other);
    Some(Terms { one, other, less: None, sure: only && told && !for_one, ordered })
}

/// The two terms behind a ratio that explain it: «2.3 t of ore to make one tonne: 4,600 t of ore gave 2,000 t of metal».
fn explained<'p, 'a>(
    page: &'p Page<'a>,
    sentence: &Sentence,
    result: &Figure<'_>,
) -> Option<Vec<&'p Figure<'a>>> {
    let tail: Vec<&Figure<'_>> = page
        .of(sentence)
        .iter()
        .filter(|figure| figure.span.start >= result.span.end && is_level(figure) && !is_one(figure))
        .collect();
    let &[one, _] = tail.as_slice() else { return None };
    page.lower(result.span.end, one.span.start).contains([':', '：', ';', '；', '(', '（']).then_some(tail)
}

/// Waste and ore behind a strip ratio: «at a strip ratio of 4.5: 6.4 Mt of waste against 1.2 Mt of ore».
fn strip<'p, 'a>(page: &'p Page<'a>, sentence: &Sentence, result: &Figure<'_>) -> Option<Terms<'p, 'a>> {
    let words = page.lower(sentence.span.start, sentence.span.end);
    if !has(&words, &["waste", "废石", "剥离"]) || !has(&words, &["ore", "矿石"]) {
        return None;
    }
    let &[one, other] = explained(page, sentence, result)?.as_slice() else { return None };
    // In «6.4 Mt of waste» the name stands behind, in «废石640万吨» before.
    let name = |term: &Figure<'_>| {
        let behind = page.near_behind(sentence, term);
        if behind.starts_with(" of ") { behind } else { page.near_before(sentence, term) }
    };
    let of_waste = |term: &Figure<'_>| has(&name(term), &["waste", "废石", "剥离"]);
    let sure = of_waste(one) != of_waste(other);
    one.is_like(other).then_some(Terms { one, other, less: None, sure, ordered: false })
}

/// True for the one unit for which so much is used: «一吨», «1 t», and not «1.2 Mt».
fn is_one(figure: &Figure<'_>) -> bool {
    let one = figure.quote.strip_prefix(['一', '每', '1']);
    one.is_some_and(|rest| !rest.starts_with(|next: char| next.is_ascii_digit() || matches!(next, '.' | ',')))
        && figure.quote.len() <= 8
}

/// Two terms of which the base is named by the word that stands before it: «全球产量2.4万吨，中国产量1.6万吨，为全球的四分之三».
fn by_name<'p, 'a>(
    page: &'p Page<'a>,
    sentence: &Sentence,
    before: &str,
    head: &[&'p Figure<'a>],
) -> Option<Terms<'p, 'a>> {
    let stem = before.trim_end().strip_suffix('的')?;
    let name =
        ["相当于", "是", "为", "达"].iter().filter_map(|word| stem.rsplit_once(word)).map(|(_, name)| name);
    let name = name.min_by_key(|name| name.len()).filter(|name| name.chars().count() >= 2)?;
    let &[one, other] = head else { return None };
    let has_name = |term: &Figure<'_>| page.near_before(sentence, term).contains(name);
    let (one, other) = match (has_name(one), has_name(other)) {
        (false, true) => (one, other),
        (true, false) => (other, one),
        _ => return None,
    };
    one.is_like(other).then_some(Terms { one, other, less: None, sure: true, ordered: true })
}

/// The terms of a ratio that is told before them: «the ratio is 8:1, as 40,000 t of ore gave 5,000 t of metal».
fn told_first<'p, 'a>(page: &'p Page<'a>, sentence: &Sentence, result: &Figure<'_>) -> Option<Terms<'p, 'a>> {
    let terms: Vec<&Figure<'_>> =
        page.of(sentence).iter().filter(|figure| figure.span.start >= result.span.end).collect();
    let &[one, other] = terms.as_slice() else { return None };
    let link = page.lower(result.span.end, one.span.start);
    let words = page.lower(sentence.span.start, other.span.start);
    let both = |one: &[&str], other: &[&str]| has(&link, one) && has(&words, other);
    let named = link.starts_with(", as ")
        || link.starts_with(", with ")
        || words.contains("产销率") && both(&["生产", "产量"], &["销售", "销量"])
        || words.contains("利用率") && both(&["产能"], &["产量", "生产"]);
    let level = is_level(one) && is_level(other) && one.is_like(other) && one.unit.dimension != "1";
    level.then_some(Terms { one, other, less: None, sure: named, ordered: false })
}

/// True for what can be a term of a ratio.
fn is_level(figure: &Figure<'_>) -> bool {
    !matches!(figure.unit.dimension.as_str(), "{multiple}" | "[pp]")
        && !figure.unit.is_percent()
        && figure.is_single()
}

/// The terms of a multiple whose base is named by its time, as one of two figures before it is: «相当于2022年的400倍», «8 times that of
/// 2022».
fn by_time<'p, 'a>(
    page: &'p Page<'a>,
    at: usize,
    result: &Figure<'_>,
    (before, behind): &(&str, &str),
) -> Option<Terms<'p, 'a>> {
    let sentence = &page.sentences[at];
    let clause = result.span.start - before.len()..result.span.end + behind.len();
    let mut times = page.times(&clause).filter(|time| time.kind == Kind::Time);
    let named = |time: &&text::Mention<'_>| {
        let (head, tail) =
            (page.lower(result.span.end, time.start_byte), page.lower(time.end_byte, result.span.start));
        tail == "的"
            || [" that of ", " the level of ", " the figure of ", " what it was in ", " that in "]
                .contains(&head.as_str())
    };
    let base = times.find(named).and_then(days)?;
    let first = at.saturating_sub(REACH);
    let figures: Vec<&Figure<'_>> = page.sentences[first..=at]
        .iter()
        .filter(|other| other.line == sentence.line)
        .flat_map(|other| page.of(other))
        .filter(|figure| {
            figure.span.end <= result.span.start && figure.is_single() && !figure.unit.is_percent()
        })
        .collect();
    let &[one, other] = figures.as_slice() else { return None };
    let is_base = |figure: &Figure<'_>| {
        let told = page.sentence_of(figure);
        let words = told.map(|told| figure.span.start - page.before(told, figure.span.start).len());
        let clause = words.unwrap_or(figure.span.start)..figure.span.start;
        page.times(&clause)
            .any(|time| days(time).is_some_and(|(first, last)| base.0 <= first && last <= base.1))
    };
    let (one, other) = match (is_base(one), is_base(other)) {
        (false, true) => (one, other),
        (true, false) => (other, one),
        _ => return None,
    };
    (one.is_like(other) && one.change.is_none()).then_some(Terms {
        one,
        other,
        less: None,
        sure: true,
        ordered: true,
    })
}

/// True if the name of a ratio names its terms in the order in which they are told: 铂…钯…铂钯比价.
fn in_order(
    page: &Page<'_>,
    sentence: &Sentence,
    before: &str,
    one: &Figure<'_>,
    other: &Figure<'_>,
) -> bool {
    let Some(at) = words::last(before, &["比价", "比值"]) else { return false };
    let mut names = before[..at].chars().rev();
    let (Some(second), Some(first)) = (names.next(), names.next()) else { return false };
    let (head, next) = (page.near_before(sentence, one), page.near_before(sentence, other));
    head.contains(first) && next.contains(second) && !head.contains(second) && !next.contains(first)
}

/// Which of two terms is the one for whose unit so much is used: the second name of «每吨氢氟酸单耗0.45吨萤石» is the dividend.
fn divisor(
    page: &Page<'_>,
    sentence: &Sentence,
    result: &Figure<'_>,
    one: &Figure<'_>,
    other: &Figure<'_>,
) -> Option<usize> {
    let behind = page.behind(sentence, result.span.end);
    let name = behind.trim_start().strip_prefix("of ").unwrap_or(behind.trim_start());
    let name: String = if name.is_ascii() {
        name.split([' ', ',', '.']).next()?.to_owned()
    } else {
        name.chars().take(2).collect()
    };
    if name.is_empty() {
        return None;
    }
    // «96,000 t of ore to make 6,400 t of concentrate»: in English the name stands behind.
    let own = |figure: &Figure<'_>| {
        let sentence = page.sentence_of(figure);
        let behind = sentence.map(|sentence| page.near_behind(sentence, figure)).unwrap_or_default();
        behind.starts_with(&format!(" of {name}"))
    };
    let behind = own(one) || own(other);
    let around = |figure: &Figure<'_>| {
        if behind {
            return if own(figure) { name.clone() } else { String::new() };
        }
        let sentence = page.sentence_of(figure);
        sentence
            .map(|sentence| page.near_before(sentence, figure) + "|" + &page.near_behind(sentence, figure))
            .unwrap_or_default()
    };
    let first = match (around(one).contains(&name), around(other).contains(&name)) {
        (true, false) => true,
        (false, true) => false,
        _ => return None,
    };
    // Of prices it is the other way round: so many tons of the cheaper are worth one of the dearer.
    Some(usize::from(first != one.unit.price().is_some()))
}

/// True if a term stands in the sentence of its ratio.
fn beside(sentence: &Sentence, term: &Figure<'_>) -> bool {
    sentence.span.contains(&term.span.start)
}

/// The terms of a claim that names the claims from which it is calculated.
fn derived<'p, 'a>(page: &'p Page<'a>, result: &Figure<'_>) -> Option<(&'p Figure<'a>, &'p Figure<'a>)> {
    let from = &page.claims[result.claim?].claim.derived_from;
    let &[one, other] = from.as_slice() else { return None };
    let find = |start: u32| {
        let at = page.figures.partition_point(|figure| figure.span.start < start as usize);
        page.figures.get(at).filter(|figure| figure.span.start == start as usize)
    };
    let (one, other) = (find(one)?, find(other)?);
    // A result in the unit of its terms is their difference.
    let pure = matches!(result.unit.dimension.as_str(), "1" | "%" | "{multiple}");
    (one.is_like(other) && !one.unit.is_percent() && pure).then_some((one, other))
}

fn judge(
    page: &Page<'_>,
    (one, less): (&Figure<'_>, Option<&Figure<'_>>),
    other: &Figure<'_>,
    result: &Figure<'_>,
) -> Option<Outcome> {
    let first = match less {
        Some(less) => one.bounds.minus(&less.bounds)?,
        None => one.bounds,
    };
    let follows = first.over(&other.bounds)?;
    let hundred = Bounds::exact(Decimal::ONE_HUNDRED);
    let behind = page.text[result.span.end..].trim_start();
    let thousandth = result.unit.dimension == "1"
        && (behind.starts_with("per mille") || behind.starts_with("per thousand") || behind.starts_with('‰'));
    let follows = if thousandth { follows.times(&Bounds::exact(Decimal::ONE_THOUSAND))? } else { follows };
    let sum = Sum {
        check: Check::Ratio,
        figures: std::iter::once(one).chain(less).chain([other, result]).collect(),
        expression: match less {
            Some(less) => {
                format!("({} − {}) ÷ {}", plain(one.quote), plain(less.quote), plain(other.quote))
            }
            None => format!("{} ÷ {}", plain(one.quote), plain(other.quote)),
        },
        // A percentage, or so many tons for one ton.
        follows: if result.unit.is_percent() {
            follows.times(&hundred)?
        } else {
            follows.times(&Bounds::exact(result.unit.factor))?
        },
        printed: result.bounds,
        unit: result.unit.clone(),
    };
    Some(sum.outcome(page))
}

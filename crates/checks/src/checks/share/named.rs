//! Whether words say of what an amount is a share.

use crate::figure::Figure;
use crate::page::{Page, Sentence};
use crate::words::has;

/// Words of a whole that was told before.
pub(super) const OF_IT: &[&str] = &[
    "总量的", "总数的", "总额的", "of it", "of that", "of the total", "of this", "a share of",
    "of the whole", "of them", "of the lot", "of the sum", "of the tonnage", "of the volume",
    "of the amount", "of what", "of these", "of those", "of all of it", "of the entire", "of its total",
    "全部的", "其中的", "总产量的", "总销量的", "总出口的", "总出口量的", "总进口的", "总进口量的",
    "总库存的", "总收入的", "总营收的",
];

/// Words right before a share of what was told before.
const IS_SHARE: &[&str] = &[
    "占", "占比", "占比为", "占比约", "占比达", "占比达到", "市占率", "市占率为", "市占率约", "市场占有率",
    "市场占有率为", "占比约为", "份额", "比重为", "比重", "份额为",
];

/// True if a share stands beside the second of two amounts, and words say that it is a share of one of them.
pub(super) fn is_named(
    page: &Page<'_>,
    sentence: &Sentence,
    share: &Figure<'_>,
    (one, other): (&Figure<'_>, &Figure<'_>),
) -> bool {
    let behind = page.behind(sentence, share.span.end);
    let last = page.of(sentence).iter().rev().find(|figure| figure.span.end <= share.span.start);
    let beside = last.is_some_and(|last| last.span == other.span);
    // «took 224 t of that, which is 39%»: what stands between the part and its share says it too.
    // «其中新加坡占45%，即3,250吨»: the part stands right behind its share.
    let restated = [",即", "，即", "即", ", or ", " or ", "(", "（", " (", ",约", "，约"]
        .contains(&page.lower(share.span.end, other.span.start).as_str());
    let beside = beside || restated && one.span.end <= share.span.start;
    let of_it = has(&page.before(sentence, share.span.start), OF_IT)
        || has(&behind, OF_IT)
        || has(&page.lower(other.span.end, share.span.start), OF_IT);
    let near = page.near_before(sentence, share);
    // «全国产量20万吨，其中江西产量8万吨，占48%»; «Of the 20,000 t exported, 8,000 t, or 48%»; «占进口总量1.6万吨的61%».
    let beside_it = page.lower(other.span.end, share.span.start);
    let bracket = beside_it.trim().trim_start_matches("of which").trim();
    let of_which = has(&page.lower(one.span.end, other.span.start), &["其中", "of which"])
        && (IS_SHARE.iter().any(|word| near.trim_end().ends_with(word))
            || matches!(bracket, "(" | "（" | "or" | ", or" | "(or" | "(占" | "（占"))
        || beside_it.trim_start().starts_with("of which")
        || restated && has(&page.lower(one.span.end, share.span.start), &["其中", "of which"]);
    let of_the = page.lower(sentence.span.start, sentence.span.end).starts_with("of ") && has(&near, &["or"]);
    let joined = page.lower(other.span.end, share.span.start) == "的";
    // «32,000 t of the 64,000 t used last year, some 60%».
    let of_whole = [" of the ", " of its ", " of all ", " of a total of ", " out of "]
        .contains(&page.lower(one.span.end, other.span.start).as_str());
    let of_named = is_of_named(page, one, &near)
        || is_of_measure(page, share, &behind, one)
        || is_of_all(page, one, other) && is_told_as_share(&near, &behind);
    beside && (of_it || of_which || of_the || of_whole || joined || of_named)
}

/// True if words right before or behind a percentage say that it is a share.
fn is_told_as_share(near: &str, behind: &str) -> bool {
    IS_SHARE.iter().any(|word| near.trim_end().ends_with(word)) || behind.starts_with(" share")
}

/// True for a share of what the whole is measured by, and of no other place or company: «sold 1.64 million lb. Spot deals took 410,000 lb, or
/// 25% of the quarter's sales volume».
fn is_of_measure(page: &Page<'_>, share: &Figure<'_>, behind: &str, whole: &Figure<'_>) -> bool {
    let measure = whole.claim.and_then(|claim| page.claims[claim].claim.measure.as_ref());
    let Some(measure) = measure.filter(|measure| !measure.id.is_empty() && behind.starts_with(" of ")) else {
        return false;
    };
    let end = share.span.end + behind.len();
    let first = page.mentions.partition_point(|mention| mention.start_byte < share.span.end);
    const ITS: &[&str] = &[
        "of", "the", "its", "that", "total", "overall", "all", "quarter's", "month's", "year's", "period's",
        "half's", "quarterly", "monthly", "annual", "volume", "volumes", "tonnage", "amount", "quarter",
        "month", "year", "half",
    ];
    let mut named = false;
    let mut rest = behind.to_owned();
    for mention in page.mentions[first..].iter().take_while(|mention| mention.end_byte <= end) {
        match mention.id.as_deref() {
            Some(id) if id == measure.id => {
                named = true;
                rest = rest.replacen(&mention.quote.to_lowercase(), " ", 1);
            }
            // «the quarter's sales»: of the time that the whole is of.
            None if !mention.quote.contains(|letter: char| letter.is_ascii_digit()) => {}
            _ => return false,
        }
    }
    // «12% of the country's sales volume» is of another whole.
    named && rest.split_whitespace().all(|word| ITS.contains(&word.trim_matches(['.', ')'])))
}

/// True if the first of two amounts is of a country or a trade, and the second of something else told right behind it:
/// «全国产量85万吨，内蒙古产58万吨».
fn is_of_all(page: &Page<'_>, one: &Figure<'_>, other: &Figure<'_>) -> bool {
    const ALL: &[&str] = &[
        "全国", "全球", "世界", "全省", "全区", "全市", "全行业", "行业总", "nationwide", "nationally",
        "worldwide", "world", "global", "national",
    ];
    let between = page.lower(one.span.end, other.span.start);
    let told = page.sentence_of(one).map(|told| page.before(told, one.span.start)).unwrap_or_default();
    let slot = |figure: &Figure<'_>, good: bool| {
        let claim = &page.claims[figure.claim?].claim;
        let term = if good { claim.subject.as_ref() } else { claim.measure.as_ref() };
        term.map(|term| term.id.clone()).filter(|id| !id.is_empty())
    };
    // The same is measured of the same good.
    let one_thing = [true, false].into_iter().all(|good| {
        slot(one, good).is_some() && slot(other, good).is_none_or(|id| slot(one, good) == Some(id))
    });
    has(&told, ALL)
        && one_thing
        && !has(&between, ALL)
        && !between.contains(['。', '；', ';'])
        && page.times(&(one.span.end..other.span.start)).next().is_none()
}

/// True if a share is said to be of what the whole is told of by the same word: «全国产量20万吨。江西8万吨，占全国的48%».
fn is_of_named(page: &Page<'_>, whole: &Figure<'_>, near: &str) -> bool {
    let Some((_, name)) = near.rsplit_once('占') else { return false };
    let name = ["约", "达", "近", "逾", "超", "比", "到", "了", "总量", "总数", "的"]
        .iter()
        .fold(name.trim().to_owned(), |name, word| name.replace(word, ""));
    let told = page.sentence_of(whole).map(|told| page.before(told, whole.span.start)).unwrap_or_default();
    name.chars().count() >= 2 && told.contains(&name)
}

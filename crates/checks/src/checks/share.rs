//! Shares of one whole come to 100 %, and a share fits its part and its whole.

use api::record::Check;
use rust_decimal::Decimal;
use text::rounding::Bounds;

use super::{Sum, plain};
use crate::figure::Figure;
use crate::outcome::Outcome;
use crate::page::{Page, Sentence};
use crate::unit::Unit;
use crate::words::has;

/// Most shares of one whole.
const MAX_SHARES: usize = 16;

/// Words that say that the shares told are all.
const COMPLETE: &[&str] = &[
    "其余", "余下", "剩余", "其他", "合计", "没有其他", "无其他", "no other", "nothing else", "the rest",
    "the remaining", "remaining", "the remainder", "all other", "all the others", "everything else",
    "are all its", "are all of its", "all others",
];

/// Words of what is left over, which end a list of shares that is whole.
const LEFT: &[&str] = &[
    "其余", "余下", "剩余", "the rest", "the remaining", "remaining", "the remainder", "all other",
    "all the others", "everything else", "all others", "其他", "其它", "others", "rest of the world",
];

/// Words that say that there are no others.
const NONE_OTHER: &[&str] =
    &["没有其他", "无其他", "别无", "no other", "nothing else", "are all its", "are all of its"];

/// Words of a whole that was told before.
const OF_IT: &[&str] =
    &["总量的", "总数的", "总额的", "of it", "of that", "of the total", "of this", "a share of"];

/// Words of a share.
const SHARE: &[&str] = &[
    "占", "占比", "比重", "份额", "of it", "of that", "of the total", "share", "accounted for",
    "accounts for", "account for", "took", "takes", "came from", "made up", "of product revenue", "went to",
    "of which", "or",
];

/// Words of a change, which is no share.
const CHANGE: &[&str] = &[
    "同比", "环比", "增长", "下降", "上涨", "下跌", "year on year", "year-on-year", "up", "down", "rose",
    "fell", "grew", "margin", "毛利率",
];

pub(super) fn check(page: &Page<'_>, found: &mut Vec<Outcome>) {
    let mut at = 0;
    while at < page.sentences.len() {
        let end = stretch(page, at);
        found.extend(sum(page, at, end));
        at = end.max(at + 1);
    }
    for (at, sentence) in page.sentences.iter().enumerate() {
        for share in page.of(sentence).iter().filter(|figure| is_share(page, sentence, figure)) {
            found.extend(quotient(page, at, sentence, share));
        }
    }
}

/// True for a percentage that is not said to be a change.
fn is_share(page: &Page<'_>, sentence: &Sentence, figure: &Figure<'_>) -> bool {
    let words = page.near_before(sentence, figure) + "|" + &page.near_behind(sentence, figure);
    figure.unit.is_percent() && figure.is_single() && !has(&words, CHANGE) && figure.change.is_none()
}

/// The end of the run of sentences of one line, from this one on, that tell shares.
fn stretch(page: &Page<'_>, at: usize) -> usize {
    let shares = |index: usize| {
        let sentence = &page.sentences[index];
        page.of(sentence).iter().filter(|figure| is_share(page, sentence, figure)).count()
    };
    let mut end = at;
    while page.sentences.get(end).is_some_and(|next| next.line == page.sentences[at].line) && shares(end) > 0
    {
        end += 1;
    }
    end
}

/// The shares in sentences `at..end` as parts of one whole.
fn sum(page: &Page<'_>, at: usize, end: usize) -> Option<Outcome> {
    let sentences = page.sentences.get(at..end).filter(|sentences| !sentences.is_empty())?;
    let line = sentences.first()?.line;
    let mut shares: Vec<&Figure<'_>> = Vec::new();
    for sentence in sentences {
        shares.extend(page.of(sentence).iter().filter(|figure| is_share(page, sentence, figure)));
    }
    // «Japan 27 and all the others together 32» goes on without the sign.
    let first = shares.first()?.span.start;
    let last = sentences.last()?;
    let bare =
        page.of(last).iter().filter(|figure| figure.unit.dimension == "1" && figure.span.start > first);
    let joined: Vec<&Figure<'_>> = shares.iter().copied().chain(bare).collect();
    let close = page.sentences.get(end).filter(|next| next.line == line);
    let words = page.lower(sentences.first()?.span.start, close.map_or(last.span.end, |next| next.span.end));
    let hundred = Bounds::exact(Decimal::ONE_HUNDRED);
    // What is left over ends the list: «the remaining 9%».
    let left = |list: &[&Figure<'_>]| {
        let over = |figure: &&Figure<'_>| {
            let sentence = sentences.iter().find(|sentence| sentence.span.contains(&figure.span.start));
            sentence.is_some_and(|sentence| has(&page.near_before(sentence, figure), LEFT))
        };
        list.iter().rposition(over).map_or(list.len(), |last| last + 1)
    };
    let lists = [&shares[..left(&shares)], &joined[..left(&joined)]];
    let complete = has(&words, COMPLETE);
    for list in lists {
        if (2..=MAX_SHARES).contains(&list.len()) {
            let outcome = added(page, list, hundred)?;
            // Two that make just 100 do so hardly by chance.
            if outcome.holds && (list.len() > 2 || complete || outcome.said.contains("= 99..101 ")) {
                return Some(outcome);
            }
        }
    }
    let hundred_said = shares.last().filter(|last| {
        let sentence = page.sentence_of(last);
        let named = sentence.is_some_and(|sentence| {
            has(&page.near_before(sentence, last), &["合计", "共", "total", "together"])
        });
        named && last.bounds.meets(&hundred) && last.bounds.low() > Some(Decimal::from(99))
    });
    let list = if hundred_said.is_some() { &shares[..shares.len() - 1] } else { lists[0] };
    let one =
        sentences.iter().any(|sentence| list.iter().all(|share| sentence.span.contains(&share.span.start)));
    let whole = has(&words, NONE_OTHER) || hundred_said.is_some() || left_over(page, sentences, list);
    let nested = has(&words, &["其中", "of which", "包括", "including"]);
    let sure = one
        && whole
        && !nested
        && (2..=MAX_SHARES).contains(&list.len())
        && list.len() >= lists[1].len().min(lists[0].len() - usize::from(hundred_said.is_some()));
    (sure && !has_subtotal(list)).then(|| added(page, lists[0], hundred)).flatten()
}

/// True if the last of the shares is what is left over.
fn left_over(page: &Page<'_>, sentences: &[Sentence], list: &[&Figure<'_>]) -> bool {
    let Some(last) = list.last() else { return false };
    let sentence = sentences.iter().find(|sentence| sentence.span.contains(&last.span.start));
    list.len() > 2 && sentence.is_some_and(|sentence| has(&page.near_before(sentence, last), LEFT))
}

/// True if some of the shares, two or more, come to another one: then not all are parts of one whole.
fn has_subtotal(list: &[&Figure<'_>]) -> bool {
    (0u32..1 << list.len()).filter(|chosen| chosen.count_ones() >= 2).any(|chosen| {
        let mut sum = Some(Bounds::exact(Decimal::ZERO));
        for (_, share) in list.iter().enumerate().filter(|(index, _)| chosen & (1 << *index) != 0) {
            sum = sum.and_then(|sum| sum.plus(&share.bounds));
        }
        let mut others = list.iter().enumerate().filter(|(index, _)| chosen & (1 << *index) == 0);
        sum.is_none_or(|sum| others.any(|(_, other)| sum.meets(&other.bounds)))
    })
}

fn added(page: &Page<'_>, shares: &[&Figure<'_>], hundred: Bounds) -> Option<Outcome> {
    let mut follows = Bounds::exact(Decimal::ZERO);
    for share in shares {
        follows = follows.plus(&share.bounds)?;
    }
    let quotes: Vec<String> = shares.iter().map(|share| plain(share.quote)).collect();
    let sum = Sum {
        check: Check::Share,
        figures: shares.to_vec(),
        expression: quotes.join(" + "),
        follows,
        printed: hundred,
        unit: Unit::parse("%"),
    };
    Some(sum.outcome(page))
}

/// A share with the part and the whole that stand in its sentence, or in the one before.
fn quotient(page: &Page<'_>, at: usize, sentence: &Sentence, share: &Figure<'_>) -> Option<Outcome> {
    let around = page.before(sentence, share.span.start)
        + &share.quote.to_lowercase()
        + &page.behind(sentence, share.span.end);
    let of = page.lower(sentence.span.start, sentence.span.end).starts_with("of ")
        || page.behind(sentence, share.span.end).starts_with(" of ");
    let named = has(&around, SHARE);
    if !of && !named {
        return None;
    }
    let amount = |figure: &&Figure<'_>| {
        figure.unit.is_amount()
            && figure.unit.dimension != "1"
            && figure.is_single()
            && figure.change.is_none()
    };
    let mut amounts: Vec<&Figure<'_>> = page.of(sentence).iter().filter(amount).collect();
    let mut first = at;
    while named
        && amounts.len() < 2
        && first > 0
        && at - first < 2
        && page.sentences[first - 1].line == sentence.line
    {
        first -= 1;
        let mut more: Vec<&Figure<'_>> = page.of(&page.sentences[first]).iter().filter(amount).collect();
        more.append(&mut amounts);
        amounts = more;
    }
    let like: Vec<&Figure<'_>> = match amounts.last() {
        Some(last) => amounts.iter().copied().filter(|figure| figure.is_like(last)).collect(),
        None => return None,
    };
    // «A third of the sales of $1.2bn»: what stands behind is the whole.
    let behind = page.behind(sentence, share.span.end);
    if let Some(whole) = like.iter().find(|figure| of_it(page, share, &behind, figure)) {
        let other = like.iter().find(|figure| figure.span != whole.span).filter(|_| like.len() == 2)?;
        return judge(page, other, whole, share);
    }
    let mut outcomes = Vec::new();
    for (index, one) in like.iter().enumerate() {
        for other in &like[index + 1..] {
            outcomes.extend(
                [judge(page, one, other, share), judge(page, other, one, share)].into_iter().flatten(),
            );
        }
    }
    if let Some(holds) = outcomes.iter().find(|outcome| outcome.holds) {
        return Some(holds.clone());
    }
    // Sure only if there is one pair, and the words say of what it is a share; then the smaller one is the part, whatever the text says.
    let &[one, other] = like.as_slice() else { return None };
    let own = page.of(sentence);
    let index = own.iter().position(|figure| figure.span == share.span)?;
    let beside = index.checked_sub(1).is_some_and(|index| own[index].span == other.span);
    let of_it = has(&page.before(sentence, share.span.start), OF_IT) || has(&behind, OF_IT);
    let near = page.near_before(sentence, share);
    // «全国产量20万吨，其中江西产量8万吨，占48%»; «Of the 20,000 t exported, 8,000 t, or 48%»; «占进口总量1.6万吨的61%».
    let of_which = has(&page.lower(one.span.end, other.span.start), &["其中", "of which"])
        && near.trim_end().ends_with('占');
    let of_the = page.lower(sentence.span.start, sentence.span.end).starts_with("of ") && has(&near, &["or"]);
    let joined = page.lower(other.span.end, share.span.start) == "的";
    if amounts.len() != 2 || !beside || !(of_it || of_which || of_the || joined) {
        return None;
    }
    let (part, whole) = if one.bounds.is_below(&other.bounds) { (one, other) } else { (other, one) };
    judge(page, part, whole, share)
}

/// True for an amount right behind a share of it, in the same clause.
fn of_it(page: &Page<'_>, share: &Figure<'_>, behind: &str, amount: &Figure<'_>) -> bool {
    let gap = amount.span.start.checked_sub(share.span.end);
    behind.starts_with(" of ")
        && gap.is_some_and(|gap| gap < behind.len().min(60))
        && page.text.is_char_boundary(amount.span.start)
}

fn judge(page: &Page<'_>, part: &Figure<'_>, whole: &Figure<'_>, share: &Figure<'_>) -> Option<Outcome> {
    let hundred = Bounds::exact(Decimal::ONE_HUNDRED);
    let sum = Sum {
        check: Check::Share,
        figures: vec![part, whole, share],
        expression: format!("{} ÷ {}", plain(part.quote), plain(whole.quote)),
        follows: part.bounds.over(&whole.bounds)?.times(&hundred)?,
        printed: share.bounds,
        unit: Unit::parse("%"),
    };
    Some(sum.outcome(page))
}

//! Shares of one whole come to 100 %, and a share fits its part and its whole.

mod named;

use api::record::Check;
use rust_decimal::Decimal;
use text::rounding::Bounds;

use self::named::{OF_IT, is_named};
use super::{Sum, plain};
use crate::figure::Figure;
use crate::outcome::Outcome;
use crate::page::{Page, Sentence};
use crate::unit::Unit;
use crate::words::{has, sign};

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
    "balance", "剩下", "other uses", "other users", "other end uses", "other countries", "other markets",
    "other buyers", "other sectors", "other purposes",
];

/// Words that say that there are no others.
const NONE_OTHER: &[&str] = &[
    "make up the whole", "makes up the whole", "made up the whole", "make up all of", "the whole of it",
    "没有其他", "无其他", "没有别的", "别无", "即为全部", "就是全部", "为全部", "no other", "no others",
    "nobody else", "nothing else", "are all its", "are all of its", "that is all", "that was all",
];

/// Words of a share.
const SHARE: &[&str] = &[
    "占", "占比", "市占率", "市场占有率", "market share", "比重", "份额", "of it", "of that", "of the total",
    "share", "accounted for", "accounts for", "account for", "took", "takes", "came from", "made up",
    "of product revenue", "went to", "of which", "or", "其中",
];

/// Words of what a company is shared by.
const OWNED: &[&str] =
    &["owned", "owns", "持股", "股权", "stake", "stakes", "holds", "hold", "held", "venture", "股东"];

/// Words of one whole that is told by where it comes from, goes to or is used.
const PARTITION: &[&str] = &[
    "按来源", "按用途", "按去向", "结构", "构成", "来源", "去向", "用途", "来自", "流向", "消费中", "需求中",
    "出口中", "进口中", "came from", "come from", "went to", "go to", "sources", "destinations", "by use",
    "by origin", "by destination", "supplied", "end uses",
];

/// Words right behind a share that tell where it goes.
const GOES_TO: [&str; 9] = [
    "to ", "went to ", "goes to ", "go to ", "is to go to ", "will go to ", "was sold to ", "is sold to ",
    "was shipped to ",
];

/// Words with which the shares of a sentence may be of several wholes.
const SEVERAL: &[&str] = &[
    "按", "分别", "合计", "累计", "共", "前三", "前五", "by value", "by volume", "respectively", "both",
    "combined", "together", "top", "total", "while", "whereas", "over", "above", "超", "逾", "均", "各",
    "全球", "世界", "world", "world's", "global",
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
            found.extend(quotient(page, at, sentence, share).or_else(|| of_counts(page, sentence, share)));
        }
        let points = page.of(sentence).iter().filter(|figure| figure.unit.dimension == "[pp]");
        found.extend(points.filter_map(|change| self::points(page, sentence, change)));
    }
}

/// True for a percentage that is not said to be a change.
fn is_share(page: &Page<'_>, sentence: &Sentence, figure: &Figure<'_>) -> bool {
    let words = page.near_before(sentence, figure) + "|" + &page.near_behind(sentence, figure);
    // «60% more than in April» is a change.
    const MORE: [&str; 7] = [" more", " fewer", " less ", " higher", " lower", " above", " below"];
    let behind = page.near_behind(sentence, figure);
    if MORE.iter().any(|word| behind.starts_with(word)) {
        return false;
    }
    let words = words.replace("made up", "").replace("make up", "").replace("makes up", "");
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
    // «44% in India» is of another whole.
    let nested = nested || list.iter().any(|share| page.text[share.span.end..].starts_with(" in "));
    let sure = one
        && whole
        && !nested
        && (2..=MAX_SHARES).contains(&list.len())
        && list.len() >= lists[1].len().min(lists[0].len() - usize::from(hundred_said.is_some()));
    if sure && !has_subtotal(list) {
        return added(page, list, hundred);
    }
    (one && !nested && exceeds(page, sentences.first()?, &shares, &words))
        .then(|| added(page, &shares, hundred))
        .flatten()
}

/// True if shares of one sentence, all of one whole, are more than it, whether or not there are others.
fn exceeds(page: &Page<'_>, sentence: &Sentence, shares: &[&Figure<'_>], words: &str) -> bool {
    let own = page.lower(sentence.span.start, sentence.span.end);
    // «70 % of mining and 90 % of refining» are of two wholes.
    let free = shares.iter().all(|share| {
        let behind = page.text[share.span.end..].trim_start();
        behind.is_empty()
            || behind.starts_with([',', '.', ';', '，', '。', '；', '、', ')', '）'])
            || behind.starts_with("by ")
            || behind.starts_with("and ")
            || behind.starts_with("from ")
            || share.span == shares[0].span && behind.starts_with("of ")
            || GOES_TO.iter().any(|word| behind.starts_with(word))
    });
    let plain = shares.iter().all(|share| share.qualifier.is_none());
    let times = page.times(&sentence.span).count();
    let owned = has(&own, OWNED);
    let enough = shares.len() > 2 || owned && shares.len() > 1;
    let only = page.of(sentence).len() == shares.len();
    let mut sum = Some(Bounds::exact(Decimal::ZERO));
    for share in shares {
        sum = sum.and_then(|sum| sum.plus(&share.bounds));
    }
    let more = sum.and_then(|sum| sum.low()).is_some_and(|low| low > Decimal::ONE_HUNDRED);
    // «takes 46% of its ore from Peru, 33% from Chile and 31% from Mexico».
    let sourced = [" from ", " to "].iter().any(|word| {
        let told = |share: &&Figure<'_>| {
            let behind = page.near_behind(sentence, share);
            behind.starts_with(word)
                || share.span == shares[0].span && behind.starts_with(" of ") && behind.contains(word)
        };
        shares.iter().all(told)
    });
    more && free
        && plain
        && only
        && enough
        && times < 2
        && (owned || sourced || has(&own, PARTITION))
        && !has(&without_headings(words), SEVERAL)
        && !has_subtotal(shares)
}

/// The same words without those that head one whole: 按用途看 lays out one, 按金额 one of several.
fn without_headings(words: &str) -> String {
    let headings = PARTITION.iter().filter(|heading| heading.starts_with('按'));
    headings.fold(words.to_owned(), |words, heading| words.replace(heading, ""))
}

/// True if the last of the shares is what is left over.
fn left_over(page: &Page<'_>, sentences: &[Sentence], list: &[&Figure<'_>]) -> bool {
    let Some(last) = list.last() else { return false };
    let sentence = sentences.iter().find(|sentence| sentence.span.contains(&last.span.start));
    // Two are a whole only if the second is said to be what remains, not merely of others.
    const REST: &[&str] =
        &["the remaining", "the rest", "the remainder", "the balance", "其余", "余下", "剩余", "剩下"];
    let words = if list.len() > 2 { LEFT } else { REST };
    list.len() > 1 && sentence.is_some_and(|sentence| has(&page.near_before(sentence, last), words))
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
        || page.behind(sentence, share.span.end).starts_with(" of ")
        || page.lower(sentence.span.start, share.span.start).contains(" of the ");
    // «That was 60% of the world total of 3.9 Mt»: the part stands in the sentence before.
    let opens = page.lower(sentence.span.start, share.span.start);
    let back = of && ["that ", "this ", "it ", "which "].iter().any(|word| opens.starts_with(word));
    let named = back || has(&around, SHARE) || has(&page.behind(sentence, share.span.end), OF_IT);
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
    if amounts.len() != 2 || !is_named(page, sentence, share, (one, other)) {
        return None;
    }
    let (part, whole) = if one.bounds.is_below(&other.bounds) { (one, other) } else { (other, one) };
    judge(page, part, whole, share)
}

/// A share of a count with both counts beside it: «Of the 84 licences applied for, 21 were granted, or 25%», «84家中21家复产，占25%».
fn of_counts(page: &Page<'_>, sentence: &Sentence, share: &Figure<'_>) -> Option<Outcome> {
    let own = page.of(sentence);
    let index = own.iter().position(|figure| figure.span == share.span)?;
    let [one, other] = own.get(index.checked_sub(2)?..index)? else { return None };
    let count = |figure: &Figure<'_>| {
        figure.unit.dimension == "1"
            && figure.is_single()
            && figure.quote.contains(|letter: char| letter.is_ascii_digit())
    };
    let others = own.iter().filter(|figure| figure.unit.dimension == "1").count() > 2;
    if !count(one) || !count(other) || others || !share.is_single() {
        return None;
    }
    let between = page.lower(one.span.end, other.span.start);
    let opens = page.lower(sentence.span.start, one.span.start);
    let near = page.lower(other.span.end, share.span.start);
    let or = [", or ", " (", "占", "占比", ", which is ", ", that is ", ", i.e. "]
        .iter()
        .any(|word| near.ends_with(word));
    let or = or || near.ends_with("which is ") && has(&page.behind(sentence, share.span.end), &["of them"]);
    let first = matches!(opens.as_str(), "of " | "of the " | "out of " | "out of the ")
        || between.contains('中') && !between.is_ascii();
    let second =
        [" of the ", " of its ", " of all ", " out of ", " out of the ", " of "].contains(&between.as_str());
    let (part, whole) = match (first, second) {
        (true, false) => (other, one),
        (false, true) => (one, other),
        _ => return None,
    };
    (or && part.bounds.is_below(&whole.bounds)).then(|| judge(page, part, whole, share)).flatten()
}

/// A share with how many points it rose or fell from a base, which cannot leave what a share can be.
fn points(page: &Page<'_>, sentence: &Sentence, change: &Figure<'_>) -> Option<Outcome> {
    let words = page.lower(sentence.span.start, sentence.span.end);
    let mut levels = page.of(sentence).iter().filter(|figure| figure.unit.is_percent());
    let (base, None) = (levels.next()?, levels.next()) else { return None };
    let from = page.near_before(sentence, base);
    let named = [" from", " than the", "较", "比", "由", "从"];
    let is_base = named.iter().any(|word| from.contains(word)) && base.is_single() && change.is_single();
    if !is_base || !has(&words, super::change_base::SHARE) {
        return None;
    }
    let (before, behind) = (page.near_before(sentence, change), page.near_behind(sentence, change));
    let way = sign(&before, &behind)?;
    let follows =
        if way < 0 { base.bounds.minus(&change.bounds)? } else { base.bounds.plus(&change.bounds)? };
    let sum = Sum {
        check: Check::Share,
        figures: vec![base, change],
        expression: format!(
            "{} {} {}",
            plain(base.quote),
            if way < 0 { '−' } else { '+' },
            plain(change.quote)
        ),
        follows,
        printed: Bounds::between(Decimal::ZERO, Decimal::ONE_HUNDRED),
        unit: Unit::parse("%"),
    };
    // That it stays within says nothing.
    (!sum.holds()).then(|| {
        let mut outcome = sum.outcome(page);
        outcome.said = format!("{}: no share is that large", outcome.said);
        outcome
    })
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

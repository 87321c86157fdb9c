//! The terms of a multiple in English, and what may be left out of them.

use super::{Terms, is_level};
use crate::figure::Figure;
use crate::page::{Page, Sentence};
use crate::words::has;

/// How far behind its terms a multiple stands that does not say what it is a multiple of, in bytes.
const BARE_BYTES: usize = 16;

/// Words of what is left out of a term: «leaving aside the 5,000 t/y carbonate line».
const LEFT_OUT: &[&str] = &[
    "leaving aside", "leaving out", "excluding", "exclusive of", "not counting", "without", "apart from",
    "aside from", "except for", "net of", "less", "minus", "after deducting", "剔除", "扣除", "除去", "不计",
    "不含", "不包括", "减去", "撇开",
];

/// Words with which a point of a list goes on from the one before it.
const GOES_ON: &[&str] =
    &["that is", "this is", "that was", "this was", "that makes", "这是", "这相当于", "这等于", "相当于"];

/// The terms of a multiple in English, from the figures before it in its sentence and in the one before.
pub(super) fn english<'p, 'a>(
    page: &'p Page<'a>,
    sentence: &Sentence,
    result: &Figure<'_>,
    (head, told, out): (&[&'p Figure<'a>], &[&'p Figure<'a>], &[&'p Figure<'a>]),
) -> Option<Terms<'p, 'a>> {
    const AS_MUCH: [&str; 13] = [
        " as much as", " as many as", " as large as", " as high as", " as big as", " that of",
        " the size of", " the tonnage", " the volume", " the amount", " the quantity", " the figure",
        " what ",
    ];
    const MUCH: [&str; 4] = [" as much", " as many", " as high", " as large"];
    let behind = page.behind(sentence, result.span.end);
    let next = page.of(sentence).iter().find(|next| next.span.start >= result.span.end);
    // «Japan took 4.6 times as much as Korea», of two that were told before.
    let pool: Vec<&Figure<'_>> = told.iter().copied().chain(head.iter().copied()).collect();
    if let &[one, other] = if head.len() >= 2 { head } else { pool.as_slice() }
        && next.is_none_or(|next| !next.is_like(one))
        && (one.is_like(other) || head.len() >= 2 || next.is_none())
    {
        // «1,240 t … 310 t, i.e. four times as much»: what stands between may tell of another month.
        let between = page.lower(other.span.end, result.span.start);
        let near = between.len() <= BARE_BYTES && !between.contains(';');
        // «…, so Germany took 2.4 times as much» concludes from what was told.
        let near = near || head.len() == 2 && has(&between, &["so"]) && !between.contains(';');
        let named = AS_MUCH.iter().any(|word| behind.starts_with(word))
            || near && MUCH.iter().any(|word| behind.starts_with(word));
        let both = has(&behind, &["both", "together", "combined", "the two"]);
        // «4.2 times as much as a year before» names another base.
        let end = result.span.end + behind.len();
        let elsewhere = page.times(&(result.span.end..end)).next().is_some()
            || has(&behind, &["before", "earlier", "ago", "usual", "normal", "average", "previous"]);
        let sure = named && !both && !elsewhere && one.unit.dimension != "1" && out.is_empty();
        return one.is_like(other).then_some(Terms { one, other, less: None, sure, ordered: false });
    }
    // «3.6 times the 0.47 million tons»: one term behind it, the other before it.
    let compared = [" as large as", " as big as", " as high as", " as much as", " as many as"];
    let reach = match behind.as_str() {
        words if words.starts_with(" what ") => 60,
        // «three times as large as the old one of 21,000 t».
        words if compared.iter().any(|word| words.starts_with(word)) => 40,
        _ => 24,
    };
    let next = next.filter(|next| is_level(next) && next.span.start - result.span.end <= reach)?;
    let mut alike = told.iter().copied().filter(|figure| figure.is_like(next));
    let one = head.last().copied().or_else(|| alike.next().filter(|_| alike.next().is_none()))?;
    let less = out.first().copied().filter(|less| less.is_like(one) && out.len() == 1);
    let sure = (out.is_empty() || less.is_some() && head.is_empty())
        && has(
            &page.lower(result.span.end, next.span.start),
            &["the", "as much as", "as many as", "of", "what"],
        );
    one.is_like(next).then_some(Terms { one, other: next, less, sure, ordered: true })
}

/// True for a figure that words right before it take out.
pub(super) fn is_left_out(page: &Page<'_>, sentence: &Sentence, figure: &Figure<'_>) -> bool {
    has(&page.near_before(sentence, figure), LEFT_OUT)
}

/// True for a sentence that speaks of what the one before it tells, be it a point of its own: «2. That is 2.3 times the 600 t of 2019».
pub(super) fn goes_on(page: &Page<'_>, sentence: &Sentence) -> bool {
    let words = page.lower(sentence.span.start, sentence.span.end);
    let words = words.trim_start_matches(|letter: char| !letter.is_alphabetic());
    GOES_ON.iter().any(|word| words.starts_with(word))
}

//! The time from which another counts: what the sentence, the paragraph or else the text speaks of.

use std::sync::LazyLock;

use crate::find::{Words, find, rfind};
use crate::mention::{Kind, Mention, Precision};

/// How far back a time may point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// To a time of the same sentence.
    Sentence,
    /// To one of the same paragraph, else to the time of the report that the first line names.
    Report,
}

/// How many mentions are searched for the time that is pointed to.
const MENTIONS: usize = 60;

/// The time from which `mention` counts: the last one before it that is no comparison itself.
pub(super) fn anchor<'m, 't>(
    mention: &Mention<'_>,
    text: &str,
    earlier: &'m [Mention<'t>],
    reach: Reach,
) -> Option<&'m Mention<'t>> {
    let near = earlier
        .iter()
        .rev()
        .take(MENTIONS)
        .filter(|found| is_whole(found))
        .take_while(|found| !text[found.end_byte..mention.start_byte].contains('\n'))
        .find(|found| !compares(found, text))
        .filter(|found| {
            let between = &text[found.end_byte..mention.start_byte];
            let ended = between.contains(['。', '!', '?', '！', '？']) || between.contains(". ");
            between.len() < 600 && (reach == Reach::Report || !ended)
        });
    near.or_else(|| report(mention, text, earlier).filter(|_| reach == Reach::Report))
}

/// The time of the report, said in the first line: the one time of it, or the last that is a month or longer.
pub(super) fn report<'m, 't>(
    mention: &Mention<'_>,
    text: &str,
    earlier: &'m [Mention<'t>],
) -> Option<&'m Mention<'t>> {
    /// A first line that is longer is a paragraph and no title.
    const TITLE: usize = 240;
    let end = text.as_bytes().iter().take(TITLE).position(|byte| *byte == b'\n')?;
    // A headline ends without a full stop.
    if text[..end].trim_end().ends_with(['。', '；', '.', ';']) {
        return None;
    }
    let mut times = earlier
        .iter()
        .take_while(|found| found.start_byte < end)
        .filter(|found| is_whole(found) && !compares(found, text));
    let first = times.next().filter(|_| mention.start_byte > end)?;
    times.next().is_none().then_some(first)
}

/// True for a time with both ends.
fn is_whole(found: &Mention<'_>) -> bool {
    found.kind == Kind::Time && found.start.is_some() && found.end.is_some()
}

static EARLIER: LazyLock<Words> = LazyLock::new(|| Words::new(&["earlier", " ago", "year-ago"]));

/// True if a time is only compared with: 较年初, "than in 2023", "compared with 20 t in May", 去年同期.
pub(super) fn compares(mention: &Mention<'_>, text: &str) -> bool {
    let before = text[..mention.start_byte].trim_end();
    let quote = mention.quote;
    before.ends_with(['较', '比', '与', '从', '自', '由'])
        || quote.contains('同') && mention.precision != Some(Precision::Day)
        || EARLIER.any_in(quote)
        || find(quote, "same ").is_some_and(|at| at > 0)
        || is_opened(before)
}

/// True if a word of comparison opens what ends here, in the same clause.
fn is_opened(before: &str) -> bool {
    /// How far back the word may stand, in bytes.
    const NEAR: usize = 100;
    let mut from = before.len().saturating_sub(NEAR);
    while !before.is_char_boundary(from) {
        from += 1;
    }
    let window = &before[from..];
    let stop = ["。", "；", ";", "\n", ". ", " while ", " whereas ", " but "]
        .iter()
        .filter_map(|mark| rfind(window, mark).map(|at| at + mark.len()))
        .max();
    let clause = &window[stop.unwrap_or(0)..];
    const WORDS: &[&str] =
        &["compared with", "compared to", "versus", "against", "than", "up from", "down from", "vs"];
    let english = WORDS.iter().any(|word| {
        rfind(clause, word).is_some_and(|at| {
            let head = clause[..at].chars().next_back();
            let rest = &clause[at + word.len()..];
            head.is_none_or(|head| !head.is_alphanumeric())
                && rest.chars().next().is_none_or(|next| next == ' ' || next == '.')
        })
    });
    // "rose from 12 in May to 15 in June": June is no base.
    let from = rfind(clause, "from ").is_some_and(|at| {
        let rest = &clause[at..];
        clause[..at].ends_with(' ') && !rest.contains(" to ") && rest.len() < 40 && !rest.contains(',')
    }) || clause.ends_with(" from");
    let chinese = clause.rfind(['较', '比']).is_some_and(|at| {
        let head = clause[..at].chars().next_back();
        let rest = &clause[at..];
        !matches!(head, Some('同' | '环' | '占' | '相' | '对'))
            && rest.len() < 36
            && !rest.contains([',', '，', '、'])
            && !rest.contains(['升', '降', '增', '减', '涨', '跌'])
    });
    english || from || chinese
}

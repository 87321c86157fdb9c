//! Two dated steps of any kind that one word puts in order: «restarted on 3 May, after it was halted on 20 June».

use api::record::Check;
use text::{Kind, Mention, Precision};

use super::super::wording;
use super::{OTHER, is_relative, past, span};
use crate::outcome::Outcome;
use crate::page::{Page, Sentence, place};
use crate::words::{find, has};

/// Words between two times behind which the earlier of the two stands.
const AFTER: &[&str] = &["after", "following"];

/// Words between two times behind which the later of the two stands.
const BEFORE: &[&str] = &["before", "prior to", "ahead of"];

/// Words with which one clause has times of several things.
const APART: &[&str] = &[
    "and", "while", "but", "than", "respectively", "whereas", "both", "although", "though", "分别", "而",
    "同比",
];

/// Longest words between the two times, in bytes.
const REACH: usize = 110;

/// A pair of times with the word that orders them.
pub(super) fn check(page: &Page<'_>, sentence: &Sentence) -> Option<Outcome> {
    let times: Vec<&Mention<'_>> =
        page.times(&sentence.span).filter(|time| time.kind == Kind::Time && !is_relative(time)).collect();
    let &[one, other] = times.as_slice() else { return None };
    let (first, second) = (told(page, sentence, one)?, told(page, sentence, other)?);
    let between = page.lower(one.end_byte, other.start_byte);
    let words = page.lower(sentence.span.start, sentence.span.end);
    if between.len() > REACH || has(&between, APART) || has(&words, OTHER) {
        return None;
    }
    let after = english(&between, AFTER);
    let before = english(&between, BEFORE).or_else(|| chinese(&between));
    let (early, late, at) = match (after, before) {
        (Some(at), None) => ((other, second), (one, first), at),
        (None, Some(at)) => ((one, first), (other, second), at),
        _ => return None,
    };
    let holds = early.1.1 <= late.1.0;
    let impossible = early.1.0 > late.1.1;
    // «投产后，2024年的亏损» tells of a time and of no step.
    // «签订的合同» tells of a thing and of no step.
    let rest: String = page.text[other.end_byte..].chars().take(8).collect();
    let named = rest.starts_with('度') || rest.contains('的');
    let exact = is_exact(one, other) && (!between.is_ascii() || is_own(&between[at..]));
    if !holds && !impossible || named || !holds && !exact {
        return None;
    }
    let verb = if holds { "comes before" } else { "cannot come before" };
    let link = one.end_byte + at..one.end_byte + at + 1;
    let said = match holds {
        true => format!("«{}» {verb} «{}»", early.0.quote, late.0.quote),
        false => format!("what is told as done on «{}» {verb} «{}»", late.0.quote, early.0.quote),
    };
    // The clause of each time is what happened then.
    let clause = |time: &Mention<'_>| {
        let start = time.start_byte - page.before(sentence, time.start_byte).len();
        let head = page.text[start..time.start_byte].trim_start();
        time.start_byte - head.len()..time.start_byte
    };
    let passages = vec![clause(one), place(one), link.start..other.start_byte, place(other)];
    Some(wording(page, Check::Chronology, holds, said, passages))
}

/// The days of a time that is told to the month or the day.
fn told(
    page: &Page<'_>,
    sentence: &Sentence,
    time: &Mention<'_>,
) -> Option<(jiff::civil::Date, jiff::civil::Date)> {
    let fine = matches!(time.precision, Some(Precision::Day | Precision::Month));
    let digits = time.quote.bytes().any(|byte| byte.is_ascii_digit()) || time.quote.is_ascii();
    let span = span(time).filter(|_| fine && digits)?;
    past(page, sentence, time, span)
}

/// True for two times that both have their year, or neither, so that they are of one year.
fn is_exact(one: &Mention<'_>, other: &Mention<'_>) -> bool {
    let year = |time: &Mention<'_>| {
        let start = time.start.as_deref().and_then(|start| start.get(..4));
        start.is_some_and(|year| time.quote.contains(year))
    };
    year(one) && year(other)
}

/// Where one of the words begins a clause between two times, with nothing but that clause behind it.
fn english(between: &str, words: &[&str]) -> Option<usize> {
    let (at, word) = words.iter().find_map(|word| Some((find(between, word)?, *word)))?;
    let tail = &between[at + word.len()..];
    let lead = between[..at].trim_matches([',', ' ']);
    let counted = lead.ends_with("weeks")
        || lead.ends_with("months")
        || lead.ends_with("days")
        || lead.ends_with("years")
        || lead.ends_with("shortly")
        || lead.ends_with("soon")
        || lead.ends_with("only")
        || lead.ends_with("just")
        || lead.ends_with("a week")
        || lead.ends_with("a month");
    let ends =
        [" on", " in", " of", " from", " dated"].iter().any(|word| tail.ends_with(&format!("{word} ")));
    let verb = tail.len() > 8 && !tail.contains(['，', ',', ';']);
    ((lead.is_empty() || counted) && verb && ends).then_some(at)
}

/// True if what stands behind a word of order happened to the same thing: «after it was halted on», «before resuming on», «after a fire on».
fn is_own(tail: &str) -> bool {
    const SAME: [&str; 8] = ["it", "they", "he", "she", "its", "their", "being", "having"];
    let mut words = tail.split(' ').filter(|word| !word.is_empty()).skip(1);
    let first = words.next().unwrap_or_default();
    let first = if matches!(first, "to" | "of") { words.next().unwrap_or_default() } else { first };
    SAME.contains(&first) || first.len() > 5 && first.ends_with("ing") || words.count() <= 3
}

/// Where 后 ends what happened at the first time, right before the second one.
fn chinese(between: &str) -> Option<usize> {
    let head = between.trim_end_matches(['于', '在', '即', '便', '至', '又', '于', ' ']);
    let head = head.trim_end_matches(['，', ',']);
    let after = head.strip_suffix("之后").or(head.strip_suffix("以后")).or(head.strip_suffix('后'))?;
    let plain = !after.contains(['，', ',', '；', ';', '、']) && after.chars().count() >= 2;
    let other = ["最", "此", "然", "其", "前", "今", "滞", "落"].iter().any(|word| after.ends_with(word));
    (plain && !other).then_some(after.len())
}

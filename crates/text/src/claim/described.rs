//! Somebody who is described and not named: 湖南某冶炼厂, «a Belgian flame-retardant maker», «a metals strategist».
//!
//! A description ends with a word for people or works (its head) and goes back to a mark or to a word that cannot be of it.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

/// What kind of somebody is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// Who makes, mines, buys or sells goods.
    Works,
    /// Who says something.
    Speaker,
    /// Against or with whom an event is.
    Target,
    /// Who acts in an event: works, mines and projects, or an authority.
    Actor,
}

/// Longest description in bytes.
const LONGEST: usize = 72;

/// The description that ends the part `lead` of a text; nothing if its last words are no head.
pub(super) fn at_end(text: &str, lead: Range<usize>, who: Who) -> Option<Range<usize>> {
    let words = text.get(lead.clone())?.trim_end();
    let end = lead.start + words.len();
    if words.ends_with(|last: char| last.is_ascii_alphanumeric()) {
        english(text, lead.start, end, who)
    } else {
        let head =
            heads(who).chinese.iter().filter(|head| words.ends_with(**head)).map(|head| head.len()).max()?;
        chinese(text, lead.start, end - head, end)
    }
}

/// The nearest description in the part `lead` of a text, from its end.
pub(super) fn nearest(text: &str, lead: Range<usize>, who: Who) -> Option<Range<usize>> {
    let words = text.get(lead.clone())?;
    let mut best: Option<Range<usize>> = None;
    for head in &heads(who).chinese {
        let Some(at) = words.rfind(head) else { continue };
        let end = at + head.len();
        let rest = &words[end..];
        // 厂区, 出厂价 and 企业家 are no works.
        if rest.starts_with([
            '区', '价', '库', '内', '房', '家', '商', '址', '间', '主', '化', '会', '联', '所', '级', '矿',
        ]) || words[..at].ends_with(['出', '提', '到'])
        {
            continue;
        }
        let longer = best.as_ref().is_none_or(|best| (end, best.start) > (best.end, at));
        if longer {
            best = Some(at..end);
        }
    }
    let found =
        best.and_then(|head| chinese(text, lead.start, lead.start + head.start, lead.start + head.end));
    if found.is_some() {
        return found;
    }
    // Word by word from the end.
    let bytes = words.as_bytes();
    let mut end = words.len();
    while end > 0 {
        if !bytes[end - 1].is_ascii_alphabetic() {
            end -= 1;
            continue;
        }
        let start = bytes[..end]
            .iter()
            .rposition(|byte| !byte.is_ascii_alphabetic() && *byte != b'-')
            .map_or(0, |at| at + 1);
        if is_english_head(&words[start..end], who) {
            return english(text, lead.start, lead.start + end, who);
        }
        end = start;
    }
    None
}

/// A Chinese description from the head at `head..end` back to `from` at most.
fn chinese(text: &str, from: usize, head: usize, end: usize) -> Option<Range<usize>> {
    let mut start = head;
    for (at, character) in text[from..head].char_indices().rev() {
        let at = from + at;
        // A Latin name may stand before the head with a blank: Tanco 矿区.
        let latin = matches!(character, ' ' | '-')
            && text[from..at].ends_with(|before: char| before.is_ascii_alphanumeric())
            && (start == head || text[start..].starts_with(|next: char| next.is_ascii_alphanumeric()));
        if end - at > LONGEST || !(latin || is_of_description(character)) {
            break;
        }
        start = at;
    }
    // A relative clause is not of the description: 年产1万吨的锂盐厂.
    if let Some(at) = text[start..head].rfind('的') {
        start += at + '的'.len_utf8();
    }
    let mut words = &text[start..end];
    loop {
        let rest =
            OPENERS.iter().find_map(|opener| words.strip_prefix(opener)).filter(|rest| !rest.is_empty());
        match rest {
            Some(rest) if end - rest.len() <= head => words = rest,
            _ => break,
        }
    }
    let start = end - words.len();
    (start < end).then_some(start..end)
}

/// True for a character that may stand inside a Chinese description.
fn is_of_description(character: char) -> bool {
    (character.is_alphanumeric() || character == '·')
        && !matches!(
            character,
            '据' | '对'
                | '向'
                | '由'
                | '从'
                | '于'
                | '为'
                | '将'
                | '使'
                | '令'
                | '但'
                | '而'
                | '且'
                | '因'
                | '给'
                | '让'
                | '被'
                | '了'
                | '着'
                | '受'
                | '促'
                | '较'
                | '按'
                | '以'
                | '在'
                | '称'
                | '是'
                | '致'
                | '起'
                | '时'
        )
}

/// Words before a Chinese description that are not of it.
const OPENERS: &[&str] = &[
    "有", "另有", "另", "其中", "目前", "近期", "近日", "不过", "此外", "同时", "随着", "已有", "仍有",
    "也有", "尚有", "和", "及", "与", "当前", "今日", "昨日", "本周", "上周", "本月", "一位", "多位", "日前",
    "并", "又",
];

/// Last words of descriptions, from `lexicon/heads.tsv`.
struct Heads {
    chinese: Vec<&'static str>,
    english: HashSet<&'static str>,
}

fn heads(who: Who) -> &'static Heads {
    static HEADS: LazyLock<[Heads; 4]> =
        LazyLock::new(|| ["works", "speaker", "target", "actor"].map(of_role));
    &HEADS[who as usize]
}

/// The words of one role of the file.
fn of_role(role: &str) -> Heads {
    let line =
        include_str!("../../lexicon/heads.tsv").lines().find(|line| line.split('\t').next() == Some(role));
    let mut fields = line.unwrap_or_default().split('\t').skip(1);
    let mut words = || fields.next().unwrap_or_default().split('|').filter(|word| !word.is_empty());
    Heads { chinese: words().collect(), english: words().collect() }
}

/// An English description from `from` to `end`, whose last word is a head, with what stands between its article and the head.
fn english(text: &str, from: usize, end: usize, who: Who) -> Option<Range<usize>> {
    let lead = &text[from..end];
    // «a metals strategist at a Geneva trading house»: the head may have its place of work behind it.
    let (phrase, _) = core(lead, who)?;
    let start = from + phrase.start;
    let words = &text[start..end];
    (!words.is_empty() && words.len() <= LONGEST).then_some(start..end)
}

/// The noun phrase that ends `lead`, and where its head begins.
fn core(lead: &str, who: Who) -> Option<(Range<usize>, usize)> {
    let mut words: Vec<Range<usize>> = Vec::new();
    let mut end = None;
    for (at, character) in lead.char_indices().rev() {
        let inside = character.is_ascii_alphanumeric() || matches!(character, '-' | '\'' | '’' | '&');
        match end {
            None if inside => end = Some(at + character.len_utf8()),
            Some(last) if !inside => {
                words.push(at + character.len_utf8()..last);
                end = None;
                if character != ' ' {
                    break;
                }
            }
            None if character != ' ' => break,
            _ => {}
        }
        if words.len() > 12 {
            break;
        }
    }
    if let Some(last) = end {
        words.push(0..last);
    }
    let word = |index: usize| &lead[words[index].clone()];
    let is_head = |index: usize| is_english_head(word(index), who);
    if words.is_empty() {
        return None;
    }
    // The head is the last word, or one before «at», «of» or «in» and a place of work.
    let mut head = 0;
    if let Some(link) = (1..words.len().min(7))
        .find(|index| matches!(word(*index), "at" | "of" | "with" | "from" | "for" | "in"))
        && link + 1 < words.len()
        && is_head(link + 1)
        && who == Who::Speaker
    {
        head = link + 1;
    }
    if !is_head(head) {
        return None;
    }
    let mut first = head;
    while first + 1 < words.len() && first - head < 6 {
        let next = word(first + 1);
        if is_determiner(next) {
            first += 1;
            break;
        }
        if is_stop(next) {
            break;
        }
        first += 1;
    }
    Some((words[first].start..lead.len(), words[head].start))
}

fn is_determiner(word: &str) -> bool {
    [
        "a", "an", "the", "some", "several", "two", "three", "four", "five", "many", "most", "both", "all",
        "its", "their", "one", "another", "other", "few", "no", "each", "every", "half",
    ]
    .iter()
    .any(|other| word.eq_ignore_ascii_case(other))
}

/// True for a word that cannot be of a description before its head.
fn is_stop(word: &str) -> bool {
    STOPS.iter().any(|other| word.eq_ignore_ascii_case(other))
}

const STOPS: &[&str] = &[
    "of", "in", "at", "by", "from", "for", "to", "with", "and", "or", "but", "that", "which", "while", "as",
    "on", "after", "before", "than", "if", "when", "where", "because", "since", "is", "are", "was", "were",
    "has", "have", "had", "will", "said", "says", "told", "according", "meanwhile", "however", "also", "so",
    "though", "although", "yet", "who", "among", "between", "into", "over", "under", "about", "per", "not",
    "do", "does", "did", "be", "been", "can", "could", "would", "may", "might", "should", "this", "these",
    "those", "out", "up", "down", "off", "during", "against", "without", "reported", "via", "today",
    "yesterday", "tomorrow", "learned", "sold", "bought", "made", "lets", "let", "now", "then", "only",
];

/// True if the word, or the word without its s, is a head.
fn is_english_head(word: &str, who: Who) -> bool {
    if !(3..=16).contains(&word.len()) || !word.is_ascii() {
        return false;
    }
    let mut buffer = [0_u8; 16];
    let folded = &mut buffer[..word.len()];
    folded.copy_from_slice(word.as_bytes());
    folded.make_ascii_lowercase();
    let Ok(folded) = std::str::from_utf8(folded) else { return false };
    let known = &heads(who).english;
    known.contains(folded) || folded.strip_suffix('s').is_some_and(|singular| known.contains(singular))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_go_back_to_their_beginning() {
        let cases: &[(&str, Who, &str)] = &[
            ("有天津贸易商", Who::Speaker, "天津贸易商"),
            ("据一家西南大型锡冶炼厂", Who::Works, "一家西南大型锡冶炼厂"),
            ("年产2万吨的电解锰厂", Who::Works, "电解锰厂"),
            ("Prices may ease, a minor metals trader", Who::Speaker, "a minor metals trader"),
            ("an engineer at a Queensland refinery", Who::Speaker, "an engineer at a Queensland refinery"),
            ("Last month three Turkish chrome producers", Who::Works, "three Turkish chrome producers"),
        ];
        for (text, who, expected) in cases {
            assert_eq!(at_end(text, 0..text.len(), *who).map(|span| &text[span]), Some(*expected), "{text}");
        }
        assert_eq!(at_end("铜价继续上涨", 0.."铜价继续上涨".len(), Who::Speaker), None);
    }

    #[test]
    fn the_nearest_description_is_found() {
        let cases: &[(&str, Option<&str>)] = &[
            ("广东某铝型材厂二月产量", Some("广东某铝型材厂")),
            ("出厂价", None),
            ("The large zinc smelters there cut output to", Some("The large zinc smelters")),
            ("Stocks rose to", None),
        ];
        for (text, expected) in cases {
            let found = nearest(text, 0..text.len(), Who::Works).map(|span| &text[span]);
            assert_eq!(found, *expected, "{text}");
        }
    }
}

//! Companies that the lexicon does not know, by the form of their names: «Example Resources (ASX: EXR)», «Example Mining».
//!
//! They keep their words and have no id. A Chinese name has no mark of where it begins; it is taken where its form says where it
//! ends, in `chinese`.

use std::cell::LazyCell;
use std::collections::HashSet;
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::items::{Item, What};
use crate::find;
use crate::mention::{Kind, Mention};

/// First words that make a group of goods or a sector of such a pair, not a company.
const GENERAL: &[&str] = &[
    "Base", "Battery", "Critical", "Strategic", "Minor", "Precious", "Clean", "Renewable", "New", "Natural",
    "Global", "Industrial", "Mineral", "Raw", "Rare", "Nuclear", "Solar", "Wind", "Green", "Crude", "The",
    "Stainless", "Other", "Ferrous", "Nonferrous", "Non-ferrous", "Specialty", "Advanced", "Magnet",
    "Cathode", "Anode", "Department", "Ministry",
];

/// Words that begin a sentence and no name.
const OPENERS: &[&str] = &[
    "The", "A", "An", "In", "On", "At", "For", "By", "But", "And", "While", "As", "Of", "From", "To", "With",
    "Since", "After", "Before", "Meanwhile", "Elsewhere", "Separately", "Both", "Its", "Their", "Our",
    "Also", "According", "If", "When", "Chinese", "European", "American", "Japanese", "Australian", "Indian",
    "Canadian", "Russian", "Korean",
];

/// What stands behind the name with which a company's own title begins.
const HEADS: &[&str] = &[
    ":", " Co", " –", " -", " —", " (", ", Ltd", ". ", " half", " Half", " annual", " Annual", " quarter",
    " Quarter", " results",
];

/// Longest name in words.
const LONGEST: usize = 5;

/// Longest code in brackets, in characters.
const CODE: usize = 40;

/// Puts the names into the row of items, in place of what they cover.
pub(super) fn add(text: &str, mentions: &[Mention<'_>], items: Vec<Item>) -> Vec<Item> {
    let spans = spans(text, mentions);
    if spans.is_empty() {
        return items;
    }
    let mut found = Vec::with_capacity(items.len() + spans.len());
    let mut spans = spans.into_iter().peekable();
    for item in items {
        while let Some(span) = spans.next_if(|span| span.start <= item.start) {
            found.push(Item { start: span.start, end: span.end, what: What::Name });
        }
        let covered =
            found.last().is_some_and(|last: &Item| last.what == What::Name && item.start < last.end);
        if !covered {
            found.push(item);
        }
    }
    found.extend(spans.map(|span| Item { start: span.start, end: span.end, what: What::Name }));
    found
}

/// Where names stand, in the order of the text, none inside another.
fn spans(text: &str, mentions: &[Mention<'_>]) -> Vec<Range<usize>> {
    let mut names: Vec<&str> = Vec::new();
    let quotes = LazyCell::new(|| mentions.iter().map(|mention| mention.quote).collect::<HashSet<&str>>());
    let mut start = 0;
    let mut held = Vec::new();
    for line in text.split('\n') {
        if may_name(line) {
            words(line, &mut held);
            in_line(line, &held, start, mentions, &mut names, |head| quotes.contains(head));
        }
        chinese_in_line(line, start, mentions, &mut names);
        start += line.len() + 1;
    }
    if names.is_empty() {
        return Vec::new();
    }
    names.sort_unstable();
    names.dedup();
    // One pass for all names: a text may have as many as it has lines.
    let Ok(finder) = AhoCorasick::builder().kind(Some(AhoCorasickKind::NoncontiguousNFA)).build(&names)
    else {
        return Vec::new();
    };
    let whole = |span: &Range<usize>| {
        !text[..span.start].ends_with(|c: char| c.is_ascii_alphanumeric())
            && !text[span.end..].starts_with(|c: char| c.is_ascii_alphanumeric())
    };
    let mut spans: Vec<Range<usize>> =
        finder.find_overlapping_iter(text).map(|found| found.range()).filter(whole).collect();
    // Of names that overlap the one that begins first counts, and of those the longest.
    spans.sort_unstable_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
    let mut end = 0;
    spans.retain(|span| {
        let free = span.start >= end;
        if free {
            end = span.end;
        }
        free
    });
    spans
}

/// False if no word of a line that begins with a capital has a bracket behind it or is the last of a company's name, so that
/// [`in_line`] finds nothing there.
fn may_name(line: &str) -> bool {
    let bytes = line.as_bytes();
    let mut at = 0;
    while let Some(offset) = bytes[at..].iter().position(u8::is_ascii_uppercase) {
        let start = at + offset;
        let rest = &bytes[start..];
        let length = rest.iter().take_while(|byte| is_inside(**byte)).count();
        at = start + length;
        let begins = start == 0 || !is_inside(bytes[start - 1]);
        if begins && (matches!(rest[length..], [b'(', ..] | [b' ', b'(', ..]) || is_suffix(&line[start..at]))
        {
            return true;
        }
    }
    false
}

/// True for the bytes of a word: letters, digits and hyphens.
#[inline]
fn is_inside(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}

/// Collects the names of one line with its words, which begins at `start`; a name of several words also by its first, unless that is the whole
/// of a mention.
fn in_line<'t>(
    line: &'t str,
    words: &[Range<usize>],
    start: usize,
    mentions: &[Mention<'_>],
    names: &mut Vec<&'t str>,
    is_mention: impl Fn(&str) -> bool,
) {
    let capital = |word: &Range<usize>| line[word.clone()].starts_with(|c: char| c.is_ascii_uppercase());
    // A title in capitals tells nothing by them; a Latin name in a Chinese line does.
    let latin = line.bytes().filter(u8::is_ascii).count() * 2 > line.len();
    let titled = latin && words.iter().filter(|word| capital(word)).count() * 2 > words.len();
    for (index, word) in words.iter().enumerate() {
        if !capital(word) {
            continue;
        }
        let behind = &line[word.end..];
        let coded = is_coded(behind);
        let heads = start == 0 && index < LONGEST && HEADS.iter().any(|head| behind.starts_with(head));
        let suffix = (!titled || heads) && is_suffix(&line[word.clone()]) && !behind.starts_with(" and ");
        if !(coded || suffix) {
            continue;
        }
        let mut first = index;
        while first > 0
            && index - first + 1 < LONGEST
            && capital(&words[first - 1])
            && matches!(&line[words[first - 1].end..words[first].start], " " | " & ")
        {
            first -= 1;
        }
        while first < index
            && (OPENERS.contains(&&line[words[first].clone()])
                || is_time(start + words[first].start, mentions))
        {
            first += 1;
        }
        let span = words[first].start..word.end;
        let general = GENERAL.contains(&&line[words[first].clone()]);
        if !coded && (first == index || general) || is_known(start + span.start..start + span.end, mentions) {
            continue;
        }
        let name = &line[span];
        if name.len() >= 4 {
            names.push(name);
        }
        let head = &line[words[first].clone()];
        if first < index && head.len() >= 4 && !general && !is_mention(head) {
            names.push(head);
        }
    }
}

/// Last characters of a Chinese company's registered name.
const CHINESE_FORMS: &[&str] = &["股份有限公司", "有限责任公司", "有限公司", "股份公司"];

/// Last characters of the short name of a listed Chinese company.
const CHINESE_TRADES: &[&str] = &[
    "股份", "集团", "矿业", "稀土", "锂业", "科技", "新材", "钴业", "镍业", "钨业", "钼业", "镁业", "铝业",
    "铜业", "锌业", "锡业", "锑业", "钛业", "锗业", "铀业", "硅业", "有色", "冶炼", "材料", "能源", "资源",
    "控股", "化工", "磁材", "磁业", "钢铁", "特钢", "黄金", "实业", "电气", "智能", "重工", "环保", "化学",
    "国际", "电池", "技术", "高科", "股权", "时代", "电源", "储能", "合金", "镁", "钒钛", "铜箔", "碳业",
    "贵金属",
];

/// Collects Chinese names of one line: what has a ticker behind it (某某新材(688000)), and a registered name (某某有限公司).
fn chinese_in_line<'t>(line: &'t str, start: usize, mentions: &[Mention<'_>], names: &mut Vec<&'t str>) {
    if line.is_ascii() {
        return;
    }
    let mut push = |from: usize, to: usize, least: usize| {
        let name = &line[from..to];
        let long = name.chars().count() >= least;
        if long && !is_known(start + from..start + to, mentions) && !is_cut(start + from, mentions) {
            names.push(name);
        }
    };
    for at in ["(", "（"].iter().flat_map(|mark| find::each(line, mark)) {
        if is_coded(&start_of(&line[at..]).replacen('（', "(", 1).replacen('）', ")", 1)) {
            let from = chinese_start(line, at, 24);
            let name = &line[from..at];
            let ends = CHINESE_TRADES.iter().any(|trade| name.ends_with(trade));
            if ends || name.chars().count() <= 6 {
                push(from, at, 3);
            }
        }
    }
    // All of them end so.
    let forms = if find::find(line, "公司").is_some() { CHINESE_FORMS } else { &[] };
    for (at, form) in forms.iter().flat_map(|form| line.match_indices(form)) {
        push(chinese_start(line, at, 60), at + form.len(), form.chars().count() + 3);
    }
}

/// True if a name of the lexicon, a number or a time is cut through at `at`.
fn is_cut(at: usize, mentions: &[Mention<'_>]) -> bool {
    let next = mentions.partition_point(|mention| mention.end_byte <= at);
    mentions.get(next).is_some_and(|mention| mention.start_byte < at)
}

/// Where a Chinese name that ends at `end` begins: behind a mark or a word that joins, at most `most` bytes before.
fn chinese_start(line: &str, end: usize, most: usize) -> usize {
    let mut from = end;
    for (at, character) in line[..end].char_indices().rev() {
        let joins = matches!(
            character,
            '和' | '与'
                | '及'
                | '对'
                | '向'
                | '由'
                | '据'
                | '为'
                | '将'
                | '在'
                | '从'
                | '是'
                | '有'
                | '的'
                | '以'
                | '称'
        );
        if end - at > most || joins || !(character as u32 >= 0x4e00 && (character as u32) < 0xa000) {
            break;
        }
        from = at;
    }
    from
}

/// True if a time stands at `at`: May, March.
/// As much of a text as a code in brackets may take.
fn start_of(text: &str) -> &str {
    let end = text.char_indices().nth(CODE).map_or(text.len(), |(at, _)| at);
    &text[..end]
}

fn is_time(at: usize, mentions: &[Mention<'_>]) -> bool {
    let next = mentions.partition_point(|mention| mention.end_byte <= at);
    mentions.get(next).is_some_and(|mention| mention.kind == Kind::Time && mention.start_byte <= at)
}

/// True for the last word of a company's name.
fn is_suffix(word: &str) -> bool {
    matches!(
        word,
        "Ltd"
            | "Limited"
            | "plc"
            | "PLC"
            | "Inc"
            | "Corp"
            | "Corporation"
            | "Co"
            | "AG"
            | "NV"
            | "SA"
            | "ASA"
            | "AB"
            | "GmbH"
            | "Bhd"
            | "Tbk"
            | "Resources"
            | "Mining"
            | "Minerals"
            | "Metals"
            | "Materials"
            | "Industries"
            | "Holdings"
            | "Group"
            | "Energy"
            | "Energies"
            | "Steel"
            | "Technologies"
            | "Technology"
            | "Chemicals"
            | "Chemical"
            | "Exploration"
            | "Refining"
            | "Smelting"
            | "Royalties"
            | "Power"
            | "Motors"
            | "Magnesium"
            | "Lithium"
            | "Uranium"
            | "Battery"
            | "Solar"
    )
}

/// Puts the words of a line into a list: letters, digits, points and hyphens between blanks and other marks.
fn words(line: &str, found: &mut Vec<Range<usize>>) {
    found.clear();
    let mut begin = None;
    for (at, byte) in line.bytes().chain([b' ']).enumerate() {
        let inside = is_inside(byte);
        match begin {
            None if inside => begin = Some(at),
            Some(start) if !inside => {
                found.push(start..at);
                begin = None;
            }
            _ => {}
        }
    }
}

/// True for « (ASX: EXR)» and « (600111.SH)» behind a word: an exchange and a code.
fn is_coded(behind: &str) -> bool {
    let Some(rest) = behind.strip_prefix(" (").or_else(|| behind.strip_prefix('(')) else { return false };
    let Some(inside) = rest.find(')').map(|end| &rest[..end]) else { return false };
    let listed = inside.split_once([':', '：']).is_some_and(|(exchange, code)| {
        exchange.len() <= 8
            && exchange.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b' ')
            && code.trim().len() <= 8
    });
    let number = inside.split('.').next().unwrap_or_default();
    let numbered =
        matches!(number.len(), 4..=6) && number.bytes().all(|byte| byte.is_ascii_digit()) && inside.len() > 4;
    listed || numbered
}

/// True if the lexicon knows the name, or it is no company: a mention covers it whole, or an exchange, country or agency
/// is in it.
fn is_known(span: Range<usize>, mentions: &[Mention<'_>]) -> bool {
    let from = mentions.partition_point(|mention| mention.end_byte <= span.start);
    mentions[from..].iter().take_while(|mention| mention.start_byte < span.end).any(|mention| {
        let covers = mention.start_byte <= span.start && span.end <= mention.end_byte;
        let id = mention.id.as_deref().unwrap_or_default();
        let ends = mention.end_byte == span.end && mention.start_byte > span.start;
        covers
            || matches!(mention.kind, Kind::Time)
            || ["exchange/", "agency/", "index/", "measure/", "institution/"]
                .iter()
                .any(|kind| id.starts_with(kind))
            || ends && id.starts_with("company/")
            // The tail of a known name: «Plus Inc» in «5N Plus Inc».
            || mention.start_byte < span.start
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Context, Reader};

    fn read(text: &str) -> Vec<&str> {
        let mentions = Reader::standard().read(text, &Context::default());
        spans(text, &mentions).into_iter().map(|span| &text[span]).collect()
    }

    #[test]
    fn companies_are_known_by_the_form_of_their_names() {
        let cases: &[(&str, &[&str])] = &[
            ("Quarrex (ASX: QRX) sold 300 t of tin.", &["Quarrex"]),
            (
                "In May Dunmoor Resources made 300 t, and Dunmoor sold it all.",
                &["Dunmoor Resources", "Dunmoor"],
            ),
            ("Prices of Battery Metals rose, traders in base metals said.", &[]),
            ("MP Materials (NYSE: MP) produced more, its manager told a meeting of miners.", &[]),
            ("Copper Prices And Tin Resources", &[]),
            (
                "Dunmoor Energies: Third-Quarter Call\nIn all Dunmoor sold more tin than before.",
                &["Dunmoor Energies", "Dunmoor"],
            ),
            ("The price rose (in May) to new highs for all.", &[]),
        ];
        for (text, names) in cases {
            assert_eq!(read(text), *names, "{text}");
        }
    }
}

//! Words around a figure that say how it is counted, restrict it, or tell its edition, whether a claim has a slot for them or not.

mod words;

use std::ops::Range;

use self::words::{BASES, EDITIONS, GRADES, SCOPES, STEMS};

/// How figures of this passage are counted: each with the place of its words, in bytes.
pub(crate) fn bases(passage: &str) -> Vec<(&'static str, Range<usize>)> {
    let lower = passage.to_lowercase();
    if lower.len() != passage.len() {
        // Few letters change their length with their case; places would be wrong.
        return Vec::new();
    }
    let mut found: Vec<(&'static str, Range<usize>)> = Vec::new();
    for (word, id) in BASES {
        let Some(at) = places(&lower, word).next() else { continue };
        let span = at..at + word.len();
        let within = found.iter().any(|(_, known)| known.start <= span.start && span.end <= known.end);
        if !within && !found.iter().any(|(known, _)| known == id) {
            found.push((id, span));
        }
    }
    found
}

/// What a way to count is about; two ways that are about one thing exclude each other.
pub(crate) fn axis(basis: &str) -> Option<&'static str> {
    Some(match basis.strip_prefix("basis/")? {
        "vat-included" | "vat-excluded" => "tax",
        "gross-weight" | "metal-content" | "LCE" | "REO" | "equivalent" => "content",
        "dry" | "wet" => "moisture",
        "attributable" | "whole" => "ownership",
        "spot" | "futures" | "term" => "market",
        "CIF" | "FOB" | "ex-works" | "DDP" => "delivery",
        _ => return None,
    })
}

/// What restricts a figure in this passage, sorted and each once.
#[must_use]
pub(crate) fn scopes(passage: &str) -> Vec<String> {
    let mut scopes = found(passage, SCOPES);
    if let Some(asked) = asked(passage) {
        scopes.retain(|scope| scope != "sample" && scope != "large");
        scopes.push(asked);
        scopes.sort_unstable();
    }
    scopes
}

/// How many companies, ports or mines were asked: «33家企业», «46 large makers». Who asks others has another figure.
fn asked(passage: &str) -> Option<String> {
    const WHO: &[&str] = &[
        "ports", "smelters", "producers", "companies", "plants", "refineries", "mills", "miners", "makers",
        "enterprises", "firms",
    ];
    const JOINTS: &[&str] = &["and", "the", "to", "by", "in", "for", "from", "a", "as", "at"];
    let numbers = passage.char_indices().filter(|(at, c)| {
        c.is_ascii_digit()
            && !passage[..*at].ends_with(|c: char| c.is_ascii_alphanumeric() || ".,-".contains(c))
    });
    numbers.into_iter().find_map(|(at, _)| {
        let rest = &passage[at..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let behind = &rest[digits..];
        let chinese = ["家", "港", "个港口", "个地区", "大港口"].iter().any(|word| behind.starts_with(word));
        // «2032, the companies said» counts no companies.
        let own = behind.split([',', '.', ';', '(']).next().unwrap_or_default();
        let mut words = own.split(' ').skip(1).take(5).take_while(|word| !JOINTS.contains(word));
        let year = digits == 4 && rest[..digits].parse().is_ok_and(|year: u32| (1900..2100).contains(&year));
        let english = !year && behind.starts_with(' ') && words.any(|word| WHO.contains(&word));
        (chinese || english).then(|| format!("of-{}", &rest[..digits]))
    })
}

/// What tells the edition in this passage, sorted and each once.
#[must_use]
pub(crate) fn editions(passage: &str) -> Vec<String> {
    found(passage, EDITIONS)
}

/// True if a sentence speaks of its publisher's own figures, or of a company that is not named again.
pub(crate) fn of_itself(sentence: &str) -> bool {
    const WORDS: &[&str] = &["公司", "我们", "本集团", " our ", " we ", "the company", "the group's"];
    let padded = format!(" {} ", sentence.to_lowercase());
    WORDS.iter().any(|word| padded.contains(word))
}

/// True if two passages speak of two grades, purities or contracts: each names one, and none is named by both.
pub(crate) fn two_grades(one: &str, other: &str) -> bool {
    let (left, right) = (grades(one), grades(other));
    !left.is_empty() && !right.is_empty() && !left.iter().any(|grade| right.contains(grade))
}

/// Grades in a passage, with purities such as 4N and the months of contracts, 2509合约.
fn grades(passage: &str) -> Vec<String> {
    let mut grades = found(passage, GRADES);
    let lower = passage.to_lowercase();
    grades.extend(deliveries(&lower));
    for (at, letter) in lower.char_indices().filter(|(_, letter)| letter.is_ascii_digit()) {
        let free = !lower[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '.' || c == ',');
        let rest = &lower[at..];
        let digits = rest.chars().take_while(char::is_ascii_digit).count();
        let behind = &rest[digits..];
        let ends = |c: char| !c.is_ascii_alphanumeric();
        if free
            && digits == 1
            && behind.strip_prefix('n').is_some_and(|next| next.is_empty() || next.starts_with(ends))
        {
            grades.push(format!("{letter}n"));
        }
        let decimals =
            behind.strip_prefix('.').map(|rest| rest.bytes().take_while(u8::is_ascii_digit).count());
        let purity = format!("{}{}", &rest[..digits], &behind[..decimals.map_or(0, |count| count + 1)]);
        if free && digits == 2 && purity.starts_with("99") && rest[purity.len()..].starts_with('%') {
            grades.push(purity);
        }
        if free && digits == 4 && (behind.starts_with("合约") || behind.starts_with(" contract")) {
            grades.push(rest[..digits].to_owned());
        }
    }
    grades
}

/// The months of contracts and deliveries in a passage in lower case: «the December contract», 12月合约.
fn deliveries(lower: &str) -> Vec<String> {
    const MONTHS: [&str; 12] = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
        "november", "december",
    ];
    const BEHIND: [&str; 6] = [" contract", " futures", " delivery", "-dated", "月合约", "月交割"];
    let named = |name: &str| BEHIND[..4].iter().any(|behind| lower.contains(&format!("{name}{behind}")));
    let numbered = |number: usize| {
        BEHIND[4..].iter().any(|behind| {
            let word = format!("{number}{behind}");
            lower.match_indices(&word).any(|(at, _)| !lower[..at].ends_with(|c: char| c.is_ascii_digit()))
        })
    };
    let months = MONTHS.iter().enumerate().filter(|(at, name)| named(name) || numbered(at + 1));
    months.map(|(at, _)| format!("month-{}", at + 1)).collect()
}

/// What the words of a list that stand in a passage mean, sorted and each once; a word within a longer one (计副产品 in 未计副产品) does
/// not count there.
fn found(passage: &str, words: &[(&str, &str)]) -> Vec<String> {
    let lower = passage.to_lowercase();
    let hits: Vec<(Range<usize>, &str)> = words
        .iter()
        .flat_map(|(word, means)| places(&lower, word).map(move |at| (at..at + word.len(), *means)))
        .collect();
    let within = |hit: &Range<usize>| {
        let holds = |other: &Range<usize>| other.start <= hit.start && hit.end <= other.end;
        hits.iter().any(|(other, _)| other.len() > hit.len() && holds(other))
    };
    // A word that means nothing hides a shorter one: «its own funds» are no output of its own mines.
    let outer = hits.iter().filter(|(hit, means)| !within(hit) && !means.is_empty());
    let mut found: Vec<String> = outer.map(|(_, means)| (*means).to_owned()).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Where `word` stands in `text`: a Latin word as a whole word, of which the plural counts; one that ends in a hyphen's stem
/// («revis») at the beginning of a word.
fn places<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let latin = word.starts_with(|c: char| c.is_ascii_alphabetic());
    let stem = STEMS.contains(&word);
    text.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let before = text[..*at].ends_with(|c: char| c.is_ascii_alphanumeric());
        let rest = &text[at + word.len()..];
        let rest = rest.strip_prefix('s').unwrap_or(rest);
        let behind = rest.starts_with(|c: char| c.is_ascii_alphanumeric());
        !latin || !before && (stem || !behind)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_mean_one_thing() {
        let ids = |passage| bases(passage).into_iter().map(|(id, _)| id).collect::<Vec<_>>();
        assert_eq!(ids("权益产量1.2万吨"), ids("attributable output of 12,000 t"));
        assert_eq!(ids("不含增值税"), ["basis/vat-excluded"]);
        assert_eq!(ids("value-added tax included"), ["basis/vat-included"]);
        assert_eq!(editions("海关总署修订后的数据"), editions("revised customs data"));
        assert_eq!(scopes("the unit's output"), scopes("其子公司的产量"));
        assert_eq!(scopes("未计副产品的现金成本"), scopes("cash cost before by-product credits"));
    }

    #[test]
    fn grades_are_told_apart_only_where_both_name_one() {
        assert!(two_grades("4N镓报价", "6N gallium was quoted"));
        assert!(two_grades("电池级碳酸锂均价", "工业级碳酸锂均价"));
        assert!(two_grades("沪铜2509合约收于", "沪铜2510合约收于"));
        assert!(!two_grades("battery-grade lithium carbonate", "碳酸锂均价"));
        assert!(!two_grades("battery-grade lithium carbonate", "电池级碳酸锂"));
        assert!(!two_grades("产量4,000吨", "output of 5,000 t"));
    }

    #[test]
    fn only_who_is_asked_is_counted() {
        assert_eq!(scopes("operating rates at 46 large makers of rod"), ["of-46"]);
        assert_eq!(scopes("33家企业开工率"), ["of-33"]);
        assert!(scopes("between 2028 and 2032, the companies said").is_empty());
        assert!(scopes("sold 12,500 t to the producers").is_empty());
    }

    #[test]
    fn words_within_words_do_not_count() {
        assert!(scopes("grown in the United States").is_empty());
        assert!(bases("a spotted dmtx").is_empty());
        assert_eq!(scopes("未计副产品"), ["gross"]);
        assert_eq!(scopes("未计副产品"), scopes("before by-product"));
        // Each place counts on its own.
        assert_eq!(scopes("未计副产品为5美元，计副产品为3美元"), ["gross", "net"]);
        assert_eq!(scopes("首批配额"), ["batch"]);
    }
}

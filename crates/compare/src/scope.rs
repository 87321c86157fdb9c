//! Words around a figure that say how it is counted, restrict it, or tell its edition, whether a claim has a slot for them or not.

use std::ops::Range;

/// How a figure may be counted: the word in either language, and what it means. Those of one axis ([`axis`]) exclude each other.
const BASES: &[(&str, &str)] = &[
    ("不含税", "basis/vat-excluded"),
    ("不含增值税", "basis/vat-excluded"),
    ("未税", "basis/vat-excluded"),
    ("excluding vat", "basis/vat-excluded"),
    ("vat excluded", "basis/vat-excluded"),
    ("ex-vat", "basis/vat-excluded"),
    ("without vat", "basis/vat-excluded"),
    ("net of vat", "basis/vat-excluded"),
    ("before vat", "basis/vat-excluded"),
    ("excluding value-added tax", "basis/vat-excluded"),
    ("value-added tax excluded", "basis/vat-excluded"),
    ("excluding tax", "basis/vat-excluded"),
    ("tax excluded", "basis/vat-excluded"),
    ("含税", "basis/vat-included"),
    ("含增值税", "basis/vat-included"),
    ("including vat", "basis/vat-included"),
    ("vat included", "basis/vat-included"),
    ("vat-inclusive", "basis/vat-included"),
    ("with vat", "basis/vat-included"),
    ("including value-added tax", "basis/vat-included"),
    ("value-added tax included", "basis/vat-included"),
    ("gst included", "basis/vat-included"),
    ("including gst", "basis/vat-included"),
    ("tax included", "basis/vat-included"),
    ("including tax", "basis/vat-included"),
    ("实物量", "basis/gross-weight"),
    ("实物吨", "basis/gross-weight"),
    ("毛重", "basis/gross-weight"),
    ("gross weight", "basis/gross-weight"),
    ("product weight", "basis/gross-weight"),
    ("金属量", "basis/metal-content"),
    ("金属吨", "basis/metal-content"),
    ("折金属", "basis/metal-content"),
    ("含量", "basis/metal-content"),
    ("contained", "basis/metal-content"),
    ("metal content", "basis/metal-content"),
    ("metal tonnes", "basis/metal-content"),
    ("metal tons", "basis/metal-content"),
    ("碳酸锂当量", "basis/LCE"),
    ("lce", "basis/LCE"),
    ("lithium carbonate equivalent", "basis/LCE"),
    ("干吨", "basis/dry"),
    ("干基", "basis/dry"),
    ("dry ton", "basis/dry"),
    ("dry tonne", "basis/dry"),
    ("dry metric", "basis/dry"),
    ("dmt", "basis/dry"),
    ("湿吨", "basis/wet"),
    ("湿基", "basis/wet"),
    ("wet ton", "basis/wet"),
    ("wet tonne", "basis/wet"),
    ("wet metric", "basis/wet"),
    ("wmt", "basis/wet"),
    ("权益", "basis/attributable"),
    ("attributable share", "basis/attributable"),
    ("attributable output", "basis/attributable"),
    ("attributable production", "basis/attributable"),
    ("100%口径", "basis/whole"),
    ("100%基准", "basis/whole"),
    ("100% basis", "basis/whole"),
    ("现货", "basis/spot"),
    ("spot", "basis/spot"),
    ("期货", "basis/futures"),
    ("合约", "basis/futures"),
    ("主力", "basis/futures"),
    ("盘面", "basis/futures"),
    ("futures", "basis/futures"),
    ("forward", "basis/futures"),
    ("长单", "basis/term"),
    ("长协", "basis/term"),
    ("long-term contract", "basis/term"),
    ("cif", "basis/CIF"),
    ("到岸", "basis/CIF"),
    ("fob", "basis/FOB"),
    ("离岸", "basis/FOB"),
    ("出厂", "basis/ex-works"),
    ("ex-works", "basis/ex-works"),
    ("exw", "basis/ex-works"),
    ("ddp", "basis/DDP"),
];

/// What restricts a figure: the word in either language, and what it means. «The first batch» is not the year's quota, «the
/// unit's profit» not the group's. Two statements whose restrictions differ never contradict each other by their values.
const SCOPES: &[(&str, &str)] = &[
    ("首批", "batch"),
    ("批", "batch"),
    ("batch", "batch"),
    ("tranche", "batch"),
    ("子公司", "part-of-company"),
    ("基地", "part-of-company"),
    ("事业部", "part-of-company"),
    ("subsidiary", "part-of-company"),
    ("subsidiaries", "part-of-company"),
    ("unit", "part-of-company"),
    ("division", "part-of-company"),
    ("base", "part-of-company"),
    ("自有", "own"),
    ("自产", "own"),
    ("own", "own"),
    ("累计", "cumulative"),
    ("cumulative", "cumulative"),
    ("以来", "so-far"),
    ("so far", "so-far"),
    ("to date", "so-far"),
    ("季调", "adjusted"),
    ("季节性", "adjusted"),
    ("seasonally", "adjusted"),
    ("扣除", "net"),
    ("计副产品", "net"),
    ("未计副产品", "gross"),
    ("副产品抵扣", "net"),
    ("net cash cost", "net"),
    ("net of by-product", "net"),
    ("after by-product", "net"),
    ("before by-product", "gross"),
    ("毛额", "gross"),
    ("净额", "net"),
    ("净对价", "net"),
    ("净进口", "net"),
    ("净出口", "net"),
    ("税后", "net"),
    ("net of", "net"),
    ("net imports", "net"),
    ("net exports", "net"),
    ("毛利", "gross"),
    ("gross", "gross"),
    ("扣非", "excluding"),
    ("剔除", "excluding"),
    ("不包括", "excluding"),
    ("excluding", "excluding"),
    ("excludes", "excluding"),
    ("outside", "outside"),
    ("以外", "outside"),
    ("除中国", "outside"),
    ("除美国", "outside"),
    ("不含中国", "outside"),
    ("海外", "outside"),
    ("ex-china", "outside"),
    ("rest of the world", "outside"),
    ("rest of world", "outside"),
    ("without china", "outside"),
    ("之外", "outside"),
    ("高品位", "high-grade"),
    ("high-grade", "high-grade"),
    ("低品位", "low-grade"),
    ("low-grade", "low-grade"),
    ("其中", "of-which"),
    ("of which", "of-which"),
    ("最高", "high"),
    ("highest", "high"),
    ("最低", "low"),
    ("lowest", "low"),
];

/// Grades and terms of which one is not the other: the words in either language, and what they mean. Who says none may mean any.
const GRADES: &[(&str, &str)] = &[
    ("电池级", "battery"),
    ("battery-grade", "battery"),
    ("battery grade", "battery"),
    ("工业级", "technical"),
    ("technical-grade", "technical"),
    ("technical grade", "technical"),
    ("industrial-grade", "technical"),
    ("industrial grade", "technical"),
    ("化学级", "chemical"),
    ("chemical-grade", "chemical"),
    ("chemical grade", "chemical"),
    ("冶金级", "metallurgical"),
    ("metallurgical-grade", "metallurgical"),
    ("metallurgical grade", "metallurgical"),
    ("酸级", "acid"),
    ("acid-grade", "acid"),
    ("acid grade", "acid"),
    ("acidspar", "acid"),
    ("冶炼级", "met"),
    ("metspar", "met"),
    ("三月期", "three-month"),
    ("三个月期", "three-month"),
    ("three-month", "three-month"),
    ("现货月", "cash"),
    ("lme cash", "cash"),
    ("近月", "front-month"),
    ("front-month", "front-month"),
];

/// What tells the edition of a figure.
const EDITIONS: &[(&str, &str)] = &[
    ("初步", "preliminary"),
    ("preliminary", "preliminary"),
    ("provisional", "preliminary"),
    ("flash estimate", "preliminary"),
    ("最终数据", "final"),
    ("终值", "final"),
    ("final figure", "final"),
    ("final data", "final"),
    ("final accounts", "final"),
    ("修订", "revised"),
    ("修正", "revised"),
    ("改记", "revised"),
    ("追溯调整", "revised"),
    ("调整后", "revised"),
    ("重述", "revised"),
    ("更新", "revised"),
    ("上修", "revised"),
    ("下修", "revised"),
    ("revis", "revised"),
    ("restate", "revised"),
    ("updated", "revised"),
    ("更正", "corrected"),
    ("勘误", "corrected"),
    ("correct", "corrected"),
    ("misstated", "corrected"),
    ("上调至", "revised"),
    ("下调至", "revised"),
    ("预测下调", "revised"),
    ("预测上调", "revised"),
    ("lowers its forecast", "revised"),
    ("raises its forecast", "revised"),
    ("lowered its forecast", "revised"),
    ("raised its forecast", "revised"),
    ("新版", "revised"),
    ("最新一版", "revised"),
    ("latest edition", "revised"),
    ("new edition", "revised"),
];

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
        "gross-weight" | "metal-content" | "LCE" | "REO" => "content",
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
    found(passage, SCOPES)
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
        if free && digits == 4 && (behind.starts_with("合约") || behind.starts_with(" contract")) {
            grades.push(rest[..digits].to_owned());
        }
    }
    grades
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
    let outer = hits.iter().filter(|(hit, _)| !within(hit));
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

/// Words that count with any ending.
const STEMS: &[&str] = &["revis", "restate", "correct"];

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

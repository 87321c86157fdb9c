//! Whether parts stand beside each other: own money and lent money, and not a part of another part.

use crate::figure::Figure;
use crate::page::Page;
use crate::words::has;

/// True for an investment and two sources of its money, own and lent: 总投资48亿元，自有资金18亿元，银行贷款30亿元.
pub(super) fn funded(page: &Page<'_>, total: &Figure<'_>, parts: &[&Figure<'_>]) -> bool {
    const COST: &[&str] = &["投资", "投入", "investment", "budget", "bill"];
    const OWN: &[&str] = &["自有资金", "自筹", "资本金", "equity", "own funds", "own cash"];
    const LENT: &[&str] = &["贷款", "银行融资", "debt", "loan", "loans", "borrowed", "borrowing"];
    let around = |figure: &Figure<'_>| {
        let told = page.sentence_of(figure);
        told.map(|told| page.near_before(told, figure) + "|" + &page.near_behind(told, figure))
    };
    let says = |figure: &Figure<'_>, words: &[&str]| around(figure).is_some_and(|around| has(&around, words));
    let &[one, other] = parts else { return false };
    let both = says(one, OWN) && says(other, LENT) || says(one, LENT) && says(other, OWN);
    both && says(total, COST)
}

/// True if what one part is called contains what another is called: 磁材, 磁材海外收入.
pub(super) fn overlap(page: &Page<'_>, parts: &[&Figure<'_>]) -> bool {
    const PLAIN: [&str; 12] =
        ["收入", "营收", "产量", "销量", "分别", "其中", "以及", "为", "达", "和", "及", "约"];
    let name = |part: &Figure<'_>| {
        let told = page.sentence_of(part)?;
        let start = page.text[told.span.start..part.span.start]
            .char_indices()
            .rfind(|(_, letter)| "，、；：,;:".contains(*letter))
            .map_or(told.span.start, |(at, letter)| told.span.start + at + letter.len_utf8());
        let last = page.of(told).iter().rev().find(|figure| figure.span.end <= part.span.start);
        let words = page.text.get(start.max(last.map_or(start, |last| last.span.end))..part.span.start)?;
        let plain = PLAIN.iter().fold(words.trim().to_owned(), |words, plain| words.replace(plain, ""));
        (!plain.is_ascii() && plain.chars().count() > 1).then_some(plain)
    };
    let names: Vec<String> = parts.iter().filter_map(|part| name(part)).collect();
    let inside = |(at, one): (usize, &String)| {
        names
            .iter()
            .enumerate()
            .any(|(other, long)| other != at && long.len() > one.len() && long.starts_with(one.as_str()))
    };
    names.iter().enumerate().any(inside)
}

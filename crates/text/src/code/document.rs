//! Numbers that name a document or a good: notices, standards, customs codes. The word before the number is no part of it.

use super::{Found, code_of, skip};
use crate::first::Firsts;
use crate::view::{View, is_han};

/// Chinese words behind which digits are a code, whatever they look like.
const LABELS: &[&str] =
    &["代码", "邮编", "编号", "编码", "电话", "税号", "则号", "税则", "号列", "热线", "传真"];

/// Nouns that a numbered paper has.
const PAPERS: &[&str] = &["文", "公告", "令", "决定", "通知", "文件", "通告", "法案", "法令", "规定", "条例"];

/// English nouns behind a numbered plant or machine, whose number is an ordinal and no code.
const PLANTS: &[&str] = &[
    "blast", "furnace", "line", "mine", "smelter", "plant", "unit", "reactor", "well", "shaft", "kiln",
    "potline", "vessel", "berth", "mill", "converter", "coke", "pit", "battery", "crusher", "copper",
    "cathode", "heavy", "nickel", "lead", "zinc", "tin", "antimony", "silver", "scrap", "cobalt",
    "aluminium", "aluminum",
];

/// True for the noun of a plant or machine.
pub(super) fn is_plant(noun: &str) -> bool {
    PLANTS.contains(&noun)
}

/// True behind 代码, 邮编, 公告编号 and the like.
pub(super) fn behind_label(view: &View<'_>, at: usize) -> bool {
    let mut back = view.blanks_back(at);
    if matches!(view.before(back), ':' | '：' | '为') {
        back = view.blanks_back(back - 1);
    }
    const FIRSTS: Firsts = Firsts::of(LABELS);
    back >= 2
        && FIRSTS.may_be(view.get(back - 2))
        && LABELS.iter().any(|label| view.starts_with(back - 2, label))
}

/// True behind a comma and as many digits: one of a list of customs codes.
pub(super) fn follows_code(view: &View<'_>, at: usize, count: usize) -> bool {
    let mark = view.blanks_back(at);
    let start = mark.saturating_sub(count + 1);
    matches!(view.before(mark), '、' | ',' | '，' | '/' | '和')
        && mark > count
        && view.digits(start).is_some_and(|digits| digits.count == count && digits.end == mark - 1)
        && !view.before(start).is_ascii_digit()
}

/// The end of digits with points, hyphens and the blanks of a customs code: `2846.90`, `2025-018`, `3206 11 00`.
pub(super) fn run(view: &View<'_>, at: usize) -> Option<usize> {
    let first = view.digits(at)?;
    let mut end = first.end;
    loop {
        let next = match view.get(end) {
            '.' | '-' => end + 1,
            ' ' if view.get(end + 1) == '.' && view.get(end + 2) == ' ' => end + 3,
            ' ' if matches!(first.count, 4 | 6) && end > at => end + 1,
            _ => return Some(end),
        };
        let Some(digits) = view.digits(next) else { return Some(end) };
        // Behind a blank only the pairs of digits that customs codes go on with.
        let spaced = view.get(next - 1) == ' ';
        let more = view.get(digits.end);
        if spaced && (digits.count != 2 || more.is_ascii_alphanumeric() || matches!(more, '%' | ',')) {
            return Some(end);
        }
        end = digits.end;
    }
}

/// "HS 2825.80", "HS code 280530", "CAS 7440-36-0", "CN code ex 3206 11 00"
pub(super) fn labelled(view: &View<'_>, after: usize) -> Option<Found> {
    let mut here = view.blanks(after);
    for label in ["codes", "code", "编码", "heading", "no.", "号", "为", "ex"] {
        if view.starts_with(here, label) {
            here = view.blanks(here + label.chars().count());
        }
    }
    if matches!(view.get(here), ':' | '：') {
        here = view.blanks(here + 1);
    }
    Some(code_of(here..run(view, here)?))
}

/// "No. 87", "No. 12/25"; but "the No. 3 blast furnace" counts nothing and names no paper.
pub(super) fn number(view: &View<'_>, after: usize) -> Option<Found> {
    let start = view.blanks(after);
    let mut end = view.digits(start)?.end;
    loop {
        let sign = view.blanks(end);
        if !matches!(view.get(sign), '-' | '/') {
            break;
        }
        let Some(next) = view.digits(view.blanks(sign + 1)) else { break };
        end = next.end;
    }
    if view.next_word(end).is_some_and(|noun| is_plant(noun.as_str())) {
        return skip(end);
    }
    Some(code_of(start..end))
}

/// `2025-018`, `2024-067`: the year and the number of an announcement. In 2025年第61号 the number is a code of its own.
pub(super) fn of_year(view: &View<'_>, at: usize) -> Option<Found> {
    let year = view.digits(at).filter(|year| year.count == 4 && (1990..2100).contains(&year.value))?;
    let number = view.digits(year.end + 1).filter(|number| number.count == 3 && view.get(year.end) == '-')?;
    let more = view.get(number.end);
    let other = more.is_ascii_alphanumeric() || matches!(more, '-' | '%' | '年' | '万' | '亿' | '元' | '吨');
    (!other).then(|| code_of(at..number.end))
}

/// 川商函〔2025〕12, without its 号: the paper's number begins with the office's short name.
pub(super) fn bracketed_year(view: &View<'_>, at: usize) -> Option<Found> {
    let close = match view.get(at) {
        '〔' => '〕',
        '[' => ']',
        '【' => '】',
        _ => return None,
    };
    let year = view.digits(at + 1).filter(|year| year.count == 4 && view.get(year.end) == close)?;
    let after = view.blanks(year.end + 1);
    let ordinal = view.get(after) == '第';
    let number = view.digits(view.blanks(if ordinal { after + 1 } else { after }))?;
    let mark = view.blanks(number.end);
    if view.get(mark) != '号' {
        return None;
    }
    if ordinal {
        return Some(code_of(at..number.end));
    }
    let mut start = at;
    while start > 0
        && at - start < 6
        && is_han(view.get(start - 1))
        // 国发〔2021〕23, 发改价格〔2024〕196
        && (view.get(start - 1) == '发' && (start == at || view.get(start) == '改')
            || !matches!(
            view.get(start - 1),
            '据' | '照' | '于' | '布' | '发' | '的' | '了' | '与' | '和' | '及' | '按' | '见'
        ))
    {
        start -= 1;
    }
    Some(code_of(start..number.end))
}

/// `(EU) 2025/4`
pub(super) fn regulation(view: &View<'_>, at: usize) -> Option<Found> {
    let body = view.word(at + 1).filter(|body| body.end - at <= 5 && view.get(body.end) == ')')?;
    let upper = (at + 1..body.end).all(|here| view.raw(here).is_ascii_uppercase());
    let first = view.digits(view.blanks(body.end + 1)).filter(|_| upper)?;
    let second = view.digits(first.end + 1).filter(|_| view.get(first.end) == '/')?;
    Some(code_of(at..second.end))
}

/// `GB/T 38470`, `ISO 9001`, `ASTM B265`
pub(super) fn standard(view: &View<'_>, at: usize) -> Option<Found> {
    let word = view.word(at)?;
    let known =
        matches!(word.as_str(), "gb" | "iso" | "iec" | "astm" | "jis" | "din" | "ys" | "xb" | "yb" | "hg");
    if !known || !view.raw(at).is_ascii_uppercase() {
        return None;
    }
    let recommended =
        view.get(word.end) == '/' && view.raw(word.end + 1) == 'T' && view.at_edge(word.end + 2);
    if !recommended && !matches!(word.as_str(), "iso" | "iec" | "astm" | "gb") {
        return None;
    }
    let mut next = view.blanks(if recommended { word.end + 2 } else { word.end });
    if view.get(next).is_ascii_lowercase() && view.get(next + 1).is_ascii_digit() {
        next += 1;
    }
    view.digits(next).filter(|digits| digits.count >= 3)?;
    Some(code_of(at..run(view, next)?))
}

/// 第46号: the number alone is a code. 第12条 and 第3名 are ordinals, which count nothing; 第3季度 is a time.
pub(super) fn ordinal(view: &View<'_>, at: usize) -> Option<Found> {
    let start = view.blanks(at + 1);
    let digits = view.digits(start).filter(|digits| digits.count <= 5)?;
    let next = view.blanks(digits.end);
    match view.get(next) {
        '季' | '周' | '天' | '年' | '月' | '%' | '.' => None,
        '号' if !plant_behind(view, next + 1) => Some(code_of(start..digits.end)),
        _ => skip(digits.end),
    }
}

/// 12号文, 3号线: the number of a paper is a code, that of a plant or machine an ordinal.
pub(super) fn of_paper(view: &View<'_>, at: usize) -> Option<Found> {
    let digits = view.digits(at).filter(|digits| digits.count <= 4 && view.get(digits.end) == '号')?;
    if view.before(at) == '月' {
        return None;
    }
    let paper = view.any_of(digits.end + 1, PAPERS).is_some();
    if paper { Some(code_of(at..digits.end)) } else { skip(digits.end + 1) }
}

/// "notice 26/188", "announcement 2A1654309": letters, digits and slashes behind the word for a paper.
pub(super) fn of_notice(view: &View<'_>, after: usize) -> Option<Found> {
    let start = view.blanks(after);
    let mut end = start;
    let mut digits = 0;
    let mut other = 0;
    loop {
        let character = view.get(end);
        let sign = matches!(character, '/' | '-') && view.get(end + 1).is_ascii_digit();
        digits += usize::from(character.is_ascii_digit());
        if !character.is_ascii_digit() {
            if !(sign || view.raw(end).is_ascii_uppercase()) {
                break;
            }
            other += 1;
        }
        end += 1;
    }
    let number = digits >= 2 && other > 0 || digits >= 5;
    let whole = view.at_edge(end) && !matches!(view.get(end), '.' | ',' | '%') || view.get(end + 1) == ' ';
    (start > after && number && whole).then(|| code_of(start..end))
}

/// 归入8703.80项下, 税目2846: a heading of the customs tariff by the words around it.
pub(super) fn tariff(view: &View<'_>, at: usize) -> Option<Found> {
    let first = view.digits(at).filter(|digits| matches!(digits.count, 4 | 6 | 8 | 10))?;
    let end = run(view, at)?;
    let behind = view.any_of(view.blanks(end), &["项下", "税目", "子目", "品目", "税号", "目下"]).is_some();
    let back = view.blanks_back(at);
    let before = back >= 2 && ["税目", "品目", "子目"].iter().any(|label| view.starts_with(back - 2, label));
    let dotted = end > first.end && view.get(first.end) == '.';
    (before || behind && (dotted || first.count > 4)).then(|| code_of(at..end))
}

fn plant_behind(view: &View<'_>, at: usize) -> bool {
    matches!(view.get(at), '线' | '炉' | '高' | '机' | '井' | '矿' | '泊' | '厂' | '楼' | '焦' | '窑')
}

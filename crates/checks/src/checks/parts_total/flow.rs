//! What comes in and goes out of a stock, and the difference between two levels.

use super::signed;
use crate::figure::Figure;
use crate::outcome::Outcome;
use crate::page::{Page, Sentence};
use crate::words::{self, has};

/// Words of a difference between two levels, and what the two must be for it.
const GAPS: &[(&[&str], &[&str])] = &[
    (
        &["缺口", "过剩", "盈余", "surplus", "deficit", "shortfall"],
        &["供应", "供给", "supply", "产量", "output", "production"],
    ),
    (&["顺差", "逆差", "trade surplus", "trade deficit"], &["出口", "exports"]),
    (&["净出口", "net exports", "净进口", "net imports"], &["出口", "exports", "exported", "进口"]),
    (&["净流入", "净流出", "net inflow", "net outflow"], &["流入", "inflow"]),
    (&["毛利", "gross profit"], &["成本", "cost"]),
    (&["相差", "差额", "价差", "a difference of", "a gap of", "a spread of"], &[""]),
];

/// What comes in, and what goes out, of a stock or capacity.
const IN: &[&str] = &[
    "came in", "moved in", "arrived", "was added", "were added", "delivered in", "warranted", "到货", "入库",
    "新增", "新投产", "投产", "复产", "流入", "购入", "received", "arrivals", "added", "inflow", "inflows",
    "deliveries in",
];
const OUT: &[&str] = &[
    "went out", "moved out", "left", "was drawn", "were drawn", "drawn down", "was shipped", "were shipped",
    "used", "was used", "cancelled", "发货", "出货", "出库", "关停", "停产", "减产", "流出", "消耗", "售出",
    "withdrawn", "withdrawals", "outflow", "outflows", "closed", "shipped out",
];
const OPENING: &[&str] = &[
    "月初", "年初", "期初", "周初", "上月末", "上期末", "opening", "opened", "began the", "started the",
    "at the start", "at the beginning",
];
const CLOSING: &[&str] = &[
    "月末", "年末", "期末", "周末", "月底", "年底", "净增", "净减", "净变化", "closing", "at the end",
    "net increase", "net gain", "net addition", "ended at", "ended the", "closed at", "finished at",
    "finished the", "结余", "期末库存",
];

/// Opening stock plus what came in minus what went out is the closing stock; gains minus losses are the net change.
pub(super) fn flow(page: &Page<'_>, at: usize, sentence: &Sentence, total: &Figure<'_>) -> Option<Outcome> {
    let left = has(&page.near_behind(sentence, total), &["remained", "remains", "was left", "were left"]);
    if !has(&page.near_before(sentence, total), CLOSING) && !left {
        return None;
    }
    let first = at.saturating_sub(1);
    let mut parts = Vec::new();
    let mut opened = false;
    for other in page.sentences[first..=at].iter().filter(|other| other.line == sentence.line) {
        for figure in page.of(other).iter().filter(|figure| figure.span.start < total.span.start) {
            if !figure.is_like(total) || !figure.is_single() {
                continue;
            }
            let before = page.near_before(other, figure);
            let role = |words: &[&str]| words::last(&before, words);
            let (mut plus, mut minus) = (role(IN).max(role(OPENING)), role(OUT));
            opened |= role(OPENING).is_some();
            // «6,500 t came in and 3,200 t went out».
            let behind = page.near_behind(other, figure);
            let first =
                |words: &[&str]| words.iter().any(|word| words::find(behind.trim_start(), word) == Some(0));
            if behind.is_ascii() && (first(IN) || first(OUT)) {
                (plus, minus) = (first(IN).then_some(0), first(OUT).then_some(0));
            }
            parts.push((if minus > plus { -1 } else { i32::from(plus.is_some()) }, figure));
        }
    }
    let flows = parts.iter().any(|(sign, _)| *sign < 0) && parts.iter().all(|(sign, _)| *sign != 0);
    (flows && parts.len() >= 2 && (opened || !left)).then(|| signed(page, &parts, total)).flatten()
}

/// The difference between two levels of a sentence: supply and demand, exports and imports.
pub(super) fn difference(page: &Page<'_>, sentence: &Sentence, total: &Figure<'_>) -> Option<Outcome> {
    let before = page.near_before(sentence, total);
    let mut gaps = GAPS.iter().filter(|(gap, _)| has(&before, gap));
    let levels: Vec<&Figure<'_>> = page
        .of(sentence)
        .iter()
        .filter(|figure| {
            figure.span != total.span
                && figure.is_like(total)
                && figure.is_single()
                && figure.change.is_none()
        })
        .collect();
    // Both levels stand before the difference, or both behind it: «a surplus of $31 million, with exports of …».
    let head = levels.iter().filter(|figure| figure.span.end <= total.span.start).count();
    let words = if head == 0 {
        page.lower(total.span.end, sentence.span.end)
    } else {
        page.lower(sentence.span.start, total.span.start)
    };
    if head == 1 {
        return None;
    }
    let &[one, other] = levels.as_slice() else { return None };
    if !gaps.any(|(_, of)| of.iter().any(|word| words.contains(word))) {
        return None;
    }
    let (more, less) = if one.bounds.is_below(&other.bounds) { (other, one) } else { (one, other) };
    // «against a surplus of $1.8 billion a year earlier» is that of another time.
    const OTHER_TIME: &[&str] = &[
        "去年", "上年", "同期", "上月", "此前", "against", "compared", "earlier", "last year", "previous",
        "versus", "预计", "expected", "since", "so far", "累计", "以来",
    ];
    // «矿山业务毛利» is that of a part of what was sold.
    const SEGMENT: &[&str] = &["业务", "板块", "分部", "segment", "division", "business"];
    let part = has(&before, SEGMENT);
    let around = before + "|" + &page.near_behind(sentence, total);
    let outcome = signed(page, &[(1, more), (-1, less)], total)?;
    (outcome.holds || !part && !has(&around, OTHER_TIME)).then_some(outcome)
}

//! In whom a stake is held or bought: «51% of Example Mining», 收购某锂矿公司60%股权.

use std::ops::Range;
use std::sync::LazyLock;

use super::slots::{Claim, Slot, Term};
use super::subject::Around;
use crate::find::Words;

/// Longest words of what is bought, in bytes.
const LONGEST: usize = 72;

/// Verbs before what is bought or held.
static VERBS: LazyLock<Words> = LazyLock::new(|| {
    Words::new(&[
        "收购", "受让", "购买", "购入", "并购", "竞得", "转让", "出售", "入股", "参股", "增持", "减持",
        "持有", "取得", "获得", "认购", "控股", "增资", "拥有", "收购了",
    ])
});

/// Words behind a percentage that make it a stake.
const STAKES: &[&str] = &[
    "的股权", "股权", "的权益", "权益", "的股份", "股份", "的控股权", "控股权", "的所有权", "的矿权",
    "的少数股权",
];

/// English words that join a percentage with what it is of.
const OF: &[&str] = &[
    " stake in ",
    " interest in ",
    " equity interest in ",
    " equity stake in ",
    " equity of ",
    " equity in ",
    " shareholding in ",
    " share in ",
    " of the shares of ",
    " of the shares in ",
    " of the equity of ",
    " of the share capital of ",
    " of the issued shares of ",
    " ownership of ",
    " holding in ",
    " interests in ",
    " participating interest in ",
    " of ",
];

/// Of whom a stake or a deal is: named or described beside the figure, or of the stake told with the price.
pub(super) fn subject<'t>(around: Around<'t, '_, '_, '_>) -> Option<Slot<Term<'t>>> {
    let Around { scene, block, reach, before, .. } = around;
    let figure = scene.items[reach.anchor].span();
    let behind = scene.text.get(figure.end..block.span.end)?;
    let ahead = scene.text.get(block.span.start..figure.start)?;
    let span = of_behind(behind)
        .map(|span| figure.end + span.start..figure.end + span.end)
        .or_else(|| bought_behind(behind).map(|span| figure.end + span.start..figure.end + span.end))
        .or_else(|| {
            of_ahead(ahead, behind).map(|span| block.span.start + span.start..block.span.start + span.end)
        });
    let Some(span) = span else {
        return before
            .filter(|before| is_stake(before))
            .and_then(|before| before.subject.as_ref())
            .map(|subject| super::figure::inherited(subject, "the figure before"));
    };
    Some(term(around, span))
}

/// The name in a stretch of the text if it is one, else its words.
fn term<'t>(around: Around<'t, '_, '_, '_>, span: Range<usize>) -> Slot<Term<'t>> {
    let Around { scene, block, .. } = around;
    let whole = |item: &usize| {
        let there = scene.items[*item].span();
        scene.kind(*item) == "company" && there.start == span.start && span.end - there.end <= 6
    };
    match scene.items_in(&span).find(whole) {
        Some(item) => scene.term(item, block, "of whom the stake is"),
        None => scene.words_term(span, "of whom the stake is"),
    }
}

fn is_stake(claim: &Claim<'_>) -> bool {
    matches!(claim.measure_id(), Some("measure/shareholding" | "measure/deal-value"))
}

/// «51% of Example Mining»: what stands behind the figure, up to the end of its name.
fn of_behind(behind: &str) -> Option<Range<usize>> {
    let word = OF.iter().find(|word| behind.starts_with(**word))?;
    let from = word.len();
    let rest = &behind[from..];
    let lead =
        ["the ", "a ", "an "].iter().find(|article| rest.starts_with(**article)).map_or(0, |word| word.len());
    let rest = &rest[lead..];
    let stop = rest
        .find([',', ';', '(', '.', '，', '。', '['])
        .into_iter()
        .chain(ENDS.first_in(rest).map(|(at, _)| at))
        .min()
        .unwrap_or(rest.len());
    let words = rest[..stop].trim_end();
    let proper = words.starts_with(|first: char| first.is_uppercase());
    (proper && words.len() <= LONGEST && words.len() > 1).then(|| from + lead..from + lead + words.len())
}

/// Words behind a name that are not of it.
static ENDS: LazyLock<Words> = LazyLock::new(|| {
    Words::new(&[
        " for ", " from ", " at ", " in ", " to ", " on ", " and ", " with ", " by ", " while ", " which ",
        " that ", " is ", " was ", " will ", " has ", " as ", " after ", " before ", " under ", " through ",
        " via ",
    ])
});

/// 收购某锂矿公司60%股权, 以1.2亿元收购某公司60%股权: what stands between the verb and the percentage.
fn of_ahead(ahead: &str, behind: &str) -> Option<Range<usize>> {
    if STAKES.iter().any(|word| behind.starts_with(word)) {
        let span = between(ahead, last_verb(ahead)?..ahead.len());
        return (!span.is_empty() && span.len() <= LONGEST).then_some(span);
    }
    None
}

/// 以1.2亿元收购某矿60%股权: what is bought stands between the verb behind the figure and the percentage.
fn bought_behind(behind: &str) -> Option<Range<usize>> {
    const NEAR: usize = 12;
    let (at, rest) = VERBS.each_in(behind).next().filter(|(at, _)| *at <= NEAR)?;
    let start = behind.len() - rest.len();
    if behind[..at].contains(['，', ',', '；', '。']) {
        return None;
    }
    let stop = rest
        .find(|c: char| c.is_ascii_digit() || matches!(c, '，' | ',' | '；' | '。' | '全'))
        .unwrap_or(rest.len());
    let span = between(behind, start..start + stop);
    let words = &behind[span.clone()];
    (words.chars().count() > 1 && words.len() <= LONGEST).then_some(span)
}

/// Where the words begin that stand behind the last verb of a clause.
fn last_verb(ahead: &str) -> Option<usize> {
    let clause = ahead
        .rfind(['，', ',', '；', ';', '。'])
        .map_or(0, |at| at + ahead[at..].chars().next().map_or(1, char::len_utf8));
    VERBS.each_in(&ahead[clause..]).map(|(_, rest)| ahead.len() - rest.len()).last()
}

/// The words in a range without what leads in or out.
fn between(text: &str, span: Range<usize>) -> Range<usize> {
    let words = &text[span.clone()];
    let lead = ["了", "其持有的", "其所持有的", "其所持", "其", "所持", "持有的"]
        .iter()
        .filter(|word| words.starts_with(**word))
        .map(|word| word.len())
        .max()
        .unwrap_or(0);
    let tail =
        words[lead..].trim_end().trim_end_matches('的').trim_end_matches("不低于").trim_end_matches('约');
    span.start + lead..span.start + lead + tail.len()
}

#[cfg(test)]
mod tests {
    use crate::{Context, Reader};

    /// Measure and subject of the first claim of a text.
    fn stake(text: &str) -> (String, String) {
        let reader = Reader::standard();
        let mentions = reader.read(text, &Context::default());
        let claims = reader.claims(text, 0, &mentions);
        let figure = claims.iter().find(|claim| claim.event.is_none());
        let name = |slot: Option<&crate::Slot<crate::Term<'_>>>| {
            slot.map_or_else(String::new, |slot| {
                slot.is.id.clone().unwrap_or_else(|| slot.is.words.to_owned())
            })
        };
        figure.map_or_else(Default::default, |claim| {
            (name(claim.measure.as_ref()), name(claim.subject.as_ref()))
        })
    }

    #[test]
    fn a_stake_is_of_whom_it_is_bought() {
        let cases = [
            ("Glencore agreed to buy 51% of Quarrimoor for cash.", "measure/shareholding", "Quarrimoor"),
            ("赣锋锂业拟收购海角锂矿公司60%股权。", "measure/shareholding", "海角锂矿公司"),
            ("赣锋锂业拟以1.2亿元收购海角锂矿60%股权。", "measure/deal-value", "海角锂矿"),
            ("China took 51% of Indonesian output.", "measure/share", "commodity/tin"),
        ];
        for (text, measure, subject) in &cases[..3] {
            assert_eq!(stake(text), ((*measure).to_owned(), (*subject).to_owned()), "{text}");
        }
        // A part of a country's output is no stake.
        assert_eq!(stake(cases[3].0).0, cases[3].1);
    }
}

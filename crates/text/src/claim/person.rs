//! Speakers by name in English: «SQM chief executive Ricardo Ramos», «Statistics South Africa said», «an analyst at Project Blue».
//!
//! A name is told by its capitals; an organization or a person that the lexicon does not know keeps its words.

use std::ops::Range;

use super::cues::Cue;
use super::layout::Block;
use super::scene::Scene;
use super::slots::{Slot, Term};
use super::subject::Around;

/// Words of an office, which may stand between the name of an employer and that of a person.
const TITLES: &[&str] = &[
    "ceo", "cfo", "coo", "chief", "executive", "executives", "officer", "president", "vice",
    "vice-president", "chairman", "chairwoman", "chair", "analyst", "strategist", "economist", "director",
    "managing", "head", "manager", "general", "spokesman", "spokeswoman", "spokesperson", "minister",
    "secretary", "deputy", "senior", "founder", "co-founder", "commodity", "commodities", "metals", "mining",
    "research", "partner", "trader", "editor", "governor", "commissioner", "representative", "boss",
    "consultant", "adviser", "principal", "lead", "financial", "operating", "sales", "marketing",
    "commercial", "country", "global",
];

/// Words that may stand between the capitals of a name or an office.
const LINKS: &[&str] = &["of", "and", "for", "the", "in", "&", "de", "da", "van", "von"];

/// Longest name in bytes.
const LONGEST: usize = 70;

/// True for the words of an office and a person behind the name of an employer: « chief executive Ricardo Ramos».
pub(super) fn is_titled(gap: &str) -> bool {
    let gap = gap.trim_start_matches("'s").trim_start_matches("’s");
    if gap.len() > LONGEST || !gap.starts_with(' ') || gap.contains(['.', ',', ';', ':', '(']) {
        return false;
    }
    let mut titled = false;
    for word in gap.split_whitespace() {
        let low = word.to_ascii_lowercase();
        let title = TITLES.contains(&low.as_str());
        titled |= title;
        if !title && !is_capital(word) && !LINKS.contains(&low.as_str()) {
            return false;
        }
    }
    titled
}

/// True for a person's name behind a word of office that is read by itself: « Allan Pedersen » of «analyst Allan Pedersen sees».
pub(super) fn is_named(gap: &str) -> bool {
    gap.len() <= 40 && !gap.trim().is_empty() && gap.split_whitespace().all(is_capital)
}

/// The verb behind the second comma of «X chief executive, Ricardo Ramos, said».
pub(super) fn behind(scene: &Scene<'_, '_>, comma: usize, end: usize) -> Option<usize> {
    let second = (comma + 1..end).find(|item| scene.items[*item].mark() == Some(','))?;
    let say = second + 1;
    let gap = scene.gap(comma, second);
    let named = gap.len() <= LONGEST && !gap.trim().is_empty() && gap.split_whitespace().all(is_capital);
    (named
        && say < end
        && scene.items[say].cue() == Some(Cue::Say)
        && scene.gap(second, say).trim().is_empty())
    .then_some(say)
}

/// True for words that point at a company told of before: «the Russian company», «the miner».
pub(super) fn is_the_company(words: &str) -> bool {
    const ONES: &[&str] = &[
        "company", "group", "miner", "producer", "firm", "smelter", "refiner", "maker", "developer",
        "explorer", "steelmaker", "carmaker", "automaker", "trader", "recycler", "giant",
    ];
    let mut parts = words.split(' ');
    let the = parts.next().is_some_and(|first| first.eq_ignore_ascii_case("the"));
    let count = words.split(' ').count();
    the && count <= 4 && parts.next_back().is_some_and(|last| ONES.contains(&last))
}

/// The employer that stands with capitals behind a speaker in general words: «an analyst at Project Blue».
pub(super) fn employer(scene: &Scene<'_, '_>, block: &Block, speaker: usize) -> Option<Range<usize>> {
    if scene.items[speaker].cue() != Some(Cue::Speaker) {
        return None;
    }
    let start = scene.items[speaker].end;
    let rest = scene.text.get(start..block.span.end)?;
    let link = [" at ", " with ", " from "].iter().find(|link| rest.starts_with(**link))?;
    let from = start + link.len();
    let length = capitals(scene.text.get(from..block.span.end)?)?;
    Some(from..from + length)
}

/// Who is named with capitals directly before a verb of saying and is no known name: «Statistics South Africa said».
pub(super) fn unknown<'t>(around: Around<'t, '_, '_, '_>, say: usize) -> Option<Slot<Term<'t>>> {
    const VERBS: &[&str] = &[
        "said", "says", "told", "estimates", "estimated", "expects", "forecasts", "noted", "notes", "added",
        "adds", "reckons", "warned", "warns", "believes", "predicts", "projects", "wrote", "writes",
        "argued", "argues",
    ];
    let Around { scene, block, reach, .. } = around;
    if !VERBS.iter().any(|verb| scene.words(say).eq_ignore_ascii_case(verb)) {
        return None;
    }
    let lead = scene.text.get(block.span.start..scene.items[say].start)?;
    let words = lead.strip_suffix(' ')?;
    let from = words
        .rfind([',', ';', '"', '”', '“', ':', '.'])
        .map_or(0, |at| at + words[at..].chars().next().map_or(1, char::len_utf8));
    let name = words[from..].trim_start();
    let start = block.span.start + words.len() - name.len();
    let article =
        ["The ", "the "].iter().find(|article| name.starts_with(**article)).map_or(0, |the| the.len());
    let length = capitals(&name[article..])?;
    let count = name[article..].split(' ').count();
    if article + length != name.len() || !(2..=7).contains(&count) || name.len() > LONGEST {
        return None;
    }
    let span = start..start + name.len();
    // A time, a good or a country in the name is another thing than the one who speaks.
    let mut items = scene.items_in(&span);
    let is_known =
        items.any(|item| scene.is_time(item) || matches!(scene.kind(item), "commodity" | "measure"));
    if is_known {
        return None;
    }
    if say > reach.anchor {
        let rest = scene.text.get(scene.items[say].end..block.span.end)?.trim_start();
        let parted = from > 0;
        let next = rest.split(' ').next().unwrap_or_default();
        let closes = rest.is_empty() || rest.starts_with(['.', ',', ';']) || matches!(next, "on" | "in");
        if !(parted && closes) {
            return None;
        }
    }
    Some(scene.words_term(span, "speaker by capitals"))
}

/// The length of the words with capitals at the beginning of `text`, joined perhaps by small words.
fn capitals(text: &str) -> Option<usize> {
    let mut end = 0;
    let mut at = 0;
    for word in text.split_inclusive(' ').take(8) {
        let bare = word.trim_end_matches([' ', ',', '.', ';', ':', '\n']);
        if is_capital(bare) {
            end = at + bare.len();
        } else if at == 0 || !LINKS.contains(&bare) {
            break;
        }
        if bare.len() < word.trim_end_matches(' ').len() {
            break;
        }
        at += word.len();
    }
    (end > 0).then_some(end)
}

fn is_capital(word: &str) -> bool {
    word.starts_with(|first: char| first.is_uppercase())
        && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '\'' | '’' | '.' | '&'))
}

#[cfg(test)]
mod tests {
    use crate::{Context, Reader};

    #[test]
    fn speakers_are_told_by_their_names_and_offices() {
        let cases: &[(&str, &str)] = &[
            (
                "Nickel output will reach 82,000 t in 2026, Vale Base Metals CEO Shaun Usmar said.",
                "company/vale",
            ),
            ("Gold output fell 9% in May, Statistics Ruritania said.", "Statistics Ruritania"),
            ("\"We expect copper to fall another 10%,\" said an analyst at Blue Project.", "Blue Project"),
            (
                "Albemarle posted sales of $1.33 billion, and said it expected capital expenditure of $650 million.",
                "company/albemarle",
            ),
            ("Copper output fell 9% in May.", ""),
        ];
        let reader = Reader::standard();
        let context = Context { published: Some(jiff::civil::date(2025, 7, 13)), ..Context::default() };
        for (text, who) in cases {
            let mentions = reader.read(text, &context);
            let claims = reader.claims(text, 0, &mentions);
            let said = claims.last().and_then(|claim| claim.attribution.as_ref());
            let told = said.map(|slot| slot.is.id.clone().unwrap_or_else(|| slot.is.words.to_owned()));
            assert_eq!(told.as_deref().unwrap_or_default(), *who, "{text}");
        }
    }
}

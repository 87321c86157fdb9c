//! Places that the lexicon does not know, by the words before them: «a plant in Example County, Ohio», «at Example».
//!
//! English alone: a Chinese name has no mark of where it begins. They keep their words and have no id.

use std::sync::LazyLock;

use super::slots::{Slot, Term};
use super::subject::Around;
use crate::find::Words;

/// What goes before the name of a place.
static BEFORE: LazyLock<Words> = LazyLock::new(|| {
    Words::new(&[
        " in ", " at ", " near ", " FOB ", " CIF ", " CFR ", " EXW ", " FCA ", " DAP ", " ex-works ",
        " fob ", " cif ", " cfr ",
    ])
});

/// Capital words that are no place behind «in» and «at».
const OTHERS: &[&str] = &[
    "The", "This", "That", "Our", "Its", "Their", "His", "Her", "Q", "H", "FY", "Phase", "Stage", "Line",
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    "Outperform", "Overweight", "Neutral", "Buy", "Sell", "Hold", "Remark", "Table", "Section", "Article",
    "Annex", "Appendix", "Announcement", "Notice",
];

/// Longest name in words.
const LONGEST: usize = 4;

/// The place named behind «in», «at» or «near» in the figure's own part of the sentence, the nearest one before the figure or
/// else the first one behind it.
pub(super) fn find<'t>(around: Around<'t, '_, '_, '_>) -> Option<Slot<Term<'t>>> {
    let Around { scene, block, reach, .. } = around;
    let start = match reach.left.start {
        first if first > reach.all.start => scene.items[first - 1].end,
        _ => block.span.start,
    };
    let anchor = scene.items[reach.anchor].span();
    let end = scene.items.get(reach.tail.end).filter(|_| reach.tail.end < reach.all.end);
    let end = end.map_or(block.span.end, |item| item.start);
    let left = scene.text.get(start..anchor.start)?;
    let behind = scene.text.get(anchor.end..end.max(anchor.end))?;
    let behind = &behind[..behind.find([',', ';', '(']).unwrap_or(behind.len())];
    // Where the name behind each of the words would begin, in order.
    let named = |text: &'t str, end: usize, limit: usize| {
        BEFORE.each_in(text).filter_map(move |(_, rest)| {
            let from = end - rest.len();
            // «agreed in Geneva», «speaking in London»
            let lead = text.get(..text.len() - rest.len()).unwrap_or_default().trim_end();
            let lead = lead.rsplit_once(' ').map_or("", |(lead, _)| lead);
            if super::place::is_lead_of_speech(lead) {
                return None;
            }
            name(around, from, limit).map(|stop| (from, stop))
        })
    };
    let before = named(left, anchor.start, anchor.start).max();
    let found = before.or_else(|| named(behind, anchor.end + behind.len(), end).min());
    let (start, stop) = found?;
    Some(scene.words_term(start..stop, "place by the word before"))
}

/// The end of the name that begins at `from`: capital words, none of them another name, a time or a code.
fn name(around: Around<'_, '_, '_, '_>, from: usize, limit: usize) -> Option<usize> {
    let scene = around.scene;
    let taken = |start: usize, end: usize| {
        let first = scene.mentions.partition_point(|mention| mention.end_byte <= start);
        scene.mentions.get(first).is_some_and(|mention| {
            mention.start_byte < end && !mention.id.as_deref().is_some_and(|id| id.starts_with("place/"))
        })
    };
    let mut at = from;
    let mut end = None;
    for _ in 0..LONGEST {
        let rest = scene.text.get(at..limit)?;
        let length = rest.find(|c: char| !(c.is_alphabetic() || c == '-' || c == '\'')).unwrap_or(rest.len());
        let word = &rest[..length];
        let capital = word.starts_with(|c: char| c.is_uppercase()) && !word.ends_with("'s");
        let shouted = length <= 5 && word.chars().all(|c| c.is_ascii_uppercase());
        if length < 3 || !capital || shouted || taken(at, at + length) || OTHERS.contains(&word) {
            break;
        }
        end = Some(at + length);
        let next = &rest[length..];
        at += length
            + match next {
                next if next.starts_with(", ") => 2,
                next if next.starts_with(' ') => 1,
                _ => break,
            };
    }
    let cut = |end: usize| from + scene.text[from..end].trim_end_matches('-').len();
    end.filter(|end| !scene.text[*end..].starts_with("'s")).map(cut)
}

//! What of a sentence is a figure's own: its time, its good, its place, what restricts it, and which way it went.

use std::collections::BTreeMap;

use api::record::{Change, Direction, MentionKind, Origin, Word};

use super::{Item, Maker, range, sentence};
use crate::measures::RESULTS;
use crate::scope::scopes;

impl Maker<'_> {
    /// True if nothing but words of the figure's own clause stands between it and a time that a preposition leads: «made up total exports of
    /// 1,860 t of tin concentrate from Syrymbet for the first quarter of 2025».
    pub(super) fn belongs(&self, time: &Origin) -> bool {
        const LEADS: &[&str] =
            &[" for", " in", " during", " over", " for the", " in the", " during the", " over the"];
        let (start, end) = (self.told.claim.start_byte as usize, time.start_byte as usize);
        let between = self.source.document.text.get(start..end).unwrap_or_default().to_lowercase();
        let told = between.trim_end();
        let own = !between.contains([';', '，', '；', '。']) && !between.contains(", ");
        own && LEADS.iter().any(|word| told.ends_with(word))
    }

    /// True for a result that words right behind it say to come from a part of the business: «revenue of 4.26 billion yuan from functional
    /// materials».
    fn is_segment(&self) -> bool {
        const EARLIER: &[&str] =
            &["a ", "last", "the same", "the year", "the previous", "the prior", "its ", "continuing"];
        let claim = &self.told.claim;
        let measure = claim.measure.as_ref().map(|measure| measure.id.as_str()).unwrap_or_default();
        let behind = self.source.document.text.get(claim.end_byte as usize..).unwrap_or_default();
        let from = behind.strip_prefix(" from ");
        RESULTS.contains(&measure)
            && from.is_some_and(|words| {
                words.starts_with(|letter: char| letter.is_ascii_lowercase())
                    && !EARLIER.iter().any(|word| words.starts_with(word))
            })
    }

    /// What restricts the figure; words that tell how far a figure is counted do so only in its own clause, if others stand in theirs.
    pub(super) fn scope(&self, sentence: &str) -> Vec<String> {
        const OF_CLAUSE: &[&str] = &["cumulative", "so-far", "secondary"];
        let mut all = scopes(sentence);
        if self.is_segment() {
            all.push("segment".to_owned());
            all.sort_unstable();
        }
        if !all.iter().any(|scope| OF_CLAUSE.contains(&scope.as_str())) {
            return all;
        }
        let head = (self.told.claim.start_byte as usize).saturating_sub(self.told.sentence.start);
        let mut from = 0;
        let mut kept = String::new();
        for part in sentence.split_inclusive(['，', ',', '；', ';', '、', '(', '（']) {
            let own = (from..from + part.len()).contains(&head);
            let figures = self.source.mentions.iter().any(|mention| {
                let at = (mention.start_byte as usize).checked_sub(self.told.sentence.start + from);
                at.is_some_and(|at| at < part.len())
                    && matches!(mention.kind(), MentionKind::Quantity | MentionKind::Percent)
            });
            if own || !figures {
                kept.push_str(part);
            }
            from += part.len();
        }
        let mut clause = scopes(&kept);
        let period = self.told.claim.period.as_ref().and_then(|period| range(period.origin.as_ref()));
        let period =
            period.and_then(|span| self.source.document.text.get(span)).map(scopes).unwrap_or_default();
        // «The first three quarters so far» are told by the period itself.
        clause.retain(|scope| !period.contains(scope));
        all.retain(|scope| !OF_CLAUSE.contains(&scope.as_str()) || clause.contains(scope));
        all
    }

    /// Which way a change went; 负增长 is a fall.
    pub(super) fn direction(&self, change: &Change) -> i32 {
        let text = &self.source.document.text;
        let negative = range(change.origin.as_ref()).is_some_and(|span| {
            let words = text.get(span.clone()).unwrap_or_default();
            words.contains("负增长")
                || words.starts_with("增长")
                    && text.get(..span.start).is_some_and(|head| head.ends_with('负'))
        });
        if negative { Direction::Down.into() } else { change.direction }
    }
}

/// Gives a figure without a place that of the other figures of its sentence, if all of these have one mine or town: a mine's costs stand
/// behind its output.
pub(super) fn take_places(items: &mut [Item]) {
    let told = |item: &Item| sentence(item).to_owned();
    let mut places: BTreeMap<String, Vec<Word>> = BTreeMap::new();
    for item in items.iter() {
        if let Some(place) = item.statement.place.as_ref().filter(|place| !place.inherited) {
            places.entry(told(item)).or_default().push(place.clone());
        }
    }
    for item in items.iter_mut().filter(|item| item.statement.place.is_none()) {
        let Some(places) = places.get(sentence(item)) else { continue };
        let [first, rest @ ..] = places.as_slice() else { continue };
        if first.id.starts_with("place/") && rest.iter().all(|place| place.id == first.id) {
            item.statement.place = Some(Word { inherited: true, ..first.clone() });
        }
    }
}

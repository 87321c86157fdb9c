//! Chooses among the candidates: each thing is told once, by the telling that says most.

use std::collections::{BTreeMap, HashMap};

use crate::candidate::Candidate;
use crate::like::{Grams, grams, shared};
use crate::model::SectionKind;
use crate::theme::THEMES;

/// Entries of the lead.
const LEAD: usize = 5;

/// Entries of one theme in the lead.
const LEAD_OF_THEME: usize = 2;

/// Entries of one theme from one document or story; a brief of many sources is no copy of one.
const OF_ONE: usize = 3;

/// Sentences with so much of their letters in common say the same, in hundredths; within one story less is enough.
const ALIKE: usize = 80;
const ALIKE_IN_STORY: usize = 45;

/// Sentences of a theme with which a further one is compared letter by letter.
const COMPARED: usize = 40;

/// A thing that is told.
pub(crate) struct Chosen {
    /// The candidate that tells it best.
    pub(crate) best: usize,
    /// Others that tell it, the weightiest first.
    pub(crate) also: Vec<usize>,
}

/// What is shown.
#[derive(Default)]
pub(crate) struct Choice {
    pub(crate) lead: Vec<Chosen>,
    /// By theme, with how many further things it would have.
    pub(crate) themes: BTreeMap<SectionKind, (Vec<Chosen>, usize)>,
}

/// Chooses among candidates, of which the weightiest come first. At most `limit` of each theme; 0 for all.
pub(crate) fn choose(candidates: &[Candidate<'_, '_>], limit: usize) -> Choice {
    let limit = if limit == 0 { usize::MAX } else { limit };
    let mut told = Told {
        candidates,
        things: Vec::new(),
        by_text: HashMap::new(),
        by_told: HashMap::new(),
        shown: BTreeMap::new(),
    };
    for index in 0..candidates.len() {
        match told.again(index) {
            Some(thing) => told.things[thing].also.push(index),
            None => told.first(index),
        }
    }
    told.choice(limit)
}

struct Told<'a, 'i, 'r> {
    candidates: &'a [Candidate<'i, 'r>],
    things: Vec<Chosen>,
    by_text: HashMap<&'a str, usize>,
    by_told: HashMap<&'a str, Vec<usize>>,
    /// Of each theme the first things, with the letters of their sentences.
    shown: BTreeMap<SectionKind, Vec<(usize, Grams)>>,
}

impl Told<'_, '_, '_> {
    /// The thing that a candidate tells again.
    fn again(&self, index: usize) -> Option<usize> {
        let candidate = &self.candidates[index];
        if let Some(thing) = self.by_text.get(candidate.folded.as_str()) {
            return Some(*thing);
        }
        let covers = |thing: &&usize| {
            let best = &self.candidates[self.things[**thing].best];
            candidate.told.iter().all(|told| best.told.contains(told))
        };
        if let Some(first) = candidate.told.first() {
            let things = self.by_told.get(first.as_str()).map_or(&[][..], Vec::as_slice);
            return things.iter().find(covers).copied();
        }
        let shown = self.shown.get(&candidate.theme)?;
        let letters = grams(&candidate.folded);
        shown
            .iter()
            .find(|(thing, known)| {
                let best = &self.candidates[self.things[*thing].best];
                let one_story = !best.story.is_empty() && best.story == candidate.story
                    || best.doc.name == candidate.doc.name;
                shared(&letters, known) >= if one_story { ALIKE_IN_STORY } else { ALIKE }
            })
            .map(|(thing, _)| *thing)
    }

    fn first(&mut self, index: usize) {
        let candidate = &self.candidates[index];
        let thing = self.things.len();
        self.things.push(Chosen { best: index, also: Vec::new() });
        self.by_text.insert(&candidate.folded, thing);
        for told in &candidate.told {
            self.by_told.entry(told).or_default().push(thing);
        }
        let shown = self.shown.entry(candidate.theme).or_default();
        if shown.len() < COMPARED {
            shown.push((thing, grams(&candidate.folded)));
        }
    }

    fn choice(self, limit: usize) -> Choice {
        let mut choice = Choice::default();
        let mut of_one: BTreeMap<(SectionKind, &str), usize> = BTreeMap::new();
        let mut in_lead: BTreeMap<SectionKind, usize> = BTreeMap::new();
        for thing in self.things {
            let best = &self.candidates[thing.best];
            let origin = if best.story.is_empty() { best.doc.name } else { best.story };
            let from_one = of_one.entry((best.theme, origin)).or_default();
            *from_one += 1;
            let led = in_lead.entry(best.theme).or_default();
            let (shown, further) = choice.themes.entry(best.theme).or_default();
            if limit != usize::MAX && *from_one > OF_ONE {
                *further += 1;
            } else if best.theme != SectionKind::Other
                && *led < LEAD_OF_THEME
                && choice.lead.len() < LEAD.min(limit)
            {
                *led += 1;
                choice.lead.push(thing);
            } else if shown.len() < limit {
                shown.push(thing);
            } else {
                *further += 1;
            }
        }
        choice.themes.retain(|theme, _| THEMES.contains(theme));
        choice
    }
}

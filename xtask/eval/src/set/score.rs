//! Scores of texts, and their sums.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;
use text::{Claim, Context, Keys, Kinds};

use super::gold::Labelled;
use super::keys::{self, Carrier, Meeting};
use super::matching;
use super::mentions;
use super::part::Reading;
use super::rules::{Filled, Rules};
use super::slots;
use crate::stats::{Counts, Pooled, bootstrap};

/// Mentions that are right in full, and by kind and span alone.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct MentionCounts {
    /// Kind, span, value and qualifier.
    pub(crate) exact: Counts,
    /// Kind and span.
    pub(crate) span: Counts,
}

impl MentionCounts {
    fn add(&mut self, other: MentionCounts) {
        self.exact.add(other.exact);
        self.span.add(other.span);
    }
}

/// How many keys are right.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct KeyCounts {
    /// `series=`; `read` counts matched claims only, here and below.
    pub(crate) series: Counts,
    /// `fact=`.
    pub(crate) fact: Counts,
    /// `digits=`.
    pub(crate) digits: Counts,
    /// Labelled claims that carry a key.
    pub(crate) claims: usize,
    /// Those of them of which all three keys are read as labelled.
    pub(crate) claims_right: usize,
}

impl KeyCounts {
    fn add(&mut self, other: KeyCounts) {
        self.series.add(other.series);
        self.fact.add(other.fact);
        self.digits.add(other.digits);
        self.claims += other.claims;
        self.claims_right += other.claims_right;
    }
}

/// One error of the development part.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Miss {
    /// Kind or slot, and what is wrong with it.
    pub(crate) cause: String,
    /// The text's id.
    pub(crate) text: String,
    /// Where.
    pub(crate) quote: String,
    /// The byte at which the claim stands; nothing of a mention.
    pub(crate) at_byte: Option<usize>,
    /// As labelled.
    pub(crate) expected: String,
    /// As read.
    pub(crate) got: String,
    /// The rule that filled the slot.
    pub(crate) rule: Option<String>,
}

/// What one text gives.
#[derive(Debug, Default)]
pub(super) struct TextScore {
    pub(super) mentions: BTreeMap<&'static str, MentionCounts>,
    pub(super) unknown_names: Vec<String>,
    pub(super) claims: Counts,
    pub(super) slots: BTreeMap<&'static str, Counts>,
    pub(super) rules: Rules,
    pub(super) keys: KeyCounts,
    pub(super) carriers: Vec<Carrier>,
    pub(super) misses: Vec<Miss>,
}

/// Scores one text.
pub(super) fn text(labelled: &Labelled, reading: &Reading<'_>) -> TextScore {
    let mut score = TextScore::default();
    let context = Context { published: Some(labelled.published), kinds: Kinds::ALL };
    let found = reading.reader.read(&labelled.text, &context);
    mentions::score(labelled, &found, &mut score);
    if let Some(read) = &reading.claims {
        let claims = read(reading.reader, &labelled.text, labelled.title_bytes, &found);
        claims_of(labelled, &claims, &mut score);
    }
    score
}

/// Compares the claims of one text.
pub(super) fn claims_of(labelled: &Labelled, read: &[Claim<'_>], score: &mut TextScore) {
    let pairs = matching::pairs(&labelled.text, &labelled.claims, read);
    score.claims.add(Counts { gold: labelled.claims.len(), read: read.len(), right: pairs.len() });
    let gold_of = |index: usize| pairs.iter().find(|(_, read)| *read == index).map(|(gold, _)| *gold);
    let derived = |claim: &Claim<'_>| -> Vec<Option<usize>> {
        let at = |start: &usize| read.iter().position(|other| other.start_byte == *start);
        claim.derived_from.iter().map(|start| at(start).and_then(gold_of)).collect()
    };
    for (index, gold) in labelled.claims.iter().enumerate() {
        let claim = pairs.iter().find(|(gold, _)| *gold == index).map(|(_, at)| &read[*at]);
        let from = claim.map(&derived).unwrap_or_default();
        let quote = &labelled.text[gold.at.clone()];
        enter(labelled, gold.at.clone(), claim.is_some(), slots::compare(Some(gold), claim, &from), score);
        let gold_keys = keys::of(gold);
        keys::count(&gold_keys, claim.map(|claim| &claim.keys), &mut score.keys);
        if let Some(claim) = claim {
            key_misses(labelled, gold.at.clone(), &gold_keys, &claim.keys, score);
            score.carriers.extend(claim.keys.fact.clone().map(|fact| Carrier {
                fact,
                gold_fact: gold_keys.fact,
                gold_value: gold.value.clone(),
                text: labelled.id.clone(),
                quote: quote.to_owned(),
            }));
        }
    }
    for (_, claim) in read.iter().enumerate().filter(|(index, _)| gold_of(*index).is_none()) {
        let at = claim.start_byte..claim.end_byte;
        enter(labelled, at, false, slots::compare(None, Some(claim), &derived(claim)), score);
    }
}

/// Counts the slots of one claim and lists the wrong ones; of a claim without a partner only one line is listed.
fn enter(
    labelled: &Labelled,
    at: Range<usize>,
    paired: bool,
    slots: Vec<slots::Compared>,
    score: &mut TextScore,
) {
    let quote = &labelled.text[at.clone()];
    let (mut expected, mut got) = (Vec::new(), Vec::new());
    for slot in slots {
        score.slots.entry(slot.slot).or_default().add(Counts {
            gold: usize::from(slot.gold.is_some()),
            read: usize::from(slot.read.is_some()),
            right: usize::from(slot.right),
        });
        if let Some(rule) = &slot.rule {
            let counts = score.rules.entry((slot.slot, rule.clone())).or_default();
            counts.add(Filled {
                filled: 1,
                right: usize::from(slot.right),
                too_many: usize::from(paired && slot.gold.is_none()),
                unpaired: usize::from(!paired),
            });
        }
        if paired && !slot.right {
            let cause = match (&slot.gold, &slot.read) {
                (Some(_), None) => "missed",
                (None, _) => "too many",
                _ => "wrong",
            };
            score.misses.push(Miss {
                cause: format!("claim {}: {cause}", slot.slot),
                text: labelled.id.clone(),
                quote: quote.to_owned(),
                at_byte: Some(at.start),
                expected: slot.gold.unwrap_or_else(|| "nothing".to_owned()),
                got: slot.read.unwrap_or_else(|| "nothing".to_owned()),
                rule: slot.rule,
            });
        } else if !paired {
            expected.extend(slot.gold.map(|gold| format!("{}={gold}", slot.slot)));
            got.extend(slot.read.map(|read| format!("{}={read}", slot.slot)));
        }
    }
    if !paired {
        let list = |list: Vec<String>| if list.is_empty() { "nothing".to_owned() } else { list.join("; ") };
        let cause = if got.is_empty() { "claim: missed" } else { "claim: too many" };
        score.misses.push(Miss {
            cause: cause.to_owned(),
            text: labelled.id.clone(),
            quote: quote.to_owned(),
            at_byte: Some(at.start),
            expected: list(expected),
            got: list(got),
            rule: None,
        });
    }
}

fn key_misses(labelled: &Labelled, at: Range<usize>, gold: &Keys, read: &Keys, score: &mut TextScore) {
    let quote = &labelled.text[at.clone()];
    for (name, gold, read) in [
        ("series", &gold.series, &read.series),
        ("fact", &gold.fact, &read.fact),
        ("digits", &gold.digits, &read.digits),
    ] {
        if gold != read {
            let words = |key: &Option<String>| key.clone().unwrap_or_else(|| "nothing".to_owned());
            score.misses.push(Miss {
                cause: format!("key {name}"),
                text: labelled.id.clone(),
                quote: quote.to_owned(),
                at_byte: Some(at.start),
                expected: words(gold),
                got: words(read),
                rule: None,
            });
        }
    }
}

/// Sums of one language, or of all.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Sums {
    /// Texts.
    pub(crate) texts: usize,
    /// Mentions by kind.
    pub(crate) mentions: BTreeMap<&'static str, MentionCounts>,
    /// All mentions.
    pub(crate) all_mentions: MentionCounts,
    /// Labelled names that the lexicon does not have.
    pub(crate) not_in_lexicon: usize,
    /// Claims, as labelled, read and matched; nothing if the reader reads none.
    pub(crate) claims: Option<Counts>,
    /// Slots of claims by name.
    pub(crate) slots: BTreeMap<&'static str, Counts>,
    /// All slots.
    pub(crate) all_slots: Counts,
    /// Keys.
    pub(crate) keys: KeyCounts,
}

/// Numbers about a part, and nothing of its texts.
#[derive(Debug, Serialize)]
pub(crate) struct Totals {
    /// By language, and `all`.
    pub(crate) languages: BTreeMap<String, Sums>,
    /// Mentions with intervals over texts.
    pub(crate) mentions: Pooled,
    /// Mentions by kind and span alone.
    pub(crate) mention_spans: Pooled,
    /// Slots of claims.
    pub(crate) slots: Pooled,
    /// Pairs of read claims that meet in `fact=` though the labels say different things.
    pub(crate) met_wrongly: usize,
    /// Pairs that meet rightly, with labelled values that disagree.
    pub(crate) met_with_other_values: usize,
}

/// The name under which all languages are summed.
pub(crate) const ALL: &str = "all";

/// Sums the scores of texts in pairs of language and score.
pub(super) fn totals(scores: &[(&str, TextScore)], with_claims: bool) -> (Totals, Vec<Meeting>) {
    let mut languages: BTreeMap<String, Sums> = BTreeMap::new();
    let (mut exact, mut spans, mut slots) = (Vec::new(), Vec::new(), Vec::new());
    for (language, score) in scores {
        for name in [*language, ALL] {
            add(languages.entry(name.to_owned()).or_default(), score, with_claims);
        }
        let mut mentions = MentionCounts::default();
        score.mentions.values().for_each(|counts| mentions.add(*counts));
        exact.push(mentions.exact);
        spans.push(mentions.span);
        let mut all = Counts::default();
        score.slots.values().for_each(|counts| all.add(*counts));
        slots.push(all);
    }
    let carriers: Vec<Carrier> =
        scores.iter().flat_map(|(_, score)| score.carriers.iter().cloned()).collect();
    let meetings = keys::meetings(&carriers);
    let met_wrongly = meetings.iter().filter(|meeting| meeting.different).count();
    let totals = Totals {
        languages,
        mentions: bootstrap(&exact),
        mention_spans: bootstrap(&spans),
        slots: bootstrap(&slots),
        met_wrongly,
        met_with_other_values: meetings.len() - met_wrongly,
    };
    (totals, meetings)
}

fn add(sums: &mut Sums, score: &TextScore, with_claims: bool) {
    sums.texts += 1;
    for (kind, counts) in &score.mentions {
        sums.mentions.entry(kind).or_default().add(*counts);
        sums.all_mentions.add(*counts);
    }
    sums.not_in_lexicon += score.unknown_names.len();
    if with_claims {
        sums.claims.get_or_insert_default().add(score.claims);
    }
    for (slot, counts) in &score.slots {
        sums.slots.entry(slot).or_default().add(*counts);
        sums.all_slots.add(*counts);
    }
    sums.keys.add(score.keys);
}

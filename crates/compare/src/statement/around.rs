//! What stands around a claim: the good beside a company, what a change is against, further figures, names and days.

use std::ops::Range;

use api::record::{Mention, MentionKind, Period, Precision, Word};

use crate::printed::decimal;
use crate::unit::canonical;

use super::{Maker, NEAR_BYTES, kept, range};

impl Maker<'_> {
    /// The good that a company's figure is of, if it stands beside the measure: 钨产品收入, «revenue from manganese products».
    pub(super) fn good(&mut self) -> Option<Word> {
        let claim = &self.told.claim;
        if claim.subject.as_ref().is_none_or(|subject| subject.id.starts_with("commodity/")) {
            return None;
        }
        let measure = range(claim.measure.as_ref()?.origin.as_ref())?;
        let text = &self.source.document.text;
        let sentence = self.told.sentence.clone();
        let mention = self.source.mentions.iter().find(|mention| {
            let (start, end) = (mention.start_byte as usize, mention.end_byte as usize);
            mention.entity.starts_with("commodity/")
                && sentence.contains(&start)
                && beside_measure(text, &(start..end), &measure)
        })?;
        let span = mention.start_byte as usize..mention.end_byte as usize;
        let words = text.get(span.clone())?.to_owned();
        Some(Word { id: mention.entity.clone(), words, inherited: false, span: self.span(span) })
    }

    /// The time that words behind a change's figure say it is against, where the claim has none: «up 8.2% compared with 2023», «7.4% on
    /// the end of March».
    pub(super) fn compared_with(&mut self, figure: Range<usize>) -> Option<(Period, Word)> {
        const COMPARING: &[&str] =
            &["with", "to", "on", "than", "versus", "vs", "against", "from", "above", "below"];
        const BETWEEN: &[&str] = &[
            "compared", "the", "that", "level", "levels", "position", "figure", "of", "in", "at", "more",
            "less", "higher", "lower", "same", "up", "down", "total", "for", "end", "year",
        ];
        let text = &self.source.document.text;
        let sentence = &self.told.sentence;
        let mention = self.source.mentions.iter().find(|mention| {
            let start = mention.start_byte as usize;
            figure.end <= start && start < sentence.end && mention.kind() == MentionKind::Time
        })?;
        let span = mention.start_byte as usize..mention.end_byte as usize;
        let between = text.get(figure.end..span.start)?.to_lowercase();
        let words: Vec<&str> = between.split_whitespace().collect();
        let known = words.iter().all(|word| COMPARING.contains(word) || BETWEEN.contains(word));
        let comparing = words.iter().any(|word| COMPARING.contains(word) && *word != "to")
            || words.windows(2).any(|pair| pair == ["compared", "to"]);
        let over = mention.time.clone().filter(|time| !time.start.is_empty() && !time.end.is_empty())?;
        if !known || !comparing {
            return None;
        }
        let quote = text.get(span.clone())?.to_owned();
        Some((over, Word { words: quote, inherited: false, span: self.span(span), ..Word::default() }))
    }

    /// Mentions near the claim.
    pub(super) fn near(&self) -> impl Iterator<Item = &Mention> {
        let from = self.told.sentence.start.saturating_sub(NEAR_BYTES);
        let to = self.told.sentence.end + NEAR_BYTES;
        self.source
            .mentions
            .iter()
            .filter(move |mention| from <= mention.start_byte as usize && mention.end_byte as usize <= to)
    }

    pub(super) fn beside(&self) -> Vec<String> {
        kept(self.near().filter_map(figure).collect())
    }

    pub(super) fn names(&self) -> Vec<String> {
        let title = self.source.document.title_bytes as usize;
        let sentence = &self.told.sentence;
        let inside = |mention: &&Mention| {
            let at = mention.start_byte as usize;
            at < title || sentence.contains(&at)
        };
        let names = self.source.mentions.iter().filter(inside).filter(|mention| !mention.entity.is_empty());
        kept(names.map(|mention| mention.entity.clone()).collect())
    }

    pub(super) fn days(&self) -> Vec<String> {
        let days = self.near().filter_map(|mention| {
            let time = mention.time.as_ref().filter(|time| time.precision() == Precision::Day)?;
            Some(time.start.get(..10)?.to_owned())
        });
        kept(days.collect())
    }
}

/// True if nothing but a word for products stands between a good and a measure, or «from» between a measure and a good.
fn beside_measure(text: &str, good: &Range<usize>, measure: &Range<usize>) -> bool {
    const BETWEEN: &[&str] = &[
        "", " ", "产品", "系产品", "系列产品", "类产品", "系列", "业务", "板块", "产品的", "业务的", "材料",
        " product ", " products ", " business ", " segment ",
    ];
    const FROM: &[&str] = &[" from ", " of ", " from its ", " of its ", " from selling ", " from sales of "];
    if good.end <= measure.start {
        return text.get(good.end..measure.start).is_some_and(|words| BETWEEN.contains(&words));
    }
    measure.end <= good.start && text.get(measure.end..good.start).is_some_and(|words| FROM.contains(&words))
}

/// A length of time as a figure: «8.1 days», 三年.
fn length(mention: &Mention) -> Option<String> {
    let value = decimal(&mention.value)?.normalize();
    (mention.kind() == MentionKind::Duration && value > rust_decimal::Decimal::ONE)
        .then(|| format!("{value} {}", mention.unit))
}

/// A figure as value and unit in canonical form; nothing for what is none, or may be a day or a year.
fn figure(mention: &Mention) -> Option<String> {
    let kind = mention.kind();
    if kind == MentionKind::Duration {
        return length(mention);
    }
    if !matches!(kind, MentionKind::Number | MentionKind::Percent | MentionKind::Quantity) {
        return None;
    }
    let canonical = canonical(&mention.unit)?;
    let value = decimal(&mention.value)?.checked_mul(canonical.factor)?.normalize();
    if canonical.unit.is_empty() && value < rust_decimal::Decimal::ONE_HUNDRED {
        return None;
    }
    Some(format!("{value} {}", canonical.unit))
}

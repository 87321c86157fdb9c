//! A document as the checks see it: sentences, figures with what they stand for, times, and the claims behind them.

use std::ops::Range;

use api::record;
use jiff::civil::Date;
use text::Kind;

use crate::figure::{Figure, Places};
use crate::unit::Unit;

/// Longest sentence that is checked, in bytes; what is longer is a table or no text.
pub(crate) const MAX_SENTENCE_BYTES: usize = 4096;

/// Most figures of a sentence that is checked.
pub(crate) const MAX_FIGURES: usize = 64;

/// One document with all that was read in it.
pub struct Input<'a> {
    /// Its text.
    pub text: &'a str,
    /// Bytes of its title, which begins the text; zero if it has none.
    pub title_bytes: usize,
    /// The day on which it was published, if known.
    pub published: Option<Date>,
    /// Its mentions, in the order of the text.
    pub mentions: &'a [text::Mention<'a>],
    /// Its claims.
    pub claims: &'a [Stated],
}

/// A claim as it is stored.
#[derive(Clone, Debug)]
pub struct Stated {
    /// Its name; empty if it is not stored.
    pub name: String,
    /// Its keys.
    pub keys: Vec<String>,
    /// Its body.
    pub claim: record::Claim,
}

/// The day of publication, as a document says it.
#[must_use]
pub fn published(document: &record::Document) -> Option<Date> {
    document.published.as_ref()?.start.get(..10)?.parse().ok()
}

/// A document ready for the checks.
pub(crate) struct Page<'a> {
    pub(crate) text: &'a str,
    pub(crate) published: Option<Date>,
    pub(crate) mentions: &'a [text::Mention<'a>],
    pub(crate) claims: &'a [Stated],
    /// Sentences that are not blank, in order, with the places of their figures in `figures`.
    pub(crate) sentences: Vec<Sentence>,
    pub(crate) figures: Vec<Figure<'a>>,
}

/// A sentence.
#[derive(Clone, Debug)]
pub(crate) struct Sentence {
    pub(crate) span: Range<usize>,
    pub(crate) figures: Range<usize>,
    /// Of the line in which it stands, so that no check reaches over a heading or an item of a list.
    pub(crate) line: usize,
}

impl<'a> Page<'a> {
    pub(crate) fn new(input: &Input<'a>) -> Page<'a> {
        let places = Places::new(input.claims);
        let mut figures: Vec<Figure<'a>> = input
            .mentions
            .iter()
            .filter(|mention| matches!(mention.kind, Kind::Number | Kind::Percent | Kind::Quantity))
            .filter_map(|mention| Figure::new(mention, input.claims, &places))
            .collect();
        carry_units(input.text, &mut figures);
        let mut sentences = Vec::new();
        let mut line = 0;
        let mut last = 0;
        for span in text::sentences(input.text) {
            line += input.text[last..span.start].matches(['\n', '\r']).count();
            last = span.start;
            let first = figures.partition_point(|figure| figure.span.start < span.start);
            let end = figures.partition_point(|figure| figure.span.start < span.end);
            if span.len() <= MAX_SENTENCE_BYTES && end - first <= MAX_FIGURES {
                sentences.push(Sentence { span, figures: first..end, line });
            }
        }
        Page {
            text: input.text,
            published: input.published,
            mentions: input.mentions,
            claims: input.claims,
            sentences,
            figures,
        }
    }

    /// The sentence in which a figure stands.
    pub(crate) fn sentence_of(&self, figure: &Figure<'_>) -> Option<&Sentence> {
        let at = self.sentences.partition_point(|sentence| sentence.span.end <= figure.span.start);
        self.sentences.get(at).filter(|sentence| sentence.span.contains(&figure.span.start))
    }

    /// The figures of a sentence.
    pub(crate) fn of(&self, sentence: &Sentence) -> &[Figure<'a>] {
        &self.figures[sentence.figures.clone()]
    }

    /// The text between two places in lower case; empty if the second is not behind the first.
    pub(crate) fn lower(&self, from: usize, to: usize) -> String {
        folded(self.text.get(from..to.max(from)).unwrap_or_default())
    }

    /// The words of the clause before a place: back to a comma, semicolon or the start of the sentence, without figures cut off.
    pub(crate) fn before(&self, sentence: &Sentence, place: usize) -> String {
        let start = sentence.span.start.min(place);
        let head = &self.text[start..place];
        let cut = clause_end(head).unwrap_or(0);
        folded(&head[cut..])
    }

    /// The words of the clause behind a place: up to a comma, semicolon or the end of the sentence.
    pub(crate) fn behind(&self, sentence: &Sentence, place: usize) -> String {
        let end = sentence.span.end.max(place);
        let tail = &self.text[place..end];
        let cut = tail.char_indices().find(|(at, letter)| is_clause_mark(tail, *at, *letter));
        folded(&tail[..cut.map_or(tail.len(), |(at, _)| at)])
    }

    /// The words between the figure before (or the clause's start) and this one.
    pub(crate) fn near_before(&self, sentence: &Sentence, figure: &Figure<'_>) -> String {
        let clause = self.before(sentence, figure.span.start);
        // A count in words, «the three took», cuts nothing off.
        let cuts = |other: &&Figure<'_>| {
            let word =
                other.unit.dimension == "1" && !other.quote.contains(|letter: char| letter.is_ascii_digit());
            other.span.end <= figure.span.start && !word
        };
        let last = self.of(sentence).iter().rev().find(cuts);
        let gap = last.map_or(usize::MAX, |last| figure.span.start - last.span.end);
        let mut cut = clause.len().saturating_sub(gap);
        while !clause.is_char_boundary(cut) {
            cut += 1;
        }
        clause[cut..].to_owned()
    }

    /// The words between this figure and the next (or the clause's end).
    pub(crate) fn near_behind(&self, sentence: &Sentence, figure: &Figure<'_>) -> String {
        let clause = self.behind(sentence, figure.span.end);
        let next = self.of(sentence).iter().find(|other| other.span.start >= figure.span.end);
        let mut cut = next.map_or(clause.len(), |next| (next.span.start - figure.span.end).min(clause.len()));
        while !clause.is_char_boundary(cut) {
            cut -= 1;
        }
        clause[..cut].to_owned()
    }

    /// The period of the claim of which a figure is the value, as its first day and the day after its last.
    pub(crate) fn period(&self, figure: &Figure<'_>) -> Option<(Date, Date)> {
        let period = self.claims[figure.claim?].claim.period.as_ref()?.period.as_ref()?;
        let date = |text: &str| text.get(..10)?.parse::<Date>().ok();
        Some((date(&period.start)?, date(&period.end)?))
    }

    /// The mentions of times and durations within a span.
    pub(crate) fn times(&self, span: &Range<usize>) -> impl Iterator<Item = &'a text::Mention<'a>> {
        let (start, end) = (span.start, span.end);
        let first = self.mentions.partition_point(|mention| mention.start_byte < start);
        self.mentions[first..]
            .iter()
            .take_while(move |mention| mention.start_byte < end)
            .filter(|mention| matches!(mention.kind, Kind::Time | Kind::Duration))
    }
}

/// Gives a number without a unit that of the figure before it in the sentence, if both have the same word of scale, or both are grouped
/// by thousands: «248,000 tonnes went to China, 176,000 to Europe».
fn carry_units(text: &str, figures: &mut [Figure<'_>]) {
    const NEXT: [&str; 9] = ["and ", "to ", "for ", "from ", "in ", "at ", "或", "和", "a year"];
    for index in 1..figures.len() {
        let (head, tail) = figures.split_at_mut(index);
        let Some(figure) = tail.first_mut() else { continue };
        // «由每吨140,000元跌至70,000元»: money that a price is followed by is that price too.
        if let Some(last) = head
            .last()
            .filter(|last| last.unit.price().is_some_and(|(money, _)| money == figure.unit.dimension))
        {
            let between = text.get(last.span.end..figure.span.start).unwrap_or_default();
            let reached =
                between.ends_with(['至', '到']) || between.ends_with(" to ") || between.ends_with(" from ");
            if reached && between.len() < 24 {
                let unit = Unit::parse(&format!(
                    "{}{}",
                    figure.unit.code,
                    last.unit.code.strip_prefix(&figure.unit.code).unwrap_or_default()
                ));
                figure.take_unit(unit);
                continue;
            }
        }
        let behind = text[figure.span.end..].trim_start();
        let ends = behind.is_empty()
            || behind.starts_with([',', '.', ';', '，', '。', '；', '、', ')', '）'])
            || NEXT.iter().any(|next| behind.starts_with(next));
        let Some(scale) = scale(figure.quote).filter(|_| figure.unit.dimension == "1" && ends) else {
            continue;
        };
        let near = |other: &&Figure<'_>| figure.span.start - other.span.end < 160;
        let same = head
            .iter()
            .rev()
            .take_while(near)
            .find(|other| self::scale(other.quote) == Some(scale) && !other.unit.is_percent());
        if let Some(unit) = same.map(|other| other.unit.clone()).filter(|unit| unit.dimension != "1") {
            figure.take_unit(unit);
        }
    }
}

/// How a number is written that is too large to be a count in passing: with a word of scale, or grouped by thousands.
fn scale(quote: &str) -> Option<&'static str> {
    const SCALES: [&str; 8] = ["thousand", "million", "billion", "trillion", "万", "亿", "bn", "mn"];
    let word = SCALES.iter().find(|word| quote.contains(**word)).copied();
    word.or_else(|| quote.contains(',').then_some(","))
}

/// Where the last clause of a text begins, behind its mark.
fn clause_end(head: &str) -> Option<usize> {
    head.char_indices()
        .rfind(|(at, letter)| is_clause_mark(head, *at, *letter))
        .map(|(at, letter)| at + letter.len_utf8())
}

/// A comma or semicolon that is no separator of thousands.
fn is_clause_mark(text: &str, at: usize, letter: char) -> bool {
    match letter {
        '，' | '；' | ';' => true,
        ',' => {
            let digit = |letter: char| letter.is_ascii_digit();
            !(text[..at].ends_with(digit) && text[at + 1..].starts_with(digit))
        }
        _ => false,
    }
}

/// Where a mention stands, in bytes.
pub(crate) fn place(mention: &text::Mention<'_>) -> Range<usize> {
    mention.start_byte..mention.end_byte
}

/// The first and the last day of a time, inclusive, if both are known.
pub(crate) fn days(time: &text::Mention<'_>) -> Option<(Date, Date)> {
    let date = |text: &Option<String>| text.as_deref()?.get(..10)?.parse::<Date>().ok();
    let (start, end) = (date(&time.start)?, date(&time.end)?);
    let last = if end > start { end.yesterday().ok()? } else { start };
    Some((start, last))
}

/// The text in lower case, each letter at its own place: one whose lower case takes more or fewer bytes stays as it is.
pub(crate) fn folded(text: &str) -> String {
    let fold = |letter: char| {
        let mut lower = letter.to_lowercase();
        match (lower.next(), lower.next()) {
            (Some(one), None) if one.len_utf8() == letter.len_utf8() => one,
            _ => letter,
        }
    };
    text.chars().map(fold).collect()
}

//! A text under work: its items, its blocks, and what was told before the sentence that is read.

use std::cell::{Cell, OnceCell};
use std::ops::Range;

use super::cues::Cue;
use super::figure::is_figure;
use super::home::Home;
use super::items::{Item, What};
use super::layout::{Block, BlockKind};
use super::slots::{Amount, Interval, Origin, OriginKind, Slot, Term};
use crate::lexicon::Lexicon;
use crate::mention::{Kind, Mention, Precision};

/// A text with everything that was found in it.
pub(super) struct Scene<'t, 'a> {
    pub(super) text: &'t str,
    pub(super) mentions: &'a [Mention<'t>],
    pub(super) items: &'a [Item],
    /// Of each item the kind before the slash of its id; empty if it is no name.
    pub(super) kinds: &'a [&'a str],
    pub(super) blocks: &'a [Block],
    /// The time of a report whose title names a day of it alone: the item, and the week or month that is meant.
    pub(super) report: Option<(usize, Interval)>,
    /// What holds for the whole text.
    pub(super) home: Home,
    /// What was looked for before, and is at hand.
    pub(super) near: Near,
}

/// What a scene knows of the last question.
#[derive(Debug, Default)]
pub(super) struct Near {
    /// The item at which the last stretch of the text began: the next one is near it as a rule.
    item: Cell<usize>,
    /// The rows without figures, once they were asked for.
    headers: OnceCell<Vec<usize>>,
}

/// What was told last, for slots that a sentence leaves to the ones before it.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    /// Item of the good named last.
    pub(super) good: Option<usize>,
    /// Item of the good that the last figure was of, and its measure.
    pub(super) subject: Option<usize>,
    /// Item of the good that the title or the nearest heading names.
    pub(super) theme: Option<usize>,
    /// Who was said last to say something: the bytes of the words, and the id.
    pub(super) speaker: Option<(usize, usize, Option<String>)>,
    /// Item of the company named last.
    pub(super) company: Option<usize>,
    /// Item of the measure named last.
    pub(super) measure: Option<usize>,
    /// Item of the time that set the period last.
    pub(super) period: Option<usize>,
    /// Item of the time that set the period of the lines before.
    pub(super) lately: Option<usize>,
    /// Item of the time that the title or heading sets for everything below it.
    pub(super) frame: Option<usize>,
    /// Item of the country or place named last.
    pub(super) place: Option<usize>,
    /// Item of the country that reports the trade of which was told last.
    pub(super) reporter: Option<usize>,
    /// Item of the customs named last.
    pub(super) customs: Option<usize>,
    /// Item of the exchange that a title or heading without a company names.
    pub(super) exchange: Option<usize>,
    /// Item of the exchange whose notice the text is.
    pub(super) notice: Option<usize>,
    /// Item of the good after which the sector is named that was told of last.
    pub(super) sector: Option<usize>,
    /// Item of the index named last.
    pub(super) index: Option<usize>,
    /// Item of the first company of the text, which a bare 公司 means if none was told since.
    pub(super) topic: Option<usize>,
}

impl Memory {
    /// What still holds on a new line: what stands above, but a good told since that is a kind of the good above.
    ///
    /// An answer goes on from its question: `asked` is true on the line behind one.
    pub(super) fn on_new_line(&self, above: &Memory, scene: &Scene<'_, '_>, asked: bool) -> Memory {
        let mut next = above.clone();
        let id = |item: Option<usize>| item.and_then(|item| scene.id(item));
        let narrower = refines(id(self.good), id(above.good)) || is_of_group(id(self.good), id(above.good));
        if asked && self.good.is_some() || narrower {
            next.good = self.good;
        }
        next.speaker.clone_from(&self.speaker);
        next.subject = self.subject;
        next.sector = self.sector;
        next.lately = self.period.or(self.lately);
        next.frame = next.frame.or(self.frame);
        next.topic = self.topic;
        next.customs = self.customs.or(next.customs);
        next.reporter = self.reporter.or(next.reporter);
        next
    }
}

/// True if one good is of the group that the other names: 碳酸锂 of 锂盐.
fn is_of_group(special: Option<&str>, general: Option<&str>) -> bool {
    const GROUPS: &[&str] = &["-salt", "-salts", "-products", "-compounds", "-materials", "-chemicals"];
    let (Some(special), Some(general)) = (special, general) else { return false };
    let lexicon = Lexicon::standard();
    let (Some(one), Some(group)) = (lexicon.get(special), lexicon.get(general)) else { return false };
    let is_group = GROUPS.iter().any(|end| general.ends_with(end));
    let within = one.family.iter().any(|family| family == general || group.family.contains(family));
    special != general && is_group && within
}

/// True if one id is a kind of the other by its name: battery-grade-lithium-carbonate, lithium-carbonate.
pub(super) fn refines(special: Option<&str>, general: Option<&str>) -> bool {
    let (Some(special), Some(general)) = (special, general) else { return false };
    let (Some((_, special)), Some((_, general))) = (special.split_once('/'), general.split_once('/')) else {
        return false;
    };
    special.len() > general.len()
        && (special.strip_suffix(general).is_some_and(|rest| rest.ends_with('-'))
            || special.strip_prefix(general).is_some_and(|rest| rest.starts_with('-')))
}

/// So many items are looked at one by one before a search halves the rest.
const NEARBY: usize = 12;

impl<'t> Scene<'t, '_> {
    pub(super) fn mention(&self, item: usize) -> Option<&Mention<'t>> {
        self.items.get(item)?.mention().map(|index| &self.mentions[index])
    }

    /// The lexicon's id of an item that is a name.
    pub(super) fn id(&self, item: usize) -> Option<&str> {
        self.mention(item).filter(|mention| mention.kind == Kind::Entity)?.id.as_deref()
    }

    /// The kind before the slash of an item's id; empty if it is no name.
    pub(super) fn kind(&self, item: usize) -> &str {
        self.kinds.get(item).copied().unwrap_or_default()
    }

    pub(super) fn is_time(&self, item: usize) -> bool {
        self.mention(item).is_some_and(|mention| mention.kind == Kind::Time)
    }

    pub(super) fn is_code(&self, item: usize) -> bool {
        self.mention(item).is_some_and(|mention| mention.kind == Kind::Code)
    }

    /// True for a word that means a company told before; 公司 in 期货公司 is another.
    pub(super) fn is_anaphor(&self, item: usize) -> bool {
        if self.items[item].cue() != Some(Cue::Company) {
            return false;
        }
        let words = self.words(item);
        if !words.starts_with("公司") && words != "其" {
            return true;
        }
        let before = self.text[..self.items[item].start].trim_end();
        !before.ends_with(char::is_alphanumeric)
            || ["对", "由", "使", "据", "但", "而", "至", "为", "因", "及", "和"]
                .iter()
                .any(|word| before.ends_with(word))
    }

    /// The text between two items; empty if they overlap.
    pub(super) fn gap(&self, left: usize, right: usize) -> &'t str {
        self.text.get(self.items[left].end..self.items[right].start).unwrap_or_default()
    }

    /// The words of a stretch of the text as a term without an id, stated there.
    pub(super) fn words_term(&self, span: Range<usize>, rule: &'static str) -> Slot<Term<'t>> {
        let origin = Origin { kind: OriginKind::Stated, start_byte: span.start, end_byte: span.end, rule };
        Slot { is: Term { id: None, words: &self.text[span] }, origin }
    }

    pub(super) fn words(&self, item: usize) -> &'t str {
        &self.text[self.items[item].span()]
    }

    /// The items whose bytes lie in a stretch of the text.
    pub(super) fn items_in(&self, span: &Range<usize>) -> Range<usize> {
        let start = self.item_from(span.start);
        start..self.item_beyond(start, span.end)
    }

    /// The items whose bytes lie in a block.
    pub(super) fn items_of(&self, block: &Block) -> Range<usize> {
        self.items_in(&block.span)
    }

    /// The first item that begins at a byte or behind it, looked for from the last such item on.
    fn item_from(&self, byte: usize) -> usize {
        let hint = self.near.item.get().min(self.items.len());
        let (before, behind) = self.items.split_at(hint);
        let found = if behind.first().is_some_and(|item| item.start < byte) {
            self.item_beyond(hint, byte)
        } else {
            let mut found = hint;
            while found > 0 && before[found - 1].start >= byte {
                found -= 1;
                if hint - found == NEARBY {
                    found = before.partition_point(|item| item.start < byte);
                    break;
                }
            }
            found
        };
        self.near.item.set(found);
        found
    }

    /// The same from a known item on, behind which it stands.
    fn item_beyond(&self, from: usize, byte: usize) -> usize {
        let behind = self.items.get(from..).unwrap_or_default();
        for (ahead, item) in behind.iter().enumerate() {
            if item.start >= byte {
                return from + ahead;
            }
            if ahead == NEARBY {
                return from + behind.partition_point(|item| item.start < byte);
            }
        }
        self.items.len().max(from)
    }

    /// The rows of tables that have no figure, as indexes of blocks.
    pub(super) fn headers(&self) -> &[usize] {
        self.near.headers.get_or_init(|| {
            let figures = |cell: &Range<usize>| self.items_in(cell).any(|item| is_figure(self, item));
            let is_header = |block: &Block| !block.cells.is_empty() && !block.cells.iter().any(figures);
            (0..self.blocks.len()).filter(|block| is_header(&self.blocks[*block])).collect()
        })
    }

    /// The block that holds an item.
    pub(super) fn block_of(&self, item: usize) -> usize {
        let at = self.items[item].start;
        self.blocks.partition_point(|block| block.span.end <= at).min(self.blocks.len().saturating_sub(1))
    }

    /// Where a slot comes from that the item at `item` fills in a claim of `block`.
    pub(super) fn origin(&self, item: usize, block: &Block, rule: &'static str) -> Origin {
        let span = self.items[item].span();
        let inside = block.span.start <= span.start && span.end <= block.span.end;
        let kind = if inside { OriginKind::Stated } else { OriginKind::Inherited };
        Origin { kind, start_byte: span.start, end_byte: span.end, rule }
    }

    /// The name at `item` as a slot.
    pub(super) fn term(&self, item: usize, block: &Block, rule: &'static str) -> Slot<Term<'t>> {
        let id = self.id(item).map(str::to_owned);
        Slot { is: Term { id, words: self.words(item) }, origin: self.origin(item, block, rule) }
    }

    /// The value at `item`.
    pub(super) fn amount(&self, item: usize) -> Amount {
        let Some(mention) = self.mention(item) else { return Amount::default() };
        Amount {
            value: mention.value.clone(),
            low: mention.low.clone(),
            high: mention.high.clone(),
            unit: mention.unit.clone(),
        }
    }

    /// The unit of the value at `item`.
    pub(super) fn unit(&self, item: usize) -> Option<&str> {
        self.mention(item)?.unit.as_deref()
    }

    /// The precision of the interval at `item`, if that is known.
    pub(super) fn precision(&self, item: usize) -> Option<Precision> {
        if let Some((of, whole)) = &self.report
            && *of == item
        {
            return whole.precision;
        }
        self.mention(item).filter(|mention| is_interval(mention))?.precision
    }

    /// True if an interval is known at `item`.
    pub(super) fn has_interval(&self, item: usize) -> bool {
        self.report.as_ref().is_some_and(|(of, _)| *of == item) || self.mention(item).is_some_and(is_interval)
    }

    /// The interval at `item`; nothing if it is not known.
    pub(super) fn interval(&self, item: usize) -> Option<Interval> {
        if let Some((of, whole)) = &self.report
            && *of == item
        {
            return Some(whole.clone());
        }
        let mention = self.mention(item)?;
        let interval = is_interval(mention).then(|| Interval {
            start: mention.start.clone(),
            end: mention.end.clone(),
            precision: mention.precision,
        })?;
        Some(beyond(&self.text[..mention.start_byte], interval))
    }
}

impl Block {
    /// True if the block sets the scene for what is below it.
    pub(super) fn is_above(&self) -> bool {
        matches!(self.kind, BlockKind::Title | BlockKind::Heading)
    }
}

/// «post-2019» is all that is behind the year, «pre-2019» all before it.
fn beyond(before: &str, interval: Interval) -> Interval {
    let ends = |word: &str| {
        let at = before.len().checked_sub(word.len());
        at.and_then(|at| before.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(word))
    };
    if ends("post-") {
        return Interval { start: interval.end, end: None, precision: Some(Precision::Range) };
    }
    if ends("pre-") {
        return Interval { start: None, end: interval.start, precision: Some(Precision::Range) };
    }
    interval
}

/// True for a time whose start or end is known.
fn is_interval(mention: &Mention<'_>) -> bool {
    mention.kind == Kind::Time && (mention.start.is_some() || mention.end.is_some())
}

/// The kind of each item, which is asked for again and again.
pub(super) fn kinds<'a>(items: &[Item], mentions: &'a [Mention<'_>]) -> Vec<&'a str> {
    let kind = |item: &Item| match item.what {
        What::Name => "company",
        What::Mention(index) if mentions[index].kind == Kind::Entity => {
            mentions[index].id.as_deref().and_then(|id| id.split('/').next()).unwrap_or_default()
        }
        _ => "",
    };
    items.iter().map(kind).collect()
}

/// A slot that follows by a rule, without words of its own.
pub(super) fn resolved<'t>(id: &str, rule: &'static str) -> Slot<Term<'t>> {
    let origin = Origin { kind: OriginKind::Resolved, start_byte: 0, end_byte: 0, rule };
    Slot { is: Term { id: Some(id.to_owned()), words: "" }, origin }
}

//! One pass over a text: at each place the longest reading wins, and reading goes on behind it.

use std::sync::Arc;

use jiff::civil::Date;

use crate::claim::{self, Claim, Cues};
use crate::code;
use crate::entity::{Echoes, Entities, SHORT};
use crate::lexicon::Lexicon;
use crate::mention::{Doubt, Kind, Kinds, Mention};
use crate::phrase::{self, Phrase, unit_at};
use crate::shy;
use crate::time::{self, TimeRead};
use crate::view::View;

/// What a text is read against.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context {
    /// The day of publication, against which "last week" and days without a year are resolved. Without it such times
    /// are found, but have no start and end.
    pub published: Option<Date>,
    /// What to look for.
    pub kinds: Kinds,
}

/// Reads texts; it holds the lexicon and nothing else, so that one reader serves any number of threads.
///
/// ```
/// use text::{Context, Kind, Reader};
///
/// let reader = Reader::standard();
/// let mentions = reader.read("LME copper fell 1.92% to $9,663.00 per ton", &Context::default());
/// let price = mentions.iter().find(|mention| mention.kind == Kind::Quantity).expect("a price was written");
/// assert_eq!((price.value.as_deref(), price.unit.as_deref()), (Some("9663"), Some("USD/t")));
/// assert_eq!(price.quote, "$9,663.00 per ton");
/// ```
pub struct Reader {
    entities: Arc<Entities>,
    cues: Arc<Cues>,
}

impl Reader {
    /// A reader that knows the entries of `lexicon`.
    pub fn new(lexicon: &Lexicon) -> Reader {
        Reader { entities: Arc::new(Entities::new(lexicon)), cues: Cues::standard() }
    }

    /// A reader with the lexicon that comes with the program.
    pub fn standard() -> Reader {
        Reader { entities: Entities::standard(), cues: Cues::standard() }
    }

    /// The mentions in a text, in order, without overlaps. Any text is fine; what cannot be read is passed over.
    ///
    /// A text is read up to 4 GiB, which is where byte offsets end.
    pub fn read<'t>(&self, text: &'t str, context: &Context) -> Vec<Mention<'t>> {
        if u32::try_from(text.len()).is_err() {
            return Vec::new();
        }
        let view = View::new(text);
        // A mention is as a rule followed by more text than this, in tables too.
        let mut mentions = Vec::with_capacity(text.len() / 10);
        let mut shortened = false;
        let mut echoes = Echoes::default();
        // What a step found.
        let mut found: Vec<Mention<'t>> = Vec::with_capacity(2);
        let mut at = 0;
        while at < view.len() {
            at = match self.step(&view, at, context, &echoes, &mut found) {
                Step::Mention(end) => {
                    let Some(mention) = found.last_mut() else { break };
                    // A code may begin before the place that shows that it is one.
                    while mentions.last().is_some_and(|last: &Mention<'_>| last.end_byte > mention.start_byte)
                    {
                        mentions.pop();
                    }
                    if mention.kind == Kind::Time {
                        time::settle(mention, text, &mentions, context.published);
                    }
                    shortened |= mention.id.as_deref().is_some_and(|id| id.starts_with(SHORT));
                    echoes.hear(mention);
                    let company = mention.id.as_deref().is_some_and(|id| id.starts_with("company/"));
                    mentions.append(&mut found);
                    let ticker =
                        if company { code::ticker_behind(&view, end, mentions.last()) } else { None };
                    let ticker = ticker.filter(|code| {
                        context.kinds.contains(Kind::Code) && self.entities.find(&view, code.start).is_none()
                    });
                    if let Some(code) = ticker {
                        mentions.push(Mention::bare(Kind::Code, text, view.bytes(code.clone())));
                        code.end
                    } else {
                        end.max(at + 1)
                    }
                }
                Step::Pair(end) => {
                    mentions.append(&mut found);
                    end.max(at + 1)
                }
                Step::Past(end) => end.max(at + 1),
            };
        }
        if shortened {
            self.entities.shorts.settle(&mut mentions);
        }
        mentions
    }

    /// The claims of a text, in order, from the mentions that [`Reader::read`] found in it with all kinds. The title is the first
    /// `title_bytes` of the text; what a text without a title has there is zero.
    ///
    /// ```
    /// let reader = text::Reader::standard();
    /// let sentence = "LME copper down 1.92% to $9,663.00 per ton";
    /// let claims = reader.claims(sentence, 0, &reader.read(sentence, &text::Context::default()));
    /// let subject = claims[0].subject.as_ref().and_then(|slot| slot.is.id.as_deref());
    /// assert_eq!(subject, Some("commodity/copper"));
    /// assert_eq!(claims[0].quote, "$9,663.00 per ton");
    /// ```
    pub fn claims<'t>(&self, text: &'t str, title_bytes: usize, mentions: &[Mention<'t>]) -> Vec<Claim<'t>> {
        if u32::try_from(text.len()).is_err() {
            return Vec::new();
        }
        claim::read(text, title_bytes, mentions, &self.cues)
    }

    /// What is to be read at a place; mentions are put to `found`.
    fn step<'t>(
        &self,
        view: &View<'t>,
        at: usize,
        context: &Context,
        echoes: &Echoes,
        found: &mut Vec<Mention<'t>>,
    ) -> Step {
        let kinds = context.kinds;
        let first = view.get(at);
        if first == ' ' || first == '\n' {
            return Step::Past(at + 1);
        }
        // Inside a Latin word nothing begins, but for what is written behind digits without a blank.
        if first.is_ascii_lowercase() && view.before(at).is_ascii_lowercase() {
            return Step::Past(at + 1);
        }
        let wants_entity = kinds.contains(Kind::Entity);
        // U3O8 and NMC811 look like codes of models, and are names of goods.
        // Behind the colon of an exchange letters are a ticker: (ASX: BOE).
        let listed = |end: usize| {
            matches!(view.before(view.blanks_back(at)), ':' | '：')
                && (at..end).all(|letter| view.raw(letter).is_ascii_uppercase())
        };
        let is_name = |end: usize| {
            wants_entity
                && !listed(end)
                && self.entities.find(view, at).is_some_and(|entity| entity.end >= end)
        };
        if let Some(code) = code::code_at(view, at).filter(|code| !is_name(code.end)) {
            if let Some(kind) = code.kind.filter(|kind| kinds.contains(*kind)) {
                let span = code.start.unwrap_or(at)..code.end;
                return mention(found, Mention::bare(kind, view.source, view.bytes(span)), code.end);
            }
            if code.certain {
                return Step::Past(code.end);
            }
        }
        let wants_value =
            [Kind::Number, Kind::Percent, Kind::Quantity].iter().any(|kind| kinds.contains(*kind));
        let wants_time = kinds.contains(Kind::Time) || kinds.contains(Kind::Duration);
        let entity = if wants_entity { self.entities.find(view, at) } else { None };
        // At most places nothing begins, which a look at the first character tells.
        let value = wants_value && phrase::may_begin(view, at);
        let unit = wants_value && kinds.units();
        let timed = wants_time && time::may_begin(view, at);
        if entity.is_none() && !value && !unit && !timed {
            return nothing(view, at, echoes, wants_entity, found);
        }
        // A phrase is large: it stays where it is.
        let mut phrase = if value { phrase::begun_at(view, at, kinds) } else { None };
        if unit && phrase.is_none() {
            phrase = unit_at(view, at, kinds);
        }
        if phrase.as_ref().is_some_and(|phrase| !kinds.contains(phrase.kind)) {
            phrase = None;
        }
        let time = if timed { time::time_at(view, at, context.published) } else { None };
        let reach = |end: Option<usize>| end.unwrap_or(at);
        let phrase_end = reach(phrase.as_ref().map(|phrase| phrase.end));
        let time_end = reach(time.as_ref().map(|time| time.end));
        let entity_end = reach(entity.as_ref().map(|entity| entity.end));
        // R142b is a good and no amount of rand.
        let named = first.is_ascii_alphabetic() && entity_end == phrase_end;
        if let Some(entity) = entity.filter(|_| (entity_end > phrase_end || named) && entity_end > time_end) {
            // The lexicon also holds words that are no mention, such as "supply chain".
            if entity.id.starts_with("none/") {
                return Step::Past(entity.end);
            }
            // "Mt Todd金矿": the mine of that name, and no ore.
            let mine = view.before(entity.end) == '矿' && view.before(at).is_ascii_alphabetic();
            if mine && entity.id.starts_with("commodity/") {
                return Step::Past(entity.end);
            }
            let named = |id: &str, span: std::ops::Range<usize>| {
                let mut named = Mention::bare(Kind::Entity, view.source, view.bytes(span));
                named.id = Some(id.to_owned());
                named
            };
            if let Some((good, stop)) = entity.good {
                let rest = view.blanks(stop);
                found.extend([named(good, at..stop), named(entity.id, rest..entity.end)]);
                return Step::Pair(entity.end);
            }
            let mut name = named(entity.id, at..entity.end);
            name.doubt = entity.artefact.then_some(Doubt::TranslationArtefact);
            return mention(found, name, entity.end);
        }
        if let Some(time) = time.filter(|_| time_end >= phrase_end) {
            return if kinds.contains(time.kind) {
                mention(found, time_mention(view, &time), time.end)
            } else {
                Step::Past(time.end)
            };
        }
        if let Some(phrase) = phrase {
            let end = phrase.end;
            return mention(found, phrase_mention(view, phrase), end);
        }
        nothing(view, at, echoes, wants_entity, found)
    }
}

/// The step where neither a value nor a time nor a name of the lexicon begins.
fn nothing<'t>(
    view: &View<'t>,
    at: usize,
    echoes: &Echoes,
    wants_entity: bool,
    found: &mut Vec<Mention<'t>>,
) -> Step {
    if let Some((id, end)) = echoes.find(view, at).filter(|_| wants_entity) {
        let mut name = Mention::bare(Kind::Entity, view.source, view.bytes(at..end));
        name.id = Some(id.to_owned());
        return mention(found, name, end);
    }
    // A numeral that is no number here is passed over whole.
    Step::Past(if shy::blocked(view, at) { at + 2 } else { at + 1 })
}

/// What a step found, and where reading goes on.
enum Step {
    /// A mention.
    Mention(usize),
    /// A good and the measure of it that its name goes over into.
    Pair(usize),
    /// Nothing that is told.
    Past(usize),
}

fn mention<'t>(found: &mut Vec<Mention<'t>>, mention: Mention<'t>, end: usize) -> Step {
    found.push(mention);
    Step::Mention(end)
}

fn phrase_mention<'t>(view: &View<'t>, phrase: Phrase) -> Mention<'t> {
    let mut found = Mention::bare(phrase.kind, view.source, view.bytes(phrase.start..phrase.end));
    found.value = phrase.value.map(|value| value.text());
    found.low = phrase.low.map(|value| value.text());
    found.high = phrase.high.map(|value| value.text());
    found.unit = phrase.unit;
    found.qualifier = phrase.qualifier;
    found.exclusive = phrase.exclusive;
    found.doubt = phrase.doubt;
    found.scope = view.bytes(phrase.scope);
    found
}

fn time_mention<'t>(view: &View<'t>, time: &TimeRead) -> Mention<'t> {
    let mut found = Mention::bare(time.kind, view.source, view.bytes(time.start..time.end));
    if let Some(interval) = &time.interval {
        found.start = interval.start.map(time::written);
        found.end = interval.end.map(time::written);
    }
    found.precision = time.precision;
    found.doubt = time.doubt;
    if let Some(length) = &time.length {
        found.value = length.value.as_ref().map(|value| value.text());
        found.low = length.low.as_ref().map(|value| value.text());
        found.high = length.high.as_ref().map(|value| value.text());
        found.unit = Some(length.unit.to_owned());
        found.seconds = length.seconds.as_ref().map(|value| value.text());
        found.qualifier = length.qualifier;
    }
    found
}

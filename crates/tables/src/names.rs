//! Words of cells as terms: what they name in a slot, as the lexicon and the closed lists know them.

use std::collections::HashMap;

use rust_decimal::Decimal;
use text::{Context, Kind, Kinds, Lexicon, Reader};

/// Most words that are remembered; a column has far fewer, and what is forgotten is looked up again.
const REMEMBERED: usize = 10_000;

/// A slot that holds a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Slot {
    Subject,
    Measure,
    Statistic,
    Basis,
    Part,
    Whole,
    Actors,
    Place,
    Partners,
    Venue,
}

impl Slot {
    /// Its name in mappings and reports.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Measure => "measure",
            Self::Statistic => "statistic",
            Self::Basis => "basis",
            Self::Part => "part",
            Self::Whole => "whole",
            Self::Actors => "actors",
            Self::Place => "place",
            Self::Partners => "partners",
            Self::Venue => "venue",
        }
    }

    /// Kinds of entries that may fill it; those of an earlier list go before those of a later one.
    fn kinds(self) -> &'static [&'static [&'static str]] {
        const PLACES: &[&str] = &["country", "region", "place"];
        match self {
            Self::Measure => &[&["measure"]],
            Self::Statistic | Self::Basis => &[],
            Self::Place | Self::Partners => &[PLACES],
            Self::Venue => &[&["exchange", "agency", "institution", "index", "company"], PLACES],
            Self::Actors => &[&["company", "institution", "agency", "exchange"], PLACES],
            Self::Subject | Self::Part | Self::Whole => {
                &[&["commodity"], &["index"], &["company", "institution", "agency", "exchange"], PLACES]
            }
        }
    }
}

/// A unit, and what a value in the words that named it is multiplied by.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Unit {
    /// UCUM or ISO 4217; empty for a plain number; a UCUM annotation `{words}` for what is not known.
    pub(crate) code: String,
    pub(crate) factor: Decimal,
    pub(crate) known: bool,
}

/// A lexicon made ready for looking up what cells name. It is made once for any number of tables.
pub struct Names<'l> {
    lexicon: &'l Lexicon,
    reader: Reader,
    /// Entries by name in lower case: places among the entries, and among their names.
    index: HashMap<String, Vec<(usize, usize)>>,
}

/// What words were found to mean.
#[derive(Default)]
pub(crate) struct Memory {
    terms: HashMap<(Slot, String), Option<String>>,
    units: HashMap<String, Unit>,
}

impl Memory {
    /// The id of what `words` name in a slot, if that is sure.
    pub(crate) fn id(&mut self, names: &Names<'_>, slot: Slot, words: &str) -> Option<String> {
        let key = (slot, words.to_owned());
        if let Some(known) = self.terms.get(&key) {
            return known.clone();
        }
        let id = names.id(slot, words);
        if self.terms.len() >= REMEMBERED {
            self.terms.clear();
        }
        self.terms.insert(key, id.clone());
        id
    }

    /// The unit that `words` name, with the scale that they state: `thousand metric tons` are 1000 `t`.
    pub(crate) fn unit(&mut self, names: &Names<'_>, words: &str) -> Unit {
        if let Some(known) = self.units.get(words) {
            return known.clone();
        }
        let unit = names.unit(words);
        if self.units.len() >= REMEMBERED {
            self.units.clear();
        }
        self.units.insert(words.to_owned(), unit.clone());
        unit
    }
}

impl<'l> Names<'l> {
    /// Makes a lexicon ready.
    pub fn new(lexicon: &'l Lexicon) -> Self {
        let mut index: HashMap<String, Vec<(usize, usize)>> = HashMap::new();
        for (entry, known) in lexicon.entries().iter().enumerate() {
            for (name, spelled) in known.names.iter().enumerate() {
                index.entry(spelled.text.to_lowercase()).or_default().push((entry, name));
            }
        }
        // That of the program's own lexicon is there already.
        let standard = std::ptr::eq(lexicon, Lexicon::standard());
        let reader = if standard { Reader::standard() } else { Reader::new(lexicon) };
        Self { lexicon, reader, index }
    }

    pub(crate) fn reader(&self) -> &Reader {
        &self.reader
    }

    /// The id of what `words` name in a slot: names in either language, ids, and of closed lists and measures also ids without
    /// their kind.
    fn id(&self, slot: Slot, words: &str) -> Option<String> {
        match slot {
            Slot::Statistic => {
                let short = || text::statistic(&format!("statistic/{}", words.to_lowercase()));
                return text::statistic(words).or_else(short).map(str::to_owned);
            }
            Slot::Basis => {
                let short = || text::basis(&format!("basis/{words}"));
                return text::basis(words).or_else(short).map(str::to_owned);
            }
            Slot::Measure => {
                let short = format!("measure/{}", words.to_lowercase());
                if self.lexicon.get(&short).is_some() {
                    return Some(short);
                }
            }
            _ => {}
        }
        let kind_of = |id: &str| id.split('/').next().unwrap_or_default().to_owned();
        let fits = |id: &str| slot.kinds().iter().any(|kinds| kinds.contains(&kind_of(id).as_str()));
        if self.lexicon.get(words).is_some_and(|entry| fits(&entry.id)) {
            return Some(words.to_owned());
        }
        slot.kinds()
            .iter()
            .find_map(|kinds| self.named(kinds, words))
            .or_else(|| self.read(words).filter(|id| fits(id)))
    }

    /// The one entry of some kinds with this name. A name that counts only in a context counts here, where the column is the
    /// context, unless another entry has it without.
    fn named(&self, kinds: &[&str], words: &str) -> Option<String> {
        let entries = self.lexicon.entries();
        // ISO 3166-1 codes are the ids of countries.
        if kinds.contains(&"country")
            && words.len() == 3
            && words.bytes().all(|byte| byte.is_ascii_uppercase())
        {
            let id = format!("country/{words}");
            if self.lexicon.get(&id).is_some() {
                return Some(id);
            }
        }
        let found = self.index.get(&words.to_lowercase())?;
        let of_kind = found
            .iter()
            .map(|(entry, name)| (&entries[*entry], &entries[*entry].names[*name]))
            .filter(|(entry, name)| {
                kinds.contains(&entry.kind()) && (!name.exact || name.text == words) && !name.artefact
            });
        let (in_context, sure): (Vec<_>, Vec<_>) = of_kind.partition(|(_, name)| name.in_context);
        let mut ids: Vec<&str> = if sure.is_empty() { in_context } else { sure }
            .iter()
            .map(|(entry, _)| entry.id.as_str())
            .collect();
        ids.sort_unstable();
        ids.dedup();
        match ids.as_slice() {
            [one] => Some((*one).to_owned()),
            _ => None,
        }
    }

    /// What the reader of texts takes all of the words for, as in another writing.
    fn read(&self, words: &str) -> Option<String> {
        let context = Context { kinds: Kinds::of(&[Kind::Entity]), ..Context::default() };
        let mentions = self.reader.read(words, &context);
        let [mention] = mentions.as_slice() else { return None };
        let whole = mention.quote.len() == words.len() && mention.doubt.is_none();
        mention.id.clone().filter(|_| whole)
    }

    /// The unit that `words` name.
    fn unit(&self, words: &str) -> Unit {
        if matches!(words, "" | "1") {
            return Unit { code: String::new(), factor: Decimal::ONE, known: true };
        }
        let context = Context {
            kinds: Kinds::of(&[Kind::Quantity, Kind::Percent, Kind::Number]),
            ..Context::default()
        };
        let one = |text: String| {
            let mentions = self.reader.read(&text, &context);
            let [mention] = mentions.as_slice() else { return None };
            let whole = mention.quote.len() == text.len() && mention.doubt.is_none();
            let factor = mention.value.as_deref().filter(|_| whole)?.parse().ok()?;
            Some(Unit { code: mention.unit.clone().unwrap_or_default(), factor, known: true })
        };
        let digit = words.starts_with(|first: char| first.is_ascii_digit());
        // A scale of its own, such as 1000 t and 千吨.
        let found = if digit {
            one(words.to_owned())
        } else {
            one(format!("1 {words}")).or_else(|| one(format!("1{words}")))
        };
        found.unwrap_or_else(|| Unit { code: annotation(words), factor: Decimal::ONE, known: false })
    }
}

/// Words as a UCUM annotation, which may hold any printable ASCII character but braces; others are kept too.
fn annotation(words: &str) -> String {
    let inner: String = words.chars().filter(|c| !matches!(c, '{' | '}' | '/')).collect();
    format!("{{{}}}", inner.split_whitespace().collect::<Vec<_>>().join("_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_slot() {
        let names = Names::new(Lexicon::standard());
        for (slot, words, id) in [
            (Slot::Subject, "Antimony", Some("commodity/antimony")),
            (Slot::Subject, "锑锭", Some("commodity/antimony-ingot")),
            (Slot::Subject, "commodity/copper", Some("commodity/copper")),
            (Slot::Subject, "measure/price", None),
            (Slot::Subject, "no such thing", None),
            (Slot::Place, "China", Some("country/CHN")),
            (Slot::Place, "CHN", Some("country/CHN")),
            (Slot::Place, "中", Some("country/CHN")),
            (Slot::Place, "Antimony", None),
            (Slot::Measure, "price", Some("measure/price")),
            (Slot::Measure, "产量", Some("measure/output")),
            (Slot::Venue, "LME", Some("exchange/LME")),
            (Slot::Statistic, "average", Some("statistic/mean")),
            (Slot::Statistic, "statistic/close", Some("statistic/close")),
            (Slot::Statistic, "close", Some("statistic/close")),
            (Slot::Statistic, "average of sorts", None),
            (Slot::Measure, "net-profit", Some("measure/net-profit")),
            (Slot::Basis, "含税", Some("basis/vat-included")),
            (Slot::Basis, "basis/REO", Some("basis/REO")),
        ] {
            assert_eq!(names.id(slot, words).as_deref(), id, "{words}");
        }
    }

    #[test]
    fn units_are_multiplied_out() {
        let names = Names::new(Lexicon::standard());
        for (words, code, factor, known) in [
            ("metric tons", "t", "1", true),
            ("thousand metric tons", "t", "1000", true),
            ("万元/吨", "CNY/t", "10000", true),
            ("百万美元", "USD", "1000000", true),
            ("dollars per kilogram", "USD/kg", "1", true),
            ("percent", "%", "1", true),
            ("1000 t", "t", "1000", true),
            ("", "", "1", true),
            ("thousand metric dry tons", "{thousand_metric_dry_tons}", "1", false),
        ] {
            let unit = names.unit(words);
            assert_eq!(
                (unit.code.as_str(), unit.factor.to_string().as_str(), unit.known),
                (code, factor, known)
            );
        }
    }
}

//! A claim in words of a template, in the reader's language: what it is of, its figures and its times.

use api::record::{Amount, Change, Claim, EventType, Modality, Origin, OriginKind, Term, When};
use text::Lexicon;

use crate::input::Doc;
use crate::model::Piece;
use crate::parameters::Language;
use crate::told::Teller;
use crate::topic::name;
use crate::words::{self, say};

/// Words for a claim; nothing if it says neither what it is of nor a value or event. Figures and times are those of its slots, written as the
/// reader's language does, and only where words of the document say them; where a slot has but these words, they are shown as printed.
pub(crate) fn of(claim: &Claim, doc: &Doc<'_>, lexicon: &Lexicon, language: Language) -> Vec<Piece> {
    let said = Said { doc, lexicon, language };
    let mut pieces = Vec::new();
    let of: Vec<String> =
        claim.subject.iter().chain(&claim.joint).filter_map(|term| said.term(term)).collect();
    let actors: Vec<String> = claim.actors.iter().filter_map(|term| said.term(term)).collect();
    let joined = |names: Vec<String>| names.join(say(language, "、", ", "));
    let what = match claim.event() {
        EventType::Unspecified => claim.measure.as_ref().and_then(|term| said.term(term)),
        event => words::event(event, language).map(str::to_owned),
    };
    let parts: Vec<String> = [joined(actors), joined(of), what.unwrap_or_default()].into();
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() {
        return pieces;
    }
    pieces.push(Piece::Words(parts.join(" · ")));
    if let Some(value) = claim.value.as_ref().and_then(|value| said.amount(value)) {
        let qualifier =
            claim.qualifier.as_ref().map_or("", |slot| words::qualifier(slot.qualifier(), language));
        pieces.push(Piece::Words(format!("{}{qualifier}", say(language, "：", ": "))));
        pieces.push(value);
    }
    for change in &claim.changes {
        said.change(change, &mut pieces);
    }
    said.times(claim, &mut pieces);
    pieces
}

/// The dates of an event, where the sentence itself does not say them.
pub(crate) fn dates(claim: &Claim, doc: &Doc<'_>, lexicon: &Lexicon, language: Language) -> Vec<Piece> {
    let said = Said { doc, lexicon, language };
    let mut pieces = Vec::new();
    said.dates(claim, &mut pieces, |origin| origin.kind() == OriginKind::Inherited);
    pieces
}

struct Said<'a, 'r> {
    doc: &'a Doc<'r>,
    lexicon: &'a Lexicon,
    language: Language,
}

impl Said<'_, '_> {
    /// The words of a slot as printed; `None` where none are.
    fn printed(&self, origin: Option<&Origin>) -> Option<String> {
        let origin = origin?;
        let words = self.doc.body.text.get(origin.start_byte as usize..origin.end_byte as usize)?;
        (!words.trim().is_empty()).then(|| words.trim().to_owned())
    }

    /// An amount of which words of the document speak.
    fn amount(&self, amount: &Amount) -> Option<Piece> {
        let printed = self.printed(amount.origin.as_ref())?;
        Some(self.teller().amount(amount).map_or(Piece::Printed(printed), Piece::Words))
    }

    /// A time of which words of the document speak.
    fn when(&self, when: &When) -> Option<Piece> {
        let printed = self.printed(when.origin.as_ref())?;
        let told = when.period.as_ref().and_then(|period| self.teller().when(period));
        Some(told.map_or(Piece::Printed(printed), Piece::Words))
    }

    /// By how much it changed, if words of the document say so.
    fn change(&self, change: &Change, pieces: &mut Vec<Piece>) {
        let Some(by) = &change.by else { return };
        let Some(printed) = self.printed(by.origin.as_ref()) else { return };
        let told = self.teller().by(by);
        let relation =
            change.base.as_ref().map_or("", |base| words::relation(base.relation(), self.language));
        let direction = match (told.is_some() && by.unit == "{multiple}", self.language) {
            (true, language) => words::multiplied(change.direction(), language),
            (false, language) => words::direction(change.direction(), language),
        };
        let by = told.map_or(Piece::Printed(printed), Piece::Words);
        match self.language {
            Language::Chinese => pieces.extend([Piece::Words(format!("，{relation}{direction}")), by]),
            Language::English => {
                pieces.extend([Piece::Words(format!(", {direction} ")), by]);
                if !relation.is_empty() {
                    pieces.push(Piece::Words(format!(" {relation}")));
                }
            }
        }
    }

    fn teller(&self) -> Teller<'_> {
        Teller::new(self.lexicon, self.language)
    }

    /// The name in the reader's language, else the words as printed. A name with digits is taken as printed, for its digits
    /// may not be in the text.
    fn term(&self, term: &Term) -> Option<String> {
        let known = name(self.lexicon, &term.id, self.language == Language::Chinese);
        match known.filter(|name| !name.bytes().any(|b| b.is_ascii_digit())) {
            Some(name) => Some(name.to_owned()),
            None if term.words.is_empty() => None,
            None => Some(term.words.clone()),
        }
    }

    fn times(&self, claim: &Claim, pieces: &mut Vec<Piece>) {
        let expected = claim.modality.as_ref().map(|slot| slot.modality());
        let modality = match expected {
            Some(Modality::Expected) => say(self.language, "预期", "expected"),
            Some(Modality::Planned) => say(self.language, "计划", "planned"),
            Some(Modality::Contractual) => say(self.language, "约定", "by contract"),
            Some(Modality::Hypothetical) => say(self.language, "假设", "if so"),
            _ => "",
        };
        if !modality.is_empty() {
            pieces.push(Piece::Words(format!(" · {modality}")));
        }
        if let Some(period) = claim.period.as_ref().and_then(|when| self.when(when)) {
            pieces.extend([Piece::Words(" · ".to_owned()), period]);
        }
        self.dates(claim, pieces, |_| true);
    }

    fn dates(&self, claim: &Claim, pieces: &mut Vec<Piece>, wanted: impl Fn(&Origin) -> bool) {
        let both = [(&claim.announced, "宣布", "announced"), (&claim.effective, "生效", "effective")];
        for (when, chinese, english) in both {
            let when = when.as_ref().filter(|when| when.origin.as_ref().is_some_and(&wanted));
            let Some(date) = when.and_then(|when| self.when(when)) else { continue };
            pieces.push(Piece::Words(format!(" · {} ", say(self.language, chinese, english))));
            pieces.push(date);
        }
    }
}

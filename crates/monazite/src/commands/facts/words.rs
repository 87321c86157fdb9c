//! Slots of a claim in words for people.

use api::record::{Amount, Change, Direction, Modality, OriginKind, Qualifier, Relation, Status, Term};
use brief::told::{grouped, scaled};
use text::Lexicon;

use super::days;
use crate::names;

/// The name of an enum's value: `year_on_year` of `RELATION_YEAR_ON_YEAR`.
pub(super) fn lower(name: &str, prefix: &str) -> String {
    name.trim_start_matches(prefix).to_ascii_lowercase()
}

/// A name as the document prints it, or as the lexicon does where no words say it.
pub(super) fn term<'a>(lexicon: &'a Lexicon, term: &'a Term) -> &'a str {
    if term.words.is_empty() { names::shown(lexicon, &term.id) } else { &term.words }
}

/// `words`, in brackets unless the claim's own sentence says it.
pub(super) fn bracketed(words: String, origin: Option<&api::record::Origin>) -> String {
    let stated = origin.is_none_or(|origin| origin.kind() == OriginKind::Stated);
    if stated || words.is_empty() { words } else { format!("({words})") }
}

/// A value of a claim: `19,109 CNY/t`.
pub(super) fn amount(amount: &Amount) -> String {
    figure(&amount.value, &amount.low, &amount.high, &amount.unit)
}

/// Words for powers of ten.
const SCALES: [(usize, &str); 3] = [(12, " trillion"), (9, " billion"), (6, " million")];

/// A value as people see it: `19,109 CNY/t`, `≥ 3,800 t`, `900–960 million CNY`; empty if there is none. No digit is lost.
pub(crate) fn figure(value: &str, low: &str, high: &str, unit: &str) -> String {
    let ends = [value, low, high];
    let fitting = SCALES.iter().find_map(|(power, word)| {
        let shifted = ends.map(|end| if end.is_empty() { Some(String::new()) } else { scaled(end, *power) });
        let [Some(value), Some(low), Some(high)] = shifted else { return None };
        Some(([value, low, high], *word))
    });
    let ([value, low, high], scale) = fitting.unwrap_or((ends.map(str::to_owned), ""));
    let number = match (value.as_str(), low.as_str(), high.as_str()) {
        ("", "", "") => return String::new(),
        ("", low, "") => format!("≥ {}{scale}", grouped(low)),
        ("", "", high) => format!("≤ {}{scale}", grouped(high)),
        ("", low, high) => format!("{}–{}{scale}", grouped(low), grouped(high)),
        (value, ..) => format!("{}{scale}", grouped(value)),
    };
    match unit {
        "" => number,
        "[pp]" => format!("{number} points"),
        "{multiple}" => format!("{number}×"),
        "{share}" => format!("{number} shares"),
        unit => format!("{number} {unit}"),
    }
}

/// `about`, `nearly` and so on.
pub(crate) fn qualifier(qualifier: Qualifier) -> Option<&'static str> {
    Some(match qualifier {
        Qualifier::Unspecified => return None,
        Qualifier::About => "about",
        Qualifier::Nearly => "nearly",
        Qualifier::Over => "over",
        Qualifier::AtLeast => "at least",
        Qualifier::Under => "under",
        Qualifier::AtMost => "at most",
    })
}

/// `expected`, `planned` and so on; empty for what is told as fact.
pub(super) fn modality(modality: Modality) -> String {
    lower(modality.as_str_name(), "MODALITY_").replace("unspecified", "")
}

/// `proposed`, `eased`, `ended`; empty for what is in force.
pub(super) fn status(status: Status) -> String {
    lower(status.as_str_name(), "STATUS_").replace("unspecified", "")
}

/// A name that comes from a translation that distorts its meaning, with what was meant; nothing for other names.
pub(super) fn artefact<'a>(lexicon: &'a Lexicon, term: &'a Term) -> Option<(&'a str, &'a str)> {
    let entry = lexicon.get(&term.id)?;
    let words = term.words.to_lowercase();
    let distorted = entry.names.iter().any(|name| name.artefact && name.text.to_lowercase() == words);
    distorted.then(|| (term.words.as_str(), names::shown(lexicon, &term.id)))
}

/// A change without its base: `+1.51 %`, `−3 points`, `about +5 %`, `5×`, `up`; empty where it is merely compared.
pub(super) fn moved(change: &Change) -> String {
    let direction = match change.direction() {
        Direction::Unspecified => "",
        Direction::Up => "up",
        Direction::Down => "down",
        Direction::Flat => "unchanged",
    };
    let Some(by) = &change.by else { return direction.to_owned() };
    let rises = change.direction() == Direction::Up && by.unit != "{multiple}";
    let negative = [&by.value, &by.low, &by.high].iter().any(|number| number.starts_with('-'));
    let shown = if rises && !negative { format!("+{}", amount(by)) } else { amount(by) };
    match qualifier(change.qualifier()) {
        Some(word) => format!("{word} {shown}"),
        None => shown,
    }
}

/// What a change is measured against: `YoY`, `against 2024-Q3`, `from 9,800 USD/t`; empty if the text does not say.
pub(super) fn against(change: &Change) -> String {
    let Some(base) = &change.base else { return String::new() };
    let period = base.period.as_ref().map(days::shown).unwrap_or_default();
    let sum = if base.sum { "the sum of " } else { "" };
    let named = match (base.words.as_str(), period.as_str()) {
        // A relation says the period by itself.
        ("", period) if base.relation() == Relation::Unspecified && !period.is_empty() => {
            bracketed(format!("against {sum}{period}"), base.origin.as_ref())
        }
        ("", _) => String::new(),
        (words, "") => format!("against «{words}»"),
        (words, period) => format!("against «{words}» in {period}"),
    };
    let relation = bracketed(relation(base.relation()).to_owned(), base.origin.as_ref());
    let before = base.value.as_ref().map(|value| format!("from {}", amount(value))).unwrap_or_default();
    [relation, named, before].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The usual letters of a relation.
pub(super) fn relation(relation: Relation) -> &'static str {
    match relation {
        Relation::Unspecified => "",
        Relation::YearOnYear => "YoY",
        Relation::HalfOnHalf => "HoH",
        Relation::QuarterOnQuarter => "QoQ",
        Relation::MonthOnMonth => "MoM",
        Relation::WeekOnWeek => "WoW",
        Relation::DayOnDay => "DoD",
        Relation::PreviousPeriod => "on the period before",
        Relation::YearStart => "YTD",
    }
}

#[cfg(test)]
mod tests {
    use api::record::{Base, Period};

    use super::*;

    #[test]
    fn values_read_as_in_print() {
        assert_eq!(figure("19109", "", "", "CNY/t"), "19,109 CNY/t");
        assert_eq!(figure("", "900000000", "960000000", "CNY"), "900–960 million CNY");
        assert_eq!(figure("107760000000", "", "", "CNY"), "107.76 billion CNY");
        assert_eq!(figure("", "900000000", "1200000000", "CNY"), "900–1,200 million CNY");
        assert_eq!(figure("1234567", "", "", "CNY"), "1,234,567 CNY");
        assert_eq!(figure("1234567890", "", "", "t"), "1,234,567,890 t");
        assert_eq!(figure("-44000000", "", "", "t"), "−44 million t");
        assert_eq!(figure("3400000000000.5", "", "", ""), "3,400,000,000,000.5");
        assert_eq!(figure("999999", "", "", ""), "999,999");
        assert_eq!(figure("-1.92", "", "", "%"), "−1.92 %");
        assert_eq!(figure("", "1000", "", "t"), "≥ 1,000 t");
        assert_eq!(figure("0.5", "", "", "[pp]"), "0.5 points");
        assert_eq!(figure("2", "", "", "{multiple}"), "2×");
        assert_eq!(figure("", "", "", "t"), "");
    }

    #[test]
    fn changes_say_their_sign_and_their_base() {
        let by = |value: &str, unit: &str| {
            Some(Amount { value: value.into(), unit: unit.into(), ..Default::default() })
        };
        let mut change =
            Change { direction: Direction::Up.into(), by: by("1.51", "%"), ..Default::default() };
        assert_eq!((moved(&change).as_str(), against(&change).as_str()), ("+1.51 %", ""));
        change.base = Some(Base { relation: Relation::QuarterOnQuarter.into(), ..Default::default() });
        assert_eq!(against(&change), "QoQ");
        change.base = Some(Base {
            period: Some(Period {
                start: "2022-01-01".into(),
                end: "2025-01-01".into(),
                ..Default::default()
            }),
            sum: true,
            ..Default::default()
        });
        assert_eq!(against(&change), "against the sum of 2022 … 2024");
        change.base =
            Some(Base { words: "the low".into(), value: by("9800", "USD/t"), ..Default::default() });
        assert_eq!(against(&change), "against «the low» from 9,800 USD/t");
        change.by = by("5", "{multiple}");
        change.qualifier = Qualifier::Nearly.into();
        assert_eq!(moved(&change), "nearly 5×");
        let down = Change { direction: Direction::Down.into(), by: by("-3", "[pp]"), ..Default::default() };
        assert_eq!(moved(&down), "−3 points");
        assert_eq!(moved(&Change::default()), "");
    }

    #[test]
    fn a_distorted_translation_is_told_with_what_was_meant() -> Result<(), text::LexiconError> {
        let line = "measure/x\t扣非净利润\tprofit excluding items|!non-recurring profit\t\t\ta test";
        let lexicon = Lexicon::parse(&[("own.tsv", line)])?;
        let mut term =
            Term { id: "measure/x".into(), words: "Non-recurring profit".into(), ..Default::default() };
        assert_eq!(artefact(&lexicon, &term), Some(("Non-recurring profit", "profit excluding items")));
        term.words = "扣非净利润".into();
        assert_eq!(artefact(&lexicon, &term), None);
        assert_eq!(artefact(&lexicon, &Term::default()), None);
        Ok(())
    }
}

//! Words for what a story holds.

use api::record::{DifferenceKind, Manner, SharedKind};
use brief::Language;
use brief::told::Teller;
use text::Lexicon;

/// What differs.
pub(super) fn kind(kind: DifferenceKind) -> &'static str {
    match kind {
        DifferenceKind::Number => "number",
        DifferenceKind::Period => "period",
        DifferenceKind::Good => "good",
        DifferenceKind::Place => "place",
        DifferenceKind::Date => "date",
        DifferenceKind::Unspecified => "something",
    }
}

/// How a telling stands to the others.
pub(super) fn manner(manner: Manner) -> &'static str {
    match manner {
        Manner::OwnWords | Manner::Unspecified => "own words",
        Manner::Copy => "copy",
        Manner::NearCopy => "near copy",
    }
}

/// What two tellings share.
pub(super) fn shared(kind: SharedKind) -> &'static str {
    match kind {
        SharedKind::Copy => "the same text",
        SharedKind::NearCopy => "nearly the same text",
        SharedKind::Number => "number",
        SharedKind::Entity => "name",
        SharedKind::Unspecified => "something",
    }
}

/// What a side says, for people: the name behind an id, the days or months of an interval, a value with its unit.
pub(super) fn said(said: &str) -> String {
    Teller::new(Lexicon::standard(), Language::English).said(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_are_shown_as_people_say_them() {
        assert_eq!(said("2024-12-01/2025-05-01"), "Dec 2024 – Apr 2025");
        assert_eq!(said("2025-07-13/2025-07-14"), "13 Jul 2025");
        assert_eq!(said("3834 mass"), "3,834 t");
        assert_eq!(said("commodity/antimony"), "antimony");
    }
}

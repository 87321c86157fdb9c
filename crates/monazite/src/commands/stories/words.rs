//! Words for what a story holds.

use api::record::{DifferenceKind, Manner, SharedKind};
use text::Lexicon;

use crate::names::shown;

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
pub(super) fn said(kind: DifferenceKind, said: &str) -> String {
    match kind {
        DifferenceKind::Good | DifferenceKind::Place => shown(Lexicon::standard(), said).to_owned(),
        DifferenceKind::Period | DifferenceKind::Date => interval(said),
        _ => match said.split_once(' ') {
            Some((value, "mass")) => format!("{value} t"),
            _ => said.to_owned(),
        },
    }
}

/// `2024-12-01/2025-05-01` as `2024-12 … 2025-04`: whole months by their names, the last one included.
fn interval(said: &str) -> String {
    let Some((start, end)) = said.split_once('/') else { return said.to_owned() };
    let (Ok(first), Ok(after)) = (start.parse::<jiff::civil::Date>(), end.parse::<jiff::civil::Date>())
    else {
        return format!("{start} … {end}");
    };
    let Ok(last) = after.yesterday() else { return said.to_owned() };
    if first.day() == 1 && after.day() == 1 {
        if first.month() == 1 && after.month() == 1 && last.year() == first.year() {
            return first.year().to_string();
        }
        let month = |day: jiff::civil::Date| day.strftime("%Y-%m").to_string();
        return if month(first) == month(last) {
            month(first)
        } else {
            format!("{} … {}", month(first), month(last))
        };
    }
    if first == last { first.to_string() } else { format!("{first} … {last}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_shown_as_people_say_them() {
        assert_eq!(interval("2024-12-01/2025-05-01"), "2024-12 … 2025-04");
        assert_eq!(interval("2025-07-01/2025-08-01"), "2025-07");
        assert_eq!(interval("2025-01-01/2026-01-01"), "2025");
        assert_eq!(interval("2025-07-13/2025-07-14"), "2025-07-13");
        assert_eq!(interval("2025-07-07/2025-07-14"), "2025-07-07 … 2025-07-13");
        assert_eq!(said(DifferenceKind::Number, "3834 mass"), "3834 t");
        assert_eq!(said(DifferenceKind::Good, "commodity/antimony"), "antimony");
    }
}

//! The words of a finding, for people and on the command line.

use api::record::{Check, Finding, FindingKind, Likelier, LikelierKind, ReasonCode};

/// The kinds in the order in which they are listed where they are equally severe.
pub(super) const KINDS: [FindingKind; 8] = [
    FindingKind::Contradiction,
    FindingKind::Fails,
    FindingKind::Revision,
    FindingKind::Outturn,
    FindingKind::Rounding,
    FindingKind::Agreement,
    FindingKind::Holds,
    FindingKind::NotComparable,
];

/// The reason codes.
pub(super) const REASONS: [ReasonCode; 9] = [
    ReasonCode::Value,
    ReasonCode::DigitsTransposed,
    ReasonCode::Scale,
    ReasonCode::UnitOrBasis,
    ReasonCode::PeriodShifted,
    ReasonCode::ComparisonBase,
    ReasonCode::GoodConfused,
    ReasonCode::Direction,
    ReasonCode::ActorOrTradeDirection,
];

/// The checks of an audit.
pub(super) const CHECKS: [Check; 14] = [
    Check::ChangeBase,
    Check::RangeBase,
    Check::PartsTotal,
    Check::Ratio,
    Check::Share,
    Check::UnitPrice,
    Check::FuturePeriod,
    Check::Calendar,
    Check::SelfExplanation,
    Check::Chronology,
    Check::Age,
    Check::SeriesLevel,
    Check::SeriesChange,
    Check::SeriesSum,
];

/// `not-comparable` of `FINDING_KIND_NOT_COMPARABLE`.
pub(super) fn dashed(name: &str, prefix: &str) -> String {
    name.trim_start_matches(prefix).to_ascii_lowercase().replace('_', "-")
}

/// The word of a kind.
pub(crate) fn kind(kind: FindingKind) -> String {
    dashed(kind.as_str_name(), "FINDING_KIND_")
}

/// The word of the reason of a contradiction.
pub(crate) fn reason(finding: &Finding) -> Option<String> {
    let reason = finding.reason();
    (reason != ReasonCode::Unspecified).then(|| dashed(reason.as_str_name(), "REASON_CODE_"))
}

/// The word of the check of an audit.
pub(crate) fn check(finding: &Finding) -> Option<String> {
    let check = finding.check();
    (check != Check::Unspecified).then(|| dashed(check.as_str_name(), "CHECK_"))
}

/// Where a finding stands among others of its severity.
pub(super) fn rank(finding: &Finding) -> usize {
    KINDS.iter().position(|kind| *kind == finding.kind()).unwrap_or(KINDS.len())
}

/// How a finding is called in its first line.
pub(crate) fn title(kind: FindingKind) -> (char, &'static str) {
    match kind {
        FindingKind::Contradiction => ('✗', "contradiction"),
        FindingKind::Fails => ('✗', "does not add up"),
        FindingKind::Holds => ('✓', "holds"),
        FindingKind::Agreement => ('✓', "agreement"),
        FindingKind::Rounding => ('✓', "agreement by rounding"),
        FindingKind::Outturn => ('→', "forecast and outturn"),
        FindingKind::Revision => ('→', "revision"),
        FindingKind::NotComparable => ('—', "not compared"),
        FindingKind::Unspecified => ('·', "finding"),
    }
}

/// Several of a kind: `3 that hold`.
pub(super) fn several(kind: FindingKind, count: usize) -> &'static str {
    match (kind, count) {
        (FindingKind::Contradiction, 1) => "contradiction",
        (FindingKind::Contradiction, _) => "contradictions",
        (FindingKind::Fails, 1) => "that does not add up",
        (FindingKind::Fails, _) => "that do not add up",
        (FindingKind::Holds, 1) => "that holds",
        (FindingKind::Holds, _) => "that hold",
        (FindingKind::Agreement, 1) => "agreement",
        (FindingKind::Agreement, _) => "agreements",
        (FindingKind::Rounding, _) => "by rounding",
        (FindingKind::Outturn, 1) => "outturn",
        (FindingKind::Outturn, _) => "outturns",
        (FindingKind::Revision, 1) => "revision",
        (FindingKind::Revision, _) => "revisions",
        (FindingKind::NotComparable, _) => "not compared",
        (FindingKind::Unspecified, _) => "of another kind",
    }
}

/// What differs, or what was checked, in words: `period shifted`, `unit price`.
pub(crate) fn subtitle(finding: &Finding) -> Option<String> {
    let word = match finding.check() {
        Check::ChangeBase => "value, change and base".to_owned(),
        Check::RangeBase => "both ends of a range imply one base".to_owned(),
        Check::PartsTotal => "parts and total".to_owned(),
        Check::FuturePeriod => "period not over when told as fact".to_owned(),
        Check::SelfExplanation => "explained by itself".to_owned(),
        Check::SeriesLevel => "against a loaded table".to_owned(),
        Check::SeriesChange => "change against a loaded table".to_owned(),
        Check::SeriesSum => "sum against a loaded table".to_owned(),
        _ => reason(finding).or(check(finding))?.replace('-', " "),
    };
    Some(word)
}

/// Why a side is the likelier.
pub(super) fn likelier(reason: &Likelier) -> String {
    dashed(reason.kind().as_str_name(), "LIKELIER_KIND_")
}

/// The same in words for people.
pub(super) fn likelier_words(reason: &Likelier) -> &'static str {
    match reason.kind() {
        LikelierKind::Attribution => "it names its source",
        LikelierKind::Edition => "it is the later edition",
        LikelierKind::Arithmetic => "its arithmetic holds",
        LikelierKind::Table => "a loaded series says so",
        LikelierKind::Chronology => "it fits a date that is told",
        LikelierKind::Voices => "more independent voices say so",
        LikelierKind::Unspecified => "for a reason that this program does not know",
    }
}

/// A, B, C and so on of a side; behind Z come AA, AB and so on.
pub(super) fn letter(side: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = Some(side);
    while let Some(place) = rest {
        letters.extend(('A'..='Z').nth(place % 26));
        rest = (place / 26).checked_sub(1);
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_sides_have_the_same_letters() {
        let letters = [0, 1, 25, 26, 27, 51, 52, 701, 702].map(letter);
        assert_eq!(letters, ["A", "B", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA"]);
    }
}

//! What several findings say about the same figures, said once.
//!
//! A number that two tellings give differently is found in their titles and in their texts, and against each of the others: six findings about one
//! dispute. For a reader they are one. The records stay as they are; this is for the eye alone.

use std::collections::{BTreeMap, BTreeSet};

use api::record::{Check, Citation, Finding, FindingKind, FindingSide, Likelier, LikelierKind, ReasonCode};

/// A finding with its record's citations, or several that say one thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// Resource names: of the finding, and of those that say the same.
    pub names: Vec<String>,
    /// What it says. The sides of several are joined; `said` has a line for each different value then.
    pub body: Finding,
    /// What its sides, calculations and reasons cite.
    pub citations: Vec<Citation>,
}

/// Whether a finding is worth no place on a screen unless it is asked for: that something in the future is told as such, or that the wording holds.
/// What was calculated, or is borne out by a table, is worth one, also where it holds.
#[must_use]
pub fn is_quiet(finding: &Finding) -> bool {
    let counted = !finding.calculations.is_empty()
        || !finding.readings.is_empty()
        || finding.check() == Check::Unspecified;
    finding.kind() == FindingKind::Holds && !counted
}

/// Whether a finding is of an audit: something was checked, and holds or fails.
#[must_use]
pub fn is_check(finding: &Finding) -> bool {
    matches!(finding.kind(), FindingKind::Holds | FindingKind::Fails) && finding.sides.len() < 2
}

/// Joins findings that say one thing about the same passages, in the order of the first of each. A contradiction of which one side fails in a
/// calculation that holds on the other gets that as a reason; `checks` are what was calculated.
#[must_use]
pub fn once(found: Vec<Told>, checks: &[Told]) -> Vec<Told> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut known: BTreeMap<(String, String, u32), usize> = BTreeMap::new();
    for (index, one) in found.iter().enumerate() {
        let Some(what) = class(&one.body) else {
            groups.push(vec![index]);
            continue;
        };
        let places = places(one).map(|(document, at)| (what.clone(), document.to_owned(), at));
        let places: Vec<_> = places.collect();
        let mut joined: BTreeSet<usize> =
            places.iter().filter_map(|place| known.get(place).copied()).collect();
        let first = joined.pop_first().unwrap_or_else(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[first].push(index);
        for other in joined {
            let moved = std::mem::take(&mut groups[other]);
            groups[first].extend(moved);
            known.values_mut().filter(|group| **group == other).for_each(|group| *group = first);
        }
        known.extend(places.into_iter().map(|place| (place, first)));
    }
    let mut told = Vec::new();
    for mut members in groups.into_iter().filter(|members| !members.is_empty()) {
        members.sort_unstable();
        let members: Vec<&Told> = members.iter().map(|index| &found[*index]).collect();
        told.push(match members.as_slice() {
            [only] => (*only).clone(),
            several => joined(several),
        });
    }
    let sums = Sums::of(checks);
    for one in &mut told {
        calculated(one, &sums);
    }
    told
}

/// By place of a figure: whether a calculation with it holds, and whether one fails.
struct Sums<'a>(BTreeMap<(&'a str, u32), (bool, bool)>);

impl<'a> Sums<'a> {
    fn of(checks: &'a [Told]) -> Self {
        let mut sums = BTreeMap::new();
        for check in checks.iter().filter(|check| !check.body.calculations.is_empty()) {
            for place in places(check) {
                let (holds, fails): &mut (bool, bool) = sums.entry(place).or_default();
                *holds |= check.body.kind() == FindingKind::Holds;
                *fails |= check.body.kind() == FindingKind::Fails;
            }
        }
        Self(sums)
    }

    /// Of all figures that one side cites.
    fn of_side(&self, side: &FindingSide, citations: &[Citation]) -> (bool, bool) {
        let cited = side.citations.iter().filter_map(|index| place(citations, *index));
        let told = cited.filter_map(|place| self.0.get(&place));
        told.fold((false, false), |all, one| (all.0 || one.0, all.1 || one.1))
    }
}

/// What findings must have in common to say one thing: of values that oppose or support each other no more than the passages, else the same sides.
fn class(finding: &Finding) -> Option<String> {
    let sides = || {
        let said: BTreeSet<&str> = finding.sides.iter().map(|side| side.said.as_str()).collect();
        format!("{:?} {:?} {said:?}", finding.kind(), finding.reason())
    };
    match finding.kind() {
        FindingKind::Contradiction if is_of_values(finding.reason()) => Some("values".to_owned()),
        FindingKind::Agreement | FindingKind::Rounding => Some("agreement".to_owned()),
        FindingKind::Contradiction | FindingKind::Outturn | FindingKind::Revision => Some(sides()),
        _ => None,
    }
}

fn is_of_values(reason: ReasonCode) -> bool {
    matches!(
        reason,
        ReasonCode::Value | ReasonCode::DigitsTransposed | ReasonCode::Scale | ReasonCode::UnitOrBasis
    )
}

/// The places of a finding's passages.
fn places(told: &Told) -> impl Iterator<Item = (&str, u32)> {
    let cited = told.body.sides.iter().flat_map(|side| &side.citations);
    cited.filter_map(|index| place(&told.citations, *index))
}

fn place(citations: &[Citation], index: u32) -> Option<(&str, u32)> {
    let citation = citations.get(index as usize)?;
    Some((&citation.document, citation.spans.first()?.start_byte))
}

/// Findings that say one thing as one.
fn joined(members: &[&Told]) -> Told {
    let mut citations: Vec<Citation> = Vec::new();
    // Each side by what it says, with its passages.
    let mut sides: BTreeMap<String, FindingSide> = BTreeMap::new();
    let mut opposed: BTreeSet<(String, String)> = BTreeSet::new();
    for member in members {
        for side in &member.body.sides {
            let into = sides.entry(side.said.clone()).or_default();
            into.said.clone_from(&side.said);
            into.voices = into.voices.max(side.voices);
            into.claims.extend(
                side.claims.iter().filter(|claim| !into.claims.contains(claim)).cloned().collect::<Vec<_>>(),
            );
            for citation in side.citations.iter().filter_map(|index| member.citations.get(*index as usize)) {
                let index = placed(&mut citations, citation);
                if !into.citations.contains(&index) {
                    into.citations.push(index);
                }
            }
            let others = member.body.sides.iter().filter(|other| other.said != side.said);
            opposed.extend(others.map(|other| (side.said.clone(), other.said.clone())));
        }
    }
    let first = members[0];
    let body = &first.body;
    let camps = camps(body.kind(), sides, &opposed);
    let camp_of = |said: &str| camps.iter().position(|camp| camp.said.split('\n').any(|line| line == said));
    // A reason counts if all that say the same thing give it.
    let reasons = |member: &Told| -> BTreeSet<(usize, i32)> {
        let side = |likelier: &Likelier| camp_of(&member.body.sides.get(likelier.side as usize)?.said);
        member.body.likelier.iter().filter_map(|likelier| Some((side(likelier)?, likelier.kind))).collect()
    };
    let mut shared = reasons(first);
    for member in members {
        let given = reasons(member);
        shared.retain(|reason| given.contains(reason));
    }
    let likelier = shared
        .into_iter()
        .map(|(side, kind)| Likelier { side: u32::try_from(side).unwrap_or(0), kind, ..Likelier::default() })
        .collect();
    let mut claims: Vec<String> = members.iter().flat_map(|member| &member.body.claims).cloned().collect();
    claims.sort_unstable();
    claims.dedup();
    let rounded = members.iter().any(|member| member.body.kind() == FindingKind::Rounding);
    let kind = if rounded { FindingKind::Rounding } else { body.kind() };
    let telling = |reason: &ReasonCode| (*reason == ReasonCode::Value, *reason as i32);
    let reason = members.iter().map(|member| member.body.reason()).min_by_key(telling).unwrap_or_default();
    Told {
        names: members.iter().flat_map(|member| member.names.iter().cloned()).collect(),
        body: Finding {
            kind: kind.into(),
            reason: reason.into(),
            severity: members.iter().map(|member| member.body.severity).max().unwrap_or(0),
            sides: camps,
            likelier,
            claims,
            cut: members.iter().any(|member| member.body.cut),
            ..body.clone()
        },
        citations,
    }
}

/// The place of a citation among those of several findings.
fn placed(citations: &mut Vec<Citation>, citation: &Citation) -> u32 {
    let known = citations.iter().position(|known| known == citation);
    let index = known.unwrap_or_else(|| {
        citations.push(citation.clone());
        citations.len() - 1
    });
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// Sides that never oppose each other, but the same others, as one; of what agrees, and where it is no matter of two, all as they are.
fn camps(
    kind: FindingKind,
    sides: BTreeMap<String, FindingSide>,
    opposed: &BTreeSet<(String, String)>,
) -> Vec<FindingSide> {
    let all: Vec<FindingSide> = sides.into_values().collect();
    if kind != FindingKind::Contradiction {
        return all;
    }
    let against =
        |one: &FindingSide, other: &FindingSide| opposed.contains(&(one.said.clone(), other.said.clone()));
    let mut camps: [Vec<usize>; 2] = [vec![0], Vec::new()];
    // Each side stands against one that has its place already, as far as all hang together.
    let mut left: Vec<usize> = (1..all.len()).collect();
    while let Some(at) =
        left.iter().position(|side| camps.iter().flatten().any(|placed| against(&all[*side], &all[*placed])))
    {
        let side = left.remove(at);
        let with = usize::from(camps[0].iter().any(|placed| against(&all[side], &all[*placed])));
        camps[with].push(side);
    }
    let within =
        |camp: &[usize]| camp.iter().any(|one| camp.iter().any(|other| against(&all[*one], &all[*other])));
    if !left.is_empty() || camps.iter().any(|camp| within(camp)) {
        return all;
    }
    let joined = |camp: Vec<usize>| {
        camp.into_iter().map(|side| all[side].clone()).reduce(|mut into, side| {
            into.said = format!("{}\n{}", into.said, side.said);
            into.voices = into.voices.max(side.voices);
            into.claims.extend(side.claims);
            into.citations.extend(side.citations);
            into
        })
    };
    camps.into_iter().filter_map(joined).collect()
}

/// Adds the reason that a calculation with a figure of one side fails, and one with a figure of the only other side holds.
fn calculated(told: &mut Told, sums: &Sums<'_>) {
    if told.body.kind() != FindingKind::Contradiction || !is_of_values(told.body.reason()) {
        return;
    }
    let [one, other] = told.body.sides.as_slice() else { return };
    let side = match (sums.of_side(one, &told.citations), sums.of_side(other, &told.citations)) {
        ((_, true), (true, false)) => 1,
        ((true, false), (_, true)) => 0,
        _ => return,
    };
    let kind = LikelierKind::Arithmetic.into();
    if !told.body.likelier.iter().any(|likelier| likelier.kind == kind) {
        told.body.likelier.push(Likelier { side, kind, ..Likelier::default() });
    }
}

#[cfg(test)]
mod tests {
    use api::record::Span;

    use super::*;

    fn cite(place: (&str, u32)) -> Citation {
        let span = Span { start_byte: place.1, end_byte: place.1 + 4, quote: "3834".into() };
        Citation { document: place.0.into(), spans: vec![span] }
    }

    /// A finding whose sides say something at one place each.
    fn found(name: &str, kind: FindingKind, reason: ReasonCode, sides: &[(&str, (&str, u32))]) -> Told {
        let side = |(index, (said, _)): (usize, &(&str, (&str, u32)))| FindingSide {
            said: (*said).into(),
            citations: vec![u32::try_from(index).unwrap_or(0)],
            voices: 1,
            ..FindingSide::default()
        };
        Told {
            names: vec![name.into()],
            body: Finding {
                kind: kind.into(),
                reason: reason.into(),
                sides: sides.iter().enumerate().map(side).collect(),
                ..Finding::default()
            },
            citations: sides.iter().map(|(_, place)| cite(*place)).collect(),
        }
    }

    fn contradiction(name: &str, reason: ReasonCode, sides: &[(&str, (&str, u32))]) -> Told {
        found(name, FindingKind::Contradiction, reason, sides)
    }

    fn said(told: &Told) -> Vec<&str> {
        told.body.sides.iter().map(|side| side.said.as_str()).collect()
    }

    const TITLE: (&str, u32) = ("documents/x", 0);
    const TEXT: (&str, u32) = ("documents/x", 90);
    const OTHER: (&str, u32) = ("documents/y", 30);
    const ROUND: (&str, u32) = ("documents/z", 30);

    #[test]
    fn a_number_in_dispute_with_several_is_one_dispute_of_two_sides() {
        let (transposed, value) = (ReasonCode::DigitsTransposed, ReasonCode::Value);
        let all = vec![
            contradiction("findings/1", value, &[("7472 t", TITLE), ("over 7700 t", ROUND)]),
            contradiction("findings/2", transposed, &[("7472 t", TEXT), ("7742 t", OTHER)]),
            contradiction("findings/3", transposed, &[("7742 t", OTHER), ("7472 t", TITLE)]),
            contradiction("findings/4", value, &[("5 t", ("documents/u", 1)), ("6 t", ("documents/v", 1))]),
        ];
        let told = once(all, &[]);
        assert_eq!(told.len(), 2);
        assert_eq!(told[0].names, ["findings/1", "findings/2", "findings/3"]);
        assert_eq!(said(&told[0]), ["7472 t", "7742 t\nover 7700 t"]);
        assert_eq!(told[0].body.reason(), transposed, "what tells more than that the value differs");
        assert_eq!((told[0].citations.len(), told[0].body.sides[0].citations.len()), (4, 2));
        assert_eq!(told[1].names, ["findings/4"]);
    }

    #[test]
    fn three_that_all_oppose_each_other_stay_three() {
        let value = ReasonCode::Value;
        let told = once(
            vec![
                contradiction("findings/1", value, &[("1 t", TITLE), ("2 t", OTHER)]),
                contradiction("findings/2", value, &[("2 t", OTHER), ("3 t", ROUND)]),
                contradiction("findings/3", value, &[("1 t", TITLE), ("3 t", ROUND)]),
            ],
            &[],
        );
        assert_eq!(told.len(), 1);
        assert_eq!(said(&told[0]), ["1 t", "2 t", "3 t"]);
    }

    #[test]
    fn what_is_confused_is_one_only_if_the_same_is_said() {
        let confused = |name: &str, good: &str, place| {
            contradiction(name, ReasonCode::GoodConfused, &[("commodity/antimony", OTHER), (good, place)])
        };
        let same = vec![
            confused("findings/1", "commodity/rare-earths", TITLE),
            confused("findings/2", "commodity/rare-earths", TEXT),
        ];
        assert_eq!(once(same, &[]).len(), 1);
        let other = vec![
            confused("findings/1", "commodity/rare-earths", TITLE),
            confused("findings/2", "commodity/gallium", TEXT),
        ];
        assert_eq!(once(other, &[]).len(), 2);
    }

    #[test]
    fn the_side_whose_arithmetic_holds_is_the_likelier() {
        let dispute =
            || contradiction("findings/1", ReasonCode::Value, &[("7472 t", TEXT), ("7742 t", OTHER)]);
        let check = |kind, place| {
            let mut told = found("findings/c", kind, ReasonCode::Unspecified, &[("a × b", place)]);
            told.body.calculations = vec![api::record::Calculation::default()];
            told
        };
        let (fails, holds) = (check(FindingKind::Fails, TEXT), check(FindingKind::Holds, OTHER));
        let likelier = |checks: &[Told]| {
            once(vec![dispute()], checks)[0]
                .body
                .likelier
                .iter()
                .map(|l| (l.side, l.kind()))
                .collect::<Vec<_>>()
        };
        assert_eq!(likelier(&[fails.clone(), holds.clone()]), [(1, LikelierKind::Arithmetic)]);
        assert_eq!(likelier(std::slice::from_ref(&fails)), []);
        assert_eq!(likelier(&[fails, check(FindingKind::Fails, OTHER), holds]), []);
    }

    #[test]
    fn a_reason_that_not_all_give_is_none() {
        let named = Likelier { side: 1, kind: LikelierKind::Attribution.into(), ..Likelier::default() };
        let dispute = |name: &str, place, likelier: Vec<Likelier>| {
            let mut told = contradiction(name, ReasonCode::Value, &[("7472 t", place), ("7742 t", OTHER)]);
            told.body.likelier = likelier;
            told
        };
        let given = |second: Vec<Likelier>| {
            let all =
                vec![dispute("findings/1", TITLE, vec![named.clone()]), dispute("findings/2", TEXT, second)];
            once(all, &[])[0].body.likelier.len()
        };
        assert_eq!((given(Vec::new()), given(vec![named.clone()])), (0, 1));
    }

    #[test]
    fn wording_that_holds_is_quiet() {
        let mut check = found("findings/c", FindingKind::Holds, ReasonCode::Unspecified, &[]).body;
        check.check = Check::FuturePeriod.into();
        assert!(is_quiet(&check));
        assert!(!is_quiet(&Finding { kind: FindingKind::Fails.into(), ..check.clone() }));
        let calculated = vec![api::record::Calculation::default()];
        assert!(!is_quiet(&Finding { calculations: calculated, ..check }));
    }
}

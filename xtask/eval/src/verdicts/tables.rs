//! One side of a pair as a loaded table: what a table with the level that one passage states says of the other.

use std::collections::BTreeMap;

use api::record::{Extent, Finding, FindingKind, Modality, SeriesPoint, TableReading};
use compare::{Item, Shared, series};
use serde::Serialize;
use text::Reader;

use super::chain::{Passage, statements};
use super::groups::Group;

/// Whose table it is taken to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) enum Owner {
    /// Of the house on which the other passage rests.
    Own,
    /// Of a house that no passage names.
    Stranger,
}

/// Of each labelled kind how many pairs came out how, for each owner.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Tables {
    /// By owner, labelled kind and what the table says.
    pub(crate) counts: BTreeMap<(Owner, String, &'static str), usize>,
    /// Of each labelled kind how many pairs are said not to be comparable.
    pub(crate) apart: BTreeMap<String, usize>,
    /// Failures of pairs that do not contradict each other, in words.
    pub(crate) alarms: Vec<String>,
}

/// Asks a table of each level of either passage of each labelled pair what it says of the other passage.
pub(crate) fn run<'g>(reader: &Reader, groups: impl Iterator<Item = &'g Group>) -> Tables {
    let mut tables = Tables::default();
    for group in groups {
        for label in &group.labels {
            let passage = |id: &str| group.passages.iter().find(|passage| passage.id == id);
            let [one, other] = &label.documents;
            let (Some(one), Some(other)) = (passage(one), passage(other)) else { continue };
            let both = [statements(reader, one, 0), statements(reader, other, 1)].concat();
            if !compare::apart(&both, Shared::Story("stories/of-the-pair")).is_empty() {
                *tables.apart.entry(label.kind.clone()).or_default() += 1;
            }
            for owner in [Owner::Own, Owner::Stranger] {
                let mut said = asked(reader, one, other, owner);
                said.extend(asked(reader, other, one, owner));
                let fails = said.iter().any(|finding| finding.kind() == FindingKind::Fails);
                let has = |kind| said.iter().any(|finding| finding.kind() == kind);
                let word = match () {
                    () if fails => "fails",
                    () if has(FindingKind::Holds) => "holds",
                    () if has(FindingKind::Outturn) => "outturn",
                    () => "nothing",
                };
                *tables.counts.entry((owner, label.kind.clone(), word)).or_default() += 1;
                if fails && label.kind != "contradict" {
                    let sides: Vec<&str> = said
                        .iter()
                        .filter(|finding| finding.kind() == FindingKind::Fails)
                        .flat_map(|finding| finding.sides.iter().map(|side| side.said.as_str()))
                        .collect();
                    let alarm = format!(
                        "{owner:?} {} {} {}: {sides:?}",
                        group.id,
                        label.kind,
                        label.why.clone().unwrap_or_default()
                    );
                    tables.alarms.push(alarm);
                }
            }
        }
    }
    tables
}

/// What tables with the levels of the first passage say of the second.
fn asked(reader: &Reader, table: &Passage, passage: &Passage, owner: Owner) -> Vec<Finding> {
    let rows = statements(reader, table, 0);
    let mut said = Vec::new();
    for item in statements(reader, passage, 1) {
        let Some(fact) = item.fact.clone() else { continue };
        let points: Vec<SeriesPoint> = rows
            .iter()
            .filter(|row| row.fact.as_ref() == Some(&fact))
            .filter_map(|row| point(row, &item, owner))
            .collect();
        let found = series::against(std::slice::from_ref(&item), &points, &fact);
        said.extend(found.into_iter().map(|found| found.finding));
    }
    said
}

/// A row with the level of a statement; `None` for a forecast and for what no cell of a table says.
fn point(row: &Item, asked: &Item, owner: Owner) -> Option<SeriesPoint> {
    let statement = &row.statement;
    let value = statement.value.clone().filter(|value| !value.low.is_empty() && !value.high.is_empty())?;
    if statement.modality() != Modality::Unspecified {
        return None;
    }
    let source = match (owner, &asked.statement.attribution) {
        (Owner::Own, Some(house)) => house.words.clone(),
        (Owner::Own, None) => asked.statement.source.clone(),
        (Owner::Stranger, _) => "A loaded table".to_owned(),
    };
    let slots = [&statement.subject, &statement.part, &statement.whole, &statement.place, &statement.venue];
    let listed = statement.actors.iter().chain(&statement.partners);
    let mut names: Vec<String> = slots
        .into_iter()
        .flatten()
        .chain(listed)
        .map(|word| word.id.clone())
        .filter(|id| !id.is_empty())
        .collect();
    names.sort_unstable();
    let mut basis: Vec<String> = statement.basis.iter().map(|word| word.id.clone()).collect();
    basis.sort_unstable();
    let reading = TableReading {
        source,
        edition: "one".to_owned(),
        over: statement.over.clone(),
        value: Some(Extent { span: 0, ..value }),
        ..TableReading::default()
    };
    // A table that was published with the passage from which its row is taken.
    let published = statement.published.clone();
    Some(SeriesPoint { reading: Some(reading), published, names, basis, ..SeriesPoint::default() })
}

//! What findings are about, by the claims that they rest on.

use std::collections::BTreeMap;

use anyhow::Result;
use api::record::{Claim, Finding, FindingKind};
use brief::told::Teller;
use prost::{Message as _, Name as _};

use crate::grpc::Client;

/// Claims of a finding that are looked at, at most: one of them may say what another leaves open.
const LOOKED_AT: usize = 12;

/// Claims by their names.
#[derive(Debug, Default)]
pub(crate) struct Claims(BTreeMap<String, Claim>);

impl Claims {
    /// Reads the first claims of each finding, as of a sequence.
    ///
    /// # Errors
    /// If storage does not answer, or what it has is not readable.
    pub(crate) async fn read<'f>(
        client: &Client,
        findings: impl Iterator<Item = &'f Finding>,
        at_sequence: i64,
    ) -> Result<Self> {
        let mut names: Vec<String> =
            findings.flat_map(|finding| names(finding).take(LOOKED_AT)).map(str::to_owned).collect();
        names.sort();
        names.dedup();
        let mut claims = BTreeMap::new();
        for record in client.batch_get_at(&names, at_sequence).await? {
            if record.kind == Claim::full_name() {
                claims.insert(record.name, Claim::decode(record.body)?);
            }
        }
        Ok(Self(claims))
    }

    /// The claims of a finding, as far as they are at hand.
    fn all(&self, finding: &Finding) -> Vec<&Claim> {
        names(finding).take(LOOKED_AT).filter_map(|name| self.0.get(name)).collect()
    }

    /// The claim that a finding is about first.
    pub(crate) fn first(&self, finding: &Finding) -> Option<&Claim> {
        names(finding).take(LOOKED_AT).find_map(|name| self.0.get(name))
    }

    /// What a finding with these keys is about, for its first line: the good, the measure and the period; of what agrees also which way it moved.
    pub(crate) fn heading(&self, teller: &Teller<'_>, finding: &Finding, keys: &[String]) -> Vec<String> {
        let claims = self.all(finding);
        let said = finding.sides.first().map_or("", |side| side.said.as_str());
        match (teller.about(keys), agrees(finding)) {
            (Some(about), false) => vec![about],
            (Some(about), true) => {
                let moved = claims.iter().find_map(|claim| teller.moved(claim, said));
                std::iter::once(about).chain(moved).collect()
            }
            (None, true) => teller.about_agreed(&claims, said),
            // Where the sides differ, the period of one of them is not that of the other.
            (None, false) => {
                let first = claims.first().map(|claim| Claim { period: None, ..(*claim).clone() });
                first.and_then(|claim| teller.about_claim(&claim)).into_iter().collect()
            }
        }
    }
}

fn agrees(finding: &Finding) -> bool {
    matches!(finding.kind(), FindingKind::Agreement | FindingKind::Rounding)
}

fn names(finding: &Finding) -> impl Iterator<Item = &str> {
    finding.claims.iter().chain(finding.sides.iter().flat_map(|side| &side.claims)).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use api::record::{Amount, Change, Direction, FindingSide, Period, Term, When};
    use brief::Language;
    use text::Lexicon;

    use super::*;

    fn finding(kind: FindingKind) -> Finding {
        let side =
            FindingSide { said: "8 %".into(), claims: vec!["claims/2".into()], ..FindingSide::default() };
        Finding {
            kind: kind.into(),
            claims: vec!["claims/1".into()],
            sides: vec![side],
            ..Finding::default()
        }
    }

    fn claims() -> Claims {
        let term = |id: &str| Some(Term { id: id.into(), ..Term::default() });
        let by = Some(Amount { value: "8".into(), unit: "%".into(), ..Amount::default() });
        let first = Claim {
            subject: term("commodity/tin"),
            measure: term("measure/exports"),
            changes: vec![Change { direction: Direction::Up.into(), by, ..Change::default() }],
            ..Claim::default()
        };
        let june = Period { start: "2025-06-01".into(), end: "2025-07-01".into(), ..Period::default() };
        let second = Claim { period: Some(When { period: Some(june), origin: None }), ..first.clone() };
        Claims(BTreeMap::from([("claims/1".to_owned(), first), ("claims/2".to_owned(), second)]))
    }

    #[test]
    fn an_agreement_without_keys_is_headed_by_its_claims() {
        let teller = Teller::new(Lexicon::standard(), Language::English);
        let heading = |finding: &Finding, keys: &[String]| claims().heading(&teller, finding, keys);
        assert_eq!(heading(&finding(FindingKind::Agreement), &[]), ["tin · exports · Jun 2025", "up"]);
        assert_eq!(heading(&finding(FindingKind::Contradiction), &[]), ["tin · exports"]);
        let keys = ["fact=imports|mass|commodity/tin@2025-05".to_owned()];
        assert_eq!(heading(&finding(FindingKind::Rounding), &keys), ["tin · imports · 2025-05", "up"]);
        let gone = Claims::default();
        assert!(gone.heading(&teller, &finding(FindingKind::Agreement), &[]).is_empty());
    }
}

//! Which office «the exchange», «the ministry», 本所 or 该局 means: the last of its kind that was named.

use super::scene::Scene;

/// How many items back an office is looked for.
const BACK: usize = 400;

/// Words that mean an office told of, with the kind of its name.
const OFFICES: &[(&str, &str)] = &[
    ("the exchange", "exchange"),
    ("this exchange", "exchange"),
    ("exchange", "exchange"),
    ("our exchange", "exchange"),
    ("the bourse", "exchange"),
    ("the ministry", "agency"),
    ("the bureau", "agency"),
    ("the agency", "agency"),
    ("the commission", "agency"),
    ("the regulator", "agency"),
    ("the authority", "agency"),
    ("the department", "agency"),
    ("the customs", "agency"),
    ("the association", "institution"),
    ("the institute", "institution"),
    ("the bank", "institution"),
    ("the broker", "institution"),
    ("the brokerage", "institution"),
    ("the consultancy", "institution"),
    ("the house", "institution"),
    ("本所", "exchange"),
    ("我所", "exchange"),
    ("该所", "exchange"),
    ("本交易所", "exchange"),
    ("该交易所", "exchange"),
    ("该部", "agency"),
    ("该局", "agency"),
    ("该委", "agency"),
    ("该机构", "institution"),
    ("该行", "institution"),
    ("该协会", "institution"),
    ("该券商", "institution"),
];

/// The item of the office that `words` before `item` mean.
pub(super) fn meant(scene: &Scene<'_, '_>, item: usize, words: &str) -> Option<usize> {
    let (_, kind) = OFFICES.iter().find(|(office, _)| words.eq_ignore_ascii_case(office))?;
    (item.saturating_sub(BACK)..item).rev().find(|other| scene.kind(*other) == *kind)
}

#[cfg(test)]
mod tests {
    use crate::{Context, Reader};

    #[test]
    fn an_office_is_the_last_of_its_kind() {
        let reader = Reader::standard();
        let cases = [
            ("LME lead rose. The exchange has fined one member £20,000 for late reports.", "exchange/LME"),
            ("商务部昨日开会。该部对锑实施出口管制。", "agency/mofcom"),
        ];
        for (text, expected) in cases {
            let mentions = reader.read(text, &Context::default());
            let claims = reader.claims(text, 0, &mentions);
            let event = claims.iter().find(|claim| claim.event.is_some());
            let actor = event.and_then(|claim| claim.actors.first()).and_then(|slot| slot.is.id.as_deref());
            assert_eq!(actor, Some(expected), "{text}");
        }
    }
}

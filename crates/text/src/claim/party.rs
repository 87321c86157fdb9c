//! Actors, place, partners and venue of a figure.

use super::slots::Claim;
use super::subject::Around;
use super::{actor, place, venue};

/// Fills actors, place, partners and venue. `measure` is an id.
pub(super) fn parties<'t>(around: Around<'t, '_, '_, '_>, measure: &str, claim: &mut Claim<'t>) {
    let name = super::measure::name_of(measure);
    venue::fill(around, name, claim);
    actor::fill(around, name, claim);
    // What a company does with itself has no other actor: its spending, its shares.
    let subject = claim.subject_id().map(str::to_owned);
    if !super::subject::is_stake(name)
        && claim.actors.len() == 1
        && subject.as_deref().is_some_and(|id| id.starts_with("company/"))
    {
        claim.actors.retain(|actor| actor.is.id != subject);
    }
    place::fill(around, name, claim);
}

#[cfg(test)]
mod tests {
    use crate::{Context, Reader, Slot, Term};

    fn told(slot: Option<&Slot<Term<'_>>>) -> String {
        slot.map_or_else(String::new, |slot| slot.is.id.clone().unwrap_or_else(|| slot.is.words.to_owned()))
    }

    /// Place, partners and venue of the last figure of a text.
    fn parties(text: &str) -> [String; 3] {
        let reader = Reader::standard();
        let mentions = reader.read(text, &Context::default());
        let claims = reader.claims(text, 0, &mentions);
        let Some(claim) = claims.last() else { return Default::default() };
        let partners: Vec<String> = claim.partners.iter().map(|slot| told(Some(slot))).collect();
        [told(claim.place.as_ref()), partners.join(" "), told(claim.venue.as_ref())]
    }

    #[test]
    fn places_partners_and_venues_are_told_by_the_words_around() {
        let cases = [
            ("Imports of tin ore from Bolivia to Malaysia were 900 t", ["country/MYS", "country/BOL", ""]),
            ("Chile's exports of copper to Japan were 900 t", ["country/CHL", "country/JPN", ""]),
            ("智利5月对中国出口碳酸锂900吨", ["country/CHL", "country/CHN", ""]),
            ("5月自智利进口碳酸锂900吨", ["country/CHN", "country/CHL", ""]),
            (
                "Korean imports of scrap were 900 t. Japan was the largest supplier with 300 t",
                ["country/KOR", "country/JPN", ""],
            ),
            // A sentence of its own has its own reporter.
            ("泰国向墨西哥出口锑锭900吨。德国向荷兰出口锑锭500吨", ["country/DEU", "country/NLD", ""]),
            ("日本进口锑锭900吨。智利从荷兰进口锑锭500吨", ["country/CHL", "country/NLD", ""]),
            ("Antimony ingot is $30,000/t in Rotterdam", ["place/rotterdam", "", ""]),
            ("Tin output of the plant at Quorrindale was 900 t", ["Quorrindale", "", ""]),
            ("一家美国催化剂厂的钯报每盎司900美元", ["", "", ""]),
            ("比国内高的锗价为每公斤900美元", ["", "", ""]),
            ("沪铜CU2508收于78,000元/吨", ["", "", "exchange/SHFE"]),
            ("碳酸锂LC2509收于78,000元/吨", ["", "", "exchange/GFEX"]),
            ("LME copper rose to $9,000/t, and zinc fell to $2,500/t", ["", "", "exchange/LME"]),
        ];
        for (text, expected) in cases {
            assert_eq!(parties(text), expected, "{text}");
        }
    }
}

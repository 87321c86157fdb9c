//! What is indexed of a record.

use std::collections::BTreeSet;

use text::Lexicon;

use crate::field::Field;

/// What is indexed of a record: a document, a claim, a digest, a finding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Resource name. One entry for each name: a later one takes the place of an earlier.
    pub name: String,
    /// Full protobuf name of the body.
    pub kind: String,
    /// Publisher or platform, as printed; empty if not known.
    pub source: String,
    /// BCP 47 tag of the main language; empty if not known.
    pub language: String,
    /// When it was published: the first second of its period, in seconds of the civil time that was printed, as if that
    /// were UTC ([`crate::civil_seconds`]). `None` if not known.
    pub published: Option<i64>,
    /// Sequence of the commit that wrote it.
    pub sequence: i64,
    /// Topics under which it came in.
    pub topics: Vec<String>,
    /// Ids of the entities that it names, `kind/name`.
    pub entities: Vec<String>,
    /// Goods that it names, with those of whose family they are, without `commodity/`.
    pub commodities: Vec<String>,
    /// Countries that it names, ISO 3166-1 alpha-3.
    pub countries: Vec<String>,
    /// What its numbers are of, without `measure/`.
    pub measures: Vec<String>,
    /// The title; empty if there is none.
    pub title: String,
    /// The text without the title.
    pub body: String,
    /// Is handed back with each hit as it was given, so that a page can be shown without the records.
    pub card: Vec<u8>,
}

impl Entry {
    /// Sets entities, commodities, countries and measures from the ids of what the record names. A good counts for its
    /// families too, a place for its country.
    pub fn tag<'a>(&mut self, lexicon: &Lexicon, ids: impl IntoIterator<Item = &'a str>) {
        let named: BTreeSet<&str> = ids.into_iter().collect();
        let mut all = named.clone();
        let mut open: Vec<&str> = named.iter().copied().collect();
        while let Some(id) = open.pop() {
            for family in lexicon.get(id).map(|entry| entry.family.as_slice()).unwrap_or_default() {
                if all.insert(family) {
                    open.push(family);
                }
            }
        }
        let of = |kind: &str| -> Vec<String> {
            let name = |id: &&str| id.split_once('/').filter(|(k, _)| *k == kind).map(|(_, n)| n.to_owned());
            all.iter().filter_map(name).collect()
        };
        self.commodities = of("commodity");
        self.countries = of("country");
        self.measures = of("measure");
        self.entities = named.into_iter().map(str::to_owned).collect();
    }

    /// The values of a field of the form `Value`.
    pub(crate) fn values(&self, field: Field) -> &[String] {
        let one = |value| std::slice::from_ref(value);
        let values = match field {
            Field::Name => one(&self.name),
            Field::Kind => one(&self.kind),
            Field::Source => one(&self.source),
            Field::Language => one(&self.language),
            Field::Topic => &self.topics,
            Field::Entity => &self.entities,
            Field::Commodity => &self.commodities,
            Field::Country => &self.countries,
            Field::Measure => &self.measures,
            Field::Published | Field::Sequence | Field::Title | Field::Body => &[],
        };
        // An empty string says that the value is not known.
        if values.len() == 1 && values[0].is_empty() { &[] } else { values }
    }

    /// The value of a field of the form `Date` or `Number`.
    pub(crate) fn number(&self, field: Field) -> Option<i64> {
        match field {
            Field::Published => self.published,
            Field::Sequence => Some(self.sequence),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_counts_for_its_families_and_a_place_for_its_country() {
        let mut entry = Entry::default();
        entry.tag(
            Lexicon::standard(),
            ["commodity/antimony-products", "place/hunan", "measure/price", "company/none"],
        );
        assert_eq!(entry.commodities, ["antimony", "antimony-products"]);
        assert_eq!(entry.countries, ["CHN"]);
        assert_eq!(entry.measures, ["price"]);
        assert_eq!(
            entry.entities,
            ["commodity/antimony-products", "company/none", "measure/price", "place/hunan"]
        );
    }
}

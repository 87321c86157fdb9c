//! Whom tellings name as their sources, and which of these are tellings of the same story.

use std::collections::HashMap;

use plugin_sdk::record::Attribution;

use super::write::{Members, Quotes};
use crate::mark::folded;

/// A source that a telling names.
#[derive(Clone, Debug)]
pub(super) struct Named {
    /// Its place among the attributions of the telling's mark.
    pub(super) place: usize,
    /// The earliest telling whose publisher is named.
    pub(super) member: Option<usize>,
    /// Who it is: the lexicon's id, or the name as it is compared.
    pub(super) who: String,
    /// Whether it is known to be an outlet: a telling's publisher, or an institution of the lexicon.
    pub(super) is_outlet: bool,
}

/// The sources that each telling names.
pub(super) fn named(members: &Members<'_>) -> Vec<Vec<Named>> {
    let publishers: Vec<(&str, String)> =
        members.marks.iter().map(|mark| (mark.publisher.as_str(), folded(&mark.source))).collect();
    // Whoever is named once is named often: each name is looked for once.
    let mut known: HashMap<(&str, String), Option<usize>> = HashMap::new();
    let mut all = Vec::with_capacity(members.marks.len());
    for (number, mark) in members.marks.iter().enumerate() {
        let mut named = Vec::new();
        for (place, attribution) in mark.attributions.iter().enumerate().filter(|(_, found)| !found.own) {
            let entity = attribution.entity.as_str();
            let name = folded(&attribution.name);
            let first = *known.entry((entity, name.clone())).or_insert_with(|| {
                publishers.iter().position(|publisher| is_publisher(publisher, entity, &name))
            });
            let member =
                first.filter(|first| *first != number && !is_publisher(&publishers[number], "", &name));
            let who = if entity.is_empty() { name } else { entity.to_owned() };
            let is_outlet = member.is_some() || entity.starts_with("institution/");
            named.push(Named { place, member, who, is_outlet });
        }
        all.push(named);
    }
    all
}

/// Whether a name is that of a publisher, of whom the lexicon's id and the name are given.
fn is_publisher((publisher, source): &(&str, String), entity: &str, name: &str) -> bool {
    if !entity.is_empty() && entity == *publisher {
        return true;
    }
    let long = |name: &str| name.chars().count() >= if name.is_ascii() { 5 } else { 3 };
    !source.is_empty()
        && (source == name
            || (long(source) && name.contains(source.as_str()))
            || (long(name) && source.contains(name)))
}

/// The attributions of a telling.
pub(super) fn attributions(
    members: &Members<'_>,
    named: &[Vec<Named>],
    number: usize,
    quotes: &mut Quotes,
) -> Vec<Attribution> {
    let mark = members.marks[number];
    let attribution = |source: &Named| {
        let marked = &mark.attributions[source.place];
        Some(Attribution {
            citation: quotes.cite(&mark.document, marked.span.as_ref()?),
            entity: marked.entity.clone(),
            document: source.member.map(|member| members.marks[member].document.clone()).unwrap_or_default(),
        })
    };
    named[number].iter().filter_map(attribution).collect()
}

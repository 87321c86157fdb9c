//! Whom tellings name as their sources, and which of these are tellings of the same story.

use plugin_sdk::record::{Attribution, StoryMark};

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
    let all = &members.marks;
    let of = |(number, mark): (usize, &&StoryMark)| -> Vec<Named> {
        let found = mark.attributions.iter().enumerate().filter(|(_, attribution)| !attribution.own).map(
            |(place, attribution)| {
                let name = folded(&attribution.name);
                let member = (0..all.len()).find(|other| {
                    *other != number
                        && is_publisher(all[*other], &attribution.entity, &name)
                        && !is_publisher(mark, "", &name)
                });
                let who = if attribution.entity.is_empty() { name } else { attribution.entity.clone() };
                let is_outlet = member.is_some() || attribution.entity.starts_with("institution/");
                Named { place, member, who, is_outlet }
            },
        );
        found.collect()
    };
    all.iter().enumerate().map(of).collect()
}

/// Whether a name is that of the publisher of a document.
fn is_publisher(mark: &StoryMark, entity: &str, name: &str) -> bool {
    if !entity.is_empty() && entity == mark.publisher {
        return true;
    }
    let source = folded(&mark.source);
    let long = |name: &str| name.chars().count() >= if name.is_ascii() { 5 } else { 3 };
    !source.is_empty()
        && (source == name
            || (long(&source) && name.contains(&source))
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

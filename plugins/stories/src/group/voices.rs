//! How many independent accounts a story has.
//!
//! Tellings are gone through in the order of publication; each joins the first voice from which nothing separates it, or founds a new
//! one. Only two things separate: an outlet that is named as the source and is another than the voice's, or that the publisher has
//! asked or seen for itself. Nothing is said about an origin that no text names.

use plugin_sdk::record::{Telling, Voice};

use super::sources::Named;
use super::write::Members;

/// One account.
#[derive(Clone, Debug, Default)]
pub(super) struct Account {
    /// Its tellings.
    pub(super) members: Vec<usize>,
    /// The outlets outside the story that they name.
    outlets: Vec<String>,
}

/// The accounts of a story, in the order of their first tellings.
pub(super) fn voices(members: &Members<'_>, named: &[Vec<Named>]) -> Vec<Account> {
    let mut voices: Vec<Account> = Vec::new();
    for (number, sources) in named.iter().enumerate() {
        let outlets: Vec<String> = sources
            .iter()
            .filter(|source| source.is_outlet && source.member.is_none())
            .map(|source| source.who.clone())
            .collect();
        let voice_of = |member: usize| voices.iter().position(|voice| voice.members.contains(&member));
        let copied = members.copies[number].and_then(|(from, _, _)| voice_of(from));
        let followed = || sources.iter().filter_map(|source| source.member).find_map(voice_of);
        let asked = members.marks[number].attributions.iter().any(|attribution| attribution.own);
        let place = if copied.is_some() {
            copied
        } else if asked && number > 0 {
            None
        } else {
            followed().or_else(|| voices.iter().position(|voice| !separated(voice, &outlets)))
        };
        let place = place.unwrap_or_else(|| {
            voices.push(Account::default());
            voices.len() - 1
        });
        let voice = &mut voices[place];
        voice.members.push(number);
        // A copy carries its source's words.
        if copied.is_none() {
            voice.outlets.extend(outlets);
        }
    }
    voices
}

/// Whether the outlets that a telling names are others than those of a voice.
fn separated(voice: &Account, outlets: &[String]) -> bool {
    !outlets.is_empty()
        && !voice.outlets.is_empty()
        && !outlets.iter().any(|outlet| voice.outlets.contains(outlet))
}

/// A voice as a record has it.
pub(super) fn body(voice: &Account, members: &Members<'_>, tellings: &[Telling]) -> Voice {
    let documents = voice.members.iter().map(|number| members.marks[*number].document.clone()).collect();
    let mut sources: Vec<u32> = voice
        .members
        .iter()
        .filter(|number| members.copies[**number].is_none())
        .flat_map(|number| &tellings[*number].attributions)
        .filter(|attribution| attribution.document.is_empty())
        .map(|attribution| attribution.citation)
        .collect();
    sources.sort_unstable();
    sources.dedup();
    Voice { documents, sources }
}

//! What is indexed of which record.
//!
//! | kind | text | source, language, time | topics | entities |
//! |---|---|---|---|---|
//! | Document | title and text | its own | of its memberships | of its layers |
//! | Claim | quotes, words of its slots | of its document | of its document | of its slots |
//! | Digest | quotes | of its document | of its document | none |
//! | Story | quotes | of its first telling | of its first telling | what its tellings share |
//! | Finding | quotes | of the first document that it cites | of that document | none |

use std::collections::BTreeSet;

use api::record::{Claim, Document, Finding, Record, SharedKind, Story};
use api::search::Hit;
use prost::{Message as _, Name as _};
use text::Lexicon;

use super::groups::{Group, decoded, documents};
use crate::entry::Entry;
use crate::query::civil_seconds;

/// Between quotes: a phrase does not go on over an empty line.
const GAP: &str = "\n\n";

/// The entry of a document.
pub(crate) fn of_document(name: &str, group: &Group) -> Option<Entry> {
    let written = group.document()?;
    let body = &written.body;
    let title_bytes = body.text.floor_char_boundary(body.title_bytes as usize);
    let (title, text) = body.text.split_at(title_bytes);
    let mut entry = Entry {
        name: name.to_owned(),
        kind: Document::full_name(),
        sequence: written.sequence,
        title: title.to_owned(),
        body: text.to_owned(),
        ..Entry::default()
    };
    entry.tag(Lexicon::standard(), group.entities());
    about(&mut entry, name, group);
    Some(entry)
}

/// The entry of what is derived of documents, given the group of its [`lead`].
pub(crate) fn of_derived(record: &Record, group: &Group) -> Option<Entry> {
    let mut entry = Entry {
        name: record.name.clone(),
        kind: record.kind.clone(),
        sequence: record.sequence,
        body: quotes(record),
        ..Entry::default()
    };
    if record.kind == Claim::full_name() {
        let claim: Claim = decoded(record)?;
        let said = slots(&claim);
        entry.tag(Lexicon::standard(), said.iter().map(|(id, _)| *id).filter(|id| !id.is_empty()));
        // What stands in the quotes already would only weigh twice.
        let inherited: BTreeSet<&str> =
            said.iter().map(|(_, words)| *words).filter(|words| !entry.body.contains(words)).collect();
        for words in inherited {
            entry.body.push_str(GAP);
            entry.body.push_str(words);
        }
    } else if record.kind == Story::full_name() {
        let story: Story = decoded(record)?;
        let kind = SharedKind::Entity as i32;
        let reasons = story.tellings.iter().flat_map(|telling| &telling.reasons);
        let shared = reasons.filter(|reason| reason.kind == kind).map(|reason| reason.shared.as_str());
        entry.tag(Lexicon::standard(), shared);
    }
    about(&mut entry, lead(record).as_deref().unwrap_or_default(), group);
    Some(entry)
}

/// The document whose source, language, time and topics a derived record shows.
pub(crate) fn lead(record: &Record) -> Option<String> {
    if record.kind == Story::full_name() {
        let story: Story = decoded(record)?;
        return story.tellings.into_iter().next().map(|telling| telling.document);
    }
    if record.kind == Finding::full_name() {
        return record.citations.first().map(|citation| citation.document.clone());
    }
    documents(&record.keys).next().map(str::to_owned)
}

/// True if a kind rests on several documents.
fn is_joint(kind: &str) -> bool {
    kind == Story::full_name() || kind == Finding::full_name()
}

/// Sets what the entry shows of its document, and the card.
fn about(entry: &mut Entry, document: &str, group: &Group) {
    let mut card = Hit::default();
    if !is_joint(&entry.kind) {
        document.clone_into(&mut card.document);
    }
    if let Some(written) = group.document() {
        let body = &written.body;
        entry.source.clone_from(&body.source);
        entry.language.clone_from(&body.language);
        entry.published = body.published.as_ref().and_then(|period| civil_seconds(&period.start));
        card.published.clone_from(&body.published);
        if !is_joint(&entry.kind) {
            let title = body.text.floor_char_boundary(body.title_bytes as usize);
            body.text[..title].clone_into(&mut card.title);
        }
    }
    if card.document == entry.name {
        // It is put back when the card is read.
        card.document.clear();
    }
    entry.topics = group.topics();
    entry.card = card.encode_to_vec();
}

/// The quotes of a record's citations, each once, in their order.
fn quotes(record: &Record) -> String {
    let mut seen = BTreeSet::new();
    let mut all = String::new();
    for span in record.citations.iter().flat_map(|citation| &citation.spans) {
        if seen.insert(span.quote.as_str()) {
            if !all.is_empty() {
                all.push_str(GAP);
            }
            all.push_str(&span.quote);
        }
    }
    all
}

/// Id and words of every slot of a claim.
fn slots(claim: &Claim) -> Vec<(&str, &str)> {
    let Claim {
        subject,
        actors,
        targets,
        measure,
        statistic,
        basis,
        part,
        whole,
        place,
        partners,
        venue,
        ..
    } = claim;
    let single = [subject, measure, statistic, part, whole, place, venue, &claim.attribution];
    let several = [actors, targets, basis, partners, &claim.joint];
    let terms = single.into_iter().flatten().chain(several.into_iter().flatten());
    terms.map(|term| (term.id.as_str(), term.words.as_str())).collect()
}

//! What is known of documents at one place of the log: all that goes into their entries, and the names of what is derived
//! of them. Of most documents less is needed: what derived records show of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use api::record::{Document, Layer, MentionKind, Record, TopicMembership};

/// A document with what is indexed along with it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Group {
    document: Option<Arc<Written>>,
    /// Ids of entities, by the name of the layer that mentions them.
    layers: BTreeMap<String, Arc<[String]>>,
    /// Topics, by the name of the membership.
    topics: BTreeMap<String, String>,
    /// Names of claims, digests, stories and findings that are keyed to it.
    derived: BTreeSet<String>,
    /// True if all of this is known; else only what derived records show: the document without its text, and its topics.
    whole: bool,
}

/// A document, and the sequence of the commit that wrote it.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) sequence: i64,
    pub(crate) body: Document,
}

/// What a kind of record is to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Indexed, with its layers and memberships.
    Document,
    /// Says something of a document.
    Layer,
    /// Says something of a document.
    Membership,
    /// Indexed with its quotes.
    Derived,
    /// A saved query.
    Topic,
    /// None of ours.
    Other,
}

impl Role {
    pub(crate) fn of(kind: &str) -> Role {
        match kind.strip_prefix("monazite.record.v1.") {
            Some("Document") => Role::Document,
            Some("Layer") => Role::Layer,
            Some("TopicMembership") => Role::Membership,
            Some("Claim" | "Digest" | "Story" | "Finding") => Role::Derived,
            Some("Topic") => Role::Topic,
            _ => Role::Other,
        }
    }
}

/// The documents that a record's keys name.
pub(crate) fn documents(keys: &[String]) -> impl Iterator<Item = &str> {
    keys.iter().filter_map(|key| key.strip_prefix("document="))
}

impl Group {
    /// An empty one, of which all will be known.
    pub(crate) fn whole() -> Group {
        Group { whole: true, ..Group::default() }
    }

    /// An empty one, into which no more than a document and its memberships will be put, and of which no more than what derived
    /// records show is asked.
    pub(crate) fn shown() -> Group {
        Group::default()
    }

    pub(crate) fn document(&self) -> Option<&Written> {
        self.document.as_deref()
    }

    /// The topics under which it came in, each once.
    pub(crate) fn topics(&self) -> Vec<String> {
        let topics: BTreeSet<&String> = self.topics.values().collect();
        topics.into_iter().cloned().collect()
    }

    /// The ids of what its layers mention.
    pub(crate) fn entities(&self) -> BTreeSet<&str> {
        self.layers.values().flat_map(|ids| ids.iter().map(String::as_str)).collect()
    }

    pub(crate) fn derived(&self) -> &BTreeSet<String> {
        &self.derived
    }

    /// Puts a record in, under the name of which nothing is in it.
    pub(crate) fn insert(&mut self, record: &Record) {
        match Role::of(&record.kind) {
            Role::Document => self.document = written(record, self.whole).map(Arc::new),
            Role::Layer => {
                if let Some(layer) = decoded::<Layer>(record) {
                    self.layers.insert(record.name.clone(), mentioned(layer));
                }
            }
            Role::Membership => {
                if let Some(membership) = decoded::<TopicMembership>(record) {
                    self.topics.insert(record.name.clone(), membership.topic);
                }
            }
            Role::Derived if self.whole => {
                self.derived.insert(record.name.clone());
            }
            Role::Derived | Role::Topic | Role::Other => {}
        }
    }

    /// Takes what is known of a record out, whatever it was but the document itself.
    pub(crate) fn remove(&mut self, name: &str) {
        self.layers.remove(name);
        self.topics.remove(name);
        self.derived.remove(name);
    }

    /// The document is gone.
    pub(crate) fn remove_document(&mut self) {
        self.document = None;
    }

    /// True if the document's entry is the same in both.
    pub(crate) fn same_entry(&self, other: &Group) -> bool {
        let same = match (&self.document, &other.document) {
            (Some(own), Some(other)) => Arc::ptr_eq(own, other),
            (None, None) => return true,
            _ => false,
        };
        same && self.topics() == other.topics() && self.entities() == other.entities()
    }

    /// True if what derived records show of the document is the same in both.
    pub(crate) fn same_about(&self, other: &Group) -> bool {
        let about = |group: &Group| {
            group.document().map(|Written { body, .. }| {
                let title = body.text.get(..body.title_bytes as usize).map(str::to_owned);
                (body.source.clone(), body.language.clone(), body.published.clone(), title)
            })
        };
        about(self) == about(other) && self.topics() == other.topics()
    }

    fn bytes(&self) -> usize {
        let text = self.document().map_or(0, |written| written.body.text.len() + 200);
        let ids: usize =
            self.layers.values().map(|ids| ids.iter().map(|id| id.len() + 24).sum::<usize>()).sum();
        let names = |name: &String| name.len() + 40;
        text + ids + 300 + self.derived.iter().map(names).sum::<usize>() + 100 * self.topics.len()
    }
}

fn written(record: &Record, whole: bool) -> Option<Written> {
    let mut body: Document = decoded(record)?;
    if !whole {
        body.text.truncate(body.text.floor_char_boundary(body.title_bytes as usize));
        body.text.shrink_to_fit();
    }
    Some(Written { sequence: record.sequence, body })
}

/// The body of a record; one that cannot be read is passed over, with a word in the log.
pub(crate) fn decoded<T: prost::Message + prost::Name + Default>(record: &Record) -> Option<T> {
    match T::decode(record.body.clone()) {
        Ok(body) => Some(body),
        Err(error) => {
            tracing::warn!(record = record.name, kind = T::full_name(), %error, "a record's body cannot be read; it is not indexed");
            None
        }
    }
}

fn mentioned(layer: Layer) -> Arc<[String]> {
    let entity = MentionKind::Entity as i32;
    let of_entity = layer.mentions.into_iter().filter(|mention| mention.kind == entity);
    let ids: BTreeSet<String> = of_entity.map(|mention| mention.entity).filter(|id| !id.is_empty()).collect();
    ids.into_iter().collect()
}

/// Groups at hand, those used last; all as of the same place of the log.
#[derive(Debug)]
pub(crate) struct Groups {
    young: HashMap<String, Arc<Group>>,
    old: HashMap<String, Arc<Group>>,
    /// About how many bytes the young ones take.
    bytes: usize,
    most: usize,
}

impl Groups {
    /// None yet; about `most` bytes of them are kept.
    pub(crate) fn new(most: usize) -> Groups {
        Groups { young: HashMap::new(), old: HashMap::new(), bytes: 0, most }
    }

    /// Forgets those that were not used for a while, if there are too many.
    pub(crate) fn trim(&mut self) {
        if self.bytes > self.most / 2 {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
    }

    /// True if the document's group is at hand, all of it if that is asked for; it then stays until [`Groups::trim`].
    pub(crate) fn has(&mut self, document: &str, whole: bool) -> bool {
        if let Some(group) = self.young.get(document) {
            return group.whole || !whole;
        }
        match self.old.remove_entry(document) {
            Some((name, group)) => {
                let enough = group.whole || !whole;
                self.bytes += group.bytes();
                self.young.insert(name, group);
                enough
            }
            None => false,
        }
    }

    pub(crate) fn insert(&mut self, document: String, group: Group) {
        self.bytes += group.bytes();
        self.old.remove(&document);
        if let Some(less) = self.young.insert(document, Arc::new(group)) {
            self.bytes = self.bytes.saturating_sub(less.bytes());
        }
    }

    /// The group, if it is at hand.
    pub(crate) fn find(&self, document: &str) -> Option<Arc<Group>> {
        self.young.get(document).or_else(|| self.old.get(document)).cloned()
    }

    /// The group; an empty one if it is not at hand.
    pub(crate) fn get(&self, document: &str) -> Arc<Group> {
        self.find(document).unwrap_or_default()
    }

    /// Changes a group, if it is at hand.
    pub(crate) fn change(&mut self, document: &str, change: impl FnOnce(&mut Group)) {
        if let Some(group) = self.young.get_mut(document) {
            let group = Arc::make_mut(group);
            let before = group.bytes();
            change(group);
            self.bytes = (self.bytes + group.bytes()).saturating_sub(before);
        } else if let Some(group) = self.old.get_mut(document) {
            change(Arc::make_mut(group));
        }
    }
}

#[cfg(test)]
mod tests {
    use prost::{Message as _, Name as _};

    use super::*;

    #[test]
    fn what_a_finding_shows_of_a_document_is_kept_without_its_text_and_never_taken_for_all() {
        let body =
            Document { text: "铜价\nCopper fell.".to_owned(), title_bytes: 6, ..Document::default() };
        let record = Record {
            name: "documents/a".to_owned(),
            kind: Document::full_name(),
            body: body.encode_to_vec().into(),
            ..Record::default()
        };
        let claim = Record {
            name: "claims/1".to_owned(),
            kind: api::record::Claim::full_name(),
            ..Record::default()
        };
        let filled = |mut group: Group| {
            group.insert(&record);
            group.insert(&claim);
            group
        };
        let text = |group: &Group| group.document().map(|written| written.body.text.clone());
        let (shown, whole) = (filled(Group::shown()), filled(Group::whole()));
        assert_eq!((text(&shown), shown.derived().len()), (Some("铜价".to_owned()), 0));
        assert_eq!((text(&whole), whole.derived().len()), (Some(body.text), 1));
        assert!(shown.same_about(&whole), "an entry shows the same of both");

        let mut groups = Groups::new(1_000);
        groups.insert("documents/a".to_owned(), shown);
        assert!(groups.has("documents/a", false) && !groups.has("documents/a", true));
        groups.insert("documents/a".to_owned(), whole);
        assert!(groups.has("documents/a", false) && groups.has("documents/a", true));
    }
}

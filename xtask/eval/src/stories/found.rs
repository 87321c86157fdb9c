//! What the analyzers make of documents: reading, marks, groups by connection, stories; as the dataflow runs them.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use api::record::{Document, Layer, Period, Precision, Record, Story};
use intake::{Item, Options, Source};
use plugin_sdk::testing;
use prost::{Message as _, Name as _};
use stories::{Marks, Stories};
use text::{Context, Kinds, Reader};

use super::load::Text;

/// A story with what is quoted in it.
pub(super) struct Found {
    /// The story.
    pub(super) story: Story,
    /// Its record.
    pub(super) record: Record,
}

impl Found {
    /// The words behind an index of the story.
    pub(super) fn quote(&self, index: u32) -> &str {
        let spans = self.record.citations.get(index as usize).map_or(&[][..], |citation| &citation.spans);
        spans.first().map_or("", |span| &span.quote)
    }
}

/// The stories among the documents of a set.
///
/// # Errors
/// If an analyzer fails.
pub(super) fn found(documents: &[Text]) -> Result<Vec<Found>> {
    let body =
        |text: &Text| -> Result<(String, Document)> { Ok((format!("documents/{}", text.id), body(text)?)) };
    among(&documents.iter().map(body).collect::<Result<Vec<_>>>()?)
}

/// The stories among the documents of a feed, which are named by their numbers in it.
///
/// # Errors
/// If the feed cannot be read or an analyzer fails.
pub(super) fn in_feed(feed: &Path) -> Result<Vec<Found>> {
    let mut documents = Vec::new();
    for item in intake::read(Source::path(feed), &Options::default()) {
        if let Item::Document(entry) = item {
            documents.push((format!("documents/{}", entry.number), Document::decode(entry.record.body)?));
        }
    }
    among(&documents)
}

/// The stories among documents with their names.
fn among(documents: &[(String, Document)]) -> Result<Vec<Found>> {
    let marks: Vec<Record> = documents.iter().map(|(name, body)| mark(name, body)).collect::<Result<_>>()?;
    let mut found = Vec::new();
    for group in connected(&marks) {
        let group: Vec<Record> = group.into_iter().map(|place| marks[place].clone()).collect();
        for record in testing::run::<Stories>("", &group)? {
            if record.kind == Story::full_name() {
                found.push(Found { story: Story::decode(record.body.clone())?, record });
            }
        }
    }
    Ok(found)
}

fn body(text: &Text) -> Result<Document> {
    Ok(Document {
        source: text.source.clone(),
        url: text.url.clone(),
        title_bytes: u32::try_from(text.title.len())?,
        text: format!("{}\n{}", text.title, text.text),
        language: text.language.clone(),
        published: Some(Period {
            start: text.published.clone(),
            end: String::new(),
            precision: Precision::Second.into(),
        }),
        truncated: false,
    })
}

fn mark(name: &str, body: &Document) -> Result<Record> {
    let day = body.published.as_ref().and_then(|period| period.start.get(..10)?.parse().ok());
    let context = Context { published: day, kinds: Kinds::ALL };
    let mentions = Reader::standard().read(&body.text, &context).iter().map(text_record::mention).collect();
    let layer = Layer { document: name.to_owned(), mentions };
    let inputs =
        [testing::record(name, body), Record { name: "layers/1".into(), ..testing::record(name, &layer) }];
    let mut records = testing::run::<Marks>("", &inputs)?;
    anyhow::ensure!(records.len() == 1, "{name} has {} marks", records.len());
    Ok(records.remove(0))
}

/// Records that are linked, directly or through others, by a shared value of `link`.
fn connected(records: &[Record]) -> Vec<Vec<usize>> {
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    let mut parent: Vec<usize> = (0..records.len()).collect();
    for (place, record) in records.iter().enumerate() {
        for link in record.keys.iter().filter(|key| key.starts_with("link=")) {
            let other = *first.entry(link).or_insert(place);
            let (a, b) = (root(&parent, place), root(&parent, other));
            parent[a.max(b)] = a.min(b);
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for place in 0..records.len() {
        groups.entry(root(&parent, place)).or_default().push(place);
    }
    groups.into_values().collect()
}

fn root(parent: &[usize], mut place: usize) -> usize {
    while parent[place] != place {
        place = parent[place];
    }
    place
}

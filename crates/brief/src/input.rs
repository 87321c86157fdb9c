//! Records, decoded and in order.

use std::collections::BTreeMap;

use api::record::{
    Citation, Claim, Digest, Document, Finding, Period, Precision, Record, Story, StoryMembership,
};
use prost::{Message, Name};

use crate::BriefError;

/// The kinds of record of which a brief is made, by their full protobuf names; others are not looked at.
pub const KINDS: [&str; 6] = [
    "monazite.record.v1.Document",
    "monazite.record.v1.Claim",
    "monazite.record.v1.Digest",
    "monazite.record.v1.Story",
    "monazite.record.v1.StoryMembership",
    "monazite.record.v1.Finding",
];

/// A record with its body.
#[derive(Debug)]
pub(crate) struct Read<'r, B> {
    pub(crate) name: &'r str,
    pub(crate) sequence: i64,
    pub(crate) keys: &'r [String],
    pub(crate) citations: &'r [Citation],
    pub(crate) body: B,
}

impl<B> Read<'_, B> {
    /// The value of its key of this name.
    pub(crate) fn key(&self, name: &str) -> Option<&str> {
        self.keys.iter().find_map(|key| key.strip_prefix(name)?.strip_prefix('='))
    }
}

/// A document with its name.
pub(crate) type Doc<'r> = Read<'r, Document>;

/// All records of a brief, each kind by name.
#[derive(Debug, Default)]
pub(crate) struct Input<'r> {
    pub(crate) documents: BTreeMap<&'r str, Doc<'r>>,
    pub(crate) claims: BTreeMap<&'r str, Read<'r, Claim>>,
    pub(crate) digests: Vec<Read<'r, Digest>>,
    pub(crate) stories: BTreeMap<&'r str, Read<'r, Story>>,
    /// Of each document.
    pub(crate) memberships: BTreeMap<String, StoryMembership>,
    pub(crate) findings: Vec<Read<'r, Finding>>,
}

impl<'r> Input<'r> {
    /// Decodes the records; of several with one name the latest counts.
    ///
    /// # Errors
    /// If a body cannot be read.
    pub(crate) fn new(records: &'r [Record]) -> Result<Self, BriefError> {
        let mut latest: BTreeMap<&str, &Record> = BTreeMap::new();
        for record in records.iter().filter(|record| KINDS.contains(&record.kind.as_str())) {
            let stored = latest.entry(&record.name).or_insert(record);
            if stored.sequence < record.sequence {
                *stored = record;
            }
        }
        let mut input = Input::default();
        for record in latest.into_values() {
            input.take(record)?;
        }
        Ok(input)
    }

    fn take(&mut self, record: &'r Record) -> Result<(), BriefError> {
        let kind = record.kind.as_str();
        if kind == Document::full_name() {
            self.documents.insert(&record.name, read(record)?);
        } else if kind == Claim::full_name() {
            self.claims.insert(&record.name, read(record)?);
        } else if kind == Digest::full_name() {
            self.digests.push(read(record)?);
        } else if kind == Story::full_name() {
            self.stories.insert(&record.name, read(record)?);
        } else if kind == StoryMembership::full_name() {
            let member: Read<'_, StoryMembership> = read(record)?;
            self.memberships.insert(member.body.document.clone(), member.body);
        } else {
            self.findings.push(read(record)?);
        }
        Ok(())
    }
}

fn read<B: Message + Default + Name>(record: &Record) -> Result<Read<'_, B>, BriefError> {
    let body = B::decode(&record.body[..]).map_err(|source| BriefError::Body {
        record: record.name.clone(),
        kind: B::full_name(),
        source,
    })?;
    Ok(Read {
        name: &record.name,
        sequence: record.sequence,
        keys: &record.keys,
        citations: &record.citations,
        body,
    })
}

impl Doc<'_> {
    /// Bytes of the title; empty if there is none.
    pub(crate) fn title_end(&self) -> usize {
        let end = self.body.title_bytes as usize;
        if self.body.text.is_char_boundary(end) { end } else { 0 }
    }

    /// The title, or the first line of the text where there is none.
    pub(crate) fn heading(&self) -> &str {
        match &self.body.text[..self.title_end()] {
            "" => self.body.text.lines().next().unwrap_or_default(),
            title => title,
        }
    }

    /// The day of publication, as `2025-07-13`; less where less is known, empty if nothing is.
    pub(crate) fn day(&self) -> &str {
        let start = self.body.published.as_ref().map_or("", |published| published.start.as_str());
        start.get(..10).unwrap_or(start)
    }

    /// When it was published, for people.
    pub(crate) fn published(&self) -> String {
        self.body.published.as_ref().map(point).unwrap_or_default()
    }
}

/// The start of a period as people write it, as exactly as it is known: `2025-07-13 16:09`, `2025-07`.
#[must_use]
pub fn point(period: &Period) -> String {
    let length = match period.precision() {
        Precision::Second => 19,
        Precision::Minute => 16,
        Precision::Hour => 13,
        Precision::Month | Precision::Quarter | Precision::Half => 7,
        Precision::Year | Precision::Decade => 4,
        _ => 10,
    };
    period.start.get(..length).unwrap_or(&period.start).replace('T', " ")
}

//! Reads what a brief is made of, all at one sequence.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use api::record::{
    Claim, Digest, Document, Finding, Record, Story, StoryMembership, Topic, TopicMembership, Verdict,
};
use brief::Asked;
use prost::{Message as _, Name as _};

use crate::cli::BriefArgs;
use crate::grpc::{Client, Listed};

/// What was asked for, and which documents answer; `None` for all.
pub(super) struct Wanted {
    pub(super) asked: Asked,
    pub(super) documents: Option<Vec<String>>,
}

/// What was read.
pub(super) struct Read {
    pub(super) records: Vec<Record>,
    /// Documents that were read only because a finding or a story cites them.
    pub(super) beside: Vec<String>,
}

/// Finds what is meant: a saved topic, a topic under which documents came in, or a query.
///
/// # Errors
/// If a query cannot be read, or a service does not answer.
pub(super) async fn wanted(client: &Client, args: &BriefArgs, sequence: i64) -> Result<Wanted> {
    let wait = args.wait();
    if let Some(query) = &args.query {
        let documents = client.answering(query, false, sequence, wait).await?;
        return Ok(Wanted { asked: Asked::Query(query.clone()), documents: Some(documents) });
    }
    let Some(name) = &args.topic else { return Ok(Wanted { asked: Asked::All, documents: None }) };
    let mut documents = members(client, name, sequence).await?;
    if let Some(topic) = saved(client, name, sequence).await? {
        if !topic.query.is_empty() {
            documents.extend(client.answering(&topic.query, topic.literal, sequence, wait).await?);
        }
        let documents = documents.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        let asked = Asked::Topic { name: name.clone(), query: topic.query };
        return Ok(Wanted { asked, documents: Some(documents) });
    }
    if !documents.is_empty() {
        let asked = Asked::Topic { name: name.clone(), query: String::new() };
        return Ok(Wanted { asked, documents: Some(documents) });
    }
    let documents = client.answering(name, false, sequence, wait).await?;
    Ok(Wanted { asked: Asked::Query(name.clone()), documents: Some(documents) })
}

/// The saved topic of this name; of several, the user's own, else the first.
async fn saved(client: &Client, name: &str, sequence: i64) -> Result<Option<Topic>> {
    let (kind, keys) = (Topic::full_name(), vec![format!("topic={name}")]);
    let listed = Listed { kind: &kind, keys, at_sequence: sequence, ..Default::default() };
    let mut found = Vec::new();
    for record in client.list(listed).await? {
        let topic =
            Topic::decode(record.body).with_context(|| format!("{} holds no readable topic", record.name))?;
        found.push((record.name, topic));
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    let user = std::env::var("USER").unwrap_or_default();
    let own = found.iter().position(|(_, topic)| topic.owner == user).unwrap_or(0);
    Ok((own < found.len()).then(|| found.swap_remove(own).1))
}

/// Documents that came in under a topic.
async fn members(client: &Client, topic: &str, sequence: i64) -> Result<Vec<String>> {
    let (kind, keys) = (TopicMembership::full_name(), vec![format!("topic={topic}")]);
    let listed = Listed { kind: &kind, keys, at_sequence: sequence, ..Default::default() };
    let records = client.list(listed).await?;
    let document =
        |record: &Record| record.keys.iter().find_map(|key| key.strip_prefix("document=")).map(str::to_owned);
    Ok(records.iter().filter_map(document).collect::<BTreeSet<_>>().into_iter().collect())
}

/// Documents with all that is derived from them, and those that their findings and stories cite besides.
///
/// # Errors
/// If storage does not answer.
pub(super) async fn records(client: &Client, documents: Option<Vec<String>>, sequence: i64) -> Result<Read> {
    let mut records = match &documents {
        Some(names) => client.batch_get_at(names, sequence).await?,
        None => {
            let kind = Document::full_name();
            client.list(Listed { kind: &kind, at_sequence: sequence, ..Default::default() }).await?
        }
    };
    let known: BTreeSet<String> = records.iter().map(|record| record.name.clone()).collect();
    let names: Vec<String> = known.iter().cloned().collect();
    let kinds = [
        Claim::full_name(),
        Digest::full_name(),
        Finding::full_name(),
        Story::full_name(),
        StoryMembership::full_name(),
    ];
    let verdicts = [Verdict::full_name()];
    let derived = client.read_groups(&kinds, "document", &names, sequence).await?;
    let cited = |record: &Record| {
        record.citations.iter().map(|citation| citation.document.clone()).collect::<Vec<_>>()
    };
    let beside: BTreeSet<String> =
        derived.iter().flat_map(cited).filter(|name| !known.contains(name)).collect();
    let beside: Vec<String> = beside.into_iter().collect();
    records.extend(derived);
    records.extend(client.read_groups(&verdicts, "document", &names, sequence).await?);
    records.extend(client.batch_get_at(&beside, sequence).await?);
    records.extend(client.read_groups(&kinds[4..], "document", &beside, sequence).await?);
    Ok(Read { records, beside })
}

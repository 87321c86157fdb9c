//! Reads what a brief is made of, all at one sequence.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::{Context as _, Result};
use api::record::{
    Claim, Digest, Document, Finding, Record, Story, StoryMembership, Topic, TopicMembership, Verdict,
};
use brief::Asked;
use prost::{Message as _, Name as _};

use crate::cli::BriefArgs;
use crate::grpc::{Answering, Client, Listed};

/// Most documents that answer which are looked at at all, unless the whole is asked for: the latest.
const MOST_ANSWERS: usize = 10_000;

/// Records derived from documents after which no further documents are read, unless the whole is asked for.
const MOST_DERIVED: usize = 20_000;

/// Most documents that are read only because a finding or a story cites them: the most severe come first.
const MOST_BESIDE: usize = 1_000;

/// How long a brief waits for what it says beside.
const PATIENCE: Duration = Duration::from_secs(2);

/// Documents that are read at a time.
const AT_A_TIME: usize = 200;

/// What was asked for, and which documents answer, the latest first.
pub(super) struct Wanted {
    pub(super) asked: Asked,
    pub(super) documents: Vec<String>,
    /// Documents that are none of these and answer the name of a feed topic as a query, as far as is known.
    pub(super) beyond: usize,
}

/// What was read.
pub(super) struct Read {
    pub(super) records: Vec<Record>,
    /// Documents that were read only because a finding or a story cites them.
    pub(super) beside: Vec<String>,
    /// Documents that answer and were not read, as far as they were looked at.
    pub(super) left: usize,
}

/// Finds what is meant: a saved topic, a topic under which documents came in, or a query.
///
/// # Errors
/// If a query cannot be read, or a service does not answer.
pub(super) async fn wanted(client: &Client, args: &BriefArgs, sequence: i64) -> Result<Wanted> {
    let most = if args.whole { usize::MAX } else { MOST_ANSWERS };
    let answering_in = async |query: &str, literal: bool, wait: Duration| {
        let narrowed = &narrowed(args);
        client
            .answering(Answering { query, literal, narrowed, at_least_sequence: sequence, wait, most })
            .await
    };
    let answering = async |query: &str, literal: bool| answering_in(query, literal, args.wait()).await;
    if let Some(query) = &args.query {
        return Ok(Wanted::of(Asked::Query(query.clone()), answering(query, false).await?));
    }
    let Some(name) = &args.topic else {
        return Ok(Wanted::of(Asked::All, all(client, most, sequence).await?));
    };
    let mut documents = members(client, name, most, sequence).await?;
    let topic = saved(client, name, sequence).await?;
    let query = topic.as_ref().map_or("", |topic| topic.query.as_str());
    if let Some(topic) = topic.as_ref().filter(|topic| !topic.query.is_empty()) {
        documents.extend(answering(&topic.query, topic.literal).await?);
    } else if topic.is_none() && documents.is_empty() {
        return Ok(Wanted::of(Asked::Query(name.clone()), answering(name, false).await?));
    }
    let mut wanted = Wanted::of(
        Asked::Topic { name: name.clone(), query: query.to_owned() },
        latest_first(client, documents, sequence).await?,
    );
    // The index knows neither days exactly nor how things stood earlier; and what is said beside is not worth a failure.
    let exact = args.from.is_none() && args.to.is_none() && args.at.as_of.is_none();
    if query.is_empty()
        && exact
        && let Ok(answers) = answering_in(name, false, args.wait().min(PATIENCE)).await
    {
        let known: BTreeSet<&String> = wanted.documents.iter().collect();
        wanted.beyond = answers.iter().filter(|name| !known.contains(name)).count();
    }
    Ok(wanted)
}

impl Wanted {
    fn of(asked: Asked, documents: Vec<String>) -> Self {
        Self { asked, documents, beyond: 0 }
    }
}

/// What keeps the days that the reader asks for from being behind the latest ones: a day more on each side, for the index knows times
/// of the day and the brief decides by days.
fn narrowed(args: &BriefArgs) -> String {
    let day = |day: &Option<String>, add: i64| -> Option<String> {
        let day: jiff::civil::Date = day.as_ref()?.parse().ok()?;
        Some(day.checked_add(jiff::Span::new().days(add)).ok()?.to_string())
    };
    let from = day(&args.from, -1).map(|day| format!(" AND published:>={day}"));
    // What bears no day is not left out by the last one.
    let to = day(&args.to, 1).map(|day| format!(" AND NOT published:>{day}"));
    from.into_iter().chain(to).collect()
}

/// Documents in the order of their publication, the latest first; few stay as they are, for all of them are read.
async fn latest_first(client: &Client, documents: Vec<String>, sequence: i64) -> Result<Vec<String>> {
    let mut names: Vec<String> = documents.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    if names.len() <= AT_A_TIME {
        return Ok(names);
    }
    let mut days: BTreeMap<String, String> = BTreeMap::new();
    for record in client.batch_get_at(&names, sequence).await? {
        let published = Document::decode(record.body)?.published.map(|time| time.start).unwrap_or_default();
        days.insert(record.name, published);
    }
    names.retain(|name| days.contains_key(name));
    names.sort_by(|one, other| days[other].cmp(&days[one]).then_with(|| one.cmp(other)));
    Ok(names)
}

/// All documents, the latest to come in first.
async fn all(client: &Client, most: usize, sequence: i64) -> Result<Vec<String>> {
    let listed = Listed {
        kind: &Document::full_name(),
        newest_first: true,
        limit: if most == usize::MAX { 0 } else { most },
        at_sequence: sequence,
        fields: &["name"],
        ..Default::default()
    };
    Ok(client.list(listed).await?.into_iter().map(|record| record.name).collect())
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

/// Documents that came in under a topic, those that came in last.
async fn members(client: &Client, topic: &str, most: usize, sequence: i64) -> Result<Vec<String>> {
    let (kind, keys) = (TopicMembership::full_name(), vec![format!("topic={topic}")]);
    let limit = if most == usize::MAX { 0 } else { most };
    let listed =
        Listed { kind: &kind, keys, newest_first: true, limit, at_sequence: sequence, ..Default::default() };
    let records = client.list(listed).await?;
    let document =
        |record: &Record| record.keys.iter().find_map(|key| key.strip_prefix("document=")).map(str::to_owned);
    Ok(records.iter().filter_map(document).collect())
}

/// Documents with all that is derived from them, and those that their findings and stories cite besides. The latest documents come
/// first, and unless the whole is asked for, reading ends where enough was read to choose from.
///
/// # Errors
/// If storage does not answer.
pub(super) async fn records(
    client: &Client,
    documents: &[String],
    whole: bool,
    sequence: i64,
) -> Result<Read> {
    let kinds = [
        Claim::full_name(),
        Digest::full_name(),
        Finding::full_name(),
        Story::full_name(),
        StoryMembership::full_name(),
    ];
    let (mut records, mut derived, mut seen) = (Vec::new(), Vec::new(), 0);
    let mut names: BTreeSet<String> = BTreeSet::new();
    for some in documents.chunks(AT_A_TIME) {
        if derived.len() >= MOST_DERIVED && !whole {
            break;
        }
        let (read, of) = futures::try_join!(
            client.batch_get_at(some, sequence),
            client.read_groups(&kinds, "document", some, sequence)
        )?;
        names.extend(read.iter().map(|record| record.name.clone()));
        records.extend(read);
        derived.extend(of);
        seen += some.len();
    }
    let beside = beside(&mut derived, &names, if whole { usize::MAX } else { MOST_BESIDE })?;
    let names: Vec<String> = names.into_iter().collect();
    records.extend(derived);
    records.extend(client.read_groups(&[Verdict::full_name()], "document", &names, sequence).await?);
    records.extend(client.batch_get_at(&beside, sequence).await?);
    records.extend(client.read_groups(&kinds[4..], "document", &beside, sequence).await?);
    Ok(Read { records, beside, left: documents.len() - seen })
}

/// Documents that records cite besides these: of stories, then of findings, the most severe first. Findings that cite more than `most`
/// allows are dropped.
fn beside(derived: &mut Vec<Record>, names: &BTreeSet<String>, most: usize) -> Result<Vec<String>> {
    let mut order: Vec<(u32, usize)> = Vec::new();
    for (at, record) in derived.iter().enumerate() {
        let is_finding = record.kind == Finding::full_name();
        let severity = if is_finding { Finding::decode(record.body.clone())?.severity } else { u32::MAX };
        order.push((severity, at));
    }
    order.sort_by(|(one, at), (other, beside)| {
        other.cmp(one).then_with(|| derived[*at].name.cmp(&derived[*beside].name))
    });
    let mut found: BTreeSet<String> = BTreeSet::new();
    let mut dropped = vec![false; derived.len()];
    for (severity, at) in order {
        let cited = derived[at].citations.iter().map(|citation| &citation.document);
        let new: Vec<String> =
            cited.filter(|name| !names.contains(*name) && !found.contains(*name)).cloned().collect();
        if severity < u32::MAX && found.len() + new.len() > most {
            dropped[at] = !new.is_empty();
        } else {
            found.extend(new);
        }
    }
    let mut dropped = dropped.into_iter();
    derived.retain(|_| !dropped.next().unwrap_or(false));
    Ok(found.into_iter().collect())
}

//! Topics as records of the log.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use api::record::{Document, Record, Topic};
use text::Lexicon;

use super::groups::decoded;
use crate::entry::Entry;
use crate::expand::{Expand, Expander};
use crate::field::Field;
use crate::plan::Plan;
use crate::query::{Limits, Query, QueryError};
use crate::topics::{Guess, Scratch, Topics};
use prost::Name as _;

/// The aliases of the standard lexicon, made with the first use.
pub(crate) static EXPANDER: LazyLock<Expander> = LazyLock::new(|| Expander::new(Lexicon::standard()));

/// The plan of a query as a caller gives it.
pub(crate) fn plan(query: &str, literal: bool, limits: &Limits) -> Result<Plan, QueryError> {
    let expand = if literal { Expand::Off } else { Expand::On };
    EXPANDER.plan(&Query::parse(query, limits)?, expand, limits)
}

/// What a topic asks: its query of the kinds that it names, or a membership of its name.
pub(crate) fn plan_of(topic: &Topic, limits: &Limits) -> Result<Plan, QueryError> {
    let all = Query::parse("", limits)?;
    let member = all
        .restricted(Field::Topic, std::slice::from_ref(&topic.name))
        .restricted(Field::Kind, &[Document::full_name()]);
    let kinds = match topic.kinds.as_slice() {
        [] => vec![Document::full_name()],
        kinds => kinds.to_vec(),
    };
    let query = match topic.query.trim() {
        "" => member,
        query => Query::parse(query, limits)?.restricted(Field::Kind, &kinds).or(member),
    };
    let expand = if topic.literal { Expand::Off } else { Expand::On };
    EXPANDER.plan(&query, expand, limits)
}

/// A single plan that records are held against.
pub(crate) struct Matcher {
    topics: Topics,
    scratch: Scratch,
}

impl Matcher {
    pub(crate) fn new(plan: &Plan) -> Matcher {
        let mut topics = Topics::new();
        topics.set("", plan, &Guess);
        Matcher { topics, scratch: Scratch::new() }
    }

    pub(crate) fn matches(&mut self, entry: &Entry) -> bool {
        !self.topics.matches(entry, &mut self.scratch).is_empty()
    }
}

/// True if no record can be left out without a look at it.
pub(crate) fn matches_everything(plan: &Plan) -> bool {
    let mut topics = Topics::new();
    topics.set("", plan, &Guess);
    topics.always() > 0
}

/// All topics of the log, and which of them cannot be read.
#[derive(Debug, Default)]
pub(crate) struct Board {
    topics: Mutex<BTreeMap<String, Saved>>,
}

#[derive(Debug)]
struct Saved {
    /// Of the commit that wrote it.
    sequence: i64,
    broken: bool,
}

impl Board {
    /// These are all topics there are.
    pub(crate) fn replace(&self, records: &[Record], limits: &Limits) {
        self.topics.lock().unwrap_or_else(PoisonError::into_inner).clear();
        for record in records {
            self.set(record, limits);
        }
    }

    /// A topic was written; tells what it asks, if that can be read.
    pub(crate) fn set(&self, record: &Record, limits: &Limits) -> Option<Plan> {
        let readable = decoded::<Topic>(record).map(|topic| plan_of(&topic, limits));
        if let Some(Err(error)) = &readable {
            tracing::warn!(topic = record.name, %error, "a topic cannot be matched");
        }
        let broken = !matches!(readable, Some(Ok(_)));
        let mut topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        let known = topics.get(&record.name).map_or(0, |saved| saved.sequence);
        if known <= record.sequence {
            topics.insert(record.name.clone(), Saved { sequence: record.sequence, broken });
        }
        readable.and_then(Result::ok)
    }

    /// A topic was removed by the commit of this sequence.
    pub(crate) fn remove(&self, name: &str, sequence: i64) {
        let mut topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        if topics.get(name).is_some_and(|saved| saved.sequence < sequence) {
            topics.remove(name);
        }
    }

    /// How many topics can be matched, and the names of those that cannot.
    pub(crate) fn count(&self) -> (usize, Vec<String>) {
        let topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        let broken: Vec<String> =
            topics.iter().filter(|(_, saved)| saved.broken).map(|(name, _)| name.clone()).collect();
        (topics.len() - broken.len(), broken)
    }
}

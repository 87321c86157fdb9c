//! `monazite explain`: how a record was derived, down to passages and versions.

mod node;
mod screen;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use anyhow::Result;
use api::record::{Claim, Document, Record};
use api::storage::Derivation;
use prost::{Message as _, Name as _};
use serde_json::{Map, Value, json};
use text::Lexicon;

use crate::cli::{ExplainArgs, ExplainOutput};
use crate::commands::{facts, print};
use crate::grpc::Client;
use crate::output::screen_width;
use crate::view::record_name;
use node::Input;

/// Most records that are explained at a time; of what is beyond, only the names are told.
const MOST: usize = 200;

/// A record with what is known of its derivation.
#[derive(Debug)]
struct Node {
    record: Record,
    /// What its group was derived from; nothing if a client put it.
    derivation: Option<Derivation>,
    /// How many records of which kind the analyzer was given; nothing if that cannot be read any more.
    inputs: Option<BTreeMap<String, usize>>,
    /// Names of the records on which it rests, sorted.
    rests_on: Vec<String>,
}

/// What a group was derived from.
struct Group {
    derivation: Option<Derivation>,
    /// What its analyzer was given; nothing if that cannot be read any more.
    inputs: Option<Vec<Input>>,
    /// How many of each kind.
    kinds: Option<BTreeMap<String, usize>>,
}

impl Group {
    /// The sequence as of which its inputs are read; zero (now) where they cannot be read as they were.
    fn read_sequence(&self) -> i64 {
        let derivation = self.derivation.as_ref().filter(|_| self.inputs.is_some());
        derivation.map_or(0, |derivation| derivation.read_sequence)
    }
}

/// Explained records by name.
type Nodes = BTreeMap<String, Node>;

pub(super) async fn run(client: &Client, args: &ExplainArgs) -> Result<()> {
    let name = record_name(client, &args.id, None, 0).await?;
    let nodes = nodes(client, &name).await?;
    match args.output {
        ExplainOutput::Text => print(|out| screen::print(&name, &nodes, usize::from(screen_width()), out)),
        ExplainOutput::Json => {
            let object = object(&name, &nodes);
            print(|out| {
                serde_json::to_writer_pretty(&mut *out, &object)?;
                writeln!(out)
            })
        }
    }
}

/// The record and all on which it rests, nearest first, as far as [`MOST`] allows.
async fn nodes(client: &Client, name: &str) -> Result<Nodes> {
    let mut nodes = Nodes::new();
    let mut groups: BTreeMap<(String, String), Group> = BTreeMap::new();
    let mut open = VecDeque::from([client.get(name, 0).await?]);
    let mut known = BTreeSet::from([open[0].name.clone()]);
    while let Some(record) = open.pop_front() {
        if nodes.len() >= MOST {
            break;
        }
        let of = (record.analyzer.clone(), record.group.clone());
        if !groups.contains_key(&of) {
            groups.insert(of.clone(), group(client, &record).await?);
        }
        let group = &groups[&of];
        let rests_on = node::rests_on(&record, group.inputs.as_deref());
        let unknown = |name: &&String| !known.contains(*name);
        let next: Vec<String> = rests_on.iter().filter(unknown).take(MOST).cloned().collect();
        let (derivation, inputs) = (group.derivation.clone(), group.kinds.clone());
        nodes.insert(record.name.clone(), Node { record, derivation, inputs, rests_on });
        let read = client.batch_get_at(&next, group.read_sequence()).await?;
        known.extend(read.iter().map(|record| record.name.clone()));
        open.extend(read);
    }
    Ok(nodes)
}

/// What the group of a record was derived from, with its inputs as they were read.
async fn group(client: &Client, record: &Record) -> Result<Group> {
    let derivation = match record.analyzer.as_str() {
        "" => None,
        analyzer => client.derivation(analyzer, &record.group).await?,
    };
    let Some(derivation) = derivation else {
        return Ok(Group { derivation: None, inputs: None, kinds: None });
    };
    let inputs = match client.manifest(&derivation.analyzer, &derivation.version).await? {
        Some(manifest) => {
            client.inputs(&manifest, &derivation, |input| (input.kind.clone(), Input::of(input))).await?
        }
        None => None,
    };
    let mut kinds = BTreeMap::new();
    let inputs = inputs.map(|inputs| {
        let counted = inputs.into_iter().map(|(kind, input)| {
            *kinds.entry(kind).or_insert(0) += 1;
            input
        });
        counted.collect::<Vec<_>>()
    });
    let kinds = inputs.is_some().then_some(kinds);
    Ok(Group { derivation: Some(derivation), inputs, kinds })
}

/// The words that a claim's slots point to are those of its document.
fn claim_of<'n>(node: &Node, nodes: &'n Nodes) -> Option<(Claim, Option<&'n Node>)> {
    if node.record.kind != Claim::full_name() {
        return None;
    }
    let claim = Claim::decode(&node.record.body[..]).ok()?;
    let document = nodes.get(&claim.document);
    Some((claim, document))
}

fn text_of(document: Option<&Node>) -> String {
    let decoded = document.and_then(|node| Document::decode(&node.record.body[..]).ok());
    decoded.map(|document| document.text).unwrap_or_default()
}

/// Everything for programs.
fn object(name: &str, nodes: &Nodes) -> Value {
    let records: Vec<Value> = nodes.values().map(|node| node_object(node, nodes)).collect();
    let named = nodes.values().flat_map(|node| &node.rests_on);
    let mut beyond: Vec<&String> = named.filter(|name| !nodes.contains_key(*name)).collect();
    beyond.sort();
    beyond.dedup();
    json!({"record": name, "records": records, "not_explained": beyond})
}

fn node_object(node: &Node, nodes: &Nodes) -> Value {
    let record = &node.record;
    let citations: Vec<Value> = record
        .citations
        .iter()
        .map(|citation| {
            let spans = citation
                .spans
                .iter()
                .map(|s| json!({"start_byte": s.start_byte, "end_byte": s.end_byte, "quote": s.quote}));
            json!({"document": citation.document, "spans": spans.collect::<Vec<_>>()})
        })
        .collect();
    let derivation = node.derivation.as_ref().map(|from| {
        json!({
            "analyzer": from.analyzer,
            "version": from.version,
            "config_digest": from.config_digest,
            "group": from.group,
            "read_sequence": from.read_sequence,
            "input_count": from.input_count,
            "input_hash": node::hex(&from.input_hash),
            "inputs": node.inputs,
        })
    });
    let slots = claim_of(node, nodes).map(|(claim, document)| {
        let mut slots = Map::new();
        facts::explain::object(Lexicon::standard(), &text_of(document), &claim, &mut slots);
        slots
    });
    json!({
        "name": record.name,
        "kind": record.kind,
        "summary": node::summary(record),
        "sequence": record.sequence,
        "commit_time": record.commit_time.as_ref().map(ToString::to_string),
        "keys": record.keys,
        "derivation": derivation,
        "citations": citations,
        "slots": slots,
        "rests_on": node.rests_on,
    })
}

#[cfg(test)]
mod tests;

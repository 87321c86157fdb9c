//! The analyzers that lay statements side by side; what they find is decided in the crate `compare`.
//!
//! [`Statements`] turns the claims of each document into [`Statement`]s, keyed by what these may be compared by. [`ByFact`] compares
//! those that share a key `fact`, [`ByStory`] those of one story, and each writes [`Finding`]s: one for each set of claims that
//! stand to each other in one way, never one for each pair.

#![forbid(unsafe_code)]

use compare::{Found, Item, Shared, Source, Told};
use plugin_sdk::prost::{Message as _, Name as _};
use plugin_sdk::record::{Citation, Claim, Document, Finding, Layer, Mention, Statement, StoryMembership};
use plugin_sdk::{
    AnalyzeError, Analyzer, Call, ConfigError, Inputs, Manifest, content_name, content_name_of, key, manifest,
};

/// Most claims of a document, and most statements of one group.
const MAX_STATEMENTS: u32 = 200_000;

/// Most encoded bytes of a group.
const MAX_BYTES: u64 = 256 << 20;

/// Longest key that the log takes, in bytes.
const MAX_KEY_BYTES: usize = 512;

/// Writes a statement for each claim that can be compared.
pub struct Statements;

impl Analyzer for Statements {
    fn manifest() -> Manifest {
        manifest("statements", env!("CARGO_PKG_VERSION"))
            .description("Each document's claims with what is needed to compare them")
            .reads::<Document>()
            .reads::<Layer>()
            .reads::<Claim>()
            .reads::<StoryMembership>()
            .shared_key("document")
            .writes::<Statement>()
            .max_input(MAX_STATEMENTS, MAX_BYTES)
            .max_output(MAX_STATEMENTS, MAX_BYTES)
            .concurrency(2)
            .build()
    }

    fn create(config: &str) -> Result<Self, ConfigError> {
        without_config(config).map(|()| Self)
    }

    fn analyze(&self, inputs: Inputs<'_>, call: &mut Call<'_>) -> Result<(), AnalyzeError> {
        let Some(read) = Read::of(inputs)? else { return Ok(()) };
        call.check_cancelled()?;
        let source = Source {
            name: &read.name,
            document: &read.document,
            mentions: &read.mentions,
            story: read.story.as_ref(),
        };
        for item in compare::statements(&source, &read.told) {
            call.check_cancelled()?;
            let mut keys = vec![key("document", &read.name)];
            keys.extend(
                item.fact.iter().map(|fact| key("fact", fact)).filter(|key| key.len() <= MAX_KEY_BYTES),
            );
            if !item.statement.story.is_empty() {
                keys.push(key("telling", &item.statement.story));
            }
            let name = content_name("statements", &item.statement);
            call.record(name, &item.statement, keys, vec![item.citation])?;
        }
        Ok(())
    }
}

/// What a document's group holds.
struct Read {
    name: String,
    document: Document,
    mentions: Vec<Mention>,
    story: Option<StoryMembership>,
    told: Vec<Told>,
}

impl Read {
    /// `None` if the document is not in the group: what rests on it is about to go too.
    fn of(inputs: Inputs<'_>) -> Result<Option<Read>, AnalyzeError> {
        let (mut found, mut mentions, mut story, mut told) = (None, Vec::new(), None, Vec::new());
        for input in inputs.iter() {
            let kind = input.record()?.kind;
            if kind == Document::full_name() {
                found = Some(input.decode::<Document>()?);
            } else if kind == Layer::full_name() {
                mentions.extend(input.decode::<Layer>()?.1.mentions);
            } else if kind == StoryMembership::full_name() {
                story = Some(input.decode::<StoryMembership>()?.1);
            } else {
                let (record, claim) = input.decode::<Claim>()?;
                let sentence = record.citations.first().and_then(|citation| citation.spans.first());
                let sentence = sentence.map_or(claim.start_byte as usize..claim.end_byte as usize, |span| {
                    span.start_byte as usize..span.end_byte as usize
                });
                let fact = record.keys.iter().find_map(|key| key.strip_prefix("fact=")).map(str::to_owned);
                told.push(Told { name: record.name, claim, sentence, fact });
            }
        }
        Ok(found.map(|(record, document)| Read { name: record.name, document, mentions, story, told }))
    }
}

/// Compares statements of one quantity at one time.
pub struct ByFact;

impl Analyzer for ByFact {
    fn manifest() -> Manifest {
        comparing("reconcile", "Who agrees and who contradicts whom about one fact", "fact")
    }

    fn create(config: &str) -> Result<Self, ConfigError> {
        without_config(config).map(|()| Self)
    }

    fn analyze(&self, inputs: Inputs<'_>, call: &mut Call<'_>) -> Result<(), AnalyzeError> {
        let items = items(inputs, call)?;
        let fact = items.first().and_then(|item| item.fact.clone()).unwrap_or_default();
        analyze(&items, call, Shared::Fact(&fact))
    }
}

/// Compares the statements of one story.
pub struct ByStory;

impl Analyzer for ByStory {
    fn manifest() -> Manifest {
        comparing("reconcile-story", "What the tellings of one story say of the same figures", "telling")
    }

    fn create(config: &str) -> Result<Self, ConfigError> {
        without_config(config).map(|()| Self)
    }

    fn analyze(&self, inputs: Inputs<'_>, call: &mut Call<'_>) -> Result<(), AnalyzeError> {
        let items = items(inputs, call)?;
        let story = items.first().map(|item| item.statement.story.clone()).unwrap_or_default();
        analyze(&items, call, Shared::Story(&story))
    }
}

fn comparing(name: &str, description: &str, shared: &str) -> Manifest {
    manifest(name, env!("CARGO_PKG_VERSION"))
        .description(description)
        .reads::<Statement>()
        .shared_key(shared)
        .writes::<Finding>()
        .max_input(MAX_STATEMENTS, MAX_BYTES)
        .concurrency(2)
        .build()
}

fn without_config(config: &str) -> Result<(), ConfigError> {
    if config.is_empty() { Ok(()) } else { Err(ConfigError::new("it takes no config")) }
}

/// The statements of a group, with what goes with them.
fn items(inputs: Inputs<'_>, call: &Call<'_>) -> Result<Vec<Item>, AnalyzeError> {
    let mut items = Vec::with_capacity(inputs.len());
    for input in inputs.iter() {
        call.check_cancelled()?;
        let (record, statement) = input.decode::<Statement>()?;
        let fact = record.keys.iter().find_map(|key| key.strip_prefix("fact=")).map(str::to_owned);
        let citation = record.citations.into_iter().next();
        let citation =
            citation.unwrap_or_else(|| Citation { document: statement.document.clone(), spans: Vec::new() });
        items.push(Item { statement, citation, fact });
    }
    Ok(items)
}

fn analyze(items: &[Item], call: &mut Call<'_>, shared: Shared<'_>) -> Result<(), AnalyzeError> {
    call.check_cancelled()?;
    for Found { finding, citations, mut keys } in compare::reconcile(items, shared) {
        keys.retain(|key| key.len() <= MAX_KEY_BYTES);
        let body = finding.encode_to_vec();
        let name = content_name_of("findings", &[call.group().as_bytes(), &body]);
        call.record(name, &finding, keys, citations)?;
    }
    Ok(())
}

plugin_sdk::export!(Statements, ByFact, ByStory);

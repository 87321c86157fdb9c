//! The analyzer `stories`: which of the documents that are linked tell one event.

mod cluster;
mod differences;
mod pair;
mod profile;
mod sources;
mod voices;
mod write;

use plugin_sdk::record::{Story, StoryMark, StoryMembership};
use plugin_sdk::{AnalyzeError, Analyzer, Call, ConfigError, Inputs, Manifest, manifest};

/// Most documents that are looked at together; more are cut by their days.
const MAX_GROUP: u32 = 10_000;

/// Most encoded bytes of their marks.
const MAX_GROUP_BYTES: u64 = 96 << 20;

/// Days of the first windows by which a larger group is cut.
const WINDOW_DAYS: u32 = 32;

/// The analyzer.
pub struct Stories;

impl Analyzer for Stories {
    fn manifest() -> Manifest {
        manifest("stories", env!("CARGO_PKG_VERSION"))
            .description("Documents that tell one event, and what differs between their tellings")
            .reads::<StoryMark>()
            .connection("link", "at", WINDOW_DAYS)
            .writes::<Story>()
            .writes::<StoryMembership>()
            .max_input(MAX_GROUP, MAX_GROUP_BYTES)
            .max_output(2 * MAX_GROUP, 64 << 20)
            .deadline_ms(120_000)
            .concurrency(2)
            .build()
    }

    fn create(config: &str) -> Result<Self, ConfigError> {
        if config.is_empty() { Ok(Self) } else { Err(ConfigError::new("it takes no config")) }
    }

    fn analyze(&self, inputs: Inputs<'_>, call: &mut Call<'_>) -> Result<(), AnalyzeError> {
        let mut marks = Vec::with_capacity(inputs.len());
        for input in inputs.iter() {
            let (record, mark) = input.decode::<StoryMark>()?;
            let links = record.keys.iter().filter_map(|key| key.strip_prefix("link=").map(str::to_owned));
            marks.push((mark, links.collect::<Vec<_>>()));
        }
        // A story begins with its earliest telling.
        marks.sort_by(|(a, _), (b, _)| order(a).cmp(&order(b)));
        call.check_cancelled()?;
        let profiles = profile::profiles(&marks);
        let found = cluster::cluster(&marks, &profiles, &|| call.check_cancelled())?;
        for cluster in found {
            write::story(&marks, &profiles, &cluster, call)?;
        }
        Ok(())
    }
}

/// The order of tellings: those of which it is not known when they were published come last.
fn order(mark: &StoryMark) -> (bool, i64, &str) {
    (mark.published.is_none(), mark.published_second, &mark.document)
}

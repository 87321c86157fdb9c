//! Loaded tables, laid out by time.

use compare::series::{self, MAX_OBSERVATIONS};
use plugin_sdk::record::{Observation, SeriesPoint};
use plugin_sdk::{AnalyzeError, Analyzer, Call, ConfigError, Inputs, Manifest, content_name, key, manifest};

use crate::{MAX_BYTES, MAX_KEY_BYTES, without_config};

/// Most points of one series.
const MAX_POINTS: u32 = 200_000;

/// Writes what each loaded table has for the times of a series: its values, their sums, and what changes are reckoned against.
pub struct SeriesPoints;

impl Analyzer for SeriesPoints {
    fn manifest() -> Manifest {
        manifest("series-points", env!("CARGO_PKG_VERSION"))
            .description(
                "What loaded tables have for each time of a series, and what changes are reckoned against",
            )
            .reads::<Observation>()
            .shared_key("series")
            .writes::<SeriesPoint>()
            .max_input(MAX_OBSERVATIONS, MAX_BYTES)
            .max_output(MAX_POINTS, MAX_BYTES)
            .concurrency(2)
            .build()
    }

    fn create(config: &str) -> Result<Self, ConfigError> {
        without_config(config).map(|()| Self)
    }

    fn analyze(&self, inputs: Inputs<'_>, call: &mut Call<'_>) -> Result<(), AnalyzeError> {
        let mut observations = Vec::with_capacity(inputs.len());
        for input in inputs.iter() {
            call.check_cancelled()?;
            let (record, body) = input.decode::<Observation>()?;
            observations.push((record.name, body));
        }
        for point in series::points(&observations) {
            call.check_cancelled()?;
            let keys: Vec<String> = point.facts.iter().map(|fact| key("fact", fact)).collect();
            let keys: Vec<String> = keys.into_iter().filter(|key| key.len() <= MAX_KEY_BYTES).collect();
            if !keys.is_empty() {
                call.record(content_name("series-points", &point.body), &point.body, keys, Vec::new())?;
            }
        }
        Ok(())
    }
}

//! Runs an analyzer without a host, for a plugin's own tests.

use api::record::Record;
use prost::{Message, Name};

use crate::call::{IsCancelled, Port};
use crate::{AnalyzeError, Analyzer, Call, Inputs, Level};

/// A record as an input: named, with the body `body`, keyed `document={name}`.
#[must_use]
pub fn record<B: Message + Name>(name: &str, body: &B) -> Record {
    Record {
        name: name.into(),
        kind: B::full_name(),
        body: body.encode_to_vec().into(),
        keys: vec![crate::key("document", name)],
        ..Record::default()
    }
}

/// Makes an `A` from `config` and has it analyze one group of `inputs`, as a host would: sorted by name, named after
/// the first. Lines of log are dropped.
///
/// # Errors
/// What the analyzer answered; a refused config becomes [`AnalyzeError::Internal`].
pub fn run<A: Analyzer>(config: &str, inputs: &[Record]) -> Result<Vec<Record>, AnalyzeError> {
    let analyzer = A::create(config).map_err(|error| AnalyzeError::internal(format!("config: {error}")))?;
    let mut inputs = inputs.to_vec();
    inputs.sort_by(|a, b| a.name.cmp(&b.name));
    let encoded: Vec<Vec<u8>> = inputs.iter().map(Message::encode_to_vec).collect();
    let views: Vec<&[u8]> = encoded.iter().map(Vec::as_slice).collect();
    let group = inputs.first().map_or("", |record| record.name.as_str());
    let mut kept = Kept(Vec::new());
    analyzer.analyze(Inputs::new(&views), &mut Call::new(group, &mut kept, &Never))?;
    Ok(kept.0)
}

struct Kept(Vec<Record>);

impl Port for Kept {
    fn emit(&mut self, record: &[u8]) -> Result<(), AnalyzeError> {
        let record = Record::decode(record)
            .map_err(|error| AnalyzeError::internal(format!("emitted what is no record: {error}")))?;
        self.0.push(record);
        Ok(())
    }

    fn log(&self, _level: Level, _message: &str) {}
}

struct Never;

impl IsCancelled for Never {
    fn is_cancelled(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ConfigError, Manifest, content_name, key, manifest};
    use api::record::{Document, Layer};

    /// Writes one layer for a group of documents, named after the last.
    struct Last;

    impl Analyzer for Last {
        fn manifest() -> Manifest {
            manifest("last", "0.1.0").reads::<Document>().shared_key("topic").writes::<Layer>().build()
        }

        fn create(config: &str) -> Result<Self, ConfigError> {
            if config.is_empty() { Ok(Self) } else { Err(ConfigError::new("no config")) }
        }

        fn analyze(&self, inputs: Inputs<'_>, call: &mut Call<'_>) -> Result<(), AnalyzeError> {
            call.check_cancelled()?;
            for input in inputs.iter() {
                let (record, _) = input.decode::<Document>()?;
                let layer = Layer { document: record.name, mentions: Vec::new() };
                call.record(content_name("layers", &layer), &layer, [key("group", call.group())], vec![])?;
            }
            Ok(())
        }
    }

    #[test]
    fn inputs_come_sorted_and_the_group_is_named() -> Result<(), AnalyzeError> {
        let inputs =
            [record("documents/2", &Document::default()), record("documents/1", &Document::default())];
        let output = run::<Last>("", &inputs)?;
        assert_eq!(output.len(), 2);
        let first = Layer { document: "documents/1".into(), mentions: vec![] };
        assert_eq!(output[0].name, content_name("layers", &first));
        assert_eq!(output[0].keys, ["group=documents/1"]);
        assert_eq!(output[0].kind, "monazite.record.v1.Layer");
        Ok(())
    }

    #[test]
    fn another_kind_is_refused_with_its_name() {
        let input = record("layers/1", &Layer::default());
        let error = run::<Last>("", &[input]).expect_err("not a document");
        let AnalyzeError::InvalidInput(reason) = error else { panic!("{error}") };
        assert!(reason.contains("layers/1 is of kind monazite.record.v1.Layer"), "{reason}");
    }

    #[test]
    fn a_refused_config_is_told() {
        let error = run::<Last>("{}", &[]).expect_err("no config");
        assert_eq!(error, AnalyzeError::internal("config: no config"));
    }
}

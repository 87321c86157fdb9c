//! What goes into a call and what comes out of it: hashed and checked, never interpreted.

use api::analysis::{FailureCode, Manifest};
use api::record::Record;
use bytes::Bytes;
use prost::Message as _;

/// Collections of the analysis service itself, which no analyzer may write into.
const OWN_COLLECTIONS: [&str; 4] = ["assignments", "cursors", "failures", "pending"];

/// The longest name of a record, in bytes (record.proto).
const MAX_NAME: usize = 256;

/// The most that a manifest may allow a call to emit, so that a group fits into one commit.
const MAX_OUTPUT_BYTES: u64 = 12 << 20;

/// A manifest's limits with the defaults filled in (manifest.proto).
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    pub(crate) input_records: u32,
    pub(crate) input_bytes: u64,
    pub(crate) output_records: usize,
    pub(crate) output_bytes: usize,
    pub(crate) deadline_ms: u32,
}

impl Limits {
    pub(crate) fn of(manifest: &Manifest) -> Self {
        let given = manifest.limits.unwrap_or_default();
        let or = |value: u64, default: u64| if value == 0 { default } else { value };
        let output_bytes = or(given.max_output_bytes, 8 << 20).min(MAX_OUTPUT_BYTES);
        Self {
            input_records: if given.max_input_records == 0 { 10_000 } else { given.max_input_records },
            input_bytes: or(given.max_input_bytes, 16 << 20),
            output_records: usize::try_from(or(given.max_output_records.into(), 10_000))
                .unwrap_or(usize::MAX),
            output_bytes: usize::try_from(output_bytes).unwrap_or(usize::MAX),
            deadline_ms: if given.deadline_ms == 0 { 30_000 } else { given.deadline_ms },
        }
    }
}

/// BLAKE3 over the inputs in the order in which they are handed over, each preceded by its length as 64 bits, little
/// end first, so that no two lists of inputs are hashed alike.
pub(crate) fn input_hash(inputs: &[Bytes]) -> Bytes {
    let mut hasher = blake3::Hasher::new();
    for input in inputs {
        hasher.update(&(input.len() as u64).to_le_bytes());
        hasher.update(input);
    }
    Bytes::copy_from_slice(hasher.finalize().as_bytes())
}

/// Names of the first 16 inputs, for the failures list.
pub(crate) fn names(inputs: &[Bytes]) -> Vec<String> {
    inputs.iter().take(16).filter_map(name).collect()
}

/// The name in an encoded record: its first field as a rule, so that the rest need not be decoded.
fn name(input: &Bytes) -> Option<String> {
    if let [0x0a, length, rest @ ..] = &input[..]
        && *length < 0x80
        && let Some(name) = rest.get(..usize::from(*length))
    {
        return String::from_utf8(name.to_vec()).ok();
    }
    Record::decode(input.clone()).ok().map(|record| record.name)
}

/// The records of one call, checked as they come.
#[derive(Debug, Default)]
pub(crate) struct Output {
    records: Vec<Record>,
    bytes: usize,
}

/// Why an output is not taken.
pub(crate) type Fault = (FailureCode, String);

impl Output {
    /// Takes one emitted record.
    ///
    /// # Errors
    /// What to record as the group's failure.
    pub(crate) fn push(&mut self, encoded: Bytes, manifest: &Manifest, limits: &Limits) -> Result<(), Fault> {
        self.bytes += encoded.len();
        if self.bytes > limits.output_bytes {
            let message = format!("it emitted more than {} bytes", limits.output_bytes);
            return Err((FailureCode::OutputLimit, message));
        }
        if self.records.len() >= limits.output_records {
            let message = format!("it emitted more than {} records", limits.output_records);
            return Err((FailureCode::OutputLimit, message));
        }
        let record = Record::decode(encoded).map_err(|error| {
            (FailureCode::InvalidOutput, format!("what it emitted is not a record: {error}"))
        })?;
        check(&record, manifest).map_err(|message| (FailureCode::InvalidOutput, message))?;
        self.records.push(Record {
            sequence: 0,
            commit_time: None,
            analyzer: String::new(),
            group: String::new(),
            ..record
        });
        Ok(())
    }

    /// The records by name, and their encoded size.
    ///
    /// # Errors
    /// What to record as the group's failure.
    pub(crate) fn finish(mut self) -> Result<(Vec<Record>, usize), Fault> {
        self.records.sort_by(|a, b| a.name.cmp(&b.name));
        if let Some(pair) = self.records.windows(2).find(|pair| pair[0].name == pair[1].name) {
            return Err((FailureCode::InvalidOutput, format!("it emitted {} twice", pair[0].name)));
        }
        Ok((self.records, self.bytes))
    }
}

fn check(record: &Record, manifest: &Manifest) -> Result<(), String> {
    if !manifest.writes.contains(&record.kind) {
        return Err(format!(
            "it emitted a {:?}, which its manifest does not name among what it writes",
            record.kind
        ));
    }
    let malformed = || format!("it emitted a record with the malformed name {:?}", record.name);
    let (collection, id) = record.name.split_once('/').ok_or_else(malformed)?;
    let lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let well_formed = record.name.len() <= MAX_NAME
        && !collection.is_empty()
        && collection.bytes().all(lower)
        && !id.is_empty()
        && id.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'/');
    if !well_formed {
        return Err(malformed());
    }
    if OWN_COLLECTIONS.contains(&collection) {
        return Err(format!("it emitted {}, a name that belongs to the analysis service", record.name));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        Manifest { writes: vec!["test.Item".to_owned()], ..Manifest::default() }
    }

    fn emit(records: &[(&str, &str)]) -> Result<(Vec<Record>, usize), Fault> {
        let manifest = manifest();
        let mut output = Output::default();
        for (name, kind) in records {
            let record = Record {
                name: (*name).to_owned(),
                kind: (*kind).to_owned(),
                sequence: 9,
                ..Record::default()
            };
            output.push(record.encode_to_vec().into(), &manifest, &Limits::of(&manifest))?;
        }
        output.finish()
    }

    #[test]
    fn output_comes_sorted_and_without_what_only_the_server_sets() {
        let (records, bytes) =
            emit(&[("items/b", "test.Item"), ("items/a", "test.Item")]).expect("well-formed");
        assert_eq!(records.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(), ["items/a", "items/b"]);
        assert!(records.iter().all(|record| record.sequence == 0));
        assert!(bytes > 0);
    }

    #[test]
    fn what_an_analyzer_may_not_write_is_refused() {
        let cases = [
            (vec![("items/a", "other.Kind")], "does not name"),
            (vec![("Items/a", "test.Item")], "malformed"),
            (vec![("items", "test.Item")], "malformed"),
            (vec![("items/", "test.Item")], "malformed"),
            (vec![("items/a b", "test.Item")], "malformed"),
            (vec![("items/a/b", "test.Item")], "malformed"),
            (vec![("cursors/words", "test.Item")], "belongs to the analysis"),
            (vec![("items/a", "test.Item"), ("items/a", "test.Item")], "twice"),
        ];
        for (records, expected) in cases {
            let (code, message) = emit(&records).expect_err(expected);
            assert_eq!(code, FailureCode::InvalidOutput);
            assert!(message.contains(expected), "{message}");
        }
        let mut output = Output::default();
        let garbage = output.push(Bytes::from_static(&[0xff; 9]), &manifest(), &Limits::of(&manifest()));
        assert_eq!(garbage.map_err(|(code, _)| code), Err(FailureCode::InvalidOutput));
    }

    #[test]
    fn output_over_its_limits_is_refused() {
        let mut manifest = manifest();
        manifest.limits = Some(api::analysis::Limits { max_output_records: 1, ..Default::default() });
        let limits = Limits::of(&manifest);
        let encode = |name: &str| {
            let record = Record { name: name.to_owned(), kind: "test.Item".to_owned(), ..Record::default() };
            Bytes::from(record.encode_to_vec())
        };
        let mut output = Output::default();
        assert_eq!(output.push(encode("items/a"), &manifest, &limits), Ok(()));
        let (code, _) = output.push(encode("items/b"), &manifest, &limits).expect_err("one is the limit");
        assert_eq!(code, FailureCode::OutputLimit);

        manifest.limits = Some(api::analysis::Limits { max_output_bytes: 10, ..Default::default() });
        let fault = Output::default().push(encode("items/a"), &manifest, &Limits::of(&manifest));
        assert_eq!(fault.map_err(|(code, _)| code), Err(FailureCode::OutputLimit));
    }

    #[test]
    fn names_are_read_from_short_and_long_records() {
        for length in [9, 127, 128, 256] {
            let record = Record { name: format!("items/{}", "n".repeat(length - 6)), ..Record::default() };
            assert_eq!(names(&[record.encode_to_vec().into()]), [record.name]);
        }
    }

    #[test]
    fn inputs_are_hashed_with_their_bounds() {
        let hash = |inputs: &[&'static [u8]]| {
            input_hash(&inputs.iter().map(|input| Bytes::from_static(input)).collect::<Vec<_>>())
        };
        assert_ne!(hash(&[b"ab", b"c"]), hash(&[b"a", b"bc"]));
        assert_eq!(hash(&[b"ab"]), hash(&[b"ab"]));
        assert_eq!(hash(&[]).len(), 32);
    }
}

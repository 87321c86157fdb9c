//! Building a manifest.

use api::analysis::{Connection, EachRecord, Grouping, Limits, Manifest, SharedKey, grouping};
use prost::Name;

/// Starts the manifest of an analyzer: its name (lower-case letters, digits and hyphens, at most 64) and its version
/// (`SemVer` 2.0; `env!("CARGO_PKG_VERSION")` is a good one). It groups by each record alone until told otherwise.
#[must_use]
pub fn manifest(name: &str, version: &str) -> ManifestBuilder {
    let manifest = Manifest { name: name.into(), version: version.into(), ..Manifest::default() };
    ManifestBuilder { manifest, limits: Limits::default() }.each_record()
}

/// A manifest that is being built. The host checks the result when it loads the library.
#[derive(Debug, Clone)]
pub struct ManifestBuilder {
    manifest: Manifest,
    limits: Limits,
}

impl ManifestBuilder {
    /// One line for people.
    #[must_use]
    pub fn description(mut self, line: &str) -> Self {
        self.manifest.description = line.into();
        self
    }

    /// Reads records of the kind `B`.
    #[must_use]
    pub fn reads<B: Name>(self) -> Self {
        self.reads_kind(&B::full_name())
    }

    /// Reads records of the kind with this full protobuf name.
    #[must_use]
    pub fn reads_kind(mut self, kind: &str) -> Self {
        self.manifest.reads.push(kind.into());
        self
    }

    /// Writes records of the kind `B`.
    #[must_use]
    pub fn writes<B: Name>(self) -> Self {
        self.writes_kind(&B::full_name())
    }

    /// Writes records of the kind with this full protobuf name.
    #[must_use]
    pub fn writes_kind(mut self, kind: &str) -> Self {
        self.manifest.writes.push(kind.into());
        self
    }

    /// Takes each record alone. The group is named as the record.
    #[must_use]
    pub fn each_record(self) -> Self {
        self.grouping(grouping::Grouping::EachRecord(EachRecord {}))
    }

    /// Takes all records together that share a value of this key. The group is named `key=value`.
    #[must_use]
    pub fn shared_key(self, key: &str) -> Self {
        self.grouping(grouping::Grouping::SharedKey(SharedKey { key: key.into() }))
    }

    /// Takes all records together that are linked, directly or through others, by shared values of this key. The group is
    /// named as its first record, in the order of names.
    ///
    /// A group of more records than [`max_input`](Self::max_input) allows is cut: within it only links between records of
    /// one window of `window_days` days count, by the date or time in the key `window_key` (`at` for `at=2025-07-13`);
    /// what is still too large by windows of half as many days, down to one. A value that more than eight times as many
    /// records carry links nothing there. Choose values that tell records apart, and a largest group to fit a call.
    #[must_use]
    pub fn connection(self, key: &str, window_key: &str, window_days: u32) -> Self {
        let connection = Connection { key: key.into(), window_key: window_key.into(), window_days };
        self.grouping(grouping::Grouping::Connection(connection))
    }

    fn grouping(mut self, way: grouping::Grouping) -> Self {
        self.manifest.grouping = Some(Grouping { grouping: Some(way) });
        self
    }

    /// Takes a config that fits this JSON Schema (2020-12). Without it, a config is refused.
    #[must_use]
    pub fn config_schema(mut self, schema: &str) -> Self {
        self.manifest.config_schema = schema.into();
        self
    }

    /// How many calls it takes at a time; one if not said.
    #[must_use]
    pub fn concurrency(mut self, calls: u32) -> Self {
        self.manifest.concurrency = calls;
        self
    }

    /// The longest that a call may take, in milliseconds; 30,000 if not said. A worker over it is ended.
    #[must_use]
    pub fn deadline_ms(mut self, milliseconds: u32) -> Self {
        self.limits.deadline_ms = milliseconds;
        self
    }

    /// The largest group: records, and their encoded bytes; 10,000 and 16 MiB if not said or zero.
    #[must_use]
    pub fn max_input(mut self, records: u32, bytes: u64) -> Self {
        self.limits.max_input_records = records;
        self.limits.max_input_bytes = bytes;
        self
    }

    /// The largest answer: records, and their encoded bytes; 10,000 and 8 MiB if not said or zero.
    #[must_use]
    pub fn max_output(mut self, records: u32, bytes: u64) -> Self {
        self.limits.max_output_records = records;
        self.limits.max_output_bytes = bytes;
        self
    }

    /// Says that it needs a clock or a network, so that what it derives cannot be derived again.
    #[must_use]
    pub fn not_reproducible(mut self) -> Self {
        self.manifest.not_reproducible = true;
        self
    }

    /// The encoded `google.protobuf.FileDescriptorSet` of the kinds that the plugin defines itself.
    #[must_use]
    pub fn descriptor_set(mut self, encoded: impl Into<prost::bytes::Bytes>) -> Self {
        self.manifest.descriptor_set = encoded.into();
        self
    }

    /// The manifest.
    #[must_use]
    pub fn build(mut self) -> Manifest {
        self.manifest.limits = Some(self.limits);
        self.manifest
    }
}

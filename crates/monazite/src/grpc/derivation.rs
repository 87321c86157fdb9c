//! Calls that tell how a record was derived.

use anyhow::Result;
use api::analysis::Manifest;
use api::analysis::grouping::Grouping;
use api::record::Record;
use api::registry::entry;
use api::storage::{Connection, Derivation, ListDerivationsRequest, ReadGroupsRequest};
use prost::Message as _;

use super::Client;

impl Client {
    /// What a group of an analyzer was last derived from.
    ///
    /// # Errors
    /// If the server does not answer.
    pub(crate) async fn derivation(&self, analyzer: &str, group: &str) -> Result<Option<Derivation>> {
        let request = ListDerivationsRequest {
            analyzer: analyzer.to_owned(),
            group: group.to_owned(),
            page_size: 1,
            ..Default::default()
        };
        let answer = self.storage().await?.list_derivations(request).await.map_err(|s| self.failure(s))?;
        Ok(answer.into_inner().derivations.into_iter().next())
    }

    /// The manifest of a version of an analyzer; nothing if the registry does not know it.
    ///
    /// # Errors
    /// If the server does not answer.
    pub(crate) async fn manifest(&self, analyzer: &str, version: &str) -> Result<Option<Manifest>> {
        let name = format!("analyzers/{analyzer}/versions/{version}");
        let entry = self.entries(&name).await?.into_iter().find(|entry| entry.name == name);
        Ok(match entry.and_then(|entry| entry.value) {
            Some(entry::Value::AnalyzerVersion(version)) => version.manifest,
            _ => None,
        })
    }

    /// What `keep` makes of each record of a group, as an analyzer of this manifest was given them; nothing if that cannot be read
    /// any more. No more than one part of the group is held at a time.
    ///
    /// # Errors
    /// If the server does not answer.
    pub(crate) async fn inputs<T>(
        &self,
        manifest: &Manifest,
        from: &Derivation,
        keep: impl Fn(&Record) -> T,
    ) -> Result<Option<Vec<T>>> {
        let Some(grouping) = manifest.grouping.as_ref().and_then(|grouping| grouping.grouping.as_ref())
        else {
            return Ok(None);
        };
        let mut request = ReadGroupsRequest {
            kinds: manifest.reads.clone(),
            at_sequence: from.read_sequence,
            values: vec![from.group.clone()],
            ..Default::default()
        };
        match grouping {
            Grouping::EachRecord(_) => {}
            Grouping::SharedKey(shared) => {
                let value = from.group.strip_prefix(&shared.key).and_then(|rest| rest.strip_prefix('='));
                request.key_name.clone_from(&shared.key);
                request.values = vec![value.unwrap_or(&from.group).to_owned()];
            }
            Grouping::Connection(linked) => {
                request.connection = Some(Connection {
                    key_name: linked.key.clone(),
                    window_key: linked.window_key.clone(),
                    window_days: linked.window_days,
                    max_records: manifest.limits.as_ref().map_or(0, |limits| limits.max_input_records),
                });
            }
        }
        let mut parts = match self.storage().await?.read_groups(request).await {
            Ok(parts) => parts.into_inner(),
            // Compaction has forgotten what was read then.
            Err(status) if status.code() == tonic::Code::OutOfRange => return Ok(None),
            Err(status) => return Err(self.failure(status)),
        };
        let mut kept = Vec::new();
        loop {
            let part = match parts.message().await {
                Ok(Some(part)) => part,
                Ok(None) => return Ok(Some(kept)),
                Err(status) if status.code() == tonic::Code::OutOfRange => return Ok(None),
                Err(status) => return Err(self.failure(status)),
            };
            if part.truncated {
                return Ok(None);
            }
            for record in part.records {
                kept.push(keep(&Record::decode(record)?));
            }
        }
    }
}

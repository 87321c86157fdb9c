//! Listing what each group of an analyzer was last derived from.

use std::ops::Bound;

use api::storage::{Derivation, ListDerivationsRequest, ListDerivationsResponse};
use bytes::Bytes;
use kv::Range;
use prost::Message;

use crate::Storage;
use crate::config::limits;
use crate::error::{Error, Result};
use crate::layout::{self, DerivationRow, Table};
use crate::list::{fingerprint, page_size, read_token, write_token};
use crate::pack;
use crate::plan::split_provenance;

/// Where a list goes on, and of which request.
#[derive(Clone, PartialEq, Message)]
struct Token {
    #[prost(fixed64, tag = "1")]
    request: u64,
    #[prost(string, tag = "2")]
    analyzer: String,
    #[prost(string, tag = "3")]
    group: String,
}

impl Storage {
    /// Lists derivations by analyzer and group. Groups that are gone are not listed.
    ///
    /// # Errors
    /// [`Error::InvalidPageToken`], or what the store fails with.
    pub async fn list_derivations(
        &self,
        mut request: ListDerivationsRequest,
    ) -> Result<ListDerivationsResponse> {
        let size = page_size(request.page_size, limits::ITEMS)?;
        let token = std::mem::take(&mut request.page_token);
        request.page_size = 0;
        let identity = fingerprint(&request);
        let mut token = if token.is_empty() { None } else { Some(read_token::<Token>(&token)?) };
        if token.as_ref().is_some_and(|token| token.request != identity) {
            return Err(Error::InvalidPageToken);
        }
        let mut analyzers = self.shared.interns().sorted(Table::Analyzers);
        analyzers.retain(|(name, _)| request.analyzer.is_empty() || **name == *request.analyzer);
        analyzers.retain(|(name, _)| token.as_ref().is_none_or(|token| **name >= *token.analyzer));
        let mut response = ListDerivationsResponse::default();
        for (analyzer, id) in analyzers {
            let prefix = layout::derivation_prefix(id);
            let mut range = Range::prefix(&prefix);
            if !request.group.is_empty() {
                let key = layout::derivation_key(id, &request.group);
                range =
                    Range { start: Bound::Included(key.clone()), end: Bound::Included(key), reverse: false };
            }
            if let Some(token) = token.take_if(|token| *token.analyzer == *analyzer) {
                range.start = Bound::Excluded(layout::derivation_key(id, &token.group));
            }
            loop {
                let missing = size + 1 - response.derivations.len();
                let pairs = self.visible(&range, missing).await?;
                let done = pairs.len() < missing;
                if let Some((key, _)) = pairs.last() {
                    range.start = Bound::Excluded(key.clone());
                }
                for (key, row) in pairs {
                    if !row.withdrawn() {
                        let group = String::from_utf8_lossy(&key[prefix.len()..]).into_owned();
                        response.derivations.push(self.derivation(analyzer.to_string(), group, row));
                    }
                }
                if done || response.derivations.len() > size {
                    break;
                }
            }
            if response.derivations.len() > size {
                response.derivations.truncate(size);
                if let Some(last) = response.derivations.last() {
                    let (analyzer, group) = (last.analyzer.clone(), last.group.clone());
                    response.next_page_token = write_token(&Token { request: identity, analyzer, group });
                }
                break;
            }
        }
        Ok(response)
    }

    /// Derivation rows of a range, once all of them are durable.
    async fn visible(&self, range: &Range, limit: usize) -> Result<Vec<(Bytes, DerivationRow)>> {
        let mut head = self.shared.head.subscribe();
        loop {
            let seen = head.borrow_and_update().sequence;
            let pairs = self.shared.kv.scan(range.clone(), limit).await?;
            let rows = pairs.into_iter().map(|(key, value)| {
                DerivationRow::decode(value).map(|row| (key, row)).map_err(pack::damaged)
            });
            let rows = rows.collect::<Result<Vec<_>>>()?;
            if rows.iter().all(|(_, row)| row.sequence <= seen) {
                return Ok(rows);
            }
            // A batch is being written; its end wakes us, whether it succeeds or fails.
            head.changed().await.map_err(|_| Error::Draining)?;
        }
    }

    fn derivation(&self, analyzer: String, group: String, row: DerivationRow) -> Derivation {
        let (version, config_digest) =
            split_provenance(&self.shared.interns().text(Table::Provenances, row.provenance));
        Derivation {
            analyzer,
            group,
            version,
            config_digest,
            read_sequence: row.read_sequence.cast_signed(),
            input_count: row.input_count,
            record_count: u32::try_from(row.locators().count()).unwrap_or(u32::MAX),
            input_hash: row.input_hash,
            sequence: row.sequence.cast_signed(),
        }
    }
}

//! Calls on the keys that records carry, and on what became of those that carried one.

use anyhow::Result;
use api::storage::{ListKeysRequest, ListRevisionsRequest, Revision};

use super::Client;

/// Items of a page.
const PAGE: i32 = 1_000;

/// Which keys are meant, or whose revisions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Carried<'a> {
    /// Full name of the kind of those that carry them.
    pub(crate) kind: &'a str,
    /// As of this sequence; zero for now.
    pub(crate) at_sequence: i64,
    /// Also what was superseded up to there.
    pub(crate) superseded: bool,
}

impl Client {
    /// How many live records of a kind there are now.
    ///
    /// # Errors
    /// If the server does not answer.
    pub(crate) async fn count(&self, kind: &str) -> Result<usize> {
        let kinds = self.statistics().await?.kinds;
        let count = kinds.into_iter().find(|one| one.kind == kind).map_or(0, |one| one.count);
        Ok(usize::try_from(count).unwrap_or(0))
    }

    /// The keys that begin with a prefix; with a delimiter what they begin with up to the first of it behind the prefix.
    ///
    /// # Errors
    /// If the server does not answer.
    pub(crate) async fn keys(
        &self,
        prefix: &str,
        delimiter: &str,
        carried: Carried<'_>,
    ) -> Result<Vec<String>> {
        let mut request = ListKeysRequest {
            prefix: prefix.to_owned(),
            delimiter: delimiter.to_owned(),
            kind: carried.kind.to_owned(),
            at_sequence: carried.at_sequence,
            superseded: carried.superseded,
            page_size: PAGE,
            ..Default::default()
        };
        let mut storage = self.storage().await?;
        let mut keys = Vec::new();
        loop {
            let page = storage.list_keys(request.clone()).await.map_err(|s| self.failure(s))?.into_inner();
            keys.extend(page.keys);
            if page.next_page_token.is_empty() {
                return Ok(keys);
            }
            request.page_token = page.next_page_token;
        }
    }

    /// Hands to `each` all revisions of records of one kind that carried a key up to a sequence, as far back as the log can be
    /// read, for each of several keys.
    ///
    /// # Errors
    /// If the server does not answer, or `each` fails.
    pub(crate) async fn revisions(
        &self,
        keys: &[String],
        carried: Carried<'_>,
        mut each: impl FnMut(&str, Revision) -> Result<()>,
    ) -> Result<()> {
        let mut storage = self.storage().await?;
        for key in keys {
            let mut request = ListRevisionsRequest {
                key: key.clone(),
                kind: carried.kind.to_owned(),
                at_sequence: carried.at_sequence,
                page_size: PAGE,
                ..Default::default()
            };
            loop {
                let page = storage.list_revisions(request.clone()).await.map_err(|s| self.failure(s))?;
                let page = page.into_inner();
                page.revisions.into_iter().try_for_each(|revision| each(key, revision))?;
                if page.next_page_token.is_empty() {
                    break;
                }
                request.page_token = page.next_page_token;
            }
        }
        Ok(())
    }
}

use std::sync::Arc;

use api::registry::Header;
use kv::Kv;
use tokio::sync::Mutex;

use crate::backend::{Backend, Listing, Query, Row, Span};
use crate::page::{self, Token};
use crate::{Clock, Config, Embedded, Result};

/// How often a change is tried that others keep overtaking.
pub(crate) const TRIES: usize = 32;

/// A registry. Clones are handles to the same one.
#[derive(Clone)]
pub struct Registry {
    pub(crate) backend: Arc<dyn Backend>,
    pub(crate) config: Config,
    /// Held from reading to writing, so that handles of one process do not overtake each other. Others may: every
    /// write is compared by revision.
    pub(crate) turn: Arc<Mutex<()>>,
}

impl Registry {
    /// Opens the registry that lies in `kv` (under `r/`), or makes one.
    ///
    /// # Errors
    /// [`crate::Error::Config`]; [`crate::Error::Damaged`], [`crate::Error::NewerFormat`] or
    /// [`crate::Error::Store`] if what is stored can not be read.
    pub async fn open(kv: Arc<dyn Kv>, config: Config, clock: Clock) -> Result<Self> {
        let backend = Embedded::open(kv, config.clone(), clock).await?;
        Self::over(Arc::new(backend), config)
    }

    /// A registry over a backend.
    ///
    /// # Errors
    /// [`crate::Error::Config`].
    pub fn over(backend: Arc<dyn Backend>, config: Config) -> Result<Self> {
        config.check()?;
        Ok(Self { backend, config, turn: Arc::new(Mutex::new(())) })
    }

    /// Made when the registry was first started.
    #[must_use]
    pub fn cluster_id(&self) -> &str {
        self.backend.cluster_id()
    }

    /// Ends all watches and the look for leases that ran out, and returns once no change is under way. Calls are still
    /// answered. Comes before the registry is dropped: a watch that goes on keeps it, and its store, open.
    pub async fn drain(&self) {
        self.backend.drain().await;
    }

    /// What goes with every answer.
    pub(crate) fn header(&self, revision: i64) -> Option<Header> {
        Some(Header { cluster_id: self.cluster_id().to_owned(), revision })
    }

    /// A row, if it is there, and the present revision.
    pub(crate) async fn row(&self, key: String) -> Result<(i64, Option<Row>)> {
        let query = Query { span: Span::One(key), at: None, after: None, limit: 1 };
        let listing = self.backend.list(query).await?;
        Ok((listing.revision, listing.rows.into_iter().next()))
    }

    /// All rows that start so, from one revision.
    pub(crate) async fn rows(&self, prefix: &str) -> Result<(i64, Vec<Row>)> {
        let span = Span::Prefix(prefix.to_owned());
        let query = Query { span, at: None, after: None, limit: usize::MAX };
        let listing = self.backend.list(query).await?;
        Ok((listing.revision, listing.rows))
    }

    /// A page of the rows that start so and are wanted: from the revision of the token, else from now.
    pub(crate) async fn page<T>(
        &self,
        prefix: &str,
        list: &[&str],
        (page_size, page_token): (i32, &str),
        wanted: impl Fn(&Row) -> Result<Option<T>>,
    ) -> Result<Page<T>> {
        let list = [&[self.cluster_id()], list].concat();
        let token = page::decode(&list, page_token)?;
        let (mut at, mut after) =
            token.map_or((None, None), |token| (Some(token.revision), Some(token.after)));
        let size = page::size(page_size);
        let mut items = Vec::new();
        let mut bytes = 0;
        loop {
            let span = Span::Prefix(prefix.to_owned());
            let query = Query { span, at, after: after.clone(), limit: page::LARGEST };
            let Listing { revision, rows, more } = self.backend.list(query).await?;
            at = Some(revision);
            for row in rows {
                if let Some(item) = wanted(&row)? {
                    bytes += row.value.len();
                    if items.len() == size || (bytes > page::BYTES && !items.is_empty()) {
                        let after = after.unwrap_or_default();
                        let next_page_token = page::encode(&list, &Token { revision, after });
                        return Ok(Page { revision, items, next_page_token });
                    }
                    items.push(item);
                }
                after = Some(row.key);
            }
            if !more {
                return Ok(Page { revision, items, next_page_token: String::new() });
            }
        }
    }
}

/// A page of a list.
pub(crate) struct Page<T> {
    pub(crate) revision: i64,
    pub(crate) items: Vec<T>,
    pub(crate) next_page_token: String,
}

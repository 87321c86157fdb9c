//! What happens when the store below fails, is of another version, or holds something else.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use kv::{Batch, Kv, Memory, Pair, Range};
use storage::{Config, Storage, system_clock};

use crate::common::{note, put, reason};

/// A store that is full when told so.
#[derive(Default)]
struct Full {
    rows: Memory,
    full: AtomicBool,
}

#[async_trait]
impl Kv for Full {
    fn backend(&self) -> &'static str {
        "full"
    }

    async fn get(&self, keys: Vec<Bytes>) -> kv::Result<Vec<Option<Bytes>>> {
        self.rows.get(keys).await
    }

    async fn scan(&self, range: Range, limit: usize) -> kv::Result<Vec<Pair>> {
        self.rows.scan(range, limit).await
    }

    async fn commit(&self, batch: Batch) -> kv::Result<()> {
        if self.full.load(Ordering::Relaxed) {
            return Err(kv::Error::DiskFull { path: "data".into() });
        }
        self.rows.commit(batch).await
    }

    async fn disk_bytes(&self) -> kv::Result<u64> {
        self.rows.disk_bytes().await
    }
}

async fn commit(log: &Storage, name: &str) -> storage::Result<i64> {
    let operations = vec![put(note(name, "", &["all=1"]))];
    let request = api::storage::CommitRequest { operations, preconditions: Vec::new() };
    Ok(log.commit(request).await?.sequence)
}

async fn open(kv: Arc<dyn Kv>) -> storage::Result<Storage> {
    Storage::open(kv, Config::default(), system_clock()).await
}

#[tokio::test]
async fn a_full_disk_refuses_commits_and_loses_nothing() -> anyhow::Result<()> {
    let kv = Arc::new(Full::default());
    let log = open(kv.clone()).await?;
    let first = commit(&log, "n/1").await?;
    kv.full.store(true, Ordering::Relaxed);
    assert_eq!(reason(commit(&log, "n/2").await), "DISK_FULL");
    assert_eq!(log.head(), first);
    let statistics = log.statistics().await?;
    assert_eq!(statistics.kinds[0].count, 1, "what was refused is not counted");
    kv.full.store(false, Ordering::Relaxed);
    let second = commit(&log, "n/2").await?;
    assert!(second > first);
    let again = open(kv).await?;
    assert_eq!(again.head(), second);
    assert_eq!(again.statistics().await?.kinds[0].count, 2);
    Ok(())
}

#[tokio::test]
async fn a_store_of_a_newer_version_is_refused() -> anyhow::Result<()> {
    let kv = Arc::new(Memory::new());
    let format = Bytes::copy_from_slice(&2u32.to_be_bytes());
    let writes = vec![(Bytes::from_static(b"mformat"), Some(format))];
    kv.commit(Batch { checks: Vec::new(), writes }).await?;
    let error = open(kv).await.err().expect("is refused");
    assert_eq!(error.reason(), "NEWER_FORMAT");
    assert!(error.to_string().contains("newer version"), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_store_that_holds_something_else_is_refused() -> anyhow::Result<()> {
    let kv = Arc::new(Memory::new());
    let writes = vec![(Bytes::from_static(b"other"), Some(Bytes::from_static(b"row")))];
    kv.commit(Batch { checks: Vec::new(), writes }).await?;
    assert_eq!(open(kv).await.err().map(|error| error.reason()), Some("CORRUPT"));
    Ok(())
}

#[tokio::test]
async fn two_writers_on_one_store_do_not_overwrite_each_other() -> anyhow::Result<()> {
    let kv = Arc::new(Memory::new());
    let (one, two) = (open(kv.clone()).await?, open(kv).await?);
    let first = commit(&one, "n/1").await?;
    assert_eq!(reason(commit(&two, "n/2").await), "STORE");
    assert_eq!(one.head(), first);
    commit(&one, "n/3").await?;
    Ok(())
}

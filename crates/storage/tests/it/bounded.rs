//! What finding groups by connection costs: no more than the limit asks for, however much is stored.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use api::record::Record;
use api::storage::{ChangesRequest, CommitRequest, Connection, ReadGroupsRequest};
use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};
use kv::{Batch, Kv, Memory, Pair, Range};
use storage::{Config, Storage, system_clock};

use crate::common::{note, put};

/// A store that counts the rows that are read.
#[derive(Default)]
struct Counting {
    rows: Memory,
    read: AtomicUsize,
}

#[async_trait]
impl Kv for Counting {
    fn backend(&self) -> &'static str {
        "counting"
    }

    async fn get(&self, keys: Vec<Bytes>) -> kv::Result<Vec<Option<Bytes>>> {
        self.read.fetch_add(keys.len(), Ordering::Relaxed);
        self.rows.get(keys).await
    }

    async fn scan(&self, range: Range, limit: usize) -> kv::Result<Vec<Pair>> {
        let pairs = self.rows.scan(range, limit).await?;
        self.read.fetch_add(pairs.len(), Ordering::Relaxed);
        Ok(pairs)
    }

    async fn commit(&self, batch: Batch) -> kv::Result<()> {
        self.rows.commit(batch).await
    }

    async fn disk_bytes(&self) -> kv::Result<u64> {
        self.rows.disk_bytes().await
    }
}

const LIMIT: u32 = 4;

fn connection() -> Connection {
    Connection {
        key_name: "band".to_owned(),
        window_key: "at".to_owned(),
        window_days: 8,
        max_records: LIMIT,
    }
}

fn node(id: usize, day: usize, bands: &[usize]) -> Record {
    let bands = bands.iter().map(|band| format!("band={band}"));
    let keys: Vec<String> = bands.chain([format!("at=2025-07-{:02}", day % 28 + 1)]).collect();
    note(&format!("n/{id:06}"), "", &keys.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Everybody carries one value.
fn star(id: usize) -> Record {
    node(id, id, &[0])
}

/// Each is linked with the next, all on one day.
fn chain(id: usize) -> Record {
    node(id, 0, &[id, id + 1])
}

/// Each is linked with the next, day after day.
fn diary(id: usize) -> Record {
    node(id, id, &[id, id + 1])
}

/// A value in the middle that just still links, from which chains go out.
fn comb(id: usize) -> Record {
    let teeth = 8 * LIMIT as usize;
    let own = 1 + id;
    if id < teeth { node(id, id / 9, &[0, own]) } else { node(id, id % teeth / 9, &[own - teeth, own]) }
}

/// Rows read for the group of the first record, and for what one more record touches.
async fn costs(shape: fn(usize) -> Record, stored: usize) -> anyhow::Result<(usize, usize)> {
    let kv = Arc::new(Counting::default());
    // Without a cache each record costs a read each time.
    let config = Config { cache_bytes: 0, ..Config::default() };
    let log = Storage::open(kv.clone(), config, system_clock()).await?;
    let records: Vec<Record> = (0..stored).map(shape).collect();
    for chunk in records.chunks(500) {
        let operations = chunk.iter().cloned().map(put).collect();
        log.commit(CommitRequest { operations, preconditions: Vec::new() }).await?;
    }
    let after_sequence = log.head();
    // Another revision, so that what is touched is looked for before and after in the thick of it.
    let again = Record { body: vec![1].into(), ..shape(0) };
    log.commit(CommitRequest { operations: vec![put(again)], preconditions: Vec::new() }).await?;

    let begin = kv.read.load(Ordering::Relaxed);
    let request = ReadGroupsRequest {
        values: vec!["n/000000".to_owned()],
        connection: Some(connection()),
        ..ReadGroupsRequest::default()
    };
    let parts: Vec<_> = log.read_groups(request).await?.try_collect().await?;
    assert_eq!(parts.len(), 1);
    let group = kv.read.load(Ordering::Relaxed) - begin;

    let begin = kv.read.load(Ordering::Relaxed);
    let request =
        ChangesRequest { after_sequence, connection: Some(connection()), ..ChangesRequest::default() };
    let first = log.changes(request).await?.next().await.expect("a commit")?;
    assert!(!first.touched_groups.is_empty());
    Ok((group, kv.read.load(Ordering::Relaxed) - begin))
}

#[tokio::test]
async fn what_a_search_reads_depends_on_the_limit_and_not_on_what_is_stored() -> anyhow::Result<()> {
    for (name, shape) in
        [("star", star as fn(usize) -> Record), ("chain", chain), ("diary", diary), ("comb", comb)]
    {
        let few = costs(shape, 500).await?;
        let many = costs(shape, 8000).await?;
        assert!(many.0 <= few.0, "reading a group of a {name} costs {} rows, and then {}", few.0, many.0);
        assert!(many.1 <= few.1, "touching a {name} costs {} rows, and then {}", few.1, many.1);
        assert!(few.0 > 0 && few.1 > 0);
    }
    Ok(())
}

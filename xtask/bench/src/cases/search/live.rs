//! While documents come: how long questions of many clients take, and how soon a document is found and told.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use api::record::{Record, Topic};
use api::search::{QueryRequest, QueryResponse, WatchTopicRequest};
use api::storage::ImportRequest;
use bytes::Bytes;
use futures::StreamExt as _;
use futures::future::try_join_all;
use prost::{Message as _, Name as _};
use tokio::sync::{mpsc, oneshot};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Code;

use super::super::Context;
use super::asking::plain;
use super::filling::{found, import};
use super::{CASE, Shelf, inexact, quantile};
use crate::corpus;
use crate::process::Up;
use crate::report::Row;
use crate::wire;

/// Clients that ask at the same time, each without a pause.
const CLIENTS: usize = 8;

/// Documents of one import request while questions are asked.
const BATCH: usize = 25;

/// From one such request to the next: 500 documents a second.
const EVERY: Duration = Duration::from_millis(50);

/// Between two documents whose way is followed.
const PAUSE: Duration = Duration::from_millis(70);

const TOPIC: &str = "topics/bench";

/// A word that stands in no made-up text.
const WATCHED: &str = "zyxwatched";

/// Both, first without other documents, then with them.
pub(super) fn news(context: &Context, shelf: &Shelf, up: &Up) -> Result<Vec<Row>> {
    wire::block_on(async {
        let mut rows = Vec::new();
        let mut fresh = Fresh::start(shelf, up).await?;
        let quiet = fresh.follow(context).await?;
        rows.extend(quiet.rows("on its own"));
        let load = Load::start(shelf, up, context).await?;
        let busy = fresh.follow(context).await?;
        load.stop().await?;
        rows.extend(busy.rows("among 500 others a second"));
        rows.push(crowd(context, shelf, up).await?);
        Ok(rows)
    })
}

/// Documents that are imported at a steady pace until told to stop.
struct Load {
    stop: oneshot::Sender<()>,
    task: tokio::task::JoinHandle<Result<f64>>,
}

impl Load {
    async fn start(shelf: &Shelf, up: &Up, context: &Context) -> Result<Self> {
        let mut storage = wire::storage(up).await?;
        // Their text is made before, so that the client's share of the machine is small.
        let spare = if context.rounds > 1 { 4_000 } else { 500 };
        let from = shelf.entries.len();
        let records: Vec<Record> =
            (from..from + spare).map(|number| corpus::record(&shelf.corpus.entry(number))).collect();
        let (stop, mut stopped) = oneshot::channel();
        let task = tokio::spawn(async move {
            let (send, requests) = mpsc::channel(4);
            let request = |sent: usize| ImportRequest {
                batch_id: sent as u64,
                records: (0..BATCH).map(|place| again(&records, sent * BATCH + place)).collect(),
            };
            let start = Instant::now();
            // A server may answer nothing before it has heard something.
            send.send(request(0)).await?;
            let mut answers = storage.import(ReceiverStream::new(requests)).await?.into_inner();
            let mut tick = tokio::time::interval(EVERY);
            tick.tick().await;
            let (mut sent, mut done) = (1_usize, 0_usize);
            loop {
                tokio::select! {
                    _ = &mut stopped => break,
                    _ = tick.tick() => {
                        send.send(request(sent)).await?;
                        sent += 1;
                    }
                    answer = answers.next() => {
                        answer.context("the import ended early")??;
                        done += BATCH;
                    }
                }
            }
            Ok(inexact(done) / start.elapsed().as_secs_f64())
        });
        Ok(Self { stop, task })
    }

    /// Stops; gives how many documents a second were acknowledged.
    async fn stop(self) -> Result<f64> {
        // It fails only if the task ended, of which the next line tells.
        let _ = self.stop.send(());
        self.task.await?
    }
}

/// A record of its own for each number, with the text of one that was made.
fn again(records: &[Record], number: usize) -> Record {
    let name = format!("documents/{:032x}", (1_u128 << 64) + number as u128);
    Record { keys: vec![format!("document={name}")], name, ..records[number % records.len()].clone() }
}

/// Eight clients at once, while documents come.
async fn crowd(context: &Context, shelf: &Shelf, up: &Up) -> Result<Row> {
    let terms = shelf.corpus.terms(200);
    let load = Load::start(shelf, up, context).await?;
    let until = Instant::now() + Duration::from_secs(if context.rounds > 1 { 10 } else { 1 });
    let clients = (0..CLIENTS).map(|client| {
        let terms = &terms;
        async move {
            let mut search = wire::search(up).await?;
            let mut times = Vec::new();
            for term in terms.iter().cycle().skip(client * 25) {
                let start = Instant::now();
                if start > until {
                    break;
                }
                search.query(plain(term)).await?;
                times.push(start.elapsed().as_secs_f64() * 1e3);
            }
            anyhow::Ok(times)
        }
    });
    let times: Vec<f64> = try_join_all(clients).await?.concat();
    let rate = load.stop().await?;
    let note = format!(
        "p50 {:.2} ms; {} questions; {rate:.0} documents/s were acknowledged meanwhile",
        quantile(times.clone(), 0.5),
        times.len()
    );
    let what = "term, ten best, p99 of 8 clients among 500 documents a second";
    Ok(Row::figure(CASE, what, quantile(times, 0.99), "ms").at_most(40.0).note(note))
}

/// Writes documents one by one and sees when they are found and told.
struct Fresh<'a> {
    shelf: &'a Shelf,
    storage: wire::Storage,
    search: wire::Search,
    told: mpsc::UnboundedReceiver<(String, Instant)>,
    written: usize,
}

/// Milliseconds from the acknowledgement of each document.
struct Delays {
    found: Vec<f64>,
    told: Vec<f64>,
}

impl<'a> Fresh<'a> {
    /// Saves a topic and watches it.
    async fn start(shelf: &'a Shelf, up: &Up) -> Result<Self> {
        let (mut storage, mut search) = (wire::storage(up).await?, wire::search(up).await?);
        let topic = Topic {
            name: "bench".to_owned(),
            owner: "bench".to_owned(),
            query: WATCHED.to_owned(),
            ..Topic::default()
        };
        let record = Record {
            name: TOPIC.to_owned(),
            kind: Topic::full_name(),
            keys: vec!["topic=bench".to_owned(), "owner=bench".to_owned()],
            body: Bytes::from(topic.encode_to_vec()),
            ..Record::default()
        };
        let saved = import(&mut storage, vec![ImportRequest { batch_id: 0, records: vec![record] }]).await?;
        found(&mut search, saved).await?;
        let request = WatchTopicRequest {
            topic: TOPIC.to_owned(),
            after_sequence: Some(saved),
            ..WatchTopicRequest::default()
        };
        let mut alerts = wire::search(up).await?.watch_topic(request).await?.into_inner();
        let (tell, told) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok(Some(message)) = alerts.message().await {
                let now = Instant::now();
                for hit in message.alerts.into_iter().filter_map(|alert| alert.hit) {
                    if tell.send((hit.name, now)).is_err() {
                        return;
                    }
                }
            }
        });
        Ok(Self { shelf, storage, search, told, written: 0 })
    }

    async fn follow(&mut self, context: &Context) -> Result<Delays> {
        let count = if context.rounds > 1 { 100 } else { 10 };
        let mut acknowledged = HashMap::new();
        let mut found = Vec::new();
        for _ in 0..count {
            let number = self.written;
            self.written += 1;
            let mut entry = self.shelf.corpus.entry(number);
            entry.name = format!("documents/{:032x}", (1_u128 << 65) + number as u128);
            entry.body.push_str(&format!(" {WATCHED} zyxfresh{number}."));
            let records = vec![corpus::record(&entry)];
            let sequence = import(&mut self.storage, vec![ImportRequest { batch_id: 0, records }]).await?;
            let start = Instant::now();
            acknowledged.insert(entry.name, start);
            let request = QueryRequest { at_least_sequence: sequence, ..plain(&format!("zyxfresh{number}")) };
            let answer = self.ask(request).await?;
            found.push(start.elapsed().as_secs_f64() * 1e3);
            anyhow::ensure!(answer.hits.len() == 1, "document {number} was acknowledged and is not found");
            tokio::time::sleep(PAUSE).await;
        }
        let mut told = Vec::new();
        while told.len() < count {
            let (name, at) = self.told.recv().await.context("the watch ended early")?;
            if let Some(start) = acknowledged.remove(&name) {
                // An alert may be out before the acknowledgement has arrived.
                told.push(at.saturating_duration_since(start).as_secs_f64() * 1e3);
            }
        }
        Ok(Delays { found, told })
    }
}

impl Fresh<'_> {
    /// Asks until there is an answer: on a disk that others keep busy, a commit may take longer than the server waits.
    async fn ask(&mut self, request: QueryRequest) -> Result<QueryResponse> {
        loop {
            match self.search.query(request.clone()).await {
                Err(status) if status.code() == Code::Unavailable => {}
                answer => return Ok(answer?.into_inner()),
            }
        }
    }
}

impl Delays {
    fn rows(self, how: &str) -> [Row; 2] {
        let row = |what: &str, times: Vec<f64>| {
            let note = format!("median of {}; p99 {:.1} ms", times.len(), quantile(times.clone(), 0.99));
            let what = format!("from acknowledged to {what}, {how}");
            Row::figure(CASE, what, quantile(times, 0.5), "ms").at_most(250.0).note(note)
        };
        [row("found", self.found), row("told to a watcher", self.told)]
    }
}

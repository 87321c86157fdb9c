//! Analyzers for tests. What they derive depends on version and inputs alone; how they misbehave depends on words.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use api::analysis::analyzer_server::Analyzer;
use api::analysis::{
    AnalyzeRequest, AnalyzeResponse, Connection, DescribeRequest, DescribeResponse, Done, EachRecord, Failed,
    FailureCode, Grouping, Limits, Manifest, ServedAnalyzer, SharedKey, analyze_request, analyze_response,
    grouping,
};
use api::record::{Citation, Document, Record, Span};
use prost::{Message as _, Name as _};
use tokio::sync::{Notify, mpsc};
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status, Streaming};

/// Kind of what `splitter` writes.
pub(crate) const ITEM: &str = "test.v1.Item";
/// Kind of what `counter` writes.
pub(crate) const COUNT: &str = "test.v1.Count";
/// Kind of what `linker` writes.
pub(crate) const LINK: &str = "test.v1.Link";

type Derive = fn(&Manifest, &str, &[Record]) -> Result<Vec<Record>, (FailureCode, String)>;

/// A provider of one analyzer.
pub(crate) struct Fake {
    pub(crate) manifest: Manifest,
    pub(crate) config_digest: String,
    pub(crate) derive: Derive,
    /// Whether it can be reached.
    pub(crate) up: Arc<AtomicBool>,
    /// Calls that it has answered.
    pub(crate) calls: AtomicU64,
    /// Crashes after so many more calls; zero: never.
    pub(crate) crash_in: AtomicU32,
    /// While set, calls with the word `slow` wait until they are let go.
    pub(crate) let_go: Arc<Notify>,
    streams: std::sync::Mutex<CancellationToken>,
}

/// Splits each document into its words.
pub(crate) fn splitter(version: &str) -> Fake {
    fake(manifest("splitter", version, &[&Document::full_name()], None, &[ITEM]), split)
}

/// Counts in how many documents a word is.
pub(crate) fn counter(version: &str) -> Fake {
    fake(manifest("counter", version, &[ITEM], Some("word"), &[COUNT]), count)
}

/// Notes each word of a document under the word's own name, whichever document it is in.
pub(crate) fn owner(version: &str) -> Fake {
    fake(manifest("owner", version, &[&Document::full_name()], None, &[ITEM]), own)
}

fn own(_: &Manifest, group: &str, inputs: &[Record]) -> Result<Vec<Record>, (FailureCode, String)> {
    let document = Document::decode(inputs[0].body.clone()).unwrap();
    let record = |word: &str| Record {
        name: format!("owners/{word}"),
        kind: ITEM.to_owned(),
        body: group.as_bytes().to_vec().into(),
        ..Record::default()
    };
    Ok(document.text.split_whitespace().map(record).collect())
}

/// Notes for each document with which others it is linked by `band=`. Version 2 cuts other groups than version 1.
pub(crate) fn linker(version: &str) -> Fake {
    let (window_days, most) = if version.starts_with('1') { (4, 3) } else { (3, 2) };
    let connection = Connection { key: "band".to_owned(), window_key: "at".to_owned(), window_days };
    let mut manifest = manifest("linker", version, &[&Document::full_name()], None, &[LINK]);
    manifest.grouping = Some(Grouping { grouping: Some(grouping::Grouping::Connection(connection)) });
    manifest.limits = Some(Limits { max_input_records: most, deadline_ms: 60_000, ..Limits::default() });
    fake(manifest, link)
}

fn link(manifest: &Manifest, group: &str, inputs: &[Record]) -> Result<Vec<Record>, (FailureCode, String)> {
    assert_eq!(inputs[0].name, group, "a group is named as its first record");
    assert!(inputs.is_sorted_by(|a, b| a.name < b.name), "inputs come sorted");
    assert!(inputs.len() <= manifest.limits.unwrap().max_input_records as usize);
    let id = |record: &Record| record.name.trim_start_matches("documents/").to_owned();
    let texts: Vec<String> =
        inputs.iter().map(|input| Document::decode(input.body.clone()).unwrap().text).collect();
    if texts.iter().any(|text| text.contains("refuse")) {
        return Err((FailureCode::InvalidInput, "it was told to refuse".to_owned()));
    }
    let members: Vec<String> = inputs.iter().map(id).collect();
    let record = |input: &Record| Record {
        name: format!("links/{}", id(input)),
        kind: LINK.to_owned(),
        body: format!("{} by {}", members.join(" "), manifest.version).into_bytes().into(),
        ..Record::default()
    };
    Ok(inputs.iter().map(record).collect())
}

/// The manifest of an analyzer that takes four calls at a time.
pub(crate) fn manifest(
    name: &str,
    version: &str,
    reads: &[&str],
    key: Option<&str>,
    writes: &[&str],
) -> Manifest {
    let grouping = match key {
        Some(key) => grouping::Grouping::SharedKey(SharedKey { key: key.to_owned() }),
        None => grouping::Grouping::EachRecord(EachRecord {}),
    };
    Manifest {
        name: name.to_owned(),
        version: version.to_owned(),
        description: "An analyzer of the tests.".to_owned(),
        reads: reads.iter().map(ToString::to_string).collect(),
        grouping: Some(Grouping { grouping: Some(grouping) }),
        writes: writes.iter().map(ToString::to_string).collect(),
        limits: Some(Limits { max_input_records: 6, deadline_ms: 60_000, ..Limits::default() }),
        concurrency: 4,
        ..Manifest::default()
    }
}

/// A provider of an analyzer.
pub(crate) fn fake(manifest: Manifest, derive: Derive) -> Fake {
    Fake {
        manifest,
        config_digest: blake3::hash(b"").to_hex().to_string(),
        derive,
        up: Arc::new(AtomicBool::new(true)),
        calls: AtomicU64::new(0),
        crash_in: AtomicU32::new(0),
        let_go: Arc::new(Notify::new()),
        streams: std::sync::Mutex::default(),
    }
}

/// Words of a document in their order, with their offsets.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_whitespace().map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

fn split(manifest: &Manifest, group: &str, inputs: &[Record]) -> Result<Vec<Record>, (FailureCode, String)> {
    assert_eq!((inputs.len(), inputs[0].name.as_str()), (1, group));
    let document = Document::decode(inputs[0].body.clone()).unwrap();
    let mut items: BTreeMap<&str, Record> = BTreeMap::new();
    for (at, word) in words(&document.text) {
        match word {
            "refuse" => return Err((FailureCode::InvalidInput, "it was told to refuse".to_owned())),
            "refuse2" if manifest.version.starts_with('2') => {
                return Err((FailureCode::InvalidInput, "version 2 refuses this".to_owned()));
            }
            "silent" => return Ok(Vec::new()),
            _ => {}
        }
        let quote = if word == "lie" { "lies" } else { word };
        let span = Span {
            start_byte: u32::try_from(at).unwrap(),
            end_byte: u32::try_from(at + word.len()).unwrap(),
            quote: quote.to_owned(),
        };
        let item = items.entry(word).or_insert_with(|| Record {
            name: format!("items/{}", &blake3::hash(format!("{group} {word}").as_bytes()).to_hex()[..24]),
            kind: if word == "foreign" { COUNT.to_owned() } else { ITEM.to_owned() },
            body: format!("{} {word}", manifest.version.split('.').next().unwrap()).into_bytes().into(),
            keys: vec![format!("word={word}"), format!("document={group}")],
            citations: vec![Citation { document: group.to_owned(), spans: Vec::new() }],
            ..Record::default()
        });
        item.citations[0].spans.push(span);
    }
    Ok(items.into_values().collect())
}

fn count(manifest: &Manifest, group: &str, inputs: &[Record]) -> Result<Vec<Record>, (FailureCode, String)> {
    assert!(inputs.is_sorted_by(|a, b| a.name < b.name), "inputs come sorted");
    assert!(inputs.iter().all(|input| input.sequence == 0 && input.commit_time.is_none()));
    let word = group.strip_prefix("word=").unwrap();
    if word == "uncountable" {
        return Err((FailureCode::Internal, "it can not count this".to_owned()));
    }
    let bodies: Vec<_> =
        inputs.iter().map(|input| String::from_utf8_lossy(&input.body).into_owned()).collect();
    let versions: std::collections::BTreeSet<_> =
        bodies.iter().filter_map(|body| body.split(' ').next()).collect();
    let versions = versions.into_iter().collect::<Vec<_>>().join("+");
    let body = format!("{} of {versions} by {}", inputs.len(), manifest.version);
    Ok(vec![Record {
        name: format!("counts/{word}"),
        kind: COUNT.to_owned(),
        body: body.into_bytes().into(),
        keys: vec![format!("counted={word}")],
        ..Record::default()
    }])
}

impl Fake {
    /// Breaks all streams, as the end of the process does.
    pub(crate) fn crash(&self) {
        let mut streams = self.streams.lock().unwrap();
        streams.cancel();
        *streams = CancellationToken::new();
    }

    /// Dies, and stays dead.
    pub(crate) fn die(&self) {
        self.up.store(false, Ordering::SeqCst);
        self.crash();
    }

    /// Calls answered so far.
    pub(crate) fn answered(&self) -> u64 {
        self.calls.load(Ordering::SeqCst)
    }

    /// True if the process is to end now.
    fn crashes_now(&self) -> bool {
        let left = self.crash_in.load(Ordering::SeqCst);
        left > 0 && self.crash_in.fetch_sub(1, Ordering::SeqCst) == 1
    }
}

type Frames = mpsc::Sender<Result<AnalyzeResponse, Status>>;

/// What the server holds: calls go on after `analyze` has returned.
#[derive(Clone)]
pub(crate) struct Served(pub(crate) Arc<Fake>);

#[tonic::async_trait]
impl Analyzer for Served {
    async fn describe(&self, _: Request<DescribeRequest>) -> Result<Response<DescribeResponse>, Status> {
        let served = ServedAnalyzer {
            manifest: Some(self.0.manifest.clone()),
            config: String::new(),
            config_digest: self.0.config_digest.clone(),
        };
        Ok(Response::new(DescribeResponse { analyzers: vec![served] }))
    }

    type AnalyzeStream = ReceiverStream<Result<AnalyzeResponse, Status>>;

    async fn analyze(
        &self,
        request: Request<Streaming<AnalyzeRequest>>,
    ) -> Result<Response<Self::AnalyzeStream>, Status> {
        let (frames, stream) = mpsc::channel(16);
        let fake = self.0.clone();
        let life = fake.streams.lock().unwrap().clone();
        tokio::spawn(async move {
            let broken = life.clone();
            tokio::select! {
                () = serve(fake, request.into_inner(), frames.clone(), life) => {}
                () = broken.cancelled() => {
                    let _ = frames.send(Err(Status::unknown("transport error"))).await;
                }
            }
        });
        Ok(Response::new(ReceiverStream::new(stream)))
    }
}

async fn serve(
    fake: Arc<Fake>,
    mut requests: Streaming<AnalyzeRequest>,
    frames: Frames,
    life: CancellationToken,
) {
    let mut open: BTreeMap<u64, (String, Vec<Record>)> = BTreeMap::new();
    while let Ok(Some(request)) = requests.message().await {
        match request.frame {
            Some(analyze_request::Frame::Begin(begin)) => {
                assert_eq!(
                    (begin.analyzer, begin.version),
                    (fake.manifest.name.clone(), fake.manifest.version.clone())
                );
                open.insert(request.call_id, (begin.group, Vec::new()));
            }
            Some(analyze_request::Frame::Input(input)) => {
                let call = open.get_mut(&request.call_id).expect("inputs come after begin");
                call.1.push(Record::decode(input).unwrap());
            }
            Some(analyze_request::Frame::Finish(_)) => {
                let (group, inputs) = open.remove(&request.call_id).expect("finish comes after begin");
                let (fake, frames, life) = (fake.clone(), frames.clone(), life.clone());
                tokio::spawn(async move {
                    tokio::select! {
                        () = answer(&fake, request.call_id, &group, &inputs, &frames) => {}
                        () = life.cancelled() => {}
                    }
                });
            }
            Some(analyze_request::Frame::Cancel(_)) | None => {}
        }
    }
}

async fn answer(fake: &Fake, call_id: u64, group: &str, inputs: &[Record], frames: &Frames) {
    let texts: Vec<String> =
        inputs.iter().map(|input| String::from_utf8_lossy(&input.body).into_owned()).collect();
    let has = |word: &str| texts.iter().any(|text| text.split_whitespace().any(|one| one.ends_with(word)));
    if has("crash") || fake.crashes_now() {
        fake.crash();
        std::future::pending::<()>().await;
    }
    if has("hang") {
        std::future::pending::<()>().await;
    }
    if has("slow") {
        fake.let_go.notified().await;
        fake.let_go.notify_one();
    }
    let send = async |frame| {
        let _ = frames.send(Ok(AnalyzeResponse { call_id, frame: Some(frame) })).await;
    };
    if has("garbage") {
        send(analyze_response::Frame::Record(bytes::Bytes::from_static(&[0xff, 0xff]))).await;
    }
    fake.calls.fetch_add(1, Ordering::SeqCst);
    match (fake.derive)(&fake.manifest, group, inputs) {
        Ok(records) => {
            for record in records {
                send(analyze_response::Frame::Record(record.encode_to_vec().into())).await;
            }
            send(analyze_response::Frame::Done(Done { elapsed_ns: 1000 })).await;
        }
        Err((code, message)) => {
            send(analyze_response::Frame::Failed(Failed { code: code.into(), message })).await;
        }
    }
}

/// How long a test waits for something that must not happen.
pub(crate) const A_WHILE: Duration = Duration::from_millis(100);

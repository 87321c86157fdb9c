//! What a call adds to reading: the plugin with its C boundary, and the worker process behind gRPC.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use api::analysis::analyzer_client::AnalyzerClient;
use api::analysis::{
    AnalyzeRequest, AnalyzeResponse, Begin, Finish, PluginState, ServedAnalyzer, analyze_request,
    analyze_response,
};
use api::record::{Document, Period, Precision, Record};
use api::registry::Instance;
use bytes::Bytes;
use plugin_host::library::{Emit, Loaded, LogSink, Sink, load};
use plugin_host::{Announce, Host, HostConfig};
use prost::{Message as _, Name as _};
use text::Reader;
use tokio::sync::mpsc;
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::Streaming;
use tonic::transport::Endpoint;

use super::{BATCH_BYTES, CASE, Desk, published, thread_seconds};
use crate::cases::Context;
use crate::fresh::Fresh;
use crate::inputs::Input;
use crate::report::Row;
use crate::rounds::median;
use crate::wire;

/// Documents that are called one way before they are called the next, so that no way begins with what another left in the
/// processor's caches.
const TURN: usize = 50;

/// How long the workers may take to start.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a call of `reading` and of `claims` costs.
///
/// # Errors
/// If a plugin is missing, does not load, does not answer or fails.
pub(super) fn overheads(context: &Context, input: &Input, desk: &mut Desk) -> Result<Vec<Row>> {
    let plugins = context.binary.parent().context("a program lies in a folder")?.join("plugins");
    let reading = analyzer(&plugins, "reading")?;
    let claims = analyzer(&plugins, "claims")?;
    let mut groups = Vec::new();
    while groups.len() < context.calls {
        for fresh in input.draw(BATCH_BYTES, &desk.names, &mut desk.random) {
            groups.push(Group::new(fresh, &reading)?);
        }
    }
    let worker = vec![context.binary.clone().into_os_string(), "plugin-worker".into()];
    let mut config = HostConfig::new(worker, context.scratch.join("read-sockets"));
    config.folders.push(plugins);
    let reader = &desk.reader;
    wire::block_on(async {
        let endpoints = Arc::new(Endpoints::default());
        let host = Host::start(config, Arc::clone(&endpoints) as Arc<dyn Announce>)?;
        let up = host.wait_until(|all| all.iter().all(|plugin| plugin.state() == PluginState::Serving));
        tokio::time::timeout(PATIENCE, up).await.context("the workers do not start")?;
        let one = |group: &Group| group.inputs[..1].to_vec();
        let mut rows =
            measure("reading", &groups, &reading, one, |group| group.read(reader), &endpoints).await?;
        let all = |group: &Group| group.inputs.clone();
        rows.extend(
            measure("claims", &groups, &claims, all, |group| group.claims(reader), &endpoints).await?,
        );
        host.stop().await;
        Ok(rows)
    })
}

/// Loads a plugin of ours into this process.
fn analyzer(plugins: &Path, name: &str) -> Result<Loaded> {
    let file = format!("{}{name}{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let library: PathBuf = plugins.join(file);
    ensure!(library.exists(), "there is no {}; run `cargo xtask bench`", library.display());
    let log: LogSink = Arc::new(|_, _, _| {});
    let loaded = load(&library, &|_| Ok(String::new()), &log).map_err(|e| anyhow!("{e}"))?;
    loaded.into_iter().next().context("the library has no analyzer")
}

/// A document with what `claims` needs.
struct Group {
    fresh: Fresh,
    name: String,
    /// The document, and behind it its layers, as records.
    inputs: Vec<Bytes>,
}

impl Group {
    fn new(fresh: Fresh, reading: &Loaded) -> Result<Self> {
        let document = Document {
            source: "bench".to_owned(),
            title_bytes: u32::try_from(fresh.title_bytes)?,
            text: fresh.text.clone(),
            published: Some(Period {
                start: "2025-07-13T08:00:00+08:00".to_owned(),
                end: "2025-07-13T08:01:00+08:00".to_owned(),
                precision: Precision::Minute.into(),
            }),
            ..Document::default()
        };
        let name = format!("documents/{}", &blake3::hash(fresh.text.as_bytes()).to_hex()[..32]);
        let record = Record {
            keys: vec![format!("document={name}")],
            name: name.clone(),
            kind: Document::full_name(),
            body: document.encode_to_vec().into(),
            ..Record::default()
        };
        let mut group = Self { fresh, name, inputs: vec![record.encode_to_vec().into()] };
        let layers = group.through(reading, &group.inputs)?;
        group.inputs.extend(layers);
        Ok(group)
    }

    /// Microseconds of reading the mentions, here.
    fn read(&self, reader: &Reader) -> f64 {
        let start = thread_seconds();
        let mentions = reader.read(&self.fresh.text, &published());
        let spent = thread_seconds() - start;
        drop(mentions);
        spent * 1e6
    }

    /// Microseconds of reading the claims from the mentions, here.
    fn claims(&self, reader: &Reader) -> f64 {
        let mentions = reader.read(&self.fresh.text, &published());
        let start = thread_seconds();
        let claims = reader.claims(&self.fresh.text, self.fresh.title_bytes, &mentions);
        let spent = thread_seconds() - start;
        drop(claims);
        spent * 1e6
    }

    /// What the plugin emits for `inputs`, in this process.
    fn through(&self, plugin: &Loaded, inputs: &[Bytes]) -> Result<Vec<Bytes>> {
        let mut kept = Kept(Vec::new());
        plugin
            .analyze(&self.name, inputs, &mut kept, &AtomicBool::new(false))
            .map_err(|failed| anyhow!("{}", failed.message))?;
        Ok(kept.0)
    }
}

/// Keeps what is emitted.
struct Kept(Vec<Bytes>);

impl Sink for Kept {
    fn emit(&mut self, record: &[u8]) -> Emit {
        self.0.push(Bytes::copy_from_slice(record));
        Emit::Taken
    }
}

/// Where each analyzer is served.
#[derive(Default)]
struct Endpoints(Mutex<HashMap<String, String>>);

#[async_trait::async_trait]
impl Announce for Endpoints {
    async fn serving(&self, instance: &Instance, analyzers: &[ServedAnalyzer]) -> Result<(), String> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let names = analyzers.iter().filter_map(|served| served.manifest.as_ref());
        let endpoint = instance.endpoints.first().ok_or("an instance without an endpoint")?;
        known.extend(names.map(|manifest| (manifest.name.clone(), endpoint.clone())));
        Ok(())
    }

    async fn gone(&self, _instance_id: &str) {}
}

/// Each group read in three ways: by itself, by the plugin in this process, by the worker process.
async fn measure(
    what: &'static str,
    groups: &[Group],
    plugin: &Loaded,
    inputs: impl Fn(&Group) -> Vec<Bytes>,
    direct: impl Fn(&Group) -> f64,
    endpoints: &Endpoints,
) -> Result<Vec<Row>> {
    let mut worker = Worker::open(what, plugin, endpoints).await?;
    let (mut alone, mut within, mut between) = (Vec::new(), Vec::new(), Vec::new());
    let mut call_id = 0;
    for turn in groups.chunks(TURN) {
        let by_itself: Vec<f64> = turn.iter().map(&direct).collect();
        for (group, by_itself) in turn.iter().zip(&by_itself) {
            let given = inputs(group);
            let start = thread_seconds();
            let emitted = group.through(plugin, &given)?;
            within.push((thread_seconds() - start) * 1e6 - by_itself);
            drop(emitted);
        }
        alone.extend(by_itself);
        for group in turn {
            call_id += 1;
            let given = inputs(group);
            let start = Instant::now();
            let inside = worker.call(call_id, &group.name, given).await?;
            between.push(start.elapsed().as_secs_f64() * 1e6 - inside);
        }
    }
    between.sort_by(f64::total_cmp);
    let fastest_tenth = between.get(between.len() / 10).copied().unwrap_or_default();
    let bytes: usize = groups.iter().map(|group| group.fresh.text.len()).sum();
    let documents =
        format!("medians of {} documents of {} bytes on average", groups.len(), bytes / groups.len().max(1));
    let row = |added: &str, figure| Row::figure(CASE, format!("{what}, {added}"), figure, "us a call");
    Ok(vec![
        row("one document by itself", median(alone)).note(documents),
        row("added by the plugin", median(within)).note("processor time, as the row above"),
        row("added by gRPC and the worker process", median(between)).note(format!(
            "time that passes, one call at a time, waits for a busy machine included; one call in ten takes at most {fastest_tenth:.0} us"
        )),
    ])
}

/// A stream of calls to a worker.
struct Worker {
    begin: Begin,
    requests: mpsc::UnboundedSender<AnalyzeRequest>,
    answers: Streaming<AnalyzeResponse>,
}

impl Worker {
    async fn open(what: &str, plugin: &Loaded, endpoints: &Endpoints) -> Result<Self> {
        let known = endpoints.0.lock().unwrap_or_else(PoisonError::into_inner).get(what).cloned();
        let endpoint = known.with_context(|| format!("no worker serves {what}"))?;
        let channel = Endpoint::from_shared(endpoint)?.connect().await?;
        let manifest = plugin.served.manifest.clone().context("an analyzer has a manifest")?;
        let begin = Begin {
            analyzer: manifest.name,
            version: manifest.version,
            config_digest: plugin.served.config_digest.clone(),
            ..Begin::default()
        };
        let (requests, stream) = mpsc::unbounded_channel();
        let mut client = AnalyzerClient::new(channel).max_decoding_message_size(16 << 20);
        let answers = client.analyze(UnboundedReceiverStream::new(stream)).await?.into_inner();
        Ok(Self { begin, requests, answers })
    }

    /// One call; gives the microseconds that the analyzer itself took.
    async fn call(&mut self, call_id: u64, group: &str, inputs: Vec<Bytes>) -> Result<f64> {
        use analyze_request::Frame;
        let begin = Begin { group: group.to_owned(), ..self.begin.clone() };
        let frames = std::iter::once(Frame::Begin(begin))
            .chain(inputs.into_iter().map(Frame::Input))
            .chain([Frame::Finish(Finish {})]);
        for frame in frames {
            self.requests.send(AnalyzeRequest { call_id, frame: Some(frame) })?;
        }
        loop {
            let answer = self.answers.message().await?.context("the stream ended")?;
            match answer.frame {
                #[expect(clippy::cast_precision_loss, reason = "a call does not take 2^52 ns")]
                Some(analyze_response::Frame::Done(done)) => return Ok(done.elapsed_ns as f64 / 1e3),
                Some(analyze_response::Frame::Failed(failed)) => bail!("{}", failed.message),
                _ => {}
            }
        }
    }
}

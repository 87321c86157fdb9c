//! Whatever happens in whatever order, what is derived in the end is what a fresh run over the final documents derives.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use crate::analyzers::{Fake, counter, linker, splitter};
use crate::common::{Derived, World};

/// Words of documents. Some of them make an analyzer fail, always and in every version.
const WORDS: [&str; 12] = [
    "copper", "tin", "zinc", "lead", "nickel", "cobalt", "refuse", "lie", "foreign", "silent", "uncountable",
    "crash",
];

/// Numbers that look random and are the same for the same seed.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn text(&mut self) -> String {
        let length = self.below(5);
        let day = format!("day{} ", 1 + self.below(12));
        (0..=length).fold(day, |mut text, _| {
            // Words that fail are rare, so that most documents get through.
            let range = if self.below(8) == 0 { WORDS.len() } else { 6 };
            let word = WORDS[usize::try_from(self.below(range as u64)).unwrap()];
            write!(text, "{word} ").unwrap();
            text
        })
    }
}

type Failed = Vec<(String, String, i32)>;

async fn outcome(world: &World) -> (Derived, Failed) {
    let failures = world.failures().await.into_iter();
    let mut failed: Failed =
        failures.map(|failure| (failure.analyzer, failure.group, failure.code)).collect();
    failed.sort();
    (world.derived().await, failed)
}

/// The outcome of a run that knows nothing of any history.
async fn fresh(documents: &BTreeMap<String, String>, version: &str, linking: &str) -> (Derived, Failed) {
    let mut world = World::new().await;
    world.provide("inproc:splitter", splitter(version)).await;
    world.provide("inproc:linker", linker(linking)).await;
    world.provide("inproc:counter", counter("1.0.0")).await;
    let documents: Vec<_> = documents.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
    if !documents.is_empty() {
        world.put(&documents).await;
    }
    world.start();
    world.until("counter", |_| true).await;
    world.until("splitter", |_| true).await;
    world.until("linker", |_| true).await;
    world.settle().await;
    outcome(&world).await
}

struct History {
    world: World,
    random: Random,
    documents: BTreeMap<String, String>,
    fakes: Vec<Arc<Fake>>,
    version: &'static str,
    /// Version of the linker.
    linking: &'static str,
    /// Version 2 of the splitter is provided.
    upgraded: bool,
    told: String,
}

impl History {
    async fn new(mut world: World, seed: u64) -> Self {
        let mut random = Random(seed);
        world.config.window_groups = [3, 16, 20_000][usize::try_from(random.below(3)).unwrap()];
        world.config.commit_groups = [1, 4, 1024][usize::try_from(random.below(3)).unwrap()];
        world.config.ready_bytes = [1, 200, 16 << 20][usize::try_from(random.below(3)).unwrap()];
        world.config.soft_time =
            Duration::from_millis([1, 20, 10_000][usize::try_from(random.below(3)).unwrap()]);
        let fakes = vec![
            world.provide("inproc:splitter", splitter("1.0.0")).await,
            world.provide("inproc:counter", counter("1.0.0")).await,
            world.provide("inproc:linker", linker("1.0.0")).await,
        ];
        world.start();
        let told = format!(
            "window {}, commits of {}, {} bytes at hand, soft time {:?}\n",
            world.config.window_groups,
            world.config.commit_groups,
            world.config.ready_bytes,
            world.config.soft_time
        );
        Self {
            world,
            random,
            documents: BTreeMap::new(),
            fakes,
            version: "1.0.0",
            linking: "1.0.0",
            upgraded: false,
            told,
        }
    }

    async fn step(&mut self) {
        let which = self.random.below(23);
        let id = format!("d{}", self.random.below(9));
        let text = self.random.text();
        writeln!(self.told, "{which} {id} {text}").unwrap();
        match which {
            0..=7 => {
                self.world.put(&[(&id, &text)]).await;
                self.documents.insert(id, text);
            }
            8..=10 => {
                self.world.delete(&id).await;
                self.documents.remove(&id);
            }
            11 => {
                if !self.upgraded {
                    self.upgraded = true;
                    self.fakes.push(self.world.provide("inproc:splitter2", splitter("2.0.0")).await);
                    self.version = "2.0.0";
                }
            }
            12 | 13 if self.upgraded => {
                let version = if self.version == "1.0.0" { "2.0.0" } else { "1.0.0" };
                self.world.pin("splitter", version, false).await;
                self.version = version;
            }
            14 => {
                let fake = usize::try_from(self.random.below(self.fakes.len() as u64)).unwrap();
                self.fakes[fake].crash();
            }
            15 => {
                let fake = usize::try_from(self.random.below(self.fakes.len() as u64)).unwrap();
                let calls = u32::try_from(self.random.below(6)).unwrap();
                self.fakes[fake].crash_in.store(calls, std::sync::atomic::Ordering::SeqCst);
            }
            16 | 17 => {
                self.world.kill();
                self.world.start();
            }
            18 => {
                self.world.stop().await;
                self.world.start();
            }
            19 => {
                self.world.storage_is(false);
                tokio::time::sleep(Duration::from_millis(self.random.below(5))).await;
                self.world.storage_is(true);
            }
            21 if self.linking == "1.0.0" => {
                self.fakes.push(self.world.provide("inproc:linker2", linker("2.0.0")).await);
                self.linking = "2.0.0";
            }
            20 => tokio::time::sleep(Duration::from_millis(self.random.below(8))).await,
            _ => {
                self.world.settle().await;
            }
        }
    }

    async fn end(mut self) {
        for fake in &self.fakes {
            fake.crash_in.store(0, std::sync::atomic::Ordering::SeqCst);
        }
        let (version, linking) = (self.version, self.linking);
        self.world.until("linker", |status| status.version == linking).await;
        self.world.until("splitter", |status| status.version == version).await;
        self.world.settle().await;
        // Names that move between groups come to rest by themselves.
        let refused = api::analysis::FailureCode::InvalidOutput;
        let listed = self.world.failures().await;
        let stuck = listed.iter().find(|one| one.analyzer == "linker" && one.code() == refused);
        assert!(stuck.is_none(), "{stuck:?} after\n{}", self.told);
        // A group that was in flight at several crashes in a row was called their culprit, and stands in the list.
        self.world.retry_all().await;
        let settled = self.world.settle().await;
        let ended = outcome(&self.world).await;
        tokio::time::sleep(crate::analyzers::A_WHILE / 10).await;
        assert!(
            ended == outcome(&self.world).await,
            "something changed after all was settled at {settled:?}"
        );
        let expected = fresh(&self.documents, version, linking).await;
        if ended != expected {
            let (records, derivations) = &ended.0;
            let (expected_records, expected_derivations) = &expected.0;
            pretty(records, expected_records);
            pretty(derivations, expected_derivations);
            eprintln!("failed {:#?}\nexpected {:#?}\n", ended.1, expected.1);
            panic!("versions {version} and {linking}, documents {:#?}, after\n{}", self.documents, self.told);
        }
        assert!(self.world.list("monazite.analysis.v1.Pending").await.is_empty(), "{}", self.told);
        self.world.kill();
    }
}

fn pretty<K: Ord + std::fmt::Debug, V: PartialEq + std::fmt::Debug>(
    is: &BTreeMap<K, V>,
    should: &BTreeMap<K, V>,
) {
    for (key, value) in is {
        if should.get(key) != Some(value) {
            eprintln!("{key:?} is {value:?}\n  instead of {:?}", should.get(key));
        }
    }
    for (key, value) in should {
        if !is.contains_key(key) {
            eprintln!("{key:?} is missing: {value:?}");
        }
    }
}

async fn play(seeds: std::ops::Range<u64>, steps: u64, on_disk: bool) {
    for seed in seeds {
        let started = std::time::Instant::now();
        let world = if on_disk { World::on_disk().await } else { World::new().await };
        let mut history = History::new(world, seed).await;
        for _ in 0..steps {
            history.step().await;
        }
        history.end().await;
        eprintln!("history {seed} holds after {:?}", started.elapsed());
    }
}

#[tokio::test]
async fn any_history_ends_as_a_fresh_run_in_memory() {
    play(1..25, 40, false).await;
}

#[tokio::test]
async fn any_history_ends_as_a_fresh_run_on_disk() {
    play(100..106, 40, true).await;
}

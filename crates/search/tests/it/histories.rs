//! After any history the index is that of a fresh one, and alerts are those of the log.

use std::collections::{BTreeMap, BTreeSet};

use api::search::{Alert, Hit, RebuildRequest, WatchTopicResponse};
use api::storage::operation::Operation;
use proptest::prelude::*;
use tonic::Streaming;

use crate::world::{World, claim, delete, document, layer, membership, put, topic};

/// What a history is made of; few names, so that they meet.
#[derive(Clone, Debug)]
enum Deed {
    Document { id: u8, source: u8, text: u8 },
    Layer { id: u8, of: u8, entity: u8 },
    Membership { id: u8, of: u8, topic: u8 },
    Claim { id: u8, of: u8, subject: u8 },
    Delete { kind: u8, id: u8 },
}

const ENTITIES: [&str; 3] = ["commodity/antimony", "commodity/gallium", "country/CHN"];
const TOPICS: [&str; 2] = ["t", "u"];
const SOURCES: [&str; 2] = ["SMM", "Reuters"];
const TEXTS: [&str; 3] = ["锑价上涨", "gallium prices", "nothing"];
const COLLECTIONS: [&str; 4] = ["documents", "layers", "memberships", "claims"];

fn deed() -> impl Strategy<Value = Deed> {
    let id = 0..3_u8;
    prop_oneof![
        3 => (id.clone(), 0..2_u8, 0..3_u8).prop_map(|(id, source, text)| Deed::Document { id, source, text }),
        2 => (id.clone(), id.clone(), 0..3_u8).prop_map(|(id, of, entity)| Deed::Layer { id, of, entity }),
        2 => (id.clone(), id.clone(), 0..2_u8).prop_map(|(id, of, topic)| Deed::Membership { id, of, topic }),
        2 => (id.clone(), id.clone(), 0..3_u8).prop_map(|(id, of, subject)| Deed::Claim { id, of, subject }),
        2 => (0..4_u8, id).prop_map(|(kind, id)| Deed::Delete { kind, id }),
    ]
}

fn operation(deed: &Deed) -> Operation {
    let name = |id: u8| id.to_string();
    match *deed {
        Deed::Document { id, source, text } => {
            put(document(&name(id), SOURCES[usize::from(source)], "锗", TEXTS[usize::from(text)]))
        }
        Deed::Layer { id, of, entity } => put(layer(&name(id), &name(of), &[ENTITIES[usize::from(entity)]])),
        Deed::Membership { id, of, topic } => {
            put(membership(&name(id), &name(of), TOPICS[usize::from(topic)]))
        }
        Deed::Claim { id, of, subject } => {
            put(claim(&name(id), &name(of), ENTITIES[usize::from(subject)], "锑价"))
        }
        Deed::Delete { kind, id } => delete(&format!("{}/{id}", COLLECTIONS[usize::from(kind)])),
    }
}

/// In which round of longer histories the service is killed.
const KILLED: usize = 7;

/// Questions that together see each field of an entry.
const QUESTIONS: [&str; 9] = [
    "source:SMM", "topic:t", "topic:u", "commodity:antimony", "commodity:gallium", "country:CHN", "锑",
    "prices", "published:2025",
];

type State = (BTreeMap<String, Hit>, Vec<Vec<String>>);

async fn state(world: &World) -> State {
    let mut answers = Vec::new();
    for question in QUESTIONS {
        answers.push(world.names(question).await);
    }
    (world.all().await, answers)
}

async fn rebuilt(world: &World) {
    let mut progress = world.client().rebuild(RebuildRequest {}).await.unwrap().into_inner();
    while progress.message().await.unwrap().is_some() {}
}

async fn alerts(world: &World, mut stream: Streaming<WatchTopicResponse>) -> Vec<Alert> {
    let mut alerts = Vec::new();
    loop {
        let message = stream.message().await.unwrap().unwrap();
        alerts.extend(message.alerts);
        if message.sequence >= world.log.head() {
            return alerts;
        }
    }
}

/// What becomes of a history.
async fn lives(history: Vec<Vec<Deed>>) {
    let mut world = World::asleep().await;
    let kinds = ["Document", "Claim"];
    let begin = world.put(vec![topic("w", "t", "source:SMM (锑 OR commodity:gallium)", &kinds)]).await;
    world.start();
    world.ask("").await;
    let live = world.watch("topics/w", None).await;
    let mut answering = Vec::new();
    let mut wanted: Vec<(i64, Vec<String>)> = Vec::new();
    let mut before = begin;
    for (round, deeds) in history.iter().enumerate() {
        let sequence = world.commit(deeds.iter().map(operation).collect()).await;
        // What answers after every third commit and did not before it is what that is to tell; between the others the
        // service may take several at a time.
        if round % 3 > 0 {
            let names =
                world.names("(source:SMM (锑 OR commodity:gallium)) OR (topic:t kind:document)").await;
            if round % 3 == 2 && sequence > before {
                let new = names.iter().filter(|name| !answering.contains(*name)).cloned().collect();
                wanted.push((sequence, new));
            }
            answering = names;
        }
        before = sequence;
        if round == KILLED {
            world.kill();
            world.start();
        }
    }
    let followed = state(&world).await;
    rebuilt(&world).await;
    assert_eq!(state(&world).await, followed, "an index that followed and a fresh one");
    let all = alerts(&world, world.watch("topics/w", Some(begin)).await).await;
    if history.len() <= KILLED {
        assert_eq!(alerts(&world, live).await, all, "what was told live and what is read from the log");
    }
    let id = |name: &str, sequence: i64| {
        blake3::hash(format!("topics/w\n{name}\n{sequence}").as_bytes()).to_hex()[..32].to_owned()
    };
    let told = |sequence: i64| {
        let name = |alert: &Alert| alert.hit.as_ref().unwrap().name.clone();
        let names: Vec<String> =
            all.iter().filter(|alert| alert.id == id(&name(alert), sequence)).map(name).collect();
        names
    };
    for (sequence, names) in wanted {
        assert_eq!(told(sequence), names, "alerts of the commit {sequence}");
    }
    let ids: BTreeSet<&str> = all.iter().map(|alert| alert.id.as_str()).collect();
    assert_eq!(ids.len(), all.len(), "nothing is told twice");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 60, ..ProptestConfig::default() })]

    #[test]
    fn an_index_that_followed_equals_a_fresh_one(history in prop::collection::vec(prop::collection::vec(deed(), 1..4), 1..14)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(lives(history));
    }
}

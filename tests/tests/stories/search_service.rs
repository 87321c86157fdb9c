//! An analyst searches, and is told what is new.

use anyhow::{Context as _, Result, ensure};
use api::record::{Record, Topic};
use api::search::{
    GetStatusRequest, GetStatusResponse, QueryRequest, QueryResponse, RebuildRequest, WatchTopicRequest,
};
use api::storage::{CommitRequest, Operation, Put, operation};
use prost::{Message as _, Name as _};
use tests::{Cluster, Wire, block_on, reason};

use crate::feed::{FEED, reading};

const MORE: &str = "{\"source\":\"Second House\",\"title\":\"锑\",\"text\":\"锑锭价格上涨。稀土出口下降。\",\"topic\":\"磁材\"}\n";

async fn head(wire: &Wire) -> Result<i64> {
    Ok(wire.storage().get_statistics(api::storage::GetStatisticsRequest {}).await?.into_inner().head)
}

/// Asks once the index has come to the head of the log.
async fn ask(wire: &Wire, query: &str) -> Result<QueryResponse> {
    let request = QueryRequest {
        query: query.to_owned(),
        at_least_sequence: head(wire).await?,
        snippet_bytes: 200,
        ..QueryRequest::default()
    };
    loop {
        match wire.search().query(request.clone()).await {
            Ok(answer) => return Ok(answer.into_inner()),
            Err(error) if matches!(reason(&error).0.as_str(), "BUILDING" | "BEHIND") => {
                tokio::task::yield_now().await;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

async fn status(wire: &Wire) -> Result<GetStatusResponse> {
    Ok(wire.search().get_status(GetStatusRequest {}).await?.into_inner())
}

#[test]
fn what_is_imported_is_found_in_either_language() -> Result<()> {
    let cluster = reading()?;
    let feed = cluster.file("feed.txt", FEED.as_bytes())?;
    cluster.run(&["import", "--wait", &feed])?;
    let wire = cluster.wire()?;
    block_on(async {
        // «锑» finds the document that says «antimony», by the lexicon, and claims with their quotes.
        let answer = ask(&wire, "锑 kind:document").await?;
        ensure!(answer.hits.len() == 1 && answer.hits[0].source == "Example House", "{answer:#?}");
        ensure!(answer.expansions[0].ids == ["commodity/antimony"], "{answer:#?}");
        let copper = ask(&wire, "铜 kind:document").await?;
        let snippet = copper.hits[0].snippet.as_ref().context("a snippet")?;
        let marked: Vec<&str> =
            snippet.highlights.iter().map(|r| &snippet.text[r.start as usize..r.end as usize]).collect();
        ensure!(marked.contains(&"Copper"), "{copper:#?}");
        // What the reader found filters, and what was derived is found.
        let claims = ask(&wire, "kind:claim commodity:copper measure:price").await?;
        ensure!(!claims.hits.is_empty(), "{claims:#?}");
        let passage = claims.hits[0].snippet.as_ref().context("a quote")?;
        ensure!(passage.document == copper.hits[0].name && passage.text.contains("9,663.00"), "{passage:#?}");
        let digests = ask(&wire, "kind:digest 锑").await?;
        ensure!(digests.hits.len() == 1, "{digests:#?}");
        cluster.run(&["retract", &copper.hits[0].name])?;
        ensure!(ask(&wire, "铜 kind:document").await?.hits.is_empty(), "it was taken back");
        Ok(())
    })
}

#[test]
fn the_index_survives_kills_damage_and_being_made_anew() -> Result<()> {
    let mut cluster = Cluster::builder().start()?;
    let feed = cluster.file("feed.txt", FEED.as_bytes())?;
    let more = cluster.file("more.jsonl", MORE.as_bytes())?;
    cluster.run(&["import", &feed])?;
    block_on(async {
        let wire = cluster.wire()?;
        ensure!(ask(&wire, "").await?.hits.len() == 2, "both are there");
        Ok(())
    })?;
    cluster.kill()?;
    cluster.start()?;
    cluster.run(&["import", &more])?;
    let folder = cluster.data.join("search");
    let current = || std::fs::read_to_string(folder.join("current"));
    let before = current()?;
    block_on(async {
        let wire = cluster.wire()?;
        ensure!(ask(&wire, "稀土").await?.hits.len() == 1, "it went on where it was");
        let mut progress = wire.search().rebuild(RebuildRequest {}).await?.into_inner();
        let mut done = false;
        while let Some(message) = progress.message().await? {
            ensure!(ask(&wire, "稀土").await?.hits.len() == 1, "it answers meanwhile");
            done = message.done;
        }
        ensure!(done && status(&wire).await?.records == 3, "three are in the new one");
        Ok(())
    })?;
    ensure!(current()? != before, "it is another index");
    let said = cluster.stop()?;
    ensure!(!said.contains("rebuilt"), "{said}");
    for entry in std::fs::read_dir(folder.join(current()?))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "pos" || extension == "idx") {
            std::fs::remove_file(path)?;
        }
    }
    cluster.start()?;
    block_on(async {
        let wire = cluster.wire()?;
        ensure!(ask(&wire, "稀土").await?.hits.len() == 1, "it was made anew");
        Ok(())
    })?;
    let said = cluster.stop()?;
    ensure!(said.contains("it is rebuilt"), "the log says so: {said}");
    Ok(())
}

#[test]
fn a_topic_is_told_of_what_is_imported() -> Result<()> {
    let mut cluster = Cluster::builder().start()?;
    let feed = cluster.file("feed.txt", FEED.as_bytes())?;
    let more = cluster.file("more.jsonl", MORE.as_bytes())?;
    let topic =
        Topic { name: "锑".into(), owner: "ana".into(), query: "antimony".into(), ..Topic::default() };
    let record = Record {
        name: "topics/0123456789abcdef0123456789abcdef".into(),
        kind: Topic::full_name(),
        body: topic.encode_to_vec().into(),
        ..Record::default()
    };
    let watch = |after| WatchTopicRequest {
        topic: record.name.clone(),
        after_sequence: after,
        ..WatchTopicRequest::default()
    };
    let mut ids = Vec::new();
    let saved = block_on(async {
        let wire = cluster.wire()?;
        let put = operation::Operation::Put(Put { record: Some(record.clone()) });
        let operations = vec![Operation { operation: Some(put) }];
        let saved = wire.storage().commit(CommitRequest { operations, preconditions: Vec::new() }).await?;
        let saved = saved.into_inner().sequence;
        let mut alerts = wire.search().watch_topic(watch(Some(saved))).await?.into_inner();
        for file in [&feed, &more] {
            cluster.run(&["import", file])?;
        }
        while ids.len() < 2 {
            let message = alerts.message().await?.context("it goes on")?;
            ids.extend(message.alerts.into_iter().map(|alert| alert.id));
        }
        Ok(saved)
    })?;
    cluster.kill()?;
    cluster.start()?;
    block_on(async {
        let wire = cluster.wire()?;
        let mut alerts = wire.search().watch_topic(watch(Some(saved))).await?.into_inner();
        let mut again = Vec::new();
        while again.len() < 2 {
            let message = alerts.message().await?.context("it goes on")?;
            again.extend(message.alerts.into_iter().map(|alert| alert.id));
        }
        ensure!(again == ids, "{again:?} and {ids:?}");
        let error =
            wire.search().watch_topic(WatchTopicRequest { topic: "topics/none".into(), ..watch(None) }).await;
        let error = error.err().context("it is refused")?;
        ensure!(reason(&error).0 == "NO_SUCH_TOPIC", "{error:?}");
        Ok(())
    })
}

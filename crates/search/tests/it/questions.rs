//! What users ask, and what they are told if they ask wrongly.

use api::search::{ExplainRequest, FacetRequest, GetStatusRequest, Order, QueryRequest};
use tonic::Code;

use crate::world::{World, claim, document, layer, membership, metadata, reason};

const DOCUMENT: &str = "monazite.record.v1.Document";

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_found_in_either_language_with_all_that_is_known_of_it() {
    let world = World::new().await;
    world
        .put(vec![
            document("1", "SMM", "稀土出口", "五月稀土出口下降。其他。"),
            document("2", "Reuters", "Exports", "Rare-earth exports fell in May."),
            membership("1", "1", "磁材"),
        ])
        .await;
    assert_eq!(world.names("\"rare earth\"").await, ["documents/1", "documents/2"]);
    assert_eq!(world.names("稀土").await, ["documents/1", "documents/2"]);
    assert_eq!(world.names("topic:磁材").await, ["documents/1"]);
    assert_eq!(world.names("source:reuters published:2025-07").await, ["documents/2"]);
    assert_eq!(world.names("entity:commodity/antimony").await, [""; 0]);
    // What the reader finds comes later, and so does a claim.
    world.put(vec![layer("1", "2", &["commodity/antimony", "place/hunan"])]).await;
    assert_eq!(world.names("commodity:antimony country:CHN").await, ["documents/2"]);
    world.put(vec![claim("1", "2", "commodity/rare-earths", "Rare-earth exports fell")]).await;
    assert_eq!(world.names("kind:claim source:Reuters 稀土").await, ["claims/1"]);

    let answer = world
        .query(QueryRequest {
            query: "稀土".to_owned(),
            snippet_bytes: 200,
            count: true,
            facets: vec![FacetRequest { field: "kind".to_owned(), limit: 0 }],
            at_least_sequence: world.log.head(),
            ..QueryRequest::default()
        })
        .await;
    assert_eq!((answer.total, answer.order()), (Some(3), Order::Relevance));
    assert_eq!(answer.expansions[0].ids, ["commodity/rare-earths"]);
    let counts: Vec<_> =
        answer.facets[0].counts.iter().map(|c| (c.value.rsplit('.').next().unwrap(), c.count)).collect();
    assert_eq!(counts, [("Document", 2), ("Claim", 1)]);
    for hit in &answer.hits {
        let snippet = hit.snippet.as_ref().unwrap();
        let marked: Vec<&str> =
            snippet.highlights.iter().map(|r| &snippet.text[r.start as usize..r.end as usize]).collect();
        match hit.name.as_str() {
            "documents/1" => {
                assert_eq!(
                    (hit.kind.as_str(), hit.source.as_str(), hit.title.as_str()),
                    (DOCUMENT, "SMM", "稀土出口")
                );
                assert_eq!((hit.title_highlights[0].start, hit.title_highlights[0].end), (0, 6));
                assert_eq!(hit.published.as_ref().unwrap().start, "2025-07-13");
                assert_eq!(marked, ["稀土"]);
                let text = "稀土出口\n五月稀土出口下降。其他。";
                assert_eq!(text[snippet.start_byte as usize..][..snippet.text.len()], snippet.text);
            }
            "documents/2" => assert_eq!(marked, ["Rare-earth"]),
            "claims/1" => {
                assert_eq!((hit.document.as_str(), hit.title.as_str()), ("documents/2", "Exports"));
                assert_eq!((snippet.document.as_str(), snippet.start_byte), ("documents/2", 7));
                assert_eq!(marked, ["Rare-earth"]);
            }
            other => panic!("{other}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_deleted_is_found_no_more() {
    let world = World::new().await;
    world
        .put(vec![
            document("1", "SMM", "锑", "锑价上涨。"),
            claim("1", "1", "commodity/antimony", "锑价上涨"),
        ])
        .await;
    assert_eq!(world.names("锑").await, ["claims/1", "documents/1"]);
    world.delete("documents/1").await;
    assert_eq!(world.names("锑").await, ["claims/1"]);
    // It shows nothing of the document any more, until that comes back.
    assert_eq!(world.names("kind:claim source:SMM").await, [""; 0]);
    world.put(vec![document("1", "SMM", "锑", "锑价上涨。")]).await;
    assert_eq!(world.names("kind:claim source:SMM").await, ["claims/1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_just_written_is_found_at_its_sequence() {
    let world = World::new().await;
    for round in 0..20 {
        let word = format!("word{round}");
        let sequence = world.put(vec![document(&round.to_string(), "", "", &word)]).await;
        let request = QueryRequest { query: word, at_least_sequence: sequence, ..QueryRequest::default() };
        let answer = world.query(request).await;
        assert_eq!(answer.hits.len(), 1);
        assert!(answer.sequence >= sequence);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_wrongly_is_refused_with_its_place() {
    let world = World::new().await;
    world.put(vec![document("1", "", "", "锑 a"), document("2", "", "", "锑 b")]).await;
    let first = world
        .query(QueryRequest { page_size: 1, at_least_sequence: world.log.head(), ..QueryRequest::default() })
        .await;
    let token = first.next_page_token;
    assert!(!token.is_empty());
    let many = vec!["锑"; 10_000].join(" OR ");
    let query = |query: &str| QueryRequest { query: query.to_owned(), ..QueryRequest::default() };
    let facet = FacetRequest { field: "date".to_owned(), limit: 1 };
    let cases = [
        (query("锑 AND (镓"), Code::InvalidArgument, "QUERY", "start_byte", "8"),
        (query("date:2025"), Code::InvalidArgument, "QUERY", "start_byte", "0"),
        (query(&many), Code::InvalidArgument, "QUERY", "end_byte", ""),
        (
            QueryRequest { page_token: token, ..query("锑") },
            Code::InvalidArgument,
            "INVALID_PAGE_TOKEN",
            "",
            "",
        ),
        (
            QueryRequest { page_token: "x".to_owned(), ..query("锑") },
            Code::InvalidArgument,
            "INVALID_PAGE_TOKEN",
            "",
            "",
        ),
        (
            QueryRequest { page_size: 1_001, ..query("锑") },
            Code::InvalidArgument,
            "INVALID_ARGUMENT",
            "field",
            "page_size",
        ),
        (
            QueryRequest { snippet_bytes: 2_001, ..query("锑") },
            Code::InvalidArgument,
            "INVALID_ARGUMENT",
            "field",
            "snippet_bytes",
        ),
        (
            QueryRequest { order: 9, ..query("锑") },
            Code::InvalidArgument,
            "INVALID_ARGUMENT",
            "field",
            "order",
        ),
        (
            QueryRequest { facets: vec![facet], ..query("锑") },
            Code::InvalidArgument,
            "INVALID_ARGUMENT",
            "field",
            "facets",
        ),
        (
            QueryRequest { at_least_sequence: i64::MAX, ..query("锑") },
            Code::OutOfRange,
            "NOT_YET",
            "head",
            "1",
        ),
    ];
    for (request, code, wanted, key, value) in cases {
        let error = world.client().query(request.clone()).await.unwrap_err();
        assert_eq!((error.code(), reason(&error).as_str()), (code, wanted), "{error:?}");
        assert!(value.is_empty() || metadata(&error, key) == value, "{key}: {error:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_waits_for_its_sequence_and_not_for_ever() {
    let mut world = World::asleep().await;
    world.config.wait = std::time::Duration::from_millis(1);
    world.start();
    world.ask("").await;
    world.storage_is(false);
    let sequence = world.put(vec![document("1", "", "", "锑")]).await;
    let request = QueryRequest { at_least_sequence: sequence, ..QueryRequest::default() };
    let error = world.client().query(request.clone()).await;
    // The feed was open, so that the commit may still have come through.
    if let Err(error) = error {
        assert!(matches!(reason(&error).as_str(), "BEHIND" | "NO_STORAGE"), "{error:?}");
    }
    world.storage_is(true);
    assert_eq!(world.query(request).await.hits.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_is_explained_and_the_state_is_told() {
    let world = World::new().await;
    let sequence = world.put(vec![document("1", "", "", "锑")]).await;
    world.ask("").await;
    let explain = |query: &str| ExplainRequest { query: query.to_owned(), literal: false };
    let told = world.client().explain(explain("稀土 -锑")).await.unwrap().into_inner();
    assert_eq!(told.canonical, "(稀土 AND NOT 锑)");
    assert_eq!(told.expansions[0].ids, ["commodity/rare-earths"]);
    assert!(!told.matches_everything);
    assert!(world.client().explain(explain("NOT 锑")).await.unwrap().into_inner().matches_everything);
    let error = world.client().explain(explain("锑 OR")).await.unwrap_err();
    assert_eq!(reason(&error), "QUERY");
    let status = world.client().get_status(GetStatusRequest {}).await.unwrap().into_inner();
    assert_eq!((status.sequence, status.head, status.records), (sequence, sequence, 1));
    assert!(status.bytes > 0 && status.rebuild.is_none());
}

#![expect(clippy::unwrap_used, reason = "a test stops where its setup fails")]

use std::sync::LazyLock;
use std::time::Instant;

use proptest::prelude::*;
use text::Lexicon;

use super::*;
use crate::{Config, Entry, Expand, Expander, Index, Limits, Query, Writer, civil_seconds};

static EXPANDER: LazyLock<Expander> = LazyLock::new(|| Expander::new(Lexicon::standard()));

fn plan(text: &str) -> Plan {
    let limits = Limits::default();
    EXPANDER.plan(&Query::parse(text, &limits).unwrap(), Expand::On, &limits).unwrap()
}

/// Name, title, text, time of publication, source and ids of what it names.
type Row<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str, &'a [&'a str]);

/// An index of some rows, at the sequences 1, 2 and so on, in several segments.
fn indexed(rows: &[Row<'_>]) -> (Index, Writer) {
    let (index, mut writer) = Index::in_memory(&Config::default()).unwrap();
    for (sequence, (name, title, body, published, source, ids)) in (1..).zip(rows) {
        let mut entry = Entry {
            name: (*name).into(),
            kind: "monazite.record.v1.Document".into(),
            source: (*source).into(),
            language: text::language(body).into(),
            published: civil_seconds(published),
            sequence,
            title: (*title).into(),
            body: (*body).into(),
            ..Entry::default()
        };
        entry.tag(Lexicon::standard(), ids.iter().copied());
        writer.put(&entry, Instant::now()).unwrap();
        if sequence % 3 == 0 {
            writer.commit(sequence).unwrap();
        }
    }
    writer.commit(rows.len() as i64).unwrap();
    (index, writer)
}

fn corpus() -> (Index, Writer) {
    indexed(&[
        (
            "d/1",
            "稀土出口",
            "中国收紧稀土出口管制。",
            "2025-04-04",
            "新华社",
            &["commodity/rare-earths", "country/CHN"],
        ),
        (
            "d/2",
            "Export ban",
            "China's rare-earth exports fell in May.",
            "2025-06-07",
            "Reuters",
            &["country/CHN"],
        ),
        ("d/3", "", "氧化锑报价 2841.90 元", "2025-06-30", "SMM", &["commodity/antimony-products"]),
        ("d/4", "Gallium", "镓和锗的价格，不含稀土。", "", "SMM", &[]),
        (
            "d/5",
            "北方稀土 600111.SH",
            "净利润 3,834 万元",
            "2025-07-13",
            "Reuters",
            &["company/northern-rare-earth"],
        ),
        ("d/6", "Other", "北方的稀土，稀有的土。Rare, earth.", "2024-12-31", "Blog", &[]),
        ("d/7", "US", "Let us go", "2025-07-13", "Blog", &["country/USA"]),
    ])
}

fn cost(snapshot: &Snapshot, plan: &Plan) -> u64 {
    ask::cost::of(&plan.test, snapshot.columns(), &Frequencies::new(snapshot.searcher())).unwrap()
}

#[test]
fn no_more_records_answer_than_are_looked_at() {
    let (index, _writer) = corpus();
    let snapshot = index.snapshot();
    let queries = [
        "", "稀土", "北方稀土", "\"rare earth\" OR 镓", "稀土 source:Reuters", "稀土 -出口", "NOT 稀土",
        "published:2025", "source:Blog",
    ];
    for query in queries {
        let plan = plan(query);
        let total = snapshot.search(&Request { count: true, ..Request::new(&plan) }).unwrap().total;
        let cost = cost(&snapshot, &plan);
        assert!(total.is_some_and(|total| total <= cost), "{query}: {total:?} of {cost}");
    }
    // A rare word keeps a frequent filter cheap; what excludes or ranges looks at all.
    assert!(
        cost(&snapshot, &plan("antimony kind:document"))
            < cost(&snapshot, &plan("kind:document published:2025"))
    );
    assert_eq!(cost(&snapshot, &plan("NOT 稀土")), snapshot.records());
    assert_eq!(cost(&snapshot, &plan("nowhere")), 0);
}

fn names(snapshot: &Snapshot, query: &str) -> Vec<String> {
    let plan = plan(query);
    let answer = snapshot.search(&Request::new(&plan)).unwrap();
    let mut names: Vec<String> = answer.hits.into_iter().map(|hit| hit.name[2..].to_owned()).collect();
    names.sort();
    names
}

#[test]
fn queries_find_what_they_say() {
    let (index, _writer) = corpus();
    let snapshot = index.snapshot();
    let cases = [
        ("", "1234567"),
        ("稀土", "12456"),
        ("\"rare earth\"", "12456"),
        ("北方稀土", "5"),
        ("北方 稀土", "56"),
        ("锗", "4"),
        ("锑", "3"),
        ("antimony", "3"),
        ("土的", ""),
        ("export", "12"),
        ("出口", "12"),
        ("2841.90", "3"),
        ("2841", "3"),
        ("284190", ""),
        ("600111.SH", "5"),
        ("600111", "5"),
        ("3834", "5"),
        ("title:稀土", "15"),
        ("body:稀土", "1246"),
        ("稀土 -出口", "456"),
        ("NOT 稀土", "37"),
        ("NOT (稀土 OR us)", "3"),
        ("锗 OR NOT 稀土", "347"),
        ("source:smm", "34"),
        ("source:(SMM OR blog)", "3467"),
        ("kind:document language:zh", "13456"),
        ("kind:monazite.record.v1.document title:us", "7"),
        ("kind:record", ""),
        ("name:d/3", "3"),
        ("name:D/3", ""),
        ("commodity:antimony", "3"),
        ("commodity:锑", "3"),
        ("country:中国", "12"),
        ("entity:company/northern-rare-earth", "5"),
        ("commodity:*", "13"),
        ("published:2025-06", "23"),
        ("published:[2025-04-04 TO 2025-06-29]", "12"),
        ("published:{2025-04-04 TO 2025-06-30}", "2"),
        ("published:>=2025-06-30", "357"),
        ("published:<2025", "6"),
        ("published:*", "123567"),
        ("-published:*", "4"),
        ("sequence:>=6", "67"),
        ("美国", "7"),
        ("us", "7"),
        ("\"rare earth\" title:北方稀土", "5"),
    ];
    for (query, wanted) in cases {
        assert_eq!(names(&snapshot, query).concat(), wanted, "{query}");
    }
}

#[test]
fn a_title_weighs_more_and_filters_weigh_nothing() {
    let (index, _writer) = indexed(&[
        ("d/1", "quiet words here", "tungsten and some words", "", "A", &[]),
        ("d/2", "tungsten words here", "quiet and some words", "", "B", &[]),
    ]);
    let hits = |query: &str| index.snapshot().search(&Request::new(&plan(query))).unwrap().hits;
    assert_eq!(hits("tungsten")[0].name, "d/2");
    let (plain, filtered) =
        (hits("tungsten"), hits("tungsten kind:document -source:C published:* OR tungsten"));
    assert!(plain[0].score > plain[1].score && plain[1].score > 0.0);
    assert_eq!(filtered.len(), 2);
    assert_eq!(hits("tungsten kind:document -source:C")[0].score, plain[0].score);
}

#[test]
fn facets_are_counted_over_what_answers() {
    let (index, _writer) = corpus();
    let plan = plan("稀土 OR 锑");
    let facets = [FacetOf { field: Field::Source, most: 2 }, FacetOf { field: Field::Country, most: 5 }];
    let request = Request { facets: &facets, count: true, ..Request::new(&plan) };
    let answer = index.snapshot().search(&request).unwrap();
    assert_eq!(answer.total, Some(6));
    assert_eq!(answer.facets[0].values, [("Reuters".to_owned(), 2), ("SMM".to_owned(), 2)]);
    assert_eq!(answer.facets[0].others, 2);
    assert_eq!(answer.facets[1].values, [("CHN".to_owned(), 2)]);
    assert_eq!(answer.hits[0].kind, "monazite.record.v1.Document");
    for field in [Field::Title, Field::Name, Field::Published] {
        let facets = [FacetOf { field, most: 2 }];
        let refused = index.snapshot().search(&Request { facets: &facets, ..Request::new(&plan) });
        assert!(matches!(refused, Err(Error::Request { field: "facets", .. })));
    }
}

/// All names, page by page; `between` runs after each page.
fn paged(index: &Index, plan: &Plan, order: Order, mut between: impl FnMut(usize)) -> Result<Vec<String>> {
    let mut names = Vec::new();
    let mut token = String::new();
    for page in 0.. {
        let request = Request { order, size: 3, page_token: &token, ..Request::new(plan) };
        let answer = index.snapshot().search(&request)?;
        assert!(answer.hits.len() <= 3 && answer.order == order);
        names.extend(answer.hits.into_iter().map(|hit| hit.name));
        if answer.next_page_token.is_empty() {
            break;
        }
        token = answer.next_page_token;
        between(page);
    }
    Ok(names)
}

fn many() -> (Index, Writer) {
    let (index, mut writer) = Index::in_memory(&Config::default()).unwrap();
    for number in 0..20_i64 {
        let entry = Entry {
            name: format!("d/{number}"),
            sequence: number / 2,
            published: (number % 4 != 0).then_some(number / 3),
            body: "锑 ".repeat(1 + usize::try_from(number % 5).unwrap()),
            ..Entry::default()
        };
        writer.put(&entry, Instant::now()).unwrap();
        if number % 6 == 5 {
            writer.commit(number).unwrap();
        }
    }
    writer.commit(20).unwrap();
    (index, writer)
}

#[test]
fn pages_hold_every_record_once_while_the_index_moves_on() {
    for order in [Order::Relevance, Order::Time] {
        let (index, mut writer) = many();
        let plan = plan("锑");
        let whole = Request { order, size: 100, ..Request::new(&plan) };
        let whole: Vec<String> =
            index.snapshot().search(&whole).unwrap().hits.into_iter().map(|hit| hit.name).collect();
        assert_eq!(whole.len(), 20);
        let pages = paged(&index, &plan, order, |page| {
            let name = format!("d/new{page}");
            let new =
                Entry { name, sequence: 100, published: Some(1_000), body: "锑".into(), ..Entry::default() };
            writer.put(&new, Instant::now()).unwrap();
            writer.commit(21).unwrap();
        });
        assert_eq!(pages.unwrap(), whole, "{order:?}");
    }
}

#[test]
fn the_newest_come_first_and_the_undated_last() {
    let (index, _writer) = many();
    let plan = plan("锑");
    let request = Request { order: Order::Time, size: 100, ..Request::new(&plan) };
    let hits = index.snapshot().search(&request).unwrap().hits;
    let keys: Vec<(Option<i64>, i64)> = hits.iter().map(|hit| (hit.published, hit.sequence)).collect();
    assert!(keys.is_sorted_by(|a, b| a >= b), "{keys:?}");
    assert_eq!(keys.iter().filter(|key| key.0.is_none()).count(), 5);
}

#[test]
fn a_token_of_another_question_or_of_a_lost_state_is_refused() {
    let (index, mut writer) = many();
    let (antimony, other) = (plan("锑"), plan("锑 OR 锗"));
    let request = Request { size: 3, ..Request::new(&antimony) };
    let token = index.snapshot().search(&request).unwrap().next_page_token;
    let ask = |index: &Index, plan: &Plan, order: Order, token: &str| {
        let request = Request { order, size: 3, page_token: token, ..Request::new(plan) };
        index.snapshot().search(&request).map_err(|error| match error {
            Error::Page(error) => error,
            other => panic!("{other}"),
        })
    };
    assert!(ask(&index, &antimony, Order::Relevance, &token).is_ok());
    assert_eq!(ask(&index, &other, Order::Relevance, &token), Err(PageError::OtherQuestion));
    assert_eq!(ask(&index, &antimony, Order::Time, &token), Err(PageError::OtherQuestion));
    assert_eq!(ask(&index, &antimony, Order::Relevance, "abc"), Err(PageError::Malformed));
    let (again, _) = many();
    assert_eq!(ask(&again, &antimony, Order::Relevance, &token), Err(PageError::Expired));
    // Each commit whose pages are asked for takes a place, and there are 32.
    for sequence in 22..60 {
        writer.commit(sequence).unwrap();
        index.snapshot().search(&request).unwrap();
    }
    assert_eq!(ask(&index, &antimony, Order::Relevance, &token), Err(PageError::Expired));
}

#[test]
fn limits_of_a_request_are_told() {
    let (index, _writer) = many();
    let plan = plan("锑");
    let refused = index.snapshot().search(&Request { size: 1_001, ..Request::new(&plan) });
    assert!(matches!(refused, Err(Error::Request { field: "page_size", .. })));
}

#[test]
fn a_question_without_words_is_answered_by_time() {
    let (index, _writer) = many();
    let plan = plan("published:*");
    let answer = index.snapshot().search(&Request::new(&plan)).unwrap();
    assert_eq!((answer.order, answer.hits.len()), (Order::Time, 15));
    assert!(answer.hits.iter().all(|hit| hit.score == 0.0));
}

/// Words, marks and fields in any order; most are no queries.
fn pieces() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "稀土", "锑", "锑、锗", "5N锑", "rare", "earth", "REE", "U.S.", "2841.90", "3,834t", " ", " ", " ",
        " AND ", " OR ", "NOT ", "-", "(", ")", "\"", "“", "”", "title:", "country:", "entity:",
        "commodity:*", "published:>=2025", "*", "😀", "a1.b2.c3", "\u{301}", "ﷺ", "\u{3000}", "ｶﾞ",
    ]);
    prop::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    /// Whatever can be read can be asked, in every order, and highlighted.
    #[test]
    fn any_query_that_is_read_is_answered(text in prop_oneof![pieces(), any::<String>()]) {
        static INDEX: LazyLock<(Index, std::sync::Mutex<Writer>)> = LazyLock::new(|| {
            let (index, writer) = corpus();
            (index, std::sync::Mutex::new(writer))
        });
        let limits = Limits::default();
        let Ok(query) = Query::parse(&text, &limits) else { return Ok(()) };
        for expand in [Expand::On, Expand::Off] {
            let plan = EXPANDER.plan(&query, expand, &limits).unwrap();
            for expansion in plan.expansions() {
                prop_assert!(text.get(expansion.bytes.clone()).is_some());
            }
            for order in [Order::Relevance, Order::Time] {
                let facets = [FacetOf { field: Field::Source, most: 3 }];
                let request = Request { order, facets: &facets, count: true, ..Request::new(&plan) };
                let answer = INDEX.0.snapshot().search(&request).unwrap();
                prop_assert_eq!(answer.total, Some(answer.hits.len() as u64));
            }
            plan.highlighter().snippet(&text, text.len() / 2, 100);
        }
    }
}

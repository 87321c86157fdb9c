#![expect(clippy::unwrap_used, reason = "the queries under test are right, or the test fails")]

use std::sync::LazyLock;
use std::time::Instant;

use proptest::prelude::*;
use text::Lexicon;

use super::*;
use crate::{Config, Expand, Expander, Index, Limits, Query, Request, Writer, civil_seconds};

static EXPANDER: LazyLock<Expander> = LazyLock::new(|| Expander::new(Lexicon::standard()));

fn plan(text: &str, expand: Expand) -> Plan {
    let limits = Limits::default();
    EXPANDER.plan(&Query::parse(text, &limits).unwrap(), expand, &limits).unwrap()
}

fn topics(queries: &[&str]) -> Topics {
    let mut topics = Topics::new();
    for query in queries {
        topics.set(query, &plan(query, Expand::On), &Guess);
    }
    topics
}

fn body(text: &str) -> Entry {
    Entry { name: "d/1".into(), kind: "k.Document".into(), body: text.into(), ..Entry::default() }
}

#[test]
fn a_record_answers_the_queries_that_it_fits() {
    let topics = topics(&[
        "稀土", "\"rare earth\" -magnet", "锑", "", "NOT 锑", "title:锑", "kind:document 锗", "sequence:>5",
    ]);
    assert_eq!((topics.len(), topics.always()), (8, 3));
    let mut scratch = Scratch::new();
    let mut found = |text: &str| topics.matches(&body(text), &mut scratch).join("|");
    assert_eq!(found("Rare-earth magnets"), "|NOT 锑|稀土");
    assert_eq!(found("氧化锑和锗"), "|kind:document 锗|锑");
    assert_eq!(found(""), "|NOT 锑");
}

#[test]
fn what_is_removed_is_found_no_more_and_leaves_nothing_behind() {
    let mut topics = topics(&["稀土", "锑 source:a", "NOT 锗"]);
    topics.set("稀土", &plan("镓", Expand::Off), &Guess);
    let mut scratch = Scratch::new();
    assert_eq!(topics.matches(&body("稀土与镓"), &mut scratch), ["NOT 锗", "稀土"]);
    assert_eq!(topics.matches(&body("稀土"), &mut scratch), ["NOT 锗"]);
    for name in ["稀土", "锑 source:a", "NOT 锗"] {
        assert!(topics.remove(name));
        assert!(!topics.remove(name));
    }
    assert!(topics.is_empty() && topics.always() == 0);
    assert!(topics.matches(&body("稀土与镓"), &mut scratch).is_empty());
    assert!(!topics.terms.has_characters() && topics.terms.word("稀土").is_none());
    let before = topics.terms.len();
    topics.set("again", &plan("稀土", Expand::On), &Guess);
    assert!(topics.terms.len() <= before.max(20));
    assert_eq!(topics.matches(&body("稀土"), &mut scratch), ["again"]);
}

#[test]
fn a_query_stands_under_its_rarest_terms() {
    struct Known;
    impl Rarity for Known {
        fn records(&self, term: &AnyTerm<'_>) -> u64 {
            match term {
                AnyTerm::Word("antimoni") => 5,
                AnyTerm::Value(..) => 50,
                _ => 1_000,
            }
        }
    }
    let covered = |text: &str| {
        let plan = plan(text, Expand::Off);
        let shown = |needed: &cover::Needed<'_>| match needed.also {
            Some(also) => format!("{:?}+{also:?}", needed.term),
            None => format!("{:?}", needed.term),
        };
        cover::cover(&plan.test, &Known).map(|terms| terms.iter().map(shown).collect::<Vec<_>>().join(" "))
    };
    assert_eq!(covered("price antimony source:a").unwrap(), r#"Word("antimoni")+Word("price")"#);
    assert_eq!(covered("price source:a").unwrap(), r#"Value(Source, "a")+Word("price")"#);
    assert_eq!(covered("price (antimony OR 锑)").unwrap(), r#"Word("price")"#);
    assert_eq!(covered("source:a (antimony OR \"red ore\")").unwrap(), r#"Value(Source, "a")"#);
    assert_eq!(covered("antimony OR \"red ore\"").unwrap(), r#"Word("antimoni") Word("red")+Word("ore")"#);
    assert_eq!(covered("antimony OR 锑").unwrap(), r#"Word("antimoni") Character("锑")"#);
    assert_eq!(covered("price -antimony").unwrap(), r#"Word("price")"#);
    for always in ["", "NOT antimony", "published:2025", "antimony OR NOT 锑", "antimony OR source:*"] {
        assert_eq!(covered(always), None, "{always}");
    }
}

#[test]
fn longer_words_and_pairs_of_less_frequent_characters_are_taken_to_be_rarer() {
    let records = |text| Guess.records(&AnyTerm::Word(text));
    for (frequent, rare) in
        [("中国", "氧化"), ("氧化", "锑矿"), ("稀土", "鼹鼠"), ("tin", "antimoni"), ("中国", "antimoni")]
    {
        assert!(records(frequent) > records(rare), "{frequent} {rare}");
    }
}

/// An index with some entries; `d/0`, `d/1` and so on.
fn indexed(entries: &[Entry]) -> (Index, Writer) {
    let (index, mut writer) = Index::in_memory(&Config::default()).unwrap();
    for entry in entries {
        writer.put(entry, Instant::now()).unwrap();
    }
    writer.commit(100).unwrap();
    (index, writer)
}

fn words() -> impl Strategy<Value = String> {
    let words = vec![
        "稀土", "稀", "土", "北方", "锑", "氧化锑", "rare", "earth", "Rare-earths", "antimony", "REE", "US",
        "us", "U.S.", "2841.90", "2841", "3,834", "t", "5N", "price", "ＲＥＯ",
    ];
    prop::sample::select(words).prop_map(str::to_owned)
}

fn texts() -> impl Strategy<Value = String> {
    let joins = prop::sample::select(vec!["", " ", "，", "\n", "\n\n", ". ", "-", "（", "😀"]);
    prop::collection::vec((words(), joins), 0..10)
        .prop_map(|pieces| pieces.into_iter().map(|(word, join)| word + join).collect())
}

fn values(of: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(prop::sample::select(of).prop_map(str::to_owned), 0..3)
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let source = prop::sample::select(vec!["", "Reuters", "新华社"]);
    let date = prop::sample::select(vec!["", "2025-01-31", "2025-06-30T23:59:59+08:00", "2025-07-01"]);
    let tags =
        (values(&["antimony", "rare-earths"]), values(&["CHN", "USA"]), values(&["commodity/antimony"]));
    let entry = (texts(), texts(), source, date, tags, 0_i64..5).prop_map(
        |(title, body, source, date, (commodities, countries, entities), sequence)| Entry {
            kind: "monazite.record.v1.Document".into(),
            source: source.into(),
            language: text::language(&body).into(),
            published: civil_seconds(date),
            sequence,
            commodities,
            countries,
            entities,
            title,
            body,
            ..Entry::default()
        },
    );
    prop::collection::vec(entry, 1..6).prop_map(|mut entries| {
        for (number, entry) in entries.iter_mut().enumerate() {
            entry.name = format!("d/{number}");
        }
        entries
    })
}

fn queries() -> impl Strategy<Value = String> {
    let filters = prop::sample::select(vec![
        "source:reuters", "source:*", "kind:document", "language:zh", "commodity:锑", "country:中国",
        "entity:锑", "published:2025-06", "published:>2025-01", "published:*", "sequence:[1 TO 3]",
        "name:d/1", "*", "measure:*",
    ]);
    let leaf = prop_oneof![
        4 => words(),
        2 => (words(), words()).prop_map(|(a, b)| format!("\"{a} {b}\"")),
        1 => (words(), words()).prop_map(|(a, b)| format!("\"{a}{b}\"")),
        1 => words().prop_map(|word| format!("title:{word}")),
        1 => words().prop_map(|word| format!("body:{word}")),
        2 => filters.prop_map(str::to_owned),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} AND {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} OR {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} {b})")),
            inner.prop_map(|a| format!("NOT {a}")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// The matcher finds what the index finds, whatever it is told about rarity.
    #[test]
    fn topics_find_what_the_index_finds(
        entries in entries(),
        queries in prop::collection::vec((queries(), any::<bool>()), 1..12),
        removed in 0_usize..12,
    ) {
        let (index, _writer) = indexed(&entries);
        let snapshot = index.snapshot();
        let mut topics = Topics::new();
        let mut plans = Vec::new();
        for (number, (query, on)) in queries.iter().enumerate() {
            let plan = plan(query, if *on { Expand::On } else { Expand::Off });
            let name = format!("{number:02} {query}");
            let rarity: &dyn Rarity = if *on { &Guess } else { &snapshot };
            topics.set(&name, &plan, rarity);
            plans.push((name, plan));
        }
        if removed < plans.len() {
            let (name, _) = plans.remove(removed);
            topics.remove(&name);
        }
        let mut wanted: Vec<Vec<&str>> = vec![Vec::new(); entries.len()];
        for (name, plan) in &plans {
            let request = Request { size: 100, ..Request::new(plan) };
            for hit in snapshot.search(&request).unwrap().hits {
                wanted[hit.name[2..].parse::<usize>().unwrap()].push(name);
            }
        }
        let mut scratch = Scratch::new();
        for (entry, wanted) in entries.iter().zip(&mut wanted) {
            wanted.sort_unstable();
            prop_assert_eq!(&topics.matches(entry, &mut scratch), wanted, "{:?}", entry);
        }
    }
}

#[test]
fn an_excluded_phrase_that_stands_nowhere_excludes_nothing() {
    // tantivy 0.27 asserted against this.
    let (index, mut writer) = Index::in_memory(&Config::default()).unwrap();
    writer.put(&Entry { title: "US".into(), ..body("") }, Instant::now()).unwrap();
    writer.commit(1).unwrap();
    let plan = plan("NOT \"US US\"", Expand::Off);
    assert_eq!(index.snapshot().search(&Request::new(&plan)).unwrap().hits.len(), 1);
}

//! What is left out when the best are looked for is compared with what ranking everything gives, and phrases with tantivy's.

#![expect(clippy::unwrap_used, reason = "a test stops where its setup fails")]

use std::time::Instant;

use proptest::prelude::*;
use tantivy::collector::TopDocs;
use tantivy::query::{EnableScoring, PhraseQuery};
use tantivy::{DocAddress, DocSet as _, Score, Searcher, TERMINATED};

use super::*;
use crate::{Config, Entry, Index, Snapshot, Writer};

/// An index of titles and texts, in segments of so many.
fn indexed(texts: &[(String, String)], segment: usize) -> (Index, Writer) {
    let (index, mut writer) = Index::in_memory(&Config::default()).unwrap();
    for (sequence, (title, body)) in (1..).zip(texts) {
        let entry = Entry {
            name: format!("d/{sequence}"),
            kind: "monazite.record.v1.Document".into(),
            sequence,
            title: title.clone(),
            body: body.clone(),
            ..Entry::default()
        };
        writer.put(&entry, Instant::now()).unwrap();
        if sequence % segment as i64 == 0 {
            writer.commit(sequence).unwrap();
        }
    }
    writer.commit(texts.len() as i64).unwrap();
    (index, writer)
}

/// All that a query finds, by its scorer, the best first and those in front first among equals.
fn ranked(searcher: &Searcher, query: &dyn Query) -> Vec<(Score, DocAddress)> {
    let weight = query.weight(EnableScoring::enabled_from_searcher(searcher)).unwrap();
    let mut found = Vec::new();
    for (segment, reader) in (0..).zip(searcher.segment_readers()) {
        let mut scorer = weight.scorer(reader, 1.0).unwrap();
        while scorer.doc() != TERMINATED {
            found.push((scorer.score(), DocAddress::new(segment, scorer.doc())));
            scorer.advance();
        }
    }
    found.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    found
}

fn best(searcher: &Searcher, query: &dyn Query, count: usize) -> Vec<(Score, DocAddress)> {
    searcher.search(query, &TopDocs::with_limit(count).order_by_score()).unwrap()
}

fn has_any(text: &str) -> Test {
    Test::Has { scope: None, pattern: Pattern::of(text).unwrap() }
}

fn tantivys(field: Field, text: &str, snapshot: &Snapshot) -> PhraseQuery {
    let pattern = Pattern::of(text).unwrap();
    let terms = pattern
        .places()
        .iter()
        .map(|(place, text)| (*place as usize, Term::from_field_text(snapshot.columns().of(field), text)));
    PhraseQuery::new_with_offset(terms.collect())
}

/// Words of few and of many records, and characters inside and outside the table of frequent ones.
fn words() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        4 => Just("rare "), 4 => Just("earth "), 1 => Just("metal "), 3 => Just("稀"), 3 => Just("土"), 1 => Just("鼹"),
        1 => Just("鼠"), 1 => Just("，"), 1 => Just("锑"), 2 => Just("中国"),
    ];
    prop::collection::vec(word, 0..12).prop_map(|words| words.concat())
}

const PHRASES: [&str; 9] = [
    "rare earth", "稀土", "鼹鼠", "土鼹", "稀土中国", "中国稀土鼹", "rare earth metal", "土稀土稀",
    "earth 稀",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_best_are_those_of_all(
        texts in prop::collection::vec((words(), words()), 1..60), segment in 5..60_usize, count in 1..8_usize,
    ) {
        let (index, _writer) = indexed(&texts, segment);
        let snapshot = index.snapshot();
        let searcher = snapshot.searcher();
        let synonyms = Test::Synonyms(["锑", "稀土", "rare earth", "metal", "鼹鼠"].map(has_any).to_vec());
        for test in PHRASES.map(has_any).into_iter().chain([synonyms]) {
            let query = query(&test, snapshot.columns());
            let mut all = ranked(searcher, &*query);
            prop_assert_eq!(all.len(), searcher.search(&*query, &tantivy::collector::Count).unwrap());
            all.truncate(count);
            prop_assert_eq!(best(searcher, &*query, count), all, "{:?}", test);
        }
    }

    #[test]
    fn phrases_are_those_of_tantivy(
        texts in prop::collection::vec((words(), words()), 1..60), segment in 5..60_usize,
    ) {
        let (index, _writer) = indexed(&texts, segment);
        let snapshot = index.snapshot();
        for text in PHRASES.into_iter().filter(|text| Pattern::of(text).unwrap().as_pair().is_none()) {
            let test = Test::Has { scope: Some(Field::Body), pattern: Pattern::of(text).unwrap() };
            let ours = ranked(snapshot.searcher(), &*query(&test, snapshot.columns()));
            let theirs = ranked(snapshot.searcher(), &tantivys(Field::Body, text, &snapshot));
            prop_assert_eq!(&ours, &theirs, "{}", text);
        }
    }
}

#[test]
fn what_cannot_be_among_the_best_is_left_out() {
    // One record has the phrase often and is short; of the others, each has its words often, the phrase once at the end.
    let other = ("x".to_owned(), format!("{}鼹鼠", "鼠，鼹，".repeat(2)));
    let mut texts = vec![("x".to_owned(), "鼹鼠鼹鼠鼹鼠".to_owned())];
    texts.extend(std::iter::repeat_n(other, 20));
    let (index, _writer) = indexed(&texts, 100);
    let snapshot = index.snapshot();
    let query = query(&has_any("鼹鼠"), snapshot.columns());
    let weight = query.weight(EnableScoring::enabled_from_searcher(snapshot.searcher())).unwrap();
    let mut offered = Vec::new();
    let reader = snapshot.searcher().segment_reader(0);
    let mut offer = |doc, score| {
        offered.push(doc);
        score
    };
    weight.for_each_pruning(Score::MIN, reader, &mut offer).unwrap();
    assert_eq!(offered, [0]);
    assert_eq!(ranked(snapshot.searcher(), &*query).len(), 21);
}

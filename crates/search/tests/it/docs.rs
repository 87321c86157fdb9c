//! The examples of docs/search.md mean what it says.

use search::{Expand, Expander, Limits, Query};

const PAGE: &str = include_str!("../../../../docs/search.md");

/// The code in the first cell of each row of the table under this heading, with the second cell.
fn rows(heading: &str) -> Vec<(&'static str, &'static str)> {
    let table = PAGE.split_once(heading).unwrap().1.lines().skip_while(|line| line.starts_with("|---"));
    let rows = table.take_while(|line| line.starts_with('|'));
    rows.filter_map(|line| {
        let (query, says) = line.strip_prefix("| `")?.split_once("` | ")?;
        Some((query, says.strip_suffix(" |")?))
    })
    .collect()
}

#[test]
fn each_query_of_the_page_reads() {
    let limits = Limits::default();
    let expander = Expander::new(text::Lexicon::standard());
    let rows = rows("| query | finds |\n");
    assert!(rows.len() > 20, "{rows:?}");
    for (query, says) in rows {
        let read = Query::parse(query, &limits).unwrap_or_else(|error| panic!("{query}: {error}"));
        expander.plan(&read, Expand::On, &limits).unwrap();
        // «`x` says the same», or an example of a value.
        for (index, other) in says.split('`').skip(1).step_by(2).enumerate() {
            let same =
                says.split('`').nth(2 * index + 2).is_some_and(|text| text.starts_with(" says the same"));
            if same {
                let other = Query::parse(other, &limits).unwrap();
                let hits = |query: &Query| expander.plan(query, Expand::On, &limits).unwrap();
                let (one, other) = (hits(&read), hits(&other));
                assert!(found(&one) == found(&other) && !found(&one).is_empty(), "{query}");
            }
        }
    }
}

/// Which of some records answer.
fn found(plan: &search::Plan) -> Vec<String> {
    let texts = ["稀土出口", "antimony", "antimony price", "锑价", "Mexico"];
    let mut topics = search::Topics::new();
    topics.set("", plan, &search::Guess);
    let entry = |text: &&str| {
        let mut entry =
            search::Entry { name: (*text).into(), body: (*text).into(), ..search::Entry::default() };
        entry.tag(
            text::Lexicon::standard(),
            ["commodity/antimony", "country/MEX"].into_iter().filter(|_| *text == "Mexico"),
        );
        entry
    };
    let mut scratch = search::Scratch::new();
    let entries: Vec<search::Entry> = texts.iter().map(entry).collect();
    let answers = entries.iter().filter(|entry| !topics.matches(entry, &mut scratch).is_empty());
    answers.map(|entry| entry.name.clone()).collect()
}

#[test]
fn each_error_of_the_page_says_so() {
    let rows = rows("| query | error |\n");
    assert_eq!(rows.len(), 5);
    for (query, says) in rows {
        let error = Query::parse(query, &Limits::default()).unwrap_err().to_string();
        assert!(error.contains(says), "{query}: {error}");
    }
}

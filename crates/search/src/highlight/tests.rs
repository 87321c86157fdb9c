#![expect(clippy::unwrap_used, reason = "the queries under test are right, or the test fails")]

use std::sync::LazyLock;

use ::text::Lexicon;
use proptest::prelude::*;

use super::*;
use crate::{Expand, Expander, Limits, Query};

static EXPANDER: LazyLock<Expander> = LazyLock::new(|| Expander::new(Lexicon::standard()));

fn highlighter(query: &str, expand: Expand) -> Highlighter {
    let limits = Limits::default();
    EXPANDER.plan(&Query::parse(query, &limits).unwrap(), expand, &limits).unwrap().highlighter()
}

/// The highlights of a text without a title, in square brackets.
fn marked(query: &str, text: &str) -> String {
    let snippet = highlighter(query, Expand::On).snippet(text, 0, 10_000);
    let mut out = String::new();
    let mut at = snippet.passage.start;
    for span in snippet.highlights {
        out += &format!("{}[{}]", &text[at..span.start], &text[span.clone()]);
        at = span.end;
    }
    out + &text[at..snippet.passage.end]
}

#[test]
fn what_answers_is_highlighted_as_it_is_written() {
    let cases = [
        ("稀土", "稀土价格。Rare-Earth prices, REE", "[稀土]价格。[Rare-Earth] prices, [REE]"),
        ("北方稀土", "北方 稀土与北方的稀土", "[北方 稀土]与北方的稀土"),
        ("锑", "氧化锑、锑锭 antimony", "氧化[锑]、[锑]锭 [antimony]"),
        ("2841.90", "HS 2841.90 and 2841 90", "HS [2841.90] and 2841 90"),
        ("3834", "😀３８３４吨，3,834 t", "😀[３８３４]吨，[3,834] t"),
        ("price NOT fell", "Prices fell", "[Prices] fell"),
        ("\"氧化 镨钕\"", "氧化镨钕氧化镨钕", "[氧化镨钕氧化镨钕]"),
        ("title:锑", "锑", "锑"),
        ("language:zh", "锑", "锑"),
        ("ＲＥＯ", "REO ＲＥＯ", "[REO] [ＲＥＯ]"),
    ];
    for (query, text, wanted) in cases {
        assert_eq!(marked(query, text), wanted, "{query}");
    }
}

#[test]
fn the_title_has_its_own_spans() {
    let text = "锑价\n锑价上涨";
    let snippet = highlighter("锑", Expand::Off).snippet(text, 6, 100);
    assert!(snippet.title.iter().eq([&(0..3)]), "{:?}", snippet.title);
    assert!(snippet.highlights.iter().eq([&(7..10)]), "{:?}", snippet.highlights);
    assert_eq!(snippet.passage, 7..19);
}

#[test]
fn the_passage_is_where_most_is_said() {
    let dull = "Nothing happens here at all. ".repeat(20);
    let text = format!("{dull}Antimony is quiet. {dull}Antimony and gallium prices rose. The end.");
    let snippet = highlighter("antimony gallium", Expand::Off).snippet(&text, 0, 60);
    assert_eq!(&text[snippet.passage], "Antimony and gallium prices rose. The end.");
    let long = format!("{} 锑 {}", "字".repeat(500), "字".repeat(500));
    let snippet = highlighter("锑", Expand::Off).snippet(&long, 0, 90);
    assert!(snippet.passage.len() <= 90 && snippet.highlights.len() == 1, "{snippet:?}");
    let none = highlighter("锗", Expand::Off).snippet(&text, 0, 30);
    assert_eq!(&text[none.passage], "Nothing happens here at all.");
}

#[test]
fn a_long_sentence_is_cut_between_words() {
    let dull = "some dull remark that nobody has asked about and ".repeat(4);
    let text = format!("{dull}antimony prices of 3,834 dollars {dull}end.");
    let finder = highlighter("antimony", Expand::Off);
    for longest in 20..150 {
        let snippet = finder.snippet(&text, 0, longest);
        let words: Vec<&str> = text.split(' ').collect();
        let passage = &text[snippet.passage.clone()];
        assert!(passage.split(' ').all(|word| words.contains(&word)), "{longest}: {passage}");
        assert!(passage.contains("antimony"), "{longest}: {passage}");
    }
    let dull = "另外还有许多没有人问起的话，".repeat(6);
    let text = format!("{dull}其中锑价上涨到3834吨{dull}完。");
    let snippet = highlighter("锑", Expand::Off).snippet(&text, 0, 120);
    let passage = &text[snippet.passage];
    assert!(passage.starts_with("其中锑价上涨到3834吨"), "{passage}");
}

proptest! {
    #[test]
    fn spans_lie_in_any_text(text in "\\PC{0,200}", query in "[稀土锑a-c]{1,6}", title in 0_usize..40, longest in 0_usize..80) {
        let snippet = highlighter(&query, Expand::On).snippet(&text, title, longest);
        prop_assert!(snippet.passage.len() <= longest);
        prop_assert!(text.get(snippet.passage.clone()).is_some());
        for span in snippet.title.iter().chain(&snippet.highlights) {
            prop_assert!(text.get(span.clone()).is_some_and(|quote| !quote.is_empty()));
        }
        for span in &snippet.highlights {
            prop_assert!(snippet.passage.start <= span.start && span.end <= snippet.passage.end);
        }
    }
}

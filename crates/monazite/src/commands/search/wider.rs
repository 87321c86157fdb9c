//! What would widen a question that nothing answers, each way tried.

use api::search::QueryRequest;

use super::compose::Composed;
use crate::fit::flat;
use crate::grpc::Client;

/// Words of a question that are tried by themselves.
const WORDS: usize = 8;

/// Sentences that say which question would have been answered. An error here is none of the user's: then nothing is said.
pub(super) async fn suggestions(
    client: &Client,
    query: &str,
    literal: bool,
    composed: &Composed,
) -> Vec<String> {
    if let Ok(status) = client.search_status().await
        && status.records == 0
    {
        return vec!["nothing is indexed yet; bring documents in with `monazite import`".to_owned()];
    }
    let mut lines = Vec::new();
    if literal && let Some(count) = count(client, &composed.query, false).await.filter(|count| *count > 0) {
        lines.push(format!("without --literal: {count}"));
    }
    for (filter, (_, given)) in composed.filters.iter().enumerate() {
        let wider = composed.without(filter);
        if let Some(count) = count(client, &wider, literal).await.filter(|count| *count > 0) {
            lines.push(match given.as_str() {
                "" => format!("--kind all finds {count} other records"),
                given => format!("without {}: {count}", flat(given)),
            });
        }
    }
    let words = alone(query);
    let mut counts = Vec::new();
    for word in &words {
        let Some(count) = count(client, &composed.with_words(word), literal).await else { continue };
        counts.push(format!("{} {count}", flat(word)));
    }
    if !counts.is_empty() {
        lines.push(format!("each word alone: {}; OR between words finds either", counts.join(" · ")));
    }
    lines
}

/// The words of a question that has nothing but words, if there are several.
fn alone(query: &str) -> Vec<&str> {
    let words: Vec<&str> = query.split_whitespace().collect();
    let plain = |word: &&str| {
        !matches!(*word, "AND" | "OR" | "NOT")
            && !word.starts_with('-')
            && !word
                .contains(['"', '(', ')', ':', '“', '”', '„', '＂', '「', '『', '«', '（', '）', '：', '*'])
    };
    if words.len() < 2 || words.len() > WORDS || !words.iter().all(plain) { Vec::new() } else { words }
}

async fn count(client: &Client, query: &str, literal: bool) -> Option<i64> {
    let request =
        QueryRequest { query: query.to_owned(), literal, page_size: 1, count: true, ..Default::default() };
    client.query(request).await.ok()?.total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_words_are_tried_alone() {
        assert_eq!(alone("稀土 出口 ban"), ["稀土", "出口", "ban"]);
        for query in
            ["稀土", "\"export ban\"", "a OR b", "a -b", "title:a b", "a (b)", "", "a b c d e f g h i"]
        {
            assert!(alone(query).is_empty(), "{query}");
        }
    }
}

//! What a change is against, as far as its own clause says it.

use api::record::{Document, FindingKind, Period, ReasonCode, Relation};
use compare::{Item, Shared, Source, Told, reconcile, statements};
use text::{Context, Reader};

/// The statements of a text with a change; all have one fact, so that they meet.
fn told(source: &str, text: &str) -> Vec<Item> {
    let context = Context { published: "2025-03-20".parse().ok(), ..Context::default() };
    let mentions = Reader::standard().read(text, &context);
    let name = format!("documents/{}", source.to_lowercase().replace(' ', "-"));
    let document = Document {
        source: source.to_owned(),
        text: text.to_owned(),
        published: Some(Period { start: "2025-03-20".to_owned(), ..Period::default() }),
        ..Document::default()
    };
    let claims: Vec<Told> = Reader::standard()
        .claims(text, 0, &mentions)
        .iter()
        .map(|claim| Told {
            name: format!("claims/{name}-{}", claim.start_byte),
            claim: text_record::claim(&name, claim),
            sentence: claim.sentence.clone(),
            fact: Some("fact".to_owned()),
        })
        .filter(|told| !told.claim.changes.is_empty())
        .collect();
    let mentions: Vec<_> = mentions.iter().map(text_record::mention).collect();
    statements(&Source { name: &name, document: &document, mentions: &mentions, story: None }, &claims)
}

/// How the base of each change lies to its time, and the words for it.
fn bases(text: &str) -> Vec<(Relation, String)> {
    let items = told("Sample Post", text);
    let changes = items.iter().flat_map(|item| &item.statement.changes);
    changes
        .map(|change| {
            let words = change.base.as_ref().map(|word| word.words.clone()).unwrap_or_default();
            (change.relation(), words)
        })
        .collect()
}

#[test]
fn a_stated_base_is_never_replaced() {
    for text in [
        "Full year 2024 net profit rose 12.3% year on year.",
        "去年全年产量12.7万吨，同比增长12.3%。",
        "去年全年铜产量12.7万吨，同比增长12.3%，高于预期。",
        "Last year's total copper output was 127,000 t, up 12.3% year on year.",
        "Last year's total copper output was 127,000 t, up 12.3% year on year, above analysts' forecast.",
    ] {
        assert_eq!(bases(text), [(Relation::YearOnYear, String::new())], "{text}");
    }
}

#[test]
fn what_another_clause_is_above_is_no_base() {
    for text in [
        "Copper output in 2024 was 127,000 t, up 12.3%, above analysts' forecast.",
        "2024年铜产量12.7万吨，增长12.3%，高于预期。",
        "Copper output rose 12.3% over the full year 2024.",
    ] {
        assert_eq!(bases(text), [(Relation::Unspecified, String::new())], "{text}");
    }
}

#[test]
fn what_a_change_is_compared_with_is_its_base() {
    for (text, words) in [
        ("5月铜产量较去年全年增长12%。", "全年"),
        ("5月铜产量较去年月均增长12%。", "月均"),
        ("Copper output in February 2025 rose 12% from last year's monthly average.", "monthly average"),
        ("Copper output in 2024 was 7% above plan.", "plan"),
    ] {
        assert_eq!(bases(text), [(Relation::Unspecified, words.to_owned())], "{text}");
    }
}

#[test]
fn one_change_with_its_base_and_without_is_no_contradiction() {
    let plain = told("Example Metals", "2024年紫金矿业净利润同比增长12.3%。");
    assert_eq!(plain.len(), 1);
    for text in [
        "Full year 2024 net profit of Zijin Mining rose 12.3% year on year.",
        "2024年紫金矿业全年净利润增长12.3%，高于预期。",
        "Net profit of Zijin Mining in 2024 was up 12.3%, above analysts' forecast.",
    ] {
        let mut items = told("Sample Post", text);
        assert_eq!(items.len(), 1, "{text}");
        items.extend(plain.clone());
        let found = reconcile(&items, Shared::Fact("fact"));
        let against = |reason| {
            found.iter().any(|found| {
                found.finding.kind() == FindingKind::Contradiction && found.finding.reason() == reason
            })
        };
        assert!(!against(ReasonCode::ComparisonBase), "{text}: {found:?}");
    }
}

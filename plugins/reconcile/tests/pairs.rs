//! Pairs of made-up texts in both languages (`pairs.tsv`, `hard.tsv`, `fresh.tsv`): what contradicts each other is found with its reason, and no two texts that tell
//! two things, however alike their digits, raise an alarm.

use std::error::Error;

use compare::{Found, Item, Shared, Source, Told};
use plugin_sdk::record::{Document, FindingKind, Period, Precision, StoryMembership};
use text::{Context, Reader};

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// The title of every text, which says nothing.
const TITLE: &str = "Brief";

const PAIRS: &str = concat!(include_str!("pairs.tsv"), include_str!("hard.tsv"), include_str!("fresh.tsv"));

/// The statements of a text, as a voice of its own in one story.
fn statements(name: &str, source: &str, day: &str, text: &str) -> Result<Vec<Item>> {
    let text = format!("{TITLE}\n{text}");
    let text = text.as_str();
    let reader = Reader::standard();
    let mentions = reader.read(text, &Context { published: Some(day.parse()?), ..Context::default() });
    let told: Vec<Told> = reader
        .claims(text, TITLE.len(), &mentions)
        .iter()
        .enumerate()
        .map(|(index, claim)| Told {
            name: format!("claims/{name}-{index}"),
            claim: text_record::claim(name, claim),
            sentence: claim.sentence.clone(),
            fact: claim.keys.fact.clone(),
        })
        .collect();
    let published = Period { start: day.to_owned(), end: String::new(), precision: Precision::Day.into() };
    let document = Document {
        source: source.to_owned(),
        title_bytes: u32::try_from(TITLE.len())?,
        text: text.to_owned(),
        language: text::language(text).to_owned(),
        published: Some(published),
        ..Document::default()
    };
    let membership = StoryMembership {
        document: name.to_owned(),
        story: "stories/one".to_owned(),
        voice: u32::from(name.ends_with('b')),
        voices: 2,
    };
    let mentions: Vec<_> = mentions.iter().map(text_record::mention).collect();
    Ok(compare::statements(
        &Source { name, document: &document, mentions: &mentions, story: Some(&membership) },
        &told,
    ))
}

/// Kind and reason of what is found between two texts.
fn found(items: &[Item]) -> Vec<(FindingKind, String)> {
    let same_fact = |one: &&Item, fact: &String| one.fact.as_ref() == Some(fact);
    let mut findings: Vec<Found> = compare::reconcile(items, Shared::Story("stories/one"));
    if let Some(fact) = items.first().and_then(|item| item.fact.clone()) {
        let group: Vec<Item> = items.iter().filter(|item| same_fact(item, &fact)).cloned().collect();
        findings.extend(compare::reconcile(&group, Shared::Fact(&fact)));
    }
    let reason = |found: &Found| {
        let name = found.finding.reason().as_str_name().trim_start_matches("REASON_CODE_");
        name.to_lowercase().replace('_', "-")
    };
    findings.iter().map(|found| (found.finding.kind(), reason(found))).collect()
}

#[test]
fn a_value_and_its_change_of_one_shifted_period_are_one_finding() -> Result {
    let told = "China exported 87.6 tons of antimony oxide in June 2025, down 88% from a year earlier.";
    let copy = told.replace("2025", "2024");
    let mut items = statements("a", "one", "2025-07-18", told)?;
    items.extend(statements("b", "other", "2025-07-19", &copy)?);
    let found: Vec<String> = found(&items).into_iter().map(|(_, reason)| reason).collect();
    assert_eq!(found, ["period-shifted"]);
    Ok(())
}

#[test]
fn contradictions_are_found_and_different_things_are_left_alone() -> Result {
    let mut wrong = Vec::new();
    let (mut contradictions, mut quiet) = (0, 0);
    for line in PAIRS.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let &[kind, reason, source, day, text, other_source, other_day, other_text] = fields.as_slice()
        else {
            return Err(format!("a line needs eight fields: {line}").into());
        };
        let mut items = statements("documents/a", source, day, text)?;
        items.extend(statements("documents/b", other_source, other_day, other_text)?);
        let said = found(&items);
        let alarm = said.iter().any(|(kind, _)| *kind == FindingKind::Contradiction);
        let right = match kind {
            "contradict" => said.contains(&(FindingKind::Contradiction, reason.to_owned())),
            "not-comparable" => !alarm && said.is_empty(),
            "quiet" => !alarm,
            "agree" | "round" => !alarm && !said.is_empty(),
            _ => return Err(format!("no kind: {kind}").into()),
        };
        contradictions += usize::from(kind == "contradict");
        quiet += usize::from(matches!(kind, "not-comparable" | "quiet"));
        if !right {
            wrong.push(format!("{kind} {reason}: {text} / {other_text}\n  {said:?}"));
        }
    }
    assert!(contradictions >= 40 && quiet >= 200, "{contradictions} {quiet}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

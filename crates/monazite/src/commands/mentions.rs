//! `monazite facts --mentions`: every number that was read, with what its sentence names, whether a claim was read in it or not.

use std::ops::Range;

use anyhow::{Context as _, Result};
use api::record::{Doubt, Layer, Mention, MentionKind};
use prost::{Message as _, Name as _};
use serde_json::{Value, json};

use crate::cli::FactsArgs;
use crate::commands::facts::{figure, qualifier};
use crate::commands::print;
use crate::failure::{Failure, Kind};
use crate::grpc::{Client, Listed};
use crate::names::{self, Wanted};
use crate::output::{Cell, Listing, column};
use crate::view::{View, document_name, short};

/// One number and its sentence.
struct Fact<'a> {
    view: &'a View,
    mention: &'a Mention,
    sentence: Range<usize>,
    /// Entities of the sentence, in order, each once.
    entities: Vec<&'a Mention>,
    /// Times of the sentence, in order.
    times: Vec<&'a Mention>,
}

pub(super) async fn run(client: &Client, args: &FactsArgs) -> Result<()> {
    let kinds = kinds(&args.kind)?;
    let lexicon = names::lexicon(&args.lexicon)?;
    let subject = args.subject.as_deref().map(|words| Wanted::new(&lexicon, words, None));
    let at_sequence = client.sequence(args.at.as_of).await?;
    let mut keys = Vec::new();
    if let Some(id) = &args.document {
        keys.push(format!("document={}", document_name(client, id, at_sequence).await?));
    }
    let mut listing = Listing::new(&[
        column("VALUE", "value").right(),
        column("NAMED BESIDE IT", "entities").shrinks_to(30),
        column("TIME", "times").shrinks_to(20),
        column("SOURCE", "source").shrinks_to(20),
        column("DOCUMENT", "document"),
        column("QUOTE", "fact").shrinks(),
    ]);
    let limit = if args.limit == 0 { usize::MAX } else { args.limit };
    let mut more = false;
    let listed =
        Listed { kind: &Layer::full_name(), keys, newest_first: true, at_sequence, ..Default::default() };
    client
        .each(listed, async |records| {
            let layers: Vec<Layer> =
                records.iter().map(|r| Layer::decode(r.body.clone())).collect::<Result<_, _>>()?;
            let names: Vec<String> = layers.iter().map(|l| l.document.clone()).collect();
            let documents = client.batch_get_at(&names, at_sequence).await?;
            for layer in &layers {
                // A document that was retracted a moment ago has no facts any more.
                let Some(record) = documents.iter().find(|d| d.name == layer.document) else { continue };
                let view = View::new(record)?;
                for fact in facts(&view, layer, &kinds).filter(|fact| wanted(fact, args, subject.as_ref())) {
                    if listing.len() == limit {
                        more = true;
                        return Ok(false);
                    }
                    listing.row(row(&fact)?);
                }
            }
            Ok(true)
        })
        .await?;
    let count = listing.len();
    listing.note(match (count, more) {
        (0, _) => "no numbers; is something imported, and what does `monazite status` say?".to_owned(),
        (_, true) => format!("the first {count} numbers · --limit 0 lists all"),
        _ => format!("{count} numbers · beside each stands what its own sentence names"),
    });
    print(|mut out| listing.print(args.list.output, &mut out))
}

fn kinds(words: &[String]) -> Result<Vec<MentionKind>> {
    words
        .iter()
        .map(|word| match word.as_str() {
            "quantity" => Ok(MentionKind::Quantity),
            "percent" => Ok(MentionKind::Percent),
            "number" => Ok(MentionKind::Number),
            _ => Err(Failure::new(
                Kind::Usage,
                format!("`{word}` is no kind of fact; there are quantity, percent and number"),
            )
            .into()),
        })
        .collect()
}

/// Facts of a document, in the order of its text.
fn facts<'a>(view: &'a View, layer: &'a Layer, kinds: &'a [MentionKind]) -> impl Iterator<Item = Fact<'a>> {
    let sentences: Vec<Range<usize>> = text::sentences(&view.document.text).collect();
    let span = |m: &Mention| m.start_byte as usize..m.end_byte as usize;
    layer.mentions.iter().filter(|m| kinds.contains(&m.kind())).filter_map(move |mention| {
        let at = span(mention);
        let sentence =
            sentences.iter().find(|s| s.start <= at.start && at.end <= s.end).cloned().unwrap_or(at);
        view.document.text.get(sentence.clone())?;
        let beside = |kind: MentionKind| {
            let sentence = sentence.clone();
            layer.mentions.iter().filter(move |m| {
                m.kind() == kind && sentence.start <= span(m).start && span(m).end <= sentence.end
            })
        };
        let mut entities: Vec<&Mention> = Vec::new();
        for entity in beside(MentionKind::Entity) {
            if entities.iter().all(|e| e.entity != entity.entity) {
                entities.push(entity);
            }
        }
        let times = beside(MentionKind::Time).collect();
        Some(Fact { view, mention, sentence, entities, times })
    })
}

fn wanted(fact: &Fact<'_>, args: &FactsArgs, subject: Option<&Wanted>) -> bool {
    let text = &fact.view.document.text;
    let unit = args.unit.as_ref().is_none_or(|unit| *unit == fact.mention.unit);
    let source = args
        .source
        .as_ref()
        .is_none_or(|words| fact.view.document.source.to_lowercase().contains(&words.to_lowercase()));
    let subject =
        subject.is_none_or(|wanted| fact.entities.iter().any(|e| wanted.is(&e.entity, quote(text, e))));
    unit && source && subject
}

fn row(fact: &Fact<'_>) -> Result<Vec<Cell>> {
    let text = &fact.view.document.text;
    let quotes =
        |mentions: &[&Mention]| mentions.iter().map(|m| quote(text, m)).collect::<Vec<_>>().join(", ");
    let named: Vec<Value> =
        fact.entities.iter().map(|m| json!({"id": m.entity, "quote": quote(text, m)})).collect();
    let times: Vec<Value> = fact
        .times
        .iter()
        .map(|m| {
            let period = m.time.as_ref();
            json!({
                "start": period.map(|p| p.start.as_str()),
                "end": period.map(|p| p.end.as_str()),
                "quote": quote(text, m),
            })
        })
        .collect();
    let sentence = text.get(fact.sentence.clone()).context("a sentence lies in its text")?;
    Ok(vec![
        Cell::new(shown(fact.mention), value(fact.mention)),
        Cell::new(quotes(&fact.entities), named),
        Cell::new(quotes(&fact.times), times),
        Cell::new(
            format!("{} {}", fact.view.source(), fact.view.published().get(5..10).unwrap_or_default()),
            fact.view.json(),
        ),
        Cell::new(short(&fact.view.name), fact.view.name.as_str()),
        Cell::new(
            sentence,
            json!({
                "start_byte": fact.mention.start_byte,
                "end_byte": fact.mention.end_byte,
                "quote": quote(text, fact.mention),
                "sentence": {"start_byte": fact.sentence.start, "end_byte": fact.sentence.end, "quote": sentence},
            }),
        )
        .around(within(fact.mention, &fact.sentence)),
    ])
}

/// Where a number stands in its sentence.
fn within(mention: &Mention, sentence: &Range<usize>) -> Range<usize> {
    mention.start_byte as usize - sentence.start..mention.end_byte as usize - sentence.start
}

fn quote<'t>(text: &'t str, mention: &Mention) -> &'t str {
    text.get(mention.start_byte as usize..mention.end_byte as usize).unwrap_or_default()
}

/// A value as programs see it.
fn value(mention: &Mention) -> Value {
    let given = |text: &String| (!text.is_empty()).then(|| text.clone());
    json!({
        "kind": mention.kind().as_str_name().trim_start_matches("MENTION_KIND_").to_ascii_lowercase(),
        "value": given(&mention.value),
        "low": given(&mention.low),
        "high": given(&mention.high),
        "unit": given(&mention.unit),
        "qualifier": qualifier(mention.qualifier()),
        "doubt": doubt(mention).map(|word| word.replace(' ', "_")),
    })
}

/// A value as people see it: `19,109 CNY/t`, `over 3,800 t`.
pub(crate) fn shown(mention: &Mention) -> String {
    let value = figure(&mention.value, &mention.low, &mention.high, &mention.unit);
    match qualifier(mention.qualifier()) {
        Some(word) if !value.is_empty() => format!("{word} {value}"),
        _ => value,
    }
}

/// Why a mention is to be taken with care: `backward range`, `no such date`.
pub(crate) fn doubt(mention: &Mention) -> Option<String> {
    let doubt = mention.doubt();
    let word = doubt.as_str_name().trim_start_matches("DOUBT_").to_ascii_lowercase().replace('_', " ");
    (doubt != Doubt::Unspecified).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stands_behind_its_qualifier() {
        let qualifier = api::record::Qualifier::Over.into();
        let mention = Mention { value: "3800".into(), unit: "t".into(), qualifier, ..Default::default() };
        assert_eq!(shown(&mention), "over 3,800 t");
        assert_eq!(shown(&Mention { qualifier, ..Default::default() }), "");
        assert_eq!(doubt(&mention), None);
        let backward = Mention { doubt: Doubt::BackwardRange.into(), ..mention };
        assert_eq!(doubt(&backward).as_deref(), Some("backward range"));
    }

    #[test]
    fn a_fact_knows_its_sentence_and_who_is_named_in_it() {
        let text = "Copper fell. Tin rose 2% in June. Zinc held.";
        let at = |needle: &str| {
            let start = u32::try_from(text.find(needle).unwrap_or_default()).unwrap_or_default();
            (start, start + u32::try_from(needle.len()).unwrap_or_default())
        };
        let make = |needle: &str, kind: MentionKind, entity: &str| Mention {
            kind: kind.into(),
            start_byte: at(needle).0,
            end_byte: at(needle).1,
            entity: entity.into(),
            ..Default::default()
        };
        let layer = Layer {
            document: "documents/a".into(),
            mentions: vec![
                make("Copper", MentionKind::Entity, "commodity/copper"),
                make("Tin", MentionKind::Entity, "commodity/tin"),
                make("2%", MentionKind::Percent, ""),
                make("June", MentionKind::Time, ""),
            ],
        };
        let document = api::record::Document { text: text.into(), ..Default::default() };
        let view = View { name: "documents/a".into(), document };
        let kinds = [MentionKind::Percent];
        let found: Vec<_> = facts(&view, &layer, &kinds).collect();
        assert_eq!(found.len(), 1);
        assert_eq!(&text[found[0].sentence.clone()], "Tin rose 2% in June.");
        assert_eq!(
            found[0].entities.iter().map(|m| m.entity.as_str()).collect::<Vec<_>>(),
            ["commodity/tin"]
        );
        assert_eq!(found[0].times.len(), 1);
    }
}

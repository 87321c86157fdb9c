//! `monazite facts`: numbers with the sentences that say them.

use std::collections::BTreeSet;
use std::ops::Range;

use anyhow::{Context as _, Result};
use api::record::{Layer, Mention, MentionKind, Qualifier};
use prost::{Message as _, Name as _};
use serde_json::{Value, json};

use crate::cli::FactsArgs;
use crate::commands::print;
use crate::failure::{Failure, Kind};
use crate::grpc::{Client, Listed};
use crate::output::{Cell, Listing, column};
use crate::view::{View, document_name, short};

/// Characters of the sentence that are shown before the number.
const CONTEXT: usize = 36;

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
    let entity = args.entity.as_deref().map(Wanted::new);
    let mut keys = Vec::new();
    if let Some(id) = &args.document {
        keys.push(format!("document={}", document_name(client, id, 0).await?));
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
    let listed = Listed { kind: &Layer::full_name(), keys, newest_first: true, ..Default::default() };
    client
        .each(listed, async |records| {
            let layers: Vec<Layer> =
                records.iter().map(|r| Layer::decode(r.body.clone())).collect::<Result<_, _>>()?;
            let names: Vec<String> = layers.iter().map(|l| l.document.clone()).collect();
            let documents = client.batch_get(&names).await?;
            for layer in &layers {
                // A document that was retracted a moment ago has no facts any more.
                let Some(record) = documents.iter().find(|d| d.name == layer.document) else { continue };
                let view = View::new(record)?;
                for fact in facts(&view, layer, &kinds).filter(|fact| wanted(fact, args, entity.as_ref())) {
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
        (0, _) => "no facts; is something imported, and what does `monazite status` say?".to_owned(),
        (_, true) => format!("the first {count} facts · --limit 0 lists all"),
        _ => format!("{count} facts · beside each stands what its own sentence names"),
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

/// An entity that a sentence has to name: in either language, and with all that is a kind or a part of it.
struct Wanted {
    words: String,
    ids: BTreeSet<String>,
}

impl Wanted {
    fn new(words: &str) -> Self {
        let lexicon = text::Lexicon::standard();
        let context = text::Context { kinds: text::Kinds::of(&[text::Kind::Entity]), ..Default::default() };
        let mentions = text::Reader::standard().read(words, &context);
        let whole = mentions.into_iter().filter(|m| m.quote.len() == words.trim().len()).filter_map(|m| m.id);
        let mut ids: BTreeSet<String> = whole.collect();
        ids.insert(words.to_owned());
        // Kinds of kinds too; the lexicon refuses cycles, so this comes to an end.
        loop {
            let kinds = lexicon.entries().iter().filter(|e| e.family.iter().any(|f| ids.contains(f)));
            let more: Vec<String> = kinds.map(|e| e.id.clone()).filter(|id| !ids.contains(id)).collect();
            if more.is_empty() {
                return Self { words: words.to_owned(), ids };
            }
            ids.extend(more);
        }
    }

    fn is(&self, id: &str, quote: &str) -> bool {
        self.ids.contains(id) || quote.eq_ignore_ascii_case(&self.words)
    }
}

fn wanted(fact: &Fact<'_>, args: &FactsArgs, entity: Option<&Wanted>) -> bool {
    let text = &fact.view.document.text;
    let unit = args.unit.as_ref().is_none_or(|unit| *unit == fact.mention.unit);
    let source = args
        .source
        .as_ref()
        .is_none_or(|words| fact.view.document.source.to_lowercase().contains(&words.to_lowercase()));
    let entity =
        entity.is_none_or(|wanted| fact.entities.iter().any(|e| wanted.is(&e.entity, quote(text, e))));
    unit && source && entity
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
            format!("«{}»", excerpt(sentence, fact.mention.start_byte as usize - fact.sentence.start)),
            json!({
                "start_byte": fact.mention.start_byte,
                "end_byte": fact.mention.end_byte,
                "quote": quote(text, fact.mention),
                "sentence": {"start_byte": fact.sentence.start, "end_byte": fact.sentence.end, "quote": sentence},
            }),
        ),
    ])
}

/// The sentence from a little before the number on, so that a narrow screen still shows it.
fn excerpt(sentence: &str, number: usize) -> String {
    let before = &sentence[..number];
    let context = before.char_indices().rev().nth(CONTEXT).map_or(0, |(index, _)| index);
    // Not in the middle of a Latin word.
    let start = match before[context..].find(' ') {
        _ if context == 0 => 0,
        Some(space) if before[context..context + space].is_ascii() => context + space + 1,
        _ => context,
    };
    if start == 0 { sentence.to_owned() } else { format!("… {}", &sentence[start..]) }
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
        "qualifier": qualifier(mention),
    })
}

fn qualifier(mention: &Mention) -> Option<&'static str> {
    Some(match mention.qualifier() {
        Qualifier::Unspecified => return None,
        Qualifier::About => "about",
        Qualifier::Nearly => "nearly",
        Qualifier::Over => "over",
        Qualifier::AtLeast => "at least",
        Qualifier::Under => "under",
        Qualifier::AtMost => "at most",
    })
}

/// A value as people see it: `19,109 CNY/t`, `over 3,800 t`, `900,000,000–960,000,000 CNY`.
pub(crate) fn shown(mention: &Mention) -> String {
    let number = match (mention.value.as_str(), mention.low.as_str(), mention.high.as_str()) {
        ("", "", "") => return String::new(),
        ("", low, "") => format!("≥ {}", grouped(low)),
        ("", "", high) => format!("≤ {}", grouped(high)),
        ("", low, high) => format!("{}–{}", grouped(low), grouped(high)),
        (value, ..) => grouped(value),
    };
    let unit = match mention.unit.as_str() {
        "" => String::new(),
        "[pp]" => " points".to_owned(),
        "{multiple}" => "×".to_owned(),
        "{share}" => " shares".to_owned(),
        unit => format!(" {unit}"),
    };
    let qualifier = qualifier(mention).map(|word| format!("{word} ")).unwrap_or_default();
    format!("{qualifier}{number}{unit}")
}

/// Groups the digits before the decimal point by three.
fn grouped(decimal: &str) -> String {
    let (sign, digits) = decimal.strip_prefix('-').map_or(("", decimal), |rest| ("−", rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    let mut text = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mention(value: &str, low: &str, high: &str, unit: &str) -> Mention {
        Mention {
            value: value.into(),
            low: low.into(),
            high: high.into(),
            unit: unit.into(),
            ..Default::default()
        }
    }

    #[test]
    fn values_read_as_in_print() {
        assert_eq!(shown(&mention("19109", "", "", "CNY/t")), "19,109 CNY/t");
        assert_eq!(shown(&mention("", "900000000", "960000000", "CNY")), "900,000,000–960,000,000 CNY");
        assert_eq!(shown(&mention("-1.92", "", "", "%")), "−1.92 %");
        assert_eq!(shown(&mention("", "1000", "", "t")), "≥ 1,000 t");
        assert_eq!(shown(&mention("0.5", "", "", "[pp]")), "0.5 points");
        assert_eq!(shown(&mention("2", "", "", "{multiple}")), "2×");
    }

    #[test]
    fn an_entity_is_found_in_either_language_and_with_its_kinds() {
        let wanted = Wanted::new("锑");
        assert!(wanted.is("commodity/antimony", "antimony"));
        assert!(wanted.is("commodity/antimony-oxide", "antimony oxide"));
        assert!(!wanted.is("commodity/rare-earths", "稀土"));
        assert!(Wanted::new("commodity/antimony").is("commodity/antimony-oxide", "氧化锑"));
        assert!(Wanted::new("no such thing").is("", "No such thing"));
    }

    #[test]
    fn an_excerpt_shows_the_number() {
        let sentence = "The copper market is experiencing a slight price decline, with LME copper down 1.92%";
        assert_eq!(excerpt(sentence, 79), "… price decline, with LME copper down 1.92%");
        assert_eq!(excerpt("Tin rose 2%", 9), "Tin rose 2%");
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

//! Labels of a feed that is not ours to copy: they name its documents by their numbers, and hold no text but short quotes.

use std::collections::BTreeMap;
use std::path::Path;

use api::record::Document;
use intake::{Item, Options, Source};
use prost::Message as _;
use serde_json::{Map, Value};

use super::gold::Labelled;
use super::load::{self, LoadError};
use super::names::Names;

/// The documents of a feed with the labels of a file. A line is as in a set, with the document's number `entry` in place of `id`,
/// `text` and `title_bytes`; names are not labelled among its mentions.
///
/// # Errors
/// Every label that cannot be taken, in one go.
pub(super) fn load(labels: &Path, feed: &Path, names: &Names) -> Result<Vec<Labelled>, Vec<LoadError>> {
    let told = |line: usize, field: &str, problem: String| LoadError {
        file: labels.display().to_string(),
        line,
        field: field.to_owned(),
        problem,
    };
    let documents = documents(feed).map_err(|problem| vec![told(0, "entry", problem)])?;
    let content =
        std::fs::read_to_string(labels).map_err(|error| vec![told(0, "file", error.to_string())])?;
    let (mut texts, mut errors) = (Vec::new(), Vec::new());
    for (number, line) in (1..).zip(content.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        match whole(line, &documents) {
            Err(problem) => errors.push(told(number, "entry", problem)),
            Ok(line) => match load::line(&line, names) {
                Ok(labelled) => texts.push(Labelled { names: false, ..labelled }),
                Err(problems) => {
                    errors.extend(problems.into_iter().map(|(field, problem)| told(number, &field, problem)));
                }
            },
        }
    }
    if errors.is_empty() { Ok(texts) } else { Err(errors) }
}

/// Texts and lengths of titles by number in the feed.
fn documents(feed: &Path) -> Result<BTreeMap<u64, (String, u32)>, String> {
    let mut documents = BTreeMap::new();
    for item in intake::read(Source::path(feed), &Options::default()) {
        match item {
            Item::Document(entry) => {
                let document = Document::decode(entry.record.body).map_err(|error| error.to_string())?;
                documents.insert(entry.number, (document.text, document.title_bytes));
            }
            Item::Refused(refusal) => {
                return Err(format!("the feed has a document that cannot be read: {refusal:?}"));
            }
            Item::Membership(_) | Item::Skipped(_) | Item::Notice(_) => {}
        }
    }
    Ok(documents)
}

/// A line with what it leaves to the feed.
fn whole(line: &str, documents: &BTreeMap<u64, (String, u32)>) -> Result<String, String> {
    let mut line: Map<String, Value> = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let number = line.remove("entry").and_then(|number| number.as_u64()).ok_or("it names no document")?;
    let (text, title_bytes) =
        documents.get(&number).ok_or_else(|| format!("the feed has no document {number}"))?;
    line.insert("id".to_owned(), format!("document {number}").into());
    line.insert("text".to_owned(), text.as_str().into());
    line.insert("title_bytes".to_owned(), (*title_bytes).into());
    serde_json::to_string(&line).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use text::Lexicon;

    use super::*;

    #[test]
    fn labels_name_documents_of_a_feed() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let (feed, labels) = (folder.path().join("feed.txt"), folder.path().join("labels.jsonl"));
        std::fs::write(&feed, "铜价上涨\nHouse News· 2025-07-13 16:09\n铜价涨至9663美元/吨。\n")?;
        let names = Names::new(Lexicon::standard());
        let label = |entry: u32, quote: &str| {
            format!(
                r#"{{"entry":{entry},"language":"zh","genre":"feed","published":"2025-07-13","mentions":[["{quote}","quantity","9663 USD/t"]],"claims":[]}}"#
            )
        };
        std::fs::write(&labels, label(1, "9663美元/吨"))?;
        let texts = load(&labels, &feed, &names).map_err(|errors| format!("{errors:?}"))?;
        assert_eq!((texts.len(), texts[0].names, texts[0].mentions.len()), (1, false, 1));
        for (line, wanted) in [
            (label(2, "9663美元/吨"), "the feed has no document 2"),
            (label(1, "9664美元"), "the text has no «9664美元»"),
        ] {
            std::fs::write(&labels, line)?;
            let errors = load(&labels, &feed, &names).err().unwrap_or_default();
            assert!(errors.iter().any(|error| error.to_string().contains(wanted)), "{errors:?}");
        }
        Ok(())
    }
}

//! Reads the labelled texts and refuses what `eval/guideline.md` does not allow, with its place.

use std::ops::Range;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};
use text::Kind;

use super::claims;
use super::gold::{GoldMention, GoldValue, Labelled};
use super::label;
use super::names::Names;

/// Why a label cannot be taken.
#[derive(Debug, thiserror::Error)]
#[error("{file}:{line}: {field}: {problem}")]
pub(crate) struct LoadError {
    /// The file.
    pub(crate) file: String,
    /// The line, from one.
    pub(crate) line: usize,
    /// The field, such as `mentions[3]` or `claims[0].subject`.
    pub(crate) field: String,
    /// What is wrong, with the quote or label; kept back for the test part.
    pub(crate) problem: String,
}

/// A line as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    id: String,
    language: String,
    /// For whoever reads the file.
    #[serde(rename = "genre")]
    _genre: String,
    published: String,
    text: String,
    title_bytes: Option<usize>,
    mentions: Vec<Vec<String>>,
    claims: Vec<Map<String, Value>>,
}

/// A problem in one field.
pub(super) type Problem = (String, String);

/// All texts of a part's folder, in the order of its files' names.
///
/// # Errors
/// Every label that cannot be taken, over all files, so that they can be mended in one go.
pub(super) fn folder(folder: &Path, names: &Names) -> Result<Vec<Labelled>, Vec<LoadError>> {
    let io = |error: std::io::Error| {
        vec![LoadError {
            file: folder.display().to_string(),
            line: 0,
            field: "folder".to_owned(),
            problem: error.to_string(),
        }]
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(io)? {
        let path = entry.map_err(io)?.path();
        if path.extension().is_some_and(|extension| extension == "jsonl") {
            paths.push(path);
        }
    }
    paths.sort();
    let (mut texts, mut errors): (Vec<Labelled>, Vec<LoadError>) = (Vec::new(), Vec::new());
    for path in paths {
        let content = std::fs::read_to_string(&path).map_err(io)?;
        for (number, text) in (1..).zip(content.lines()).filter(|(_, text)| !text.trim().is_empty()) {
            let told = |(field, problem): Problem| LoadError {
                file: path.display().to_string(),
                line: number,
                field,
                problem,
            };
            match line(text, names) {
                Ok(labelled) if texts.iter().any(|other| other.id == labelled.id) => {
                    errors.push(told(("id".to_owned(), format!("«{}» stands twice", labelled.id))));
                }
                Ok(labelled) => texts.push(labelled),
                Err(problems) => errors.extend(problems.into_iter().map(told)),
            }
        }
    }
    if errors.is_empty() { Ok(texts) } else { Err(errors) }
}

/// One line.
pub(super) fn line(line: &str, names: &Names) -> Result<Labelled, Vec<Problem>> {
    let line: Line =
        serde_json::from_str(line).map_err(|error| vec![("line".to_owned(), error.to_string())])?;
    let mut problems = Vec::new();
    let published = line.published.parse().map_err(|_| {
        problems
            .push(("published".to_owned(), format!("«{}» is no date such as 2025-07-13", line.published)));
    });
    let first_line = line.text.find('\n').unwrap_or(line.text.len());
    let title_bytes = line.title_bytes.unwrap_or(first_line);
    if !line.text.is_char_boundary(title_bytes) {
        problems.push(("title_bytes".to_owned(), format!("{title_bytes} is no place between characters")));
    }
    let mut mentions: Vec<GoldMention> = Vec::new();
    for (index, label) in line.mentions.iter().enumerate() {
        match mention(&line.text, label, names) {
            Ok(mention) => {
                if let Some(last) = mentions.last().filter(|last| mention.span.start < last.span.end) {
                    let problem = format!(
                        "«{}» at byte {} stands before the end of the mention before it, at byte {}; mentions stand in the order of the text, and @n says which one is meant",
                        label[0], mention.span.start, last.span.end
                    );
                    problems.push((format!("mentions[{index}]"), problem));
                }
                mentions.push(mention);
            }
            Err(problem) => problems.push((format!("mentions[{index}]"), problem)),
        }
    }
    let claims = claims::read(&line.text, &line.claims, names, &mut problems);
    match published {
        Ok(published) if problems.is_empty() => Ok(Labelled {
            id: line.id,
            language: line.language,
            published,
            text: line.text,
            title_bytes,
            names: true,
            mentions,
            claims,
        }),
        _ => Err(problems),
    }
}

/// `[quote, kind, value, qualifier]`, the last two as far as the kind has them.
fn mention(text: &str, label: &[String], names: &Names) -> Result<GoldMention, String> {
    let (quote_label, kind) = match label {
        [quote, kind, ..] if label.len() <= 4 => (quote, kind),
        _ => return Err(format!("{label:?} is not [quote, kind, value, qualifier]")),
    };
    let kind = Kind::ALL
        .into_iter()
        .find(|known| known.name() == kind)
        .ok_or_else(|| format!("«{quote_label}»: «{kind}» is no kind of mention"))?;
    let told = |problem: String| format!("«{quote_label}»: {problem}");
    let span = quote(text, quote_label)?;
    let value = label.get(2).map(String::as_str);
    let qualifier = label.get(3).map(|word| label::qualifier(word)).transpose().map_err(told)?;
    let value = match (kind, value) {
        (Kind::Code | Kind::Citation, None | Some("")) => GoldValue::None,
        (Kind::Code | Kind::Citation, Some(_)) => return Err(told("a code has no value".to_owned())),
        (Kind::Time, Some("")) => GoldValue::Time(None),
        (_, None | Some("")) => return Err(told("there is no value".to_owned())),
        (Kind::Time, Some(value)) => GoldValue::Time(Some(label::interval(value).map_err(told)?)),
        (Kind::Entity, Some(value)) => GoldValue::Name(names.resolve(value).map_err(told)?),
        (_, Some(value)) => {
            let amount = label::amount(value).map_err(told)?;
            if amount.unit.is_some() == (kind == Kind::Number) {
                return Err(told(format!("«{value}» fits no {}", kind.name())));
            }
            GoldValue::Amount(amount)
        }
    };
    Ok(GoldMention { span, kind, value, qualifier })
}

/// The bytes of `quote` or of the n-th `quote@n`.
pub(super) fn quote(text: &str, label: &str) -> Result<Range<usize>, String> {
    let nth = |quote: &str, n: usize| {
        let mut starts = text.char_indices().map(|(at, _)| at).filter(|at| text[*at..].starts_with(quote));
        starts.nth(n - 1).map(|start| start..start + quote.len())
    };
    if label.is_empty() {
        return Err("the quote is empty".to_owned());
    }
    let plain = nth(label, 1);
    let numbered = label.rsplit_once('@').and_then(|(quote, n)| Some((quote, n.parse::<usize>().ok()?)));
    match (plain, numbered) {
        (plain, Some((quote, n))) if !quote.is_empty() => {
            if n == 0 {
                return Err(format!("«{label}»: occurrences are counted from 1"));
            }
            match (plain, nth(quote, n)) {
                (Some(_), Some(_)) => {
                    Err(format!("«{label}» is ambiguous: the text has these very characters as well"))
                }
                (Some(span), None) | (None, Some(span)) => Ok(span),
                (None, None) => Err(format!("the text has no {n} times «{quote}»")),
            }
        }
        (Some(span), _) => Ok(span),
        (None, _) => Err(format!("the text has no «{label}»")),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that fails here should say so")]

    use text::Lexicon;

    use super::*;

    #[test]
    fn quotes_are_exact_and_counted() {
        let text = "37% of 37%, a@2 and aa";
        assert_eq!(quote(text, "37%").unwrap(), 0..3);
        assert_eq!(quote(text, "37%@2").unwrap(), 7..10);
        assert!(quote(text, "37%@3").unwrap_err().contains("no 3 times «37%»"));
        assert!(quote(text, "37%@0").is_err() && quote(text, "").is_err());
        assert!(quote(text, "38%").unwrap_err().contains("no «38%»"));
        assert!(quote(text, "a@2").unwrap_err().contains("ambiguous"));
        assert_eq!(quote("锑锑价", "锑@2").unwrap(), 3..6);
    }

    fn problems(mentions: &str, claims: &str) -> Vec<String> {
        let names = Names::new(Lexicon::standard());
        let text = format!(
            r#"{{"id":"t1","language":"en","genre":"news","published":"2025-07-13","text":"Copper rose 2% to $9,663 per ton\nA fall.","mentions":[{mentions}],"claims":[{claims}]}}"#
        );
        line(&text, &names)
            .err()
            .unwrap_or_default()
            .into_iter()
            .map(|(field, problem)| format!("{field}: {problem}"))
            .collect()
    }

    #[test]
    fn what_is_wrong_is_told_with_its_field() {
        assert_eq!(problems(r#"["Copper","entity","commodity:copper"]"#, ""), Vec::<String>::new());
        for (mentions, claims, wanted) in [
            (r#"["Zinc","entity","commodity:zinc"]"#, "", "mentions[0]: the text has no «Zinc»"),
            (r#"["2%","share","2 %"]"#, "", "mentions[0]: «2%»: «share» is no kind"),
            (r#"["2%","number","2 %"]"#, "", "fits no number"),
            (r#"["2%","percent"]"#, "", "there is no value"),
            (r#"["2%","percent","2 %","some"]"#, "", "«some» is no qualifier"),
            (
                r#"["2%","percent","2 %"],["Copper","entity","commodity:copper"]"#,
                "",
                "mentions[1]: «Copper» at byte 0",
            ),
            ("", r#"{"at":"2%","colour":"red"}"#, "claims[0].colour: there is no such slot"),
            ("", r#"{"at":"3%"}"#, "claims[0].at: the text has no «3%»"),
            (
                "",
                r#"{"at":"2%","subject":"copper"}"#,
                "claims[0].subject: «copper» is not of the form kind:name",
            ),
            (
                "",
                r#"{"at":"2%","changes":[{"by":"+2 %","base":"soon"}]}"#,
                "claims[0].changes[0].base: «soon»",
            ),
            (
                "",
                r#"{"at":"2%","derived_from":["Copper"]}"#,
                "claims[0].derived_from: no claim is at «Copper»",
            ),
            (
                "",
                r#"{"at":"2%","measure":"price","event":"ban"}"#,
                "claims[0].event: an event has no measure",
            ),
        ] {
            let found = problems(mentions, claims);
            assert!(found.iter().any(|problem| problem.contains(wanted)), "wanted {wanted}, found {found:?}");
        }
    }
}

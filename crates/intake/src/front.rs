//! Front matter: a block of YAML between two lines `---` at the start of a text.

use serde_yaml_ng::{Mapping, Value};

/// The longest front matter, in bytes.
pub(crate) const LIMIT: usize = 64 * 1024;

/// What front matter says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct FrontMatter {
    pub(crate) title: Option<String>,
    pub(crate) source: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) published: Option<String>,
    pub(crate) language: Option<String>,
    pub(crate) topics: Vec<String>,
    pub(crate) unknown: Vec<String>,
}

/// True if a text opens with front matter: its first line is `---`, and the next names a field.
pub(crate) fn opens(text: &str) -> bool {
    let mut lines = text.lines();
    let first = lines.next().is_some_and(|line| line.trim_end() == "---");
    first && lines.next().is_some_and(|line| line.contains(':') || line.trim_end() == "---")
}

/// Splits front matter from the text after it; the number is how many lines it takes. `None` if it has no end.
pub(crate) fn split(text: &str) -> Option<(&str, &str, u64)> {
    let mut at = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let is_mark = matches!(line.trim_end(), "---" | "...") && (index == 0) == (at == 0);
        let start = at;
        at += line.len();
        if index > 0 && is_mark {
            let opening = text.find('\n').map_or(0, |end| end + 1);
            return Some((&text[opening..start], &text[at..], index as u64 + 1));
        }
    }
    None
}

/// Reads the fields.
///
/// # Errors
///
/// What is wrong, and the line within the block, from 1, if it is known.
pub(crate) fn parse(block: &str) -> Result<FrontMatter, (String, Option<u64>)> {
    if block.len() > LIMIT {
        return Err((format!("it has {} bytes, and the limit is {LIMIT}", block.len()), None));
    }
    if let Some(line) = line_with_reference(block) {
        return Err(("anchors and aliases (& and *) are not read".to_owned(), Some(line)));
    }
    let value: Value = serde_yaml_ng::from_str(block).map_err(|error| {
        let line = error.location().map(|location| location.line() as u64);
        let message = error.to_string();
        (message.split(" at line ").next().unwrap_or_default().to_owned(), line)
    })?;
    match value {
        Value::Null => Ok(FrontMatter::default()),
        Value::Mapping(fields) => read_fields(fields).map_err(|message| (message, None)),
        _ => Err(("it is not a list of fields such as «title: …»".to_owned(), None)),
    }
}

/// The line of the first anchor or alias outside of quotes: a few of them can stand for gigabytes.
fn line_with_reference(block: &str) -> Option<u64> {
    let found = block.lines().position(|line| {
        let values = line.split([':', '-', '[', ',', '{', '?']).skip(1).chain([line]);
        values.map(str::trim_start).any(|value| {
            let mut chars = value.chars();
            matches!(chars.next(), Some('&' | '*'))
                && chars.next().is_some_and(|c| !c.is_whitespace() && c != '*')
        })
    });
    found.map(|index| index as u64 + 1)
}

fn read_fields(fields: Mapping) -> Result<FrontMatter, String> {
    let mut front = FrontMatter::default();
    for (name, value) in fields {
        let Some(name) = scalar(&name) else { return Err("the name of a field is not a word".to_owned()) };
        let slot = match name.to_lowercase().as_str() {
            "title" => &mut front.title,
            "source" | "publisher" => &mut front.source,
            "url" => &mut front.url,
            "published" | "date" => &mut front.published,
            "language" | "lang" => &mut front.language,
            "topics" | "topic" => {
                front.topics = list(&name, value)?;
                continue;
            }
            _ => {
                front.unknown.push(name);
                continue;
            }
        };
        *slot = match value {
            Value::Null => None,
            value => Some(scalar(&value).ok_or_else(|| format!("the field «{name}» is not one value"))?),
        };
    }
    Ok(front)
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        _ => None,
    }
}

fn list(name: &str, value: Value) -> Result<Vec<String>, String> {
    match value {
        Value::Null => Ok(Vec::new()),
        Value::Sequence(values) => {
            let wrong = || format!("the field «{name}» is not a list of words");
            values.iter().map(|value| scalar(value).ok_or_else(wrong)).collect()
        }
        one => scalar(&one)
            .map(|topic| vec![topic])
            .ok_or_else(|| format!("the field «{name}» is not a list of words")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read() {
        let block = "title: 'LME: copper & more'\ndate: 2025-07-13\ntopics: [稀土, 2025]\nauthor: x\nlang: zh-CN\nurl:\n";
        let expected = FrontMatter {
            title: Some("LME: copper & more".to_owned()),
            published: Some("2025-07-13".to_owned()),
            language: Some("zh-CN".to_owned()),
            topics: vec!["稀土".to_owned(), "2025".to_owned()],
            unknown: vec!["author".to_owned()],
            ..FrontMatter::default()
        };
        assert_eq!(parse(block), Ok(expected));
    }

    #[test]
    fn the_block_ends_at_its_mark() {
        assert_eq!(split("---\na: b\n---\ntext\n---\n"), Some(("a: b\n", "text\n---\n", 3)));
        assert_eq!(split("---\n---\n"), Some(("", "", 2)));
        assert_eq!(split("---\na: b\n"), None);
        assert!(!opens("---\nA line under a rule\n"));
    }

    #[test]
    fn hostile_blocks_are_refused() {
        let bomb = "a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\nc: [*b,*b,*b,*b]\n";
        assert_eq!(parse(bomb).map_err(|(_, line)| line), Err(Some(1)));
        for hidden in ["- *a", "x: [1, *a]", "? &a b", "{k: &v 1}"] {
            assert!(parse(hidden).is_err(), "{hidden}");
        }
        let long = format!("title: {}", "x".repeat(LIMIT));
        assert!(parse(&long).is_err());
        let deep = format!("title: {}", "[".repeat(20_000));
        assert!(parse(&deep).is_err());
        for wrong in ["title: [a]", "title: {a: b}", "just words", "topics: [[a]]", "a: b: c", "title: !x y"]
        {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}

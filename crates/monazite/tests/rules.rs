//! Every rule that fills a slot of a claim stands in `docs/claims.md`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The rules of the table in the documentation: what its first column quotes.
fn documented() -> Result<BTreeSet<String>> {
    let text = std::fs::read_to_string(root().join("docs/claims.md"))?;
    let section =
        text.split("\n## ").find(|section| section.starts_with("Rules")).ok_or("a section Rules")?;
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    let first = rows.filter_map(|row| row.split('|').nth(1));
    Ok(first.flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(str::to_owned).collect())
}

/// The rules in the code: the last argument of those functions that make an origin, or the field of one.
fn in_code() -> Result<BTreeSet<String>> {
    let mut rules = BTreeSet::new();
    let mut folders = vec![root().join("crates/text/src/claim")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(path)?;
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            for call in ["origin(", "term(", "inherited(", "resolved(", "slot(", "choice(", "rule("] {
                rules.extend(code.split(call).skip(1).filter_map(last_argument));
            }
            let fields = code.split("rule: \"").skip(1);
            rules.extend(fields.filter_map(|rest| rest.split('"').next()).map(str::to_owned));
        }
    }
    Ok(rules)
}

/// The last argument of a call, of which `rest` is what follows the opening bracket, if it is a string.
fn last_argument(rest: &str) -> Option<String> {
    let mut depth = 1;
    let mut quoted = false;
    let end = rest.char_indices().find_map(|(at, c)| {
        match c {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        (depth == 0).then_some(at)
    })?;
    let arguments = rest[..end].trim_end().trim_end_matches(',').trim_end();
    let string = arguments.strip_suffix('"')?;
    Some(string.rsplit('"').next()?.to_owned())
}

/// Every field `rule` of a value, however deep it lies.
fn rules_of(value: &Value, rules: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            rules.extend(fields.get("rule").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|field| rules_of(field, rules));
        }
        Value::Array(values) => values.iter().for_each(|value| rules_of(value, rules)),
        _ => {}
    }
}

#[test]
fn every_rule_in_the_code_is_documented() -> Result {
    let (code, documented) = (in_code()?, documented()?);
    assert!(code.len() > 30, "the rules are found in the code: {code:?}");
    let missing: Vec<&String> = code.difference(&documented).collect();
    assert!(missing.is_empty(), "docs/claims.md does not list these rules: {missing:?}");
    Ok(())
}

/// Guards the search in the code: what claims name as their rules is among what it finds.
#[test]
fn every_rule_that_claims_name_is_found_in_the_code() -> Result {
    let texts = [
        std::fs::read_to_string(root().join("examples/feed.txt"))?,
        "氧化物价格,2025年7月11日\n品种 | 均价(元/吨) | 涨跌\n氧化镨钕 | 445000 | 5000\n氧化镝 | 1600000 | -10000\n".to_owned(),
        "2025年第三季度稀土精矿价格上调至不含税19109元/吨，环比上涨1.51%。中国占全球储量的37%。".to_owned(),
        "Imports from Thailand rose to 3,800 tons in May, compared with 250 tons a year earlier.".to_owned(),
    ];
    let reader = text::Reader::standard();
    let code = in_code()?;
    let mut seen = BTreeSet::new();
    for text in texts {
        let line = serde_json::json!({"text": text, "published": "2025-07-13"}).to_string();
        rules_of(&serde_json::from_str(&text::read_line(&reader, &line, text::Kinds::ALL)?)?, &mut seen);
    }
    assert!(seen.len() > 20, "the texts use many rules: {seen:?}");
    assert_eq!(seen.difference(&code).collect::<Vec<_>>(), Vec::<&String>::new());
    Ok(())
}

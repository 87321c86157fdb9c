//! One line of a lexicon's file: an entry, a context line, or a group of words.

use std::collections::HashMap;

use crate::lexicon::{Entry, Name};
use crate::view::fold;

/// Where the words of a context line have to stand, seen from the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cue {
    /// Directly before it.
    Before,
    /// Directly behind it.
    After,
    /// Before and behind it, as in `对_出口`.
    Around,
    /// In the same sentence, at most 80 characters away.
    Near,
    /// Beside it in a list: joined by a comma, a slash, "and", 和 and the like.
    Beside,
    /// Another one-character country beside it, as in 中美 and 泰墨.
    Pair,
}

/// What a context line says.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    /// The names that it speaks of, folded.
    pub(crate) names: Vec<String>,
    /// The id of their entry, or `kind/*`.
    pub(crate) id: String,
    pub(crate) cue: Cue,
    /// The words forbid the name instead of allowing it.
    pub(crate) bars: bool,
    /// Folded words.
    pub(crate) words: Vec<String>,
}

impl Rule {
    /// True if it speaks of names of this entry.
    pub(crate) fn is_of(&self, entry: &Entry) -> bool {
        self.id == entry.id || self.id.strip_suffix("/*").is_some_and(|kind| kind == entry.kind())
    }
}

/// All capitals and digits, at most five: LME, US, PE, A50.
fn is_acronym(name: &str) -> bool {
    name.len() <= 5 && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

fn list(field: &str) -> impl Iterator<Item = &str> {
    field.split('|').map(str::trim).filter(|item| !item.is_empty())
}

fn name(marked: &str, chinese: bool) -> Result<Name, String> {
    let text = marked.trim_start_matches(['=', '~', '!']);
    let marks = &marked[..marked.len() - text.len()];
    if text.trim().is_empty() {
        return Err(format!("«{marked}» is a mark without a name"));
    }
    Ok(Name {
        text: text.to_owned(),
        chinese,
        exact: marks.contains('=') || is_acronym(text),
        in_context: marks.contains('~'),
        artefact: marks.contains('!'),
    })
}

/// An entry from its line.
pub(super) fn entry(line: &str) -> Result<Entry, String> {
    let fields: Vec<&str> = line.split('\t').collect();
    let &[id, chinese, english, codes, family, source] = fields.as_slice() else {
        return Err(format!("there are {} fields instead of six", fields.len()));
    };
    if !is_id(id) {
        return Err(format!("«{id}» is no id of the form kind/name in letters, digits and hyphens"));
    }
    let mut names = Vec::new();
    for (field, is_chinese) in [(chinese, true), (english, false)] {
        for marked in list(field) {
            names.push(name(marked, is_chinese)?);
        }
    }
    if names.is_empty() {
        return Err(format!("«{id}» has no name"));
    }
    let codes: Vec<String> = list(codes).map(str::to_owned).collect();
    for code in &codes {
        check_code(code)?;
    }
    let family: Vec<String> = list(family).map(str::to_owned).collect();
    if let Some(wrong) = family.iter().find(|family| !is_id(family)) {
        return Err(format!(
            "the family «{wrong}» is no id of the form kind/name in letters, digits and hyphens"
        ));
    }
    if source.trim().is_empty() {
        return Err(format!("«{id}» has no source note"));
    }
    Ok(Entry { id: id.to_owned(), names, codes, family, source: source.trim().to_owned() })
}

fn is_id(id: &str) -> bool {
    let fits = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    id.split_once('/').is_some_and(|(kind, name)| fits(kind) && fits(name))
}

fn check_code(code: &str) -> Result<(), String> {
    let Some((scheme, value)) = code.split_once('=') else {
        return Err(format!("the code «{code}» does not say its scheme, as in ticker={code}"));
    };
    if value.is_empty() {
        return Err(format!("the code «{code}» has no value"));
    }
    if scheme == "hs" && !is_hs(value) {
        return Err(format!("«{value}» is no HS code of the form 28, 2846 or 2846.10"));
    }
    Ok(())
}

/// A chapter, heading or subheading of the Harmonized System: `28`, `2846`, `2846.10`.
fn is_hs(value: &str) -> bool {
    let digits = |part: &str, count| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    match value.split_once('.') {
        Some((heading, subheading)) => digits(heading, 4) && digits(subheading, 2),
        None => digits(value, 2) || digits(value, 4),
    }
}

fn folded(word: &str) -> String {
    word.chars().map(fold).collect()
}

/// A group of words: `@metals<tab>copper|zinc`, which context lines name as `@metals`.
pub(super) fn group(
    line: &str,
    groups: &HashMap<String, Vec<String>>,
) -> Result<(String, Vec<String>), String> {
    let Some((name, field)) = line.split_once('\t') else {
        return Err("there is no tab behind the group's name".to_owned());
    };
    if groups.contains_key(name) {
        return Err(format!("the group «{name}» stands already"));
    }
    Ok((name.to_owned(), words(field, groups)?))
}

fn words(field: &str, groups: &HashMap<String, Vec<String>>) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    for word in list(field) {
        if word.starts_with('@') {
            let group = groups.get(word).ok_or_else(|| format!("«{word}» is no group above this line"))?;
            words.extend(group.iter().cloned());
        } else {
            words.push(folded(word));
        }
    }
    if words.is_empty() {
        return Err("there are no words".to_owned());
    }
    Ok(words)
}

/// A context line: names with a leading `~`, id, cue, words.
pub(super) fn rule(line: &str, groups: &HashMap<String, Vec<String>>) -> Result<Rule, String> {
    let fields: Vec<&str> = line.split('\t').collect();
    let &[names, id, cue, field] = fields.as_slice() else {
        return Err(format!("there are {} fields instead of four", fields.len()));
    };
    let names = self::words(names.trim_start_matches('~'), groups)?;
    if !is_id(id) && !id.ends_with("/*") {
        return Err(format!("«{id}» is neither an id nor kind/*"));
    }
    let (bars, place) = match cue.strip_prefix("not-") {
        Some(place) => (true, place),
        None => (false, cue),
    };
    let cue = match place {
        "before" => Cue::Before,
        "after" => Cue::After,
        "around" => Cue::Around,
        "near" => Cue::Near,
        "beside" => Cue::Beside,
        "pair" => Cue::Pair,
        _ => {
            return Err(format!(
                "«{cue}» is no cue: use before, after, around, near, beside or pair, or one of them behind not-"
            ));
        }
    };
    let words = words(field, groups)?;
    if let Some(word) = words.iter().find(|word| cue == Cue::Around && !word.contains('_')) {
        return Err(format!("«{word}» does not say where the name stands, as in 对_出口"));
    }
    Ok(Rule { names, id: id.to_owned(), cue, bars, words })
}

//! What the tables of the tests share.

use text::{Context, Kind, Kinds, Mention, Reader};

/// The mentions of some kinds, each as one line: quote, value or ends, unit or times, qualifier.
pub(crate) fn read(text: &str, published: &str, kinds: &[Kind]) -> Vec<String> {
    let published = if published.is_empty() { None } else { published.parse().ok() };
    let context = Context { published, kinds: Kinds::of(kinds) };
    Reader::standard().read(text, &context).iter().map(line).collect()
}

fn line(mention: &Mention<'_>) -> String {
    let mut parts = vec![mention.quote.to_owned()];
    if let Some(value) = &mention.value {
        parts.push(value.clone());
    }
    if mention.low.is_some() || mention.high.is_some() {
        parts.push(format!(
            "{}..{}",
            mention.low.as_deref().unwrap_or(""),
            mention.high.as_deref().unwrap_or("")
        ));
    }
    if let Some(unit) = &mention.unit {
        parts.push(unit.clone());
    }
    if mention.kind == Kind::Time {
        parts.push(format!(
            "{}..{}",
            mention.start.as_deref().unwrap_or(""),
            mention.end.as_deref().unwrap_or("")
        ));
    }
    if let Some(seconds) = &mention.seconds {
        parts.push(format!("{seconds}s"));
    }
    if let Some(id) = &mention.id {
        parts.push(id.clone());
    }
    if let Some(qualifier) = &mention.qualifier {
        parts.push(format!("{qualifier:?}"));
    }
    if let Some(exclusive) = &mention.exclusive {
        parts.push(format!("{exclusive:?}"));
    }
    if let Some(doubt) = &mention.doubt {
        parts.push(format!("doubt {doubt:?}"));
    }
    parts.join(" | ")
}

/// Checks a table of texts and what is to be read in each; tells all that differ at once.
pub(crate) fn check(published: &str, kinds: &[Kind], table: &[(&str, &[&str])]) {
    let mut wrong = Vec::new();
    for (text, expected) in table {
        let found = read(text, published, kinds);
        if found != *expected {
            wrong.push(format!("{text}\n   expected {expected:?}\n   found    {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), table.len(), wrong.join("\n"));
}

//! A query as it is read: fields, operators and parentheses written out.

use std::fmt::{self, Display, Formatter, Write as _};

use super::{Node, Query, Word, date};
use crate::field::{Field, Form};

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write(&self.root, f)
    }
}

fn write(node: &Node, f: &mut Formatter<'_>) -> fmt::Result {
    match node {
        Node::All => f.write_char('*'),
        Node::And(nodes) => joined(nodes, " AND ", f),
        Node::Or(nodes) => joined(nodes, " OR ", f),
        Node::Not(node) => {
            f.write_str("NOT ")?;
            write(node, f)
        }
        Node::Words { scope, words } => {
            scoped(*scope, f)?;
            if let [word] = words.as_slice() {
                return value(word, f);
            }
            f.write_char('(')?;
            for (index, word) in words.iter().enumerate() {
                f.write_str(if index == 0 { "" } else { " AND " })?;
                value(word, f)?;
            }
            f.write_char(')')
        }
        Node::Phrase { scope, phrase } => {
            scoped(*scope, f)?;
            quoted(&phrase.text, f)
        }
        Node::Value { field, value: word } => {
            scoped(Some(*field), f)?;
            value(word, f)
        }
        Node::Range { field, from, to } => range(*field, *from, *to, f),
        Node::Exists { field } => write!(f, "{}:*", field.name()),
    }
}

fn joined(nodes: &[Node], operator: &str, f: &mut Formatter<'_>) -> fmt::Result {
    if let [node] = nodes {
        return write(node, f);
    }
    f.write_char('(')?;
    for (index, node) in nodes.iter().enumerate() {
        f.write_str(if index == 0 { "" } else { operator })?;
        write(node, f)?;
    }
    f.write_char(')')
}

fn scoped(scope: Option<Field>, f: &mut Formatter<'_>) -> fmt::Result {
    match scope {
        Some(field) => write!(f, "{}:", field.name()),
        None => Ok(()),
    }
}

/// A word as it stands, or in quotation marks if it would be read otherwise.
fn value(word: &Word, f: &mut Formatter<'_>) -> fmt::Result {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '/' | '_');
    let operator = matches!(word.text.as_str(), "AND" | "OR" | "NOT" | "TO" | "");
    match word.text.chars().all(plain) && !operator && !word.text.starts_with('-') {
        true => f.write_str(&word.text),
        false => quoted(&word.text, f),
    }
}

fn quoted(text: &str, f: &mut Formatter<'_>) -> fmt::Result {
    // A mark within is no letter, so that it does not count.
    write!(f, "\"{}\"", text.replace('"', " "))
}

/// The first is included, the last is not.
fn range(field: Field, from: Option<i64>, to: Option<i64>, f: &mut Formatter<'_>) -> fmt::Result {
    let name = field.name();
    let end = |at: i64| match field.form() {
        Form::Date => date::civil(at),
        _ => at.to_string(),
    };
    match (from, to) {
        (Some(from), Some(to)) => write!(f, "({name}:>={} AND {name}:<{})", end(from), end(to)),
        (Some(from), None) => write!(f, "{name}:>={}", end(from)),
        (None, Some(to)) => write!(f, "{name}:<{}", end(to)),
        (None, None) => write!(f, "{name}:*"),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "the queries under test are right, or the test fails")]

    use crate::query::{Limits, Query};

    fn canonical(text: &str) -> String {
        Query::parse(text, &Limits::default()).unwrap().to_string()
    }

    #[test]
    fn a_query_is_written_out_and_reads_the_same_again() {
        let cases = [
            ("", "*"),
            ("稀土 出口", "(稀土 AND 出口)"),
            ("a b OR c", "((a AND b) OR c)"),
            ("\"rare earth\" -magnet", "(\"rare earth\" AND NOT magnet)"),
            ("title:(镓 OR 锗)", "(title:镓 OR title:锗)"),
            ("source:\"Financial Times\"", "source:\"Financial Times\""),
            ("published:2025-06", "(published:>=2025-06-01 AND published:<2025-07-01)"),
            ("published:>2025-06-30T16:09", "published:>=2025-06-30T16:10:00"),
            ("sequence:>=120", "sequence:>=120"),
            ("measure:*", "measure:*"),
        ];
        for (text, wanted) in cases {
            assert_eq!(canonical(text), wanted, "{text}");
            assert_eq!(canonical(wanted), wanted, "{text}");
        }
    }
}

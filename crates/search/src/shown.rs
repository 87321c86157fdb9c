//! What is kept of an entry to show a hit without another look at the index or the log.

use prost::Message;

use crate::entry::Entry;

/// What is kept of an entry for its hits, in one piece: columns are opened, and their dictionaries read, for each value that
/// is asked of them, which took most of the time of a question.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Shown {
    /// The name, or what stands before the digits in it.
    #[prost(string, tag = "1")]
    before: String,
    #[prost(string, tag = "2")]
    pub(crate) kind: String,
    #[prost(string, tag = "3")]
    pub(crate) source: String,
    #[prost(sint64, optional, tag = "4")]
    pub(crate) published: Option<i64>,
    #[prost(int64, tag = "5")]
    pub(crate) sequence: i64,
    #[prost(bytes = "vec", tag = "6")]
    pub(crate) card: Vec<u8>,
    /// The hexadecimal digits at the end of the name, which take twice the room as text and do not compress.
    #[prost(bytes = "vec", tag = "7")]
    digits: Vec<u8>,
}

/// How many digits a name ends with that are kept as bytes.
const DIGITS: usize = 32;

impl Shown {
    /// What is kept of an entry.
    pub(crate) fn of(entry: &Entry) -> Shown {
        let (before, digits) = split(&entry.name);
        Shown {
            before: before.to_owned(),
            digits,
            kind: entry.kind.clone(),
            source: entry.source.clone(),
            published: entry.published,
            sequence: entry.sequence,
            card: entry.card.clone(),
        }
    }

    /// The name.
    pub(crate) fn name(&self) -> String {
        let mut name = String::with_capacity(self.before.len() + 2 * self.digits.len());
        name.push_str(&self.before);
        for byte in &self.digits {
            name.extend([byte >> 4, byte & 15].map(|digit| char::from(HEXADECIMAL[usize::from(digit)])));
        }
        name
    }
}

const HEXADECIMAL: &[u8; 16] = b"0123456789abcdef";

/// A name without the digits that it ends with, and these; the whole name if it does not end with so many.
fn split(name: &str) -> (&str, Vec<u8>) {
    let digit =
        |byte: &u8| HEXADECIMAL.iter().position(|other| other == byte).and_then(|at| u8::try_from(at).ok());
    let whole = (name, Vec::new());
    let Some((before, digits)) = name.len().checked_sub(DIGITS).and_then(|at| name.split_at_checked(at))
    else {
        return whole;
    };
    let pairs = digits.as_bytes().chunks_exact(2);
    let bytes: Option<Vec<u8>> = pairs.map(|pair| Some(digit(&pair[0])? << 4 | digit(&pair[1])?)).collect();
    bytes.map_or(whole, |bytes| (before, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back() {
        let id = "0123456789abcdef00ff10a0fedcba98";
        for (name, kept) in [
            (format!("documents/{id}"), 16),
            (id.to_owned(), 16),
            (format!("documents/{}", id.to_uppercase()), 0),
            (format!("claims/g{}", &id[1..]), 0),
            ("documents/1".to_owned(), 0),
            (format!("稀{}", &id[2..]), 0),
            (String::new(), 0),
        ] {
            let shown = Shown::of(&Entry { name: name.clone(), ..Entry::default() });
            assert_eq!((shown.name(), shown.digits.len()), (name, kept));
        }
    }
}

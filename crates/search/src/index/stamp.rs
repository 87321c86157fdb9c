//! What each commit of the index carries: format, what it was made with, and how far it followed the log.

use tantivy::IndexMeta;

use crate::analyze;
use crate::schema::FORMAT;

const MAGIC: &str = "monazite-search";

/// The payload of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    /// Format of the schema.
    pub(super) format: u32,
    /// What the index was made with.
    pub(super) made_with: String,
    /// Up to where the log is in the index.
    pub(super) sequence: i64,
}

/// What an index is made with: our analyzers, and the lexicon by which entries are tagged.
pub(super) fn fingerprint(lexicon: &blake3::Hash) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(analyze::fingerprint().as_bytes());
    hasher.update(lexicon.as_bytes());
    hasher.finalize().to_hex()[..32].to_owned()
}

impl Stamp {
    pub(super) fn new(made_with: &str, sequence: i64) -> Stamp {
        Stamp { format: FORMAT, made_with: made_with.to_owned(), sequence }
    }

    /// The stamp of the last commit; `None` if there is none, or one that is damaged.
    pub(super) fn of(meta: &IndexMeta) -> Option<Stamp> {
        Stamp::read(meta.payload.as_deref()?)
    }

    /// As text, with a checksum: the file that holds it has none.
    pub(super) fn write(&self) -> String {
        let text = format!("{MAGIC} {} {} {}", self.format, self.made_with, self.sequence);
        format!("{text} {}", check(&text))
    }

    fn read(payload: &str) -> Option<Stamp> {
        let (text, sum) = payload.rsplit_once(' ')?;
        let mut words = text.split(' ');
        let stamp = match (words.next()?, words.next()?, words.next()?, words.next()?, words.next()) {
            (MAGIC, format, made_with, sequence, None) => Stamp {
                format: format.parse().ok()?,
                made_with: made_with.to_owned(),
                sequence: sequence.parse().ok()?,
            },
            _ => return None,
        };
        (check(text) == sum).then_some(stamp)
    }
}

fn check(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex()[..16].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_comes_back_and_a_changed_one_does_not() {
        let stamp = Stamp::new("abc", 42);
        let text = stamp.write();
        assert_eq!(Stamp::read(&text), Some(stamp));
        for wrong in [text.replace("42", "43"), text.replace("abc", "abd"), String::new(), "a b c d e".into()]
        {
            assert_eq!(Stamp::read(&wrong), None, "{wrong}");
        }
    }
}

//! Names that a user gives: looked up in the lexicon, with a user's own files behind it, and with all that belongs to them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Result;
use text::Lexicon;

use crate::failure::{Failure, Kind};

/// Largest file of a user's lexicon, in bytes.
const LARGEST: u64 = 16 << 20;

/// The lexicon that comes with the program, with the user's files behind it.
///
/// # Errors
/// If a file cannot be read, is too large or no UTF-8, or its lines are wrong; the error says where.
pub(crate) fn lexicon(files: &[PathBuf]) -> Result<Lexicon> {
    if files.is_empty() {
        return Ok(Lexicon::standard().clone());
    }
    let contents: Vec<(String, String)> = files.iter().map(|file| content(file)).collect::<Result<_>>()?;
    let pairs: Vec<(&str, &str)> = contents.iter().map(|(n, c)| (n.as_str(), c.as_str())).collect();
    Lexicon::extended(&pairs).map_err(|error| Failure::new(Kind::Failed, error.to_string()).into())
}

/// A file's name as the user gave it, and its text.
fn content(file: &Path) -> Result<(String, String)> {
    let name = file.display().to_string();
    let fail = |what: String| Failure::new(Kind::Failed, format!("{name}: {what}"));
    let size = std::fs::metadata(file).map_err(|e| fail(format!("failed to read it: {e}")))?.len();
    if size > LARGEST {
        return Err(fail(format!("it has {size} bytes; a lexicon has at most {} MiB", LARGEST >> 20)).into());
    }
    let bytes = std::fs::read(file).map_err(|e| fail(format!("failed to read it: {e}")))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok((name, text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
            Err(Failure::new(
                Kind::Failed,
                format!("{name}:{line}: it is not UTF-8: invalid byte at offset {at}; save it as UTF-8"),
            )
            .into())
        }
    }
}

/// The name of an entry as people read it: the first English one, else the first; what follows the slash of an id that the
/// lexicon does not know.
pub(crate) fn shown<'a>(lexicon: &'a Lexicon, id: &'a str) -> &'a str {
    let names = lexicon.get(id).map(|entry| entry.names.as_slice()).unwrap_or_default();
    let name = names.iter().find(|name| !name.chinese && !name.artefact).or_else(|| names.first());
    name.map_or_else(|| id.rsplit('/').next().unwrap_or(id), |name| name.text.as_str())
}

/// Something that a user asks for by name: in either language, by its id, and with all that is a kind or a part of it.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    words: String,
    ids: BTreeSet<String>,
}

impl Wanted {
    /// What `words` mean. Of `kind`, if given, such as `measure`.
    pub(crate) fn new(lexicon: &Lexicon, words: &str, kind: Option<&str>) -> Self {
        let words = words.trim();
        let mut ids = BTreeSet::from([words.to_owned()]);
        let named = |entry: &&text::Entry| {
            entry.names.iter().any(|name| name.text.to_lowercase() == words.to_lowercase())
                || kind.is_some() && entry.id.rsplit('/').next() == Some(words)
        };
        let of_kind = |entry: &&text::Entry| kind.is_none_or(|kind| entry.kind() == kind);
        ids.extend(lexicon.entries().iter().filter(of_kind).filter(named).map(|entry| entry.id.clone()));
        if ids.len() == 1 && !words.contains('/') {
            // In another writing, such as traditional characters; a reader takes long to be made, so this comes last.
            let context =
                text::Context { kinds: text::Kinds::of(&[text::Kind::Entity]), ..Default::default() };
            let mentions = text::Reader::new(lexicon).read(words, &context);
            let whole = mentions.into_iter().filter(|m| m.quote.len() == words.len()).filter_map(|m| m.id);
            ids.extend(whole.filter(|id| kind.is_none_or(|kind| id.split('/').next() == Some(kind))));
        }
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

    /// Whether it is what an id or words of a text name.
    pub(crate) fn is(&self, id: &str, quote: &str) -> bool {
        self.ids.contains(id) || quote.to_lowercase() == self.words.to_lowercase()
    }

    /// Whether the lexicon knows it.
    pub(crate) fn is_known(&self) -> bool {
        self.ids.len() > 1 || self.words.contains('/')
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that fails here should say so")]
    use super::*;

    #[test]
    fn an_entity_is_found_in_either_language_and_with_its_kinds() {
        let wanted = |words: &str| Wanted::new(Lexicon::standard(), words, None);
        assert!(wanted("锑").is("commodity/antimony", "antimony"));
        assert!(wanted("锑").is("commodity/antimony-oxide", "antimony oxide"));
        assert!(wanted("銻").is("commodity/antimony", "锑"), "in traditional characters");
        assert!(!wanted("锑").is("commodity/rare-earths", "稀土"));
        assert!(wanted("commodity/antimony").is("commodity/antimony-oxide", "氧化锑"));
        assert!(wanted("no such thing").is("", "No such thing"));
        assert!(!wanted("no such thing").is_known());
    }

    #[test]
    fn a_measure_is_found_by_the_end_of_its_id() {
        let wanted = Wanted::new(Lexicon::standard(), "net-profit", Some("measure"));
        assert!(wanted.is("measure/net-profit", "净利润") && !wanted.is("measure/price", "价格"));
        assert!(Wanted::new(Lexicon::standard(), "净利润", Some("measure")).is("measure/net-profit", ""));
        assert!(!Wanted::new(Lexicon::standard(), "copper", Some("measure")).is_known());
    }

    #[test]
    fn a_file_of_the_user_is_read_and_its_faults_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("own.tsv");
        std::fs::write(&file, "commodity/gangue\t脉石\tgangue\t\tcommodity/rare-earths\tour own list")
            .unwrap();
        let own = lexicon(std::slice::from_ref(&file)).unwrap();
        assert!(Wanted::new(&own, "稀土", None).is("commodity/gangue", "脉石"));
        assert_eq!(shown(&own, "commodity/gangue"), "gangue");
        std::fs::write(&file, b"# one\n# two\xff").unwrap();
        let error = lexicon(std::slice::from_ref(&file)).unwrap_err().to_string();
        assert!(error.contains("own.tsv:2: it is not UTF-8: invalid byte at offset 11"), "{error}");
        let error = lexicon(&[folder.path().join("none.tsv")]).unwrap_err().to_string();
        assert!(error.contains("none.tsv: failed to read it"), "{error}");
    }
}

//! Cases that contradict the reader's design, listed with a reason.

use anyhow::{Result, bail, ensure};

/// Of a hundred cases of a file, how many may be listed.
const MOST_PERCENT: usize = 3;

/// The list: lines of file stem, id and reason, separated by tabs.
#[derive(Debug, Default)]
pub(crate) struct Exceptions {
    entries: Vec<(String, String, String)>,
}

impl Exceptions {
    /// Reads the list.
    ///
    /// # Errors
    /// If a line has not three fields, an id stands twice or a reason is missing.
    pub(crate) fn parse(content: &str) -> Result<Exceptions> {
        let mut entries: Vec<(String, String, String)> = Vec::new();
        let lines = (1..).zip(content.lines());
        for (line, text) in lines.filter(|(_, text)| !text.trim().is_empty() && !text.starts_with('#')) {
            let fields: Vec<&str> = text.split('\t').map(str::trim).collect();
            let &[stem, id, reason] = fields.as_slice() else {
                bail!(
                    "exceptions.tsv:{line}: there are {} fields instead of file, id and reason",
                    fields.len()
                );
            };
            ensure!(!reason.is_empty(), "exceptions.tsv:{line}: {id} has no reason");
            let twice = entries.iter().any(|entry| entry.0 == stem && entry.1 == id);
            ensure!(!twice, "exceptions.tsv:{line}: {id} stands twice");
            entries.push((stem.to_owned(), id.to_owned(), reason.to_owned()));
        }
        Ok(Exceptions { entries })
    }

    /// True if a case is listed.
    pub(crate) fn has(&self, stem: &str, id: &str) -> bool {
        self.entries.iter().any(|entry| entry.0 == stem && entry.1 == id)
    }

    /// The cases listed for a file, with their reasons.
    pub(crate) fn of<'a>(&'a self, stem: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.entries
            .iter()
            .filter(move |entry| entry.0 == stem)
            .map(|entry| (entry.1.as_str(), entry.2.as_str()))
    }

    /// Checks what is listed for a file against its cases. Ids that the file does not have are passed over, since the
    /// same list serves any selection of the cases.
    ///
    /// # Errors
    /// If a listed case is right after all, or there are more than 3 %.
    pub(crate) fn check(&self, stem: &str, ids: &[&str], right: &[&str]) -> Result<()> {
        let listed: Vec<&str> = self.of(stem).map(|(id, _)| id).filter(|id| ids.contains(id)).collect();
        if let Some(id) = listed.iter().find(|id| right.contains(id)) {
            bail!("exceptions.tsv lists {id} of {stem}, but the reader gets it right; take it out");
        }
        ensure!(
            listed.len() * 100 <= ids.len() * MOST_PERCENT,
            "exceptions.tsv lists {} of {} cases of {stem}; at most {MOST_PERCENT} % may be listed",
            listed.len(),
            ids.len()
        );
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that fails here should say so")]

    use super::*;

    #[test]
    fn at_most_three_percent_and_only_wrong_ones() {
        let list = Exceptions::parse("# note\ntime.en\ta1\tby design\ntime.en\ta2\tby design\n").unwrap();
        assert!(list.has("time.en", "a1") && !list.has("time.zh", "a1"));
        let ids: Vec<String> = (0..67).map(|i| format!("a{i}")).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        assert!(list.check("time.en", &ids, &["a3"]).is_ok());
        let error = |ids: &[&str], right: &[&str]| list.check("time.en", ids, right).unwrap_err().to_string();
        assert!(error(&ids, &["a2"]).contains("gets it right"));
        assert!(error(&ids[..66], &[]).contains("2 of 66 cases"));
        assert!(list.check("time.en", &["b1"], &[]).is_ok());
    }

    #[test]
    fn bad_lines_are_told() {
        for (content, wanted) in [
            ("time.en\ta1", ":1: there are 2 fields"),
            ("time.en\ta1\t ", "a1 has no reason"),
            ("f\ta\tr\nf\ta\tr", ":2: a stands twice"),
        ] {
            let error = Exceptions::parse(content).unwrap_err().to_string();
            assert!(error.contains(wanted), "{error}");
        }
    }
}

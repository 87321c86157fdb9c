//! The two parts of the set. What may be told of them differs, and the types say so: the development part gives its errors,
//! the test part gives numbers and nothing else.

use std::path::Path;

use serde::Serialize;
use text::{Claim, Mention, Reader};

use super::feed;
use super::gold::Labelled;
use super::keys::Meeting;
use super::load::{self, LoadError};
use super::names::Names;
use super::rules::{self, RuleRow, Rules};
use super::score::{self, Miss, TextScore, Totals};

/// Reads the claims of a text: the reader, the text, the bytes of its title, its mentions; as `Reader::claims` does.
pub(crate) type ClaimReader = for<'t> fn(&Reader, &'t str, usize, &[Mention<'t>]) -> Vec<Claim<'t>>;

/// What is scored.
pub(crate) struct Reading<'a> {
    /// Reads mentions.
    pub(crate) reader: &'a Reader,
    /// Reads claims; without it claims are not scored.
    pub(crate) claims: Option<ClaimReader>,
}

impl Reading<'_> {
    fn score<'a>(&self, texts: &'a [Labelled]) -> Vec<(&'a str, TextScore)> {
        texts.iter().map(|labelled| (labelled.language.as_str(), score::text(labelled, self))).collect()
    }
}

/// The development part: everything about it may be told.
pub(crate) struct Development {
    texts: Vec<Labelled>,
}

/// What the development part gives.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// The numbers.
    pub(crate) totals: Totals,
    /// Every error, in the order of the texts.
    pub(crate) misses: Vec<Miss>,
    /// Pairs of read claims that meet in `fact=` and should not.
    pub(crate) meetings: Vec<Meeting>,
    /// What each rule filled, the most wrong first.
    pub(crate) rules: Vec<RuleRow>,
    /// Labelled names that the lexicon does not have, sorted.
    pub(crate) not_in_lexicon: Vec<String>,
}

impl Development {
    /// Loads the files of a folder.
    ///
    /// # Errors
    /// Every label that cannot be taken.
    pub(crate) fn load(folder: &Path, names: &Names) -> Result<Development, Vec<LoadError>> {
        Ok(Development { texts: load::folder(folder, names)? })
    }

    /// Loads labels of the documents of a feed, whose texts stand in the feed alone.
    ///
    /// # Errors
    /// Every label that cannot be taken, and a feed that is not the one that was labelled.
    pub(crate) fn feed(labels: &Path, feed: &Path, names: &Names) -> Result<Development, Vec<LoadError>> {
        Ok(Development { texts: feed::load(labels, feed, names)? })
    }

    /// Scores it.
    pub(crate) fn report(&self, reading: &Reading<'_>) -> Report {
        let scores = reading.score(&self.texts);
        let (totals, meetings) = score::totals(&scores, reading.claims.is_some());
        let mut not_in_lexicon = Vec::new();
        let mut misses = Vec::new();
        let mut rules = Rules::default();
        for (_, score) in scores {
            not_in_lexicon.extend(score.unknown_names);
            misses.extend(score.misses);
            rules::add(&mut rules, score.rules);
        }
        not_in_lexicon.sort();
        not_in_lexicon.dedup();
        Report { totals, misses, meetings, rules: rules::rows(rules), not_in_lexicon }
    }
}

/// The test part. Nothing but [`Totals`] leaves it.
pub(crate) struct Hidden {
    texts: Vec<Labelled>,
}

impl Hidden {
    /// Loads the files of a folder.
    ///
    /// # Errors
    /// The place of every label that cannot be taken, without its words.
    pub(crate) fn load(folder: &Path, names: &Names) -> Result<Hidden, Vec<LoadError>> {
        let texts = load::folder(folder, names).map_err(|mut errors| {
            for error in &mut errors {
                error.problem =
                    "is not as eval/guideline.md says; its words are not shown, this being the test part"
                        .to_owned();
            }
            errors
        })?;
        Ok(Hidden { texts })
    }

    /// Scores it.
    pub(crate) fn totals(&self, reading: &Reading<'_>) -> Totals {
        score::totals(&reading.score(&self.texts), reading.claims.is_some()).0
    }
}

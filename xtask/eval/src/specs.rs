//! Specifications: files of cases, of which one is right only if the set of mentions, their spans, values and units are.

mod compare;
mod exceptions;
mod file;
mod time;
mod units;

use std::collections::BTreeMap;

use anyhow::Result;
use serde::Serialize;
use text::Reader;

pub(crate) use self::exceptions::Exceptions;
pub(crate) use self::file::{SpecFile, SpecKind, load};
pub(crate) use self::units::Units;

use self::compare::Comparison;

/// A convention of the specifications that was converted, where a case is right only because of that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) enum Conversion {
    /// Their range of times ends where its last period begins, ours where it ends.
    RangeEnd,
    /// A time without a year, of which they give the past and the future reading: either counts.
    Candidate,
    /// They have no rates: of `$9,663 per ton` they see `$9,663`.
    Denominator,
    /// A range between two numbers, which they write half-open and ours has closed.
    Brackets,
    /// They print percentage points as `%`.
    Points,
}

impl Conversion {
    /// All of them, as they are listed.
    pub(crate) const ALL: [Conversion; 5] = [
        Conversion::RangeEnd,
        Conversion::Candidate,
        Conversion::Denominator,
        Conversion::Brackets,
        Conversion::Points,
    ];

    /// What is converted, in words.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Conversion::RangeEnd => {
                "\"2014 to 2018\" ends there at the start of 2018, here at its end: the end may lie later by one of the periods that the range counts, if its words name both ends"
            }
            Conversion::Candidate => "where a past and a future reading stand, a match with either counts",
            Conversion::Denominator => {
                "a rate is one mention here, and unknown there: of `$9,663 per ton` the part that is money by itself is compared"
            }
            Conversion::Brackets => {
                "between two numbers they write `[20,30)`, the upper end left out; ours has both ends within, and counts as theirs if both ends are equal as numbers and no words of comparison say how the ends are. Where such words stand, \"over\" and \"under\" are `(` and `)`, \"at least\" and \"at most\" `[` and `]`, and must be the same"
            }
            Conversion::Points => {
                "they print percentage points, 个百分点, as `%`; here the unit is `[pp]`, and counts for their `%` only where the quote itself says points"
            }
        }
    }
}

/// A case that is wrong, for the list of errors.
#[derive(Debug, Serialize)]
pub(crate) struct WrongCase {
    /// Its id in the file.
    pub(crate) id: String,
    /// Its text.
    pub(crate) text: String,
    /// What the specification says.
    pub(crate) expected: Vec<String>,
    /// What the reader says.
    pub(crate) got: Vec<String>,
}

/// The score of one file.
#[derive(Debug, Serialize)]
pub(crate) struct FileScore {
    /// The file's name without its end.
    pub(crate) stem: String,
    /// What is looked for.
    pub(crate) kind: SpecKind,
    /// The language, as in the file's name.
    pub(crate) language: String,
    /// Cases.
    pub(crate) cases: usize,
    /// Right ones.
    pub(crate) right: usize,
    /// Wrong ones that are listed as exceptions.
    pub(crate) excepted: usize,
    /// Right ones that would be wrong without a conversion, by conversion.
    pub(crate) converted: BTreeMap<Conversion, usize>,
    /// Names of units that the table lacks.
    pub(crate) unknown_units: Vec<String>,
    /// Wrong ones that are no exceptions.
    pub(crate) wrong: Vec<WrongCase>,
}

/// Scores one file.
///
/// # Errors
/// If an exception names a case that is not there or that is right, or there are more than 3 % of them.
pub(crate) fn score(
    reader: &Reader,
    file: &SpecFile,
    units: &Units,
    exceptions: &Exceptions,
) -> Result<FileScore> {
    let mut score = FileScore {
        stem: file.stem.clone(),
        kind: file.kind,
        language: file.language.clone(),
        cases: file.cases.len(),
        right: 0,
        excepted: 0,
        converted: BTreeMap::new(),
        unknown_units: Vec::new(),
        wrong: Vec::new(),
    };
    let mut right_ids = Vec::new();
    for case in &file.cases {
        let comparison = Comparison { reader, units, kind: file.kind, case };
        let outcome = comparison.run();
        score.unknown_units.extend(outcome.unknown_unit);
        if outcome.right {
            score.right += 1;
            right_ids.push(case.id.as_str());
            for conversion in outcome.conversions {
                *score.converted.entry(conversion).or_default() += 1;
            }
        } else if exceptions.has(&file.stem, &case.id) {
            score.excepted += 1;
        } else {
            score.wrong.push(WrongCase {
                id: case.id.clone(),
                text: case.text.clone(),
                expected: outcome.expected,
                got: outcome.got,
            });
        }
    }
    score.unknown_units.sort();
    score.unknown_units.dedup();
    let ids: Vec<&str> = file.cases.iter().map(|case| case.id.as_str()).collect();
    exceptions.check(&file.stem, &ids, &right_ids)?;
    Ok(score)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that fails here should say so")]

    use super::*;

    fn scored(name: &str, lines: &str) -> FileScore {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(name), lines).unwrap();
        let files = load(folder.path()).unwrap();
        score(&Reader::standard(), &files[0], &Units::standard().unwrap(), &Exceptions::parse("").unwrap())
            .unwrap()
    }

    fn right(name: &str, text: &str, quote: &str, resolution: &str) -> bool {
        let start = text.find(quote).unwrap();
        let line = format!(
            r#"{{"id":"a","lang":"en","text":"{text}","expect":[{{"start":{start},"end":{},"text":"{quote}","type":"x","resolution":{resolution}}}],"reference":"2025-07-13T00:00:00"}}"#,
            start + quote.len()
        );
        scored(name, &line).right == 1
    }

    #[test]
    fn values_units_and_spans_must_all_match() {
        let file = "currency.en.jsonl";
        assert!(right(file, "it cost $ 12 then", "$ 12", r#"{"value":"12","unit":"Dollar"}"#));
        assert!(!right(file, "it cost $ 12 then", "$ 12", r#"{"value":"13","unit":"Dollar"}"#));
        assert!(!right(file, "it cost $ 12 then", "$ 12", r#"{"value":"12","unit":"Euro"}"#));
        assert!(!right(file, "it cost $ 12 then", "12", r#"{"value":"12","unit":"Dollar"}"#));
        assert!(right(file, "it cost 50 cents then", "50 cents", r#"{"value":"50","unit":"Cent"}"#));
        // A rate, of which only the money is there.
        assert!(right(file, "it cost $ 12 per ton then", "$ 12", r#"{"value":"12","unit":"Dollar"}"#));
        assert!(!right(file, "it cost $ 12 and $ 13", "$ 12", r#"{"value":"12","unit":"Dollar"}"#));
    }

    #[test]
    fn percentage_points_are_theirs_only_where_the_words_say_so() {
        let file = "percent.zh.jsonl";
        assert!(right(file, "上升2.4个百分点。", "2.4个百分点", r#"{"value":"2.4%"}"#));
        assert!(!right(file, "上升2.4个百分点。", "2.4个百分点", r#"{"value":"24%"}"#));
        assert!(right(file, "上升2.4%。", "2.4%", r#"{"value":"2.4%"}"#));
        assert!(!right(file, "上升2.4%。", "2.4%", r#"{"value":"2.5%"}"#));
    }

    #[test]
    fn ends_of_ranges_are_exact() {
        let file = "range.en.jsonl";
        let text = "a number between 20 and 30 here";
        assert!(right(file, text, "between 20 and 30", r#"{"value":"[20,30)"}"#));
        assert!(!right(file, text, "between 20 and 30", r#"{"value":"[20,29)"}"#));
        assert!(!right(file, text, "between 20 and 30", r#"{"value":"[20,)"}"#));
        assert!(!right(file, text, "between 20 and 30", r#"{"value":"(20,30)"}"#));
        let text = "a number of more than 300 here";
        assert!(right(file, text, "more than 300", r#"{"value":"(300,)"}"#));
        assert!(!right(file, text, "more than 300", r#"{"value":"[300,)"}"#));
    }

    #[test]
    fn ends_of_times_move_by_the_named_period_only() {
        let file = "time.en.jsonl";
        let values = |start: &str, end: &str, timex: &str| {
            format!(
                r#"{{"values":[{{"timex":"({start},{end},{timex})","type":"daterange","start":"{start}","end":"{end}"}}]}}"#
            )
        };
        let text = "the years from 2014 to 2018 were";
        assert!(right(file, text, "from 2014 to 2018", &values("2014-01-01", "2018-01-01", "P4Y")));
        assert!(!right(file, text, "from 2014 to 2018", &values("2014-01-01", "2018-12-31", "P4Y")));
        assert!(!right(file, text, "from 2014 to 2018", &values("2014-01-01", "2017-01-01", "P4Y")));
        let text = "sales from January to April 2015 rose";
        assert!(right(file, text, "from January to April 2015", &values("2015-01-01", "2015-04-01", "P3M")));
        assert!(!right(file, text, "from January to April 2015", &values("2015-01-01", "2015-02-01", "P1M")));
        // "past five days" names no end that could belong to it.
        let text = "in the past five days it rose";
        assert!(!right(file, text, "past five days", &values("2025-07-08", "2025-07-12", "P4D")));
    }
}

//! What a check found, and its form as a record.

use std::ops::Range;

use api::record::{Calculation, Check, Citation, Finding, FindingKind, FindingSide, Span};
use text::rounding::{Bounds, short};

use crate::page::Stated;

/// Longest quote of a citation, in bytes.
const MAX_QUOTE_BYTES: usize = 4096;

/// What a check found.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Which check.
    pub check: Check,
    /// Whether it holds.
    pub holds: bool,
    /// How much an analyst would want to see it, 0 to 100.
    pub severity: u32,
    /// What it says in one line, in English.
    pub said: String,
    /// The passages that it rests on, in bytes of the text: every operand and the result.
    pub passages: Vec<Range<usize>>,
    /// What was calculated; empty where only wording decides.
    pub calculations: Vec<Calculated>,
    /// Names of the claims whose figures are operands.
    pub claims: Vec<String>,
}

/// One calculation.
#[derive(Clone, Debug, PartialEq)]
pub struct Calculated {
    /// The formula with its operands as printed.
    pub expression: String,
    /// What follows.
    pub follows: Bounds,
    /// What is printed for it, or what is plausible.
    pub printed: Bounds,
    /// Unit of both.
    pub unit: String,
    /// Which passages were operands, as indexes into those of the outcome.
    pub operands: Vec<usize>,
}

impl Outcome {
    /// The word of the key `finding=`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        if self.holds { "holds" } else { "fails" }
    }

    /// Where it stands, and what orders those of one place.
    pub(crate) fn place(&self) -> (usize, i32, usize) {
        let start = self.passages.iter().map(|passage| passage.start).min().unwrap_or(0);
        let end = self.passages.iter().map(|passage| passage.end).max().unwrap_or(0);
        (start, self.check.into(), end)
    }

    /// The keys `series=` and `fact=` of the claims that it rests on, each once.
    #[must_use]
    pub fn series(&self, stated: &[Stated]) -> Vec<String> {
        let mut keys: Vec<String> = Vec::new();
        for claim in stated.iter().filter(|claim| self.claims.contains(&claim.name)) {
            for key in &claim.keys {
                if (key.starts_with("series=") || key.starts_with("fact=")) && !keys.contains(key) {
                    keys.push(key.clone());
                }
            }
        }
        keys.truncate(16);
        keys
    }

    /// The body of the record about the document of this name and text, with its citations.
    #[must_use]
    pub fn record(&self, document: &str, text: &str) -> (Finding, Vec<Citation>) {
        let citations: Vec<Citation> = self
            .passages
            .iter()
            .map(|passage| Citation {
                document: document.to_owned(),
                spans: vec![Span {
                    start_byte: offset(passage.start),
                    end_byte: offset(passage.end),
                    quote: text[passage.clone()].to_owned(),
                }],
            })
            .collect();
        let side = FindingSide {
            said: self.said.clone(),
            claims: self.claims.clone(),
            citations: (0..citations.len()).map(offset).collect(),
            voices: 1,
        };
        let body = Finding {
            kind: if self.holds { FindingKind::Holds } else { FindingKind::Fails }.into(),
            check: self.check.into(),
            severity: self.severity,
            sides: vec![side],
            calculations: self.calculations.iter().map(calculation).collect(),
            claims: self.claims.clone(),
            ..Finding::default()
        };
        (body, citations)
    }

    /// The same with every passage cut to what a citation may hold.
    pub(crate) fn trimmed(mut self, text: &str) -> Outcome {
        for passage in &mut self.passages {
            let mut end = passage.end.min(passage.start + MAX_QUOTE_BYTES);
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            passage.end = end;
        }
        self
    }
}

fn calculation(calculated: &Calculated) -> Calculation {
    let end = |end: Option<rust_decimal::Decimal>| end.map(short).unwrap_or_default();
    Calculation {
        expression: calculated.expression.clone(),
        low: end(calculated.follows.low()),
        high: end(calculated.follows.high()),
        printed_low: end(calculated.printed.low()),
        printed_high: end(calculated.printed.high()),
        unit: calculated.unit.clone(),
        operands: calculated.operands.iter().map(|index| offset(*index)).collect(),
    }
}

fn offset(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

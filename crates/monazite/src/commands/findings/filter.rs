//! Which findings a user wants to see.

use anyhow::Result;
use api::record::{Check, Finding, FindingKind, ReasonCode};
use text::Lexicon;

use super::words;
use crate::cli::FindingsArgs;
use crate::failure::{Failure, Kind};
use crate::names::Wanted;

/// The arguments of `monazite findings`, understood.
#[derive(Debug, Default)]
pub(super) struct Filter {
    kinds: Vec<FindingKind>,
    reasons: Vec<ReasonCode>,
    checks: Vec<Check>,
    severity: u32,
    measure: Option<Wanted>,
    unknown: Option<String>,
    narrowed: bool,
}

impl Filter {
    /// Understands the arguments.
    ///
    /// # Errors
    /// If there is no such kind, reason or check.
    pub(super) fn new(lexicon: &Lexicon, args: &FindingsArgs) -> Result<Self> {
        let measure = args.measure.as_deref().map(|words| Wanted::new(lexicon, words, Some("measure")));
        let unknown =
            args.measure.as_ref().filter(|_| measure.as_ref().is_some_and(|wanted| !wanted.is_known()));
        Ok(Self {
            kinds: each(&args.kind, &words::KINDS, "kind of finding", |kind| words::kind(*kind))?,
            reasons: each(&args.reason, &words::REASONS, "reason of a contradiction", |reason| {
                words::dashed(reason.as_str_name(), "REASON_CODE_")
            })?,
            checks: each(&args.check, &words::CHECKS, "check", |check| {
                words::dashed(check.as_str_name(), "CHECK_")
            })?,
            severity: args.severity,
            unknown: unknown.map(|words| format!("the lexicon knows no measure «{words}»")),
            measure,
            narrowed: args.document.is_some() || args.story.is_some(),
        })
    }

    /// Whether a finding with these keys is wanted.
    pub(super) fn wants(&self, finding: &Finding, keys: &[String]) -> bool {
        finding.severity >= self.severity
            && (self.kinds.is_empty() || self.kinds.contains(&finding.kind()))
            && (self.reasons.is_empty() || self.reasons.contains(&finding.reason()))
            && (self.checks.is_empty() || self.checks.contains(&finding.check()))
            && self.measure.as_ref().is_none_or(|wanted| keys.iter().any(|key| is_of(wanted, key)))
    }

    /// Whether any finding of a kind may be wanted.
    pub(super) fn wants_kind(&self, kind: FindingKind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }

    /// What the lexicon does not know of what was asked for, in words.
    pub(super) fn unknown(&self) -> Option<&str> {
        self.unknown.as_deref()
    }

    /// Whether a kind or check was asked for by its name, so that none of it is left out.
    pub(super) fn names_checks(&self) -> bool {
        !self.kinds.is_empty() || !self.checks.is_empty()
    }

    /// Whether everything is wanted.
    pub(super) fn is_open(&self) -> bool {
        !self.narrowed
            && self.kinds.is_empty()
            && self.reasons.is_empty()
            && self.checks.is_empty()
            && self.severity == 0
            && self.measure.is_none()
    }
}

/// Whether a key `series=price|…` or `fact=price|…` is of the measure.
fn is_of(wanted: &Wanted, key: &str) -> bool {
    let series = key.strip_prefix("series=").or_else(|| key.strip_prefix("fact="));
    let measure = series.and_then(|series| series.split('|').next());
    measure.is_some_and(|measure| wanted.is(&format!("measure/{measure}"), measure))
}

/// The values that words name.
fn each<T: Copy>(names: &[String], all: &[T], what: &str, word: impl Fn(&T) -> String) -> Result<Vec<T>> {
    let mut wanted = Vec::new();
    for name in names {
        let found = all.iter().find(|one| word(one) == name.replace('_', "-"));
        let known = || all.iter().map(&word).collect::<Vec<_>>().join(", ");
        let unknown = || Failure::new(Kind::Usage, format!("`{name}` is no {what}; there are {}", known()));
        wanted.push(*found.ok_or_else(unknown)?);
    }
    Ok(wanted)
}

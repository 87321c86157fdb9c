//! Which facts a user wants to see.

use anyhow::Result;
use api::record::{Claim, EventType, Term, When};
use text::Lexicon;

use super::days::Days;
use super::words::lower;
use crate::cli::FactsArgs;
use crate::failure::{Failure, Kind};
use crate::names::Wanted;

const EVENTS: [EventType; 7] = [
    EventType::Ban,
    EventType::Licence,
    EventType::Quota,
    EventType::Closure,
    EventType::Agreement,
    EventType::Enforcement,
    EventType::Announcement,
];

/// The arguments of `monazite facts`, understood.
#[derive(Debug, Default)]
pub(super) struct Filter {
    subject: Option<Wanted>,
    measure: Option<Wanted>,
    unit: Option<String>,
    period: Option<Days>,
    source: Option<String>,
    events: Vec<EventType>,
    /// What was given that the lexicon does not know.
    unknown: Option<String>,
}

impl Filter {
    /// Understands the arguments.
    ///
    /// # Errors
    /// If the period is none, or there is no such type of event.
    pub(super) fn new(lexicon: &Lexicon, args: &FactsArgs) -> Result<Self> {
        let usage = |what: String| Failure::new(Kind::Usage, what);
        let subject = args.subject.as_deref().map(|words| Wanted::new(lexicon, words, None));
        let measure = args.measure.as_deref().map(|words| Wanted::new(lexicon, words, Some("measure")));
        let unknown = |wanted: &Option<Wanted>, given: &Option<String>, what: &str| {
            let known = wanted.as_ref().is_none_or(Wanted::is_known);
            given.as_ref().filter(|_| !known).map(|given| format!("the lexicon knows no {what} «{given}»"))
        };
        Ok(Self {
            unknown: unknown(&measure, &args.measure, "measure")
                .or_else(|| unknown(&subject, &args.subject, "name")),
            subject,
            measure,
            unit: args.unit.clone(),
            period: args.period.as_ref().map(|text| text.parse()).transpose().map_err(usage)?,
            source: args.source.as_ref().map(|words| words.to_lowercase()),
            events: events(&args.events)?,
        })
    }

    /// Whether a claim is wanted, as far as it says itself.
    pub(super) fn wants(&self, claim: &Claim) -> bool {
        let event = claim.event();
        let period = |asked: &Days| {
            let times = [&claim.period, &claim.announced, &claim.effective];
            times.into_iter().flatten().any(|time| overlaps(asked, time))
        };
        (self.events.is_empty() || self.events.contains(&event))
            && self.subject.as_ref().is_none_or(|wanted| is_about(wanted, claim))
            && self
                .measure
                .as_ref()
                .is_none_or(|wanted| claim.measure.as_ref().is_some_and(|m| named(wanted, m)))
            && self.unit.as_ref().is_none_or(|unit| has_unit(claim, unit))
            && self.period.as_ref().is_none_or(period)
    }

    /// Whether a source is wanted.
    pub(super) fn wants_source(&self, source: &str) -> bool {
        self.source.as_ref().is_none_or(|words| source.to_lowercase().contains(words))
    }

    /// What the lexicon does not know of what was asked for, in words.
    pub(super) fn unknown(&self) -> Option<&str> {
        self.unknown.as_deref()
    }

    /// Whether everything is wanted.
    pub(super) fn is_open(&self) -> bool {
        self.subject.is_none()
            && self.measure.is_none()
            && self.unit.is_none()
            && self.period.is_none()
            && self.source.is_none()
            && self.events.is_empty()
    }
}

fn events(names: &[String]) -> Result<Vec<EventType>> {
    let mut wanted = Vec::new();
    for name in names {
        if name == "all" {
            return Ok(EVENTS.to_vec());
        }
        let found = EVENTS.into_iter().find(|event| lower(event.as_str_name(), "EVENT_TYPE_") == *name);
        wanted.push(found.ok_or_else(|| {
            let all: Vec<String> = EVENTS.iter().map(|e| lower(e.as_str_name(), "EVENT_TYPE_")).collect();
            Failure::new(Kind::Usage, format!("`{name}` is no type of event; there are {}", all.join(", ")))
        })?);
    }
    Ok(wanted)
}

/// What a claim is about: its subject, who has or does it, and with whom.
fn is_about(wanted: &Wanted, claim: &Claim) -> bool {
    let one = [&claim.subject, &claim.part, &claim.place].into_iter().flatten();
    one.chain(&claim.joint).chain(&claim.actors).chain(&claim.targets).any(|term| named(wanted, term))
}

fn named(wanted: &Wanted, term: &Term) -> bool {
    wanted.is(&term.id, &term.words)
}

fn has_unit(claim: &Claim, unit: &str) -> bool {
    let changes = claim.changes.iter().filter_map(|change| change.by.as_ref());
    claim.value.iter().chain(changes).any(|amount| amount.unit == unit)
}

fn overlaps(asked: &Days, time: &When) -> bool {
    time.period.as_ref().is_some_and(|period| asked.overlap(period))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that fails here should say so")]
    use super::*;

    #[test]
    fn events_are_told_by_their_types() {
        assert_eq!(events(&["ban".into(), "licence".into()]).unwrap(), [EventType::Ban, EventType::Licence]);
        assert_eq!(events(&["all".into()]).unwrap().len(), 7);
        let error = events(&["bans".into()]).unwrap_err().to_string();
        assert!(error.contains("`bans` is no type of event; there are ban, licence"), "{error}");
    }
}

//! Which series, periods and sources a user means.

use anyhow::Result;
use text::Lexicon;

use super::point::Point;
use crate::cli::NarrowArgs;
use crate::commands::facts::Days;
use crate::failure::{Failure, Kind};
use crate::names::Wanted;

/// The arguments, understood.
#[derive(Debug)]
pub(crate) struct Narrow {
    /// A whole key of a series, if one was given.
    pub(crate) key: Option<String>,
    measure: Wanted,
    subject: Option<Wanted>,
    place: Option<Wanted>,
    venue: Option<Wanted>,
    basis: Option<Wanted>,
    days: Option<Days>,
    source: Option<String>,
    unknown: Option<String>,
}

impl Narrow {
    /// Understands the arguments.
    ///
    /// # Errors
    /// If a period is none, or the last ends before the first begins.
    pub(crate) fn new(lexicon: &Lexicon, measure: &str, args: &NarrowArgs) -> Result<Self> {
        let named =
            |words: &Option<String>, kind| words.as_deref().map(|words| Wanted::new(lexicon, words, kind));
        let period = |text: &Option<String>| text.as_ref().map(|text| text.parse::<Days>()).transpose();
        let usage = |what: String| Failure::new(Kind::Usage, what);
        let (from, to) = (period(&args.from).map_err(usage)?, period(&args.to).map_err(usage)?);
        let days = Days::between(from, to);
        if days.is_some_and(|days| matches!(days.ends(), (Some(start), Some(end)) if end <= start)) {
            return Err(usage("--to ends before --from begins".to_owned()).into());
        }
        let given = measure.strip_prefix("series=").unwrap_or(measure);
        let key = given.contains('|').then(|| given.to_owned());
        // Of a whole key, the measure is its first part.
        let words = given.split('|').next().unwrap_or_default();
        let wanted = Wanted::new(lexicon, words, Some("measure"));
        let subject = named(&args.subject, None);
        let unknown = if key.is_none() && !wanted.is_known() {
            Some(format!("the lexicon knows no measure «{measure}»"))
        } else {
            let words = args.subject.as_ref().filter(|_| subject.as_ref().is_some_and(|s| !s.is_known()));
            words.map(|words| format!("the lexicon knows no name «{words}»"))
        };
        Ok(Self {
            key,
            measure: wanted,
            subject,
            place: named(&args.place, None),
            venue: named(&args.venue, None),
            basis: named(&args.basis, Some("basis")),
            days,
            source: args.source.as_ref().map(|words| words.to_lowercase()),
            unknown,
        })
    }

    /// One key alone.
    pub(crate) fn only(mut self, key: &str) -> Self {
        self.key = Some(key.to_owned());
        self
    }

    /// What the lexicon does not know of what was asked for, in words.
    pub(crate) fn unknown(&self) -> Option<&str> {
        self.unknown.as_deref()
    }

    /// Whether series of a measure may be wanted: the first part of their keys.
    pub(crate) fn wants_measure(&self, measure: &str) -> bool {
        self.measure.is(&format!("measure/{measure}"), measure)
    }

    /// Whether a series is wanted: its key says what it is of.
    pub(crate) fn wants_series(&self, key: &str) -> bool {
        if self.key.as_ref().is_some_and(|only| only != key) {
            return false;
        }
        let mut parts = key.split('|');
        let measure = parts.next().unwrap_or_default();
        let slots: Vec<(&str, &str)> =
            parts.skip(1).map(|part| part.split_once('=').unwrap_or(("", part))).collect();
        let has = |wanted: &Option<Wanted>, labels: &[&str]| {
            wanted.as_ref().is_none_or(|wanted| {
                let named = slots.iter().filter(|(label, _)| labels.contains(label));
                named.flat_map(|(_, names)| names.split('+')).any(|id| {
                    wanted.is(id, id.rsplit('/').next().unwrap_or(id))
                        || labels == ["basis"] && wanted.is(&format!("basis/{id}"), id)
                })
            })
        };
        (self.key.is_some() || self.wants_measure(measure))
            && has(&self.subject, &["", "part", "whole", "joint", "actors"])
            && has(&self.place, &["place", "partners"])
            && has(&self.venue, &["venue"])
            && has(&self.basis, &["basis"])
    }

    /// Whether a point's period is wanted.
    pub(crate) fn wants_time(&self, point: &Point) -> bool {
        self.days.is_none_or(|days| days.overlap(&point.period))
    }

    /// Whether a source is wanted.
    pub(crate) fn wants_source(&self, source: &str) -> bool {
        self.source.as_ref().is_none_or(|words| source.to_lowercase().contains(words))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that fails here should say so")]
    use super::*;

    fn narrow(measure: &str, change: impl Fn(&mut NarrowArgs)) -> Narrow {
        let mut args = NarrowArgs::default();
        change(&mut args);
        Narrow::new(Lexicon::standard(), measure, &args).unwrap()
    }

    #[test]
    fn a_series_is_known_by_its_key() {
        let key = "price|USD/mass|commodity/copper|basis=reo|venue=exchange/LME";
        assert!(narrow("价格", |_| ()).wants_series(key));
        assert!(!narrow("output", |_| ()).wants_series(key));
        assert!(narrow("price", |a| a.subject = Some("铜".into())).wants_series(key));
        assert!(!narrow("price", |a| a.subject = Some("锑".into())).wants_series(key));
        assert!(narrow("price", |a| a.venue = Some("LME".into())).wants_series(key));
        assert!(narrow("price", |a| a.basis = Some("reo".into())).wants_series(key));
        assert!(!narrow("price", |a| a.place = Some("China".into())).wants_series(key));
        let output = "output|mass|commodity/antimony|place=country/CHN";
        assert!(narrow("output", |a| a.place = Some("CHN".into())).wants_series(output));
        assert!(narrow("output", |a| a.place = Some("中国".into())).wants_series(output));
        assert!(
            narrow(key, |_| ()).wants_series(key) && !narrow(key, |_| ()).wants_series("price|USD/mass|x")
        );
    }

    #[test]
    fn a_backward_time_and_an_unknown_measure_are_said() {
        let args = NarrowArgs { from: Some("2025".into()), to: Some("2024".into()), ..Default::default() };
        let error = Narrow::new(Lexicon::standard(), "price", &args).unwrap_err().to_string();
        assert!(error.contains("--to ends before --from"), "{error}");
        assert!(narrow("gloop", |_| ()).unknown().unwrap().contains("no measure «gloop»"));
    }
}

//! Which version and config of an analyzer are current.

use std::sync::Arc;

use api::analysis::{Assignment, Manifest};
use api::registry::Pin;
use prost::Message as _;
use semver::Version;

use crate::error::{Error, Result};

/// An assignment as it is stored.
#[derive(Clone, Debug)]
pub(crate) struct Assigned {
    /// Version of the analyzer.
    pub(crate) version: String,
    /// Digest of its config.
    pub(crate) config_digest: String,
    /// Its manifest.
    pub(crate) manifest: Arc<Manifest>,
    /// Sequence of the record.
    pub(crate) sequence: i64,
}

impl Assigned {
    /// Reads the stored record.
    ///
    /// # Errors
    /// [`Error::Refused`] if it cannot be decoded.
    pub(crate) fn read(record: &api::record::Record) -> Result<(String, Self)> {
        let broken = |error: prost::DecodeError| Error::Refused {
            peer: crate::STORAGE,
            reason: "CORRUPT_ASSIGNMENT".to_owned(),
            operation: None,
            record: record.name.clone(),
            message: format!("{}: {error}", record.name),
        };
        let body = Assignment::decode(record.body.clone()).map_err(broken)?;
        let manifest = Manifest::decode(body.manifest).map_err(broken)?;
        let assigned = Self {
            version: body.version,
            config_digest: body.config_digest,
            manifest: Arc::new(manifest),
            sequence: record.sequence,
        };
        Ok((body.analyzer, assigned))
    }
}

/// A version that some instance serves now, and whose manifest the catalog has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) version: String,
    pub(crate) config_digest: String,
}

/// The version and config to assign instead of the present one, or `None` to leave it.
///
/// The pinned version counts, else the highest. Nothing changes downward unless by pin, and nothing to what nobody
/// provides: a provider that is gone for a moment must not start a walk over all groups. Of several configs of the
/// chosen version the present one stays, else the one with the lowest digest is taken.
pub(crate) fn choose(
    current: Option<(&str, &str)>,
    pin: Option<&Pin>,
    candidates: &[Candidate],
) -> Option<Candidate> {
    let pinned = pin.map(|pin| pin.version.as_str()).filter(|version| !version.is_empty());
    if pin.is_some_and(|pin| pin.disabled) {
        return None;
    }
    let version = match pinned {
        Some(version) => version.to_owned(),
        None => {
            let versions = candidates.iter().filter_map(|candidate| Version::parse(&candidate.version).ok());
            let highest = versions.max()?;
            let present = current.and_then(|(version, _)| Version::parse(version).ok());
            if present.is_some_and(|present| present > highest) {
                return None;
            }
            highest.to_string()
        }
    };
    let of_version = || candidates.iter().filter(|candidate| candidate.version == version);
    if let Some((present, digest)) = current
        && present == version
        && of_version().any(|candidate| candidate.config_digest == digest)
    {
        return None;
    }
    of_version().min_by(|a, b| a.config_digest.cmp(&b.config_digest)).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidates(provided: &[(&str, &str)]) -> Vec<Candidate> {
        let candidate = |(version, digest): &(&str, &str)| Candidate {
            version: (*version).to_owned(),
            config_digest: (*digest).to_owned(),
        };
        provided.iter().map(candidate).collect()
    }

    type Version<'a> = (&'a str, &'a str);
    /// Its name, the present assignment, the pin, what is provided, and what is chosen.
    type Case<'a> = (&'a str, Option<Version<'a>>, Option<Pin>, &'a [Version<'a>], Option<Version<'a>>);

    #[test]
    fn an_assignment_moves_up_by_config_or_by_pin() {
        let to = |version: &str| Some(Pin { version: version.to_owned(), disabled: false });
        let cases: [Case<'_>; 13] = [
            ("first", None, None, &[("1.9.0", "c"), ("1.10.0", "c")], Some(("1.10.0", "c"))),
            ("nobody", None, None, &[], None),
            ("up", Some(("1.0.0", "c")), None, &[("1.0.0", "c"), ("2.0.0", "c")], Some(("2.0.0", "c"))),
            ("not down", Some(("2.0.0", "c")), None, &[("1.0.0", "c")], None),
            ("gone", Some(("2.0.0", "c")), None, &[], None),
            ("same", Some(("2.0.0", "c")), None, &[("2.0.0", "c")], None),
            ("other config", Some(("2.0.0", "c")), None, &[("2.0.0", "d")], Some(("2.0.0", "d"))),
            ("both configs", Some(("2.0.0", "d")), None, &[("2.0.0", "c"), ("2.0.0", "d")], None),
            (
                "pin down",
                Some(("2.0.0", "c")),
                to("1.0.0"),
                &[("1.0.0", "c"), ("2.0.0", "c")],
                Some(("1.0.0", "c")),
            ),
            ("pin to nobody", Some(("2.0.0", "c")), to("1.5.0"), &[("2.0.0", "c")], None),
            ("pin holds", Some(("1.0.0", "c")), to("1.0.0"), &[("1.0.0", "c"), ("2.0.0", "c")], None),
            ("empty pin", Some(("1.0.0", "c")), to(""), &[("2.0.0", "c")], Some(("2.0.0", "c"))),
            ("prerelease", None, None, &[("1.0.0-rc.1", "c"), ("1.0.0", "c")], Some(("1.0.0", "c"))),
        ];
        for (name, current, pin, provided, expected) in cases {
            let chosen = choose(current, pin.as_ref(), &candidates(provided));
            let expected = expected.map(|pair| candidates(&[pair]).remove(0));
            assert_eq!(chosen, expected, "{name}");
        }
        let disabled = Pin { version: String::new(), disabled: true };
        assert_eq!(choose(None, Some(&disabled), &candidates(&[("1.0.0", "c")])), None);
    }
}

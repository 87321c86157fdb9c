//! The rules that a manifest obeys, and the bounds that follow from it.

use std::time::Duration;

use api::analysis::{Manifest, grouping::Grouping};
use prost::Message as _;
use prost_types::FileDescriptorSet;

/// Most calls that an analyzer may take at a time.
pub const MAX_CONCURRENCY: u32 = 64;
/// Longest deadline of a call.
pub const MAX_DEADLINE: Duration = Duration::from_secs(600);
/// Most bytes that a limit may name.
pub const MAX_BYTES: u64 = 256 << 20;
/// Most records that a limit may name.
pub const MAX_RECORDS: u32 = 1_000_000;
/// Most days of a connection's window: a century.
pub const MAX_WINDOW_DAYS: u32 = 36_600;

/// A manifest's limits with their defaults filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Most records in a group.
    pub input_records: usize,
    /// Most encoded bytes in a group.
    pub input_bytes: usize,
    /// Most records that a call may emit.
    pub output_records: usize,
    /// Most encoded bytes that a call may emit.
    pub output_bytes: usize,
    /// The longest that a call may take.
    pub deadline: Duration,
    /// How many calls are taken at a time.
    pub concurrency: usize,
}

impl Bounds {
    /// The bounds of a manifest that passed [`check`].
    #[must_use]
    pub fn of(manifest: &Manifest) -> Self {
        let limits = manifest.limits.unwrap_or_default();
        let or = |value: u64, default: u64| if value == 0 { default } else { value };
        let size = |value: u64| usize::try_from(value).unwrap_or(usize::MAX);
        Self {
            input_records: size(or(limits.max_input_records.into(), 10_000)),
            input_bytes: size(or(limits.max_input_bytes, 16 << 20)),
            output_records: size(or(limits.max_output_records.into(), 10_000)),
            output_bytes: size(or(limits.max_output_bytes, 8 << 20)),
            deadline: Duration::from_millis(or(limits.deadline_ms.into(), 30_000)),
            concurrency: size(or(manifest.concurrency.into(), 1)),
        }
    }
}

/// Checks a manifest against the rules of `manifest.proto`.
///
/// # Errors
/// Which rule is broken, and where.
pub fn check(manifest: &Manifest) -> Result<(), String> {
    let name = &manifest.name;
    let is_name_char = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || name.len() > 64 || !name.chars().all(is_name_char) {
        return Err(format!("name {name:?}: expected lower-case letters, digits and hyphens, at most 64"));
    }
    let fail = |what: String| Err(format!("{name}: {what}"));
    if let Err(error) = semver::Version::parse(&manifest.version) {
        return fail(format!("version {:?} is not SemVer: {error}", manifest.version));
    }
    if manifest.reads.is_empty() {
        return fail("it reads nothing".into());
    }
    if manifest.writes.is_empty() {
        return fail("it writes nothing".into());
    }
    if let Some(kind) = manifest.reads.iter().chain(&manifest.writes).find(|kind| !is_full_name(kind)) {
        return fail(format!("kind {kind:?} is not a full protobuf name"));
    }
    check_grouping(manifest).or_else(fail)?;
    if !manifest.config_schema.is_empty() {
        let schema = serde_json::from_str::<serde_json::Map<_, _>>(&manifest.config_schema);
        if let Err(error) = schema {
            return fail(format!("its config schema is no JSON object: {error}"));
        }
    }
    check_limits(manifest).or_else(fail)?;
    check_own_kinds(manifest).or_else(fail)
}

fn check_grouping(manifest: &Manifest) -> Result<(), String> {
    let key = |what: &str, key: &str, example: &str| {
        if key.is_empty() || key.len() > 64 || key.contains(['=', ' ']) {
            return Err(format!("{what} {key:?}: expected a name such as `{example}`"));
        }
        Ok(())
    };
    match manifest.grouping.as_ref().and_then(|grouping| grouping.grouping.as_ref()) {
        None => Err("it does not say how it groups what it reads".into()),
        Some(Grouping::EachRecord(_)) => Ok(()),
        Some(Grouping::SharedKey(shared)) => key("grouping key", &shared.key, "document"),
        Some(Grouping::Connection(connection)) => {
            key("grouping key", &connection.key, "band")?;
            key("window key", &connection.window_key, "at")?;
            match connection.window_days {
                1..=MAX_WINDOW_DAYS => Ok(()),
                days => Err(format!("its window has {days} days, expected 1 to {MAX_WINDOW_DAYS}")),
            }
        }
    }
}

fn check_limits(manifest: &Manifest) -> Result<(), String> {
    let limits = manifest.limits.unwrap_or_default();
    let bounds = [
        ("concurrency", u64::from(manifest.concurrency), u64::from(MAX_CONCURRENCY)),
        ("deadline_ms", limits.deadline_ms.into(), MAX_DEADLINE.as_secs() * 1000),
        ("max_input_bytes", limits.max_input_bytes, MAX_BYTES),
        ("max_output_bytes", limits.max_output_bytes, MAX_BYTES),
        ("max_input_records", limits.max_input_records.into(), MAX_RECORDS.into()),
        ("max_output_records", limits.max_output_records.into(), MAX_RECORDS.into()),
    ];
    match bounds.into_iter().find(|(_, value, most)| value > most) {
        Some((what, value, most)) => Err(format!("{what} is {value}, at most {most}")),
        None => Ok(()),
    }
}

/// A kind that is not Monazite's must come with its descriptor, so that every client can show it; and nobody else
/// may define Monazite's.
fn check_own_kinds(manifest: &Manifest) -> Result<(), String> {
    let set = FileDescriptorSet::decode(manifest.descriptor_set.clone())
        .map_err(|error| format!("its descriptor set can not be decoded: {error}"))?;
    for kind in &manifest.writes {
        let Some((package, message)) = kind.rsplit_once('.') else { continue };
        let defined = set.file.iter().any(|file| {
            file.package() == package && file.message_type.iter().any(|defined| defined.name() == message)
        });
        if is_ours(package) && defined {
            return Err(format!("it defines {kind}, which is not its own"));
        }
        if !is_ours(package) && !defined {
            return Err(format!("it writes {kind}, which its descriptor set does not define"));
        }
    }
    Ok(())
}

fn is_ours(package: &str) -> bool {
    package == "monazite" || package.starts_with("monazite.")
}

fn is_full_name(kind: &str) -> bool {
    let is_part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    kind.len() <= 256 && kind.contains('.') && kind.split('.').all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::analysis::{Connection, EachRecord, Limits, SharedKey};

    fn good() -> Manifest {
        Manifest {
            name: "reading".into(),
            version: "1.2.3".into(),
            reads: vec!["monazite.record.v1.Document".into()],
            writes: vec!["monazite.record.v1.Layer".into()],
            grouping: Some(api::analysis::Grouping { grouping: Some(Grouping::EachRecord(EachRecord {})) }),
            ..Manifest::default()
        }
    }

    fn connected(key: &str, window_key: &str, window_days: u32) -> Option<api::analysis::Grouping> {
        let connection = Connection { key: key.into(), window_key: window_key.into(), window_days };
        Some(api::analysis::Grouping { grouping: Some(Grouping::Connection(connection)) })
    }

    #[test]
    fn a_good_manifest_passes_with_defaults() {
        assert_eq!(check(&good()), Ok(()));
        assert_eq!(check(&Manifest { grouping: connected("band", "at", 30), ..good() }), Ok(()));
        let bounds = Bounds::of(&good());
        assert_eq!(bounds.concurrency, 1);
        assert_eq!(bounds.deadline, Duration::from_secs(30));
        assert_eq!((bounds.input_bytes, bounds.output_bytes), (16 << 20, 8 << 20));
    }

    #[test]
    fn each_broken_rule_is_named() {
        type Change = fn(&mut Manifest);
        let cases: &[(Change, &str)] = &[
            (|m| m.name = "Reading".into(), "name \"Reading\""),
            (|m| m.name = "a".repeat(65), "at most 64"),
            (|m| m.version = "1.2".into(), "not SemVer"),
            (|m| m.reads.clear(), "reads nothing"),
            (|m| m.writes.clear(), "writes nothing"),
            (|m| m.reads = vec!["Document".into()], "full protobuf name"),
            (|m| m.grouping = None, "how it groups"),
            (
                |m| {
                    let shared = Grouping::SharedKey(SharedKey { key: "a=b".into() });
                    m.grouping = Some(api::analysis::Grouping { grouping: Some(shared) });
                },
                "grouping key",
            ),
            (|m| m.grouping = connected("", "at", 7), "grouping key \"\""),
            (|m| m.grouping = connected("band", "at=", 7), "window key \"at=\""),
            (|m| m.grouping = connected("band", "at", 0), "0 days, expected 1 to 36600"),
            (|m| m.grouping = connected("band", "at", 36_601), "36601 days"),
            (|m| m.config_schema = "[]".into(), "config schema is no JSON object"),
            (|m| m.concurrency = 65, "concurrency is 65, at most 64"),
            (|m| m.limits = Some(Limits { deadline_ms: 600_001, ..Limits::default() }), "deadline_ms"),
            (|m| m.writes = vec!["team.v1.Thing".into()], "does not define"),
            (|m| m.descriptor_set = vec![0xff].into(), "can not be decoded"),
        ];
        for (change, expected) in cases {
            let mut manifest = good();
            change(&mut manifest);
            let error = check(&manifest).expect_err(expected);
            assert!(error.contains(expected), "{error:?} should contain {expected:?}");
        }
    }
}

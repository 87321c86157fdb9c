//! What a manifest may say.

use std::collections::BTreeSet;

use api::analysis::Manifest;
use api::analysis::grouping::Grouping;
use prost::Message as _;

use super::{Checked, analyzer_name, full_name, limits, problem, require, version};

/// Checks a manifest.
pub(super) fn check(manifest: &Manifest) -> Checked {
    analyzer_name("manifest.name", &manifest.name)?;
    version("manifest.version", &manifest.version)?;
    let description = &manifest.description;
    require(
        description.len() <= limits::DESCRIPTION && !description.contains(['\n', '\r']),
        "manifest.description",
        format!("must be one line of at most {} bytes", limits::DESCRIPTION),
    )?;
    kinds("manifest.reads", &manifest.reads)?;
    kinds("manifest.writes", &manifest.writes)?;
    grouping(manifest)?;
    bounds(manifest)?;
    config_schema(&manifest.config_schema)?;
    let descriptors = prost_types::FileDescriptorSet::decode(manifest.descriptor_set.clone());
    require(descriptors.is_ok(), "manifest.descriptor_set", "must be an encoded FileDescriptorSet")
}

fn kinds(field: &str, kinds: &[String]) -> Checked {
    require(
        !kinds.is_empty() && kinds.len() <= limits::KINDS,
        field,
        format!("must name 1 to {} kinds", limits::KINDS),
    )?;
    let mut seen = BTreeSet::new();
    for kind in kinds {
        full_name(field, kind)?;
        require(seen.insert(kind), field, format!("names {kind} twice"))?;
    }
    Ok(())
}

fn grouping(manifest: &Manifest) -> Checked {
    let field = "manifest.grouping";
    match manifest.grouping.as_ref().and_then(|grouping| grouping.grouping.as_ref()) {
        Some(Grouping::EachRecord(_)) => Ok(()),
        Some(Grouping::SharedKey(shared)) => key_name("manifest.grouping.shared_key.key", &shared.key),
        Some(Grouping::Connection(connection)) => {
            key_name("manifest.grouping.connection.key", &connection.key)?;
            key_name("manifest.grouping.connection.window_key", &connection.window_key)?;
            require(
                (1..=limits::WINDOW_DAYS).contains(&connection.window_days),
                "manifest.grouping.connection.window_days",
                format!("must be 1 to {}", limits::WINDOW_DAYS),
            )
        }
        None => {
            let known = "must be a grouping that this registry knows: each_record, shared_key or connection";
            Err(problem(field, known))
        }
    }
}

fn key_name(field: &str, key: &str) -> Checked {
    let form = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-.".contains(&b);
    require(
        !key.is_empty() && key.len() <= limits::KEY_NAME && key.bytes().all(form),
        field,
        format!(
            "must be 1 to {} lower-case letters, digits, dots, hyphens and underscores",
            limits::KEY_NAME
        ),
    )
}

fn bounds(manifest: &Manifest) -> Checked {
    let length = manifest.encoded_len();
    require(
        length <= limits::MANIFEST,
        "manifest",
        format!("of {length} bytes is over the limit of {}", limits::MANIFEST),
    )?;
    require(
        manifest.concurrency <= limits::CONCURRENCY,
        "manifest.concurrency",
        format!("must be at most {}", limits::CONCURRENCY),
    )?;
    let deadline = manifest.limits.as_ref().map_or(0, |limits| limits.deadline_ms);
    require(
        deadline <= limits::DEADLINE_MS,
        "manifest.limits.deadline_ms",
        format!("must be at most {}", limits::DEADLINE_MS),
    )
}

/// A schema must be a JSON object or a boolean (JSON Schema 2020-12, section 4.3).
fn config_schema(schema: &str) -> Checked {
    if schema.is_empty() {
        return Ok(());
    }
    let field = "manifest.config_schema";
    match serde_json::from_str(schema) {
        Ok(serde_json::Value::Object(_) | serde_json::Value::Bool(_)) => Ok(()),
        Ok(_) => Err(problem(field, "must be a JSON object or a boolean")),
        Err(error) => Err(problem(field, format!("is no JSON: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use api::analysis::{Connection, EachRecord, Grouping as Wrapped, Limits, SharedKey};

    use super::*;

    fn manifest() -> Manifest {
        Manifest {
            name: "reading".into(),
            version: "1.0.0".into(),
            description: "reads".into(),
            reads: vec!["monazite.record.v1.Document".into()],
            grouping: Some(Wrapped { grouping: Some(Grouping::EachRecord(EachRecord {})) }),
            writes: vec!["monazite.record.v1.Layer".into()],
            ..Manifest::default()
        }
    }

    fn shared(key: &str) -> Option<Wrapped> {
        Some(Wrapped { grouping: Some(Grouping::SharedKey(SharedKey { key: key.into() })) })
    }

    fn connected(key: &str, window_key: &str, window_days: u32) -> Option<Wrapped> {
        let connection = Connection { key: key.into(), window_key: window_key.into(), window_days };
        Some(Wrapped { grouping: Some(Grouping::Connection(connection)) })
    }

    #[test]
    fn accepts_what_is_right() {
        let good = [
            manifest(),
            Manifest { name: "a".repeat(limits::ANALYZER_NAME), ..manifest() },
            Manifest { version: "1.0.0-rc.1+build.5".into(), ..manifest() },
            Manifest { grouping: shared("document"), ..manifest() },
            Manifest { grouping: connected("band", "at", 1), ..manifest() },
            Manifest { grouping: connected("band", "at", limits::WINDOW_DAYS), ..manifest() },
            Manifest { config_schema: r#"{"type":"object"}"#.into(), ..manifest() },
            Manifest { concurrency: limits::CONCURRENCY, ..manifest() },
        ];
        for manifest in good {
            assert_eq!(check(&manifest), Ok(()), "{manifest:?}");
        }
    }

    #[test]
    fn names_the_field_that_is_wrong() {
        let many = (0..=limits::KINDS).map(|i| format!("a.K{i}")).collect::<Vec<_>>();
        let late = Limits { deadline_ms: limits::DEADLINE_MS + 1, ..Limits::default() };
        let cases = [
            ("name", Manifest { name: String::new(), ..manifest() }),
            ("name", Manifest { name: "Reading".into(), ..manifest() }),
            ("name", Manifest { name: "a/b".into(), ..manifest() }),
            ("name", Manifest { name: "a".repeat(limits::ANALYZER_NAME + 1), ..manifest() }),
            ("version", Manifest { version: "1.0".into(), ..manifest() }),
            ("version", Manifest { version: format!("1.0.0+{}", "a".repeat(limits::VERSION)), ..manifest() }),
            ("description", Manifest { description: "a\nb".into(), ..manifest() }),
            ("description", Manifest { description: "a".repeat(limits::DESCRIPTION + 1), ..manifest() }),
            ("reads", Manifest { reads: vec![], ..manifest() }),
            ("reads", Manifest { reads: vec!["Document".into()], ..manifest() }),
            ("reads", Manifest { reads: vec!["a..B".into()], ..manifest() }),
            ("reads", Manifest { reads: vec!["a.1B".into()], ..manifest() }),
            ("reads", Manifest { reads: vec!["a.B".into(), "a.B".into()], ..manifest() }),
            ("reads", Manifest { reads: many, ..manifest() }),
            ("writes", Manifest { writes: vec![], ..manifest() }),
            ("writes", Manifest { writes: vec!["a.B c".into()], ..manifest() }),
            ("grouping", Manifest { grouping: None, ..manifest() }),
            ("grouping", Manifest { grouping: Some(Wrapped { grouping: None }), ..manifest() }),
            ("grouping.shared_key.key", Manifest { grouping: shared(""), ..manifest() }),
            ("grouping.shared_key.key", Manifest { grouping: shared("a=b"), ..manifest() }),
            ("grouping.connection.key", Manifest { grouping: connected("", "at", 7), ..manifest() }),
            ("grouping.connection.window_key", Manifest { grouping: connected("band", "", 7), ..manifest() }),
            (
                "grouping.connection.window_days",
                Manifest { grouping: connected("band", "at", 0), ..manifest() },
            ),
            (
                "grouping.connection.window_days",
                Manifest { grouping: connected("band", "at", limits::WINDOW_DAYS + 1), ..manifest() },
            ),
            ("config_schema", Manifest { config_schema: "{".into(), ..manifest() }),
            ("config_schema", Manifest { config_schema: "3".into(), ..manifest() }),
            ("concurrency", Manifest { concurrency: limits::CONCURRENCY + 1, ..manifest() }),
            ("limits.deadline_ms", Manifest { limits: Some(late), ..manifest() }),
            ("descriptor_set", Manifest { descriptor_set: vec![0xff].into(), ..manifest() }),
        ];
        for (field, manifest) in cases {
            let found = check(&manifest).map_err(|problem| problem.field);
            assert_eq!(found, Err(format!("manifest.{field}")), "{manifest:?}");
        }
        let large = Manifest { config_schema: format!("\"{}\"", "a".repeat(limits::MANIFEST)), ..manifest() };
        assert_eq!(check(&large).map_err(|problem| problem.field), Err("manifest".into()));
    }
}

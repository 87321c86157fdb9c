//! Configs of analyzers: one file `{analyzer}.json` each in a folder.

use std::io::ErrorKind;
use std::path::Path;

use api::analysis::Manifest;
use serde_json::Value;

use crate::error::Rejection;

/// Largest config file, in bytes.
pub(crate) const MAX_CONFIG_BYTES: u64 = 1 << 20;

/// The config of an analyzer as canonical JSON: keys sorted, no spaces. Empty if there is no file for it.
///
/// # Errors
/// [`Rejection::Config`] if the file can not be read, is too large, no JSON or does not fit the analyzer's schema, or if
/// the analyzer takes none.
pub(crate) fn read(dir: Option<&Path>, manifest: &Manifest) -> Result<String, Rejection> {
    let Some(dir) = dir else { return Ok(String::new()) };
    let path = dir.join(format!("{}.json", manifest.name));
    let fail = |what: String| Rejection::Config(format!("{}: {what}", path.display()));
    let size = match std::fs::metadata(&path) {
        Ok(metadata) => metadata.len(),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(String::new()),
        Err(error) => return Err(fail(format!("failed to read it: {error}"))),
    };
    if manifest.config_schema.is_empty() {
        return Err(fail(format!("the analyzer {} takes no config; remove the file", manifest.name)));
    }
    if size > MAX_CONFIG_BYTES {
        return Err(fail(format!("it has {size} bytes, at most {MAX_CONFIG_BYTES}")));
    }
    let text = std::fs::read(&path).map_err(|error| fail(format!("failed to read it: {error}")))?;
    let value: Value = serde_json::from_slice(&text).map_err(|error| fail(format!("not JSON: {error}")))?;
    validate(&value, &manifest.config_schema).map_err(fail)?;
    Ok(canonical(value).to_string())
}

/// Checks a config against its analyzer's JSON Schema (2020-12). A schema that refers to other files or hosts is
/// refused, because nothing is fetched here.
fn validate(value: &Value, schema: &str) -> Result<(), String> {
    let schema: Value = serde_json::from_str(schema)
        .map_err(|error| format!("the analyzer's schema is not JSON: {error}"))?;
    let validator = jsonschema::draft202012::new(&schema)
        .map_err(|error| format!("the analyzer's schema is not valid: {error}"))?;
    validator.validate(value).map_err(|error| match error.instance_path.as_str() {
        "" => error.to_string(),
        place => format!("at {place}: {error}"),
    })
}

/// Hexadecimal BLAKE3 of a canonical config.
#[must_use]
pub(crate) fn digest(config: &str) -> String {
    blake3::hash(config.as_bytes()).to_hex().to_string()
}

/// Sorts the keys of every object, so that equal configs have one digest.
fn canonical(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<(String, Value)> = map.into_iter().collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(entries.into_iter().map(|(key, value)| (key, canonical(value))).collect())
        }
        Value::Array(values) => Value::Array(values.into_iter().map(canonical).collect()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(schema: &str) -> Manifest {
        Manifest { name: "echo".into(), config_schema: schema.into(), ..Manifest::default() }
    }

    #[test]
    fn order_and_spaces_do_not_matter() -> Result<(), Box<dyn std::error::Error>> {
        let dir = tempfile::tempdir()?;
        std::fs::write(dir.path().join("echo.json"), "{ \"b\": [ {\"z\":1, \"y\":2} ],\n \"a\": 3 }")?;
        let config = read(Some(dir.path()), &manifest("{}"))?;
        assert_eq!(config, r#"{"a":3,"b":[{"y":2,"z":1}]}"#);
        Ok(())
    }

    #[test]
    fn no_file_is_no_config() -> Result<(), Box<dyn std::error::Error>> {
        let dir = tempfile::tempdir()?;
        assert_eq!(read(Some(dir.path()), &manifest("{}"))?, "");
        assert_eq!(read(None, &manifest("{}"))?, "");
        Ok(())
    }

    #[test]
    fn a_config_must_fit_the_schema() -> Result<(), Box<dyn std::error::Error>> {
        let schema = r#"{"type":"object","properties":{"limits":{"type":"object","properties":{"top":{"type":"integer","maximum":9}}}}}"#;
        let dir = tempfile::tempdir()?;
        std::fs::write(dir.path().join("echo.json"), r#"{"limits":{"top":10}}"#)?;
        let error = read(Some(dir.path()), &manifest(schema)).expect_err("above the maximum").to_string();
        assert!(error.contains("echo.json: at /limits/top: 10 is greater than the maximum of 9"), "{error}");
        std::fs::write(dir.path().join("echo.json"), r#"{"limits":{"top":9}}"#)?;
        assert_eq!(read(Some(dir.path()), &manifest(schema))?, r#"{"limits":{"top":9}}"#);
        let error = read(Some(dir.path()), &manifest(r#"{"type":7}"#)).expect_err("no schema").to_string();
        assert!(error.contains("schema is not valid"), "{error}");
        Ok(())
    }

    #[test]
    fn a_bad_file_is_named() -> Result<(), Box<dyn std::error::Error>> {
        let dir = tempfile::tempdir()?;
        std::fs::write(dir.path().join("echo.json"), "{")?;
        let error = read(Some(dir.path()), &manifest("{}")).expect_err("no JSON").to_string();
        assert!(error.contains("echo.json: not JSON"), "{error}");
        let error = read(Some(dir.path()), &manifest("")).expect_err("takes none").to_string();
        assert!(error.contains("takes no config"), "{error}");
        Ok(())
    }
}

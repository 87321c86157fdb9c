//! What may be registered.

pub(crate) mod cycle;
pub(crate) mod entry;
pub(crate) mod instance;
pub mod limits;
mod manifest;

/// A field and what is wrong with it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) field: String,
    pub(crate) message: String,
}

/// What a rule answers.
pub(crate) type Checked = Result<(), Problem>;

pub(crate) fn problem(field: impl Into<String>, message: impl Into<String>) -> Problem {
    Problem { field: field.into(), message: message.into() }
}

/// Refuses unless a condition holds.
pub(crate) fn require(holds: bool, field: &str, message: impl Into<String>) -> Checked {
    if holds { Ok(()) } else { Err(problem(field, message)) }
}

/// Lower-case letters, digits and hyphens, at most 64.
pub(crate) fn analyzer_name(field: &str, name: &str) -> Checked {
    let form = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    require(
        !name.is_empty() && name.len() <= limits::ANALYZER_NAME && name.bytes().all(form),
        field,
        format!("must be 1 to {} lower-case letters, digits and hyphens", limits::ANALYZER_NAME),
    )
}

/// A version after Semantic Versioning 2.0.
pub(crate) fn version(field: &str, version: &str) -> Checked {
    require(version.len() <= limits::VERSION, field, format!("is over {} bytes", limits::VERSION))?;
    match semver::Version::parse(version) {
        Ok(_) => Ok(()),
        Err(error) => Err(problem(field, format!("must be a version such as 1.2.3 (SemVer 2.0): {error}"))),
    }
}

/// The full name of a protobuf message or service, such as `monazite.record.v1.Document`.
pub(crate) fn full_name(field: &str, name: &str) -> Checked {
    let part = |part: &str| {
        let mut bytes = part.bytes();
        bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
            && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    require(
        name.len() <= limits::FULL_NAME && name.contains('.') && name.split('.').all(part),
        field,
        format!("must be a full protobuf name such as monazite.record.v1.Document, not {name:?}"),
    )
}

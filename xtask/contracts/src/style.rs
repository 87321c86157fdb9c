//! The rules for protobuf, over the descriptor set.

use prost_types::{DescriptorProto, EnumDescriptorProto, FileDescriptorProto, FileDescriptorSet};

use crate::Violation;
use crate::comments::Comments;

// Field numbers in google/protobuf/descriptor.proto, of which the paths of source locations consist.
const MESSAGE: i32 = 4;
const ENUM: i32 = 5;
const SERVICE: i32 = 6;
const MESSAGE_FIELD: i32 = 2;
const MESSAGE_NESTED: i32 = 3;
const MESSAGE_ENUM: i32 = 4;
const ENUM_VALUE: i32 = 2;
const SERVICE_METHOD: i32 = 2;

/// Every rule that is broken, in the order of the files.
pub(crate) fn check(set: &FileDescriptorSet) -> Vec<Violation> {
    let mut found = Vec::new();
    for file in set.file.iter().filter(|f| is_ours(f)) {
        Check { file, comments: Comments::of(file), found: &mut found }.file();
    }
    found
}

/// True for files of `proto/`, false for what they import from elsewhere.
pub(crate) fn is_ours(file: &FileDescriptorProto) -> bool {
    !file.package().starts_with("google.")
}

struct Check<'a> {
    file: &'a FileDescriptorProto,
    comments: Comments<'a>,
    found: &'a mut Vec<Violation>,
}

impl Check<'_> {
    fn report(&mut self, path: &[i32], message: String) {
        let line = self.comments.line(path);
        self.found.push(Violation { file: format!("proto/{}", self.file.name()), line, message });
    }

    fn file(&mut self) {
        let folder = self.file.name().rsplit_once('/').map_or("", |(folder, _)| folder).replace('/', ".");
        let package = self.file.package().to_owned();
        if folder != package {
            self.report(&[2], format!("package `{package}` lies in folder `{folder}`; they must be equal"));
        }
        if !package.rsplit('.').next().is_some_and(is_version) {
            self.report(&[2], format!("package `{package}` does not end in a version such as `v1`; add one"));
        }
        if self.file.syntax() != "proto3" {
            self.report(&[12], "write `syntax = \"proto3\";`".to_owned());
        }
        if self.file.service.len() > 1 {
            self.report(&[SERVICE, 1], "a second service in one file; give it a file of its own".to_owned());
        }
        for (i, message) in self.file.message_type.iter().enumerate() {
            self.message(message, &[MESSAGE, index(i)]);
        }
        for (i, e) in self.file.enum_type.iter().enumerate() {
            self.enumeration(e, &[ENUM, index(i)]);
        }
        for i in 0..self.file.service.len() {
            self.service(i);
        }
    }

    fn commented(&mut self, what: &str, name: &str, path: &[i32]) {
        if self.comments.text(path).is_empty() {
            self.report(path, format!("{what} `{name}` has no comment above it; say what it is"));
        }
    }

    fn message(&mut self, message: &DescriptorProto, path: &[i32]) {
        if message.options.as_ref().is_some_and(|o| o.map_entry()) {
            return;
        }
        self.commented("message", message.name(), path);
        for (i, field) in message.field.iter().enumerate() {
            let path = join(path, &[MESSAGE_FIELD, index(i)]);
            self.commented("field", field.name(), &path);
            if field.name().chars().any(|c| c.is_ascii_uppercase()) {
                self.report(&path, format!("field `{}` is not in lower_snake_case", field.name()));
            }
        }
        for (i, nested) in message.nested_type.iter().enumerate() {
            self.message(nested, &join(path, &[MESSAGE_NESTED, index(i)]));
        }
        for (i, e) in message.enum_type.iter().enumerate() {
            self.enumeration(e, &join(path, &[MESSAGE_ENUM, index(i)]));
        }
    }

    fn enumeration(&mut self, e: &EnumDescriptorProto, path: &[i32]) {
        self.commented("enum", e.name(), path);
        let prefix = screaming(e.name());
        let zero = format!("{prefix}_UNSPECIFIED");
        if e.value.first().is_none_or(|v| v.name() != zero || v.number() != 0) {
            self.report(path, format!("enum `{}` does not start with `{zero} = 0`", e.name()));
        }
        for (i, value) in e.value.iter().enumerate() {
            let path = join(path, &[ENUM_VALUE, index(i)]);
            self.commented("enum value", value.name(), &path);
            if !value.name().starts_with(&format!("{prefix}_")) {
                self.report(&path, format!("enum value `{}` does not start with `{prefix}_`", value.name()));
            }
        }
    }

    fn service(&mut self, i: usize) {
        let service = &self.file.service[i];
        let path = [SERVICE, index(i)];
        self.commented("service", service.name(), &path);
        for (i, method) in service.method.iter().enumerate() {
            let path = join(&path, &[SERVICE_METHOD, index(i)]);
            let name = method.name();
            self.commented("rpc", name, &path);
            if !self.comments.text(&path).contains("Errors") {
                self.report(
                    &path,
                    format!("rpc `{name}` does not say its `Errors:`; list codes and what to do"),
                );
            }
            for (actual, suffix) in [(method.input_type(), "Request"), (method.output_type(), "Response")] {
                let wanted = format!(".{}.{name}{suffix}", self.file.package());
                if actual != wanted {
                    let message = format!("rpc `{name}` uses `{actual}`; give it a `{wanted}` of its own");
                    self.report(&path, message);
                }
            }
        }
    }
}

fn index(i: usize) -> i32 {
    i32::try_from(i).expect("a descriptor holds fewer than 2^31 things")
}

fn join(path: &[i32], rest: &[i32]) -> Vec<i32> {
    [path, rest].concat()
}

/// `v1`, `v2beta1`.
fn is_version(part: &str) -> bool {
    part.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// `FailureCode` becomes `FAILURE_CODE`.
fn screaming(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(c.to_ascii_uppercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::testing::compile;

    const GOOD: &str = r#"
        syntax = "proto3";
        package made.up.v1;
        // A service.
        service Mine {
          // Does it. Errors: none.
          rpc Dig(DigRequest) returns (stream DigResponse);
        }
        // What.
        message DigRequest {
          // How deep.
          int32 depth = 1;
          // By ore.
          map<string, int32> by_ore = 2;
        }
        // What came.
        message DigResponse {}
        // An ore.
        enum RareEarth {
          // Not said.
          RARE_EARTH_UNSPECIFIED = 0;
          // Cerium.
          RARE_EARTH_CERIUM = 1;
        }
    "#;

    fn complaints(text: &str) -> Vec<String> {
        let set = compile("made/up/v1/mine.proto", text);
        check(&set).into_iter().map(|v| format!("{}:{} {}", v.file, v.line, v.message)).collect()
    }

    #[test]
    fn a_good_file_has_no_complaints() {
        assert_eq!(complaints(GOOD), Vec::<String>::new());
    }

    #[test]
    fn each_broken_rule_is_told_with_its_line() {
        let cases = [
            ("package made.up.v1;", "package made.up;", ":3 package `made.up` lies in folder `made.up.v1`"),
            ("package made.up.v1;", "package made.up;", ":3 package `made.up` does not end in a version"),
            ("// A service.", "", ":5 service `Mine` has no comment"),
            ("Errors: none.", "", ":7 rpc `Dig` does not say its `Errors:`"),
            ("(stream DigResponse)", "(DigRequest)", ":7 rpc `Dig` uses `.made.up.v1.DigRequest`"),
            ("// What.", "// Two. \n service Other {}\n // What.", ":10 a second service in one file"),
            ("// How deep.", "", ":12 field `depth` has no comment"),
            ("int32 depth", "int32 Depth", ":12 field `Depth` is not in lower_snake_case"),
            ("// What came.", "", ":17 message `DigResponse` has no comment"),
            ("RARE_EARTH_UNSPECIFIED", "RARE_EARTH_NONE", ":19 enum `RareEarth` does not start with"),
            ("// Cerium.", "", ":23 enum value `RARE_EARTH_CERIUM` has no comment"),
            ("RARE_EARTH_CERIUM", "CERIUM", ":23 enum value `CERIUM` does not start with `RARE_EARTH_`"),
        ];
        for (from, to, wanted) in cases {
            let broken = GOOD.replacen(from, to, 1);
            assert_ne!(broken, GOOD, "{from}");
            let found = complaints(&broken);
            let told = found.iter().any(|f| f.contains(wanted));
            assert!(told, "wanted {wanted:?} after {from:?} -> {to:?}, found {found:#?}");
        }
    }

    #[test]
    fn names_become_prefixes() {
        assert_eq!(screaming("FailureCode"), "FAILURE_CODE");
        assert!(is_version("v1") && is_version("v2beta1") && !is_version("version") && !is_version("1"));
    }
}

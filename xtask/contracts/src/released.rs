//! Compatibility with the contract of the last release.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use prost::Message as _;
use prost_types::{DescriptorProto, FieldDescriptorProto, FileDescriptorSet};

use crate::comments::Comments;
use crate::{Violation, codegen, style};

/// Where the contract of the last release lies: an encoded `google.protobuf.FileDescriptorSet`.
pub(crate) const FILE: &str = "proto/released.bin";

/// Keeps the present contract as that of the release.
pub(crate) fn write(root: &Path) -> Result<()> {
    let mut set = codegen::descriptors(root)?;
    for file in &mut set.file {
        file.source_code_info = None;
    }
    std::fs::write(root.join(FILE), set.encode_to_vec()).with_context(|| format!("failed to write {FILE}"))
}

/// The contract of the last release; `None` before the first.
pub(crate) fn read(root: &Path) -> Result<Option<FileDescriptorSet>> {
    match std::fs::read(root.join(FILE)) {
        Ok(bytes) => Ok(Some(
            FileDescriptorSet::decode(bytes.as_slice()).with_context(|| format!("{FILE} is damaged"))?,
        )),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(e).with_context(|| format!("failed to read {FILE}")),
    }
}

/// What of `old` is gone or another thing in `new`. Additions are free.
pub(crate) fn check(old: &FileDescriptorSet, new: &FileDescriptorSet) -> Vec<Violation> {
    let new_items = items(new);
    let mut found = Vec::new();
    for (name, was) in items(old) {
        let message = match new_items.get(&name) {
            None => format!("{name} was released and is gone; released things stay"),
            Some(is) if is.meaning != was.meaning => {
                format!(
                    "{name} was released as `{}` and is now `{}`; put it back and add a new one",
                    was.meaning, is.meaning
                )
            }
            Some(_) => continue,
        };
        let (file, line) = new_items.get(&name).map_or((was.file, 0), |is| (is.file.clone(), is.line));
        found.push(Violation { file: format!("proto/{file}"), line, message });
    }
    found
}

/// One released thing.
struct Item {
    file: String,
    line: usize,
    /// What must stay as it is.
    meaning: String,
}

/// Every message, field (by number), enum value (by number) and rpc, by a name for people.
fn items(set: &FileDescriptorSet) -> BTreeMap<String, Item> {
    let mut out = BTreeMap::new();
    for file in set.file.iter().filter(|f| style::is_ours(f)) {
        let comments = Comments::of(file);
        let mut add = |name: String, path: &[i32], meaning: String| {
            out.insert(name, Item { file: file.name().to_owned(), line: comments.line(path), meaning });
        };
        let package = file.package();
        for (i, message) in (0..).zip(&file.message_type) {
            message_items(message, package, &[4, i], &mut add);
        }
        for (i, e) in (0..).zip(&file.enum_type) {
            enum_items(e, package, &[5, i], &mut add);
        }
        for (i, service) in (0..).zip(&file.service) {
            for (j, rpc) in (0..).zip(&service.method) {
                let stream = |on| if on { "stream " } else { "" };
                let meaning = format!(
                    "({}{}) returns ({}{})",
                    stream(rpc.client_streaming()),
                    rpc.input_type(),
                    stream(rpc.server_streaming()),
                    rpc.output_type()
                );
                add(format!("rpc {package}.{}/{}", service.name(), rpc.name()), &[6, i, 2, j], meaning);
            }
        }
    }
    out
}

type Add<'a> = dyn FnMut(String, &[i32], String) + 'a;

fn message_items(message: &DescriptorProto, scope: &str, path: &[i32], add: &mut Add<'_>) {
    let name = format!("{scope}.{}", message.name());
    add(format!("message {name}"), path, String::new());
    for (i, field) in (0..).zip(&message.field) {
        let path = [path, &[2, i]].concat();
        add(format!("field {} of {name}", field.number()), &path, field_meaning(message, field));
    }
    for (i, nested) in (0..).zip(&message.nested_type) {
        message_items(nested, &name, &[path, &[3, i]].concat(), add);
    }
    for (i, e) in (0..).zip(&message.enum_type) {
        enum_items(e, &name, &[path, &[4, i]].concat(), add);
    }
}

/// Name, type, cardinality and oneof of a field: another name breaks JSON and sources, the rest the wire.
fn field_meaning(message: &DescriptorProto, field: &FieldDescriptorProto) -> String {
    let optional = if field.proto3_optional() { "optional " } else { "" };
    let oneof = field
        .oneof_index
        .filter(|_| !field.proto3_optional())
        .and_then(|i| message.oneof_decl.get(usize::try_from(i).ok()?))
        .map(|o| format!(" in oneof {}", o.name()));
    format!(
        "{optional}{:?} {:?}{} {}{}",
        field.label(),
        field.r#type(),
        field.type_name(),
        field.name(),
        oneof.unwrap_or_default()
    )
}

fn enum_items(e: &prost_types::EnumDescriptorProto, scope: &str, path: &[i32], add: &mut Add<'_>) {
    let name = format!("{scope}.{}", e.name());
    for (i, value) in (0..).zip(&e.value) {
        let path = [path, &[2, i]].concat();
        add(format!("value {} of enum {name}", value.number()), &path, value.name().to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::testing::compile;

    const RELEASED: &str = r#"
        syntax = "proto3";
        package made.up.v1;
        service Mine { rpc Dig(DigRequest) returns (DigResponse); }
        message DigRequest { int32 depth = 1; string ore = 2; oneof way { bool open = 3; bool shaft = 4; } }
        message DigResponse { repeated Ore ores = 1; }
        enum Ore { ORE_UNSPECIFIED = 0; ORE_CERIUM = 1; }
    "#;

    fn complaints(now: &str) -> Vec<String> {
        let old = compile("made/up/v1/mine.proto", RELEASED);
        let new = compile("made/up/v1/mine.proto", now);
        check(&old, &new).into_iter().map(|v| v.message).collect()
    }

    #[test]
    fn additions_are_free() {
        let now = RELEASED
            .replace("string ore = 2;", "string ore = 2; optional bytes core = 9;")
            .replace("ORE_CERIUM = 1;", "ORE_CERIUM = 1; ORE_NEODYMIUM = 2;")
            .replace("service Mine {", "service Mine { rpc Stop(DigRequest) returns (DigResponse);");
        assert_ne!(now, RELEASED);
        assert_eq!(complaints(&now), Vec::<String>::new());
    }

    #[test]
    fn whatever_breaks_a_released_client_is_told() {
        let cases = [
            ("string ore = 2;", "", "field 2 of made.up.v1.DigRequest was released and is gone"),
            (
                "string ore = 2;",
                "string ore = 5;",
                "field 2 of made.up.v1.DigRequest was released and is gone",
            ),
            ("string ore = 2;", "bytes ore = 2;", "released as `Optional String ore`"),
            ("string ore = 2;", "repeated string ore = 2;", "is now `Repeated String ore`"),
            ("string ore = 2;", "string mineral = 2;", "is now `Optional String mineral`"),
            ("bool shaft = 4; }", "} bool shaft = 4;", "is now `Optional Bool shaft`"),
            (
                "ORE_CERIUM = 1",
                "ORE_LANTHANUM = 1",
                "value 1 of enum made.up.v1.Ore was released as `ORE_CERIUM`",
            ),
            ("(DigResponse);", "(stream DigResponse);", "rpc made.up.v1.Mine/Dig was released"),
            (
                "rpc Dig(DigRequest) returns (DigResponse);",
                "",
                "rpc made.up.v1.Mine/Dig was released and is gone",
            ),
        ];
        for (from, to, wanted) in cases {
            let now = RELEASED.replacen(from, to, 1);
            assert_ne!(now, RELEASED, "{from}");
            let found = complaints(&now);
            assert!(found.iter().any(|f| f.contains(wanted)), "wanted {wanted:?}, found {found:?}");
        }
    }
}

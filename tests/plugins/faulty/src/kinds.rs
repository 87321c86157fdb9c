//! The plugin's own kinds, in its own package `faulty.v1`.

use prost::{Message, Name};
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{DescriptorProto, FieldDescriptorProto, FileDescriptorProto, FileDescriptorSet};

const PACKAGE: &str = "faulty.v1";

/// What was read at the beginning of a document.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Echo {
    /// Name of the document.
    #[prost(string, tag = "1")]
    pub document: String,
    /// What was read.
    #[prost(string, tag = "2")]
    pub text: String,
}

impl Name for Echo {
    const NAME: &'static str = "Echo";
    const PACKAGE: &'static str = PACKAGE;
}

/// How much was read about a document.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Length {
    /// Name of the document.
    #[prost(string, tag = "1")]
    pub document: String,
    /// Bytes of all echoes.
    #[prost(uint64, tag = "2")]
    pub bytes: u64,
    /// How many echoes there are.
    #[prost(uint64, tag = "3")]
    pub echoes: u64,
}

impl Name for Length {
    const NAME: &'static str = "Length";
    const PACKAGE: &'static str = PACKAGE;
}

/// The encoded `FileDescriptorSet` of the kinds above.
#[must_use]
pub fn descriptor_set() -> Vec<u8> {
    let file = FileDescriptorProto {
        name: Some("faulty/v1/faulty.proto".into()),
        package: Some(PACKAGE.into()),
        syntax: Some("proto3".into()),
        message_type: vec![
            message("Echo", &[("document", Type::String), ("text", Type::String)]),
            message(
                "Length",
                &[("document", Type::String), ("bytes", Type::Uint64), ("echoes", Type::Uint64)],
            ),
        ],
        ..FileDescriptorProto::default()
    };
    FileDescriptorSet { file: vec![file] }.encode_to_vec()
}

fn message(name: &str, fields: &[(&str, Type)]) -> DescriptorProto {
    let field = |(number, (name, kind)): (i32, &(&str, Type))| FieldDescriptorProto {
        name: Some((*name).into()),
        json_name: Some((*name).into()),
        number: Some(number),
        label: Some(Label::Optional.into()),
        r#type: Some((*kind).into()),
        ..FieldDescriptorProto::default()
    };
    DescriptorProto {
        name: Some(name.into()),
        field: (1..).zip(fields).map(field).collect(),
        ..DescriptorProto::default()
    }
}

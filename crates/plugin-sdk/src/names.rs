//! Names and keys of derived records.

use prost::{Message, Name};

/// A record's name from its body: `{collection}/{id}`, where the id is the first 32 hexadecimal digits of the BLAKE3
/// hash of kind and encoded body. Two records of one kind with equal bodies get one name, so a body must contain
/// what tells them apart, such as the document that it is about.
#[must_use]
pub fn content_name<B: Message + Name>(collection: &str, body: &B) -> String {
    content_name_of(collection, &[B::full_name().as_bytes(), &body.encode_to_vec()])
}

/// A record's name from whatever identifies it, as [`content_name`]. Each part is hashed with its length, so that
/// `["ab", "c"]` and `["a", "bc"]` differ.
#[must_use]
pub fn content_name_of(collection: &str, parts: &[&[u8]]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let hash = hasher.finalize().to_hex();
    format!("{collection}/{}", &hash[..32])
}

/// A key, `name=value`.
#[must_use]
pub fn key(name: &str, value: &str) -> String {
    format!("{name}={value}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::record::Layer;

    #[test]
    fn names_come_from_content() {
        let first = Layer { document: "documents/1".into(), mentions: vec![] };
        let second = Layer { document: "documents/2".into(), mentions: vec![] };
        assert_eq!(content_name("layers", &first), content_name("layers", &first));
        assert_ne!(content_name("layers", &first), content_name("layers", &second));
        assert_eq!(content_name("layers", &first).len(), "layers/".len() + 32);
    }

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(content_name_of("x", &[b"ab", b"c"]), content_name_of("x", &[b"a", b"bc"]));
    }
}

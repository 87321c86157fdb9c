//! Page tokens: which list, at which revision, after which key. Opaque to clients.

use crate::{Error, Result};

/// Entries or instances of a page if none are asked for.
const DEFAULT: usize = 100;

/// Most of them on a page.
pub(crate) const LARGEST: usize = 1000;

/// Bytes of values on a page of more than one row, so that a page stays far below the limit of a message.
pub(crate) const BYTES: usize = 4 << 20;

/// Where a page begins.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) revision: i64,
    pub(crate) after: String,
}

/// How many rows a page may have.
pub(crate) fn size(page_size: i32) -> usize {
    match usize::try_from(page_size) {
        Ok(0) | Err(_) => DEFAULT,
        Ok(size) => size.min(LARGEST),
    }
}

/// Makes a token. `list` names the cluster and what is listed.
pub(crate) fn encode(list: &[&str], token: &Token) -> String {
    format!("{}.{}.{}", token.revision, digest(list), token.after)
}

/// Reads a token; `None` for the first page.
pub(crate) fn decode(list: &[&str], text: &str) -> Result<Option<Token>> {
    if text.is_empty() {
        return Ok(None);
    }
    let mut parts = text.splitn(3, '.');
    let (Some(revision), Some(tag), Some(after)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(Error::InvalidPageToken);
    };
    let revision = revision.parse().map_err(|_| Error::InvalidPageToken)?;
    if tag != digest(list) {
        return Err(Error::InvalidPageToken);
    }
    Ok(Some(Token { revision, after: after.to_owned() }))
}

fn digest(list: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in list {
        hasher.update(part.as_bytes());
        hasher.update(&[0]);
    }
    hasher.finalize().to_hex()[..8].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_belongs_to_its_list() -> Result<()> {
        let token = Token { revision: 7, after: "catalog/analyzers/a/versions/1.2.3".into() };
        let text = encode(&["c1", "entries", "analyzers/"], &token);
        assert_eq!(decode(&["c1", "entries", "analyzers/"], &text)?, Some(token));
        assert_eq!(decode(&["c1", "entries", "analyzers/"], "")?, None);
        for list in
            [["c2", "entries", "analyzers/"], ["c1", "entries", ""], ["c1", "instances", "analyzers/"]]
        {
            assert!(matches!(decode(&list, &text), Err(Error::InvalidPageToken)));
        }
        for wrong in ["x", "7", "7.", "x.y.z", "7.00000000.a"] {
            assert!(matches!(decode(&["c1"], wrong), Err(Error::InvalidPageToken)), "{wrong}");
        }
        Ok(())
    }

    #[test]
    fn a_page_has_a_size() {
        assert_eq!([-1, 0, 1, 1000, 1001].map(size), [100, 100, 1, 1000, 1000]);
    }
}

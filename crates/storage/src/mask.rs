use api::record::Record;
use prost_types::FieldMask;

use crate::error::{Error, Result};

/// Which fields of a record are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mask(u16);

/// The fields of a record, in the order of their bits.
const FIELDS: [&str; 9] =
    ["name", "kind", "body", "keys", "citations", "sequence", "commit_time", "analyzer", "group"];

impl Mask {
    /// Reads a mask; none or an empty one means all fields.
    pub(crate) fn new(mask: Option<&FieldMask>) -> Result<Self> {
        let paths = mask.map(|mask| mask.paths.as_slice()).unwrap_or_default();
        if paths.is_empty() || paths == ["*"] {
            return Ok(Self(u16::MAX));
        }
        let mut bits = 0;
        for path in paths {
            let field = FIELDS.iter().position(|field| field == path);
            bits |= 1 << field.ok_or_else(|| Error::InvalidMask { path: path.clone() })?;
        }
        Ok(Self(bits))
    }

    fn has(self, field: usize) -> bool {
        self.0 & (1 << field) != 0
    }

    /// Clears what was not asked for.
    pub(crate) fn apply(self, mut record: Record) -> Record {
        if self.0 == u16::MAX {
            return record;
        }
        let mut masked = Record::default();
        let mut take = |field: usize, take: &mut dyn FnMut(&mut Record, &mut Record)| {
            if self.has(field) {
                take(&mut masked, &mut record);
            }
        };
        take(0, &mut |to, from| std::mem::swap(&mut to.name, &mut from.name));
        take(1, &mut |to, from| std::mem::swap(&mut to.kind, &mut from.kind));
        take(2, &mut |to, from| std::mem::swap(&mut to.body, &mut from.body));
        take(3, &mut |to, from| std::mem::swap(&mut to.keys, &mut from.keys));
        take(4, &mut |to, from| std::mem::swap(&mut to.citations, &mut from.citations));
        take(5, &mut |to, from| to.sequence = from.sequence);
        take(6, &mut |to, from| to.commit_time = from.commit_time);
        take(7, &mut |to, from| std::mem::swap(&mut to.analyzer, &mut from.analyzer));
        take(8, &mut |to, from| std::mem::swap(&mut to.group, &mut from.group));
        masked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(paths: &[&str]) -> Result<Mask> {
        Mask::new(Some(&FieldMask { paths: paths.iter().map(|path| (*path).to_owned()).collect() }))
    }

    #[test]
    fn only_what_is_asked_for_is_returned() -> Result<()> {
        let record = Record {
            name: "n/1".to_owned(),
            body: bytes::Bytes::from_static(b"body"),
            keys: vec!["a=b".to_owned()],
            sequence: 7,
            ..Record::default()
        };
        assert_eq!(Mask::new(None)?.apply(record.clone()), record);
        assert_eq!(mask(&[])?.apply(record.clone()), record);
        let expected = Record { name: "n/1".to_owned(), sequence: 7, ..Record::default() };
        assert_eq!(mask(&["sequence", "name"])?.apply(record), expected);
        assert!(matches!(mask(&["name", "nothing"]), Err(Error::InvalidMask { path }) if path == "nothing"));
        Ok(())
    }
}

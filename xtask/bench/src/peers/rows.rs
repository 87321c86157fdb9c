//! Embedded sled that writes given rows, in given batches, each durable before the next.

use std::fs::File;
use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use bytes::Bytes;

/// The rows of one commit.
pub(crate) type Rows = Vec<(Bytes, Option<Bytes>)>;

/// Writes `batches` into a new store in `folder`; gives the seconds it took, opening not counted.
///
/// Durable means: `flush`, and then `sync_data` on sled's own file, since sled flushes with `sync_file_range`.
pub(crate) fn write(folder: &Path, batches: &[Rows]) -> Result<f64> {
    let db = sled::Config::new().path(folder).cache_capacity(64 << 20).flush_every_ms(None).open()?;
    let file = File::open(folder.join("db"))?;
    let start = Instant::now();
    for rows in batches {
        let mut batch = sled::Batch::default();
        for (key, value) in rows {
            match value {
                Some(value) => batch.insert(key.as_ref(), value.as_ref()),
                None => batch.remove(key.as_ref()),
            }
        }
        db.apply_batch(batch)?;
        db.flush()?;
        file.sync_data()?;
    }
    Ok(start.elapsed().as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_rows_are_there_afterwards() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let row = |n: u8| (Bytes::from(vec![n]), Some(Bytes::from(vec![n; 100])));
        let batches: Vec<Rows> = vec![(0..9).map(row).collect(), vec![(Bytes::from_static(&[3]), None)]];
        assert!(write(folder.path(), &batches)? > 0.0);
        let db = sled::open(folder.path())?;
        assert_eq!(db.len(), 8);
        assert_eq!(db.get([4])?.as_deref(), Some([4; 100].as_slice()));
        Ok(())
    }
}

//! How the catalog and instances lie in the rows of a backend.

use api::registry::{Entry, Instance};
use bytes::Bytes;
use prost::Message;

use crate::backend::{LeaseId, Row};
use crate::{Error, Result};

/// Rows of the catalog: `catalog/{name of the entry}`.
pub(crate) const CATALOG: &str = "catalog/";

/// Rows of instances, each bound to its lease: `instances/{instance_id}`.
pub(crate) const INSTANCES: &str = "instances/";

/// An operator's wish that an instance shall not be used: `disabled/{instance_id}`. Bound to no lease, so that it
/// outlives the instance and holds when it comes back.
const DISABLED: &str = "disabled/";

/// A lease whose instance was replaced: `fenced/{lease_id}`. Bound to that lease, so that it is there as long as its
/// holder may ask, even if the newer incarnation is gone again.
const FENCED: &str = "fenced/";

/// The row of an entry.
pub(crate) fn entry_key(name: &str) -> String {
    format!("{CATALOG}{name}")
}

/// The row of an instance.
pub(crate) fn instance_key(instance_id: &str) -> String {
    format!("{INSTANCES}{instance_id}")
}

/// The row that says that an instance is disabled.
pub(crate) fn disabled_key(instance_id: &str) -> String {
    format!("{DISABLED}{instance_id}")
}

/// The row that says that the holder of a lease was replaced.
pub(crate) fn fenced_key(lease_id: &str) -> String {
    format!("{FENCED}{lease_id}")
}

/// An instance as stored.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Announced {
    /// The instance. Its fence is zero until it is first rewritten: then it was the row's own revision.
    #[prost(message, required, tag = "1")]
    pub(crate) instance: Instance,
    /// Which call registered it.
    #[prost(string, tag = "2")]
    pub(crate) request_id: String,
}

/// An entry as stored: without its revisions, which are the row's.
pub(crate) fn encode_entry(entry: &Entry) -> Bytes {
    let entry = Entry { create_revision: 0, revision: 0, ..entry.clone() };
    entry.encode_to_vec().into()
}

/// The entry that a row holds.
pub(crate) fn decode_entry(row: &Row) -> Result<Entry> {
    let entry = Entry::decode(row.value.clone()).map_err(|error| damaged(row, &error))?;
    Ok(Entry { create_revision: row.create_revision, revision: row.revision, ..entry })
}

/// The instance that a row holds.
pub(crate) fn decode_announced(row: &Row) -> Result<Announced> {
    let mut announced = Announced::decode(row.value.clone()).map_err(|error| damaged(row, &error))?;
    announced.instance.revision = row.revision;
    if announced.instance.fence == 0 {
        announced.instance.fence = row.revision;
    }
    Ok(announced)
}

/// What a client holds: the instance's id and the backend's lease.
pub(crate) fn lease_id(instance_id: &str, lease: LeaseId) -> String {
    format!("{instance_id}#{:016x}", lease.0)
}

/// Takes a lease id apart; `None` if it was not made here.
pub(crate) fn parse_lease_id(text: &str) -> Option<(&str, LeaseId)> {
    let (instance_id, lease) = text.rsplit_once('#')?;
    let number = u64::from_str_radix(lease, 16).ok().filter(|_| lease.len() == 16)?;
    Some((instance_id, LeaseId(number)))
}

fn damaged(row: &Row, error: &prost::DecodeError) -> Error {
    Error::Damaged { key: row.key.clone(), message: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_id_names_instance_and_lease() {
        let lease = LeaseId(0x00ab_cdef);
        let text = lease_id("host-1/storage", lease);
        assert_eq!(parse_lease_id(&text), Some(("host-1/storage", lease)));
        for wrong in ["", "x", "x#", "x#12", "x#000000000000000g", "x#+00000000000001"] {
            assert_eq!(parse_lease_id(wrong).map(|(_, lease)| lease), None, "{wrong}");
        }
    }
}

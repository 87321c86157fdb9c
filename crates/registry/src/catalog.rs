//! The catalog: what stays until somebody deletes it.

use api::registry::entry::Value;
use api::registry::{
    DeleteEntryRequest, DeleteEntryResponse, Entry, GetEntryRequest, GetEntryResponse, GoneReason,
    ListEntriesRequest, ListEntriesResponse, PutEntryRequest, PutEntryResponse,
};

use crate::backend::{Check, Outcome, Txn, Write};
use crate::registry::TRIES;
use crate::rows::{CATALOG, decode_entry, encode_entry, entry_key};
use crate::rules::{Problem, cycle, entry};
use crate::{Error, Registry, Result};

impl Registry {
    /// Writes an entry. Writing what is there already changes nothing.
    ///
    /// # Errors
    /// [`Error::InvalidEntry`], [`Error::RevisionConflict`], [`Error::VersionChanged`], [`Error::Cycle`].
    pub async fn put_entry(&self, request: PutEntryRequest) -> Result<PutEntryResponse> {
        let missing = || Error::InvalidEntry { field: "entry".into(), message: "is missing".into() };
        let wanted = request.entry.ok_or_else(missing)?;
        entry::check(&wanted).map_err(invalid)?;
        let _turn = self.turn.lock().await;
        for _ in 0..TRIES {
            let (revision, row) = self.row(entry_key(&wanted.name)).await?;
            let current = row.as_ref().map(decode_entry).transpose()?;
            expect(&wanted.name, request.expected_revision, current.as_ref())?;
            if let Some(current) = current.as_ref().filter(|current| current.value == wanted.value) {
                let entry = Some(current.clone());
                return Ok(PutEntryResponse { header: self.header(revision), entry });
            }
            let is_version = matches!(wanted.value, Some(Value::AnalyzerVersion(_)));
            if current.is_some() && is_version {
                return Err(Error::VersionChanged { name: wanted.name });
            }
            let mut checks = vec![Check::Revision {
                key: entry_key(&wanted.name),
                revision: current.as_ref().map_or(0, |current| current.revision),
            }];
            if let Some(Value::AnalyzerVersion(version)) = &wanted.value {
                let revision = self.refuse_cycle(version).await?;
                checks.push(Check::NotAfter { prefix: CATALOG.into(), revision });
            }
            let write =
                Write::Put { key: entry_key(&wanted.name), value: encode_entry(&wanted), lease: None };
            if let Outcome::Committed(revision) =
                self.backend.commit(Txn { checks, writes: vec![write] }).await?
            {
                let create_revision = current.map_or(revision, |current| current.create_revision);
                let entry = Some(Entry { create_revision, revision, ..wanted });
                return Ok(PutEntryResponse { header: self.header(revision), entry });
            }
        }
        Err(Error::Contended)
    }

    /// Holds a new version against all that is registered; tells at which revision that was.
    async fn refuse_cycle(&self, version: &api::registry::AnalyzerVersion) -> Result<i64> {
        let (revision, rows) = self.rows(CATALOG).await?;
        let Some(new) = &version.manifest else { return Ok(revision) };
        let mut registered = Vec::new();
        for row in &rows {
            if let Some(Value::AnalyzerVersion(version)) = decode_entry(row)?.value {
                registered.extend(version.manifest);
            }
        }
        match cycle::find(new, &registered) {
            Some(path) => Err(Error::Cycle { analyzer: new.name.clone(), path }),
            None => Ok(revision),
        }
    }

    /// Reads an entry.
    ///
    /// # Errors
    /// [`Error::NoSuchEntry`].
    pub async fn get_entry(&self, request: GetEntryRequest) -> Result<GetEntryResponse> {
        let (revision, row) = self.row(entry_key(&request.name)).await?;
        let row = row.ok_or(Error::NoSuchEntry { name: request.name })?;
        Ok(GetEntryResponse { header: self.header(revision), entry: Some(decode_entry(&row)?) })
    }

    /// Lists entries by name, all pages at one revision. A page also ends at 4 MiB.
    ///
    /// # Errors
    /// [`Error::InvalidPageToken`]; [`Error::Compacted`] if the token is too old.
    pub async fn list_entries(&self, request: ListEntriesRequest) -> Result<ListEntriesResponse> {
        let page = (request.page_size, request.page_token.as_str());
        let list = ["entries", &request.prefix];
        let wanted = |row: &crate::backend::Row| decode_entry(row).map(Some);
        let page = self.page(&entry_key(&request.prefix), &list, page, wanted).await?;
        Ok(ListEntriesResponse {
            header: self.header(page.revision),
            entries: page.items,
            next_page_token: page.next_page_token,
        })
    }

    /// Deletes an entry.
    ///
    /// # Errors
    /// [`Error::NoSuchEntry`], [`Error::RevisionConflict`].
    pub async fn delete_entry(&self, request: DeleteEntryRequest) -> Result<DeleteEntryResponse> {
        let _turn = self.turn.lock().await;
        let key = entry_key(&request.name);
        for _ in 0..TRIES {
            let (_, row) = self.row(key.clone()).await?;
            let Some(row) = row else { return Err(Error::NoSuchEntry { name: request.name }) };
            let current = decode_entry(&row)?;
            expect(&request.name, request.expected_revision, Some(&current))?;
            let checks = vec![Check::Revision { key: key.clone(), revision: current.revision }];
            let writes = vec![Write::Delete { key: key.clone(), reason: GoneReason::Unspecified }];
            if let Outcome::Committed(revision) = self.backend.commit(Txn { checks, writes }).await? {
                return Ok(DeleteEntryResponse { header: self.header(revision) });
            }
        }
        Err(Error::Contended)
    }
}

/// Refuses an entry whose revision is not the expected one.
fn expect(name: &str, expected: Option<i64>, current: Option<&Entry>) -> Result<()> {
    let actual = current.map_or(0, |current| current.revision);
    match expected {
        Some(expected) if expected != actual => {
            Err(Error::RevisionConflict { name: name.to_owned(), expected, actual })
        }
        _ => Ok(()),
    }
}

fn invalid(Problem { field, message }: Problem) -> Error {
    Error::InvalidEntry { field, message }
}

//! Reading records by name, and groups of them for analysis.

use std::collections::VecDeque;
use std::sync::Arc;

use api::storage::{
    BatchGetRequest, BatchGetResponse, GetRequest, GetResponse, ReadGroupsRequest, ReadGroupsResponse,
};
use bytes::{BufMut, Bytes, BytesMut};
use futures::{Stream, stream};
use prost::Message;

use crate::Storage;
use crate::check;
use crate::config::limits;
use crate::connect::{Rule, Search};
use crate::error::{Error, Result};
use crate::layout::{self, Locator, Table};
use crate::list::Cursor;
use crate::mask::Mask;
use crate::pack::Pack;
use crate::pins::Pin;

/// Bytes of records that are decoded at a time.
pub(crate) const READ_BYTES: usize = 4 << 20;

impl Storage {
    /// Opens a read as of a sequence; zero: head.
    pub(crate) fn pin(&self, at: i64, what: &'static str) -> Result<Pin> {
        if at == 0 { self.shared.pin_head(what) } else { self.shared.pins.read(at, self.shared.head(), what) }
    }

    /// Reads one record.
    ///
    /// # Errors
    /// As the contract of `Get` lists them.
    pub async fn get(&self, request: GetRequest) -> Result<GetResponse> {
        check::name(&request.name)?;
        let mask = Mask::new(request.read_mask.as_ref())?;
        let pin = self.pin(request.at_sequence, "a read")?;
        let names = [request.name];
        let row = self.shared.names_at(&names, pin.sequence).await?.pop().flatten();
        let [name] = names;
        let locator = row.ok_or(Error::NoSuchRecord { name })?.locator();
        let record = self.shared.pack_of(locator).await?.record(locator)?;
        Ok(GetResponse { record: Some(mask.apply(record)), read_sequence: pin.sequence.cast_signed() })
    }

    /// Reads up to 1,000 records at one sequence.
    ///
    /// # Errors
    /// As the contract of `BatchGet` lists them.
    pub async fn batch_get(&self, request: BatchGetRequest) -> Result<BatchGetResponse> {
        check::too_many("names", request.names.len(), limits::ITEMS)?;
        for name in &request.names {
            check::name(name)?;
        }
        let mask = Mask::new(request.read_mask.as_ref())?;
        let pin = self.pin(request.at_sequence, "a read")?;
        let rows = self.shared.names_at(&request.names, pin.sequence).await?;
        let mut response =
            BatchGetResponse { read_sequence: pin.sequence.cast_signed(), ..Default::default() };
        let mut wanted = VecDeque::new();
        for (name, row) in request.names.into_iter().zip(rows) {
            match row {
                Some(row) => wanted.push_back((name, row.locator())),
                None => response.missing.push(name),
            }
        }
        let mut bytes = 0;
        while !wanted.is_empty() {
            let ids = wanted.iter().map(|(_, locator)| locator.pack_id());
            let packs = self.shared.packs_within(ids, READ_BYTES).await?;
            while let Some((name, locator)) = wanted.pop_front() {
                let Some(pack) = packs.get(&locator.pack_id()) else {
                    wanted.push_front((name, locator));
                    break;
                };
                let record = mask.apply(pack.record(locator)?);
                bytes += record.encoded_len();
                if bytes > limits::ANSWER_BYTES && !response.records.is_empty() {
                    response.remaining.push(name);
                    response.remaining.extend(wanted.drain(..).map(|(name, _)| name));
                    return Ok(response);
                }
                response.records.push(record);
            }
        }
        Ok(response)
    }

    /// Reads groups of records, all at one sequence, part by part.
    ///
    /// # Errors
    /// As the contract of `ReadGroups` lists them, at once; later ones as the last item of the stream.
    pub async fn read_groups(
        &self,
        request: ReadGroupsRequest,
    ) -> Result<impl Stream<Item = Result<ReadGroupsResponse>> + Send + 'static> {
        check::too_many("values", request.values.len(), limits::ITEMS)?;
        check::too_many("kinds", request.kinds.len(), limits::ITEMS)?;
        if !request.key_name.is_empty() {
            check::check_key_name(&request.key_name)
                .map_err(|message| Error::InvalidArgument { what: "key_name", message })?;
        }
        let rule = request.connection.as_ref().map(|of| Rule::new(of, &request.kinds)).transpose()?;
        if rule.is_some() && !request.key_name.is_empty() {
            let message = "must not come along with `key_name`".to_owned();
            return Err(Error::InvalidArgument { what: "connection", message });
        }
        let pin = self.pin(request.at_sequence, "a read of groups")?;
        let search = rule.map(|rule| Search::new(self.shared.clone(), Arc::new(rule), pin.sequence));
        let reader = Groups { storage: self.clone(), request, pin, search, index: 0, parts: VecDeque::new() };
        Ok(stream::try_unfold(reader, Groups::next))
    }
}

/// A read of groups under way.
struct Groups {
    storage: Storage,
    request: ReadGroupsRequest,
    pin: Pin,
    /// Finds groups by connection, if those are asked for.
    search: Option<Search>,
    /// The next value.
    index: usize,
    /// Parts that are ready.
    parts: VecDeque<ReadGroupsResponse>,
}

impl Groups {
    async fn next(mut self) -> Result<Option<(ReadGroupsResponse, Self)>> {
        while self.parts.is_empty() {
            let Some(value) = self.request.values.get(self.index).cloned() else { return Ok(None) };
            let parts = self.read(&value).await?;
            self.parts = parts;
            self.index += 1;
        }
        Ok(self.parts.pop_front().map(|part| (part, self)))
    }

    async fn read(&mut self, value: &str) -> Result<VecDeque<ReadGroupsResponse>> {
        let max_records = match self.request.max_records {
            0 => limits::GROUP_RECORDS,
            given => given as usize,
        };
        let max_bytes = match self.request.max_bytes {
            0 => limits::GROUP_BYTES_READ,
            given => given,
        };
        let part = ReadGroupsResponse {
            index: u32::try_from(self.index).unwrap_or(u32::MAX),
            read_sequence: self.pin.sequence.cast_signed(),
            ..ReadGroupsResponse::default()
        };
        let truncated = ReadGroupsResponse { last: true, truncated: true, ..part.clone() };
        let Some(locators) = self.locate(value, max_records).await? else { return Ok([truncated].into()) };

        let mut records: Vec<(String, Bytes)> = Vec::with_capacity(locators.len());
        let mut bytes = 0;
        let mut rest = locators.as_slice();
        while !rest.is_empty() {
            let packs =
                self.storage.shared.packs_within(rest.iter().map(|at| at.pack_id()), READ_BYTES).await?;
            let mut read = 0;
            for locator in rest {
                let Some(pack) = packs.get(&locator.pack_id()) else { break };
                let encoded = with_origin(pack, *locator)?;
                bytes += encoded.len() as u64;
                if bytes > max_bytes {
                    return Ok([truncated].into());
                }
                records.push((pack.envelope(*locator)?.name, encoded));
                read += 1;
            }
            rest = &rest[read..];
        }
        records.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        Ok(cut(part, records))
    }

    /// Where the records of a group lie; `None` if there are too many.
    async fn locate(&mut self, value: &str, max_records: usize) -> Result<Option<Vec<Locator>>> {
        if let Some(search) = &mut self.search {
            return connected(&self.storage, search, self.pin.sequence, value, max_records).await;
        }
        let sequence = self.pin.sequence;
        let shared = &self.storage.shared;
        let kinds: Vec<u32> = {
            let interns = shared.interns();
            self.request.kinds.iter().filter_map(|kind| interns.id(Table::Kinds, kind)).collect()
        };
        let wanted = |kind: u32| self.request.kinds.is_empty() || kinds.contains(&kind);
        if self.request.key_name.is_empty() {
            if check::name(value).is_err() {
                return Ok(Some(Vec::new()));
            }
            let row = shared.names_at(&[value.to_owned()], sequence).await?.pop().flatten();
            return Ok(Some(
                row.filter(|row| wanted(row.kind)).iter().map(layout::NameRow::locator).collect(),
            ));
        }
        let key = format!("{}={value}", self.request.key_name);
        if check::check_key(&key).is_err() {
            return Ok(Some(Vec::new()));
        }
        let mut cursor = Cursor::new(layout::keyed_prefix(&key), 0, sequence, false);
        let mut locators = Vec::new();
        while let Some(row) = cursor.next(shared).await? {
            if wanted(row.kind) {
                if locators.len() == max_records {
                    return Ok(None);
                }
                locators.push(row.locator);
            }
        }
        Ok(Some(locators))
    }
}

/// Where the records of a group by connection lie; `None` if there are too many.
async fn connected(
    storage: &Storage,
    search: &mut Search,
    sequence: u64,
    name: &str,
    max_records: usize,
) -> Result<Option<Vec<Locator>>> {
    if check::name(name).is_err() {
        return Ok(Some(Vec::new()));
    }
    let row = storage.shared.names_at(&[name.to_owned()], sequence).await?.pop().flatten();
    let Some(row) = row.filter(|row| search.wants(row.kind)) else { return Ok(Some(Vec::new())) };
    if search.vertex(row.locator()).await?.values.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let Some(members) = search.group_of(row.locator()).await? else { return Ok(None) };
    if members.first != name {
        return Ok(Some(Vec::new()));
    }
    Ok((members.locators.len() <= max_records).then(|| members.locators.clone()))
}

/// An encoded record with the analyzer and group that stand in its pack.
fn with_origin(pack: &Pack, locator: Locator) -> Result<Bytes> {
    let encoded = pack.encoded(locator)?;
    if pack.body.analyzer.is_empty() {
        return Ok(encoded.clone());
    }
    // Encoded messages may be joined: the fields of the second are added to those of the first.
    let origin = api::record::Record {
        analyzer: pack.body.analyzer.clone(),
        group: pack.body.group.clone(),
        ..api::record::Record::default()
    };
    let mut joined = BytesMut::with_capacity(encoded.len() + origin.encoded_len());
    joined.put_slice(encoded);
    joined.put_slice(&origin.encode_to_vec());
    Ok(joined.freeze())
}

fn cut(part: ReadGroupsResponse, records: Vec<(String, Bytes)>) -> VecDeque<ReadGroupsResponse> {
    let mut parts = VecDeque::from([part.clone()]);
    let mut bytes = 0;
    for (_, record) in records {
        if bytes > 0 && bytes + record.len() > limits::PART_BYTES {
            parts.push_back(part.clone());
            bytes = 0;
        }
        bytes += record.len();
        if let Some(last) = parts.back_mut() {
            last.records.push(record);
        }
    }
    if let Some(last) = parts.back_mut() {
        last.last = true;
    }
    parts
}

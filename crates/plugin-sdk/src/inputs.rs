//! The records of a group, decoded only when asked for.

use api::record::{Document, Layer, Mention, Record};
use prost::{Message, Name};

use crate::AnalyzeError;

/// The records of a group, sorted by name.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    encoded: &'a [&'a [u8]],
}

impl<'a> Inputs<'a> {
    pub(crate) fn new(encoded: &'a [&'a [u8]]) -> Self {
        Self { encoded }
    }

    /// How many records there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.encoded.len()
    }

    /// Whether there is none; a host never calls with an empty group.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.encoded.is_empty()
    }

    /// The records in order of their names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Input<'a>> + use<'a> {
        self.encoded.iter().map(|bytes| Input { bytes })
    }

    /// The one record of a group whose manifest says `each_record`.
    ///
    /// # Errors
    /// [`AnalyzeError::InvalidInput`] if there is not exactly one.
    pub fn only(&self) -> Result<Input<'a>, AnalyzeError> {
        match self.encoded {
            [bytes] => Ok(Input { bytes }),
            more => Err(AnalyzeError::invalid_input(format!("expected one record, got {}", more.len()))),
        }
    }

    /// The document of a group that shares the key `document`, with the mentions of its layers. `None` if the document is
    /// not in the group: a layer whose document is gone is about to go too.
    ///
    /// # Errors
    /// [`AnalyzeError::InvalidInput`] if a record can not be decoded.
    pub fn document(&self) -> Result<Option<DocumentRead>, AnalyzeError> {
        let (mut found, mut mentions) = (None, Vec::new());
        for input in self.iter() {
            let record = input.record()?;
            if record.kind == Document::full_name() {
                found = Some(body::<Document>(record)?);
            } else if record.kind == Layer::full_name() {
                mentions.extend(body::<Layer>(record)?.1.mentions);
            }
        }
        Ok(found.map(|(record, document)| DocumentRead { name: record.name, document, mentions }))
    }
}

/// A document and what was read in it.
#[derive(Clone, Debug)]
pub struct DocumentRead {
    /// Its resource name.
    pub name: String,
    /// Its body.
    pub document: Document,
    /// The mentions of all its layers, in the order of the layers' names.
    pub mentions: Vec<Mention>,
}

/// One record, still encoded.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    bytes: &'a [u8],
}

impl<'a> Input<'a> {
    /// The encoded [`Record`].
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The envelope, with its body still encoded.
    ///
    /// # Errors
    /// [`AnalyzeError::InvalidInput`] if the bytes are not a record.
    pub fn record(&self) -> Result<Record, AnalyzeError> {
        Record::decode(self.bytes)
            .map_err(|error| AnalyzeError::invalid_input(format!("not a record: {error}")))
    }

    /// The envelope, and its body as `B`. The envelope's own copy of the body is taken out.
    ///
    /// # Errors
    /// [`AnalyzeError::InvalidInput`] if the record is of another kind or can not be decoded.
    pub fn decode<B: Message + Name + Default>(&self) -> Result<(Record, B), AnalyzeError> {
        body(self.record()?)
    }
}

/// A record and its body as `B`, which is taken out of it.
fn body<B: Message + Name + Default>(mut record: Record) -> Result<(Record, B), AnalyzeError> {
    let expected = B::full_name();
    if record.kind != expected {
        let problem = format!("{} is of kind {}, expected {expected}", record.name, record.kind);
        return Err(AnalyzeError::invalid_input(problem));
    }
    let body = B::decode(std::mem::take(&mut record.body)).map_err(|error| {
        AnalyzeError::invalid_input(format!("the body of {} is no {expected}: {error}", record.name))
    })?;
    Ok((record, body))
}

//! Where an analyzer's answer goes.

use api::record::{Citation, Record};
use prost::{Message, Name};

use crate::AnalyzeError;

/// How much a line of log matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Something is broken.
    Error,
    /// Something may be wrong.
    Warn,
    /// Worth knowing.
    Info,
    /// For whoever debugs the plugin.
    Debug,
}

/// Whoever is behind a call: the host, or a test.
pub(crate) trait Port {
    fn emit(&mut self, record: &[u8]) -> Result<(), AnalyzeError>;
    fn log(&self, level: Level, message: &str);
}

/// Whether a call is cancelled; asked from any thread.
pub(crate) trait IsCancelled: Sync {
    fn is_cancelled(&self) -> bool;
}

/// One call: takes the records that an analyzer derives.
pub struct Call<'a> {
    group: &'a str,
    port: &'a mut dyn Port,
    cancelled: &'a dyn IsCancelled,
    // Kept from record to record, so that encoding does not allocate anew.
    scratch: Vec<u8>,
}

impl<'a> Call<'a> {
    pub(crate) fn new(group: &'a str, port: &'a mut dyn Port, cancelled: &'a dyn IsCancelled) -> Self {
        Self { group, port, cancelled, scratch: Vec::new() }
    }

    /// Name of the group: that of the one record, or `key=value`.
    #[must_use]
    pub fn group(&self) -> &'a str {
        self.group
    }

    /// Emits a record with the body `body`, named `name` (see [`content_name`](crate::content_name)), with keys made
    /// by [`key`](crate::key) and citations whose quotes equal the documents' text.
    ///
    /// # Errors
    /// [`AnalyzeError::OverLimit`] and [`AnalyzeError::Cancelled`]; return them with `?`.
    pub fn record<B: Message + Name>(
        &mut self,
        name: impl Into<String>,
        body: &B,
        keys: impl IntoIterator<Item = String>,
        citations: Vec<Citation>,
    ) -> Result<(), AnalyzeError> {
        self.emit(&Record {
            name: name.into(),
            kind: B::full_name(),
            body: body.encode_to_vec().into(),
            keys: keys.into_iter().collect(),
            citations,
            ..Record::default()
        })
    }

    /// Emits a whole record. Its output-only fields are ignored.
    ///
    /// # Errors
    /// [`AnalyzeError::OverLimit`] and [`AnalyzeError::Cancelled`]; return them with `?`.
    pub fn emit(&mut self, record: &Record) -> Result<(), AnalyzeError> {
        self.scratch.clear();
        record
            .encode(&mut self.scratch)
            .map_err(|error| AnalyzeError::internal(format!("could not encode {}: {error}", record.name)))?;
        self.port.emit(&self.scratch)
    }

    /// Emits an already encoded [`Record`].
    ///
    /// # Errors
    /// [`AnalyzeError::OverLimit`] and [`AnalyzeError::Cancelled`]; return them with `?`.
    pub fn emit_encoded(&mut self, record: &[u8]) -> Result<(), AnalyzeError> {
        self.port.emit(record)
    }

    /// Fails if nobody wants the answer any more. Long work asks now and then.
    ///
    /// # Errors
    /// [`AnalyzeError::Cancelled`]; return it with `?`.
    pub fn check_cancelled(&self) -> Result<(), AnalyzeError> {
        if self.cancelled.is_cancelled() { Err(AnalyzeError::Cancelled) } else { Ok(()) }
    }

    /// A handle that tells threads of the analyzer's own whether the call is cancelled.
    #[must_use]
    pub fn cancellation(&self) -> Cancellation<'a> {
        Cancellation { cancelled: self.cancelled }
    }

    /// Writes a line to the host's log.
    pub fn log(&self, level: Level, message: &str) {
        self.port.log(level, message);
    }
}

impl std::fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Call").field("group", &self.group).finish_non_exhaustive()
    }
}

/// Tells from any thread whether a call is cancelled.
#[derive(Clone, Copy)]
pub struct Cancellation<'a> {
    cancelled: &'a dyn IsCancelled,
}

impl Cancellation<'_> {
    /// Whether nobody wants the answer any more.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.is_cancelled()
    }
}

impl std::fmt::Debug for Cancellation<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cancellation").field("is_cancelled", &self.is_cancelled()).finish()
    }
}

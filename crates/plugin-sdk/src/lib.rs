//! All that the author of a native analyzer needs: one trait implementation and one macro line, no unsafe.
//!
//! An [`Analyzer`] is a function from a group of records to records. It says what it reads and writes in a
//! [`manifest`], is made once from its config, and then takes one [`Call`] after another, several at a time if its
//! manifest says so. It has no clock and no network; equal inputs must give equal records.
//!
//! What goes into one call is a group: each record alone ([`each_record`](ManifestBuilder::each_record)), all records
//! that share a value of a key ([`shared_key`](ManifestBuilder::shared_key)), or all that are linked through shared
//! values of a key ([`connection`](ManifestBuilder::connection)). [`Call::group`] tells its name. Whatever of a group
//! changes, the analyzer is called with the whole of it, and what it emits replaces all that it emitted for it before.
//!
//! A plugin is a crate of type `cdylib` that forbids unsafe code. This is a whole one:
//!
//! ```
//! #![forbid(unsafe_code)]
//! use plugin_sdk::record::{Document, Layer};
//! use plugin_sdk::{AnalyzeError, Analyzer, Call, ConfigError, Inputs, Manifest, content_name, key, manifest};
//!
//! /// Writes an empty layer for each document.
//! struct Blank;
//!
//! impl Analyzer for Blank {
//!     fn manifest() -> Manifest {
//!         manifest("blank", "1.0.0")
//!             .description("An empty layer for each document")
//!             .reads::<Document>()
//!             .each_record()
//!             .writes::<Layer>()
//!             .concurrency(2)
//!             .build()
//!     }
//!
//!     fn create(config: &str) -> Result<Self, ConfigError> {
//!         if config.is_empty() { Ok(Self) } else { Err(ConfigError::new("it takes no config")) }
//!     }
//!
//!     fn analyze(&self, inputs: Inputs<'_>, call: &mut Call<'_>) -> Result<(), AnalyzeError> {
//!         let (record, document) = inputs.only()?.decode::<Document>()?;
//!         if document.text.is_empty() {
//!             return Err(AnalyzeError::invalid_input("the document has no text"));
//!         }
//!         let layer = Layer { document: record.name.clone(), mentions: Vec::new() };
//!         let name = content_name("layers", &layer);
//!         call.record(name, &layer, [key("document", &record.name)], Vec::new())
//!     }
//! }
//!
//! plugin_sdk::export!(Blank);
//!
//! // Plugins are tested without a host:
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let document = Document { text: "LME copper fell.".into(), ..Default::default() };
//! let input = plugin_sdk::testing::record("documents/1", &document);
//! let output = plugin_sdk::testing::run::<Blank>("", &[input])?;
//! assert_eq!(output[0].keys, ["document=documents/1"]);
//! # Ok(())
//! # }
//! ```
//!
//! A panic inside `analyze` becomes a typed error of that call, with its message and place, and the analyzer goes on
//! serving. An abort, an exit or a call over its deadline ends the worker process of that one plugin.
//!
//! One program can link one plugin only, because each exports the same symbol.

mod call;
mod error;
#[doc(hidden)]
pub mod ffi;
mod inputs;
mod manifest;
mod names;
mod panics;
pub mod testing;

pub use crate::call::{Call, Cancellation, Level};
pub use crate::error::{AnalyzeError, ConfigError};
pub use crate::inputs::{DocumentRead, Input, Inputs};
pub use crate::manifest::{ManifestBuilder, manifest};
pub use crate::names::{content_name, content_name_of, key};
pub use api::analysis::{Limits, Manifest};
pub use api::record;
pub use prost;

/// A function from a group of records to records.
///
/// One value serves all calls, from several threads at a time if the manifest's concurrency is above one.
pub trait Analyzer: Send + Sync + Sized + 'static {
    /// What the analyzer is: name, version, what it reads and writes, its limits. Always the same.
    fn manifest() -> Manifest;

    /// Makes the analyzer from its config: JSON that fits the manifest's schema, or `""` if there is none.
    ///
    /// # Errors
    /// What is wrong with the config; the library is then rejected with this message.
    fn create(config: &str) -> Result<Self, ConfigError>;

    /// Derives records from one group and hands them to `call`. What was emitted counts only if this succeeds.
    ///
    /// # Errors
    /// Why the group can not be analyzed. Errors of `inputs` and `call` are passed on with `?`.
    fn analyze(&self, inputs: Inputs<'_>, call: &mut Call<'_>) -> Result<(), AnalyzeError>;
}

/// Exports analyzers from this library: `export!(Reading);` or `export!(First, Second);`. Once for each library.
#[macro_export]
macro_rules! export {
    ($($analyzer:ty),+ $(,)?) => {
        const _: () = {
            struct Library;
            impl $crate::ffi::Exports for Library {
                const ANALYZERS: &'static [$crate::ffi::Export] =
                    &[$($crate::ffi::Export::of::<$analyzer>()),+];
            }
            #[unsafe(export_name = "monazite_entry")]
            static ENTRY: $crate::ffi::Entry = $crate::ffi::entry::<Library>();
        };
    };
}

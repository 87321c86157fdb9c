//! Tables of prices, output, stocks and trade as observations, by a mapping that says which column means what.
//!
//! The principle type is [`Reading`], an iterator over [`Item`]s that [`read`] makes of a [`Source`] and a [`Mapping`]. It
//! streams: what is held in memory is bounded, whatever the size of the table. A cell that cannot be read becomes an
//! [`Item::Refused`] that says where, why and how to mend it, and the rest is read all the same. A [`Tally`] counts
//! what came.
//!
//! ```
//! let mapping = tables::Mapping::parse(
//!     "prices.toml",
//!     r#"
//!     [slots]
//!     source = "Example Metals"
//!     edition = "2025-07"
//!     subject = { column = "Metal" }
//!     measure = "price"
//!     unit = "USD/t"
//!     period = { column = "Month" }
//!     value = { column = "Price" }
//!     "#,
//! )?;
//! let table = "Metal,Month,Price\nCopper,2025-06,\"9,663\"\nTin,2025-06,--\n";
//! let mut tally = tables::Tally::default();
//! let source = tables::Source::bytes("prices.csv", table);
//! let names = tables::Names::new(text::Lexicon::standard());
//! for item in tables::read(source, Some(&mapping), None, &names)? {
//!     let item = item?;
//!     tally.add(&item);
//!     if let tables::Item::Observation(entry) = item {
//!         assert!(entry.record.keys.contains(&"fact=price|USD/mass|commodity/copper@2025-06".to_owned()));
//!     }
//! }
//! assert_eq!((tally.observations, tally.without_value), (1, 1));
//! # Ok::<(), tables::Error>(())
//! ```
//!
//! The mapping is described for users in `docs/table-formats.md`. The keys of an observation are made by `crates/text` from the
//! slots of a claim, so that both meet. This crate knows neither gRPC nor the command line.

mod comma;
mod documented;
mod error;
mod item;
mod mapping;
mod names;
mod number;
mod observe;
mod period;
mod plan;
mod reading;
mod record;
mod rows;
mod workbook;

pub use documented::HEADINGS;
pub use error::Error;
pub use item::{Entry, Item, Place, Refusal, Tally};
pub use mapping::{
    Calendar, Column, DateForm, FileForm, Fill, Fills, Filter, Format, MAX_MAPPING_BYTES, MAX_VALUE_COLUMNS,
    Mapping, NumberForm, Slots, ValueColumn,
};
pub use names::Names;
pub use observe::{MAX_REMEMBERED, MAX_SOURCE_BYTES, MAX_WORDS_BYTES};
pub use reading::{Reading, Source, is_table, read};
pub use record::table_key;
pub use rows::{MAX_COLUMNS, MAX_ROW_BYTES};
pub use workbook::{MAX_PART_BYTES, MAX_PARTS, MAX_UNPACKED_BYTES, MAX_WORKBOOK_BYTES};

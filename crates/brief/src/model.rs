//! A brief, as every renderer gets it and as JSON has it.

use serde::Serialize;

use crate::parameters::{Asked, Derived, Language, Since};

/// A brief.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Brief {
    /// BLAKE3 over the records (names and content), the parameters and who derived the records, in hexadecimal digits.
    pub id: String,
    /// Language of headings and labels.
    pub language: Language,
    /// What was asked for.
    pub asked: Asked,
    /// Names of what was asked for, in the reader's language first: `稀土`, `rare earths`.
    pub names: Vec<String>,
    /// The day of the latest document, as `2025-07-13`; empty if no time is known.
    pub date: String,
    /// Only documents published on or after this day.
    pub from: Option<String>,
    /// Only documents published on or before this day.
    pub to: Option<String>,
    /// The sequence as of which the records were read, if one was asked for.
    pub as_of: Option<i64>,
    /// From when on something is new.
    pub since: Option<Since>,
    /// How much went in.
    pub counts: Counts,
    /// What it says.
    pub sections: Vec<Section>,
    /// Documents that are cited, in the order in which they are first cited.
    pub sources: Vec<Source>,
    /// Passages that are cited; entries refer to them by index.
    pub passages: Vec<Passage>,
    /// Who derived the records.
    pub derived_by: Vec<Derived>,
}

/// How much went into a brief.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Documents that were read.
    pub documents: usize,
    /// Older documents that answer too and were not read.
    pub left: usize,
    /// Documents that did not come in under the topic asked for but answer its name as a query.
    pub beyond: usize,
    /// Of those that were read, documents with a passage about what was asked for.
    pub relevant: usize,
    /// Of these, documents that are new.
    pub new: usize,
    /// Publishers or platforms of the relevant ones.
    pub publishers: usize,
    /// Documents that its entries cite.
    pub cited: usize,
    /// Findings that are left out because a verdict mutes them.
    pub muted: usize,
}

/// What a section is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SectionKind {
    /// What weighs most; with `since`, of what is new.
    Lead,
    /// Numbers and checks that contradict each other or do not add up.
    Dispute,
    /// Events that several documents tell.
    Stories,
    /// Prices.
    Prices,
    /// Policy and its dates.
    Policy,
    /// Imports, exports and their ways.
    Trade,
    /// Companies and their results.
    Companies,
    /// Output, capacity, inventory, demand.
    SupplyDemand,
    /// Technology.
    Technology,
    /// Exchanges, indices, shares.
    Markets,
    /// What is expected, by house.
    Outlooks,
    /// All else.
    Other,
    /// Forecasts that came out, and figures that their source restated.
    Revised,
    /// What was checked and holds.
    Holds,
    /// What could not be compared.
    NotCompared,
}

/// Entries under one heading.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Section {
    /// What it is.
    pub kind: SectionKind,
    /// Its heading, in the reader's language.
    pub heading: String,
    /// Its entries, the weightiest first.
    pub entries: Vec<Entry>,
    /// How many further entries there would be.
    pub further: usize,
}

/// One thing that the brief says.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Entry {
    /// What it says, in the order of reading.
    pub head: Vec<Piece>,
    /// What stands below: the sides of a dispute, a calculation, the original of a label.
    pub lines: Vec<Vec<Piece>>,
    /// Documents and voices that tell it, if more than one document does.
    pub tellings: Option<Tellings>,
    /// Names of the records that say it: claims, digests, findings, stories.
    pub records: Vec<String>,
}

/// How many tell something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tellings {
    /// Documents.
    pub documents: usize,
    /// Independent voices among them, as far as their stories show.
    pub voices: usize,
}

/// A piece of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Piece {
    /// Words of a template, in the reader's language.
    Words(String),
    /// Words as a document prints them, within a template.
    Printed(String),
    /// The text of a passage, by its index.
    Quote(usize),
    /// A passage that says it, by its index.
    Cite(usize),
}

/// A document that is cited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Its number, from one.
    pub number: usize,
    /// Resource name of the document.
    pub document: String,
    /// Publisher or platform; empty if not given.
    pub source: String,
    /// Title, or the beginning of the text.
    pub title: String,
    /// When it was published, as exactly as it is known, such as `2025-07-13 16:09`; empty if not known.
    pub published: String,
    /// Where; empty if not known.
    pub url: String,
    /// BCP 47 tag of its language.
    pub language: String,
    /// True if its exporter cut it off.
    pub truncated: bool,
}

/// A passage of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Passage {
    /// Index of its document among the sources.
    pub source: usize,
    /// UTF-8 byte offset of its first byte in the document's text.
    pub start_byte: usize,
    /// UTF-8 byte offset after its last byte.
    pub end_byte: usize,
    /// The text between the two, exactly.
    pub quote: String,
    /// Bytes of the quote on which what is said rests; empty where it is all of it.
    pub marks: Vec<(usize, usize)>,
    /// What stands before it in the document, for the context, with `…` where there is more.
    pub before: String,
    /// What stands behind it.
    pub after: String,
    /// True if the sentence goes on before or behind the quote.
    pub cut: bool,
}

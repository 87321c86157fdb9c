//! The fields of the index, as tantivy has them.

use prost::Message as _;
use tantivy::schema::{
    Field as Column, INDEXED, IndexRecordOption, NumericOptions, STORED, Schema, TextFieldIndexing,
    TextOptions,
};
use tantivy::tokenizer::{RAW_TOKENIZER_NAME, Token, TokenStream, Tokenizer, TokenizerManager};
use tantivy::{TantivyDocument, Term};

use crate::analyze::{PairTokenizer, WordTokenizer};
use crate::entry::Entry;
use crate::field::Field;
use crate::shown::Shown;

/// Counts up with each change of the schema that makes older folders unusable.
pub(crate) const FORMAT: u32 = 4;

const WORDS: &str = "words";
const PAIRS: &str = "pairs";

/// The columns of the index.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    /// In the order of `Field::ALL`; of the text fields, that of words and single Chinese characters.
    fields: [Column; Field::ALL.len()],
    /// Pairs of frequent Chinese characters of title and body.
    title_pairs: Column,
    body_pairs: Column,
    /// A hash of the name, which orders what is equal in all else.
    key: Column,
    /// What is handed back with a hit ([`Shown`]).
    shown: Column,
}

impl Columns {
    /// The schema and its columns.
    pub(crate) fn build() -> (Schema, Columns) {
        let mut schema = Schema::builder();
        let fields = Field::ALL.map(|field| match field {
            // Found by a hash of it: digits that look random fill a dictionary otherwise.
            Field::Name => schema.add_bytes_field(field.name(), INDEXED),
            Field::Published | Field::Sequence => {
                schema.add_i64_field(field.name(), NumericOptions::default().set_fast())
            }
            Field::Title | Field::Body => {
                let options = text_options(WORDS, IndexRecordOption::WithFreqsAndPositions);
                schema.add_text_field(field.name(), options)
            }
            _ => schema.add_text_field(field.name(), value_options(field)),
        });
        let pairs = || text_options(PAIRS, IndexRecordOption::WithFreqs);
        let columns = Columns {
            fields,
            title_pairs: schema.add_text_field("title_pairs", pairs()),
            body_pairs: schema.add_text_field("body_pairs", pairs()),
            key: schema.add_u64_field("key", NumericOptions::default().set_fast()),
            shown: schema.add_bytes_field("shown", STORED),
        };
        (schema.build(), columns)
    }

    /// The column of a field; of a text field, that of words and single Chinese characters.
    pub(crate) fn of(&self, field: Field) -> Column {
        self.fields[field as usize]
    }

    /// The column of a text field's pairs of frequent Chinese characters.
    pub(crate) fn pairs(&self, field: Field) -> Column {
        if field == Field::Title { self.title_pairs } else { self.body_pairs }
    }

    /// The term of a name.
    pub(crate) fn name(&self, name: &str) -> Term {
        Term::from_field_bytes(self.of(Field::Name), &hash(name))
    }

    /// The column of what is handed back with a hit.
    pub(crate) fn shown(&self) -> Column {
        self.shown
    }

    /// An entry as tantivy takes it.
    pub(crate) fn document(&self, entry: &Entry) -> TantivyDocument {
        let mut document = TantivyDocument::default();
        document.add_bytes(self.of(Field::Name), &hash(&entry.name));
        for field in Field::ALL.into_iter().filter(|field| *field != Field::Name) {
            let values = entry.values(field);
            for (index, value) in values.iter().enumerate() {
                // A value that was given twice counts once.
                if values[..index].contains(value) {
                    continue;
                }
                document.add_text(self.of(field), value);
            }
            if let Some(number) = entry.number(field) {
                document.add_i64(self.of(field), number);
            }
        }
        for (field, text) in [(Field::Title, &entry.title), (Field::Body, &entry.body)] {
            document.add_text(self.of(field), text);
            document.add_text(self.pairs(field), text);
        }
        document.add_u64(self.key, key(&entry.name));
        document.add_bytes(self.shown, &Shown::of(entry).encode_to_vec());
        document
    }
}

/// What orders records that are equal in all else.
pub(crate) fn key(name: &str) -> u64 {
    let [first @ .., _, _] = hash(name);
    u64::from_le_bytes(first)
}

/// By what a name is found: that any two of a hundred million names share it has a chance of one in 200 million.
pub(crate) fn hash(name: &str) -> [u8; 10] {
    let mut first = [0; 10];
    first.copy_from_slice(&blake3::hash(name.as_bytes()).as_bytes()[..10]);
    first
}

/// Our analyzers by the names that the schema uses.
pub(crate) fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register(WORDS, WordTokenizer::default());
    manager.register(PAIRS, PairTokenizer::default());
    for field in Field::ALL {
        manager.register(value_tokenizer(field), ValueTokenizer { field });
    }
    manager
}

/// Found by its folded value, counted by its own.
fn value_options(field: Field) -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(value_tokenizer(field))
        .set_index_option(IndexRecordOption::Basic)
        .set_fieldnorms(false);
    TextOptions::default().set_indexing_options(indexing).set_fast(RAW_TOKENIZER_NAME)
}

fn text_options(tokenizer: &str, option: IndexRecordOption) -> TextOptions {
    let indexing = TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(option);
    TextOptions::default().set_indexing_options(indexing)
}

fn value_tokenizer(field: Field) -> &'static str {
    field.name()
}

/// A value as a single token, folded; a kind as two.
#[derive(Clone)]
struct ValueTokenizer {
    field: Field,
}

struct ValueStream {
    values: std::vec::IntoIter<String>,
    token: Token,
}

impl Tokenizer for ValueTokenizer {
    type TokenStream<'a> = ValueStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> ValueStream {
        ValueStream { values: self.field.indexed(text).into_iter(), token: Token::default() }
    }
}

impl TokenStream for ValueStream {
    fn advance(&mut self) -> bool {
        let Some(value) = self.values.next() else { return false };
        self.token.text = value;
        self.token.position = 0;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

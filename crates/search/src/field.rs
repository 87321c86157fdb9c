//! The fields that a query can name, and how their values compare.

use crate::analyze;

/// Values are compared by so many bytes.
const LONGEST_VALUE: usize = 512;

/// A field of an indexed record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// Resource name, exactly.
    Name,
    /// Kind of record: its full protobuf name, or the last part of it.
    Kind,
    /// Publisher or platform.
    Source,
    /// BCP 47 tag.
    Language,
    /// Topic under which it came in or which it answers.
    Topic,
    /// Id of an entity that it names, `kind/name`.
    Entity,
    /// A good that it names, or one of whose family that is: `antimony`.
    Commodity,
    /// Country that it names, ISO 3166-1 alpha-3.
    Country,
    /// What its numbers are of: `price`, `output`.
    Measure,
    /// When it was published.
    Published,
    /// Sequence of the commit that wrote it.
    Sequence,
    /// Its title.
    Title,
    /// Its text, without the title.
    Body,
}

/// What can be asked of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Equality with one of its values.
    Value,
    /// A calendar date or a range of them.
    Date,
    /// An integer or a range of them.
    Number,
    /// Words and phrases.
    Text,
}

impl Field {
    /// All fields.
    pub const ALL: [Field; 13] = [
        Field::Name,
        Field::Kind,
        Field::Source,
        Field::Language,
        Field::Topic,
        Field::Entity,
        Field::Commodity,
        Field::Country,
        Field::Measure,
        Field::Published,
        Field::Sequence,
        Field::Title,
        Field::Body,
    ];

    /// Its name in queries.
    pub fn name(self) -> &'static str {
        match self {
            Field::Name => "name",
            Field::Kind => "kind",
            Field::Source => "source",
            Field::Language => "language",
            Field::Topic => "topic",
            Field::Entity => "entity",
            Field::Commodity => "commodity",
            Field::Country => "country",
            Field::Measure => "measure",
            Field::Published => "published",
            Field::Sequence => "sequence",
            Field::Title => "title",
            Field::Body => "body",
        }
    }

    /// The field of that name; case does not matter.
    pub fn named(name: &str) -> Option<Field> {
        Field::ALL.into_iter().find(|field| field.name().eq_ignore_ascii_case(name))
    }

    /// What can be asked of it.
    pub fn form(self) -> Form {
        match self {
            Field::Published => Form::Date,
            Field::Sequence => Form::Number,
            Field::Title | Field::Body => Form::Text,
            _ => Form::Value,
        }
    }

    /// The kind of lexicon entry that its values name, if it is one: `commodity` of `commodity/antimony`.
    pub(crate) fn lexicon_kind(self) -> Option<&'static str> {
        match self {
            Field::Commodity => Some("commodity"),
            Field::Country => Some("country"),
            Field::Measure => Some("measure"),
            _ => None,
        }
    }

    /// The forms in which a value is indexed; a query for any of them finds it. Names are compared exactly, all else
    /// folded: case, width, accents and blanks.
    pub(crate) fn indexed(self, value: &str) -> Vec<String> {
        let asked = self.asked(value);
        match (self, asked.rsplit_once('.')) {
            (Field::Kind, Some((_, last))) => vec![last.to_owned(), asked],
            _ => vec![asked],
        }
    }

    /// The form in which a value is asked for.
    pub(crate) fn asked(self, value: &str) -> String {
        if self == Field::Name {
            return value.to_owned();
        }
        let mut folded = analyze::folded(value);
        folded.truncate(folded.floor_char_boundary(LONGEST_VALUE));
        let prefix = self.lexicon_kind().and_then(|kind| folded.strip_prefix(kind)?.strip_prefix('/'));
        prefix.map(str::to_owned).unwrap_or(folded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_compare_folded_and_kinds_by_their_last_part() {
        assert_eq!(Field::Source.asked(" Ｒeuters  News "), "reuters news");
        assert_eq!(Field::Country.asked("country/CHN"), "chn");
        assert_eq!(Field::Entity.asked("commodity/antimony"), "commodity/antimony");
        assert_eq!(
            Field::Kind.indexed("monazite.record.v1.Document"),
            ["document", "monazite.record.v1.document"]
        );
        assert_eq!(Field::Name.asked("documents/Ab"), "documents/Ab");
        assert_eq!(Field::named("PUBLISHED"), Some(Field::Published));
        assert_eq!(Field::named("date"), None);
    }
}

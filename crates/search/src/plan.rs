//! What a query asks of a record, once aliases have been added: the one meaning that the index, the matcher of topics
//! and the highlighter share.

use crate::analyze::Pattern;
use crate::expand::Expansion;
use crate::field::Field;

/// What is asked of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Test {
    /// Any record.
    All,
    /// A word or phrase in title or text, or only in one of them.
    Has {
        scope: Option<Field>,
        pattern: Pattern,
    },
    /// A value of a field, in the form of [`Field::asked`].
    Is {
        field: Field,
        value: String,
    },
    /// A date or number, from the first to before the second.
    Within {
        field: Field,
        from: Option<i64>,
        to: Option<i64>,
    },
    /// Any value in a field.
    Exists {
        field: Field,
    },
    And(Vec<Test>),
    Or(Vec<Test>),
    /// As `Or`, but it ranks by the best of them: names of one thing.
    Synonyms(Vec<Test>),
    Not(Box<Test>),
}

/// A query ready to be asked: of an index, of single records, of a text to be highlighted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub(crate) test: Test,
    pub(crate) expansions: Vec<Expansion>,
    /// A hash of the question, for page tokens.
    pub(crate) hash: [u8; 16],
}

impl Plan {
    /// What words and phrases were expanded to, in the order of the query.
    pub fn expansions(&self) -> &[Expansion] {
        &self.expansions
    }

    /// True if it asks for words, so that its answers have a relevance. Others are only filters.
    pub fn ranks(&self) -> bool {
        self.test.ranks()
    }
}

impl Test {
    fn ranks(&self) -> bool {
        match self {
            Test::Has { .. } => true,
            Test::And(tests) | Test::Or(tests) | Test::Synonyms(tests) => tests.iter().any(Test::ranks),
            _ => false,
        }
    }

    /// The words and phrases that make a record answer, with where they are to stand; those that are excluded are left
    /// out.
    pub(crate) fn wanted<'a>(&'a self, found: &mut Vec<(Option<Field>, &'a Pattern)>) {
        match self {
            Test::Has { scope, pattern } => found.push((*scope, pattern)),
            Test::And(tests) | Test::Or(tests) | Test::Synonyms(tests) => {
                tests.iter().for_each(|test| test.wanted(found));
            }
            _ => {}
        }
    }

    /// How many words and phrases are looked for.
    pub(crate) fn patterns(&self) -> usize {
        match self {
            Test::Has { .. } => 1,
            Test::And(tests) | Test::Or(tests) | Test::Synonyms(tests) => {
                tests.iter().map(Test::patterns).sum()
            }
            Test::Not(test) => test.patterns(),
            _ => 0,
        }
    }
}

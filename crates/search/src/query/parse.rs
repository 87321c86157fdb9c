//! Reads a query: one pass from left to right, without going back.

mod help;
mod range;

use std::ops::Range;

use super::error::{QueryError, QueryErrorKind};
use super::{Limits, Node, Word};
use crate::analyze::Pattern;
use crate::field::{Field, Form};
use help::{example, near};

/// Reads a whole query.
pub(super) fn parse(text: &str, limits: &Limits) -> Result<Node, QueryError> {
    if text.len() > limits.bytes {
        let place = text.floor_char_boundary(limits.bytes)..text.len();
        let what = format!("it has {} bytes, and {} are allowed", text.len(), limits.bytes);
        let help = "ask for less, or save it as several topics";
        return Err(QueryError::new(QueryErrorKind::TooLong, text, place, what, help));
    }
    let mut parser = Parser { text, at: 0, depth: 0, terms: 0, limits };
    parser.skip_blanks();
    if parser.at == text.len() {
        return Ok(Node::All);
    }
    let root = parser.any(None)?;
    match parser.peek() {
        None => Ok(root),
        Some(_) => Err(parser.error(
            QueryErrorKind::Parenthesis,
            parser.here(),
            "this parenthesis closes none",
            "take it away, or add the one that opens it",
        )),
    }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
    terms: usize,
    limits: &'t Limits,
}

/// What stands at a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    End,
    Open,
    Close,
    Quote,
    And,
    Or,
    Not,
    /// A hyphen directly before what it excludes.
    Minus,
    Word,
}

type Scope = Option<Field>;

impl Parser<'_> {
    /// One or more alternatives.
    fn any(&mut self, scope: Scope) -> Result<Node, QueryError> {
        let mut nodes = vec![self.all(scope)?];
        while self.next() == Next::Or {
            self.at += 2;
            nodes.push(self.all(scope)?);
        }
        Ok(if nodes.len() == 1 { nodes.remove(0) } else { Node::Or(nodes) })
    }

    /// One or more that must all hold, with or without AND between them.
    fn all(&mut self, scope: Scope) -> Result<Node, QueryError> {
        let mut nodes = vec![self.one(scope)?];
        loop {
            match self.next() {
                Next::And => self.at += 3,
                Next::End | Next::Close | Next::Or => break,
                _ => {}
            }
            nodes.push(self.one(scope)?);
        }
        Ok(if nodes.len() == 1 { nodes.remove(0) } else { Node::And(nodes) })
    }

    fn one(&mut self, scope: Scope) -> Result<Node, QueryError> {
        let (mut excluded, mut negated) = (false, false);
        loop {
            match self.next() {
                Next::Not => self.at += 3,
                Next::Minus => self.at += 1,
                _ => break,
            }
            (excluded, negated) = (!excluded, true);
        }
        // NOT binds closest: of bare words behind it, it takes the first.
        let node = self.operand(scope, negated)?;
        Ok(if excluded { Node::Not(Box::new(node)) } else { node })
    }

    /// A group, a phrase, a field with its value, or bare words side by side; with `alone`, only one of these.
    fn operand(&mut self, scope: Scope, alone: bool) -> Result<Node, QueryError> {
        match self.next() {
            Next::Open => self.group(scope),
            Next::Quote => {
                let phrase = self.phrase()?;
                self.leaf(scope, phrase, true)
            }
            Next::Word => self.word(scope, alone),
            Next::End | Next::Close | Next::And | Next::Or | Next::Not | Next::Minus => Err(self.error(
                QueryErrorKind::MissingOperand,
                self.here(),
                "a word, a phrase or a field is missing here",
                "write what to search for, or take the operator away; to search for the word itself, put it in quotation marks",
            )),
        }
    }

    fn group(&mut self, scope: Scope) -> Result<Node, QueryError> {
        let open = self.here();
        if self.depth == self.limits.depth {
            let what = format!("more than {} parentheses within each other", self.limits.depth);
            return Err(self.error(
                QueryErrorKind::TooDeep,
                open,
                what,
                "take away those that change nothing",
            ));
        }
        self.at = open.end;
        self.depth += 1;
        let node = self.any(scope)?;
        self.depth -= 1;
        if self.next() != Next::Close {
            return Err(self.error(
                QueryErrorKind::Parenthesis,
                open,
                "this parenthesis is not closed",
                "add «)» where it ends, or put it in quotation marks if it is part of a name",
            ));
        }
        self.at = self.here().end;
        Ok(node)
    }

    /// A phrase in quotation marks.
    fn phrase(&mut self) -> Result<Word, QueryError> {
        let open = self.here();
        let mark = self.peek().unwrap_or('"');
        let rest = &self.text[open.end..];
        let Some(length) = rest.find(|c| closes(mark, c)) else {
            return Err(self.error(
                QueryErrorKind::UnclosedQuote,
                open,
                "this quotation mark is not closed",
                "add «\"» where the phrase ends, or take it away",
            ));
        };
        let text = rest[..length].to_owned();
        self.at = open.end + length;
        self.at = self.here().end;
        Ok(Word { text, bytes: open.start..self.at })
    }

    /// A field with its value, or bare words side by side.
    fn word(&mut self, scope: Scope, alone: bool) -> Result<Node, QueryError> {
        let (bytes, field) = self.cut_word()?;
        if let Some(field) = field {
            return self.field(field, bytes);
        }
        let word = self.taken(bytes);
        if scope.is_some_and(|field| !matches!(field.form(), Form::Text)) {
            return self.leaf(scope, word, false);
        }
        if word.text == "*" {
            return self.everything(scope, &word);
        }
        let first = word.bytes.clone();
        let mut words = Vec::new();
        self.add(word, &mut words)?;
        while !alone && self.next() == Next::Word {
            let before = self.at;
            let (bytes, field) = self.cut_word()?;
            if field.is_some() || &self.text[bytes.clone()] == "*" {
                self.at = before;
                break;
            }
            let word = self.taken(bytes);
            self.add(word, &mut words)?;
        }
        if words.is_empty() {
            return Err(self.nothing(first));
        }
        Ok(Node::Words { scope, words })
    }

    /// Adds a bare word, unless it is a mark without letters, as the & of A & B.
    fn add(&mut self, word: Word, words: &mut Vec<Word>) -> Result<(), QueryError> {
        if word.text.ends_with('*') && word.text.len() > 1 {
            return Err(self.error(
                QueryErrorKind::Wildcard,
                word.bytes,
                format!("«{}» asks for words that begin so", word.text),
                "write whole words: English ones are found in all their forms, and Chinese needs no wildcard",
            ));
        }
        self.count(&word.bytes)?;
        if Pattern::of(&word.text).is_some() {
            words.push(word);
        }
        Ok(())
    }

    /// What stands behind the colon of a field whose name is at `name`.
    fn field(&mut self, field: Field, name: Range<usize>) -> Result<Node, QueryError> {
        match self.next() {
            Next::Open => return self.group(Some(field)),
            Next::Quote => {
                let phrase = self.phrase()?;
                return self.leaf(Some(field), phrase, true);
            }
            Next::End | Next::Close => {
                let what = format!("`{}:` has no value", field.name());
                return Err(self.error(QueryErrorKind::MissingOperand, name, what, example(field)));
            }
            _ => {}
        }
        let range = matches!(self.peek(), Some('[' | '{' | '>' | '<' | '≥' | '≤'));
        if range && matches!(field.form(), Form::Date | Form::Number) {
            return self.range(field);
        }
        if range && field.form() == Form::Value {
            let what = format!("`{}` has no order, so that it has no ranges", field.name());
            return Err(self.error(QueryErrorKind::Range, self.here(), what, example(field)));
        }
        let bytes = self.cut_plain();
        let word = self.taken(bytes);
        self.leaf(Some(field), word, false)
    }

    /// A single word, phrase or value.
    fn leaf(&mut self, scope: Scope, word: Word, quoted: bool) -> Result<Node, QueryError> {
        if let Some(field) = scope
            && field.form() != Form::Text
        {
            if word.text == "*" && !quoted {
                self.count(&word.bytes)?;
                return Ok(Node::Exists { field });
            }
            if field.form() != Form::Value {
                let (from, to) = self.point(field, &word)?;
                self.count(&word.bytes)?;
                return Ok(Node::Range { field, from: Some(from), to: Some(to) });
            }
            if word.text.trim().is_empty() {
                return Err(self.nothing(word.bytes));
            }
            self.count(&word.bytes)?;
            return Ok(Node::Value { field, value: word });
        }
        if quoted {
            self.count(&word.bytes)?;
            if Pattern::of(&word.text).is_none() {
                return Err(self.nothing(word.bytes));
            }
            return Ok(Node::Phrase { scope, phrase: word });
        }
        if word.text == "*" {
            return self.everything(scope, &word);
        }
        let mut words = Vec::new();
        let bytes = word.bytes.clone();
        self.add(word, &mut words)?;
        if words.is_empty() {
            return Err(self.nothing(bytes));
        }
        Ok(Node::Words { scope, words })
    }

    /// A star where words belong.
    fn everything(&mut self, scope: Scope, word: &Word) -> Result<Node, QueryError> {
        self.count(&word.bytes)?;
        let Some(field) = scope else { return Ok(Node::All) };
        let what = format!("a star does not stand for any {}", field.name());
        Err(self.error(QueryErrorKind::Wildcard, word.bytes.clone(), what, example(field)))
    }

    fn nothing(&self, bytes: Range<usize>) -> QueryError {
        let what = "there is neither a letter nor a digit to search for";
        self.error(QueryErrorKind::Nothing, bytes, what, "write a word, or take it away")
    }

    fn count(&mut self, bytes: &Range<usize>) -> Result<(), QueryError> {
        self.terms += 1;
        if self.terms <= self.limits.terms {
            return Ok(());
        }
        let what = format!("it has more than {} terms", self.limits.terms);
        let help = "ask for less, or save it as several topics";
        Err(self.error(QueryErrorKind::TooManyTerms, bytes.clone(), what, help))
    }

    /// Cuts a word; if it is a field's name with a colon, goes behind the colon and says which field.
    fn cut_word(&mut self) -> Result<(Range<usize>, Option<Field>), QueryError> {
        let start = self.at;
        while let Some(character) = self.peek() {
            if ends_word(character) {
                break;
            }
            let name = &self.text[start..self.at];
            if character == '：' && Field::named(name).is_some() || character == ':' && is_name(name) {
                let bytes = start..self.at;
                if let Some(field) = Field::named(name) {
                    self.at += character.len_utf8();
                    return Ok((bytes, Some(field)));
                }
                if !self.text[self.at..].starts_with("://") {
                    return Err(self.unknown_field(bytes));
                }
            }
            self.at += character.len_utf8();
        }
        Ok((start..self.at, None))
    }

    /// Cuts a value: whatever stands up to a blank or parenthesis.
    fn cut_plain(&mut self) -> Range<usize> {
        let start = self.at;
        while let Some(character) = self.peek()
            && !ends_word(character)
        {
            self.at += character.len_utf8();
        }
        start..self.at
    }

    fn unknown_field(&self, bytes: Range<usize>) -> QueryError {
        let name = self.text[bytes.clone()].to_lowercase();
        let names: Vec<&str> = Field::ALL.iter().map(|field| field.name()).collect();
        let near = names.iter().find(|known| near(&name, known));
        let help = match near {
            Some(near) => format!("did you mean `{near}:`?"),
            None => format!(
                "use one of {}, or put it in quotation marks if the colon belongs to the text",
                names.join(", ")
            ),
        };
        self.error(QueryErrorKind::UnknownField, bytes, format!("there is no field `{name}`"), help)
    }

    fn taken(&self, bytes: Range<usize>) -> Word {
        Word { text: self.text[bytes.clone()].to_owned(), bytes }
    }

    fn next(&mut self) -> Next {
        self.skip_blanks();
        let rest = &self.text[self.at..];
        let Some(first) = rest.chars().next() else { return Next::End };
        match first {
            '(' | '（' => return Next::Open,
            ')' | '）' => return Next::Close,
            '-' => {
                let next = rest[1..].chars().next();
                let excludes =
                    next.is_some_and(|c| (c.is_alphabetic() || opens(c)) || matches!(c, '(' | '（'));
                return if excludes { Next::Minus } else { Next::Word };
            }
            _ if opens(first) => return Next::Quote,
            _ => {}
        }
        for (word, next) in [("AND", Next::And), ("OR", Next::Or), ("NOT", Next::Not)] {
            if let Some(behind) = rest.strip_prefix(word)
                && behind.chars().next().is_none_or(ends_word)
            {
                return next;
            }
        }
        Next::Word
    }

    fn skip_blanks(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    /// The bytes of the character here; empty at the end.
    fn here(&self) -> Range<usize> {
        self.at..self.at + self.peek().map_or(0, char::len_utf8)
    }

    fn error(
        &self,
        kind: QueryErrorKind,
        bytes: Range<usize>,
        what: impl Into<String>,
        help: impl Into<String>,
    ) -> QueryError {
        QueryError::new(kind, self.text, bytes, what, help)
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_')
}

/// Marks that open a phrase. Typed carelessly, the closing one opens too.
fn opens(character: char) -> bool {
    matches!(character, '"' | '“' | '”' | '„' | '＂' | '「' | '『' | '«')
}

/// True if `character` closes a phrase that `mark` opened.
fn closes(mark: char, character: char) -> bool {
    match mark {
        '「' => character == '」',
        '『' => character == '』',
        '«' => character == '»',
        _ => matches!(character, '"' | '“' | '”' | '＂'),
    }
}

fn ends_word(character: char) -> bool {
    character.is_whitespace() || opens(character) || matches!(character, '(' | ')' | '（' | '）')
}

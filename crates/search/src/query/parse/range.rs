//! Dates, numbers, and ranges of them.

use std::ops::Range;

use super::super::date;
use super::super::error::{QueryError, QueryErrorKind};
use super::super::{Node, Word};
use super::help::example;
use super::{Next, Parser};
use crate::field::{Field, Form};

impl Parser<'_> {
    /// `[a TO b]`, `{a TO b}`, `>=a`, `>a`, `<=a`, `<a`.
    pub(super) fn range(&mut self, field: Field) -> Result<Node, QueryError> {
        let start = self.at;
        let bracket = self.peek();
        if matches!(bracket, Some('[' | '{')) {
            let (from, to) = self.bracketed(field, bracket == Some('['))?;
            self.count(&(start..self.at))?;
            return Ok(Node::Range { field, from, to });
        }
        let rest = &self.text[self.at..];
        let signs = [(">=", '≥'), ("<=", '≤'), (">", '>'), ("<", '<')];
        let found = signs.iter().find(|(ascii, single)| rest.starts_with(ascii) || rest.starts_with(*single));
        let Some((sign, single)) = found else { return Err(self.bad_range(field, start..self.at)) };
        self.at += if rest.starts_with(sign) { sign.len() } else { single.len_utf8() };
        if matches!(self.next(), Next::End | Next::Close | Next::Open | Next::Quote) {
            return Err(self.bad_range(field, start..self.at));
        }
        let bytes = self.cut_plain();
        let word = self.taken(bytes);
        let (first, behind) = self.point(field, &word)?;
        self.count(&(start..self.at))?;
        let (from, to) = match *sign {
            ">=" => (Some(first), None),
            ">" => (Some(behind), None),
            "<=" => (None, Some(behind)),
            _ => (None, Some(first)),
        };
        Ok(Node::Range { field, from, to })
    }

    fn bracketed(
        &mut self,
        field: Field,
        with_first: bool,
    ) -> Result<(Option<i64>, Option<i64>), QueryError> {
        let start = self.at;
        self.at += 1;
        let inside = &self.text[self.at..];
        let Some(length) = inside.find([']', '}']) else {
            return Err(self.bad_range(field, start..self.text.len()));
        };
        let with_last = inside[length..].starts_with(']');
        let end = self.at + length;
        let parts: Vec<&str> = inside[..length].split_whitespace().collect();
        let [first, "TO", last] = parts.as_slice() else {
            return Err(self.bad_range(field, start..end + 1));
        };
        let place = |part: &str| part.as_ptr() as usize - self.text.as_ptr() as usize;
        let word = |part: &str| Word { text: part.to_owned(), bytes: place(part)..place(part) + part.len() };
        let bound = |part: &str| match part {
            "*" => Ok(None),
            part => self.point(field, &word(part)).map(Some),
        };
        let (first, last) = (bound(first)?, bound(last)?);
        self.at = end + 1;
        if let (Some((first, _)), Some((last, _))) = (first, last)
            && first > last
        {
            return Err(self.error(
                QueryErrorKind::Range,
                start..end + 1,
                "its end is before its beginning",
                "change the two about",
            ));
        }
        let from = first.map(|(from, behind)| if with_first { from } else { behind });
        let to = last.map(|(from, behind)| if with_last { behind } else { from });
        Ok((from, to))
    }

    /// What a single date or number names: from, and before.
    pub(super) fn point(&self, field: Field, word: &Word) -> Result<(i64, i64), QueryError> {
        let point = match field.form() {
            Form::Date => date::period(&word.text),
            _ => word.text.parse::<i64>().ok().and_then(|number| Some((number, number.checked_add(1)?))),
        };
        point.ok_or_else(|| {
            let what = format!(
                "«{}» is no {}",
                word.text,
                if field.form() == Form::Date { "date" } else { "number" }
            );
            self.error(QueryErrorKind::Value, word.bytes.clone(), what, example(field))
        })
    }

    fn bad_range(&self, field: Field, bytes: Range<usize>) -> QueryError {
        self.error(QueryErrorKind::Range, bytes, "this range is not complete", example(field))
    }
}

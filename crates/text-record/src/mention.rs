//! Mentions to and fro.

use std::ops::Range;

use api::record;

use crate::offset;
use crate::words::{
    doubt, doubt_back, kind, kind_back, precision, precision_back, qualifier, qualifier_back,
};

/// A mention of a layer whose span does not lie on character boundaries of the text it is said to be of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotInText {
    /// The span, in bytes.
    pub span: Range<usize>,
}

impl std::fmt::Display for NotInText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Range { start, end } = self.span;
        write!(f, "a mention at bytes {start} to {end} of a layer does not lie in the text")
    }
}

impl std::error::Error for NotInText {}

/// A mention as a layer holds it.
#[must_use]
pub fn mention(mention: &text::Mention<'_>) -> record::Mention {
    let has_time = mention.kind == text::Kind::Time;
    record::Mention {
        kind: kind(mention.kind).into(),
        start_byte: offset(mention.start_byte),
        end_byte: offset(mention.end_byte),
        value: mention.value.clone().unwrap_or_default(),
        low: mention.low.clone().unwrap_or_default(),
        high: mention.high.clone().unwrap_or_default(),
        unit: mention.unit.clone().unwrap_or_default(),
        time: has_time.then(|| record::Period {
            start: mention.start.clone().unwrap_or_default(),
            end: mention.end.clone().unwrap_or_default(),
            precision: mention.precision.map_or(record::Precision::Unspecified, precision).into(),
        }),
        seconds: mention.seconds.clone().unwrap_or_default(),
        entity: mention.id.clone().unwrap_or_default(),
        qualifier: mention.qualifier.map_or(record::Qualifier::Unspecified, qualifier).into(),
        doubt: mention.doubt.map_or(record::Doubt::Unspecified, doubt).into(),
    }
}

/// The mentions of a document's layers as the reader gave them, in the order of the text.
///
/// # Errors
/// If one does not lie in the text, which no layer of this document has.
pub fn mentions<'t>(text: &'t str, found: &[record::Mention]) -> Result<Vec<text::Mention<'t>>, NotInText> {
    let mut read: Vec<text::Mention<'t>> =
        found.iter().map(|mention| back(text, mention)).collect::<Result<_, _>>()?;
    read.sort_by_key(|mention| mention.start_byte);
    Ok(read)
}

fn back<'t>(text: &'t str, mention: &record::Mention) -> Result<text::Mention<'t>, NotInText> {
    let span = mention.start_byte as usize..mention.end_byte as usize;
    if text.get(span.clone()).is_none() {
        return Err(NotInText { span });
    }
    // A kind of a newer reader is a figure of which no more is known.
    let kind = kind_back(mention.kind()).unwrap_or(text::Kind::Number);
    let mut found = text::Mention::bare(kind, text, span);
    let given = |text: &String| (!text.is_empty()).then(|| text.clone());
    found.value = given(&mention.value);
    found.low = given(&mention.low);
    found.high = given(&mention.high);
    found.unit = given(&mention.unit);
    found.seconds = given(&mention.seconds);
    found.id = given(&mention.entity);
    found.qualifier = qualifier_back(mention.qualifier());
    found.doubt = doubt_back(mention.doubt());
    if let Some(period) = &mention.time {
        found.start = given(&period.start);
        found.end = given(&period.end);
        found.precision = precision_back(period.precision());
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use text::{Context, Kinds, Reader};

    use super::*;

    #[test]
    fn mentions_come_back_as_they_were() -> Result<(), Box<dyn std::error::Error>> {
        let text =
            "LME铜7月11日收报9,663美元/吨,周跌1.92%;库存约10.8万吨[3]。2月30日,HS 2825.80,三周内近千吨。";
        let context = Context { published: Some("2025-07-13".parse()?), kinds: Kinds::ALL };
        let read = Reader::standard().read(text, &context);
        assert!(read.len() > 8, "{read:?}");
        let stored: Vec<_> = read.iter().map(mention).collect();
        let back = mentions(text, &stored)?;
        assert_eq!(back.iter().map(mention).collect::<Vec<_>>(), stored);
        let quotes =
            |mentions: &[text::Mention<'_>]| mentions.iter().map(|m| m.quote.to_owned()).collect::<Vec<_>>();
        assert_eq!(quotes(&back), quotes(&read));
        Ok(())
    }

    #[test]
    fn a_mention_that_is_not_in_the_text_is_refused() {
        let cut = record::Mention { start_byte: 1, end_byte: 3, ..record::Mention::default() };
        let error = mentions("铜价", &[cut]).expect_err("it begins within a character");
        assert_eq!(error.to_string(), "a mention at bytes 1 to 3 of a layer does not lie in the text");
    }
}

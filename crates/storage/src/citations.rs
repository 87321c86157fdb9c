//! A derived record may only cite what a document says.

use std::str;

use api::record::{Layer, Record};
use bytes::Bytes;

use crate::check::Draft;
use crate::error::{CitationFault, Error};

/// Checks all that a derived record cites; `text` gives the live text of a document.
pub(crate) fn check<'a>(
    operation: usize,
    draft: &Draft,
    mut text: impl FnMut(&str) -> Option<&'a Bytes>,
) -> Result<(), Error> {
    let fail = |document: &str, (fault, message): (CitationFault, String)| Error::Citation {
        fault,
        operation,
        record: draft.record.name.clone(),
        document: document.to_owned(),
        message,
    };
    let mut last: Option<(&str, &str)> = None;
    for citation in &draft.record.citations {
        let document = citation.document.as_str();
        let text = match last {
            Some((name, text)) if name == document => text,
            _ => live(text(document)).map_err(|fault| fail(document, fault))?,
        };
        last = Some((document, text));
        for span in &citation.spans {
            check_span(text, span.start_byte, span.end_byte, Some(&span.quote))
                .map_err(|fault| fail(document, fault))?;
        }
    }
    if let Some(layer) = &draft.layer {
        let document = layer.document.as_str();
        let text = live(text(document)).map_err(|fault| fail(document, fault))?;
        for mention in &layer.mentions {
            check_span(text, mention.start_byte, mention.end_byte, None)
                .map_err(|fault| fail(document, fault))?;
        }
    }
    Ok(())
}

/// Names of all documents that a record needs to be checked.
pub(crate) fn documents<'a>(record: &'a Record, layer: Option<&'a Layer>) -> impl Iterator<Item = &'a str> {
    let cited = record.citations.iter().map(|citation| citation.document.as_str());
    cited.chain(layer.map(|layer| layer.document.as_str()))
}

fn live(text: Option<&Bytes>) -> Result<&str, (CitationFault, String)> {
    let text = text.ok_or((CitationFault::UnknownDocument, "there is no such document now".to_owned()))?;
    str::from_utf8(text)
        .map_err(|error| (CitationFault::SpanOutOfText, format!("its text is damaged: {error}")))
}

fn check_span(text: &str, start: u32, end: u32, quote: Option<&str>) -> Result<(), (CitationFault, String)> {
    let Some(passage) = text.get(start as usize..end as usize).filter(|passage| !passage.is_empty()) else {
        let message =
            format!("bytes {start}..{end} are no passage of its {} bytes, or cut a character", text.len());
        return Err((CitationFault::SpanOutOfText, message));
    };
    if quote.is_some_and(|quote| quote != passage) {
        return Err((CitationFault::QuoteDiffers, format!("bytes {start}..{end} are not what is quoted")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passage_lies_within_the_text_on_boundaries_and_says_what_is_quoted() {
        let text = "铜 9,663.00";
        assert_eq!(check_span(text, 0, 3, Some("铜")), Ok(()));
        assert_eq!(check_span(text, 4, 12, None), Ok(()));
        let fault = |start, end, quote| check_span(text, start, end, quote).map_err(|(fault, _)| fault);
        assert_eq!(fault(0, 3, Some("铝")), Err(CitationFault::QuoteDiffers));
        assert_eq!(fault(4, 12, Some("9663.00")), Err(CitationFault::QuoteDiffers));
        for (start, end) in [(0, 2), (1, 3), (4, 13), (5, 4), (4, 4), (u32::MAX, u32::MAX)] {
            assert_eq!(fault(start, end, None), Err(CitationFault::SpanOutOfText), "{start}..{end}");
        }
    }
}

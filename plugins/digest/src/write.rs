//! Makes the record: sentences become citations, and the body refers to them by index.

use plugin_sdk::record::{Citation, Digest, DigestGroup, Span};

use crate::outline::Outline;
use crate::sentences::Piece;

/// The body and the envelope's citations; `None` if nothing was chosen.
pub(crate) fn digest(document: &str, text: &str, outline: &Outline) -> Option<(Digest, Vec<Citation>)> {
    let mut citations = Vec::new();
    let mut cite = |piece: &Piece| -> Option<u32> {
        let span = Span {
            start_byte: u32::try_from(piece.span.start).ok()?,
            end_byte: u32::try_from(piece.span.end).ok()?,
            quote: text.get(piece.span.clone())?.to_owned(),
        };
        citations.push(Citation { document: document.to_owned(), spans: vec![span] });
        u32::try_from(citations.len() - 1).ok()
    };
    let viewpoint_heading = outline.viewpoint_heading.as_ref().and_then(&mut cite);
    let viewpoint = outline.viewpoint.iter().filter_map(&mut cite).collect();
    let mut groups = Vec::new();
    for group in &outline.groups {
        let heading = group.heading.as_ref().and_then(&mut cite);
        let points = group.points.iter().filter_map(&mut cite).collect();
        groups.push(DigestGroup { heading, points });
    }
    if citations.is_empty() {
        return None;
    }
    let own_headings = outline.own_headings;
    Some((
        Digest { document: document.to_owned(), viewpoint_heading, viewpoint, groups, own_headings },
        citations,
    ))
}

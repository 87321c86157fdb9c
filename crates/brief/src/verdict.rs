//! What analysts think of findings, and which findings that mutes.
//!
//! A verdict speaks of a finding as it was: it holds as long as the finding has the hash that was judged. What is derived anew and
//! is equal has the same hash; what differs in its body or its passages has another, and is shown again.

use std::collections::BTreeSet;

use api::record::{Citation, Finding, Judgement, Record, Verdict};
use prost::Message as _;

use crate::BriefError;

/// A verdict with its envelope.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Its record; the citations are those of the finding as it was judged.
    pub record: Record,
    /// The body.
    pub verdict: Verdict,
}

impl Stored {
    /// Decodes a record of the kind `Verdict`.
    ///
    /// # Errors
    /// If its body cannot be read.
    pub fn new(record: &Record) -> Result<Self, BriefError> {
        let verdict = Verdict::decode(&record.body[..]).map_err(|source| BriefError::Body {
            record: record.name.clone(),
            kind: record.kind.clone(),
            source,
        })?;
        Ok(Self { record: record.clone(), verdict })
    }

    /// Whether it speaks of the finding just as it is.
    #[must_use]
    pub fn holds(&self, finding: &Record) -> bool {
        self.verdict.finding == finding.name && *self.verdict.finding_hash == finding_hash(finding)
    }

    /// Whether what it judged was an earlier version of the finding: one of the same name, or one of the same kind, reason and
    /// check of whose passages the finding cites more than half. A finding with another body has another name, so whoever asks
    /// has to know that the one that was judged is gone.
    #[must_use]
    pub fn is_of_earlier(&self, finding: &Record, body: &Finding) -> bool {
        if self.verdict.finding == finding.name {
            return !self.holds(finding);
        }
        let verdict = &self.verdict;
        if (verdict.kind, verdict.reason, verdict.check) != (body.kind, body.reason, body.check) {
            return false;
        }
        let (judged, now) = (passages(&self.record.citations), passages(&finding.citations));
        2 * judged.intersection(&now).count() > judged.len()
    }
}

/// BLAKE3 over a finding's kind, body and citations: each field as its length (eight bytes, little endian) and its bytes, behind the
/// domain `monazite.verdict.v1`. Of a citation the document, the number of spans and of each its ends and its quote.
#[must_use]
pub fn finding_hash(finding: &Record) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    let mut put = |bytes: &[u8]| {
        hasher.update(&(bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    put(b"monazite.verdict.v1");
    put(finding.kind.as_bytes());
    put(&finding.body);
    for citation in &finding.citations {
        put(citation.document.as_bytes());
        put(&(citation.spans.len() as u64).to_le_bytes());
        for span in &citation.spans {
            put(&span.start_byte.to_le_bytes());
            put(&span.end_byte.to_le_bytes());
            put(span.quote.as_bytes());
        }
    }
    hasher.finalize().into()
}

/// Whether verdicts mute a finding: one that holds rejects it, and none that holds accepts it.
pub fn is_muted<'v>(finding: &Record, verdicts: impl IntoIterator<Item = &'v Stored>) -> bool {
    let mut rejected = false;
    for stored in verdicts.into_iter().filter(|stored| stored.holds(finding)) {
        match stored.verdict.judgement() {
            Judgement::Accept => return false,
            Judgement::Reject => rejected = true,
            Judgement::Note | Judgement::Unspecified => {}
        }
    }
    rejected
}

fn passages(citations: &[Citation]) -> BTreeSet<(&str, u32, u32)> {
    let spans = citations.iter().flat_map(|c| c.spans.iter().map(move |span| (c, span)));
    spans.map(|(c, span)| (c.document.as_str(), span.start_byte, span.end_byte)).collect()
}

#[cfg(test)]
mod tests {
    use api::record::{FindingKind, ReasonCode, Span};
    use prost::Name as _;

    use super::*;

    fn citation(document: &str, start: u32) -> Citation {
        let span = Span { start_byte: start, end_byte: start + 4, quote: "3834".into() };
        Citation { document: document.into(), spans: vec![span] }
    }

    fn body() -> Finding {
        let (kind, reason) = (FindingKind::Contradiction.into(), ReasonCode::Scale.into());
        Finding { kind, reason, severity: 90, ..Finding::default() }
    }

    fn finding(name: &str, body: &Finding, citations: Vec<Citation>) -> Record {
        let encoded = body.encode_to_vec().into();
        Record {
            name: name.into(),
            kind: Finding::full_name(),
            body: encoded,
            citations,
            ..Record::default()
        }
    }

    fn judged(judgement: Judgement, by: &str, finding: &Record) -> Stored {
        let body = body();
        let verdict = Verdict {
            finding: finding.name.clone(),
            finding_hash: finding_hash(finding).to_vec().into(),
            judgement: judgement.into(),
            by: by.into(),
            kind: body.kind,
            reason: body.reason,
            check: body.check,
            ..Verdict::default()
        };
        let record = Record {
            kind: Verdict::full_name(),
            body: verdict.encode_to_vec().into(),
            citations: finding.citations.clone(),
            ..Record::default()
        };
        Stored { record, verdict }
    }

    fn one() -> Record {
        finding("findings/a", &body(), vec![citation("documents/x", 0), citation("documents/y", 9)])
    }

    #[test]
    fn a_rejection_mutes_while_the_finding_is_as_it_was_judged() {
        let finding_now = one();
        let rejected = judged(Judgement::Reject, "ana", &finding_now);
        assert!(is_muted(&finding_now, [&rejected]));
        let written_again = Record { sequence: 99, group: "another".into(), ..finding_now.clone() };
        assert!(is_muted(&written_again, [&rejected]));
        let other_body = finding("findings/a", &Finding { severity: 91, ..body() }, finding_now.citations);
        assert!(!is_muted(&other_body, [&rejected]) && rejected.is_of_earlier(&other_body, &body()));
        let moved = vec![citation("documents/x", 1), citation("documents/y", 9)];
        assert!(!is_muted(&finding("findings/a", &body(), moved), [&rejected]));
        let other_quote = |mut record: Record| {
            record.citations[0].spans[0].quote = "3843".into();
            record
        };
        assert!(!is_muted(&other_quote(one()), [&rejected]));
    }

    #[test]
    fn who_accepts_it_brings_it_back_and_a_note_does_neither() {
        let finding = one();
        let rejected = judged(Judgement::Reject, "ana", &finding);
        assert!(is_muted(&finding, [&judged(Judgement::Note, "bo", &finding), &rejected]));
        assert!(!is_muted(&finding, [&rejected, &judged(Judgement::Accept, "bo", &finding)]));
        assert!(!is_muted(&finding, [&judged(Judgement::Note, "bo", &finding)]) && !is_muted(&finding, []));
    }

    #[test]
    fn a_later_version_is_known_by_more_than_half_of_the_passages() {
        let rejected = judged(Judgement::Reject, "ana", &one());
        let citations = |of: &[(&str, u32)]| of.iter().map(|(d, at)| citation(d, *at)).collect::<Vec<_>>();
        let grown = citations(&[("documents/x", 0), ("documents/y", 9), ("documents/z", 2)]);
        let later = finding("findings/b", &body(), grown.clone());
        assert!(rejected.is_of_earlier(&later, &body()) && !rejected.holds(&later));
        let half = finding("findings/b", &body(), citations(&[("documents/x", 0), ("documents/z", 2)]));
        assert!(!rejected.is_of_earlier(&half, &body()));
        let other = Finding { reason: ReasonCode::Value.into(), ..body() };
        assert!(!rejected.is_of_earlier(&finding("findings/b", &other, grown), &other));
        let without = finding("findings/b", &body(), Vec::new());
        assert!(!judged(Judgement::Reject, "ana", &without).is_of_earlier(&one(), &body()));
    }

    /// The hash is a promise to every verdict that exists: it must never change.
    #[test]
    fn the_hash_is_pinned() {
        let hash = blake3::Hash::from(finding_hash(&one()));
        assert_eq!(
            hash.to_hex().as_str(),
            "1e2cc7a4260134548230dc9c6887a7c39f49aa96475f7ff96ff8f97b6298fe1a"
        );
    }
}

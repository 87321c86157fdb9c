//! `monazite verdict` and `monazite verdicts`: what analysts think of findings.

pub(super) mod list;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use api::record::{Finding, Judgement, Record, Verdict};
use brief::verdict::{Stored, finding_hash};
use prost::{Message as _, Name as _};

use crate::cli::{Judged, VerdictArgs};
use crate::commands::findings::words;
use crate::commands::print;
use crate::commands::topics::saved::{checked, user};
use crate::failure::{Failure, Kind};
use crate::fit::flat;
use crate::grpc::{Client, Listed};
use crate::view::record_name;

/// Longest note, in bytes.
const LONGEST_NOTE: usize = 4096;

/// Verdicts, and the findings of which they speak, as far as they are still there.
pub(crate) struct Verdicts {
    /// In the order of their names.
    pub(crate) all: Vec<Stored>,
    /// By name.
    pub(crate) judged: BTreeMap<String, Record>,
    /// Which of them are on a finding, by its name.
    on: BTreeMap<String, Vec<usize>>,
    /// Those that do not hold any more, as their finding is gone or has changed.
    past: BTreeMap<Like, Vec<usize>>,
}

/// Kind, reason and check of a finding, and one of the documents that it cites.
type Like = (i32, i32, i32, String);

impl Verdicts {
    /// Reads them as of a sequence (zero: now): those of one person, or all.
    ///
    /// # Errors
    /// If the server does not answer, or a body cannot be read.
    pub(crate) async fn read(client: &Client, by: Option<&str>, at_sequence: i64) -> Result<Self> {
        let keys = by.map(|by| format!("by={by}")).into_iter().collect();
        let kind = Verdict::full_name();
        let records = client.list(Listed { kind: &kind, keys, at_sequence, ..Default::default() }).await?;
        let mut all = records.iter().map(Stored::new).collect::<Result<Vec<_>, _>>()?;
        all.sort_by(|one, other| one.record.name.cmp(&other.record.name));
        let mut names: Vec<String> = all.iter().map(|stored| stored.verdict.finding.clone()).collect();
        names.sort();
        names.dedup();
        let judged = client.batch_get_at(&names, at_sequence).await?;
        Ok(Self::new(all, judged.into_iter().map(|record| (record.name.clone(), record)).collect()))
    }

    fn new(all: Vec<Stored>, judged: BTreeMap<String, Record>) -> Self {
        let mut on: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut past: BTreeMap<Like, Vec<usize>> = BTreeMap::new();
        for (index, stored) in all.iter().enumerate() {
            on.entry(stored.verdict.finding.clone()).or_default().push(index);
            if judged.get(&stored.verdict.finding).is_none_or(|now| !stored.holds(now)) {
                let verdict = &stored.verdict;
                let of = (verdict.kind, verdict.reason, verdict.check);
                for like in likes(of, &stored.record) {
                    past.entry(like).or_default().push(index);
                }
            }
        }
        Self { all, judged, on, past }
    }

    /// Those that hold of a finding.
    pub(crate) fn of<'v>(&'v self, finding: &'v Record) -> impl Iterator<Item = &'v Stored> {
        let on = self.on.get(&finding.name).map(Vec::as_slice).unwrap_or_default();
        on.iter().map(|index| &self.all[*index]).filter(|stored| stored.holds(finding))
    }

    /// Those of an earlier version of a finding, which is not there any more.
    pub(crate) fn of_earlier<'v>(
        &'v self,
        finding: &'v Record,
        body: &'v Finding,
    ) -> impl Iterator<Item = &'v Stored> {
        // One on another finding shares a passage with this one, and so a document.
        let likes = likes((body.kind, body.reason, body.check), finding);
        let alike = likes.iter().filter_map(|like| self.past.get(like)).chain(self.on.get(&finding.name));
        let alike: BTreeSet<usize> = alike.flatten().copied().collect();
        let alike = alike.into_iter().map(|index| &self.all[index]);
        alike.filter(move |stored| stored.is_of_earlier(finding, body))
    }
}

/// What a finding of this kind, reason and check is like, by each document that the record cites.
fn likes((kind, reason, check): (i32, i32, i32), record: &Record) -> BTreeSet<Like> {
    record.citations.iter().map(|citation| (kind, reason, check, citation.document.clone())).collect()
}

/// `accept`, `reject` or `note`.
pub(crate) fn word(judgement: Judgement) -> &'static str {
    match judgement {
        Judgement::Accept => "accept",
        Judgement::Reject => "reject",
        Judgement::Note => "note",
        Judgement::Unspecified => "unknown",
    }
}

/// `rejected by ana on 2025-07-13: two editions`.
pub(crate) fn sentence(stored: &Stored) -> String {
    let done = match stored.verdict.judgement() {
        Judgement::Accept => "accepted",
        Judgement::Reject => "rejected",
        Judgement::Note => "noted",
        Judgement::Unspecified => "judged",
    };
    let note = if stored.verdict.note.is_empty() { "" } else { ": " };
    let day = day(&stored.record);
    let on = if day.is_empty() { "" } else { " on " };
    flat(&format!("{done} by {}{on}{day}{note}{}", stored.verdict.by, stored.verdict.note))
}

/// The day of a record's commit.
pub(crate) fn day(record: &Record) -> String {
    let time = record.commit_time.as_ref().map(ToString::to_string).unwrap_or_default();
    time.get(..10).unwrap_or_default().to_owned()
}

pub(super) async fn give(client: &Client, args: &VerdictArgs) -> Result<()> {
    let by = args.by.clone().unwrap_or_else(user);
    let by = checked("name of who says so", &by)?.to_owned();
    let note = checked_note(args.note.as_deref().unwrap_or_default(), args.judgement)?;
    let finding = finding(client, &args.finding).await?;
    let body =
        Finding::decode(&finding.body[..]).with_context(|| format!("{} is not readable", finding.name))?;
    let record = verdict(&finding, &body, args.judgement, note, by);
    let before = client.batch_get(std::slice::from_ref(&record.name)).await?;
    let before = before.first().map(Stored::new).transpose()?;
    client.put_about(record.clone(), &finding).await.with_context(|| {
        format!("{} changed meanwhile, or the verdict was refused; look at it again", finding.name)
    })?;
    let verdicts = Verdicts::read(client, None, 0).await?;
    let muted = brief::verdict::is_muted(&finding, verdicts.of(&finding));
    let muted_before = before.as_ref().is_some_and(|before| brief::verdict::is_muted(&finding, [before]));
    let mut lines = vec![format!("{} is {}", finding.name, title(&body))];
    lines.extend(verdicts.of(&finding).map(|stored| format!("  {}", sentence(stored))));
    if let Some(before) = before.filter(|before| before.record.body != record.body) {
        lines.push(format!("  this replaces: {}", sentence(&before)));
    }
    lines.push(
        match (muted, args.judgement) {
            (true, _) => "  muted until it, or what it cites, changes; `monazite findings --muted` shows it",
            (false, Judged::Accept) if muted_before => "  shown again",
            (false, _) if muted_before => {
                "  shown again: of one person the last verdict stands; `reject --note` keeps it muted and says why"
            }
            (false, Judged::Reject) => "  not muted: somebody else accepts it",
            (false, _) => "  shown as before",
        }
        .to_owned(),
    );
    print(|out| lines.iter().try_for_each(|line| writeln!(out, "{}", flat(line))))
}

/// What a finding is, in words.
fn title(body: &Finding) -> String {
    let subtitle = words::subtitle(body).map(|words| format!(" · {words}")).unwrap_or_default();
    format!("{}{subtitle}", words::kind(body.kind()))
}

/// The finding that is meant.
async fn finding(client: &Client, id: &str) -> Result<Record> {
    let name = record_name(client, id, Some("findings"), 0).await;
    let gone = match name {
        Ok(name) => match client.batch_get(std::slice::from_ref(&name)).await?.pop() {
            Some(record) if record.kind == Finding::full_name() => return Ok(record),
            Some(record) => {
                let message = format!("{name} is no finding but a {}; verdicts are on findings", record.kind);
                return Err(Failure::new(Kind::Usage, message).into());
            }
            None => name,
        },
        Err(error) if crate::failure::kind(&error) == Kind::NotFound => id.to_owned(),
        Err(error) => return Err(error),
    };
    let verdicts = Verdicts::read(client, None, 0).await?;
    let id = gone.strip_prefix("findings/").unwrap_or(&gone);
    let known = |stored: &&Stored| {
        stored.verdict.finding.strip_prefix("findings/").is_some_and(|f| f.starts_with(id))
    };
    let message = match verdicts.all.iter().find(known).filter(|_| id.len() >= 4) {
        Some(stored) => format!(
            "{} is gone: what it rested on was taken back, or is read otherwise now; it was {}, and `monazite verdicts` keeps that",
            stored.verdict.finding,
            sentence(stored)
        ),
        None => format!(
            "there is no one finding `{gone}`: it is gone, was never there, or more digits are needed; `monazite findings \
             --all` lists what there is"
        ),
    };
    Err(Failure::new(Kind::NotFound, message).into())
}

/// A note without blanks around it.
fn checked_note(note: &str, judgement: Judged) -> Result<String> {
    let note = note.trim();
    let wrong = if note.len() > LONGEST_NOTE {
        format!(
            "the note has {} bytes; at most {LONGEST_NOTE} are kept (a Chinese character has three)",
            note.len()
        )
    } else if note.is_empty() && judgement == Judged::Note {
        "the note is empty; say something with --note".to_owned()
    } else if note.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        "the note has control characters in it; leave them out".to_owned()
    } else {
        return Ok(note.to_owned());
    };
    Err(Failure::new(Kind::Usage, wrong).into())
}

/// The record of a verdict on a finding.
fn verdict(finding: &Record, body: &Finding, judgement: Judged, note: String, by: String) -> Record {
    let judgement = match judgement {
        Judged::Accept => Judgement::Accept,
        Judged::Reject => Judgement::Reject,
        Judged::Note => Judgement::Note,
    };
    let mut keys: Vec<String> =
        finding.keys.iter().filter(|key| key.starts_with("document=")).cloned().collect();
    keys.extend([
        format!("by={by}"),
        format!("judged={}", finding.name),
        format!("judgement={}", word(judgement)),
    ]);
    keys.sort();
    let name = name(&finding.name, &by);
    let verdict = Verdict {
        finding: finding.name.clone(),
        finding_hash: finding_hash(finding).to_vec().into(),
        judgement: judgement.into(),
        note,
        by,
        kind: body.kind,
        reason: body.reason,
        check: body.check,
    };
    Record {
        name,
        kind: Verdict::full_name(),
        body: verdict.encode_to_vec().into(),
        keys,
        citations: finding.citations.clone(),
        ..Record::default()
    }
}

/// `verdicts/{id}`: the id is the first 32 hexadecimal digits of the BLAKE3 hash of the finding's name and of who says so, each as
/// its length (eight bytes, little endian) and its bytes behind the domain `monazite.verdict.name.v1`.
fn name(finding: &str, by: &str) -> String {
    let mut hasher = blake3::Hasher::new();
    for field in ["monazite.verdict.name.v1", finding, by] {
        hasher.update(&(field.len() as u64).to_le_bytes());
        hasher.update(field.as_bytes());
    }
    let mut id = hasher.finalize().to_hex().to_string();
    id.truncate(32);
    format!("verdicts/{id}")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that fails here should say so")]
    use api::record::{Citation, FindingKind, Span};

    use super::*;

    /// The name is a promise to every log that exists: it must never change.
    #[test]
    fn the_name_is_pinned_and_has_borders() {
        assert_eq!(name("findings/a", "ana"), "verdicts/5a3ff6afb603a0342c0edb75f6c09ad9");
        assert_ne!(name("findings/a", "bc"), name("findings/ab", "c"));
    }

    #[test]
    fn a_verdict_holds_of_the_finding_it_was_made_of() {
        let body = Finding { severity: 80, ..Finding::default() };
        let finding = Record {
            name: "findings/a".into(),
            kind: Finding::full_name(),
            body: body.encode_to_vec().into(),
            keys: vec!["document=documents/x".into(), "finding=contradiction".into()],
            ..Record::default()
        };
        let record = verdict(&finding, &body, Judged::Reject, "why".into(), "ana".into());
        assert_eq!(record.keys, ["by=ana", "document=documents/x", "judged=findings/a", "judgement=reject"]);
        let stored = Stored::new(&record).unwrap();
        assert!(stored.holds(&finding) && brief::verdict::is_muted(&finding, [&stored]));
        assert_eq!(sentence(&stored), "rejected by ana: why");
    }

    #[test]
    fn verdicts_on_earlier_versions_are_found_by_document_and_by_name() {
        let finding = |name: &str, severity: u32, documents: &[&str]| {
            let body = Finding { kind: FindingKind::Fails.into(), severity, ..Finding::default() };
            let citation = |document: &&str| Citation {
                document: (*document).to_owned(),
                spans: vec![Span { start_byte: 1, end_byte: 5, quote: "five".into() }],
            };
            let record = Record {
                name: name.into(),
                kind: Finding::full_name(),
                body: body.encode_to_vec().into(),
                citations: documents.iter().map(citation).collect(),
                ..Record::default()
            };
            (record, body)
        };
        let versions = [
            finding("findings/gone", 1, &["documents/a", "documents/b"]),
            finding("findings/other", 1, &["documents/c"]),
            finding("findings/now", 1, &["documents/c"]),
        ];
        let given = versions.iter().map(|(record, body)| {
            let record = verdict(record, body, Judged::Accept, String::new(), "ana".into());
            Stored::new(&record).unwrap()
        });
        let all: Vec<Stored> = given.collect();
        let (now, body) = finding("findings/now", 2, &["documents/a", "documents/b"]);
        let verdicts = Verdicts::new(all, BTreeMap::from([(now.name.clone(), now.clone())]));
        let found: Vec<&str> =
            verdicts.of_earlier(&now, &body).map(|stored| stored.verdict.finding.as_str()).collect();
        assert_eq!(found, ["findings/gone", "findings/now"]);
    }

    #[test]
    fn a_note_has_limits() {
        assert_eq!(checked_note(" two\nlines ", Judged::Reject).unwrap(), "two\nlines");
        assert_eq!(checked_note(&"x".repeat(4096), Judged::Note).unwrap().len(), 4096);
        for (note, expected) in [
            ("", "is empty; say something"),
            (" ", "is empty"),
            ("a\u{1b}[31m", "control characters"),
            (&"稀".repeat(1366), "has 4098 bytes; at most 4096"),
        ] {
            let error = checked_note(note, Judged::Note).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
        assert_eq!(checked_note("", Judged::Accept).unwrap(), "");
    }
}

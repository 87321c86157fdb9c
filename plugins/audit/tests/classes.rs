//! Classes of slips in both languages, told in many manners (`classes.tsv`): each is found, and what only looks like one raises no alarm.

use std::error::Error;

use checks::{Input, Outcome, Stated, audit};
use text::{Context, Reader};

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

const CLASSES: &str = include_str!("classes.tsv");

/// What the audit says of a text that was published on this day.
fn outcomes(text: &str, day: &str) -> Result<Vec<Outcome>> {
    let published = Some(day.parse()?);
    let reader = Reader::standard();
    let mentions = reader.read(text, &Context { published, ..Context::default() });
    let claims: Vec<Stated> = reader
        .claims(text, 0, &mentions)
        .iter()
        .map(|claim| Stated {
            name: String::new(),
            keys: Vec::new(),
            claim: text_record::claim("documents/0a", claim),
        })
        .collect();
    Ok(audit(&Input { text, title_bytes: 0, published, mentions: &mentions, claims: &claims }))
}

/// The name of a check as the table has it.
fn name(outcome: &Outcome) -> String {
    outcome.check.as_str_name().trim_start_matches("CHECK_").to_lowercase().replace('_', "-")
}

#[test]
fn each_class_is_found_and_nothing_else_fails() -> Result {
    let mut wrong = Vec::new();
    let mut counts = [0usize; 3];
    for line in CLASSES.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let &[check, verdict, day, text] = fields.as_slice() else {
            return Err(format!("a line needs four fields: {line}").into());
        };
        let found = outcomes(text, day)?;
        let fails = found.iter().any(|outcome| !outcome.holds);
        let said = |holds: bool| found.iter().any(|outcome| outcome.holds == holds && name(outcome) == check);
        let (index, right) = match verdict {
            "holds" => (0, said(true) && !fails),
            "fails" => (1, said(false)),
            "quiet" => (2, !fails),
            _ => return Err(format!("no verdict: {verdict}").into()),
        };
        counts[index] += 1;
        if !right {
            let told: Vec<&str> = found.iter().map(|outcome| outcome.said.as_str()).collect();
            wrong.push(format!("{check} {verdict}: {text}\n  {told:?}"));
        }
    }
    assert!(counts.iter().all(|count| *count >= 60), "{counts:?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

//! Classes of slips in both languages, told in many manners (`classes.tsv`, `more.tsv`, `free.tsv`): each is found, and what only looks like one raises no alarm.

use std::error::Error;

use checks::{Input, Outcome, Stated, audit};
use text::{Context, Reader};

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

const CLASSES: &str =
    concat!(include_str!("classes.tsv"), include_str!("more.tsv"), include_str!("free.tsv"));

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

/// `İ` takes more bytes in lower case, the signs of ångström and kelvin fewer.
#[test]
fn letters_whose_lower_case_has_another_length_do_no_harm() -> Result {
    let day = "2025-07-14";
    for (at, line) in CLASSES.lines().filter(|line| !line.starts_with('#')).enumerate() {
        let text = line.rsplit('\t').next().unwrap_or_default();
        let places =
            text.char_indices().filter(|(_, letter)| matches!(letter, '，' | '。' | ',' | '.' | ' ' | '年'));
        let places: Vec<usize> = places.map(|(place, letter)| place + letter.len_utf8()).collect();
        let some = places.iter().copied().skip(at % 3).step_by(places.len() / 4 + 1);
        for (turn, place) in some.chain([0, text.len()]).enumerate() {
            let odd = ["\u{130}", "\u{212b}\u{130}", "\u{212a}"][turn % 3];
            let told = format!("{}{odd}{}", &text[..place], &text[place..]);
            for outcome in outcomes(&told, day)? {
                let (finding, _) = outcome.record("documents/0a", &told);
                assert!(!finding.sides.is_empty());
            }
        }
    }
    outcomes("2030年1月\u{130}", day)?;
    outcomes("2025年3月5日\u{212a}\u{130}项目获批，2025年4月1日开工。", day)?;
    Ok(())
}

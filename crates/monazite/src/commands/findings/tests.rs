#![expect(clippy::unwrap_used, reason = "a test that fails here should say so")]

use api::record::{Calculation, Document, FindingSide, Likelier, LikelierKind, Period, ReasonCode, Span};
use clap::Parser as _;

use super::*;
use crate::cli::{Cli, Command};

const ONE: &str = "Imports from Thailand\nImports came to 3,834 tons from December 2024 to April 2025.";
const OTHER: &str = "Imports from Mexico\nImports came to 3,834 tons from December 2023 to April 2024.";

fn views() -> Views {
    let view = |name: &str, text: &str| {
        let published = Period { start: "2025-07-13".into(), end: "2025-07-14".into(), ..Period::default() };
        let title = u32::try_from(text.find('\n').unwrap()).unwrap();
        let document = Document {
            text: text.into(),
            source: "Harbour Metals".into(),
            title_bytes: title,
            published: Some(published),
            ..Document::default()
        };
        (name.to_owned(), View { name: name.to_owned(), document })
    };
    Views::from([view("documents/aaaaaaaa1", ONE), view("documents/bbbbbbbb2", OTHER)])
}

fn citation(document: &str, quote: &str) -> Citation {
    let text = views()[document].document.text.clone();
    let start = text.find(quote).unwrap();
    let offset = |bytes: usize| u32::try_from(bytes).unwrap();
    let span = Span { start_byte: offset(start), end_byte: offset(start + quote.len()), quote: quote.into() };
    Citation { document: document.into(), spans: vec![span] }
}

/// A contradiction as `reconcile` writes one, of which one side is the likelier.
fn contradiction() -> Found {
    let side = |said: &str, citations: &[u32], voices| FindingSide {
        said: said.into(),
        citations: citations.to_vec(),
        voices,
        ..FindingSide::default()
    };
    let likelier =
        Likelier { side: 0, kind: LikelierKind::Voices.into(), citations: vec![0], ..Likelier::default() };
    let body = Finding {
        kind: FindingKind::Contradiction.into(),
        reason: ReasonCode::PeriodShifted.into(),
        severity: 90,
        sides: vec![side("2024-12-01/2025-05-01", &[0, 1], 2), side("2023-12-01/2024-05-01", &[2, 3], 1)],
        likelier: vec![likelier],
        ..Finding::default()
    };
    let citations = vec![
        citation("documents/aaaaaaaa1", "3,834 tons"),
        citation("documents/aaaaaaaa1", "December 2024 to April 2025"),
        citation("documents/bbbbbbbb2", "3,834 tons"),
        citation("documents/bbbbbbbb2", "December 2023 to April 2024"),
    ];
    Found {
        name: "findings/cccccccc3".into(),
        body,
        citations,
        keys: vec!["series=imports|mass".into()],
        opinions: Vec::new(),
        muted: false,
    }
}

/// A check that holds.
fn check() -> Found {
    let sum = Calculation {
        expression: "1 + 1".into(),
        low: "2".into(),
        high: "2".into(),
        operands: vec![0],
        ..Calculation::default()
    };
    let side =
        FindingSide { said: "1 + 1 = 2".into(), citations: vec![0], voices: 1, ..FindingSide::default() };
    let body = Finding {
        kind: FindingKind::Holds.into(),
        check: api::record::Check::PartsTotal.into(),
        severity: 5,
        sides: vec![side],
        calculations: vec![sum],
        ..Finding::default()
    };
    Found {
        name: "findings/dddddddd4".into(),
        body,
        citations: vec![citation("documents/aaaaaaaa1", "3,834 tons")],
        keys: Vec::new(),
        opinions: Vec::new(),
        muted: false,
    }
}

fn filter(arguments: &[&str]) -> Result<Filter> {
    let line = ["monazite", "findings"].iter().chain(arguments);
    let Command::Findings(args) = Cli::try_parse_from(line).unwrap().command else { panic!("findings") };
    Filter::new(Lexicon::standard(), &args)
}

#[test]
fn both_sides_are_shown_with_their_quotes() {
    let mut out = Vec::new();
    let found = shown(vec![contradiction(), check()], &[]);
    let kinds = counted(found.iter().map(|shown| shown.told.body.kind()));
    let note = note(&kinds, 2, &filter(&[]).unwrap(), Beside { quiet: 1, ..Beside::default() });
    screen::print(&found, &views(), &Claims::default(), &note, 110, false, &mut out).unwrap();
    insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r"
    ✗ contradiction · period shifted · imports                                              cccccccc · severity 90
        A  Dec 2024 – Apr 2025 · 2 independent voices
           «Imports came to 3,834 tons from December 2024 to April 2025.»
             07-13 Harbour Metals · Imports from Thailand
        B  Dec 2023 – Apr 2024
           «Imports came to 3,834 tons from December 2023 to April 2024.»
             07-13 Harbour Metals · Imports from Mexico
        for A: more independent voices say so
    ✓ holds · parts and total                                                                dddddddd · severity 5
        1 + 1 = 2, as printed: «3,834 tons»
        «Imports came to 3,834 tons from December 2024 to April 2025.»
          07-13 Harbour Metals · Imports from Thailand
    2 findings · 1 contradiction · 1 that holds · 1 check of wording that holds; --all shows what is
    ");
}

#[test]
fn no_line_is_wider_than_the_screen() {
    use unicode_width::UnicodeWidthStr as _;
    for width in [60, 80, 110, 160] {
        let mut out = Vec::new();
        let found = shown(vec![contradiction(), check()], &[]);
        screen::print(&found, &views(), &Claims::default(), "a note", width, false, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.lines().all(|line| line.width() <= width), "{width}:\n{text}");
    }
}

#[test]
fn programs_get_every_quote_with_its_place() {
    let object = listing::object(&contradiction(), &views());
    assert_eq!(object["reason"], "period-shifted");
    assert_eq!(object["sides"][1]["side"], "B");
    assert_eq!(object["sides"][1]["quotes"][1]["quote"], "December 2023 to April 2024");
    assert_eq!(object["sides"][1]["quotes"][1]["document"], "documents/bbbbbbbb2");
    assert_eq!(object["sides"][1]["quotes"][1]["spans"][0]["start_byte"], 52);
    assert_eq!(object["likelier"][0]["kind"], "voices");
    assert_eq!(object["documents"].as_array().unwrap().len(), 2);
}

#[test]
fn of_many_sides_none_is_lost() {
    let mut found = contradiction();
    found.body.sides =
        (0..30).map(|n| FindingSide { said: format!("{n} t"), ..Default::default() }).collect();
    found.body.likelier[0].side = 28;
    let object = listing::object(&found, &views());
    assert_eq!(object["sides"].as_array().unwrap().len(), 30);
    assert_eq!(object["sides"][27]["side"], "AB");
    assert_eq!(object["likelier"][0]["side"], "AC");
    let mut out = Vec::new();
    screen::print(&shown(vec![found], &[]), &views(), &Claims::default(), "", 80, false, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    for expected in
        ["\n    Z  25 t\n    AC  28 t\n", "\n    and 3 more, which --output json shows\n", "for AC: "]
    {
        assert!(text.contains(expected), "no «{expected}» in\n{text}");
    }
}

#[test]
fn a_document_is_named_once() {
    let mut found = contradiction();
    found.citations.push(found.citations[0].clone());
    assert_eq!(listing::documents(&found), ["documents/aaaaaaaa1", "documents/bbbbbbbb2"]);
}

#[test]
fn a_filter_knows_its_words() {
    let one = contradiction();
    let wants = |arguments: &[&str]| filter(arguments).unwrap().wants(&one.body, &one.keys);
    assert!(
        wants(&[]) && wants(&["--kind", "contradiction,fails"]) && wants(&["--reason", "period-shifted"])
    );
    assert!(wants(&["--measure", "imports"]) && wants(&["--severity", "90"]));
    assert!(!wants(&["--measure", "price"]) && !wants(&["--severity", "91"]) && !wants(&["--kind", "holds"]));
    assert!(!wants(&["--check", "age"]));
    let error = filter(&["--reason", "scales"]).unwrap_err().to_string();
    assert!(
        error.contains("`scales` is no reason of a contradiction; there are value, digits-transposed"),
        "{error}"
    );
    let open = filter(&["--measure", "no such thing"]).unwrap();
    let nothing = note(&counted([].into_iter()), 0, &open, Beside::default());
    assert_eq!(nothing, "no findings; the lexicon knows no measure «no such thing»");
    let beside = Beside { muted: 2, quiet: 1, rest: None };
    assert_eq!(
        note(&counted([].into_iter()), 0, &filter(&[]).unwrap(), beside),
        "nothing but 1 check of wording that holds and 2 muted by verdicts; --all shows what is"
    );
}

#[test]
fn what_analysts_think_stands_below_a_finding() {
    let opinion = |sentence: &str, holds| Opinion { sentence: sentence.into(), object: Value::Null, holds };
    let mut found = check();
    found.opinions = vec![opinion("rejected by ana: no sum", true), opinion("accepted by bo", false)];
    found.muted = true;
    let mut out = Vec::new();
    screen::print(&shown(vec![found], &[]), &views(), &Claims::default(), "", 60, false, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(text.contains("    rejected by ana: no sum (muted)\n"), "{text}");
    assert!(text.contains("    an earlier version was accepted by bo\n"), "{text}");
}

#[test]
fn no_more_findings_are_held_than_are_shown() {
    let of = |severity: u32, name: &str| Found {
        name: format!("findings/{name}"),
        body: Finding { severity, ..Finding::default() },
        ..contradiction()
    };
    let kept = |limit: usize| {
        let mut best = Best { limit, ..Best::default() };
        for (severity, name) in [(5, "c"), (90, "b"), (1, "d"), (90, "a"), (70, "e")] {
            best.take(of(severity, name));
            assert!(limit == 0 || best.kept.len() <= limit);
        }
        assert_eq!(best.kinds.values().sum::<usize>(), 5);
        best.kept.into_values().map(|found| found.name.replace("findings/", "")).collect::<String>()
    };
    assert_eq!(kept(3), "abe");
    assert_eq!(kept(0), "abecd");
}

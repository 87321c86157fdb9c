#![expect(clippy::unwrap_used, reason = "a test that fails here should say so")]

use api::record::{
    Amount, Base, Change, Citation, Direction, Document, Modality, ModalitySlot, Origin, OriginKind, Period,
    Precision, Qualifier, QualifierSlot, Relation, Span, Term, When,
};
use clap::Parser as _;
use unicode_width::UnicodeWidthStr as _;

use super::*;
use crate::cli::{Cli, Command, Format};

const TEXT: &str = "稀土周报,2025年第三季度\n稀土精矿价格上调至不含税19,109元/吨(REO 50%),环比上涨1.51%,较2024年第三季度的低点上涨14.14%。\n\
                    China announced on August 15, 2024 a ban on antimony exports to the United States.";

fn at(words: &str) -> (u32, u32) {
    let start = TEXT.find(words).unwrap();
    (u32::try_from(start).unwrap(), u32::try_from(start + words.len()).unwrap())
}

fn origin(kind: OriginKind, words: &str, rule: &str) -> Option<Origin> {
    let (start_byte, end_byte) = if words.is_empty() { (0, 0) } else { at(words) };
    Some(Origin { kind: kind.into(), start_byte, end_byte, rule: rule.into() })
}

fn stated(words: &str, rule: &str) -> Option<Origin> {
    origin(OriginKind::Stated, words, rule)
}

fn term(id: &str, words: &str, rule: &str) -> Term {
    Term { id: id.into(), words: words.into(), origin: stated(words, rule) }
}

fn percent(value: &str, words: &str) -> Option<Amount> {
    Some(Amount {
        value: value.into(),
        unit: "%".into(),
        origin: stated(words, "change"),
        ..Default::default()
    })
}

fn period(start: &str, end: &str, precision: Precision) -> Option<Period> {
    Some(Period { start: start.into(), end: end.into(), precision: precision.into() })
}

/// A price with two changes of different bases, its period from the title.
fn price() -> Claim {
    let (start_byte, end_byte) = at("19,109元/吨");
    let quarter = Base {
        relation: Relation::QuarterOnQuarter.into(),
        origin: origin(OriginKind::Resolved, "环比", "previous period by the claim's own"),
        ..Default::default()
    };
    let low = Base {
        period: period("2024-07-01", "2024-10-01", Precision::Quarter),
        words: "低点".into(),
        origin: stated("2024年第三季度的低点", "base named"),
        ..Default::default()
    };
    let up = |value, words, base| Change {
        direction: Direction::Up.into(),
        by: percent(value, words),
        base: Some(base),
        origin: stated("上涨", "direction"),
        ..Default::default()
    };
    Claim {
        document: "documents/00112233445566778899aabbccddeeff".into(),
        start_byte,
        end_byte,
        subject: Some(term("commodity/rare-earth-concentrate", "稀土精矿", "nearest name before the figure")),
        measure: Some(term("measure/price", "价格", "measure named")),
        value: Some(Amount {
            value: "19109".into(),
            unit: "CNY/t".into(),
            origin: stated("19,109元/吨", "number"),
            ..Default::default()
        }),
        basis: vec![
            term("basis/vat-excluded", "不含税", "basis named"),
            term("basis/REO", "REO", "basis named"),
        ],
        period: Some(When {
            period: period("2025-07-01", "2025-10-01", Precision::Quarter),
            origin: origin(OriginKind::Inherited, "2025年第三季度", "time told before"),
        }),
        changes: vec![up("1.51", "1.51%", quarter), up("14.14", "14.14%", low)],
        qualifier: Some(QualifierSlot {
            qualifier: Qualifier::About.into(),
            origin: stated("19,109元/吨", "qualifier"),
        }),
        modality: Some(ModalitySlot {
            modality: Modality::Planned.into(),
            origin: stated("上调", "modal word"),
        }),
        ..Default::default()
    }
}

fn ban() -> Claim {
    let (start_byte, end_byte) = at("ban");
    Claim {
        document: "documents/00112233445566778899aabbccddeeff".into(),
        start_byte,
        end_byte,
        event: EventType::Ban.into(),
        subject: Some(term("commodity/antimony", "antimony", "goods of the event")),
        actors: vec![term("country/CHN", "China", "who acts")],
        targets: vec![term("country/USA", "United States", "with or against whom")],
        announced: Some(When {
            period: period("2024-08-15", "2024-08-16", Precision::Day),
            origin: stated("August 15, 2024", "date of the event"),
        }),
        ..Default::default()
    }
}

fn facts(claims: Vec<Claim>) -> Found {
    let document = Document {
        text: TEXT.into(),
        source: "山海日报".into(),
        published: period("2025-07-13T09:00:00+08:00", "", Precision::Minute),
        ..Default::default()
    };
    let view = Rc::new(View { name: "documents/00112233445566778899aabbccddeeff".into(), document });
    let facts = claims.into_iter().map(|claim| {
        let line = TEXT[..claim.start_byte as usize].rfind('\n').map_or(0, |at| at + 1);
        let end = TEXT[line..].find('\n').map_or(TEXT.len(), |at| line + at);
        let span = Span {
            start_byte: u32::try_from(line).unwrap(),
            end_byte: u32::try_from(end).unwrap(),
            quote: TEXT[line..end].into(),
        };
        let record = Record {
            name: "claims/1".into(),
            keys: vec!["document=documents/0".into(), "digits=19109|CNY/mass".into()],
            citations: vec![Citation { spans: vec![span], ..Default::default() }],
            ..Default::default()
        };
        fact(record, claim, Rc::clone(&view)).unwrap()
    });
    Found { facts: facts.collect(), limit: 10, more: false, at_sequence: 0 }
}

fn args(arguments: &[&str]) -> FactsArgs {
    match Cli::parse_from([&["monazite", "facts"], arguments].concat()).command {
        Command::Facts(args) => args,
        other => panic!("{other:?}"),
    }
}

fn screen(claims: Vec<Claim>, arguments: &[&str], width: u16) -> String {
    let args = args(arguments);
    let filter = Filter::new(Lexicon::standard(), &args).unwrap();
    let mut out = Vec::new();
    listing(Lexicon::standard(), &facts(claims), &args, &filter, width)
        .table(&mut out, width, false)
        .unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(text.lines().all(|line| line.width() <= usize::from(width)), "a line is too long:\n{text}");
    text
}

#[test]
fn a_wide_screen_has_the_quote_beside_the_figures() {
    insta::assert_snapshot!(screen(vec![price(), ban()], &[], 160));
}

#[test]
fn the_measure_is_not_shown_where_it_was_asked_for() {
    insta::assert_snapshot!(screen(vec![price()], &["--measure", "price"], 160));
}

#[test]
fn a_narrow_screen_has_it_below() {
    insta::assert_snapshot!(screen(vec![price(), ban()], &[], 80));
}

#[test]
fn events_alone_need_no_columns_for_figures() {
    insta::assert_snapshot!(screen(vec![ban()], &["--events"], 110));
}

#[test]
fn an_explanation_shows_rule_words_and_place_of_each_slot() {
    insta::assert_snapshot!(screen(vec![price()], &["--explain"], 180));
}

#[test]
fn every_width_fits() {
    for width in 60..=220 {
        screen(vec![price(), ban()], &["--explain"], width);
    }
}

#[test]
fn programs_get_every_slot_with_its_origin_and_quote() {
    let found = facts(vec![price()]);
    let mut value = object(Lexicon::standard(), &found.facts[0]);
    value["source"] = Value::Null;
    insta::assert_snapshot!(serde_json::to_string_pretty(&value).unwrap());
}

#[test]
fn csv_has_the_same_columns_for_figures_and_events() {
    let header = |claim: Claim| {
        let args = args(&[]);
        let mut out = Vec::new();
        let listing = listing(Lexicon::standard(), &facts(vec![claim]), &args, &Filter::default(), 160);
        listing.print(Format::Csv, &mut out).unwrap();
        String::from_utf8(out).unwrap().lines().next().unwrap().to_owned()
    };
    assert_eq!(header(price()), header(ban()));
    assert_eq!(header(price()), header(Claim { document: price().document, ..Default::default() }));
}

#[test]
fn nothing_found_says_why() {
    let empty = || screen(Vec::new(), &[], 100);
    assert!(empty().contains("no facts; is something imported"), "{}", empty());
    let filtered = screen(Vec::new(), &["--subject", "copper"], 100);
    assert!(filtered.contains("no facts like this"), "{filtered}");
    let unknown = screen(Vec::new(), &["--measure", "pirce"], 100);
    assert!(unknown.contains("no facts; the lexicon knows no measure «pirce»"), "{unknown}");
}

#[test]
fn a_claim_beyond_its_document_is_not_shown() {
    let view = facts(vec![price()]).facts.remove(0).view;
    let broken = Claim { end_byte: 9_999, ..price() };
    assert!(fact(Record::default(), broken, view).is_none());
}

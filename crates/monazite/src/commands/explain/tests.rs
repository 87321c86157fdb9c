#![expect(clippy::unwrap_used, reason = "a test that fails here should say so")]

use api::record::{
    Citation, Finding, FindingKind, Layer, Observation, Origin, OriginKind, Period, SeriesBase, SeriesPoint,
    Span, Statement, TableCell, TableReading, Term,
};
use unicode_width::UnicodeWidthStr as _;

use super::*;

const TEXT: &str = "锑价上涨\n锑锭价格为15.5万元/吨。";

fn record<B: prost::Message + prost::Name>(name: &str, body: &B) -> Record {
    let (kind, body) = (B::full_name(), body.encode_to_vec().into());
    Record { name: name.into(), kind, body, sequence: 7, ..Record::default() }
}

fn derived<B: prost::Message + prost::Name>(name: &str, analyzer: &str, body: &B) -> Record {
    let group = "document=documents/a".to_owned();
    Record { analyzer: analyzer.into(), group, ..record(name, body) }
}

fn document() -> Record {
    let published = Period { start: "2025-07-13".into(), ..Period::default() };
    let published = Some(published);
    record("documents/a", &Document { text: TEXT.into(), title_bytes: 12, published, ..Document::default() })
}

fn claim() -> Record {
    let (start, end) = (TEXT.find("锑锭").unwrap(), TEXT.find("价格").unwrap());
    let origin = Origin {
        kind: OriginKind::Stated.into(),
        start_byte: u32::try_from(start).unwrap(),
        end_byte: u32::try_from(end).unwrap(),
        rule: "subject before figure".into(),
    };
    let subject = Term { id: "commodity/antimony".into(), words: "锑锭".into(), origin: Some(origin) };
    let claim = Claim { document: "documents/a".into(), subject: Some(subject), ..Claim::default() };
    let span = Span { start_byte: 13, end_byte: 42, quote: TEXT[13..42].into() };
    let citations = vec![Citation { document: "documents/a".into(), spans: vec![span] }];
    Record { citations, ..derived("claims/c", "claims", &claim) }
}

fn rests_on(record: &Record, inputs: Option<&[Record]>) -> Vec<String> {
    let inputs = inputs.map(|inputs| inputs.iter().map(Input::of).collect::<Vec<_>>());
    node::rests_on(record, inputs.as_deref())
}

fn node(record: Record, inputs: Option<&[Record]>) -> (String, Node) {
    let rests_on = rests_on(&record, inputs);
    let derivation = (!record.analyzer.is_empty()).then(|| Derivation {
        analyzer: record.analyzer.clone(),
        group: record.group.clone(),
        version: "0.1.0".into(),
        read_sequence: 6,
        input_count: 2,
        input_hash: vec![0xab; 32].into(),
        ..Derivation::default()
    });
    let inputs = inputs.map(|inputs| inputs.iter().map(|input| (input.kind.clone(), 1)).collect());
    (record.name.clone(), Node { record, derivation, inputs, rests_on })
}

fn nodes() -> Nodes {
    let layer = derived("layers/l", "reading", &Layer::default());
    let finding =
        Finding { kind: FindingKind::Holds.into(), claims: vec!["claims/c".into()], ..Finding::default() };
    let finding = derived("findings/f", "audit", &finding);
    let of_claim = [document(), layer.clone()];
    let of_finding = [document(), layer.clone(), claim()];
    Nodes::from([
        node(finding, Some(&of_finding)),
        node(claim(), Some(&of_claim)),
        node(layer, Some(&of_claim[..1])),
        node(document(), None),
    ])
}

#[test]
fn a_finding_rests_on_the_claims_that_it_names() {
    let finding = Finding { claims: vec!["claims/c".into()], ..Finding::default() };
    let finding = derived("findings/f", "audit", &finding);
    let statement =
        |name: &str, claim: &str| record(name, &Statement { claim: claim.into(), ..Statement::default() });
    let inputs = [
        claim(),
        record("claims/other", &Claim::default()),
        statement("statements/one", "claims/c"),
        statement("statements/other", "claims/other"),
        record("layers/l", &Layer::default()),
    ];
    assert_eq!(rests_on(&finding, Some(&inputs)), ["claims/c", "layers/l", "statements/one"]);
    // What cannot be read any more is still named.
    assert_eq!(rests_on(&finding, None), ["claims/c"]);
    assert_eq!(rests_on(&claim(), None), ["documents/a"]);
    assert!(rests_on(&document(), None).is_empty());
}

fn reading(observation: &str) -> TableReading {
    let cell = TableCell { observation: observation.into(), ..TableCell::default() };
    TableReading { source: "Customs".into(), cells: vec![cell], ..TableReading::default() }
}

fn point(name: &str, of: &str, base: &str) -> Record {
    let base = SeriesBase { reading: Some(reading(base)), ..SeriesBase::default() };
    let body = SeriesPoint { reading: Some(reading(of)), bases: vec![base], ..SeriesPoint::default() };
    derived(name, "tables", &body)
}

/// A finding about a claim and the second of three rows, of each of which there is a point.
fn table_finding() -> (Record, Vec<Record>) {
    let claims = vec!["claims/c".to_owned()];
    let body = Finding { claims, readings: vec![reading("observations/2")], ..Finding::default() };
    let points = [
        point("points/1", "observations/1", "observations/0"),
        point("points/2", "observations/2", "observations/1"),
        point("points/3", "observations/3", "observations/2"),
    ];
    let inputs = std::iter::once(claim()).chain(points).collect();
    (derived("findings/f", "reconcile", &body), inputs)
}

#[test]
fn a_finding_on_a_table_rests_on_the_points_and_rows_that_it_names() {
    let rows: Vec<Record> =
        (0..4).map(|n| record(&format!("observations/{n}"), &Observation::default())).collect();
    let (finding, mut inputs) = table_finding();
    assert_eq!(rests_on(&inputs[2], Some(&rows)), ["observations/1", "observations/2"]);
    assert_eq!(rests_on(&finding, Some(&inputs)), ["claims/c", "points/2"]);
    inputs.extend(rows);
    assert_eq!(rests_on(&finding, Some(&inputs)), ["claims/c", "observations/2", "points/2"]);
    assert_eq!(rests_on(&finding, None), ["claims/c", "observations/2"]);
}

#[test]
fn a_point_on_the_screen_leads_to_its_rows() {
    let rows: Vec<Record> =
        (0..4).map(|n| record(&format!("observations/{n}"), &Observation::default())).collect();
    let (finding, inputs) = table_finding();
    let nodes = Nodes::from([
        node(inputs[2].clone(), Some(&rows)),
        node(rows[1].clone(), None),
        node(rows[2].clone(), None),
        node(claim(), None),
        node(document(), None),
        node(finding, Some(&inputs)),
    ]);
    let mut out = Vec::new();
    screen::print("findings/f", &nodes, 140, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    for expected in ["\n  points/2 · SeriesPoint: Customs\n", "\n    observations/2 · Observation"] {
        assert!(text.contains(expected), "no «{expected}» in\n{text}");
    }
}

#[test]
fn what_is_below_is_read_as_it_was_if_it_still_can_be() {
    let derivation = Some(Derivation { read_sequence: 6, ..Derivation::default() });
    let group = |inputs: Option<Vec<Input>>| Group { derivation: derivation.clone(), inputs, kinds: None };
    assert_eq!(group(Some(Vec::new())).read_sequence(), 6);
    assert_eq!(group(None).read_sequence(), 0);
}

#[test]
fn a_derivation_goes_down_to_the_document_and_tells_each_record_once() {
    let nodes = nodes();
    let mut out = Vec::new();
    screen::print("findings/f", &nodes, 140, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    for expected in [
        "findings/f · Finding: holds · severity 0\n",
        "    derived by audit 0.1.0 · no config · from the group document=documents/a\n",
        "read at sequence 6, hash abababababab · written at sequence 7",
        "\n  claims/c · Claim\n",
        "cites documents/a 13..42 «锑锭价格为15.5万",
        "subject before figure",
        "\n    documents/a · Document: 2025-07-13 · source not given · 锑价上涨 · put by a client, sequence ",
        "\n    layers/l · Layer: 0 mentions · by reading 0.1.0, sequence ",
    ] {
        assert!(text.contains(expected), "no «{expected}» in\n{text}");
    }
    assert_eq!(text.matches("put by a client").count(), 1, "{text}");
}

#[test]
fn no_line_is_wider_than_the_screen() {
    for width in [60, 80, 140] {
        let mut out = Vec::new();
        screen::print("findings/f", &nodes(), width, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.lines().all(|line| line.width() <= width), "{width}:\n{text}");
    }
}

#[test]
fn programs_get_every_record_with_its_derivation() {
    let object = object("findings/f", &nodes());
    let records = object["records"].as_array().unwrap();
    assert_eq!(records.len(), 4);
    let claim = records.iter().find(|record| record["name"] == "claims/c").unwrap();
    assert_eq!(claim["derivation"]["version"], "0.1.0");
    assert_eq!(claim["citations"][0]["spans"][0]["start_byte"], 13);
    assert_eq!(claim["slots"]["subject"]["rule"], "subject before figure");
    assert_eq!(claim["slots"]["subject"]["quote"], "锑锭");
    assert_eq!(claim["rests_on"], json!(["documents/a", "layers/l"]));
    assert_eq!(object["not_explained"], json!([]));
}

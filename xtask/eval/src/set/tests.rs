//! Scores of three invented texts, read right and wrong by hand.

#![expect(clippy::unwrap_used, reason = "a test that fails here should say so")]

use text::{
    Amount, Base, Change, Claim, Interval, Kind, Lexicon, Mention, Origin, OriginKind, Qualifier, Reader,
    Relation, Slot,
};

use super::gold::Labelled;
use super::score::{self, TextScore};
use super::{ALL, Development, Hidden, Names, Reading, keys, load, mentions};
use crate::stats::Counts;

const COPPER: &str = r#"{"id":"copper","language":"en","genre":"news","published":"2025-07-13","text":"Metals weekly, July 7 to 13\nLME copper fell 1.92% on the week to about $9,663.00 per ton.\nAcme Mines Ltd said output was 12 t.","mentions":[["LME","entity","exchange:LME"],["copper","entity","commodity:copper"],["1.92%","percent","1.92 %"],["$9,663.00 per ton","quantity","9663 USD/t","about"],["Acme Mines Ltd","entity","company:Acme Mines"],["12 t","quantity","12 t"]],"claims":[{"at":"$9,663.00 per ton","subject":"commodity:copper","venue":"exchange:LME","measure":"price","value":"9663 USD/t","changes":[{"by":"-1.92 %","base":"wow"}],"period":"2025-07-07/2025-07-14","qualifier":"about"},{"at":"12 t","subject":"words:the output","actor":"company:Acme Mines","measure":"output","value":"12 t"}]}"#;

const ANTIMONY: &str = r#"{"id":"antimony","language":"zh","genre":"news","published":"2025-07-13","text":"铜价\n2025年上半年中国与美国铜产量合计1200万吨，同比增长50%，比为2.05。","mentions":[["铜","entity","commodity:copper"]],"claims":[{"at":"1200万吨","subject":"commodity:copper","actor":["country:CHN","country:USA"],"measure":"output","value":"12000000 t","period":"2025-01-01/2025-07-01","changes":[{"by":"+50 %","base":"yoy"}]},{"at":"2.05","measure":"ratio","value":"2.05","derived_from":["1200万吨"]}]}"#;

const BAN: &str = r#"{"id":"ban","language":"en","genre":"notice","published":"2025-07-13","text":"Notice\nChina bans exports of gallium to the United States from August 1.","mentions":[],"claims":[{"at":"bans","event":"ban","subject":"commodity:gallium","actor":"country:CHN","target":"country:USA","effective":"2025-08-01/"}]}"#;

fn names() -> Names {
    Names::new(Lexicon::standard())
}

fn labelled(line: &str) -> Labelled {
    load::line(line, &names()).unwrap()
}

/// The claims of a text as labelled, at their places.
fn as_labelled(labelled: &Labelled) -> Vec<Claim<'_>> {
    let mut claims: Vec<Claim<'_>> = labelled
        .claims
        .iter()
        .map(|gold| Claim {
            start_byte: gold.at.start,
            end_byte: gold.at.end,
            quote: &labelled.text[gold.at.clone()],
            derived_from: gold.derived_from.iter().map(|index| labelled.claims[*index].at.start).collect(),
            ..keys::claim(gold)
        })
        .collect();
    for claim in &mut claims {
        claim.keys = text::Keys::of(claim);
    }
    claims
}

fn scored(labelled: &Labelled, read: &[Claim<'_>]) -> TextScore {
    let mut score = TextScore::default();
    score::claims_of(labelled, read, &mut score);
    score
}

fn all(score: &TextScore) -> Counts {
    let mut all = Counts::default();
    score.slots.values().for_each(|counts| all.add(*counts));
    all
}

fn origin() -> Origin {
    Origin { kind: OriginKind::Stated, start_byte: 0, end_byte: 0, rule: "test" }
}

#[test]
fn what_is_read_as_labelled_is_right() {
    for line in [COPPER, ANTIMONY, BAN] {
        let labelled = labelled(line);
        let mut read = as_labelled(&labelled);
        read.reverse();
        let score = scored(&labelled, &read);
        let counts = all(&score);
        assert_eq!(
            (counts.right, counts.right),
            (counts.gold, counts.read),
            "{}: {:?}",
            labelled.id,
            score.misses
        );
        assert_eq!(score.claims.right, labelled.claims.len());
        assert_eq!(score.keys.claims_right, score.keys.claims);
        assert!(score.misses.is_empty());
    }
    let labelled = labelled(COPPER);
    let keys = as_labelled(&labelled)[0].keys.clone();
    assert!(keys.fact.unwrap().ends_with("@2025-W28") && keys.digits.is_some());
}

#[test]
fn claims_too_many_cost_precision_and_missed_ones_recall() {
    let labelled = labelled(COPPER);
    let read = as_labelled(&labelled);
    let full = all(&scored(&labelled, &read));
    let twice = [read.clone(), read.clone()].concat();
    let doubled = all(&scored(&labelled, &twice));
    assert_eq!((doubled.gold, doubled.right, doubled.read), (full.gold, full.right, full.read * 2));
    let none = scored(&labelled, &[]);
    assert_eq!((all(&none).gold, all(&none).read), (full.gold, 0));
    assert_eq!(none.keys.claims_right, 0);
    assert!(none.misses.iter().all(|miss| miss.cause == "claim: missed"));
    // An event never stands for a figure, nor elsewhere.
    let mut moved = read;
    moved.truncate(1);
    moved[0].start_byte = 0;
    moved[0].end_byte = 3;
    assert_eq!(scored(&labelled, &moved).claims.right, 0);
}

#[test]
fn a_wrong_slot_is_wrong_alone() {
    let labelled = labelled(COPPER);
    let mut read = as_labelled(&labelled);
    let full = all(&scored(&labelled, &read));
    read[0].value.as_mut().unwrap().is.unit = Some("USD/kg".to_owned());
    read[0].venue = None;
    read[0].statistic =
        Some(Slot { is: text::Term { id: Some("statistic/mean".to_owned()), words: "" }, origin: origin() });
    let score = scored(&labelled, &read);
    let counts = all(&score);
    assert_eq!((counts.gold, counts.read, counts.right), (full.gold, full.read, full.right - 2));
    let mut causes: Vec<&str> = score.misses.iter().map(|miss| miss.cause.as_str()).collect();
    causes.sort_unstable();
    assert_eq!(causes, ["claim statistic: too many", "claim value: wrong", "claim venue: missed"]);
}

#[test]
fn bases_meet_however_they_are_said() {
    let labelled = labelled(ANTIMONY);
    let right = |change: &dyn Fn(&mut Base<'_>)| {
        let mut read = as_labelled(&labelled);
        change(&mut read[0].changes[0].base.as_mut().unwrap().is);
        scored(&labelled, &read).slots["change.base"].right == 1
    };
    let period = |start: &str, end: &str| {
        Some(Interval { start: Some(start.to_owned()), end: Some(end.to_owned()), precision: None })
    };
    assert!(right(&|_| {}));
    assert!(right(&|base| {
        base.relation = None;
        base.period = period("2024-01-01", "2024-07-01");
    }));
    assert!(!right(&|base| {
        base.relation = None;
        base.period = period("2024-01-01", "2025-01-01");
    }));
    assert!(!right(&|base| {
        base.relation = None;
        base.period = period("2024-01-01", "2024-07-01");
        base.sum = true;
    }));
    assert!(!right(&|base| base.relation = Some(Relation::PreviousPeriod)));
}

#[test]
fn lists_are_sets_and_derivations_follow_the_pairs() {
    let labelled = labelled(ANTIMONY);
    let mut read = as_labelled(&labelled);
    read[0].actors.reverse();
    assert_eq!(scored(&labelled, &read).slots["actor"].right, 1);
    read[0].actors.pop();
    let score = scored(&labelled, &read);
    assert_eq!((score.slots["actor"].right, score.slots["actor"].gold), (0, 1));
    assert_eq!(score.slots["derived_from"].right, 1);
    read[1].derived_from = vec![read[1].start_byte];
    assert_eq!(scored(&labelled, &read).slots["derived_from"].right, 0);
}

#[test]
fn names_that_the_lexicon_lacks_are_kept_as_words() {
    let labelled = labelled(COPPER);
    let mut read = as_labelled(&labelled);
    read[1].actors[0].is = text::Term { id: None, words: "Acme Mines Ltd" };
    read[1].subject.as_mut().unwrap().is.words = "Output";
    let score = scored(&labelled, &read);
    assert_eq!((score.slots["actor"].right, score.slots["subject"].right), (1, 2));
}

#[test]
fn events_are_paired_by_type_and_sentence() {
    let labelled = labelled(BAN);
    let mut read = as_labelled(&labelled);
    read[0].start_byte = labelled.text.find("exports").unwrap();
    read[0].end_byte = read[0].start_byte + 7;
    assert_eq!(scored(&labelled, &read).claims.right, 1);
    read[0].start_byte = 0;
    assert_eq!(scored(&labelled, &read).claims.right, 0);
    let mut other = as_labelled(&labelled);
    other[0].event = Some(text::EventType::Licence);
    assert_eq!(scored(&labelled, &other).claims.right, 0);
}

#[test]
fn claims_that_mean_two_things_must_not_meet() {
    let (copper, antimony) = (labelled(COPPER), labelled(ANTIMONY));
    let (mut first, mut second) = (as_labelled(&copper), as_labelled(&antimony));
    first[0].keys.fact = Some("same".to_owned());
    second[0].keys.fact = Some("same".to_owned());
    let scores = [("en", scored(&copper, &first)), ("zh", scored(&antimony, &second))];
    let (totals, meetings) = score::totals(&scores, true);
    assert_eq!((totals.met_wrongly, meetings.len(), meetings[0].different), (1, 1, true));
    // The same statement in two texts, with two values.
    let mut other = copper.clone();
    other.claims[0].value =
        Some(Amount { value: Some("9680".to_owned()), ..copper.claims[0].value.clone().unwrap() });
    let (first, second) = (as_labelled(&copper), as_labelled(&other));
    let scores = [("en", scored(&copper, &first)), ("en", scored(&other, &second))];
    let (totals, _) = score::totals(&scores, true);
    assert_eq!((totals.met_wrongly, totals.met_with_other_values), (0, 1));
    let scores = [("en", scored(&copper, &first)), ("en", scored(&copper, &first))];
    assert!(score::totals(&scores, true).1.is_empty());
}

fn mention<'t>(text: &'t str, kind: Kind, quote: &str) -> Mention<'t> {
    let start = text.find(quote).unwrap();
    Mention::bare(kind, text, start..start + quote.len())
}

#[test]
fn a_mention_is_right_only_in_full() {
    let labelled = labelled(COPPER);
    let text = &labelled.text;
    let entity =
        |quote: &str, id: &str| Mention { id: Some(id.to_owned()), ..mention(text, Kind::Entity, quote) };
    let price = Mention {
        value: Some("9663.0".to_owned()),
        unit: Some("USD/t".to_owned()),
        qualifier: Some(Qualifier::About),
        ..mention(text, Kind::Quantity, "$9,663.00 per ton")
    };
    let read = |price: &Mention<'_>| {
        let mentions = vec![
            entity("LME", "exchange/LME"),
            entity("copper", "commodity/tin"),
            price.clone(),
            entity("output", "measure/output"),
        ];
        let mut score = TextScore::default();
        mentions::score(&labelled, &mentions, &mut score);
        score
    };
    let score = read(&price);
    let entities = score.mentions["entity"];
    // The measure is left out, and tin is at the right place only.
    assert_eq!((entities.exact.gold, entities.exact.read, entities.exact.right), (3, 2, 1));
    assert_eq!(entities.span.right, 2);
    assert_eq!(score.unknown_names, ["Acme Mines"]);
    assert_eq!(score.mentions["quantity"].exact.right, 1);
    for wrong in [
        Mention { qualifier: None, ..price.clone() },
        Mention { value: Some("9664".to_owned()), ..price.clone() },
        Mention { unit: Some("USD/kg".to_owned()), ..price.clone() },
        Mention { low: Some("1".to_owned()), ..price.clone() },
    ] {
        let score = read(&wrong);
        assert_eq!((score.mentions["quantity"].exact.right, score.mentions["quantity"].span.right), (0, 1));
    }
    let mut causes: Vec<&str> = score.misses.iter().map(|miss| miss.cause.as_str()).collect();
    causes.sort_unstable();
    let wanted = [
        "mention entity: id",
        "mention entity: missed",
        "mention percent: missed",
        "mention quantity: missed",
    ];
    assert_eq!(causes, wanted);
}

/// Reads one claim without slots but its change at the first mention of each text.
fn first_mention<'t>(_: &Reader, text: &'t str, _: usize, mentions: &[Mention<'t>]) -> Vec<Claim<'t>> {
    let Some(first) = mentions.first() else { return Vec::new() };
    let change = Change { direction: None, by: None, base: None, qualifier: None, origin: origin() };
    vec![Claim {
        start_byte: first.start_byte,
        end_byte: first.end_byte,
        quote: &text[first.start_byte..first.end_byte],
        changes: vec![change],
        ..Claim::default()
    }]
}

#[test]
fn parts_are_loaded_and_the_test_part_gives_numbers_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jsonl");
    std::fs::write(&path, [COPPER, ANTIMONY, BAN].join("\n")).unwrap();
    let reader = Reader::standard();
    let reading = Reading { reader: &reader, claims: Some(first_mention) };
    let development = Development::load(folder.path(), &names()).unwrap().report(&reading);
    let test = Hidden::load(folder.path(), &names()).unwrap().totals(&reading);
    let json = serde_json::to_string(&test).unwrap();
    assert_eq!(json, serde_json::to_string(&development.totals).unwrap());
    for words in ["Acme", "copper", "铜", "bans", "9663"] {
        assert!(!json.contains(words), "{words} in {json}");
    }
    assert_eq!((test.languages["zh"].texts, test.languages[ALL].texts), (1, 3));
    assert_eq!(test.languages[ALL].claims.unwrap().read, 3);
    assert_eq!(development.not_in_lexicon, ["Acme Mines"]);

    std::fs::write(&path, COPPER.replace("\"1.92%\"", "\"1.93%\"")).unwrap();
    let told = |errors: Vec<super::LoadError>| errors[0].to_string();
    let error = told(Development::load(folder.path(), &names()).err().unwrap());
    assert!(error.contains("a.jsonl:1: mentions[2]: the text has no «1.93%»"), "{error}");
    let error = told(Hidden::load(folder.path(), &names()).err().unwrap());
    assert!(error.contains("a.jsonl:1: mentions[2]: ") && !error.contains("1.93%"), "{error}");
}

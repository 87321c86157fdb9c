//! What the analyzers find in made-up texts, and that they end in one state whatever the order in which texts come and go.

#![expect(clippy::unwrap_used, reason = "a test may fail by a panic")]

use std::collections::{BTreeMap, BTreeSet};

use plugin_sdk::Analyzer;
use plugin_sdk::prost::{Message as _, Name as _};
use plugin_sdk::record::{
    Document, Finding, FindingKind, Layer, LikelierKind, Period, Precision, ReasonCode, Record,
    StoryMembership,
};
use plugin_sdk::testing::{record, run};
use reconcile::{ByFact, ByStory, Statements};
use text::{Context, Reader};

/// A text, by whom and when it was published, and its voice within the one story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Telling {
    source: &'static str,
    day: &'static str,
    text: &'static str,
    voice: Option<u32>,
}

fn telling(source: &'static str, text: &'static str) -> Telling {
    Telling { source, day: "2025-07-13", text, voice: Some(u32::try_from(source.len()).unwrap()) }
}

/// What the analyzers before this plugin give for a document.
fn inputs(telling: &Telling) -> Vec<Record> {
    let published = Some(telling.day.parse().unwrap());
    let reader = Reader::standard();
    let mentions = reader.read(telling.text, &Context { published, ..Context::default() });
    let title_bytes = telling.text.find('\n').unwrap_or_default();
    let name =
        plugin_sdk::content_name_of("documents", &[telling.source.as_bytes(), telling.text.as_bytes()]);
    let document = Document {
        source: telling.source.to_owned(),
        title_bytes: u32::try_from(title_bytes).unwrap(),
        text: telling.text.to_owned(),
        language: text::language(telling.text).to_owned(),
        published: Some(Period {
            start: telling.day.to_owned(),
            end: String::new(),
            precision: Precision::Day.into(),
        }),
        ..Document::default()
    };
    let layer =
        Layer { document: name.clone(), mentions: mentions.iter().map(text_record::mention).collect() };
    let mut records = vec![record(&name, &document), record(&name.replace("documents", "layers"), &layer)];
    for claim in reader.claims(telling.text, title_bytes, &mentions) {
        let body = text_record::claim(&name, &claim);
        let mut told = record(&plugin_sdk::content_name("claims", &body), &body);
        told.keys = vec![format!("document={name}")];
        told.keys.extend(claim.keys.fact.iter().map(|fact| format!("fact={fact}")));
        let sentence = plugin_sdk::record::Span {
            start_byte: u32::try_from(claim.sentence.start).unwrap(),
            end_byte: u32::try_from(claim.sentence.end).unwrap(),
            quote: telling.text[claim.sentence.clone()].to_owned(),
        };
        told.citations = vec![plugin_sdk::record::Citation { document: name.clone(), spans: vec![sentence] }];
        records.push(told);
    }
    if let Some(voice) = telling.voice {
        let member =
            StoryMembership { document: name.clone(), story: "stories/one".to_owned(), voice, voices: 9 };
        records.push(record(&name.replace("documents", "story-memberships"), &member));
    }
    records
}

/// All that follows from a set of texts, group by group, as the dataflow would derive it.
#[derive(Default)]
struct World {
    statements: BTreeMap<String, Vec<Record>>,
    findings: BTreeMap<String, Vec<Record>>,
}

impl World {
    fn of(tellings: &[Telling]) -> World {
        let mut world = World::default();
        for telling in tellings {
            world.insert(telling);
        }
        world
    }

    fn insert(&mut self, telling: &Telling) {
        let inputs = inputs(telling);
        let document = inputs[0].name.clone();
        let made = run::<Statements>("", &inputs).unwrap();
        let before = self.statements.insert(document, made.clone()).unwrap_or_default();
        self.renew(before.iter().chain(&made));
    }

    fn retract(&mut self, telling: &Telling) {
        let document = inputs(telling)[0].name.clone();
        let before = self.statements.remove(&document).unwrap_or_default();
        self.renew(before.iter());
    }

    /// Derives the groups that these statements touch anew.
    fn renew<'a>(&mut self, touched: impl Iterator<Item = &'a Record>) {
        let groups: BTreeSet<String> = touched.flat_map(|record| record.keys.clone()).collect();
        for group in groups.into_iter().filter(|key| !key.starts_with("document=")) {
            let members: Vec<Record> = self
                .statements
                .values()
                .flatten()
                .filter(|record| record.keys.contains(&group))
                .cloned()
                .collect();
            let found =
                if group.starts_with("fact=") { find::<ByFact>(&members) } else { find::<ByStory>(&members) };
            self.findings.insert(group, found);
        }
        self.findings.retain(|_, found| !found.is_empty());
    }

    /// Findings, the most severe first.
    fn found(&self) -> Vec<(Finding, Record)> {
        let mut found: Vec<(Finding, Record)> = self
            .findings
            .values()
            .flatten()
            .map(|record| (Finding::decode(record.body.clone()).unwrap(), record.clone()))
            .collect();
        found.sort_by_key(|(finding, record)| (std::cmp::Reverse(finding.severity), record.name.clone()));
        found
    }

    fn contradictions(&self) -> Vec<ReasonCode> {
        let found = self.found();
        let contradictions = found.iter().filter(|(finding, _)| finding.kind() == FindingKind::Contradiction);
        contradictions.map(|(finding, _)| finding.reason()).collect()
    }
}

fn find<A: Analyzer>(members: &[Record]) -> Vec<Record> {
    if members.is_empty() { Vec::new() } else { run::<A>("", members).unwrap() }
}

/// The quotes of each side of a finding.
fn quotes(finding: &Finding, record: &Record) -> Vec<Vec<String>> {
    let quote = |index: &u32| {
        record.citations[*index as usize].spans.iter().map(|span| span.quote.clone()).collect::<String>()
    };
    finding.sides.iter().map(|side| side.citations.iter().map(quote).collect()).collect()
}

const TIN: Telling = Telling {
    source: "甲报",
    day: "2025-07-13",
    text: "锡锭产量\n2025年6月中国锡锭产量为15,300吨。",
    voice: None,
};

#[test]
fn two_languages_agree() {
    let other = Telling {
        source: "Example Wire",
        text: "Tin output\nChina's output of tin ingot was 15,300 tonnes in June 2025.",
        ..TIN
    };
    let world = World::of(&[TIN, other]);
    let found = world.found();
    let [(finding, record)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(
        (finding.kind(), finding.sides.len(), finding.sides[0].voices),
        (FindingKind::Agreement, 1, 2)
    );
    assert!(record.keys.iter().any(|key| key == "finding=agreement"), "{:?}", record.keys);
    assert_eq!(quotes(finding, record), [["15,300吨", "15,300 tonnes"]]);
}

#[test]
fn a_rounded_figure_agrees() {
    let other =
        Telling { source: "乙报", text: "锡\n2025年6月中国锡锭产量约1.5万吨。", ..TIN };
    let found = World::of(&[TIN, other]).found();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].0.kind(), found[0].0.sides.len()), (FindingKind::Rounding, 2));
}

#[test]
fn different_measures_say_nothing_of_each_other() {
    let world = World::of(&[
        telling("A", "Reserves\nChina holds 37% of global rare earth reserves."),
        telling("BB", "Refining\nChina holds 90% of global rare earth refining."),
        telling("CCC", "Demand\nOver 80% of U.S. demand for rare earths is met by China."),
    ]);
    assert_eq!(world.contradictions(), []);
}

#[test]
fn a_shifted_period_is_shown_with_both_periods() {
    let text = "US imports of antimony oxide from Thailand and Mexico reached 3,834 tons from December 2024 to April 2025.";
    let other = "US imports of antimony oxide from Thailand and Mexico totaled 3,834 tons from December 2023 to April 2024.";
    let found = World::of(&[telling("A", text), telling("BB", other)]).found();
    let (finding, record) = &found[0];
    assert_eq!((finding.kind(), finding.reason()), (FindingKind::Contradiction, ReasonCode::PeriodShifted));
    assert_eq!(
        quotes(finding, record),
        [
            ["3,834 tons", "from December 2023 to April 2024"],
            ["3,834 tons", "from December 2024 to April 2025"],
        ]
    );
    assert_eq!(finding.sides[0].said, "2023-12-01/2024-05-01");
    assert!(record.keys.iter().any(|key| key == "story=stories/one"), "{:?}", record.keys);
}

#[test]
fn a_text_that_gives_both_periods_contradicts_none() {
    let text = "US imports of antimony oxide from Mexico reached 3,834 tons in 2024.";
    let both = "US imports of antimony oxide from Mexico reached 3,834 tons in 2024. US imports of antimony oxide from Mexico reached 3,834 tons in 2023 too.";
    assert_eq!(World::of(&[telling("A", text), telling("BB", both)]).contradictions(), []);
}

#[test]
fn a_good_of_another_family_is_confused_and_a_broader_term_is_not() {
    let germanium = "Customs data show that Japan imported 640 kg of germanium from Korea in May 2025, worth $1.9 million.";
    let gallium = "Japan imported 640 kg of gallium worth $1.9 million from Korea in May 2025, according to customs data.";
    let critical = "Japan imported 640 kg of critical minerals from Korea in May 2025, worth $1.9 million.";
    let confused = World::of(&[telling("A", germanium), telling("BB", gallium)]);
    assert_eq!(confused.contradictions(), [ReasonCode::GoodConfused; 2]);
    assert_eq!(World::of(&[telling("A", germanium), telling("BB", critical)]).contradictions(), []);
}

#[test]
fn slips_of_one_figure_have_their_reasons() {
    let of = |text: &'static str, other: &'static str| {
        World::of(&[Telling { text, ..TIN }, Telling { source: "乙报", text: other, ..TIN }]).contradictions()
    };
    let text = "2024年紫金矿业净利润为320.51亿元。";
    assert_eq!(of(text, "紫金矿业2024年净利润为320.15亿元。"), [ReasonCode::DigitsTransposed]);
    assert_eq!(of(text, "紫金矿业2024年净利润为320.51万元。"), [ReasonCode::Scale]);
    assert_eq!(of(text, "紫金矿业2024年净利润为301.26亿元。"), [ReasonCode::Value]);
    assert_eq!(
        of("2024年紫金矿业净利润同比增长51.8%。", "2024年紫金矿业净利润同比下降51.8%。"),
        [ReasonCode::Direction]
    );
}

#[test]
fn an_outturn_and_a_revision_are_no_contradictions() {
    let forecast =
        Telling { day: "2025-01-10", text: "紫金矿业预计2024年净利润约320亿元。", ..TIN };
    let actual =
        Telling {
            source: "乙报", day: "2025-03-22", text: "紫金矿业2024年净利润为301.26亿元。", ..TIN
        };
    let found = World::of(&[forecast, actual]).found();
    assert_eq!((found.len(), found[0].0.kind()), (1, FindingKind::Outturn));
    let revised = Telling {
        source: "丙报", text: "经修订，紫金矿业2024年净利润为298.84亿元。", ..actual
    };
    let found = World::of(&[actual, revised]).found();
    assert_eq!((found.len(), found[0].0.kind()), (1, FindingKind::Revision));
    let [reason] = &found[0].0.likelier[..] else { panic!("{:?}", found[0].0.likelier) };
    assert_eq!(reason.kind(), LikelierKind::Edition);
    assert_eq!(found[0].0.sides[reason.side as usize].said, "29884000000 CNY");
}

#[test]
fn what_one_side_leaves_out_is_said_to_keep_two_figures_apart() {
    let taxed = telling("A", "2025年6月国内碳酸锂均价为6.32万元/吨（含税）。");
    let silent = telling("BB", "2025年6月国内碳酸锂均价为5.59万元/吨。");
    let far = telling("CCC", "2025年6月国内碳酸锂均价为159元/吨。");
    let found = World::of(&[taxed, silent, far]).found();
    let [(finding, record)] = &found[..] else { panic!("{found:#?}") };
    assert_eq!((finding.kind(), finding.missing.as_str()), (FindingKind::NotComparable, "basis"));
    assert_eq!(quotes(finding, record), [vec!["5.59万元/吨"], vec!["6.32万元/吨", "含税"]]);
    // Where they agree, or where more keeps them apart, nothing is said.
    let alike = telling("BB", "2025年6月国内碳酸锂均价为6.3万元/吨。");
    let other = telling("BB", "2025年5月国内碳酸锂均价为5.59万元/吨。");
    for second in [alike, other] {
        let found = World::of(&[taxed, second]).found();
        assert!(found.iter().all(|(finding, _)| finding.kind() != FindingKind::NotComparable), "{found:#?}");
    }
}

#[test]
fn the_side_whose_arithmetic_holds_is_the_likelier() {
    let right = telling("A", "2024年紫金矿业净利润为320.51亿元，同比增长51.76%，2023年净利润为211.19亿元。");
    let wrong = telling("BB", "2024年紫金矿业净利润为320.51万元，同比增长51.76%，2023年净利润为211.19亿元。");
    let found = World::of(&[right, wrong]).found();
    let contradictions: Vec<&Finding> =
        found.iter().map(|(finding, _)| finding).filter(|f| f.kind() == FindingKind::Contradiction).collect();
    let reasons: Vec<(&str, LikelierKind)> = contradictions
        .iter()
        .flat_map(|finding| {
            finding
                .likelier
                .iter()
                .map(|reason| (finding.sides[reason.side as usize].said.as_str(), reason.kind()))
        })
        .collect();
    assert_eq!(reasons, [("32051000000 CNY", LikelierKind::Arithmetic)]);
}

#[test]
fn tellings_of_one_voice_are_one_side_and_one_voice() {
    let wrong = |source| Telling {
        voice: Some(1), ..telling(source, "紫金矿业2024年净利润为320.15亿元。")
    };
    let right =
        Telling { voice: Some(2), ..telling("FFFFFF", "2024年紫金矿业净利润为320.51亿元。") };
    let world = World::of(&[wrong("A"), wrong("BB"), wrong("CCC"), wrong("DDDD"), wrong("EEEEE"), right]);
    let found = world.found();
    let (finding, record) = &found[0];
    assert_eq!(finding.reason(), ReasonCode::DigitsTransposed);
    let sides: Vec<(usize, u32)> =
        finding.sides.iter().map(|side| (side.claims.len(), side.voices)).collect();
    assert_eq!(sides, [(5, 1), (1, 1)]);
    assert!(finding.likelier.iter().all(|reason| reason.kind() != LikelierKind::Voices), "{finding:?}");
    assert_eq!(record.kind, Finding::full_name());
}

#[test]
fn absurd_values_do_no_harm() {
    let world = World::of(&[
        telling("A", "2024年紫金矿业净利润为99999999999999999999999999999999亿元。"),
        telling(
            "BB",
            "2024年紫金矿业净利润为0亿元。紫金矿业2025年净利润为-0.000000000000000000000000000001元。",
        ),
        telling("CCC", "2024年紫金矿业净利润增长99999999999999%。"),
    ]);
    assert_eq!(world.contradictions(), []);
}

/// Texts of which some meet, some contradict each other, and some have nothing to do with the rest.
fn texts() -> Vec<Telling> {
    vec![
        TIN,
        Telling { source: "乙报", text: "锡\n2025年6月中国锡锭产量约1.5万吨。", ..TIN },
        Telling { source: "丙报", text: "锡\n中国2025年6月锡锭产量为13,500吨。", ..TIN },
        telling("A", "2024年紫金矿业净利润为320.51亿元。"),
        telling("BB", "紫金矿业2024年净利润为320.15亿元。"),
        telling("CCC", "紫金矿业2024年净利润为320.51亿元，预计2025年净利润为400亿元。"),
        telling("DDDD", "US imports of antimony oxide from Thailand and Mexico reached 3,834 tons in 2024."),
        telling("EEEEE", "US imports of antimony oxide from Thailand and Mexico reached 3,834 tons in 2023."),
    ]
}

#[test]
fn any_history_ends_as_a_fresh_run() {
    let texts = texts();
    let mut seed: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut next = |below: usize| {
        // Xorshift (G. Marsaglia, 2003).
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % below as u64).unwrap()
    };
    for _ in 0..20 {
        let mut world = World::default();
        let mut there: BTreeSet<Telling> = BTreeSet::new();
        for _ in 0..24 {
            let telling = texts[next(texts.len())];
            there.retain(|known| known.text != telling.text);
            match next(3) {
                0 => world.retract(&telling),
                1 => {
                    // A revision: it leaves its story, or comes into it.
                    let revised = Telling { voice: telling.voice.map_or(Some(7), |_| None), ..telling };
                    world.insert(&revised);
                    there.insert(revised);
                }
                _ => {
                    world.insert(&telling);
                    there.insert(telling);
                }
            }
        }
        let fresh = World::of(&there.into_iter().collect::<Vec<_>>());
        assert_eq!(world.findings, fresh.findings);
    }
}

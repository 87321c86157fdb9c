//! What is chosen.

use api::record::{Judgement, Record, Verdict};
use brief::{Asked, Brief, Entry, Language, Parameters, Piece, SectionKind, Since, make, render};
use prost::{Message as _, Name as _};

use crate::made::{Made, corpus, event};

fn about(query: &str) -> Parameters {
    Parameters { asked: Asked::Query(query.into()), ..Parameters::default() }
}

fn section(brief: &Brief, kind: SectionKind) -> &[Entry] {
    brief.sections.iter().find(|section| section.kind == kind).map_or(&[], |section| &section.entries)
}

/// The quotes of an entry.
fn quotes<'b>(brief: &'b Brief, entry: &'b Entry) -> Vec<&'b str> {
    let pieces = entry.head.iter().chain(entry.lines.iter().flatten());
    pieces
        .filter_map(|piece| match piece {
            Piece::Quote(passage) => Some(brief.passages[*passage].quote.as_str()),
            _ => None,
        })
        .collect()
}

/// Whether a section is one of points, not of findings or stories.
fn is_of_points(kind: SectionKind) -> bool {
    use SectionKind::{Dispute, Holds, NotCompared, Revised, Stories};
    !matches!(kind, Dispute | Stories | Revised | Holds | NotCompared)
}

#[test]
fn a_passage_about_something_else_is_left_out() -> Result<(), brief::BriefError> {
    let brief = make(&corpus(), &about("稀土"))?;
    let all: Vec<&str> =
        brief.sections.iter().flat_map(|s| &s.entries).flat_map(|entry| quotes(&brief, entry)).collect();
    assert!(all.iter().any(|quote| quote.contains("19,109")), "{all:?}");
    assert!(all.iter().any(|quote| quote.contains("neodymium")), "a kind of it counts: {all:?}");
    assert!(!all.iter().any(|quote| quote.contains("copper")), "{all:?}");
    let copper = make(&corpus(), &about("copper"))?;
    let all: Vec<&str> =
        copper.sections.iter().flat_map(|s| &s.entries).flat_map(|entry| quotes(&copper, entry)).collect();
    assert_eq!(all, ["LME copper fell 1.92% to $9,663.00 per ton."]);
    assert_eq!((copper.counts.relevant, copper.counts.documents), (1, 5));
    Ok(())
}

#[test]
fn a_number_in_dispute_is_no_point_and_shows_both_sides() -> Result<(), brief::BriefError> {
    for asked in [about("antimony"), about("稀土"), Parameters::default()] {
        let brief = make(&corpus(), &asked)?;
        for section in brief.sections.iter().filter(|section| is_of_points(section.kind)) {
            for entry in &section.entries {
                assert!(!quotes(&brief, entry).iter().any(|quote| quote.contains("3,834")), "{entry:?}");
            }
        }
        let story = &section(&brief, SectionKind::Stories)[0];
        assert_eq!(quotes(&brief, story), ["Rare earths by detour"], "a title without the number");
        let dispute = &section(&brief, SectionKind::Dispute)[0];
        let sides = quotes(&brief, dispute);
        assert!(sides[0].contains("December 2024") && sides[1].contains("December 2023"), "{sides:?}");
    }
    Ok(())
}

#[test]
fn what_two_tell_is_told_once_and_cites_both() -> Result<(), brief::BriefError> {
    let note = |id: &str, source: &str, sentence: &str| {
        let mut made = Made::new(id, source, "2025-07-11", "Tin", sentence);
        made.claim(sentence, "33,400 dollars", &["fact=price|tin@2025-07-11"], |made, claim| {
            claim.subject = made.term("commodity/tin", "Tin");
            claim.measure = made.term("measure/price", "price");
            claim.value = made.amount("33400", "USD/t", "33,400 dollars");
        });
        made.records
    };
    let records = [
        note("c1", "Harbour Metals", "Tin stood at a price of 33,400 dollars."),
        note("c2", "Daily Ore", "On Friday the price of Tin was 33,400 dollars in London."),
    ]
    .concat();
    let brief = make(&records, &about("锡"))?;
    let lead = section(&brief, SectionKind::Lead);
    assert_eq!(lead.len(), 1, "{lead:?}");
    let told = lead[0].tellings.unwrap_or_default();
    assert_eq!((told.documents, told.voices, brief.sources.len()), (2, 2, 2));
    assert_eq!(lead[0].records.len(), 2);
    Ok(())
}

#[test]
fn an_event_of_one_day_is_told_once_with_all_its_goods() -> Result<(), brief::BriefError> {
    let ban = |id: &str, sentence: &str, day: &str, goods: &[(&str, &str)]| {
        let mut made = Made::new(id, "Daily Ore", "2025-07-11", "Controls", sentence);
        made.claim(sentence, "banned", &[], |made, claim| {
            claim.event = api::record::EventType::Ban.into();
            let mut terms = goods.iter().filter_map(|(id, words)| made.term(id, words));
            claim.subject = terms.next();
            claim.joint = terms.collect();
            let precision = api::record::Precision::Day.into();
            let period = api::record::Period { start: day.into(), end: String::new(), precision };
            claim.effective = Some(api::record::When { period: Some(period), origin: None });
        });
        made.records
    };
    let (gallium, germanium) = (("commodity/gallium", "gallium"), ("commodity/germanium", "germanium"));
    let records = [
        ban("f1", "Since December 3 exports of gallium are banned.", "2024-12-03", &[gallium]),
        ban(
            "f2",
            "Exports of gallium and germanium were banned by the ministry.",
            "2024-12-03",
            &[gallium, germanium],
        ),
        ban("f3", "Imports of gallium were banned elsewhere.", "2025-01-09", &[gallium]),
    ]
    .concat();
    let brief = make(&records, &about("gallium"))?;
    let lead = section(&brief, SectionKind::Lead);
    let told: Vec<Vec<&str>> = lead.iter().map(|entry| quotes(&brief, entry)).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0][0].contains("germanium") && told[1][0].contains("elsewhere"), "{told:?}");
    assert_eq!(lead[0].tellings.map(|told| told.documents), Some(2));
    Ok(())
}

#[test]
fn tellings_of_one_voice_count_once() -> Result<(), brief::BriefError> {
    let brief = make(&event(), &about("antimony"))?;
    let story = &section(&brief, SectionKind::Stories)[0];
    let told = story.tellings.unwrap_or_default();
    assert_eq!((told.documents, told.voices), (3, 2));
    Ok(())
}

#[test]
fn what_is_not_new_is_left_out() -> Result<(), brief::BriefError> {
    let since = |day: &str| Parameters { since: Some(Since::Day(day.into())), ..about("稀土") };
    let brief = make(&corpus(), &since("2025-07-12"))?;
    let all: Vec<&str> =
        brief.sections.iter().flat_map(|s| &s.entries).flat_map(|entry| quotes(&brief, entry)).collect();
    assert!(!all.iter().any(|quote| quote.contains("19,109")), "{all:?}");
    assert!(all.iter().any(|quote| quote.contains("20,000")), "{all:?}");
    assert!(make(&corpus(), &since("2025-08-01"))?.sections.is_empty());
    // What was committed at a sequence is not new after it.
    let mut records = corpus();
    for record in &mut records {
        record.sequence = if record.name == "documents/a2" { 9 } else { 5 };
    }
    let brief = make(&records, &Parameters { since: Some(Since::Sequence(5)), ..about("稀土") })?;
    assert_eq!(brief.counts.new, 1);
    assert!(brief.sources.iter().all(|source| source.document == "documents/a2"), "{:?}", brief.sources);
    Ok(())
}

#[test]
fn only_documents_of_the_days_asked_for_tell() -> Result<(), brief::BriefError> {
    let days =
        Parameters { from: Some("2025-07-12".into()), to: Some("2025-07-12".into()), ..about("稀土") };
    let brief = make(&corpus(), &days)?;
    assert!(brief.sources.iter().all(|source| source.document == "documents/a2"), "{:?}", brief.sources);
    assert_eq!((brief.counts.documents, brief.date.as_str()), (1, "2025-07-12"));
    Ok(())
}

#[test]
fn what_does_not_answer_tells_nothing_of_its_own() -> Result<(), brief::BriefError> {
    let beside = Parameters { beside: vec!["documents/a1".into()], ..about("稀土") };
    let brief = make(&corpus(), &beside)?;
    assert!(!brief.sources.iter().any(|source| source.document == "documents/a1"), "{:?}", brief.sources);
    Ok(())
}

#[test]
fn what_was_not_read_is_said() -> Result<(), brief::BriefError> {
    let bounded = Parameters { left: 9, ..about("稀土") };
    let (brief, whole) = (make(&corpus(), &bounded)?, make(&corpus(), &about("稀土"))?);
    assert_eq!((brief.counts.left, whole.counts.left), (9, 0));
    assert_ne!(brief.id, whole.id);
    let text = |brief| render::text(brief, 200);
    assert!(text(&brief).contains("9 older ones not read") && !text(&whole).contains("older ones"));
    let chinese = make(&corpus(), &Parameters { language: Language::Chinese, ..bounded })?;
    assert!(text(&chinese).contains("9 篇较早的文档未读"));
    Ok(())
}

#[test]
fn a_section_is_bounded_and_says_how_much_there_is_besides() -> Result<(), brief::BriefError> {
    let mut records = Vec::new();
    for note in 0..40 {
        let sentence = format!("Refiner {note} raised the price of tin to {}00 dollars.", 300 + note);
        let figure = format!("{}00 dollars", 300 + note);
        let mut made = Made::new(&format!("d{note:02}"), "Daily Ore", "2025-07-11", "Tin", &sentence);
        let fact = format!("fact=price|tin|{note}");
        made.claim(&sentence, &figure, &[&fact], |made, claim| {
            claim.subject = made.term("commodity/tin", "tin");
            claim.measure = made.term("measure/price", "price");
            claim.value = made.amount("1", "USD/t", &figure);
        });
        records.extend(made.records);
    }
    let count = |limit: usize| {
        let brief = make(&records, &Parameters { limit, ..about("锡") })?;
        let shown: usize = brief.sections.iter().map(|section| section.entries.len()).sum();
        let further: usize = brief.sections.iter().map(|section| section.further).sum();
        Ok::<_, brief::BriefError>((shown, further))
    };
    assert_eq!(count(4)?, (6, 34));
    assert_eq!(count(0)?, (40, 0));
    Ok(())
}

#[test]
fn a_topic_that_nothing_is_about_is_empty() -> Result<(), brief::BriefError> {
    for language in [Language::Chinese, Language::English] {
        for records in [Vec::new(), corpus()] {
            let brief = make(&records, &Parameters { language, ..about("blueberries") })?;
            assert!(brief.sections.is_empty() && brief.sources.is_empty(), "{:?}", brief.sections);
            assert!(brief::render::text(&brief, 80).lines().count() >= 3);
        }
    }
    Ok(())
}

#[test]
fn a_label_in_the_readers_language_stands_before_a_quote_in_another() -> Result<(), brief::BriefError> {
    let brief = make(&corpus(), &Parameters { language: Language::Chinese, ..about("稀土") })?;
    let text = brief::render::text(&brief, 200);
    assert!(text.contains("价格：19,109元/吨，环比（季）上升1.51% · Q3 2025"), "{text}");
    Ok(())
}

#[test]
fn a_label_writes_figures_and_days_as_its_reader_does() -> Result<(), brief::BriefError> {
    use api::record::{Change, Direction, EventType, OriginKind, Period, Precision};
    let output = "Output of tin tripled to 243.3 tons in May.";
    let ban = "The ban on gallium was announced on December 3, 2024.";
    let mut made =
        Made::new("0001", "Daily Ore", "2025-07-14", "Note of the day", &format!("{output} {ban}"));
    let period = |start: &str, end: &str, precision: Precision| {
        Some(Period { start: start.into(), end: end.into(), precision: precision.into() })
    };
    made.claim(output, "243.3 tons", &["fact=output|mass|commodity/tin@2025-05"], |made, claim| {
        claim.subject = made.term("commodity/tin", "tin");
        claim.measure = made.term("measure/output", "Output");
        claim.value = made.amount("243.3", "t", "243.3 tons");
        claim.period = made.when("May", OriginKind::Stated);
        if let Some(may) = &mut claim.period {
            may.period = period("2025-05-01", "2025-06-01", Precision::Month);
        }
        let by = made.amount("3", "{multiple}", "tripled");
        claim.changes = vec![Change { direction: Direction::Up.into(), by, ..Change::default() }];
    });
    made.claim(ban, "ban", &[], |made, claim| {
        claim.event = EventType::Ban.into();
        claim.subject = made.term("commodity/gallium", "gallium");
        claim.announced = made.when("December 3, 2024", OriginKind::Stated);
        if let Some(day) = &mut claim.announced {
            day.period = period("2024-12-03", "2024-12-04", Precision::Day);
        }
    });
    let told = |language| {
        make(&made.records, &Parameters { language, ..Parameters::default() })
            .map(|brief| render::text(&brief, 200))
    };
    let chinese = told(Language::Chinese)?;
    for label in ["产量：243.3吨，增至3倍 · 2025年5月", "镓 · 禁令 · 宣布 2024年12月3日", output]
    {
        assert!(chinese.contains(label), "no «{label}» in {chinese}");
    }
    assert!(!told(Language::English)?.contains("3 Dec 2024"), "a quote stays as it is");
    Ok(())
}

#[test]
fn the_header_says_what_decides_which_documents_it_covers() -> Result<(), brief::BriefError> {
    let head = |asked: Asked, beyond: usize, language| {
        let brief = make(&corpus(), &Parameters { asked, beyond, language, ..Parameters::default() })?;
        let text = render::text(&brief, 300);
        Ok::<_, brief::BriefError>(text.lines().nth(1).unwrap_or_default().to_owned())
    };
    let topic = |query: &str| Asked::Topic { name: "稀土".into(), query: query.into() };
    let english = head(topic(""), 3, Language::English)?;
    assert!(english.starts_with("feed topic · ") && english.contains(" · 3 more answer --query 稀土 · "));
    let chinese = head(topic(""), 3, Language::Chinese)?;
    assert!(
        chinese.starts_with("导入时的主题 · ") && chinese.contains("另有 3 篇文档可用 --query 稀土 查到")
    );
    assert!(head(topic("锑 OR 稀土"), 0, Language::English)?.starts_with("topic · "));
    let question = head(Asked::Query("rare earths".into()), 0, Language::English)?;
    assert!(question.starts_with("question · ") && !question.contains("more answer"), "{question}");
    assert!(!head(Asked::All, 0, Language::English)?.contains("question"));
    Ok(())
}

#[test]
fn a_phrase_has_the_header_of_the_name_that_it_is() -> Result<(), brief::BriefError> {
    for query in ["rare earths", "\"rare earth\"", "rare earth"] {
        let brief = make(&corpus(), &about(query))?;
        let first = query.trim_matches('"');
        assert_eq!(brief.names, [first, "稀土"], "{query}");
    }
    Ok(())
}

#[test]
fn a_broken_body_is_named() {
    let mut records = corpus();
    records[0].body = vec![0xff, 0xff].into();
    let error = make(&records, &Parameters::default()).expect_err("the body is broken").to_string();
    assert!(error.starts_with("documents/a1 holds no readable"), "{error}");
}

#[test]
fn a_finding_that_a_verdict_rejects_is_no_dispute_until_it_changes() -> Result<(), brief::BriefError> {
    let disputes = |brief: &Brief| -> Vec<String> {
        let of = |section: &brief::Section| {
            section.entries.iter().flat_map(|entry| entry.records.clone()).collect::<Vec<_>>()
        };
        brief.sections.iter().filter(|s| s.kind == SectionKind::Dispute).flat_map(of).collect()
    };
    let mut records = corpus();
    let before = make(&records, &Parameters::default())?;
    let finding = disputes(&before)[0].clone();
    let place = records.iter().position(|record| record.name == finding).expect("a finding of the corpus");
    let verdict = Verdict {
        finding: finding.clone(),
        finding_hash: brief::verdict::finding_hash(&records[place]).to_vec().into(),
        judgement: Judgement::Reject.into(),
        by: "ana".into(),
        ..Verdict::default()
    };
    records.push(Record {
        name: "verdicts/1".into(),
        kind: Verdict::full_name(),
        body: verdict.encode_to_vec().into(),
        ..Record::default()
    });
    let muted = make(&records, &Parameters::default())?;
    assert!(!disputes(&muted).contains(&finding));
    assert_eq!((before.counts.muted, muted.counts.muted), (0, 1));
    assert!(brief::render::text(&muted, 100).contains("1 finding muted by a verdict"));
    assert_ne!(muted.id, before.id);
    records[place].citations[0].spans[0].quote.push('!');
    let changed = make(&records, &Parameters::default())?;
    assert!(disputes(&changed).contains(&finding) && changed.counts.muted == 0);
    Ok(())
}

#[test]
fn a_telling_that_says_more_of_a_number_tells_it_once() -> Result<(), brief::BriefError> {
    let telling = |id: &str, sentence: &str, statistic: &str| {
        let mut made = Made::new(id, "Daily Ore", "2025-07-14", &format!("Note {id}"), sentence);
        let fact = format!("fact=exports|mass|{statistic}commodity/tin@2025-H1");
        made.claim(sentence, "32,569 tons", &[&fact, "digits=32569|mass"], |made, claim| {
            claim.subject = made.term("commodity/tin", "tin");
            claim.measure = made.term("measure/exports", "exports");
            claim.value = made.amount("32569", "t", "32,569 tons");
        });
        made
    };
    let one = telling("0001", "Half-year exports of tin reached 32,569 tons.", "");
    let other =
        telling("0002", "Since January, 32,569 tons of tin went abroad as exports.", "statistic=cumulative|");
    let points = |story: bool| -> Result<usize, brief::BriefError> {
        let mut records: Vec<Record> = one.records.iter().chain(&other.records).cloned().collect();
        if story {
            records.extend(crate::made::story(&[(&one, 0), (&other, 0)]));
        }
        let brief = make(&records, &about("tin"))?;
        let points = brief.sections.iter().filter(|section| is_of_points(section.kind));
        Ok(points.map(|section| section.entries.len()).sum())
    };
    assert_eq!((points(true)?, points(false)?), (1, 2));
    Ok(())
}

#[test]
fn a_count_beside_a_quota_decides_nothing() -> Result<(), brief::BriefError> {
    let sentence = "The quota of tin was 270,000 tons in two batches.";
    let mut made = Made::new("0001", "Daily Ore", "2025-07-14", "Note of the day", sentence);
    made.claim(sentence, "270,000 tons", &["fact=quota|mass|commodity/tin@2024"], |made, claim| {
        claim.subject = made.term("commodity/tin", "tin");
        claim.measure = made.term("measure/quota", "quota");
        claim.value = made.amount("270000", "t", "270,000 tons");
    });
    made.claim(sentence, "two", &[], |made, claim| {
        claim.subject = made.term("", "batches");
        claim.measure = made.term("measure/count", "batches");
        claim.value = made.amount("2", "", "two");
        claim.period = made.when("Note of the day", api::record::OriginKind::Inherited);
    });
    let chinese = Parameters { language: Language::Chinese, ..Parameters::default() };
    let brief = make(&made.records, &chinese)?;
    let words: String = brief
        .sections
        .iter()
        .flat_map(|section| &section.entries)
        .flat_map(|entry| &entry.head)
        .filter_map(|piece| if let Piece::Words(words) = piece { Some(words.as_str()) } else { None })
        .collect();
    assert!(words.contains("配额") && !words.contains("batches"), "{words}");
    let text = brief::render::text(&brief, 100);
    assert!(!text.contains("公司"), "{text}");
    Ok(())
}

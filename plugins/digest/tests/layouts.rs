//! Each layout of a text, with texts of our own, and the shared corpus where it is at hand.

use std::error::Error;
use std::fmt::Write as _;
use std::path::PathBuf;

use digest::Digester;
use plugin_sdk::prost::Message as _;
use plugin_sdk::record::{Digest, Document, Layer, Mention, MentionKind, Record};
use plugin_sdk::testing;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// The digest as lines: `=` viewpoint's heading, `!` viewpoint, `#` heading, `-` point. Checks every quote.
fn digest_of(title: &str, body: &str, mentions: Vec<Mention>) -> Result<String> {
    let text = if title.is_empty() { body.to_owned() } else { format!("{title}\n{body}") };
    let document = Document { title_bytes: u32::try_from(title.len())?, text, ..Document::default() };
    let layer = Layer { document: "documents/1".into(), mentions };
    let mut layer = testing::record("layers/1", &layer);
    layer.keys = vec!["document=documents/1".into()];
    let output = testing::run::<Digester>("", &[testing::record("documents/1", &document), layer])?;
    output.first().map_or(Ok(String::new()), |record| shown(record, &document.text))
}

fn shown(record: &Record, text: &str) -> Result<String> {
    let digest = Digest::decode(record.body.clone())?;
    assert_eq!(record.keys, [format!("document={}", digest.document)]);
    let mut last = 0;
    for span in record.citations.iter().flat_map(|citation| &citation.spans) {
        assert_eq!(text.get(span.start_byte as usize..span.end_byte as usize), Some(span.quote.as_str()));
    }
    let quote = |index: u32| record.citations[index as usize].spans[0].quote.as_str();
    let mut out = String::new();
    if let Some(heading) = digest.viewpoint_heading {
        writeln!(out, "= {}", quote(heading))?;
    }
    for point in &digest.viewpoint {
        writeln!(out, "! {}", quote(*point))?;
    }
    for group in &digest.groups {
        if let Some(heading) = group.heading {
            writeln!(out, "# {}", quote(heading))?;
        }
        for point in &group.points {
            let start = record.citations[*point as usize].spans[0].start_byte;
            assert!(start >= last, "points are in the order of the text");
            last = start;
            writeln!(out, "- {}", quote(*point))?;
        }
    }
    Ok(out)
}

#[test]
fn viewpoint_and_titled_groups_on_one_line() -> Result {
    let body = "Core Viewpoint - Export licences slow trade, the ministry said [1][3]. Group 1: Licences - Gallium needs \
                a licence since 2023-08-01 [4]. - Antimony followed on 2024-09-15 [5][6] Group 2: Prices - Prices in \
                Rotterdam doubled [7].";
    let expected = "= Core Viewpoint\n! Export licences slow trade, the ministry said\n# Group 1: Licences\n\
                    - Gallium needs a licence since 2023-08-01\n- Antimony followed on 2024-09-15\n# Group 2: Prices\n\
                    - Prices in Rotterdam doubled\n";
    assert_eq!(digest_of("出口许可", body, vec![])?, expected);
    Ok(())
}

#[test]
fn groups_without_titles() -> Result {
    let body = "Group 1 - The core viewpoint is that supply is tight [2]. - Stocks fell by 4% [3]. Group 2 - Demand grows [4].";
    let expected = "# Group 1\n- The core viewpoint is that supply is tight\n- Stocks fell by 4%\n# Group 2\n- Demand grows\n";
    assert_eq!(digest_of("", body, vec![])?, expected);
    Ok(())
}

#[test]
fn a_report_with_numbered_sections() -> Result {
    let body = "Investment Rating - The report is neutral [1]. Core Insights - Copper fell [2]. - Tin rose [3]. - Zinc \
                stood still [4]. - Lead fell too [5]. Summary by Sections 1. Overview of Metals - All was quiet [6]. \
                2. Base Metals Update 2.1 Copper - LME copper fell by 1% [7].";
    let expected = "# Investment Rating\n- The report is neutral\n# Core Insights\n- Copper fell\n- Tin rose\n\
                    - Zinc stood still\n- Lead fell too\n# Summary by Sections\n# 1. Overview of Metals\n- All was quiet\n\
                    # 2. Base Metals Update\n# 2.1 Copper\n- LME copper fell by 1%\n";
    assert_eq!(digest_of("周报-20250713", body, vec![])?, expected);
    Ok(())
}

#[test]
fn headings_on_lines_of_their_own() -> Result {
    let body =
        "核心观点\n供应偏紧。\n一、价格\n- 氧化镨钕价格上涨。\n- 氧化镝价格下跌。\n二、风险\n需求不及预期。";
    let expected = "= 核心观点\n! 供应偏紧。\n# 一、价格\n- 氧化镨钕价格上涨。\n- 氧化镝价格下跌。\n# 二、风险\n- 需求不及预期。\n";
    assert_eq!(digest_of("稀土日报", body, vec![])?, expected);
    Ok(())
}

#[test]
fn an_article_without_headings_is_cut_down_to_its_facts() -> Result {
    let filler = "Nobody at the meeting wanted to say anything more about it. ";
    let fact = "The world's mines produced 290,000 tonnes of cobalt in 2024. ";
    let body = format!(
        "The market was quiet for most of the week. {}\n{}{fact}{}",
        filler.repeat(9),
        filler.repeat(9),
        filler.repeat(9)
    );
    let start = body.find("290,000").ok_or("the fact is in the body")?;
    let mention = |kind: MentionKind, from: usize, to: usize| -> Result<Mention> {
        let (start_byte, end_byte) = (u32::try_from(start + from)?, u32::try_from(start + to)?);
        Ok(Mention { kind: kind.into(), start_byte, end_byte, ..Mention::default() })
    };
    let mentions = vec![mention(MentionKind::Quantity, 0, 14)?, mention(MentionKind::Time, 28, 32)?];
    let found = digest_of("", &body, mentions)?;
    assert!(found.starts_with("! The market was quiet for most of the week.\n"), "{found}");
    assert!(found.contains("- The world's mines produced 290,000 tonnes of cobalt in 2024.\n"), "{found}");
    assert_eq!(found.lines().count(), 1 + digest::MAX_POINTS);
    // Without the layer the fact weighs nothing, and what stands first is kept.
    assert!(!digest_of("", &body, vec![])?.contains("290,000"));
    Ok(())
}

#[test]
fn a_sentence_that_was_cut_off_is_no_point() -> Result {
    let found =
        digest_of("", "Tin rose in May. It fell in June. The price was then seen at the ...", vec![])?;
    assert_eq!(found, "! Tin rose in May.\n- It fell in June.\n");
    Ok(())
}

#[test]
fn config_and_inputs() -> Result {
    let document = Document {
        text: "One thing is said. Another is said. A third is said.".into(),
        ..Document::default()
    };
    let input = testing::record("documents/1", &document);
    let few = testing::run::<Digester>("{\"max_points\":1}", std::slice::from_ref(&input))?;
    assert_eq!(few[0].citations.len(), 2);
    for wrong in ["{\"max_points\":0}", "{\"max_points\":\"2\"}", "[", "{\"max_points\":65}"] {
        assert!(testing::run::<Digester>(wrong, std::slice::from_ref(&input)).is_err(), "{wrong}");
    }
    let empty = testing::record("documents/2", &Document { text: "…".into(), ..Document::default() });
    assert!(testing::run::<Digester>("", &[empty])?.is_empty());
    let orphan = testing::record("layers/9", &Layer { document: "documents/9".into(), mentions: vec![] });
    assert!(testing::run::<Digester>("", &[orphan])?.is_empty());
    Ok(())
}

#[test]
fn a_long_text_stays_within_the_limits() -> Result {
    let body = "Group 1: All - Copper rose by 2% on the day [1]. ".repeat(50_000);
    let found = digest_of("", &body, vec![])?;
    assert_eq!(found.lines().filter(|line| line.starts_with("# ")).count(), digest::MAX_KEPT);
    Ok(())
}

/// The feed of the shared corpus: every entry gives a digest, and those with headings keep them all.
#[test]
fn the_corpus_reads_well() -> Result {
    let root = std::env::var_os("MONAZITE_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let file = root.join("corpus/rare-earth-feed-2025-07-13.txt");
    if !file.exists() {
        assert!(std::env::var_os("CI").is_none(), "{} is missing", file.display());
        eprintln!("skipped: {} is missing; MONAZITE_SHARED can name the folder", file.display());
        return Ok(());
    }
    // Of each body line: whether a viewpoint is marked, and how many headings of groups stand in it.
    let lines: Vec<String> = std::fs::read_to_string(file)?.lines().map(str::to_owned).collect();
    let bodies = [7, 10, 12, 15, 18, 21, 24, 27, 29, 32].map(|line| lines[line - 1].clone());
    let headings = [4, 5, 3, 2, 14, 0, 4, 5, 5, 3];
    let viewpoints = [true, false, false, true, false, false, true, true, false, true];
    for ((body, headings), viewpoint) in bodies.iter().zip(headings).zip(viewpoints) {
        let found = digest_of("", body, vec![])?;
        eprintln!("{found}");
        assert_eq!(found.lines().filter(|line| line.starts_with("# ")).count(), headings, "{found}");
        assert_eq!(found.starts_with("= "), viewpoint, "{found}");
        assert!(!found.lines().any(|line| line.ends_with(']') || line.ends_with("...")), "{found}");
        assert!(found.lines().filter(|line| line.starts_with("- ")).count() >= 4, "{found}");
    }
    Ok(())
}

//! The feed that all of Monazite is measured with, where it is at hand.

use std::path::PathBuf;

use api::record::Document;
use intake::{Item, Options, Source, Tally};
use prost::Message as _;

/// The shared corpus, if it is there.
fn corpus() -> Option<PathBuf> {
    let root = std::env::var_os("MONAZITE_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let file = root.join("corpus/rare-earth-feed-2025-07-13.txt");
    if file.exists() {
        return Some(file);
    }
    assert!(std::env::var_os("CI").is_none(), "{} is missing", file.display());
    eprintln!("skipped: {} is missing; MONAZITE_SHARED can name the folder", file.display());
    None
}

#[test]
fn ten_documents_with_their_titles_sources_and_times() -> Result<(), prost::DecodeError> {
    let Some(file) = corpus() else { return Ok(()) };
    let mut tally = Tally::default();
    let mut found = Vec::new();
    for item in intake::read(Source::path(file), &Options::default()) {
        tally.add(&item);
        match item {
            Item::Document(entry) => {
                let document = Document::decode(entry.record.body.clone())?;
                assert_eq!(&document.text[..document.title_bytes as usize], entry.title);
                let start = document.published.map(|period| period.start).unwrap_or_default();
                found.push((
                    entry.place.line.unwrap_or_default(),
                    document.source,
                    start,
                    document.language,
                    document.text,
                ));
            }
            Item::Membership(record) => assert!(record.keys.contains(&"topic=稀土".to_owned()), "{record:?}"),
            other => panic!("{other:?}"),
        }
    }
    let expected = Tally {
        documents: 10,
        without_source: 2,
        without_date: 1,
        truncated: 1,
        memberships: 10,
        ..Tally::default()
    };
    assert_eq!(tally, expected);

    let at = |time: &str| format!("2025-07-13T{time}:00+08:00");
    let house = "Sou Hu Cai Jing";
    // Line, publisher, time, language, characters with which the title begins, and with which the text ends.
    let expected = [
        (5, house, at("16:09"), "en", "马斯克", "[19][21]"),
        (8, "21世纪经济报道", at("14:21"), "en", "稀土产业", "[21][22]."),
        (11, "", "2025-07-13".to_owned(), "en", "北交所", "[15]."),
        (13, house, at("09:23"), "en", "禁令没", "[5][8]."),
        (16, "SINOLINK SECURITIES", at("07:53"), "en", "有色金属", "[44]."),
        (19, house, at("07:10"), "zh", "美国绕道", "的 ..."),
        (22, house, at("05:44"), "en", "数千吨", "[22]."),
        (25, house, at("05:34"), "en", "中国稀土", "[5]."),
        (28, "", String::new(), "en", "专家访谈", "[5]"),
        (30, house, at("04:54"), "en", "美被曝", "[14]."),
    ];
    assert_eq!(found.len(), expected.len());
    for ((line, source, start, language, text), wanted) in found.into_iter().zip(expected) {
        let shown: String = text.chars().take(30).collect();
        assert!(text.starts_with(wanted.4), "{shown}");
        assert!(text.ends_with(wanted.5), "{shown}");
        assert_eq!(
            (line, source.as_str(), start, language.as_str()),
            (wanted.0, wanted.1, wanted.2, wanted.3),
            "{shown}"
        );
    }
    Ok(())
}

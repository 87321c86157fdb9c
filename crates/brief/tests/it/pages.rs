//! The pages as people see them.

use brief::{Asked, Derived, Language, Parameters, make, render};

use crate::made::corpus;

fn parameters(language: Language) -> Parameters {
    Parameters {
        asked: Asked::Topic { name: "稀土".into(), query: String::new() },
        language,
        derived_by: vec![Derived {
            analyzer: "claims".into(),
            version: "0.1.0".into(),
            config: String::new(),
        }],
        ..Parameters::default()
    }
}

#[test]
fn text_for_a_reader_of_english() -> Result<(), brief::BriefError> {
    let brief = make(&corpus(), &parameters(Language::English))?;
    insta::assert_snapshot!(render::text(&brief, 100));
    Ok(())
}

#[test]
fn text_for_a_reader_of_chinese() -> Result<(), brief::BriefError> {
    let brief = make(&corpus(), &parameters(Language::Chinese))?;
    insta::assert_snapshot!(render::text(&brief, 100));
    Ok(())
}

#[test]
fn markdown_html_and_json() -> Result<(), brief::BriefError> {
    let brief = make(&corpus(), &parameters(Language::English))?;
    insta::assert_snapshot!("markdown", render::markdown(&brief));
    insta::assert_snapshot!("html", render::html(&brief).split_once("</style>").map_or("", |(_, body)| body));
    insta::assert_snapshot!("json", render::json(&brief));
    Ok(())
}

#[test]
fn no_line_is_wider_than_the_screen() -> Result<(), brief::BriefError> {
    use unicode_width::UnicodeWidthStr as _;
    for language in [Language::English, Language::Chinese] {
        let brief = make(&corpus(), &parameters(language))?;
        for width in [60, 80, 120] {
            for line in render::text(&brief, width).lines() {
                // Punctuation that must not start a line may hang over its end.
                assert!(line.width() <= width + 2, "{width}: {line}");
            }
        }
    }
    Ok(())
}

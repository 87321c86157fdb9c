//! Documents that want to be more than text.

use brief::{Asked, Parameters, make, render};
use proptest::prelude::*;

use crate::made::Made;

/// Elements of HTML that have no end.
const VOID: [&str; 1] = ["meta"];

/// Checks that the tags of a page are ours and closed in order.
fn well_formed(html: &str) -> Result<(), String> {
    let known = [
        "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p", "section", "ul", "ol",
        "li", "div", "span", "q", "bdi", "a", "blockquote", "mark", "strong",
    ];
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html.strip_prefix("<!DOCTYPE html>").ok_or("no doctype")?;
    while let Some(start) = rest.find('<') {
        let end = rest[start..].find('>').ok_or("a tag is not closed")? + start;
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        let name = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap_or_default();
        if !known.contains(&name) {
            return Err(format!("<{tag}> is not ours"));
        }
        if tag.starts_with('/') {
            let last = open.pop();
            if last != Some(name) {
                return Err(format!("</{name}> closes {last:?}"));
            }
        } else if !VOID.contains(&name) {
            open.push(name);
        }
    }
    if open.is_empty() { Ok(()) } else { Err(format!("{open:?} are not closed")) }
}

/// Checks that each link within a page leads somewhere, and that no anchor is there twice.
fn anchored(html: &str) -> Result<(), String> {
    let values = |name: &str| -> Vec<String> {
        html.split(&format!(" {name}=\""))
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .map(str::to_owned)
            .collect()
    };
    let ids = values("id");
    let distinct: std::collections::BTreeSet<&String> = ids.iter().collect();
    if distinct.len() != ids.len() {
        return Err("an anchor is there twice".into());
    }
    let links = values("href").into_iter().filter_map(|href| href.strip_prefix('#').map(str::to_owned));
    links
        .into_iter()
        .find(|link| !ids.contains(link))
        .map_or(Ok(()), |link| Err(format!("#{link} leads nowhere")))
}

fn pages(title: &str, body: &str, source: &str) -> Result<[String; 4], brief::BriefError> {
    let mut made = Made::new("e1", source, "2025-07-13", title, body);
    made.digest(&[body]);
    let brief = make(&made.records, &Parameters { asked: Asked::All, ..Parameters::default() })?;
    assert!(!brief.sources.is_empty(), "it is cited");
    Ok([render::text(&brief, 80), render::markdown(&brief), render::html(&brief), render::json(&brief)])
}

/// Characters that move a cursor or turn what follows.
fn moves(c: char) -> bool {
    c != '\n'
        && (c.is_control()
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}'))
}

#[test]
fn markup_of_a_document_is_text() -> Result<(), brief::BriefError> {
    let title =
        "<script>alert(1)</script> \u{1b}[31m \u{202e}txt.exe <img src=x onerror=alert(1)> [a](javascript:b)";
    let body =
        "The price of tin is </q></li><h1 onclick='x'>\"33,400\" &amp; \u{7}<!-- dollars --> **a ton**";
    let [text, markdown, html, json] = pages(title, body, "<b>Daily</b> \"Ore\"")?;
    assert_eq!(well_formed(&html), Ok(()));
    assert_eq!(anchored(&html), Ok(()));
    for page in [&text, &markdown, &html] {
        assert!(!page.chars().any(moves), "{page:?}");
    }
    assert!(!markdown.replace("\\<", "").contains('<'), "{markdown}");
    let json: serde_json::Value = serde_json::from_str(&json).unwrap_or_default();
    assert_eq!(json["passages"][0]["quote"], body, "JSON has the exact quote");
    Ok(())
}

#[test]
fn a_long_title_is_cut() -> Result<(), brief::BriefError> {
    let [text, markdown, html, json] =
        pages(&"稀土".repeat(5000), "The price of tin is 33,400 dollars a ton.", "Daily Ore")?;
    for page in [text, markdown, html, json] {
        assert!(page.len() < 20_000, "{}", page.len());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_document_gives_pages_that_are_well_formed(
        title in "\\PC{0,40}|[<>&\"'\u{0}-\u{1f}\u{202a}-\u{202e}a-c]{0,40}",
        body in "[a-c]{12}[<>&\"'\u{0}-\u{1f}\u{202a}-\u{202e}稀土1-3.,a-c -]{1,60}[a-c]{2}",
        source in "[<>&\"' a-c]{0,12}",
    ) {
        let [text, markdown, html, _] = pages(&title.replace('\n', " "), &body.replace('\n', " "), &source)?;
        prop_assert_eq!(well_formed(&html), Ok(()));
        prop_assert_eq!(anchored(&html), Ok(()));
        for page in [&text, &markdown, &html] {
            prop_assert!(!page.chars().any(moves), "{:?}", page);
        }
    }
}

//! The examples of the documentation, and that it names every key.

use std::error::Error;
use std::path::Path;

use tables::{HEADINGS, Source};

use crate::common::read;

fn page() -> std::io::Result<String> {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/table-formats.md"))
}

/// The fenced blocks of a language, with the words behind it.
fn blocks<'p>(page: &'p str, language: &str) -> Vec<(&'p str, &'p str)> {
    let fence = format!("```{language}");
    let open = page.match_indices(&fence).map(|(at, _)| at + fence.len());
    open.filter_map(|at| page[at..].split_once('\n'))
        .filter_map(|(words, rest)| Some((words.trim(), rest.split_once("```")?.0)))
        .collect()
}

/// Each ```toml block is the mapping of the ```csv block behind it, which is understood as the ```text block behind that says.
#[test]
fn the_examples_are_read_as_they_say() -> Result<(), Box<dyn Error>> {
    let page = page()?;
    let mappings = blocks(&page, "toml example");
    let (tables, says) = (blocks(&page, "csv"), blocks(&page, "text understood"));
    assert!(mappings.len() >= 3 && mappings.len() + 1 == tables.len() && tables.len() == says.len());
    // The first table needs none.
    let mappings = std::iter::once(None).chain(mappings.iter().map(|(_, mapping)| Some(*mapping)));
    for ((mapping, (_, table)), (_, says)) in mappings.zip(&tables).zip(&says) {
        let told = read(Source::bytes("example.csv", *table), mapping)?;
        assert!(told.refusals.is_empty(), "{:?}", told.refusals);
        let mut lines = String::new();
        for (value, key) in told.values().iter().zip(told.keys("fact")) {
            lines.push_str(&format!("{} = {value}\n", key.as_deref().unwrap_or("(no key)")));
        }
        assert_eq!(lines, *says, "{table}");
    }
    Ok(())
}

#[test]
fn every_heading_is_documented() -> std::io::Result<()> {
    let page = page()?;
    for heading in HEADINGS {
        assert!(page.contains(&format!("| `{heading}` |")), "{heading}");
    }
    for limit in
        ["1 MiB", "16,384", "256 MiB", "1 GiB", "128 MiB", "10,000", "1,000,000", "1,000 bytes", "200 bytes"]
    {
        assert!(page.contains(limit), "{limit}");
    }
    Ok(())
}

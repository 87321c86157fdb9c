//! An analyst asks for a brief: what documents say about a topic, each sentence with its source, and what is new since the last one.

use anyhow::{Context as _, Result, ensure};
use api::storage::GetStatisticsRequest;
use serde_json::{Value, json};
use tests::Cluster;

use crate::feed::reading;

/// Texts of our own about public matters, one document a line.
fn notes() -> String {
    let note = |title: &str, source: &str, text: &str| {
        json!({"title": title, "source": source, "published": "2025-07-11", "text": text}).to_string() + "\n"
    };
    [
        note(
            "Metals on July 11, 2025",
            "Harbour Metals",
            "The price of antimony ingot rose 2.5% to 155,000 yuan per ton. LME copper fell 1.92% to $9,663.00 per ton.",
        ),
        note(
            "锑出口许可",
            "山海日报",
            "商务部自2024年9月15日起对锑出口实施许可管理。铜价下跌。",
        ),
        note("The coffee harvest", "Daily Bean", "The harvest of coffee was 12,000 tons in 2024."),
    ]
    .concat()
}

fn analyst() -> Result<Cluster> {
    let cluster = reading()?;
    let feed = cluster.file("notes.jsonl", notes().as_bytes())?;
    cluster.run(&["import", "--wait", "--topic", "minor metals", &feed])?;
    Ok(cluster)
}

fn brief(cluster: &Cluster, arguments: &[&str]) -> Result<Value> {
    let mut all = vec!["brief", "--output", "json"];
    all.extend(arguments);
    cluster.run(&all)?.json()
}

/// All quotes of a brief.
fn quotes(brief: &Value) -> Result<Vec<&str>> {
    let passages = brief["passages"].as_array().context("passages")?;
    passages.iter().map(|passage| passage["quote"].as_str().context("a quote")).collect()
}

#[test]
fn a_brief_tells_what_is_said_about_a_good_in_either_language() -> Result<()> {
    let cluster = analyst()?;
    let told = brief(&cluster, &["锑"])?;
    ensure!(told["language"] == "zh" && told["asked"]["query"] == "锑", "{told:#}");
    let quotes = quotes(&told)?;
    for expected in ["155,000 yuan per ton", "自2024年9月15日起对锑出口实施许可管理"] {
        ensure!(quotes.iter().any(|quote| quote.contains(expected)), "{quotes:?}");
    }
    ensure!(!quotes.iter().any(|quote| quote.contains("9,663") || quote.contains("铜价")), "{quotes:?}");
    ensure!(told["counts"]["relevant"] == 2, "{}", told["counts"]);

    let text = cluster.run(&["brief", "锑", "--lang", "en"])?.stdout;
    for expected in ["In brief", "Sources", "[1] ", "Harbour Metals, 2025-07-11", "山海日报"] {
        ensure!(text.contains(expected), "no «{expected}» in\n{text}");
    }
    Ok(())
}

#[test]
fn the_same_brief_has_the_same_bytes_and_each_page_is_whole() -> Result<()> {
    let cluster = analyst()?;
    for output in ["text", "markdown", "html", "json"] {
        let once = cluster.run(&["brief", "--query", "antimony", "--output", output])?.stdout;
        let again = cluster.run(&["brief", "--query", "antimony", "--output", output])?.stdout;
        ensure!(!once.is_empty() && once == again, "{output} differs:\n{once}\n{again}");
    }
    let file = cluster.folder().join("brief.html");
    let saved =
        cluster.run(&["brief", "锑", "--output", "html", "--save", &file.display().to_string()])?.stdout;
    ensure!(saved.contains("2 sources"), "{saved}");
    let page = std::fs::read_to_string(&file)?;
    ensure!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"), "{page}");
    ensure!(page.contains("155,000 yuan per ton") && !page.contains("<script"), "{page}");
    Ok(())
}

#[test]
fn a_topic_of_a_feed_and_a_saved_one_are_known_by_their_names() -> Result<()> {
    let cluster = analyst()?;
    let told = brief(&cluster, &["minor metals"])?;
    ensure!(told["asked"]["topic"]["name"] == "minor metals", "{}", told["asked"]);
    ensure!(told["counts"]["documents"] == 3 && told["counts"]["beyond"] == 0, "{}", told["counts"]);
    let line = json!({"title": "Minor metals, July 14", "source": "Harbour Metals", "published": "2025-07-14",
        "text": "Prices of minor metals hardly moved."});
    let beside = cluster.file("beside.jsonl", format!("{line}\n").as_bytes())?;
    cluster.run(&["import", "--wait", &beside])?;
    let text = cluster.run(&["brief", "minor metals"])?.stdout;
    ensure!(
        text.contains("feed topic · ") && text.contains("1 more answers --query 'minor metals'"),
        "{text}"
    );
    let asked = cluster.run(&["brief", "--query", "minor metals"])?.stdout;
    ensure!(asked.contains("question · ") && !asked.contains("more answer"), "{asked}");
    let all = brief(&cluster, &["--all"])?;
    ensure!(all["asked"] == "all" && quotes(&all)?.iter().any(|quote| quote.contains("coffee")), "{all:#}");
    Ok(())
}

#[test]
fn since_last_tells_only_what_came_in_since() -> Result<()> {
    let cluster = analyst()?;
    let first = cluster.run(&["brief", "antimony", "--since", "last"])?;
    ensure!(first.stdout.contains("155,000") && first.stderr.contains("no earlier brief"), "{first:?}");
    let nothing = cluster.run(&["brief", "antimony", "--since", "last"])?;
    ensure!(nothing.stdout.contains("There is nothing new."), "{}", nothing.stdout);
    let line = json!({"title": "Antimony, July 14", "source": "Harbour Metals", "published": "2025-07-14",
        "text": "The price of antimony ingot rose to 158,000 yuan per ton."});
    let feed = cluster.file("later.jsonl", format!("{line}\n").as_bytes())?;
    cluster.run(&["import", "--wait", &feed])?;
    let new = cluster.run(&["brief", "antimony", "--since", "last"])?.stdout;
    ensure!(new.contains("158,000") && !new.contains("155,000") && new.contains("1 new document"), "{new}");
    let day = cluster.run(&["brief", "antimony", "--since", "2025-07-14"])?.stdout;
    ensure!(day.contains("158,000") && !day.contains("155,000"), "{day}");
    Ok(())
}

#[test]
fn a_brief_can_be_read_as_the_log_was() -> Result<()> {
    let cluster = analyst()?;
    let before = brief(&cluster, &["minor metals"])?;
    let wire = cluster.wire()?;
    let head = tests::block_on(async {
        Ok(wire.storage().get_statistics(GetStatisticsRequest {}).await?.into_inner().head)
    })?;
    let documents = cluster.run(&["documents", "--source", "Harbour", "--output", "json"])?.json()?;
    let name = documents[0]["name"].as_str().context("a name")?;
    cluster.run(&["retract", "--wait", name])?;
    let now = brief(&cluster, &["minor metals"])?;
    ensure!(!quotes(&now)?.iter().any(|quote| quote.contains("155,000")), "{now:#}");
    let then = brief(&cluster, &["minor metals", "--as-of", &head.to_string()])?;
    ensure!(then["sections"] == before["sections"] && then["as_of"] == head, "{then:#}");
    Ok(())
}

#[test]
fn nothing_to_tell_and_wrong_arguments_are_said() -> Result<()> {
    let cluster = analyst()?;
    let nothing = cluster.run(&["brief", "blueberries"])?.stdout;
    ensure!(nothing.contains("There is nothing to tell"), "{nothing}");
    for (arguments, expected) in [
        (&["brief"][..], "required"),
        (&["brief", "tin", "--since", "soon"], "or write `last`"),
        (&["brief", "tin", "--from", "2025-02-30"], "no day of the calendar"),
        (&["brief", "--query", "(tin"], "query"),
    ] {
        let refused = cluster.attempt(arguments)?;
        ensure!(refused.code != 0 && refused.stderr.contains(expected), "{arguments:?}: {refused:?}");
    }
    Ok(())
}

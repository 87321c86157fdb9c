//! An analyst loads a customs table, and is told which articles it bears out and which it does not, until it is taken back.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use tests::Cluster;

use crate::feed::rows;

const MAPPING: &str = r#"
[slots]
source = "Example Customs"
edition = "2025-07"
published = "2025-07-18"
subject = { column = "Good" }
place = "China"
measure = "exports"
unit = "t"
period = { column = "Month" }
value = { column = "Exports" }
"#;

const TABLE: &str = "Good,Month,Exports\n\
    antimony oxide,2024-06,5796\n\
    antimony oxide,2025-01,5210\n\
    antimony oxide,2025-02,4875\n\
    antimony oxide,2025-03,5402\n\
    antimony oxide,2025-04,5046\n\
    antimony oxide,2025-05,2415\n\
    antimony oxide,2025-06,3188\n";

/// What it says is in the table: a level, both changes, and the sum of six months (26,136 t).
const RIGHT: &str = "Antimony oxide exports recover\n\
    China exported 3,188 tonnes of antimony oxide in June 2025, up 32% from May, Example Customs data showed. \
    Exports in the first half of 2025 totalled 26,136 tonnes.\n";

/// Two digits exchanged, a change that went the other way, and a sum that is not one.
const WRONG: &str = "Antimony oxide exports slip\n\
    China exported 3,818 tonnes of antimony oxide in June 2025, down 32% from May.\n\
    China exported 29,131 tonnes of antimony oxide in the first half of 2025.\n";

fn feed(cluster: &Cluster) -> Result<String> {
    let of = |source: &str, text: &str| {
        let (title, body) = text.split_once('\n').unwrap_or_default();
        serde_json::json!({"source": source, "title": title, "text": body, "published": "2025-07-20"})
            .to_string()
    };
    cluster.file("feed.jsonl", [of("Example Metals", RIGHT), of("Sample Post", WRONG)].join("\n").as_bytes())
}

fn found(cluster: &Cluster, kind: &str) -> Result<Vec<Value>> {
    let all = rows(&cluster.run(&["findings", "--kind", kind, "--output", "jsonl"])?)?;
    Ok(all
        .into_iter()
        .filter(|row| row["check"].as_str().is_some_and(|check| check.starts_with("series")))
        .collect())
}

fn with<'v>(found: &'v [Value], check: &str) -> Result<&'v Value> {
    found.iter().find(|row| row["check"] == check).with_context(|| format!("no {check} among {found:#?}"))
}

#[test]
fn a_table_bears_out_one_article_and_not_the_other() -> Result<()> {
    let cluster = Cluster::builder()
        .plugin("reading")
        .plugin("claims")
        .plugin("stories")
        .plugin("reconcile")
        .plugin("audit")
        .start()?;
    let mapping = cluster.file("customs.toml", MAPPING.as_bytes())?;
    let table = cluster.file("customs.csv", TABLE.as_bytes())?;
    cluster.run(&["import", "--wait", &table, "--mapping", &mapping])?;
    cluster.run(&["import", "--wait", &feed(&cluster)?])?;

    let holds = found(&cluster, "holds")?;
    let fails = found(&cluster, "fails")?;
    for check in ["series-level", "series-change", "series-sum"] {
        let (right, wrong) = (with(&holds, check)?, with(&fails, check)?);
        ensure!(right["documents"][0]["source"] == "Example Metals", "{right:#?}");
        ensure!(wrong["documents"][0]["source"] == "Sample Post", "{wrong:#?}");
    }
    let level = with(&fails, "series-level")?;
    ensure!(level["sides"][0]["quotes"][0]["quote"] == "3,818 tonnes", "{level:#?}");
    let says = level["sides"][1]["said"].as_str().context("what the table says")?;
    ensure!(says == "3188 t · Example Customs 2025-07 · customs.csv:8", "{says}");
    let reading = &level["readings"][0];
    ensure!(reading["source"] == "Example Customs" && reading["edition"] == "2025-07", "{level:#?}");
    ensure!(reading["cells"][0]["cell"] == "3188" && reading["cells"][0]["row"] == 8, "{level:#?}");
    ensure!(level["sides"][1]["readings"] == serde_json::json!([0]), "{level:#?}");
    // Where the two articles contradict each other, the table speaks for one.
    let contradictions = rows(&cluster.run(&["findings", "--kind", "contradiction", "--output", "jsonl"])?)?;
    let exchanged =
        contradictions.iter().find(|row| row["reason"] == "digits-transposed").context("3,188, 3,818")?;
    let reasons = exchanged["likelier"].as_array().context("reasons")?;
    let table = reasons.iter().find(|reason| reason["kind"] == "table").context("the table's")?;
    let side =
        exchanged["sides"].as_array().context("sides")?.iter().find(|side| side["side"] == table["side"]);
    ensure!(side.is_some_and(|side| side["said"] == "3188 t"), "{exchanged:#?}");
    let shown = cluster.run(&["findings", "--kind", "fails"])?.stdout;
    ensure!(
        shown.contains("✗ does not add up · against a loaded table")
            && shown.contains("3,818 tonnes of antimony oxide"),
        "{shown}"
    );

    cluster.run(&["retract", "--wait", "--table", "Example Customs@2025-07"])?;
    let left = [found(&cluster, "holds")?, found(&cluster, "fails")?].concat();
    ensure!(left.is_empty(), "{left:#?}");
    let left = cluster.run(&["findings", "--kind", "contradiction", "--output", "jsonl"])?.stdout;
    ensure!(left.contains("digits-transposed") && !left.contains("\"table\""), "{left}");
    Ok(())
}

//! An analyst asks what does not add up.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use tests::Cluster;

use crate::feed::rows;

const CONTRACT: &str = "合同约定供应碳酸锂5,000吨，单价7.4万元/吨，总金额3,700万元。";
const GUIDANCE: &str = "2025年上半年公司预计净利润9亿元至9.6亿元，同比增长1882%至2014%。";

fn audited() -> Result<Cluster> {
    let cluster = Cluster::builder().plugin("reading").plugin("claims").plugin("audit").start()?;
    let note = |title: &str, text: &str| {
        json!({"title": title, "source": "山海日报", "published": "2025-07-14", "text": text}).to_string()
            + "\n"
    };
    let notes = note("供货合同", CONTRACT) + &note("业绩预告", GUIDANCE);
    let file = cluster.file("notes.jsonl", notes.as_bytes())?;
    cluster.run(&["import", "--wait", &file])?;
    Ok(cluster)
}

fn findings(cluster: &Cluster, filter: &[&str]) -> Result<Vec<Value>> {
    let mut arguments = vec!["findings", "--output", "jsonl"];
    arguments.extend(filter);
    rows(&cluster.run(&arguments)?)
}

#[test]
fn what_does_not_add_up_comes_first_with_every_operand() -> Result<()> {
    let cluster = audited()?;
    let found = findings(&cluster, &[])?;
    let kinds: Vec<&str> = found.iter().filter_map(|finding| finding["kind"].as_str()).collect();
    ensure!(kinds == ["fails", "holds"], "{found:#?}");
    let fails = &found[0];
    ensure!(fails["check"] == "unit-price" && fails["reason"].is_null(), "{fails:#}");
    let quotes = fails["calculations"][0]["operands"].as_array().context("operands")?;
    let quotes: Vec<&str> = quotes.iter().filter_map(|quote| quote["quote"].as_str()).collect();
    ensure!(quotes == ["3,700万元", "5,000吨", "7.4万元/吨"], "{quotes:?}");
    let span = &fails["sides"][0]["quotes"][0]["spans"][0];
    let (start, end) =
        (span["start_byte"].as_u64().context("start")?, span["end_byte"].as_u64().context("end")?);
    let text = format!("供货合同\n{CONTRACT}");
    ensure!(text.get(usize::try_from(start)?..usize::try_from(end)?) == Some("3,700万元"), "{span}");
    ensure!(fails["documents"][0]["title"] == "供货合同", "{fails:#}");
    let shown = cluster.run(&["findings"])?.stdout;
    ensure!(shown.contains("✗ does not add up · unit price"), "{shown}");
    ensure!(shown.contains("3,700万元 ÷ 5,000吨") && shown.contains("✓ holds"), "{shown}");
    ensure!(shown.contains("2 findings · 1 that does not add up · 1 that holds"), "{shown}");
    Ok(())
}

#[test]
fn findings_are_filtered() -> Result<()> {
    let cluster = audited()?;
    let holds = findings(&cluster, &["--kind", "holds"])?;
    ensure!(holds.len() == 2, "{holds:#?}");
    ensure!(findings(&cluster, &["--check", "unit-price,age"])?.len() == 1);
    ensure!(findings(&cluster, &["--severity", "50"])?.len() == 1);
    ensure!(findings(&cluster, &["--reason", "period-shifted"])?.is_empty());
    ensure!(findings(&cluster, &["--limit", "1"])?.len() == 1);
    let document = findings(&cluster, &["--kind", "holds"])?[0]["documents"][0]["name"].clone();
    let document = document.as_str().context("a document")?;
    let found = findings(&cluster, &["--document", document])?;
    ensure!(found.len() == 1 && found[0]["check"] == "range-base", "{found:#?}");
    let csv = cluster.run(&["findings", "--output", "csv"])?.stdout;
    ensure!(csv.lines().count() == 3 && csv.contains("severity,kind,reason,check"), "{csv}");
    let refused = cluster.attempt(&["findings", "--kind", "wrong"])?;
    ensure!(
        refused.stderr.contains("`wrong` is no kind of finding; there are contradiction, fails"),
        "{}",
        refused.stderr
    );
    let missing = cluster.attempt(&["findings", "--story", "7f3c"])?;
    ensure!(missing.stderr.contains("there is no story 7f3c"), "{}", missing.stderr);
    Ok(())
}

#[test]
fn what_rests_on_a_retracted_document_goes_with_it() -> Result<()> {
    let cluster = audited()?;
    let fails = findings(&cluster, &["--kind", "fails"])?;
    let document = fails[0]["documents"][0]["name"].as_str().context("a document")?;
    cluster.run(&["retract", document, "--wait"])?;
    ensure!(findings(&cluster, &["--kind", "fails"])?.is_empty());
    ensure!(findings(&cluster, &[])?.len() == 1);
    Ok(())
}

//! An analyst judges findings, and asks how one came about.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use tests::Cluster;

use crate::feed::rows;

const CONTRACT: &str = "合同约定供应碳酸锂5,000吨，单价7.4万元/吨，总金额3,700万元。";
const GUIDANCE: &str = "2025年上半年公司预计净利润9亿元至9.6亿元，同比增长1882%至2014%。";

/// What an import takes: two documents of which one does not add up.
fn notes() -> String {
    let note = |title: &str, text: &str| {
        json!({"title": title, "source": "山海日报", "published": "2025-07-14", "text": text}).to_string()
            + "\n"
    };
    note("供货合同", CONTRACT) + &note("业绩预告", GUIDANCE)
}

fn audited() -> Result<Cluster> {
    let cluster = Cluster::builder().plugin("reading").plugin("claims").plugin("audit").start()?;
    let file = cluster.file("notes.jsonl", notes().as_bytes())?;
    cluster.run(&["import", "--wait", &file])?;
    Ok(cluster)
}

fn findings(cluster: &Cluster, arguments: &[&str]) -> Result<Vec<Value>> {
    let mut all = vec!["findings", "--output", "jsonl"];
    all.extend(arguments);
    rows(&cluster.run(&all)?)
}

fn verdicts(cluster: &Cluster) -> Result<Vec<Value>> {
    rows(&cluster.run(&["verdicts", "--output", "jsonl"])?)
}

/// The name of the finding that does not add up.
fn failing(cluster: &Cluster) -> Result<String> {
    let found = findings(cluster, &["--kind", "fails", "--all"])?;
    ensure!(found.len() == 1, "{found:#?}");
    Ok(found[0]["finding"].as_str().context("a name")?.to_owned())
}

fn disputes(cluster: &Cluster) -> Result<(usize, Value)> {
    let brief = cluster.run(&["brief", "--all", "--output", "json"])?.json()?;
    let sections = brief["sections"].as_array().context("sections")?;
    let disputes = sections.iter().filter(|section| section["kind"] == "dispute").count();
    Ok((disputes, brief["counts"]["muted"].clone()))
}

#[test]
fn a_rejected_finding_is_muted_and_stays_so_when_it_is_derived_again() -> Result<()> {
    let mut cluster = audited()?;
    let finding = failing(&cluster)?;
    ensure!(disputes(&cluster)? == (1, json!(0)));
    let short = finding.get(..17).context("a long name")?;
    let given = cluster.run(&["verdict", short, "reject", "--note", "单价为含税价"])?.stdout;
    ensure!(given.contains(&finding) && given.contains("rejected by ana on "), "{given}");
    ensure!(given.contains("muted until it, or what it cites, changes"), "{given}");

    ensure!(findings(&cluster, &["--kind", "fails"])?.is_empty());
    let shown = cluster.run(&["findings"])?.stdout;
    ensure!(shown.contains("1 muted by verdicts; --all shows what is"), "{shown}");
    let muted = findings(&cluster, &["--muted"])?;
    ensure!(muted.len() == 1 && muted[0]["muted"] == true, "{muted:#?}");
    ensure!(muted[0]["verdicts"][0]["note"] == "单价为含税价", "{muted:#?}");
    let all = findings(&cluster, &["--all"])?;
    ensure!(all.len() == 3 && all.iter().filter(|finding| finding["muted"] == true).count() == 1, "{all:#?}");
    ensure!(disputes(&cluster)? == (0, json!(1)));

    // What it was derived from goes and comes back: an equal finding is derived anew, and the verdict holds of it.
    let document = muted[0]["documents"][0]["name"].as_str().context("a document")?;
    cluster.run(&["retract", "--wait", document])?;
    ensure!(verdicts(&cluster)?[0]["state"] == "gone", "{:#?}", verdicts(&cluster)?);
    let listed = cluster.run(&["verdicts"])?.stdout;
    ensure!(listed.contains("1 verdict · 0 hold · 1 of a finding that is gone"), "{listed}");
    cluster.stop()?;
    cluster.start()?;
    let file = cluster.file("again.jsonl", notes().as_bytes())?;
    cluster.run(&["import", "--wait", &file])?;
    ensure!(failing(&cluster)? == finding);
    ensure!(findings(&cluster, &["--kind", "fails"])?.is_empty());
    ensure!(verdicts(&cluster)?[0]["state"] == "holds");
    Ok(())
}

#[test]
fn a_second_verdict_replaces_the_first_and_who_accepts_brings_back() -> Result<()> {
    let cluster = audited()?;
    let finding = failing(&cluster)?;
    cluster.run(&["verdict", &finding, "reject", "--note", "no"])?;
    let other = cluster.run(&["verdict", &finding, "accept", "--by", "bo"])?.stdout;
    ensure!(other.contains("rejected by ana") && other.contains("accepted by bo"), "{other}");
    ensure!(other.contains("shown as before"), "{other}");
    ensure!(findings(&cluster, &["--kind", "fails"])?.len() == 1);
    cluster.run(&["verdict", &finding, "note", "--note", "asked", "--by", "bo"])?;
    ensure!(findings(&cluster, &["--kind", "fails"])?.is_empty());
    let again = cluster.run(&["verdict", &finding, "accept"])?.stdout;
    ensure!(again.contains("this replaces: rejected by ana") && again.contains(": no"), "{again}");
    ensure!(again.contains("shown again"), "{again}");
    cluster.run(&["verdict", &finding, "reject", "--note", "no"])?;
    let noted = cluster.run(&["verdict", &finding, "note", "--note", "ask the house"])?.stdout;
    ensure!(noted.contains("this replaces: rejected by ana") && noted.contains("shown again: "), "{noted}");
    cluster.run(&["verdict", &finding, "accept"])?;
    ensure!(
        findings(&cluster, &["--kind", "fails"])?[0]["verdicts"].as_array().is_some_and(|v| v.len() == 2)
    );
    let all = verdicts(&cluster)?;
    ensure!(all.len() == 2 && all[0]["by"] == "ana" && all[0]["judgement"] == "accept", "{all:#?}");
    let of_bo = rows(&cluster.run(&["verdicts", "--by", "bo", "--output", "jsonl"])?)?;
    ensure!(of_bo.len() == 1 && of_bo[0]["note"] == "asked", "{of_bo:#?}");
    Ok(())
}

#[test]
fn a_verdict_that_cannot_be_given_says_why() -> Result<()> {
    let cluster = audited()?;
    let finding = failing(&cluster)?;
    for (arguments, code, expected) in [
        (vec!["verdict", "findings/00000000", "reject"], 5, "there is no one finding `findings/00000000`"),
        (vec!["verdict", "claims/0000", "accept"], 5, "there is no one finding"),
        (vec!["verdict", &finding, "note"], 2, "--note"),
        (vec!["verdict", &finding, "note", "--note", " "], 2, "the note is empty"),
        (vec!["verdict", &finding, "reject", "--by", " "], 2, "the name of who says so is empty"),
        (vec!["verdict", &finding, "reject", "--note", &"x".repeat(4097)], 2, "has 4097 bytes; at most 4096"),
    ] {
        let refused = cluster.attempt(&arguments)?;
        ensure!(refused.code == code && refused.stderr.contains(expected), "{arguments:?}: {refused:?}");
    }
    ensure!(verdicts(&cluster)?.is_empty());
    cluster.run(&["verdict", &finding, "accept", "--note", "checked"])?;
    let found = findings(&cluster, &["--kind", "fails"])?;
    cluster.run(&["retract", "--wait", found[0]["documents"][0]["name"].as_str().context("a document")?])?;
    let gone = cluster.attempt(&["verdict", &finding, "reject"])?;
    ensure!(gone.code == 5 && gone.stderr.contains("is gone: what it rested on was taken back"), "{gone:?}");
    ensure!(gone.stderr.contains("accepted by ana") && gone.stderr.contains("checked"), "{gone:?}");
    Ok(())
}

#[test]
fn a_finding_is_explained_down_to_its_document() -> Result<()> {
    let cluster = audited()?;
    let finding = failing(&cluster)?;
    let explained = cluster.run(&["explain", &finding, "--output", "json"])?.json()?;
    let records = explained["records"].as_array().context("records")?;
    let of = |kind: &str| {
        let full = format!("monazite.record.v1.{kind}");
        records
            .iter()
            .find(|record| record["kind"] == full)
            .with_context(|| format!("a {kind} in {explained:#}"))
    };
    let (top, claim, layer, document) = (of("Finding")?, of("Claim")?, of("Layer")?, of("Document")?);
    ensure!(top["derivation"]["analyzer"] == "audit" && top["name"] == finding.as_str(), "{top:#}");
    ensure!(
        claim["derivation"]["analyzer"] == "claims" && claim["slots"]["value"]["rule"].is_string(),
        "{claim:#}"
    );
    ensure!(
        layer["derivation"]["input_count"] == 1 && layer["rests_on"] == json!([document["name"]]),
        "{layer:#}"
    );
    ensure!(document["derivation"].is_null(), "{document:#}");
    ensure!(top["rests_on"].as_array().is_some_and(|names| names.contains(&claim["name"])), "{top:#}");
    let span = &top["citations"][0]["spans"][0];
    let (start, end) = (span["start_byte"].as_u64(), span["end_byte"].as_u64());
    let (start, end) = (usize::try_from(start.context("start")?)?, usize::try_from(end.context("end")?)?);
    ensure!(format!("供货合同\n{CONTRACT}").get(start..end) == span["quote"].as_str(), "{span}");

    let text = cluster.run(&["explain", finding.get(..20).context("a long name")?])?.stdout;
    for expected in [
        "derived by audit 0.1.0",
        "derived by claims ",
        "· by reading 0.1.0, sequence ",
        "· put by a client, sequence ",
    ] {
        ensure!(text.contains(expected), "no «{expected}» in\n{text}");
    }
    ensure!(text.contains("«7.4万元/吨»"), "{text}");
    let missing = cluster.attempt(&["explain", "claims/0000"])?;
    ensure!(missing.code == 5 && missing.stderr.contains("there is no record `claims/0000`"), "{missing:?}");
    Ok(())
}

#[test]
fn a_finding_that_changes_shows_again_and_tells_of_the_verdict() -> Result<()> {
    let cluster = Cluster::builder().plugin("reading").plugin("claims").plugin("reconcile").start()?;
    let import = |source: &str, text: &str| -> Result<()> {
        let note = json!({"title": "Tin output", "source": source, "published": "2025-07-13", "text": text});
        let file = cluster.file(&format!("{source}.jsonl"), note.to_string().as_bytes())?;
        cluster.run(&["import", "--wait", &file])?;
        Ok(())
    };
    import("甲报", "2025年6月中国锡锭产量为15,300吨。")?;
    import("Example Wire", "China's output of tin ingot was 15,300 tonnes in June 2025.")?;
    let first = findings(&cluster, &["--kind", "agreement"])?;
    ensure!(first.len() == 1 && first[0]["verdicts"] == json!([]), "{first:#?}");
    let name = first[0]["finding"].as_str().context("a name")?;
    cluster.run(&["verdict", name, "reject", "--note", "one agency"])?;
    ensure!(findings(&cluster, &["--kind", "agreement"])?.is_empty());

    import("Harbour Metals", "In June 2025 China's output of tin ingot was 15,300 tonnes.")?;
    let second = findings(&cluster, &["--kind", "agreement"])?;
    ensure!(second.len() == 1 && second[0]["finding"] != name && second[0]["muted"] == false, "{second:#?}");
    let verdict = &second[0]["verdicts"][0];
    ensure!(verdict["holds"] == false && verdict["note"] == "one agency", "{second:#?}");
    let shown = cluster.run(&["findings", "--kind", "agreement"])?.stdout;
    ensure!(shown.contains("an earlier version was rejected by ana on "), "{shown}");
    ensure!(verdicts(&cluster)?[0]["state"] == "gone");
    // A verdict on what it is now holds beside the one on what it was.
    cluster.run(&["verdict", second[0]["finding"].as_str().context("a name")?, "reject"])?;
    ensure!(findings(&cluster, &["--kind", "agreement"])?.is_empty());
    let states: Vec<Value> = verdicts(&cluster)?.iter().map(|verdict| verdict["state"].clone()).collect();
    ensure!(states == ["holds", "gone"], "{states:?}");
    Ok(())
}

#[test]
fn a_verdict_survives_an_upgrade_that_reads_everything_anew() -> Result<()> {
    let mut cluster = Cluster::builder().plugin("reading").plugin("claims").plugin("audit").start()?;
    let text = format!("{CONTRACT}会议由青石研究院主持。");
    let note = json!({"title": "供货合同", "source": "山海日报", "published": "2025-07-14", "text": text})
        .to_string();
    let file = cluster.file("note.jsonl", note.as_bytes())?;
    cluster.run(&["import", "--wait", &file])?;
    let finding = failing(&cluster)?;
    cluster.run(&["verdict", &finding, "reject", "--note", "单价为含税价"])?;
    let derived = |cluster: &Cluster, kind: &str| -> Result<Value> {
        let explained = cluster.run(&["explain", &finding, "--output", "json"])?.json()?;
        let kind = format!("monazite.record.v1.{kind}");
        let records = explained["records"].as_array().context("records")?;
        let found = records.iter().find(|record| record["kind"] == kind);
        // While things are made anew, one may be told of that is gone already; then there is nothing to say of it.
        Ok(found.map_or(Value::Null, |record| record["derivation"].clone()))
    };
    let before = (derived(&cluster, "Layer")?, derived(&cluster, "Finding")?);
    ensure!(before.0["config_digest"].is_string() && before.1["input_hash"].is_string(), "{before:?}");

    // Another config of the first analyzer is what another version is: all of its groups, and all that follow, are made anew.
    // Here it knows one name more in the text.
    cluster.stop()?;
    let own = "company/bluestone-institute\t青石研究院\tBluestone Institute\t\t\tour own list\n";
    std::fs::write(cluster.data.join("config/reading.json"), json!({ "lexicon": own }).to_string())?;
    cluster.start()?;
    tests::until("the layer is read anew", || {
        let config = derived(&cluster, "Layer")?["config_digest"].clone();
        Ok(config.is_string() && config != before.0["config_digest"])
    })?;
    tests::block_on(async {
        let mut wait =
            cluster.wire()?.analysis().wait_settled(api::analysis::WaitSettledRequest::default()).await?;
        while wait.get_mut().message().await?.is_some() {}
        Ok(())
    })?;
    let after = derived(&cluster, "Finding")?;
    ensure!(
        after["input_hash"].is_string() && after["input_hash"] != before.1["input_hash"],
        "the finding was derived from other mentions: {after}"
    );
    ensure!(failing(&cluster)? == finding && verdicts(&cluster)?[0]["state"] == "holds");
    ensure!(findings(&cluster, &["--kind", "fails"])?.is_empty(), "and stays muted");
    Ok(())
}

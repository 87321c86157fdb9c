//! An analyst asks how a number changed: over time, over sources, and in the log.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use tests::Cluster;

use crate::feed::{reading, rows};

const KEY: &str = "price|USD/mass|commodity/copper|venue=exchange/LME";

const MAPPING: &str = r#"
[slots]
source = "Example Exchange"
subject = "copper"
measure = "price"
venue = "LME"
unit = "USD/t"
period = { column = "Day" }
value = { column = "Price" }
"#;

fn note(source: &str, published: &str, text: &str) -> String {
    json!({"title": format!("Metals, {published}"), "source": source, "published": published, "text": text})
        .to_string()
        + "\n"
}

/// Takes in one document and all that follows from it.
fn import(cluster: &Cluster, file: &str, text: &str) -> Result<()> {
    let feed = cluster.file(file, text.as_bytes())?;
    cluster.run(&["import", "--wait", &feed]).map(|_| ())
}

fn asked(cluster: &Cluster, arguments: &[&str]) -> Result<Vec<Value>> {
    let mut all = arguments.to_vec();
    all.extend(["--output", "jsonl"]);
    rows(&cluster.run(&all)?)
}

/// Name of the document of a source.
fn document(cluster: &Cluster, source: &str) -> Result<String> {
    let listed = asked(cluster, &["documents", "--source", source])?;
    Ok(listed.first().and_then(|row| row["name"].as_str()).context("a document")?.to_owned())
}

/// A cluster with two documents about one day, one about another, and a table.
fn analyst() -> Result<Cluster> {
    let cluster = reading()?;
    let text = |price: &str, day: &str| format!("LME copper stood at ${price} per ton on July {day}, 2025.");
    import(&cluster, "a.jsonl", &note("Harbour Metals", "2025-07-11", &text("9,663.00", "11")))?;
    import(&cluster, "b.jsonl", &note("River Notes", "2025-07-12", &text("9,663", "11")))?;
    import(&cluster, "c.jsonl", &note("Hill Letter", "2025-07-13", &text("9,363", "11")))?;
    import(&cluster, "d.jsonl", &note("River Notes", "2025-07-10", &text("9,580", "10")))?;
    let mapping = cluster.file("prices.toml", MAPPING.as_bytes())?;
    let table = cluster.file("prices.csv", b"Day,Price\n2025-07-09,\"9,600\"\n2025-07-10,\"9,580\"\n")?;
    cluster.run(&["import", "--wait", &table, "--mapping", &mapping])?;
    Ok(cluster)
}

#[test]
fn a_series_lays_documents_and_a_table_side_by_side() -> Result<()> {
    let cluster = analyst()?;
    let series = asked(&cluster, &["series", "price", "--subject", "铜"])?;
    let told: Vec<_> = series
        .iter()
        .map(|row| {
            (
                row["period"]["start"].as_str(),
                row["value"]["value"].as_str(),
                row["sources"].as_u64(),
                row["other_values"].as_u64(),
            )
        })
        .collect();
    let expected = [
        (Some("2025-07-09"), Some("9600"), Some(1), Some(0)),
        (Some("2025-07-10"), Some("9580"), Some(2), Some(0)),
        (Some("2025-07-11"), Some("9663"), Some(2), Some(1)),
        (Some("2025-07-11"), Some("9363"), Some(1), Some(1)),
    ];
    ensure!(told == expected, "{series:#?}");
    ensure!(series[0]["points"][0]["kind"] == "row" && series[0]["series"] == KEY, "{series:#?}");
    let point = &series[3]["points"][0];
    let text = "Metals, 2025-07-13\nLME copper stood at $9,363 per ton on July 11, 2025.";
    let ends = (point["start_byte"].as_u64(), point["end_byte"].as_u64());
    let (start, end) =
        (usize::try_from(ends.0.context("a start")?)?, usize::try_from(ends.1.context("an end")?)?);
    ensure!(text.get(start..end) == point["words"].as_str(), "{point}");
    ensure!(
        series[3]["points"][0]["quote"].as_str().is_some_and(|quote| quote.contains("$9,363 per ton")),
        "{series:#?}"
    );

    let file = cluster.folder().join("copper.svg").display().to_string();
    let drawn = cluster.run(&["series", KEY, "--plot", "--svg", &file])?;
    ensure!(
        drawn.stdout.contains("× values differ") && drawn.stdout.contains("■ a table"),
        "{}",
        drawn.stdout
    );
    let first = std::fs::read_to_string(&file)?;
    ensure!(first.contains("Hill Letter") && first.contains("$9,363 per ton"), "{first}");
    cluster.run(&["series", KEY, "--svg", &file])?;
    ensure!(std::fs::read_to_string(&file)? == first, "the same values give the same bytes");

    let only = asked(&cluster, &["series", "price", "--source", "hill", "--from", "2025-07"])?;
    ensure!(only.len() == 1 && only[0]["other_values"] == 0, "{only:#?}");
    import(
        &cluster,
        "e.jsonl",
        &note("Hill Letter", "2025-07-13", "LME zinc stood at $2,700 per ton on July 11, 2025."),
    )?;
    let several = asked(&cluster, &["series", "price"])?;
    ensure!(several.len() == 2 && several[0]["series"] == KEY && several[0]["rows"] == 2, "{several:#?}");
    let refused = cluster.attempt(&["series", "price", "--plot"])?;
    ensure!(refused.code == 2 && refused.stderr.contains("2 series fit"), "{refused:?}");
    let none = cluster.run(&["series", "gloop", "--plot"])?;
    ensure!(none.stdout.contains("the lexicon knows no measure «gloop»"), "{}", none.stdout);
    Ok(())
}

#[test]
fn what_was_retracted_is_still_seen_as_of_then() -> Result<()> {
    let cluster = analyst()?;
    let before = asked(&cluster, &["facts", "--measure", "price"])?;
    ensure!(before.len() == 4, "{before:#?}");
    let history = asked(&cluster, &["history", "price"])?;
    let claim = history.iter().find(|row| row["source"] == "Hill Letter").context("the letter's claim")?;
    let claim = claim["record"].as_str().context("a name")?.to_owned();
    let sequence =
        history.iter().filter_map(|row| row["sequence"].as_i64()).max().context("a sequence")?.to_string();
    cluster.run(&["retract", "--wait", &document(&cluster, "Hill Letter")?])?;

    ensure!(asked(&cluster, &["facts", "--measure", "price"])?.len() == 3);
    let then = asked(&cluster, &["facts", "--measure", "price", "--as-of", &sequence])?;
    ensure!(then == before, "{then:#?}");
    ensure!(asked(&cluster, &["facts", "--mentions", "--as-of", &sequence])?.len() == 4);
    ensure!(asked(&cluster, &["series", "price", "--as-of", &sequence])?.len() == 4);
    ensure!(asked(&cluster, &["series", "price"])?.len() == 3);

    // Order of publication, and of the log; what is withdrawn stays in both. The beginning of an id will do, and is told from a
    // measure, even of a claim that is gone.
    let digits = claim.get("claims/".len()..).and_then(|id| id.get(..8)).context("a long id")?;
    let history = asked(&cluster, &["history", digits])?;
    ensure!(history == asked(&cluster, &["history", &claim])?, "{history:#?}");
    let other = history[0]["record"].as_str().and_then(|name| name.get(..15)).context("a long name")?;
    ensure!(history == asked(&cluster, &["history", other])?, "another claim on the same day");
    let sources: Vec<_> = history.iter().filter_map(|row| row["source"].as_str()).collect();
    ensure!(sources == ["Harbour Metals", "River Notes", "Hill Letter"], "{history:#?}");
    ensure!(history[0]["before"].is_null() && history[1]["before"]["agrees"] == true, "{history:#?}");
    let before = &history[2]["before"];
    ensure!(before["agrees"] == false && before["source"] == "River Notes", "{history:#?}");
    let shown = cluster.run(&["history", "price", "--from", "2025-07-11"])?.stdout;
    ensure!(shown.contains("≠ 9,663 USD/t of River Notes") && shown.contains("withdrawn"), "{shown}");
    ensure!(history[2]["end"]["what"] == "withdrawn" && history[0]["end"].is_null(), "{history:#?}");
    let commits = asked(&cluster, &["history", "price", "--by-commit"])?;
    let last = commits.last().context("a commit")?;
    ensure!(
        last["what"] == "withdrawn" && last["source"] == "Hill Letter" && commits.len() == 7,
        "{commits:#?}"
    );

    // A time is the state before it: a moment before the letter was read there were the two documents before it.
    let said = commits.iter().find(|row| row["source"] == "Hill Letter").context("a commit")?;
    let time = said["at_time"].as_str().context("a time")?;
    ensure!(asked(&cluster, &["facts", "--measure", "price", "--as-of", time])?.len() == 2);
    ensure!(asked(&cluster, &["facts", "--measure", "price", "--as-of", "2999-01-01"])?.len() == 3);
    for (wrong, says) in
        [("1999-01-01", "there was nothing in the log before"), ("999999", "and not to 999999 yet")]
    {
        for listing in ["facts", "findings"] {
            let refused = cluster.attempt(&[listing, "--as-of", wrong])?;
            ensure!(refused.code == 1 && refused.stderr.contains(says), "{refused:?}");
        }
    }
    let gone = cluster.attempt(&["history", "claims/0123456789abcdef"])?;
    ensure!(gone.code == 5 && gone.stderr.contains("there is no claims/0123456789abcdef"), "{gone:?}");
    let other = cluster.attempt(&["history", "0123456789abcdef"])?;
    ensure!(other.code == 5 && other.stderr.contains("and no measure of this name"), "{other:?}");
    Ok(())
}

#[test]
fn a_corrected_cell_is_a_revision() -> Result<()> {
    let cluster = analyst()?;
    let table = cluster.file("prices.csv", b"Day,Price\n2025-07-09,\"9,605\"\n2025-07-10,\"9,580\"\n")?;
    let mapping = cluster.file("prices.toml", MAPPING.as_bytes())?;
    cluster.run(&["import", "--wait", &table, "--mapping", &mapping])?;
    let day = asked(&cluster, &["history", "price", "--from", "2025-07-09", "--to", "2025-07-09"])?;
    let values: Vec<_> = day.iter().filter_map(|row| row["printed"]["value"].as_str()).collect();
    ensure!(values == ["9600", "9605"], "{day:#?}");
    ensure!(day[0]["end"]["what"] == "revised" && day[1]["end"].is_null(), "{day:#?}");
    ensure!(
        day[1]["before"]["agrees"] == false && day[1]["before"]["printed"]["value"] == "9600",
        "{day:#?}"
    );
    Ok(())
}

/// The records and values of a listing of points, sorted.
fn values<'a>(points: impl Iterator<Item = &'a Value>) -> Vec<(String, String)> {
    let mut values: Vec<_> =
        points.map(|point| (point["record"].to_string(), point["printed"].to_string())).collect();
    values.sort();
    values
}

#[test]
fn at_every_sequence_the_series_is_what_the_history_says_it_was() -> Result<()> {
    let cluster = analyst()?;
    let mapping = cluster.file("prices.toml", MAPPING.as_bytes())?;
    let table = |name: &str, text: &str| -> Result<()> {
        let table = cluster.file(name, text.as_bytes())?;
        cluster.run(&["import", "--wait", &table, "--mapping", &mapping]).map(|_| ())
    };
    // A cell is corrected and corrected back, a document goes and comes again, and the table goes.
    table("prices.csv", "Day,Price\n2025-07-09,\"9,605\"\n2025-07-10,\"9,580\"\n")?;
    let letter = document(&cluster, "Hill Letter")?;
    cluster.run(&["retract", "--wait", &letter])?;
    table("prices.csv", "Day,Price\n2025-07-09,\"9,600\"\n2025-07-10,\"9,580\"\n")?;
    let text = "LME copper stood at $9,363 per ton on July 11, 2025.";
    import(&cluster, "again.jsonl", &note("Hill Letter", "2025-07-13", text))?;
    cluster.run(&["retract", "--wait", "--table", "Example Exchange"])?;

    let history = asked(&cluster, &["history", KEY])?;
    let sequence = |value: &Value| value["sequence"].as_i64();
    let last = history.iter().filter_map(|row| sequence(&row["end"]).max(sequence(&row["written"]))).max();
    let first = history.iter().filter_map(|row| sequence(&row["written"])).min().context("a sequence")?;
    ensure!(history.len() == 9, "four and two values, two corrections, one told again: {history:#?}");
    for at in first..=last.context("a sequence")? {
        let stood = |row: &&Value| {
            sequence(&row["written"]).is_some_and(|written| written <= at)
                && sequence(&row["end"]).is_none_or(|end| at < end)
        };
        let series = asked(&cluster, &["series", KEY, "--as-of", &at.to_string(), "--limit", "0"])?;
        let points = series.iter().filter_map(|row| row["points"].as_array()).flatten();
        // Of a document that was retracted nothing is shown, even in the commits before its claims are withdrawn.
        let documents = documents_at(&cluster, at)?;
        let there =
            |row: &&Value| row["document"].as_str().is_none_or(|name| documents.contains(&name.to_owned()));
        let told = values(history.iter().filter(stood).filter(there));
        ensure!(values(points) == told, "at {at}: {series:#?}\n{told:#?}");
    }
    Ok(())
}

/// Names of the documents that there were at a sequence.
fn documents_at(cluster: &Cluster, at_sequence: i64) -> Result<Vec<String>> {
    tests::block_on(async {
        let kind = "monazite.record.v1.Document".to_owned();
        let request = api::storage::ListRequest { kind, at_sequence, page_size: 1000, ..Default::default() };
        let page = cluster.wire()?.storage().list(request).await?.into_inner();
        Ok(page.records.into_iter().map(|record| record.name).collect())
    })
}

#[test]
fn what_was_compacted_is_told_with_what_can_be_read() -> Result<()> {
    let cluster = analyst()?;
    let sequences = asked(&cluster, &["history", "price", "--by-commit"])?;
    let first = sequences[0]["at_sequence"].as_i64().context("a sequence")?;
    let horizon = tests::block_on(async {
        let request = api::storage::CompactRequest { up_to_sequence: 0 };
        Ok(cluster.wire()?.storage().compact(request).await?.into_inner().horizon)
    })?;
    ensure!(horizon > first, "the log was compacted to {horizon}");
    let refused = cluster.attempt(&["facts", "--as-of", &first.to_string()])?;
    let says = format!("the log was compacted up to sequence {horizon}");
    ensure!(refused.code == 1 && refused.stderr.contains(&says), "{refused:?}");
    let day = cluster.attempt(&["findings", "--as-of", "1999-01-01"])?;
    ensure!(day.code == 1 && day.stderr.contains(&says), "{day:?}");
    ensure!(asked(&cluster, &["history", "price"])?.len() == 6, "what stands is still told");
    // A derivation still names what it cites, where the records that were read then are not kept.
    let name = sequences[0]["record"].as_str().context("a name")?;
    let explained = cluster.run(&["explain", name, "--output", "json"])?.json()?;
    let records = explained["records"].as_array().context("records")?;
    let claim = records.iter().find(|record| record["name"] == name).context("the claim")?;
    ensure!(claim["derivation"]["inputs"].is_null(), "{claim:#}");
    ensure!(claim["rests_on"] == json!([sequences[0]["document"]]), "{claim:#}");
    // What was said before and goes after is told with its source, which stood when the log was compacted.
    cluster.run(&["retract", "--wait", &document(&cluster, "Hill Letter")?])?;
    let after = asked(&cluster, &["history", "price"])?;
    let letter = after.iter().find(|row| row["source"] == "Hill Letter").context("the letter")?;
    ensure!(letter["end"]["what"] == "withdrawn" && after.len() == 6, "{after:#?}");
    let claim = letter["record"].as_str().and_then(|name| name.get(..15)).context("a long name")?;
    ensure!(asked(&cluster, &["history", claim])?.len() == 3, "it is known by its id, too");
    Ok(())
}

/// A text whose contract does not add up: 5,000 t for 74,000 yuan a ton are 370 million yuan.
const CONTRACT: &str = "合同约定供应碳酸锂5,000吨，单价7.4万元/吨，总金额3,700万元。";

/// Everything that is stored, of any kind, as JSON of the wire would name it: name and documents that it cites or is keyed by.
fn rests_on(cluster: &Cluster, document: &str) -> Result<Vec<String>> {
    let key = format!("document={document}");
    let mut found = Vec::new();
    tests::block_on(async {
        let mut request = api::storage::ListRequest { page_size: 1000, ..Default::default() };
        loop {
            let page = cluster.wire()?.storage().list(request.clone()).await?.into_inner();
            let of = |record: &api::record::Record| {
                record.name == document
                    || record.keys.contains(&key)
                    || record.citations.iter().any(|citation| citation.document == document)
            };
            found.extend(page.records.into_iter().filter(of).map(|record| record.name));
            if page.next_page_token.is_empty() {
                return Ok(found);
            }
            request.page_token = page.next_page_token;
        }
    })
}

#[test]
fn a_retraction_withdraws_all_that_rests_on_the_document_and_the_past_keeps_it() -> Result<()> {
    let plugins = ["reading", "claims", "digest", "stories", "reconcile", "audit"];
    let cluster = plugins.iter().fold(Cluster::builder(), |builder, name| builder.plugin(name)).start()?;
    let imports = "US imports of antimony oxide from Thailand and Mexico came to 3,834 tons from";
    import(
        &cluster,
        "a.jsonl",
        &note("Harbour Metals", "2025-07-13", &format!("{imports} December 2024 to April 2025.")),
    )?;
    import(
        &cluster,
        "b.jsonl",
        &note("Hill Letter", "2025-07-13", &format!("{imports} December 2023 to April 2024. {CONTRACT}")),
    )?;
    let before = asked(&cluster, &["findings", "--all"])?;
    let kinds: Vec<_> = before.iter().filter_map(|finding| finding["kind"].as_str()).collect();
    ensure!(kinds.contains(&"contradiction") && kinds.contains(&"fails"), "{before:#?}");
    let letter = document(&cluster, "Hill Letter")?;
    ensure!(rests_on(&cluster, &letter)?.len() > 5, "{:?}", rests_on(&cluster, &letter)?);
    let head = tests::block_on(async {
        let request = api::storage::GetStatisticsRequest {};
        Ok(cluster.wire()?.storage().get_statistics(request).await?.into_inner().head)
    })?;

    cluster.run(&["retract", "--wait", &letter])?;
    let left = rests_on(&cluster, &letter)?;
    ensure!(left.is_empty(), "{left:?}");
    let now = asked(&cluster, &["findings", "--all"])?;
    ensure!(
        now.iter().all(|finding| finding["kind"] != "contradiction" && finding["kind"] != "fails"),
        "{now:#?}"
    );
    ensure!(
        asked(&cluster, &["findings", "--all", "--as-of", &head.to_string()])? == before,
        "the past is as it was"
    );
    // In the commits between the retraction and what follows from it, nothing is shown that cites what is gone.
    let end = tests::block_on(async {
        let request = api::storage::GetStatisticsRequest {};
        Ok(cluster.wire()?.storage().get_statistics(request).await?.into_inner().head)
    })?;
    ensure!(end > head + 1, "the retraction and what follows are commits of their own: {head}, {end}");
    for sequence in head + 1..=end {
        let between = asked(&cluster, &["findings", "--all", "--as-of", &sequence.to_string()])?;
        let cites = |finding: &Value| finding["documents"].to_string().contains(&letter);
        ensure!(!between.iter().any(cites), "{sequence}: {between:#?}");
        let facts = asked(&cluster, &["facts", "--as-of", &sequence.to_string()])?;
        ensure!(facts.iter().all(|fact| fact["document"] != letter.as_str()), "{sequence}: {facts:#?}");
    }
    Ok(())
}

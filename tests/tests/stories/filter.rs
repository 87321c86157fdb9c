//! A program uses `monazite read` as a filter, without any server.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use tests::Output;

fn read(arguments: &[&str], input: &str) -> Result<Output> {
    let mut command = std::process::Command::new(tests::bin_dir()?.join("monazite"));
    command.arg("read").args(arguments);
    Output::of(command, input.as_bytes())
}

fn mentions(arguments: &[&str], input: &str) -> Result<Vec<Value>> {
    let line = read(arguments, input)?.succeeded(arguments)?.json()?;
    Ok(line["mentions"].as_array().context("mentions")?.clone())
}

#[test]
fn a_text_becomes_mentions() -> Result<()> {
    let found = mentions(&[], "锑锭报价2.8~2.85万元/吨")?;
    let price = found.iter().find(|m| m["kind"] == "quantity").context("a quantity")?;
    ensure!(price["low"] == "28000" && price["high"] == "28500" && price["unit"] == "CNY/t", "{price}");
    ensure!(price["quote"] == "2.8~2.85万元/吨", "{price}");
    Ok(())
}

#[test]
fn kinds_are_looked_for_alone() -> Result<()> {
    let found = mentions(&["--kinds", "number"], "15元")?;
    ensure!(found.len() == 1 && found[0]["kind"] == "number" && found[0]["value"] == "15", "{found:?}");
    let wrong = read(&["--kinds", "numbers"], "15")?;
    ensure!(wrong.code == 2 && wrong.stderr.contains("numbers"), "{wrong:?}");
    Ok(())
}

#[test]
fn json_lines_keep_their_ids_and_dates() -> Result<()> {
    let input = "{\"id\": 7, \"text\": \"7月11日\", \"published\": \"2025-07-13\"}\n\n{\"id\": \"b\", \"text\": \"\"}\n";
    let output = read(&["--jsonl"], input)?.succeeded(&["--jsonl"])?;
    let lines: Vec<Value> = output.stdout.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    ensure!(
        lines.len() == 2
            && lines[0]["id"] == 7
            && lines[1] == json!({"id": "b", "mentions": [], "claims": []}),
        "{lines:?}"
    );
    ensure!(lines[0]["mentions"][0]["start"] == "2025-07-11", "{}", lines[0]);
    Ok(())
}

#[test]
fn what_is_wrong_is_named_by_its_line() -> Result<()> {
    let output = read(&["--jsonl"], "{\"id\":1,\"text\":\"a\"}\n{\"id\":2}\n")?;
    ensure!(output.code == 1 && output.stderr.contains("line 2"), "{output:?}");
    ensure!(output.stdout.lines().count() == 1, "what was read before stands: {output:?}");
    let mut command = std::process::Command::new(tests::bin_dir()?.join("monazite"));
    command.arg("read");
    let output = Output::of(command, b"a\xffb")?;
    ensure!(output.code == 1 && output.stderr.contains("offset 1"), "{output:?}");
    let output = read(&["--published", "2025-13-01"], "a")?;
    ensure!(output.code == 1 && output.stderr.contains("--published"), "{output:?}");
    Ok(())
}

#[test]
fn claims_come_with_their_slots_and_where_these_come_from() -> Result<()> {
    let text = "Copper weekly\nThe price rose 2% to 9,663 dollars a ton on July 11, 2025.\n";
    let output = read(&["--title"], text)?.succeeded(&["--title"])?.json()?;
    let claims = output["claims"].as_array().context("claims")?;
    let price = claims.iter().find(|c| c["value"]["value"] == "9663").context("a price")?;
    ensure!(price["subject"]["origin"] == "inherited" && price["subject"]["words"] == "Copper", "{price}");
    ensure!(price["measure"]["origin"] == "stated" && price["changes"][0]["by"]["value"] == "2", "{price}");
    let at = |field: &str| price[field].as_u64().and_then(|n| usize::try_from(n).ok());
    let quote = at("start_byte").zip(at("end_byte")).and_then(|(start, end)| text.get(start..end));
    ensure!(quote == price["quote"].as_str(), "{price}");
    // The same through JSON lines, where the caller says how long the title is.
    let line = json!({"id": null, "text": text, "title_bytes": "Copper weekly".len()}).to_string();
    ensure!(read(&["--jsonl"], &line)?.succeeded(&["--jsonl"])?.json()? == output);
    let wrong = read(&["--jsonl"], r#"{"text": "铜", "title_bytes": 1}"#)?;
    ensure!(
        wrong.code == 1 && wrong.stderr.contains("line 1") && wrong.stderr.contains("title"),
        "{wrong:?}"
    );
    Ok(())
}

#[test]
fn a_lexicon_of_the_user_is_read_and_its_faults_are_named() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let entry = "commodity/moonstone-salt\t月光盐\tmoonstone salt\t\tcommodity/antimony\tour own list\n";
    let file = |name: &str, text: &str| -> Result<String> {
        let path = folder.path().join(name);
        std::fs::write(&path, text)?;
        Ok(path.display().to_string())
    };
    let own = file("own.tsv", entry)?;
    let output = read(&["--lexicon", &own], "月光盐报价2.8万元/吨")?.succeeded(&["--lexicon"])?.json()?;
    ensure!(output["claims"][0]["subject"]["id"] == "commodity/moonstone-salt", "{output}");
    ensure!(output["claims"][0]["value"]["value"] == "28000", "{output}");
    for (name, text, expected) in [
        ("bad.tsv", "commodity/x\tx\n", "bad.tsv:1: there are 2 fields instead of six"),
        ("twice.tsv", entry, "twice.tsv:1: the id «commodity/moonstone-salt» stands already at"),
        (
            "circle.tsv",
            "commodity/a\t甲盐\t\t\tcommodity/b\tlist\ncommodity/b\t乙盐\t\t\tcommodity/a\tlist\n",
            "lead back to itself",
        ),
    ] {
        let wrong = read(&["--lexicon", &own, "--lexicon", &file(name, text)?], "")?;
        ensure!(wrong.code == 1 && wrong.stderr.contains(expected) && wrong.stdout.is_empty(), "{wrong:?}");
    }
    let missing = read(&["--lexicon", "no-such.tsv"], "")?;
    ensure!(missing.code == 1 && missing.stderr.contains("no-such.tsv: failed to read it"), "{missing:?}");
    Ok(())
}

#[test]
fn people_are_told_why() -> Result<()> {
    let told =
        read(&["--explain"], "LME copper down 1.92% to $9,663.00 per ton")?.succeeded(&["--explain"])?.stdout;
    for expected in ["«$9,663.00 per ton»  25..42", "copper (commodity/copper)", "«copper»", "1 claim from"]
    {
        ensure!(told.contains(expected), "no «{expected}» in\n{told}");
    }
    let wrong = read(&["--explain", "--jsonl"], "")?;
    ensure!(wrong.code == 2 && wrong.stderr.contains("--jsonl"), "{wrong:?}");
    Ok(())
}

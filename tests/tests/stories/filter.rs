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
        lines.len() == 2 && lines[0]["id"] == 7 && lines[1] == json!({"id": "b", "mentions": []}),
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

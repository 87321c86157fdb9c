//! An analyst loads a table, corrects it, loads its next edition, and takes it back.

use anyhow::{Context as _, Result, ensure};
use tests::Cluster;

use crate::feed::rows;

const MAPPING: &str = r#"
[slots]
source = "Example Survey"
edition = "2025"
subject = { column = "Good" }
place = { column = "Country" }
measure = "output"
unit = "t"
period = { column = "Year" }
value = { column = "Output" }
"#;

const TABLE: &str = "Good,Country,Year,Output\nAntimony,China,2024,\"60,000\"\nTin,China,2024,--\nGloop,China,2024,7\n\
                     Tin,Peru,2024,\"1,5\"\n";

#[test]
fn a_table_is_loaded_corrected_restated_and_taken_back() -> Result<()> {
    let cluster = Cluster::builder().start()?;
    let mapping = cluster.file("survey.toml", MAPPING.as_bytes())?;
    let table = cluster.file("survey.csv", TABLE.as_bytes())?;
    let first = cluster.attempt(&["import", &table, "--mapping", &mapping])?;
    ensure!(first.code == 4, "{first:?}");
    let says =
        "imported  2 observations of 2 series · 1 without a value · 2 new · 0 already there · 1 refused";
    ensure!(first.stdout.contains(says), "{}", first.stdout);
    ensure!(first.stdout.contains("unknown subject «Gloop», 1 times"), "{}", first.stdout);
    ensure!(first.stderr.contains("survey.csv:5, column «Output» (D): «1,5»"), "{}", first.stderr);
    let again = cluster.attempt(&["import", &table, "--mapping", &mapping])?;
    ensure!(again.stdout.contains("0 new · 2 already there"), "{}", again.stdout);

    let corrected = TABLE.replace("60,000", "61,000").replace("\"1,5\"", "15");
    let table = cluster.file("survey.csv", corrected.as_bytes())?;
    cluster.run(&["import", &table, "--mapping", &mapping])?;
    let listed = rows(&cluster.run(&["observations", "--subject", "锑", "--output", "jsonl"])?)?;
    ensure!(listed.len() == 1 && listed[0]["value"]["value"] == "61000", "{listed:#?}");
    let fact = "output|mass|commodity/antimony|place=country/CHN@2024";
    ensure!(listed[0]["keys"]["fact"] == fact && listed[0]["row"]["number"] == 2, "{listed:#?}");

    let next = cluster.file("next.toml", MAPPING.replace("\"2025\"", "\"2026\"").as_bytes())?;
    cluster.run(&["import", &table, "--mapping", &next])?;
    let listed =
        rows(&cluster.run(&["observations", "--measure", "产量", "--place", "China", "--output", "jsonl"])?)?;
    ensure!(listed.len() == 4, "two editions stay two: {listed:#?}");
    let none = rows(&cluster.run(&["observations", "--period", "2023", "--output", "jsonl"])?)?;
    ensure!(none.is_empty(), "{none:#?}");

    let gone = cluster.run(&["retract", "--table", "Example Survey@2025"])?;
    ensure!(gone.stdout.contains("retracted 3 observations"), "{}", gone.stdout);
    let left = rows(&cluster.run(&["observations", "--output", "jsonl"])?)?;
    ensure!(left.len() == 3 && left.iter().all(|row| row["edition"] == "2026"), "{left:#?}");
    ensure!(cluster.attempt(&["retract", "--table", "Example Survey@2025"])?.code == 5);
    cluster.run(&["retract", "--table", "Example Survey"])?;
    ensure!(rows(&cluster.run(&["observations", "--output", "jsonl"])?)?.is_empty());
    Ok(())
}

#[test]
fn a_dry_run_imports_nothing_and_needs_no_server() -> Result<()> {
    let cluster = Cluster::builder().start()?;
    let mapping = cluster.file("survey.toml", MAPPING.as_bytes())?;
    let table = cluster.file("survey.csv", TABLE.as_bytes())?;
    let shown = cluster.attempt(&["import", "--dry-run", &table, "--mapping", &mapping])?;
    ensure!(
        shown.code == 4 && shown.stdout.contains("60,000 t") && shown.stdout.contains("Gloop ?"),
        "{shown:?}"
    );
    ensure!(rows(&cluster.run(&["observations", "--output", "jsonl"])?)?.is_empty());
    let wrong = cluster.file("wrong.toml", MAPPING.replace("\"Output\"", "\"Tonnes\"").as_bytes())?;
    let refused = cluster.attempt(&["import", "--dry-run", &table, "--mapping", &wrong])?;
    ensure!(refused.code == 1 && refused.stderr.contains("no column is headed «Tonnes»"), "{refused:?}");
    Ok(())
}

#[test]
fn a_table_without_a_mapping_says_what_it_lacks_and_documents_beside_it_are_imported() -> Result<()> {
    let cluster = Cluster::builder().start()?;
    let table = cluster.file("survey.csv", TABLE.as_bytes())?;
    let note = cluster.file("note.txt", b"Antimony output rose.")?;
    let both = cluster.attempt(&["import", &table, &note])?;
    ensure!(both.code == 4 && both.stdout.contains("1 document · 1 new"), "{both:?}");
    let lacks = both.stderr.lines().find(|line| line.contains("lacks")).context("what it lacks")?;
    ensure!(
        lacks.contains("subject, measure, value, period, source") && lacks.contains("--mapping"),
        "{lacks}"
    );
    Ok(())
}

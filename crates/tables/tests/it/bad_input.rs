//! What is wrong is told, with its place and how to mend it, and costs no more than its limit.

use std::error::Error;

use proptest::prelude::*;
use tables::{MAX_ROW_BYTES, Mapping, Source};

use crate::common::{MAIN, PRICES, Workbook, csv, read};

type Result = std::result::Result<(), Box<dyn Error>>;

#[test]
fn a_refusal_says_file_row_column_cell_and_remedy() -> Result {
    let table = "Metal,Month,Price\nCopper,2025-13,1\nTin,2025-06,\"1,5\"\n,2025-06,3\nZinc,2025-06,twelve\nLead,2025-06,4\n";
    let told = csv(table, PRICES)?;
    let refusals: Vec<String> = told.refusals.iter().map(ToString::to_string).collect();
    assert_eq!(refusals.len(), 4);
    for (refusal, parts) in refusals.iter().zip([
        ["t.csv:2, column «Month» (B): «2025-13»", "there is no month 13"],
        ["t.csv:3, column «Price» (C): «1,5»", "numbers.decimal"],
        ["t.csv:4, column «Metal» (A): «»", "[[skip]]"],
        ["t.csv:5, column «Price» (C): «twelve»", "numbers.missing"],
    ]) {
        assert!(parts.iter().all(|part| refusal.contains(part)), "{refusal}");
    }
    assert_eq!(told.values(), ["4 USD/t"]);
    Ok(())
}

#[test]
fn two_values_of_one_fact_in_one_table_are_not_taken_for_one_another() -> Result {
    let told = csv("Metal,Month,Price\nTin,2025-06,5\nTin,2025-06,5.0\nTin,2025-06,6\n", PRICES)?;
    assert_eq!((told.tally.observations, told.tally.repeated, told.tally.refused), (1, 1, 1));
    let why = told.refusals[0].to_string();
    assert!(why.contains("row 2 gives another value") && why.contains("slots.detail"), "{why}");
    Ok(())
}

#[test]
fn a_mapping_that_is_wrong_says_where() {
    for (mapping, parts) in [
        ("[slots]\nsubjct = \"tin\"\n", ["m.toml: line 2", "subjct"]),
        ("[slots\n", ["m.toml: line 1", "docs/table-formats.md"]),
        ("[slots]\nsubject = { colum = \"a\" }\n", ["line 2", "colum"]),
        ("[slots]\nsubject = true\n", ["line 2", "words such as"]),
        ("[slots]\nsubject = \"tin\"\n", ["nothing says where values stand", "[[values]]"]),
        ("[numbers]\ndecimal = \";\"\n[slots]\nvalue = { column = \"a\" }\n", ["numbers.decimal", "«;»"]),
    ] {
        let error =
            Mapping::parse("m.toml", mapping).map_or_else(|error| error.to_string(), |_| String::new());
        assert!(parts.iter().all(|part| error.contains(part)), "{mapping}: {error}");
    }
}

#[test]
fn a_mapping_that_does_not_fit_the_header_says_so() {
    for (table, mapping, parts) in [
        ("Metal,Month,Cost\nTin,2025-06,1\n", PRICES.to_owned(), ["no column is headed «Price»", "«Cost»"]),
        ("Metal,Month,Price,Price\n", PRICES.to_owned(), ["two columns are headed «Price»", "C and D"]),
        ("", PRICES.to_owned(), ["t.csv", "it has no header"]),
        (
            "Metal,Month,Price\n",
            PRICES.replace("source = \"Example Metals\"", ""),
            ["slot source", "slots.source"],
        ),
    ] {
        let error = csv(table, &mapping).map_or_else(|error| error.to_string(), |_| String::new());
        assert!(parts.iter().all(|part| error.contains(part)), "{error}");
    }
    let error =
        read(Source::bytes("t.csv", "Metal,Price\n"), None).map_or_else(|e| e.to_string(), |_| String::new());
    assert!(error.contains("lacks subject, measure, value, period, source"), "{error}");
}

#[test]
fn an_encoding_that_is_not_told_is_asked_for() -> Result {
    let bytes = [PRICES_TABLE.as_bytes(), b"Tin,2025-06,5\x96\n"].concat();
    let error = read(Source::bytes("t.csv", bytes.clone()), Some(PRICES))
        .map_or_else(|e| e.to_string(), |_| String::new());
    assert!(error.contains("encoding"), "{error}");
    let told =
        read(Source::bytes("t.csv", bytes), Some(&format!("[file]\nencoding = \"windows-1252\"\n{PRICES}")))?;
    assert_eq!(told.tally.refused, 1, "5– is no number");
    Ok(())
}

const PRICES_TABLE: &str = "Metal,Month,Price\n";

#[test]
fn an_open_quote_costs_no_more_than_a_row() {
    let table = format!("{PRICES_TABLE}\"Tin,2025-06,5\n{}", "Tin,2025-06,5\n".repeat(MAX_ROW_BYTES / 7));
    let error = csv(&table, PRICES).map_or_else(|error| error.to_string(), |_| String::new());
    assert!(error.contains("line 2") && error.contains("a quote may be open"), "{error}");
}

fn failed(workbook: &Workbook) -> String {
    read(workbook.source(), Some(PRICES)).map_or_else(|error| error.to_string(), |told| format!("{told:?}"))
}

#[test]
fn hostile_workbooks_are_refused() -> Result {
    let bomb = " ".repeat(130 << 20);
    let sheet = format!("<worksheet {MAIN}><sheetData/></worksheet>");
    let far = "<row r=\"1\"><c r=\"XFE1\"><v>1</v></c></row>";
    let back = "<row r=\"5\"><c r=\"A5\"><v>1</v></c></row><row r=\"2\"><c r=\"A2\"><v>1</v></c></row>";
    for (workbook, part) in [
        (
            Workbook::of(&[("xl/worksheets/sheet1.xml", &sheet), ("xl/sharedStrings.xml", &bomb)])?,
            "more than 128 MiB",
        ),
        (
            Workbook::of(&[
                ("xl/worksheets/sheet1.xml", &sheet),
                ("xl/sharedStrings.xml", &format!("<sst {MAIN} uniqueCount=\"999999999999\"/>")),
            ])?,
            "states 999999999999 entries",
        ),
        (Workbook::new(far, "<sst/>")?, "beyond column 16384"),
        (Workbook::new(back, "<sst/>")?, "behind row 5"),
        (Workbook::new("<row r=\"1\"><c r=\"A1\"", "<sst/>")?, "save it again"),
        (Workbook::of(&[])?, "t.xlsx"),
    ] {
        let error = failed(&workbook);
        assert!(error.contains(part) && error.contains("t.xlsx"), "{part}: {error}");
    }
    let strings = format!("<sst {MAIN} uniqueCount=\"1\"><si><t>{}</t></si></sst>", "x".repeat(100_000));
    let row: String = (0..20).map(|_| "<c t=\"s\"><v>0</v></c>").collect();
    let error = failed(&Workbook::new(&format!("<row r=\"1\">{row}</row>"), &strings)?);
    assert!(error.contains("row 1 has more than 1 MiB"), "{error}");
    Ok(())
}

#[test]
fn what_is_no_workbook_is_said() -> Result {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("t.xlsx");
    std::fs::write(&path, b"PK\x03\x04 no archive")?;
    let error =
        read(Source::path(&path), Some(PRICES)).map_or_else(|error| error.to_string(), |_| String::new());
    assert!(error.contains("t.xlsx: it is no workbook"), "{error}");
    let named = format!("[file]\nsheet = \"Prices\"\n{PRICES}");
    let workbook = Workbook::new("", "<sst/>")?;
    let error =
        read(workbook.source(), Some(&named)).map_or_else(|error| error.to_string(), |_| String::new());
    assert!(error.contains("it has no sheet «Prices»; its sheets are «Data»"), "{error}");
    Ok(())
}

#[test]
fn what_is_too_long_is_refused() -> Result {
    let long = |bytes: usize| "x".repeat(bytes);
    let row = |metal: &str| format!("Metal,Month,Price\n{metal},2025-06,1\n");
    let fits = csv(&row(&long(1_000)), PRICES)?;
    assert_eq!((fits.tally.observations, fits.tally.refused), (1, 0));
    let refused =
        csv(&row(&long(1_001)), PRICES)?.refusals.first().map(ToString::to_string).unwrap_or_default();
    assert!(refused.contains("more than 1000 bytes") && refused.len() < 400, "{refused}");
    for (bytes, refused) in [(200, 0), (201, 1)] {
        let told = csv(&row("Tin"), &PRICES.replace("Example Metals", &long(bytes)))?;
        assert_eq!(told.tally.refused, refused);
    }
    let mapping = format!("{PRICES}# {}", long(tables::MAX_MAPPING_BYTES));
    let error = Mapping::parse("m.toml", &mapping).map_or_else(|error| error.to_string(), |_| String::new());
    assert!(error.contains("more than 1 MiB"), "{error}");
    let wide = "[[values]]\ncolumn = \"a\"\n".repeat(tables::MAX_VALUE_COLUMNS + 1);
    let error = Mapping::parse("m.toml", &wide).map_or_else(|error| error.to_string(), |_| String::new());
    assert!(error.contains("1001 columns of values"), "{error}");
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("t.xlsx");
    std::fs::write(&path, b"PK\x03\x04")?;
    std::fs::OpenOptions::new().write(true).open(&path)?.set_len(tables::MAX_WORKBOOK_BYTES + 1)?;
    let error =
        read(Source::path(&path), Some(PRICES)).map_or_else(|error| error.to_string(), |_| String::new());
    assert!(error.contains("at most 256 MiB"), "{error}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_cells_are_observations_or_refusals(cells in proptest::collection::vec(".{0,12}", 3..30)) {
        let mut table = csv::Writer::from_writer(Vec::new());
        table.write_record(["Metal", "Month", "Price"])?;
        let mut rows = 0;
        for row in cells.chunks_exact(3) {
            table.write_record(row)?;
            // A row without any words is passed over.
            rows += u64::from(row.iter().any(|cell| !cell.trim().is_empty()));
        }
        let table = table.into_inner()?;
        let told = read(Source::bytes("t.csv", table), Some(&format!("[file]\nencoding = \"utf-8\"\ndelimiter = \",\"\n{PRICES}")))?;
        let tally = &told.tally;
        prop_assert_eq!(tally.observations + tally.refused + tally.without_value + tally.repeated, rows);
    }
}

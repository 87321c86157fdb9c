//! Tables of many forms.

use std::error::Error;

use tables::Source;

use crate::common::{PRICES, Workbook, csv, read};

type Result = std::result::Result<(), Box<dyn Error>>;

#[test]
fn a_wide_table_has_a_period_a_measure_and_a_unit_for_each_column() -> Result {
    let table = "Commodity,Country,Unit,Output 2023,Output 2024 (est.),Reserves\n\
                 Antimony,China,metric tons,\"40,000\",e60000,W\n\
                 Antimony,Bolivia,thousand metric tons,3.7,--,310\n";
    let mapping = r#"
        [numbers]
        estimates = ["e"]
        [slots]
        source = "Example Survey"
        edition = 2025
        subject = { column = "Commodity" }
        place = { column = "Country" }
        unit = { column = "Unit" }
        [[values]]
        column = "Output 2023"
        slots = { measure = "output", period = 2023 }
        [[values]]
        column = "Output 2024 (est.)"
        slots = { measure = "output", period = 2024 }
        [[values]]
        column = "Reserves"
        slots = { measure = "reserves", period = 2024 }
    "#;
    let told = csv(table, mapping)?;
    assert_eq!(told.values(), ["40000 t", "60000 t", "3700 t", "310000 t"]);
    assert_eq!(
        told.entries.iter().map(|e| e.body.estimated).collect::<Vec<_>>(),
        [false, true, false, false]
    );
    assert_eq!(told.entries.iter().map(|e| e.body.printed_digits).collect::<Vec<_>>(), [5, 5, 2, 3]);
    assert_eq!((told.tally.without_value, told.tally.series, told.tally.refused), (2, 3, 0));
    let facts = told.keys("fact");
    assert_eq!(facts[0].as_deref(), Some("output|mass|commodity/antimony|place=country/CHN@2023"));
    assert_eq!(facts[3].as_deref(), Some("reserves|mass|commodity/antimony|place=country/BOL@2024"));
    let row = told.entries[2].body.row.clone().unwrap_or_default();
    assert_eq!(
        (row.file.as_str(), row.number, row.column.as_str(), row.cell.as_str()),
        ("t.csv", 3, "Output 2023", "3.7")
    );
    Ok(())
}

#[test]
fn a_table_with_the_names_of_slots_needs_no_mapping() -> Result {
    let table = "source;edition;subject;measure;place;period;value;unit;basis;remark\n\
                 某调查;2025-07;碳酸锂;价格;中国;2025年7月;6.32;万元/吨;含税;x\n";
    let (gb, _, _) = encoding_rs::GB18030.encode(table);
    for bytes in [table.as_bytes(), &gb] {
        let told = read(Source::bytes("价格.csv", bytes), None)?;
        assert_eq!(told.values(), ["63200 CNY/t"]);
        let fact = "price|CNY/mass|commodity/lithium-carbonate|place=country/CHN|basis=vat-included@2025-07";
        assert_eq!(told.keys("fact"), [Some(fact.to_owned())]);
        assert!(told.entries[0].record.keys.contains(&"table=某调查@2025-07".to_owned()));
    }
    Ok(())
}

#[test]
fn an_unknown_name_keeps_its_words_and_has_no_key() -> Result {
    let told = csv("Metal,Month,Price\nUnobtainium,2025-06,5\nCopper,2025-06,9663\n", PRICES)?;
    let subject = told.entries[0].body.subject.clone().unwrap_or_default();
    assert_eq!((subject.id.as_str(), subject.words.as_str()), ("", "Unobtainium"));
    assert_eq!(told.keys("fact"), [None, Some("price|USD/mass|commodity/copper@2025-06".to_owned())]);
    assert_eq!(told.tally.unknown.get(&("subject", "Unobtainium".to_owned())), Some(&1));
    assert_eq!(told.tally.without_keys, 1);
    Ok(())
}

#[test]
fn the_mapping_says_what_words_mean() -> Result {
    let table = "# made up\nKind,Country,Year,t\nMine,U.S.,2024,10\nRefinery,U.S.,2024,20\nWorld,World,2024,90\n,,,\n";
    let mapping = r##"
        [file]
        comment = "#"
        [slots]
        source = "Example Survey"
        subject = "antimony"
        measure = { column = "Kind", words = { "mine" = "measure/output" }, otherwise = "measure/output" }
        detail = { column = "Kind", words = { "Mine" = "" } }
        place = { column = "Country", words = { "U.S." = "USA" } }
        period = { column = "Year" }
        unit = "t"
        value = { column = "t" }
        [[skip]]
        column = "Country"
        is = ["world"]
    "##;
    let told = csv(table, mapping)?;
    assert_eq!(told.values(), ["10 t", "20 t"]);
    assert_eq!(told.tally.left_out, 1);
    let fact = "output|mass|commodity/antimony|place=country/USA@2024";
    assert_eq!(told.keys("fact"), [Some(fact.to_owned()), None]);
    assert_ne!(told.entries[0].record.name, told.entries[1].record.name);
    Ok(())
}

#[test]
fn a_name_keeps_when_a_value_is_corrected_and_not_when_the_edition_is_another() -> Result {
    let name = |table: &str, mapping: &str| -> std::result::Result<String, Box<dyn Error>> {
        Ok(csv(table, mapping)?.entries.first().ok_or("no observation")?.record.name.clone())
    };
    let first = name("Metal,Month,Price\nTin,2025-06,33000\n", PRICES)?;
    assert_eq!(first, name("Metal,Month,Price\ntin,2025-06,\"33,500\"\n", PRICES)?);
    assert_ne!(first, name("Metal,Month,Price\nTin,2025-07,33000\n", PRICES)?);
    assert_ne!(first, name("Metal,Month,Price\nLead,2025-06,33000\n", PRICES)?);
    assert_ne!(first, name("Metal,Month,Price\nTin,2025-06,33000\n", &PRICES.replace("2025-07", "2025-08"))?);
    assert_ne!(first, name("Metal,Month,Price\nTin,2025-06,33000\n", &PRICES.replace("Example", "Other"))?);
    // A corrected unit of the same kind is a corrected cell; a unit of another kind is another series.
    assert_eq!(first, name("Metal,Month,Price\nTin,2025-06,33\n", &PRICES.replace("USD/t", "USD/kg"))?);
    assert_ne!(first, name("Metal,Month,Price\nTin,2025-06,33\n", &PRICES.replace("USD/t", "CNY/t"))?);
    Ok(())
}

#[test]
fn a_workbook_has_dates_numbers_and_merged_cells() -> Result {
    let strings = r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" uniqueCount="2"><si><t>Metal</t></si><si><t>Copper</t></si></sst>"#;
    let rows = r#"
        <row r="1"><c r="A1" t="inlineStr"><is><t>Example Metals, monthly prices</t></is></c></row>
        <row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="inlineStr"><is><t>Month</t></is></c><c r="C3" t="inlineStr"><is><t>Price</t></is></c></row>
        <row r="4"><c r="A4" t="s"><v>1</v></c><c r="B4" s="1"><v>45809</v></c><c r="C4"><v>9663.5</v></c></row>
        <row r="5"><c r="B5" s="1"><v>45839</v></c><c r="C5"><f>C4+0.1</f><v>9663.6000000000004</v></c></row>
        <row r="9"><c r="B9" s="1"><v>45870</v></c><c r="C9"><f>C4*2</f></c></row>
        <row r="10"><c r="B10" s="1"><v>45901</v></c><c r="C10" t="e"><v>#DIV/0!</v></c></row>
    "#;
    let workbook = Workbook::new(rows, strings)?;
    let mapping = r#"
        [file]
        sheet = "Data"
        header = 2
        [slots]
        source = "Example Metals"
        subject = { column = "Metal", fill_down = true }
        measure = "price"
        unit = "USD/t"
        period = { column = "Month", precision = "month" }
        value = { column = "Price" }
    "#;
    let told = read(workbook.source(), Some(mapping))?;
    assert_eq!(told.values(), ["9663.5 USD/t", "9663.6 USD/t"]);
    let fact = |month: &str| Some(format!("price|USD/mass|commodity/copper@{month}"));
    assert_eq!(told.keys("fact"), [fact("2025-06"), fact("2025-07")]);
    let whys: Vec<String> = told.refusals.iter().map(ToString::to_string).collect();
    assert_eq!(whys.len(), 2, "{whys:?}");
    assert!(whys[0].starts_with("t.xlsx, sheet «Data», row 9, column «Price» (C): «=»"), "{}", whys[0]);
    assert!(whys[0].contains("a formula without its result"), "{}", whys[0]);
    assert!(whys[1].contains("«#DIV/0!»"), "{}", whys[1]);
    drop(workbook.folder);
    Ok(())
}

#[test]
fn a_share_has_a_part_and_a_whole() -> Result {
    let mapping = r#"
        [slots]
        source = "Example Survey"
        part = { column = "Country" }
        whole = "antimony"
        measure = "share"
        unit = "%"
        period = { column = "Year" }
        value = { column = "Share" }
    "#;
    let told = csv("Country,Year,Share\nChina,2024,60\n", mapping)?;
    assert_eq!(told.values(), ["60 %"]);
    assert!(
        told.keys("series")[0]
            .as_ref()
            .is_some_and(|key| key.contains("part=country/CHN|whole=commodity/antimony"))
    );
    Ok(())
}

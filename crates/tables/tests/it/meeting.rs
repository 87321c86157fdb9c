//! An observation and a claim of the same fact meet in one key.

use std::error::Error;

use text::{Context, Reader};

use crate::common::csv;

/// The keys of the first claim of a text.
fn claim(text: &str) -> Option<text::Keys> {
    let reader = Reader::standard();
    let context = Context { published: "2025-07-13".parse().ok(), ..Context::default() };
    let mentions = reader.read(text, &context);
    reader.claims(text, 0, &mentions).into_iter().next().map(|claim| claim.keys)
}

#[test]
fn a_claim_and_a_row_of_a_table_meet() -> Result<(), Box<dyn Error>> {
    let mapping = r#"
        [slots]
        source = "Example Survey"
        subject = { column = "good" }
        measure = { column = "measure" }
        statistic = { column = "statistic" }
        place = { column = "place" }
        partners = { column = "partners" }
        venue = { column = "venue" }
        basis = { column = "basis" }
        unit = { column = "unit" }
        period = { column = "period" }
        value = { column = "value" }
    "#;
    for (text, row) in [
        ("2025年6月中国锡锭产量为15,300吨。", "锡锭,产量,,中国,,,,吨,2025-06,15300"),
        (
            "In June 2025 China's tin ingot output was 15,300 tonnes.",
            "tin ingot,output,,CHN,,,,kt,2025-06,15.3",
        ),
        ("2025年7月11日,LME铜收盘价9663美元/吨。", "copper,price,close,,,LME,,USD/t,2025-07-11,9663"),
        ("2025年第三季度稀土精矿价格为19,109元/吨(REO)。", "稀土精矿,price,,,,,REO,元/吨,2025Q3,19109"),
    ] {
        let table = format!("good,measure,statistic,place,partners,venue,basis,unit,period,value\n{row}\n");
        let told = csv(&table, mapping)?;
        let keys = claim(text).ok_or("no claim")?;
        assert!(keys.fact.is_some(), "{text}: {keys:?}");
        assert_eq!(told.keys("fact"), [keys.fact], "{text}");
        assert_eq!(told.keys("series"), [keys.series], "{text}");
    }
    Ok(())
}

//! Scores the reader on a folder of specifications: `cargo run -p text --example score -- DIR [FILE-PREFIX]`.
//!
//! Prints for each file how many cases are right in full (the same set of mentions, spans, values and units), and with a
//! prefix also the cases that are not. The conventions that differ from ours are converted here, as the comments say.

#![expect(clippy::print_stdout, reason = "an example that prints")]
#![expect(clippy::unwrap_used, reason = "a broken specification should stop it")]

use serde_json::Value;
use text::{Context, Exclusive, Kind, Kinds, Mention, Precision, Qualifier, Reader};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| "../shared/specs".to_owned());
    let shown = arguments.next();
    let reader = Reader::standard();
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    files.sort();
    for path in files {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let (mut right, mut all) = (0, 0);
        for line in std::fs::read_to_string(&path).unwrap().lines() {
            let case: Value = serde_json::from_str(line).unwrap();
            let (found, expected) = score(&reader, &name, &case);
            all += 1;
            if found == expected {
                right += 1;
            } else if shown.as_ref().is_some_and(|shown| name.starts_with(shown.as_str())) {
                println!(
                    "{} {:?}\n   want {expected:?}\n   have {found:?}",
                    case["id"].as_str().unwrap(),
                    case["text"].as_str().unwrap()
                );
            }
        }
        println!("{name:14} {right:4} / {all:4}  {:5.1} %", 100.0 * f64::from(right) / f64::from(all));
    }
}

type Read = Vec<(String, String)>;

fn score(reader: &Reader, name: &str, case: &Value) -> (Read, Read) {
    let text = case["text"].as_str().unwrap();
    let published = case["reference"].as_str().map(|reference| reference[..10].parse().unwrap());
    let kind = name.split('.').next().unwrap();
    let kinds = match kind {
        "number" | "range" => Kinds::of(&[Kind::Number]),
        "percent" => Kinds::of(&[Kind::Percent]),
        "time" => Kinds::of(&[Kind::Time, Kind::Duration]),
        _ => Kinds::of(&[Kind::Quantity]),
    };
    let mentions = reader.read(text, &Context { published, kinds });
    let expected: Vec<&Value> = case["expect"].as_array().unwrap().iter().collect();
    let mut found = Vec::new();
    for mention in &mentions {
        if let Some(read) = translate(text, kind, mention, &expected) {
            found.push(read);
        }
    }
    let expected = expected
        .iter()
        .map(|expected| (expected["text"].as_str().unwrap().to_owned(), wanted(kind, expected)))
        .collect();
    (found, expected)
}

/// A decimal to 12 significant digits, since the specifications round theirs.
fn rounded(value: &str) -> String {
    let value: f64 = value.parse().unwrap_or(f64::NAN);
    format!("{value:.11e}")
}

fn wanted(kind: &str, expected: &Value) -> String {
    let resolution = &expected["resolution"];
    let value = resolution["value"].as_str().unwrap_or("null");
    match kind {
        "number" => rounded(value),
        "percent" => rounded(value.trim_end_matches('%')),
        "range" => value.to_owned(),
        "currency" => format!(
            "{} {}",
            rounded(value),
            resolution["isoCurrency"].as_str().or(resolution["unit"].as_str()).unwrap_or("")
        ),
        "dimension" => format!("{} {}", rounded(value), resolution["unit"].as_str().unwrap_or("")),
        _ => resolution["values"].to_string(),
    }
}

fn translate(text: &str, kind: &str, mention: &Mention<'_>, expected: &[&Value]) -> Option<(String, String)> {
    let quote = mention.quote.to_owned();
    let value = mention.value.as_deref().unwrap_or("null");
    match kind {
        "number" | "percent" => Some((quote, rounded(value))),
        "range" => range(text, mention),
        "currency" => money(mention, expected),
        "dimension" => dimension(mention),
        _ => Some(time(mention, expected)),
    }
}

/// Their ranges are our ranges, and our values with a qualifier; "about" is none.
fn range(text: &str, mention: &Mention<'_>) -> Option<(String, String)> {
    let value = match (&mention.low, &mention.high, &mention.value, mention.qualifier) {
        (Some(low), Some(high), _, _) => {
            // Theirs are half-open where no words of comparison say how it is; ours include both ends.
            let (open, close) = match mention.exclusive {
                Some(Exclusive::Low) => ('(', ']'),
                Some(Exclusive::High) => ('[', ')'),
                Some(Exclusive::Both) => ('(', ')'),
                Some(Exclusive::Neither) => ('[', ']'),
                None => ('[', ')'),
            };
            format!("{open}{low},{high}{close}")
        }
        (Some(low), None, _, _) => format!("({low},)"),
        (_, _, Some(value), Some(Qualifier::Over)) => format!("({value},)"),
        (_, _, Some(value), Some(Qualifier::AtLeast)) => format!("[{value},)"),
        (_, _, Some(value), Some(Qualifier::Under)) => format!("(,{value})"),
        (_, _, Some(value), Some(Qualifier::AtMost)) => format!("(,{value}]"),
        (_, _, Some(value), Some(Qualifier::Exactly)) => format!("[{value},{value}]"),
        _ => return None,
    };
    Some((text[mention.scope.clone()].to_owned(), value))
}

/// Their dollar, franc, pound, cent and pence have no code; the denominator of a rate is outside their span.
fn money(mention: &Mention<'_>, expected: &[&Value]) -> Option<(String, String)> {
    let unit = mention.unit.as_deref()?;
    let code = unit.split('/').next()?;
    let money = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()) || code == "{franc}";
    if !money {
        return None;
    }
    let mut quote = mention.quote.to_owned();
    let same = expected.iter().find(|expected| expected["start"].as_u64() == Some(mention.start_byte as u64));
    if unit.contains('/')
        && let Some(shorter) =
            same.and_then(|same| same["text"].as_str()).filter(|shorter| quote.starts_with(shorter))
    {
        quote = shorter.to_owned();
    }
    let theirs = same.and_then(|same| same["resolution"]["unit"].as_str()).unwrap_or("");
    let (name, scale) = match (theirs, code) {
        ("Dollar", "USD") => ("Dollar", 1.0),
        ("Cent", "USD") => ("Cent", 100.0),
        ("Pence", "GBP") => ("Pence", 100.0),
        ("Pound", "GBP") => ("Pound", 1.0),
        ("Franc", "{franc}") => ("Franc", 1.0),
        ("Peseta", "ESP") => ("Peseta", 1.0),
        ("Rupee", "INR") => ("Rupee", 1.0),
        ("Bitcoin", "XBT") => ("Bitcoin", 1.0),
        ("Satoshi", "XBT") => ("Satoshi", 100_000_000.0),
        _ => (code, 1.0),
    };
    let value: f64 = mention.value.as_deref()?.parse().ok()?;
    Some((quote, format!("{:.11e} {name}", value * scale)))
}

fn dimension(mention: &Mention<'_>) -> Option<(String, String)> {
    let unit = mention.unit.as_deref()?;
    let name = match unit {
        "t" if mention.quote.contains("metric") => "Metric ton",
        "t" => "Ton",
        "kg" => "Kilogram",
        "g" => "Gram",
        "mg" => "Milligram",
        "ug" => "Microgram",
        "[lb_av]" => "Pound",
        "[oz_av]" | "[oz_tr]" => "Ounce",
        "L" => "Liter",
        "mL" => "Milliliter",
        "[gal_us]" => "Gallon",
        "[tsp_us]" => "Teaspoon",
        "[cft_i]" => "Cubic foot",
        "m2" => "Square meter",
        "km2" => "Square kilometer",
        "[acr_us]" => "Acre",
        "{mu}" => "Mu",
        "nm" => "Nanometer",
        "pm" => "Picometer",
        "mm" => "Millimeter",
        "cm" => "Centimeter",
        "dm" => "Decimeter",
        "m" => "Meter",
        "km" => "Kilometer",
        "[ft_i]" => "Foot",
        "[in_i]" => "Inch",
        "[mi_i]" => "Mile",
        "[mi_i]/h" => "Mile per hour",
        "km/h" => "Kilometer per hour",
        "m/ms" => "Meter per millisecond",
        "cm/ms" => "Centimeter per millisecond",
        "km/ms" => "Kilometer per millisecond",
        "deg" => "Degree",
        "rad" => "Radian",
        "{turn}" => "Turn",
        // Counts, multiples and money are no dimensions there.
        other if other.starts_with('{') && other != "{mtu}" => return None,
        other
            if other.split('/').next().is_some_and(|code| {
                code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase())
            }) =>
        {
            return None;
        }
        other => other,
    };
    Some((
        mention.quote.to_owned(),
        format!("{} {name}", rounded(mention.value.as_deref().unwrap_or("null"))),
    ))
}

/// Right if one of their candidates is met. Their ranges end where the last period begins, ours where it ends.
fn time(mention: &Mention<'_>, expected: &[&Value]) -> (String, String) {
    let quote = mention.quote.to_owned();
    let ours = format!(
        "{:?} {} {} {}",
        mention.precision,
        mention.start.as_deref().unwrap_or("-"),
        mention.end.as_deref().unwrap_or("-"),
        mention.seconds.as_deref().unwrap_or("")
    );
    let Some(same) =
        expected.iter().find(|expected| expected["start"].as_u64() == Some(mention.start_byte as u64))
    else {
        return (quote, ours);
    };
    let values = same["resolution"]["values"].as_array().unwrap();
    let right = values.iter().any(|value| {
        let text = |name: &str| value[name].as_str();
        if text("value") == Some("not resolved") {
            return mention.start.is_none();
        }
        match text("type") {
            Some("duration") => mention.seconds.as_deref() == text("value"),
            Some("date") => {
                mention.precision == Some(Precision::Day) && mention.start.as_deref() == text("value")
            }
            _ => mention.start.as_deref() == text("start") && ends_meet(mention, text("end")),
        }
    });
    if right { (quote, same["resolution"]["values"].to_string()) } else { (quote, ours) }
}

fn ends_meet(mention: &Mention<'_>, theirs: Option<&str>) -> bool {
    if mention.end.as_deref() == theirs {
        return true;
    }
    let (Some(ours), Some(theirs)) = (mention.end.as_deref(), theirs) else { return false };
    let (Ok(ours), Ok(theirs)) = (ours.parse::<jiff::civil::Date>(), theirs.parse::<jiff::civil::Date>())
    else {
        return false;
    };
    use jiff::ToSpan;
    mention.precision == Some(Precision::Range)
        && [1.day(), 1.month(), 3.months(), 6.months(), 1.year()]
            .into_iter()
            .any(|span| theirs.checked_add(span).is_ok_and(|end| end == ours))
}

//! Scores the reader on a folder of specifications: `cargo run -p text --example score -- DIR [FILE-PREFIX]`.
//!
//! Prints for each file how many cases are right in full (the same set of mentions, spans, values and units), and with a
//! prefix also the cases that are not. The conventions that differ from ours are converted here, as the comments say.

#![expect(clippy::print_stdout, reason = "an example that prints")]
#![expect(clippy::unwrap_used, reason = "a broken specification should stop it")]

use std::collections::HashMap;
use std::sync::LazyLock;

use rust_decimal::Decimal;
use serde_json::Value;
use text::{Context, Exclusive, Kind, Kinds, Mention, Precision, Qualifier, Reader};

/// Cases in which ours differs by design, with the reason.
const EXCEPTIONS: &str = include_str!("spec_exceptions.tsv");

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
        let (mut right, mut all, mut excepted) = (0, 0, 0);
        for line in std::fs::read_to_string(&path).unwrap().lines() {
            let case: Value = serde_json::from_str(line).unwrap();
            let id = case["id"].as_str().unwrap();
            if EXCEPTIONS.lines().any(|line| line.split('\t').next() == Some(id)) {
                excepted += 1;
                continue;
            }
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
        println!(
            "{name:14} {right:4} / {all:4}  {:5.1} %, and {excepted} that differ by design",
            100.0 * f64::from(right) / f64::from(all)
        );
        // More would be an excuse.
        assert!(excepted * 100 <= (all + excepted) * 3, "{name}: more than 3 % are excepted");
    }
}

type Read = Vec<(String, String)>;

fn score(reader: &Reader, name: &str, case: &Value) -> (Read, Read) {
    let text = case["text"].as_str().unwrap();
    let published = case["reference"].as_str().map(|reference| reference[..10].parse().unwrap());
    let kind = name.split('.').next().unwrap();
    let kinds = match kind {
        "number" | "range" => Kinds::of(&[Kind::Number]),
        "percent" => Kinds::of(&[Kind::Percent]).with_units(),
        "time" => Kinds::of(&[Kind::Time, Kind::Duration]),
        _ => Kinds::of(&[Kind::Quantity]).with_units(),
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
        "currency" | "dimension" => format!(
            "{} {}",
            rounded(value),
            resolution["isoCurrency"].as_str().or(resolution["unit"].as_str()).unwrap_or("")
        ),
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
        "dimension" => dimension(mention, expected),
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
        (_, _, Some(value), None) if mention.scope.start < mention.start_byte => format!("[{value},{value}]"),
        _ => return None,
    };
    Some((text[mention.scope.clone()].to_owned(), value))
}

/// Their names of units, the codes that are right for each, and how many of it make one of ours.
static NAMES: LazyLock<HashMap<&str, (Vec<&str>, Decimal)>> = LazyLock::new(|| {
    include_str!("spec_units.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            (fields[0], (fields[1].split('|').collect(), fields[2].parse().unwrap()))
        })
        .collect()
});

/// True for money: a code of three capitals, or a currency whose country is not said.
fn is_money(code: &str) -> bool {
    const GENERAL: &[&str] = &[
        "{franc}",
        "{peso}",
        "{dinar}",
        "{shilling}",
        "{krona}",
        "{rial}",
        "{lira}",
        "{leu}",
        "{sen}",
        "{centavo}",
        "{centime}",
        "{fils}",
        "{ore}",
    ];
    code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()) || GENERAL.contains(&code)
}

/// Our value and unit in their words: the name that they give if its codes include ours, else our code, which is wrong.
fn named(value: Option<&str>, code: &str, theirs: Option<&Value>) -> String {
    let value = |scale: Decimal| match value {
        Some(value) => match value.parse::<Decimal>() {
            Ok(value) => rounded(&(value * scale).to_string()),
            Err(_) => rounded(value),
        },
        None => rounded("null"),
    };
    let resolution = theirs.map(|theirs| &theirs["resolution"]);
    let iso = resolution.and_then(|resolution| resolution["isoCurrency"].as_str());
    let name = resolution.and_then(|resolution| resolution["unit"].as_str()).unwrap_or("");
    match NAMES.get(name) {
        _ if iso.is_some() => format!("{} {code}", value(Decimal::ONE)),
        Some((codes, scale)) if codes.contains(&code) => format!("{} {name}", value(*scale)),
        _ => format!("{} {code}", value(Decimal::ONE)),
    }
}

/// Money; the denominator of a rate is outside their span, and all of what is outside has to be a denominator.
fn money(mention: &Mention<'_>, expected: &[&Value]) -> Option<(String, String)> {
    let unit = mention.unit.as_deref()?;
    let code = unit.split('/').next().filter(|code| is_money(code))?;
    let mut quote = mention.quote;
    let same = expected.iter().find(|expected| expected["start"].as_u64() == Some(mention.start_byte as u64));
    if unit.contains('/')
        && let Some((shorter, rest)) = same
            .and_then(|same| same["text"].as_str())
            .and_then(|shorter| Some((shorter, quote.strip_prefix(shorter)?)))
        && ["/", "per ", "a ", "an ", "each ", "-a-", "-per-", "每"]
            .iter()
            .any(|start| rest.trim_start().starts_with(start))
    {
        quote = shorter;
    }
    Some((quote.to_owned(), named(mention.value.as_deref(), code, same.copied())))
}

/// A physical quantity; counts, multiples and money are none there, and temperatures are a type of their own.
fn dimension(mention: &Mention<'_>, expected: &[&Value]) -> Option<(String, String)> {
    let unit = mention.unit.as_deref()?;
    let count = unit.starts_with('{') && !matches!(unit, "{turn}" | "{mu}");
    let temperature = matches!(unit, "Cel" | "[degF]" | "K");
    if count || temperature || unit.split('/').next().is_some_and(is_money) {
        return None;
    }
    let same = expected.iter().find(|expected| expected["start"].as_u64() == Some(mention.start_byte as u64));
    Some((mention.quote.to_owned(), named(mention.value.as_deref(), unit, same.copied())))
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

//! Numbers as tables print them.

use rust_decimal::Decimal;

use crate::mapping::NumberForm;
use crate::workbook::UNSAVED;

/// How a cell qualifies its number.
pub(crate) use api::record::Qualifier;

/// Most digits of a number; more than a decimal holds exactly is no measurement.
const MAX_DIGITS: usize = 28;

/// What always stands for a missing value, beside an empty cell.
const MISSING: &[&str] = &[
    "-", "--", "---", "–", "—", "――", "——", ".", "..", "...", "…", "w", "na", "n/a", "n.a.", "n.a", "#n/a",
    "nan", "null", "none", "不详", "无", "缺",
];

/// A number as a cell prints it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Printed {
    pub(crate) low: Decimal,
    /// Equal to `low` unless the cell prints a range.
    pub(crate) high: Decimal,
    pub(crate) range: bool,
    /// Significant digits as printed.
    pub(crate) digits: u32,
    pub(crate) qualifier: Qualifier,
    pub(crate) estimate: bool,
}

/// What a cell of numbers holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Number {
    Is(Printed),
    /// No value; the words that say so, empty for an empty cell.
    Missing,
    /// Why it cannot be read, and how to mend it.
    Wrong(String),
}

/// Reads a cell.
pub(crate) fn read(cell: &str, form: &NumberForm) -> Number {
    let text = cell.trim();
    let says = |word: &str| word.eq_ignore_ascii_case(text) || word.to_lowercase() == text.to_lowercase();
    if text.is_empty()
        || MISSING.iter().any(|word| says(word))
        || form.missing.iter().any(|word| says(word.trim()))
    {
        return Number::Missing;
    }
    if text == UNSAVED {
        return Number::Wrong(
            "the workbook holds a formula without its result; open it in a spreadsheet and save it"
                .to_owned(),
        );
    }
    let (text, estimate) = without_marks(text, form);
    let (text, qualifier) = qualified(text);
    let number = |text: &str| plain(text, form.decimal == Some(','));
    let printed =
        |low, high, range, digits| Number::Is(Printed { low, high, range, digits, qualifier, estimate });
    match number(text) {
        Ok((value, digits)) => return printed(value, value, false, digits),
        Err(why) if !text.contains(['-', '–', '—', '~', '～', '至']) && !text.contains(" to ") => {
            return Number::Wrong(why);
        }
        Err(_) => {}
    }
    for sign in ["–", "—", "~", "～", "至", " to ", "-"] {
        let Some((left, right)) = text.split_once(sign) else { continue };
        if let (Ok((low, few)), Ok((high, many))) = (number(left.trim()), number(right.trim())) {
            if low > high {
                return Number::Wrong(format!(
                    "the range ends at {high}, before it begins; exchange the two"
                ));
            }
            return printed(low, high, true, few.min(many));
        }
    }
    Number::Wrong(NO_NUMBER.to_owned())
}

const NO_NUMBER: &str =
    "it is no number; correct it, or list it under numbers.missing or numbers.footnotes of the mapping";

/// Without marks of footnotes, and whether one of them says that it is an estimate.
fn without_marks<'t>(cell: &'t str, form: &NumberForm) -> (&'t str, bool) {
    let mut text = cell;
    let mut estimate = false;
    loop {
        let before = text;
        text = text
            .trim_end_matches(['*', '†', '‡', '§', '⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'])
            .trim();
        text = text.trim_start_matches(['*', '†', '‡', '§']).trim();
        // A bracket behind a number is a footnote; around it, it would be a sign.
        if let Some((number, mark)) = text.strip_suffix(']').and_then(|text| text.rsplit_once('['))
            && !number.is_empty()
            && mark.len() <= 3
        {
            text = number.trim();
        }
        for (marks, estimates) in [(&form.footnotes, false), (&form.estimates, true)] {
            for mark in marks.iter().map(|mark| mark.trim()).filter(|mark| !mark.is_empty()) {
                let rest = text.strip_suffix(mark).or_else(|| text.strip_prefix(mark));
                // A mark alone is no marked number.
                if let Some(rest) =
                    rest.map(str::trim).filter(|rest| rest.contains(|c: char| c.is_ascii_digit()))
                {
                    text = rest;
                    estimate |= estimates;
                }
            }
        }
        if text == before {
            return (text, estimate);
        }
    }
}

fn qualified(text: &str) -> (&str, Qualifier) {
    const SIGNS: &[(&str, Qualifier)] = &[
        (">=", Qualifier::AtLeast),
        ("<=", Qualifier::AtMost),
        ("≥", Qualifier::AtLeast),
        ("≤", Qualifier::AtMost),
        (">", Qualifier::Over),
        ("<", Qualifier::Under),
        ("~", Qualifier::About),
        ("≈", Qualifier::About),
        ("约", Qualifier::About),
        ("about ", Qualifier::About),
    ];
    for (sign, qualifier) in SIGNS {
        if let Some(rest) = text.strip_prefix(sign) {
            return (rest.trim_start(), *qualifier);
        }
    }
    (text, Qualifier::Unspecified)
}

/// One number with its significant digits.
fn plain(text: &str, decimal_comma: bool) -> Result<(Decimal, u32), String> {
    let wrong = || NO_NUMBER.to_owned();
    let (text, negative) = match text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        // Accountants' negative.
        Some(inner) => (inner, true),
        None => match text.strip_prefix(['-', '−', '－']) {
            Some(rest) => (rest, true),
            None => (text.strip_prefix('+').unwrap_or(text), false),
        },
    };
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().map_err(|_| wrong())?),
        None => (text, 0),
    };
    let point = if decimal_comma { ',' } else { '.' };
    let (whole, fraction) = match mantissa.split_once(point) {
        Some((whole, fraction)) => (whole, fraction),
        None => (mantissa, ""),
    };
    let whole = grouped(whole, decimal_comma)?;
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(fraction) || whole.is_empty() && fraction.is_empty() {
        return Err(wrong());
    }
    let printed = whole.len() + fraction.len();
    if printed > MAX_DIGITS || exponent.unsigned_abs() > 28 {
        return Err(format!("it has more than {MAX_DIGITS} digits; round it"));
    }
    let digits = format!("{whole}{fraction}");
    let significant = match digits.trim_start_matches('0').len() {
        // All of them are zeros: those behind the point tell how exact it is.
        0 => fraction.len() + 1,
        significant => significant,
    };
    let value: i128 = digits.parse().map_err(|_| wrong())?;
    let scale = i32::try_from(fraction.len()).unwrap_or(i32::MAX) - exponent;
    let value = if negative { -value } else { value };
    let value = if scale >= 0 {
        Decimal::try_from_i128_with_scale(value, scale.unsigned_abs()).ok()
    } else {
        10_i128
            .checked_pow(scale.unsigned_abs())
            .and_then(|power| value.checked_mul(power))
            .and_then(|value| Decimal::try_from_i128_with_scale(value, 0).ok())
    };
    let value = value.ok_or_else(|| format!("it has more than {MAX_DIGITS} digits; round it"))?;
    Ok((value.normalize(), u32::try_from(significant).unwrap_or(u32::MAX)))
}

/// The digits before the point, without the signs between groups of three.
fn grouped(whole: &str, decimal_comma: bool) -> Result<String, String> {
    if whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(whole.to_owned());
    }
    let comma = if decimal_comma { '.' } else { ',' };
    let is_sign = |c: char| {
        c == comma || matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’' | ',') && c != '.'
    };
    let mut groups = whole.split(is_sign);
    let first = groups.next().unwrap_or_default();
    let digits = |group: &str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
    let fits = digits(first) && first.len() <= 3 && groups.all(|group| digits(group) && group.len() == 3);
    if !fits {
        return Err(
            if whole.contains(',') && !decimal_comma && whole.bytes().all(|b| b.is_ascii_digit() || b == b',')
            {
                "its commas do not part groups of three digits; if they are decimal commas, say numbers.decimal = \",\""
                .to_owned()
            } else {
                NO_NUMBER.to_owned()
            },
        );
    }
    Ok(whole.chars().filter(char::is_ascii_digit).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(cell: &str) -> (String, u32) {
        match read(cell, &NumberForm::default()) {
            Number::Is(printed) if printed.range => {
                (format!("{}..{}", printed.low, printed.high), printed.digits)
            }
            Number::Is(printed) => (printed.low.to_string(), printed.digits),
            other => (format!("{other:?}"), 0),
        }
    }

    #[test]
    fn numbers_as_tables_print_them() {
        for (cell, expected, digits) in [
            ("10,000", "10000", 5),
            (" 1 234 567 ", "1234567", 7),
            ("1'234.50", "1234.5", 6),
            ("0.050", "0.05", 2),
            ("0", "0", 1),
            ("0.00", "0", 3),
            ("-3", "-3", 1),
            ("−3.5", "-3.5", 2),
            ("(120)", "-120", 3),
            ("1.2E+05", "120000", 2),
            ("136.0598338353427", "136.0598338353427", 16),
            ("4,300³", "4300", 4),
            ("270,000[4]", "270000", 6),
            ("2.8~2.85", "2.8..2.85", 2),
            ("100–200", "100..200", 3),
            ("5-7", "5..7", 1),
        ] {
            assert_eq!(value(cell), (expected.to_owned(), digits), "{cell}");
        }
    }

    #[test]
    fn what_is_missing_is_not_zero() {
        for cell in ["", "  ", "--", "—", "W", "w", "NA", "n/a", "NaN", "…"] {
            assert_eq!(read(cell, &NumberForm::default()), Number::Missing, "{cell:?}");
        }
        let form = NumberForm { missing: vec!["Large".to_owned()], ..NumberForm::default() };
        assert_eq!(read("large", &form), Number::Missing);
        assert!(matches!(read("Large", &NumberForm::default()), Number::Wrong(_)));
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_not_guessed() {
        for cell in [
            "1,5", "1,23,456", "1.234.567", "12 34", "1,,000", "e", "1e999", "7-5", "1.2.3", "+-1", "1e",
            "10 t",
        ] {
            assert!(matches!(read(cell, &NumberForm::default()), Number::Wrong(_)), "{cell}");
        }
        let comma = NumberForm { decimal: Some(','), ..NumberForm::default() };
        let Number::Is(printed) = read("1.234,5", &comma) else { panic!("a decimal comma") };
        assert_eq!(printed.low.to_string(), "1234.5");
        assert!(
            matches!(read(&"9".repeat(29), &NumberForm::default()), Number::Wrong(why) if why.contains("28"))
        );
    }

    #[test]
    fn marks_are_told_from_digits() {
        let form = NumberForm {
            footnotes: vec!["r".to_owned()],
            estimates: vec!["e".to_owned()],
            ..NumberForm::default()
        };
        let Number::Is(printed) = read("e13,000 r", &form) else { panic!("a marked number") };
        assert_eq!((printed.low.to_string().as_str(), printed.estimate), ("13000", true));
        let Number::Is(printed) = read(">95", &form) else { panic!("a bound") };
        assert_eq!(printed.qualifier, Qualifier::Over);
        assert!(matches!(read("r", &form), Number::Wrong(_)));
    }
}

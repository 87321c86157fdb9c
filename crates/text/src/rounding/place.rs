//! Which digit of a number is the last that is printed.

use rust_decimal::Decimal;

/// Half a unit of the last printed digit of `value` in `quote`. Number words have none: a small whole number is exact, a large
/// one is taken to its last digit that is not zero. Nothing if it does not fit.
pub(super) fn half(quote: &str, value: Decimal) -> Option<Decimal> {
    if let Some(spread) = spread(quote, value) {
        return Some(spread);
    }
    let two = Decimal::from(2);
    match unit(quote, value) {
        Some(unit) => unit.checked_div(two),
        None if value.is_integer() && value < Decimal::ONE_THOUSAND => Some(Decimal::ZERO),
        None => significant(value).checked_div(two),
    }
}

/// How far a fraction in words reaches: 三成 half a tenth, a third, a half, a quarter two points of a percent. Nothing for all else.
pub(super) fn spread(quote: &str, value: Decimal) -> Option<Decimal> {
    if quote.contains(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    // As a share of one, or in percent.
    let point = if value <= Decimal::ONE { Decimal::new(1, 2) } else { Decimal::ONE };
    if quote.contains(['成', '折']) {
        return Some(point * Decimal::from(5));
    }
    const FRACTIONS: [&str; 9] =
        ["分之", "半", "half", "third", "quarter", "fifth", "sixth", "eighth", "tenth"];
    let lower = quote.to_lowercase();
    FRACTIONS.iter().any(|word| lower.contains(word)).then(|| point * Decimal::TWO)
}

/// One unit of the last digit that is not a final zero: 100 of 3800, 0.1 of 1.5; 1 of zero.
#[must_use]
pub fn significant(value: Decimal) -> Decimal {
    if value.is_zero() {
        return Decimal::ONE;
    }
    power(exponent(value)).unwrap_or(Decimal::ONE)
}

/// One unit of the last printed digit, from the run of digits in `quote` that prints `value`: 1000 of «3.8万». Nothing if no digits
/// print it, or if it does not fit a [`Decimal`].
#[must_use]
pub fn unit(quote: &str, value: Decimal) -> Option<Decimal> {
    let mantissa = stripped(value);
    runs(quote).into_iter().find_map(|run| {
        let digits = run.trim_start_matches('0');
        let bare = digits.trim_end_matches('0');
        if value.is_zero() {
            // Of 0.00 the zeros behind the point are printed digits.
            return (bare.is_empty() && !run.is_empty())
                .then(|| power(1 - i64::try_from(run.len()).unwrap_or(0)))?;
        }
        if bare != mantissa {
            return None;
        }
        let zeros = i64::try_from(digits.len() - bare.len()).ok()?;
        power(exponent(value) - zeros)
    })
}

/// The runs of digits of a text, each without its separators and its point.
fn runs(quote: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut run = String::new();
    let letters: Vec<char> = quote.chars().map(narrow).collect();
    for (index, letter) in letters.iter().enumerate() {
        let digit_behind = letters.get(index + 1).is_some_and(char::is_ascii_digit);
        let joins = matches!(letter, ',' | '.' | '\'' | ' ' | '\u{a0}' | '\u{202f}') && digit_behind;
        if letter.is_ascii_digit() {
            run.push(*letter);
        } else if !joins && !run.is_empty() {
            found.push(std::mem::take(&mut run));
        }
    }
    if !run.is_empty() {
        found.push(run);
    }
    found
}

/// Full-width digits and marks as their narrow forms.
fn narrow(letter: char) -> char {
    match letter {
        '０'..='９' | '，' | '．' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        _ => letter,
    }
}

/// The digits of a value without its final zeros.
fn stripped(value: Decimal) -> String {
    value.mantissa().unsigned_abs().to_string().trim_end_matches('0').to_owned()
}

/// The power of ten of the last digit that is not zero.
fn exponent(value: Decimal) -> i64 {
    let digits = value.mantissa().unsigned_abs().to_string();
    let zeros = digits.len() - digits.trim_end_matches('0').len();
    i64::try_from(zeros).unwrap_or(0) - i64::from(value.scale())
}

/// Ten to the power, if a [`Decimal`] holds it.
fn power(exponent: i64) -> Option<Decimal> {
    if exponent >= 0 {
        let power = 10i128.checked_pow(u32::try_from(exponent).ok()?)?;
        return Decimal::try_from_i128_with_scale(power, 0).ok();
    }
    Decimal::try_from_i128_with_scale(1, u32::try_from(-exponent).ok()?).ok()
}

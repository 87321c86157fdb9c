//! Slips of the pen: another power of ten, two digits exchanged. And how far two days are apart.

use api::record::Extent;
use rust_decimal::Decimal;

use crate::printed::decimal;

/// The number of a day, counted so that differences are right within a few months.
pub(crate) fn day_number(day: &str) -> Option<i64> {
    let mut parts = day.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    // Days of the civil calendar (H. Hinnant, «chrono-compatible low-level date algorithms», 2013).
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year)
}

/// True if both ends of one range are those of the other times the same power of ten.
pub(crate) fn ranges_of_powers(one: &Extent, other: &Extent) -> bool {
    let ranges = [one, other].iter().all(|range| range.value.is_empty());
    let end = |low: &str, high: &str| Some((decimal(low)?, decimal(high)?));
    let ends = end(&one.low, &one.high).zip(end(&other.low, &other.high));
    let Some(((low, high), (least, most))) = ends.filter(|_| ranges) else { return false };
    let ratio = |one: Decimal, other: Decimal| one.checked_div(other).map(|ratio| ratio.normalize());
    is_power(low, least) && !high.is_zero() && ratio(low, least) == ratio(high, most)
}

/// True if one value is the other times ten, a hundred and so on.
pub(crate) fn power_of_ten(one: &Extent, other: &Extent) -> bool {
    let (Some(left), Some(right)) = (decimal(&one.value), decimal(&other.value)) else { return false };
    is_power(left, right)
}

fn is_power(left: Decimal, right: Decimal) -> bool {
    if left.is_zero() || right.is_zero() || left.is_sign_negative() != right.is_sign_negative() {
        return false;
    }
    let (larger, smaller) = (left.abs().max(right.abs()), left.abs().min(right.abs()));
    let Some(ratio) = larger.checked_div(smaller) else { return false };
    let ratio = ratio.normalize().to_string();
    ratio.len() > 1 && ratio.starts_with('1') && ratio[1..].bytes().all(|digit| digit == b'0')
}

/// True if two values have the same digits at the same scale, two of them exchanged.
pub(crate) fn transposed(one: &Extent, other: &Extent) -> bool {
    let (left, right) = (one.digits.as_bytes(), other.digits.as_bytes());
    if left.len() < 2 || left.len() != right.len() {
        return false;
    }
    let apart: Vec<usize> = (0..left.len()).filter(|at| left[*at] != right[*at]).collect();
    let exchanged = matches!(apart[..], [a, b] if left[a] == right[b] && left[b] == right[a]);
    let (Some(left), Some(right)) = (decimal(&one.value), decimal(&other.value)) else { return false };
    // One place of the larger can make it up to ten times the smaller; a further power of ten is another slip.
    exchanged && left.abs().max(right.abs()) < left.abs().min(right.abs()).saturating_mul(Decimal::TEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extent(value: &str) -> Extent {
        let digits = value.replace(['.', '-'], "").trim_matches('0').to_owned();
        Extent { value: value.to_owned(), digits, ..Extent::default() }
    }

    #[test]
    fn slips_are_told_apart() {
        assert!(transposed(&extent("3834"), &extent("3384")));
        assert!(transposed(&extent("-48.37"), &extent("-43.87")));
        assert!(!transposed(&extent("3834"), &extent("3843.1")));
        assert!(!transposed(&extent("3834"), &extent("338400")));
        assert!(power_of_ten(&extent("214"), &extent("21.4")));
        assert!(!power_of_ten(&extent("214"), &extent("428")));
        assert!(!power_of_ten(&extent("0"), &extent("0")));
    }

    #[test]
    fn a_range_is_another_power_only_at_both_ends() {
        let range =
            |low: &str, high: &str| Extent { low: low.into(), high: high.into(), ..Extent::default() };
        assert!(ranges_of_powers(&range("610", "690"), &range("61", "69")));
        assert!(!ranges_of_powers(&range("610", "690"), &range("61", "690")));
        assert!(!ranges_of_powers(&range("610", "690"), &range("610", "690")));
        assert!(!ranges_of_powers(&range("610", ""), &range("61", "")));
        assert!(!ranges_of_powers(&range("0", "0"), &range("0", "0")));
        assert!(!ranges_of_powers(&range("610", "690"), &extent("61")));
    }

    #[test]
    fn days_are_counted() {
        let apart = |one, other| day_number(one).zip(day_number(other)).map(|(one, other)| one - other);
        assert_eq!(apart("2024-03-01", "2024-02-28"), Some(2));
        assert_eq!(apart("2025-01-01", "2024-12-31"), Some(1));
        assert_eq!(apart("2025-07-13", "no day"), None);
    }
}

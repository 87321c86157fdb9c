//! Units of one kind as one unit, so that 3.8 kt and 3,800 t, or a price by the kilogram and by the tonne, can be compared.

use rust_decimal::Decimal;

/// A unit in canonical form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canonical {
    /// Its code, UCUM or ISO 4217: `kg`, `CNY/kg`, `%`; empty for a plain number.
    pub unit: String,
    /// What a value is multiplied by to be in it.
    pub factor: Decimal,
}

/// The canonical form of a unit as a mention has it. What a year has (`t/a`) is what is told of a year: texts say and leave out
/// «a year» for one and the same capacity. `None` if a factor cannot be held.
#[must_use]
pub fn canonical(unit: &str) -> Option<Canonical> {
    let mut parts = unit.split('/');
    let (first, mut factor) = part(parts.next().unwrap_or_default());
    let mut joined = first;
    for below in parts.filter(|below| *below != "a") {
        let (name, by) = part(below);
        factor = factor.checked_div(by)?;
        joined.push('/');
        joined.push_str(&name);
    }
    Some(Canonical { unit: joined, factor })
}

/// True if two canonical units count one kind of thing in two ways that nobody takes for each other: wet and dry tonnes, two
/// currencies. A tonne that is not called wet or dry may be either, and a dollar or a yuan of which no country is said another's.
#[must_use]
pub fn alike(one: &str, other: &str) -> bool {
    one != other
        && kinds(one) == kinds(other)
        && !one.split('/').zip(other.split('/')).any(|(a, b)| vague(a, b))
}

/// True for two units that differ in nothing but their currencies.
pub(crate) fn currencies(one: &str, other: &str) -> bool {
    let parts = |unit: &'_ str| unit.split('/').map(str::to_owned).collect::<Vec<_>>();
    let (left, right) = (parts(one), parts(other));
    left.len() == right.len() && left[1..] == right[1..] && is_money(&left[0]) && is_money(&right[0])
}

/// True if a printed sum names the country of its currency: «A$», 加元, and not a bare «$» or 元.
pub(crate) fn names_country(quote: &str) -> bool {
    const COUNTRIES: &[&str] = &[
        "us$", "usd", "u.s.", "us dollar", "a$", "au$", "aud", "australian", "c$", "cad", "canadian", "hk$",
        "hkd", "hong kong", "s$", "sgd", "nz$", "nt$", "rmb", "cny", "yuan", "美元", "美金", "澳元", "加元",
        "港元", "港币", "新元", "日元", "人民币", "台币", "纽元",
    ];
    let lower = quote.to_lowercase();
    COUNTRIES.iter().any(|name| lower.contains(name))
}

fn kinds(unit: &str) -> Vec<&str> {
    unit.split('/').map(kind).collect()
}

fn kind(unit: &str) -> &str {
    match unit {
        _ if is_money(unit) => "money",
        "kg" | "kg{dry}" | "kg{wet}" | "kg{dwt}" | "{mtu}" => "mass",
        other => other,
    }
}

fn is_money(unit: &str) -> bool {
    unit.len() == 3 && unit.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// True for two units of which one may be a short name of the other.
fn vague(one: &str, other: &str) -> bool {
    const DOLLARS: &[&str] = &["USD", "AUD", "CAD", "HKD", "SGD", "NZD", "TWD", "ZWL", "NAD"];
    const YUAN: &[&str] = &["CNY", "HKD", "TWD", "MOP", "SGD", "JPY"];
    let pair = |names: &[&str]| one != other && names.contains(&one) && names.contains(&other);
    let tonnes = one != other && (one == "kg" || other == "kg");
    tonnes || pair(DOLLARS) || pair(YUAN)
}

/// One part of a unit, and its factor. The factors are exact by definition: international pound and ounce (1959), troy ounce.
fn part(unit: &str) -> (String, Decimal) {
    let (name, mantissa, scale) = match unit {
        "ug" => ("kg", 1, 9),
        "mg" => ("kg", 1, 6),
        "g" => ("kg", 1, 3),
        "t" => ("kg", 1000, 0),
        "t{dry}" => ("kg{dry}", 1000, 0),
        "t{wet}" => ("kg{wet}", 1000, 0),
        "t{dwt}" => ("kg{dwt}", 1000, 0),
        "[lb_av]" => ("kg", 45_359_237, 8),
        // Ounces of metals are troy ounces, called so or not.
        "[oz_av]" | "[oz_tr]" => ("kg", 311_034_768, 10),
        "[ston_av]" => ("kg", 90_718_474, 5),
        "[lton_av]" => ("kg", 10_160_469_088, 7),
        "[car_m]" => ("kg", 2, 4),
        "kW" => ("W", 1_000, 0),
        "MW" => ("W", 1_000_000, 0),
        "GW" => ("W", 1_000_000_000, 0),
        "TW" => ("W", 1_000_000_000_000, 0),
        "W.h" => ("J", 3_600, 0),
        "kW.h" => ("J", 3_600_000, 0),
        "MW.h" => ("J", 3_600_000_000, 0),
        "GW.h" => ("J", 3_600_000_000_000, 0),
        "TW.h" => ("J", 3_600_000_000_000_000, 0),
        "GJ" => ("J", 1_000_000_000, 0),
        "km2" => ("m2", 1_000_000, 0),
        "har" => ("m2", 10_000, 0),
        "mL" => ("L", 1, 3),
        "hL" => ("L", 100, 0),
        "m3" => ("L", 1_000, 0),
        "[bbl_us]" => ("L", 158_987_294_928, 9),
        "[gal_us]" => ("L", 3_785_411_784, 9),
        "mm" => ("m", 1, 3),
        "cm" => ("m", 1, 2),
        "km" => ("m", 1_000, 0),
        other => (other, 1, 0),
    };
    (name.to_owned(), Decimal::new(mantissa, scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_one_kind_become_one() {
        let told = |unit| canonical(unit).map(|told| (told.unit, told.factor.normalize().to_string()));
        let is = |unit: &str, factor: &str| Some((unit.to_owned(), factor.to_owned()));
        assert_eq!(told("t"), is("kg", "1000"));
        assert_eq!(told("USD/t"), is("USD/kg", "0.001"));
        assert_eq!(told("t/a"), is("kg", "1000"));
        assert_eq!(told(""), is("", "1"));
        assert_eq!(told("{share}"), is("{share}", "1"));
    }

    #[test]
    fn alike_is_one_kind_and_not_one_unit() {
        assert!(alike("CNY/kg", "USD/kg") && alike("kg{wet}", "kg{dry}"));
        assert!(!alike("USD/kg", "AUD/kg") && !alike("kg{wet}", "kg"));
        assert!(!alike("kg", "kg") && !alike("CNY", "kg") && !alike("CNY/kg", "CNY"));
    }
}

//! What a unit is counted by: `/吨`, per ton, a share, 每吨; and units that need a second look.

use rust_decimal::Decimal;

use crate::amount::Amount;
use crate::numeral::Number;
use crate::part::UnitOf;
use crate::units::{self, Class, Found};
use crate::view::View;

/// What a unit is divided by.
pub(crate) struct Rate {
    code: &'static str,
    /// How many of the code's unit: 10 in "per 10 kg", 0.5 in 每斤.
    count: Decimal,
    /// Index after it.
    pub(crate) end: usize,
}

impl Rate {
    /// True if it counts by a time: a year, 每月.
    pub(crate) fn is_time(&self) -> bool {
        matches!(self.code, "s" | "min" | "h" | "d" | "wk" | "mo" | "a")
    }
}

/// The denominator behind 每: a unit, or what contracts and assays count by.
pub(crate) fn leading(view: &View<'_>, at: usize) -> Option<Rate> {
    const NAMES: &[(&str, &str)] = &[
        ("手合约", "{lot}"),
        ("合约", "{lot}"),
        ("张合约", "{lot}"),
        ("镍点", "{point}"),
        ("标吨", "t"),
        ("金属吨", "t"),
        ("干吨", "t"),
        ("湿吨", "t"),
        ("干公吨", "t"),
    ];
    let named = NAMES.iter().find_map(|(name, code)| view.loosely(at, name).map(|end| (*code, end)));
    let mut rate = match named {
        Some((code, end)) => Rate { code, count: Decimal::ONE, end },
        None => denominator_at(view, at)?,
    };
    if rate.code == "[oz_av]" {
        rate.code = "[oz_tr]";
    }
    Some(rate)
}

/// Divides a unit; nothing if the factor would not be exact.
pub(crate) fn divide(unit: &mut UnitOf, rate: &Rate) -> Option<()> {
    if rate.count != Decimal::ONE {
        let factor = unit.factor.checked_div(rate.count)?;
        if factor.checked_mul(rate.count)? != unit.factor {
            return None;
        }
        unit.factor = factor.normalize();
    }
    unit.code = [&*unit.code, "/", rate.code].concat().into();
    Some(())
}

/// True if a slash and another currency follow.
pub(crate) fn is_pair(view: &View<'_>, end: usize) -> bool {
    let slash = view.blanks(end);
    view.get(slash) == '/'
        && units::behind(view, view.blanks(slash + 1)).is_some_and(|found| found.unit.class == Class::Money)
}

/// The denominator behind a unit that ends at `end`.
pub(crate) fn denominator(view: &View<'_>, end: usize, money: bool) -> Option<Rate> {
    let next = view.blanks(end);
    if money
        && view.get(next) == '/'
        && let Some((_, end)) = view.any_of(next, &["/镍点", "/标吨", "/金属吨", "/干吨", "/湿吨"])
    {
        let code = if view.get(end - 1) == '点' { "{point}" } else { "t" };
        return Some(Rate { code, count: Decimal::ONE, end });
    }
    let after = match view.get(next) {
        '/' if next == end || money => view.blanks(next + 1),
        '每' => view.blanks(next + 1),
        '-' => {
            view.word(next + 1)
                .filter(|word| matches!(word.as_str(), "a" | "per"))
                .filter(|word| view.get(word.end) == '-')?
                .end
                + 1
        }
        _ => {
            let word = view.word(next)?;
            match word.as_str() {
                "per" => view.blanks(word.end),
                "a" | "an" | "each" => {
                    let noun = view.next_word(word.end)?;
                    if !matches!(
                        noun.as_str(),
                        "share"
                            | "ton"
                            | "tonne"
                            | "pound"
                            | "ounce"
                            | "barrel"
                            | "kilo"
                            | "kilogram"
                            | "gallon"
                            | "litre"
                            | "liter"
                            | "metric"
                            | "carat"
                            | "hour"
                            | "day"
                            | "week"
                            | "month"
                            | "year"
                            | "troy"
                            | "lb"
                            | "bushel"
                    ) {
                        return None;
                    }
                    // "250 tons a year earlier" compares, and counts nothing by the year.
                    if view.next_word(noun.end).is_some_and(|word| {
                        matches!(
                            word.as_str(),
                            "earlier" | "ago" | "before" | "later" | "prior" | "previously"
                        )
                    }) {
                        return None;
                    }
                    view.blanks(word.end)
                }
                _ => return None,
            }
        }
    };
    let mut rate = denominator_at(view, after)?;
    if rate.code == "[oz_av]" && money {
        rate.code = "[oz_tr]";
    }
    Some(rate)
}

/// 每吨9663美元, 每股1.95港元, 每10公斤50元: the denominator said before the number that begins at `start`.
pub(crate) fn before(view: &View<'_>, start: usize) -> Option<Rate> {
    for length in 2..=7 {
        let at = start.checked_sub(length)?;
        if view.get(at) == '每' {
            return leading(view, at + 1).filter(|rate| view.blanks(rate.end) == start);
        }
    }
    None
}

/// What is counted one by one.
const COUNTS: &[(&str, &str)] = &[
    ("片", "{piece}"),
    ("件", "{piece}"),
    ("只", "{piece}"),
    ("支", "{piece}"),
    ("枚", "{piece}"),
    ("个", "{piece}"),
    ("套", "{set}"),
    ("台", "{unit}"),
    ("辆", "{vehicle}"),
    ("人", "{person}"),
    ("户", "{household}"),
    ("箱", "{box}"),
    ("piece", "{piece}"),
    ("pc", "{piece}"),
    ("unit", "{unit}"),
    ("set", "{set}"),
    ("vehicle", "{vehicle}"),
    ("person", "{person}"),
    ("head", "{person}"),
    ("capita", "{person}"),
    ("household", "{household}"),
];

fn denominator_at(view: &View<'_>, at: usize) -> Option<Rate> {
    const TIMES: &[(&str, &str)] = &[
        ("milliseconds", "ms"),
        ("millisecond", "ms"),
        ("ms", "ms"),
        ("seconds", "s"),
        ("second", "s"),
        ("sec", "s"),
        ("minute", "min"),
        ("min", "min"),
        ("hours", "h"),
        ("hour", "h"),
        ("hr", "h"),
        ("h", "h"),
        ("day", "d"),
        ("week", "wk"),
        ("month", "mo"),
        ("year", "a"),
        ("yr", "a"),
        ("y", "a"),
        ("pa", "a"),
        ("annum", "a"),
        ("s", "s"),
        ("小时", "h"),
        ("秒", "s"),
        ("分钟", "min"),
        ("天", "d"),
        ("日", "d"),
        ("周", "wk"),
        ("月", "mo"),
        ("年", "a"),
    ];
    let (count, at) = match view.digits(at).filter(|digits| digits.count <= 6 && digits.value > 0) {
        Some(digits) => (Decimal::from(digits.value), view.blanks(digits.end)),
        None => (Decimal::ONE, at),
    };
    if let Some(found) = units::behind(view, at)
        && !matches!(found.unit.class, Class::Money | Class::Percent | Class::Multiple)
    {
        let count = count.checked_mul(found.unit.factor)?;
        return Some(Rate { code: found.unit.code, count, end: found.end });
    }
    let (code, end) = TIMES.iter().chain(COUNTS).find_map(|(name, code)| {
        let end = at + name.chars().count();
        (view.starts_with(at, name) && view.at_edge(end)).then_some((*code, end))
    })?;
    Some(Rate { code, count, end })
}

/// False for words that name a unit only behind a large number or in a certain spelling.
pub(crate) fn plausible(view: &View<'_>, number: &Number, at: usize, found: &Found) -> bool {
    let Some(word) = view.word(at).filter(|word| word.end == found.end) else {
        return view.get(at) != '元'
            || !matches!(view.get(at + 1), '材' | '锂' | '前' | '正' | '电' | '体' | '聚')
            || number.scaled;
    };
    let large = number.scaled || Amount::whole(1000).less_than(&number.value);
    match word.as_str() {
        // "in 2020 won", "3 mao", "12 real"
        // "500 won" is money, "500 won seats" is not.
        "won" if !large => {
            let tail = view.blanks(found.end);
            let ends = !view.get(tail).is_alphanumeric();
            let joins =
                view.word(tail).is_some_and(|word| matches!(word.as_str(), "to" | "per" | "from" | "and"));
            Amount::whole(99).less_than(&number.value) && (ends || joins)
        }
        "won" | "rand" | "dong" | "marks" | "reais" | "sterling" | "franc" | "francs" => {
            large && !is_year(view, number)
        }
        "points" | "shares" | "share" | "lots" | "feet" | "foot" | "times" => {
            !is_year(view, number) || view.get(at) != 's'
        }
        // A letter behind a blank is too little after what may be a year or a clause number.
        "t" | "g" | "l" | "m" => at <= number.end + 1 && !(at > number.end && is_year(view, number)),
        "contract" | "contracts" => Amount::whole(99).less_than(&number.value),
        "degree" => number.value.small().is_some(),
        _ => true,
    }
}

fn is_year(view: &View<'_>, number: &Number) -> bool {
    view.digits(number.start).is_some_and(|digits| {
        digits.count == 4 && digits.end == number.end && (1900..2100).contains(&digits.value)
    })
}

/// Units whose meaning hangs on what is around: pounds of money or mass, ounces of metal.
pub(crate) fn settle(view: &View<'_>, number: &Number, unit: &mut UnitOf, end: usize) {
    if unit.code == "[lb_av]"
        && number.scaled
        && view.word_before(end).is_some_and(|(_, word)| matches!(word.as_str(), "pounds" | "pound"))
    {
        let of_something = view.next_word(end).is_some_and(|word| matches!(word.as_str(), "of" | "per"));
        if !of_something {
            unit.code = "GBP".into();
            unit.class = Class::Money;
        }
    }
    // "5 pounds 20 pence"
    if unit.code == "[lb_av]"
        && let Some(pence) = view.digits(view.blanks(end))
        && view.next_word(pence.end).is_some_and(|word| matches!(word.as_str(), "pence" | "p" | "penny"))
    {
        unit.code = "GBP".into();
        unit.class = Class::Money;
    }
    if unit.code == "[oz_av]" && precious(view, number.start, end) {
        unit.code = "[oz_tr]".into();
    }
}

/// True if a precious metal is named within 60 characters.
fn precious(view: &View<'_>, start: usize, end: usize) -> bool {
    const METALS: &[&str] = &[
        "gold", "silver", "platinum", "palladium", "黄金", "白银", "铂", "钯", "troy", "金衡", "bullion",
        "rhodium",
    ];
    let from = start.saturating_sub(60);
    (from..(end + 60).min(view.len())).any(|at| METALS.iter().any(|metal| view.starts_with(at, metal)))
}

//! Money ÷ quantity is the unit price that is said for it; against a market price, a factor of three is plausible and a factor of
//! five is not.

use api::record::Check;
use rust_decimal::Decimal;
use text::rounding::Bounds;

use super::{Sum, plain};
use crate::figure::Figure;
use crate::outcome::Outcome;
use crate::page::{Page, Sentence};
use crate::unit::Unit;
use crate::words;

/// Words of a price that is the market's and not the deal's.
const MARKET: &[&str] =
    &["spot", "market", "quoted", "traded near", "trades", "现货", "市场价", "市价", "报价", "行情", "期货"];

/// Words of a price that nobody pays for a lot: a floor that is guaranteed, a cap.
const BOUND: &[&str] =
    &["floor", "minimum price", "price cap", "ceiling", "底价", "保底价", "最低价", "地板价", "限价", "上限"];

/// Words of money that buys no goods.
const CAPITAL: &[&str] = &[
    "stock", "stake", "equity", "shares", "loan", "invest", "financing", "bond", "股权", "股份", "优先股",
    "贷款", "投资", "融资", "募资", "债券",
];

/// Words of an amount that a plant could make.
const COULD: &[&str] = &["capacity", "capable", "产能"];

/// How far from a market price a deal plausibly is, and from where it is not.
const NEAR: i64 = 3;
const FAR: i64 = 5;

/// What a share costs in the mean over all that is traded on a mainland Chinese market, in CNY. From the turnover that the exchanges of
/// Shanghai, Shenzhen and Beijing publish, it has lain between about 6 and 30 since 2015; the table allows half and twice of that.
const MEAN_SHARE: (i64, i64) = (3, 60);

/// Words of a market as a whole; one company's shares may cost anything.
const WHOLE_MARKET: &[&str] = &[
    "exchange", "market", "a-share", "a-shares", "交易所", "两市", "沪市", "深市", "北证", "北交所", "A股",
    "a股", "全市场", "新三板",
];

pub(super) fn check(page: &Page<'_>, found: &mut Vec<Outcome>) {
    for (at, sentence) in page.sentences.iter().enumerate() {
        found.extend(turnover(page, sentence));
        for price in page.of(sentence) {
            if !price.is_single() {
                continue;
            }
            if price.unit.price().is_some() {
                found.extend(stated(page, at, sentence, price));
            } else if let Some(price) = for_each(page, sentence, price) {
                found.extend(stated(page, at, sentence, &price));
            }
        }
    }
}

/// Turnover of a market ÷ shares traded, against what a share plausibly costs.
fn turnover(page: &Page<'_>, sentence: &Sentence) -> Option<Outcome> {
    let mut shares =
        page.of(sentence).iter().filter(|figure| figure.unit.dimension == "{share}" && figure.is_single());
    let mut sums =
        page.of(sentence).iter().filter(|figure| figure.unit.dimension == "CNY" && figure.is_single());
    let (volume, value) = (shares.next()?, sums.next()?);
    let of = |figure: &Figure<'_>, id: &str| {
        let claim = figure.claim.map(|claim| &page.claims[claim].claim);
        claim.and_then(|claim| claim.measure.as_ref()).is_some_and(|measure| measure.id == id)
    };
    let traded = of(volume, "measure/trading-volume") && of(value, "measure/trading-value");
    let words = page.lower(sentence.span.start, sentence.span.end);
    if shares.next().is_some() || sums.next().is_some() || !traded || !words::has(&words, WHOLE_MARKET) {
        return None;
    }
    let sum = Sum {
        check: Check::UnitPrice,
        figures: vec![value, volume],
        expression: format!("{} ÷ {}", plain(value.quote), plain(volume.quote)),
        follows: value.bounds.over(&volume.bounds)?,
        printed: Bounds::between(MEAN_SHARE.0.into(), MEAN_SHARE.1.into()),
        unit: Unit::parse("CNY/{share}"),
    };
    let mut outcome = sum.outcome(page);
    let follows = outcome.calculations.first()?.follows;
    let (low, high) = MEAN_SHARE;
    outcome.said = format!(
        "{} ÷ {} = {follows} CNY a share; in the mean a share costs {low} to {high} CNY on these markets",
        plain(value.quote),
        plain(volume.quote)
    );
    if !outcome.holds {
        // A scale is lost in one of the two, however small the gap.
        outcome.severity = 85;
    }
    Some(outcome)
}

/// Money that is said to be for a unit somewhere before it: «Per pound, that is 15 US cents».
fn for_each<'a>(page: &Page<'a>, sentence: &Sentence, money: &Figure<'a>) -> Option<Figure<'a>> {
    const UNITS: [(&str, &str); 8] = [
        ("per pound", "[lb_av]"),
        ("per lb", "[lb_av]"),
        ("per tonne", "t"),
        ("per ton", "t"),
        ("per kilogram", "kg"),
        ("per kilo", "kg"),
        ("per kg", "kg"),
        ("per ounce", "[oz_tr]"),
    ];
    const CHINESE: [(&str, &str); 13] = [
        ("每吨产能", "t"),
        ("每吨", "t"),
        ("单吨", "t"),
        ("一吨", "t"),
        ("吨均", "t"),
        ("每公斤", "kg"),
        ("每千克", "kg"),
        ("单公斤", "kg"),
        ("一公斤", "kg"),
        ("每克", "g"),
        ("每磅", "[lb_av]"),
        ("每盎司", "[oz_tr]"),
        ("每金衡盎司", "[oz_tr]"),
    ];
    // What may stand between the unit and the money: 单吨售价约为, 每吨合.
    const NAMES: [&str; 16] = [
        "约", "为", "达", "合", "是", "在", "价格", "售价", "均价", "单价", "成交价", "价", "货值", "折合",
        "平均", "到岸",
    ];
    money.unit.is_money().then_some(())?;
    let head = page.before(sentence, money.span.start);
    let opens = page.lower(sentence.span.start, money.span.start);
    let english = UNITS.iter().find(|(word, _)| opens.starts_with(word) && opens.len() < word.len() + 24);
    let mut tail = head.as_str();
    while let Some(rest) = NAMES.iter().find_map(|name| tail.strip_suffix(name)) {
        tail = rest;
    }
    let (_, unit) = english.or(CHINESE.iter().find(|(word, _)| tail.ends_with(word)))?;
    let mut price = money.clone();
    let unit = Unit::parse(&format!("{}/{unit}", money.unit.code));
    price.take_unit(unit);
    Some(price)
}

/// The deal of which a unit price is said: money and quantity in the same sentence, or the two around it.
fn stated(page: &Page<'_>, at: usize, sentence: &Sentence, price: &Figure<'_>) -> Option<Outcome> {
    let (money, below) = price.unit.price()?;
    if words::has(&page.before(sentence, price.span.start), BOUND) {
        return None;
    }
    let windows = [
        at..at + 1,
        at.saturating_sub(1)..at + 1,
        at..at + 2,
        at.saturating_sub(1)..at + 2,
        at.saturating_sub(2)..at + 1,
    ];
    for window in windows {
        let Some(sentences) = page.sentences.get(window) else { continue };
        if sentences.iter().any(|other| other.line != sentence.line) {
            continue;
        }
        let figures: Vec<&Figure<'_>> = sentences.iter().flat_map(|sentence| page.of(sentence)).collect();
        let sums: Vec<&Figure<'_>> = figures
            .iter()
            .copied()
            .filter(|figure| {
                figure.unit.dimension == money && figure.is_single() && figure.span != price.span
            })
            .collect();
        let amounts: Vec<&Figure<'_>> = figures
            .iter()
            .copied()
            .filter(|figure| figure.unit.dimension == below && figure.is_single())
            .collect();
        if sums.is_empty() || amounts.is_empty() && below != "{mtu}" {
            continue;
        }
        if below == "{mtu}" && amounts.is_empty() {
            return by_grade(page, &figures, &sums, price);
        }
        let market = words::has(&page.before(sentence, price.span.start), MARKET);
        if let Some(whole) = together(page, sentence, &sums, &amounts, price) {
            return Some(whole);
        }
        let outcomes: Vec<Outcome> = sums
            .iter()
            .flat_map(|sum| amounts.iter().map(move |amount| (sum, amount)))
            .filter_map(|(sum, amount)| judge(page, sum, amount, price, market))
            .collect();
        if let Some(holds) = outcomes.iter().find(|outcome| outcome.holds) {
            return Some(holds.clone());
        }
        let (&[sum], &[_]) = (sums.as_slice(), amounts.as_slice()) else { return None };
        let near = |figure: &Figure<'_>, words: &[&str]| {
            page.sentence_of(figure).is_some_and(|told| {
                words::has(&page.near_before(told, figure), words)
                    || words::has(&page.near_behind(told, figure), words)
            })
        };
        // What stands in several sentences belongs together only if nothing says that it does not.
        let apart =
            sentences.len() > 1 && (near(sum, CAPITAL) || amounts.iter().any(|amount| near(amount, COULD)));
        return outcomes.into_iter().next().filter(|_| !apart && is_deal(page, sum, price));
    }
    None
}

/// True for money that can be what a lot was sold for: no change of a price, and more than twice what one unit costs.
fn is_deal(page: &Page<'_>, sum: &Figure<'_>, price: &Figure<'_>) -> bool {
    let Some(sentence) = page.sentence_of(sum) else { return false };
    let change = sum.change.is_some() || words::sign(&page.near_before(sentence, sum), "").is_some();
    let one = Bounds::exact(price.unit.factor);
    let unit = price.bounds.over(&one).and_then(|price| price.times(&Bounds::exact(Decimal::TWO)));
    !change && unit.is_some_and(|unit| unit.is_below(&sum.bounds))
}

/// Money for several lots together: 两批货款合计612.5万元.
fn together(
    page: &Page<'_>,
    sentence: &Sentence,
    sums: &[&Figure<'_>],
    amounts: &[&Figure<'_>],
    price: &Figure<'_>,
) -> Option<Outcome> {
    let &[sum] = sums else { return None };
    let told = page.sentence_of(sum).unwrap_or(sentence);
    if amounts.len() < 2
        || !words::has(
            &page.near_before(told, sum),
            &["合计", "共计", "总计", "共", "together", "in total", "combined", "both"],
        )
    {
        return None;
    }
    let (mut all, mut names) = (Bounds::exact(Decimal::ZERO), Vec::new());
    for amount in amounts {
        all = all.plus(&amount.bounds)?;
        names.push(plain(amount.quote));
    }
    let mut figures = vec![sum];
    figures.extend(amounts);
    figures.push(price);
    let sum = Sum {
        check: Check::UnitPrice,
        expression: format!("{} ÷ ({})", plain(sum.quote), names.join(" + ")),
        follows: sum.bounds.over(&all)?,
        printed: price.bounds,
        unit: price.unit.clone(),
        figures,
    };
    Some(sum.outcome(page))
}

/// A price for a metric ton unit, a hundredth of a ton of what is contained: money ÷ (mass × grade in percent).
fn by_grade(
    page: &Page<'_>,
    figures: &[&Figure<'_>],
    sums: &[&Figure<'_>],
    price: &Figure<'_>,
) -> Option<Outcome> {
    let find = |dimension: &str| {
        let mut found =
            figures.iter().filter(|figure| figure.unit.dimension == dimension && figure.is_single());
        found.next().copied().filter(|_| found.next().is_none())
    };
    let (&[sum], mass, grade) = (sums, find("mass")?, find("%")?) else { return None };
    let tons = mass.bounds.over(&Bounds::exact(Decimal::ONE_THOUSAND))?;
    let sum = Sum {
        check: Check::UnitPrice,
        figures: vec![sum, mass, grade, price],
        expression: format!("{} ÷ ({} × {})", plain(sum.quote), plain(mass.quote), plain(grade.quote)),
        follows: sum.bounds.over(&tons.times(&grade.bounds)?)?,
        printed: price.bounds,
        unit: price.unit.clone(),
    };
    Some(sum.outcome(page))
}

fn judge(
    page: &Page<'_>,
    sum: &Figure<'_>,
    amount: &Figure<'_>,
    price: &Figure<'_>,
    market: bool,
) -> Option<Outcome> {
    let follows = sum.bounds.over(&amount.bounds)?;
    let times = |bounds: &Bounds, factor: i64| -> Option<Bounds> {
        let factor = Decimal::from(factor);
        Some(Bounds::between(bounds.low()?.checked_div(factor)?, bounds.high()?.checked_mul(factor)?))
    };
    let printed = if market {
        let near = times(&price.bounds, NEAR)?;
        if !follows.meets(&near) && follows.meets(&times(&price.bounds, FAR)?) {
            return None;
        }
        near
    } else {
        price.bounds
    };
    // Money for a capacity is no price of a good.
    let words = page.lower(sum.span.start.min(amount.span.start), price.span.end);
    let check = if words::has(&words, &["产能", "capacity"]) { Check::Ratio } else { Check::UnitPrice };
    let sum = Sum {
        check,
        figures: vec![sum, amount, price],
        expression: format!("{} ÷ {}", plain(sum.quote), plain(amount.quote)),
        follows,
        printed,
        unit: price.unit.clone(),
    };
    Some(sum.outcome(page))
}

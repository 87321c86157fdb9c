//! Units that are said once for several figures of a sentence: 每干吨70美元，保底价65美元; «$9,663 a tonne, up $120».

use rust_decimal::Decimal;

use super::draft::Draft;
use super::measure::{is_rate_of_money, is_sum};
use super::scene::{Scene, resolved};
use super::slots::{Amount, Claim};
use crate::find::{find, lower};
use crate::mention::Kind;

/// Completes the units of the claims of one sentence from the figures that they stand beside.
pub(super) fn carry(text: &str, claims: &mut [Claim<'_>]) {
    // The units as they were read, if a sum needs that of another.
    let open = |claim: &Claim<'_>| {
        claim.value.as_ref().is_some_and(|value| value.is.unit.is_none())
            && is_sum(claim.measure_id().unwrap_or_default())
    };
    let unit = |claim: &Claim<'_>| claim.unit().map(str::to_owned);
    let known: Vec<Option<String>> =
        if claims.iter().any(open) { claims.iter().map(unit).collect() } else { Vec::new() };
    for index in 0..claims.len() {
        let (done, rest) = claims.split_at_mut(index);
        let Some(claim) = rest.first_mut() else { continue };
        let before = done.last().filter(|before| before.sentence == claim.sentence);
        let rate = before.and_then(rate_of);
        let id = claim.measure.as_ref().and_then(|slot| slot.is.id.as_deref()).unwrap_or_default();
        let is_index = id == "measure/index-level";
        if let Some(value) = claim.value.as_mut() {
            // 亏了4.3亿 is in the money told before, or in that of the text's language.
            if value.is.unit.is_none() && is_sum(id) {
                let told = (index.saturating_sub(FAR)..index).rev();
                let told = told
                    .filter_map(|other| known.get(other)?.clone())
                    .find(|unit| super::measure::is_money(unit));
                value.is.unit = Some(told.unwrap_or_else(|| "CNY".to_owned()));
            }
            if is_index && value.is.unit.is_none() {
                value.is.unit = Some("{point}".to_owned());
            }
            if let Some(rate) = rate.filter(|_| of_a_good(id)) {
                adopt(&mut value.is, rate);
            }
            // «raised by 700 yuan a tonne to 15,900 yuan».
            let own = claim.changes.iter().filter_map(|change| change.by.as_ref()?.is.unit.as_deref());
            if let Some(rate) = own.into_iter().find(|unit| is_rate_of_money(unit)) {
                adopt(&mut value.is, rate);
            }
            // «its gap to 257 dollars a kilogram is 10 yuan» is for a kilogram too.
            if matches!(id, "measure/spread" | "measure/premium" | "measure/discount" | "measure/cost")
                && let Some((_, mass)) = rate.and_then(|rate| rate.split_once('/'))
                && let Some(money) = value.is.unit.as_deref().filter(|unit| super::measure::is_money(unit))
            {
                value.is.unit = Some(format!("{money}/{mass}"));
            }
            // What a vehicle costs is plain money: a noun that counts is no unit.
            if let Some(money) = value.is.unit.as_deref().and_then(|unit| unit.strip_suffix("/{vehicle}")) {
                value.is.unit = Some(money.to_owned());
            }
            let per = match id {
                "measure/capacity"
                | "measure/quota"
                | "measure/supply"
                | "measure/trading-volume"
                | "measure/consumption"
                | "measure/purchases"
                    if is_yearly(text, value.origin.start_byte, value.origin.end_byte) =>
                {
                    "a"
                }
                "measure/capacity" if is_monthly(text, value.origin.start_byte) => "mo",
                "measure/output" | "measure/consumption" | "measure/throughput"
                    if is_daily(text, value.origin.start_byte, value.origin.end_byte) =>
                {
                    "d"
                }
                _ => "",
            };
            if !per.is_empty() {
                let unit = value
                    .is
                    .unit
                    .as_deref()
                    .filter(|unit| !unit.contains('/') && !super::measure::is_money(unit));
                value.is.unit = unit.map(|unit| format!("{unit}/{per}")).or(value.is.unit.take());
            }
        }
        let own = claim.value.as_ref().and_then(|value| value.is.unit.as_deref());
        let level = own.or(rate.filter(|_| of_a_good(id)));
        for change in &mut claim.changes {
            let before =
                change.base.as_mut().and_then(|base| base.is.value.as_mut()).map(|value| &mut value.is);
            for amount in change.by.as_mut().map(|by| &mut by.is).into_iter().chain(before) {
                if is_index && amount.unit.is_none() {
                    amount.unit = Some("{point}".to_owned());
                }
                if let Some(level) = level {
                    adopt(amount, level);
                    // «$1,050/kg, up 20», 482亿港元，比昨日多57亿.
                    if amount.unit.is_none() && (is_rate_of_money(level) || super::measure::is_money(level)) {
                        amount.unit = Some(level.to_owned());
                    }
                }
            }
        }
    }
}

/// The unit of a level in plain money that a rate led to: 由每磅10美元涨至16美元, «from $10 a pound to $16».
pub(super) fn rate_of_start(scene: &Scene<'_, '_>, draft: &Draft, level: usize) -> Option<String> {
    let money = scene.unit(level).filter(|unit| super::measure::is_money(unit))?;
    let starts = draft.moves.iter().filter_map(|moved| moved.before.filter(|before| *before < level));
    let rates = starts.into_iter().filter_map(|before| scene.unit(before));
    rates
        .into_iter()
        .find(|rate| {
            super::measure::is_rate_of_money(rate) && rate.split('/').next().is_some_and(|unit| unit == money)
        })
        .map(str::to_owned)
}

/// The unit of a plain number that is said with the last number of its list: «88.20, 87.10 and 85.30 USD/lb».
pub(super) fn shared(scene: &Scene<'_, '_>, item: usize) -> Option<String> {
    let mut at = item;
    scene.mention(item).filter(|mention| mention.kind == Kind::Number)?;
    loop {
        let next = (at + 1..scene.items.len()).find(|next| scene.mention(*next).is_some())?;
        let mention = scene.mention(next)?;
        let gap = scene.text.get(scene.items[at].end..scene.items[next].start)?;
        if !matches!(gap.trim(), "," | "，" | "、" | "and" | "和" | "与" | ", and" | "or" | "或") {
            return None;
        }
        match mention.kind {
            Kind::Quantity => return mention.unit.clone(),
            Kind::Number => at = next,
            _ => return None,
        }
    }
}

/// The unit of a claim's level, if it is one for another.
fn rate_of<'c>(claim: &'c Claim<'_>) -> Option<&'c str> {
    claim.unit().filter(|unit| unit.contains('/'))
}

fn of_a_good(measure: &str) -> bool {
    matches!(
        super::measure::name_of(measure),
        "price" | "premium" | "discount" | "spread" | "cost" | "treatment-charge" | "profit" | "unit-profit"
    )
}

/// Gives an amount in CNY the unit CNY/t of the level that it stands beside; t beside t/a becomes t/a.
fn adopt(amount: &mut Amount, level: &str) {
    let same = amount.unit.as_deref().zip(level.split_once('/')).is_some_and(|(unit, (of, _))| unit == of);
    if same {
        amount.unit = Some(level.to_owned());
    }
}

/// Gives a price without the mass that it is for the unit of the nearest price of the same good, if the two are of one size:
/// 90万元 beside 81.5万元/吨.
pub(super) fn settle(claims: &mut [Claim<'_>]) {
    let known: Vec<Option<Price>> = claims.iter().map(price_of).collect();
    for (index, claim) in claims.iter_mut().enumerate() {
        let Some(unit) = unit_near(claim, index, &known) else { continue };
        if claim.measure.is_none() {
            claim.measure = Some(resolved("measure/price", "money for a mass is a price"));
        }
        if let Some(value) = claim.value.as_mut() {
            value.is.unit = Some(unit.clone());
        }
        for change in &mut claim.changes {
            let before =
                change.base.as_mut().and_then(|base| base.is.value.as_mut()).map(|value| &mut value.is);
            for amount in change.by.as_mut().map(|by| &mut by.is).into_iter().chain(before) {
                adopt(amount, &unit);
            }
        }
    }
}

/// A price with its unit.
struct Price {
    good: String,
    size: Decimal,
    unit: String,
}

fn price_of(claim: &Claim<'_>) -> Option<Price> {
    let value = &claim.value.as_ref()?.is;
    let unit = value.unit.as_deref().filter(|unit| is_rate_of_money(unit))?;
    Some(Price { good: good_of(claim)?, size: middle(value)?, unit: unit.to_owned() })
}

/// How many claims away a price may stand that gives its unit.
const FAR: usize = 60;

/// How many claims before a price of another good may stand that gives its unit.
const BESIDE: usize = 4;

/// The unit of the nearest price that a claim in plain money can be like.
fn unit_near(claim: &Claim<'_>, index: usize, known: &[Option<Price>]) -> Option<String> {
    let id = claim.measure.as_ref().and_then(|slot| slot.is.id.as_deref());
    // Differences have another size than the prices themselves.
    let gap = matches!(
        id,
        Some(
            "measure/premium"
                | "measure/discount"
                | "measure/spread"
                | "measure/cost"
                | "measure/treatment-charge"
        )
    );
    let value = claim.value.as_ref().filter(|_| gap || id.is_none_or(|id| id == "measure/price"))?;
    let money = value.is.unit.as_deref().filter(|unit| super::measure::is_money(unit))?;
    let (good, size) = (good_of(claim)?, middle(&value.is)?);
    let three = Decimal::from(3);
    let fits = |price: &&Price| {
        akin(&price.good, &good)
            && price.unit.split('/').next() == Some(money)
            && (gap || price.size <= size * three && size <= price.size * three)
    };
    // «zinc fell to $2,740 a tonne. Tin gained 0.3% to $33,350»: another good beside it, if it moved as that did.
    let moved = claim.changes.iter().any(|change| change.by.is_some());
    let beside = |price: &&Price| {
        // Gold costs a hundred times what silver does.
        let times = Decimal::from(if price.unit.ends_with("/[oz_tr]") { 150 } else { 30 });
        moved
            && !gap
            && price.unit.split('/').next() == Some(money)
            && price.size <= size * times
            && size <= price.size * times
    };
    let last = index.saturating_sub(BESIDE)..index;
    let last = last.rev().filter_map(|other| known[other].as_ref().filter(beside)).next();
    let near = index.saturating_sub(FAR)..known.len().min(index + FAR);
    near.filter_map(|other| Some((other, known[other].as_ref().filter(fits)?)))
        .min_by_key(|(other, _)| other.abs_diff(index))
        .map(|(_, price)| price.unit.clone())
        .or_else(|| last.map(|price| price.unit.clone()))
}

/// True if two goods are named after one thing: lithium-carbonate, lithium-hydroxide.
fn akin(one: &str, other: &str) -> bool {
    let words =
        |id: &str| id.split('/').nth(1).map(|name| name.split('-').map(str::to_owned).collect::<Vec<_>>());
    let (Some(one), Some(other)) = (words(one), words(other)) else { return false };
    one.iter().any(|word| word.len() > 3 && !COMMON.contains(&word.as_str()) && other.contains(word))
}

/// Words of goods that do not tell what they are of.
const COMMON: &[&str] = &[
    "oxide", "metal", "concentrate", "ingot", "powder", "scrap", "carbonate", "sulphate", "grade", "alloy",
    "refined", "primary", "chloride", "battery",
];

/// The id of the good that a claim is of.
fn good_of(claim: &Claim<'_>) -> Option<String> {
    claim.subject_id().filter(|id| id.starts_with("commodity/")).map(str::to_owned)
}

/// The value of an amount, or one of its ends.
fn middle(amount: &Amount) -> Option<Decimal> {
    amount.value.as_deref().or(amount.low.as_deref()).or(amount.high.as_deref())?.parse().ok()
}

/// True if the words before a capacity say that it is for a month: 月产能1,350吨.
fn is_monthly(text: &str, start: usize) -> bool {
    let from = (start.saturating_sub(48)..=start).find(|at| text.is_char_boundary(*at)).unwrap_or(start);
    let ahead = lower(text.get(from..start).unwrap_or_default());
    ["月产能", "月处理", "monthly capacity", "monthly production capacity"]
        .iter()
        .any(|word| ahead.contains(word))
}

/// True if the words before an amount say that it is for a day: 日均产量226.2万吨, «daily output of 2 Mt».
fn is_daily(text: &str, start: usize, end: usize) -> bool {
    let from = (start.saturating_sub(48)..=start).find(|at| text.is_char_boundary(*at)).unwrap_or(start);
    let ahead = text.get(from..start).unwrap_or_default();
    let ahead = lower(ahead.rsplit([',', '，', '。', ';', '；', '、']).next().unwrap_or_default());
    let behind = text.get(end..).unwrap_or_default().trim_start();
    ["日均", "每日", "每天", "日产", "daily", "per day", "a day"].iter().any(|word| ahead.contains(word))
        || ["a day", "per day", "each day", "daily"].iter().any(|word| behind.starts_with(word))
}

/// True if the words around a capacity say that it is for a year: 年产能1万吨, «20,000 tonnes of annual capacity».
fn is_yearly(text: &str, start: usize, end: usize) -> bool {
    let from = (start.saturating_sub(36)..=start).find(|at| text.is_char_boundary(*at)).unwrap_or(start);
    let ahead = text.get(from..start).unwrap_or_default();
    let ahead = lower(ahead.rsplit([',', '，', '。', ';', '；', '、']).next().unwrap_or_default());
    // Longer than any of the words, and no more of the text.
    let behind: String = text
        .get(end..)
        .unwrap_or_default()
        .trim_start()
        .chars()
        .take(48)
        .flat_map(char::to_lowercase)
        .collect();
    [
        "年产",
        "年能力",
        "年处理",
        "每年",
        "年用",
        "年供",
        "年采购",
        "annual",
        "per year",
        "a year",
        "each year",
    ]
    .iter()
    .any(|word| find(&ahead, word).is_some())
        || ["年产能", "的每年", "年能力", "annual", "per year", "a year", "per annum"]
            .iter()
            .any(|word| behind.starts_with(word))
        // «4,440 tonnes of oxide a year».
        || behind.starts_with("of ")
            && behind.split([',', '.', ';']).next().is_some_and(|clause| {
                [" a year", " per year", " annually"].iter().any(|word| clause.ends_with(word))
            })
}

#[cfg(test)]
mod tests {
    use crate::{Context, Reader};

    /// The values and changes of a text's claims with their units.
    fn told(text: &str) -> Vec<String> {
        let reader = Reader::standard();
        let mentions = reader.read(text, &Context::default());
        let show = |amount: &crate::Amount| {
            let unit = amount.unit.as_deref().unwrap_or_default();
            format!("{} {unit}", amount.value.as_deref().unwrap_or_default())
        };
        reader
            .claims(text, 0, &mentions)
            .iter()
            .map(|claim| {
                let value = claim.value.as_ref().map(|value| show(&value.is)).unwrap_or_default();
                let by: Vec<String> = claim
                    .changes
                    .iter()
                    .filter_map(|change| change.by.as_ref())
                    .map(|by| show(&by.is))
                    .collect();
                format!("{value} [{}]", by.join(", "))
            })
            .collect()
    }

    #[test]
    fn a_unit_that_is_said_once_holds_for_its_neighbours() {
        let cases = [
            ("氧化铽收于每公斤5,420元，下跌100元。", &["5420 CNY/kg [-100 CNY/kg]"][..]),
            (
                "锡价分别为88.2、87.1和85.3 USD/lb。",
                &["88.2 USD/[lb_av] []", "87.1 USD/[lb_av] []", "85.3 USD/[lb_av] []"],
            ),
            ("公司锂盐年产能1万吨。", &["10000 t/a []"]),
            ("沪铜成交量18万手。", &["180000 {lot} []"]),
        ];
        for (text, expected) in cases {
            assert_eq!(told(text), expected, "{text}");
        }
    }

    #[test]
    fn losses_and_deficits_are_below_zero() {
        let cases = [
            ("公司净亏损5.5亿元。", "-550000000 CNY []"),
            ("The company's net profit was 12 million yuan.", "12000000 CNY []"),
            ("铜市场供应缺口20万吨。", "-200000 t []"),
        ];
        for (text, expected) in cases {
            assert_eq!(told(text), [expected], "{text}");
        }
    }
}

//! Units that are said once for several figures of a sentence: 每干吨70美元，保底价65美元; «$9,663 a tonne, up $120».

use super::scene::Scene;
use super::slots::{Amount, Claim};
use crate::mention::Kind;

/// Completes the units of the claims of one sentence from the figures that they stand beside.
pub(super) fn carry(text: &str, claims: &mut [Claim<'_>]) {
    for index in 0..claims.len() {
        let before = index.checked_sub(1).filter(|before| claims[*before].sentence == claims[index].sentence);
        let rate = before.and_then(|before| rate_of(&claims[before]));
        let Some(claim) = claims.get_mut(index) else { continue };
        let id = claim.measure.as_ref().and_then(|slot| slot.is.id.as_deref()).unwrap_or_default().to_owned();
        let is_index = id == "measure/index-level";
        if let Some(value) = claim.value.as_mut() {
            if is_index && value.is.unit.is_none() {
                value.is.unit = Some("{point}".to_owned());
            }
            if let Some(rate) = rate.as_deref().filter(|_| of_a_good(&id)) {
                adopt(&mut value.is, rate);
            }
            if id == "measure/capacity" && is_yearly(text, value.origin.start_byte, value.origin.end_byte) {
                let unit = value.is.unit.as_deref().filter(|unit| !unit.contains('/'));
                value.is.unit = unit.map(|unit| format!("{unit}/a")).or(value.is.unit.take());
            }
        }
        let level =
            claim.value.as_ref().and_then(|value| value.is.unit.clone()).or(rate.filter(|_| of_a_good(&id)));
        for change in &mut claim.changes {
            let before =
                change.base.as_mut().and_then(|base| base.is.value.as_mut()).map(|value| &mut value.is);
            for amount in change.by.as_mut().map(|by| &mut by.is).into_iter().chain(before) {
                if is_index && amount.unit.is_none() {
                    amount.unit = Some("{point}".to_owned());
                }
                if let Some(level) = level.as_deref() {
                    adopt(amount, level);
                }
            }
        }
    }
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
fn rate_of(claim: &Claim<'_>) -> Option<String> {
    claim.value.as_ref()?.is.unit.clone().filter(|unit| unit.contains('/'))
}

fn of_a_good(measure: &str) -> bool {
    matches!(
        measure.strip_prefix("measure/").unwrap_or(measure),
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

/// True if the words around a capacity say that it is for a year: 年产能1万吨, «20,000 tonnes of annual capacity».
fn is_yearly(text: &str, start: usize, end: usize) -> bool {
    let from = (start.saturating_sub(36)..=start).find(|at| text.is_char_boundary(*at)).unwrap_or(start);
    let ahead = text.get(from..start).unwrap_or_default();
    let ahead = ahead.rsplit([',', '，', '。', ';', '；', '、']).next().unwrap_or_default();
    // Longer than any of the words, and no more of the text.
    let behind: String = text
        .get(end..)
        .unwrap_or_default()
        .trim_start()
        .chars()
        .take(32)
        .flat_map(char::to_lowercase)
        .collect();
    ["年产", "年能力", "年处理", "annual", "per year", "a year"]
        .iter()
        .any(|word| ahead.to_lowercase().contains(word))
        || ["年产能", "的每年", "年能力", "annual", "per year", "a year", "per annum"]
            .iter()
            .any(|word| behind.starts_with(word))
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

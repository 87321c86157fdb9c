//! Dividends that are told for ten shares.

use std::sync::LazyLock;

use rust_decimal::Decimal;

use super::scene::resolved;
use super::slots::Claim;
use crate::find::Words;

static TEN_SHARES: LazyLock<Words> = LazyLock::new(|| {
    Words::new(&[
        "每10股", "每十股", "10派", "10股派", "every 10 shares", "per 10 shares", "every ten shares",
        "each 10 shares",
    ])
});

/// Those that may also stand behind the money.
static TEN_SHARES_BEHIND: LazyLock<Words> =
    LazyLock::new(|| Words::new(&["every 10 shares", "per 10 shares", "every ten shares", "each 10 shares"]));

/// A dividend that is told for ten shares is a tenth of it for one: 每10股派5元, 10派3元, «5 yuan for every 10 shares».
pub(super) fn per_share(text: &str, claim: &mut Claim<'_>) {
    let Some(value) = claim.value.as_mut() else { return };
    let money = value.is.unit.as_deref().filter(|unit| unit.len() == 3 && unit.is_ascii());
    let Some(money) = money else { return };
    let (start, end) = (value.origin.start_byte, value.origin.end_byte);
    let from = (start.saturating_sub(48)..=start).find(|at| text.is_char_boundary(*at)).unwrap_or(start);
    let clause = text[from..start].rsplit(['。', '，', ';', '；', '\n']).next().unwrap_or_default();
    let rest = text.get(end..).unwrap_or_default();
    let behind = rest.char_indices().nth(40).map_or(rest, |(at, _)| &rest[..at]);
    let behind = behind.split(['.', '。']).next().unwrap_or_default();
    if !TEN_SHARES.any_in(clause) && !TEN_SHARES_BEHIND.any_in(behind) {
        return;
    }
    let unit = format!("{money}/{{share}}");
    for value in [&mut value.is.value, &mut value.is.low, &mut value.is.high].into_iter().flatten() {
        if let Some(tenth) = value.parse::<Decimal>().ok().and_then(|value| value.checked_div(Decimal::TEN)) {
            *value = tenth.normalize().to_string();
        }
    }
    value.is.unit = Some(unit);
    claim.measure = Some(resolved("measure/dividend", "money for ten shares"));
}

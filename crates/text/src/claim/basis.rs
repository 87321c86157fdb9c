//! How a value is reckoned: oxides or carbonate equivalent, contained metal, with or without tax, where delivered.

use std::sync::LazyLock;

use super::cues::Cue;
use super::layout::Block;
use super::measure;
use super::scene::Scene;
use super::slots::{Claim, Origin, OriginKind, Slot, Term};
use crate::find::{Words, find, lower, rfind};
use crate::mention::{Kind, Mention};

fn is_delivery(id: &str) -> bool {
    matches!(id, "basis/CIF" | "basis/FOB" | "basis/ex-works" | "basis/DDP")
}

/// The bytes of «100% basis», 100%口径: all of an output, and not a partner's part.
pub(super) fn whole_of(text: &str, mention: &Mention<'_>) -> Option<std::ops::Range<usize>> {
    const BEHIND: &[&str] = &[
        "权益口径", "口径", "权益", "基准", "基础", " basis", "-basis", " ownership basis", " equity basis",
    ];
    if mention.kind != Kind::Percent {
        return None;
    }
    let rest = text.get(mention.end_byte..)?;
    let word = BEHIND.iter().find(|word| rest.starts_with(**word))?;
    (mention.value.as_deref() == Some("100")).then(|| mention.start_byte..mention.end_byte + word.len())
}

/// Puts into `claim` every basis that the `items` and the figure's own unit name. A basis that the measure cannot have
/// is passed over: contained metal of a share, tax of an output. Rules: «basis named», «unit of the figure», «rate of
/// VAT», «metal behind the unit».
pub(super) fn fill<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    anchor: usize,
    items: impl Iterator<Item = usize>,
    claim: &mut Claim<'t>,
) {
    let mut found: Vec<Slot<Term<'t>>> = Vec::new();
    for item in items {
        if let Some(Cue::Basis(id)) = scene.items[item].cue() {
            found.push(term(id, scene.words(item), scene.origin(item, block, "basis named")));
        }
        if let Some(id) = scene.mention(item).and_then(|mention| vat(scene.text, mention)) {
            found.push(term(id, scene.words(item), scene.origin(item, block, "rate of VAT")));
        }
        if let Some(span) = scene.mention(item).and_then(|mention| whole_of(scene.text, mention)) {
            let origin = scene.origin(item, block, "basis named");
            found.push(term(
                "basis/words",
                &scene.text[span.clone()],
                Origin { end_byte: span.end, ..origin },
            ));
        }
    }
    if let Some(mention) = scene.mention(anchor) {
        let origin = |rule| scene.origin(anchor, block, rule);
        if let Some((id, words)) = in_unit(mention.quote) {
            found.push(term(id, words, origin("unit of the figure")));
        }
        if let Some(span) = element(scene.text, mention) {
            let kind = OriginKind::Stated;
            let rule = "metal behind the unit";
            let origin = Origin { kind, start_byte: span.start, end_byte: span.end, rule };
            found.push(term("basis/metal-content", &scene.text[span], origin));
        }
    }
    found.retain(|slot| fits(slot.is.id.as_deref(), claim));
    // Beside where it is delivered, dry and wet tonnes are no more than a unit.
    if found.iter().any(|slot| slot.is.id.as_deref().is_some_and(is_delivery)) {
        found.retain(|slot| slot.origin.rule != "unit of the figure" || slot.is.id.is_some());
    }
    found.append(&mut claim.basis);
    found.sort_by_key(|slot| slot.origin.start_byte);
    for slot in found {
        let same = |other: &Slot<Term<'t>>| match (&other.is.id, &slot.is.id) {
            (None, None) => other.is.words == slot.is.words,
            (one, other) => one == other,
        };
        if !claim.basis.iter().any(same) {
            claim.basis.push(slot);
        }
    }
}

/// The type of the market that the words before a price name, if they are not of what it is compared with: 现货, 出口均价, «spot
/// terms». Rule: «market type named».
pub(super) fn market<'t>(scene: &Scene<'t, '_>, span: std::ops::Range<usize>, claim: &mut Claim<'t>) {
    const PRICED: &[&str] =
        &["measure/price", "measure/premium", "measure/discount", "measure/treatment-charge"];
    let level = claim.value.as_ref().and_then(|slot| slot.is.unit.as_deref());
    let priced =
        claim.measure_id().is_some_and(|id| PRICED.contains(&id)) && level.is_some_and(|unit| unit != "%");
    let Some(words) = scene.text.get(span.clone()).filter(|_| priced) else { return };
    let Some(found) = market_type(words) else { return };
    let span = span.start + found.start..span.start + found.end;
    if claim.basis.iter().all(|slot| slot.is.id.is_some()) {
        let origin = Origin {
            kind: OriginKind::Stated,
            start_byte: span.start,
            end_byte: span.end,
            rule: "market type named",
        };
        claim.basis.push(term("basis/words", &scene.text[span], origin));
    }
}

/// Where the words of a clause name a market type.
fn market_type(words: &str) -> Option<std::ops::Range<usize>> {
    const AGAINST: &[&str] = &["对", "较", "比", "over ", "to ", "against ", "than "];
    const NEAR: usize = 12;
    // Most words name no market, which one pass tells.
    static MARKETS: LazyLock<Words> =
        LazyLock::new(|| Words::in_any_case(&["现货", "spot", "出口", "export price", "export quotation"]));
    if !MARKETS.any_in(words) {
        return None;
    }
    let folded = lower(words);
    if let Some((at, word)) =
        ["现货", "spot"].iter().filter_map(|word| Some((rfind(&folded, word)?, word))).max()
    {
        let from = (at.saturating_sub(NEAR)..=at).find(|from| folded.is_char_boundary(*from)).unwrap_or(at);
        let whole = !word.is_ascii()
            || !folded[..at].ends_with(|c: char| c.is_ascii_alphanumeric())
                && !folded[at + word.len()..].starts_with(|c: char| c.is_ascii_alphanumeric());
        let against = AGAINST.iter().any(|other| folded[from..at].contains(other));
        return (whole && !against && words.is_char_boundary(at)).then(|| at..at + word.len());
    }
    let price = ["出口价", "出口均价", "出口平均", "出口报价", "export price", "export quotation"];
    let at = price.iter().filter_map(|word| rfind(&folded, word)).max()?;
    let long = if folded[at..].starts_with('出') { "出口".len() } else { "export".len() };
    let from = (at.saturating_sub(NEAR)..=at).find(|from| folded.is_char_boundary(*from)).unwrap_or(at);
    let against = AGAINST.iter().any(|other| folded[from..at].contains(other));
    (!against && words.is_char_boundary(at)).then(|| at..at + long)
}

/// «both including VAT», 均含税: what is said of all figures before it in the sentence.
pub(super) fn spread<'t>(scene: &Scene<'t, '_>, block: &Block, claims: &mut [Claim<'t>]) {
    for item in scene.items_of(block) {
        let there = &scene.items[item];
        let id = match there.cue() {
            Some(Cue::Basis(id)) => Some(id),
            _ => scene.mention(item).and_then(|mention| vat(scene.text, mention)),
        };
        // 分别为2,340吨、2,120吨和1,790吨(实物量) is said of the whole list too.
        let listed = || {
            let text = scene.text.get(..there.start).unwrap_or_default();
            text.ends_with(['(', '（'])
                && scene
                    .items_of(block)
                    .any(|at| at < item && scene.items[at].cue() == Some(Cue::Respectively))
        };
        let Some(id) = id.filter(|_| of_all(scene.text, block.span.start, there.start) || listed()) else {
            continue;
        };
        for claim in claims.iter_mut().filter(|claim| claim.end_byte <= there.start) {
            let named = term(id, scene.words(item), scene.origin(item, block, "said of all"));
            let known = claim.basis.iter().any(|slot| slot.is == named.is);
            if !known && fits(Some(id), claim) {
                claim.basis.push(named);
            }
        }
    }
}

/// A note that says the basis of all prices of a text, such as 以上价格均含税 and "All prices include VAT".
pub(super) fn note<'t>(scene: &Scene<'t, '_>, block: &Block, claims: &mut [Claim<'t>]) {
    let text = &scene.text[block.span.clone()];
    let items = scene.items_of(block);
    // Most blocks say no basis, and need no look at the claims.
    if !items.clone().any(|item| matches!(scene.items[item].cue(), Some(Cue::Basis(_)))) {
        return;
    }
    let prices = items.clone().any(|item| scene.id(item) == Some("measure/price"));
    let of_all = ["以上", "上述", "均", "全部", "All ", "all ", "above", "Prices ", "prices "]
        .iter()
        .any(|word| text.contains(word));
    if !prices || !of_all || claims.iter().any(|claim| claim.sentence == block.span && claim.event.is_none())
    {
        return;
    }
    for claim in claims.iter_mut().filter(|claim| claim.basis.is_empty()) {
        let money = claim.value.as_ref().and_then(|slot| slot.is.unit.as_deref());
        if !money.is_some_and(measure::is_rate_of_money) {
            continue;
        }
        for item in items.clone() {
            if let Some(Cue::Basis(id)) = scene.items[item].cue()
                && fits(Some(id), claim)
                && !claim.basis.iter().any(|slot| slot.is.id.as_deref() == Some(id))
            {
                let mut slot = term(id, scene.words(item), scene.origin(item, block, "note on all prices"));
                slot.origin.kind = OriginKind::Inherited;
                claim.basis.push(slot);
            }
        }
    }
}

fn term<'t>(id: &str, words: &'t str, origin: Origin) -> Slot<Term<'t>> {
    let id = (id != "basis/words").then(|| id.to_owned());
    Slot { is: Term { id, words }, origin }
}

/// True if «both», 均 or the like stands shortly before `at`.
fn of_all(text: &str, start: usize, at: usize) -> bool {
    let from =
        (at.saturating_sub(20).max(start)..=at).find(|from| text.is_char_boundary(*from)).unwrap_or(at);
    let near = &text[from..at];
    ["both", "all ", "均", "皆"].iter().any(|word| near.contains(word))
}

/// Whether a value of this measure can be reckoned so.
fn fits(id: Option<&str>, claim: &Claim<'_>) -> bool {
    let measure = claim.measure.as_ref().and_then(|slot| slot.is.id.as_deref()).unwrap_or_default();
    let measure = super::measure::name_of(measure);
    let unit = claim.value.as_ref().and_then(|slot| slot.is.unit.as_deref()).unwrap_or_default();
    let price = measure::is_rate_of_money(unit)
        || matches!(measure, "price" | "premium" | "discount" | "spread" | "cost" | "treatment-charge");
    let amount = |unit: &str| !matches!(unit, "%" | "[pp]" | "{multiple}" | "{point}" | "{share}" | "{lot}");
    match id.unwrap_or_default().strip_prefix("basis/").unwrap_or_default() {
        "vat-included" | "vat-excluded" => price,
        "CIF" | "FOB" | "ex-works" | "DDP" => {
            price || matches!(measure, "imports" | "exports") && unit.len() == 3
        }
        "REO" | "LCE" => measure == "grade" || amount(unit),
        "metal-content" => amount(unit) && !unit.is_empty() && !super::measure::is_money(unit),
        "excluding-non-recurring" => matches!(measure, "net-profit" | "operating-profit" | "eps" | "ebitda"),
        "ttm" => matches!(measure, "pe-ratio" | "eps" | "revenue" | "net-profit" | "ebitda"),
        "pro-forma" => measure::bearer(measure) == measure::Bearer::Company,
        _ => amount(unit),
    }
}

/// Units that say how a mass is reckoned.
const IN_UNITS: [(&str, &str); 14] = [
    ("金属吨", "basis/metal-content"),
    ("吨金属", "basis/metal-content"),
    ("metal ton", "basis/metal-content"),
    ("tU", "basis/metal-content"),
    ("实物吨", "basis/words"),
    ("干吨", "basis/words"),
    ("湿吨", "basis/words"),
    ("标吨", "basis/words"),
    ("wet metric ton", "basis/words"),
    ("wet ton", "basis/words"),
    ("dry metric ton", "basis/words"),
    ("dry ton", "basis/words"),
    ("wmt", "basis/words"),
    ("dmt", "basis/words"),
];

fn in_unit(quote: &str) -> Option<(&'static str, &str)> {
    // 每吨镍13,500美元 is for a tonne of the metal in it.
    const METALS: &[char] =
        &['铜', '镍', '钴', '锡', '铅', '锌', '锂', '铀', '钼', '锑', '钨', '银', '金', '铝'];
    for mass in ["每吨", "每公斤", "每千克", "每磅", "每盎司"] {
        let behind = quote.strip_prefix(mass).and_then(|rest| rest.chars().next());
        if let Some(metal) = behind.filter(|next| METALS.contains(next)) {
            return Some(("basis/metal-content", &quote[..mass.len() + metal.len_utf8()]));
        }
    }
    static WORDS: LazyLock<Words> = LazyLock::new(|| Words::new(&IN_UNITS.map(|(word, _)| word)));
    if !WORDS.any_in(quote) {
        return None;
    }
    IN_UNITS.iter().find_map(|(word, id)| {
        let at = find(quote, word)?;
        Some((*id, &quote[at..at + word.len()]))
    })
}

/// Symbols of metals that stand behind a unit of mass: «$24.35/lb Mo», «310 t Mo». In is left out, which is a word.
const METALS: &[&str] = &[
    "Ag", "Al", "Au", "Be", "Bi", "Co", "Cr", "Cu", "Ga", "Ge", "Li", "Mg", "Mn", "Mo", "Nb", "Ni", "Pb",
    "Pd", "Pt", "Re", "Sb", "Sn", "Ta", "Te", "Ti", "U", "V", "W", "Zn", "Zr",
];

fn element(text: &str, mention: &Mention<'_>) -> Option<std::ops::Range<usize>> {
    let unit = mention.unit.as_deref()?;
    let mass = unit.rsplit('/').find(|part| *part != "a" && *part != "mo")?;
    if mention.kind != Kind::Quantity || !matches!(mass, "t" | "kg" | "g" | "[lb_av]") {
        return None;
    }
    let rest = text.get(mention.end_byte..)?.strip_prefix(' ')?;
    let symbol = METALS.iter().find(|symbol| {
        rest.strip_prefix(**symbol).is_some_and(|rest| {
            !rest.starts_with(|next: char| next.is_alphanumeric() || matches!(next, '-' | '\''))
        })
    })?;
    let start = mention.end_byte + 1;
    Some(start..start + symbol.len())
}

/// What a rate of value-added tax beside a price says of it: «including 13% VAT», 不含13%增值税.
fn vat(text: &str, mention: &Mention<'_>) -> Option<&'static str> {
    if !is_vat_rate(text, mention) {
        return None;
    }
    let start = (mention.start_byte.saturating_sub(24)..=mention.start_byte)
        .find(|start| text.is_char_boundary(*start))
        .unwrap_or(mention.start_byte);
    let before = lower(&text[start..mention.start_byte]);
    let ends = |words: &[&str]| words.iter().any(|word| before.trim_end().ends_with(word));
    if ends(&["不含", "excluding", "without", "net of", "before", "excl.", "扣除", "剔除", "not including"])
    {
        Some("basis/vat-excluded")
    } else if ends(&[
        "含", "包含", "including", "includes", "include", "contain", "contains", "with", "incl.",
    ]) {
        Some("basis/vat-included")
    } else {
        None
    }
}

/// True for the percent of «13% VAT», 13%增值税, which is no figure of its own.
pub(super) fn is_vat_rate(text: &str, mention: &Mention<'_>) -> bool {
    if mention.kind != Kind::Percent {
        return false;
    }
    let rest = text.get(mention.end_byte..).unwrap_or_default().trim_start_matches([' ', '的']);
    let named = ["VAT", "value-added tax", "value added tax", "增值税"];
    let behind = named.iter().find_map(|name| rest.strip_prefix(name));
    let before = text.get(..mention.start_byte).unwrap_or_default().trim_end();
    match behind {
        Some(rest) => !rest.trim_start().starts_with("rate") && !rest.starts_with('率'),
        None => named.iter().any(|name| before.ends_with(name)),
    }
}

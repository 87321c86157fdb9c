//! What is measured where no word names it: by the unit, by what moved, by how the figure is told.

use super::cues::Cue;
use super::figure::inherited;
use super::measure;
use super::measured::{Choice, Found};
use super::scene::{Memory, resolved};
use super::slots::{Claim, Slot, Term};
use super::{counted, form};
use crate::find::{find, lower};
use crate::mention::Kind;

fn rule<'t>(id: &str, rule: &'static str) -> Option<Found<'t>> {
    Some((resolved(id, rule), None))
}

/// The measure that a unit allows alone.
pub(super) fn by_unit<'t>(choice: &Choice<'t, '_, '_>, memory: &Memory) -> Option<Found<'t>> {
    let unit = choice.unit?;
    if unit == "{point}" {
        return rule("measure/index-level", "points are of an index");
    }
    if measure::is_rate_of_money(unit) {
        // A fee for a mass is no price of it.
        if let Some(slot) = form::named(choice).filter(|slot| form::is_fee(slot.is.words)) {
            return Some((slot, None));
        }
        return rule("measure/price", "money for a mass is a price");
    }
    if unit.ends_with("/{share}") {
        if memory.measure.and_then(|item| choice.scene.id(item)) == Some("measure/dividend") {
            return rule("measure/dividend", "name told before");
        }
        return rule("measure/share-price", "money for a share is its price");
    }
    if measure::is_yearly_mass(unit) || is_plant(choice) && measure::fits("measure/capacity", unit) {
        return rule("measure/capacity", "mass for a year is a capacity");
    }
    None
}

/// An output that was lost is a cut, and one that is planned for a year a capacity: «410 tonnes of production were
/// deferred», 停产期间减少产量约38吨, «plans an annual output of 20,000 tons».
pub(super) fn of_output<'t>(
    choice: &Choice<'t, '_, '_>,
    found: Found<'t>,
    before: Option<&Claim<'t>>,
) -> Found<'t> {
    const LOST: &[&str] = &[
        "deferred", "lost output", "lost production", "forgone", "influence output", "affect output",
        "affected output", "affecting output", "影响产量", "影响产", "影响精矿", "损失产量", "will be lost",
        "was lost", "were lost",
    ];
    const PLANNED: &[&str] = &["plan", "design", "project", "phase", "规划", "设计", "项目", "拟建"];
    let (mut slot, item) = found;
    let last = before.and_then(|claim| claim.measure_id());
    // «exports came to 5,100 t and shipments to Japan to 4,335 t»
    let same = before.is_some_and(|before| before.sentence == choice.block.span);
    if slot.is.id.as_deref() == Some("measure/shipments") && last == Some("measure/exports") && same {
        slot.is.id = Some("measure/exports".to_owned());
    }
    // What a line or a plant costs is invested in it.
    let sum = choice.unit.is_some_and(measure::is_money);
    if slot.is.id.as_deref() == Some("measure/cost") && sum && last == Some("measure/capacity") && same {
        slot.is.id = Some("measure/investment".to_owned());
    }
    // A turnover in tonnes or lots is traded.
    if slot.is.id.is_none()
        && lower(slot.is.words).contains("turnover")
        && choice.unit.is_some_and(|unit| measure::fits("measure/trading-volume", unit))
    {
        slot.is.id = Some("measure/trading-volume".to_owned());
    }
    if slot.is.id.as_deref() == Some("measure/shipments")
        && item.is_some_and(|item| of_a_country(choice, item))
    {
        slot.is.id = Some("measure/exports".to_owned());
    }
    // The turnover of a stock is no revenue.
    let traded = before.and_then(|claim| claim.measure.as_ref()?.is.id.as_deref());
    if lower(slot.is.words).starts_with("turnover")
        && matches!(traded, Some("measure/share-price" | "measure/index-level" | "measure/trading-volume"))
    {
        slot.is.id = Some("measure/trading-value".to_owned());
    }
    if slot.is.id.as_deref() != Some("measure/output") || choice.reach.draft.level.is_none() {
        return (slot, item);
    }
    let scene = choice.scene;
    let anchor = scene.items[choice.reach.anchor].span();
    let ends = [',', '，', '。', '；', ';', '.'];
    let ahead = scene.text.get(choice.block.span.start..anchor.start).unwrap_or_default();
    let ahead = ahead.rsplit(ends).next().unwrap_or_default();
    let behind = scene.text.get(anchor.end..choice.block.span.end).unwrap_or_default();
    let behind = behind.split(ends).next().unwrap_or_default();
    let said = |words: &[&str]| words.iter().any(|word| ahead.contains(word) || behind.contains(word));
    // 减少产量 takes away from it, 产量减少 tells how it moved.
    let reduced = ["减少", "少产", "影响", "损失"].iter().any(|verb| {
        ahead.find(verb).is_some_and(|at| ahead[at..].contains("产量") && !ahead[..at].contains("产量"))
    });
    if said(LOST) || reduced {
        slot.is.id = Some("measure/production-cut".to_owned());
    } else if (ahead.contains("annual output") || ahead.contains("年产量")) && said(PLANNED) {
        slot.is.id = Some("measure/capacity".to_owned());
    }
    (slot, item)
}

/// «China shipped out 21 t», 智利发运…: what a country ships it exports.
fn of_a_country(choice: &Choice<'_, '_, '_>, verb: usize) -> bool {
    const NEAR: usize = 12;
    let scene = choice.scene;
    let Some(last) =
        (choice.reach.all.start..verb).rev().find(|item| scene.items[*item].end <= scene.items[verb].start)
    else {
        return false;
    };
    let gap = scene.gap(last, verb);
    scene.kind(last) == "country"
        && gap.len() <= NEAR
        && !gap.contains([',', '，'])
        && !gap.contains("'s")
        && lower(scene.words(verb)).starts_with("ship")
}

/// True if a line or a plant stands behind the figure, which says its capacity: 18万吨产线, «a 30,000 t smelter».
fn is_plant(choice: &Choice<'_, '_, '_>) -> bool {
    const PLANTS: &[&str] =
        &["产线", "生产线", "装置", "冶炼厂", "冶炼项目", "项目", "工厂", "基地", "加工厂", "工程"];
    const ENGLISH: &[&str] =
        &["line", "plant", "smelter", "refinery", "project", "facility", "mill", "unit", "furnace"];
    let end = choice.scene.items[choice.reach.anchor].end;
    let rest = choice.scene.text.get(end..choice.block.span.end).unwrap_or_default();
    let clause = rest.split(['，', ',', '。', '；', ';', '、', '.']).next().unwrap_or_default();
    let chinese = PLANTS.iter().filter_map(|word| find(clause, word)).min().is_some_and(|at| at <= 30)
        && !clause.starts_with(' ');
    let english =
        clause.trim_start_matches(['-', ' ']).split(' ').take(3).any(|word| ENGLISH.contains(&word));
    chinese || english
}

/// Money that was lost or raised: «a loss of 226 billion won», «raised A$50 million». A loss after a profit of another kind is of
/// that kind.
pub(super) fn by_the_word_before<'t>(
    choice: &Choice<'t, '_, '_>,
    before: Option<&Claim<'t>>,
) -> Option<Found<'t>> {
    let unit = choice.unit?;
    let scene = choice.scene;
    if !measure::is_money(unit) {
        let start = scene.items[choice.reach.anchor].start;
        let made = [" made", " makes", " making", " make"]
            .iter()
            .any(|word| scene.text[..start].trim_end().ends_with(word));
        let goods = made && measure::fits("measure/output", unit) && !matches!(unit, "m" | "km");
        return goods.then(|| (resolved("measure/output", "verb of a measure"), None));
    }
    // «deliveries were 7.0 million lb at $56.1»: what was paid for the mass right before.
    let amount = before.filter(|claim| {
        let gap = scene.text.get(claim.end_byte..scene.items[choice.reach.anchor].start).unwrap_or_default();
        let mass = claim
            .unit()
            .is_some_and(|unit| matches!(unit, "t" | "kg" | "g" | "[lb_av]" | "[oz_tr]" | "[oz_av]"));
        mass && matches!(
            gap.trim(),
            "at" | "at about" | "at around" | "at some" | "at an average" | "at an average of"
        )
    });
    if amount.is_some() {
        return rule("measure/price", "money for an amount");
    }
    // «1,610 t, worth 148 million» goes on from what was traded.
    let ahead = scene.text[..scene.items[choice.reach.anchor].start].trim_end();
    if ["worth", "valued at", "价值", "货值", "金额"].iter().any(|word| ahead.ends_with(word))
        && let Some(measure) = before.and_then(|claim| claim.measure.as_ref())
        && matches!(
            measure.is.id.as_deref(),
            Some("measure/imports" | "measure/exports" | "measure/seizures")
        )
    {
        return Some((inherited(measure, "the figure before"), None));
    }
    // «copper exports were worth $4.7 billion»: what is traded is told by its worth.
    if ahead.ends_with("worth") || ahead.ends_with("valued at") {
        let traded = |item: &usize| matches!(scene.id(*item), Some("measure/imports" | "measure/exports"));
        let clause = choice.reach.left.clone().rev();
        let named = clause.take_while(|item| scene.items[*item].mark().is_none()).find(traded);
        if let Some(item) = named {
            return Some((scene.term(item, choice.block, "measure named"), Some(item)));
        }
    }
    let lead = choice.reach.left.clone().rev().find(|item| scene.items[*item].mark().is_none())?;
    match &*lower(scene.words(lead)) {
        "loss of" => {
            let id = before.and_then(|claim| claim.measure.as_ref()).and_then(|slot| slot.is.id.as_deref());
            let id = match id {
                Some("measure/operating-profit") => "measure/operating-loss",
                Some("measure/ebitda") => "measure/ebitda-loss",
                Some("measure/gross-profit") => "measure/gross-loss",
                _ => "measure/net-loss",
            };
            Some((of_verb(choice, lead, id), Some(lead)))
        }
        "raised" | "raise" | "raises" | "raising" => {
            Some((of_verb(choice, lead, "measure/financing"), Some(lead)))
        }
        "lost" | "lose" | "loses" | "losing" => {
            let without = (choice.reach.left.start..lead).any(|item| {
                scene.items[item].cue() == Some(Cue::Measure("measure/profit-excluding-non-recurring"))
            });
            let id = if without { "measure/loss-excluding-non-recurring" } else { "measure/net-loss" };
            Some((of_verb(choice, lead, id), Some(lead)))
        }
        "增持" | "减持" => Some((of_verb(choice, lead, "measure/deal-value"), Some(lead))),
        _ => None,
    }
}

fn of_verb<'t>(choice: &Choice<'t, '_, '_>, item: usize, id: &str) -> Slot<Term<'t>> {
    let origin = choice.scene.origin(item, choice.block, "verb of a measure");
    Slot { is: Term { id: Some(id.to_owned()), words: choice.scene.words(item) }, origin }
}

/// Money that something closed at: of a company its share price, of a good a price.
pub(super) fn by_its_close<'t>(choice: &Choice<'t, '_, '_>) -> Option<Found<'t>> {
    let unit = choice.unit?;
    let money = super::measure::is_money(unit);
    let scene = choice.scene;
    let clause = choice.reach.left.clone().rev().take_while(|item| scene.items[*item].mark().is_none());
    let mut closed = clause.filter_map(|item| scene.items[item].cue());
    // 该股报36.72元.
    let quoted = scene.text[..scene.items[choice.reach.anchor].start].ends_with('报')
        && scene.text[choice.block.span.clone()].contains('股');
    if !money || !quoted && !closed.any(|cue| cue == Cue::Statistic("statistic/close")) {
        return None;
    }
    let told = (choice.reach.all.start..choice.reach.anchor).rev().map(|item| scene.kind(item));
    match told.into_iter().find(|kind| matches!(*kind, "company" | "commodity" | "index"))? {
        "company" => rule("measure/share-price", "money for a share is its price"),
        "commodity" => rule("measure/price", "what moves on an exchange is a price"),
        _ => None,
    }
}

/// A good that moves, of which nothing else is said, moves in price; a company or a sector in its shares. What moves may have
/// been told with the figure before.
pub(super) fn by_what_moves<'t>(
    choice: &Choice<'t, '_, '_>,
    before: Option<&Claim<'t>>,
    memory: &Memory,
) -> Option<Found<'t>> {
    let (scene, reach) = (choice.scene, choice.reach);
    if reach.draft.level.is_some() {
        return None;
    }
    scene
        .mention(reach.anchor)
        .filter(|mention| mention.kind == Kind::Percent && mention.unit.as_deref() == Some("%"))?;
    let names = |item: &usize| matches!(scene.kind(*item), "commodity" | "company" | "index" | "country");
    let nearest = reach.left.clone().rev().find(names);
    let kind = match nearest {
        Some(item) => scene.kind(item),
        None => {
            let told = before.and_then(|claim| claim.subject.as_ref()).and_then(|slot| slot.is.id.as_deref());
            let above =
                || memory.good.filter(|_| reach.left.start == reach.all.start).map(|item| scene.kind(item));
            told.and_then(|id| id.split('/').next()).or_else(above)?
        }
    };
    // «stocks of copper rose 3%, aluminium was up 5%, nickel down 0.7%»: two told of in one measure, and the third without a verb.
    let same = before.filter(|claim| claim.sentence == choice.block.span && !claim.changes.is_empty());
    let goes_on = same.and_then(|claim| claim.measure.as_ref()).filter(|measure| {
        measure.origin.rule == "the figure before"
            && measure.is.id.as_deref().is_some_and(|id| measure::bearer(id) == measure::Bearer::Good)
    });
    if let Some(measure) = goes_on.filter(|_| kind == "commodity") {
        return Some((inherited(measure, "the figure before"), None));
    }
    match kind {
        "commodity" => rule("measure/price", "a good that moves does so in price"),
        "company" | "sector" => rule("measure/share-price", "a company that moves does so in its shares"),
        "index" => rule("measure/index-level", "an index has a level"),
        _ => None,
    }
}

/// What a figure is of that no other rule reads: a factor is a ratio, «or 38%» a share, a number of cases a count; else the
/// noun before it that has the form of a measure.
pub(super) fn as_a_last_resort<'t>(
    choice: &Choice<'t, '_, '_>,
    before: Option<&Claim<'t>>,
) -> Option<Found<'t>> {
    let Some(level) = choice.reach.draft.level else {
        return form::named(choice).map(|slot| (slot, None));
    };
    if choice.unit == Some("{multiple}") {
        return rule("measure/ratio", "a factor is a ratio");
    }
    // «down 50 yuan, or 2 %» says the change once more.
    let moved = before.is_some_and(|claim| claim.value.is_none());
    if choice.unit == Some("%") && !moved && is_part(choice, level) {
        return rule("measure/share", "percent of a whole");
    }
    if counted::of(choice.scene, level).is_some() {
        return rule("measure/count", "things counted");
    }
    let behind = || form::named_behind(choice).filter(|_| choice.unit == Some("%"));
    form::named(choice)
        .or_else(behind)
        .map(|slot| (slot, None))
        .or_else(|| of_a_good(choice))
        .or_else(|| of_guidance(choice))
}

/// A mass that a miner guides to is what it will make: «kept its guidance of 660,000-700,000 t».
fn of_guidance<'t>(choice: &Choice<'t, '_, '_>) -> Option<Found<'t>> {
    let unit = choice.unit.filter(|unit| measure::fits("measure/output", unit))?;
    let scene = choice.scene;
    let start = scene.items[choice.reach.all.start..].first()?.start;
    let clause = scene.text.get(start..scene.items[choice.reach.anchor].start)?;
    let guided = ["guidance", "指引"].iter().any(|word| find(clause, word).is_some());
    (guided && !measure::is_money(unit)).then(|| (resolved("measure/output", "mass that is guided to"), None))
}

/// Money right behind a good, of which nothing else is said, is its price: 硫酸钴近9.6万元. A sum of millions is none.
fn of_a_good<'t>(choice: &Choice<'t, '_, '_>) -> Option<Found<'t>> {
    const LARGEST: usize = 7;
    let unit = choice.unit?;
    let scene = choice.scene;
    let mention = scene.mention(choice.reach.anchor)?;
    let amount = mention.value.as_deref().or(mention.low.as_deref())?;
    let whole = amount.split('.').next().unwrap_or_default().len();
    if unit.len() != 3 || !unit.bytes().all(|byte| byte.is_ascii_uppercase()) || whole > LARGEST {
        return None;
    }
    let left = choice.reach.left.clone().rev();
    let mut near = left.take_while(|item| !matches!(scene.items[*item].mark(), Some(',' | ';' | '。')));
    let nearest = near.find(|item| matches!(scene.kind(*item), "commodity" | "company" | "index"))?;
    let gap = scene.gap(nearest, choice.reach.anchor);
    (scene.kind(nearest) == "commodity" && gap.len() <= 24)
        .then(|| (resolved("measure/price", "money behind a good is its price"), None))
}

/// True if the words before a percentage tell that it is a part of the amount before: «15,700 t, or 38%», 占55%.
fn is_part(choice: &Choice<'_, '_, '_>, level: usize) -> bool {
    const BEFORE: &[&str] = &[
        "占", "占比", "约占", "占到", "or", "or about", "or some", "or roughly", "or around", "or nearly",
        "occupying", "occupies", "representing", "represents", "equal to", "equivalent to", "exactly",
        "accounting for", "accounted for", "accounts for", "taking", "took", "takes", "making up",
        "makes up",
    ];
    let start = choice.block.span.start;
    let end = choice.scene.items[level].start;
    let lead = choice.scene.text.get(start..end).unwrap_or_default().trim_end();
    BEFORE.iter().any(|word| {
        lead.strip_suffix(word)
            .is_some_and(|rest| !word.is_ascii() || !rest.ends_with(|c: char| c.is_ascii_alphanumeric()))
    })
}

/// True if the words before a percentage say that somebody buys, holds or sells it: «agreed to buy 51%».
fn buys(ahead: &str) -> bool {
    const VERBS: &[&str] = &[
        "buy", "buys", "bought", "buying", "own", "owns", "owned", "owning", "hold", "holds", "held",
        "holding", "sell", "sells", "sold", "selling", "purchase", "purchased", "purchases", "acquires",
        "acquired", "acquire",
    ];
    let ahead = [
        " about", " some", " another", " up to", " the remaining", " a further", " an additional", " nearly",
    ]
    .iter()
    .find_map(|word| ahead.strip_suffix(word))
    .unwrap_or(ahead);
    let last = ahead.trim_end().rsplit(' ').next().unwrap_or_default();
    VERBS.contains(&last)
}

/// True if a country or region is named right behind «of».
fn is_region(scene: &super::scene::Scene<'_, '_>, end: usize) -> bool {
    const NEAR: usize = 12;
    let next = scene.items.partition_point(|item| item.start < end);
    (next..scene.items.len())
        .take_while(|item| scene.items[*item].start <= end + NEAR)
        .any(|item| matches!(scene.kind(item), "country" | "region" | "commodity"))
}

/// Whether a percentage of something is a share of it, how much of a capacity runs, or the ratio of a figure to another.
pub(super) fn kind_of_share(choice: &Choice<'_, '_, '_>) -> &'static str {
    let scene = choice.scene;
    let end = scene.items[choice.reach.anchor].end;
    let rest = scene.text.get(end..choice.block.span.end).unwrap_or_default();
    let rest = rest.trim_start().strip_prefix("of ").unwrap_or_default();
    let rest = ["the ", "its ", "their ", "that ", "this ", "a "]
        .iter()
        .find_map(|article| rest.strip_prefix(article))
        .unwrap_or(rest);
    let begins = |words: &[&str]| words.iter().any(|word| rest.starts_with(word));
    let clause = choice.reach.left.clone().rev().take_while(|item| scene.items[*item].mark().is_none());
    let mut clause = clause.into_iter();
    let ahead = scene.text[..scene.items[choice.reach.anchor].start].trim_end();
    let rest_of = ["remaining", "其余", "剩余"].iter().any(|word| ahead.ends_with(word));
    let stake = rest_of
        || clause.any(|item| {
            let words = lower(scene.words(item));
            scene.items[item].cue() == Some(Cue::Measure("measure/shareholding"))
                || ["acqui", "transfer", "收购", "转让", "受让"].iter().any(|verb| words.starts_with(verb))
        })
        || buys(ahead)
            && rest.starts_with(|first: char| first.is_ascii_uppercase())
            && !rest.split([',', '.']).next().unwrap_or_default().contains("'s ")
            && !is_region(scene, end);
    // «recovers more than 95% of the lithium».
    let mut verbs = ahead.rsplit([' ', ',']).take(4);
    if verbs.any(|word| matches!(word, "recover" | "recovers" | "recovered" | "recovering")) && !rest_of {
        return "measure/recovery-rate";
    }
    // «covers 66% of planned output» is a part of it, and no comparison with a plan.
    let mut verbs = ahead.rsplit([' ', ',']).take(3);
    if verbs.any(|word| matches!(word, "cover" | "covers" | "covered" | "covering")) {
        return "measure/share";
    }
    if stake
        || begins(&[
            "joint venture", "shares of", "company's shares", "issued share", "share capital", "equity",
        ])
    {
        "measure/shareholding"
    } else if begins(&[
        "capacity", "nameplate", "rated load", "rated capacity", "design capacity", "designed capacity",
        "full capacity", "installed capacity", "load", "normal load", "name-plate", "full load",
    ]) {
        "measure/operating-rate"
    } else if begins(&[
        "forecast", "former", "latter", "target", "plan", "planned", "estimate", "guidance", "figure",
        "level", "previous", "prior", "year-earlier", "year-ago", "last year", "same period", "201", "202",
        "level in", "pre-shutdown", "LME price", "quoted price", "benchmark price",
    ]) {
        "measure/ratio"
    } else {
        "measure/share"
    }
}

//! What a figure is of.

use super::figure::{Reach, inherited};
use super::goods::is_user;
use super::layout::Block;
use super::measure::{Bearer, bearer};
use super::scene::{Memory, Scene, refines};
use super::sector::sector;
use super::slots::{Claim, OriginKind, Slot, Term};
use super::{stake, whole};

/// What stands around a figure whose slots are filled.
#[derive(Clone, Copy)]
pub(super) struct Around<'t, 's, 'a, 'r> {
    pub(super) scene: &'s Scene<'t, 'a>,
    pub(super) block: &'r Block,
    pub(super) reach: &'r Reach<'r>,
    /// The claim before in the same sentence.
    pub(super) before: Option<&'r Claim<'t>>,
    pub(super) memory: &'r Memory,
}

/// What the figure is of. `place` is the item that names the measure, `measure` its id.
///
/// In this order: the sector named after a good; the good that the figure counts (300 t of tin); the good named behind the
/// measure (output of tin); the nearest name before; a name behind the figure; the subject of the figure before; a name
/// earlier in the sentence; what was told before.
pub(super) fn subject<'t>(
    around: Around<'t, '_, '_, '_>,
    place: Option<usize>,
    measure: &str,
) -> Option<Slot<Term<'t>>> {
    let Around { scene, block, reach, before, .. } = around;
    let name = super::measure::name_of(measure);
    let from = place.filter(|place| reach.left.contains(place)).unwrap_or(reach.anchor);
    if of_shares(name)
        && let Some(slot) = sector(around, from)
    {
        return Some(slot);
    }
    // Who buys, holds or invests acts; what is bought is seldom in the lexicon.
    if is_stake(name) {
        return stake::subject(around);
    }
    // «a ratio of 2.05» behind those that rose and those that fell is theirs.
    if name == "ratio"
        && let Some(counted) = before.filter(|claim| of_market(claim))
    {
        return counted.subject.as_ref().map(|subject| inherited(subject, "the figure before"));
    }
    let kinds = kinds_here(around, name);
    let is = |item: &usize| kinds.contains(&scene.kind(*item)) && !is_user(scene, *item);
    if kinds[0] == "commodity"
        && let Some(slot) = counted(around, place)
    {
        return Some(slot);
    }
    if matches!(name, "revenue" | "gross-margin" | "gross-profit" | "operating-profit" | "ebitda")
        && let Some(item) = product(around, from)
    {
        return Some(scene.term(item, block, "product beside its revenue"));
    }
    if matches!(name, "spread" | "premium" | "discount")
        && let Some(item) = first_of_two(around, from)
    {
        return Some(scene.term(item, block, "nearest name before the figure"));
    }
    if let Some(slot) = nearest(around, from, &is, kinds) {
        return Some(slot);
    }
    if let Some(subject) = before.and_then(|claim| claim.subject.as_ref()) {
        let kind = subject.is.id.as_deref().and_then(|id| id.split('/').next()).unwrap_or_default();
        if kinds.contains(&kind) || kind == "sector" && of_shares(name) {
            return Some(inherited(subject, "the figure before"));
        }
    }
    // A smelter of a good tells the good if nothing else does.
    let any = |item: &usize| kinds.contains(&scene.kind(*item));
    if let Some(slot) = nearest(around, from, &any, kinds) {
        return Some(slot);
    }
    if let Some(item) = (reach.all.start..reach.left.start).rev().find(is) {
        return Some(scene.term(item, block, "name earlier in the sentence"));
    }
    told_before(around, name, kinds)
}

/// Measures of a stake or a deal, which its holder or buyer has as an actor.
pub(super) fn is_stake(measure: &str) -> bool {
    matches!(measure, "shareholding" | "deal-value" | "investment")
}

/// The kinds of names that a measure can be of.
fn kinds(measure: &str) -> &'static [&'static str] {
    match (bearer(measure), measure) {
        (Bearer::Good, _) => &["commodity"],
        (_, "share" | "market-share" | "ratio") => &["commodity"],
        _ if is_of_market(measure) => &["index", "exchange"],
        (Bearer::Company, _) => &["company"],
        (Bearer::Index, _) => &["index"],
        (Bearer::Any, _) => &["commodity", "company", "index"],
    }
}

/// True for a claim of such a count.
fn of_market(claim: &Claim<'_>) -> bool {
    let measure = claim.measure.as_ref().and_then(|slot| slot.is.id.as_deref()).unwrap_or_default();
    is_of_market(super::measure::name_of(measure))
}

/// Counts of what is listed on an exchange.
fn is_of_market(measure: &str) -> bool {
    matches!(
        measure,
        "advancers"
            | "decliners"
            | "limit-ups"
            | "limit-downs"
            | "listed-companies"
            | "new-listings"
            | "delistings"
    )
}

/// The kinds of names that the measure of a figure can be of, as its unit and the words around it narrow them down: shares
/// are a company's, also where nothing but their number is said, and so are parts of its revenue.
fn kinds_here(around: Around<'_, '_, '_, '_>, measure: &str) -> &'static [&'static str] {
    let Around { scene, block, reach, .. } = around;
    let plain = kinds(measure);
    // On an exchange of goods the value goes with the volume before it.
    let traded = |claim: &Claim<'_>| {
        claim.measure.as_ref().and_then(|slot| slot.is.id.as_deref()) == Some("measure/trading-volume")
            && claim
                .subject
                .as_ref()
                .and_then(|slot| slot.is.id.as_deref())
                .is_some_and(|id| id.starts_with("commodity/"))
    };
    let with_volume =
        measure == "trading-value" && around.before.filter(|claim| claim.venue.is_some()).is_some_and(traded);
    // The notice of an exchange of goods tells of its contracts.
    let of_contracts = matches!(measure, "trading-value" | "trading-volume" | "open-interest")
        && around.memory.notice.is_some()
        && !reach.all.clone().any(|item| scene.kind(item) == "company");
    if with_volume || of_contracts {
        return &["commodity"];
    }
    if plain[0] != "commodity" {
        return plain;
    }
    let Some(mention) = reach.draft.level.and_then(|level| scene.mention(level)) else { return plain };
    let unit = mention.unit.as_deref().unwrap_or_default();
    if unit == "{share}" {
        return &["company"];
    }
    if matches!(measure, "share" | "ratio") {
        let whole = whole::whole_behind(scene.text, mention.end_byte, block.span.end)
            .or_else(|| whole::whole_before(scene.text, block.span.start, mention.start_byte));
        let of_company = whole.is_some_and(|whole| is_of_company(&scene.text[whole]));
        return if of_company { &["company"] } else { plain };
    }
    // Money for nothing said, beside a company and no good, is of its shares.
    let bare = super::measure::is_money(unit);
    let traded = measure == "trading-volume" && unit == "{lot}";
    let named = |kind: &str| reach.left.clone().any(|item| scene.kind(item) == kind);
    if bare
        && measure == "price"
        && super::dated::is_target(scene, block, reach.anchor)
        && !named("commodity")
    {
        return &["company"];
    }
    // «shares closed at a premium of 34%», 该股成交41万手: of a company's shares, which an earlier clause names.
    let of_its_shares = |words: &str| {
        ["shares", "stock", "net asset value", "该股", "股价"].iter().any(|word| words.contains(word))
    };
    let clause = scene.text.get(block.span.start..block.span.end).unwrap_or_default();
    let discounted = matches!(measure, "premium" | "discount") && unit == "%";
    let told =
        around.before.and_then(|claim| claim.subject_id()).is_some_and(|id| id.starts_with("company/"))
            && around.before.is_some_and(|claim| {
                claim.measure_id().is_some_and(|id| of_shares(super::measure::name_of(id)))
            });
    if (discounted && of_its_shares(clause) && named("company")
        || (traded || bare && measure == "price") && (told || traded && of_its_shares(clause)))
        && !named("commodity")
    {
        return &["company"];
    }
    if (bare && measure == "price" || traded)
        && named("company")
        && !named("commodity")
        && !named("exchange")
        && !named("institution")
    {
        return &["company"];
    }
    plain
}

/// True for wholes that are a company's own: «of group revenue», 占营业收入.
fn is_of_company(whole: &str) -> bool {
    const WORDS: &[&str] = &[
        "revenue", "turnover", "income", "earnings", "profit", "EBITDA", "assets", "equity", "share capital",
        "收入", "营收", "利润", "总资产", "净资产", "总股本", "股本", "市值",
    ];
    WORDS.iter().any(|word| whole.contains(word))
}

/// Measures of the stock market, which a sector can have.
fn of_shares(measure: &str) -> bool {
    matches!(
        measure,
        "price"
            | "share-price"
            | "advancers"
            | "decliners"
            | "limit-ups"
            | "net-inflow"
            | "trading-value"
            | "trading-volume"
            | "turnover-rate"
            | "market-value"
            | "pe-ratio"
            | "pb-ratio"
            | "index-level"
    )
}

fn nearest<'t>(
    around: Around<'t, '_, '_, '_>,
    from: usize,
    is: &dyn Fn(&usize) -> bool,
    kinds: &[&str],
) -> Option<Slot<Term<'t>>> {
    let Around { scene, block, reach, .. } = around;
    // 已查扣铜矿石1,200吨, 进口锡矿50吨: the object of the verb before any name ahead of it.
    let object = (from + 1..reach.anchor)
        .find(|item| scene.items[*item].start >= scene.items[from].end && !scene.kind(*item).is_empty())
        .filter(|item| from < reach.anchor && scene.kind(*item) == "commodity" && is(item))
        .filter(|item| matches!(scene.gap(from, *item).trim(), "" | "了" | "的" | "the"));
    let before = object
        .or_else(|| (reach.left.start..from).rev().find(is))
        .or_else(|| (from..reach.anchor).rev().find(is));
    if let Some(item) = before {
        return Some(scene.term(item, block, "nearest name before the figure"));
    }
    let behind = reach.tail.clone().take_while(|item| scene.items[*item].mark().is_none()).find(is);
    behind
        .filter(|_| kinds.contains(&"commodity"))
        .map(|item| scene.term(item, block, "name behind the figure"))
}

/// The product whose revenue a figure is: 动力电池(EV battery)收入, «revenue from lithium salts».
fn product(around: Around<'_, '_, '_, '_>, from: usize) -> Option<usize> {
    let Around { scene, reach, .. } = around;
    let good = |item: &usize| scene.kind(*item) == "commodity";
    // What stands in brackets behind the good is its other name.
    let mut depth = 0_usize;
    let before = (reach.left.start..from).rev().find(|item| {
        match scene.items[*item].mark() {
            Some(')') => depth += 1,
            Some('(') => depth = depth.saturating_sub(1),
            _ if depth == 0 => return true,
            _ => {}
        }
        false
    });
    if let Some(item) = before.filter(good) {
        let gap = scene.text[scene.items[item].end..scene.items[from].start].trim();
        let bracket = gap.starts_with(['(', '（']) && gap.ends_with([')', '）']);
        if gap.is_empty()
            || bracket
            || matches!(
                gap,
                "业务"
                    | "板块"
                    | "产品"
                    | "的"
                    | "业务的"
                    | "产品的"
                    | "板块的"
                    | "分部"
                    | "业务板块"
                    | "产品板块"
                    | "business"
                    | "segment"
                    | "division"
                    | "segment's"
                    | "business's"
                    | "division's"
                    | "segment’s"
                    | "division’s"
                    | "unit's"
            )
        {
            return Some(item);
        }
    }
    let behind = named_behind(scene, from, reach.anchor)?;
    (good(&behind) && matches!(scene.gap(from, behind).trim(), "from" | "of" | "in")).then_some(behind)
}

/// Of two goods whose prices are held against each other, the one that is told of: 生铁与纯镍价差, «the premium of A over B».
fn first_of_two(around: Around<'_, '_, '_, '_>, from: usize) -> Option<usize> {
    let Around { scene, reach, .. } = around;
    let good = |item: &usize| scene.kind(*item) == "commodity";
    let second = (reach.left.start..reach.anchor).rev().find(good)?;
    let first = (reach.left.start..second).rev().find(good).filter(|_| second < reach.anchor.max(from))?;
    let gap = scene.gap(first, second).trim();
    let against = [
        "与", "和", "较", "对", "比", "相对", "相较", "之于", "over", "to", "and", "against", "versus", "vs",
        "above",
    ];
    against
        .iter()
        .any(|word| {
            gap.strip_prefix(word).is_some_and(|rest| rest.trim().len() <= 12)
                || gap.strip_suffix(word).is_some_and(|lead| lead.trim().len() <= 12)
        })
        .then_some(first)
}

/// The good of «300 t of tin», «5万吨铜», or else of «output of tin».
fn counted<'t>(around: Around<'t, '_, '_, '_>, place: Option<usize>) -> Option<Slot<Term<'t>>> {
    let Around { scene, block, reach, .. } = around;
    let good = |item: usize| scene.kind(item) == "commodity" && !is_user(scene, item);
    if let Some(level) = reach.draft.level.map(|level| last_of_list(scene, level, reach.all.end))
        && let Some(next) = named_behind(scene, level, reach.all.end)
        && good(next)
        && is_of(scene.gap(level, next))
    {
        return Some(scene.term(next, block, "good that the figure counts"));
    }
    // «payables rose to 70% for cobalt and 72% for nickel»
    let rated = place.and_then(|place| scene.id(place)).is_some_and(|id| {
        matches!(
            super::measure::name_of(id),
            "payable" | "price" | "premium" | "discount" | "treatment-charge"
        )
    });
    if let Some(level) = reach.draft.level.filter(|_| rated || place.is_none())
        && let Some(next) = named_behind(scene, level, reach.all.end).filter(|next| good(*next))
        && scene.gap(level, next).trim() == "for"
        && ends_there(&scene.text[scene.items[next].end..block.span.end])
    {
        return Some(scene.term(next, block, "good behind the figure"));
    }
    let place = place.filter(|place| reach.left.contains(place))?;
    let next = named_behind(scene, place, reach.anchor)?;
    (good(next) && scene.gap(place, next).trim_start().starts_with("of "))
        .then(|| scene.term(next, block, "good behind the measure"))
}

/// The last figure of the list of amounts in one unit that begins at `level`: «120,000 t and 80,000 t of concentrate».
fn last_of_list(scene: &Scene<'_, '_>, level: usize, end: usize) -> usize {
    let mut last = level;
    while let Some(next) = named_behind(scene, last, end) {
        let figure = super::figure::is_figure(scene, next);
        let unit = scene.unit(next).filter(|unit| *unit != "%");
        if !figure
            || unit.is_none()
            || unit != scene.unit(level)
            || !super::deal::is_join(scene.gap(last, next))
        {
            break;
        }
        last = next;
    }
    last
}

/// True if a name is the last of its phrase: «for nickel and», not «for nickel sulphate crystals».
fn ends_there(rest: &str) -> bool {
    let word = rest.trim_start().split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    word.is_empty()
        || matches!(
            word,
            "and" | "from" | "in" | "while" | "against" | "compared" | "at" | "on" | "with" | "but"
        )
}

/// The first mention behind an item; the words between the two may be items of their own, such as «of».
fn named_behind(scene: &Scene<'_, '_>, item: usize, end: usize) -> Option<usize> {
    let start = scene.items[item].end;
    (item + 1..end).find(|next| scene.items[*next].mention().is_some() && scene.items[*next].start >= start)
}

/// True for what joins a count with what it counts.
fn is_of(gap: &str) -> bool {
    let gap = gap.trim_start();
    gap.is_empty()
        || gap == "的"
        || gap.strip_prefix("of ").is_some_and(|rest| rest.len() <= 20 && !rest.contains('.'))
}

/// What was told last of a kind, if it still holds: in the same line, or above.
fn told_before<'t>(around: Around<'t, '_, '_, '_>, measure: &str, kinds: &[&str]) -> Option<Slot<Term<'t>>> {
    let Around { scene, block, reach, memory, .. } = around;
    // A sum of money of which nothing is said is of no good that was told of: an award, a note, a budget.
    let sum = reach.draft.level.and_then(|level| scene.unit(level)).is_some_and(super::measure::is_money);
    if sum && matches!(measure, "" | "cost") {
        let host = scene.home.host.filter(|_| scene.home.is_own() && measure.is_empty());
        return host.map(|item| scene.term(item, block, "name told before"));
    }
    let item = match kinds[0] {
        // A report on an exchange tells of all its shares, where no company is meant.
        "company" | "index" if (of_shares(measure) || is_of_market(measure)) && memory.exchange.is_some() => {
            let meant = (reach.all.start..reach.anchor).any(|item| scene.is_anaphor(item));
            // What rises and falls on an exchange of goods is its contracts, which nothing names.
            let stocks = |item: &usize| super::venue::is_stocks(scene, *item) || !is_of_market(measure);
            memory.company.filter(|_| meant).or(memory.exchange.filter(stocks))
        }
        "company" => memory.company.or(scene.home.host),
        "index" => memory.index,
        _ => good_before(scene, block, memory)
            .or(scene.home.good)
            .filter(|item| goes_on(scene, block) || super::home::is_the_good(scene, *item)),
    }?;
    (kinds.contains(&scene.kind(item)) || scene.kind(item) == "exchange")
        .then(|| scene.term(item, block, "name told before"))
}

/// The good of a sentence without one: that of the sentence directly before, else that of the title or heading, else the one
/// named last.
fn good_before(scene: &Scene<'_, '_>, block: &Block, memory: &Memory) -> Option<usize> {
    if let Some(subject) = memory.subject.filter(|_| goes_on(scene, block)) {
        return Some(subject);
    }
    let last = memory.good?;
    let next = scene.blocks.get(scene.block_of(last) + 1);
    if next.is_some_and(|next| next.span.start >= block.span.start) {
        return Some(last);
    }
    memory.theme.or(Some(last))
}

/// True if a sentence goes on by its first words from what the one before told: 其中, «Of that».
fn goes_on(scene: &Scene<'_, '_>, block: &Block) -> bool {
    const WORDS: &[&str] = &[
        "其中", "其", "该", "占", "同期", "同时", "上述", "两者", "二者", "前者", "后者", "Of that",
        "Of these", "Of this", "Of the total", "That ", "This ", "It ", "Its ", "The total", "The former",
        "The latter", "These ", "Those ",
    ];
    let text = &scene.text[block.span.clone()];
    WORDS.iter().any(|word| text.starts_with(word))
}

/// The goods that a claim tells of jointly with its subject: «exports of gallium and germanium fell 20 %».
pub(super) fn joint<'t>(around: Around<'t, '_, '_, '_>, subject: &Slot<Term<'t>>) -> Vec<Slot<Term<'t>>> {
    let Around { scene, block, reach, .. } = around;
    let mut found = Vec::new();
    let figures = reach.all.clone().filter(|item| super::figure::is_figure(scene, *item)).count();
    // Where several figures follow each good has its own.
    if subject.origin.kind != OriginKind::Stated {
        return found;
    }
    let many = figures > reach.draft.moves.len() + 1;
    let Some(mut item) = reach.all.clone().find(|item| scene.items[*item].start == subject.origin.start_byte)
    else {
        return found;
    };
    let good = |item: usize| scene.kind(item) == "commodity";
    while item > reach.left.start {
        // A mark between two of a list is an item of its own.
        let mut left = item - 1;
        let listed = scene.items[left].mark() == Some('、');
        if listed && left > reach.left.start {
            left -= 1;
        }
        let gap = scene.gap(left, item).trim();
        // 铅锌, 镝铽: two signs of one character.
        let short = |item: usize| scene.words(item).chars().count() == 1;
        let pair = gap.is_empty() && short(left) && short(item);
        // 镍钴锰回收率: one word for several, whose figure is of all of them.
        if many && !pair {
            break;
        }
        if !good(left) || !(listed || pair || matches!(gap, "和" | "与" | "及" | "以及" | "and" | "&")) {
            break;
        }
        if refines(scene.id(left), scene.id(item)) || refines(scene.id(item), scene.id(left)) {
            break;
        }
        found.insert(0, scene.term(left, block, "joined with the subject"));
        item = left;
    }
    found
}

//! Who reports imports or exports, and where they come from or go to.

use std::sync::LazyLock;

use super::bureau::ministry;
pub(super) use super::bureau::{is_customs, nation};
use super::cues::Cue;
use super::layout::Block;
use super::place::{block_is_chinese, ends_with, home, is_joined};
use super::scene::{Memory, Scene, resolved};
use super::slots::{Claim, OriginKind, Slot, Term};
use super::subject::Around;
use crate::find::{Words, lower};

/// Fills place and partners of imports, exports or shipments.
///
/// A country behind «from» or «to», 自 or 对, is a partner, and so is one that is called an origin, a supplier or a market;
/// one before the word of trade reports. Without one the reporter is that of the figure before, the customs named, or what was
/// told before; in a Chinese text it is China. Where the reporter is known, another country beside the figure is a partner.
pub(super) fn fill<'t>(around: Around<'t, '_, '_, '_>, measure: &str, claim: &mut Claim<'t>) {
    let Around { scene, block, reach, .. } = around;
    let tail = reach
        .tail
        .clone()
        .take_while(|item| !matches!(scene.items[*item].mark(), Some(',' | ';' | '(' | '。')));
    let known = known(around, measure);
    let mut last = None;
    let mut reporter: Option<usize> = None;
    let mut passed: Vec<usize> = Vec::new();
    for item in reach.left.clone().chain(tail).collect::<Vec<_>>() {
        if scene.items[item].cue() == Some(Cue::Home) && claim.place.is_none() {
            claim.place = home(around, item);
            continue;
        }
        if scene.items[item].cue() == Some(Cue::Countries) && claim.partners.is_empty() {
            claim.partners = pair_before(around, item);
        }
        if !matches!(scene.kind(item), "country" | "region" | "place") {
            continue;
        }
        if claim.place.as_ref().is_some_and(|slot| slot.origin.start_byte == scene.items[item].start) {
            continue;
        }
        if is_passed(scene, item) || passed.last().is_some_and(|last| is_joined(around, *last, item)) {
            passed.push(item);
            continue;
        }
        let joined = last.is_some_and(|last| is_joined(around, last, item));
        // 自中国进口318吨、自越南进口156吨: behind the mark the next figure has its own.
        let next = item > reach.anchor
            && !joined
            && (reach.anchor + 1..item).any(|at| scene.items[at].mark() == Some('、'))
            && last.is_some();
        if next {
            break;
        }
        if joined
            || is_partner(scene, item, measure)
            || is_called_partner(scene, block, last_listed(around, item))
        {
            claim.partners.push(scene.term(item, block, "origin or destination"));
            last = Some(item);
            continue;
        }
        if item > reach.anchor || is_whose(scene, block, item) {
            continue;
        }
        if measure == "imports" && lands(scene, item) {
            claim.place = Some(scene.term(item, block, "place beside the figure"));
            continue;
        }
        let reports = is_reporter(scene, block, item);
        let other = known.as_ref().is_some_and(|known| known.is.id.as_deref() != scene.id(item));
        if !reports && other && measure != "shipments" && scene.kind(item) != "place" {
            claim.partners.push(scene.term(item, block, "beside the figure of a known reporter"));
            last = Some(item);
        } else if reporter.is_none_or(|first| reports && !is_reporter(scene, block, first)) {
            // Of several the first one is whom the sentence is about.
            reporter = Some(item);
        }
    }
    own_partners(around, measure, claim);
    if claim.place.is_none() {
        claim.place = reporter.map(|item| scene.term(item, block, "place beside the figure"));
    }
    if claim.place.is_none() {
        claim.place = known;
    }
    settle(around, measure, &passed, claim);
}

/// Keeps of the partners those of this figure, and finds those that an aside lists or the figure before has.
fn own_partners<'t>(around: Around<'t, '_, '_, '_>, measure: &str, claim: &mut Claim<'t>) {
    let Around { scene, reach, before, .. } = around;
    // «140 t went to the Netherlands and 85 t to Japan»: each figure has its own.
    let here = scene.items[reach.anchor].start;
    if claim.partners.iter().any(|slot| slot.origin.start_byte > here) {
        let told = before.map_or(&[][..], |before| before.partners.as_slice());
        claim
            .partners
            .retain(|slot| !told.iter().any(|other| other.origin.start_byte == slot.origin.start_byte));
    }
    if claim.partners.is_empty() {
        claim.partners = mostly(around, measure);
    }
    // «exports to China reached 118,000 t, worth $134 million»: the same trade.
    if claim.partners.is_empty()
        && let Some(before) = before.filter(|before| is_worth(around, before))
    {
        claim.partners =
            before.partners.iter().map(|slot| super::figure::inherited(slot, "the figure before")).collect();
    }
}

/// Fills what is still open: partners by the way or by a list, the reporter by a ministry, the text or the good.
fn settle<'t>(around: Around<'t, '_, '_, '_>, measure: &str, passed: &[usize], claim: &mut Claim<'t>) {
    let Around { scene, block, reach, before, .. } = around;
    // What a country ships is no company's of which the text told before.
    let reports = |slot: &Slot<Term<'_>>| slot.is.id.as_deref().is_some_and(|id| id.starts_with("country/"));
    if measure == "exports" && claim.place.as_ref().is_some_and(reports) && scene.home.host.is_none() {
        claim.actors.retain(|actor| {
            !matches!(actor.origin.rule, "company told before" | "the figure before")
                || actor.origin.start_byte >= block.span.start
        });
    }
    // «imports through Thailand and Mexico»: no origin is said but the way.
    if measure == "imports" && claim.partners.is_empty() {
        claim.partners =
            passed.iter().map(|item| scene.term(*item, block, "origin or destination")).collect();
    }
    // 自缅甸进口锡矿分别为2,340吨、2,120吨和1,790吨: one origin for a list of figures.
    if claim.partners.is_empty()
        && let Some(before) = before.filter(|before| is_listed(around, before))
    {
        claim.partners =
            before.partners.iter().map(|slot| super::figure::inherited(slot, "the figure before")).collect();
    }
    if claim.place.is_none() && measure != "shipments" {
        // 日本财务省称，1月锗进口…: a ministry tells of its own country.
        claim.place = ministry(scene, block, reach.all.start..reach.anchor);
    }
    if claim.place.is_none() && measure != "shipments" {
        claim.place = super::home::country(scene, block);
    }
    // 几内亚铝土矿出口1.41亿吨, 进口几内亚铝土矿: the good is named with its origin.
    let named = claim.subject.as_ref().and_then(|slot| super::bureau::origin_of(slot.is.words));
    if let Some(origin) = named {
        if measure == "exports" && claim.place.is_none() {
            claim.place = Some(resolved(origin, "origin in the name of the good"));
        } else if measure == "imports" && claim.partners.is_empty() {
            claim.partners.push(resolved(origin, "origin in the name of the good"));
        }
    }
    if claim.place.is_none() && measure != "shipments" && block_is_chinese(&scene.text[block.span.clone()]) {
        claim.place = Some(resolved("country/CHN", "trade in a Chinese text is China's"));
    }
}

/// «908,000 t in 2024, mostly from Chile (65 %), Canada (17 %) and Peru», 主要来自智利、秘鲁: the countries that an aside behind the
/// figure lists.
fn mostly<'t>(around: Around<'t, '_, '_, '_>, measure: &str) -> Vec<Slot<Term<'t>>> {
    const LEADS: &[&str] = &[
        "mostly", "mainly", "chiefly", "largely", "primarily", "all", "almost all", "most of it",
        "predominantly", "principally", "主要", "大部分", "多数", "全部", "目的地", "来源",
    ];
    let Around { scene, block, reach, .. } = around;
    let mut listed: Vec<usize> = Vec::new();
    for item in reach.anchor + 1..reach.all.end {
        // 2,310吨、增长5.1%,主要流向韩国与荷兰: a change of the figure parts nothing.
        let change = scene.mention(item).is_some_and(|mention| mention.unit.as_deref() == Some("%"));
        if super::figure::is_figure(scene, item) && listed.is_empty() && !change {
            break;
        }
        if scene.kind(item) != "country" {
            continue;
        }
        let goes_on = listed.last().is_some_and(|last| {
            let gap = scene.gap(*last, item);
            let plain = match (gap.find(['(', '（']), gap.find([')', '）'])) {
                (Some(open), Some(close)) if open < close => {
                    let behind = &gap[close..];
                    format!("{}{}", &gap[..open], behind.trim_start_matches([')', '）']))
                }
                _ => gap.to_owned(),
            };
            matches!(plain.trim(), "、" | "和" | "与" | "及" | "以及" | "," | "，" | "and" | ", and" | "&")
        });
        if goes_on {
            listed.push(item);
            continue;
        }
        if !listed.is_empty() {
            break;
        }
        let lead = scene.text.get(scene.items[reach.anchor].end..scene.items[item].start).unwrap_or_default();
        let aside = lead.rsplit([',', '，', '(', '（']).next().unwrap_or_default().trim_start();
        let asides = LEADS.iter().any(|word| aside.starts_with(word)) && aside.len() <= 32;
        if !(asides && is_partner(scene, item, measure)) {
            break;
        }
        listed.push(item);
    }
    listed.into_iter().map(|item| scene.term(item, block, "origin or destination")).collect()
}

/// «arriving in China», 进入中国: where imports are landed is who reports them.
fn lands(scene: &Scene<'_, '_>, item: usize) -> bool {
    let ahead = scene.text[..scene.items[item].start].trim_end();
    ends_with(ahead, &[" in", " into", "运抵", "进入", "抵达", "流入", "输入"])
        && !ahead.ends_with("originated in")
}

/// The reporter that the figure before, the customs named or the title tells.
pub(super) fn known<'t>(around: Around<'t, '_, '_, '_>, measure: &str) -> Option<Slot<Term<'t>>> {
    let Around { scene, block, reach, before, memory } = around;
    let traded = |claim: &&Claim<'_>| {
        let id = claim.measure.as_ref().and_then(|slot| slot.is.id.as_deref()).unwrap_or_default();
        matches!(id, "measure/imports" | "measure/exports")
    };
    if let Some(place) = before.filter(traded).and_then(|before| before.place.as_ref()) {
        return Some(super::figure::inherited(place, "the figure before"));
    }
    if measure == "shipments" {
        return None;
    }
    district(scene, block, memory)
        .or_else(|| customs(scene, block, reach.all.start..reach.anchor))
        .or_else(|| memory.reporter.map(|item| scene.term(item, block, "place told before")))
        .or_else(|| memory.customs.and_then(|item| customs(scene, block, item..item + 1)))
}

/// «these countries»: the countries listed together before in the sentence.
fn pair_before<'t>(around: Around<'t, '_, '_, '_>, item: usize) -> Vec<Slot<Term<'t>>> {
    let Around { scene, block, reach, .. } = around;
    let is = |item: &usize| scene.kind(*item) == "country";
    let Some(last) = (reach.all.start..item).rev().find(is) else { return Vec::new() };
    let Some(first) = (reach.all.start..last).rev().find(is) else { return Vec::new() };
    if !is_joined(around, first, last) {
        return Vec::new();
    }
    [first, last].into_iter().map(|item| scene.term(item, block, "origin or destination")).collect()
}

/// True if nothing but a joint of a list stands between the figure before and this one.
fn is_listed(around: Around<'_, '_, '_, '_>, before: &Claim<'_>) -> bool {
    let Around { scene, reach, .. } = around;
    let gap = scene.text.get(before.end_byte..scene.items[reach.anchor].start).unwrap_or_default();
    matches!(gap.trim(), "、" | "，" | "," | "和" | "与" | "及" | "and" | ", and" | "以及")
}

/// True if the words between two figures say that the second is the worth of the first.
fn is_worth(around: Around<'_, '_, '_, '_>, before: &Claim<'_>) -> bool {
    let Around { scene, block, reach, .. } = around;
    let gap = scene.text.get(before.end_byte..scene.items[reach.anchor].start).unwrap_or_default();
    let words = ["worth", "valued at", "价值", "金额", "货值", "总值"];
    before.sentence == block.span
        && gap.len() <= 60
        && words.iter().any(|word| gap.contains(word))
        && !["of which", "其中"].iter().any(|word| gap.contains(word))
}

/// 关区: the district of the customs named above.
fn district<'t>(scene: &Scene<'t, '_>, block: &Block, memory: &Memory) -> Option<Slot<Term<'t>>> {
    let item = memory.customs?;
    let words = scene.words(item).strip_suffix("海关")?;
    let here =
        scene.text[block.span.clone()].contains("关区") || scene.blocks[scene.block_of(item)].is_above();
    let foreign = scene.id(item).and_then(nation).is_some() || words.is_empty();
    if !here || foreign {
        return None;
    }
    let mut slot = scene.term(item, block, "district of the customs");
    slot.is = Term { id: None, words };
    Some(slot)
}

/// The country whose customs are named among some items.
fn customs<'t>(
    scene: &Scene<'t, '_>,
    block: &Block,
    mut items: std::ops::Range<usize>,
) -> Option<Slot<Term<'t>>> {
    let (item, nation) = items.find_map(|item| Some((item, scene.id(item).and_then(nation)?)))?;
    let mut slot = scene.term(item, block, "customs of a country");
    slot.is.id = Some(format!("country/{nation}"));
    slot.origin.kind = OriginKind::Resolved;
    Some(slot)
}

/// The country whose trade a title or heading is about: the first one that is no partner, where a word of trade stands.
pub(super) fn in_title(scene: &Scene<'_, '_>, block: &Block) -> Option<usize> {
    static TRADE: LazyLock<Words> = LazyLock::new(|| {
        Words::new(&[
            "出口", "进口", "海关", "贸易", "export", "import", "trade", "customs", "shipments", "arrivals",
        ])
    });
    if !block.is_above() {
        return None;
    }
    let words = lower(&scene.text[block.span.clone()]);
    if !TRADE.any_in(&words) {
        return None;
    }
    let mut countries = scene.items_of(block).filter(|item| scene.kind(*item) == "country");
    countries.find(|item| {
        // «copper concentrate into China» is imported there.
        let ahead = scene.text[..scene.items[*item].start].trim_end();
        let enters = ahead.ends_with(" into") && !words.contains("export");
        if enters {
            return true;
        }
        let partner = ["imports", "exports"].iter().any(|measure| is_partner(scene, *item, measure));
        !partner && !is_passed(scene, *item) && is_reporter(scene, block, *item)
    })
}

/// True if the country at `item` is where trade comes from or goes to.
pub(super) fn is_partner(scene: &Scene<'_, '_>, item: usize, measure: &str) -> bool {
    let before = scene.text[..scene.items[item].start].trim_end().trim_end_matches(" the");
    let origin = ends_with(
        before,
        &[
            " from", "From", "来自", "自", "从", "源自", "originating in", "originated in", "由", "原产于",
            "产自", "来源于", "来源国", " of origin", "进口自", "shipped by", "turned to", "turning to",
            "switched to",
        ],
    );
    let destination = ends_with(
        before,
        &[
            " to", "对", "向", "向着", "对着", "至", "往", "到", "输往", "发往", "销往", "运往", "流向",
            "出口到", "输", "To", "bound for", "destined for", " into", "目的地为", "目的国", " for",
        ],
    );
    // 目的地全部为中国, 来源均为智利
    let clause = before.rsplit(['，', ',', '。', '；', '\n']).next().unwrap_or_default();
    let named = clause.len() <= 36 && clause.ends_with(['为', '是']);
    let destination = destination || named && (clause.contains("目的地") || clause.contains("流向"));
    let origin = origin || named && clause.contains("来源");
    match measure {
        "imports" => origin || ends_with(before, &["进口"]),
        "exports" => destination || ends_with(before, &["出口"]),
        _ => destination || ends_with(before, &["发", "运"]),
    }
}

/// The last of the countries listed from `item` on: «Chile, Canada and Mexico supply».
fn last_listed(around: Around<'_, '_, '_, '_>, item: usize) -> usize {
    let scene = around.scene;
    let mut last = item;
    for next in item + 1..around.reach.all.end {
        if scene.kind(next) == "country" && is_joined(around, last, next) {
            last = next;
        } else if !matches!(scene.items[next].mark(), Some(',' | '、')) && scene.items[next].cue().is_some()
        {
            break;
        }
    }
    last
}

/// True if the words around the country at `item` call it an origin, a supplier, a market: «was the largest supplier».
fn is_called_partner(scene: &Scene<'_, '_>, block: &Block, item: usize) -> bool {
    const ROLES: &[&str] = &[
        "origin", "source", "supplier", "destination", "buyer", "market", "customer", "shipper", "taker",
        "来源", "供应国", "供应方", "供应来源", "目的地", "目的国", "买家", "市场", "去向", "流向",
    ];
    const VERBS: &[&str] = &[
        " was", " is", " were", " are", " remained", " became", " remains", "为", "是", "仍为", "仍是",
        "成为", "居", "系",
    ];
    let rest = scene.text.get(scene.items[item].end..block.span.end).unwrap_or_default();
    let clause = rest.split([',', '，', ';', '；', '。']).next().unwrap_or_default();
    VERBS.iter().any(|verb| clause.starts_with(verb)) && ROLES.iter().any(|role| clause.contains(role))
        || [
            " supplied", " supply", " supplies", " provide", " took", " taking", " bought", " accounted for",
            " contributed", " received", "占", "供应",
        ]
        .iter()
        .any(|verb| clause.starts_with(verb))
}

/// True if the country at `item` stands before the word of its trade: «Chinese exports», 印尼5月镍矿出口, «China's imports».
fn is_reporter(scene: &Scene<'_, '_>, block: &Block, item: usize) -> bool {
    const WORDS: &[&str] = &[
        "出口", "进口", "export", "import", "shipment", "arrivals", "purchases", "intake", "海关", "customs",
        "贸易", " trade",
    ];
    let before = scene.text[..scene.items[item].start].trim_end().trim_end_matches(" the");
    let told = before.get(block.span.start..).unwrap_or_default();
    let own = told.rsplit([',', ';']).next().unwrap_or_default();
    if own.ends_with(" by")
        && !own.ends_with("followed by")
        && (own.contains("import") || own.contains("export"))
    {
        return true;
    }
    if turns_to(scene, item) {
        return true;
    }
    let rest = scene.text.get(scene.items[item].end..block.span.end).unwrap_or_default();
    let clause = rest.split([',', '，', ';', '；', '。', '(', '（', ':', '：']).next().unwrap_or_default();
    let Some(at) = WORDS.iter().filter_map(|word| find(clause, word)).min() else { return false };
    // Another country or a word of direction between them has the trade.
    let between = &clause[..at];
    !["自", "对", "向", " from ", " to "].iter().any(|word| between.contains(word))
}

/// 德国向荷兰出口, 智利从荷兰进口: the country at `item`, a word of direction, another country and the trade.
fn turns_to(scene: &Scene<'_, '_>, item: usize) -> bool {
    let Some(rest) = scene.text[scene.items[item].end..].strip_prefix(['向', '对', '自', '从']) else {
        return false;
    };
    let near = item + 1..scene.items.len().min(item + 4);
    let other = near.into_iter().find(|other| scene.kind(*other) == "country");
    let Some(other) = other.filter(|other| rest.starts_with(scene.words(*other))) else { return false };
    let trade = &rest[scene.words(other).len()..];
    trade.starts_with("出口") || trade.starts_with("进口")
}

fn find(text: &str, word: &str) -> Option<usize> {
    if word.is_ascii() {
        text.as_bytes().windows(word.len()).position(|window| window.eq_ignore_ascii_case(word.as_bytes()))
    } else {
        text.find(word)
    }
}

/// True if goods only pass through the country at `item`, or it is the one that something is compared with.
fn is_passed(scene: &Scene<'_, '_>, item: usize) -> bool {
    let before = scene.text[..scene.items[item].start].trim_end().trim_end_matches(" the");
    let rest = &scene.text[scene.items[item].end..];
    ends_with(
        before,
        &[
            " via", " through", "by way of", "经", "经由", "途经", "借道", "取道", " than", " against",
            "不含", "除",
        ],
    ) || rest.starts_with("中转")
        || rest.starts_with("转口")
}

/// True if the country at `item` only says where somebody or something is at home: «China's Hailiang», 一家美国贸易商.
fn is_whose(scene: &Scene<'_, '_>, block: &Block, item: usize) -> bool {
    super::place::is_of_somebody(scene, block, item)
}

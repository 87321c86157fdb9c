//! Goods that a sentence names without telling of them: what a company deals in, grades, bases of conversion.

use super::layout::Block;
use super::scene::Scene;
use crate::find::{Affixes, rfind};
use crate::mention::{Kind, Mention};

/// True if the good at `item` only says what a company, plant or trader deals in, is a group or a use of goods rather than
/// one, or belongs to a grade (62% Fe) or a basis (300吨REO).
pub(super) fn is_user(scene: &Scene<'_, '_>, item: usize) -> bool {
    if scene.id(item).is_some_and(|id| GENERAL.contains(&id))
        || is_grade(scene, item)
        || is_conversion(scene, item)
    {
        return true;
    }
    let rest = scene.text[scene.items[item].end..].trim_start_matches([' ', '-']);
    USERS.begin_in_any_case(rest)
        && USERS.words().iter().any(|word| {
            rest.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word))
                && !(WHOLE.contains(word) && goes_on(&rest[word.len()..]))
        })
}

/// Words of [`USERS`] that begin others: «projected», «million», «united».
const WHOLE: &[&str] =
    &["project", "mine", "mill", "unit", "plant", "user", "industry", "platform", "exchange"];

/// True if letters follow that are no plural.
fn goes_on(rest: &str) -> bool {
    let rest = rest.strip_prefix('s').unwrap_or(rest);
    rest.starts_with(|next: char| next.is_ascii_alphabetic())
}

/// True if the good at `item` stands in a list of examples: «sectors such as real estate, steel and cement».
pub(super) fn is_example(scene: &Scene<'_, '_>, block: &Block, item: usize) -> bool {
    let before = &scene.text[block.span.start..scene.items[item].start];
    let words = ["such as ", "sectors including ", "industries including ", "诸如", "例如"];
    let Some(list) = words.iter().filter_map(|word| Some(rfind(before, word)? + word.len())).max() else {
        return false;
    };
    !before[list..].contains(['.', ';', '。', '；'])
}

/// True if the words around the good at `item` say that figures are converted to it: 折V2O5, 按氧化物计, «on an LCE basis».
fn is_conversion(scene: &Scene<'_, '_>, item: usize) -> bool {
    let before = scene.text[..scene.items[item].start].trim_end();
    let rest = scene.text[scene.items[item].end..].trim_start();
    const CONVERTED: Affixes = Affixes::tails(&[
        "折", "折合", "折算", "折算成", "折算为", "折算到", "折纯", "相当于", "converted to", "in terms of",
    ]);
    const RECKONED: Affixes = Affixes::tails(&["以", "按", "按照", "on a", "on an", "as"]);
    CONVERTED.end(before)
        || RECKONED.end(before)
            && ["计", "折算", "当量", "basis", "equivalent"].iter().any(|word| rest.starts_with(word))
}

/// Groups of goods, and what goods are used in: subjects only if nothing else is named.
const GENERAL: &[&str] = &[
    "commodity/critical-minerals",
    "commodity/minor-metals",
    "commodity/non-ferrous-metals",
    "commodity/vehicle",
    "commodity/semiconductor",
    "commodity/photovoltaics",
    "commodity/new-energy-vehicle",
];

/// True for the symbol of a grade or basis: Fe in «62% Fe», Co≥20.5%, REO behind a mass.
fn is_grade(scene: &Scene<'_, '_>, item: usize) -> bool {
    let words = scene.words(item);
    if matches!(words, "REO" | "LCE" | "TREO") {
        return true;
    }
    // «$24.35/lb Mo», 300吨Co: of what the unit is counted.
    let counted = item.checked_sub(1).is_some_and(|left| {
        let rate = |mention: &Mention<'_>| mention.unit.as_deref().is_some_and(|unit| unit.contains('/'));
        scene.mention(left).is_some_and(|mention| mention.kind == Kind::Quantity && rate(mention))
            && scene.gap(left, item).trim().is_empty()
    });
    if counted && words.chars().count() <= 2 {
        return true;
    }
    if words.len() > 5 || !words.is_ascii() {
        return false;
    }
    let percent = |at: usize| scene.mention(at).is_some_and(|mention| mention.kind == Kind::Percent);
    let before =
        item.checked_sub(1).is_some_and(|left| percent(left) && scene.gap(left, item).trim().is_empty());
    let rest = scene.text[scene.items[item].end..].trim_start();
    let behind = item + 1 < scene.items.len()
        && percent(item + 1)
        && (rest.starts_with(['≥', '≤', '=', '>', '<', ':', '：']) || scene.gap(item, item + 1).is_empty());
    before || behind
}

/// Who deals in a good, by the words behind it.
const USERS: Affixes = Affixes::heads(&[
    "企业", "厂", "生产商", "贸易商", "加工", "冶炼", "下游", "公司", "矿业", "集团", "项目", "行业协会",
    "协会", "分会", "交易所", "交易中心", "平台", "工业", "产业链", "用户", "厂商", "买家", "卖家", "客户",
    "矿商", "杂质", "producer", "miner", "smelter", "plant", "maker", "refiner", "refinery", "trader",
    "mine", "project", "manufacturer", "supplier", "processor", "compan", "exchange", "platform",
    "association", "industry", "consumer", "buyer", "user", "seller", "mill", "factor", "merchant",
    "analyst", "unit", "impurit",
]);

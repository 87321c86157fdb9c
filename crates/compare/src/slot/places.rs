//! How places fit, and those who are told by their place alone.

use api::record::{Statement, Word};

use super::{Fit, good, supported, word};
use crate::goods::{Kinship, is_named, kinship};
use crate::statement::{Item, sentence};

pub(super) fn place(left: &Item, right: &Item) -> Fit {
    let (of_one, of_other) = (&left.statement, &right.statement);
    let (one, other) = (of_one.place.as_ref(), of_other.place.as_ref());
    if nationwide(of_one, other) || nationwide(of_other, one) {
        return Fit::Same;
    }
    let kin = match (one, other) {
        (Some(one), Some(other)) if !one.id.is_empty() && !other.id.is_empty() => kinship(&one.id, &other.id),
        _ => {
            let fit = word(one, other);
            // Where no slot has a place, another country may be named all the same.
            let (publisher, elsewhere) = match (one, other) {
                (Some(place), None) => (publishes_for(place, of_other), names_another(place, right)),
                (None, Some(place)) => (publishes_for(place, of_one), names_another(place, left)),
                _ => (false, false),
            };
            return match fit {
                Fit::OneSided if elsewhere => Fit::Unsure,
                // 辽宁省工业和信息化厅 tells of its province.
                Fit::OneSided if publisher => Fit::Same,
                Fit::OneSided => supported(one, other, of_one, of_other),
                _ => fit,
            };
        }
    };
    match kin {
        Kinship::Same => Fit::Same,
        Kinship::Broader => Fit::Broader,
        _ if one.is_some_and(|word| word.inherited) || other.is_some_and(|word| word.inherited) => {
            Fit::Unsure
        }
        _ => Fit::Differ,
    }
}

/// True if the publisher of a statement is called by this place; 新华社 is not by 华.
fn publishes_for(place: &Word, statement: &Statement) -> bool {
    is_named(&place.id, &statement.source.replace("新华", "").replace("华尔街", ""))
}

/// True if a statement without a place names one country, which fills none of its slots, and not this place, or speaks of «the country» that
/// was named before.
fn names_another(place: &Word, item: &Item) -> bool {
    const BEFORE: [&str; 4] = ["该国", "the country's", "that country", "the nation's"];
    let statement = &item.statement;
    let told = sentence(item).to_lowercase();
    if BEFORE.iter().any(|word| told.contains(word)) && !statement.names.contains(&place.id) {
        return true;
    }
    let filled = |id: &str| {
        let slots = statement.partners.iter().chain(&statement.part).chain(&statement.whole);
        slots.chain(&statement.actors).chain(&statement.subject).any(|word| word.id.contains(id))
    };
    let mut countries =
        statement.names.iter().filter(|name| name.starts_with("country/") && !filled(name.as_str()));
    let (only, None) = (countries.next(), countries.next()) else { return false };
    place.id.starts_with("country/") && only.is_some_and(|only| *only != place.id)
}

/// True if the place of the first is told as «the whole country», and its sentence or title names the other's: 澳大利亚…，全国精炼厂.
fn nationwide(statement: &Statement, other: Option<&Word>) -> bool {
    const WHOLE: &[&str] = &["全国", "国内", "该国", "nationwide", "the country"];
    let told = statement.place.as_ref().is_some_and(|place| WHOLE.contains(&place.words.as_str()));
    let named = |id: &str| id.starts_with("country/") && statement.names.iter().any(|name| name == id);
    told && other.is_some_and(|place| named(&place.id))
}

/// True if both tell of all who make a good, in one kind of works and in one place: «Chinese silver nitrate plants», 全国硝酸银企业.
pub(super) fn plainly_alike(one: &Statement, other: &Statement) -> bool {
    const WORKS: &[&[&str]] = &[
        &["mine", "miner", "矿山", "矿企"],
        &["smelter", "冶炼"],
        &["refiner", "精炼"],
        &["mill", "钢厂", "轧"],
        &["trader", "贸易"],
        &["port", "港"],
        &["user", "consumer", "下游", "用户", "终端"],
        &["plant", "producer", "maker", "manufacturer", "compan", "企业", "厂", "生产商"],
    ];
    const SOME: &[&str] = &[
        "large", "small", "top", "major", "leading", "sample", "integrated", "大型", "小型", "中小", "主要",
        "重点", "样本", "头部", "一体化", "独立", "西北", "华", "南方", "北方",
    ];
    let ([left], [right]) = (one.actors.as_slice(), other.actors.as_slice()) else { return false };
    let works = |words: &str| WORKS.iter().position(|names| names.iter().any(|name| words.contains(name)));
    let (left, right) = (left.words.to_lowercase(), right.words.to_lowercase());
    let counted = |words: &str| words.bytes().any(|byte| byte.is_ascii_digit());
    let some = |words: &str| SOME.iter().any(|name| words.contains(name)) || counted(words);
    let good = |statement: &Statement| good(statement).map(|word| word.id).filter(|id| !id.is_empty());
    let place = |statement: &Statement| statement.place.as_ref().map(|word| word.id.clone());
    works(&left).is_some()
        && works(&left) == works(&right)
        && !some(&left)
        && !some(&right)
        && good(one).is_some_and(|id| good(other) == Some(id))
        && place(one).is_some()
        && place(one) == place(other)
}

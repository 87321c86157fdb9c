//! Companies by the first part of their name, once a text has named them in full: "Perpetua Resources … Perpetua said",
//! 力勤资源……力勤另称.

use crate::mention::{Kind, Mention};
use crate::view::{View, fold, is_han};

/// What a company's name ends in behind the part that it is called by.
const TAILS: &[&str] = &[
    "resources", "minerals", "mining", "metals", "materials", "group", "holdings", "lithium", "energy",
    "technology", "technologies", "corp", "corporation", "inc", "ltd", "limited", "industries", "industry",
    "gold", "copper", "nickel", "cobalt", "uranium", "graphite", "magnesium", "zinc", "tin", "steel",
    "aluminium", "aluminum", "mines", "motors", "battery", "batteries", "power", "solar", "tungsten",
    "nonferrous", "earths", "platinum", "silver", "international", "exploration", "royalty", "rareearth",
];

/// First words that name more than one company, or none.
const COMMON: &[&str] = &[
    "northern", "southern", "western", "eastern", "china", "american", "australian", "canadian", "first",
    "general", "global", "national", "united", "great", "critical", "energy", "standard", "core", "pure",
    "rare", "black", "blue", "green", "golden", "silver", "royal", "central", "pacific", "atlantic",
    "european", "african", "indian", "brazilian", "advanced", "alliance", "base", "image", "lead", "leading",
    "lake", "rock", "mineral", "metal", "precious", "strategic", "shanghai", "beijing", "shenzhen",
    "jiangxi", "hunan", "yunnan", "sichuan", "guangdong", "shandong", "hebei", "henan", "inner", "tibet",
    "qinghai", "xinjiang", "baotou", "luoyang", "xiamen", "ningbo", "zhejiang", "gansu", "guizhou",
    "industrial", "boss", "deep", "lotus", "talon", "rainbow", "viridis", "technology", "solid", "form",
    "south", "north", "west", "east", "nova", "atlas", "vulcan", "guardian", "military", "savannah", "union",
    "star", "sunrise", "summit",
];

/// The same in Chinese.
const HAN_TAILS: &[&str] = &[
    "资源", "矿业", "股份", "科技", "集团", "材料", "新材", "稀土", "磁材", "有色", "黄金", "能源", "钴业",
    "锂业", "钨业", "锡业", "铜业", "铝业", "锌业", "镍业", "钛业", "镁业", "锗业", "锑业", "钒钛", "锂能",
    "锂科", "高科", "钢铁", "特钢", "汽车", "动力", "电池", "国际", "控股", "实业", "金属", "新能",
];

/// Beginnings that are words or places of their own.
const HAN_COMMON: &[&str] = &[
    "北方", "南方", "西部", "东方", "中国", "天山", "华东", "光明", "创新", "先导", "长远", "安宁", "中核",
    "新疆", "西藏", "江西", "湖南", "云南", "山东", "广东", "四川", "贵州", "青海", "甘肃", "河北", "河南",
    "厦门", "宁波", "赤峰", "株洲", "铜陵", "洛阳", "包头", "赣州", "大冶", "白银", "鞍山", "攀枝花", "上海",
    "北京", "中央", "国家", "国际", "全球", "世界", "环球", "合金", "稀有", "再生", "新型", "先进", "高新",
    "科技", "资源", "有色", "黄金", "精密", "超导", "理想", "长安", "长城", "大众", "现代", "日本", "韩国",
    "美国", "印度", "智利", "首钢", "五矿", "华东", "华北", "华南", "西北", "东北", "德龙", "建设", "通用",
    "安全", "永恒", "金属", "新能", "动力", "汽车", "海外", "亚洲", "非洲", "欧洲", "东南", "标准",
];

/// The companies that a text has named, by the part that may stand for them.
#[derive(Default)]
pub(crate) struct Echoes {
    heard: Vec<(Vec<char>, String)>,
}

impl Echoes {
    /// Remembers a company that is named in full.
    pub(crate) fn hear(&mut self, mention: &Mention<'_>) {
        let Some(id) = mention.id.as_deref().filter(|id| id.starts_with("company/")) else { return };
        if mention.kind != Kind::Entity || self.heard.iter().any(|(_, heard)| heard == id) {
            return;
        }
        if let Some(part) = part_of(mention.quote) {
            self.heard.push((part, id.to_owned()));
        }
    }

    /// The company whose part stands at a place, with the index after it.
    #[inline]
    pub(crate) fn find(&self, view: &View<'_>, at: usize) -> Option<(&str, usize)> {
        if self.heard.is_empty() {
            return None;
        }
        let first = view.get(at);
        self.heard.iter().find_map(|(part, id)| {
            if part.first() != Some(&first) {
                return None;
            }
            let end = at + part.len();
            let same = part.iter().zip(at..).all(|(letter, here)| view.get(here) == *letter);
            let whole =
                is_han(first) || view.at_edge(at) && view.at_edge(end) && view.raw(at).is_ascii_uppercase();
            (same && whole).then_some((id.as_str(), end))
        })
    }
}

/// The part of a full name that stands for it, folded.
fn part_of(name: &str) -> Option<Vec<char>> {
    if name.chars().all(is_han) {
        let tail = HAN_TAILS.iter().find(|tail| name.ends_with(*tail))?;
        let part = name.strip_suffix(tail)?;
        let fits = (2..=3).contains(&part.chars().count()) && !HAN_COMMON.contains(&part);
        return fits.then(|| part.chars().map(fold).collect());
    }
    let mut words = name.split_whitespace();
    let first = words.next()?;
    let last = words.next_back()?.trim_end_matches(['.', ',']).to_lowercase();
    let folded = first.to_lowercase();
    let fits = first.len() >= 4
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
        && first.starts_with(|letter: char| letter.is_ascii_uppercase())
        && !COMMON.contains(&folded.as_str())
        && TAILS.contains(&last.as_str());
    fits.then(|| folded.chars().collect())
}

#[cfg(test)]
mod tests {
    use crate::{Context, Reader};

    #[test]
    fn a_company_is_called_by_the_first_part_of_its_name() {
        let reader = Reader::standard();
        for (text, last) in [
            ("Sigma Lithium rose; Sigma said so.", Some(("Sigma", "company/sigma-lithium"))),
            ("力勤资源公告称扩产，力勤未给出指引。", Some(("力勤", "company/lygend"))),
            ("Sigma said so.", None),
            ("西部矿业在西部扩产。", Some(("西部矿业", "company/western-mining"))),
        ] {
            let mentions = reader.read(text, &Context::default());
            let found = mentions
                .iter()
                .rfind(|mention| mention.id.as_deref().is_some_and(|id| id.starts_with("company/")));
            let found = found.and_then(|mention| Some((mention.quote, mention.id.as_deref()?)));
            assert_eq!(found, last, "{text}");
        }
    }
}

//! Somebody who is described and not named: 湖南某冶炼厂, «a Belgian flame-retardant maker», «a metals strategist».
//!
//! A description ends with a word for people or works (its head) and goes back to a mark or to a word that cannot be of it.

use std::ops::Range;

/// What kind of somebody is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// Who makes, mines, buys or sells goods.
    Works,
    /// Who says something.
    Speaker,
    /// Against or with whom an event is.
    Target,
    /// Who acts in an event: works, mines and projects, or an authority.
    Actor,
}

/// Longest description in bytes.
const LONGEST: usize = 72;

/// The description that ends the part `lead` of a text; nothing if its last words are no head.
pub(super) fn at_end(text: &str, lead: Range<usize>, who: Who) -> Option<Range<usize>> {
    let words = text.get(lead.clone())?.trim_end();
    let end = lead.start + words.len();
    if words.ends_with(|last: char| last.is_ascii_alphanumeric()) {
        english(text, lead.start, end, who)
    } else {
        let head =
            chinese_heads(who).iter().filter(|head| words.ends_with(**head)).map(|head| head.len()).max()?;
        chinese(text, lead.start, end - head, end)
    }
}

/// The nearest description in the part `lead` of a text, from its end.
pub(super) fn nearest(text: &str, lead: Range<usize>, who: Who) -> Option<Range<usize>> {
    let words = text.get(lead.clone())?;
    let mut best: Option<Range<usize>> = None;
    let chinese_words = !words.is_ascii();
    for head in chinese_heads(who).iter().filter(|_| chinese_words) {
        let Some(at) = words.rfind(head) else { continue };
        let end = at + head.len();
        let rest = &words[end..];
        // 厂区, 出厂价 and 企业家 are no works.
        if rest.starts_with([
            '区', '价', '库', '内', '房', '家', '商', '址', '间', '主', '化', '会', '联', '所', '级', '矿',
        ]) || words[..at].ends_with(['出', '提', '到'])
        {
            continue;
        }
        let longer = best.as_ref().is_none_or(|best| (end, best.start) > (best.end, at));
        if longer {
            best = Some(at..end);
        }
    }
    let found =
        best.and_then(|head| chinese(text, lead.start, lead.start + head.start, lead.start + head.end));
    if found.is_some() {
        return found;
    }
    // Word by word from the end.
    let bytes = words.as_bytes();
    let mut end = words.len();
    while end > 0 {
        if !bytes[end - 1].is_ascii_alphabetic() {
            end -= 1;
            continue;
        }
        let start = bytes[..end]
            .iter()
            .rposition(|byte| !byte.is_ascii_alphabetic() && *byte != b'-')
            .map_or(0, |at| at + 1);
        if is_english_head(&words[start..end], who) {
            return english(text, lead.start, lead.start + end, who);
        }
        end = start;
    }
    None
}

/// A Chinese description from the head at `head..end` back to `from` at most.
fn chinese(text: &str, from: usize, head: usize, end: usize) -> Option<Range<usize>> {
    let mut start = head;
    for (at, character) in text[from..head].char_indices().rev() {
        let at = from + at;
        // A Latin name may stand before the head with a blank: Tanco 矿区.
        let latin = matches!(character, ' ' | '-')
            && text[from..at].ends_with(|before: char| before.is_ascii_alphanumeric())
            && (start == head || text[start..].starts_with(|next: char| next.is_ascii_alphanumeric()));
        if end - at > LONGEST || !(latin || is_of_description(character)) {
            break;
        }
        start = at;
    }
    // A relative clause is not of the description: 年产1万吨的锂盐厂.
    if let Some(at) = text[start..head].rfind('的') {
        start += at + '的'.len_utf8();
    }
    let mut words = &text[start..end];
    loop {
        let rest =
            OPENERS.iter().find_map(|opener| words.strip_prefix(opener)).filter(|rest| !rest.is_empty());
        match rest {
            Some(rest) if end - rest.len() <= head => words = rest,
            _ => break,
        }
    }
    let start = end - words.len();
    (start < end).then_some(start..end)
}

/// True for a character that may stand inside a Chinese description.
fn is_of_description(character: char) -> bool {
    (character.is_alphanumeric() || character == '·')
        && !matches!(
            character,
            '据' | '对'
                | '向'
                | '由'
                | '从'
                | '于'
                | '为'
                | '将'
                | '使'
                | '令'
                | '但'
                | '而'
                | '且'
                | '因'
                | '给'
                | '让'
                | '被'
                | '了'
                | '着'
                | '受'
                | '促'
                | '较'
                | '按'
                | '以'
                | '在'
                | '称'
                | '是'
                | '致'
                | '起'
                | '时'
        )
}

/// Words before a Chinese description that are not of it.
const OPENERS: &[&str] = &[
    "有", "另有", "另", "其中", "目前", "近期", "近日", "不过", "此外", "同时", "随着", "已有", "仍有",
    "也有", "尚有", "和", "及", "与", "当前", "今日", "昨日", "本周", "上周", "本月", "一位", "多位", "日前",
    "并", "又",
];

fn chinese_heads(who: Who) -> &'static [&'static str] {
    match who {
        Who::Works => &[
            "企业",
            "厂商",
            "厂家",
            "工厂",
            "钢厂",
            "厂",
            "矿山",
            "矿企",
            "矿商",
            "冶炼商",
            "生产商",
            "供应商",
            "制造商",
            "车企",
            "药企",
            "持货商",
            "贸易商",
            "出口商",
            "进口商",
            "加工商",
            "回收商",
            "运营商",
            "开发商",
            "采购商",
            "经销商",
            "用户",
            "买家",
            "卖家",
            "买方",
            "卖方",
            "选厂",
            "矿场",
            "盐场",
            "基地",
            "项目公司",
            "合资公司",
            "子公司",
            "作坊",
            "窑炉企业",
            "大户",
            "电站",
        ],
        Who::Actor => &[
            "企业",
            "厂商",
            "厂家",
            "工厂",
            "钢厂",
            "厂",
            "矿山",
            "矿企",
            "矿商",
            "冶炼商",
            "生产商",
            "供应商",
            "制造商",
            "车企",
            "贸易商",
            "出口商",
            "进口商",
            "选厂",
            "矿场",
            "盐场",
            "基地",
            "项目公司",
            "合资公司",
            "子公司",
            "矿区",
            "项目",
            "园区",
            "产线",
            "生产线",
            "铜矿",
            "锂矿",
            "镍矿",
            "钴矿",
            "锡矿",
            "锑矿",
            "钨矿",
            "铁矿",
            "铅锌矿",
            "锌矿",
            "铀矿",
            "金矿",
            "银矿",
            "煤矿",
            "锰矿",
            "铬矿",
            "铝土矿",
            "稀土矿",
            "盐湖",
            "矿井",
            "海关",
            "警方",
            "公安局",
            "公安厅",
            "公安",
            "证监局",
            "监管局",
            "自然资源局",
            "自然资源厅",
            "生态环境局",
            "环保局",
            "商务厅",
            "商务局",
            "工信厅",
            "工信局",
            "发改委",
            "应急管理局",
            "市场监管局",
            "税务局",
            "口岸",
            "政府",
            "法院",
            "检察院",
            "缉私局",
            "委员会",
            "议会",
            "内阁",
            "总统",
            "总理",
            "部长",
            "财政部",
            "矿业部",
            "能源部",
            "商务部",
            "工业部",
            "环境部",
            "外交部",
            "国防部",
            "内政部",
            "关税委员会",
            "监管机构",
            "交易所",
            "工会",
            "当局",
            "军政府",
            "国会",
            "参议院",
            "众议院",
            "各部门",
            "工人",
            "员工",
            "协会",
            "炼厂",
            "炼铝厂",
            "港口",
            "码头",
            "铁路",
            "小组",
            "领导小组",
        ],
        Who::Target => &[
            "企业",
            "公司",
            "厂商",
            "厂家",
            "工厂",
            "厂",
            "矿山",
            "矿企",
            "贸易商",
            "出口商",
            "进口商",
            "选厂",
            "矿场",
            "账户",
            "投资者",
            "会员",
            "客户",
            "嫌疑人",
            "人员",
            "货物",
            "船舶",
            "车辆",
            "仓库",
            "堆场",
            "窝点",
            "作坊",
            "矿点",
            "港口",
            "机构",
            "券商",
            "期货公司",
            "个人",
            "高管",
        ],
        Who::Speaker => &[
            "企业",
            "厂商",
            "厂家",
            "工厂",
            "厂",
            "人士",
            "分析师",
            "研究员",
            "研究人员",
            "商会",
            "协会",
            "学会",
            "机构",
            "负责人",
            "期货公司",
            "管理层",
            "媒体",
            "券商",
            "贸易商",
            "交易商",
            "持货商",
            "冶炼厂",
            "经理",
            "专家",
            "网站",
            "主任",
            "发言人",
            "高管",
            "总裁",
            "董事长",
            "总经理",
            "首席执行官",
            "首席财务官",
            "董秘",
            "秘书长",
            "会长",
            "交易员",
            "业者",
            "从业者",
            "知情者",
            "人员",
            "官员",
            "部长",
            "局长",
            "司长",
            "院士",
            "教授",
            "学者",
            "业主",
            "老板",
            "销售",
            "矿山",
            "矿企",
            "矿商",
            "生产商",
            "供应商",
            "制造商",
            "出口商",
            "进口商",
            "加工商",
            "采购商",
            "经销商",
            "买家",
            "卖家",
            "中介",
            "货代",
            "船代",
            "经纪商",
            "投行",
            "大行",
            "银行",
            "基金",
            "研究所",
            "研究院",
            "咨询公司",
            "资讯机构",
            "评级机构",
            "大使馆",
            "政府",
            "当局",
            "外媒",
            "报告",
            "研报",
            "公告",
            "年报",
            "财报",
            "季报",
            "数据",
            "统计",
            "名单",
            "文件",
            "调研",
            "通报",
            "声明",
            "消息",
            "消息人士",
            "公司",
            "集团",
            "工程师",
            "顾问",
            "律师",
            "有人",
            "工会",
            "员工",
            "代表",
            "主席",
            "理事长",
            "经济学家",
            "策略师",
            "法人",
            "参与者",
            "客户",
            "用户",
            "财政厅",
            "警方",
        ],
    }
}

/// An English description from `from` to `end`, whose last word is a head, with what stands between its article and the head.
fn english(text: &str, from: usize, end: usize, who: Who) -> Option<Range<usize>> {
    let lead = &text[from..end];
    // «a metals strategist at a Geneva trading house»: the head may have its place of work behind it.
    let (phrase, _) = core(lead, who)?;
    let start = from + phrase.start;
    let words = &text[start..end];
    (!words.is_empty() && words.len() <= LONGEST).then_some(start..end)
}

/// The noun phrase that ends `lead`, and where its head begins.
fn core(lead: &str, who: Who) -> Option<(Range<usize>, usize)> {
    let mut words: Vec<Range<usize>> = Vec::new();
    let mut end = None;
    for (at, character) in lead.char_indices().rev() {
        let inside = character.is_ascii_alphanumeric() || matches!(character, '-' | '\'' | '’' | '&');
        match end {
            None if inside => end = Some(at + character.len_utf8()),
            Some(last) if !inside => {
                words.push(at + character.len_utf8()..last);
                end = None;
                if character != ' ' {
                    break;
                }
            }
            None if character != ' ' => break,
            _ => {}
        }
        if words.len() > 12 {
            break;
        }
    }
    if let Some(last) = end {
        words.push(0..last);
    }
    let word = |index: usize| &lead[words[index].clone()];
    let is_head = |index: usize| is_english_head(word(index), who);
    if words.is_empty() {
        return None;
    }
    // The head is the last word, or one before «at», «of» or «in» and a place of work.
    let mut head = 0;
    if let Some(link) = (1..words.len().min(7))
        .find(|index| matches!(word(*index), "at" | "of" | "with" | "from" | "for" | "in"))
        && link + 1 < words.len()
        && is_head(link + 1)
        && who == Who::Speaker
    {
        head = link + 1;
    }
    if !is_head(head) {
        return None;
    }
    let mut first = head;
    while first + 1 < words.len() && first - head < 6 {
        let next = word(first + 1);
        if is_determiner(next) {
            first += 1;
            break;
        }
        if is_stop(next) {
            break;
        }
        first += 1;
    }
    Some((words[first].start..lead.len(), words[head].start))
}

fn is_determiner(word: &str) -> bool {
    [
        "a", "an", "the", "some", "several", "two", "three", "four", "five", "many", "most", "both", "all",
        "its", "their", "one", "another", "other", "few", "no", "each", "every", "half",
    ]
    .iter()
    .any(|other| word.eq_ignore_ascii_case(other))
}

/// True for a word that cannot be of a description before its head.
fn is_stop(word: &str) -> bool {
    [
        "of",
        "in",
        "at",
        "by",
        "from",
        "for",
        "to",
        "with",
        "and",
        "or",
        "but",
        "that",
        "which",
        "while",
        "as",
        "on",
        "after",
        "before",
        "than",
        "if",
        "when",
        "where",
        "because",
        "since",
        "is",
        "are",
        "was",
        "were",
        "has",
        "have",
        "had",
        "will",
        "said",
        "says",
        "told",
        "according",
        "meanwhile",
        "however",
        "also",
        "so",
        "though",
        "although",
        "yet",
        "who",
        "among",
        "between",
        "into",
        "over",
        "under",
        "about",
        "per",
        "not",
        "do",
        "does",
        "did",
        "be",
        "been",
        "can",
        "could",
        "would",
        "may",
        "might",
        "should",
        "this",
        "these",
        "those",
        "out",
        "up",
        "down",
        "off",
        "during",
        "against",
        "without",
        "reported",
        "via",
        "today",
        "yesterday",
        "tomorrow",
        "learned",
        "sold",
        "bought",
        "made",
        "lets",
        "let",
        "now",
        "then",
        "only",
    ]
    .iter()
    .any(|other| word.eq_ignore_ascii_case(other))
}

fn is_english_head(word: &str, who: Who) -> bool {
    let bytes = word.len();
    if !(3..=16).contains(&bytes) {
        return false;
    }
    let heads: &[&str] = match who {
        Who::Works => WORKS,
        Who::Speaker => SPEAKERS,
        Who::Actor => ACTORS,
        Who::Target => TARGETS,
    };
    let singular = word.strip_suffix("ies").map_or(word, |_| word);
    let meets = |head: &str| {
        singular.eq_ignore_ascii_case(head)
            || bytes == head.len() + 1
                && word.as_bytes()[bytes - 1].eq_ignore_ascii_case(&b's')
                && word.as_bytes()[..head.len()].eq_ignore_ascii_case(head.as_bytes())
    };
    heads.iter().any(|head| meets(head))
}

/// Last words of works in English, in the singular; those that end otherwise in the plural stand twice.
const WORKS: &[&str] = &[
    "smelter",
    "refiner",
    "refinery",
    "refineries",
    "producer",
    "miner",
    "mill",
    "maker",
    "mine",
    "factory",
    "factories",
    "manufacturer",
    "processor",
    "recycler",
    "exporter",
    "importer",
    "supplier",
    "fabricator",
    "consumer",
    "automaker",
    "carmaker",
    "steelmaker",
    "trader",
    "buyer",
    "seller",
    "converter",
    "operator",
    "distributor",
    "foundry",
    "foundries",
    "separator",
    "concentrator",
    "quarry",
    "plant",
    "shipper",
    "stockist",
    "merchant",
    "shredder",
    "holder",
    "utility",
    "utilities",
    "cooperative",
    "battery-maker",
    "magnet-maker",
    "chipmaker",
];

/// Last words of who acts in English, in the singular: works and authorities.
const ACTORS: &[&str] = &[
    "smelter",
    "refiner",
    "refinery",
    "refineries",
    "producer",
    "miner",
    "mill",
    "maker",
    "mine",
    "factory",
    "factories",
    "manufacturer",
    "processor",
    "recycler",
    "exporter",
    "importer",
    "supplier",
    "fabricator",
    "automaker",
    "carmaker",
    "steelmaker",
    "operator",
    "foundry",
    "foundries",
    "concentrator",
    "quarry",
    "plant",
    "project",
    "complex",
    "operation",
    "unit",
    "furnace",
    "train",
    "line",
    "kiln",
    "area",
    "site",
    "road",
    "port",
    "railway",
    "venture",
    "government",
    "ministry",
    "minister",
    "customs",
    "police",
    "bureau",
    "authority",
    "authorities",
    "regulator",
    "department",
    "commission",
    "council",
    "court",
    "parliament",
    "senate",
    "cabinet",
    "president",
    "officer",
    "official",
    "inspector",
    "squad",
    "agency",
    "office",
    "exchange",
    "union",
    "worker",
    "committee",
    "administration",
    "house",
    "congress",
    "junta",
    "state",
    "province",
    "county",
    "deposit",
    "pit",
    "shaft",
];

/// Last words of whom an event meets in English, in the singular.
const TARGETS: &[&str] = &[
    "smelter",
    "refiner",
    "refinery",
    "refineries",
    "producer",
    "miner",
    "mill",
    "maker",
    "mine",
    "factory",
    "factories",
    "plant",
    "manufacturer",
    "processor",
    "recycler",
    "exporter",
    "importer",
    "supplier",
    "fabricator",
    "trader",
    "buyer",
    "seller",
    "operator",
    "company",
    "companies",
    "firm",
    "union",
    "government",
    "state",
    "account",
    "group",
    "client",
    "member",
    "investor",
    "depot",
    "warehouse",
    "yard",
    "vessel",
    "carrier",
    "truck",
    "consignor",
    "consignee",
    "dealer",
    "broker",
    "smuggler",
    "smuggling",
    "ring",
    "suspect",
    "official",
    "executive",
    "worker",
    "person",
    "people",
    "men",
    "cargo",
    "cargoes",
    "shipment",
    "automaker",
    "utility",
    "customer",
    "lender",
    "bank",
    "creditor",
    "landowner",
    "community",
    "communities",
    "ministry",
    "authority",
    "authorities",
    "line",
    "site",
    "pit",
    "kiln",
    "furnace",
    "shop",
    "entity",
    "entities",
    "individual",
    "consumer",
    "partner",
    "fund",
    "university",
    "institute",
];

/// Last words of who speaks in English, in the singular; those that end otherwise in the plural stand twice.
const SPEAKERS: &[&str] = &[
    "analyst",
    "trader",
    "dealer",
    "broker",
    "strategist",
    "economist",
    "researcher",
    "consultant",
    "consultancy",
    "manager",
    "director",
    "executive",
    "official",
    "spokesman",
    "spokesperson",
    "spokeswoman",
    "chairman",
    "chairwoman",
    "chief",
    "president",
    "minister",
    "ministry",
    "governor",
    "bureau",
    "office",
    "agency",
    "authority",
    "authorities",
    "regulator",
    "government",
    "department",
    "association",
    "council",
    "chamber",
    "institute",
    "committee",
    "commission",
    "union",
    "bank",
    "house",
    "brokerage",
    "fund",
    "investor",
    "producer",
    "miner",
    "smelter",
    "refiner",
    "maker",
    "supplier",
    "buyer",
    "consumer",
    "seller",
    "importer",
    "exporter",
    "participant",
    "source",
    "insider",
    "people",
    "person",
    "member",
    "survey",
    "report",
    "study",
    "statistics",
    "reports",
    "data",
    "figure",
    "filing",
    "document",
    "record",
    "newspaper",
    "media",
    "newswire",
    "agent",
    "merchant",
    "recycler",
    "processor",
    "fabricator",
    "shipper",
    "officer",
    "ceo",
    "cfo",
    "coo",
    "observer",
    "watcher",
    "expert",
    "specialist",
    "professor",
    "academic",
    "engineer",
    "geologist",
    "lawyer",
    "delegate",
    "think-tank",
    "lender",
    "adviser",
    "advisor",
    "poll",
    "prospectus",
    "presentation",
    "operator",
    "distributor",
    "shareholder",
    "customs",
    "police",
    "court",
    "entries",
    "returns",
    "forecaster",
    "secretary",
    "counsel",
    "exchange",
    "bourse",
    "enterprise",
    "company",
    "companies",
    "firm",
    "site",
    "article",
    "outlet",
    "group",
    "veteran",
    "newsletter",
    "magazine",
    "website",
    "portal",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_go_back_to_their_beginning() {
        let cases: &[(&str, Who, &str)] = &[
            ("有天津贸易商", Who::Speaker, "天津贸易商"),
            ("据一家西南大型锡冶炼厂", Who::Works, "一家西南大型锡冶炼厂"),
            ("年产2万吨的电解锰厂", Who::Works, "电解锰厂"),
            ("Prices may ease, a minor metals trader", Who::Speaker, "a minor metals trader"),
            ("an engineer at a Queensland refinery", Who::Speaker, "an engineer at a Queensland refinery"),
            ("Last month three Turkish chrome producers", Who::Works, "three Turkish chrome producers"),
        ];
        for (text, who, expected) in cases {
            assert_eq!(at_end(text, 0..text.len(), *who).map(|span| &text[span]), Some(*expected), "{text}");
        }
        assert_eq!(at_end("铜价继续上涨", 0.."铜价继续上涨".len(), Who::Speaker), None);
    }

    #[test]
    fn the_nearest_description_is_found() {
        let cases: &[(&str, Option<&str>)] = &[
            ("广东某铝型材厂二月产量", Some("广东某铝型材厂")),
            ("出厂价", None),
            ("The large zinc smelters there cut output to", Some("The large zinc smelters")),
            ("Stocks rose to", None),
        ];
        for (text, expected) in cases {
            let found = nearest(text, 0..text.len(), Who::Works).map(|span| &text[span]);
            assert_eq!(found, *expected, "{text}");
        }
    }
}

//! Names that no lexicon has and two sentences share: a mine, a project, a ship, in Latin letters in either language.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use text::Lexicon;

use crate::statement::{Item, sentence};

/// Shortest name, in letters.
const MIN_LETTERS: usize = 4;

/// Words with a capital letter that are no names.
const NO_NAMES: &[&str] = &[
    "january", "february", "march", "april", "june", "july", "august", "september", "october", "november",
    "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "spot",
    "total", "flash", "first", "second", "third", "fourth", "half", "quarter", "north", "south", "east",
    "west", "northern", "southern", "eastern", "western", "ministry", "department", "bureau", "office",
    "association", "commission", "institute", "customs", "data", "state", "national", "president",
    "minister", "chief", "group", "limited", "corp", "inc", "company", "board",
];

/// Every word of a name in the lexicon: what it knows is a slot, or told by ids.
static LISTED: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let names = Lexicon::standard().entries().iter().flat_map(|entry| &entry.names);
    names.flat_map(|name| tokens(&name.text)).map(|(_, word)| word.to_lowercase()).collect()
});

/// How many such names both sentences have.
pub(crate) fn shared(one: &Item, other: &Item) -> usize {
    let (left, right) = (sentence(one), sentence(other));
    let companies = companies(right);
    self::companies(left).into_iter().filter(|name| companies.contains(name) && is_own(name)).count()
        + latin(one, other)
}

fn latin(one: &Item, other: &Item) -> usize {
    let (left, right) = (sentence(one), sentence(other));
    if is_shouted(left) && is_shouted(right) {
        // In headlines in capitals every word looks like a name.
        return 0;
    }
    let right = names(right, other);
    names(left, one).into_iter().filter(|name| right.contains(name)).count()
}

fn names(sentence: &str, item: &Item) -> BTreeSet<String> {
    let anywhere = item.statement.language.starts_with("zh") || is_shouted(sentence);
    let begins = |at: usize| {
        let head = sentence[..at].trim_end_matches([' ', '\n', '"', '“', '*', '\'']);
        head.is_empty() || head.ends_with(['.', ':', '!', '?', '-', '—', '。'])
    };
    tokens(sentence)
        .filter(|(at, word)| word.starts_with(char::is_uppercase) && (anywhere || !begins(*at)))
        .map(|(_, word)| word.to_lowercase())
        .filter(|word| word.chars().count() >= MIN_LETTERS)
        .filter(|word| !NO_NAMES.contains(&word.as_str()) && !LISTED.contains(word))
        .collect()
}

/// What names of Chinese companies end in.
const ENDINGS: &[&str] = &[
    "股份", "集团", "科技", "材料", "新材", "矿业", "能源", "资源", "控股", "实业", "化工", "电子", "有色",
    "锂业", "钨业", "钼业", "钴业", "镍业", "铜业", "铝业", "锌业", "锰业", "钛业", "锡业", "稀土", "磁材",
    "磁业", "重工", "冶炼", "矿山", "煤业", "特钢", "钢铁", "电气", "电池", "环保", "投资", "公司",
];

/// Lengths of such a name in characters, its ending included.
const LENGTHS: std::ops::RangeInclusive<usize> = 4..=10;

/// What looks like the name of a Chinese company at the beginning of a clause: 恒岳新材料上半年实现….
fn companies(sentence: &str) -> BTreeSet<&str> {
    let marks = |c: char| "，。；：、！？（）《》“”,;:!?()\n".contains(c);
    let clauses = sentence.split(marks).map(|clause| clause.trim().trim_start_matches('据'));
    let mut found = BTreeSet::new();
    for clause in clauses {
        let head = clause.char_indices().nth(*LENGTHS.end()).map_or(clause, |(at, _)| &clause[..at]);
        let ends = ENDINGS.iter().filter_map(|ending| Some(head.find(ending)? + ending.len()));
        let Some(name) = ends.min().and_then(|end| head.get(..end)) else { continue };
        // 新材料 goes on behind 新材.
        let name =
            if head[name.len()..].starts_with('料') { &head[..name.len() + '料'.len_utf8()] } else { name };
        if LENGTHS.contains(&name.chars().count()) && !name.is_ascii() {
            found.insert(name);
        }
    }
    found
}

/// True if something of a name is neither a name of the lexicon nor a word for all of a kind, so that it is one company's.
fn is_own(name: &str) -> bool {
    const KINDS: &[&str] = &[
        "上市", "国内", "全国", "海外", "相关", "部分", "多家", "主要", "头部", "大型", "中小", "该", "这家",
        "一家", "两家", "公司", "子", "母", "其", "本", "我", "各", "企业", "行业", "产业", "市场", "板块",
        "概念", "下游", "上游",
    ];
    let mut rest = name.to_owned();
    for entry in Lexicon::standard().entries() {
        for known in entry.names.iter().filter(|known| !known.text.is_ascii()) {
            if rest.contains(known.text.as_str()) {
                rest = rest.replace(known.text.as_str(), "");
            }
        }
    }
    for word in ENDINGS.iter().chain(KINDS) {
        rest = rest.replace(word, "");
    }
    rest.chars().count() >= 2
}

/// True for a sentence in capitals.
fn is_shouted(sentence: &str) -> bool {
    let letters = || sentence.chars().filter(char::is_ascii_alphabetic);
    letters().count() >= 12 && letters().filter(char::is_ascii_uppercase).count() * 5 > letters().count() * 4
}

/// Words in Latin letters with their places in bytes; «'s» at their ends is no part of them.
fn tokens(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let latin = |c: char| c.is_alphabetic() && u32::from(c) < 0x250;
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = rest + text.get(rest..)?.find(latin)?;
        let length = text[start..].find(|c: char| !latin(c)).unwrap_or(text.len() - start);
        rest = start + length;
        Some((start, &text[start..rest]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::record::{Citation, Span, Statement};

    fn item(language: &str, sentence: &str) -> Item {
        let span = Span { quote: sentence.to_owned(), ..Span::default() };
        Item {
            statement: Statement { language: language.to_owned(), sentence: 1, ..Statement::default() },
            citation: Citation { document: String::new(), spans: vec![span] },
            fact: None,
        }
    }

    #[test]
    fn a_chinese_company_is_known_by_its_ending() {
        let one = item("zh", "恒岳新材料上半年净利润2.3亿元。");
        let same = item("zh", "据恒岳新材料，今年上半年净利润为2.3万元。");
        let other = item("zh", "海屿科技上半年净利润为2.3万元。");
        assert_eq!(shared(&one, &same), 1);
        assert_eq!(shared(&one, &other), 0);
        // All of a kind, and whoever «the company» is.
        for kind in ["国内稀土公司上半年净利润2.3亿元。", "该公司上半年净利润2.3亿元。", "锂电池板块上涨2%。"]
        {
            assert_eq!(shared(&item("zh", kind), &item("zh", kind)), 0, "{kind}");
        }
    }

    #[test]
    fn a_project_is_a_name_and_a_weekday_is_none() {
        let chinese = item("zh", "纳米比亚Etango铀矿一期资本开支3.53亿美元");
        let english = item("en", "The owner budgets stage one of Etango at $335 million on Monday.");
        let shouted = item("en", "OWNER PUTS ETANGO STAGE ONE AT $335 MILLION");
        assert_eq!(shared(&chinese, &english), 1);
        assert_eq!(shared(&english, &shouted), 1);
        assert_eq!(shared(&shouted, &shouted), 0);
        assert_eq!(shared(&english, &item("en", "Prices were flat on Monday.")), 0);
    }
}

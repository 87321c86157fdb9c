//! Offices that tell figures, by what they are called in either language: a mines ministry is 矿业部, whoever translates its name.

use api::record::Statement;

use crate::statement::{Item, companies, sentence};

/// Kinds of offices with their words. A company counts for its own figures alone, an association for those of its good.
const OFFICES: &[(Office, &[&str])] = &[
    (Office::Public, &["海关", "关税厅", "customs"]),
    (
        Office::Public,
        &[
            "统计局", "统计署", "统计办", "statistics office", "statistics bureau", "statistics agency",
            "bureau of statistics",
        ],
    ),
    (
        Office::Public,
        &[
            "矿业部", "矿产部", "能矿部", "矿业和能源部", "mines ministry", "mining ministry",
            "ministry of mines", "energy ministry", "energy and mines",
        ],
    ),
    (
        Office::Public,
        &[
            "贸易部", "商务部", "商工部", "经贸部", "trade ministry", "commerce ministry",
            "ministry of trade", "ministry of commerce",
        ],
    ),
    (Office::Public, &["财政部", "财务省", "finance ministry", "ministry of finance", "treasury"]),
    (Office::Public, &["工业部", "产业部", "经产省", "industry ministry", "ministry of industry"]),
    (Office::Public, &["央行", "central bank"]),
    (Office::Public, &["地质调查局", "地质局", "geological survey"]),
    (
        Office::Good,
        &["协会", "学会", "理事会", "联盟", "association", "council", "institute", "federation", "alliance"],
    ),
    (
        Office::Company,
        &[
            "公司", "the company", "company said", "it said", "filing", "公告", "财报", "年报", "季报",
            "annual report",
        ],
    ),
];

/// Words of an office that is not told.
const UNNAMED: &[&str] = &[
    "the ministry", "ministry said", "official data", "government data", "official figures", "官方数据",
    "该部",
];

/// For what the word of an office counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Office {
    /// Of a country.
    Public,
    /// Of a trade.
    Good,
    /// A company about itself.
    Company,
}

/// True if both sentences name an office of one kind as who tells the figure, and both are of what it tells: one country, one good, one
/// company.
pub(crate) fn shared(left: &Item, right: &Item) -> bool {
    let (one, other) = (&left.statement, &right.statement);
    let words = [left, right].map(|item| {
        let attribution =
            item.statement.attribution.as_ref().map(|word| word.words.as_str()).unwrap_or_default();
        format!("{} {attribution}", sentence(item)).to_lowercase()
    });
    // «the ministry said» may be any of them.
    let public = OFFICES.iter().filter(|(office, _)| *office == Office::Public);
    let named =
        |words: &String| public.clone().any(|(_, names)| names.iter().any(|name| words.contains(name)));
    let unnamed = |words: &String| !named(words) && UNNAMED.iter().any(|name| words.contains(name));
    let [first, second] = &words;
    if (unnamed(first) && named(second) || named(first) && unnamed(second)) && same_place(one, other) {
        return true;
    }
    OFFICES.iter().any(|(office, names)| {
        let both = words.iter().all(|words| names.iter().any(|name| words.contains(name)));
        both && match office {
            Office::Public => same_place(one, other),
            Office::Good => same_good(one, other),
            Office::Company => same_company(one, other),
        }
    })
}

fn same_place(one: &Statement, other: &Statement) -> bool {
    let id = |statement: &Statement| {
        statement.place.as_ref().map(|word| word.id.clone()).filter(|id| !id.is_empty())
    };
    id(one).is_some_and(|place| id(other) == Some(place))
}

fn same_good(one: &Statement, other: &Statement) -> bool {
    let id = |statement: &Statement| {
        let word = statement.subject.as_ref().filter(|word| !word.inherited);
        word.map(|word| word.id.clone()).filter(|id| id.starts_with("commodity/"))
    };
    id(one).is_some_and(|good| id(other) == Some(good))
}

fn same_company(one: &Statement, other: &Statement) -> bool {
    companies(one).any(|company| companies(other).any(|known| known == company))
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::record::{Citation, Span, Word};

    fn item(sentence: &str, place: &str) -> Item {
        let span = Span { quote: sentence.to_owned(), ..Span::default() };
        let place = Some(Word { id: place.to_owned(), ..Word::default() });
        Item {
            statement: Statement { sentence: 1, place, ..Statement::default() },
            citation: Citation { document: String::new(), spans: vec![span] },
            fact: None,
        }
    }

    #[test]
    fn a_ministry_is_one_in_both_languages() {
        let one = item("Guinea exported 48 Mt of bauxite, the mines ministry said.", "country/GIN");
        let same = item("几内亚矿业部公布，铝土矿出口4,800万吨。", "country/GIN");
        let elsewhere = item("印尼能矿部公布，铝土矿出口4,800万吨。", "country/IDN");
        let other = item("几内亚财政部公布，铝土矿出口4,800万吨。", "country/GIN");
        assert!(shared(&one, &same));
        assert!(!shared(&one, &elsewhere) && !shared(&one, &other));
    }
}

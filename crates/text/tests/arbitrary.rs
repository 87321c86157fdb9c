//! Any text is read without a panic, and each mention is exactly where it says.

use proptest::prelude::*;
use text::{Context, Kind, Kinds, Reader};

/// Pieces that the parsers look at, to be put together in ways that nobody would write.
const PIECES: &[&str] = &[
    "1",
    "23",
    "4567",
    "2025",
    "00",
    "99999999999999999999999999999999999999999",
    ".",
    ",",
    "，",
    "。",
    "-",
    "~",
    "–",
    "/",
    "%",
    "‰",
    "(",
    ")",
    "[",
    "]",
    "[3]",
    " ",
    "\n",
    "\u{3000}",
    "\u{202f}",
    "$",
    "US$",
    "€",
    "￥",
    "+",
    "'",
    ":",
    "^",
    "x10^",
    "½",
    "⅔",
    "一",
    "二",
    "两",
    "十",
    "百",
    "千",
    "万",
    "亿",
    "兆",
    "零",
    "半",
    "几",
    "多",
    "余",
    "数",
    "点",
    "分之",
    "又",
    "成",
    "折",
    "个",
    "百分点",
    "百分之",
    "年",
    "月",
    "日",
    "周",
    "季度",
    "半年",
    "上",
    "下",
    "本",
    "去年",
    "今年",
    "近",
    "超",
    "约",
    "至",
    "到",
    "从",
    "自",
    "以来",
    "之间",
    "和",
    "的",
    "前",
    "后",
    "最后",
    "年初",
    "世纪",
    "年代",
    "星期",
    "吨",
    "元",
    "万元",
    "/吨",
    "每吨",
    "美元",
    "千克",
    "手",
    "股",
    "倍",
    "翻番",
    "美",
    "泰",
    "墨",
    "稀土",
    "氧化",
    "铜",
    "one",
    "twenty",
    "hundred",
    "million",
    "and",
    "a",
    "half",
    "third",
    "quarters",
    "of",
    "the",
    "first",
    "last",
    "next",
    "past",
    "days",
    "weeks",
    "months",
    "year",
    "quarter",
    "ago",
    "later",
    "from",
    "to",
    "between",
    "since",
    "by",
    "in",
    "July",
    "may",
    "Dec.",
    "Q3",
    "H1",
    "FY",
    "1990s",
    "90s",
    "per",
    "ton",
    "tons",
    "kg",
    "percent",
    "basis points",
    "yuan",
    "dollars",
    "cents",
    "ft",
    "over",
    "nearly",
    "no",
    "less",
    "than",
    "or",
    "more",
    "equal",
    "up",
    "HS",
    "No.",
    "F-",
    "Group",
    "https://",
    "😀",
    "é",
    "\u{feff}",
    "\u{200b}",
    "k",
    "M",
    "bn",
    "Ｋ",
    "１",
    "％",
    "萬",
    "個",
    "點",
    "２月",
    "30日",
];

fn check(text: &str) -> Result<(), TestCaseError> {
    thread_local! {
        static READER: Reader = Reader::standard();
    }
    for (kinds, published) in [
        (Kinds::ALL, Some(jiff::civil::date(2025, 7, 13))),
        (Kinds::ALL, None),
        (Kinds::of(&[Kind::Number]), None),
        (Kinds::of(&[Kind::Percent, Kind::Time]), Some(jiff::civil::Date::MAX)),
        (Kinds::of(&[Kind::Quantity, Kind::Duration]), Some(jiff::civil::Date::MIN)),
    ] {
        let mentions = READER.with(|reader| reader.read(text, &Context { published, kinds }));
        let mut last = 0;
        for mention in &mentions {
            prop_assert!(mention.start_byte >= last, "overlap at {mention:?}");
            prop_assert!(mention.start_byte < mention.end_byte, "empty {mention:?}");
            prop_assert_eq!(text.get(mention.start_byte..mention.end_byte), Some(mention.quote));
            prop_assert!(kinds.contains(mention.kind));
            if let (Some(start), Some(end)) = (&mention.start, &mention.end) {
                prop_assert!(start < end || start.starts_with('-'), "{mention:?}");
            }
            last = mention.end_byte;
        }
    }
    let mut last = 0;
    for sentence in text::sentences(text) {
        prop_assert!(sentence.start >= last && sentence.start < sentence.end);
        prop_assert!(text.get(sentence.clone()).is_some_and(|sentence| sentence.trim() == sentence));
        last = sentence.end;
    }
    text::language(text);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn any_string(text in "\\PC{0,80}") {
        check(&text)?;
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
        check(&String::from_utf8_lossy(&bytes))?;
    }

    #[test]
    fn nasty_pieces(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..24)) {
        check(&pieces.concat())?;
    }

    #[test]
    fn nasty_pieces_with_blanks(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..16)) {
        check(&pieces.join(" "))?;
    }

    #[test]
    fn whole_numbers_are_read_as_written(value in any::<u64>()) {
        let text = format!("共{value}个");
        let mentions = Reader::standard().read(&text, &Context { kinds: Kinds::of(&[Kind::Number]), published: None });
        prop_assert_eq!(mentions.len(), 1);
        prop_assert_eq!(mentions[0].value.clone(), Some(value.to_string()));
    }
}

#[test]
fn a_number_of_ten_thousand_digits_is_kept_exact() {
    let digits = "7".repeat(10_000);
    let mentions = Reader::standard().read(&digits, &Context::default());
    assert_eq!(mentions.len(), 1);
    assert_eq!(mentions[0].value.as_deref(), Some(digits.as_str()));
}

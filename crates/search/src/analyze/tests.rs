use proptest::prelude::*;

use super::*;

/// Each token as `text@place`, in order of place.
fn shown(text: &str) -> String {
    let mut tokens = Tokens::default();
    words(text, &mut tokens);
    let mut all: Vec<Token<'_>> = tokens.iter().collect();
    all.sort_by_key(|token| token.position);
    all.iter().map(|token| format!("{}@{}", token.text, token.position)).collect::<Vec<_>>().join(" ")
}

#[test]
fn texts_are_cut_into_words_codes_pairs_and_edges() {
    let cases = [
        ("稀土", "稀@0 稀土@0 土@1"),
        ("锑", "锑@0"),
        ("锑价上涨", "锑@0 锑价@0 价上@1 上涨@2 涨@3"),
        // Blanks and one line break between characters are nothing; marks and an empty line leave a place out.
        ("北方 稀\n土", "北@0 北方@0 方稀@1 稀土@2 土@3"),
        ("北方、稀土", "北@0 北方@0 方@1 稀@3 稀土@3 土@4"),
        ("北方（稀土）", "北@0 北方@0 方@1 稀@3 稀土@3 土@4"),
        ("北方\n\n稀土", "北@0 北方@0 方@1 稀@3 稀土@3 土@4"),
        ("稀土REO价", "稀@0 稀土@0 土@1 =REO@2 reo@2 价@3"),
        ("rare-earth magnets", "rare@0 earth@1 magnet@2"),
        ("magnets (sintered) rose, prices fell", "magnet@0 sinter@1 rose@2 price@4 fell@5"),
        ("ＲＥＯ　Ｎｄ₂Ｏ₃", "reo@0 nd2o3@1"),
        ("China’s China's firms'", "china@0 china@1 firm@2"),
        ("U.S. and e.g. A.", "=US@0 us@0 and@1 eg@2 a@3"),
        ("J.P. Morgan", "=JP@0 jp@0 morgan@1"),
        ("rose.The", "rose@0 the@1"),
        ("2841.90", "2841.90@0 2841@0 90@1"),
        ("600111.SH", "600111.sh@0 600111@0 =SH@1 sh@1"),
        ("v1.2b3", "v1.2@0 v1@0 2@1 b3@2"),
        ("3,834 t; 1,234,567.5kt", "3834@0 t@1 1234567.5@3 1234567@3 5@4 kt@5"),
        ("1,23 and 1234,567 and 1,2345", "1@0 23@2 and@3 1234@4 567@6 and@7 1@8 2345@10"),
        ("5N锑锭", "5@0 n@1 锑@2 锑锭@2 锭@3"),
        ("NdFeB", "=NdFeB@0 ndfeb@0"),
        ("2025-07-13", "2025@0 07@1 13@2"),
        ("AT&T 5%", "=AT@0 at@0 t@1 5@2"),
        ("a\tb", "a@0 b@2"),
        ("涨😀跌 up😀down", "涨@0 跌@2 up@3 down@4"),
        ("", ""),
        ("．…—", ""),
    ];
    for (text, wanted) in cases {
        assert_eq!(shown(text), wanted, "{text}");
    }
}

#[test]
fn bytes_are_those_of_the_source() {
    let text = "😀ＲＥＯ 北方 稀土，Sa\u{303}o U.S. 3,834吨 China's 600111.SH";
    let mut tokens = Tokens::default();
    words(text, &mut tokens);
    let sources: Vec<(&str, &str)> =
        tokens.iter().map(|token| (token.text, &text[token.bytes.clone()])).collect();
    for wanted in [
        ("reo", "ＲＥＯ"),
        ("方稀", "方 稀"),
        ("sao", "Sa\u{303}o"),
        ("us", "U.S"),
        ("=US", "U.S"),
        ("3834", "3,834"),
        ("吨", "吨"),
        ("china", "China"),
        ("600111.sh", "600111.SH"),
        ("sh", "SH"),
    ] {
        assert!(sources.contains(&wanted), "{wanted:?} is not among {sources:?}");
    }
}

#[test]
fn single_characters_are_those_of_chinese_alone() {
    let mut tokens = Tokens::default();
    characters("REE锑、金5锗", &mut tokens);
    let found: Vec<&str> = tokens.iter().map(|token| token.text).collect();
    assert_eq!(found, ["锑", "金", "锗"]);
}

#[test]
fn a_long_word_is_cut_alike_everywhere() {
    let long = "x".repeat(5_000);
    let mut tokens = Tokens::default();
    words(&long, &mut tokens);
    assert!(tokens.iter().all(|token| token.text.len() <= 104));
    let (longer, dotted) = (format!("{long}yz"), "a1.".repeat(3_000));
    assert_eq!(Pattern::of(&long).map(|p| p.terms().len()), Some(1));
    assert_eq!(
        Pattern::of(&long).map(|p| p.terms().to_vec()),
        Pattern::of(&longer).map(|p| p.terms().to_vec())
    );
    words(&dotted, &mut tokens);
    assert!(tokens.iter().all(|token| token.text.len() <= 104));
}

#[test]
fn the_fingerprint_is_stable_within_a_process() {
    assert_eq!(fingerprint(), fingerprint());
}

/// Texts of what is hard: both scripts, marks, widths, emoji, joiners.
fn texts() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "稀", "土", "北", "方", "锑", "rare", "Earths", "REE", "U.S.", "2841.90", "3,834", "t", " ", "\n",
        "\n\n", "，", ".", "中国", "市", "\u{f9d1}", "、", "-", "😀", "ＲＥ", "e\u{301}", "'s", "\u{200d}",
        "５", "（", "ｶﾞ", "é", "\t",
    ]);
    prop::collection::vec(pieces, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_is_cut_on_character_boundaries(text in any::<String>()) {
        let mut tokens = Tokens::default();
        for cut in [words, characters] {
            cut(&text, &mut tokens);
            for token in tokens.iter() {
                prop_assert!(!token.text.is_empty());
                prop_assert!(token.bytes.start < token.bytes.end);
                prop_assert!(text.get(token.bytes.clone()).is_some());
            }
        }
    }

    /// The pattern of any text is found in it, and in any longer one that it stands in as clauses of its own.
    #[test]
    fn a_text_has_its_own_pattern(text in texts(), before in texts(), after in texts()) {
        if let Some(pattern) = Pattern::of(&text) {
            let long = format!("{before}\n\n{text}\n\n{after}");
            let mut tokens = Tokens::default();
            if pattern.is_character() {
                characters(&long, &mut tokens);
                prop_assert!(tokens.iter().any(|token| token.text == pattern.terms()[0].1));
                return Ok(());
            }
            words(&long, &mut tokens);
            let has = |place: u32, text: &str| tokens.iter().any(|t| t.position == place && t.text == text);
            let starts: Vec<u32> = tokens.iter().map(|token| token.position).collect();
            prop_assert!(starts.iter().any(|start| pattern.terms().iter().all(|(p, t)| has(start + p, t))));
        }
    }

    /// What is indexed says the same as the pairs by which a single record is looked at.
    #[test]
    fn characters_at_their_places_are_the_pairs(text in texts()) {
        let (mut tokens, mut placed, mut frequent) = (Tokens::default(), Tokens::default(), Tokens::default());
        words(&text, &mut tokens);
        scan::places(&text, &mut placed);
        scan::frequent_pairs(&text, &mut frequent);
        let is_word = |token: &Token<'_>| matches!(token.kind, TokenKind::Word | TokenKind::Code | TokenKind::Exact);
        let own: Vec<Token<'_>> = tokens.iter().filter(is_word).collect();
        let same: Vec<Token<'_>> = placed.iter().filter(is_word).collect();
        prop_assert_eq!(own, same);
        let single: Vec<Token<'_>> = placed.iter().filter(|token| token.kind == TokenKind::Character).collect();
        let beside = single.windows(2).filter(|two| two[0].position + 1 == two[1].position);
        let beside: Vec<(String, u32)> =
            beside.map(|two| (format!("{}{}", two[0].text, two[1].text), two[0].position)).collect();
        let pairs: Vec<Token<'_>> = tokens.iter().filter(|token| token.kind == TokenKind::Pair).collect();
        let placed: Vec<(String, u32)> =
            pairs.iter().map(|pair| (pair.text.to_owned(), pair.position)).collect();
        prop_assert_eq!(beside, placed);
        let wanted = pairs.iter().filter(|pair| is_frequent_pair(pair.text)).map(|pair| (pair.text, pair.bytes.clone()));
        let found = frequent.iter().map(|pair| (pair.text, pair.bytes));
        prop_assert_eq!(wanted.collect::<Vec<_>>(), found.collect::<Vec<_>>());
    }

    /// A stem begins with the letter with which its word does, so that only words with that letter need be stemmed.
    #[test]
    fn stems_begin_as_their_words_do(word in "[a-z]{3,12}") {
        let (mut all, mut few) = (Tokens::default(), Tokens::default());
        words(&word, &mut all);
        let initial = word.as_bytes()[0] - b'a';
        words_stemmed_where(&word, 1 << initial, &mut few);
        prop_assert!(all.iter().eq(few.iter()));
        prop_assert!(all.iter().all(|token| token.text.as_bytes()[0] == word.as_bytes()[0]));
        words_stemmed_where(&word, !(1 << initial), &mut few);
        prop_assert_eq!(few.get(0).map(|token| token.text == word), Some(true));
    }

    /// Tokens of one text come in an order that tantivy can index: the places of equal tokens never fall.
    #[test]
    fn equal_tokens_come_in_order(text in texts()) {
        let mut tokens = Tokens::default();
        words(&text, &mut tokens);
        let mut last = std::collections::HashMap::new();
        for token in tokens.iter() {
            if let Some(before) = last.insert(token.text.to_owned(), token.position) {
                prop_assert!(before < token.position, "{}", token.text);
            }
        }
    }
}

//! What a word, a name or a phrase of a query asks of a text.

use std::collections::BTreeSet;

use super::frequent::is_frequent_pair;
use super::tokens::{Token, TokenKind, Tokens};
use super::{characters, scan, words};

/// What a word, a name or a phrase asks of a text: tokens at places that stand in these distances from each other.
///
/// It is exact: a text has the tokens at these distances if and only if it has the phrase, folded and stemmed alike.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pattern {
    terms: Vec<(u32, String)>,
    /// The only term is a single Chinese character, to be looked up among characters.
    character: bool,
    /// The same in words, codes and single characters.
    places: Vec<(u32, String)>,
    /// Pairs of frequent characters that a text with the pattern has.
    pairs: Vec<String>,
    /// All that a text with the pattern has: every word and character at its place, not only those that are asked for.
    guaranteed: BTreeSet<(u32, String)>,
}

impl Pattern {
    /// The pattern of a text; `None` if it has neither letters nor digits.
    ///
    /// ```
    /// use search::Pattern;
    ///
    /// // Pairs that cover the characters, not all pairs: fewer lists to intersect, and as exact.
    /// let terms = |text| Pattern::of(text).map(|p| p.terms().to_vec());
    /// assert_eq!(terms("北方稀土"), Some(vec![(0, "北方".into()), (2, "稀土".into())]));
    /// assert_eq!(terms("Rare Earths"), Some(vec![(0, "rare".into()), (1, "earth".into())]));
    /// assert_eq!(terms("—"), None);
    /// ```
    pub fn of(text: &str) -> Option<Pattern> {
        let mut tokens = Tokens::default();
        words(text, &mut tokens);
        let kept = covering(&tokens);
        let first = kept.first()?.position;
        let character = kept.len() == 1 && kept[0].kind == TokenKind::Edge;
        let terms = kept.iter().map(|token| (token.position - first, token.text.to_owned())).collect();
        let guaranteed = guaranteed(&tokens, text, first);
        let pairs = frequent(&kept);
        scan::places(text, &mut tokens);
        let kept = covering(&tokens);
        let places = kept.iter().map(|token| (token.position - first, token.text.to_owned())).collect();
        Some(Pattern { terms, character, places, pairs, guaranteed })
    }

    /// The pattern of a single word in exactly its spelling, such as REE or US. `None` if it is no such word: one with
    /// fewer than two capitals is not kept in its spelling.
    pub fn exact(text: &str) -> Option<Pattern> {
        let mut tokens = Tokens::default();
        words(text, &mut tokens);
        let exact = tokens.iter().find(|token| token.kind == TokenKind::Exact)?;
        let word = tokens.iter().find(|token| token.kind == TokenKind::Word)?;
        if tokens.len() != 2 {
            return None;
        }
        let guaranteed = BTreeSet::from([(0, exact.text.to_owned()), (0, word.text.to_owned())]);
        let terms = vec![(0, exact.text.to_owned())];
        let places = terms.clone();
        Some(Pattern { terms, character: false, places, pairs: Vec::new(), guaranteed })
    }

    /// The terms with their places, the first at zero. At least one.
    pub fn terms(&self) -> &[(u32, String)] {
        &self.terms
    }

    /// The same as [`Pattern::terms`], in words, codes and single Chinese characters, as they are indexed with their places.
    pub fn places(&self) -> &[(u32, String)] {
        &self.places
    }

    /// Pairs of frequent Chinese characters that every text with the pattern has. Where that is all that the pattern asks,
    /// so is every text with the pair one with the pattern.
    pub fn pairs(&self) -> &[String] {
        &self.pairs
    }

    /// The pair of frequent characters that the pattern is, if it is one.
    pub fn as_pair(&self) -> Option<&str> {
        match (self.places.as_slice(), self.terms.as_slice(), self.pairs.as_slice()) {
            ([_, _], [_], [pair]) => Some(pair),
            _ => None,
        }
    }

    /// True if the only term is a single Chinese character, which is looked up in the field of characters.
    pub fn is_character(&self) -> bool {
        self.character
    }

    /// True if every text that has `narrower` has this one too, as whoever writes 稀土元素 writes 稀土.
    pub fn covers(&self, narrower: &Pattern) -> bool {
        let Some((_, first)) = self.guaranteed.first() else { return false };
        let starts = narrower.guaranteed.iter().filter(|(_, text)| text == first).map(|(place, _)| *place);
        starts.into_iter().any(|start| {
            self.guaranteed
                .iter()
                .all(|(place, text)| narrower.guaranteed.contains(&(place + start, text.clone())))
        })
    }
}

/// The fewest tokens that a text must have at these places to have them all.
fn covering(tokens: &Tokens) -> Vec<Token<'_>> {
    let codes: Vec<Token<'_>> = tokens.iter().filter(|token| token.kind == TokenKind::Code).collect();
    let pairs: Vec<Token<'_>> = tokens.iter().filter(|token| token.kind == TokenKind::Pair).collect();
    let has_pair = |at: u32| pairs.binary_search_by_key(&at, |pair| pair.position).is_ok();
    let in_code =
        |at: u32| codes.iter().any(|code| (code.position..code.position + code.places).contains(&at));
    let mut kept = codes.clone();
    let mut covered = 0;
    for token in tokens.iter() {
        match token.kind {
            TokenKind::Word if !in_code(token.position) => kept.push(token),
            TokenKind::Character => kept.push(token),
            // A pair that overlaps the one before is needed only where the run ends.
            TokenKind::Pair if token.position >= covered || !has_pair(token.position + 1) => {
                covered = token.position + 2;
                kept.push(token);
            }
            TokenKind::Edge
                if !has_pair(token.position) && !token.position.checked_sub(1).is_some_and(has_pair) =>
            {
                kept.push(token);
            }
            _ => {}
        }
    }
    kept.sort_by_key(|token| token.position);
    kept
}

/// The pairs of frequent characters among tokens, each once.
fn frequent(tokens: &[Token<'_>]) -> Vec<String> {
    let pairs = tokens.iter().filter(|token| token.kind == TokenKind::Pair && is_frequent_pair(token.text));
    let mut pairs: Vec<String> = pairs.map(|token| token.text.to_owned()).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

fn guaranteed(tokens: &Tokens, text: &str, first: u32) -> BTreeSet<(u32, String)> {
    let mut all = BTreeSet::new();
    let mut single = Tokens::default();
    for token in tokens.iter() {
        let place = token.position - first;
        match token.kind {
            TokenKind::Word | TokenKind::Code | TokenKind::Edge => {
                all.insert((place, token.text.to_owned()));
            }
            TokenKind::Pair => {
                characters(&text[token.bytes.clone()], &mut single);
                let places = (place..).zip(single.iter());
                all.extend(places.map(|(place, character)| (place, character.text.to_owned())));
            }
            TokenKind::Exact | TokenKind::Character => {}
        }
    }
    all
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "the patterns under test have letters")]

    use super::*;

    fn terms(text: &str) -> Vec<(u32, String)> {
        Pattern::of(text).map(|pattern| pattern.terms).unwrap_or_default()
    }

    fn shown(text: &str) -> String {
        terms(text).iter().map(|(place, term)| format!("{term}@{place} ")).collect()
    }

    #[test]
    fn a_pattern_asks_for_as_little_as_is_exact() {
        let cases = [
            ("锑", "锑@0 "),
            ("稀土", "稀土@0 "),
            ("三个字", "三个@0 个字@1 "),
            ("中国北方稀土", "中国@0 北方@2 稀土@4 "),
            ("锑、锗", "锑@0 锗@2 "),
            ("5N锑", "5@0 n@1 锑@2 "),
            ("氧化锑 Sb", "氧化@0 化锑@1 sb@3 "),
            ("rare-earth magnets", "rare@0 earth@1 magnet@2 "),
            ("2841.90", "2841.90@0 "),
            ("NYSE 600111.SH rose", "nyse@0 600111.sh@1 rose@3 "),
            ("3,834 t", "3834@0 t@1 "),
            ("3834t", "3834@0 t@1 "),
            ("", ""),
            ("😀 — …", ""),
        ];
        for (text, wanted) in cases {
            assert_eq!(shown(text), wanted, "{text}");
        }
        assert!(Pattern::of("锑").unwrap().is_character());
        assert!(!Pattern::of("5锑").unwrap().is_character());
    }

    #[test]
    fn the_index_is_asked_for_characters_and_for_frequent_pairs() {
        for (text, places, pairs, pair) in [
            ("锑", "锑@0", "", None),
            ("中国", "中@0 国@1", "中国", Some("中国")),
            ("鼹鼠", "鼹@0 鼠@1", "", None),
            ("中国鼹", "中@0 国@1 鼹@2", "中国", None),
            ("中国、中国", "中@0 国@1 中@3 国@4", "中国", None),
            ("REE 稀土 2841.90", "ree@0 稀@1 土@2 2841.90@3", "稀土", None),
            ("rare earths", "rare@0 earth@1", "", None),
        ] {
            let pattern = Pattern::of(text).unwrap();
            let shown: Vec<String> =
                pattern.places().iter().map(|(place, text)| format!("{text}@{place}")).collect();
            assert_eq!(shown.join(" "), places, "{text}");
            assert_eq!(pattern.pairs().join(" "), pairs, "{text}");
            assert_eq!(pattern.as_pair(), pair, "{text}");
        }
        assert_eq!(Pattern::exact("REE").unwrap().places(), [(0, "=REE".to_owned())]);
    }

    #[test]
    fn the_wider_covers_the_narrower() {
        let cases = [
            ("稀土", "稀土元素", true),
            ("土元", "稀土元素", true),
            ("稀土元素", "稀土", false),
            ("稀元", "稀土元素", false),
            ("锑", "氧化锑", true),
            ("rare earth", "rare-earth elements", true),
            ("rare earths", "Rare Earth", true),
            ("earth rare", "rare earth", false),
            ("2841", "2841.90", true),
            ("2841.90", "2841 90", false),
            ("土集", "稀土（集团）", false),
            ("集团", "稀土（集团）", true),
        ];
        for (wide, narrow, wanted) in cases {
            let (wide, narrow) = (Pattern::of(wide).unwrap(), Pattern::of(narrow).unwrap());
            assert_eq!(wide.covers(&narrow), wanted, "{wide:?} {narrow:?}");
        }
        let exact = Pattern::exact("REE").unwrap();
        assert!(Pattern::of("ree").unwrap().covers(&exact));
        assert!(!exact.covers(&Pattern::of("ree").unwrap()));
    }

    #[test]
    fn only_words_with_two_capitals_have_an_exact_form() {
        assert_eq!(Pattern::exact("US").unwrap().terms(), [(0, "=US".to_owned())]);
        assert_eq!(Pattern::exact("U.S.").unwrap().terms(), [(0, "=US".to_owned())]);
        for none in ["Polish", "us", "US dollar", "REE金属", ""] {
            assert_eq!(Pattern::exact(none), None, "{none}");
        }
    }
}

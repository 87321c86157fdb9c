//! The characters that are so frequent that pairs of them are indexed as well.
//!
//! A phrase is found by the places of its characters, and fast if one of them is rare. Where none is, as in most words of
//! two characters that are asked for, a list of the pair itself tells which records have it.

use std::sync::LazyLock;

/// The 500 most frequent characters, the most frequent first: half by their share of general texts, half by their share of the
/// names in our lexicon, which are asked for most. With more of them the index grows, with fewer more words of two characters are
/// slow to find; docs/performance.md has figures for both. The index is made anew when this changes.
const TABLE: &str = "\
    的局业金国市资矿部化工和中源电信一公自能合有产大行在生安理会人上是管环然不年海发新方西了高为斯日利经\
    亚应关厅锂家酸息出时比铁南商境尔保省料易州股元态加司成池铜品材山证银动多个期急交计基来以地务力对氧月\
    价用法属政到网收全拉数铝美克下分现量本这要三投可土机度东监前于开物后粉场委特通规内马区石江作体进子性\
    同统报北车巴平尼长口实指科财集重所制达将联贸员稀格精原外过者其万里德阿建布天定也调团展主我民废阳纳警\
    与增镍查城级入华等门目广划次及货间面济提河改纯益得台就总含回券率融锡非据锌最费事持学协示小极他钢宁钴\
    单兰正钨质份治点二锰表明们水额储线还吉碳而都际至维解标湖技钛之因去相球位坦设款包港如意企芯果印当较系\
    并常铅板此京磁已项片第超运乐型营险道但周形罗色磷情从黑被停黄研说除好值手博立权无看硅心户彩再卡四林亿\
    升购组消更离件府名式准创处文汽盐贷向起风结央未记龙问导古限钼存销告共题塔供案低白米税云院钠流整求没澳\
    锑哥光议代苏构硫镁锆兴今服两净需蒙任币带强该锭社注洲近支路续转预受涨接钒些认造约采申很永房控别乌氯称\
    青显或岛普欧铬几推红察波放娱程炼取首瓦宝备跌靶着沙种变瑞英施售复贵头士号票究许圆老深负由钕连牌泰获福";

/// The first of the block of unified ideographs, in which all of them lie, and how many there are.
const FIRST: u32 = 0x4e00;
const BLOCK: usize = 0x5200;

/// A bit for each character of the block.
static FREQUENT: LazyLock<Box<[u64; BLOCK / 64]>> = LazyLock::new(|| {
    let mut bits = Box::new([0; BLOCK / 64]);
    for at in TABLE.chars().filter_map(place) {
        bits[at / 64] |= 1 << (at % 64);
    }
    bits
});

fn place(character: char) -> Option<usize> {
    let at = u32::from(character).checked_sub(FIRST)? as usize;
    (at < BLOCK).then_some(at)
}

/// True for a character, in its folded form, that is among the most frequent.
#[inline]
pub(crate) fn is_frequent(character: char) -> bool {
    place(character).is_some_and(|at| FREQUENT[at / 64] >> (at % 64) & 1 == 1)
}

/// The rank of a character, in its folded form, among the most frequent, from zero; that of one that is not among them is a
/// guess.
pub(crate) fn rank(character: char) -> usize {
    TABLE.chars().position(|other| other == character).unwrap_or(700)
}

/// True for two characters, in their folded form, that are both among the most frequent.
pub(crate) fn is_frequent_pair(text: &str) -> bool {
    let mut characters = text.chars();
    let two = characters.by_ref().take(2).filter(|character| is_frequent(*character)).count() == 2;
    two && characters.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_frequent_if_both_characters_are() {
        assert_eq!(TABLE.chars().filter(|character| is_frequent(*character)).count(), 500);
        let bits: u32 = FREQUENT.iter().map(|bits| bits.count_ones()).sum();
        assert_eq!(bits, 500, "one stands there twice");
        for (pair, wanted) in [
            ("中国", true),
            ("稀土", true),
            ("稀鼹", false),
            ("鼹中", false),
            ("中", false),
            ("中国人", false),
            ("ab", false),
        ] {
            assert_eq!(is_frequent_pair(pair), wanted, "{pair}");
        }
    }
}

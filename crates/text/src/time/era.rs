//! Years of Chinese eras: 光绪三十四年, 民国三十年. The first year of each era is public knowledge.

use std::sync::LazyLock;

use super::chinese::small;
use crate::trie::Trie;
use crate::view::View;

/// Eras with their first year, from Tang to the Republic; those of one year or less are left out.
const ERAS: &[(&str, i16)] = &[
    ("民国", 1912),
    ("宣统", 1909),
    ("光绪", 1875),
    ("同治", 1862),
    ("咸丰", 1851),
    ("道光", 1821),
    ("嘉庆", 1796),
    ("乾隆", 1736),
    ("雍正", 1723),
    ("康熙", 1662),
    ("顺治", 1644),
    ("崇祯", 1628),
    ("天启", 1621),
    ("万历", 1573),
    ("隆庆", 1567),
    ("嘉靖", 1522),
    ("正德", 1506),
    ("弘治", 1488),
    ("成化", 1465),
    ("天顺", 1457),
    ("景泰", 1450),
    ("正统", 1436),
    ("宣德", 1426),
    ("洪熙", 1425),
    ("永乐", 1403),
    ("建文", 1399),
    ("洪武", 1368),
    ("至正", 1341),
    ("至元", 1264),
    ("中统", 1260),
    ("咸淳", 1265),
    ("淳祐", 1241),
    ("嘉定", 1208),
    ("庆元", 1195),
    ("淳熙", 1174),
    ("乾道", 1165),
    ("绍兴", 1131),
    ("建炎", 1127),
    ("靖康", 1126),
    ("宣和", 1119),
    ("政和", 1111),
    ("崇宁", 1102),
    ("绍圣", 1094),
    ("元祐", 1086),
    ("元丰", 1078),
    ("熙宁", 1068),
    ("治平", 1064),
    ("嘉祐", 1056),
    ("庆历", 1041),
    ("天圣", 1023),
    ("景德", 1004),
    ("咸平", 998),
    ("太平兴国", 976),
    ("开宝", 968),
    ("建隆", 960),
    ("天祐", 904),
    ("大中", 847),
    ("会昌", 841),
    ("大和", 827),
    ("元和", 806),
    ("贞元", 785),
    ("大历", 766),
    ("乾元", 758),
    ("至德", 756),
    ("天宝", 742),
    ("开元", 713),
    ("景龙", 707),
    ("神龙", 705),
    ("长安", 701),
    ("永徽", 650),
    ("贞观", 627),
    ("武德", 618),
];

/// The characters with which eras begin, so that other text is passed quickly.
pub(super) fn may_begin(first: char) -> bool {
    matches!(
        first,
        '民' | '宣'
            | '光'
            | '同'
            | '咸'
            | '道'
            | '嘉'
            | '乾'
            | '雍'
            | '康'
            | '顺'
            | '崇'
            | '天'
            | '万'
            | '隆'
            | '正'
            | '弘'
            | '成'
            | '景'
            | '洪'
            | '永'
            | '建'
            | '至'
            | '中'
            | '淳'
            | '庆'
            | '绍'
            | '靖'
            | '政'
            | '元'
            | '熙'
            | '治'
            | '太'
            | '开'
            | '大'
            | '会'
            | '贞'
            | '神'
            | '长'
            | '武'
    )
}

/// True if the name of an era stands at `at`.
pub(super) fn named(view: &View<'_>, at: usize) -> bool {
    static NAMES: LazyLock<Trie> = LazyLock::new(|| Trie::of(ERAS.iter().map(|(name, _)| name)));
    NAMES.may_begin(view, at) && ERAS.iter().any(|(name, _)| view.starts_with(at, name))
}

/// The year of an era at `at`, with the index behind 年. Years are counted as written, though an era may have ended before.
pub(super) fn year_at(view: &View<'_>, at: usize) -> Option<(i16, usize)> {
    if !may_begin(view.get(at)) || !named(view, at) {
        return None;
    }
    let (name, first) = ERAS.iter().find(|(name, _)| view.starts_with(at, name))?;
    let next = at + name.chars().count();
    let (number, end) = if view.get(next) == '元' {
        (1, next + 1)
    } else {
        // 绍兴 2025年 is a town in a year.
        small(view, next).filter(|(number, _)| (1..=61).contains(number))?
    };
    (view.get(end) == '年').then(|| (first + i16::from(number) - 1, end + 1))
}

//! Words by which a total, its parts and what is none of them are known.

/// Words before a total.
pub(super) const TOTAL: &[&str] = &[
    "合计", "总计", "共计", "总量", "总额", "总投资", "总产量", "总销量", "总需求", "总库存", "总产能",
    "总规模", "总收入", "总营收", "一共", "总共", "共", "total", "totals", "totalled", "totaled",
    "totalling", "altogether", "combined", "sum", "came to", "all told", "so that is", "that makes",
    "which makes", "together", "jointly", "add up to", "adds up to", "added up to", "sum to", "sums to",
    "the total to", "two combined", "累计", "相加", "总数", "总值", "总重", "总出口", "总进口", "总供应",
    "总消费", "合共", "总的", "between them", "collectively", "in aggregate", "overall",
];

/// Words with which a total is drawn from what stands before it.
pub(super) const SUMMING: &[&str] = &[
    "合计", "共计", "总计", "一共", "总共", "altogether", "in all", "in total", "combined", "all told",
    "so that is", "that makes", "which makes", "a total of", "for a total", "the total to", "totalling",
    "totaling", "together", "add up to", "adds up to", "added up to", "sum to", "sums to", "相加", "加起来",
    "gives total", "makes total", "for total", "加总", "合共", "加在一起", "between them", "collectively",
    "in aggregate",
];

/// Words that say that there is nothing else.
pub(super) const NONE_OTHER: &[&str] = &[
    "至此全部",
    "全部下达",
    "均已下达",
    "全部发放",
    "which makes up the whole",
    "that makes up the whole",
    "and that is the whole",
    "没有其他",
    "无其他",
    "没有别的",
    "没有外购",
    "无外购",
    "没有成规模",
    "别无",
    "no other",
    "nobody else",
    "nothing else",
    "none other",
    "made up of",
    "构成",
    "组成",
    "splits into",
    "split into",
    "divides into",
    "divided into",
    "breaks down into",
    "broken down into",
    "consists of",
    "consisting of",
    "comprises",
    "分为",
    "分成",
    "拆分为",
    "no one else",
    "and that is all",
    "全部来自",
    "无一例外",
    "comprised",
    "consisted of",
    "split between",
    "divided between",
    "broke down into",
    "nothing besides",
    "nothing more",
    "no others",
    "that was all",
    "再无",
    "别无",
    "仅此",
    "无他",
];

/// Words of a last part that is all the rest.
pub(super) const LEFT: &[&str] = &[
    "其余", "余下", "剩余", "剩下", "其他", "其它", "the rest", "the remaining", "remaining",
    "the remainder", "all other", "the other", "the balance",
];

/// Words behind a total that ends a list.
pub(super) const TOTAL_BEHIND: &[&str] = &["in all", "in total", "altogether", "combined", "all told"];

/// Words between a total and its parts.
pub(super) const OF_WHICH: &[&str] = &[
    "其中", "of which", "of it", "of this", "of that", "made up of", "consisting of", "consists of",
    "comprising", "comprises", "分别", "broken down", "breaks down", "splits into", "split into",
    "divided into", "namely", "由", "包括", "包含", "分为", "分成", "including", "with", "comprised",
    "consisted of", "broke down into",
];

/// Words between a total and its first part.
pub(super) const MADE_OF: &[&str] = &[
    "made up of", "consists of", "consisted of", "consisting of", "comprises", "comprised", "comprising",
    "splits into", "split into", "divides into", "divided into", "breaks down into", "broke down into",
    "includes", "included", "including", "of which", "其中", "由", "包括", "分为", "分别为", "含",
];

/// Words of what is no part, before it: the rest is counted without it, or it is what a multiple is of.
pub(super) const NO_PART: &[&str] = &[
    "leaving aside", "leaving out", "excluding", "not counting", "without", "apart from", "aside from",
    "except for", "times the", "times", "剔除", "扣除", "除去", "不计", "不含", "不包括", "撇开",
];

/// Words with which a total is laid out by one feature, so that its parts do not overlap.
pub(super) const LAID_OUT: &[&str] = &[
    "按品类", "按品种", "按种类", "按产品", "按类别", "按类型", "按地区", "按区域", "按省", "按州", "按国别",
    "按国家", "按来源", "按去向", "按用途", "按工厂", "按基地", "按矿山", "按业务", "按板块", "按季度",
    "按月", "分品类", "分品种", "分产品", "分地区", "分区域", "分省", "分州", "分国别", "分来源", "分用途",
    "分业务", "分板块", "分季度", "分月", "by product", "by region", "by country", "by state", "by province",
    "by origin", "by source", "by use", "by end use", "by destination", "by grade", "by site", "by mine",
    "by plant", "by segment", "by type", "by form", "by quarter", "by month", "the breakdown", "breakdown",
    "the split",
];

/// Words right before a part that takes away from its total.
pub(super) const LOSS: &[&str] =
    &["亏损", "亏", "loss of", "losses of", "lost", "净亏损", "冲减", "抵减", "扣除", "less", "minus"];

/// Words that say that there are no other parts.
pub(super) const COMPLETE: &[&str] = &[
    "至此全部", "全部下达", "均已下达", "全部发放", "没有其他", "无其他", "没有别的", "没有外购",
    "没有成规模", "别无", "其余", "余下", "剩余", "no other", "nobody else", "nothing else", "none other",
    "the rest", "the remaining", "the remainder", "all other", "made up of", "分别", "无外购", "elsewhere",
    "其他地区", "其他国家", "others", "the other", "the balance", "其他", "其它", "splits into",
    "split into", "divided into", "consists of", "分为", "分成",
];

/// Words that say that the parts told are not all.
pub(super) const SOME: &[&str] = &[
    "biggest", "largest", "the top", "leading", "mostly", "mainly", "chiefly", "among others", "such as",
    "for example", "最大的", "前三", "前五", "前两", "主要", "例如", "比如", "包括但不限于",
];

/// Words of a part that is itself a part of the one before it.
pub(super) const NESTED: &[&str] = &["含", "包括", "alone", "including", "included"];

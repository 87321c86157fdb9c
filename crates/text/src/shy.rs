//! Numerals that are numbers in some surroundings only: 一, 两, 十, "one"; and words that merely contain numerals.

use std::sync::LazyLock;

use crate::amount::Amount;
use crate::numeral::{Form, Number};
use crate::trie::Trie;
use crate::view::View;

/// Chinese words that begin with a numeral and are no numbers.
const WORDS: &[&str] = &[
    "十四五", "十三五", "十五五", "十二五", "一带一路", "二十大", "三元材料", "三元锂", "三元前驱",
    "三元正极", "三元电池", "三元体系", "十分", "十足", "十字", "一定", "一些", "一般", "一样", "一直",
    "一旦", "一切", "一起", "一度", "一致", "一体", "一线", "一级", "二级", "三级", "一手", "二手", "一方",
    "三方", "两会", "两岸", "两市", "万一", "千万不", "百姓", "百货", "万科", "万华", "三亚", "三星", "四川",
    "五矿", "五粮", "六氟", "五氧化", "三氧化", "二氧化", "四氧化", "一氧化", "七水", "五水", "一水", "八一",
    "九江", "一汽", "三一重", "千亿级", "百强", "千米", "万达", "三中全会", "四中全会", "两化", "一季报",
    "三季报", "七国集团", "二十国集团", "一揽子", "双十一", "二线", "三线", "四线", "二次", "一次", "七一二",
    "五家渠", "七台河", "六安", "百川", "百色", "三峡", "三花", "三祥", "三门峡", "十堰", "四会", "八钢",
    "三钢", "三友", "三环", "三安", "三美", "三孚", "三明", "三角", "三河", "三江", "三水", "五指山",
    "五台山", "四平", "六盘水", "九寨", "万润", "万丰", "万向", "万邦", "万里", "万泰", "万国", "万宝",
    "万泽", "亿纬", "亿联", "亿华", "千里", "百度", "百联", "百隆", "两江", "两湖", "两广", "两淮", "一流",
    "一系列", "一把手", "一举", "一路", "三元动力", "三元装机", "三元路线", "三元产", "三元占", "三元和",
    "三元与", "三元及", "三元高", "三元中", "三元低", "三元单晶", "三元型", "三元厂", "三元需", "三元极",
    "三元黑", "三元废", "三元铁锂", "三元股份", "三元聚合", "三农", "三包", "三废", "三峰", "三资", "四季",
    "五星", "五险", "六大行", "七彩", "八角", "九牧", "九强", "十强", "十佳", "百果", "百洋", "万有", "万通",
    "万安", "万盛", "三羊", "三晖", "三联", "三维", "三超", "三生", "四维", "四方", "四创", "五洲", "六国",
    "九鼎", "九安", "一道新能", "一拖", "一重", "二重", "三聚", "三棵树", "三房巷", "三木", "五芳", "八方",
    "八亿时空", "千禾", "千方", "千红", "万马", "万得", "万联", "十四届", "十三届", "二十届", "三伏",
    "二十四节气", "三桶油", "六张网", "三番五次", "五次三番", "四轮驱动", "四轮车", "十一长假", "十一黄金周",
    "十一假期", "十一国庆", "十一节", "一来二去", "七上八下", "四平八稳", "三心二意", "五花八门", "五光十色",
    "三天两头", "一五一十", "三三两两", "四面八方", "五湖四海", "八仙过海", "九牛一毛", "千篇一律",
    "百尺竿头", "三足鼎立", "一波三折", "两难", "两极", "两头", "两端", "两翼", "两用", "两融", "两重",
    "两新", "三驾马车", "三权", "三角债", "三包期", "三来一补", "六稳", "六保", "八项规定", "十大关系",
    "百年老店", "百年大计", "百家争鸣", "千分尺", "万吨轮", "亿晶", "千秋",
];

/// True if a word that is no number, though it begins with a numeral, stands at `at`; or an ordinal does.
pub(crate) fn blocked(view: &View<'_>, at: usize) -> bool {
    let first = view.get(at);
    if first.is_ascii() {
        return false;
    }
    if !crate::numeral::is_chinese_numeral(first) {
        return false;
    }
    if matches!(view.before(at), '第' | '周' | '期' | '初')
        && !matches!(view.before(at), '初' if view.get(at + 1) != '\0')
    {
        // 第三, 周五, 星期一: an ordinal or a day.
        return view.before(at) != '期' || view.get(at.wrapping_sub(2)) == '星' && at > 1;
    }
    // 8系三元
    if view.starts_with(at, "三元") && matches!(view.before(at), '系' | '镍' | '晶' | '、') {
        return true;
    }
    static NAMES: LazyLock<Trie> = LazyLock::new(|| Trie::of(WORDS));
    // 十分之一 is a fraction.
    NAMES.may_begin(view, at)
        && WORDS
            .iter()
            .any(|word| view.starts_with(at, word) && !(*word == "十分" && view.get(at + 2) == '之'))
}

/// True if the character behind a single Chinese digit makes a chemical name or another word of it.
pub(crate) fn blocked_behind(view: &View<'_>, number: &Number) -> bool {
    matches!(
        view.get(number.end),
        '氧' | '氟' | '氯' | '硫' | '甲' | '乙' | '水' | '钼' | '川' | '亚' | '粮' | '矿'
    )
}

/// True for a number that is a part of a name or tells a place in an order: "the Big Four", "Group of Seven", 前五名,
/// "net-zero".
pub(crate) fn is_named(view: &View<'_>, number: &Number) -> bool {
    let back = view.blanks_back(number.start);
    if number.form == Form::Words {
        // "net-zero targets", but a spelled telephone number has hyphens on both sides.
        let zero = number.value == Amount::whole(0);
        if zero && (view.before(number.start) == '-') != (view.get(number.end) == '-') {
            return true;
        }
        // "stage one", "phase two"
        let ordered = view.word_before(back).is_some_and(|(_, word)| {
            matches!(
                word.as_str(),
                "stage" | "phase" | "tier" | "step" | "scope" | "chapter" | "scenario" | "option"
            )
        });
        if ordered && !view.next_word(number.end).is_some_and(|noun| noun.as_str().ends_with('s')) {
            return true;
        }
        return view.raw(number.start).is_ascii_uppercase()
            && view.word_before(back).is_some_and(|(at, word)| match word.as_str() {
                "big" => true,
                "of" => {
                    view.word_before(view.blanks_back(at)).is_some_and(|(_, word)| word.as_str() == "group")
                }
                _ => false,
            });
    }
    // 图1, 附件3: the number of a figure, a table, an annex.
    if is_numbered(view, back, number) {
        return true;
    }
    // 双十一, a day of sales; 十二届, which one it is.
    let length = number.end - number.start;
    if number.form == Form::Chinese
        && (view.before(number.start) == '双' && length == 2 || view.get(number.end) == '届' && length > 1)
    {
        return true;
    }
    view.before(back) == '前'
        && (matches!(view.get(number.end), '名' | '强' | '位')
            || view.get(number.end) == '大' && !matches!(view.get(number.end + 1), '于'))
}

/// True for the number behind 图, 表, 附件 and the like at the beginning of a clause, with nothing counted behind it.
fn is_numbered(view: &View<'_>, back: usize, number: &Number) -> bool {
    const SINGLE: &[char] = &['图', '表', '注'];
    const PAIRS: &[(char, char)] =
        &[('附', '件'), ('附', '表'), ('附', '图'), ('图', '表'), ('附', '注'), ('专', '栏')];
    if number.form == Form::Words || number.end - number.start > 3 {
        return false;
    }
    let behind = view.get(number.end);
    let ends = matches!(
        behind,
        '\0' | '\n'
            | ':'
            | ','
            | ';'
            | '.'
            | ')'
            | '。'
            | '、'
            | ' '
            | '-'
            | '和'
            | '与'
            | '所'
            | '中'
            | '显'
            | '为'
    );
    let second = if back > 1 { view.get(back - 2) } else { '\0' };
    let pair = PAIRS.contains(&(second, view.before(back)));
    let opens = |before: char| {
        !crate::view::is_han(before) || matches!(before, '见' | '如' | '由' | '从' | '据' | '在')
    };
    let single = SINGLE.contains(&view.before(back)) && opens(second);
    ends && (pair || single)
}

/// A lone 十 with nothing counted behind it.
pub(crate) fn lone_ten(view: &View<'_>, number: &Number) -> bool {
    number.form == Form::Chinese
        && number.end == number.start + 1
        && matches!(view.get(number.start), '十' | '拾')
}

/// True if the numeral counts something or stands by itself.
pub(crate) fn stands_alone(view: &View<'_>, number: &Number) -> bool {
    let next = view.get(number.end);
    let before = view.before(number.start);
    if number.form == Form::Words {
        return one_counts(view, number);
    }
    if next == '次' && view.get(number.end + 1) == '会' {
        return false;
    }
    let ends = matches!(
        next,
        '\0' | '\n'
            | '”'
            | '"'
            | '」'
            | '。'
            | '，'
            | ','
            | '.'
            | '!'
            | '?'
            | ';'
            | '；'
            | '、'
            | ')'
            | '而'
            | '那'
            | '和'
            | ' '
    );
    let opens =
        matches!(before, '\0' | '\n' | '“' | '"' | '「' | '(' | '是' | '为' | '于' | ':' | '：' | '、' | ' ');
    if ends && opens {
        return true;
    }
    // 大于五, 比五大
    let joins = ends
        || matches!(next, '大' | '小' | '高' | '低' | '多' | '少' | '且' | '但' | '以' | '的' | '并' | '不');
    if joins
        && (before == '比'
            || crate::qualifier::before(view, number.start).is_some_and(|(_, at)| at + 1 < number.start))
    {
        return true;
    }
    if matches!(
        view.raw(number.start),
        '壹' | '贰' | '叁' | '肆' | '伍' | '陆' | '陸' | '柒' | '捌' | '玖' | '拾' | '幺'
    ) {
        return false;
    }
    let one = number.value == Amount::whole(1);
    if one {
        return next == '块' && view.get(number.end + 1) != '儿';
    }
    matches!(
        next,
        '个' | '家'
            | '只'
            | '支'
            | '条'
            | '种'
            | '名'
            | '位'
            | '款'
            | '批'
            | '项'
            | '座'
            | '艘'
            | '辆'
            | '台'
            | '份'
            | '件'
            | '次'
            | '对'
            | '双'
            | '块'
            | '人'
            | '张'
            | '笔'
            | '起'
            | '轮'
            | '宗'
            | '处'
            | '地'
            | '类'
            | '路'
    ) && !matches!(before, '十' | '百' | '千')
        || view.get(number.start) == '两' && next == '国'
        || next == '大' && matches!(view.get(number.end + 1), '矿' | '类' | '板' | '钢' | '巨' | '铁')
}

/// "one" is a number unless it stands for a thing: "the one", "which one", "one may ask".
fn one_counts(view: &View<'_>, number: &Number) -> bool {
    if let Some((_, word)) = view.word_before(view.blanks_back(number.start))
        && matches!(
            word.as_str(),
            "the"
                | "which"
                | "that"
                | "this"
                | "no"
                | "any"
                | "every"
                | "each"
                | "another"
                | "new"
                | "other"
                | "some"
                | "good"
                | "best"
                | "only"
                | "fictional"
                | "previous"
                | "last"
                | "next"
                | "old"
                | "first"
                | "second"
                | "right"
                | "wrong"
                | "big"
                | "small"
                | "like"
                | "such"
                | "what"
                | "day"
        )
    {
        return false;
    }
    // "a bad one", "One article tells": the end of a clause behind an article, or a headline's word for a thing.
    let open = view.blanks_back(number.start);
    let adjective = view.word_before(open).is_some_and(|(at, _)| {
        view.word_before(view.blanks_back(at))
            .is_some_and(|(_, word)| matches!(word.as_str(), "a" | "an" | "the"))
    });
    if adjective && matches!(view.get(number.end), ',' | '.' | ';' | '"' | '”' | ':' | ')' | '\n' | '\0') {
        return false;
    }
    // "the European one 2.1%"
    let moved = view.next_word(number.end).is_some_and(|verb| {
        matches!(verb.as_str(), "fell" | "rose" | "lost" | "was" | "is" | "held" | "stood" | "slid")
            || verb.as_str().ends_with("ed")
    });
    let closed = moved
        || matches!(view.get(number.end), ',' | '.' | ';' | ')' | '\n' | '\0')
        || view.get(view.blanks(number.end)).is_ascii_digit();
    let adjective = view.word_before(open).is_some_and(|(at, word)| {
        view.raw(at).is_ascii_uppercase()
            || matches!(word.as_str().as_bytes(), [.., b'e', b'r'] | [.., b's', b't'])
    });
    if closed && adjective && view.before(open) != '-' {
        return false;
    }
    let next = view.next_word(number.end);
    // "one Ningbo company": an article before a name.
    let name = view.blanks(number.end);
    if view.raw(name).is_ascii_uppercase()
        && view.get(name + 1).is_ascii_lowercase()
        && view.raw(name + 1).is_lowercase()
    {
        return false;
    }
    !next.is_some_and(|word| {
        matches!(
            word.as_str(),
            "of" | "may"
                | "can"
                | "must"
                | "should"
                | "might"
                | "could"
                | "another"
                | "who"
                | "day"
                | "is"
                | "by"
                | "has"
                | "would"
                | "needs"
                | "another's"
                | "article"
                | "picture"
                | "chart"
                | "more"
                | "time"
        )
    }) && view.get(number.end) != '-'
        && view.get(number.end) != '\''
}

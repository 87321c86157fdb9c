//! Lengths of time that are not anchored in the calendar: three months, 两周, 3年半, a week.

use rust_decimal::Decimal;

use super::TimeRead;
use crate::amount::Amount;
use crate::mention::{Kind, Qualifier};
use crate::numeral::{Number, number_at};
use crate::qualifier;
use crate::view::{View, is_han};

/// A length of time.
#[derive(Clone, Debug)]
pub(crate) struct Length {
    pub(crate) value: Option<Amount>,
    pub(crate) low: Option<Amount>,
    pub(crate) high: Option<Amount>,
    /// UCUM: `s`, `min`, `h`, `d`, `wk`, `mo`, `a`; quarters are months, decades years.
    pub(crate) unit: &'static str,
    pub(crate) seconds: Option<Amount>,
    pub(crate) qualifier: Option<Qualifier>,
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimeUnit {
    pub(crate) code: &'static str,
    /// How many of the code's unit it is.
    pub(crate) count: u32,
    /// Nominal seconds of the code's unit.
    pub(crate) seconds: u32,
}

const SECOND: TimeUnit = TimeUnit { code: "s", count: 1, seconds: 1 };
const MINUTE: TimeUnit = TimeUnit { code: "min", count: 1, seconds: 60 };
const HOUR: TimeUnit = TimeUnit { code: "h", count: 1, seconds: 3_600 };
const DAY: TimeUnit = TimeUnit { code: "d", count: 1, seconds: 86_400 };
const WEEK: TimeUnit = TimeUnit { code: "wk", count: 1, seconds: 604_800 };
const MONTH: TimeUnit = TimeUnit { code: "mo", count: 1, seconds: 2_592_000 };
const YEAR: TimeUnit = TimeUnit { code: "a", count: 1, seconds: 31_536_000 };

/// The English unit of time that `word` names.
pub(crate) fn english_unit(word: &str) -> Option<TimeUnit> {
    Some(match word {
        "second" | "seconds" | "secs" => SECOND,
        "minute" | "minutes" | "mins" => MINUTE,
        "hour" | "hours" | "hrs" => HOUR,
        // A session of a market is a day.
        "day" | "days" | "sessions" => DAY,
        "weekend" | "weekends" => TimeUnit { count: 2, ..DAY },
        "week" | "weeks" => WEEK,
        "fortnight" | "fortnights" => TimeUnit { count: 2, ..WEEK },
        "month" | "months" => MONTH,
        "quarter" | "quarters" => TimeUnit { count: 3, ..MONTH },
        "year" | "years" => YEAR,
        "decade" | "decades" => TimeUnit { count: 10, ..YEAR },
        "century" | "centuries" => TimeUnit { count: 100, ..YEAR },
        _ => return None,
    })
}

/// The Chinese unit of time at `at`, with the index after it.
pub(crate) fn chinese_unit(view: &View<'_>, at: usize) -> Option<(TimeUnit, usize)> {
    const NAMES: &[(&str, TimeUnit)] = &[
        ("个季度", TimeUnit { count: 3, ..MONTH }),
        ("个小时", HOUR),
        ("个星期", WEEK),
        ("个礼拜", WEEK),
        ("个世纪", TimeUnit { count: 100, ..YEAR }),
        ("个月", MONTH),
        ("个周", WEEK),
        ("交易日", DAY),
        ("个交易日", DAY),
        ("个工作日", DAY),
        ("分钟", MINUTE),
        ("小时", HOUR),
        ("星期", WEEK),
        ("周年", YEAR),
        ("年", YEAR),
        ("周", WEEK),
        ("天", DAY),
        ("秒", SECOND),
    ];
    if !matches!(view.get(at), '个' | '交' | '分' | '小' | '星' | '周' | '年' | '天' | '秒') {
        return None;
    }
    let (unit, end) = NAMES.iter().find_map(|(name, unit)| view.loosely(at, name).map(|end| (*unit, end)))?;
    let next = view.get(end);
    let other = match view.get(at) {
        '年' => {
            matches!(next, '代' | '级' | '度' | '产' | '均' | '化' | '初' | '底' | '末' | '龄' | '前' | '后' if next != '前' && next != '后')
        }
        '周' => matches!(next, '期' | '边' | '报' | '刊') || is_headline(view, end),
        '天' => matches!(next, '然' | '津' | '气'),
        _ => false,
    };
    (!other).then_some((unit, end))
}

/// 一周要闻, 一周回顾: the week of a headline is no length.
fn is_headline(view: &View<'_>, end: usize) -> bool {
    const NOUNS: &[&str] = &[
        "要闻", "综述", "综合", "回顾", "观察", "评述", "动态", "速览", "汇总", "述评", "总结", "行情",
        "热点", "热文", "盘点", "看点", "大事", "资讯", "新闻", "快讯", "精选", "纪要", "市场", "点评",
        "简评", "数据", "价格", "走势",
    ];
    view.any_of(view.blanks(end), NOUNS).is_some()
}

/// "three-month copper", "LME 3-month", 3-month SOFR: the tenor of a price or a rate is no length.
fn is_tenor(view: &View<'_>, at: usize, unit: TimeUnit, end: usize) -> bool {
    const GOODS: &[&str] = &[
        "lme", "comex", "shfe", "copper", "aluminium", "aluminum", "zinc", "lead", "nickel", "tin", "cobalt",
        "lithium", "metal", "metals", "futures", "forward", "forwards", "price", "prices", "delivery",
        "closing", "settlement", "official", "asian", "sofr", "libor", "bill", "bills", "spread", "rolling",
        "molybdenum", "steel",
    ];
    // LME三个月期铜
    if unit == MONTH && view.get(end) == '期' && "铜铝锌铅镍锡钴价货".contains(view.get(end + 1)) {
        return true;
    }
    if unit == YEAR
        && view.before(end.saturating_sub(4)) == '-'
        && view
            .next_word(end)
            .is_some_and(|word| matches!(word.as_str(), "forward" | "forwards" | "swap" | "swaps"))
    {
        return true;
    }
    if unit != MONTH || !view.get(end - 1).is_ascii_lowercase() {
        return false;
    }
    // "cash and three-month"
    let cash = view.word_before(view.blanks_back(at)).is_some_and(|(start, word)| {
        matches!(word.as_str(), "and" | "to")
            && view.word_before(view.blanks_back(start)).is_some_and(|(_, word)| word.as_str() == "cash")
    });
    if cash && view.before(end.saturating_sub(5)) == '-' {
        return true;
    }
    let singular = view.get(end - 1) != 's';
    let before = view.word_before(view.blanks_back(at));
    let exchange = before.is_some_and(|(_, word)| matches!(word.as_str(), "lme" | "comex" | "shfe" | "to"))
        && (view.before(at) != ' ' || before.is_some_and(|(_, word)| word.as_str() != "to"));
    singular && (exchange || view.next_word(end).is_some_and(|word| GOODS.contains(&word.as_str())))
}

/// "1.5 million tonnes of copper a year": what is counted stands before a rate; a length follows a preposition or a verb.
fn is_rate(view: &View<'_>, at: usize) -> bool {
    const LEADS: &[&str] = &[
        "in", "for", "within", "over", "after", "than", "about", "nearly", "almost", "around", "under",
        "least", "most", "of", "and", "or", "to", "by", "half", "took", "takes", "take", "taken", "taking",
        "lasts", "lasted", "last", "spend", "spent", "wait", "waited", "during", "only", "up", "roughly",
        "is", "was", "be", "not", "every", "throughout", "until", "before", "just", "some", "add", "adds",
        "added", "gave", "given", "need", "needs", "from", "with", "as", "even", "say", "says", "barely",
        "quite", "because", "that", "when", "if", "but",
    ];
    let back = view.blanks_back(at);
    match view.word_before(back) {
        Some((_, word)) => !LEADS.contains(&word.as_str()),
        None => view.before(back).is_ascii_alphanumeric() || view.before(back) == ')',
    }
}

/// The duration that begins at `at`.
pub(super) fn duration_at(view: &View<'_>, at: usize) -> Option<TimeRead> {
    if let Some(range) = range_at(view, at) {
        return Some(range);
    }
    let (number, unit, mut end) = part(view, at)?;
    let article = view.word(at).is_some_and(|word| matches!(word.as_str(), "a" | "an"));
    if is_tenor(view, at, unit, end) || article && is_rate(view, at) {
        return None;
    }
    let value_of = |amount: &Amount| amount.times(Decimal::from(unit.count));
    let mut length = Length {
        value: None,
        low: None,
        high: None,
        unit: unit.code,
        seconds: None,
        qualifier: number.qualifier,
    };
    match &number.bounds {
        Some((low, high)) => {
            length.low = Some(value_of(low)?);
            length.high = match high {
                Some(high) => Some(value_of(high)?),
                None => None,
            };
        }
        None => {
            let value = value_of(&number.value)?;
            let mut seconds = value.times(Decimal::from(unit.seconds))?;
            length.value = Some(value);
            let mut last = unit;
            // 一年又一个月21天, "3 months and 2 weeks"
            while let Some((more, smaller, after)) = further(view, end) {
                if smaller.seconds * smaller.count >= last.seconds * last.count
                    && smaller.seconds <= last.seconds
                    && smaller.code == last.code
                {
                    break;
                }
                seconds = seconds.plus(
                    &more.value.times(Decimal::from(smaller.count))?.times(Decimal::from(smaller.seconds))?,
                )?;
                last = smaller;
                end = after;
                length.unit = "s";
                length.value = Some(seconds.clone());
            }
            length.seconds = Some(seconds);
        }
    }
    if length.qualifier.is_none() {
        let before = qualifier::before(view, at).map(|found| found.0);
        // "over three months" says during as often as more than.
        let during = view.word_before(view.blanks_back(at)).is_some_and(|(_, word)| word.as_str() == "over");
        length.qualifier =
            before.filter(|_| !during).or_else(|| qualifier::after(view, end).map(|found| found.0));
    }
    Some(TimeRead {
        start: at,
        end,
        kind: Kind::Duration,
        interval: None,
        precision: None,
        length: Some(length),
        doubt: None,
    })
}

/// 1-2个月, three to five years: the unit is said once.
fn range_at(view: &View<'_>, at: usize) -> Option<TimeRead> {
    let first = number_at(view, at).filter(|number| number.start == at && number.bounds.is_none())?;
    let mark = view.blanks(first.end);
    let next = match view.get(mark) {
        '-' | '~' | '–' | '—' | '至' | '到' => view.blanks(mark + 1),
        _ => view
            .word(mark)
            .filter(|word| matches!(word.as_str(), "to" | "or") && mark > first.end)
            .map(|word| view.blanks(word.end))?,
    };
    let (last, unit, end) = part(view, next)?;
    if last.bounds.is_some() || !first.value.less_than(&last.value) {
        return None;
    }
    let count = Decimal::from(unit.count);
    let length = Length {
        value: None,
        low: Some(first.value.times(count)?),
        high: Some(last.value.times(count)?),
        unit: unit.code,
        seconds: None,
        qualifier: qualifier::before(view, at).map(|found| found.0),
    };
    Some(TimeRead {
        start: at,
        end,
        kind: Kind::Duration,
        interval: None,
        precision: None,
        length: Some(length),
        doubt: None,
    })
}

/// A further part behind a connective or nothing.
fn further(view: &View<'_>, end: usize) -> Option<(Number, TimeUnit, usize)> {
    let mut next = view.blanks(end);
    if let Some((_, after)) = view.any_of(next, &["又", "零"]) {
        next = view.blanks(after);
    } else if let Some(word) = view.word(next).filter(|word| word.as_str() == "and") {
        next = view.blanks(word.end);
    } else if !is_han(view.before(end)) {
        // "1 year, 1 month and 21 days", "3 weeks 2 days"
        if view.get(next) == ',' {
            next = view.blanks(next + 1);
            if let Some(word) = view.word(next).filter(|word| word.as_str() == "and") {
                next = view.blanks(word.end);
            }
        }
        if !view.get(next).is_ascii_digit() {
            return None;
        }
    }
    let found = part(view, next)?;
    found.0.bounds.is_none().then_some(found)
}

/// A number and a unit of time.
pub(super) fn part(view: &View<'_>, at: usize) -> Option<(Number, TimeUnit, usize)> {
    if let Some(word) = view.word(at) {
        match word.as_str() {
            "a" | "an" | "half" | "all" => return worded(view, at),
            _ => {}
        }
    }
    if view.get(at) == '半' {
        let (unit, end) = chinese_unit(view, at + 1)?;
        // 半年预增 and 半年净利 are of the first half of a year.
        if unit == YEAR
            && matches!(
                view.get(end),
                '报' | '度' | '预' | '净' | '营' | '业' | '盘' | '扭' | '盈' | '亏' | '产'
            )
        {
            return None;
        }
        let whole = !crate::numeral::is_chinese_numeral(view.before(at))
            && !matches!(view.before(at), '上' | '下' | '前' | '后' | '大');
        let number = Number::plain(at, at + 1, Amount::parse("0.5")?, crate::numeral::Form::Chinese);
        return whole.then_some((number, unit, end));
    }
    let first = view.get(at);
    if !(first.is_ascii_alphanumeric()
        || crate::numeral::is_chinese_numeral(first)
        || matches!(first, '数' | '几'))
        || view.before(at) == '第'
    {
        return None;
    }
    let mut number = number_at(view, at)?;
    if number.start != at {
        return None;
    }
    let mut next = view.blanks(number.end);
    if matches!(view.get(next), '多' | '余') && chinese_unit(view, next + 1).is_some() {
        number.qualifier = Some(Qualifier::Over);
        next += 1;
    }
    if view.get(next) == '-' {
        next += 1;
    }
    if let Some(mut word) = view.word(next) {
        // "two business days", "3 more months"
        if matches!(word.as_str(), "business" | "working" | "trading" | "calendar" | "consecutive" | "more")
            && let Some(noun) = view.next_word(word.end).filter(|noun| noun.as_str().ends_with('s'))
        {
            word = noun;
        }
        let unit = english_unit(word.as_str())?;
        // "2025 quarter", "first 10 seconds": a year is no count; "one second" neither.
        let year = view.digits(at).is_some_and(|digits| digits.count == 4 && digits.end == number.end);
        return (!year && !view.get(word.end).is_ascii_digit()).then_some((number, unit, word.end));
    }
    // 一个半月, 三年半
    if view.get(next) == '个' && view.get(next + 1) == '半' {
        let (unit, end) = chinese_unit(view, next + 2)
            .or_else(|| (view.get(next + 2) == '月').then_some((MONTH, next + 3)))?;
        number.value = number.value.plus(&Amount::parse("0.5")?)?;
        return Some((number, unit, end));
    }
    // 20日均线, 30日内, 连涨5日
    let of_days = matches!(view.get(next + 1), '均' | '线' | '移')
        || view.get(next + 1) == '内' && !matches!(view.before(at), '月' | '今' | '近')
        || in_a_row(view, at);
    if view.get(next) == '日' && of_days && number.bounds.is_none() {
        return Some((number, english_unit("day")?, next + 1));
    }
    let (unit, end) = chinese_unit(view, next)?;
    let digits = view.digits(at);
    if unit == YEAR && digits.is_some_and(|digits| digits.count == 4 && digits.end == number.end) {
        return None;
    }
    // 十年, 两周 count; 一周 and 一年 too; but 二〇二五年 is a year.
    if unit == YEAR && number.value.small().is_some_and(|value| value > 999) {
        return None;
    }
    if view.get(end) == '半' && !matches!(view.get(end + 1), '导' | '数') {
        number.value = number.value.plus(&Amount::parse("0.5")?)?;
        return Some((number, unit, end + 1));
    }
    Some((number, unit, end))
}

/// True behind 连续, 连涨 and the like, which count days.
pub(super) fn in_a_row(view: &View<'_>, at: usize) -> bool {
    at >= 2
        && view.get(at - 2) == '连'
        && matches!(view.get(at - 1), '续' | '涨' | '跌' | '升' | '降' | '阴' | '阳' | '增' | '减')
}

/// "a week", "half a year", "a year and a half"; "all week"
fn worded(view: &View<'_>, at: usize) -> Option<(Number, TimeUnit, usize)> {
    let word = view.word(at)?;
    let mut next = view.blanks(word.end);
    let mut value = "1";
    if word.as_str() == "half" {
        let article = view.word(next).filter(|word| matches!(word.as_str(), "a" | "an"))?;
        next = view.blanks(article.end);
        value = "0.5";
    }
    let noun = view.word(next)?;
    let unit = english_unit(noun.as_str())?;
    // "a second" is more often another than a second of time; "a year", said behind a rate or before "earlier", is a
    // measure or a time.
    // "a year and a half"
    let half = view
        .any_of(noun.end, &[" and a half"])
        .filter(|(_, end)| word.as_str() != "half" && view.at_edge(*end));
    let value = if half.is_some() { "1.5" } else { value };
    let end = half.map_or(noun.end, |found| found.1);
    let singular = !noun.as_str().ends_with('s');
    // "a year-on-year increase" has no length.
    let plain = !matches!(noun.as_str(), "second" | "quarter") && view.get(noun.end) != '-';
    let number = Number::plain(at, next, Amount::parse(value)?, crate::numeral::Form::Words);
    (singular && plain).then_some((number, unit, end))
}

//! Where a time may begin, told from the first word or character alone; it keeps reading fast.

use super::{duration, era, month_name, week};
use crate::view::View;

/// False where no time begins.
pub(super) fn may_begin(view: &View<'_>, at: usize, first: char) -> bool {
    if first.is_ascii_digit() {
        return true;
    }
    let Some(word) = view.word(at) else {
        return crate::numeral::is_chinese_numeral(first)
            || begins_word(first)
            || era::may_begin(first) && era::named(view, at);
    };
    if word.end > at + 1 && !first_letters(first, view.get(at + 1)) {
        return false;
    }
    let name = word.as_str();
    // Small words open a time only before what can be one.
    let next = |fits: fn(&str) -> bool| {
        let after = view.blanks(word.end);
        view.get(after).is_ascii_digit() || view.word(after).is_some_and(|next| fits(next.as_str()))
    };
    match name {
        "on" => return next(|next| month_name(next).is_some() || week::weekday(next).is_some()),
        "in" | "for" => {
            return next(|next| matches!(next, "a" | "an") || crate::numeral::cardinal(next).is_some());
        }
        "a" | "an" => return next(|next| duration::english_unit(next).is_some()),
        "the" => return next(opened_by_article),
        _ => {}
    }
    opens_period(name)
        || opens_other(name)
        || week::weekday(name).is_some()
        || month_name(name).is_some()
        || name.ends_with("ties")
        || crate::numeral::cardinal(name).is_some()
        || crate::numeral::ordinal(name).is_some()
        || name.ends_with("teenth")
}

/// The first characters of Chinese words that name times.
fn begins_word(first: char) -> bool {
    matches!(
        first,
        '今' | '去'
            | '明'
            | '前'
            | '后'
            | '昨'
            | '上'
            | '下'
            | '本'
            | '这'
            | '当'
            | '最'
            | '近'
            | '过'
            | '未'
            | '年'
            | '月'
            | '半'
            | '自'
            | '从'
            | '周'
            | '星'
            | '礼'
            | '第'
            | '数'
            | '几'
            | '首'
            | '正'
            | '大'
            | '中'
            | '同'
            | '春'
            | '夏'
            | '秋'
            | '冬'
            | '国'
            | '元'
            | '劳'
            | '圣'
            | '全'
            | '接'
            | '腊'
            | '农'
            | '除'
            | '端'
            | '重'
            | '清'
            | '到'
            | '报'
            | '次'
            | '翌'
            | '隔'
            | '至'
            | '季'
            | '期'
            | '直'
            | '头'
    )
}

/// False for two letters with which none of the words below begins: most words are told by them.
fn first_letters(first: char, second: char) -> bool {
    let seconds = match first {
        'a' => "lnpu",
        'b' => "aeoy",
        'c' => "ahloruy",
        'd' => "e",
        'e' => "afiln",
        'f' => "aeioruy",
        'h' => "au",
        'i' => "n",
        'j' => "au",
        'l' => "au",
        'm' => "aeiot",
        'n' => "aeio",
        'o' => "cnp",
        'p' => "acr",
        'q' => "tuf",
        'r' => "e",
        's' => "aeioptu",
        't' => "ehioruw",
        'u' => "np",
        'v' => "a",
        'w' => "eihk",
        'y' => "et",
        'z' => "e",
        _ => "",
    };
    seconds.contains(second)
}

/// Words that name a calendar unit, a part of one, or which one it is.
fn opens_period(name: &str) -> bool {
    matches!(
        name,
        "q" | "h"
            | "cy"
            | "fy"
            | "fiscal"
            | "year"
            | "ytd"
            | "early"
            | "late"
            | "mid"
            | "current"
            | "this"
            | "last"
            | "past"
            | "previous"
            | "preceding"
            | "prior"
            | "recent"
            | "next"
            | "coming"
            | "following"
            | "upcoming"
            | "week"
            | "end"
            | "half"
            | "all"
            | "calendar"
            | "full"
            | "whole"
            | "financial"
            | "marketing"
            | "crop"
            | "middle"
            | "earlier"
            | "later"
            | "rest"
            | "remainder"
            | "start"
            | "beginning"
            | "month"
            | "quarter"
            | "decade"
            | "fortnight"
            | "mtd"
            | "qtd"
            | "same"
            | "corresponding"
            | "comparable"
            | "w"
            | "wk"
            | "trailing"
            | "reporting"
            | "report"
            | "review"
    )
}

/// Prepositions, days, seasons and feasts.
fn opens_other(name: &str) -> bool {
    matches!(
        name,
        "first"
            | "second"
            | "third"
            | "fourth"
            | "final"
            | "opening"
            | "closing"
            | "latter"
            | "back"
            | "turn"
            | "pcp"
            | "from"
            | "effective"
            | "between"
            | "since"
            | "by"
            | "before"
            | "through"
            | "so"
            | "those"
            | "that"
            | "today"
            | "tonight"
            | "yesterday"
            | "tomorrow"
            | "until"
            | "till"
            | "summer"
            | "winter"
            | "autumn"
            | "spring"
            | "fall"
            | "christmas"
            | "thanksgiving"
            | "labor"
            | "independence"
            | "memorial"
            | "new"
            | "boxing"
            | "halloween"
            | "valentine"
            | "martin"
            | "chinese"
            | "lunar"
            | "easter"
    )
}

/// True for words that make a time of the article before them.
fn opened_by_article(next: &str) -> bool {
    matches!(
        next,
        "last"
            | "final"
            | "end"
            | "start"
            | "beginning"
            | "middle"
            | "day"
            | "week"
            | "weekend"
            | "month"
            | "quarter"
            | "year"
            | "period"
            | "decade"
            | "past"
            | "next"
            | "previous"
            | "following"
            | "half"
            | "latter"
            | "back"
    ) || next.ends_with("ties")
        || crate::numeral::ordinal(next).is_some()
        || next.ends_with("th")
        || matches!(next, "twenty" | "thirty")
}

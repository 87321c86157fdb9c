//! Period, base, weekday and date against the calendar and each other.

mod twice;

use api::record::{Check, Modality, OriginKind};
use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan as _};
use text::{Doubt, Kind, Mention};

use self::twice::named_twice;
use super::wording;
use crate::outcome::Outcome;
use crate::page::{Page, Sentence, days, place};
use crate::words::has;

/// Months by their names.
const MONTHS: [&str; 12] = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
];

/// What is still to come.
const COMING: &[&str] = &[
    "coming", "upcoming", "forthcoming", "approaching", "即将到来的", "未来的", "接下来的", "即将开始的",
    "即将来临的",
];

/// What has just ended.
const GONE: &[&str] = &[
    "just-ended", "just ended", "bygone", "刚刚过去的", "刚过去的", "刚刚结束的", "刚结束的", "已经过去的",
    "已经结束的",
];

/// What has just begun.
const BEGUN: &[&str] = &["just-begun", "刚刚开始的", "刚开始的", "刚刚到来的"];

/// Within how many days of its start a period has just begun, at most.
const JUST: i32 = 45;

/// What was expected once, and is no forecast now.
const ONCE: &[&str] = &[
    "had", "earlier", "previously", "originally", "initially", "at the time", "曾", "此前", "当时", "原",
    "先前", "去年",
];

/// Words of a forecast; an estimate may be of the past.
const FORECAST: &[&str] = &["expect", "forecast", "project", "predict", "预计", "预测", "预期", "预告", "料"];

/// How long after a period, in months, its figures may still be forecast: the slowest annual reports come within this time.
const FORECAST_MONTHS: i32 = 8;

/// Days from the day of publication within which a date without a year is surely that of its year.
const NEAR_DAYS: i32 = 31;

/// A day of any year: month and day.
type Day = (i8, i8);

/// Holidays that move, by the first and the last day of the year on which they can begin (month, day).
const HOLIDAYS: &[(&[&str], Day, Day)] = &[
    (&["lunar new year", "spring festival", "chinese new year", "春节", "农历新年"], (1, 21), (2, 20)),
    (&["qingming", "tomb-sweeping", "清明"], (4, 4), (4, 6)),
    (&["dragon boat", "端午"], (5, 28), (6, 25)),
    (&["mid-autumn", "中秋"], (9, 7), (10, 8)),
    (&["national day holiday", "国庆"], (10, 1), (10, 1)),
    (&["christmas", "圣诞"], (12, 24), (12, 26)),
    (&["五一假期", "五一长假", "五一节", "劳动节", "may day holiday", "labour day holiday"], (5, 1), (5, 1)),
    (&["元旦", "new year's day"], (1, 1), (1, 1)),
    (&["thanksgiving", "感恩节"], (11, 20), (11, 28)),
    (&["easter", "复活节"], (3, 20), (4, 27)),
    (&["diwali", "排灯节"], (10, 13), (11, 15)),
];

pub(super) fn check(page: &Page<'_>, found: &mut Vec<Outcome>) {
    for sentence in &page.sentences {
        let times: Vec<&Mention<'_>> =
            page.times(&sentence.span).filter(|time| time.kind == Kind::Time).collect();
        for (index, time) in times.iter().enumerate() {
            if time.doubt == Some(Doubt::NoSuchDate) {
                let span = time.start_byte..time.end_byte;
                let said = format!("there is no day «{}» in the calendar", time.quote);
                found.push(wording(page, Check::Calendar, false, said, Vec::from([span])));
            }
            found.extend(weekday(page, time));
            found.extend(weekday_apart(page, time, times.get(index + 1).copied()));
            found.extend(coming(page, sentence, time));
            if let Some(next) = times.get(index + 1) {
                found.extend(named_twice(page, time, next));
            }
        }
        found.extend(holiday(page, sentence, &times));
        found.extend(based(page, sentence, &times).or_else(|| year_before(page, sentence, &times)));
    }
    forecasts(page, found);
    for sentence in &page.sentences {
        found.extend(expected_past(page, sentence));
    }
}

/// Weekdays by their names.
const WEEKDAYS: [(&str, &str, Weekday); 7] = [
    ("monday", "一", Weekday::Monday),
    ("tuesday", "二", Weekday::Tuesday),
    ("wednesday", "三", Weekday::Wednesday),
    ("thursday", "四", Weekday::Thursday),
    ("friday", "五", Weekday::Friday),
    ("saturday", "六", Weekday::Saturday),
    ("sunday", "日", Weekday::Sunday),
];

/// A date and the weekday that is said to be its own behind it: «on 3 June, a Monday», «6月3日（周二）».
fn weekday_apart(page: &Page<'_>, time: &Mention<'_>, next: Option<&Mention<'_>>) -> Option<Outcome> {
    const IS: [&str; 17] = [
        ", a ", " (a ", " (", "(", "（", "是", "，是", ",是", "为", "正值", "恰逢", "恰为", ", which was a ",
        ", which is a ", ", which fell on a ", " was a ", " fell on a ",
    ];
    let next = next?;
    let between = page.text.get(time.end_byte..next.start_byte)?.to_lowercase();
    let quote = next.quote.to_lowercase();
    let (_, _, day) = WEEKDAYS.iter().find(|(english, chinese, _)| {
        quote == *english
            || ["星期", "周", "礼拜"].iter().any(|word| quote == format!("{word}{chinese}"))
            || *chinese == "日" && (quote == "星期天" || quote == "周天")
    })?;
    let told = time.quote.to_lowercase();
    let dated = told.bytes().any(|byte| byte.is_ascii_digit())
        && (told.contains('月') || MONTHS.iter().any(|month| told.contains(&month[..3])));
    let (date, last) = days(time)?;
    if !IS.contains(&between.as_str()) || !dated || date != last {
        return None;
    }
    let holds = date.weekday() == *day;
    let year = told.contains(&date.year().to_string());
    let near = page.published.is_some_and(|published| (published - date).get_days().abs() <= NEAR_DAYS);
    if !holds && !year && !near {
        return None;
    }
    let said = format!("{date} is a {:?}; printed «{}»", date.weekday(), next.quote);
    Some(wording(page, Check::Calendar, holds, said, vec![place(time), place(next)]))
}

/// A weekday and its date in one mention.
fn weekday(page: &Page<'_>, time: &Mention<'_>) -> Option<Outcome> {
    // «6月11日（周五）起» is open behind.
    let open =
        || time.start.as_deref()?.parse::<Date>().ok().filter(|_| time.end.is_none()).map(|day| (day, day));
    let (date, last) = days(time).or_else(open)?;
    let quote = time.quote.to_lowercase();
    let named = |(english, chinese, _): &&(&str, &str, Weekday)| {
        has(&quote, &[english])
            || ["星期", "周", "礼拜"].iter().any(|word| quote.contains(&format!("{word}{chinese}")))
    };
    let (_, _, day) = WEEKDAYS.iter().find(named)?;
    let dated = quote.contains('月') || quote.bytes().any(|byte| byte.is_ascii_digit());
    if date != last || !dated {
        return None;
    }
    let holds = date.weekday() == *day;
    // «6月9日，周三公布的数据» tells of two days.
    let apart = quote.contains([',', '，']) && quote.ends_with(['一', '二', '三', '四', '五', '六', '日']);
    let ends = page.text[time.end_byte..].starts_with([',', '，', '。', ')', '）', '.', ';', '；']);
    if apart && !ends && !holds {
        return None;
    }
    // A date without a year may be of another year than the reader took it for.
    let year = quote.contains(&date.year().to_string());
    if !holds
        && !year
        && page.published.is_none_or(|published| (published - date).get_days().abs() > NEAR_DAYS)
    {
        return None;
    }
    let said = format!("{date} is a {:?}; printed «{}»", date.weekday(), time.quote);
    Some(wording(page, Check::Calendar, holds, said, vec![place(time)]))
}

/// The base of a comparison in brackets behind the word for it: 同比（2023年上半年）.
fn based(page: &Page<'_>, sentence: &Sentence, times: &[&Mention<'_>]) -> Option<Outcome> {
    const YEARLY: &[&str] = &[
        "同比",
        "去年同期",
        "上年同期",
        "year on year",
        "year-on-year",
        "the year-earlier period",
        "the same period a year earlier",
        "the same month a year earlier",
        "the same quarter a year earlier",
        "the same month of the previous year",
        "the same month of last year",
        "上年同月",
        "去年同月",
        "上年同季",
        "去年同季",
    ];
    // What leads from the word to the time that is said to be meant.
    const THAT_IS: [&str; 10] =
        ["（", "(", "、即", "，即", ",即", "即", ", i.e.", ", that is", ", namely", ","];
    let base = times.iter().find(|time| {
        let head = page.lower(sentence.span.start, time.start_byte);
        let head = head.trim_end();
        let head = THAT_IS.iter().find_map(|link| head.strip_suffix(link)).unwrap_or_default();
        YEARLY.iter().any(|word| head.trim_end().ends_with(word))
    })?;
    let told = days(base)?;
    let length = |(first, last): (Date, Date)| (last - first).get_days();
    let dated = |time: &&&Mention<'_>| {
        let span = days(time).filter(|span| *span != told && (length(*span) - length(told)).abs() <= 3);
        span.is_some() && time.quote.bytes().any(|byte| byte.is_ascii_digit())
    };
    let mut others = times.iter().filter(dated);
    let own = others.next().filter(|_| others.next().is_none())?;
    let (start, _) = days(own)?;
    let holds = start.checked_sub(1.years()).is_ok_and(|before| before == told.0);
    let verb = if holds { "is" } else { "is not" };
    let said = format!("a year before «{}» {verb} «{}»", own.quote, base.quote);
    let passages = vec![own.start_byte..own.end_byte, base.start_byte..base.end_byte];
    Some(wording(page, Check::Calendar, holds, said, passages))
}

/// Within how many days a month without its year is surely the last of its name.
const RECENT: i32 = 200;

/// A change over a year with both its periods told by their years: «up 12% year on year from August 2024».
fn year_before(page: &Page<'_>, sentence: &Sentence, times: &[&Mention<'_>]) -> Option<Outcome> {
    const YEARLY: &[&str] = &[
        "同比", "year on year", "year-on-year", "year over year", "year-over-year", "a year earlier",
        "a year before", "the year-earlier", "same month a year", "same period a year",
    ];
    const FROM: [&str; 12] = [
        "from", "than in", "than", "against", "compared with", "compared to", "versus", "较", "比", "与",
        "from the", "compares with",
    ];
    let words = page.lower(sentence.span.start, sentence.span.end);
    // A month without its year is the one right before publication.
    let recent =
        |last: Date| page.published.is_some_and(|day| (0..RECENT).contains(&(day - last).get_days()));
    let dated = |time: &Mention<'_>| {
        let span = days(time)
            .filter(|(first, last)| time.quote.contains(&first.year().to_string()) || recent(*last))?;
        Some((span, (span.1 - span.0).get_days()))
    };
    let &[one, other] = times else { return None };
    let ((first, length), (second, span)) = (dated(one)?, dated(other)?);
    let (own, base, own_time, base_time) =
        if first.0 > second.0 { (first, second, one, other) } else { (second, first, other, one) };
    let several = ["环比", "month on month", "month-on-month", "quarter on quarter", "季环比", "月环比"];
    if !has(&words, YEARLY) || (length - span).abs() > 3 || length < 26 || has(&words, &several) {
        return None;
    }
    let holds = own.0.checked_sub(1.years()).is_ok_and(|before| before == base.0);
    if own.0.month() != base.0.month() {
        return None;
    }
    let head = page.lower(sentence.span.start, base_time.start_byte);
    let marked = FROM.iter().any(|word| head.trim_end().ends_with(word));
    if !holds && !marked {
        return None;
    }
    let verb = if holds { "is" } else { "is not" };
    let said = format!("a year before «{}» {verb} «{}»", own_time.quote, base_time.quote);
    Some(wording(page, Check::Calendar, holds, said, vec![place(own_time), place(base_time)]))
}

/// A period that is called coming, just begun or just ended, against the day of publication.
fn coming(page: &Page<'_>, sentence: &Sentence, time: &Mention<'_>) -> Option<Outcome> {
    let (published, (_, last)) = (page.published?, days(time)?);
    // «the coming year, 2024» too.
    let head = page.lower(sentence.span.start, time.start_byte);
    let head = head.trim_end().trim_end_matches(", the").trim_end_matches(',').to_owned() + " ";
    let nouns = ["", " year", " quarter", " half", " month", " half year"];
    let ends = |word: &str, noun: &str| {
        head.trim_end().strip_suffix(noun).is_some_and(|before| before.ends_with(word))
    };
    let told = |words: &[&str]| {
        let mut each = words.iter().flat_map(|word| nouns.map(|noun| (*word, noun)));
        each.find(|(word, noun)| ends(word, noun)).map(|(word, noun)| format!("{word}{noun}"))
    };
    let (first, _) = days(time)?;
    let since = (published - first).get_days();
    let (word, holds) = if let Some(word) = told(COMING) {
        (word, last >= published)
    } else if let Some(word) = told(GONE) {
        (word, last < published)
    } else {
        (told(BEGUN)?, (0..=JUST).contains(&since))
    };
    let start = sentence.span.start + head.trim_end().len() - word.len();
    let said = format!("«{word} {}» is from {first} to {last}, told on {published}", time.quote);
    let passages = vec![start..time.start_byte, time.start_byte..time.end_byte];
    Some(wording(page, Check::Calendar, holds, said, passages))
}

/// The latest day that a text without a day of publication tells as past: it was published then or later.
fn latest(page: &Page<'_>) -> Option<Date> {
    const PAST: &[&str] = &["on", "as of", "截至", "于"];
    let mut found = None;
    for sentence in &page.sentences {
        for time in page.times(&sentence.span).filter(|time| time.kind == Kind::Time) {
            let Some((first, last)) = days(time) else { continue };
            let before = page.lower(sentence.span.start, time.start_byte);
            let past = PAST.iter().any(|word| before.trim_end().ends_with(word));
            let dated = first == last && time.quote.contains(&first.year().to_string());
            // «effective on 1 August» is ahead, as is what is planned.
            let words = page.lower(sentence.span.start, sentence.span.end);
            if past && dated && !has(&words, &["effective", "will", "expected", "due", "生效", "将", "预计"])
            {
                found = found.max(Some(first));
            }
        }
    }
    found
}

/// A figure that is forecast for a period long over.
fn forecasts(page: &Page<'_>, found: &mut Vec<Outcome>) {
    let Some(published) = page.published.or_else(|| latest(page)) else { return };
    for figure in &page.figures {
        let Some(index) = figure.claim else { continue };
        let claim = &page.claims[index].claim;
        let told = |origin: Option<OriginKind>| origin == Some(OriginKind::Stated);
        let (Some(modality), Some(period)) = (&claim.modality, &claim.period) else { continue };
        let (said, when) = (modality.origin.as_ref(), period.origin.as_ref());
        let words = said.map(|o| page.lower(o.start_byte as usize, o.end_byte as usize)).unwrap_or_default();
        let expected =
            modality.modality() == Modality::Expected && FORECAST.iter().any(|word| words.contains(word));
        if !expected || !told(said.map(|o| o.kind())) || !told(when.map(|o| o.kind())) {
            continue;
        }
        let (Some((_, end)), Some(sentence)) = (page.period(figure), page.sentence_of(figure)) else {
            continue;
        };
        let limit = end.checked_add(FORECAST_MONTHS.months());
        let words = page.lower(sentence.span.start, sentence.span.end);
        if !limit.is_ok_and(|limit| limit < published) || has(&words, ONCE) {
            continue;
        }
        let passage = |origin: Option<&api::record::Origin>| {
            origin
                .map(|origin| origin.start_byte as usize..origin.end_byte as usize)
                .filter(|span| !span.is_empty())
        };
        let mut passages = vec![figure.span.clone()];
        passages.extend([passage(said), passage(when)].into_iter().flatten());
        let said = format!("told as a forecast on {published}, for a period that was over by {end}");
        found.push(wording(page, Check::Calendar, false, said, passages));
    }
}

/// A development that is expected for a period long over: «We expect prices to rise in the first half of 2024».
fn expected_past(page: &Page<'_>, sentence: &Sentence) -> Option<Outcome> {
    const AHEAD: [&str; 8] = ["expect", "expects", "forecasts", "predicts", "foresees", "预计", "预测", "料"];
    const LEVEL: &[&str] = &[
        "than", "from", "against", "versus", "compared", "of", "since", "以来", "较", "比", "超过", "低于",
        "高于",
    ];
    let published = page.published?;
    let times: Vec<&Mention<'_>> =
        page.times(&sentence.span).filter(|time| time.kind == Kind::Time).collect();
    let &[time] = times.as_slice() else { return None };
    let (first, last) = days(time).filter(|(first, _)| time.quote.contains(&first.year().to_string()))?;
    let limit = last.checked_add(FORECAST_MONTHS.months()).ok()?;
    let clause = time.start_byte - page.before(sentence, time.start_byte).len();
    let words = page.lower(sentence.span.start, sentence.span.end);
    let before = page.lower(clause, time.start_byte);
    let (at, word) = AHEAD.iter().find_map(|word| Some((crate::words::find(&before, word)?, *word)))?;
    let told = &before[at + word.len()..];
    let turn = told.is_empty() || told.contains(" to ") && told.len() < 90;
    if limit >= published || !turn || has(told, LEVEL) || has(&words, ONCE) || first >= published {
        return None;
    }
    // Of figures the forecast is told with its claim.
    let figured = page.of(sentence).iter().any(|figure| figure.claim.is_some());
    let passages = vec![clause + at..clause + at + word.len(), place(time)];
    let said = format!("«{}» was over on {last}, and is told as ahead on {published}", time.quote);
    (!figured).then(|| wording(page, Check::Calendar, false, said, passages))
}

/// A holiday that is said to be near when it cannot be.
fn holiday(page: &Page<'_>, sentence: &Sentence, times: &[&Mention<'_>]) -> Option<Outcome> {
    let published = page.published?;
    let words = page.lower(sentence.span.start, sentence.span.end);
    let (names, first, last) = HOLIDAYS.iter().find(|(names, _, _)| has(&words, names))?;
    let near = times.iter().find(|time| {
        let quote = time.quote.to_lowercase();
        matches!(
            quote.as_str(),
            "next week"
                | "this week"
                | "last week"
                | "tomorrow"
                | "yesterday"
                | "下周"
                | "本周"
                | "上周"
                | "明日"
                | "明天"
                | "昨日"
                | "今日"
                | "今天"
                | "next month"
                | "this month"
                | "下月"
                | "本月"
                | "下个月"
                | "this weekend"
                | "本周末"
        )
    })?;
    let name = names.iter().find(|name| words.contains(**name))?;
    let at = sentence.span.start + words.find(name)?;
    let (start, end) = days(near)?;
    // Both in one clause, or joined by «which».
    let (from, to) = (at.min(near.start_byte), at.max(near.start_byte));
    let between = page.lower(from, to);
    if between.len() > 48
        || between.contains(['，', ';', '。'])
        || between.contains(',') && !between.contains("which")
    {
        return None;
    }
    let slack: Span = 10.days();
    let possible = [published.year() - 1, published.year(), published.year() + 1].into_iter().any(|year| {
        let (Ok(first), Ok(last)) = (Date::new(year, first.0, first.1), Date::new(year, last.0, last.1))
        else {
            return true;
        };
        let (Ok(from), Ok(to)) = (first.checked_sub(slack), last.checked_add(slack)) else { return true };
        start <= to && from <= end
    });
    let verb = if possible { "can fall" } else { "does not fall" };
    let said = format!("«{name}» {verb} between {start} and {end}");
    Some(wording(
        page,
        Check::Calendar,
        possible,
        said,
        vec![at..at + name.len(), near.start_byte..near.end_byte],
    ))
}

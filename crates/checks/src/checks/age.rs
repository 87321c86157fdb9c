//! An age or a time that has passed, and the two dates between which it lies.

mod interval;

use api::record::Check;
use jiff::civil::Date;
use rust_decimal::Decimal;
use text::rounding::Bounds;
use text::{Kind, Mention, Qualifier};

use super::{HOLDS, WORDING, wording};
use crate::outcome::{Calculated, Outcome};
use crate::page::{Page, Sentence, days, folded, place};
use crate::words::has;

/// Words that make a length of time the one that has passed until the day of publication.
const UNTIL_NOW: &[&str] = &[
    "至今", "已", "已经", "满", "整整", "迎来", "以来", "以来的", "now", "just", "only", "already",
    "run for", "in force for", "距今", "迄今", "走过", "turns", "turned", "celebrates", "celebrating",
    "marks", "marking", "celebrated",
];

/// Words that do so if nothing follows: «in operation for ten years under its present owner» is of another time.
const RUNNING: &[&str] = &[
    "running for", "operating for", "in operation for", "in place for", "producing for", "open for",
    "working for", "going for",
];

/// Words with which a length between two dates may be counted from another one.
const RENEWED: &[&str] = &[
    "extended", "extension", "renewed", "renewal", "amended", "again", "another", "further", "续签", "延期",
    "再次",
];

/// Words behind it that do the same.
const OLD: &[&str] = &["old", "since", "岁", "周年", "了", "to the day"];

/// Words that make it the time between two dates.
const BETWEEN: &[&str] = &[
    "停了", "历时", "时隔", "耗时", "前后", "took", "lasted", "after", "中间", "用时", "仅用", "用了",
    "建设周期", "建设期", "工期", "间隔", "相隔", "相距", "长达", "outage of", "break of", "gap of",
    "halt of", "pause of", "interruption of", "stoppage of", "closure of", "shutdown of", "hiatus of",
    "absence of", "span of", "stretch of", "相差", "停产时间", "间隔了", "跨度", "delay of", "wait of",
    "interval of", "lasting",
];

/// How far before a length the date may stand to which it leads, in bytes.
const BESIDE: usize = 12;

/// Words of a day of which an anniversary is told.
const TODAY: &[&str] = &[
    "today", "this week", "this month", "this year", "tomorrow", "今日", "今天", "本周", "本月", "今年",
    "明日",
];

/// Words of what is so on the day of publication.
const STILL: &[&str] =
    &["still", "now", "remain", "remains", "continue", "continues", "are", "is", "have", "has", "仍", "依然"];

/// Words of a rule or ban, by which a title and a text are known to speak of one.
const RULES: &[&str] = &[
    "管制", "禁令", "禁运", "许可制", "export control", "export controls", "ban", "controls", "embargo",
    "licensing",
];

/// A length of time that a text tells.
struct Length {
    start: usize,
    end: usize,
    count: Decimal,
    unit: Unit,
    qualifier: Option<Qualifier>,
}

/// In what it is counted: days in it in hundredths, and its name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Year,
    Month,
    Week,
    Day,
}

impl Unit {
    fn days(self) -> Decimal {
        match self {
            Unit::Year => Decimal::new(36_525, 2),
            Unit::Month => Decimal::new(304_375, 4),
            Unit::Week => Decimal::from(7),
            Unit::Day => Decimal::ONE,
        }
    }

    fn code(self) -> &'static str {
        match self {
            Unit::Year => "a",
            Unit::Month => "mo",
            Unit::Week => "wk",
            Unit::Day => "d",
        }
    }
}

pub(super) fn check(page: &Page<'_>, found: &mut Vec<Outcome>) {
    for (at, sentence) in page.sentences.iter().enumerate() {
        for length in lengths(page, sentence) {
            found.extend(told(page, at, sentence, &length));
        }
    }
    found.extend(of_title(page));
    for (at, sentence) in page.sentences.iter().enumerate() {
        found.extend(ago(page, sentence));
        found.extend(interval::check(page, at, sentence));
    }
}

/// The lengths of time of a sentence.
fn lengths(page: &Page<'_>, sentence: &Sentence) -> Vec<Length> {
    let mut found = Vec::new();
    for time in page.times(&sentence.span) {
        let unit = match time.unit.as_deref() {
            Some("a") => Some(Unit::Year),
            Some("mo") => Some(Unit::Month),
            Some("wk") => Some(Unit::Week),
            Some("d") => Some(Unit::Day),
            _ => None,
        };
        let count = time.value.as_deref().and_then(|value| value.parse().ok());
        if let (Kind::Duration, Some(unit), Some(count)) = (time.kind, unit, count) {
            // «17周年» is read as seventeen weeks.
            let year = page.text[time.end_byte..].starts_with('年') && time.quote.ends_with('周');
            let unit = if year { Unit::Year } else { unit };
            let end = time.end_byte + if year { '年'.len_utf8() } else { 0 };
            let half = unit == Unit::Year && count < Decimal::ONE;
            let (count, unit) = if half { (count * Decimal::from(12), Unit::Month) } else { (count, unit) };
            found.push(Length { start: time.start_byte, end, count, unit, qualifier: time.qualifier });
        } else {
            found.extend(passed(page, time));
        }
    }
    // «满40岁», «30周年»: an age has no unit of time.
    for figure in page.of(sentence).iter().filter(|figure| figure.unit.dimension == "1") {
        let turns = page.text[..figure.span.start].ends_with(" turns ");
        let aged = |_: &Decimal| turns || page.text[figure.span.end..].starts_with(['岁', '周']);
        if let Some(count) = figure.bounds.low().filter(aged) {
            let (start, end) = (figure.span.start, figure.span.end);
            found.push(Length { start, end, count, unit: Unit::Year, qualifier: figure.qualifier });
        }
    }
    found.extend(anniversary(page, sentence));
    found
}

/// The words behind a count of years.
const ANNIVERSARY: [&str; 3] = [" anniversary", " birthday", "周年"];

/// «its fifteenth anniversary» as a length of fifteen years.
fn anniversary(page: &Page<'_>, sentence: &Sentence) -> Option<Length> {
    const ORDINALS: [&str; 20] = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
        "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
        "eighteenth", "nineteenth", "twentieth",
    ];
    let words = page.lower(sentence.span.start, sentence.span.end);
    let hit = ANNIVERSARY[..2].iter().find_map(|word| Some((words.find(word)?, word.len())));
    let (at, length) = hit.filter(|_| words.len() == sentence.span.len())?;
    let start = words[..at].rfind([' ', '-']).map_or(0, |blank| blank + 1);
    let word = &words[start..at];
    let digits: String = word.chars().take_while(char::is_ascii_digit).collect();
    let named = ORDINALS.iter().position(|name| *name == word).map(|index| Decimal::from(index + 1));
    let count = named.or_else(|| digits.parse().ok().filter(|_| word.ends_with("th")))?;
    let (start, end) = (sentence.span.start + start, sentence.span.start + at + length);
    Some(Length { start, end, count, unit: Unit::Year, qualifier: None })
}

/// A stretch of time that ends on the day of publication, which the reader takes 近五个月 for, as a length.
fn passed(page: &Page<'_>, time: &Mention<'_>) -> Option<Length> {
    let date = |text: &Option<String>| text.as_deref()?.parse::<Date>().ok();
    let (start, end) = (date(&time.start)?, date(&time.end)?);
    let unit = if time.quote.contains("个月") || time.quote.contains("months") {
        Unit::Month
    } else if time.quote.contains('年') || time.quote.contains("years") {
        Unit::Year
    } else {
        return None;
    };
    let absolute = time.quote.bytes().any(|byte| byte.is_ascii_digit())
        && time.quote.contains("年")
        && time.quote.contains('月');
    if Some(end) != page.published || absolute {
        return None;
    }
    let length = Decimal::from((end - start).get_days()).checked_div(unit.days())?.round();
    let qualifier = match time.quote.chars().next()? {
        '近' => Some(Qualifier::Nearly),
        '超' | '逾' => Some(Qualifier::Over),
        '约' => Some(Qualifier::About),
        _ => None,
    };
    Some(Length { start: time.start_byte, end: time.end_byte, count: length, unit, qualifier })
}

/// True for a date that stands for itself: with a number and no word such as 今年 alone.
fn is_dated(time: &Mention<'_>) -> bool {
    let digits = time.quote.bytes().any(|byte| byte.is_ascii_digit());
    time.kind == Kind::Time && digits && !time.quote.contains("个月") && time.doubt.is_none()
}

/// The first and last possible day of a time; of one that is open behind, its beginning.
fn day(time: &Mention<'_>) -> Option<(Date, Date)> {
    days(time).or_else(|| {
        let start = time.start.as_deref()?.parse::<Date>().ok().filter(|_| time.end.is_none())?;
        Some((start, start))
    })
}

/// A length with the date or dates beside it.
fn told(page: &Page<'_>, at: usize, sentence: &Sentence, length: &Length) -> Option<Outcome> {
    let before = page.before(sentence, length.start);
    let behind = page.behind(sentence, length.end);
    let tail: String = behind.chars().take(12).collect();
    let near = near(&before);
    let after = tail.trim_start().starts_with("after ");
    // «Nearly 30 years on, the ladle still stands»: since the date of the sentence before.
    let rest = &page.text[length.end..];
    let since = rest.starts_with(" on,") || rest.starts_with(" on ") && before.trim().is_empty();
    let marked = ANNIVERSARY.iter().any(|word| page.text[..length.end].ends_with(word));
    let running = has(near, RUNNING) && !behind.contains(char::is_alphanumeric);
    let now = has(near, UNTIL_NOW) || running || has(&tail, OLD) || after || since || marked;
    let between = has(near, BETWEEN);
    if !now && !between || is_working(&page.lower(length.start, length.end), &tail) {
        return None;
    }
    let dates: Vec<&Mention<'_>> = page.times(&sentence.span).filter(|time| is_dated(time)).collect();
    let head: Vec<&Mention<'_>> =
        dates.iter().copied().filter(|time| time.end_byte <= length.start).collect();
    let last = page.sentences[..at].last().filter(|last| last.line == sentence.line);
    let told: Vec<&Mention<'_>> =
        last.map(|last| page.times(&last.span).filter(|time| is_dated(time)).collect()).unwrap_or_default();
    let published = page.published?;
    let spoken = page.lower(sentence.span.start, sentence.span.end);
    let (from, to, sure) = match (head.as_slice(), between && !has(&before, &["至今"])) {
        ([from, to], true) => (*from, Some(*to), true),
        // «relit on 9 May 2025, three months after the fire of 9 January 2025».
        ([to], _) if after && dates.len() == 2 && length.start - to.end_byte <= BESIDE => {
            (dates[1], Some(*to), true)
        }
        // «It took two years from the first hole in May 2018 to first ore in June 2023».
        ([], true) if tail.trim_start().starts_with("from ") && dates.len() == 2 => {
            (dates[0], Some(dates[1]), true)
        }
        // «2024年11月停产，至今年2月已停产15个月».
        ([from, to], false) if now && reaches(page, to) => (*from, Some(*to), true),
        // «commissioned on 8 May 2019, so this coming 8 May it turns seven».
        ([from, to], false) if now && is_same_day(from, to) && leads(page, to, length) => {
            (*from, Some(*to), true)
        }
        // «signed in June 2023, ran out after three years in June 2025».
        ([from], true) if dates.len() == 2 && stands_behind(page, length, dates[1]) => {
            (*from, Some(dates[1]), !has(&spoken, RENEWED))
        }
        ([from], _) if now => (*from, None, dates.len() == 1),
        ([], _) if now && page.text[length.end..].starts_with(", since") && !dates.is_empty() => {
            (dates[0], None, dates.len() == 1)
        }
        ([], _) if now && tail.trim_start().starts_with("since") && told.len() == 1 => (told[0], None, true),
        // «launched on 10 June 2022. Today it marks its fifth anniversary.»
        ([], _) if marked && told.len() == 1 && dates.is_empty() && has(&spoken, TODAY) => {
            (told[0], None, true)
        }
        ([], _)
            if told.len() == 1
                && (since && dates.is_empty()
                    || ["至今", "距今", "迄今"].iter().any(|word| before.contains(word))) =>
        {
            (told[0], None, true)
        }
        // «Two years after the rules took effect on 1 August 2023, buyers still queue.»
        ([], _) if after => {
            let rest = page.lower(dates.first()?.end_byte, sentence.span.end);
            (dates[0], dates.get(1).copied(), dates.len() == 2 || dates.len() == 1 && has(&rest, STILL))
        }
        ([], _) if now => (*dates.first()?, None, dates.len() == 1 && has(&tail, &["old", "since"])),
        _ => return None,
    };
    let start = day(from)?;
    let end = match to {
        Some(to) => day(to)?,
        None => (published, published),
    };
    let outcome = judge(page, length, from, to, start, end)?;
    let open = page.text[from.end_byte..].starts_with('起')
        || from.quote.ends_with('起')
        || length.unit == Unit::Day && to.is_none();
    (outcome.holds || sure && !is_far(&outcome) && !open && start.1 <= end.0).then_some(outcome)
}

/// True if a time stands right before a length, with nothing but what turns that old between: «8 May it turns».
fn leads(page: &Page<'_>, time: &Mention<'_>, length: &Length) -> bool {
    let between = page.text.get(time.end_byte..length.start).unwrap_or_default();
    between.len() <= 24 && !between.contains([',', '，', ';', '；', '。'])
}

/// True for one day of two years.
fn is_same_day(one: &Mention<'_>, other: &Mention<'_>) -> bool {
    let told = |time: &Mention<'_>| day(time).filter(|(first, last)| first == last).map(|(first, _)| first);
    let both = told(one).zip(told(other));
    both.is_some_and(|(one, other)| (one.month(), one.day()) == (other.month(), other.day()) && one < other)
}

/// True for working days, by the words of a length and those behind it.
fn is_working(quote: &str, tail: &str) -> bool {
    let words = ["working", "business", "trading"];
    quote.contains("工作日") || has(quote, &words) || has(tail, &words) || tail.starts_with(['工', '交'])
}

/// True for a time ten times as long as the one told, which is of something else: seventeen weeks of a halt in a plant of six years.
fn is_far(outcome: &Outcome) -> bool {
    let ends = outcome.calculations.first().map(|told| told.follows.low().zip(told.printed.high()));
    let ten = |high: Decimal| high.checked_mul(Decimal::TEN);
    ends.flatten().is_some_and(|(low, high)| ten(high).is_some_and(|high| low > high))
}

/// True if a date stands right behind a length: «after three years in June 2025».
fn stands_behind(page: &Page<'_>, length: &Length, date: &Mention<'_>) -> bool {
    let between = page.text.get(length.end..date.start_byte).unwrap_or_default();
    matches!(between, " in " | " on " | ", in " | ", on " | "于" | "，于")
}

/// True for a time that a stretch reaches to.
fn reaches(page: &Page<'_>, time: &Mention<'_>) -> bool {
    let head = page.text[..time.start_byte].trim_end();
    let head = folded(&head[head.char_indices().rev().nth(7).map_or(0, |(at, _)| at)..]);
    ["至", "到", "截至", " to", " until", " by"].iter().any(|word| head.ends_with(word))
        || time.quote.starts_with(['至', '到'])
}

/// The words right before a length.
fn near(before: &str) -> &str {
    let reach = if before.is_ascii() { 24 } else { 8 };
    before.char_indices().rev().take(reach).last().map_or("", |(at, _)| &before[at..])
}

fn judge(
    page: &Page<'_>,
    length: &Length,
    from: &Mention<'_>,
    to: Option<&Mention<'_>>,
    start: (Date, Date),
    end: (Date, Date),
) -> Option<Outcome> {
    let units = |days: i32| Decimal::from(days).checked_div(length.unit.days());
    let follows = Bounds::between(units((end.0 - start.1).get_days())?, units((end.1 - start.0).get_days())?);
    let printed = allowed(length);
    let mut passages = vec![place(from)];
    passages.extend(to.map(|to| to.start_byte..to.end_byte));
    passages.push(length.start..length.end);
    let holds = follows.meets(&printed);
    let until = to.map_or_else(|| "the day of publication".to_owned(), |to| format!("«{}»", to.quote));
    let quote = &page.text[length.start..length.end];
    let said =
        format!("from «{}» to {until} it is {follows} {}; printed «{quote}»", from.quote, length.unit.code());
    let mut outcome = wording(page, Check::Age, holds, said, passages);
    let operands = (0..outcome.passages.len()).collect();
    outcome.calculations.push(Calculated {
        expression: format!("{until} − {}", from.quote),
        follows,
        printed,
        unit: length.unit.code().to_owned(),
        operands,
    });
    outcome.severity = if holds { HOLDS } else { WORDING + 5 };
    Some(outcome)
}

/// How long a length that was told may be: whole units completed, or off by less than half a year; one unit less for «nearly».
fn allowed(length: &Length) -> Bounds {
    let (one, half) = (Decimal::ONE, Decimal::new(5, 1));
    let below = match (length.unit, length.qualifier) {
        (_, Some(Qualifier::Nearly | Qualifier::About)) => one,
        (Unit::Year, _) => half,
        // Whether the first and the last day count is not said.
        (Unit::Day, _) => Decimal::TWO,
        _ => one,
    };
    // A year more is the next age; some days short of it are within what a month as a date leaves open.
    let above = match (length.unit, length.qualifier) {
        (_, Some(Qualifier::Nearly)) => half,
        (Unit::Year, None) => Decimal::new(95, 2),
        (Unit::Day, _) => Decimal::TWO,
        _ => one,
    };
    Bounds::between(length.count - below, length.count + above)
}

/// A year and how long ago it was: «in 1998, 27 years ago».
fn ago(page: &Page<'_>, sentence: &Sentence) -> Option<Outcome> {
    let times: Vec<&Mention<'_>> =
        page.times(&sentence.span).filter(|time| time.kind == Kind::Time).collect();
    let pair = times.windows(2).find(|two| {
        let between = page.text.get(two[0].end_byte..two[1].start_byte).unwrap_or_default();
        // «两年前（2023年7月）» tells it the other way round.
        (is_back(two[1]) && is_dated(two[0]) || is_back(two[0]) && is_dated(two[1]))
            && matches!(
                between,
                ", " | "，"
                    | " ("
                    | "（"
                    | "，即"
                    | ", some "
                    | ", about "
                    | ", in "
                    | ", on "
                    | " in "
                    | " on "
                    | "的"
                    | "("
                    | ",即"
                    | ","
                    | ", or "
                    | ", just "
                    | ", almost "
                    | ", nearly "
                    | ", exactly "
            )
    })?;
    let turned = is_back(pair[0]);
    let (date, back) = if turned { (pair[1], pair[0]) } else { (pair[0], pair[1]) };
    let (span, published) = (day(date)?, page.published?);
    let count = i32::from(published.year()) - i32::from(day(back)?.0.year());
    let (start, end) = (back.start_byte, back.end_byte);
    let length =
        Length { start, end, count: Decimal::from(count), unit: Unit::Year, qualifier: back.qualifier };
    let outcome = judge(page, &length, date, None, span, (published, published))?;
    // A date without its year may be of another one than the reader took it for.
    let said = date.quote.contains(&span.0.year().to_string());
    (outcome.holds || said && count > 0).then_some(outcome)
}

/// True for a time that is told as so many years ago.
fn is_back(time: &Mention<'_>) -> bool {
    let quote = time.quote.to_lowercase();
    quote.ends_with("years ago")
        || quote.ends_with("a year ago")
        || quote.ends_with("年前") && quote.chars().count() < 6
}

/// A title that tells how old a rule is, and a text that tells when that rule was made.
fn of_title(page: &Page<'_>) -> Option<Outcome> {
    let published = page.published?;
    let title = page.sentences.first()?;
    let line = title.line;
    let heads = page.sentences.iter().take_while(|sentence| sentence.line == line);
    let (sentence, length) = heads
        .filter(|sentence| has(&page.lower(sentence.span.start, sentence.span.end), RULES))
        .find_map(|sentence| Some((sentence, lengths(page, sentence).into_iter().next()?)))?;
    let before = page.before(sentence, length.start);
    let tail: String = page.behind(sentence, length.end).chars().take(8).collect();
    if page.times(&sentence.span).any(is_dated) || !(has(near(&before), UNTIL_NOW) || has(&tail, OLD)) {
        return None;
    }
    let mut found: Option<&Mention<'_>> = None;
    for sentence in page.sentences.iter().filter(|sentence| sentence.line > line) {
        for time in page.times(&sentence.span).filter(|time| is_dated(time)) {
            let words = page.before(sentence, time.start_byte);
            let made = [
                "announced", "imposed", "introduced", "took effect", "effective", "in force since", "宣布",
                "出台", "实施", "生效",
            ];
            let begins = has(&words, RULES) && has(&words, &made);
            if begins && found.is_some_and(|other| day(other) != day(time)) {
                // Two dates: which rule is meant is not sure.
                return None;
            }
            if begins {
                found = Some(time);
            }
        }
    }
    let from = found?;
    judge(page, &length, from, None, day(from)?, (published, published))
}

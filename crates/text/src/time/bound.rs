//! Whether "from", "through" and 自 before a time bound it, or only tell what is compared with.

use jiff::civil::Date;

use super::Point;
use super::calendar::Of;
use crate::mention::Precision;
use crate::view::View;

/// "from 1 August", 自2024年10月 without an end: what begins then. "Up 3% from July" and 自3月的 tell a base.
pub(super) fn begins_alone(view: &View<'_>, at: usize, first: &Point, published: Option<Date>) -> bool {
    if view.get(at) == '从' {
        return false;
    }
    if view.get(at) == '自' {
        let level = ["低点", "高点", "低位", "高位", "峰值", "谷底", "均价", "均值", "水平", "底部", "顶部"];
        return !matches!(view.get(first.end), '的' | '至' | '到' | '-')
            && view.any_of(first.end, &level).is_none();
    }
    if view.starts_with(at, "effective") {
        return true;
    }
    // "from Tuesday's close", "from the previous month" tell a base.
    let before = view.next_word(at).is_some_and(|word| {
        let named = if word.as_str() == "the" { view.next_word(word.end) } else { Some(word) };
        named.is_some_and(|word| matches!(word.as_str(), "previous" | "prior" | "preceding"))
    });
    let level = view.next_word(first.end).is_some_and(|word| {
        matches!(word.as_str(), "level" | "levels" | "average" | "close" | "low" | "high")
    });
    // "slips from the June 2027 half to 2028" is a move.
    let moved = view.next_word(first.end).is_some_and(|word| word.as_str() == "to");
    if before || level || moved || view.starts_with(first.end, "'s ") {
        return false;
    }
    // What is compared with has been.
    let sure = match first.said.part {
        Of::Fixed(interval) => !matches!(interval.precision, Precision::Day | Precision::Week),
        _ => first.said.year.is_some(),
    };
    let start = first.said.resolve(published, true).and_then(|interval| interval.start);
    if sure && published.is_some() && start > published {
        return true;
    }
    let back = view.blanks_back(at);
    if matches!(view.before(back), '\0' | '\n' | '.' | ',' | ';' | '(') {
        return true;
    }
    let Some((_, verb)) = view.word_before(back) else { return false };
    let applies = matches!(
        verb.as_str(),
        "starting"
            | "start"
            | "starts"
            | "beginning"
            | "begin"
            | "begins"
            | "apply"
            | "applies"
            | "applicable"
            | "imposed"
            | "banned"
            | "stopped"
            | "suspended"
            | "halted"
            | "closed"
            | "valid"
            | "run"
            | "runs"
            | "running"
            | "available"
            | "levied"
            | "required"
            | "effect"
    );
    applies || matches!(first.said.part, Of::Day(..)) && !compared(view, back)
}

/// True if the words just before tell a change, whose base "from" names.
fn compared(view: &View<'_>, end: usize) -> bool {
    const CHANGES: &[&str] = &[
        "up", "down", "rose", "fell", "rise", "fall", "gain", "gained", "lost", "drop", "dropped",
        "increase", "increased", "decrease", "decreased", "decline", "declined", "change", "changed",
        "unchanged", "higher", "lower", "percent", "points", "flat", "jump", "jumped", "slipped", "climbed",
        "moved", "revised", "recovered", "cut", "raised", "days", "weeks", "months", "years", "price",
        "level",
    ];
    const RULES: &[&str] = &[
        "tariff", "tariffs", "duty", "duties", "levy", "levies", "ban", "bans", "curbs", "controls", "quota",
        "quotas", "restrictions", "embargo", "goods", "contract", "licence", "license",
    ];
    let mut at = end;
    for _ in 0..5 {
        let mut back = view.blanks_back(at);
        // "down 3,000 yuan/t from Friday"
        if view.before(back) == '/' {
            back -= 1;
        }
        if matches!(view.before(back), '%' | '0'..='9') {
            return true;
        }
        let Some((start, word)) = view.word_before(back) else { return false };
        if CHANGES.contains(&word.as_str()) {
            return true;
        }
        // "a 100 % tariff on all goods from 1 November" begins then.
        if RULES.contains(&word.as_str()) {
            return false;
        }
        at = start;
    }
    false
}

/// True behind words with which "through" and a time say until when.
pub(super) fn valid_before(view: &View<'_>, at: usize) -> bool {
    view.word_before(view.blanks_back(at)).is_some_and(|(_, word)| {
        matches!(
            word.as_str(),
            "valid"
                | "effective"
                | "extended"
                | "extending"
                | "runs"
                | "run"
                | "running"
                | "lasts"
                | "last"
                | "suspended"
                | "continue"
                | "continues"
                | "closed"
                | "idled"
                | "maintained"
                | "guaranteed"
                | "locked"
                | "agreement"
                | "contract"
                | "deal"
                | "force"
                | "place"
                | "tight"
                | "deficit"
                | "year"
                | "month"
                | "quota"
                | "supply"
                | "exports"
                | "shipments"
                | "imports"
                | "deliveries"
                | "equivalent"
        )
    })
}

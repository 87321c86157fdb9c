//! Periods as people say them.

use jiff::civil::Date;

use super::Teller;
use crate::parameters::Language;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Teller<'_> {
    /// A period from a day to before another, as `2024-12-01` and `2025-05-01`: `Dec 2024 – Apr 2025`, a quarter, half or year by its name; one
    /// end may be empty. `None` if it is no such period.
    #[must_use]
    pub fn period(&self, start: &str, end: &str) -> Option<String> {
        let chinese = self.language == Language::Chinese;
        let day = |text: &str| text.get(..10).unwrap_or(text).parse::<Date>().ok();
        let (first, after) = (day(start), day(end));
        if first.is_none() != start.is_empty() || after.is_none() != end.is_empty() {
            return None;
        }
        let last = after.and_then(|after| after.yesterday().ok());
        Some(match (first, after, last) {
            (Some(first), Some(after), Some(last)) if first <= last => self.between(first, last, after),
            (Some(first), None, _) if chinese => format!("{}起", self.day(first)),
            (Some(first), None, _) => format!("from {}", self.day(first)),
            (None, Some(after), _) if chinese => format!("{}前", self.day(after)),
            (None, Some(after), _) => format!("before {}", self.day(after)),
            _ => return None,
        })
    }

    fn between(&self, first: Date, last: Date, after: Date) -> String {
        let whole = first.day() == 1 && after.day() == 1;
        let months = i32::from(last.year() - first.year()) * 12 + i32::from(last.month() - first.month()) + 1;
        let [year, month] = [i32::from(first.year()), i32::from(first.month())];
        if !whole {
            return if first == last { self.day(first) } else { self.span(self.day(first), self.day(last)) };
        }
        match (self.language, months) {
            (Language::Chinese, 12) if month == 1 => format!("{year}年"),
            (Language::English, 12) if month == 1 => format!("{year}"),
            (Language::Chinese, 120) if month == 1 && year % 10 == 0 => format!("{year}年代"),
            (Language::English, 120) if month == 1 && year % 10 == 0 => format!("{year}s"),
            (Language::Chinese, _) if month == 1 && months % 12 == 0 => format!("{year}–{}年", last.year()),
            (Language::English, _) if month == 1 && months % 12 == 0 => format!("{year} – {}", last.year()),
            (Language::Chinese, 6) if month == 1 => format!("{year}年上半年"),
            (Language::Chinese, 6) if month == 7 => format!("{year}年下半年"),
            (Language::English, 6) if month % 6 == 1 => format!("H{} {year}", month / 6 + 1),
            (Language::Chinese, 3) if month % 3 == 1 => format!("{year}年第{}季度", month / 3 + 1),
            (Language::English, 3) if month % 3 == 1 => format!("Q{} {year}", month / 3 + 1),
            (_, 1) => self.month(first),
            _ => self.span(self.month(first), self.month(last)),
        }
    }

    fn span(&self, first: String, last: String) -> String {
        match self.language {
            Language::Chinese => format!("{first}–{last}"),
            Language::English => format!("{first} – {last}"),
        }
    }

    fn month(&self, day: Date) -> String {
        match self.language {
            Language::Chinese => format!("{}年{}月", day.year(), day.month()),
            Language::English => format!("{} {}", month_name(day), day.year()),
        }
    }

    pub(super) fn day(&self, day: Date) -> String {
        match self.language {
            Language::Chinese => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
            Language::English => format!("{} {} {}", day.day(), month_name(day), day.year()),
        }
    }
}

fn month_name(day: Date) -> &'static str {
    usize::try_from(day.month() - 1).ok().and_then(|month| MONTHS.get(month)).copied().unwrap_or("")
}

#[cfg(test)]
mod tests {
    use text::Lexicon;

    use super::*;

    #[test]
    fn a_period_has_the_name_that_people_give_it() {
        let lexicon = Lexicon::standard();
        for (start, end, english, chinese) in [
            ("2024-12-01", "2025-05-01", "Dec 2024 – Apr 2025", "2024年12月–2025年4月"),
            ("2025-06-01", "2025-07-01", "Jun 2025", "2025年6月"),
            ("2025-01-01", "2026-01-01", "2025", "2025年"),
            ("1990-01-01", "2000-01-01", "1990s", "1990年代"),
            ("2022-01-01", "2025-01-01", "2022 – 2024", "2022–2024年"),
            ("2025-01-01", "2025-07-01", "H1 2025", "2025年上半年"),
            ("2025-07-01", "2025-10-01", "Q3 2025", "2025年第3季度"),
            ("2025-02-01", "2025-05-01", "Feb 2025 – Apr 2025", "2025年2月–2025年4月"),
            ("2025-07-13", "2025-07-14", "13 Jul 2025", "2025年7月13日"),
            ("2025-07-07", "2025-07-14", "7 Jul 2025 – 13 Jul 2025", "2025年7月7日–2025年7月13日"),
            ("2025-07-07", "", "from 7 Jul 2025", "2025年7月7日起"),
            ("", "2025-07-07", "before 7 Jul 2025", "2025年7月7日前"),
        ] {
            let told = |language| Teller::new(lexicon, language).period(start, end);
            assert_eq!(told(Language::English).as_deref(), Some(english));
            assert_eq!(told(Language::Chinese).as_deref(), Some(chinese));
        }
        for (start, end) in [("", ""), ("t", "a"), ("2025-07-13", "2025-07-13"), ("2025-13-01", "2025-14-01")]
        {
            assert_eq!(Teller::new(lexicon, Language::English).period(start, end), None, "{start}/{end}");
        }
    }
}

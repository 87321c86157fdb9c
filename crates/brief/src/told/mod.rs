//! Findings in words for people, in either language: what a side says, what was calculated, and what is one dispute.
//!
//! A record says it in canonical form (`commodity/antimony-oxide`, `2023-12-01/2024-05-01`); a [`Teller`] says it as a reader would: a name, months,
//! a value with its unit. [`once`] puts together what several findings say about the same figures.

mod audit;
mod claim;
mod number;
mod once;
mod period;

use text::Lexicon;

use crate::parameters::Language;
use crate::topic::name;
use crate::words;

pub use crate::passage::without_marks;
pub use number::{grouped, scaled};
pub use once::{Told, is_check, is_quiet, once};

/// Says in words what findings and stories hold in canonical form.
#[derive(Clone, Copy, Debug)]
pub struct Teller<'l> {
    lexicon: &'l Lexicon,
    language: Language,
}

impl<'l> Teller<'l> {
    /// One who knows the names of `lexicon` and writes in `language`.
    #[must_use]
    pub fn new(lexicon: &'l Lexicon, language: Language) -> Self {
        Self { lexicon, language }
    }

    /// What a side says: the name of an id, a period in months, a direction, a value with its unit. What it does not know stays as it is. Several
    /// lines, as [`once`] makes them, are set beside each other.
    #[must_use]
    pub fn said(&self, said: &str) -> String {
        said.split('\n').map(|line| self.line(line)).collect::<Vec<_>>().join(" · ")
    }

    fn line(&self, said: &str) -> String {
        if let Some(name) = self.name(said) {
            return name.to_owned();
        }
        if let Some(period) = said.split_once('/').and_then(|(start, end)| self.period(start, end)) {
            return period;
        }
        if let Some(word) =
            words::direction_named(said, self.language).or(words::relation_named(said, self.language))
        {
            return word.to_owned();
        }
        // Masses of stories are compared in tonnes, and told without the unit.
        let tonnes = said.strip_suffix(" mass").map(|number| format!("{number} t"));
        let said = tonnes.as_deref().unwrap_or(said);
        let mut parts = said.split(", ");
        let Some(value) = parts.next().and_then(|value| self.value(value)) else { return said.to_owned() };
        let mut shown = vec![value];
        shown.extend(parts.map(|part| match part {
            "expected" => words::say(self.language, "预期", "expected").to_owned(),
            id => self.name(id).unwrap_or(id).to_owned(),
        }));
        shown.join(words::say(self.language, "，", ", "))
    }

    /// What a record is about by its keys `fact=` or `series=`: the good, the measure and the period; `None` if it has no such key.
    ///
    /// The form of such keys is that of `docs/claims.md`: `exports|mass|commodity/rare-earths|place=country/CHN@2025-06`.
    #[must_use]
    pub fn about(&self, keys: &[String]) -> Option<String> {
        let key = |name: &str| keys.iter().find_map(|key| key.strip_prefix(name));
        let key = key("fact=").or_else(|| key("series="))?;
        let (series, time) = key.split_once('@').unwrap_or((key, ""));
        let mut slots = series.split('|');
        let measure = slots.next().filter(|measure| !measure.is_empty())?;
        let measure = self.name(&format!("measure/{measure}")).unwrap_or(measure);
        let good = slots.nth(1).and_then(|id| self.name(id));
        let mut parts: Vec<&str> = good.into_iter().collect();
        parts.push(measure);
        parts.extend(Some(time).filter(|time| !time.is_empty()));
        Some(parts.join(" · "))
    }

    /// The name of an entry of the lexicon in the reader's language, else in the other one.
    #[must_use]
    pub fn name(&self, id: &str) -> Option<&'l str> {
        let chinese = self.language == Language::Chinese;
        name(self.lexicon, id, chinese).or_else(|| name(self.lexicon, id, !chinese))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(said: &str) -> [String; 2] {
        let lexicon = Lexicon::standard();
        [Language::English, Language::Chinese].map(|language| Teller::new(lexicon, language).said(said))
    }

    #[test]
    fn a_side_is_said_as_people_say_it() {
        for (said, english, chinese) in [
            ("commodity/antimony-oxide", "antimony oxide", "氧化锑"),
            ("2023-12-01/2024-05-01", "Dec 2023 – Apr 2024", "2023年12月–2024年4月"),
            ("64000000–66000000 CNY", "64–66 million CNY", "6,400万–6,600万元"),
            ("over 3800 t", "over 3,800 t", "超过3,800吨"),
            ("3834 t", "3,834 t", "3,834吨"),
            ("2080 mass", "2,080 t", "2,080吨"),
            ("2080 {flask}", "2,080 flask", "2,080 flask"),
            ("3 [gal_us]/d", "3 gal/d", "3 gal/d"),
            ("19109 CNY/t", "19,109 CNY/t", "19,109元/吨"),
            ("1.51 %", "1.51 %", "1.51%"),
            ("up", "up", "上升"),
            ("relation_year_on_year", "year on year", "同比"),
            ("3834 t, expected", "3,834 t, expected", "3,834吨，预期"),
            ("7742 t\nover 7700 t", "7,742 t · over 7,700 t", "7,742吨 · 超过7,700吨"),
            ("the old mine", "the old mine", "the old mine"),
        ] {
            assert_eq!(both(said), [english, chinese], "{said}");
        }
    }
}

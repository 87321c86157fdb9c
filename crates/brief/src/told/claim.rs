//! What a claim speaks of, in words for a heading.

use api::record::{Amount, Change, Claim, EventType, Period, Precision, Term};

use super::Teller;
use crate::words;

impl Teller<'_> {
    /// Of what a claim speaks: who or what, its measure or event, and its period, as far as they are known: `tin · price · Jun 2025`.
    #[must_use]
    pub fn about_claim(&self, claim: &Claim) -> Option<String> {
        let term = |term: &Term| self.name(&term.id).map_or_else(|| term.words.clone(), str::to_owned);
        let subject = claim.subject.as_ref().or(claim.part.as_ref()).or(claim.whole.as_ref());
        let what = match claim.event() {
            EventType::Unspecified => claim.measure.as_ref().map(term),
            event => words::event(event, self.language).map(str::to_owned),
        };
        let period = claim.period.as_ref().and_then(|when| self.when(when.period.as_ref()?));
        let parts = [claim.actors.first().map(term), subject.map(term), what, period];
        let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
        (!parts.is_empty()).then(|| parts.join(" · "))
    }

    /// Of what claims speak that agree in what a side of a finding says: the good and the measure of the first, the period if those that have one
    /// have the same, and of a change which way.
    #[must_use]
    pub fn about_agreed(&self, claims: &[&Claim], said: &str) -> Vec<String> {
        let Some(first) = claims.first() else { return Vec::new() };
        let periods = || claims.iter().filter_map(|claim| claim.period.as_ref()?.period.as_ref());
        let is_one = periods().zip(periods().skip(1)).all(|(one, other)| one == other);
        let dated = claims.iter().find_map(|claim| claim.period.clone());
        let about = self.about_claim(&Claim { period: dated.filter(|_| is_one), ..(*first).clone() });
        let moved = claims.iter().find_map(|claim| self.moved(claim, said));
        about.into_iter().chain(moved).collect()
    }

    /// Which way a side of a finding moved, where what it says is a change of its claim and not the level: `up year on year`.
    #[must_use]
    pub fn moved(&self, claim: &Claim, said: &str) -> Option<String> {
        let value = said.lines().next()?.split(", ").next()?;
        let (_, unit) = value.rsplit_once(' ')?;
        if claim.value.as_ref().is_some_and(|value| value.unit == unit) {
            return None;
        }
        let is_it = |change: &&Change| change.by.as_ref().is_some_and(|by| by.unit == unit);
        let change = claim.changes.iter().find(is_it)?;
        let direction = words::direction(change.direction(), self.language);
        let relation =
            change.base.as_ref().map_or("", |base| words::relation(base.relation(), self.language));
        Some(match (self.language, relation) {
            (_, "") => direction.to_owned(),
            (crate::Language::Chinese, relation) => format!("{relation}{direction}"),
            (crate::Language::English, relation) => format!("{direction} {relation}"),
        })
    }

    /// A time as people write it, if it is known to the day or less exactly.
    pub(crate) fn when(&self, period: &Period) -> Option<String> {
        let one_day = period.precision() == Precision::Day && period.end.is_empty();
        if one_day {
            return period.start.get(..10)?.parse().ok().map(|day| self.day(day));
        }
        self.period(&period.start, &period.end)
    }

    /// By how much something changed, without the sign, which the direction tells: `1.51%`, `3倍`.
    pub(crate) fn by(&self, by: &Amount) -> Option<String> {
        let plain = |end: &str| end.strip_prefix('-').unwrap_or(end).to_owned();
        let mut by =
            Amount { value: plain(&by.value), low: plain(&by.low), high: plain(&by.high), ..by.clone() };
        let is_less = |one: &str, other: &str| {
            let number = |end: &str| end.parse::<rust_decimal::Decimal>().ok();
            number(one).zip(number(other)).is_some_and(|(one, other)| one < other)
        };
        if is_less(&by.high, &by.low) {
            std::mem::swap(&mut by.low, &mut by.high);
        }
        self.amount(&by)
    }
}

#[cfg(test)]
mod tests {
    use api::record::{Base, Direction, Relation, When};
    use text::Lexicon;

    use super::*;
    use crate::Language;

    fn claim() -> Claim {
        let term = |id: &str| Some(Term { id: id.into(), ..Term::default() });
        let by = Amount { low: "-9".into(), high: "-8".into(), unit: "%".into(), ..Amount::default() };
        let base = Base { relation: Relation::YearOnYear.into(), ..Base::default() };
        let change =
            Change { direction: Direction::Down.into(), by: Some(by), base: Some(base), ..Change::default() };
        let june = Period { start: "2025-06-01".into(), end: "2025-07-01".into(), ..Period::default() };
        Claim {
            subject: term("commodity/tin"),
            measure: term("measure/price"),
            period: Some(When { period: Some(june), origin: None }),
            changes: vec![change],
            ..Claim::default()
        }
    }

    #[test]
    fn a_heading_says_what_when_and_which_way() {
        let lexicon = Lexicon::standard();
        let (english, chinese) =
            (Teller::new(lexicon, Language::English), Teller::new(lexicon, Language::Chinese));
        assert_eq!(english.about_claim(&claim()).as_deref(), Some("tin · price · Jun 2025"));
        assert_eq!(chinese.about_claim(&claim()).as_deref(), Some("锡 · 价格 · 2025年6月"));
        assert_eq!(english.about_claim(&Claim::default()), None);
        assert_eq!(english.moved(&claim(), "8 %").as_deref(), Some("down year on year"));
        assert_eq!(chinese.moved(&claim(), "over 8 %, expected").as_deref(), Some("同比下降"));
        assert_eq!(english.moved(&claim(), "8 t"), None);
        let level = Amount { value: "8".into(), unit: "%".into(), ..Amount::default() };
        assert_eq!(
            english.moved(&Claim { value: Some(level), ..claim() }, "8 %"),
            None,
            "a level may be a share"
        );
    }

    #[test]
    fn a_period_is_told_of_claims_that_agree_only_if_they_have_one() {
        let teller = Teller::new(Lexicon::standard(), Language::English);
        let undated = Claim { period: None, ..claim() };
        let mut other = claim();
        if let Some(period) = other.period.as_mut().and_then(|when| when.period.as_mut()) {
            period.start = "2024-06-01".into();
            period.end = "2024-07-01".into();
        }
        let told = |claims: &[&Claim]| teller.about_agreed(claims, "8 %");
        assert_eq!(told(&[&undated, &claim()]), ["tin · price · Jun 2025", "down year on year"]);
        assert_eq!(told(&[&claim(), &undated, &other]), ["tin · price", "down year on year"]);
        assert!(told(&[]).is_empty());
    }

    #[test]
    fn a_change_is_told_without_its_sign() {
        let teller = Teller::new(Lexicon::standard(), Language::English);
        let by = claim().changes.remove(0).by.unwrap_or_default();
        assert_eq!(teller.by(&by).as_deref(), Some("8–9 %"));
    }

    #[test]
    fn a_day_may_leave_its_end_open() {
        let teller = Teller::new(Lexicon::standard(), Language::Chinese);
        let mut day =
            Period { start: "2024-12-03".into(), precision: Precision::Day.into(), ..Period::default() };
        assert_eq!(teller.when(&day).as_deref(), Some("2024年12月3日"));
        day.end = "2024-12-04".into();
        assert_eq!(teller.when(&day).as_deref(), Some("2024年12月3日"));
        let minute =
            Period { start: "2025-07-13T16:09:00Z".into(), end: "2025-07-13T16:10:00Z".into(), ..day };
        assert_eq!(teller.when(&minute), None);
    }
}

//! The slots of a claim, one by one: as labelled against as read.

use jiff::ToSpan as _;
use jiff::civil::Date;
use text::{Amount, Base, Change, Claim, Interval, Origin, Relation, Slot, Term};

use super::gold::{GoldBase, GoldChange, GoldClaim};
use super::label;
use super::mentions::same;
use super::names::{Named, plain, words_meet};

/// One slot that is filled on at least one side.
#[derive(Clone, Debug)]
pub(super) struct Compared {
    pub(super) slot: &'static str,
    pub(super) gold: Option<String>,
    pub(super) read: Option<String>,
    pub(super) right: bool,
    /// The rules that filled it, where the reader names them.
    pub(super) rule: Option<String>,
}

/// The slots of a pair; with one side missing, of the other alone. `derived` are the labelled claims that the read claim
/// is derived from, an unmatched one as nothing.
pub(super) fn compare(
    gold: Option<&GoldClaim>,
    read: Option<&Claim<'_>>,
    derived: &[Option<usize>],
) -> Vec<Compared> {
    let mut ledger = Ledger(Vec::new());
    let (none_gold, none_read) = (GoldClaim::default(), Claim::default());
    let (g, r) = (gold.unwrap_or(&none_gold), read.unwrap_or(&none_read));
    ledger.choice("event", g.event, r.event, None);
    for (slot, gold, read) in [
        ("measure", &g.measure, &r.measure),
        ("statistic", &g.statistic, &r.statistic),
        ("part", &g.part, &r.part),
        ("whole", &g.whole, &r.whole),
        ("place", &g.place, &r.place),
        ("venue", &g.venue, &r.venue),
        ("attribution", &g.attribution, &r.attribution),
    ] {
        ledger.terms(slot, gold.as_slice(), read.as_slice());
    }
    let gold: Vec<Named> = g.subject.iter().chain(&g.joint).cloned().collect();
    let named: Vec<Slot<Term<'_>>> = r.subject.iter().chain(&r.joint).cloned().collect();
    ledger.terms("subject", &gold, &named);
    ledger.terms("basis", &g.basis, &r.basis);
    ledger.terms("actor", &g.actors, &r.actors);
    ledger.terms("target", &g.targets, &r.targets);
    ledger.terms("partners", &g.partners, &r.partners);
    ledger.amount("value", g.value.as_ref(), r.value.as_ref().map(|slot| (&slot.is, &slot.origin)));
    for (slot, gold, read) in [
        ("period", &g.period, &r.period),
        ("announced", &g.announced, &r.announced),
        ("effective", &g.effective, &r.effective),
    ] {
        ledger.interval(slot, gold.as_ref(), read.as_ref().map(|slot| (&slot.is, &slot.origin)));
    }
    ledger.choice(
        "qualifier",
        g.qualifier,
        r.qualifier.as_ref().map(|slot| slot.is.value),
        rule_of(&r.qualifier),
    );
    ledger.choice(
        "modality",
        g.modality,
        r.modality.as_ref().map(|slot| slot.is.value),
        rule_of(&r.modality),
    );
    ledger.choice("status", g.status, r.status.as_ref().map(|slot| slot.is.value), rule_of(&r.status));
    let from = |list: &[String]| (!list.is_empty()).then(|| list.join(", "));
    let gold_from: Vec<String> = g.derived_from.iter().map(|index| format!("claim {index}")).collect();
    let mut read_indices: Vec<Option<usize>> = if read.is_some() { derived.to_vec() } else { Vec::new() };
    read_indices.sort_unstable();
    let read_from: Vec<String> = read_indices
        .iter()
        .map(|index| index.map_or_else(|| "an unmatched claim".to_owned(), |index| format!("claim {index}")))
        .collect();
    let right = gold_from == read_from;
    ledger.enter("derived_from", from(&gold_from), from(&read_from), right, None);
    let period = g.period.as_ref().or(r.period.as_ref().map(|slot| &slot.is));
    ledger.changes(&g.changes, &r.changes, period);
    ledger.0
}

/// The rule that filled a slot.
fn rule_of<T>(slot: &Option<Slot<T>>) -> Option<&'static str> {
    slot.as_ref().map(|slot| slot.origin.rule)
}

/// What has been compared so far.
struct Ledger(Vec<Compared>);

impl Ledger {
    fn enter(
        &mut self,
        slot: &'static str,
        gold: Option<String>,
        read: Option<String>,
        right: bool,
        rule: Option<String>,
    ) {
        if gold.is_some() || read.is_some() {
            let right = right && gold.is_some() && read.is_some();
            self.0.push(Compared { slot, gold, read, right, rule });
        }
    }

    fn choice<T: PartialEq + std::fmt::Debug>(
        &mut self,
        slot: &'static str,
        gold: Option<T>,
        read: Option<T>,
        rule: Option<&str>,
    ) {
        let right = gold == read;
        let words = |choice: Option<T>| choice.map(|choice| format!("{choice:?}"));
        self.enter(slot, words(gold), words(read), right, rule.map(str::to_owned));
    }

    /// Terms as sets: one slot, right if each has its own partner.
    fn terms(&mut self, slot: &'static str, gold: &[Named], read: &[Slot<Term<'_>>]) {
        let mut left: Vec<&Term<'_>> = read.iter().map(|slot| &slot.is).collect();
        let mut right = gold.len() == read.len();
        for named in gold {
            match left.iter().position(|term| term_meets(named, term)) {
                Some(index) => {
                    left.remove(index);
                }
                None => right = false,
            }
        }
        let golds: Vec<String> = gold.iter().map(ToString::to_string).collect();
        let reads: Vec<String> = read
            .iter()
            .map(|slot| format!("{} «{}»", slot.is.id.as_deref().unwrap_or("-"), slot.is.words))
            .collect();
        let list = |list: Vec<String>| (!list.is_empty()).then(|| list.join(", "));
        let mut rules: Vec<&str> = read.iter().map(|slot| slot.origin.rule).collect();
        rules.sort_unstable();
        rules.dedup();
        let rule = (!rules.is_empty()).then(|| rules.join(" + "));
        self.enter(slot, list(golds), list(reads), right, rule);
    }

    fn amount(&mut self, slot: &'static str, gold: Option<&Amount>, read: Option<(&Amount, &Origin)>) {
        let (read, rule) = read.map(|(read, origin)| (read, origin.rule.to_owned())).unzip();
        let right = gold.zip(read).is_some_and(|(gold, read)| amounts_meet(gold, read));
        self.enter(slot, gold.map(show), read.map(show), right, rule);
    }

    fn interval(&mut self, slot: &'static str, gold: Option<&Interval>, read: Option<(&Interval, &Origin)>) {
        let (read, rule) = read.map(|(read, origin)| (read, origin.rule.to_owned())).unzip();
        let right = gold.zip(read).is_some_and(|(gold, read)| intervals_meet(gold, read));
        self.enter(slot, gold.map(show_interval), read.map(show_interval), right, rule);
    }

    /// Pairs the changes so that the most fields are right, the earlier first.
    fn changes(&mut self, gold: &[GoldChange], read: &[Change<'_>], period: Option<&Interval>) {
        let mut pairs = Vec::new();
        for (g, gold) in gold.iter().enumerate() {
            for (r, read) in read.iter().enumerate() {
                let right = change(Some(gold), Some(read), period).iter().filter(|field| field.right).count();
                pairs.push((std::cmp::Reverse(right), g.abs_diff(r), g, r));
            }
        }
        pairs.sort_unstable();
        let (mut golds, mut reads) = (vec![false; gold.len()], vec![false; read.len()]);
        for (_, _, g, r) in pairs {
            if !golds[g] && !reads[r] {
                (golds[g], reads[r]) = (true, true);
                self.0.extend(change(Some(&gold[g]), Some(&read[r]), period));
            }
        }
        for (gold, _) in gold.iter().zip(golds).filter(|(_, met)| !met) {
            self.0.extend(change(Some(gold), None, period));
        }
        for (read, _) in read.iter().zip(reads).filter(|(_, met)| !met) {
            self.0.extend(change(None, Some(read), period));
        }
    }
}

/// The fields of one change.
fn change(gold: Option<&GoldChange>, read: Option<&Change<'_>>, period: Option<&Interval>) -> Vec<Compared> {
    let mut ledger = Ledger(Vec::new());
    let by = read.and_then(|read| read.by.as_ref()).map(|slot| (&slot.is, &slot.origin));
    ledger.amount("change.by", gold.and_then(|gold| gold.by.as_ref()), by);
    let rule = read.map(|read| read.origin.rule);
    ledger.choice(
        "change.direction",
        gold.and_then(|gold| gold.direction),
        read.and_then(|read| read.direction.or_else(|| by.and_then(|(by, _)| label::direction(by)))),
        rule,
    );
    let said = read.and_then(|read| read.base.as_ref());
    let base = said.map(|slot| &slot.is);
    let gold_base = gold.and_then(|gold| gold.base.as_ref());
    // A base that is only a value is no base of its own.
    let named =
        base.filter(|base| base.relation.is_some() || base.period.is_some() || !base.words.is_empty());
    let right = gold_base.zip(named).is_some_and(|(gold, read)| base_meets(gold, read, period));
    ledger.enter(
        "change.base",
        gold_base.map(show_gold_base),
        named.map(show_base),
        right,
        said.map(|slot| slot.origin.rule).map(str::to_owned),
    );
    ledger.amount(
        "change.base_value",
        gold.and_then(|gold| gold.base_value.as_ref()),
        base.and_then(|base| base.value.as_ref()).map(|slot| (&slot.is, &slot.origin)),
    );
    ledger.choice(
        "change.qualifier",
        gold.and_then(|gold| gold.qualifier),
        read.and_then(|read| read.qualifier),
        rule,
    );
    ledger.0
}

/// A known name by its id, other names by their words.
fn term_meets(named: &Named, term: &Term<'_>) -> bool {
    match named {
        Named::Known(ids) => term.id.as_ref().is_some_and(|id| ids.contains(id)),
        Named::Sector(name) => {
            term.id.as_deref().and_then(|id| id.strip_prefix("sector/")) == Some(name.as_str())
        }
        Named::Words(words) => words_meet(words, term.words),
        // The reader keeps a name that it does not know as words.
        Named::Unknown(name) => term.id.is_none() && words_meet(name, term.words) && !plain(name).is_empty(),
    }
}

/// Equal ends and the same unit.
pub(super) fn amounts_meet(gold: &Amount, read: &Amount) -> bool {
    gold.unit == read.unit
        && same(&gold.value, &read.value)
        && same(&gold.low, &read.low)
        && same(&gold.high, &read.high)
}

fn intervals_meet(gold: &Interval, read: &Interval) -> bool {
    gold.start == read.start && gold.end == read.end
}

/// True if a base is the labelled one, or the same said otherwise: a relation as the period that it leads to, and
/// "previous" as the relation that it stands for.
fn base_meets(gold: &GoldBase, read: &Base<'_>, period: Option<&Interval>) -> bool {
    let leads_to = |relation: Relation, to: &Interval| {
        period.and_then(|period| before(relation, period)).is_some_and(|base| intervals_meet(&base, to))
    };
    match gold {
        GoldBase::Relation(relation) => match (read.relation, &read.period) {
            (Some(other), _) => relations_meet(*relation, other),
            (None, Some(other)) => !read.sum && leads_to(*relation, other),
            (None, None) => false,
        },
        GoldBase::Period(wanted) => {
            !read.sum
                && match (&read.period, read.relation) {
                    (Some(other), _) => intervals_meet(wanted, other),
                    (None, Some(relation)) => leads_to(relation, wanted),
                    (None, None) => false,
                }
        }
        GoldBase::Sum(wanted) => {
            read.sum && read.period.as_ref().is_some_and(|other| intervals_meet(wanted, other))
        }
        GoldBase::Words(words) => words_meet(words, read.words),
    }
}

fn relations_meet(gold: Relation, read: Relation) -> bool {
    use Relation::{DayOnDay, HalfOnHalf, MonthOnMonth, PreviousPeriod, QuarterOnQuarter, WeekOnWeek};
    let concrete =
        |relation| matches!(relation, HalfOnHalf | QuarterOnQuarter | MonthOnMonth | WeekOnWeek | DayOnDay);
    gold == read || gold == PreviousPeriod && concrete(read) || read == PreviousPeriod && concrete(gold)
}

/// The period to which a relation leads from a claim's period, as far as the calendar settles it.
fn before(relation: Relation, period: &Interval) -> Option<Interval> {
    let back = match relation {
        Relation::YearOnYear => 1.year(),
        Relation::HalfOnHalf => 6.months(),
        Relation::QuarterOnQuarter => 3.months(),
        Relation::MonthOnMonth => 1.month(),
        Relation::WeekOnWeek => 1.week(),
        Relation::DayOnDay => 1.day(),
        Relation::PreviousPeriod | Relation::YearStart => return None,
    };
    let earlier = |end: &Option<String>| -> Option<String> {
        let date: Date = end.as_deref()?.parse().ok()?;
        Some(date.checked_sub(back).ok()?.to_string())
    };
    Some(Interval { start: Some(earlier(&period.start)?), end: Some(earlier(&period.end)?), precision: None })
}

pub(super) fn show(amount: &Amount) -> String {
    let unit = amount.unit.as_deref().map(|unit| format!(" {unit}")).unwrap_or_default();
    let end = |end: &Option<String>| end.clone().unwrap_or_default();
    match &amount.value {
        Some(value) => format!("{value}{unit}"),
        None => format!("{}..{}{unit}", end(&amount.low), end(&amount.high)),
    }
}

fn show_gold_base(base: &GoldBase) -> String {
    match base {
        GoldBase::Relation(relation) => format!("{relation:?}"),
        GoldBase::Period(period) => show_interval(period),
        GoldBase::Sum(period) => format!("the sum over {}", show_interval(period)),
        GoldBase::Words(words) => format!("«{words}»"),
    }
}

fn show_base(base: &Base<'_>) -> String {
    match (&base.relation, &base.period) {
        (Some(relation), _) => format!("{relation:?}"),
        (None, Some(period)) if base.sum => format!("the sum over {}", show_interval(period)),
        (None, Some(period)) => show_interval(period),
        (None, None) => format!("«{}»", base.words),
    }
}

pub(super) fn show_interval(interval: &Interval) -> String {
    let end = |end: &Option<String>| end.clone().unwrap_or_default();
    format!("{}/{}", end(&interval.start), end(&interval.end))
}

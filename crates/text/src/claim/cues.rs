//! Words that tell what a number or a name does in a sentence, from `lexicon/cues.tsv`.

use std::sync::{Arc, LazyLock};

use super::slots::{Direction, EventType, Modality, Relation, Status};
use crate::mention::Qualifier;
use crate::trie::{Names, Trie};
use crate::view::View;

/// What a word does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cue {
    /// A move.
    Move(Direction),
    /// A word whose number is always how far something moved: 涨幅.
    MoveBy(Direction),
    /// The number behind is a level.
    To,
    /// The number behind is a change.
    By,
    /// The number or time behind is where a move began.
    From,
    /// What follows is compared with.
    Versus,
    /// A base that is said as a relation.
    Relation(Relation),
    /// How the statement relates to fact.
    Modality(Modality),
    /// What follows is still to come; whether planned or expected depends on what is measured.
    Future,
    /// A condition begins.
    If,
    /// What follows is fact, whatever was said before.
    Actual,
    /// The value is a floor or a ceiling.
    Bound(Qualifier),
    /// A word that holds another of these and does nothing itself: 原料.
    Nothing,
    /// The name before says it.
    Say,
    /// The name behind says it.
    According,
    /// The value is one of several.
    Statistic(&'static str),
    /// The value is reckoned so.
    Basis(&'static str),
    /// A comparison without an amount: what follows is surpassed, or not reached.
    Above(Direction),
    /// A verb that tells a measure.
    Measure(&'static str),
    /// Values go with subjects one by one.
    Respectively,
    /// A base is a sum.
    Sum,
    /// The company of which was told last.
    Company,
    /// The countries of which was told last.
    Countries,
    /// Someone in general words who says things: analysts, 业内人士.
    Speaker,
    /// The country of the text: 国内.
    Home,
    /// A verb that tells an event.
    Event(EventType),
    /// A noun that names an event; it is told only if something is done with it, or dated.
    Named(EventType),
    /// A verb of doing, with which a named event is told.
    Act,
    /// What becomes of an event.
    Status(Status),
    /// Suspending or lifting, if what is suspended is a control.
    Relief,
    /// A date on which an event takes effect stands beside.
    Effective,
    /// A date on which an event was announced stands beside.
    Announced,
}

/// The words, ready to be looked for.
pub(crate) struct Cues {
    names: Trie,
    cues: Vec<Cue>,
}

/// A word found, in characters of the view.
pub(super) struct Found<'c> {
    pub(super) end: usize,
    values: &'c [u32],
    cues: &'c [Cue],
}

impl<'c> Found<'c> {
    /// All that it can do.
    pub(super) fn cues(&self) -> impl Iterator<Item = Cue> + use<'c> {
        let cues = self.cues;
        self.values.iter().map(move |value| cues[*value as usize]).filter(|cue| *cue != Cue::Nothing)
    }
}

impl Cues {
    /// The words that come with the program, made ready once.
    pub(crate) fn standard() -> Arc<Cues> {
        static STANDARD: LazyLock<Arc<Cues>> = LazyLock::new(|| Arc::new(Cues::parsed()));
        Arc::clone(&STANDARD)
    }

    fn parsed() -> Cues {
        let mut names = Names::default();
        let mut cues = Vec::new();
        for line in include_str!("../../lexicon/cues.tsv").lines() {
            let mut fields = line.split('\t');
            let role = fields.next().unwrap_or_default();
            let Some(cue) = cue(role) else { continue };
            let number = u32::try_from(cues.len()).unwrap_or(u32::MAX);
            cues.push(cue);
            for word in fields.flat_map(|field| field.split('|')).filter(|word| !word.is_empty()) {
                names.insert(word, number);
            }
        }
        Cues { names: names.ready(), cues }
    }

    /// The longest word that begins at `at`, with all that it can do.
    pub(super) fn find(&self, view: &View<'_>, at: usize) -> Option<Found<'_>> {
        if view.before(at).is_ascii_alphanumeric() && view.get(at).is_ascii_alphanumeric() {
            return None;
        }
        let mut longest: Option<(usize, &[u32])> = None;
        self.names.each(view, at, |hit| longest = Some((hit.end, hit.values)));
        let (end, values) = longest?;
        Some(Found { end, values, cues: &self.cues })
    }
}

/// The id of a word that alone says which of several values is meant, such as `statistic/mean` for `average` and 均价; an id
/// of the closed list is its own word. For cells of tables, where no sentence tells more.
pub fn statistic(words: &str) -> Option<&'static str> {
    whole(words, |cue| if let Cue::Statistic(id) = cue { Some(id) } else { None })
}

/// The id of words that alone say how a value is reckoned, such as `basis/REO` for 折REO; an id of the closed list is its own
/// word. None for those that the list has without an id of their own.
pub fn basis(words: &str) -> Option<&'static str> {
    whole(words, |cue| if let Cue::Basis(id) = cue { Some(id) } else { None })
        .filter(|id| *id != "basis/words")
}

/// What the cue that takes up all of `words` names.
fn whole(words: &str, named: impl Fn(Cue) -> Option<&'static str>) -> Option<&'static str> {
    let cues = Cues::standard();
    if let Some(id) = cues.cues.iter().filter_map(|cue| named(*cue)).find(|id| *id == words) {
        return Some(id);
    }
    let view = View::new(words);
    let found = cues.find(&view, 0).filter(|found| found.end == view.len())?;
    found.cues().find_map(named)
}

/// The role that a line of the file names; nothing for comments.
fn cue(role: &'static str) -> Option<Cue> {
    let (kind, value) = role.split_once('/').unwrap_or((role, ""));
    Some(match kind {
        "up" => Cue::Move(Direction::Up),
        "down" => Cue::Move(Direction::Down),
        "flat" => Cue::Move(Direction::Flat),
        "up-by" => Cue::MoveBy(Direction::Up),
        "down-by" => Cue::MoveBy(Direction::Down),
        "to" => Cue::To,
        "by" => Cue::By,
        "from" => Cue::From,
        "versus" => Cue::Versus,
        "relation" => Cue::Relation(relation(value)?),
        "modality" => Cue::Modality(match value {
            "expected" => Modality::Expected,
            "planned" => Modality::Planned,
            "contractual" => Modality::Contractual,
            "hypothetical" => Modality::Hypothetical,
            _ => return None,
        }),
        "future" => Cue::Future,
        "if" => Cue::If,
        "actual" => Cue::Actual,
        "floor" => Cue::Bound(Qualifier::AtLeast),
        "ceiling" => Cue::Bound(Qualifier::AtMost),
        "none" => Cue::Nothing,
        "say" => Cue::Say,
        "according" => Cue::According,
        "statistic" => Cue::Statistic(role),
        "basis" => Cue::Basis(role),
        "measure" => Cue::Measure(role),
        "above" => Cue::Above(Direction::Up),
        "below" => Cue::Above(Direction::Down),
        "respectively" => Cue::Respectively,
        "sum" => Cue::Sum,
        "company" => Cue::Company,
        "countries" => Cue::Countries,
        "speaker" => Cue::Speaker,
        "home" => Cue::Home,
        "event" => Cue::Event(event(value)?),
        "named" => Cue::Named(event(value)?),
        "act" => Cue::Act,
        "status" => Cue::Status(match value {
            "proposed" => Status::Proposed,
            "eased" => Status::Eased,
            "ended" => Status::Ended,
            _ => return None,
        }),
        "relief" => Cue::Relief,
        "effective" => Cue::Effective,
        "announced" => Cue::Announced,
        _ => return None,
    })
}

fn relation(name: &str) -> Option<Relation> {
    Some(match name {
        "year_on_year" => Relation::YearOnYear,
        "half_on_half" => Relation::HalfOnHalf,
        "quarter_on_quarter" => Relation::QuarterOnQuarter,
        "month_on_month" => Relation::MonthOnMonth,
        "week_on_week" => Relation::WeekOnWeek,
        "day_on_day" => Relation::DayOnDay,
        "previous_period" => Relation::PreviousPeriod,
        "year_start" => Relation::YearStart,
        _ => return None,
    })
}

fn event(name: &str) -> Option<EventType> {
    Some(match name {
        "ban" => EventType::Ban,
        "licence" => EventType::Licence,
        "quota" => EventType::Quota,
        "closure" => EventType::Closure,
        "agreement" => EventType::Agreement,
        "enforcement" => EventType::Enforcement,
        "announcement" => EventType::Announcement,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_file_has_a_role_and_words() {
        for (index, line) in include_str!("../../lexicon/cues.tsv").lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let fields: Vec<&str> = line.split('\t').collect();
            assert_eq!(fields.len(), 3, "cues.tsv:{}: three fields", index + 1);
            assert!(cue(fields[0]).is_some(), "cues.tsv:{}: «{}» is no role", index + 1, fields[0]);
        }
    }

    #[test]
    fn the_longest_word_wins_and_keeps_all_its_roles() {
        let cues = Cues::standard();
        let view = View::new("较去年同期下降");
        let found = cues.find(&view, 0);
        assert_eq!(
            found.map(|found| (found.end, found.cues().collect())),
            Some((5, vec![Cue::Relation(Relation::YearOnYear)]))
        );
        assert!(cues.find(&View::new("aloft"), 1).is_none());
    }
}

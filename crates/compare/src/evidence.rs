//! What shows that two statements tell the same thing, and not two things with the same digits.

use api::record::{Statement, Word};

use crate::office;
use crate::slot::folded;
use crate::statement::Item;
use crate::unlisted;
use crate::wording;

/// What two statements have in common besides the figure that is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Both name one source.
    pub attribution: bool,
    /// How much the most telling of the other figures that stand in both weighs: 2, or 1 for few digits among many figures.
    pub figures: usize,
    /// How many such figures stand in both, whatever they weigh, if they weigh anything.
    pub shared: usize,
    /// How many days both name, besides those of the figures themselves.
    pub days: usize,
    /// How many agencies and institutions stand in both.
    pub sources: usize,
    /// How many places, companies and the like both sentences or titles name besides what fills their slots.
    pub names: usize,
    /// How many countries besides what fills their slots, and lengths of time, stand in both.
    pub circumstances: usize,
    /// How many names both sentences have that the lexicon does not know: a mine, a project.
    pub unlisted: usize,
    /// True if both sentences have a run of words in common, besides figures and what the slots say.
    pub words: bool,
    /// True if nearly all words of one sentence stand in the other.
    pub copied: bool,
    /// True if the sentences are the same but for figures and what the slots say, however few the other words are.
    pub verbatim: bool,
    /// The stories plugin found them to be tellings of one voice.
    pub voice: bool,
}

impl Evidence {
    /// What two statements have in common. `own` are the figures that are compared, which do not count.
    #[must_use]
    pub fn of(left: &Item, right: &Item, own: [&str; 2]) -> Evidence {
        let (one, other) = (&left.statement, &right.statement);
        let own_days =
            [one, other].map(|statement| statement.over.as_ref().map_or("", |over| over.start.as_str()));
        let source = |name: &&str| name.starts_with("agency/") || name.starts_with("institution/");
        let wording = wording::shared(left, right);
        // 550 CNY beside 550 CNY/t is the same figure with less of its unit.
        let own_digits = own.map(digits);
        let shared: Vec<&str> = common(&one.beside, &other.beside)
            .filter(|figure| !own.contains(figure) && !own_digits.contains(&digits(figure)))
            .collect();
        let unit = |figure: &str| figure.split(' ').next_back().unwrap_or_default().to_owned();
        let lengths = shared.iter().filter(|figure| LENGTHS.contains(&unit(figure).as_str())).count();
        let few = one.beside.len() * other.beside.len() <= FEW;
        let figures = shared.iter().map(|figure| figure_weight(figure, few)).max().unwrap_or_default();
        Evidence {
            attribution: attribution(one, other) || office::shared(left, right),
            figures,
            shared: shared.iter().filter(|figure| figure_weight(figure, few) > 0).count(),
            days: common(&one.days, &other.days).filter(|day| !own_days.contains(day)).count(),
            sources: common(&one.names, &other.names).filter(source).count(),
            names: names(one, other, PARTICULAR),
            circumstances: names(one, other, &["country/"]) + lengths,
            unlisted: unlisted::shared(left, right),
            words: wording.run,
            copied: wording.copied,
            verbatim: wording.verbatim,
            voice: !one.story.is_empty() && one.story == other.story && one.voice == other.voice,
        }
    }

    /// How much it weighs: a shared source or voice 2, a figure up to 2, a day, a run of words or a name 1.
    #[must_use]
    pub fn weight(&self) -> usize {
        2 * usize::from(self.attribution || self.sources > 0)
            + 2 * self.figures
            + self.days.min(2)
            + usize::from(self.words)
            + usize::from(self.names + self.unlisted > 0)
            + 2 * usize::from(self.voice)
    }
}

/// Up to how many pairs of figures two texts have, one of few digits is not shared by chance.
const FEW: usize = 36;

fn figure_weight(figure: &str, few: bool) -> usize {
    let unit = figure.split(' ').next_back().unwrap_or_default();
    match digits(figure).len() {
        // «Two years» are told of much.
        0 | 1 if LENGTHS.contains(&unit) => 0,
        _ if few => 2,
        0 | 1 => 0,
        2 => 1,
        _ => 2,
    }
}

/// Units of time.
const LENGTHS: &[&str] = &["h", "d", "wk", "mo", "a"];

/// The significant digits of a figure with its unit.
fn digits(figure: &str) -> String {
    let value = figure.split(' ').next().unwrap_or_default().replace(['.', '-'], "");
    value.trim_matches('0').to_owned()
}

/// Kinds of names that few texts share by chance.
const PARTICULAR: &[&str] = &["company/", "institution/", "place/", "exchange/", "project/", "region/"];

/// How many names of these kinds both have, that do not fill a slot of both.
fn names(one: &Statement, other: &Statement, kinds: &[&str]) -> usize {
    let slots = |statement: &Statement| -> Vec<String> {
        let single = [
            &statement.subject, &statement.place, &statement.venue, &statement.attribution, &statement.part,
            &statement.whole, &statement.good,
        ];
        let many = statement.actors.iter().chain(&statement.partners).chain(&statement.joint);
        single.into_iter().flatten().chain(many).map(|word| word.id.clone()).collect()
    };
    let filled = [slots(one), slots(other)];
    let shared = common(&one.names, &other.names);
    shared
        .filter(|name| kinds.iter().any(|kind| name.starts_with(kind)))
        .filter(|name| !filled.iter().all(|slots| slots.iter().any(|id| id == name)))
        .count()
}

fn common<'a>(one: &'a [String], other: &'a [String]) -> impl Iterator<Item = &'a str> {
    one.iter().filter(|word| other.contains(word)).map(String::as_str)
}

/// True if a publisher's name is this one, or begins with it: «Tanaka», and «Tanaka Kikinzoku notice».
fn begins(publisher: &str, name: &str) -> bool {
    let Some(rest) = publisher.strip_prefix(name) else { return false };
    let whole =
        rest.is_empty() || !name.is_ascii() || !rest.starts_with(|letter: char| letter.is_alphanumeric());
    whole && (rest.is_empty() || name.len() >= MIN_NAME)
}

/// Shortest beginning of a publisher's name that stands for it, in bytes.
const MIN_NAME: usize = 6;

/// True if both name one source, or one is the publisher that the other names.
#[must_use]
pub(crate) fn attribution(one: &Statement, other: &Statement) -> bool {
    let same = |left: &Word, right: &Word| {
        !left.id.is_empty() && left.id == right.id
            || left.id == right.id && !left.words.is_empty() && folded(&left.words) == folded(&right.words)
    };
    let publishes = |word: &Word, who: &Statement| {
        !word.words.is_empty() && begins(&folded(&who.source), &folded(&word.words))
            || !word.id.is_empty() && word.id == who.source_id
    };
    let tells_of = |who: &Statement, id: &str| {
        !id.is_empty() && who.subject.iter().chain(&who.actors).any(|word| word.id == id)
    };
    // A company's own notice, and a report on that company.
    if tells_of(one, &other.source_id) || tells_of(other, &one.source_id) {
        return true;
    }
    match (&one.attribution, &other.attribution) {
        (Some(left), Some(right)) => same(left, right),
        (Some(left), None) => publishes(left, other),
        (None, Some(right)) => publishes(right, one),
        (None, None) => false,
    }
}

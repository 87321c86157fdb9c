//! How the slots of two statements fit together.

mod places;
mod times;

use api::record::{StatedChange, Statement, Word};

use crate::against::base;
use crate::goods::{Kinship, kinship};
use crate::scope::{axis, two_grades};
use crate::statement::{DESCRIBED, Item, sentence};

use self::places::{place, plainly_alike};
use self::times::{direction, modality, period};

/// A slot that is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slot {
    /// The good that a figure is of.
    Good,
    /// The company, index or the like that a figure is of, and who acts.
    Actor,
    /// What is measured.
    Measure,
    /// Imports against exports.
    Trade,
    /// Mean, close, high.
    Statistic,
    /// How it is counted.
    Basis,
    /// What has a share.
    Part,
    /// Of what it is a share.
    Whole,
    /// Where.
    Place,
    /// Origins or destinations.
    Partners,
    /// Where a price is made.
    Venue,
    /// When.
    Period,
    /// What a change is against.
    Base,
    /// Which way a change goes.
    Direction,
    /// What restricts the figure.
    Scope,
    /// Forecast against actual.
    Modality,
}

/// How one slot of two statements fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// Both say the same.
    Same,
    /// Neither says anything.
    Empty,
    /// Only one says something.
    OneSided,
    /// Both say something, and whether it is the same cannot be told.
    Unsure,
    /// One says it more broadly.
    Broader,
    /// They differ.
    Differ,
}

/// How all slots of two statements fit, in the order of [`Slot`].
#[derive(Clone, Debug)]
pub struct Fits {
    fits: Vec<(Slot, Fit)>,
    /// How the goods stand to each other.
    pub goods: Kinship,
    /// True if a slot of one side names a company, and the other side's sentence and title another one and not this.
    pub elsewhere: bool,
}

impl Fits {
    /// Compares two statements; of two changes also what these are against, and which way they go.
    #[must_use]
    pub fn of(left: &Item, right: &Item, changes: Option<(&StatedChange, &StatedChange)>) -> Fits {
        let (one, other) = (&left.statement, &right.statement);
        let (mut good, mut actor, goods) = subjects(one, other);
        let mut how_counted = basis(&one.basis, &other.basis);
        if how_counted == Fit::OneSided
            && good != Fit::Differ
            && (compound(one, other) || compound(other, one))
        {
            // So much of a compound, and so much of the metal in it.
            (how_counted, good) = (Fit::Differ, Fit::Same);
        }
        let published = |who: &Statement, other: &Statement| bodies(who).0 == [other.source_id.as_str()];
        if actor == Fit::OneSided
            && (worded(one, right)
                || worded(other, left)
                || published(one, other)
                || published(other, one)
                || asked_alike(one, other))
        {
            actor = Fit::Same;
        }
        let (measure, mut trade) = measures(one, other);
        if trade == Fit::Empty {
            trade = priced_trade(left, right);
        }
        let turned = is_turned(one, other);
        if turned && trade != Fit::Empty {
            // What one exports to the other, the other imports from it.
            trade = if trade == Fit::Same { Fit::Differ } else { Fit::Same };
        }
        let mut fits = vec![
            (Slot::Good, good),
            (Slot::Actor, actor),
            (Slot::Measure, measure),
            (Slot::Trade, trade),
            (Slot::Statistic, word(one.statistic.as_ref(), other.statistic.as_ref())),
            (Slot::Basis, how_counted),
            (Slot::Part, word(one.part.as_ref(), other.part.as_ref())),
            (Slot::Whole, word(one.whole.as_ref(), other.whole.as_ref())),
            (Slot::Place, if turned { Fit::Same } else { place(left, right) }),
            (Slot::Partners, if turned { Fit::Same } else { words(&one.partners, &other.partners) }),
            (Slot::Venue, venue(one, other)),
            (Slot::Period, period(left, right)),
            (Slot::Scope, scope(left, right)),
            (Slot::Modality, modality(one, other)),
        ];
        if let Some((this, that)) = changes {
            fits.push((Slot::Base, base(this, one, that, other)));
            fits.push((Slot::Direction, direction(this, that)));
        }
        let elsewhere = actor == Fit::Unsure && (stranger(one, other) || stranger(other, one));
        Fits { fits, goods, elsewhere }
    }

    /// How one slot fits; slots that are not compared are empty.
    #[must_use]
    pub fn fit(&self, slot: Slot) -> Fit {
        self.fits.iter().find(|(known, _)| *known == slot).map_or(Fit::Empty, |(_, fit)| *fit)
    }

    /// True if a slot says the same on both sides, or nothing on either.
    #[must_use]
    pub fn alike(&self, slot: Slot) -> bool {
        matches!(self.fit(slot), Fit::Same | Fit::Empty)
    }

    /// The slots that fit in this way, in order.
    #[must_use]
    pub fn those(&self, fit: Fit) -> Vec<Slot> {
        self.fits.iter().filter(|(_, known)| *known == fit).map(|(slot, _)| *slot).collect()
    }
}

fn kind(id: &str) -> &str {
    id.split_once('/').map_or("", |(kind, _)| kind)
}

/// The good that a figure is of: its subject, or what stands beside a company.
pub(crate) fn good(statement: &Statement) -> Option<Word> {
    let subject = statement.subject.clone();
    subject
        .filter(|word| word.id.is_empty() || kind(&word.id) == "commodity")
        .or_else(|| statement.good.clone())
}

/// How what the figures are of fits: the goods, and the companies.
fn subjects(one: &Statement, other: &Statement) -> (Fit, Fit, Kinship) {
    let (mut left, mut right) = (good(one), good(other));
    // What is bought has a name in each language: «the Mariana project», 马里亚纳项目.
    let unknown = |word: &Option<Word>, ascii: bool| {
        word.as_ref().is_some_and(|word| word.id.is_empty() && word.words.is_ascii() == ascii)
    };
    if is_deal(one) && [true, false].into_iter().any(|side| unknown(&left, side) && unknown(&right, !side)) {
        (left, right) = (None, None);
    }
    let (mut goods, kin) = goods(left.as_ref(), right.as_ref());
    if goods == Fit::OneSided {
        goods = supported(left.as_ref(), right.as_ref(), one, other);
    }
    if one.joint.len() != other.joint.len() {
        goods = Fit::Unsure;
    }
    (goods, companies(one, other), kin)
}

/// True for the price of a deal or the stake that it is of.
fn is_deal(statement: &Statement) -> bool {
    statement.measure.as_ref().is_some_and(|measure| {
        matches!(measure.id.as_str(), "measure/deal-value" | "measure/shareholding" | "measure/investment")
    })
}

/// A slot that only one side fills: the same if the other side's sentence or title has that name too.
fn supported(one: Option<&Word>, other: Option<&Word>, of_one: &Statement, of_other: &Statement) -> Fit {
    let there = match (one, other) {
        (Some(word), None) => of_other.names.contains(&word.id),
        (None, Some(word)) => of_one.names.contains(&word.id),
        _ => false,
    };
    if there { Fit::Same } else { Fit::OneSided }
}

/// Whose figures they are. Where no slot says it, the one company that sentence or title name is taken.
fn companies(one: &Statement, other: &Statement) -> Fit {
    let ((left, told), (right, told_too)) = (bodies(one), bodies(other));
    let described = |statement: &Statement| statement.actors.iter().any(no_name);
    match (left.as_slice(), right.as_slice()) {
        ([], []) => match (described(one), described(other)) {
            (false, false) => Fit::Empty,
            (true, true) if plainly_alike(one, other) => Fit::Same,
            (true, true) => words(&one.actors, &other.actors),
            _ => Fit::OneSided,
        },
        ([], _) | (_, []) => Fit::OneSided,
        _ if left == right => Fit::Same,
        _ if left.iter().any(|id| right.contains(id)) => Fit::Broader,
        _ if told && told_too => Fit::Differ,
        _ => Fit::Unsure,
    }
}

/// True if a slot of the first names a company that the second does not name at all.
fn stranger(one: &Statement, other: &Statement) -> bool {
    let (ids, told) = bodies(one);
    told && !other.own && !ids.iter().any(|id| other.names.iter().any(|name| name == id))
}

/// True if both tell of as many companies that were asked, which one of them gives as its actor: 46家铜杆企业.
fn asked_alike(one: &Statement, other: &Statement) -> bool {
    let described = one.actors.iter().chain(&other.actors).all(no_name);
    described
        && one
            .scope
            .iter()
            .any(|scope| scope.starts_with("of-") && scope != "of-which" && other.scope.contains(scope))
}

/// True for words that are no name of the lexicon.
fn no_name(word: &Word) -> bool {
    word.id.is_empty() || word.id.starts_with(DESCRIBED)
}

/// True if the one actor of a statement is only described, and the other's sentence has the same description.
fn worded(statement: &Statement, other: &Item) -> bool {
    let [actor] = statement.actors.as_slice() else { return false };
    let words = folded(&actor.words);
    no_name(actor) && words.len() > 3 && sentence(other).to_lowercase().contains(&words)
}

/// Ids of companies, sorted, and whether a slot says them in the claim's own sentence.
fn bodies(statement: &Statement) -> (Vec<&str>, bool) {
    let is_body = |id: &&str| matches!(kind(id), "company" | "index");
    let slots = || statement.subject.iter().chain(&statement.actors);
    let mut found: Vec<&str> = slots().map(|word| word.id.as_str()).filter(is_body).collect();
    let told = !found.is_empty() && slots().all(|word| !word.inherited);
    if found.is_empty() {
        let speaker = statement.attribution.as_ref().map(|word| word.id.as_str()).unwrap_or_default();
        found =
            statement.names.iter().map(String::as_str).filter(is_body).filter(|id| *id != speaker).collect();
        if found.is_empty() && statement.own && is_body(&statement.source_id.as_str()) {
            found.push(&statement.source_id);
        }
        if found.len() != 1 {
            found.clear();
        }
    }
    found.sort_unstable();
    found.dedup();
    (found, told)
}

/// True if the first counts a compound as it is, and the second what metal such goods contain.
fn compound(one: &Statement, other: &Statement) -> bool {
    const COMPOUNDS: &[&str] = &[
        "oxide", "hydroxide", "carbonate", "sulphate", "sulfate", "chloride", "concentrate", "spodumene",
        "apt", "paratungstate",
    ];
    let is_content =
        |word: &Word| matches!(word.id.as_str(), "basis/metal-content" | "basis/LCE" | "basis/equivalent");
    let plain =
        one.basis.iter().all(|word| axis(&word.id) != Some("content") || word.id == "basis/gross-weight");
    let content = other.basis.iter().any(is_content);
    let good = one.subject.as_ref().map(|word| word.id.as_str()).unwrap_or_default();
    let of_other = other.subject.as_ref().map(|word| word.id.as_str()).unwrap_or_default();
    let named = COMPOUNDS.iter().any(|name| good.ends_with(name));
    let metal =
        kinship(good, of_other) == Kinship::Broader && !COMPOUNDS.iter().any(|name| of_other.ends_with(name));
    plain && content && named && metal
}

fn goods(one: Option<&Word>, other: Option<&Word>) -> (Fit, Kinship) {
    let (one, other) = match (one, other) {
        (None, None) => return (Fit::Empty, Kinship::Unknown),
        (Some(one), Some(other)) => (one, other),
        _ => return (Fit::OneSided, Kinship::Unknown),
    };
    if one.id.is_empty() || other.id.is_empty() {
        let same = one.id == other.id && folded(&one.words) == folded(&other.words);
        return (if same { Fit::Same } else { Fit::Unsure }, Kinship::Unknown);
    }
    let kin = kinship(&one.id, &other.id);
    let fit = match kin {
        Kinship::Same => Fit::Same,
        Kinship::Broader => Fit::Broader,
        Kinship::Unknown => Fit::Unsure,
        Kinship::Siblings | Kinship::Strangers if one.inherited || other.inherited => Fit::Unsure,
        Kinship::Siblings | Kinship::Strangers => Fit::Differ,
    };
    (fit, kin)
}

/// Which way a good goes of which a sentence tells the price: 出口均价, «the price of graphite imported into the EU».
pub(crate) fn trade_of_price(item: &Item) -> Option<&'static str> {
    const PRICES: [&str; 2] = ["measure/price", "measure/unit-price"];
    let words = sentence(item).to_lowercase();
    let told = |list: [&str; 2]| list.iter().any(|word| words.contains(word));
    let price = item.statement.measure.as_ref().is_some_and(|word| PRICES.contains(&word.id.as_str()));
    match (told(["import", "进口"]), told(["export", "出口"])) {
        (true, false) if price => Some("imports"),
        (false, true) if price => Some("exports"),
        _ => None,
    }
}

/// How the way a good goes fits, if both tell its price and say it. Where only one says it the other may leave it out.
fn priced_trade(left: &Item, right: &Item) -> Fit {
    match trade_of_price(left).zip(trade_of_price(right)) {
        None => Fit::Empty,
        Some((one, other)) if one == other => Fit::Same,
        Some(_) => Fit::Differ,
    }
}

fn measures(one: &Statement, other: &Statement) -> (Fit, Fit) {
    let id =
        |statement: &Statement| statement.measure.as_ref().map(|word| word.id.clone()).unwrap_or_default();
    let pair = [id(one), id(other)];
    let trade = |name: &str| matches!(name, "measure/imports" | "measure/exports");
    if trade(&pair[0]) && trade(&pair[1]) {
        let fit = if pair[0] == pair[1] { Fit::Same } else { Fit::Differ };
        return (Fit::Same, fit);
    }
    // What one sells, ships or delivers, the other buys; what one invests is the deal's value.
    const ONE_THING: [&[&str]; 2] = [
        &[
            "measure/sales-volume",
            "measure/shipments",
            "measure/delivery-volume",
            "measure/purchases",
            "measure/supply",
        ],
        &[
            "measure/investment", "measure/capex", "measure/deal-value", "measure/contract-value",
            "measure/orders", "measure/financing",
        ],
    ];
    let one_thing = ONE_THING.iter().any(|names| pair.iter().all(|id| names.contains(&id.as_str())));
    let fit = if one_thing && pair[0] != pair[1] {
        Fit::Broader
    } else {
        word(one.measure.as_ref(), other.measure.as_ref())
    };
    (fit, Fit::Empty)
}

/// How what restricts the figures fits: two grades or contracts differ; else one may leave out what the other says.
fn scope(left: &Item, right: &Item) -> Fit {
    if two_grades(sentence(left), sentence(right)) {
        Fit::Differ
    } else if left.statement.scope == right.statement.scope {
        Fit::Same
    } else {
        Fit::OneSided
    }
}

/// True if each is the other's one partner: exports of Kazakhstan to China, and trade of China with Kazakhstan.
fn is_turned(one: &Statement, other: &Statement) -> bool {
    let ends = |statement: &Statement| -> Option<(String, String)> {
        let [partner] = statement.partners.as_slice() else { return None };
        let place = statement.place.as_ref().filter(|place| !place.inherited && !partner.inherited)?;
        let both = place.id.starts_with("country/") && partner.id.starts_with("country/");
        both.then(|| (place.id.clone(), partner.id.clone()))
    };
    ends(one).zip(ends(other)).is_some_and(|((from, to), (place, partner))| from == partner && to == place)
}

/// How two words fit. What one side took from elsewhere may differ because it was taken from the wrong place.
fn word(one: Option<&Word>, other: Option<&Word>) -> Fit {
    let (one, other) = match (one, other) {
        (None, None) => return Fit::Empty,
        (Some(one), Some(other)) => (one, other),
        _ => return Fit::OneSided,
    };
    let one_word = !one.id.is_empty() || folded(&one.words) == folded(&other.words);
    if one.id == other.id && one_word {
        Fit::Same
    } else if no_name(one) || no_name(other) || one.inherited || other.inherited {
        Fit::Unsure
    } else if kind(&one.id) == kind(&other.id) {
        Fit::Differ
    } else {
        Fit::Unsure
    }
}

/// How two lists of words fit: who is on both counts.
fn words(one: &[Word], other: &[Word]) -> Fit {
    match (one, other) {
        ([], []) => Fit::Empty,
        ([], _) | (_, []) => Fit::OneSided,
        _ => {
            let fits: Vec<Fit> = one
                .iter()
                .flat_map(|left| other.iter().map(move |right| word(Some(left), Some(right))))
                .collect();
            if fits.contains(&Fit::Same) {
                if one.len() == other.len() { Fit::Same } else { Fit::Broader }
            } else if fits.iter().all(|fit| *fit == Fit::Differ) {
                Fit::Differ
            } else {
                Fit::Unsure
            }
        }
    }
}

fn venue(of_one: &Statement, of_other: &Statement) -> Fit {
    let (one, other) = (of_one.venue.as_ref(), of_other.venue.as_ref());
    let fit = word(one, other);
    if fit == Fit::OneSided { supported(one, other, of_one, of_other) } else { fit }
}

/// How the ways in which figures are counted fit, axis by axis.
fn basis(one: &[Word], other: &[Word]) -> Fit {
    let known = |words: &'_ [Word]| -> Vec<(&'static str, String)> {
        words.iter().filter_map(|word| Some((axis(&word.id)?, word.id.clone()))).collect()
    };
    let rest = |words: &[Word]| -> Vec<String> {
        let mut rest: Vec<String> = words
            .iter()
            .filter(|word| axis(&word.id).is_none())
            .map(|word| if word.id.is_empty() { folded(&word.words) } else { word.id.clone() })
            .collect();
        rest.sort_unstable();
        rest
    };
    let (left, right) = (known(one), known(other));
    let clash = left.iter().any(|(axis, id)| right.iter().any(|(about, other)| axis == about && id != other));
    let alone = |these: &[(&str, String)], those: &[(&str, String)]| {
        these.iter().any(|(axis, _)| !those.iter().any(|(about, _)| axis == about))
    };
    if clash {
        return Fit::Differ;
    }
    if rest(one) != rest(other) {
        return if rest(one).is_empty() || rest(other).is_empty() { Fit::OneSided } else { Fit::Unsure };
    }
    if alone(&left, &right) || alone(&right, &left) {
        return Fit::OneSided;
    }
    if one.is_empty() { Fit::Empty } else { Fit::Same }
}

/// Words without case, articles and blanks at their ends.
pub(crate) fn folded(words: &str) -> String {
    let lower = words.trim().to_lowercase();
    lower.strip_prefix("the ").unwrap_or(&lower).to_owned()
}

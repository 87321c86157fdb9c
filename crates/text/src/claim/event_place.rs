//! Where an event is.

use super::cues::Cue;
use super::event_slots::{Around, ends};
use super::scene::{Memory, resolved};
use super::slots::{Claim, EventType, Slot, Term};
use super::{home, place};

/// Fills the place: one that «in», «at» or 在 goes before; else one named before the word in its clause, of a mine that
/// closes or an office that acts; else the country that acts or whose agency does; else the one told before.
pub(super) fn fill<'t>(around: &Around<'_, 't, '_>, memory: &Memory, claim: &mut Claim<'t>) {
    claim.place = said(around)
        .or_else(|| unknown(around))
        .or_else(|| beside(around))
        .or_else(|| of_actor(around, claim))
        .or_else(|| told(around, memory).filter(|_| !acts_elsewhere(claim)));
}

/// True if a company acts, which may be anywhere.
fn acts_elsewhere(claim: &Claim<'_>) -> bool {
    let id = claim.actors.first().and_then(|slot| slot.is.id.as_deref()).unwrap_or_default();
    id.starts_with("company/")
}

/// A known place behind a word of place.
fn said<'t>(around: &Around<'_, 't, '_>) -> Option<Slot<Term<'t>>> {
    let scene = around.scene;
    let end = if around.reaches_on() { around.all.end } else { around.clause.end };
    let located = |item: &usize| {
        let words = scene.text[..scene.items[*item].start].trim_end();
        let words = words.strip_suffix("the").map_or(words, str::trim_end);
        // «heavy rare earths outside China» are anywhere else; «a smelter outside Lubumbashi» is near it.
        let near = ends(words, &[" near", " outside"]) && scene.kind(*item) == "place";
        (near || ends(words, &["在", "位于", " in", " at", "In", "At"]))
            && !around.in_brackets(*item)
            && !place::is_of_speech(scene, *item)
    };
    let is = |kind: &'static str| {
        (around.clause.start..end).find(|item| scene.kind(*item) == kind && located(item))
    };
    let found = is("place").or_else(|| is("country"))?;
    Some(around.term(found, "where"))
}

/// An English place behind «at» or «in» that the lexicon does not know: words with capitals.
fn unknown<'t>(around: &Around<'_, 't, '_>) -> Option<Slot<Term<'t>>> {
    let scene = around.scene;
    if matches!(around.event, EventType::Ban | EventType::Licence | EventType::Quota) {
        return None;
    }
    let first = scene.items.get(around.clause.start).map_or(around.block.span.start, |item| item.start);
    let from = if around.clause.start == around.all.start { around.block.span.start } else { first };
    let end = scene
        .items
        .get(around.clause.end)
        .map_or(around.block.span.end, |item| item.start.min(around.block.span.end));
    let text = scene.text.get(from..end)?;
    for (at, word) in text.match_indices(" at ").chain(text.match_indices(" in ")) {
        let start = at + word.len();
        let Some(span) = capitals(&text[start..]) else { continue };
        let span = from + start..from + start + span;
        let mut items = scene.items_in(&span);
        let is_other = items.any(|item| {
            scene.is_time(item)
                || matches!(
                    scene.kind(item),
                    "company" | "exchange" | "agency" | "institution" | "index" | "commodity"
                )
        });
        if !is_other {
            return Some(around.scene.words_term(span, "where"));
        }
    }
    None
}

/// The length of the words with capitals at the beginning of `text`, such as «Pulau Indah», without a type word behind.
fn capitals(text: &str) -> Option<usize> {
    let mut end = 0;
    for word in text.split_inclusive(' ').take(4) {
        let bare = word.trim_end_matches([' ', ',', '.', ';', '\n']);
        let proper = bare.starts_with(|first: char| first.is_ascii_uppercase())
            && bare.len() >= 3
            && bare.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-' || byte == b'\'')
            && bare.bytes().any(|byte| byte.is_ascii_lowercase());
        if !proper {
            break;
        }
        end = bare.len() + (bare.as_ptr() as usize - text.as_ptr() as usize);
        if bare.len() < word.trim_end_matches(' ').len() {
            break;
        }
    }
    (end > 0).then_some(end)
}

/// A place in the clause that nothing makes a target: 宜春一家锂盐厂, «Two smelters of Lengshuijiang».
fn beside<'t>(around: &Around<'_, 't, '_>) -> Option<Slot<Term<'t>>> {
    let scene = around.scene;
    if !matches!(around.event, EventType::Closure | EventType::Enforcement | EventType::Announcement) {
        return None;
    }
    let free = |item: &usize| {
        let words = scene.text[..scene.items[*item].start].trim_end();
        !ends(words, &["对", "向", "针对", "往", "至", "自", "从", "涉", " to", " from", " against", " with"])
            && !around.in_brackets(*item)
    };
    let place =
        (around.clause.start..around.item).rev().find(|item| scene.kind(*item) == "place" && free(item));
    let country = || {
        let works = around.event != EventType::Announcement;
        (around.clause.start..around.item).find(|item| {
            // 巴西生产商Largo: what closes is where its maker is said to be.
            let home = around.event == EventType::Closure;
            works && scene.kind(*item) == "country" && free(item) && (home || !around.is_before_name(*item))
        })
    };
    place.or_else(country).map(|item| around.term(item, "where"))
}

/// The country that acts, or whose agency does.
fn of_actor<'t>(around: &Around<'_, 't, '_>, claim: &Claim<'t>) -> Option<Slot<Term<'t>>> {
    if around.event == EventType::Agreement {
        return None;
    }
    let actor = claim.actors.first()?;
    let id = actor.is.id.as_deref().unwrap_or_default();
    if id.starts_with("country/") && around.event != EventType::Announcement {
        return Some(actor.clone());
    }
    Some(resolved(nation(id)?, "country whose national agency acts"))
}

/// The id of the country of a national agency.
pub(super) fn nation(id: &str) -> Option<&'static str> {
    let agency = id.strip_prefix("agency/").filter(|agency| !agency.starts_with("inner-mongolia"))?;
    if CHINESE.contains(&agency) {
        return Some("country/CHN");
    }
    let parts: Vec<&str> = agency.split('-').collect();
    let (_, place) = NATIONS.iter().find(|(nation, _)| parts.contains(nation))?;
    Some(place)
}

/// What stands above, or was told of last, of what holds for a country or a mine.
fn told<'t>(around: &Around<'_, 't, '_>, memory: &Memory) -> Option<Slot<Term<'t>>> {
    if let Some(slot) = home::place_of_office(around.scene, around.block) {
        return Some(slot);
    }
    let holds = matches!(
        around.event,
        EventType::Ban | EventType::Licence | EventType::Closure | EventType::Enforcement
    );
    let item = memory.place.filter(|_| holds)?;
    // A rule holds for a country; a mine that was told of last says nothing of where.
    if around.event == EventType::Ban
        && around.scene.kind(item) == "place"
        && around.scene.block_of(item) != around.scene.block_of(around.item)
    {
        return None;
    }
    let parted = (around.all.clone()).any(|item| around.scene.items[item].cue() == Some(Cue::Home));
    (!parted).then(|| around.term(item, "place told before"))
}

/// National agencies of China: where they act, China is the place.
const CHINESE: &[&str] = &[
    "mofcom",
    "miit",
    "mnr",
    "ndrc",
    "gacc",
    "state-council",
    "mof-china",
    "mee-china",
    "samr",
    "nea",
    "state-reserves",
    "export-control-coordination",
    "nbs",
    "pboc",
    "csrc",
    "mfa-china",
    "central-financial-committee",
    "sasac",
    "ministry-of-state-security",
    "ministry-of-public-security",
    "mem-china",
    "mot-china",
    "most-china",
    "mohurd",
    "cgs",
    "sta",
    "safe-china",
    "nfra",
    "cpc-central",
    "npc",
    "nnsa-china",
    "cnipa",
    "sac",
];

/// Parts of the ids of national agencies, with their countries.
const NATIONS: &[(&str, &str)] = &[
    ("us", "country/USA"),
    ("bis", "country/USA"),
    ("ustr", "country/USA"),
    ("doe", "country/USA"),
    ("cbp", "country/USA"),
    ("dla", "country/USA"),
    ("pentagon", "country/USA"),
    ("ofac", "country/USA"),
    ("cfius", "country/USA"),
    ("indonesia", "country/IDN"),
    ("kazakhstan", "country/KAZ"),
    ("drc", "country/COD"),
    ("arecoms", "country/COD"),
    ("russia", "country/RUS"),
    ("russian", "country/RUS"),
    ("kremlin", "country/RUS"),
    ("india", "country/IND"),
    ("dgft", "country/IND"),
    ("dgtr", "country/IND"),
    ("japan", "country/JPN"),
    ("meti", "country/JPN"),
    ("korea", "country/KOR"),
    ("australia", "country/AUS"),
    ("canada", "country/CAN"),
    ("nrcan", "country/CAN"),
    ("philippines", "country/PHL"),
    ("malaysia", "country/MYS"),
    ("vietnam", "country/VNM"),
    ("thailand", "country/THA"),
    ("myanmar", "country/MMR"),
    ("mongolia", "country/MNG"),
    ("ukraine", "country/UKR"),
    ("zambia", "country/ZMB"),
    ("zimbabwe", "country/ZWE"),
    ("namibia", "country/NAM"),
    ("gabon", "country/GAB"),
    ("mali", "country/MLI"),
    ("guinea", "country/GIN"),
    ("madagascar", "country/MDG"),
    ("chile", "country/CHL"),
    ("cochilco", "country/CHL"),
    ("sernageomin", "country/CHL"),
    ("peru", "country/PER"),
    ("brazil", "country/BRA"),
    ("secex", "country/BRA"),
    ("argentina", "country/ARG"),
    ("turkey", "country/TUR"),
    ("saudi", "country/SAU"),
    ("germany", "country/DEU"),
    ("uk", "country/GBR"),
    ("european", "region/EU"),
    ("ec", "region/EU"),
    ("eu", "region/EU"),
];

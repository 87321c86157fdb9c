//! Short forms of goods, such as "hydroxide" and 精矿: which good is meant is told by the metal that was named before.
//!
//! The lexicon holds the full names. For each form and each good it is worked out once which good the two make together:
//! "lithium" and "hydroxide" make "lithium hydroxide", and so do the goods of lithium's family.

use std::collections::HashMap;

use crate::lexicon::{Entry, Lexicon};
use crate::mention::{Kind, Mention};
use crate::trie::Trie;
use crate::view::{View, is_han};

/// The forms: as the full name ends, and in the plural.
const FORMS: &[(&str, &str)] = &[
    ("hydroxide", "hydroxides"),
    ("carbonate", "carbonates"),
    ("concentrate", "concentrates"),
    ("ingot", "ingots"),
    ("cathode", "cathodes"),
    ("oxide", "oxides"),
    ("dioxide", "dioxides"),
    ("trioxide", "trioxides"),
    ("pentoxide", "pentoxides"),
    ("sulphate", "sulphates"),
    ("sulfate", "sulfates"),
    ("chloride", "chlorides"),
    ("tetrachloride", "tetrachlorides"),
    ("fluoride", "fluorides"),
    ("hexafluoride", "hexafluorides"),
    ("phosphate", "phosphates"),
    ("nitrate", "nitrates"),
    ("carbide", "carbides"),
    ("sponge", "sponges"),
    ("matte", "mattes"),
    ("pellets", "pellet"),
    ("fines", "fines"),
    ("foil", "foils"),
    ("flake", "flakes"),
    ("briquettes", "briquette"),
    ("blister", "blister"),
    ("精矿", "精矿粉"),
    ("氧化物", "氧化物"),
    ("氢氧化物", "氢氧化物"),
    ("碳酸盐", "碳酸盐"),
    ("硫酸盐", "硫酸盐"),
    ("氯化物", "氯化物"),
    ("电解粉", "电解粉"),
];

/// Words behind a form with which it is another thing: parts of a battery's cathode, rocks, the verb.
const OTHER_BEHIND: &[&str] = &[
    " on ",
    " its ",
    " their ",
    " material",
    " active",
    " maker",
    " producer",
    " manufacturer",
    " plant",
    " sector",
    " precursor",
    " rock",
    " layer",
    " semiconductor",
    "半导体",
    "薄膜",
    "电池",
    "陶瓷",
];

/// Words before a form with which it is a verb, or a fine to pay.
const OTHER_BEFORE: &[&str] =
    &["to", "will", "would", "can", "must", "should", "may", "and", "of", "in", "for"];

/// How many goods before a form are asked.
const ASKED: usize = 12;

/// The forms, and what each is of each good.
pub(super) struct Shorts {
    names: Trie,
    /// By form: the good that it makes of another.
    full: Vec<HashMap<String, String>>,
}

impl Shorts {
    pub(super) fn new(lexicon: &Lexicon) -> Shorts {
        let mut names = Trie::new();
        let mut goods: HashMap<String, &str> = HashMap::new();
        let commodities = || lexicon.entries().iter().filter(|entry| entry.kind() == "commodity");
        for entry in commodities() {
            for name in &entry.names {
                goods.entry(name.text.to_lowercase()).or_insert(&entry.id);
            }
        }
        let mut full = Vec::with_capacity(FORMS.len());
        for (number, (form, plural)) in FORMS.iter().enumerate() {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            names.insert(form, number);
            names.insert(plural, number);
            let found = commodities().filter_map(|entry| {
                let good = of_family(lexicon, &goods, entry, form)?;
                Some((entry.id.clone(), good.to_owned()))
            });
            full.push(found.collect());
        }
        Shorts { names, full }
    }

    /// The good that a short form at `at` means after `mentions`, with where the form ends. A form that directly follows the
    /// name of a good with which it makes none the lexicon knows is a good of its own, and no short form.
    pub(super) fn find(&self, view: &View<'_>, at: usize, mentions: &[Mention<'_>]) -> Option<(&str, usize)> {
        let mut hit = None;
        self.names.each(view, at, |found| hit = found.values.first().map(|form| (*form as usize, found.end)));
        let (form, end) = hit?;
        let back = view.blanks_back(at);
        let joined = view.before(back);
        let last = mentions.last()?;
        let follows = last.end_byte >= view.byte(back) && last.kind == Kind::Entity;
        if follows || joined == '-' || is_han(view.get(at)) && ELEMENTS.contains(joined) {
            return None;
        }
        if OTHER_BEHIND.iter().any(|word| view.starts_with(end, word)) {
            return None;
        }
        let name = FORMS.get(form)?.0;
        if matches!(name, "concentrate" | "fines") && self.is_other(view, back, name) {
            return None;
        }
        let full = self.full.get(form)?;
        mentions
            .iter()
            .rev()
            .filter_map(|mention| mention.id.as_deref().filter(|id| id.starts_with("commodity/")))
            .take(ASKED)
            .find_map(|id| full.get(id))
            .map(|good| (good.as_str(), end))
    }

    /// True for «to concentrate», and for fines that are no grade of ore.
    fn is_other(&self, view: &View<'_>, back: usize, name: &str) -> bool {
        let graded = matches!(view.before(back), '%' | ')') || view.before(back).is_ascii_digit();
        if name == "fines" {
            return !graded && !["iron", "Fe"].iter().any(|word| ends_with(view, back, word));
        }
        OTHER_BEFORE[..6].iter().any(|word| ends_with(view, back, word))
    }
}

/// Characters that make a full name of a form: 铜精矿, 硫精矿.
const ELEMENTS: &str =
    "铜铝锌镍铅锡钴金银铂钯铁锑钨钼锂镓锗铟铋镉锰铬钒钛镁汞砷硅铌钽锆铀煤硫磷碳氟硼墨石土英云";

fn ends_with(view: &View<'_>, end: usize, word: &str) -> bool {
    let length = word.chars().count();
    end >= length && view.starts_with(end - length, word) && view.at_edge(end - length)
}

/// The good whose name is that of `entry`, or of the nearest of its family, with `form` behind it.
fn of_family<'l>(
    lexicon: &Lexicon,
    goods: &HashMap<String, &'l str>,
    entry: &Entry,
    form: &str,
) -> Option<&'l str> {
    const DEEPEST: usize = 4;
    let mut level = vec![entry];
    for _ in 0..DEEPEST {
        for entry in &level {
            for name in &entry.names {
                let joint = if name.chinese { "" } else { " " };
                let full = format!("{}{joint}{form}", name.text.to_lowercase());
                // A grade is not carried over, nor is a good its own kind.
                let graded = name.text.contains("grade") || name.text.contains('级');
                if let Some(good) = goods.get(&full).filter(|good| !graded && **good != entry.id) {
                    return Some(good);
                }
            }
        }
        level = level.iter().flat_map(|entry| &entry.family).filter_map(|id| lexicon.get(id)).collect();
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::{Context, Reader};

    /// The id of the last name of a text.
    fn last(text: &str) -> Option<String> {
        let mentions = Reader::standard().read(text, &Context::default());
        mentions.into_iter().filter_map(|mention| mention.id).next_back()
    }

    #[test]
    fn a_short_form_is_of_the_metal_named_before() {
        let cases = [
            ("Lithium carbonate rose. Hydroxide lagged behind.", "commodity/lithium-hydroxide"),
            ("Cobalt metal was firm and hydroxide was not.", "commodity/cobalt-hydroxide"),
            ("Battery-grade lithium carbonate rose; carbonate lagged.", "commodity/lithium-carbonate"),
            ("Refined copper and imported concentrates", "commodity/copper-concentrate"),
            ("钨价上行,精矿惜售", "commodity/tungsten-concentrate"),
            ("Antimony metal is dear, trioxide dearer", "commodity/antimony-oxide"),
            ("Copper smelters will concentrate on costs", "commodity/copper"),
            ("Iron ore was sold, and fines of $2m were paid", "commodity/iron-ore"),
            ("Nickel cathode makers", "commodity/nickel-cathode"),
        ];
        for (text, expected) in cases {
            let found = last(text);
            assert!(found.as_deref() == Some(expected), "{text}: {found:?}");
        }
    }
}

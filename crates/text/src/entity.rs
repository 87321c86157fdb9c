//! Names from the lexicon, found in a text.

mod context;
mod echo;
mod short;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use crate::entity::context::Condition;
pub(crate) use crate::entity::echo::Echoes;
pub(crate) use crate::entity::short::PREFIX as SHORT;
use crate::entity::short::Shorts;
use crate::lexicon::Lexicon;
use crate::trie::{Hit, Trie};
use crate::view::{View, fold, is_han};

/// The names of a lexicon, ready to be looked for.
pub(crate) struct Entities {
    names: Trie,
    aliases: Vec<Alias>,
    conditions: Vec<Condition>,
    /// What the short names among them mean.
    pub(crate) shorts: Shorts,
}

struct Alias {
    id: String,
    /// The only spelling that counts, where capitals matter.
    exact: Option<String>,
    in_context: bool,
    artefact: bool,
    /// Which conditions speak of it.
    conditions: Vec<u32>,
}

/// An entity found.
pub(crate) struct Entity<'a> {
    pub(crate) id: &'a str,
    pub(crate) end: usize,
    /// The name distorts what was meant; see `lexicon::Name`.
    pub(crate) artefact: bool,
    /// Of a measure: the good with which its name begins, and where that ends. "EV sales", 新能源汽车销量.
    pub(crate) good: Option<(&'a str, usize)>,
}

/// Measures of which a good is a part of the name: "EV sales", 铜精矿加工费.
const GOODS_OF: &[&str] = &[
    "measure/vehicle-sales",
    "measure/treatment-charge",
    "measure/price",
    "measure/grade",
    "measure/battery-installations",
    "measure/etf-holdings",
];

/// Names of one entry that begin at one place are seldom more than these; of more, the longest are tried.
const HITS: usize = 8;

impl Entities {
    /// Those of the standard lexicon, made once.
    pub(crate) fn standard() -> Arc<Entities> {
        static STANDARD: LazyLock<Arc<Entities>> =
            LazyLock::new(|| Arc::new(Entities::new(Lexicon::standard())));
        STANDARD.clone()
    }

    pub(crate) fn new(lexicon: &Lexicon) -> Entities {
        let mut entities = Entities {
            names: Trie::new(),
            aliases: Vec::new(),
            conditions: Vec::new(),
            shorts: Shorts::new(lexicon),
        };
        let mut spoken_of: HashMap<&str, Vec<usize>> = HashMap::new();
        for (number, rule) in lexicon.rules().iter().enumerate() {
            entities.conditions.push(Condition::new(rule));
            for name in &rule.names {
                spoken_of.entry(name).or_default().push(number);
            }
        }
        for entry in lexicon.entries() {
            for name in &entry.names {
                let number = u32::try_from(entities.aliases.len()).unwrap_or(u32::MAX);
                let folded: String = name.text.chars().map(fold).collect();
                let rules = spoken_of.get(folded.as_str()).map_or(&[][..], |rules| rules);
                let conditions = rules
                    .iter()
                    .filter(|rule| lexicon.rules()[**rule].is_of(entry))
                    .map(|rule| u32::try_from(*rule).unwrap_or(u32::MAX))
                    .collect();
                entities.names.insert(&name.text, number);
                entities.aliases.push(Alias {
                    id: entry.id.clone(),
                    exact: name.exact.then(|| name.text.clone()),
                    in_context: name.in_context,
                    artefact: name.artefact,
                    conditions,
                });
            }
        }
        entities
    }

    /// The longest name that begins at `at`.
    pub(crate) fn find<'a>(&'a self, view: &View<'_>, at: usize) -> Option<Entity<'a>> {
        if !view.at_edge(at) || !self.names.may_begin(view, at) {
            return None;
        }
        let mut hits: [Option<Hit<'_>>; HITS] = [None; HITS];
        let mut count = 0;
        self.names.walk(view, at, |hit| {
            hits[count % HITS] = Some(hit);
            count += 1;
        });
        for number in (count.saturating_sub(HITS)..count).rev() {
            if let Some(hit) = hits[number % HITS]
                && !runs_on(view, hit.end)
                && let Some(alias) = self.meaning(view, at, hit)
            {
                let company = alias.id.starts_with("company/");
                let end = if company { legal_form(view, hit.end) } else { hit.end };
                let of_good = GOODS_OF.contains(&alias.id.as_str());
                let good = of_good.then(|| self.good_within(view, at, &hits, hit.end)).flatten();
                return Some(Entity { id: &alias.id, end, artefact: alias.artefact, good });
            }
        }
        None
    }

    /// The good whose name is the beginning of a longer name.
    fn good_within(
        &self,
        view: &View<'_>,
        at: usize,
        hits: &[Option<Hit<'_>>; HITS],
        end: usize,
    ) -> Option<(&str, usize)> {
        let shorter = hits.iter().flatten().filter(|hit| hit.end < end);
        let found = shorter.filter_map(|hit| {
            let alias = self.meaning(view, at, *hit).filter(|alias| alias.id.starts_with("commodity/"))?;
            // Vehicles of any kind are counted, and are no good of the field.
            (alias.id != "commodity/vehicle").then_some((alias.id.as_str(), hit.end))
        });
        found.max_by_key(|(_, end)| *end)
    }

    /// What a name means here: the meaning that the context asks for, else the plain one. Where two meanings fit alike
    /// neither is sure, and nothing is reported.
    fn meaning(&self, view: &View<'_>, at: usize, hit: Hit<'_>) -> Option<&Alias> {
        let mut plain: Option<&Alias> = None;
        let mut fitting: Option<&Alias> = None;
        for value in hit.values {
            let alias = &self.aliases[*value as usize];
            let spelled = alias.exact.as_ref().is_none_or(|exact| view.source_of(at..hit.end) == exact);
            if !spelled || !self.allows(view, at..hit.end, alias) {
                continue;
            }
            if !alias.in_context {
                plain.get_or_insert(alias);
            } else if fitting.is_some_and(|other| other.id != alias.id) {
                return None;
            } else {
                fitting = Some(alias);
            }
        }
        fitting.or(plain)
    }

    /// True if one of the conditions that allow the name is met, or there are none, and none that forbids it is.
    fn allows(&self, view: &View<'_>, span: std::ops::Range<usize>, alias: &Alias) -> bool {
        let mut wanted = false;
        let mut met = false;
        for number in &alias.conditions {
            let condition = &self.conditions[*number as usize];
            if condition.bars {
                if condition.holds(view, span.clone()) {
                    return false;
                }
            } else {
                wanted = true;
                met = met || condition.holds(view, span.clone());
            }
        }
        met || !wanted
    }
}

/// True if the last character of a name is the first of another word with what follows: 铝板 and 块, 工信部 and 门.
fn runs_on(view: &View<'_>, end: usize) -> bool {
    matches!(
        (view.before(end), view.get(end)),
        ('板', '块') | ('部', '门' | '长') | ('网', '络' | '点') | ('会', '议' | '计')
    )
}

/// The end of a company's name with the legal form that is printed behind it: 股份有限公司, "Limited", "Co., Ltd."
fn legal_form(view: &View<'_>, end: usize) -> usize {
    const HAN: &[&str] = &["集团股份有限公司", "集团有限公司", "股份有限公司", "有限责任公司", "有限公司"];
    const LATIN: &[&str] = &[
        " group corp., ltd.", " group co., ltd.", " corporation limited", " co., ltd.", " co. ltd.",
        " co., ltd", " corporation", " limited", " corp.", " corp", " inc.", " ltd.", " ltd", " inc", " plc",
    ];
    let next = view.get(end);
    if is_han(next) {
        return view.any_of(end, HAN).map_or(end, |found| found.1);
    }
    if next != ' ' || !view.raw(end + 1).is_uppercase() {
        return end;
    }
    view.any_of(end, LATIN).filter(|(_, after)| view.at_edge(*after)).map_or(end, |found| found.1)
}

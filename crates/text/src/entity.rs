//! Names from the lexicon, found in a text.

mod context;
mod echo;
mod short;

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, LazyLock};

use crate::entity::context::Condition;
pub(crate) use crate::entity::echo::Echoes;
pub(crate) use crate::entity::short::PREFIX as SHORT;
use crate::entity::short::Shorts;
use crate::lexicon::Lexicon;
use crate::trie::{Hit, Names, Trie};
use crate::view::{View, fold, is_han};

/// The names of a lexicon, ready to be looked for.
pub(crate) struct Entities {
    names: Trie,
    aliases: Vec<Alias>,
    /// The ids of the entries.
    ids: Vec<Box<str>>,
    /// Names of which one spelling counts; the first is of no alias.
    exact: Vec<Box<str>>,
    conditions: Vec<Condition>,
    /// Numbers of conditions, those of one alias beside each other.
    spoken_of: Vec<u32>,
    /// What the short names among them mean.
    pub(crate) shorts: Shorts,
}

/// What a name stands for; small, since few of the many are in the fast caches when they are asked for.
struct Alias {
    /// The number of its entry.
    entry: u32,
    /// Which conditions speak of it, from the first to behind the last of [`Entities::spoken_of`].
    conditions: (u32, u32),
    /// Which of [`Entities::exact`] is the only spelling that counts, where capitals matter.
    exact: Option<NonZeroU32>,
    in_context: bool,
    artefact: bool,
    is_company: bool,
    is_commodity: bool,
    /// A good may be a part of the name.
    is_of_goods: bool,
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
        let mut names = Names::default();
        let mut aliases = Vec::new();
        let mut exact = vec![Box::default()];
        let mut conditions = Vec::new();
        let mut rules_of: HashMap<&str, Vec<usize>> = HashMap::new();
        for (number, rule) in lexicon.rules().iter().enumerate() {
            conditions.push(Condition::new(rule));
            for name in &rule.names {
                rules_of.entry(name).or_default().push(number);
            }
        }
        let mut spoken_of = Vec::new();
        for (entry, number) in lexicon.entries().iter().zip(0..) {
            for name in &entry.names {
                let alias = short(aliases.len());
                let folded: String = name.text.chars().map(fold).collect();
                let rules = rules_of.get(folded.as_str()).map_or(&[][..], |rules| rules);
                let rules = rules.iter().filter(|rule| lexicon.rules()[**rule].is_of(entry));
                let first = short(spoken_of.len());
                spoken_of.extend(rules.map(|rule| short(*rule)));
                names.insert(&name.text, alias);
                let spelling = NonZeroU32::new(short(exact.len())).filter(|_| name.exact);
                if name.exact {
                    exact.push(name.text.as_str().into());
                }
                aliases.push(Alias {
                    entry: number,
                    conditions: (first, short(spoken_of.len())),
                    exact: spelling,
                    in_context: name.in_context,
                    artefact: name.artefact,
                    is_company: entry.id.starts_with("company/"),
                    is_commodity: entry.id.starts_with("commodity/"),
                    is_of_goods: GOODS_OF.contains(&entry.id.as_str()),
                });
            }
        }
        let ids = lexicon.entries().iter().map(|entry| entry.id.as_str().into()).collect();
        let shorts = Shorts::new(lexicon);
        Entities { names: names.ready(), aliases, ids, exact, conditions, spoken_of, shorts }
    }

    fn id(&self, alias: &Alias) -> &str {
        &self.ids[alias.entry as usize]
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
                let end = if alias.is_company { legal_form(view, hit.end) } else { hit.end };
                let good = alias.is_of_goods.then(|| self.good_within(view, at, &hits, hit.end)).flatten();
                return Some(Entity { id: self.id(alias), end, artefact: alias.artefact, good });
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
            let alias = self.meaning(view, at, *hit).filter(|alias| alias.is_commodity)?;
            // Vehicles of any kind are counted, and are no good of the field.
            let id = self.id(alias);
            (id != "commodity/vehicle").then_some((id, hit.end))
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
            let spelled =
                |exact: NonZeroU32| view.source_of(at..hit.end) == &*self.exact[exact.get() as usize];
            if !alias.exact.is_none_or(spelled) || !self.allows(view, at..hit.end, alias) {
                continue;
            }
            if !alias.in_context {
                plain.get_or_insert(alias);
            } else if fitting.is_some_and(|other| other.entry != alias.entry) {
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
        let (first, end) = alias.conditions;
        for number in &self.spoken_of[first as usize..end as usize] {
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

/// A number of one of the lists, which no lexicon fills to four thousand million.
fn short(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
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

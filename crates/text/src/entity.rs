//! Names from the lexicon, found in a text.

use crate::lexicon::Lexicon;
use crate::trie::Trie;
use crate::view::{View, is_han};

/// The names of a lexicon, ready to be looked for.
pub(crate) struct Entities {
    names: Trie,
    aliases: Vec<Alias>,
}

struct Alias {
    id: String,
    /// The only spelling that counts, where capitals matter.
    exact: Option<String>,
    /// A single Chinese character, which is a name only beside certain others.
    short: bool,
}

/// An entity found.
pub(crate) struct Entity<'a> {
    pub(crate) id: &'a str,
    pub(crate) end: usize,
}

impl Entities {
    pub(crate) fn new(lexicon: &Lexicon) -> Entities {
        let mut entities = Entities { names: Trie::new(), aliases: Vec::new() };
        for entry in lexicon.entries() {
            for name in &entry.names {
                let number = u32::try_from(entities.aliases.len()).unwrap_or(u32::MAX);
                // Two or three capitals, symbols, and names that are common words otherwise count in their own spelling only.
                let (exact, spelling) = match name.strip_prefix('=') {
                    Some(name) => (true, name),
                    None => (is_acronym(name), name.as_str()),
                };
                let mut characters = spelling.chars();
                let short = characters.next().is_some_and(is_han) && characters.next().is_none();
                entities.names.insert(spelling, number);
                entities.aliases.push(Alias {
                    id: entry.id.clone(),
                    exact: exact.then(|| spelling.to_owned()),
                    short,
                });
            }
        }
        entities
    }

    /// The longest name that begins at `at`.
    pub(crate) fn find<'a>(&'a self, view: &View<'_>, at: usize) -> Option<Entity<'a>> {
        if view.before(at).is_ascii_alphanumeric() && view.get(at).is_ascii_alphanumeric() {
            return None;
        }
        let mut found = None;
        self.names.each(view, at, |hit| {
            for value in hit.values {
                let alias = &self.aliases[*value as usize];
                let spelled = alias.exact.as_ref().is_none_or(|exact| view.source_of(at..hit.end) == exact);
                if spelled && (!alias.short || short_fits(view, at, hit.end)) {
                    found = Some(Entity { id: &alias.id, end: hit.end });
                    break;
                }
            }
        });
        found
    }
}

/// All capitals, at most five: LME, US, PE.
fn is_acronym(name: &str) -> bool {
    name.len() <= 5 && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// Countries that texts name by one character.
const COUNTRIES: &str = "中美泰墨日韩俄印德法英澳加越缅智秘欧";
/// Goods that texts name by one character.
const GOODS: &str = "铜铝锌铅镍锡金银铂钯锑镓锗钨钼钴锂锰钒铟铋锆钛铬镁硅硒碲铼铍钽铌镝铽镨钕钐铕钆钇铁";

/// True if a single character is surely a name here: 从泰墨转运, 中美关系, 沪铜 and 铜价, but not 美丽 or 铜陵.
fn short_fits(view: &View<'_>, at: usize, end: usize) -> bool {
    let character = view.get(at);
    let (before, next) = (view.before(at), view.get(end));
    if character == '金' || character == '银' {
        return matches!(before, '沪' | '购' | '售') || matches!(next, '价' | '矿' | '饰') && !is_han(before);
    }
    if character == '铁' {
        return !is_han(before) && !is_han(next) || matches!(next, '、' | '，');
    }
    if GOODS.contains(character) {
        return !matches!(next, '陵' | '笔' | '官' | '钱' | '牌' | '仁' | '川' | '像' | '合');
    }
    if !COUNTRIES.contains(character) {
        return true;
    }
    // 美方, 美企, 日媒: with 中方 and the like, which are names of their own in the lexicon.
    if matches!(next, '方' | '企' | '媒' | '军') && !matches!(character, '加' | '法' | '印' | '中') {
        return true;
    }
    let opens = !is_han(before);
    let partner = |other: char| COUNTRIES.contains(other);
    // 从泰墨转运, 中美关系, 日韩: two countries side by side, with no third character that makes another word of them.
    if partner(next)
        && !matches!(
            (character, next),
            ('日', '中') | ('中', '日' | '欧' | '英') | ('法', '中') | ('印', '中') | ('加', '法' | '中')
        )
    {
        return opens
            || matches!(
                before,
                '从' | '自' | '对' | '与' | '和' | '在' | '经' | '由' | '向' | '往' | '关' | '近'
            );
    }
    if partner(before) && find_pair_end(view, at) {
        return true;
    }
    // 对美出口, 美被曝, 美从泰国: between a preposition and a verb of trade, or at the head of a clause.
    matches!((before, next), ('对' | '赴' | '输' | '销', '出' | '进' | '加' | '稀' | '的'))
        || opens
            && matches!(
                (character, next),
                ('美', '被' | '从' | '对' | '称' | '拟' | '将')
                    | ('俄' | '韩' | '泰' | '墨' | '越', '被' | '从' | '称' | '拟')
            )
}

/// True if the second of two countries is followed by something that goes with a pair of them.
fn find_pair_end(view: &View<'_>, at: usize) -> bool {
    let next = view.get(at + 1);
    !is_han(next)
        || matches!(
            next,
            '转' | '关'
                | '贸'
                | '经'
                | '两'
                | '双'
                | '进'
                | '出'
                | '谈'
                | '之'
                | '稀'
                | '等'
                | '三'
                | '间'
                | '运'
        )
}

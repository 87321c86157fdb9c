//! Whom a text names as the source of what it tells: «据路透社报道», 来源:安泰科, "Reuters reported", "according to the ministry".

use std::collections::HashMap;
use std::sync::LazyLock;

use plugin_sdk::DocumentRead;
use plugin_sdk::record::{MarkedAttribution, MentionKind, Span};
use regex::Regex;
use text::Lexicon;

/// Most attributions of a mark; the first count.
const MAX_ATTRIBUTIONS: usize = 32;

/// Words of saying, each with a group `who`. A name begins where a clause does; verbs that do the thing (announce, sign, ban) are none.
const PATTERNS: &[&str] = &[
    // 据路透社报道, 据孟连县商务局介绍, 据业内消息.
    r"据(?P<who>[^，,。；;：:\n]{2,40}?)(?:的?报道|(?:网站)?消息|(?:网站)?公告|介绍|披露|通报|统计|透露|(?:的)?数据)(?:称|显示)?",
    // 来源:安泰科.
    r"(?:来源|转自|编译自|原文)[:：]\s*(?P<who>[^\n，,。；;）)|]{2,26})",
    // 新华社约翰内斯堡9月2日电.
    r"(?:^|\n)(?P<who>新华社|中新社|中新网|财联社|路透社|彭博社|法新社|共同社)[\p{Han}]{0,8}\d{1,2}月\d{1,2}日(?:电|讯)",
    // 南非国家财政部表示, 海关总署数据显示, 彭博社报道称.
    r"(?:^|[\n，,。；;：:”）)])(?P<who>[\p{Han}A-Za-z·《》（）]{2,22}?)(?:近日|日前|今日|昨日|周[一二三四五六日]|\d{1,2}日)?(?:在[^，。]{2,16})?(?:表示|(?:报道|公告|消息|通报中?|声明中?|网站)?(?:称|说)|报道|通报|指出|透露|介绍|(?:(?:公布|发布)?的?(?:统计|数据))显示)(?:[，,：:]|$)",
    // 力勤资源公告称上半年….
    r"(?:^|[\n，,。；;：:”）)])(?P<who>[\p{Han}A-Za-z·《》（）]{2,22}?)(?:公告|报道|消息|声明|通报)称",
    // 一位工程师告诉证券时报记者.
    r"(?:^|[\n，,。；;：:”）)])(?P<who>[\p{Han}A-Za-z·]{2,22}?)告诉[\p{Han}A-Za-z0-9《》 ]{2,16}?(?:记者)?(?:[，,：:]|$)",
    // According to the ministry.
    r"(?i)\baccording to (?P<who>(?:the |a |an |two |three |several )?(?:U\.S\.|U\.K\.|[^\n.,;:()]){2,60}?)(?:[.,;:()\n]|$| (?:and|which|that|who)\b)",
    // Reuters reported, the company said in a statement, CBG said.
    r"(?P<who>(?:[Tt]he |[Aa] |[Aa]n |[Tt]wo |[Ss]everal )?(?:[A-Z\u{c0}-\u{de}][\p{L}\d&.'’-]*|company|ministry|miner|group|union|agency|exchange|government|federation|producer|operator|firm|bank|office|statement|customs|people|sources)(?: (?:[A-Z\u{c0}-\u{de}][\p{L}\d&.'’-]*|of|and|the|for|in|at|de|du|des|official|manager|engineer|spokesman|spokeswoman|relations|desk|company|ministry|federation|government|office|city|province|union|data|familiar|with|matter|group)){0,7}) (?:has |have |had |also )?(?:said|says|reported|reports|stated|states|disclosed|told|tells|showed|shows)\b(?: in (?:a|its) (?:statement|filing|notice|report|announcement|(?:\w+ )?note))?",
    // Via Tuyen Quang Online, citing Reuters, Source: Reuters.
    r"(?i:\bciting|\bsource:|\breported by)\s+(?-i:(?P<who>(?:the )?[A-Z\u{c0}-\u{de}][^\n.,;:()]{1,40}))",
    // Via Tuyen Quang Online:
    r"(?i:\bvia)\s+(?-i:(?P<who>(?:the )?[A-Z\u{c0}-\u{de}][^\n.,;:()]{1,40}))(?:[:\n]|$)",
    // SAO PAULO, Sept 18 (Reuters) -
    r"\((?P<who>Reuters|Bloomberg|Xinhua|AFP|AP|EFE|Kyodo|Nikkei)\)",
];

/// Words by which a publisher says that it has asked or seen for itself; `to` is then the publisher.
const ASKED: &[&str] = &[
    // 记者在厂门口看到, 本报记者获悉.
    r"记者[\p{Han}\d]{0,16}?(?:看到|获悉|了解到|走访|致电|采访)",
    // 告诉本报记者, 向证券时报透露.
    r"(?:告诉|向|对)(?P<to>[\p{Han}A-Za-z0-9 ]{2,16}?)(?:记者)?(?:[，,：:“]|表示|透露|证实|说)",
    // Told Stockhead Asia, seen by Reuters.
    r"\b(?:told|tells|seen by|reviewed by|speaking to|interview with) (?P<to>(?:[Tt]he )?[A-Z][^\n.,;:()]{1,40}?)(?:[.,;:()\n]|$| (?:that|on|in|by|at|he|she|they)\b)",
    // AAR reached two miners.
    r"(?P<to>[A-Z][\w&' ]{1,40}?) (?:visited|saw|reached|spoke (?:to|with)|has seen|called|asked)\b",
    r"(?i)\bour (?:reporter|correspondent)s?\b",
];

/// Words with which a publisher speaks of itself.
const SELF: &[&str] = &["本报", "本刊", "本网", "本台", "本社", "记者", "我们", "us"];

/// Made once, since reading the lexicon and the patterns takes longer than many documents do.
static STANDARD: LazyLock<Sources> = LazyLock::new(Sources::new);

/// Knows publishers by name, and words of saying.
pub(super) struct Sources {
    names: HashMap<String, String>,
    patterns: Vec<Regex>,
    asked: Vec<Regex>,
}

impl Sources {
    /// With the lexicon that comes with the program.
    pub(super) fn standard() -> &'static Self {
        &STANDARD
    }

    fn new() -> Self {
        let mut names = HashMap::new();
        for entry in Lexicon::standard().entries() {
            if matches!(entry.kind(), "institution" | "company" | "agency" | "exchange") {
                for name in &entry.names {
                    names.entry(folded(&name.text)).or_insert_with(|| entry.id.clone());
                }
            }
        }
        let made = |patterns: &[&str]| -> Vec<Regex> {
            let made = |pattern: &&str| Regex::new(pattern).expect("the patterns are fixed and tested");
            patterns.iter().map(made).collect()
        };
        Self { names, patterns: made(PATTERNS), asked: made(ASKED) }
    }

    /// The lexicon's id of a publisher.
    pub(super) fn publisher(&self, source: &str) -> Option<&str> {
        self.names.get(&folded(source)).map(String::as_str)
    }

    /// Who is named as a source in a document, each once, by the first words that do it; the publisher itself is none.
    pub(super) fn attributions(&self, read: &DocumentRead) -> Vec<MarkedAttribution> {
        let text = &read.document.text;
        let mut found: Vec<(usize, usize, usize, usize)> = Vec::new();
        for pattern in &self.patterns {
            for capture in pattern.captures_iter(text) {
                let (Some(whole), Some(who)) = (capture.get(0), capture.name("who")) else { continue };
                // The clause that a name begins is not a part of the words.
                let start = if whole.as_str().starts_with(is_edge) { who.start() } else { whole.start() };
                let end = start + text[start..whole.end()].trim_end_matches(is_edge).len();
                found.push((start, end.max(who.end()), who.start(), who.end()));
            }
        }
        found.sort_unstable();
        let own = folded(&read.document.source);
        let mut kept: Vec<MarkedAttribution> = Vec::new();
        let mut last = 0;
        for (start, end, name_start, name_end) in found {
            let name = trimmed(&text[name_start..name_end]);
            let entity = self.entity(read, name, name_start, name_end);
            let fold = folded(name);
            let is_own =
                fold == own || (!entity.is_empty() && self.publisher(&read.document.source) == Some(&entity));
            if start < last
                || is_own
                || is_nobody(name)
                || kept.iter().any(|other| folded(&other.name) == fold)
            {
                continue;
            }
            last = end;
            let offset = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX);
            let span =
                Span { start_byte: offset(start), end_byte: offset(end), quote: text[start..end].to_owned() };
            kept.push(MarkedAttribution { span: Some(span), entity, name: name.to_owned(), own: false });
            if kept.len() == MAX_ATTRIBUTIONS {
                break;
            }
        }
        kept.extend(self.asked(text, &own));
        kept
    }

    /// The first words by which the publisher `own` says that it has asked or seen for itself.
    fn asked(&self, text: &str, own: &str) -> Option<MarkedAttribution> {
        let captures = self.asked.iter().flat_map(|pattern| pattern.captures_iter(text));
        let spans = captures.filter_map(|capture| {
            let whole = capture.get(0)?;
            let is_own = capture.name("to").is_none_or(|to| {
                let to = folded(to.as_str());
                let longer = |a: &str, b: &str| a.chars().count() > 2 && b.contains(a);
                SELF.contains(&to.as_str()) || longer(own, &to) || longer(&to, own) || initials(own, &to)
            });
            is_own.then(|| whole.start()..whole.start() + whole.as_str().trim_end_matches(is_edge).len())
        });
        let span = spans.min_by_key(|span| span.start)?;
        let offset = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX);
        let quote = text[span.clone()].to_owned();
        let span = Span { start_byte: offset(span.start), end_byte: offset(span.end), quote };
        Some(MarkedAttribution { span: Some(span), own: true, ..MarkedAttribution::default() })
    }

    /// The lexicon's id of a name: that of the words, or of the last organization that is read within them.
    fn entity(&self, read: &DocumentRead, name: &str, start: usize, end: usize) -> String {
        if let Some(id) = self.names.get(&folded(name)) {
            return id.clone();
        }
        let kinds = ["institution/", "company/", "agency/", "exchange/"];
        read.mentions
            .iter()
            .filter(|mention| {
                mention.kind() == MentionKind::Entity
                    && (start..end).contains(&(mention.start_byte as usize))
                    && kinds.iter().any(|kind| mention.entity.starts_with(kind))
            })
            .max_by_key(|mention| mention.start_byte)
            .map(|mention| mention.entity.clone())
            .unwrap_or_default()
    }
}

/// A name as it is compared: letters and digits in lower case, without an article.
pub(crate) fn folded(name: &str) -> String {
    let lower = name.to_lowercase();
    let lower = lower.strip_prefix("the ").unwrap_or(&lower);
    lower.chars().filter(|letter| letter.is_alphanumeric()).collect()
}

/// Whether a name is made of initials, in their order, of another; both as they are compared.
fn initials(name: &str, short: &str) -> bool {
    let mut letters = name.chars();
    (2..6).contains(&short.len())
        && name.starts_with(|letter| short.starts_with(letter))
        && short.chars().all(|letter| letters.any(|other| other == letter))
}

fn is_edge(letter: char) -> bool {
    matches!(letter, '\n' | '，' | ',' | '。' | '；' | ';' | '：' | ':' | '”' | '）' | ')' | '.' | '(' | ' ')
}

fn trimmed(name: &str) -> &str {
    let name = name.trim_matches(|letter: char| letter.is_whitespace() || "《》「」\"“”*_".contains(letter));
    name.strip_prefix('据').unwrap_or(name)
}

/// True for words that name nobody: a pronoun, an adverb, a bare number.
fn is_nobody(name: &str) -> bool {
    const NOBODY: &[&str] = &[
        "he", "she", "it", "they", "we", "i", "this", "that", "there", "which", "who", "and", "but", "last",
        "报道", "消息", "公告", "数据", "网站", "其", "他", "她", "他们", "此举", "并", "也", "还", "可以",
        "换言之", "可", "或", "该",
    ];
    let name = name.trim();
    name.chars().count() < 2
        || NOBODY.contains(&name.to_lowercase().as_str())
        || !name.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use plugin_sdk::record::Document;

    use super::*;

    fn named(text: &str, source: &str) -> Vec<(String, String)> {
        let document = Document { text: text.into(), source: source.into(), ..Document::default() };
        let read = DocumentRead { name: "documents/1".into(), document, mentions: Vec::new() };
        let found = Sources::standard().attributions(&read);
        found.into_iter().filter(|a| !a.own).map(|a| (a.span.unwrap_or_default().quote, a.name)).collect()
    }

    #[test]
    fn words_of_saying_name_a_source() {
        for (text, words, name) in [
            ("据路透社报道，矿山停产。", "据路透社报道", "路透社"),
            ("矿山停产。来源：安泰科", "来源：安泰科", "安泰科"),
            ("价格上涨。海关总署数据显示，出口下降。", "海关总署数据显示", "海关总署"),
            ("The mine is shut, Reuters reported.", "Reuters reported", "Reuters"),
            ("Output fell, according to the ministry.", "according to the ministry", "the ministry"),
            ("According to the U.S. survey, it fell.", "According to the U.S. survey", "the U.S. survey"),
        ] {
            assert_eq!(named(text, "x"), [(words.to_owned(), name.to_owned())], "{text}");
        }
    }

    #[test]
    fn a_publisher_that_asked_for_itself_is_heard() {
        let asked = |text: &str, source: &str| {
            let document = Document { text: text.into(), source: source.into(), ..Document::default() };
            let read = DocumentRead { name: "documents/1".into(), document, mentions: Vec::new() };
            Sources::standard().attributions(&read).iter().any(|attribution| attribution.own)
        };
        assert!(asked("该矿一位工程师告诉证券时报记者，磨机停转。", "证券时报"));
        assert!(asked("A manager told Metal Review that the kiln is cold.", "Metal Review"));
        assert!(!asked("A manager told Metal Review that the kiln is cold.", "Ore Daily"));
        assert!(asked("本报记者在厂门口看到，大门紧闭。", "x"));
    }

    #[test]
    fn the_publisher_itself_and_deeds_are_no_source() {
        assert!(named("新华社北京9月2日电 商务部公告对锑实施出口管制。", "新华社").is_empty());
        assert!(named("The ministry banned exports.", "x").is_empty());
    }
}

//! A rule or a contract that is in force in one sentence and a mere draft in the next.

use api::record::Check;

use super::super::wording;
use crate::outcome::Outcome;
use crate::page::Page;
use crate::words::{find, has};

/// What may be in force, or not yet.
const NAMES: &[&str] = &[
    "条例", "法案", "法规", "法令", "规定", "办法", "指令", "条约", "协定", "协议", "合同", "regulation",
    "law", "act", "bill", "directive", "treaty", "agreement", "contract", "rule", "rules",
];

/// Words that tell it to be in force.
const FORCE: &[&str] = &[
    "通过并生效", "生效后", "已生效", "已经生效", "已正式生效", "正式生效后", "实施后", "已实施",
    "已正式实施", "took effect", "has taken effect", "entered into force", "came into force",
    "in force since", "has been in force", "has become law", "became law", "was enacted", "has been enacted",
];

/// Words that tell it to be none yet.
const DRAFT: &[&str] = &[
    "停留在草案", "仍为草案", "仍是草案", "处于草案", "尚待表决", "仍待表决", "尚未通过", "尚未生效",
    "尚未获得通过", "仍未通过", "仍在征求意见", "尚未签署", "尚未签订", "still a draft", "still in draft",
    "only a draft", "yet to be adopted", "yet to be passed", "yet to be approved", "yet to be signed",
    "yet to take effect", "not yet been adopted", "not yet been passed", "not yet been signed",
    "not yet in force", "not yet law", "still awaits a vote", "still awaiting a vote",
];

/// Words of what is ahead, of another part or of another rule, with which both may be right.
const OTHER: &[&str] = &[
    "将", "拟", "预计", "计划", "一旦", "如果", "若", "待", "修订", "修正", "修改", "补充", "细则", "配套",
    "新版", "另一", "第二", "部分", "其他", "will", "would", "once", "if", "when", "expected", "planned",
    "amended", "amendment", "revised", "revision", "another", "second", "other", "new", "successor",
    "replacement", "part", "parts", "extension", "implementing", "guidelines", "provisionally", "暂行",
    "临时",
];

/// How many sentences behind the first the second one may stand.
const REACH: usize = 2;

/// The first of the sentences of a line, from this one on, of which one says that something is in force and another that it is not.
pub(super) fn check(page: &Page<'_>, at: usize) -> Option<Outcome> {
    let line = page.sentences[at].line;
    let stretch = page.sentences[at..].iter().take_while(|sentence| sentence.line == line);
    let told: Vec<(usize, String)> = stretch
        .map(|sentence| (sentence.span.start, page.lower(sentence.span.start, sentence.span.end)))
        .collect();
    for (index, (start, one)) in told.iter().enumerate() {
        for (from, other) in told[index + 1..].iter().take(REACH) {
            let (force, draft) = match (has(one, FORCE), has(other, FORCE)) {
                (true, false) => ((*start, one), (*from, other)),
                (false, true) => ((*from, other), (*start, one)),
                _ => continue,
            };
            let Some(outcome) = clash(page, force, draft) else { continue };
            return Some(outcome);
        }
    }
    None
}

fn clash(page: &Page<'_>, force: (usize, &String), draft: (usize, &String)) -> Option<Outcome> {
    let name = NAMES.iter().find(|name| has(force.1, &[name]) && has(draft.1, &[name]))?;
    let place = |(start, words): (usize, &String), list: &[&str]| {
        let hits = list.iter().filter_map(|word| Some((find(words, word)?, word.len())));
        hits.min().map(|(at, length)| start + at..start + at + length)
    };
    // «尚待欧洲议会表决» has the one who votes between.
    let waits = draft.1.contains("尚待") && draft.1.contains("表决");
    let drafted = place(draft, DRAFT).or_else(|| place(draft, &["尚待"]).filter(|_| waits))?;
    // «待» stands in «尚待» too.
    let rest = draft.1.replace("尚待", "").replace("仍待", "");
    if has(force.1, OTHER) || has(&rest, OTHER) {
        return None;
    }
    let forced = place(force, FORCE)?;
    let said = format!(
        "«{name}» is in force by «{}», and none yet by «{}»",
        &page.text[forced.clone()],
        &page.text[drafted.clone()]
    );
    Some(wording(page, Check::Chronology, false, said, vec![forced, drafted]))
}

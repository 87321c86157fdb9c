//! What is denied, rumoured, feared or only possible, and so is no event: «denied that it had banned them», 网传…禁止,
//! «rumours of a ban», 消息不实.
//!
//! The words are looked for in the clause before the event's word; what says that a report is wrong holds for its whole sentence.

use std::sync::LazyLock;

use super::layout::Block;
use super::scene::Scene;
use super::slots::EventType;
use crate::find::{Words, lower, rfind};

/// Says of a whole sentence that what it reports is not so.
static REFUTED: LazyLock<Words> = LazyLock::new(|| {
    Words::new(&[
        "消息不实", "不属实", "内容不实", "信息不实", "传闻不实", "说法不实", "报道不实", "言论不实",
        "均不实", "系谣言", "为谣言", "是谣言", "属谣言", "纯属谣言", "纯属虚构", "与事实不符", "并非事实",
        "不是事实", "虚假消息", "虚假信息", "不实消息", "不实信息", "不实传闻", "假消息", "子虚乌有", "辟谣",
        "没有根据", "毫无根据",
    ])
});

/// Says in English that what was reported before it is not so.
static FALSE: LazyLock<Words> = LazyLock::new(|| {
    Words::new(&[
        "was false", "were false", "is false", "are false", "as false", "untrue", "not true", "unfounded",
        "baseless", "groundless", "without foundation", "fake news", "were denied", "was denied by",
        "no truth", "incorrect", "inaccurate",
    ])
});

/// Verbs that say in English that what follows is not so, if one of [`OBJECTS`] is behind: «denied a licence» says no such thing.
const DENIES: &[&str] = &[
    "denied", "denies", "denying", "deny", "refuted", "refutes", "rebutted", "dismissed", "dismisses",
    "rejected",
];

const OBJECTS: &[&str] = &[
    "that", "it ", "having", "any", "reports", "a report", "rumours", "rumors", "claims", "the claim",
    "speculation", "media", "the report", "the rumour", "the rumor", "banning", "imposing", "plans",
    "halting", "suggestions", "allegations", "accusations", "talk of", "there ",
];

/// Words of rumour, which hold for what is behind them.
static RUMOUR: LazyLock<Words> = LazyLock::new(|| {
    Words::new(&[
        "传闻", "传言", "网传", "谣传", "谣言", "据传", "盛传", "误传", "疯传", "市场传", "否认", "rumour",
        "rumor", "speculation", "speculated", "unconfirmed", "allegedly", "false report", "false claim",
        "hearsay",
    ])
});

/// Words of denial further before the event's word than directly.
static DENIED: LazyLock<Words> = LazyLock::new(|| {
    Words::new(&[
        "从未", "未曾", "不存在", "并非", "并不", "无意", "不打算", "无计划", "没有计划", "未计划", "未禁",
        "尚未", "没有对", "不是", "不等于", "不意味", "不构成", "非禁", "is not a", "are not a", "was not a",
        "does not mean", "do not mean", "not constitute", "never", "no plan", "no intention", "no intent",
        " nor ", "neither ", "yet to ", "stopped short of", "stops short of", "ruled out", "rules out",
        "refrained from", "refrain from", "instead of", "rather than", "no evidence", "is no ", "was no ",
        "are no ", "were no ", "not banned", "not been banned", "not imposed", "not impose",
        "not introduced", "not introduce", "not prohibit", "not include", "not amount to",
    ])
});

/// Words after which a control is only thought of.
static POSSIBLE: LazyLock<Words> = LazyLock::new(|| {
    Words::new(&[
        "威胁", "呼吁", "敦促", "担忧", "担心", "忧虑", "恐慌", "或将", "或会", "可能", "恐将", "恐会",
        "猜测", "假设", "假如", "威胁要", "扬言", "是否", "could ", "might ", "threaten", "threat of",
        "threats of", "threat to", "fear of", "fears of", "feared", "fearing", "fears that", "fear that",
        "fears over", "worried", "worries", "concern over", "concerns over", "concern about",
        "concerns about", "concerns that", "risk of", "risks of", "risk that", "possible", "possibility of",
        "potential", "prospect of", "likelihood of", "in case of", "calls for", "called for", "calling for",
        "call for", "urged", "urges", "urging", "lobbied for", "asked for", "demanded", "whether ",
        "hypothetical",
    ])
});

/// True if the words around the event's word at `start` say that it is not so, or not known to be.
pub(super) fn is_untold(scene: &Scene<'_, '_>, block: &Block, start: usize, event: EventType) -> bool {
    let sentence = &scene.text[block.span.clone()];
    if !sentence.is_ascii() && REFUTED.any_in(sentence) {
        return true;
    }
    let before = lower(&scene.text[block.span.start..start]);
    let behind = lower(&scene.text[start..block.span.end]);
    if FALSE.any_in(&behind) && is_report(&before) || is_refuted(&before) {
        return true;
    }
    let near = lower(&scene.text[clause_start(scene, block, start)..start]).into_owned();
    if RUMOUR.any_in(&near)
        || DENIED.any_in(&near) && !near.contains(" not only ")
        || is_quoted_rumour(&before)
    {
        return true;
    }
    let duty = event == EventType::Announcement
        && ["tariff", "关税", "加征", "duties", "duty"].iter().any(|word| behind.starts_with(word));
    if !matches!(event, EventType::Ban | EventType::Licence | EventType::Quota) && !duty {
        return false;
    }
    is_thought_of(&near) || is_conditional(&near, &behind)
}

/// Where the clause of the byte `at` begins: behind the last comma or semicolon of its block.
pub(super) fn clause_start(scene: &Scene<'_, '_>, block: &Block, at: usize) -> usize {
    let before = &scene.text[block.span.start..at];
    let mark = before.char_indices().rev().find(|(_, mark)| matches!(mark, ',' | '，' | ';' | '；' | '。'));
    mark.map_or(block.span.start, |(index, mark)| block.span.start + index + mark.len_utf8())
}

/// True if a report is told of, which later words may call false.
fn is_report(before: &str) -> bool {
    [
        "report", "rumour", "rumor", "claim", "speculation", "suggestion", "news that", "it is", "it was",
        "no truth", "allegation",
    ]
    .iter()
    .any(|word| before.contains(word))
}

/// True if a denial stands before the word, and nothing since that goes on with another statement.
fn is_refuted(before: &str) -> bool {
    let from = before.rfind(';').map_or(0, |at| at + 1);
    let words = &before[from..];
    let denial = DENIES.iter().filter_map(|verb| {
        let at = rfind(words, verb)? + verb.len();
        let object = words[at..].trim_start();
        OBJECTS.iter().any(|word| object.starts_with(word)).then_some(at)
    });
    let Some(at) = denial.max() else { return false };
    let since = &words[at..];
    ![", but ", ", and ", ", while ", ", after ", " but it "].iter().any(|word| since.contains(word))
}

/// 针对网传“…禁止…”: the event's word stands in quotation marks that a word of rumour introduces.
fn is_quoted_rumour(before: &str) -> bool {
    let Some(open) = before.rfind(['“', '「', '『', '《']) else { return false };
    if before[open..].contains(['”', '」', '』', '》']) {
        return false;
    }
    let lead = &before[..open];
    let from = lead.rfind(['。', ';', '；']).unwrap_or(0);
    RUMOUR.any_in(&lead[from..])
}

/// True if a word of threat, fear or asking leads to the event's word: not «fears grew after China banned».
fn is_thought_of(near: &str) -> bool {
    let would = near.contains("would ")
        && !["said", "says", "announced", "announces", "confirmed", "told", "decided"]
            .iter()
            .any(|word| near.contains(word));
    if would {
        return true;
    }
    let Some((at, _)) = POSSIBLE.first_in(near) else { return false };
    let since = &near[at..];
    let parted = [" after ", " since ", " when ", " as ", " because ", " once ", " following ", " from "];
    !parted.iter().any(|word| since.contains(word)) && !since.contains(['后', '因'])
}

/// «may ban exports if», «would ban them unless».
fn is_conditional(near: &str, behind: &str) -> bool {
    let modal = ["would ", "could ", "might ", "may ", "will "].iter().any(|word| near.contains(word))
        || behind.starts_with("will ");
    modal && [" if ", " unless ", " should "].iter().any(|word| behind.contains(word))
}

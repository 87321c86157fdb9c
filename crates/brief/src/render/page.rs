//! Sentences that all renderers say alike.

use super::flat;
use crate::model::{Brief, Entry, Piece, Source};
use crate::parameters::{Asked, Since};
use crate::words::{count, say};

/// What a brief is about.
pub(super) fn title(brief: &Brief) -> String {
    match (&brief.asked, brief.names.as_slice()) {
        (Asked::All, _) => say(brief.language, "全部文档", "All documents").to_owned(),
        (_, names) => flat(&names.iter().take(3).cloned().collect::<Vec<_>>().join(" · ")),
    }
}

/// Its date, what went in, and for what it was asked.
pub(super) fn facts(brief: &Brief) -> Vec<String> {
    let (language, counts) = (brief.language, &brief.counts);
    let mut facts: Vec<String> = scope(brief).map(str::to_owned).into_iter().collect();
    if !brief.date.is_empty() {
        facts.push(brief.date.clone());
    }
    facts.push(match (&brief.asked, language) {
        (Asked::All, _) => count(language, counts.relevant, "篇文档", "document", "documents"),
        (_, crate::Language::Chinese) => {
            format!("{} 篇文档中 {} 篇有相关内容", counts.documents, counts.relevant)
        }
        (_, crate::Language::English) => {
            format!("{} of {} documents have a passage about it", counts.relevant, counts.documents)
        }
    });
    facts.extend(beyond(brief));
    if counts.left > 0 {
        let left = counts.left;
        facts.push(match language {
            crate::Language::Chinese => format!("至少 {left} 篇较早的文档未读"),
            crate::Language::English => format!("at least {left} older ones not read"),
        });
    }
    facts.push(count(
        language,
        counts.publishers,
        "个来源或平台",
        "publisher or platform",
        "publishers or platforms",
    ));
    let mut day = |words: &str, day: &Option<String>| {
        facts.extend(day.as_ref().map(|day| format!("{words} {day}")));
    };
    day(say(language, "起始", "from"), &brief.from);
    day(say(language, "截至", "to"), &brief.to);
    if let Some(sequence) = brief.as_of {
        facts.push(format!("{} {sequence}", say(language, "读取时点：序列", "as of sequence")));
    }
    if let Some(since) = &brief.since {
        let from = match since {
            Since::Sequence(sequence) => format!("{} {sequence}", say(language, "序列", "sequence")),
            Since::Day(day) => day.clone(),
        };
        let new = count(language, counts.new, "篇新文档", "new document", "new documents");
        facts.push(format!("{} {from}{}{new}", say(language, "自", "since"), say(language, "：", ": ")));
    }
    if counts.muted > 0 {
        let (one, more) = ("finding muted by a verdict", "findings muted by verdicts");
        facts.push(count(language, counts.muted, "项结论已被驳回", one, more));
    }
    facts.push(format!("{} {}", say(language, "简报", "brief"), brief.id.get(..12).unwrap_or(&brief.id)));
    facts
}

/// What decides which documents it covers; nothing of one on all of them.
fn scope(brief: &Brief) -> Option<&'static str> {
    let (chinese, english) = match &brief.asked {
        Asked::All => return None,
        Asked::Topic { query, .. } if query.is_empty() => ("导入时的主题", "feed topic"),
        Asked::Topic { .. } => ("已保存的主题", "topic"),
        Asked::Query(_) => ("提问", "question"),
    };
    Some(say(brief.language, chinese, english))
}

/// How many more documents the name of a topic would reach as a query.
fn beyond(brief: &Brief) -> Option<String> {
    let (Asked::Topic { name, .. }, more) = (&brief.asked, brief.counts.beyond) else { return None };
    let quoted = if name.contains(char::is_whitespace) { format!("'{name}'") } else { name.clone() };
    let query = flat(&format!("--query {quoted}"));
    (more > 0).then(|| match (brief.language, more) {
        (crate::Language::Chinese, _) => format!("另有 {more} 篇文档可用 {query} 查到"),
        (crate::Language::English, 1) => format!("1 more answers {query}"),
        (crate::Language::English, _) => format!("{more} more answer {query}"),
    })
}

/// What a brief without sections says.
pub(super) fn nothing(brief: &Brief) -> &'static str {
    match (brief.counts.documents, &brief.since) {
        (0, _) => say(
            brief.language,
            "没有可报告的内容：没有文档。",
            "There is nothing to tell: no document answers.",
        ),
        (_, Some(_)) => say(brief.language, "没有新内容。", "There is nothing new."),
        _ => say(
            brief.language,
            "没有可报告的内容：没有一段文字提到它。",
            "There is nothing to tell: no passage of these documents is about it.",
        ),
    }
}

/// How many further entries a section has.
pub(super) fn further(brief: &Brief, further: usize) -> Option<String> {
    (further > 0).then(|| match brief.language {
        crate::Language::Chinese => format!("另有 {further} 条"),
        crate::Language::English => format!("{further} more"),
    })
}

/// How many tell an entry.
pub(super) fn tellings(brief: &Brief, entry: &Entry) -> Option<String> {
    let told = entry.tellings?;
    let documents = count(brief.language, told.documents, "篇", "telling", "tellings");
    let voices = count(brief.language, told.voices, "个独立信源", "voice", "voices");
    Some(format!("{documents} · {voices}"))
}

/// Numbers of the sources that a run of pieces cites, without those that the piece before cites already.
pub(super) fn numbers(brief: &Brief, cites: &[usize]) -> Vec<usize> {
    let mut numbers: Vec<usize> = Vec::new();
    for cite in cites {
        let number = brief.passages.get(*cite).and_then(|p| brief.sources.get(p.source)).map(|s| s.number);
        numbers.extend(number.filter(|number| !numbers.contains(number)));
    }
    numbers
}

/// Pieces with citations that follow each other put together, each passage once, and the last ones of a line at its end.
pub(super) enum Run<'b> {
    /// Words of a template.
    Words(&'b str),
    /// Words of a document.
    Printed(&'b str),
    /// A passage.
    Quote(usize),
    /// Passages that say it.
    Cites(Vec<usize>),
}

/// The runs of a line.
pub(super) fn runs(pieces: &[Piece]) -> Vec<Run<'_>> {
    let mut runs: Vec<Run<'_>> = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Words(words) => runs.push(Run::Words(words)),
            Piece::Printed(words) => runs.push(Run::Printed(words)),
            Piece::Quote(passage) => runs.push(Run::Quote(*passage)),
            Piece::Cite(passage) => match runs.last_mut() {
                Some(Run::Cites(cites)) if cites.contains(passage) => {}
                Some(Run::Cites(cites)) => cites.push(*passage),
                _ => runs.push(Run::Cites(vec![*passage])),
            },
        }
    }
    runs
}

/// A quote as people read it: in quotation marks, with `…` where its sentence goes on.
pub(super) fn quoted(brief: &Brief, passage: usize) -> String {
    let Some(passage) = brief.passages.get(passage) else { return String::new() };
    let cut = if passage.cut { "…" } else { "" };
    format!("«{cut}{}{cut}»", flat(passage.quote.trim()))
}

/// A source in one line, without its number.
pub(super) fn source(brief: &Brief, source: &Source) -> String {
    let name = match source.source.as_str() {
        "" => say(brief.language, "来源不明", "source not given").to_owned(),
        name => flat(name),
    };
    let mut parts = vec![name];
    parts.extend(Some(source.published.clone()).filter(|published| !published.is_empty()));
    parts.push(flat(&source.title));
    if source.truncated {
        parts.push(say(brief.language, "导出时被截断", "cut off by its exporter").to_owned());
    }
    parts.push(id(source).to_owned());
    parts.join(", ")
}

/// The beginning of a document's id, enough to find it.
pub(super) fn id(source: &Source) -> &str {
    let id = source.document.rsplit('/').next().unwrap_or(&source.document);
    id.get(..8).unwrap_or(id)
}

/// Heading of the list of sources.
pub(super) fn sources_heading(brief: &Brief) -> &'static str {
    say(brief.language, "来源", "Sources")
}

/// Who derived what went in, in one line.
pub(super) fn derived_by(brief: &Brief) -> Option<String> {
    let shown = |derived: &crate::Derived| format!("{} {}", derived.analyzer, derived.version);
    let all: Vec<String> = brief.derived_by.iter().map(shown).collect();
    (!all.is_empty())
        .then(|| format!("{}{}", say(brief.language, "生成所用：", "derived by "), flat(&all.join(", "))))
}

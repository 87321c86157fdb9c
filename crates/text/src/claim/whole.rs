//! Of what whole a share is: the words behind «37% of», between 占 and the figure, behind «share of», or of the figure before.

use std::ops::Range;
use std::sync::LazyLock;

use super::cues::Cue;
use super::layout::Block;
use super::scene::Scene;
use crate::find::Words;

/// Longest words of a whole, in bytes.
const LONGEST: usize = 90;

/// The bytes of the words behind «N% of», or nothing if the figure is not followed by them.
pub(super) fn whole_behind(text: &str, end: usize, limit: usize) -> Option<Range<usize>> {
    let rest = text.get(end..limit)?;
    let body = rest.strip_prefix(" of ").or_else(|| rest.strip_prefix(" share of "))?;
    let start = limit - body.len();
    let stop = body.find([',', ';', '(', '[', '，', '。', '|']).unwrap_or(body.len());
    let stop = stop.min(full_stop(body)).min(first_word(body, &ENDS));
    let words = body[..stop].trim();
    (!words.is_empty() && words.len() <= LONGEST).then(|| start..start + words.len())
}

/// Words that end the words of a whole.
static ENDS: LazyLock<Words> = LazyLock::new(|| {
    Words::new(&[
        " is ", " are ", " was ", " were ", " in ", " from ", " to ", " by ", " and ", " while ", " which ",
        " has ", " have ", " comes ", " came ", " still ", " on ", " at ", " that ", " with ", " last ",
        " this ", " as ", " but ", " went ", " goes ", " must ", " should ", " will ", " would ", " could ",
        " can ", " may ", " needs ", " need ", " had ", " after ", " before ", " during ", " over ",
        " through ",
    ])
});

/// Verbs that end the words of a whole behind «share of».
static VERBS: LazyLock<Words> = LazyLock::new(|| {
    Words::new(&[
        " rose", " fell", " climbed", " grew", " slipped", " dropped", " increased", " declined", " reached",
        " stood", " stands", " will ", " would ", " edged", " widened", " shrank", " at ", " up ", " down ",
    ])
});

/// Where a sentence ends: a point that is not of an abbreviation such as U.S.
fn full_stop(text: &str) -> usize {
    text.match_indices('.')
        .map(|(at, _)| at)
        .find(|at| {
            let before = text[..*at].rsplit([' ', '.']).next().unwrap_or_default();
            let inside = text[at + 1..].starts_with(|c: char| c.is_alphanumeric());
            !inside && before.len() > 1
        })
        .unwrap_or(text.len())
}

fn first_word(text: &str, words: &Words) -> usize {
    words.first_in(text).map_or(text.len(), |(at, _)| at)
}

/// The bytes between 占 and the figure, without 的 and 比例.
pub(super) fn whole_before(text: &str, start: usize, end: usize) -> Option<Range<usize>> {
    let clause = text.get(start..end)?;
    let at = clause.rfind('占').filter(|at| !clause[*at..].contains(['，', ',', '；', ';', '。']))?;
    // 市占率 names a measure, and no whole.
    if clause[at..].starts_with("占率") || clause[at..].starts_with("占有") || clause[..at].ends_with('市')
    {
        return None;
    }
    let from = start + at + '占'.len_utf8();
    let words = without_tails(text[from..end].trim()).trim_start_matches(['比', '据', '到', '了']);
    let lead = text[from..end].find(words)?;
    let words = ["的比重由", "的比例由", "的份额由", "比重由", "比例由", "的比重从", "的比例从"]
        .iter()
        .find_map(|tail| words.find(tail).map(|at| &words[..at]))
        .unwrap_or(words);
    // 占比分别为 says no whole.
    if words.starts_with("分别") {
        return None;
    }
    let compared = ["较", "同比", "环比", "上升", "下降", "提高"].iter().any(|word| words.starts_with(word));
    (!words.is_empty() && words.len() <= LONGEST && !compared).then(|| from + lead..from + lead + words.len())
}

/// What may stand between the words of a whole and its share, at the end.
const TAILS: &[&str] = &[
    "已", "的比重为", "的比例为", "的比重", "的比例", "的份额", "比重", "比例", "份额", "比为", "比约",
    "比达", "比升至", "比降至", "比", "的", "约为", "约", "近", "超过", "超", "逾", "达到", "达", "为",
    "升至", "降至", "提高至", "提升至", "增至", "上升至", "下降至", "回落至", "仅", "不足", "不到", "高达",
    "至少", "分别为", "分别", "分别达", "分别约为",
];

pub(super) fn without_tails(mut words: &str) -> &str {
    while let Some(rest) = TAILS.iter().find_map(|tail| words.strip_suffix(tail)) {
        words = rest.trim_end();
    }
    words
}

/// «China's share of global output has climbed to 44%», 在全球产量中的占比升至98%: the words of the whole before the figure.
pub(super) fn whole_of_share(text: &str, start: usize, end: usize) -> Option<Range<usize>> {
    let clause = text.get(start..end)?;
    if let Some(at) = clause.rfind("share of ").filter(|at| !clause[*at..].contains([';', '.'])) {
        let from = start + at + "share of ".len();
        let body = &text[from..end];
        let stop =
            first_word(body, &ENDS).min(first_word(body, &VERBS)).min(body.find(',').unwrap_or(body.len()));
        let words = body[..stop].trim();
        return (!words.is_empty() && words.len() <= LONGEST).then(|| from..from + words.len());
    }
    let from = clause.rfind('在').map(|at| at + '在'.len_utf8())?;
    let body = &clause[from..];
    let stop = ["中的占比", "中占比", "中的份额", "中的比重", "中的比例", "里占", "中占", "的占比", "的份额"]
        .iter()
        .filter_map(|word| body.find(word))
        .min()?;
    let words = &body[..stop];
    (!words.is_empty() && words.len() <= LONGEST && !words.contains(['，', ',']))
        .then(|| start + from..start + from + words.len())
}

/// 全球产量中，我国占49%: what stands before 中 at the end of the clause before, if nothing but 占 stands before the figure.
pub(super) fn whole_among(text: &str, start: usize, end: usize) -> Option<Range<usize>> {
    let lead = text.get(start..end)?;
    let tail = without_tails(lead.trim_end());
    if !tail.ends_with('占') || lead.len() > LONGEST * 3 {
        return None;
    }
    let stop = ["中，", "中,", "当中，", "里，", "之中，"].iter().filter_map(|word| lead.find(word)).min()?;
    let from = lead[..stop]
        .rfind(['，', ',', '；', '。', '：'])
        .map_or(0, |at| at + lead[at..].chars().next().map_or(1, char::len_utf8));
    let words = lead[from..stop].trim_start_matches(['在', '从']);
    let from = stop - words.len();
    (!words.is_empty() && words.len() <= LONGEST && words != "其").then(|| start + from..start + stop)
}

/// What the last figure before `end` is of, in its own words: 全国TiO2出口 in 2024年全国TiO2出口190万吨.
pub(super) fn whole_of_figure(scene: &Scene<'_, '_>, block: &Block, end: usize) -> Option<Range<usize>> {
    let items = scene.items_in(&(block.span.start..end));
    let figure = |item: &usize| {
        let level = scene.mention(*item).is_some_and(|mention| mention.unit.as_deref() != Some("%"));
        super::figure::is_figure(scene, *item) && level
    };
    let anchor = items.clone().find(figure)?;
    let stop = scene.items[anchor].start;
    let from = (items.start..anchor)
        .rev()
        .find(|item| {
            scene.is_time(*item)
                || matches!(scene.items[*item].mark(), Some(',' | ';' | ':' | '。'))
                || matches!(scene.items[*item].cue(), Some(Cue::According))
        })
        .map_or(block.span.start, |item| scene.items[item].end);
    let body = scene.text.get(from..stop)?;
    let mut words = without_tails(body.trim());
    for verb in [
        " totalled", " totaled", " was estimated at", " were estimated at", " was estimated", " were",
        " was", " came to", " reached", " amounted to", " stood at", " at",
    ] {
        words = words.strip_suffix(verb).unwrap_or(words);
    }
    let lead = body.find(words)?;
    (!words.is_empty() && words.len() <= LONGEST).then(|| from + lead..from + lead + words.len())
}

/// The words of a whole up to the first figure or time in them.
pub(super) fn uncut(scene: &Scene<'_, '_>, whole: Range<usize>) -> Range<usize> {
    const SHORTEST: usize = 5;
    let other = scene.items_in(&whole).find(|item| {
        super::figure::is_figure(scene, *item) && scene.items[*item].start > whole.start + SHORTEST
    });
    let stop = other.map_or(whole.end, |item| scene.items[item].start);
    let words = scene.text[whole.start..stop].trim_end();
    let words = words.strip_suffix(" of").unwrap_or(words);
    whole.start..whole.start + words.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wholes_are_read_on_either_side() {
        let text = "China accounts for 69% of global rare earth mine output and more";
        let end = text.find("69%").unwrap_or_default() + 3;
        assert_eq!(
            whole_behind(text, end, text.len()).map(|span| &text[span]),
            Some("global rare earth mine output")
        );
        assert_eq!(whole_behind("5% higher", 2, 9), None);
        let text = "over 70% of U.S. rare earth imports. And";
        let end = text.find("70%").unwrap_or_default() + 3;
        assert_eq!(
            whole_behind(text, end, text.len()).map(|span| &text[span]),
            Some("U.S. rare earth imports")
        );
        let text = "对泰国出口300吨，占总量的24%";
        let end = text.find("24%").unwrap_or_default();
        assert_eq!(whole_before(text, 0, end).map(|span| &text[span]), Some("总量"));
        assert_eq!(whole_before("占地很大，增长24%", 0, 18), None);
        let text = "China's share of refined output has climbed to 44%";
        let end = text.find("44%").unwrap_or_default();
        assert_eq!(whole_of_share(text, 0, end).map(|span| &text[span]), Some("refined output"));
    }
}

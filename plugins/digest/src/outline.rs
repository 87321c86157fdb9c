//! Finds the headings of a text and what stands under each.

use crate::sentences::Piece;

/// A text as headings and what stands under them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outline {
    /// The text's own word for its viewpoint, if it has one.
    pub(crate) viewpoint_heading: Option<Piece>,
    pub(crate) viewpoint: Vec<Piece>,
    pub(crate) groups: Vec<Group>,
    /// True if there is any heading.
    pub(crate) own_headings: bool,
}

/// A heading and the sentences under it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) heading: Option<Piece>,
    pub(crate) points: Vec<Piece>,
}

/// What a heading announces.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Heading {
    Viewpoint,
    Group,
}

const VIEWPOINTS: [&str; 8] = [
    "core viewpoint", "core viewpoints", "core view", "core views", "core insight", "core insights",
    "核心观点", "核心看点",
];
const SECTIONS: [&str; 12] = [
    "investment rating", "summary by sections", "key points", "key takeaways", "industry insights",
    "investment advice", "risk warning", "risks", "投资评级", "投资建议", "风险提示", "要点",
];
/// More sentences than these under a viewpoint's heading are a group of their own.
const VIEWPOINT_SENTENCES: usize = 3;

/// Puts each piece under the heading before it; where there is none, each paragraph is a group.
pub(crate) fn outline(text: &str, pieces: &[Piece]) -> Outline {
    let headings: Vec<Option<Heading>> = (0..pieces.len()).map(|at| heading(text, pieces, at)).collect();
    if headings.iter().all(Option::is_none) {
        return Outline { groups: by_paragraph(pieces), ..Outline::default() };
    }
    let mut outline = Outline { own_headings: true, ..Outline::default() };
    let mut group = Group::default();
    let mut in_viewpoint = false;
    for (piece, heading) in pieces.iter().zip(headings) {
        match heading {
            None => group.points.push(piece.clone()),
            Some(kind) => {
                outline.close(std::mem::take(&mut group), in_viewpoint);
                in_viewpoint = kind == Heading::Viewpoint;
                group.heading = Some(piece.clone());
            }
        }
    }
    outline.close(group, in_viewpoint);
    outline
}

impl Outline {
    /// Adds a finished group, or makes it the viewpoint.
    fn close(&mut self, group: Group, is_viewpoint: bool) {
        let fits = self.viewpoint.is_empty() && (1..=VIEWPOINT_SENTENCES).contains(&group.points.len());
        if is_viewpoint && fits {
            self.viewpoint_heading = group.heading;
            self.viewpoint = group.points;
        } else if group.heading.is_some() || !group.points.is_empty() {
            self.groups.push(group);
        }
    }
}

fn by_paragraph(pieces: &[Piece]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut paragraph = None;
    for piece in pieces {
        if paragraph != Some(piece.paragraph) {
            groups.push(Group::default());
            paragraph = Some(piece.paragraph);
        }
        if let Some(group) = groups.last_mut() {
            group.points.push(piece.clone());
        }
    }
    groups
}

/// What the piece at `at` announces, if it is a heading.
fn heading(text: &str, pieces: &[Piece], at: usize) -> Option<Heading> {
    let piece = &pieces[at];
    if piece.bulleted || piece.span.len() > 200 {
        return None;
    }
    let words = text[piece.span.clone()].trim().trim_start_matches('#').trim();
    let plain = words.trim_end_matches([':', '\u{FF1A}']).trim_end();
    let lower = plain.to_lowercase();
    if VIEWPOINTS.contains(&lower.as_str()) {
        return Some(Heading::Viewpoint);
    }
    let next = pieces.get(at + 1);
    let leads = next.is_some_and(|next| next.bulleted) || piece.ends_line;
    let is_markdown = piece.starts_line && piece.ends_line && text[piece.span.clone()].starts_with('#');
    let is_group = is_numbered_group(words);
    let is_section = SECTIONS.contains(&lower.as_str());
    let is_numbered = has_section_number(words)
        && next.is_some()
        && (leads || next.is_some_and(|n| has_section_number(&text[n.span.clone()])));
    let is_chinese = piece.starts_line && piece.ends_line && has_chinese_number(words);
    // Any short line without an end of its own that bullets follow.
    let is_line =
        piece.starts_line && next.is_some_and(|next| next.bulleted && next.starts_line) && words.len() <= 120;
    let unfinished = !ends_as_sentence(plain);
    let found =
        is_group || is_section || is_markdown || (unfinished && (is_numbered || is_chinese || is_line));
    found.then_some(Heading::Group)
}

/// `Group 2`, `Group 2: Structural Changes`.
fn is_numbered_group(words: &str) -> bool {
    let Some(rest) = words.strip_prefix("Group ") else { return false };
    let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    after.len() < rest.len()
        && (after.is_empty() || after.starts_with([':', '\u{FF1A}']))
        && !ends_as_sentence(after)
}

/// `2. Fundamentals`, `2.1 Copper`.
fn has_section_number(words: &str) -> bool {
    let after = words.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let number = &words[..words.len() - after.len()];
    let title = after.trim_start();
    number.starts_with(|c: char| c.is_ascii_digit())
        && number.contains('.')
        && number.len() <= 6
        && title.len() < after.len()
        && title.chars().next().is_some_and(char::is_alphabetic)
}

/// `一、市场回顾`, `(二)价格`, `第三章 展望`.
fn has_chinese_number(words: &str) -> bool {
    const NUMERALS: [char; 10] = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];
    let inner = words.trim_start_matches(['(', '\u{FF08}', '第']);
    let after = inner.trim_start_matches(NUMERALS);
    after.len() < inner.len()
        && after.starts_with(['、', ')', '\u{FF09}', '章', '节', '部'])
        && words.chars().count() <= 40
}

fn ends_as_sentence(words: &str) -> bool {
    words.ends_with(['.', '。', '!', '\u{FF01}', '?', '\u{FF1F}', ';', '\u{FF1B}', ',', '\u{FF0C}', '%'])
}

//! Grades of a good that are said without it: 电池级均价66,650元，工业级65,050元.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::scene::Scene;
use super::slots::{OriginKind, Slot, Term};
use crate::lexicon::Lexicon;

/// Words for grades, and how the ids of goods of the grade begin.
const GRADES: &[(&str, &str)] = &[
    ("电池级", "battery-grade-"),
    ("工业级", "industrial-grade-"),
    ("电子级", "electronic-grade-"),
    ("冶金级", "metallurgical-grade-"),
    ("化学级", "chemical-grade-"),
    ("食品级", "food-grade-"),
    ("battery-grade", "battery-grade-"),
    ("battery grade", "battery-grade-"),
    ("industrial-grade", "industrial-grade-"),
    ("industrial grade", "industrial-grade-"),
    ("technical-grade", "industrial-grade-"),
    ("technical grade", "industrial-grade-"),
    ("metallurgical-grade", "metallurgical-grade-"),
    ("chemical-grade", "chemical-grade-"),
];

/// Names of goods by grade that the lexicon has.
static GRADED: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let entries = Lexicon::standard().entries();
    entries.iter().map(|entry| entry.id.as_str()).filter(|id| id.contains("-grade-")).collect()
});

/// The good of a grade, if the lexicon has it; `good` may be of another grade.
fn of_grade(good: &str, grade: &str) -> Option<String> {
    let name = good.strip_prefix("commodity/")?;
    let plain = name.split_once("-grade-").map_or(name, |(_, plain)| plain);
    let id = format!("commodity/{grade}{plain}");
    GRADED.contains(id.as_str()).then_some(id)
}

/// Gives a subject that is told elsewhere the grade that the clause before the figure at `start` says.
pub(super) fn tell(scene: &Scene<'_, '_>, sentence: usize, start: usize, subject: &mut Slot<Term<'_>>) {
    let clause = scene.text.get(sentence..start).unwrap_or_default();
    let from = clause.rfind([',', '，', ';', '；', '、', '。']).map_or(0, |at| at + 1);
    let clause = &clause[clause.ceil_char_boundary(from)..];
    // A good that is named behind the grade has it in its own name.
    if subject.origin.kind == OriginKind::Stated
        && subject.origin.start_byte >= start.saturating_sub(clause.len())
    {
        return;
    }
    let said = GRADES.iter().find(|(word, _)| clause.contains(word) && !clause.contains("准电池级"));
    let Some((_, grade)) = said else { return };
    if let Some(id) = subject.is.id.as_deref().and_then(|id| of_grade(id, grade)) {
        subject.is.id = Some(id);
    }
}

/// The other grade that stands in one list right before the name of a good, with the bytes from there to the name.
pub(super) fn before(ahead: &str, subject: &Slot<Term<'_>>) -> Option<(String, usize)> {
    const JOINS: &[&str] = &["与", "和", "、", "及", "/", " and "];
    let list = JOINS.iter().find_map(|join| ahead.strip_suffix(join))?;
    let (word, grade) = GRADES.iter().find(|(word, _)| list.ends_with(word))?;
    let id = of_grade(subject.is.id.as_deref()?, grade)?;
    Some((id, ahead.len() - list.len() + word.len()))
}

#[cfg(test)]
mod tests {
    use crate::{Context, Reader};

    #[test]
    fn grades_without_their_good_are_of_the_good_told_of() {
        let reader = Reader::standard();
        let cases: &[(&str, &[&str])] = &[
            (
                "碳酸锂现货下跌，电池级均价6.7万元/吨，工业级6.5万元/吨。",
                &["battery-grade-lithium-carbonate", "industrial-grade-lithium-carbonate"],
            ),
            (
                "工业级与电池级碳酸锂均价分别为6.5万元/吨和6.7万元/吨。",
                &["industrial-grade-lithium-carbonate", "battery-grade-lithium-carbonate"],
            ),
            ("锡锭现货下跌，电池级均价6.7万元/吨。", &["tin-ingot"]),
        ];
        for (text, expected) in cases {
            let mentions = reader.read(text, &Context::default());
            let claims = reader.claims(text, 0, &mentions);
            let read: Vec<&str> = claims
                .iter()
                .filter_map(|claim| claim.subject.as_ref()?.is.id.as_deref()?.strip_prefix("commodity/"))
                .collect();
            assert_eq!(read, *expected, "{text}");
        }
    }
}

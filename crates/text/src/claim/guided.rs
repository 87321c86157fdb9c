//! A figure that somebody had expected, by the clause behind it: «the 900 tonnes it had guided to», «the 25,000 tonnes that the
//! association had pencilled in».

use std::ops::Range;

use crate::find::find;

/// Longest name of who expected it, in bytes.
const LONGEST: usize = 60;

/// What was done by who expected it.
const VERBS: &[&str] = &[
    "guided to", "guided for", "guided", "forecast", "projected", "pencilled in", "penciled in", "promised",
    "planned", "expected", "flagged", "targeted",
];

/// The bytes of who had expected the figure that ends at `end`, and of the verb.
pub(super) fn by_whom(text: &str, end: usize, limit: usize) -> Option<(Range<usize>, Range<usize>)> {
    let rest = text.get(end..limit)?.strip_prefix(' ')?;
    let rest = rest.strip_prefix("that ").unwrap_or(rest);
    let start = limit - rest.len();
    let had = find(rest, " had ").filter(|at| *at <= LONGEST)?;
    let who = &rest[..had];
    if who.is_empty()
        || who.contains([',', ';', '.', '(', ')'])
        || who.starts_with(|first: char| first.is_ascii_digit())
    {
        return None;
    }
    let verb = start + had + " had ".len();
    let behind = text.get(verb..limit)?;
    let said = VERBS.iter().filter(|word| behind.starts_with(**word)).max_by_key(|word| word.len())?;
    Some((start..start + had, verb..verb + said.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_had_expected_a_figure_stands_behind_it() {
        let cases = [
            ("below the 900 t", " it had guided to.", Some("it")),
            ("short of the 25 t", " that the Tin Body had pencilled in.", Some("the Tin Body")),
            ("made 25 t", ", the company had a good year", None),
            ("made 25 t", " in May, as it had guided to", None),
        ];
        for (head, tail, expected) in cases {
            let text = format!("{head}{tail}");
            let found = by_whom(&text, head.len(), text.len()).map(|(who, _)| text[who].to_owned());
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }
}

//! Blanks and line breaks in odd places: texts copied from pages and scans say "300 , 000 t" and "4 . 3 2". Where a text
//! shows that it is one of these, the blanks inside its numbers count as nothing.

use crate::view::is_han;

/// What a text shows while its characters are taken in.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Signs {
    /// Commas and points behind a blank.
    spaced: u32,
    /// Full-width digits.
    wide: bool,
    /// A line that ends in a slash.
    slash: bool,
    /// A zero behind a comma and a blank.
    zero: bool,
    /// 万 or 亿 at the beginning of a line, behind a digit.
    scale: bool,
    /// A zero behind a two and a blank, as in the year 2 0 2 5.
    year: bool,
}

impl Signs {
    /// Takes in what a character that is not ASCII was folded to.
    #[inline]
    pub(crate) fn widen(&mut self, folded: char) {
        self.wide |= folded.is_ascii_digit();
    }

    /// Takes in all characters, folded.
    pub(crate) fn see(&mut self, characters: &[char]) {
        // All of them stand beside a blank or the end of a line.
        let blanks = characters.iter().enumerate().filter(|(_, character)| **character <= ' ');
        for (at, blank) in blanks {
            let second = if at == 0 { '\0' } else { characters[at - 1] };
            let next = characters.get(at + 1).copied().unwrap_or_default();
            match (*blank, next) {
                (' ', ',' | '.' | ';' | ':') if second != ' ' && second != '\n' => self.spaced += 1,
                (' ', '0') => {
                    self.zero |= second == ',';
                    self.year |= second == '2';
                }
                ('\n', _) => {
                    self.slash |= second == '/';
                    self.scale |= matches!(next, '万' | '亿') && second.is_ascii_digit();
                }
                _ => {}
            }
        }
    }

    /// True if blanks stand in odd places.
    fn odd(self) -> bool {
        self.wide || self.spaced >= 2
    }
}

/// Words that a blank or a line break may cut in two, where both halves are no words of their own.
const CUT: &[&str] = &[
    "january", "february", "march", "april", "june", "july", "august", "september", "october", "november",
    "december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "dozens",
    "hundreds", "thousand", "thousands", "million", "billion", "trillion", "percent", "percentage", "tonnes",
    "tonne", "tons", "yuan", "dollars", "dollar", "kilogram", "quarter", "approximately", "about", "average",
    "copper", "nickel", "cobalt", "lithium", "antimony", "tungsten", "gallium", "germanium", "graphite",
    "manganese", "magnesium", "aluminium", "aluminum", "carbonate", "hydroxide", "concentrate", "molybdenum",
    "vanadium", "titanium", "uranium", "silicon", "bismuth", "indium", "tellurium", "zinc", "silver",
    "platinum", "palladium", "ferrous", "china", "chinese", "export", "exports", "imports", "production",
];

/// Takes the odd blanks out of characters and their offsets; false if there are none to look for.
pub(crate) fn mend(signs: Signs, characters: &mut Vec<char>, offsets: &mut Vec<u32>) -> bool {
    let odd = signs.odd();
    let parted = || signs.zero && characters.windows(5).any(begins_with_zero);
    if !(odd || signs.slash || signs.scale || signs.year || parted()) {
        return false;
    }
    let length = characters.len();
    let mut kept = 0;
    let mut at = 0;
    while at < length {
        let past = gap(characters, at, kept, odd).unwrap_or(at);
        if past > at {
            at = past;
            continue;
        }
        // What is kept moves forward only, so that it never runs over what is still to be read.
        characters[kept] = characters[at];
        offsets[kept] = offsets[at];
        kept += 1;
        at += 1;
    }
    offsets[kept] = offsets[length];
    characters.truncate(kept);
    offsets.truncate(kept + 1);
    true
}

/// `2, 000`: no number begins with a zero before another digit, so that the comma is one of thousands.
fn begins_with_zero(window: &[char]) -> bool {
    window[0] == ',' && window[1] == ' ' && window[2] == '0' && window[3..].iter().all(char::is_ascii_digit)
}

/// The index after blanks at `at` that count as nothing; `kept` characters before it have been kept.
fn gap(characters: &[char], at: usize, kept: usize, odd: bool) -> Option<usize> {
    let blank = characters[at];
    if blank != ' ' && blank != '\n' || kept == 0 {
        return None;
    }
    let get = |at: usize| characters.get(at).copied().unwrap_or('\0');
    let before = characters[kept - 1];
    let second = if kept > 1 { characters[kept - 2] } else { '\0' };
    let next = get(at + 1);
    if blank == '\n' {
        // 8.4⏎万吨
        let scaled = before.is_ascii_digit()
            && matches!(next, '万' | '亿')
            && matches!(get(at + 2), '吨' | '元' | '美' | '股' | '手' | '辆' | '台' | '片' | '平' | '千');
        if scaled {
            return Some(at + 1);
        }
        let unit = before == '/' && (is_han(second) || second.is_ascii_lowercase());
        return (unit && (is_han(next) || next.is_ascii_lowercase()))
            .then_some(at + 1)
            .or_else(|| (odd && cut(characters, at, kept)).then_some(at + 1));
    }
    // 2 0 2 3: a year of single digits, wherever it stands.
    if before.is_ascii_digit() && next.is_ascii_digit() && in_year(&characters[..kept], characters, at) {
        return Some(at + 1);
    }
    let digits = |from: usize| (from..from + 5).take_while(|at| get(*at).is_ascii_digit()).count();
    let leading = || {
        characters[..kept]
            .iter()
            .rev()
            .skip_while(|character| !character.is_ascii_digit())
            .take_while(|character| character.is_ascii_digit())
            .take(4)
            .count()
    };
    let behind_comma = |from: usize| digits(from) == 3 && (1..=3).contains(&leading());
    match (before, next) {
        // 4 . 3, 300 , 000
        (digit, '.') if odd && digit.is_ascii_digit() => {
            let after = if get(at + 2) == ' ' { at + 3 } else { at + 2 };
            (digits(after) > 0).then_some(at + 1)
        }
        (digit, ',') if digit.is_ascii_digit() => {
            let after = if get(at + 2) == ' ' { at + 3 } else { at + 2 };
            (behind_comma(after) && (odd || get(after) == '0')).then_some(at + 1)
        }
        ('.', digit) if digit.is_ascii_digit() && second.is_ascii_digit() => {
            let spaced = at >= 2 && characters[..kept].len() >= 2 && get(at - 2) == ' ';
            let short = digits(at + 1) <= 2 && !get(at + 2).is_ascii_uppercase();
            (odd && (spaced || short)).then_some(at + 1)
        }
        (',', digit) if digit.is_ascii_digit() && second.is_ascii_digit() => {
            (behind_comma(at + 1) && digit == '0').then_some(at + 1)
        }
        // 1,8 50: three digits behind a comma
        (digit, other)
            if odd
                && digit.is_ascii_digit()
                && other.is_ascii_digit()
                && parts_group(&characters[..kept], digits(at + 1)) =>
        {
            Some(at + 1)
        }
        // 2 0 2 3
        (digit, other) if odd && digit.is_ascii_digit() && other.is_ascii_digit() => {
            let alone =
                !second.is_ascii_digit() && !matches!(second, '.' | ',') || after_joined(characters, at);
            let single = digits(at + 1) == 1 && get(at + 2) != '/';
            (alone && single).then_some(at + 1)
        }
        (letter, other) if odd && letter.is_ascii_lowercase() && other.is_ascii_lowercase() => {
            cut(characters, at, kept).then_some(at + 1)
        }
        _ => None,
    }
}

/// True if the blank at `at` stands between the digits of a year from 2000 to 2049 that are set apart one by one.
fn in_year(kept: &[char], characters: &[char], at: usize) -> bool {
    let run = kept.iter().rev().take_while(|character| character.is_ascii_digit()).count();
    let Some(start) = kept.len().checked_sub(run).filter(|_| (1..=3).contains(&run)) else { return false };
    let free =
        start == 0 || matches!(kept[start - 1], ' ' | '\n' | '(' | '，' | '。') || is_han(kept[start - 1]);
    let mut year: Vec<char> = kept[start..].to_vec();
    let mut here = at;
    while year.len() < 4 {
        let get = |at: usize| characters.get(at).copied().unwrap_or('\0');
        if get(here) != ' ' || !get(here + 1).is_ascii_digit() || get(here + 2).is_ascii_digit() {
            return false;
        }
        year.push(get(here + 1));
        here += 2;
    }
    let closed = !matches!(characters.get(here), Some(' '))
        || !characters.get(here + 1).is_some_and(char::is_ascii_digit);
    free && closed && year[0] == '2' && year[1] == '0' && year[2] < '5'
}

/// True if one or two digits behind a comma and what follows the blank make the three of a group.
fn parts_group(kept: &[char], behind: usize) -> bool {
    let run = kept.iter().rev().take(3).take_while(|character| character.is_ascii_digit()).count();
    let comma = kept.len().checked_sub(run + 1).map(|at| kept[at]);
    let lead = kept.len().checked_sub(run + 2).map(|at| kept[at]);
    (1..=2).contains(&run)
        && run + behind == 3
        && comma == Some(',')
        && lead.is_some_and(|lead| lead.is_ascii_digit())
}

/// True if the digit before the blank at `at` stands behind another blank: `2 0 2 3`, `4 . 3 2`.
fn after_joined(characters: &[char], at: usize) -> bool {
    at >= 2 && characters[at - 2] == ' '
}

/// True if the blank at `at` cuts one of the words above.
fn cut(characters: &[char], at: usize, kept: usize) -> bool {
    let left: String = {
        let back: Vec<char> = characters[..kept]
            .iter()
            .rev()
            .take(14)
            .take_while(|c| c.is_ascii_lowercase())
            .copied()
            .collect();
        back.into_iter().rev().collect()
    };
    let right: String = characters[at + 1..].iter().take(14).take_while(|c| c.is_ascii_lowercase()).collect();
    if left.is_empty() || right.is_empty() {
        return false;
    }
    let joined = format!("{left}{right}");
    CUT.contains(&joined.as_str()) && !CUT.contains(&left.as_str())
}

#[cfg(test)]
mod tests {
    use crate::{Context, Kind, Reader};

    #[test]
    fn numbers_are_read_across_odd_blanks() {
        let reader = Reader::standard();
        for (text, quote, value) in [
            ("The line , at 300 , 000 t/yr , runs .", "300 , 000 t/yr", "300000"),
            ("Stocks , in all , were 7 . 9 万吨", "7 . 9 万吨", "79000"),
            ("price of US$ 4 . 3 2 /dmtu , CIF , spot", "US$ 4 . 3 2 /dmtu", "4.32"),
            ("In 2 0 2 3 the plant , with １４ lines , ran", "１４", "14"),
            ("a cargo of 162, 000 tonnes", "162, 000 tonnes", "162000"),
            ("均价为152,300 元/\n吨，昨日", "152,300 元/\n吨", "152300"),
        ] {
            let mentions = reader.read(text, &Context::default());
            let found = mentions.iter().find(|mention| mention.quote == quote);
            assert_eq!(
                found.and_then(|mention| mention.value.as_deref()),
                Some(value),
                "{text}: {mentions:?}"
            );
        }
    }

    #[test]
    fn lists_stay_apart() {
        let reader = Reader::standard();
        for text in ["in 2024, 300 mines", "up 5 . 3 mines closed", "3 5 7", "12, 350, 4"] {
            let mentions = reader.read(text, &Context::default());
            let values = mentions.iter().filter(|mention| mention.kind != Kind::Entity).count();
            assert!(values >= 2, "{text}: {mentions:?}");
        }
    }
}

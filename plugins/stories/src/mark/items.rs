//! What a text mentions, in the form in which it is compared.

use plugin_sdk::DocumentRead;
use plugin_sdk::record::{MarkedItem, Mention, MentionKind, Period, Precision, Span};
use text::Lexicon;

use super::rarity::Rarity;
use super::when;

/// Most items of a mark. A news text has 20 to 80; what a long report mentions later is no longer its occasion.
const MAX_ITEMS: usize = 400;

/// Goods that are classes of others; what belongs to them is not compared by them.
const CLASSES: &[&str] = &[
    "commodity/precious-metals",
    "commodity/base-metals",
    "commodity/minor-metals",
    "commodity/critical-minerals",
    "commodity/platinum-group-metals",
    "commodity/ferroalloy",
];

/// Weight of a day of which a text tells, and of one that is that of its publication, in thousandths of a bit.
const DAY: (u32, u32) = (2500, 500);

/// The items of a document in the order of its text, and whether there are more than a mark holds. `published` is in seconds since 1970.
pub(super) fn items(read: &DocumentRead, rarity: &Rarity, published: Option<i64>) -> (Vec<MarkedItem>, bool) {
    let text = &read.document.text;
    let mut mentions: Vec<&Mention> = read.mentions.iter().collect();
    mentions.sort_by_key(|mention| (mention.start_byte, mention.end_byte));
    let mut sentences = text::sentences(text);
    let (mut number, mut sentence) = (0, sentences.next().unwrap_or(0..text.len()));
    let mut items = Vec::new();
    for mention in mentions {
        let span = mention.start_byte as usize..mention.end_byte as usize;
        while sentence.end <= span.start {
            let Some(next) = sentences.next() else { break };
            (number, sentence) = (number + 1, next);
        }
        let Some(quote) = text.get(span) else { continue };
        for mut item in compared(mention, rarity, published) {
            if items.len() == MAX_ITEMS {
                return (items, true);
            }
            item.sentence = if mention.end_byte <= read.document.title_bytes { 0 } else { number.max(1) };
            item.span = Some(Span {
                start_byte: mention.start_byte,
                end_byte: mention.end_byte,
                quote: quote.to_owned(),
            });
            items.push(item);
        }
    }
    (items, false)
}

/// A mention as it is compared; a range gives both of its ends.
fn compared(mention: &Mention, rarity: &Rarity, published: Option<i64>) -> Vec<MarkedItem> {
    let item = |said: String, group: String, weight: u32| MarkedItem {
        kind: mention.kind,
        said,
        group,
        weight,
        qualifier: mention.qualifier,
        ..MarkedItem::default()
    };
    match mention.kind() {
        MentionKind::Number | MentionKind::Percent | MentionKind::Quantity => {
            let (group, shift) = counted(&mention.unit);
            [&mention.value, &mention.low, &mention.high]
                .into_iter()
                .filter(|value| !value.is_empty())
                .map(|value| {
                    let said = shifted(value.trim_start_matches('-'), shift);
                    let weight = if is_small(mention, &said) { 400 } else { rarity.number(&said) };
                    item(said, group.clone(), weight)
                })
                .collect()
        }
        MentionKind::Time => {
            mention.time.iter().filter_map(|time| time_item(time, published, &item)).collect()
        }
        MentionKind::Entity if !mention.entity.starts_with("measure/") => {
            let group = root(&mention.entity).to_owned();
            let weight = rarity.name(&mention.entity);
            vec![item(mention.entity.clone(), group, weight)]
        }
        _ => Vec::new(),
    }
}

/// True for a bare number that stands in any text: a single digit, or what may be a year.
fn is_small(mention: &Mention, said: &str) -> bool {
    mention.kind() == MentionKind::Number
        && said.parse::<u32>().is_ok_and(|number| number < 10 || (1900..2100).contains(&number))
}

fn time_item(
    time: &Period,
    published: Option<i64>,
    item: &impl Fn(String, String, u32) -> MarkedItem,
) -> Option<MarkedItem> {
    if time.start.is_empty() && time.end.is_empty() {
        return None;
    }
    let is_day = time.precision() == Precision::Day;
    let weight = match (is_day.then(|| when::day(&time.start)).flatten(), published) {
        (Some(day), Some(second)) => {
            if (day - second.div_euclid(86_400)).abs() > 1 {
                DAY.0
            } else {
                DAY.1
            }
        }
        (Some(_), None) => DAY.0,
        (None, _) => 0,
    };
    let precision = time.precision().as_str_name().trim_start_matches("PRECISION_").to_ascii_lowercase();
    Some(item(format!("{}/{}", time.start, time.end), precision, weight))
}

/// What a unit counts, and the power of ten that leads to its own unit: masses meet in tonnes.
fn counted(unit: &str) -> (String, i32) {
    match unit {
        "t" => ("mass".to_owned(), 0),
        "kt" => ("mass".to_owned(), 3),
        "Mt" => ("mass".to_owned(), 6),
        "kg" => ("mass".to_owned(), -3),
        "g" => ("mass".to_owned(), -6),
        "[pp]" => ("%".to_owned(), 0),
        _ if unit.starts_with('{') => (String::new(), 0),
        _ => (unit.to_owned(), 0),
    }
}

/// A decimal string times a power of ten, in normal form.
fn shifted(decimal: &str, power: i32) -> String {
    if power == 0 {
        return decimal.to_owned();
    }
    let (whole, fraction) = decimal.split_once('.').unwrap_or((decimal, ""));
    let mut digits: String = [whole, fraction].concat();
    let mut point = i32::try_from(whole.len()).unwrap_or(i32::MAX).saturating_add(power);
    while point < 1 {
        digits.insert(0, '0');
        point += 1;
    }
    let point = usize::try_from(point).unwrap_or_default();
    while digits.len() < point {
        digits.push('0');
    }
    let (whole, fraction) = digits.split_at(point);
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    match fraction.trim_end_matches('0') {
        "" => whole.to_owned(),
        fraction => format!("{whole}.{fraction}"),
    }
}

/// The good that a good is a kind or a product of; any other name stands for itself.
fn root(id: &str) -> &str {
    let mut id = id;
    while id.starts_with("commodity/") {
        let parent = Lexicon::standard().get(id).and_then(|entry| entry.family.first());
        match parent {
            Some(parent) if !CLASSES.contains(&parent.as_str()) => id = parent,
            _ => break,
        }
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masses_meet_in_tonnes() {
        assert_eq!(shifted("21.6", 3), "21600");
        assert_eq!(shifted("200", -3), "0.2");
        assert_eq!(shifted("1.5", -6), "0.0000015");
        assert_eq!(shifted("3834", 0), "3834");
        assert_eq!(counted("kt").0, counted("t").0);
    }

    #[test]
    fn goods_meet_in_what_they_are_made_of() {
        assert_eq!(root("commodity/antimony-oxide"), "commodity/antimony");
        assert_eq!(root("commodity/gold"), "commodity/gold");
        assert_eq!(root("country/CHN"), "country/CHN");
    }
}

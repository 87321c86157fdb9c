//! Whether two times that differ are both read from the right words.

use std::sync::LazyLock;

use api::record::Period;
use text::{Context, Kind, Reader};

use super::Pair;
use crate::statement::{Item, day, sentence};

static READER: LazyLock<Reader> = LazyLock::new(Reader::standard);

/// Words of a time that a change is against: «a year earlier» is none of which a figure would be told.
const BASES: &[&str] = &[
    "earlier", "ago", "before", "previous", "prior", "last year", "last month", "同期", "去年", "上年",
    "上月", "前年",
];

impl Pair<'_> {
    /// True if one sentence names the other side's time too: which of the two its figure is of is easily read wrongly. A change names its
    /// base besides.
    pub(super) fn names_both_times(&self) -> bool {
        let (left, right) = self.statements();
        let named = |item: &Item, over: &Option<Period>| over.as_ref().is_some_and(|over| names(item, over));
        named(self.one.item, &right.over) || named(self.other.item, &left.over)
    }
}

fn names(item: &Item, over: &Period) -> bool {
    let published = day(item.statement.published.as_ref()).and_then(|day| day.parse().ok());
    let mentions = READER.read(sentence(item), &Context { published, ..Context::default() });
    let day = |end: &str| end.get(..10).map(str::to_owned);
    let own = |quote: &str| {
        let quote = quote.to_lowercase();
        !BASES.iter().any(|base| quote.contains(base))
    };
    let times = mentions.iter().filter(|mention| mention.kind == Kind::Time && own(mention.quote));
    times.into_iter().any(|mention| {
        let ends = [&mention.start, &mention.end].map(|end| end.as_deref().and_then(day));
        ends == [day(&over.start), day(&over.end)] && ends[0].is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::record::{Citation, Span, Statement};

    #[test]
    fn a_time_that_a_sentence_names_is_found() {
        let span =
            Span { quote: "一季度产量1.2万吨，二季度1.4万吨".to_owned(), ..Span::default() };
        let published = Some(Period { start: "2026-07-20".to_owned(), ..Period::default() });
        let item = Item {
            statement: Statement { sentence: 1, published, ..Statement::default() },
            citation: Citation { document: String::new(), spans: vec![span] },
            fact: None,
        };
        let over =
            |start: &str, end: &str| Period { start: start.into(), end: end.into(), ..Period::default() };
        assert!(names(&item, &over("2026-01-01", "2026-04-01")));
        assert!(!names(&item, &over("2025-01-01", "2025-04-01")));
        assert!(!names(&item, &over("", "2026-04-01")));
        let span =
            Span { quote: "87.6 t in June 2026, down 88% from a year earlier".to_owned(), ..Span::default() };
        let citation = Citation { document: String::new(), spans: vec![span] };
        assert!(!names(&Item { citation, ..item }, &over("2025-06-01", "2025-07-01")));
    }
}

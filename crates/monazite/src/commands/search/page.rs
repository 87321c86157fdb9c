//! An answer as people and programs see it.

use std::collections::BTreeMap;

use api::search::{Expansion, Facet, Hit, Order};
use serde_json::{Value, json};

use super::hit;
use crate::fit::flat;
use crate::marked::marked;
use crate::output::{Cell, Listing, column};

/// Names of an expansion that are shown; the others are counted.
const NAMES: usize = 6;

/// A screen that has room for the hour beside the day.
const WIDE: u16 = 110;

/// What was found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    /// The records.
    pub(crate) hits: Vec<Hit>,
    /// How many answer.
    pub(crate) total: i64,
    /// Values and how often they occur.
    pub(crate) facets: Vec<Facet>,
    /// What words were expanded to.
    pub(crate) expansions: Vec<Expansion>,
    /// The query that the places of expansions are in.
    pub(crate) query: String,
    /// In which order they are.
    pub(crate) order: Order,
    /// Up to where the log was indexed.
    pub(crate) sequence: i64,
    /// Token of the next page; empty if all was found.
    pub(crate) next: String,
    /// Whether only documents were asked for.
    pub(crate) documents: bool,
    /// What would widen a question that nothing answers.
    pub(crate) wider: Vec<String>,
    /// What findings among the hits say, by their names.
    pub(crate) findings: BTreeMap<String, String>,
}

impl Found {
    /// For a screen: what one passage answers with several records, such as the claims of one sentence, is one row.
    pub(crate) fn screen(&self, width: u16) -> Listing {
        let mut rows: Vec<(&Hit, usize)> = Vec::new();
        for found in &self.hits {
            let passage = |hit: &Hit| {
                hit.snippet.as_ref().map(|told| (told.document.clone(), told.start_byte, told.text.clone()))
            };
            let again = rows.iter_mut().find(|(known, _)| {
                let alike = known.kind == found.kind && self.finding(known) == self.finding(found);
                alike && passage(found).is_some_and(|own| passage(known) == Some(own))
            });
            match again {
                Some((_, times)) => *times += 1,
                None => rows.push((found, 1)),
            }
        }
        self.rows(&rows, width)
    }

    /// For programs and spreadsheets: each record is a row.
    pub(crate) fn listing(&self, width: u16) -> Listing {
        self.rows(&self.hits.iter().map(|found| (found, 1)).collect::<Vec<_>>(), width)
    }

    /// Hits with how many records each stands for; on a screen each has its passage below it.
    fn rows(&self, rows: &[(&Hit, usize)], width: u16) -> Listing {
        let one_kind = self.documents || self.hits.iter().all(|h| hit::kind(h) == "document");
        let mut listing = Listing::new(&[
            column("ID", "name"),
            column("PUBLISHED", "published"),
            column("KIND", "kind").hidden(one_kind),
            column("SOURCE", "source").shrinks_to(if width < WIDE { 16 } else { 24 }),
            column("TITLE", "title").shrinks(),
            column("", "snippet").hidden(true),
            column("", "document").hidden(true),
            column("", "score").hidden(true),
            column("", "sequence").hidden(true),
        ])
        .marked();
        for (found, times) in rows {
            let object = hit::json(found);
            let kind = if *times > 1 { format!("{times} {}s", hit::kind(found)) } else { hit::kind(found) };
            let snippet = object["snippet"]["text"].clone();
            let cells = vec![
                Cell::new(hit::id(found), found.name.as_str()),
                Cell::new(published(found, width), object["published"].clone()),
                kind.into(),
                Cell::new(hit::source(found), found.source.as_str()),
                Cell::new(self.title(found), found.title.as_str()),
                Cell::new("", snippet),
                Cell::new("", found.document.as_str()),
                Cell::new("", object["score"].clone()),
                Cell::from(found.sequence),
            ];
            listing.row_of(cells, hit::passage(found, "    ", usize::from(width)), object);
        }
        let widest = self.facets.iter().map(|facet| facet.field.len()).max().unwrap_or(0);
        for facet in &self.facets {
            listing.note_behind(format!("{:<widest$}  ", facet.field), facet_line(facet));
        }
        for note in self.notes() {
            listing.note(note);
        }
        listing
    }

    fn finding(&self, found: &Hit) -> Option<&str> {
        self.findings.get(&found.name).map(String::as_str)
    }

    /// What a finding says; of all else the title.
    fn title(&self, found: &Hit) -> String {
        self.finding(found).map_or_else(|| hit::title(found), |said| marked(said, []))
    }

    /// All of it as one object.
    pub(super) fn json(&self) -> Value {
        let facets: serde_json::Map<String, Value> = self
            .facets
            .iter()
            .map(|facet| {
                let counts = facet.counts.iter().map(|c| json!({"value": c.value, "count": c.count}));
                (facet.field.clone(), counts.collect())
            })
            .collect();
        let expansions: Value = self
            .expansions
            .iter()
            .map(|e| json!({"words": words(&self.query, e), "ids": e.ids, "names": e.names}))
            .collect();
        json!({
            "hits": self.hits.iter().map(hit::json).collect::<Value>(),
            "total": self.total,
            "order": order_word(self.order),
            "expansions": expansions,
            "facets": facets,
            "sequence": self.sequence,
            "next_page_token": if self.next.is_empty() { Value::Null } else { self.next.as_str().into() },
        })
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = expanded(&self.query, &self.expansions);
        notes.push(self.count());
        notes.extend(self.wider.iter().cloned());
        if !self.next.is_empty() {
            notes.push(format!("--limit 0 lists all; the next page: --page {}", self.next));
        }
        notes
    }

    fn count(&self) -> String {
        let (one, many) = if self.documents { ("document", "documents") } else { ("record", "records") };
        match (self.total, self.hits.len()) {
            (0, _) => format!("no {one} answers this"),
            (total, 0) => format!("{total} {many} answer, none of them on this page"),
            (1, _) => format!("1 {one}"),
            (total, shown) => {
                let by =
                    if self.order == Order::Time { "the newest first" } else { "the most relevant first" };
                let part = if i64::try_from(shown).unwrap_or(i64::MAX) < total {
                    format!("{shown} of {total} {many}")
                } else {
                    format!("{total} {many}")
                };
                format!("{part}, {by}")
            }
        }
    }
}

/// When a hit was published: the day alone where the screen is narrow.
fn published(found: &Hit, width: u16) -> String {
    let mut published = hit::published(found);
    if width < WIDE {
        // Ten characters of ASCII are a day.
        published.truncate(published.floor_char_boundary(10));
    }
    published
}

fn order_word(order: Order) -> &'static str {
    if order == Order::Time { "time" } else { "relevance" }
}

/// Values and how often they occur.
fn facet_line(facet: &Facet) -> String {
    let counts: Vec<String> =
        facet.counts.iter().map(|count| format!("{} {}", flat(&count.value), count.count)).collect();
    if counts.is_empty() { "none".to_owned() } else { counts.join(" · ") }
}

/// The words of a query that were expanded.
fn words<'a>(query: &'a str, expansion: &Expansion) -> &'a str {
    let bytes = expansion.bytes.unwrap_or_default();
    query.get(bytes.start as usize..bytes.end as usize).unwrap_or_default()
}

/// A sentence for each word or phrase that was expanded.
pub(crate) fn expanded(query: &str, expansions: &[Expansion]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut added = false;
    for expansion in expansions {
        let what = flat(words(query, expansion));
        let what = what.trim_matches(['"', '“', '”', '「', '」', '『', '』', '«', '»']);
        let line = match (expansion.ids.as_slice(), expansion.names.as_slice()) {
            ([_, _, ..], []) => {
                format!("{what} may be {}: only what is written is found", expansion.ids.join(" or "))
            }
            (ids, names) if ids == names => format!("{what} is {}", ids.join(" or ")),
            (_, []) => continue,
            (_, names) => {
                added = true;
                let shown = names.iter().take(NAMES).map(|name| flat(name)).collect::<Vec<_>>().join(", ");
                let more = match names.len().saturating_sub(NAMES) {
                    0 => String::new(),
                    more => format!(" and {more} more"),
                };
                format!("{what} also finds {shown}{more}")
            }
        };
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    if added && let Some(last) = lines.last_mut() {
        last.push_str(" · --literal finds only what is written");
    }
    lines
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that fails here should say so")]
    use api::record::{Period, Precision};
    use api::search::{ByteRange, FacetCount, Snippet};

    use super::*;
    use crate::cli::Format;

    fn range(start: u32, end: u32) -> ByteRange {
        ByteRange { start, end }
    }

    fn document() -> Hit {
        let text = "锑锭与氧化锑出口须先取得许可,antimony prices rose.";
        Hit {
            name: "documents/0123456789abcdef0123456789abcdef".into(),
            kind: "monazite.record.v1.Document".into(),
            score: 2.5,
            published: Some(Period {
                start: "2025-07-13T14:21:00+08:00".into(),
                end: String::new(),
                precision: Precision::Minute.into(),
            }),
            sequence: 7,
            document: "documents/0123456789abcdef0123456789abcdef".into(),
            source: "Lodestar \u{1b}[31mDesk".into(),
            title: "中国对锑出口实施许可管理".into(),
            title_highlights: vec![range(9, 12)],
            snippet: Some(Snippet {
                start_byte: 100,
                text: text.into(),
                highlights: vec![range(0, 3), range(15, 18), range(43, 51)],
                document: "documents/0123456789abcdef0123456789abcdef".into(),
            }),
        }
    }

    fn found() -> Found {
        Found {
            hits: vec![document()],
            total: 12,
            facets: vec![
                Facet {
                    field: "source".into(),
                    counts: vec![FacetCount { value: "SMM\u{9b}2J".into(), count: 3 }],
                },
                Facet {
                    field: "commodity".into(),
                    counts: vec![FacetCount { value: "antimony".into(), count: 12 }],
                },
            ],
            expansions: vec![Expansion {
                bytes: Some(range(1, 4)),
                ids: vec!["commodity/antimony".into()],
                names: vec!["antimony".into(), "stibium".into()],
            }],
            query: "(锑) AND kind:document".into(),
            order: Order::Relevance,
            sequence: 9,
            next: "t0".into(),
            documents: true,
            wider: Vec::new(),
            findings: BTreeMap::new(),
        }
    }

    #[test]
    fn a_hit_has_its_passage_below_it() {
        let mut out = Vec::new();
        found().listing(72).table(&mut out, 72, false).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r"
        ID        PUBLISHED   SOURCE              TITLE
        01234567  2025-07-13  Lodestar  [31mDesk  中国对⟦锑⟧出口实施许可管理
            … ⟦锑⟧锭与氧化⟦锑⟧出口须先取得许可,⟦antimony⟧ prices rose.
        source     SMM 2J 3
        commodity  antimony 12
        锑 also finds antimony, stibium · --literal finds only what is written
        1 of 12 documents, the most relevant first
        --limit 0 lists all; the next page: --page t0
        ");
    }

    #[test]
    fn claims_of_one_passage_are_one_row_on_a_screen() {
        let claim = |name: &str, start: u32| Hit {
            name: format!("claims/{name}"),
            kind: "monazite.record.v1.Claim".into(),
            snippet: document().snippet.map(|told| Snippet { start_byte: start, ..told }),
            ..document()
        };
        let hits = vec![claim("1", 100), claim("2", 100), claim("3", 300), claim("4", 100)];
        let found = Found { hits, documents: false, facets: Vec::new(), ..found() };
        let mut out = Vec::new();
        found.screen(90).table(&mut out, 90, false).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!((text.matches("3 claims").count(), text.matches("01234567").count()), (1, 2), "{text}");
        let mut out = Vec::new();
        found.listing(0).print(Format::Csv, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap().matches("claims/").count(), 4);
    }

    #[test]
    fn a_finding_is_told_by_what_it_says() {
        let finding = |name: &str| Hit {
            name: format!("findings/{name}"),
            kind: "monazite.record.v1.Finding".into(),
            ..document()
        };
        let said = |text: &str| format!("✗ contradiction · {text}");
        let findings = [("findings/1", "scale"), ("findings/2", "direction"), ("findings/3", "scale")];
        let found = Found {
            hits: ["1", "2", "3"].map(finding).to_vec(),
            documents: false,
            findings: findings.map(|(name, reason)| (name.to_owned(), said(reason))).into(),
            ..found()
        };
        let mut out = Vec::new();
        found.screen(90).table(&mut out, 90, false).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("2 findings") && text.contains(&said("scale")), "{text}");
        assert!(text.contains(&said("direction")) && !text.contains("实施许可管理"), "{text}");
    }

    #[test]
    fn on_a_terminal_what_answers_is_bold() {
        let mut out = Vec::new();
        found().listing(72).table(&mut out, 72, true).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("中国对\u{1b}[0m\u{1b}[1m锑\u{1b}[0m出口"), "{text:?}");
        assert!(text.contains("\u{1b}[1mantimony\u{1b}[0m"), "{text:?}");
        assert!(!text.contains('⟦') && !text.contains('⟧'), "{text:?}");
        assert!(!text.contains("\u{1b}[31m") && !text.contains('\u{9b}'), "{text:?}");
    }

    #[test]
    fn programs_get_all_of_it() {
        let object = found().json();
        assert_eq!(object["total"], 12);
        assert_eq!(object["hits"][0]["snippet"]["highlights"][2], json!({"start": 43, "end": 51}));
        assert_eq!(object["expansions"][0]["words"], "锑");
        assert_eq!(object["facets"]["commodity"][0], json!({"value": "antimony", "count": 12}));
        assert_eq!(object["next_page_token"], "t0");
        let mut out = Vec::new();
        found().listing(72).print(Format::Csv, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(
            text.starts_with("\u{feff}name,published,kind,source,title,snippet,document,score,sequence\n")
        );
        assert!(text.contains(",中国对锑出口实施许可管理,"), "{text}");
    }

    #[test]
    fn what_words_may_mean_is_said() {
        let expansion = |ids: &[&str], names: &[&str]| Expansion {
            bytes: Some(range(0, 3)),
            ids: ids.iter().map(|id| (*id).to_owned()).collect(),
            names: names.iter().map(|name| (*name).to_owned()).collect(),
        };
        let many: Vec<&str> = ["a", "b", "c", "d", "e", "f", "g", "h"].to_vec();
        let lines = expanded(
            "锑",
            &[
                expansion(&["x/a", "x/b"], &[]),
                expansion(&["x/a"], &["x/a"]),
                expansion(&["x/a"], &many),
                expansion(&["x/a"], &many),
            ],
        );
        assert_eq!(
            lines,
            [
                "锑 may be x/a or x/b: only what is written is found",
                "锑 is x/a",
                "锑 also finds a, b, c, d, e, f and 2 more · --literal finds only what is written",
            ]
        );
    }
}

//! `monazite observations`: values of tables.

use anyhow::Result;
use api::record::{Modality, Observation, Record, Term};
use prost::{Message as _, Name as _};
use serde_json::{Map, Value, json};
use text::Lexicon;

use crate::cli::ObservationsArgs;
use crate::commands::facts::{Days, figure, qualifier, shown_period};
use crate::commands::print;
use crate::failure::{Failure, Kind};
use crate::grpc::{Client, Listed};
use crate::names::{self, Wanted};
use crate::output::{Cell, Listing, column};

pub(super) async fn run(client: &Client, args: &ObservationsArgs) -> Result<()> {
    let lexicon = names::lexicon(&args.lexicon)?;
    let filter = Filter::new(&lexicon, args)?;
    let limit = if args.limit == 0 { usize::MAX } else { args.limit };
    let mut listing = listing();
    let mut more = false;
    let listed = Listed { kind: &Observation::full_name(), newest_first: true, ..Default::default() };
    client
        .each(listed, async |records| {
            for record in &records {
                let body = Observation::decode(record.body.clone())?;
                if !filter.wants(&body) {
                    continue;
                }
                if listing.len() == limit {
                    more = true;
                    return Ok(false);
                }
                add(&mut listing, &lexicon, record, &body);
            }
            Ok(true)
        })
        .await?;
    let count = listing.len();
    listing.note(match (count, more) {
        (0, _) => {
            "no observations like this; `monazite import prices.csv --mapping prices.toml` brings some in"
                .to_owned()
        }
        (_, true) => format!("the latest {count} observations · --limit 0 lists all"),
        (1, false) => "1 observation".to_owned(),
        (_, false) => format!("{count} observations"),
    });
    print(|mut out| listing.print(args.list.output, &mut out))
}

/// Which observations a user wants to see.
struct Filter {
    subject: Option<Wanted>,
    measure: Option<Wanted>,
    place: Option<Wanted>,
    period: Option<Days>,
    source: Option<String>,
}

impl Filter {
    fn new(lexicon: &Lexicon, args: &ObservationsArgs) -> Result<Self> {
        let wanted =
            |words: &Option<String>, kind| words.as_deref().map(|words| Wanted::new(lexicon, words, kind));
        let period = args.period.as_ref().map(|text| text.parse()).transpose();
        Ok(Self {
            subject: wanted(&args.subject, None),
            measure: wanted(&args.measure, Some("measure")),
            place: wanted(&args.place, None),
            period: period.map_err(|what: String| Failure::new(Kind::Usage, what))?,
            source: args.source.as_ref().map(|words| words.to_lowercase()),
        })
    }

    fn wants(&self, body: &Observation) -> bool {
        let is = |wanted: &Option<Wanted>, terms: &[&Option<Term>]| {
            wanted.as_ref().is_none_or(|wanted| {
                terms.iter().filter_map(|term| term.as_ref()).any(|term| wanted.is(&term.id, &term.words))
            })
        };
        let partner = |wanted: &Wanted| body.partners.iter().any(|term| wanted.is(&term.id, &term.words));
        is(&self.subject, &[&body.subject, &body.part, &body.whole])
            && is(&self.measure, &[&body.measure])
            && (is(&self.place, &[&body.place]) || self.place.as_ref().is_some_and(partner))
            && self.period.is_none_or(|days| body.period.as_ref().is_some_and(|period| days.overlap(period)))
            && self.source.as_ref().is_none_or(|words| body.source.to_lowercase().contains(words))
    }
}

/// An empty listing of observations.
pub(super) fn listing() -> Listing {
    Listing::new(&[
        column("SUBJECT", "subject").shrinks_to(24),
        column("MEASURE", "measure").shrinks_to(16),
        column("PLACE", "place").shrinks_to(20),
        column("PERIOD", "period"),
        column("VALUE", "value").shrinks_to(30).right(),
        column("NOTES", "notes").shrinks(),
        column("SOURCE", "source").shrinks_to(32),
        column("ROW", "row").shrinks_to(20),
    ])
}

/// Adds an observation.
pub(super) fn add(listing: &mut Listing, lexicon: &Lexicon, record: &Record, body: &Observation) {
    let object = object(record, body);
    let field = |name: &str| object.get(name).cloned().unwrap_or(Value::Null);
    let name = |term: &Option<Term>| term.as_ref().map_or(String::new(), |term| shown(lexicon, term));
    let subject = if body.subject.is_some() { name(&body.subject) } else { name(&body.part) };
    let period = body.period.as_ref().map(shown_period).unwrap_or_default();
    let source = if body.edition.is_empty() {
        body.source.clone()
    } else {
        format!("{}@{}", body.source, body.edition)
    };
    let row = body.row.clone().unwrap_or_default();
    let cells = vec![
        Cell::new(subject, field("subject")),
        Cell::new(name(&body.measure), field("measure")),
        Cell::new(name(&body.place), field("place")),
        Cell::new(period, field("period")),
        Cell::new(value(body), field("value")),
        Cell::new(notes(lexicon, body), ""),
        Cell::new(source, body.source.as_str()),
        Cell::new(format!("{}:{}", row.file, row.number), field("row")),
    ];
    listing.row_of(cells, Vec::new(), object.into());
}

/// A name in the lexicon's words, or in those of the table where the lexicon does not know it, with a question mark.
fn shown(lexicon: &Lexicon, term: &Term) -> String {
    if term.id.is_empty() { format!("{} ?", term.words) } else { names::shown(lexicon, &term.id).to_owned() }
}

fn value(body: &Observation) -> String {
    let value = body.value.clone().unwrap_or_default();
    let figure = figure(&value.value, &value.low, &value.high, &value.unit);
    qualifier(body.qualifier()).map_or(figure.clone(), |word| format!("{word} {figure}"))
}

/// What the other columns have no room for.
fn notes(lexicon: &Lexicon, body: &Observation) -> String {
    let mut parts = Vec::new();
    parts.extend(body.statistic.iter().map(|term| shown(lexicon, term)));
    parts.extend(body.basis.iter().map(|term| shown(lexicon, term)));
    parts.extend(body.whole.iter().map(|term| format!("share of {}", shown(lexicon, term))));
    parts.extend(body.actors.iter().map(|term| format!("by {}", shown(lexicon, term))));
    if !body.partners.is_empty() {
        let partners: Vec<String> = body.partners.iter().map(|term| shown(lexicon, term)).collect();
        parts.push(format!("with {}", partners.join(", ")));
    }
    parts.extend(body.venue.iter().map(|term| shown(lexicon, term)));
    if !body.detail.is_empty() {
        parts.push(body.detail.clone());
    }
    if body.estimated {
        parts.push("estimated".to_owned());
    }
    if body.modality() != Modality::Unspecified {
        parts.push(lower(body.modality().as_str_name(), "MODALITY_"));
    }
    parts.join(", ")
}

fn lower(name: &str, prefix: &str) -> String {
    name.trim_start_matches(prefix).to_ascii_lowercase()
}

/// An observation for programs: the fields of its body, without those that are empty.
fn object(record: &Record, body: &Observation) -> Map<String, Value> {
    let mut object = Map::new();
    let mut set = |name: &str, value: Value| {
        let empty = match &value {
            Value::Null | Value::Bool(false) => true,
            Value::String(text) => text.is_empty(),
            Value::Array(list) => list.is_empty(),
            _ => false,
        };
        if !empty {
            object.insert(name.to_owned(), value);
        }
    };
    let term = |term: &Term| json!({ "id": term.id, "words": term.words });
    let one = |found: &Option<Term>| found.as_ref().map_or(Value::Null, term);
    let many = |found: &[Term]| found.iter().map(term).collect::<Value>();
    let value = body.value.clone().unwrap_or_default();
    let period = |period: &api::record::Period| {
        let precision = lower(period.precision().as_str_name(), "PRECISION_");
        json!({ "start": period.start, "end": period.end, "precision": precision })
    };
    set("name", record.name.as_str().into());
    set("subject", one(&body.subject));
    set("measure", one(&body.measure));
    set("statistic", one(&body.statistic));
    set(
        "value",
        fields([("value", &value.value), ("low", &value.low), ("high", &value.high), ("unit", &value.unit)]),
    );
    set("printed_digits", body.printed_digits.into());
    set("qualifier", qualifier(body.qualifier()).into());
    set("basis", many(&body.basis));
    set("part", one(&body.part));
    set("whole", one(&body.whole));
    set("actors", many(&body.actors));
    set("place", one(&body.place));
    set("partners", many(&body.partners));
    set("venue", one(&body.venue));
    set("detail", body.detail.as_str().into());
    set("period", body.period.as_ref().map_or(Value::Null, period));
    set("estimated", body.estimated.into());
    if body.modality() != Modality::Unspecified {
        set("modality", lower(body.modality().as_str_name(), "MODALITY_").into());
    }
    set("source", body.source.as_str().into());
    set("edition", body.edition.as_str().into());
    set("published", body.published.as_ref().map_or(Value::Null, period));
    if let Some(row) = &body.row {
        set(
            "row",
            json!({ "file": row.file, "sheet": row.sheet, "number": row.number, "column": row.column, "cell": row.cell }),
        );
    }
    let keys = record.keys.iter().filter_map(|key| key.split_once('='));
    let keys = keys.filter(|(name, _)| matches!(*name, "series" | "fact"));
    set("keys", keys.map(|(name, value)| (name.to_owned(), value.into())).collect::<Map<_, Value>>().into());
    object
}

fn fields<const N: usize>(fields: [(&str, &str); N]) -> Value {
    let given = fields.into_iter().filter(|(_, value)| !value.is_empty());
    given.map(|(name, value)| (name.to_owned(), Value::from(value))).collect::<Map<_, _>>().into()
}

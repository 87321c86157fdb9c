//! `monazite documents`.

use anyhow::Result;
use api::record::{Document, TopicMembership};
use prost::{Message as _, Name as _};
use serde_json::Value;

use crate::cli::DocumentsArgs;
use crate::commands::print;
use crate::grpc::{Client, Listed};
use crate::output::{Cell, Listing, column};
use crate::view::{View, short};

pub(super) async fn run(client: &Client, args: &DocumentsArgs) -> Result<()> {
    let mut listing = Listing::new(&[
        column("ID", "name"),
        column("PUBLISHED", "published"),
        column("SOURCE", "source").shrinks(),
        column("BYTES", "bytes").right(),
        column("LANG", "language"),
        column("TITLE", "title").shrinks(),
    ]);
    let limit = if args.limit == 0 { usize::MAX } else { args.limit };
    let mut more = false;
    let mut add = |view: &View| {
        let contains = |words: &Option<String>, text: &str| {
            words.as_ref().is_none_or(|w| text.to_lowercase().contains(&w.to_lowercase()))
        };
        if !contains(&args.source, &view.document.source) || !contains(&args.title, view.title()) {
            return true;
        }
        if listing.len() == limit {
            more = true;
            return false;
        }
        listing.row(row(view));
        true
    };
    if let Some(topic) = &args.topic {
        let names = under_topic(client, topic).await?;
        for record in client.batch_get(&names).await? {
            if !add(&View::new(&record)?) {
                break;
            }
        }
    } else {
        let listed = Listed { kind: &Document::full_name(), newest_first: true, ..Default::default() };
        client
            .each(listed, async |records| {
                for record in &records {
                    if !add(&View::new(record)?) {
                        return Ok(false);
                    }
                }
                Ok(true)
            })
            .await?;
    }
    let count = listing.len();
    listing.note(match (count, more) {
        (0, _) => "no documents; bring some in with `monazite import`".to_owned(),
        (_, true) => {
            format!("the {count} documents imported last, the latest import first · --limit 0 lists all")
        }
        (1, false) => "1 document".to_owned(),
        (_, false) => format!("{count} documents, the latest import first"),
    });
    print(|mut out| listing.print(args.list.output, &mut out))
}

fn row(view: &View) -> Vec<Cell> {
    let json = view.json();
    let published = json.get("published").cloned().unwrap_or(Value::Null);
    vec![
        Cell::new(short(&view.name), view.name.as_str()),
        Cell::new(to_the_minute(view.published()), published),
        Cell::new(view.source(), view.document.source.as_str()),
        Cell::from(view.document.text.len()),
        Cell::from(view.document.language.as_str()),
        Cell::new(view.heading(), view.title()),
    ]
}

/// Times side by side are shown alike: nobody orders documents by seconds. What is known less exactly stays so.
fn to_the_minute(mut time: String) -> String {
    // `2025-07-13 16:09` has so many characters, all of them ASCII.
    time.truncate(time.floor_char_boundary(16));
    time
}

/// Names of the documents under a topic.
async fn under_topic(client: &Client, topic: &str) -> Result<Vec<String>> {
    let listed = Listed {
        kind: &TopicMembership::full_name(),
        keys: vec![format!("topic={topic}")],
        newest_first: true,
        ..Default::default()
    };
    let mut names = Vec::new();
    for record in client.list(listed).await? {
        names.push(TopicMembership::decode(record.body)?.document);
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_to_the_minute_at_most() {
        for (time, shown) in [
            ("2025-07-13 16:09:33", "2025-07-13 16:09"),
            ("2025-07-13 16:09", "2025-07-13 16:09"),
            ("2025-07-13", "2025-07-13"),
            ("", ""),
        ] {
            assert_eq!(to_the_minute(time.to_owned()), shown);
        }
    }
}

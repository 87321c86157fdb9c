//! `monazite stories` and `monazite story`: documents that tell one event, and what differs between their tellings.

mod told;
mod words;

use anyhow::Result;
use api::record::{DifferenceKind, Record, Story, StoryMembership};
use prost::{Message as _, Name as _};
use serde_json::json;

use crate::cli::{StoriesArgs, StoryArgs};
use crate::commands::print;
use crate::failure::{Failure, Kind};
use crate::grpc::{Client, Listed};
use crate::output::{Cell, Listing, column};
use crate::view::{View, document_name, short};

/// A story with its record and its documents.
pub(super) struct Told {
    /// Its resource name.
    pub(super) name: String,
    /// The body.
    pub(super) story: Story,
    /// Its record, for what is quoted.
    pub(super) record: Record,
    /// The documents of its tellings, in their order; those that were taken back since are left out.
    pub(super) views: Vec<View>,
}

impl Told {
    /// The words behind an index of the body.
    pub(super) fn quote(&self, index: u32) -> &str {
        let citation = self.record.citations.get(index as usize);
        citation.and_then(|citation| citation.spans.first()).map_or("", |span| &span.quote)
    }

    /// The document of a name.
    pub(super) fn view(&self, name: &str) -> Option<&View> {
        self.views.iter().find(|view| view.name == name)
    }
}

/// `monazite stories`.
///
/// # Errors
/// If the server does not answer, or a record holds no story.
pub(super) async fn list(client: &Client, args: &StoriesArgs) -> Result<()> {
    let mut stories: Vec<(String, Story)> = Vec::new();
    for record in client.list(Listed { kind: &Story::full_name(), ..Default::default() }).await? {
        stories.push((record.name, Story::decode(record.body)?));
    }
    stories.sort_by_cached_key(|(name, story)| (std::cmp::Reverse(first(story).to_owned()), name.clone()));
    let all = stories.len();
    stories.truncate(if args.limit == 0 { usize::MAX } else { args.limit });
    let firsts: Vec<String> =
        stories.iter().filter_map(|(_, story)| Some(story.tellings.first()?.document.clone())).collect();
    let mut titles: Vec<View> = Vec::new();
    for record in client.batch_get(&firsts).await? {
        titles.push(View::new(&record)?);
    }
    let mut listing = Listing::new(&[
        column("ID", "name"),
        column("FIRST TOLD", "published"),
        column("TELLINGS", "tellings").right(),
        column("VOICES", "voices").right(),
        column("DIFFERS IN", "differences"),
        column("TITLE OF THE FIRST", "title").shrinks(),
    ]);
    for (name, story) in &stories {
        let view =
            story.tellings.first().and_then(|told| titles.iter().find(|view| view.name == told.document));
        let kinds = kinds(story);
        listing.row(vec![
            Cell::new(short(name), name.as_str()),
            Cell::new(view.map(View::published).unwrap_or_default(), first(story)),
            Cell::from(story.tellings.len()),
            Cell::from(story.voices.len()),
            Cell::new(if kinds.is_empty() { "—".to_owned() } else { kinds.join(", ") }, json!(kinds)),
            Cell::new(view.map_or("", View::heading), view.map_or("", View::title)),
        ]);
    }
    listing.note(match (all, stories.len()) {
        (0, _) => "no stories: no event is told by two documents".to_owned(),
        (_, shown) if shown < all => format!("the latest {shown} of {all} stories · --limit 0 lists all"),
        (1, _) => {
            "1 story · `monazite story ID` shows it, by its id or that of any of its documents".to_owned()
        }
        _ => format!(
            "{all} stories · `monazite story ID` shows one, by its id or that of any of its documents"
        ),
    });
    print(|mut out| listing.print(args.list.output, &mut out))
}

/// When a story was first told, as its first document says it.
fn first(story: &Story) -> &str {
    story.tellings.first().and_then(|telling| telling.published.as_ref()).map_or("", |period| &period.start)
}

/// In what the tellings of a story differ, each kind once.
fn kinds(story: &Story) -> Vec<&'static str> {
    let mut kinds: Vec<DifferenceKind> =
        story.differences.iter().map(|difference| difference.kind()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds.into_iter().map(words::kind).collect()
}

/// `monazite story`.
///
/// # Errors
/// If there is no such document, or it is in no story.
pub(super) async fn one(client: &Client, args: &StoryArgs) -> Result<()> {
    // A story has the id of its first telling, so that its own id leads to it as that of any of its documents does.
    let id = args.id.strip_prefix("stories/").unwrap_or(&args.id);
    let document = document_name(client, id, 0).await?;
    let listed = Listed {
        kind: &StoryMembership::full_name(),
        keys: vec![format!("document={document}")],
        limit: 1,
        ..Default::default()
    };
    let Some(record) = client.list(listed).await?.into_iter().next() else {
        // Say that there is no such document before saying that it is in no story.
        client.get(&document, 0).await?;
        let message =
            format!("{document} is in no story: no other document tells its event; see `monazite stories`");
        return Err(Failure::new(Kind::NotFound, message).into());
    };
    let name = StoryMembership::decode(record.body)?.story;
    let record = client.get(&name, 0).await?;
    let story = Story::decode(record.body.clone())?;
    let documents: Vec<String> = story.tellings.iter().map(|telling| telling.document.clone()).collect();
    let mut views = Vec::with_capacity(documents.len());
    for record in client.batch_get(&documents).await? {
        views.push(View::new(&record)?);
    }
    let told = Told { name, story, record, views };
    told::print(&told, args.list.output)
}

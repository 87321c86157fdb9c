//! What the commands about search and topics understand.

use clap::{Args, Subcommand, ValueEnum};

use super::{BriefFormat, ListArgs};

/// `monazite search`.
#[derive(Args, Debug)]
#[command(after_help = "\
Words side by side must all be there; \"...\" is a phrase; AND, OR, NOT, -word and ( ) combine; a
field narrows: source: language: published: topic: entity: commodity: country: measure: kind:
title: body: sequence: (docs/search.md has all of it). A name that the lexicon knows is found under
all its names, Chinese and English; below the hits stands which, and --literal turns it off.

Examples:
  monazite search 稀土
  monazite search '\"export ban\" (锑 OR 镓)' --from 2025-07 --facet source,commodity
  monazite search 'title:price -gold' --order time --limit 50
  monazite search --commodity antimony --country MEX      no words: the newest that name both
  monazite search 锑 --kind claim --output jsonl | jq -r .snippet.text
  monazite search 锑 --output json                        one object: hits, total, facets, expansions
                                                          and the token of the next page

Every filter may be given several times; each time it allows one more value.")]
pub(crate) struct SearchArgs {
    /// What to look for, in one argument or several; without it everything that the filters let through. Quotation marks
    /// reach it only inside others: '"rare earth"'
    #[arg(value_name = "QUERY")]
    pub(crate) words: Vec<String>,
    /// Look for what is written and no more, without other names of the same thing
    #[arg(long)]
    pub(crate) literal: bool,
    /// Which come first [default: relevance; time if the query has no words]
    #[arg(long, value_enum)]
    pub(crate) order: Option<Order>,
    /// At most this many; 0 for all
    #[arg(long, default_value_t = 10, value_name = "N")]
    pub(crate) limit: usize,
    /// All hits, page after page; the same as --limit 0
    #[arg(long, conflicts_with_all = ["limit", "page"])]
    pub(crate) all: bool,
    /// Go on where the page with this token ended
    #[arg(long, value_name = "TOKEN")]
    pub(crate) page: Option<String>,
    /// Count the values of these fields: source, language, topic, entity, commodity, country, measure, kind
    #[arg(long, value_name = "FIELDS", value_delimiter = ',')]
    pub(crate) facet: Vec<String>,
    /// Answer only once this sequence of the log can be found
    #[arg(long, value_name = "SEQUENCE", default_value_t = 0, hide_default_value = true)]
    pub(crate) at_least: i64,
    #[command(flatten)]
    pub(crate) list: ListArgs,
    #[command(flatten)]
    // The last, for its heading would stand above whatever follows.
    pub(crate) filters: Filters,
}

/// Filters of a question; each adds a field to the query.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Filters")]
pub(crate) struct Filters {
    /// Only of this publisher or platform, as `--facet source` lists them
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Vec<String>,
    /// Only in this language: zh, en
    #[arg(long, value_name = "TAG")]
    pub(crate) language: Vec<String>,
    /// Only published then or later: 2025, 2025-H1, 2025-Q3, 2025-07, 2025-W28, 2025-07-13, 2025-07-13T16
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<String>,
    /// Only published then or before; 2025-07 includes all of July
    #[arg(long, value_name = "DATE")]
    pub(crate) to: Option<String>,
    /// Only what came in under this topic; `monazite topics show` lists what answers the query of a saved one
    #[arg(long, value_name = "TOPIC")]
    pub(crate) topic: Vec<String>,
    /// Only what names this company, place, good ...: a name in either language or an id
    #[arg(long, value_name = "NAME")]
    pub(crate) entity: Vec<String>,
    /// Only what names this good or one of its kind, such as 锑 or rare-earths
    #[arg(long, value_name = "GOOD")]
    pub(crate) commodity: Vec<String>,
    /// Only what names this country, such as MEX or 墨西哥
    #[arg(long, value_name = "COUNTRY")]
    pub(crate) country: Vec<String>,
    /// Only with figures of this measure, such as price or 产量
    #[arg(long, value_name = "MEASURE")]
    pub(crate) measure: Vec<String>,
    /// Only records of this kind: document, claim, digest, story, finding, or all [default: document]
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Vec<String>,
}

/// Orders of hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Order {
    /// Those that answer best
    Relevance,
    /// The newest, by publication
    Time,
}

/// `monazite topics`.
#[derive(Args, Debug)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
A topic is a query that is kept under a name. It is answered by documents that answer the query, and
by documents that came in under its name (the topic in a feed's header, or import --topic).

Examples:
  monazite topics
  monazite topics add 'export bans' '\"export ban\" OR 出口禁令'
  monazite topics add antimony-prices '锑 measure:price' --kind claim
  monazite topics show antimony-prices
  monazite watch antimony-prices
  monazite topics remove antimony-prices"
)]
pub(crate) struct TopicsArgs {
    #[command(subcommand)]
    pub(crate) action: Option<TopicsAction>,
    #[command(flatten)]
    pub(crate) listing: TopicListArgs,
}

/// What to do with topics.
#[derive(Debug, Subcommand)]
pub(crate) enum TopicsAction {
    /// Lists topics, with how much answers each now
    List(TopicListArgs),
    /// Saves a topic, or changes its query
    Add {
        /// What it is called
        name: String,
        /// The query; without one only documents that came in under its name answer it
        #[arg(default_value = "", hide_default_value = true, allow_hyphen_values = true)]
        query: String,
        /// Whose it is [default: the name of the user]
        #[arg(long, value_name = "NAME")]
        owner: Option<String>,
        /// Look for what is written and no more, without other names of the same thing
        #[arg(long)]
        literal: bool,
        /// Kinds of record that may answer: document, claim, digest, story, finding; any number of times [default:
        /// document]
        #[arg(long, value_name = "KIND", value_delimiter = ',')]
        kind: Vec<String>,
    },
    /// Removes a topic; documents that came in under its name stay
    Remove(TopicArgs),
    /// Shows how a topic's query is read, and what answers it now
    Show {
        #[command(flatten)]
        topic: TopicArgs,
        /// At most this many of what answers it, the newest first; 0 for all
        #[arg(long, default_value_t = 5, value_name = "N")]
        limit: usize,
        /// How to print
        #[arg(long, value_enum, default_value_t = BriefFormat::Text, value_name = "FORMAT")]
        output: BriefFormat,
    },
}

/// How topics are listed.
#[derive(Args, Clone, Debug)]
pub(crate) struct TopicListArgs {
    /// Only those of this owner
    #[arg(long, value_name = "NAME")]
    pub(crate) owner: Option<String>,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

/// A saved topic.
#[derive(Args, Clone, Debug)]
pub(crate) struct TopicArgs {
    /// The topic: its name, or its resource name, `topics/...`
    #[arg(value_name = "TOPIC")]
    pub(crate) topic: String,
    /// Whose it is, where several have one of that name [default: the name of the user]
    #[arg(long, value_name = "NAME")]
    pub(crate) owner: Option<String>,
}

/// `monazite watch`.
#[derive(Args, Debug)]
#[command(after_help = "\
Tells what comes in from now on, until Ctrl-C. When the server goes away it waits until it is back
and goes on where it was, so that nothing is missed. Each JSON line has the sequence of its commit:
keep the last one, and --after goes on from there.

Examples:
  monazite watch 稀土
  monazite watch antimony --since-start
  monazite watch antimony --after 120 --output jsonl >> alerts.jsonl
  monazite watch antimony --exit-after 1 && notify-send 'something new on antimony'")]
pub(crate) struct WatchArgs {
    #[command(flatten)]
    pub(crate) topic: TopicArgs,
    /// First what was committed after this sequence
    #[arg(long, value_name = "SEQUENCE", conflicts_with = "since_start")]
    pub(crate) after: Option<i64>,
    /// First everything that answers it already
    #[arg(long)]
    pub(crate) since_start: bool,
    /// End once this many were told, and all of the same commit with them
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) exit_after: Option<u64>,
    /// How to print
    #[arg(long, value_enum, default_value_t = WatchFormat::Text, value_name = "FORMAT")]
    pub(crate) output: WatchFormat,
}

/// Formats of alerts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum WatchFormat {
    /// For people
    Text,
    /// One JSON object an alert
    Jsonl,
}

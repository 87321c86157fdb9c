//! What the command line understands.

mod operate;
mod search;

mod findings;

mod tables;

mod brief;

mod explain;

mod verdict;

mod as_of;

mod series;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use operate::{
    BackupArgs, FailuresArgs, PluginsAction, PluginsArgs, RestoreArgs, RetractArgs, WorkerArgs,
};
pub(crate) use search::{
    Filters, Order, SearchArgs, TopicArgs, TopicListArgs, TopicsAction, TopicsArgs, WatchArgs, WatchFormat,
};

mod stories;

pub(crate) use stories::{StoriesArgs, StoryArgs};

pub(crate) use as_of::{AsOf, AsOfArgs};

pub(crate) use findings::FindingsArgs;

pub(crate) use series::{HistoryArgs, NarrowArgs, SeriesArgs};

pub(crate) use tables::{ObservationsArgs, TableArgs};

pub(crate) use explain::{ExplainArgs, ExplainOutput};

pub(crate) use verdict::{Judged, VerdictArgs, VerdictsArgs};

pub(crate) use self::brief::{BriefArgs, BriefOutput, DigestArgs, Lang, SinceArg};

/// Reads what a market writes about critical minerals, and shows which numbers hold up.
#[derive(Debug, Parser)]
#[command(name = "monazite", version, max_term_width = 110, after_help = AFTER_HELP)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) connection: Connection,
}

const AFTER_HELP: &str = "\
Examples:
  monazite up                                start everything; data in ~/.local/share/monazite
  monazite import --wait feed.txt            read a feed, a folder, a saved page, JSON lines
  monazite facts --measure price             prices, their changes and periods, with their quotes
  monazite search 稀土 --from 2025-07        what speaks of it, in English too
  monazite topics add antimony 锑            a question that is kept; then: monazite watch antimony
  monazite findings                          what contradicts, what does not add up, and what holds
  monazite brief 稀土                        what is new, in dispute and by theme, each sentence with its source
  monazite digest --all                      what each document says, in its own sentences
  echo '锑锭 21.5万元/吨' | monazite read     what is in it as JSON, without any server

Exit codes:
  0 all went well      1 it failed           2 wrong usage
  3 no server that is ready, or it refused   4 some of the input was refused, the rest was taken
  5 no such document, finding, topic, plugin or failure

Environment:
  MONAZITE_DATA, MONAZITE_SERVER, MONAZITE_LOG (such as `info,storage=debug`), MONAZITE_LOG_FORMAT=json,
  MONAZITE_OWNER (of your topics and verdicts), NO_COLOR";

/// How client commands find their server.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Connection")]
pub(crate) struct Connection {
    /// Data folder; its token and address are found by themselves [default: ~/.local/share/monazite]
    #[arg(long, global = true, env = "MONAZITE_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Server to ask, such as http://127.0.0.1:7401 [default: the one that runs on the data folder]
    #[arg(long, global = true, env = "MONAZITE_SERVER", value_name = "URL")]
    pub(crate) server: Option<String>,
    /// File with the server's token [default: `token` in the data folder]
    #[arg(long, global = true, env = "MONAZITE_TOKEN_FILE", value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) tls: TlsArgs,
}

/// Identity for mTLS, in PEM files.
#[derive(Args, Clone, Debug)]
pub(crate) struct TlsArgs {
    /// Own certificate chain (PEM), for mTLS
    #[arg(long, global = true, value_name = "FILE", requires_all = ["tls_key", "tls_ca"], hide_short_help = true)]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Own private key (PEM), for mTLS
    #[arg(long, global = true, value_name = "FILE", requires = "tls_cert", hide_short_help = true)]
    pub(crate) tls_key: Option<PathBuf>,
    /// Authority that signs the certificates of the other side (PEM), for mTLS
    #[arg(long, global = true, value_name = "FILE", requires = "tls_cert", hide_short_help = true)]
    pub(crate) tls_ca: Option<PathBuf>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Starts everything in one process, on one private data folder
    Up(UpArgs),
    /// Runs some of the services apart, as one of several processes
    Serve(ServeArgs),
    /// Reads files, folders or standard input into the log
    Import(ImportArgs),
    /// Finds documents, claims and findings by words, in both languages
    Search(Box<SearchArgs>),
    /// Lists, saves, shows and removes topics: questions that are kept
    Topics(TopicsArgs),
    /// Tells at once what comes in that answers a topic
    Watch(WatchArgs),
    /// Lists documents
    Documents(DocumentsArgs),
    /// Lists what documents state, in figures and events, with the quotes
    Facts(FactsArgs),
    /// Lists what contradicts, what does not add up, and what holds
    Findings(FindingsArgs),
    /// Says what you think of a finding; one that is rejected is muted
    Verdict(VerdictArgs),
    /// Lists what was said of findings, and whether it still holds
    Verdicts(VerdictsArgs),
    /// Shows how a record was derived, down to passages and versions
    Explain(ExplainArgs),
    /// Lists the values of tables that were imported
    Observations(ObservationsArgs),
    /// Shows the values of one quantity over time, from documents and tables, and draws them
    Series(SeriesArgs),
    /// Shows who said what of one quantity when, and what was revised or withdrawn
    History(HistoryArgs),
    /// Shows what is new, in dispute and by theme about a topic, each sentence with its source
    Brief(BriefArgs),
    /// Lists events that two or more documents tell
    Stories(StoriesArgs),
    /// Shows the tellings of one event, their sources, and what differs between them
    Story(StoryArgs),
    /// Shows what each document says, in its own sentences
    Digest(DigestArgs),
    /// Shows a document with its mentions or one passage highlighted
    Show(ShowArgs),
    /// Reads mentions and claims from a text, without any server
    Read(ReadArgs),
    /// Lists services and who provides them
    Services(ListArgs),
    /// Lists plugins; pins, enables or disables analyzers
    Plugins(PluginsArgs),
    /// Tells how far each analyzer and the search index have come
    Status(ListArgs),
    /// Makes the search index again from the log
    Reindex,
    /// Lists groups whose analysis failed, and tries them again
    Failures(FailuresArgs),
    /// Takes documents or tables back, with all that rests on them
    Retract(RetractArgs),
    /// Writes all records into one file
    Backup(BackupArgs),
    /// Reads such a file into an empty log
    Restore(RestoreArgs),
    /// Prints completions for a shell
    Completions {
        /// For this shell
        shell: clap_complete::Shell,
    },
    /// Serves one plugin; started by the plugin host
    #[command(hide = true)]
    PluginWorker(WorkerArgs),
}

/// `monazite up`.
#[derive(Args, Debug)]
#[command(after_help = "\
Example:
  monazite up --data ./data --listen 127.0.0.1:7401

Prints one line when ready. Stop it with Ctrl-C; what was acknowledged stays.")]
pub(crate) struct UpArgs {
    /// Address to listen on; loopback only
    #[arg(long, default_value = "127.0.0.1:7401", value_name = "ADDRESS")]
    pub(crate) listen: SocketAddr,
    #[command(flatten)]
    pub(crate) run: RunArgs,
}

/// What `up` and `serve` share.
#[derive(Args, Debug)]
pub(crate) struct RunArgs {
    /// Folder of plugins, any number of times [default: `plugins` beside the program]
    #[arg(long, value_name = "DIR", env = "MONAZITE_PLUGINS", value_delimiter = ':')]
    pub(crate) plugins: Vec<PathBuf>,
    /// Longest time that a shutdown may take, in seconds
    #[arg(long, default_value_t = 10, value_name = "SECONDS")]
    pub(crate) grace: u64,
}

/// `monazite serve`.
#[derive(Args, Debug)]
#[command(after_help = "\
Example, three processes of one machine that share a token:
  monazite serve --services registry --data r --listen 127.0.0.1:7402 --token-file token
  monazite serve --services storage --data s --listen 127.0.0.1:7403 --registry http://127.0.0.1:7402 --token-file token
  monazite serve --services analysis,plugins --data a --listen 127.0.0.1:7404 --registry http://127.0.0.1:7402 \\
      --token-file token

Beyond loopback, --tls-cert, --tls-key and --tls-ca are required instead of the token.")]
pub(crate) struct ServeArgs {
    /// Services to run: storage, registry, analysis, plugins, search
    #[arg(long, value_delimiter = ',', required = true, value_name = "NAMES")]
    pub(crate) services: Vec<server::ServiceName>,
    /// Address to listen on
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: SocketAddr,
    /// Where the registry is, unless it is run here
    #[arg(long, value_name = "URL")]
    pub(crate) registry: Option<String>,
    /// URL that others are told, if it is not the address listened on; where analysis runs apart, plugins are then
    /// called there and not over sockets of this machine
    #[arg(long, value_name = "URL")]
    pub(crate) advertise: Option<String>,
    #[command(flatten)]
    pub(crate) run: RunArgs,
}

/// `monazite import`.
#[derive(Args, Debug)]
#[command(after_help = "\
Formats are found by themselves: topic-feed exports, JSON lines, plain text and Markdown with front matter, saved
HTML pages; encodings likewise: UTF-8, UTF-16, GB18030. docs/import-formats.md describes them. CSV and XLSX files are
tables, whose rows become observations: docs/table-formats.md.

Examples:
  monazite import --wait examples/feed.txt
  monazite import notes/ pages/*.html
  generate | monazite import --format jsonl -
  monazite import prices.csv --mapping prices.toml")]
pub(crate) struct ImportArgs {
    /// Files, folders, or `-` for standard input
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Return when all that follows from the import is settled and can be found
    #[arg(long)]
    pub(crate) wait: bool,
    /// Longest time to wait, in seconds
    #[arg(long, value_name = "SECONDS", requires = "wait", default_value_t = 3600)]
    pub(crate) wait_limit: u64,
    /// Take everything for this format: feed, jsonl, text, markdown, html
    #[arg(long, value_name = "NAME")]
    pub(crate) format: Option<intake::Format>,
    /// Take everything for this encoding: utf-8, utf-16le, utf-16be, gb18030, windows-1252
    #[arg(long, value_name = "NAME")]
    pub(crate) encoding: Option<intake::Charset>,
    /// Zone of times that do not say theirs, such as +08:00 or Asia/Shanghai [default: China Standard Time]
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// Put all documents under this topic
    #[arg(long, value_name = "TOPIC")]
    pub(crate) topic: Option<String>,
    #[command(flatten)]
    pub(crate) tables: TableArgs,
}

/// How a listing is printed.
#[derive(Args, Clone, Debug)]
pub(crate) struct ListArgs {
    /// How to print; CSV starts with a byte order mark, so that spreadsheets show Chinese
    #[arg(long, value_enum, default_value_t = Format::Table, value_name = "FORMAT")]
    pub(crate) output: Format,
}

/// Formats of a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Fitted to the terminal
    Table,
    /// Comma-separated values with a byte order mark
    Csv,
    /// One JSON array
    Json,
    /// One JSON object a line
    Jsonl,
}

/// `monazite documents`.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  monazite documents --source SINOLINK --output csv > documents.csv")]
pub(crate) struct DocumentsArgs {
    /// Only of sources that contain these words
    #[arg(long, value_name = "WORDS")]
    pub(crate) source: Option<String>,
    /// Only with titles that contain these words
    #[arg(long, value_name = "WORDS")]
    pub(crate) title: Option<String>,
    /// Only that came in under this topic
    #[arg(long)]
    pub(crate) topic: Option<String>,
    /// At most this many, those imported last first; 0 for all
    #[arg(long, default_value_t = 50, value_name = "N")]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

/// `monazite facts`.
#[derive(Args, Debug)]
#[command(after_help = "\
A fact is what a document states: a figure of something, or an event, with the sentence that says it. What stands in
brackets is not said in that sentence: it comes from the title, from a sentence before, or by a rule; --explain tells
which. docs/claims.md describes all of it.

Examples:
  monazite facts --measure price --period 2025-07
  monazite facts --subject 稀土 --output csv > facts.csv
  monazite facts --events=ban,licence
  monazite facts --document 7f3c --explain
  monazite facts --measure price --as-of 2025-07-13
  monazite facts --mentions --unit %         every percentage, whether or not it was understood")]
pub(crate) struct FactsArgs {
    /// Only of this document (its name, or the beginning of its id)
    #[arg(long, value_name = "ID")]
    pub(crate) document: Option<String>,
    /// Only of this good, company or place, or a kind of it: its words in either language, such as 锑, or its id, such as
    /// commodity/antimony
    #[arg(long, alias = "entity", value_name = "NAME")]
    pub(crate) subject: Option<String>,
    /// Only of this measure, or a kind of it: its words in either language, such as price or 净利润, or its id
    #[arg(long, value_name = "MEASURE")]
    pub(crate) measure: Option<String>,
    /// Only with this unit, such as CNY/t or %
    #[arg(long)]
    pub(crate) unit: Option<String>,
    /// Only in this period: 2025, 2025-H1, 2025-Q3, 2025-07, 2025-W28, 2025-07-13, or from one to before another:
    /// 2025-07-01..2025-08-01
    #[arg(long)]
    pub(crate) period: Option<String>,
    /// Only of sources that contain these words
    #[arg(long, value_name = "WORDS")]
    pub(crate) source: Option<String>,
    /// Only events, or only these: ban, licence, quota, closure, agreement, enforcement, announcement
    #[arg(long, value_name = "TYPES", value_delimiter = ',', num_args = 0..=1, require_equals = true,
        default_missing_value = "all", conflicts_with_all = ["measure", "unit"])]
    pub(crate) events: Vec<String>,
    /// Show below each fact which rule filled which slot, from which words
    #[arg(long)]
    pub(crate) explain: bool,
    /// List every number that was read, with what its sentence names, instead of facts
    #[arg(long, conflicts_with_all = ["measure", "period", "events", "explain"])]
    pub(crate) mentions: bool,
    /// With --mentions, these kinds: quantity, percent, number
    #[arg(
        long,
        value_delimiter = ',',
        value_name = "KINDS",
        default_value = "quantity,percent",
        requires = "mentions"
    )]
    pub(crate) kind: Vec<String>,
    /// A lexicon of your own, any number of times, for the names that you give here
    #[arg(long, value_name = "FILE")]
    pub(crate) lexicon: Vec<PathBuf>,
    /// At most this many; 0 for all
    #[arg(long, default_value_t = 100, value_name = "N")]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) at: AsOfArgs,
    #[command(flatten)]
    pub(crate) list: ListArgs,
}

/// Formats of a digest, and of what is shown of one document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BriefFormat {
    /// For people
    Text,
    /// One JSON array, with every citation
    Json,
    /// One JSON object a document
    Jsonl,
}

/// `monazite show`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  monazite show 7f3c\n  monazite show 7f3c --span 120..180")]
pub(crate) struct ShowArgs {
    /// The document: its name, or the beginning of its id; or the name of any record, printed as JSON
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// Highlight these bytes instead of all mentions
    #[arg(long, value_name = "START..END", value_parser = parse_span)]
    pub(crate) span: Option<(u32, u32)>,
    #[command(flatten)]
    pub(crate) at: AsOfArgs,
    /// How to print
    #[arg(long, value_enum, default_value_t = BriefFormat::Text, value_name = "FORMAT")]
    pub(crate) output: BriefFormat,
}

/// `monazite read`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  echo '氧化镨钕 44.5~45万元/吨' | monazite read
  monazite read --title --published 2025-07-13 report.txt
  monazite read --jsonl --kinds number,percent texts.jsonl
  monazite read --lexicon our-names.tsv --explain note.txt

Input with --jsonl: {\"id\",\"text\",\"published\",\"title_bytes\"} a line, of which only the text is needed. Output: one
line {\"id\",\"mentions\":[...],\"claims\":[...]} each; docs/read-schema.md describes every field.")]
pub(crate) struct ReadArgs {
    /// The text, in UTF-8 [default: standard input]
    pub(crate) file: Option<PathBuf>,
    /// The input is JSON lines
    #[arg(long, conflicts_with_all = ["published", "title"])]
    pub(crate) jsonl: bool,
    /// Look for these kinds alone: number, percent, quantity, time, duration, entity, code, citation; then no claims are
    /// read
    #[arg(long, value_name = "KINDS")]
    pub(crate) kinds: Option<String>,
    /// When the text was published (ISO 8601), for times such as 上周
    #[arg(long, value_name = "TIME")]
    pub(crate) published: Option<String>,
    /// The first line is the title: what it names and when holds for the text below
    #[arg(long)]
    pub(crate) title: bool,
    /// Tell, instead of JSON, which rule filled which slot of each claim, from which words
    #[arg(long, conflicts_with_all = ["jsonl", "kinds"])]
    pub(crate) explain: bool,
    /// A lexicon of your own, any number of times: a tab-separated file as crates/text/lexicon/README.md describes it
    #[arg(long, value_name = "FILE")]
    pub(crate) lexicon: Vec<PathBuf>,
}

fn parse_span(text: &str) -> Result<(u32, u32), String> {
    let wrong = || format!("`{text}` is not START..END, two byte offsets such as 120..180");
    let (start, end) = text.split_once("..").ok_or_else(wrong)?;
    let (start, end) = (start.parse().map_err(|_| wrong())?, end.parse().map_err(|_| wrong())?);
    if start < end { Ok((start, end)) } else { Err(format!("in `{text}` the end does not follow the start")) }
}

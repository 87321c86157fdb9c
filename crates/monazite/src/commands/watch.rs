//! `monazite watch`: what comes in that answers a topic, as it comes, through outages of the server.

use std::io::{self, Write as _};
use std::time::Duration;

use anyhow::Result;
use api::search::{Alert, WatchTopicResponse};
use serde_json::{Value, json};
use tokio::signal::unix::{SignalKind, signal};

use crate::cli::{Connection, WatchArgs, WatchFormat};
use crate::commands::heard;
use crate::commands::search::hit;
use crate::commands::topics::saved::{self, Saved};
use crate::failure::{Failure, Kind, kind};
use crate::fit::{fit, flat};
use crate::grpc::{Client, Watch};
use crate::marked::painted;
use crate::output::{colour, screen_width};

/// The first wait before the server is tried again, and the longest.
const WAITS: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(5));

/// Cells for the source of an alert.
const SOURCE: usize = 20;

/// Where a watch stands.
struct Standing {
    topic: Saved,
    /// All alerts up to here have been told.
    sequence: i64,
    /// How many were told.
    told: u64,
    /// End once so many were.
    enough: u64,
    format: WatchFormat,
}

/// Why a watch ends without an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Interrupted,
    Enough,
    /// Whoever read standard output has seen enough.
    Unread,
}

pub(super) async fn run(connection: &Connection, args: &WatchArgs) -> Result<()> {
    // Signals are caught before anything is told.
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let client = Client::new(connection)?;
    let topic = saved::find(&client, &args.topic).await?;
    let statistics = client.statistics().await?;
    let sequence = match args.after {
        Some(sequence) => sequence,
        None if args.since_start => statistics.horizon,
        None => statistics.head,
    };
    let enough = args.exit_after.unwrap_or(u64::MAX);
    let mut standing = Standing { topic, sequence, told: 0, enough, format: args.output };
    let end = tokio::select! {
        end = watch(connection, client, &mut standing) => end?,
        _ = interrupt.recv() => End::Interrupted,
        _ = terminate.recv() => End::Interrupted,
    };
    if end == End::Interrupted {
        let after = standing.sequence;
        say(&format!(
            "{} told; `monazite watch {} --after {after}` goes on from here",
            counted(standing.told),
            standing.topic.argument()
        ));
    }
    Ok(())
}

/// Tells alerts until there were enough, or nobody reads them any more. When the server goes away it is tried until it
/// is back.
async fn watch(connection: &Connection, mut client: Client, standing: &mut Standing) -> Result<End> {
    let mut alerts = client.watch(&standing.topic.name, standing.sequence).await?;
    say(&format!("watching {} from sequence {}; Ctrl-C ends", standing.topic.shown(), standing.sequence));
    loop {
        let lost = match follow(&client, &mut alerts, standing).await {
            Ok(end) => return Ok(end),
            Err(error) if kind(&error) == Kind::NoServer => error,
            Err(error) => return Err(error),
        };
        say(&format!("{}; trying again", flat(&lost.to_string())));
        (client, alerts) = found_again(connection, standing).await?;
        say(&format!("the server is back; going on after sequence {}", standing.sequence));
    }
}

/// Tells what comes over one connection.
async fn follow(client: &Client, alerts: &mut Watch, standing: &mut Standing) -> Result<End> {
    while let Some(response) = alerts.next(client).await? {
        if !standing.tell(&response)? {
            return Ok(End::Unread);
        }
        if standing.told >= standing.enough {
            return Ok(End::Enough);
        }
    }
    Err(Failure::new(Kind::NoServer, "the server ended the watch").into())
}

/// A new connection, once there is a server again. It is looked for anew each time: its address and token may be others.
async fn found_again(connection: &Connection, standing: &Standing) -> Result<(Client, Watch)> {
    let mut wait = WAITS.0;
    loop {
        tokio::time::sleep(wait).await;
        let found = async {
            let client = Client::new(connection)?;
            let alerts = client.watch(&standing.topic.name, standing.sequence).await?;
            Ok((client, alerts))
        };
        match found.await {
            Err(error) if kind(&error) == Kind::NoServer => wait = (wait * 2).min(WAITS.1),
            other => return other,
        }
    }
}

impl Standing {
    /// Prints the alerts of a commit and notes how far the watch has come; false if nobody reads any more.
    fn tell(&mut self, response: &WatchTopicResponse) -> Result<bool> {
        let mut text = String::new();
        for alert in &response.alerts {
            match self.format {
                WatchFormat::Jsonl => {
                    text.push_str(&json(alert, &self.topic, response.sequence).to_string());
                    text.push('\n');
                }
                WatchFormat::Text => text.push_str(&shown(alert, usize::from(screen_width()), colour())),
            }
        }
        if !heard(|out| out.write_all(text.as_bytes()))? {
            return Ok(false);
        }
        self.told += response.alerts.len() as u64;
        self.sequence = self.sequence.max(response.sequence);
        Ok(true)
    }
}

/// An alert for people: when it came, what it is, and the passage below it.
fn shown(alert: &Alert, width: usize, colour: bool) -> String {
    let Some(hit) = &alert.hit else { return String::new() };
    let dim = if colour { "\u{1b}[2m" } else { "" };
    let mut parts = vec![came(alert), hit::id(hit).to_owned(), fit(hit::source(hit), SOURCE)];
    parts.extend(Some(hit::kind(hit)).filter(|kind| kind != "document"));
    parts.retain(|part| !part.is_empty());
    let line = fit(&format!("{}  {}", parts.join("  "), hit::title(hit)), width);
    let mut text = painted(&line, "", colour, &mut false);
    text.push('\n');
    let mut open = false;
    for line in hit::passage(hit, "    ", width) {
        text.push_str(&painted(&line, dim, colour, &mut open));
        text.push('\n');
    }
    text
}

/// The time of its commit, where the user is.
fn came(alert: &Alert) -> String {
    let time = alert.commit_time.as_ref();
    let time = time.and_then(|time| jiff::Timestamp::new(time.seconds, time.nanos).ok());
    time.map_or_else(String::new, |time| {
        time.to_zoned(jiff::tz::TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string()
    })
}

/// An alert for programs. Its sequence is that after which a watch goes on.
fn json(alert: &Alert, topic: &Saved, sequence: i64) -> Value {
    json!({
        "id": alert.id,
        "sequence": sequence,
        "commit_time": alert.commit_time.as_ref().map(ToString::to_string),
        "topic": topic.topic.name,
        "topic_name": alert.topic,
        "hit": alert.hit.as_ref().map(hit::json),
    })
}

fn counted(told: u64) -> String {
    if told == 1 { "1 alert".to_owned() } else { format!("{told} alerts") }
}

/// A sentence beside the alerts: on standard error, so that a program reads nothing but alerts.
fn say(sentence: &str) {
    // Nothing can be done about a standard error that is closed.
    let _ = writeln!(io::stderr(), "{sentence}");
}

#[cfg(test)]
mod tests {
    use api::record::Topic;
    use api::search::{ByteRange, Hit, Snippet};

    use super::*;

    fn alert() -> Alert {
        Alert {
            id: "00ff".into(),
            topic: "topics/1".into(),
            hit: Some(Hit {
                name: "documents/0123456789abcdef".into(),
                kind: "monazite.record.v1.Document".into(),
                document: "documents/0123456789abcdef".into(),
                source: "House\u{7}".into(),
                title: "氧化锑\u{1b}[2J".into(),
                title_highlights: vec![ByteRange { start: 0, end: 9 }],
                snippet: Some(Snippet {
                    start_byte: 40,
                    text: "Antimony oxide rose.".into(),
                    highlights: vec![ByteRange { start: 0, end: 14 }],
                    document: "documents/0123456789abcdef".into(),
                }),
                ..Hit::default()
            }),
            commit_time: None,
        }
    }

    #[test]
    fn people_see_what_came_and_no_control_character() {
        assert_eq!(
            shown(&alert(), 60, false),
            "01234567  House   ⟦氧化锑⟧ [2J\n    … ⟦Antimony oxide⟧ rose.\n"
        );
        let coloured = shown(&alert(), 60, true);
        assert!(coloured.contains("\u{1b}[1mAntimony oxide\u{1b}[0m"), "{coloured:?}");
        assert!(!coloured.contains("\u{1b}[2J") && !coloured.contains('\u{7}'), "{coloured:?}");
    }

    #[test]
    fn programs_get_where_to_go_on() {
        let topic = Saved::new(Topic { name: "锑".into(), owner: "ana".into(), ..Topic::default() });
        let value = json(&alert(), &topic, 12);
        assert_eq!(value["sequence"], 12);
        assert_eq!(value["id"], "00ff");
        assert_eq!(value["hit"]["snippet"]["text"], "Antimony oxide rose.");
    }
}

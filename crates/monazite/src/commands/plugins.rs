//! `monazite plugins`.

use anyhow::{Context as _, Result};
use api::analysis::grouping::Grouping;
use api::analysis::{Manifest, Plugin, PluginState};
use api::registry::{Pin, entry};

use crate::cli::{PluginsAction, PluginsArgs};
use crate::commands::print;
use crate::failure::{Failure, Kind};
use crate::grpc::Client;
use crate::output::{Cell, Listing, column};

pub(super) async fn run(client: &Client, args: &PluginsArgs) -> Result<()> {
    match &args.action {
        None => list(client, args).await,
        Some(action) => act(client, action).await,
    }
}

async fn list(client: &Client, args: &PluginsArgs) -> Result<()> {
    let mut listing = Listing::new(&[
        column("ANALYZER", "analyzer"),
        column("VERSION", "version"),
        column("STATE", "state"),
        column("RESTARTS", "restarts").right(),
        column("READS", "reads").shrinks(),
        column("GROUPED BY", "grouping").shrinks(),
        column("WRITES", "writes").shrinks(),
        column("FROM", "path").shrinks(),
        column("NOTE", "message").shrinks(),
    ]);
    for plugin in client.plugins().await? {
        if plugin.analyzers.is_empty() {
            listing.row(row(&plugin, &Manifest { name: "—".to_owned(), ..Manifest::default() }));
        }
        for manifest in plugin.analyzers.iter().filter_map(|served| served.manifest.as_ref()) {
            listing.row(row(&plugin, manifest));
        }
    }
    for entry in client.entries("analyzers/").await? {
        let analyzer = entry.name.split('/').nth(1).unwrap_or_default().to_owned();
        if let Some(entry::Value::Pin(pin)) = entry.value {
            listing.note(match (pin.disabled, pin.version.as_str()) {
                (true, _) => {
                    format!("{analyzer} is disabled; `monazite plugins enable {analyzer}` uses it again")
                }
                (false, version) => format!("{analyzer} is pinned to {version}"),
            });
        }
    }
    if listing.len() == 0 {
        listing.note("no plugins; lay libraries into the folder `plugins` beside the program, or give one with --plugins");
    }
    print(|mut out| listing.print(args.list.output, &mut out))
}

fn row(plugin: &Plugin, manifest: &Manifest) -> Vec<Cell> {
    let kinds = |names: &[String]| {
        let short: Vec<_> = names.iter().map(|n| n.rsplit('.').next().unwrap_or(n)).collect();
        Cell::new(short.join(", "), names.to_vec())
    };
    let state = match plugin.state() {
        PluginState::Unspecified => "unknown",
        PluginState::Starting => "starting",
        PluginState::Serving => "serving",
        PluginState::BackingOff => "backing off",
        PluginState::Rejected => "rejected",
        PluginState::Stopping => "stopping",
    };
    vec![
        manifest.name.as_str().into(),
        manifest.version.as_str().into(),
        state.into(),
        plugin.restarts.into(),
        kinds(&manifest.reads),
        grouping(manifest).into(),
        kinds(&manifest.writes),
        plugin.path.as_str().into(),
        plugin.message.as_str().into(),
    ]
}

/// How an analyzer's inputs are put together, in a word or two.
fn grouping(manifest: &Manifest) -> String {
    match manifest.grouping.as_ref().and_then(|grouping| grouping.grouping.as_ref()) {
        Some(Grouping::EachRecord(_)) => "record".to_owned(),
        Some(Grouping::SharedKey(shared)) => format!("{}=", shared.key),
        Some(Grouping::Connection(connection)) => format!("links by {}=", connection.key),
        None => String::new(),
    }
}

async fn act(client: &Client, action: &PluginsAction) -> Result<()> {
    let (analyzer, pin, done) = match action {
        PluginsAction::Pin { analyzer, version } => {
            known(client, analyzer, Some(version)).await?;
            let pin = Pin { version: version.clone(), disabled: false };
            (analyzer, Some(pin), format!("{analyzer} is pinned to {version}"))
        }
        PluginsAction::Unpin { analyzer } => (analyzer, None, format!("{analyzer} uses its highest version")),
        PluginsAction::Disable { analyzer } => {
            known(client, analyzer, None).await?;
            let pin = Pin { version: String::new(), disabled: true };
            (analyzer, Some(pin), format!("{analyzer} is disabled; what it derived stays"))
        }
        PluginsAction::Enable { analyzer } => (analyzer, None, format!("{analyzer} is enabled")),
    };
    client.pin(analyzer, pin).await.context("failed to change the pin")?;
    print(|out| writeln!(out, "{done}"))
}

/// Refuses a name or version that was never registered: most likely a slip.
async fn known(client: &Client, analyzer: &str, version: Option<&String>) -> Result<()> {
    let prefix = format!("analyzers/{analyzer}/versions/");
    let entries = client.entries(&prefix).await?;
    let versions: Vec<_> = entries.iter().filter_map(|e| e.name.strip_prefix(&prefix)).collect();
    let wrong = match version {
        _ if versions.is_empty() => format!("there is no analyzer {analyzer}; see `monazite plugins`"),
        Some(version) if !versions.contains(&version.as_str()) => {
            format!("{analyzer} has no version {version}; there is {}", versions.join(", "))
        }
        _ => return Ok(()),
    };
    Err(Failure::new(Kind::NotFound, wrong).into())
}

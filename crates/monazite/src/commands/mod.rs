//! One file for each command.

mod backup;
mod brief;
mod digest;
mod documents;
mod explain;
mod facts;
mod findings;
mod history;
mod import;
mod mentions;
mod observations;
mod operate;
mod plugins;
mod read;
pub(crate) mod run;
mod search;
mod series;
mod show;
mod stories;
mod tables;
mod topics;
mod verdict;
mod watch;

use std::io::{self, Write};

use anyhow::Result;

use crate::cli::{Cli, Command};
use crate::grpc::Client;
use crate::out::Out;

/// Runs a command.
///
/// # Errors
/// Whatever went wrong, in words for people; [`crate::failure::exit_code`] tells the exit code.
pub(crate) fn run(cli: Cli) -> Result<()> {
    let connection = cli.connection;
    match cli.command {
        Command::Read(args) => return read::run(&args),
        Command::Import(args) if args.tables.dry_run => return tables::dry_run(&args),
        Command::Completions { shell } => {
            let mut command = <Cli as clap::CommandFactory>::command();
            // What generates it panics where it cannot write.
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut command, "monazite", &mut script);
            return print(|out| out.write_all(&script));
        }
        Command::Up(args) => return block_on(run::up(args, &connection)),
        Command::Serve(args) => return block_on(run::serve(args, &connection)),
        Command::Watch(args) => return block_on(watch::run(&connection, &args)),
        Command::Restore(args) => return block_on(backup::restore(&connection, &args.file)),
        _ => {}
    }
    block_on(async move {
        let client = Client::new(&connection)?;
        match cli.command {
            Command::Import(args) => import::run(&client, &args).await,
            Command::Search(args) => search::run(&client, &args).await,
            Command::Documents(args) => documents::run(&client, &args).await,
            Command::Facts(args) => facts::run(&client, &args).await,
            Command::Findings(args) => findings::run(&client, &args).await,
            Command::Verdict(args) => verdict::give(&client, &args).await,
            Command::Verdicts(args) => verdict::list::run(&client, &args).await,
            Command::Explain(args) => explain::run(&client, &args).await,
            Command::Observations(args) => observations::run(&client, &args).await,
            Command::Series(args) => series::run(&client, &args).await,
            Command::History(args) => history::run(&client, &args).await,
            Command::Brief(args) => brief::run(&client, &connection, &args).await,
            Command::Digest(args) => digest::run(&client, &args).await,
            Command::Stories(args) => stories::list(&client, &args).await,
            Command::Story(args) => stories::one(&client, &args).await,
            Command::Show(args) => show::run(&client, &args).await,
            Command::Services(args) => operate::services(&client, args.output).await,
            Command::Plugins(args) => plugins::run(&client, &args).await,
            Command::Topics(args) => topics::run(&client, &args).await,
            Command::Reindex => operate::reindex(&client).await,
            Command::Status(args) => operate::status(&client, args.output).await,
            Command::Failures(args) => operate::failures(&client, &args).await,
            Command::Retract(args) => operate::retract(&client, &args).await,
            Command::Backup(args) => backup::backup(&client, &args.file).await,
            Command::Up(_)
            | Command::Serve(_)
            | Command::Restore(_)
            | Command::Watch(_)
            | Command::Read(_)
            | Command::Completions { .. }
            | Command::PluginWorker(_) => Ok(()),
        }
    })
}

fn block_on(future: impl Future<Output = Result<()>>) -> Result<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(future)
}

/// Prints to standard output. A reader that has seen enough (`| head`) is no error.
///
/// # Errors
/// If standard output refuses for another reason.
pub(crate) fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    heard(write).map(|_| ())
}

/// Prints to standard output, and tells whether somebody still reads it.
///
/// # Errors
/// If standard output refuses for another reason than that nobody does.
pub(crate) fn heard(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<bool> {
    let mut out = Out::stdout();
    match write(&mut out).and_then(|()| out.flush()) {
        Err(_) if out.is_closed() => Ok(false),
        other => Ok(other.map(|()| true)?),
    }
}

//! The one binary: `monazite up`, `import`, `facts`, `brief` and the rest; see `monazite --help`.

mod cli;
mod commands;
mod failure;
mod fit;
mod grpc;
mod marked;
mod names;
mod out;
mod output;
mod view;
mod wrap;

use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use clap::Parser as _;
use tracing_subscriber::EnvFilter;

use crate::cli::{Cli, Command};

fn main() -> ExitCode {
    let cli = Cli::parse();
    if matches!(
        cli.command,
        Command::Up(_) | Command::Serve(_) | Command::Restore(_) | Command::PluginWorker(_)
    ) {
        // Whatever a server makes is for its user alone; before any thread could make something.
        rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    }
    if let Command::PluginWorker(args) = &cli.command {
        return commands::run::worker(args);
    }
    log(&cli.command);
    match commands::run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing can be done about a standard error that is closed.
            let _ = writeln!(io::stderr(), "error: {}", fit::safe(&sentence(&error)));
            ExitCode::from(failure::exit_code(&error))
        }
    }
}

/// The error and its causes, each said once.
fn sentence(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain() {
        let cause = cause.to_string();
        if text.is_empty() {
            text = cause;
        } else if !text.contains(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
    }
    text
}

/// Traces to standard error: servers tell what they do, client commands only what goes wrong. So does a server that somebody
/// starts on a terminal: its one line that it is ready shall be read.
fn log(command: &Command) {
    let usual = match command {
        Command::Up(_) if io::stderr().is_terminal() => "warn",
        Command::Up(_) | Command::Serve(_) => "info,h2=warn,hyper=warn,tower=warn,sled=warn",
        _ => "warn",
    };
    let filter = EnvFilter::try_from_env("MONAZITE_LOG").unwrap_or_else(|_| EnvFilter::new(usual));
    // Sled traces while a thread's locals are being destroyed, the subscriber's own among them, which would abort the
    // process: at most its information is let through, whatever is asked for.
    let filter = match "sled=info".parse() {
        Ok(most) if std::env::var_os("MONAZITE_LOG").is_some() => filter.add_directive(most),
        _ => filter,
    };
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal());
    if std::env::var("MONAZITE_LOG_FORMAT").is_ok_and(|format| format == "json") {
        builder.json().init();
    } else {
        builder.init();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        <Cli as clap::CommandFactory>::command().debug_assert();
    }

    #[test]
    fn a_cause_that_is_said_already_is_not_repeated() {
        let error = anyhow::anyhow!("no space left").context("failed to write: no space left");
        assert_eq!(sentence(&error), "failed to write: no space left");
        let error = anyhow::anyhow!("no space left").context("failed to write");
        assert_eq!(sentence(&error), "failed to write: no space left");
    }
}

//! A worker process alone: what `monazite plugin-worker` does, for the tests of this crate.

use std::process::ExitCode;

use plugin_host::worker::{WorkerArgs, run};

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1);
    let (mut library, mut socket, mut config_dir) = (None, None, None);
    while let Some(flag) = args.next() {
        let slot = match flag.to_str() {
            Some("--library") => &mut library,
            Some("--socket") => &mut socket,
            Some("--config-dir") => &mut config_dir,
            _ => {
                eprintln!("unknown argument {}", flag.display());
                return ExitCode::FAILURE;
            }
        };
        *slot = args.next().map(Into::into);
    }
    let (Some(library), Some(socket)) = (library, socket) else {
        eprintln!("usage: plugin-worker --library PATH --socket PATH [--config-dir DIR]");
        return ExitCode::FAILURE;
    };
    run(&WorkerArgs { library, socket, config_dir })
}

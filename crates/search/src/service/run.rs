//! Who follows the log, and who takes whose place.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::build::{self, Progress};
use super::config::Backoff;
use super::folders::Folders;
use super::follow::{End, Follower, Purpose, follow};
use super::saved::EXPANDER;
use super::{Shared, blocking};
use crate::error::{Error, Result};
use crate::index::{Index, Opened};

type Asked = mpsc::Receiver<oneshot::Sender<Result<()>>>;

/// One who follows the log for questions.
struct Serving {
    task: JoinHandle<Result<(Follower, End)>>,
    stop: CancellationToken,
}

/// An index that was made.
type Made = (PathBuf, Follower);

/// Runs until shutdown.
pub(super) async fn run(shared: Arc<Shared>, mut asked: Asked) {
    let folders = Folders::new(shared.config.folder.clone());
    let Some(opened) = open(&shared, &folders).await else { return };
    let mut serving = opened.map(|opened| serve(&shared, Follower::new(opened.index, opened.writer)));
    let mut making = serving.is_none().then(|| make(&shared, &folders));
    loop {
        tokio::select! {
            ended = ended(&mut serving) => {
                serving = None;
                match then(&shared, ended) {
                    Then::Stop => break,
                    Then::Make => {}
                    // A new one that is on its way takes its place.
                    Then::Reopen if making.is_some() => {}
                    Then::Reopen => {
                        let pause = tokio::time::sleep(shared.config.backoff_last);
                        tokio::select! {
                            () = pause => {}
                            () = shared.shutdown.cancelled() => break,
                        }
                        let Some(opened) = open(&shared, &folders).await else { break };
                        serving = opened.map(|opened| serve(&shared, Follower::new(opened.index, opened.writer)));
                        if serving.is_none() {
                            shared.state.send_modify(|state| state.index = None);
                        }
                    }
                }
                if serving.is_none() {
                    making.get_or_insert_with(|| make(&shared, &folders));
                }
            }
            made = made(&mut making) => {
                making = None;
                let Some((path, follower)) = made else { break };
                if let Some(Serving { task, stop }) = serving.take() {
                    stop.cancel();
                    // It holds the old folder until then.
                    let follower = task.await;
                    let _ = blocking(move || drop(follower)).await;
                }
                match adopt(&folders, path, follower).await {
                    Ok(follower) => serving = Some(serve(&shared, follower)),
                    Err(error) => {
                        tracing::error!(%error, "the new search index cannot take the place of the old; making another");
                        making = Some(make(&shared, &folders));
                    }
                }
            }
            Some(answer) = asked.recv() => {
                let free = making.is_none();
                if free {
                    making = Some(make(&shared, &folders));
                }
                // Whoever asked may have gone away; the work goes on.
                let _ = answer.send(if free { Ok(()) } else { Err(Error::Rebuilding) });
            }
            () = shared.shutdown.cancelled() => break,
        }
    }
    if let Some(making) = making {
        making.abort();
    }
    if let Some(Serving { task, stop }) = serving {
        stop.cancel();
        let follower = task.await;
        let _ = blocking(move || drop(follower)).await;
    }
}

/// Opens what is there; tries again until it can be told whether there is anything. `None` at shutdown.
async fn open(shared: &Arc<Shared>, folders: &Folders) -> Option<Option<Opened>> {
    let mut backoff = Backoff::new(&shared.config);
    loop {
        let (folders, config) = (folders.clone(), shared.config.index.clone());
        let opened = blocking(move || folders.open(EXPANDER.fingerprint(), &config)).await;
        let error = match opened.and_then(|opened| opened) {
            Ok(opened) => return Some(opened.map(|(_, opened)| opened)),
            Err(error) => error,
        };
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "the search index cannot be opened; trying again"
        );
        shared.state.send_modify(|state| state.failed = Some(error));
        tokio::select! {
            () = shared.shutdown.cancelled() => return None,
            () = tokio::time::sleep(backoff.pause()) => {}
        }
    }
}

/// Answers from an index, and keeps it at the end of the log.
fn serve(shared: &Arc<Shared>, follower: Follower) -> Serving {
    let stop = shared.shutdown.child_token();
    let (own, stopped) = (shared.clone(), stop.clone());
    let task = shared.tasks.spawn(async move {
        let mut backoff = Backoff::new(&own.config);
        while let Err(error) = own.load_topics().await {
            tracing::warn!(%error, "the topics cannot be read yet");
            tokio::select! {
                () = stopped.cancelled() => break,
                () = tokio::time::sleep(backoff.pause()) => {}
            }
        }
        follow(&own, follower, Purpose::Serve, &stopped).await
    });
    Serving { task, stop }
}

async fn ended(serving: &mut Option<Serving>) -> Result<End> {
    match serving {
        Some(Serving { task, .. }) => match task.await {
            Ok(ended) => ended.map(|(_, end)| end),
            Err(error) => Err(Error::Broken(tantivy::TantivyError::SystemError(error.to_string()))),
        },
        None => std::future::pending().await,
    }
}

/// What is done once a follower has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Then {
    Stop,
    Make,
    Reopen,
}

/// What becomes of the index whose follower has ended.
fn then(shared: &Shared, ended: Result<End>) -> Then {
    match ended {
        Ok(End::Stopped | End::CaughtUp) | Err(Error::Draining) => Then::Stop,
        Ok(End::Lost(error)) => {
            let another = matches!(&error, Error::Refused { reason, .. } if reason == "NOT_YET");
            tracing::warn!(%error, "the search index cannot go on where it was; it is rebuilt");
            if another {
                // It speaks of a log that is gone.
                shared.state.send_modify(|state| (state.index, state.head) = (None, 0));
            }
            Then::Make
        }
        Err(error) => {
            // A full disk passes, and what is there can be asked meanwhile; what is damaged is found out on opening.
            tracing::error!(%error, "the search index broke; it is opened again");
            Then::Reopen
        }
    }
}

/// Starts to make a new index; tries again until there is one.
fn make(shared: &Arc<Shared>, folders: &Folders) -> JoinHandle<Option<Made>> {
    shared.building(Some(Progress::default()));
    let (shared, folders) = (shared.clone(), folders.clone());
    shared.clone().tasks.spawn(async move {
        let mut backoff = Backoff::new(&shared.config);
        loop {
            let made = tokio::select! {
                () = shared.shutdown.cancelled() => return None,
                made = attempt(&shared, &folders) => made,
            };
            let error = match made {
                Ok(made) => return made,
                Err(error) => error,
            };
            let pause = backoff.pause();
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                ?pause,
                "the search index is not made yet"
            );
            tokio::select! {
                () = shared.shutdown.cancelled() => return None,
                () = tokio::time::sleep(pause) => {}
            }
        }
    })
}

async fn attempt(shared: &Arc<Shared>, folders: &Folders) -> Result<Option<Made>> {
    let (folders, config) = (folders.clone(), shared.config.index.clone());
    let opened = blocking(move || {
        let path = folders.fresh()?;
        Index::open(&path, EXPANDER.fingerprint(), &config).map(|opened| (path, opened))
    });
    let (path, Opened { index, writer, .. }) = opened.await??;
    let (writer, sequence) = build::fill(shared, writer).await?;
    tracing::debug!(sequence, "all records are in the new search index");
    let (follower, end) =
        follow(shared, Follower::new(index, writer), Purpose::Build, &shared.shutdown).await?;
    match end {
        End::CaughtUp => Ok(Some((path, follower))),
        End::Stopped => Ok(None),
        End::Lost(error) => Err(error),
    }
}

async fn made(making: &mut Option<JoinHandle<Option<Made>>>) -> Option<Made> {
    match making {
        Some(task) => task.await.unwrap_or_else(|error| {
            tracing::error!(%error, "the making of a search index ended");
            None
        }),
        None => std::future::pending().await,
    }
}

async fn adopt(folders: &Folders, path: PathBuf, mut follower: Follower) -> Result<Follower> {
    let folders = folders.clone();
    blocking(move || folders.adopt(&path)).await??;
    let snapshot = follower.index.snapshot();
    tracing::info!(records = snapshot.records(), sequence = snapshot.sequence(), "the search index is made");
    follower.made = true;
    Ok(follower)
}

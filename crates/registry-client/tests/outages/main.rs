//! Announcing and looking up, while the registry comes, goes, forgets and is replaced. Time is tokio's, paused.

mod announcer;
mod common;
mod directory;

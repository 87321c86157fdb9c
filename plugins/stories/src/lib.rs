//! The analyzers `story-marks` and `stories`: which documents tell one event, and what differs between their tellings.
//!
//! [`Marks`] writes for each document a [`StoryMark`](plugin_sdk::record::StoryMark): a fingerprint of its text, what it mentions, whom it
//! names as a source, and keys `link=` by which it may be linked with other tellings. [`Stories`] reads the marks that such keys connect,
//! decides which of them tell one event, and writes a [`Story`](plugin_sdk::record::Story) for each event that two or more tell, with a
//! [`StoryMembership`](plugin_sdk::record::StoryMembership) for each of its documents.
//!
//! How rare a name or a number is comes from a versioned table in the config of `story-marks`, never from the documents at
//! hand, so that any order of arrival gives the same stories.

#![forbid(unsafe_code)]

mod group;
mod mark;

pub use group::Stories;
pub use mark::{Fingerprint, Marks};

plugin_sdk::export!(Marks, Stories);

//! What a worker tells its supervisor: one JSON object a line on its standard output.

use std::fs::File;
use std::io::Write as _;
use std::sync::Mutex;

use api::analysis::{DescribeResponse, ServedAnalyzer};
use prost::Message as _;
use serde::{Deserialize, Serialize};

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub(crate) enum Event {
    /// The socket takes connections.
    Serving {
        /// An encoded `DescribeResponse` in hexadecimal.
        describe: String,
    },
    /// The library will not be served. The worker ends after it.
    Rejected {
        /// Which says what and why.
        message: String,
    },
    /// A call is over its deadline. The worker ends after it.
    Deadline {
        /// The analyzer.
        analyzer: String,
        /// Its version.
        version: String,
        /// The group of the call.
        group: String,
    },
    /// A line of log from the plugin.
    Log {
        /// The analyzer.
        analyzer: String,
        /// `plugin_abi::LOG_*`.
        level: u32,
        /// The line.
        message: String,
    },
}

impl Event {
    pub(crate) fn serving(analyzers: Vec<ServedAnalyzer>) -> Self {
        let encoded = DescribeResponse { analyzers }.encode_to_vec();
        Self::Serving { describe: encoded.iter().map(|byte| format!("{byte:02x}")).collect() }
    }
}

/// The analyzers of [`Event::Serving`].
pub(crate) fn described(describe: &str) -> Option<Vec<ServedAnalyzer>> {
    let bytes = describe.as_bytes().chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair).ok()?;
        u8::from_str_radix(pair, 16).ok()
    });
    let bytes: Vec<u8> = bytes.collect::<Option<_>>()?;
    Some(DescribeResponse::decode(bytes.as_slice()).ok()?.analyzers)
}

/// Writes events. When the supervisor is gone, so is the reader; what is written then is lost, and the worker is
/// about to end anyway.
#[derive(Debug)]
pub(crate) struct Reporter(Mutex<File>);

impl Reporter {
    pub(crate) fn new(file: File) -> Self {
        Self(Mutex::new(file))
    }

    pub(crate) fn tell(&self, event: &Event) {
        let Ok(mut line) = serde_json::to_vec(event) else { return };
        line.push(b'\n');
        if let Ok(mut file) = self.0.lock() {
            let _ = file.write_all(&line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_served_survives_the_line() {
        let analyzers =
            vec![ServedAnalyzer { config: "{\"a\":1}".into(), config_digest: "00ff".into(), manifest: None }];
        let Event::Serving { describe } = Event::serving(analyzers.clone()) else { panic!("serving") };
        assert_eq!(described(&describe), Some(analyzers));
        assert_eq!(described("0g"), None);
    }
}

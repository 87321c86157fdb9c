//! Who imports whom, from the `Cargo.toml` of each crate. Dev-dependencies are free.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};

use super::Violation;
use super::tree::Tree;

/// Which of our crates each of our crates may import. A crate that is not here is refused: what it may know is a
/// decision, made here and in ARCHITECTURE.md.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("api", &[]),
    ("kv", &[]),
    ("plugin-abi", &[]),
    ("text", &[]),
    ("text-record", &["api", "text"]),
    ("checks", &["api", "text"]),
    ("compare", &["api", "text"]),
    ("intake", &["api"]),
    ("tables", &["api", "intake", "text"]),
    ("plugin-sdk", &["api", "plugin-abi"]),
    ("plugin-host", &["api", "plugin-abi"]),
    ("storage", &["api", "kv"]),
    ("registry", &["api", "kv"]),
    ("registry-client", &["api"]),
    ("analysis", &["api", "registry-client"]),
    ("search", &["api", "text"]),
    ("brief", &["api", "text"]),
    ("server", &["analysis", "api", "kv", "plugin-host", "registry", "registry-client", "search", "storage"]),
    ("monazite", &["api", "brief", "intake", "plugin-host", "server", "tables", "text"]),
];

/// What every plugin may import.
const PLUGINS_MAY_IMPORT: &[&str] = &["api", "checks", "compare", "plugin-sdk", "text", "text-record"];

/// Folders whose crates are for developers and may import anything.
const FREE: &[&str] = &["tests/Cargo.toml", "xtask/"];

/// Dependencies that only some crates may have: a store's or an index's backend, and the benchmark that measures against
/// it; and how the others reach them.
const ONLY: &[(&str, &[&str], &str)] = &[
    ("sled", &["kv", "bench"], "go through `kv::Kv`"),
    ("tantivy", &["search", "bench"], "go through `search::Index`"),
];

/// This file, for messages.
const HERE: &str = "xtask/src/tidy/imports.rs";

struct Manifest<'a> {
    path: &'a str,
    text: &'a str,
    name: String,
    table: toml::Table,
}

/// Every import that is not allowed, every crate that does not take the workspace's lints, every name that is not the
/// folder's.
///
/// # Errors
/// If a `Cargo.toml` is not TOML.
pub(crate) fn check(tree: &Tree) -> Result<Vec<Violation>> {
    let mut found = Vec::new();
    let mut manifests = Vec::new();
    for (path, text) in tree.files().filter(|(path, _)| path.ends_with("Cargo.toml")) {
        let table: toml::Table = text.parse().with_context(|| format!("{path} is not TOML"))?;
        let name = table.get("package").and_then(|p| p.get("name")).and_then(|n| n.as_str());
        if let Some(name) = name {
            manifests.push(Manifest { path, text, name: name.to_owned(), table });
        }
    }
    let ours: BTreeMap<&str, &str> = manifests.iter().map(|m| (m.name.as_str(), m.path)).collect();
    for manifest in &manifests {
        manifest.house(&mut found);
        manifest.imports(&ours, &mut found);
    }
    Ok(found)
}

impl Manifest<'_> {
    fn report(&self, word: &str, message: String, found: &mut Vec<Violation>) {
        let starts =
            |line: &str| line.strip_prefix(word).is_some_and(|rest| rest.starts_with([' ', '.', '=']));
        let line = self.text.lines().position(starts).map_or(0, |i| i + 1);
        found.push(Violation::new(self.path, line, message));
    }

    fn house(&self, found: &mut Vec<Violation>) {
        let folder = self.path.rsplit('/').nth(1).unwrap_or_default();
        if folder != self.name {
            let message = format!("crate `{}` lies in folder `{folder}`; they must be equal", self.name);
            self.report("name", message, found);
        }
        let lints = self.table.get("lints").and_then(|l| l.get("workspace")).and_then(toml::Value::as_bool);
        if lints != Some(true) {
            self.report("lints", "write `[lints]` with `workspace = true`".to_owned(), found);
        }
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for (dependency, crates, remedy) in ONLY {
                let has = self.table.get(section).and_then(|s| s.get(*dependency)).is_some();
                if has && !crates.contains(&self.name.as_str()) {
                    let message =
                        format!("only {} may depend on {dependency}; {remedy}", crates.join(" and "));
                    self.report(dependency, message, found);
                }
            }
        }
        if self.name == "plugin-abi" {
            for dependency in self.dependencies() {
                let message = format!("plugin-abi has no dependency at all; take `{dependency}` out");
                self.report(&dependency, message, found);
            }
        }
    }

    fn imports(&self, ours: &BTreeMap<&str, &str>, found: &mut Vec<Violation>) {
        if FREE.iter().any(|free| self.path.starts_with(free)) {
            return;
        }
        let plugin = self.path.starts_with("plugins/") || self.path.starts_with("tests/plugins/");
        let listed = MAY_IMPORT.iter().find(|(name, _)| *name == self.name).map(|(_, may)| *may);
        let Some(may) = listed.or(plugin.then_some(PLUGINS_MAY_IMPORT)) else {
            let message =
                format!("nobody said whom crate `{}` may import; add it to MAY_IMPORT in {HERE}", self.name);
            self.report("name", message, found);
            return;
        };
        for dependency in self.dependencies() {
            if ours.contains_key(dependency.as_str()) && !may.contains(&dependency.as_str()) {
                let allowed = if may.is_empty() { "nothing of ours".to_owned() } else { may.join(", ") };
                let message = format!(
                    "`{}` may not import `{dependency}`, only {allowed}; hand it in from outside, or move the code",
                    self.name
                );
                self.report(&dependency, message, found);
            }
        }
    }

    /// Names in `[dependencies]` and `[build-dependencies]`, for all targets. Renamed ones by their package.
    fn dependencies(&self) -> Vec<String> {
        let targets = self.table.get("target").and_then(toml::Value::as_table).into_iter().flatten();
        let tables = targets.filter_map(|(_, t)| t.as_table()).chain([&self.table]);
        let sections = tables.flat_map(|t| [t.get("dependencies"), t.get("build-dependencies")]);
        let entries = sections.flatten().filter_map(toml::Value::as_table).flatten();
        let package = |value: &toml::Value| value.get("package").and_then(|p| p.as_str()).map(str::to_owned);
        entries.map(|(name, value)| package(value).unwrap_or_else(|| name.clone())).collect()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test's own text is TOML, or the test fails")]

    use super::*;

    fn manifest(name: &str, rest: &str) -> String {
        format!("[package]\nname = \"{name}\"\n[lints]\nworkspace = true\n{rest}")
    }

    fn complaints(path: &str, text: &str) -> Vec<String> {
        let (kv, storage) = (manifest("kv", ""), manifest("storage", ""));
        let files = [
            ("crates/kv/Cargo.toml", kv.as_str()),
            ("crates/storage/Cargo.toml", storage.as_str()),
            (path, text),
        ];
        check(&Tree::from(files))
            .unwrap()
            .into_iter()
            .map(|v| format!("{}:{} {}", v.file, v.line, v.message))
            .collect()
    }

    #[test]
    fn what_is_allowed_passes() {
        let registry = manifest("registry", "[dependencies]\nkv.workspace = true\nserde = \"1\"\n");
        assert_eq!(complaints("crates/registry/Cargo.toml", &registry), Vec::<String>::new());
        let dev = manifest("analysis", "[dev-dependencies]\nstorage.workspace = true\n");
        assert_eq!(complaints("crates/analysis/Cargo.toml", &dev), Vec::<String>::new());
        let plugin = manifest("reading", "[dependencies]\nplugin-sdk.workspace = true\n");
        assert_eq!(complaints("plugins/reading/Cargo.toml", &plugin), Vec::<String>::new());
        let harness = manifest("tests", "[dependencies]\nstorage.workspace = true\n");
        assert_eq!(complaints("tests/Cargo.toml", &harness), Vec::<String>::new());
    }

    #[test]
    fn what_is_not_allowed_is_told() {
        let cases = [
            (
                "crates/analysis",
                manifest("analysis", "[dependencies]\nstorage.workspace = true\n"),
                ":6 `analysis` may not import `storage`",
            ),
            (
                "crates/text",
                manifest("text", "[dependencies]\nkv = { path = \"../kv\" }\n"),
                ":6 `text` may not import `kv`",
            ),
            (
                "crates/text",
                manifest("text", "[dependencies]\nx = { package = \"kv\" }\n"),
                "`text` may not import `kv`",
            ),
            (
                "crates/text",
                manifest("text", "[target.'cfg(unix)'.dependencies]\nkv = \"*\"\n"),
                "`text` may not import `kv`",
            ),
            (
                "crates/text",
                manifest("text", "[build-dependencies]\nkv = \"*\"\n"),
                "`text` may not import `kv`",
            ),
            (
                "plugins/reading",
                manifest("reading", "[dependencies]\nkv = \"*\"\n"),
                "only api, checks, compare, plugin-sdk, text, text-record",
            ),
            (
                "crates/novel",
                manifest("novel", ""),
                ":2 nobody said whom crate `novel` may import; add it to MAY_IMPORT",
            ),
            (
                "crates/plugin-abi",
                manifest("plugin-abi", "[dependencies]\nlibc = \"0.2\"\n"),
                "no dependency at all",
            ),
            (
                "crates/storage-tests",
                manifest("storage-tests", "[dev-dependencies]\nsled.workspace = true\n"),
                ":6 only kv and bench may depend on sled",
            ),
            (
                "crates/analysis",
                manifest("analysis", "[dependencies]\ntantivy.workspace = true\n"),
                ":6 only search and bench may depend on tantivy; go through `search::Index`",
            ),
            ("crates/text", "[package]\nname = \"text\"\n".to_owned(), "write `[lints]`"),
            ("crates/texts", manifest("text", ""), ":2 crate `text` lies in folder `texts`"),
        ];
        for (folder, text, wanted) in cases {
            let found = complaints(&format!("{folder}/Cargo.toml"), &text);
            assert!(found.iter().any(|f| f.contains(wanted)), "wanted {wanted:?}, found {found:#?}");
        }
    }
}

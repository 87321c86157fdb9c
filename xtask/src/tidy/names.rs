//! Names that only some files may use: the wire's, the store's, and `unsafe`.

use super::{Source, Tree, Violation};

/// The only files with unsafe code.
const UNSAFE: &[&str] =
    &["crates/plugin-abi/", "crates/plugin-sdk/src/ffi.rs", "crates/plugin-host/src/library.rs"];

/// The only file that names sled.
const SLED: &str = "crates/kv/src/sled.rs";

/// Where the wire is no secret: bindings, and what drives the product from outside.
const TONIC_FREE: &[&str] = &["crates/api/", "tests/", "xtask/"];

/// Every name that stands where it may not.
pub(crate) fn check(tree: &Tree, sources: &[Source]) -> Vec<Violation> {
    let mut found = Vec::new();
    for source in sources {
        tonic(source, &mut found);
        store(source, &mut found);
        unsafe_code(source, &mut found);
    }
    plugins_forbid_unsafe(tree, sources, &mut found);
    found
}

fn tonic(source: &Source, found: &mut Vec<Violation>) {
    let path = &source.path;
    let room = path.ends_with("/grpc.rs") || path.contains("/grpc/");
    let drives = path.contains("/examples/");
    if room || drives || TONIC_FREE.iter().any(|free| path.starts_with(free)) {
        return;
    }
    for token in &source.tokens {
        let wire = token.text == "tonic" || token.text.starts_with("tonic_");
        if wire && !source.is_test(token.line) {
            let message = format!("only grpc.rs names `{}`; move what needs it there", token.text);
            found.push(Violation::new(path, token.line, message));
        }
    }
}

fn store(source: &Source, found: &mut Vec<Violation>) {
    // The benchmark measures against sled itself.
    if source.path == SLED || source.path.starts_with("xtask/bench/") {
        return;
    }
    for (i, token) in source.tokens.iter().enumerate().filter(|(_, t)| t.text == "sled") {
        let before: Vec<&str> =
            source.tokens[i.saturating_sub(3)..i].iter().map(|t| t.text.as_str()).collect();
        let after: Vec<&str> = source.tokens[i + 1..].iter().take(2).map(|t| t.text.as_str()).collect();
        // A variable may be called so, and crates/kv has a module of that name.
        let path = after == [":", ":"] || matches!(before.as_slice(), [.., "use" | "crate"]);
        let module = matches!(before.as_slice(), ["crate" | "self" | "super" | "kv", ":", ":"]);
        if path && !(module && source.path.starts_with("crates/kv/")) {
            let message = format!("only {SLED} names sled; go through `kv::Kv`");
            found.push(Violation::new(&source.path, token.line, message));
        }
    }
}

fn unsafe_code(source: &Source, found: &mut Vec<Violation>) {
    if UNSAFE.iter().any(|allowed| source.path.starts_with(allowed)) {
        return;
    }
    // The attribute that exports the entry of a plugin, in the macro of the SDK: it names a symbol and runs nothing.
    let entries: Vec<usize> = match source.path.starts_with("crates/plugin-sdk/src/") {
        true => source.find(&["unsafe", "(", "export_name"]).collect(),
        false => Vec::new(),
    };
    for (i, token) in source.tokens.iter().enumerate().filter(|(_, t)| t.text == "unsafe") {
        if entries.contains(&i) {
            continue;
        }
        let message = format!("unsafe code lies only in {}", UNSAFE.join(", "));
        found.push(Violation::new(&source.path, token.line, message));
    }
}

fn plugins_forbid_unsafe(tree: &Tree, sources: &[Source], found: &mut Vec<Violation>) {
    for (manifest, _) in tree.files().filter(|(path, _)| path.ends_with("/Cargo.toml")) {
        if !(manifest.starts_with("plugins/") || manifest.starts_with("tests/plugins/")) {
            continue;
        }
        let root = manifest.replace("Cargo.toml", "src/lib.rs");
        let forbids = ["#", "!", "[", "forbid", "(", "unsafe_code"];
        let source = sources.iter().find(|s| s.path == root);
        if source.is_none_or(|s| s.find(&forbids).next().is_none()) {
            found.push(Violation::new(&root, 1, "a plugin starts with `#![forbid(unsafe_code)]`; add it"));
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test's own text is Rust, or the test fails")]

    use super::super::source::parse_all;
    use super::*;

    fn complaints(path: &str, text: &str) -> Vec<String> {
        let tree = Tree::from([(path, text)]);
        let found = check(&tree, &parse_all(&tree).unwrap());
        found.into_iter().map(|v| format!("{}:{} {}", v.file, v.line, v.message)).collect()
    }

    #[test]
    fn each_name_is_at_home_in_its_file() {
        let cases = [
            ("crates/storage/src/grpc.rs", "use tonic::Status;"),
            ("crates/storage/src/grpc/import.rs", "use tonic_types::ErrorDetails;"),
            ("crates/storage/src/log.rs", "// tonic\nconst A: &str = \"tonic sled unsafe\";"),
            ("crates/storage/src/log.rs", "#[cfg(test)]\nmod tests { use tonic::Status; }"),
            ("crates/api/src/lib.rs", "use tonic::body::Body;"),
            ("crates/kv/src/sled.rs", "use sled::Db;"),
            ("crates/kv/src/lib.rs", "mod sled; pub use crate::sled::Sled;"),
            ("crates/registry/tests/a.rs", "fn a(sled: bool) { if sled { b() } }"),
            ("crates/x/examples/a.rs", "use tonic::Status;"),
            ("xtask/bench/src/peers.rs", "use sled::Db;"),
            ("crates/plugin-host/src/library.rs", "fn a() { unsafe { b() } }"),
            ("crates/plugin-abi/src/lib.rs", "unsafe impl Sync for A {}"),
            ("crates/text/src/lib.rs", "#![forbid(unsafe_code)]"),
            (
                "crates/plugin-sdk/src/lib.rs",
                "macro_rules! e { () => { #[unsafe(export_name = \"e\")] static E: A = B; } }",
            ),
        ];
        for (path, text) in cases {
            assert_eq!(complaints(path, text), Vec::<String>::new(), "{path}: {text}");
        }
    }

    #[test]
    fn each_name_is_told_elsewhere() {
        let cases = [
            ("crates/storage/src/log.rs", "\nuse tonic::Status;", ":2 only grpc.rs names `tonic`"),
            ("crates/server/src/run.rs", "use tonic_health::server;", ":1 only grpc.rs names `tonic_health`"),
            (
                "crates/storage/src/log.rs",
                "fn a() { sled::open(p) }",
                ":1 only crates/kv/src/sled.rs names sled",
            ),
            ("crates/registry/tests/a.rs", "use sled::Db;", ":1 only crates/kv/src/sled.rs names sled"),
            ("crates/kv/src/memory.rs", "use sled::Db;", ":1 only crates/kv/src/sled.rs names sled"),
            ("crates/plugin-sdk/src/lib.rs", "fn a() {\n unsafe { b() } }", ":2 unsafe code lies only in"),
            ("plugins/reading/src/lib.rs", "#[unsafe(no_mangle)] fn a() {}", ":1 unsafe code lies only in"),
        ];
        for (path, text, wanted) in cases {
            let found = complaints(path, text);
            assert!(found.iter().any(|f| f.contains(wanted)), "wanted {wanted:?}, found {found:#?}");
        }
    }

    #[test]
    fn a_plugin_forbids_unsafe() {
        let check = |text| {
            let tree = Tree::from([("plugins/reading/Cargo.toml", ""), ("plugins/reading/src/lib.rs", text)]);
            check(&tree, &parse_all(&tree).unwrap()).len()
        };
        assert_eq!(check("#![forbid(unsafe_code)]"), 0);
        assert_eq!(check("#![deny(unsafe_code)]"), 1);
        assert_eq!(check("//! #![forbid(unsafe_code)]"), 1);
    }
}

//! Words that have no place in the project: silenced lints, unfinished work, tests that do not run, and paths of
//! somebody's machine.

use super::{Source, Tree, Violation};

/// Generated code lies behind this file's modules, which silence its lints with a reason.
const WRAPPER: &str = "crates/api/src/lib.rs";

/// Marks of unfinished work. Split, so that this file does not hold them.
const UNFINISHED: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];

/// Folders of somebody's machine. Split, so that this file does not hold them.
const MACHINES: [&str; 4] =
    [concat!("/ro", "ot/"), concat!("/wo", "rk/"), concat!("/ho", "me/"), concat!("/Us", "ers/")];

/// Every such word.
pub(crate) fn check(tree: &Tree, sources: &[Source]) -> Vec<Violation> {
    let mut found = Vec::new();
    for source in sources.iter().filter(|s| !s.is_generated()) {
        attributes(source, &mut found);
        for name in ["todo", "unimplemented"] {
            for i in source.find(&[name, "!"]) {
                let message = format!("`{name}!` is unfinished work; finish it or return an error");
                found.push(Violation::new(&source.path, source.tokens[i].line, message));
            }
        }
    }
    for (path, text) in tree.files() {
        lines(path, text, &mut found);
    }
    found
}

fn attributes(source: &Source, found: &mut Vec<Violation>) {
    for start in source.find(&["["]) {
        let before: Vec<&str> =
            source.tokens[start.saturating_sub(2)..start].iter().map(|t| t.text.as_str()).collect();
        if !matches!(before.as_slice(), [.., "#"] | ["#", "!"]) {
            continue;
        }
        let line = source.tokens[start].line;
        let words: Vec<&str> = words_to_the_end(source, start);
        let allows = words.first() == Some(&"allow")
            || (words.first() == Some(&"cfg_attr") && words.contains(&"allow"));
        let reason = words.contains(&"reason");
        if allows && !(reason && source.path == WRAPPER) {
            let message =
                "a silenced lint stays silent when its cause is gone; write `#[expect(.., reason = \"..\")]`";
            found.push(Violation::new(&source.path, line, message));
        }
        if words.first() == Some(&"expect") && !reason {
            found.push(Violation::new(
                &source.path,
                line,
                "say why the lint is wrong here: `reason = \"..\"`",
            ));
        }
        if words == ["ignore"] {
            found.push(Violation::new(
                &source.path,
                line,
                "say why the test does not run: `#[ignore = \"..\"]`",
            ));
        }
    }
}

/// The tokens between a bracket and its partner.
fn words_to_the_end(source: &Source, start: usize) -> Vec<&str> {
    let mut depth = 0;
    let rest = source.tokens[start..].iter().map(|t| t.text.as_str());
    let inside = rest.take_while(|word| {
        depth += i32::from(*word == "[") - i32::from(*word == "]");
        depth > 0
    });
    inside.skip(1).collect()
}

fn lines(path: &str, text: &str, found: &mut Vec<Violation>) {
    let code = [".rs", ".proto", ".toml", ".py", ".sh", ".h", "/run"].iter().any(|end| path.ends_with(end));
    for (line, text) in (1..).zip(text.lines()) {
        if code && let Some(mark) = UNFINISHED.iter().find(|mark| has_word(text, mark)) {
            let message = format!("`{mark}` marks unfinished work; finish it, or file an issue");
            found.push(Violation::new(path, line, message));
        }
        if let Some(folder) = MACHINES.iter().find(|folder| starts_path(text, folder)) {
            let message = format!("`{folder}...` is a path of one machine; make it relative, or an argument");
            found.push(Violation::new(path, line, message));
        }
    }
}

/// True if `word` stands in `text` without letters or digits beside it.
fn has_word(text: &str, word: &str) -> bool {
    let bare = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '_');
    text.match_indices(word)
        .any(|(at, _)| bare(text[..at].chars().next_back()) && bare(text[at + word.len()..].chars().next()))
}

/// True if an absolute path in `text` starts with `folder`.
fn starts_path(text: &str, folder: &str) -> bool {
    let begins = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && !"._-/}~*".contains(c));
    text.match_indices(folder).any(|(at, _)| begins(text[..at].chars().next_back()))
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
    fn good_words_pass() {
        let cases = [
            ("crates/x/src/a.rs", "#[expect(dead_code, reason = \"r\")]\nfn a() { let x = [allow]; }"),
            ("crates/x/src/a.rs", "#[ignore = \"needs a cluster\"]\nfn a() {}"),
            (WRAPPER, "mod a { #![allow(missing_docs, reason = \"generated\")] }"),
            ("crates/x/src/a.rs", "// todoist METHODOLOGY\nfn todo() {}"),
            ("README.md", "see https://example.org/work/home/ and ./work/a and ../root/b"),
        ];
        for (path, text) in cases {
            assert_eq!(complaints(path, text), Vec::<String>::new(), "{path}: {text}");
        }
    }

    #[test]
    fn bad_words_are_told() {
        let mark = format!("\n// {} later", UNFINISHED[0]);
        let key = format!("path = \"{}me/x\"", MACHINES[0]);
        let doc = format!("run {}main/tool", MACHINES[1]);
        let cases = [
            ("crates/x/src/a.rs", "#[allow(dead_code, reason = \"r\")]\nfn a() {}", ":1 a silenced lint"),
            ("crates/x/src/a.rs", "\n#![allow(dead_code)]", ":2 a silenced lint"),
            ("crates/x/src/a.rs", "#[cfg_attr(test, allow(dead_code))]\nfn a() {}", ":1 a silenced lint"),
            (WRAPPER, "mod a { #![allow(missing_docs)] }", ":1 a silenced lint"),
            ("crates/x/src/a.rs", "#[expect(dead_code)]\nfn a() {}", ":1 say why the lint is wrong"),
            ("crates/x/src/a.rs", "#[ignore]\nfn a() {}", ":1 say why the test does not run"),
            ("crates/x/src/a.rs", "fn a() {\n todo!() }", ":2 `todo!` is unfinished"),
            ("crates/x/src/a.rs", "fn a() { unimplemented!() }", ":1 `unimplemented!` is unfinished"),
            ("proto/a.proto", mark.as_str(), ":2 `"),
            ("Cargo.toml", key.as_str(), ":1 `/"),
            ("README.md", doc.as_str(), "is a path of one machine"),
        ];
        for (path, text, wanted) in cases {
            let found = complaints(path, text);
            assert!(
                found.iter().any(|f| f.contains(wanted)),
                "wanted {wanted:?} of {text:?}, found {found:#?}"
            );
        }
    }
}

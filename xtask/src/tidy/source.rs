//! Rust files as tokens: comments and literals cannot be taken for code, and code under test is marked.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use anyhow::{Result, anyhow};
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::tree::Tree;

/// One Rust file.
#[derive(Debug)]
pub(crate) struct Source {
    /// Path relative to the workspace.
    pub path: String,
    /// How many lines it has.
    pub lines: usize,
    /// Its tokens in order; brackets are tokens of their own.
    pub tokens: Vec<Token>,
    /// Lines from `fn` to the closing brace.
    pub functions: Vec<RangeInclusive<usize>>,
    /// True if the file as a whole is compiled for tests alone.
    pub test: bool,
    /// Lines of items that are compiled for tests alone.
    test_items: Vec<RangeInclusive<usize>>,
    /// Modules declared for tests alone that lie in files of their own.
    test_modules: Vec<String>,
}

/// One token.
#[derive(Debug)]
pub(crate) struct Token {
    /// As written; of a literal only its first character, so that it is never taken for a name.
    pub text: String,
    /// Its line, from 1.
    pub line: usize,
}

impl Source {
    /// True for the bindings that `cargo xtask codegen` makes: they are what `proto/` makes them.
    pub(crate) fn is_generated(&self) -> bool {
        self.path.starts_with("crates/api/src/gen/")
    }

    /// True if the line is compiled for tests alone.
    pub(crate) fn is_test(&self, line: usize) -> bool {
        self.test || self.test_items.iter().any(|lines| lines.contains(&line))
    }

    /// Lines that are not compiled for tests alone.
    pub(crate) fn product_lines(&self) -> usize {
        (1..=self.lines).filter(|line| !self.is_test(*line)).count()
    }

    /// Places where `pattern` stands, as indexes of their first tokens.
    pub(crate) fn find<'a>(&'a self, pattern: &'a [&'a str]) -> impl Iterator<Item = usize> + 'a {
        let matches = move |w: &[Token]| w.iter().zip(pattern).all(|(t, p)| t.text == *p);
        self.tokens.windows(pattern.len()).enumerate().filter(move |(_, w)| matches(w)).map(|(i, _)| i)
    }
}

/// Parses every `.rs` file.
///
/// # Errors
/// If one cannot be split into tokens.
pub(crate) fn parse_all(tree: &Tree) -> Result<Vec<Source>> {
    let rust = tree.files().filter(|(path, _)| path.ends_with(".rs"));
    let mut sources = rust.map(|(path, text)| parse(path, text)).collect::<Result<Vec<_>>>()?;
    let test_roots: BTreeSet<String> = sources
        .iter()
        .flat_map(|s| s.test_modules.iter().map(|name| format!("{}/{name}", module_folder(&s.path))))
        .collect();
    for source in &mut sources {
        let stem = source.path.trim_end_matches(".rs");
        source.test |= stem.match_indices('/').any(|(at, _)| test_roots.contains(&stem[..at]))
            || test_roots.contains(stem);
    }
    Ok(sources)
}

fn parse(path: &str, text: &str) -> Result<Source> {
    let stream: TokenStream = text.parse().map_err(|e| anyhow!("{path} is not Rust: {e}"))?;
    let test = path.starts_with("tests/") || path.contains("/tests/") || path.ends_with("/tests.rs");
    let mut source = Source {
        path: path.to_owned(),
        lines: text.lines().count(),
        tokens: Vec::new(),
        functions: Vec::new(),
        test,
        test_items: Vec::new(),
        test_modules: Vec::new(),
    };
    source.walk(stream);
    Ok(source)
}

impl Source {
    fn walk(&mut self, stream: TokenStream) {
        let trees: Vec<TokenTree> = stream.into_iter().collect();
        // The line of the attribute that makes the next item one for tests.
        let mut test_from = None;
        for (i, tree) in trees.iter().enumerate() {
            if let TokenTree::Group(group) = tree
                && group.delimiter() == Delimiter::Bracket
                && is_test_attribute(group)
            {
                match trees[..i].last() {
                    Some(TokenTree::Punct(p)) if p.as_char() == '#' => {
                        test_from.get_or_insert(group.span_open().start().line);
                    }
                    // `#![cfg(test)]`
                    Some(TokenTree::Punct(p)) if p.as_char() == '!' => self.test = true,
                    _ => {}
                }
            }
            if let (TokenTree::Ident(word), Some(TokenTree::Ident(_))) = (tree, trees.get(i + 1))
                && word == "fn"
                && let Some(end) = body_end(&trees[i..])
            {
                self.functions.push(word.span().start().line..=end);
            }
            if let Some(end) = item_end(tree)
                && let Some(start) = test_from.take()
            {
                self.test_items.push(start..=end);
                if let [.., TokenTree::Ident(keyword), TokenTree::Ident(name)] = &trees[..i]
                    && keyword == "mod"
                    && matches!(tree, TokenTree::Punct(_))
                {
                    self.test_modules.push(name.to_string());
                }
            }
            self.push(tree);
        }
    }

    fn push(&mut self, tree: &TokenTree) {
        let line = tree.span().start().line;
        let text = match tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                self.tokens.push(Token { text: open.to_owned(), line });
                self.walk(group.stream());
                self.tokens.push(Token { text: close.to_owned(), line: group.span_close().start().line });
                return;
            }
            TokenTree::Literal(literal) => literal.to_string().chars().take(1).collect(),
            other => other.to_string(),
        };
        self.tokens.push(Token { text, line });
    }
}

/// `cfg(test)`, `test`, `tokio::test(..)`.
fn is_test_attribute(group: &Group) -> bool {
    let words: Vec<String> = group
        .stream()
        .into_iter()
        .take_while(|t| !matches!(t, TokenTree::Group(_)))
        .filter_map(|t| if let TokenTree::Ident(word) = t { Some(word.to_string()) } else { None })
        .collect();
    match words.last().map(String::as_str) {
        Some("test") => true,
        Some("cfg") => {
            let condition = group.stream().to_string().replace(' ', "");
            condition == "cfg(test)" || (condition.contains("all(test") && !condition.contains("not(test"))
        }
        _ => false,
    }
}

/// The line where an item ends, if it ends with this token.
fn item_end(tree: &TokenTree) -> Option<usize> {
    match tree {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
            Some(group.span_close().end().line)
        }
        TokenTree::Punct(p) if p.as_char() == ';' => Some(p.span().end().line),
        _ => None,
    }
}

/// The last line of a function's body; `None` if it is only declared.
fn body_end(trees: &[TokenTree]) -> Option<usize> {
    let end = trees.iter().find(|t| item_end(t).is_some())?;
    if matches!(end, TokenTree::Group(_)) { item_end(end) } else { None }
}

/// The folder in which the submodules of a file lie.
fn module_folder(path: &str) -> &str {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    if matches!(file, "lib.rs" | "main.rs" | "mod.rs") { folder } else { path.trim_end_matches(".rs") }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test's own text is Rust, or the test fails")]

    use super::*;

    fn words(source: &Source) -> Vec<&str> {
        source.tokens.iter().map(|t| t.text.as_str()).collect()
    }

    #[test]
    fn comments_and_strings_are_not_code() {
        let source = parse("a.rs", "// unsafe\nlet s = \"unsafe {\"; /* tonic */ 'x'").unwrap();
        assert_eq!(words(&source), ["let", "s", "=", "\"", ";", "'"]);
        assert_eq!(source.tokens[0].line, 2);
    }

    #[test]
    fn code_under_test_is_marked() {
        let text = "fn a() {\n}\n#[cfg(test)]\nmod tests {\n  fn b() {}\n}\n#[cfg(not(test))]\nfn c() {}\n#[tokio::test]\nasync fn d() {\n}\n";
        let source = parse("crates/x/src/a.rs", text).unwrap();
        let marked: Vec<usize> = (1..=source.lines).filter(|l| source.is_test(*l)).collect();
        assert_eq!(marked, [3, 4, 5, 6, 9, 10, 11]);
        assert_eq!(source.product_lines(), 4);
        assert_eq!(source.functions, [1..=2, 5..=5, 8..=8, 10..=11]);
    }

    #[test]
    fn modules_declared_for_tests_are_marked_in_their_own_files() {
        let tree = Tree::from([
            ("crates/x/src/lib.rs", "mod deep;"),
            ("crates/x/src/deep.rs", "#[cfg(test)]\nmod suite;\nmod other;"),
            ("crates/x/src/deep/suite.rs", "fn a() {}"),
            ("crates/x/src/deep/suite/more.rs", "fn b() {}"),
            ("crates/x/src/deep/other.rs", "fn c() {}"),
            ("crates/x/tests/story.rs", "fn d() {}"),
        ]);
        let sources = parse_all(&tree).unwrap();
        let marked: Vec<&str> = sources.iter().filter(|s| s.test).map(|s| s.path.as_str()).collect();
        assert_eq!(
            marked,
            ["crates/x/src/deep/suite.rs", "crates/x/src/deep/suite/more.rs", "crates/x/tests/story.rs"]
        );
    }

    #[test]
    fn declarations_have_no_body() {
        let source = parse("a.rs", "trait T { fn a(&self) -> [u8; 4];\n fn b(f: fn(u8)) {\n\n} }").unwrap();
        assert_eq!(source.functions, [2..=4]);
    }
}

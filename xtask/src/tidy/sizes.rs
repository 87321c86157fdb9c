//! How long files and functions are, and how often code gives up instead of returning an error.

use super::{Source, Violation};

/// The longest file, in lines.
const LONGEST_FILE: usize = 800;
/// 95 of 100 files are at most this long, in lines.
const P95_FILE: usize = 500;
/// The longest function, in lines.
const LONGEST_FUNCTION: usize = 120;
/// 95 of 100 functions are at most this long, in lines.
const P95_FUNCTION: usize = 40;
/// `unwrap` and `expect` for each 1,000 lines outside tests stay below this.
const UNWRAPS: f64 = 1.0;

/// What is too long, and one line of figures.
pub(crate) fn check(sources: &[Source]) -> (Vec<Violation>, String) {
    let sources: Vec<&Source> = sources.iter().filter(|s| !s.is_generated()).collect();
    let mut found = Vec::new();
    let files: Vec<(usize, &str, usize)> = sources.iter().map(|s| (s.lines, s.path.as_str(), 1)).collect();
    let functions: Vec<(usize, &str, usize)> = sources
        .iter()
        .flat_map(|s| s.functions.iter().map(|f| (f.end() - f.start() + 1, s.path.as_str(), *f.start())))
        .collect();
    let files = lengths("file", "split it into rooms", files, P95_FILE, LONGEST_FILE, &mut found);
    let functions =
        lengths("function", "give its parts names", functions, P95_FUNCTION, LONGEST_FUNCTION, &mut found);
    let unwraps = unwraps(&sources, &mut found);
    (found, format!("files {files}; functions {functions}; {unwraps}"))
}

/// Checks one kind of length; gives `median/p95/longest`.
fn lengths(
    what: &str,
    remedy: &str,
    mut all: Vec<(usize, &str, usize)>,
    p95: usize,
    longest: usize,
    found: &mut Vec<Violation>,
) -> String {
    all.sort_unstable();
    let at = |percent: usize| {
        all.get((all.len() * percent / 100).min(all.len().saturating_sub(1))).map_or(0, |x| x.0)
    };
    for (length, path, line) in all.iter().filter(|x| x.0 > longest) {
        let message = format!("{what} of {length} lines, over the limit of {longest}; {remedy}");
        found.push(Violation::new(path, *line, message));
    }
    if at(95) > p95 {
        for (length, path, line) in all.iter().filter(|x| x.0 > p95 && x.0 <= longest) {
            let message = format!(
                "{what} of {length} lines: more than 5 of 100 are over {p95} (the 95th percentile is {}); {remedy}",
                at(95)
            );
            found.push(Violation::new(path, *line, message));
        }
    }
    let last = all.last().map_or(0, |x| x.0);
    format!("{} with median/p95/longest {}/{}/{last} lines", all.len(), at(50), at(95))
}

fn unwraps(sources: &[&Source], found: &mut Vec<Violation>) -> String {
    let mut places = Vec::new();
    for source in sources {
        for name in ["unwrap", "expect"] {
            for i in source.find(&[".", name, "("]) {
                let line = source.tokens[i + 1].line;
                if !source.is_test(line) {
                    places.push((source.path.as_str(), line, name));
                }
            }
        }
    }
    let lines: usize = sources.iter().map(|s| s.product_lines()).sum();
    #[expect(clippy::cast_precision_loss, reason = "counts of lines are far below 2^52")]
    let rate = places.len() as f64 * 1000.0 / lines.max(1) as f64;
    if rate >= UNWRAPS {
        for (path, line, name) in &places {
            let message = format!(
                "one of {} `unwrap` and `expect` in {lines} lines outside tests, {rate:.2} in 1,000 where less than \
                 {UNWRAPS:.1} is allowed; `{name}` becomes an error, or a type that cannot fail",
                places.len()
            );
            found.push(Violation::new(path, *line, message));
        }
    }
    format!("{} unwrap and expect in {lines} lines outside tests, {rate:.2} in 1,000", places.len())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test's own text is Rust, or the test fails")]

    use super::super::source::parse_all;
    use super::super::tree::Tree;
    use super::*;

    fn complaints(path: &str, text: &str) -> Vec<String> {
        let tree = Tree::from([(path, text)]);
        let (found, _) = check(&parse_all(&tree).unwrap());
        found.into_iter().map(|v| format!("{}:{} {}", v.file, v.line, v.message)).collect()
    }

    #[test]
    fn long_files_are_told_unless_generated() {
        let fits = "\n".repeat(500);
        assert_eq!(complaints("crates/x/src/a.rs", &fits), Vec::<String>::new());
        let over_p95 = "\n".repeat(501);
        assert!(
            complaints("crates/x/src/a.rs", &over_p95)[0]
                .contains(":1 file of 501 lines: more than 5 of 100")
        );
        let over = "\n".repeat(801);
        assert!(
            complaints("crates/x/src/a.rs", &over)[0].contains("file of 801 lines, over the limit of 800")
        );
        assert_eq!(complaints("crates/api/src/gen/a.rs", &over), Vec::<String>::new());
    }

    #[test]
    fn long_functions_are_told() {
        let function = |lines: usize| format!("\nfn a() {{{}}}\n", "\n".repeat(lines - 1));
        assert_eq!(complaints("crates/x/src/a.rs", &function(40)), Vec::<String>::new());
        assert!(complaints("crates/x/src/a.rs", &function(41))[0].contains(":2 function of 41 lines"));
        assert!(complaints("crates/x/src/a.rs", &function(121))[0].contains("over the limit of 120"));
    }

    #[test]
    fn giving_up_too_often_is_told() {
        let text = |lines: usize, call: &str| format!("{}fn a() {{ b.{call}; }}\n", "\n".repeat(lines - 1));
        let files = |call: &str, lines: usize| complaints("crates/x/src/a.rs", &text(lines, call));
        assert!(files("unwrap()", 400)[0].contains(":400 one of 1 `unwrap` and `expect` in 400 lines"));
        assert_eq!(files("expect(\"why\")", 400).len(), 1);
        assert_eq!(files("unwrap_or(0)", 400).len(), 0);
        let test = format!("#[cfg(test)]\nmod tests {{ {} }}", text(10, "unwrap()"));
        assert_eq!(complaints("crates/x/src/a.rs", &test), Vec::<String>::new());
        // One in more than 1,000 lines is below the limit.
        let tree_text = text(700, "unwrap()");
        let tree = Tree::from([("a.rs", tree_text.as_str()), ("b.rs", &"\n".repeat(400))]);
        let (found, figures) = check(&parse_all(&tree).unwrap());
        assert!(!found.iter().any(|v| v.message.contains("unwrap")), "{found:?}");
        assert!(
            figures.ends_with("1 unwrap and expect in 1100 lines outside tests, 0.91 in 1,000"),
            "{figures}"
        );
    }
}

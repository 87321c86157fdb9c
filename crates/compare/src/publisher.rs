//! Who a publisher is, by its name.

use std::collections::HashMap;
use std::sync::LazyLock;

use text::Lexicon;

/// What stands behind the name of who publishes of itself.
const SUFFIXES: &[&str] =
    &["公告", "通知", "快讯", "快报", "notice", "announcement", "statement", "press release", "(blog)"];

/// Every name of the lexicon that means one thing, in lower case.
static NAMES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let mut names = HashMap::new();
    let mut twice = Vec::new();
    for entry in Lexicon::standard().entries() {
        if !matches!(entry.kind(), "company" | "agency" | "institution" | "exchange") {
            continue;
        }
        for name in &entry.names {
            let known = names.insert(name.text.to_lowercase(), entry.id.as_str());
            if known.is_some_and(|known| known != entry.id) {
                twice.push(name.text.to_lowercase());
            }
        }
    }
    for name in twice {
        names.remove(&name);
    }
    names
});

/// The id of a publisher; `None` if the lexicon has none, or several of that name.
pub(crate) fn id(source: &str) -> Option<&'static str> {
    let lower = source.trim().to_lowercase();
    let plain = SUFFIXES.iter().find_map(|suffix| lower.strip_suffix(suffix)).unwrap_or(&lower);
    NAMES.get(plain.trim()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_companys_notice_is_the_companys() {
        assert_eq!(id("Alcoa notice"), Some("company/alcoa"));
        assert_eq!(id("Glencore"), Some("company/glencore"));
        assert_eq!(id("A blog of nobody"), None);
    }
}

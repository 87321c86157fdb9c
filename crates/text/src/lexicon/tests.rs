#![expect(clippy::unwrap_used, reason = "a test that fails here should say so")]

use super::*;

#[test]
fn the_standard_lexicon_is_sound() {
    let lexicon = Lexicon::parse(FILES).unwrap();
    let count = |kind: &str| lexicon.entries().iter().filter(|entry| entry.kind() == kind).count();
    assert!(count("commodity") >= 480, "{}", count("commodity"));
}

#![expect(clippy::unwrap_used, reason = "the queries under test are right, or the test fails")]

use proptest::prelude::*;

use super::*;

/// A node in short: `&` and `|` with their parts, `!`, words as they are, phrases in quotation marks.
fn shown(node: &Node) -> String {
    let of =
        |sign: &str, nodes: &[Node]| format!("({})", nodes.iter().map(shown).collect::<Vec<_>>().join(sign));
    let at = |scope: &Option<Field>| scope.map_or(String::new(), |field| format!("{}:", field.name()));
    match node {
        Node::All => "*".to_owned(),
        Node::And(nodes) => of(" & ", nodes),
        Node::Or(nodes) => of(" | ", nodes),
        Node::Not(node) => format!("!{}", shown(node)),
        Node::Words { scope, words } => {
            let words: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
            format!("{}{}", at(scope), words.join("+"))
        }
        Node::Phrase { scope, phrase } => format!("{}\"{}\"", at(scope), phrase.text),
        Node::Value { field, value } => format!("{}={}", field.name(), value.text),
        Node::Range { field, from, to } => format!("{}[{from:?},{to:?})", field.name()),
        Node::Exists { field } => format!("{}?", field.name()),
    }
}

fn read(text: &str) -> Result<String, QueryError> {
    Query::parse(text, &Limits::default()).map(|query| shown(&query.root))
}

#[test]
fn queries_are_read() {
    let cases = [
        ("", "*"),
        ("  * ", "*"),
        ("稀土", "稀土"),
        ("rare earth  export", "rare+earth+export"),
        ("a AND b OR c d", "((a & b) | c+d)"),
        ("a OR b AND NOT c", "(a | (b & !c))"),
        ("(a OR b) c", "((a | b) & c)"),
        ("NOT a", "!a"),
        ("NOT NOT a", "a"),
        ("NOT a b c", "(!a & b+c)"),
        ("a -b c", "(a & !b & c)"),
        ("title:(-a b)", "(!title:a & title:b)"),
        ("-a -\"b c\" -(d)", "(!a & !\"b c\" & !d)"),
        ("-5% a-b", "-5%+a-b"),
        ("“稀土”（锑 OR 锗）", "(\"稀土\" & (锑 | 锗))"),
        ("「北方 稀土」", "\"北方 稀土\""),
        ("and or not", "and+or+not"),
        ("ANDREW ORE", "ANDREW+ORE"),
        ("A & B", "A+B"),
        ("title:稀土 x", "(title:稀土 & x)"),
        ("Title:(a b OR \"c\")", "(title:a+b | title:\"c\")"),
        ("source:\"Financial Times\" OR source:(a OR b)", "(source=Financial Times | (source=a | source=b))"),
        ("source：路透社", "source=路透社"),
        ("稀土：价格", "稀土：价格"),
        ("16:09 http://a.b/c", "16:09+http://a.b/c"),
        ("entity:commodity/antimony", "entity=commodity/antimony"),
        ("measure:* -published:*", "(measure? & !published?)"),
        ("published:1970-01-02", "published[Some(86400),Some(172800))"),
        ("published:[1970-01-02 TO 1970-01-03]", "published[Some(86400),Some(259200))"),
        ("published:{1970-01-02 TO 1970-01-03}", "published[Some(172800),Some(172800))"),
        ("published:[* TO 1970]", "published[None,Some(31536000))"),
        ("published:>=1970-02", "published[Some(2678400),None)"),
        ("published: > 1970-02", "published[Some(5097600),None)"),
        ("published:≤1970-01", "published[None,Some(2678400))"),
        (
            "published:(1970 OR 1971)",
            "(published[Some(0),Some(31536000)) | published[Some(31536000),Some(63072000)))",
        ),
        ("sequence:[5 TO 7] -kind:Claim", "(sequence[Some(5),Some(8)) & !kind=Claim)"),
        ("sequence:<7", "sequence[None,Some(7))"),
    ];
    for (text, wanted) in cases {
        assert_eq!(read(text), Ok(wanted.to_owned()), "{text}");
    }
}

#[test]
fn errors_point_at_the_character_and_say_how_to_mend_it() {
    use QueryErrorKind::*;
    let cases = [
        ("稀土 \"锑", UnclosedQuote, 4, 7..8, "add «\"»"),
        ("稀土 (锑", Parenthesis, 4, 7..8, "add «)»"),
        ("锑)", Parenthesis, 2, 3..4, "opens it"),
        ("()", MissingOperand, 2, 1..2, "what to search for"),
        ("锑 AND", MissingOperand, 6, 7..7, "take the operator away"),
        ("OR 锑", MissingOperand, 1, 0..1, "quotation marks"),
        ("锑 AND OR 锗", MissingOperand, 7, 8..9, "quotation marks"),
        ("NOT", MissingOperand, 4, 3..3, "what to search for"),
        ("锑 sources:x", UnknownField, 3, 4..11, "did you mean `source:`?"),
        ("NYSE:MP", UnknownField, 1, 0..4, "put it in quotation marks"),
        ("source:", MissingOperand, 1, 0..6, "write `source:value`"),
        ("source:>a", Range, 8, 7..8, "`source:value`"),
        ("published:soon", Value, 11, 10..14, "published:2025-06"),
        ("published:[2025 TO 2024]", Range, 11, 10..24, "change the two about"),
        ("published:[2025 2026]", Range, 11, 10..21, "TO"),
        ("published:[2025 TO 2026", Range, 11, 10..23, "TO"),
        ("published:[2025 TO x]", Value, 20, 19..20, "published:2025-06"),
        ("published:>=", Range, 11, 10..12, "published:2025-06"),
        ("sequence:1.5", Value, 10, 9..12, "sequence:>120"),
        ("稀土 — “…”", Nothing, 6, 11..20, "write a word"),
        ("—", Nothing, 1, 0..3, "write a word"),
        ("title:*", Wildcard, 7, 6..7, "title:稀土"),
        ("body:(a *)", Wildcard, 9, 8..9, "body:稀土"),
        ("锑 pri*", Wildcard, 3, 4..8, "whole words"),
    ];
    for (text, kind, character, bytes, help) in cases {
        let error = read(text).unwrap_err();
        assert_eq!((error.kind, error.character, &error.bytes), (kind, character, &bytes), "{text}: {error}");
        assert!(error.help.contains(help), "{text}: {error}");
        let message = error.to_string();
        assert!(message.contains(&format!("character {character} (byte {})", bytes.start)), "{message}");
    }
}

#[test]
fn limits_hold() {
    use QueryErrorKind::*;
    let limits = Limits { bytes: 100_000, ..Limits::default() };
    let parse = |text: &str| Query::parse(text, &limits).map_err(|error| error.kind);
    assert_eq!(parse(&"a ".repeat(10_000)), Err(TooManyTerms));
    assert_eq!(parse(&"a OR ".repeat(10_000)), Err(TooManyTerms));
    assert_eq!(parse(&"锑".repeat(40_000)), Err(TooLong));
    assert_eq!(parse(&"(".repeat(50_000)), Err(TooDeep));
    assert_eq!(parse(&"title:(".repeat(10_000)), Err(TooDeep));
    assert!(parse(&format!("{}a", "NOT ".repeat(20_000))).is_ok());
    assert!(parse(&format!("{}a{}", "(".repeat(32), ")".repeat(32))).is_ok());
    assert!(parse(&"a ".repeat(1_000)).is_ok());
}

#[test]
fn filters_narrow_a_query() {
    let query = Query::parse("锑", &Limits::default()).unwrap();
    let query = query.restricted(Field::Source, &["A".into(), "B".into()]).restricted(Field::Kind, &[]);
    let query = query.within(Field::Published, Some(0), None).within(Field::Sequence, None, None);
    assert_eq!(shown(&query.root), "((锑 & (source=A | source=B)) & published[Some(0),None))");
}

fn pieces() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "稀土", "锑", "rare", " ", " ", "AND", "OR", "NOT", "-", "(", ")", "（", "）", "\"", "“", "”", "「",
        ":", "：", "published", "source", "title", "[", "]", "{", "}", "TO", "2025", "*", ">=", "<", "≥",
        "2025-06-30", "😀", "\u{3000}", "\0", "http://",
    ]);
    prop::collection::vec(pieces, 0..30).prop_map(|pieces| pieces.concat())
}

/// Whatever is written, the answer is a query or an error that points into it.
fn answers(text: &str) -> Result<(), TestCaseError> {
    if let Err(error) = Query::parse(text, &Limits::default()) {
        prop_assert!(text.get(error.bytes.clone()).is_some(), "{error:?}");
        let before = text[..error.bytes.start].chars().count();
        prop_assert_eq!(error.character, before + 1);
        prop_assert!(!error.help.is_empty() && !error.what.is_empty());
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_text_is_answered(text in any::<String>()) {
        answers(&text)?;
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        answers(&String::from_utf8_lossy(&bytes))?;
    }

    #[test]
    fn any_pieces_are_answered(text in pieces()) {
        answers(&text)?;
    }
}

#![expect(clippy::unwrap_used, reason = "a test that fails here should say so")]

use std::collections::HashSet;

use super::*;

fn standard() -> Lexicon {
    Lexicon::parse(FILES).unwrap()
}

#[test]
fn the_standard_lexicon_holds_what_it_promises() {
    let lexicon = standard();
    let count = |kind: &str| lexicon.entries().iter().filter(|entry| entry.kind() == kind).count();
    assert!(count("country") >= 249, "{}", count("country"));
    assert!(count("commodity") >= 480, "{}", count("commodity"));
    assert!(count("company") >= 200, "{}", count("company"));
    assert!(count("measure") >= 80, "{}", count("measure"));
    for kind in ["region", "exchange", "index", "agency", "institution"] {
        assert!(count(kind) >= 30, "{kind} {}", count(kind));
    }
}

#[test]
fn there_are_118_elements_with_symbols() {
    let lexicon = standard();
    let symbols: HashSet<&str> = lexicon
        .entries()
        .iter()
        .flat_map(|entry| entry.codes.iter().filter_map(|code| code.strip_prefix("symbol=")))
        .collect();
    assert_eq!(symbols.len(), 118);
    assert!(symbols.iter().all(|symbol| (1..=2).contains(&symbol.len())));
}

#[test]
fn countries_have_their_codes() {
    let lexicon = standard();
    let mut seen = HashSet::new();
    for entry in lexicon.entries().iter().filter(|entry| entry.kind() == "country") {
        let alpha3 = entry.id.trim_start_matches("country/");
        assert!(alpha3.len() == 3 && alpha3.bytes().all(|byte| byte.is_ascii_uppercase()), "{alpha3}");
        let alpha2 = entry.codes.iter().find_map(|code| code.strip_prefix("iso2=")).unwrap();
        assert!(alpha2.len() == 2 && alpha2.bytes().all(|byte| byte.is_ascii_uppercase()), "{alpha2}");
        assert!(seen.insert(alpha2.to_owned()), "{alpha2} twice");
        assert!(entry.names.iter().any(|name| name.chinese) && entry.names.iter().any(|name| !name.chinese));
    }
    assert_eq!(seen.len(), 249);
}

#[test]
fn tickers_name_their_exchange_and_belong_to_one() {
    let lexicon = standard();
    let mut seen = HashSet::new();
    for entry in lexicon.entries() {
        for ticker in entry.codes.iter().filter_map(|code| code.strip_prefix("ticker=")) {
            let (symbol, exchange) = ticker.rsplit_once('.').unwrap();
            assert!(!symbol.is_empty() && (1..=2).contains(&exchange.len()), "{ticker}");
            assert!(seen.insert(ticker.to_owned()), "{ticker} twice");
        }
    }
}

#[test]
fn antimony_gallium_and_germanium_are_no_rare_earths() {
    let lexicon = standard();
    let within = |id: &str, family: &str| {
        let mut ids = vec![id.to_owned()];
        while let Some(id) = ids.pop() {
            if id == family {
                return true;
            }
            ids.extend(lexicon.get(&id).unwrap().family.iter().cloned());
        }
        false
    };
    let rare_earths = "commodity/rare-earths";
    assert!(within("commodity/praseodymium-neodymium-oxide", rare_earths));
    assert!(within("commodity/sintered-ndfeb", rare_earths));
    assert!(within("commodity/antimony-oxide", "commodity/antimony"));
    for other in ["antimony", "antimony-oxide", "gallium", "germanium", "germanium-dioxide", "tungsten"] {
        assert!(!within(&format!("commodity/{other}"), rare_earths), "{other}");
    }
}

fn error(content: &str) -> String {
    Lexicon::parse(&[("own.tsv", content)]).unwrap_err().to_string()
}

#[test]
fn errors_of_entries_say_where_and_how_to_mend() {
    let cases = [
        (
            "# note\ncommodity/x\t铜",
            "own.tsv:2: there are 2 fields instead of six; a line is id, Chinese names",
        ),
        ("a/x\t铜\tcopper\t\t\ts\ts", "own.tsv:1: there are 7 fields instead of six"),
        ("x\t铜\t\t\t\ts", "own.tsv:1: «x» is no id of the form kind/name"),
        ("a/x y\t铜\t\t\t\ts", "own.tsv:1: «a/x y» is no id"),
        ("/x\t铜\t\t\t\ts", "own.tsv:1: «/x» is no id"),
        ("a/x\t铜\t\t\t\t ", "own.tsv:1: «a/x» has no source note"),
        ("a/x\t\t | \t\t\ts", "own.tsv:1: «a/x» has no name"),
        ("a/x\t=\t\t\t\ts", "own.tsv:1: «=» is a mark without a name"),
        ("a/x\t铜\t\tCu\t\ts", "own.tsv:1: the code «Cu» does not say its scheme, as in ticker=Cu"),
        ("a/x\t铜\t\ths=\t\ts", "own.tsv:1: the code «hs=» has no value"),
        ("a/x\t铜\t\ths=28461\t\ts", "own.tsv:1: «28461» is no HS code of the form 28, 2846 or 2846.10"),
        ("a/x\t铜\t\t\tmetals\ts", "own.tsv:1: the family «metals» is no id"),
        ("\n\na/x\t铜\t\t\ta/y\ts", "own.tsv:3: «a/x» belongs to «a/y», which is no entry; correct"),
        (
            "a/x\t铜\t\t\t\ts\na/x\t锌\t\t\t\ts",
            "own.tsv:2: the id «a/x» stands already at own.tsv:1; give this entry another id",
        ),
        (
            "a/x\t铜\t\t\ta/y\ts\na/y\t锌\t\t\ta/z\ts\na/z\t铅\t\t\ta/x\ts",
            "own.tsv:1: the families of «a/x» lead back to itself (a/x → a/y → a/z → a/x); remove",
        ),
        ("a/x\t铜\t\t\ta/x\ts", "own.tsv:1: the families of «a/x» lead back to itself (a/x → a/x)"),
        (
            "a/x\t\tRed Metal\t\t\ts\na/y\t\tred metal\t\t\ts",
            "own.tsv:2: «red metal» is a name of «a/x» already (own.tsv:1); mark it with ~",
        ),
        ("a/x\t~铜\t\t\t\ts", "own.tsv:1: «铜» of «a/x» is marked with ~, but no context line"),
    ];
    for (content, expected) in cases {
        let found = error(content);
        assert!(found.starts_with(expected), "{content:?}\n   expected {expected}\n   found    {found}");
    }
}

#[test]
fn errors_of_context_lines_say_where_and_how_to_mend() {
    let entry = "a/x\t铜\t\t\t\ts\n";
    let cases = [
        ("~铜\ta/x\tafter", "own.tsv:2: there are 3 fields instead of four; a context line is ~names"),
        ("~铜\ta/x\tbehind\t价", "own.tsv:2: «behind» is no cue: use before, after"),
        ("~铜\ta/y\tafter\t价", "own.tsv:2: «a/y» is no entry above this line"),
        ("~铜\tcopper\tafter\t价", "own.tsv:2: «copper» is neither an id nor kind/*"),
        ("~铜\ta/x\tafter\t", "own.tsv:2: there are no words"),
        ("~\ta/x\tafter\t价", "own.tsv:2: there are no words"),
        ("~铜\ta/x\tafter\t@cues", "own.tsv:2: «@cues» is no group above this line"),
        ("~铜\ta/x\taround\t对", "own.tsv:2: «对» does not say where the name stands"),
        ("@cues", "own.tsv:2: there is no tab behind the group's name"),
    ];
    for (line, expected) in cases {
        let found = error(&format!("{entry}{line}"));
        assert!(found.starts_with(expected), "{line:?}\n   expected {expected}\n   found    {found}");
    }
    assert!(error("@a\tx\n@a\ty").starts_with("own.tsv:2: the group «@a» stands already"));
}

#[test]
fn names_carry_their_marks() {
    let content = "a/x\t铜|~红\t=Cu|!redness|~=Red|LME|Copper\t\t\ts\n~红|Red\ta/x\tafter\t价";
    let lexicon = Lexicon::parse(&[("own.tsv", content)]).unwrap();
    let marks: Vec<(&str, [bool; 4])> = lexicon.entries()[0]
        .names
        .iter()
        .map(|name| (name.text.as_str(), [name.chinese, name.exact, name.in_context, name.artefact]))
        .collect();
    assert_eq!(
        marks,
        [
            ("铜", [true, false, false, false]),
            ("红", [true, false, true, false]),
            ("Cu", [false, true, false, false]),
            ("redness", [false, false, false, true]),
            ("Red", [false, true, true, false]),
            ("LME", [false, true, false, false]),
            ("Copper", [false, false, false, false]),
        ]
    );
}

#[test]
fn a_user_extends_the_standard_lexicon() {
    let own = "commodity/gangue\t脉石\tgangue\t\tcommodity/rare-earths\tours";
    let lexicon = Lexicon::extended(&[("own.tsv", own)]).unwrap();
    assert!(lexicon.get("commodity/gangue").is_some() && lexicon.get("commodity/copper").is_some());
    let taken =
        Lexicon::extended(&[("own.tsv", "commodity/copper\t赤铜\t\t\t\tours")]).unwrap_err().to_string();
    assert!(
        taken.starts_with("own.tsv:1: the id «commodity/copper» stands already at commodities.tsv:"),
        "{taken}"
    );
    let claimed = Lexicon::extended(&[("own.tsv", "company/x\t\tcobalt\t\t\tours")]).unwrap_err().to_string();
    assert!(
        claimed.contains("«cobalt» is a name of «commodity/cobalt» already (commodities.tsv:"),
        "{claimed}"
    );
    let in_context = "company/x\t\t~=Cobalt\t\t\tours\n~Cobalt\tcompany/x\tafter\tHoldings";
    assert!(Lexicon::extended(&[("own.tsv", in_context)]).is_ok());
}

#[test]
fn the_example_of_the_documentation_is_right() {
    let page = include_str!("../../lexicon/README.md");
    let (_, rest) = page.split_once("```tsv\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    let lexicon = Lexicon::extended(&[("own.tsv", example)]).unwrap();
    assert_eq!(lexicon.entries().len(), standard().entries().len() + 3);
}

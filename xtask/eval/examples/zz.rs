//! temporary
#![allow(clippy::print_stdout, clippy::unwrap_used)]
use std::io::BufRead;
fn main() {
    let reader = text::Reader::standard();
    for line in std::io::stdin().lock().lines() {
        let v: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        let text = v["text"].as_str().unwrap();
        let published: Option<jiff::civil::Date> =
            v["published"].as_str().and_then(|p| p.get(..10)).and_then(|p| p.parse().ok());
        let context = text::Context { published, ..text::Context::default() };
        let mentions = reader.read(text, &context);
        let tb = v["title_bytes"].as_u64().unwrap_or(0) as usize;
        let claims: Vec<audit::Stated> = reader
            .claims(text, tb, &mentions)
            .iter()
            .map(|c| audit::Stated {
                name: String::new(),
                keys: vec![],
                claim: text_record::claim("documents/x", c),
            })
            .collect();
        let found = audit::audit(&audit::Input {
            text,
            title_bytes: tb,
            published,
            mentions: &mentions,
            claims: &claims,
        });
        for o in found {
            let q: Vec<&str> = o.passages.iter().map(|p| &text[p.clone()]).collect();
            println!(
                "{}\t{}\t{:?}\t{}\t{:?}",
                v["id"].as_str().unwrap_or(""),
                if o.holds { "holds" } else { "FAILS" },
                o.check,
                o.said,
                q
            );
        }
    }
}

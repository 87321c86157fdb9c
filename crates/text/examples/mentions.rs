//! Lists the mentions in a text on standard input, one a line: `cargo run -p text --example mentions -- [PUBLISHED] < FILE`.

#![expect(clippy::print_stdout, reason = "an example that prints")]

use std::io::Read;

use text::{Context, Reader, sentences};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let published = std::env::args().nth(1).map(|day| day.parse()).transpose()?;
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let reader = Reader::standard();
    let mentions = reader.read(&text, &Context { published, ..Context::default() });
    for sentence in sentences(&text) {
        println!("\n{}", &text[sentence.clone()]);
        for mention in mentions.iter().filter(|mention| sentence.contains(&mention.start_byte)) {
            let fields = serde_json::to_value(mention)?;
            let rest: Vec<String> = fields
                .as_object()
                .into_iter()
                .flatten()
                .filter(|(name, _)| !matches!(name.as_str(), "kind" | "quote" | "start_byte" | "end_byte"))
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            println!("    {:9} «{}» {}", mention.kind.name(), mention.quote, rest.join(" "));
        }
    }
    Ok(())
}

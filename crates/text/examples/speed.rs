//! Measures how fast a text on standard input is read: `cargo run --release -p text --example speed < FILE`.
//!
//! The text is repeated to about 8 MB, each time with other digits, so that nothing can be remembered; one core. Each
//! repetition is a document of its own, as long as the text that was given, whose first line is the title.
//! With arguments, only the measurements of these names are made, which is of use under a profiler.
//! `cargo xtask bench -- read` changes the names too, and measures against other recognizers.

#![expect(clippy::print_stdout, reason = "an example that prints")]

use std::io::Read;
use std::time::Instant;

use text::{Context, Kind, Kinds, Reader};

/// How much is read, in bytes.
const ENOUGH: usize = 8 << 20;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let texts = repeated(&text);
    let bytes = texts.iter().map(String::len).sum();
    let title = |text: &str| text.find('\n').unwrap_or(0);
    let reader = Reader::standard();
    let published = Some(jiff::civil::date(2025, 7, 13));
    let context = Context { published, ..Context::default() };

    for (name, kinds) in [
        ("entities", Kinds::of(&[Kind::Entity])),
        ("times", Kinds::of(&[Kind::Time])),
        ("mentions", Kinds::ALL),
    ] {
        measure(name, bytes, || {
            texts.iter().map(|text| reader.read(text, &Context { kinds, ..context }).len()).sum()
        });
    }
    let read: Vec<_> = texts.iter().map(|text| (text, reader.read(text, &context))).collect();
    measure("claims", bytes, || {
        read.iter().map(|(text, mentions)| reader.claims(text, title(text), mentions).len()).sum()
    });
    measure("both", bytes, || {
        let claims = |text: &String| reader.claims(text, title(text), &reader.read(text, &context)).len();
        texts.iter().map(claims).sum()
    });
    Ok(())
}

/// Prints how many bytes a second were read and how many things were found in them, if the measurement is wanted.
fn measure(name: &str, bytes: usize, read: impl Fn() -> usize) {
    let mut wanted = std::env::args().skip(1).peekable();
    if wanted.peek().is_some() && !wanted.any(|wanted| wanted == name) {
        return;
    }
    let start = Instant::now();
    let found = read();
    let seconds = start.elapsed().as_secs_f64();
    println!("{name:10} {:6.2} MB/s  {found} found in {bytes} bytes", bytes as f64 / 1e6 / seconds);
}

/// The text again and again, with other digits each time; nothing if there is no text.
fn repeated(text: &str) -> Vec<String> {
    let mut state = 88_172_645_463_325_252_u64;
    let mut texts = Vec::new();
    let mut bytes = 0;
    while bytes < ENOUGH && !text.is_empty() {
        let mut changed = String::with_capacity(text.len());
        for character in text.chars() {
            // xorshift64 (Marsaglia, 2003)
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let digit = char::from(b'1' + (state % 9) as u8);
            changed.push(if matches!(character, '1'..='9') { digit } else { character });
        }
        bytes += changed.len();
        texts.push(changed);
    }
    texts
}

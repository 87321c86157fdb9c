//! Measures how fast a text on standard input is read: `cargo run --release -p text --example speed < FILE`.
//!
//! The text is repeated to about 8 MB with its digits changed each time, so that nothing can be remembered; one core.

#![expect(clippy::print_stdout, reason = "an example that prints")]

use std::io::Read;
use std::time::Instant;

use text::{Context, Kind, Kinds, Reader};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let mut state = 88_172_645_463_325_252_u64;
    let mut texts = Vec::new();
    let mut bytes = 0;
    while bytes < 8 << 20 && !text.is_empty() {
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
    let reader = Reader::standard();
    let published = Some(jiff::civil::date(2025, 7, 13));
    for (name, kinds) in [
        ("all kinds", Kinds::ALL),
        ("entities", Kinds::of(&[Kind::Entity])),
        ("times", Kinds::of(&[Kind::Time])),
    ] {
        let start = Instant::now();
        let mentions: usize =
            texts.iter().map(|text| reader.read(text, &Context { published, kinds }).len()).sum();
        let seconds = start.elapsed().as_secs_f64();
        println!("{name:10} {:6.1} MB/s  {mentions} mentions in {bytes} bytes", bytes as f64 / 1e6 / seconds);
    }
    Ok(())
}

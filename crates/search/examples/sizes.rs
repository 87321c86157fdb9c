//! How large the parts of an index are, for texts of one's own, one a line: `cargo run --profile demo -p search --example sizes -- FILE`.

#![expect(clippy::print_stdout, reason = "its purpose is to print")]

use std::collections::BTreeMap;
use std::time::Instant;

use search::{Config, Entry, Index};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1).ok_or("give a file with one text a line")?;
    let texts = std::fs::read_to_string(file)?;
    let folder = tempfile::tempdir()?;
    let opened = Index::open(folder.path(), &blake3::hash(b""), &Config::default())?;
    let (index, mut writer) = (opened.index, opened.writer);
    let (mut bytes, mut sequence) = (0, 0);
    let start = Instant::now();
    for text in texts.lines() {
        sequence += 1;
        bytes += text.len();
        let name = format!("documents/{}", &blake3::hash(text.as_bytes()).to_hex()[..32]);
        let kind = "monazite.record.v1.Document".to_owned();
        let split = text.char_indices().nth(20).map_or(text.len(), |(at, _)| at);
        let (title, body) = (text[..split].to_owned(), text[split..].to_owned());
        let entry = Entry { name, kind, sequence, title, body, ..Entry::default() };
        writer.put(&entry, start)?;
        if sequence % 1_000 == 0 {
            writer.commit(sequence)?;
        }
    }
    let snapshot = writer.commit(sequence)?;
    let seconds = start.elapsed().as_secs_f64();
    drop(snapshot);
    writer.close()?;
    drop(index);
    let opened = Index::open(folder.path(), &blake3::hash(b""), &Config::default())?;
    let mut sizes: BTreeMap<String, u64> = opened.index.snapshot().sizes()?;
    sizes.insert("all".to_owned(), sizes.values().sum());
    println!("{sequence} texts, {bytes} bytes, {:.0} texts/s", sequence as f64 / seconds);
    let mut sizes: Vec<(String, u64)> = sizes.into_iter().collect();
    sizes.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    for (part, size) in sizes.iter().take(16) {
        println!("{:6.2} %  {part}", 100.0 * *size as f64 / bytes as f64);
    }
    Ok(())
}

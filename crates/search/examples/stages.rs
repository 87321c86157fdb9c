//! Where the time of a question goes within the library: `cargo run --profile demo -p search --example stages -- FILE WORD...`, for
//! texts of one's own, one a line, of which the first sixty bytes are the title.
#![expect(clippy::print_stdout, reason = "its purpose is to print")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use search::{Config, Entry, Expand, Expander, Index, Limits, Query, Request, Tokens};
use text::Lexicon;

/// How often each stage is timed.
const ROUNDS: usize = 500;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("give a file with one text a line, and words to look for")?;
    let texts = std::fs::read_to_string(file)?;
    let (_index, mut writer) = Index::in_memory(&Config::default())?;
    let mut titles = Vec::new();
    for (number, text) in texts.lines().enumerate() {
        let (title, body) = text.split_at(text.floor_char_boundary(60));
        let name = format!("documents/{number}");
        titles.push(title.to_owned());
        let entry = Entry { name, title: title.into(), body: body.into(), ..Entry::default() };
        writer.put(&entry, Instant::now())?;
    }
    let snapshot = writer.commit(1)?;
    let expander = Expander::new(Lexicon::standard());
    let limits = Limits::default();
    for word in arguments {
        for expand in [Expand::Off, Expand::On] {
            let plan = expander.plan(&Query::parse(&word, &limits)?, expand, &limits)?;
            let answer = snapshot.search(&Request { size: 10, ..Request::new(&plan) })?;
            let shown: Vec<&str> = answer
                .hits
                .iter()
                .filter_map(|hit| Some(titles[hit.name[10..].parse::<usize>().ok()?].as_str()))
                .collect();
            println!("{word}, aliases {expand:?}: {} hits, {} names", shown.len(), plan.expansions().len());
            median("read and planned", || {
                black_box(
                    Query::parse(&word, &limits)
                        .and_then(|query| expander.plan(&query, expand, &limits))
                        .is_ok(),
                )
            });
            median("ten best, with what is shown of them", || {
                black_box(snapshot.search(&Request { size: 10, ..Request::new(&plan) }).is_ok())
            });
            median("highlights of titles", || {
                let highlighter = plan.highlighter();
                let mut tokens = Tokens::default();
                shown.iter().all(|title| highlighter.title(title, &mut tokens).len() < title.len())
            });
        }
    }
    Ok(())
}

fn median(what: &str, mut stage: impl FnMut() -> bool) {
    let mut times: Vec<Duration> = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        black_box(stage());
        times.push(start.elapsed());
    }
    times.sort();
    println!("  {:8.1} us  {what}", times[ROUNDS / 2].as_secs_f64() * 1e6);
}

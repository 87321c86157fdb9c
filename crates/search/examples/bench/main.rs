//! Measures the library against tantivy itself, in one run on one corpus:
//! `cargo run --release -p search --example bench -- [RECORDS]`.
//!
//! Prints how many records a second are indexed by us and by tantivy with the same analyzers, how large the index is, how
//! long queries take, and how many records a second are held against 10,000 saved queries. Rates are those of one core:
//! records by processor time.

#![expect(clippy::print_stdout, reason = "an example that prints")]

mod corpus;
mod raw;

use std::time::{Duration, Instant};

use search::{
    Config, Entry, Expand, Expander, FacetOf, Field, Index, Limits, Order, Plan, Query, Request, Scratch,
    Snapshot, Tokens, Topics, characters, words,
};
use text::Lexicon;

use corpus::Corpus;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// Processor time that this process has used, in hundredths of a second: on a busy machine the only time that says
/// something about the code. Where the system has no `/proc`, the time that passed.
fn cpu(since: Instant) -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind = stat.rsplit(") ").next().unwrap_or_default();
    let ticks: Vec<u64> = behind.split(' ').skip(11).take(2).filter_map(|field| field.parse().ok()).collect();
    match ticks.as_slice() {
        [user, system] => Duration::from_millis(10 * (user + system)),
        _ => since.elapsed(),
    }
}

/// Runs something, and gives the processor time that it took.
fn timed<T>(run: impl FnOnce() -> Outcome<T>) -> Outcome<(T, Duration)> {
    let since = Instant::now();
    let before = cpu(since);
    let outcome = run()?;
    Ok((outcome, cpu(since).saturating_sub(before)))
}

/// Records in one commit.
const BATCH: usize = 1_000;
const TOPICS: usize = 10_000;

fn main() -> Outcome<()> {
    let records = std::env::args().nth(1).map_or(Ok(50_000), |count| count.parse())?;
    let corpus = Corpus::new();
    let entries: Vec<Entry> = (0..records).map(|number| corpus.entry(number)).collect();
    let bytes: usize = entries.iter().map(|entry| entry.title.len() + entry.body.len()).sum();
    println!("{records} records of {} bytes", bytes / records.max(1));

    let folder = tempfile::tempdir()?;
    let (_, cutting) = timed(|| {
        let mut tokens = Tokens::default();
        for entry in &entries {
            words(&entry.body, &mut tokens);
            characters(&entry.body, &mut tokens);
        }
        Ok(())
    })?;
    rate("analyzers alone", records, bytes, cutting);
    let (raw_index, raw_time) = timed(|| raw::index(&folder.path().join("raw"), &entries, BATCH))?;
    rate("tantivy, same analyzers", records, bytes, raw_time);
    let expander = Expander::new(Lexicon::standard());
    let opened = Index::open(&folder.path().join("ours"), expander.fingerprint(), &Config::default())?;
    let mut writer = opened.writer;
    let ((), ours_time) = timed(|| {
        for batch in entries.chunks(BATCH) {
            for entry in batch {
                writer.put(entry, Instant::now())?;
            }
            writer.commit(batch.last().map_or(0, |entry| entry.sequence))?;
        }
        Ok(writer.close()?)
    })?;
    rate("ours", records, bytes, ours_time);
    println!("  ours / tantivy: {:.2}", raw_time.as_secs_f64() / ours_time.as_secs_f64());
    let opened = Index::open(&folder.path().join("ours"), expander.fingerprint(), &Config::default())?;
    let snapshot = opened.index.snapshot();
    println!("  index / text: {:.2}", snapshot.size()? as f64 / bytes as f64);
    for (name, size) in snapshot.sizes()? {
        println!("    {name}: {:.3}", size as f64 / bytes as f64);
    }

    queries(&snapshot, &raw_index, &expander, &corpus)?;
    highlights(&snapshot, &entries, &expander)?;
    topics(&entries, &expander, &corpus, &snapshot, 0)?;
    topics(&entries, &expander, &corpus, &snapshot, 100)
}

fn rate(what: &str, records: usize, bytes: usize, time: Duration) {
    let seconds = time.as_secs_f64();
    println!("{what}: {:.0} records/s, {:.1} MB/s", records as f64 / seconds, bytes as f64 / 1e6 / seconds);
}

fn plan(expander: &Expander, query: &str, expand: Expand) -> Outcome<Plan> {
    let limits = Limits::default();
    Ok(expander.plan(&Query::parse(query, &limits)?, expand, &limits)?)
}

/// Runs `ask` for each of some queries, several times, and prints the median and the 99th percentile.
fn measured(what: &str, queries: &[String], mut ask: impl FnMut(&str) -> Outcome<()>) -> Outcome<f64> {
    let mut times = Vec::new();
    for round in 0..6 {
        for query in queries {
            let start = Instant::now();
            ask(query)?;
            if round > 0 {
                times.push(start.elapsed().as_secs_f64() * 1e3);
            }
        }
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!("{what}: p50 {:.3} ms, p99 {:.3} ms", at(0.5), at(0.99));
    Ok(at(0.5))
}

fn queries(snapshot: &Snapshot, raw: &raw::Raw, expander: &Expander, corpus: &Corpus) -> Outcome<()> {
    let search = |query: &str, expand: Expand, change: &dyn Fn(&mut Request<'_>)| -> Outcome<()> {
        let plan = plan(expander, query, expand)?;
        let mut request = Request { size: 10, ..Request::new(&plan) };
        change(&mut request);
        snapshot.search(&request)?;
        Ok(())
    };
    let (terms, phrases) = (corpus.terms(200), corpus.phrases(200));
    let plain = |_: &mut Request<'_>| {};
    let theirs = measured("term top 10, tantivy", &terms, |query| raw.term(query))?;
    let ours = measured("term top 10, ours", &terms, |query| search(query, Expand::Off, &plain))?;
    println!("  ours / tantivy at p50: {:.2}", ours / theirs);
    measured("phrase top 10, tantivy", &phrases, |query| raw.phrase(query.trim_matches('"')))?;
    measured("phrase top 10, ours", &phrases, |query| search(query, Expand::Off, &plain))?;
    let names =
        ["稀土", "antimony", "氧化锑", "\"rare earth\"", "北方稀土", "锑", "price"].map(str::to_owned);
    measured("name with its aliases", &names, |query| search(query, Expand::On, &plain))?;
    measured("name by time", &names, |query| search(query, Expand::On, &|r| r.order = Order::Time))?;
    let facets = [Field::Source, Field::Language, Field::Commodity].map(|field| FacetOf { field, most: 10 });
    let filtered: Vec<String> =
        terms.iter().map(|term| format!("{term} language:zh published:>=2024-06")).collect();
    measured("term with two filters", &filtered, |query| search(query, Expand::Off, &plain))?;
    let leaked: &'static [FacetOf] = Box::leak(Box::new(facets));
    measured("the same with three facets and the total", &filtered, |query| {
        search(query, Expand::Off, &|r| (r.facets, r.count) = (leaked, true))
    })?;
    Ok(())
}

fn highlights(snapshot: &Snapshot, entries: &[Entry], expander: &Expander) -> Outcome<()> {
    let plan = plan(expander, "稀土", Expand::On)?;
    let highlighter = plan.highlighter();
    let hits = snapshot.search(&Request { size: 100, ..Request::new(&plan) })?.hits;
    let numbers = hits.iter().filter_map(|hit| hit.name.rsplit('/').next()?.parse::<usize>().ok());
    let texts: Vec<&Entry> = numbers.filter_map(|number| entries.get(number)).collect();
    let start = Instant::now();
    for entry in &texts {
        std::hint::black_box(highlighter.snippet(&entry.body, 0, 240));
    }
    println!("snippet: {:.3} ms each", start.elapsed().as_secs_f64() * 1e3 / texts.len().max(1) as f64);
    Ok(())
}

fn topics(
    entries: &[Entry],
    expander: &Expander,
    corpus: &Corpus,
    snapshot: &Snapshot,
    everything: usize,
) -> Outcome<()> {
    let mut topics = Topics::new();
    let ((), saving) = timed(|| {
        for number in 0..TOPICS {
            let query = if number < everything { "*".to_owned() } else { corpus.topic(number) };
            topics.set(&number.to_string(), &plan(expander, &query, Expand::On)?, snapshot);
        }
        Ok(())
    })?;
    let mut scratch = Scratch::new();
    let some = &entries[..entries.len().min(10_000)];
    let (matches, time) =
        timed(|| Ok(some.iter().map(|entry| topics.matches(entry, &mut scratch).len()).sum::<usize>()))?;
    println!(
        "{TOPICS} topics, {everything} of them match everything: {:.0} records/s, {:.1} matches each (saved in {:.1} s)",
        some.len() as f64 / time.as_secs_f64(),
        matches as f64 / some.len() as f64,
        saving.as_secs_f64()
    );
    Ok(())
}

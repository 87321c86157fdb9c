//! tantivy alone, with our analyzers and nothing of ours around it: what search is measured against.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result};
use search::{Entry, PairTokenizer, Pattern, WordTokenizer};
use tantivy::collector::TopDocs;
use tantivy::indexer::IndexWriterOptions;
use tantivy::query::{BooleanQuery, ConstScoreQuery, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions};
use tantivy::{Index, IndexWriter, Searcher, TantivyDocument, Term};

/// An index that was filled.
pub(crate) struct Raw {
    searcher: Searcher,
    body: Field,
    body_pairs: Field,
}

impl Raw {
    /// Fills an index of name, title and text, in commits of `batch` records, on one thread; gives the seconds until all
    /// could be found. Merges that were then under way are waited for, but not counted.
    ///
    /// # Errors
    /// If tantivy fails.
    pub(crate) fn fill(folder: &Path, entries: &[Entry], batch: usize) -> Result<(Self, f64)> {
        std::fs::create_dir_all(folder)?;
        let text = |tokenizer: &str, option| {
            let indexing = TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(option);
            TextOptions::default().set_indexing_options(indexing)
        };
        let mut schema = Schema::builder();
        let name = schema.add_text_field("name", STRING | STORED);
        let positions = IndexRecordOption::WithFreqsAndPositions;
        let [title, body] =
            ["title", "body"].map(|field| schema.add_text_field(field, text("words", positions)));
        let pairs = ["title_pairs", "body_pairs"]
            .map(|field| schema.add_text_field(field, text("pairs", IndexRecordOption::WithFreqs)));
        let index = Index::create_in_dir(folder, schema.build())?;
        index.tokenizers().register("words", WordTokenizer::default());
        index.tokenizers().register("pairs", PairTokenizer::default());
        let options = IndexWriterOptions::builder().num_worker_threads(1).memory_budget_per_thread(64 << 20);
        let mut writer: IndexWriter = index.writer_with_options(options.num_merge_threads(1).build())?;

        let start = Instant::now();
        for entries in entries.chunks(batch) {
            for entry in entries {
                let mut document = TantivyDocument::default();
                document.add_text(name, &entry.name);
                for (field, text) in [(title, &entry.title), (body, &entry.body)] {
                    document.add_text(field, text);
                }
                for (field, text) in pairs.iter().zip([&entry.title, &entry.body]) {
                    document.add_text(*field, text);
                }
                writer.add_document(document)?;
            }
            writer.commit()?;
        }
        let seconds = start.elapsed().as_secs_f64();
        writer.wait_merging_threads()?;
        let [_, body_pairs] = pairs;
        Ok((Self { searcher: index.reader()?.searcher(), body, body_pairs }, seconds))
    }

    /// The ten best records with a term or phrase in the text.
    ///
    /// # Errors
    /// If there is nothing to look for in `text`, or tantivy fails.
    pub(crate) fn top(&self, text: &str) -> Result<()> {
        let pattern = Pattern::of(text).context("a query without letters")?;
        let term = |text: &str| Term::from_field_text(self.body, text);
        let pair = |text: &str| Term::from_field_text(self.body_pairs, text);
        let single = |term| Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
        let query: Box<dyn Query> = match (pattern.as_pair(), pattern.places()) {
            (Some(text), _) => single(pair(text)),
            (None, [(_, only)]) => single(term(only)),
            (None, places) => {
                let places = places.iter().map(|(place, text)| (*place as usize, term(text))).collect();
                let mut all: Vec<Box<dyn Query>> = vec![Box::new(PhraseQuery::new_with_offset(places))];
                for text in pattern.pairs() {
                    let there = TermQuery::new(pair(text), IndexRecordOption::Basic);
                    all.push(Box::new(ConstScoreQuery::new(Box::new(there), 0.0)));
                }
                Box::new(BooleanQuery::intersection(all))
            }
        };
        let found = self.searcher.search(&*query, &TopDocs::with_limit(10).order_by_score())?;
        for (_, at) in found {
            let _: TantivyDocument = self.searcher.doc(at)?;
        }
        Ok(())
    }
}

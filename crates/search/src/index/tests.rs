#![expect(clippy::unwrap_used, reason = "a test stops where its setup fails")]

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use tantivy::collector::Count;
use tantivy::query::AllQuery;

use super::*;
use crate::entry::Entry;

fn entry(name: &str, body: &str, sequence: i64) -> Entry {
    Entry { name: name.into(), kind: "k.Document".into(), sequence, body: body.into(), ..Entry::default() }
}

fn open(path: &Path) -> Result<Opened> {
    Index::open(path, &blake3::hash(b"lexicon"), &Config::default())
}

fn count(index: &Index) -> usize {
    index.snapshot().searcher().search(&AllQuery, &Count).unwrap()
}

fn now() -> std::time::Instant {
    std::time::Instant::now()
}

/// A folder with three entries in two segments at sequence 7, closed.
fn filled() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut opened = open(folder.path()).unwrap();
    assert_eq!(opened.rebuild, Some(Rebuild::New));
    for (name, sequence) in [("a/1", 5), ("a/2", 6)] {
        opened.writer.put(&entry(name, "稀土 price", sequence), now()).unwrap();
    }
    opened.writer.commit(6).unwrap();
    opened.writer.put(&entry("a/3", "锑", 7), now()).unwrap();
    opened.writer.remove("a/1", now());
    opened.writer.commit(7).unwrap();
    opened.writer.close().unwrap();
    folder
}

#[test]
fn an_index_goes_on_where_it_was() {
    let folder = filled();
    let opened = open(folder.path()).unwrap();
    assert_eq!(opened.rebuild, None);
    assert_eq!((opened.index.sequence(), count(&opened.index)), (7, 2));
}

#[test]
fn what_was_not_committed_is_not_there_after_a_crash() {
    let folder = filled();
    let mut opened = open(folder.path()).unwrap();
    opened.writer.put(&entry("a/4", "x", 8), now()).unwrap();
    drop(opened);
    let opened = open(folder.path()).unwrap();
    assert_eq!((opened.index.sequence(), count(&opened.index)), (7, 2));
}

#[test]
fn an_entry_takes_the_place_of_the_one_of_its_name() {
    let (index, mut writer) = Index::in_memory(&Config::default()).unwrap();
    for sequence in 1..=3 {
        writer.put(&entry("a/1", "x", sequence), now()).unwrap();
    }
    writer.commit(3).unwrap();
    assert_eq!(count(&index), 1);
    writer.put(&entry("a/1", "y", 4), now()).unwrap();
    let before = index.snapshot();
    writer.commit(4).unwrap();
    assert_eq!((count(&index), before.sequence(), index.sequence()), (1, 3, 4));
    writer.clear().unwrap();
    writer.commit(0).unwrap();
    assert_eq!((count(&index), index.sequence()), (0, 0));
}

#[tokio::test]
async fn small_segments_become_one_and_nothing_else_changes() {
    let (index, mut writer) = Index::in_memory(&Config::default()).unwrap();
    for sequence in 1..=5 {
        writer.put(&entry(&format!("a/{sequence}"), "稀土 price", sequence), now()).unwrap();
        writer.commit(sequence).unwrap();
    }
    writer.pass(6);
    let segments = |index: &Index| index.snapshot().searcher().segment_readers().len();
    assert_eq!(segments(&index), 5);
    while let Some(merge) = writer.tidy().unwrap() {
        merge.await;
    }
    assert_eq!((segments(&index), count(&index), index.sequence()), (1, 5, 6));
    writer.remove("a/3", now());
    writer.commit(7).unwrap();
    assert_eq!((count(&index), index.sequence()), (4, 7));
}

#[test]
fn every_damaged_file_is_noticed() {
    let names: Vec<PathBuf> =
        fs::read_dir(filled().path()).unwrap().map(|file| file.unwrap().file_name().into()).collect();
    assert!(names.len() > 8, "{names:?}");
    let kinds = |folder: &Path| -> Vec<PathBuf> {
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect()
    };
    type Damage = fn(&Path);
    let damages: [(&str, Damage); 3] = [
        ("removed", |file| fs::remove_file(file).unwrap()),
        ("cut", |file| {
            let bytes = fs::read(file).unwrap();
            fs::write(file, &bytes[..bytes.len() / 2]).unwrap();
        }),
        ("changed", |file| {
            let mut bytes = fs::read(file).unwrap();
            if let Some(byte) = bytes.get_mut(3) {
                *byte ^= 0x55;
            }
            fs::write(file, bytes).unwrap();
        }),
    ];
    for (what, damage) in damages {
        for index in 0..names.len() {
            let folder = filled();
            let mut files = kinds(folder.path());
            files.sort_by_key(|file| file.extension().map(ToOwned::to_owned));
            let Some(file) = files.get(index).filter(|file| !file.to_string_lossy().ends_with(".lock"))
            else {
                continue;
            };
            damage(file);
            let opened = open(folder.path()).unwrap();
            // The list of files to clean up says nothing about what is found.
            if file.ends_with(".managed.json") && opened.rebuild.is_none() {
                assert_eq!((opened.index.sequence(), count(&opened.index)), (7, 2));
                continue;
            }
            let rebuilt = matches!(opened.rebuild, Some(Rebuild::Damaged(_)));
            assert!(rebuilt, "{what} {}: {:?}", file.display(), opened.rebuild);
            assert_eq!((opened.index.sequence(), count(&opened.index)), (0, 0));
        }
    }
}

#[test]
fn another_lexicon_or_format_asks_for_a_rebuild() {
    let folder = filled();
    let opened = Index::open(folder.path(), &blake3::hash(b"other"), &Config::default()).unwrap();
    assert_eq!(opened.rebuild, Some(Rebuild::MadeOtherwise));
    assert_eq!((opened.index.sequence(), count(&opened.index)), (0, 0));
}

#[test]
fn a_folder_in_use_and_a_folder_of_others_are_left_alone() {
    let folder = filled();
    let opened = open(folder.path()).unwrap();
    assert!(matches!(open(folder.path()), Err(Error::Busy { .. })));
    drop(opened);
    assert_eq!(open(folder.path()).unwrap().rebuild, None);
    let other = tempfile::tempdir().unwrap();
    fs::write(other.path().join("thesis.txt"), "x").unwrap();
    let Err(error) = open(other.path()) else { panic!("it was taken") };
    assert!(error.to_string().contains("holds thesis.txt"), "{error}");
    assert!(other.path().join("thesis.txt").exists());
}

#[tokio::test]
async fn a_reader_may_ask_for_at_least_a_sequence() {
    let (index, mut writer) = Index::in_memory(&Config::default()).unwrap();
    assert!(matches!(index.at_least(5), Err(Error::Behind { at: 0, wanted: 5 })));
    let waiting = tokio::spawn({
        let index = index.clone();
        async move { index.reached(5).await.sequence() }
    });
    writer.put(&entry("a/1", "x", 5), now()).unwrap();
    writer.commit(5).unwrap();
    assert_eq!(waiting.await.unwrap(), 5);
    assert_eq!(index.at_least(5).unwrap().sequence(), 5);
}

#[test]
fn changes_share_a_commit_until_it_is_due() {
    let config = Config { most: 2, longest: Duration::from_secs(1), ..Config::default() };
    let (_, mut writer) = Index::in_memory(&config).unwrap();
    assert_eq!(writer.due(), None);
    let start = now();
    writer.put(&entry("a/1", "x", 1), start).unwrap();
    assert_eq!(writer.due(), Some(start + config.longest));
    writer.remove("a/2", start + Duration::from_millis(5));
    assert_eq!((writer.due(), writer.pending()), (Some(start), 2));
    writer.commit(1).unwrap();
    assert_eq!((writer.due(), writer.pending()), (None, 0));
}

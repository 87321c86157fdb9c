//! Input that is wrong, too large or hostile.

use anyhow::{Result, ensure};
use tests::Cluster;

use crate::feed::rows;

#[test]
fn one_bad_date_stops_nothing_else() -> Result<()> {
    let cluster = Cluster::builder().start()?;
    let feed = "锑价\nExample House· 2025-13-07 05:44\nAntimony rose.\n铜价\nExample House· 2025-07-12 05:44\nCopper fell.\n";
    let path = cluster.file("feed.txt", feed.as_bytes())?;
    let imported = cluster.attempt(&["import", &path])?;
    ensure!(imported.code == 4, "{imported:?}");
    ensure!(
        imported.stderr.contains("feed.txt:2") && imported.stderr.contains("there is no month 13"),
        "{imported:?}"
    );
    ensure!(imported.stdout.contains("1 new"), "{imported:?}");
    Ok(())
}

#[test]
fn a_file_of_50_megabytes_is_refused_and_the_rest_read() -> Result<()> {
    let cluster = Cluster::builder().start()?;
    cluster.file("large.txt", &b"copper rose. ".repeat(4_000_000))?;
    cluster.file("small.txt", b"Copper fell by 2%.")?;
    let folder = cluster.folder();
    std::fs::create_dir(folder.join("in"))?;
    for name in ["large.txt", "small.txt"] {
        std::fs::rename(folder.join(name), folder.join("in").join(name))?;
    }
    let imported = cluster.attempt(&["import", &folder.join("in").display().to_string()])?;
    ensure!(imported.code == 4 && imported.stderr.contains("large.txt"), "{imported:?}");
    ensure!(imported.stdout.contains("1 new"), "{imported:?}");
    Ok(())
}

#[test]
fn empty_and_missing_and_binary_files_are_said() -> Result<()> {
    let cluster = Cluster::builder().start()?;
    let empty = cluster.file("empty.txt", b"")?;
    let binary = cluster.file("image.bin", &[0, 159, 146, 150, 0, 1, 2, 3])?;
    let missing = cluster.folder().join("missing.txt").display().to_string();
    for path in [&empty, &binary, &missing] {
        let imported = cluster.attempt(&["import", path])?;
        ensure!(imported.code == 4, "{path}: {imported:?}");
        let name = path.rsplit('/').next().unwrap_or_default();
        ensure!(imported.stderr.contains(name), "{path}: {imported:?}");
    }
    Ok(())
}

#[test]
fn chinese_encodings_are_found_by_themselves() -> Result<()> {
    let cluster = Cluster::builder().plugin("reading").start()?;
    let text = "稀土精矿价格上调\n\n北方稀土公告,稀土精矿交易价格调整为每吨19109元,环比上涨1.51%。市场人士认为供需格局偏紧。";
    let (gb18030, _, _) = encoding_rs::GB18030.encode(text);
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for (name, bytes) in
        [("gb.txt", gb18030.into_owned()), ("utf16.txt", utf16), ("utf8.txt", text.as_bytes().to_vec())]
    {
        let path = cluster.file(name, &bytes)?;
        cluster.run(&["import", "--wait", &path])?;
    }
    // The same text in three encodings is one document: its id is a hash of what it says.
    let documents = rows(&cluster.run(&["documents", "--output", "jsonl"])?)?;
    ensure!(documents.len() == 1, "{documents:#?}");
    let facts = rows(&cluster.run(&["facts", "--mentions", "--output", "jsonl"])?)?;
    ensure!(facts.iter().any(|f| f["value"]["value"] == "1.51"), "{facts:#?}");
    Ok(())
}

#[test]
fn an_unknown_flag_is_wrong_usage() -> Result<()> {
    let cluster = Cluster::builder().start()?;
    let wrong = cluster.attempt(&["import", "--wiat", "x"])?;
    ensure!(wrong.code == 2 && wrong.stderr.contains("--wait"), "{wrong:?}");
    Ok(())
}

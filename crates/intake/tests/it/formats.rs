//! What each format gives, in each encoding.

use crate::common::{read, read_with};
use api::record::Precision;
use intake::{Charset, Format, Options, Source};

const FEED: &str = "Workflow\n稀土\nicon\nSearch documents\n\
    第一条:价格上调\nHouse News· 2025-07-13 16:09\nCore Viewpoint - 价格上调了2% [3][21].\n\
    第二条周报-20250712\nGroup 1 - Copper rose [1]. - Tin fell [2].\n\
    Round-up of experts\nGroup 1: Copper - It rose [1].\n\
    第三条\n某某财经· 2025-07-12 09:00\n第一段。\n\n第二段,没有说完的 ...\n";

#[test]
fn a_feed() {
    let found = read("feed.txt", FEED);
    let seen: Vec<_> = found
        .entries
        .iter()
        .map(|entry| {
            let start = entry.published.as_ref().map_or("", |period| period.start.as_str());
            (entry.place.to_string(), entry.title.as_str(), entry.source.as_str(), start, entry.truncated)
        })
        .collect();
    let expected = [
        ("feed.txt:5".to_owned(), "第一条:价格上调", "House News", "2025-07-13T16:09:00+08:00", false),
        ("feed.txt:8".to_owned(), "第二条周报-20250712", "", "2025-07-12", false),
        ("feed.txt:10".to_owned(), "Round-up of experts", "", "", false),
        ("feed.txt:12".to_owned(), "第三条", "某某财经", "2025-07-12T09:00:00+08:00", true),
    ];
    assert_eq!(seen, expected);
    assert_eq!(found.documents[0].text, "第一条:价格上调\nCore Viewpoint - 价格上调了2% [3][21].");
    assert_eq!(found.documents[3].text, "第三条\n第一段。\n\n第二段,没有说完的 ...");
    assert_eq!(found.memberships.len(), 4);
    assert!(found.refused.is_empty() && found.notices.is_empty());
}

#[test]
fn a_feed_reads_alike_in_every_encoding_and_with_every_line_end() {
    let names = |bytes: Vec<u8>| -> Vec<String> {
        let found = read("feed.txt", bytes);
        assert!(found.refused.is_empty(), "{:?}", found.refused);
        found.entries.into_iter().map(|entry| entry.record.name).collect()
    };
    let plain = names(FEED.as_bytes().to_vec());
    assert_eq!(plain.len(), 4);
    let utf16 = |big: bool, mark: bool| -> Vec<u8> {
        let units = mark.then_some(0xFEFF).into_iter().chain(FEED.encode_utf16());
        units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    let (gb18030, _, _) = encoding_rs::GB18030.encode(FEED);
    let mixed = FEED.replacen('\n', "\r\n", 3).replace(".\n", ".\r");
    let cases = [
        [b"\xEF\xBB\xBF", FEED.as_bytes()].concat(),
        gb18030.into_owned(),
        utf16(false, true),
        utf16(true, true),
        utf16(false, false),
        utf16(true, false),
        FEED.replace('\n', "\r\n").into_bytes(),
        FEED.replace('\n', "\r").into_bytes(),
        mixed.into_bytes(),
    ];
    for bytes in cases {
        assert_eq!(names(bytes.clone()), plain, "{:x?}", &bytes[..12]);
    }
}

#[test]
fn a_digest_on_several_lines_is_one_entry() {
    let body = "Core Viewpoint\nThe market is tight [1][3]\nGroup 1: Prices\n- Copper rose by 2% [4]\n- Tin fell\n\n\
                Group 2: Outlook\nMore of the same is expected\nInvestment Rating\n- Neutral";
    let text = format!(
        "First title\nHouse· 2025-07-13 16:09\n{body}\n\n\nSecond title\nCore Viewpoint\n- It rose.\n"
    );
    let found = read("feed.txt", text);
    assert_eq!(found.documents[0].text, format!("First title\n{body}"));
    assert_eq!(found.documents[1].text, "Second title\nCore Viewpoint\n- It rose.");
    assert_eq!(found.documents.len(), 2);
}

#[test]
fn a_feed_may_say_its_zone_and_topic_or_nothing() {
    let entry = "Title\nHouse· 2025-07-13 16:09\nText.\n";
    let start = |header: &str| {
        let found = read("feed.txt", format!("{header}{entry}"));
        let topic = found.memberships.first().map(|record| record.keys[1].clone()).unwrap_or_default();
        (found.entries[0].published.clone().unwrap_or_default().start, topic, found.notices.len())
    };
    let china = "2025-07-13T16:09:00+08:00".to_owned();
    assert_eq!(start(""), (china.clone(), String::new(), 0));
    assert_eq!(start("Topic: copper\n"), (china.clone(), "topic=copper".to_owned(), 0));
    let utc = "2025-07-13T16:09:00+00:00".to_owned();
    assert_eq!(
        start("Workflow\ncopper\nTime zone: UTC\nSearch documents\n"),
        (utc, "topic=copper".to_owned(), 0)
    );
    assert_eq!(start("铜\nTime zone: Mars\nSearch documents\n"), (china, "topic=铜".to_owned(), 1));
}

#[test]
fn options_go_before_what_is_detected() -> Result<(), intake::Error> {
    let options = Options {
        topic: Some("my topic".to_owned()),
        feed_zone: intake::parse_zone("+01:00")?,
        ..Options::default()
    };
    let found = read_with(Source::bytes("feed.txt", FEED), &options);
    assert!(found.memberships.iter().all(|record| record.keys[1] == "topic=my topic"));
    assert_eq!(found.documents[0].published.clone().unwrap_or_default().start, "2025-07-13T16:09:00+01:00");

    let (gb, _, _) = encoding_rs::GB18030.encode("锑");
    let forced =
        Options { encoding: Some(Charset::Gb18030), format: Some(Format::Text), ..Options::default() };
    let found = read_with(Source::bytes("-", gb.into_owned()), &forced);
    assert_eq!(found.documents[0].text, "锑");
    Ok(())
}

#[test]
fn json_lines() {
    let lines = concat!(
        "{\"title\":\"铜\",\"text\":\"A\\r\\nB\",\"source\":\"House\",\"url\":\"https://example.org/1\",",
        "\"published\":\"2025-07\",\"language\":\"zh-CN\",\"topics\":[\"copper\",\"稀土\"],\"author\":\"x\"}\n",
        "\n",
        "{\"text\":\"Only a text.\",\"author\":\"y\",\"title\":null}\r\n",
        "{\"text\":\"\\ud83d\\ude00 copper\"}",
    );
    let found = read("a.jsonl", lines);
    assert_eq!(found.documents.len(), 3, "{:?}", found.refused);
    let first = &found.documents[0];
    assert_eq!(
        (first.text.as_str(), first.url.as_str(), first.language.as_str()),
        ("铜\nA\nB", "https://example.org/1", "zh")
    );
    let published = first.published.clone().unwrap_or_default();
    assert_eq!((published.start.as_str(), published.precision()), ("2025-07-01", Precision::Month));
    assert_eq!(found.memberships.len(), 2);
    assert_eq!(found.documents[1].title_bytes, 0);
    assert_eq!(found.documents[2].text, "😀 copper");
    assert_eq!(found.notices, ["a.jsonl:1: the field «author» is not known and left out"]);
}

#[test]
fn texts_with_and_without_front_matter() {
    let front =
        "---\ntitle: 锑价\nsource: House\ndate: 2025-07-13 16:09\ntopics: [锑]\n---\n\n# 锑价\n\n上涨。\n";
    let found = read("a.md", front);
    let document = &found.documents[0];
    assert_eq!((document.text.as_str(), document.source.as_str()), ("锑价\n\n上涨。", "House"));
    assert_eq!(found.entries[0].published.clone().unwrap_or_default().start, "2025-07-13T16:09:00+08:00");
    assert_eq!(found.memberships.len(), 1);

    let bare = read("b.txt", "Antimony prices\r\n\r\nThey rose.\r\nThen fell.\r\n");
    assert_eq!(bare.documents[0].text, "Antimony prices\nThey rose.\nThen fell.");
    assert_eq!((bare.documents[0].title_bytes, bare.tally.without_date), (15, 1));
}

#[test]
fn a_saved_page() {
    let paragraph =
        "<p>伦敦金属交易所的铜价在五月二十日创下每吨11104.5美元的纪录,分析人士认为,供应偏紧是主要原因。</p>"
            .repeat(6);
    let page = format!(
        "<!DOCTYPE html><html lang=\"zh-CN\"><head><meta charset=\"gb2312\"><title>铜价创纪录 - 某某网</title>\
         <meta property=\"og:site_name\" content=\"某某网\"><meta property=\"article:published_time\" \
         content=\"2024-05-21T08:30:00+08:00\"><link rel=\"canonical\" href=\"https://example.org/cu\">\
         <script>document.write('x')</script></head><body><nav><a href=/>首页</a></nav><article><h1>铜价创纪录</h1>\
         {paragraph}<table><tr><th>品名</th><th>均价</th><th>涨跌</th></tr><tr><td>氧化钕</td><td>530000</td><td>-5000</td></tr>\
         </table>{paragraph}</article><footer>版权所有</footer></body></html>"
    );
    let (bytes, _, _) = encoding_rs::GB18030.encode(&page);
    for bytes in [bytes.into_owned(), page.clone().into_bytes()] {
        let found = read("cu.html", bytes);
        assert!(found.refused.is_empty(), "{:?}", found.refused);
        let document = &found.documents[0];
        assert!(found.entries[0].title.starts_with("铜价创纪录"), "{}", found.entries[0].title);
        assert_eq!((document.source.as_str(), document.url.as_str()), ("某某网", "https://example.org/cu"));
        assert_eq!(document.published.clone().unwrap_or_default().start, "2024-05-21T08:30:00+08:00");
        assert!(
            document.text.contains("\n品名 | 均价 | 涨跌\n氧化钕 | 530000 | -5000\n"),
            "{}",
            document.text
        );
        assert!(
            !document.text.contains("document.write") && !document.text.contains("版权"),
            "{}",
            document.text
        );
        assert_eq!(document.language, "zh");
    }
}

#[test]
fn a_short_page_is_read_whole() {
    let found =
        read("a.html", "<html><title>Tin</title><body><p>It rose.</p><script>x</script></body></html>");
    assert_eq!(found.documents[0].text, "Tin\nIt rose.");
}

#[test]
fn a_folder_is_read_in_order() -> std::io::Result<()> {
    let outer = tempfile::tempdir()?;
    let folder = outer.path().join("in");
    std::fs::create_dir_all(folder.join("b/.git"))?;
    std::fs::write(outer.path().join("secret.txt"), "A secret outside.")?;
    std::fs::write(folder.join("c.txt"), "Third text.")?;
    std::fs::write(folder.join("a.jsonl"), "{\"text\":\"First text.\"}\n")?;
    std::fs::write(folder.join("b/two.md"), "# Two\n\nSecond text.")?;
    std::fs::write(folder.join("b/.hidden.txt"), "Hidden text.")?;
    std::fs::write(folder.join("b/.git/x.txt"), "Hidden too.")?;
    std::fs::write(folder.join("d.csv"), "a,b\n")?;
    std::fs::write(folder.join("e.txt"), b"\x7fELF\x00\x01\x02\x80\x81")?;
    std::fs::write(folder.join("f.txt"), "")?;
    std::os::unix::fs::symlink(outer.path().join("secret.txt"), folder.join("link.txt"))?;
    std::os::unix::fs::symlink(outer.path(), folder.join("loop"))?;
    let found = read_with(Source::path(&folder), &Options::default());
    let places: Vec<String> = found.entries.iter().map(|entry| entry.place.to_string()).collect();
    assert_eq!(places, ["a.jsonl:1", "b/two.md:1", "c.txt:1"]);
    let skipped: Vec<String> = found.skipped.iter().map(ToString::to_string).collect();
    let expected = [
        "d.csv: files of the kind .csv are not read",
        "e.txt: not a text",
        "f.txt: empty",
        "link.txt: a symbolic link",
        "loop: a symbolic link",
    ];
    assert_eq!(skipped, expected);
    Ok(())
}

#[test]
fn progress_is_told() -> std::io::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("feed.txt");
    std::fs::write(&path, FEED)?;
    let mut reading = intake::read(Source::path(path), &Options::default());
    assert_eq!(reading.progress().bytes, 0);
    reading.by_ref().for_each(drop);
    let progress = reading.progress();
    assert_eq!(
        (progress.bytes, progress.total, progress.files),
        (FEED.len() as u64, Some(FEED.len() as u64), 1)
    );
    Ok(())
}

#[test]
fn the_example_feed() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/feed.txt");
    let found = read_with(Source::path(file), &Options::default());
    assert!(found.refused.is_empty() && found.skipped.is_empty(), "{:?}", found.refused);
    let tally = found.tally;
    assert_eq!((tally.documents, tally.without_source, tally.without_date, tally.truncated), (16, 2, 1, 1));
    assert_eq!(tally.memberships, 16);
}

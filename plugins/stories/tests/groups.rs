//! Stories follow from the live documents alone, whatever the order in which these came and whatever groups they are looked at in.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use plugin_sdk::prost::{Message as _, Name as _};
use plugin_sdk::record::{Document, Layer, Period, Precision, Record, Story, StoryMark, StoryMembership};
use plugin_sdk::testing;
use proptest::prelude::*;
use stories::{Marks, Stories};

/// Four events, each told in three ways: in English, in Chinese, and as an edited copy of the English text.
static POOL: LazyLock<Vec<Record>> = LazyLock::new(|| {
    let events = [
        ("Thailand", "泰国", "antimony oxide", "氧化锑", 3834, 1),
        ("Thailand", "泰国", "antimony oxide", "氧化锑", 2617, 3),
        ("Gabon", "加蓬", "manganese ore", "锰矿", 4471, 2),
        ("Chile", "智利", "lithium carbonate", "碳酸锂", 9138, 2),
    ];
    let mut marks = Vec::new();
    for (number, (country, land, good, name, tons, day)) in events.into_iter().enumerate() {
        let english = format!(
            "Customs of {country} counted {tons} t of {good} shipped to Mexico in May, {}.{}% more than a year before. \
             A warehouse in the port keeps another {} t, and the harbour master expects two more ships before the end of the month.",
            tons % 89,
            tons % 7,
            tons / 3
        );
        let chinese = format!(
            "{land}海关统计，5月向墨西哥出口{name}{tons}吨，同比增长{}.{}%，港口库存{}吨。",
            tons % 89,
            tons % 7,
            tons / 3
        );
        let copy = english.replace("and the harbour master expects", "while the harbour master hopes for");
        for (way, text) in [english, chinese, copy].into_iter().enumerate() {
            marks.push(mark(&format!("documents/{number}{way}"), &format!("Outlet {way}"), &text, day, way));
        }
    }
    marks
});

fn mark(name: &str, source: &str, text: &str, day: i32, hour: usize) -> Record {
    let document = Document {
        source: source.into(),
        text: text.into(),
        published: Some(Period {
            start: format!("2025-06-{:02}T{hour:02}:00:00Z", 10 + day),
            precision: Precision::Hour.into(),
            ..Period::default()
        }),
        ..Document::default()
    };
    let context = text::Context { published: "2025-06-10".parse().ok(), ..text::Context::default() };
    let mentions = text::Reader::standard().read(text, &context).iter().map(text_record::mention).collect();
    let layer = Layer { document: name.into(), mentions };
    let inputs = [
        testing::record(name, &document),
        Record { name: "layers/1".into(), ..testing::record(name, &layer) },
    ];
    testing::run::<Marks>("", &inputs).unwrap().remove(0)
}

/// What the analyzer makes of one group, by name.
fn derived(places: &BTreeSet<usize>) -> BTreeMap<String, Record> {
    let marks: Vec<Record> = places.iter().map(|place| POOL[*place].clone()).collect();
    if marks.is_empty() {
        return BTreeMap::new();
    }
    let records = testing::run::<Stories>("", &marks).unwrap();
    records.into_iter().map(|record| (record.name.clone(), record)).collect()
}

/// The group of a mark among the live ones: those that are linked with it, directly or through others.
fn group(live: &BTreeSet<usize>, of: usize) -> BTreeSet<usize> {
    let links = |place: usize| POOL[place].keys.iter().filter(|key| key.starts_with("link="));
    let mut found = BTreeSet::from([of]);
    loop {
        let values: BTreeSet<&String> = found.iter().flat_map(|place| links(*place)).collect();
        let more: BTreeSet<usize> =
            live.iter().copied().filter(|place| links(*place).any(|link| values.contains(link))).collect();
        if more.len() == found.len() {
            return found;
        }
        found = more;
    }
}

/// Puts and retracts the documents of a history one by one; after each, the groups that it touched are derived again.
fn after(history: &[usize]) -> (BTreeSet<usize>, BTreeMap<String, Record>) {
    let mut live = BTreeSet::new();
    let mut groups: BTreeMap<usize, BTreeMap<String, Record>> = BTreeMap::new();
    for place in history {
        let mut touched: BTreeSet<usize> =
            if live.contains(place) { group(&live, *place) } else { BTreeSet::new() };
        if !live.remove(place) {
            live.insert(*place);
            touched = group(&live, *place);
        }
        groups.retain(|first, _| !touched.contains(first));
        for other in touched.iter().filter(|other| live.contains(other)) {
            let group = group(&live, *other);
            let first = *group.first().unwrap();
            groups.entry(first).or_insert_with(|| derived(&group));
        }
    }
    (live, groups.into_values().flatten().collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_history_ends_as_a_fresh_run_over_all(history in prop::collection::vec(0_usize..12, 0..24)) {
        let (live, records) = after(&history);
        prop_assert_eq!(records, derived(&live));
    }
}

/// The stories among some records.
fn stories<'a>(records: impl IntoIterator<Item = &'a Record>) -> Vec<Story> {
    let stories = records.into_iter().filter(|record| record.kind == Story::full_name());
    stories.map(|record| Story::decode(record.body.clone()).unwrap()).collect()
}

#[test]
fn each_event_is_one_story_with_all_its_tellings() {
    let records = derived(&(0..12).collect());
    let stories = stories(records.values());
    assert_eq!(stories.len(), 4, "{stories:#?}");
    for story in &stories {
        let event: BTreeSet<char> =
            story.tellings.iter().filter_map(|telling| telling.document.chars().nth(10)).collect();
        assert_eq!((story.tellings.len(), event.len()), (3, 1), "{story:#?}");
        assert_eq!(story.tellings[2].copied_from, story.tellings[0].document);
        assert_eq!(story.voices.len(), 1);
        assert!(!story.origin_named || story.tellings.iter().any(|telling| !telling.attributions.is_empty()));
    }
    let memberships = records.values().filter(|record| record.kind == StoryMembership::full_name());
    assert_eq!(memberships.count(), 12);
}

#[test]
fn a_group_of_ten_thousand_gives_stories_of_a_stated_size() {
    let base = StoryMark::decode(POOL[0].body.clone()).unwrap();
    let links: Vec<String> = POOL[0].keys.iter().filter(|key| key.starts_with("link=")).cloned().collect();
    let marks: Vec<Record> = (0..10_000)
        .map(|number| {
            let name = format!("documents/{number:05}");
            let body = StoryMark { document: name.clone(), items: base.items[..2].to_vec(), ..base.clone() };
            Record {
                keys: links.clone(),
                ..testing::record(&name.replace("documents", "story-marks"), &body)
            }
        })
        .collect();
    let records = testing::run::<Stories>("", &marks).unwrap();
    let stories = stories(&records);
    assert_eq!(stories.len(), 20);
    assert!(stories.iter().all(|story| story.tellings.len() == 500 && story.cut));
}

/// The numbers in which the stories of these texts differ, each difference as the sides that say something.
fn differing(texts: &[&str]) -> Vec<BTreeMap<String, Vec<String>>> {
    let marks: Vec<Record> = texts
        .iter()
        .enumerate()
        .map(|(number, text)| {
            mark(
                &format!("documents/t{number}"),
                &format!("Outlet {number}"),
                &format!("Trade in May\n{text}"),
                1,
                number,
            )
        })
        .collect();
    let records = testing::run::<Stories>("", &marks).unwrap();
    let stories = stories(&records);
    assert_eq!(stories.len(), 1, "{stories:#?}");
    let sides = |difference: &plugin_sdk::record::Difference| {
        difference.sides.iter().map(|side| (side.said.clone(), side.documents.clone())).collect()
    };
    stories[0].differences.iter().map(sides).collect()
}

#[test]
fn a_difference_stays_when_further_tellings_come() {
    let told = [
        "Customs of Thailand counted 3,834 t of antimony oxide shipped to Mexico in May, 17.3% more than a year before, worth 96.4 million dollars. The port had loaded 3,269 t in the spring of last year.",
        "Customs of Thailand counted 3,384 t of antimony oxide shipped to Mexico in May, 17.3% more than a year before, worth 96.4 million dollars.",
        // This one takes last year's figure for this year's, so that it stands against two figures of the first telling.
        "泰国海关统计，5月向墨西哥出口氧化锑3,269吨，同比增长17.3%，金额9,640万美元。",
        "In May 3,834 t of antimony oxide went from Thailand to Mexico, customs said: 17.3% more than a year before, worth 96.4 million dollars.",
        "泰国5月向墨西哥出口氧化锑3,384吨，同比增长17.3%，金额9,640万美元，泰国海关说。",
        "Thai customs: antimony oxide to Mexico in May 3,834 t, worth 96.4 million dollars, up 17.3% on the year.",
    ];
    for count in 2..=told.len() {
        let found = differing(&told[..count]);
        let apart = found.iter().any(|sides| {
            let has = |said: &str, name: &str| {
                sides.iter().any(|(value, who)| value.starts_with(said) && who.iter().any(|who| who == name))
            };
            has("3834", "documents/t0") && has("3384", "documents/t1")
        });
        assert!(apart, "{count} tellings: {found:#?}");
    }
}

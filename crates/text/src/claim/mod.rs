//! Claims: what a text states, in figures and in events, slot by slot, and where each slot comes from.
//!
//! A text is laid out in blocks (title, headings, sentences, rows of tables); mentions and the words that tell what they do
//! stand in one row of items. In each sentence the figures are told apart (level, change, where a change began) and
//! joined to drafts; then each slot of a draft is filled from the words beside it, from the figure before, or from what was
//! told above, and remembers which.

mod actor;
mod base;
mod basis;
mod breadth;
mod bureau;
mod carry;
mod column;
mod compare;
mod counted;
mod cues;
mod dated;
mod deal;
mod derived;
mod described;
mod draft;
mod earlier;
mod event;
mod event_doubt;
mod event_goods;
mod event_notice;
mod event_passive;
mod event_place;
mod event_relief;
mod event_slots;
mod event_state;
mod event_stop;
mod event_target;
mod event_time;
mod figure;
mod form;
mod goods;
mod grade;
mod guided;
mod home;
mod implied;
mod interview;
mod items;
mod key;
mod layout;
mod lines;
mod list;
mod measure;
mod measured;
mod modality;
mod names;
mod office;
mod party;
mod per_share;
mod period;
mod person;
mod place;
mod relation;
mod remark;
mod report;
mod role;
mod row;
mod scene;
mod sector;
mod setter;
mod share;
mod site;
mod slots;
mod source;
mod speaker;
mod speaker_told;
mod stake;
mod start;
mod subject;
mod table;
mod together;
mod trade;
mod unit_once;
mod units;
mod values;
mod venue;
mod whole;
mod words;

pub(crate) use cues::Cues;
pub use cues::{basis, statistic};
pub use key::{Keys, dimension};
pub use slots::{
    Amount, Base, Change, Choice, Claim, Direction, EventType, Interval, Modality, Origin, OriginKind,
    Relation, Slot, Status, Term,
};

use layout::BlockKind;
use scene::{Memory, Scene};

use crate::mention::{Mention, Precision};
use crate::view::View;

/// The claims of a text, in the order in which they stand.
pub(crate) fn read<'t>(
    text: &'t str,
    title_bytes: usize,
    mentions: &[Mention<'t>],
    cues: &Cues,
) -> Vec<Claim<'t>> {
    let view = View::new(text);
    let items = items::items(text, &view, mentions, cues);
    let blocks = layout::blocks(text, title_bytes, mentions);
    let kinds = scene::kinds(&items, mentions);
    let mut scene = Scene {
        text,
        mentions,
        items: &items,
        kinds: &kinds,
        blocks: &blocks,
        report: None,
        home: home::Home::default(),
        near: scene::Near::default(),
    };
    scene.report = report::period(&scene);
    scene.home = home::of(&scene);
    let mut memory = Memory::default();
    // What the title tells, and what the nearest heading and the title tell together.
    let mut top = Memory::default();
    let mut title = Memory::default();
    // Most figures make a claim.
    let figures = mentions.iter().filter(|mention| mention.kind.is_figure()).count();
    let mut found = Vec::with_capacity(figures);
    let mut line = 0;
    let mut above: Vec<layout::Block> = Vec::new();
    let mut index = 0;
    while let Some(block) = blocks.get(index) {
        index += 1;
        if block.kind == BlockKind::Row {
            let rows = blocks[index - 1..].iter().take_while(|block| block.kind == BlockKind::Row).count();
            let table = table::Table::new(&scene, &title, &above);
            let before = found.len();
            table.claims(&blocks[index - 1..index - 1 + rows], &mut found);
            units::carry(text, &mut found[before..]);
            index += rows - 1;
            continue;
        }
        if block.line != line || block.kind == BlockKind::Heading {
            // A new line goes on from the title and the heading above it, not from the line before.
            // A heading replaces the one before, unless that stands right above it.
            let joined =
                blocks.get(index.wrapping_sub(2)).is_some_and(|last| last.kind == BlockKind::Heading);
            memory = if block.kind == BlockKind::Heading && !joined {
                top.clone()
            } else {
                let asked = index
                    .checked_sub(2)
                    .is_some_and(|last| text[blocks[last].span.clone()].ends_with(['?', '？']));
                memory.on_new_line(&title, &scene, asked)
            };
            line = block.line;
        }
        let mut figures = figure::claims(&scene, block, &memory);
        let mut events = event::claims(&scene, block, &memory, &figures);
        event_notice::take_effect(&scene, block, &events, &mut found);
        figures.append(&mut events);
        figures.sort_by_key(|claim| claim.start_byte);
        remember(&scene, block, &figures, &mut memory);
        found.append(&mut figures);
        // A place holds on where a figure was told of it, or where it stands above.
        memory.place = place::holds_on(&scene, block, &found).or(memory.place);
        memory.reporter = place::reporter(&scene, block, &found).or(memory.reporter);
        forget_question(text, block, &mut found);
        if block.is_above() {
            title = memory.clone();
            if block.kind == BlockKind::Title {
                top = memory.clone();
            }
            above.push(block.clone());
        }
    }
    for block in blocks.iter().filter(|block| block.kind != BlockKind::Row) {
        basis::note(&scene, block, &mut found);
    }
    units::settle(&mut found);
    derived::derive(&mut found);
    for claim in &mut found {
        claim.keys = Keys::of(claim);
    }
    key::part(&mut found);
    found
}

/// A question claims nothing, but the answer goes on from it.
fn forget_question(text: &str, block: &layout::Block, found: &mut Vec<Claim<'_>>) {
    if block.kind == BlockKind::Sentence && text[block.span.clone()].ends_with(['?', '？']) {
        while found.last().is_some_and(|claim| claim.sentence == block.span) {
            found.pop();
        }
    }
}

/// True for the first sentence below the title.
fn is_first(scene: &Scene<'_, '_>, block: &layout::Block) -> bool {
    let first = scene.blocks.iter().find(|block| block.kind == BlockKind::Sentence);
    first.is_some_and(|first| first.span == block.span)
}

/// True for a list of news, whose items tell of different things.
fn is_list(scene: &Scene<'_, '_>) -> bool {
    let marked = |line: &str| {
        let line = line.trim_start();
        line.starts_with(['•', '●', '◆', '▲', '■', '※', '*', '【', '▪', '★'])
            || line.starts_with(|first: char| first.is_ascii_digit() || first == '(' || first == '（')
    };
    scene.text.lines().skip(1).filter(|line| marked(line)).count() > 2
}

/// True if a claim takes the time at `item` as its period.
fn said_of_a_figure(scene: &Scene<'_, '_>, item: usize, claims: &[Claim<'_>]) -> bool {
    let start = scene.items[item].start;
    claims.iter().any(|claim| claim.period.as_ref().is_some_and(|slot| slot.origin.start_byte == start))
}

/// Keeps what a block names for the blocks behind it.
fn remember(scene: &Scene<'_, '_>, block: &layout::Block, claims: &[Claim<'_>], memory: &mut Memory) {
    let items = scene.items_of(block);
    // The first good and company of a sentence are what it is about.
    let first = |kind: &str| items.clone().find(|item| scene.kind(*item) == kind);
    // «gains in sectors such as steel» tells nothing of steel.
    let told = |item: &usize| scene.kind(*item) == "commodity" && !goods::is_example(scene, block, *item);
    memory.good = items.clone().find(told).or(memory.good);
    // In a company's own text «the company» is always the same one.
    memory.company = scene.home.host.or(first("company")).or(memory.company);
    memory.topic = memory.topic.or(memory.company);
    memory.speaker = claims
        .iter()
        .rev()
        .filter_map(|claim| claim.attribution.as_ref())
        .map(|slot| (slot.origin.start_byte, slot.origin.end_byte, slot.is.id.clone()))
        .next()
        .or(memory.speaker.take());
    memory.subject = claims
        .iter()
        .rev()
        .filter_map(|claim| claim.subject.as_ref())
        .find(|slot| slot.is.id.as_deref().is_some_and(|id| id.starts_with("commodity/")))
        .and_then(|slot| {
            let item = scene.items.partition_point(|item| item.start < slot.origin.start_byte);
            (scene.kind(item) == "commodity").then_some(item)
        })
        .or(memory.subject);
    memory.measure = first("measure").or(memory.measure);
    let set = period::sets(scene, block, claims);
    memory.period = set.or(memory.period);
    if block.is_above() {
        if first("company").is_none() {
            memory.exchange = first("exchange").or(memory.exchange);
        }
        memory.notice = venue::notice(scene, block).or(memory.notice);
        memory.theme = first("commodity").or(memory.theme);
        memory.frame = set.or(memory.frame);
    } else if memory.frame.is_none() && scene.home.host.is_some() && is_first(scene, block) && !is_list(scene)
    {
        // The first sentence sets the period of a report whose title sets none.
        memory.frame = set.filter(|set| {
            matches!(
                scene.precision(*set),
                Some(Precision::Quarter | Precision::Half | Precision::Year | Precision::Month)
            ) && said_of_a_figure(scene, *set, claims)
        });
    } else if let Some(set) = set.filter(|set| period::refines(scene, *set, memory.frame)) {
        memory.frame = Some(set);
    }
    memory.index = first("index").or(memory.index);
    memory.sector = items.clone().rev().find(|item| sector::is_sector(scene, block, *item)).or(memory.sector);
    memory.customs =
        items.clone().find(|item| scene.id(*item).is_some_and(trade::is_customs)).or(memory.customs);
}

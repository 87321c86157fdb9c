//! What the header of a table says of its columns.

use std::ops::Range;
use std::sync::LazyLock;

use super::cues::Cue;
use super::scene::Scene;
use super::slots::Relation;
use super::unit_once::{Unit, unit_said};
use crate::find::{Words, find, lower};

/// What the cells of a column hold.
#[derive(Clone, Debug, Default)]
pub(super) struct Column {
    pub(super) role: Role,
    /// The item that names its measure.
    pub(super) measure: Option<usize>,
    /// The item that names its good, in a table whose rows are days or places.
    pub(super) good: Option<usize>,
    /// The item that names its time.
    pub(super) time: Option<usize>,
    pub(super) statistic: Option<(usize, &'static str)>,
    /// What a change or a level before is measured against, with the item that says it, if one does.
    pub(super) relation: Option<(Option<usize>, Relation)>,
    pub(super) unit: Option<Unit>,
    /// Which end of what was paid its cells are, if the header says no more than that.
    pub(super) end: Option<End>,
}

/// An end of a range that stands in a column of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The lower.
    Low,
    /// The upper.
    High,
}

/// The end that a header's cell names: 最低, «Low», «High (yuan/t)».
fn end_named(words: &str) -> Option<End> {
    const LOW: &[&str] = &[
        "low", "lowest", "min", "minimum", "bid", "from", "低", "最低", "低价", "最低价", "下限", "低端",
        "最小", "low price", "low end",
    ];
    const HIGH: &[&str] = &[
        "high", "highest", "max", "maximum", "ask", "offer", "to", "高", "最高", "高价", "最高价", "上限",
        "高端", "最大", "high price", "high end",
    ];
    let name = words.split(['(', '（', ',', '，']).next().unwrap_or_default().trim();
    let named = |list: &[&str]| list.contains(&name);
    match (named(LOW), named(HIGH)) {
        (true, _) => Some(End::Low),
        (_, true) => Some(End::High),
        _ => None,
    }
}

/// What a cell does in its row; the later ones stand for the row rather than the earlier.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub(super) enum Role {
    /// Not said.
    #[default]
    Unknown,
    /// Names or words.
    Words,
    /// The unit of the row.
    Unit,
    /// The lower or upper end of what was paid.
    End,
    /// A level.
    Level,
    /// The level that stands for the row: mean, close.
    Main,
    /// The level before.
    Before,
    /// A change.
    Change,
}

static CHANGES: LazyLock<Words> = LazyLock::new(|| {
    Words::new(&[
        "涨跌", "变动", "变化", "增减", "增幅", "涨幅", "跌幅", "升跌", "升降", "change", "chg", "+/-", "±",
        "diff", "up-down", "up/down", "move",
    ])
});

static BEFORE: LazyLock<Words> = LazyLock::new(|| {
    Words::new(&[
        "前值", "上期", "前一", "昨", "previous", "prior", "prev", "last week", "last month", "上周", "上月",
        "上年", "week ago", "month ago", "year ago", "yesterday", "去年同期",
    ])
});

const UNITS: &[&str] = &["单位", "unit"];

/// Words of a header that say what a change is against, without being cues of running text.
const RELATIONS: &[(&[&str], Relation)] = &[
    (&["同比", "去年同期", "上年同期", "yoy", "y/y", "year ago", "year-ago"], Relation::YearOnYear),
    (
        &[
            "周涨跌", "周变动", "周环比", "周度", "上周", "weekly", "wow", "w/w", "last week", "week ago",
            "previous week",
        ],
        Relation::WeekOnWeek,
    ),
    (
        &[
            "月涨跌", "月变动", "月环比", "月度", "上月", "monthly", "mom", "m/m", "last month", "month ago",
            "previous month",
        ],
        Relation::MonthOnMonth,
    ),
    (
        &[
            "日涨跌", "日变动", "日环比", "昨", "前一日", "daily", "dod", "d/d", "day change", "yesterday",
            "previous day",
        ],
        Relation::DayOnDay,
    ),
    (&["环比", "前值", "上期", "previous", "prior", "prev"], Relation::PreviousPeriod),
];

/// What a header's cell says of its column.
pub(super) fn column(scene: &Scene<'_, '_>, cell: &Range<usize>) -> Column {
    let words = lower(&scene.text[cell.clone()]);
    let mut column = Column { unit: unit_said(&words), end: end_named(&words), ..Column::default() };
    for item in scene.items_in(cell) {
        match scene.items[item].cue() {
            Some(Cue::Relation(relation)) => column.relation = Some((Some(item), relation)),
            Some(Cue::Statistic(id)) => column.statistic = Some((item, id)),
            _ if scene.kind(item) == "measure" => column.measure = Some(item),
            _ if scene.kind(item) == "commodity" => column.good = Some(item),
            // «Stocks (t)» by a noun that is a word of a measure in running text.
            Some(Cue::Measure(_)) if column.measure.is_none() => column.measure = Some(item),
            _ if scene.is_time(item) => column.time = Some(item),
            _ => {}
        }
    }
    let any = |list: &[&str]| list.iter().any(|word| find(&words, word).is_some());
    let change = CHANGES.any_in(&words);
    let before = BEFORE.any_in(&words);
    if column.relation.is_none() && (change || before) {
        let said = RELATIONS.iter().find(|(list, _)| any(list));
        column.relation = said.map(|(_, relation)| (None, *relation));
    }
    column.role = if any(UNITS) && column.measure.is_none() {
        Role::Unit
    } else if change || column.relation.is_some() && !before {
        Role::Change
    } else if before {
        Role::Before
    } else {
        match column.statistic.map(|(_, id)| id) {
            Some("statistic/high" | "statistic/low") => Role::End,
            None if column.end.is_some() => Role::End,
            Some(_) => Role::Main,
            None if column.measure.is_some()
                || column.time.is_some()
                || column.unit.is_some()
                || column.good.is_some() =>
            {
                Role::Level
            }
            None => Role::Unknown,
        }
    };
    if column.role == Role::Change && column.relation.is_none() {
        // A bare 涨跌 is against the period before the table's own.
        column.relation = Some((None, Relation::PreviousPeriod));
    }
    if matches!(column.role, Role::Change | Role::Before) {
        column.time = None;
    }
    column
}

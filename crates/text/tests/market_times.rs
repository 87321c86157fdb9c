//! Times as market texts say them, by class, in sentences of our own, read against 14 August 2025, a Thursday.

mod common;

use common::check;
use text::Kind;

const TIME: &[Kind] = &[Kind::Time];
const PUBLISHED: &str = "2025-08-14";

#[test]
fn what_begins_is_bound_and_what_is_compared_is_not() {
    check(
        PUBLISHED,
        TIME,
        &[
            (
                "The levy, effective from 1 April 2025, stays.",
                &["effective from 1 April 2025 | 2025-04-01.."],
            ),
            ("It shall pay 15% from 2027.", &["from 2027 | 2027-01-01.."]),
            ("It was cut with effect from 14 July.", &["from 14 July | 2025-07-14.."]),
            ("Zinc fell 300 yuan/t from Friday 1 August.", &["Friday 1 August | 2025-08-01..2025-08-02"]),
            ("Sales rose 3% from the previous month.", &["previous month | 2025-07-01..2025-08-01"]),
            (
                "It slips from the June 2027 half to a later one.",
                &["June 2027 half | 2027-01-01..2027-07-01"],
            ),
        ],
    );
}

#[test]
fn parts_of_months_and_years() {
    check(
        PUBLISHED,
        TIME,
        &[
            ("stocks at June-end", &["June-end | 2025-06-30..2025-07-01"]),
            ("the March month-end price", &["March month-end | 2025-03-31..2025-04-01"]),
            ("in 2H July", &["2H July | 2025-07-16..2025-08-01"]),
            ("in early and mid August", &["early and mid August | 2025-08-01..2025-08-21"]),
            ("in mid- to late July", &["mid- to late July | 2025-07-11..2025-08-01"]),
            ("in the late ten days of July", &["late ten days of July | 2025-07-21..2025-08-01"]),
            ("in the middle of August", &["middle of August | 2025-08-11..2025-08-21"]),
            ("the back half of 2026", &["back half of 2026 | 2026-07-01..2027-01-01"]),
            ("closed at the turn of the year", &["turn of the year | 2025-01-01..2025-01-02"]),
            ("over the years 2022–24", &["2022–24 | 2022-01-01..2025-01-01"]),
            ("the three years to 2024", &["three years to 2024 | 2022-01-01..2025-01-01"]),
            ("2025 capex was cut", &["2025 | 2025-01-01..2026-01-01"]),
            ("7月中上旬", &["7月中上旬 | 2025-07-01..2025-07-21"]),
            ("8月首周", &["8月首周 | 2025-08-04..2025-08-11"]),
            ("8月4日当周", &["8月4日当周 | 2025-08-04..2025-08-11"]),
            ("周报（8.4-8.8）", &["8.4-8.8 | 2025-08-04..2025-08-09"]),
            ("24年产量", &["24年 | 2024-01-01..2025-01-01"]),
            ("十四五末", &["十四五末 | 2025-12-31..2026-01-01"]),
            ("2024/25年度", &["2024/25年度 | .."]),
        ],
    );
}

#[test]
fn windows_and_days() {
    check(
        PUBLISHED,
        TIME,
        &[
            ("over the past week", &["past week | 2025-08-07..2025-08-14"]),
            ("in the past month", &["past month | 2025-07-14..2025-08-14"]),
            ("in the next three to five years", &["next three to five years | .."]),
            ("the week to 8 August", &["week to 8 August | 2025-08-04..2025-08-09"]),
            ("at this time last year", &["this time last year | 2024-08-14..2024-08-15"]),
            ("in this morning's session", &["this morning | 2025-08-14..2025-08-15"]),
            ("on 30 and 31 July", &["30 | 2025-07-30..2025-07-31", "31 July | 2025-07-31..2025-08-01"]),
            ("昨晚收涨，今早低开", &["昨晚 | 2025-08-13..2025-08-14", "今早 | 2025-08-14..2025-08-15"]),
            ("8月5日公布，次日生效", &["8月5日 | 2025-08-05..2025-08-06", "次日 | 2025-08-06..2025-08-07"]),
            (
                "2024年投产，次年4月30日前达产",
                &["2024年 | 2024-01-01..2025-01-01", "次年4月30日前 | ..2025-05-01"],
            ),
        ],
    );
}

#[test]
fn the_same_period_and_financial_years() {
    check(
        PUBLISHED,
        TIME,
        &[
            (
                "In January-June 2025 it made 5 t, in the same six months of 2024 7 t.",
                &[
                    "January-June 2025 | 2025-01-01..2025-07-01",
                    "same six months of 2024 | 2024-01-01..2024-07-01",
                ],
            ),
            (
                "Sales in the June quarter 2025 rose 4% on the pcp.",
                &["June quarter 2025 | 2025-04-01..2025-07-01", "pcp | 2024-04-01..2024-07-01"],
            ),
            (
                "In the first half of 2025 it sold more than last year's same period.",
                &[
                    "first half of 2025 | 2025-01-01..2025-07-01",
                    "last year's same period | 2024-01-01..2024-07-01",
                ],
            ),
            (
                "the financial year ending 30 June 2026",
                &["financial year ending 30 June 2026 | 2025-07-01..2026-07-01"],
            ),
            ("in the 2026 financial year", &["2026 financial year | 2026-01-01..2027-01-01"]),
            (
                "H1 FY26 (April-September 2025)",
                &["H1 FY26 | 2025-04-01..2025-10-01", "April-September 2025 | 2025-04-01..2025-10-01"],
            ),
            ("FY2025-26 output of the Indian smelter", &["FY2025-26 | 2025-04-01..2026-04-01"]),
        ],
    );
}

#[test]
fn which_side_of_publication() {
    check(
        PUBLISHED,
        TIME,
        &[
            (
                "Platinum rose from $930 in early October to $1,450.",
                &["early October | 2024-10-01..2024-10-11"],
            ),
            ("The order takes effect on 8 November.", &["8 November | 2025-11-08..2025-11-09"]),
            (
                "Figures for July are due on the 20th.",
                &["July | 2025-07-01..2025-08-01", "20th | 2025-08-20..2025-08-21"],
            ),
            ("二期最快一季度投产", &["一季度 | 2026-01-01..2026-04-01"]),
        ],
    );
}

#[test]
fn lengths_that_look_like_days() {
    check(
        PUBLISHED,
        &[Kind::Duration, Kind::Time],
        &[
            ("锡价站上20日均线", &["20日 | 20 | d | 1728000s"]),
            ("锑价连涨5日", &["5日 | 5 | d | 432000s"]),
            ("须在30日内答复", &["30日 | 30 | d | 2592000s"]),
        ],
    );
}

#[test]
fn spans_halves_and_deadlines_of_reports() {
    check(
        PUBLISHED,
        &[Kind::Time],
        &[
            (
                "suspended it on 9 June until 27 November 2026",
                &["9 June | 2025-06-09..2025-06-10", "until 27 November 2026 | ..2026-11-28"],
            ),
            ("extended by one year to 10 November 2026", &["10 November 2026 | 2026-11-10..2026-11-11"]),
            ("the December 2024 half year", &["December 2024 half year | 2024-07-01..2025-01-01"]),
            (
                "The half year ended 31 December 2024: 73 Mt in the quarter",
                &[
                    "half year ended 31 December 2024 | 2024-07-01..2025-01-01",
                    "the quarter | 2024-10-01..2025-01-01",
                ],
            ),
            (
                "The plant is expected to take the ore of two large new mines in the second half",
                &["second half | 2025-07-01..2026-01-01"],
            ),
            ("before the August 2023 ban", &["August 2023 | 2023-08-01..2023-09-01"]),
            ("It will suspend its 4 April listing", &["4 April | 2025-04-04..2025-04-05"]),
            ("a 100% tariff on all goods from 1 November", &["from 1 November | 2025-11-01.."]),
            ("zinc at $3,000 by end-December", &["by end-December | ..2026-01-01"]),
            ("2025财年第二财季", &["2025财年第二财季 | 2025-04-01..2025-07-01"]),
            ("1-6月份", &["1-6月份 | 2025-01-01..2025-07-01"]),
            ("较上月同期", &["上月同期 | 2025-07-01..2025-08-01"]),
            ("样本周度库存", &[]),
            ("本周三元材料", &["本周 | 2025-08-11..2025-08-18"]),
            ("上周六氟磷酸锂", &["上周 | 2025-08-04..2025-08-11"]),
            ("上周五氧化镨钕", &["上周五 | 2025-08-08..2025-08-09"]),
            ("本周三氧化二锑", &["本周 | 2025-08-11..2025-08-18"]),
            ("上周日本", &["上周 | 2025-08-04..2025-08-11"]),
            ("截至7月13日当周", &["7月13日当周 | 2025-07-07..2025-07-14"]),
        ],
    );
}

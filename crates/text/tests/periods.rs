//! Classes of dates and periods, in sentences of our own, read against 13 July 2025, a Sunday.

mod common;

use common::check;
use text::{Context, Doubt, Kind, Kinds, Reader};

const TIME: &[Kind] = &[Kind::Time];
const PUBLISHED: &str = "2025-07-13";

#[test]
fn parts_of_a_period() {
    check(
        PUBLISHED,
        TIME,
        &[
            ("prices peaked in early 2025", &["early 2025 | 2025-01-01..2025-04-01"]),
            ("a plant due by mid-2026", &["by mid-2026 | ..2026-08-01"]),
            ("late last year", &["late last year | 2024-10-01..2025-01-01"]),
            ("in mid-June", &["mid-June | 2025-06-11..2025-06-21"]),
            ("earlier this year", &["earlier this year | 2025-01-01..2025-07-13"]),
            ("later this month", &["later this month | 2025-07-13..2025-08-01"]),
            ("for the rest of 2025", &["rest of 2025 | 2025-07-13..2026-01-01"]),
            ("the second half of June", &["second half of June | 2025-06-16..2025-07-01"]),
            ("at the end of the month", &["end of the month | 2025-07-31..2025-08-01"]),
            ("stocks at end-June", &["end-June | 2025-06-30..2025-07-01"]),
            (
                "from the end of May to the middle of June",
                &["from the end of May to the middle of June | 2025-06-01..2025-06-17"],
            ),
            ("the late 1980s", &["late 1980s | 1985-01-01..1990-01-01"]),
            ("6月上半月成交清淡", &["6月上半月 | 2025-06-01..2025-06-16"]),
            ("6月中下旬检修", &["6月中下旬 | 2025-06-11..2025-07-01"]),
            ("月初到货", &["月初 | 2025-07-01..2025-07-02"]),
            ("二季度末库存", &["二季度末 | 2025-06-30..2025-07-01"]),
            ("年中检修", &["年中 | 2025-06-01..2025-08-01"]),
        ],
    );
}

#[test]
fn weeks_and_their_days() {
    check(
        PUBLISHED,
        TIME,
        &[
            ("on Friday, July 11, 2025", &["Friday, July 11, 2025 | 2025-07-11..2025-07-12"]),
            ("Friday the 18th", &["Friday the 18th | 2025-07-18..2025-07-19"]),
            ("closed Thursday last week", &["Thursday last week | 2025-07-03..2025-07-04"]),
            ("last week's Tuesday", &["last week's Tuesday | 2025-07-01..2025-07-02"]),
            ("the week ended July 11", &["week ended July 11 | 2025-07-07..2025-07-12"]),
            ("the five days to Friday", &["five days to Friday | 2025-07-07..2025-07-12"]),
            ("the week of June 16", &["week of June 16 | 2025-06-16..2025-06-23"]),
            ("W28 2025", &["W28 2025 | 2025-07-07..2025-07-14"]),
            ("2025-W27", &["2025-W27 | 2025-06-30..2025-07-07"]),
            ("the 27th week of 2025", &["27th week of 2025 | 2025-06-30..2025-07-07"]),
            ("first Monday of June", &["first Monday of June | 2025-06-02..2025-06-03"]),
            ("the last Friday of this month", &["the last Friday of this month | 2025-07-25..2025-07-26"]),
            ("last weekend", &["last weekend | 2025-07-05..2025-07-07"]),
            ("the week before last", &["the week before last | 2025-06-23..2025-06-30"]),
            ("第27周报价", &["第27周 | 2025-06-30..2025-07-07"]),
            ("6月第三周", &["6月第三周 | 2025-06-16..2025-06-23"]),
            ("上上周三", &["上上周三 | 2025-06-25..2025-06-26"]),
            ("本周末", &["本周末 | 2025-07-12..2025-07-14"]),
            ("本周（7.7-7.11）", &["本周 | 2025-07-07..2025-07-14", "7.7-7.11 | 2025-07-07..2025-07-12"]),
            ("涨幅（7.7-7.11）", &[]),
        ],
    );
}

#[test]
fn notations() {
    check(
        PUBLISHED,
        TIME,
        &[
            ("11.07.2025", &["11.07.2025 | 2025-07-11..2025-07-12"]),
            ("11-Jul-25", &["11-Jul-25 | 2025-07-11..2025-07-12"]),
            ("2025-Jul-11", &["2025-Jul-11 | 2025-07-11..2025-07-12"]),
            ("06/2025", &["06/2025 | 2025-06-01..2025-07-01"]),
            ("2025 July 11", &["2025 July 11 | 2025-07-11..2025-07-12"]),
            ("7-11 July 2025", &["7-11 July 2025 | 2025-07-07..2025-07-12"]),
            ("Jan 5th-7th", &["Jan 5th-7th | 2025-01-05..2025-01-08"]),
            ("May twenty-first", &["May twenty-first | 2025-05-21..2025-05-22"]),
            ("July 4th, twenty twenty-four", &["July 4th, twenty twenty-four | 2024-07-04..2024-07-05"]),
            ("24H2与25Q1", &["24H2 | 2024-07-01..2025-01-01", "25Q1 | 2025-01-01..2025-04-01"]),
            ("9M 2024", &["9M 2024 | 2024-01-01..2024-10-01"]),
            ("2 0 2 5 年 6 月", &["2 0 2 5 年 6 月 | 2025-06-01..2025-07-01"]),
            ("7月8-11日", &["7月8-11日 | 2025-07-08..2025-07-12"]),
            ("一六年七月", &["一六年七月 | 2016-07-01..2016-08-01"]),
            ("光绪三十年", &["光绪三十年 | 1904-01-01..1905-01-01"]),
            ("绍兴2024年产量", &["2024年 | 2024-01-01..2025-01-01"]),
        ],
    );
}

#[test]
fn lists_say_the_year_once() {
    check(
        PUBLISHED,
        TIME,
        &[
            (
                "in 2022, 2023 and 2024",
                &[
                    "2022 | 2022-01-01..2023-01-01",
                    "2023 | 2023-01-01..2024-01-01",
                    "2024 | 2024-01-01..2025-01-01",
                ],
            ),
            ("Q2 and Q3 2024", &["Q2 | 2024-04-01..2024-07-01", "Q3 2024 | 2024-07-01..2024-10-01"]),
            ("2023年5月和6月", &["2023年5月 | 2023-05-01..2023-06-01", "6月 | 2023-06-01..2023-07-01"]),
            ("2023、2024年", &["2023 | 2023-01-01..2024-01-01", "2024年 | 2024-01-01..2025-01-01"]),
            ("the 2025 quota", &["2025 | 2025-01-01..2026-01-01"]),
            ("2024 versus 2023", &["2024 | 2024-01-01..2025-01-01", "2023 | 2023-01-01..2024-01-01"]),
            ("first quarter next year", &["first quarter next year | 2026-01-01..2026-04-01"]),
            ("the third quarter of last year", &["third quarter of last year | 2024-07-01..2024-10-01"]),
            ("sold 2000, 500 and 100", &[]),
        ],
    );
}

#[test]
fn spans_tied_to_a_date() {
    check(
        PUBLISHED,
        TIME,
        &[
            (
                "the nine months ended September 30, 2024",
                &["nine months ended September 30, 2024 | 2024-01-01..2024-10-01"],
            ),
            ("three months to June", &["three months to June | 2025-04-01..2025-07-01"]),
            ("12 months ended December 31", &["12 months ended December 31 | 2024-01-01..2025-01-01"]),
            ("the September 2024 quarter", &["September 2024 quarter | 2024-07-01..2024-10-01"]),
            ("two weeks starting July 21", &["two weeks starting July 21 | 2025-07-21..2025-08-04"]),
            ("month to date", &["month to date | 2025-07-01..2025-07-13"]),
            ("trailing twelve months", &["trailing twelve months | 2024-07-13..2025-07-13"]),
            ("over the past decade", &["past decade | 2015-07-13..2025-07-13"]),
            ("a week before yesterday", &["a week before yesterday | 2025-07-05..2025-07-06"]),
            ("10 days from now", &["10 days from now | 2025-07-23..2025-07-24"]),
            ("one and a half years ago", &["one and a half years ago | 2024-01-13..2024-01-14"]),
            ("in three weeks' time", &["in three weeks | 2025-08-03..2025-08-04"]),
            ("the plant will restart in three weeks", &["in three weeks | 2025-08-03..2025-08-04"]),
            ("it will be the lowest in three weeks", &[]),
            ("接下来两周", &["接下来两周 | 2025-07-14..2025-07-28"]),
            ("今年以来", &["今年以来 | 2025-01-01..2025-07-13"]),
            ("from 2019 to date", &["from 2019 to date | 2019-01-01..2025-07-13"]),
            ("until July 18 it will rest", &["until July 18 | ..2025-07-19"]),
        ],
    );
}

#[test]
fn the_same_period_of_another_year() {
    check(
        PUBLISHED,
        TIME,
        &[
            (
                "2025年上半年营收10亿元，去年同期为8亿元",
                &["2025年上半年 | 2025-01-01..2025-07-01", "去年同期 | 2024-01-01..2024-07-01"],
            ),
            (
                "一季度亏损。较年初好转，2023年同期盈利",
                &[
                    "一季度 | 2025-01-01..2025-04-01",
                    "年初 | 2025-01-01..2025-01-02",
                    "2023年同期 | 2023-01-01..2023-04-01",
                ],
            ),
            (
                "1-5月出口增加，同期进口下降",
                &["1-5月 | 2025-01-01..2025-06-01", "同期 | 2025-01-01..2025-06-01"],
            ),
            (
                "In June output rose from a year earlier",
                &["June | 2025-06-01..2025-07-01", "a year earlier | 2024-06-01..2024-07-01"],
            ),
            (
                "from November 2024 to March 2025, against the same period a year earlier",
                &[
                    "from November 2024 to March 2025 | 2024-11-01..2025-04-01",
                    "same period a year earlier | 2023-11-01..2024-04-01",
                ],
            ),
            (
                "On July 10 it fell 2% from the previous day",
                &["July 10 | 2025-07-10..2025-07-11", "previous day | 2025-07-09..2025-07-10"],
            ),
            ("In 2024 and the previous quarter", &["2024 | 2024-01-01..2025-01-01", "previous quarter | .."]),
            ("the same period of last year", &["same period of last year | 2024-01-01..2025-01-01"]),
            ("上月。\n去年同期", &["上月 | 2025-06-01..2025-07-01", "去年同期 | .."]),
        ],
    );
}

#[test]
fn which_year_a_day_without_one_takes() {
    check(
        PUBLISHED,
        TIME,
        &[
            // What began lies behind, what will end lies ahead.
            (
                "The ban began on April 4 and will last until November 10",
                &["April 4 | 2025-04-04..2025-04-05", "until November 10 | ..2025-11-11"],
            ),
            ("First-half profit is expected to double", &["First-half | 2025-01-01..2025-07-01"]),
            ("预计一季度亏损", &["一季度 | 2025-01-01..2025-04-01"]),
            ("Effective August 1, tariffs apply", &["August 1 | 2025-08-01..2025-08-02"]),
            ("It closed on August 1.\nMore will follow", &["August 1 | 2024-08-01..2024-08-02"]),
            ("a reply is due by July 31", &["by July 31 | ..2025-08-01"]),
            ("by June it had doubled", &["by June | ..2025-07-01"]),
            ("自8月1日起执行", &["自8月1日起 | 2025-08-01.."]),
            ("自8月以来上涨", &["自8月以来 | 2024-08-01.."]),
            (
                "今年1、2月和三四月",
                &["今年1、2月 | 2025-01-01..2025-03-01", "三四月 | 2025-03-01..2025-05-01"],
            ),
            ("产量增加2000 t", &[]),
            ("output rose by 2000 t", &[]),
            ("as early as 2026", &["2026 | 2026-01-01..2027-01-01"]),
            ("未来两三年与近5日", &["未来两三年 | ..", "近5日 | 2025-07-08..2025-07-13"]),
        ],
    );
}

#[test]
fn plans_years_of_account_and_seasons() {
    check(
        PUBLISHED,
        TIME,
        &[
            ("“十四五”期间", &["十四五 | 2021-01-01..2026-01-01"]),
            ("第三个五年计划", &["第三个五年计划 | 1966-01-01..1971-01-01"]),
            ("the 15th Five-Year Plan", &["15th Five-Year Plan | 2026-01-01..2031-01-01"]),
            ("共十四五个", &[]),
            ("FY2024-25", &["FY2024-25 | .."]),
            ("third fiscal quarter", &["third fiscal quarter | .."]),
            ("2025财年", &["2025财年 | 2025-01-01..2026-01-01"]),
            ("the 19th century", &["19th century | 1801-01-01..1901-01-01"]),
            ("the nineties", &["the nineties | 1990-01-01..2000-01-01"]),
            ("last summer and this spring", &["last summer | ..", "this spring | .."]),
            ("去年冬季", &["去年冬季 | .."]),
            ("五月初一", &["五月初一 | .."]),
            ("2024年国庆节", &["2024年国庆节 | 2024-10-01..2024-10-02"]),
            ("Thanksgiving 2024", &["Thanksgiving 2024 | 2024-11-28..2024-11-29"]),
        ],
    );
}

#[test]
fn words_that_only_look_like_times() {
    check(
        PUBLISHED,
        TIME,
        &[
            ("prices fall and spring back", &[]),
            ("he may second the motion", &[]),
            ("Sun Metals and Mon Repos", &[]),
            ("month-on-month and year-on-year", &[]),
            ("a third of the mid tier", &[]),
            ("in the end of the line", &[]),
            ("20th Century Fox", &[]),
            ("the first of its kind", &[]),
            ("三年内, 近5日均线", &[]),
            ("十一家企业, 大中型", &[]),
        ],
    );
}

#[test]
fn dates_that_do_not_exist_and_ranges_that_run_backwards() {
    let cases = [
        ("2月30日", Doubt::NoSuchDate),
        ("2025-13-07", Doubt::NoSuchDate),
        ("April 31", Doubt::NoSuchDate),
        ("2025年13月", Doubt::NoSuchDate),
        ("29.02.2025", Doubt::NoSuchDate),
        ("since June 31", Doubt::NoSuchDate),
        ("2月27日至2月30日", Doubt::NoSuchDate),
        ("from 2025 to 2022", Doubt::BackwardRange),
        ("2024年至2022年", Doubt::BackwardRange),
        ("July 11-8, 2025", Doubt::BackwardRange),
        ("2025-07-11至2025-07-08", Doubt::BackwardRange),
    ];
    let context = Context { published: PUBLISHED.parse().ok(), kinds: Kinds::of(TIME) };
    for (text, doubt) in cases {
        let mentions = Reader::standard().read(text, &context);
        let found: Vec<_> = mentions
            .iter()
            .map(|mention| (mention.quote, mention.doubt, &mention.start, &mention.end))
            .collect();
        assert_eq!(found, [(text, Some(doubt), &None, &None)], "{text}");
    }
    for text in ["2024年2月29日", "2月29日", "December 2024 to April 2025", "11月至3月"] {
        let mentions = Reader::standard().read(text, &context);
        assert!(
            mentions.len() == 1 && mentions[0].doubt.is_none() && mentions[0].start.is_some(),
            "{mentions:?}"
        );
    }
}

#[test]
fn lengths_said_in_parts() {
    check(
        PUBLISHED,
        &[Kind::Duration],
        &[
            ("1 year, 2 months and 3 days", &["1 year, 2 months and 3 days | 36979200 | s | 36979200s"]),
            ("3 weeks 2 days", &["3 weeks 2 days | 1987200 | s | 1987200s"]),
            ("a year and a half", &["a year and a half | 1.5 | a | 47304000s"]),
            ("two or three weeks", &["two or three weeks | 2..3 | wk"]),
            ("within two business days", &["two business days | 2 | d | 172800s"]),
        ],
    );
}

#[test]
fn times_that_the_text_tells_more_of() {
    check(
        PUBLISHED,
        TIME,
        &[
            ("FY26 output", &["FY26 | 2026-01-01..2027-01-01"]),
            (
                "Q3 FY25 of the year ended 31 March",
                &["Q3 FY25 | 2024-10-01..2025-01-01", "year ended 31 March | 2024-04-01..2025-04-01"],
            ),
            ("11月至次年3月", &["11月至次年3月 | 2024-11-01..2025-04-01"]),
            ("last year's third quarter", &["last year's third quarter | 2024-07-01..2024-10-01"]),
            ("the April-June quarter", &["April-June quarter | 2025-04-01..2025-07-01"]),
            ("the second half of calendar 2024", &["second half of calendar 2024 | 2024-07-01..2025-01-01"]),
            ("一、二、三季度", &["一、二、三季度 | 2025-01-01..2025-10-01"]),
        ],
    );
}

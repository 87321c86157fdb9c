//! Names, codes and citation marks, read in sentences of our own; and that none of them is read as a number.

mod common;

use common::check;
use text::Kind;

#[test]
fn entities() {
    check(
        "",
        &[Kind::Entity],
        &[
            (
                "氧化镨钕与镨钕氧化物、NdPr oxide",
                &[
                    "氧化镨钕 | commodity/praseodymium-neodymium-oxide",
                    "镨钕氧化物 | commodity/praseodymium-neodymium-oxide",
                    "NdPr oxide | commodity/praseodymium-neodymium-oxide",
                ],
            ),
            (
                "北方稀土和包钢股份",
                &["北方稀土 | company/northern-rare-earth", "包钢股份 | company/baotou-steel"],
            ),
            ("LME copper", &["LME | exchange/LME", "copper | commodity/copper"]),
            (
                "美被曝从泰墨转运稀土",
                &["美 | country/USA", "泰 | country/THA", "墨 | country/MEX", "稀土 | commodity/rare-earths"],
            ),
            ("中方表示", &["中方 | country/CHN"]),
            ("美丽的墨水与泰然的安排", &[]),
            ("please tell us about it", &[]),
            ("稀 土价格", &["稀 土 | commodity/rare-earths", "价格 | measure/price"]),
            ("export controls disrupt the supply chain", &[]),
            ("金融与银行", &[]),
        ],
    );
}

#[test]
fn codes_are_no_numbers() {
    check(
        "",
        &[Kind::Number, Kind::Code, Kind::Citation],
        &[
            ("北方稀土(600111.SH)", &["600111.SH"]),
            ("HS 2825.80 covers it", &["2825.80"]),
            ("the F-35 and the A320", &["F-35", "A320"]),
            ("prices fell [3][21].", &["[3]", "[21]"]),
            ("as shown [4, 7]", &["[4, 7]"]),
            ("2.1 Copper - Prices fell", &["2.1"]),
            ("Group 1: Supply", &["Group 1"]),
            ("call +1-222-555-0100", &["+1-222-555-0100"]),
            ("server 192.168.1.20", &["192.168.1.20"]),
            ("CAS 7440-36-0", &["7440-36-0"]),
            ("see https://example.com/2024/11/5?id=77 please", &[]),
            ("the No. 5 smelter, by Order No. 87", &["87"]),
            ("Section 232 and Table 3, page 45", &["Section 232"]),
            ("1、价格上涨", &["1"]),
            ("电话：010-65123456，证券代码：600111", &["010-65123456", "600111"]),
            ("a 24/7 operation", &[]),
            ("公告第46号，〔2025〕12号文，3号线", &["46", "〔2025〕12"]),
            ("沪铜2508合约", &["2508"]),
            ("9时30分开盘", &[]),
        ],
    );
}

#[test]
fn names_that_contain_numbers_are_names() {
    check(
        "",
        &[Kind::Number, Kind::Entity],
        &[
            ("北证50上涨", &["北证50 | index/bse50"]),
            ("a Fortune 500 firm", &["Fortune 500 | index/fortune500"]),
            ("沪深300", &["沪深300 | index/csi300"]),
        ],
    );
}

#[test]
fn sentences_of_texts_and_digests() {
    let text = "第一句。第二句!\nPrices of Smith Inc. rose 2.5% in the U.S. market. Core Insights - Copper rose [1] Group 1: Supply - Output fell [2] - Demand rose";
    let found: Vec<&str> = text::sentences(text).map(|span| &text[span]).collect();
    assert_eq!(
        found,
        [
            "第一句。",
            "第二句!",
            "Prices of Smith Inc. rose 2.5% in the U.S. market.",
            "Core Insights",
            "Copper rose [1]",
            "Group 1: Supply",
            "Output fell [2]",
            "Demand rose",
        ]
    );
}

#[test]
fn codes_of_papers_goods_and_grades() {
    check(
        "",
        &[Kind::Number, Kind::Code],
        &[
            ("商务部公告第46号", &["46"]),
            ("国发〔2021〕23号", &["国发〔2021〕23"]),
            ("发改价格〔2024〕196号", &["发改价格〔2024〕196"]),
            ("税则号列：81011000、81019600", &["81011000", "81019600"]),
            ("CAS号：7440-31-5", &["7440-31-5"]),
            ("4N5镓、42SH磁钢、316L和Q235B", &["4N5", "42SH", "316L", "Q235B"]),
            ("In brief: 1) Vale rose. 2) Glencore fell.", &["1", "2"]),
            ("一、行情 二、库存", &["一", "二"]),
        ],
    );
}

#[test]
fn numerals_that_count_nothing() {
    check(
        "",
        &[Kind::Number, Kind::Quantity, Kind::Code],
        &[
            ("8系三元与高镍9系", &[]),
            ("二线城市、七台河、三峡能源", &[]),
            ("5·20行情、2+26城市、4.0时代、双11", &[]),
            ("LME铜3M升水", &[]),
            ("Phase 2, stage one, Scope 1 and 2, kiln No. 2", &[]),
            ("Form 10-K and Form 20-F", &[]),
            ("The Chinese price rose, the European one fell by 2 t", &["2 t | 2 | t"]),
        ],
    );
}

#[test]
fn goods_without_their_market_type_and_by_what_is_spoken_of() {
    check(
        "",
        &[Kind::Entity],
        &[
            ("COMEX黄金", &["COMEX | exchange/COMEX", "黄金 | commodity/gold"]),
            ("现货白银", &["白银 | commodity/silver"]),
            ("mined copper", &["copper | commodity/copper"]),
            ("铂钯", &["铂 | commodity/platinum", "钯 | commodity/palladium"]),
            (
                "solar modules and cells",
                &["solar modules | commodity/solar-module", "cells | commodity/solar-cell"],
            ),
            ("Cu and Zn.", &["Cu | commodity/copper", "Zn | commodity/zinc"]),
            ("江西某某稀土有限公司", &["江西 | place/jiangxi"]),
        ],
    );
}

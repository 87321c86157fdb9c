//! Quantities, money and rates, read in sentences of our own.

mod common;

use common::check;
use text::Kind;

const QUANTITY: &[Kind] = &[Kind::Quantity];

#[test]
fn prices() {
    check(
        "",
        QUANTITY,
        &[
            ("氧化锑报2.8~2.85万元/吨", &["2.8~2.85万元/吨 | 28000..28500 | CNY/t"]),
            ("钨精矿1500-1520万元/吨", &["1500-1520万元/吨 | 15000000..15200000 | CNY/t"]),
            ("at $8,450.50 per ton", &["$8,450.50 per ton | 8450.5 | USD/t"]),
            ("at 63,100 CNY per ton", &["63,100 CNY per ton | 63100 | CNY/t"]),
            ("raised to 21,000 yuan/ton (REO=50%)", &["21,000 yuan/ton | 21000 | CNY/t"]),
            ("$110/kg in Rotterdam", &["$110/kg | 110 | USD/kg"]),
            ("金价3370.3美元/盎司", &["3370.3美元/盎司 | 3370.3 | USD/[oz_tr]"]),
            ("LME铜报9663美元/吨", &["9663美元/吨 | 9663 | USD/t"]),
            ("每吨9663美元", &["9663美元 | 9663 | USD/t"]),
            ("$500-600 per ton", &["$500-600 per ton | 500..600 | USD/t"]),
            ("copper at 4.52 $/lb", &["4.52 $/lb | 4.52 | USD/[lb_av]"]),
            ("0.68元/瓦", &["0.68元/瓦 | 0.68 | CNY/W"]),
            ("每股分红1.2港元", &["1.2港元 | 1.2 | HKD"]),
        ],
    );
}

#[test]
fn money() {
    check(
        "",
        QUANTITY,
        &[
            (
                "900 million to 960 million yuan",
                &["900 million to 960 million yuan | 900000000..960000000 | CNY"],
            ),
            ("515 to 595 million HKD", &["515 to 595 million HKD | 515000000..595000000 | HKD"]),
            ("营收36.57亿元", &["36.57亿元 | 3657000000 | CNY"]),
            ("人民币8亿元", &["人民币8亿元 | 800000000 | CNY"]),
            ("投资US$2.4bn", &["US$2.4bn | 2400000000 | USD"]),
            ("€5m loan", &["€5m | 5000000 | EUR"]),
            ("about RMB 1.2 billion", &["RMB 1.2 billion | 1200000000 | CNY | About"]),
            ("A$750 million", &["A$750 million | 750000000 | AUD"]),
            ("五元三毛", &["五元三毛 | 5.3 | CNY"]),
            ("3 dollars 50 cents", &["3 dollars 50 cents | 3.5 | USD"]),
            (
                "47亿日元、3万韩元、20万卢布",
                &["47亿日元 | 4700000000 | JPY", "3万韩元 | 30000 | KRW", "20万卢布 | 200000 | RUB"],
            ),
            ("净流入超35亿元", &["35亿元 | 3500000000 | CNY | Over"]),
        ],
    );
}

#[test]
fn physical_units() {
    check(
        "",
        QUANTITY,
        &[
            ("共3,834 tons over the period", &["3,834 tons | 3834 | t"]),
            ("3834吨稀土", &["3834吨 | 3834 | t"]),
            ("逾3800吨", &["3800吨 | 3800 | t | Over"]),
            ("数千吨稀土", &["数千吨 | 1000..10000 | t"]),
            ("12.5 Mt of ore and 40 kt of metal", &["12.5 Mt | 12500000 | t", "40 kt | 40000 | t"]),
            (
                "200 short tons, 30 long tons",
                &["200 short tons | 200 | [ston_av]", "30 long tons | 30 | [lton_av]"],
            ),
            ("roughly 150 kilograms of gallium", &["150 kilograms | 150 | kg | About"]),
            ("5 million pounds of uranium", &["5 million pounds | 5000000 | [lb_av]"]),
            ("2,000 ounces of gold", &["2,000 ounces | 2000 | [oz_tr]"]),
            ("20 ounces of milk", &["20 ounces | 20 | [oz_av]"]),
            ("成交50.89亿股", &["50.89亿股 | 5089000000 | {share}"]),
            ("持仓12万手", &["12万手 | 120000 | {lot}"]),
            ("装机100GW，发电3.2亿千瓦时", &["100GW | 100 | GW", "3.2亿千瓦时 | 320000000 | kW.h"]),
            (
                "1,500 TEU, 70 barrels and 3 carats",
                &["1,500 TEU | 1500 | {TEU}", "70 barrels | 70 | [bbl_us]", "3 carats | 3 | [car_m]"],
            ),
            ("20,000 tonnes per year", &["20,000 tonnes per year | 20000 | t/a"]),
            ("占地387万亩", &["387万亩 | 3870000 | {mu}"]),
            ("1050℃", &["1050℃ | 1050 | Cel"]),
            ("3000多吨", &["3000多吨 | 3000 | t | Over"]),
            ("一吨半", &["一吨半 | 1.5 | t"]),
        ],
    );
}

#[test]
fn multiples() {
    check(
        "",
        QUANTITY,
        &[
            ("nearly five times the demand", &["five times | 5 | {multiple} | Nearly"]),
            (
                "a tenfold rise but a halving of prices",
                &["tenfold | 10 | {multiple}", "halving | 0.5 | {multiple}"],
            ),
            ("市盈率96.79倍", &["96.79倍 | 96.79 | {multiple}"]),
            ("产量翻两番，利润翻番", &["翻两番 | 4 | {multiple}", "翻番 | 2 | {multiple}"]),
        ],
    );
}

#[test]
fn what_is_no_unit() {
    check(
        "",
        QUANTITY,
        &[
            ("15位股东", &[]),
            ("二手设备", &[]),
            ("三元锂电池", &[]),
            ("In 2020 won seats", &[]),
            ("2025 m", &[]),
        ],
    );
}

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
            ("每吨9663美元", &["每吨9663美元 | 9663 | USD/t"]),
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
            ("人民币8亿元", &["8亿元 | 800000000 | CNY"]),
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
fn money_of_many_countries() {
    check(
        "",
        QUANTITY,
        &[
            ("40 Kenyan shillings, KSh 40", &["40 Kenyan shillings | 40 | KES", "KSh 40 | 40 | KES"]),
            ("12 Chilean pesos and 12 pesos", &["12 Chilean pesos | 12 | CLP", "12 pesos | 12 | {peso}"]),
            (
                "5万坚戈、6万图格里克、7万宽扎",
                &["5万坚戈 | 50000 | KZT", "6万图格里克 | 60000 | MNT", "7万宽扎 | 70000 | AOA"],
            ),
            ("₦445, ₱300, 900₽", &["₦445 | 445 | NGN", "₱300 | 300 | PHP", "900₽ | 900 | RUB"]),
            ("40 MUSD, kEUR 5", &["40 MUSD | 40000000 | USD", "kEUR 5 | 5000 | EUR"]),
            ("TOP 10 miners, ALL 5 of them, TRY 2", &[]),
            ("TRY 2,500 in all", &["TRY 2,500 | 2500 | TRY"]),
            ("-$5.20 a share", &["-$5.20 a share | -5.2 | USD/{share}"]),
            ("some 1,200 won, 2020 won", &["1,200 won | 1200 | KRW | About"]),
        ],
    );
}

#[test]
fn amounts_in_more_than_one_unit() {
    check(
        "",
        QUANTITY,
        &[
            ("七块二毛五", &["七块二毛五 | 7.25 | CNY"]),
            ("12元5角3分", &["12元5角3分 | 12.53 | CNY"]),
            ("四块八一斤", &["四块 | 4 | CNY"]),
            ("7 euros 20 cents", &["7 euros 20 cents | 7.2 | EUR"]),
            ("8 pounds 30 pence", &["8 pounds 30 pence | 8.3 | GBP"]),
            ("4 rubles 25 kopeks", &["4 rubles 25 kopeks | 4.25 | RUB"]),
            ("20日元50日本銭", &["20日元50日本銭 | 20.5 | JPY"]),
            ("cost two dollars and three.", &["two dollars and three | 2.03 | USD"]),
            ("two dollars and three books", &["two dollars | 2 | USD"]),
            ("seven feet two inches", &["seven feet two inches | 7.166666666666667 | [ft_i]"]),
            ("一米七五", &["一米七五 | 1.75 | m"]),
            ("an inch and a half", &["an inch and a half | 1.5 | [in_i]"]),
            ("three miles and a quarter", &["three miles and a quarter | 3.25 | [mi_i]"]),
            (
                "half a ton; a quarter of a pound",
                &["half a ton | 0.5 | t", "a quarter of a pound | 0.25 | [lb_av]"],
            ),
            ("三斤半", &["三斤半 | 1.75 | kg"]),
        ],
    );
}

#[test]
fn rates() {
    check(
        "",
        QUANTITY,
        &[
            ("40 cents/lb", &["40 cents/lb | 0.4 | USD/[lb_av]"]),
            ("1.3万元/吨度", &["1.3万元/吨度 | 13000 | CNY/{mtu}"]),
            ("$88/dmtu", &["$88/dmtu | 88 | USD/{mtu}"]),
            ("US$88 per dry metric ton unit", &["US$88 per dry metric ton unit | 88 | USD/{mtu}"]),
            ("720美元/干吨", &["720美元/干吨 | 720 | USD/t"]),
            ("USD 35 per 10 kg", &["USD 35 per 10 kg | 3.5 | USD/kg"]),
            ("每10公斤35元", &["每10公斤35元 | 3.5 | CNY/kg"]),
            ("4元/斤", &["4元/斤 | 8 | CNY/kg"]),
            ("2.4 g/t gold", &["2.4 g/t | 2.4 | g/t"]),
            ("7元/片", &["7元/片 | 7 | CNY/{piece}"]),
            ("800万桶/日", &["800万桶/日 | 8000000 | [bbl_us]/d"]),
            ("$330-340/mtu", &["$330-340/mtu | 330..340 | USD/{mtu}"]),
        ],
    );
}

#[test]
fn vague_counts_are_bounds() {
    check(
        "",
        QUANTITY,
        &[
            ("上千吨", &["上千吨 | 1000.. | t"]),
            ("近万吨", &["万吨 | 10000 | t | Nearly"]),
            ("百余吨", &["百余吨 | 100 | t | Over"]),
            ("数倍", &["数倍 | 2..10 | {multiple}"]),
            ("几十亿元", &["几十亿元 | 1000000000..10000000000 | CNY"]),
            ("several hundred tonnes", &["several hundred tonnes | 100..1000 | t"]),
            ("a few thousand tonnes", &["a few thousand tonnes | 1000..10000 | t"]),
            ("hundreds of millions of dollars", &["hundreds of millions of dollars | 100000000.. | USD"]),
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
            ("200 ktpa of metal, 50,000 dwt", &["200 ktpa | 200000 | t/a", "50,000 dwt | 50000 | t{dwt}"]),
            (
                "1.2 Moz, 300 koz, 50 Mlb",
                &["1.2 Moz | 1200000 | [oz_tr]", "300 koz | 300000 | [oz_tr]", "50 Mlb | 50000000 | [lb_av]"],
            ),
            (
                "5平方公里、300立方厘米、4 sq yd",
                &["5平方公里 | 5 | km2", "300立方厘米 | 300 | cm3", "4 sq yd | 4 | [syd_i]"],
            ),
            ("100° Celsius, 300 kelvin", &["100° Celsius | 100 | Cel", "300 kelvin | 300 | K"]),
            ("800G光模块与5G", &[]),
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
            ("翻了一番，再翻三番", &["翻了一番 | 2 | {multiple}", "翻三番 | 8 | {multiple}"]),
            ("double the level, twice a week", &["double | 2 | {multiple}"]),
            (
                "quadrupled, 10-fold, 2.5x",
                &["quadrupled | 4 | {multiple}", "10-fold | 10 | {multiple}", "2.5x | 2.5 | {multiple}"],
            ),
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

//! Numbers, percentages and ranges, read in sentences of our own.

mod common;

use common::check;
use text::Kind;

const NUMBER: &[Kind] = &[Kind::Number];
const PERCENT: &[Kind] = &[Kind::Percent];

#[test]
fn digits() {
    check(
        "",
        NUMBER,
        &[
            ("共有1,234,567家", &["1,234,567 | 1234567"]),
            ("The score was 12,34,567.89 then", &["12,34,567.89 | 1234567.89"]),
            ("全角１２３．５也算", &["１２３．５ | 123.5"]),
            ("It has 40 000 members", &["40 000 | 40000"]),
            ("In all 3.50 of 7", &["3.50 | 3.5", "7 | 7"]),
            ("about -4.25 on the day", &["-4.25 | -4.25 | About"]),
            (
                "some 10k visitors, 2.5M readers, 1.2bn calls",
                &["10k | 10000 | About", "2.5M | 2500000", "1.2bn | 1200000000"],
            ),
            ("one part in 1/8", &["one | 1", "1/8 | 0.125"]),
            // Points and blanks between threes, and a comma before the decimals; a point alone before three is a point.
            ("Summe 1.234.567,89 und 10.000,50", &["1.234.567,89 | 1234567.89", "10.000,50 | 10000.5"]),
            ("au total 1 234 567,8 et 9.663", &["1 234 567,8 | 1234567.8", "9.663 | 9.663"]),
            ("½ and 2½", &["½ | 0.5", "2½ | 2.5"]),
            ("6.02x10^23", &["6.02x10^23 | 602000000000000000000000"]),
            ("7^2", &["7^2 | 49"]),
            (
                "1.5E-3, 4e6, 6.02 × 10²³",
                &["1.5E-3 | 0.0015", "4e6 | 4000000", "6.02 × 10²³ | 602000000000000000000000"],
            ),
            ("20G", &["20G | 20000000000"]),
            ("18K金", &[]),
            ("- 2 3/4", &["- 2 3/4 | -2.75"]),
            ("2⁄5 and 3 and a half", &["2⁄5 | 0.4", "3 and a half | 3.5"]),
            (
                "long 1234567890123456789012345678901234567890.5 too",
                &[
                    "1234567890123456789012345678901234567890.5 | 1234567890123456789012345678901234567890.5 | doubt TooLong",
                ],
            ),
        ],
    );
}

#[test]
fn a_unit_that_is_not_looked_for_leaves_its_number() {
    check(
        "",
        NUMBER,
        &[
            ("15元", &["15 | 15"]),
            ("成本涨了3.4万亿元", &["3.4万亿 | 3400000000000"]),
            ("占比5%", &["5 | 5"]),
        ],
    );
}

#[test]
fn chinese_numerals() {
    check(
        "",
        NUMBER,
        &[
            ("两千三百万人", &["两千三百万 | 23000000"]),
            ("约1亿2千万户", &["1亿2千万 | 120000000 | About"]),
            ("市值16.4亿", &["16.4亿 | 1640000000"]),
            ("壹佰贰拾叁", &["壹佰贰拾叁 | 123"]),
            ("一千零五", &["一千零五 | 1005"]),
            ("两千四百五", &["两千四百五 | 2450"]),
            ("三点五亿", &["三点五亿 | 350000000"]),
            ("五分之二", &["五分之二 | 0.4"]),
            ("二又三分之一", &["二又三分之一 | 2.333333333333333"]),
            ("超三十万多人", &["三十万多 | 300000 | Over"]),
            ("十几家", &["十几 | 11..19"]),
            ("数百家", &["数百 | 100..1000"]),
            ("三四千名", &["三四千 | 3000..4000"]),
            ("七萬五千個", &["七萬五千 | 75000"]),
            ("两个国家", &["两 | 2"]),
            ("年过半百，买半打", &["半百 | 50", "半打 | 6"]),
            ("廿五个，十七八个，三五个", &["廿五 | 25", "十七八 | 17..18", "三五 | 3..5"]),
            ("1又1/2", &["1又1/2 | 1.5"]),
            ("上百家，成千上万家，近千家", &["上百 | 100..", "成千上万 | 1000..", "千 | 1000 | Nearly"]),
            ("负七", &["负七 | -7"]),
        ],
    );
}

#[test]
fn words_that_contain_numerals_are_no_numbers() {
    check(
        "",
        NUMBER,
        &[
            ("这一定十分统一", &[]),
            ("第三国、第十名", &[]),
            ("一带一路与十四五规划", &[]),
            ("陆续放行，收拾局面", &[]),
            ("四川省三元材料", &[]),
            ("五氧化二钒与六氟磷酸锂", &[]),
            ("Which one do you prefer, and the one above?", &[]),
            ("through a third country", &[]),
        ],
    );
}

#[test]
fn english_words() {
    check(
        "",
        NUMBER,
        &[
            ("twenty-one million and three hundred", &["twenty-one million and three hundred | 21000300"]),
            ("half a million readers", &["half a million | 500000"]),
            ("two thirds of them", &["two thirds | 0.666666666666667"]),
            ("three dozen mines", &["three dozen | 36"]),
            ("minus five point two", &["minus five point two | -5.2"]),
            ("a hundred ships", &["a hundred | 100"]),
            ("dozens of ships", &["dozens | 24.."]),
            ("tens of thousands of workers", &["tens of thousands | 10000.."]),
            ("one million and a half", &["one million and a half | 1500000"]),
            ("3.536 billion in all", &["3.536 billion | 3536000000"]),
            ("two out of five smelters", &["two out of five | 0.4"]),
            ("five thirty-seconds", &["five thirty-seconds | 0.15625"]),
            ("three hundred and seven hundredths", &["three hundred and seven hundredths | 300.07"]),
            ("three hundred and seven fifths", &["three hundred and seven fifths | 61.4"]),
            ("four and a half million", &["four and a half million | 4500000"]),
            ("four million and a half million", &["four million and a half million | 4500000"]),
            ("two point five million", &["two point five million | 2500000"]),
            ("the twenty-first and the thirty-third", &[]),
            ("forty forty-fifths", &["forty forty-fifths | 0.888888888888889"]),
        ],
    );
}

#[test]
fn percentages() {
    check(
        "",
        PERCENT,
        &[
            ("同比增长1882%-2014%", &["1882%-2014% | 1882..2014 | %"]),
            ("百分之五点五", &["百分之五点五 | 5.5 | %"]),
            ("千分之三", &["千分之三 | 0.3 | %"]),
            ("上升2.5个百分点", &["2.5个百分点 | 2.5 | [pp]"]),
            ("cut by 25 basis points", &["25 basis points | 0.25 | [pp]"]),
            ("下调10bp", &["10bp | 0.1 | [pp]"]),
            ("三成半", &["三成半 | 35 | %"]),
            ("涨了两三成", &["两三成 | 20..30 | %"]),
            ("打七五折", &["七五折 | 75 | %"]),
            ("成本占三成本来不高", &[]),
            ("growth of 161% to 202%", &["161% to 202% | 161..202 | %"]),
            ("nearly twenty percent", &["twenty percent | 20 | % | Nearly"]),
            ("over 90％", &["90％ | 90 | % | Over"]),
            ("gained (+3.25%)", &["+3.25% | 3.25 | %"]),
            ("跌-1.5%", &["-1.5% | -1.5 | %"]),
            ("from 5% to 7%", &["5% | 5 | %", "7% | 7 | %"]),
        ],
    );
}

#[test]
fn ranges_and_their_qualifiers() {
    check(
        "",
        NUMBER,
        &[
            ("20~30家", &["20~30 | 20..30"]),
            (
                "525000-535000 | 530000 | -5000",
                &["525000-535000 | 525000..535000", "530000 | 530000", "-5000 | -5000"],
            ),
            ("between 20 and 30 stocks", &["20 and 30 | 20..30"]),
            ("30-20", &["30 | 30", "20 | 20"]),
            ("不超过30家", &["30 | 30 | AtMost"]),
            ("30家以上", &["30 | 30 | AtLeast"]),
            ("30以上", &["30 | 30 | AtLeast"]),
            ("no less than thirty", &["thirty | 30 | AtLeast"]),
            ("up to 700 workers", &["700 | 700 | AtMost"]),
            ("3,800+ cases", &["3,800 | 3800 | Over"]),
            ("fewer than 100", &["100 | 100 | Under"]),
            ("最近30家", &["30 | 30"]),
            ("策略周报-20250713", &["20250713 | 20250713"]),
            ("达2000万辆以上", &["2000万 | 20000000 | AtLeast"]),
        ],
    );
}

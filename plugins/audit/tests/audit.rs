//! What the audit says of made-up texts, as a host would call it, without a host. All are published on 14 July 2025.

mod common;

use audit::Audit;
use plugin_sdk::record::{Check, FindingKind};
use plugin_sdk::testing;

use self::common::{Result, expect, findings, inputs};

#[test]
fn a_value_fits_its_base_and_change() -> Result {
    expect(
        Check::ChangeBase,
        &[
            (false, "Inventories fell from 24,500 t to 21,300 t, a drop of 4,200 t."),
            (true, "上半年出口锑锭3,450吨，去年同期为3,000吨，增长15.0%。"),
            (false, "上半年出口锑锭3,450吨，去年同期为3,000吨，增长25.0%。"),
            (true, "Prices rose 4.2% to $90.10 a pound from $86.50."),
            (false, "Prices fell 4.2% to $90.10 a pound from $86.50."),
            (true, "现货价由每吨140,000元跌至70,000元，跌50%。"),
            (false, "Stocks rose 3.1% to 4.95 million tonnes from 480,000 tonnes at the end of April."),
            (true, "Cobalt was heard at over $24 per lb, up about 9% from $22."),
            (true, "美国进口高纯硫酸锰3,480吨，上年同期只有12吨，增长289倍。"),
        ],
    )
}

#[test]
fn ends_of_a_range_imply_one_base() -> Result {
    expect(
        Check::RangeBase,
        &[
            (true, "公司预计2025年上半年净利润为5.2亿元—5.8亿元，比上年同期增长30%—45%。"),
            (false, "公司预计2025年上半年净利润为5.2亿元—5.8亿元，比上年同期增长30%—85%。"),
            (true, "预计归母净利润同比增长50%至70%，达到3亿元至3.4亿元。"),
            (
                true,
                "The miner expects first-half profit to rise 50% to 70% to between $300 million and $340 million.",
            ),
            (
                false,
                "The miner expects first-half profit to rise 50% to 90% to between $300 million and $340 million.",
            ),
            (
                true,
                "Output is guided at 80,000-86,000 tonnes, 10.3-18.6 percent more than the 72,500 tonnes of 2024.",
            ),
            (
                false,
                "Output is guided at 80,000-86,000 tonnes, 10.3-28.6 percent more than the 72,500 tonnes of 2024.",
            ),
            (true, "公司预计上半年净利润4.0亿元至4.4亿元，同比下降20%至12%，上年同期为5.0亿元。"),
            (false, "公司预计净利润同比减少40%至50%，为3.0亿元至2.0亿元。"),
            (false, "净利润预计为2.1亿元到2.5亿元之间，与上年同期1.5亿元相比，增长40%到86%。"),
            (
                true,
                "公司预计实现净利润2.1亿元到2.5亿元，与上年同期相比增加0.6亿元到1.0亿元，同比增加40%到66.7%。",
            ),
            (false, "预计前三季度产量为10.5万吨至11.0万吨，同比下降5%至10%，去年同期为10.0万吨。"),
            (true, "预计净利润盈利：2.1亿元–2.5亿元，比上年同期上升：40%–66.7%。"),
            (false, "预计净利润盈利：2.1亿元–2.5亿元，比上年同期上升：40%–96.7%。"),
            (true, "净利润预计2.1亿元至2.5亿元。同比增幅为40%至66.7%。"),
            (true, "公司预计亏损1.0亿元至1.2亿元，同比减亏50%至40%。"),
            (false, "全年产量指引为80万至86万吨，比上年增加10.3%至18.6%。上年产量为62.5万吨。"),
            (
                false,
                "It guides for EBITDA of $540 million to $600 million, 8% to 20% above last year. EBITDA was $450 million last year.",
            ),
            (
                true,
                "Profit will be between $300 million and $340 million, 50% to 70% more than a year earlier.",
            ),
        ],
    )
}

#[test]
fn parts_make_their_total() -> Result {
    expect(
        Check::PartsTotal,
        &[
            (true, "上半年锑锭出口3,200吨，其中欧洲1,500吨，美国900吨，日本800吨。"),
            (false, "上半年锑锭出口3,200吨，其中欧洲1,500吨，美国900吨，其余1,800吨去往日本。"),
            (
                false,
                "Exports came to 3,200 t: 1,500 t to Europe, 900 t to the United States and the remaining 1,100 t to Japan.",
            ),
            (
                true,
                "Exports came to 3,200 t: 1,500 t to Europe, 900 t to the United States and the remaining 800 t to Japan.",
            ),
            (
                false,
                "The mine produced 410,000 t of ore, of which 280,000 t from the open pit and 160,000 t from underground.",
            ),
            (
                true,
                "The mine produced 440,000 t of ore, of which 280,000 t from the open pit and 160,000 t from underground.",
            ),
            (false, "一季度产量1.2万吨，二季度产量1.5万吨，上半年合计2.9万吨。"),
            (true, "一季度产量1.2万吨，二季度产量1.5万吨，上半年合计2.7万吨。"),
            (false, "Supply was 105,000 t and demand 98,000 t, leaving a surplus of 17,000 t."),
            (true, "Supply was 105,000 t and demand 98,000 t, leaving a surplus of 7,000 t."),
            (false, "全年需求8.6万吨，供应7.9万吨，供需缺口1.7万吨。"),
            (true, "全年需求8.6万吨，供应7.9万吨，供需缺口0.7万吨。"),
            (false, "The group has three mines with reserves of 12 Mt, 8 Mt and 5 Mt, a total of 35 Mt."),
            (false, "集团收入56.0亿元，由锂盐38.2亿元、锂矿12.6亿元和其他业务8.2亿元构成。"),
            (true, "集团收入59.0亿元，由锂盐38.2亿元、锂矿12.6亿元和其他业务8.2亿元构成。"),
            (
                false,
                "Europe and Asia bought 5,100 t and 7,300 t respectively, bringing the total to 14,200 t.",
            ),
            (false, "产量共计5.6万吨，甲矿3.1万吨、乙矿1.8万吨、丙矿1.7万吨。"),
        ],
    )
}

#[test]
fn parts_of_which_others_are_left_out_need_not_make_their_total() -> Result {
    for text in [
        "Reserves are put at more than 60 million tons, of which Chile holds 30 million tons and Peru 12 million tons. Its quota came in two batches.",
        "储量超过6,000万吨，其中智利3,000万吨、秘鲁1,200万吨。配额分两个批次下达。",
    ] {
        let found = findings(text, 0)?;
        assert!(found.iter().all(|(_, finding)| finding.kind() != FindingKind::Fails), "{text}: {found:#?}");
    }
    Ok(())
}

#[test]
fn a_ratio_fits_its_terms() -> Result {
    expect(
        Check::Ratio,
        &[
            (true, "进口量12.0万吨，出口量4.0万吨，进口是出口的3倍。"),
            (false, "进口量12.0万吨，出口量4.0万吨，进口是出口的4倍。"),
            (false, "Imports of 12,000 t were four times exports of 4,000 t."),
            (true, "Imports of 12,000 t were three times exports of 4,000 t."),
            (
                false,
                "Gold traded at $3,300 an ounce and silver at $37.50 an ounce, a gold-silver ratio of 98.",
            ),
            (
                true,
                "Gold traded at $3,300 an ounce and silver at $37.50 an ounce, a gold-silver ratio of 88.",
            ),
            (false, "The market cap of $4.5 billion is 6 times annual sales of $900 million."),
            (false, "上涨家数120家，下跌家数40家，涨跌比为2.5。"),
            (true, "上涨家数120家，下跌家数40家，涨跌比为3。"),
            (false, "库存3.6万吨，月消费1.2万吨，库存消费比为2。"),
            (true, "产能10万吨，产量8万吨，产能利用率80%。"),
            (false, "Capacity is 100,000 t and output was 72,000 t, an operating rate of 82%."),
            (true, "Capacity is 100,000 t and output was 72,000 t, an operating rate of 72%."),
            (false, "公司股价24.0元，每股收益0.80元，市盈率为40倍。"),
            (false, "出口5,640吨，进口1,880吨，出口相当于进口的2.1倍。"),
            (false, "1,226 t went to Japan and 310 t to Korea, so Japan took 4.6 times as much as Korea."),
            (false, "港口库存4.5万吨，月均消费1.5万吨，库存相当于月消费的一半。"),
        ],
    )
}

#[test]
fn shares_fit_their_whole() -> Result {
    expect(
        Check::Share,
        &[
            (false, "Output of 9,000 t was half of capacity of 15,000 t."),
            (false, "全国产量20万吨，其中江西产量8万吨，占48%。"),
            (true, "全国产量20万吨，其中江西产量8万吨，占40%。"),
            (false, "Of the 20,000 t exported, 8,000 t, or 48%, went to Japan."),
            (true, "Of the 20,000 t exported, 8,000 t, or 40%, went to Japan."),
            (false, "Japan took 8,000 t, 48% of total exports of 20,000 t."),
            (false, "美国占45%，欧洲占35%，日本占30%，合计100%。"),
            (false, "China accounted for 60%, Chile for 25% and the rest of the world for 25%."),
            (true, "China accounted for 60%, Chile for 25% and the rest of the world for 15%."),
            (false, "智利进口碳酸锂1.3万吨，占进口总量1.6万吨的61%。"),
            (true, "智利进口碳酸锂1.3万吨，占进口总量1.6万吨的81%。"),
            (false, "Revenue was $2.0 billion; lithium brought in $1.1 billion, or 65% of it."),
            (false, "按下游分，电池占58%，陶瓷占22%，其他占30%。"),
            (true, "按下游分，电池占58%，陶瓷占22%，其他占20%。"),
        ],
    )
}

#[test]
fn money_fits_quantity_and_price() -> Result {
    expect(
        Check::UnitPrice,
        &[
            (true, "合同约定供应碳酸锂5,000吨，单价7.4万元/吨，总金额3.7亿元。"),
            (false, "合同约定供应碳酸锂5,000吨，单价7.4万元/吨，总金额3,700万元。"),
            (true, "POSCO bought 240 tons of molybdenum at $48.50 per kg, worth $11.64 million."),
            (false, "POSCO bought 240 tons of molybdenum at $48.50 per kg, worth $116.4 million."),
            (
                true,
                "A smelter bought 1,500 tonnes of tin feed for 300 million yuan, while spot tin traded near 254,000 yuan per tonne.",
            ),
            (
                false,
                "A smelter bought 1,500 tonnes of tin feed for 38 million yuan, while spot tin traded near 254,000 yuan per tonne.",
            ),
            (true, "两批货款合计612.5万元，第一批2.0吨，第二批1.5吨，均价1,750元/公斤。"),
            (
                false,
                "The trading volume on the exchange was 50.9 billion shares, with a trading value of 108 billion yuan.",
            ),
            (
                true,
                "The trading volume on the exchange was 5.09 billion shares, with a trading value of 108 billion yuan.",
            ),
        ],
    )
}

/// Texts in which nothing is wrong, though it looks so.
const SOUND: &[&str] = &[
    "5月LME锡库存2,260吨，较前一周减少105吨；SHFE指定仓库库存7,107吨，周环比增加233吨。",
    "公司2024年实现营业收入20.1亿元、归母净利润3.90亿元，其中第四季度净利润1.56亿元，下半年合计3.12亿元。",
    "三大矿山一季度发运量分别为7,810万吨、6,980万吨和4,330万吨，同比分别下降5%、1%和6%。",
    "1—6月，原镁产量54.6万吨，同比下降4.7%。分省区看，6月陕西产量5.03万吨，占62%。",
    "37% of global reserves, 90% of refining and 70% of mine output are in one country.",
    "Warehouses held 9,612 t, 318 t less than a week earlier, while LME sheds added 240 t to reach 6,155 t.",
    "A buyer paid 591,400 yuan for a lot while 20 tonnes changed hands at 578,000 yuan a tonne.",
    "The price of concentrate was raised to 19,109 yuan per ton for the third quarter of 2025.",
    "The company said in 2022 that it had expected output of 5,400 t for 2023.",
    "矿上工人从7月9日起不再下井，不满公司把轮班从15天改为30天。",
    "上周（7月7日至11日）锑价平稳。",
    "二期2025年5月开工，一期2024年10月投产。",
];

#[test]
fn what_is_sound_raises_no_alarm() -> Result {
    for text in SOUND {
        let fails: Vec<String> = findings(text, 0)?
            .into_iter()
            .filter(|(_, finding)| finding.kind() == FindingKind::Fails)
            .map(|(_, finding)| finding.sides[0].said.clone())
            .collect();
        assert!(fails.is_empty(), "{text}\n  {fails:?}");
    }
    Ok(())
}

#[test]
fn a_calculation_is_shown_with_its_operands() -> Result {
    let text = "合同约定供应碳酸锂5,000吨，单价7.4万元/吨，总金额3,700万元。";
    let found = findings(text, 0)?;
    let [(record, finding)] = found.as_slice() else { return Err(format!("{found:?}").into()) };
    assert_eq!(finding.kind(), FindingKind::Fails);
    assert!(finding.severity >= 80, "a lost power of ten is severe: {}", finding.severity);
    let sum = &finding.calculations[0];
    assert_eq!(sum.expression, "3,700万元 ÷ 5,000吨");
    assert_eq!((sum.low.as_str(), sum.high.as_str()), ("7398.26", "7401.74"));
    assert_eq!((sum.printed_low.as_str(), sum.printed_high.as_str()), ("73500", "74500"));
    assert_eq!(sum.unit, "CNY/t");
    let quotes: Vec<&str> = record
        .citations
        .iter()
        .flat_map(|citation| &citation.spans)
        .map(|span| span.quote.as_str())
        .collect();
    assert_eq!(quotes, ["3,700万元", "5,000吨", "7.4万元/吨"]);
    assert!(record.keys.contains(&"finding=fails".to_owned()) && !finding.claims.is_empty());
    Ok(())
}

#[test]
fn absurd_values_end_in_no_panic() -> Result {
    let nines = "9".repeat(27);
    let long = "9".repeat(400);
    for number in ["0", "0.0000000000000000000000001", nines.as_str(), long.as_str()] {
        for text in [
            format!("合同约定供应碳酸锂{number}吨，单价{number}元/吨，总金额{number}元。"),
            format!("产量{number}吨，其中甲{number}吨，乙{number}吨，没有其他。"),
            format!(
                "Output rose {number}% to {number} t from {number} t, {number} times the {number} t of 9999."
            ),
            format!("预计净利润{number}元至{number}元，同比增长{number}%至{number}%。"),
            format!("It is {number} years old since May {number}; 美国占{number}%，其余{number}%。"),
            format!(
                "The trading volume on the exchange was {number} shares, with a trading value of {number} yuan."
            ),
        ] {
            findings(&text, 0)?;
        }
    }
    Ok(())
}

#[test]
fn a_sentence_without_end_is_passed_over() -> Result {
    let text = "产量5吨，其中甲3吨，乙1吨，".repeat(2_000);
    assert!(findings(&text, 0)?.is_empty());
    Ok(())
}

#[test]
fn a_document_without_its_text_gives_nothing() -> Result {
    let mut records = inputs("产量5吨", 0)?;
    records.remove(0);
    assert!(testing::run::<Audit>("", &records)?.is_empty());
    assert!(
        testing::run::<Audit>("{}", &records)
            .is_err_and(|error| error.to_string().contains("it takes no config"))
    );
    Ok(())
}

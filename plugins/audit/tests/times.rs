//! What the audit says of the times, steps, ages and causes of made-up texts.

mod common;

use plugin_sdk::record::{Check, FindingKind};

use self::common::{Result, expect, findings};

#[test]
fn what_is_told_as_fact_is_over() -> Result {
    expect(
        Check::FuturePeriod,
        &[
            (false, "2025年三季度，公司稀土氧化物产量达到5,400吨，同比增长8%。"),
            (false, "China exported 5,400 t of rare earths in August 2025, up 8% on the year."),
            (false, "2026年全国锑矿产量为6.1万吨，同比下降3%。"),
            (false, "The company sold 5,400 t in the third quarter of 2025 and 5,100 t in the second."),
            (true, "公司预计2025年三季度产量为5,400吨。"),
            (true, "The plant is to start in March 2026 and should make 5,400 t that year."),
            (false, "据海关统计，2025年8月我国进口锑精矿4,300吨。"),
            (false, "The smelter was restarted in October 2025."),
            (false, "Net profit for the whole of 2025 was 1.2 billion yuan."),
            (false, "2025年全年公司实现净利润12.1亿元。"),
            (false, "Exports in the second half of 2025 fell to 5,400 t."),
            (false, "项目已于2026年3月投产。"),
            (false, "The plant came on stream in March 2026."),
        ],
    )
}

#[test]
fn times_fit_the_calendar() -> Result {
    expect(
        Check::Calendar,
        &[
            (false, "会议定于2025年7月18日（星期四）召开。"),
            (true, "会议定于2025年7月18日（星期五）召开。"),
            (false, "Prices on Friday, July 10, 2025 were flat."),
            (false, "2025年上半年同比（2023年上半年）增长12%。"),
            (false, "公司预计2024年上半年净利润为5.2亿元。"),
            (false, "Shipments in June 2025 rose 8% from the same month a year earlier, June 2023."),
            (true, "Shipments in June 2025 rose 8% from the same month a year earlier, June 2024."),
            (false, "Imports in June rose from the previous month, April."),
            (false, "与去年同期（2023年6月）相比，2025年6月出口增长8%。"),
            (false, "截至2025年6月31日，库存为3,400吨。"),
            (false, "上周五（7月12日），锑价报收21万元。"),
            (false, "去年四季度（2023年10月至12月）公司亏损。"),
            (false, "本周一（7月15日）市场平稳。"),
            (false, "The quota for the coming year, 2024, will be announced in August."),
        ],
    )
}

#[test]
fn nothing_explains_itself() -> Result {
    expect(
        Check::SelfExplanation,
        &[
            (false, "镨钕价格上涨，主要是由于镨钕价格走高。"),
            (false, "Prices rose because of higher prices."),
            (false, "The deficit stems from supply falling short of demand."),
            (false, "出口下降，是因为出口量减少了。"),
            (false, "库存增加的原因是库存上升。"),
            (true, "镨钕价格上涨，是由于氧化镨价格上涨。"),
            (false, "由于供应紧张，市场供应偏紧。"),
            (false, "Because demand was weak, demand for tin stayed low."),
            (false, "The price increase was driven by rising prices."),
            (false, "受锑价上涨影响，锑价上涨。"),
        ],
    )
}

#[test]
fn steps_come_in_a_possible_order() -> Result {
    expect(
        Check::Chronology,
        &[
            (false, "项目2024年10月投产，2025年3月开工建设。"),
            (true, "项目2024年3月开工建设，2025年3月投产。"),
            (false, "The mine resumed operations on 3 May after it was halted on 20 May."),
            (true, "The mine was halted on 3 May and resumed operations on 20 May."),
            (false, "双方于6月20日签署供货合同，首批货物已于5月10日按该合同交付。"),
            (
                false,
                "The licence was granted on 12 June, two weeks before the company applied for it on 26 June.",
            ),
            (false, "该矿5月8日复产，5月20日因事故停产，此次复产在停产之后。"),
            (false, "公司6月3日收到批文，6月18日递交该项申请。"),
            (true, "公司6月3日递交申请，6月18日收到批文。"),
            (
                false,
                "The first shipment under the contract left on 3 April; the contract was signed on 15 May.",
            ),
            (
                true,
                "The board approved the project in May 2024; construction began in October and the first metal was poured in June 2025.",
            ),
            (false, "The vessel arrived in Rotterdam on 3 May and sailed from Durban on 20 May."),
            (true, "The vessel sailed from Durban on 3 May and arrived in Rotterdam on 20 May."),
        ],
    )
}

#[test]
fn an_age_fits_its_dates() -> Result {
    expect(
        Check::Age,
        &[
            (false, "出口禁令于2023年12月生效，至今已有三年。"),
            (true, "出口禁令于2023年12月生效，至今已有一年半。"),
            (false, "The ban, imposed in December 2024, is two years old."),
            (false, "The mine opened in 1998, 37 years ago."),
            (true, "The mine opened in 1998, 27 years ago."),
            (false, "公司成立于2005年，今年迎来30周年。"),
            (true, "公司成立于2005年，今年迎来20周年。"),
            (false, "自2025年4月4日实施以来，管制已满半年。"),
            (false, "It has been in force for two years, since July 2024."),
            (false, "The plant, which started up in May 2020, has now run for eight years."),
            (false, "自2020年5月投产以来的八年里，该厂只检修过两次。"),
        ],
    )
}

#[test]
fn a_title_is_held_against_the_date_that_its_text_gives() -> Result {
    let title = "中国稀土管制令已一年";
    let text = format!("{title}\nThe export controls were announced in July 2023 and cover gallium.");
    let found = findings(&text, title.len())?;
    assert!(
        found
            .iter()
            .any(|(_, finding)| finding.check() == Check::Age && finding.kind() == FindingKind::Fails),
        "{found:?}"
    );
    let text = format!("{title}\nThe export controls were announced in July 2024 and cover gallium.");
    let found = findings(&text, title.len())?;
    assert!(
        found
            .iter()
            .any(|(_, finding)| finding.check() == Check::Age && finding.kind() == FindingKind::Holds),
        "{found:?}"
    );
    Ok(())
}

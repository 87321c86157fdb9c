//! Lists, tables and notices of the market as claims, in texts of our own whose first line is the title.

use text::{Amount, Claim, Context, Reader, Slot, Term};

fn name(slot: Option<&Slot<Term<'_>>>) -> String {
    slot.map_or_else(
        || "-".to_owned(),
        |slot| {
            slot.is.id.clone().map_or_else(
                || slot.is.words.to_owned(),
                |id| id.split_once('/').map_or(id.clone(), |(_, name)| name.to_owned()),
            )
        },
    )
}

fn amount(amount: &Amount) -> String {
    let end = |end: &Option<String>| end.clone().unwrap_or_default();
    let number =
        amount.value.clone().unwrap_or_else(|| format!("{}..{}", end(&amount.low), end(&amount.high)));
    format!("{number} {}", amount.unit.as_deref().unwrap_or_default()).trim_end().to_owned()
}

/// Measure, value, and each change with its base.
fn figure(claim: &Claim<'_>) -> String {
    let mut told = name(claim.measure.as_ref());
    told.extend(claim.value.as_ref().map(|value| format!(" {}", amount(&value.is))));
    for change in &claim.changes {
        let by = change.by.as_ref().map_or_else(|| format!("{:?}", change.direction), |by| amount(&by.is));
        let base = change.base.as_ref().and_then(|base| base.is.relation).map(|base| format!(" {base:?}"));
        told += &format!(" [{by}{}]", base.unwrap_or_default());
    }
    told
}

fn each(text: &str, show: impl Fn(&Claim<'_>) -> String) -> Vec<String> {
    let reader = Reader::standard();
    let context = Context { published: Some(jiff::civil::date(2025, 7, 13)), ..Context::default() };
    let mentions = reader.read(text, &context);
    let title = text.find('\n').unwrap_or(0);
    reader.claims(text, title, &mentions).iter().filter(|claim| claim.event.is_none()).map(show).collect()
}

#[test]
fn signs_and_words_of_a_list_tell_how_prices_moved() {
    let cases: &[(&str, &[&str])] = &[
        ("锡价\n锡锭 均价268,000元/吨 较昨日-500元/吨", &["price 268000 CNY/t [-500 CNY/t DayOnDay]"]),
        ("锡价\n锡锭 均价268,000元/吨 较上周+1,500元/吨", &["price 268000 CNY/t [1500 CNY/t WeekOnWeek]"]),
        // The ends beside a mean are no claim of their own.
        ("锡价\n锡锭 267,000-269,000元/吨 均价268,000元/吨", &["price 268000 CNY/t"]),
        // The sign of a cell is no dash between two numbers.
        (
            "锡价（单位：元/吨）\n品种\t收盘价\t日涨跌\n锡锭\t172,500\t-1,500",
            &["price 172500 CNY/t [-1500 CNY/t DayOnDay]"],
        ),
        (
            "锡铅周报\n品种（单位：元/吨） 均价 周涨跌\n1#锡锭 268,000 +1,120\n1#铅锭 16,850 -15",
            &["price 268000 CNY/t [1120 CNY/t WeekOnWeek]", "price 16850 CNY/t [-15 CNY/t WeekOnWeek]"],
        ),
        (
            "周度价格\n锡锭:26.8万元/吨,周跌1000元/吨\n铅锭:1.68万元/吨,周涨20元/吨",
            &["price 268000 CNY/t [-1000 CNY/t WeekOnWeek]", "price 16800 CNY/t [20 CNY/t WeekOnWeek]"],
        ),
        // Shares move within a day against nothing that is not said.
        ("公司公告\n天齐锂业收报35.2元，跌2.1%。", &["share-price 35.2 CNY [-2.1 %]"]),
    ];
    for (text, expected) in cases {
        assert_eq!(each(text, figure), *expected, "{text}");
    }
}

#[test]
fn a_question_claims_nothing() {
    let text = "Lynas: questions\nQ: Can tin rise to $40,000 a tonne?\nA: Tin was $33,000 a tonne on Friday.";
    assert_eq!(each(text, figure), ["price 33000 USD/t"]);
}

#[test]
fn shares_are_of_a_whole_in_a_place() {
    let share = |claim: &Claim<'_>| {
        format!(
            "{} of {} in {}",
            name(claim.part.as_ref()),
            claim.whole.as_ref().map_or("-", |slot| slot.is.words),
            name(claim.place.as_ref())
        )
    };
    let cases: &[(&str, &[&str])] = &[
        (
            "锡\n进口锡矿来源中，缅甸占31%，玻利维亚占24%。",
            &["MMR of 进口锡矿来源 in -", "BOL of 进口锡矿来源 in -"],
        ),
        (
            "Tin\nYunnan Tin accounted for 9% of Chinese tin output.",
            &["yunnan-tin of Chinese tin output in CHN"],
        ),
        ("Tin\nChina accounted for 44% of global tin output.", &["CHN of global tin output in -"]),
    ];
    for (text, expected) in cases {
        assert_eq!(each(text, share), *expected, "{text}");
    }
}

#[test]
fn speakers_are_told_by_pronouns_labels_and_days() {
    let speaker = |claim: &Claim<'_>| name(claim.attribution.as_ref());
    let cases: &[(&str, &[&str])] = &[
        (
            "Tin\nTraders said tin was $33,000 a tonne. He said tin could reach $36,000 a tonne.",
            &["Traders", "Traders"],
        ),
        ("Tin\nLynas said on Thursday it made 900 t of tin.", &["lynas"]),
        // The label is of its sentence.
        (
            "Tin talk\nA (a Penang trader): Tin is $33,000 a tonne. Lead is $2,000 a tonne.",
            &["a Penang trader", "-"],
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(each(text, speaker), *expected, "{text}");
    }
}

#[test]
fn a_year_to_come_is_an_aim() {
    let modality = |claim: &Claim<'_>| format!("{:?}", claim.modality.as_ref().map(|slot| slot.is.value));
    assert_eq!(each("锡\n到2030年锡回收率提高至70%。", modality), ["Some(Planned)"]);
    assert_eq!(each("锡\n2024年锡回收率提高至70%。", modality), ["None"]);
    assert_eq!(each("Tin\nLynas plans to add 120 t of tin capacity.", modality), ["Some(Planned)"]);
}

#[test]
fn a_sentence_goes_on_behind_a_semicolon() {
    let place = |claim: &Claim<'_>| {
        let start = claim.period.as_ref().and_then(|slot| slot.is.start.clone()).unwrap_or_default();
        format!("{} {start}", name(claim.place.as_ref()))
    };
    let text = "锡\n上周国内锡锭均价为每吨26.8万元；铅锭均价为每吨1.68万元。";
    assert_eq!(each(text, place), ["CHN 2025-06-30", "CHN 2025-06-30"]);
}

#[test]
fn trade_is_told_by_who_ships_and_where_it_lands() {
    let trade =
        |claim: &Claim<'_>| format!("{} {}", name(claim.measure.as_ref()), name(claim.place.as_ref()));
    let cases = [
        ("Tin\nIndonesia shipped 21,900 tonnes of refined tin in June.", "exports IDN"),
        ("Tin\nTin concentrate from Myanmar arriving in China came to 3,400 tonnes in June.", "imports CHN"),
        ("Tin\nYunnan Tin shipped 900 tonnes of tin in June.", "shipments -"),
    ];
    for (text, expected) in cases {
        assert_eq!(each(text, trade), [expected], "{text}");
    }
}

#[test]
fn levels_before_stand_beside_the_present_one() {
    let before = |claim: &Claim<'_>| {
        let base = claim.changes.first().and_then(|change| change.base.as_ref()?.is.value.as_ref());
        format!("{} was {}", figure(claim), base.map_or_else(String::new, |base| amount(&base.is)))
    };
    let cases: &[(&str, &[&str])] = &[
        // The month of May is no «may».
        ("Tin\nTin output rose to 300 t from May's 250 t.", &["output 300 t [Some(Up)] was 250 t"]),
        (
            "Lynas\nLynas posted a net profit of $5 million, after a loss of $3 million a year earlier.",
            &["net-profit 5000000 USD [None YearOnYear] was -3000000 USD"],
        ),
        // Of two sums before it, it may be either.
        (
            "Lynas\nLynas had sales of $9 million and a profit of $5 million, after $3 million a year earlier.",
            &["revenue 9000000 USD was ", "net-profit 5000000 USD was ", "net-profit 3000000 USD was "],
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(each(text, before), *expected, "{text}");
    }
}

#[test]
fn a_place_is_where_it_is_and_not_where_it_was_said() {
    let place = |claim: &Claim<'_>| name(claim.place.as_ref());
    let cases: &[(&str, &[&str])] = &[
        ("Copper\n(Shanghai) Copper stocks fell to 81,851 tonnes.", &["-"]),
        ("Copper\nSpeaking in London, the trader put output at 900 tonnes of copper.", &["-"]),
        ("Copper\nRusal, the largest producer outside China, plans to cut output by 250,000 tonnes.", &["-"]),
        ("锡\n7月智利以外地区锡产量为900吨。", &["-"]),
        ("Nickel\nThe Russian company sees a global nickel surplus of 240,000 tonnes.", &["global"]),
        ("巴西锡业\n巴西国家矿业局数据显示，2024年全国锡产量为900吨。", &["BRA"]),
        ("关税\n美国总统签署行政令，对印度进口俄罗斯石油加征25%关税。", &["USA"]),
        ("铝土矿\n前三季度几内亚铝土矿出口900吨。", &["GIN"]),
    ];
    for (text, expected) in cases {
        assert_eq!(each(text, place), *expected, "{text}");
    }
}

#[test]
fn each_figure_of_trade_has_its_own_partners() {
    let partners = |claim: &Claim<'_>| {
        let names: Vec<String> = claim.partners.iter().map(|slot| name(Some(slot))).collect();
        names.join("+")
    };
    let cases: &[(&str, &[&str])] = &[
        (
            "Tin\nChina exported 300 t of tin in June, of which 140 t went to the Netherlands and 85 t to Japan.",
            &["", "NLD", "JPN"],
        ),
        ("锡\n6月日本进口锡锭512吨，其中自中国进口318吨、自越南进口156吨。", &["", "CHN", "VNM"]),
        (
            "Copper\nThe United States imported 908,000 tonnes of copper in 2024, mostly from Chile (65%), Canada (17%) and Peru.",
            &["CHL+CAN+PER"],
        ),
        ("锡\n6月中国出口锡锭900吨，主要销往荷兰、加拿大和印度。", &["NLD+CAN+IND"]),
        ("Tin\nChile's tin exports to China came to 1,900 t in June, worth $84 million.", &["CHN", "CHN"]),
        ("锂\n巴西6月出口锂精矿2.1万吨，目的地全部为中国。", &["CHN"]),
    ];
    for (text, expected) in cases {
        let found = each(text, partners);
        assert_eq!(found.get(..expected.len()).unwrap_or(&found), *expected, "{text}");
    }
}

#[test]
fn a_forecast_is_told_by_whose_it_is_and_for_when() {
    let told = |claim: &Claim<'_>| {
        let period = claim.period.as_ref().map(|slot| slot.is.clone()).unwrap_or_default();
        let ends = format!("{}..{}", period.start.unwrap_or_default(), period.end.unwrap_or_default());
        let modality = claim.modality.as_ref().map(|slot| format!("{:?}", slot.is.value)).unwrap_or_default();
        format!("{} {ends} {modality}", name(claim.attribution.as_ref()))
    };
    let cases: &[(&str, &[&str])] = &[
        (
            "Copper\nCitigroup forecasts copper at $10,800 a tonne in the first half of 2026 and $11,500 in 2027.",
            &["citi 2026-01-01..2026-07-01 Expected", "citi 2027-01-01..2028-01-01 Expected"],
        ),
        (
            "Nickel\nMacquarie cut its 2026 nickel price forecast to $15,500 a tonne.",
            &["macquarie 2026-01-01..2027-01-01 Expected"],
        ),
        (
            "Copper\nAn executive at Ivanhoe Mines told a conference in Toronto on Monday that it would produce 900 tonnes of copper this year.",
            &["ivanhoe 2025-01-01..2026-01-01 Expected"],
        ),
        (
            "锡\nSMM数据显示，6月锡锭库存为900吨；铅锭库存为500吨。",
            &["smm 2025-06-01..2025-07-01 ", "smm 2025-06-01..2025-07-01 "],
        ),
        (
            "Tin\nSolvay opened a tin line on 8 April and aims to produce 900 tonnes of tin by 2030.",
            &["- ..2031-01-01 Planned"],
        ),
        // What holds now is not of the half year that the title is of.
        ("云南锗业：2025年上半年\n目前国内锗锭均价1.5万元/公斤。", &["- .. "]),
    ];
    for (text, expected) in cases {
        assert_eq!(each(text, told), *expected, "{text}");
    }
}

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

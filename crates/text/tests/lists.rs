//! Which figure is of what, where several stand together: lists, respectively, gapped verbs, tables with several values.

use text::{Amount, Claim, Context, Reader, Slot, Term};

/// The claims of a text whose first line is its title: subject, measure, value and changes of each.
fn told(text: &str) -> Vec<String> {
    let reader = Reader::standard();
    let context = Context { published: Some(jiff::civil::date(2025, 7, 20)), ..Context::default() };
    let mentions = reader.read(text, &context);
    reader.claims(text, text.find('\n').unwrap_or(0), &mentions).iter().map(line).collect()
}

fn line(claim: &Claim<'_>) -> String {
    let mut parts = vec![name(claim.subject.as_ref()), name(claim.measure.as_ref())];
    parts.extend(claim.value.as_ref().map(|slot| amount(&slot.is)));
    parts.extend(claim.part.as_ref().map(|slot| format!("of {}", name(Some(slot)))));
    for change in &claim.changes {
        let by = change.by.as_ref().map_or_else(|| "moved".to_owned(), |by| amount(&by.is));
        let before = change.base.as_ref().and_then(|base| base.is.value.as_ref());
        parts.push(format!(
            "[{by}{}]",
            before.map(|was| format!(" < {}", amount(&was.is))).unwrap_or_default()
        ));
    }
    parts.join(" ")
}

fn name(slot: Option<&Slot<Term<'_>>>) -> String {
    let Some(term) = slot.map(|slot| &slot.is) else { return "-".to_owned() };
    let id = term.id.as_deref().and_then(|id| id.split('/').nth(1));
    id.unwrap_or(term.words).to_owned()
}

fn amount(amount: &Amount) -> String {
    let unit = amount.unit.as_deref().unwrap_or_default();
    let number = match (&amount.value, &amount.low, &amount.high) {
        (Some(value), ..) => value.clone(),
        (None, low, high) => {
            format!("{}..{}", low.as_deref().unwrap_or_default(), high.as_deref().unwrap_or_default())
        }
    };
    format!("{number} {unit}").trim_end().to_owned()
}

fn check(cases: &[(&str, &[&str])]) {
    for (text, expected) in cases {
        assert_eq!(told(text), *expected, "{text}");
    }
}

#[test]
fn figures_of_one_list_go_to_the_names_of_one_list() {
    check(&[
        (
            "US imports of antimony, gallium and germanium were 900 t, 4 t and 6 t.",
            &["antimony imports 900 t", "gallium imports 4 t", "germanium imports 6 t"],
        ),
        ("Zinc and lead lost 1.4% and 0.9%.", &["zinc price [-1.4 %]", "lead price [-0.9 %]"]),
        (
            "镝铁、钬铁现货升水分别为120元/吨和-30元/吨。",
            &["dysprosium-iron premium 120 CNY/t", "holmium-iron premium -30 CNY/t"],
        ),
        (
            "天齐锂业上半年营业收入和归母净利润分别为48亿元和0.8亿元。",
            &["tianqi-lithium revenue 4800000000 CNY", "tianqi-lithium net-profit 80000000 CNY"],
        ),
        (
            "白银有色生产铜、铅锌、黄金分别为48.9万吨、36.7万吨和16.6吨。",
            &["copper output 489000 t", "lead output 367000 t", "gold output 16.6 t"],
        ),
        (
            "天齐锂业和赣锋锂业净亏损分别为79亿元和21亿元。",
            &["tianqi-lithium net-profit -7900000000 CNY", "ganfeng-lithium net-profit -2100000000 CNY"],
        ),
    ]);
}

#[test]
fn changes_of_one_list_go_to_the_levels_before_them() {
    check(&[
        (
            "本周氧化镨钕与氧化铽价格分别上涨1.2%和下跌0.5%。",
            &["praseodymium-neodymium-oxide price [1.2 %]", "terbium-oxide price [-0.5 %]"],
        ),
        ("铜、锌出口量分别增长1.2%、下降0.5%。", &["copper exports [1.2 %]", "zinc exports [-0.5 %]"]),
        (
            "锡锭和铅锭产量分别为13.5万吨和12.7万吨，同比增长5.9%和10.4%。",
            &["tin-ingot output 135000 t [5.9 %]", "lead-ingot output 127000 t [10.4 %]"],
        ),
        (
            "锡锭产量774万吨，铅锭产量381万吨，同比分别增长7.8%和3.4%。",
            &["tin-ingot output 7740000 t [7.8 %]", "lead-ingot output 3810000 t [3.4 %]"],
        ),
        (
            "钽铁矿报95美元/磅，氧化钽2050元/公斤，氧化铌395元/公斤，较月初分别上调3美元、20元和持平。",
            &[
                "tantalite price 95 USD/[lb_av] [3 USD/[lb_av]]",
                "tantalum-oxide price 2050 CNY/kg [20 CNY/kg]",
                "niobium-oxide price 395 CNY/kg [moved]",
            ],
        ),
        (
            "锡锭升水2050元/吨，铅锭升水550元/吨，较上周分别下跌50元和持平。",
            &["tin-ingot premium 2050 CNY/t [-50 CNY/t]", "lead-ingot premium 550 CNY/t [moved]"],
        ),
        (
            "Payables rose to 70% for cobalt and 72% for nickel, from 68% and 70% a week earlier.",
            &["cobalt payable 70 % [moved < 68 %]", "nickel payable 72 % [moved < 70 %]"],
        ),
    ]);
}

#[test]
fn the_noun_for_a_move_is_of_the_level_for_which_it_holds() {
    check(&[
        (
            "锡价由26万元/吨跌至25万元/吨，铅价为1.7万元/吨，降幅3.8%。",
            &["tin price 250000 CNY/t [-3.8 % < 260000 CNY/t]", "lead price 17000 CNY/t"],
        ),
        // Of both together or of one: nobody's.
        ("锡、铅库存为12万吨和48万吨，降幅5%。", &["tin inventory 120000 t", "lead inventory 480000 t"]),
        ("锡价为25万元/吨，降幅3.8%。", &["tin price 250000 CNY/t [-3.8 %]"]),
    ]);
}

#[test]
fn what_is_left_out_is_taken_from_before() {
    check(&[
        (
            "Copper output rose 9% at Codelco, and Escondida's was up 11%.",
            &["copper output [9 %]", "copper output [11 %]"],
        ),
        (
            "Cerro Verde's copper output climbed 8% and Las Bambas' surged 90%.",
            &["copper output [8 %]", "copper output [90 %]"],
        ),
        (
            "Zinc production rose 12% to 465,200 t, lead 8% to 92,200 t.",
            &["zinc output 465200 t [12 %]", "lead output 92200 t [8 %]"],
        ),
        ("钴价从每磅10美元涨至16美元。", &["cobalt price 16 USD/[lb_av] [moved < 10 USD/[lb_av]]"]),
        (
            "钛白粉价格国内上调500元/吨，国际上调70美元/吨。",
            &["titanium-dioxide price [500 CNY/t]", "titanium-dioxide price [70 USD/t]"],
        ),
        (
            "LME zinc fell 1% to $2,740 a tonne. Tin gained 0.3% to $33,350.",
            &["zinc price 2740 USD/t [-1 %]", "tin price 33350 USD/t [0.3 %]"],
        ),
    ]);
}

#[test]
fn shares_one_by_one_have_each_their_part() {
    check(&[
        (
            "宁德时代和比亚迪动力电池市占率分别为43%和24%。",
            &["power-battery market-share 43 % of catl", "power-battery market-share 24 % of byd"],
        ),
        (
            "中国进口铝土矿1812万吨，其中几内亚1330万吨、澳大利亚358万吨，占比分别为73.4%和19.8%。",
            &[
                "bauxite imports 18120000 t",
                "bauxite imports 13300000 t",
                "bauxite imports 3580000 t",
                "bauxite share 73.4 % of GIN",
                "bauxite share 19.8 % of AUS",
            ],
        ),
        (
            "China imported 900 t of tin ore, of which Peru supplied 15% and Bolivia 13%.",
            &["tin-ore imports 900 t", "tin-ore share 15 % of PER", "tin-ore share 13 % of BOL"],
        ),
    ]);
}

#[test]
fn measures_are_told_by_their_own_words() {
    check(&[
        // No ratio of those that rose to those that fell.
        ("The tin smelters have an 82% compliance capacity ratio.", &["tin compliance capacity ratio 82 %"]),
        ("Curbs led to a halving of export prices for germanium.", &["germanium price [0.5 {multiple}]"]),
        ("Copper exports were worth $4.7 billion.", &["copper exports 4700000000 USD"]),
        ("Hydro recovers more than 95% of the lithium.", &["lithium recovery-rate 95 %"]),
        ("Zinc stocks fell by 11,200 tonnes.", &["zinc inventory [-11200 t]"]),
        ("天齐锂业毛利率-12%。", &["tianqi-lithium gross-margin -12 %"]),
    ]);
}

#[test]
fn tables_may_have_several_values() {
    check(&[
        (
            "Prices\n| Product | Low | High | Unit |\n|---|---:|---:|:---:|\n| Tin ingot | 264,000 | 265,500 | yuan/t |",
            &["tin-ingot price 264000..265500 CNY/t"],
        ),
        (
            "Prices\nProduct | Low | High | Change\nTin ingot (yuan/t) | 264,000 | 265,500 | +1,200",
            &["tin-ingot price 264000..265500 CNY/t [1200 CNY/t]"],
        ),
        (
            "价格\n品种 | 出厂价（元/吨） | 出口价（美元/吨）\n锑锭 | 185000 | 59500",
            &["antimony-ingot price 185000 CNY/t", "antimony-ingot price 59500 USD/t"],
        ),
        // The change holds from the first quarter to the second, which stands before it.
        (
            "Tin output by quarter\nCompany | Q2 2025 (kt) | Q1 2025 (kt) | Change\nMinsur | 33.8 | 29.6 | +14.2%",
            &["tin output 33800 t [14.2 %]", "tin output 29600 t"],
        ),
    ]);
}

#[test]
fn a_unit_of_one_letter_ends_a_sentence() {
    let text = "Peru made 34,000 t. Reserves in Chile were 190 t. It is so.";
    let found: Vec<&str> = text::sentences(text).map(|span| &text[span]).collect();
    assert_eq!(found, ["Peru made 34,000 t.", "Reserves in Chile were 190 t.", "It is so."]);
}

#[test]
fn numerals_in_words_of_their_own_are_no_numbers() {
    let reader = Reader::standard();
    for text in ["双十一促销", "十二届会议", "三桶油", "图1：锡价", "附件3。", "H13模具钢", "十一长假"]
    {
        let mentions = reader.read(text, &Context::default());
        let numbers: Vec<&str> =
            mentions.iter().filter(|one| one.kind == text::Kind::Number).map(|one| one.quote).collect();
        assert!(numbers.is_empty(), "{text}: {numbers:?}");
    }
}

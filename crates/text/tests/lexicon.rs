//! Names with several meanings, in both directions: where they count and where they do not.

mod common;

use common::check;
use text::{Context, Doubt, Kind, Kinds, Lexicon, Reader};

/// A text, and the entities in it that are to be found.
type Case = (&'static str, &'static [&'static str]);

fn entities(table: &[Case]) {
    check("", &[Kind::Entity], table);
}

#[test]
fn lead_tin_gold_and_mercury_are_metals_only_among_metals() {
    entities(&[
        ("lead prices rose", &["lead | commodity/lead", "prices | measure/price"]),
        ("LME lead closed higher", &["LME | exchange/LME", "lead | commodity/lead"]),
        (
            "copper, lead and zinc fell",
            &["copper | commodity/copper", "lead | commodity/lead", "zinc | commodity/zinc"],
        ),
        ("zinc and lead", &["zinc | commodity/zinc", "lead | commodity/lead"]),
        ("Lead rose 1.2%", &["Lead | commodity/lead"]),
        ("refined lead output", &["refined lead | commodity/lead-ingot", "output | measure/output"]),
        ("this may lead prices higher", &["prices | measure/price"]),
        ("it will lead the talks and take the lead", &[]),
        ("He was in the lead, and leads by example", &[]),
        ("| Lead | Iron |", &["Lead | commodity/lead", "Iron | commodity/iron"]),
        ("a lead time of six weeks", &[]),
        ("the leading producer", &[]),
        ("tin inventories", &["tin | commodity/tin", "inventories | measure/inventory"]),
        ("a tin can and a tin roof", &[]),
        ("spot gold", &["gold | commodity/gold"]),
        ("won a gold medal under the gold standard", &[]),
        ("every cloud has a silver lining", &[]),
        ("mercury emissions", &["mercury | commodity/mercury", "emissions | measure/emissions"]),
        ("Mercury is the nearest planet", &[]),
        ("iron out the differences", &[]),
        (
            "iron, copper and zinc",
            &["iron | commodity/iron", "copper | commodity/copper", "zinc | commodity/zinc"],
        ),
    ]);
}

#[test]
fn symbols_count_beside_symbols_shares_and_prices() {
    entities(&[
        ("Cu, Ni and 0.3 g/t Au", &["Cu | commodity/copper", "Ni | commodity/nickel", "Au | commodity/gold"]),
        // The symbol of a grade names no good.
        ("0.45% Cu", &[]),
        ("Cu-Ni sulphides", &["Cu | commodity/copper", "Ni | commodity/nickel"]),
        ("Sb≥99.65%", &[]),
        ("含Ni量", &["Ni | commodity/nickel"]),
        ("Li Wei met Al Gore in La Paz", &[]),
        ("Smith & Co. and Mr. Cr", &[]),
        ("In the end, As said, He and I have No idea", &[]),
        (
            "U3O8 and NMC811",
            &["U3O8 | commodity/uranium-oxide", "NMC811 | commodity/nickel-cobalt-manganese"],
        ),
        ("Pb, Zn", &["Pb | commodity/lead", "Zn | commodity/zinc"]),
    ]);
}

#[test]
fn goods_of_one_chinese_character() {
    entities(&[
        (
            "沪铜与伦镍",
            &["沪 | exchange/SHFE", "铜 | commodity/copper", "伦 | exchange/LME", "镍 | commodity/nickel"],
        ),
        ("沪深两市在沪铜业会议", &[]),
        ("铜、铝、锌", &["铜 | commodity/copper", "铝 | commodity/aluminium", "锌 | commodity/zinc"]),
        ("铜陵的铜牌和铜像", &[]),
        ("无锡和锡林郭勒", &[]),
        ("某某锂业、某某铜业与某铝股份", &[]),
        ("含硫量与硅价", &["硫 | commodity/sulphur", "硅 | commodity/silicon"]),
        ("期金与期银", &["金 | commodity/gold", "银 | commodity/silver"]),
        ("国际金价上涨", &["金 | commodity/gold"]),
        ("资金价格与基金、现金、租金", &["价格 | measure/price"]),
        ("金融、银行与金属", &[]),
        ("铅笔", &[]),
        ("铁,锌", &["铁 | commodity/iron", "锌 | commodity/zinc"]),
        ("高铁、地铁和铁路", &[]),
        ("碳达峰与碳中和", &[]),
        ("石墨与墨水", &["石墨 | commodity/graphite"]),
        ("镭射", &[]),
    ]);
}

#[test]
fn countries_of_one_chinese_character() {
    entities(&[
        ("从泰墨转运", &["泰 | country/THA", "墨 | country/MEX"]),
        ("中美关系", &["中 | country/CHN", "美 | country/USA"]),
        ("日韩企业", &["日 | country/JPN", "韩 | country/KOR"]),
        ("驻美日企", &["美 | country/USA", "日 | country/JPN"]),
        ("对美出口下降", &["美 | country/USA", "出口 | measure/exports"]),
        ("美企采购", &["美 | country/USA"]),
        ("石墨、墨水与水墨画", &["石墨 | commodity/graphite"]),
        ("方法、法律与做法", &[]),
        ("近日企业表示", &[]),
        ("7月11日对外公布", &[]),
        ("道德与品德", &[]),
        ("意外的加息与印刷", &[]),
        ("英镑、欧元与澳元", &[]),
        ("越来越多的智能汽车", &["汽车 | commodity/vehicle"]),
        ("超越与穿越", &[]),
    ]);
}

#[test]
fn names_of_a_side() {
    entities(&[
        ("中方表示, 美方回应", &["中方 | country/CHN", "美方 | country/USA"]),
        ("其中方案两个", &[]),
        ("打印方式", &[]),
        ("做法方面", &[]),
        ("近日方才公布", &[]),
        ("品德方面", &[]),
        ("与日方、韩方磋商", &["日方 | country/JPN", "韩方 | country/KOR"]),
        ("欧方认为", &["欧方 | region/EU"]),
    ]);
}

#[test]
fn countries_that_are_also_something_else() {
    entities(&[
        (
            "Turkey exported chromite",
            &["Turkey | country/TUR", "exported | measure/exports", "chromite | commodity/chromite"],
        ),
        ("roast Turkey and cold turkey", &[]),
        ("phosphate from Jordan", &["phosphate | commodity/phosphate-rock", "Jordan | country/JOR"]),
        ("Michael Jordan", &[]),
        ("Jordan Brown said", &[]),
        ("shipments to Chad", &["shipments | measure/shipments", "Chad | country/TCD"]),
        ("Chad Smith said", &[]),
        (
            "manganese through Poti in Georgia",
            &["manganese | commodity/manganese", "Poti | place/poti", "Georgia | country/GEO"],
        ),
        ("a plant in Georgia, USA", &["USA | country/USA"]),
        ("the US and China", &["US | country/USA", "China | country/CHN"]),
        ("please tell us, and tell US too", &[]),
        ("cobalt from Congo", &["cobalt | commodity/cobalt", "Congo | country/COD"]),
        ("Congo's president in Brazzaville", &["Congo | country/COG"]),
        ("the Congo river", &[]),
        ("刚果的钴", &["刚果 | country/COD", "钴 | commodity/cobalt"]),
        ("guinea pigs in New Guinea", &[]),
        ("Guinea's bauxite", &["Guinea | country/GIN", "bauxite | commodity/bauxite"]),
        ("bone china", &[]),
        ("the Indian Ocean and New Mexico", &[]),
        (
            "Latin American and North American buyers",
            &["Latin American | region/latin-america", "North American | region/north-america"],
        ),
        ("to polish lenses", &[]),
        ("Polish copper", &["Polish | country/POL", "copper | commodity/copper"]),
        ("South Korean and North Korean", &["South Korean | country/KOR", "North Korean | country/PRK"]),
        ("内蒙古与蒙古", &["内蒙古 | place/inner-mongolia", "蒙古 | country/MNG"]),
        ("刚果（金）与刚果(布)", &["刚果（金） | country/COD", "刚果(布) | country/COG"]),
    ]);
}

#[test]
fn the_longest_name_wins() {
    entities(&[
        ("China Molybdenum", &["China Molybdenum | company/cmoc"]),
        ("Chinese molybdenum", &["Chinese | country/CHN", "molybdenum | commodity/molybdenum"]),
        ("China's molybdenum", &["China | country/CHN", "molybdenum | commodity/molybdenum"]),
        ("中国稀土出口", &["中国 | country/CHN", "稀土 | commodity/rare-earths", "出口 | measure/exports"]),
        (
            "北方稀土和中国稀土",
            &["北方稀土 | company/northern-rare-earth", "中国稀土 | company/china-rare-earth"],
        ),
        ("中国稀土集团", &["中国稀土集团 | company/china-rare-earth-group"]),
        ("电池级碳酸锂", &["电池级碳酸锂 | commodity/battery-grade-lithium-carbonate"]),
        ("六氟磷酸锂", &["六氟磷酸锂 | commodity/lithium-hexafluorophosphate"]),
        ("磷酸铁锂电池", &["磷酸铁锂电池 | commodity/lfp-battery"]),
        ("Bank of America", &["Bank of America | institution/bofa"]),
        ("Air China", &["Air China | company/air-china"]),
        ("Air Canada", &[]),
        ("美国锑业", &["美国锑业 | company/us-antimony"]),
        ("price index", &[]),
        ("annual turnover", &["turnover | measure/revenue"]),
        ("market turnover", &["turnover | measure/trading-value"]),
        ("staff turnover", &[]),
        ("turnover rate", &["turnover rate | measure/turnover-rate"]),
    ]);
}

#[test]
fn one_thing_in_many_spellings() {
    let same: &[(&str, &[&str])] = &[
        (
            "commodity/praseodymium-neodymium-oxide",
            &[
                "氧化镨钕",
                "镨钕氧化物",
                "NdPr oxide",
                "PrNd oxide",
                "praseodymium-neodymium oxide",
                "Pr-Nd oxide",
            ],
        ),
        ("commodity/praseodymium-neodymium-metal", &["镨钕金属", "金属镨钕", "NdPr metal", "PrNd metal"]),
        ("company/jl-mag", &["金力永磁", "JL MAG", "JL MAG Rare-Earth", "Jieli Permanent Magnet"]),
        ("company/northern-rare-earth", &["北方稀土", "Northern Rare Earth", "China Northern Rare Earth"]),
        ("country/COD", &["刚果(金)", "刚果金", "DRC", "Democratic Republic of the Congo", "DR Congo"]),
        ("country/USA", &["美国", "美方", "U.S.", "US", "USA", "United States", "American"]),
        ("commodity/mixed-hydroxide-precipitate", &["MHP", "氢氧化镍钴", "mixed hydroxide precipitate"]),
        ("commodity/ammonium-paratungstate", &["仲钨酸铵", "APT", "ammonium paratungstate"]),
        ("measure/profit-excluding-non-recurring", &["扣非净利润", "扣除非经常性损益的净利润"]),
        ("exchange/LME", &["LME", "伦敦金属交易所", "London Metal Exchange"]),
    ];
    let reader = Reader::standard();
    for (id, names) in same {
        for name in *names {
            let mentions =
                reader.read(name, &Context { kinds: Kinds::of(&[Kind::Entity]), ..Context::default() });
            let found: Vec<(&str, Option<&str>)> =
                mentions.iter().map(|mention| (mention.quote, mention.id.as_deref())).collect();
            assert_eq!(found, [(*name, Some(*id))]);
        }
    }
}

#[test]
fn a_translation_artefact_keeps_its_meaning_and_shows_the_doubt() {
    let reader = Reader::standard();
    let doubts = |text: &str| -> Vec<(Option<String>, Option<Doubt>)> {
        let context = Context { kinds: Kinds::of(&[Kind::Entity]), ..Context::default() };
        reader.read(text, &context).into_iter().map(|mention| (mention.id, mention.doubt)).collect()
    };
    let id = Some("measure/profit-excluding-non-recurring".to_owned());
    assert_eq!(doubts("non-recurring net profit"), [(id.clone(), Some(Doubt::TranslationArtefact))]);
    assert_eq!(doubts("net profit excluding non-recurring items"), [(id.clone(), None)]);
    assert_eq!(doubts("扣非净利润"), [(id, None)]);
}

#[test]
fn short_names_of_companies_inside_other_words() {
    entities(&[
        ("高通发布新芯片", &["高通 | company/qualcomm", "芯片 | commodity/semiconductor"]),
        ("走出高通胀, 提高通过率", &["通胀 | measure/inflation"]),
        ("起亚在韩国", &["起亚 | company/kia", "韩国 | country/KOR"]),
        ("引起亚洲关注", &["亚洲 | region/asia"]),
        ("联想公布业绩", &["联想 | company/lenovo"]),
        ("让人联想到过去", &[]),
        ("三星级酒店与奔驰在路上", &[]),
        ("三星与奔驰", &["三星 | company/samsung", "奔驰 | company/mercedes"]),
        ("开放电池组装", &["电池 | commodity/battery"]),
        ("马钢发布公告", &["马钢 | company/ma-steel"]),
        ("西南钢厂与唐山钢厂", &["唐山 | place/tangshan"]),
        ("中金公司认为", &["中金公司 | institution/cicc"]),
        ("其中金属较多", &[]),
        ("中国黄金消费量", &["中国 | country/CHN", "黄金 | commodity/gold", "消费量 | measure/consumption"]),
        ("中国黄金（600916）", &["中国黄金 | company/china-gold"]),
        (
            "China coal and solid power demand",
            &["China | country/CHN", "coal | commodity/coal", "demand | measure/demand"],
        ),
        ("风电装机, 扩大和说明报告", &["风电 | commodity/wind-turbine", "装机 | measure/installed-capacity"]),
    ]);
}

#[test]
fn goods_inside_other_words() {
    entities(&[
        ("其中重稀土", &["重稀土 | commodity/heavy-rare-earths"]),
        ("中重稀土", &["中重稀土 | commodity/heavy-rare-earths"]),
        ("blue chips and potato chips", &[]),
        ("a magnet for tourists", &[]),
        ("magnets", &["magnets | commodity/magnet"]),
        ("提高锰矿产量", &["锰矿 | commodity/manganese-ore", "产量 | measure/output"]),
        ("有色板块走强", &["有色 | commodity/base-metals"]),
        ("铜陵有色", &["铜陵有色 | company/tongling-nonferrous"]),
        ("palm oil prices", &["prices | measure/price"]),
        ("oil prices", &["oil | commodity/crude-oil", "prices | measure/price"]),
        ("南非铬矿", &["南非 | country/ZAF", "铬矿 | commodity/chromite"]),
    ]);
}

#[test]
fn grades_belong_to_the_name() {
    entities(&[
        (
            "65%黑钨精矿、65度黑钨精矿",
            &["黑钨精矿 | commodity/tungsten-concentrate", "65度黑钨精矿 | commodity/tungsten-concentrate"],
        ),
        (
            "2#锑锭、0#锌锭与A00铝锭",
            &[
                "2#锑锭 | commodity/antimony-ingot",
                "0#锌锭 | commodity/zinc-ingot",
                "A00铝锭 | commodity/aluminium-ingot",
            ],
        ),
        (
            "SiMn 6517 and FeSi75",
            &["SiMn 6517 | commodity/silicomanganese", "FeSi75 | commodity/ferrosilicon"],
        ),
        ("Ti-6Al-4V", &["Ti-6Al-4V | commodity/titanium-material"]),
    ]);
}

#[test]
fn an_unknown_subject_has_no_id() {
    entities(&[("Qwertzuiop Metallics and 某某新材", &[])]);
}

/// Every name that needs no context, alone in a text, is read whole as its entry, also where all kinds of mentions
/// are looked for. Short names mean another good in each text.
#[test]
fn every_plain_name_reads_as_its_entry() {
    let reader = Reader::standard();
    let context = Context::default();
    let mut wrong = Vec::new();
    for entry in
        Lexicon::standard().entries().iter().filter(|entry| !matches!(entry.kind(), "none" | "short"))
    {
        for name in entry.names.iter().filter(|name| !name.in_context) {
            let mentions = reader.read(&name.text, &context);
            let whole = mentions.len() == 1
                && mentions[0].quote == name.text
                && mentions[0].id.as_ref() == Some(&entry.id)
                && (mentions[0].doubt == Some(Doubt::TranslationArtefact)) == name.artefact;
            // "EV sales": the good, and the measure of it.
            let split = mentions.len() == 2
                && entry.kind() == "measure"
                && mentions[0].id.as_deref().is_some_and(|id| id.starts_with("commodity/"))
                && mentions[0].start_byte == 0
                && mentions[1].id.as_ref() == Some(&entry.id)
                && mentions[1].end_byte == name.text.len();
            if !whole && !split {
                let found: Vec<(&str, Option<&str>)> =
                    mentions.iter().map(|mention| (mention.quote, mention.id.as_deref())).collect();
                wrong.push(format!("{} «{}» {found:?}", entry.id, name.text));
            }
        }
    }
    assert!(wrong.is_empty(), "{} names:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn two_meanings_that_fit_alike_give_none() {
    entities(&[
        ("turnover, with a profit on shares", &["profit | measure/profit"]),
        ("𬬻与鿭", &["𬬻 | commodity/rutherfordium", "鿭 | commodity/nihonium"]),
    ]);
}

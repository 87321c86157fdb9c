//! Events that a text denies, suspends, tells in the passive, or spreads over the sentences of a notice.

use text::{Claim, Context, EventType, Modality, Reader, Slot, Status, Term};

/// The events of a text that was published on 10 January 2026.
fn events(text: &str) -> Vec<Claim<'_>> {
    let reader = Reader::standard();
    let context = Context { published: Some(jiff::civil::date(2026, 1, 10)), ..Context::default() };
    let mentions = reader.read(text, &context);
    let mut claims = reader.claims(text, 0, &mentions);
    claims.retain(|claim| claim.event.is_some());
    claims
}

fn ids(slots: &[Slot<Term<'_>>]) -> String {
    let names: Vec<&str> = slots.iter().map(|slot| slot.is.id.as_deref().unwrap_or(slot.is.words)).collect();
    names.join("+")
}

/// The type and status of each event.
fn told(text: &str) -> Vec<(Option<EventType>, Option<Status>)> {
    let status = |claim: &Claim<'_>| claim.status.as_ref().map(|slot| slot.is.value);
    events(text).iter().map(|claim| (claim.event, status(claim))).collect()
}

fn effective(claim: &Claim<'_>) -> (String, String) {
    let interval = claim.effective.as_ref().map(|slot| slot.is.clone()).unwrap_or_default();
    (interval.start.unwrap_or_default(), interval.end.unwrap_or_default())
}

#[test]
fn a_control_that_is_suspended_or_lifted_is_eased_and_no_closure() {
    let cases = [
        ("Jakarta paused its embargo on nickel ore.", EventType::Ban),
        ("The ministry suspended the export controls on tungsten.", EventType::Licence),
        ("The moratorium on bauxite shipments was rescinded on Friday.", EventType::Ban),
        (
            "China introduced export controls on indium. It has now suspended those measures.",
            EventType::Licence,
        ),
        ("印尼宣布取消镍矿出口禁令。", EventType::Ban),
        ("钨出口管制自3月1日起暂停执行。", EventType::Licence),
        ("商务部决定中止实施第61号公告对镓的出口管制规定。", EventType::Licence),
    ];
    for (text, event) in cases {
        let last = told(text).pop();
        assert_eq!(last, Some((Some(event), Some(Status::Eased))), "{text}");
        assert!(told(text).iter().all(|(event, _)| *event != Some(EventType::Closure)), "{text}");
    }
    // A mine is still closed, and shipments are still banned.
    assert_eq!(told("Glencore suspended operations at its copper mine."), [(Some(EventType::Closure), None)]);
    assert_eq!(told("中国暂停向日本出口镓。"), [(Some(EventType::Ban), None)]);
}

#[test]
fn a_suspension_keeps_its_end() {
    let cases = [
        (
            "On Monday Indonesia suspended the ban on nickel ore until 3 March 2027.",
            ("2026-01-05", "2027-03-04"),
        ),
        ("自即日起至2027年3月3日，商务部暂停实施对钨的出口管制。", ("", "2027-03-04")),
    ];
    for (text, (start, end)) in cases {
        let found = events(text);
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(effective(&found[0]), (start.to_owned(), end.to_owned()), "{text}");
    }
}

#[test]
fn a_suspension_that_is_agreed_is_planned_and_one_that_is_asked_for_is_none() {
    let found = events("Indonesia decided to lift its export ban on bauxite.");
    let planned = found.first().and_then(|claim| claim.modality.as_ref()).map(|slot| slot.is.value);
    assert_eq!(planned, Some(Modality::Planned));
    for text in [
        "Brussels pressed China to suspend its export controls on germanium.",
        "Indonesia may lift its export ban on bauxite.",
        "日本呼吁中国解除镓出口管制。",
    ] {
        assert_eq!(told(text), [], "{text}");
    }
}

#[test]
fn what_is_denied_rumoured_or_only_possible_is_no_event() {
    for text in [
        "Indonesia denied reports that it had prohibited exports of tin.",
        "Claims that Chile had banned lithium exports were baseless.",
        "Speculation of an export ban on tin lifted prices.",
        "The ministry said that it never banned exports of tin.",
        "Jakarta ruled out an export ban on tin.",
        "Zimbabwe might ban lithium exports next year.",
        "Zimbabwe may ban chrome exports if refiners do not invest.",
        "Fears of an export ban on antimony rattled buyers.",
        "市场盛传缅甸禁止锡矿出口。",
        "关于“印尼禁止出口锡锭”的报道不属实。",
        "外交部澄清：所谓中国禁止对欧出口稀土的说法与事实不符。",
        "刚果（金）无意禁止钴出口。",
        "津巴布韦扬言禁止铬矿出口。",
    ] {
        assert_eq!(told(text), [], "{text}");
    }
    // What is told as fact beside such words stays.
    for text in [
        "Fears of a shortage grew after Indonesia banned exports of tin.",
        "Zimbabwe said it would ban exports of lithium concentrate from January 2027.",
        "津巴布韦宣布禁止出口锂精矿，市场担忧供应。",
    ] {
        let banned = told(text).iter().any(|(event, _)| *event == Some(EventType::Ban));
        assert!(banned, "{text}");
    }
}

#[test]
fn in_the_passive_the_destination_is_met_and_never_acts() {
    let cases = [
        ("Shipments of germanium from China to South Korea were prohibited last May.", "", "country/KOR"),
        ("Supplies of tin ore from Myanmar to Thailand are banned.", "", "country/THA"),
        ("India has been barred from buying Russian nickel.", "", "country/IND"),
        ("Export curbs from China lifted indium prices.", "country/CHN", ""),
        ("中国对日本锗出口被禁止。", "country/CHN", "country/JPN"),
    ];
    for (text, actor, target) in cases {
        let found = events(text);
        let claim = found.first();
        assert_eq!(claim.map(|claim| ids(&claim.actors)).as_deref(), Some(actor), "{text}");
        assert_eq!(claim.map(|claim| ids(&claim.targets)).as_deref(), Some(target), "{text}");
    }
}

#[test]
fn a_notice_keeps_its_goods_its_offices_and_its_date() {
    let text = "商务部 海关总署公告2026年第9号\n经国务院批准，决定对镓、锗、铟等3种稀有金属相关物项实施出口管制。\n\
                具体事项如下。\n本公告自2026年3月1日起正式施行。";
    let found = events(text);
    assert_eq!(found.len(), 1);
    let claim = &found[0];
    assert_eq!(ids(&claim.actors), "agency/mofcom+agency/gacc");
    assert_eq!(effective(claim).0, "2026-03-01");
    let goods: Vec<&str> =
        claim.subject.iter().chain(&claim.joint).filter_map(|slot| slot.is.id.as_deref()).collect();
    assert_eq!(goods[..3], ["commodity/gallium", "commodity/germanium", "commodity/indium"]);

    let text = "Indonesia announced a ban on exports of tin. Buyers were surprised. The order comes into force on 1 June 2026.";
    let found = events(text);
    assert_eq!(effective(&found[0]).0, "2026-06-01");
    // A date of something else is not that of the ban.
    let text = "Indonesia announced a ban on exports of tin. The smelter tax takes effect on 1 June 2026.";
    assert_eq!(effective(&events(text)[0]).0, "");
}

#[test]
fn a_capital_acts_for_its_country() {
    let found = events("Harare banned exports of chrome ore.");
    assert_eq!(ids(&found[0].actors), "country/ZWE");
    let found = events("At a meeting in Beijing the ministry banned exports of tin.");
    assert!(!ids(&found[0].actors).contains("country/"), "{}", ids(&found[0].actors));
}

#[test]
fn victims_of_an_accident_do_not_act_in_it() {
    let found = events("紫金矿业一处矿山发生透水事故，三名矿工遇难。公司宣布不可抗力。");
    assert!(found.iter().all(|claim| !ids(&claim.actors).contains("矿工")));
    let closed = found.iter().find(|claim| claim.event == Some(EventType::Closure));
    assert_eq!(closed.map(|claim| ids(&claim.actors)).as_deref(), Some("company/zijin-mining"));
    assert_eq!(told("五名工人遇难。"), []);
    assert_eq!(told("紫金矿业发布年度报告。"), []);
}

/// Period and modality of the last figure of a text.
fn when(text: &str) -> (String, String, Option<Modality>) {
    let reader = Reader::standard();
    let mentions = reader.read(text, &Context::default());
    let claim = reader.claims(text, 0, &mentions).pop().unwrap_or_default();
    let period = claim.period.map(|slot| slot.is).unwrap_or_default();
    let modality = claim.modality.map(|slot| slot.is.value);
    (period.start.unwrap_or_default(), period.end.unwrap_or_default(), modality)
}

#[test]
fn the_years_behind_a_year_are_not_that_year() {
    assert_eq!(when("Post-2021 output of tin rose 7%.").0, "2022-01-01");
    assert_eq!(when("Pre-2015 output of tin was 900 t.").1, "2015-01-01");
}

#[test]
fn what_was_so_by_a_year_is_no_plan() {
    assert_eq!(when("By 2012, Chile supplied 40% of the world's lithium.").2, None);
    assert_eq!(when("By 2035, Chile aims to supply 40% of the world's lithium.").2, Some(Modality::Planned));
}

/// Type, actors, targets, status and effect of each event of a text.
fn parties(text: &str) -> Vec<String> {
    let status = |claim: &Claim<'_>| match claim.status.as_ref().map(|slot| slot.is.value) {
        Some(status) => format!(" {status:?}"),
        None => String::new(),
    };
    let show = |claim: &Claim<'_>| {
        let (start, end) = effective(claim);
        let event = claim.event.map_or_else(String::new, |event| format!("{event:?}"));
        format!("{event} {}>{}{} {start}..{end}", ids(&claim.actors), ids(&claim.targets), status(claim))
    };
    events(text).iter().map(show).collect()
}

#[test]
fn a_control_is_of_its_owner_and_spares_whom_it_lets_off() {
    let cases: &[(&str, &[&str])] = &[
        (
            "China suspended that export ban on gallium until 27 November 2026.",
            &["Ban country/CHN> Eased ..2026-11-28"],
        ),
        ("Wogen said export bans from China had pushed up antimony prices.", &["Ban country/CHN> .."]),
        (
            "Lynas was granted an exemption from Malaysia's ban on rare earth exports until 2 March 2026.",
            &["Ban country/MYS>company/lynas Eased ..2026-03-03"],
        ),
        ("商务部1月7日公布，管制不是禁止出口。", &[]),
        (
            "1月9日，商务部宣布暂停实施稀土出口管制，直至2026年11月10日。",
            &["Licence agency/mofcom> Eased ..2026-11-11"],
        ),
        (
            "China's Ministry of Commerce placed terbium under export controls on 4 January in response to US tariffs.",
            &["Licence agency/mofcom> 2026-01-04..2026-01-05"],
        ),
        ("Donald Trump threatened to impose tariffs on Russia.", &[]),
        ("Under the MoU, Lynas would supply dysprosium oxide.", &[]),
        (
            "Syrah resumed production at Balama, Mozambique, in December.",
            &["Closure company/syrah> Ended 2025-12-01..2026-01-01"],
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(parties(text), *expected, "{text}");
    }
}

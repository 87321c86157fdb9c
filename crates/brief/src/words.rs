//! The words of templates, in both languages.

use api::record::{
    Check, DifferenceKind, Direction, EventType, FindingKind, LikelierKind, Qualifier, ReasonCode, Relation,
};

use crate::model::SectionKind;
use crate::parameters::Language;

/// One of two words, by language.
pub(crate) fn say(language: Language, chinese: &'static str, english: &'static str) -> &'static str {
    match language {
        Language::Chinese => chinese,
        Language::English => english,
    }
}

/// The heading of a section.
pub(crate) fn heading(kind: SectionKind, language: Language) -> &'static str {
    let (chinese, english) = match kind {
        SectionKind::Lead => ("要点", "In brief"),
        SectionKind::Dispute => ("存疑", "In dispute"),
        SectionKind::Stories => ("多方报道的事件", "Told by several"),
        SectionKind::Prices => ("价格", "Prices"),
        SectionKind::Policy => ("政策及其日期", "Policy and its dates"),
        SectionKind::Trade => ("贸易", "Trade"),
        SectionKind::Companies => ("公司", "Companies"),
        SectionKind::SupplyDemand => ("供需", "Supply and demand"),
        SectionKind::Technology => ("技术", "Technology"),
        SectionKind::Markets => ("市场", "Markets"),
        SectionKind::Outlooks => ("展望（按机构）", "Outlooks, by house"),
        SectionKind::Other => ("其他", "Also said"),
        SectionKind::Revised => ("预测兑现与修订", "Forecasts that came out, and revisions"),
        SectionKind::Holds => ("已核对且成立", "Checked and holds"),
        SectionKind::NotCompared => ("无法比较", "Could not be compared"),
    };
    say(language, chinese, english)
}

/// What a finding is called.
pub(crate) fn finding(kind: FindingKind, language: Language) -> &'static str {
    let (chinese, english) = match kind {
        FindingKind::Contradiction => ("相互矛盾", "contradiction"),
        FindingKind::Fails => ("算不拢", "does not add up"),
        FindingKind::Holds => ("成立", "holds"),
        FindingKind::Agreement => ("一致", "agreement"),
        FindingKind::Rounding => ("取整后一致", "agreement by rounding"),
        FindingKind::Outturn => ("预测与实际", "forecast and outturn"),
        FindingKind::Revision => ("修订", "revision"),
        FindingKind::NotComparable => ("不可比", "not compared"),
        FindingKind::Unspecified => ("发现", "finding"),
    };
    say(language, chinese, english)
}

/// The one thing that differs in a contradiction; `None` where the record does not say.
pub(crate) fn reason(reason: ReasonCode, language: Language) -> Option<&'static str> {
    let (chinese, english) = match reason {
        ReasonCode::Unspecified => return None,
        ReasonCode::Value => ("数值不同", "the value differs"),
        ReasonCode::DigitsTransposed => ("数字颠倒", "digits transposed"),
        ReasonCode::Scale => ("数量级不同", "scale"),
        ReasonCode::UnitOrBasis => ("单位或口径不同", "unit or basis"),
        ReasonCode::PeriodShifted => ("时期错位", "period shifted"),
        ReasonCode::ComparisonBase => ("比较基期不同", "base of the comparison"),
        ReasonCode::GoodConfused => ("商品混淆", "good confused"),
        ReasonCode::Direction => ("方向相反", "direction"),
        ReasonCode::ActorOrTradeDirection => ("主体或贸易方向不同", "actor or direction of trade"),
    };
    Some(say(language, chinese, english))
}

/// What was checked; `None` where the record does not say.
pub(crate) fn check(check: Check, language: Language) -> Option<&'static str> {
    let (chinese, english) = match check {
        Check::Unspecified => return None,
        Check::ChangeBase => ("数值、变动与基数", "value, change and base"),
        Check::RangeBase => ("区间两端对应同一基数", "both ends of a range imply one base"),
        Check::PartsTotal => ("分项与合计", "parts and total"),
        Check::Ratio => ("比率", "ratio and its terms"),
        Check::Share => ("占比", "shares of one whole"),
        Check::UnitPrice => ("金额、数量与单价", "value, volume and unit price"),
        Check::FuturePeriod => ("时期尚未结束", "period not over when told as fact"),
        Check::Calendar => ("日历", "calendar"),
        Check::SelfExplanation => ("以自身为因", "explained by itself"),
        Check::Chronology => ("先后顺序", "order of steps"),
        Check::Age => ("时间间隔与日期", "age and dates"),
        Check::SeriesLevel => ("与已载入数据核对", "against a loaded table"),
        Check::SeriesChange => ("变动与已载入数据核对", "change against a loaded table"),
        Check::SeriesSum => ("合计与已载入数据核对", "sum against a loaded table"),
    };
    Some(say(language, chinese, english))
}

/// Why a side may be the likelier.
pub(crate) fn likelier(kind: LikelierKind, language: Language) -> &'static str {
    let (chinese, english) = match kind {
        LikelierKind::Attribution => ("注明了来源", "it names its source"),
        LikelierKind::Edition => ("是较晚的版本", "it is the later edition"),
        LikelierKind::Arithmetic => ("算术上成立", "its arithmetic holds"),
        LikelierKind::Table => ("与已载入的数据一致", "a loaded series says so"),
        LikelierKind::Chronology => ("与文中日期相符", "it fits a date that a text gives"),
        LikelierKind::Voices => ("独立信源较多", "more independent voices say so"),
        LikelierKind::Unspecified => ("另有理由", "for a reason that this version does not know"),
    };
    say(language, chinese, english)
}

/// What tellings of one event say differently.
pub(crate) fn difference(kind: DifferenceKind, language: Language) -> &'static str {
    let (chinese, english) = match kind {
        DifferenceKind::Number => ("数字", "the number"),
        DifferenceKind::Period => ("时期", "the period"),
        DifferenceKind::Good => ("商品名称", "the name of the good"),
        DifferenceKind::Place => ("地点", "the place"),
        DifferenceKind::Date => ("日期", "the date"),
        DifferenceKind::Unspecified => ("内容", "what is said"),
    };
    say(language, chinese, english)
}

/// What happened, of an event.
pub(crate) fn event(event: EventType, language: Language) -> Option<&'static str> {
    let (chinese, english) = match event {
        EventType::Unspecified => return None,
        EventType::Ban => ("禁令", "ban"),
        EventType::Licence => ("许可", "licence"),
        EventType::Quota => ("配额", "quota"),
        EventType::Closure => ("停产关闭", "closure"),
        EventType::Agreement => ("协议", "agreement"),
        EventType::Enforcement => ("执法", "enforcement"),
        EventType::Announcement => ("公告", "announcement"),
    };
    Some(say(language, chinese, english))
}

/// The relation of a change to its base.
pub(crate) fn relation(relation: Relation, language: Language) -> &'static str {
    let (chinese, english) = match relation {
        Relation::Unspecified => ("", ""),
        Relation::YearOnYear => ("同比", "year on year"),
        Relation::HalfOnHalf => ("较上半年期", "half on half"),
        Relation::QuarterOnQuarter => ("环比（季）", "quarter on quarter"),
        Relation::MonthOnMonth => ("环比（月）", "month on month"),
        Relation::WeekOnWeek => ("环比（周）", "week on week"),
        Relation::DayOnDay => ("较前一日", "day on day"),
        Relation::PreviousPeriod => ("环比", "on the period before"),
        Relation::YearStart => ("较年初", "since the start of the year"),
    };
    say(language, chinese, english)
}

/// Which way something changed.
pub(crate) fn direction(direction: Direction, language: Language) -> &'static str {
    let (chinese, english) = match direction {
        Direction::Unspecified => ("变动", "changed"),
        Direction::Up => ("上升", "up"),
        Direction::Down => ("下降", "down"),
        Direction::Flat => ("持平", "unchanged"),
    };
    say(language, chinese, english)
}

/// Which way something went to a multiple of what it was: to three times, to half.
pub(crate) fn multiplied(direction: Direction, language: Language) -> &'static str {
    let (chinese, english) = match direction {
        Direction::Up => ("增至", "up to"),
        Direction::Down => ("降至", "down to"),
        Direction::Flat | Direction::Unspecified => ("为", "at"),
    };
    say(language, chinese, english)
}

/// The direction that a side of a finding names: `up`.
pub(crate) fn direction_named(name: &str, language: Language) -> Option<&'static str> {
    let named = Direction::from_str_name(&format!("DIRECTION_{}", name.to_uppercase()))?;
    (named != Direction::Unspecified).then(|| direction(named, language))
}

/// The relation to a base that a side of a finding names: `relation_year_on_year`.
pub(crate) fn relation_named(name: &str, language: Language) -> Option<&'static str> {
    let named = Relation::from_str_name(&name.to_uppercase())?;
    Some(relation(named, language)).filter(|words| !words.is_empty())
}

/// The qualifier with which the value of a side of a finding begins, as a word, and the rest.
pub(crate) fn qualifier_named(said: &str, language: Language) -> (&'static str, &str) {
    use Qualifier::{About, AtLeast, AtMost, Nearly, Over, Under};
    for known in [About, Nearly, Over, AtLeast, Under, AtMost] {
        if let Some(rest) = said.strip_prefix(qualifier(known, Language::English)) {
            return (qualifier(known, language), rest);
        }
    }
    ("", said)
}

/// How a value is qualified.
pub(crate) fn qualifier(qualifier: Qualifier, language: Language) -> &'static str {
    let (chinese, english) = match qualifier {
        Qualifier::Unspecified => ("", ""),
        Qualifier::About => ("约", "about "),
        Qualifier::Nearly => ("近", "nearly "),
        Qualifier::Over => ("超过", "over "),
        Qualifier::AtLeast => ("至少", "at least "),
        Qualifier::Under => ("不足", "under "),
        Qualifier::AtMost => ("至多", "at most "),
    };
    say(language, chinese, english)
}

/// A count with its noun, in English with its plural.
pub(crate) fn count(language: Language, number: usize, chinese: &str, one: &str, many: &str) -> String {
    match (language, number) {
        (Language::Chinese, _) => format!("{number} {chinese}"),
        (Language::English, 1) => format!("1 {one}"),
        (Language::English, _) => format!("{number} {many}"),
    }
}

/// What a check by wording or calendar found, in Chinese.
pub(crate) fn wording(check: Check, holds: bool) -> &'static str {
    let (fails, stands) = match check {
        Check::FuturePeriod => ("把尚未结束的时期当作已成之事", "所述时期与发布日期相容"),
        Check::Calendar => ("所写时间与日历或发布日期不符", "所写时间与日历相符"),
        Check::SelfExplanation => ("以自身解释自身", "所述原因并非结果本身"),
        Check::Chronology => ("先后顺序不能成立", "先后顺序成立"),
        Check::Age => ("所写年数与日期不符", "所写年数与日期相符"),
        _ => ("不能成立", "成立"),
    };
    if holds { stands } else { fails }
}

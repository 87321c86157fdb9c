//! What holds for a whole text: the company whose text it is, the good that it is about, and the place that it is about.
//!
//! Read once for a text, from its title and from what it names most often; a slot takes it only if nothing nearer fills it.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use super::goods::is_user;
use super::layout::Block;
use super::place::is_of_somebody;
use super::scene::Scene;
use super::slots::{Claim, Origin, OriginKind, Slot, Term};
use super::subject::Around;
use super::unit_once::{Unit, unit_said};
use super::{event_place, measure, trade};
use crate::find::{Words, find, lower};
use crate::lexicon::Lexicon;

/// Facts of a whole text, each an item.
#[derive(Clone, Debug, Default)]
pub(super) struct Home {
    /// The good that the text names most often.
    pub(super) good: Option<usize>,
    /// The company that the text is about: the title begins with it and names no other.
    pub(super) host: Option<usize>,
    /// True if it is that company's text: its results, notice, call or written answers.
    own: bool,
    /// The words for the office whose text it is, which the lexicon need not know: «Ministry of Mines, India».
    office: Option<Range<usize>>,
    /// The unit that the title says once for the prices below.
    pub(super) unit: Option<Unit>,
    /// The unit that the first block says, whatever it is of.
    pub(super) titled: Option<Unit>,
    /// True for a day's report.
    pub(super) daily: bool,
    /// The country or place that the title is about, or whose office speaks.
    place: Option<Place>,
    /// The item of each good that is named, ordered by its id.
    goods: Vec<usize>,
}

/// Where a text is at home.
#[derive(Clone, Debug)]
struct Place {
    /// The item that tells it.
    item: usize,
    /// Its id, if it has one.
    id: Option<String>,
    /// Its words.
    words: Range<usize>,
    /// True if an office of the place speaks.
    office: bool,
}

impl Home {
    /// True if an office speaks by the title.
    pub(super) fn has_office(&self) -> bool {
        self.office.is_some()
    }

    /// True if the text is a company's own.
    pub(super) fn is_own(&self) -> bool {
        self.own
    }
}

/// Reads them; `scene` need not hold them yet.
pub(super) fn of(scene: &Scene<'_, '_>) -> Home {
    let Some(title) = scene.blocks.first() else { return Home::default() };
    let (host, own) = host(scene, title).unzip();
    let own = own.unwrap_or(false);
    let titled = unit_said(&scene.text[title.span.clone()]);
    let unit = titled.clone().filter(|unit| measure::is_rate_of_money(&unit.code));
    let daily = DAILY.any_in(&scene.text[title.span.clone()]);
    let goods = goods(scene);
    Home {
        office: office_of_title(scene, title),
        daily,
        unit,
        titled,
        good: good(scene, &goods),
        host,
        own,
        place: of_title(scene, title),
        goods,
    }
}

/// Each time that a good is named in a text, ordered by its id and then as they stand.
fn goods(scene: &Scene<'_, '_>) -> Vec<usize> {
    let named = |item: &usize| scene.kind(*item) == "commodity" && scene.id(*item).is_some();
    let mut goods: Vec<usize> = (0..scene.items.len()).filter(named).collect();
    goods.sort_by_key(|item| scene.id(*item));
    goods
}

/// True if the good at `item` is what a sentence that names none tells of: the text names few others. What a title names has to be
/// most of the text, for what is told shortly before a third will do.
pub(super) fn is_the_good(scene: &Scene<'_, '_>, item: usize) -> bool {
    let goods = &scene.home.goods;
    let id = scene.id(item);
    let first = goods.partition_point(|good| scene.id(*good) < id);
    let own = goods[first..].partition_point(|good| scene.id(*good) == id);
    let all = goods.len();
    let is_title = scene.blocks.first().is_some_and(|title| scene.items[item].start < title.span.end);
    if is_title { own * 2 >= all } else { own * 10 >= all * 3 }
}

/// The first mention of the good named most often, at least twice and more often than any other.
fn good(scene: &Scene<'_, '_>, goods: &[usize]) -> Option<usize> {
    let goods: Vec<usize> = goods.iter().copied().filter(|item| !is_user(scene, *item)).collect();
    let same = |left: &usize, right: &usize| scene.id(*left) == scene.id(*right);
    let counts = goods.chunk_by(same).map(|of_one| (of_one.len(), of_one[0]));
    let (most, item) = counts.clone().max_by_key(|(count, item)| (*count, usize::MAX - item))?;
    let alone = counts.filter(|(count, _)| *count == most).count() == 1;
    (most > 1 && alone).then_some(item)
}

/// The office that a title begins with by its form: «Ministry of Mines, India: notice on ...», 某某省生态环境厅关于….
fn office_of_title(scene: &Scene<'_, '_>, title: &Block) -> Option<Range<usize>> {
    const ENGLISH: &[&str] =
        &["Ministry of ", "Department of ", "Bureau of ", "Commission ", "Agency ", "Customs ", "Office of "];
    const CHINESE: &[&str] =
        &["部", "局", "厅", "委", "委员会", "海关", "总署", "办公室", "政府", "管委会", "证监会"];
    const MARKS: &[&str] = &["关于", "公布", "发布", "印发", "通知", "公告", "：", ":", "通报", "答"];
    const LONGEST: usize = 90;
    let words = &scene.text[title.span.clone()];
    if ENGLISH.iter().any(|word| words.starts_with(word)) {
        let end = words.find([':', '–', '—', '(']).or_else(|| find(words, " - ")).unwrap_or(words.len());
        let end = words[..end].find(", Republic").or_else(|| words[..end].rfind(", ")).unwrap_or(end);
        let name = words[..end].trim_end();
        return (name.len() <= LONGEST).then(|| title.span.start..title.span.start + name.len());
    }
    let end = MARKS.iter().filter_map(|mark| find(words, mark)).min()?;
    let name = words[..end].trim_end_matches([' ', '、']);
    let form = CHINESE.iter().any(|word| name.ends_with(word));
    (form && name.len() <= LONGEST && !name.contains(['，', ',', ' ']))
        .then(|| title.span.start..title.span.start + name.len())
}

/// The office whose text it is, as «the Ministry», 我委 or 部方 mean it.
pub(super) fn office_told<'t>(scene: &Scene<'t, '_>, block: &Block) -> Option<Slot<Term<'t>>> {
    let span = scene.home.office.clone()?;
    let named = scene.items_in(&span).find(|item| scene.kind(*item) == "agency");
    match named {
        Some(item) => Some(scene.term(item, block, "office told before")),
        None => {
            let mut slot = scene.words_term(span, "office told before");
            slot.origin.kind = OriginKind::Inherited;
            Some(slot)
        }
    }
}

/// Words of a title that make it the text of the company that it names.
const OWN: &[&str] = &[
    "results", "report", "announcement", "notice", "call", "investor", "quarterly", "interim", "annual",
    "half-year", "half year", "full-year", "earnings", "trading update", "production update", "guidance",
    "questions", "q&a", "replies", "公告", "报告", "业绩", "年报", "季报", "半年报", "中报", "投资者",
    "调研", "说明会", "接待", "问答", "纪要", "经营情况", "经营数据", "产销", "快报", "预告",
];

/// Words of a Chinese title that tell of a company from outside unless one of the others stands there too.
const NEWS: &[&str] = &["年报", "季报", "半年报", "中报", "业绩", "预告", "快报", "产销", "调研", "投资者"];

/// Words of a title that the company itself writes.
const WRITTEN: &[&str] = &[
    "公告", "报告", "记录", "纪要", "问答", "说明会", "经营情况", "经营数据", "公布", "摘要", "活动", "接待",
];

/// True if the title is of a text that the company itself writes, and not of news about it.
fn is_written(words: &str) -> bool {
    !NEWS.iter().any(|word| words.contains(word)) || WRITTEN.iter().any(|word| words.contains(word))
}

/// Words of a title that make it a day's report.
static DAILY: LazyLock<Words> = LazyLock::new(|| {
    Words::in_any_case(&[
        "日报", "日评", "早报", "晚报", "午报", "早评", "晚评", "收评", "午评", "早间", "午间", "收盘",
        "每日", "今日", "当日", "隔夜", "早餐", "晨报", "日讯", "快讯", "播报", "现货报价", "报价表",
        "daily", "morning", "midday", "closing", "overnight", "today", "evening", "market wrap", "flash",
    ])
});

/// The only company of the title, if that begins with it, and whether its words make the text that company's own.
fn host(scene: &Scene<'_, '_>, title: &Block) -> Option<(usize, bool)> {
    const EARLY: usize = 12;
    let named: Vec<usize> = scene.items_of(title).filter(|item| scene.kind(*item) == "company").collect();
    let first = *named.first()?;
    let early = scene.items[first].start - title.span.start <= EARLY;
    let words = lower(&scene.text[title.span.clone()]);
    let own = OWN.iter().any(|word| words.contains(word));
    let alone = named.iter().all(|other| scene.id(*other) == scene.id(first));
    (early && alone).then_some((first, own))
}

/// True if the company named at `item` wrote the text.
pub(super) fn wrote(scene: &Scene<'_, '_>, item: usize) -> bool {
    let Some((host, title)) = scene.home.host.zip(scene.blocks.first()) else { return false };
    (scene.id(host).is_some() && scene.id(host) == scene.id(item) || scene.words(host) == scene.words(item))
        && scene.home.own
        && is_written(&scene.text[title.span.clone()])
}

/// The place of the title: of the office that it names, or the only one that is told of there.
fn of_title(scene: &Scene<'_, '_>, title: &Block) -> Option<Place> {
    let items = scene.items_of(title);
    // In a digest's title an office is what one of its items tells of.
    let leads = |item: usize| {
        let ahead = &scene.text[title.span.start..scene.items[item].start];
        !ahead.contains([',', '，', ':', '：'])
    };
    let office = items.clone().filter(|item| leads(*item)).find_map(|item| office(scene, item));
    if office.is_some() {
        return office;
    }
    let mut named = items.filter(|item| matches!(scene.kind(*item), "country" | "place" | "region"));
    let first = named.next()?;
    if is_seat(scene, title, first) {
        return Some(Place {
            item: first,
            id: scene.id(first).map(str::to_owned),
            words: scene.items[first].span(),
            office: true,
        });
    }
    let alone = named.all(|other| scene.id(other) == scene.id(first));
    let told = !is_of_somebody(scene, title, first)
        && !trade::is_partner(scene, first, "imports")
        && !trade::is_partner(scene, first, "exports");
    let trade = trade::in_title(scene, title).is_some();
    let words = scene.words(first);
    // «Chinese minor metals» are traded elsewhere too.
    let adjective =
        words.is_ascii() && ["ese", "ian", "can", "ish", "ean"].iter().any(|end| words.ends_with(end));
    (alone && told && (trade || !adjective)).then(|| Place {
        item: first,
        id: scene.id(first).map(str::to_owned),
        words: scene.items[first].span(),
        office: office_of_title(scene, title).is_some(),
    })
}

/// True if the place at `item` is that of an office whose title it is: «Notice of Hunan Provincial Department of ...», 榆林市工业和信息化局关于….
fn is_seat(scene: &Scene<'_, '_>, title: &Block, item: usize) -> bool {
    const LEVELS: &[&str] = &[
        " Provincial", " Province", " City", " Municipal", " County", " Autonomous Region", " Department",
        " Bureau", " Government", " Commission", " People's Government", "省", "市", "自治区", "自治州",
        "县", "区", "州", "盟", "人民政府", "海关",
    ];
    const OFFICES: &[&str] = &[
        "Department", "Bureau", "Commission", "Government", "Office", "Administration", "Notice of", "厅",
        "局", "委", "政府", "办公室", "海关", "管委会", "关于",
    ];
    let rest = scene.text.get(scene.items[item].end..title.span.end).unwrap_or_default();
    let words = &scene.text[title.span.clone()];
    LEVELS.iter().any(|word| rest.starts_with(word)) && OFFICES.iter().any(|word| words.contains(word))
}

/// The place of a province's or city's agency, by their ids: sichuan of sichuan-commerce.
static PROVINCES: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let entries = Lexicon::standard().entries();
    let places: Vec<(&str, &str)> = entries
        .iter()
        .filter_map(|entry| Some((entry.id.strip_prefix("place/")?, entry.id.as_str())))
        .collect();
    let mut found = HashMap::new();
    for agency in entries.iter().filter_map(|entry| entry.id.strip_prefix("agency/")) {
        let seat = places.iter().filter(|(name, _)| {
            agency.strip_prefix(name).is_some_and(|rest| rest.starts_with('-'))
                && !agency.ends_with("-customs")
        });
        if let Some((_, place)) = seat.max_by_key(|(name, _)| name.len()) {
            found.insert(agency, *place);
        }
    }
    found
});

/// The place of the office at `item`: a country's, or the district of its customs.
fn office(scene: &Scene<'_, '_>, item: usize) -> Option<Place> {
    let id = scene.id(item).filter(|id| id.starts_with("agency/"))?;
    let span = scene.items[item].span();
    if let Some(place) = id.strip_prefix("agency/").and_then(|agency| PROVINCES.get(agency)) {
        return Some(Place { item, id: Some((*place).to_owned()), words: span, office: true });
    }
    if let Some(country) =
        event_place::nation(id).map(str::to_owned).or_else(|| Some(format!("country/{}", trade::nation(id)?)))
    {
        return Some(Place { item, id: Some(country), words: span, office: true });
    }
    let district = scene.words(item).strip_suffix("海关").filter(|words| !words.is_empty())?;
    Some(Place { item, id: None, words: span.start..span.start + district.len(), office: true })
}

/// Words of an office for its own place.
static LOCAL: LazyLock<Words> = LazyLock::new(|| {
    Words::in_any_case(&[
        "我省", "全省", "本省", "我市", "全市", "本市", "我区", "全区", "本区", "我县", "全县", "我州",
        "全州", "关区", "省内", "市内", "区内", "辖区", "the province", "the whole province", "the city",
        "our province", "our city", "the region", "the county", "provincial", "the prefecture",
        "the autonomous region",
    ])
});

/// Words for more than one country.
static WIDER: LazyLock<Words> = LazyLock::new(|| {
    Words::in_any_case(&[
        "全球", "世界", "海外", "境外", "国际", "国外", "global", "world", "overseas", "international",
        "abroad",
    ])
});

/// True if a sentence tells of more than one country: 全球, «overseas».
pub(super) fn is_wider(scene: &Scene<'_, '_>, block: &Block) -> bool {
    WIDER.any_in(&scene.text[block.span.clone()])
}

/// The place of the text for a figure that names none.
pub(super) fn place<'t>(around: Around<'t, '_, '_, '_>, claim: &Claim<'t>) -> Option<Slot<Term<'t>>> {
    let Around { scene, block, reach, .. } = around;
    let home = scene.home.place.as_ref()?;
    let here = scene.text.get(block.span.start..scene.items[reach.anchor].start).unwrap_or_default();
    if home.office && LOCAL.any_in(here) {
        return Some(slot(scene, block, home));
    }
    if claim.venue.is_some() {
        return None;
    }
    let measure = claim.measure_id().unwrap_or_default();
    let traded =
        ["measure/trading-volume", "measure/trading-value", "measure/open-interest"].contains(&measure);
    if traded || is_wider(scene, block) {
        return None;
    }
    let other = (reach.all.start..reach.anchor)
        .any(|item| matches!(scene.kind(item), "country" | "place" | "region"));
    (!other).then(|| slot(scene, block, home))
}

/// The place of the text for a row of a table that names none.
pub(super) fn place_of_row<'t>(scene: &Scene<'t, '_>, block: &Block) -> Option<Slot<Term<'t>>> {
    let home = scene.home.place.as_ref()?;
    (!is_wider(scene, block)).then(|| slot(scene, block, home))
}

/// The country of the office whose text it is.
pub(super) fn country<'t>(scene: &Scene<'t, '_>, block: &Block) -> Option<Slot<Term<'t>>> {
    let home = scene.home.place.as_ref().filter(|home| home.office)?;
    home.id.as_deref().filter(|id| id.starts_with("country/"))?;
    Some(slot(scene, block, home))
}

/// The place of the office whose text it is.
pub(super) fn place_of_office<'t>(scene: &Scene<'t, '_>, block: &Block) -> Option<Slot<Term<'t>>> {
    let home = scene.home.place.as_ref().filter(|home| home.office)?;
    Some(slot(scene, block, home))
}

fn slot<'t>(scene: &Scene<'t, '_>, block: &Block, home: &Place) -> Slot<Term<'t>> {
    let origin =
        Origin { kind: OriginKind::Inherited, ..scene.origin(home.item, block, "place of the whole text") };
    Slot { is: Term { id: home.id.clone(), words: &scene.text[home.words.clone()] }, origin }
}

#[cfg(test)]
mod tests {
    use crate::{Context, Reader, Slot, Term};

    fn told(slot: Option<&Slot<Term<'_>>>) -> String {
        slot.map_or_else(String::new, |slot| slot.is.id.clone().unwrap_or_else(|| slot.is.words.to_owned()))
    }

    /// Place, first actor and attribution of the last claim of a text whose first line is its title.
    fn last(text: &str) -> [String; 3] {
        let reader = Reader::standard();
        let mentions = reader.read(text, &Context::default());
        let claims = reader.claims(text, text.find('\n').unwrap_or(0), &mentions);
        let Some(claim) = claims.last() else { return Default::default() };
        [told(claim.place.as_ref()), told(claim.actors.first()), told(claim.attribution.as_ref())]
    }

    #[test]
    fn a_title_tells_place_company_and_office_of_the_whole_text() {
        let cases = [
            ("China tin prices firm\nTin ingot rose to 268,000 yuan per tonne.", ["country/CHN", "", ""]),
            // Traded all over the world.
            ("Chinese minor metals mixed\nIndium was $348/kg.", ["", "", ""]),
            ("China tin prices firm\nGlobal tin demand was 380,000 t.", ["Global", "", ""]),
            (
                "Notice of Yunnan Provincial Department of Industry\nThe whole province made 120,000 t of tin.",
                ["place/yunnan", "", ""],
            ),
            (
                "Dunmoor Resources: quarterly report\nWe held 900 t of tin at the end of June.",
                ["", "Dunmoor Resources", ""],
            ),
            (
                "Ministry of Ores, Quarria: notice on tin\nThe Ministry expects tin output of 900 t.",
                ["", "", "Ministry of Ores"],
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(last(text), expected, "{text}");
        }
    }

    #[test]
    fn a_unit_of_the_title_is_that_of_the_prices_below() {
        let reader = Reader::standard();
        let text = "锡价日报（单位：元/吨）\n锡锭均价268,000，较昨日-500。";
        let mentions = reader.read(text, &Context::default());
        let claims = reader.claims(text, text.find('\n').unwrap_or(0), &mentions);
        let units: Vec<_> = claims
            .iter()
            .flat_map(|claim| {
                let by = claim.changes.iter().filter_map(|change| change.by.as_ref()?.is.unit.clone());
                claim.value.iter().filter_map(|value| value.is.unit.clone()).chain(by).collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(units, ["CNY/t", "CNY/t"]);
    }
}

//! Made-up documents of a market: equal on every machine, and about as compressible as real ones.
//!
//! A document is a row of sentences in one language. Sentences come from patterns whose slots are filled with goods,
//! places, verbs and digits, and between them stand clauses of random common words, without which a document of 4 KB would
//! compress several times better than prose does.

use api::record::{Document, Period, Precision, Record};
use bytes::Bytes;
use prost::{Message as _, Name as _};

/// How long a text is, in bytes; the last sentence may go over it.
pub(crate) const TEXT_BYTES: usize = 4096;

/// Common characters, of which words of two are made.
pub(crate) const HANZI: &str = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严";

const ENGLISH: &str = "about above across added after again against ahead almost along already although among analysts announced annual another appears approval area around asked assets average balance bank barely barrels base basin because become before began behind below benchmark better between beyond board border both bought brokers build business buyers called capacity capital cargo cautious central certain chain change charge cheaper clear climbed closed coast collect come commerce commodity company compared complete concern conference confirmed consider consumers continue contract control cooling corporate cost could council country course cover credit current customs cycle daily dealers decade decision decline deficit delayed deliver demand deposit despite detail develop difference direct discount domestic doubled down draft drew drivers during early earnings easing economic effect effort either electric emerged end energy enough entire equal equipment estimate even evidence exchange executive exempt expand expect expense exploration export extend extra face factory fall family feed fewer field figures filed final finance firm first fiscal flat flow followed forecast foreign former forward found fourth fresh from fuel full fund further future gain gap general given global goal government grade gradually grew ground group growth guidance half handle harbour hardly head heavy held high hold hope house however impact import improve include income increase indeed index industry inflation input inquiry inside instead insurance intend interest invest issued item joint just keep kept kilometre known labour lack large last late launch lead least leave ledger less level licence light likely limit line liquid list little loan local logistics long look lost lower magnet main maintain major make manager many margin marine market mass match material mature maximum mean measure medium meeting member metal might mill mine minister mixed model modest month more most motor move much narrow national near need negotiate network never newly next nominal northern note number obtain offer office official often open operate option order other output outside over owner own pace pact paid panel part partner party passed past path pause peak people percent perhaps period permit phase pilot place plan plant point policy port position possible post pound power praised premium prepare present pressure previous price prior private probably process produce product profit program project promise proof proposal prospect protect provide public published purchase push quality quarter question quickly quota quote railway raise range rapid rare rate rather ratio reach ready real reason rebound recent record recover reduce refer refinery region regular release remain removed repair report require research reserve residual resource respond rest result retail return review revised rich right rise risk river road role room rose rough round route rule safe same sample sanction scale schedule scheme scrap season second sector secure seek segment seller senior separate series serve session settle several shaft share sharp sheet shift ship short should show side signal similar since single site slight slow small smelter soft sold source southern speak special spend spot spread stable staff stage stake standard start state station steady steel still stock stop storage store strategy stream strength strict strike strong study subject such summit supply support sure surge surplus survey swap system table take target tariff team technical tender term test than their then thin third those though three through tier tight time tonnage took total toward trade traffic transit treasury trend trial truck turn under union unit until upgrade upper urban usual utility valley value variety vehicle venture vessel view volume wage wait warehouse warned watch water weak wealth week weight western whether which while whole wide winter within without worker worse worth would year yield zone";

const GOODS: [(&str, &str); 12] = [
    ("稀土精矿", "rare earth concentrate"),
    ("氧化镨钕", "praseodymium-neodymium oxide"),
    ("氧化镝", "dysprosium oxide"),
    ("氧化铽", "terbium oxide"),
    ("锑锭", "antimony ingot"),
    ("电解铜", "copper cathode"),
    ("碳酸锂", "lithium carbonate"),
    ("电解钴", "cobalt cathode"),
    ("镍铁", "ferronickel"),
    ("钨精矿", "tungsten concentrate"),
    ("金属镓", "gallium metal"),
    ("海绵钛", "titanium sponge"),
];

const PLACES: [(&str, &str); 10] = [
    ("内蒙古", "Inner Mongolia"),
    ("江西赣州", "Ganzhou"),
    ("缅甸", "Myanmar"),
    ("智利", "Chile"),
    ("澳大利亚", "Australia"),
    ("刚果（金）", "the Democratic Republic of the Congo"),
    ("印度尼西亚", "Indonesia"),
    ("泰国", "Thailand"),
    ("墨西哥", "Mexico"),
    ("马来西亚", "Malaysia"),
];

const SOURCES: [&str; 4] = ["Metals Daily", "矿业周报", "Harbour Wire", "有色观察"];

/// SplitMix64 (Steele, Lea, Flood 2014): small, and the same everywhere.
pub(crate) struct Random(u64);

impl Random {
    /// Equal numbers give equal draws.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number in `0..n`, for small `n`.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        *self.pick_from(from)
    }

    pub(crate) fn pick_from<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[usize::try_from(self.below(from.len() as u64)).expect("an index of a slice fits")]
    }

    /// One of `from`, the earlier the likelier, as with the words of a language.
    fn pick_early<T: Copy>(&mut self, from: &[T]) -> T {
        let bound = self.below(from.len() as u64) + 1;
        let bound = self.below(bound) + 1;
        from[usize::try_from(self.below(bound)).expect("an index of a slice fits")]
    }
}

/// Makes the document of each number.
pub(crate) struct Texts {
    hanzi: Vec<char>,
    english: Vec<&'static str>,
}

impl Texts {
    pub(crate) fn new() -> Self {
        Self { hanzi: HANZI.chars().collect(), english: ENGLISH.split(' ').collect() }
    }

    /// Document `number`: every second one is Chinese.
    pub(crate) fn document(&self, number: u64) -> Document {
        let mut random = Random(number.wrapping_mul(0x2545_f491_4f6c_dd1d));
        let chinese = number.is_multiple_of(2);
        let title = if chinese { self.chinese(&mut random) } else { self.english(&mut random) };
        let mut text = format!("{title}\n");
        while text.len() < TEXT_BYTES {
            text += &if chinese { self.chinese(&mut random) } else { self.english(&mut random) };
            text.push(if random.below(5) == 0 { '\n' } else { ' ' });
        }
        let day = 1 + random.below(28);
        Document {
            source: random.pick(&SOURCES).to_owned(),
            title_bytes: u32::try_from(title.len()).expect("a title is short"),
            text,
            language: if chinese { "zh" } else { "en" }.to_owned(),
            published: Some(Period {
                start: format!("2025-07-{day:02}T08:00:00+08:00"),
                end: format!("2025-07-{day:02}T08:01:00+08:00"),
                precision: Precision::Minute.into(),
            }),
            ..Document::default()
        }
    }

    /// The record of document `number`.
    pub(crate) fn record(&self, number: u64) -> Record {
        let document = self.document(number);
        let hash = blake3::hash(document.text.as_bytes()).to_hex();
        let name = format!("documents/{}", &hash[..32]);
        Record {
            keys: vec![format!("document={name}")],
            name,
            kind: Document::full_name(),
            body: Bytes::from(document.encode_to_vec()),
            ..Record::default()
        }
    }

    fn chinese(&self, random: &mut Random) -> String {
        let (good, _) = random.pick(&GOODS);
        let (place, _) = random.pick(&PLACES);
        let (whole, part, tons) = (random.below(90_000) + 1_000, random.below(100), random.below(40_000));
        let clause = self.words(random, 12);
        match random.below(4) {
            0 => format!("{place}{good}报{whole}元/吨，环比上涨{}.{part:02}%，{clause}。", part % 9),
            1 => format!("{clause}，{good}产量约{}.{part}万吨，同比下降{}%。", whole / 1000, part % 40),
            2 => format!("据{place}海关，{}月{good}出口{tons}吨，{clause}。", part % 12 + 1),
            _ => format!("{clause}，{}", self.words(random, 9) + "。"),
        }
    }

    fn words(&self, random: &mut Random, count: u64) -> String {
        (0..count + random.below(count)).map(|_| random.pick_early(&self.hanzi)).collect()
    }

    fn english(&self, random: &mut Random) -> String {
        let (_, good) = random.pick(&GOODS);
        let (_, place) = random.pick(&PLACES);
        let (whole, part, tons) = (random.below(90_000) + 1_000, random.below(100), random.below(40_000));
        let mut clause = String::new();
        for _ in 0..7 + random.below(9) {
            clause.push_str(random.pick(&self.english));
            clause.push(' ');
        }
        let clause = clause.trim_end();
        match random.below(4) {
            0 => format!(
                "{good} in {place} rose {}.{part:02}% to ${whole}.{part:02} per ton, {clause}.",
                part % 9
            ),
            1 => format!("While {clause}, output of {good} reached about {whole} tons, down {}%.", part % 40),
            2 => format!(
                "{place} shipped {tons} tons of {good} in the first {} months; {clause}.",
                part % 11 + 2
            ),
            _ => format!("Officials said {clause}."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_equal_each_time_and_different_each_number() {
        let texts = Texts::new();
        assert_eq!(texts.record(7), Texts::new().record(7));
        assert_ne!(texts.record(7).name, texts.record(8).name);
        let text = texts.document(7).text;
        assert!((TEXT_BYTES..TEXT_BYTES + 400).contains(&text.len()), "{}", text.len());
    }

    #[test]
    fn texts_are_as_compressible_as_prose() {
        let texts = Texts::new();
        for (first, band) in [(0, 180..215), (1, 190..260)] {
            let (mut raw, mut packed) = (0, 0);
            for number in (first..200).step_by(2) {
                let text = texts.document(number).text;
                raw += text.len();
                packed += zstd::bulk::compress(text.as_bytes(), 3).expect("a text is compressible").len();
            }
            // News of 4 KB compress by 1.8 to 2.1, English prose by up to 2.5.
            let percent = raw * 100 / packed;
            assert!(band.contains(&percent), "language {first}: {percent} %");
        }
    }
}

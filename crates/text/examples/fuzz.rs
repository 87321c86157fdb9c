//! Reads a million arbitrary texts and stops at the first that is not read as it should:
//! `cargo run --release -p text --example fuzz -- [COUNT] [SEED]`.
//!
//! A third are arbitrary bytes, decoded with the replacement character; a third are pieces that the parsers look at, put
//! together at random; a third are such pieces with arbitrary bytes between them. Each is read for all kinds and for some.

#![expect(clippy::print_stdout, reason = "an example that prints")]

use text::{Context, Kind, Kinds, Reader};

/// xorshift64 (Marsaglia, 2003)
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }
}

const PIECES: &str = "1 23 4567 2025 00 0.5 1,234 99999999999999999999999999999999999999999 . , ， 。 - ~ – — / % ‰ ( ) [ ] [3] $ US$ -$ € ￥ £ \
    + ' : ^ x10^ e5 10⁵ ½ ⅔ 一 二 三 五 两 十 百 千 万 亿 兆 零 半 几 多 余 数 上 成 近 逾 超 约 点 分之 又 折 个 百分点 百分之 基点 \
    年 月 日 周 季度 半年 下 本 去年 同比 元 块 毛 角 分 美元 吨 公斤 千克 斤 克 磅 盎司 桶 手 股 倍 番 翻 米 /吨 每吨 每 吨度 万元/吨 \
    大于 小于 等于 不超过 至少 以上 以下 左右 之间 且 并 的同时 比 大 小 至 到 和 从 区间 人民币 日元 CNY USD EUR ALL MUSD kg g/t mt \
    one two twenty five twenty-first hundred thousand million billion dozen half a an and third thirds quarter point minus \
    dollar dollars cents pounds pence tons per ton feet inches percent basis points between from to than more less greater equal or at \
    least most about nearly over under doubled tenfold Q3 H1 July 2nd 11th Section 232 SCP-173 600111.SH HS 2825.80 copper 铜 中国";

fn arbitrary(random: &mut Random, pieces: &[&str]) -> String {
    let kind = random.below(3);
    let mut text = String::new();
    for _ in 0..1 + random.below(20) {
        if kind != 0 {
            text.push_str(pieces[random.below(pieces.len())]);
        }
        if kind != 1 {
            let bytes: Vec<u8> = (0..random.below(6)).map(|_| random.next() as u8).collect();
            text.push_str(&String::from_utf8_lossy(&bytes));
        }
        if random.below(4) == 0 {
            text.push([' ', '\n', '\u{3000}', '\t'][random.below(4)]);
        }
    }
    text
}

fn check(reader: &Reader, text: &str, context: &Context) {
    let mut last = 0;
    for mention in reader.read(text, context) {
        assert!(mention.start_byte >= last && mention.start_byte < mention.end_byte, "{text:?}: {mention:?}");
        assert_eq!(text.get(mention.start_byte..mention.end_byte), Some(mention.quote), "{text:?}");
        if let (Some(low), Some(high)) = (&mention.low, &mention.high)
            && let (Ok(low), Ok(high)) = (low.parse::<f64>(), high.parse::<f64>())
        {
            assert!(low <= high, "{text:?}: {mention:?}");
        }
        last = mention.end_byte;
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let count: u64 = arguments.next().map_or(Ok(1_000_000), |count| count.parse())?;
    let seed: u64 = arguments.next().map_or(Ok(88_172_645_463_325_252), |seed| seed.parse())?;
    let mut random = Random(seed.max(1));
    let pieces: Vec<&str> = PIECES.split_whitespace().collect();
    let reader = Reader::standard();
    let published = Some(jiff::civil::date(2025, 7, 13));
    let numbers = Kinds::of(&[Kind::Number, Kind::Quantity, Kind::Percent]).with_units();
    let mut bytes = 0;
    for _ in 0..count {
        let text = arbitrary(&mut random, &pieces);
        bytes += text.len();
        check(&reader, &text, &Context { published, ..Context::default() });
        check(&reader, &text, &Context { published: None, kinds: numbers });
        check(&reader, &text, &Context { published: None, kinds: Kinds::of(&[Kind::Number]) });
    }
    println!("{count} texts with {bytes} bytes in all, each read three times");
    Ok(())
}

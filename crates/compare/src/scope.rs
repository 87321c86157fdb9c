//! Words around a figure that restrict it, or tell its edition, and are no slot of a claim.

/// What restricts a figure: the word in either language, and what it means. «Spot» and a futures contract are two prices, «the first
/// batch» is not the year's quota. Two statements whose restrictions differ never contradict each other by their values.
const SCOPES: &[(&str, &str)] = &[
    ("权益", "attributable"),
    ("attributable", "attributable"),
    ("归属", "attributable"),
    ("归母", "attributable"),
    ("现货", "spot"),
    ("spot", "spot"),
    ("期货", "futures"),
    ("合约", "futures"),
    ("主力", "futures"),
    ("futures", "futures"),
    ("forward", "futures"),
    ("contract", "futures"),
    ("长单", "term"),
    ("long-term", "term"),
    ("批", "batch"),
    ("batch", "batch"),
    ("子公司", "subsidiary"),
    ("subsidiary", "subsidiary"),
    ("subsidiaries", "subsidiary"),
    ("unit", "subsidiary"),
    ("自有", "own"),
    ("own ", "own"),
    ("累计", "cumulative"),
    ("cumulative", "cumulative"),
    ("以来", "so-far"),
    ("so far", "so-far"),
    ("to date", "so-far"),
    ("季调", "adjusted"),
    ("seasonally", "adjusted"),
    ("含税", "tax"),
    ("增值税", "tax"),
    ("vat", "tax"),
    ("gst", "tax"),
    ("value-added tax", "tax"),
    ("tax included", "tax"),
    ("including tax", "tax"),
    ("excluding tax", "tax"),
    ("扣除", "net"),
    ("净", "net"),
    ("net ", "net"),
    ("税后", "net"),
    ("毛", "gross"),
    ("gross", "gross"),
    ("扣非", "excluding"),
    ("剔除", "excluding"),
    ("不含", "excluding"),
    ("不包括", "excluding"),
    ("excluding", "excluding"),
    ("outside", "outside"),
    ("以外", "outside"),
    ("之外", "outside"),
    ("海外", "outside"),
    ("境外", "outside"),
    ("overseas", "outside"),
    ("高品位", "high-grade"),
    ("high-grade", "high-grade"),
    ("低品位", "low-grade"),
    ("low-grade", "low-grade"),
    ("含量", "contained"),
    ("金属量", "contained"),
    ("金属吨", "contained"),
    ("折合", "contained"),
    ("contained", "contained"),
    ("contain", "contained"),
    ("其中", "of-which"),
    ("of which", "of-which"),
    ("of it", "of-which"),
    ("最高", "high"),
    ("highest", "high"),
    ("最低", "low"),
    ("lowest", "low"),
];

/// What tells the edition of a figure.
const EDITIONS: &[(&str, &str)] = &[
    ("初步", "preliminary"),
    ("preliminary", "preliminary"),
    ("provisional", "preliminary"),
    ("flash estimate", "preliminary"),
    ("最终数据", "final"),
    ("终值", "final"),
    ("final figure", "final"),
    ("final data", "final"),
    ("final accounts", "final"),
    ("修订", "revised"),
    ("修正", "revised"),
    ("改记", "revised"),
    ("追溯调整", "revised"),
    ("调整后", "revised"),
    ("重述", "revised"),
    ("更新", "revised"),
    ("上修", "revised"),
    ("下修", "revised"),
    ("revis", "revised"),
    ("restate", "revised"),
    ("updated", "revised"),
    ("更正", "corrected"),
    ("勘误", "corrected"),
    ("correct", "corrected"),
    ("misstated", "corrected"),
    ("上调至", "revised"),
    ("下调至", "revised"),
    ("预测下调", "revised"),
    ("预测上调", "revised"),
    ("lowers its forecast", "revised"),
    ("raises its forecast", "revised"),
    ("lowered its forecast", "revised"),
    ("raised its forecast", "revised"),
    ("新版", "revised"),
    ("最新一版", "revised"),
    ("latest edition", "revised"),
    ("new edition", "revised"),
];

/// What restricts a figure in this passage, sorted and each once.
#[must_use]
pub fn scopes(passage: &str) -> Vec<String> {
    found(passage, SCOPES)
}

/// What tells the edition in this passage, sorted and each once.
#[must_use]
pub fn editions(passage: &str) -> Vec<String> {
    found(passage, EDITIONS)
}

fn found(passage: &str, words: &[(&str, &str)]) -> Vec<String> {
    let lower = passage.to_lowercase();
    let mut found: Vec<String> =
        words.iter().filter(|(word, _)| stands(&lower, word)).map(|(_, means)| (*means).to_owned()).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// True if `word` stands in `text`; a Latin word at the beginning of a word.
fn stands(text: &str, word: &str) -> bool {
    let latin = word.starts_with(|c: char| c.is_ascii_alphabetic());
    text.match_indices(word).any(|(at, _)| !latin || !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_mean_one_thing() {
        assert_eq!(scopes("权益产量1.2万吨"), scopes("attributable output of 12,000 t"));
        assert_eq!(editions("海关总署修订后的数据"), editions("revised customs data"));
        assert!(scopes("grown in the community").is_empty());
    }
}

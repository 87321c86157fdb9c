//! The main language of a text, told by its scripts.

/// `zh`, `en`, or `und`.
///
/// An ideograph counts as three letters, since an English word of about five letters says what one or two ideographs
/// say; a text with kana or hangul in more than one of ten of its letters is neither of the two languages.
pub(crate) fn of(text: &str) -> &'static str {
    let (mut ideographs, mut latin, mut other) = (0_usize, 0_usize, 0_usize);
    for c in text.chars() {
        match c {
            'a'..='z' | 'A'..='Z' => latin += 1,
            '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' => ideographs += 1,
            _ if c.is_alphabetic() => other += 1,
            _ => {}
        }
    }
    let letters = ideographs + latin + other;
    if letters == 0 || other * 10 > letters {
        "und"
    } else if ideographs * 3 >= latin {
        "zh"
    } else {
        "en"
    }
}

/// Reads a BCP 47 tag as one of the languages that Monazite reads, or `und`.
pub(crate) fn from_tag(tag: &str) -> &'static str {
    let primary = tag.split(['-', '_']).next().unwrap_or_default();
    match primary.to_ascii_lowercase().as_str() {
        "zh" | "chi" | "zho" | "cmn" => "zh",
        "en" | "eng" => "en",
        _ => "und",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_decide() {
        let cases = [
            ("北方稀土上半年净利预增,LME铜下跌。", "zh"),
            ("Prices of rare earths (稀土) rose in July.", "en"),
            ("レアアースのかかくがあがった", "und"),
            ("희토류 가격이 올랐다", "und"),
            ("9,663.00", "und"),
            ("", "und"),
        ];
        for (text, language) in cases {
            assert_eq!(of(text), language, "{text}");
        }
    }

    #[test]
    fn tags_are_read_by_their_first_part() {
        let cases = [("zh-CN", "zh"), ("EN_us", "en"), ("de", "und"), ("zhx", "und"), ("", "und")];
        for (tag, language) in cases {
            assert_eq!(from_tag(tag), language, "{tag}");
        }
    }
}

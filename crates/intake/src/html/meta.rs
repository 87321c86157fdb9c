//! What a page says about itself: address, publisher, time and language.

use dom_query::Document;

/// Names of meta elements that hold the time of publication, best first.
const TIMES: [&str; 14] = [
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "og:release_date",
    "datepublished",
    "publishdate",
    "publish_date",
    "publish-date",
    "pubdate",
    "firstpublishedtime",
    "weibo: article:create_at",
    "dc.date.issued",
    "parsely-pub-date",
    "date",
];
/// Names of meta elements that hold the publisher, best first.
const SOURCES: [&str; 7] =
    ["og:site_name", "contentsource", "mediaid", "source", "publisher", "dc.publisher", "application-name"];
/// Parts of classes and ids of elements that show the time.
const TIME_PLACES: [&str; 5] = ["time", "date", "publish", "pub_", "article-info"];
/// Parts of classes and ids of elements that show the publisher.
const SOURCE_PLACES: [&str; 3] = ["source", "media-name", "origin"];

/// What a page says about itself; a field is empty if it does not say.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Meta {
    pub(crate) url: String,
    pub(crate) source: String,
    /// Candidates for the time of publication as written, best first.
    pub(crate) published: Vec<String>,
    pub(crate) language: String,
}

/// Reads them; `json_ld_time` is the time of the page's linked data, if it has any.
pub(crate) fn read(page: &Document, json_ld_time: Option<String>, json_ld_source: Option<String>) -> Meta {
    let mut named: Vec<(String, String)> = Vec::new();
    for node in page.select("meta").nodes() {
        let Some(content) = node.attr("content").filter(|content| !content.trim().is_empty()) else {
            continue;
        };
        for attribute in ["property", "name", "itemprop"] {
            if let Some(name) = node.attr(attribute) {
                named.push((name.trim().to_lowercase(), content.trim().to_owned()));
            }
        }
    }
    let by_name =
        |wanted: &str| named.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
    let mut published: Vec<String> =
        TIMES.iter().filter_map(|name| by_name(name)).chain(json_ld_time).collect();
    published.extend(
        page.select("time[datetime]")
            .nodes()
            .iter()
            .filter_map(|n| n.attr("datetime"))
            .map(|t| t.to_string()),
    );
    published.extend(shown_in(page, &TIME_PLACES).filter_map(|text| date_within(&text)));
    let source = SOURCES.iter().find_map(|name| by_name(name)).or(json_ld_source);
    let source = source.or_else(|| shown_in(page, &SOURCE_PLACES).find_map(|text| publisher_within(&text)));
    Meta {
        url: address(page, &by_name),
        source: source.unwrap_or_default(),
        published,
        language: language(page),
    }
}

/// The page's own address, if it is one of the web.
fn address(page: &Document, by_name: &dyn Fn(&str) -> Option<String>) -> String {
    let canonical = page.select("link[rel=canonical]").attr("href").map(|href| href.trim().to_owned());
    let candidates = [canonical, by_name("og:url")];
    let web = |url: &String| url.starts_with("https://") || url.starts_with("http://");
    candidates.into_iter().flatten().find(web).unwrap_or_default()
}

fn language(page: &Document) -> String {
    page.select("html").attr("lang").map(|lang| lang.trim().to_owned()).unwrap_or_default()
}

/// Short texts of elements whose class or id has one of these parts, in the order of the page.
fn shown_in<'a>(page: &'a Document, places: &'a [&'a str]) -> impl Iterator<Item = String> + 'a {
    let nodes = page.select("span, div, p, time, em, i, li, td, a").nodes().to_vec();
    nodes.into_iter().filter_map(move |node| {
        let class = node.attr("class").unwrap_or_default().to_lowercase();
        let id = node.attr("id").unwrap_or_default().to_lowercase();
        if !places.iter().any(|place| class.contains(place) || id.contains(place)) {
            return None;
        }
        let text = node.text().trim().to_owned();
        (!text.is_empty() && text.chars().count() <= 80).then_some(text)
    })
}

/// A date, with its time of day if it has one, at its first digit `20..`.
fn date_within(text: &str) -> Option<String> {
    let at = text.find("20").filter(|at| text[at + 2..].starts_with(|c: char| c.is_ascii_digit()))?;
    let sign = |c: char| c.is_ascii_digit() || " -/.:年月日时分T+Z".contains(c);
    let end = text[at..].find(|c| !sign(c)).map_or(text.len(), |end| at + end);
    let written = text[at..end].trim().trim_end_matches(['-', '/', '.', ':']);
    (written.len() >= 8).then(|| written.to_owned())
}

/// The publisher in a text such as «来源:上海有色网» or «Source: House News».
fn publisher_within(text: &str) -> Option<String> {
    let after =
        ["来源", "Source", "source"].iter().find_map(|word| text.split_once(word).map(|(_, after)| after));
    let name = after.unwrap_or(text).trim_start_matches([':', '\u{FF1A}', ' ']);
    let name = name.split(['\n', '|', '\t']).next().unwrap_or_default().trim();
    (!name.is_empty() && name.chars().count() <= 40).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meta_elements_go_first() {
        let page = "<html lang=zh-CN><head><link rel=canonical href='https://example.org/1'>\
            <meta property='og:site_name' content='House News'><meta name=PubDate content='2025-07-13 16:09'></head>\
            <body><span class=pub-time>2025年7月12日</span><span class=source>来源:别处</span></body></html>";
        let expected = Meta {
            url: "https://example.org/1".to_owned(),
            source: "House News".to_owned(),
            published: vec!["2025-07-13 16:09".to_owned(), "2025年7月12日".to_owned()],
            language: "zh-CN".to_owned(),
        };
        assert_eq!(read(&Document::from(page), None, None), expected);
    }

    #[test]
    fn else_what_the_page_shows() {
        let page = "<div class=article-info>发布时间:2025-07-13 16:09 来源:某某网</div><span id=source>来源:某某网</span>";
        let meta = read(&Document::from(page), None, None);
        assert_eq!(meta.published, ["2025-07-13 16:09"]);
        assert_eq!(meta.source, "某某网");
        let script = "<link rel=canonical href='javascript:alert(1)'><p>2025-07-13</p>";
        assert_eq!(read(&Document::from(script), None, None), Meta::default());
    }
}

//! Looks at a page before it is parsed: the parser and the finder of the main text take time that grows with the
//! square of the depth, and recurse, so that a hostile page could stop or crash them.

/// How deep elements may be nested; browsers themselves stop near this depth.
pub(crate) const DEPTH: usize = 512;
/// How many elements a page may have.
pub(crate) const ELEMENTS: usize = 200_000;

/// Elements that hold nothing.
const VOID: [&str; 15] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr", "frame",
];
/// Elements whose end may be left out and that cannot nest in themselves without another element between.
const IMPLIED: [&str; 13] =
    ["p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot", "option", "optgroup", "colgroup"];
/// Elements whose content is not markup.
const RAW: [&str; 8] = ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];
/// Elements that are reopened where blocks cross them.
const FORMATTING: [&str; 14] =
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
/// Elements beyond which an end tag does not reach.
const BOUNDARY: [&str; 9] =
    ["table", "template", "button", "object", "marquee", "applet", "svg", "math", "select"];
/// Elements that an end tag of an ordinary element does not cross.
const BLOCKS: [&str; 32] = [
    "address", "article", "aside", "blockquote", "body", "center", "details", "dir", "div", "dl", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "html",
    "main", "menu", "nav", "ol", "pre", "section", "summary", "ul",
];
/// Elements of drawings that close themselves with `/>`.
const DRAWING: [&str; 12] =
    ["path", "circle", "rect", "line", "polygon", "polyline", "ellipse", "use", "stop", "image", "g", "defs"];

/// Checks the depth, from above where tags do not match, and the number of elements.
///
/// # Errors
///
/// What is too much.
pub(crate) fn check(page: &str) -> Result<(), String> {
    let mut open: Vec<String> = Vec::new();
    let mut elements = 0_usize;
    let mut at = 0;
    while let Some(found) = page[at..].find('<') {
        at += found + 1;
        let rest = &page[at..];
        if let Some(comment) = rest.strip_prefix("!--") {
            at += 3 + comment.find("-->").unwrap_or(comment.len());
            continue;
        }
        let (closing, name_start) = (rest.starts_with('/'), usize::from(rest.starts_with('/')));
        let name = tag_name(&rest[name_start..]);
        if name.is_empty() {
            continue;
        }
        let end = tag_end(&rest[name_start + name.len()..]);
        let tag_bytes = name_start + name.len() + end;
        let self_closing = rest[..tag_bytes].ends_with('/');
        at += tag_bytes;
        if closing {
            close(&mut open, &name);
            continue;
        }
        elements += 1;
        if elements > ELEMENTS {
            return Err(format!("it has more than {ELEMENTS} elements"));
        }
        if RAW.contains(&name.as_str()) {
            at += raw_end(&page[at..], &name);
        } else {
            open_element(&mut open, name, self_closing);
            if open.len() > DEPTH {
                return Err(format!("its elements are nested deeper than {DEPTH}"));
            }
        }
    }
    Ok(())
}

fn open_element(open: &mut Vec<String>, name: String, self_closing: bool) {
    if VOID.contains(&name.as_str()) || IMPLIED.contains(&name.as_str()) {
        return;
    }
    let in_drawing = open.iter().any(|above| above == "svg");
    if in_drawing && DRAWING.contains(&name.as_str()) && self_closing {
        return;
    }
    if in_drawing && BLOCKS.contains(&name.as_str()) {
        // A block ends a drawing that was left open.
        open.retain(|above| above != "svg");
    }
    open.push(name);
}

/// Takes off the stack what an end tag closes, or less.
fn close(open: &mut Vec<String>, name: &str) {
    let is = |list: &[&str], name: &str| list.contains(&name);
    let reach = open.iter().rposition(|above| above == name || is(&BOUNDARY, above));
    let Some(at) = reach.filter(|at| open[*at] == name) else { return };
    if is(&FORMATTING, name) {
        open.remove(at);
    } else if is(&BLOCKS, name) || is(&BOUNDARY, name) || !open[at..].iter().any(|above| is(&BLOCKS, above)) {
        open.truncate(at);
    }
}

/// The name at the start of a tag, in lower case; empty if there is none.
fn tag_name(rest: &str) -> String {
    if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return String::new();
    }
    let end = rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>')).unwrap_or(rest.len());
    rest[..end].to_ascii_lowercase()
}

/// Where the tag's `>` stands; quoted values may hold one. At most the length of the rest.
fn tag_end(rest: &str) -> usize {
    let mut quote = None;
    let mut after_equals = false;
    for (at, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'>') => return at,
            // Quotes count only where a value starts, as in the parser.
            (None, b'"' | b'\'') if after_equals => quote = Some(byte),
            (None, _) => {}
        }
        after_equals = byte == b'=' || (after_equals && byte.is_ascii_whitespace());
    }
    rest.len()
}

/// Where the content of a raw element ends.
fn raw_end(rest: &str, name: &str) -> usize {
    let mut at = 0;
    while let Some(found) = rest[at..].find("</") {
        at += found;
        let tag = rest.as_bytes().get(at + 2..at + 2 + name.len());
        if tag.is_some_and(|tag| tag.eq_ignore_ascii_case(name.as_bytes())) {
            return at;
        }
        at += 2;
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_pages_pass() {
        let rows = "<tr><td>a<td>b<br><img src='x'>".repeat(2000);
        let items = "<p>x<ul><li>a<li>b</ul>".repeat(2000);
        let icons = "<svg viewBox=\"0 0 1 1\"><path d=\"x>y\"/><g/></svg>".repeat(2000);
        let script = "<script>if (a<b) { document.write('<div><div>') }</script>".repeat(2000);
        let comment = "<!-- <div> -->".repeat(2000);
        let page = format!("<html><body><table>{rows}</table>{items}{icons}{script}{comment}</body></html>");
        assert_eq!(check(&page), Ok(()));
    }

    #[test]
    fn nesting_is_seen_through_tricks() {
        let tricks = [
            "<div>", "<div/>", "<b>", "<x-y>", "<DIV a='>'>", "<div><table><td></div>", "<b><div></b>",
            "<span><div></span>", "<svg><div/>", "<p><button>", "<li><ul>", "<a><blockquote></a>",
            "<svg><g>", "<ruby><rt>",
        ];
        for trick in tricks {
            assert!(check(&trick.repeat(5000)).is_err(), "{trick}");
        }
        assert!(check(&"<br>".repeat(ELEMENTS + 1)).is_err());
    }

    #[test]
    fn broken_tags_end_somewhere() {
        for page in [
            "<", "</", "<a", "<a b=\"", "<!--", "<script>", "<script", "a < b", "<铜>", "</script",
            "<a b=\"铜",
        ] {
            assert_eq!(check(page), Ok(()), "{page}");
        }
    }
}

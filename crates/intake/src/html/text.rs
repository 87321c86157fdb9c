//! The text of a part of a page, as a reader sees it: blocks on their own lines, tables as lines `a | b | c`.

use dom_query::{Document, NodeRef};

/// Elements that are not text.
const LEFT_OUT: [&str; 13] = [
    "script", "style", "noscript", "template", "head", "iframe", "object", "svg", "button", "select",
    "textarea", "canvas", "nav",
];
/// Elements that stand on their own lines.
const BLOCKS: [&str; 34] = [
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hr", "li", "main", "ol", "p", "pre", "section", "table", "tr", "ul",
];

/// A visit of a node on the way through a tree.
enum Visit<'a> {
    Enter(&'a NodeRef<'a>),
    Leave(&'a NodeRef<'a>),
}

/// The greatest depth of the page's nodes.
pub(crate) fn depth(page: &Document) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    walk(&page.root(), |visit| {
        match visit {
            Visit::Enter(_) => depth += 1,
            Visit::Leave(_) => depth -= 1,
        }
        deepest = deepest.max(depth);
        true
    });
    deepest
}

/// The text of a page or fragment.
pub(crate) fn of(page: &Document) -> String {
    let mut writer = Writer::default();
    walk(&page.root(), |visit| match visit {
        Visit::Enter(node) => writer.enter(node),
        Visit::Leave(node) => {
            writer.leave(node);
            true
        }
    });
    let lines = writer.text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// Goes through all below a node without recursion; children are left out where entering answers false.
fn walk<'a>(root: &NodeRef<'a>, mut visit: impl FnMut(Visit<'_>) -> bool) {
    let mut next = root.first_child();
    let mut open: Vec<NodeRef<'a>> = Vec::new();
    loop {
        while let Some(node) = next {
            let inside = visit(Visit::Enter(&node));
            next = if inside { node.first_child() } else { None };
            open.push(node);
        }
        let Some(node) = open.pop() else { return };
        visit(Visit::Leave(&node));
        next = node.next_sibling();
    }
}

#[derive(Default)]
struct Writer {
    text: String,
    /// White space that is written once more text comes.
    space: bool,
    /// How many cells are open; in a cell everything stays on one line.
    cells: usize,
    /// How many elements with preserved white space are open.
    preserved: usize,
}

impl Writer {
    fn enter(&mut self, node: &NodeRef<'_>) -> bool {
        if node.is_text() {
            self.write(&node.text());
            return false;
        }
        let Some(name) = node.node_name() else { return true };
        let name: &str = &name;
        if LEFT_OUT.contains(&name) || node.has_attr("hidden") {
            return false;
        }
        match name {
            "br" => self.line_end(),
            "td" | "th" if is_one_of_several(node) => {
                if node.prev_element_sibling().is_some() {
                    self.space = false;
                    self.text.push_str(" | ");
                }
                self.cells += 1;
            }
            "td" | "th" => self.line_end(),
            "li" => {
                self.line_end();
                if self.cells == 0 {
                    self.text.push_str("- ");
                }
            }
            "pre" => {
                self.line_end();
                self.preserved += 1;
            }
            _ if BLOCKS.contains(&name) => self.line_end(),
            _ => {}
        }
        true
    }

    fn leave(&mut self, node: &NodeRef<'_>) {
        let Some(name) = node.node_name() else { return };
        let name: &str = &name;
        match name {
            _ if LEFT_OUT.contains(&name) || node.has_attr("hidden") => {}
            "td" | "th" if is_one_of_several(node) => self.cells = self.cells.saturating_sub(1),
            "td" | "th" => self.line_end(),
            "pre" => {
                self.preserved = self.preserved.saturating_sub(1);
                self.line_end();
            }
            _ if BLOCKS.contains(&name) => self.line_end(),
            _ => {}
        }
    }

    fn line_end(&mut self) {
        if self.cells > 0 {
            self.space = true;
        } else if !self.text.ends_with('\n') {
            self.text.push('\n');
            self.space = false;
        }
    }

    /// Writes text; white space has no meaning in a page but to part words.
    fn write(&mut self, text: &str) {
        if self.preserved > 0 && self.cells == 0 {
            self.text.push_str(text);
            return;
        }
        for c in text.chars() {
            if matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}') {
                self.space = true;
                continue;
            }
            if self.space && !self.text.is_empty() && !self.text.ends_with(['\n', ' ']) {
                self.text.push(' ');
            }
            self.space = false;
            self.text.push(c);
        }
    }
}

/// True for a cell in a row of several; a row of one cell is only a frame.
fn is_one_of_several(cell: &NodeRef<'_>) -> bool {
    cell.prev_element_sibling().is_some() || cell.next_element_sibling().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_as_it_is_seen() {
        let cases = [
            ("<p>铜价\n  上涨</p><p>LME<b>copper</b> rose</p>", "铜价 上涨\nLMEcopper rose"),
            (
                "<table><tr><th>品名<th>均价</tr><tr><td><p>氧化钕</p></td><td>530000</td></tr></table>",
                "品名 | 均价\n氧化钕 | 530000",
            ),
            ("<table><tr><td>a<td><td>c</table>", "a |  | c"),
            ("<table><tr><td><p>one</p><p>two</p></td></tr></table>", "one\ntwo"),
            ("<ul><li>a<li>b</ul>c<br>d", "- a\n- b\nc\nd"),
            ("a<script>x()</script><style>y</style><span hidden>z</span>b", "ab"),
            ("<pre>a\n  b</pre>", "a\nb"),
            ("5&nbsp;000&lt;6", "5\u{a0}000<6"),
        ];
        for (page, text) in cases {
            assert_eq!(of(&Document::from(page)), text, "{page}");
        }
    }

    #[test]
    fn depth_is_counted() {
        assert_eq!(depth(&Document::from("<div><div>x</div></div>")), 5);
    }
}

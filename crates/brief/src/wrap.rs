//! Breaking lines at the width of a screen on which Chinese characters count two.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Breaks `text` into lines of at most `width` terminal cells: after a space, or before a wide character. The first
/// line starts with `first`, the others with `rest`; each ends with a line feed.
#[must_use]
pub fn wrapped(text: &str, first: &str, rest: &str, width: usize) -> String {
    let mut out = String::new();
    let mut line = first.to_owned();
    let mut empty = true;
    for piece in pieces(text) {
        let needed = piece.trim_end().width();
        if !empty && line.width() + needed > width && !closes(piece) {
            out.push_str(line.trim_end());
            out.push('\n');
            rest.clone_into(&mut line);
        }
        line.push_str(piece);
        empty = false;
    }
    out.push_str(line.trim_end());
    out.push('\n');
    out
}

/// Pieces between which a line may be broken: words with the space behind them, and single wide characters.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut chars = rest.char_indices();
        let (_, head) = chars.next()?;
        let mut end = head.len_utf8();
        if !wide(head) && !head.is_whitespace() {
            for (index, c) in chars {
                if wide(c) {
                    break;
                }
                end = index + c.len_utf8();
                if c.is_whitespace() {
                    break;
                }
            }
        }
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(piece)
    })
}

fn wide(c: char) -> bool {
    c.width() == Some(2)
}

/// Punctuation that must not start a line.
fn closes(piece: &str) -> bool {
    piece.starts_with(['，', '。', '；', '：', '、', '！', '？', '）', '」', '』', '》', '”', '’', '％'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_at_spaces_and_between_wide_characters() {
        assert_eq!(wrapped("LME copper down", "• ", "  ", 12), "• LME copper\n  down\n");
        assert_eq!(wrapped("稀土精矿价格，上调", "", "", 12), "稀土精矿价格，\n上调\n");
        assert_eq!(wrapped("", "  ", "  ", 12), "\n");
    }

    #[test]
    fn loses_nothing() {
        let text = "铜价 fell 1.92% 至 $9,663.00 per ton，库存 slightly 增加";
        let joined = wrapped(text, "", "", 10).replace('\n', "");
        assert_eq!(joined.replace(' ', ""), text.replace(' ', ""));
    }
}

//! A series as an SVG file: one file without scripts or references, in which each point tells its quote and source.

use std::fmt::Write as _;

use super::plot::Mark;
use super::said::Said;
use super::scale::Axis;
use super::unit::height;
use crate::fit::{fit, flat};

/// Most values in one file; of more, every so many-th is drawn.
pub(super) const MOST: usize = 2_000;

/// Width and height, in pixels.
const SIZE: (f64, f64) = (960.0, 480.0);

/// Room around the drawing: left, top, right, bottom.
const ROOM: (f64, f64, f64, f64) = (110.0, 48.0, 24.0, 64.0);

/// Cells of a quote in a tooltip, and of the name of the series.
const LONGEST: usize = 400;

/// Those who say one value that a tooltip names.
const NAMED: usize = 3;

/// The file. Equal values give equal bytes.
pub(super) fn page(said: &[Said], series: &str, unit: &str) -> String {
    let drawn: Vec<(f64, f64, &Said)> = said
        .iter()
        .filter_map(|said| Some((said.points.first()?.middle()?, height(said.amount.as_ref()?)?, said)))
        .collect();
    let every = drawn.len().div_ceil(MOST).max(1);
    let shown: Vec<&(f64, f64, &Said)> = drawn.iter().step_by(every).collect();
    let mut svg = head(series, unit);
    let axes = (Axis::of_days(drawn.iter().map(|d| d.0)), Axis::new(drawn.iter().map(|d| d.1)));
    let (Some(time), Some(level)) = axes else {
        text(&mut svg, SIZE.0 / 2.0, SIZE.1 / 2.0, "middle", "no values");
        svg.push_str("</svg>\n");
        return svg;
    };
    grid(&mut svg, time, level);
    for (x, y, said) in &shown {
        point(&mut svg, across(time.part(*x)), down(level.part(*y)), said);
    }
    legend(&mut svg, &shown, drawn.len());
    svg.push_str("</svg>\n");
    svg
}

fn head(series: &str, unit: &str) -> String {
    let (width, height) = SIZE;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"12\" fill=\"#222\">\n<title>{}</title>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n",
        escaped(&fit(series, LONGEST))
    );
    text(&mut svg, ROOM.0, 20.0, "start", &fit(series, 130));
    text(&mut svg, ROOM.0, 38.0, "start", unit);
    svg
}

fn grid(svg: &mut String, time: Axis, level: Axis) {
    for part in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let y = down(part);
        line(svg, (across(0.0), y), (across(1.0), y));
        text(svg, ROOM.0 - 10.0, y + 4.0, "end", &level.label(part));
    }
    for (part, anchor) in [(0.0, "start"), (0.5, "middle"), (1.0, "end")] {
        let x = across(part);
        line(svg, (x, down(0.0)), (x, down(0.0) + 6.0));
        text(svg, x, down(0.0) + 22.0, anchor, &time.day(part));
    }
}

/// A value: filled for what was, hollow for what is expected, a square for a table, a cross where values differ.
fn point(svg: &mut String, x: f64, y: f64, said: &Said) {
    svg.push_str("<g>");
    shape(svg, x, y, Mark::of(said));
    let _ = writeln!(svg, "<title>{}</title></g>", escaped(&tooltip(said)));
}

fn shape(svg: &mut String, x: f64, y: f64, mark: Mark) {
    let drawn = match mark {
        Mark::Actual => format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"#1f4e9c\"/>"),
        Mark::Forecast => {
            format!(
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"#fff\" stroke=\"#1f4e9c\" stroke-width=\"1.5\"/>"
            )
        }
        Mark::Row => square(x, y, "fill=\"#3a7d34\""),
        Mark::RowForecast => square(x, y, "fill=\"#fff\" stroke=\"#3a7d34\" stroke-width=\"1.5\""),
        Mark::Differs => {
            let (left, right, top, bottom) = (x - 4.0, x + 4.0, y - 4.0, y + 4.0);
            format!(
                "<path d=\"M{left:.1} {top:.1}L{right:.1} {bottom:.1}M{left:.1} {bottom:.1}L{right:.1} {top:.1}\" \
                 stroke=\"#b3261e\" stroke-width=\"2\"/>"
            )
        }
    };
    svg.push_str(&drawn);
}

fn square(x: f64, y: f64, paint: &str) -> String {
    format!("<rect x=\"{:.1}\" y=\"{:.1}\" width=\"8\" height=\"8\" {paint}/>", x - 4.0, y - 4.0)
}

/// Period, value, and what its first sources say.
fn tooltip(said: &Said) -> String {
    let Some(first) = said.points.first() else { return String::new() };
    let mut lines =
        vec![format!("{} · {} {}", first.when(), first.figure(), first.modality()).trim_end().to_owned()];
    for point in said.points.iter().take(NAMED) {
        lines.push(format!(
            "«{}» — {} {}",
            fit(&point.quote, LONGEST),
            fit(&point.source, LONGEST),
            point.published
        ));
    }
    if said.points.len() > NAMED {
        lines.push(format!("and {} more", said.points.len() - NAMED));
    }
    lines.iter().map(|line| flat(line)).collect::<Vec<_>>().join("\n")
}

fn legend(svg: &mut String, shown: &[&(f64, f64, &Said)], all: usize) {
    let mut marks: Vec<Mark> = shown.iter().map(|(_, _, said)| Mark::of(said)).collect();
    marks.sort_unstable();
    marks.dedup();
    let (mut x, y) = (ROOM.0, SIZE.1 - 14.0);
    for mark in marks.into_iter().rev() {
        shape(svg, x, y - 4.0, mark);
        svg.push('\n');
        text(svg, x + 10.0, y, "start", mark.words());
        x += 170.0;
    }
    if shown.len() < all {
        text(svg, SIZE.0 - ROOM.2, 20.0, "end", &format!("{} of {all} values", shown.len()));
    }
}

fn text(svg: &mut String, x: f64, y: f64, anchor: &str, words: &str) {
    let _ =
        writeln!(svg, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>", escaped(words));
}

fn line(svg: &mut String, from: (f64, f64), to: (f64, f64)) {
    let _ = writeln!(
        svg,
        "<line x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\" stroke=\"#ccc\"/>",
        from.0, from.1, to.0, to.1
    );
}

fn across(part: f64) -> f64 {
    ROOM.0 + part * (SIZE.0 - ROOM.0 - ROOM.2)
}

fn down(part: f64) -> f64 {
    ROOM.1 + (1.0 - part) * (SIZE.1 - ROOM.1 - ROOM.3)
}

/// Text of XML 1.0: without the characters that it does not allow, and with those replaced that mean something else.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\n' => safe.push('\n'),
            '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            c if c.is_control() => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use api::record::Modality;

    use super::super::point::Point;
    use super::super::said::side_by_side;
    use super::super::said::tests::value;
    use super::*;

    fn drawn(points: Vec<Point>) -> String {
        page(&side_by_side(points, "USD/t"), "price|USD/mass|commodity/copper", "USD/t")
    }

    #[test]
    fn a_file_tells_quote_and_source_of_each_point() {
        let forecast = Point { modality: Modality::Expected, ..value(20, "9900", "B") };
        let row = Point { document: String::new(), ..value(6, "9580", "Exchange") };
        let points = vec![
            value(1, "9500", "A & <b>\u{1b}[31m\u{202e}"),
            row,
            value(8, "9663", "A"),
            value(8, "9363", "B"),
            forecast,
        ];
        let reversed: Vec<Point> = points.iter().rev().cloned().collect();
        let svg = drawn(points);
        assert_eq!(svg, drawn(reversed), "the order of reading changes nothing");
        assert!(svg.contains("A &amp; &lt;b&gt; [31m") && !svg.contains(['\u{1b}', '\u{202e}']), "{svg}");
        insta::assert_snapshot!(svg);
    }

    #[test]
    fn a_file_is_bounded_whatever_is_in_it() {
        assert!(drawn(Vec::new()).contains("no values"));
        let many = drawn((0..10_000).map(|n| value(1 + n % 27, &(n * 1000).to_string(), "A")).collect());
        assert!(many.matches("<g>").count() <= MOST && many.len() < 2 << 20, "{}", many.len());
        assert!(many.contains(" values</text>"), "it says how many it leaves out");
        let long =
            Point { quote: "x".repeat(1 << 20), source: "<\u{0}>".repeat(10_000), ..value(1, "-5", "A") };
        let svg = drawn(vec![long]);
        assert!(svg.len() < 8_000 && !svg.contains('\u{0}'), "{}", svg.len());
    }
}

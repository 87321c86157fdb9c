//! A series on the terminal.

use unicode_width::UnicodeWidthStr as _;

use super::said::Said;
use super::scale::Axis;
use super::unit::height;
use crate::fit::fit;

/// Lines between the axes.
const LINES: usize = 14;

/// The narrowest drawing, in cells.
const NARROWEST: usize = 24;

/// What stands for a value; forms tell apart what colour does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    Forecast,
    RowForecast,
    Row,
    Actual,
    Differs,
}

impl Mark {
    /// The mark of a value.
    pub(super) fn of(said: &Said) -> Mark {
        let row = said.points.iter().all(super::point::Point::is_row);
        match (said.points.first().is_none_or(super::point::Point::is_actual), row) {
            (true, _) if said.rivals > 0 => Mark::Differs,
            (true, true) => Mark::Row,
            (true, false) => Mark::Actual,
            (false, true) => Mark::RowForecast,
            (false, false) => Mark::Forecast,
        }
    }

    fn sign(self) -> char {
        match self {
            Mark::Actual => '●',
            Mark::Row => '■',
            Mark::Forecast => '○',
            Mark::RowForecast => '□',
            Mark::Differs => '×',
        }
    }

    /// What it stands for.
    pub(super) fn words(self) -> &'static str {
        match self {
            Mark::Actual => "a document",
            Mark::Row => "a table",
            Mark::Forecast => "expected or planned",
            Mark::RowForecast => "expected by a table",
            Mark::Differs => "values differ",
        }
    }
}

/// Lines that draw the values on a screen of `width` cells, whatever their number; none if no value can be drawn.
pub(super) fn lines(said: &[Said], unit: &str, width: usize) -> Vec<String> {
    let drawn: Vec<(f64, f64, Mark)> = said.iter().filter_map(|said| place(said, Mark::of(said))).collect();
    let (Some(time), Some(level)) =
        (Axis::of_days(drawn.iter().map(|d| d.0)), Axis::new(drawn.iter().map(|d| d.1)))
    else {
        return Vec::new();
    };
    let labelled = [0, LINES / 2, LINES - 1];
    let labels: Vec<String> = (0..LINES)
        .map(
            |line| {
                if labelled.contains(&line) { level.label(1.0 - part(line, LINES)) } else { String::new() }
            },
        )
        .collect();
    let margin = labels.iter().map(|label| label.width()).max().unwrap_or(0);
    let columns = width.saturating_sub(margin + 3).max(NARROWEST);
    let mut cells: Vec<Vec<Option<Mark>>> = vec![vec![None; columns]; LINES];
    for (x, y, mark) in drawn {
        let (line, column) = (nearest(1.0 - level.part(y), LINES), nearest(time.part(x), columns));
        let cell = &mut cells[line][column];
        *cell = (*cell).max(Some(mark));
    }
    let mut lines = vec![fit(&format!("{}{unit}", " ".repeat(margin + 2)), width)];
    for (label, row) in labels.iter().zip(&cells) {
        let tick = if label.is_empty() { '│' } else { '┤' };
        let drawn: String = row.iter().map(|cell| cell.map_or(' ', Mark::sign)).collect();
        lines.push(
            format!("{}{label} {tick}{drawn}", " ".repeat(margin - label.width())).trim_end().to_owned(),
        );
    }
    lines.push(format!("{} └{}", " ".repeat(margin), "─".repeat(columns)));
    let (first, last) = (time.day(0.0), time.day(1.0));
    let gap = columns.saturating_sub(first.width() + last.width());
    lines.push(format!("{}  {first}{}{last}", " ".repeat(margin), " ".repeat(gap)));
    let mut marks: Vec<Mark> = cells.iter().flatten().copied().flatten().collect();
    marks.sort_unstable();
    marks.dedup();
    lines.extend(legend(&marks, margin + 2, width));
    lines
}

/// What the marks stand for, the most telling first, over as many lines as that needs.
fn legend(marks: &[Mark], indent: usize, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for mark in marks.iter().rev() {
        let entry = format!("{} {}", mark.sign(), mark.words());
        match lines.last_mut() {
            Some(line) if line.width() + 3 + entry.width() <= width => *line += &format!("   {entry}"),
            _ => lines.push(fit(&format!("{}{entry}", " ".repeat(indent)), width)),
        }
    }
    lines
}

/// Where a value is drawn: in the middle of its period, at its height.
fn place(said: &Said, mark: Mark) -> Option<(f64, f64, Mark)> {
    Some((said.points.first()?.middle()?, height(said.amount.as_ref()?)?, mark))
}

/// The part of the way at which a line lies.
#[expect(clippy::cast_precision_loss, reason = "a screen has few lines")]
fn part(line: usize, lines: usize) -> f64 {
    line as f64 / (lines - 1) as f64
}

/// The cell that is nearest to a part of the way.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a part lies between 0 and 1, and a screen has few cells"
)]
fn nearest(part: f64, cells: usize) -> usize {
    ((part * (cells - 1) as f64).round() as usize).min(cells - 1)
}

#[cfg(test)]
mod tests {
    use api::record::Modality;

    use super::super::point::Point;
    use super::super::said::side_by_side;
    use super::super::said::tests::value;
    use super::*;

    fn drawn(points: Vec<Point>, width: usize) -> Vec<String> {
        lines(&side_by_side(points, "USD/t"), "USD/t", width)
    }

    #[test]
    fn a_plot_shows_values_forecasts_rows_and_differences() {
        let points = vec![
            value(1, "9500", "A"),
            value(3, "9612", "A"),
            Point { document: String::new(), ..value(6, "9580", "Exchange") },
            value(8, "9663", "A"),
            value(8, "9363", "B"),
            Point { modality: Modality::Expected, ..value(20, "9900", "B") },
        ];
        insta::assert_snapshot!(drawn(points, 72).join("\n"));
    }

    #[test]
    fn a_legend_of_all_marks_fits_the_screen() {
        let all = [Mark::Forecast, Mark::RowForecast, Mark::Row, Mark::Actual, Mark::Differs];
        for (width, count) in [(40, 4), (80, 2), (120, 1)] {
            let lines = legend(&all, 8, width);
            assert_eq!(lines.len(), count, "{lines:#?}");
            assert!(lines.iter().all(|line| line.width() <= width), "{lines:#?}");
            assert!(
                all.iter().all(|mark| lines.iter().any(|line| line.contains(mark.words()))),
                "{lines:#?}"
            );
        }
    }

    #[test]
    fn any_points_fit_the_screen() {
        assert_eq!(drawn(Vec::new(), 80), Vec::<String>::new());
        let many = (0..10_000).map(|n| value(1 + n % 27, &(n % 977 * 1000).to_string(), "A")).collect();
        let hostile = vec![
            vec![value(1, "5", "A")],
            vec![value(1, "5", "A"), value(2, "5", "B")],
            vec![
                value(1, "-79228162514264337593543950335", "A"),
                value(2, "79228162514264337593543950335", "A"),
            ],
            many,
        ];
        for points in hostile {
            let said = side_by_side(points, "USD/t");
            for width in [40, 80, 200] {
                let lines = lines(&said, "USD/t", width);
                assert!(
                    lines.len() == LINES + 4 && lines.iter().all(|line| line.width() <= width),
                    "{lines:#?}"
                );
                assert!(lines.iter().any(|line| line.contains(['●', '×'])), "{lines:#?}");
            }
        }
        assert!(drawn(vec![value(1, &"9".repeat(60), "A")], 80).is_empty(), "too large to be drawn");
    }
}

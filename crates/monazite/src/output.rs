//! Listings: one set of rows, printed as a table, CSV or JSON.

use std::io::{self, IsTerminal as _, Write};
use std::ops::Range;

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, Width, presets};
use serde_json::{Map, Value};
use unicode_width::UnicodeWidthStr as _;

use crate::cli::Format;
use crate::fit::{fit, fit_around, flat};
use crate::marked::painted;
use crate::wrap::wrapped;

/// Width of a table that does not go to a terminal, in columns.
const PLAIN_WIDTH: u16 = 160;

/// Widths outside of these are no screen's.
const LEAST_WIDTH: u16 = 20;
const MOST_WIDTH: u16 = 1_000;

/// No column is cut to less than this, in terminal cells.
const NARROWEST: usize = 12;

/// A column of a listing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    /// Its heading in a table.
    pub(crate) heading: &'static str,
    /// Its name in CSV and JSON.
    pub(crate) key: &'static str,
    /// True for numbers.
    pub(crate) right: bool,
    /// Whether it may be cut to fit the screen; others keep their width.
    pub(crate) shrinks: bool,
    /// The width to which it is cut, where the screen is too narrow, before others are.
    pub(crate) first_to: usize,
    /// Whether tables leave it out.
    pub(crate) hidden: bool,
}

/// A column of words that keeps its width.
pub(crate) const fn column(heading: &'static str, key: &'static str) -> Column {
    Column { heading, key, right: false, shrinks: false, first_to: usize::MAX, hidden: false }
}

impl Column {
    /// Aligned to the right.
    pub(crate) const fn right(mut self) -> Self {
        self.right = true;
        self
    }

    /// Cut where the screen ends.
    pub(crate) const fn shrinks(mut self) -> Self {
        self.shrinks = true;
        self
    }

    /// Cut to `width`, where the screen ends, before other columns are.
    pub(crate) const fn shrinks_to(mut self, width: usize) -> Self {
        self.shrinks = true;
        self.first_to = width;
        self
    }

    /// Left out of tables if `hidden`; CSV has it all the same.
    pub(crate) const fn hidden(mut self, hidden: bool) -> Self {
        self.hidden = hidden;
        self
    }
}

/// One value: as people see it, and as programs do.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    text: String,
    value: Value,
    /// The bytes of the text that are seen where it is cut.
    focus: Option<Range<usize>>,
}

impl Cell {
    /// A cell whose table shows `text` while programs get `value`.
    pub(crate) fn new(text: impl Into<String>, value: impl Into<Value>) -> Self {
        Self { text: text.into(), value: value.into(), focus: None }
    }

    /// The same, and where the text is cut, these bytes of it are still seen.
    pub(crate) fn around(mut self, focus: Range<usize>) -> Self {
        self.focus = Some(focus);
        self
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self { value: Value::String(text.clone()), text, focus: None }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

macro_rules! number_cells {
    ($($number:ty),*) => {$(
        impl From<$number> for Cell {
            fn from(number: $number) -> Self {
                Self { text: number.to_string(), value: number.into(), focus: None }
            }
        }
    )*};
}
number_cells!(u32, u64, i64, usize);

/// One row: a cell for each column, and what only one of the formats shows.
#[derive(Clone, Debug)]
struct Row {
    cells: Vec<Cell>,
    /// Lines below it in a table, as wide as the screen.
    below: Vec<String>,
    /// What JSON has instead of an object of the cells.
    object: Option<Value>,
}

/// Rows under columns.
#[derive(Clone, Debug)]
pub(crate) struct Listing {
    columns: Vec<Column>,
    rows: Vec<Row>,
    /// Sentences below a table, each with what stands before it, below which it goes on.
    notes: Vec<(String, String)>,
    /// Whether cells and lines below them have marked passages.
    marked: bool,
}

impl Listing {
    /// An empty listing.
    pub(crate) fn new(columns: &[Column]) -> Self {
        Self { columns: columns.to_vec(), rows: Vec::new(), notes: Vec::new(), marked: false }
    }

    /// With passages that [`crate::marked::marked`] has marked.
    pub(crate) fn marked(mut self) -> Self {
        self.marked = true;
        self
    }

    /// Adds a row with one cell for each column.
    pub(crate) fn row(&mut self, cells: Vec<Cell>) {
        debug_assert_eq!(cells.len(), self.columns.len());
        self.rows.push(Row { cells, below: Vec::new(), object: None });
    }

    /// Adds a row with lines that stand below it in a table, and with the object that JSON has instead of its cells.
    pub(crate) fn row_of(&mut self, cells: Vec<Cell>, below: Vec<String>, object: Value) {
        debug_assert_eq!(cells.len(), self.columns.len());
        self.rows.push(Row { cells, below, object: Some(object) });
    }

    /// Adds a sentence that stands below a table and nowhere else.
    pub(crate) fn note(&mut self, text: impl Into<String>) {
        self.notes.push((String::new(), text.into()));
    }

    /// Adds a sentence that stands below a table behind a word, and goes on below itself.
    pub(crate) fn note_behind(&mut self, word: impl Into<String>, text: impl Into<String>) {
        self.notes.push((word.into(), text.into()));
    }

    /// The cells that a table on a screen of this width leaves to a column which it has to cut; `None` of one that is whole or hidden.
    pub(crate) fn cut_to(&self, key: &str, screen: u16) -> Option<usize> {
        let shown = self.shown();
        let place = shown.iter().position(|index| self.columns[*index].key == key)?;
        let width = *self.widths(&shown, usize::from(screen)).get(place)?;
        let needed = self.rows.iter().map(|row| flat(&row.cells[shown[place]].text).width()).max()?;
        (width < needed).then_some(width)
    }

    /// The columns that tables have.
    fn shown(&self) -> Vec<usize> {
        (0..self.columns.len()).filter(|index| !self.columns[*index].hidden).collect()
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Prints it.
    ///
    /// # Errors
    /// If `out` refuses.
    pub(crate) fn print(&self, format: Format, out: &mut impl Write) -> io::Result<()> {
        match format {
            Format::Table => self.table(out, screen_width(), colour()),
            Format::Csv => self.csv(out),
            Format::Json => {
                let rows: Vec<Value> = self.rows.iter().map(|row| self.object(row)).collect();
                serde_json::to_writer_pretty(&mut *out, &rows)?;
                writeln!(out)
            }
            Format::Jsonl => {
                for row in &self.rows {
                    serde_json::to_writer(&mut *out, &self.object(row))?;
                    writeln!(out)?;
                }
                Ok(())
            }
        }
    }

    fn object(&self, row: &Row) -> Value {
        if let Some(object) = &row.object {
            return object.clone();
        }
        let pairs =
            self.columns.iter().zip(&row.cells).map(|(c, cell)| (c.key.to_owned(), cell.value.clone()));
        Value::Object(pairs.collect::<Map<_, _>>())
    }

    /// Values that are objects become a column for each of their fields, such as `value.unit`.
    fn csv(&self, out: &mut impl Write) -> io::Result<()> {
        let flat_rows: Vec<Vec<(String, String)>> = self
            .rows
            .iter()
            .map(|row| {
                let mut fields = Vec::new();
                for (column, cell) in self.columns.iter().zip(&row.cells) {
                    flatten(column.key, &cell.value, &mut fields);
                }
                fields
            })
            .collect();
        let mut header: Vec<&str> = Vec::new();
        for (name, _) in flat_rows.iter().flatten() {
            if !header.contains(&name.as_str()) {
                header.push(name);
            }
        }
        if header.is_empty() {
            header = self.columns.iter().map(|c| c.key).collect();
        }
        out.write_all("\u{feff}".as_bytes())?;
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(&header)?;
        for row in &flat_rows {
            let cell = |name: &&str| row.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value);
            writer.write_record(header.iter().map(|name| harmless(cell(name))))?;
        }
        writer.flush()
    }

    /// Prints it for people, on a screen of `width` cells. With `colour` the headings are bold and what stands below a row
    /// is dim.
    ///
    /// # Errors
    /// If `out` refuses.
    pub(crate) fn table(&self, out: &mut impl Write, width: u16, colour: bool) -> io::Result<()> {
        let (bold, dim, plain) = if colour { ("\u{1b}[1m", "\u{1b}[2m", "\u{1b}[0m") } else { ("", "", "") };
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(width).set_truncation_indicator("…");
        let shown = self.shown();
        let widths = self.widths(&shown, usize::from(width));
        table.set_header(shown.iter().map(|index| self.columns[*index].heading));
        for row in &self.rows {
            let cells = shown.iter().zip(&widths).map(|(index, width)| match &row.cells[*index] {
                Cell { text, focus: Some(focus), .. } => fit_around(text, focus.clone(), *width),
                Cell { text, .. } => fit(text, *width),
            });
            table.add_row(cells.collect::<Vec<_>>());
        }
        for ((column, index), width) in table.column_iter_mut().zip(&shown).zip(&widths) {
            column.set_padding((0, 2));
            if self.columns[*index].right {
                column.set_cell_alignment(CellAlignment::Right);
            }
            let width = u16::try_from(*width).unwrap_or(u16::MAX).saturating_add(2);
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(width)));
        }
        // Every cell is one line, so that a row is one too, below that of the headings.
        let mut lines = table.lines();
        let heading = lines.next().unwrap_or_default();
        // What was searched for and not found needs no headings above nothing.
        if !self.marked || !self.rows.is_empty() {
            writeln!(out, "{bold}{}{plain}", heading.trim_end())?;
        }
        for (line, row) in lines.zip(&self.rows) {
            let mark = self.marked && colour;
            writeln!(out, "{}", painted(line.trim_end(), "", mark, &mut false))?;
            let mut open = false;
            for below in &row.below {
                let below = flat(below);
                if mark {
                    writeln!(out, "{}", painted(below.trim_end(), dim, true, &mut open))?;
                } else {
                    writeln!(out, "{dim}{}{plain}", below.trim_end())?;
                }
            }
        }
        for (word, note) in &self.notes {
            let below = " ".repeat(word.width());
            write!(out, "{}", wrapped(note, word, &below, usize::from(width)))?;
        }
        Ok(())
    }

    /// Widths of the shown columns in terminal cells: all that they need, or what is left shared by those that shrink.
    fn widths(&self, shown: &[usize], screen: usize) -> Vec<usize> {
        let columns: Vec<&Column> = shown.iter().map(|index| &self.columns[*index]).collect();
        let mut widths: Vec<usize> = columns.iter().map(|c| c.heading.width()).collect();
        for row in &self.rows {
            for (width, index) in widths.iter_mut().zip(shown) {
                *width = (*width).max(flat(&row.cells[*index].text).width());
            }
        }
        let room = screen.saturating_sub(2 * widths.len());
        let over = |widths: &[usize]| widths.iter().sum::<usize>().saturating_sub(room);
        for (index, column) in columns.iter().enumerate() {
            let least = column.first_to.max(NARROWEST);
            let spare = widths[index].saturating_sub(least);
            widths[index] -= spare.min(over(&widths));
        }
        while over(&widths) > 0 {
            let shrinking = columns.iter().zip(&mut widths).filter(|(c, w)| c.shrinks && **w > NARROWEST);
            let Some((_, widest)) = shrinking.max_by_key(|(_, w)| **w) else { break };
            *widest -= 1;
        }
        widths
    }
}

/// Columns of the terminal; where there is none, those that `COLUMNS` asks for, or a usual width.
pub(crate) fn screen_width() -> u16 {
    if io::stdout().is_terminal() {
        return comfy_table_width();
    }
    std::env::var("COLUMNS").ok().and_then(|columns| asked_width(&columns)).unwrap_or(PLAIN_WIDTH)
}

/// A width that somebody asks for, if anything can be shown in it.
fn asked_width(columns: &str) -> Option<u16> {
    columns.trim().parse().ok().filter(|width| (LEAST_WIDTH..=MOST_WIDTH).contains(width))
}

/// Whether output is coloured: on a terminal, unless `NO_COLOR` asks for none (no-color.org).
pub(crate) fn colour() -> bool {
    io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

fn comfy_table_width() -> u16 {
    Table::new().width().unwrap_or(PLAIN_WIDTH)
}

/// The fields of a value with their names, objects within objects included.
fn flatten(name: &str, value: &Value, fields: &mut Vec<(String, String)>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                flatten(&format!("{name}.{key}"), value, fields);
            }
        }
        other => fields.push((name.to_owned(), plain(other))),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join("; "),
        // Within a list, the words of the text say most.
        Value::Object(object) if object.contains_key("quote") => plain(&object["quote"]),
        other => other.to_string(),
    }
}

/// Spreadsheets run a cell that starts like a formula; a leading apostrophe makes it text. A negative number stays.
fn harmless(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    if formula { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn listing() -> Listing {
        let mut listing =
            Listing::new(&[column("VALUE", "value").right(), column("QUOTE", "quote").shrinks()]);
        listing.row(vec![Cell::new("19,109", "19109"), "稀土精矿价格上调至19109元/吨,环比上涨1.51%".into()]);
        listing.row(vec![Cell::new("=1", "=1"), "short".into()]);
        listing.note("2 facts");
        listing
    }

    fn printed(format: Format) -> String {
        let mut out = Vec::new();
        listing().print(format, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_table_minds_double_width() {
        let mut out = Vec::new();
        listing().table(&mut out, 40, false).unwrap();
        let text = String::from_utf8(out).unwrap();
        insta::assert_snapshot!(text, @r"
         VALUE  QUOTE
        19,109  稀土精矿价格上调至19109元/吨,…
            =1  short
        2 facts
        ");
        assert!(text.lines().all(|line| line.width() <= 40));
    }

    #[test]
    fn what_a_column_is_cut_to_is_known() {
        assert_eq!(listing().cut_to("quote", 40), Some(30));
        assert_eq!(listing().cut_to("quote", 120), None, "it is whole");
        assert_eq!(listing().cut_to("nothing", 40), None);
    }

    #[test]
    fn a_width_that_is_asked_for_is_one_of_a_screen() {
        assert_eq!(
            ["120", " 80 ", "0", "19", "70000", "wide", ""].map(asked_width),
            [Some(120), Some(80), None, None, None, None, None]
        );
    }

    #[test]
    fn colour_changes_no_word() {
        let mut listing = Listing::new(&[column("VALUE", "value")]);
        listing.row_of(vec!["1".into()], vec!["  basis REO".to_owned()], Value::Null);
        let mut out = Vec::new();
        listing.table(&mut out, 40, true).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, "\u{1b}[1mVALUE\u{1b}[0m\n1\n\u{1b}[2m  basis REO\u{1b}[0m\n");
        assert_eq!(listing.len(), 1);
    }

    #[test]
    fn csv_starts_with_a_byte_order_mark_and_holds_no_formula() {
        assert_eq!(
            printed(Format::Csv),
            "\u{feff}value,quote\n19109,\"稀土精矿价格上调至19109元/吨,环比上涨1.51%\"\n'=1,short\n"
        );
    }

    #[test]
    fn csv_has_a_column_for_each_field_of_an_object() {
        let mut listing = Listing::new(&[column("VALUE", "value"), column("BESIDE", "entities")]);
        let entities = serde_json::json!([{"id": "a", "quote": "稀土"}, {"id": "b", "quote": "中国"}]);
        let value = serde_json::json!({"value": "1.51", "unit": "%", "low": null});
        listing.row(vec![Cell::new("1.51 %", value), Cell::new("稀土, 中国", entities)]);
        let mut out = Vec::new();
        listing.print(Format::Csv, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, "\u{feff}value.value,value.unit,value.low,entities\n1.51,%,,稀土; 中国\n");
    }

    #[test]
    fn json_lines_hold_whole_values() {
        let text = printed(Format::Jsonl);
        let first: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        assert_eq!(first["value"], "19109");
        assert!(first["quote"].as_str().unwrap().ends_with("1.51%"));
    }
}

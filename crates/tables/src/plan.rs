//! A mapping bound to the header of one table: which cell fills which slot.

use std::collections::HashMap;

use crate::mapping::{Column, Fill, Fills, Filter, Mapping, Slots};
use crate::names::Slot;
use crate::period::PeriodForm;
use crate::rows::{Row, letters};

/// How a table is read.
pub(crate) struct Plan {
    pub(crate) header: Vec<String>,
    pub(crate) values: Vec<Value>,
    only: Vec<(usize, Vec<String>)>,
    skip: Vec<(usize, Vec<String>)>,
    /// Columns whose empty cells mean the last one above, with that.
    downward: Vec<(usize, String)>,
}

/// One column of values, and what fills the slots of its observations.
pub(crate) struct Value {
    pub(crate) column: usize,
    /// In the order of [`Slot`]'s list.
    pub(crate) terms: Vec<(Slot, Bound)>,
    pub(crate) unit: Option<Bound>,
    pub(crate) detail: Option<Bound>,
    pub(crate) period: Bound,
    pub(crate) modality: Option<Bound>,
    pub(crate) source: Bound,
    pub(crate) edition: Option<Bound>,
    pub(crate) published: Option<Bound>,
}

/// What fills a slot.
#[derive(Clone, Debug)]
pub(crate) struct Bound {
    /// The column; none for a constant.
    pub(crate) column: Option<usize>,
    constant: String,
    words: HashMap<String, String>,
    otherwise: Option<String>,
    pub(crate) form: PeriodForm,
}

/// Words of a slot: as printed, and as the mapping says that they are meant.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Words {
    /// Empty if the slot is a constant that is an id.
    pub(crate) printed: String,
    pub(crate) meant: String,
}

impl Bound {
    /// The words of a row, with single blanks.
    pub(crate) fn words(&self, row: &Row) -> Words {
        let Some(column) = self.column else {
            return Words { printed: self.constant.clone(), meant: self.constant.clone() };
        };
        let printed = single_blanks(row.cell(column));
        let listed = self.words.get(&printed.to_lowercase());
        let meant = match (listed, &self.otherwise) {
            (Some(meant), _) => meant.clone(),
            (None, Some(otherwise)) if !printed.is_empty() => otherwise.clone(),
            _ => printed.clone(),
        };
        Words { printed, meant }
    }
}

fn single_blanks(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Plan {
    /// Binds a mapping to a header.
    ///
    /// # Errors
    /// If a column is not there, or twice, or a slot that every observation has is not filled.
    pub(crate) fn new(mapping: &Mapping, header: &Row) -> Result<Self, String> {
        let header: Vec<String> = header.cells.iter().map(|cell| single_blanks(cell)).collect();
        let mut binding = Binding { header: &header, downward: Vec::new() };
        let mut values = Vec::new();
        if let Some(fill) = &mapping.slots.value {
            let Fill::Column(column) = fill else {
                return Err("slots.value is a constant; values stand in a column".to_owned());
            };
            let column = binding.column(&column.column)?;
            values.push(binding.value(column, &Slots::default(), &mapping.slots)?);
        }
        for wide in &mapping.values {
            let column = binding.column(&wide.column)?;
            values.push(binding.value(column, &wide.slots, &mapping.slots)?);
        }
        let only = binding.filters(&mapping.only)?;
        let skip = binding.filters(&mapping.skip)?;
        let downward = binding.downward.into_iter().map(|column| (column, String::new())).collect();
        Ok(Self { header, values, only, skip, downward })
    }

    /// Fills cells that mean the one above; true if the row is to be read.
    pub(crate) fn takes(&mut self, row: &mut Row) -> bool {
        for (column, last) in &mut self.downward {
            if row.cell(*column).is_empty() {
                if row.cells.len() <= *column {
                    row.cells.resize(*column + 1, String::new());
                }
                row.cells[*column].clone_from(last);
            } else {
                row.cell(*column).clone_into(last);
            }
        }
        let fits = |(column, words): &(usize, Vec<String>)| {
            let cell = single_blanks(row.cell(*column)).to_lowercase();
            words.contains(&cell)
        };
        self.only.iter().all(fits) && !self.skip.iter().any(fits)
    }

    /// A column as a message names it: its heading and its letters.
    pub(crate) fn shown(&self, column: usize) -> String {
        let heading = self.header.get(column).map_or("", String::as_str);
        format!("«{heading}» ({})", letters(column))
    }
}

struct Binding<'h> {
    header: &'h [String],
    downward: Vec<usize>,
}

impl Binding<'_> {
    fn column(&self, heading: &str) -> Result<usize, String> {
        let wanted = single_blanks(heading);
        let find = |same: &dyn Fn(&str) -> bool| {
            let mut found =
                self.header.iter().enumerate().filter(|(_, heading)| same(heading)).map(|(at, _)| at);
            (found.next(), found.next())
        };
        let lower = wanted.to_lowercase();
        let (first, second) = match find(&|heading| heading == wanted) {
            (None, _) => find(&|heading| heading.to_lowercase() == lower),
            found => found,
        };
        match (first, second) {
            (Some(first), None) => Ok(first),
            (Some(first), Some(second)) => Err(format!(
                "two columns are headed «{wanted}»: {} and {}; give one of them another heading",
                letters(first),
                letters(second)
            )),
            (None, _) => {
                let mut headings: Vec<String> =
                    self.header.iter().filter(|h| !h.is_empty()).take(40).map(|h| format!("«{h}»")).collect();
                if headings.is_empty() {
                    headings.push("none".to_owned());
                }
                Err(format!(
                    "no column is headed «{wanted}»; the headings are {}; correct the mapping, or say with file.header in which \
                     row the headings stand",
                    headings.join(", ")
                ))
            }
        }
    }

    fn bound(&mut self, fill: &Fill) -> Result<Bound, String> {
        match fill {
            Fill::Constant(words) => Ok(Bound {
                column: None,
                constant: single_blanks(words),
                words: HashMap::new(),
                otherwise: None,
                form: PeriodForm::default(),
            }),
            Fill::Column(column) => self.bound_column(column),
        }
    }

    fn bound_column(&mut self, column: &Column) -> Result<Bound, String> {
        let at = self.column(&column.column)?;
        if column.fill_down && !self.downward.contains(&at) {
            self.downward.push(at);
        }
        let words = column
            .words
            .iter()
            .map(|(word, meant)| (single_blanks(word).to_lowercase(), single_blanks(meant)));
        Ok(Bound {
            column: Some(at),
            constant: String::new(),
            words: words.collect(),
            otherwise: column.otherwise.as_deref().map(single_blanks),
            form: PeriodForm::from(column),
        })
    }

    fn value(&mut self, column: usize, own: &Slots, all: &Slots) -> Result<Value, String> {
        let mut terms = Vec::new();
        for (slot, own, all) in [
            (Slot::Subject, &own.subject, &all.subject),
            (Slot::Measure, &own.measure, &all.measure),
            (Slot::Statistic, &own.statistic, &all.statistic),
            (Slot::Part, &own.part, &all.part),
            (Slot::Whole, &own.whole, &all.whole),
            (Slot::Place, &own.place, &all.place),
            (Slot::Venue, &own.venue, &all.venue),
        ] {
            if let Some(fill) = own.as_ref().or(all.as_ref()) {
                terms.push((slot, self.bound(fill)?));
            }
        }
        for (slot, own, all) in [
            (Slot::Basis, &own.basis, &all.basis),
            (Slot::Actors, &own.actors, &all.actors),
            (Slot::Partners, &own.partners, &all.partners),
        ] {
            let fills: &Fills = if own.0.is_empty() { all } else { own };
            for fill in &fills.0 {
                terms.push((slot, self.bound(fill)?));
            }
        }
        let mut optional = |own: &Option<Fill>, all: &Option<Fill>| {
            own.as_ref().or(all.as_ref()).map(|fill| self.bound(fill)).transpose()
        };
        let unit = optional(&own.unit, &all.unit)?;
        let detail = optional(&own.detail, &all.detail)?;
        let period = optional(&own.period, &all.period)?;
        let modality = optional(&own.modality, &all.modality)?;
        let source = optional(&own.source, &all.source)?;
        let edition = optional(&own.edition, &all.edition)?;
        let published = optional(&own.published, &all.published)?;
        let has = |slot: Slot| terms.iter().any(|(filled, _)| *filled == slot);
        let absent = |slot: &str| {
            format!(
                "nothing fills the slot {slot}, which every observation has; say slots.{slot} in the mapping"
            )
        };
        let share = has(Slot::Part) && has(Slot::Whole);
        if !has(Slot::Subject) && !share {
            return Err(absent("subject"));
        }
        if !has(Slot::Measure) {
            return Err(absent("measure"));
        }
        let period = period.ok_or_else(|| absent("period"))?;
        let source = source.ok_or_else(|| absent("source"))?;
        Ok(Value { column, terms, unit, detail, period, modality, source, edition, published })
    }

    fn filters(&self, filters: &[Filter]) -> Result<Vec<(usize, Vec<String>)>, String> {
        filters
            .iter()
            .map(|filter| {
                let words = filter.is.iter().map(|word| single_blanks(word).to_lowercase()).collect();
                Ok((self.column(&filter.column)?, words))
            })
            .collect()
    }
}

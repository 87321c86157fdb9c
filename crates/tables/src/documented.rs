//! The mapping of a table whose headings are the documented names of slots.

use crate::mapping::{Column, Fill, Fills, Mapping, Slots};

/// The headings that mean a slot, in the order of the documentation.
pub const HEADINGS: &[&str] = &[
    "subject", "measure", "statistic", "value", "unit", "basis", "part", "whole", "actors", "place",
    "partners", "venue", "detail", "period", "modality", "source", "edition", "published",
];

/// Those that every table has.
const NEEDED: &[&str] = &["subject", "measure", "value", "period", "source"];

/// The mapping that takes each column of a documented name for the slot of that name.
///
/// # Errors
/// If a column that is needed is not there.
pub(crate) fn mapping(header: &[String]) -> Result<Mapping, String> {
    let column = |name: &str| {
        let heading = header.iter().find(|heading| heading.trim().eq_ignore_ascii_case(name))?;
        Some(Fill::Column(Box::new(Column { column: heading.trim().to_owned(), ..Column::default() })))
    };
    let missing: Vec<&str> = NEEDED.iter().copied().filter(|name| column(name).is_none()).collect();
    if !missing.is_empty() {
        return Err(format!(
            "without --mapping a table has the headings {}, and this one lacks {}; say with --mapping FILE which of its columns \
             mean what (docs/table-formats.md shows how), or rename them",
            NEEDED.join(", "),
            missing.join(", ")
        ));
    }
    let several = |name: &str| Fills(column(name).into_iter().collect());
    let slots = Slots {
        subject: column("subject"),
        measure: column("measure"),
        statistic: column("statistic"),
        value: column("value"),
        unit: column("unit"),
        basis: several("basis"),
        part: column("part"),
        whole: column("whole"),
        actors: several("actors"),
        place: column("place"),
        partners: several("partners"),
        venue: column("venue"),
        detail: column("detail"),
        period: column("period"),
        modality: column("modality"),
        source: column("source"),
        edition: column("edition"),
        published: column("published"),
    };
    Ok(Mapping { slots, ..Mapping::default() })
}

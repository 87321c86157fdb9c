//! Whether two values that differ can be of nothing but one thing.

use std::collections::BTreeSet;

use api::record::{Extent, Statement};
use rust_decimal::Decimal;

use super::{MAX_DAYS_OF_VALUES, Pair};
use crate::goods::{Kinship, kinship};
use crate::measures::{DAILY, PARTS};
use crate::overlap::Bounds;
use crate::slot::{Fit, Slot, good};

/// From how many times on one value may be of a part of what the other is of.
const PART: Decimal = Decimal::TWO;

/// What a name is of, as far as two of one kind tell of two things.
fn kind_of_name(name: &str) -> Option<&'static str> {
    Some(match name.split_once('/')?.0 {
        "country" | "region" | "place" => "place",
        "company" => "company",
        "commodity" => "good",
        "exchange" | "index" => "venue",
        _ => return None,
    })
}

impl Pair<'_> {
    /// True for what changes from day to day, told on two days without saying of which: each tells of its own.
    pub(super) fn of_their_own_days(&self) -> bool {
        let (left, right) = self.statements();
        self.measured(DAILY)
            && left.over.is_none()
            && right.over.is_none()
            && self.days_apart() > 0
            && self.evidence.days == 0
            && self.evidence.figures < 2
    }

    /// True if two values are so near each other that one is hardly a part of the other.
    pub(super) fn near(&self) -> bool {
        // Of a growth, what grew is easily another thing: imports by weight and by value.
        let told = self.one.change.is_none() || self.evidence.figures > 1;
        self.evidence.copied || told && self.is_no_part()
    }

    /// True if neither value is less than half of the other.
    pub(super) fn is_no_part(&self) -> bool {
        let (Some(one), Some(other)) = (self.one.bounds.value, self.other.bounds.value) else { return true };
        let (less, more) = (one.abs().min(other.abs()), one.abs().max(other.abs()));
        more <= less.saturating_mul(PART)
    }

    /// True if one side leaves out where it is, and a further figure shows that both tell of one place.
    pub(super) fn only_place_left_out(&self) -> bool {
        self.fits.those(Fit::OneSided) == [Slot::Place]
            && self.fits.those(Fit::Unsure).is_empty()
            && self.fits.those(Fit::Broader).is_empty()
            && self.evidence.figures > 0
    }

    /// True if two values that differ can be of nothing but one quantity: not of unnamed parts, not of a profit and a loss.
    pub(super) fn of_one_thing(&self) -> bool {
        let (left, right) = self.statements();
        let part =
            |statement: &Statement| statement.scope.iter().any(|scope| PARTS.contains(&scope.as_str()));
        // Two tellings of one subsidiary have a further figure of it in common, and who says it or where it is.
        let one_part = left.scope == right.scope
            && left.scope == ["part-of-company"]
            && self.evidence.figures > 1
            && self.evidence.attribution
            && self.evidence.circumstances > 0;
        let negative = |bounds: &Bounds| bounds.value.is_some_and(|value| value.is_sign_negative());
        let of_parts = (part(left) || part(right)) && !one_part;
        let one_sign = negative(&self.one.bounds) == negative(&self.other.bounds);
        one_sign && !of_parts && !self.of_others() && self.days_apart() <= MAX_DAYS_OF_VALUES
    }

    /// True if each names something of one kind that the other does not: two places, two companies, two goods.
    pub(super) fn of_others(&self) -> bool {
        let (left, right) = self.statements();
        // Another word for the good that the figure is of names no other one.
        let own = good(left).map(|word| word.id).unwrap_or_default();
        let akin = |name: &String| {
            name.starts_with("commodity/")
                && matches!(kinship(name, &own), Kinship::Same | Kinship::Broader | Kinship::Siblings)
        };
        // What fills a slot of the other, or lies in or around what the other names, is known there too.
        let known = |name: &String, other: &Statement| {
            let slots = other.place.iter().chain(&other.partners).chain(&other.venue);
            let near = |id: &String| matches!(kinship(name, id), Kinship::Same | Kinship::Broader);
            slots.map(|word| &word.id).chain(&other.names).any(near)
        };
        let only = |one: &Statement, other: &Statement| -> BTreeSet<String> {
            let alone = one.names.iter().filter(|name| !known(name, other) && !akin(name));
            alone.filter_map(|name| Some(kind_of_name(name)?.to_owned())).collect()
        };
        only(left, right).intersection(&only(right, left)).next().is_some()
    }

    /// True if one text has the other's figure as well: then it tells of two things, or of a figure and its correction.
    pub(super) fn knows_both(&self) -> bool {
        let has = |statement: &Statement, extent: &Extent| {
            statement.beside.contains(&format!("{} {}", extent.value, extent.unit))
        };
        let (left, right) = self.statements();
        has(left, self.other.extent) || has(right, self.one.extent)
    }
}

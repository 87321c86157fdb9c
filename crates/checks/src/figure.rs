//! A printed figure, in the base unit of its dimension, and what stands behind it.

use std::collections::HashMap;
use std::ops::Range;

use api::record;
use rust_decimal::Decimal;
use text::rounding::{self, Bounds};
use text::{Doubt, Kind, Mention, Qualifier};

use crate::page::Stated;
use crate::unit::{Unit, is_currency};

/// A printed number with its unit.
#[derive(Clone, Debug)]
pub(crate) struct Figure<'a> {
    /// Where it stands, in bytes.
    pub(crate) span: Range<usize>,
    pub(crate) quote: &'a str,
    /// What it stands for, in the base unit of its dimension.
    pub(crate) bounds: Bounds,
    /// Both ends, if it is a range.
    pub(crate) ends: Option<(Bounds, Bounds)>,
    pub(crate) unit: Unit,
    pub(crate) qualifier: Option<Qualifier>,
    /// The claim of which it is the value.
    pub(crate) claim: Option<usize>,
    /// The claim and the change of it of which it is the amount.
    pub(crate) change: Option<(usize, usize)>,
}

impl<'a> Figure<'a> {
    /// The figure of a mention; nothing if it has no value, is doubted, or does not fit.
    pub(crate) fn new(mention: &Mention<'a>, claims: &[Stated], places: &Places) -> Option<Figure<'a>> {
        // The ends of a range that is told backward are in order.
        if mention.doubt.is_some_and(|doubt| doubt != Doubt::BackwardRange) {
            return None;
        }
        let span = mention.start_byte..mention.end_byte;
        let (claim, change) = (places.value(&span), places.change(&span));
        // A unit that is said once for several figures stands in their claims.
        let said =
            claim.and_then(|claim| claims[claim].claim.value.as_ref()).map(|value| value.unit.as_str());
        let base = places.base(&span).and_then(|(claim, change)| {
            Some(claims[claim].claim.changes[change].base.as_ref()?.value.as_ref()?.unit.as_str())
        });
        let digits = mention.quote.contains(|letter: char| letter.is_ascii_digit());
        let code = match (mention.unit.as_deref(), base) {
            // «to $2,545 a ton from $2,430»: the claim knows that the base is a price too.
            (Some(unit), Some(base))
                if is_currency(unit) && base.strip_prefix(unit).is_some_and(|rest| rest.starts_with('/')) =>
            {
                base
            }
            (Some(unit), _) => unit,
            (None, _) if mention.kind == Kind::Percent => "%",
            (None, base) => said.or(base.filter(|_| digits)).unwrap_or_default(),
        };
        let unit = Unit::parse(code);
        let scale = Bounds::exact(unit.factor);
        let mut bounds = rounding::mentioned(mention)?;
        if unit.dimension == "1" && mention.qualifier.is_none() && is_whole(mention) {
            // Counts are exact.
            bounds = Bounds::exact(mention.value.as_deref()?.parse::<Decimal>().ok()?);
        }
        let ends =
            rounding::ends(mention).and_then(|(low, high)| Some((low.times(&scale)?, high.times(&scale)?)));
        Some(Figure {
            span,
            quote: mention.quote,
            bounds: scaled(&bounds, &scale)?,
            ends,
            unit,
            qualifier: mention.qualifier,
            claim,
            change,
        })
    }

    /// Counts a number without a unit in this one.
    pub(crate) fn take_unit(&mut self, unit: Unit) {
        let scale = Bounds::exact(unit.factor);
        let Some(bounds) = scaled(&self.bounds, &scale) else { return };
        self.ends = self.ends.and_then(|(low, high)| Some((low.times(&scale)?, high.times(&scale)?)));
        (self.bounds, self.unit) = (bounds, unit);
    }

    /// True if it has the dimension of the other.
    pub(crate) fn is_like(&self, other: &Figure<'_>) -> bool {
        self.unit.dimension == other.unit.dimension
    }

    /// True if it is one number and no range.
    pub(crate) fn is_single(&self) -> bool {
        self.ends.is_none()
    }
}

/// Where the values and changes of claims stand, by their first and by their last byte.
#[derive(Debug, Default)]
pub(crate) struct Places {
    values: [HashMap<usize, usize>; 2],
    changes: [HashMap<usize, (usize, usize)>; 2],
    bases: [HashMap<usize, (usize, usize)>; 2],
}

impl Places {
    pub(crate) fn new(claims: &[Stated]) -> Places {
        let mut places = Places::default();
        let ends = |amount: Option<&record::Amount>| {
            let origin = amount?.origin.as_ref()?;
            Some([origin.start_byte as usize, origin.end_byte as usize])
        };
        for (index, stated) in claims.iter().enumerate() {
            for (list, end) in
                places.values.iter_mut().zip(ends(stated.claim.value.as_ref()).into_iter().flatten())
            {
                list.entry(end).or_insert(index);
            }
            for (nth, change) in stated.claim.changes.iter().enumerate() {
                let base = change.base.as_ref().and_then(|base| base.value.as_ref());
                let lists = [(&mut places.changes, change.by.as_ref()), (&mut places.bases, base)];
                for (lists, amount) in lists {
                    for (list, end) in lists.iter_mut().zip(ends(amount).into_iter().flatten()) {
                        list.entry(end).or_insert((index, nth));
                    }
                }
            }
        }
        places
    }

    fn value(&self, span: &Range<usize>) -> Option<usize> {
        self.values[0].get(&span.start).or_else(|| self.values[1].get(&span.end)).copied()
    }

    fn base(&self, span: &Range<usize>) -> Option<(usize, usize)> {
        self.bases[0].get(&span.start).or_else(|| self.bases[1].get(&span.end)).copied()
    }

    fn change(&self, span: &Range<usize>) -> Option<(usize, usize)> {
        self.changes[0].get(&span.start).or_else(|| self.changes[1].get(&span.end)).copied()
    }
}

/// Times a positive factor, open ends and all.
fn scaled(bounds: &Bounds, scale: &Bounds) -> Option<Bounds> {
    match (bounds.low(), bounds.high()) {
        (Some(_), Some(_)) => bounds.times(scale),
        (Some(low), None) => Some(Bounds::from(Bounds::exact(low).times(scale)?.low()?)),
        (None, Some(high)) => Some(Bounds::up_to(Bounds::exact(high).times(scale)?.high()?)),
        (None, None) => None,
    }
}

/// True for a whole number that is printed in full.
fn is_whole(mention: &Mention<'_>) -> bool {
    let value = mention.value.as_deref().unwrap_or_default();
    let printed: String = mention.quote.chars().filter(char::is_ascii_digit).collect();
    value == printed
}

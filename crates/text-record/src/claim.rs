//! Claims as the body of a record.

use api::record;
use text::{Amount, Base, Change, Choice, Claim, Interval, Origin, Slot, Term};

use crate::offset;
use crate::words::{precision, qualifier};

/// The body of a claim of the document of this resource name.
#[must_use]
pub fn claim(document: &str, claim: &Claim<'_>) -> record::Claim {
    record::Claim {
        document: document.to_owned(),
        start_byte: offset(claim.start_byte),
        end_byte: offset(claim.end_byte),
        event: claim.event.map_or(record::EventType::Unspecified, event).into(),
        subject: term(claim.subject.as_ref()),
        joint: terms(&claim.joint),
        actors: terms(&claim.actors),
        targets: terms(&claim.targets),
        measure: term(claim.measure.as_ref()),
        statistic: term(claim.statistic.as_ref()),
        value: claim.value.as_ref().map(amount),
        basis: terms(&claim.basis),
        part: term(claim.part.as_ref()),
        whole: term(claim.whole.as_ref()),
        place: term(claim.place.as_ref()),
        partners: terms(&claim.partners),
        venue: term(claim.venue.as_ref()),
        period: when(claim.period.as_ref()),
        changes: claim.changes.iter().map(change).collect(),
        qualifier: claim.qualifier.as_ref().map(|slot| record::QualifierSlot {
            qualifier: qualifier(slot.is.value).into(),
            origin: Some(origin(&slot.origin)),
        }),
        modality: claim.modality.as_ref().map(modality),
        attribution: term(claim.attribution.as_ref()),
        announced: when(claim.announced.as_ref()),
        effective: when(claim.effective.as_ref()),
        status: claim.status.as_ref().map(|slot| record::StatusSlot {
            status: status(slot.is.value).into(),
            origin: Some(origin(&slot.origin)),
        }),
        derived_from: claim.derived_from.iter().map(|start| offset(*start)).collect(),
    }
}

fn origin(origin: &Origin) -> record::Origin {
    let kind = match origin.kind {
        text::OriginKind::Stated => record::OriginKind::Stated,
        text::OriginKind::Inherited => record::OriginKind::Inherited,
        text::OriginKind::Resolved => record::OriginKind::Resolved,
    };
    record::Origin {
        kind: kind.into(),
        start_byte: offset(origin.start_byte),
        end_byte: offset(origin.end_byte),
        rule: origin.rule.to_owned(),
    }
}

fn term(slot: Option<&Slot<Term<'_>>>) -> Option<record::Term> {
    slot.map(|slot| record::Term {
        id: slot.is.id.clone().unwrap_or_default(),
        words: slot.is.words.to_owned(),
        origin: Some(origin(&slot.origin)),
    })
}

fn terms(slots: &[Slot<Term<'_>>]) -> Vec<record::Term> {
    slots.iter().filter_map(|slot| term(Some(slot))).collect()
}

fn amount(slot: &Slot<Amount>) -> record::Amount {
    record::Amount {
        value: slot.is.value.clone().unwrap_or_default(),
        low: slot.is.low.clone().unwrap_or_default(),
        high: slot.is.high.clone().unwrap_or_default(),
        unit: slot.is.unit.clone().unwrap_or_default(),
        origin: Some(origin(&slot.origin)),
    }
}

fn period(interval: &Interval) -> record::Period {
    record::Period {
        start: interval.start.clone().unwrap_or_default(),
        end: interval.end.clone().unwrap_or_default(),
        precision: interval.precision.map_or(record::Precision::Unspecified, precision).into(),
    }
}

fn when(slot: Option<&Slot<Interval>>) -> Option<record::When> {
    slot.map(|slot| record::When { period: Some(period(&slot.is)), origin: Some(origin(&slot.origin)) })
}

fn change(change: &Change<'_>) -> record::Change {
    let direction = match change.direction {
        None => record::Direction::Unspecified,
        Some(text::Direction::Up) => record::Direction::Up,
        Some(text::Direction::Down) => record::Direction::Down,
        Some(text::Direction::Flat) => record::Direction::Flat,
    };
    record::Change {
        direction: direction.into(),
        by: change.by.as_ref().map(amount),
        base: change.base.as_ref().map(base),
        qualifier: change.qualifier.map_or(record::Qualifier::Unspecified, qualifier).into(),
        origin: Some(origin(&change.origin)),
    }
}

fn base(slot: &Slot<Base<'_>>) -> record::Base {
    let relation = match slot.is.relation {
        None => record::Relation::Unspecified,
        Some(text::Relation::YearOnYear) => record::Relation::YearOnYear,
        Some(text::Relation::HalfOnHalf) => record::Relation::HalfOnHalf,
        Some(text::Relation::QuarterOnQuarter) => record::Relation::QuarterOnQuarter,
        Some(text::Relation::MonthOnMonth) => record::Relation::MonthOnMonth,
        Some(text::Relation::WeekOnWeek) => record::Relation::WeekOnWeek,
        Some(text::Relation::DayOnDay) => record::Relation::DayOnDay,
        Some(text::Relation::PreviousPeriod) => record::Relation::PreviousPeriod,
        Some(text::Relation::YearStart) => record::Relation::YearStart,
    };
    record::Base {
        relation: relation.into(),
        period: slot.is.period.as_ref().map(period),
        sum: slot.is.sum,
        words: slot.is.words.to_owned(),
        value: slot.is.value.as_ref().map(amount),
        origin: Some(origin(&slot.origin)),
    }
}

fn event(event: text::EventType) -> record::EventType {
    match event {
        text::EventType::Ban => record::EventType::Ban,
        text::EventType::Licence => record::EventType::Licence,
        text::EventType::Quota => record::EventType::Quota,
        text::EventType::Closure => record::EventType::Closure,
        text::EventType::Agreement => record::EventType::Agreement,
        text::EventType::Enforcement => record::EventType::Enforcement,
        text::EventType::Announcement => record::EventType::Announcement,
    }
}

fn modality(slot: &Slot<Choice<text::Modality>>) -> record::ModalitySlot {
    let modality = match slot.is.value {
        text::Modality::Expected => record::Modality::Expected,
        text::Modality::Planned => record::Modality::Planned,
        text::Modality::Contractual => record::Modality::Contractual,
        text::Modality::Hypothetical => record::Modality::Hypothetical,
    };
    record::ModalitySlot { modality: modality.into(), origin: Some(origin(&slot.origin)) }
}

fn status(status: text::Status) -> record::Status {
    match status {
        text::Status::Proposed => record::Status::Proposed,
        text::Status::Eased => record::Status::Eased,
        text::Status::Ended => record::Status::Ended,
    }
}

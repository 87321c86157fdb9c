//! Whether an event is in force, proposed, eased or over, and whether it is fact.

use super::cues::Cue;
use super::event::is_bare;
use super::event_relief;
use super::event_slots::Around;
use super::slots::{Claim, EventType, Modality, Status};
use super::words::choice;

/// Longest stretch between an event's word and the word that says its status, in bytes.
const NEAR: usize = 40;

/// Whether it is in force, and whether it is fact.
pub(super) fn fill<'t>(around: &Around<'_, 't, '_>, claim: &mut Claim<'t>) {
    let start = around.scene.items[around.item].start;
    let controls = matches!(around.event, EventType::Ban | EventType::Licence | EventType::Quota);
    for other in around.clause.clone() {
        let there = &around.scene.items[other];
        match there.cue() {
            Some(Cue::Status(value))
                if there.start.abs_diff(start) <= NEAR
                // What is proposed of a mine or a contract is a plan; the words go before.
                && (value != Status::Proposed || is_proposed(around, other, controls)) =>
            {
                claim.status = Some(choice(around.scene, around.block, other, value, "status word"));
            }
            Some(Cue::Future) if other < around.item && !controls && claim.modality.is_none() => {
                claim.modality =
                    Some(choice(around.scene, around.block, other, Modality::Planned, "modal word"));
            }
            Some(Cue::Modality(value @ (Modality::Planned | Modality::Expected)))
                if other < around.item && !controls =>
            {
                claim.modality = Some(choice(around.scene, around.block, other, value, "modal word"));
            }
            _ => {}
        }
    }
    // «will convert», and what is announced jointly and still to come.
    let word = around.scene.words(around.item);
    let ahead = is_bare(word).then(|| {
        (around.item..around.all.end).find(|item| around.scene.items[*item].cue() == Some(Cue::Future))
    });
    let future = if word.starts_with("will ") && !controls { Some(around.item) } else { ahead.flatten() };
    if let Some(item) = future.filter(|_| claim.modality.is_none()) {
        claim.modality = Some(choice(around.scene, around.block, item, Modality::Planned, "modal word"));
    }
    event_relief::fill(around, claim);
}

/// True if the word of proposing at `other` is of the event: it is the event's own word or stands directly behind it, or goes
/// before a control or a named policy. What is proposed of a plant is a plan.
fn is_proposed(around: &Around<'_, '_, '_>, other: usize, controls: bool) -> bool {
    let (there, own) = (&around.scene.items[other], &around.scene.items[around.item]);
    let policy = around.event == EventType::Announcement && matches!(own.cue(), Some(Cue::Named(_)));
    there.span() == own.span() || there.start == own.end || other < around.item && (controls || policy)
}

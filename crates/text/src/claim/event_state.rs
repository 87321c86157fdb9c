//! Whether an event is in force, proposed, eased or over, and whether it is fact.

use super::cues::Cue;
use super::event::is_bare;
use super::event_relief;
use super::event_slots::Around;
use super::slots::{Choice, Claim, EventType, Modality, Slot, Status};
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
                let value = if is_revoked(around, other) { Status::Ended } else { value };
                claim.status = Some(choice(around.scene, around.block, other, value, "status word"));
            }
            Some(Cue::Future) if other < around.item && !controls && claim.modality.is_none() => {
                claim.modality =
                    Some(choice(around.scene, around.block, other, Modality::Planned, "modal word"));
            }
            // 印度拟征收…: what a state means to levy is proposed.
            Some(Cue::Modality(Modality::Planned))
                if other < around.item && claim.status.is_none() && is_of_a_state(around, other, claim) =>
            {
                claim.status =
                    Some(choice(around.scene, around.block, other, Status::Proposed, "status word"));
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
    if claim.status.is_none()
        && let Some(slot) = claim.targets.iter().find(|slot| slot.origin.rule == "whom it spares")
    {
        claim.status = Some(Slot { is: Choice { value: Status::Eased }, origin: slot.origin.clone() });
    }
}

/// 撤销采矿许可证: a permit that is taken back is over; a rule that is taken back is eased.
fn is_revoked(around: &Around<'_, '_, '_>, other: usize) -> bool {
    const DOCUMENTS: &[&str] = &["证", "licence", "license", "licences", "licenses", "permit", "permits"];
    let (verb, noun) = (around.scene.words(other), around.scene.words(around.item));
    let taken = ["撤销", "注销", "吊销", "scrapped", "revoked", "cancelled", "canceled"];
    around.event == EventType::Licence
        && taken.iter().any(|word| verb.eq_ignore_ascii_case(word))
        && DOCUMENTS.iter().any(|end| noun.to_ascii_lowercase().ends_with(end))
}

/// True for 拟 and 建议 before a duty or a rule that a country or its agency makes.
fn is_of_a_state(around: &Around<'_, '_, '_>, other: usize, claim: &Claim<'_>) -> bool {
    let word = around.scene.words(other);
    let deed = around.scene.words(around.item);
    let state = claim.actors.first().and_then(|actor| actor.is.id.as_deref()).unwrap_or_default();
    ["拟", "有意"].contains(&word)
        && around.event == EventType::Announcement
        && ["征", "税", "限制", "实施"].iter().any(|part| deed.contains(part))
        && ["country/", "agency/", "region/"].iter().any(|kind| state.starts_with(kind))
}

/// True if the word of proposing at `other` is of the event: it is the event's own word or stands directly behind it, or goes
/// before a control or a named policy. What is proposed of a plant is a plan.
fn is_proposed(around: &Around<'_, '_, '_>, other: usize, controls: bool) -> bool {
    let (there, own) = (&around.scene.items[other], &around.scene.items[around.item]);
    let policy = around.event == EventType::Announcement && matches!(own.cue(), Some(Cue::Named(_)));
    there.span() == own.span() || there.start == own.end || other < around.item && (controls || policy)
}

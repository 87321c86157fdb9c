//! Groups that emit a name which belongs to another group of the same analyzer.
//!
//! Where groups are joined and split, names move between them, and storage gives a name to nobody before its owner has
//! given it up. So whoever is refused waits until the owner was made current, which a name that is not wanted any more
//! leaves with. An owner that nobody is making current is asked to: it may have changed by a commit that the feed has yet
//! to tell of, or be of an earlier version that the walk has yet to come to.
//!
//! Owners may wait for each other in a ring, as when two groups exchange members. Whoever is refused by one that waits
//! itself withdraws its old output before it waits: the last one to close a ring so opens it. A name that two current groups
//! want stays with its owner; the other one fails after as many rounds as the config allows.

use std::collections::HashMap;

use crate::commit::{Draft, Sent};
use crate::error::Result;
use crate::flow::session::{Event, Session};
use crate::groups::GroupName;

/// A group that was refused a name.
#[derive(Debug)]
struct Claim {
    /// Whose name it wants.
    owner: GroupName,
    /// How often in a row that was so.
    rounds: u32,
    /// It waits for the owner now.
    waits: bool,
}

/// Who waits for whom.
#[derive(Debug, Default)]
pub(super) struct Conflicts {
    claims: HashMap<GroupName, Claim>,
    /// Groups whose old output is to be withdrawn, with the sequence at which they were read.
    releases: Vec<(GroupName, i64)>,
}

/// What is known of a refusal before it is known whose the name is.
pub(super) struct Refusal {
    sent: Sent,
    message: String,
}

impl Conflicts {
    /// True if something is to be withdrawn.
    pub(super) fn wants_commit(&self) -> bool {
        !self.releases.is_empty()
    }

    fn waits(&self, group: &str) -> bool {
        self.claims.get(group).is_some_and(|claim| claim.waits)
    }

    /// One more round of a group that wants a name of `owner`. How many there were with this owner.
    fn claim(&mut self, group: &GroupName, owner: &GroupName) -> u32 {
        let new = || Claim { owner: owner.clone(), rounds: 0, waits: false };
        let claim = self.claims.entry(group.clone()).or_insert_with(new);
        if claim.owner != *owner {
            *claim = new();
        }
        claim.rounds += 1;
        claim.rounds
    }

    /// Those who waited for a group, in the order of their names.
    fn wake(&mut self, owner: &str) -> Vec<GroupName> {
        let waiting = self.claims.iter_mut().filter(|(_, claim)| claim.waits && *claim.owner == *owner);
        let mut woken: Vec<GroupName> = waiting
            .map(|(group, claim)| {
                claim.waits = false;
                group.clone()
            })
            .collect();
        woken.sort_unstable();
        woken
    }
}

impl Session {
    /// A group was refused a name: whose is it?
    pub(super) fn look_up_owner(&mut self, sent: Sent, record: String, message: String) {
        self.looking += 1;
        let (log, tell) = (self.context.log.clone(), self.tell.clone());
        self.tasks.spawn(async move {
            let owner = log.get(&record).await;
            let owner = owner.map(|record| record.map(|record| (record.analyzer, record.group)));
            // Nobody listens any more when the session is gone.
            let _ = tell.send(Event::Owner(Box::new(Refusal { sent, message }), owner));
        });
    }

    /// It is known to which analyzer and group the name belongs.
    pub(super) fn owned(&mut self, refusal: Refusal, owner: Result<Option<(String, String)>>) -> Result<()> {
        self.looking -= 1;
        let Refusal { sent, message } = refusal;
        let Some((analyzer, owner)) = owner? else {
            // It was given up meanwhile.
            self.ledger.hold(&sent.group);
            self.ledger.resume(&sent.group);
            return Ok(());
        };
        if analyzer != self.analyzer {
            self.try_later(sent, "OWNED_BY_OTHER", message);
            return Ok(());
        }
        let owner: GroupName = owner.into();
        if self.conflicts.claim(&sent.group, &owner) > self.context.config.reruns {
            self.conflicts.claims.remove(&sent.group);
            self.refused_for_good(sent, "OWNED_BY_OTHER", message);
            return Ok(());
        }
        self.ledger.hold(&sent.group);
        if owner == sent.group {
            // Its own by now: it took the name itself in a commit that was under way.
            self.ledger.resume(&sent.group);
            return Ok(());
        }
        if self.conflicts.waits(&owner) {
            self.conflicts.releases.push((sent.group.clone(), sent.read_sequence));
        } else {
            self.ledger.ask(&owner);
        }
        if let Some(claim) = self.conflicts.claims.get_mut(&sent.group) {
            claim.waits = true;
        }
        Ok(())
    }

    /// Adds what is to be withdrawn to a commit, before anything else.
    pub(super) fn release(&mut self, draft: &mut Draft) {
        for (group, read_sequence) in std::mem::take(&mut self.conflicts.releases) {
            draft.release(self.nothing(&group, read_sequence), self.assigned.sequence);
        }
    }

    /// The old output of a group is withdrawn.
    pub(super) fn released(&mut self, group: &str) {
        for waiting in self.conflicts.wake(group) {
            self.ledger.resume(&waiting);
        }
    }

    /// The outcome of a group is committed.
    pub(super) fn concluded(&mut self, group: &str) {
        self.conflicts.claims.remove(group);
        // Touched again since it was read, it may give up more once it is committed the next time.
        if !self.ledger.contains(group) {
            self.released(group);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_are_counted_for_one_owner_and_those_who_wait_are_woken_once() {
        let mut conflicts = Conflicts::default();
        let name = |name: &str| -> GroupName { name.into() };
        assert_eq!(conflicts.claim(&name("a"), &name("x")), 1);
        assert_eq!(conflicts.claim(&name("a"), &name("x")), 2);
        assert_eq!(conflicts.claim(&name("a"), &name("y")), 1, "another owner is another matter");
        for group in ["c", "b"] {
            conflicts.claim(&name(group), &name("y"));
        }
        for claim in conflicts.claims.values_mut() {
            claim.waits = true;
        }
        assert!(conflicts.waits("a") && !conflicts.waits("y"));
        assert_eq!(conflicts.wake("x"), []);
        assert_eq!(conflicts.wake("y"), [name("a"), name("b"), name("c")]);
        assert_eq!(conflicts.wake("y"), []);
        assert!(!conflicts.waits("a"));
    }
}

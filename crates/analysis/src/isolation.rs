//! Who may call a provider at the same time. Several analyzers may share one process, so it is not enough for a flow to
//! know its own calls: a suspect of a crash is only then alone if nobody else calls that provider.
//!
//! Calls are shared or alone. Whoever can not be let in queues, first come, first served, so neither kind starves the
//! other. Nobody who holds a call alone waits for another provider with it, so there is no deadlock.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// More calls at a time than any provider is given; one that is alone takes all of them.
const ALL: u32 = 1 << 20;

/// The providers that are called now, by id.
#[derive(Debug, Default)]
pub(crate) struct Isolation {
    places: Mutex<HashMap<String, Weak<Place>>>,
}

/// A provider, as far as it concerns who may call it. Its next incarnation is the same place.
#[derive(Debug)]
pub(crate) struct Place {
    calls: Arc<Semaphore>,
    breaks: AtomicU64,
    entries: Mutex<Entries>,
}

/// Who came and is still there.
#[derive(Debug, Default)]
struct Entries {
    present: u64,
    ever: u64,
}

/// How a call wants to be let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Company {
    /// Among others.
    Shared,
    /// With no other call at the provider.
    Alone,
}

/// Leave to call a provider, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Leave {
    _calls: OwnedSemaphorePermit,
    company: Company,
    place: Arc<Place>,
    /// Which entry it was, if nobody else was there then.
    first: Option<u64>,
}

impl Leave {
    fn new(place: Arc<Place>, company: Company, calls: OwnedSemaphorePermit) -> Self {
        let first = {
            let mut entries = place.entries();
            entries.present += 1;
            entries.ever += 1;
            (entries.present == 1).then_some(entries.ever)
        };
        Self { _calls: calls, company, place, first }
    }

    /// How the call was let in.
    pub(crate) fn company(&self) -> Company {
        self.company
    }

    /// Whether no other call was at the provider ever since it was let in.
    pub(crate) fn was_alone(&self) -> bool {
        self.first.is_some_and(|first| first == self.place.entries().ever)
    }
}

impl Drop for Leave {
    fn drop(&mut self) {
        // Before the permit goes, which is dropped after this.
        self.place.entries().present -= 1;
    }
}

impl Isolation {
    /// The place of a provider.
    pub(crate) fn place(&self, provider: &str) -> Arc<Place> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = places.get(provider).and_then(Weak::upgrade) {
            return place;
        }
        places.retain(|_, place| place.strong_count() > 0);
        let place = Arc::new(Place::default());
        places.insert(provider.to_owned(), Arc::downgrade(&place));
        place
    }
}

impl Default for Place {
    fn default() -> Self {
        Self {
            calls: Arc::new(Semaphore::new(ALL as usize)),
            breaks: AtomicU64::new(0),
            entries: Mutex::default(),
        }
    }
}

impl Place {
    /// Leave to call now, unless somebody is in the way or queues.
    pub(crate) fn try_enter(self: &Arc<Self>, company: Company) -> Option<Leave> {
        let calls = Arc::clone(&self.calls).try_acquire_many_owned(share(company)).ok()?;
        Some(Leave::new(Arc::clone(self), company, calls))
    }

    /// Leave to call, once those before are gone.
    pub(crate) fn enter(self: &Arc<Self>, company: Company) -> impl Future<Output = Leave> + Send + 'static {
        let place = Arc::clone(self);
        let calls = Arc::clone(&self.calls).acquire_many_owned(share(company));
        async move {
            match calls.await {
                Ok(calls) => Leave::new(place, company, calls),
                // It is never closed.
                Err(_) => std::future::pending().await,
            }
        }
    }

    /// Notes that the provider's process ended under a call, before that call's leave is given back: whoever is let in
    /// afterwards finds that its stream is of before, and may be as dead without having noticed.
    pub(crate) fn broke(&self) {
        self.breaks.fetch_add(1, Ordering::SeqCst);
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How often it broke.
    pub(crate) fn breaks(&self) -> u64 {
        self.breaks.load(Ordering::SeqCst)
    }
}

fn share(company: Company) -> u32 {
    match company {
        Company::Shared => 1,
        Company::Alone => ALL,
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    #[test]
    fn one_alone_keeps_the_others_out_and_they_come_in_turn() {
        let isolation = Isolation::default();
        let place = isolation.place("worker");
        let (first, second) = (place.try_enter(Company::Shared), place.try_enter(Company::Shared));
        assert!(first.is_some() && second.is_some());
        assert!(place.try_enter(Company::Alone).is_none());

        // Another flow, which shares the place by its name, wants to be alone: those who come later wait behind it.
        let mut suspect = Box::pin(isolation.place("worker").enter(Company::Alone));
        assert!(suspect.as_mut().now_or_never().is_none());
        drop(first);
        assert!(place.try_enter(Company::Shared).is_none(), "else it would wait for ever");
        let mut late = Box::pin(place.enter(Company::Shared));
        assert!(late.as_mut().now_or_never().is_none());
        drop(second);
        let alone = suspect.now_or_never().expect("nobody else is there");
        assert_eq!(alone.company(), Company::Alone);
        assert!(late.as_mut().now_or_never().is_none());
        let mut again = Box::pin(place.enter(Company::Alone));
        assert!(again.as_mut().now_or_never().is_none());
        drop(alone);
        assert!(late.now_or_never().is_some(), "suspects take turns with the others");
        assert!(again.now_or_never().is_some());
        assert!(isolation.place("other").try_enter(Company::Alone).is_some());
    }

    #[test]
    fn who_no_longer_waits_is_in_nobodys_way() {
        let place = Arc::new(Place::default());
        let shared = place.try_enter(Company::Shared);
        let mut suspect = Box::pin(place.enter(Company::Alone));
        assert!(suspect.as_mut().now_or_never().is_none());
        assert!(place.try_enter(Company::Shared).is_none());
        drop(suspect);
        assert!(place.try_enter(Company::Shared).is_some());
        drop(shared);
        assert!(place.try_enter(Company::Alone).is_some());
    }

    #[test]
    fn alone_is_who_had_no_other_beside_it_at_any_time() {
        let place = Arc::new(Place::default());
        let enter = || place.try_enter(Company::Shared).expect("nobody is alone");
        let first = enter();
        assert!(first.was_alone());
        let second = enter();
        assert!(!first.was_alone() && !second.was_alone());
        drop(first);
        assert!(!second.was_alone(), "the other one may have done it");
        drop(second);
        assert!(enter().was_alone());
        assert!(place.try_enter(Company::Alone).is_some_and(|leave| leave.was_alone()));
    }

    #[test]
    fn a_place_is_forgotten_with_its_last_user() {
        let isolation = Isolation::default();
        let place = isolation.place("a");
        place.broke();
        assert_eq!(isolation.place("a").breaks(), 1);
        drop(place);
        let other = isolation.place("b");
        assert_eq!(isolation.places.lock().map(|places| places.len()).ok(), Some(1));
        assert_eq!(isolation.place("a").breaks() + other.breaks(), 0);
    }
}

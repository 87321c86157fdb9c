//! The walk over all groups, page by page, behind what is live.

use api::storage::{Derivation, ListDerivationsRequest, ListRequest};
use prost_types::FieldMask;

use crate::error::Result;
use crate::flow::session::{Event, Session};
use crate::walk::{Scope, Stage};

/// Records or derivations in a page.
const PAGE: i32 = 1000;

/// What a page of the walk holds.
pub(super) enum PageRead {
    /// Derivations, and the next page's token.
    Derivations(Vec<Derivation>, String),
    /// Names and keys of records of the kind of this index, and the next page's token.
    Records(usize, Vec<(String, Vec<String>)>, String),
}

impl Session {
    /// Reads on, if there is room for more groups.
    pub(super) fn start_walking(&mut self) {
        if self.fetching || self.ledger.len() >= self.context.config.window_groups / 2 {
            return;
        }
        let Some(walk) = self.walk.as_mut().filter(|walk| walk.wants_page()) else { return };
        let (log, tell) = (self.context.log.clone(), self.tell.clone());
        match walk.next().clone() {
            Stage::Failures => {
                let page = walk.open(Stage::Derivations(String::new()));
                for group in self.failures.keys() {
                    if self.ledger.walk(group, page) {
                        walk.add(page);
                    }
                }
                walk.done(page);
            }
            Stage::Derivations(page_token) => {
                let analyzer = self.analyzer.clone();
                let request =
                    ListDerivationsRequest { analyzer, group: String::new(), page_size: PAGE, page_token };
                self.fetching = true;
                self.tasks.spawn(async move {
                    let page = log.derivations(request).await;
                    let page = page.map(|page| PageRead::Derivations(page.derivations, page.next_page_token));
                    // Nobody listens any more when the session is gone.
                    let _ = tell.send(Event::Page(page));
                });
            }
            Stage::Records(index, page_token) => {
                let Some(kind) = self.assigned.manifest.reads.get(index).cloned() else {
                    let page = walk.open(Stage::Finished);
                    walk.done(page);
                    return;
                };
                let read_mask = Some(FieldMask { paths: vec!["name".to_owned(), "keys".to_owned()] });
                let request =
                    ListRequest { kind, page_size: PAGE, page_token, read_mask, ..ListRequest::default() };
                self.fetching = true;
                self.tasks.spawn(async move {
                    let page = log.list(request).await.map(|page| {
                        let records =
                            page.records.into_iter().map(|record| (record.name, record.keys)).collect();
                        PageRead::Records(index, records, page.next_page_token)
                    });
                    // Nobody listens any more when the session is gone.
                    let _ = tell.send(Event::Page(page));
                });
            }
            Stage::Finished => {}
        }
    }

    /// A page has come.
    pub(super) fn page(&mut self, read: Result<PageRead>) -> Result<()> {
        self.fetching = false;
        let Some(walk) = &mut self.walk else { return Ok(()) };
        let read = match read {
            Err(error) if matches!(error.reason(), "INVALID_PAGE_TOKEN" | "COMPACTED") => {
                walk.restart_stage();
                return Ok(());
            }
            read => read?,
        };
        match read {
            PageRead::Derivations(derivations, token) => {
                let after =
                    if token.is_empty() { Stage::Records(0, token) } else { Stage::Derivations(token) };
                let page = walk.open(after);
                for derivation in derivations {
                    let is_current = derivation.version == self.assigned.version
                        && derivation.config_digest == self.assigned.config_digest;
                    if is_current && walk.scope() == Scope::Stale {
                        walk.remember(&derivation.group);
                    } else if !walk.remembers(&derivation.group) && self.ledger.walk(&derivation.group, page)
                    {
                        walk.add(page);
                    }
                }
                walk.done(page);
            }
            PageRead::Records(index, records, token) => {
                let after = if token.is_empty() {
                    Stage::Records(index + 1, token)
                } else {
                    Stage::Records(index, token)
                };
                let page = walk.open(after);
                for (name, keys) in records {
                    self.grouping.of_record(&name, &keys, &mut |group| {
                        if !walk.remembers(group) && self.ledger.walk(group, page) {
                            walk.add(page);
                        }
                    });
                }
                walk.done(page);
            }
        }
        Ok(())
    }
}

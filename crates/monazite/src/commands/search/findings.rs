//! What findings say that a search found.

use std::collections::BTreeMap;

use anyhow::Result;
use api::record::Finding;
use api::search::Hit;
use brief::Language;
use brief::told::Teller;
use prost::{Message as _, Name as _};
use text::Lexicon;

use crate::commands::findings::about::Claims;
use crate::commands::findings::words;
use crate::grpc::Client;

/// By the name of each finding among the hits: its kind, its reason or check, and what it is about, in a line.
///
/// # Errors
/// If storage does not answer, or what it has is not readable.
pub(super) async fn told(client: &Client, hits: &[Hit]) -> Result<BTreeMap<String, String>> {
    let full_name = Finding::full_name();
    let found = hits.iter().filter(|hit| hit.kind == full_name);
    let names: Vec<String> = found.map(|hit| hit.name.clone()).collect();
    if names.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut findings = Vec::new();
    for record in client.batch_get(&names).await? {
        findings.push((record.name, Finding::decode(record.body)?, record.keys));
    }
    let claims = Claims::read(client, findings.iter().map(|(_, finding, _)| finding), 0).await?;
    let teller = Teller::new(Lexicon::standard(), Language::English);
    let told = findings.into_iter().map(|(name, finding, keys)| {
        let (mark, title) = words::title(finding.kind());
        let mut parts = vec![format!("{mark} {title}")];
        parts.extend(words::subtitle(&finding));
        parts.extend(claims.heading(&teller, &finding, &keys));
        (name, parts.join(" · "))
    });
    Ok(told.collect())
}

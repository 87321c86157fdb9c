//! Whether an analyzer would feed back into itself.
//!
//! Kinds are nodes, and an analyzer leads from each kind that it reads to each that it writes. A new version is held
//! against all versions of all *other* analyzers. So whichever one version of each analyzer is in use, now or after a
//! change of pins, there is no cycle: of any cycle, the version that came last would have been refused. Versions of
//! one analyzer are not held against each other, since only one is in use at a time.

use std::collections::{BTreeMap, VecDeque};

use api::analysis::Manifest;

/// A shortest way from a kind over the new analyzer back to that kind, such as
/// `Document -> reading -> Layer -> x -> Document`; `None` if there is no way.
pub(crate) fn find(new: &Manifest, registered: &[Manifest]) -> Option<String> {
    let others: Vec<_> = registered.iter().filter(|manifest| manifest.name != new.name).collect();
    let way = new.reads.iter().filter_map(|start| way(start, new, &others)).min_by_key(Vec::len)?;
    Some(describe(&way))
}

/// A shortest way from what `new` writes to `start`, with both ends, or nothing.
fn way<'a>(start: &'a str, new: &'a Manifest, others: &[&'a Manifest]) -> Option<Vec<Step<'a>>> {
    // For each kind that was reached: by which analyzer, from which kind.
    let mut reached: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
    let mut queue = VecDeque::new();
    for kind in &new.writes {
        reached.entry(kind).or_insert((&new.name, start));
        queue.push_back(kind.as_str());
    }
    while let Some(kind) = queue.pop_front() {
        if kind == start {
            return Some(walk_back(start, new, &reached));
        }
        for other in others.iter().filter(|other| other.reads.iter().any(|read| read == kind)) {
            for next in &other.writes {
                if !reached.contains_key(next.as_str()) {
                    reached.insert(next, (&other.name, kind));
                    queue.push_back(next);
                }
            }
        }
    }
    None
}

/// A kind or an analyzer on the way.
enum Step<'a> {
    Kind(&'a str),
    Analyzer(&'a str),
}

fn walk_back<'a>(
    start: &'a str,
    new: &'a Manifest,
    reached: &BTreeMap<&'a str, (&'a str, &'a str)>,
) -> Vec<Step<'a>> {
    let mut steps = vec![Step::Kind(start)];
    let mut kind = start;
    while let Some((analyzer, from)) = reached.get(kind) {
        steps.push(Step::Analyzer(analyzer));
        steps.push(Step::Kind(from));
        if *analyzer == new.name {
            break;
        }
        kind = from;
    }
    steps.reverse();
    steps
}

/// Kinds by their last part where that is enough to tell them apart.
fn describe(way: &[Step<'_>]) -> String {
    let short = |kind: &str| kind.rsplit('.').next().unwrap_or_default().to_owned();
    let mut names: BTreeMap<String, &str> = BTreeMap::new();
    let mut ambiguous = false;
    for step in way {
        if let Step::Kind(kind) = step {
            ambiguous |= names.insert(short(kind), kind).is_some_and(|other| other != *kind);
        }
    }
    let word = |step: &Step<'_>| match step {
        Step::Kind(kind) if ambiguous => (*kind).to_owned(),
        Step::Kind(kind) => short(kind),
        Step::Analyzer(analyzer) => (*analyzer).to_owned(),
    };
    way.iter().map(word).collect::<Vec<_>>().join(" -> ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(name: &str, version: &str, reads: &[&str], writes: &[&str]) -> Manifest {
        let kinds = |kinds: &[&str]| kinds.iter().map(|kind| (*kind).to_owned()).collect();
        Manifest {
            name: name.into(),
            version: version.into(),
            reads: kinds(reads),
            writes: kinds(writes),
            ..Manifest::default()
        }
    }

    #[test]
    fn the_way_is_named() {
        let registered = [
            manifest("reading", "1.0.0", &["m.Document"], &["m.Layer"]),
            manifest("claims", "1.0.0", &["m.Document", "m.Layer"], &["m.Claim"]),
        ];
        let cases: [(_, Option<&str>); 6] = [
            (manifest("audit", "1.0.0", &["m.Claim"], &["m.Finding"]), None),
            (
                manifest("x", "1.0.0", &["m.Layer"], &["m.Document"]),
                Some("Layer -> x -> Document -> reading -> Layer"),
            ),
            (
                manifest("x", "1.0.0", &["m.Finding", "m.Claim"], &["m.Layer"]),
                Some("Claim -> x -> Layer -> claims -> Claim"),
            ),
            (manifest("self", "1.0.0", &["m.A"], &["m.A"]), Some("A -> self -> A")),
            (manifest("reading", "2.0.0", &["m.Layer"], &["m.Document"]), None),
            (
                manifest("reading", "2.0.0", &["m.Claim"], &["m.Layer"]),
                Some("Claim -> reading -> Layer -> claims -> Claim"),
            ),
        ];
        for (new, expected) in cases {
            assert_eq!(find(&new, &registered).as_deref(), expected, "{}", new.name);
        }
    }

    #[test]
    fn kinds_of_one_short_name_are_told_apart() {
        let registered = [manifest("a", "1.0.0", &["m.Layer"], &["n.Layer"])];
        let new = manifest("b", "1.0.0", &["n.Layer"], &["m.Layer"]);
        assert_eq!(find(&new, &registered).as_deref(), Some("n.Layer -> b -> m.Layer -> a -> n.Layer"));
    }
}

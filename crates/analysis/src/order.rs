//! In which order analyzers depend on each other.

use std::collections::BTreeMap;

use api::analysis::Manifest;

/// Analyzers in levels: each reads only what clients or analyzers of earlier levels write. The registry refuses
/// cycles; should one come about nevertheless, its members form the last level together.
pub(crate) fn levels<'a>(analyzers: impl IntoIterator<Item = (&'a str, &'a Manifest)>) -> Vec<Vec<String>> {
    let mut rest: BTreeMap<&str, &Manifest> = analyzers.into_iter().collect();
    let mut levels = Vec::new();
    while !rest.is_empty() {
        let feeds = |writer: &Manifest, reader: &Manifest| {
            writer.writes.iter().any(|kind| reader.reads.contains(kind))
        };
        let free = |name: &&str| {
            let Some(reader) = rest.get(*name) else { return false };
            !rest.values().any(|writer| feeds(writer, reader))
        };
        let mut level: Vec<&str> = rest.keys().copied().filter(free).collect();
        if level.is_empty() {
            level = rest.keys().copied().collect();
        }
        rest.retain(|name, _| !level.contains(name));
        levels.push(level.into_iter().map(str::to_owned).collect());
    }
    levels
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(reads: &[&str], writes: &[&str]) -> Manifest {
        let strings = |kinds: &[&str]| kinds.iter().map(ToString::to_string).collect();
        Manifest { reads: strings(reads), writes: strings(writes), ..Manifest::default() }
    }

    #[test]
    fn a_reader_comes_after_all_who_write_for_it() {
        let (read, claim) = (manifest(&["D"], &["L"]), manifest(&["D", "L"], &["C"]));
        let (find, digest) = (manifest(&["C"], &["F"]), manifest(&["D"], &["G"]));
        let all = [("find", &find), ("claim", &claim), ("digest", &digest), ("read", &read)];
        assert_eq!(levels(all), [vec!["digest", "read"], vec!["claim"], vec!["find"]]);
        assert!(levels([]).is_empty());
    }

    #[test]
    fn a_cycle_ends_up_in_the_last_level() {
        let (a, b, c) = (manifest(&["X"], &["Y"]), manifest(&["Y"], &["X"]), manifest(&["D"], &["E"]));
        assert_eq!(levels([("a", &a), ("b", &b), ("c", &c)]), [vec!["c"], vec!["a", "b"]]);
    }
}

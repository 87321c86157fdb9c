//! A set of folded names that finds the longest one at a place.
//!
//! A lexicon is larger than the fast caches, and to wait for what is not in them costs more than to look at it: so what is
//! asked at every character is small (bits of first characters, and a sieve), and the way to a name passes few places in
//! memory. Characters through which only one way leads stand in a row, as in the tree of Morrison (1968), and the children
//! of a node lie beside each other.

use std::collections::VecDeque;

use crate::sieve::Sieve;
use crate::view::{View, fold, is_han};

/// Names with the numbers that they stand for; several numbers may share a name.
pub(crate) struct Trie {
    /// Which characters below U+10000 a name begins with, 64 in a block.
    firsts: Vec<Firsts>,
    /// A bit for the hash of each name's beginning. Most places where no name begins are refused by it, before the nodes are
    /// looked at.
    sieve: Sieve,
    /// The first is the root, its children follow.
    nodes: Vec<Node>,
    /// The character that leads to each node; those of the children of a node are in order.
    keys: Vec<char>,
    /// The characters that lead on to the ends of nodes.
    labels: Vec<char>,
    /// What the names stand for.
    values: Vec<u32>,
    /// A letter may run on into digits, as in USD115.
    before_digits: bool,
}

/// Sixty-four characters that a name may begin with.
#[derive(Clone, Default)]
struct Firsts {
    /// A bit for each that a name begins with.
    begins: u64,
    /// A bit for each that is a name by itself.
    whole: u64,
    /// How many below these a name begins with.
    below: u32,
}

/// A place where several names part, or one ends.
#[derive(Clone, Default)]
struct Node {
    /// Where its own characters, which must follow its key, begin among the labels, and how many they are.
    label: u32,
    label_length: u32,
    /// The first of its children, and how many they are.
    children: u32,
    child_count: u32,
    /// The first of its values, and how many they are.
    values: u32,
    value_count: u32,
}

/// So many children are looked at one by one.
const FEW: usize = 16;

/// Characters below this are in the blocks of first characters.
const BASIC: usize = 0x10000;

/// A name found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hit<'a> {
    /// Index after its last character.
    pub(crate) end: usize,
    /// What it stands for.
    pub(crate) values: &'a [u32],
}

/// Names that are collected for a [`Trie`].
#[derive(Default)]
pub(crate) struct Names {
    /// Folded, one behind the other: tens of thousands of strings of their own would leave the memory full of holes, into
    /// which all that is allocated later would be scattered.
    letters: String,
    /// Where each ends, and what it stands for.
    ends: Vec<(usize, u32)>,
}

impl Names {
    /// Adds a name, folded here; what it already stands for stays.
    pub(crate) fn insert(&mut self, name: &str, value: u32) {
        self.letters.extend(name.chars().map(fold));
        self.ends.push((self.letters.len(), value));
    }

    /// Makes them ready to be looked for.
    pub(crate) fn ready(self) -> Trie {
        let starts = std::iter::once(0).chain(self.ends.iter().map(|(end, _)| *end));
        let each = starts.zip(&self.ends).map(|(start, (end, value))| (&self.letters[start..*end], *value));
        let mut names: Vec<(&str, u32)> = each.filter(|(name, _)| !name.is_empty()).collect();
        // What a name stands for stays in the order in which it was added.
        names.sort_by_key(|(name, _)| *name);
        let mut trie = Trie {
            firsts: Vec::new(),
            sieve: Sieve::of(names.iter().map(|(name, _)| *name)),
            nodes: vec![Node::default()],
            keys: vec!['\0'],
            labels: Vec::new(),
            values: Vec::new(),
            before_digits: false,
        };
        // Nodes that wait for their children, with the names below them and how many bytes of these lead there.
        let mut waiting = VecDeque::from([(0, &names[..], 0)]);
        while let Some((node, names, depth)) = waiting.pop_front() {
            let end = if node == 0 { 0 } else { depth + trie.give_label(node, names, depth) };
            let ending = names.partition_point(|(name, _)| name.len() == end);
            trie.give_values(node, &names[..ending]);
            trie.nodes[node].children = number(trie.nodes.len());
            let key = |name: &(&str, u32)| name.0[end..].chars().next().unwrap_or_default();
            for group in names[ending..].chunk_by(|one, other| key(one) == key(other)) {
                let key = key(&group[0]);
                waiting.push_back((trie.nodes.len(), group, end + key.len_utf8()));
                trie.nodes[node].child_count += 1;
                trie.nodes.push(Node::default());
                trie.keys.push(key);
            }
        }
        trie.count_firsts();
        trie
    }

    /// The same for names that go before numbers, without a blank perhaps.
    pub(crate) fn ready_before_digits(self) -> Trie {
        Trie { before_digits: true, ..self.ready() }
    }
}

/// An index of one of the lists, which no lexicon fills to four thousand million.
fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// Some of a list, from the first on.
#[inline]
fn part<T>(list: &[T], first: u32, count: u32) -> &[T] {
    list.get(first as usize..first as usize + count as usize).unwrap_or_default()
}

impl Trie {
    /// Names of which it is asked whether one may begin somewhere.
    pub(crate) fn of<'n>(names: impl IntoIterator<Item = &'n &'n str>) -> Trie {
        let mut collected = Names::default();
        for name in names {
            collected.insert(name, 0);
        }
        collected.ready()
    }

    /// Puts down the characters that all of some names in order go on with, and tells how many bytes they are.
    fn give_label(&mut self, node: usize, names: &[(&str, u32)], depth: usize) -> usize {
        let [(first, _), ..] = names else { return 0 };
        let last = names.last().map_or(first, |(last, _)| last);
        // What the first and the last have in common all have.
        let both = first[depth..].chars().zip(last[depth..].chars());
        let alike = both.take_while(|(one, other)| one == other).map(|(one, _)| one);
        let start = self.labels.len();
        self.labels.extend(alike);
        let label = &self.labels[start..];
        let node = &mut self.nodes[node];
        (node.label, node.label_length) = (number(start), number(label.len()));
        label.iter().map(|character| character.len_utf8()).sum()
    }

    fn give_values(&mut self, node: usize, names: &[(&str, u32)]) {
        let start = self.values.len();
        for (_, value) in names {
            if !self.values[start..].contains(value) {
                self.values.push(*value);
            }
        }
        let node = &mut self.nodes[node];
        (node.values, node.value_count) = (number(start), number(self.values.len() - start));
    }

    fn count_firsts(&mut self) {
        let Node { children, child_count, .. } = self.nodes[0];
        for child in children as usize..(children + child_count) as usize {
            let index = self.keys[child] as usize;
            if index >= BASIC {
                continue;
            }
            let blocks = self.firsts.len().max(index / 64 + 1);
            self.firsts.resize(blocks, Firsts::default());
            let block = &mut self.firsts[index / 64];
            block.begins |= 1 << (index % 64);
            let node = &self.nodes[child];
            if node.label_length == 0 && node.value_count > 0 {
                block.whole |= 1 << (index % 64);
            }
        }
        let mut below = 0;
        for block in &mut self.firsts {
            block.below = below;
            below += block.begins.count_ones();
        }
    }

    /// False if surely no name begins at `at`.
    #[inline]
    pub(crate) fn may_begin(&self, view: &View<'_>, at: usize) -> bool {
        let first = view.get(at);
        if first.is_ascii_lowercase() {
            return self.sieve.may_begin_with_letters(view.letters_at(at));
        }
        let index = first as usize;
        let Some(block) = self.firsts.get(index / 64) else { return index >= BASIC };
        let begins = block.begins >> (index % 64) & 1 != 0;
        let whole = block.whole >> (index % 64) & 1 != 0;
        begins && (whole || self.sieve.may_go_on(first, view, at + 1))
    }

    /// False if surely no name begins a text.
    pub(crate) fn may_begin_text(&self, text: &str) -> bool {
        self.sieve.may_begin_text(text)
    }

    /// The node to which the first character of a name leads.
    #[inline]
    fn first(&self, character: char) -> Option<usize> {
        let index = character as usize;
        if index >= BASIC {
            return self.child(0, character);
        }
        let block = self.firsts.get(index / 64)?;
        let bit = 1 << (index % 64);
        let nth = block.below + (block.begins & (bit - 1)).count_ones();
        (block.begins & bit != 0).then_some((self.nodes[0].children + nth) as usize)
    }

    #[inline]
    fn child(&self, node: usize, character: char) -> Option<usize> {
        let Node { children, child_count, .. } = self.nodes[node];
        let keys = part(&self.keys, children, child_count);
        let found = if keys.len() <= FEW {
            keys.iter().position(|key| *key == character)
        } else {
            keys.binary_search(&character).ok()
        };
        found.map(|at| children as usize + at)
    }

    /// Calls `found` with each name that begins at `at` and ends at a word's edge, the shortest first. Blanks between two
    /// Chinese characters count as nothing; a blank in a name matches any number of them, one line break, and a hyphen.
    pub(crate) fn each<'a>(&'a self, view: &View<'_>, at: usize, found: impl FnMut(Hit<'a>)) {
        if self.may_begin(view, at) {
            self.walk(view, at, found);
        }
    }

    /// Like `each`, where `may_begin` is known to hold.
    pub(crate) fn walk<'a>(&'a self, view: &View<'_>, at: usize, mut found: impl FnMut(Hit<'a>)) {
        let mut node = 0;
        let mut label: &[char] = &[];
        let mut here = at;
        loop {
            let mut character = view.get(here);
            if character == ' ' || character == '\n' {
                let past = if character == '\n' { here + 1 } else { view.blanks(here) };
                let past = view.blanks(past);
                if here > at && is_han(view.get(here - 1)) && is_han(view.get(past)) {
                    here = past;
                    character = view.get(here);
                } else {
                    here = past - 1;
                    character = ' ';
                }
            }
            if let [next, rest @ ..] = label {
                if *next != character && other_joint(character) != Some(*next) {
                    return;
                }
                label = rest;
            } else {
                let joined = || other_joint(character).and_then(|other| self.child(node, other));
                let next = match node {
                    0 => self.first(character),
                    _ => self.child(node, character).or_else(joined),
                };
                let Some(next) = next else { return };
                node = next;
                label = part(&self.labels, self.nodes[node].label, self.nodes[node].label_length);
            }
            here += 1;
            let Node { values, value_count, .. } = self.nodes[node];
            if value_count == 0 || !label.is_empty() {
                continue;
            }
            let runs_on =
                self.before_digits && view.get(here).is_ascii_digit() && !view.before(here).is_ascii_digit();
            if runs_on || view.at_edge(here) {
                found(Hit { end: here, values: part(&self.values, values, value_count) });
            }
        }
    }
}

/// "stainless-steel" and "stainless steel" are one name.
#[inline]
fn other_joint(character: char) -> Option<char> {
    match character {
        '-' => Some(' '),
        ' ' => Some('-'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names that begin a text, with how long each is and what it stands for.
    fn found(trie: &Trie, text: &str) -> Vec<(usize, Vec<u32>)> {
        let mut found = Vec::new();
        trie.each(&View::new(text), 0, |hit| found.push((hit.end, hit.values.to_vec())));
        found
    }

    #[test]
    fn all_names_that_begin_at_a_place_are_found_the_shortest_first() {
        let mut names = Names::default();
        let all =
            ["氧化镨钕", "氧化镨", "氧化", "氧", "氧化镝", "Stainless steel", "stainless", "🜚金", "氧化镨"];
        for (name, value) in all.iter().zip(0..) {
            names.insert(name, value);
        }
        let trie = names.ready();
        let ends = |text: &str| found(&trie, text).into_iter().map(|hit| hit.0).collect::<Vec<_>>();
        assert_eq!(found(&trie, "氧化镨钕"), [(1, vec![3]), (2, vec![2]), (3, vec![1, 8]), (4, vec![0])]);
        assert_eq!(ends("氧化镨矿"), [1, 2, 3]);
        assert_eq!(ends("氧 化 镝价"), [1, 3, 5]);
        assert_eq!(ends("STAINLESS-STEEL"), [9, 15]);
        assert_eq!(ends("stainless  steels"), [9]);
        assert_eq!(ends("🜚金价"), [2]);
        assert!(ends("化镨").is_empty() && ends("stain").is_empty() && ends("").is_empty());
    }

    #[test]
    fn a_name_before_numbers_may_run_on_into_digits() {
        let names = || {
            let mut names = Names::default();
            names.insert("usd", 0);
            names
        };
        assert!(found(&names().ready(), "usd115").is_empty());
        assert_eq!(found(&names().ready_before_digits(), "usd115").len(), 1);
    }
}

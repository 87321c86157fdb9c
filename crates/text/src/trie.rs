//! A set of folded names that finds the longest one at a place.

use crate::view::{View, fold, is_han};

/// Names with the numbers that they stand for; several numbers may share a name.
#[derive(Default)]
pub(crate) struct Trie {
    nodes: Vec<Node>,
    ascii: Vec<u32>,
    /// Bits of the characters, by their last ten bits, with which a name begins: most begin none.
    first: [u64; 16],
    /// A letter may run on into digits, as in USD115.
    before_digits: bool,
}

#[derive(Default, Clone)]
struct Node {
    children: Vec<(char, u32)>,
    values: Vec<u32>,
}

/// A name found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hit<'a> {
    /// Index after its last character.
    pub(crate) end: usize,
    /// What it stands for.
    pub(crate) values: &'a [u32],
}

impl Trie {
    pub(crate) fn new() -> Trie {
        Trie { nodes: vec![Node::default()], ascii: vec![0; 128], first: [0; 16], before_digits: false }
    }

    /// Names that go before numbers, without a blank perhaps.
    pub(crate) fn before_digits() -> Trie {
        Trie { before_digits: true, ..Trie::new() }
    }

    /// Adds a name, folded here; what it already stands for stays.
    pub(crate) fn insert(&mut self, name: &str, value: u32) {
        let mut node = 0;
        for character in name.chars().map(fold) {
            let children = &self.nodes[node].children;
            node = match children.binary_search_by_key(&character, |child| child.0) {
                Ok(index) => children[index].1 as usize,
                Err(index) => {
                    let next = self.nodes.len();
                    let number = u32::try_from(next).unwrap_or(u32::MAX);
                    self.nodes[node].children.insert(index, (character, number));
                    self.nodes.push(Node::default());
                    if node == 0 {
                        let (word, bit) = place(character);
                        self.first[word] |= bit;
                    }
                    if node == 0 && character.is_ascii() {
                        self.ascii[character as usize] = number;
                    }
                    next
                }
            };
        }
        if !self.nodes[node].values.contains(&value) {
            self.nodes[node].values.push(value);
        }
    }

    fn step(&self, node: usize, character: char) -> Option<usize> {
        if node == 0 && character.is_ascii() {
            let next = self.ascii[character as usize];
            return (next != 0).then_some(next as usize);
        }
        if node == 0 {
            let (word, bit) = place(character);
            if self.first[word] & bit == 0 {
                return None;
            }
        }
        let children = &self.nodes[node].children;
        if let [(only, next)] = children.as_slice() {
            return (*only == character).then_some(*next as usize);
        }
        children
            .binary_search_by_key(&character, |child| child.0)
            .ok()
            .map(|index| children[index].1 as usize)
    }

    /// Calls `found` with each name that begins at `at` and ends at a word's edge, the shortest first. Blanks between two
    /// Chinese characters count as nothing; a blank in a name matches any number of them, and one line break.
    pub(crate) fn each<'a>(&'a self, view: &View<'_>, at: usize, mut found: impl FnMut(Hit<'a>)) {
        let mut node = 0;
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
            let Some(next) = self.step(node, character) else { return };
            node = next;
            here += 1;
            let runs_on =
                self.before_digits && view.get(here).is_ascii_digit() && !view.before(here).is_ascii_digit();
            if !self.nodes[node].values.is_empty() && (runs_on || view.at_edge(here)) {
                found(Hit { end: here, values: &self.nodes[node].values });
            }
        }
    }
}

/// Where the bit of a character is.
fn place(character: char) -> (usize, u64) {
    let bits = character as usize & 1023;
    (bits / 64, 1 << (bits % 64))
}

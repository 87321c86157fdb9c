//! A set of folded names that finds the longest one at a place.

use crate::sieve::Sieve;
use crate::view::{View, fold, is_han};

/// Names with the numbers that they stand for; several numbers may share a name.
pub(crate) struct Trie {
    nodes: Vec<Node>,
    /// The children of nodes that have several, sorted; the first list is of no node.
    forks: Vec<Vec<(char, u32)>>,
    /// What the names stand for; the first list is of no name.
    lists: Vec<Vec<u32>>,
    /// The node behind each first character below U+10000, zero for none: most places of a text are left here at once. With
    /// [`WHOLE`] where the character alone is a name.
    first: Vec<u32>,
    /// A bit for the hash of each name's beginning. Most places where no name begins are refused by it, before the nodes are
    /// looked at.
    sieve: Sieve,
    /// A letter may run on into digits, as in USD115.
    before_digits: bool,
}

/// Most nodes have one child, which stands in the node itself, beside its neighbour in memory. A node is small, so that
/// many of them stay in the fast caches.
#[derive(Default, Clone)]
struct Node {
    /// The only child, with its node; zero if there is none or there are several.
    only: (char, u32),
    /// Which list of children it has, if there are several; zero for none.
    fork: u32,
    /// Which list of values ends here; zero for none.
    values: u32,
}

/// So many children are looked at one by one.
const FEW: usize = 8;

/// Set in the number of the node behind a first character that is a name by itself.
const WHOLE: u32 = 1 << 31;

/// Characters below this have their node in a table.
const BASIC: usize = 0x10000;

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
        Trie {
            nodes: vec![Node::default()],
            forks: vec![Vec::new()],
            lists: vec![Vec::new()],
            first: vec![0; 128],
            sieve: Sieve::new(),
            before_digits: false,
        }
    }

    /// Names of which it is asked whether one may begin somewhere.
    pub(crate) fn of<'n>(names: impl IntoIterator<Item = &'n &'n str>) -> Trie {
        let mut trie = Trie::new();
        for name in names {
            trie.insert(name, 0);
        }
        trie
    }

    /// Names that go before numbers, without a blank perhaps.
    pub(crate) fn before_digits() -> Trie {
        Trie { before_digits: true, ..Trie::new() }
    }

    /// Adds a name, folded here; what it already stands for stays.
    pub(crate) fn insert(&mut self, name: &str, value: u32) {
        self.sieve.insert(name);
        let mut node = 0;
        for character in name.chars().map(fold) {
            node = self.step(node, character).unwrap_or_else(|| self.grow(node, character));
        }
        let mut letters = name.chars().map(fold);
        if let (Some(only), None) = (letters.next(), letters.next())
            && let Some(first) = self.first.get_mut(only as usize)
        {
            *first |= WHOLE;
        }
        if self.nodes[node].values == 0 {
            self.nodes[node].values = u32::try_from(self.lists.len()).unwrap_or(0);
            self.lists.push(Vec::new());
        }
        let list = &mut self.lists[self.nodes[node].values as usize];
        if !list.contains(&value) {
            list.push(value);
        }
    }

    fn grow(&mut self, node: usize, character: char) -> usize {
        let next = self.nodes.len();
        let number = u32::try_from(next).unwrap_or(u32::MAX);
        let index = character as usize;
        if node == 0 && index < BASIC {
            self.first.resize(self.first.len().max(index + 1), 0);
            self.first[index] = number;
        } else {
            self.add_child(node, character, number);
        }
        self.nodes.push(Node::default());
        next
    }

    /// False if surely no name begins at `at`.
    #[inline]
    pub(crate) fn may_begin(&self, view: &View<'_>, at: usize) -> bool {
        let first = view.get(at);
        if first.is_ascii_lowercase() {
            return self.sieve.may_begin_with_letters(view.letters_at(at));
        }
        match self.first.get(first as usize) {
            Some(0) => false,
            Some(node) => node & WHOLE != 0 || self.sieve.may_go_on(first, view, at + 1),
            None => first as usize >= BASIC,
        }
    }

    /// False if surely no name begins a text.
    pub(crate) fn may_begin_text(&self, text: &str) -> bool {
        self.sieve.may_begin_text(text)
    }

    fn add_child(&mut self, node: usize, character: char, child: u32) {
        let node = &mut self.nodes[node];
        if node.fork == 0 {
            if node.only.1 == 0 {
                node.only = (character, child);
                return;
            }
            node.fork = u32::try_from(self.forks.len()).unwrap_or(0);
            self.forks.push(vec![std::mem::take(&mut node.only)]);
        }
        let children = &mut self.forks[node.fork as usize];
        let index = children.partition_point(|child| child.0 < character);
        children.insert(index, (character, child));
    }

    #[inline]
    fn child(&self, node: usize, character: char) -> Option<usize> {
        let node = &self.nodes[node];
        if node.fork == 0 {
            return (node.only.1 != 0 && node.only.0 == character).then_some(node.only.1 as usize);
        }
        let children = &self.forks[node.fork as usize];
        let found = if children.len() <= FEW {
            children.iter().find(|child| child.0 == character)
        } else {
            children.binary_search_by_key(&character, |child| child.0).ok().map(|index| &children[index])
        };
        found.map(|child| child.1 as usize)
    }

    #[inline]
    fn step(&self, node: usize, character: char) -> Option<usize> {
        if node == 0 && (character as usize) < BASIC {
            let next = self.first.get(character as usize).filter(|next| **next != 0);
            return next.map(|next| (next & !WHOLE) as usize);
        }
        self.child(node, character)
    }

    /// "stainless-steel" and "stainless steel" are one name.
    #[inline]
    fn joined(&self, node: usize, character: char) -> Option<usize> {
        match character {
            '-' if node != 0 => self.step(node, ' '),
            ' ' if node != 0 => self.step(node, '-'),
            _ => None,
        }
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
            let Some(next) = self.step(node, character).or_else(|| self.joined(node, character)) else {
                return;
            };
            node = next;
            here += 1;
            let values = self.nodes[node].values;
            if values == 0 {
                continue;
            }
            let runs_on =
                self.before_digits && view.get(here).is_ascii_digit() && !view.before(here).is_ascii_digit();
            if runs_on || view.at_edge(here) {
                found(Hit { end: here, values: &self.lists[values as usize] });
            }
        }
    }
}

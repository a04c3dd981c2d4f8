//! Patterns that begin alike share nodes, so that a target is read once, however many patterns there are.

use super::pattern::Wild;

/// No node, or no pattern.
pub(crate) const NONE: u32 = u32::MAX;

/// A compressed trie over the bytes of patterns; a wildcard is a node of its own.
pub(crate) struct Trie {
    /// Parents stand before their children. The children of one stand side by side, sorted: wildcards are the last.
    nodes: Vec<Node>,
    /// The byte that leads into each node, apart, so that a child is found in one cache line.
    heads: Vec<u8>,
    labels: Vec<u8>,
}

/// Half a cache line: a look-up costs what it has to fetch.
#[derive(Clone, Copy)]
#[repr(align(32))]
pub(crate) struct Node {
    label: u32,
    label_len: u32,
    children: u32,
    literals: u16,
    wilds: u8,
    /// The pattern that ends here.
    pub(crate) end: u32,
    /// The smallest number of a pattern that ends here or below.
    pub(crate) best: u32,
    /// The literal bytes from the wildcard before, or from the beginning, to the end of the label.
    pub(crate) depth: u32,
    /// The nearest node above that has wildcards, as far as there is only literal text between.
    pub(crate) above: u32,
}

/// Which patterns go through a node that is to be made, and what its parent knows.
struct Pending {
    from: usize,
    to: usize,
    read: usize,
    depth: usize,
    above: u32,
}

impl Trie {
    /// Of patterns, sorted and all different, each with a number to be known by.
    pub(crate) fn new(patterns: &[(&[u8], u32)]) -> Self {
        let mut trie = Self {
            nodes: Vec::new(),
            heads: vec![0],
            labels: Vec::new(),
        };
        let mut pending = vec![Pending {
            from: 0,
            to: patterns.len(),
            read: 0,
            depth: 0,
            above: NONE,
        }];
        let mut done = 0;
        while done < pending.len() {
            trie.add(patterns, done, &mut pending);
            done += 1;
        }
        for index in (0..trie.nodes.len()).rev() {
            let below = trie
                .all_children(&trie.nodes[index])
                .map(|child| trie.nodes[child as usize].best);
            let best = below.fold(trie.nodes[index].end, u32::min);
            trie.nodes[index].best = best;
        }
        trie
    }

    /// Makes the node that stands at `index`, and says which ones follow.
    fn add(&mut self, patterns: &[(&[u8], u32)], index: usize, pending: &mut Vec<Pending>) {
        let Pending {
            mut from,
            to,
            read,
            depth,
            above,
        } = pending[index];
        let is_wild = Wild::of(self.heads[index]).is_some();
        let label = match patterns.get(from..to) {
            Some([(first, _), .., (last, _)]) if !is_wild => common(&first[read..], &last[read..]),
            Some([(only, _)]) if !is_wild => common(&only[read..], &only[read..]),
            _ => &[],
        };
        let (read, depth) = (read + label.len(), if is_wild { 0 } else { depth + label.len() });
        let mut node = Node {
            label: size(self.labels.len()),
            label_len: size(label.len()),
            children: size(self.heads.len()),
            literals: 0,
            wilds: 0,
            end: NONE,
            best: NONE,
            depth: size(depth),
            above: if is_wild { NONE } else { above },
        };
        self.labels.extend(label);
        if let Some((pattern, number)) = patterns.get(from)
            && from < to
            && pattern.len() == read
        {
            node.end = *number;
            from += 1;
        }
        let first_child = pending.len();
        for group in patterns[from..to].chunk_by(|a, b| a.0[read] == b.0[read]) {
            let head = group[0].0[read];
            match Wild::of(head) {
                Some(_) => node.wilds += 1,
                None => node.literals += 1,
            }
            self.heads.push(head);
            pending.push(Pending {
                from,
                to: from + group.len(),
                read: read + 1,
                depth: depth + 1,
                above: NONE,
            });
            from += group.len();
        }
        let above = if node.wilds > 0 { size(index) } else { node.above };
        for child in &mut pending[first_child..] {
            child.above = above;
        }
        self.nodes.push(node);
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(crate) fn node(&self, index: u32) -> &Node {
        &self.nodes[index as usize]
    }

    /// The wildcard that a node stands for.
    pub(crate) fn wild(&self, index: u32) -> Option<Wild> {
        Wild::of(self.heads[index as usize])
    }

    /// The byte that leads into a node.
    pub(crate) fn head(&self, index: u32) -> u8 {
        self.heads[index as usize]
    }

    /// The literal text of a node behind its first byte.
    pub(crate) fn label(&self, node: &Node) -> &[u8] {
        let from = node.label as usize;
        &self.labels[from..from + node.label_len as usize]
    }

    /// The child that goes on with this byte.
    pub(crate) fn literal(&self, node: &Node, byte: u8) -> Option<u32> {
        let from = node.children as usize;
        let heads = &self.heads[from..from + usize::from(node.literals)];
        // Digits often have no gaps: then the place is known.
        let guess = usize::from(byte.wrapping_sub(*heads.first()?));
        let at = match heads.get(guess) {
            Some(head) if *head == byte => guess,
            _ => heads.binary_search(&byte).ok()?,
        };
        Some(node.children + size(at))
    }

    pub(crate) fn literals(&self, node: &Node) -> impl Iterator<Item = u32> + use<> {
        node.children..node.children + u32::from(node.literals)
    }

    pub(crate) fn wilds(&self, node: &Node) -> impl Iterator<Item = u32> + use<> {
        let from = node.children + u32::from(node.literals);
        from..from + u32::from(node.wilds)
    }

    fn all_children(&self, node: &Node) -> impl Iterator<Item = u32> + use<> {
        self.literals(node).chain(self.wilds(node))
    }
}

impl Node {
    pub(crate) fn has_literals(&self) -> bool {
        self.literals > 0
    }

    pub(crate) fn has_wilds(&self) -> bool {
        self.wilds > 0
    }
}

/// The literal text with which both begin.
fn common<'a>(a: &'a [u8], b: &[u8]) -> &'a [u8] {
    let len = a
        .iter()
        .zip(b)
        .take_while(|(a, b)| a == b && Wild::of(**a).is_none())
        .count();
    &a[..len]
}

/// Sizes are those of the program's own patterns, which are part of it: they don't come near 4 GiB.
fn size(number: usize) -> u32 {
    number as u32
}

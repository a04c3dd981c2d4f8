//! A compressed trie of patterns. Patterns with a common prefix share nodes, so that a target is read once.

use super::pattern::Wildcard;

/// The number of no node and of no pattern.
pub(crate) const NONE: u32 = u32::MAX;

/// A compressed trie over the bytes of patterns. Each wildcard is a node of its own.
pub(crate) struct Trie {
    /// Parents precede their children. The children of a node are adjacent and sorted, wildcards last.
    nodes: Vec<Node>,
    /// The byte that leads into each node. It is stored apart, so that finding a child reads one cache line.
    heads: Vec<u8>,
    labels: Vec<u8>,
}

/// Half a cache line, because the cost of a look-up is that of its cache misses.
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
    /// The lowest number of a pattern that ends here or below.
    pub(crate) best: u32,
    /// The number of literal bytes from the previous wildcard, or from the beginning, to the end of the label.
    pub(crate) depth: u32,
    /// The nearest node above that has wildcards, with only literal text in between.
    pub(crate) above: u32,
}

/// A node that is still to be filled: the patterns that go through it, and what its parent knows.
struct Pending {
    index: usize,
    from: usize,
    to: usize,
    read: usize,
    depth: usize,
    above: u32,
}

impl Trie {
    /// Creates a trie of numbered patterns, which have to be sorted and different.
    pub(crate) fn new(patterns: &[(&[u8], u32)]) -> Self {
        let mut trie = Self {
            nodes: vec![Node::default()],
            heads: vec![0],
            labels: Vec::new(),
        };
        let mut pending = vec![Pending {
            index: 0,
            from: 0,
            to: patterns.len(),
            read: 0,
            depth: 0,
            above: NONE,
        }];
        // Depth first, so that the nodes on one path are close together in memory.
        while let Some(next) = pending.pop() {
            trie.fill(patterns, next, &mut pending);
        }
        for index in (0..trie.nodes.len()).rev() {
            let node = &trie.nodes[index];
            let below = trie.literals(node).chain(trie.wilds(node));
            let best = below.map(|child| trie.node(child).best).fold(node.end, u32::min);
            trie.nodes[index].best = best;
        }
        trie
    }

    fn fill(&mut self, patterns: &[(&[u8], u32)], node: Pending, pending: &mut Vec<Pending>) {
        let Pending {
            index,
            mut from,
            to,
            read,
            depth,
            above,
        } = node;
        let is_wild = Wildcard::of(self.heads[index]).is_some();
        let label = match &patterns[from..to] {
            [(first, _), .., (last, _)] if !is_wild => common(&first[read..], &last[read..]),
            [(only, _)] if !is_wild => common(&only[read..], &only[read..]),
            _ => &[],
        };
        let (read, depth) = (read + label.len(), depth + label.len());
        let mut node = Node {
            label: size(self.labels.len()),
            label_len: size(label.len()),
            children: size(self.nodes.len()),
            depth: size(depth),
            above,
            ..Node::default()
        };
        self.labels.extend(label);
        if let Some((pattern, number)) = patterns[from..to].first()
            && pattern.len() == read
        {
            node.end = *number;
            from += 1;
        }
        let first_child = pending.len();
        for group in patterns[from..to].chunk_by(|a, b| a.0[read] == b.0[read]) {
            let head = group[0].0[read];
            let is_wild = Wildcard::of(head).is_some();
            if is_wild {
                node.wilds += 1;
            } else {
                node.literals += 1;
            }
            pending.push(Pending {
                index: self.nodes.len(),
                from,
                to: from + group.len(),
                read: read + 1,
                depth: if is_wild { 0 } else { depth + 1 },
                above: NONE,
            });
            self.nodes.push(Node::default());
            self.heads.push(head);
            from += group.len();
        }
        // The path after a wildcard begins anew.
        let above = if node.wilds > 0 { size(index) } else { above };
        for child in &mut pending[first_child..] {
            if child.depth > 0 {
                child.above = above;
            }
        }
        self.nodes[index] = node;
    }

    /// Returns the nodes with wildcards that only literal text leads to, each with this text.
    pub(crate) fn prefixes(&self) -> Vec<(Vec<u8>, u32)> {
        let mut found = Vec::new();
        let mut pending = vec![(Vec::new(), 0)];
        while let Some((mut text, index)) = pending.pop() {
            let node = self.node(index);
            text.extend(self.label(node));
            for child in self.literals(node) {
                let mut text = text.clone();
                text.push(self.head(child));
                pending.push((text, child));
            }
            if node.has_wilds() {
                found.push((text, index));
            }
        }
        found
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(crate) fn node(&self, index: u32) -> &Node {
        &self.nodes[index as usize]
    }

    /// Returns the wildcard that a node represents.
    pub(crate) fn wild(&self, index: u32) -> Option<Wildcard> {
        Wildcard::of(self.heads[index as usize])
    }

    /// Returns the byte that leads into a node.
    pub(crate) fn head(&self, index: u32) -> u8 {
        self.heads[index as usize]
    }

    /// Returns the literal text of a node after its first byte.
    pub(crate) fn label(&self, node: &Node) -> &[u8] {
        let from = node.label as usize;
        &self.labels[from..from + node.label_len as usize]
    }

    /// Returns the child that this byte leads to.
    pub(crate) fn literal(&self, node: &Node, byte: u8) -> Option<u32> {
        let from = node.children as usize;
        let heads = &self.heads[from..from + usize::from(node.literals)];
        let (first, last) = (heads.first()?, heads.last()?);
        // Digits and letters often have no gaps. Then the position follows from the first or the last of them.
        let from_first = usize::from(byte.wrapping_sub(*first));
        let from_last = (heads.len() - 1).wrapping_sub(usize::from(last.wrapping_sub(byte)));
        let at = if heads.get(from_first) == Some(&byte) {
            from_first
        } else if heads.get(from_last) == Some(&byte) {
            from_last
        } else {
            heads.binary_search(&byte).ok()?
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
}

impl Default for Node {
    fn default() -> Self {
        Self {
            label: 0,
            label_len: 0,
            children: 0,
            literals: 0,
            wilds: 0,
            end: NONE,
            best: NONE,
            depth: 0,
            above: NONE,
        }
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

/// Returns the common literal prefix.
fn common<'a>(a: &'a [u8], b: &[u8]) -> &'a [u8] {
    let len = a
        .iter()
        .zip(b)
        .take_while(|(a, b)| a == b && Wildcard::of(**a).is_none())
        .count();
    &a[..len]
}

/// Converts a size. The patterns are part of the program, so that their total size is below 4 GiB.
fn size(number: usize) -> u32 {
    number as u32
}

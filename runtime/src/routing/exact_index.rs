//! Finds whole texts. Most of a look-up's cost is what caches miss: a short text stands beside its value, on one line.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// Longer texts stand apart.
const SHORT: usize = 20;

/// A value for each of many texts.
pub(crate) struct ExactIndex<T> {
    records: HashTable<Record<T>>,
    /// Longer texts in a row.
    long: Vec<u8>,
}

/// One cache line, with a value of up to 40 bytes.
#[repr(align(64))]
struct Record<T> {
    /// The text; of a longer one the first four bytes are its place.
    text: [u8; SHORT],
    len: u32,
    value: T,
}

impl<T> ExactIndex<T> {
    pub(crate) fn new() -> Self {
        Self {
            records: HashTable::new(),
            long: Vec::new(),
        }
    }

    /// Of equal texts, the first counts.
    pub(crate) fn insert(&mut self, text: &[u8], value: T) {
        if self.find(text).is_some() {
            return;
        }
        let Self { records, long } = self;
        // Patterns are part of the program: all of them don't come near 4 GiB.
        let mut record = Record {
            text: [0; SHORT],
            len: text.len() as u32,
            value,
        };
        match record.text.get_mut(..text.len()) {
            Some(short) => short.copy_from_slice(text),
            None => {
                record.text[..4].copy_from_slice(&(long.len() as u32).to_ne_bytes());
                long.extend(text);
            }
        }
        records.insert_unique(hash(text), record, |record| hash(record.text(long)));
    }

    pub(crate) fn find(&self, text: &[u8]) -> Option<&T> {
        let found = self
            .records
            .find(hash(text), |record| record.text(&self.long) == text);
        Some(&found?.value)
    }
}

impl<T> Record<T> {
    fn text<'a>(&'a self, long: &'a [u8]) -> &'a [u8] {
        let len = self.len as usize;
        self.text.get(..len).unwrap_or_else(|| {
            let [a, b, c, d, ..] = self.text;
            let start = u32::from_ne_bytes([a, b, c, d]) as usize;
            &long[start..start + len]
        })
    }
}

fn hash(text: &[u8]) -> u64 {
    FixedState::default().hash_one(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_every_length() {
        let mut texts = ExactIndex::new();
        for len in 0..100 {
            texts.insert(&[b'a'; 100][..len], len);
            texts.insert(&[b'a'; 100][..len], 1000);
        }
        for len in 0..100 {
            assert_eq!(texts.find(&[b'a'; 100][..len]), Some(&len));
            assert_eq!(texts.find(&[&[b'a'; 100][..len], b"b"].concat()), None);
        }
    }
}

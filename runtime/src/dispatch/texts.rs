//! Finds whole texts. What a look-up reads is kept small, for most of its cost is what caches miss.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// A number for each of many texts.
#[derive(Default)]
pub(crate) struct Texts {
    entries: HashTable<Entry>,
    /// All texts in a row.
    bytes: Vec<u8>,
}

struct Entry {
    start: u32,
    len: u32,
    number: u32,
}

impl Texts {
    /// Of equal texts, the first counts.
    pub(crate) fn insert(&mut self, text: &[u8], number: u32) {
        if self.find(text).is_some() {
            return;
        }
        let Self { entries, bytes } = self;
        // Patterns are part of the program: all of them don't come near 4 GiB.
        let entry = Entry {
            start: bytes.len() as u32,
            len: text.len() as u32,
            number,
        };
        bytes.extend(text);
        entries.insert_unique(hash(text), entry, |entry| hash(entry.text(bytes)));
    }

    pub(crate) fn find(&self, text: &[u8]) -> Option<u32> {
        let found = self
            .entries
            .find(hash(text), |entry| entry.text(&self.bytes) == text);
        Some(found?.number)
    }
}

impl Entry {
    fn text<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        let start = self.start as usize;
        &bytes[start..start + self.len as usize]
    }
}

fn hash(text: &[u8]) -> u64 {
    FixedState::default().hash_one(text)
}

//! Choices for properties and for fuzzing.

/// Choices that bytes make. When no bytes are left, each choice is the first and the least.
pub(crate) struct Choices<'a>(pub(crate) &'a [u8]);

impl Choices<'_> {
    pub(crate) fn byte(&mut self) -> u8 {
        let Some((&first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        first
    }

    pub(crate) fn below(&mut self, count: usize) -> usize {
        usize::from(self.byte()) % count
    }

    pub(crate) fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    pub(crate) fn word(&mut self) -> u32 {
        u32::from_le_bytes([self.byte(), self.byte(), self.byte(), self.byte()])
    }

    /// Any text.
    #[cfg(fuzzing)]
    pub(crate) fn text(&mut self) -> String {
        String::from_utf8_lossy(&self.bytes()).into_owned()
    }

    #[cfg(fuzzing)]
    pub(crate) fn long(&mut self) -> i64 {
        i64::from(self.word()) << 32 | i64::from(self.word())
    }

    #[cfg(fuzzing)]
    pub(crate) fn is_over(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn bytes(&mut self) -> Vec<u8> {
        let len = usize::from(self.byte() % 64).min(self.0.len());
        let (bytes, rest) = self.0.split_at(len);
        self.0 = rest;
        bytes.to_vec()
    }

    /// One time in eight, the start of it alone; whether it was cut.
    pub(crate) fn cut(&mut self, bytes: &mut Vec<u8>) -> bool {
        let is_cut = self.below(8) == 7 && !bytes.is_empty();
        if is_cut {
            bytes.truncate(self.word() as usize % bytes.len());
        }
        is_cut
    }
}

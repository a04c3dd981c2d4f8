//! Lines and columns of a text.

/// Where the lines of a text start.
#[derive(Clone, Debug)]
pub(crate) struct Lines(Vec<usize>);

impl Lines {
    pub(crate) fn new(text: &str) -> Self {
        let starts = text.match_indices('\n').map(|(at, _)| at + 1);
        Self(std::iter::once(0).chain(starts).collect())
    }

    /// Returns the line of a byte, counted from 1.
    pub(crate) fn line(&self, offset: usize) -> usize {
        self.0.partition_point(|start| *start <= offset)
    }

    /// Returns the byte at which the line of a byte starts.
    pub(crate) fn start(&self, offset: usize) -> usize {
        self.0[self.line(offset).saturating_sub(1).min(self.0.len() - 1)]
    }

    /// Returns the line and the column of a byte, counted from 1. Columns count characters.
    pub(crate) fn position(&self, text: &str, offset: usize) -> (usize, usize) {
        let column = text
            .get(self.start(offset)..offset)
            .map_or(0, |part| part.chars().count());
        (self.line(offset), column + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_lines_and_columns() {
        let text = "a\néb\n";
        let lines = Lines::new(text);
        let position = |offset| lines.position(text, offset);
        assert_eq!(
            [0, 1, 2, 4, 5, 6].map(position),
            [(1, 1), (1, 2), (2, 1), (2, 2), (2, 3), (3, 1)]
        );
        assert_eq!((lines.start(1), lines.start(4)), (0, 2));
    }
}

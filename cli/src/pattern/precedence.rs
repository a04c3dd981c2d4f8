//! Which of two patterns that match is chosen.

use std::cmp::Reverse;

use super::pattern::WildcardKind;
use super::{Part, Pattern};

/// What decides between two patterns that match. The larger one is chosen.
pub(crate) type Precedence = (bool, usize, Reverse<usize>, Reverse<usize>, Reverse<usize>);

impl Pattern {
    /// Returns what decides between this pattern and others.
    pub(crate) fn precedence(&self) -> Precedence {
        let literals = self.parts().iter().map(|part| match part {
            Part::Text(text) => text.chars().count(),
            Part::Wildcard { .. } => 0,
        });
        let wildcards = self.wildcards().count();
        let count = |wanted| Reverse(self.wildcards().filter(|(_, kind)| *kind == wanted).count());
        (
            wildcards == 0,
            literals.sum(),
            Reverse(wildcards),
            count(WildcardKind::Star),
            count(WildcardKind::Rest),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_patterns_as_the_crate_does() {
        let ordered = [
            "chat:index",
            "chat:inde{x}",
            "chat:{a}/{b}",
            "chat:{room}",
            "chat:{room*}",
            "chat:*",
            "*",
        ];
        for pair in ordered.windows(2) {
            let [first, second] = [pair[0], pair[1]].map(|text| Pattern::parse(text).precedence());
            assert!(first > second, "{pair:?}");
        }
    }
}

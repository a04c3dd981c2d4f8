//! Patterns of handlers, and channels or methods that they match.

/// A pattern of channels or methods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// A wildcard, and whether it takes any character.
    Wildcard {
        takes_all: bool,
    },
}

/// What `{name}` does not match.
const SEPARATORS: [char; 4] = [':', '/', '.', '#'];

impl Pattern {
    /// Reads a pattern of a description, which is valid.
    pub(super) fn parse(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = text.chars().peekable();
        while let Some(character) = rest.next() {
            let wildcard = match character {
                '\\' if rest.peek() == Some(&'*') => {
                    rest.next();
                    literal.push('*');
                    continue;
                }
                '{' | '}' if rest.peek() == Some(&character) => {
                    rest.next();
                    literal.push(character);
                    continue;
                }
                '*' => Piece::Wildcard { takes_all: true },
                '{' => {
                    let name: String = rest.by_ref().take_while(|character| *character != '}').collect();
                    Piece::Wildcard {
                        takes_all: name.ends_with('*'),
                    }
                }
                other => {
                    literal.push(other);
                    continue;
                }
            };
            if !literal.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut literal)));
            }
            pieces.push(wildcard);
        }
        if !literal.is_empty() {
            pieces.push(Piece::Text(literal));
        }
        Self { pieces }
    }

    /// Returns channels or methods that the pattern matches: one with a `1` for each wildcard, and for each text some in which a
    /// wildcard begins with it.
    pub(super) fn samples(&self, texts: &[String]) -> Vec<String> {
        let wildcards = self
            .pieces
            .iter()
            .filter(|piece| matches!(piece, Piece::Wildcard { .. }));
        let takes_all: Vec<_> = wildcards
            .map(|piece| matches!(piece, Piece::Wildcard { takes_all: true }))
            .collect();
        let mut samples = vec![self.filled(None)];
        for text in texts {
            for (index, takes_all) in takes_all.iter().enumerate() {
                let is_taken = *takes_all || !text.contains(SEPARATORS);
                if is_taken && !text.is_empty() {
                    samples.push(self.filled(Some((index, text))));
                }
            }
        }
        samples
    }

    fn filled(&self, replaced: Option<(usize, &str)>) -> String {
        let mut index = 0;
        let mut sample = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => sample.push_str(text),
                Piece::Wildcard { .. } => {
                    match replaced {
                        Some((place, text)) if place == index => sample.push_str(text),
                        _ => sample.push('1'),
                    }
                    index += 1;
                }
            }
        }
        sample
    }

    /// The text before the first wildcard.
    pub(super) fn literal_start(&self) -> &str {
        match self.pieces.first() {
            Some(Piece::Text(text)) => text,
            _ => "",
        }
    }

    /// Whether the pattern matches some text that contains a character.
    pub(super) fn can_contain(&self, text: &str) -> bool {
        self.pieces.iter().any(|piece| match piece {
            Piece::Text(literal) => literal.contains(text),
            Piece::Wildcard { takes_all } => *takes_all,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_channels_that_match() {
        let samples = |pattern: &str| Pattern::parse(pattern).samples(&["chat".into(), "chat:1".into()]);
        assert_eq!(samples("chat:{room}"), ["chat:1", "chat:chat"]);
        assert_eq!(samples("news"), ["news"]);
        assert_eq!(samples(r"{{x}}\*:{a*}"), ["{x}*:1", "{x}*:chat", "{x}*:chat:1"]);
        assert_eq!(samples("{ns}:{id}"), ["1:1", "chat:1", "1:chat"]);
        assert_eq!(samples("*"), ["1", "chat", "chat:1"]);
    }

    #[test]
    fn knows_what_it_can_contain() {
        assert!(!Pattern::parse("chat:{room}").can_contain("#"));
        assert!(Pattern::parse("chat:{room*}").can_contain("#"));
        assert!(Pattern::parse("chat:#{user}").can_contain("#"));
        assert_eq!(Pattern::parse("chat:{room}").literal_start(), "chat:");
    }
}

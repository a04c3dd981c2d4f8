//! Which handler answers for a channel or a method. The rules are those of the crate `centrifugo`.

use std::cmp::Reverse;

/// A pattern of channels or methods.
#[derive(Clone, Debug)]
pub(super) struct Pattern(Vec<Token>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Literal(char),
    /// `{name}`: one or more characters other than `:`, `/`, `.` and `#`.
    Segment,
    /// `{name*}`: one or more of any character.
    Rest,
    /// `*`: one or more of any character.
    Star,
}

/// What decides between two patterns that match. The larger one is chosen.
pub(super) type Precedence = (bool, usize, Reverse<usize>, Reverse<usize>, Reverse<usize>);

impl Pattern {
    /// Reads a pattern that the program has accepted at its start.
    pub(super) fn parse(text: &str) -> Self {
        let mut tokens = Vec::new();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let token = match c {
                '\\' if chars.peek() == Some(&'*') => {
                    chars.next();
                    Token::Literal('*')
                }
                '{' | '}' if chars.peek() == Some(&c) => {
                    chars.next();
                    Token::Literal(c)
                }
                '{' => {
                    let name: String = chars.by_ref().take_while(|c| *c != '}').collect();
                    if name.ends_with('*') {
                        Token::Rest
                    } else {
                        Token::Segment
                    }
                }
                '*' => Token::Star,
                _ => Token::Literal(c),
            };
            tokens.push(token);
        }
        Self(tokens)
    }

    pub(super) fn precedence(&self) -> Precedence {
        let count = |wanted: fn(&Token) -> bool| self.0.iter().filter(|token| wanted(token)).count();
        let literals = count(|token| matches!(token, Token::Literal(_)));
        let wildcards = self.0.len() - literals;
        (
            wildcards == 0,
            literals,
            Reverse(wildcards),
            Reverse(count(|token| *token == Token::Star)),
            Reverse(count(|token| *token == Token::Rest)),
        )
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        // `reached[i]`: the tokens before `i` match the text so far, and `i` can go on with the next character.
        let tokens = &self.0;
        let mut reached = vec![false; tokens.len() + 1];
        reached[0] = true;
        for c in text.chars() {
            let mut next = vec![false; tokens.len() + 1];
            for (i, token) in tokens.iter().enumerate() {
                let (accepts, repeats) = match token {
                    Token::Literal(literal) => (*literal == c, false),
                    Token::Segment => (!matches!(c, ':' | '/' | '.' | '#'), true),
                    Token::Rest | Token::Star => (true, true),
                };
                // After a wildcard that has matched at least once, `reached[i + 1]` stands for it, too.
                if accepts && (reached[i] || (repeats && reached[i + 1])) {
                    next[i + 1] = true;
                }
            }
            reached = next;
        }
        reached[tokens.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        Pattern::parse(pattern).matches(text)
    }

    #[test]
    fn matches_as_the_crate_does() {
        for (pattern, text) in [
            ("chat:index", "chat:index"),
            ("chat:{room}", "chat:1"),
            ("chat:{room}/{part}", "chat:1/2"),
            ("chat:{room*}", "chat:1/2.3"),
            ("*", "anything:at/all"),
            ("a*b", "a*b"),
            (r"a\*b", "a*b"),
            ("{{x}}", "{x}"),
            ("{a}{b*}", "xy"),
        ] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [
            ("chat:index", "chat:index2"),
            ("chat:{room}", "chat:"),
            ("chat:{room}", "chat:1/2"),
            ("chat:*", "chat:"),
            (r"a\*b", "axb"),
            ("{{x}}", "x"),
            ("{a}{b*}", "x"),
        ] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }

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

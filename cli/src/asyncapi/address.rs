//! Addresses of channels.

/// The address of the channels or methods that a pattern matches.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// The text, with `{name}` for each parameter.
    pub(super) text: String,
    /// The parameters.
    pub(super) parameters: Vec<Parameter>,
}

/// A parameter of an address.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Parameter {
    pub(super) name: String,
    /// Whether the parameter takes any character. Others take no `:`, `/`, `.` and `#`.
    pub(super) takes_all: bool,
}

/// Reads a pattern.
pub(super) fn address(pattern: &str) -> Address {
    let mut address = Address {
        text: String::new(),
        parameters: Vec::new(),
    };
    let mut rest = pattern;
    while let Some(char) = rest.chars().next() {
        rest = &rest[char.len_utf8()..];
        match char {
            '\\' if rest.starts_with('*') => {
                rest = &rest[1..];
                address.text.push('*');
            }
            // Braces always belong to parameters.
            '{' if rest.starts_with('{') => {
                rest = &rest[1..];
                address.text.push_str("%7B");
            }
            '}' => {
                rest = rest.strip_prefix('}').unwrap_or(rest);
                address.text.push_str("%7D");
            }
            '{' => {
                let (name, after) = rest.split_once('}').unwrap_or((rest, ""));
                rest = after;
                address.add(name.trim_end_matches('*'), name.ends_with('*'));
            }
            '*' => address.add("rest", true),
            char => address.text.push(char),
        }
    }
    address
}

impl Address {
    fn add(&mut self, name: &str, takes_all: bool) {
        let is_taken = |name: &str| self.parameters.iter().any(|parameter| parameter.name == name);
        let mut unique = name.to_owned();
        let mut number = 2_usize;
        while is_taken(&unique) {
            unique = format!("{name}{number}");
            number += 1;
        }
        self.text.push_str(&format!("{{{unique}}}"));
        self.parameters.push(Parameter {
            name: unique,
            takes_all,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_patterns() {
        for (pattern, text, parameters) in [
            ("chat:{room}", "chat:{room}", &[("room", false)][..]),
            ("a:{b*}", "a:{b}", &[("b", true)]),
            (
                "a/*/b/*",
                "a/{rest}/b/{rest2}",
                &[("rest", true), ("rest2", true)],
            ),
            ("{{x}}\\*", "%7Bx%7D*", &[]),
            ("plain", "plain", &[]),
        ] {
            let address = address(pattern);
            let found: Vec<_> = address
                .parameters
                .iter()
                .map(|parameter| (parameter.name.as_str(), parameter.takes_all))
                .collect();
            assert_eq!(
                (address.text.as_str(), &found[..]),
                (text, parameters),
                "{pattern}"
            );
        }
    }
}

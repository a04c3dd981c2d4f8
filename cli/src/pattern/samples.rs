//! Channels and methods that a pattern matches.

use super::{Part, Pattern};

impl Pattern {
    /// Returns channels or methods that the pattern matches: one with a `1` for each wildcard, and for each text some in which a
    /// wildcard takes it.
    pub(crate) fn samples(&self, texts: &[String]) -> Vec<String> {
        let mut samples = vec![self.filled(None)];
        for text in texts.iter().filter(|text| !text.is_empty()) {
            for (index, (_, kind)) in self.wildcards().enumerate() {
                if text.chars().all(|character| kind.takes(character)) {
                    samples.push(self.filled(Some((index, text))));
                }
            }
        }
        samples
    }

    fn filled(&self, replaced: Option<(usize, &str)>) -> String {
        let mut index = 0;
        let mut sample = String::new();
        for part in self.parts() {
            match part {
                Part::Text(text) => sample.push_str(text),
                Part::Wildcard { .. } => {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_channels_that_match() {
        let texts = ["chat".to_owned(), "chat:1".to_owned()];
        for (pattern, expected) in [
            ("chat:{room}", &["chat:1", "chat:chat"][..]),
            ("news", &["news"]),
            (r"{{x}}\*:{a*}", &["{x}*:1", "{x}*:chat", "{x}*:chat:1"]),
            ("{ns}:{id}", &["1:1", "chat:1", "1:chat"]),
            ("*", &["1", "chat", "chat:1"]),
        ] {
            let pattern = Pattern::parse(pattern);
            let samples = pattern.samples(&texts);
            assert_eq!(samples, expected);
            assert!(
                samples.iter().all(|sample| pattern.matches(sample)),
                "{samples:?}"
            );
        }
    }
}

//! Parses environment variables and collects the invalid ones.

use std::time::Duration;

use super::variables::VARIABLES;

const PREFIX: &str = "WORKER_";

/// The environment variables of a program. An empty variable counts as not set.
pub(crate) struct Environment<'a> {
    variable: &'a dyn Fn(&str) -> Option<String>,
    /// A text for each invalid variable.
    pub(crate) problems: Vec<String>,
}

impl<'a> Environment<'a> {
    pub(crate) fn new(variable: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            variable,
            problems: Vec::new(),
        }
    }

    /// Returns the value of a variable, without surrounding white space.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let text = (self.variable)(name)?.trim().to_owned();
        (!text.is_empty()).then_some(text)
    }

    fn parsed<T>(&mut self, name: &str, expected: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.text(name)?;
        let value = parse(&text);
        if value.is_none() {
            let text = text.escape_debug();
            self.problems
                .push(format!("{name} is `{text}`, but must be {expected}"));
        }
        value
    }

    /// Parses a number that is not 0.
    pub(crate) fn number(&mut self, name: &str) -> Option<u64> {
        self.parsed(name, "a number greater than 0", |text| {
            text.parse().ok().filter(|number| *number > 0)
        })
    }

    /// Parses a number that is not 0 as `usize`.
    pub(crate) fn count(&mut self, name: &str) -> Option<usize> {
        let number = self.number(name)?;
        Some(usize::try_from(number).unwrap_or(usize::MAX))
    }

    /// Parses a duration such as `900ms`, `30s` or `2m`.
    pub(crate) fn duration(&mut self, name: &str) -> Option<Duration> {
        self.parsed(name, "a duration such as `900ms` or `30s`", duration)
    }

    /// Parses `1` as true and `0` as false. The default is false.
    #[cfg(feature = "_direct")]
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let flag = self.parsed(name, "`1` or `0`", |text| match text {
            "0" => Some(false),
            "1" => Some(true),
            _ => None,
        });
        flag.unwrap_or_default()
    }

    /// Parses `on` as true and `off` as false.
    #[cfg(feature = "_direct")]
    pub(crate) fn switch(&mut self, name: &str, default: bool) -> bool {
        let switch = self.parsed(name, "`on` or `off`", |text| match text {
            "on" => Some(true),
            "off" => Some(false),
            _ => None,
        });
        switch.unwrap_or(default)
    }

    /// Parses one of these words. `0` counts as not set.
    pub(crate) fn word<T: Copy>(&mut self, name: &str, words: &[(&str, T)]) -> Option<T> {
        let words_of_error: Vec<_> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        let expected = match &words_of_error[..] {
            [others @ .., last] if !others.is_empty() => format!("{} or {last}", others.join(", ")),
            words => words.concat(),
        };
        let value = self.parsed(name, &expected, |text| match text {
            "0" => Some(None),
            _ => words
                .iter()
                .find(|(word, _)| *word == text)
                .map(|(_, value)| Some(*value)),
        });
        value.flatten()
    }

    /// Returns the variables of the table that are set.
    pub(crate) fn set_variables(&self) -> Vec<&'static str> {
        let names = VARIABLES.iter().map(|variable| variable.name);
        names.filter(|name| self.text(name).is_some()).collect()
    }
}

/// Returns each name that starts with `WORKER_` and is not in the table, with the most similar name of the table.
pub(crate) fn unknown_variables(
    names: impl IntoIterator<Item = String>,
) -> Vec<(String, Option<&'static str>)> {
    let is_unknown =
        |name: &String| name.starts_with(PREFIX) && VARIABLES.iter().all(|variable| variable.name != name);
    let nearest = |name: &str| {
        let distances = VARIABLES
            .iter()
            .map(|variable| (strsim::damerau_levenshtein(name, variable.name), variable.name));
        let (distance, nearest) = distances.min()?;
        // A third of the letters behind the common prefix may differ.
        if distance <= (nearest.len() - PREFIX.len()) / 3 {
            return Some(nearest);
        }
        // Or a word is missing, as in `WORKER_TIMEOUT`, or too many, as in `WORKER_API_URL`.
        let words: Vec<_> = name.split('_').collect();
        let extends = |longer: &[&str], shorter: &[&str]| shorter.iter().all(|word| longer.contains(word));
        let similar = VARIABLES.iter().filter(|variable| {
            let known: Vec<_> = variable.name.split('_').collect();
            extends(&known, &words) || (known.len() > 1 && extends(&words, &known))
        });
        similar
            .map(|variable| variable.name)
            .min_by_key(|known| (known.len().abs_diff(name.len()), *known))
    };
    let mut unknown: Vec<_> = names.into_iter().filter(is_unknown).collect();
    unknown.sort();
    unknown
        .into_iter()
        .map(|name| {
            let nearest = nearest(&name);
            (name, nearest)
        })
        .collect()
}

fn duration(text: &str) -> Option<Duration> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: u64 = digits.parse().ok().filter(|number| *number > 0)?;
    match &text[digits.len()..] {
        "ms" => Some(Duration::from_millis(number)),
        "s" => Some(Duration::from_secs(number)),
        "m" => number.checked_mul(60).map(Duration::from_secs),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_durations() {
        assert_eq!(duration("900ms"), Some(Duration::from_millis(900)));
        assert_eq!(duration("30s"), Some(Duration::from_secs(30)));
        assert_eq!(duration("2m"), Some(Duration::from_secs(120)));
        for wrong in ["", "s", "0s", "-1s", "1.5s", "1h", "5 s"] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn reports_each_invalid_value() {
        let variable = |name: &str| match name {
            "WORKER_MAX_EVENTS" => Some("0".to_owned()),
            "WORKER_HANDLER_TIMEOUT" => Some("30".to_owned()),
            "WORKER_DESCRIBE" => Some("xml".to_owned()),
            "WORKER_MAX_FRAME_LEN" => Some(" 7 ".to_owned()),
            _ => None,
        };
        let mut environment = Environment::new(&variable);
        assert_eq!(environment.number("WORKER_MAX_EVENTS"), None);
        assert_eq!(environment.duration("WORKER_HANDLER_TIMEOUT"), None);
        assert_eq!(
            environment.word("WORKER_DESCRIBE", &[("1", 1), ("json", 2), ("config", 3)]),
            None
        );
        assert_eq!(environment.count("WORKER_MAX_FRAME_LEN"), Some(7));
        assert_eq!(
            environment.problems,
            [
                "WORKER_MAX_EVENTS is `0`, but must be a number greater than 0",
                "WORKER_HANDLER_TIMEOUT is `30`, but must be a duration such as `900ms` or `30s`",
                "WORKER_DESCRIBE is `xml`, but must be `1`, `json` or `config`",
            ]
        );
    }

    #[test]
    fn suggests_a_similar_variable_for_an_unknown_one() {
        let names = [
            "WORKER_LISTN",
            "WORKER_TIMEOUT",
            "WORKER_LISTEN",
            "PATH",
            "WORKER_COLOR",
            "WORKER_API_URL",
        ];
        let unknown = unknown_variables(names.map(str::to_owned));
        let expected = [
            ("WORKER_API_URL".to_owned(), Some("WORKER_API")),
            ("WORKER_COLOR".to_owned(), None),
            ("WORKER_LISTN".to_owned(), Some("WORKER_LISTEN")),
            ("WORKER_TIMEOUT".to_owned(), Some("WORKER_HANDLER_TIMEOUT")),
        ];
        assert_eq!(unknown, expected);
    }
}

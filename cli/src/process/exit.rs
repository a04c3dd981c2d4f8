//! How a process ended.

use std::fmt;

/// How a process ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// With an exit code.
    Code(i32),
    /// By a signal.
    Signal(i32),
    /// It could not be started.
    NotStarted(String),
    /// Nobody knows how.
    Unknown,
}

impl Exit {
    pub(crate) fn is_success(&self) -> bool {
        *self == Self::Code(0)
    }

    /// Reads a line of the guard. Returns `None` if it says something else.
    pub(crate) fn parse(line: &str) -> Option<Self> {
        let (word, rest) = line.split_once(' ')?;
        match word {
            "code" => rest.parse().ok().map(Self::Code),
            "signal" => rest.parse().ok().map(Self::Signal),
            "failed" => Some(Self::NotStarted(rest.to_owned())),
            _ => None,
        }
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "exit code {code}"),
            Self::Signal(signal) => write!(f, "signal {signal}"),
            Self::NotStarted(error) => f.write_str(error),
            Self::Unknown => f.write_str("an unknown status"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_guard_says() {
        assert_eq!(Exit::parse("code 3"), Some(Exit::Code(3)));
        assert_eq!(Exit::parse("signal 9"), Some(Exit::Signal(9)));
        assert_eq!(
            Exit::parse("failed no such file"),
            Some(Exit::NotStarted("no such file".into()))
        );
        for other in ["pid 3", "code x", "code", ""] {
            assert_eq!(Exit::parse(other), None, "{other}");
        }
    }
}

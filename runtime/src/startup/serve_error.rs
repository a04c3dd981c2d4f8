//! The error of a program that cannot serve.

use std::error::Error as StdError;
use std::fmt;

/// The error of a program that could not start or had to stop. It contains all problems at once.
///
/// `Debug` prints the same text as `Display`, since Rust prints an error that `main` returns with `Debug`.
pub struct ServeError(Repr);

enum Repr {
    Problems(Vec<Problem>),
    Relay(String),
    #[cfg(feature = "_direct")]
    Endpoint(String),
}

/// One problem, with the file and the line where it has to be fixed.
#[derive(Debug)]
pub(crate) struct Problem {
    place: Option<(&'static str, u32)>,
    text: String,
}

impl Problem {
    pub(crate) fn new(place: Option<(&'static str, u32)>, text: impl Into<String>) -> Self {
        Self {
            place,
            text: text.into(),
        }
    }
}

/// The kind of a [`ServeError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ServeErrorKind {
    /// The program did not start, since its settings, handlers or states are wrong.
    Start,
    /// The relay to RoadRunner failed.
    Relay,
    /// The proxy endpoint failed, or events were not answered in time during the shutdown.
    Endpoint,
}

impl ServeError {
    /// Returns the kind of the error.
    pub fn kind(&self) -> ServeErrorKind {
        match &self.0 {
            Repr::Problems(_) => ServeErrorKind::Start,
            Repr::Relay(_) => ServeErrorKind::Relay,
            #[cfg(feature = "_direct")]
            Repr::Endpoint(_) => ServeErrorKind::Endpoint,
        }
    }

    pub(crate) fn problems(mut problems: Vec<Problem>) -> Self {
        problems.sort_by(|a, b| (a.place, &a.text).cmp(&(b.place, &b.text)));
        Self(Repr::Problems(problems))
    }

    pub(crate) fn texts(texts: Vec<String>) -> Self {
        Self::problems(texts.into_iter().map(|text| Problem::new(None, text)).collect())
    }

    pub(crate) fn start(text: impl Into<String>) -> Self {
        Self::texts(vec![text.into()])
    }

    pub(crate) fn relay(text: impl Into<String>) -> Self {
        Self(Repr::Relay(text.into()))
    }

    #[cfg(feature = "_direct")]
    pub(crate) fn endpoint(text: impl Into<String>) -> Self {
        Self(Repr::Endpoint(text.into()))
    }
}

#[cfg(feature = "otel")]
impl From<crate::otel::InitError> for ServeError {
    fn from(error: crate::otel::InitError) -> Self {
        Self::start(error.to_string())
    }
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Relay(text) => write!(f, "the relay failed: {text}"),
            #[cfg(feature = "_direct")]
            Repr::Endpoint(text) => write!(f, "the proxy endpoint failed: {text}"),
            Repr::Problems(problems) => {
                write!(f, "can't start")?;
                for problem in problems {
                    write!(f, "\n  ")?;
                    if let Some((file, line)) = problem.place {
                        write!(f, "{file}:{line}: ")?;
                    }
                    write!(f, "{}", problem.text)?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Debug for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl StdError for ServeError {}

//! What the check finds.

use std::fmt;

use serde::Serialize;

use crate::description::{Event, Handler};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Level {
    /// The configuration and the handlers do not fit.
    Error,
    /// The configuration may not do what is meant.
    Warning,
    /// Something to know.
    Note,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        })
    }
}

/// Something that the check has to say about a configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// How much it matters.
    pub level: Level,
    /// The rule, as a name that does not change: `never-asked`, `unknown-key` and so on.
    pub rule: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
    /// The path in the configuration.
    pub path: Option<String>,
    /// The line of the path in the file.
    pub line: Option<usize>,
    /// The variable that sets the value at the path.
    pub variable: Option<String>,
    /// The handler that the finding is about.
    pub handler: Option<HandlerPlace>,
}

/// A handler, and where it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct HandlerPlace {
    /// The event.
    pub event: Event,
    /// The pattern, if the event has one.
    pub pattern: Option<String>,
    /// The path of the function.
    pub handler: String,
    /// The source file.
    pub file: String,
    /// The line of the attribute.
    pub line: u32,
}

impl Finding {
    pub(super) fn new(level: Level, rule: &'static str, message: impl Into<String>) -> Self {
        Self {
            level,
            rule,
            message: message.into(),
            help: String::new(),
            path: None,
            line: None,
            variable: None,
            handler: None,
        }
    }

    pub(super) fn error(rule: &'static str, message: impl Into<String>) -> Self {
        Self::new(Level::Error, rule, message)
    }

    pub(super) fn warning(rule: &'static str, message: impl Into<String>) -> Self {
        Self::new(Level::Warning, rule, message)
    }

    pub(super) fn note(rule: &'static str, message: impl Into<String>) -> Self {
        Self::new(Level::Note, rule, message)
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    pub(super) fn at(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    pub(super) fn of(mut self, handler: &Handler) -> Self {
        self.handler = Some(HandlerPlace {
            event: handler.event,
            pattern: handler.pattern.clone(),
            handler: handler.handler.clone(),
            file: handler.file.clone(),
            line: handler.line,
        });
        self
    }
}

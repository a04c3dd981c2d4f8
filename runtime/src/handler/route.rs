//! Handlers as their attributes register them.

use std::fmt;
use std::time::Duration;

use futures_core::future::BoxFuture;

use super::call::Call;
use super::outcome::Outcome;
use super::state::StateNeed;
use crate::event::{Kind, RouteInfo};

/// A handler, as its attribute registers it.
pub struct Route {
    /// The kind of event that it answers.
    pub kind: Kind,
    /// The pattern of channels or methods, if the kind has one.
    pub pattern: Option<&'static str>,
    /// The function's name.
    pub name: &'static str,
    /// The function's module.
    pub module: &'static str,
    /// The source file.
    pub file: &'static str,
    /// The line of the attribute.
    pub line: u32,
    /// The doc comment.
    pub docs: &'static str,
    /// The types of its arguments.
    pub takes: &'static [&'static str],
    /// The type that it returns.
    pub returns: &'static str,
    /// The time limit that the attribute sets.
    pub timeout: Option<Duration>,
    #[doc(hidden)]
    pub handler: &'static dyn AnyHandler,
}

inventory::collect!(Route);

impl Route {
    pub(crate) fn info(&self) -> RouteInfo {
        RouteInfo {
            kind: self.kind,
            pattern: self.pattern,
            module: self.module,
            name: self.name,
            file: self.file,
            line: self.line,
            docs: self.docs,
            takes: self.takes,
            returns: self.returns,
        }
    }

    pub(crate) fn warn_uncalled(&self, reason: &str) {
        tracing::warn!(
            target: "centrifugo", kind = %self.kind, handler = self.name, pattern = self.pattern,
            place = format_args!("{}:{}", self.file, self.line), reason, "handler is never called",
        );
    }
}

/// A handler of any kind, with arguments of any types, as the dispatcher calls it.
pub trait AnyHandler: Sync {
    /// Returns the states that the arguments need.
    fn needs(&self) -> Vec<StateNeed>;

    /// Calls the handler. A plain function whose arguments are in memory has answered when this returns.
    fn call(&'static self, call: Box<Call>) -> PendingOutcome;
}

/// The outcome of a call, or the future of it.
#[must_use]
pub enum PendingOutcome {
    /// The outcome is known.
    Now(Outcome),
    /// The outcome has to be waited for.
    Later(BoxFuture<'static, Outcome>),
}

impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.info().fmt(f)
    }
}

impl fmt::Debug for PendingOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Now(outcome) => f.debug_tuple("Now").field(outcome).finish(),
            Self::Later(_) => f.write_str("Later(..)"),
        }
    }
}

//! Handlers as their attributes register them.

use std::time::Duration;

use futures_core::future::BoxFuture;

use super::call::Call;
use super::outcome::Outcome;
use super::state::StateNeed;
use crate::event::{Kind, RouteInfo};

/// A handler in the table.
pub struct Route {
    /// The event that it answers.
    pub kind: Kind,
    /// The channels or the method that it answers for, where the kind has any.
    pub pattern: Option<&'static str>,
    /// The function's name.
    pub name: &'static str,
    /// The function's module.
    pub module: &'static str,
    /// The file that it is in.
    pub file: &'static str,
    /// The line of its attribute.
    pub line: u32,
    /// Its doc comment.
    pub docs: &'static str,
    /// The types of its arguments.
    pub takes: &'static [&'static str],
    /// The type that it returns.
    pub returns: &'static str,
    /// Its own time limit.
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
            place = format_args!("{}:{}", self.file, self.line), reason, "this handler will not be called",
        );
    }
}

/// A handler of any kind, with arguments of any types.
pub trait AnyHandler: Sync {
    /// The states that its arguments need.
    fn needs(&self) -> Vec<StateNeed>;

    /// Answers an event. What is in memory and does not wait is answered at once.
    fn call(&'static self, call: Box<Call>) -> Answering;
}

/// An answer that is there, or is on its way.
pub enum Answering {
    /// There.
    Now(Outcome),
    /// On its way.
    Later(BoxFuture<'static, Outcome>),
}

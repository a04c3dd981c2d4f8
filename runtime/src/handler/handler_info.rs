//! What a handler says about its arguments and its reply.

use super::state::StateNeed;
#[cfg(feature = "schema")]
use crate::schema::{ArgumentTypes, ReplyTypes};

/// What a handler says about its arguments and its reply.
#[derive(Debug)]
pub struct HandlerInfo {
    /// The arguments, from left to right.
    pub arguments: Vec<ArgumentInfo>,
    /// The types of the reply.
    #[cfg(feature = "schema")]
    pub reply: ReplyTypes,
}

/// What is known about an argument.
#[derive(Clone, Copy, Debug)]
pub struct ArgumentInfo {
    /// The states that extraction needs.
    pub states: &'static [StateNeed],
    /// The types of the extractor, or `None` if the argument is a part of the pattern.
    #[cfg(feature = "schema")]
    pub types: Option<ArgumentTypes>,
}

impl ArgumentInfo {
    /// Describes a part of the pattern.
    pub(super) fn of_param() -> Self {
        Self {
            states: &[],
            #[cfg(feature = "schema")]
            types: None,
        }
    }
}

impl HandlerInfo {
    /// Returns the states that the arguments need.
    pub(crate) fn needs(&self) -> Vec<StateNeed> {
        self.arguments
            .iter()
            .map(|argument| StateNeed::all(argument.states))
            .collect()
    }
}

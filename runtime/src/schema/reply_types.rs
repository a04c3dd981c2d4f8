//! What a reply sends.

use super::json_part::{JsonPart, JsonRole};
use crate::error::ErrorInfo;

/// The types of a reply.
#[derive(Clone, Copy, Debug)]
pub struct ReplyTypes {
    /// The data that the reply holds. That of a stream is what it publishes.
    pub json: Option<JsonPart>,
    /// The data of the answer that opens a stream.
    pub answer: Option<JsonPart>,
    /// What other clients see of the connection or the subscription that the reply allows.
    pub info: Option<JsonPart>,
    /// The error that the handler can return instead.
    pub error: Option<&'static ErrorInfo>,
}

impl ReplyTypes {
    /// A reply that does not say what it holds.
    pub const UNKNOWN: Self = Self {
        json: None,
        answer: None,
        info: None,
        error: None,
    };

    /// A reply with the data `T`.
    pub(crate) const fn of<T>(role: JsonRole) -> Self {
        Self {
            json: Some(JsonPart::of::<T>(role)),
            ..Self::UNKNOWN
        }
    }

    /// Returns whether the reply has no data, and says so.
    pub(crate) fn is_nothing(&self) -> bool {
        self.json.is_some_and(|json| json.role == JsonRole::Nothing)
    }

    /// The same with the info `I`.
    pub(crate) const fn with_info<I>(self) -> Self {
        Self {
            info: Some(JsonPart::of::<I>(JsonRole::Info)),
            ..self
        }
    }

    /// The same with the answer that opens a stream.
    pub(crate) const fn with_answer(self, answer: Self) -> Self {
        Self {
            answer: answer.json,
            info: answer.info,
            error: answer.error,
            ..self
        }
    }

    /// The same, or an error.
    pub(crate) const fn or(self, error: Option<&'static ErrorInfo>) -> Self {
        match error {
            Some(_) => Self { error, ..self },
            None => self,
        }
    }
}

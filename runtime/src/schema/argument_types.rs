//! What an extractor takes from the event.

use super::json_part::{JsonPart, JsonRole, SchemaFn};
use crate::error::ErrorInfo;

/// The types of an extractor.
#[derive(Clone, Copy, Debug)]
pub struct ArgumentTypes {
    /// The data that the extractor takes.
    pub json: Option<JsonPart>,
    /// The error that the extractor can return.
    pub error: Option<&'static ErrorInfo>,
    /// The extractors that a `derive(FromEvent)` combines, with their schemas.
    pub fields: &'static [(Self, Option<SchemaFn>)],
}

impl ArgumentTypes {
    /// An extractor that takes no data.
    pub const NONE: Self = Self {
        json: None,
        error: None,
        fields: &[],
    };

    /// An extractor that takes data as `T`.
    pub(crate) const fn of<T>(role: JsonRole) -> Self {
        Self {
            json: Some(JsonPart::of::<T>(role)),
            ..Self::NONE
        }
    }

    /// An extractor that can return an error.
    pub(crate) const fn failing(error: Option<&'static ErrorInfo>) -> Self {
        Self { error, ..Self::NONE }
    }

    /// The same for events that may have no data.
    pub(crate) const fn optional(self) -> Self {
        let json = match self.json {
            Some(json) => Some(JsonPart {
                is_optional: true,
                ..json
            }),
            None => None,
        };
        Self { json, ..self }
    }
}

//! The schemas of a handler.

use super::json_part::SchemaFn;

/// The schemas that an attribute found: those of the arguments that are extracted from the event, then that of the reply if
/// its type can be named, then that of the info that the reply sets if the event has one, then that of the data of the answer
/// that opens a stream.
pub type HandlerSchemas = &'static [Option<SchemaFn>];

/// No schemas, for handlers that no attribute registered.
pub(crate) const NO_SCHEMAS: HandlerSchemas = &[];

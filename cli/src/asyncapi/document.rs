//! The whole document.

use serde_json::{Value, json};

use super::channels::Channels;
use super::schemas::Schemas;
use super::{Info, error_schemas, server};
use crate::description::Description;

/// Returns the AsyncAPI 3.0 document of a program. Operations are from the view of the program: it receives what clients send,
/// and sends publications.
///
/// # Errors
///
/// Returns an error if the URL of the server is not valid.
pub fn document(description: &Description, info: &Info) -> Result<Value, String> {
    let mut schemas = Schemas::new(description);
    let errors = error_schemas::add(description, &mut schemas);
    let channels = Channels::new(description, &schemas, &errors);
    Ok(json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": info.title,
            "version": info.version,
            "description": "What clients send to the program through Centrifugo, and what the program sends to them.",
        },
        "defaultContentType": "application/json",
        "servers": { "centrifugo": server::server(&info.server)? },
        "channels": channels.channels,
        "operations": channels.operations,
        "components": { "messages": errors.components, "schemas": schemas.components },
    }))
}

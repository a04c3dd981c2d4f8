//! Messages of a stream as JSON for people.

use serde_json::{Value, json};

use super::bytes_view;
use crate::dev::proxy::{Direction, Message};
use crate::invoke::{client_publication, stream_message};

/// Returns the name of a direction.
pub(super) fn direction_name(direction: Direction) -> &'static str {
    match direction {
        Direction::FromClient => "from_client",
        Direction::ToClient => "to_client",
    }
}

/// Returns the data of a publication in a stream.
pub(super) fn stream_data(direction: Direction, message: &Message) -> Value {
    let Some(bytes) = message.bytes.clone() else {
        return json!({ "$clipped": "", "length": message.len });
    };
    let publication = match direction {
        Direction::FromClient => client_publication(bytes),
        Direction::ToClient => stream_message(bytes).map(|(_, publication)| publication),
    };
    match publication {
        Ok(Some(publication)) => bytes_view(&publication.data.to_bytes()),
        _ => Value::Null,
    }
}

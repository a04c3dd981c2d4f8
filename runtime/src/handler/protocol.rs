//! The client's protocol, which replies depend on.

/// The protocol of the client that an event comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Protocol {
    /// Whether the client uses the JSON protocol.
    ///
    /// Centrifugo disconnects such a client permanently (code 3506) if it is sent bytes that are not JSON.
    pub is_json: bool,
}

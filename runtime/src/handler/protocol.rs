//! The client's protocol, as replies need to know it.

/// The protocol of the client that an event comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Protocol {
    /// Whether the client is on the JSON protocol. Centrifugo would close its connection for good after other bytes.
    pub is_json: bool,
}

//! What a description does not say of a program.

/// What a document says of the program as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Info {
    /// The name of the program.
    pub title: String,
    /// The version of the program.
    pub version: String,
    /// The URL at which clients connect to Centrifugo.
    pub server: String,
}

impl Info {
    /// The URL of a Centrifugo on the same machine.
    pub const LOCAL_SERVER: &str = "ws://localhost:8000/connection/websocket";

    /// Returns what is known of a program with this name.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            version: "1.0.0".to_owned(),
            server: Self::LOCAL_SERVER.to_owned(),
        }
    }
}

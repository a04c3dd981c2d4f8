//! The commands that RoadRunner sends in control frames.

use serde::Deserialize;
use serde_json::value::RawValue;

/// A command: a request for the process ID, or to stop.
#[derive(Deserialize)]
pub(super) struct Command {
    pub(super) pid: Option<u64>,
    #[serde(default)]
    pub(super) stop: bool,
}

impl Command {
    /// Parses the JSON payload of a control frame.
    pub(super) fn parse(payload: &[u8]) -> serde_json::Result<Self> {
        // Serde also reads a struct from an array of its fields, which RoadRunner never sends.
        let object: &RawValue = serde_json::from_slice(payload)?;
        if object.get().starts_with('{') {
            serde_json::from_str(object.get())
        } else {
            Err(serde::de::Error::custom("a command must be a JSON object"))
        }
    }
}
